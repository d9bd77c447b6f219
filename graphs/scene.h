/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture before it has a format: marks in the order they are painted, in pixels from the top
 * left corner. The charts write it once; graphs/svg.h and graphs/png.h turn it into files, so that
 * both look alike and no text is worded twice. Pure but for the memory it takes.
 *
 *     scene_path(scene, &(struct scene_style){ .stroke = 0x1E293BFF, .width = 2 });
 *     scene_move(scene, 10, 20);
 *     scene_line(scene, 30, 20);
 *     scene_text(scene, &(struct scene_font){ .px = 12, .colour = 0x000000FF }, 10, 40, "980");
 *
 * Faults are remembered, not returned: write everything, ask `has_failed` once at the end. */
#ifndef PACEWATCH_GRAPHS_SCENE_H
#define PACEWATCH_GRAPHS_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCENE_NUMBERS_MAX = 400000, SCENE_MARKS_MAX = 40000, SCENE_TEXTS_MAX = 1 << 20 };

/* Lines over a fill, for those who do not see its colour. */
enum scene_hatch {
    HATCH_NONE,
    HATCH_SPARSE, /* rising lines */
    HATCH_RISING, /* the same, closer */
    HATCH_CROSS,
    HATCH_COUNT
};

/* Colours are 0xRRGGBBAA; 0 paints nothing. */
struct scene_style {
    uint32_t fill;
    uint32_t stroke;
    double width; /* of the stroke, in pixels */
    double dash;  /* lengths of a dash and the blank after it; 0: a whole line */
    double blank;
    enum scene_hatch hatch; /* over the fill, */
    uint32_t ink;           /* in this colour */
};

enum scene_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct scene_font {
    double px;
    uint32_t colour;
    bool is_bold;
    enum scene_anchor anchor;
    uint32_t halo; /* an edge around the letters, so that they can stand on lines */
    double turn;   /* degrees, clockwise, around the anchor */
};

struct scene_box {
    double x;
    double y;
    double width; /* 0: there is none */
    double height;
};

enum scene_kind {
    SCENE_PATH,
    SCENE_TEXT,
    SCENE_CLIP,   /* what follows is seen inside `box` only, */
    SCENE_UNCLIP, /* until here */
    SCENE_HINT    /* the text shown when a pointer is over `box`; only where a format can */
};

/* A path's steps are letters with their coordinates among the numbers: M x y, L x y,
 * C x y x y x y, Z, B x y width height (a box), D x y (a dot as wide as the stroke). */
struct scene_mark {
    enum scene_kind kind;
    struct scene_style style;
    struct scene_font font;
    struct scene_box box;     /* a text stands at its x, y */
    size_t steps, step_count; /* first, how many */
    size_t numbers;
    size_t text; /* into `texts`; ends with NUL */
};

/* Zero-initialise and set width and height. */
struct scene {
    double width;
    double height;
    uint32_t paper;
    struct scene_mark *marks;
    size_t mark_count, mark_room;
    char *steps;
    size_t step_count, step_room;
    double *numbers;
    size_t number_count, number_room;
    char *texts;
    size_t text_size, text_room;
    bool has_failed;
};

void scene_done(struct scene *scene);

/* Begins a path, or goes on with the last one when that has the same style. */
void scene_path(struct scene *scene, const struct scene_style *style);
void scene_move(struct scene *scene, double x, double y);
void scene_line(struct scene *scene, double x, double y);
void scene_curve(struct scene *scene, const double xy[6]);
void scene_close(struct scene *scene);
void scene_box(struct scene *scene, double x, double y, double width, double height);
void scene_dot(struct scene *scene, double x, double y);

/* `y` is the baseline. Texts are copied. */
void scene_text(struct scene *scene, const struct scene_font *font, double x, double y,
                const char *text);
/* The first `length` bytes, with an ellipsis when `is_cut`. */
void scene_piece(struct scene *scene, const struct scene_font *font, double x, double y,
                 const char *text, size_t length, bool is_cut);
/* The same with a minus sign for a hyphen in front. */
void scene_number(struct scene *scene, const struct scene_font *font, double x, double y,
                  const char *text);

void scene_clip(struct scene *scene, struct scene_box box);
void scene_unclip(struct scene *scene);
void scene_hint(struct scene *scene, struct scene_box box, const char *text);

/* How many numbers a step takes. */
size_t scene_step_numbers(char step);

#endif
