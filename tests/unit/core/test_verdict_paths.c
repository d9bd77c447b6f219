/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths over several years, the years a target speaks of, and paths that are limits. */
#include "core/verdict.h"

#include "verdict_world.h"

#define NONE ((double)NAN)

static void
test_paths_over_years(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'R', METHOD_CAGR, "40");
    world.target.period = TARGET_BY_YEAR;
    world.target.year = 2027;
    CHECK_INT("no base", RULE_NO_BASE, world_judge(&world, 6, 31).rule);
    world.target.base = 30;
    static const struct world_row rows[] = {
        { "a tenth of the way", 6, 31, LEVEL_NORMAL, RULE_CAGR_BAND },
        { "0.95 of it", 6, 30.95, LEVEL_NORMAL, RULE_CAGR_BAND },
        { "less", 6, 30.94, LEVEL_REMIND, RULE_CAGR_BAND },
        { "0.6", 6, 30.6, LEVEL_WARN, RULE_CAGR_BAND },
        { "less", 6, 30.59, LEVEL_SEVERE, RULE_CAGR_BAND },
        { "the first quarter", 3, 30, LEVEL_WARN, RULE_LIN_FIRST_QUARTER },
        { "reached early", 6, 40, LEVEL_REACHED, RULE_REACHED },
        { "December is not the end", 12, 32, LEVEL_NORMAL, RULE_CAGR_BAND },
    };
    world_check_rows(&world, rows, COUNT(rows));
    struct verdict verdict = world_judge(&world, 12, 32);
    CHECK_NEAR("a fifth", 0.2, verdict.year_share);
    CHECK_NEAR("path", 32, verdict.expected);
    double want = (32.0 / 30 - 1) / (pow(40.0 / 30, 0.2) - 1);
    CHECK("R", fabs(want - verdict.cagr_ratio) < 1e-9);
    CHECK_NEAR("plan", 31, verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    /* less is better, and already there */
    world.indicator.direction = DIRECTION_DOWN;
    CHECK_INT("down: B below T is kept", LEVEL_NORMAL, world_judge(&world, 6, 35).level);
    world.target.base = 50;
    CHECK_INT("down, on the path", LEVEL_NORMAL, world_judge(&world, 6, 49).level);
    CHECK_INT("down, the wrong way", LEVEL_SEVERE, world_judge(&world, 6, 51).level);
    world.indicator.direction = DIRECTION_UP;
    world.target.base = -10;
    CHECK_NEAR("no growth ratio of a negative base", NONE, world_judge(&world, 6, -5).cagr_ratio);
    CHECK_INT("a negative base", LEVEL_NORMAL, world_judge(&world, 6, -5).level);
}

/* A count over the years: the Decembers since `from` and this year so far. */
static void
test_counts_over_years(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "300");
    world.indicator.kind = 'F';
    world.target.period = TARGET_BY_YEAR;
    world.target.from = 2022;
    world.target.year = 2026;
    history_add(&history, cal_month(2022, 12), 60);
    history_add(&history, cal_month(2023, 6), 30);
    const struct verdict_evidence evidence = { .series = &history.view };
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("60 and 30", 90, verdict.actual);
    CHECK_NEAR("of 300 in one and a half of five years", 0.3, verdict.year_share);
    CHECK_INT("on pace", LEVEL_NORMAL, verdict.level);
    CHECK_INT("by the path", RULE_CAGR_BAND, verdict.rule);
    CHECK_NEAR("the series' own plan", 30,
               verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    history.points[0].has_value = false;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("a year is missing", RULE_NO_PAST_YEARS, verdict.rule);
}

static void
test_years(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    struct verdict verdict = world_judge_period(&world, cal_month(2024, 6), 1, cal_month(2024, 6));
    CHECK_INT("another year", RULE_OUTSIDE_YEARS, verdict.rule);
    CHECK_INT("another year", LEVEL_NOT_DUE, verdict.level);
    world.target.period = TARGET_EVERY_YEAR;
    world.target.year = 2027;
    CHECK_INT("every year", RULE_REACHED,
              world_judge_period(&world, cal_month(2025, 6), 10000, cal_month(2025, 6)).rule);
    CHECK_INT("before them", RULE_OUTSIDE_YEARS,
              world_judge_period(&world, cal_month(2022, 6), 1, cal_month(2022, 6)).rule);
    world_percent(&world, 'G', METHOD_GAP, "7");
    world.target.period = TARGET_BY_YEAR;
    CHECK_INT("growth by 2027 is not due", RULE_LATER_YEAR, world_judge(&world, 6, 0).rule);
    CHECK_INT("in 2027 it is", RULE_GAP_BAND,
              world_judge_period(&world, cal_month(2027, 6), 7, cal_month(2027, 6)).rule);
}

