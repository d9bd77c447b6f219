/* SPDX-License-Identifier: GPL-3.0-or-later
 * How our pictures look: colours, fonts and sizes, one light theme. A level is never told by colour
 * alone: its word stands in the legend, and one to three dots under a period mark remind, warn and
 * severe. The level colours also differ in lightness, so that they can be told apart in grey and by
 * colour-blind readers. */
#ifndef PACEWATCH_GRAPHS_THEME_H
#define PACEWATCH_GRAPHS_THEME_H

#include "graphs/picture.h"

/* What the `level` line of an archive knows, in its numbers. */
enum theme_grade { GRADE_NORMAL, GRADE_REMIND, GRADE_WARN, GRADE_SEVERE, GRADE_NONE, GRADE_COUNT };

enum theme_grade theme_grade_of(enum level level);

/* "#RRGGBB" each: `fill` for areas, `line` for thick lines, `ink` for text and small marks on white
 * (contrast at least 4.5:1). */
struct theme_colours {
    const char *fill;
    const char *line;
    const char *ink;
};

extern const struct theme_colours THEME_GRADES[GRADE_COUNT];

#define THEME_TITLE  "#0F172A"
#define THEME_TEXT   "#334155"
#define THEME_FAINT  "#5B6B80"
#define THEME_GRID   "#E2E8F0"
#define THEME_YEAR   "#CBD5E1"
#define THEME_AXIS   "#94A3B8"
#define THEME_PLAN   "#1E293B"
#define THEME_TARGET "#6D28D9"
#define THEME_STAMP  "#B91C1C"
#define THEME_PAPER  "#FFFFFF"
#define THEME_FONT_SVG \
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
#define THEME_FONT_RRD "Noto Sans CJK SC"

/* Lengths in pixels of the picture. */
struct theme_size {
    double width;
    double pad;         /* blank edge */
    double plot_height; /* of the data */
    double title;       /* font sizes */
    double text;
    double small;
    size_t title_lines;
    int y_ticks;     /* about so many */
    double line;     /* factor on the widths of lines */
    double png_zoom; /* device pixels a pixel */
};

const struct theme_size *theme_size_of(enum picture_size size);

#endif
