/* SPDX-License-Identifier: GPL-3.0-or-later
 * librrd's canvas as marks of our scene. librrd draws the data as an SVG of cairo's, whose paths
 * are read here, scaled from its canvas of whole pixels a day to the plot, and become marks like
 * all others; everything else in it is dropped. Pure. */
#ifndef PACEWATCH_GRAPHS_CANVAS_H
#define PACEWATCH_GRAPHS_CANVAS_H

#include "graphs/scene.h"

/* `svg`: an SVG document by cairo, `width` x `height` pixels; "" draws nothing. It is seen inside
 * `box` only. Lines grow with the width. */
void canvas_draw(struct scene *scene, const char *svg, int width, int height, struct scene_box box);

#endif
