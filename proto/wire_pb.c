/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packing goes: our struct, protobuf-c's struct, bytes, and then the same check that the reader
 * makes; so nothing leaves that would not be taken. Unpacking goes the other way, the check first.
 */
#include "proto/wire.h"

#include <stdlib.h>
#include <string.h>

#include "pacewatch.pb-c.h"
#include "proto/scan.h"
#include "proto/wire_data.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define TYPE(name, fields)                    \
    {                                         \
        name, fields, COUNT_OF(fields), false \
    }

static const struct scan_field state_fields[] = {
    { 1, SCAN_BYTES, "id", WIRE_STREAM_ID, WIRE_STREAM_ID, 0, NULL },
    { 2, SCAN_NUMBER, "first", 0, INT64_MAX, 0, NULL },
    { 3, SCAN_NUMBER, "last", 0, INT64_MAX, 0, NULL },
    { 4, SCAN_BYTES, "chain", WIRE_HASH, WIRE_HASH, 0, NULL },
};
static const struct scan_type state_type = TYPE("stream state", state_fields);

static const struct scan_field hello_fields[] = {
    { 1, SCAN_NUMBER, "version_min", 1, UINT32_MAX, 0, NULL },
    { 2, SCAN_NUMBER, "version_max", 1, UINT32_MAX, 0, NULL },
    { 3, SCAN_TEXT, "software", 0, WIRE_TEXT_MAX, 0, NULL },
    { 4, SCAN_PART, "streams", 0, 0, WIRE_STREAMS_MAX, &state_type },
    { 5, SCAN_SIGNED, "wall_time", 0, UINT64_MAX, 0, NULL },
};
static const struct scan_type hello_type = TYPE("hello", hello_fields);

static const struct scan_field mark_fields[] = {
    { 1, SCAN_BYTES, "id", WIRE_STREAM_ID, WIRE_STREAM_ID, 0, NULL },
    { 2, SCAN_NUMBER, "hwm", 0, INT64_MAX, 0, NULL },
    { 3, SCAN_BYTES, "chain", WIRE_HASH, WIRE_HASH, 0, NULL },
    { 4, SCAN_NUMBER, "safe_upto", 0, INT64_MAX, 0, NULL },
};
static const struct scan_type mark_type = TYPE("stream mark", mark_fields);

static const struct scan_field welcome_fields[] = {
    { 1, SCAN_NUMBER, "version", 1, UINT32_MAX, 0, NULL },
    { 2, SCAN_NUMBER, "records_max", 0, UINT32_MAX, 0, NULL },
    { 3, SCAN_NUMBER, "bytes_max", 0, UINT32_MAX, 0, NULL },
    { 4, SCAN_NUMBER, "credit", 0, UINT32_MAX, 0, NULL },
    { 5, SCAN_PART, "marks", 0, 0, WIRE_STREAMS_MAX, &mark_type },
    { 6, SCAN_BYTES, "ledger_id", WIRE_STREAM_ID, WIRE_STREAM_ID, 0, NULL },
    { 7, SCAN_NUMBER, "ledger_generation", 0, INT64_MAX, 0, NULL },
    { 8, SCAN_SIGNED, "wall_time", 0, UINT64_MAX, 0, NULL },
};
static const struct scan_type welcome_type = TYPE("welcome", welcome_fields);

static const struct scan_field refuse_fields[] = {
    { 1, SCAN_NUMBER, "code", 1, UINT32_MAX, 0, NULL },
    { 2, SCAN_TEXT, "text", 0, WIRE_TEXT_MAX, 0, NULL },
    { 3, SCAN_BYTES, "stream", 0, WIRE_STREAM_ID, 0, NULL }, /* none or whole: see unpack_refuse */
};
static const struct scan_type refuse_type = TYPE("refuse", refuse_fields);

static const struct scan_field note_fields[] = {
    { 1, SCAN_NUMBER, "seq", 1, INT64_MAX, 0, NULL },
    { 2, SCAN_NUMBER, "code", 0, UINT32_MAX, 0, NULL },
    { 3, SCAN_TEXT, "text", 0, WIRE_TEXT_MAX, 0, NULL },
};
static const struct scan_type note_type = TYPE("fate note", note_fields);

