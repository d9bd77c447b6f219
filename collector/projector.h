/* SPDX-License-Identifier: GPL-3.0-or-later
 * The projector: a thread that brings the archives up to what the ledger holds. It reads the ledger
 * through a connection of its own and never delays an acknowledgement. How far it has come stands
 * in rrd/state (rrd_state.h), beside what it describes: whoever removes rrd/ gets it rebuilt. After
 * an unclean stop, another catalogue or another ledger everything is rebuilt; archives that are
 * missing at a start are drawn. */
#ifndef PACEWATCH_COLLECTOR_PROJECTOR_H
#define PACEWATCH_COLLECTOR_PROJECTOR_H

#include "collector/ledger.h"
#include "collector/site.h"

struct projector;

/* What the thread tells the loop after each round. */
struct projector_report {
    int64_t position; /* archives hold everything up to here */
    int64_t archives; /* files written since start */
    int code;         /* 0, or why the last round failed (it is tried again with the next wake) */
    char words[256];
};

/* Starts the thread; `site` outlives it. It begins with a round of its own. */
int projector_start(const struct site *site, struct projector **ret_projector,
                    struct err_note *note);

/* Something was committed. */
void projector_wake(struct projector *projector);

/* To poll for reading; then projector_take, until it returns false. */
int projector_fd(const struct projector *projector);
bool projector_take(struct projector *projector, struct projector_report *ret_report);

/* Finishes the round under way, marks the archives clean and joins. NULL is fine. */
void projector_stop(struct projector *projector);

#endif
