/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static uint8_t record_bytes[WIRE_RECORD_MAX];

struct wire_message *
sample_message(void)
{
    struct wire_message *message = calloc(1, sizeof *message);
    assert_non_null(message);
    return message;
}

static void
fill_bytes(uint8_t *bytes, size_t size, unsigned start)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(start + i);
}

/* `size` bytes of text, three to a character as far as they go. */
static void
fill_text(char *text, size_t size)
{
    static const char lake[] = "湖";
    size_t at = 0;
    for (; at + 3 <= size; at += 3)
        memcpy(text + at, lake, sizeof lake - 1);
    for (; at < size; at++)
        text[at] = 'x';
}

void
sample_small(enum wire_kind kind, struct wire_message *ret_message)
{
    ret_message->kind = kind;
    switch (kind) {
    case WIRE_HELLO:
        ret_message->as.hello.version_min = ret_message->as.hello.version_max = 1;
        break;
    case WIRE_WELCOME:
        ret_message->as.welcome.version = 1;
        break;
    case WIRE_REFUSE:
        ret_message->as.refuse.code = REFUSAL_KEY;
        break;
    case WIRE_DATA:
        ret_message->as.data.first = 1;
        fill_bytes(record_bytes, sizeof record_bytes, 0);
        ret_message->as.data.records[0] = (struct wire_slice){ record_bytes, 5 };
        ret_message->as.data.record_count = 1;
        break;
    case WIRE_ACK:
        break;
    case WIRE_LATER:
        ret_message->as.later.retry_after_ms = 1;
        break;
    case WIRE_KEY_OFFER:
        memset(ret_message->as.key_offer.public_key, 'k', WIRE_KEY);
        break;
    case WIRE_KEY_ANSWER:
        memset(ret_message->as.key_answer.public_key, 'k', WIRE_KEY);
        break;
    }
}

static void
large_hello(struct wire_hello *hello)
{
    hello->version_min = hello->version_max = UINT32_MAX;
    fill_text(hello->software, WIRE_TEXT_MAX);
    hello->wall_time = INT64_MIN;
    hello->stream_count = WIRE_STREAMS_MAX;
    for (unsigned i = 0; i < WIRE_STREAMS_MAX; i++) {
        fill_bytes(hello->streams[i].id, WIRE_STREAM_ID, i);
        hello->streams[i].first = INT64_MAX;
        hello->streams[i].last = INT64_MAX - i;
        fill_bytes(hello->streams[i].chain, WIRE_HASH, 100 + i);
    }
}

static void
large_welcome(struct wire_welcome *welcome)
{
    welcome->version = welcome->records_max = welcome->bytes_max = welcome->credit = UINT32_MAX;
    fill_bytes(welcome->ledger_id, WIRE_STREAM_ID, 7);
    welcome->ledger_generation = INT64_MAX;
    welcome->wall_time = INT64_MAX;
    welcome->mark_count = WIRE_STREAMS_MAX;
    for (unsigned i = 0; i < WIRE_STREAMS_MAX; i++) {
        fill_bytes(welcome->marks[i].id, WIRE_STREAM_ID, i);
        welcome->marks[i].hwm = INT64_MAX - i;
        fill_bytes(welcome->marks[i].chain, WIRE_HASH, 100 + i);
        welcome->marks[i].safe_upto = INT64_MAX;
    }
}

/* 1000 records that just fill a message. */
static void
large_data(struct wire_data *data)
{
    size_t left = WIRE_MESSAGE_MAX - wire_data_size(WIRE_RECORDS_MAX, 0);
    fill_bytes(record_bytes, sizeof record_bytes, 0);
    fill_bytes(data->stream, WIRE_STREAM_ID, 9);
    data->first = INT64_MAX;
    data->record_count = WIRE_RECORDS_MAX;
    for (size_t i = 0; i < WIRE_RECORDS_MAX; i++) {
        size_t others = WIRE_RECORDS_MAX - i - 1;
        size_t size = left - others < WIRE_RECORD_MAX ? left - others : WIRE_RECORD_MAX;
        data->records[i] = (struct wire_slice){ record_bytes, size };
        left -= size;
    }
}

static void
large_ack(struct wire_ack *ack)
{
    fill_bytes(ack->stream, WIRE_STREAM_ID, 9);
    ack->hwm = ack->safe_upto = ack->fates_first = INT64_MAX;
    fill_bytes(ack->chain, WIRE_HASH, 50);
    ack->credit = UINT32_MAX;
    ack->fate_count = ack->note_count = WIRE_RECORDS_MAX;
    for (size_t i = 0; i < WIRE_RECORDS_MAX; i++) {
        ack->fates[i] = (uint8_t)(i % FATE_COUNT);
        ack->notes[i].seq = INT64_MAX - i;
        ack->notes[i].code = UINT32_MAX;
        fill_text(ack->notes[i].text, i == 0 ? WIRE_TEXT_MAX : 220); /* 1000 of 255 do not fit */
    }
}

