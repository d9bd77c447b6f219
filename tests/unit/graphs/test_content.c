/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/content.h"

#include "tests/unit/core/check.h"

static struct picture_target target_2023;

static struct picture
picture_of(struct picture_point *points, size_t count)
{
    target_2023 = (struct picture_target){ .year = 2023, .value = 2000, .plan = (double)NAN };
    return (struct picture){ .lang = LANG_ZH,
                             .from = cal_date_of(2022, 1, 1),
                             .to = cal_date_of(2023, 12, 31),
                             .title = "指标",
                             .area = "安吉",
                             .unit = "亩",
                             .cumulation = CUMULATION_YTD,
                             .kind = 'V',
                             .points = points,
                             .point_count = count,
                             .targets = &target_2023,
                             .target_count = 1 };
}

static void
test_style_follows_kind_and_cumulation(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        char kind;
        enum cumulation cumulation;
        enum content_style style;
        bool has_plan, has_target;
    } rows[] = {
        { "count of the year", 'F', CUMULATION_YTD, CONTENT_BARS, true, true },
        { "accumulating ratio", 'A', CUMULATION_YTD, CONTENT_BARS, true, true },
        { "one month's count", 'F', CUMULATION_MONTH, CONTENT_BARS, false, false },
        { "growth", 'G', CUMULATION_YTD, CONTENT_BARS, false, true },
        { "a month's growth", 'G', CUMULATION_MONTH, CONTENT_BARS, false, true },
        { "change of a share", 'D', CUMULATION_STOCK, CONTENT_BARS, false, true },
        { "share", 'R', CUMULATION_YTD, CONTENT_STEPS, false, true },
        { "stock", 'S', CUMULATION_STOCK, CONTENT_STEPS, false, true },
        { "count as a stock", 'F', CUMULATION_STOCK, CONTENT_STEPS, false, true },
        { "rank", 'K', CUMULATION_STOCK, CONTENT_STEPS, false, true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct picture picture = picture_of(NULL, 0);
        picture.kind = rows[i].kind;
        picture.cumulation = rows[i].cumulation;
        struct content content;
        content_make(&picture, &content);
        CHECK_INT(rows[i].row, rows[i].style, content.style);
        CHECK_INT(rows[i].row, rows[i].has_plan, content.has_plan);
        CHECK_INT(rows[i].row, rows[i].has_target, content.has_target);
        CHECK(rows[i].row, !content.latest && !content.is_simulated);
    }
    struct picture own = picture_of(NULL, 0);
    struct content with_plan;
    own.kind = 'C';
    own.targets[0].plan = 30; /* milestones */
    content_make(&own, &with_plan);
    CHECK("a plan of its own", with_plan.has_plan);
    own.size = PICTURE_SPARK;
    content_make(&own, &with_plan);
    CHECK("too small for it", !with_plan.has_plan);
    struct picture picture = picture_of(NULL, 0);
    picture.targets[0].year = 2030;
    struct content content;
    content_make(&picture, &content);
    CHECK("target of another time", !content.has_target && !content.has_plan);
}

static void
test_legend_latest_and_stamp(void **state)
{
    (void)state;
    struct picture_point points[] = {
        { .from = cal_date_of(2021, 12, 1),
          .to = cal_date_of(2022, 1, 1),
          .label = "2021-12",
          .level = LEVEL_SEVERE,
          .status = 'P',
          .is_simulated = true }, /* before the picture */
        { .from = cal_date_of(2022, 12, 1),
          .to = cal_date_of(2023, 1, 1),
          .label = "2022-12",
          .level = LEVEL_REACHED,
          .status = 'A' },
        { .from = cal_date_of(2023, 5, 1),
          .to = cal_date_of(2023, 6, 1),
          .label = "2023-05",
          .level = LEVEL_NORMAL,
          .status = 'A' },
        { .from = cal_date_of(2023, 6, 1),
          .to = cal_date_of(2023, 7, 1),
          .label = "2023-06",
          .level = LEVEL_WARN,
          .status = 'E',
          .is_simulated = true },
    };
    struct picture picture = picture_of(points, 3);
    struct content content;
    content_make(&picture, &content);
    CHECK("no stamp", !content.is_simulated);
    CHECK_INT("legend", 3, (long long)content.legend_count);
    picture = picture_of(points, 4);
    content_make(&picture, &content);
    CHECK("a simulated point is enough for the stamp", content.is_simulated);
    CHECK("latest", content.latest == &points[3]);
    CHECK_TEXT("subtitle", "安吉  ·  单位：亩  ·  数据期：2023年1—6月", content.subtitle);
    static const char *const legend[] = { "正常 / 已达成", "预警", "计划进度", "年度目标",
                                          "初步或估计数" };
    CHECK_INT("legend", (long long)COUNT(legend), (long long)content.legend_count);
    for (size_t i = 0; i < COUNT(legend); i++)
        CHECK_TEXT("legend", legend[i], content.legend[i].text);
}

static void
test_periods(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        enum cumulation cumulation;
        const char *zh, *en;
    } rows[] = {
        { "2023-06", CUMULATION_YTD, "2023年1—6月", "Jan–Jun 2023" },
        { "2023-01", CUMULATION_YTD, "2023年1月", "Jan 2023" },
        { "2023-06", CUMULATION_STOCK, "2023年6月", "Jun 2023" },
        { "2023-Q2", CUMULATION_YTD, "2023年1—6月", "Jan–Jun 2023" },
        { "2023-Q2", CUMULATION_MONTH, "2023年4—6月", "Apr–Jun 2023" },
        { "2023-01-01/P2M", CUMULATION_MONTH, "2023年1—2月", "Jan–Feb 2023" },
        { "2023-01-01/P2M", CUMULATION_YTD, "2023年1—2月", "Jan–Feb 2023" },
        { "2023", CUMULATION_YTD, "2023", "2023" },
        { "2023-W05", CUMULATION_MONTH, "2023-W05", "2023-W05" },
        { "whatever", CUMULATION_MONTH, "whatever", "whatever" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[CAL_TEXT_MAX];
        struct picture_point point = { .status = 'A' };
        (void)snprintf(point.label, sizeof point.label, "%s", rows[i].label);
        struct picture picture = { .cumulation = rows[i].cumulation, .lang = LANG_ZH };
        CHECK_TEXT(rows[i].label, rows[i].zh, content_period(&picture, &point, text));
        picture.lang = LANG_EN;
        CHECK_TEXT(rows[i].label, rows[i].en, content_period(&picture, &point, text));
    }
}

static void
test_the_longest_subtitle_fits(void **state)
{
    (void)state;
    struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                   .to = cal_date_of(2023, 7, 1),
                                   .level = LEVEL_NORMAL,
                                   .status = 'A' };
    memset(point.label, 'x', sizeof point.label - 1);
    struct picture picture = picture_of(&point, 1);
    memset(picture.area, 'a', sizeof picture.area - 1);
    memset(picture.unit, 'u', sizeof picture.unit - 1);
    memset(picture.as_of, 'd', sizeof picture.as_of - 1);
    struct content content;
    content_make(&picture, &content);
    CHECK("whole", strstr(content.subtitle, "dddddddddd 所知") != NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_style_follows_kind_and_cumulation),
        cmocka_unit_test(test_legend_latest_and_stamp),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_the_longest_subtitle_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
