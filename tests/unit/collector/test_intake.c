/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake.h"
#include "collector/registry.h"
#include "platform/bus.h"
#include "platform/hash.h"

static const uint8_t stream_a[WIRE_STREAM_ID] = "stream A of wux";
static const char key_wuxing[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char key_anji[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

/* A file's records, packed, and the answer that came last. */
struct bench {
    struct fixture *f;
    struct registry *registry;
    struct intake *intake;
    char author_wuxing[16], author_anji[16];
    uint8_t records[64][WIRE_RECORD_MAX];
    size_t sizes[64];
    size_t count;
    struct wire_message *message, *answer;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    uint8_t answer_bytes[WIRE_MESSAGE_MAX];
    size_t answers;
    struct intake_round round;
};

static void
on_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct bench *b = context;
    struct err_note note = { "" };
    assert_int_equal(4, peer_size);
    assert_memory_equal("peer", peer, 4);
    memcpy(b->answer_bytes, bytes, size);
    expect_ok(wire_unpack(b->answer_bytes, size, b->answer, &note), &note);
    b->answers++;
}

static int
bench_setup(void **state)
{
    void *inner = NULL;
    (void)fixture_setup(&inner); /* it asserts */
    struct bench *b = calloc(1, sizeof *b);
    struct err_note note = { "" };
    int64_t id = 0;
    assert_non_null(b);
    b->f = inner;
    expect_ok(ledger_begin(b->f->ledger, &note), &note);
    expect_ok(ledger_key_add(b->f->ledger, "wuxing", key_wuxing, noon(2023, 1, 1), &id, &note),
              &note);
    (void)snprintf(b->author_wuxing, sizeof b->author_wuxing, "%lld", (long long)id);
    expect_ok(ledger_key_add(b->f->ledger, "anji", key_anji, noon(2023, 1, 1), &id, &note), &note);
    (void)snprintf(b->author_anji, sizeof b->author_anji, "%lld", (long long)id);
    expect_ok(ledger_commit(b->f->ledger, &note), &note);
    expect_ok(registry_read(b->f->ledger, b->f->catalogue, &b->registry, &note), &note);
    b->intake = intake_new(b->f->ledger, b->f->catalogue);
    intake_set_registry(b->intake, b->registry);
    b->message = calloc(1, sizeof *b->message);
    b->answer = calloc(1, sizeof *b->answer);
    *state = b;
    return 0;
}

static int
bench_teardown(void **state)
{
    struct bench *b = *state;
    void *inner = b->f;
    intake_free(b->intake);
    registry_free(b->registry);
    free(b->message);
    free(b->answer);
    free(b);
    return fixture_teardown(&inner);
}

static void
add_record(struct bench *b, const struct record *record)
{
    struct err_note note = { "" };
    int size = record_pack(record, b->records[b->count], WIRE_RECORD_MAX, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    b->sizes[b->count++] = (size_t)size;
}

/* FileBegin, the rows, FileEnd. */
static void
make_file(struct bench *b, char mark, const struct sample *rows, size_t count)
{
    struct record record = { .type = RECORD_FILE_BEGIN,
                             .as.begin = { .name = "吴兴 5月.csv", .rows = (uint32_t)count } };
    memset(record.as.begin.sha256, mark, RECORD_SHA256);
    add_record(b, &record);
    for (size_t i = 0; i < count; i++) {
        record = (struct record){ .type = RECORD_SAMPLE, .as.sample = rows[i] };
        add_record(b, &record);
    }
    record = (struct record){ .type = RECORD_FILE_END, .as.end = { .rows = (uint32_t)count } };
    memset(record.as.end.sha256, mark, RECORD_SHA256);
    add_record(b, &record);
}

/* Gives the collector the message in b->message and takes the answer. */
static void
exchange(struct bench *b, const char *author)
{
    struct err_note note = { "" };
    int size = wire_pack(b->message, b->bytes, sizeof b->bytes, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    b->answers = 0;
    intake_take(b->intake, author, (const uint8_t *)"peer", 4, b->bytes, (size_t)size,
                noon(2023, 6, 1));
    b->round = intake_commit(b->intake, on_answer, b);
    assert_int_equal(1, b->answers);
}

/* Sends records from..to (numbers from 1, both included). */
static void
send_records(struct bench *b, const char *author, const uint8_t *stream, size_t from, size_t to)
{
    b->message->kind = WIRE_DATA;
    struct wire_data *data = &b->message->as.data;
    memcpy(data->stream, stream, sizeof data->stream);
    data->first = from;
    data->record_count = to - from + 1;
    for (size_t i = from; i <= to; i++)
        data->records[i - from] = (struct wire_slice){ b->records[i - 1], b->sizes[i - 1] };
    exchange(b, author);
}

static int64_t
observations(struct bench *b)
{
    struct ledger_counts counts;
    struct err_note note = { "" };
    expect_ok(ledger_count(b->f->ledger, &counts, &note), &note);
    return counts.observations;
}

static void
good_file(struct bench *b)
{
    struct sample rows[3] = { sample_of("wuxing", "land", "2023-04", "400", "2023-05-12", 2),
                              sample_of("anji", "land", "2023-04", "400", "2023-05-12", 3),
                              sample_of("wuxing", "growth", "2023-04", "-3.9", "2023-05-12", 4) };
    make_file(b, 'a', rows, 3);
}

static void
hello_is_welcomed_with_the_high_water_mark(void **state)
{
    struct bench *b = *state;
    uint8_t start[HASH_SIZE];
    hash_chain_start(stream_a, start);
    b->message->kind = WIRE_HELLO;
    b->message->as.hello =
        (struct wire_hello){ .version_min = 1, .version_max = 7, .stream_count = 1 };
    memcpy(b->message->as.hello.streams[0].id, stream_a, WIRE_STREAM_ID);
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
    assert_int_equal(WIRE_VERSION_MAX, b->answer->as.welcome.version);
    assert_int_equal(0, b->answer->as.welcome.marks[0].hwm);
    assert_memory_equal(start, b->answer->as.welcome.marks[0].chain, HASH_SIZE);
    b->message->as.hello.version_min = WIRE_VERSION_MAX + 1;
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_VERSION, b->answer->as.refuse.code);
}

static void
a_file_is_stored_and_each_row_has_its_fate(void **state)
{
    static const uint8_t want[] = { FATE_CONTROL, FATE_STORED, FATE_REJECTED, FATE_STORED,
                                    FATE_CONTROL };
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    const struct wire_ack *ack = &b->answer->as.ack;
    assert_int_equal(5, ack->hwm);
    assert_int_equal(5, ack->fate_count);
    assert_memory_equal(want, ack->fates, sizeof want);
    assert_int_equal(1, ack->note_count);
    assert_int_equal(3, ack->notes[0].seq);
    assert_int_equal(REJECT_RIGHT, ack->notes[0].code);
    assert_true(b->round.file_completed);
    assert_true(b->round.committed);
    assert_int_equal(2, observations(b));
    uint8_t chain[HASH_SIZE];
    hash_chain_start(stream_a, chain);
    for (size_t i = 0; i < 5; i++)
        hash_chain(chain, i + 1, b->records[i], b->sizes[i], chain);
    assert_memory_equal(chain, ack->chain, HASH_SIZE);
}

static void
sent_again_it_is_answered_alike_and_stored_once(void **state)
{
    struct bench *b = *state;
    uint8_t fates[5];
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 3);
    send_records(b, b->author_wuxing, stream_a, 1, 5); /* overlaps: two new ones */
    memcpy(fates, b->answer->as.ack.fates, sizeof fates);
    assert_int_equal(5, b->answer->as.ack.hwm);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    assert_memory_equal(fates, b->answer->as.ack.fates, sizeof fates);
    assert_int_equal(1, b->answer->as.ack.note_count);
    assert_int_equal(REJECT_RIGHT, b->answer->as.ack.notes[0].code);
    assert_false(b->round.committed);
    send_records(b, b->author_wuxing, stream_a, 2, 4);
    assert_int_equal(2, b->answer->as.ack.fates_first);
    assert_memory_equal(fates + 1, b->answer->as.ack.fates, 3);
    assert_int_equal(2, observations(b));
}

static void
a_hole_stores_nothing(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 2);
    send_records(b, b->author_wuxing, stream_a, 4, 5);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(2, b->answer->as.ack.hwm);
    assert_int_equal(0, b->answer->as.ack.fate_count);
    assert_int_equal(1, observations(b));
}

