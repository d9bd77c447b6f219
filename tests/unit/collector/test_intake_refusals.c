/* SPDX-License-Identifier: GPL-3.0-or-later
 * What intake does not take, and rounds of several messages. */
#include "tests/unit/collector/intake_bench.h"

static const uint8_t stream_b[WIRE_STREAM_ID] = "stream B of anj";

static void
hello_of(struct bench *b, const uint8_t *stream, uint32_t version_min, uint32_t version_max)
{
    b->message->kind = WIRE_HELLO;
    b->message->as.hello = (struct wire_hello){ .version_min = version_min,
                                                .version_max = version_max,
                                                .stream_count = 1 };
    memcpy(b->message->as.hello.streams[0].id, stream, WIRE_STREAM_ID);
}

static void
expect_refusal(const struct bench *b, enum wire_refusal code)
{
    assert_int_equal(WIRE_REFUSE, b->answer->kind);
    assert_int_equal(code, b->answer->as.refuse.code);
    assert_true(b->answer->as.refuse.text[0] != '\0');
    assert_int_equal(1, b->round.refused);
    assert_false(b->round.committed);
}

static void
who_is_not_enrolled_is_refused(void **state)
{
    static const char *const authors[] = { "99", "", "wuxing" };
    struct bench *b = *state;
    good_file(b);
    for (size_t i = 0; i < 3; i++) {
        send_records(b, authors[i], stream_a, 1, 5);
        expect_refusal(b, REFUSAL_KEY);
        hello_of(b, stream_a, 1, 1);
        exchange(b, authors[i]);
        expect_refusal(b, REFUSAL_KEY);
    }
    assert_int_equal(0, observations(b));
}

static void
no_common_version_is_refused(void **state)
{
    struct bench *b = *state;
    hello_of(b, stream_a, WIRE_VERSION_MAX + 1, WIRE_VERSION_MAX + 2);
    exchange(b, b->author_wuxing);
    expect_refusal(b, REFUSAL_VERSION);
    hello_of(b, stream_a, 1, UINT32_MAX);
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
}

static void
anothers_stream_is_refused_at_the_greeting(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    hello_of(b, stream_a, 1, 1);
    exchange(b, b->author_anji);
    expect_refusal(b, REFUSAL_FORK);
    assert_true(b->answer->as.refuse.has_stream);
    assert_memory_equal(stream_a, b->answer->as.refuse.stream, WIRE_STREAM_ID);
}

static void
what_only_collectors_say_is_refused(void **state)
{
    struct bench *b = *state;
    memset(b->message, 0, sizeof *b->message);
    b->message->kind = WIRE_LATER;
    exchange(b, b->author_wuxing);
    expect_refusal(b, REFUSAL_MESSAGE);
}

static void
add_sample(struct bench *b, const char *value)
{
    struct record record = { .type = RECORD_SAMPLE };
    record.as.sample = sample_of("wuxing", "land", "2023-04", value, "2023-05-12", 2);
    add_record(b, &record);
}

/* Rows and ends outside a file: each keeps its number, none gets into the ledger's series. */
static void
rows_outside_a_file_are_rejected(void **state)
{
    struct bench *b = *state;
    struct record end = { .type = RECORD_FILE_END };
    struct record bad = { .type = RECORD_REJECTED,
                          .as.rejected = { .row = 3, .code = REJECT_VALUE, .text = "no number" } };
    static const uint8_t want[] = { FATE_REJECTED, FATE_REJECTED, FATE_CONTROL };
    add_sample(b, "1");
    add_record(b, &bad);
    add_record(b, &end);
    for (int pass = 0; pass < 2; pass++) { /* new, and known */
        send_records(b, b->author_wuxing, stream_a, 1, 3);
        assert_int_equal(WIRE_ACK, b->answer->kind);
        const struct wire_ack *ack = &b->answer->as.ack;
        assert_int_equal(3, ack->hwm);
        assert_memory_equal(want, ack->fates, sizeof want);
        assert_int_equal(2, ack->note_count);
        assert_string_equal("a row outside a file", ack->notes[0].text);
        assert_int_equal(REJECT_VALUE, ack->notes[1].code);
        assert_string_equal("no number", ack->notes[1].text);
    }
    assert_int_equal(0, observations(b));
}

/* A file whose agent gave it up is closed by the next one; both keep what was taken. */
static void
a_new_file_ends_one_that_was_left_open(void **state)
{
    struct bench *b = *state;
    struct record begin = { .type = RECORD_FILE_BEGIN, .as.begin = { .name = "cut.csv" } };
    memset(begin.as.begin.sha256, 'c', RECORD_SHA256);
    add_record(b, &begin);
    add_sample(b, "300");
    good_file(b); /* says 400 for the same month */
    send_records(b, b->author_wuxing, stream_a, 1, 7);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(7, b->answer->as.ack.hwm);
    assert_int_equal(FATE_STORED, b->answer->as.ack.fates[1]);
    assert_int_equal(FATE_REVISION, b->answer->as.ack.fates[3]);
    assert_true(b->round.file_completed);
    assert_int_equal(3, observations(b));
}

/* ---- rounds ---- */

static size_t round_answers;

static void
count_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes,
             size_t size)
{
    (void)context, (void)peer, (void)peer_size, (void)bytes, (void)size; /* only how many */
    round_answers++;
}

static void
take(struct bench *b, const char *author)
{
    struct err_note note = { "" };
    int size = wire_pack(b->message, b->bytes, sizeof b->bytes, &note);
    assert_true(size > 0);
    intake_take(b->intake, author, (const uint8_t *)"peer", 4, b->bytes, (size_t)size, b->now,
                (struct mono_time){ 0 });
}

/* All of a round is in one transaction, whoever sent it; a fork among them costs only itself. */
static void
a_round_of_several(void **state)
{
    struct bench *b = *state;
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 2);
    hello_of(b, stream_a, 1, 1);
    take(b, b->author_wuxing);
    make_data(b, stream_a, 3, 4);
    take(b, b->author_wuxing);
    take(b, b->author_anji); /* not its stream */
    make_data(b, stream_b, 1, 2);
    take(b, b->author_anji); /* a row of wuxing: rejected */
    make_data(b, stream_a, 5, 5);
    take(b, b->author_wuxing);
    round_answers = 0;
    b->round = intake_commit(b->intake, count_answer, NULL);
    assert_int_equal(5, round_answers);
    assert_int_equal(5, b->round.messages);
    assert_int_equal(4, b->round.data);
    assert_int_equal(1, b->round.refused);
    assert_int_equal(0, b->round.code);
    assert_true(b->round.committed && b->round.file_completed);
    assert_int_equal(2, observations(b));
}

/* What does not fit into a round has no answer, and is asked again. */
static void
a_round_that_is_too_long(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < INTAKE_ROUND_MAX + 1; i++) {
        hello_of(b, stream_a, 1, 1);
        take(b, b->author_wuxing);
    }
    round_answers = 0;
    b->round = intake_commit(b->intake, count_answer, NULL);
    assert_int_equal(INTAKE_ROUND_MAX, round_answers);
    hello_of(b, stream_a, 1, 1);
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(who_is_not_enrolled_is_refused),
        TEST(no_common_version_is_refused),
        TEST(anothers_stream_is_refused_at_the_greeting),
        TEST(what_only_collectors_say_is_refused),
        TEST(rows_outside_a_file_are_rejected),
        TEST(a_new_file_ends_one_that_was_left_open),
        TEST(a_round_of_several),
        TEST(a_round_that_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
