/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures of real archives. */
#include "graphs/draw.h"

#include "demo.h"
#include "tests/unit/core/check.h"
#include "tests/unit/platform/folder.h"
#include "xml.h"

enum { THREE_YEARS_MAX = 20000 };

static char folder[64];
static struct demo demo;
static char request[DEMO_REQUEST_MAX];

/* Draws `demo`; the caller frees the picture. */
static char *
draw(size_t *ret_size)
{
    struct picture picture;
    struct err_note note = { "" };
    char *bytes = NULL;
    size_t length = demo_request(&demo, request);
    int rc = picture_parse(request, length, &picture, &note);
    CHECK_TEXT("parse", "", note.text);
    CHECK_INT("parse", 0, rc);
    rc = draw_picture(&picture, folder, &bytes, ret_size, &note);
    CHECK_TEXT("draw", "", note.text);
    CHECK_INT("draw", 0, rc);
    picture_done(&picture);
    return bytes;
}

/* Draws an SVG and checks what holds for all of them. */
static char *
draw_svg(void)
{
    size_t size;
    char *svg = draw(&size);
    CHECK_INT("ends", (long long)strlen(svg), (long long)size);
    const char *words = xml_fault(svg);
    CHECK_TEXT("well-formed", "", words ? words : "");
    CHECK("role", strstr(svg, " role=\"img\"") && strstr(svg, " viewBox=\"0 0 "));
    CHECK("words", strstr(svg, "<title>") && strstr(svg, "<desc>"));
    CHECK("no header inside", !strstr(svg, "<?xml") && !strstr(svg, "surface"));
    CHECK("no glyphs", !strstr(svg, "<use") && !strstr(svg, "<symbol"));
    return svg;
}

static int
count_of(const char *text, const char *piece)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, piece)); at += strlen(piece))
        count++;
    return count;
}

static int
setup(void **state)
{
    (void)state;
    demo_three_years(&demo);
    demo_archive(&demo, folder);
    return 0;
}

static void
test_three_years_as_svg(void **state)
{
    (void)state;
    char *svg = draw_svg();
    CHECK("small", strlen(svg) <= THREE_YEARS_MAX);
    static const char *const words[] = {
        ">高耗低效整治腾出用地面积</text>",
        ">演示数据</text>",
        "高耗低效整治腾出用地面积（演示数据）</title>",
        "安吉  ·  单位：亩  ·  数据期：2023年1—6月  ·  按 2023-07-20 所知</text>",
        ">计划进度</text>",
        ">年度目标</text>",
        ">正常</text>",
        ">提醒</text>",
        ">预警</text>",
        ">严重</text>",
        ">980</text>",
        ">2000</text>",
        ">2022年</text>",
        ">一季度</text>",
        "2023年1—6月 980（正常）",
        ">最新值</text>",
        ">980亩</text>",
        ">−20亩</text>",
        "2021年目标 2000。",
    };
    for (size_t i = 0; i < COUNT(words); i++)
        CHECK(words[i], strstr(svg, words[i]) != NULL);
    CHECK("few paths", count_of(svg, "<path") < 30);
    CHECK("a canvas", count_of(svg, "<svg") == 2);
    CHECK("dashed plan", strstr(svg, "stroke-dasharray") != NULL);
    free(svg);
}

static void
test_same_input_same_bytes(void **state)
{
    (void)state;
    static const char *const formats[] = { "svg", "png" };
    for (size_t i = 0; i < COUNT(formats); i++) {
        size_t first_size, second_size;
        demo.format = formats[i];
        char *first = draw(&first_size);
        char *second = draw(&second_size);
        CHECK_INT(formats[i], (long long)first_size, (long long)second_size);
        CHECK(formats[i], memcmp(first, second, first_size) == 0);
        free(first);
        free(second);
    }
}

static void
test_the_stamp_is_there_only_when_due(void **state)
{
    (void)state;
    demo.is_simulated = false;
    char *svg = draw_svg();
    CHECK("no stamp", !strstr(svg, "演示数据"));
    free(svg);
    demo.is_simulated = true;
    demo.lang = "en";
    svg = draw_svg();
    CHECK_INT("stamps: pill, plot, title", 3, count_of(svg, "SIMULATED"));
    free(svg);
    demo.size = "spark";
    demo.lang = "zh-CN";
    svg = draw_svg();
    CHECK_INT("stamp and title", 2, count_of(svg, "演示数据"));
    free(svg);
}

static void
test_text_is_escaped(void **state)
{
    (void)state;
    demo.title = "R&D <script>alert(1)</script> ]]> \\\"";
    demo.facts = "[{\"label\":\"a<b\",\"text\":\"c&d\"}]";
    char *svg = draw_svg();
    CHECK("escaped", strstr(svg, "R&amp;D &lt;script&gt;") && !strstr(svg, "<script"));
    free(svg);
    demo.format = "png";
    size_t size;
    free(draw(&size));
}

static void
test_growth_stands_on_zero(void **state)
{
    (void)state;
    demo_growth(&demo);
    demo.archive = "0d/0000000d.rrd";
    demo_archive(&demo, folder);
    char *svg = draw_svg();
    CHECK("values", strstr(svg, ">−3.9</text>") && strstr(svg, ">0.7</text>"));
    CHECK("ticks",
          strstr(svg, ">−5.0</text>") && strstr(svg, ">0.0</text>") && strstr(svg, ">7.5</text>"));
    CHECK("no plan", !strstr(svg, "计划进度") && strstr(svg, ">目标</text>"));
    CHECK("months", strstr(svg, ">1月</text>") && strstr(svg, ">12月</text>"));
    free(svg);
    demo.format = "png";
    size_t size;
    free(draw(&size));
}

