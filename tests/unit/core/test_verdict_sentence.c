/* SPDX-License-Identifier: GPL-3.0-or-later
 * What verdicts say, word for word: one row for every rule at least, in both languages. */
#include "core/verdict.h"

#include "verdict_world.h"

static void
test_linear(void **state)
{
    (void)state;
    static const struct {
        int month;
        double actual;
        enum comparator comparator;
        const char *zh;
        const char *en;
    } rows[] = {
        { 6, 3600, CMP_GE,
          "1—6月累计3600亩，目标10000亩，完成36%，序时50%，差14个百分点，剩余月份需达到计划速度1."
          "28倍",
          "3600 mu by June of 10000 mu: 36 % done, 50 % due, 14 points behind; the rest needs 1.28 "
          "times the planned speed" },
        { 6, 5000, CMP_GE,
          "1—6月累计5000亩，目标10000亩，完成50%，序时50%，与序时持平，剩余月份按计划速度推进即可",
          "5000 mu by June of 10000 mu: 50 % done, 50 % due, exactly as planned; the rest needs "
          "the "
          "planned speed" },
        { 7, 6000, CMP_GE,
          "1—7月累计6000亩，目标10000亩，完成60%，序时58.3%，超前1.7个百分点，剩余月份达到计划速度"
          "0.96倍即可",
          "6000 mu by July of 10000 mu: 60 % done, 58.3 % due, 1.7 points ahead; the rest needs "
          "0.96 "
          "times the planned speed" },
        { 6, -20, CMP_GE,
          "1—6月累计−20亩，目标10000亩，完成−0.2%，序时50%，差50."
          "2个百分点，剩余月份需达到计划速度2倍",
          "−20 mu by June of 10000 mu: −0.2 % done, 50 % due, 50.2 points behind; the rest needs 2 "
          "times the planned speed" },
        { 1, 100, CMP_GE,
          "1月100亩，目标10000亩，完成1%，序时8.3%，差7.3个百分点，剩余月份需达到计划速度1.08倍，"
          "一季度最高为预警",
          "100 mu by January of 10000 mu: 1 % done, 8.3 % due, 7.3 points behind; the rest needs "
          "1.08 times the planned speed; in the first quarter nothing is graded worse than a "
          "warning" },
        { 9, 10200, CMP_GE, "1—9月累计10200亩，目标10000亩，完成102%，已提前完成全年目标",
          "10200 mu by September of 10000 mu: 102 % done; the year's target is reached early" },
        { 12, 10200, CMP_GE, "1—12月累计10200亩，目标10000亩，完成102%，全年目标已完成",
          "10200 mu by December of 10000 mu: 102 % done; the year's target is reached" },
        { 12, 9800, CMP_GE, "1—12月累计9800亩，目标10000亩，完成98%，年终未完成，还差200亩",
          "9800 mu by December of 10000 mu: 98 % done; the year ended 200 mu short" },
        { 12, 9999, CMP_GE, "1—12月累计9999亩，目标10000亩，完成99.99%，年终未完成，还差1亩",
          "9999 mu by December of 10000 mu: 99.99 % done; the year ended 1 mu short" },
        { 12, 10000, CMP_GT, "1—12月累计10000亩，目标超过10000亩，完成100%，年终未超过目标",
          "10000 mu by December of more than 10000 mu: 100 % done; the year ended without "
          "exceeding "
          "it" },
        { 11, 8000, CMP_APPROX,
          "1—11月累计8000亩，目标10000亩左右，完成80%，序时91.7%，差11."
          "7个百分点，剩余月份需达到计划"
          "速度2.4倍；首次判为严重，待下期确认，暂列预警",
          "8000 mu by November of about 10000 mu: 80 % done, 91.7 % due, 11.7 points behind; the "
          "rest needs 2.4 times the planned speed; severe for the first time: a warning until the "
          "next period confirms it" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world.target.comparator = rows[i].comparator;
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        check_said(&verdict, rows[i].zh, rows[i].en);
    }
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "0");
    struct verdict verdict = world_judge(&world, 6, 5);
    check_said(
        &verdict, "1—6月累计5亩，目标0亩，目标不是正数，无法计算进度",
        "5 mu in January–June, target 0 mu; the target is not above zero, so there is no pace");
}

