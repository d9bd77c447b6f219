/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session when a collector's numbers make no sense, when the spool cannot be read, and when
 * memory runs out: it goes on as well as it can, and nothing is lost. */
#include "tests/fakes/no_memory.h"
#include "tests/unit/agent/stage.h"

/* ---- numbers of the collector ---- */

/* A window of records and bytes that is out of bounds is drawn into them. */
static void
test_limits_of_a_welcome(void **state)
{
    static const struct {
        uint32_t records_max, bytes_max;
        uint64_t first_last; /* last record of the first Data, of a file of 9 */
    } rows[] = {
        { 0, WIRE_MESSAGE_MAX, 1 }, { UINT32_MAX, UINT32_MAX, 9 }, { 1000, 0, 9 }, { 1, 1, 1 },
        { 5, WIRE_MESSAGE_MAX, 5 },
    };
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 7);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        link_ready(stage);
        (void)expect(stage, WIRE_HELLO);
        struct wire_welcome *body = welcome(stage, 0);
        body->records_max = rows[i].records_max;
        body->bytes_max = rows[i].bytes_max;
        body->credit = 1;
        say(stage);
        expect_data(stage, 1, rows[i].first_last);
        expect_quiet(stage);
        link_lost(stage);
    }
}

/* The largest record there may be goes, whatever the collector says it takes. */
static void
test_a_large_record_goes_alone(void **state)
{
    struct stage *stage = *state;
    static const uint8_t payload[WIRE_RECORD_MAX] = { 'x' };
    const struct spool_payload group[] = { { RECORD_FILE_BEGIN, payload, sizeof payload },
                                           { RECORD_FILE_END, payload, sizeof payload } };
    uint64_t first = 0;
    assert_int_equal(0, spool_append(stage->bench.spool, group, 2, T0, &first, NULL));
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    welcome(stage, 0)->bytes_max = 1;
    say(stage);
    expect_data(stage, 1, 1);
    expect_data(stage, 2, 2);
}

/* Waits are at least a tenth of a second and at most an hour. */
static void
test_bounds_of_later(void **state)
{
    static const struct {
        uint32_t asked;
        int64_t waited;
    } rows[] = { { 0, 100 }, { 99, 100 }, { 5000, 5000 }, { UINT32_MAX, 3600 * 1000 } };
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        say_later(stage, rows[i].asked);
        pass(stage, rows[i].waited - 1);
        expect_quiet(stage);
        pass(stage, 1);
        expect_data(stage, 1, 3);
    }
}

/* What comes when nothing was asked, or for another stream, is not for us. */
static void
test_answers_to_nobody(void **state)
{
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, 1);
    say_later(stage, 1000);
    say_refuse(stage, REFUSAL_KEY, "");
    say_welcome(stage, 0);
    say_ack(stage, 0, 0, 0);
    expect_state(stage, SESSION_CLOSED);
    begin(stage, 0);
    expect_data(stage, 1, 3);
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_REFUSE;
    struct wire_refuse *refuse = &stage->message->as.refuse;
    refuse->code = REFUSAL_FORK;
    refuse->has_stream = true;
    memset(refuse->stream, 7, sizeof refuse->stream); /* a stream of before a fork */
    say(stage);
    expect_state(stage, SESSION_SENDING);
    say_refuse(stage, REFUSAL_KEY, "");
    expect_state(stage, SESSION_REFUSED);
    assert_string_equal("without words", session_words(stage->session));
    say_later(stage, 1000);
    say_refuse(stage, REFUSAL_FORK, "too late");
    expect_state(stage, SESSION_REFUSED);
    assert_string_equal("without words", session_words(stage->session));
}

static void
test_every_state_has_its_words(void **state)
{
    (void)state; /* nothing is shared */
    for (int i = SESSION_CLOSED; i <= SESSION_REFUSED; i++) {
        const char *zh = session_state_text((enum session_state)i, LANG_ZH);
        const char *en = session_state_text((enum session_state)i, LANG_EN);
        assert_true(strlen(zh) > 1 && strlen(en) > 1 && strcmp(zh, en) != 0);
    }
    assert_string_equal("?", session_state_text((enum session_state)99, LANG_EN));
}

