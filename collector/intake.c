/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake_private.h"
#include "platform/hash.h"

static const char refused_key[] = "this key is not enrolled, or was revoked";

struct intake *
intake_new(struct ledger *ledger, const struct catalogue *catalogue)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake)
        return NULL;
    intake->ledger = ledger;
    intake->catalogue = catalogue;
    intake->credit = INTAKE_CREDIT;
    intake->in = calloc(1, sizeof *intake->in);
    intake->out = calloc(1, sizeof *intake->out);
    intake->clock.newest = ledger_written_at(ledger);
    if (!intake->in || !intake->out) {
        intake_free(intake);
        return NULL;
    }
    return intake;
}

static void
drop_answers(struct intake *intake)
{
    for (size_t i = 0; i < intake->answer_count; i++)
        free(intake->answers[i].bytes);
    intake->answer_count = 0;
}

void
intake_free(struct intake *intake)
{
    if (!intake)
        return;
    drop_answers(intake);
    free(intake->in);
    free(intake->out);
    free(intake);
}

void
intake_set_registry(struct intake *intake, const struct registry *registry)
{
    intake->registry = registry;
}

void
intake_set_catalogue(struct intake *intake, const struct catalogue *catalogue)
{
    intake->catalogue = catalogue;
}

void
intake_set_ledger(struct intake *intake, struct ledger *ledger)
{
    intake->ledger = ledger;
}

void
intake_set_made(struct intake *intake, struct wall_time made)
{
    intake->clock.made = made;
}

void
intake_set_budget(struct intake *intake, const struct budget *budget)
{
    intake->budget = *budget;
}

void
intake_set_credit(struct intake *intake, uint32_t credit)
{
    intake->credit = credit;
}

/* Packs intake->out as the answer to the message being taken. Without memory there is no answer;
 * the agent asks again. */
static void
answer(struct intake *intake, const uint8_t *peer, size_t peer_size, bool is_data)
{
    int size = wire_pack(intake->out, intake->buffer, sizeof intake->buffer, NULL);
    struct answer *a = &intake->answers[intake->answer_count];
    if (size <= 0 || intake->answer_count == INTAKE_ROUND_MAX || peer_size > sizeof a->peer)
        return;
    a->bytes = malloc((size_t)size);
    if (!a->bytes)
        return;
    memcpy(a->bytes, intake->buffer, (size_t)size);
    memcpy(a->peer, peer, peer_size);
    a->size = (size_t)size;
    a->peer_size = peer_size;
    a->is_data = is_data;
    intake->answer_count++;
}

/* ---- Hello ---- */

/* Keeps how far the agent's spool reaches, so that people see what has not arrived yet, and once an
 * agent begins anew, what never did. A stream that is not known (id 0) is made. */
static int
keep_held(struct intake *intake, const struct cat_publisher *sender,
          const struct wire_stream_state *state, struct ledger_stream *stream, struct wall_time now,
          struct err_note *note)
{
    int code = intake_mark(intake, note);
    if (code == 0 && stream->id == 0)
        code = ledger_stream_make(intake->ledger, state->id, sender->id, now, stream, note);
    if (code == 0)
        code = ledger_stream_held(intake->ledger, stream->id, state->last, now, note);
    return code == 0 ? ledger_release(intake->ledger, note) : code;
}

static int
mark_of(struct intake *intake, const struct cat_publisher *sender,
        const struct wire_stream_state *state, struct wall_time now, struct wire_stream_mark *mark,
        struct err_note *note)
{
    struct ledger_stream stream = { .id = 0 };
    struct err_note why = { "" };
    memcpy(mark->id, state->id, sizeof mark->id);
    int code = ledger_stream_find(intake->ledger, state->id, &stream, note);
    if (code == ERR_ABSENT) {
        hash_chain_start(state->id, stream.chain);
        code = 0;
    } else if (code == 0 && strcmp(stream.publisher, sender->id) != 0) {
        code = err_set(note, ERR_REFUSED, "the stream belongs to another publisher");
    }
    if (code != 0)
        return code;
    mark->hwm = stream.hwm;
    mark->safe_upto = stream.safe_upto;
    memcpy(mark->chain, stream.chain, sizeof mark->chain);
    int64_t ago = now.seconds - stream.heard.seconds; /* below 0: a clock stood wrong then */
    bool is_news = state->last != stream.held || ago >= INTAKE_SEEN_SECONDS || ago < 0;
    if (is_news && intake->fault_code == 0) {
        code = keep_held(intake, sender, state, &stream, now, &why);
        if (code != 0)
            intake_fail_round(intake, code, &why); /* the Hello is answered all the same */
    }
    return 0;
}

