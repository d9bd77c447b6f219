/* SPDX-License-Identifier: GPL-3.0-or-later
 * The judge: hears each series with new rows of complete files (hearing.h), as much at a time as
 * the caller's budget allows, and in a transaction of its own each time. What it writes depends on
 * the rows and their release days only, not on how they were grouped into commits, nor on where it
 * stopped. A series without a target, on which no target rests, is marked as heard unread, once no
 * file is under way. Runs on the loop thread. */
#ifndef PACEWATCH_COLLECTOR_JUDGE_H
#define PACEWATCH_COLLECTOR_JUDGE_H

#include "collector/hearing.h"

/* Where the judge stands. Zero-initialise; owned by the loop. */
struct judge_queue {
    int64_t cursor;          /* series up to here were heard in this pass; 0 between passes */
    struct hearing *hearing; /* of the next one, while it is under way */
    bool waits;              /* judge_run has work */
    bool again;              /* a file ended while a pass was under way: another pass follows */
};

/* There may be something to judge: a file is complete, or the catalogue changed. */
void judge_wake(struct judge_queue *queue);

/* Forgets where it stands; the queue sleeps until the next judge_wake. Before the site or the
 * ledger goes. */
void judge_drop(struct judge_queue *queue);

struct judge_round {
    size_t series; /* judged */
    size_t events; /* recorded */
};

/* Goes on where it stopped until the pass ends or the budget is spent. After an error the queue
 * sleeps until the next judge_wake. */
int judge_run(struct ledger *ledger, const struct site *site, struct wall_time now,
              const struct budget *budget, struct judge_queue *queue, struct judge_round *ret_round,
              struct err_note *note);

#endif
