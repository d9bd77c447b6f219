/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "pacewatch.pb-c.h"
#include "samples.h"

static uint8_t bytes[WIRE_MESSAGE_MAX], again[WIRE_MESSAGE_MAX];

static void
test_round_trips(void **state)
{
    (void)state;
    for (int kind = WIRE_HELLO; kind <= WIRE_KIND_LAST; kind++) {
        for (int is_large = 0; is_large < 2; is_large++) {
            struct wire_message *message = sample_message(), *got = sample_message();
            (is_large ? sample_large : sample_small)((enum wire_kind)kind, message);
            size_t size = pack_or_fail(message, bytes);
            uint8_t *copy = exact_copy(bytes, size);
            struct err_note note = { 0 };
            if (wire_unpack(copy, size, got, &note) != 0)
                fail_msg("kind %d: %s", kind, note.text);
            check_same(message, got);
            assert_int_equal(size, pack_or_fail(got, again)); /* deterministic */
            assert_memory_equal(bytes, again, size);
            free(copy);
            free(message);
            free(got);
        }
    }
}

/* A message that is used again keeps nothing of what was in it. */
static void
test_reuse(void **state)
{
    (void)state;
    struct wire_message *got = sample_message(), *message = sample_message();
    sample_large(WIRE_ACK, message);
    size_t size = pack_or_fail(message, bytes);
    assert_int_equal(0, wire_unpack(bytes, size, got, NULL));
    memset(message, 0, sizeof *message);
    sample_small(WIRE_ACK, message);
    size = pack_or_fail(message, bytes);
    assert_int_equal(0, wire_unpack(bytes, size, got, NULL));
    assert_int_equal(0, got->as.ack.note_count + got->as.ack.fate_count);
    assert_int_equal(size, pack_or_fail(got, again));
    assert_memory_equal(bytes, again, size);
    free(got);
    free(message);
}

static void
test_truncations(void **state)
{
    (void)state;
    struct wire_message *message = sample_message(), *got = sample_message();
    for (int kind = WIRE_HELLO; kind <= WIRE_KIND_LAST; kind++) {
        memset(message, 0, sizeof *message);
        sample_large((enum wire_kind)kind, message);
        if (kind == WIRE_DATA)
            message->as.data.record_count = 3;
        if (kind == WIRE_ACK)
            message->as.ack.note_count = 3;
        size_t size = pack_or_fail(message, bytes);
        size_t step = kind == WIRE_DATA ? 7 : 1;
        for (size_t cut = 0; cut < size; cut += step) {
            uint8_t *copy = exact_copy(bytes, cut);
            struct err_note note = { 0 };
            assert_true(wire_unpack(copy, cut, got, &note) < 0);
            assert_string_not_equal("", note.text);
            free(copy);
        }
    }
    struct wire_message *zero = sample_message();
    assert_memory_equal(zero, got, sizeof *zero); /* untouched by failures */
    free(zero);
    free(message);
    free(got);
}

static void
test_records_point_into_the_bytes(void **state)
{
    (void)state;
    struct wire_message *message = sample_message();
    sample_large(WIRE_DATA, message);
    size_t size = pack_or_fail(message, bytes);
    assert_int_equal(0, wire_unpack(bytes, size, message, NULL));
    assert_int_equal(WIRE_RECORDS_MAX, message->as.data.record_count);
    for (size_t i = 0; i < WIRE_RECORDS_MAX; i++) {
        const struct wire_slice *slice = &message->as.data.records[i];
        assert_true(slice->bytes > bytes && slice->bytes + slice->size <= bytes + size);
    }
    free(message);
}

static void
test_data_size(void **state)
{
    (void)state;
    struct wire_message *message = sample_message();
    sample_small(WIRE_DATA, message);
    static const size_t sizes[] = { 1, 127, 128, 4096 };
    for (size_t i = 0; i < 4; i++) {
        size_t max = sizes[i] == 4096 ? 60 : WIRE_RECORDS_MAX;
        for (size_t count = 0; count <= max; count += 20) {
            for (size_t k = 0; k < count; k++)
                message->as.data.records[k] =
                    (struct wire_slice){ message->as.data.records[0].bytes, sizes[i] };
            message->as.data.record_count = count;
            size_t size = pack_or_fail(message, bytes);
            size_t bound = wire_data_size(count, count * sizes[i]);
            assert_in_range(size, bound - count - 20, bound);
        }
    }
    sample_large(WIRE_DATA, message); /* filled up by wire_data_size */
    assert_in_range(pack_or_fail(message, bytes), WIRE_MESSAGE_MAX - 1200, WIRE_MESSAGE_MAX);
    free(message);
}

