/* SPDX-License-Identifier: GPL-3.0-or-later
 * The odd cells and phrases of 湖政办发〔2023〕22号, one by one: each is in the catalogue as it is
 * printed and is judged as it is meant. */
#include "core/verdict.h"
#include "platform/catalogue_load.h"

#include "verdict_world.h"

static struct catalogue_store *store;
static const struct catalogue *catalogue;

static int
setup(void **state)
{
    (void)state;
    struct err_note note = { { 0 } };
    int code = catalogue_load(PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &store, &note);
    if (code != 0)
        print_error("%s\n", note.text);
    else
        catalogue = catalogue_of(store);
    return code;
}

static int
teardown(void **state)
{
    (void)state;
    catalogue_free(store);
    return 0;
}

static const struct cat_target *
target_of(const char *id)
{
    const struct cat_target *target = catalogue_target(catalogue, id);
    CHECK(id, target != NULL);
    return target;
}

/* What the target says when that month's value is all that was reported. */
static struct verdict
judge(const char *id, struct cal_period period, double value, const struct series_view *reference)
{
    struct obs_point point = {
        .period = period, .value = value, .has_value = true, .status = 'A', .position = 1
    };
    const struct series_view view = { &point, 1 };
    const struct verdict_evidence evidence = { .series = &view, .reference = reference };
    return verdict_judge(target_of(id), &evidence,
                         cal_month(period.year, cal_period_end_month(period)));
}

static enum level
level_in(const char *id, int month, double value)
{
    return judge(id, cal_month(2023, month), value, NULL).level;
}

/* And when nothing was. */
static struct verdict
judge_nothing(const char *id, int month)
{
    const struct series_view view = { NULL, 0 };
    const struct verdict_evidence evidence = { .series = &view };
    return verdict_judge(target_of(id), &evidence, cal_month(2023, month));
}

static void
check_printed(const char *id, const char *text, const char *value, enum comparator comparator)
{
    const struct cat_target *target = target_of(id);
    CHECK_TEXT(id, text, target->text);
    CHECK_TEXT(id, value, target->value.text);
    CHECK_INT(id, comparator, target->comparator);
}

/* 1 and 2: words in a column of numbers. */
static void
test_comparators_in_a_cell(void **state)
{
    (void)state;
    check_printed("f2-2-huzhou", "2个以上", "2", CMP_GE);
    CHECK_INT("two are enough", LEVEL_REACHED, level_in("f2-2-huzhou", 12, 2));
    check_printed("f2-5-huzhou", "超40", "40", CMP_GT);
    CHECK("40 is not above 40",
          judge("f2-5-huzhou", cal_period_of(CAL_QUARTER, 2023, 4), 40, NULL).level !=
              LEVEL_REACHED);
    CHECK_INT("40.1 is", LEVEL_REACHED,
              judge("f2-5-huzhou", cal_period_of(CAL_QUARTER, 2023, 4), 40.1, NULL).level);
}

/* 3: above another growth. */
static void
test_relative_to_gdp(void **state)
{
    (void)state;
    struct obs_point gdp = { .period = cal_period_of(CAL_QUARTER, 2023, 2),
                             .value = 5.7,
                             .has_value = true };
    const struct series_view reference = { &gdp, 1 };
    const struct cat_target *target = target_of("f2-3-huzhou");
    check_printed("f2-3-huzhou", "高于GDP增速1个百分点", "", CMP_RELATIVE);
    CHECK_TEXT("of GDP", "gdp-growth", target->reference->id);
    struct verdict verdict = judge("f2-3-huzhou", cal_month(2023, 6), 6.7, &reference);
    CHECK_NEAR("5.7 and 1", 6.7, verdict.target_value);
    CHECK_INT("on pace", LEVEL_NORMAL, verdict.level);
    CHECK_INT("without GDP not", RULE_NO_REFERENCE,
              judge("f2-3-huzhou", cal_month(2023, 6), 6.7, NULL).rule);
}

