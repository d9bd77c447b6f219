/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session when the collector disagrees: forks, restored ledgers, later, refuse. */
#include "tests/unit/agent/stage.h"

/* ---- fork, restored ledger ---- */

static void
check_forked(struct stage *stage, const uint8_t *old_id, uint64_t last)
{
    tick(stage);
    const struct sent *hello = expect(stage, WIRE_HELLO);
    assert_memory_not_equal(old_id, hello->stream.id, WIRE_STREAM_ID);
    assert_int_equal(last, hello->stream.last);
    say_welcome(stage, 0);
    expect_data(stage, 1, 3);
}

static void
test_fork_by_hash(void **state)
{
    struct stage *stage = *state;
    uint8_t id[WIRE_STREAM_ID];
    put_file(stage->bench.spool, 1, 1);
    put_file(stage->bench.spool, 2, 1);
    assert_int_equal(0, spool_set_cursor(stage->bench.spool, 3, NULL));
    start_session(stage);
    memcpy(id, spool_stream_id(stage->bench.spool), sizeof id);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 5)->marks[0].chain[0] ^= 1;
    say(stage);
    check_forked(stage, id, 6); /* no backup is known to hold the first file */
    assert_string_equal("file2.csv", get_record(stage->bench.spool, 4).as.begin.name);
    expect_data(stage, 4, 6);
    say_ack(stage, 3, 1, 3);
    say_ack(stage, 6, 4, 6);
    assert_string_equal("4-6 ", stage->done); /* the first has its receipt */
}

/* The agent's disk was restored: the collector has more than the spool. */
static void
test_fork_by_number(void **state)
{
    struct stage *stage = *state;
    uint8_t id[WIRE_STREAM_ID];
    put_file(stage->bench.spool, 1, 1);
    memcpy(id, spool_stream_id(stage->bench.spool), sizeof id);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 3)->marks[0].hwm = 4;
    say(stage);
    check_forked(stage, id, 3);
}

static void
test_fork_by_refusal(void **state)
{
    struct stage *stage = *state;
    uint8_t id[WIRE_STREAM_ID];
    put_file(stage->bench.spool, 1, 1);
    memcpy(id, spool_stream_id(stage->bench.spool), sizeof id);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    say_refuse(stage, REFUSAL_FORK, "other records");
    check_forked(stage, id, 3);
    say_refuse(stage, REFUSAL_FORK, "again"); /* twice without progress: something is wrong */
    expect_state(stage, SESSION_REFUSED);
    assert_string_equal("the collector and the spool disagree again after a fork",
                        session_words(stage->session));
}

static void
test_restored_ledger(void **state)
{
    struct stage *stage = *state;
    for (unsigned i = 1; i <= 3; i++)
        put_file(stage->bench.spool, i, 1);
    assert_int_equal(0, spool_set_cursor(stage->bench.spool, 9, NULL));
    start_session(stage);
    begin(stage, 3);
    expect_data(stage, 4, 6);
    expect_data(stage, 7, 9);
    say_ack(stage, 6, 4, 6);
    say_ack(stage, 9, 7, 9);
    assert_string_equal("", stage->done); /* they have their receipts */
    expect_state(stage, SESSION_IDLE);
    assert_int_equal(9, spool_cursor(stage->bench.spool));
}

/* The restored ledger is older than what is kept here: what is kept begins a new stream. */
static void
test_restored_too_far_back(void **state)
{
    struct stage *stage = *state;
    uint8_t id[WIRE_STREAM_ID];
    for (unsigned i = 1; i <= 30; i++)
        put_file(stage->bench.spool, i, 4);
    assert_int_equal(0, spool_set_cursor(stage->bench.spool, 180, NULL));
    use_for(stage->bench.spool, 100);
    uint64_t first = spool_first(stage->bench.spool);
    assert_true(first > 1);
    start_session(stage);
    memcpy(id, spool_stream_id(stage->bench.spool), sizeof id);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    struct wire_welcome *body = welcome(stage, 180);
    body->marks[0].hwm = 1;
    say(stage);
    check_forked(stage, id, 181 - first);
}

