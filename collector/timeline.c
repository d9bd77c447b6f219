/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/view.h"

typedef int visit_fn(void *context, const struct verdict *verdict, struct cal_date day);

/* One walk under way. */
struct walk {
    const struct timeline *timeline;
    visit_fn *visit;
    void *context;
    struct obs_point *points; /* room for as many as rows */
    struct series_view known; /* on the day under way */
    struct view_companions companions;
};

static bool
is_new(const struct timeline *t, const struct ledger_row *row)
{
    return row->position > t->after;
}

/* The earliest release day after `day` that brought something; false when there is none. */
static bool
next_day(const struct timeline *t, int32_t day, int32_t *ret_day)
{
    bool found = false;
    for (size_t i = 0; i < t->rows->count; i++) {
        const struct ledger_row *row = &t->rows->rows[i];
        if (is_new(t, row) && row->released.days > day && row->released.days <= t->to.days &&
            (!found || row->released.days < *ret_day)) {
            *ret_day = row->released.days;
            found = true;
        }
    }
    return found;
}

/* The series as it was known on a release day. */
static void
know_on(struct walk *w, struct cal_date day)
{
    const struct ledger_rows *rows = w->timeline->rows;
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct ledger_row *row = &rows->rows[i];
        if (row->released.days > day.days)
            continue;
        bool replaces = count > 0 && cal_period_equal(w->points[count - 1].period, row->period);
        if (!replaces)
            count++;
        w->points[count - 1] = view_point(w->timeline->catalogue, row);
    }
    w->known = (struct series_view){ .points = w->points, .count = count };
}

/* The first year after `year` that a row of that day speaks of; 0 when there is none. */
static int
next_year(const struct timeline *t, struct cal_date day, int year)
{
    int next = 0;
    for (size_t i = 0; i < t->rows->count; i++) {
        const struct ledger_row *row = &t->rows->rows[i];
        if (is_new(t, row) && row->released.days == day.days && row->period.year > year &&
            (next == 0 || row->period.year < next))
            next = row->period.year;
    }
    return next;
}

static int
walk_target(struct walk *w, const struct cat_target *target, struct cal_date day)
{
    struct verdict_evidence evidence = { &w->known, &w->companions.reference,
                                         &w->companions.cases };
    for (int year = next_year(w->timeline, day, 0); year;
         year = next_year(w->timeline, day, year)) {
        if (!target_covers(target, year))
            continue;
        struct verdict verdict = verdict_judge(target, &evidence, cal_month(year, 12));
        int code = w->visit(w->context, &verdict, day);
        if (code != 0)
            return code;
    }
    return 0;
}

static int
walk_day(struct walk *w, struct cal_date day, struct err_note *note)
{
    const struct timeline *t = w->timeline;
    struct ledger_as_of as_of = { .has_released = true, .released = day };
    int code = view_companions_read(t->ledger, t->catalogue, t->area, t->indicator, &as_of,
                                    &w->companions, note);
    if (code != 0)
        return code;
    know_on(w, day);
    for (size_t i = 0; code == 0 && i < t->catalogue->target_count; i++) {
        const struct cat_target *target = &t->catalogue->targets[i];
        if (target->area == t->area && target->indicator == t->indicator &&
            target_in_force(target, day))
            code = walk_target(w, target, day);
    }
    view_companions_done(&w->companions);
    return code;
}

int
timeline_walk(const struct timeline *timeline, visit_fn *visit, void *context,
              struct err_note *note)
{
    struct walk w = { .timeline = timeline, .visit = visit, .context = context };
    if (timeline->rows->count == 0)
        return 0;
    w.points = calloc(timeline->rows->count, sizeof *w.points);
    if (!w.points)
        return err_set(note, -ENOMEM, "out of memory");
    int code = 0;
    int32_t day = timeline->from.days - 1;
    while (code == 0 && next_day(timeline, day, &day))
        code = walk_day(&w, (struct cal_date){ day }, note);
    free(w.points);
    return code;
}
