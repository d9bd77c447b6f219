/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arithmetic of verdicts; their words are in test_verdict_sentence.c. */
#include "core/verdict.h"

#include "verdict_world.h"

#define NONE ((double)NAN)

/* docs/verdicts.md: 3600 of 10000 mu at the end of June. */
static void
test_the_example_of_the_book(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    struct verdict verdict = world_judge(&world, 6, 3600);
    CHECK_INT("level", LEVEL_WARN, verdict.level);
    CHECK_INT("rule", RULE_LIN_BAND, verdict.rule);
    CHECK("target", verdict.target == &world.target);
    CHECK("asked", cal_period_equal(cal_month(2023, 6), verdict.asked));
    CHECK("period", cal_period_equal(cal_month(2023, 6), verdict.period));
    CHECK_INT("position", 77, verdict.position);
    CHECK("simulated", !verdict.is_simulated);
    CHECK_NEAR("A", 3600, verdict.actual);
    CHECK_NEAR("plan", 5000, verdict.expected);
    CHECK_NEAR("T", 10000, verdict.target_value);
    CHECK_NEAR("c", 0.36, verdict.completion);
    CHECK_NEAR("s", 0.5, verdict.year_share);
    CHECK_NEAR("r", 0.72, verdict.ratio);
    CHECK_NEAR("g", -14, verdict.gap);
    CHECK_NEAR("kappa", 1.28, verdict.needed_pace);
    CHECK_NEAR("projection", 7200, verdict.projection);
}

/* docs/verdicts.md, GAP: growth of 0.7 against 7, first half of 2023. */
static void
test_growth_of_the_first_half(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'G', METHOD_GAP, "7");
    struct verdict verdict = world_judge(&world, 6, 0.7);
    CHECK_INT("level", LEVEL_SEVERE, verdict.own_level);
    CHECK_INT("rule", RULE_GAP_BAND, verdict.own_rule);
    CHECK_INT("to be confirmed", LEVEL_WARN, verdict.level);
    CHECK_INT("to be confirmed", RULE_UNCONFIRMED, verdict.rule);
    CHECK_NEAR("gap", -6.3, verdict.gap);
    CHECK_NEAR("plan", 7, verdict.expected);
    CHECK_NEAR("c has no meaning", NONE, verdict.completion);
    CHECK_NEAR("s has no meaning", NONE, verdict.year_share);
    CHECK_NEAR("r has no meaning", NONE, verdict.ratio);
    CHECK_NEAR("kappa has no meaning", NONE, verdict.needed_pace);
    CHECK_NEAR("no projection", NONE, verdict.projection);
}

/* Bands are what the period's own numbers say; what the periods before make of it is in
 * test_verdict_life.c. */
static void
test_linear(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int month;
        double actual;
        enum level level;
        enum rule rule;
    } rows[] = {
        /* T is 10000: in June r = A / 5000 */
        { "nothing at all", 6, 0, LEVEL_SEVERE, RULE_LIN_BAND },
        { "negative", 6, -5, LEVEL_SEVERE, RULE_LIN_BAND },
        { "just below warn", 6, 2999, LEVEL_SEVERE, RULE_LIN_BAND },
        { "warn from 0.60", 6, 3000, LEVEL_WARN, RULE_LIN_BAND },
        { "just below remind", 6, 4249, LEVEL_WARN, RULE_LIN_BAND },
        { "remind from 0.85", 6, 4250, LEVEL_REMIND, RULE_LIN_BAND },
        { "just below normal", 6, 4749, LEVEL_REMIND, RULE_LIN_BAND },
        { "normal from 0.95", 6, 4750, LEVEL_NORMAL, RULE_LIN_BAND },
        { "ahead", 6, 9999, LEVEL_NORMAL, RULE_LIN_BAND },
        { "reached early", 6, 10000, LEVEL_REACHED, RULE_REACHED },
        { "more than reached", 6, 12000, LEVEL_REACHED, RULE_REACHED },
        /* first quarter */
        { "January, nothing", 1, 0, LEVEL_WARN, RULE_LIN_FIRST_QUARTER },
        { "March, just below warn", 3, 1499, LEVEL_WARN, RULE_LIN_FIRST_QUARTER },
        { "March, warn by itself", 3, 1500, LEVEL_WARN, RULE_LIN_BAND },
        { "March, remind stays", 3, 2125, LEVEL_REMIND, RULE_LIN_BAND },
        { "April, no cap", 4, 1999, LEVEL_SEVERE, RULE_LIN_BAND },
        { "February is two twelfths", 2, 1584, LEVEL_NORMAL, RULE_LIN_BAND },
        { "February, below", 2, 1583, LEVEL_REMIND, RULE_LIN_BAND },
        /* the year's end */
        { "December, one short", 12, 9999, LEVEL_REMIND, RULE_LIN_MISSED },
        { "December, 0.85", 12, 8500, LEVEL_REMIND, RULE_LIN_MISSED },
        { "December, below 0.85", 12, 8499, LEVEL_WARN, RULE_LIN_MISSED },
        { "December, below 0.60", 12, 5999, LEVEL_SEVERE, RULE_LIN_MISSED },
        { "December, reached", 12, 10000, LEVEL_REACHED, RULE_REACHED },
        { "November is no year's end", 11, 9999, LEVEL_NORMAL, RULE_LIN_BAND },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_TEXT(rows[i].name, rule_name(rows[i].rule), rule_name(verdict.own_rule));
    }
}