static void
test_growth(void **state)
{
    (void)state;
    static const struct {
        int month;
        double actual;
        const char *zh;
        const char *en;
    } rows[] = {
        { 6, 0.7,
          "1—6月累计0.7%，目标7.0%，低6."
          "3个百分点（差距超过4个百分点为严重），其余月份需增长13.3%（按各月均摊占去年全年50%）"
          "；首次判为严重，待下期确认，暂列预警",
          "0.7 % in January–June, target 7.0 %, 6.3 points below (more than 4 points short: "
          "severe); the rest of the year has to grow by 13.3 % (evenly spread, by now 50 % of "
          "last year's total); severe for the first time: a warning until the next period confirms "
          "it" },
        { 6, 4,
          "1—6月累计4.0%，目标7.0%，低3个百分点（差距2至4个百分点为预警），其余月份需增长10%（按"
          "各月均摊占去年全年50%）",
          "4.0 % in January–June, target 7.0 %, 3 points below (2 to 4 points short: warning); the "
          "rest of the year has to grow by 10 % (evenly spread, by now 50 % of last year's "
          "total)" },
        { 6, 5.8,
          "1—6月累计5.8%，目标7.0%，低1.2个百分点（差距0.5至2个百分点为提醒），其余月份需增长8.2%"
          "（按各月均摊占去年全年50%）",
          "5.8 % in January–June, target 7.0 %, 1.2 points below (0.5 to 2 points short: remind); "
          "the rest of the year has to grow by 8.2 % (evenly spread, by now 50 % of last year's "
          "total)" },
        { 6, 6.8,
          "1—6月累计6.8%，目标7.0%，低0.2个百分点（差距0.5个百分点以内为正常），其余月份需增长7."
          "2%（按各月均摊占去年全年50%）",
          "6.8 % in January–June, target 7.0 %, 0.2 points below (up to 0.5 points short: on "
          "pace); the rest of the year has to grow by 7.2 % (evenly spread, by now 50 % of last "
          "year's total)" },
        { 6, 7, "1—6月累计7.0%，目标7.0%，与目标持平",
          "7.0 % in January–June, target 7.0 %, just the target" },
        { 6, 9.3, "1—6月累计9.3%，目标7.0%，高2.3个百分点",
          "9.3 % in January–June, target 7.0 %, 2.3 points above" },
        { 2, -1.25,
          "1—2月累计−1.25%，目标7.00%，低8.25个百分点（差距超过4个百分点为严重），其余月份需增长8."
          "6%（按各月均摊占去年全年16.7%）",
          "−1.25 % in January–February, target 7.00 %, 8.25 points below (more than 4 points "
          "short: severe); the rest of the year has to grow by 8.6 % (evenly spread, by now 16.7 % "
          "of last year's total)" },
        { 12, 7.3, "1—12月累计7.3%，目标7.0%，高0.3个百分点，全年目标已达到",
          "7.3 % in January–December, target 7.0 %, 0.3 points above; the year's target is "
          "reached" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'G', METHOD_GAP, "7");
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        check_said(&verdict, rows[i].zh, rows[i].en);
    }
    struct world world;
    world_init(&world);
    world_percent(&world, 'G', METHOD_GAP, "3");
    world.indicator.direction = DIRECTION_DOWN;
    struct verdict verdict = world_judge(&world, 6, 4);
    check_said(
        &verdict,
        "1—6月累计4.0%，目标3.0%，高1个百分点（差距0.5至2个百分点为提醒），其余月份最多增长2%"
        "（按各月"
        "均摊占去年全年50%）",
        "4.0 % in January–June, target 3.0 %, 1 points above (0.5 to 2 points short: remind); the "
        "rest of the year may grow by 2 % (evenly spread, by now 50 % of last year's total)");
}

