/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/pages_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/pages/format.h"
#include "collector/pages/picture_cache.h"
#include "collector/pages/terms.h"

static void
test_values_keep_what_was_sent(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *want;
    } cases[] = {
        { 980, 0, "980" },   { 980.5, 0, "980.5" }, { 10, 1, "10.0" },
        { 8.55, 1, "8.55" }, { -0.04, 1, "−0.04" }, { (double)NAN, 2, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FORMAT_MAX];
        assert_string_equal(cases[i].want, format_value(cases[i].value, cases[i].decimals, text));
    }
}

static void
test_shares(void **state)
{
    char text[FORMAT_MAX];
    (void)state;
    assert_string_equal("36%", format_share(0.36, text));
    assert_string_equal("41.7%", format_share(5.0 / 12.0, text));
    assert_string_equal("", format_share((double)NAN, text));
}

static void
test_periods(void **state)
{
    static const struct {
        struct cal_period period;
        enum cumulation cumulation;
        const char *zh;
        const char *en;
    } cases[] = {
        { { CAL_MONTH, 2023, 6, 0 }, CUMULATION_YTD, "2023年1—6月", "Jan–Jun 2023" },
        { { CAL_MONTH, 2023, 1, 0 }, CUMULATION_YTD, "2023年1月", "Jan 2023" },
        { { CAL_MONTH, 2023, 6, 0 }, CUMULATION_MONTH, "2023年6月", "Jun 2023" },
        { { CAL_MONTH, 2023, 6, 0 }, CUMULATION_STOCK, "2023年6月", "Jun 2023" },
        { { CAL_QUARTER, 2023, 2, 0 }, CUMULATION_YTD, "2023年1—6月", "Jan–Jun 2023" },
        { { CAL_QUARTER, 2023, 2, 0 }, CUMULATION_MONTH, "2023年4—6月", "Apr–Jun 2023" },
        { { CAL_RANGE, 2023, 1, 2 }, CUMULATION_MONTH, "2023年1—2月", "Jan–Feb 2023" },
        { { CAL_YEAR, 2023, 1, 0 }, CUMULATION_YTD, "2023年1—12月", "Jan–Dec 2023" },
        { { CAL_WEEK, 2023, 5, 0 }, CUMULATION_MONTH, "2023-W05", "2023-W05" },
        { { CAL_NONE, 0, 0, 0 }, CUMULATION_MONTH, "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FORMAT_MAX];
        assert_string_equal(cases[i].zh,
                            format_period(cases[i].period, cases[i].cumulation, LANG_ZH, text));
        assert_string_equal(cases[i].en,
                            format_period(cases[i].period, cases[i].cumulation, LANG_EN, text));
    }
}

static void
test_moments_are_in_beijing_time(void **state)
{
    char text[FORMAT_MAX];
    struct wall_time evening = { cal_midnight(cal_date_of(2023, 7, 12)).seconds + 17 * 3600 +
                                 30 * 60 };
    (void)state;
    assert_string_equal("2023-07-13 01:30", format_moment(evening, text));
    assert_int_equal(cal_date_of(2023, 7, 13).days, format_today(evening).days);
}

static void
test_every_code_has_words(void **state)
{
    (void)state;
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
        for (int level = 0; level < LEVEL_COUNT; level++)
            assert_true(format_level_sign((enum level)level)[0]);
        for (int rule = 0; rule <= RULE_LVL_BAND; rule++)
            assert_true(term_rule((enum rule)rule, (enum lang)lang)[0]);
        for (int method = 0; method <= METHOD_NA; method++)
            assert_true(term_method((enum method)method, (enum lang)lang)[0]);
        for (const char *status = "ABDEFGHIKLMNOPQSUVW"; *status; status++)
            assert_true(term_status(*status, (enum lang)lang)[0]);
    }
    assert_string_equal("", term_status('?', LANG_ZH));
}

static void
test_picture_cache_is_bounded(void **state)
{
    struct picture_cache *cache = picture_cache_new();
    char tag[16];
    size_t size = 0;
    (void)state;
    assert_non_null(cache);
    picture_cache_put(cache, "first", "picture", 7);
    for (int i = 0; i < PICTURE_CACHE_COUNT - 1; i++) {
        (void)snprintf(tag, sizeof tag, "%d", i);
        picture_cache_put(cache, tag, tag, 3);
    }
    assert_memory_equal("picture", picture_cache_get(cache, "first", &size), 7);
    assert_int_equal(7, size);
    picture_cache_put(cache, "one more", "x", 1); /* drops "0", the one unused longest */
    assert_null(picture_cache_get(cache, "0", &size));
    assert_non_null(picture_cache_get(cache, "1", &size));
    assert_non_null(picture_cache_get(cache, "first", &size));
    char *large = calloc(1, PICTURE_CACHE_BYTES + 1);
    assert_non_null(large);
    picture_cache_put(cache, "too large", large, PICTURE_CACHE_BYTES + 1);
    assert_null(picture_cache_get(cache, "too large", &size));
    picture_cache_put(cache, "all", large, PICTURE_CACHE_BYTES);
    assert_non_null(picture_cache_get(cache, "all", &size));
    assert_null(picture_cache_get(cache, "first", &size));
    free(large);
    picture_cache_free(cache);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_keep_what_was_sent),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_moments_are_in_beijing_time),
        cmocka_unit_test(test_every_code_has_words),
        cmocka_unit_test(test_picture_cache_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
