/* SPDX-License-Identifier: GPL-3.0-or-later
 * For a system that does not work: what a site needs on this machine, looked at one by one. One
 * line a check: ok, attention, or wrong with what to do. Changes nothing. */
#ifndef PACEWATCH_COLLECTOR_DOCTOR_H
#define PACEWATCH_COLLECTOR_DOCTOR_H

#include "collector/finding.h"
#include "collector/site.h"

struct doctor_case {
    const char *folder;
    const struct site *site; /* NULL: it cannot be opened, for this reason: */
    const char *why;
    const char *graph_program; /* path of pacewatch-graph */
    struct wall_time now;
};

/* What the visitor answered, 0 at the end. Without a site most checks are left out. */
int doctor_examine(const struct doctor_case *patient, const struct finding_sink *sink);

#endif
