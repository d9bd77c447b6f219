/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fields of API answers: new references, null for what is not there, NULL without memory. */
#ifndef PACEWATCH_PAGES_API_FIELDS_H
#define PACEWATCH_PAGES_API_FIELDS_H

#include "collector/pages/page.h"

struct json_t; /* jansson's */

/* Digits after the point, as the command line's listings have them: what was sent as it is, ratios
 * four, what is computed two more than the indicator usually has. */
enum { SENT_DECIMALS = 9, RATIO_DECIMALS = 4, MORE_DECIMALS = 2 };

/* Text that may come from outside: jansson refuses what is no UTF-8, we then say null. */
struct json_t *api_text(const char *text);
struct json_t *api_number(double value, int decimals); /* a decimal string */
struct json_t *api_period(struct cal_period period);
struct json_t *api_day(struct cal_date day);
struct json_t *api_day_or_null(struct cal_date day); /* null for INT32_MIN: from ever */
struct json_t *api_instant(struct wall_time when);
struct json_t *api_name(const struct page *page, const struct cat_name *name);

/* Writes {"status":"success","data":data} and takes `data`. */
int api_answer(struct page *page, struct json_t *data);

#endif
