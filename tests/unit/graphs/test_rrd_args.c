/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/rrd_args.h"

#include "tests/unit/core/check.h"

static struct picture
hostile_picture(struct picture_point *point)
{
    const struct picture picture = { .size = PICTURE_PAGE,
                                     .lang = LANG_ZH,
                                     .from = cal_date_of(2023, 1, 1),
                                     .to = cal_date_of(2023, 12, 31),
                                     .title = "STACK:dashes=1</span>\\",
                                     .area = "legend=x:y",
                                     .unit = "%s%n\\l",
                                     .cumulation = CUMULATION_YTD,
                                     .kind = 'V',
                                     .points = point,
                                     .point_count = 1 };
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

/* The arguments for a picture of 2023, values from 0 to 1000. */
static void
make(const struct picture *picture, const char *archive, struct rrd_args *args)
{
    const struct theme theme = theme_of(picture);
    struct content content;
    struct plot plot = { .box = { 50, 80, 1000, 280 },
                         .scale = scale_of(0, 1000, true, 0, 5),
                         .from = picture->from };
    axis_make(picture->from, picture->to, LANG_ZH, plot.box.width, 12, &plot.axis);
    plot_canvas(&plot);
    content_make(picture, &content);
    rrd_args_canvas(picture, &content, &plot, &theme, archive, args);
}

static void
test_no_text_of_people(void **state)
{
    (void)state;
    static const char *const words[] = { "STACK", "x:y", "%n", "strftime" };
    struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                   .to = cal_date_of(2023, 7, 1),
                                   .label = "x:y",
                                   .value = "980",
                                   .number = 980,
                                   .level = LEVEL_WARN,
                                   .status = 'A' };
    struct picture picture = hostile_picture(&point);
    struct rrd_args args = { 0 };
    make(&picture, "./a:b/00/1.rrd", &args);
    CHECK("made", !args.has_failed && args.count > 20);
    CHECK_TEXT("archive", "DEF:value=./a\\:b/00/1.rrd:value:AVERAGE",
               args_find(&args, "DEF:value"));
    for (int i = 0; i < args.count; i++)
        for (size_t k = 0; k < COUNT(words); k++)
            CHECK(args.items[i], strstr(args.items[i], words[k]) == NULL);
    rrd_args_done(&args);
    CHECK_INT("done", 0, args.count);
}

static void
test_colours_follow_the_theme(void **state)
{
    (void)state;
    static const struct {
        enum picture_size size;
        enum picture_theme theme;
        const char *warn;
    } rows[] = { { PICTURE_PAGE, PICTURE_LIGHT, "AREA:g2#E8750A" },
                 { PICTURE_PAGE, PICTURE_DARK, "AREA:g2#E07A1F" },
                 { PICTURE_PRINT, PICTURE_DARK, "AREA:g2#FFFFFF" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct picture picture = hostile_picture(NULL);
        struct rrd_args args = { 0 };
        picture.point_count = 0;
        picture.size = rows[i].size;
        picture.theme = rows[i].theme;
        make(&picture, "./00/1.rrd", &args);
        CHECK_TEXT(rows[i].warn, rows[i].warn, args_find(&args, "AREA:g2"));
        rrd_args_done(&args);
    }
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
    struct rrd_args args = { 0 };
    make(&picture, "./00/1.rrd", &args);
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
        cmocka_unit_test(test_no_text_of_people),
        cmocka_unit_test(test_colours_follow_the_theme),
        cmocka_unit_test(test_time_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
