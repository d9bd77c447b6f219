/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/timeline.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view.h"

enum { PIECE_ROWS = 256 }; /* of one read */

/* One series: its rows that count, and what of them was known on the day under way. */
struct known {
    int64_t series; /* 0: nothing was ever reported */
    struct ledger_place place;
    bool is_read;
    struct obs_point *rows; /* once read: by (released, position) */
    size_t row_count, row_room;
    size_t next;              /* the first row that is not known yet */
    int first_year;           /* that the rows of the day under way speak of; INT_MAX: none */
    struct obs_point *points; /* in force, by period */
    size_t point_room;
    struct series_view view; /* of `points` */
};

struct walk {
    struct timeline timeline;
    struct known own;
    struct known companions[COMPANION_COUNT];
    bool is_read;   /* all of them */
    bool is_on_day; /* `day` is not over */
    int32_t day;
    struct ledger_row piece[PIECE_ROWS];
};

/* Makes room for one more point. */
static int
make_room(struct obs_point **points, size_t count, size_t *room, struct err_note *note)
{
    if (count < *room)
        return 0;
    size_t more = *room ? *room * 2 : 64;
    struct obs_point *grown = realloc(*points, more * sizeof *grown);
    if (!grown)
        return err_set(note, -ENOMEM, "out of memory");
    *points = grown;
    *room = more;
    return 0;
}

/* Can a release of it change a level? A volume only changes what is told beside. */
static bool
wakes(enum view_companion which)
{
    return which != COMPANION_VOLUME;
}

/* ---- reading ---- */

static int
find_known(const struct timeline *t, const struct cat_area *area,
           const struct cat_indicator *indicator, struct known *known, struct err_note *note)
{
    int code = ledger_series_find(t->ledger, area->id, indicator->id, &known->series, note);
    known->is_read = known->series == 0;
    return code;
}

static int
read_piece(struct walk *w, struct known *known, bool is_waking, struct err_note *note)
{
    struct timeline *t = &w->timeline;
    size_t count = 0;
    int code = ledger_read_piece(t->ledger, known->series, t->as_of, &known->place, w->piece,
                                 PIECE_ROWS, &count, &known->is_read, note);
    for (size_t i = 0; code == 0 && i < count; i++) {
        const struct ledger_row *row = &w->piece[i];
        if (t->counts && !t->counts(t->context, row))
            continue;
        if (t->from_unheard && is_waking && !row->is_heard && row->released.days < t->from.days)
            t->from = row->released;
        code = make_room(&known->rows, known->row_count, &known->row_room, note);
        if (code == 0)
            known->rows[known->row_count++] = view_point(t->catalogue, row);
    }
    return code;
}

