/* SPDX-License-Identifier: GPL-3.0-or-later
 * The addresses of pictures: what is asked of the painter, tags, the cache, and what bad ones get.
 */
#include "tests/unit/collector/pages_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/projection.h"

/* Asks for a picture and returns its tag. */
static const char *
tag_of(struct pages_fixture *f, const char *target, char *tag)
{
    struct answer answer = ask(f, target);
    if (answer.status != 200)
        fail_msg("%s: %d %s", target, answer.status, answer.body.bytes);
    (void)snprintf(tag, ANSWER_TAG_MAX, "%s", answer.tag);
    answer_done(&answer);
    return tag;
}

static void
test_picture_is_drawn_once(void **state)
{
    uint64_t before = painter_fake_drawn;
    struct answer answer = ask(*state, "/graph/anji/land-freed.svg");
    assert_int_equal(200, answer.status);
    assert_string_equal("image/svg+xml", answer.type);
    assert_int_equal(ANSWER_PICTURE, answer.kind);
    assert_int_equal(CACHE_REVALIDATE, answer.cache);
    char quoted[ANSWER_TAG_MAX + 2];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", answer.tag);
    answer_done(&answer);
    expect_answer(*state, "/graph/anji/land-freed.svg", 200, "<svg");
    assert_int_equal(before + 1, painter_fake_drawn);

    answer = ask_with(*state, "/graph/anji/land-freed.svg", NULL, quoted);
    assert_int_equal(304, answer.status);
    assert_int_equal(0, answer.body.size);
    assert_int_equal(before + 1, painter_fake_drawn);
    answer_done(&answer);
}

/* How often a page has read a series' rows. */
static int series_read;

int __real_view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                            const struct cat_area *area, const struct cat_indicator *indicator,
                            const struct ledger_as_of *as_of, struct view_series *ret_view,
                            struct err_note *note);
int __wrap_view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                            const struct cat_area *area, const struct cat_indicator *indicator,
                            const struct ledger_as_of *as_of, struct view_series *ret_view,
                            struct err_note *note);

int
__wrap_view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                        const struct cat_area *area, const struct cat_indicator *indicator,
                        const struct ledger_as_of *as_of, struct view_series *ret_view,
                        struct err_note *note)
{
    series_read++;
    return __real_view_series_read(ledger, catalogue, area, indicator, as_of, ret_view, note);
}

/* A request that comes again is answered without the ledger's rows, until something changes. */
static void
test_the_same_request_again(void **state)
{
    static const char target[] = "/graph/anji/land-freed.svg?size=page";
    struct pages_fixture *f = *state;
    char first[ANSWER_TAG_MAX], again[ANSWER_TAG_MAX], quoted[ANSWER_TAG_MAX + 2];
    (void)tag_of(f, target, first);
    int read = series_read;
    assert_string_equal(first, tag_of(f, target, again));
    expect_answer(f, target, 200, "<svg");
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", first);
    struct answer answer = ask_with(f, target, NULL, quoted);
    assert_int_equal(304, answer.status);
    assert_string_equal("image/svg+xml", answer.type);
    assert_int_equal(ANSWER_PICTURE, answer.kind);
    answer_done(&answer);
    assert_int_equal(read, series_read);
    /* Other words for it, another language: looked at. */
    assert_string_equal(first, tag_of(f, "/graph/anji/land-freed.svg", again));
    assert_string_not_equal(first,
                            tag_of(f, "/graph/anji/land-freed.svg?size=page&lang=en", again));
    assert_int_equal(read + 2, series_read);
    f->gauges.projected++;
    (void)tag_of(f, target, again);
    assert_int_equal(read + 3, series_read);
}

/* New pages, as after a restart, find what was drawn before on disk; a damaged one is drawn. */
static void
test_a_picture_outlives_the_process(void **state)
{
    struct pages_fixture *f = *state;
    uint64_t before = painter_fake_drawn;
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    char first[ANSWER_TAG_MAX], again[ANSWER_TAG_MAX];
    (void)tag_of(f, "/graph/anji/land-freed.svg", first);
    assert_int_equal(before + 1, painter_fake_drawn);
    for (int i = 0; i < 2; i++) {
        pages_free(f->pages);
        f->pages = pages_new(&f->settings, 0);
        assert_string_equal(first, tag_of(f, "/graph/anji/land-freed.svg", again));
        expect_answer(f, "/graph/anji/land-freed.svg", 200, "<svg");
        assert_int_equal(before + 1, painter_fake_drawn);
    }
    struct file_list list;
    struct err_note note = { "" };
    assert_int_equal(0, site_path(&f->site, "cache", folder));
    expect_ok(file_list(folder, &list, &note), &note);
    assert_int_equal(1, list.count);
    assert_int_equal(0, file_join(path, folder, list.names[0]));
    file_list_free(&list);
    expect_ok(file_write(path, "PWP1", 4, 0644, &note), &note);
    pages_free(f->pages);
    f->pages = pages_new(&f->settings, 0);
    expect_answer(f, "/graph/anji/land-freed.svg", 200, "<svg");
    assert_int_equal(before + 2, painter_fake_drawn);
}

