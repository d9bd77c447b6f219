/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every method by tables: the vectors of docs/verdicts.md, both sides of each boundary, and the
 * odd targets: zero, negative, above 100 %, less is better. What the period alone says; entry and
 * exit are in test_verdict_life.c. */
#include "core/verdict.h"

#include "verdict_world.h"

#define NONE ((double)NAN)

static void
test_small_counts(void **state)
{
    (void)state;
    static const struct {
        const char *name, *target;
        int month;
        double actual;
        enum level level;
        enum rule rule;
    } rows[] = {
        { "T=6 p=9 A=1", "6", 9, 1, LEVEL_WARN, RULE_SML_POISSON },
        { "T=6 p=9 A=2", "6", 9, 2, LEVEL_NORMAL, RULE_SML_POISSON },
        { "T=10 p=6 A=1", "10", 6, 1, LEVEL_SEVERE, RULE_SML_POISSON },
        { "T=10 p=6 A=2", "10", 6, 2, LEVEL_WARN, RULE_SML_POISSON },
        { "T=5 p=9 A=0", "5", 9, 0, LEVEL_SEVERE, RULE_SML_POISSON },
        { "T=5 p=9 A=1", "5", 9, 1, LEVEL_WARN, RULE_SML_POISSON },
        { "T=3 p=9 A=0", "3", 9, 0, LEVEL_WARN, RULE_SML_POISSON },
        { "T=2 p=9 A=0", "2", 9, 0, LEVEL_NORMAL, RULE_SML_POISSON },
        { "T=20 p=6 A=4", "20", 6, 4, LEVEL_SEVERE, RULE_SML_POISSON },
        { "T=20 p=6 A=5", "20", 6, 5, LEVEL_WARN, RULE_SML_POISSON },
        { "one is done or not", "1", 11, 0, LEVEL_REMIND, RULE_BIN_DUE_SOON },
        { "one is done or not", "1", 6, 0, LEVEL_NORMAL, RULE_BIN_PLANNED },
        { "reached", "6", 9, 6, LEVEL_REACHED, RULE_REACHED },
        { "December", "6", 12, 5, LEVEL_SEVERE, RULE_SML_MISSED },
        { "December", "6", 12, 6, LEVEL_REACHED, RULE_REACHED },
        { "March is capped", "20", 3, 0, LEVEL_WARN, RULE_LIN_FIRST_QUARTER },
        { "more than 20 is a pace", "21", 6, 5, LEVEL_SEVERE, RULE_LIN_BAND },
        { "nothing to reach", "0", 6, 0, LEVEL_UNKNOWN, RULE_NO_PACE },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_target(&world, METHOD_SML, CMP_GE, rows[i].target);
        world.indicator.kind = 'F';
        const struct world_row row = { rows[i].name, rows[i].month, rows[i].actual, rows[i].level,
                                       rows[i].rule };
        world_check_rows(&world, &row, 1);
    }
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_SML, CMP_GE, "6");
    CHECK("q", fabs(world_judge(&world, 9, 1).likelihood - 0.061) < 0.0005);
}

static void
start_rate(struct world *world)
{
    world_percent(world, 'C', METHOD_MIL, "100");
    world->indicator.cumulation = CUMULATION_STOCK;
    world_quarters(world);
}

