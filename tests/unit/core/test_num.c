/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/num.h"

#include "check.h"

static void
test_decimals_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
        double value;
        int decimals;
    } rows[] = {
        { "0", "0", 0, 0 },
        { "7", "7", 7, 0 },
        { "66.0", "66.0", 66, 1 },
        { "+1.5", "1.5", 1.5, 1 },
        { "-3.20", "-3.20", -3.2, 2 },
        { "-0", "0", 0, 0 },
        { "-0.00", "0.00", 0, 2 },
        { "007", "7", 7, 0 },
        { "00.50", "0.50", 0.5, 2 },
        { "1,234", "1234", 1234, 0 },
        { "12,345,678.9", "12345678.9", 12345678.9, 1 },
        { "-1,000", "-1000", -1000, 0 },
        { "0.1", "0.1", 0.1, 1 },
        { "123456789012345678901234567890", "123456789012345678901234567890", 1.2345678901234568e29,
          0 },
        { "-0.00000000000000000000000000001", "-0.00000000000000000000000000001", -1e-29, 29 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct num_decimal number;
        struct err_note note = { { 0 } };
        CHECK_INT(rows[i].text, 0,
                  num_decimal_parse(rows[i].text, strlen(rows[i].text), &number, &note));
        CHECK_TEXT(rows[i].text, rows[i].want, number.text);
        CHECK(rows[i].text, memcmp(&rows[i].value, &number.value, sizeof number.value) == 0);
        CHECK_INT(rows[i].text, rows[i].decimals, number.decimals);
    }
}