/* Data is written by hand: protobuf-c must read it and write the same. */
static void
test_data_is_what_protobuf_writes(void **state)
{
    (void)state;
    struct wire_message *message = sample_message();
    sample_large(WIRE_DATA, message);
    size_t size = pack_or_fail(message, bytes);
    Pacewatch__Envelope *envelope = pacewatch__envelope__unpack(NULL, size, bytes);
    assert_non_null(envelope);
    assert_int_equal(PACEWATCH__ENVELOPE__BODY_DATA, envelope->body_case);
    assert_int_equal(WIRE_RECORDS_MAX, envelope->data->n_records);
    assert_int_equal(size, pacewatch__envelope__get_packed_size(envelope));
    assert_int_equal(size, pacewatch__envelope__pack(envelope, again));
    assert_memory_equal(bytes, again, size);
    pacewatch__envelope__free_unpacked(envelope, NULL);
    free(message);
}

static void
test_pack_needs_room(void **state)
{
    (void)state;
    struct wire_message *message = sample_message();
    for (int kind = WIRE_HELLO; kind <= WIRE_KIND_LAST; kind++) {
        memset(message, 0, sizeof *message);
        sample_large((enum wire_kind)kind, message);
        struct err_note note = { 0 };
        size_t size = pack_or_fail(message, bytes);
        uint8_t *exact = exact_copy(bytes, size);
        assert_int_equal(size, wire_pack(message, exact, size, &note));
        assert_int_equal(ERR_RANGE, wire_pack(message, exact, size - 1, &note));
        assert_non_null(strstr(note.text, "there is room for"));
        assert_int_equal(ERR_RANGE, wire_pack(message, exact, 0, NULL));
        free(exact);
    }
    free(message);
}

