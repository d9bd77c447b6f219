/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     CLOSED ── link ready ──> GREETING ── Welcome ──> SENDING <── records, no records ──> IDLE
 *       ^                       │  ^ Later, fork        │  ^ Ack, Later                    │
 *       └ link lost, no answer ─┴──┴────────────────────┴──┴────────────────────────────────┘
 *     any but CLOSED ── Refuse ──> REFUSED ── a while, or a new link ──> CLOSED, GREETING */
#include "agent/session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/session_private.h"
#include "agent/words.h"

const char *
session_state_text(enum session_state state, enum lang lang)
{
    switch (state) {
    case SESSION_CLOSED:
        return words_pick(lang, "未连接", "not connected");
    case SESSION_GREETING:
        return words_pick(lang, "等待市级应答", "waiting for the collector's welcome");
    case SESSION_SENDING:
        return words_pick(lang, "正在发送", "sending");
    case SESSION_IDLE:
        return words_pick(lang, "已连接，全部发出", "connected, nothing left to send");
    case SESSION_REFUSED:
        return words_pick(lang, "被市级拒绝", "refused by the collector");
    default:
        return "?";
    }
}

void
session_report(struct session *session, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* a cut text is still a text */
    va_end(args);
    session->port.report(session->port.context, text);
}

static void
session_say(struct session *session, const char *text)
{
    text_clean(text, strlen(text), session->words, sizeof session->words);
}

struct session *
session_new(struct spool *spool, const struct session_port *port, uint64_t seed)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    session->spool = spool;
    session->port = *port;
    session->random = seed ? seed : 1;
    session->patience_ms = PATIENCE_MIN_MS;
    session->answer_by = session->receipt_at = NEVER;
    session->hold_until = INT64_MIN;
    session->in = malloc(sizeof *session->in);
    session->out = malloc(sizeof *session->out);
    session->packed = malloc(WIRE_MESSAGE_MAX);
    session->records = malloc(WIRE_MESSAGE_MAX + WIRE_RECORD_MAX);
    if (!session->in || !session->out || !session->packed || !session->records) {
        session_free(session);
        return NULL;
    }
    fates_reset(&session->fates, spool_cursor(spool) + 1);
    return session;
}

void
session_free(struct session *session)
{
    if (!session)
        return;
    fates_done(&session->fates);
    free(session->in);
    free(session->out);
    free(session->packed);
    free(session->records);
    free(session);
}

/* ---- states ---- */

/* No connection, nothing under way; a new one is asked for when none comes by itself. */
static void
session_close(struct session *session, int64_t now)
{
    session->state = SESSION_CLOSED;
    session->must_greet = false;
    session_rewind(session);
    session_await(session, now);
}

/* No answer in time: the connection is opened anew, the next wait is longer. It never gives up. */
static void
session_fail(struct session *session, int64_t now)
{
    int64_t waited = session->patience_ms;
    session->patience_ms = waited * 2 < PATIENCE_MAX_MS ? waited * 2 : PATIENCE_MAX_MS;
    session_report(session, "no answer in %" PRId64 " s, opening the connection anew",
                   waited / 1000);
    session_close(session, now);
    session->port.reopen(session->port.context);
}

static void
session_refused(struct session *session, const char *text, int64_t now)
{
    session->state = SESSION_REFUSED;
    session->must_greet = false;
    session_rewind(session);
    session->answer_by = NEVER;
    session->hold_until = now + REFUSED_WAIT_MS;
    session_say(session, text);
    session_report(session, "refused: %s", session->words);
}