static void
another_content_under_a_known_number_is_a_fork(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    b->records[1][b->sizes[1] - 1] ^= 1; /* another bit in the first row */
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_FORK, b->answer->as.refuse.code);
    assert_int_equal(2, observations(b));
}

static void
a_stream_belongs_to_its_first_publisher(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 2);
    send_records(b, b->author_anji, stream_a, 3, 5);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_FORK, b->answer->as.refuse.code);
    assert_int_equal(1, observations(b));
}

static void
a_revoked_key_is_refused_at_the_next_message(void **state)
{
    struct bench *b = *state;
    struct err_note note = { "" };
    struct registry *fresh = NULL;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 2);
    expect_ok(ledger_key_revoke(b->f->ledger, 1, noon(2023, 6, 1), &note), &note);
    expect_ok(registry_read(b->f->ledger, b->f->catalogue, &fresh, &note), &note);
    intake_set_registry(b->intake, fresh);
    send_records(b, b->author_wuxing, stream_a, 3, 5);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_KEY, b->answer->as.refuse.code);
    assert_int_equal(1, observations(b));
    registry_free(fresh);
}

static void
a_peer_is_told_that_its_key_is_out(void **state)
{
    struct bench *b = *state;
    intake_refuse(b->intake, (const uint8_t *)"peer", 4, on_answer, b);
    assert_int_equal(1, b->answers);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_KEY, b->answer->as.refuse.code);
}

