/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/axis.h"

#include "tests/unit/core/check.h"

static void
test_units_and_labels(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum lang lang;
        double width;
        enum axis_unit unit;
        int step;
        size_t cells, years;
        const char *first, *second, *last;
    } rows[] = {
        { "2023-01-01", "2023-12-31", LANG_ZH, 1000, AXIS_MONTHS, 1, 12, 1, "1月", "2月", "12月" },
        { "2023-01-01", "2023-12-31", LANG_EN, 1000, AXIS_MONTHS, 1, 12, 1, "Jan", "Feb", "Dec" },
        { "2022-11-01", "2023-12-31", LANG_ZH, 1000, AXIS_MONTHS, 1, 14, 2, "11月", "12月",
          "12月" },
        { "2022-10-01", "2023-12-31", LANG_ZH, 1000, AXIS_QUARTERS, 1, 5, 2, "四季度", "一季度",
          "四季度" },
        { "2021-01-01", "2023-12-31", LANG_ZH, 1000, AXIS_QUARTERS, 1, 12, 3, "一季度", "二季度",
          "四季度" },
        { "2021-01-01", "2023-12-31", LANG_EN, 1000, AXIS_QUARTERS, 1, 12, 3, "Q1", "Q2", "Q4" },
        { "2021-01-01", "2023-12-31", LANG_ZH, 320, AXIS_YEARS, 1, 3, 0, "2021", "2022", "2023" },
        { "2003-01-01", "2023-12-31", LANG_ZH, 1000, AXIS_YEARS, 1, 21, 0, "2003", "2004", "2023" },
        { "2003-01-01", "2023-12-31", LANG_ZH, 320, AXIS_YEARS, 2, 11, 0, "", "2004", "2022" },
        { "2023-03-01", "2023-03-31", LANG_ZH, 1000, AXIS_DAYS, 1, 31, 1, "3-1", "3-2", "3-31" },
        { "2024-02-29", "2024-02-29", LANG_ZH, 1000, AXIS_DAYS, 1, 1, 1, "2-29", "", "2-29" },
        { "2023-01-16", "2023-12-31", LANG_ZH, 260, AXIS_QUARTERS, 1, 4, 1, "一季度", "二季度",
          "四季度" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_date from, to;
        assert_int_equal(cal_date_parse(rows[i].from, 10, &from, NULL), 0);
        assert_int_equal(cal_date_parse(rows[i].to, 10, &to, NULL), 0);
        struct axis axis;
        axis_make(from, to, rows[i].lang, rows[i].width, 12, &axis);
        char row[64];
        (void)snprintf(row, sizeof row, "%s %s %g", rows[i].from, rows[i].to, rows[i].width);
        CHECK_INT(row, rows[i].unit, axis.unit);
        CHECK_INT(row, rows[i].step, axis.step);
        CHECK_INT(row, (long long)rows[i].cells, (long long)axis.cell_count);
        CHECK_INT(row, (long long)rows[i].years, (long long)axis.year_count);
        CHECK_TEXT(row, rows[i].first, axis.cells[0].label);
        if (axis.cell_count > 1)
            CHECK_TEXT(row, rows[i].second, axis.cells[1].label);
        CHECK_TEXT(row, rows[i].last, axis.cells[axis.cell_count - 1].label);
    }
}

static void
test_positions(void **state)
{
    (void)state;
    struct axis axis;
    axis_make(cal_date_of(2023, 1, 1), cal_date_of(2024, 2, 29), LANG_ZH, 1000, 12, &axis);
    CHECK_INT("days", 425, axis.days);
    CHECK_INT("February begins", 31, axis.cells[1].from);
    CHECK_INT("March begins", 59, axis.cells[2].from);
    CHECK_INT("2024 begins", 365, axis.years[1].from);
    CHECK_INT("ends", 425, axis.cells[13].to);
    CHECK_TEXT("year", "2023年", axis.years[0].label);
}

/* Whatever the range: the cells follow one another and fill the axis. */
static void
test_cells_fill_the_axis(void **state)
{
    (void)state;
    uint64_t chance = chance_seed("axis");
    for (int i = 0; i < 20000; i++) {
        int first = (int)chance_between(&chance, cal_date_of(1980, 1, 1).days,
                                        cal_date_of(2160, 1, 1).days);
        int days = (int)chance_between(&chance, 1, 7686);
        struct axis axis;
        axis_make((struct cal_date){ first }, (struct cal_date){ first + days - 1 },
                  chance_between(&chance, 0, 1) ? LANG_ZH : LANG_EN,
                  (double)chance_between(&chance, 100, 2000), 12, &axis);
        char row[64];
        (void)snprintf(row, sizeof row, "from %d, %d days", first, days);
        CHECK(row, axis.cell_count >= 1 && axis.cell_count <= AXIS_CELLS_MAX);
        CHECK_INT(row, 0, axis.cells[0].from);
        for (size_t k = 1; k < axis.cell_count; k++)
            CHECK_INT(row, axis.cells[k - 1].to, axis.cells[k].from);
        CHECK_INT(row, days, axis.cells[axis.cell_count - 1].to);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_and_labels),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_cells_fill_the_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
