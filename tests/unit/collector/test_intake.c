/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/intake_bench.h"

#include "platform/bus.h"

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

struct two_streams {
    struct ledger_stream_counts all[4];
    size_t count;
};

static int
take_stream(void *context, const struct ledger_stream_counts *stream)
{
    struct two_streams *streams = context;
    assert_true(streams->count < 4);
    streams->all[streams->count++] = *stream;
    return 0;
}

static void
greet(struct bench *b, const uint8_t *stream, uint64_t last)
{
    b->message->kind = WIRE_HELLO;
    b->message->as.hello =
        (struct wire_hello){ .version_min = 1, .version_max = 1, .stream_count = 1 };
    memcpy(b->message->as.hello.streams[0].id, stream, WIRE_STREAM_ID);
    b->message->as.hello.streams[0].last = last;
    exchange(b, b->author_wuxing);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
}

/* What an agent says it holds and what came of it stand side by side; an agent that begins anew
 * ends its old stream. */
static void
what_an_agent_holds_is_kept_beside_what_came(void **state)
{
    static const uint8_t stream_b[WIRE_STREAM_ID] = "stream B of wux";
    static const int64_t want[FATE_COUNT] = { 0, 2, 2, 0, 0, 0, 1 };
    struct bench *b = *state;
    struct err_note note = { "" };
    struct two_streams streams = { .count = 0 };
    struct ledger_counts counts;
    greet(b, stream_a, 9);
    good_file(b);
    send_records(b, b->author_wuxing, stream_a, 1, 5);
    expect_ok(ledger_each_stream(b->f->ledger, take_stream, &streams, &note), &note);
    assert_int_equal(1, streams.count);
    assert_string_equal("wuxing", streams.all[0].publisher);
    assert_int_equal(9, streams.all[0].held);
    assert_int_equal(5, streams.all[0].hwm);
    assert_memory_equal(want, streams.all[0].fates, sizeof want);
    assert_false(streams.all[0].has_ended);
    greet(b, stream_b, 0);
    streams.count = 0;
    expect_ok(ledger_each_stream(b->f->ledger, take_stream, &streams, &note), &note);
    assert_int_equal(2, streams.count);
    assert_true(streams.all[0].has_ended);
    assert_int_equal(9, streams.all[0].held);
    assert_false(streams.all[1].has_ended);
    expect_ok(ledger_count(b->f->ledger, &counts, &note), &note);
    assert_int_equal(0, counts.difference);
    assert_int_equal(5, counts.records);
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

/* A record of a type that only a later release knows: it is refused in words, its neighbours are
 * taken. Field 7 of a Record, and field 200, which may be skipped and then leaves nothing. */
static void
a_record_of_an_unknown_type_is_refused_alone(void **state)
{
    static const uint8_t later[2][6] = { { 7 << 3 | 2, 0, 0, 0, 0, 0 },
                                         { 0xc2, 0x0c, 1, 'x', 0, 0 } };
    static const size_t sizes[2] = { 2, 4 };
    static const char *const words[2] = { "record: unknown field 7",
                                          "record: 0 bodies, one expected" };
    for (size_t i = 0; i < 2; i++) {
        struct bench *b = *state;
        size_t first = b->count;
        struct sample row = sample_of("wuxing", "land", i ? "2023-03" : "2023-02", "1", "", 2);
        make_file(b, (char)('p' + (int)i), (struct sample[]){ row, row, row }, 3);
        memcpy(b->records[first + 2], later[i], sizes[i]);
        b->sizes[first + 2] = sizes[i];
        send_records(b, b->author_wuxing, stream_a, first + 1, b->count);
        assert_int_equal(WIRE_ACK, b->answer->kind);
        const struct wire_ack *ack = &b->answer->as.ack;
        assert_int_equal(FATE_STORED, ack->fates[1]);
        assert_int_equal(FATE_REJECTED, ack->fates[2]);
        assert_int_equal(FATE_UNCHANGED, ack->fates[3]);
        assert_int_equal(FATE_CONTROL, ack->fates[4]);
        assert_int_equal(first + 3, ack->notes[0].seq);
        assert_int_equal(REJECT_SYNTAX, ack->notes[0].code);
        assert_string_equal(words[i], ack->notes[0].text);
    }
}

/* What the last row of a file became. */
static enum wire_fate
send_file(struct bench *b, char mark, const char *value, const char *note_text)
{
    struct sample row = sample_of("wuxing", "land", "2023-02", value, "2023-03-12", 2);
    size_t before = b->count;
    (void)snprintf(row.note, sizeof row.note, "%s", note_text);
    make_file(b, mark, &row, 1);
    send_records(b, b->author_wuxing, stream_a, before + 1, b->count);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    return (enum wire_fate)b->answer->as.ack.fates[1];
}

/* By its bytes and its rows' bytes: whether they changed anything then does not matter. */
static void
a_file_given_again_changes_nothing(void **state)
{
    struct bench *b = *state;
    assert_int_equal(FATE_STORED, send_file(b, 'a', "100", ""));
    assert_int_equal(FATE_UNCHANGED, send_file(b, 'b', "100", ""));
    assert_int_equal(FATE_REVISION, send_file(b, 'c', "105", ""));
    assert_int_equal(FATE_DUPLICATE, send_file(b, 'a', "100", ""));
    assert_int_equal(FATE_DUPLICATE, send_file(b, 'b', "100", ""));
    assert_int_equal(2, observations(b));
    assert_int_equal(FATE_REVISION, send_file(b, 'a', "100", "other bytes under the same name"));
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
    read_answer(b);
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
                    (const uint8_t *)"garbage", 7, b->now, (struct mono_time){ 0 });
    }
    assert_true(intake_is_full(b->intake));
    b->round = intake_commit(b->intake, on_answer, b);
    assert_false(intake_is_full(b->intake));
    struct wire_data *data = &b->message->as.data;
    b->message->kind = WIRE_DATA;
    memcpy(data->stream, stream_a, sizeof data->stream);
    data->first = 1;
    data->record_count = WIRE_RECORDS_MAX;
    good_file(b);
    for (size_t i = 0; i < data->record_count; i++)
        data->records[i] = (struct wire_slice){ b->records[0], b->sizes[0] };
    for (; data->first < INTAKE_RECORDS_MAX; data->first += WIRE_RECORDS_MAX) {
        assert_false(intake_is_full(b->intake));
        int size = wire_pack(b->message, b->bytes, sizeof b->bytes, NULL);
        assert_true(size > 0);
        intake_take(b->intake, b->author_wuxing, (const uint8_t *)"peer", 4, b->bytes, (size_t)size,
                    b->now, (struct mono_time){ 0 });
    }
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
                7, b->now, (struct mono_time){ 0 });
    b->answers = 0;
    b->round = intake_commit(b->intake, on_answer, b);
    read_answer(b);
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
    assert_int_equal(
        2, counts.fates[FATE_REJECTED]); /* the unreadable one and the one without right */
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

