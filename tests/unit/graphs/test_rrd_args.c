/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/rrd_args.h"

#include "tests/unit/core/check.h"

static void
test_text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum rrd_text_place place;
        size_t max;
        const char *want;
    } rows[] = {
        { "完成额", RRD_TEXT_LEGEND, 190, "完成额" },
        { "a:b", RRD_TEXT_LEGEND, 190, "a\\:b" },
        { "a:b", RRD_TEXT_TITLE, 190, "a:b" },
        { "<b>R&D</b>", RRD_TEXT_TITLE, 190, "&lt;b&gt;R&amp;D&lt;/b&gt;" },
        { "end\\", RRD_TEXT_LEGEND, 190, "end＼" },
        { "a\\lb\\n", RRD_TEXT_TITLE, 190, "a＼lb＼n" },
        { "a\nb\tc\x7f", RRD_TEXT_TITLE, 190, "abc" },
        { "100%s", RRD_TEXT_LEGEND, 190, "100%s" },
        { "\xff", RRD_TEXT_LEGEND, 190, "?" },
        { "", RRD_TEXT_LEGEND, 190, "" },
        { "完成额", RRD_TEXT_LEGEND, 8, "完成" },
        { "完成额", RRD_TEXT_LEGEND, 2, "" },
        { "ab<", RRD_TEXT_LEGEND, 5, "ab" },
        { "ab:", RRD_TEXT_LEGEND, 3, "ab" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[RRD_TEXT_MAX + 1];
        size_t n = rrd_text(rows[i].text, strlen(rows[i].text), rows[i].place, rows[i].max, text);
        CHECK_TEXT(rows[i].text, rows[i].want, text);
        CHECK_INT(rows[i].text, (long long)strlen(rows[i].want), (long long)n);
    }
}

static struct picture
hostile_picture(struct picture_point *point)
{
    struct picture picture = { .size = PICTURE_PAGE,
                               .lang = LANG_ZH,
                               .from = cal_date_of(2023, 1, 1),
                               .to = cal_date_of(2023, 12, 31),
                               .title = "STACK:dashes=1</span>\\",
                               .area = "legend=x:y",
                               .unit = "%s%n\\l",
                               .cumulation = CUMULATION_YTD,
                               .kind = 'V',
                               .points = point,
                               .point_count = 1,
                               .fact_count = 1 };
    picture.facts[0] = (struct picture_fact){ "strftime:<", "color=00ff00:\\", LEVEL_WARN };
    return picture;
}

static const char *
args_find(const struct rrd_args *args, const char *start)
{
    for (int i = 0; i < args->count; i++)
        if (strncmp(args->items[i], start, strlen(start)) == 0)
            return args->items[i];
    return "";
}

static void
test_text_of_people_stays_text(void **state)
{
    (void)state;
    struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                   .to = cal_date_of(2023, 7, 1),
                                   .label = "x:y",
                                   .value = "980",
                                   .number = 980,
                                   .level = LEVEL_WARN,
                                   .status = 'A' };
    struct picture picture = hostile_picture(&point);
    struct content content;
    struct layout layout;
    content_make(&picture, &content);
    layout_make(&picture, &content, &layout);
    struct rrd_args args = { 0 };
    rrd_args_png(&picture, &content, &layout, "./a:b/00/1.rrd", &args);
    CHECK("made", !args.has_failed && args.count > 20);
    CHECK_TEXT("archive", "DEF:value=./a\\:b/00/1.rrd:value:AVERAGE",
               args_find(&args, "DEF:value"));
    CHECK_TEXT("fact",
               "COMMENT:legend=strftime\\:&lt; <span foreground='#A34E00'><b>color=00ff00\\:＼</b>"
               "</span>\\l",
               args_find(&args, "COMMENT:legend"));
    CHECK("title", strstr(args_find(&args, "STACK"), "STACK:dashes=1&lt;/span&gt;＼") != NULL);
    CHECK("no raw tag", strstr(args_find(&args, "STACK"), "1</span>") == NULL);
    for (int i = 0; i < args.count; i++)
        CHECK(args.items[i], strlen(args.items[i]) < 200 ||
                                 strncmp(args.items[i], "CDEF:gap", 8) == 0 ||
                                 strncmp(args.items[i], "STACK", 5) == 0);
    rrd_args_done(&args);
    CHECK_INT("done", 0, args.count);
}

static void
test_time_and_limits(void **state)
{
    (void)state;
    struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                   .to = cal_date_of(2023, 7, 1),
                                   .number = 980,
                                   .level = LEVEL_WARN,
                                   .status = 'A' };
    struct picture picture = hostile_picture(&point);
    struct content content;
    struct layout layout;
    content_make(&picture, &content);
    layout_make(&picture, &content, &layout);
    struct rrd_args args = { 0 };
    rrd_args_canvas(&picture, &content, &layout, "./00/1.rrd", &args);
    static const struct {
        const char *option, *value;
    } rows[] = {
        { "--start", "1672531200" }, { "--end", "1704067199" }, /* a second before 2024 */
        { "--step", "86400" },       { "--imgformat", "SVG" },
        { "--lower-limit", "0" },    { "--x-grid", "none" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int k = 0;
        while (k < args.count && strcmp(args.items[k], rows[i].option) != 0)
            k++;
        CHECK(rows[i].option, k + 1 < args.count);
        CHECK_TEXT(rows[i].option, rows[i].value, args.items[k + 1]);
    }
    CHECK_TEXT("gap",
               "CDEF:gap=value,POP,UNKN,TIME,1685664000,1685750400,LIMIT,ADDNAN,TIME,1687996800,"
               "1688169600,LIMIT,ADDNAN",
               args_find(&args, "CDEF:gap"));
    CHECK_TEXT("no words on the canvas", "", args_find(&args, "COMMENT"));
    CHECK_TEXT("no title on the canvas", "", args_find(&args, "--title"));
    rrd_args_done(&args);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_text_of_people_stays_text),
        cmocka_unit_test(test_time_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