static void
a_round_is_full_of_messages_or_of_records(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < INTAKE_ROUND_MAX; i++) {
        assert_false(intake_is_full(b->intake));
        intake_take(b->intake, b->author_wuxing, (const uint8_t *)"peer", 4,
                    (const uint8_t *)"garbage", 7, noon(2023, 6, 1));
    }
    assert_true(intake_is_full(b->intake));
    b->round = intake_commit(b->intake, on_answer, b);
    assert_false(intake_is_full(b->intake));
    struct wire_data *data = &b->message->as.data;
    b->message->kind = WIRE_DATA;
    memcpy(data->stream, stream_a, sizeof data->stream);
    data->first = 1;
    data->record_count = INTAKE_RECORDS_MAX;
    good_file(b);
    for (size_t i = 0; i < data->record_count; i++)
        data->records[i] = (struct wire_slice){ b->records[0], b->sizes[0] };
    int size = wire_pack(b->message, b->bytes, sizeof b->bytes, NULL);
    assert_true(size > 0);
    intake_take(b->intake, b->author_wuxing, (const uint8_t *)"peer", 4, b->bytes, (size_t)size,
                noon(2023, 6, 1));
    assert_true(intake_is_full(b->intake));
    b->round = intake_commit(b->intake, on_answer, b);
    assert_int_equal(INTAKE_RECORDS_MAX, b->round.records);
    assert_false(intake_is_full(b->intake));
}

static void
the_credit_is_told(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 1);
    assert_int_equal(INTAKE_CREDIT, b->answer->as.ack.credit);
    intake_set_credit(b->intake, 3);
    send_records(b, b->author_wuxing, stream_a, 2, 3);
    assert_int_equal(3, b->answer->as.ack.credit);
}

static void
hello(struct bench *b, const char *author)
{
    memset(b->message, 0, sizeof *b->message);
    b->message->kind = WIRE_HELLO;
    b->message->as.hello.version_min = 1;
    b->message->as.hello.version_max = WIRE_VERSION_MAX;
    exchange(b, author);
}

static const char key_next[] = "Bv9&jGx!-kh<8FpGdKzk6E)E3)$vR+c0N?a/3JxI";

static void
offer(struct bench *b, const char *author, const char *key)
{
    memset(b->message, 0, sizeof *b->message);
    b->message->kind = WIRE_KEY_OFFER;
    memcpy(b->message->as.key_offer.public_key, key, WIRE_KEY);
    exchange(b, author);
}

/* The registry as the collector's loop reads it again. */
static void
read_again(struct bench *b)
{
    struct err_note note = { "" };
    struct registry *fresh = NULL;
    expect_ok(registry_read(b->f->ledger, b->f->catalogue, &fresh, &note), &note);
    intake_set_registry(b->intake, fresh);
    registry_free(b->registry);
    b->registry = fresh;
}

static void
a_key_introduces_its_follower(void **state)
{
    struct bench *b = *state;
    char author[BUS_AUTHOR_MAX + 1];
    offer(b, b->author_wuxing, key_next);
    assert_int_equal(WIRE_KEY_ANSWER, b->answer->kind);
    assert_string_equal(key_next, b->answer->as.key_answer.public_key);
    assert_string_equal("", b->answer->as.key_answer.text);
    assert_non_null(strstr(b->round.keys, "a key that follows was taken: publisher=wuxing key=1"));
    assert_false(registry_admit(b->registry, key_next, author, sizeof author));
    read_again(b);
    assert_true(registry_admit(b->registry, key_next, author, sizeof author));
    assert_true(registry_is_new(b->registry, 3));
    assert_false(registry_is_new(b->registry, 1));

    hello(b, b->author_wuxing);
    assert_string_equal("", b->round.keys); /* the old one is used */
    hello(b, author);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
    assert_non_null(strstr(b->round.keys, "used for the first time, the one before retires in 24"));
    read_again(b);
    assert_false(registry_is_new(b->registry, 3));
    hello(b, author);
    assert_string_equal("", b->round.keys);
    good_file(b);
    send_records(b, author, stream_a, 1, 2);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    send_records(b, b->author_wuxing, stream_a, 3, 3); /* both are in force */
    assert_int_equal(WIRE_ACK, b->answer->kind);
}