static void
session_greet(struct session *session, int64_t now)
{
    struct wire_hello *hello = &session->out->as.hello;
    memset(hello, 0, sizeof *hello);
    session->out->kind = WIRE_HELLO;
    hello->version_min = WIRE_VERSION_MIN;
    hello->version_max = WIRE_VERSION_MAX;
    (void)snprintf(hello->software, sizeof hello->software, "pacewatch-agent %s",
                   PACEWATCH_VERSION);
    hello->wall_time = session->wall.seconds;
    hello->stream_count = 1;
    struct wire_stream_state *stream = &hello->streams[0];
    memcpy(stream->id, spool_stream_id(session->spool), WIRE_STREAM_ID);
    stream->first = spool_first(session->spool);
    stream->last = spool_last(session->spool);
    (void)spool_chain(session->spool, stream->last, stream->chain); /* last always has one */
    if (session_send(session, now) == 0)
        session->must_greet = false;
    session_await(session, now);
}

/* ---- Welcome ---- */

/* Goes on in a new stream that holds all that reaches beyond `safe`, and greets again. */
static void
session_fork(struct session *session, uint64_t safe, const char *why, int64_t now)
{
    struct err_note note = { { 0 } };
    session_report(session, "fork: %s", why);
    if (session->has_forked) {
        session_refused(session, "the collector and the spool disagree again after a fork", now);
        return;
    }
    session->state = SESSION_GREETING;
    session->must_greet = true;
    session->answer_by = NEVER;
    session->flight_count = 0;
    if (spool_fork(session->spool, safe, session->wall, &note)) {
        session_report(session, "%s", note.text);
        session_say(session, note.text);
        session->hold_until = now + RECEIPT_RETRY_MS; /* then the greeting leads here again */
        return;
    }
    session->has_forked = true;
    session->group_first = 0;
    fates_reset(&session->fates, spool_cursor(session->spool) + 1);
}

/* The collector's mark for our stream; a stream it does not know stands at 0. */
static struct wire_stream_mark
welcome_mark(const struct session *session, const struct wire_welcome *welcome)
{
    const uint8_t *id = spool_stream_id(session->spool);
    for (size_t i = 0; i < welcome->mark_count; i++)
        if (memcmp(welcome->marks[i].id, id, WIRE_STREAM_ID) == 0)
            return welcome->marks[i];
    return (struct wire_stream_mark){ .hwm = 0 };
}

static void
welcome_limits(struct session *session, const struct wire_welcome *welcome)
{
    size_t smallest = wire_data_size(1, WIRE_RECORD_MAX);
    session->records_max = welcome->records_max;
    if (session->records_max < 1 || session->records_max > WIRE_RECORDS_MAX)
        session->records_max = session->records_max < 1 ? 1 : WIRE_RECORDS_MAX;
    session->bytes_max = welcome->bytes_max;
    if (session->bytes_max > WIRE_MESSAGE_MAX)
        session->bytes_max = WIRE_MESSAGE_MAX;
    if (session->bytes_max < smallest)
        session->bytes_max = (uint32_t)smallest;
    session->credit = welcome->credit;
}

static void
take_welcome(struct session *session, const struct wire_welcome *welcome, int64_t now)
{
    uint8_t chain[HASH_SIZE];
    struct spool *spool = session->spool;
    struct wire_stream_mark mark = welcome_mark(session, welcome);
    uint64_t first = spool_first(spool), cursor = spool_cursor(spool);
    uint64_t safe = spool_safe_upto(spool);
    if (session->state != SESSION_GREETING || session->must_greet)
        return; /* late, from before a fork */
    if (welcome->version < WIRE_VERSION_MIN || welcome->version > WIRE_VERSION_MAX) {
        session_refused(session, "the collector speaks another version of the protocol", now);
        return;
    }
    if (mark.hwm > spool_last(spool)) {
        session_fork(session, safe, "the collector has records this spool never held", now);
        return;
    }
    if (mark.hwm + 1 < first) {
        session_fork(session, 0, "the collector's ledger is older than what is kept here", now);
        return;
    }
    if (mark.hwm > 0 &&
        (spool_chain(spool, mark.hwm, chain) || memcmp(chain, mark.chain, HASH_SIZE) != 0)) {
        session_fork(session, safe, "the collector has other records under our numbers", now);
        return;
    }
    if (mark.hwm < cursor && !session->has_forked)
        session_report(session, "the collector's ledger was restored: sending again from %" PRIu64,
                       mark.hwm + 1);
    welcome_limits(session, welcome);
    session_note_safe(session, mark.safe_upto);
    session->flight_count = 0;
    session->next = (mark.hwm < cursor ? mark.hwm : cursor) + 1;
    session->words[0] = '\0';
    session->answer_by = NEVER;
    session->state = SESSION_SENDING;
    session->version = welcome->version;
    session->offer_at = now;
    session_pump(session, now);
    if (session->state == SESSION_IDLE)
        session->patience_ms = PATIENCE_MIN_MS;
}

