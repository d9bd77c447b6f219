/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files a spool remembers, by content. Private to agent/spool*.c. */
#ifndef PACEWATCH_AGENT_SPOOL_KNOWN_H
#define PACEWATCH_AGENT_SPOOL_KNOWN_H

#include "agent/spool_stream.h"

struct known_file {
    uint8_t sha256[RECORD_SHA256];
    uint64_t first, last; /* 0: not in the stream in use */
};

struct known {
    struct known_file *files;
    size_t count, room;
};

void known_done(struct known *known);

/* Remembers the file that a packed FileEnd speaks of; other bytes are ignored. -ENOMEM or 0. */
int known_add(struct known *known, const uint8_t *end, size_t size, uint64_t first, uint64_t last);

bool known_find(const struct known *known, const uint8_t sha256[RECORD_SHA256], uint64_t *ret_first,
                uint64_t *ret_last);

/* The stream in use has changed. */
void known_forget_places(struct known *known);

/* Reads a stream that is not in use: its files (unless `known` is NULL), when its newest segment
 * was made, and how long the spool had been in use then. */
int known_survey(const char *folder, const uint8_t id[WIRE_STREAM_ID], struct known *known,
                 int64_t *ret_newest, uint64_t *ret_uptime);

/* Did a survey end for a reason that says nothing about the stream: the disk or the memory? */
bool known_may_pass(int code);

#endif
