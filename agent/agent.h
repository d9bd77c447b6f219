/* SPDX-License-Identifier: GPL-3.0-or-later
 * The agent: one folder, one lock, one loop. What owns what:
 *
 *     struct agent ── folder lock, configuration, catalogue, keys
 *                  ├─ spool ── the records on disk
 *                  ├─ bus client ── the connection
 *                  ├─ session ── speaks the protocol: reads the spool, writes receipts
 *                  └─ inbox ── which files may be taken; import.c takes them into the spool
 *
 * HOME: agent.yaml inbox/ spool/ done/ rejected/ receipts/ keys/ catalogue/ status.txt lock.
 * Missing folders are made, and missing keys. */
#ifndef PACEWATCH_AGENT_AGENT_H
#define PACEWATCH_AGENT_AGENT_H

#include <poll.h>
#include <stdbool.h>

#include "agent/config.h"
#include "core/catalogue.h"

#define AGENT_KEY      "agent"      /* keys/agent.* */
#define AGENT_NEXT_KEY "agent.next" /* the one that shall follow it */
#define AGENT_OLD_KEY  "agent.old"  /* the one it followed */

struct agent;

/* Makes the folders of a home. */
int agent_make_home(const char *home, struct err_note *note);

/* Takes the folder and opens everything. ERR_BUSY: another process has the folder. */
int agent_open(const char *home, struct agent **ret_agent, struct err_note *note);
void agent_close(struct agent *agent);

/* One turn: waits for something to do (at most timeout_ms, -1: no limit; or until one of `extra` is
 * ready), and does it. A negative code is fatal: the disk under the spool or the bus is gone. */
int agent_turn(struct agent *agent, struct pollfd *extra, size_t extra_count, int timeout_ms,
               struct err_note *note);

/* The inbox is empty and every spooled row has its fate and receipt. */
bool agent_is_drained(const struct agent *agent);

/* Reads configuration and catalogue again; on failure the old ones stay. */
int agent_reload(struct agent *agent, struct err_note *note);

enum lang agent_lang(const struct agent *agent);

#endif