static void
test_tag_follows_what_is_shown(void **state)
{
    struct pages_fixture *f = *state;
    char a[ANSWER_TAG_MAX];
    char b[ANSWER_TAG_MAX];
    tag_of(f, "/graph/anji/land-freed.svg", a);
    /* The same picture in other words. */
    assert_string_equal(
        a,
        tag_of(f,
               "/graph/anji/land-freed.svg?size=page&to=2023-12-31&from=2022-01-01&month=2023-06",
               b));
    assert_string_equal(a, tag_of(f, "/graph/anji/land-freed.svg?from=2022&to=2023", b));
    /* Other pictures. */
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.svg?size=spark", b));
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.svg?lang=en", b));
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.png", b));
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.svg?as_of=2023-06-15", b));
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.svg?month=2023-05", b));
    /* Drawn before the archive had caught up: must not pass for the later one. */
    f->gauges.projected = 1;
    assert_string_not_equal(a, tag_of(f, "/graph/anji/land-freed.svg", b));
}

/* Draws the archive of anji land-freed as the projector does. */
static void
draw_archive(struct pages_fixture *f)
{
    struct ledger_series series = { .area = "anji", .indicator = "land-freed" };
    struct err_note note = { "" };
    struct ledger *ledger = NULL;
    char path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX], *bytes = NULL;
    size_t size = 0;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    expect_ok(ledger_open(path, LEDGER_READ, &ledger, &note), &note);
    expect_ok(ledger_series_find(ledger, series.area, series.indicator, &series.id, &note), &note);
    expect_ok(projection_draw(
                  ledger, f->site.catalogue, catalogue_area(f->site.catalogue, series.area),
                  catalogue_indicator(f->site.catalogue, series.indicator), &bytes, &size, &note),
              &note);
    assert_int_equal(0, site_path(&f->site, "rrd", path));
    expect_ok(archive_put(path, archive_name(series.id, name), bytes, size, &note), &note);
    ledger_close(ledger);
    free(bytes);
}

static void
note_series(void *healer, int64_t series)
{
    *(int64_t *)healer = series;
}

/* A missing or damaged archive costs no picture, and the projector is told of it. */
static void
test_a_damaged_archive_is_not_drawn_from(void **state)
{
    struct pages_fixture *f = *state;
    struct err_note note = { "" };
    int64_t told = 0;
    char path[FILE_PATH_MAX];
    f->settings.heal = note_series;
    f->settings.healer = &told;
    expect_answer(f, "/graph/anji/land-freed.svg", 200, "<desc>scratch/");
    assert_int_equal(4, told);
    draw_archive(f);
    told = 0;
    expect_answer(f, "/graph/anji/land-freed.svg?size=phone", 200, "<desc>04/00000004.rrd");
    assert_int_equal(0, told);
    assert_int_equal(0, site_path(&f->site, "rrd/04/00000004.rrd", path));
    expect_ok(file_write(path, "RRD", 3, 0644, &note), &note);
    expect_answer(f, "/graph/anji/land-freed.png", 200, "<desc>scratch/");
    assert_int_equal(4, told);
}

/* The picture of an earlier day is drawn from an archive of the thread's own. */
static void
test_as_of_has_an_archive_of_its_own(void **state)
{
    struct pages_fixture *f = *state;
    char path[FILE_PATH_MAX];
    draw_archive(f);
    expect_answer(f, "/graph/anji/land-freed.svg", 200, "<desc>0");
    expect_answer(f, "/graph/anji/land-freed.svg?as_of=2023-06-15", 200,
                  "<desc>scratch/00000000.rrd");
    assert_int_equal(0, site_path(&f->site, "rrd/scratch/00000000.rrd", path));
    assert_int_equal(0, access(path, R_OK));
    f->gauges.projected = 0; /* no archive of the projector is needed for it */
    struct answer answer = ask(f, "/graph/anji/land-freed.svg?as_of=2023-06-15");
    assert_null(strstr(answer.tag, "early"));
    answer_done(&answer);
}

static void
test_ranges_are_clamped(void **state)
{
    char a[ANSWER_TAG_MAX];
    char b[ANSWER_TAG_MAX];
    tag_of(*state, "/graph/anji/land-freed.svg?from=1900&to=2023", a);
    assert_string_equal(a, tag_of(*state, "/graph/anji/land-freed.svg?from=2003-01-01&to=2023", b));
    assert_string_not_equal(
        a, tag_of(*state, "/graph/anji/land-freed.svg?from=2003-01-02&to=2023", b));
    expect_answer(*state, "/graph/anji/land-freed.svg?from=1900&to=1900", 200, "<svg");
    expect_answer(*state, "/graph/anji/land-freed.svg?to=2199", 200, "<svg");
}

