/* SPDX-License-Identifier: GPL-3.0-or-later
 * From districts to the city, by the declared rule only. A reported value always comes first. Where
 * there is none, an indicator whose decomposition is SUM has the sum of its parts, one that is
 * RATIO and names its numerator and denominator has the ratio of their sums; and only when every
 * part has reported. There is no mean of percentages. Values made so are shown and judged, marked
 * as such; they raise no alert, which waits for the report. Beside a reported value stands the
 * difference of the sum. */
#ifndef PACEWATCH_CORE_ROLLUP_H
#define PACEWATCH_CORE_ROLLUP_H

#include "core/verdict.h"

enum { ROLLUP_PARTS_MAX = 64 };

/* The areas whose values make up those of `area`: the members of a joint area; else those directly
 * below that have a target of the indicator, a joint one when none of its members has. Returns how
 * many; 0 when there are none, or more than ROLLUP_PARTS_MAX. */
size_t rollup_parts(const struct catalogue *catalogue, const struct cat_area *area,
                    const struct cat_indicator *indicator,
                    const struct cat_area *parts[ROLLUP_PARTS_MAX]);

/* What the values are made of. For a SUM the parts' own series; for a ratio numerators and
 * denominators, one each a part, times `scale` (100 for percentages). */
struct rollup_source {
    const struct series_view *values; /* or numerators */
    const struct series_view *denominators;
    size_t count;
    double scale;
};

/* Merges `own` with a value for each period that it lacks and all parts have, into `points`, which
 * has room for own->count and the count of the first part together. Returns how many. Denominators
 * that add up to zero make no value. */
size_t rollup_merge(const struct series_view *own, const struct rollup_source *source,
                    struct obs_point *points);

/* What the ratio of an indicator's numerator and denominator, each in its own unit, is multiplied
 * by to be in the indicator's. */
double rollup_scale(const struct cat_indicator *indicator);

/* 区县合计 − 全市, for one period. Values in the indicator's unit. */
struct rollup {
    struct cal_period period; /* of the city's value */
    double districts;         /* sum of the districts that reported this period */
    double city;
    double gap; /* districts - city; NaN while a district is missing */
    size_t reported, expected;
};

/* Compares the districts' values with the city's, out of the verdicts of one month. False when the
 * indicator is not split as a SUM, or the city has reported no value. Districts count once,
 * whichever of their targets comes first. */
bool rollup_sum(const struct verdict *verdicts, size_t count, const struct cat_indicator *indicator,
                struct rollup *ret_rollup);

#endif
