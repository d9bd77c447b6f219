/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bands that grade a value: which of them count for a target on a day. A target's own come
 * first, then the catalogue's for the measure, then those built in (docs/verdicts.md, Bands). */
#ifndef PACEWATCH_CORE_BANDS_H
#define PACEWATCH_CORE_BANDS_H

#include "core/catalogue.h"

const char *measure_name(enum measure measure); /* "pace", "points", ... */
const char *measure_word(enum measure measure, enum lang lang);

/* Can the method grade by that measure? Some grade by two: a small count of more than 20 by its
 * pace. */
bool method_uses(enum method method, enum measure measure);

/* What counts where neither target nor catalogue say otherwise. Its id is that of the measure. */
const struct cat_bands *bands_built_in(enum measure measure);

/* The version (of bands given by their newest) that counts on that day; NULL before the first
 * begins. */
const struct cat_bands *bands_version(const struct cat_bands *newest, struct cal_date day);

/* What grades a target by that measure on that day. Never NULL. */
const struct cat_bands *bands_for(const struct cat_target *target, enum measure measure,
                                  struct cal_date day);

enum { BANDS_WORDS_MAX = 512 };

/* "pace ratio r: on pace ≥ 0.95 (back from 0.97), remind ≥ 0.85 ..., else severe". Returns `text`.
 */
char *bands_words(const struct cat_bands *bands, enum lang lang, char text[BANDS_WORDS_MAX]);

#endif
