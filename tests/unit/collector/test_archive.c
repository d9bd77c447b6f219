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
#include "tests/unit/collector/archive_librrd.h"

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
equal_input_makes_equal_bytes_and_one_spare(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
    char *bytes[2] = { NULL, NULL };
    size_t sizes[2];
    size_t count = make_months(periods, 36);
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    assert_int_equal(0, file_join(path, folder, "01/00000001.rrd"));
    for (int i = 0; i < 4; i++) {
        free(bytes[i % 2]);
        expect_ok(archive_write(folder, archive_name(1, name), periods, count, &note), &note);
        expect_ok(file_read(path, 1 << 20, &bytes[i % 2], &sizes[i % 2], &note), &note);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    char bucket[FILE_PATH_MAX];
    struct file_list list;
    assert_int_equal(0, file_join(bucket, folder, "01"));
    expect_ok(file_list(bucket, &list, &note), &note);
    assert_int_equal(2, list.count);
    assert_string_equal("00000001.rrd.spare", list.names[1]);
    file_list_free(&list);
}

/* ---- the bytes are librrd's ---- */

/* A generator of our own: equal numbers on every machine. */
static uint64_t
draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % below;
}

static double
draw_number(uint64_t *seed)
{
    static const double scales[] = { 1, 0.1, 1e-3, 1e-9, 1e6, 1e12, 1e17 };
    double number = (double)draw(seed, 2000000) - 1e6;
    switch (draw(seed, 8)) {
    case 0:
        return unknown;
    case 1:
        return 0;
    default:
        return (number + (double)draw(seed, 1000) / 997) *
               scales[draw(seed, sizeof scales / sizeof *scales)];
    }
}

/* Periods of one to 700 days, some behind a gap. */
static size_t
draw_periods(uint64_t *seed, struct archive_period *periods, size_t most)
{
    static const int32_t lengths[] = { 1, 2, 3, 7, 28, 31, 59, 92, 184, 366, 700 };
    size_t count = 1 + draw(seed, most);
    int32_t longest = lengths[draw(seed, sizeof lengths / sizeof *lengths)];
    int32_t at = 1 + (int32_t)draw(seed, 30000);
    bool has_target = draw(seed, 2) == 0;
    for (size_t i = 0; i < count; i++) {
        at += draw(seed, 5) == 0 ? (int32_t)draw(seed, 40) : 0;
        periods[i] = (struct archive_period){ .first = { at },
                                              .value = draw_number(seed),
                                              .pace = has_target ? draw_number(seed) : unknown,
                                              .target = has_target ? draw_number(seed) : unknown,
                                              .level = has_target ? draw_number(seed) : unknown };
        at += 1 + (int32_t)draw(seed, (uint64_t)longest);
        periods[i].after.days = at;
        if (at - periods[0].first.days > ARCHIVE_ROWS)
            return i > 0 ? i : 1;
    }
    return count;
}

static void
expect_librrds_bytes(const char *path, const struct archive_period *periods, size_t count,
                     uint64_t seed)
{
    struct err_note note = { "" };
    char *want = NULL, *got = NULL;
    size_t want_size = 0, got_size = 0;
    expect_ok(archive_librrd_write(path, periods, count, &note), &note);
    expect_ok(file_read(path, ARCHIVE_BYTES_MAX, &want, &want_size, &note), &note);
    expect_ok(archive_image(periods, count, false, &got, &got_size, &note), &note);
    if (want_size != got_size)
        fail_msg("seed %llu: librrd wrote %zu bytes, we %zu", (unsigned long long)seed, want_size,
                 got_size);
    for (size_t i = 0; i < want_size; i++)
        if (want[i] != got[i])
            fail_msg("seed %llu: byte %zu of %zu differs", (unsigned long long)seed, i, want_size);
    free(want);
    free(got);
}

static void
the_bytes_are_those_of_librrd(void **state)
{
    enum { PERIODS = 400, ROUNDS = 300 };
    struct fixture *f = *state;
    static struct archive_period periods[PERIODS];
    char path[FILE_PATH_MAX];
    assert_int_equal(0, file_join(path, f->folder, "by-librrd.rrd"));
    for (uint64_t first = 1; first <= ROUNDS; first++) {
        uint64_t seed = first;
        size_t count = draw_periods(&seed, periods, first % 10 ? 40 : PERIODS);
        expect_librrds_bytes(path, periods, count, first);
    }
    expect_librrds_bytes(path, periods, make_months(periods, 36), 0);
}

/* ---- looking at files ---- */

