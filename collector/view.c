/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/view.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rollup.h"

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
    int64_t id = 0;
    int code = ledger_series_find(ledger, area->id, indicator->id, &id, note);
    if (code == 0 && id != 0)
        code = ledger_read_series(ledger, id, as_of, &rows, note);
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

/* What the series' targets are relative to: all the same (the catalogue sees to it). */
static const struct cat_indicator *
reference_of(const struct catalogue *catalogue, const struct cat_area *area,
             const struct cat_indicator *indicator)
{
    const struct cat_target *target = catalogue_targets_of(catalogue, area, indicator);
    while (target && !target->reference)
        target = target->next;
    return target ? target->reference : NULL;
}

bool
view_companion_of(const struct catalogue *catalogue, const struct cat_area *area,
                  const struct cat_indicator *indicator, enum view_companion which,
                  const struct cat_area **ret_area, const struct cat_indicator **ret_indicator)
{
    bool is_above = which == COMPANION_REFERENCE_ABOVE;
    bool is_reference = which == COMPANION_REFERENCE || is_above;
    const struct cat_indicator *companion = is_reference ? reference_of(catalogue, area, indicator)
                                            : which == COMPANION_CASES ? indicator->cases
                                                                       : indicator->volume;
    *ret_area = is_above ? area->parent : area;
    *ret_indicator = companion;
    return *ret_area && companion;
}

/* Is there a number in it? */
static bool
has_values(const struct series_view *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].has_value)
            return true;
    return false;
}

struct verdict_evidence
view_evidence_of(const struct series_view *own,
                 const struct series_view companions[COMPANION_COUNT], struct cal_date day)
{
    bool has_own_reference = has_values(&companions[COMPANION_REFERENCE]);
    return (struct verdict_evidence){
        .series = own,
        .reference =
            &companions[has_own_reference ? COMPANION_REFERENCE : COMPANION_REFERENCE_ABOVE],
        .cases = &companions[COMPANION_CASES],
        .volume = &companions[COMPANION_VOLUME],
        .day = day
    };
}

struct verdict_evidence
view_evidence(const struct view_series *view, struct cal_date day)
{
    struct verdict_evidence evidence = view_evidence_of(&view->series, view->companions, day);
    evidence.parts = view->parts;
    evidence.part_count = view->part_count;
    return evidence;
}

static int
read_companions(struct ledger *ledger, const struct catalogue *catalogue,
                const struct ledger_as_of *as_of, struct view_series *view, struct err_note *note)
{
    int code = 0;
    for (int i = 0; code == 0 && i < COMPANION_COUNT; i++) {
        const struct cat_area *area;
        const struct cat_indicator *indicator;
        if (view_companion_of(catalogue, view->area, view->indicator, (enum view_companion)i, &area,
                              &indicator))
            code = read_points(ledger, catalogue, area, indicator, as_of,
                               &view->companion_points[i], &view->companions[i], note);
    }
    return code;
}

/* Reads the series of each area into the view's parts. */
static int
read_parts(struct ledger *ledger, const struct catalogue *catalogue,
           const struct cat_area *const *areas, size_t count, const struct cat_indicator *indicator,
           const struct ledger_as_of *as_of, struct view_series *view, struct err_note *note)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        size_t at = view->part_count++;
        view->parts[at] = (struct verdict_part){ .area = areas[i], .indicator = indicator };
        code = read_points(ledger, catalogue, areas[i], indicator, as_of,
                           &view->part_points[at].points, &view->parts[at].series, note);
    }
    return code;
}

/* Adds the values that parts [from, from + count) make, and denominators after them if it is a
 * ratio. */
static int
merge_made(struct view_series *view, size_t from, size_t count, bool is_ratio,
           struct err_note *note)
{
    struct series_view series[2 * ROLLUP_PARTS_MAX] = { { 0 } };
    for (size_t i = 0; i < (is_ratio ? 2 : 1) * count; i++)
        series[i] = view->parts[from + i].series;
    size_t room = view->series.count + series[0].count;
    struct obs_point *made = calloc(room + 1, sizeof *made);
    if (!made)
        return err_set(note, -ENOMEM, "out of memory");
    struct rollup_source source = { .values = series,
                                    .denominators = is_ratio ? series + count : NULL,
                                    .count = count,
                                    .scale = is_ratio ? rollup_scale(view->indicator) : 1 };
    size_t merged = rollup_merge(&view->series, &source, made);
    free(view->made);
    view->made = made;
    view->series = (struct series_view){ .points = made, .count = merged };
    return 0;
}

/* The values nobody reported: of a ratio out of its own numerator and denominator, then out of
 * those of its parts; of a sum out of its parts. */
