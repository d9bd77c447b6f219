/* SPDX-License-Identifier: GPL-3.0-or-later
 * What happened to a series: its values with every earlier version, and its alerts. */
#ifndef PACEWATCH_PAGES_HISTORY_H
#define PACEWATCH_PAGES_HISTORY_H

#include "collector/pages/page.h"

enum { HISTORY_PERIODS_MAX = 400 }; /* of one page; the newest */

/* The table of values, newest period first; earlier versions of a value fold out below it. */
void history_values(struct page *page, const struct view_series *view);

/* The alerts of the series with their events. Returns 200 or the status of a failure. */
int history_alerts(struct page *page, const struct view_series *view);

/* Open alerts, or closed ones, as a table; `area` and `indicator` may be NULL for all. */
struct alert_list {
    struct ledger_alert *alerts; /* owned: alert_list_done */
    size_t count;
    size_t room;
};
int alert_list_read(struct page *page, const char *area, const char *indicator,
                    struct alert_list *ret_list);
void alert_list_done(struct alert_list *list);

/* The alert's target in the catalogue, or NULL when it is no longer there. */
const struct cat_target *alert_target(const struct page *page, const struct ledger_alert *alert);
const char *alert_state_words(const struct page *page, const struct ledger_alert *alert);

#endif
