/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/hearing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/notice.h"
#include "core/alert.h"

enum {
    PIECE_ROWS = 256, /* of one read */
    DOCKETS = 16,     /* A series has few targets; a further one is stepped without a comparison. */
};

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

struct hearing {
    struct ledger *ledger;
    const struct site *site;
    struct ledger_series series;
    const struct cat_area *area; /* with indicator: the catalogue knows the series */
    const struct cat_indicator *indicator;
    int64_t judged;                /* rows of the series up to here were heard before */
    int64_t upto;                  /* the ledger's position when the hearing began */
    struct ledger_files under_way; /* then */
    struct ledger_place place;     /* of the search for what is new */
    struct ledger_row piece[PIECE_ROWS];
    bool is_searched;
    int64_t heard;         /* all rows up to here were heard */
    struct cal_date since; /* the first release day of what is new; INT32_MAX: nothing is */

    struct walk *walk; /* the one under way: of the series itself, then of what rests on it */
    struct docket dockets[DOCKETS];
    bool has_walked;                    /* the series itself */
    const struct cat_target *dependent; /* the last whose series was walked as it rests on this */

    struct wall_time now; /* of the call */
    size_t events;
    struct err_note *note;
};

/* ---- what is new ---- */

static int
compare_ids(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* A row of a file that was complete when the hearing began. */
static bool
counts(const void *context, const struct ledger_row *row)
{
    const struct hearing *h = context;
    if (!row->is_complete || row->position > h->upto)
        return false;
    return h->under_way.count == 0 ||
           !bsearch(&row->submission, h->under_way.submissions, h->under_way.count,
                    sizeof row->submission, compare_ids);
}

/* A piece of the rows that were not heard yet. */
static int
search_some(struct hearing *h)
{
    size_t count = 0;
    int code = ledger_read_piece(h->ledger, h->series.id, NULL, &h->place, h->piece, PIECE_ROWS,
                                 &count, &h->is_searched, h->note);
    for (size_t i = 0; code == 0 && i < count; i++) {
        const struct ledger_row *row = &h->piece[i];
        bool is_heard = counts(h, row);
        if (is_heard && row->released.days < h->since.days)
            h->since = row->released;
        if (!is_heard && row->position <= h->heard)
            h->heard = row->position - 1;
    }
    return code;
}

/* ---- the alert of one target ---- */

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
docket_of(struct hearing *h, const char *target, struct docket **ret_docket)
{
    size_t i = 0;
    while (i < DOCKETS && h->dockets[i].target && strcmp(h->dockets[i].target, target) != 0)
        i++;
    *ret_docket = NULL;
    if (i == DOCKETS)
        return 0;
    struct docket *docket = &h->dockets[i];
    *ret_docket = docket;
    if (docket->target)
        return 0;
    *docket = (struct docket){ .target = target, .since = walk_from(h->walk) };
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
    struct hearing *h = context;
    struct docket *docket = NULL;
    int code = docket_of(h, verdict->target->id, &docket);
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

static void
clear_dockets(struct hearing *h)
{
    for (size_t i = 0; i < DOCKETS; i++)
        free(h->dockets[i].recorded);
    memset(h->dockets, 0, sizeof h->dockets);
}

/* What was told of the past would be told otherwise today: it stays, and the alert is brought to
 * where the last verdict has it. */
static int
close_dockets(struct hearing *h)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < DOCKETS && h->dockets[i].target; i++) {
        const struct docket *docket = &h->dockets[i];
        if (docket->has_diverged || docket->matched < docket->count)
            code = step_recorded(h, &docket->last, docket->last_day);
    }
    clear_dockets(h);
    return code;
}

/* ---- the series and what rests on it ---- */

/* The walk sees all rows, also those of the series itself and of those it rests on that the judge
 * has not come to: it begins with the first of them, so that it does not matter which comes first.
 */
