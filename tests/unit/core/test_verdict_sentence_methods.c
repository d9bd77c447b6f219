/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the methods beyond LIN, GAP and LVL say, word for word. */
#include "core/verdict.h"

#include "verdict_world.h"

struct said {
    int month;
    double actual;
    const char *zh;
    const char *en;
};

static void
check_rows(struct world *world, const struct said *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct verdict verdict = world_judge(world, rows[i].month, rows[i].actual);
        check_said(&verdict, rows[i].zh, rows[i].en);
    }
}

static void
test_milestones(void **state)
{
    (void)state;
    static const struct said rows[] = {
        { 3, 28, "3月末28.0%，目标100.0%，3月节点应达30.0%，低2个百分点，3月节点未完成",
          "28.0 % at the end of March, target 100.0 %, 30.0 % by the milestone of March, 2 points "
          "below; the milestone of March was missed" },
        { 3, 30, "3月末30.0%，目标100.0%，3月节点应达30.0%，节点完成",
          "30.0 % at the end of March, target 100.0 %, 30.0 % by the milestone of March; the "
          "milestone is met" },
        { 4, 40, "4月末40.0%，目标100.0%，节点间直线应达41.7%，低1.7个百分点",
          "40.0 % at the end of April, target 100.0 %, 41.7 % on the line between milestones, 1.7 "
          "points below" },
    };
    struct world world;
    world_init(&world);
    world_percent(&world, 'C', METHOD_MIL, "100");
    world.indicator.cumulation = CUMULATION_STOCK;
    world_quarters(&world);
    check_rows(&world, rows, COUNT(rows));
    static const double story[] = { 10, 20, 28, 40, 54 };
    struct verdict verdict = world_judge_story(&world, story, NULL, 5, 5);
    check_said(&verdict,
               "5月末54.0%，目标100.0%，节点间直线应达53.3%，高0.7个百分点，3月节点未完成，已补齐",
               "54.0 % at the end of May, target 100.0 %, 53.3 % on the line between milestones, "
               "0.7 points above; the milestone of March was missed and is made up for");
}

static void
test_seasons(void **state)
{
    (void)state;
    static const double june[] = { 400, 350, 420 };
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    world_init(&world);
    world_target(&world, METHOD_SEA, CMP_GE, "1000");
    for (int i = 0; i < 3; i++) {
        history_add(&history, cal_month(2020 + i, 6), june[i]);
        history_add(&history, cal_month(2020 + i, 12), 1000);
    }
    history_add(&history, cal_month(2023, 6), 370);
    const struct verdict_evidence evidence = { .series = &history.view };
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    check_said(&verdict,
               "1—6月累计370亩，目标1000亩，完成37%，同期占比40%（近3年35%至42%），差3个百分点，"
               "剩余月份需达到计划速度1.05倍",
               "370 mu by June of 1000 mu: 37 % done, 40 % due (in 3 years 35 to 42 %), 3 points "
               "behind; the rest needs 1.05 times the planned speed");
    verdict = world_judge(&world, 6, 480);
    check_said(&verdict,
               "1—6月累计480亩，目标1000亩，完成48%，序时50%，差2个百分点，剩余月份需达到计划速度"
               "1.04倍（往年数据不足，按序时判断）",
               "480 mu by June of 1000 mu: 48 % done, 50 % due, 2 points behind; the rest needs "
               "1.04 times the planned speed (too few past years: judged by even pace)");
    world.target.comparator = CMP_LE;
    static const struct said limit[] = {
        { 6, 1200,
          "1—6月累计1200亩，目标不超过1000亩，已突破控制数200亩（往年数据不足，按序时判断）",
          "1200 mu in January–June, target at most 1000 mu; the limit is passed by 200 mu (too few "
          "past years: judged by even pace)" },
    };
    check_rows(&world, limit, COUNT(limit));
}

static void
test_references(void **state)
{
    (void)state;
    struct world world;
    struct cat_indicator gdp = { .id = "gdp", .name = { "地区生产总值增长", "GDP growth" } };
    struct obs_point quarter = { .period = cal_period_of(CAL_QUARTER, 2023, 1),
                                 .value = 5.7,
                                 .has_value = true };
    struct obs_point own = { .period = cal_month(2023, 5), .value = 5.9, .has_value = true };
    const struct series_view reference = { &quarter, 1 }, view = { &own, 1 };
    const struct verdict_evidence evidence = { .series = &view, .reference = &reference };
    world_init(&world);
    world_percent(&world, 'G', METHOD_REL, "0");
    world.target.comparator = CMP_RELATIVE;
    world.target.unit = NULL;
    world.target.reference = &gdp;
    world.target.offset = 1;
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 5));
    check_said(&verdict,
               "1—5月累计5.9%，参照值为一季度5.7%，加1个百分点为6.7%，低0.8个百分点（差距0.5至2个"
               "百分点为提醒），其余月份需增长7.3%（按各月均摊占去年全年41.7%）",
               "5.9 % in January–May, reference 5.7 % in the first quarter and 1 points is 6.7 %, "
               "0.8 points below (0.5 to 2 points short: remind); the rest of the year has to grow "
               "by 7.3 % (evenly spread, by now 41.7 % of last year's total)");
    verdict = world_judge(&world, 5, 5.9);
    check_said(&verdict, "1—5月累计5.9%，参照缺失：参照指标地区生产总值增长本年尚无数据，无法判断",
               "5.9 % in January–May; the reference GDP growth has no value of this year, so "
               "nothing is judged");
}

