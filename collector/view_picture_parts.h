/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts of a picture's request that only some charts have. Private to view_picture*.c. Each
 * adds its key to `root`; 0, or negative when out of memory (or what the ledger says). */
#ifndef PACEWATCH_COLLECTOR_VIEW_PICTURE_PARTS_H
#define PACEWATCH_COLLECTOR_VIEW_PICTURE_PARTS_H

#include <jansson.h>

#include "collector/view.h"

/* The points of a series from what->from to what->to, each with the level it had in its own month;
 * a new list, NULL: out of memory. */
json_t *picture_points(const struct catalogue *catalogue, const struct view_series *view,
                       const struct view_picture *what);

/* Due periods without a value: missing, or not due yet on the day it is. */
int picture_add_gaps(json_t *root, const struct view_series *view, const struct view_picture *what);

/* The months a target's profile names, in each year shown. */
int picture_add_milestones(json_t *root, const struct catalogue *catalogue,
                           const struct view_series *view, const struct view_picture *what);

/* Of the verdict: where the year is expected to end, and where the levels of a target whose plan is
 * the target itself begin. */
int picture_add_projection(json_t *root, const struct verdict *verdict);
int picture_add_zones(json_t *root, const struct verdict *verdict);

/* The period whose versions are shown: the last up to what->month that has more than one, or the
 * last (CAL_NONE: there is none); and all of them. */
struct cal_period picture_versions_period(const struct view_series *view,
                                          const struct view_picture *what);
int picture_add_versions(json_t *root, const struct view_series *view,
                         const struct view_picture *what);

/* Every area that has the indicator: for multiples its points, for a ranking its value in
 * what->month. Reads the series of the others. */
int picture_add_areas(json_t *root, struct ledger *ledger, const struct catalogue *catalogue,
                      const struct view_series *view, const struct view_picture *what,
                      struct err_note *note);

/* Value with unit: "980亩", "−0.7%", "980 mu". Returns `text`. */
const char *picture_with_unit(char *text, size_t size, const char *value, const char *unit,
                              enum lang lang);

#endif
