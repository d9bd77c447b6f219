/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include "check.h"

static void
test_utf8_rows(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        bool want;
    } rows[] = {
        { "empty", "", true },
        { "ascii", "abc", true },
        { "chinese", "湖州", true },
        { "four bytes", "\xf0\x9f\x98\x80", true },
        { "last code point", "\xf4\x8f\xbf\xbf", true },
        { "beyond the last", "\xf4\x90\x80\x80", false },
        { "overlong slash", "\xc0\xaf", false },
        { "overlong of three", "\xe0\x80\xaf", false },
        { "overlong of four", "\xf0\x80\x80\xaf", false },
        { "surrogate", "\xed\xa0\x80", false },
        { "last surrogate", "\xed\xbf\xbf", false },
        { "before the surrogates", "\xed\x9f\xbf", true },
        { "lone continuation", "a\x80", false },
        { "cut character", "\xe6\xb9", false },
        { "GB18030 bytes", "\xba\xfe\xd6\xdd", false },
        { "five bytes", "\xf8\x88\x80\x80\x80", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].name, rows[i].want, text_is_utf8(rows[i].text, strlen(rows[i].text)));
}

/* Of all texts of three bytes exactly so many are UTF-8: three of one byte, one and a pair in two
 * orders, one of three. */
static void
test_utf8_counts_all_texts_of_three_bytes(void **state)
{
    (void)state;
    long long count = 0;
    for (uint32_t bytes = 0; bytes < 1u << 24; bytes++) {
        char text[3] = { (char)(bytes >> 16), (char)(bytes >> 8), (char)bytes };
        count += text_is_utf8(text, 3);
    }
    CHECK_INT("valid texts", 128LL * 128 * 128 + 2LL * 128 * 1920 + (65536 - 2048 - 2048), count);
}

static void
test_clean(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        size_t length;
        size_t max;
        bool want;
    } rows[] = {
        { "plain", "以附2为主", 13, 13, true },
        { "one byte too long", "以附2为主", 13, 12, false },
        { "empty", "", 0, 0, true },
        { "NUL", "a\0b", 3, 9, false },
        { "tab", "a\tb", 3, 9, false },
        { "line feed", "a\nb", 3, 9, false },
        { "last of C0", "\x1f", 1, 9, false },
        { "blank", " ", 1, 9, true },
        { "DEL", "\x7f", 1, 9, false },
        { "first of C1", "\xc2\x80", 2, 9, false },
        { "last of C1", "\xc2\x9f", 2, 9, false },
        { "no-break space", "\xc2\xa0", 2, 9, true },
        { "right-to-left override", "\xe2\x80\xae", 3, 9, false },
        { "left-to-right embedding", "\xe2\x80\xaa", 3, 9, false },
        { "isolate", "\xe2\x81\xa6", 3, 9, false },
        { "pop isolate", "\xe2\x81\xa9", 3, 9, false },
        { "em dash", "\xe2\x80\x94", 3, 9, true },
        { "not UTF-8", "\xff", 1, 9, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].name, rows[i].want,
                  text_is_clean(rows[i].text, rows[i].length, rows[i].max));
}

static void
test_cut_never_splits(void **state)
{
    (void)state;
    static const size_t want[] = { 0, 1, 1, 1, 4, 4, 4, 4, 8, 9 };
    const char *text = "a湖\xf0\x9f\x98\x80z";
    for (size_t max = 0; max < COUNT(want); max++)
        CHECK_INT("a湖😀z", (long long)want[max], (long long)text_cut(text, 9, max));
    CHECK_INT("longer than the text", 9, (long long)text_cut(text, 9, 100));
}

