/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is reported month by month; the plan line; the growth the rest of the year needs; what is
 * due soon; claims. */
#include "verdict_world.h"

#define NONE ((double)NAN)

/* Counts reported month by month are summed; a hole leaves no sum. */
static void
test_month_by_month(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    world.indicator.cumulation = CUMULATION_MONTH;
    for (int month = 1; month <= 6; month++)
        history_add(&history, cal_month(2023, month), month == 2 ? 1100 : 500);
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("their sum", 3600, verdict.actual);
    CHECK("is told", verdict.is_summed);
    check_said(
        &verdict,
        "1—6月累计3600亩，目标10000亩，完成36%，序时50%，差14个百分点，剩余月份需达到计划速度1."
        "28倍；连续两期预警且完成进度继续下降，升为严重",
        "3600 mu by June of 10000 mu: 36 % done, 50 % due, 14 points behind; the rest needs "
        "1.28 times the planned speed; a warning for two periods and still falling: severe");
    history.points[2].has_value = false;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("March is missing", LEVEL_UNKNOWN, verdict.level);
    CHECK_INT("March is missing", RULE_MONTHS_MISSING, verdict.rule);
    CHECK_NEAR("no sum", NONE, verdict.actual);
    check_said(&verdict, "按期报送、逐期累加，但本年6月以前缺期，无法判断",
               "reported period by period, and one before June is missing: no sum to judge");
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 2));
    CHECK_NEAR("February had its sum", 1600, verdict.actual);
    /* January and February come as one where January is not due */
    world.calendar.months = NO_JANUARY;
    history.view.count = 0;
    history_add(&history, cal_month(2023, 2), 1600);
    history_add(&history, cal_month(2023, 3), 900);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 3));
    CHECK_NEAR("from February on", 2500, verdict.actual);
    CHECK_INT("on pace", LEVEL_NORMAL, verdict.level);
    /* a year before, for the season */
    world_init(&world);
    world.indicator.cumulation = CUMULATION_MONTH;
    world.target.method = METHOD_SEA;
    history.view.count = 0;
    for (int year = 2021; year <= 2023; year++)
        for (int month = 1; month <= (year == 2023 ? 3 : 12); month++)
            history_add(&history, cal_month(year, month), month <= 3 ? 100 : 300);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 3));
    CHECK_NEAR("a tenth by March", 0.1, verdict.year_share);
    CHECK_NEAR("sum", 300, verdict.actual);
}

/* docs/verdicts.md: Huzhou's first half of 2023. */
static void
test_growth_of_the_rest(void **state)
{
    (void)state;
    struct world world;
    struct history volume = { .view = { NULL, 0 } };
    history_add(&volume, cal_month(2022, 6), 470);
    history_add(&volume, cal_month(2022, 12), 1000);
    struct obs_point own = {
        .period = cal_month(2023, 6), .value = 0.7, .has_value = true, .status = 'A'
    };
    const struct series_view view = { &own, 1 };
    struct verdict_evidence evidence = { .series = &view, .volume = &volume.view };
    world_init(&world);
    world_percent(&world, 'G', METHOD_GAP, "7");
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("w", 0.47, verdict.rest_share);
    CHECK_NEAR("(7 - 0.47*0.7)/0.53", (7 - 0.47 * 0.7) / 0.53, verdict.rest_growth);
    CHECK("as told", !verdict.is_rest_even);
    check_said(
        &verdict,
        "1—6月累计0.7%，目标7.0%，低6.3个百分点（差距超过4个百分点为严重），其余月份需增长12."
        "6%（去年同期占去年全年47%）；首次判为严重，待下期确认，暂列预警",
        "0.7 % in January–June, target 7.0 %, 6.3 points below (more than 4 points short: "
        "severe); the rest of the year has to grow by 12.6 % (by then 47 % of last year's "
        "total); severe for the first time: a warning until the next period confirms it");
    volume.points[1].value = 0;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK("no total: evenly", verdict.is_rest_even);
    CHECK_NEAR("evenly", 13.3, verdict.rest_growth);
    world.indicator.kind = 'D';
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("a change of a share has none", NONE, verdict.rest_growth);
}

