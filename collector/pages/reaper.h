/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ends connections that live past their deadline. The HTTP library's own time-out counts inactivity
 * only: a client that drips a byte a second outlives it for ever (docs/libraries.md, H-SLOW). A
 * thread looks over a fixed table of connections and shuts down the overdue ones; the library then
 * closes them as if the peer had gone.
 *
 * A slot is handed between the connection's thread and the reaper by one atomic word, so neither
 * waits for a lock: the reaper skips a slot in use, and a closing connection waits at most for the
 * one shutdown(2) under way, so that a descriptor is never touched after it was closed. */
#ifndef PACEWATCH_PAGES_REAPER_H
#define PACEWATCH_PAGES_REAPER_H

#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"

enum { REAPER_SLOTS = 1024, REAPER_TURN_MS = 500 };

struct reaper;
struct reaper_slot;

/* Starts the thread, which looks every `turn_ms`. */
int reaper_start(int turn_ms, struct reaper **ret_reaper, struct err_note *note);

/* Stops and joins it. NULL is fine. */
void reaper_stop(struct reaper *reaper);

/* Watches a socket; it must be ended by `deadline`. NULL when the table is full: refuse the
 * connection. */
struct reaper_slot *reaper_watch(struct reaper *reaper, int fd, struct mono_time deadline);

/* A new deadline for a watched connection. */
void reaper_extend(struct reaper_slot *slot, struct mono_time deadline);

/* Before the socket is closed. NULL is fine. */
void reaper_forget(struct reaper_slot *slot);

/* Connections ended so far. */
uint64_t reaper_count(const struct reaper *reaper);

#endif