static void
damage_is_seen_before_librrd_opens_it(void **state)
{
    struct fixture *f = *state;
    struct archive_period periods[36];
    struct err_note note = { "" };
    char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX];
    char *bytes = NULL;
    size_t size = 0, count = make_months(periods, 36);
    (void)archive_name(7, name);
    assert_int_equal(0, file_join(path, f->folder, name));
    assert_int_equal(ARCHIVE_MISSING, archive_look(f->folder, name));
    expect_ok(archive_write(f->folder, name, periods, count, &note), &note);
    assert_int_equal(ARCHIVE_WHOLE, archive_look(f->folder, name));
    expect_ok(archive_image(periods, count, false, &bytes, &size, &note), &note);
    /* Every byte of the definitions, the sizes, and the ring's place. */
    for (size_t i = 0; i < 728; i++) { /* 128, four times 120, 120 */
        bytes[i] ^= 0x40;
        expect_ok(archive_put(f->folder, name, bytes, size, &note), &note);
        if (archive_look(f->folder, name) != ARCHIVE_DAMAGED)
            fail_msg("byte %zu is not looked at", i);
        bytes[i] ^= 0x40;
    }
    expect_ok(archive_put(f->folder, name, bytes, size - 8, &note), &note);
    assert_int_equal(ARCHIVE_DAMAGED, archive_look(f->folder, name));
    expect_ok(archive_put(f->folder, name, bytes, 0, &note), &note);
    assert_int_equal(ARCHIVE_DAMAGED, archive_look(f->folder, name));
    free(bytes);
    for (size_t i = 0; i < count; i++)
        periods[i].pace = periods[i].target = periods[i].level = unknown;
    expect_ok(archive_image(periods, count, false, &bytes, &size, &note), &note);
    expect_ok(archive_put(f->folder, name, bytes, size, &note), &note);
    free(bytes);
    assert_int_equal(ARCHIVE_VALUES, archive_look(f->folder, name));
    expect_ok(archive_write(f->folder, name, periods, count, &note), &note);
    assert_int_equal(ARCHIVE_WHOLE, archive_look(f->folder, name));
    assert_int_equal(0, unlink(path));
    assert_int_equal(0, symlink("/etc/passwd", path));
    assert_int_equal(ARCHIVE_DAMAGED, archive_look(f->folder, name));
    assert_int_equal(0, unlink(path));
    expect_ok(file_make_folder(path, &note), &note);
    assert_int_equal(ARCHIVE_DAMAGED, archive_look(f->folder, name));
}

/* What is older than an archive can hold is left out, and the rest is as librrd has it. */
static void
the_oldest_are_left_out(void **state)
{
    struct fixture *f = *state;
    static struct archive_period periods[30 * 12];
    size_t count = make_months(periods, 30 * 12), size = 0;
    struct err_note note = { "" };
    char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX], *bytes = NULL;
    double got[4];
    expect_ok(archive_write(f->folder, archive_name(9, name), periods, count, &note), &note);
    assert_int_equal(0, file_join(path, f->folder, name));
    expect_ok(file_read(path, ARCHIVE_BYTES_MAX, &bytes, &size, &note), &note);
    assert_true(size < 1400 + ARCHIVE_ROWS * 32);
    fetch_day(path, cal_date_of(2050, 12, 31), got);
    assert_true(same(periods[count - 1].value, got[0]));
    fetch_day(path, cal_date_of(2021, 1, 31), got);
    assert_true(isnan(got[0]));
    free(bytes);
    bytes = NULL;
    struct cal_period old = cal_period_of(CAL_YEAR, 1969, 1);
    periods[0] =
        (struct archive_period){ cal_period_first(old), cal_period_after(old), 1, 2, 3, 0 };
    expect_ok(archive_image(periods, 1, false, &bytes, &size, &note), &note);
    assert_null(bytes);
    expect_ok(archive_image(periods, 0, false, &bytes, &size, &note), &note);
    assert_null(bytes);
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

/* Gives the quarterly calendar, which gdp has, another frequency. */
static void
set_frequency(struct fixture *f, char letter)
{
    char path[FILE_PATH_MAX], folder[FILE_PATH_MAX], *text = NULL;
    size_t size = 0;
    struct err_note note = { "" };
    (void)snprintf(folder, sizeof folder, "%s", f->site.folder);
    assert_int_equal(0, site_path(&f->site, "catalogue/calendars.csv", path));
    expect_ok(file_read(path, 4096, &text, &size, &note), &note);
    char *row = strstr(text, "quarterly,");
    assert_non_null(row);
    *row = '\0';
    char changed[4096];
    const char *months = letter == 'Q'   ? "3;6;9;12"
                         : letter == 'S' ? "6;12"
                         : letter == 'A' ? "12"
                                         : "1;2;3;4;5;6;7;8;9;10;11;12";
    int n = snprintf(changed, sizeof changed, "%squarterly,x,x,%c,%s,20\n", text, letter, months);
    expect_ok(file_write(path, changed, (size_t)n, 0644, &note), &note);
    free(text);
    site_close(&f->site);
    expect_ok(site_open(folder, &f->site, &note), &note);
    f->catalogue = f->site.catalogue;
}

