/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/clock_trust.h"
#include "platform/hash.h"
#include "platform/keys.h"

/* Words of one refused row in an acknowledgement: a thousand of them must fit into one message. */
enum { NOTE_TEXT_MAX = 160 };

static const char refused_key[] = "this key is not enrolled, or was revoked";

/* An answer that waits for the commit. */
struct answer {
    uint8_t peer[255];
    size_t peer_size;
    bool is_data; /* becomes Later when the commit fails */
    uint8_t *bytes;
    size_t size;
};

struct intake {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    const struct registry *registry;
    uint32_t credit;
    struct wire_message *in, *out; /* large: made once */
    struct answer answers[INTAKE_ROUND_MAX];
    size_t answer_count;
    struct intake_round round;
    bool in_transaction;
    struct err_note fault; /* what broke the round's transaction */
    int fault_code;
    struct clock_trust clock;
    struct wall_time dated; /* what this round's Data was dated by; 0: none came */
    int64_t seen_key;       /* whose last_seen was noted last, and when */
    struct wall_time seen_at;
    uint8_t buffer[WIRE_MESSAGE_MAX];
    uint8_t checks[WIRE_RECORDS_MAX * LEDGER_CHECK];
    uint8_t known_checks[WIRE_RECORDS_MAX * LEDGER_CHECK];
};

/* One Data message being taken. */
struct batch {
    const struct cat_publisher *sender;
    struct wall_time now;
    struct ledger_stream stream;
    struct ledger_file file; /* while stream.submission is not 0 */
    bool completed;
};

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
intake_set_made(struct intake *intake, struct wall_time made)
{
    intake->clock.made = made;
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

static void
say_refuse(struct intake *intake, enum wire_refusal code, const uint8_t *stream, const char *text)
{
    intake->round.refused++;
    intake->out->kind = WIRE_REFUSE;
    struct wire_refuse *refuse = &intake->out->as.refuse;
    *refuse = (struct wire_refuse){ .code = (uint32_t)code, .has_stream = stream != NULL };
    if (stream)
        memcpy(refuse->stream, stream, sizeof refuse->stream);
    (void)snprintf(refuse->text, sizeof refuse->text, "%s", text); /* cut is enough */
}

static void
say_later(struct intake *intake, const char *reason)
{
    intake->round.refused++;
    intake->out->kind = WIRE_LATER;
    struct wire_later *later = &intake->out->as.later;
    later->retry_after_ms = INTAKE_LATER_MS;
    (void)snprintf(later->reason, sizeof later->reason, "%.200s", reason); /* cut is enough */
}

/* What was done in this round's transaction is given up; its Data will be answered Later. */
static void
fail_round(struct intake *intake, int code, const struct err_note *note)
{
    intake->fault_code = code;
    intake->fault = *note;
}

/* A mark in the round's transaction, which begins with the first. */
static int
mark_round(struct intake *intake, struct err_note *note)
{
    int code = intake->in_transaction ? 0 : ledger_begin(intake->ledger, note);
    intake->in_transaction |= code == 0;
    return code == 0 ? ledger_mark(intake->ledger, note) : code;
}

/* ---- Hello ---- */

/* Keeps how far the agent's spool reaches, so that people see what has not arrived yet, and once an
 * agent begins anew, what never did. A stream that is not known (id 0) is made. */
static int
keep_held(struct intake *intake, const struct cat_publisher *sender,
          const struct wire_stream_state *state, struct ledger_stream *stream, struct wall_time now,
          struct err_note *note)
{
    int code = mark_round(intake, note);
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
            fail_round(intake, code, &why); /* the Hello is answered all the same */
    }
    return 0;
}

static void
take_hello(struct intake *intake, const struct cat_publisher *sender,
           const struct wire_hello *hello, struct wall_time now)
{
    if (hello->version_max < WIRE_VERSION_MIN || hello->version_min > WIRE_VERSION_MAX) {
        say_refuse(intake, REFUSAL_VERSION, NULL,
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
            say_refuse(intake, REFUSAL_FORK, hello->streams[i].id, note.text);
            return;
        }
        if (code != 0) {
            say_later(intake, note.text);
            return;
        }
        welcome.mark_count++;
    }
    intake->out->kind = WIRE_WELCOME;
    intake->out->as.welcome = welcome;
}

/* ---- Data ---- */

static void
check_of(uint64_t seq, const struct wire_slice *record, uint8_t check[LEDGER_CHECK])
{
    static const uint8_t nothing[HASH_SIZE] = { 0 };
    uint8_t hash[HASH_SIZE];
    hash_chain(nothing, seq, record->bytes, record->size, hash);
    memcpy(check, hash, LEDGER_CHECK);
}