/* Less is better on a path: the limit may be used up evenly. */
static void
test_limits(void **state)
{
    (void)state;
    static const struct world_row rows[] = {
        { "half", 6, 5000, LEVEL_NORMAL, RULE_SEA_BAND },
        { "less", 6, 100, LEVEL_NORMAL, RULE_SEA_BAND },
        { "5 % more", 6, 5250, LEVEL_NORMAL, RULE_SEA_BAND },
        { "more", 6, 5251, LEVEL_REMIND, RULE_SEA_BAND },
        { "40 % more", 6, 7000, LEVEL_WARN, RULE_SEA_BAND },
        { "more", 6, 7001, LEVEL_SEVERE, RULE_SEA_BAND },
        { "used up", 6, 10001, LEVEL_SEVERE, RULE_LIMIT_PASSED },
        { "kept", 12, 10000, LEVEL_REACHED, RULE_REACHED },
    };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_SEA, CMP_LE, "10000");
    for (size_t i = 0; i < COUNT(rows); i++) { /* no history: the same bands as LIN */
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        enum rule rule = rows[i].rule == RULE_SEA_BAND ? RULE_LIN_BAND : rows[i].rule;
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_TEXT(rows[i].name, rule_name(rule), rule_name(verdict.own_rule));
    }
    world_target(&world, METHOD_LIN, CMP_LE, "0");
    CHECK_INT("nothing allowed, nothing used", LEVEL_NORMAL, world_judge(&world, 6, 0).level);
    CHECK_INT("nothing allowed", RULE_LIMIT_PASSED, world_judge(&world, 6, 1).rule);
    world_target(&world, METHOD_LIN, CMP_GE, "-100");
    CHECK_INT("at most 100 lost", LEVEL_NORMAL, world_judge(&world, 6, -50).level);
    CHECK_INT("more lost", RULE_LIMIT_PASSED, world_judge(&world, 6, -101).rule);
}

/* The year's count begins anew in January: what December had is another year's. */
static void
test_a_year_begins_anew(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    history_add(&history, cal_month(2022, 12), 9900);
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 1));
    CHECK_INT("December is no January", RULE_NO_DATA, verdict.rule);
    history_add(&history, cal_month(2023, 1), 800);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 1));
    CHECK_NEAR("January's own", 800, verdict.actual);
    CHECK_INT("and no fall", LEVEL_NORMAL, verdict.level);
    /* a share of flows: from December to January is no change of it either */
    world_init(&world);
    world_percent(&world, 'R', METHOD_LVL, "40");
    history.view.count = 0;
    for (int year = 2020; year <= 2022; year++)
        for (int month = 1; month <= 12; month++)
            history_add(&history, cal_month(year, month), month == 1 ? 90 : 40 + month % 2);
    history_add(&history, cal_month(2023, 1), 37.5);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 1));
    CHECK_NEAR("twice the usual change within a year", 2, verdict.tolerance);
    CHECK_INT("jumps in January count once a year", LEVEL_SEVERE, verdict.own_level);
}

/* Bases of zero and below: a path, but no rate of growth. */
static void
test_bases_that_are_not_above_zero(void **state)
{
    (void)state;
    static const double bases[] = { 0, -10 };
    for (size_t i = 0; i < COUNT(bases); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'S', METHOD_CAGR, "40");
        world.target.period = TARGET_BY_YEAR;
        world.target.year = 2026;
        world.target.base = bases[i];
        struct verdict verdict = world_judge(&world, 12, bases[i] + (40 - bases[i]) / 4);
        CHECK_NEAR("a quarter of the way", 0.25, verdict.completion);
        CHECK_INT("on pace", LEVEL_NORMAL, verdict.level);
        CHECK_NEAR("no growth of what is not above zero", NONE, verdict.cagr_ratio);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_year_begins_anew),
        cmocka_unit_test(test_bases_that_are_not_above_zero),
        cmocka_unit_test(test_paths_over_years),
        cmocka_unit_test(test_counts_over_years),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
