/* SPDX-License-Identifier: GPL-3.0-or-later
 * A made-up workload for benchmarks: SERIES series (areas x 200 indicators) of one publisher, a
 * value a month, released on the 15th of the month after. Deterministic. */
#ifndef PACEWATCH_TESTS_BENCH_WORKLOAD_H
#define PACEWATCH_TESTS_BENCH_WORKLOAD_H

#include <stdio.h>

#include "core/sample.h"

enum { WORKLOAD_INDICATORS = 200, WORKLOAD_FIRST_YEAR = 2018 };

struct workload {
    const struct catalogue *catalogue;
    void *memory; /* of the catalogue; owned */
    unsigned series;
};

/* One table of its catalogue; publishers office0, office1, ... share the areas. Writes nothing for
 * a table that may be left out. */
void workload_table(FILE *out, enum cat_table table, unsigned areas, unsigned publishers);

/* Ends the program with words when it cannot. `series` is rounded up to whole areas. */
void workload_make(unsigned series, struct workload *ret_workload);
void workload_done(struct workload *workload);

/* The sample of a series in a month, counted from 0, and where it goes. */
void workload_sample(const struct workload *workload, unsigned series, unsigned month,
                     struct sample *ret_sample, struct sample_place *ret_place);

/* A number from the command line; ends the program when it is none from 1 to 10 million. */
unsigned workload_number(const char *text);

/* Seconds of a monotonic clock, and of CPU this process has used. */
double workload_clock(void);
double workload_cpu(void);

/* Ends the program with the note's words when code is not 0. */
void workload_must(int code, const struct err_note *note);

#endif
