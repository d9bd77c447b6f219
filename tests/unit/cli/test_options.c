/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "tests/unit/core/check.h"

static const struct options_usage usage = {
    .words = "history",
    .operands = { "SITE", "AREA" },
    .options = OPTION_BIT(OPTION_VINTAGES) | OPTION_BIT(OPTION_AT) | OPTIONS_READING,
    .zh = "历次数值",
    .en = "values",
};

static const struct options_usage needy = {
    .words = "demo",
    .operands = { "DIR" },
    .required = OPTION_BIT(OPTION_CATALOGUE),
    .zh = "演示",
    .en = "demo",
};

enum { WORDS_MAX = 8 };

static size_t
count_words(const char *const *words)
{
    size_t count = 0;
    while (count < WORDS_MAX && words[count])
        count++;
    return count;
}

static void
test_words_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *words[WORDS_MAX];
        const char *area, *at, *format;
        bool is_vintages;
    } rows[] = {
        { "operands", { "S", "wuxing" }, "wuxing", NULL, NULL, false },
        { "value after", { "S", "--at", "2023-06", "anji" }, "anji", "2023-06", NULL, false },
        { "value with =", { "--at=2023-06", "S", "a" }, "a", "2023-06", NULL, false },
        { "flag", { "S", "a", "--vintages" }, "a", NULL, NULL, true },
        { "format", { "S", "a", "--format", "json" }, "a", NULL, "json", false },
        { "end of options", { "S", "--", "--at" }, "--at", NULL, NULL, false },
        { "a lone dash", { "S", "-" }, "-", NULL, NULL, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        struct err_note note = { { 0 } };
        int code = options_parse(&usage, count_words(rows[i].words), rows[i].words, LANG_EN,
                                 &options, &note);
        CHECK_TEXT(rows[i].name, "", note.text);
        CHECK_INT(rows[i].name, 0, code);
        CHECK_TEXT(rows[i].name, "S", options.operand[0]);
        CHECK_TEXT(rows[i].name, rows[i].area, options.operand[1]);
        const char *at = options.value[OPTION_AT];
        const char *format = options.value[OPTION_FORMAT];
        CHECK_TEXT(rows[i].name, rows[i].at ? rows[i].at : "(none)", at ? at : "(none)");
        CHECK_TEXT(rows[i].name, rows[i].format ? rows[i].format : "(none)",
                   format ? format : "(none)");
        CHECK_INT(rows[i].name, rows[i].is_vintages, options.value[OPTION_VINTAGES] != NULL);
    }
}

static void
test_words_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const struct options_usage *usage;
        const char *words[WORDS_MAX];
        enum lang lang;
        const char *note;
    } rows[] = {
        { &usage, { NULL }, LANG_EN, "missing SITE" },
        { &usage, { "S" }, LANG_EN, "missing AREA" },
        { &usage, { "S" }, LANG_ZH, "缺少参数 AREA" },
        { &usage, { "S", "a", "b" }, LANG_EN, "superfluous argument b" },
        { &usage,
          { "S", "a", "--year", "2023" },
          LANG_EN,
          "unknown option --year (known: --at, --vintages, --as-of, --received-as-of, --format, "
          "--lang, --help)" },
        { &usage,
          { "S", "a", "-x\x1b" },
          LANG_ZH,
          "没有选项 -x?（可用：--at, --vintages, --as-of, --received-as-of, --format, --lang, "
          "--help）" },
        { &usage, { "S", "a", "--at" }, LANG_EN, "option --at needs an argument: YYYY-MM" },
        { &usage, { "S", "a", "--at=" }, LANG_ZH, "选项 --at 缺少参数 YYYY-MM" },
        { &usage, { "S", "a", "--vintages=1" }, LANG_EN, "option --vintages takes no argument" },
        { &usage,
          { "S", "a", "--at", "2023-01", "--at", "2023-02" },
          LANG_EN,
          "option --at is given twice" },
        { &usage,
          { "S", "a", "--format", "xml" },
          LANG_EN,
          "option --format cannot be xml (known: table|csv|json)" },
        { &usage,
          { "S", "a", "--lang", "de" },
          LANG_EN,
          "option --lang cannot be de (known: zh-CN|en)" },
        { &needy, { "D" }, LANG_EN, "missing option --catalogue DIR" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        struct err_note note = { { 0 } };
        int code = options_parse(rows[i].usage, count_words(rows[i].words), rows[i].words,
                                 rows[i].lang, &options, &note);
        CHECK_INT(rows[i].note, ERR_SYNTAX, code);
        CHECK_TEXT(rows[i].note, rows[i].note, note.text);
    }
}

