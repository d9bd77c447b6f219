/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/listing.h"

#include <errno.h>

#include "tests/unit/core/check.h"

static const struct listing_column columns[] = {
    { "area", "地区", "area", false },
    { "value", "数值", "value", true },
    { "note", "说明", "note", false },
};

/* A cell for the CSV writer's larger buffer. */
static char long_cell[3000];

/* The rows as they come out; the caller frees. */
static char *
list(enum listing_format format, enum lang lang, const char *const (*rows)[3], size_t count)
{
    char *text = NULL;
    size_t size = 0;
    struct listing listing;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    listing_open(&listing, out, format, lang, columns, COUNT(columns));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(0, listing_add(&listing, rows[i]));
    assert_int_equal(0, listing_close(&listing));
    assert_int_equal(0, fclose(out));
    return text;
}

static const char *const mixed[][3] = {
    { "南太湖新区", "10000", "a \"quoted\", cell" },
    { "anji", "-3.5", NULL },
    { "吴兴", NULL, "line\nbreak" },
    { "huzhou", "0", "=SUM(A1)" },
    { "deqing", "7", "=" },
    { "长兴", "1", "back\\slash" },
};

static void
check_list(enum listing_format format, enum lang lang, const char *const (*rows)[3], size_t count,
           const char *want)
{
    char *got = list(format, lang, rows, count);
    CHECK_TEXT("listing", want, got);
    free(got);
}

static void
test_table_aligns_wide_characters(void **state)
{
    (void)state;
    check_list(LISTING_TABLE, LANG_ZH, mixed, COUNT(mixed),
               "地区         数值  说明\n"
               "----------  -----  ----------------\n"
               "南太湖新区  10000  a \"quoted\", cell\n"
               "anji         -3.5  \n"
               "吴兴               line break\n"
               "huzhou          0  =SUM(A1)\n"
               "deqing          7  =\n"
               "长兴            1  back\\slash\n");
}

static void
test_csv_quotes_what_needs_it(void **state)
{
    (void)state;
    check_list(LISTING_CSV, LANG_ZH, mixed, COUNT(mixed),
               "area,value,note\n"
               "南太湖新区,10000,\"a \"\"quoted\"\", cell\"\n"
               "anji,-3.5,\n"
               "吴兴,,\"line\nbreak\"\n"
               "huzhou,0,'=SUM(A1)\n"
               "deqing,7,=\n"
               "长兴,1,back\\slash\n");
}

static void
test_json_has_strings_and_null(void **state)
{
    (void)state;
    check_list(LISTING_JSON, LANG_EN, mixed, COUNT(mixed),
               "[\n"
               "  {\"area\": \"南太湖新区\", \"value\": \"10000\", \"note\": \"a \\\"quoted\\\", "
               "cell\"},\n"
               "  {\"area\": \"anji\", \"value\": \"-3.5\", \"note\": null},\n"
               "  {\"area\": \"吴兴\", \"value\": null, \"note\": \"line\\u000abreak\"},\n"
               "  {\"area\": \"huzhou\", \"value\": \"0\", \"note\": \"=SUM(A1)\"},\n"
               "  {\"area\": \"deqing\", \"value\": \"7\", \"note\": \"=\"},\n"
               "  {\"area\": \"长兴\", \"value\": \"1\", \"note\": \"back\\\\slash\"}\n"
               "]\n");
}

static void
test_nothing_to_list(void **state)
{
    (void)state;
    check_list(LISTING_TABLE, LANG_EN, NULL, 0, "area  value  note\n----  -----  ----\n");
    check_list(LISTING_CSV, LANG_EN, NULL, 0, "area,value,note\n");
    check_list(LISTING_JSON, LANG_EN, NULL, 0, "[]\n");
}

static void
test_long_cells_are_whole(void **state)
{
    (void)state;
    memset(long_cell, 'x', sizeof long_cell - 1);
    long_cell[17] = ',';
    const char *const rows[][3] = { { long_cell, "1", "end" } };
    char *got = list(LISTING_CSV, LANG_EN, rows, 1);
    size_t head = strlen("area,value,note\n");
    assert_int_equal(head + strlen(long_cell) + strlen("\"\",1,end\n"), strlen(got));
    free(got);
}

static void
test_output_that_cannot_be_written(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    struct listing listing;
    listing_open(&listing, full, LISTING_CSV, LANG_EN, columns, COUNT(columns));
    assert_int_equal(-EIO, listing_close(&listing));
    (void)fclose(full); /* cannot be written either */
}

static void
test_format_by_default(void **state)
{
    (void)state;
    assert_int_equal(LISTING_TABLE, listing_format_of(NULL, true));
    assert_int_equal(LISTING_CSV, listing_format_of(NULL, false));
    assert_int_equal(LISTING_JSON, listing_format_of("json", true));
    assert_int_equal(LISTING_CSV, listing_format_of("csv", true));
    assert_int_equal(LISTING_TABLE, listing_format_of("table", false));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_aligns_wide_characters),
        cmocka_unit_test(test_csv_quotes_what_needs_it),
        cmocka_unit_test(test_json_has_strings_and_null),
        cmocka_unit_test(test_nothing_to_list),
        cmocka_unit_test(test_long_cells_are_whole),
        cmocka_unit_test(test_output_that_cannot_be_written),
        cmocka_unit_test(test_format_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
