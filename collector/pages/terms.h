/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the codes of catalogue, verdicts and SDMX mean, in words. */
#ifndef PACEWATCH_PAGES_TERMS_H
#define PACEWATCH_PAGES_TERMS_H

#include "core/verdict.h"

/* The rule that decided a verdict, with its thresholds; "" for none. */
const char *term_rule(enum rule rule, enum lang lang);

/* A judging method. */
const char *term_method(enum method method, enum lang lang);

/* A letter of SDMX CL_OBS_STATUS; "" for one that says nothing. */
const char *term_status(char status, enum lang lang);

/* How far a value is checked; "" where nobody said. */
const char *term_stage(enum obs_stage stage, enum lang lang);

#endif
