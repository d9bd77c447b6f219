/* SPDX-License-Identifier: GPL-3.0-or-later
 * The y axis: which round numbers frame the values and carry the grid. Pure. */
#ifndef PACEWATCH_GRAPHS_SCALE_H
#define PACEWATCH_GRAPHS_SCALE_H

#include <stdbool.h>

/* Ticks stand at (first + i) * step for i = 0 .. count - 1. The frame [low, high] begins at
 * the first and ends at or above the last. */
struct scale {
    double low;
    double high;
    double step;
    double first; /* a whole number */
    int count;
    int decimals;  /* of the ticks' labels; 0..9 */
    bool is_empty; /* there was no value: draw no labels */
};

/* Frames values between `low` and `high` (NaN: none) with about `wanted` ticks. `decimals` is the
 * precision of the values: ticks are not finer. `with_zero`: the axis contains 0, as bars need it.
 * Values that are nowhere negative never get a negative axis. */
struct scale scale_of(double low, double high, bool with_zero, int decimals, int wanted);

double scale_tick(const struct scale *scale, int i);

/* Where a value lies: 0 at the bottom of the frame, 1 at its top. Not clipped. */
double scale_share(const struct scale *scale, double value);

#endif
