/* SPDX-License-Identifier: GPL-3.0-or-later
 * The methods that follow a path through the year: how much should be there by now?
 * docs/verdicts.md gives each with its bands. */
#include "core/stats.h"
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

/* Where a value stands on its path. */
struct pace {
    double completion;
    double share;
    enum rule rule; /* of the bands */
    bool is_limit;  /* the path is an upper one: staying below it is good */
    bool is_capped; /* in the first quarter, where s is small and r noisy, never worse than warn */
    bool is_end;    /* the path ends with this period */
};

static void
fill_pace(struct verdict *verdict, const struct pace *pace)
{
    double c = pace->completion;
    double s = pace->share;
    verdict->completion = c;
    verdict->year_share = s;
    verdict->gap = (c - s) * 100;
    verdict->is_limit = pace->is_limit;
    if (s > 0)
        verdict->ratio = pace->is_limit ? 2 - c / s : c / s;
    if (s < 1 && !isnan(c))
        verdict->needed_pace = c < 1 ? (1 - c) / (1 - s) : 0;
}

/* The bands of r; the year's end; the first quarter's cap. */
static void
grade_pace(const struct trial *trial, struct assessment *a, const struct pace *pace)
{
    const struct verdict *verdict = &a->verdict;
    bool is_over =
        verdict_good_side(trial, verdict, verdict->target_value) > verdict_closeness(verdict);
    verdict_settle_band(trial, a, MEASURE_PACE, verdict->ratio, CLOSE, pace->rule);
    a->has_pace = !pace->is_limit && !pace->is_capped && !pace->is_end;
    if (pace->is_end && !is_over) {
        enum level level = verdict->own_level;
        verdict_settle(a, level > LEVEL_REMIND ? level : LEVEL_REMIND, RULE_LIN_MISSED);
    } else if (pace->is_capped && verdict->own_level == LEVEL_SEVERE) {
        verdict_settle(a, LEVEL_WARN, RULE_LIN_FIRST_QUARTER);
        a->is_red = true;
    }
}

static void
judge_pace(const struct trial *trial, struct assessment *a, const struct pace *pace)
{
    struct verdict *verdict = &a->verdict;
    double ahead = verdict_good_side(trial, verdict, verdict->target_value);
    fill_pace(verdict, pace);
    if (isnan(pace->completion) && !pace->is_limit) {
        verdict_settle(a, LEVEL_UNKNOWN, RULE_NO_PACE);
    } else if (pace->is_limit && ahead < -verdict_closeness(verdict)) {
        verdict_settle(a, LEVEL_SEVERE, RULE_LIMIT_PASSED);
        a->is_plain = true;
    } else if (verdict_holds(trial, verdict) && (!pace->is_limit || pace->is_end)) {
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
    } else if (isnan(pace->completion)) { /* nothing is allowed, and nothing was used */
        verdict_settle(a, LEVEL_NORMAL, pace->rule);
    } else if (isnan(verdict->ratio)) {
        verdict_settle(a, LEVEL_NOT_DUE, RULE_SEASON_NOT_BEGUN);
    } else {
        grade_pace(trial, a, pace);
    }
}

/* The pace of a number that runs from zero to T within the year. A negative T turns the sides
 * round: growing towards it is what a limit forbids. */
static struct pace
year_pace(const struct trial *trial, const struct verdict *verdict, double share, enum rule rule)
{
    bool is_zero = fpclassify(trial->goal) == FP_ZERO;
    int month = verdict_month(verdict);
    return (struct pace){ .completion = is_zero ? UNKNOWN : verdict->actual / trial->goal,
                          .share = share,
                          .rule = rule,
                          .is_limit = trial->is_down != (trial->goal < 0),
                          .is_capped = month <= 3,
                          .is_end = month == 12 };
}

static void
judge_year(struct trial *trial, struct assessment *a, double share, enum rule rule)
{
    struct pace pace = year_pace(trial, &a->verdict, share, rule);
    a->verdict.expected = trial->goal * share;
    judge_pace(trial, a, &pace);
}

