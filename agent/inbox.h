/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inbox: which of its files may be taken. Regular files called *.csv (in any case), no links,
 * not beginning with '.', and settled: renamed into the folder or closed after writing (inotify),
 * or untouched for 2 s, or the same at two looks a second apart. */
#ifndef PACEWATCH_AGENT_INBOX_H
#define PACEWATCH_AGENT_INBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/cal.h"
#include "core/err.h"

struct inbox;

int inbox_open(const char *folder, struct inbox **ret_inbox, struct err_note *note);
void inbox_close(struct inbox *inbox);

/* Readable when something has happened in the folder: call inbox_take_events. */
int inbox_fd(const struct inbox *inbox);
void inbox_take_events(struct inbox *inbox);

/* When to look next: at once after an event, in a second while files are not settled, else every 10
 * s. */
struct mono_time inbox_next_look(const struct inbox *inbox);

/* Looks at the folder. */
int inbox_look(struct inbox *inbox, struct mono_time now, struct wall_time wall,
               struct err_note *note);

/* The next settled file of the last look, in byte order of the names, or NULL. Valid until the next
 * look. */
const char *inbox_next(struct inbox *inbox);

/* Files *.csv at the last look that were not handed out yet; files of other kinds, and the name of
 * one of them ("" if none). */
size_t inbox_waiting(const struct inbox *inbox);
size_t inbox_others(const struct inbox *inbox, const char **ret_name);

#endif
