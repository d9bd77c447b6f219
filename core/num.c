/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

#include "core/pure.h"

enum { RAW_MAX = 4 * NUM_DIGITS_MAX }; /* with its commas */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t
count_digits(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && is_digit(text[count]))
        count++;
    return count;
}

static int
no_decimal(const char *text, size_t length, const char *right, struct err_note *note)
{
    char quoted[TEXT_QUOTE_MAX];
    return err_set(note, ERR_SYNTAX, "'%s' is no number: %s", text_quote(text, length, quoted),
                   right);
}

/* The whole part, with or without commas: its bytes, or 0 when there is none. Appends its digits.
 */
static size_t
read_whole(const char *text, size_t length, char *digits, size_t *digit_count)
{
    size_t at = count_digits(text, length);
    bool has_groups = at < length && text[at] == ',';
    if (has_groups && (at < 1 || at > 3 || text[0] == '0'))
        return 0;
    if (at > NUM_DIGITS_MAX)
        return at; /* too many anyway: the caller counts */
    memcpy(digits, text, at);
    *digit_count = at;
    while (at < length && text[at] == ',') {
        if (count_digits(text + at + 1, length - at - 1) != 3)
            return 0;
        if (*digit_count + 3 <= NUM_DIGITS_MAX)
            memcpy(digits + *digit_count, text + at + 1, 3);
        *digit_count += 3;
        at += 4;
        if (*digit_count > NUM_DIGITS_MAX)
            return at;
    }
    return at;
}

/* Writes the canonical text from a sign, whole digits and fraction digits. */
static void
write_canonical(bool is_negative, const char *whole, size_t whole_count, const char *fraction,
                size_t fraction_count, char *text)
{
    while (whole_count > 1 && whole[0] == '0') {
        whole++;
        whole_count--;
    }
    bool is_zero = whole[0] == '0';
    for (size_t i = 0; i < fraction_count; i++)
        is_zero = is_zero && fraction[i] == '0';
    char *out = text;
    if (is_negative && !is_zero)
        *out++ = '-';
    memcpy(out, whole, whole_count);
    out += whole_count;
    if (fraction_count > 0) {
        *out++ = '.';
        memcpy(out, fraction, fraction_count);
        out += fraction_count;
    }
    *out = '\0';
}

int
num_decimal_parse(const char *text, size_t length, struct num_decimal *ret_number,
                  struct err_note *note)
{
    char whole[NUM_DIGITS_MAX + 1];
    size_t whole_count = 0;
    bool has_sign = length > 0 && (text[0] == '-' || text[0] == '+');
    bool is_negative = has_sign && text[0] == '-';
    size_t at = has_sign ? 1 : 0;

    if (length > RAW_MAX)
        return err_set(note, ERR_RANGE, "a number of %zu characters: at most %d digits are read",
                       length, NUM_DIGITS_MAX);
    size_t bytes = read_whole(text + at, length - at, whole, &whole_count);
    if (bytes == 0)
        return no_decimal(text, length, "expected digits, like 1234.5 or 1,234.5", note);
    if (bytes > NUM_DIGITS_MAX && whole_count == 0)
        whole_count = bytes;
    at += bytes;

    const char *fraction = text + at;
    size_t fraction_count = 0;
    if (at < length && text[at] == '.') {
        fraction = text + at + 1;
        fraction_count = count_digits(fraction, length - at - 1);
        if (fraction_count == 0)
            return no_decimal(text, length, "expected digits after the point", note);
        at += 1 + fraction_count;
    }
    bool is_too_long = whole_count + fraction_count > NUM_DIGITS_MAX;
    if (at != length && !is_too_long)
        return no_decimal(text, length, "expected digits, like 1234.5 or 1,234.5", note);
    if (is_too_long) {
        char quoted[TEXT_QUOTE_MAX];
        return err_set(note, ERR_RANGE, "'%s' has more than %d digits",
                       text_quote(text, length, quoted), NUM_DIGITS_MAX);
    }

    struct num_decimal number = { .decimals = (int)fraction_count };
    write_canonical(is_negative, whole, whole_count, fraction, fraction_count, number.text);
    number.value = strtod(number.text, NULL);
    *ret_number = number;
    return 0;
}