void
verdict_lin(struct trial *trial, struct assessment *a)
{
    judge_year(trial, a, verdict_month(&a->verdict) / 12.0, RULE_LIN_BAND);
}

static void
fall_back(struct trial *trial, struct assessment *a)
{
    a->verdict.is_fallback = true;
    verdict_lin(trial, a);
}

/* SEA: of the last two to five years; ACC: of last year, or of the latest that has them. */
bool
verdict_season(const struct trial *trial, int month, struct season *ret_season)
{
    bool is_ratio = trial->target->method == METHOD_ACC;
    int least = is_ratio ? 1 : 2;
    int most = is_ratio ? 1 : 5;
    double shares[PAST_YEARS];
    int count = verdict_past_shares(trial, month, most, shares);
    if (count < least)
        return false;
    double share = stats_median(shares, (size_t)count); /* and orders them */
    *ret_season = (struct season){ fmin(share, 1), shares[0], shares[count - 1], count, false };
    for (int k = 1, left = count; k <= PAST_YEARS && left > 0; k++) {
        if (!(trial->past[k][12] > 0 && trial->past[k][month] >= 0))
            continue;
        ret_season->is_simulated |= trial->marks[k][12].is_simulated;
        ret_season->is_simulated |= trial->marks[k][month].is_simulated;
        left--;
    }
    return true;
}

static void
judge_season(struct trial *trial, struct assessment *a, enum rule rule)
{
    struct verdict *verdict = &a->verdict;
    struct season season;
    int month = verdict_month(verdict);
    if (!verdict_season(trial, month, &season)) {
        fall_back(trial, a);
        return;
    }
    verdict->is_simulated = verdict->is_simulated || season.is_simulated;
    verdict->share_years = season.years;
    verdict->share_low = season.low;
    verdict->share_high = season.high;
    judge_year(trial, a, season.share, rule);
    if (trial->past[1][12] > 0)
        verdict->same_period =
            (verdict->completion - trial->past[1][month] / trial->past[1][12]) * 100;
}

void
verdict_sea(struct trial *trial, struct assessment *a)
{
    judge_season(trial, a, RULE_SEA_BAND);
}

void
verdict_acc(struct trial *trial, struct assessment *a)
{
    judge_season(trial, a, RULE_ACC_BAND);
}

/* The milestone that falls on this month or comes next; the last one after all of them. */
static size_t
milestone_at(const struct cat_profile *profile, int month)
{
    size_t i = 0;
    while (i + 1 < profile->count && profile->month[i] < month)
        i++;
    return i;
}

/* Hard at a milestone's month; between milestones the watch line, which after a miss decides
 * whether it was caught up. */
static void
judge_milestone(struct trial *trial, struct assessment *a, bool is_milestone, int month)
{
    struct verdict *verdict = &a->verdict;
    double ahead = verdict_good_side(trial, verdict, verdict->expected);
    bool is_met = ahead >= -verdict_closeness(verdict) && month < 12;
    if (verdict_holds(trial, verdict)) {
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
        trial->is_behind = false;
    } else if (is_milestone) {
        trial->missed_month = is_met ? trial->missed_month : month;
        trial->is_behind = !is_met;
        verdict_settle(a, is_met ? LEVEL_NORMAL : LEVEL_SEVERE,
                       is_met ? RULE_MILESTONE_MET : RULE_MILESTONE_MISSED);
    } else if (trial->is_behind) {
        verdict_settle(a, is_met ? LEVEL_WARN : LEVEL_SEVERE,
                       is_met ? RULE_CAUGHT_UP : RULE_MILESTONE_MISSED);
    } else {
        verdict_settle(a, is_met ? LEVEL_NORMAL : LEVEL_REMIND, RULE_WATCH_LINE);
    }
    a->is_plain = a->is_red;
    verdict->missed_month = trial->missed_month;
}

