/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an archive holds, computed from a series and its targets: pure but for the memory it takes.
 */
#ifndef PACEWATCH_COLLECTOR_PROJECTION_H
#define PACEWATCH_COLLECTOR_PROJECTION_H

#include "collector/archive.h"
#include "collector/view.h"

/* Every period of the indicator's calendar frequency, in whole years, from the first value (or the
 * first target's year, whichever is earlier) to the last value or the end of the last target's
 * year. Values made of others are left out: an archive shows what was reported. The caller frees
 * *ret_periods; *ret_count is 0 when there is nothing to draw. */
int projection_make(const struct catalogue *catalogue, const struct view_series *view,
                    struct archive_period **ret_periods, size_t *ret_count, struct err_note *note);

/* The archive of a series as the ledger is now, as bytes (archive_image). *ret_bytes, which the
 * caller frees, stays NULL when there is nothing to draw. */
int projection_draw(struct ledger *ledger, const struct catalogue *catalogue,
                    const struct cat_area *area, const struct cat_indicator *indicator,
                    char **ret_bytes, size_t *ret_size, struct err_note *note);

/* One of many series to be drawn. */
struct projection_item {
    int64_t series;
    const struct cat_area *area;
    const struct cat_indicator *indicator;
};

/* Draws `count` series, sorted by number, each as projection_draw does: those without targets are
 * read together, which costs a fraction. `take` gets each series' bytes, which stay ours; its
 * non-zero answer stops and is returned. */
int projection_draw_many(struct ledger *ledger, const struct catalogue *catalogue,
                         const struct projection_item *items, size_t count,
                         int (*take)(void *context, const struct projection_item *item,
                                     const char *bytes, size_t size),
                         void *context, struct err_note *note);

#endif