static void
test_milestones(void **state)
{
    (void)state;
    static const struct world_row rows[] = {
        { "January, on the line", 1, 10, LEVEL_NORMAL, RULE_WATCH_LINE },
        { "January, below", 1, 9.9, LEVEL_REMIND, RULE_WATCH_LINE },
        { "March met", 3, 30, LEVEL_NORMAL, RULE_MILESTONE_MET },
        { "March missed", 3, 29.9, LEVEL_SEVERE, RULE_MILESTONE_MISSED },
        { "April, on the line", 4, 41.7, LEVEL_NORMAL, RULE_WATCH_LINE },
        { "April, below", 4, 41.6, LEVEL_REMIND, RULE_WATCH_LINE },
        { "June met", 6, 65, LEVEL_NORMAL, RULE_MILESTONE_MET },
        { "September missed", 9, 84, LEVEL_SEVERE, RULE_MILESTONE_MISSED },
        { "all", 8, 100, LEVEL_REACHED, RULE_REACHED },
        { "December met", 12, 100, LEVEL_REACHED, RULE_REACHED },
        { "December missed", 12, 99.9, LEVEL_SEVERE, RULE_MILESTONE_MISSED },
    };
    struct world world;
    world_init(&world);
    start_rate(&world);
    world_check_rows(&world, rows, COUNT(rows));
    struct verdict verdict = world_judge(&world, 4, 41.6);
    CHECK("the watch line of April", fabs(verdict.expected - 41.666666) < 1e-4);
    CHECK_INT("at once", LEVEL_SEVERE, world_judge(&world, 3, 29).level);
    CHECK_NEAR("plan", 65, verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    world.target.profile = NULL;
    verdict = world_judge(&world, 6, 50);
    CHECK("without a profile by even pace", verdict.is_fallback);
    CHECK_INT("and on it", LEVEL_NORMAL, verdict.level);
}

static void
test_a_missed_milestone_stays_on_record(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    start_rate(&world);
    static const double story[] = { 10, 20, 28, 40, 54, 66, 70, 80, 86, 90, 95, 100 };
    static const struct {
        int month;
        enum level level;
        enum rule rule;
        int missed;
    } want[] = {
        { 2, LEVEL_NORMAL, RULE_WATCH_LINE, 0 },
        { 3, LEVEL_SEVERE, RULE_MILESTONE_MISSED, 3 },
        { 4, LEVEL_SEVERE, RULE_MILESTONE_MISSED, 3 },
        { 5, LEVEL_WARN, RULE_CAUGHT_UP, 3 },
        { 6, LEVEL_NORMAL, RULE_MILESTONE_MET, 3 },
        { 7, LEVEL_REMIND, RULE_WATCH_LINE, 3 },
        { 12, LEVEL_REACHED, RULE_REACHED, 3 },
    };
    for (size_t i = 0; i < COUNT(want); i++) {
        struct verdict verdict = world_judge_story(&world, story, NULL, 12, want[i].month);
        char row[40];
        (void)snprintf(row, sizeof row, "month %d", want[i].month);
        CHECK_TEXT(row, level_name(want[i].level), level_name(verdict.level));
        CHECK_TEXT(row, rule_name(want[i].rule), rule_name(verdict.own_rule));
        CHECK_INT(row, want[i].missed, verdict.missed_month);
    }
}

/* Two or three past years of 2 % in June's half and so on; 2023 as given. */
static struct verdict
judge_with_years(struct world *world, const double *june, const double *whole, int years,
                 double actual)
{
    struct history history = { .view = { NULL, 0 } };
    for (int i = 0; i < years; i++) {
        int year = 2023 - years + i;
        history_add(&history, cal_month(year, 6), june[i]);
        history_add(&history, cal_month(year, 12), whole[i]);
    }
    history_add(&history, cal_month(2023, 6), actual);
    const struct verdict_evidence evidence = { .series = &history.view };
    return verdict_judge(&world->target, &evidence, cal_month(2023, 6));
}

static void
test_seasons(void **state)
{
    (void)state;
    static const double june[] = { 400, 350, 420 };
    static const double whole[] = { 1000, 1000, 1000 };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_SEA, CMP_GE, "1000");
    struct verdict verdict = judge_with_years(&world, june, whole, 3, 380);
    CHECK_INT("0.95 of 400", LEVEL_NORMAL, verdict.level);
    CHECK_INT("by seasons", RULE_SEA_BAND, verdict.rule);
    CHECK_NEAR("median", 0.40, verdict.year_share);
    CHECK_NEAR("lowest", 0.35, verdict.share_low);
    CHECK_NEAR("highest", 0.42, verdict.share_high);
    CHECK_INT("years", 3, verdict.share_years);
    CHECK_NEAR("to last year", -4, verdict.same_period);
    CHECK_NEAR("plan", 400, verdict.expected);
    CHECK_INT("just below", LEVEL_REMIND,
              judge_with_years(&world, june, whole, 3, 379.9).own_level);
    verdict = judge_with_years(&world, june, whole, 1, 380);
    CHECK("one year is too few", verdict.is_fallback);
    CHECK_INT("so by even pace", RULE_LIN_BAND, verdict.own_rule);
    CHECK_NEAR("s", 0.5, verdict.year_share);
    static const double nothing[] = { 0, 0, 0 };
    verdict = judge_with_years(&world, nothing, whole, 3, 0);
    CHECK_INT("nothing is due", LEVEL_NOT_DUE, verdict.level);
    CHECK_INT("nothing is due", RULE_SEASON_NOT_BEGUN, verdict.rule);
    verdict = judge_with_years(&world, june, nothing, 3, 380);
    CHECK("years of nothing have no shares", verdict.is_fallback);

    world_target(&world, METHOD_ACC, CMP_GE, "37");
    world.indicator.kind = 'A';
    static const double ratio[] = { 18 }, year[] = { 36 };
    verdict = judge_with_years(&world, ratio, year, 1, 17.575);
    CHECK_INT("last year's share is enough for ACC", RULE_ACC_BAND, verdict.rule);
    CHECK_INT("r = 0.95", LEVEL_NORMAL, verdict.level);
    verdict = judge_with_years(&world, ratio, year, 0, 17.575);
    CHECK("none", verdict.is_fallback);
    CHECK_NEAR("ratios have no monthly part", NONE, verdict.projection_last);
}