/* ---- the key that follows ---- */

static void
offer_answered(struct session *session, const char *text)
{
    text_clean(text, strlen(text), session->offer_words, sizeof session->offer_words);
    session->offer = text[0] ? SESSION_OFFER_REFUSED : SESSION_OFFER_TAKEN;
}

static bool
may_offer(const struct session *session)
{
    return session->offer == SESSION_OFFER_WAITS &&
           (session->state == SESSION_SENDING || session->state == SESSION_IDLE);
}

static void
offer_key(struct session *session, int64_t now)
{
    if (!may_offer(session) || now < session->offer_at)
        return;
    if (session->version < WIRE_VERSION_KEYS) {
        offer_answered(session, "the collector is of an earlier release");
        return;
    }
    session->offer_at = now + OFFER_RETRY_MS;
    session->out->kind = WIRE_KEY_OFFER;
    memcpy(session->out->as.key_offer.public_key, session->offer_key, sizeof session->offer_key);
    (void)session_send(session, now); /* what did not go is offered again */
}

void
session_offer_key(struct session *session, const char *public_key, struct mono_time now)
{
    size_t length = strlen(public_key);
    session->offer = SESSION_OFFER_WAITS;
    session->offer_at = now.ms;
    session->offer_words[0] = '\0';
    memset(session->offer_key, 0, sizeof session->offer_key);
    memcpy(session->offer_key, public_key, length < WIRE_KEY ? length : WIRE_KEY);
}

const char *
session_offered_key(const struct session *session)
{
    return session->offer_key;
}

enum session_offer
session_offer(const struct session *session, const char **ret_words)
{
    if (ret_words)
        *ret_words = session->offer_words;
    return session->offer;
}

void
session_offer_end(struct session *session)
{
    session->offer = SESSION_OFFER_NONE;
}

static void
take_key_answer(struct session *session, const struct wire_key_answer *answer)
{
    if (session->offer == SESSION_OFFER_WAITS &&
        strcmp(session->offer_key, answer->public_key) == 0)
        offer_answered(session, answer->text);
}

/* ---- Later, Refuse ---- */

static void
take_later(struct session *session, const struct wire_later *later, int64_t now)
{
    if (session->state == SESSION_CLOSED || session->state == SESSION_REFUSED)
        return;
    int64_t wait = later->retry_after_ms;
    wait = wait < LATER_MIN_MS ? LATER_MIN_MS : wait > LATER_MAX_MS ? LATER_MAX_MS : wait;
    session_rewind(session);
    session->must_greet = session->state == SESSION_GREETING;
    session->answer_by = NEVER;
    session->hold_until = now + wait;
    session_say(session, later->reason);
    session_report(session, "the collector asks to wait %" PRId64 " ms: %s", wait, session->words);
}

static void
take_refuse(struct session *session, const struct wire_refuse *refuse, int64_t now)
{
    bool is_ours = !refuse->has_stream ||
                   memcmp(refuse->stream, spool_stream_id(session->spool), WIRE_STREAM_ID) == 0;
    if (session->state == SESSION_CLOSED || session->state == SESSION_REFUSED || !is_ours)
        return;
    if (refuse->code == REFUSAL_FORK)
        session_fork(session, spool_safe_upto(session->spool), refuse->text, now);
    else
        session_refused(session, refuse->text[0] ? refuse->text : "without words", now);
    if (refuse->code == REFUSAL_KEY)
        session->hold_until = now + UNKNOWN_WAIT_MS;
}