/* An acknowledgement with another hash is of somebody else's records. */
static void
test_foreign_ack(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    ack(stage, 3, 1, 3)->chain[5] ^= 1;
    say(stage);
    ack(stage, 3, 1, 3)->stream[0] ^= 1;
    say(stage);
    ack(stage, 3, 1, 3)->hwm = 4;
    say(stage);
    assert_string_equal("", stage->done);
    say_ack(stage, 3, 1, 3);
    assert_string_equal("1-3 ", stage->done);
}

/* What backups hold is told by the welcome and by every acknowledgement, but only by a collector
 * that has our records. */
static void
test_what_backups_hold(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    put_file(stage->bench.spool, 2, 1);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 3)->marks[0].safe_upto = 2;
    say(stage);
    assert_int_equal(2, spool_safe_upto(stage->bench.spool));
    struct wire_ack *body = ack(stage, 6, 1, 6);
    body->safe_upto = 6;
    body->chain[0] ^= 1;
    say(stage);
    assert_int_equal(2, spool_safe_upto(stage->bench.spool));
    ack(stage, 6, 1, 6)->safe_upto = 5;
    say(stage);
    assert_int_equal(5, spool_safe_upto(stage->bench.spool));
    bench_reopen(&stage->bench);
    assert_int_equal(5, spool_safe_upto(stage->bench.spool));
}

/* Fates beyond the high-water mark are no promise. */
static void
test_fates_beyond_hwm(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    say_ack(stage, 2, 1, 3);
    assert_string_equal("", stage->done);
    expect_data(stage, 3, 3); /* answered in part: the rest again */
    say_ack(stage, 3, 3, 3);
    assert_string_equal("1-3 ", stage->done);
}

static void
test_hole(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 7);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 3, 1, 3);
    expect_data(stage, 7, 9);
    say_ack(stage, 3, 0, 0); /* 4..6 did not arrive, 7..9 leaves a hole */
    expect_quiet(stage);     /* 4..6 are still under way */
    say_ack(stage, 2, 0, 0);
    expect_data(stage, 3, 5);
    expect_data(stage, 6, 8);
}

/* ---- later, refuse ---- */

static void
test_later(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 7);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 3, 1, 3);
    expect_data(stage, 7, 9);
    say_later(stage, 5000);
    say_later(stage, 5000); /* one for each Data under way */
    assert_string_equal("disk full", session_words(stage->session));
    pass(stage, 4999);
    expect_quiet(stage);
    pass(stage, 1);
    expect_data(stage, 4, 6);
    expect_data(stage, 7, 9);
    say_ack(stage, 9, 4, 6);
    say_ack(stage, 9, 7, 9);
    assert_string_equal("1-9 ", stage->done);
    assert_string_equal("", session_words(stage->session));
    assert_int_equal(0, stage->reopened);
}

static void
test_later_to_a_greeting(void **state)
{
    struct stage *stage = *state;
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    say_later(stage, 60000);
    pass(stage, 59999);
    expect_quiet(stage);
    expect_state(stage, SESSION_GREETING);
    pass(stage, 1);
    (void)expect(stage, WIRE_HELLO);
    say_welcome(stage, 0);
    expect_state(stage, SESSION_IDLE);
    assert_int_equal(0, stage->reopened);
}

/* Refused, then silent until `wait_s` are over, then greeted anew and served. */
static void
refuse_and_wait(struct stage *stage, enum wire_refusal code, int64_t wait_s)
{
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    say_refuse(stage, code, "the key was revoked");
    expect_state(stage, SESSION_REFUSED);
    assert_string_equal("the key was revoked", session_words(stage->session));
    link_lost(stage);
    expect_state(stage, SESSION_REFUSED);
    pass(stage, (wait_s - 1) * 1000);
    session_on_spooled(stage->session, (struct mono_time){ stage->now });
    expect_quiet(stage);
    assert_int_equal(0, stage->reopened);
    pass(stage, 1000);
    assert_int_equal(1, stage->reopened);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    say_welcome(stage, 0);
    expect_data(stage, 1, 3);
    assert_string_equal("", session_words(stage->session));
}

static void
test_refuse(void **state)
{
    refuse_and_wait(*state, REFUSAL_MESSAGE, 3600);
}

/* A key may be enrolled any time. */
static void
test_refuse_key(void **state)
{
    refuse_and_wait(*state, REFUSAL_KEY, 300);
}

