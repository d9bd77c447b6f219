/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/hearing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/notice.h"
#include "collector/timeline.h"
#include "core/alert.h"

struct hearing {
    struct ledger *ledger;
    const struct site *site;
    struct wall_time now;
    size_t events;
    struct err_note *note;
};

/* ---- what is new ---- */

/* Drops rows of files that are not complete yet. */
static int
keep_complete(void *context, struct ledger_rows *rows, struct err_note *note)
{
    const struct hearing *h = context;
    size_t kept = 0;
    int64_t asked = 0; /* the submission asked about last */
    bool complete = true;
    for (size_t i = 0; i < rows->count; i++) {
        const struct ledger_row *row = &rows->rows[i];
        if (row->submission != asked) {
            int code = ledger_submission_is_complete(h->ledger, row->submission, &complete, note);
            if (code != 0)
                return code;
            asked = row->submission;
        }
        if (complete)
            rows->rows[kept++] = *row;
    }
    rows->count = kept;
    return 0;
}

struct news {
    int64_t heard;         /* all rows up to here were heard */
    struct cal_date since; /* the first release day of what is new; INT32_MAX: nothing is */
};

/* Rows of the series up to `judged` were heard before. */
static int
find_news(const struct hearing *h, const struct ledger_series *series, int64_t judged,
          struct news *ret_news, struct err_note *note)
{
    struct ledger_rows rows = { 0 };
    struct news news = { .heard = series->last_position, .since = { INT32_MAX } };
    int code = ledger_read_series(h->ledger, series->id, NULL, &rows, note);
    for (size_t i = 0; code == 0 && i < rows.count; i++) {
        const struct ledger_row *row = &rows.rows[i];
        bool complete = false;
        if (row->position <= judged)
            continue;
        code = ledger_submission_is_complete(h->ledger, row->submission, &complete, note);
        if (complete && row->released.days < news.since.days)
            news.since = row->released;
        if (!complete && row->position <= news.heard)
            news.heard = row->position - 1;
    }
    ledger_rows_done(&rows);
    *ret_news = news;
    return code;
}

/* ---- the alert of one target ---- */

/* An event on record, as far as it is compared. */
struct recorded {
    enum alert_event event;
    enum level level;
    struct cal_date at;
};

/* What is recorded of a target's alerts, and how the walk follows it. */
struct docket {
    const char *target; /* its id; NULL: the docket is free */
    struct alert_state state;
    struct cal_date since;
    struct recorded *recorded; /* on `since` and later */
    size_t count, room, matched;
    bool has_diverged;
    struct verdict last; /* the walk's last verdict and its day */
    struct cal_date last_day;
};

/* A series has few targets; a further one is stepped without a comparison. */
enum { DOCKETS = 16 };

struct session {
    struct hearing *hearing;
    struct cal_date since;
    struct docket dockets[DOCKETS];
};

static int
take_recorded(void *context, const struct ledger_alert_event *event)
{
    struct docket *docket = context;
    if (event->at.days < docket->since.days) {
        docket->state = (struct alert_state){ .is_open = false };
        if (event->event != ALERT_RESOLVED && event->event != ALERT_WITHDRAWN)
            docket->state = (struct alert_state){ true, event->level, event->period };
        return 0;
    }
    if (docket->count == docket->room) {
        size_t room = docket->room ? docket->room * 2 : 16;
        struct recorded *grown = realloc(docket->recorded, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        docket->recorded = grown;
        docket->room = room;
    }
    docket->recorded[docket->count++] = (struct recorded){ event->event, event->level, event->at };
    return 0;
}

/* The docket of a target, opened when it is first asked for; NULL when all are taken. */
static int
docket_of(struct session *session, const char *target, struct docket **ret_docket)
{
    struct hearing *h = session->hearing;
    size_t i = 0;
    while (i < DOCKETS && session->dockets[i].target &&
           strcmp(session->dockets[i].target, target) != 0)
        i++;
    *ret_docket = NULL;
    if (i == DOCKETS)
        return 0;
    struct docket *docket = &session->dockets[i];
    *ret_docket = docket;
    if (docket->target)
        return 0;
    *docket = (struct docket){ .target = target, .since = session->since };
    return ledger_each_target_event(h->ledger, target, take_recorded, docket, h->note);
}

static int
record_event(struct hearing *h, const struct verdict *verdict, enum alert_event what, int64_t alert,
             struct cal_date day)
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
    int code = ledger_alert_record(h->ledger, verdict->target, alert, &event, &id, h->note);
    if (code == 0)
        code = notice_post(h->ledger, h->site, verdict, &event, id, h->note);
    h->events += code == 0;
    return code;
}

/* Steps what is on record by a verdict. */
static int
step_recorded(struct hearing *h, const struct verdict *verdict, struct cal_date day)
{
    struct alert_state state;
    int64_t alert = 0;
    int code = ledger_alert_state(h->ledger, verdict->target->id, &state, &alert, h->note);
    if (code != 0)
        return code;
    enum alert_event what = alert_step(&state, verdict);
    return what == ALERT_NOTHING ? 0 : record_event(h, verdict, what, alert, day);
}

