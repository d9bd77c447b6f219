/* SPDX-License-Identifier: GPL-3.0-or-later
 * One series before the judge: its targets, and those of other series that rest on it (a reference,
 * a number of cases), are judged on each release day from the first that brought something new, as
 * they were known then. What follows for their alerts is compared with what is recorded: new events
 * are appended. So it does not matter in which order files of different series arrive. Where a late
 * file changes the past itself, what was told stays on record, and one event brings the alert to
 * where it should be.
 *
 * A hearing goes on over as many calls as its budget makes of it. It hears what the ledger held
 * when it began; rows and ends of files that come meanwhile are for the next one. */
#ifndef PACEWATCH_COLLECTOR_HEARING_H
#define PACEWATCH_COLLECTOR_HEARING_H

#include "collector/ledger_write.h"
#include "collector/site.h"
#include "collector/timeline.h"

struct hearing;

/* Is there anybody to be heard: does a target of the series, or one that rests on it, stand in the
 * catalogue? */
bool hearing_is_needed(const struct site *site, const struct ledger_series *series);

/* Opens the hearing of the rows of complete files after the position `judged`. Ledger and site stay
 * until hearing_close. */
int hearing_open(struct ledger *ledger, const struct site *site, const struct ledger_series *series,
                 int64_t judged, struct hearing **ret_hearing, struct err_note *note);

/* Goes on where it stopped, a piece at least, inside a transaction of the caller's; at the end it
 * notes in the ledger how far it came. *ret_events: how many were recorded by this call. */
int hearing_go(struct hearing *hearing, struct wall_time now, const struct budget *budget,
               bool *ret_ended, size_t *ret_events, struct err_note *note);

/* Also before its end: what it recorded so far will be compared by the next. */
void hearing_close(struct hearing *hearing);

#endif
