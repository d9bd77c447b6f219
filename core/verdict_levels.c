/* SPDX-License-Identifier: GPL-3.0-or-later
 * The methods that look at a level, a distance in points or a state, whatever the month.
 * docs/verdicts.md gives each with its bands. */
#include "core/stats.h"
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

enum measure
verdict_measure_of_distance(const struct cat_indicator *indicator)
{
    const char *family = indicator->unit->family;
    bool is_points = strcmp(family, "percent") == 0 || strcmp(family, "points") == 0;
    return is_points ? MEASURE_POINTS : MEASURE_LEVEL;
}

/* Distances in points; of other units in percent of the target. */
static void
judge_points(struct trial *trial, struct assessment *a, enum measure measure, enum rule rule,
             bool is_end)
{
    struct verdict *verdict = &a->verdict;
    double closeness = verdict_closeness(verdict);
    double ahead = verdict_good_side(trial, verdict, verdict->target_value);
    int month = verdict_month(verdict);
    verdict->gap = verdict->actual - verdict->target_value;
    if (is_end && verdict_holds(trial, verdict)) {
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
        return;
    }
    double size = fabs(verdict->target_value);
    double share = size > 0 ? ahead / size * 100 : ahead >= 0 ? 0 : -HUGE_VAL;
    bool is_share = measure == MEASURE_LEVEL;
    verdict_settle_band(trial, a, measure, is_share ? share : ahead,
                        is_share ? CLOSE * 100 : closeness, rule);
    if (month <= 2 && !a->is_plain) /* the Spring Festival moves between January and February */
        verdict_settle(a, LEVEL_UNKNOWN, RULE_SPRING_FESTIVAL);
}

/* Growth may still fall until the year ends, so nothing is reached before. */
void
verdict_gap(struct trial *trial, struct assessment *a)
{
    judge_points(trial, a, MEASURE_POINTS, RULE_GAP_BAND, verdict_month(&a->verdict) == 12);
}

/* Against the latest value of another series, carried on until its next. */
void
verdict_rel(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    int month = verdict_month(verdict);
    const struct series_view *view = trial->evidence->reference;
    int until = month == trial->last_month ? trial->asked.index : month;
    const struct obs_point *point =
        view ? series_latest_in_year(view, cal_month(trial->asked.year, until)) : NULL;
    if (!point) {
        verdict_settle(a, LEVEL_UNKNOWN, RULE_NO_REFERENCE);
        return;
    }
    verdict->reference = point->value;
    verdict->carried = point->period;
    verdict->is_simulated = verdict->is_simulated || point->is_simulated;
    verdict->target_value = point->value + trial->target->offset;
    verdict->expected = verdict->target_value;
    judge_points(trial, a, verdict_measure_of_distance(trial->target->indicator), RULE_REL_BAND,
                 month == 12 && cal_period_end_month(point->period) == 12);
}

double
verdict_rounding(const struct cat_target *target)
{
    return 0.5 * pow(10, -target->value.decimals) * target->unit->factor /
           target->indicator->unit->factor;
}

double
verdict_usual_change(const struct trial *trial)
{
    enum { LEAST = 6, MOST = 36 };
    double changes[MOST];
    size_t count = 0;
    bool is_stock = trial->target->indicator->cumulation == CUMULATION_STOCK;
    double later = UNKNOWN;
    for (int k = 1; k <= 3; k++) {
        later = is_stock ? later : UNKNOWN; /* January begins anew */
        for (int month = 12; month >= 1; month--) {
            double value = trial->past[k][month];
            if (isnan(value))
                continue;
            if (!isnan(later) && count < MOST)
                changes[count++] = fabs(later - value);
            later = value;
        }
    }
    return count >= LEAST ? 2 * stats_median(changes, count) : 0;
}

double
verdict_level_line(const struct trial *trial, int month)
{
    double b = trial->base;
    bool has_path = trial->target->indicator->kind == 'S' && !isnan(b) &&
                    (trial->is_down ? b > trial->goal : b < trial->goal);
    double share = verdict_path_share(trial->target, trial->asked.year, month / 12.0);
    return has_path ? b + (trial->goal - b) * share : trial->goal;
}

void
verdict_lvl(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    double size = fabs(trial->goal);
    double line = verdict_level_line(trial, verdict_month(verdict));
    double ahead = verdict_good_side(trial, verdict, line);
    double share = size > 0 ? ahead / size * 100 : -HUGE_VAL;
    bool is_met = verdict_holds(trial, verdict);
    verdict->expected = line;
    verdict->base = trial->target->indicator->kind == 'S' ? trial->base : UNKNOWN;
    verdict->gap = verdict->actual - line;
    verdict->completion = trial->goal > 0 ? verdict->actual / trial->goal : UNKNOWN;
    verdict->tolerance = fmax(verdict_rounding(trial->target), trial->tolerance);
    if (is_met)
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
    else if (ahead >= -verdict->tolerance - verdict_closeness(verdict))
        verdict_settle(a, LEVEL_NORMAL, RULE_LVL_BAND);
    else
        verdict_settle_band(trial, a, MEASURE_LEVEL, share, CLOSE * 100, RULE_LVL_BAND);
    if (trial->was_met && !is_met && level_severity(verdict->own_level) < 1) {
        verdict_settle(a, LEVEL_REMIND, RULE_REACHED_LOST);
        verdict->bands = NULL;
    } else if (trial->was_met && !is_met)
        verdict->own_rule = RULE_REACHED_LOST;
    trial->was_met = trial->was_met || is_met;
}

