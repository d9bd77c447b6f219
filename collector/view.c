/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/view.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct obs_point
view_point(const struct catalogue *catalogue, const struct ledger_row *row)
{
    const struct cat_publisher *publisher = catalogue_publisher(catalogue, row->publisher);
    struct num_decimal number;
    bool has_value =
        row->value[0] && num_decimal_parse(row->value, strlen(row->value), &number, NULL) == 0;
    return (struct obs_point){ .period = row->period,
                               .value = has_value ? number.value : (double)NAN,
                               .has_value = has_value,
                               .status = row->status,
                               .is_simulated = publisher && publisher->is_simulated,
                               .revision = row->revision,
                               .released = row->released,
                               .position = row->position };
}

/* The points in force out of a revision triangle, at most rows->count of them; returns how many. */
static size_t
take_points(const struct ledger_rows *rows, const struct catalogue *catalogue,
            struct obs_point *points)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].is_latest)
            points[count++] = view_point(catalogue, &rows->rows[i]);
    }
    return count;
}

static int
read_points(struct ledger *ledger, const struct catalogue *catalogue, const struct cat_area *area,
            const struct cat_indicator *indicator, const struct ledger_as_of *as_of,
            struct obs_point **ret_points, struct series_view *ret_series, struct err_note *note)
{
    struct ledger_rows rows = { 0 };
    int64_t id = ledger_series_id(ledger, area->id, indicator->id);
    int code = id ? ledger_read_series(ledger, id, as_of, &rows, note) : 0;
    if (code != 0 || rows.count == 0)
        return code;
    struct obs_point *points = calloc(rows.count, sizeof *points);
    if (points) {
        *ret_points = points;
        ret_series->points = points;
        ret_series->count = take_points(&rows, catalogue, points);
    }
    ledger_rows_done(&rows);
    return points ? 0 : err_set(note, -ENOMEM, "out of memory");
}

/* What the first target with a reference is relative to. */
static const struct cat_indicator *
reference_of(const struct catalogue *catalogue, const struct cat_area *area,
             const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (target->area == area && target->indicator == indicator && target->reference)
            return target->reference;
    }
    return NULL;
}

int
view_companions_read(struct ledger *ledger, const struct catalogue *catalogue,
                     const struct cat_area *area, const struct cat_indicator *indicator,
                     const struct ledger_as_of *as_of, struct view_companions *ret_companions,
                     struct err_note *note)
{
    struct view_companions c = { 0 };
    const struct cat_indicator *reference = reference_of(catalogue, area, indicator);
    int code = 0;
    if (reference) {
        code = read_points(ledger, catalogue, area, reference, as_of, &c.reference_points,
                           &c.reference, note);
        if (code == 0 && c.reference.count == 0 && area->parent) {
            free(c.reference_points); /* rows without a usable point */
            c.reference_points = NULL;
            code = read_points(ledger, catalogue, area->parent, reference, as_of,
                               &c.reference_points, &c.reference, note);
        }
    }
    if (code == 0 && indicator->cases)
        code = read_points(ledger, catalogue, area, indicator->cases, as_of, &c.cases_points,
                           &c.cases, note);
    if (code != 0) {
        view_companions_done(&c);
        return code;
    }
    *ret_companions = c;
    return 0;
}

void
view_companions_done(struct view_companions *companions)
{
    free(companions->reference_points);
    free(companions->cases_points);
    *companions = (struct view_companions){ 0 };
}

struct verdict_evidence
view_evidence(const struct view_series *view)
{
    return (struct verdict_evidence){ .series = &view->series,
                                      .reference = &view->companions.reference,
                                      .cases = &view->companions.cases };
}

