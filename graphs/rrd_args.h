/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arguments librrd draws a picture from. Pure text work: nothing here calls librrd. What was
 * measured about it and why the arguments are as they are is told in docs (librrd 1.7.2): one
 * canvas pixel a day at least, an end one second before the boundary, no text of people in DEF or
 * CDEF, fixed limits, no arithmetic whose result is printed. */
#ifndef PACEWATCH_GRAPHS_RRD_ARGS_H
#define PACEWATCH_GRAPHS_RRD_ARGS_H

#include "graphs/layout.h"

enum { RRD_ARGS_MAX = 128, RRD_TEXT_MAX = 190 };

/* Zero-initialise; the strings are owned. librrd permutes and writes to its arguments: use each
 * list once. */
struct rrd_args {
    char *items[RRD_ARGS_MAX + 1]; /* ends with NULL */
    int count;
    bool has_failed; /* out of memory or too many */
};

void rrd_args_done(struct rrd_args *args);

enum rrd_text_place { RRD_TEXT_TITLE, RRD_TEXT_LEGEND };

/* The only way text of people takes into an argument: Pango markup escaped, backslashes full-width,
 * colons escaped where librrd splits at them, control characters dropped; what is not UTF-8 becomes
 * "?". At most `max` bytes (<= RRD_TEXT_MAX) between whole characters. `into` has max + 1 bytes.
 * Returns the bytes written. */
size_t rrd_text(const char *text, size_t length, enum rrd_text_place place, size_t max, char *into);

/* `archive` is the path of the RRD as librrd shall open it; it may hold no backslash. NULL: draw
 * without data. */
void rrd_args_canvas(const struct picture *picture, const struct content *content,
                     const struct layout *layout, const char *archive, struct rrd_args *args);
void rrd_args_png(const struct picture *picture, const struct content *content,
                  const struct layout *layout, const char *archive, struct rrd_args *args);

#endif
