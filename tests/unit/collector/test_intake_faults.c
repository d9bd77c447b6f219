/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whichever call of SQLite fails, once or from then on, and whichever allocation: the agent is told
 * to come later, nothing of the message is in the ledger, and sent again it is taken as if nothing
 * had been. */
#include <unistd.h>

#include "tests/fakes/no_memory.h"
#include "tests/fakes/no_sqlite.h"
#include "tests/unit/collector/intake_bench.h"

/* What the collector knows at the end: the fates of all records, and the chain over them. */
struct outcome {
    uint8_t fates[64];
    size_t fate_count;
    uint64_t hwm;
    uint8_t chain[HASH_SIZE];
    struct ledger_counts counts;
};

static bool
has_failed(void)
{
    return no_sqlite.has_failed || no_memory.has_failed;
}

static void
arm(long sqlite_at, long memory_at)
{
    no_sqlite.at = sqlite_at;
    no_memory.at = memory_at;
}

/* Gives the message, and once more when there is no answer or it says Later: by then the fault is
 * over. */
static void
ask(struct bench *b)
{
    for (;;) {
        long sqlite_at = no_sqlite.at, memory_at = no_memory.at;
        int64_t before = ledger_position(b->f->ledger);
        give(b, b->author_wuxing);
        arm(0, 0); /* nothing fails while we look */
        if (b->answers == 1)
            read_answer(b);
        if (b->answers == 1 && b->answer->kind != WIRE_LATER) {
            arm(sqlite_at, memory_at);
            return;
        }
        assert_true(sqlite_at + memory_at > 0 && has_failed());
        if (b->answers == 0)
            continue;
        assert_true(b->answer->as.later.retry_after_ms > 0);
        assert_int_equal(1, b->round.data ? b->round.code < 0 : b->round.refused);
        assert_false(b->round.committed);
        assert_false(b->round.file_completed);
        assert_int_equal(before, ledger_position(b->f->ledger));
    }
}

static void
deliver(struct bench *b, size_t from, size_t to)
{
    make_data(b, stream_a, from, to);
    ask(b);
    assert_int_equal(WIRE_ACK, b->answer->kind);
    assert_int_equal(to, b->answer->as.ack.hwm);
    assert_int_equal(to - from + 1, b->answer->as.ack.fate_count);
}

static void
greet(struct bench *b)
{
    b->message->kind = WIRE_HELLO;
    b->message->as.hello =
        (struct wire_hello){ .version_min = 1, .version_max = 1, .stream_count = 1 };
    memcpy(b->message->as.hello.streams[0].id, stream_a, WIRE_STREAM_ID);
    ask(b);
    assert_int_equal(WIRE_WELCOME, b->answer->kind);
}

/* As after a change of keys, and as at a start. */
static void
begin_anew(struct bench *b)
{
    struct registry *registry = NULL;
    struct err_note note = { "" };
    int code = registry_read(b->f->ledger, b->f->catalogue, &registry, &note);
    struct intake *intake = intake_new(b->f->ledger, b->f->catalogue);
    if (code != 0 || !intake) {
        assert_true(has_failed() && (code == 0 || note.text[0] != '\0'));
        arm(0, 0);
    }
    if (code != 0) {
        assert_null(registry);
        expect_ok(registry_read(b->f->ledger, b->f->catalogue, &registry, &note), &note);
    }
    if (!intake)
        intake = intake_new(b->f->ledger, b->f->catalogue);
    intake_free(b->intake);
    registry_free(b->registry);
    b->intake = intake;
    b->registry = registry;
    intake_set_registry(b->intake, b->registry);
}