static void
test_bad_addresses(void **state)
{
    static const struct {
        const char *target;
        int status;
        const char *words;
    } cases[] = {
        { "/graph/anji/land-freed.gif?lang=en", 404, "ends in .svg or .png" },
        { "/graph/anji/land-freed", 404, NULL },
        { "/graph/anji/wealth.svg?lang=en", 404, "no such indicator: 'wealth'" },
        { "/graph/atlantis/land-freed.svg?lang=en", 404, "no such area" },
        { "/graph/anji/..%2f..%2fsecret.svg", 404, NULL },
        { "/graph/deqing/land-freed.svg?lang=en", 404, "Nothing has been received" },
        { "/graph/anji/land-freed.svg?size=huge&lang=en", 400,
          "parameter 'size': 'huge' is wrong; it should be page, phone, print, screen or spark" },
        { "/graph/anji/land-freed.svg?chart=pie&lang=en", 400,
          "parameter 'chart': 'pie' is wrong; it should be trend, overlay, multiples, ranking, "
          "revisions or spark" },
        { "/graph/anji/land-freed.svg?theme=pink", 400,
          "参数 theme 的值“pink”有误：应为 light 或 dark" },
        { "/graph/deqing/land-freed.svg?chart=overlay&lang=en", 404, "Nothing has been received" },
        { "/graph/anji/land-freed.svg?from=2024&lang=en", 400, "a day not after 'to'" },
        { "/graph/anji/land-freed.svg?from=x", 400, "参数 from" },
        { "/graph/anji/land-freed.svg?month=2023", 400, "参数 month" },
        { "/graph/anji/land-freed.svg?width=1", 400, "width" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(*state, cases[i].target);
        assert_string_equal("text/plain; charset=utf-8", answer.type);
        assert_int_equal(ANSWER_PLAIN, answer.kind);
        answer_done(&answer);
        expect_answer(*state, cases[i].target, cases[i].status, cases[i].words);
    }
}

static void
test_a_painter_that_fails_costs_one_picture(void **state)
{
    struct pages_fixture *f = *state;
    struct http_pictures pictures = { 0 };
    f->settings.pictures = &pictures;
    painter_fake_fail = "\"phone\"";
    struct answer answer = ask(f, "/graph/anji/land-freed.svg?size=phone");
    assert_int_equal(503, answer.status);
    assert_string_equal("", answer.tag);
    assert_int_equal(CACHE_NOTHING, answer.cache);
    answer_done(&answer);
    expect_answer(f, "/graph/anji/land-freed.svg", 200, "<svg");
    expect_answer(f, "/metrics", 200, "\npacewatch_picture_workers_crashed_total 1\n");
    expect_answer(f, "/metrics", 200, "\npacewatch_pictures_drawn_total 1\n");
    f->settings.pictures = NULL;
}

/* What the picture says below itself has a real minus sign. The painter fails where it finds it. */
static void
test_minus_sign(void **state)
{
    painter_fake_fail = "−7.2%（2023-05）";
    expect_answer(*state, "/graph/nanxun/iva-growth.svg", 503, NULL);
    painter_fake_fail = "−7.2 percent (2023-05)";
    expect_answer(*state, "/graph/nanxun/iva-growth.svg?lang=en", 503, NULL);
}

/* With a month the picture ends there, as the verdict beside it does. The painter fails where it
 * finds May. */
static void
test_a_month_ends_the_picture(void **state)
{
    painter_fake_fail = "\"label\":\"2023-05\"";
    expect_answer(*state, "/graph/nanxun/iva-growth.svg?month=2023-04", 200, "scratch/");
    expect_answer(*state, "/graph/nanxun/iva-growth.svg?month=2023-05", 503, NULL);
}

#define GRAPH_TEST(test) \
    cmocka_unit_test_setup_teardown(test, pages_fixture_setup, pages_fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        GRAPH_TEST(test_picture_is_drawn_once),
        GRAPH_TEST(test_the_same_request_again),
        GRAPH_TEST(test_a_picture_outlives_the_process),
        GRAPH_TEST(test_tag_follows_what_is_shown),
        GRAPH_TEST(test_a_damaged_archive_is_not_drawn_from),
        GRAPH_TEST(test_as_of_has_an_archive_of_its_own),
        GRAPH_TEST(test_ranges_are_clamped),
        GRAPH_TEST(test_bad_addresses),
        GRAPH_TEST(test_a_painter_that_fails_costs_one_picture),
        GRAPH_TEST(test_a_month_ends_the_picture),
        GRAPH_TEST(test_minus_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