/* Whatever the frequency: each day of a period has its value, and no other day has one. */
static void
every_frequency_is_true_to_the_calendar(void **state)
{
    static const struct {
        char letter;
        const char *periods[5];
    } cases[] = {
        { 'D', { "2023-02-28", "2023-03-01", "2024-02-29", "2024-12-31", NULL } },
        { 'W', { "2020-W53", "2021-W01", "2022-W52", "2023-W09", NULL } },
        { 'M', { "2023-02", "2023-03", "2024-02", "2024-12", NULL } },
        { 'Q', { "2022-Q4", "2023-Q1", "2024-Q1", NULL } },
        { 'S', { "2022-S2", "2023-S1", "2024-S2", NULL } },
        { 'A', { "2020", "2021", "2024", NULL } },
    };
    struct fixture *f = *state;
    struct err_note note = { "" };
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct obs_point points[5];
        struct view_series view = { .series = { points, 0 } };
        struct archive_period *periods = NULL;
        char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX];
        size_t count = 0;
        set_frequency(f, cases[i].letter);
        area = catalogue_area(f->catalogue, "wuxing");
        indicator = catalogue_indicator(f->catalogue, "gdp");
        for (; cases[i].periods[view.series.count]; view.series.count++) {
            const char *text = cases[i].periods[view.series.count];
            struct obs_point *point = &points[view.series.count];
            *point =
                (struct obs_point){ .value = 10.5 + (double)view.series.count, .has_value = true };
            assert_int_equal(0, cal_period_parse(text, strlen(text), &point->period, NULL));
        }
        view.area = area;
        view.indicator = indicator;
        expect_ok(projection_make(f->catalogue, &view, &periods, &count, &note), &note);
        expect_ok(archive_write(f->folder, archive_name(1, name), periods, count, &note), &note);
        assert_int_equal(0, file_join(path, f->folder, name));
        struct cal_date day = periods[0].first;
        assert_true(day.days <= cal_period_first(points[0].period).days);
        for (; day.days < periods[count - 1].after.days; day.days++) {
            double want = unknown, got[4];
            for (size_t k = 0; k < view.series.count; k++)
                if (day.days >= cal_period_first(points[k].period).days &&
                    day.days < cal_period_after(points[k].period).days)
                    want = points[k].value;
            fetch_day(path, day, got);
            if (!same(want, got[0]))
                fail_msg("%c, day %d: %g instead of %g", cases[i].letter, day.days, got[0], want);
        }
        free(periods);
    }
}

/* A series that has no January: its February is January and February together, as reported. */
static void
january_may_not_exist(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct archive_period *periods = NULL;
    size_t count = 0;
    struct obs_point points[2] = {
        { .period = cal_month(2022, 2), .value = 5.5, .has_value = true, .status = 'A' },
        { .period = cal_month(2022, 3), .value = 6.5, .has_value = true, .status = 'A' },
    };
    struct view_series view = { .area = catalogue_area(f->catalogue, "anji"),
                                .indicator = catalogue_indicator(f->catalogue, "growth"),
                                .series = { points, 2 } };
    expect_ok(projection_make(f->catalogue, &view, &periods, &count, &note), &note);
    assert_int_equal(12, count);
    assert_true(isnan(periods[0].value));
    assert_true(same(5.5, periods[1].value));
    assert_true(same(6.5, periods[2].value));
    assert_true(isnan(periods[3].value));
    free(periods);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_day_shows_exactly_its_month),
        TEST(equal_input_makes_equal_bytes_and_one_spare),
        TEST(the_bytes_are_those_of_librrd),
        TEST(damage_is_seen_before_librrd_opens_it),
        TEST(the_oldest_are_left_out),
        TEST(gaps_are_unknown_and_overlaps_refused),
        TEST(leftovers_are_swept),
        TEST(every_frequency_is_true_to_the_calendar),
        TEST(january_may_not_exist),
        TEST(a_projection_runs_to_december_with_plan_and_target),
    };
    archive_librrd_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