static const struct scan_field ack_fields[] = {
    { 1, SCAN_BYTES, "stream", WIRE_STREAM_ID, WIRE_STREAM_ID, 0, NULL },
    { 2, SCAN_NUMBER, "hwm", 0, INT64_MAX, 0, NULL },
    { 3, SCAN_BYTES, "chain", WIRE_HASH, WIRE_HASH, 0, NULL },
    { 4, SCAN_NUMBER, "safe_upto", 0, INT64_MAX, 0, NULL },
    { 5, SCAN_NUMBER, "credit", 0, UINT32_MAX, 0, NULL },
    { 6, SCAN_NUMBER, "fates_first", 0, INT64_MAX, 0, NULL },
    { 7, SCAN_BYTES, "fates", 0, WIRE_RECORDS_MAX, 0, NULL },
    { 8, SCAN_PART, "notes", 0, 0, WIRE_RECORDS_MAX, &note_type },
};
static const struct scan_type ack_type = TYPE("ack", ack_fields);

static const struct scan_field later_fields[] = {
    { 1, SCAN_NUMBER, "retry_after_ms", 0, UINT32_MAX, 0, NULL },
    { 2, SCAN_TEXT, "reason", 0, WIRE_TEXT_MAX, 0, NULL },
};
static const struct scan_type later_type = TYPE("later", later_fields);

static const struct scan_field key_offer_fields[] = {
    { 1, SCAN_TEXT, "public_key", WIRE_KEY, WIRE_KEY, 0, NULL },
};
static const struct scan_type key_offer_type = TYPE("key offer", key_offer_fields);

static const struct scan_field key_answer_fields[] = {
    { 1, SCAN_TEXT, "public_key", WIRE_KEY, WIRE_KEY, 0, NULL },
    { 2, SCAN_TEXT, "text", 0, WIRE_TEXT_MAX, 0, NULL },
};
static const struct scan_type key_answer_type = TYPE("key answer", key_answer_fields);

static const struct scan_field envelope_fields[] = {
    { WIRE_HELLO, SCAN_PART, "hello", 0, 0, 0, &hello_type },
    { WIRE_WELCOME, SCAN_PART, "welcome", 0, 0, 0, &welcome_type },
    { WIRE_REFUSE, SCAN_PART, "refuse", 0, 0, 0, &refuse_type },
    { WIRE_DATA, SCAN_PART, "data", 0, 0, 0, &wire_data_type },
    { WIRE_ACK, SCAN_PART, "ack", 0, 0, 0, &ack_type },
    { WIRE_LATER, SCAN_PART, "later", 0, 0, 0, &later_type },
    { WIRE_KEY_OFFER, SCAN_PART, "key_offer", 0, 0, 0, &key_offer_type },
    { WIRE_KEY_ANSWER, SCAN_PART, "key_answer", 0, 0, 0, &key_answer_type },
};
static const struct scan_type envelope_type = { "envelope", envelope_fields,
                                                COUNT_OF(envelope_fields), true };

const char *
fate_text(enum wire_fate fate, enum lang lang)
{
    switch (fate) {
#define X(name, number, zh, en) \
    case name:                  \
        return lang == LANG_ZH ? (zh) : (en);
        FATE_TABLE(X)
#undef X
    case FATE_COUNT:
        break;
    }
    return "?";
}

/* What the scan's tables cannot say, for both directions. */
static int
check_fates(const uint8_t *fates, size_t count, struct err_note *note)
{
    for (size_t i = 0; i < count; i++)
        if (fates[i] >= FATE_COUNT)
            return err_set(note, ERR_RANGE, "ack: fates[%zu]: %u is no fate", i, fates[i]);
    return 0;
}

/* ---- packing ---- */

static int
pack_envelope(const Pacewatch__Envelope *envelope, uint8_t *bytes, size_t size,
              struct err_note *note)
{
    size_t needed = pacewatch__envelope__get_packed_size(envelope);
    if (needed > size)
        return err_set(note, ERR_RANGE, "takes %zu bytes, there is room for %zu", needed, size);
    return (int)pacewatch__envelope__pack(envelope, bytes);
}

