/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SVG around librrd's canvas: frame, grid, and every word, as real <text> that can be searched,
 * copied and read aloud. Pure. */
#ifndef PACEWATCH_GRAPHS_SVG_H
#define PACEWATCH_GRAPHS_SVG_H

#include "graphs/layout.h"

/* `canvas` is the SVG librrd drew, "" for none. On success *ret_bytes (free() it) is a document
 * without XML header that also may stand inside a page: its only ids, if librrd's canvas has any,
 * carry the archive's number. */
int svg_write(const struct picture *picture, const struct content *content,
              const struct layout *layout, const char *canvas, char **ret_bytes, size_t *ret_size,
              struct err_note *note);

#endif
