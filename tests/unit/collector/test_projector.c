/* SPDX-License-Identifier: GPL-3.0-or-later
 * The projector: what it draws, how often, and how what is missing or damaged comes back. */
#include "tests/unit/collector/fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/projection.h"
#include "collector/projector.h"
#include "collector/projector_work.h"
#include "collector/rrd_state.h"
#include "platform/clock.h"

enum { DEADLINE_MS = 20000 };

static void
apply(struct fixture *f, const char *area, const char *indicator, const char *period,
      const char *value, const char *released)
{
    static uint64_t file;
    struct sample sample = sample_of(area, indicator, period, value, released, 1);
    file = ledger_position(f->ledger) == 0 ? 1 : file + 1;
    fixture_apply(f, file, &sample);
}

/* Waits for a report that reaches `position`, or `healed` archives. */
static struct projector_report
await(struct projector *projector, int64_t position, int64_t healed)
{
    struct projector_report report = { .position = -1 };
    struct pollfd fd = { .fd = projector_fd(projector), .events = POLLIN };
    int64_t end = clock_mono().ms + DEADLINE_MS;
    while (report.position < position || report.healed < healed) {
        int64_t left = end - clock_mono().ms;
        if (left <= 0 || poll(&fd, 1, (int)left) != 1 || !projector_take(projector, &report))
            fail_msg("position %lld, healed %lld: not within %d ms", (long long)position,
                     (long long)healed, DEADLINE_MS);
        if (report.code != 0)
            fail_msg("%s", report.words);
    }
    return report;
}

static struct projector *
start(struct fixture *f)
{
    struct projector *projector = NULL;
    struct err_note note = { "" };
    expect_ok(projector_start(&f->site, &projector, &note), &note);
    return projector;
}

/* Starts, waits until all is drawn, and stops. */
static struct projector_report
draw_all(struct fixture *f)
{
    struct projector *projector = start(f);
    struct projector_report report = await(projector, ledger_position(f->ledger), 0);
    projector_stop(projector);
    return report;
}

static void
path_of(const struct fixture *f, int64_t series, char *path)
{
    char name[ARCHIVE_NAME_MAX], folder[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    assert_int_equal(0, file_join(path, folder, archive_name(series, name)));
}

/* Is the archive of every series what projection_draw says? The number of series. */
static int64_t
expect_true_archives(struct fixture *f)
{
    struct ledger *ledger = fixture_reader(f);
    struct err_note note = { "" };
    struct ledger_series series = { .id = 0 };
    int64_t count = 0;
    for (;;) {
        char path[FILE_PATH_MAX], *want = NULL, *got = NULL;
        size_t want_size = 0, got_size = 0;
        expect_ok(ledger_series_after(ledger, series.id, &series, &note), &note);
        if (series.id == 0)
            break;
        path_of(f, series.id, path);
        expect_ok(projection_draw(ledger, f->catalogue, catalogue_area(f->catalogue, series.area),
                                  catalogue_indicator(f->catalogue, series.indicator), &want,
                                  &want_size, &note),
                  &note);
        expect_ok(file_read(path, ARCHIVE_BYTES_MAX, &got, &got_size, &note), &note);
        if (want_size != got_size || memcmp(want, got, want_size) != 0)
            fail_msg("%s/%s is not what the ledger says", series.area, series.indicator);
        free(want);
        free(got);
        count++;
    }
    ledger_close(ledger);
    return count;
}

static const char *const areas[] = { "huzhou", "wuxing", "anji" };
static const char *const indicators[] = { "land",   "gdp",  "projects", "tax",    "site",
                                          "growth", "tech", "per",      "started" };

/* Three years of all series, some revised, some without a value, some released out of order. */
static void
fill(struct fixture *f)
{
    for (int i = 0; i < 36; i++) {
        struct cal_period month = cal_period_add(cal_month(2021, 1), i);
        char period[CAL_TEXT_MAX], value[NUM_TEXT_MAX], released[CAL_TEXT_MAX];
        (void)cal_period_print(month, period);
        for (size_t a = 0; a < 3; a++) {
            size_t which = ((size_t)i + a) % 9;
            bool is_quarter = strcmp(indicators[which], "gdp") == 0;
            (void)snprintf(value, sizeof value, "%d.%d", 100 + 7 * i, i % 10);
            (void)cal_date_print((struct cal_date){ cal_period_after(month).days + i % 5 },
                                 released);
            if (is_quarter)
                (void)snprintf(period, sizeof period, "%d-Q%d", month.year, (month.index + 2) / 3);
            apply(f, areas[a], indicators[which], period, i % 11 ? value : "3", released);
            if (i % 4 == 0)
                apply(f, areas[a], indicators[which], period, "55.5",
                      i % 8 ? "2020-12-31" : "2024-05-05");
            (void)cal_period_print(month, period);
        }
    }
}

/* Read together or one by one, an archive is the same. */
static void
all_archives_are_what_the_ledger_says(void **state)
{
    struct fixture *f = *state;
    fill(f);
    struct projector_report report = draw_all(f);
    assert_int_equal(27, expect_true_archives(f));
    assert_int_equal(27, report.archives);
    assert_int_equal(0, report.healed);
}

static void
a_clean_start_draws_nothing_and_an_unclean_one_all(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], folder[FILE_PATH_MAX];
    fill(f);
    (void)draw_all(f);
    assert_int_equal(0, draw_all(f).archives);
    /* As a killed one leaves it: the state says "running", a temp file, an archive of nobody. */
    struct ledger *ledger = fixture_reader(f);
    expect_ok(rrd_state_write(&f->site, ledger, ledger_position(ledger), RRD_RUNNING, &note),
              &note);
    ledger_close(ledger);
    assert_int_equal(0, site_path(&f->site, "rrd", folder));
    assert_int_equal(0, file_join(path, folder, "01/00000001.rrd.new"));
    expect_ok(file_write(path, "x", 1, 0644, &note), &note);
    assert_int_equal(0, file_join(path, folder, "01/00000f01.rrd"));
    expect_ok(file_write(path, "x", 1, 0644, &note), &note);
    struct projector *projector = start(f);
    assert_int_equal(0, await(projector, 0, 0).position); /* told at once, before any is drawn */
    assert_int_equal(27, await(projector, ledger_position(f->ledger), 0).archives);
    projector_stop(projector);
    assert_int_not_equal(0, access(path, F_OK));
    assert_int_equal(0, file_join(path, folder, "01/00000001.rrd.new"));
    assert_int_not_equal(0, access(path, F_OK));
    (void)expect_true_archives(f);
}

