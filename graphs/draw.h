/* SPDX-License-Identifier: GPL-3.0-or-later
 * Drawing one picture. Only the worker program calls this: librrd's drawing is not thread-safe and
 * may crash. */
#ifndef PACEWATCH_GRAPHS_DRAW_H
#define PACEWATCH_GRAPHS_DRAW_H

#include "graphs/picture.h"

/* Call once at the start of main(), before any thread: TZ=UTC, no RRDCACHED_ADDRESS, librrd's own
 * constants. */
void draw_prepare(void);

/* Draws `picture` from the archives below `archive_dir`. On success *ret_bytes (free() it) and
 * *ret_size hold the file. The same picture and archive give the same bytes. */
int draw_picture(const struct picture *picture, const char *archive_dir, char **ret_bytes,
                 size_t *ret_size, struct err_note *note);

#endif
