/* SPDX-License-Identifier: GPL-3.0-or-later
 * How our pictures look: colours, fonts and sizes. Three palettes: light, dark, and print, which is
 * black on white. A level is never told by colour alone: its word stands in the legend, and one to
 * three dots under a period mark remind, warn and severe. The level colours also differ in
 * lightness, so that they can be told apart in grey and by colour-blind readers; on paper they are
 * greys with hatching. */
#ifndef PACEWATCH_GRAPHS_THEME_H
#define PACEWATCH_GRAPHS_THEME_H

#include "graphs/picture.h"
#include "graphs/scene.h"

/* What the `level` line of an archive knows, in its numbers. */
enum theme_grade { GRADE_NORMAL, GRADE_REMIND, GRADE_WARN, GRADE_SEVERE, GRADE_NONE, GRADE_COUNT };

enum theme_grade theme_grade_of(enum level level);

/* Colours are 0xRRGGBBAA. */
struct theme_colours {
    uint32_t fill;          /* of areas */
    uint32_t line;          /* of thick lines */
    uint32_t ink;           /* of text and small marks on the paper: contrast at least 4.5 : 1 */
    uint32_t wash;          /* of the ground behind such text, and of zones */
    enum scene_hatch hatch; /* over areas, in `ink` */
};

struct theme_palette {
    uint32_t paper, title, text, faint, grid, year, axis, plan, target, stamp, ghost;
    uint32_t last, band; /* last year's line, the band of the years before */
    struct theme_colours grades[GRADE_COUNT];
};

/* Lengths in pixels of the picture. */
struct theme_size {
    double width;
    double pad;         /* blank edge */
    double plot_height; /* of the data */
    double title;       /* font sizes */
    double text;
    double small;
    double line;     /* factor on the widths of lines, dots and blanks */
    double png_zoom; /* device pixels a pixel */
    double png_dpi;  /* told in the file, so that it is printed as large as meant; 0: not */
    size_t title_lines;
    int y_ticks; /* about so many */
    int columns; /* of small multiples */
};

struct theme {
    const struct theme_palette *colours;
    const struct theme_size *size;
};

struct theme theme_of(const struct picture *picture);

#define THEME_FONT_SVG \
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
#define THEME_FONT_PNG "Noto Sans CJK SC"

#endif
