/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/model.h"

#include <errno.h>
#include <stdlib.h>

struct filling {
    struct model *model;
    size_t room;
};

static int
take_verdict(void *context, const struct verdict *verdict, const struct verdict_evidence *evidence)
{
    (void)evidence;
    struct filling *filling = context;
    struct model *model = filling->model;
    if (model->count == filling->room)
        return ERR_FULL;
    model->verdicts[model->count++] = *verdict;
    model->has_simulated = model->has_simulated || verdict->is_simulated;
    if (model_counts(model, verdict)) {
        model->levels[verdict->level]++;
        model->primaries++;
    }
    return 0;
}

bool
model_counts(const struct model *model, const struct verdict *verdict)
{
    return verdict->target->period != TARGET_BY_YEAR &&
           catalogue_target_alerts(model->catalogue, verdict->target, verdict->asked.year);
}

int
model_read(struct page *page, struct model *ret_model)
{
    struct model model = { .catalogue = page->catalogue };
    size_t room = page->catalogue->target_count;
    model.verdicts = calloc(room ? room : 1, sizeof *model.verdicts);
    if (!model.verdicts)
        return page_failed(page, "verdicts", -ENOMEM);
    struct filling filling = { .model = &model, .room = room };
    int rc = view_each_verdict(page->pages->ledger, page->catalogue, page->month, &page->as_of,
                               take_verdict, &filling, page->note);
    if (rc) {
        model_done(&model);
        return page_failed(page, "verdicts", rc);
    }
    *ret_model = model;
    return 200;
}

void
model_done(struct model *model)
{
    free(model->verdicts);
    *model = (struct model){ 0 };
}

/* Which of several targets of one area and indicator is shown: the higher. */
static int
rank(const struct cat_target *target)
{
    static const int ranks[] = {
        [TARGET_IN_YEAR] = 4, [TARGET_EVERY_YEAR] = 2, [TARGET_BY_YEAR] = 0
    };
    return ranks[target->period] + (target->is_primary ? 1 : 0);
}

static const struct verdict *
find_best(const struct model *model, const struct cat_area *area,
          const struct cat_indicator *indicator, bool later)
{
    const struct verdict *found = NULL;
    for (size_t i = 0; i < model->count; i++) {
        const struct cat_target *target = model->verdicts[i].target;
        if (target->area == area && target->indicator == indicator &&
            (target->period == TARGET_BY_YEAR) == later &&
            (!found || rank(target) > rank(found->target)))
            found = &model->verdicts[i];
    }
    return found;
}

const struct verdict *
model_find(const struct model *model, const struct cat_area *area,
           const struct cat_indicator *indicator)
{
    return find_best(model, area, indicator, false);
}

const struct verdict *
model_find_later(const struct model *model, const struct cat_area *area,
                 const struct cat_indicator *indicator)
{
    return find_best(model, area, indicator, true);
}

bool
area_has_member(const struct cat_area *joint, const struct cat_area *area)
{
    for (size_t i = 0; i < joint->member_count; i++) {
        if (joint->members[i] == area)
            return true;
    }
    return false;
}

const struct verdict *
model_find_joint(const struct model *model, const struct cat_area *area,
                 const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct cat_target *target = model->verdicts[i].target;
        if (target->indicator == indicator && area_has_member(target->area, area))
            return model_find(model, target->area, indicator);
    }
    return NULL;
}

bool
model_is_split(const struct model *model, const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct cat_target *target = model->verdicts[i].target;
        if (target->indicator == indicator && target->area->kind != AREA_CITY)
            return true;
    }
    return false;
}