static void
test_relative(void **state)
{
    (void)state;
    struct world world;
    struct cat_indicator gdp = { .id = "gdp", .name = { "GDP增速", "GDP growth" } };
    struct obs_point quarters[] = {
        { .period = cal_period_of(CAL_QUARTER, 2023, 1), .value = 5.7, .has_value = true },
        { .period = cal_period_of(CAL_QUARTER, 2023, 4), .value = 5.5, .has_value = true },
    };
    const struct series_view view = { quarters, 2 };
    world_init(&world);
    world_percent(&world, 'G', METHOD_REL, "0");
    world.target.comparator = CMP_RELATIVE;
    world.target.value = (struct num_decimal){ .value = NONE };
    world.target.unit = NULL;
    world.target.reference = &gdp;
    world.target.offset = 1;
    CHECK_INT("no reference", RULE_NO_REFERENCE, world_judge(&world, 6, 8).rule);
    CHECK_INT("no reference is grey", LEVEL_UNKNOWN, world_judge(&world, 6, 8).level);
    static const struct {
        const char *name;
        int month;
        double actual;
        enum level level;
        enum rule rule;
    } rows[] = {
        { "6.2 is half a point short of 6.7", 6, 6.2, LEVEL_NORMAL, RULE_REL_BAND },
        { "less", 6, 6.1, LEVEL_REMIND, RULE_REL_BAND },
        { "4.7", 6, 4.7, LEVEL_REMIND, RULE_REL_BAND },
        { "4.6", 6, 4.6, LEVEL_WARN, RULE_REL_BAND },
        { "far", 6, -2, LEVEL_SEVERE, RULE_REL_BAND },
        { "February has no quarter yet", 2, 9, LEVEL_UNKNOWN, RULE_NO_REFERENCE },
        { "December against the fourth quarter", 12, 6.5, LEVEL_REACHED, RULE_REACHED },
        { "December, short", 12, 6.4, LEVEL_NORMAL, RULE_REL_BAND },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct obs_point point = { .period = cal_month(2023, rows[i].month),
                                   .value = rows[i].actual,
                                   .has_value = true };
        const struct series_view own = { &point, 1 };
        const struct verdict_evidence evidence = { .series = &own, .reference = &view };
        struct verdict verdict =
            verdict_judge(&world.target, &evidence, cal_month(2023, rows[i].month));
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_TEXT(rows[i].name, rule_name(rows[i].rule), rule_name(verdict.own_rule));
        if (rows[i].month == 6) {
            CHECK_NEAR("T", 6.7, verdict.target_value);
            CHECK("carried", cal_period_equal(quarters[0].period, verdict.carried));
        }
    }
}

static void
test_spring_festival(void **state)
{
    (void)state;
    static const struct world_row rows[] = {
        { "February alone", 2, 1, LEVEL_UNKNOWN, RULE_SPRING_FESTIVAL },
        { "ahead as well", 2, 9, LEVEL_UNKNOWN, RULE_SPRING_FESTIVAL },
        { "eight points short", 2, -1, LEVEL_UNKNOWN, RULE_SPRING_FESTIVAL },
        { "red twice over", 2, -1.1, LEVEL_SEVERE, RULE_GAP_BAND },
        { "March", 3, 1, LEVEL_SEVERE, RULE_GAP_BAND },
    };
    struct world world;
    world_init(&world);
    world_percent(&world, 'G', METHOD_GAP, "7");
    world_check_rows(&world, rows, COUNT(rows));
    CHECK("growth the rest of the year needs",
          fabs(verdict_rest_growth(7, 0.7, 0.47) - 12.6) < 0.05);
    CHECK_NEAR("no rest", NONE, verdict_rest_growth(7, 0.7, 1));
}