static void
add_note(struct wire_ack *ack, uint64_t seq, uint32_t code, const char *text)
{
    struct wire_fate_note *n = &ack->notes[ack->note_count++];
    n->seq = seq;
    n->code = code;
    size_t size = text_cut(text, strlen(text), NOTE_TEXT_MAX);
    memcpy(n->text, text, size);
    n->text[size] = '\0';
}

static int
reject(struct intake *intake, struct batch *batch, uint64_t seq, uint32_t row, uint32_t code,
       const char *text, const struct wire_slice *record, struct wire_ack *ack,
       struct err_note *note)
{
    add_note(ack, seq, code, text);
    if (batch->stream.submission)
        batch->file.fates[FATE_REJECTED]++;
    return ledger_quarantine(intake->ledger, &batch->stream, seq, row, code, text, record->bytes,
                             record->size, batch->now, note);
}

static int
take_sample(struct intake *intake, struct batch *batch, uint64_t seq, const struct sample *sample,
            const struct wire_slice *slice, struct wire_ack *ack, enum wire_fate *ret_fate,
            struct err_note *note)
{
    struct sample_place place;
    struct err_note words = { "" };
    enum reject_code code = batch->stream.submission == 0
                                ? REJECT_SYNTAX
                                : sample_check(intake->catalogue, batch->sender, sample,
                                               cal_date_at(batch->now), &place, &words);
    if (code == REJECT_NONE) {
        int failed =
            ledger_apply(intake->ledger, &batch->file, sample, &place, batch->now, ret_fate, note);
        if (failed == 0)
            batch->file.fates[*ret_fate]++;
        return failed;
    }
    *ret_fate = FATE_REJECTED;
    return reject(intake, batch, seq, sample->row, (uint32_t)code,
                  words.text[0] ? words.text : "a row outside a file", slice, ack, note);
}

/* A new file closes one that was left open: its agent gave it up. */
static int
take_begin(struct intake *intake, struct batch *batch, uint64_t seq,
           const struct record_begin *begin, struct err_note *note)
{
    int code = batch->stream.submission ? ledger_file_count(intake->ledger, &batch->file, note) : 0;
    if (code == 0)
        code = ledger_file_begin(intake->ledger, &batch->stream, seq, begin, batch->now,
                                 &batch->file, note);
    if (code == 0)
        batch->stream.submission = batch->file.submission;
    return code;
}

static int
take_end(struct intake *intake, struct batch *batch, struct err_note *note)
{
    if (batch->stream.submission == 0)
        return 0;
    int code = ledger_file_count(intake->ledger, &batch->file, note);
    if (code == 0)
        code = ledger_file_end(intake->ledger, &batch->file, batch->now, note);
    batch->stream.submission = 0;
    batch->completed = true;
    return code;
}

static int
take_record(struct intake *intake, struct batch *batch, uint64_t seq,
            const struct wire_slice *slice, struct wire_ack *ack, enum wire_fate *ret_fate,
            struct err_note *note)
{
    struct record record;
    struct err_note words = { "" };
    *ret_fate = FATE_CONTROL;
    int code = record_unpack(slice->bytes, slice->size, &record, &words);
    if (code == -ENOMEM)
        return err_set(note, code, "%s", words.text);
    if (code != 0) {
        *ret_fate = FATE_REJECTED;
        return reject(intake, batch, seq, 0, REJECT_SYNTAX, words.text, slice, ack, note);
    }
    switch (record.type) {
    case RECORD_FILE_BEGIN:
        return take_begin(intake, batch, seq, &record.as.begin, note);
    case RECORD_SAMPLE:
        return take_sample(intake, batch, seq, &record.as.sample, slice, ack, ret_fate, note);
    case RECORD_REJECTED:
        *ret_fate = FATE_REJECTED;
        return reject(intake, batch, seq, record.as.rejected.row, record.as.rejected.code,
                      record.as.rejected.text, slice, ack, note);
    case RECORD_FILE_END:
        return take_end(intake, batch, note);
    }
    return ERR_SYNTAX;
}

/* Records at or below hwm: the same content gets the stored fates again; another content is a fork.
 */
static int
take_known(struct intake *intake, const struct batch *batch, const struct wire_data *data,
           size_t count, struct wire_ack *ack, struct err_note *note)
{
    int code = ledger_stream_fates(intake->ledger, batch->stream.id, data->first, count, ack->fates,
                                   intake->known_checks, note);
    for (size_t i = 0; code == 0 && i < count; i++) {
        uint64_t seq = data->first + i;
        uint8_t check[LEDGER_CHECK];
        check_of(seq, &data->records[i], check);
        if (memcmp(check, intake->known_checks + i * LEDGER_CHECK, sizeof check) != 0)
            return err_set(note, ERR_REFUSED,
                           "record %llu differs from the one stored under this number",
                           (unsigned long long)seq);
        if (ack->fates[i] == FATE_REJECTED) {
            uint32_t reason = 0;
            char text[WIRE_TEXT_MAX + 1];
            code = ledger_quarantined(intake->ledger, batch->stream.id, seq, &reason, text,
                                      sizeof text, note);
            if (code == 0)
                add_note(ack, seq, reason, text);
        }
    }
    return code;
}