static void
take_hello(struct intake *intake, const struct cat_publisher *sender,
           const struct wire_hello *hello, struct wall_time now)
{
    if (hello->version_max < WIRE_VERSION_MIN || hello->version_min > WIRE_VERSION_MAX) {
        intake_say_refuse(
            intake, REFUSAL_VERSION, NULL,
            "protocol version not supported: update the older of agent and collector");
        return;
    }
    uint32_t version =
        hello->version_max < WIRE_VERSION_MAX ? hello->version_max : (uint32_t)WIRE_VERSION_MAX;
    struct wire_welcome welcome = { .version = version,
                                    .records_max = WIRE_RECORDS_MAX,
                                    .bytes_max = WIRE_MESSAGE_MAX,
                                    .credit = intake->credit,
                                    .wall_time = now.seconds };
    ledger_identity(intake->ledger, welcome.ledger_id, &welcome.ledger_generation);
    for (size_t i = 0; i < hello->stream_count; i++) {
        struct err_note note = { "" };
        int code = mark_of(intake, sender, &hello->streams[i], now, &welcome.marks[i], &note);
        if (code == ERR_REFUSED) {
            intake_say_refuse(intake, REFUSAL_FORK, hello->streams[i].id, note.text);
            return;
        }
        if (code != 0) {
            intake_say_later(intake, note.text);
            return;
        }
        welcome.mark_count++;
    }
    intake->out->kind = WIRE_WELCOME;
    intake->out->as.welcome = welcome;
}

void
intake_take(struct intake *intake, const char *author, const uint8_t *peer, size_t peer_size,
            const uint8_t *bytes, size_t size, struct wall_time now, struct mono_time mono)
{
    struct err_note note = { "" };
    int64_t key = 0;
    bool is_data = false;
    const struct cat_publisher *sender = registry_author(intake->registry, author, &key);
    int code = sender ? wire_unpack(bytes, size, intake->in, &note) : ERR_REFUSED;
    intake->round.messages++;
    if (!sender) {
        intake_say_refuse(intake, REFUSAL_KEY, NULL, refused_key);
    } else if (code == -ENOMEM) {
        intake_say_later(intake, note.text);
    } else if (code != 0) {
        intake_say_refuse(intake, REFUSAL_MESSAGE, NULL, note.text);
    } else if (intake->in->kind == WIRE_HELLO) {
        struct wall_time said = { intake->in->as.hello.wall_time };
        clock_trust_hear(&intake->clock, key, said, mono);
        take_hello(intake, sender, &intake->in->as.hello, now);
        intake_note_seen(intake, key, now);
    } else if (intake->in->kind == WIRE_KEY_OFFER) {
        is_data = true;
        intake_take_key_offer(intake, sender, key, &intake->in->as.key_offer, now);
    } else if (intake->in->kind == WIRE_DATA) {
        is_data = true;
        intake_take_data(intake, sender, &intake->in->as.data, now, mono);
        intake_note_seen(intake, key, now);
    } else {
        intake_say_refuse(intake, REFUSAL_MESSAGE, NULL,
                          "only Hello, Data and KeyOffer go to the collector");
    }
    if (sender && intake->fault_code == 0 && registry_is_new(intake->registry, key))
        intake_note_first(intake, sender, key, now);
    answer(intake, peer, peer_size, is_data);
}

bool
intake_is_full(const struct intake *intake)
{
    return intake->round.messages >= INTAKE_ROUND_MAX ||
           intake->round.records >= INTAKE_RECORDS_MAX;
}

void
intake_refuse(struct intake *intake, const uint8_t *peer, size_t peer_size, intake_send_fn *send,
              void *context)
{
    intake_say_refuse(intake, REFUSAL_KEY, NULL, refused_key);
    int size = wire_pack(intake->out, intake->buffer, sizeof intake->buffer, NULL);
    if (size > 0) /* else it hears it with its next message */
        send(context, peer, peer_size, intake->buffer, (size_t)size);
}

static void
send_later(struct intake *intake, const struct answer *a, const char *reason, intake_send_fn *send,
           void *context)
{
    intake_say_later(intake, reason);
    int size = wire_pack(intake->out, intake->buffer, sizeof intake->buffer, NULL);
    if (size > 0) /* else no answer; the agent asks again */
        send(context, a->peer, a->peer_size, intake->buffer, (size_t)size);
}

struct intake_round
intake_commit(struct intake *intake, intake_send_fn *send, void *context)
{
    struct err_note note = intake->fault;
    int code = intake->fault_code;
    int64_t before = ledger_position(intake->ledger);
    if (intake->in_transaction) {
        if (code == 0)
            code = ledger_commit(intake->ledger, &note);
        else
            ledger_rollback(intake->ledger);
        if (code == 0 && intake->dated.seconds != 0)
            intake->clock.newest = intake->dated;
    }
    for (size_t i = 0; i < intake->answer_count; i++) {
        const struct answer *a = &intake->answers[i];
        if (code != 0 && a->is_data)
            send_later(intake, a, note.text, send, context);
        else
            send(context, a->peer, a->peer_size, a->bytes, a->size);
    }
    drop_answers(intake);
    struct intake_round round = intake->round;
    round.committed = code == 0 && ledger_position(intake->ledger) != before;
    round.file_completed &= code == 0;
    round.code = code;
    (void)snprintf(round.words, sizeof round.words, "%.250s", note.text);
    intake->round = (struct intake_round){ 0 };
    intake->in_transaction = false;
    intake->dated = (struct wall_time){ 0 };
    intake->fault_code = 0;
    intake->fault = (struct err_note){ "" };
    return round;
}