/* 4 to 6: cells without a number. */
static void
test_cells_without_a_number(void **state)
{
    (void)state;
    static const char *const districts[] = { "wuxing",    "nanxun", "deqing",
                                             "changxing", "anji",   "nantaihu" };
    check_printed("f2-16-huzhou", "完成省定目标", "", CMP_PENDING);
    CHECK_INT("grey", LEVEL_PENDING, judge_nothing("f2-16-huzhou", 12).level);
    CHECK_INT("grey with a value too", LEVEL_PENDING,
              judge("f2-16-huzhou", cal_period_of(CAL_QUARTER, 2023, 2), 5, NULL).level);
    check_printed("f1-11-huzhou", "待省下达任务指标后再分解", "", CMP_PENDING);
    for (size_t i = 0; i < COUNT(districts); i++) {
        char id[40];
        (void)snprintf(id, sizeof id, "f1-11-%s", districts[i]);
        check_printed(id, "", "", CMP_PENDING);
        CHECK_INT(id, LEVEL_PENDING, judge_nothing(id, 6).level);
    }
    check_printed("f1-16-nantaihu", "/", "", CMP_NA);
    CHECK_INT("/", LEVEL_NOT_APPLICABLE, judge_nothing("f1-16-nantaihu", 12).level);
}

/* 7: one number for two areas. */
static void
test_a_joint_scope(void **state)
{
    (void)state;
    const struct cat_target *target = target_of("f1-16-wuxing");
    check_printed("f1-16-wuxing", "4.5（含南太湖新区）", "4.5", CMP_GE);
    CHECK_TEXT("both", "wuxing+nantaihu", target->area->id);
    CHECK_INT("members", 2, (long long)target->area->member_count);
    CHECK_INT("reached by both", LEVEL_REACHED,
              judge("f1-16-wuxing", cal_period_of(CAL_QUARTER, 2023, 4), 4.5, NULL).level);
}

/* 8: one quantity in two units. */
static void
test_mu_and_wan_mu(void **state)
{
    (void)state;
    const struct cat_target *mu = target_of("f1-14-huzhou");
    const struct cat_target *wan_mu = target_of("f2-17-huzhou");
    CHECK("one series", mu->indicator == wan_mu->indicator);
    CHECK_TEXT("as printed", "10000", mu->value.text);
    CHECK_TEXT("as printed", "1", wan_mu->value.text);
    CHECK_NEAR("the same", target_value(mu), target_value(wan_mu));
    struct verdict a = judge("f1-14-huzhou", cal_month(2023, 6), 3600, NULL);
    struct verdict b = judge("f2-17-huzhou", cal_month(2023, 6), 3600, NULL);
    CHECK_NEAR("judged alike", a.ratio, b.ratio);
    CHECK_INT("judged alike", a.level, b.level);
}

/* 9, 10, 13: brackets before the unit's, a comparator in a name, brackets of either width. */
static void
test_printed_names(void **state)
{
    (void)state;
    static const struct {
        const char *printed, *id, *unit;
    } rows[] = {
        { "培育智能工厂（数字化车间）（家）", "smart-factories", "jia" },
        { "培育智能工厂（数字化车间）", "smart-factories", "jia" },
        { "报会（交易所）企业（家）", "listing-applications", "jia" },
        { "新增省级服务型制造企业（平台）家（个）", "service-mfg-enterprises", "ge" },
        { "全市出让土地总量中工业用地比例不低于（%）", "industrial-land-share", "pct" },
        { "制造业投资增长(%)", "mfg-investment-growth", "pct" },
        { "制造业投资增长（%）", "mfg-investment-growth", "pct" },
        { "腾出用地面积（万亩）", "land-freed", "mu" },
        { "腾出 用地 面积（亩）", "land-freed", "mu" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cat_indicator *indicator =
            catalogue_find_indicator(catalogue, rows[i].printed);
        CHECK(rows[i].printed, indicator != NULL);
        CHECK_TEXT(rows[i].printed, rows[i].id, indicator->id);
        CHECK_TEXT(rows[i].printed, rows[i].unit, indicator->unit->id);
    }
    check_printed("f2-81-huzhou", "40", "40", CMP_GE);
}

static void
check_no_space(const char *text)
{
    for (const char *c = text; *c; c++)
        CHECK(text, *c != ' ' || (c > text && (unsigned char)c[-1] < 0x80));
}

/* 11, 12, 14: merged cells, repeated heads, line wraps: nothing of the layout is left. */
static void
test_the_layout_is_gone(void **state)
{
    (void)state;
    static const struct {
        const char *category;
        int rows;
    } categories[] = {
        { "牵引性目标", 16 },   { "空间腾换行动", 5 }, { "招大做强行动", 19 },
        { "企业优强行动", 14 }, { "品质提升行动", 9 }, { "数字赋能行动", 6 },
        { "创新强工行动", 10 }, { "强化要素保障", 4 },
    };
    int rows = 0, cells = 0, of[COUNT(categories)] = { 0 };
    bool seen[84] = { false };
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        int row = 0;
        check_no_space(target->text);
        check_no_space(target->indicator->name.zh);
        cells += strncmp(target->source, "附1-", strlen("附1-")) == 0;
        if (sscanf(target->source, "附2-%d", &row) != 1)
            continue;
        CHECK(target->id, row >= 1 && row <= 83 && !seen[row]);
        seen[row] = true;
        rows++;
        for (size_t k = 0; k < COUNT(categories); k++)
            of[k] += strcmp(target->indicator->category, categories[k].category) == 0;
    }
    CHECK_INT("rows of 附2", 83, rows);
    CHECK_INT("cells of 附1", 112, cells);
    for (size_t k = 0; k < COUNT(categories); k++)
        CHECK_INT(categories[k].category, categories[k].rows, of[k]);
    for (size_t i = 0; i < catalogue->owner_count; i++)
        check_no_space(catalogue->owners[i].name.zh);
}

