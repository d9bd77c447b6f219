/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brings a new edition of targets.csv into a site's: a target that changed keeps its old row and
 * gets a new version from the day it takes effect, so that past verdicts stand. Text in, text out;
 * the caller has checked both editions. */
#ifndef PACEWATCH_COLLECTOR_CATALOGUE_MERGE_H
#define PACEWATCH_COLLECTOR_CATALOGUE_MERGE_H

#include <stddef.h>

#include "core/cal.h"
#include "core/err.h"

struct merge_counts {
    size_t kept;    /* targets that say the same */
    size_t changed; /* get a new version */
    size_t added;
    size_t left; /* not in the new edition: they stay as they are */
};

/* Rows of `site` (with their versions) and of `edition` (one row a target). The caller frees
 * *ret_text. Columns of either appear in the result; `valid_from` is set for what is new.
 * ERR_SYNTAX, -ENOMEM. */
int catalogue_merge_targets(const char *site, size_t site_size, const char *edition,
                            size_t edition_size, struct cal_date effective, char **ret_text,
                            size_t *ret_size, struct merge_counts *ret_counts,
                            struct err_note *note);

#endif
