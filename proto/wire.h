/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages between agent and collector as our structs: bytes in, structs out, with every limit
 * checked on the bytes before anything is unpacked or allocated. proto/pacewatch.proto is the
 * schema; docs/protocol.md tells what the messages mean. Nothing of protobuf-c shows here. */
#ifndef PACEWATCH_PROTO_WIRE_H
#define PACEWATCH_PROTO_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/sample.h"

enum {
    WIRE_VERSION_MIN = 1,
    WIRE_VERSION_MAX = 2,
    WIRE_VERSION_KEYS = 2,         /* the first that knows KeyOffer and KeyAnswer */
    WIRE_MESSAGE_MAX = 256 * 1024, /* bytes of one envelope; also ZMQ_MAXMSGSIZE */
    WIRE_RECORDS_MAX = 1000,       /* records of one Data */
    WIRE_RECORD_MAX = 4096,        /* bytes of one packed record */
    WIRE_STREAMS_MAX = 8,
    WIRE_TEXT_MAX = 255, /* bytes of any one text */
    WIRE_UNPACK_EXTRA = 128 * 1024,
    WIRE_STREAM_ID = 16,
    WIRE_HASH = 32,
    WIRE_KEY = 40 /* bytes of a public key's text */
};

/* X(enum, number, zh, en): what became of a record. Numbers never change. */
#define FATE_TABLE(X)                                             \
    X(FATE_NONE, 0, "未知", "not known yet")                      \
    X(FATE_CONTROL, 1, "—", "control record")                     \
    X(FATE_STORED, 2, "接受", "accepted")                         \
    X(FATE_REVISION, 3, "接受（修订）", "accepted as a revision") \
    X(FATE_UNCHANGED, 4, "未变化", "unchanged")                   \
    X(FATE_DUPLICATE, 5, "重复", "duplicate of an earlier row")   \
    X(FATE_REJECTED, 6, "退回", "rejected")

enum wire_fate {
#define X(name, number, zh, en) name = (number),
    FATE_TABLE(X)
#undef X
        FATE_COUNT
};

const char *fate_text(enum wire_fate fate, enum lang lang);

enum wire_refusal { REFUSAL_KEY = 1, REFUSAL_VERSION = 2, REFUSAL_FORK = 3, REFUSAL_MESSAGE = 4 };

enum wire_kind {
    WIRE_HELLO = 1,
    WIRE_WELCOME,
    WIRE_REFUSE,
    WIRE_DATA,
    WIRE_ACK,
    WIRE_LATER,
    WIRE_KEY_OFFER,
    WIRE_KEY_ANSWER,
    WIRE_KIND_LAST = WIRE_KEY_ANSWER
};

struct wire_stream_state {
    uint8_t id[WIRE_STREAM_ID];
    uint64_t first;
    uint64_t last;
    uint8_t chain[WIRE_HASH];
};

struct wire_hello {
    uint32_t version_min;
    uint32_t version_max;
    char software[WIRE_TEXT_MAX + 1];
    struct wire_stream_state streams[WIRE_STREAMS_MAX];
    size_t stream_count;
    int64_t wall_time;
};

struct wire_stream_mark {
    uint8_t id[WIRE_STREAM_ID];
    uint64_t hwm;
    uint8_t chain[WIRE_HASH];
    uint64_t safe_upto;
};

struct wire_welcome {
    uint32_t version;
    uint32_t records_max;
    uint32_t bytes_max;
    uint32_t credit; /* Data messages that may be under way */
    struct wire_stream_mark marks[WIRE_STREAMS_MAX];
    size_t mark_count;
    uint8_t ledger_id[WIRE_STREAM_ID];
    uint64_t ledger_generation;
    int64_t wall_time;
};

struct wire_refuse {
    uint32_t code;
    char text[WIRE_TEXT_MAX + 1];
    uint8_t stream[WIRE_STREAM_ID];
    bool has_stream;
};

struct wire_slice {
    const uint8_t *bytes;
    size_t size;
};

