/* SPDX-License-Identifier: GPL-3.0-or-later
 * A scene as PNG, for mail and print: the port to cairo and pango, which librrd brings along. Not
 * thread-safe (fonts are shared in the process). */
#ifndef PACEWATCH_GRAPHS_PNG_H
#define PACEWATCH_GRAPHS_PNG_H

#include "core/err.h"
#include "graphs/scene.h"
#include "graphs/theme.h"

/* `title` and `description` are written into the file for those who do not see. On success
 * *ret_bytes (free() it) and *ret_size hold the file: RGB, theme->size->png_zoom device pixels a
 * pixel. ERR_RANGE when it would be larger than 40 million pixels. */
int png_write(const struct scene *scene, const struct theme *theme, const char *title,
              const char *description, char **ret_bytes, size_t *ret_size, struct err_note *note);

#endif
