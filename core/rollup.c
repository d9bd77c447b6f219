/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/rollup.h"

#include <math.h>
#include <string.h>

#include "core/pure.h"

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
            verdicts[i].target->area->kind == AREA_CITY && !isnan(verdicts[i].actual))
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
    struct rollup rollup = { .period = city->period, .city = city->actual };
    for (size_t i = 0; i < count; i++) {
        if (!is_part(&verdicts[i], indicator) || !is_first(verdicts, i))
            continue;
        rollup.expected++;
        if (isnan(verdicts[i].actual) || !cal_period_equal(verdicts[i].period, city->period))
            continue;
        rollup.reported++;
        rollup.districts += verdicts[i].actual;
    }
    if (rollup.expected == 0)
        return false;
    rollup.gap = rollup.reported == rollup.expected ? rollup.districts - rollup.city : (double)NAN;
    *ret_rollup = rollup;
    return true;
}