static void
test_help_asks_for_nothing_else(void **state)
{
    (void)state;
    static const char *const words[] = { "--help", "--what" };
    struct options options;
    assert_int_equal(0, options_parse(&usage, 2, words, LANG_EN, &options, NULL));
    assert_non_null(options.value[OPTION_HELP]);

    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    options_help(out, &needy, LANG_EN);
    assert_int_equal(0, fclose(out));
    CHECK_TEXT("help",
               "usage: pacewatch demo DIR --catalogue DIR [OPTION ...]\n"
               "demo\n"
               "\n"
               "options:\n"
               "  --catalogue DIR                           folder of the catalogue's tables\n"
               "  --lang zh-CN|en                           language (default: the site's)\n"
               "  --help                                    show this help\n",
               text);
    free(text);
}

static void
test_language_is_found_in_wrong_words_too(void **state)
{
    (void)state;
    static const char *const apart[] = { "S", "--bad", "--lang", "zh-CN" };
    static const char *const joined[] = { "--lang=en" };
    assert_int_equal(LANG_ZH, options_lang(4, apart, LANG_EN));
    assert_int_equal(LANG_EN, options_lang(1, joined, LANG_ZH));
    assert_int_equal(LANG_ZH, options_lang(3, apart, LANG_ZH)); /* nothing after --lang */
}

static void
test_values_are_read(void **state)
{
    (void)state;
    struct options options = { .value = { NULL } };
    struct err_note note = { { 0 } };
    struct cal_period month = cal_month(2020, 1);
    int64_t number = 7;
    struct wall_time moment = { 0 };

    assert_int_equal(0, options_month(&options, OPTION_AT, LANG_EN, &month, &note));
    assert_int_equal(2020, month.year); /* not given: untouched */

    options.value[OPTION_AT] = "2023-06";
    options.value[OPTION_YEAR] = "2023";
    options.value[OPTION_AS_OF] = "2023-04-05";
    assert_int_equal(0, options_month(&options, OPTION_AT, LANG_EN, &month, &note));
    assert_int_equal(6, month.index);
    assert_int_equal(0, options_number(&options, OPTION_YEAR, 1900, 2199, LANG_EN, &number, &note));
    assert_int_equal(2023, number);
    assert_int_equal(0, options_instant(&options, OPTION_AS_OF, LANG_EN, &moment, &note));
    assert_int_equal(cal_midnight(cal_date_of(2023, 4, 6)).seconds - 1, moment.seconds);

    options.value[OPTION_AT] = "2023-Q2";
    assert_int_equal(ERR_SYNTAX, options_month(&options, OPTION_AT, LANG_EN, &month, &note));
    CHECK_TEXT("quarter", "option --at: must be a month, like 2023-06", note.text);
    options.value[OPTION_YEAR] = "99999";
    assert_int_equal(ERR_RANGE,
                     options_number(&options, OPTION_YEAR, 1900, 2199, LANG_ZH, &number, &note));
    CHECK_TEXT("year", "选项 --year：'99999' is not between 1900 and 2199", note.text);
    options.value[OPTION_AS_OF] = "yesterday";
    assert_true(options_instant(&options, OPTION_AS_OF, LANG_EN, &moment, &note) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_that_are_read),
        cmocka_unit_test(test_words_that_are_refused),
        cmocka_unit_test(test_help_asks_for_nothing_else),
        cmocka_unit_test(test_language_is_found_in_wrong_words_too),
        cmocka_unit_test(test_values_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
