/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tests of intake share: a ledger with two keys, files of records, and an agent that sends
 * them. */
#ifndef PACEWATCH_TESTS_UNIT_COLLECTOR_INTAKE_BENCH_H
#define PACEWATCH_TESTS_UNIT_COLLECTOR_INTAKE_BENCH_H

#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake.h"
#include "collector/registry.h"
#include "platform/hash.h"

static const uint8_t stream_a[WIRE_STREAM_ID] = "stream A of wux";
static const char key_wuxing[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char key_anji[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

/* A file's records, packed, and the answer that came last. */
struct bench {
    struct fixture *f;
    struct registry *registry;
    struct intake *intake;
    char author_wuxing[16], author_anji[16];
    uint8_t records[64][WIRE_RECORD_MAX];
    size_t sizes[64];
    size_t count;
    struct wire_message *message, *answer;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    uint8_t answer_bytes[WIRE_MESSAGE_MAX];
    size_t answers, answer_size;
    struct intake_round round;
    struct wall_time now;
};

static inline void
on_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct bench *b = context;
    assert_int_equal(4, peer_size);
    assert_memory_equal("peer", peer, 4);
    memcpy(b->answer_bytes, bytes, size);
    b->answer_size = size;
    b->answers++;
}

static inline int
bench_setup(void **state)
{
    void *inner = NULL;
    (void)fixture_setup(&inner); /* it asserts */
    struct bench *b = calloc(1, sizeof *b);
    struct err_note note = { "" };
    int64_t id = 0;
    assert_non_null(b);
    b->f = inner;
    b->now = noon(2023, 6, 1);
    expect_ok(ledger_begin(b->f->ledger, &note), &note);
    expect_ok(ledger_key_add(b->f->ledger, "wuxing", key_wuxing, noon(2023, 1, 1), &id, &note),
              &note);
    (void)snprintf(b->author_wuxing, sizeof b->author_wuxing, "%lld", (long long)id);
    expect_ok(ledger_key_add(b->f->ledger, "anji", key_anji, noon(2023, 1, 1), &id, &note), &note);
    (void)snprintf(b->author_anji, sizeof b->author_anji, "%lld", (long long)id);
    expect_ok(ledger_commit(b->f->ledger, &note), &note);
    expect_ok(registry_read(b->f->ledger, b->f->catalogue, &b->registry, &note), &note);
    b->intake = intake_new(b->f->ledger, b->f->catalogue);
    intake_set_registry(b->intake, b->registry);
    b->message = calloc(1, sizeof *b->message);
    b->answer = calloc(1, sizeof *b->answer);
    *state = b;
    return 0;
}

static inline int
bench_teardown(void **state)
{
    struct bench *b = *state;
    void *inner = b->f;
    intake_free(b->intake);
    registry_free(b->registry);
    free(b->message);
    free(b->answer);
    free(b);
    return fixture_teardown(&inner);
}

static inline void
add_record(struct bench *b, const struct record *record)
{
    struct err_note note = { "" };
    int size = record_pack(record, b->records[b->count], WIRE_RECORD_MAX, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    b->sizes[b->count++] = (size_t)size;
}

/* FileBegin, the rows, FileEnd. */
static inline void
make_file(struct bench *b, char mark, const struct sample *rows, size_t count)
{
    struct record record = { .type = RECORD_FILE_BEGIN,
                             .as.begin = { .name = "吴兴 5月.csv", .rows = (uint32_t)count } };
    memset(record.as.begin.sha256, mark, RECORD_SHA256);
    add_record(b, &record);
    for (size_t i = 0; i < count; i++) {
        record = (struct record){ .type = RECORD_SAMPLE, .as.sample = rows[i] };
        add_record(b, &record);
    }
    record = (struct record){ .type = RECORD_FILE_END, .as.end = { .rows = (uint32_t)count } };
    memset(record.as.end.sha256, mark, RECORD_SHA256);
    add_record(b, &record);
}

/* Gives the collector the message in b->message. */
static inline void
give(struct bench *b, const char *author)
{
    struct err_note note = { "" };
    int size = wire_pack(b->message, b->bytes, sizeof b->bytes, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    b->answers = 0;
    intake_take(b->intake, author, (const uint8_t *)"peer", 4, b->bytes, (size_t)size, b->now,
                (struct mono_time){ 0 });
    b->round = intake_commit(b->intake, on_answer, b);
}

static inline void
read_answer(struct bench *b)
{
    struct err_note note = { "" };
    assert_int_equal(1, b->answers);
    expect_ok(wire_unpack(b->answer_bytes, b->answer_size, b->answer, &note), &note);
}

static inline void
exchange(struct bench *b, const char *author)
{
    give(b, author);
    read_answer(b);
}

/* A Data of records from..to (numbers from 1, both included). */
static inline void
make_data(struct bench *b, const uint8_t *stream, size_t from, size_t to)
{
    b->message->kind = WIRE_DATA;
    struct wire_data *data = &b->message->as.data;
    memcpy(data->stream, stream, sizeof data->stream);
    data->first = from;
    data->record_count = to - from + 1;
    for (size_t i = from; i <= to; i++)
        data->records[i - from] = (struct wire_slice){ b->records[i - 1], b->sizes[i - 1] };
}

static inline void
send_records(struct bench *b, const char *author, const uint8_t *stream, size_t from, size_t to)
{
    make_data(b, stream, from, to);
    exchange(b, author);
}

static inline int64_t
observations(struct bench *b)
{
    struct ledger_counts counts;
    struct err_note note = { "" };
    expect_ok(ledger_count(b->f->ledger, &counts, &note), &note);
    return counts.observations;
}

static inline void
good_file(struct bench *b)
{
    struct sample rows[3] = { sample_of("wuxing", "land", "2023-04", "400", "2023-05-12", 2),
                              sample_of("anji", "land", "2023-04", "400", "2023-05-12", 3),
                              sample_of("wuxing", "growth", "2023-04", "-3.9", "2023-05-12", 4) };
    make_file(b, 'a', rows, 3);
}

#endif
