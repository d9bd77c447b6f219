/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages written byte by byte, each wrong in one way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "samples.h"

/* Bytes under construction. */
struct pen {
    uint8_t bytes[2 * WIRE_MESSAGE_MAX];
    size_t size;
};

static void
put_varint(struct pen *pen, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        pen->bytes[pen->size++] = (uint8_t)(value | 0x80);
    pen->bytes[pen->size++] = (uint8_t)value;
}

static void
put_number(struct pen *pen, unsigned field, uint64_t value)
{
    put_varint(pen, field << 3);
    put_varint(pen, value);
}

static void
put_bytes(struct pen *pen, unsigned field, const void *bytes, size_t size)
{
    put_varint(pen, field << 3 | 2);
    put_varint(pen, size);
    memcpy(pen->bytes + pen->size, bytes, size);
    pen->size += size;
}

static void
put_fill(struct pen *pen, unsigned field, size_t size)
{
    static uint8_t fill[WIRE_MESSAGE_MAX];
    memset(fill, 'x', sizeof fill);
    put_bytes(pen, field, fill, size);
}

static struct pen inner, part, whole;

static void
wrap(unsigned kind)
{
    whole.size = 0;
    put_bytes(&whole, kind, inner.bytes, inner.size);
}

static int
unpack_whole(struct err_note *note)
{
    struct wire_message *message = sample_message();
    uint8_t *copy = exact_copy(whole.bytes, whole.size);
    int rc = wire_unpack(copy, whole.size, message, note);
    if (rc < 0) {
        struct wire_message *zero = sample_message();
        assert_memory_equal(zero, message, sizeof *zero); /* untouched */
        free(zero);
    }
    free(copy);
    free(message);
    return rc;
}

static void
check(int code, const char *words)
{
    struct err_note note = { 0 };
    int rc = unpack_whole(&note);
    if (rc != code || (words && !strstr(note.text, words)))
        fail_msg("%d '%s', wanted %d '%s'", rc, note.text, code, words ? words : "");
}

static void
begin_hello(void)
{
    inner.size = 0;
    put_number(&inner, 1, 1);
    put_number(&inner, 2, 1);
}

static void
begin_ack(void)
{
    inner.size = 0;
    put_fill(&inner, 1, 16);
    put_fill(&inner, 3, 32);
}

static void
begin_data(void)
{
    inner.size = 0;
    put_fill(&inner, 1, 16);
    put_number(&inner, 2, 1);
}

static void
put_state(size_t id, size_t chain)
{
    part.size = 0;
    put_fill(&part, 1, id);
    put_fill(&part, 4, chain);
    put_bytes(&inner, 4, part.bytes, part.size);
}

static void
test_hello(void **state)
{
    (void)state;
    begin_hello();
    wrap(WIRE_HELLO);
    check(0, NULL);
    begin_hello();
    put_fill(&inner, 3, 256);
    wrap(WIRE_HELLO);
    check(ERR_RANGE, "hello: software: 256 bytes, 0..255 expected");
    static const size_t wrong[] = { 0, 15, 17 };
    for (size_t i = 0; i < 3; i++) {
        begin_hello();
        put_state(16, 32);
        put_state(wrong[i], 32);
        wrap(WIRE_HELLO);
        check(ERR_RANGE, "hello: streams[1]: id: ");
        check(ERR_RANGE, "bytes, 16 expected");
    }
    begin_hello();
    put_state(16, 33);
    wrap(WIRE_HELLO);
    check(ERR_RANGE, "hello: streams[0]: chain: 33 bytes, 32 expected");
    for (int count = 0; count <= 9; count++) {
        begin_hello();
        for (int i = 0; i < count; i++)
            put_state(16, 32);
        wrap(WIRE_HELLO);
        check(count <= 8 ? 0 : ERR_RANGE, count <= 8 ? NULL : "hello: streams: more than 8");
    }
    begin_hello();
    put_bytes(&inner, 4, "", 0);
    wrap(WIRE_HELLO);
    check(ERR_SYNTAX, "hello: streams[0]: id: missing");
}

