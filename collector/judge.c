/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/judge.h"

#include <string.h>

#include "collector/notice.h"
#include "collector/timeline.h"

/* One series under judgement. */
struct hearing {
    struct ledger *ledger;
    const struct site *site;
    struct wall_time now;
    struct ledger_rows rows; /* of complete files, by period, then (released, position) */
    int64_t judged;          /* rows up to here were seen before */
    size_t events;
    struct err_note *note;
};

/* Drops rows of files that are not complete yet; returns the position up to which all rows were
 * heard. */
static int
keep_complete(struct hearing *h, int64_t *ret_heard, struct err_note *note)
{
    size_t kept = 0;
    int64_t heard = 0, waiting = INT64_MAX;
    for (size_t i = 0; i < h->rows.count; i++) {
        const struct ledger_row *row = &h->rows.rows[i];
        bool complete = row->position <= h->judged;
        if (!complete) {
            int code = ledger_submission_is_complete(h->ledger, row->submission, &complete, note);
            if (code != 0)
                return code;
        }
        if (!complete) {
            waiting = row->position < waiting ? row->position : waiting;
            continue;
        }
        heard = row->position > heard ? row->position : heard;
        h->rows.rows[kept++] = *row;
    }
    h->rows.count = kept;
    *ret_heard = heard < waiting ? heard : waiting - 1;
    return 0;
}

static int
record_event(struct hearing *h, const struct verdict *verdict, enum alert_event what, int64_t alert,
             struct cal_date day, struct err_note *note)
{
    struct ledger_alert_event event = { .event = what,
                                        .level = verdict->level,
                                        .period = verdict->period,
                                        .at = day,
                                        .recorded = h->now,
                                        .position = verdict->position };
    (void)verdict_sentence(verdict, LANG_ZH, event.reason_zh);
    (void)verdict_sentence(verdict, LANG_EN, event.reason_en);
    int64_t id = 0;
    int code = ledger_alert_record(h->ledger, verdict->target, alert, &event, &id, note);
    if (code == 0)
        code = notice_post(h->ledger, h->site, verdict, &event, id, note);
    h->events += code == 0;
    return code;
}

/* Advances the target's alert by one verdict, if it is one that raises alerts. */
static int
hear(void *context, const struct verdict *verdict, struct cal_date day)
{
    struct hearing *h = context;
    struct alert_state state;
    int64_t alert = 0;
    if (!catalogue_target_alerts(h->site->catalogue, verdict->target, verdict->asked.year))
        return 0;
    int code = ledger_alert_state(h->ledger, verdict->target->id, &state, &alert, h->note);
    if (code != 0)
        return code;
    enum alert_event what = alert_step(&state, verdict);
    return what == ALERT_NOTHING ? 0 : record_event(h, verdict, what, alert, day, h->note);
}

static int
judge_series(struct hearing *h, const struct ledger_series *series, struct err_note *note)
{
    const struct catalogue *catalogue = h->site->catalogue;
    int64_t heard = series->last_position;
    struct timeline timeline = { .ledger = h->ledger,
                                 .catalogue = catalogue,
                                 .area = catalogue_area(catalogue, series->area),
                                 .indicator = catalogue_indicator(catalogue, series->indicator),
                                 .rows = &h->rows,
                                 .after = h->judged,
                                 .from = { INT32_MIN + 1 },
                                 .to = { INT32_MAX } };
    h->note = note;
    int code = ledger_read_series(h->ledger, series->id, NULL, &h->rows, note);
    if (code == 0)
        code = keep_complete(h, &heard, note);
    if (code == 0 && timeline.area && timeline.indicator)
        code = timeline_walk(&timeline, hear, h, note);
    if (code == 0 && heard > h->judged)
        code = ledger_set_judged(h->ledger, series->id, heard, note);
    ledger_rows_done(&h->rows);
    return code;
}

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
        struct hearing h = { .ledger = ledger, .site = site, .now = now };
        int code = ledger_next_unjudged(ledger, *cursor, &series, &h.judged, note);
        if (code == 0 && series.id == 0) {
            *ret_ended = true;
            return 0;
        }
        if (code == 0)
            code = judge_series(&h, &series, note);
        if (code != 0)
            return code;
        *cursor = series.id;
        round->series++;
        round->events += h.events;
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
