/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an archive holds, computed from a series and its targets: pure but for the memory it takes.
 */
#ifndef PACEWATCH_COLLECTOR_PROJECTION_H
#define PACEWATCH_COLLECTOR_PROJECTION_H

#include "collector/archive.h"
#include "collector/view.h"

/* Every period of the indicator's calendar frequency from the first value (or the first target's
 * January, whichever is earlier) to the last value or the end of the last target's year. The caller
 * frees *ret_periods; *ret_count is 0 when there is nothing to draw. */
int projection_make(const struct catalogue *catalogue, const struct view_series *view,
                    struct archive_period **ret_periods, size_t *ret_count, struct err_note *note);

/* The archive of a series as the ledger is now, as bytes (archive_image). *ret_bytes, which the
 * caller frees, stays NULL when there is nothing to draw: the catalogue does not know the series.
 */
int projection_draw(struct ledger *ledger, const struct catalogue *catalogue,
                    const struct ledger_series *series, char **ret_bytes, size_t *ret_size,
                    struct err_note *note);

#endif