static void
test_linear_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int month;
        double actual, needed, projection;
    } rows[] = {
        { "no projection before March", 2, 1000, 0.9 / (10.0 / 12), NONE },
        { "projection from March", 3, 2500, 1, 10000 },
        { "reached early needs nothing", 6, 12000, 0, 24000 },
        { "the year is over", 12, 9000, NONE, 9000 },
        { "nothing yet", 6, 0, 2, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        CHECK_NEAR(rows[i].name, rows[i].needed, verdict.needed_pace);
        CHECK_NEAR(rows[i].name, rows[i].projection, verdict.projection);
    }
}

static void
test_linear_by_quarters(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world.calendar.freq = CAL_QUARTER;
    world.calendar.months = QUARTER_ENDS;
    struct cal_period third = cal_period_of(CAL_QUARTER, 2023, 3);
    struct verdict verdict = world_judge_period(&world, third, 7500, cal_month(2023, 11));
    CHECK_NEAR("s", 0.75, verdict.year_share);
    CHECK_NEAR("r", 1, verdict.ratio);
    CHECK_INT("level", LEVEL_NORMAL, verdict.own_level);
    verdict =
        world_judge_period(&world, cal_period_of(CAL_QUARTER, 2023, 1), 0, cal_month(2023, 5));
    CHECK_INT("first quarter", RULE_LIN_FIRST_QUARTER, verdict.own_rule);
    verdict =
        world_judge_period(&world, cal_period_of(CAL_YEAR, 2023, 1), 9999, cal_month(2023, 12));
    CHECK_INT("a year ends in December", RULE_LIN_MISSED, verdict.own_rule);
}

static void
test_comparators(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum comparator comparator;
        int month;
        double actual;
        enum level level;
    } rows[] = {
        { "≥ at T", CMP_GE, 12, 10000, LEVEL_REACHED },
        { "> at T misses", CMP_GT, 12, 10000, LEVEL_REMIND },
        { "> above T", CMP_GT, 12, 10001, LEVEL_REACHED },
        { "> at T in June", CMP_GT, 6, 10000, LEVEL_NORMAL },
        { "= at T", CMP_EQ, 12, 10000, LEVEL_REACHED },
        { "= above T is not short", CMP_EQ, 12, 10001, LEVEL_NORMAL },
        { "= below T", CMP_EQ, 12, 9999, LEVEL_REMIND },
        { "≈ five in a hundred below", CMP_APPROX, 12, 9500, LEVEL_REACHED },
        { "≈ less", CMP_APPROX, 12, 9499, LEVEL_REMIND },
        { "≈ five in a hundred above", CMP_APPROX, 12, 10500, LEVEL_REACHED },
        { "≈ more", CMP_APPROX, 12, 10501, LEVEL_NORMAL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world.target.comparator = rows[i].comparator;
        CHECK_TEXT(rows[i].name, level_name(rows[i].level),
                   level_name(world_judge(&world, rows[i].month, rows[i].actual).own_level));
    }
}

