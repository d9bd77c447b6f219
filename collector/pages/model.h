/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the pages show, computed once a request: the verdicts of all targets of a year. */
#ifndef PACEWATCH_PAGES_MODEL_H
#define PACEWATCH_PAGES_MODEL_H

#include "collector/pages/page.h"

struct model {
    const struct catalogue *catalogue;
    struct verdict *verdicts; /* in catalogue order */
    size_t count;
    size_t levels[LEVEL_COUNT]; /* of the targets that count */
    size_t primaries;           /* how many count */
    bool has_simulated;
};

/* Is it one of the year's own targets that raise alerts? Those of years to come are shown apart. */
bool model_counts(const struct model *model, const struct verdict *verdict);

/* Judges every target that speaks of page->month's year. Returns 200 or the status of the failure.
 */
int model_read(struct page *page, struct model *ret_model);
void model_done(struct model *model);

/* The verdict to show for an area and an indicator: of the year's own targets the primary, else
 * any, else that of an every-year target; NULL when there is none. */
const struct verdict *model_find(const struct model *model, const struct cat_area *area,
                                 const struct cat_indicator *indicator);

/* The same among targets by the end of a later year. */
const struct verdict *model_find_later(const struct model *model, const struct cat_area *area,
                                       const struct cat_indicator *indicator);

/* The same for a joint area that has `area` among its members. */
const struct verdict *model_find_joint(const struct model *model, const struct cat_area *area,
                                       const struct cat_indicator *indicator);

/* Has the indicator a target of an area below the city? */
bool model_is_split(const struct model *model, const struct cat_indicator *indicator);

/* Does a joint area have this member? */
bool area_has_member(const struct cat_area *joint, const struct cat_area *area);

#endif