static void
what_is_no_follower_is_answered_in_words(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *key, *words;
    } rows[] = {
        { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "printed in libzmq's manual" },
        { "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~", "is no public key" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        offer(b, b->author_wuxing, rows[i].key);
        assert_int_equal(WIRE_KEY_ANSWER, b->answer->kind);
        assert_non_null(strstr(b->answer->as.key_answer.text, rows[i].words));
        assert_string_equal("", b->round.keys);
    }
    offer(b, b->author_anji, key_next);
    offer(b, b->author_wuxing, key_next);
    assert_non_null(strstr(b->answer->as.key_answer.text, "known already"));
    offer(b, "99", key_next);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
}

static void
versions_meet_at_the_lower(void **state)
{
    struct bench *b = *state;
    static const struct {
        uint32_t low, high, chosen;
    } rows[] = { { 1, 1, 1 }, { 1, 2, 2 }, { 2, 9, 2 }, { 3, 9, 0 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(b->message, 0, sizeof *b->message);
        b->message->kind = WIRE_HELLO;
        b->message->as.hello.version_min = rows[i].low;
        b->message->as.hello.version_max = rows[i].high;
        exchange(b, b->author_wuxing);
        if (rows[i].chosen == 0)
            assert_int_equal(REFUSAL_VERSION, b->answer->as.refuse.code);
        else
            assert_int_equal(rows[i].chosen, b->answer->as.welcome.version);
    }
}

static void
garbage_is_refused_in_words(void **state)
{
    struct bench *b = *state;
    intake_take(b->intake, b->author_wuxing, (const uint8_t *)"peer", 4, (const uint8_t *)"garbage",
                7, noon(2023, 6, 1));
    b->answers = 0;
    b->round = intake_commit(b->intake, on_answer, b);
    assert_int_equal(1, b->answers);
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(REFUSAL_MESSAGE, b->answer->as.refuse.code);
    assert_true(b->answer->as.refuse.text[0] != '\0');
}

static void
a_record_that_cannot_be_read_keeps_its_number(void **state)
{
    struct bench *b = *state;
    good_file(b);
    memset(b->records[1], 0xff, b->sizes[1]);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(5, b->answer->as.ack.hwm);
    assert_int_equal(FATE_REJECTED, b->answer->as.ack.fates[1]);
    assert_int_equal(FATE_STORED, b->answer->as.ack.fates[3]);
    struct ledger_counts counts;
    struct err_note note = { "" };
    expect_ok(ledger_count(b->f->ledger, &counts, &note), &note);
    assert_int_equal(2, counts.rejected); /* the unreadable one and the one without right */
}

static void
a_thousand_rejected_rows_still_get_an_answer(void **state)
{
    struct bench *b = *state;
    struct sample row = sample_of("anji", "land", "2023-04", "400", "2023-05-12", 2);
    memset(row.note, 'x', 190);
    make_file(b, 'a', &row, 1);
    b->message->kind = WIRE_DATA;
    struct wire_data *data = &b->message->as.data;
    memcpy(data->stream, stream_a, sizeof data->stream);
    data->first = 1;
    data->record_count = 700;
    data->records[0] = (struct wire_slice){ b->records[0], b->sizes[0] };
    for (size_t i = 1; i < data->record_count; i++)
        data->records[i] = (struct wire_slice){ b->records[1], b->sizes[1] };
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(699, b->answer->as.ack.note_count);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(hello_is_welcomed_with_the_high_water_mark),
        TEST(a_file_is_stored_and_each_row_has_its_fate),
        TEST(sent_again_it_is_answered_alike_and_stored_once),
        TEST(a_hole_stores_nothing),
        TEST(another_content_under_a_known_number_is_a_fork),
        TEST(a_stream_belongs_to_its_first_publisher),
        TEST(a_revoked_key_is_refused_at_the_next_message),
        TEST(a_peer_is_told_that_its_key_is_out),
        TEST(a_round_is_full_of_messages_or_of_records),
        TEST(the_credit_is_told),
        TEST(a_key_introduces_its_follower),
        TEST(what_is_no_follower_is_answered_in_words),
        TEST(versions_meet_at_the_lower),
        TEST(garbage_is_refused_in_words),
        TEST(a_record_that_cannot_be_read_keeps_its_number),
        TEST(a_thousand_rejected_rows_still_get_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
