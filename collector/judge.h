/* SPDX-License-Identifier: GPL-3.0-or-later
 * The judge: for each series with new rows of complete files it judges the primary targets as they
 * were known on each new release day, advances their alerts, records what happened and fills the
 * outbox. What it writes depends on the order of each series' rows only, not on how they were
 * grouped into commits. Runs on the loop thread, in transactions of its own, a bounded number of
 * series at a time. */
#ifndef PACEWATCH_COLLECTOR_JUDGE_H
#define PACEWATCH_COLLECTOR_JUDGE_H

#include "collector/ledger_write.h"
#include "collector/site.h"

enum { JUDGE_SERIES_MAX = 64 }; /* series of one transaction */

/* Where the judge stands. Zero-initialise; owned by the loop. */
struct judge_queue {
    int64_t cursor; /* series up to here were heard in this pass; 0 between passes */
    bool waits;     /* judge_run has work */
    bool again;     /* a file ended while a pass was under way: another pass follows */
};

/* There may be something to judge: a file is complete, or the catalogue changed. */
void judge_wake(struct judge_queue *queue);

struct judge_round {
    size_t series; /* judged */
    size_t events; /* recorded */
};

/* Judges up to JUDGE_SERIES_MAX series after the queue's cursor and moves it. After an error the
 * queue sleeps until the next judge_wake. */
int judge_run(struct ledger *ledger, const struct site *site, struct wall_time now,
              struct judge_queue *queue, struct judge_round *ret_round, struct err_note *note);

#endif
