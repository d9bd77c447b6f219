/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/projection.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUN_MAX = 256,   /* series read together, */
    RUN_SPARSE = 4,  /* where at least every so many are wanted */
    ROOM_FIRST = 64, /* points */
};

static const double unknown = (double)NAN;

/* ---- one series ---- */

static double
level_number(enum level level)
{
    int severity = level_severity(level);
    return severity < 0 ? unknown : severity;
}

/* First and last year to draw; false when there is neither value nor target. */
static bool
years_of(const struct catalogue *catalogue, const struct view_series *view, int *ret_first,
         int *ret_last)
{
    int first = 0, last = 0;
    for (size_t i = 0; i < view->series.count; i++) {
        int year = view->series.points[i].period.year;
        if (view->series.points[i].is_derived)
            continue;
        first = first == 0 || year < first ? year : first;
        last = year > last ? year : last;
    }
    for (const struct cat_target *target =
             catalogue_targets_of(catalogue, view->area, view->indicator);
         target; target = target->next) {
        first = first == 0 || target->year < first ? target->year : first;
        last = target->year > last ? target->year : last;
    }
    *ret_first = first;
    *ret_last = last;
    return first != 0;
}

/* Plan, target and level of a period. */
static void
add_target(const struct catalogue *catalogue, const struct view_series *view,
           struct cal_period period, struct archive_period *out)
{
    struct cal_date day = { out->after.days - 1 };
    struct verdict_evidence evidence = view_evidence(view, day);
    const struct cat_target *target =
        catalogue_target_for(catalogue, view->area, view->indicator, period.year, day);
    if (!target)
        return;
    out->pace = verdict_plan_value(target, &evidence, period);
    out->target = target_value(target);
    if (!isnan(out->value)) {
        struct cal_period month = cal_month(period.year, cal_period_end_month(period));
        out->level = level_number(verdict_judge(target, &evidence, month).level);
    }
}

/* The point of exactly this period that somebody reported, or NULL. Asked in time order: *at stands
 * before the first point that ends later. */
static const struct obs_point *
point_of(const struct series_view *series, struct cal_period period, size_t *at)
{
    int order = -1;
    while (*at < series->count &&
           (order = cal_period_compare(series->points[*at].period, period)) < 0)
        (*at)++;
    bool is_there = *at < series->count && order == 0 && !series->points[*at].is_derived;
    return is_there ? &series->points[*at] : NULL;
}

static size_t
periods_in_year(enum cal_freq freq)
{
    return freq == CAL_DAY ? 366 : freq == CAL_WEEK ? 53 : 12;
}

int
projection_make(const struct catalogue *catalogue, const struct view_series *view,
                struct archive_period **ret_periods, size_t *ret_count, struct err_note *note)
{
    int first = 0, last = 0;
    *ret_periods = NULL;
    *ret_count = 0;
    if (!years_of(catalogue, view, &first, &last))
        return 0;
    enum cal_freq freq = view->indicator->calendar->freq;
    bool has_target = catalogue_targets_of(catalogue, view->area, view->indicator) != NULL;
    size_t capacity = (size_t)(last - first + 1) * periods_in_year(freq);
    struct archive_period *periods = malloc(capacity * sizeof *periods);
    if (!periods)
        return err_set(note, -ENOMEM, "out of memory");
    size_t count = 0, at = 0;
    struct cal_period period = cal_period_of(freq, first, 1);
    struct cal_date from = cal_period_first(period);
    for (; period.freq != CAL_NONE && period.year <= last && count < capacity;
         period = cal_period_add(period, 1)) {
        const struct obs_point *point = point_of(&view->series, period, &at);
        struct archive_period *out = &periods[count++];
        *out = (struct archive_period){ from,   cal_period_after(period), unknown, unknown, unknown,
                                        unknown };
        from = out->after;
        if (point && point->has_value)
            out->value = point->value;
        if (has_target)
            add_target(catalogue, view, period, out);
    }
    *ret_periods = periods;
    *ret_count = count;
    return 0;
}

/* The bytes of what the view shows. */
static int
draw_view(const struct catalogue *catalogue, const struct view_series *view, char **ret_bytes,
          size_t *ret_size, struct err_note *note)
{
    struct archive_period *periods = NULL;
    size_t count = 0;
    int code = projection_make(catalogue, view, &periods, &count, note);
    if (code == 0)
        code = archive_image(periods, count, false, ret_bytes, ret_size, note);
    free(periods);
    return code;
}

