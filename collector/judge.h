/* SPDX-License-Identifier: GPL-3.0-or-later
 * The judge: hears each series with new rows of complete files (hearing.h), a bounded number of
 * them in a transaction. What it writes depends on the rows and their release days only, not on how
 * they were grouped into commits. Runs on the loop thread. */
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
