/* SPDX-License-Identifier: GPL-3.0-or-later
 * One edge for each pair of series of which the second rests on the first, sorted by the first:
 * what a series changes is found without going through all targets. */
#include "collector/projection_deps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/view.h"
#include "core/rollup.h"

struct edge {
    const struct cat_area *from_area;
    const struct cat_indicator *from_indicator;
    const struct cat_area *area;
    const struct cat_indicator *indicator;
};

struct projection_deps {
    struct edge *edges;
    size_t count, room;
    bool has_failed; /* no memory */
};

static void
add(struct projection_deps *deps, const struct cat_area *from_area,
    const struct cat_indicator *from_indicator, const struct cat_target *target)
{
    if (from_area == target->area && from_indicator == target->indicator)
        return;
    if (deps->count == deps->room) {
        size_t room = deps->room ? deps->room * 2 : 64;
        struct edge *grown = realloc(deps->edges, room * sizeof *grown);
        deps->has_failed = deps->has_failed || !grown;
        if (!grown)
            return;
        deps->edges = grown;
        deps->room = room;
    }
    deps->edges[deps->count++] =
        (struct edge){ from_area, from_indicator, target->area, target->indicator };
}

static void
add_companions(struct projection_deps *deps, const struct catalogue *catalogue,
               const struct cat_target *target)
{
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    for (int i = 0; i < COMPANION_COUNT; i++)
        if (view_companion_of(catalogue, target->area, target->indicator, (enum view_companion)i,
                              &area, &indicator))
            add(deps, area, indicator, target);
}

/* What a value that nobody reported is made of (core/rollup.h). */
static void
add_parts(struct projection_deps *deps, const struct catalogue *catalogue,
          const struct cat_target *target)
{
    const struct cat_indicator *indicator = target->indicator;
    const struct cat_area *areas[ROLLUP_PARTS_MAX];
    bool is_ratio = indicator->numerator != NULL;
    size_t count = rollup_parts(catalogue, target->area, indicator, areas);
    if (is_ratio) {
        add(deps, target->area, indicator->numerator, target);
        add(deps, target->area, indicator->denominator, target);
    }
    for (size_t i = 0; i < count && is_ratio; i++) {
        add(deps, areas[i], indicator->numerator, target);
        add(deps, areas[i], indicator->denominator, target);
    }
    for (size_t i = 0; i < count && strcmp(indicator->decomposition, "SUM") == 0; i++)
        add(deps, areas[i], indicator, target);
}

static int
compare(const void *left, const void *right)
{
    const struct edge *l = left, *r = right;
    int order = (l->from_area > r->from_area) - (l->from_area < r->from_area);
    return order
               ? order
               : (l->from_indicator > r->from_indicator) - (l->from_indicator < r->from_indicator);
}

struct projection_deps *
projection_deps_new(const struct catalogue *catalogue)
{
    struct projection_deps *deps = calloc(1, sizeof *deps);
    for (size_t i = 0; deps && i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (catalogue_targets_of(catalogue, target->area, target->indicator) != target)
            continue; /* one of its series' targets was here */
        add_companions(deps, catalogue, target);
        add_parts(deps, catalogue, target);
    }
    if (deps && deps->has_failed) {
        projection_deps_free(deps);
        return NULL;
    }
    if (deps && deps->count > 0)
        qsort(deps->edges, deps->count, sizeof *deps->edges, compare);
    return deps;
}

void
projection_deps_free(struct projection_deps *deps)
{
    if (deps)
        free(deps->edges);
    free(deps);
}

int
projection_deps_each(const struct projection_deps *deps, const struct cat_area *area,
                     const struct cat_indicator *indicator,
                     int (*visit)(void *context, const struct cat_area *area,
                                  const struct cat_indicator *indicator),
                     void *context)
{
    const struct edge wanted = { .from_area = area, .from_indicator = indicator };
    size_t low = 0, high = deps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_before = compare(&deps->edges[middle], &wanted) < 0;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    int code = 0;
    for (; code == 0 && low < deps->count && compare(&deps->edges[low], &wanted) == 0; low++)
        code = visit(context, deps->edges[low].area, deps->edges[low].indicator);
    return code;
}