static void
flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(0, fseek(file, at, SEEK_SET));
    int byte = fgetc(file);
    assert_int_equal(0, fseek(file, at, SEEK_SET));
    assert_int_equal(byte ^ 1, fputc(byte ^ 1, file));
    assert_int_equal(0, fclose(file));
}

static void
what_is_missing_or_damaged_comes_back_by_itself(void **state)
{
    struct fixture *f = *state;
    char path[FILE_PATH_MAX];
    fill(f);
    (void)draw_all(f);
    path_of(f, 3, path);
    assert_int_equal(0, unlink(path));
    path_of(f, 5, path);
    flip(path, 3000);
    assert_int_equal(0, site_path(&f->site, "rrd/series.csv", path));
    assert_int_equal(0, unlink(path));
    struct projector *projector = start(f);
    assert_int_equal(2, await(projector, 1, 2).healed);
    (void)expect_true_archives(f);
    /* Told by whoever looks at it. */
    path_of(f, 7, path);
    assert_int_equal(0, unlink(path));
    projector_heal(projector, 7);
    projector_heal(projector, 4711); /* no such series */
    assert_int_equal(3, await(projector, 1, 3).healed);
    projector_stop(projector);
    (void)expect_true_archives(f);
    assert_int_equal(0, site_path(&f->site, "rrd/series.csv", path));
    assert_int_equal(0, access(path, R_OK));
}

static void
a_flood_of_revisions_costs_few_files(void **state)
{
    enum { FLOOD = 400 };
    struct fixture *f = *state;
    char value[NUM_TEXT_MAX];
    apply(f, "wuxing", "land", "2023-01", "1", "2023-02-01");
    struct projector *projector = start(f);
    (void)await(projector, 1, 0);
    int64_t began = clock_mono().ms;
    for (int i = 0; i < FLOOD; i++) {
        (void)snprintf(value, sizeof value, "%d", i + 2);
        apply(f, "wuxing", "land", "2023-01", value, "2023-02-01");
        projector_wake(projector);
    }
    struct projector_report report = await(projector, FLOOD + 1, 0);
    int64_t took = clock_mono().ms - began;
    if (report.archives > 3 + took / 100)
        fail_msg("%lld files for %d revisions in %lld ms", (long long)report.archives, FLOOD,
                 (long long)took);
    projector_stop(projector);
    (void)expect_true_archives(f);
}

