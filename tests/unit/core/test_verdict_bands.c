/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rules as settings: bands of one's own, versions of targets and bands, the formulas that are told.
 */
#include "verdict_world.h"

#include "core/bands.h"

#define NONE ((double)NAN)

/* docs/verdicts.md, Bands: what is built in is what the shipped table says (test_catalogue.c), and
 * every number of it counts. */
static void
test_own_bands(void **state)
{
    (void)state;
    static const struct cat_bands lenient = { .id = "lenient",
                                              .measure = MEASURE_PACE,
                                              .least = { 0.8, NONE, 0.5 },
                                              .leave = { 0.85, NONE, 0.5 },
                                              .doubt = 0.1,
                                              .needed_pace = NONE };
    static const struct {
        const char *name;
        double actual;
        enum level level;
    } rows[] = {
        { "normal from 0.80", 4000, LEVEL_NORMAL },
        { "no remind", 3999, LEVEL_WARN },
        { "warn from 0.50, whatever speed it needs", 2500, LEVEL_WARN },
        { "below, to be confirmed", 2499, LEVEL_WARN },
        { "beyond doubt from 0.10", 499, LEVEL_SEVERE },
    };
    struct world world;
    world_init(&world);
    world.target.bands = &lenient;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct verdict verdict = world_judge(&world, 6, rows[i].actual);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.level));
        CHECK(rows[i].name, verdict.bands == &lenient);
    }
    CHECK_INT("unconfirmed", RULE_UNCONFIRMED, world_judge(&world, 6, 2499).rule);
    static const double better[] = { NONE, NONE, NONE, 2400, 3200, 4900 };
    CHECK_INT(
        "not left below 0.85", RULE_NOT_LEFT_YET,
        world_judge_story(&world, (const double[]){ NONE, NONE, NONE, 2500, 3500 }, NULL, 5, 5)
            .rule);
    CHECK_INT("left above", LEVEL_NORMAL, world_judge_story(&world, better, NULL, 6, 6).level);
    /* bands of another measure are not his */
    world_percent(&world, 'G', METHOD_GAP, "7");
    CHECK("built in", world_judge(&world, 6, 5).bands == bands_built_in(MEASURE_POINTS));
}

static void
test_bands_are_said_as_they_are(void **state)
{
    (void)state;
    static const struct cat_bands strict = { .id = "strict",
                                             .measure = MEASURE_POINTS,
                                             .least = { 0, NONE, -1.5 },
                                             .leave = { 0, NONE, -1.5 },
                                             .doubt = -3,
                                             .needed_pace = NONE };
    struct world world;
    world_init(&world);
    world_percent(&world, 'D', METHOD_GAP, "7");
    world.target.bands = &strict;
    struct verdict verdict = world_judge(&world, 6, 6);
    check_said(&verdict, "1—6月累计6.0%，目标7.0%，低1个百分点（差距1.5个百分点以内为预警）",
               "6.0 % in January–June, target 7.0 %, 1 points below (up to 1.5 points short: "
               "warning)");
    verdict = world_judge(&world, 6, 3.5);
    check_said(&verdict, "1—6月累计3.5%，目标7.0%，低3.5个百分点（差距超过1.5个百分点为严重）",
               "3.5 % in January–June, target 7.0 %, 3.5 points below (more than 1.5 points short: "
               "severe)");
}

/* Every period is judged by the rules of its own end: a new version changes nothing before. */
static void
test_versions(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    struct cat_target newer;
    world_newer(&world, &newer, "5000", cal_date_of(2023, 6, 1));
    struct obs_point points[] = {
        { .period = cal_month(2023, 5), .value = 1250, .has_value = true, .status = 'A' },
        { .period = cal_month(2023, 6), .value = 1500, .has_value = true, .status = 'A' },
    };
    const struct series_view view = { points, COUNT(points) };
    struct verdict_evidence evidence = { .series = &view, .day = cal_date_of(2023, 6, 30) };
    struct verdict verdict = verdict_judge(&newer, &evidence, cal_month(2023, 6));
    CHECK("by the new version", verdict.target == &newer);
    CHECK_NEAR("0.6 of what is due now", 0.6, verdict.ratio);
    CHECK_INT("May was beyond doubt red by the old target: still not left", LEVEL_SEVERE,
              verdict.level);
    CHECK_INT("not left yet", RULE_NOT_LEFT_YET, verdict.rule);
    evidence.day = (struct cal_date){ 0 };
    verdict = verdict_judge(&newer, &evidence, cal_month(2023, 6));
    CHECK_INT("had the new target held in May, a first warning", LEVEL_WARN, verdict.level);
    /* what awaited its number then is judged from the version that has it */
    world.target.status = TARGET_PENDING;
    evidence.day = cal_date_of(2023, 6, 30);
    verdict = verdict_judge(&newer, &evidence, cal_month(2023, 6));
    CHECK_INT("pending before", RULE_LIN_BAND, verdict.rule);
    CHECK_INT("a warning of its own", LEVEL_WARN, verdict.level);
    const struct series_view may = { points, 1 };
    evidence.series = &may;
    verdict = verdict_judge(&newer, &evidence, cal_month(2023, 6));
    CHECK("a value of before it was issued, by what is issued now", verdict.target == &newer);
    CHECK_INT("judged", RULE_LIN_BAND, verdict.rule);
}