static void
test_decimals_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *note;
    } rows[] = {
        { "", ERR_SYNTAX, "'' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "-", ERR_SYNTAX, "'-' is no number: expected digits, like 1234.5 or 1,234.5" },
        { ".5", ERR_SYNTAX, "'.5' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "5.", ERR_SYNTAX, "'5.' is no number: expected digits after the point" },
        { "5.-", ERR_SYNTAX, "'5.-' is no number: expected digits after the point" },
        { "1e5", ERR_SYNTAX, "'1e5' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "nan", ERR_SYNTAX, "'nan' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "inf", ERR_SYNTAX, "'inf' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "0x10", ERR_SYNTAX, "'0x10' is no number: expected digits, like 1234.5 or 1,234.5" },
        { " 1", ERR_SYNTAX, "' 1' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1 ", ERR_SYNTAX, "'1 ' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1 000", ERR_SYNTAX, "'1 000' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "--1", ERR_SYNTAX, "'--1' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1.2.3", ERR_SYNTAX, "'1.2.3' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1,23", ERR_SYNTAX, "'1,23' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1,2345", ERR_SYNTAX, "'1,2345' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1234,567", ERR_SYNTAX,
          "'1234,567' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "0,123", ERR_SYNTAX, "'0,123' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1,,234", ERR_SYNTAX, "'1,,234' is no number: expected digits, like 1234.5 or 1,234.5" },
        { ",123", ERR_SYNTAX, "',123' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1,234,", ERR_SYNTAX, "'1,234,' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1.234,5", ERR_SYNTAX,
          "'1.234,5' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1万", ERR_SYNTAX, "'1万' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "１", ERR_SYNTAX, "'１' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "7%", ERR_SYNTAX, "'7%' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "a\x1b[0m", ERR_SYNTAX, "'a?[0m' is no number: expected digits, like 1234.5 or 1,234.5" },
        { "1234567890123456789012345678901", ERR_RANGE,
          "'1234567890123456789012345678901' has more than 30 digits" },
        { "0.123456789012345678901234567890", ERR_RANGE,
          "'0.123456789012345678901234567890' has more than 30 digits" },
        { "1,234,567,890,123,456,789,012,345,678,901", ERR_RANGE,
          "'1,234,567,890,123,456,789,012,345,678,901' has more than 30 digits" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct num_decimal number = { .text = "untouched" };
        struct err_note note = { { 0 } };
        CHECK_INT(rows[i].text, rows[i].code,
                  num_decimal_parse(rows[i].text, strlen(rows[i].text), &number, &note));
        CHECK_TEXT(rows[i].text, rows[i].note, note.text);
        CHECK_TEXT(rows[i].text, "untouched", number.text);
    }
    char zeros[5000];
    struct num_decimal number;
    memset(zeros, '0', sizeof zeros);
    CHECK_INT("5000 zeros", ERR_RANGE, num_decimal_parse(zeros, sizeof zeros, &number, NULL));
    for (size_t i = 1; i < sizeof zeros; i += 4)
        zeros[i] = ',';
    CHECK_INT("1250 groups", ERR_RANGE, num_decimal_parse(zeros, sizeof zeros, &number, NULL));
    CHECK_INT("NUL inside", ERR_SYNTAX, num_decimal_parse("1\0002", 3, &number, NULL));
}

static void
test_whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t low;
        int64_t high;
        int code;
        int64_t want;
    } rows[] = {
        { "12", 1, 12, 0, 12 },
        { "1", 1, 12, 0, 1 },
        { "13", 1, 12, ERR_RANGE, 0 },
        { "0", 1, 12, ERR_RANGE, 0 },
        { "-5", -5, 5, 0, -5 },
        { "+5", -5, 5, 0, 5 },
        { "-6", -5, 5, ERR_RANGE, 0 },
        { "9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX },
        { "9223372036854775808", INT64_MIN, INT64_MAX, ERR_RANGE, 0 },
        { "-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN },
        { "-9223372036854775809", INT64_MIN, INT64_MAX, ERR_RANGE, 0 },
        { "99999999999999999999999999", 0, 5, ERR_RANGE, 0 },
        { "0005", 0, 5, 0, 5 },
        { "", 0, 5, ERR_SYNTAX, 0 },
        { "-", 0, 5, ERR_SYNTAX, 0 },
        { "1.0", 0, 5, ERR_SYNTAX, 0 },
        { "1 ", 0, 5, ERR_SYNTAX, 0 },
        { "1,000", 0, 5000, ERR_SYNTAX, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 0;
        CHECK_INT(rows[i].text, rows[i].code,
                  num_int_parse(rows[i].text, strlen(rows[i].text), rows[i].low, rows[i].high,
                                &value, NULL));
        CHECK_INT(rows[i].text, rows[i].want, value);
    }
    struct err_note note = { { 0 } };
    int64_t value = 0;
    (void)num_int_parse("13", 2, 1, 12, &value, &note);
    CHECK_TEXT("note", "'13' is not between 1 and 12", note.text);
}

static void
test_print(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *want;
    } rows[] = {
        { 0.125, 2, "0.13" },
        { 2.675, 2, "2.68" },
        { 1.005, 2, "1.01" },
        { -0.125, 2, "-0.13" },
        { 0.5, 0, "1" },
        { -0.5, 0, "-1" },
        { 0.49999999999999994, 0, "0" },
        { 0.05, 1, "0.1" },
        { 0.04, 1, "0.0" },
        { -0.04, 1, "0.0" },
        { -0.0, 1, "0.0" },
        { 0, 0, "0" },
        { 0, 3, "0.000" },
        { 9.995, 2, "10.00" },
        { 99.95, 1, "100.0" },
        { 0.95, 0, "1" },
        { 999999.5, 0, "1000000" },
        { 3600, 0, "3600" },
        { 36, 1, "36.0" },
        { 1e15, 0, "1000000000000000" },
        { 123456789.123456789, 9, "123456789.123456790" },
        { 0.1, 9, "0.100000000" },
        { 1e-300, 9, "0.000000000" },
        { 5e-324, 2, "0.00" },
        { 1e22, 0, "10000000000000000000000" },
        { 1e300, 0, "1.0000000000000001e+300" },
        { 0.005, 2, "0.01" },
        { 0.0049, 2, "0.00" },
        { 1.28, 2, "1.28" },
        { 1.15, 1, "1.2" },
        { 1.25, 1, "1.3" },
        { -1.15, 1, "-1.2" },
    };
    char text[NUM_TEXT_MAX];
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(rows[i].want, rows[i].want, num_print(rows[i].value, rows[i].decimals, text));
    CHECK_TEXT("NaN", "", num_print((double)NAN, 2, text));
    CHECK_TEXT("infinite", "", num_print((double)INFINITY, 2, text));
}

static void
test_print_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *want;
    } rows[] = {
        { 36, 1, "36" },    { 0.72, 2, "0.72" }, { 0.7, 2, "0.7" },
        { 100, 0, "100" },  { 100, 2, "100" },   { 0, 3, "0" },
        { -0.001, 2, "0" }, { 1.999, 2, "2" },   { -2.50, 2, "-2.5" },
    };
    char text[NUM_TEXT_MAX];
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(rows[i].want, rows[i].want,
                   num_print_short(rows[i].value, rows[i].decimals, text));
    CHECK_TEXT("NaN", "", num_print_short((double)NAN, 2, text));
}

/* Numbers of up to 15 digits: what is printed is what whole-number arithmetic on the written digits
 * says. */
static void
test_rounding_agrees_with_whole_numbers(void **state)
{
    (void)state;
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 200000; i++) {
        int written = (int)chance_between(&chance, 0, 6);
        int printed = (int)chance_between(&chance, 0, written);
        int64_t digits = chance_between(&chance, 0, 1) ? chance_between(&chance, 0, 99999)
                                                       : chance_between(&chance, 0, 999999999999);
        int64_t step = powers[written - printed];
        int64_t rounded = (digits + step / 2) / step;
        char source[64], want[64], text[NUM_TEXT_MAX];
        (void)snprintf(source, sizeof source, "-%lld.%0*lld", (long long)(digits / powers[written]),
                       written, (long long)(digits % powers[written]));
        if (written == 0)
            source[strcspn(source, ".")] = '\0';
        (void)snprintf(want, sizeof want, "%s%lld.%0*lld", rounded > 0 ? "-" : "",
                       (long long)(rounded / powers[printed]), printed,
                       (long long)(rounded % powers[printed]));
        if (printed == 0)
            want[strcspn(want, ".")] = '\0';
        CHECK_TEXT(source, want, num_print(strtod(source, NULL), printed, text));
    }
}

/* A canonical text stays itself, and says its value. */
static void
test_canonical_is_a_fixed_point(void **state)
{
    (void)state;
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 50000; i++) {
        char source[64];
        int decimals = (int)chance_between(&chance, 1, 9);
        (void)snprintf(source, sizeof source, "%lld.%0*lld",
                       (long long)chance_between(&chance, -100000, 100000), decimals,
                       (long long)chance_between(&chance, 0, 9));
        struct num_decimal once, twice;
        CHECK_INT(source, 0, num_decimal_parse(source, strlen(source), &once, NULL));
        CHECK_INT(source, 0, num_decimal_parse(once.text, strlen(once.text), &twice, NULL));
        CHECK_TEXT(source, once.text, twice.text);
        char text[NUM_TEXT_MAX];
        CHECK_TEXT(source, once.text, num_print(once.value, once.decimals, text));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals_that_are_read),
        cmocka_unit_test(test_decimals_that_are_refused),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_short),
        cmocka_unit_test(test_rounding_agrees_with_whole_numbers),
        cmocka_unit_test(test_canonical_is_a_fixed_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
