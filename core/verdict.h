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
/* 0 normal or reached, 1 remind, 2 warn, 3 severe; -1 for the grey ones. */
int level_severity(enum level level);
int level_parse(const char *text, enum level *ret_level);

/* X(enum, id): the rule that decided; `explain` prints it. docs/verdicts.md tells each. The last
 * six look at the periods before or at the day as well; the others at the period alone. */
#define RULE_TABLE(X)                                  \
    X(RULE_NOT_APPLICABLE, "not-applicable")           \
    X(RULE_PENDING, "pending")                         \
    X(RULE_OUTSIDE_YEARS, "outside-years")             \
    X(RULE_LATER_YEAR, "later-year")                   \
    X(RULE_NOT_DUE, "not-due")                         \
    X(RULE_NO_DATA, "no-data")                         \
    X(RULE_MONTHS_MISSING, "months-missing")           \
    X(RULE_REACHED, "reached")                         \
    X(RULE_NO_PACE, "target-not-positive")             \
    X(RULE_LIN_BAND, "lin-band")                       \
    X(RULE_LIN_FIRST_QUARTER, "lin-first-quarter-cap") \
    X(RULE_LIN_MISSED, "lin-year-end-missed")          \
    X(RULE_LIMIT_PASSED, "limit-passed")               \
    X(RULE_SEA_BAND, "sea-band")                       \
    X(RULE_ACC_BAND, "acc-band")                       \
    X(RULE_SEASON_NOT_BEGUN, "season-not-begun")       \
    X(RULE_MILESTONE_MET, "milestone-met")             \
    X(RULE_MILESTONE_MISSED, "milestone-missed")       \
    X(RULE_CAUGHT_UP, "milestone-caught-up")           \
    X(RULE_WATCH_LINE, "watch-line")                   \
    X(RULE_GAP_BAND, "gap-band")                       \
    X(RULE_SPRING_FESTIVAL, "spring-festival")         \
    X(RULE_REL_BAND, "rel-band")                       \
    X(RULE_NO_REFERENCE, "no-reference")               \
    X(RULE_LVL_BAND, "lvl-band")                       \
    X(RULE_REACHED_LOST, "reached-lost")               \
    X(RULE_COH_BAND, "coh-band")                       \
    X(RULE_COH_WILSON, "coh-wilson")                   \
    X(RULE_ZERO_CASES, "zero-cases")                   \
    X(RULE_FEW_CASES, "few-cases")                     \
    X(RULE_NO_CASES, "no-cases")                       \
    X(RULE_HOLD_KEPT, "hold-kept")                     \
    X(RULE_HOLD_BELOW, "hold-below")                   \
    X(RULE_HOLD_WAS_BELOW, "hold-was-below")           \
    X(RULE_SML_POISSON, "sml-poisson")                 \
    X(RULE_SML_MISSED, "sml-year-end-missed")          \
    X(RULE_STEP_BAND, "step-band")                     \
    X(RULE_BEFORE_FIRST_STEP, "before-first-step")     \
    X(RULE_NO_DATA_SINCE_STEP, "no-data-since-step")   \
    X(RULE_BIN_PLANNED, "bin-planned")                 \
    X(RULE_BIN_DUE_SOON, "bin-due-soon")               \
    X(RULE_BIN_OVERDUE, "bin-overdue")                 \
    X(RULE_ATTESTED, "attested")                       \
    X(RULE_MANUAL, "manual")                           \
    X(RULE_CAGR_BAND, "cagr-band")                     \
    X(RULE_NO_BASE, "no-base")                         \
    X(RULE_NO_PAST_YEARS, "no-past-years")             \
    X(RULE_UNCONFIRMED, "red-unconfirmed")             \
    X(RULE_FALLING, "warn-and-falling")                \
    X(RULE_NEEDED_PACE, "needed-pace")                 \
    X(RULE_NOT_LEFT_YET, "not-left-yet")               \
    X(RULE_PROVISIONAL_HOLD, "provisional-hold")       \
    X(RULE_DUE_SOON, "due-soon")

enum rule {
#define X(name, id) name,
    RULE_TABLE(X)
#undef X
        RULE_COUNT
};

const char *rule_name(enum rule rule);

