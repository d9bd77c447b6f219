/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session when all goes well, and when messages, links or receipts get lost. */
#include "tests/unit/agent/stage.h"

static void
test_greets(void **state)
{
    struct stage *stage = *state;
    uint8_t chain[HASH_SIZE];
    put_file(stage->bench.spool, 1, 3);
    expect_state(stage, SESSION_CLOSED);
    link_ready(stage);
    expect_state(stage, SESSION_GREETING);
    const struct sent *hello = expect(stage, WIRE_HELLO);
    assert_memory_equal(spool_stream_id(stage->bench.spool), hello->stream.id, WIRE_STREAM_ID);
    assert_int_equal(1, hello->stream.first);
    assert_int_equal(5, hello->stream.last);
    assert_int_equal(0, spool_chain(stage->bench.spool, 5, chain));
    assert_memory_equal(chain, hello->stream.chain, HASH_SIZE);
    expect_quiet(stage);
}

static void
test_sends_within_credit(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 8); /* records 1..10, at most 3 a Data, 2 Data under way */
    begin(stage, 0);
    expect_state(stage, SESSION_SENDING);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    expect_quiet(stage);
    assert_false(session_is_drained(stage->session));
    say_ack(stage, 3, 1, 3);
    expect_data(stage, 7, 9);
    expect_quiet(stage);
    say_ack(stage, 6, 4, 6);
    expect_data(stage, 10, 10);
    say_ack(stage, 9, 7, 9);
    assert_string_equal("", stage->done);
    assert_int_equal(0, spool_cursor(stage->bench.spool));
    say_ack(stage, 10, 10, 10);
    assert_string_equal("1-10 ", stage->done);
    assert_int_equal(10, spool_cursor(stage->bench.spool));
    assert_true(session_is_drained(stage->session));
    expect_state(stage, SESSION_IDLE);
    pass(stage, 24 * 3600 * 1000);
    expect_quiet(stage);
    assert_int_equal(0, stage->reopened);
}

static void
test_new_records_while_idle(void **state)
{
    struct stage *stage = *state;
    begin(stage, 0);
    expect_state(stage, SESSION_IDLE);
    assert_true(session_is_drained(stage->session));
    put_file(stage->bench.spool, 1, 1);
    put_file(stage->bench.spool, 2, 1);
    session_on_spooled(stage->session, (struct mono_time){ stage->now });
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 6, 1, 6); /* one Ack for both */
    assert_string_equal("1-3 4-6 ", stage->done);
    expect_state(stage, SESSION_IDLE);
}

static void
test_no_credit(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 0)->credit = 0;
    say(stage);
    expect_quiet(stage);
    say_ack(stage, 0, 0, 0); /* credit comes with an Ack */
    expect_data(stage, 1, 3);
}

static void
test_rejected_rows_have_words(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    struct wire_ack *body = ack(stage, 3, 1, 3);
    body->fates[1] = FATE_REJECTED;
    body->note_count = 1;
    body->notes[0].seq = 2;
    body->notes[0].code = REJECT_RIGHT;
    (void)snprintf(body->notes[0].text, WIRE_TEXT_MAX, "(no right)");
    say(stage);
    assert_string_equal("1-3(no right) ", stage->done);
}

/* The ledger has the records, their acknowledgement was lost with the connection: they are sent
 * again for their fates. */
static void
test_welcome_beyond_cursor(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 4);
    begin(stage, 4);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 4, 1, 3);
    say_ack(stage, 6, 4, 6);
    assert_string_equal("1-6 ", stage->done);
}

/* One Ack of several is lost while the connection stands. */
static void
test_lost_ack(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 7);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 6, 4, 6); /* that for 1..3 got lost */
    expect_data(stage, 1, 3);
    expect_data(stage, 7, 9);
    say_ack(stage, 9, 7, 9);
    expect_quiet(stage); /* once is enough */
    say_ack(stage, 9, 1, 3);
    assert_string_equal("1-9 ", stage->done);
}

/* The collector keeps silent: the connection is opened anew, later and later, and never given up.
 */
