/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cases in which a verdict once said something false. */
#include "verdict_world.h"

#include "core/bands.h"
#include "core/rollup.h"

#define NONE ((double)NAN)

/* A step that is past while the last value is from before it says nothing, whichever step it is. */
static void
test_a_later_step_without_a_value(void **state)
{
    (void)state;
    struct cat_profile steps = {
        .form = PROFILE_STEPS, .count = 2, .month = { 6, 9 }, .share = { 0.5, 1 }
    };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_STEP, CMP_GE, "40");
    world.target.profile = &steps;
    const struct verdict july =
        world_judge_period(&world, cal_month(2023, 7), 20, cal_month(2023, 8));
    CHECK_INT("after the first", LEVEL_NORMAL, july.level);
    struct verdict verdict =
        world_judge_period(&world, cal_month(2023, 7), 20, cal_month(2023, 11));
    CHECK_INT("after the second", RULE_NO_DATA_SINCE_STEP, verdict.rule);
    CHECK_INT("which is September's", 9, verdict.planned_month);
    verdict = world_judge_period(&world, cal_month(2023, 7), 40, cal_month(2023, 11));
    CHECK_INT("reached needs no news", LEVEL_REACHED, verdict.level);
}

static struct verdict
judge_on(struct world *world, struct history *history, struct cal_date today, int month)
{
    struct verdict_evidence evidence = { .series = &history->view, .today = today };
    evidence.soon.days = today.days + 7;
    return verdict_judge(&world->target, &evidence, cal_month(2023, month));
}

/* Due soon is what is not there yet, for who asks now. */
static void
test_not_due_soon(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    struct cal_date december = cal_date_of(2023, 12, 27);
    world_init(&world);
    world_percent(&world, 'S', METHOD_CAGR, "100");
    world.target.base = 110;
    history_add(&history, cal_month(2023, 11), 112);
    CHECK_INT("above what is to be kept", LEVEL_NORMAL,
              judge_on(&world, &history, december, 12).level);
    world_init(&world);
    history.view.count = 0;
    history_add(&history, cal_month(2023, 3), 2600);
    CHECK_INT("asked in December about March", LEVEL_NORMAL,
              judge_on(&world, &history, december, 3).level);
    world_target(&world, METHOD_MIL, CMP_GE, "100");
    world_quarters(&world);
    history.view.count = 0;
    history_add(&history, cal_month(2023, 3), 40);
    struct verdict verdict = judge_on(&world, &history, cal_date_of(2023, 6, 27), 6);
    CHECK_INT("the milestone after the last one judged", RULE_DUE_SOON, verdict.rule);
    CHECK_INT("is June's", 6, verdict.planned_month);
}

/* What a raised target makes of a ratio is no fall. */
static void
test_a_raised_target_is_no_fall(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    struct cat_target newer;
    world_newer(&world, &newer, "14000", cal_date_of(2023, 6, 15));
    struct history history = { .view = { NULL, 0 } };
    history_add(&history, cal_month(2023, 4), 3200);
    history_add(&history, cal_month(2023, 5), 3500);
    history_add(&history, cal_month(2023, 6), 4900);
    const struct verdict_evidence evidence = { .series = &history.view,
                                               .day = cal_date_of(2023, 6, 30) };
    struct verdict verdict = verdict_judge(&newer, &evidence, cal_month(2023, 6));
    CHECK_NEAR("0.7 of the new target's pace", 0.7, verdict.ratio);
    CHECK_INT("a warning", LEVEL_WARN, verdict.level);
}

/* A sum is provisional, simulated and derived as soon as a part of it is. */
static void
test_sums_keep_their_marks(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "1200");
    world.indicator.cumulation = CUMULATION_MONTH;
    static const double months[] = { 20, 20, 20, 60, 400, 100 };
    for (int month = 1; month <= 6; month++)
        history_add(&history, cal_month(2023, month), months[month - 1]);
    history.points[4].status = 'P';
    history.points[4].is_simulated = history.points[4].is_derived = true;
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK("marked", verdict.is_provisional && verdict.is_simulated && verdict.is_derived);
    CHECK_INT("ends no warning", RULE_PROVISIONAL_HOLD, verdict.rule);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 4));
    CHECK("not before", !verdict.is_provisional && !verdict.is_simulated && !verdict.is_derived);
    /* a sum of years */
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "50000");
    world.indicator.kind = 'F';
    world.target.period = TARGET_BY_YEAR;
    world.target.from = 2022;
    world.target.year = 2026;
    history.view.count = 0;
    history_add(&history, cal_month(2022, 12), 9000);
    history_add(&history, cal_month(2023, 6), 4000);
    history.points[0].status = 'P';
    history.points[0].is_simulated = true;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("both years", 13000, verdict.actual);
    CHECK_NEAR("the series' own", 4000, verdict.value);
    CHECK("marked", verdict.is_provisional && verdict.is_simulated);
}

/* A claim for every year is attested in each. */
static void
test_a_claim_of_every_year(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    world_target(&world, METHOD_MAN, CMP_EQ, "1");
    world.indicator.kind = 'K';
    world.target.period = TARGET_EVERY_YEAR;
    world.target.year = 2027;
    history_add(&history, cal_month(2023, 5), 1);
    CHECK_INT("that year", RULE_ATTESTED,
              verdict_judge(&world.target, &evidence, cal_month(2023, 12)).rule);
    CHECK_INT("not three years on", RULE_MANUAL,
              verdict_judge(&world.target, &evidence, cal_month(2026, 6)).rule);
}