/* Whatever credit the collector gives, a bounded number is under way, and the session sleeps. */
static void
test_a_bounded_number_is_under_way(void **state)
{
    enum { ROWS = 100, AT_ONCE = 64 };
    struct stage *stage = *state;
    put_file(stage->bench.spool, 1, ROWS);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    struct wire_welcome *body = welcome(stage, 0);
    body->records_max = 1;
    body->credit = UINT32_MAX;
    say(stage);
    for (uint64_t seq = 1; seq <= AT_ONCE; seq++)
        expect_data(stage, seq, seq);
    pass(stage, 1);
    expect_quiet(stage);
}

/* What was refused stays so for its time, unless a new link comes. */
static void
test_a_refusal_ends_with_a_new_link(void **state)
{
    struct stage *stage = *state;
    begin(stage, 0);
    say_refuse(stage, REFUSAL_KEY, "who are you");
    expect_state(stage, SESSION_REFUSED);
    tick(stage);
    expect_state(stage, SESSION_REFUSED);
    expect_quiet(stage);
    assert_int_equal(0, stage->reopened);
    link_lost(stage);
    expect_state(stage, SESSION_REFUSED);
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    expect_state(stage, SESSION_GREETING);
}

/* A key is offered once, and again when its time has come; nobody need ask for the words. */
static void
test_an_offer_is_not_repeated_at_once(void **state)
{
    struct stage *stage = *state;
    begin(stage, 0);
    session_offer_key(stage->session, "Bv9&jGx!-kh<8FpGdKzk6E)E3)$vR+c0N?a/3JxI",
                      (struct mono_time){ stage->now });
    tick(stage);
    (void)expect(stage, WIRE_KEY_OFFER);
    tick(stage);
    expect_quiet(stage);
    assert_int_equal(SESSION_OFFER_WAITS, session_offer(stage->session, NULL));
    put_file(stage->bench.spool, 1, 1); /* under way: it is waited for first */
    session_on_spooled(stage->session, (struct mono_time){ stage->now });
    expect_data(stage, 1, 3);
    pass(stage, 1);
    expect_quiet(stage);
}

/* An Ack for records that are no longer here says nothing. */
static void
test_an_ack_of_the_past(void **state)
{
    struct stage *stage = *state;
    for (unsigned i = 1; i <= 4; i++)
        put_file(stage->bench.spool, i, 20);
    assert_int_equal(0, spool_set_cursor(stage->bench.spool, 88, NULL));
    use_for(stage->bench.spool, 100);
    assert_true(spool_first(stage->bench.spool) > 2);
    begin(stage, 88);
    expect_state(stage, SESSION_IDLE);
    say_ack(stage, 1, 0, 0);
    expect_state(stage, SESSION_IDLE);
    expect_quiet(stage);
    assert_string_equal("", stage->done);
}

/* ---- the spool ---- */

/* A record that cannot be read is told and tried again; what was damaged only for a while is sent.
 */
