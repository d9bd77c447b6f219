/* SPDX-License-Identifier: GPL-3.0-or-later
 * The site's control socket (SITE/control.sock, mode 0600, SOCK_SEQPACKET): one request packet, one
 * answer packet, "ok\n..." or "error CODE\nwords". */
#ifndef PACEWATCH_COLLECTOR_CONTROL_H
#define PACEWATCH_COLLECTOR_CONTROL_H

#include "collector/change.h"

/* Collector: opens the listening socket; returns a descriptor to poll, or a negative code. */
int control_listen(const struct site *site, struct err_note *note);

/* Collector: takes one waiting connection, calls `answer` with the request, sends the answer back.
 * Never waits longer than 100 ms for a peer. */
typedef int control_answer_fn(void *context, const char *request, char *answer,
                              struct err_note *note);
void control_serve(int listening, control_answer_fn *answer, void *context);

void control_close(const struct site *site, int listening);

/* Other programs: asks. ERR_ABSENT when no collector listens. */
int control_ask(const struct site *site, const char *request, char *answer, struct err_note *note);

#endif
