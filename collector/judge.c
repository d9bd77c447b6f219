/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/judge.h"

#include "collector/hearing.h"

void
judge_wake(struct judge_queue *queue)
{
    queue->waits = true;
    queue->again = queue->cursor != 0;
}

/* The series of one transaction. *ret_ended: the pass has come to its end. */
static int
judge_some(struct ledger *ledger, const struct site *site, struct wall_time now, int64_t *cursor,
           struct judge_round *round, bool *ret_ended, struct err_note *note)
{
    while (round->series < JUDGE_SERIES_MAX) {
        struct ledger_series series;
        int64_t judged = 0;
        size_t events = 0;
        int code = ledger_next_unjudged(ledger, *cursor, &series, &judged, note);
        if (code == 0 && series.id == 0) {
            *ret_ended = true;
            return 0;
        }
        if (code == 0)
            code = hearing_series(ledger, site, now, &series, judged, &events, note);
        if (code != 0)
            return code;
        *cursor = series.id;
        round->series++;
        round->events += events;
    }
    return 0;
}

int
judge_run(struct ledger *ledger, const struct site *site, struct wall_time now,
          struct judge_queue *queue, struct judge_round *ret_round, struct err_note *note)
{
    struct judge_round round = { 0 };
    bool ended = false;
    int code = ledger_begin(ledger, note);
    if (code == 0) {
        code = judge_some(ledger, site, now, &queue->cursor, &round, &ended, note);
        if (code == 0)
            code = ledger_commit(ledger, note);
        else
            ledger_rollback(ledger);
    }
    if (code != 0) {
        *queue = (struct judge_queue){ 0 };
        return err_prefix(note, code, "judge");
    }
    if (ended)
        *queue = (struct judge_queue){ .waits = queue->again };
    *ret_round = round;
    return 0;
}
