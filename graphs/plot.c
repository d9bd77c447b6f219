/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/plot.h"

#include <math.h>

/* Blank share of a period between two bars. */
static const double BAR_BLANK = 0.16;

/* Narrower bars, in pixels, stand without blanks. */
static const double BAR_MIN = 4;

/* Width the canvas has at least, so that lines keep their look when it is scaled down; and librrd's
 * least height. */
enum { CANVAS_MIN = 960, CANVAS_HEIGHT_MIN = 10 };

void
plot_canvas(struct plot *plot)
{
    const int days = plot->axis.days;
    const int a_day = days >= CANVAS_MIN ? 1 : (CANVAS_MIN + days - 1) / days;
    plot->canvas_width = days * a_day;
    double height = plot->box.height * plot->canvas_width / plot->box.width;
    plot->canvas_height = (int)lround(fmax(height, CANVAS_HEIGHT_MIN));
}

double
plot_x(const struct plot *plot, double day)
{
    return plot->box.x + plot->box.width * day / plot->axis.days;
}

double
plot_y(const struct plot *plot, double value)
{
    return plot->box.y + plot->box.height * (1 - scale_share(&plot->scale, value));
}

double
plot_floor(const struct plot *plot)
{
    return plot_y(plot, fmin(fmax(0, plot->scale.low), plot->scale.high));
}

struct plot_gap
plot_gap_of(const struct plot *plot, struct cal_date from, struct cal_date to)
{
    const int days = to.days - from.days;
    const double day_width = plot->box.width / plot->axis.days;
    if (days * day_width < BAR_MIN)
        return (struct plot_gap){ 0, 0 };
    int blank = (int)(days * BAR_BLANK + 0.5);
    return (struct plot_gap){ blank / 2, blank - blank / 2 };
}

void
plot_span(const struct plot *plot, struct cal_date from, struct cal_date to, bool is_bar,
          double *ret_left, double *ret_right)
{
    struct plot_gap gap = { 0, 0 };
    if (is_bar)
        gap = plot_gap_of(plot, from, to);
    int first = from.days + gap.before - plot->from.days;
    int after = to.days - gap.after - plot->from.days;
    *ret_left = plot_x(plot, first < 0 ? 0 : first);
    *ret_right = plot_x(plot, after > plot->axis.days ? plot->axis.days : after);
}