void
verdict_mil(struct trial *trial, struct assessment *a)
{
    const struct cat_profile *profile = trial->target->profile;
    struct verdict *verdict = &a->verdict;
    int month = verdict_month(verdict);
    if (!profile || profile->count == 0) {
        fall_back(trial, a);
        return;
    }
    size_t next = milestone_at(profile, month);
    struct pace pace =
        year_pace(trial, verdict, verdict_watch_share(profile, month), RULE_WATCH_LINE);
    fill_pace(verdict, &pace);
    verdict->needed_pace = UNKNOWN; /* milestones are no even pace */
    verdict->expected = trial->goal * pace.share;
    verdict->planned_month = profile->month[next];
    judge_milestone(trial, a, profile->month[next] == month || month == 12, month);
}

/* Poisson: how likely is a count as bad as this when all is on pace? */
static void
judge_count(struct trial *trial, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    double lambda = verdict->expected;
    int month = verdict_month(verdict);
    verdict->likelihood = trial->is_down ? 1 - stats_poisson_cdf(ceil(verdict->actual) - 1, lambda)
                                         : stats_poisson_cdf(verdict->actual, lambda);
    verdict_settle_band(trial, a, MEASURE_CHANCE, verdict->likelihood, CLOSE, RULE_SML_POISSON);
    a->is_plain = verdict->ratio < verdict_bands(trial, MEASURE_PACE)->doubt - CLOSE;
    if (month <= 3 && a->is_red) {
        verdict_settle(a, LEVEL_WARN, RULE_LIN_FIRST_QUARTER);
        a->is_red = true;
    }
}

void
verdict_sml(struct trial *trial, struct assessment *a)
{
    enum { MOST = 20 };
    struct verdict *verdict = &a->verdict;
    int month = verdict_month(verdict);
    struct pace pace = year_pace(trial, verdict, month / 12.0, RULE_SML_POISSON);
    if (verdict_is_one(trial->target)) {
        verdict_bin(trial, a);
        return;
    }
    verdict->expected = trial->goal * pace.share;
    judge_pace(trial, a, &pace);
    bool is_small = trial->goal > 0 && trial->goal <= MOST + CLOSE;
    bool is_graded = verdict->own_rule == RULE_SML_POISSON ||
                     verdict->own_rule == RULE_LIN_FIRST_QUARTER ||
                     verdict->own_rule == RULE_LIN_MISSED;
    if (!is_graded)
        return;
    if (!is_small) { /* large enough for a pace */
        if (verdict->own_rule == RULE_SML_POISSON)
            verdict->own_rule = RULE_LIN_BAND;
        return;
    }
    a->has_pace = false;
    if (verdict->own_rule == RULE_LIN_MISSED)
        verdict_settle(a, LEVEL_SEVERE, RULE_SML_MISSED);
    else if (month < 12)
        judge_count(trial, a);
}

/* The last step up to a month. */
static int
last_step(const struct cat_profile *profile, int month)
{
    int last = 12;
    for (size_t i = 0; profile && i < profile->count && profile->month[i] <= month; i++)
        last = profile->month[i];
    return last;
}

void
verdict_step(struct trial *trial, struct assessment *a)
{
    const struct cat_profile *profile = trial->target->profile;
    struct verdict *verdict = &a->verdict;
    int month = verdict_month(verdict);
    int first = verdict_first_step(profile);
    double share = verdict_stair_share(profile, month);
    verdict->planned_month = first;
    judge_year(trial, a, share, RULE_STEP_BAND);
    a->has_pace = false; /* nothing comes between two steps */
    verdict->needed_pace = UNKNOWN;
    bool is_latest = month == trial->last_month;
    double now = verdict_stair_share(profile, is_latest ? trial->asked.index : month);
    if (verdict->own_level != LEVEL_REACHED && now > share)
        verdict_settle(a, LEVEL_UNKNOWN, RULE_NO_DATA_SINCE_STEP);
    else if (verdict->own_rule == RULE_SEASON_NOT_BEGUN)
        verdict_settle(a, LEVEL_NOT_DUE, RULE_BEFORE_FIRST_STEP);
    if (verdict->own_rule == RULE_NO_DATA_SINCE_STEP)
        verdict->planned_month = last_step(profile, trial->asked.index);
}

/* The December values of the years since the path began; NaN where one is missing. */
static double
sum_of_years(const struct trial *trial)
{
    int years = trial->asked.year - trial->target->from;
    double sum = 0;
    if (years > PAST_YEARS)
        return UNKNOWN;
    for (int k = 1; k <= years; k++)
        sum += trial->past[k][12];
    return sum;
}

