/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of verdicts. Their words are in verdict_sentence.c. */
#include "core/verdict.h"

#include <math.h>
#include <string.h>

#include "core/pure.h"

#define UNKNOWN ((double)NAN)

/* Relative: far above what a few divisions of doubles lose (1e-15), far below the last decimal
 * anybody reports. Without it 7.6 against 8.1 would not be half a point short, and 1.1 wan-mu not
 * 11000 mu. */
#define CLOSE 1e-9

/* "About": the same five in a hundred that a pace may lack and still be normal. */
#define ABOUT 0.05

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

/* A level holds from `least` upwards; the last of a list holds for everything below. */
struct band {
    double least;
    enum level level;
};

/* docs/verdicts.md, LIN: on the pace ratio r. */
static const struct band pace_bands[] = {
    { 0.95, LEVEL_NORMAL },
    { 0.85, LEVEL_REMIND },
    { 0.60, LEVEL_WARN },
    { -HUGE_VAL, LEVEL_SEVERE },
};

/* docs/verdicts.md, GAP: on the points above the target. */
static const struct band gap_bands[] = {
    { -0.5, LEVEL_NORMAL },
    { -2.0, LEVEL_REMIND },
    { -4.0, LEVEL_WARN },
    { -HUGE_VAL, LEVEL_SEVERE },
};

/* On the distance above the target as a share of it; what lies within half of the target's last
 * decimal is normal before. */
static const struct band lvl_bands[] = {
    { -0.02, LEVEL_REMIND },
    { -0.05, LEVEL_WARN },
    { -HUGE_VAL, LEVEL_SEVERE },
};

static enum level
band_level(const struct band *bands, double value, double tolerance)
{
    while (value < bands->least - tolerance)
        bands++;
    return bands->level;
}

/* What a plan looks like over the year. */
enum plan_shape {
    PLAN_PATH,    /* grows with the year: T * s */
    PLAN_LEVEL,   /* T all year */
    PLAN_BY_KIND, /* methods not built: as the indicator counts */
    PLAN_NONE
};

struct method_traits {
    enum plan_shape shape;
    bool is_built;
};

