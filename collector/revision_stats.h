/* SPDX-License-Identifier: GPL-3.0-or-later
 * Revision statistics out of the ledger, per publisher and indicator (core/revisions.h). */
#ifndef PACEWATCH_COLLECTOR_REVISION_STATS_H
#define PACEWATCH_COLLECTOR_REVISION_STATS_H

#include "collector/ledger.h"
#include "core/revisions.h"

struct revision_row {
    char publisher[SAMPLE_ID_MAX + 1]; /* who said the first value */
    const struct cat_indicator *indicator;
    struct revision_sum sums[REVISION_HORIZONS];
};

/* By publisher, then in the catalogue's order of indicators. */
struct revision_table {
    struct revision_row *rows; /* owned: revision_stats_done */
    size_t count, room;
};

/* What is asked for; NULL: all. */
struct revision_filter {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
};

/* As known as of `as_of`; without a release day in it, as of `until`. Series the catalogue does not
 * know are passed over. */
int revision_stats(struct ledger *ledger, const struct catalogue *catalogue,
                   const struct revision_filter *filter, const struct ledger_as_of *as_of,
                   struct cal_date until, struct revision_table *ret_table, struct err_note *note);
void revision_stats_done(struct revision_table *table);

#endif
