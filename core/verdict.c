/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of verdicts. Their words are in verdict_sentence.c. */
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

struct level_words {
    const char *id;
    const char *word[2];
};

static const struct level_words levels[] = {
#define X(name, text, zh, en) [name] = { (text), { (zh), (en) } },
    LEVEL_TABLE(X)
#undef X
};

const char *
level_name(enum level level)
{
    return levels[level].id;
}

const char *
level_word(enum level level, enum lang lang)
{
    return levels[level].word[lang];
}

int
level_severity(enum level level)
{
    switch (level) {
    case LEVEL_NORMAL:
    case LEVEL_REACHED:
        return 0;
    case LEVEL_REMIND:
        return 1;
    case LEVEL_WARN:
        return 2;
    case LEVEL_SEVERE:
        return 3;
    case LEVEL_UNKNOWN:
    case LEVEL_NOT_DUE:
    case LEVEL_PENDING:
    case LEVEL_NOT_APPLICABLE:
    case LEVEL_COUNT:
        break;
    }
    return -1;
}

int
level_parse(const char *text, enum level *ret_level)
{
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        if (strcmp(levels[i].id, text) == 0) {
            *ret_level = (enum level)i;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

const char *
rule_name(enum rule rule)
{
    static const char *const names[] = {
#define X(name, text) [name] = (text),
        RULE_TABLE(X)
#undef X
    };
    return names[rule];
}

/* What a plan looks like over the year. */
enum plan_shape {
    PLAN_PATH,  /* grows with the year: T * s */
    PLAN_LEVEL, /* T all year */
    PLAN_STOCK, /* from the base to T where there is a base, else T */
    PLAN_WATCH, /* the straight lines between the profile's milestones */
    PLAN_STAIR, /* the profile's steps */
    PLAN_NONE
};

/* What a target for the end of a later year is until then. */
enum by_year {
    BY_YEAR_PATH, /* a path over the years: CAGR judges it */
    BY_YEAR_WAIT, /* not due before that year */
    BY_YEAR_SELF  /* the method sees to it itself */
};

struct method_traits {
    enum plan_shape shape;
    enum by_year by_year;
    verdict_method *judge;
};

static const struct method_traits methods[] = {
    [METHOD_LIN] = { PLAN_PATH, BY_YEAR_PATH, verdict_lin },
    [METHOD_MIL] = { PLAN_WATCH, BY_YEAR_PATH, verdict_mil },
    [METHOD_SEA] = { PLAN_PATH, BY_YEAR_PATH, verdict_sea },
    [METHOD_LVL] = { PLAN_STOCK, BY_YEAR_PATH, verdict_lvl },
    [METHOD_GAP] = { PLAN_LEVEL, BY_YEAR_WAIT, verdict_gap },
    [METHOD_REL] = { PLAN_NONE, BY_YEAR_WAIT, verdict_rel },
    [METHOD_ACC] = { PLAN_PATH, BY_YEAR_WAIT, verdict_acc },
    [METHOD_COH] = { PLAN_LEVEL, BY_YEAR_WAIT, verdict_coh },
    [METHOD_HOLD] = { PLAN_LEVEL, BY_YEAR_WAIT, verdict_hold },
    [METHOD_SML] = { PLAN_PATH, BY_YEAR_PATH, verdict_sml },
    [METHOD_STEP] = { PLAN_STAIR, BY_YEAR_PATH, verdict_step },
    [METHOD_BIN] = { PLAN_STAIR, BY_YEAR_SELF, verdict_bin },
    [METHOD_CAGR] = { PLAN_STOCK, BY_YEAR_SELF, verdict_cagr },
    [METHOD_MAN] = { PLAN_LEVEL, BY_YEAR_SELF, verdict_man },
    [METHOD_PEND] = { PLAN_NONE, BY_YEAR_SELF, verdict_man }, /* both are told before */
    [METHOD_NA] = { PLAN_NONE, BY_YEAR_SELF, verdict_man },
};

static bool
is_not_applicable(const struct cat_target *target)
{
    return target->status == TARGET_NOT_APPLICABLE || target->comparator == CMP_NA ||
           target->method == METHOD_NA;
}

static bool
is_pending(const struct cat_target *target)
{
    return target->status == TARGET_PENDING || target->comparator == CMP_PENDING ||
           target->method == METHOD_PEND;
}

/* The method that judges: a claim is attested whatever its method says, a relative target is
 * compared, and a path over several years is CAGR. */
static enum method
method_of(const struct cat_target *target)
{
    if (target->indicator->kind == 'K')
        return METHOD_MAN;
    if (target->comparator == CMP_RELATIVE)
        return METHOD_REL;
    bool is_path =
        target->period == TARGET_BY_YEAR && methods[target->method].by_year == BY_YEAR_PATH;
    return is_path ? METHOD_CAGR : target->method;
}

static bool
is_sum_of_years(const struct cat_target *target)
{
    return target->period == TARGET_BY_YEAR && target->indicator->cumulation == CUMULATION_YTD &&
           strchr("FV", target->indicator->kind);
}

static double
stock_plan(const struct cat_target *target, struct cal_period period)
{
    double goal = target_value(target);
    double share = verdict_path_share(target, period.year, cal_period_end_month(period) / 12.0);
    bool is_path = method_of(target) == METHOD_CAGR || target->indicator->kind == 'S';
    if (is_sum_of_years(target)) /* the year's even part of it */
        return goal / (target->year - target->from + 1) * cal_period_year_share(period);
    if (is_path && !isnan(target->base))
        return target->base + (goal - target->base) * share;
    return method_of(target) == METHOD_CAGR ? UNKNOWN : goal;
}

double
verdict_plan_value(const struct cat_target *target, struct cal_period period)
{
    if (is_not_applicable(target) || is_pending(target))
        return UNKNOWN;
    int month = cal_period_end_month(period);
    double goal = target_value(target);
    switch (methods[method_of(target)].shape) {
    case PLAN_PATH:
        return goal * cal_period_year_share(period);
    case PLAN_LEVEL:
        return goal;
    case PLAN_STOCK:
        return stock_plan(target, period);
    case PLAN_WATCH:
        return goal * verdict_watch_share(target->profile, month);
    case PLAN_STAIR:
        return goal * verdict_stair_share(target->profile, month);
    case PLAN_NONE:
        break;
    }
    return UNKNOWN;
}

static struct verdict
blank(const struct cat_target *target, struct cal_period asked)
{
    return (struct verdict){
        .target = target,
        .asked = asked,
        .period = { .freq = CAL_NONE },
        .actual = UNKNOWN,
        .expected = UNKNOWN,
        .target_value = target_value(target),
        .completion = UNKNOWN,
        .year_share = UNKNOWN,
        .ratio = UNKNOWN,
        .gap = UNKNOWN,
        .needed_pace = UNKNOWN,
        .base = UNKNOWN,
        .tolerance = UNKNOWN,
        .same_period = UNKNOWN,
        .share_low = UNKNOWN,
        .share_high = UNKNOWN,
        .reference = UNKNOWN,
        .carried = { .freq = CAL_NONE },
        .cases = UNKNOWN,
        .interval_low = UNKNOWN,
        .interval_high = UNKNOWN,
        .likelihood = UNKNOWN,
        .cagr_ratio = UNKNOWN,
        .projection = UNKNOWN,
        .projection_pace = UNKNOWN,
        .projection_last = UNKNOWN,
        .projection_same = UNKNOWN,
        .projection_low = UNKNOWN,
        .projection_high = UNKNOWN,
        .projected_chance = UNKNOWN,
    };
}

static struct verdict
decide(struct verdict verdict, enum level level, enum rule rule)
{
    verdict.level = verdict.own_level = level;
    verdict.rule = verdict.own_rule = rule;
    return verdict;
}

static int
first_due_month(const struct cat_calendar *calendar)
{
    int month = 1;
    while (month <= 12 && !(calendar->months >> month & 1))
        month++;
    return month;
}

/* The values by year and month, the latest of a month counting; none of before the first due month
 * of the year judged. */
static void
gather(struct trial *trial)
{
    const struct series_view *view = trial->evidence->series;
    int first = first_due_month(trial->target->indicator->calendar);
    for (int k = 0; k <= PAST_YEARS; k++)
        for (int month = 0; month <= 12; month++)
            trial->past[k][month] = UNKNOWN;
    for (size_t i = view->count; i > 0; i--) {
        const struct obs_point *point = &view->points[i - 1];
        int k = trial->asked.year - point->period.year;
        if (k > PAST_YEARS)
            break;
        if (k < 0 || !point->has_value)
            continue;
        int month = cal_period_end_month(point->period);
        bool is_out = k == 0 && (month > trial->asked.index || month < first);
        if (is_out || !isnan(trial->past[k][month]))
            continue;
        trial->past[k][month] = point->value;
        trial->now[month] = k == 0 ? point : trial->now[month];
        if (k == 0 && month > trial->last_month)
            trial->last_month = month;
    }
}

/* B: as the catalogue tells, else the last value of the year before the path begins. */
static double
base_of(const struct trial *trial)
{
    const struct cat_target *target = trial->target;
    bool is_by_year = target->period == TARGET_BY_YEAR;
    int begin = is_by_year ? target->from : trial->asked.year;
    int k = trial->asked.year - begin + 1;
    bool is_told = is_by_year || target->period == TARGET_IN_YEAR || begin == target->from;
    if (is_told && !isnan(target->base))
        return target->base;
    for (int month = 12; k <= PAST_YEARS && month >= 1; month--)
        if (!isnan(trial->past[k][month]))
            return trial->past[k][month];
    return UNKNOWN;
}

static bool
is_provisional(char status)
{
    return status != '\0' && strchr("EFGIPUV", status) != NULL;
}

static struct assessment
assess(struct trial *trial, struct verdict verdict, const struct obs_point *point)
{
    struct assessment a = { .verdict = verdict };
    a.verdict.period = point->period;
    a.verdict.position = point->position;
    a.verdict.is_simulated = point->is_simulated;
    a.verdict.is_provisional = is_provisional(point->status);
    a.verdict.actual = point->value;
    a.verdict.expected = trial->goal;
    methods[method_of(trial->target)].judge(trial, &a);
    return a;
}

/* The year's periods one after the other. */
static struct verdict
run(struct trial *trial, struct verdict verdict)
{
    struct life life = { .level = LEVEL_UNKNOWN, .own = LEVEL_UNKNOWN, .ratio = UNKNOWN };
    struct verdict latest = verdict;
    for (int month = 1; month <= trial->last_month; month++) {
        if (!trial->now[month])
            continue;
        struct assessment a = assess(trial, verdict, trial->now[month]);
        verdict_life_step(&life, &a);
        latest = a.verdict;
    }
    verdict_project(trial, &latest);
    return latest;
}

static bool
covers(const struct cat_target *target, int year)
{
    return target->period == TARGET_IN_YEAR ? year == target->year : target_covers(target, year);
}

/* Is there nothing to judge by yet, whatever was reported? */
static bool
is_decided_before(const struct trial *trial, struct verdict *verdict)
{
    const struct cat_target *target = trial->target;
    enum method method = method_of(target);
    bool has_number = !isnan(trial->goal) || method == METHOD_REL || method == METHOD_MAN;
    bool is_later = target->period == TARGET_BY_YEAR && trial->asked.year < target->year;
    if (is_not_applicable(target))
        *verdict = decide(*verdict, LEVEL_NOT_APPLICABLE, RULE_NOT_APPLICABLE);
    else if (is_pending(target) || !has_number) /* issued without a number */
        *verdict = decide(*verdict, LEVEL_PENDING, RULE_PENDING);
    else if (!covers(target, trial->asked.year))
        *verdict = decide(*verdict, LEVEL_NOT_DUE, RULE_OUTSIDE_YEARS);
    else if (is_later && methods[method].by_year == BY_YEAR_WAIT)
        *verdict = decide(*verdict, LEVEL_NOT_DUE, RULE_LATER_YEAR);
    else
        return false;
    return true;
}

/* Nothing was reported. */
static struct verdict
without_data(const struct trial *trial, struct verdict verdict)
{
    const struct cat_target *target = trial->target;
    enum method method = method_of(target);
    verdict.planned_month = verdict_first_step(target->profile);
    if (method == METHOD_MAN)
        return decide(verdict, LEVEL_UNKNOWN, RULE_MANUAL);
    if (first_due_month(target->indicator->calendar) > trial->asked.index)
        return decide(verdict, LEVEL_NOT_DUE, RULE_NOT_DUE);
    if (method == METHOD_STEP && trial->asked.index < verdict.planned_month)
        return decide(verdict, LEVEL_NOT_DUE, RULE_BEFORE_FIRST_STEP);
    return decide(verdict, LEVEL_UNKNOWN, RULE_NO_DATA);
}

struct verdict
verdict_judge(const struct cat_target *target, const struct verdict_evidence *evidence,
              struct cal_period asked)
{
    struct verdict verdict = blank(target, asked);
    struct trial trial = { .target = target, .evidence = evidence, .asked = asked };
    trial.goal = verdict.target_value;
    trial.is_down = target->indicator->direction == DIRECTION_DOWN || target->comparator == CMP_LE;
    if (is_decided_before(&trial, &verdict))
        return verdict;
    gather(&trial);
    if (trial.last_month == 0)
        return without_data(&trial, verdict);
    trial.base = base_of(&trial);
    if (target->method == METHOD_LVL)
        trial.tolerance = verdict_usual_change(&trial);
    return run(&trial, verdict);
}
