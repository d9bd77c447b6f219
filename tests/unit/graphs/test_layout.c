/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/layout.h"

#include "tests/unit/core/check.h"

static const char LONG_TITLE[] = "高新技术产业增加值占规模以上工业增加值比重（含省级以上高新技术产"
                                 "业园区、科技型中小企业以及新认定的高新技术企业）较上年同期提高";

static void
make(struct picture *picture, struct content *content, struct layout *layout)
{
    content_make(picture, content);
    layout_make(picture, content, layout);
}

static struct picture
picture_of(enum picture_size size, const char *title, struct picture_point *point)
{
    struct picture picture = { .size = size,
                               .lang = LANG_ZH,
                               .from = cal_date_of(2021, 1, 1),
                               .to = cal_date_of(2023, 12, 31),
                               .area = "安吉",
                               .unit = "亩",
                               .cumulation = CUMULATION_YTD,
                               .kind = 'V',
                               .is_simulated = true,
                               .points = point,
                               .point_count = point ? 1 : 0,
                               .targets = { { .year = 2023, .value = 2000 } },
                               .target_count = 1,
                               .fact_count = PICTURE_FACTS_MAX };
    (void)snprintf(picture.title, sizeof picture.title, "%s", title);
    for (size_t i = 0; i < picture.fact_count; i++) {
        (void)snprintf(picture.facts[i].label, sizeof picture.facts[i].label, "第%zu项", i);
        (void)snprintf(picture.facts[i].text, sizeof picture.facts[i].text, "%.*s", (int)(i * 24),
                       LONG_TITLE); /* 24 bytes are 8 characters */
        picture.facts[i].level = LEVEL_COUNT;
    }
    return picture;
}

/* Everything stays inside, nothing stands above what comes before it. */
static void
test_everything_is_inside(void **state)
{
    (void)state;
    static const char *const titles[] = { "", "短", LONG_TITLE };
    struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                   .to = cal_date_of(2023, 7, 1),
                                   .number = 980,
                                   .level = LEVEL_WARN,
                                   .status = 'A' };
    for (int size = PICTURE_PAGE; size <= PICTURE_SPARK; size++) {
        for (size_t i = 0; i < COUNT(titles) * 2; i++) {
            struct picture picture =
                picture_of((enum picture_size)size, titles[i / 2], i % 2 ? &point : NULL);
            struct content content;
            struct layout layout;
            make(&picture, &content, &layout);
            CHECK(titles[i / 2], layout.width >= 100 && layout.width <= 1100);
            CHECK(titles[i / 2], layout.height >= 36 && layout.height <= 1000);
            CHECK(titles[i / 2], layout.plot.x >= 0 && layout.plot.y >= 0);
            CHECK(titles[i / 2], layout.plot.x + layout.plot.width <= layout.width);
            CHECK(titles[i / 2], layout.plot.y + layout.plot.height <= layout.height);
            CHECK(titles[i / 2], (size == PICTURE_SPARK) == (layout.run_count == 0));
            for (size_t k = 0; k < layout.run_count; k++) {
                const struct layout_run *run = &layout.runs[k];
                CHECK(run->text, run->x >= 0 && run->x < layout.width);
                CHECK(run->text, run->y > 0 && run->y < layout.height);
                if (run->role == ROLE_TITLE || run->role == ROLE_SUBTITLE)
                    CHECK(run->text, run->y < layout.plot.y);
                else
                    CHECK(run->text, run->y > layout.plot.y + layout.plot.height);
                CHECK(run->text, text_is_utf8(run->text, run->length));
            }
        }
    }
}

static void
test_canvas_has_a_pixel_a_day(void **state)
{
    (void)state;
    static const struct {
        int year, years;
    } rows[] = { { 2023, 1 }, { 2021, 3 }, { 2003, 21 } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int size = PICTURE_PAGE; size <= PICTURE_SPARK; size++) {
            struct picture picture = picture_of((enum picture_size)size, "指标", NULL);
            picture.from = cal_date_of(rows[i].year, 1, 1);
            picture.to = cal_date_of(rows[i].year + rows[i].years - 1, 12, 31);
            struct content content;
            struct layout layout;
            make(&picture, &content, &layout);
            CHECK_INT("whole pixels a day", 0, layout.canvas_width % layout.axis.days);
            CHECK("wide enough", layout.canvas_width >= 960);
            double want = layout.plot.width / layout.plot.height;
            CHECK("same shape",
                  fabs(layout.canvas_width / (double)layout.canvas_height - want) < want * 0.01);
        }
    }
}

static void
test_positions(void **state)
{
    (void)state;
    struct picture picture = picture_of(PICTURE_PAGE, "指标", NULL);
    struct content content;
    struct layout layout;
    make(&picture, &content, &layout);
    CHECK_NEAR("left", layout.plot.x, layout_x(&layout, 0));
    CHECK_NEAR("right", layout.plot.x + layout.plot.width, layout_x(&layout, 1095));
    CHECK_NEAR("zero", layout.plot.y + layout.plot.height, layout_y(&layout, 0));
    CHECK("target", layout_y(&layout, 2000) > layout.plot.y);
}

static void
test_gaps(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int days, before, after;
    } rows[] = {
        { "month", 31, 2, 3 }, { "February", 28, 2, 2 }, { "quarter", 91, 7, 8 },
        { "week", 7, 0, 1 },   { "year", 365, 29, 29 },  { "day: too narrow", 1, 0, 0 },
    };
    struct picture picture = picture_of(PICTURE_PAGE, "指标", NULL);
    struct content content;
    struct layout layout;
    make(&picture, &content, &layout);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct picture_point point = { .from = { 0 }, .to = { rows[i].days } };
        struct layout_gap gap = layout_gap_of(&layout, &point);
        CHECK_INT(rows[i].row, rows[i].before, gap.before);
        CHECK_INT(rows[i].row, rows[i].after, gap.after);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_is_inside),
        cmocka_unit_test(test_canvas_has_a_pixel_a_day),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