int
projection_draw(struct ledger *ledger, const struct catalogue *catalogue,
                const struct cat_area *area, const struct cat_indicator *indicator,
                char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    struct view_series view;
    int code = view_series_read(ledger, catalogue, area, indicator, NULL, &view, note);
    if (code != 0)
        return code;
    code = draw_view(catalogue, &view, ret_bytes, ret_size, note);
    view_series_done(&view);
    return code;
}

/* ---- many series ---- */

/* The points of the series of one run. */
struct points {
    struct obs_point *points;
    size_t count, room;
};

struct run {
    const struct projection_item *items;
    size_t count;
    size_t at; /* values come by series within a period */
    struct cal_period period;
    struct points points[RUN_MAX];
};

static int
take_value(void *context, const struct ledger_value *value)
{
    struct run *run = context;
    struct num_decimal number;
    if (!cal_period_equal(run->period, value->period)) {
        run->period = value->period;
        run->at = 0;
    }
    while (run->at < run->count && run->items[run->at].series < value->series)
        run->at++;
    if (run->at == run->count || run->items[run->at].series != value->series)
        return 0; /* not wanted */
    struct points *points = &run->points[run->at];
    if (points->count == points->room) {
        size_t room = points->room ? points->room * 2 : ROOM_FIRST;
        struct obs_point *grown = realloc(points->points, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        points->points = grown;
        points->room = room;
    }
    bool has_value = value->value[0] &&
                     num_decimal_parse(value->value, strlen(value->value), &number, NULL) == 0;
    points->points[points->count++] =
        (struct obs_point){ .period = value->period,
                            .value = has_value ? number.value : unknown,
                            .has_value = has_value,
                            .position = value->position };
    return 0;
}

/* How many of the items, from the first on, are read together: near one another in the ledger, and
 * without targets. */
static size_t
run_length(const struct catalogue *catalogue, const struct projection_item *items, size_t count)
{
    size_t n = 0;
    while (n < count && n < RUN_MAX &&
           items[n].series - items[0].series <= (int64_t)n * RUN_SPARSE &&
           !catalogue_targets_of(catalogue, items[n].area, items[n].indicator))
        n++;
    return n;
}

typedef int take_bytes(void *context, const struct projection_item *item, const char *bytes,
                       size_t size);

static int
draw_run(struct ledger *ledger, const struct catalogue *catalogue, struct run *run,
         take_bytes *take, void *context, struct err_note *note)
{
    run->at = 0;
    run->period = (struct cal_period){ .freq = CAL_NONE };
    for (size_t i = 0; i < run->count; i++)
        run->points[i].count = 0;
    int code = ledger_each_value(ledger, run->items[0].series, run->items[run->count - 1].series,
                                 take_value, run, note);
    for (size_t i = 0; code == 0 && i < run->count; i++) {
        const struct view_series view = { .area = run->items[i].area,
                                          .indicator = run->items[i].indicator,
                                          .series = { run->points[i].points,
                                                      run->points[i].count } };
        char *bytes = NULL;
        size_t size = 0;
        code = draw_view(catalogue, &view, &bytes, &size, note);
        if (code == 0 && bytes)
            code = take(context, &run->items[i], bytes, size);
        free(bytes);
    }
    return code;
}

int
projection_draw_many(struct ledger *ledger, const struct catalogue *catalogue,
                     const struct projection_item *items, size_t count, take_bytes *take,
                     void *context, struct err_note *note)
{
    struct run *run = calloc(1, sizeof *run);
    int code = 0;
    if (!run)
        return err_set(note, -ENOMEM, "out of memory");
    for (size_t i = 0; code == 0 && i < count;) {
        char *bytes = NULL;
        size_t size = 0;
        run->items = &items[i];
        run->count = run_length(catalogue, run->items, count - i);
        if (run->count > 0) {
            code = draw_run(ledger, catalogue, run, take, context, note);
            i += run->count;
            continue;
        }
        code = projection_draw(ledger, catalogue, items[i].area, items[i].indicator, &bytes, &size,
                               note);
        if (code == 0 && bytes)
            code = take(context, &items[i], bytes, size);
        free(bytes);
        i++;
    }
    for (size_t i = 0; i < RUN_MAX; i++)
        free(run->points[i].points);
    free(run);
    return code;
}
