/* SPDX-License-Identifier: GPL-3.0-or-later
 * Loads a new edition of the catalogue into a site: checked whole, merged so that changed targets
 * keep their old versions (catalogue_merge.h), recorded in the ledger, then put in place of the old
 * folder in one step. */
#ifndef PACEWATCH_COLLECTOR_CATALOGUE_CHANGE_H
#define PACEWATCH_COLLECTOR_CATALOGUE_CHANGE_H

#include "collector/catalogue_merge.h"
#include "collector/ledger_write.h"
#include "collector/site.h"

struct catalogue_change {
    int64_t edition; /* its number in the ledger */
    struct merge_counts targets, bands;
};

/* Inside a transaction of the caller's: checks, merges and records; the merged tables lie in
 * SITE/catalogue.new afterwards, unless something is refused. What has no versions and decides past
 * verdicts (a profile, an indicator's kind, direction, unit ...) must say the same under its id. */
int catalogue_change_prepare(struct ledger *ledger, const struct site *site, const char *folder,
                             struct cal_date effective, struct wall_time now,
                             struct catalogue_change *ret_change, struct err_note *note);

/* After the commit: SITE/catalogue.new becomes SITE/catalogue, atomically; the old tables go. */
int catalogue_change_finish(const struct site *site, struct err_note *note);

#endif
