/* SPDX-License-Identifier: GPL-3.0-or-later
 * The few statistics that verdicts rest on, exact to 1e-9 and the same on every machine. */
#ifndef PACEWATCH_CORE_STATS_H
#define PACEWATCH_CORE_STATS_H

#include <stddef.h>

/* P(X <= count) of a Poisson variable with mean `lambda` >= 0; 0 for a negative count. */
double stats_poisson_cdf(double count, double lambda);

/* P(R >= least) of a negative binomial variable: what is still to come when `size` (> 0) is what
 * has come in the share `probability` (0 < p <= 1) of the time. 1 for least <= 0. */
double stats_negative_binomial_tail(double least, double size, double probability);

struct stats_interval {
    double low;
    double high;
};

/* Wilson's 95 % interval of a share (0..1) seen in `cases` (> 0) cases. */
struct stats_interval stats_wilson(double share, double cases);

/* The middle value, the mean of the two middle ones for an even count; NaN for none. Sorts
 * `values`. */
double stats_median(double *values, size_t count);

/* The quantile 0..1 by straight lines between the ordered values. Sorts `values`; NaN for none. */
double stats_quantile(double *values, size_t count, double share);

#endif
