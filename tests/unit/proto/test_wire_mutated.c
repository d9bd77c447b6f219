/* SPDX-License-Identifier: GPL-3.0-or-later
 * Good messages with some bytes changed. Whatever is still taken must be a message that can be sent
 * again, and then says the same. The seed is printed; PACEWATCH_SEED=number repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "samples.h"

enum { ROUNDS = 60000 };

static uint64_t
choose_seed(void)
{
    const char *given = getenv("PACEWATCH_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("PACEWATCH_SEED=%" PRIu64 "\n", seed);
    return seed;
}

/* Changes, doubles or removes a few bytes; returns the new size, at most `max`. */
static size_t
mutate(uint8_t *bytes, size_t size, size_t max, uint64_t *seed)
{
    unsigned changes = 1 + next_random(seed) % 4;
    while (changes-- > 0 && size > 0) {
        size_t at = next_random(seed) % (size < 80 || next_random(seed) % 4 ? size : 80);
        size_t length = 1 + next_random(seed) % 8;
        if (at + length > size)
            length = size - at;
        switch (next_random(seed) % 4) {
        case 0:
            bytes[at] = (uint8_t)next_random(seed);
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1u << next_random(seed) % 8);
            break;
        case 2:
            memmove(bytes + at, bytes + at + length, size - at - length);
            size -= length;
            break;
        default:
            if (size + length > max)
                break;
            memmove(bytes + at + length, bytes + at, size - at);
            size += length;
            break;
        }
    }
    return size;
}

static void
test_messages(void **state)
{
    (void)state;
    static uint8_t good[WIRE_KIND_LAST + 1][WIRE_MESSAGE_MAX], bytes[WIRE_MESSAGE_MAX],
        again[WIRE_MESSAGE_MAX], third[WIRE_MESSAGE_MAX];
    size_t sizes[WIRE_KIND_LAST + 1] = { 0 }, taken = 0;
    struct wire_message *message = sample_message(), *second = sample_message();
    for (int kind = WIRE_HELLO; kind <= WIRE_KIND_LAST; kind++) {
        memset(message, 0, sizeof *message);
        sample_large((enum wire_kind)kind, message);
        if (kind == WIRE_DATA)
            for (size_t i = message->as.data.record_count = 4; i-- > 0;)
                message->as.data.records[i].size = 9;
        if (kind == WIRE_ACK)
            message->as.ack.note_count = message->as.ack.fate_count = 4;
        sizes[kind] = pack_or_fail(message, good[kind]);
    }
    uint64_t seed = choose_seed();
    for (int round = 0; round < ROUNDS; round++) {
        unsigned kind = WIRE_HELLO + next_random(&seed) % WIRE_KIND_LAST;
        memcpy(bytes, good[kind], sizes[kind]);
        size_t size = mutate(bytes, sizes[kind], sizeof bytes, &seed);
        uint8_t *copy = exact_copy(bytes, size);
        struct err_note note = { 0 };
        int rc = wire_unpack(copy, size, message, &note);
        if (rc == 0) {
            size_t length = pack_or_fail(message, again);
            assert_int_equal(0, wire_unpack(again, length, second, &note));
            assert_int_equal(length, pack_or_fail(second, third));
            assert_memory_equal(again, third, length);
            taken++;
        } else {
            assert_true(rc == ERR_SYNTAX || rc == ERR_RANGE);
            assert_string_not_equal("", note.text);
        }
        free(copy);
    }
    assert_in_range(taken, ROUNDS / 100, ROUNDS); /* else the test tests little */
    free(message);
    free(second);
}

static void
test_records(void **state)
{
    (void)state;
    uint8_t bytes[WIRE_RECORD_MAX], again[WIRE_RECORD_MAX], third[WIRE_RECORD_MAX];
    struct record record, second;
    uint64_t seed = choose_seed();
    size_t taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct err_note note = { 0 };
        unsigned type = RECORD_FILE_BEGIN + next_random(&seed) % RECORD_REJECTED;
        sample_record((enum record_type)type, next_random(&seed) % 2, &record);
        int length = record_pack(&record, bytes, sizeof bytes, &note);
        assert_true(length > 0);
        size_t size = mutate(bytes, (size_t)length, sizeof bytes, &seed);
        uint8_t *copy = exact_copy(bytes, size);
        int rc = record_unpack(copy, size, &record, &note);
        if (rc == 0) {
            length = record_pack(&record, again, sizeof again, &note);
            if (length <= 0)
                fail_msg("%s", note.text);
            assert_int_equal(0, record_unpack(again, (size_t)length, &second, &note));
            assert_int_equal(length, record_pack(&second, third, sizeof third, &note));
            assert_memory_equal(again, third, (size_t)length);
            taken++;
        } else {
            assert_true(rc == ERR_SYNTAX || rc == ERR_RANGE);
            assert_string_not_equal("", note.text);
        }
        free(copy);
    }
    assert_in_range(taken, ROUNDS / 100, ROUNDS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