static void
test_an_illegible_record(void **state)
{
    struct stage *stage = *state;
    char path[256];
    size_t size = 0;
    put_file(stage->bench.spool, 1, 4);
    segment_path(&stage->bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    uint8_t *zeros = calloc(1, size);
    assert_non_null(zeros);
    spew(path, zeros, size);
    begin(stage, 0);
    expect_quiet(stage);
    assert_non_null(strstr(stage->report, "record 1 of the spool"));
    pass(stage, 9999);
    expect_quiet(stage);
    spew(path, bytes, size);
    pass(stage, 1);
    expect_data(stage, 1, 3);
    expect_data(stage, 4, 6);
    free(bytes);
    free(zeros);
}

/* ---- memory ---- */

/* A file with a rejected row on its way; `work` speaks the collector's lines. */
static void
with_each_fault(void (*work)(struct stage *stage))
{
    long at = 0;
    do {
        void *state = NULL;
        assert_int_equal(0, setup(&state));
        struct stage *stage = state;
        put_file(stage->bench.spool, 1, 1);
        begin(stage, 0);
        at++;
        no_memory = (struct nth_call){ .at = at };
        work(stage);
        no_memory.at = 0;
        assert_int_equal(0, teardown(&state));
    } while (no_memory.has_failed);
    assert_true(at > 1); /* there were some to fail */
}

static void
ack_with_words(struct stage *stage)
{
    long at = no_memory.at;
    no_memory.at = 0; /* the collector has memory */
    struct wire_ack *body = ack(stage, 3, 1, 3);
    body->fates[1] = FATE_REJECTED;
    body->note_count = 1;
    body->notes[0].seq = 2;
    body->notes[0].code = REJECT_VALUE;
    (void)snprintf(body->notes[0].text, sizeof body->notes[0].text, "why");
    static uint8_t bytes[WIRE_MESSAGE_MAX];
    int size = wire_pack(stage->message, bytes, sizeof bytes, NULL);
    assert_true(size > 0);
    no_memory.at = at;
    session_on_message(stage->session, bytes, (size_t)size, (struct mono_time){ stage->now });
}

/* A fate that finds no room is asked for again when the time is over: the receipt comes. */
static void
work_ack(struct stage *stage)
{
    ack_with_words(stage);
    no_memory.at = 0;
    for (int i = 0; i < 3 && !session_is_drained(stage->session); i++) {
        assert_true(no_memory.has_failed);
        assert_true(stage->report[0] != '\0');
        pass(stage, 20 * 1000); /* no answer in time: opened anew */
        link_ready(stage);
        stage->seen = stage->sent_count;
        say_welcome(stage, 3);
        ack_with_words(stage);
    }
    assert_true(session_is_drained(stage->session));
    expect_state(stage, SESSION_IDLE);
    assert_true(strncmp(stage->done, "1-3", 3) == 0);
}

static void
test_no_memory_for_fates(void **state)
{
    (void)state;
    with_each_fault(work_ack);
}

static void
work_new(struct stage *stage)
{
    struct session_port port = { stage, on_send, on_reopen, on_file_done, on_report };
    struct session *session = session_new(stage->bench.spool, &port, 0);
    assert_true((session == NULL) == no_memory.has_failed);
    session_free(session);
}

static void
test_no_memory_to_begin(void **state)
{
    (void)state;
    with_each_fault(work_new);
}

/* A fork that finds no memory is tried again by way of a new greeting. */
static void
work_fork(struct stage *stage)
{
    uint8_t id[WIRE_STREAM_ID];
    long at = no_memory.at;
    memcpy(id, spool_stream_id(stage->bench.spool), sizeof id);
    no_memory.at = 0;
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_REFUSE;
    stage->message->as.refuse.code = REFUSAL_FORK;
    static uint8_t bytes[WIRE_MESSAGE_MAX];
    int size = wire_pack(stage->message, bytes, sizeof bytes, NULL);
    assert_true(size > 0);
    no_memory.at = at;
    session_on_message(stage->session, bytes, (size_t)size, (struct mono_time){ stage->now });
    no_memory.at = 0;
    for (int i = 0; i < 2 && memcmp(id, spool_stream_id(stage->bench.spool), sizeof id) == 0; i++) {
        assert_true(no_memory.has_failed);
        pass(stage, 10 * 1000);
        session_on_message(stage->session, bytes, (size_t)size, (struct mono_time){ stage->now });
    }
    assert_memory_not_equal(id, spool_stream_id(stage->bench.spool), sizeof id);
    assert_int_equal(3, spool_last(stage->bench.spool));
}

static void
test_no_memory_for_a_fork(void **state)
{
    (void)state;
    with_each_fault(work_fork);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_limits_of_a_welcome),
        CASE(test_a_large_record_goes_alone),
        CASE(test_bounds_of_later),
        CASE(test_answers_to_nobody),
        cmocka_unit_test(test_every_state_has_its_words),
        CASE(test_a_bounded_number_is_under_way),
        CASE(test_a_refusal_ends_with_a_new_link),
        CASE(test_an_offer_is_not_repeated_at_once),
        CASE(test_an_ack_of_the_past),
        CASE(test_an_illegible_record),
        cmocka_unit_test(test_no_memory_for_fates),
        cmocka_unit_test(test_no_memory_to_begin),
        cmocka_unit_test(test_no_memory_for_a_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
