/* SPDX-License-Identifier: GPL-3.0-or-later
 * An agent whose key is enrolled and who means harm:
 *
 *   hostile_agent KIND PORT SERVER_KEY KEYS PUBLISHER LEDGER SECONDS SEED
 *
 * KEYS is the folder with its pair `agent`, PUBLISHER whose key that is. It knows more than any
 * district does: LEDGER is read for the streams and keys of the others. The kinds are in `kinds`
 * below. In the end it prints
 *
 *   sent      messages
 *   answered  by the collector
 *   taken     rows that were accepted, of whatever kind
 *
 * and ends with 1 if nobody answered anything, for then it proves nothing (kinds that are never
 * answered excepted). */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>
#include <zmq.h>

#include "platform/bus.h"
#include "platform/clock.h"
#include "platform/hash.h"
#include "proto/wire.h"

enum { OTHERS_MAX = 32, PARTS = 1000, ROWS = 20 };

struct other {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t hwm;
    char publisher[SAMPLE_ID_MAX + 1];
};

static struct {
    struct bus_client *bus;
    void *context, *raw; /* for what the bus does not send */
    const char *publisher;
    uint64_t chance;
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t next; /* record of our stream */
    struct other others[OTHERS_MAX];
    size_t other_count;
    char keys[OTHERS_MAX][WIRE_KEY + 1];
    size_t key_count;
    struct wire_message message, answer;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    uint8_t records[WIRE_RECORDS_MAX][WIRE_RECORD_MAX];
    unsigned long sent, answered, taken;
} it;

static void
expect_ok(int code, const struct err_note *note)
{
    if (code >= 0)
        return;
    (void)fprintf(stderr, "hostile_agent: %s\n", note->text);
    exit(2);
}

/* splitmix64 */
static uint64_t
draw(uint64_t below)
{
    uint64_t x = it.chance += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (x ^ (x >> 31)) % below;
}

static void
fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)draw(256);
}

static const struct other *
any_other(void)
{
    return &it.others[draw(it.other_count)];
}

/* ---- what the others have ---- */

static void
read_others(const char *path)
{
    sqlite3 *ledger = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_open_v2(path, &ledger, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(ledger, "SELECT stream, hwm, publisher FROM stream WHERE publisher <> ?",
                           -1, &s, NULL) != SQLITE_OK ||
        sqlite3_bind_text(s, 1, it.publisher, -1, SQLITE_STATIC) != SQLITE_OK)
        exit(2);
    while (sqlite3_step(s) == SQLITE_ROW && it.other_count < OTHERS_MAX) {
        struct other *other = &it.others[it.other_count++];
        memcpy(other->stream, sqlite3_column_blob(s, 0), WIRE_STREAM_ID);
        other->hwm = (uint64_t)sqlite3_column_int64(s, 1);
        (void)snprintf(other->publisher, sizeof other->publisher, "%s",
                       (const char *)sqlite3_column_text(s, 2));
    }
    (void)sqlite3_finalize(s); /* only read */
    if (sqlite3_prepare_v2(ledger, "SELECT public_key FROM publisher_key", -1, &s, NULL) !=
        SQLITE_OK)
        exit(2);
    while (sqlite3_step(s) == SQLITE_ROW && it.key_count < OTHERS_MAX)
        (void)snprintf(it.keys[it.key_count++], sizeof it.keys[0], "%s",
                       (const char *)sqlite3_column_text(s, 0));
    (void)sqlite3_finalize(s); /* only read */
    (void)sqlite3_close(ledger);
    if (it.other_count == 0 || it.key_count == 0) {
        (void)fputs("hostile_agent: nobody to harm\n", stderr);
        exit(2);
    }
}

/* ---- sending ---- */

static void
begin_stream(void)
{
    fill(it.stream, sizeof it.stream);
    it.next = 1;
}

