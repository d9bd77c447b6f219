/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pieces of our layer in an SVG: grid, axis labels, the numbers and dots at values, legend
 * marks, stamp. Private to graphs/svg.c. Pure. */
#ifndef PACEWATCH_GRAPHS_SVG_MARKS_H
#define PACEWATCH_GRAPHS_SVG_MARKS_H

#include "graphs/layout.h"
#include "graphs/sink.h"

struct svg_font {
    double px;
    const char *colour;
    bool is_bold;
    const char *anchor; /* "middle", "end"; NULL: start */
};

/* Writes "<text ...>"; the text and "</text>" follow. */
void svg_text_open(struct sink *sink, double x, double y, const struct svg_font *font);

/* Writes "<rect x y width height" and `rest`, which ends the tag. */
void svg_rect(struct sink *sink, double x, double y, double width, double height, const char *rest);

void svg_legend_mark(struct sink *sink, const struct layout_run *run);

void svg_grid(struct sink *sink, const struct layout *layout);
void svg_axis(struct sink *sink, const struct picture *picture, const struct layout *layout);

/* Lightens values that may still change and gives them a dashed edge. */
void svg_open_values(struct sink *sink, const struct picture *picture,
                     const struct content *content, const struct layout *layout);
void svg_stamp(struct sink *sink, const struct picture *picture, const struct content *content,
               const struct layout *layout);
void svg_targets(struct sink *sink, const struct picture *picture, const struct content *content,
                 const struct layout *layout);

/* The number at the latest value, and at all when they have room. */
void svg_values(struct sink *sink, const struct picture *picture, const struct content *content,
                const struct layout *layout);
void svg_lane(struct sink *sink, const struct picture *picture, const struct layout *layout);
void svg_pills(struct sink *sink, const struct picture *picture, const struct content *content,
               const struct layout *layout);
void svg_spark(struct sink *sink, const struct picture *picture, const struct content *content,
               const struct layout *layout);

#endif
