/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is told beside the level: growth against last year, the growth the rest of the year needs,
 * and that a deadline is near. docs/verdicts.md. */
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

/* The value of a year's month, or NaN. */
static double
value_of(const struct series_view *view, int year, int month)
{
    for (size_t i = view ? view->count : 0; i > 0; i--) {
        const struct obs_point *point = &view->points[i - 1];
        if (point->has_value && point->period.year == year &&
            cal_period_end_month(point->period) == month)
            return point->value;
    }
    return UNKNOWN;
}

static double
growth(double now, double before)
{
    return before > 0 ? (now / before - 1) * 100 : UNKNOWN;
}

/* What the months left have to grow by: w is the share of last year's volume that had come by now,
 * an even share where the volume was not reported. */
static void
fill_rest_growth(const struct trial *trial, struct verdict *verdict, int month)
{
    const struct series_view *volume = trial->evidence->volume;
    int year = trial->asked.year - 1;
    double share = value_of(volume, year, month) / value_of(volume, year, 12);
    verdict->is_rest_even = !(share > 0 && share < 1);
    verdict->rest_share = verdict->is_rest_even ? month / 12.0 : share;
    verdict->rest_growth =
        verdict_rest_growth(verdict->target_value, verdict->actual, verdict->rest_share);
}

void
verdict_beside(const struct trial *trial, struct verdict *verdict)
{
    const struct series_view *volume = trial->evidence->volume;
    char kind = trial->target->indicator->kind;
    enum method method = verdict_method_of(trial->target);
    if (verdict->period.freq == CAL_NONE)
        return;
    int month = verdict_month(verdict);
    if (strchr("FVNSHA", kind)) {
        verdict->last_year = trial->past[1][month];
        verdict->year_on_year = growth(trial->past[0][month], verdict->last_year);
    }
    if (kind == 'G')
        verdict->volume_growth = growth(value_of(volume, trial->asked.year, month),
                                        value_of(volume, trial->asked.year - 1, month));
    bool is_graded = method == METHOD_GAP || (method == METHOD_REL && !isnan(verdict->reference));
    if (kind == 'G' && is_graded && month < 12)
        fill_rest_growth(trial, verdict, month);
}

/* The first milestone after a month; December after all of them. */
static int
next_milestone(const struct cat_profile *profile, int month)
{
    for (size_t i = 0; profile && i < profile->count; i++)
        if (profile->month[i] > month)
            return profile->month[i];
    return 12;
}

/* The month of the year judged by whose end something must be there; 0: none is. */
static int
deadline_month(const struct trial *trial, const struct verdict *verdict)
{
    const struct cat_target *target = trial->target;
    bool is_last_year = target->period != TARGET_BY_YEAR || trial->asked.year == target->year;
    switch (verdict_method_of(target)) {
    case METHOD_MIL:
        return next_milestone(target->profile, verdict_month(verdict));
    case METHOD_BIN:
        return is_last_year ? verdict->planned_month : 0;
    case METHOD_LIN:
    case METHOD_SEA:
    case METHOD_ACC:
    case METHOD_SML:
    case METHOD_STEP:
    case METHOD_CAGR:
        return is_last_year ? 12 : 0;
    case METHOD_LVL:
    case METHOD_GAP:
    case METHOD_REL:
    case METHOD_COH:
    case METHOD_HOLD:
    case METHOD_MAN:
    case METHOD_PEND:
    case METHOD_NA:
        break;
    }
    return 0;
}

/* Does the question speak of now, or of a past in which nobody waited for that day? */
static bool
is_of_now(const struct trial *trial)
{
    int year, month;
    cal_civil(trial->evidence->today, &year, &month, NULL);
    int ago = (year - trial->asked.year) * 12 + month - trial->asked.index;
    return ago <= 1;
}

/* Not there yet, and the day is near: at least remind. */
void
verdict_due_soon(const struct trial *trial, struct verdict *verdict)
{
    int month = deadline_month(trial, verdict);
    if (verdict->level != LEVEL_NORMAL || month == 0 || verdict->is_limit ||
        verdict_month(verdict) >= month || !is_of_now(trial) ||
        verdict_good_side(trial, verdict, trial->goal) >= -verdict_closeness(verdict))
        return;
    struct cal_date last = { cal_period_after(cal_month(trial->asked.year, month)).days - 1 };
    if (last.days < trial->evidence->today.days || last.days > trial->evidence->soon.days)
        return;
    verdict->level = LEVEL_REMIND;
    verdict->rule = RULE_DUE_SOON;
    verdict->planned_month = month;
}

/* ---- formulas ---- */

static bool
is_same(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (1 + fabs(a) + fabs(b));
}

const char *
verdict_completion_formula(const struct verdict *verdict)
{
    return is_same(verdict->completion, verdict->actual / verdict->target_value)
               ? "A/T"
               : "(A - B)/(T - B)";
}

const char *
verdict_ratio_formula(const struct verdict *verdict)
{
    double r = verdict->ratio;
    return is_same(r, verdict->completion / verdict->year_share) ? "c/s" : "2 - c/s";
}

const char *
verdict_expected_formula(const struct verdict *verdict)
{
    double expected = verdict->expected;
    if (is_same(expected, verdict->target_value))
        return "T";
    if (is_same(expected, verdict->target_value * verdict->year_share))
        return "T*s";
    return isnan(verdict->base) ? "" : "B + (T - B)*s";
}

const char *
verdict_gap_formula(const struct verdict *verdict)
{
    if (is_same(verdict->gap, (verdict->completion - verdict->year_share) * 100))
        return "(c - s)*100";
    bool is_target = is_same(verdict->gap, verdict->actual - verdict->target_value);
    return is_target ? "A - T" : "A - P";
}
