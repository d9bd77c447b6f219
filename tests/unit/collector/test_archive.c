/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include <math.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/projection.h"

static const double unknown = (double)NAN;

/* Months from January 2021; every seventh is missing. */
static size_t
make_months(struct archive_period *periods, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cal_period month = cal_period_add(cal_month(2021, 1), (int)i);
        periods[i] = (struct archive_period){ .first = cal_period_first(month),
                                              .after = cal_period_after(month),
                                              .value = i % 7 == 6 ? unknown : 100.25 + (double)i,
                                              .pace = 12.5 * (double)i,
                                              .target = 1500,
                                              .level = i % 7 == 6 ? unknown : (double)(i % 4) };
    }
    return count;
}

/* The four values of the row of one civil day. */
static void
fetch_day(const char *path, struct cal_date day, double ret_values[4])
{
    time_t start = (time_t)cal_midnight(day).seconds, end = start + 1;
    unsigned long step = 86400, sources = 0;
    char **names = NULL;
    rrd_value_t *data = NULL;
    rrd_clear_error();
    assert_int_equal(0, rrd_fetch_r(path, "AVERAGE", &start, &end, &step, &sources, &names, &data));
    assert_int_equal(86400, step);
    assert_int_equal(4, sources);
    for (size_t i = 0; i < 4; i++) {
        ret_values[i] = data[i]; /* the first row is stamped at the midnight after `day` */
        free(names[i]);
    }
    free(names);
    free(data);
}

static bool
same(double a, double b)
{
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

static void
every_day_shows_exactly_its_month(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
    size_t count = make_months(periods, 36), days = 0;
    archive_prepare();
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    expect_ok(archive_write(folder, archive_name(18, name), periods, count, &note), &note);
    assert_string_equal("12/00000012.rrd", archive_name(18, name));
    assert_int_equal(0, file_join(path, folder, name));
    for (size_t i = 0; i < count; i++) {
        for (struct cal_date day = periods[i].first; day.days < periods[i].after.days; day.days++) {
            double got[4];
            fetch_day(path, day, got);
            if (!same(periods[i].value, got[0]) || !same(periods[i].pace, got[1]) ||
                !same(periods[i].target, got[2]) || !same(periods[i].level, got[3]))
                fail_msg("month %zu, day %d: %g %g %g %g", i, day.days, got[0], got[1], got[2],
                         got[3]);
            days++;
        }
    }
    assert_int_equal(1095, days);
}

static void
equal_input_makes_equal_bytes_and_leaves_no_temp_file(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
    char *bytes[2] = { NULL, NULL };
    size_t sizes[2];
    size_t count = make_months(periods, 36);
    archive_prepare();
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    assert_int_equal(0, file_join(path, folder, "01/00000001.rrd"));
    for (int i = 0; i < 2; i++) {
        expect_ok(archive_write(folder, archive_name(1, name), periods, count, &note), &note);
        expect_ok(file_read(path, 1 << 20, &bytes[i], &sizes[i], &note), &note);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    char bucket[FILE_PATH_MAX];
    struct file_list list;
    assert_int_equal(0, file_join(bucket, folder, "01"));
    expect_ok(file_list(bucket, &list, &note), &note);
    assert_int_equal(1, list.count);
    file_list_free(&list);
}

static void
gaps_are_unknown_and_overlaps_refused(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
    double got[4];
    (void)make_months(periods, 36);
    archive_prepare();
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    assert_int_equal(0, file_join(path, folder, "02/00000002.rrd"));
    periods[1] = periods[5]; /* January, then June */
    expect_ok(archive_write(folder, archive_name(2, name), periods, 2, &note), &note);
    fetch_day(path, cal_date_of(2021, 1, 31), got);
    assert_true(same(100.25, got[0]));
    fetch_day(path, cal_date_of(2021, 2, 1), got);
    assert_true(isnan(got[0]));
    fetch_day(path, cal_date_of(2021, 5, 31), got);
    assert_true(isnan(got[0]));
    fetch_day(path, cal_date_of(2021, 6, 1), got);
    assert_true(same(105.25, got[0]));
    periods[1] = periods[0];
    assert_int_equal(ERR_CONFLICT, archive_write(folder, archive_name(2, name), periods, 2, &note));
    fetch_day(path, cal_date_of(2021, 6, 1), got); /* the old file stands */
    assert_true(same(105.25, got[0]));
}

static void
leftovers_are_swept(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX], left[FILE_PATH_MAX], kept[FILE_PATH_MAX];
    char name[ARCHIVE_NAME_MAX];
    size_t count = make_months(periods, 36);
    archive_prepare();
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    expect_ok(archive_write(folder, archive_name(3, name), periods, count, &note), &note);
    assert_int_equal(0, file_join(left, folder, "03/00000003.rrd.newAbC123"));
    assert_int_equal(0, file_join(kept, folder, "03/00000003.rrd"));
    expect_ok(file_write(left, "x", 1, 0644, &note), &note);
    expect_ok(archive_sweep(folder, &note), &note);
    assert_int_not_equal(0, access(left, F_OK));
    assert_int_equal(0, access(kept, F_OK));
}

static void
a_projection_runs_to_december_with_plan_and_target(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct archive_period *periods = NULL;
    size_t count = 0;
    struct obs_point points[2] = {
        { .period = cal_month(2022, 12), .value = 900, .has_value = true, .status = 'A' },
        { .period = cal_month(2023, 6), .value = 600, .has_value = true, .status = 'A' },
    };
    struct view_series view = { .area = catalogue_area(f->catalogue, "wuxing"),
                                .indicator = catalogue_indicator(f->catalogue, "land"),
                                .series = { points, 2 } };
    expect_ok(projection_make(f->catalogue, &view, &periods, &count, &note), &note);
    assert_int_equal(24, count);
    assert_true(same(900, periods[11].value));
    assert_true(isnan(periods[11].pace)); /* 2022 has no target */
    assert_true(same(600, periods[17].value));
    assert_true(same(750, periods[17].pace)); /* June: half of 1500 */
    assert_true(same(2, periods[17].level));  /* 0.80: warn */
    assert_true(isnan(periods[23].value));
    assert_true(same(1500, periods[23].pace));
    assert_true(same(1500, periods[23].target));
    free(periods);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_day_shows_exactly_its_month),
        TEST(equal_input_makes_equal_bytes_and_leaves_no_temp_file),
        TEST(gaps_are_unknown_and_overlaps_refused),
        TEST(leftovers_are_swept),
        TEST(a_projection_runs_to_december_with_plan_and_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