/* An answer without fates is a hole: what was too much for the collector was dropped there. */
static void
take_answer(void)
{
    const struct wire_ack *ack = &it.answer.as.ack;
    bool is_hole = it.answer.kind == WIRE_ACK && ack->fate_count == 0;
    bool is_fork = it.answer.kind == WIRE_REFUSE && it.answer.as.refuse.code == REFUSAL_FORK;
    if ((is_hole && memcmp(ack->stream, it.stream, WIRE_STREAM_ID) == 0) ||
        (is_fork && memcmp(it.answer.as.refuse.stream, it.stream, WIRE_STREAM_ID) == 0))
        begin_stream();
    for (size_t i = 0; it.answer.kind == WIRE_ACK && i < ack->fate_count; i++)
        it.taken += ack->fates[i] == FATE_STORED || ack->fates[i] == FATE_REVISION;
}

/* Takes what has come, and waits a little where the socket is full. */
static void
hear(int wait_ms)
{
    const uint8_t *bytes;
    size_t size;
    (void)bus_client_wait(it.bus, NULL, 0, wait_ms); /* the next turn waits again */
    while (bus_client_receive(it.bus, &bytes, &size) == 1) {
        it.answered++;
        if (wire_unpack(bytes, size, &it.answer, NULL) == 0)
            take_answer();
    }
}

static void
send_bytes(const uint8_t *bytes, size_t size)
{
    if (bus_client_send(it.bus, bytes, size) == 0)
        it.sent++;
    else
        hear(5);
}

static size_t
pack(void)
{
    struct err_note note = { "" };
    int size = wire_pack(&it.message, it.bytes, sizeof it.bytes, &note);
    expect_ok(size, &note);
    return (size_t)size;
}

static void
send_message(void)
{
    send_bytes(it.bytes, pack());
}

/* ---- messages that are well formed ---- */

static void
make_hello(const uint8_t *stream, uint64_t last)
{
    it.message.kind = WIRE_HELLO;
    it.message.as.hello =
        (struct wire_hello){ .version_min = 1, .version_max = WIRE_VERSION_MAX, .stream_count = 1 };
    memcpy(it.message.as.hello.streams[0].id, stream, WIRE_STREAM_ID);
    it.message.as.hello.streams[0].last = last;
}

static void
begin_data(const uint8_t *stream, uint64_t first)
{
    it.message.kind = WIRE_DATA;
    it.message.as.data.first = first;
    it.message.as.data.record_count = 0;
    memcpy(it.message.as.data.stream, stream, WIRE_STREAM_ID);
}

static void
add_record(const struct record *record)
{
    struct wire_data *data = &it.message.as.data;
    struct err_note note = { "" };
    uint8_t *bytes = it.records[data->record_count];
    int size = record_pack(record, bytes, WIRE_RECORD_MAX, &note);
    expect_ok(size, &note);
    data->records[data->record_count++] = (struct wire_slice){ bytes, (size_t)size };
}

/* A file whose rows say `area` and `publisher`; what they tell is a value of its own each. */
static void
add_file(const char *area, const char *publisher, unsigned rows)
{
    struct record record = { .type = RECORD_FILE_BEGIN,
                             .as.begin = { .name = "hostile.csv", .rows = rows } };
    uint8_t sha256[RECORD_SHA256];
    fill(sha256, sizeof sha256);
    memcpy(record.as.begin.sha256, sha256, sizeof sha256);
    add_record(&record);
    for (unsigned i = 0; i < rows; i++) {
        record = (struct record){ .type = RECORD_SAMPLE };
        struct sample *sample = &record.as.sample;
        (void)snprintf(sample->area, sizeof sample->area, "%s", area);
        (void)snprintf(sample->publisher, sizeof sample->publisher, "%s", publisher);
        (void)snprintf(sample->indicator, sizeof sample->indicator, "land-freed");
        (void)snprintf(sample->value, sizeof sample->value, "%" PRIu64, draw(1000000000));
        sample->period = cal_month(2015 + (int)draw(8), 1 + (int)draw(12));
        sample->status = 'A';
        sample->row = i + 2;
        sample->has_released = true;
        sample->released = cal_period_after(cal_month(2023, 1 + (int)draw(6)));
        add_record(&record);
    }
    record = (struct record){ .type = RECORD_FILE_END, .as.end = { .rows = rows } };
    memcpy(record.as.end.sha256, sha256, sizeof sha256);
    add_record(&record);
}

