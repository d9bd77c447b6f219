/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/series.h"

#include "check.h"

static void
test_cumulation_names(void **state)
{
    (void)state;
    static const char *const names[] = { "MONTH", "YTD", "STOCK" };
    for (size_t i = 0; i < COUNT(names); i++) {
        enum cumulation cumulation = CUMULATION_MONTH;
        CHECK_INT(names[i], 0, cumulation_parse(names[i], strlen(names[i]), &cumulation));
        CHECK_INT(names[i], (long long)i, cumulation);
        CHECK_TEXT(names[i], names[i], cumulation_name(cumulation));
    }
    static const char *const wrong[] = { "", "ytd", "YT", "YTDX", "MONTHLY" };
    enum cumulation untouched = CUMULATION_STOCK;
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK_INT(wrong[i], ERR_UNKNOWN, cumulation_parse(wrong[i], strlen(wrong[i]), &untouched));
    CHECK_INT("untouched", CUMULATION_STOCK, untouched);
}

static void
test_status_letters(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char row[2] = { (char)c, '\0' };
        CHECK_INT(row, c && strchr("ABDEFGHIJKLMNOPQSUVW", c) != NULL,
                  obs_status_is_known((char)c));
        CHECK_INT(row, c && strchr("OMLQHN", c) != NULL, obs_status_allows_empty((char)c));
    }
}

static struct obs_point
point(int year, int month, double value)
{
    return (struct obs_point){
        .period = cal_month(year, month), .value = value, .has_value = !isnan(value), .status = 'A'
    };
}

static void
test_latest_in_year(void **state)
{
    (void)state;
    const struct obs_point points[] = {
        point(2022, 11, 1),          point(2022, 12, 2), point(2023, 2, 3),
        point(2023, 3, (double)NAN), point(2023, 5, 5),
    };
    const struct series_view view = { points, COUNT(points) };
    static const struct {
        const char *name;
        int year, month;
        int want; /* index, or -1 */
    } rows[] = {
        { "exactly", 2023, 5, 4 },           { "later", 2023, 12, 4 },
        { "between", 2023, 4, 2 },           { "has no number", 2023, 3, 2 },
        { "first of the year", 2023, 2, 2 }, { "none yet this year", 2023, 1, -1 },
        { "last year", 2022, 12, 1 },        { "before all", 2021, 12, -1 },
        { "next year", 2024, 6, -1 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct obs_point *got =
            series_latest_in_year(&view, cal_month(rows[i].year, rows[i].month));
        CHECK_INT(rows[i].name, rows[i].want, got ? got - points : -1);
    }
    const struct series_view empty = { NULL, 0 };
    CHECK("empty", series_latest_in_year(&empty, cal_month(2023, 6)) == NULL);
}

static void
test_quarters_end_with_their_month(void **state)
{
    (void)state;
    const struct obs_point quarter = { .period = cal_period_of(CAL_QUARTER, 2023, 2),
                                       .value = 5.7,
                                       .has_value = true,
                                       .status = 'A' };
    const struct series_view view = { &quarter, 1 };
    CHECK("May", series_latest_in_year(&view, cal_month(2023, 5)) == NULL);
    CHECK("June", series_latest_in_year(&view, cal_month(2023, 6)) == &quarter);
}

static void
test_at(void **state)
{
    (void)state;
    struct obs_point points[30];
    for (int i = 0; i < 30; i++)
        points[i] = point(2020 + i / 12, i % 12 + 1, i);
    const struct series_view view = { points, COUNT(points) };
    for (int i = 0; i < 30; i++)
        CHECK_INT("each", i, series_at(&view, points[i].period) - points);
    CHECK("absent", series_at(&view, cal_month(2023, 1)) == NULL);
    CHECK("other frequency", series_at(&view, cal_period_of(CAL_QUARTER, 2020, 1)) == NULL);
    const struct series_view empty = { NULL, 0 };
    CHECK("empty", series_at(&empty, cal_month(2020, 1)) == NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cumulation_names),
        cmocka_unit_test(test_status_letters),
        cmocka_unit_test(test_latest_in_year),
        cmocka_unit_test(test_quarters_end_with_their_month),
        cmocka_unit_test(test_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
