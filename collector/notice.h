/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words an alert's event as mail and puts it into the outbox: to the owner's contact, the lead's if
 * another, and the task-force office. Nothing is sent here. */
#ifndef PACEWATCH_COLLECTOR_NOTICE_H
#define PACEWATCH_COLLECTOR_NOTICE_H

#include "collector/ledger_write.h"
#include "collector/site.h"

/* `event_id` is the recorded event. Without mail.server, without a contact, or for values released
 * longer ago than mail.window_days: nothing. */
int notice_post(struct ledger *ledger, const struct site *site, const struct verdict *verdict,
                const struct ledger_alert_event *event, int64_t event_id, struct err_note *note);

#endif
