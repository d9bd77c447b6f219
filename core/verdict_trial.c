/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every method asks of a case: does the comparator hold, which band, which share of the path.
 */
#include "core/verdict_private.h"

#include "core/pure.h"

/* "About": the same five in a hundred that a pace may lack and still be normal. */
#define ABOUT 0.05

/* docs/verdicts.md, LIN: on the pace ratio r. */
const struct band verdict_pace_bands[] = {
    { 0.95, 0.97, LEVEL_NORMAL },
    { 0.85, 0.88, LEVEL_REMIND },
    { 0.60, 0.65, LEVEL_WARN },
    { -HUGE_VAL, -HUGE_VAL, LEVEL_SEVERE },
};

/* docs/verdicts.md, GAP: on the points above the target; left with 0.3 points more. */
const struct band verdict_gap_bands[] = {
    { -0.5, -0.2, LEVEL_NORMAL },
    { -2.0, -1.7, LEVEL_REMIND },
    { -4.0, -3.7, LEVEL_WARN },
    { -HUGE_VAL, -HUGE_VAL, LEVEL_SEVERE },
};

void
verdict_settle(struct assessment *a, enum level level, enum rule rule)
{
    a->verdict.own_level = level;
    a->verdict.own_rule = rule;
    a->leave = level;
    a->is_red = level == LEVEL_SEVERE;
}

void
verdict_settle_band(struct assessment *a, const struct band *bands, double value, double tolerance,
                    enum rule rule)
{
    const struct band *entry = bands;
    const struct band *leave = bands;
    while (value < entry->least - tolerance)
        entry++;
    while (value < leave->leave - tolerance)
        leave++;
    verdict_settle(a, entry->level, rule);
    a->leave = leave->level;
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
