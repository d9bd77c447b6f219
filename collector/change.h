/* SPDX-License-Identifier: GPL-3.0-or-later
 * Changes an operator asks for (enrol, revoke, ...), as one line of words each. While the collector
 * runs it makes them on its loop thread, asked over the site's control socket; otherwise the asking
 * program takes the site's lock and makes them itself. Either way the same code runs.
 *
 * Requests, words separated by '\n':            Answers on success:
 *   enrol  PUBLISHER  PUBLIC-KEY                  "KEY-ID\nFINGERPRINT"
 *   revoke KEY-ID                                 "PUBLISHER"
 *   next                                          ""   (the collector's next key was made)
 *   load   FOLDER  YYYY-MM-DD                     "EDITION\nkept=N\nchanged=N\nadded=N\nleft=N"
 *   backup FOLDER                                 ""   (it was made by backup_make a moment ago)
 *   progress "position=N\nprojected=N\nunjudged=N\noutbox=N\nrunning=0|1"; running:
 * "descriptors=N", its limit */
#ifndef PACEWATCH_COLLECTOR_CHANGE_H
#define PACEWATCH_COLLECTOR_CHANGE_H

#include "collector/ledger_write.h"
#include "collector/site.h"

enum { CHANGE_TEXT_MAX = 2048 };

/* Makes one change in its own transaction. `answer` has CHANGE_TEXT_MAX bytes. ERR_SYNTAX for words
 * it does not know. */
int change_make(struct ledger *ledger, const struct site *site, const char *request,
                struct wall_time now, char *answer, struct err_note *note);

/* The number after "key=" at the start of one of an answer's lines, or `missing`. */
int64_t change_value(const char *answer, const char *key, int64_t missing);

/* Asks the running collector, or does it under the site's lock. ERR_BUSY when another program holds
 * the lock and does not answer. */
int change_ask(const struct site *site, const char *request, char *answer, struct err_note *note);

#endif
