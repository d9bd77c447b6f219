/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/measure.h"

#include "tests/unit/core/check.h"

static void
test_widths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double low, high;
    } rows[] = {
        { "", 0, 0 },       { "亩", 10, 10 },  { "湖州市", 30, 30 },    { "0000", 22, 23 },
        { "illi", 10, 14 }, { "WWW", 24, 28 }, { "2023年6月", 45, 52 }, { "−20", 15, 20 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        double width = measure_text(rows[i].text, strlen(rows[i].text), 10);
        CHECK(rows[i].text, width >= rows[i].low && width <= rows[i].high);
    }
}

static void
test_wraps(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double width;
        size_t max;
        const char *lines[3];
        bool is_cut;
    } rows[] = {
        { "", 50, 3, { NULL }, false },
        { "一二三", 50, 3, { "一二三" }, false },
        { "一二三四五六", 50, 3, { "一二三四五", "六" }, false },
        { "一二三四五六七八九十", 50, 1, { "一二三四" }, true },
        { "一二三四五，六", 50, 3, { "一二三四", "五，六" }, false },
        { "land freed by firms", 60, 3, { "land freed", "by firms" }, false },
        { "Donaudampfschifffahrt", 40, 2, { "Donaud", "ampf" }, true },
        { "一", 1, 2, { "一" }, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct measure_line lines[3];
        size_t want = 0;
        while (want < 3 && rows[i].lines[want])
            want++;
        size_t got = measure_wrap(rows[i].text, 10, rows[i].width, rows[i].max, lines);
        CHECK_INT(rows[i].text, (long long)want, (long long)got);
        for (size_t k = 0; k < got; k++) {
            char line[64];
            (void)snprintf(line, sizeof line, "%.*s", (int)lines[k].length, lines[k].text);
            CHECK(line,
                  measure_text(line, strlen(line), 10) <= rows[i].width || rows[i].width < 10);
            if (rows[i].text[0] != 'D')
                CHECK_TEXT(rows[i].text, rows[i].lines[k], line);
            CHECK(rows[i].text, lines[k].is_cut == (rows[i].is_cut && k + 1 == got));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
