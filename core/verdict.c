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

/* What a target for the end of a later year is until then. */
enum by_year {
    BY_YEAR_PATH, /* a path over the years: CAGR judges it */
    BY_YEAR_WAIT, /* not due before that year */
    BY_YEAR_SELF  /* the method sees to it itself */
};

struct method_traits {
    enum by_year by_year;
    verdict_method *judge;
};

static const struct method_traits methods[] = {
    [METHOD_LIN] = { BY_YEAR_PATH, verdict_lin },   [METHOD_MIL] = { BY_YEAR_PATH, verdict_mil },
    [METHOD_SEA] = { BY_YEAR_PATH, verdict_sea },   [METHOD_LVL] = { BY_YEAR_PATH, verdict_lvl },
    [METHOD_GAP] = { BY_YEAR_WAIT, verdict_gap },   [METHOD_REL] = { BY_YEAR_WAIT, verdict_rel },
    [METHOD_ACC] = { BY_YEAR_WAIT, verdict_acc },   [METHOD_COH] = { BY_YEAR_WAIT, verdict_coh },
    [METHOD_HOLD] = { BY_YEAR_WAIT, verdict_hold }, [METHOD_SML] = { BY_YEAR_PATH, verdict_sml },
    [METHOD_STEP] = { BY_YEAR_PATH, verdict_step }, [METHOD_BIN] = { BY_YEAR_SELF, verdict_bin },
    [METHOD_CAGR] = { BY_YEAR_SELF, verdict_cagr }, [METHOD_MAN] = { BY_YEAR_SELF, verdict_man },
    [METHOD_PEND] = { BY_YEAR_SELF, verdict_man }, /* both are told before */
    [METHOD_NA] = { BY_YEAR_SELF, verdict_man },
};

bool
verdict_is_not_applicable(const struct cat_target *target)
{
    return target->status == TARGET_NOT_APPLICABLE || target->comparator == CMP_NA ||
           target->method == METHOD_NA;
}

bool
verdict_is_pending(const struct cat_target *target)
{
    return target->status == TARGET_PENDING || target->comparator == CMP_PENDING ||
           target->method == METHOD_PEND;
}

enum method
verdict_method_of(const struct cat_target *target)
{
    if (target->indicator->kind == 'K')
        return METHOD_MAN;
    if (target->comparator == CMP_RELATIVE)
        return METHOD_REL;
    bool is_path =
        target->period == TARGET_BY_YEAR && methods[target->method].by_year == BY_YEAR_PATH;
    return is_path ? METHOD_CAGR : target->method;
}