static void
test_numbers(void **state)
{
    (void)state;
    inner.size = 0;
    put_number(&inner, 1, (uint64_t)UINT32_MAX + 1);
    put_number(&inner, 2, 1);
    wrap(WIRE_HELLO);
    check(ERR_RANGE, "hello: version_min: 4294967296, 1..4294967295 expected");
    inner.size = 0;
    put_number(&inner, 1, 0);
    put_number(&inner, 2, 1);
    wrap(WIRE_HELLO);
    check(ERR_RANGE, "hello: version_min: 0, ");
    inner.size = 0;
    put_number(&inner, 2, 1);
    wrap(WIRE_HELLO);
    check(ERR_SYNTAX, "hello: version_min: missing");
    begin_data();
    inner.size = 0;
    put_fill(&inner, 1, 16);
    put_number(&inner, 2, (uint64_t)INT64_MAX + 1);
    wrap(WIRE_DATA);
    check(ERR_RANGE, "data: first: 9223372036854775808");
}

static void
test_data(void **state)
{
    (void)state;
    begin_data();
    put_fill(&inner, 3, 4096);
    wrap(WIRE_DATA);
    check(0, NULL);
    begin_data();
    put_fill(&inner, 3, 1);
    put_fill(&inner, 3, 4097);
    wrap(WIRE_DATA);
    check(ERR_RANGE, "data: records[1]: 4097 bytes, 1..4096 expected");
    begin_data();
    put_fill(&inner, 3, 0);
    wrap(WIRE_DATA);
    check(ERR_RANGE, "data: records[0]: 0 bytes");
    for (int count = 999; count <= 1001; count++) {
        begin_data();
        for (int i = 0; i < count; i++)
            put_fill(&inner, 3, 1);
        wrap(WIRE_DATA);
        check(count <= 1000 ? 0 : ERR_RANGE, count <= 1000 ? NULL : "records: more than 1000");
    }
    inner.size = 0;
    put_fill(&inner, 1, 16);
    wrap(WIRE_DATA);
    check(ERR_SYNTAX, "data: first: missing");
    inner.size = 0;
    put_number(&inner, 2, 1);
    wrap(WIRE_DATA);
    check(ERR_SYNTAX, "data: stream: missing");
}

static void
test_ack(void **state)
{
    (void)state;
    static uint8_t fates[1001];
    begin_ack();
    put_bytes(&inner, 7, fates, 1000);
    wrap(WIRE_ACK);
    check(0, NULL);
    begin_ack();
    put_bytes(&inner, 7, fates, 1001);
    wrap(WIRE_ACK);
    check(ERR_RANGE, "ack: fates: 1001 bytes");
    fates[999] = FATE_COUNT;
    begin_ack();
    put_bytes(&inner, 7, fates, 1000);
    wrap(WIRE_ACK);
    check(ERR_RANGE, "ack: fates[999]: 7 is no fate");
    fates[999] = 0;
    for (int count = 1000; count <= 1001; count++) { /* the shortest notes: the budget must do */
        begin_ack();
        for (int i = 0; i < count; i++) {
            part.size = 0;
            put_number(&part, 1, 1);
            put_bytes(&inner, 8, part.bytes, part.size);
        }
        wrap(WIRE_ACK);
        check(count == 1000 ? 0 : ERR_RANGE, count == 1000 ? NULL : "ack: notes: more than 1000");
    }
    begin_ack();
    put_bytes(&inner, 8, "", 0);
    wrap(WIRE_ACK);
    check(ERR_SYNTAX, "ack: notes[0]: seq: missing");
    begin_ack();
    part.size = 0;
    put_number(&part, 1, 1);
    put_fill(&part, 3, 256);
    put_bytes(&inner, 8, part.bytes, part.size);
    wrap(WIRE_ACK);
    check(ERR_RANGE, "ack: notes[0]: text: 256 bytes");
}