/* How many cases the rate is about; NaN when nobody told. */
static double
cases_of(const struct trial *trial, struct verdict *verdict)
{
    const struct series_view *view = trial->evidence->cases;
    struct cal_period month = cal_month(trial->asked.year, verdict_month(verdict));
    const struct obs_point *point = view ? series_latest_in_year(view, month) : NULL;
    verdict->is_simulated = verdict->is_simulated || (point && point->is_simulated);
    return point ? point->value : UNKNOWN;
}

/* The rate's own bands; what the few cases cannot tell apart from T is no red. */
static void
judge_rate(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    double ahead = verdict_good_side(trial, verdict, trial->goal);
    bool is_end = verdict_month(verdict) == 12;
    bool is_open = trial->goal >= verdict->interval_low && trial->goal <= verdict->interval_high;
    verdict->gap = verdict->actual - trial->goal;
    if (is_end && verdict_holds(trial, verdict)) {
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
        return;
    }
    verdict_settle_band(trial, a, MEASURE_RATE, ahead, verdict_closeness(verdict), RULE_COH_BAND);
    if (is_end && verdict->own_level == LEVEL_NORMAL && ahead <= verdict_closeness(verdict))
        verdict_settle(a, LEVEL_REMIND, RULE_LIN_MISSED); /* just T, where more was asked for */
    else if (is_open && verdict->own_level == LEVEL_SEVERE)
        verdict_settle(a, LEVEL_WARN, RULE_COH_WILSON);
}

void
verdict_coh(struct trial *trial, struct assessment *a)
{
    enum { FEW = 5 };
    struct verdict *verdict = &a->verdict;
    verdict->is_rate_only = !trial->target->indicator->cases;
    verdict->cases = verdict->is_rate_only ? UNKNOWN : cases_of(trial, verdict);
    if (!verdict->is_rate_only && isnan(verdict->cases)) {
        verdict_settle(a, LEVEL_UNKNOWN, RULE_NO_CASES);
        return;
    }
    if (verdict->cases <= 0) {
        verdict_settle(a, LEVEL_NOT_APPLICABLE, RULE_ZERO_CASES);
        return;
    }
    if (verdict->cases < FEW) {
        verdict_settle(a, LEVEL_UNKNOWN, RULE_FEW_CASES);
        return;
    }
    if (!verdict->is_rate_only) {
        double share = fmin(1, fmax(0, verdict->actual / 100));
        struct stats_interval interval = stats_wilson(share, verdict->cases);
        verdict->interval_low = interval.low * 100;
        verdict->interval_high = interval.high * 100;
    }
    judge_rate(trial, a);
}

/* Never below, at any check. */
void
verdict_hold(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    double size = fabs(trial->goal);
    double ahead = verdict_good_side(trial, verdict, trial->goal);
    double share = size > 0 ? ahead / size * 100 : -HUGE_VAL;
    bool is_end = verdict_month(verdict) == 12;
    verdict->gap = verdict->actual - trial->goal;
    verdict->completion = trial->goal > 0 ? verdict->actual / trial->goal : UNKNOWN;
    if (!verdict_holds(trial, verdict)) {
        trial->periods_below++;
        verdict_settle_band(trial, a, MEASURE_HOLD, fmin(share, -CLOSE * 200), CLOSE * 100,
                            RULE_HOLD_BELOW); /* just T, where more was asked for, is below too */
    } else if (trial->periods_below > 0) {
        verdict_settle(a, LEVEL_REMIND, RULE_HOLD_WAS_BELOW);
    } else {
        verdict_settle(a, is_end ? LEVEL_REACHED : LEVEL_NORMAL,
                       is_end ? RULE_REACHED : RULE_HOLD_KEPT);
    }
    verdict->periods_below = trial->periods_below;
}

/* Done or not, by a planned month of the target's last year. */
void
verdict_bin(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    bool is_by_year = trial->target->period == TARGET_BY_YEAR;
    int planned = verdict_first_step(trial->target->profile);
    int years = is_by_year ? trial->target->year - trial->asked.year : 0;
    int left = years * 12 + planned - verdict_month(verdict);
    verdict->planned_month = planned;
    verdict->completion = trial->goal > 0 ? verdict->actual / trial->goal : UNKNOWN;
    verdict->expected = left <= 0 ? trial->goal : 0;
    verdict->gap = verdict->actual - trial->goal;
    if (verdict_holds(trial, verdict))
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
    else if (left <= 0)
        verdict_settle(a, LEVEL_SEVERE, RULE_BIN_OVERDUE);
    else if (left == 1)
        verdict_settle(a, LEVEL_REMIND, RULE_BIN_DUE_SOON);
    else
        verdict_settle(a, LEVEL_NORMAL, RULE_BIN_PLANNED);
    a->is_plain = a->is_red;
}

/* A person attests it; nothing is computed. */
void
verdict_man(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    bool is_attested = isnan(trial->goal) ? verdict->actual >= 1 : verdict_holds(trial, verdict);
    verdict_settle(a, is_attested ? LEVEL_REACHED : LEVEL_UNKNOWN,
                   is_attested ? RULE_ATTESTED : RULE_MANUAL);
}
