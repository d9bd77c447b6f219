/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages show, computed once a request: the verdicts of all targets of a year. */
#ifndef PACEWATCH_PAGES_MODEL_H
#define PACEWATCH_PAGES_MODEL_H

#include "collector/pages/page.h"

struct model {
    struct verdict *verdicts; /* in catalogue order */
    size_t count;
    size_t levels[LEVEL_COUNT]; /* of the primary targets */
    size_t primaries;
    bool has_simulated;
};

/* Judges every target of page->month's year. Returns 200 or the status of the failure. */
int model_read(struct page *page, struct model *ret_model);
void model_done(struct model *model);

/* The verdict to show for an area and an indicator: the primary target's, else any; NULL when there
 * is none. */
const struct verdict *model_find(const struct model *model, const struct cat_area *area,
                                 const struct cat_indicator *indicator);

/* The same for a joint area that has `area` among its members. */
const struct verdict *model_find_joint(const struct model *model, const struct cat_area *area,
                                       const struct cat_indicator *indicator);

/* Has the indicator a target of an area below the city? */
bool model_is_split(const struct model *model, const struct cat_indicator *indicator);

/* Does a joint area have this member? */
bool area_has_member(const struct cat_area *joint, const struct cat_area *area);

#endif
