/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program's verbs. Each returns the exit code. */
#ifndef PACEWATCH_AGENT_COMMANDS_H
#define PACEWATCH_AGENT_COMMANDS_H

#include <stdbool.h>

enum {
    EXIT_ACCEPTED = 0,
    EXIT_QUESTIONS = 1,
    EXIT_REJECTED = 2,
    EXIT_NOTHING = 3, /* nothing written, or nothing reached the collector */
    EXIT_REFUSED = 4, /* the handshake failed: status says how */
    EXIT_USAGE = 64
};

enum format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

/* The daemon: 0 stopped by a signal (or drained, with `is_drain`), 1 failed. */
int command_run(const char *home, bool is_drain);

/* Reads and checks a file: no network, nothing written. */
int command_check(const char *home, const char *file, enum format format);

/* Sends a file and waits for its receipt. */
int command_send(const char *home, const char *file, int timeout_s);

/* Changes the agent's key over the connection of the old one. */
int command_rotate(const char *home, int timeout_s);

/* What the daemon is doing: 0, 1 cannot be read, or EXIT_REFUSED. */
int command_status(const char *home, enum format format);

/* Is what the home holds whole? 0, or 1: something is wrong. Only looks. */
int command_fsck(const char *home, enum format format);

#endif