/* The plan line is what each verdict calls expected. */
static void
test_plan_is_what_is_expected(void **state)
{
    (void)state;
    static const enum method methods[] = { METHOD_LIN,  METHOD_SEA, METHOD_ACC,  METHOD_LVL,
                                           METHOD_MIL,  METHOD_SML, METHOD_STEP, METHOD_GAP,
                                           METHOD_HOLD, METHOD_CAGR };
    struct cat_profile steps = {
        .form = PROFILE_STEPS, .count = 3, .month = { 3, 6, 12 }, .share = { 0.3, 0.65, 1 }
    };
    for (size_t i = 0; i < COUNT(methods); i++) {
        struct world world;
        struct history history = { .view = { NULL, 0 } };
        const struct verdict_evidence evidence = { .series = &history.view };
        world_init(&world);
        world_target(&world, methods[i], CMP_GE, "18");
        world.target.profile = &steps;
        world.indicator.kind = methods[i] == METHOD_LVL || methods[i] == METHOD_CAGR ? 'S' : 'F';
        world.indicator.cumulation =
            world.indicator.kind == 'S' ? CUMULATION_STOCK : CUMULATION_YTD;
        for (int year = 2020; year <= 2023; year++)
            for (int month = 1; month <= 12; month++)
                history_add(&history, cal_month(year, month),
                            (year == 2023 ? 1 : 2) * (month < 7 ? month / 2.0 : month * 1.1));
        for (int month = 1; month <= 12; month++) {
            struct cal_period asked = cal_month(2023, month);
            struct verdict verdict = verdict_judge(&world.target, &evidence, asked);
            CHECK_NEAR(method_name(methods[i]), verdict.expected,
                       verdict_plan_value(&world.target, &evidence, asked));
        }
    }
}

/* "judged 2023-06; past 2022-06; ..." */
struct told {
    char text[1024];
    size_t used;
};

static int
tell_input(void *context, enum input_role role, const struct cat_area *area,
           const struct cat_indicator *indicator, const struct obs_point *point)
{
    (void)area;
    struct told *told = context;
    char period[CAL_TEXT_MAX];
    told->used +=
        (size_t)snprintf(told->text + told->used, sizeof told->text - told->used, "%s %s %s; ",
                         input_name(role), indicator->id, cal_period_print(point->period, period));
    CHECK("room", told->used < sizeof told->text);
    return 0;
}

static void
check_inputs(const struct world *world, const struct verdict_evidence *evidence, int month,
             const char *want)
{
    struct told told = { .used = 0 };
    struct verdict verdict = verdict_judge(&world->target, evidence, cal_month(2023, month));
    CHECK_INT(want, 0, verdict_each_input(&verdict, evidence, tell_input, &told));
    CHECK_TEXT(want, want, told.text);
}

static void
test_inputs(void **state)
{
    (void)state;
    struct world world;
    struct cat_indicator other = { .id = "other" };
    struct history history = { .view = { NULL, 0 } };
    struct history others = history;
    struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    check_inputs(&world, &evidence, 6, "");
    for (int year = 2020; year <= 2022; year++)
        for (int month = 3; month <= 12; month += 3)
            history_add(&history, cal_month(year, month), 100 * month);
    history_add(&history, cal_month(2023, 3), 300);
    history_add(&history, cal_month(2023, 6), 500);
    for (size_t i = 0; i < history.view.count; i++)
        history.points[i].position = (int64_t)i + 1;
    check_inputs(&world, &evidence, 6,
                 "earlier land 2023-03; judged land 2023-06; last-year land 2022-06; last-year "
                 "land 2022-12; ");
    check_inputs(&world, &evidence, 4,
                 "judged land 2023-03; last-year land 2022-03; last-year land 2022-12; ");
    world.target.method = METHOD_ACC;
    check_inputs(&world, &evidence, 6,
                 "earlier land 2023-03; judged land 2023-06; past land 2022-06; past land "
                 "2022-12; ");
    world.target.method = METHOD_SEA;
    check_inputs(&world, &evidence, 3,
                 "judged land 2023-03; past land 2022-03; past land 2022-12; past land 2021-03; "
                 "past land 2021-12; past land 2020-03; past land 2020-12; ");
    world.indicator.kind = 'S';
    world.target.method = METHOD_LVL;
    world.indicator.cumulation = CUMULATION_STOCK;
    check_inputs(&world, &evidence, 3,
                 "judged land 2023-03; last-year land 2022-03; base land 2022-12; past land "
                 "2020-03; past land 2020-06; "
                 "past land 2020-09; past land 2020-12; past land 2021-03; past land 2021-06; past "
                 "land 2021-09; past land 2021-12; past land 2022-03; past land 2022-06; past land "
                 "2022-09; past land 2022-12; ");
    world.target.base = 1000;
    history.view.count -= 1;
    world.target.method = METHOD_CAGR;
    check_inputs(&world, &evidence, 3,
                 "judged land 2023-03; last-year land 2022-03; "); /* the base is the catalogue's */
    history_add(&others, cal_month(2022, 3), 25);
    history_add(&others, cal_month(2022, 12), 100);
    history_add(&others, cal_month(2023, 3), 7);
    evidence.reference = evidence.volume = &others.view;
    world_percent(&world, 'G', METHOD_REL, "7");
    world.target.comparator = CMP_RELATIVE;
    world.target.reference = world.indicator.volume = &other;
    check_inputs(&world, &evidence, 3,
                 "judged land 2023-03; reference other 2023-03; volume other 2023-03; volume other "
                 "2022-03; volume other 2022-12; ");
    evidence.cases = &others.view;
    world.target.comparator = CMP_GE;
    world.target.method = METHOD_COH;
    world.indicator.kind = 'C';
    world.indicator.cases = &other;
    check_inputs(&world, &evidence, 3, "judged land 2023-03; cases other 2023-03; ");
}