/* A file, in pieces that overlap; one that revises it; the first one again. */
static struct outcome
tell_story(struct bench *b)
{
    const struct sample revised[] = {
        sample_of("wuxing", "land", "2023-04", "410", "2023-05-20", 2),
        sample_of("wuxing", "growth", "2023-04", "-3.9", "2023-05-20", 3),
    };
    struct outcome outcome = { .hwm = 0 };
    struct err_note note = { "" };
    b->count = 0;
    good_file(b);
    make_file(b, 'b', revised, 2);
    good_file(b);
    begin_anew(b);
    greet(b);
    deliver(b, 1, 3);
    deliver(b, 1, 5);
    deliver(b, 1, 5);
    deliver(b, 6, 9);
    deliver(b, 10, 14);
    greet(b);
    arm(0, 0); /* what follows looks, and is not part of the story */
    deliver(b, 1, 14);
    const struct wire_ack *ack = &b->answer->as.ack;
    outcome.fate_count = ack->fate_count;
    memcpy(outcome.fates, ack->fates, ack->fate_count);
    outcome.hwm = ack->hwm;
    memcpy(outcome.chain, ack->chain, sizeof outcome.chain);
    expect_ok(ledger_count(b->f->ledger, &outcome.counts, &note), &note);
    return outcome;
}

static struct outcome
story_with(struct nth_call of_sqlite, struct nth_call of_memory)
{
    void *state = NULL;
    (void)bench_setup(&state); /* it asserts */
    no_sqlite = of_sqlite;
    no_memory = of_memory;
    struct outcome outcome = tell_story(state);
    (void)bench_teardown(&state);
    return outcome;
}

static void
check_outcome(const struct outcome *want, const struct outcome *got)
{
    assert_int_equal(want->fate_count, got->fate_count);
    assert_memory_equal(want->fates, got->fates, want->fate_count);
    assert_int_equal(want->hwm, got->hwm);
    assert_memory_equal(want->chain, got->chain, HASH_SIZE);
    assert_int_equal(want->counts.observations, got->counts.observations);
    assert_memory_equal(want->counts.fates, got->counts.fates, sizeof want->counts.fates);
    assert_int_equal(0, got->counts.difference);
}

static const struct nth_call never;

static void
the_story_without_faults(void **state)
{
    static const uint8_t fates[] = { FATE_CONTROL,   FATE_STORED,  FATE_REJECTED,  FATE_STORED,
                                     FATE_CONTROL,   FATE_CONTROL, FATE_REVISION,  FATE_UNCHANGED,
                                     FATE_CONTROL,   FATE_CONTROL, FATE_DUPLICATE, FATE_REJECTED,
                                     FATE_DUPLICATE, FATE_CONTROL };
    (void)state;
    const struct outcome outcome = story_with(never, never);
    assert_int_equal(sizeof fates, outcome.fate_count);
    assert_memory_equal(fates, outcome.fates, sizeof fates);
    assert_int_equal(3, outcome.counts.observations);
}

static void
no_fault_of_the_ledger_shows(void **state)
{
    (void)state;
    const struct outcome want = story_with(never, never);
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        long at = 0;
        do {
            at++;
            const struct nth_call fault = { .at = at, .is_for_ever = for_ever };
            const struct outcome got = story_with(fault, never);
            check_outcome(&want, &got);
        } while (has_failed());
        assert_true(at > 50); /* there were calls to fail */
    }
}

static void
no_want_of_memory_shows(void **state)
{
    (void)state;
    const struct outcome want = story_with(never, never);
    long at = 0;
    do {
        at++;
        const struct outcome got = story_with(never, (struct nth_call){ .at = at });
        check_outcome(&want, &got);
    } while (has_failed());
    assert_true(at > 20);
}

/* ---- a change of keys ---- */

static const char key_next[] = "Bv9&jGx!-kh<8FpGdKzk6E)E3)$vR+c0N?a/3JxI";

/* Gives the message until it has the answer that is due and what was noted is in the ledger; only a
 * fault makes that more than once. */
