/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/plot.h"

#include "graphs/theme.h"
#include "tests/unit/core/check.h"

/* The plot of some years at a size, values from 0 to 2000. */
static struct plot
plot_of(enum picture_size size, int year, int years)
{
    const struct picture picture = { .size = size };
    const struct theme_size *lengths = theme_of(&picture).size;
    struct plot plot = { .box = { 50, 80, lengths->width - 50, lengths->plot_height },
                         .scale = scale_of(0, 2000, true, 0, 5),
                         .from = cal_date_of(year, 1, 1) };
    axis_make(plot.from, cal_date_of(year + years - 1, 12, 31), LANG_ZH, plot.box.width,
              lengths->small, &plot.axis);
    plot_canvas(&plot);
    return plot;
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
            struct plot plot = plot_of((enum picture_size)size, rows[i].year, rows[i].years);
            CHECK_INT("whole pixels a day", 0, plot.canvas_width % plot.axis.days);
            CHECK("wide enough", plot.canvas_width >= 960);
            double want = plot.box.width / plot.box.height;
            CHECK("same shape",
                  fabs(plot.canvas_width / (double)plot.canvas_height - want) < want * 0.01);
        }
    }
}

static void
test_positions(void **state)
{
    (void)state;
    struct plot plot = plot_of(PICTURE_PAGE, 2021, 3);
    CHECK_NEAR("left", plot.box.x, plot_x(&plot, 0));
    CHECK_NEAR("right", plot.box.x + plot.box.width, plot_x(&plot, 1095));
    CHECK_NEAR("zero", plot.box.y + plot.box.height, plot_y(&plot, 0));
    CHECK("top", plot_y(&plot, 2000) > plot.box.y);
    CHECK_NEAR("bars begin at zero", plot_y(&plot, 0), plot_floor(&plot));
    plot.scale = scale_of(80, 90, false, 0, 5);
    CHECK_NEAR("or at the bottom", plot.box.y + plot.box.height, plot_floor(&plot));
    plot.scale = scale_of(-9, -3, false, 0, 5);
    CHECK_NEAR("or at the top", plot.box.y, plot_floor(&plot));
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
    struct plot plot = plot_of(PICTURE_PAGE, 2021, 3);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct plot_gap gap =
            plot_gap_of(&plot, (struct cal_date){ 0 }, (struct cal_date){ rows[i].days });
        CHECK_INT(rows[i].row, rows[i].before, gap.before);
        CHECK_INT(rows[i].row, rows[i].after, gap.after);
    }
}

static void
test_spans_stay_inside(void **state)
{
    (void)state;
    struct plot plot = plot_of(PICTURE_PAGE, 2021, 3);
    double left, right, bar_left, bar_right;
    plot_span(&plot, cal_date_of(2020, 12, 1), cal_date_of(2021, 2, 1), false, &left, &right);
    CHECK_NEAR("begins before", plot.box.x, left);
    CHECK_NEAR("31 days", plot_x(&plot, 31), right);
    plot_span(&plot, cal_date_of(2023, 12, 1), cal_date_of(2024, 3, 1), false, &left, &right);
    CHECK_NEAR("ends after", plot.box.x + plot.box.width, right);
    plot_span(&plot, cal_date_of(2022, 6, 1), cal_date_of(2022, 7, 1), false, &left, &right);
    plot_span(&plot, cal_date_of(2022, 6, 1), cal_date_of(2022, 7, 1), true, &bar_left, &bar_right);
    CHECK("a bar has blanks", bar_left > left && bar_right < right);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canvas_has_a_pixel_a_day),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_spans_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
