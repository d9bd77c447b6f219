/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the targets of one series would have been judged on each day something about it was released,
 * with what was known by then and nothing else: about the series itself, or about one its verdicts
 * rest on (the reference of a relative target, the number of cases). The judge walks it from what
 * is new, a piece at a time; `pacewatch replay` over the past. Each row is taken up once, on its
 * day: a walk costs n log n in the rows, whatever the number of days. */
#ifndef PACEWATCH_COLLECTOR_TIMELINE_H
#define PACEWATCH_COLLECTOR_TIMELINE_H

#include "collector/budget.h"
#include "collector/ledger.h"
#include "core/verdict.h"

/* Which part of which series' history is walked. */
struct timeline {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    const struct ledger_as_of *as_of; /* of what is known at all; NULL: everything */
    struct cal_date from, to;         /* only release days in [from, to] */
    bool from_unheard; /* or already from the first day of a row that the judge has not heard */
    /* Does a row of any of the series count? NULL: all do. */
    bool (*counts)(const void *context, const struct ledger_row *row);
    /* Told for every target of the series: days ascending, targets in catalogue order. The verdict
     * is for December, that is for the last month known, of the last of the target's years that the
     * series knows; a day whose rows speak of later years only says nothing about it. A non-zero
     * answer stops and is returned. */
    int (*visit)(void *context, const struct verdict *verdict, struct cal_date day);
    void *context; /* for both */
};

/* A walk under way. */
struct walk;

/* Takes a copy of `timeline`; what that points to stays until walk_end. */
int walk_begin(const struct timeline *timeline, struct walk **ret_walk, struct err_note *note);

/* Goes on where it stopped, a piece at least. Between two calls rows may be added to the ledger:
 * `counts` keeps to what it was at the beginning. */
int walk_go(struct walk *walk, const struct budget *budget, bool *ret_ended, struct err_note *note);

/* The first release day of the walk, known once anything was visited. */
struct cal_date walk_from(const struct walk *walk);

void walk_end(struct walk *walk);

/* A whole walk. */
int timeline_walk(const struct timeline *timeline, struct err_note *note);

#endif
