/* SPDX-License-Identifier: GPL-3.0-or-later
 * A scene as SVG: every word is real <text> that can be searched, copied and read aloud. Marks of
 * one look are written as one element, coordinates with one digit after the point. Pure but for the
 * memory it takes. */
#ifndef PACEWATCH_GRAPHS_SVG_H
#define PACEWATCH_GRAPHS_SVG_H

#include "core/err.h"
#include "core/text.h"
#include "graphs/scene.h"

/* `title` and `description` are what a reader is told who does not see. On success *ret_bytes
 * (free() it) is a document without XML header that also may stand inside a page: its only ids are
 * those of hatchings, which are alike wherever they have the same name. */
int svg_write(const struct scene *scene, enum lang lang, const char *title, const char *description,
              char **ret_bytes, size_t *ret_size, struct err_note *note);

#endif
