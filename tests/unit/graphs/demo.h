/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives and requests to draw in tests: months from January of a year on, all in one struct. */
#ifndef PACEWATCH_TESTS_UNIT_GRAPHS_DEMO_H
#define PACEWATCH_TESTS_UNIT_GRAPHS_DEMO_H

#include <stdbool.h>
#include <stddef.h>

enum { DEMO_MONTHS_MAX = 252, DEMO_REQUEST_MAX = 128 << 10 };

struct demo {
    const char *format, *lang, *size;
    const char *title, *unit, *cumulation, *kind;
    const char *archive;
    const char *facts; /* JSON; "[]" */
    int year;
    int months; /* shown: whole years of them */
    int decimals;
    bool is_simulated;
    char status;                    /* of the last point */
    double values[DEMO_MONTHS_MAX]; /* NaN: none */
    int levels[DEMO_MONTHS_MAX];    /* 0..3 */
    double target;                  /* of every year; NaN: none */
};

/* A cumulative count over three years with all levels, simulated, svg, page, in Chinese; the last
 * value is June's. */
void demo_three_years(struct demo *demo);

/* Growth in per cent over a year: -3.9 in March, 0.7 in June, against 7. */
void demo_growth(struct demo *demo);

/* Writes FOLDER/archive; stops the test when librrd will not. */
void demo_archive(const struct demo *demo, const char *folder);

/* The request as JSON; `text` has DEMO_REQUEST_MAX bytes. Returns its length. */
size_t demo_request(const struct demo *demo, char *text);

#endif
