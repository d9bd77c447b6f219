/* SPDX-License-Identifier: GPL-3.0-or-later
 * The request of a picture, worded from the ledger: what each chart is told. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view.h"

static uint64_t file_number; /* of this test's ledger */

static int
setup(void **state)
{
    file_number = 0;
    return fixture_setup(state);
}

/* One value, in a file of its own. */
static void
say(struct fixture *f, const char *area, const char *indicator, const char *period,
    const char *value, const char *released)
{
    struct sample sample = sample_of(area, indicator, period, value, released, 2);
    sample.status = value[0] ? 'A' : 'M';
    fixture_apply(f, ++file_number, &sample);
}

static struct view_picture
picture_of(const char *chart)
{
    return (struct view_picture){ .format = "svg",
                                  .chart = chart,
                                  .size = "page",
                                  .theme = "light",
                                  .lang = LANG_ZH,
                                  .from = cal_date_of(2022, 1, 1),
                                  .to = cal_date_of(2023, 12, 31),
                                  .month = cal_month(2023, 6),
                                  .as_of = { .today = cal_date_of(2023, 9, 13) } };
}

/* The request for a series; the caller frees it. */
static char *
request_of(struct fixture *f, const char *area, const char *indicator, struct view_picture *what)
{
    struct err_note note = { "" };
    struct view_series view;
    char *json = NULL;
    size_t size = 0;
    expect_ok(view_series_read(f->ledger, f->catalogue, catalogue_area(f->catalogue, area),
                               catalogue_indicator(f->catalogue, indicator), &what->as_of, &view,
                               &note),
              &note);
    what->is_cut = what->until_month && view_cut_after(&view, what->month);
    expect_ok(view_picture_request(f->ledger, f->catalogue, &view, what, &json, &size, &note),
              &note);
    assert_int_equal(strlen(json), size);
    view_series_done(&view);
    return json;
}

static void
expect_in(const char *json, const char *part)
{
    if (!strstr(json, part))
        fail_msg("'%s' is not in:\n%s", part, json);
}

static void
expect_not_in(const char *json, const char *part)
{
    if (strstr(json, part))
        fail_msg("'%s' is in:\n%s", part, json);
}

/* Half a year of Wuxing's land, with a hole in March and a correction of May. */
static void
half_a_year(struct fixture *f)
{
    say(f, "wuxing", "land", "2023-01", "100", "2023-02-12");
    say(f, "wuxing", "land", "2023-02", "230", "2023-03-12");
    say(f, "wuxing", "land", "2023-04", "480", "2023-05-12");
    say(f, "wuxing", "land", "2023-05", "600", "2023-06-12");
    say(f, "wuxing", "land", "2023-05", "612.5", "2023-06-20");
    say(f, "wuxing", "land", "2023-06", "720", "2023-07-12");
}

static void
a_trend_tells_of_periods_without_a_value(void **state)
{
    struct fixture *f = *state;
    half_a_year(f);
    struct view_picture what = picture_of("trend");
    char *json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "{\"from\":\"2023-03-01\",\"to\":\"2023-04-01\",\"label\":\"2023-03\","
                    "\"state\":\"missing\"}");
    expect_in(json, "\"label\":\"2023-08\",\"state\":\"missing\"}"); /* was due on 12 September */
    expect_in(json, "\"label\":\"2023-09\",\"state\":\"not-due\"}"); /* is due in October */
    expect_not_in(json, "\"label\":\"2022-"); /* nothing is expected before the first value */
    free(json);
    what.as_of.today = cal_date_of(2023, 9, 12); /* on the day it is due it is not missing */
    json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"label\":\"2023-08\",\"state\":\"not-due\"}");
    free(json);
    what.month = cal_month(2023, 4);
    what.until_month = true; /* what comes after it is left out, not missing */
    json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"label\":\"2023-03\",\"state\":\"missing\"}");
    expect_not_in(json, "\"label\":\"2023-05\"");
    free(json);
    say(f, "wuxing", "land", "2023-03", "", "2023-08-01"); /* there is none, somebody said */
    what = picture_of("trend");
    json = request_of(f, "wuxing", "land", &what);
    expect_not_in(json, "\"label\":\"2023-03\"");
    free(json);
}

