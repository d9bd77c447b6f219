/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a message and as a record. What is taken must be something that can be sent, and
 * reads back as the same bytes. */
#include "fuzz.h"

#include <string.h>

#include "proto/wire.h"

static void
try_record(const uint8_t *bytes, size_t size)
{
    static uint8_t once[WIRE_RECORD_MAX], twice[WIRE_RECORD_MAX];
    struct record record;
    struct err_note note = { 0 };
    int rc = record_unpack(bytes, size, &record, &note);
    if (rc < 0) {
        FUZZ_CHECK(note.text[0] != '\0');
        return;
    }
    int length = record_pack(&record, once, sizeof once, &note);
    FUZZ_CHECK(length > 0);
    FUZZ_CHECK(record_unpack(once, (size_t)length, &record, &note) == 0);
    FUZZ_CHECK(record_pack(&record, twice, sizeof twice, &note) == length);
    FUZZ_CHECK(memcmp(once, twice, (size_t)length) == 0);
}

static void
try_message(const uint8_t *bytes, size_t size)
{
    static struct wire_message message;
    static uint8_t once[WIRE_MESSAGE_MAX], twice[WIRE_MESSAGE_MAX];
    struct err_note note = { 0 };
    int rc = wire_unpack(bytes, size, &message, &note);
    if (rc < 0) {
        FUZZ_CHECK(note.text[0] != '\0');
        return;
    }
    if (message.kind == WIRE_DATA)
        for (size_t i = 0; i < message.as.data.record_count; i++)
            try_record(message.as.data.records[i].bytes, message.as.data.records[i].size);
    int length = wire_pack(&message, once, sizeof once, &note);
    FUZZ_CHECK(length > 0 && (size_t)length <= size);
    FUZZ_CHECK(wire_unpack(once, (size_t)length, &message, &note) == 0);
    FUZZ_CHECK(wire_pack(&message, twice, sizeof twice, &note) == length);
    FUZZ_CHECK(memcmp(once, twice, (size_t)length) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    try_message(bytes, size);
    try_record(bytes, size);
    return 0;
}