static void
test_refuse_and_later(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 17; size++) {
        inner.size = 0;
        put_number(&inner, 1, 1);
        put_fill(&inner, 3, size);
        wrap(WIRE_REFUSE);
        bool is_right = size == 0 || size == 16;
        check(is_right ? 0 : ERR_RANGE, is_right ? NULL : "refuse: stream: ");
    }
    inner.size = 0;
    put_fill(&inner, 2, 256);
    wrap(WIRE_LATER);
    check(ERR_RANGE, "later: reason: 256 bytes");
}

static void
test_keys(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 41; size++) {
        inner.size = 0;
        if (size > 0)
            put_fill(&inner, 1, size);
        wrap(WIRE_KEY_OFFER);
        check(size == 40  ? 0
              : size == 0 ? ERR_SYNTAX
                          : ERR_RANGE,
              size == 40  ? NULL
              : size == 0 ? "key_offer: public_key: missing"
                          : "key_offer: public_key: ");
    }
    inner.size = 0;
    put_fill(&inner, 1, 40);
    put_fill(&inner, 2, 255);
    wrap(WIRE_KEY_ANSWER);
    check(0, NULL);
    inner.size = 0;
    put_fill(&inner, 1, 40);
    put_fill(&inner, 2, 256);
    wrap(WIRE_KEY_ANSWER);
    check(ERR_RANGE, "key_answer: text: 256 bytes");
    inner.size = 0;
    put_fill(&inner, 1, 40);
    put_fill(&inner, 3, 1);
    wrap(WIRE_KEY_ANSWER);
    check(ERR_SYNTAX, "key_answer: key answer: unknown field 3");
}

static void
test_texts(void **state)
{
    (void)state;
    static const char right_to_left[] = { (char)0xe2, (char)0x80, (char)0xae, '\0' };
    static const char *const bad[] = { "a\nb", "\x7f", "\xff", "\xc0\x80", right_to_left };
    for (size_t i = 0; i < 5; i++) {
        inner.size = 0;
        put_bytes(&inner, 2, bad[i], strlen(bad[i]));
        wrap(WIRE_LATER);
        check(ERR_SYNTAX, "later: reason: not UTF-8, or control characters in it");
    }
    inner.size = 0;
    put_bytes(&inner, 2, "a\0b", 3);
    wrap(WIRE_LATER);
    check(ERR_SYNTAX, "later: reason: ");
}

static void
test_envelope(void **state)
{
    (void)state;
    whole.size = 0;
    check(ERR_SYNTAX, "envelope: 0 bodies, one expected");
    inner.size = 0;
    wrap(WIRE_LATER);
    check(0, NULL); /* all its fields are optional */
    put_bytes(&whole, WIRE_LATER, "", 0);
    check(ERR_SYNTAX, "later: more than 1");
    wrap(WIRE_LATER);
    begin_hello();
    put_bytes(&whole, WIRE_HELLO, inner.bytes, inner.size);
    check(ERR_SYNTAX, "envelope: 2 bodies, one expected");
    inner.size = 0;
    wrap(WIRE_KIND_LAST + 1);
    check(ERR_SYNTAX, "envelope: unknown field 9");
    whole.size = 0;
    put_number(&whole, WIRE_LATER, 1);
    check(ERR_SYNTAX, "later: wire type 0, bytes expected");
    begin_hello();
    put_number(&inner, 2, 1); /* the same number twice */
    wrap(WIRE_HELLO);
    check(ERR_SYNTAX, "hello: version_max: more than 1");
    begin_hello();
    put_fill(&inner, 5, 1);
    wrap(WIRE_HELLO);
    check(ERR_SYNTAX, "hello: wall_time: wire type 2, a number expected");

    /* A message one byte too long, of fields that could be skipped. */
    inner.size = 0;
    wrap(WIRE_LATER);
    put_fill(&whole, 100, WIRE_MESSAGE_MAX - 7);
    assert_int_equal(WIRE_MESSAGE_MAX, whole.size);
    check(0, NULL);
    inner.size = 0;
    wrap(WIRE_LATER);
    put_fill(&whole, 100, WIRE_MESSAGE_MAX - 6);
    check(ERR_RANGE, "message of 262145 bytes, at most 262144");
}