static void
test_rates(void **state)
{
    (void)state;
    static const struct {
        double cases;
        const char *zh, *en;
    } rows[] = {
        { 10,
          "1—6月累计60.0%，目标80.0%，低20个百分点，项目10个，Wilson "
          "95%区间31.3%至83.2%含目标，最重为预警",
          "60.0 % in January–June, target 80.0 %, 20 points below; 10 cases, Wilson's 95 % "
          "interval "
          "31.3 to 83.2 % holds the target: never worse than a warning" },
        { 3, "1—6月累计60.0%，目标80.0%，项目仅3个，少于5个，项目少不作判断",
          "60.0 % in January–June, target 80.0 %; 3 cases are too few to judge (5 at least)" },
        { 0, "1—6月累计60.0%，目标80.0%，项目数为0，不适用",
          "60.0 % in January–June, target 80.0 %; there are no cases, so it does not apply" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        struct cat_indicator cases = { .id = "n" };
        struct obs_point n = { .period = cal_month(2023, 6),
                               .value = rows[i].cases,
                               .has_value = true };
        struct obs_point rate = { .period = cal_month(2023, 6), .value = 60, .has_value = true };
        const struct series_view number = { &n, 1 }, own = { &rate, 1 };
        const struct verdict_evidence evidence = { .series = &own, .cases = &number };
        world_init(&world);
        world_percent(&world, 'C', METHOD_COH, "80");
        world.indicator.cases = &cases;
        struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
        check_said(&verdict, rows[i].zh, rows[i].en);
    }
}

static void
test_counts(void **state)
{
    (void)state;
    static const struct said small[] = {
        { 9, 1, "1—9月累计1家，目标6家，按序时应有4.5，泊松概率q=0.061（0.05至0.15为预警）",
          "1 firms in January–September, target 6 firms; 4.5 expected by now, Poisson chance q = "
          "0.061 (0.05 to 0.15: warning)" },
        { 12, 5, "1—12月累计5家，目标6家，年终未完成，还差1家",
          "5 firms in January–December, target 6 firms; the year ended 1 firms short" },
    };
    static const struct said steps[] = {
        { 6, 3, "1—6月累计3家，目标100家，未到12月认定期，暂不判断",
          "3 firms in January–June, target 100 firms; the first certification is that of December, "
          "so nothing is due" },
    };
    static const struct said once[] = {
        { 11, 0, "1—11月累计0家，目标1家，未启动，计划2023年12月完成，下月到期",
          "0 firms in January–November, target 1 firms, not begun, planned by the end of December "
          "2023; due next month" },
        { 12, 0, "1—12月累计0家，目标1家，未启动，计划2023年12月完成，到期未完成",
          "0 firms in January–December, target 1 firms, not begun, planned by the end of December "
          "2023; it is due and not done" },
    };
    struct world world;
    world_init(&world);
    world.unit.name = world.target_unit.name = (struct cat_name){ "家", "firms" };
    world.indicator.kind = 'F';
    world_target(&world, METHOD_SML, CMP_GE, "6");
    check_rows(&world, small, COUNT(small));
    world_target(&world, METHOD_STEP, CMP_GE, "100");
    check_rows(&world, steps, COUNT(steps));
    world_target(&world, METHOD_BIN, CMP_GE, "1");
    check_rows(&world, once, COUNT(once));
}

static void
test_paths(void **state)
{
    (void)state;
    static const struct said none[] = {
        { 6, 31, "1—6月累计31.0%，目标40.0%，没有起点值，无法计算路径",
          "31.0 % in January–June, target 40.0 %; without a starting value there is no path" },
    };
    static const struct said rows[] = {
        { 6, 30.8,
          "1—6月累计30.8%，目标40.0%（2027年末），起点30.0%，路径应达31.0%，已走完8%，应走完10%，"
          "复合增速为所需的0.91倍",
          "30.8 % in January–June, target 40.0 % by the end of 2027, from 30.0 %; on its path 31.0 "
          "% by now: 8 % of the way done, 10 % due, growth is 0.91 times what is needed" },
    };
    struct world world;
    world_init(&world);
    world_percent(&world, 'R', METHOD_CAGR, "40");
    world.target.period = TARGET_BY_YEAR;
    world.target.year = 2027;
    check_rows(&world, none, COUNT(none));
    world.target.base = 30;
    check_rows(&world, rows, COUNT(rows));
}

static void
test_levels(void **state)
{
    (void)state;
    static const struct said stock[] = {
        { 6, 10700,
          "6月末10700亩，目标12000亩，本期路径11000亩，低300亩（差距为目标的2.5%，2%至5%为预警）",
          "10700 mu at the end of June, target 12000 mu, on its path 11000 mu by now, 300 mu below "
          "(2.5 % of the target; 2 to 5 %: warning)" },
    };
    static const struct said hold[] = {
        { 6, 11600, "6月末11600亩，目标12000亩，低400亩，未保住目标（差距5%以内为预警）",
          "11600 mu at the end of June, target 12000 mu, 400 mu below; not held (short by up to 5 "
          "%: "
          "warning)" },
    };
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_LVL, CMP_GE, "12000");
    world.indicator.kind = 'S';
    world.indicator.cumulation = CUMULATION_STOCK;
    world.target.base = 10000;
    check_rows(&world, stock, COUNT(stock));
    world_target(&world, METHOD_HOLD, CMP_GE, "12000");
    check_rows(&world, hold, COUNT(hold));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_milestones), cmocka_unit_test(test_seasons),
        cmocka_unit_test(test_references), cmocka_unit_test(test_rates),
        cmocka_unit_test(test_counts),     cmocka_unit_test(test_paths),
        cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