/* The index of all series is written for a new one, not for every row of an old one. */
static void
the_index_is_written_for_new_series_only(void **state)
{
    static const _Atomic bool never;
    struct fixture *f = *state;
    struct projector_work work;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    fill(f);
    assert_int_equal(0, site_path(&f->site, "rrd/series.csv", path));
    expect_ok(projector_work_open(&f->site, &never, &work, &note), &note);
    expect_ok(projector_work_round(&work, &note), &note);
    assert_int_equal(0, unlink(path));
    for (int i = 0; i < 3; i++) {
        apply(f, "wuxing", indicators[i], i == 1 ? "2023-Q3" : "2023-12",
              i == 0   ? "1"
              : i == 1 ? "2"
                       : "3",
              "2024-07-01");
        expect_ok(projector_work_round(&work, &note), &note);
        assert_int_not_equal(0, access(path, F_OK));
    }
    expect_ok(projector_work_sweep(&work, 1, &note), &note);
    assert_int_equal(0, access(path, F_OK));
    projector_work_close(&work);
}

/* Each of these is judged, or planned, by another series. */
static void
what_rests_on_a_series_is_drawn_with_it(void **state)
{
    static const struct {
        const char *area, *indicator, *period; /* what comes late */
    } cases[] = {
        { "huzhou", "gdp", "2023-Q2" },      /* reference above: tech of wuxing */
        { "wuxing", "gdp", "2023-Q1" },      /* reference of its own area */
        { "wuxing", "projects", "2023-06" }, /* cases: started */
        { "wuxing", "tax", "2022-12" },      /* numerator: per of wuxing and huzhou */
        { "anji", "land", "2022-12" },       /* a part of huzhou's sum */
    };
    struct fixture *f = *state;
    fill(f);
    struct projector *projector = start(f);
    (void)await(projector, ledger_position(f->ledger), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        apply(f, cases[i].area, cases[i].indicator, cases[i].period, "1.5", "2024-06-01");
        projector_wake(projector);
        (void)await(projector, ledger_position(f->ledger), 0);
        (void)expect_true_archives(f);
    }
    projector_stop(projector);
}

/* ---- who rests on whom ---- */

static int
note_dependent(void *context, const struct cat_area *area, const struct cat_indicator *indicator)
{
    char *text = context;
    size_t used = strlen(text);
    (void)snprintf(text + used, 256 - used, "%s/%s ", area->id, indicator->id);
    return 0;
}

static void
dependents_are_found(void **state)
{
    static const struct {
        const char *area, *indicator;
        const char *holds[4];
    } cases[] = {
        { "wuxing", "projects", { "wuxing/started " } },
        { "huzhou", "gdp", { "wuxing/tech " } },
        { "wuxing", "gdp", { "wuxing/tech " } },
        { "anji", "land", { "huzhou/land " } },
        { "anji", "site", { "anji/per ", "huzhou/per " } },
        { "huzhou", "tax", { "huzhou/per " } },
    };
    struct fixture *f = *state;
    struct projection_deps *deps = projection_deps_new(f->catalogue);
    char text[256] = "";
    assert_non_null(deps);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text[0] = '\0';
        assert_int_equal(0,
                         projection_deps_each(deps, catalogue_area(f->catalogue, cases[i].area),
                                              catalogue_indicator(f->catalogue, cases[i].indicator),
                                              note_dependent, text));
        size_t length = 0;
        for (size_t k = 0; k < 4 && cases[i].holds[k]; k++) {
            if (!strstr(text, cases[i].holds[k]))
                fail_msg("%s/%s: '%s' lacks %s", cases[i].area, cases[i].indicator, text,
                         cases[i].holds[k]);
            length += strlen(cases[i].holds[k]);
        }
        assert_int_equal(length, strlen(text));
    }
    text[0] = '\0';
    assert_int_equal(0, projection_deps_each(deps, catalogue_area(f->catalogue, "huzhou"),
                                             catalogue_indicator(f->catalogue, "land"),
                                             note_dependent, text));
    assert_string_equal("", text);
    projection_deps_free(deps);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(all_archives_are_what_the_ledger_says),
        TEST(a_clean_start_draws_nothing_and_an_unclean_one_all),
        TEST(what_is_missing_or_damaged_comes_back_by_itself),
        TEST(a_flood_of_revisions_costs_few_files),
        TEST(the_index_is_written_for_new_series_only),
        TEST(what_rests_on_a_series_is_drawn_with_it),
        TEST(dependents_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