/* The formula told is the one that gives the number. */
static void
test_formulas(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    struct verdict verdict = world_judge(&world, 6, 3600);
    CHECK_TEXT("c", "A/T", verdict_completion_formula(&verdict));
    CHECK_TEXT("r", "c/s", verdict_ratio_formula(&verdict));
    CHECK_TEXT("P", "T*s", verdict_expected_formula(&verdict));
    CHECK_TEXT("gap", "(c - s)*100", verdict_gap_formula(&verdict));
    world.indicator.direction = DIRECTION_DOWN;
    verdict = world_judge(&world, 6, 3600);
    CHECK_TEXT("less is better", "2 - c/s", verdict_ratio_formula(&verdict));
    world_init(&world);
    world_percent(&world, 'S', METHOD_CAGR, "40");
    world.target.period = TARGET_BY_YEAR;
    world.target.year = 2026;
    world.target.base = 20;
    verdict = world_judge(&world, 6, 21);
    CHECK_TEXT("a path", "(A - B)/(T - B)", verdict_completion_formula(&verdict));
    CHECK_TEXT("a path", "B + (T - B)*s", verdict_expected_formula(&verdict));
    world_init(&world);
    world_target(&world, METHOD_BIN, CMP_GE, "1");
    verdict = world_judge(&world, 6, 0);
    CHECK_TEXT("not yet", "A - T", verdict_gap_formula(&verdict));
}

static void
test_versions_of_bands(void **state)
{
    (void)state;
    static struct cat_bands first = { .measure = MEASURE_PACE,
                                      .least = { 0.95, 0.85, 0.6 },
                                      .leave = { 0.97, 0.88, 0.65 },
                                      .doubt = 0.4,
                                      .valid_from = { INT32_MIN },
                                      .needed_pace = 2 };
    static struct cat_bands second = { .measure = MEASURE_PACE,
                                       .least = { 0.7, 0.5, 0.3 },
                                       .leave = { 0.7, 0.5, 0.3 },
                                       .doubt = 0.1,
                                       .needed_pace = 4,
                                       .older = &first };
    first.newer = &second;
    second.valid_from = cal_date_of(2023, 6, 1);
    struct world world;
    world_init(&world);
    const struct cat_bands *defaults[MEASURE_COUNT] = { [MEASURE_PACE] = &second };
    world.target.default_bands = defaults;
    struct obs_point point = {
        .period = cal_month(2023, 5), .value = 3000, .has_value = true, .status = 'A'
    };
    const struct series_view view = { &point, 1 };
    struct verdict_evidence evidence = { .series = &view, .day = cal_date_of(2023, 5, 31) };
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 5));
    CHECK("the first", verdict.bands == &first);
    CHECK_INT("0.72 is a warning", LEVEL_WARN, verdict.level);
    evidence.day = cal_date_of(2023, 6, 12);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK("asked for later, the same", verdict.bands == &first);
    CHECK_INT("as it was told", LEVEL_WARN, verdict.level);
    point.period = cal_month(2023, 6);
    point.value = 3600;
    evidence.day = cal_date_of(2023, 6, 30);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK("June has the second", verdict.bands == &second);
    CHECK_INT("0.72 is normal", LEVEL_NORMAL, verdict.level);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_bands), cmocka_unit_test(test_bands_are_said_as_they_are),
        cmocka_unit_test(test_versions),  cmocka_unit_test(test_versions_of_bands),
        cmocka_unit_test(test_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
