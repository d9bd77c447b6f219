/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/view_picture_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- periods without a value ---- */

/* Did somebody say that there is no number, rather than nothing? */
static bool
is_excused(const struct obs_point *point)
{
    return point && (point->is_derived || strchr("MQHN", point->status));
}

static int
add_gap(json_t *gaps, struct cal_period period, bool is_due)
{
    char from[CAL_TEXT_MAX], to[CAL_TEXT_MAX], label[CAL_TEXT_MAX];
    return json_array_append_new(gaps, json_pack("{s:s, s:s, s:s, s:s}", "from",
                                                 cal_date_print(cal_period_first(period), from),
                                                 "to", cal_date_print(cal_period_after(period), to),
                                                 "label", cal_period_print(period, label), "state",
                                                 is_due ? "missing" : "not-due"));
}

int
picture_add_gaps(json_t *root, const struct view_series *view, const struct view_picture *what)
{
    const struct cat_calendar *calendar = view->indicator->calendar;
    const struct cal_date today =
        what->as_of.has_released ? what->as_of.released : what->as_of.today;
    json_t *gaps = json_array();
    int code = json_object_set_new(root, "gaps", gaps);
    if (code < 0 || view->series.count == 0 || today.days == 0)
        return code;
    struct cal_period period = cal_period_of(calendar->freq, view->series.points[0].period.year, 1);
    for (; code == 0 && period.freq != CAL_NONE && cal_period_first(period).days <= what->to.days;
         period = cal_period_add(period, 1)) {
        const struct obs_point *point = series_at(&view->series, period);
        bool is_outside =
            cal_period_compare(period, view->series.points[0].period) < 0 ||
            (what->is_cut && cal_period_after(period).days > cal_period_after(what->month).days);
        if (is_outside || cal_period_after(period).days <= what->from.days ||
            !calendar_is_due(calendar, period) || (point && point->has_value) || is_excused(point))
            continue;
        code = add_gap(gaps, period, calendar_due_date(calendar, period).days < today.days);
    }
    return code;
}

/* ---- the plan ---- */

static int
add_milestones_of(json_t *milestones, const struct cat_target *target, int year,
                  const struct view_picture *what)
{
    const struct cat_profile *profile = target->profile;
    const char *unit = cat_name(&target->indicator->unit->name, what->lang);
    int code = 0;
    for (size_t i = 0; code == 0 && i < profile->count; i++) {
        char at[CAL_TEXT_MAX], value[NUM_TEXT_MAX], text[NUM_TEXT_MAX + 64];
        struct cal_period month = cal_month(year, profile->month[i]);
        num_print_short(target_value(target) * profile->share[i], 9, value);
        picture_with_unit(text, sizeof text, value, unit, what->lang);
        code =
            json_array_append_new(milestones, json_pack("{s:s, s:s, s:s}", "at",
                                                        cal_date_print(cal_period_after(month), at),
                                                        "value", value, "text", text));
    }
    return code;
}

int
picture_add_milestones(json_t *root, const struct catalogue *catalogue,
                       const struct view_series *view, const struct view_picture *what)
{
    json_t *milestones = json_array();
    int code = json_object_set_new(root, "milestones", milestones);
    int first = 0, last = 0;
    cal_civil(what->from, &first, NULL, NULL);
    cal_civil(what->to, &last, NULL, NULL);
    for (int year = first; code == 0 && year <= last; year++) {
        const struct cat_target *target = catalogue_target_for(
            catalogue, view->area, view->indicator, year, cal_date_of(year, 12, 31));
        if (target && target->profile && target->profile->form != PROFILE_DATE &&
            !isnan(target_value(target)))
            code = add_milestones_of(milestones, target, year, what);
    }
    return code;
}

/* ---- of the verdict ---- */

/* No projection before the third month: too little is known. */
enum { PROJECTION_MONTH_MIN = 3 };

int
picture_add_projection(json_t *root, const struct verdict *verdict)
{
    const int decimals = verdict->target->indicator->decimals;
    char at[CAL_TEXT_MAX], value[NUM_TEXT_MAX];
    if (isnan(verdict->projection) || verdict->period.freq == CAL_NONE ||
        cal_period_end_month(verdict->period) < PROJECTION_MONTH_MIN ||
        cal_period_end_month(verdict->period) == 12)
        return 0;
    json_t *projection = json_pack("{s:s, s:s}", "at",
                                   cal_date_print(cal_date_of(verdict->period.year + 1, 1, 1), at),
                                   "value", num_print(verdict->projection, decimals, value));
    int code = json_object_set_new(root, "projection", projection);
    if (isnan(verdict->projection_low) || isnan(verdict->projection_high))
        return code;
    if (code == 0)
        code = json_object_set_new(
            projection, "low", json_string(num_print(verdict->projection_low, decimals, value)));
    if (code == 0)
        code = json_object_set_new(
            projection, "high", json_string(num_print(verdict->projection_high, decimals, value)));
    return code;
}

