/* SPDX-License-Identifier: GPL-3.0-or-later
 * The arguments librrd draws the data of a trend from. Pure text work: nothing here calls librrd.
 * What was measured about it and why the arguments are as they are is told in docs (librrd 1.7.2):
 * one canvas pixel a day at least, an end one second before the boundary, no text of people, fixed
 * limits, no arithmetic whose result is printed. */
#ifndef PACEWATCH_GRAPHS_RRD_ARGS_H
#define PACEWATCH_GRAPHS_RRD_ARGS_H

#include "graphs/content.h"
#include "graphs/plot.h"

enum { RRD_ARGS_MAX = 96 };

/* Zero-initialise; the strings are owned. librrd permutes and writes to its arguments: use each
 * list once. */
struct rrd_args {
    char *items[RRD_ARGS_MAX + 1]; /* ends with NULL */
    int count;
    bool has_failed; /* out of memory or too many */
};

void rrd_args_done(struct rrd_args *args);

/* The data lines of a trend as an SVG of the plot's canvas. `archive` is the path of the RRD as
 * librrd shall open it; it may hold no backslash. No text of people becomes part of an argument. */
void rrd_args_canvas(const struct picture *picture, const struct content *content,
                     const struct plot *plot, const struct theme *theme, const char *archive,
                     struct rrd_args *args);

#endif