/* Normal by a wider band is not normal by the last digit. */
static void
test_the_band_that_made_it_normal(void **state)
{
    (void)state;
    static const struct cat_bands wide = { .id = "wide",
                                           .measure = MEASURE_LEVEL,
                                           .least = { -1, -2, -5 },
                                           .leave = { -1, -2, -5 },
                                           .doubt = -10,
                                           .needed_pace = NONE };
    char text[VERDICT_SENTENCE_MAX];
    struct world world;
    world_init(&world);
    world_percent(&world, 'R', METHOD_LVL, "66");
    world.target.bands = &wide;
    struct verdict verdict = world_judge(&world, 6, 65.4);
    CHECK_INT("normal", LEVEL_NORMAL, verdict.level);
    CHECK_TEXT("says which",
               "1—6月累计65.4%，目标66.0%，低0.6个百分点（差距为目标的0.91%，1%以内为正常）",
               verdict_sentence(&verdict, LANG_ZH, text));
}

/* What is no percentage is graded by its share of the reference, and says so. */
static void
test_a_relative_amount(void **state)
{
    (void)state;
    struct cat_indicator mean = { .id = "mean", .name = { "全省平均", "mean" } };
    struct obs_point other = { .period = cal_month(2023, 6), .value = 11, .has_value = true };
    struct obs_point own = { .period = cal_month(2023, 6), .value = 10, .has_value = true };
    const struct series_view reference = { &other, 1 }, view = { &own, 1 };
    const struct verdict_evidence evidence = { .series = &view, .reference = &reference };
    char text[VERDICT_SENTENCE_MAX];
    struct world world;
    world_init(&world);
    world.indicator.kind = 'A';
    world.indicator.decimals = 1;
    world_target(&world, METHOD_REL, CMP_RELATIVE, "0");
    world.target.unit = NULL;
    world.target.reference = &mean;
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("a tenth short", LEVEL_SEVERE, verdict.own_level);
    CHECK("by the level", verdict.bands == bands_built_in(MEASURE_LEVEL));
    CHECK("says its share", strstr(verdict_sentence(&verdict, LANG_ZH, text),
                                   "低1.0亩（差距为目标的9.09%，超过5%为严重）") != NULL);
}

/* At the end, just the target where more was asked for is not on pace. */
static void
test_kept_but_not_exceeded(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'S', METHOD_CAGR, "50");
    world.target.comparator = CMP_GT;
    world.target.base = 51;
    CHECK_INT("50 is not above 50", LEVEL_REMIND, world_judge(&world, 12, 50).level);
    CHECK_INT("50.1 is", LEVEL_REACHED, world_judge(&world, 12, 50.1).level);
}

/* The plan line is what a verdict expects, also of one thing, of one year's flow, without a base.
 */
static void
test_plans(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    world_target(&world, METHOD_SML, CMP_GE, "1");
    world.indicator.kind = 'F';
    CHECK_NEAR("one thing", world_judge(&world, 6, 0).expected,
               verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
    world_target(&world, METHOD_CAGR, CMP_GE, "10000");
    history_add(&history, cal_month(2022, 12), 8000);
    history_add(&history, cal_month(2023, 6), 5000);
    CHECK_NEAR("a flow begins at zero",
               verdict_judge(&world.target, &evidence, cal_month(2023, 6)).expected,
               verdict_plan_value(&world.target, &evidence, cal_month(2023, 6)));
    world_percent(&world, 'R', METHOD_CAGR, "100");
    world.indicator.cumulation = CUMULATION_STOCK;
    CHECK_NEAR("at the end it no longer matters where it began", 100,
               verdict_plan_value(&world.target, NULL, cal_month(2023, 12)));
    CHECK_NEAR("before it does", NONE, verdict_plan_value(&world.target, NULL, cal_month(2023, 6)));
}

/* A provisional part stays provisional, whatever other mark follows. */
static void
test_marks_of_parts(void **state)
{
    (void)state;
    struct obs_point a = {
        .period = cal_month(2023, 6), .value = 10, .has_value = true, .status = 'P'
    };
    struct obs_point b = a;
    struct obs_point made[1];
    b.status = 'B';
    for (int turn = 0; turn < 2; turn++) {
        const struct series_view parts[] = { { turn ? &b : &a, 1 }, { turn ? &a : &b, 1 } };
        const struct series_view own = { NULL, 0 };
        const struct rollup_source source = { .values = parts, .count = 2, .scale = 1 };
        CHECK_INT("made", 1, (long long)rollup_merge(&own, &source, made));
        CHECK_INT("provisional", 'P', made[0].status);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_later_step_without_a_value),
        cmocka_unit_test(test_not_due_soon),
        cmocka_unit_test(test_a_raised_target_is_no_fall),
        cmocka_unit_test(test_sums_keep_their_marks),
        cmocka_unit_test(test_a_claim_of_every_year),
        cmocka_unit_test(test_the_band_that_made_it_normal),
        cmocka_unit_test(test_a_relative_amount),
        cmocka_unit_test(test_kept_but_not_exceeded),
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_marks_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