static void
test_provisional_values_are_marked(void **state)
{
    (void)state;
    demo.status = 'P';
    char *svg = draw_svg();
    CHECK("legend", strstr(svg, ">初步或估计数</text>") != NULL);
    CHECK("spoken", strstr(svg, "，初步或估计数）") != NULL);
    CHECK("hollow",
          strstr(svg, "fill=\"#FFFFFF\" fill-opacity=\".63\" stroke=\"#14665C\"") != NULL);
    free(svg);
}

static void
test_one_point_none_and_no_archive(void **state)
{
    (void)state;
    static const char *const formats[] = { "svg", "png" };
    for (size_t i = 0; i < COUNT(formats); i++) {
        size_t size;
        demo_three_years(&demo);
        demo.format = formats[i];
        demo.archive = "0e/0000000e.rrd";
        for (int k = 0; k < 36; k++)
            demo.values[k] = k == 29 ? 980 : (double)NAN;
        demo_archive(&demo, folder);
        char *picture = draw(&size);
        CHECK("one point", i == 1 || strstr(picture, ">980</text>"));
        free(picture);
        demo.values[29] = (double)NAN;
        picture = draw(&size);
        CHECK("no point",
              i == 1 || (strstr(picture, ">暂无数据</text>") && strstr(picture, "<svg x=")));
        free(picture);
        demo.archive = "0f/0000000f.rrd"; /* there is none */
        picture = draw(&size);
        CHECK("no archive",
              i == 1 || (strstr(picture, ">暂无数据</text>") && !strstr(picture, "<svg x=")));
        free(picture);
        demo.target = (double)NAN;
        free(draw(&size));
    }
}

static void
test_twenty_one_years(void **state)
{
    (void)state;
    demo.year = 2003;
    demo.months = 252;
    demo.archive = "10/00000010.rrd";
    for (int i = 0; i < 252; i++) {
        demo.values[i] = 10.0 * (i % 12 + 1);
        demo.levels[i] = i % 4;
    }
    demo_archive(&demo, folder);
    char *svg = draw_svg();
    CHECK("years", strstr(svg, ">2003</text>") && strstr(svg, ">2023</text>"));
    CHECK("bounded", strlen(svg) < 100000);
    free(svg);
    demo.format = "png";
    size_t size;
    free(draw(&size));
}

static unsigned
u32_big(const char *bytes)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static void
test_png(void **state)
{
    (void)state;
    static const struct {
        const char *size;
        unsigned width_low, width_high, height_low, height_high;
        size_t bytes_max;
    } rows[] = { { "page", 1000, 1200, 380, 520, 100000 },
                 { "phone", 700, 900, 600, 1100, 160000 },
                 { "spark", 300, 400, 60, 130, 12000 } };
    demo.format = "png";
    for (size_t i = 0; i < COUNT(rows); i++) {
        demo.size = rows[i].size;
        size_t size;
        char *png = draw(&size);
        CHECK(rows[i].size, size > 33 && memcmp(png, "\x89PNG\r\n\x1a\n", 8) == 0);
        unsigned width = u32_big(png + 16), height = u32_big(png + 20);
        char row[64];
        (void)snprintf(row, sizeof row, "%s %ux%u, %zu bytes", rows[i].size, width, height, size);
        CHECK(row, width >= rows[i].width_low && width <= rows[i].width_high);
        CHECK(row, height >= rows[i].height_low && height <= rows[i].height_high);
        CHECK(row, size <= rows[i].bytes_max);
        free(png);
    }
}

static void
test_archives_that_cannot_be_drawn(void **state)
{
    (void)state;
    struct picture picture;
    struct err_note note = { "" };
    char *bytes = NULL;
    size_t size;
    demo.archive = "11/00000011.rrd";
    size_t length = demo_request(&demo, request);
    assert_int_equal(picture_parse(request, length, &picture, NULL), 0);
    CHECK_INT("absent", ERR_ABSENT, draw_picture(&picture, folder, &bytes, &size, &note));
    CHECK("named", strstr(note.text, "11/00000011.rrd") != NULL);
    (void)mkdir(folder_path(folder, "11"), 0700);
    folder_put(folder, demo.archive, "this is no round robin database");
    CHECK_INT("damaged", ERR_LIBRARY, draw_picture(&picture, folder, &bytes, &size, &note));
    CHECK("words", strstr(note.text, "librrd: ") != NULL);
    CHECK_INT("backslash", ERR_RANGE, draw_picture(&picture, "/tmp/a\\b", &bytes, &size, &note));
    CHECK_INT("empty", ERR_RANGE, draw_picture(&picture, "", &bytes, &size, &note));
    CHECK("nothing given out", bytes == NULL);
    picture_done(&picture);
    demo_three_years(&demo); /* and the next picture is fine again */
    free(draw(&size));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_three_years_as_svg, setup),
        cmocka_unit_test_setup(test_same_input_same_bytes, setup),
        cmocka_unit_test_setup(test_the_stamp_is_there_only_when_due, setup),
        cmocka_unit_test_setup(test_text_is_escaped, setup),
        cmocka_unit_test_setup(test_growth_stands_on_zero, setup),
        cmocka_unit_test_setup(test_provisional_values_are_marked, setup),
        cmocka_unit_test_setup(test_one_point_none_and_no_archive, setup),
        cmocka_unit_test_setup(test_twenty_one_years, setup),
        cmocka_unit_test_setup(test_png, setup),
        cmocka_unit_test_setup(test_archives_that_cannot_be_drawn, setup),
    };
    draw_prepare();
    folder_make(folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    folder_remove(folder);
    return failed;
}
