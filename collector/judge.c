/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/judge.h"

void
judge_wake(struct judge_queue *queue)
{
    queue->waits = true;
    queue->again = queue->cursor != 0;
}

void
judge_drop(struct judge_queue *queue)
{
    hearing_close(queue->hearing);
    *queue = (struct judge_queue){ 0 };
}

/* Opens the hearing of the next series; none is opened when the pass has come to its end. */
static int
call_next(struct ledger *ledger, const struct site *site, struct judge_queue *queue,
          struct err_note *note)
{
    struct ledger_series series;
    int64_t judged = 0;
    int code = ledger_next_unjudged(ledger, queue->cursor, &series, &judged, note);
    if (code != 0 || series.id == 0)
        return code;
    code = hearing_open(ledger, site, &series, judged, &queue->hearing, note);
    if (code == 0)
        queue->cursor = series.id;
    return code;
}

/* What one transaction holds. *ret_ended: the pass has come to its end. */
static int
judge_some(struct ledger *ledger, const struct site *site, struct wall_time now,
           const struct budget *budget, struct judge_queue *queue, struct judge_round *round,
           bool *ret_ended, struct err_note *note)
{
    int code = 0;
    do {
        bool is_over = false;
        size_t events = 0;
        if (!queue->hearing)
            code = call_next(ledger, site, queue, note);
        if (code == 0 && !queue->hearing) {
            *ret_ended = true;
            return 0;
        }
        if (code == 0)
            code = hearing_go(queue->hearing, now, budget, &is_over, &events, note);
        round->events += events;
        if (code == 0 && is_over) {
            hearing_close(queue->hearing);
            queue->hearing = NULL;
            round->series++;
        }
    } while (code == 0 && !budget_is_spent(budget));
    return code;
}

int
judge_run(struct ledger *ledger, const struct site *site, struct wall_time now,
          const struct budget *budget, struct judge_queue *queue, struct judge_round *ret_round,
          struct err_note *note)
{
    struct judge_round round = { 0 };
    bool ended = false;
    int code = ledger_begin(ledger, note);
    if (code == 0) {
        code = judge_some(ledger, site, now, budget, queue, &round, &ended, note);
        if (code == 0)
            code = ledger_commit(ledger, note);
        else
            ledger_rollback(ledger);
    }
    if (code != 0) {
        judge_drop(queue);
        return err_prefix(note, code, "judge");
    }
    if (ended)
        *queue = (struct judge_queue){ .waits = queue->again };
    *ret_round = round;
    return 0;
}
