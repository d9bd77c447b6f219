/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/judge.h"

#include <stdlib.h>

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

/* Is a file under way? Rows of it are for a later hearing. */
static int
look_for_files(struct ledger *ledger, bool *ret_are_there, struct err_note *note)
{
    struct ledger_files files = { NULL, 0 };
    int code = ledger_files_under_way(ledger, &files, note);
    free(files.submissions);
    *ret_are_there = files.count > 0;
    return code;
}

/* Calls the next series: opens its hearing, or marks it as heard when nobody has to be heard; false
 * when the pass has come to its end. */
static int
call_next(struct ledger *ledger, const struct site *site, struct judge_queue *queue, bool has_files,
          bool *ret_is_there, struct err_note *note)
{
    struct ledger_series series;
    int64_t judged = 0;
    int code = ledger_next_unjudged(ledger, queue->cursor, &series, &judged, note);
    *ret_is_there = code == 0 && series.id != 0;
    if (!*ret_is_there)
        return code;
    if (!has_files && !hearing_is_needed(site, &series))
        code = ledger_set_judged(ledger, series.id, series.last_position, note);
    else
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
    bool has_files = false;
    int code = look_for_files(ledger, &has_files, note);
    while (code == 0) {
        bool is_there = true, is_over = true;
        size_t events = 0;
        if (!queue->hearing)
            code = call_next(ledger, site, queue, has_files, &is_there, note);
        if (code == 0 && !is_there) {
            *ret_ended = true;
            return 0;
        }
        if (code == 0 && queue->hearing)
            code = hearing_go(queue->hearing, now, budget, &is_over, &events, note);
        round->events += events;
        if (code == 0 && is_over) {
            hearing_close(queue->hearing);
            queue->hearing = NULL;
            round->series++;
        }
        if (budget_is_spent(budget))
            break;
    }
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