/* 15: one unit, two names. */
static void
test_a_unit_by_either_name(void **state)
{
    (void)state;
    const struct cat_owner *owner = catalogue_find_owner(catalogue, "市人社保局");
    CHECK("found", owner != NULL);
    CHECK("the body's name", catalogue_find_owner(catalogue, "市人力社保局") == owner);
    CHECK("it owns row 83", target_of("f2-83-huzhou")->owner == owner);
    CHECK("unknown", !catalogue_find_owner(catalogue, "市某局"));
}

/* 16: about 25, either way. */
static void
test_about(void **state)
{
    (void)state;
    check_printed("f2-70-huzhou", "25", "25", CMP_APPROX);
    CHECK_INT("24", LEVEL_REACHED, level_in("f2-70-huzhou", 12, 24));
    CHECK_INT("26", LEVEL_REACHED, level_in("f2-70-huzhou", 12, 26));
    CHECK("23 is too few", level_in("f2-70-huzhou", 12, 23) != LEVEL_REACHED);
}

/* 17 and 18: one phrase, several targets. */
static void
test_each_and_both(void **state)
{
    (void)state;
    static const char *const counties[] = { "wuxing", "nanxun", "deqing", "changxing", "anji" };
    for (size_t i = 0; i < COUNT(counties); i++) {
        char id[40];
        (void)snprintf(id, sizeof id, "b-3-2-3-%s", counties[i]);
        check_printed(id, "确保2023年每个区县投产新型储能项目2个以上", "2", CMP_GE);
        CHECK_TEXT(id, counties[i], target_of(id)->area->id);
        CHECK_INT(id, LEVEL_REACHED, level_in(id, 12, 2));
    }
    static const char both[] = "引进3亿元以上项目、高层次人才创业项目均超300个";
    check_printed("b-3-5-1-huzhou", both, "300", CMP_GT);
    check_printed("b-3-5-2-huzhou", both, "300", CMP_GT);
    CHECK("two series",
          target_of("b-3-5-1-huzhou")->indicator != target_of("b-3-5-2-huzhou")->indicator);
    CHECK("300 is not above 300", level_in("b-3-5-1-huzhou", 12, 300) != LEVEL_REACHED);
    CHECK_INT("301 is", LEVEL_REACHED, level_in("b-3-5-1-huzhou", 12, 301));
}

/* 19: a part names what it is part of. */
static void
test_parts(void **state)
{
    (void)state;
    CHECK("of the investment", strstr(target_of("b-3-1-3-huzhou")->note, "上级目标") != NULL);
    CHECK("of 100", strstr(target_of("p-2-6-1-2-huzhou")->note, "100") != NULL);
    CHECK("15 of 200", strstr(target_of("f2-28-huzhou")->note, "200") != NULL);
}

