/* SPDX-License-Identifier: GPL-3.0-or-later
 * The x axis: which months, quarters or years are labelled, and where years begin. Pure. */
#ifndef PACEWATCH_GRAPHS_AXIS_H
#define PACEWATCH_GRAPHS_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/cal.h"
#include "core/text.h"

enum axis_unit { AXIS_DAYS, AXIS_MONTHS, AXIS_QUARTERS, AXIS_YEARS };

enum { AXIS_CELLS_MAX = 64, AXIS_YEARS_MAX = 24, AXIS_LABEL_MAX = 24 };

/* A labelled stretch of the axis, as days since the axis began; the label stands in its middle. */
struct axis_cell {
    int from;
    int to;
    char label[AXIS_LABEL_MAX]; /* "" where it does not fit */
};

struct axis {
    enum axis_unit unit;
    int days;
    int step; /* days, months, quarters or years from one cell to the next */
    struct axis_cell cells[AXIS_CELLS_MAX];
    size_t cell_count;
    struct axis_cell years[AXIS_YEARS_MAX]; /* the second row; empty when the cells are years */
    size_t year_count;
};

/* The axis of the days `from` to `to`, both included, on `width` pixels with labels of `px` pixels:
 * months up to 14 months, then quarters, then years; coarser when labels would touch. */
void axis_make(struct cal_date from, struct cal_date to, enum lang lang, double width, double px,
               struct axis *ret_axis);

#endif