static void
test_growth(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *target;
        int month;
        double actual;
        enum level level;
        enum direction direction;
    } rows[] = {
        { "above", "7", 6, 9, LEVEL_NORMAL, DIRECTION_UP },
        { "normal to -0.5", "7", 6, 6.5, LEVEL_NORMAL, DIRECTION_UP },
        { "remind below", "7", 6, 6.49, LEVEL_REMIND, DIRECTION_UP },
        { "remind to -2", "7", 6, 5, LEVEL_REMIND, DIRECTION_UP },
        { "warn below", "7", 6, 4.99, LEVEL_WARN, DIRECTION_UP },
        { "warn to -4", "7", 6, 3, LEVEL_WARN, DIRECTION_UP },
        { "severe below", "7", 6, 2.99, LEVEL_SEVERE, DIRECTION_UP },
        { "no cap in the first quarter", "7", 2, -3, LEVEL_SEVERE, DIRECTION_UP },
        { "1.1 less 0.6 is more than 0.5 in doubles", "1.1", 6, 0.6, LEVEL_NORMAL, DIRECTION_UP },
        { "and 4.9 less 2.9 more than 2", "4.9", 6, 2.9, LEVEL_REMIND, DIRECTION_UP },
        { "decimals do not add up in doubles", "8.1", 6, 7.6, LEVEL_NORMAL, DIRECTION_UP },
        { "nor here", "0.9", 6, 0.4, LEVEL_NORMAL, DIRECTION_UP },
        { "November is not the end", "7", 11, 9, LEVEL_NORMAL, DIRECTION_UP },
        { "December", "7", 12, 7, LEVEL_REACHED, DIRECTION_UP },
        { "December, short", "7", 12, 6.9, LEVEL_NORMAL, DIRECTION_UP },
        { "less is better: below", "3", 6, 2, LEVEL_NORMAL, DIRECTION_DOWN },
        { "less is better: 0.5 above", "3", 6, 3.5, LEVEL_NORMAL, DIRECTION_DOWN },
        { "less is better: more above", "3", 6, 3.6, LEVEL_REMIND, DIRECTION_DOWN },
        { "less is better: far above", "3", 6, 7.1, LEVEL_SEVERE, DIRECTION_DOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'G', METHOD_GAP, rows[i].target);
        world.indicator.direction = rows[i].direction;
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_INT(rows[i].name, rows[i].level == LEVEL_REACHED ? RULE_REACHED : RULE_GAP_BAND,
                  verdict.own_rule);
    }
}

static void
test_levels(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum comparator comparator;
        const char *target;
        enum direction direction;
        double actual;
        enum level level;
    } rows[] = {
        { "at T", CMP_GE, "66", DIRECTION_UP, 66, LEVEL_REACHED },
        { "within half of the last digit", CMP_GE, "66", DIRECTION_UP, 65.5, LEVEL_NORMAL },
        { "not within", CMP_GE, "66", DIRECTION_UP, 65.49, LEVEL_REMIND },
        { "a decimal more is stricter", CMP_GE, "66.0", DIRECTION_UP, 65.94, LEVEL_REMIND },
        { "its half", CMP_GE, "66.0", DIRECTION_UP, 65.95, LEVEL_NORMAL },
        { "remind to 2 %", CMP_GE, "50.0", DIRECTION_UP, 49, LEVEL_REMIND },
        { "warn below", CMP_GE, "50.0", DIRECTION_UP, 48.99, LEVEL_WARN },
        { "warn to 5 %", CMP_GE, "50.0", DIRECTION_UP, 47.5, LEVEL_WARN },
        { "severe below", CMP_GE, "50.0", DIRECTION_UP, 47.49, LEVEL_SEVERE },
        { "> at T", CMP_GT, "38", DIRECTION_UP, 38, LEVEL_NORMAL },
        { "> above T", CMP_GT, "38", DIRECTION_UP, 38.1, LEVEL_REACHED },
        { "≤ at T", CMP_LE, "50.0", DIRECTION_DOWN, 50, LEVEL_REACHED },
        { "≤ below T", CMP_LE, "50.0", DIRECTION_DOWN, 10, LEVEL_REACHED },
        { "≤ 2 % above", CMP_LE, "50.0", DIRECTION_DOWN, 51, LEVEL_REMIND },
        { "≤ more above", CMP_LE, "50.0", DIRECTION_DOWN, 51.1, LEVEL_WARN },
        { "≤ far above", CMP_LE, "50.0", DIRECTION_DOWN, 52.6, LEVEL_SEVERE },
        { "= at T", CMP_EQ, "100", DIRECTION_UP, 100, LEVEL_REACHED },
        { "= nearly", CMP_EQ, "100", DIRECTION_UP, 99.6, LEVEL_NORMAL },
        { "zero, short", CMP_GE, "0.0", DIRECTION_UP, -1, LEVEL_SEVERE },
        { "zero, met", CMP_GE, "0.0", DIRECTION_UP, 0, LEVEL_REACHED },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'R', METHOD_LVL, rows[i].target);
        world.target.comparator = rows[i].comparator;
        world.indicator.direction = rows[i].direction;
        struct verdict verdict = world_judge(&world, 2, rows[i].actual);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_INT(rows[i].name, rows[i].level == LEVEL_REACHED ? RULE_REACHED : RULE_LVL_BAND,
                  verdict.own_rule);
        CHECK_NEAR(rows[i].name, rows[i].actual - world.target.value.value, verdict.gap);
        CHECK_NEAR(rows[i].name, world.target.value.value, verdict.expected);
    }
    struct world world;
    world_init(&world);
    world_percent(&world, 'S', METHOD_LVL, "50");
    struct verdict verdict = world_judge(&world, 6, 48);
    CHECK_INT("a stock is judged the same", LEVEL_WARN, verdict.own_level);
    CHECK_NEAR("c", 0.96, verdict.completion);
}

