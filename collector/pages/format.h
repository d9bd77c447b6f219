/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers, periods and moments in the words of people. Pure. */
#ifndef PACEWATCH_PAGES_FORMAT_H
#define PACEWATCH_PAGES_FORMAT_H

#include "core/catalogue.h"
#include "core/verdict.h"

enum { FORMAT_MAX = 64 }; /* bytes of every `text` below; each function returns it */

/* A number's text with a real minus sign (U+2212), as the sentences have it; not longer than
 * NUM_TEXT_MAX. */
char *format_sent(const char *sent, char *text);

/* At most `decimals` digits after the point; "" for NaN. */
char *format_number(double value, int decimals, char *text);

/* All digits the value has, at least `decimals` of them after the point; "" for NaN. Never rounds
 * away what was sent. */
char *format_value(double value, int decimals, char *text);

/* 0.364 -> "36.4%". */
char *format_share(double share, char *text);

/* "2023年1—6月" for a cumulative June, "2023年6月" for June alone or at its end; "Jan–Jun 2023",
 * "Jun 2023". */
char *format_period(struct cal_period period, enum cumulation cumulation, enum lang lang,
                    char *text);

/* The month alone: "6月", "Jun". */
const char *format_month(int month, enum lang lang);

/* "2023-07-12 17:30" in Beijing time: China has one time zone and no summer time. */
char *format_moment(struct wall_time when, char *text);

/* The civil date in Beijing. */
struct cal_date format_today(struct wall_time now);

/* The sign of a level, so that it is told by shape too, and in black and white. */
const char *format_level_sign(enum level level);

/* May the unit stand right behind a number? False where its English name begins with one ("10,000
 * yuan"). */
bool format_unit_is_plain(const char *name);

#endif