/* ---- events ---- */

void
session_on_link_ready(struct session *session, struct mono_time now, struct wall_time wall)
{
    session->wall = wall;
    session_rewind(session);
    if (session->state == SESSION_REFUSED)
        session->hold_until = now.ms; /* a new link: the refusal may be over */
    session->state = SESSION_GREETING;
    session->must_greet = true;
    session->answer_by = NEVER;
    if (now.ms >= session->hold_until)
        session_greet(session, now.ms);
}

void
session_on_link_lost(struct session *session, struct mono_time now)
{
    if (session->state != SESSION_REFUSED && session->state != SESSION_CLOSED)
        session_close(session, now.ms);
}

void
session_on_message(struct session *session, const uint8_t *bytes, size_t size, struct mono_time now)
{
    struct err_note note = { { 0 } };
    if (wire_unpack(bytes, size, session->in, &note)) {
        session_report(session, "a message that cannot be read: %s", note.text);
        return;
    }
    switch (session->in->kind) {
    case WIRE_WELCOME:
        take_welcome(session, &session->in->as.welcome, now.ms);
        break;
    case WIRE_ACK:
        if (session->state == SESSION_SENDING || session->state == SESSION_IDLE)
            session_take_ack(session, &session->in->as.ack, now.ms);
        break;
    case WIRE_LATER:
        take_later(session, &session->in->as.later, now.ms);
        break;
    case WIRE_REFUSE:
        take_refuse(session, &session->in->as.refuse, now.ms);
        break;
    case WIRE_KEY_ANSWER:
        take_key_answer(session, &session->in->as.key_answer);
        break;
    case WIRE_HELLO:
    case WIRE_DATA:
    case WIRE_KEY_OFFER:
    default:
        session_report(session, "a message that only agents send");
        break;
    }
}

void
session_on_spooled(struct session *session, struct mono_time now)
{
    session_pump(session, now.ms);
}

void
session_tick(struct session *session, struct mono_time now, struct wall_time wall)
{
    session->wall = wall;
    if (now.ms >= session->receipt_at)
        session_settle(session, now.ms);
    offer_key(session, now.ms);
    if (session->state == SESSION_REFUSED && now.ms >= session->hold_until) {
        session_close(session, now.ms);
        session->port.reopen(session->port.context);
    } else if (session->state == SESSION_CLOSED && session->answer_by == NEVER) {
        session_await(session, now.ms);
    } else if (session->must_greet && now.ms >= session->hold_until) {
        session_greet(session, now.ms);
    } else if (now.ms >= session->answer_by) {
        session_fail(session, now.ms);
    } else {
        session_pump(session, now.ms);
    }
}

static bool
wants_to_send(const struct session *session)
{
    if (session->state == SESSION_REFUSED || session->must_greet)
        return true;
    return session->state == SESSION_SENDING && session->next <= spool_last(session->spool) &&
           session->flight_count < session->credit && session->flight_count < FLIGHT_MAX;
}

struct mono_time
session_next_wake(const struct session *session)
{
    int64_t wake =
        session->answer_by < session->receipt_at ? session->answer_by : session->receipt_at;
    if (wants_to_send(session) && session->hold_until < wake)
        wake = session->hold_until;
    if (may_offer(session) && session->offer_at < wake)
        wake = session->offer_at;
    if (session->state == SESSION_CLOSED && session->answer_by == NEVER)
        wake = INT64_MIN;
    return (struct mono_time){ wake };
}

enum session_state
session_state(const struct session *session)
{
    return session->state;
}

bool
session_is_drained(const struct session *session)
{
    return spool_cursor(session->spool) == spool_last(session->spool);
}

const char *
session_words(const struct session *session)
{
    return session->words;
}