static void
test_levels(void **state)
{
    (void)state;
    static const struct {
        int month;
        double actual;
        enum comparator comparator;
        const char *zh;
        const char *en;
    } rows[] = {
        { 6, 65.96, CMP_GE,
          "6月末65.96%，目标66.00%，低0.04个百分点（差距在目标末位的一半以内，视为正常）",
          "65.96 % at the end of June, target 66.00 %, 0.04 points below (within half of the "
          "target's "
          "last digit: on pace)" },
        { 6, 66, CMP_GT, "6月末66.0%，目标超过66.0%，与目标持平，尚未超过",
          "66.0 % at the end of June, target more than 66.0 %, just the target, which is not yet "
          "exceeded" },
        { 6, 64.7, CMP_GE,
          "6月末64.7%，目标66.0%，低1.3个百分点（差距为目标的1.97%，2%以内为提醒）",
          "64.7 % at the end of June, target 66.0 %, 1.3 points below (1.97 % of the target; up to "
          "2 "
          "%: remind)" },
        { 6, 63, CMP_GE, "6月末63.0%，目标66.0%，低3个百分点（差距为目标的4.55%，2%至5%为预警）",
          "63.0 % at the end of June, target 66.0 %, 3 points below (4.55 % of the target; 2 to 5 "
          "%: "
          "warning)" },
        { 6, 50, CMP_GE, "6月末50.0%，目标66.0%，低16个百分点（差距为目标的24.24%，超过5%为严重）",
          "50.0 % at the end of June, target 66.0 %, 16 points below (24.24 % of the target; more "
          "than 5 %: severe)" },
        { 6, 66.3, CMP_GE, "6月末66.3%，目标66.0%，高0.3个百分点，已达到目标，年末仍须保持",
          "66.3 % at the end of June, target 66.0 %, 0.3 points above; the target is reached and "
          "must "
          "be held to the year's end" },
        { 12, 66, CMP_GE, "12月末66.0%，目标66.0%，与目标持平，全年目标已达到",
          "66.0 % at the end of December, target 66.0 %, just the target; the year's target is "
          "reached" },
        { 6, 60, CMP_LE, "6月末60.0%，目标不超过66.0%，低6个百分点，已达到目标，年末仍须保持",
          "60.0 % at the end of June, target at most 66.0 %, 6 points below; the target is reached "
          "and must be held to the year's end" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'R', METHOD_LVL, "66");
        world.target.comparator = rows[i].comparator;
        world.indicator.cumulation = CUMULATION_STOCK;
        struct verdict verdict = world_judge(&world, rows[i].month, rows[i].actual);
        check_said(&verdict, rows[i].zh, rows[i].en);
    }
    struct world world;
    world_init(&world);
    world_target(&world, METHOD_LVL, CMP_GE, "0");
    struct verdict verdict = world_judge(&world, 6, -3);
    check_said(&verdict, "1—6月累计−3亩，目标0亩，低3亩",
               "−3 mu in January–June, target 0 mu, 3 mu below");
}

static void
test_without_judgement(void **state)
{
    (void)state;
    struct world world;
    const struct series_view nothing = { NULL, 0 };
    world_init(&world);
    world.calendar.months = NO_JANUARY;
    struct verdict verdict = verdict_judge(
        &world.target, &(struct verdict_evidence){ .series = &nothing }, cal_month(2023, 1));
    check_said(&verdict, "截至1月尚无应报数据，首个数据期为2月",
               "no value is due by January; the first is that of February");
    world.calendar = (struct cat_calendar){ .freq = CAL_QUARTER, .months = QUARTER_ENDS };
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 2));
    check_said(&verdict, "截至2月尚无应报数据，首个数据期为一季度",
               "no value is due by February; the first is that of the first quarter");
    world.calendar = (struct cat_calendar){ .freq = CAL_HALF, .months = 1 << 6 | 1 << 12 };
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 2));
    check_said(&verdict, "截至2月尚无应报数据，首个数据期为上半年",
               "no value is due by February; the first is that of the first half-year");
    world.calendar = (struct cat_calendar){ .freq = CAL_YEAR, .months = 1 << 12 };
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 2));
    check_said(&verdict, "截至2月尚无应报数据，首个数据期为全年",
               "no value is due by February; the first is that of the whole year");

    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 12));
    check_said(&verdict, "截至12月尚未收到本年数据，无法判断",
               "no value of this year up to December has been reported");

    world.target.status = TARGET_PENDING;
    world.target.text = "待省下达";
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 6));
    check_said(&verdict, "目标待下达（待省下达），暂不判断",
               "the target has not been issued yet (待省下达), so nothing is judged");
    world.target.text = "";
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 6));
    check_said(&verdict, "目标待下达，暂不判断",
               "the target has not been issued yet, so nothing is judged");
    world.target.status = TARGET_NOT_APPLICABLE;
    verdict = verdict_judge(&world.target, &(struct verdict_evidence){ .series = &nothing },
                            cal_month(2023, 6));
    check_said(&verdict, "该目标在此不适用，不作判断",
               "the target does not apply here, so nothing is judged");
}