static bool
third_time(void *context)
{
    int *asked = context;
    return ++*asked % 3 == 0;
}

/* A message that takes too long is taken in part; the rest comes again, and nothing twice. */
static void
a_long_message_is_taken_in_parts(void **state)
{
    struct bench *b = *state;
    int asked = 0;
    good_file(b);
    intake_set_budget(b->intake, &(struct budget){ third_time, &asked });
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(3, b->answer->as.ack.hwm);
    assert_int_equal(3, b->answer->as.ack.fate_count);
    assert_int_equal(1, observations(b));
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(b->count, b->answer->as.ack.hwm);
    assert_int_equal(b->count, b->answer->as.ack.fate_count);
    assert_int_equal(FATE_STORED, b->answer->as.ack.fates[1]);
    assert_int_equal(FATE_STORED, b->answer->as.ack.fates[3]);
    assert_int_equal(2, observations(b));
}

/* Nothing is refused, and nothing dated, by a wall clock that cannot be right. */
static void
a_wall_clock_that_stands_wrong_puts_data_off(void **state)
{
    struct bench *b = *state;
    good_file(b);
    intake_set_made(b->intake, noon(2023, 1, 1));
    b->now = noon(1970, 1, 2);
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_LATER, b->answer->kind);
    assert_non_null(strstr(b->answer->as.later.reason, "stands at 1970-01-02"));
    assert_non_null(strstr(b->round.clock, "stands at 1970-01-02"));
    assert_int_equal(0, observations(b));
    b->now = noon(2023, 6, 1);
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_string_equal("", b->round.clock);
    b->now = noon(2023, 5, 1); /* the ledger was written in June */
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_LATER, b->answer->kind);
    struct intake *restarted = intake_new(b->f->ledger, b->f->catalogue);
    intake_free(b->intake);
    b->intake = restarted;
    intake_set_registry(b->intake, b->registry);
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_LATER, b->answer->kind);
    b->message->kind = WIRE_HELLO; /* the agent has the same day */
    b->message->as.hello = (struct wire_hello){ .version_min = 1,
                                                .version_max = 1,
                                                .wall_time = noon(2023, 5, 1).seconds };
    exchange(b, b->author_wuxing);
    send_records(b, b->author_wuxing, stream_a, 1, b->count);
    assert_int_equal(WIRE_ACK, b->answer->kind);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        TEST(hello_is_welcomed_with_the_high_water_mark),
        TEST(what_an_agent_holds_is_kept_beside_what_came),
        TEST(a_file_is_stored_and_each_row_has_its_fate),
        TEST(sent_again_it_is_answered_alike_and_stored_once),
        TEST(a_file_given_again_changes_nothing),
        TEST(a_record_of_an_unknown_type_is_refused_alone),
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
        TEST(a_wall_clock_that_stands_wrong_puts_data_off),
        TEST(a_long_message_is_taken_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