/* docs/verdicts.md, Due soon. */
static void
test_due_soon(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    history_add(&history, cal_month(2023, 11), 9500);
    evidence.today = cal_date_of(2023, 12, 22);
    evidence.soon = cal_date_of(2023, 12, 30);
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK_INT("the year's end is one day too far", LEVEL_NORMAL, verdict.level);
    evidence.soon = cal_date_of(2023, 12, 31);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK_INT("due soon", LEVEL_REMIND, verdict.level);
    CHECK_INT("due soon", RULE_DUE_SOON, verdict.rule);
    CHECK_INT("its own numbers", LEVEL_NORMAL, verdict.own_level);
    check_said(
        &verdict,
        "1—11月累计9500亩，目标10000亩，完成95%，序时91.7%，超前3.3个百分点，剩余月份达到计划速"
        "度0.6倍即可；12月底到期，距今不超过5个工作日，提醒",
        "9500 mu by November of 10000 mu: 95 % done, 91.7 % due, 3.3 points ahead; the rest "
        "needs 0.6 times the planned speed; due at the end of December, in five working "
        "days or less: remind");
    history.points[0].value = 10000;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK_INT("reached", LEVEL_REACHED, verdict.level);
    history.points[0].value = 5000;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK("worse already", verdict.rule != RULE_DUE_SOON);
    evidence.today = cal_date_of(2024, 1, 2);
    evidence.soon = cal_date_of(2024, 1, 8);
    history.points[0].value = 9500;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 12));
    CHECK_INT("past", LEVEL_NORMAL, verdict.level);
    /* the next milestone */
    world_target(&world, METHOD_MIL, CMP_GE, "100");
    world_quarters(&world);
    history.view.count = 0;
    history_add(&history, cal_month(2023, 5), 60);
    evidence.today = cal_date_of(2023, 6, 26);
    evidence.soon = cal_date_of(2023, 7, 2);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("on its line, and due", RULE_DUE_SOON, verdict.rule);
    CHECK_INT("June", 6, verdict.planned_month);
    history_add(&history, cal_month(2023, 6), 65);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("met", RULE_MILESTONE_MET, verdict.rule);
}