static void
test_stocks(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_LVL, CMP_GE, "12000");
    world.indicator.kind = 'S';
    world.indicator.cumulation = CUMULATION_STOCK;
    world.target.base = 10000;
    static const struct world_row rows[] = {
        { "on the path", 6, 11000, LEVEL_NORMAL, RULE_LVL_BAND },
        { "2 % of T below it", 6, 10760, LEVEL_REMIND, RULE_LVL_BAND },
        { "more", 6, 10759, LEVEL_WARN, RULE_LVL_BAND },
        { "5 %", 6, 10400, LEVEL_WARN, RULE_LVL_BAND },
        { "more", 6, 10399, LEVEL_SEVERE, RULE_LVL_BAND },
        { "reached", 6, 12000, LEVEL_REACHED, RULE_REACHED },
        { "December is T itself", 12, 11999, LEVEL_REMIND, RULE_LVL_BAND },
    };
    world_check_rows(&world, rows, COUNT(rows));
    CHECK_NEAR("path", 11000, verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    /* clear to zero */
    world_target(&world, METHOD_LVL, CMP_LE, "0");
    world.target.base = 40;
    static const struct world_row zero[] = {
        { "half are gone", 6, 20, LEVEL_NORMAL, RULE_LVL_BAND },
        { "fewer: no share of zero", 6, 21, LEVEL_SEVERE, RULE_LVL_BAND },
        { "all", 9, 0, LEVEL_REACHED, RULE_REACHED },
    };
    world_check_rows(&world, zero, COUNT(zero));
    /* a negative base, and a target above 100 % */
    world_percent(&world, 'S', METHOD_LVL, "120");
    world.target.base = -20;
    CHECK_NEAR("path from below zero", 50, world_judge(&world, 6, 50).expected);
    CHECK_INT("on it", LEVEL_NORMAL, world_judge(&world, 6, 50).level);
    CHECK_INT("above 100 %", LEVEL_REACHED, world_judge(&world, 12, 121).level);
}

static void
test_reached_then_lost(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'R', METHOD_LVL, "66");
    static const double story[] = { 65, 66.2, 65.8, 60 };
    CHECK_INT("reached", LEVEL_REACHED, world_judge_story(&world, story, NULL, 4, 2).level);
    struct verdict verdict = world_judge_story(&world, story, NULL, 4, 3);
    CHECK_INT("lost, though within the last digit", LEVEL_REMIND, verdict.level);
    CHECK_INT("lost", RULE_REACHED_LOST, verdict.rule);
    verdict = world_judge_story(&world, story, NULL, 4, 4);
    CHECK_INT("and far", LEVEL_SEVERE, verdict.own_level);
    CHECK_INT("and far", RULE_REACHED_LOST, verdict.own_rule);
}

/* What the series usually changes by is no lag; of changes up to the last year only. */
static void
test_usual_change(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    world_init(&world);
    world_percent(&world, 'R', METHOD_LVL, "66");
    world.indicator.cumulation = CUMULATION_STOCK;
    for (int month = 1; month <= 12; month++)
        history_add(&history, cal_month(2022, month), month % 2 ? 64 : 65);
    history_add(&history, cal_month(2023, 6), 64);
    const struct verdict_evidence evidence = { .series = &history.view };
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("tau", 2, verdict.tolerance);
    CHECK_INT("two below", LEVEL_NORMAL, verdict.level);
    history.points[12].value = 63.9;
    CHECK_INT("more", LEVEL_WARN,
              verdict_judge(&world.target, &evidence, cal_month(2023, 6)).level);
}

