/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bytes of a spool's segment file; private to agent/spool*.c. The format with a worked example
 * is told in spool.h.
 */
#ifndef PACEWATCH_AGENT_SPOOL_FORMAT_H
#define PACEWATCH_AGENT_SPOOL_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "platform/hash.h"
#include "proto/wire.h"

enum {
    SEGMENT_HEAD = 96,
    SEGMENT_VERSION = 1,
    RECORD_HEAD = 32,
    RECORD_FRAME = RECORD_HEAD + 4, /* all of a record but its payload */
    RECORD_FLAG_FIRST = 1,          /* first of its group */
    RECORD_FLAG_LAST = 2,           /* last of its group */
    CURSOR_SLOT = 64,
    CURSOR_SLOT_STEP = 512 /* the two slots lie in different sectors */
};

struct segment_head {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t first;
    uint8_t before[HASH_SIZE]; /* h(first - 1) */
    int64_t created;           /* UTC seconds: for people */
    uint64_t uptime;           /* seconds the spool had been in use: what ages are counted by */
};

void segment_head_pack(const struct segment_head *head, uint8_t bytes[SEGMENT_HEAD]);

/* ERR_DAMAGED: no header of ours, or its checksum is wrong. ERR_VERSION: a newer format. */
int segment_head_unpack(const uint8_t bytes[SEGMENT_HEAD], struct segment_head *ret_head);

struct segment_record {
    uint8_t type;
    uint8_t flags;
    uint64_t seq;
    uint8_t chain[HASH_SIZE / 2];
    const uint8_t *payload;
    size_t size;
};

/* Writes RECORD_FRAME + size bytes. `offset` is where the record will stand in its file. */
void segment_record_pack(const struct segment_record *record, const uint8_t stream[WIRE_STREAM_ID],
                         uint64_t offset, uint8_t *bytes);

/* Reads the record at `bytes`, of which `room` may be read. 0, ERR_ABSENT for the zeros behind the
 * last record, or ERR_DAMAGED. The payload points into `bytes`. */
int segment_record_unpack(const uint8_t *bytes, size_t room, const uint8_t stream[WIRE_STREAM_ID],
                          uint64_t offset, struct segment_record *ret_record);

struct cursor_slot {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t generation;
    uint64_t cursor;
    uint64_t safe_upto;
};

void cursor_slot_pack(const struct cursor_slot *slot, uint8_t bytes[CURSOR_SLOT]);
int cursor_slot_unpack(const uint8_t bytes[CURSOR_SLOT], struct cursor_slot *ret_slot);

#endif