static void
test_year_on_year(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    struct history volume = { .view = { NULL, 0 } };
    struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    history_add(&history, cal_month(2022, 6), 4000);
    history_add(&history, cal_month(2023, 6), 5000);
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("last year", 4000, verdict.last_year);
    CHECK_NEAR("a quarter more", 25, verdict.year_on_year);
    static const double bases[] = { 0, -10 };
    for (size_t i = 0; i < COUNT(bases); i++) {
        history.points[0].value = bases[i];
        verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
        CHECK_NEAR("told", bases[i], verdict.last_year);
        CHECK_NEAR("none of what is not above zero", NONE, verdict.year_on_year);
    }
    /* reported growth wins; a computed one that differs is told */
    world_percent(&world, 'G', METHOD_GAP, "7");
    history.view.count = 0;
    history_add(&history, cal_month(2023, 6), 7.2);
    history_add(&volume, cal_month(2022, 6), 1000);
    history_add(&volume, cal_month(2022, 12), 2000);
    history_add(&volume, cal_month(2023, 6), 1067);
    evidence.volume = &volume.view;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("not of a growth", NONE, verdict.year_on_year);
    CHECK("computed", fabs(verdict.volume_growth - 6.7) < 1e-9);
    check_said(&verdict, "1—6月累计7.2%，目标7.0%，高0.2个百分点",
               "7.2 % in January–June, target 7.0 %, 0.2 points above");
    volume.points[2].value = 1060;
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("the reported one is judged", 7.2, verdict.actual);
    check_said(&verdict,
               "1—6月累计7.2%，目标7.0%，高0.2个百分点（按总量推算为6%，与可比口径不一致）",
               "7.2 % in January–June, target 7.0 %, 0.2 points above (6 % by the volumes: not on "
               "the comparable basis)");
}

/* docs/verdicts.md, Projections: counts without a history. */
static void
test_projected_mean(void **state)
{
    (void)state;
    static const struct {
        double actual, mean;
    } rows[] = { { 40, 80.5 }, { 50, 100.5 }, { 55, 110.5 } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_target(&world, METHOD_LIN, CMP_GE, "110");
        world.indicator.kind = 'F';
        CHECK_NEAR("mean", rows[i].mean, world_judge(&world, 6, rows[i].actual).projected_mean);
    }
}

/* A claim holds from its attestation on, through the years of its target, until it is taken back.
 */
static void
test_claims(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    world.unit = world.target_unit = (struct cat_unit){
        .id = "stage", .name = { "阶段", "stage" }, .family = "stage", .factor = 1
    };
    world.indicator.kind = 'K';
    world.indicator.cumulation = CUMULATION_STOCK;
    world_target(&world, METHOD_MAN, CMP_GE, "2");
    world.target.period = TARGET_BY_YEAR;
    world.target.from = 2022;
    world.target.year = 2025;
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("nothing yet", RULE_MANUAL, verdict.rule);
    CHECK_INT("nothing yet", LEVEL_UNKNOWN, verdict.level);
    history_add(&history, cal_month(2021, 9), 3);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK("before its years", verdict.period.freq == CAL_NONE);
    history_add(&history, cal_month(2022, 9), 1);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("a stage too few", LEVEL_UNKNOWN, verdict.level);
    check_said(
        &verdict, "2022年9月末1阶段，目标2阶段，佐证未达到目标，系统不作计算",
        "1 stage at the end of September, target 2 stage (2022); that is less than the target "
        "asks for, and nothing is computed");
    history_add(&history, cal_month(2022, 12), 2);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("attested last year", RULE_ATTESTED, verdict.rule);
    CHECK_INT("attested last year", LEVEL_REACHED, verdict.level);
    check_said(&verdict, "2022年12月末2阶段，已由责任单位填报佐证（见说明），视为达成",
               "2 stage at the end of December (2022), attested by the responsible unit (see its "
               "note): reached");
    verdict = verdict_judge(&world.target, &evidence, cal_month(2022, 11));
    CHECK_INT("not in November", RULE_MANUAL, verdict.rule);
    history_add(&history, cal_month(2023, 3), 0);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_INT("taken back", RULE_MANUAL, verdict.rule);
}

/* A date in the last of several years is no plan for those before. */
static void
test_plan_of_a_date_years_ahead(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_BIN, CMP_GE, "1");
    world.target.period = TARGET_BY_YEAR;
    world.target.year = 2027;
    CHECK_NEAR("not yet", 0, verdict_plan_value(&world.target, NULL, cal_month(2023, 12)));
    CHECK_NEAR("then", 1, verdict_plan_value(&world.target, NULL, cal_month(2027, 12)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_month_by_month),
        cmocka_unit_test(test_growth_of_the_rest),
        cmocka_unit_test(test_plan_is_what_is_expected),
        cmocka_unit_test(test_plan_of_a_date_years_ahead),
        cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_due_soon),
        cmocka_unit_test(test_year_on_year),
        cmocka_unit_test(test_projected_mean),
        cmocka_unit_test(test_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