struct wire_data {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t first;
    struct wire_slice records[WIRE_RECORDS_MAX]; /* point into the message's bytes */
    size_t record_count;
};

struct wire_fate_note {
    uint64_t seq;
    uint32_t code;
    char text[WIRE_TEXT_MAX + 1];
};

struct wire_ack {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t hwm;
    uint8_t chain[WIRE_HASH];
    uint64_t safe_upto;
    uint32_t credit;
    uint64_t fates_first;
    uint8_t fates[WIRE_RECORDS_MAX];
    size_t fate_count;
    struct wire_fate_note notes[WIRE_RECORDS_MAX];
    size_t note_count;
};

struct wire_later {
    uint32_t retry_after_ms;
    char reason[WIRE_TEXT_MAX + 1];
};

struct wire_key_offer {
    char public_key[WIRE_KEY +
                    1]; /* clean text of this length; whether it is a key is not checked */
};

struct wire_key_answer {
    char public_key[WIRE_KEY + 1];
    char text[WIRE_TEXT_MAX + 1]; /* empty: taken */
};

/* Numbers of records, and the generation of a ledger, are at most INT64_MAX. Large (over 250 KiB
 * because of Ack's notes): keep one on the heap and use it again. */
struct wire_message {
    enum wire_kind kind;
    union {
        struct wire_hello hello;
        struct wire_welcome welcome;
        struct wire_refuse refuse;
        struct wire_data data;
        struct wire_ack ack;
        struct wire_later later;
        struct wire_key_offer key_offer;
        struct wire_key_answer key_answer;
    } as;
};

/* Packs a message into bytes[size]. Returns its length, or ERR_RANGE when it does not fit (a
 * message within the limits above and WIRE_MESSAGE_MAX bytes always does, but for a Data whose
 * records are too many: see wire_data_fits). */
int wire_pack(const struct wire_message *message, uint8_t *bytes, size_t size,
              struct err_note *note);

/* Bytes that a Data takes with its records: to fill one up to WIRE_MESSAGE_MAX without packing. */
size_t wire_data_size(size_t record_count, size_t record_bytes);

/* Unpacks a message. `bytes` must outlive the result (Data's records point into it). ERR_RANGE over
 * a limit, ERR_SYNTAX for bytes that are no message of ours; the note says which field. Never
 * allocates more than the message's size times four and WIRE_UNPACK_EXTRA (an Ack's 1000 short
 * notes need it). */
int wire_unpack(const uint8_t *bytes, size_t size, struct wire_message *ret_message,
                struct err_note *note);

enum record_type { RECORD_FILE_BEGIN = 1, RECORD_SAMPLE, RECORD_FILE_END, RECORD_REJECTED };

enum { RECORD_NAME_MAX = 200, RECORD_ORIGINAL_MAX = 400, RECORD_SHA256 = 32 };

struct record_begin {
    uint8_t sha256[RECORD_SHA256];
    char name[RECORD_NAME_MAX + 1];
    uint32_t rows;
    int64_t wall_time;
};

struct record_end {
    uint8_t sha256[RECORD_SHA256];
    uint32_t rows;
};

struct record_rejected {
    uint32_t row;
    uint32_t code; /* enum reject_code */
    char original[RECORD_ORIGINAL_MAX + 1];
    char text[WIRE_TEXT_MAX + 1];
};

struct record {
    enum record_type type;
    union {
        struct record_begin begin;
        struct sample sample;
        struct record_end end;
        struct record_rejected rejected;
    } as;
};

/* Packs one record into bytes[size] (WIRE_RECORD_MAX is always enough). Returns its length or a
 * negative code. */
int record_pack(const struct record *record, uint8_t *bytes, size_t size, struct err_note *note);

/* Unpacks one record. Texts are checked (UTF-8, no control characters, lengths), the period is
 * parsed, the value is only copied (sample_check judges it). A sample whose fields cannot be held
 * is ERR_SYNTAX or ERR_RANGE with a note naming the field. */
int record_unpack(const uint8_t *bytes, size_t size, struct record *ret_record,
                  struct err_note *note);

#endif
