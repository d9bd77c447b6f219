/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands around the data of every chart, from top to bottom:
 *
 *     title, up to three lines                     [level] [simulated]
 *     subtitle
 *     scale |  plot: frame and grid; the chart draws into it
 *           |  lane: dots for remind, warn, severe
 *           |  months or quarters
 *           |  years
 *     legend
 *     facts
 *
 * A chart calls the pieces it needs in this order; `y` is where the next one begins. Pure: the same
 * picture gives the same scene. */
#ifndef PACEWATCH_GRAPHS_SHEET_H
#define PACEWATCH_GRAPHS_SHEET_H

#include "graphs/content.h"
#include "graphs/plot.h"
#include "graphs/theme.h"

struct sheet {
    const struct picture *picture;
    const struct content *content;
    struct theme theme;
    struct scene *scene;
    double unit; /* pixels of the picture a pixel of a page: lengths grow with the letters */
    double y;
};

/* Begins the scene: its width, its paper. */
struct sheet sheet_begin(const struct picture *picture, const struct content *content,
                         struct scene *scene);

/* Title, pills and subtitle. */
void sheet_head(struct sheet *sheet);

/* The box of the data below what there is: as high as the size wants, `left` pixels of it for the
 * labels of the scale. */
struct scene_box sheet_plot_box(const struct sheet *sheet, double left);

/* Pixels the labels of a scale take, with the blank behind them. */
double sheet_scale_width(const struct sheet *sheet, const struct scale *scale);

/* Below the data: grid, lines where years begin, the large stamp. */
void sheet_ground(const struct sheet *sheet, const struct plot *plot);

/* Above the data: the line values stand on, and the labels of both axes; moves `y` below them. A
 * lane for level dots is left free when asked. */
void sheet_axis(struct sheet *sheet, const struct plot *plot, bool has_lane);

void sheet_legend(struct sheet *sheet);
void sheet_facts(struct sheet *sheet);
/* The words "no data" in the middle of a plot. */
void sheet_no_data(const struct sheet *sheet, const struct scene_box *box);

/* Sets the height of the scene. */
void sheet_end(struct sheet *sheet);

/* ---- what charts draw with ---- */

/* A font with the sheet's colours; start-anchored, without halo. */
struct scene_font sheet_font(double px, uint32_t colour, bool is_bold);
struct scene_font sheet_font_at(double px, uint32_t colour, bool is_bold, enum scene_anchor anchor);

const struct theme_colours *sheet_grade(const struct sheet *sheet, enum level level);

/* As many dots as the grade is bad, one below the other; `y` is the first's centre. */
void sheet_dots(const struct sheet *sheet, double x, double y, enum theme_grade grade);
/* Pixels that three dots take. */
double sheet_lane_height(const struct sheet *sheet);

/* A hollow diamond, a cross, a ring: revised, missing, not due. `size` is half its width. */
void sheet_mark(const struct sheet *sheet, enum content_mark mark, double x, double y);

/* A dot of `radius` with an edge of the paper's colour; hollow when the value is open. */
void sheet_bead(const struct sheet *sheet, double x, double y, double radius, uint32_t colour,
                bool is_hollow);

/* The large faint word across a box, so that no part of the picture can be taken for real. */
void sheet_ghost(const struct sheet *sheet, const struct scene_box *box);

#endif
