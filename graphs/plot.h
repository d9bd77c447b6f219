/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rectangle of the data and how days and values map into it. librrd draws on a canvas of whole
 * pixels a day (it mixes neighbouring months on less), which is then scaled to the box. Pure. */
#ifndef PACEWATCH_GRAPHS_PLOT_H
#define PACEWATCH_GRAPHS_PLOT_H

#include "graphs/axis.h"
#include "graphs/picture.h"
#include "graphs/scale.h"
#include "graphs/scene.h"

struct plot {
    struct scene_box box;
    struct scale scale;
    struct axis axis;
    struct cal_date from; /* the axis' first day */
    int canvas_width;     /* of what librrd draws */
    int canvas_height;
};

/* Sets the canvas from box and axis. */
void plot_canvas(struct plot *plot);

/* Pixels of a day (counted since the plot's first) and of a value. */
double plot_x(const struct plot *plot, double day);
double plot_y(const struct plot *plot, double value);

/* Of zero, or of what is nearest to it: where bars begin. */
double plot_floor(const struct plot *plot);

/* Days left blank at the beginning and the end of a period, so that bars stand apart. */
struct plot_gap {
    int before;
    int after;
};

struct plot_gap plot_gap_of(const struct plot *plot, struct cal_date from, struct cal_date to);

/* A period's stretch of the axis in pixels, without the blanks of a bar. */
void plot_span(const struct plot *plot, struct cal_date from, struct cal_date to, bool is_bar,
               double *ret_left, double *ret_right);

#endif