void
sample_large(enum wire_kind kind, struct wire_message *ret_message)
{
    ret_message->kind = kind;
    switch (kind) {
    case WIRE_HELLO:
        large_hello(&ret_message->as.hello);
        break;
    case WIRE_WELCOME:
        large_welcome(&ret_message->as.welcome);
        break;
    case WIRE_REFUSE:
        ret_message->as.refuse.code = UINT32_MAX;
        fill_text(ret_message->as.refuse.text, WIRE_TEXT_MAX);
        ret_message->as.refuse.has_stream = true;
        fill_bytes(ret_message->as.refuse.stream, WIRE_STREAM_ID, 3);
        break;
    case WIRE_DATA:
        large_data(&ret_message->as.data);
        break;
    case WIRE_ACK:
        large_ack(&ret_message->as.ack);
        break;
    case WIRE_LATER:
        ret_message->as.later.retry_after_ms = UINT32_MAX;
        fill_text(ret_message->as.later.reason, WIRE_TEXT_MAX);
        break;
    case WIRE_KEY_OFFER:
        fill_text(ret_message->as.key_offer.public_key, WIRE_KEY);
        break;
    case WIRE_KEY_ANSWER:
        fill_text(ret_message->as.key_answer.public_key, WIRE_KEY);
        fill_text(ret_message->as.key_answer.text, WIRE_TEXT_MAX);
        break;
    }
}

static void
make_sample(bool is_large, struct sample *sample)
{
    sample->period = cal_month(2023, 4);
    sample->stage = is_large ? OBS_STAGE_FINAL : OBS_STAGE_NONE;
    sample->status = 'A';
    if (!is_large) {
        memcpy(sample->area, "deqing", 6);
        memcpy(sample->indicator, "gdp-growth", 10);
        return;
    }
    sample->row = UINT32_MAX;
    fill_text(sample->area, SAMPLE_ID_MAX);
    fill_text(sample->indicator, SAMPLE_ID_MAX);
    fill_text(sample->publisher, SAMPLE_ID_MAX);
    assert_int_equal(0, cal_period_parse("2023-01-01/P2M", 14, &sample->period, NULL));
    memset(sample->value, '9', NUM_TEXT_MAX - 1);
    sample->has_released = true;
    sample->released = cal_date_of(1900, 1, 1);
    fill_text(sample->note, SAMPLE_NOTE_MAX);
}

void
sample_record(enum record_type type, bool is_large, struct record *ret_record)
{
    memset(ret_record, 0, sizeof *ret_record);
    ret_record->type = type;
    switch (type) {
    case RECORD_FILE_BEGIN:
        if (!is_large)
            break;
        fill_bytes(ret_record->as.begin.sha256, RECORD_SHA256, 1);
        fill_text(ret_record->as.begin.name, RECORD_NAME_MAX);
        ret_record->as.begin.rows = UINT32_MAX;
        ret_record->as.begin.wall_time = INT64_MIN;
        break;
    case RECORD_SAMPLE:
        make_sample(is_large, &ret_record->as.sample);
        break;
    case RECORD_FILE_END:
        fill_bytes(ret_record->as.end.sha256, RECORD_SHA256, 2);
        ret_record->as.end.rows = is_large ? UINT32_MAX : 0;
        break;
    case RECORD_REJECTED:
        if (!is_large)
            break;
        ret_record->as.rejected.row = ret_record->as.rejected.code = UINT32_MAX;
        fill_text(ret_record->as.rejected.original, RECORD_ORIGINAL_MAX);
        fill_text(ret_record->as.rejected.text, WIRE_TEXT_MAX);
        break;
    }
}

void
check_same(const struct wire_message *want, const struct wire_message *got)
{
    assert_int_equal(want->kind, got->kind);
    if (want->kind != WIRE_DATA) {
        assert_memory_equal(want, got, sizeof *want);
        return;
    }
    const struct wire_data *a = &want->as.data, *b = &got->as.data;
    assert_memory_equal(a->stream, b->stream, sizeof a->stream);
    assert_true(a->first == b->first);
    assert_int_equal(a->record_count, b->record_count);
    for (size_t i = 0; i < a->record_count; i++) {
        assert_int_equal(a->records[i].size, b->records[i].size);
        assert_memory_equal(a->records[i].bytes, b->records[i].bytes, a->records[i].size);
    }
}

size_t
pack_or_fail(const struct wire_message *message, uint8_t *bytes)
{
    struct err_note note = { 0 };
    int length = wire_pack(message, bytes, WIRE_MESSAGE_MAX, &note);
    if (length < 0)
        fail_msg("kind %d: %s", (int)message->kind, note.text);
    return (size_t)length;
}

uint8_t *
exact_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

uint32_t
next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}
