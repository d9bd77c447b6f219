/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much first published values are revised: the mean revision (bias) and the mean absolute
 * revision after 1, 3 and 12 months, out of revision triangles, as in the OECD's revisions analysis
 * (Real-Time Data and Revisions Analysis: "later minus earlier", and the relative mean absolute
 * revision, the sum of absolute revisions over the sum of absolute first values). Pure. */
#ifndef PACEWATCH_CORE_REVISIONS_H
#define PACEWATCH_CORE_REVISIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/cal.h"

enum { REVISION_HORIZONS = 3 };

/* Months after the first release: 1, 3, 12. */
extern const int REVISION_MONTHS[REVISION_HORIZONS];

/* One value of a period as of its release. */
struct revision_vintage {
    struct cal_date released;
    double value; /* NaN: none */
};

/* Over periods; zero-initialise. In the indicator's unit. */
struct revision_sum {
    size_t count;   /* periods whose first value is that old */
    size_t revised; /* of them with another value by then */
    double sum, sum_absolute, sum_first;
};

/* Adds one period: its vintages in order of release. Those whose first value is not a whole horizon
 * old on `until`, and those that have no value at either end, do not count. */
void revisions_add(struct revision_sum sums[REVISION_HORIZONS],
                   const struct revision_vintage *vintages, size_t count, struct cal_date until);

/* NaN where nothing counts. */
double revision_mean(const struct revision_sum *sum);
double revision_mean_absolute(const struct revision_sum *sum);
double revision_relative(const struct revision_sum *sum); /* a fraction */

#endif