/* Rules that decide before any method does, in their order. */
static void
test_before_the_methods(void **state)
{
    (void)state;
    struct world world;
    const struct series_view nothing = { NULL, 0 };
    world_init(&world);

    struct verdict verdict = verdict_judge(
        &world.target, &(struct verdict_evidence){ .series = &nothing }, cal_month(2023, 6));
    CHECK_INT("no data", LEVEL_UNKNOWN, verdict.level);
    CHECK_INT("no data", RULE_NO_DATA, verdict.rule);
    CHECK_INT("no data", CAL_NONE, verdict.period.freq);
    CHECK_INT("no data", 0, verdict.position);
    CHECK_NEAR("no data", NONE, verdict.actual);
    CHECK_NEAR("no data", 10000, verdict.target_value);

    world.calendar.months = NO_JANUARY;
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 1));
    CHECK_INT("January", LEVEL_NOT_DUE, verdict.level);
    CHECK_INT("January", RULE_NOT_DUE, verdict.rule);
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 2));
    CHECK_INT("February", RULE_NO_DATA, verdict.rule);

    world.calendar = (struct cat_calendar){ .freq = CAL_YEAR, .months = 1 << 12 };
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 11));
    CHECK_INT("annual in November", RULE_NOT_DUE, verdict.rule);
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 12));
    CHECK_INT("annual in December", RULE_NO_DATA, verdict.rule);

    world.target.comparator = CMP_PENDING;
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 6));
    CHECK_INT("pending comes before no data", RULE_PENDING, verdict.rule);
    CHECK_INT("pending", LEVEL_PENDING, verdict.level);
    world.target.comparator = CMP_GE;
    world.target.status = TARGET_PENDING;
    CHECK_INT("pending by status", RULE_PENDING, world_judge(&world, 6, 3600).rule);
    CHECK_NEAR("no plan while pending", NONE,
               verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));

    world.target.status = TARGET_NOT_APPLICABLE;
    verdict = world_judge(&world, 6, 3600);
    CHECK_INT("not applicable comes first", RULE_NOT_APPLICABLE, verdict.rule);
    CHECK_INT("not applicable", LEVEL_NOT_APPLICABLE, verdict.level);

    world_init(&world);
    world.target.value = (struct num_decimal){ .value = NONE };
    world.target.unit = NULL;
    CHECK_INT("issued without a number", RULE_PENDING, world_judge(&world, 6, 3600).rule);
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "0");
    CHECK_INT("no pace to zero", LEVEL_UNKNOWN, world_judge(&world, 6, 3600).level);
}