/* The period's own words, by frequency and by what the number covers. */
static void
test_periods(void **state)
{
    (void)state;
    static const struct {
        const char *period;
        enum cumulation cumulation;
        const char *zh;
        const char *en;
    } rows[] = {
        { "2023-06", CUMULATION_MONTH, "6月", "in June" },
        { "2023-06", CUMULATION_YTD, "1—6月累计", "in January–June" },
        { "2023-01", CUMULATION_YTD, "1月", "in January" },
        { "2023-06", CUMULATION_STOCK, "6月末", "at the end of June" },
        { "2023-Q1", CUMULATION_YTD, "一季度", "in the first quarter" },
        { "2023-Q2", CUMULATION_MONTH, "二季度", "in the second quarter" },
        { "2023-Q2", CUMULATION_YTD, "上半年累计", "in the first half-year" },
        { "2023-Q3", CUMULATION_YTD, "前三季度累计", "in the first three quarters" },
        { "2023-Q4", CUMULATION_YTD, "全年累计", "in the whole year" },
        { "2023-Q3", CUMULATION_STOCK, "9月末", "at the end of September" },
        { "2023-Q4", CUMULATION_MONTH, "四季度", "in the fourth quarter" },
        { "2023-S1", CUMULATION_YTD, "上半年累计", "in the first half-year" },
        { "2023-S2", CUMULATION_MONTH, "下半年", "in the second half-year" },
        { "2023-S2", CUMULATION_STOCK, "年末", "at the end of the year" },
        { "2023", CUMULATION_YTD, "全年累计", "in the whole year" },
        { "2023", CUMULATION_MONTH, "全年", "in the whole year" },
        { "2023-W05", CUMULATION_YTD, "2023-W05累计", "up to 2023-W05" },
        { "2023-W05", CUMULATION_STOCK, "2023-W05末", "at the end of 2023-W05" },
        { "2023-01-01/P2M", CUMULATION_MONTH, "2023-01-01/P2M", "in 2023-01-01/P2M" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        struct cal_period period;
        char zh[120], en[120];
        CHECK_INT(rows[i].period, 0,
                  cal_period_parse(rows[i].period, strlen(rows[i].period), &period, NULL));
        world_init(&world);
        world.target.method = METHOD_MAN;
        world.indicator.cumulation = rows[i].cumulation;
        struct verdict verdict = world_judge_period(&world, period, 10000, cal_month(2023, 12));
        (void)snprintf(zh, sizeof zh, "%s10000亩，已由责任单位填报佐证（见说明），视为达成",
                       rows[i].zh);
        (void)snprintf(en, sizeof en,
                       "10000 mu %s, attested by the responsible unit (see its note): reached",
                       rows[i].en);
        check_said(&verdict, zh, en);
    }
}

static void
test_units(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'D', METHOD_GAP, "1.5");
    world.unit.name = (struct cat_name){ "个百分点", "percentage points" };
    struct verdict verdict = world_judge(&world, 6, 1.2);
    check_said(
        &verdict,
        "1—6月累计1.2个百分点，目标1.5个百分点，低0.3个百分点（差距0.5个百分点以内为正常）",
        "1.2 percentage points in January–June, target 1.5 percentage points, 0.3 points below "
        "(up to 0.5 points short: on pace)");
    world_percent(&world, 'R', METHOD_LVL, "66");
    world.unit.name = (struct cat_name){ "万元/亩", "10,000 yuan per mu" };
    verdict = world_judge(&world, 6, 60);
    check_said(&verdict,
               "1—6月累计60.0万元/亩，目标66.0万元/亩，低6.0万元/"
               "亩（差距为目标的9.09%，超过5%为严重）；首次判为严重，待下期确认，暂列预警",
               "60.0 × 10,000 yuan per mu in January–June, target 66.0 × 10,000 yuan per mu, 6.0 × "
               "10,000 yuan per mu below (9.09 % of the target; more than 5 %: severe); severe for "
               "the first time: a warning until the next period confirms it");
    /* a target in ten thousand mu is told in the indicator's mu */
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "1.1");
    world.target_unit.factor = 10000;
    verdict = world_judge(&world, 12, 11000);
    check_said(&verdict, "1—12月累计11000亩，目标11000亩，完成100%，全年目标已完成",
               "11000 mu by December of 11000 mu: 100 % done; the year's target is reached");
}

