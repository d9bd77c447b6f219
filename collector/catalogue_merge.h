/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brings a new edition of a table whose rows have versions (targets.csv, bands.csv) into a site's:
 * a row that changed stays and is followed by a new version from the day it takes effect, so that
 * past verdicts stand. Text in, text out; the caller has checked both editions. */
#ifndef PACEWATCH_COLLECTOR_CATALOGUE_MERGE_H
#define PACEWATCH_COLLECTOR_CATALOGUE_MERGE_H

#include <stddef.h>

#include "core/cal.h"
#include "core/err.h"

struct merge_counts {
    size_t kept;    /* ids that say the same */
    size_t changed; /* get a new version */
    size_t added;
    size_t left; /* not in the new edition: they stay as they are */
};

/* Rows of `site` (with their versions) and of `edition`, of which the last row of an id counts;
 * either may be empty, which is a table that is not there. The caller frees *ret_text. Columns of
 * either appear in the result; `valid_from` is set for what is new. ERR_CONFLICT: a newest version
 * of the site does not begin before `effective`. ERR_SYNTAX, -ENOMEM. */
int catalogue_merge_table(const char *site, size_t site_size, const char *edition,
                          size_t edition_size, struct cal_date effective, char **ret_text,
                          size_t *ret_size, struct merge_counts *ret_counts, struct err_note *note);

#endif
