/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is what a site stores true? The ledger against itself (ledger_fsck.h), against the catalogue, the
 * archives against what the projector would draw now, the newest backup against its sums. Reads
 * only: a collector may be at work meanwhile. One archive at a time is drawn in a folder of its own
 * under TMPDIR. */
#ifndef PACEWATCH_COLLECTOR_FSCK_H
#define PACEWATCH_COLLECTOR_FSCK_H

#include "collector/finding.h"
#include "collector/ledger.h"
#include "collector/site.h"

/* Tells everything it finds; what is in order is not told. A negative code: it could not go on, or
 * what the visitor answered. */
int fsck_site(const struct site *site, struct wall_time now, const struct finding_sink *sink,
              struct err_note *note);

/* The archives: a part of it. */
int fsck_archives(const struct site *site, struct ledger *ledger, const struct finding_sink *sink,
                  struct err_note *note);

#endif
