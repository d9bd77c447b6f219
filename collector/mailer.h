/* SPDX-License-Identifier: GPL-3.0-or-later
 * The mailer: a thread that sends one mail at a time by SMTP (libcurl behind mailer_curl.c). A dead
 * server delays mail and nothing else. */
#ifndef PACEWATCH_COLLECTOR_MAILER_H
#define PACEWATCH_COLLECTOR_MAILER_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger_write.h"

struct mailer;

struct mailer_report {
    int64_t id; /* of the mail in the outbox */
    int code;   /* 0: the server took it */
    char words[256];
};

/* `server` smtp://host:port or smtps://host:port, `from` the sender's address; both are copied. */
int mailer_start(const char *server, const char *from, struct mailer **ret_mailer,
                 struct err_note *note);

/* Gives the mailer one mail; false while it is busy with another. */
bool mailer_give(struct mailer *mailer, const struct ledger_mail *mail);
bool mailer_is_busy(const struct mailer *mailer);

/* To poll for reading; then mailer_take. */
int mailer_fd(const struct mailer *mailer);
bool mailer_take(struct mailer *mailer, struct mailer_report *ret_report);

/* Gives up the mail under way (it stays in the outbox) and joins. NULL is fine. */
void mailer_stop(struct mailer *mailer);

/* The message as it goes over the wire: headers encoded (RFC 2047), body UTF-8 in base64, lines by
 * CRLF. Returns its length, or ERR_RANGE. A recipient or sender with control characters, blanks or
 * angle brackets is ERR_REFUSED. */
int mail_compose(const char *from, const struct ledger_mail *mail, struct wall_time now, char *text,
                 size_t size, struct err_note *note);

#endif