static void
ask_until(struct bench *b, const char *author, enum wire_kind want)
{
    for (int tries = 0; tries < 3; tries++) {
        give(b, author);
        if (b->answers == 1)
            read_answer(b);
        if (b->answers == 1 && b->answer->kind == want && b->round.code == 0)
            return;
        assert_true(no_sqlite.has_failed);
        assert_false(b->round.committed);
    }
    fail_msg("not answered after a single fault");
}

/* A call that failed has changed nothing and succeeds the second time. */
static int
again(int code)
{
    assert_true(code == 0 || no_sqlite.has_failed);
    return code;
}

static void
know_keys_again(struct bench *b)
{
    struct registry *fresh = NULL;
    if (again(registry_read(b->f->ledger, b->f->catalogue, &fresh, NULL)) != 0)
        assert_int_equal(0, registry_read(b->f->ledger, b->f->catalogue, &fresh, NULL));
    intake_set_registry(b->intake, fresh);
    registry_free(b->registry);
    b->registry = fresh;
}

static void
change_keys(struct bench *b)
{
    struct ledger *ledger = b->f->ledger;
    const struct wall_time later = { b->now.seconds + LEDGER_RETIRE_SECONDS + 1 };
    size_t retired = 0;
    char author[16];
    b->message->kind = WIRE_KEY_OFFER;
    memcpy(b->message->as.key_offer.public_key, key_next, WIRE_KEY);
    ask_until(b, b->author_wuxing, WIRE_KEY_ANSWER);
    assert_string_equal("", b->answer->as.key_answer.text);
    know_keys_again(b);
    assert_true(registry_admit(b->registry, key_next, author, sizeof author));
    assert_true(registry_is_new(b->registry, 3));
    memset(b->message, 0, sizeof *b->message);
    b->message->kind = WIRE_HELLO;
    b->message->as.hello = (struct wire_hello){ .version_min = 1, .version_max = 1 };
    ask_until(b, author, WIRE_WELCOME);
    know_keys_again(b);
    if (again(registry_note_came_over(ledger, 3, b->now, NULL)) != 0)
        assert_int_equal(0, registry_note_came_over(ledger, 3, b->now, NULL));
    if (again(registry_retire(ledger, later, &retired, NULL)) != 0)
        assert_int_equal(0, registry_retire(ledger, later, &retired, NULL));
    assert_int_equal(1, retired);
    know_keys_again(b);
    assert_false(registry_is_new(b->registry, 3));
    assert_true(registry_came_over(b->registry, 3));
    assert_true(registry_admit(b->registry, key_next, author, sizeof author));
    assert_false(registry_admit(b->registry, key_wuxing, author, sizeof author));
}

static void
a_change_of_keys_survives_each_fault(void **state)
{
    long at = 0;
    (void)state;
    do {
        void *inner = NULL;
        (void)bench_setup(&inner); /* it asserts */
        at++;
        no_sqlite = (struct nth_call){ .at = at };
        change_keys(inner);
        no_sqlite.at = 0;
        (void)bench_teardown(&inner);
    } while (no_sqlite.has_failed);
    assert_true(at > 20);
}

/* ---- a round of several ---- */

struct replies {
    uint8_t bytes[4][4096];
    size_t sizes[4];
    size_t count;
};

static void
keep_reply(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct replies *replies = context;
    (void)peer, (void)peer_size; /* in the order of the questions */
    assert_true(replies->count < 4 && size <= sizeof replies->bytes[0]);
    memcpy(replies->bytes[replies->count], bytes, size);
    replies->sizes[replies->count++] = size;
}

static enum wire_kind
kind_of(struct bench *b, const struct replies *replies, size_t i)
{
    struct err_note note = { "" };
    assert_true(i < replies->count);
    expect_ok(wire_unpack(replies->bytes[i], replies->sizes[i], b->answer, &note), &note);
    return b->answer->kind;
}

