/* SPDX-License-Identifier: GPL-3.0-or-later
 * A session on a stage: the test speaks the collector's lines, in virtual time. */
#ifndef PACEWATCH_TESTS_UNIT_AGENT_STAGE_H
#define PACEWATCH_TESTS_UNIT_AGENT_STAGE_H

#include "tests/unit/agent/spooling.h"

#include "agent/session.h"

enum { SENT_MAX = 80 }; /* more than a session has under way at once */

/* What the session sent, unpacked as far as the tests ask. */
struct sent {
    enum wire_kind kind;
    struct wire_stream_state stream; /* Hello */
    uint64_t first, count;           /* Data */
    int64_t at;
};

struct stage {
    struct bench bench;
    struct session *session;
    int64_t now;
    struct sent sent[SENT_MAX];
    size_t sent_count, seen;
    int send_code;
    unsigned reopened;
    char done[1024]; /* "1-5 " a file */
    int done_code;
    char report[8192];
    struct wire_message *message;
};

static inline int
on_send(void *context, const uint8_t *bytes, size_t size)
{
    struct stage *stage = context;
    if (stage->send_code)
        return stage->send_code;
    assert_int_equal(0, wire_unpack(bytes, size, stage->message, NULL));
    assert_in_range(stage->sent_count, 0, SENT_MAX - 1);
    struct sent *sent = &stage->sent[stage->sent_count++];
    sent->kind = stage->message->kind;
    sent->at = stage->now;
    if (sent->kind == WIRE_HELLO)
        sent->stream = stage->message->as.hello.streams[0];
    if (sent->kind == WIRE_DATA) {
        sent->first = stage->message->as.data.first;
        sent->count = stage->message->as.data.record_count;
    }
    return 0;
}

static inline void
on_reopen(void *context)
{
    struct stage *stage = context;
    stage->reopened++;
}

static inline int
on_file_done(void *context, uint64_t first, uint64_t last, const struct wire_fate_note *notes,
             size_t note_count, const uint8_t *fates)
{
    struct stage *stage = context;
    size_t used = strlen(stage->done);
    if (stage->done_code)
        return stage->done_code;
    assert_int_equal(FATE_CONTROL, fates[0]);
    assert_int_equal(FATE_CONTROL, fates[last - first]);
    for (size_t i = 0; i < note_count; i++)
        assert_in_range(notes[i].seq, first, last);
    (void)snprintf(stage->done + used, sizeof stage->done - used, "%" PRIu64 "-%" PRIu64 "%s ",
                   first, last, note_count ? notes[0].text : "");
    return 0;
}

static inline void
on_report(void *context, const char *text)
{
    struct stage *stage = context;
    size_t used = strlen(stage->report);
    (void)snprintf(stage->report + used, sizeof stage->report - used, "%s\n", text);
}

static inline void
start_session(struct stage *stage)
{
    struct session_port port = { stage, on_send, on_reopen, on_file_done, on_report };
    session_free(stage->session);
    stage->session = session_new(stage->bench.spool, &port, 42);
    assert_non_null(stage->session);
}

static inline int
setup(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    folder_make(stage->bench.folder);
    stage->bench.settings = (struct spool_settings){
        .folder = stage->bench.folder,
        .segment_bytes = 4096,
        .retain_days = 90,
        .events = { &stage->bench, bench_note, bench_lost },
    };
    bench_open(&stage->bench);
    stage->message = malloc(sizeof *stage->message);
    assert_non_null(stage->message);
    stage->now = 1000;
    start_session(stage);
    *state = stage;
    return 0;
}

static inline int
teardown(void **state)
{
    struct stage *stage = *state;
    session_free(stage->session);
    spool_close(stage->bench.spool);
    folder_remove(stage->bench.folder);
    free(stage->message);
    free(stage);
    return 0;
}

/* ---- time ---- */

static inline void
tick(struct stage *stage)
{
    session_tick(stage->session, (struct mono_time){ stage->now }, T0);
}

/* Lets `ms` pass, waking the session when it asks. */
static inline void
pass(struct stage *stage, int64_t ms)
{
    int64_t end = stage->now + ms;
    for (int i = 0; i < 1000; i++) {
        int64_t wake = session_next_wake(stage->session).ms;
        if (wake > end)
            break;
        stage->now = wake > stage->now ? wake : stage->now;
        tick(stage);
    }
    stage->now = end;
    assert_true(session_next_wake(stage->session).ms >= end); /* it does not spin */
}

