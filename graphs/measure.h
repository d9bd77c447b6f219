/* SPDX-License-Identifier: GPL-3.0-or-later
 * How wide is a text? An estimate that holds for the fonts of theme.h within a few per cent,
 * because the reader's machine, not ours, has the font an SVG is shown in. Everything here is pure.
 * Texts are well-formed UTF-8. */
#ifndef PACEWATCH_GRAPHS_MEASURE_H
#define PACEWATCH_GRAPHS_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* Width in pixels at a font size of `px` pixels. */
double measure_text(const char *text, size_t length, double px);

/* One line of a wrapped text: a piece of the text, without the blanks at its end. */
struct measure_line {
    const char *text;
    size_t length;
    bool is_cut; /* the rest did not fit: print an ellipsis after it */
};

/* Breaks `text` into at most `max` lines no wider than `width`: between ideographs, or at blanks;
 * never before closing punctuation. Returns the number of lines; 0 for an empty text. */
size_t measure_wrap(const char *text, double px, double width, size_t max,
                    struct measure_line *lines);

#endif
