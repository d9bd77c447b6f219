/* SPDX-License-Identifier: GPL-3.0-or-later
 * All areas of one indicator in one picture. What adds up is compared among the parts, without
 * their whole: beside it they would all be small. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "collector/view_picture_parts.h"

enum { AREAS_MAX = 48 }; /* the worker's bound */

/* An area beside others: its number orders the ranking. */
struct ranked {
    json_t *json;
    double number; /* NaN: it has none */
};

/* Kinds that add up over areas: counts, values, net changes, one-offs. */
static bool
adds_up(const struct cat_indicator *indicator)
{
    return strchr("FVNSB", indicator->kind) != NULL;
}

static bool
is_shown(const struct catalogue *catalogue, const struct cat_area *area,
         const struct cat_indicator *indicator)
{
    return area->has_numbers && (area->parent || !adds_up(indicator)) &&
           catalogue_targets_of(catalogue, area, indicator) != NULL;
}

/* The value of exactly the month asked for: areas are compared over the same time. */
static int
add_value(json_t *json, const struct view_series *view, const struct view_picture *what,
          double *ret_number)
{
    char value[NUM_TEXT_MAX];
    const struct obs_point *point = series_latest_in_year(&view->series, what->month);
    if (!point || cal_period_end_month(point->period) != what->month.index)
        return 0;
    *ret_number = point->value;
    return json_object_set_new(json, "value",
                               json_string(view_value_text(view, point->period, value)));
}

static int
area_fill(json_t *json, const struct catalogue *catalogue, const struct view_series *view,
          const struct view_picture *what, double *ret_number)
{
    const struct cal_date day = view_rules_day(what->month, &what->as_of);
    const struct cat_target *target =
        catalogue_target_for(catalogue, view->area, view->indicator, what->month.year, day);
    enum level level = LEVEL_UNKNOWN;
    char value[NUM_TEXT_MAX];
    int code = 0;
    if (target) {
        struct verdict_evidence evidence = view_evidence(view, day);
        view_due_soon(catalogue, &what->as_of, &evidence);
        level = verdict_judge(target, &evidence, what->month).level;
    }
    code = json_object_set_new(json, "level", json_string(level_name(level)));
    if (code == 0 && target && !isnan(target_value(target)))
        code = json_object_set_new(json, "target",
                                   json_string(num_print_short(target_value(target), 9, value)));
    if (code == 0 && strcmp(what->chart, "ranking") == 0)
        code = add_value(json, view, what, ret_number);
    else if (code == 0)
        code = json_object_set_new(json, "points", picture_points(catalogue, view, what));
    return code;
}

static int
area_read(struct ledger *ledger, const struct catalogue *catalogue, const struct cat_area *area,
          const struct view_series *own, const struct view_picture *what, struct ranked *ret_area,
          bool *has_simulated, struct err_note *note)
{
    struct view_series view;
    int code = view_series_read(ledger, catalogue, area, own->indicator, &what->as_of, &view, note);
    if (code)
        return code;
    if (what->until_month)
        (void)view_cut_after(&view, what->month); /* whether or not there was more */
    *ret_area =
        (struct ranked){ .json = json_pack("{s:s, s:b}", "name", cat_name(&area->name, what->lang),
                                           "self", area == own->area),
                         .number = (double)NAN };
    code = ret_area->json ? area_fill(ret_area->json, catalogue, &view, what, &ret_area->number)
                          : -ENOMEM;
    *has_simulated |= view.has_simulated;
    view_series_done(&view);
    return code;
}

/* Should `a` stand before `b`? Those without a number come last; equal ones stay as they are. */
static bool
is_before(const struct ranked *a, const struct ranked *b, enum direction direction)
{
    if (isnan(a->number) || isnan(b->number))
        return !isnan(a->number) && isnan(b->number);
    return direction == DIRECTION_DOWN ? a->number < b->number : a->number > b->number;
}

static void
areas_sort(struct ranked *areas, size_t count, enum direction direction)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = i; k > 0 && is_before(&areas[k], &areas[k - 1], direction); k--) {
            const struct ranked swapped = areas[k];
            areas[k] = areas[k - 1];
            areas[k - 1] = swapped;
        }
    }
}

int
picture_add_areas(json_t *root, struct ledger *ledger, const struct catalogue *catalogue,
                  const struct view_series *view, const struct view_picture *what,
                  struct err_note *note)
{
    struct ranked areas[AREAS_MAX];
    size_t count = 0;
    bool has_simulated = false;
    json_t *list = json_array();
    int code = json_object_set_new(root, "areas", list);
    for (size_t i = 0; code == 0 && i < catalogue->area_count && count < AREAS_MAX; i++) {
        if (!is_shown(catalogue, &catalogue->areas[i], view->indicator))
            continue;
        areas[count].json = NULL;
        code = area_read(ledger, catalogue, &catalogue->areas[i], view, what, &areas[count],
                         &has_simulated, note);
        count++;
    }
    if (strcmp(what->chart, "ranking") == 0 && code == 0)
        areas_sort(areas, count, view->indicator->direction);
    for (size_t i = 0; i < count; i++) /* the list owns them, also those after a fault */
        if (json_array_append_new(list, areas[i].json) != 0 && code == 0)
            code = -ENOMEM;
    if (code == 0 && has_simulated)
        code = json_object_set_new(root, "simulated", json_true());
    return code;
}