/* NaN, 0 or false where a number has no meaning for the method. All values in the indicator's unit.
 */
struct verdict {
    const struct cat_target *target; /* the version that counts */
    const struct cat_bands *bands;   /* that graded it; NULL: no bands did */
    enum level level;
    enum rule rule;
    enum level own_level; /* what the period's numbers alone say, before the periods before it */
    enum rule own_rule;
    struct cal_period asked;  /* the month the verdict is for */
    struct cal_period period; /* of the observation judged; freq CAL_NONE without one */
    int64_t position;         /* ledger row judged, 0 without one */
    bool is_simulated;        /* rests on a simulated value */
    bool is_provisional;      /* the value judged is provisional, estimated, not validated, ... */
    bool is_unconfirmed;      /* severe for the first time: shown as warn until the next period */
    bool is_provisional_hold; /* better again, but by a provisional value only: 待核实恢复 */
    bool is_fallback;         /* judged linearly: no history (SEA, ACC), no profile (MIL) */
    bool is_limit;            /* the path is an upper one: staying below it is good */
    bool is_rate_only;        /* COH of an indicator whose number of cases nobody reports */
    bool is_derived;          /* the value judged was made of districts' (core/rollup.h) */
    bool is_summed;           /* reported period by period, summed since January */
    bool is_rest_even;        /* nobody told last year's volume: an even `rest_share` */
    double actual;            /* CAGR of counts: the sum since `from` */
    double value;             /* the series' own, without the years before */
    double expected;          /* plan value at the end of `period` */
    double target_value;      /* T; REL: the reference and its offset */
    double completion;        /* c = A/T, CAGR (A - B)/(T - B); 1.0 = all */
    double year_share;        /* s, share of the path due by `period` */
    double ratio;             /* r = c/s; under a limit (less is better) 2 - c/s; HOLD A/T */
    double gap;               /* (c - s) in percentage points; without s: A - expected */
    double needed_pace;       /* kappa = (1 - c)/(1 - s) */
    double base;              /* B: LVL of stocks, CAGR */
    double tolerance;         /* LVL: tau */
    double same_period;       /* c less that of the same month last year, in points */
    double share_low;         /* SEA, ACC: smallest and largest share of past years */
    double share_high;
    int share_years;           /* how many years `year_share` rests on */
    int planned_month;         /* MIL, STEP, BIN: month that decides, or decided last; 0: none */
    int missed_month;          /* MIL: last milestone missed this year; 0: none */
    int periods_below;         /* HOLD, LVL: periods of this year below the target */
    double reference;          /* REL: R */
    struct cal_period carried; /* REL: period of R */
    double cases;              /* COH: N */
    double interval_low;       /* COH: Wilson's 95 % interval of the rate */
    double interval_high;
    double last_year;        /* the same month's value of the year before */
    double year_on_year;     /* A by that, less 1, in percent; NaN where that is not above zero */
    double volume_growth;    /* kind G: the same of the indicator's volume, as computed here */
    double rest_growth;      /* GAP, REL of a growth: what the rest of the year has to grow by */
    double rest_share;       /* w, share of last year's volume that had come by then */
    double likelihood;       /* SML: q, chance of a count as low as this on pace */
    double cagr_ratio;       /* CAGR: R, growth so far by growth needed */
    double projection;       /* year end: median of the following three */
    double projection_pace;  /* at the present pace, A/s */
    double projection_last;  /* at the pace of the last three single months */
    double projection_same;  /* as last year ended from the same month */
    double projection_low;   /* by back-test over at least three past years */
    double projection_high;  /* */
    int projection_years;    /* of the back-test */
    double projected_mean;   /* counts without that history: the mean year end, */
    double projected_chance; /* and the chance of reaching T */
};

/* A series that others are made of. */
struct verdict_part {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct series_view series;
};

/* What a verdict rests on, all as known at one moment. `series` is the target's own; the others may
 * be NULL where the target has no need of them or nothing was reported. */
struct verdict_evidence {
    const struct series_view *series;
    const struct series_view
        *reference; /* of target->reference: in the target's area, else the city's */
    const struct series_view *cases;  /* of the indicator's `cases`, in the target's area */
    const struct series_view *volume; /* of the indicator's `volume`, likewise */
    const struct verdict_part *parts; /* what values that nobody reported were made of */
    size_t part_count;
    struct cal_date today, soon; /* what is due from `today` to `soon` is due soon; 0: not asked */
    struct cal_date day; /* whose versions of the bands count; 0 is before all but the first */
};