/* R of Statistics Canada: yearly growth so far by the yearly growth needed. */
static double
growth_ratio(const struct trial *trial, const struct verdict *verdict, double years, double all)
{
    double b = verdict->base;
    double t = trial->goal;
    if (!(b > 0 && t > 0 && verdict->actual > 0))
        return UNKNOWN;
    double so_far = pow(verdict->actual / b, 1 / years) - 1;
    double needed = pow(t / b, 1 / all) - 1;
    return fabs(needed) > CLOSE ? (trial->is_down ? -so_far : so_far) / fabs(needed) : UNKNOWN;
}

bool
verdict_is_kept(const struct trial *trial, double base)
{
    double way = trial->goal - base;
    double closeness = CLOSE * (fabs(trial->goal) + fabs(base));
    return trial->is_down ? way >= -closeness : way <= closeness;
}

static void
judge_kept(struct trial *trial, struct assessment *a, bool is_end)
{
    struct verdict *verdict = &a->verdict;
    double ahead = verdict_good_side(trial, verdict, trial->goal);
    double size = fabs(trial->goal);
    double share = size > 0 ? ahead / size * 100 : ahead >= 0 ? 0 : -HUGE_VAL;
    verdict->gap = verdict->actual - trial->goal;
    verdict->expected = trial->goal;
    verdict->cagr_ratio = UNKNOWN;
    if (is_end && verdict_holds(trial, verdict))
        verdict_settle(a, LEVEL_REACHED, RULE_REACHED);
    else
        verdict_settle_band(trial, a, MEASURE_LEVEL, share, CLOSE * 100, RULE_CAGR_BAND);
    if (is_end && verdict->own_level == LEVEL_NORMAL && ahead <= verdict_closeness(verdict))
        verdict_settle(a, LEVEL_REMIND, RULE_CAGR_BAND); /* just T, where more was asked for */
}

void
verdict_cagr(struct trial *trial, struct assessment *a)
{
    const struct cat_target *target = trial->target;
    struct verdict *verdict = &a->verdict;
    int month = verdict_month(verdict);
    int year = trial->asked.year;
    double all = target->period == TARGET_BY_YEAR ? target->year - target->from + 1 : 1;
    double share = verdict_path_share(target, year, month / 12.0);
    bool is_sum =
        strchr("FV", target->indicator->kind) && target->indicator->cumulation != CUMULATION_STOCK;
    if (verdict_is_sum_of_years(target)) {
        verdict->actual += sum_of_years(trial);
        for (int k = 1; k <= year - target->from && k <= PAST_YEARS; k++)
            verdict_mark(verdict, &trial->marks[k][12]);
    }
    verdict->base = is_sum ? 0 : trial->base;
    bool is_last = month == 12 && (target->period != TARGET_BY_YEAR || year == target->year);
    if (isnan(verdict->actual) || (isnan(verdict->base) && !is_last)) {
        verdict_settle(a, LEVEL_UNKNOWN, is_sum ? RULE_NO_PAST_YEARS : RULE_NO_BASE);
        return;
    }
    if (isnan(verdict->base)) { /* at the end it no longer matters where the path began */
        judge_kept(trial, a, true);
        return;
    }
    double way = trial->goal - verdict->base;
    verdict->expected = verdict->base + way * share;
    verdict->cagr_ratio = growth_ratio(trial, verdict, share * all, all);
    if (!is_sum && verdict_is_kept(trial, verdict->base)) {
        judge_kept(trial, a, is_last);
        return;
    }
    bool is_zero = fpclassify(way) == FP_ZERO;
    struct pace pace = { .completion = is_zero ? UNKNOWN : (verdict->actual - verdict->base) / way,
                         .share = share,
                         .rule = RULE_CAGR_BAND,
                         .is_limit = trial->is_down != (way < 0),
                         .is_capped = month <= 3 && share * all < 0.5,
                         .is_end = is_last };
    judge_pace(trial, a, &pace);
}