static void
test_cohorts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double cases, rate;
        int month;
        enum level level;
        enum rule rule;
    } rows[] = {
        { "none reported", NONE, 80, 6, LEVEL_UNKNOWN, RULE_NO_CASES },
        { "no cases", 0, 0, 6, LEVEL_NOT_APPLICABLE, RULE_ZERO_CASES },
        { "four are too few", 4, 0, 6, LEVEL_UNKNOWN, RULE_FEW_CASES },
        { "five are not", 5, 80, 6, LEVEL_NORMAL, RULE_COH_BAND },
        { "at T", 200, 80, 6, LEVEL_NORMAL, RULE_COH_BAND },
        { "at T in December", 200, 80, 12, LEVEL_REACHED, RULE_REACHED },
        { "five below", 200, 75, 6, LEVEL_REMIND, RULE_COH_BAND },
        { "more", 200, 74.9, 6, LEVEL_WARN, RULE_COH_BAND },
        { "fifteen below", 200, 65, 6, LEVEL_WARN, RULE_COH_BAND },
        { "more", 200, 64.9, 6, LEVEL_SEVERE, RULE_COH_BAND },
        { "few cases cannot tell", 10, 60, 6, LEVEL_WARN, RULE_COH_WILSON },
        { "ten cases can", 10, 30, 6, LEVEL_SEVERE, RULE_COH_BAND },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        struct cat_indicator cases = { .id = "n" };
        world_init(&world);
        world_percent(&world, 'C', METHOD_COH, "80");
        world.indicator.cases = &cases;
        struct obs_point n = { .period = cal_month(2023, rows[i].month),
                               .value = rows[i].cases,
                               .has_value = true };
        struct obs_point rate = { .period = cal_month(2023, rows[i].month),
                                  .value = rows[i].rate,
                                  .has_value = true };
        size_t reported = isnan(rows[i].cases) ? 0u : 1u;
        const struct series_view number = { &n, reported };
        const struct series_view own = { &rate, 1 };
        const struct verdict_evidence evidence = { .series = &own, .cases = &number };
        struct verdict verdict =
            verdict_judge(&world.target, &evidence, cal_month(2023, rows[i].month));
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_TEXT(rows[i].name, rule_name(rows[i].rule), rule_name(verdict.own_rule));
    }
    struct world world;
    world_init(&world);
    world_percent(&world, 'C', METHOD_COH, "80");
    struct verdict verdict = world_judge(&world, 6, 80);
    CHECK("without a number of cases by the rate", verdict.is_rate_only);
    CHECK_INT("without a number of cases by the rate", LEVEL_NORMAL, verdict.level);
}

static void
test_hold(void **state)
{
    (void)state;
    static const struct world_row rows[] = {
        { "kept", 6, 100, LEVEL_NORMAL, RULE_HOLD_KEPT },
        { "5 % below", 6, 95, LEVEL_WARN, RULE_HOLD_BELOW },
        { "more", 6, 94.9, LEVEL_SEVERE, RULE_HOLD_BELOW },
        { "to the end", 12, 100, LEVEL_REACHED, RULE_REACHED },
        { "not to the end", 12, 90, LEVEL_SEVERE, RULE_HOLD_BELOW },
    };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_HOLD, CMP_GE, "100");
    world.indicator.kind = 'H';
    world_check_rows(&world, rows, COUNT(rows));
    static const double story[] = { 99, 101, 101, 101, 101, 101, 101, 101, 101, 101, 101, 101 };
    struct verdict verdict = world_judge_story(&world, story, NULL, 12, 12);
    CHECK_INT("below in January", LEVEL_REMIND, verdict.level);
    CHECK_INT("below in January", RULE_HOLD_WAS_BELOW, verdict.rule);
    CHECK_INT("once", 1, verdict.periods_below);
    world_target(&world, METHOD_HOLD, CMP_GE, "0");
    CHECK_INT("zero has no share", LEVEL_SEVERE, world_judge(&world, 12, -1).level);
    world_target(&world, METHOD_HOLD, CMP_LE, "100");
    CHECK_INT("at most", LEVEL_NORMAL, world_judge(&world, 6, 99).level);
    CHECK_INT("at most", LEVEL_WARN, world_judge(&world, 6, 104).level);
}

