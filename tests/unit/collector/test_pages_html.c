/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/pages_fixture.h"

#include <stdlib.h>
#include <string.h>

static void
expect_text(struct html *html, const char *want)
{
    assert_false(html->is_broken);
    assert_string_equal(want, html->bytes);
    html_done(html);
}

static void
test_literals_stand_and_arguments_are_escaped(void **state)
{
    struct html html = { 0 };
    (void)state;
    html_put(&html, "<td title=\"%s\">%s</td>", "a\"b'c", "<script>&</script>");
    expect_text(&html, "<td title=\"a&quot;b&#39;c\">&lt;script&gt;&amp;&lt;/script&gt;</td>");
}

static void
test_numbers_and_percent(void **state)
{
    struct html html = { 0 };
    (void)state;
    html_put(&html, "%d %u %ld %lld %zu %%", -1, 2u, 3L, -4LL, (size_t)5);
    expect_text(&html, "-1 2 3 -4 5 %");
}

static void
test_control_characters_become_a_mark(void **state)
{
    struct html html = { 0 };
    (void)state;
    html_text(&html, "a\x01\x7f\tb\n中文");
    expect_text(&html, "a\xef\xbf\xbd\xef\xbf\xbd\tb\n中文");
}

static void
test_null_is_nothing(void **state)
{
    struct html html = { 0 };
    const char *nothing = getenv("PACEWATCH_NO_SUCH_VARIABLE");
    (void)state;
    html_put(&html, "[%s]", nothing);
    expect_text(&html, "[]");
}

static void
test_url_components(void **state)
{
    struct html html = { 0 };
    (void)state;
    html_url(&html, "wuxing+nantaihu/a b&c=\"<吴>~._-9");
    expect_text(&html, "wuxing%2Bnantaihu%2Fa%20b%26c%3D%22%3C%E5%90%B4%3E~._-9");
}

static void
test_too_much_breaks_and_stays_broken(void **state)
{
    struct html html = { 0 };
    char *large = calloc(1, HTML_MAX);
    (void)state;
    assert_non_null(large);
    html_bytes(&html, large, HTML_MAX);
    assert_false(html.is_broken);
    html_put(&html, "x");
    assert_true(html.is_broken);
    html_put(&html, "%s", "more");
    assert_int_equal(HTML_MAX, html.size);
    html_done(&html);
    free(large);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals_stand_and_arguments_are_escaped),
        cmocka_unit_test(test_numbers_and_percent),
        cmocka_unit_test(test_control_characters_become_a_mark),
        cmocka_unit_test(test_null_is_nothing),
        cmocka_unit_test(test_url_components),
        cmocka_unit_test(test_too_much_breaks_and_stays_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
