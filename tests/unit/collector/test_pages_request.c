/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/pages_fixture.h"

#include <stdlib.h>
#include <string.h>

static void
test_target_is_taken_apart(void **state)
{
    struct request r;
    struct err_note note = { "" };
    (void)state;
    assert_int_equal(
        0, request_parse("/graph/wuxing%2Bnantaihu/a.svg?size=spark&from=&lang=zh-CN", &r, &note));
    assert_int_equal(3, r.segment_count);
    assert_string_equal("graph", r.segments[0]);
    assert_string_equal("wuxing+nantaihu", r.segments[1]);
    assert_string_equal("a.svg", r.segments[2]);
    assert_string_equal("spark", request_param(&r, "size"));
    assert_null(request_param(&r, "from")); /* empty: not given */
    assert_null(request_param(&r, "to"));
}

static void
test_plus_is_a_plus(void **state)
{
    struct request r;
    (void)state;
    assert_int_equal(0, request_parse("/x?area=wuxing+nantaihu", &r, NULL));
    assert_string_equal("wuxing+nantaihu", request_param(&r, "area"));
    assert_int_equal(0, request_parse("/", &r, NULL));
    assert_int_equal(0, r.segment_count);
}

static void
test_odd_targets_are_refused(void **state)
{
    static const struct {
        const char *target;
        int status;
        const char *words;
    } cases[] = {
        { "*", 400, "begin with" },
        { "http://127.0.0.1/", 400, "begin with" },
        { "/a%", 400, "percent" },
        { "/a%4", 400, "percent" },
        { "/a%zz", 400, "percent" },
        { "/a%00b", 400, "percent" },
        { "/a%0d%0aSet-Cookie:x", 400, "percent" },
        { "/%c0%af", 400, "percent" },
        { "/\xff", 400, "percent" },
        { "/a/", 404, "end" },
        { "/a/b/c/d/e/f/g", 404, "no such" },
        { "/?a=1&a=2", 400, "'a' is given twice" },
        { "/?a=1&%61=2", 400, "'a' is given twice" },
        { "/?=1", 400, "without a name" },
        { "/?a=%80", 400, "parameter" },
        { "/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q", 400, "too many" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request r;
        struct err_note note = { "" };
        int status = request_parse(cases[i].target, &r, &note);
        if (status != cases[i].status || !strstr(note.text, cases[i].words))
            fail_msg("%s: %d '%s'", cases[i].target, status, note.text);
    }
}

static void
test_length_is_bounded(void **state)
{
    struct request r;
    char target[REQUEST_TARGET_MAX + 2];
    (void)state;
    memset(target, 'a', sizeof target);
    target[0] = '/';
    target[REQUEST_TARGET_MAX + 1] = '\0';
    assert_int_equal(414, request_parse(target, &r, NULL));
    target[REQUEST_TARGET_MAX] = '\0';
    assert_int_equal(0, request_parse(target, &r, NULL));
}

/* Random bytes never do harm (ASan and UBSan watch); what is accepted is clean text. */
static void
test_random_targets(void **state)
{
    static const char letters[] = "/?&=%%%0aAfF+.\xe5\x90\xb4-~#";
    unsigned seed = 20230403;
    (void)state;
    for (int turn = 0; turn < 20000; turn++) {
        struct request r;
        char target[40] = "/";
        size_t length = 1 + (seed >> 16) % 37;
        for (size_t i = 1; i < length; i++) {
            seed = seed * 1103515245u + 12345u;
            target[i] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        target[length] = '\0';
        if (request_parse(target, &r, NULL) != 0)
            continue;
        for (size_t i = 0; i < r.segment_count; i++)
            assert_true(text_is_clean(r.segments[i], strlen(r.segments[i]), REQUEST_TARGET_MAX));
    }
}

static void
test_language(void **state)
{
    static const struct {
        const char *field;
        enum lang lang;
    } cases[] = {
        { "", LANG_ZH },
        { "fr, de;q=0.5", LANG_ZH },
        { "en", LANG_EN },
        { "en-GB,en;q=0.9,zh-CN;q=0.8", LANG_EN },
        { "zh-TW;q=0.9, en;q=0.3", LANG_ZH },
        { "fr, en;q=0.7, zh;q=0.701", LANG_ZH },
        { "en;q=0, zh;q=0.001", LANG_ZH },
        { "EN", LANG_EN },
        { "eng", LANG_ZH },
        { "en;q=x", LANG_ZH },
        { ",,;;,en ;q=1", LANG_EN },
        { "en;q=1", LANG_EN },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (request_language(cases[i].field, LANG_ZH) != cases[i].lang)
            fail_msg("'%s'", cases[i].field);
    }
}

static void
test_entity_tags(void **state)
{
    (void)state;
    assert_true(request_has_tag("\"abc\"", "abc"));
    assert_true(request_has_tag("\"x\", W/\"abc\"", "abc"));
    assert_true(request_has_tag("*", "abc"));
    assert_false(request_has_tag("", "abc"));
    assert_false(request_has_tag("abc", "abc"));
    assert_false(request_has_tag("\"ab\", \"abcd\"", "abc"));
    assert_false(request_has_tag("\"abc", "abc"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target_is_taken_apart),
        cmocka_unit_test(test_plus_is_a_plus),
        cmocka_unit_test(test_odd_targets_are_refused),
        cmocka_unit_test(test_length_is_bounded),
        cmocka_unit_test(test_random_targets),
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_entity_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