static void
test_silence(void **state)
{
    struct stage *stage = *state;
    int64_t waited[12];
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    for (int i = 0; i < 12; i++) {
        int64_t start = stage->now;
        unsigned before = stage->reopened;
        while (stage->reopened == before) {
            stage->now = session_next_wake(stage->session).ms;
            tick(stage);
        }
        waited[i] = stage->now - start;
        link_ready(stage);
        (void)expect(stage, WIRE_HELLO);
    }
    for (int i = 0; i < 12; i++) {
        int64_t base = i < 5 ? 10000 << i : 300000;
        assert_in_range(waited[i], base, base + base / 4);
    }
    say_welcome(stage, 3); /* it had come after all */
    expect_data(stage, 1, 3);
    say_ack(stage, 3, 1, 3); /* progress: patience is short again */
    assert_string_equal("1-3 ", stage->done);
    put_file(stage->bench.spool, 2, 1);
    session_on_spooled(stage->session, (struct mono_time){ stage->now });
    expect_data(stage, 4, 6);
    int64_t wake = session_next_wake(stage->session).ms;
    assert_in_range(wake - stage->now, 10000, 12500);
}

static void
test_link_lost(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 7);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 3, 1, 3);
    expect_data(stage, 7, 9);
    link_lost(stage);
    expect_state(stage, SESSION_CLOSED);
    say_ack(stage, 9, 4, 9); /* from the old connection: too late */
    assert_string_equal("", stage->done);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    say_welcome(stage, 9);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    say_ack(stage, 9, 1, 3);
    expect_data(stage, 7, 9);
    say_ack(stage, 9, 4, 6);
    say_ack(stage, 9, 7, 9);
    assert_string_equal("1-9 ", stage->done);
}

/* After a while without any link the session asks for a new connection. */
static void
test_never_connected(void **state)
{
    struct stage *stage = *state;
    pass(stage, 3600 * 1000);
    assert_in_range(stage->reopened, 8, 20);
    expect_quiet(stage);
}

static void
test_send_fails(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    stage->send_code = -EAGAIN;
    link_ready(stage);
    pass(stage, 3500);
    expect_quiet(stage);
    stage->send_code = 0;
    pass(stage, 1000);
    (void)expect(stage, WIRE_HELLO);
    stage->send_code = -EAGAIN;
    say_welcome(stage, 0);
    expect_quiet(stage);
    stage->send_code = 0;
    pass(stage, 1000);
    expect_data(stage, 1, 3);
    assert_int_equal(0, stage->reopened);
}

/* ---- receipts ---- */

static void
test_receipt_fails(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    stage->done_code = -ENOSPC;
    say_ack(stage, 3, 1, 3);
    assert_int_equal(0, spool_cursor(stage->bench.spool));
    assert_false(session_is_drained(stage->session));
    pass(stage, 35000);
    stage->done_code = 0;
    pass(stage, 10000);
    assert_string_equal("1-3 ", stage->done);
    assert_true(session_is_drained(stage->session));
    expect_quiet(stage); /* the fates were kept */
    assert_int_equal(0, stage->reopened);
}

static void
test_rubbish(void **state)
{
    struct stage *stage = *state;
    static const uint8_t bytes[] = { 0xff, 0x00, 0x13 };
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    session_on_message(stage->session, bytes, sizeof bytes, (struct mono_time){ stage->now });
    session_on_message(stage->session, bytes, 0, (struct mono_time){ stage->now });
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_HELLO;
    stage->message->as.hello.version_min = stage->message->as.hello.version_max = 1;
    say(stage);
    say_ack(stage, 3, 1, 3);
    assert_string_equal("1-3 ", stage->done);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_greets),
        CASE(test_sends_within_credit),
        CASE(test_new_records_while_idle),
        CASE(test_no_credit),
        CASE(test_rejected_rows_have_words),
        CASE(test_welcome_beyond_cursor),
        CASE(test_lost_ack),
        CASE(test_silence),
        CASE(test_link_lost),
        CASE(test_never_connected),
        CASE(test_send_fails),
        CASE(test_receipt_fails),
        CASE(test_rubbish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