static int
check_count(const char *name, size_t count, size_t max, struct err_note *note)
{
    return count <= max ? 0 : err_set(note, ERR_RANGE, "%s: %zu, at most %zu", name, count, max);
}

static int
check_ended(const char *name, const char *text, size_t size, struct err_note *note)
{
    return memchr(text, '\0', size) ? 0 : err_set(note, ERR_RANGE, "%s: does not end", name);
}

/* The pack functions take their message by value, because protobuf-c's structs point to texts and
 * bytes without const. */
static int
pack_hello(struct wire_hello hello, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_count("hello: streams", hello.stream_count, WIRE_STREAMS_MAX, note);
    if (rc == 0)
        rc = check_ended("hello: software", hello.software, sizeof hello.software, note);
    if (rc < 0)
        return rc;
    Pacewatch__StreamState states[WIRE_STREAMS_MAX], *streams[WIRE_STREAMS_MAX];
    for (size_t i = 0; i < hello.stream_count; i++) {
        struct wire_stream_state *from = &hello.streams[i];
        pacewatch__stream_state__init(&states[i]);
        states[i].id = (ProtobufCBinaryData){ WIRE_STREAM_ID, from->id };
        states[i].first = from->first;
        states[i].last = from->last;
        states[i].chain = (ProtobufCBinaryData){ WIRE_HASH, from->chain };
        streams[i] = &states[i];
    }
    Pacewatch__Hello body;
    pacewatch__hello__init(&body);
    body.version_min = hello.version_min;
    body.version_max = hello.version_max;
    body.software = hello.software;
    body.n_streams = hello.stream_count;
    body.streams = streams;
    body.wall_time = hello.wall_time;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_HELLO;
    envelope.hello = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_welcome(struct wire_welcome welcome, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_count("welcome: marks", welcome.mark_count, WIRE_STREAMS_MAX, note);
    if (rc < 0)
        return rc;
    Pacewatch__StreamMark copies[WIRE_STREAMS_MAX], *marks[WIRE_STREAMS_MAX];
    for (size_t i = 0; i < welcome.mark_count; i++) {
        struct wire_stream_mark *from = &welcome.marks[i];
        pacewatch__stream_mark__init(&copies[i]);
        copies[i].id = (ProtobufCBinaryData){ WIRE_STREAM_ID, from->id };
        copies[i].hwm = from->hwm;
        copies[i].chain = (ProtobufCBinaryData){ WIRE_HASH, from->chain };
        copies[i].safe_upto = from->safe_upto;
        marks[i] = &copies[i];
    }
    Pacewatch__Welcome body;
    pacewatch__welcome__init(&body);
    body.version = welcome.version;
    body.records_max = welcome.records_max;
    body.bytes_max = welcome.bytes_max;
    body.credit = welcome.credit;
    body.n_marks = welcome.mark_count;
    body.marks = marks;
    body.ledger_id = (ProtobufCBinaryData){ WIRE_STREAM_ID, welcome.ledger_id };
    body.ledger_generation = welcome.ledger_generation;
    body.wall_time = welcome.wall_time;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_refuse(struct wire_refuse refuse, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_ended("refuse: text", refuse.text, sizeof refuse.text, note);
    if (rc < 0)
        return rc;
    Pacewatch__Refuse body;
    pacewatch__refuse__init(&body);
    body.code = refuse.code;
    body.text = refuse.text;
    if (refuse.has_stream)
        body.stream = (ProtobufCBinaryData){ WIRE_STREAM_ID, refuse.stream };
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_REFUSE;
    envelope.refuse = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_later(struct wire_later later, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_ended("later: reason", later.reason, sizeof later.reason, note);
    if (rc < 0)
        return rc;
    Pacewatch__Later body;
    pacewatch__later__init(&body);
    body.retry_after_ms = later.retry_after_ms;
    body.reason = later.reason;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_LATER;
    envelope.later = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_key_offer(struct wire_key_offer offer, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_ended("key_offer: public_key", offer.public_key, sizeof offer.public_key, note);
    if (rc < 0)
        return rc;
    Pacewatch__KeyOffer body;
    pacewatch__key_offer__init(&body);
    body.public_key = offer.public_key;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_KEY_OFFER;
    envelope.key_offer = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_key_answer(struct wire_key_answer answer, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc =
        check_ended("key_answer: public_key", answer.public_key, sizeof answer.public_key, note);
    if (rc == 0)
        rc = check_ended("key_answer: text", answer.text, sizeof answer.text, note);
    if (rc < 0)
        return rc;
    Pacewatch__KeyAnswer body;
    pacewatch__key_answer__init(&body);
    body.public_key = answer.public_key;
    body.text = answer.text;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_KEY_ANSWER;
    envelope.key_answer = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

/* An Ack on its way to bytes: too large for the stack, so it has a copy on the heap. */
struct ack_room {
    uint8_t stream[WIRE_STREAM_ID];
    uint8_t chain[WIRE_HASH];
    uint8_t fates[WIRE_RECORDS_MAX];
    Pacewatch__FateNote *list[WIRE_RECORDS_MAX];
    struct {
        Pacewatch__FateNote body;
        char text[WIRE_TEXT_MAX + 1];
    } notes[WIRE_RECORDS_MAX];
};

static int
copy_notes(const struct wire_ack *ack, struct ack_room *room, struct err_note *note)
{
    for (size_t i = 0; i < ack->note_count; i++) {
        const struct wire_fate_note *from = &ack->notes[i];
        if (check_ended("ack: notes: text", from->text, sizeof from->text, note) < 0)
            return ERR_RANGE;
        Pacewatch__FateNote *to = &room->notes[i].body;
        pacewatch__fate_note__init(to);
        to->seq = from->seq;
        to->code = from->code;
        to->text = memcpy(room->notes[i].text, from->text, strlen(from->text) + 1);
        room->list[i] = to;
    }
    return 0;
}

static int
pack_ack_in(const struct wire_ack *ack, struct ack_room *room, uint8_t *bytes, size_t size,
            struct err_note *note)
{
    int rc = copy_notes(ack, room, note);
    if (rc < 0)
        return rc;
    memcpy(room->stream, ack->stream, sizeof room->stream);
    memcpy(room->chain, ack->chain, sizeof room->chain);
    memcpy(room->fates, ack->fates, ack->fate_count);
    Pacewatch__Ack body;
    pacewatch__ack__init(&body);
    body.stream = (ProtobufCBinaryData){ sizeof room->stream, room->stream };
    body.hwm = ack->hwm;
    body.chain = (ProtobufCBinaryData){ sizeof room->chain, room->chain };
    body.safe_upto = ack->safe_upto;
    body.credit = ack->credit;
    body.fates_first = ack->fates_first;
    body.fates = (ProtobufCBinaryData){ ack->fate_count, room->fates };
    body.n_notes = ack->note_count;
    body.notes = room->list;
    Pacewatch__Envelope envelope;
    pacewatch__envelope__init(&envelope);
    envelope.body_case = PACEWATCH__ENVELOPE__BODY_ACK;
    envelope.ack = &body;
    return pack_envelope(&envelope, bytes, size, note);
}

static int
pack_ack(const struct wire_ack *ack, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_count("ack: fates", ack->fate_count, WIRE_RECORDS_MAX, note);
    if (rc == 0)
        rc = check_count("ack: notes", ack->note_count, WIRE_RECORDS_MAX, note);
    if (rc == 0)
        rc = check_fates(ack->fates, ack->fate_count, note);
    if (rc < 0)
        return rc;
    struct ack_room *room = malloc(sizeof *room);
    if (!room)
        return err_set(note, ERR_FULL, "ack: no memory");
    rc = pack_ack_in(ack, room, bytes, size, note);
    free(room);
    return rc;
}

static int
pack_body(const struct wire_message *message, uint8_t *bytes, size_t size, struct err_note *note)
{
    switch (message->kind) {
    case WIRE_HELLO:
        return pack_hello(message->as.hello, bytes, size, note);
    case WIRE_WELCOME:
        return pack_welcome(message->as.welcome, bytes, size, note);
    case WIRE_REFUSE:
        return pack_refuse(message->as.refuse, bytes, size, note);
    case WIRE_DATA:
        return wire_data_pack(&message->as.data, bytes, size, note);
    case WIRE_ACK:
        return pack_ack(&message->as.ack, bytes, size, note);
    case WIRE_LATER:
        return pack_later(message->as.later, bytes, size, note);
    case WIRE_KEY_OFFER:
        return pack_key_offer(message->as.key_offer, bytes, size, note);
    case WIRE_KEY_ANSWER:
        return pack_key_answer(message->as.key_answer, bytes, size, note);
    }
    return err_set(note, ERR_RANGE, "no such kind of message: %d", (int)message->kind);
}

int
wire_pack(const struct wire_message *message, uint8_t *bytes, size_t size, struct err_note *note)
{
    int length = pack_body(message, bytes, size < WIRE_MESSAGE_MAX ? size : WIRE_MESSAGE_MAX, note);
    if (length < 0)
        return length;
    int rc = scan_check(&envelope_type, bytes, (size_t)length, note);
    return rc < 0 ? rc : length;
}

/* ---- unpacking; the scan has passed, so sizes are right ---- */

static void
unpack_hello(const Pacewatch__Hello *body, struct wire_hello *ret_hello)
{
    ret_hello->version_min = body->version_min;
    ret_hello->version_max = body->version_max;
    memcpy(ret_hello->software, body->software, strlen(body->software) + 1);
    ret_hello->stream_count = body->n_streams;
    ret_hello->wall_time = body->wall_time;
    for (size_t i = 0; i < body->n_streams; i++) {
        struct wire_stream_state *to = &ret_hello->streams[i];
        memcpy(to->id, body->streams[i]->id.data, sizeof to->id);
        to->first = body->streams[i]->first;
        to->last = body->streams[i]->last;
        memcpy(to->chain, body->streams[i]->chain.data, sizeof to->chain);
    }
}

static void
unpack_welcome(const Pacewatch__Welcome *body, struct wire_welcome *ret_welcome)
{
    ret_welcome->version = body->version;
    ret_welcome->records_max = body->records_max;
    ret_welcome->bytes_max = body->bytes_max;
    ret_welcome->credit = body->credit;
    ret_welcome->mark_count = body->n_marks;
    memcpy(ret_welcome->ledger_id, body->ledger_id.data, sizeof ret_welcome->ledger_id);
    ret_welcome->ledger_generation = body->ledger_generation;
    ret_welcome->wall_time = body->wall_time;
    for (size_t i = 0; i < body->n_marks; i++) {
        struct wire_stream_mark *to = &ret_welcome->marks[i];
        memcpy(to->id, body->marks[i]->id.data, sizeof to->id);
        to->hwm = body->marks[i]->hwm;
        memcpy(to->chain, body->marks[i]->chain.data, sizeof to->chain);
        to->safe_upto = body->marks[i]->safe_upto;
    }
}

static int
unpack_refuse(const Pacewatch__Refuse *body, struct wire_refuse *ret_refuse, struct err_note *note)
{
    if (body->stream.len != 0 && body->stream.len != WIRE_STREAM_ID)
        return err_set(note, ERR_RANGE, "refuse: stream: %zu bytes, 0 or %d expected",
                       body->stream.len, WIRE_STREAM_ID);
    ret_refuse->code = body->code;
    memcpy(ret_refuse->text, body->text, strlen(body->text) + 1);
    ret_refuse->has_stream = body->stream.len > 0;
    memset(ret_refuse->stream, 0, sizeof ret_refuse->stream);
    if (ret_refuse->has_stream)
        memcpy(ret_refuse->stream, body->stream.data, sizeof ret_refuse->stream);
    return 0;
}

static int
unpack_ack(const Pacewatch__Ack *body, struct wire_ack *ret_ack, struct err_note *note)
{
    int rc = check_fates(body->fates.data, body->fates.len, note);
    if (rc < 0)
        return rc;
    memcpy(ret_ack->stream, body->stream.data, sizeof ret_ack->stream);
    ret_ack->hwm = body->hwm;
    memcpy(ret_ack->chain, body->chain.data, sizeof ret_ack->chain);
    ret_ack->safe_upto = body->safe_upto;
    ret_ack->credit = body->credit;
    ret_ack->fates_first = body->fates_first;
    ret_ack->fate_count = body->fates.len;
    if (body->fates.len > 0)
        memcpy(ret_ack->fates, body->fates.data, body->fates.len);
    ret_ack->note_count = body->n_notes;
    for (size_t i = 0; i < body->n_notes; i++) {
        struct wire_fate_note *to = &ret_ack->notes[i];
        to->seq = body->notes[i]->seq;
        to->code = body->notes[i]->code;
        memcpy(to->text, body->notes[i]->text, strlen(body->notes[i]->text) + 1);
    }
    return 0;
}

static void
unpack_key_answer(const Pacewatch__KeyAnswer *body, struct wire_key_answer *ret_answer)
{
    memcpy(ret_answer->public_key, body->public_key, sizeof ret_answer->public_key);
    memcpy(ret_answer->text, body->text, strlen(body->text) + 1);
}

static int
unpack_body(const Pacewatch__Envelope *envelope, struct wire_message *ret_message,
            struct err_note *note)
{
    int rc = 0;
    switch (envelope->body_case) {
    case PACEWATCH__ENVELOPE__BODY_HELLO:
        unpack_hello(envelope->hello, &ret_message->as.hello);
        break;
    case PACEWATCH__ENVELOPE__BODY_WELCOME:
        unpack_welcome(envelope->welcome, &ret_message->as.welcome);
        break;
    case PACEWATCH__ENVELOPE__BODY_REFUSE:
        rc = unpack_refuse(envelope->refuse, &ret_message->as.refuse, note);
        break;
    case PACEWATCH__ENVELOPE__BODY_ACK:
        rc = unpack_ack(envelope->ack, &ret_message->as.ack, note);
        break;
    case PACEWATCH__ENVELOPE__BODY_LATER:
        ret_message->as.later.retry_after_ms = envelope->later->retry_after_ms;
        memcpy(ret_message->as.later.reason, envelope->later->reason,
               strlen(envelope->later->reason) + 1);
        break;
    case PACEWATCH__ENVELOPE__BODY_KEY_OFFER:
        memcpy(ret_message->as.key_offer.public_key, envelope->key_offer->public_key,
               sizeof ret_message->as.key_offer.public_key);
        break;
    case PACEWATCH__ENVELOPE__BODY_KEY_ANSWER:
        unpack_key_answer(envelope->key_answer, &ret_message->as.key_answer);
        break;
    case PACEWATCH__ENVELOPE__BODY_DATA: /* never gets here */
    case PACEWATCH__ENVELOPE__BODY__NOT_SET:
    case _PACEWATCH__ENVELOPE__BODY__CASE_IS_INT_SIZE:
    default:
        return err_set(note, ERR_SYNTAX, "envelope: no body");
    }
    return rc;
}

int
wire_unpack(const uint8_t *bytes, size_t size, struct wire_message *ret_message,
            struct err_note *note)
{
    if (size > WIRE_MESSAGE_MAX)
        return err_set(note, ERR_RANGE, "message of %zu bytes, at most %d", size, WIRE_MESSAGE_MAX);
    int rc = scan_check(&envelope_type, bytes, size, note);
    if (rc < 0)
        return rc;
    uint32_t kind = wire_body_number(bytes, size);
    if (kind == WIRE_DATA) {
        wire_data_unpack(bytes, size, &ret_message->as.data);
        ret_message->kind = WIRE_DATA;
        return 0;
    }
    struct scan_budget budget;
    scan_budget_init(&budget, 4 * size + WIRE_UNPACK_EXTRA);
    Pacewatch__Envelope *envelope = pacewatch__envelope__unpack(&budget.allocator, size, bytes);
    if (!envelope)
        return scan_budget_fault(&budget, "message", note);
    rc = unpack_body(envelope, ret_message, note);
    if (rc == 0)
        ret_message->kind = (enum wire_kind)kind;
    pacewatch__envelope__free_unpacked(envelope, &budget.allocator);
    return rc;
}
