/* SPDX-License-Identifier: GPL-3.0-or-later
 * The projector: a thread that brings the archives up to what the ledger holds. It reads the ledger
 * through a connection of its own and never delays an acknowledgement. How far it has come stands
 * in rrd/state (rrd_state.h), beside what it describes: whoever removes rrd/ gets it rebuilt. After
 * an unclean stop, another catalogue or another ledger everything is drawn anew.
 *
 * It works in rounds: each series that has new rows is drawn once a round, however many came.
 * Between two rounds it rests as long as the first took, a tenth of a second at least: a flood of
 * revisions of one series costs few files. Now and then it looks at some archives, in turn, and
 * draws again what is missing or damaged. */
#ifndef PACEWATCH_COLLECTOR_PROJECTOR_H
#define PACEWATCH_COLLECTOR_PROJECTOR_H

#include "collector/ledger.h"
#include "collector/site.h"

struct projector;

/* What the thread tells the loop after each round. */
struct projector_report {
    int64_t position; /* archives hold everything up to here */
    int64_t archives; /* files written since start */
    int64_t healed;   /* of them: missing or damaged ones, drawn again */
    int code;         /* 0, or why the last round failed (it is tried again with the next wake) */
    char words[256];
};

/* Starts the thread; `site` outlives it. It reports at once how far the archives have come, and
 * begins with a round of its own. */
int projector_start(const struct site *site, struct projector **ret_projector,
                    struct err_note *note);

/* Something was committed. */
void projector_wake(struct projector *projector);

/* The archive of a series was found missing or damaged. Any thread may say so. */
void projector_heal(struct projector *projector, int64_t series);

/* To poll for reading; then projector_take, until it returns false. */
int projector_fd(const struct projector *projector);
bool projector_take(struct projector *projector, struct projector_report *ret_report);

/* Finishes the round under way, marks the archives clean and joins. NULL is fine. */
void projector_stop(struct projector *projector);

#endif