static struct verdict
blank(const struct cat_target *target, struct cal_period asked)
{
    return (struct verdict){
        .target = target,
        .asked = asked,
        .period = { .freq = CAL_NONE },
        .actual = UNKNOWN,
        .value = UNKNOWN,
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
        .last_year = UNKNOWN,
        .year_on_year = UNKNOWN,
        .volume_growth = UNKNOWN,
        .projected_mean = UNKNOWN,
        .rest_growth = UNKNOWN,
        .rest_share = UNKNOWN,
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

/* A period's value as it stands, before a method looks at it. */
static struct assessment
begin_assessment(const struct trial *trial, struct verdict verdict, const struct obs_point *point)
{
    struct assessment a = { .verdict = verdict };
    a.verdict.period = point->period;
    a.verdict.position = point->position;
    a.verdict.is_simulated = point->is_simulated;
    a.verdict.is_derived = point->is_derived;
    a.verdict.is_provisional = obs_status_is_provisional(point->status);
    a.verdict.actual = a.verdict.value = point->value;
    a.verdict.expected = trial->goal;
    return a;
}

static struct assessment
assess(struct trial *trial, struct verdict verdict, const struct obs_point *point)
{
    struct assessment a = begin_assessment(trial, verdict, point);
    int month = cal_period_end_month(point->period);
    verdict_mark(&a.verdict, &trial->marks[0][month]); /* of all that was summed */
    a.verdict.is_summed = trial->is_summed;
    a.verdict.actual = a.verdict.value = trial->past[0][month];
    if (isnan(a.verdict.actual))
        verdict_settle(&a, LEVEL_UNKNOWN, RULE_MONTHS_MISSING);
    else
        methods[verdict_method_of(trial->target)].judge(trial, &a);
    return a;
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
    enum method method = verdict_method_of(target);
    bool has_number = !isnan(trial->goal) || method == METHOD_REL || method == METHOD_MAN;
    bool is_later = target->period == TARGET_BY_YEAR && trial->asked.year < target->year;
    if (verdict_is_not_applicable(target))
        *verdict = decide(*verdict, LEVEL_NOT_APPLICABLE, RULE_NOT_APPLICABLE);
    else if (verdict_is_pending(target) || !has_number) /* issued without a number */
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
    enum method method = verdict_method_of(target);
    verdict.planned_month = verdict_first_step(target->profile);
    if (verdict_first_due(target->indicator->calendar) > trial->asked.index)
        return decide(verdict, LEVEL_NOT_DUE, RULE_NOT_DUE);
    if (method == METHOD_STEP && trial->asked.index < verdict.planned_month)
        return decide(verdict, LEVEL_NOT_DUE, RULE_BEFORE_FIRST_STEP);
    return decide(verdict, LEVEL_UNKNOWN, RULE_NO_DATA);
}

/* Judges by this version from now on. What was met is met no longer when T is another. */
static void
adopt(struct trial *trial, const struct cat_target *version, struct cal_date day)
{
    double goal = target_value(version);
    bool is_same = trial->adopted == version;
    trial->day = day;
    if (is_same)
        return;
    trial->has_changed = trial->adopted != NULL;
    trial->adopted = version;
    trial->was_met = trial->was_met && fabs(goal - trial->goal) <= CLOSE * fabs(goal);
    trial->target = version;
    trial->goal = goal;
    trial->is_down = verdict_is_down(version);
    trial->base = verdict_base(trial);
    if (version->method == METHOD_LVL)
        trial->tolerance = verdict_usual_change(trial);
}

static struct cal_date
last_day(struct cal_period period)
{
    return (struct cal_date){ cal_period_after(period).days - 1 };
}

/* Makes the version that counted when a period ended the one to judge by: the period's value is
 * judged alike whenever somebody asks. One that was not issued then is judged by the version given,
 * if it is the last period known. False: nothing was issued then. */
static bool
choose_rules(struct trial *trial, const struct cat_target *target, int month)
{
    struct cal_date end = last_day(trial->now[month]->period);
    bool is_known = end.days <= trial->evidence->day.days;
    const struct cat_target *version = is_known ? target_version(target, end) : target;
    struct verdict verdict = blank(version, trial->asked);
    adopt(trial, version, is_known ? end : trial->evidence->day);
    if (!is_decided_before(trial, &verdict))
        return true;
    if (month != trial->last_month)
        return false;
    adopt(trial, target, trial->evidence->day);
    return true;
}

/* The year's periods one after the other. */
static struct verdict
run(struct trial *trial, const struct cat_target *target)
{
    struct life life = { .level = LEVEL_UNKNOWN, .own = LEVEL_UNKNOWN, .ratio = UNKNOWN };
    struct verdict latest = blank(target, trial->asked);
    for (int month = 1; month <= trial->last_month; month++) {
        if (!trial->now[month] || !choose_rules(trial, target, month))
            continue;
        if (trial->has_changed) /* a ratio to another target has neither fallen nor risen */
            life.ratio = UNKNOWN;
        trial->has_changed = false;
        struct assessment a = assess(trial, blank(trial->target, trial->asked), trial->now[month]);
        verdict_life_step(&life, &a);
        latest = a.verdict;
    }
    verdict_project(trial, &latest);
    verdict_beside(trial, &latest);
    verdict_due_soon(trial, &latest);
    return latest;
}

/* A claim holds from the last attestation on, of whatever year of the target; one for every year
 * is attested in each. */
static struct verdict
judge_claim(struct trial *trial, struct verdict verdict)
{
    const struct series_view *view = trial->evidence->series;
    const struct obs_point *last = NULL;
    int from = trial->target->period == TARGET_EVERY_YEAR ? trial->asked.year : trial->target->from;
    for (size_t i = 0; i < view->count; i++) {
        const struct obs_point *point = &view->points[i];
        bool is_past = cal_period_after(point->period).days <= cal_period_after(trial->asked).days;
        if (point->has_value && is_past && point->period.year >= from)
            last = point;
    }
    if (!last)
        return decide(verdict, LEVEL_UNKNOWN, RULE_MANUAL);
    struct assessment a = begin_assessment(trial, verdict, last);
    verdict_man(trial, &a);
    return decide(a.verdict, a.verdict.own_level, a.verdict.own_rule);
}

struct verdict
verdict_judge(const struct cat_target *target, const struct verdict_evidence *evidence,
              struct cal_period asked)
{
    struct trial trial = { .evidence = evidence, .asked = asked };
    struct verdict verdict = blank(target, asked);
    trial.target = target;
    trial.goal = verdict.target_value;
    if (is_decided_before(&trial, &verdict))
        return verdict;
    trial.is_down = verdict_is_down(target);
    if (verdict_method_of(target) == METHOD_MAN)
        return judge_claim(&trial, verdict);
    verdict_gather(&trial);
    if (trial.last_month == 0)
        return without_data(&trial, verdict);
    return run(&trial, target);
}
