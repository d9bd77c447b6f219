/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/spool_format.h"

#include <stdbool.h>
#include <string.h>

static const char segment_magic[8] = { 'P', 'W', 'S', 'P', 'O', 'O', 'L', '\n' };
static const char cursor_magic[8] = { 'P', 'W', 'C', 'U', 'R', 'S', 'O', 'R' };

static void
put_le(uint8_t *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t
get_le(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

/* Records and generations count from 1, and no further than messages can say. */
static bool
is_number(uint64_t seq)
{
    return seq >= 1 && seq <= INT64_MAX;
}

void
segment_head_pack(const struct segment_head *head, uint8_t bytes[SEGMENT_HEAD])
{
    memset(bytes, 0, SEGMENT_HEAD);
    memcpy(bytes, segment_magic, sizeof segment_magic);
    put_le(bytes + 8, SEGMENT_VERSION, 4);
    put_le(bytes + 12, SEGMENT_HEAD, 4);
    memcpy(bytes + 16, head->stream, WIRE_STREAM_ID);
    put_le(bytes + 32, head->first, 8);
    memcpy(bytes + 40, head->before, HASH_SIZE);
    put_le(bytes + 72, (uint64_t)head->created, 8);
    put_le(bytes + 80, head->uptime, 8);
    put_le(bytes + 92, hash_crc32c(0, bytes, 92), 4);
}

int
segment_head_unpack(const uint8_t bytes[SEGMENT_HEAD], struct segment_head *ret_head)
{
    if (memcmp(bytes, segment_magic, sizeof segment_magic) != 0)
        return ERR_DAMAGED;
    if (get_le(bytes + 92, 4) != hash_crc32c(0, bytes, 92))
        return ERR_DAMAGED;
    if (get_le(bytes + 8, 4) > SEGMENT_VERSION)
        return ERR_VERSION;
    if (!is_number(get_le(bytes + 32, 8)))
        return ERR_DAMAGED;
    memcpy(ret_head->stream, bytes + 16, WIRE_STREAM_ID);
    ret_head->first = get_le(bytes + 32, 8);
    memcpy(ret_head->before, bytes + 40, HASH_SIZE);
    ret_head->created = (int64_t)get_le(bytes + 72, 8);
    ret_head->uptime = get_le(bytes + 80, 8);
    return 0;
}

/* The checksum covers where the record stands: a block that went astray never looks valid. */
static uint32_t
record_crc(const uint8_t *bytes, size_t size, const uint8_t stream[WIRE_STREAM_ID], uint64_t offset)
{
    uint8_t place[8];
    put_le(place, offset, sizeof place);
    uint32_t crc = hash_crc32c(0, bytes, size);
    crc = hash_crc32c(crc, stream, WIRE_STREAM_ID);
    return hash_crc32c(crc, place, sizeof place);
}

void
segment_record_pack(const struct segment_record *record, const uint8_t stream[WIRE_STREAM_ID],
                    uint64_t offset, uint8_t *bytes)
{
    put_le(bytes, record->size, 4);
    bytes[4] = record->type;
    bytes[5] = record->flags;
    put_le(bytes + 6, 0, 2);
    put_le(bytes + 8, record->seq, 8);
    memcpy(bytes + 16, record->chain, sizeof record->chain);
    memcpy(bytes + RECORD_HEAD, record->payload, record->size);
    size_t covered = RECORD_HEAD + record->size;
    put_le(bytes + covered, record_crc(bytes, covered, stream, offset), 4);
}

int
segment_record_unpack(const uint8_t *bytes, size_t room, const uint8_t stream[WIRE_STREAM_ID],
                      uint64_t offset, struct segment_record *ret_record)
{
    static const uint8_t zeros[RECORD_HEAD] = { 0 };
    if (memcmp(bytes, zeros, room < RECORD_HEAD ? room : RECORD_HEAD) == 0)
        return ERR_ABSENT;
    if (room < RECORD_FRAME)
        return ERR_DAMAGED;
    size_t size = (size_t)get_le(bytes, 4);
    if (size == 0 || size > WIRE_RECORD_MAX || size > room - RECORD_FRAME || bytes[6] || bytes[7] ||
        bytes[5] > (RECORD_FLAG_FIRST | RECORD_FLAG_LAST))
        return ERR_DAMAGED;
    size_t covered = RECORD_HEAD + size;
    if (get_le(bytes + covered, 4) != record_crc(bytes, covered, stream, offset) ||
        !is_number(get_le(bytes + 8, 8)))
        return ERR_DAMAGED;
    ret_record->type = bytes[4];
    ret_record->flags = bytes[5];
    ret_record->seq = get_le(bytes + 8, 8);
    memcpy(ret_record->chain, bytes + 16, sizeof ret_record->chain);
    ret_record->payload = bytes + RECORD_HEAD;
    ret_record->size = size;
    return 0;
}

void
cursor_slot_pack(const struct cursor_slot *slot, uint8_t bytes[CURSOR_SLOT])
{
    memset(bytes, 0, CURSOR_SLOT);
    memcpy(bytes, cursor_magic, sizeof cursor_magic);
    put_le(bytes + 8, slot->generation, 8);
    memcpy(bytes + 16, slot->stream, WIRE_STREAM_ID);
    put_le(bytes + 32, slot->cursor, 8);
    put_le(bytes + 40, slot->safe_upto, 8);
    put_le(bytes + 60, hash_crc32c(0, bytes, 60), 4);
}

int
cursor_slot_unpack(const uint8_t bytes[CURSOR_SLOT], struct cursor_slot *ret_slot)
{
    if (memcmp(bytes, cursor_magic, sizeof cursor_magic) != 0 ||
        get_le(bytes + 60, 4) != hash_crc32c(0, bytes, 60) || !is_number(get_le(bytes + 8, 8)))
        return ERR_DAMAGED;
    ret_slot->generation = get_le(bytes + 8, 8);
    memcpy(ret_slot->stream, bytes + 16, WIRE_STREAM_ID);
    ret_slot->cursor = get_le(bytes + 32, 8);
    ret_slot->safe_upto = get_le(bytes + 40, 8);
    return 0;
}
