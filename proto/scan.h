/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looks at Protocol Buffers bytes before protobuf-c does: only fields we know, each of its declared
 * wire type, within its limits in size and number, to the depth of the schema. Private to proto/.
 *
 * The schema is told again here as tables, because pacewatch.proto cannot say how long a text may
 * be. A bad message costs one pass over its bytes and no memory. */
#ifndef PACEWATCH_PROTO_SCAN_H
#define PACEWATCH_PROTO_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "core/err.h"

enum {
    SCAN_FIELDS_MAX = 16, /* fields of one message type */
    SCAN_IGNORABLE_FROM =
        100, /* unknown field numbers from here on are skipped, those below are refused */
    SCAN_UNKNOWN_MAX = 64 /* skipped fields in one message with all its parts */
};

enum scan_kind {
    SCAN_NUMBER, /* uint32, uint64: low..high */
    SCAN_SIGNED, /* int64, sint32 (high is its largest encoded form) */
    SCAN_BYTES,  /* low..high bytes */
    SCAN_TEXT,   /* low..high bytes of clean UTF-8 */
    SCAN_PART    /* a message of type `part` */
};

struct scan_field {
    uint32_t number;
    enum scan_kind kind;
    const char *name;
    uint64_t low; /* above 0: the field is required */
    uint64_t high;
    unsigned times; /* at most so often; 0 means 1 */
    const struct scan_type *part;
};

struct scan_type {
    const char *name;
    const struct scan_field *fields;
    size_t field_count;
    bool is_choice; /* exactly one of the fields, exactly once */
};

/* One field as it stands in the bytes. */
struct scan_item {
    uint32_t number;
    uint32_t wire_type; /* 0 varint, 1 fixed64, 2 bytes, 5 fixed32 */
    uint64_t value;     /* of a varint */
    const uint8_t *bytes;
    size_t size;
};

struct scan_cursor {
    const uint8_t *at;
    const uint8_t *end;
};

/* Takes the next field: 1, 0 at the end, or ERR_SYNTAX. */
int scan_next(struct scan_cursor *cursor, struct scan_item *ret_item, struct err_note *note);

/* Checks a whole message. ERR_SYNTAX or ERR_RANGE; the note leads to the field: "ack: notes[3]:
 * text: ...". */
int scan_check(const struct scan_type *type, const uint8_t *bytes, size_t size,
               struct err_note *note);

/* An allocator for protobuf-c that refuses what goes beyond its budget. `left` is what may still be
 * taken; nothing is given back. The first bytes come from the budget itself: most records need no
 * more. It must not move while it is in use. */
enum { SCAN_ARENA = 1024 };
struct scan_budget {
    ProtobufCAllocator allocator;
    _Alignas(max_align_t) uint8_t arena[SCAN_ARENA];
    size_t used; /* of the arena */
    size_t left;
    bool has_no_memory; /* the system refused, not we */
};

void scan_budget_init(struct scan_budget *budget, size_t bytes);

/* Why protobuf-c could not unpack: -ENOMEM, which says nothing of the bytes, or ERR_SYNTAX. */
int scan_budget_fault(const struct scan_budget *budget, const char *what, struct err_note *note);

#endif
