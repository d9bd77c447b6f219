/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose archives change with a series besides its own: those of targets that are judged by it. It
 * is their reference, number of cases or volume, or a part of a value that nobody reported. */
#ifndef PACEWATCH_COLLECTOR_PROJECTION_DEPS_H
#define PACEWATCH_COLLECTOR_PROJECTION_DEPS_H

#include "core/catalogue.h"

struct projection_deps;

/* NULL: out of memory. The catalogue outlives it. */
struct projection_deps *projection_deps_new(const struct catalogue *catalogue);
void projection_deps_free(struct projection_deps *deps);

/* Calls `visit` with the area and indicator of each series that rests on this one, itself never. A
 * non-zero answer stops and is returned. */
int projection_deps_each(const struct projection_deps *deps, const struct cat_area *area,
                         const struct cat_indicator *indicator,
                         int (*visit)(void *context, const struct cat_area *area,
                                      const struct cat_indicator *indicator),
                         void *context);

#endif