static int
make_values(struct ledger *ledger, const struct catalogue *catalogue,
            const struct ledger_as_of *as_of, struct view_series *view, struct err_note *note)
{
    const struct cat_indicator *indicator = view->indicator;
    const struct cat_area *areas[ROLLUP_PARTS_MAX];
    bool is_sum = strcmp(indicator->decomposition, "SUM") == 0;
    bool is_ratio = indicator->numerator != NULL;
    bool is_split = is_sum || (is_ratio && strcmp(indicator->decomposition, "RATIO") == 0);
    size_t count = is_split ? rollup_parts(catalogue, view->area, indicator, areas) : 0;
    int code = 0;
    if (!is_ratio && count == 0)
        return 0;
    view->parts = calloc(2 + 2 * count, sizeof *view->parts);
    view->part_points = calloc(2 + 2 * count, sizeof *view->part_points);
    if (!view->parts || !view->part_points)
        return err_set(note, -ENOMEM, "out of memory");
    if (is_ratio) {
        code =
            read_parts(ledger, catalogue, &view->area, 1, indicator->numerator, as_of, view, note);
        if (code == 0)
            code = read_parts(ledger, catalogue, &view->area, 1, indicator->denominator, as_of,
                              view, note);
        if (code == 0)
            code = merge_made(view, 0, 1, true, note);
    }
    size_t from = view->part_count;
    if (code == 0 && count > 0)
        code = read_parts(ledger, catalogue, areas, count,
                          is_ratio ? indicator->numerator : indicator, as_of, view, note);
    if (code == 0 && count > 0 && is_ratio)
        code =
            read_parts(ledger, catalogue, areas, count, indicator->denominator, as_of, view, note);
    return code == 0 && count > 0 ? merge_made(view, from, count, is_ratio, note) : code;
}

int
view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                 const struct cat_area *area, const struct cat_indicator *indicator,
                 const struct ledger_as_of *as_of, struct view_series *ret_view,
                 struct err_note *note)
{
    struct view_series view = { .area = area, .indicator = indicator };
    int code = ledger_series_find(ledger, area->id, indicator->id, &view.id, note);
    if (code == 0 && view.id != 0)
        code = ledger_read_series(ledger, view.id, as_of, &view.rows, note);
    if (code == 0)
        code = read_companions(ledger, catalogue, as_of, &view, note);
    view.points = calloc(view.rows.count + 1, sizeof *view.points); /* also of none */
    if (code == 0 && view.points) {
        view.series.points = view.points;
        view.series.count = take_points(&view.rows, catalogue, view.points);
        code = make_values(ledger, catalogue, as_of, &view, note);
    }
    if (code != 0 || !view.points) {
        view_series_done(&view);
        return code != 0 ? code : err_set(note, -ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < view.series.count; i++)
        view.has_simulated |= view.series.points[i].is_simulated;
    *ret_view = view;
    return 0;
}

void
view_series_done(struct view_series *view)
{
    ledger_rows_done(&view->rows);
    free(view->points);
    view->points = NULL;
    free(view->made);
    view->made = NULL;
    for (size_t i = 0; i < view->part_count; i++)
        free(view->part_points[i].points);
    free(view->part_points);
    view->part_points = NULL;
    free(view->parts);
    view->parts = NULL;
    view->part_count = 0;
    view->series = (struct series_view){ 0 };
    for (int i = 0; i < COMPANION_COUNT; i++) {
        free(view->companion_points[i]);
        view->companion_points[i] = NULL;
        view->companions[i] = (struct series_view){ 0 };
    }
}

/* The row in force of a period, the last of it; NULL: there is none. */
static const struct ledger_row *
last_of(const struct ledger_rows *rows, struct cal_period period)
{
    size_t low = 0;
    size_t high = rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_after = cal_period_compare(rows->rows[middle].period, period) > 0;
        low = is_after ? low : middle + 1;
        high = is_after ? middle : high;
    }
    const struct ledger_row *last = low > 0 ? &rows->rows[low - 1] : NULL;
    return last && cal_period_equal(last->period, period) ? last : NULL;
}

char *
view_value_text(const struct view_series *view, struct cal_period period, char text[NUM_TEXT_MAX])
{
    const struct obs_point *point = series_at(&view->series, period);
    text[0] = '\0';
    if (point && point->is_derived)
        return num_print_short(point->value, view->indicator->decimals + 2, text);
    const struct ledger_row *row = last_of(&view->rows, period);
    if (row)
        (void)snprintf(text, NUM_TEXT_MAX, "%s", row->value);
    return text;
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

void
view_due_soon(const struct catalogue *catalogue, const struct ledger_as_of *as_of,
              struct verdict_evidence *evidence)
{
    enum { SOON = 5 };
    struct cal_date today = as_of->has_released ? as_of->released : as_of->today;
    if (today.days == 0)
        return;
    evidence->today = today;
    evidence->soon = catalogue_within(catalogue, today, SOON);
}

struct cal_date
view_rules_day(struct cal_period month, const struct ledger_as_of *as_of)
{
    struct cal_date day = { cal_period_after(month).days - 1 };
    return as_of && as_of->has_released && as_of->released.days < day.days ? as_of->released : day;
}

int
view_each_verdict(struct ledger *ledger, const struct catalogue *catalogue, struct cal_period month,
                  const struct ledger_as_of *as_of, view_verdict_visitor *visit, void *context,
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
            struct verdict_evidence evidence = view_evidence(&cache.view, day);
            view_due_soon(catalogue, as_of, &evidence);
            struct verdict verdict = verdict_judge(target, &evidence, month);
            code = visit(context, &verdict, &evidence);
        }
    }
    if (cache.of)
        view_series_done(&cache.view);
    return code;
}