/* A late value: the latest of the year up to the month asked for is judged, by its own month; last
 * year's is not. */
static void
test_which_value_is_judged(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    const struct obs_point points[] = {
        { .period = cal_month(2022, 12), .value = 9000, .has_value = true, .position = 1 },
        { .period = cal_month(2023, 4), .value = 3000, .has_value = true, .position = 2 },
        { .period = cal_month(2023, 5), .value = NONE, .status = 'O', .position = 3 },
        { .period = cal_month(2023, 7),
          .value = 7000,
          .has_value = true,
          .position = 4,
          .is_simulated = true },
    };
    const struct series_view view = { points, COUNT(points) };
    struct verdict verdict = verdict_judge(
        &world.target, &(struct verdict_evidence){ .series = &view }, cal_month(2023, 6));
    CHECK_INT("April for June", 2, verdict.position);
    CHECK_NEAR("by April's share", 4.0 / 12, verdict.year_share);
    CHECK_NEAR("April's plan", 10000 * 4.0 / 12, verdict.expected);
    CHECK("asked", cal_period_equal(cal_month(2023, 6), verdict.asked));
    CHECK("not simulated", !verdict.is_simulated);
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &view },
                            cal_month(2023, 9));
    CHECK_INT("July for September", 4, verdict.position);
    CHECK("simulated", verdict.is_simulated);
    CHECK_INT("December's value is last year's", RULE_NO_DATA,
              verdict_judge(&world.target, &(struct verdict_evidence){ .series = &view },
                            cal_month(2023, 3))
                  .rule);
    CHECK_INT("the year ends only with December's value", RULE_LIN_BAND,
              verdict_judge(&world.target, &(struct verdict_evidence){ .series = &view },
                            cal_month(2023, 12))
                  .rule);
}