/* A file of our own that continues our stream. */
static void
make_own_file(unsigned rows)
{
    begin_data(it.stream, it.next);
    add_file(it.publisher, "", rows);
    it.next += it.message.as.data.record_count;
}

/* ---- the kinds ---- */

static void
send_random(void)
{
    size_t size = 1 + draw(draw(8) ? 300 : WIRE_MESSAGE_MAX);
    fill(it.bytes, size);
    send_bytes(it.bytes, size);
}

/* A message the collector would take, with some bytes changed. */
static void
send_mutated(void)
{
    const struct other *other = any_other();
    switch (draw(4)) {
    case 0:
        make_hello(draw(2) ? it.stream : other->stream, draw(100));
        break;
    case 1:
        begin_data(other->stream, other->hwm + draw(3));
        add_file(other->publisher, other->publisher, ROWS);
        break;
    case 2:
        it.message.kind = WIRE_KEY_OFFER;
        memcpy(it.message.as.key_offer.public_key, it.keys[draw(it.key_count)], WIRE_KEY + 1);
        break;
    default:
        make_own_file(ROWS);
        break;
    }
    size_t size = pack();
    for (uint64_t i = 1 + draw(4); i-- > 0;)
        it.bytes[draw(size)] = draw(2) ? (uint8_t)draw(256) : 0xff;
    send_bytes(it.bytes, draw(8) ? size : 1 + draw(size));
}

/* The streams of others: greeted, continued, and told again from any number. */
static void
send_foreign(void)
{
    const struct other *other = any_other();
    static const uint64_t firsts[] = { 1, 2, INT64_MAX - ROWS - 2 };
    if (draw(4) == 0) {
        make_hello(other->stream, draw(2) ? INT64_MAX : 0);
    } else {
        begin_data(other->stream, draw(2) ? other->hwm + 1 : firsts[draw(3)]);
        add_file(draw(2) ? other->publisher : it.publisher, "", ROWS);
    }
    send_message();
}

/* Our own stream, rows in the name and for the area of others. */
static void
send_impostors(void)
{
    const struct other *other = any_other();
    bool is_area = draw(2), is_publisher = !is_area || draw(2);
    begin_data(it.stream, it.next);
    add_file(is_area ? other->publisher : it.publisher, is_publisher ? other->publisher : "", ROWS);
    it.next += it.message.as.data.record_count;
    send_message();
}

/* The largest numbers that a message can hold, and beyond: a number is the ten bytes of 2^63 or
 * 2^64-1, put in the place of the largest. */
