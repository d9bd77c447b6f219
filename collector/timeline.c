/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/view.h"

typedef int visit_fn(void *context, const struct verdict *verdict, struct cal_date day);

/* One series: all its rows, and what of them was known on the day under way. */
struct known {
    struct ledger_rows rows;
    struct obs_point *points; /* room for as many as rows */
    struct series_view view;
};

/* One walk under way. */
struct walk {
    const struct timeline *timeline;
    visit_fn *visit;
    void *context;
    struct known own;
    struct known companions[COMPANION_COUNT];
};

static int
read_known(const struct timeline *t, const struct cat_area *area,
           const struct cat_indicator *indicator, struct known *known, struct err_note *note)
{
    int64_t id = ledger_series_id(t->ledger, area->id, indicator->id);
    int code = id ? ledger_read_series(t->ledger, id, t->as_of, &known->rows, note) : 0;
    if (code == 0 && t->filter)
        code = t->filter(t->filter_context, &known->rows, note);
    if (code != 0)
        return code;
    known->points = calloc(known->rows.count + 1, sizeof *known->points);
    return known->points ? 0 : err_set(note, -ENOMEM, "out of memory");
}

static int
read_all(struct walk *w, struct err_note *note)
{
    const struct timeline *t = w->timeline;
    int code = read_known(t, t->area, t->indicator, &w->own, note);
    for (int i = 0; code == 0 && i < COMPANION_COUNT; i++) {
        const struct cat_area *area;
        const struct cat_indicator *indicator;
        if (view_companion_of(t->catalogue, t->area, t->indicator, (enum view_companion)i, &area,
                              &indicator))
            code = read_known(t, area, indicator, &w->companions[i], note);
    }
    return code;
}

static void
known_done(struct known *known)
{
    ledger_rows_done(&known->rows);
    free(known->points);
}

/* Can a release of it change a level? A volume only changes what is told beside. */
static bool
wakes(enum view_companion which)
{
    return which != COMPANION_VOLUME;
}

/* The earliest release day after `day` in one series; `soonest` where there is none before that. */
static int32_t
next_day_of(const struct known *known, int32_t day, int32_t soonest)
{
    for (size_t i = 0; i < known->rows.count; i++) {
        int32_t released = known->rows.rows[i].released.days;
        soonest = released > day && released < soonest ? released : soonest;
    }
    return soonest;
}

/* The earliest release day after `day`; false when there is none. */
static bool
next_day(const struct walk *w, int32_t day, int32_t *ret_day)
{
    int32_t soonest = next_day_of(&w->own, day, INT32_MAX);
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (wakes((enum view_companion)i))
            soonest = next_day_of(&w->companions[i], day, soonest);
    *ret_day = soonest;
    return soonest < INT32_MAX && soonest <= w->timeline->to.days;
}

/* The series as it was known on a release day. */
static void
know_on(const struct catalogue *catalogue, struct known *known, struct cal_date day)
{
    size_t count = 0;
    for (size_t i = 0; i < known->rows.count; i++) {
        const struct ledger_row *row = &known->rows.rows[i];
        if (row->released.days > day.days)
            continue;
        bool replaces = count > 0 && cal_period_equal(known->points[count - 1].period, row->period);
        if (!replaces)
            count++;
        known->points[count - 1] = view_point(catalogue, row);
    }
    known->view = (struct series_view){ .points = known->points, .count = count };
}

/* The first year that the rows of that day speak of; `year` where none is before it. */
static int
first_year(const struct known *known, struct cal_date day, int year)
{
    for (size_t i = 0; i < known->rows.count; i++) {
        const struct ledger_row *row = &known->rows.rows[i];
        year = row->released.days == day.days && row->period.year < year ? row->period.year : year;
    }
    return year;
}

/* The year a target is judged for on a day: the last of its years of which the series knows
 * anything. False when nothing of that day speaks of it or of a year before, as those of years
 * past. */
static bool
year_of(const struct walk *w, const struct cat_target *target, struct cal_date day, int *ret_year)
{
    const struct series_view *own = &w->own.view;
    int first = first_year(&w->own, day, INT32_MAX);
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (wakes((enum view_companion)i))
            first = first_year(&w->companions[i], day, first);
    int last = own->count > 0 ? own->points[own->count - 1].period.year : INT32_MIN;
    *ret_year = last < target->year ? last : target->year;
    return *ret_year >= first && *ret_year >= target->from;
}

static int
walk_target(struct walk *w, const struct cat_target *target, struct cal_date day,
            const struct verdict_evidence *evidence)
{
    int year;
    if (!year_of(w, target, day, &year))
        return 0;
    struct verdict verdict = verdict_judge(target, evidence, cal_month(year, 12));
    return w->visit(w->context, &verdict, day);
}

static int
walk_day(struct walk *w, struct cal_date day)
{
    const struct timeline *t = w->timeline;
    struct series_view companions[COMPANION_COUNT];
    know_on(t->catalogue, &w->own, day);
    for (int i = 0; i < COMPANION_COUNT; i++) {
        know_on(t->catalogue, &w->companions[i], day);
        companions[i] = w->companions[i].view;
    }
    struct verdict_evidence evidence = view_evidence_of(&w->own.view, companions, day);
    const struct ledger_as_of known = { .has_released = true, .released = day };
    view_due_soon(t->catalogue, &known, &evidence);
    int code = 0;
    for (const struct cat_target *target =
             catalogue_targets_of(t->catalogue, t->area, t->indicator);
         code == 0 && target; target = target->next)
        if (target_in_force(target, day))
            code = walk_target(w, target, day, &evidence);
    return code;
}

int
timeline_walk(const struct timeline *timeline, visit_fn *visit, void *context,
              struct err_note *note)
{
    struct walk w = { .timeline = timeline, .visit = visit, .context = context };
    int code = 0;
    if (!catalogue_targets_of(timeline->catalogue, timeline->area, timeline->indicator))
        return 0;
    code = read_all(&w, note);
    int32_t day = timeline->from.days - 1;
    while (code == 0 && next_day(&w, day, &day))
        code = walk_day(&w, (struct cal_date){ day });
    known_done(&w.own);
    for (int i = 0; i < COMPANION_COUNT; i++)
        known_done(&w.companions[i]);
    return code;
}
