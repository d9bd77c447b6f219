/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/judge.h"

#include <stdlib.h>
#include <string.h>

#include "collector/notice.h"
#include "collector/view.h"

/* One series under judgement. */
struct hearing {
    struct ledger *ledger;
    const struct site *site;
    struct wall_time now;
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct ledger_rows rows;  /* of complete files, by period, then (released, position) */
    int64_t judged;           /* rows up to here were seen before */
    struct obs_point *points; /* room for as many as rows */
    size_t events;
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

/* The series as it was known on a release day. */
static struct series_view
known_on(struct hearing *h, struct cal_date day)
{
    size_t count = 0;
    for (size_t i = 0; i < h->rows.count; i++) {
        const struct ledger_row *row = &h->rows.rows[i];
        if (row->released.days > day.days)
            continue;
        bool replaces = count > 0 && cal_period_equal(h->points[count - 1].period, row->period);
        if (!replaces)
            count++;
        h->points[count - 1] = view_point(h->site->catalogue, row);
    }
    return (struct series_view){ .points = h->points, .count = count };
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

static int
judge_target(struct hearing *h, const struct cat_target *target, struct cal_date day,
             struct err_note *note)
{
    struct alert_state state;
    int64_t alert = 0;
    int code = ledger_alert_state(h->ledger, target->id, &state, &alert, note);
    if (code != 0)
        return code;
    struct ledger_as_of as_of = { .has_released = true, .released = day };
    struct view_companions companions;
    code = view_companions_read(h->ledger, h->site->catalogue, h->area, h->indicator, &as_of,
                                &companions, note);
    if (code != 0)
        return code;
    struct series_view known = known_on(h, day);
    struct verdict_evidence evidence = { &known, &companions.reference, &companions.cases };
    struct verdict verdict = verdict_judge(target, &evidence, cal_month(target->year, 12));
    view_companions_done(&companions);
    enum alert_event what = alert_step(&state, &verdict);
    return what == ALERT_NOTHING ? 0 : record_event(h, &verdict, what, alert, day, note);
}

/* The earliest release day after `day` that brought a row not judged before; false when there is
 * none. */
static bool
next_day(const struct hearing *h, int32_t day, int32_t *ret_day)
{
    bool found = false;
    for (size_t i = 0; i < h->rows.count; i++) {
        const struct ledger_row *row = &h->rows.rows[i];
        if (row->position > h->judged && row->released.days > day &&
            (!found || row->released.days < *ret_day)) {
            *ret_day = row->released.days;
            found = true;
        }
    }
    return found;
}

static int
judge_days(struct hearing *h, struct err_note *note)
{
    const struct catalogue *catalogue = h->site->catalogue;
    int32_t day = INT32_MIN;
    while (next_day(h, day, &day)) {
        for (size_t i = 0; i < catalogue->target_count; i++) {
            const struct cat_target *target = &catalogue->targets[i];
            if (target->area != h->area || target->indicator != h->indicator || !target->is_primary)
                continue;
            int code = judge_target(h, target, (struct cal_date){ day }, note);
            if (code != 0)
                return code;
        }
    }
    return 0;
}

static int
judge_series(struct hearing *h, const struct ledger_series *series, struct err_note *note)
{
    int64_t heard = series->last_position;
    h->area = catalogue_area(h->site->catalogue, series->area);
    h->indicator = catalogue_indicator(h->site->catalogue, series->indicator);
    int code = ledger_read_series(h->ledger, series->id, NULL, &h->rows, note);
    if (code == 0)
        code = keep_complete(h, &heard, note);
    if (code == 0 && h->area && h->indicator && h->rows.count > 0) {
        h->points = calloc(h->rows.count, sizeof *h->points);
        code = h->points ? judge_days(h, note) : err_set(note, ERR_LIBRARY, "out of memory");
    }
    if (code == 0 && heard > h->judged)
        code = ledger_set_judged(h->ledger, series->id, heard, note);
    free(h->points);
    h->points = NULL;
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