static void
send_numbers(void)
{
    static const uint8_t largest[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f };
    static const uint8_t beyond[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    if (draw(2)) {
        make_hello(it.stream, INT64_MAX);
    } else {
        begin_data(it.stream, INT64_MAX);
        add_file(it.publisher, "", 0);
        it.message.as.data.record_count = 1;
    }
    size_t size = pack();
    uint8_t *at = memmem(it.bytes, size, largest, sizeof largest);
    if (at && draw(2))
        memcpy(at, beyond, sizeof beyond); /* with the byte behind it: 64 bits and more */
    send_bytes(it.bytes, size);
}

static void
send_parts(void)
{
    for (int i = 0; i < PARTS; i++)
        if (zmq_send(it.raw, "part", 4, i + 1 < PARTS ? ZMQ_SNDMORE : 0) < 0)
            break;
    it.sent++;
    hear(1);
}

/* As large as a message may be, and full of records. */
static void
send_large(void)
{
    struct record record = { .type = RECORD_REJECTED, .as.rejected = { .row = 1, .code = 1 } };
    memset(record.as.rejected.original, 'x', RECORD_ORIGINAL_MAX);
    begin_data(it.stream, it.next);
    while (it.message.as.data.record_count < 600)
        add_record(&record);
    it.next += it.message.as.data.record_count;
    send_message();
}

/* Nobody told us that we may. */
static void
send_without_credit(void)
{
    make_own_file(ROWS);
    send_message();
}

static void
send_hello(void)
{
    make_hello(it.stream, draw(1000));
    send_message();
}

static void
send_offer(void)
{
    static const char published[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    it.message.kind = WIRE_KEY_OFFER;
    memcpy(it.message.as.key_offer.public_key, draw(4) ? it.keys[draw(it.key_count)] : published,
           WIRE_KEY + 1);
    send_message();
}

static void
send_again(void)
{
    if (it.message.kind != WIRE_DATA)
        make_own_file(ROWS);
    send_message();
}

static const struct kind {
    const char *name;
    void (*send)(void);
    bool is_unanswered;
} kinds[] = {
    { "random", send_random, false },   { "mutated", send_mutated, false },
    { "foreign", send_foreign, false }, { "impostors", send_impostors, false },
    { "numbers", send_numbers, false }, { "parts", send_parts, true },
    { "large", send_large, false },     { "no_credit", send_without_credit, false },
    { "hello", send_hello, false },     { "offers", send_offer, false },
    { "again", send_again, false },
};

static void
open_raw(const struct bus_client_settings *settings)
{
    int zero = 0;
    it.context = zmq_ctx_new();
    it.raw = it.context ? zmq_socket(it.context, ZMQ_DEALER) : NULL;
    if (!it.raw || zmq_setsockopt(it.raw, ZMQ_LINGER, &zero, sizeof zero) != 0 ||
        zmq_setsockopt(it.raw, ZMQ_CURVE_SERVERKEY, settings->server_key, KEY_TEXT - 1) != 0 ||
        zmq_setsockopt(it.raw, ZMQ_CURVE_PUBLICKEY, settings->keys->public_key, KEY_TEXT - 1) !=
            0 ||
        zmq_setsockopt(it.raw, ZMQ_CURVE_SECRETKEY, settings->keys->secret_key, KEY_TEXT - 1) !=
            0 ||
        zmq_connect(it.raw, settings->endpoint) != 0) {
        (void)fprintf(stderr, "hostile_agent: %s\n", zmq_strerror(zmq_errno()));
        exit(2);
    }
}

int
main(int argc, char **argv)
{
    const struct kind *kind = NULL;
    for (size_t i = 0; argc == 9 && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            kind = &kinds[i];
    if (!kind) {
        (void)fputs("usage: hostile_agent KIND PORT SERVER_KEY KEYS PUBLISHER LEDGER SECONDS"
                    " SEED\n",
                    stderr);
        return 2;
    }
    char endpoint[64];
    struct key_pair keys;
    struct err_note note = { "" };
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%s", argv[2]);
    it.publisher = argv[5];
    it.chance = strtoull(argv[8], NULL, 10);
    begin_stream();
    expect_ok(keys_load(argv[4], "agent", &keys, &note), &note);
    read_others(argv[6]);
    struct bus_client_settings settings = { endpoint, argv[3], &keys, WIRE_MESSAGE_MAX };
    expect_ok(bus_client_open(&settings, &it.bus, &note), &note);
    open_raw(&settings);
    int64_t end = clock_mono().ms + 1000 * strtol(argv[7], NULL, 10);
    while (clock_mono().ms < end) {
        if (bus_client_link(it.bus) == BUS_READY)
            kind->send();
        hear(bus_client_link(it.bus) == BUS_READY ? 0 : 20);
    }
    hear(500);
    (void)printf("sent=%lu answered=%lu taken=%lu\n", it.sent, it.answered, it.taken);
    (void)zmq_close(it.raw);
    (void)zmq_ctx_term(it.context);
    bus_client_close(it.bus);
    return it.sent == 0 || (it.answered == 0 && !kind->is_unanswered);
}
