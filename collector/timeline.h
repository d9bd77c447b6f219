/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the targets of one series would have been judged on each day something about it was released,
 * with what was known by then and nothing else: about the series itself, or about one its verdicts
 * rest on (the reference of a relative target, the number of cases). The judge walks it from what
 * is new; `pacewatch replay` over the past. */
#ifndef PACEWATCH_COLLECTOR_TIMELINE_H
#define PACEWATCH_COLLECTOR_TIMELINE_H

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
    /* Drops rows of any of the series that do not count; NULL: all count. Rows are by period, then
     * (released, position), as ledger_read_series gives them. */
    int (*filter)(void *context, struct ledger_rows *rows, struct err_note *note);
    void *filter_context;
};

/* Calls `visit` for every target of the series: days ascending, targets in catalogue order. The
 * verdict is for December, that is for the last month known, of the last of the target's years that
 * the series knows; a day whose rows speak of later years only says nothing about it. A non-zero
 * answer stops and is returned. */
int timeline_walk(const struct timeline *timeline,
                  int (*visit)(void *context, const struct verdict *verdict, struct cal_date day),
                  void *context, struct err_note *note);

#endif