static int
begin_walk(struct hearing *h, const struct cat_area *area, const struct cat_indicator *indicator)
{
    const struct timeline timeline = { .ledger = h->ledger,
                                       .catalogue = h->site->catalogue,
                                       .area = area,
                                       .indicator = indicator,
                                       .from = h->since,
                                       .to = { INT32_MAX },
                                       .from_unheard = true,
                                       .counts = counts,
                                       .visit = hear,
                                       .context = h };
    return walk_begin(&timeline, &h->walk, h->note);
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

/* Begins the walk that comes next; none is begun when there is none. */
static int
begin_next_walk(struct hearing *h)
{
    const struct catalogue *catalogue = h->site->catalogue;
    if (!h->area || !h->indicator || h->since.days == INT32_MAX)
        return 0;
    if (!h->has_walked) {
        h->has_walked = true;
        return begin_walk(h, h->area, h->indicator);
    }
    do
        h->dependent =
            h->dependent ? h->dependent->next_dependent : catalogue_dependents(catalogue);
    while (h->dependent && (!target_rests_on(h->dependent, h->area, h->indicator) ||
                            !is_first_of_series(catalogue, h->dependent)));
    return h->dependent ? begin_walk(h, h->dependent->area, h->dependent->indicator) : 0;
}

static int
walk_some(struct hearing *h, const struct budget *budget)
{
    bool has_ended = false;
    int code = walk_go(h->walk, budget, &has_ended, h->note);
    if (code == 0 && has_ended) {
        code = close_dockets(h);
        walk_end(h->walk);
        h->walk = NULL;
    }
    return code;
}

/* ---- the hearing ---- */

bool
hearing_is_needed(const struct site *site, const struct ledger_series *series)
{
    const struct cat_area *area = catalogue_area(site->catalogue, series->area);
    const struct cat_indicator *indicator = catalogue_indicator(site->catalogue, series->indicator);
    if (!area || !indicator)
        return false;
    const struct cat_target *target = catalogue_dependents(site->catalogue);
    while (target && !target_rests_on(target, area, indicator))
        target = target->next_dependent;
    return target || catalogue_targets_of(site->catalogue, area, indicator);
}

int
hearing_open(struct ledger *ledger, const struct site *site, const struct ledger_series *series,
             int64_t judged, struct hearing **ret_hearing, struct err_note *note)
{
    struct hearing *h = calloc(1, sizeof *h);
    if (!h)
        return err_set(note, -ENOMEM, "out of memory");
    h->ledger = ledger;
    h->site = site;
    h->series = *series;
    h->area = catalogue_area(site->catalogue, series->area);
    h->indicator = catalogue_indicator(site->catalogue, series->indicator);
    h->judged = judged;
    h->upto = ledger_position(ledger);
    h->place.after = judged;
    h->heard = series->last_position;
    h->since.days = INT32_MAX;
    int code = ledger_files_under_way(ledger, &h->under_way, note);
    if (code != 0) {
        hearing_close(h);
        return code;
    }
    *ret_hearing = h;
    return 0;
}

int
hearing_go(struct hearing *h, struct wall_time now, const struct budget *budget, bool *ret_ended,
           size_t *ret_events, struct err_note *note)
{
    int code = 0;
    bool has_ended = false;
    h->now = now;
    h->note = note;
    h->events = 0;
    do {
        if (!h->is_searched)
            code = search_some(h);
        else if (h->walk)
            code = walk_some(h, budget);
        else {
            code = begin_next_walk(h);
            has_ended = !h->walk;
        }
    } while (code == 0 && !has_ended && !budget_is_spent(budget));
    if (code == 0 && has_ended && h->heard > h->judged)
        code = ledger_set_judged(h->ledger, h->series.id, h->heard, note);
    *ret_ended = has_ended;
    *ret_events = h->events;
    return code;
}

void
hearing_close(struct hearing *h)
{
    if (!h)
        return;
    walk_end(h->walk);
    clear_dockets(h);
    free(h->under_way.submissions);
    free(h);
}
