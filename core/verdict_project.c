/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the year will end: three point projections, their median, and how far such projections were
 * off in past years. docs/verdicts.md, Projections. */
#include "core/stats.h"
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

struct projections {
    double pace;
    double last;
    double same;
};

/* The shares of the path that the projections of one verdict rest on. */
struct basis {
    int month;
    double share;
    double share_before; /* three months earlier; NaN where it is not known */
};

static double
median_of(const struct projections *p)
{
    double values[3];
    size_t count = 0;
    const double all[3] = { p->pace, p->last, p->same };
    for (size_t i = 0; i < 3; i++)
        if (isfinite(all[i]))
            values[count++] = all[i];
    return stats_median(values, count);
}

/* The projections of the year `k` years before, as they would have been made then. */
static struct projections
project_year(const struct trial *trial, const struct basis *basis, int k, bool is_ratio)
{
    const double *year = trial->past[k];
    double a = year[basis->month];
    double before = basis->month == 3 ? 0 : year[basis->month - 3];
    double step = basis->share - basis->share_before;
    struct projections p = { UNKNOWN, UNKNOWN, UNKNOWN };
    if (basis->share > 0)
        p.pace = a / basis->share;
    if (step > 0 && !is_ratio)
        p.last = a + (a - before) * (1 - basis->share) / step;
    if (k < PAST_YEARS && trial->past[k + 1][basis->month] > 0)
        p.same = trial->past[k + 1][12] * a / trial->past[k + 1][basis->month];
    return p;
}

/* What past years made of their own projections of this month. */
static void
back_test(const struct trial *trial, const struct basis *basis, bool is_ratio,
          struct verdict *verdict)
{
    enum { LEAST = 3, QUANTILES = 8 };
    double errors[PAST_YEARS];
    size_t count = 0;
    for (int k = 1; k <= PAST_YEARS; k++) {
        struct projections p = project_year(trial, basis, k, is_ratio);
        double projected = median_of(&p);
        if (trial->past[k][12] > 0 && projected > 0)
            errors[count++] = log(trial->past[k][12] / projected);
    }
    if (count < LEAST)
        return;
    double outside = count >= QUANTILES ? 0.1 : 0;
    verdict->projection_years = (int)count;
    verdict->projection_low = verdict->projection * exp(stats_quantile(errors, count, outside));
    verdict->projection_high =
        verdict->projection * exp(stats_quantile(errors, count, 1 - outside));
}

static double
season_share(const struct trial *trial, const struct verdict *verdict, int month)
{
    double shares[PAST_YEARS];
    if (month == 0)
        return 0;
    if (verdict->share_years == 0)
        return month / 12.0;
    int count = verdict_past_shares(trial, month, verdict->share_years, shares);
    return stats_median(shares, (size_t)count);
}

/* Does the year end where a pace leads to? Staircases and milestones do not. */
static bool
has_pace(const struct cat_target *target)
{
    bool is_paced = target->method == METHOD_LIN || target->method == METHOD_SEA ||
                    target->method == METHOD_ACC || target->method == METHOD_SML;
    return is_paced && target->period != TARGET_BY_YEAR;
}

void
verdict_project(const struct trial *trial, struct verdict *verdict)
{
    if (verdict->period.freq == CAL_NONE || !has_pace(trial->target) || isnan(verdict->ratio) ||
        verdict_month(verdict) < 3)
        return;
    int month = verdict_month(verdict);
    bool is_ratio = trial->target->method == METHOD_ACC;
    struct basis basis = { month, verdict->year_share, season_share(trial, verdict, month - 3) };
    struct projections p = project_year(trial, &basis, 0, is_ratio);
    verdict->projection_pace = p.pace;
    verdict->projection_last = p.last;
    verdict->projection_same = p.same;
    verdict->projection = median_of(&p);
    back_test(trial, &basis, is_ratio, verdict);
    bool is_count = trial->target->indicator->kind == 'F' && verdict->actual >= 0;
    double s = verdict->year_share;
    if (is_count && verdict->projection_years == 0 && s > 0)
        verdict->projected_mean = verdict->actual + (verdict->actual + 0.5) * (1 - s) / s;
    if (is_count && verdict->projection_years == 0 && s > 0)
        verdict->projected_chance = stats_negative_binomial_tail(
            trial->goal - verdict->actual, verdict->actual + 0.5, verdict->year_share);
}

double
verdict_rest_growth(double target, double actual, double share)
{
    return share < 1 ? (target - share * actual) / (1 - share) : UNKNOWN;
}