static const struct method_traits methods[] = {
    [METHOD_LIN] = { PLAN_PATH, true },      [METHOD_MIL] = { PLAN_BY_KIND, false },
    [METHOD_SEA] = { PLAN_BY_KIND, false },  [METHOD_LVL] = { PLAN_LEVEL, true },
    [METHOD_GAP] = { PLAN_LEVEL, true },     [METHOD_REL] = { PLAN_LEVEL, false },
    [METHOD_ACC] = { PLAN_BY_KIND, false },  [METHOD_COH] = { PLAN_BY_KIND, false },
    [METHOD_HOLD] = { PLAN_LEVEL, false },   [METHOD_SML] = { PLAN_BY_KIND, false },
    [METHOD_STEP] = { PLAN_BY_KIND, false }, [METHOD_BIN] = { PLAN_BY_KIND, false },
    [METHOD_PEND] = { PLAN_NONE, false },    [METHOD_NA] = { PLAN_NONE, false },
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

/* A relative target is REL whatever its method says: there is no number to judge against. */
static bool
is_built(const struct cat_target *target)
{
    return methods[target->method].is_built && target->comparator != CMP_RELATIVE;
}

static bool
is_path(const struct cat_target *target)
{
    enum plan_shape shape = methods[target->method].shape;
    bool is_cumulative = target->indicator->cumulation == CUMULATION_YTD &&
                         strchr("FVNAB", target->indicator->kind) != NULL;
    return shape == PLAN_PATH || (shape == PLAN_BY_KIND && is_cumulative);
}

double
verdict_plan_value(const struct cat_target *target, struct cal_period period)
{
    if (is_not_applicable(target) || is_pending(target))
        return UNKNOWN;
    double share = is_path(target) ? cal_period_year_share(period) : 1.0;
    return target_value(target) * share;
}

static bool
is_due_by(const struct cat_calendar *calendar, int month)
{
    unsigned months_so_far = (2u << month) - 1u;
    return (calendar->months & months_so_far) != 0;
}

static double
tolerance_of(const struct verdict *verdict)
{
    return CLOSE * (fabs(verdict->actual) + fabs(verdict->target_value));
}

/* Does the comparator hold for the actual value against the target? */
static bool
holds(const struct verdict *verdict)
{
    double over = verdict->actual - verdict->target_value;
    double tolerance = tolerance_of(verdict);
    switch (verdict->target->comparator) {
    case CMP_GE:
        return over >= -tolerance;
    case CMP_GT:
        return over > tolerance;
    case CMP_EQ:
        return fabs(over) <= tolerance;
    case CMP_APPROX:
        return fabs(over) <= ABOUT * fabs(verdict->target_value) + tolerance;
    case CMP_LE:
        return over <= tolerance;
    case CMP_RELATIVE:
    case CMP_PENDING:
    case CMP_NA:
        break;
    }
    return false;
}

/* How far the value lies on the good side of the target, in the indicator's unit. */
static double
good_side(const struct verdict *verdict)
{
    double over = verdict->actual - verdict->target_value;
    return verdict->target->indicator->direction == DIRECTION_DOWN ? -over : over;
}

static struct verdict
decide(struct verdict verdict, enum level level, enum rule rule)
{
    verdict.level = level;
    verdict.rule = rule;
    return verdict;
}

static struct verdict
fill_pace(struct verdict verdict)
{
    double s = cal_period_year_share(verdict.period);
    double c = verdict.target_value > 0 ? verdict.actual / verdict.target_value : UNKNOWN;
    verdict.year_share = s;
    verdict.completion = c;
    verdict.ratio = c / s;
    verdict.gap = (c - s) * 100;
    if (s < 1)
        verdict.needed_pace = c < 1 ? (1 - c) / (1 - s) : c >= 1 ? 0 : UNKNOWN;
    if (cal_period_end_month(verdict.period) >= 3)
        verdict.projection = verdict.actual / s;
    return verdict;
}

/* docs/verdicts.md, LIN: comparator holds -> reached; in December short of T -> at least
 * remind; else the band of r, in the first quarter, where s is small and r noisy, never worse than
 * warn. */
static struct verdict
judge_lin(struct verdict verdict)
{
    verdict = fill_pace(verdict);
    if (isnan(verdict.ratio))
        return decide(verdict, LEVEL_UNKNOWN, RULE_LIN_BAND);
    if (holds(&verdict))
        return decide(verdict, LEVEL_REACHED, RULE_REACHED);

    int month = cal_period_end_month(verdict.period);
    enum level level = band_level(pace_bands, verdict.ratio, CLOSE);
    bool is_over = verdict.actual > verdict.target_value + tolerance_of(&verdict);
    if (month == 12 && !is_over)
        return decide(verdict, level > LEVEL_REMIND ? level : LEVEL_REMIND, RULE_LIN_MISSED);
    if (month <= 3 && level == LEVEL_SEVERE)
        return decide(verdict, LEVEL_WARN, RULE_LIN_FIRST_QUARTER);
    return decide(verdict, level, RULE_LIN_BAND);
}

/* docs/verdicts.md, GAP. Growth may still fall until the year ends, so nothing is reached before.
 */
static struct verdict
judge_gap(struct verdict verdict)
{
    verdict.gap = verdict.actual - verdict.target_value;
    if (cal_period_end_month(verdict.period) == 12 && holds(&verdict))
        return decide(verdict, LEVEL_REACHED, RULE_REACHED);
    enum level level = band_level(gap_bands, good_side(&verdict), tolerance_of(&verdict));
    return decide(verdict, level, RULE_GAP_BAND);
}

/* Half a unit of the target's last decimal, in the indicator's unit: 66 says no more than 65.5
 * to 66.5. */
static double
rounding_of(const struct cat_target *target)
{
    return 0.5 * pow(10, -target->value.decimals) * target->unit->factor /
           target->indicator->unit->factor;
}

/* docs/verdicts.md, LVL. */
static struct verdict
judge_lvl(struct verdict verdict)
{
    double size = fabs(verdict.target_value);
    double delta = good_side(&verdict);
    verdict.gap = verdict.actual - verdict.target_value;
    verdict.completion = verdict.target_value > 0 ? verdict.actual / verdict.target_value : UNKNOWN;
    if (holds(&verdict))
        return decide(verdict, LEVEL_REACHED, RULE_REACHED);
    if (delta >= -rounding_of(verdict.target) - tolerance_of(&verdict))
        return decide(verdict, LEVEL_NORMAL, RULE_LVL_BAND);
    double share = size > 0 ? delta / size : -HUGE_VAL;
    return decide(verdict, band_level(lvl_bands, share, CLOSE), RULE_LVL_BAND);
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
        .projection = UNKNOWN,
    };
}

static struct verdict
with_point(struct verdict verdict, const struct obs_point *point)
{
    if (!point)
        return verdict;
    verdict.period = point->period;
    verdict.position = point->position;
    verdict.is_simulated = point->is_simulated;
    verdict.actual = point->value;
    verdict.expected = verdict_plan_value(verdict.target, point->period);
    if (is_path(verdict.target))
        verdict.year_share = cal_period_year_share(point->period);
    return verdict;
}

struct verdict
verdict_judge(const struct cat_target *target, const struct verdict_evidence *evidence,
              struct cal_period asked)
{
    struct verdict verdict = blank(target, asked);
    if (is_not_applicable(target))
        return decide(verdict, LEVEL_NOT_APPLICABLE, RULE_NOT_APPLICABLE);
    if (is_pending(target))
        return decide(verdict, LEVEL_PENDING, RULE_PENDING);

    verdict = with_point(verdict, series_latest_in_year(evidence->series, asked));
    if (!is_built(target))
        return decide(verdict, LEVEL_UNKNOWN, RULE_METHOD_NOT_BUILT);
    if (isnan(verdict.target_value)) /* issued without a number: nothing to judge against yet */
        return decide(verdict, LEVEL_PENDING, RULE_PENDING);
    if (!is_due_by(target->indicator->calendar, asked.index))
        return decide(verdict, LEVEL_NOT_DUE, RULE_NOT_DUE);
    if (verdict.period.freq == CAL_NONE)
        return decide(verdict, LEVEL_UNKNOWN, RULE_NO_DATA);
    return target->method == METHOD_LIN   ? judge_lin(verdict)
           : target->method == METHOD_GAP ? judge_gap(verdict)
                                          : judge_lvl(verdict);
}
