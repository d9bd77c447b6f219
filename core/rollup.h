/* SPDX-License-Identifier: GPL-3.0-or-later
 * From districts to the city, by the declared rule only. A city's own reported value always comes
 * first; the sum of its districts stands beside it for indicators whose targets are split as a SUM,
 * and never replaces it. There is no mean of percentages. */
#ifndef PACEWATCH_CORE_ROLLUP_H
#define PACEWATCH_CORE_ROLLUP_H

#include "core/verdict.h"

/* 区县合计 − 全市, for one period. Values in the indicator's unit. */
struct rollup {
    struct cal_period period; /* of the city's value */
    double districts;         /* sum of the districts that reported this period */
    double city;
    double gap; /* districts - city; NaN while a district is missing */
    size_t reported, expected;
};

/* Compares the districts' values with the city's, out of the verdicts of one month. False when the
 * indicator is not split as a SUM, or the city has no value. Districts count once, whichever of
 * their targets comes first. */
bool rollup_sum(const struct verdict *verdicts, size_t count, const struct cat_indicator *indicator,
                struct rollup *ret_rollup);

#endif