static void
a_trend_tells_of_revisions_and_the_outlook(void **state)
{
    struct fixture *f = *state;
    half_a_year(f);
    struct view_picture what = picture_of("trend");
    char *json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"label\":\"2023-05\",\"value\":\"612.5\",\"level\":\"normal\",\"status\":"
                    "\"A\",\"simulated\":false,\"revised\":true}");
    expect_in(json, "\"label\":\"2023-06\",\"value\":\"720\",\"level\":\"normal\",\"status\":"
                    "\"A\",\"simulated\":false,\"revised\":false}");
    expect_in(json,
              "\"projection\":{\"at\":\"2024-01-01\",\"value\":\"14"); /* 720 in half a year */
    expect_in(json, "\"targets\":[{\"year\":2023,\"value\":\"1500\"");
    expect_not_in(json, "\"zones\""); /* a pace has none */
    free(json);
    what.month = cal_month(2023, 2);
    json = request_of(f, "wuxing", "land", &what);
    expect_not_in(json, "\"projection\""); /* too early */
    free(json);
    what = picture_of("overlay");
    json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"chart\":\"overlay\"");
    expect_not_in(json, "\"gaps\"");
    expect_not_in(json, "\"projection\"");
    free(json);
}

static void
zones_lie_below_a_target_that_stands_still(void **state)
{
    struct fixture *f = *state;
    say(f, "wuxing", "growth", "2023-06", "5.5", "2023-07-12");
    struct view_picture what = picture_of("trend");
    char *json = request_of(f, "wuxing", "growth", &what);
    expect_in(json, "\"zones\":[{\"level\":\"remind\",\"low\":\"5\",\"high\":\"6.5\"},"
                    "{\"level\":\"warn\",\"low\":\"3\",\"high\":\"5\"},"
                    "{\"level\":\"severe\",\"high\":\"3\"}]");
    free(json);
}

static void
versions_are_those_of_the_last_value_that_changed(void **state)
{
    struct fixture *f = *state;
    half_a_year(f);
    struct view_picture what = picture_of("revisions");
    char *json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"versions\":[{\"label\":\"2023-06-12\",\"value\":\"600\",\"status\":\"A\"},"
                    "{\"label\":\"2023-06-20\",\"value\":\"612.5\",\"status\":\"A\",\"change\":"
                    "\"+12.5\"}]");
    expect_in(json, "\"facts\":[{\"label\":\"数据期\",\"text\":\"2023-05\"}]");
    free(json);
    what.month = cal_month(2023, 4); /* no revision up to then: the last value */
    json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"versions\":[{\"label\":\"2023-05-12\",\"value\":\"480\",\"status\":\"A\"}]");
    free(json);
    json = request_of(f, "anji", "land", &what);
    expect_in(json, "\"versions\":[]");
    free(json);
}

static void
areas_are_ranked_over_the_same_month(void **state)
{
    struct fixture *f = *state;
    half_a_year(f);
    say(f, "anji", "land", "2023-05", "2000", "2023-06-12"); /* nothing for June */
    say(f, "huzhou", "land", "2023-06", "3000", "2023-07-12");
    struct view_picture what = picture_of("ranking");
    char *json = request_of(f, "wuxing", "land", &what);
    const char *wuxing = strstr(json, "{\"name\":\"吴兴\",\"self\":true,\"level\":\"normal\","
                                      "\"target\":\"1500\",\"value\":\"720\"}");
    const char *anji = strstr(json, "{\"name\":\"安吉\",\"self\":false,");
    assert_non_null(wuxing);
    assert_non_null(anji);
    assert_true(wuxing < anji); /* who has no value comes last */
    expect_not_in(anji, "\"value\"");
    expect_not_in(json, "全市"); /* the whole is not beside its parts */
    free(json);
    say(f, "anji", "land", "2023-06", "800", "2023-07-12");
    json = request_of(f, "wuxing", "land", &what);
    assert_true(strstr(json, "\"name\":\"安吉\"") < strstr(json, "\"name\":\"吴兴\""));
    free(json);
    what.as_of.has_released = true;
    what.as_of.released = cal_date_of(2023, 6, 15); /* nothing of June was known */
    json = request_of(f, "wuxing", "land", &what);
    expect_not_in(json, "\"value\":\"720\"");
    free(json);
}

static void
multiples_have_the_points_of_every_area(void **state)
{
    struct fixture *f = *state;
    half_a_year(f);
    say(f, "anji", "land", "2023-05", "700", "2023-06-12");
    say(f, "anji", "land", "2023-07", "900", "2023-08-12");
    struct view_picture what = picture_of("multiples");
    char *json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "{\"name\":\"安吉\",\"self\":false,\"level\":");
    expect_in(json, "\"label\":\"2023-07\",\"value\":\"900\"");
    expect_in(json, "\"points\":[],\"targets\":[]");
    free(json);
    what.until_month = true;
    json = request_of(f, "wuxing", "land", &what);
    expect_in(json, "\"label\":\"2023-05\",\"value\":\"700\"");
    expect_not_in(json, "\"label\":\"2023-07\"");
    free(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_trend_tells_of_periods_without_a_value),
        TEST(a_trend_tells_of_revisions_and_the_outlook),
        TEST(zones_lie_below_a_target_that_stands_still),
        TEST(versions_are_those_of_the_last_value_that_changed),
        TEST(areas_are_ranked_over_the_same_month),
        TEST(multiples_have_the_points_of_every_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
