/* SPDX-License-Identifier: GPL-3.0-or-later
 * The spool's inside, shared by spool.c (use), spool_make.c (opening, saving, forking) and
 * spool_look.c (looking without touching). */
#ifndef PACEWATCH_AGENT_SPOOL_PRIVATE_H
#define PACEWATCH_AGENT_SPOOL_PRIVATE_H

#include "agent/spool.h"
#include "agent/spool_known.h"
#include "agent/spool_stream.h"

struct spool {
    char folder[FILE_PATH_MAX];
    uint64_t segment_bytes, max_bytes;
    int retain_days;
    struct spool_events events;
    struct stream stream;
    struct known known;
    char unread[2 * WIRE_STREAM_ID + 1]; /* `known` lacks this old stream and those behind it; "" */
    uint64_t uptime; /* seconds in use, counted from call to call of spool_prune */
    bool is_counting;
    struct mono_time counted_upto;
};

void spool_say(const struct spool *spool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Loads the stream in use into spool->stream: saves what a damaged one holds, begins one where
 * there is none. */
int spool_load(struct spool *spool, struct wall_time now, struct err_note *note);

/* Remembers the files of the stream in use. */
int spool_learn(struct spool *spool, struct err_note *note);

/* The stream in use. Without a legible `current` it is the one written last; ERR_ABSENT: there is
 * none at all. */
int spool_current(const struct spool *spool, uint8_t ret_id[WIRE_STREAM_ID], struct err_note *note);

/* Is `name` the folder of a stream? */
bool spool_name_is_stream(const char *name, uint8_t ret_id[WIRE_STREAM_ID]);

/* Where the spool lies; ERR_RANGE: in too long a path. */
int spool_set_folder(struct spool *spool, const char *folder, struct err_note *note);

/* The folder of a stream, or of one that is being made. */
void spool_stream_folder(const struct spool *spool, const uint8_t id[WIRE_STREAM_ID], bool is_new,
                         char path[FILE_PATH_MAX]);

/* Removes a folder of plain files. */
int spool_remove_folder(const char *folder, struct err_note *note);

#endif
