/* SPDX-License-Identifier: GPL-3.0-or-later
 * One series before the judge: its targets, and those of other series that rest on it (a reference,
 * a number of cases), are judged on each release day from the first that brought something new, as
 * they were known then. What follows for their alerts is compared with what is recorded: new events
 * are appended. So it does not matter in which order files of different series arrive. Where a late
 * file changes the past itself, what was told stays on record, and one event brings the alert to
 * where it should be. */
#ifndef PACEWATCH_COLLECTOR_HEARING_H
#define PACEWATCH_COLLECTOR_HEARING_H

#include "collector/ledger_write.h"
#include "collector/site.h"

/* Hears the rows of complete files after the position `judged`, inside a transaction of the
 * caller's, and notes in the ledger how far it came. *ret_events: how many were recorded. */
int hearing_series(struct ledger *ledger, const struct site *site, struct wall_time now,
                   const struct ledger_series *series, int64_t judged, size_t *ret_events,
                   struct err_note *note);

#endif
