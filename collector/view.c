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

int
view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                 const struct cat_area *area, const struct cat_indicator *indicator,
                 const struct ledger_as_of *as_of, struct view_series *ret_view,
                 struct err_note *note)
{
    struct ledger_rows rows = { 0 };
    int64_t id = ledger_series_id(ledger, area->id, indicator->id);
    int code = id ? ledger_read_series(ledger, id, as_of, &rows, note) : 0;
    struct obs_point *points =
        code == 0 ? calloc(rows.count + 1, sizeof *points) : NULL; /* also of none */
    if (!points) {
        ledger_rows_done(&rows);
        return code != 0 ? code : err_set(note, -ENOMEM, "out of memory");
    }
    *ret_view = (struct view_series){
        .area = area, .indicator = indicator, .id = id, .rows = rows, .points = points
    };
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

int
view_target_year(const struct catalogue *catalogue)
{
    int year = 0;
    for (size_t i = 0; i < catalogue->target_count; i++)
        if (catalogue->targets[i].year > year)
            year = catalogue->targets[i].year;
    return year;
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
        if (target->year != year ||
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

int
view_each_verdict(struct ledger *ledger, const struct catalogue *catalogue, struct cal_period month,
                  const struct ledger_as_of *as_of,
                  int (*visit)(void *context, const struct verdict *verdict), void *context,
                  struct err_note *note)
{
    struct series_cache cache = { .of = NULL };
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (target->year != month.year)
            continue;
        code = cached_series(&cache, ledger, catalogue, target, as_of, note);
        if (code == 0) {
            struct verdict verdict = verdict_judge(target, &cache.view.series, month);
            code = visit(context, &verdict);
        }
    }
    if (cache.of)
        view_series_done(&cache.view);
    return code;
}