static inline void
link_ready(struct stage *stage)
{
    session_on_link_ready(stage->session, (struct mono_time){ stage->now }, T0);
    tick(stage);
}

static inline void
link_lost(struct stage *stage)
{
    session_on_link_lost(stage->session, (struct mono_time){ stage->now });
}

/* ---- the collector's lines ---- */

static inline void
say(struct stage *stage)
{
    static uint8_t bytes[WIRE_MESSAGE_MAX];
    struct err_note note = { { 0 } };
    int size = wire_pack(stage->message, bytes, sizeof bytes, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    session_on_message(stage->session, bytes, (size_t)size, (struct mono_time){ stage->now });
}

static inline struct wire_welcome *
welcome(struct stage *stage, uint64_t hwm)
{
    struct wire_welcome *body = &stage->message->as.welcome;
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_WELCOME;
    body->version = WIRE_VERSION_MAX;
    body->records_max = 3;
    body->bytes_max = WIRE_MESSAGE_MAX;
    body->credit = 2;
    body->mark_count = 1;
    body->marks[0].hwm = hwm;
    memcpy(body->marks[0].id, spool_stream_id(stage->bench.spool), WIRE_STREAM_ID);
    (void)spool_chain(stage->bench.spool, hwm, body->marks[0].chain);
    return body;
}

static inline void
say_welcome(struct stage *stage, uint64_t hwm)
{
    (void)welcome(stage, hwm);
    say(stage);
}

/* Fates for first..last as a collector gives them: control records, and samples stored. */
static inline struct wire_ack *
ack(struct stage *stage, uint64_t hwm, uint64_t first, uint64_t last)
{
    struct wire_ack *body = &stage->message->as.ack;
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_ACK;
    memcpy(body->stream, spool_stream_id(stage->bench.spool), WIRE_STREAM_ID);
    body->hwm = hwm;
    (void)spool_chain(stage->bench.spool, hwm, body->chain);
    body->credit = 2;
    body->fates_first = first;
    for (uint64_t seq = first; seq && seq <= last; seq++) {
        bool is_sample = get_record(stage->bench.spool, seq).type == RECORD_SAMPLE;
        body->fates[body->fate_count++] = is_sample ? FATE_STORED : FATE_CONTROL;
    }
    return body;
}

static inline void
say_ack(struct stage *stage, uint64_t hwm, uint64_t first, uint64_t last)
{
    (void)ack(stage, hwm, first, last);
    say(stage);
}

static inline void
say_later(struct stage *stage, uint32_t ms)
{
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_LATER;
    stage->message->as.later.retry_after_ms = ms;
    (void)snprintf(stage->message->as.later.reason, WIRE_TEXT_MAX, "disk full");
    say(stage);
}

static inline void
say_refuse(struct stage *stage, enum wire_refusal code, const char *text)
{
    memset(stage->message, 0, sizeof *stage->message);
    stage->message->kind = WIRE_REFUSE;
    stage->message->as.refuse.code = code;
    (void)snprintf(stage->message->as.refuse.text, WIRE_TEXT_MAX, "%s", text);
    say(stage);
}

/* ---- what must have been sent ---- */

static inline const struct sent *
expect(struct stage *stage, enum wire_kind kind)
{
    if (stage->seen == stage->sent_count)
        fail_msg("nothing was sent; reports:\n%s", stage->report);
    const struct sent *sent = &stage->sent[stage->seen++];
    assert_int_equal(kind, sent->kind);
    return sent;
}

static inline void
expect_data(struct stage *stage, uint64_t first, uint64_t last)
{
    const struct sent *sent = expect(stage, WIRE_DATA);
    assert_int_equal(first, sent->first);
    assert_int_equal(last, sent->first + sent->count - 1);
}

static inline void
expect_quiet(const struct stage *stage)
{
    assert_int_equal(stage->seen, stage->sent_count);
}

static inline void
expect_state(const struct stage *stage, enum session_state state)
{
    assert_string_equal(session_state_text(state, LANG_EN),
                        session_state_text(session_state(stage->session), LANG_EN));
}

/* Greets and is welcomed at `hwm`. */
static inline void
begin(struct stage *stage, uint64_t hwm)
{
    link_ready(stage);
    (void)expect(stage, WIRE_HELLO);
    say_welcome(stage, hwm);
}

#endif
