/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kinds of pictures. Each is a file of its own that fills a scene from a request; the table in
 * chart.c is the list of them. Charts along civil time let librrd draw their data from the archive
 * (trend, spark); the others, whose x axis no archive has, draw the request's own numbers. */
#ifndef PACEWATCH_GRAPHS_CHART_H
#define PACEWATCH_GRAPHS_CHART_H

#include "graphs/rrd_args.h"
#include "graphs/sheet.h"

/* Draws the data: *ret_svg (free() it) is librrd's SVG for `args`. */
struct chart_source {
    int (*draw)(void *context, struct rrd_args *args, char **ret_svg, struct err_note *note);
    void *context;
    const char *archive; /* NULL: there is none yet, and nothing to draw */
};

/* Fills `scene`, which is zeroed; the caller ends it with scene_done(), also after an error, of
 * which only `source` can be the reason. */
int chart_draw(const struct picture *picture, const struct content *content,
               const struct chart_source *source, struct scene *scene, struct err_note *note);

/* ---- for the charts themselves ---- */

typedef int chart_painter(struct sheet *sheet, const struct chart_source *source,
                          struct err_note *note);

chart_painter chart_trend, chart_spark, chart_overlay, chart_multiples, chart_ranking,
    chart_revisions;

/* Adds the source's data to the scene. */
int chart_data(const struct sheet *sheet, const struct plot *plot,
               const struct chart_source *source, struct err_note *note);

/* Widens low and high, which may be NaN, to hold `value`, which may be too. */
void chart_widen(double *low, double *high, double value);

/* The value in words for a pointer: "2023年6月 980（预警）". `text` has CHART_SPEECH_MAX bytes. */
enum { CHART_SPEECH_MAX = 256 };
char *chart_speech(const struct picture *picture, const struct picture_point *point, char *text);

/* The last `max` points inside the picture: *ret_first is the first of them. */
size_t chart_last_points(const struct picture *picture, size_t max, size_t *ret_first);

/* What the picture shows, in sentences, for those who do not see it; the caller frees it. NULL: out
 * of memory. */
char *chart_description(const struct picture *picture, const struct content *content);

#endif