static void
test_simulated(void **state)
{
    (void)state;
    struct world world;
    world_init(&world);
    world_percent(&world, 'G', METHOD_GAP, "7");
    struct verdict verdict = world_judge(&world, 6, 9.3);
    verdict.is_simulated = true;
    check_said(&verdict, "1—6月累计9.3%，目标7.0%，高2.3个百分点（演示数据）",
               "9.3 % in January–June, target 7.0 %, 2.3 points above (simulated data)");
}

/* However long a unit's name is, it is cut to whole characters and the sentence goes on to its end.
 */
static void
test_long_names_are_cut(void **state)
{
    (void)state;
    static const double actuals[] = { 123456789012.5, 12345678901.5, 1234567890.5 };
    for (size_t shift = 0; shift < 3; shift++) {
        char name[4000]; /* x, or two, shift the characters against the limit */
        memset(name, 'x', shift);
        for (size_t i = shift; i + 4 < sizeof name; i += 3)
            memcpy(name + i, "湖", 4);
        struct world world;
        world_init(&world);
        world.unit.name = (struct cat_name){ name, name };
        world.indicator.decimals = 6;
        world.target.text = name;
        world_target(&world, METHOD_LIN, CMP_APPROX, "999999999999");
        const struct cal_period pair = { CAL_RANGE, 2023, 1, 2 };
        struct verdict verdict =
            world_judge_period(&world, pair, actuals[shift], cal_month(2023, 6));
        for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
            for (int rule = RULE_NOT_APPLICABLE; rule < RULE_UNCONFIRMED; rule++) {
                char text[VERDICT_SENTENCE_MAX];
                verdict.own_rule = (enum rule)rule;
                verdict.rule = RULE_PROVISIONAL_HOLD;
                verdict.level = verdict.own_level = LEVEL_WARN;
                verdict.gap = -987654321098.5;
                verdict.is_simulated = verdict.is_fallback = true;
                verdict.expected = verdict.base = verdict.reference = verdict.actual;
                verdict.planned_month = verdict.missed_month = 9;
                verdict_sentence(&verdict, (enum lang)lang, text);
                CHECK(rule_name(verdict.own_rule), strlen(text) < sizeof text);
                const char *last = lang == LANG_ZH ? "（演示数据）" : " (simulated data)";
                CHECK_TEXT(rule_name(verdict.own_rule), last, text + strlen(text) - strlen(last));
                CHECK(rule_name(verdict.own_rule), text_is_utf8(text, strlen(text)));
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),    cmocka_unit_test(test_growth),
        cmocka_unit_test(test_levels),    cmocka_unit_test(test_without_judgement),
        cmocka_unit_test(test_periods),   cmocka_unit_test(test_units),
        cmocka_unit_test(test_simulated), cmocka_unit_test(test_long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