/* Judges one target as of what `evidence` holds, for the month `asked` (a CAL_MONTH period).
 *
 * The periods of asked's year that have a value, up to `asked`, are judged one after the other by
 * the target's method, each by its own numbers and by the version of target and bands that counted
 * when it ended (`target` is the newest that may count), so that a period is judged alike whenever
 * it is asked for. The level of the last then follows from that sequence by entry and exit: red is
 * confirmed by a second period, a level is left only beyond a margin, and a provisional value does
 * not end a warning. Rules, bands and margins: docs/verdicts.md. */
struct verdict verdict_judge(const struct cat_target *target,
                             const struct verdict_evidence *evidence, struct cal_period asked);

/* The formula that gave a number, in symbols: "A/T", "(A - B)/(T - B)", "c/s", "2 - c/s" ...; ""
 * for none. */
const char *verdict_completion_formula(const struct verdict *verdict);
const char *verdict_ratio_formula(const struct verdict *verdict);
const char *verdict_expected_formula(const struct verdict *verdict);
const char *verdict_gap_formula(const struct verdict *verdict);

/* X(enum, id, zh, en): what an observation is to a verdict. */
#define INPUT_TABLE(X)                                           \
    X(INPUT_JUDGED, "judged", "本期", "judged")                  \
    X(INPUT_EARLIER, "earlier", "本年前期", "earlier this year") \
    X(INPUT_LAST_YEAR, "last-year", "上年", "last year")         \
    X(INPUT_PAST, "past", "往年", "past years")                  \
    X(INPUT_BASE, "base", "起点", "base")                        \
    X(INPUT_REFERENCE, "reference", "参照", "reference")         \
    X(INPUT_CASES, "cases", "项目数", "number of cases")         \
    X(INPUT_VOLUME, "volume", "总量", "volume")                  \
    X(INPUT_PART, "part", "组成", "part")

enum input_role {
#define X(name, id, zh, en) name,
    INPUT_TABLE(X)
#undef X
};

const char *input_name(enum input_role role);
const char *input_word(enum input_role role, enum lang lang);

typedef int verdict_input_visitor(void *context, enum input_role role, const struct cat_area *area,
                                  const struct cat_indicator *indicator,
                                  const struct obs_point *point);

/* Calls `visit` for each observation that the verdict's level (and the growth told beside it) rests
 * on, given what it was judged by: those of the year up to the one judged, the shares of past
 * years, the base, the usual changes, the reference, the cases, the volume. A non-zero answer stops
 * and is returned. */
int verdict_each_input(const struct verdict *verdict, const struct verdict_evidence *evidence,
                       verdict_input_visitor *visit, void *context);

/* Growth the rest of the year needs when `share` of last year's total had come by now:
 * (T - w*A)/(1 - w). NaN at the year's end. */
double verdict_rest_growth(double target, double actual, double share);

/* The plan value at the end of a period, in terms of the series: T*s for what counts up, by past
 * years' shares for SEA and ACC, by the profile for MIL, STEP and BIN, B + (T - B)*s for levels
 * with a base, T for other levels and growth; NaN for pending, relative and baseless ones. What the
 * plan line of a trend graph and the archive's `pace` show, and what a verdict calls `expected`.
 * `evidence` NULL: as if nothing had ever been reported. */
double verdict_plan_value(const struct cat_target *target, const struct verdict_evidence *evidence,
                          struct cal_period period);

enum { VERDICT_SENTENCE_MAX = 1024 };

/* One sentence with the arithmetic, that anyone can redo with a calculator, e.g.
 * zh "1—6月累计3600亩，目标10000亩，完成36%，序时50%，差14个百分点，剩余月份需达到计划速度1.28倍"
 * en "3600 mu by June of 10000 mu: 36 % done, 50 % due, 14 points behind; the rest needs 1.28 times
 * the planned speed". `text` has VERDICT_SENTENCE_MAX bytes. Returns `text`. */
char *verdict_sentence(const struct verdict *verdict, enum lang lang, char *text);

#endif
