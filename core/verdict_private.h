/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a verdict share: the values of the case by year and month, and what a method
 * says of one period. */
#ifndef PACEWATCH_CORE_VERDICT_PRIVATE_H
#define PACEWATCH_CORE_VERDICT_PRIVATE_H

#include "core/bands.h"
#include "core/verdict.h"

#include <math.h>

#define UNKNOWN ((double)NAN)

/* Relative: far above what a few divisions of doubles lose (1e-15), far below the last decimal
 * anybody reports. Without it 7.6 against 8.1 would not be half a point short, and 1.1 wan-mu not
 * 11000 mu. */
#define CLOSE 1e-9

enum { PAST_YEARS = 12 };

/* What a value rests on. */
struct marks {
    bool is_provisional, is_simulated, is_derived;
};

/* One target before the judge, for one year. Months are those in which a period ends. */
struct trial {
    const struct cat_target *target;
    const struct verdict_evidence *evidence;
    struct cal_period asked;
    const struct cat_target *adopted; /* the version that what follows is of; NULL: none yet */
    struct cal_date day;              /* whose versions of target and bands count */
    double goal;                      /* T in the indicator's unit */
    bool is_down;                     /* less is better */
    const struct obs_point *now[13];  /* the year's values up to `asked`, by month; NULL: none */
    double past[PAST_YEARS + 1][13];  /* the same as numbers, [k] of k years before; NaN: none */
    struct marks marks[PAST_YEARS + 1][13]; /* of `past` */
    bool has_changed; /* `adopted` is another version than for the period before */
    int last_month;   /* of the last of them; 0: none */
    bool is_summed;   /* `past` are sums of what each period reported */
    double base;      /* B at the end of the year before the path begins, or NaN */
    double tolerance; /* LVL: tau */
    /* what the periods before said */
    int missed_month; /* MIL: the last milestone missed */
    bool is_behind;   /* and none met since */
    int periods_below;
    bool was_met;
};

/* What a method says of one period. Its numbers, level and rule go into `verdict`. */
struct assessment {
    struct verdict verdict;
    enum level leave; /* by the thresholds at which a level is left: never better than own_level */
    bool is_plain;    /* severe beyond doubt: needs no confirmation */
    bool is_red;      /* severe, if it were not for the first quarter's cap */
    bool has_pace;    /* r and kappa alone may turn it red */
};

/* A verdict rests on such a value too. */
void verdict_mark(struct verdict *verdict, const struct marks *marks);

/* Levels and rules. */
void verdict_settle(struct assessment *a, enum level level, enum rule rule);

/* By the bands that count for the target and that measure; they stay in the verdict. */
void verdict_settle_band(const struct trial *trial, struct assessment *a, enum measure measure,
                         double value, double tolerance, enum rule rule);

/* What counts for the target and that measure on the day of the trial. */
const struct cat_bands *verdict_bands(const struct trial *trial, enum measure measure);

/* Does the comparator hold for the actual value against the target? ≥ and > turn round where less
 * is better. */
bool verdict_holds(const struct trial *trial, const struct verdict *verdict);

/* How far the value lies on the good side of `line`, in the indicator's unit. */
double verdict_good_side(const struct trial *trial, const struct verdict *verdict, double line);

/* REL: percentages by points, what has another unit by its share of the target. */
enum measure verdict_measure_of_distance(const struct cat_indicator *indicator);

/* What two of its values may differ by and still be the same. */
double verdict_closeness(const struct verdict *verdict);

/* The month in which the value judged ends. */
int verdict_month(const struct verdict *verdict);

/* The staircase or the straight lines of a profile at the end of a month; without a profile one
 * step in December. */
double verdict_stair_share(const struct cat_profile *profile, int month);
double verdict_watch_share(const struct cat_profile *profile, int month);
int verdict_first_step(const struct cat_profile *profile);

/* The share of the whole path, over all its years, due when `share` of asked's year is. */
double verdict_path_share(const struct cat_target *target, int year, double share);

/* What a target is and how it is judged. The method: a claim is attested whatever its method says,
 * a relative target is compared, and a path over several years is CAGR. */
bool verdict_is_not_applicable(const struct cat_target *target);
bool verdict_is_pending(const struct cat_target *target);
bool verdict_is_down(const struct cat_target *target); /* less is better */
enum method verdict_method_of(const struct cat_target *target);
/* SML: is T one thing, done or not? */
bool verdict_is_one(const struct cat_target *target);
/* Is T the sum of what several years bring? */
bool verdict_is_sum_of_years(const struct cat_target *target);

/* Fills the values of the case (verdict_past.c). B is as the catalogue tells, else the last value
 * of the year before the path begins. */
void verdict_gather(struct trial *trial);
double verdict_base(const struct trial *trial);
int verdict_first_due(const struct cat_calendar *calendar); /* month; 13: none */

/* What SEA and ACC expect by the end of a month: the median of past years' shares. False when they
 * are too few. */
struct season {
    double share, low, high;
    int years;
    bool is_simulated; /* one of the values is */
};
bool verdict_season(const struct trial *trial, int month, struct season *ret_season);

/* CAGR: the path begins at the target or beyond it: there is nothing to gain, only to keep. */
bool verdict_is_kept(const struct trial *trial, double base);

/* LVL: T, or for a stock that began elsewhere the line from there to T. */
double verdict_level_line(const struct trial *trial, int month);

/* Shares of the year's end that past years had reached by a month. `most` years at most, the latest
 * first; returns how many. */
int verdict_past_shares(const struct trial *trial, int month, int most, double shares[PAST_YEARS]);

/* The methods that look at a pace (verdict_methods.c), at a level or a state (verdict_levels.c). */
typedef void verdict_method(struct trial *trial, struct assessment *a);
verdict_method verdict_lin, verdict_sea, verdict_acc, verdict_mil, verdict_sml, verdict_step,
    verdict_cagr;
verdict_method verdict_gap, verdict_rel, verdict_lvl, verdict_coh, verdict_hold, verdict_bin,
    verdict_man;

/* LVL: half a unit of the target's last decimal, in the indicator's unit: 66 says no more than
 * 65.5 to 66.5. */
double verdict_rounding(const struct cat_target *target);

/* LVL: what the series usually changes by from period to period. */
double verdict_usual_change(const struct trial *trial);

/* Entry and exit, over the periods of a year (verdict_life.c). */
struct life {
    enum level level; /* as shown for the period before; LEVEL_UNKNOWN: none yet */
    enum level own;   /* by that period's own numbers */
    double ratio;
    bool was_red;
};

void verdict_life_step(struct life *life, struct assessment *a);

/* What is told beside the level, and a deadline that is near (verdict_beside.c). */
void verdict_beside(const struct trial *trial, struct verdict *verdict);
void verdict_due_soon(const struct trial *trial, struct verdict *verdict);

/* The projections of the year's end (verdict_project.c). */
void verdict_project(const struct trial *trial, struct verdict *verdict);

#endif