/* The value at a distance from the target, as the measure counts it; NaN: of another measure. */
static double
value_at(const struct verdict *verdict, double least)
{
    const double side = verdict->target->comparator == CMP_LE ? -1 : 1;
    switch (verdict->bands->measure) {
    case MEASURE_POINTS:
    case MEASURE_RATE:
        return verdict->target_value + side * least;
    case MEASURE_LEVEL:
    case MEASURE_HOLD:
        return verdict->target_value + side * least / 100 * fabs(verdict->target_value);
    case MEASURE_PACE:
    case MEASURE_CHANCE:
    case MEASURE_COUNT:
        break;
    }
    return (double)NAN;
}

static int
add_zone(json_t *zones, double good, double bad, bool is_down, enum level level)
{
    char number[NUM_TEXT_MAX];
    const double low = is_down ? good : bad, high = is_down ? bad : good;
    json_t *zone = json_pack("{s:s}", "level", level_name(level));
    int code = zone ? 0 : -1;
    if (code == 0 && !isnan(low))
        code = json_object_set_new(zone, "low", json_string(num_print_short(low, 9, number)));
    if (code == 0 && !isnan(high))
        code = json_object_set_new(zone, "high", json_string(num_print_short(high, 9, number)));
    if (json_array_append_new(zones, zone) != 0)
        return -1;
    return code;
}

int
picture_add_zones(json_t *root, const struct verdict *verdict)
{
    static const enum level below[BAND_COUNT] = { LEVEL_REMIND, LEVEL_WARN, LEVEL_SEVERE };
    const bool is_down = verdict->target->comparator == CMP_LE;
    const bool is_constant =
        fabs(verdict->expected - verdict->target_value) <= 1e-9 * fabs(verdict->target_value);
    if (!verdict->bands || !is_constant || isnan(target_value(verdict->target)) ||
        isnan(value_at(verdict, 0)))
        return 0;
    json_t *zones = json_array();
    int code = json_object_set_new(root, "zones", zones);
    for (int band = BAND_NORMAL; code == 0 && band < BAND_COUNT; band++) {
        const double good = value_at(verdict, verdict->bands->least[band]);
        const double bad = band + 1 < BAND_COUNT
                               ? value_at(verdict, verdict->bands->least[band + 1])
                               : (double)NAN;
        if (!isnan(good) && !(fabs(good - bad) <= 0))
            code = add_zone(zones, good, bad, is_down, below[band]);
    }
    return code;
}

/* ---- versions ---- */

struct cal_period
picture_versions_period(const struct view_series *view, const struct view_picture *what)
{
    struct cal_period last = { .freq = CAL_NONE }, revised = { .freq = CAL_NONE };
    const int end = cal_period_after(what->month).days;
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct ledger_row *row = &view->rows.rows[i];
        if (row->value[0] == '\0' || cal_period_after(row->period).days > end)
            continue;
        if (last.freq != CAL_NONE && cal_period_equal(last, row->period))
            revised = row->period;
        last = row->period;
    }
    return revised.freq != CAL_NONE ? revised : last;
}

static json_t *
version_json(const struct ledger_row *row, const struct num_decimal *value,
             const struct num_decimal *before)
{
    char label[CAL_TEXT_MAX], change[NUM_TEXT_MAX], text[NUM_TEXT_MAX + 8];
    const char status[2] = { row->status, '\0' };
    json_t *version = json_pack("{s:s, s:s, s:s}", "label", cal_date_print(row->released, label),
                                "value", row->value, "status", status);
    if (!version || !before)
        return version;
    const int decimals = value->decimals > before->decimals ? value->decimals : before->decimals;
    const double difference = value->value - before->value;
    num_print(fabs(difference), decimals, change);
    (void)snprintf(text, sizeof text, "%s%s",
                   fabs(difference) > 0 ? difference < 0 ? "−" : "+" : "±", change); /* fits */
    if (json_object_set_new(version, "change", json_string(text)) == 0)
        return version;
    json_decref(version);
    return NULL;
}

int
picture_add_versions(json_t *root, const struct view_series *view, const struct view_picture *what)
{
    enum { VERSIONS_MAX = 60 }; /* the worker's bound */
    const struct cal_period period = picture_versions_period(view, what);
    json_t *versions = json_array();
    int code = json_object_set_new(root, "versions", versions);
    struct num_decimal value, before;
    bool has_before = false;
    for (size_t i = 0; code == 0 && i < view->rows.count; i++) {
        const struct ledger_row *row = &view->rows.rows[i];
        if (period.freq == CAL_NONE || !cal_period_equal(row->period, period) ||
            num_decimal_parse(row->value, strlen(row->value), &value, NULL) < 0)
            continue;
        if (json_array_size(versions) == VERSIONS_MAX)
            (void)json_array_remove(versions, 0); /* there is one */
        code =
            json_array_append_new(versions, version_json(row, &value, has_before ? &before : NULL));
        before = value;
        has_before = true;
    }
    return code;
}