/* Two districts in one round: both are told that theirs is in the ledger, or both to come later. */
static void
a_round_is_taken_whole_or_not_at_all(void **state)
{
    static const uint8_t stream_b[WIRE_STREAM_ID] = "stream B of anj";
    long at = 0;
    (void)state;
    do {
        void *inner = NULL;
        (void)bench_setup(&inner); /* it asserts */
        struct bench *b = inner;
        struct replies replies = { .count = 0 };
        good_file(b);
        at++;
        no_sqlite = (struct nth_call){ .at = at };
        for (int i = 0; i < 2; i++) {
            const uint8_t *stream = i ? stream_b : stream_a;
            make_data(b, stream, 1, 5);
            int size = wire_pack(b->message, b->bytes, sizeof b->bytes, NULL);
            intake_take(b->intake, i ? b->author_anji : b->author_wuxing, (const uint8_t *)"peer",
                        4, b->bytes, (size_t)size, b->now, (struct mono_time){ 0 });
        }
        b->round = intake_commit(b->intake, keep_reply, &replies);
        arm(0, 0);
        assert_int_equal(2, replies.count);
        enum wire_kind want = b->round.code ? WIRE_LATER : WIRE_ACK;
        assert_int_equal(want, kind_of(b, &replies, 0));
        assert_int_equal(want, kind_of(b, &replies, 1));
        assert_true(no_sqlite.has_failed || !b->round.code);
        assert_int_equal(b->round.code ? 0 : 3, observations(b)); /* two of wuxing, one of anji */
        (void)bench_teardown(&inner);
    } while (no_sqlite.has_failed);
    assert_true(at > 30);
}

/* A key offered in a round that has failed already is not looked at: its agent offers it again. */
static void
an_offer_in_a_round_that_failed_is_put_off(void **state)
{
    long at = 0;
    size_t put_off = 0;
    (void)state;
    do {
        void *inner = NULL;
        (void)bench_setup(&inner); /* it asserts */
        struct bench *b = inner;
        struct replies replies = { .count = 0 };
        good_file(b);
        make_data(b, stream_a, 1, 5);
        int size = wire_pack(b->message, b->bytes, sizeof b->bytes, NULL);
        at++;
        no_sqlite = (struct nth_call){ .at = at };
        intake_take(b->intake, b->author_wuxing, (const uint8_t *)"peer", 4, b->bytes, (size_t)size,
                    b->now, (struct mono_time){ 0 });
        b->message->kind = WIRE_KEY_OFFER;
        memcpy(b->message->as.key_offer.public_key, key_next, WIRE_KEY);
        b->message->as.key_offer.public_key[WIRE_KEY] = '\0';
        size = wire_pack(b->message, b->bytes, sizeof b->bytes, NULL);
        assert_true(size > 0);
        intake_take(b->intake, b->author_anji, (const uint8_t *)"peer", 4, b->bytes, (size_t)size,
                    b->now, (struct mono_time){ 0 });
        b->round = intake_commit(b->intake, keep_reply, &replies);
        arm(0, 0);
        assert_int_equal(2, replies.count);
        assert_true(no_sqlite.has_failed || !b->round.code);
        assert_int_equal(b->round.code ? WIRE_LATER : WIRE_KEY_ANSWER, kind_of(b, &replies, 1));
        put_off += b->round.code != 0;
        (void)bench_teardown(&inner);
    } while (no_sqlite.has_failed);
    assert_true(put_off > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_story_without_faults),
        cmocka_unit_test(no_fault_of_the_ledger_shows),
        cmocka_unit_test(no_want_of_memory_shows),
        cmocka_unit_test(a_change_of_keys_survives_each_fault),
        cmocka_unit_test(a_round_is_taken_whole_or_not_at_all),
        cmocka_unit_test(an_offer_in_a_round_that_failed_is_put_off),
    };
    if (access("/dev/shm", W_OK) == 0) /* hundreds of ledgers, and no power is cut here */
        (void)setenv("TMPDIR", "/dev/shm", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