static int
by_release(const void *a, const void *b)
{
    const struct obs_point *x = a, *y = b;
    if (x->released.days != y->released.days)
        return x->released.days < y->released.days ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

static void
sort_rows(struct known *known)
{
    if (known->row_count > 1)
        qsort(known->rows, known->row_count, sizeof *known->rows, by_release);
}

/* A piece of what is not read yet. */
static int
read_some(struct walk *w, struct err_note *note)
{
    if (!w->own.is_read)
        return read_piece(w, &w->own, true, note);
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (!w->companions[i].is_read)
            return read_piece(w, &w->companions[i], wakes((enum view_companion)i), note);
    sort_rows(&w->own);
    for (int i = 0; i < COMPANION_COUNT; i++)
        sort_rows(&w->companions[i]);
    w->day = w->timeline.from.days - 1; /* nobody is told of what was known by then */
    w->is_read = w->is_on_day = true;
    return 0;
}

/* ---- what is known on a day ---- */

/* The first point in force that does not come before the period. */
static size_t
place_of(const struct series_view *view, struct cal_period period)
{
    size_t low = 0;
    size_t high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_before = cal_period_compare(view->points[middle].period, period) < 0;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

static bool
says_the_same(const struct obs_point *a, const struct obs_point *b)
{
    bool differs = a->has_value != b->has_value ||
                   (a->has_value && (a->value < b->value || a->value > b->value));
    return !differs && a->status == b->status && a->is_simulated == b->is_simulated;
}

/* The row replaces what was known of its period, unless it says the same again. */
static int
take_up(struct known *known, const struct obs_point *row, struct err_note *note)
{
    size_t count = known->view.count;
    size_t at = place_of(&known->view, row->period);
    bool replaces = at < count && cal_period_equal(known->points[at].period, row->period);
    if (replaces && says_the_same(&known->points[at], row))
        return 0;
    uint16_t revision = replaces ? (uint16_t)(known->points[at].revision + 1) : 0;
    int code = replaces ? 0 : make_room(&known->points, count, &known->point_room, note);
    if (code != 0)
        return code;
    if (!replaces) {
        memmove(&known->points[at + 1], &known->points[at], (count - at) * sizeof *known->points);
        known->view = (struct series_view){ .points = known->points, .count = count + 1 };
    }
    known->points[at] = *row;
    known->points[at].revision = revision;
    return 0;
}

/* Is there a row of that day, or one before, that is not known yet? */
static bool
is_behind(const struct known *known, int32_t day)
{
    return known->next < known->row_count && known->rows[known->next].released.days <= day;
}

static int
take_up_some(struct known *known, int32_t day, struct err_note *note)
{
    int code = 0;
    for (int i = 0; code == 0 && i < PIECE_ROWS && is_behind(known, day); i++) {
        const struct obs_point *row = &known->rows[known->next++];
        code = take_up(known, row, note);
        if (row->period.year < known->first_year)
            known->first_year = row->period.year;
    }
    return code;
}

/* The earliest release day in one series that is to come; `soonest` where there is none before. */
static int32_t
next_day_of(const struct known *known, int32_t soonest)
{
    bool is_sooner =
        known->next < known->row_count && known->rows[known->next].released.days < soonest;
    return is_sooner ? known->rows[known->next].released.days : soonest;
}

/* Turns to the next release day; false when there is none. A day on which only the volume says
 * something is none: its rows are taken up with the day after. */
static bool
turn_to_next_day(struct walk *w)
{
    int32_t soonest = next_day_of(&w->own, INT32_MAX);
    w->own.first_year = INT_MAX;
    for (int i = 0; i < COMPANION_COUNT; i++) {
        if (wakes((enum view_companion)i))
            soonest = next_day_of(&w->companions[i], soonest);
        w->companions[i].first_year = INT_MAX;
    }
    w->day = soonest;
    w->is_on_day = soonest < INT32_MAX && soonest <= w->timeline.to.days;
    return w->is_on_day;
}

/* ---- the verdicts of a day ---- */

/* The year a target is judged for on a day: the last of its years of which the series knows
 * anything. False when nothing of that day speaks of it or of a year before, as those of years
 * past. */
static bool
year_of(const struct walk *w, const struct cat_target *target, int *ret_year)
{
    const struct series_view *own = &w->own.view;
    int first = w->own.first_year;
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (wakes((enum view_companion)i) && w->companions[i].first_year < first)
            first = w->companions[i].first_year;
    int last = own->count > 0 ? own->points[own->count - 1].period.year : INT32_MIN;
    *ret_year = last < target->year ? last : target->year;
    return *ret_year >= first && *ret_year >= target->from;
}

static int
visit_target(struct walk *w, const struct cat_target *target,
             const struct verdict_evidence *evidence)
{
    int year;
    if (!year_of(w, target, &year))
        return 0;
    struct verdict verdict = verdict_judge(target, evidence, cal_month(year, 12));
    return w->timeline.visit(w->timeline.context, &verdict, (struct cal_date){ w->day });
}

static int
visit_day(struct walk *w)
{
    const struct timeline *t = &w->timeline;
    const struct cal_date day = { w->day };
    struct series_view companions[COMPANION_COUNT];
    for (int i = 0; i < COMPANION_COUNT; i++)
        companions[i] = w->companions[i].view;
    struct verdict_evidence evidence = view_evidence_of(&w->own.view, companions, day);
    const struct ledger_as_of known = { .has_released = true, .released = day };
    view_due_soon(t->catalogue, &known, &evidence);
    int code = 0;
    for (const struct cat_target *target =
             catalogue_targets_of(t->catalogue, t->area, t->indicator);
         code == 0 && target; target = target->next)
        if (target_in_force(target, day))
            code = visit_target(w, target, &evidence);
    return code;
}

/* ---- the walk ---- */

int
walk_begin(const struct timeline *t, struct walk **ret_walk, struct err_note *note)
{
    struct walk *w = calloc(1, sizeof *w);
    if (!w) {
        (void)err_set(note, -ENOMEM, "out of memory");
        return -ENOMEM;
    }
    int code = 0;
    w->timeline = *t;
    w->own.is_read = true; /* without targets nothing is */
    bool has_targets = catalogue_targets_of(t->catalogue, t->area, t->indicator) != NULL;
    if (has_targets)
        code = find_known(t, t->area, t->indicator, &w->own, note);
    for (int i = 0; code == 0 && i < COMPANION_COUNT; i++) {
        const struct cat_area *area;
        const struct cat_indicator *indicator;
        w->companions[i].is_read = true;
        if (has_targets && view_companion_of(t->catalogue, t->area, t->indicator,
                                             (enum view_companion)i, &area, &indicator))
            code = find_known(t, area, indicator, &w->companions[i], note);
    }
    if (code == 0)
        *ret_walk = w;
    else
        walk_end(w);
    return code;
}

/* A piece of the day under way: of its rows, or all its verdicts once they are known. */
static int
go_on_with_day(struct walk *w, struct err_note *note)
{
    if (is_behind(&w->own, w->day))
        return take_up_some(&w->own, w->day, note);
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (is_behind(&w->companions[i], w->day))
            return take_up_some(&w->companions[i], w->day, note);
    w->is_on_day = false;
    return w->day >= w->timeline.from.days ? visit_day(w) : 0;
}

int
walk_go(struct walk *w, const struct budget *budget, bool *ret_ended, struct err_note *note)
{
    int code = 0;
    bool has_ended = false;
    do {
        if (!w->is_read)
            code = read_some(w, note);
        else if (w->is_on_day || turn_to_next_day(w))
            code = go_on_with_day(w, note);
        else
            has_ended = true;
    } while (code == 0 && !has_ended && !budget_is_spent(budget));
    *ret_ended = has_ended;
    return code;
}

struct cal_date
walk_from(const struct walk *w)
{
    return w->timeline.from;
}

static void
known_done(struct known *known)
{
    free(known->rows);
    free(known->points);
}

void
walk_end(struct walk *w)
{
    if (!w)
        return;
    known_done(&w->own);
    for (int i = 0; i < COMPANION_COUNT; i++)
        known_done(&w->companions[i]);
    free(w);
}

int
timeline_walk(const struct timeline *timeline, struct err_note *note)
{
    const struct budget all = { NULL, NULL };
    bool has_ended;
    struct walk *w = NULL;
    int code = walk_begin(timeline, &w, note);
    if (code == 0)
        code = walk_go(w, &all, &has_ended, note);
    walk_end(w);
    return code;
}
