/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   22 LL        Envelope.data, LL bytes
 *      0a 10 ... Data.stream, 16 bytes
 *      10 05     Data.first = 5
 *      1a 03 ... Data.records[0], 3 bytes; one such line for each record */
#include "proto/wire_data.h"

#include <string.h>

enum {
    ENVELOPE_DATA = 4,
    DATA_STREAM = 1,
    DATA_FIRST = 2,
    DATA_RECORDS = 3,
    VARINT_MAX = 10,
    RECORD_HEAD = 3, /* tag, and a length of at most WIRE_RECORD_MAX */
    DATA_HEAD = 1 + 4 + 2 + WIRE_STREAM_ID + 1 + VARINT_MAX
};

static const struct scan_field data_fields[] = {
    { DATA_STREAM, SCAN_BYTES, "stream", WIRE_STREAM_ID, WIRE_STREAM_ID, 0, NULL },
    { DATA_FIRST, SCAN_NUMBER, "first", 1, INT64_MAX, 0, NULL },
    { DATA_RECORDS, SCAN_BYTES, "records", 1, WIRE_RECORD_MAX, WIRE_RECORDS_MAX, NULL },
};

const struct scan_type wire_data_type = { "data", data_fields, 3, false };

size_t
wire_data_size(size_t record_count, size_t record_bytes)
{
    return DATA_HEAD + RECORD_HEAD * record_count + record_bytes;
}

static size_t
varint_size(uint64_t value)
{
    size_t size = 1;
    while (value >>= 7)
        size++;
    return size;
}

static uint8_t *
put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* Tag and length of a field with bytes. */
static uint8_t *
put_head(uint8_t *at, unsigned field, size_t size)
{
    return put_varint(put_varint(at, field << 3 | 2), size);
}

int
wire_data_pack(const struct wire_data *data, uint8_t *bytes, size_t size, struct err_note *note)
{
    if (data->record_count > WIRE_RECORDS_MAX)
        return err_set(note, ERR_RANGE, "data: records: more than %d", WIRE_RECORDS_MAX);
    size_t body = 2 + WIRE_STREAM_ID + 1 + varint_size(data->first);
    for (size_t i = 0; i < data->record_count; i++) {
        size_t record = data->records[i].size;
        if (record < 1 || record > WIRE_RECORD_MAX)
            return err_set(note, ERR_RANGE, "data: records[%zu]: %zu bytes, 1..%d expected", i,
                           record, WIRE_RECORD_MAX);
        body += 1 + varint_size(record) + record;
    }
    size_t total = 1 + varint_size(body) + body;
    if (total > size)
        return err_set(note, ERR_RANGE, "data: takes %zu bytes, there is room for %zu", total,
                       size);

    uint8_t *at = put_head(bytes, ENVELOPE_DATA, body);
    at = put_head(at, DATA_STREAM, WIRE_STREAM_ID);
    memcpy(at, data->stream, WIRE_STREAM_ID);
    at += WIRE_STREAM_ID;
    at = put_varint(put_varint(at, DATA_FIRST << 3), data->first);
    for (size_t i = 0; i < data->record_count; i++) {
        at = put_head(at, DATA_RECORDS, data->records[i].size);
        memcpy(at, data->records[i].bytes, data->records[i].size);
        at += data->records[i].size;
    }
    return (int)total;
}

/* The body of an Envelope that was checked. */
static struct scan_item
body_of(const uint8_t *bytes, size_t size)
{
    struct scan_cursor cursor = { bytes, bytes + size };
    struct scan_item item = { 0 };
    while (scan_next(&cursor, &item, NULL) == 1)
        if (item.number < SCAN_IGNORABLE_FROM)
            break;
    return item;
}

uint32_t
wire_body_number(const uint8_t *bytes, size_t size)
{
    return body_of(bytes, size).number;
}

void
wire_data_unpack(const uint8_t *bytes, size_t size, struct wire_data *ret_data)
{
    struct scan_item item = body_of(bytes, size);
    struct scan_cursor cursor = { item.bytes, item.bytes + item.size };
    ret_data->record_count = 0;
    while (scan_next(&cursor, &item, NULL) == 1) {
        switch (item.number) {
        case DATA_STREAM:
            memcpy(ret_data->stream, item.bytes, WIRE_STREAM_ID);
            break;
        case DATA_FIRST:
            ret_data->first = item.value;
            break;
        case DATA_RECORDS:
            ret_data->records[ret_data->record_count++] =
                (struct wire_slice){ item.bytes, item.size };
            break;
        default: /* a field of a later release */
            break;
        }
    }
}
