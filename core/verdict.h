/* SPDX-License-Identifier: GPL-3.0-or-later
 * The verdict: is a target on pace? A pure function of (target, series as known, month asked for):
 * same inputs, same verdict, with its arithmetic as numbers and as one sentence. Formulas:
 * docs/verdicts.md. */
#ifndef PACEWATCH_CORE_VERDICT_H
#define PACEWATCH_CORE_VERDICT_H

#include "core/catalogue.h"
#include "core/series.h"

/* X(enum, contract name, zh, en). Order: the four graded levels first, from good to bad. */
#define LEVEL_TABLE(X)                                      \
    X(LEVEL_NORMAL, "normal", "正常", "on pace")            \
    X(LEVEL_REMIND, "remind", "提醒", "remind")             \
    X(LEVEL_WARN, "warn", "预警", "warning")                \
    X(LEVEL_SEVERE, "severe", "严重", "severe")             \
    X(LEVEL_REACHED, "reached", "已达成", "reached")        \
    X(LEVEL_UNKNOWN, "unknown", "无法判断", "cannot judge") \
    X(LEVEL_NOT_DUE, "not_due", "未到期", "not due")        \
    X(LEVEL_PENDING, "pending", "待下达", "pending")        \
    X(LEVEL_NOT_APPLICABLE, "not_applicable", "不适用", "not applicable")

enum level {
#define X(name, id, zh, en) name,
    LEVEL_TABLE(X)
#undef X
        LEVEL_COUNT
};

const char *level_name(enum level level); /* the contract's word */
const char *level_word(enum level level, enum lang lang);
int level_parse(const char *text, enum level *ret_level);

/* X(enum, id): the rule that decided; `explain` prints it. */
#define RULE_TABLE(X)                                  \
    X(RULE_NOT_APPLICABLE, "not-applicable")           \
    X(RULE_PENDING, "pending")                         \
    X(RULE_METHOD_NOT_BUILT, "method-not-built")       \
    X(RULE_NOT_DUE, "not-due")                         \
    X(RULE_NO_DATA, "no-data")                         \
    X(RULE_REACHED, "reached")                         \
    X(RULE_LIN_BAND, "lin-band")                       \
    X(RULE_LIN_FIRST_QUARTER, "lin-first-quarter-cap") \
    X(RULE_LIN_MISSED, "lin-year-end-missed")          \
    X(RULE_GAP_BAND, "gap-band")                       \
    X(RULE_LVL_BAND, "lvl-band")

enum rule {
#define X(name, id) name,
    RULE_TABLE(X)
#undef X
};

const char *rule_name(enum rule rule);

/* NaN where a number has no meaning for the method. All values in the indicator's unit. */
struct verdict {
    const struct cat_target *target;
    enum level level;
    enum rule rule;
    struct cal_period asked;  /* the month the verdict is for */
    struct cal_period period; /* of the observation judged; freq CAL_NONE without one */
    int64_t position;         /* ledger row judged, 0 without one */
    bool is_simulated;        /* rests on a simulated value */
    double actual;
    double expected;     /* plan value at the end of `period` */
    double target_value; /* T */
    double completion;   /* c = A/T, 1.0 = all */
    double year_share;   /* s, share of the path due by `period` */
    double ratio;        /* r = c/s */
    double gap; /* LIN: (c - s) in percentage points; GAP, LVL: A - T in the indicator's unit */
    double needed_pace; /* kappa = (1 - c)/(1 - s) */
    double projection;  /* year end at the present pace, A/s */
};

/* What a verdict rests on, all as known at one moment. `series` is the target's own; the others may
 * be NULL where the target has no need of them or nothing was reported. */
struct verdict_evidence {
    const struct series_view *series;
    const struct series_view
        *reference; /* of target->reference: in the target's area, else the city's */
    const struct series_view *cases; /* of the indicator's `cases`, in the target's area */
};

/* Judges one target as of what `evidence` holds, for the month `asked` (a CAL_MONTH period of the
 * target's year).
 *
 * Rules in reading order, first match decides (docs/verdicts.md):
 *   1. status not applicable            -> not_applicable
 *   2. status or comparator pending     -> pending
 *   3. a method that is not built       -> unknown
 *   4. no period due up to `asked`      -> not_due
 *   5. nothing reported this year       -> unknown
 *   6. LIN: the comparator holds        -> reached
 *      else by r: >= 0.95 normal, >= 0.85 remind, >= 0.60 warn, else severe; in the first quarter
 *      never worse than warn, after December at least remind
 *   7. GAP, delta = d*(A - T) points: >= -0.5 normal, >= -2 remind, >= -4 warn, else severe;
 *      reached at the year's end only
 *   8. LVL, delta = d*(A - T): the comparator holds -> reached; short by half a unit of T's last
 *      digit at most -> normal, by 2 % of T remind, by 5 % warn, else severe */
struct verdict verdict_judge(const struct cat_target *target,
                             const struct verdict_evidence *evidence, struct cal_period asked);

/* The plan value at the end of a period: T*s for LIN (and any cumulative count), T for levels and
 * growth; NaN for pending ones. What the plan line of a trend graph and the archive's `pace` show.
 */
double verdict_plan_value(const struct cat_target *target, struct cal_period period);

enum { VERDICT_SENTENCE_MAX = 512 };

/* One sentence with the arithmetic, that anyone can redo with a calculator, e.g.
 * zh "1—6月累计3600亩，目标10000亩，完成36%，序时50%，差14个百分点，剩余月份需达到计划速度1.28倍"
 * en "3600 mu by June of 10000 mu: 36 % done, 50 % due, 14 points behind; the rest needs 1.28 times
 * the planned speed". `text` has VERDICT_SENTENCE_MAX bytes. Returns `text`. */
char *verdict_sentence(const struct verdict *verdict, enum lang lang, char *text);

#endif
