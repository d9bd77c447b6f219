/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers: decimal text in, exactly; decimal text out. The locale never matters, and nothing is
 * repaired silently. */
#ifndef PACEWATCH_CORE_NUM_H
#define PACEWATCH_CORE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum {
    NUM_TEXT_MAX = 40,  /* longest canonical decimal, with its NUL */
    NUM_DIGITS_MAX = 30 /* significant digits accepted */
};

/* A decimal as it was written, canonical: optional '-', no '+', no thousands separators, no
 * superfluous leading zeros, trailing zeros after the point kept (66 and 66.0 differ in precision),
 * "-0" and "-0.0" become "0" and "0.0". */
struct num_decimal {
    char text[NUM_TEXT_MAX];
    double value; /* correctly rounded from the text */
    int decimals; /* digits after the point */
};

/* Reads a plain decimal: [+-]digits[.digits], or with commas in strict groups of three. No
 * exponent, no blanks inside, no NaN, at most NUM_DIGITS_MAX digits. ERR_SYNTAX / ERR_RANGE with a
 * note that quotes the text. */
int num_decimal_parse(const char *text, size_t length, struct num_decimal *ret_number,
                      struct err_note *note);

/* Reads a whole number in [low, high]. */
int num_int_parse(const char *text, size_t length, int64_t low, int64_t high, int64_t *ret_value,
                  struct err_note *note);

/* Writes `value` with `decimals` digits after the point (0..9), half away from zero by the decimal
 * reading of the double; "-0.0" becomes "0.0"; NaN and infinities become "". A number too long
 * for `text`, from about 1e27 on, gets an exponent. `text` has NUM_TEXT_MAX bytes. Returns `text`.
 */
char *num_print(double value, int decimals, char *text);

/* The same without trailing zeros: 36.0 -> "36", 0.72 -> "0.72". */
char *num_print_short(double value, int max_decimals, char *text);

#endif
