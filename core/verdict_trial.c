/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every method asks of a case: does the comparator hold, which band, which share of the path.
 */
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

/* "About": the same five in a hundred that a pace may lack and still be normal. */
#define ABOUT 0.05

void
verdict_mark(struct verdict *verdict, const struct marks *marks)
{
    verdict->is_provisional = verdict->is_provisional || marks->is_provisional;
    verdict->is_simulated = verdict->is_simulated || marks->is_simulated;
    verdict->is_derived = verdict->is_derived || marks->is_derived;
}

void
verdict_settle(struct assessment *a, enum level level, enum rule rule)
{
    a->verdict.own_level = level;
    a->verdict.own_rule = rule;
    a->leave = level;
    a->is_red = level == LEVEL_SEVERE;
}

const struct cat_bands *
verdict_bands(const struct trial *trial, enum measure measure)
{
    return bands_for(trial->target, measure, trial->day);
}

/* The first band that holds; severe below all of them. A band that is NaN never does. */
static enum level
band_level(const double from[BAND_COUNT], double value, double tolerance)
{
    static const enum level levels[] = { LEVEL_NORMAL, LEVEL_REMIND, LEVEL_WARN };
    for (int i = 0; i < BAND_COUNT; i++)
        if (value >= from[i] - tolerance)
            return levels[i];
    return LEVEL_SEVERE;
}

void
verdict_settle_band(const struct trial *trial, struct assessment *a, enum measure measure,
                    double value, double tolerance, enum rule rule)
{
    const struct cat_bands *bands = verdict_bands(trial, measure);
    verdict_settle(a, band_level(bands->least, value, tolerance), rule);
    a->leave = band_level(bands->leave, value, tolerance);
    a->is_plain = value < bands->doubt - tolerance;
    a->verdict.bands = bands;
}

bool
verdict_is_down(const struct cat_target *target)
{
    return target->indicator->direction == DIRECTION_DOWN || target->comparator == CMP_LE;
}

bool
verdict_is_one(const struct cat_target *target)
{
    return fabs(target_value(target) - 1) <= CLOSE && !verdict_is_down(target);
}

bool
verdict_is_sum_of_years(const struct cat_target *target)
{
    return target->period == TARGET_BY_YEAR && target->indicator->cumulation != CUMULATION_STOCK &&
           strchr("FV", target->indicator->kind);
}

double
verdict_closeness(const struct verdict *verdict)
{
    return CLOSE * (fabs(verdict->actual) + fabs(verdict->target_value));
}

int
verdict_month(const struct verdict *verdict)
{
    return cal_period_end_month(verdict->period);
}

bool
verdict_holds(const struct trial *trial, const struct verdict *verdict)
{
    double over = verdict->actual - verdict->target_value;
    double better = trial->is_down ? -over : over;
    double tolerance = verdict_closeness(verdict);
    switch (verdict->target->comparator) {
    case CMP_GE:
    case CMP_RELATIVE:
        return better >= -tolerance;
    case CMP_GT:
        return better > tolerance;
    case CMP_EQ:
        return fabs(over) <= tolerance;
    case CMP_APPROX:
        return fabs(over) <= ABOUT * fabs(verdict->target_value) + tolerance;
    case CMP_LE:
        return over <= tolerance;
    case CMP_PENDING:
    case CMP_NA:
        break;
    }
    return false;
}

double
verdict_good_side(const struct trial *trial, const struct verdict *verdict, double line)
{
    double over = verdict->actual - line;
    return trial->is_down ? -over : over;
}

int
verdict_first_step(const struct cat_profile *profile)
{
    return profile && profile->count > 0 ? profile->month[0] : 12;
}

double
verdict_stair_share(const struct cat_profile *profile, int month)
{
    double share = month == 12 ? 1 : 0;
    for (size_t i = 0; profile && i < profile->count; i++)
        if (profile->month[i] <= month)
            share = profile->share[i];
    return share;
}

double
verdict_watch_share(const struct cat_profile *profile, int month)
{
    double month_before = 0;
    double share_before = 0;
    for (size_t i = 0; profile && i < profile->count; i++) {
        if (profile->month[i] >= month)
            return share_before + (profile->share[i] - share_before) * (month - month_before) /
                                      (profile->month[i] - month_before);
        month_before = profile->month[i];
        share_before = profile->share[i];
    }
    return profile && profile->count > 0 ? share_before : month / 12.0;
}

double
verdict_path_share(const struct cat_target *target, int year, double share)
{
    if (target->period != TARGET_BY_YEAR)
        return share;
    return (year - target->from + share) / (target->year - target->from + 1);
}

int
verdict_past_shares(const struct trial *trial, int month, int most, double shares[PAST_YEARS])
{
    int count = 0;
    for (int k = 1; k <= PAST_YEARS && count < most; k++) {
        double whole = trial->past[k][12];
        double part = trial->past[k][month];
        if (whole > 0 && part >= 0) /* a NaN is neither */
            shares[count++] = part / whole;
    }
    return count;
}