static int
take_new(struct intake *intake, struct batch *batch, const struct wire_data *data, size_t skip,
         struct wire_ack *ack, struct err_note *note)
{
    struct ledger_stream *stream = &batch->stream;
    int code = 0;
    if (stream->submission)
        code = ledger_file_resume(intake->ledger, stream->submission, &batch->file, note);
    uint64_t first = stream->hwm + 1;
    for (size_t i = skip; code == 0 && i < data->record_count; i++) {
        const struct wire_slice *slice = &data->records[i];
        uint64_t seq = data->first + i;
        enum wire_fate fate = FATE_NONE;
        code = take_record(intake, batch, seq, slice, ack, &fate, note);
        ack->fates[i] = (uint8_t)fate;
        check_of(seq, slice, intake->checks + i * LEDGER_CHECK);
        hash_chain(stream->chain, seq, slice->bytes, slice->size, stream->chain);
        stream->hwm = seq;
    }
    if (code == 0 && stream->submission)
        code = ledger_file_count(intake->ledger, &batch->file, note);
    if (code == 0)
        code = ledger_stream_advance(intake->ledger, stream, first, data->record_count - skip,
                                     ack->fates + skip, intake->checks + skip * LEDGER_CHECK,
                                     batch->now, note);
    return code;
}

/* Fills the acknowledgement; ERR_REFUSED: a fork. */
static int
take_batch(struct intake *intake, struct batch *batch, const struct wire_data *data,
           struct wire_ack *ack, struct err_note *note)
{
    int code = ledger_stream_find(intake->ledger, data->stream, &batch->stream, note);
    if (code == ERR_ABSENT)
        code = ledger_stream_make(intake->ledger, data->stream, batch->sender->id, batch->now,
                                  &batch->stream, note);
    if (code == 0 && strcmp(batch->stream.publisher, batch->sender->id) != 0)
        code = err_set(note, ERR_REFUSED, "the stream belongs to another publisher");
    if (code != 0)
        return code;
    uint64_t hwm = batch->stream.hwm;
    if (data->first <= hwm + 1 && data->first > 0) {
        size_t known = (size_t)(hwm + 1 - data->first);
        if (known > data->record_count)
            known = data->record_count;
        if (known > 0)
            code = take_known(intake, batch, data, known, ack, note);
        if (code == 0 && known < data->record_count)
            code = take_new(intake, batch, data, known, ack, note);
        ack->fates_first = data->first;
        ack->fate_count = data->record_count;
    }
    ack->hwm = batch->stream.hwm;
    ack->safe_upto = batch->stream.safe_upto;
    memcpy(ack->chain, batch->stream.chain, sizeof ack->chain);
    return code;
}

static void
break_round(struct intake *intake, int code, const struct err_note *note)
{
    fail_round(intake, code, note);
    say_later(intake, note->text);
}

/* Keeps what the message brought, or with a `code` undoes it alone. */
static void
end_message(struct intake *intake, int code)
{
    struct err_note note = { "" };
    int ended =
        code == 0 ? ledger_release(intake->ledger, &note) : ledger_undo(intake->ledger, &note);
    if (ended != 0)
        break_round(intake, ended, &note);
}

static void
take_data(struct intake *intake, const struct cat_publisher *sender, const struct wire_data *data,
          struct wall_time now, struct mono_time mono)
{
    struct err_note note = { "" };
    struct batch batch = { .sender = sender, .now = now };
    struct wire_ack *ack = &intake->out->as.ack;
    intake->round.data++;
    intake->round.records += data->record_count;
    if (clock_trust_judge(&intake->clock, now, mono, &note) != 0) {
        say_later(intake, note.text);
        (void)snprintf(intake->round.clock, sizeof intake->round.clock, "%.250s", note.text);
        return;
    }
    intake->dated = now;
    if (intake->fault_code != 0) {
        say_later(intake, intake->fault.text);
        return;
    }
    int code = mark_round(intake, &note);
    if (code != 0) {
        break_round(intake, code, &note);
        return;
    }
    intake->out->kind = WIRE_ACK;
    memset(ack, 0, offsetof(struct wire_ack, notes));
    ack->note_count = 0;
    memcpy(ack->stream, data->stream, sizeof ack->stream);
    ack->credit = intake->credit;
    code = take_batch(intake, &batch, data, ack, &note);
    if (code == ERR_REFUSED)
        say_refuse(intake, REFUSAL_FORK, data->stream, note.text);
    else if (code != 0)
        break_round(intake, code, &note);
    else
        intake->round.file_completed |= batch.completed;
    end_message(intake, code);
}

