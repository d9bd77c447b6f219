/* SPDX-License-Identifier: GPL-3.0-or-later
 * The collector: one loop thread that owns the bus, the writing connection and all state that
 * changes; around it the projector's thread, the mailer's thread, and the web server's threads.
 * ARCHITECTURE.md tells who owns what. */
#ifndef PACEWATCH_COLLECTOR_COLLECTOR_H
#define PACEWATCH_COLLECTOR_COLLECTOR_H

#include "core/err.h"

struct collector_settings {
    const char *folder;        /* the site */
    const char *graph_program; /* path of pacewatch-graph */
};

/* Runs until TERM or INT. 0 after a clean stop. */
int collector_run(const struct collector_settings *settings, struct err_note *note);

#endif