int
view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                 const struct cat_area *area, const struct cat_indicator *indicator,
                 const struct ledger_as_of *as_of, struct view_series *ret_view,
                 struct err_note *note)
{
    struct ledger_rows rows = { 0 };
    struct view_companions companions = { 0 };
    int64_t id = ledger_series_id(ledger, area->id, indicator->id);
    int code = id ? ledger_read_series(ledger, id, as_of, &rows, note) : 0;
    if (code == 0)
        code = view_companions_read(ledger, catalogue, area, indicator, as_of, &companions, note);
    struct obs_point *points =
        code == 0 ? calloc(rows.count + 1, sizeof *points) : NULL; /* also of none */
    if (!points) {
        ledger_rows_done(&rows);
        view_companions_done(&companions);
        return code != 0 ? code : err_set(note, -ENOMEM, "out of memory");
    }
    *ret_view = (struct view_series){ .area = area,
                                      .indicator = indicator,
                                      .id = id,
                                      .rows = rows,
                                      .points = points,
                                      .companions = companions };
    ret_view->series.points = points;
    ret_view->series.count = take_points(&rows, catalogue, points);
    for (size_t i = 0; i < ret_view->series.count; i++)
        ret_view->has_simulated |= points[i].is_simulated;
    return 0;
}

void
view_series_done(struct view_series *view)
{
    ledger_rows_done(&view->rows);
    free(view->points);
    view->points = NULL;
    view->series = (struct series_view){ 0 };
    view_companions_done(&view->companions);
}

const char *
view_value_text(const struct view_series *view, struct cal_period period)
{
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct ledger_row *row = &view->rows.rows[i];
        if (row->is_latest && cal_period_equal(row->period, period))
            return row->value;
    }
    return "";
}

/* Targets of one series follow each other rarely; the last series read is kept. */
struct series_cache {
    struct view_series view;
    const struct cat_target *of; /* whose series it is; NULL: none */
};

static int
cached_series(struct series_cache *cache, struct ledger *ledger, const struct catalogue *catalogue,
              const struct cat_target *target, const struct ledger_as_of *as_of,
              struct err_note *note)
{
    if (cache->of && cache->of->area == target->area && cache->of->indicator == target->indicator)
        return 0;
    if (cache->of)
        view_series_done(&cache->view);
    cache->of = NULL;
    int code = view_series_read(ledger, catalogue, target->area, target->indicator, as_of,
                                &cache->view, note);
    if (code == 0)
        cache->of = target;
    return code;
}

struct cal_period
view_latest_month(struct ledger *ledger, const struct catalogue *catalogue, int year,
                  const struct ledger_as_of *as_of)
{
    struct series_cache cache = { .of = NULL };
    struct cal_period december = cal_month(year, 12);
    int month = 1;
    for (size_t i = 0; i < catalogue->target_count && month < 12; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (!target_covers(target, year) ||
            cached_series(&cache, ledger, catalogue, target, as_of, NULL) != 0)
            continue;
        const struct obs_point *point = series_latest_in_year(&cache.view.series, december);
        if (point && cal_period_end_month(point->period) > month)
            month = cal_period_end_month(point->period);
    }
    if (cache.of)
        view_series_done(&cache.view);
    return cal_month(year, month);
}

struct cal_date
view_rules_day(struct cal_period month, const struct ledger_as_of *as_of)
{
    struct cal_date day = { cal_period_after(month).days - 1 };
    return as_of && as_of->has_released && as_of->released.days < day.days ? as_of->released : day;
}

int
view_each_verdict(struct ledger *ledger, const struct catalogue *catalogue, struct cal_period month,
                  const struct ledger_as_of *as_of,
                  int (*visit)(void *context, const struct verdict *verdict), void *context,
                  struct err_note *note)
{
    struct series_cache cache = { .of = NULL };
    struct cal_date day = view_rules_day(month, as_of);
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (!target_covers(target, month.year) || !target_in_force(target, day))
            continue;
        code = cached_series(&cache, ledger, catalogue, target, as_of, note);
        if (code == 0) {
            struct verdict_evidence evidence = view_evidence(&cache.view);
            struct verdict verdict = verdict_judge(target, &evidence, month);
            code = visit(context, &verdict);
        }
    }
    if (cache.of)
        view_series_done(&cache.view);
    return code;
}