/* ---- keys ---- */

/* The holder of a key gives the one that shall follow it. */
static void
take_key_offer(struct intake *intake, const struct cat_publisher *sender, int64_t key,
               const struct wire_key_offer *offer, struct wall_time now)
{
    struct err_note note = { "" };
    struct wire_key_answer *said = &intake->out->as.key_answer;
    char fingerprint[KEY_FINGERPRINT];
    intake->out->kind = WIRE_KEY_ANSWER;
    said->text[0] = '\0';
    memcpy(said->public_key, offer->public_key, sizeof said->public_key);
    if (keys_check_public(offer->public_key, &note) != 0) {
        (void)snprintf(said->text, sizeof said->text, "%.200s", note.text); /* cut is enough */
        return;
    }
    if (intake->fault_code != 0) {
        say_later(intake, intake->fault.text);
        return;
    }
    int code = mark_round(intake, &note);
    if (code != 0) {
        break_round(intake, code, &note);
        return;
    }
    bool is_new = false;
    code = ledger_key_follow(intake->ledger, key, offer->public_key, now, &is_new, &note);
    if (code == ERR_CONFLICT)
        (void)snprintf(said->text, sizeof said->text, "%.200s", note.text); /* cut is enough */
    else if (code != 0)
        break_round(intake, code, &note);
    keys_fingerprint(offer->public_key, fingerprint);
    if (is_new)
        (void)snprintf(intake->round.keys, sizeof intake->round.keys,
                       "a key that follows was taken: publisher=%s key=%" PRId64 " fingerprint=%s",
                       sender->id, key, fingerprint);
    end_message(intake, code);
}

/* The first use of a key that follows another. */
static void
note_first(struct intake *intake, const struct cat_publisher *sender, int64_t key,
           struct wall_time now)
{
    struct err_note note = { "" };
    int code = mark_round(intake, &note);
    if (code != 0) {
        break_round(intake, code, &note);
        return;
    }
    code = ledger_key_seen(intake->ledger, key, now, &note);
    if (code != 0)
        break_round(intake, code, &note);
    else
        (void)snprintf(intake->round.keys, sizeof intake->round.keys,
                       "used for the first time, the one before retires in %d h: publisher=%s "
                       "key=%" PRId64,
                       LEDGER_RETIRE_SECONDS / 3600, sender->id, key);
    end_message(intake, code);
}

/* Notes that a key is in use, now and then. A failure breaks the round: it may have ended the
 * transaction. */
static void
note_seen(struct intake *intake, int64_t key, struct wall_time now)
{
    if (!intake->in_transaction || intake->fault_code != 0 ||
        (key == intake->seen_key && now.seconds - intake->seen_at.seconds < INTAKE_SEEN_SECONDS))
        return;
    struct err_note note = { "" };
    int code = ledger_key_seen(intake->ledger, key, now, &note);
    if (code != 0) {
        break_round(intake, code, &note);
        return;
    }
    intake->seen_key = key;
    intake->seen_at = now;
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
        say_refuse(intake, REFUSAL_KEY, NULL, refused_key);
    } else if (code == -ENOMEM) {
        say_later(intake, note.text);
    } else if (code != 0) {
        say_refuse(intake, REFUSAL_MESSAGE, NULL, note.text);
    } else if (intake->in->kind == WIRE_HELLO) {
        struct wall_time said = { intake->in->as.hello.wall_time };
        clock_trust_hear(&intake->clock, key, said, mono);
        take_hello(intake, sender, &intake->in->as.hello, now);
        note_seen(intake, key, now);
    } else if (intake->in->kind == WIRE_KEY_OFFER) {
        is_data = true;
        take_key_offer(intake, sender, key, &intake->in->as.key_offer, now);
    } else if (intake->in->kind == WIRE_DATA) {
        is_data = true;
        take_data(intake, sender, &intake->in->as.data, now, mono);
        note_seen(intake, key, now);
    } else {
        say_refuse(intake, REFUSAL_MESSAGE, NULL,
                   "only Hello, Data and KeyOffer go to the collector");
    }
    if (sender && intake->fault_code == 0 && registry_is_new(intake->registry, key))
        note_first(intake, sender, key, now);
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
    say_refuse(intake, REFUSAL_KEY, NULL, refused_key);
    int size = wire_pack(intake->out, intake->buffer, sizeof intake->buffer, NULL);
    if (size > 0) /* else it hears it with its next message */
        send(context, peer, peer_size, intake->buffer, (size_t)size);
}

static void
send_later(struct intake *intake, const struct answer *a, const char *reason, intake_send_fn *send,
           void *context)
{
    say_later(intake, reason);
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
