/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the targets of one series would have been judged on each day something about it was released,
 * with what was known by then and nothing else. The judge walks it over what is new; `pacewatch
 * replay` over the past. */
#ifndef PACEWATCH_COLLECTOR_TIMELINE_H
#define PACEWATCH_COLLECTOR_TIMELINE_H

#include "collector/ledger.h"
#include "core/verdict.h"

/* Which part of a series' history is walked. */
struct timeline {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    const struct ledger_rows
        *rows;     /* by period, then (released, position), as ledger_read_series gives them */
    int64_t after; /* only days that brought a row after this position */
    struct cal_date from, to; /* only release days in [from, to] */
};

/* Calls `visit` for every target of the series and each year that day's rows speak of: days
 * ascending, targets in catalogue order, years ascending. The verdict is for December of the year:
 * for the last month known. A non-zero answer stops and is returned. */
int timeline_walk(const struct timeline *timeline,
                  int (*visit)(void *context, const struct verdict *verdict, struct cal_date day),
                  void *context, struct err_note *note);

#endif
