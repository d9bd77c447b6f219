/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/rollup.h"

#include <math.h>
#include <string.h>

#include "core/pure.h"

/* Has a member of the joint area a target of its own? */
static bool
is_split_further(const struct catalogue *catalogue, const struct cat_area *joint,
                 const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < joint->member_count; i++) {
        const struct cat_target *target =
            catalogue_targets_of(catalogue, joint->members[i], indicator);
        if (target && target->status != TARGET_NOT_APPLICABLE)
            return true;
    }
    return false;
}

static bool
makes_up(const struct catalogue *catalogue, const struct cat_area *part,
         const struct cat_area *whole, const struct cat_indicator *indicator)
{
    const struct cat_target *target = catalogue_targets_of(catalogue, part, indicator);
    return part->parent == whole && target && target->status != TARGET_NOT_APPLICABLE &&
           (part->kind != AREA_JOINT || !is_split_further(catalogue, part, indicator));
}

size_t
rollup_parts(const struct catalogue *catalogue, const struct cat_area *area,
             const struct cat_indicator *indicator, const struct cat_area *parts[ROLLUP_PARTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < area->member_count && count < ROLLUP_PARTS_MAX; i++)
        parts[count++] = area->members[i];
    if (area->member_count > 0)
        return area->member_count == count ? count : 0;
    for (size_t i = 0; i < catalogue->area_count; i++) {
        const struct cat_area *part = &catalogue->areas[i];
        if (!makes_up(catalogue, part, area, indicator))
            continue;
        if (count == ROLLUP_PARTS_MAX)
            return 0;
        parts[count++] = part;
    }
    return count;
}

double
rollup_scale(const struct cat_indicator *indicator)
{
    bool is_percent = strcmp(indicator->unit->family, "percent") == 0;
    double factor = indicator->numerator->unit->factor / indicator->denominator->unit->factor;
    return (is_percent ? 100 : 1) * factor / indicator->unit->factor;
}

/* Adds a part's value of the period to a sum; false when it has none. */
static bool
add_part(const struct series_view *part, struct cal_period period, struct obs_point *sum)
{
    const struct obs_point *point = series_at(part, period);
    if (!point || !point->has_value)
        return false;
    sum->value += point->value;
    sum->is_simulated = sum->is_simulated || point->is_simulated;
    sum->status = obs_status_is_provisional(sum->status) || point->status == 'A' ? sum->status
                                                                                 : point->status;
    if (point->released.days > sum->released.days)
        sum->released = point->released;
    return true;
}

/* The value of a period out of all parts; false when one of them lacks it. */
static bool
make_point(const struct rollup_source *source, struct cal_period period, struct obs_point *ret)
{
    struct obs_point sum = { .period = period,
                             .has_value = true,
                             .status = 'A',
                             .released = { INT32_MIN },
                             .is_derived = true };
    struct obs_point below = sum;
    for (size_t i = 0; i < source->count; i++) {
        if (!add_part(&source->values[i], period, &sum) ||
            (source->denominators && !add_part(&source->denominators[i], period, &below)))
            return false;
    }
    if (source->denominators) {
        if (!(below.value > 0))
            return false;
        sum.value *= source->scale / below.value;
        sum.is_simulated = sum.is_simulated || below.is_simulated;
        sum.status = obs_status_is_provisional(sum.status) || below.status == 'A' ? sum.status
                                                                                  : below.status;
        if (below.released.days > sum.released.days)
            sum.released = below.released;
    }
    *ret = sum;
    return true;
}

size_t
rollup_merge(const struct series_view *own, const struct rollup_source *source,
             struct obs_point *points)
{
    static const struct series_view none = { NULL, 0 };
    const struct series_view *first = source->count > 0 ? &source->values[0] : &none;
    size_t count = 0, at = 0, part = 0;
    while (at < own->count || part < first->count) {
        int order = at == own->count ? 1
                    : part == first->count
                        ? -1
                        : cal_period_compare(own->points[at].period, first->points[part].period);
        bool is_own = order < 0 || (order == 0 && own->points[at].has_value);
        bool is_made = !is_own && make_point(source, first->points[part].period, &points[count]);
        if (!is_made && order <= 0) /* what was reported, or why there is no value */
            points[count] = own->points[at];
        count += is_made || order <= 0;
        at += order <= 0;
        part += order >= 0;
    }
    return count;
}

static bool
is_part(const struct verdict *verdict, const struct cat_indicator *indicator)
{
    enum area_kind kind = verdict->target->area->kind;
    return verdict->target->indicator == indicator && (kind == AREA_DISTRICT || kind == AREA_ZONE);
}

/* Was this district met before? */
static bool
is_first(const struct verdict *verdicts, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (verdicts[i].target->area == verdicts[at].target->area &&
            verdicts[i].target->indicator == verdicts[at].target->indicator)
            return false;
    return true;
}

static const struct verdict *
city_of(const struct verdict *verdicts, size_t count, const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].target->indicator == indicator &&
            verdicts[i].target->area->kind == AREA_CITY && !isnan(verdicts[i].value) &&
            !verdicts[i].is_derived)
            return &verdicts[i];
    return NULL;
}

bool
rollup_sum(const struct verdict *verdicts, size_t count, const struct cat_indicator *indicator,
           struct rollup *ret_rollup)
{
    const struct verdict *city = city_of(verdicts, count, indicator);
    if (!city || strcmp(indicator->decomposition, "SUM") != 0)
        return false;
    struct rollup rollup = { .period = city->period, .city = city->value };
    for (size_t i = 0; i < count; i++) {
        if (!is_part(&verdicts[i], indicator) || !is_first(verdicts, i))
            continue;
        rollup.expected++;
        if (isnan(verdicts[i].value) || !cal_period_equal(verdicts[i].period, city->period))
            continue;
        rollup.reported++;
        rollup.districts += verdicts[i].value;
    }
    if (rollup.expected == 0)
        return false;
    rollup.gap = rollup.reported == rollup.expected ? rollup.districts - rollup.city : (double)NAN;
    *ret_rollup = rollup;
    return true;
}
