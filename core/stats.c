/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include <math.h>

#include "core/pure.h"

/* What is smaller than this no longer changes a sum of probabilities. */
#define NEGLIGIBLE 1e-17

/* ln of the gamma function for x > 0: Stirling's series, after the recurrence has brought x to
 * where it holds to 1e-15. Not libm's lgamma, which writes a global sign. */
static double
log_gamma(double x)
{
    double product = 1;
    while (x < 16) {
        product *= x;
        x += 1;
    }
    double i = 1 / (x * x);
    double series = (1.0 / 12 - i * (1.0 / 360 - i * (1.0 / 1260 - i * (1.0 / 1680)))) / x;
    double half_log_two_pi = 0.91893853320467274178;
    return (x - 0.5) * log(x) - x + half_log_two_pi + series - log(product);
}

double
stats_poisson_cdf(double count, double lambda)
{
    if (count < 0)
        return 0;
    if (lambda <= 0)
        return 1;
    count = floor(count);
    /* down from where the terms are largest, so that the sum can stop early */
    double top = fmin(count, floor(lambda));
    double term = exp(top * log(lambda) - lambda - log_gamma(top + 1));
    double sum = term;
    double down = term;
    double k = top;
    while (k > 0 && down > NEGLIGIBLE) {
        sum += down *= k / lambda;
        k -= 1;
    }
    k = top + 1;
    while (k <= count && term > NEGLIGIBLE) {
        sum += term *= lambda / k;
        k += 1;
    }
    return fmin(sum, 1);
}

/* The continued fraction of the incomplete beta function (Lentz), which converges fast for
 * x < (a + 1)/(a + b + 2). */
static double
beta_fraction(double a, double b, double x)
{
    enum { STEPS = 10000 };
    const double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double fraction = d;
    for (int m = 1; m < STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + even / c;
        c = fabs(c) < tiny ? tiny : c;
        fraction *= d * c;
        d = 1 + odd * d;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + odd / c;
        c = fabs(c) < tiny ? tiny : c;
        fraction *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return fraction;
}

/* The regularised incomplete beta function I_x(a, b), 0 < x < 1. */
static double
incomplete_beta(double a, double b, double x)
{
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double
stats_negative_binomial_tail(double least, double size, double probability)
{
    if (least <= 0)
        return 1;
    if (probability >= 1)
        return 0;
    return fmin(1, fmax(0, incomplete_beta(ceil(least), size, 1 - probability)));
}

struct stats_interval
stats_wilson(double share, double cases)
{
    const double z = 1.959963984540054;
    double z2 = z * z / cases;
    double middle = (share + z2 / 2) / (1 + z2);
    double half = z / (1 + z2) * sqrt(fmax(0, share * (1 - share) / cases + z2 / (4 * cases)));
    return (struct stats_interval){ fmax(0, middle - half), fmin(1, middle + half) };
}

static void
sort(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

double
stats_quantile(double *values, size_t count, double share)
{
    if (count == 0)
        return (double)NAN;
    sort(values, count);
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    double rest = place - (double)below;
    return values[below] * (1 - rest) + values[above] * rest;
}

double
stats_median(double *values, size_t count)
{
    return stats_quantile(values, count, 0.5);
}