/* Without a message of ours: the collector says so when a key is revoked. */
static void
test_refuse_while_idle(void **state)
{
    struct stage *stage = *state;
    begin(stage, 0);
    expect_state(stage, SESSION_IDLE);
    say_refuse(stage, REFUSAL_KEY, "the key was revoked");
    expect_state(stage, SESSION_REFUSED);
    assert_string_equal("the key was revoked", session_words(stage->session));
}

/* ---- the key that follows ---- */

static const char next_key[] = "a key that shall follow, of 40 characters";

static void
say_key(struct stage *stage, const char *key, const char *text)
{
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_KEY_ANSWER;
    memcpy(stage->message->as.key_answer.public_key, key, WIRE_KEY);
    (void)snprintf(stage->message->as.key_answer.text, WIRE_TEXT_MAX, "%s", text);
    say(stage);
}

static void
test_offer(void **state)
{
    struct stage *stage = *state;
    const char *words = NULL;
    assert_int_equal(SESSION_OFFER_NONE, session_offer(stage->session, &words));
    session_offer_key(stage->session, next_key, (struct mono_time){ stage->now });
    pass(stage, 1000);
    expect_quiet(stage); /* no session stands */
    begin(stage, 0);
    tick(stage);
    (void)expect(stage, WIRE_KEY_OFFER);
    pass(stage, 29000);
    expect_quiet(stage);
    pass(stage, 1000);
    (void)expect(stage, WIRE_KEY_OFFER); /* the answer was lost */
    say_key(stage, "an answer to another offer, 40 characters", "");
    assert_int_equal(SESSION_OFFER_WAITS, session_offer(stage->session, &words));
    say_key(stage, next_key, "");
    assert_int_equal(SESSION_OFFER_TAKEN, session_offer(stage->session, &words));
    pass(stage, 60000);
    expect_quiet(stage);
    say_key(stage, next_key, "too late");
    assert_int_equal(SESSION_OFFER_TAKEN, session_offer(stage->session, &words));
    session_offer_end(stage->session);
    assert_int_equal(SESSION_OFFER_NONE, session_offer(stage->session, &words));
    expect_state(stage, SESSION_IDLE);
}

static void
test_offer_refused(void **state)
{
    struct stage *stage = *state;
    const char *words = NULL;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    session_offer_key(stage->session, next_key, (struct mono_time){ stage->now });
    tick(stage);
    (void)expect(stage, WIRE_KEY_OFFER);
    say_key(stage, next_key, "known already");
    assert_int_equal(SESSION_OFFER_REFUSED, session_offer(stage->session, &words));
    assert_string_equal("known already", words);
    say_ack(stage, 3, 1, 3); /* what is under way is not touched */
    assert_string_equal("1-3 ", stage->done);
}

static void
test_offer_to_an_earlier_release(void **state)
{
    struct stage *stage = *state;
    const char *words = NULL;
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 0)->version = WIRE_VERSION_KEYS - 1;
    say(stage);
    session_offer_key(stage->session, next_key, (struct mono_time){ stage->now });
    tick(stage);
    expect_quiet(stage);
    assert_int_equal(SESSION_OFFER_REFUSED, session_offer(stage->session, &words));
    assert_non_null(strstr(words, "earlier release"));
}

static void
test_wrong_version(void **state)
{
    struct stage *stage = *state;
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 0)->version = WIRE_VERSION_MAX + 1;
    say(stage);
    expect_state(stage, SESSION_REFUSED);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_fork_by_hash),
        CASE(test_fork_by_number),
        CASE(test_fork_by_refusal),
        CASE(test_restored_ledger),
        CASE(test_restored_too_far_back),
        CASE(test_foreign_ack),
        CASE(test_what_backups_hold),
        CASE(test_fates_beyond_hwm),
        CASE(test_hole),
        CASE(test_later),
        CASE(test_later_to_a_greeting),
        CASE(test_offer),
        CASE(test_offer_refused),
        CASE(test_offer_to_an_earlier_release),
        CASE(test_refuse),
        CASE(test_refuse_key),
        CASE(test_refuse_while_idle),
        CASE(test_wrong_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
