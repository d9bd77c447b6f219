/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of done/ that nobody answers for: they have no receipt, and the spool does not know their
 * content. A disk that was set back, or lost what it had confirmed, leaves such files behind;
 * without a look at done/ nobody would ever ask for them. */
#ifndef PACEWATCH_AGENT_ORPHANS_H
#define PACEWATCH_AGENT_ORPHANS_H

#include "agent/spool.h"

/* Calls events->lost for each of them. */
int orphans_find(const char *home, const struct spool *spool, const struct spool_events *events,
                 struct err_note *note);

#endif