/* 20: above one hundred percent. */
static void
test_more_than_all(void **state)
{
    (void)state;
    check_printed("b-3-3-2-huzhou", "年度投资完成率120%以上", "120", CMP_GE);
    CHECK_INT("all is not enough", LEVEL_REMIND, level_in("b-3-3-2-huzhou", 12, 110));
    CHECK_INT("120", LEVEL_REACHED, level_in("b-3-3-2-huzhou", 12, 120));
    CHECK_INT("60 in June is on pace", LEVEL_NORMAL, level_in("b-3-3-2-huzhou", 6, 60));
}

/* 21: a fraction. */
static void
test_two_thirds(void **state)
{
    (void)state;
    check_printed("p-2-2-1-3-huzhou", "确保列入项目清单中制造业项目占比达到2/3以上", "66.67",
                  CMP_GE);
}

/* 22: a stock that is to vanish; ratios would divide by zero. */
static void
test_clear_to_zero(void **state)
{
    (void)state;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    const struct cat_target *target = target_of("p-2-1-1-5-huzhou");
    check_printed("p-2-1-1-5-huzhou", "全市园区外小企业清零", "0", CMP_EQ);
    history_add(&history, cal_period_of(CAL_YEAR, 2022, 1), 100);
    history_add(&history, cal_period_of(CAL_YEAR, 2023, 1), 80);
    struct verdict verdict = verdict_judge(target, &evidence, cal_month(2023, 12));
    CHECK_NEAR("a fifth of the way", 0.2, verdict.completion);
    CHECK_INT("on pace", LEVEL_NORMAL, verdict.level);
    history.points[1].value = 99;
    verdict = verdict_judge(target, &evidence, cal_month(2023, 12));
    CHECK_NEAR("hardly any", 0.01, verdict.completion);
    CHECK_INT("far behind", LEVEL_SEVERE, verdict.level);
    history.points[1].value = 0;
    CHECK_INT("gone", LEVEL_REACHED, verdict_judge(target, &evidence, cal_month(2023, 12)).level);
    history.points[0].value = 0;
    verdict = verdict_judge(target, &evidence, cal_month(2023, 12));
    CHECK("there never was one: kept, and no division by zero",
          verdict.level == LEVEL_NORMAL || verdict.level == LEVEL_REACHED);
}

/* 23: how strong the wording is. */
static void
test_wording(void **state)
{
    (void)state;
    size_t strong = 0, weak = 0;
    CHECK_TEXT("sure", "确保", target_of("b-3-2-3-anji")->wording);
    CHECK_TEXT("strive", "力争", target_of("f2-39-huzhou")->wording);
    for (size_t i = 0; i < catalogue->target_count; i++) {
        strong += strcmp(catalogue->targets[i].wording, "确保") == 0;
        weak += strcmp(catalogue->targets[i].wording, "力争") == 0 ||
                strcmp(catalogue->targets[i].wording, "争取") == 0;
    }
    CHECK_INT("确保", 10, (long long)strong);
    CHECK_INT("力争, 争取", 37, (long long)weak);
}

/* 长合区 has duties and no numbers. */
static void
test_duties_without_numbers(void **state)
{
    (void)state;
    const struct cat_area *changhe = catalogue_area(catalogue, "changhe");
    CHECK("no column", !changhe->has_numbers);
    for (size_t i = 0; i < catalogue->target_count; i++)
        CHECK(catalogue->targets[i].id, catalogue->targets[i].area != changhe ||
                                            catalogue->targets[i].status == TARGET_NOT_APPLICABLE);
    CHECK("but accountable", strstr(target_of("f2-1-huzhou")->accountable, "changhe") != NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparators_in_a_cell),
        cmocka_unit_test(test_relative_to_gdp),
        cmocka_unit_test(test_cells_without_a_number),
        cmocka_unit_test(test_a_joint_scope),
        cmocka_unit_test(test_mu_and_wan_mu),
        cmocka_unit_test(test_printed_names),
        cmocka_unit_test(test_the_layout_is_gone),
        cmocka_unit_test(test_a_unit_by_either_name),
        cmocka_unit_test(test_about),
        cmocka_unit_test(test_each_and_both),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_more_than_all),
        cmocka_unit_test(test_two_thirds),
        cmocka_unit_test(test_clear_to_zero),
        cmocka_unit_test(test_wording),
        cmocka_unit_test(test_duties_without_numbers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