static void
test_pack_checks(void **state)
{
    (void)state;
    struct wire_message *message = sample_message();
    struct err_note note = { 0 };
#define REFUSED(kind_, code, change, words)                                     \
    do {                                                                        \
        memset(message, 0, sizeof *message);                                    \
        sample_small(kind_, message);                                           \
        change;                                                                 \
        assert_int_equal(code, wire_pack(message, bytes, sizeof bytes, &note)); \
        if (!strstr(note.text, words))                                          \
            fail_msg("'%s', wanted '%s'", note.text, words);                    \
    } while (0)
    struct wire_hello *hello = &message->as.hello;
    struct wire_ack *ack = &message->as.ack;
    struct wire_data *data = &message->as.data;
    REFUSED(WIRE_HELLO, ERR_RANGE, hello->stream_count = 9, "hello: streams: 9, at most 8");
    REFUSED(WIRE_HELLO, ERR_SYNTAX, hello->version_min = 0, "hello: version_min: missing");
    REFUSED(WIRE_HELLO, ERR_RANGE, memset(hello->software, 'x', sizeof hello->software),
            "hello: software: does not end");
    REFUSED(WIRE_HELLO, ERR_SYNTAX, hello->software[0] = '\n', "hello: software: not UTF-8, or");
    REFUSED(WIRE_WELCOME, ERR_RANGE, message->as.welcome.mark_count = 9, "welcome: marks: 9");
    REFUSED(WIRE_WELCOME, ERR_RANGE, message->as.welcome.ledger_generation = UINT64_MAX,
            "welcome: ledger_generation: 18446744073709551615");
    REFUSED(WIRE_REFUSE, ERR_SYNTAX, message->as.refuse.code = 0, "refuse: code: missing");
    REFUSED(WIRE_REFUSE, ERR_SYNTAX, message->as.refuse.text[0] = (char)0xFF, "refuse: text: ");
    REFUSED(WIRE_DATA, ERR_RANGE, data->first = 0, "data: first: 0, 1..");
    REFUSED(WIRE_DATA, ERR_RANGE, data->first = (uint64_t)INT64_MAX + 1, "data: first: ");
    REFUSED(WIRE_DATA, ERR_RANGE, data->record_count = 1001, "data: records: more than 1000");
    REFUSED(WIRE_DATA, ERR_RANGE, data->records[0].size = 0, "data: records[0]: 0 bytes");
    REFUSED(WIRE_DATA, ERR_RANGE, data->records[0].size = 4097, "data: records[0]: 4097 bytes");
    REFUSED(WIRE_ACK, ERR_RANGE, ack->fate_count = 1001, "ack: fates: 1001, at most 1000");
    REFUSED(WIRE_ACK, ERR_RANGE, ack->note_count = 1001, "ack: notes: 1001, at most 1000");
    REFUSED(WIRE_ACK, ERR_RANGE, (ack->fate_count = 2, ack->fates[1] = FATE_COUNT),
            "ack: fates[1]: 7 is no fate");
    REFUSED(WIRE_ACK, ERR_SYNTAX, ack->note_count = 1, "ack: notes[0]: seq: missing");
    REFUSED(WIRE_LATER, ERR_SYNTAX, message->as.later.reason[0] = 1, "later: reason: ");
    REFUSED(WIRE_KEY_OFFER, ERR_RANGE, message->as.key_offer.public_key[39] = '\0',
            "key_offer: public_key: 39 bytes, 40 expected");
    REFUSED(WIRE_KEY_OFFER, ERR_RANGE, message->as.key_offer.public_key[40] = 'x',
            "key_offer: public_key: does not end");
    struct wire_key_answer *answer = &message->as.key_answer;
    REFUSED(WIRE_KEY_ANSWER, ERR_RANGE, answer->public_key[40] = 'x',
            "key_answer: public_key: does not end");
    REFUSED(WIRE_KEY_ANSWER, ERR_RANGE, memset(answer->text, 'x', sizeof answer->text),
            "key_answer: text: does not end");
    REFUSED(WIRE_LATER, ERR_RANGE,
            memset(message->as.later.reason, 'x', sizeof message->as.later.reason),
            "later: reason: does not end");
    REFUSED(WIRE_REFUSE, ERR_RANGE,
            memset(message->as.refuse.text, 'x', sizeof message->as.refuse.text),
            "refuse: text: does not end");
    REFUSED(WIRE_ACK, ERR_RANGE,
            (ack->note_count = 1, memset(ack->notes[0].text, 'x', sizeof ack->notes[0].text)),
            "ack: notes: text: does not end");
    REFUSED(WIRE_KEY_ANSWER, ERR_SYNTAX, message->as.key_answer.public_key[0] = '\n',
            "key_answer: public_key: not UTF-8, or control");
    REFUSED(WIRE_KEY_ANSWER, ERR_SYNTAX, message->as.key_answer.text[0] = 1, "key_answer: text: ");
    REFUSED(WIRE_LATER, ERR_RANGE, message->kind = (enum wire_kind)99, "no such kind");
#undef REFUSED
    memset(message, 0, sizeof *message);
    sample_large(WIRE_ACK, message);
    for (size_t i = 0; i < WIRE_RECORDS_MAX; i++)
        memset(message->as.ack.notes[i].text, 'x', WIRE_TEXT_MAX);
    assert_int_equal(ERR_RANGE, wire_pack(message, bytes, sizeof bytes, NULL)); /* over 256 KiB */
    free(message);
}

static void
test_fate_texts(void **state)
{
    (void)state;
    assert_string_equal("退回", fate_text(FATE_REJECTED, LANG_ZH));
    assert_string_equal("rejected", fate_text(FATE_REJECTED, LANG_EN));
    assert_string_equal("not known yet", fate_text(FATE_NONE, LANG_EN));
    assert_string_equal("?", fate_text(FATE_COUNT, LANG_EN));
    assert_string_equal("?", fate_text((enum wire_fate)99, LANG_ZH));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),     cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_truncations),     cmocka_unit_test(test_records_point_into_the_bytes),
        cmocka_unit_test(test_data_size),       cmocka_unit_test(test_data_is_what_protobuf_writes),
        cmocka_unit_test(test_pack_needs_room), cmocka_unit_test(test_pack_checks),
        cmocka_unit_test(test_fate_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