static void
test_plan_values_by_method(void **state)
{
    (void)state;
    static const struct {
        enum method method;
        char kind;
        double plan; /* in June, of 10000 */
    } rows[] = {
        { METHOD_SEA, 'V', 5000 },  { METHOD_SEA, 'N', 5000 },   { METHOD_SML, 'F', 5000 },
        { METHOD_ACC, 'A', 5000 },  { METHOD_STEP, 'F', 0 },     { METHOD_BIN, 'B', 0 },
        { METHOD_COH, 'C', 10000 }, { METHOD_HOLD, 'H', 10000 }, { METHOD_MIL, 'C', 5000 },
        { METHOD_CAGR, 'S', NONE }, { METHOD_REL, 'G', NONE },   { METHOD_MAN, 'K', 10000 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world.target.method = rows[i].method;
        world.indicator.kind = rows[i].kind;
        CHECK_NEAR(method_name(rows[i].method), rows[i].plan,
                   verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    }
}

static void
test_plan_values(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    CHECK_NEAR("January", 10000 / 12.0,
               verdict_plan_value(&world.target, NULL, cal_month(2023, 1)));
    CHECK_NEAR("December", 10000, verdict_plan_value(&world.target, NULL, cal_month(2023, 12)));
    CHECK_NEAR("half-year", 5000,
               verdict_plan_value(&world.target, NULL, cal_period_of(CAL_HALF, 2023, 1)));
    world_percent(&world, 'G', METHOD_GAP, "7");
    CHECK_NEAR("growth", 7, verdict_plan_value(&world.target, NULL, cal_month(2023, 1)));
    world.target.unit = NULL;
    CHECK_NEAR("no number", NONE, verdict_plan_value(&world.target, NULL, cal_month(2023, 1)));
    world_init(&world);
    world.target.method = METHOD_NA;
    CHECK_NEAR("not applicable", NONE, verdict_plan_value(&world.target, NULL, cal_month(2023, 1)));
}

/* A random target of a built method, ≥ or > upwards and ≤ downwards. */
static void
random_world(struct world *world, uint64_t *chance)
{
    static const enum method built[] = { METHOD_LIN, METHOD_GAP, METHOD_LVL };
    enum method method = built[chance_between(chance, 0, 2)];
    bool is_down = method != METHOD_LIN && chance_between(chance, 0, 1);
    enum comparator up = chance_between(chance, 0, 1) ? CMP_GT : CMP_GE;
    char value[32];
    (void)snprintf(value, sizeof value, "%d.%d", (int)chance_between(chance, 1, 200),
                   (int)chance_between(chance, 0, 9));
    world_init(world);
    world_target(world, method, is_down ? CMP_LE : up, value);
    world->indicator.direction = is_down ? DIRECTION_DOWN : DIRECTION_UP;
}

/* A better value never makes a worse verdict. */
static void
test_better_values_are_never_judged_worse(void **state)
{
    (void)state;
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 100000; i++) {
        struct world world;
        random_world(&world, &chance);
        int month = (int)chance_between(&chance, 1, 12);
        double sign = world.indicator.direction == DIRECTION_DOWN ? -1 : 1;
        double value = (double)chance_between(&chance, -100, 2500) / 10;
        double better = value + sign * (double)chance_between(&chance, 1, 60) / 10;
        int worse_grade = grade(world_judge(&world, month, value).level);
        int better_grade = grade(world_judge(&world, month, better).level);
        char row[120];
        (void)snprintf(row, sizeof row, "%s %s %s, month %d: %g and %g",
                       method_name(world.target.method), comparator_name(world.target.comparator),
                       world.target.value.text, month, value, better);
        if (world.target.method == METHOD_GAP && month <= 2)
            continue; /* not judged around the Spring Festival */
        CHECK(row, worse_grade >= 1 && better_grade >= 1);
        CHECK(row, better_grade >= worse_grade);
    }
}

/* Whether land is counted in mu, ten thousand mu or hectares, in the target or in the series: the
 * verdict is one. */
static void
test_units_do_not_matter(void **state)
{
    (void)state;
    static const double factors[] = { 1, 10000, 15, 0.001 };
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 100000; i++) {
        struct world plain, other;
        uint64_t fork = chance;
        random_world(&plain, &chance);
        random_world(&other, &fork); /* the same */
        if (plain.target.method == METHOD_GAP)
            continue; /* points are points */
        /* the series in another unit, and so the target's number in its own */
        double factor = factors[chance_between(&chance, 0, 3)];
        other.unit.factor = factor;
        int month = (int)chance_between(&chance, 1, 12);
        double value = (double)chance_between(&chance, 0, 2500) / 10;
        struct verdict a = world_judge(&plain, month, value);
        struct verdict b = world_judge(&other, month, value / factor);
        char row[120];
        (void)snprintf(row, sizeof row, "%s %s, month %d, %g, factor %g",
                       method_name(plain.target.method), plain.target.value.text, month, value,
                       factor);
        CHECK_TEXT(row, level_name(a.level), level_name(b.level));
        CHECK_TEXT(row, rule_name(a.rule), rule_name(b.rule));
        CHECK_NEAR(row, a.ratio, b.ratio);
        CHECK_NEAR(row, a.completion, b.completion);
        CHECK(row, fabs(a.target_value - b.target_value * factor) <= 1e-9 * a.target_value);
    }
}

static void
test_words(void **state)
{
    (void)state;
    enum level level = LEVEL_NORMAL;
#define X(name, id, zh, en)                        \
    CHECK_TEXT(id, id, level_name(name));          \
    CHECK_TEXT(id, zh, level_word(name, LANG_ZH)); \
    CHECK_TEXT(id, en, level_word(name, LANG_EN)); \
    CHECK_INT(id, 0, level_parse(id, &level));     \
    CHECK_INT(id, name, level);
    LEVEL_TABLE(X)
#undef X
#define X(name, id) CHECK_TEXT(id, id, rule_name(name));
    RULE_TABLE(X)
#undef X
    CHECK_INT("unknown", ERR_UNKNOWN, level_parse("red", &level));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_book),
        cmocka_unit_test(test_growth_of_the_first_half),
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_linear_numbers),
        cmocka_unit_test(test_linear_by_quarters),
        cmocka_unit_test(test_comparators),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_before_the_methods),
        cmocka_unit_test(test_which_value_is_judged),
        cmocka_unit_test(test_plan_values_by_method),
        cmocka_unit_test(test_plan_values),
        cmocka_unit_test(test_better_values_are_never_judged_worse),
        cmocka_unit_test(test_units_do_not_matter),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