int
num_int_parse(const char *text, size_t length, int64_t low, int64_t high, int64_t *ret_value,
              struct err_note *note)
{
    char quoted[TEXT_QUOTE_MAX];
    bool has_sign = length > 0 && (text[0] == '-' || text[0] == '+');
    bool is_negative = has_sign && text[0] == '-';
    size_t start = has_sign ? 1 : 0;
    if (length == start || start + count_digits(text + start, length - start) != length)
        return err_set(note, ERR_SYNTAX, "'%s' is no whole number",
                       text_quote(text, length, quoted));

    int64_t value = 0;
    bool is_over = false;
    for (size_t i = start; i < length && !is_over; i++) {
        int64_t digit = is_negative ? '0' - text[i] : text[i] - '0';
        is_over = __builtin_mul_overflow(value, 10, &value) ||
                  __builtin_add_overflow(value, digit, &value);
    }
    if (is_over || value < low || value > high)
        return err_set(note, ERR_RANGE, "'%s' is not between %lld and %lld",
                       text_quote(text, length, quoted), (long long)low, (long long)high);
    *ret_value = value;
    return 0;
}

/* The decimal reading of a finite double: the fewest digits (15 to 17) that give it back, value =
 * 0.d1d2d3... * 10^exponent. */
struct reading {
    char digits[18];
    int count;
    int exponent;
    bool is_negative;
};

static struct reading
read_double(double value)
{
    struct reading reading = { .is_negative = signbit(value) != 0 };
    double magnitude = fabs(value);
    char text[32];
    for (int precision = 14; precision <= 16; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, magnitude); /* 24 bytes at most */
        double back = strtod(text, NULL);
        if (back >= magnitude && back <= magnitude)
            break;
    }
    for (const char *c = text; *c != 'e' && *c; c++)
        if (is_digit(*c))
            reading.digits[reading.count++] = *c;
    reading.exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
    return reading;
}

/* Rounds the digits to the first `kept` of them, half up; a carry out of the first digit lengthens
 * the number. */
static void
round_reading(struct reading *reading, int kept)
{
    if (kept >= reading->count)
        return;
    if (kept < 0) {
        reading->count = 0;
        return;
    }
    bool is_up = reading->digits[kept] >= '5';
    reading->count = kept;
    int i = kept - 1;
    while (is_up && i >= 0 && reading->digits[i] == '9')
        reading->digits[i--] = '0';
    if (is_up && i >= 0) {
        reading->digits[i]++;
    } else if (is_up) { /* 9.99 -> 10.0 */
        memmove(reading->digits + 1, reading->digits, (size_t)kept);
        reading->digits[0] = '1';
        reading->count++;
        reading->exponent++;
    }
}

/* The digit that counts 10^place. */
static char
digit_at(const struct reading *reading, int place)
{
    int i = reading->exponent - 1 - place;
    return i >= 0 && i < reading->count ? reading->digits[i] : '0';
}

char *
num_print(double value, int decimals, char *text)
{
    text[0] = '\0';
    if (!isfinite(value))
        return text;
    struct reading reading = read_double(value);
    round_reading(&reading, reading.exponent + decimals);
    int top = reading.exponent > 1 ? reading.exponent - 1 : 0;
    if (top + decimals + 4 > NUM_TEXT_MAX) { /* beyond any quantity of ours: 30 digits and more */
        (void)snprintf(text, NUM_TEXT_MAX, "%.17g", value);
        return text;
    }
    bool is_zero = true;
    for (int i = 0; i < reading.count; i++)
        is_zero = is_zero && reading.digits[i] == '0';

    char *out = text;
    if (reading.is_negative && !is_zero)
        *out++ = '-';
    for (int place = top; place >= -decimals; place--) {
        if (place == -1)
            *out++ = '.';
        *out++ = digit_at(&reading, place);
    }
    *out = '\0';
    return text;
}

char *
num_print_short(double value, int max_decimals, char *text)
{
    num_print(value, max_decimals, text);
    bool has_point = strchr(text, '.') && !strchr(text, 'e');
    size_t length = strlen(text);
    while (has_point && text[length - 1] == '0')
        text[--length] = '\0';
    if (has_point && text[length - 1] == '.')
        text[--length] = '\0';
    return text;
}