/* Advances the target's alert by one verdict, if it is one that raises alerts or has one open. */
static int
hear(void *context, const struct verdict *verdict, struct cal_date day)
{
    struct session *session = context;
    struct hearing *h = session->hearing;
    struct docket *docket = NULL;
    int code = docket_of(session, verdict->target->id, &docket);
    if (code != 0)
        return code;
    bool is_open = docket && docket->state.is_open; /* then it is seen to its end */
    if (!is_open &&
        !catalogue_target_alerts(h->site->catalogue, verdict->target, verdict->asked.year))
        return 0;
    if (!docket)
        return step_recorded(h, verdict, day);
    enum alert_event what = alert_step(&docket->state, verdict);
    docket->last = *verdict;
    docket->last_day = day;
    if (what == ALERT_NOTHING || docket->has_diverged)
        return 0;
    if (docket->matched == docket->count)
        return step_recorded(h, verdict, day);
    const struct recorded *recorded = &docket->recorded[docket->matched++];
    docket->has_diverged = recorded->event != what || recorded->level != verdict->level ||
                           recorded->at.days != day.days;
    return 0;
}

/* What was told of the past would be told otherwise today: it stays, and the alert is brought to
 * where the last verdict has it. */
static int
close_session(struct session *session)
{
    int code = 0;
    for (size_t i = 0; i < DOCKETS && session->dockets[i].target; i++) {
        struct docket *docket = &session->dockets[i];
        bool is_other = docket->has_diverged || docket->matched < docket->count;
        if (code == 0 && is_other)
            code = step_recorded(session->hearing, &docket->last, docket->last_day);
        free(docket->recorded);
    }
    return code;
}

/* ---- the series and what rests on it ---- */

/* Moves `since` to the first day of what is new in a series and was not heard yet. */
static int
reach_back(const struct hearing *h, const struct cat_area *area,
           const struct cat_indicator *indicator, struct cal_date *since)
{
    int64_t id = area && indicator ? ledger_series_id(h->ledger, area->id, indicator->id) : 0;
    int64_t judged = 0;
    struct ledger_series series = { .id = 0 };
    struct news news = { .since = { INT32_MAX } };
    if (id == 0)
        return 0;
    int code = ledger_next_unjudged(h->ledger, id - 1, &series, &judged, h->note);
    if (code == 0 && series.id == id)
        code = find_news(h, &series, judged, &news, h->note);
    if (code == 0 && news.since.days < since->days)
        *since = news.since;
    return code;
}

/* The walk sees all rows, also those of the series itself and of those it rests on that the judge
 * has not come to: it begins with the first of them, so that it does not matter which comes first.
 */
static int
reach_back_all(const struct hearing *h, const struct cat_area *area,
               const struct cat_indicator *indicator, struct cal_date *since)
{
    int code = reach_back(h, area, indicator, since);
    for (const struct cat_target *target = catalogue_dependents(h->site->catalogue);
         code == 0 && target; target = target->next_dependent) {
        if (target->area != area || target->indicator != indicator)
            continue;
        code = reach_back(h, area, target->reference, since);
        if (code == 0)
            code = reach_back(h, area->parent, target->reference, since);
        if (code == 0)
            code = reach_back(h, area, indicator->cases, since);
    }
    return code;
}

static int
walk(struct hearing *h, const struct cat_area *area, const struct cat_indicator *indicator,
     struct cal_date since)
{
    struct timeline timeline = { .ledger = h->ledger,
                                 .catalogue = h->site->catalogue,
                                 .area = area,
                                 .indicator = indicator,
                                 .to = { INT32_MAX },
                                 .filter = keep_complete,
                                 .filter_context = h };
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return err_set(h->note, -ENOMEM, "out of memory");
    session->hearing = h;
    int code = reach_back_all(h, area, indicator, &since);
    timeline.from = session->since = since;
    if (code == 0)
        code = timeline_walk(&timeline, hear, session, h->note);
    int closed = close_session(session);
    free(session);
    return code ? code : closed;
}

/* Is it the first dependent target of its series? */
static bool
is_first_of_series(const struct catalogue *catalogue, const struct cat_target *target)
{
    const struct cat_target *first = catalogue_dependents(catalogue);
    while (first->area != target->area || first->indicator != target->indicator)
        first = first->next_dependent;
    return first == target;
}

static int
walk_dependents(struct hearing *h, const struct cat_area *area,
                const struct cat_indicator *indicator, struct cal_date since)
{
    const struct catalogue *catalogue = h->site->catalogue;
    int code = 0;
    for (const struct cat_target *target = catalogue_dependents(catalogue); code == 0 && target;
         target = target->next_dependent)
        if (target_rests_on(target, area, indicator) && is_first_of_series(catalogue, target))
            code = walk(h, target->area, target->indicator, since);
    return code;
}

int
hearing_series(struct ledger *ledger, const struct site *site, struct wall_time now,
               const struct ledger_series *series, int64_t judged, size_t *ret_events,
               struct err_note *note)
{
    struct hearing h = { .ledger = ledger, .site = site, .now = now, .note = note };
    const struct cat_area *area = catalogue_area(site->catalogue, series->area);
    const struct cat_indicator *indicator = catalogue_indicator(site->catalogue, series->indicator);
    struct news news;
    int code = find_news(&h, series, judged, &news, note);
    bool is_known = area && indicator && news.since.days < INT32_MAX;
    if (code == 0 && is_known)
        code = walk(&h, area, indicator, news.since);
    if (code == 0 && is_known)
        code = walk_dependents(&h, area, indicator, news.since);
    if (code == 0 && news.heard > judged)
        code = ledger_set_judged(ledger, series->id, news.heard, note);
    *ret_events = h.events;
    return code;
}