static void
test_same_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *a;
        const char *b;
        bool want;
    } rows[] = {
        { "equal", "实到外资", "实到外资", true },
        { "other", "实到外资", "实到内资", false },
        { "brackets", "腾出用地面积（亩）", "腾出用地面积(亩)", true },
        { "full-width letters", "单位ＧＤＰ能耗", "单位GDP能耗", true },
        { "blanks inside", "单位 GDP 能耗", "单位GDP能耗", true },
        { "full-width blank", "单位　GDP能耗", "单位GDP能耗", true },
        { "no-break blank", "单位\xc2\xa0GDP能耗", "单位GDP能耗", true },
        { "blanks around", " 吴兴 ", "吴兴", true },
        { "full-width percent", "增长（％）", "增长(%)", true },
        { "prefix", "吴兴", "吴兴区", false },
        { "longer", "吴兴区", "吴兴", false },
        { "case counts", "GDP", "gdp", false },
        { "empty", "", " 　", true },
        { "bytes that are no UTF-8", "\xff", "\xff", true },
        { "other bytes", "\xff", "\xfe", false },
        { "a byte is not its code point", "\xe9", "\xc3\xa9", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(rows[i].name, rows[i].want, text_same_name(rows[i].a, rows[i].b));
        CHECK_INT(rows[i].name, rows[i].want, text_same_name(rows[i].b, rows[i].a));
        CHECK_INT(rows[i].name, rows[i].want,
                  text_name_hash(rows[i].a) == text_name_hash(rows[i].b));
    }
}

static void
test_id(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        { "wuxing", true },
        { "f1-1-wuxing", true },
        { "wuxing+nantaihu", true },
        { "a+b+c", true },
        { "0", true },
        { "", false },
        { "Wuxing", false },
        { "wu xing", false },
        { "+wuxing", false },
        { "wuxing+", false },
        { "a++b", false },
        { "../etc", false },
        { "吴兴", false },
        { "a_b", false },
        { "123456789012345678901234567890123456789012345678", true },
        { "1234567890123456789012345678901234567890123456789", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].text, rows[i].want, text_is_id(rows[i].text, strlen(rows[i].text)));
    CHECK_INT("NUL inside", false, text_is_id("a\0b", 3));
}

static void
test_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t want;
    } rows[] = {
        { "", 0 },      { "abc", 3 },       { "湖州", 4 }, { "（亩）", 6 },
        { "1—6月", 5 }, { "e\xcc\x81", 1 }, { "한글", 4 }, { "\xf0\x9f\x98\x80", 2 },
        { "𠀀", 2 },    { "\xff", 1 },      { "≥38%", 4 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].text, (long long)rows[i].want, (long long)text_columns(rows[i].text));
}

static void
test_quote(void **state)
{
    (void)state;
    char quoted[TEXT_QUOTE_MAX];
    static const struct {
        const char *name;
        const char *text;
        size_t length;
        const char *want;
    } rows[] = {
        { "plain", "吴兴", 6, "吴兴" },
        { "empty", "", 0, "" },
        { "controls", "a\n\x1b[1mb", 7, "a??[1mb" },
        { "NUL", "a\0b", 3, "a?b" },
        { "bad bytes", "a\xff\xe6\xb9z", 5, "a???z" },
        { "override", "\xe2\x80\xaex", 4, "?x" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(rows[i].name, rows[i].want, text_quote(rows[i].text, rows[i].length, quoted));

    char longer[400];
    memset(longer, 'x', sizeof longer);
    memcpy(longer + 58, "湖", 3); /* would be cut at byte 60 */
    text_quote(longer, sizeof longer, quoted);
    CHECK_INT("cut at a character", 58 + 3, (long long)strlen(quoted));
    CHECK_TEXT("says that it is cut", "...", quoted + 58);
    memcpy(longer + 58, "xx", 2);
    text_quote(longer, 60, quoted);
    CHECK_INT("just fits", 60, (long long)strlen(quoted));
}

static void
test_clean_copy(void **state)
{
    (void)state;
    char copy[8];
    CHECK_TEXT("controls", "a b?c",
               text_clean("a\nb\x01"
                          "c",
                          5, copy, sizeof copy));
    CHECK_TEXT("cut at a character", "湖州", text_clean("湖州市", 9, copy, sizeof copy));
    CHECK_TEXT("no UTF-8", "??", text_clean("\xff\xfe", 2, copy, sizeof copy));
    CHECK_TEXT("NUL", "?", text_clean("\0", 1, copy, sizeof copy));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_rows),
        cmocka_unit_test(test_utf8_counts_all_texts_of_three_bytes),
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_cut_never_splits),
        cmocka_unit_test(test_same_name),
        cmocka_unit_test(test_id),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_clean_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
