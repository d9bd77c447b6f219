/* SPDX-License-Identifier: GPL-3.0-or-later
 * librrd's canvas inside our SVG. What cairo wrote is kept, but said shorter: neighbouring paths of
 * one style become one, coordinates have one digit after the point, defaults stand on the
 * surrounding element. Running numbers in ids go, so that equal pictures have equal bytes. Pure. */
#ifndef PACEWATCH_GRAPHS_SVG_CANVAS_H
#define PACEWATCH_GRAPHS_SVG_CANVAS_H

#include "graphs/layout.h"
#include "graphs/sink.h"

/* `canvas`: an SVG document by cairo; "" writes nothing. */
void svg_canvas(struct sink *sink, const struct picture *picture, const struct layout *layout,
                const char *canvas);

#endif
