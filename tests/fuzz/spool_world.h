/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spool as it lies on disk, the same bytes every time: one stream of six files, three in each of
 * two segments. Targets damage it; seeds are made of it. */
#ifndef PACEWATCH_TESTS_FUZZ_SPOOL_WORLD_H
#define PACEWATCH_TESTS_FUZZ_SPOOL_WORLD_H

#include <stdbool.h>

#include "agent/spool.h"
#include "agent/spool_format.h"

enum {
    WORLD_SEGMENTS = 2,
    WORLD_GROUPS = 6, /* one a file */
    WORLD_GROUP_RECORDS = 4,
    WORLD_LAST = WORLD_GROUPS * WORLD_GROUP_RECORDS,
    WORLD_SEGMENT = 1536,    /* bytes of one */
    WORLD_CURSOR_FILE = 576, /* both slots */
    WORLD_FILE_MAX = 1 << 16 /* bytes of a file that is put into a spool */
};

struct world_segment {
    uint64_t first; /* gives it its name; 0: it is not there */
    size_t size;
    uint8_t bytes[WORLD_FILE_MAX];
};

struct world_group {
    int segment;
    size_t from, begin_to, to; /* where it stands in its segment, and where its first record ends */
    uint64_t first;
    uint8_t sha256[RECORD_SHA256];
};

struct world {
    uint8_t stream[WIRE_STREAM_ID];
    struct world_segment segments[WORLD_SEGMENTS];
    struct world_group groups[WORLD_GROUPS];
};

void world_make(struct world *world);

/* Puts checksums, and the chain, right as far as records can be told apart. */
void world_repair(struct world_segment *segment);

/* Makes a slot of a cursor file one of this stream, with the numbers it has. */
void world_repair_slot(const struct world *world, uint8_t bytes[CURSOR_SLOT]);

/* Where a spool of these files may be opened. */
struct world_place {
    char folder[256];
    struct spool_settings settings;
    size_t notes;            /* how many were said since the last opening */
    bool lost[WORLD_GROUPS]; /* which files were */
};

/* A new folder with these segments and `current`; `cursor` may be NULL. */
void world_put(const struct world *world, struct world_place *place, const uint8_t *cursor,
               size_t cursor_size);
void world_remove(struct world_place *place);

/* spool_open, with what was said counted anew. */
int world_open(struct world_place *place, struct spool **ret_spool);

/* What holds for every spool that opened: all records are there, a survey and a second opening see
 * the same and have nothing to say, and it can be written. Closes `spool`. */
void world_check(struct world_place *place, struct spool *spool);

#endif
