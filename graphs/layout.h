/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where everything of a picture stands, in pixels from its top left corner. Pure: the same picture
 * gives the same layout.
 *
 *     title, up to three lines                     [level] [simulated]
 *     subtitle
 *     scale |  plot: frame and grid by us, data by librrd
 *           |  lane: dots for remind, warn, severe
 *           |  months or quarters
 *           |  years
 *     legend
 *     facts
 *
 * The data are drawn on a canvas of whole pixels a day (librrd mixes neighbouring months on less),
 * which is then scaled to the plot. */
#ifndef PACEWATCH_GRAPHS_LAYOUT_H
#define PACEWATCH_GRAPHS_LAYOUT_H

#include "graphs/axis.h"
#include "graphs/content.h"
#include "graphs/scale.h"

enum { LAYOUT_RUNS_MAX = 96, LAYOUT_DOT = 4 };

struct layout_box {
    double x;
    double y;
    double width; /* 0: there is none */
    double height;
};

enum layout_role { ROLE_TITLE, ROLE_SUBTITLE, ROLE_LEGEND, ROLE_FACT_LABEL, ROLE_FACT_TEXT };

/* A piece of text on its baseline; a legend text has its mark at `mark_x`. */
struct layout_run {
    enum layout_role role;
    double mark_x;
    double x;
    double y;
    const char *text;
    size_t length;
    bool is_cut;
    enum theme_grade grade;          /* of a fact; GRADE_NONE without colour */
    const struct content_item *item; /* of a legend text */
};

struct layout {
    const struct theme_size *size;
    double width;
    double height;
    struct layout_box plot;
    struct scale scale;
    struct axis axis;
    int canvas_width; /* of what librrd draws */
    int canvas_height;
    bool has_lane;
    double lane_y;  /* of the first dots' centres */
    double cells_y; /* baselines of the two rows below the plot */
    double years_y;
    double rule_y; /* the line above the facts; 0: none */
    struct layout_box grade;
    struct layout_box stamp;
    struct layout_run runs[LAYOUT_RUNS_MAX];
    size_t run_count;
};

/* `ret_layout` points into `picture` and `content`. */
void layout_make(const struct picture *picture, const struct content *content,
                 struct layout *ret_layout);

/* Pixels of a day (counted since the picture's first) and of a value. */
double layout_x(const struct layout *layout, double day);
double layout_y(const struct layout *layout, double value);

/* Days left blank at the beginning and the end of a period, so that bars stand apart. */
struct layout_gap {
    int before;
    int after;
};

struct layout_gap layout_gap_of(const struct layout *layout, const struct picture_point *point);

#endif
