/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/scale.h"

#include <math.h>

enum { TICKS_MAX = 12, DECIMALS_MAX = 9 };

/* Blank above (and below) the values, as a share of their span: room for the number at the last
 * one. */
static const double HEADROOM = 0.08;

/* Half the span shown around values that are all equal, as a share of the value. */
static const double SPREAD = 0.05;

/* Doubles that should be whole numbers of steps are, within this. */
static const double NEARLY = 1e-9;

static double
step_floor(double value, double step)
{
    return floor(value / step + NEARLY);
}

static double
step_ceil(double value, double step)
{
    return ceil(value / step - NEARLY);
}

/* Digits after the point that a multiple of `step` needs. */
static int
step_decimals(double step)
{
    int decimals = 0;
    double scaled = step;
    while (decimals < DECIMALS_MAX && fabs(scaled - round(scaled)) > NEARLY * fabs(scaled)) {
        scaled *= 10;
        decimals++;
    }
    return decimals;
}

/* The smallest of 1, 2, 2.5, 5 x 10^n that is at least `least` and a multiple of `quantum`. */
static double
step_nice(double least, double quantum)
{
    static const double mantissas[] = { 1, 2, 2.5, 5, 10 };
    if (least <= quantum)
        return quantum;
    double power = pow(10, floor(log10(least) + NEARLY));
    for (int i = 0; i < 5; i++) {
        double step = mantissas[i] * power;
        double quanta = step / quantum;
        if (step >= least * (1 - NEARLY) && fabs(quanta - round(quanta)) < NEARLY * quanta)
            return step;
    }
    return 10 * power;
}

/* Spreads equal values, and adds the headroom. */
static void
frame_values(double *low, double *high, bool with_zero, double quantum)
{
    const bool is_positive = *low >= 0;
    const bool is_negative = *high <= 0;
    if (with_zero) {
        *low = fmin(*low, 0);
        *high = fmax(*high, 0);
    }
    if (!(*high > *low)) {
        double half = with_zero ? 0 : fmax(fabs(*low) * SPREAD, 2 * quantum);
        *low -= half;
        *high += with_zero ? 4 * quantum : half;
    }
    double room = (*high - *low) * HEADROOM;
    *high = is_negative && *high <= 0 ? fmin(*high + room, 0) : *high + room;
    *low = is_positive ? fmax(with_zero ? 0 : *low - room, 0) : *low - room;
}

struct scale
scale_of(double low, double high, bool with_zero, int decimals, int wanted)
{
    struct scale scale = { .low = 0, .high = 1, .step = 1, .count = 2 };
    if (isnan(low) || isnan(high) || low > high) {
        scale.is_empty = true;
        return scale;
    }
    const double quantum = pow(10, -decimals);
    frame_values(&low, &high, with_zero, quantum);
    double step = step_nice((high - low) / wanted, quantum);
    double first = step_floor(low, step);
    double last = step_ceil(high, step);
    while (last - first >= TICKS_MAX) {
        step = step_nice(step * 1.5, quantum);
        first = step_floor(low, step);
        last = step_ceil(high, step);
    }
    scale.step = step;
    if (!(last > first))
        last = first + 1;
    scale.first = first;
    scale.count = (int)(last - first) + 1;
    scale.low = first * step;
    scale.high = last * step;
    if (high < scale.high && last - 1 > first) { /* no blank band above the headroom */
        scale.high = fmax(high, (last - 1) * step);
        scale.count--;
    }
    scale.decimals = step_decimals(step);
    return scale;
}

double
scale_tick(const struct scale *scale, int i)
{
    return (scale->first + i) * scale->step;
}

double
scale_share(const struct scale *scale, double value)
{
    return (value - scale->low) / (scale->high - scale->low);
}