static void
test_steps(void **state)
{
    (void)state;
    static const struct world_row once[] = {
        { "before", 11, 0, LEVEL_NOT_DUE, RULE_BEFORE_FIRST_STEP },
        { "all the same", 6, 10000, LEVEL_REACHED, RULE_REACHED },
        { "December, short", 12, 9500, LEVEL_REMIND, RULE_LIN_MISSED },
        { "December, none", 12, 0, LEVEL_SEVERE, RULE_LIN_MISSED },
        { "December", 12, 10000, LEVEL_REACHED, RULE_REACHED },
    };
    static const struct world_row twice[] = {
        { "before", 5, 0, LEVEL_NOT_DUE, RULE_BEFORE_FIRST_STEP },
        { "the first", 6, 3800, LEVEL_NORMAL, RULE_STEP_BAND },
        { "less", 6, 3799, LEVEL_REMIND, RULE_STEP_BAND },
        { "between, nothing more is due", 10, 3800, LEVEL_NORMAL, RULE_STEP_BAND },
    };
    const struct cat_profile profile = {
        .form = PROFILE_STEPS, .count = 2, .month = { 6, 12 }, .share = { 0.4, 1 }
    };
    struct world world;
    world_init(&world);
    world.target.method = METHOD_STEP;
    world.indicator.kind = 'F';
    world_check_rows(&world, once, COUNT(once));
    world.target.profile = &profile;
    world_check_rows(&world, twice, COUNT(twice));
    CHECK_NEAR("plan", 4000, verdict_plan_value(&world.target, NULL, cal_month(2023, 10)));
    struct verdict verdict = world_judge_period(&world, cal_month(2023, 5), 0, cal_month(2023, 8));
    CHECK_INT("due, and nothing known since", RULE_NO_DATA_SINCE_STEP, verdict.rule);
    const struct series_view nothing = { NULL, 0 };
    const struct verdict_evidence evidence = { .series = &nothing };
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 5));
    CHECK_INT("without data not due either", LEVEL_NOT_DUE, verdict.level);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("then due", LEVEL_UNKNOWN, verdict.level);
}

static void
test_one_off(void **state)
{
    (void)state;
    static const struct world_row rows[] = {
        { "planned", 4, 0, LEVEL_NORMAL, RULE_BIN_PLANNED },
        { "the month before", 5, 0, LEVEL_REMIND, RULE_BIN_DUE_SOON },
        { "due", 6, 0, LEVEL_SEVERE, RULE_BIN_OVERDUE },
        { "after", 9, 0, LEVEL_SEVERE, RULE_BIN_OVERDUE },
        { "done", 9, 1, LEVEL_REACHED, RULE_REACHED },
        { "done early", 2, 1, LEVEL_REACHED, RULE_REACHED },
    };
    const struct cat_profile profile = {
        .form = PROFILE_DATE, .count = 1, .month = { 6 }, .share = { 1 }
    };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_BIN, CMP_GE, "1");
    world.indicator.kind = 'B';
    world.target.profile = &profile;
    world_check_rows(&world, rows, COUNT(rows));
    CHECK_INT("at once", LEVEL_SEVERE, world_judge(&world, 6, 0).level);
    world.target.period = TARGET_BY_YEAR;
    world.target.year = 2027;
    CHECK_INT("due years later", LEVEL_NORMAL, world_judge(&world, 6, 0).level);
}

static void
test_by_hand(void **state)
{
    (void)state;
    struct world world;
    const struct series_view nothing = { NULL, 0 };
    const struct verdict_evidence evidence = { .series = &nothing };
    world_init(&world);
    world_target(&world, METHOD_MAN, CMP_GE, "1");
    CHECK_INT("attested", RULE_ATTESTED, world_judge(&world, 6, 1).rule);
    CHECK_INT("not", RULE_MANUAL, world_judge(&world, 6, 0).rule);
    CHECK_INT("nothing", RULE_MANUAL,
              verdict_judge(&world.target, &evidence, cal_month(2023, 6)).rule);
    world.target.unit = NULL;
    world.target.method = METHOD_LIN;
    world.indicator.kind = 'K';
    CHECK_INT("a claim without a number", LEVEL_REACHED, world_judge(&world, 6, 1).level);
    CHECK_INT("a claim without a number", LEVEL_UNKNOWN, world_judge(&world, 6, 0).level);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_counts),
        cmocka_unit_test(test_milestones),
        cmocka_unit_test(test_a_missed_milestone_stays_on_record),
        cmocka_unit_test(test_seasons),
        cmocka_unit_test(test_relative),
        cmocka_unit_test(test_spring_festival),
        cmocka_unit_test(test_stocks),
        cmocka_unit_test(test_reached_then_lost),
        cmocka_unit_test(test_usual_change),
        cmocka_unit_test(test_cohorts),
        cmocka_unit_test(test_hold),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_one_off),
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