static void
test_unknown_fields(void **state)
{
    (void)state;
    static const struct {
        unsigned number;
        bool is_skipped;
    } rows[] = { { 3, false }, { 99, false }, { 100, true }, { 536870911, true } };
    for (size_t i = 0; i < 4; i++) {
        inner.size = 0;
        put_number(&inner, rows[i].number, 5);
        wrap(WIRE_LATER);
        check(rows[i].is_skipped ? 0 : ERR_SYNTAX,
              rows[i].is_skipped ? NULL : "later: later: unknown field ");
    }
    for (unsigned type = 0; type < 8; type++) { /* 8 bytes behind a tag of each wire type */
        inner.size = 0;
        put_varint(&inner, 100 << 3 | type);
        static const uint8_t content[8] = { 3, 1, 2, 3, 0, 0, 0, 1 };
        static const size_t lengths[8] = { 1, 8, 4, 0, 0, 4, 0, 0 };
        memcpy(inner.bytes + inner.size, content, lengths[type]);
        inner.size += lengths[type];
        wrap(WIRE_LATER);
        bool is_known = type == 0 || type == 1 || type == 2 || type == 5;
        check(is_known ? 0 : ERR_SYNTAX, is_known ? NULL : "field 100 has wire type");
        if (is_known) {
            inner.size--;
            wrap(WIRE_LATER);
            check(ERR_SYNTAX, "field 100 is cut off or misshapen");
        }
    }
    for (int count = 64; count <= 65; count++) {
        inner.size = 0;
        for (int i = 0; i < count; i++)
            put_number(&inner, 100 + (unsigned)i, 1);
        wrap(WIRE_LATER);
        check(count == 64 ? 0 : ERR_RANGE, count == 64 ? NULL : "more than 64 unknown fields");
    }
    begin_data();
    put_fill(&inner, 3, 5);
    put_fill(&inner, 200, 7);
    put_fill(&inner, 3, 6);
    wrap(WIRE_DATA);
    put_number(&whole, 100, 1);
    struct wire_message *message = sample_message();
    assert_int_equal(0, wire_unpack(whole.bytes, whole.size, message, NULL));
    assert_int_equal(2, message->as.data.record_count);
    assert_int_equal(6, message->as.data.records[1].size);
    free(message);
}

static void
test_misshapen_varints(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } rows[] = {
        { "\x08\x80\x00", 3 },                                      /* longer than needed */
        { "\x88\x00\x01", 3 },                                      /* the tag too */
        { "\x12\x81\x00x", 4 },                                     /* a length too */
        { "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11 },     /* 65 bits */
        { "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12 }, /* 11 bytes */
        { "\x08\xff", 2 },                                          /* cut */
        { "\x08", 1 },
        { "\x00\x01", 2 },                                      /* field 0 */
        { "\x80\x80\x80\x80\x10\x01", 6 },                      /* field 2^29 */
        { "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11 }, /* a length of 2^64-1 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        inner.size = 0;
        memcpy(inner.bytes, rows[i].bytes, rows[i].size);
        inner.size = rows[i].size;
        wrap(WIRE_LATER);
        check(ERR_SYNTAX, "later: ");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_ack),
        cmocka_unit_test(test_refuse_and_later),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_envelope),
        cmocka_unit_test(test_unknown_fields),
        cmocka_unit_test(test_misshapen_varints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
