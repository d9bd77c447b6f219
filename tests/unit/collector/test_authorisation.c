/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose data is it? Ten keys of ten districts, and what each could claim to be another's: every
 * claim is refused and leaves no row (docs/reliability.md, T15). The registry, the intake and the
 * ledger are the real ones; a key is what the bus would have written on the message. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake.h"
#include "collector/registry.h"
#include "tests/unit/core/catalogue_text.h"

enum { DISTRICTS = 10, ROWS_OF_EACH = 3, RECORDS = ROWS_OF_EACH + 2 };

struct district {
    char id[8];
    char key[41];
    int64_t number;
    char author[16];
    uint8_t stream[WIRE_STREAM_ID];
};

struct world {
    struct fixture *f; /* its ledger only */
    void *memory;
    const struct catalogue *catalogue;
    struct registry *registry;
    struct intake *intake;
    struct district districts[DISTRICTS];
    struct wire_message message, answer;
    uint8_t records[RECORDS][WIRE_RECORD_MAX];
    uint8_t bytes[WIRE_MESSAGE_MAX];
    unsigned answers;
};

/* "head" and a line for each district; %1$s is its id. */
static void
table_of(char *text, size_t size, const char *head, const char *line)
{
    int length = snprintf(text, size, "%s", head);
    for (unsigned i = 0; i < DISTRICTS; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "d%u", i);
        for (const char *at = line; *at; at++)
            length += snprintf(text + length, size - (size_t)length, "%.*s", *at == '@' ? 2 : 1,
                               *at == '@' ? id : at);
    }
    assert_in_range(length, 1, size - 1);
}

/* Each district may write its own area; `made` comes through all of them. */
static const struct catalogue *
make_catalogue(void **ret_memory)
{
    char areas[1024], publishers[1024];
    static const char *tables[CAT_TABLE_COUNT] = {
        [CAT_UNITS] = "id,name,name_en,family,factor,decimals\nmu,亩,mu,land,1,0\n",
        [CAT_OWNERS] = "id,name,name_en,aliases\n",
        [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                          "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n",
        [CAT_INDICATORS] = "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,"
                           "decomposition,category,sort,aliases\n"
                           "land,用地,Land,mu,V,YTD,monthly,up,0,SUM,x,1,\n",
        [CAT_PROFILES] = "id,name,name_en,form,points,source\n"
                         "quarters,按季,by quarters,milestones,3:30;6:65;9:85;12:100,x\n",
        [CAT_TARGETS] = "id,source,area,indicator,year,text,value,unit,comparator,reference,"
                        "offset,method,status,primary,owner,lead,accountable,wording,note\n",
    };
    table_of(areas, sizeof areas,
             "id,name,name_en,kind,parent,members,numbers\ncity,市,City,city,,,yes\n",
             "@,@,@,district,city,,yes\n");
    table_of(publishers, sizeof publishers,
             "id,name,name_en,kind,areas,via\nmade,M,M,simulated,"
             "d0;d1;d2;d3;d4;d5;d6;d7;d8;d9,d0;d1;d2;d3;d4;d5;d6;d7;d8;d9\n",
             "@,@,@,official,@,\n");
    tables[CAT_AREAS] = areas;
    tables[CAT_PUBLISHERS] = publishers;
    return catalogue_from_text(tables, ret_memory);
}

static void
read_registry(struct world *w)
{
    struct err_note note = { "" };
    struct registry *registry = NULL;
    expect_ok(registry_read(w->f->ledger, w->catalogue, &registry, &note), &note);
    intake_set_registry(w->intake, registry);
    registry_free(w->registry);
    w->registry = registry;
}

static int
setup(void **state)
{
    void *inner = NULL;
    (void)fixture_setup(&inner); /* it asserts */
    struct world *w = calloc(1, sizeof *w);
    struct err_note note = { "" };
    assert_non_null(w);
    w->f = inner;
    w->catalogue = make_catalogue(&w->memory);
    w->intake = intake_new(w->f->ledger, w->catalogue);
    assert_non_null(w->intake);
    expect_ok(ledger_begin(w->f->ledger, &note), &note);
    for (unsigned i = 0; i < DISTRICTS; i++) {
        struct district *d = &w->districts[i];
        (void)snprintf(d->id, sizeof d->id, "d%u", i);
        (void)snprintf(d->key, sizeof d->key, "%040u", i + 1);
        memset(d->stream, 'A' + (int)i, sizeof d->stream);
        expect_ok(ledger_key_add(w->f->ledger, d->id, d->key, noon(2023, 1, 1), &d->number, &note),
                  &note);
        (void)snprintf(d->author, sizeof d->author, "%lld", (long long)d->number);
    }
    expect_ok(ledger_commit(w->f->ledger, &note), &note);
    read_registry(w);
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    void *inner = w->f;
    intake_free(w->intake);
    registry_free(w->registry);
    free(w->memory);
    free(w);
    return fixture_teardown(&inner);
}

/* ---- what is said ---- */

static void
on_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct world *w = context;
    struct err_note note = { "" };
    (void)peer, (void)peer_size; /* one connection is as good as another */
    expect_ok(wire_unpack(bytes, size, &w->answer, &note), &note);
    w->answers++;
}

/* The message in w->message, from whoever `author` is. */
static void
say(struct world *w, const char *author)
{
    struct err_note note = { "" };
    int size = wire_pack(&w->message, w->bytes, sizeof w->bytes, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    w->answers = 0;
    intake_take(w->intake, author, (const uint8_t *)"peer", 4, w->bytes, (size_t)size,
                noon(2023, 8, 1), (struct mono_time){ 0 });
    (void)intake_commit(w->intake, on_answer, w); /* what it says is asked of the ledger */
    assert_int_equal(1, w->answers);
}

static void
say_hello(struct world *w, const char *author, const uint8_t *stream)
{
    w->message.kind = WIRE_HELLO;
    w->message.as.hello =
        (struct wire_hello){ .version_min = 1, .version_max = WIRE_VERSION_MAX, .stream_count = 1 };
    memcpy(w->message.as.hello.streams[0].id, stream, WIRE_STREAM_ID);
    say(w, author);
}

static void
add_record(struct world *w, const struct record *record)
{
    struct err_note note = { "" };
    struct wire_data *data = &w->message.as.data;
    uint8_t *bytes = w->records[data->record_count];
    int size = record_pack(record, bytes, WIRE_RECORD_MAX, &note);
    if (size < 0)
        fail_msg("%s", note.text);
    data->records[data->record_count++] = (struct wire_slice){ bytes, (size_t)size };
}

/* Record `first` and what follows of a stream: file number `file`, rows of this area by this
 * publisher ("": the sender). */
static void
say_data(struct world *w, const char *author, const uint8_t *stream, uint64_t first, unsigned file,
         const char *area, const char *publisher)
{
    struct record record = { .type = RECORD_FILE_BEGIN,
                             .as.begin = { .name = "a.csv", .rows = ROWS_OF_EACH } };
    w->message.kind = WIRE_DATA;
    w->message.as.data.first = first;
    w->message.as.data.record_count = 0;
    memcpy(w->message.as.data.stream, stream, WIRE_STREAM_ID);
    memset(record.as.begin.sha256, (int)file, RECORD_SHA256);
    add_record(w, &record);
    for (unsigned i = 0; i < ROWS_OF_EACH; i++) {
        char period[8], value[16];
        (void)snprintf(period, sizeof period, "2023-%02u", i + 1);
        (void)snprintf(value, sizeof value, "%u", file * 100 + i);
        record = (struct record){ .type = RECORD_SAMPLE };
        record.as.sample = sample_of(area, "land", period, value, "2023-07-12", i + 2);
        (void)snprintf(record.as.sample.publisher, sizeof record.as.sample.publisher, "%s",
                       publisher);
        add_record(w, &record);
    }
    record = (struct record){ .type = RECORD_FILE_END, .as.end = { .rows = ROWS_OF_EACH } };
    memset(record.as.end.sha256, (int)file, RECORD_SHA256);
    add_record(w, &record);
    say(w, author);
}

static int64_t
rows_of(struct world *w)
{
    struct ledger_counts counts;
    struct err_note note = { "" };
    expect_ok(ledger_count(w->f->ledger, &counts, &note), &note);
    return counts.observations;
}

static void
expect_refusal(struct world *w, enum wire_refusal code, int64_t rows)
{
    assert_int_equal(WIRE_REFUSE, w->answer.kind);
    assert_int_equal(code, w->answer.as.refuse.code);
    assert_string_not_equal("", w->answer.as.refuse.text);
    assert_int_equal(rows, rows_of(w));
}

/* Every district's file 1, as it should be. */
static void
everybody_reports(struct world *w)
{
    for (unsigned i = 0; i < DISTRICTS; i++) {
        const struct district *d = &w->districts[i];
        say_hello(w, d->author, d->stream);
        assert_int_equal(WIRE_WELCOME, w->answer.kind);
        say_data(w, d->author, d->stream, 1, i + 1, d->id, "");
        assert_int_equal(WIRE_ACK, w->answer.kind);
        for (unsigned row = 1; row <= ROWS_OF_EACH; row++)
            assert_int_equal(FATE_STORED, w->answer.as.ack.fates[row]);
    }
    assert_int_equal(DISTRICTS * ROWS_OF_EACH, rows_of(w));
}

/* ---- the matrix ---- */

static void
a_foreign_stream_is_refused(void **state)
{
    struct world *w = *state;
    everybody_reports(w);
    int64_t rows = rows_of(w);
    for (unsigned key = 0; key < DISTRICTS; key++) {
        for (unsigned whose = 0; whose < DISTRICTS; whose++) {
            const struct district *d = &w->districts[whose];
            const char *author = w->districts[key].author;
            if (key == whose)
                continue;
            say_hello(w, author, d->stream);
            expect_refusal(w, REFUSAL_FORK, rows);
            say_data(w, author, d->stream, 1, whose + 1, d->id, ""); /* said again */
            expect_refusal(w, REFUSAL_FORK, rows);
            say_data(w, author, d->stream, RECORDS + 1, 77, d->id, ""); /* gone on with */
            expect_refusal(w, REFUSAL_FORK, rows);
            say_data(w, author, d->stream, RECORDS + 1, 77, w->districts[key].id, "");
            expect_refusal(w, REFUSAL_FORK, rows);
        }
    }
}

/* A row of another's area, in a stream of one's own: rejected, whoever it says has written it. */
static void
a_foreign_area_is_rejected(void **state)
{
    struct world *w = *state;
    uint64_t next[DISTRICTS];
    everybody_reports(w);
    int64_t rows = rows_of(w);
    for (unsigned key = 0; key < DISTRICTS; key++)
        next[key] = RECORDS + 1;
    for (unsigned key = 0; key < DISTRICTS; key++) {
        const struct district *own = &w->districts[key];
        for (unsigned whose = 0; whose < DISTRICTS; whose++) {
            const char *other = w->districts[whose].id;
            const struct {
                const char *area, *publisher;
            } claims[] = { { other, "" }, { other, other }, { own->id, other }, { other, "made" } };
            for (size_t i = 0; key != whose && i < sizeof claims / sizeof claims[0]; i++) {
                say_data(w, own->author, own->stream, next[key], 100, claims[i].area,
                         claims[i].publisher);
                assert_int_equal(WIRE_ACK, w->answer.kind);
                for (unsigned row = 1; row <= ROWS_OF_EACH; row++)
                    assert_int_equal(FATE_REJECTED, w->answer.as.ack.fates[row]);
                assert_int_equal(REJECT_RIGHT, w->answer.as.ack.notes[0].code);
                assert_int_equal(rows, rows_of(w));
                next[key] += RECORDS;
            }
        }
    }
}

/* What is said again by its own key changes nothing either. */
static void
what_is_said_again_is_known(void **state)
{
    struct world *w = *state;
    everybody_reports(w);
    int64_t rows = rows_of(w);
    for (unsigned i = 0; i < DISTRICTS; i++) {
        const struct district *d = &w->districts[i];
        say_data(w, d->author, d->stream, 1, i + 1, d->id, "");
        assert_int_equal(WIRE_ACK, w->answer.kind);
        say_data(w, d->author, d->stream, 1, 99, d->id, ""); /* the same numbers, other rows */
        expect_refusal(w, REFUSAL_FORK, rows);
    }
}

static void
say_everything(struct world *w, const char *author, int64_t rows)
{
    for (unsigned whose = 0; whose < DISTRICTS; whose++) {
        const struct district *d = &w->districts[whose];
        say_hello(w, author, d->stream);
        expect_refusal(w, REFUSAL_KEY, rows);
        say_data(w, author, d->stream, 1, whose + 1, d->id, "");
        expect_refusal(w, REFUSAL_KEY, rows);
        say_data(w, author, d->stream, RECORDS + 1, 77, d->id, d->id);
        expect_refusal(w, REFUSAL_KEY, rows);
        w->message.kind = WIRE_KEY_OFFER;
        (void)snprintf(w->message.as.key_offer.public_key, WIRE_KEY + 1, "%040u", 900 + whose);
        say(w, author);
        expect_refusal(w, REFUSAL_KEY, rows);
    }
}

/* Each key revoked in turn: neither a new connection (the door) nor the one that was open (the
 * author on its messages) says anything that counts, from the next message on; the others stay. */
static void
a_revoked_key_says_nothing(void **state)
{
    struct world *w = *state;
    struct err_note note = { "" };
    char author[16];
    everybody_reports(w);
    int64_t rows = rows_of(w);
    for (unsigned key = 0; key < DISTRICTS; key++) {
        const struct district *d = &w->districts[key];
        expect_ok(ledger_begin(w->f->ledger, &note), &note);
        expect_ok(ledger_key_revoke(w->f->ledger, d->number, noon(2023, 8, 1), &note), &note);
        expect_ok(ledger_commit(w->f->ledger, &note), &note);
        read_registry(w);
        for (unsigned i = 0; i < DISTRICTS; i++)
            assert_int_equal(
                i > key, registry_admit(w->registry, w->districts[i].key, author, sizeof author));
        say_everything(w, d->author, rows);
    }
}

/* Never enrolled, or no number of a key at all: the bus would have to fail for these to come. */
static void
nobody_says_nothing(void **state)
{
    static const char *const authors[] = { "",   "11",   "0",  "-1", "999999999999999999999",
                                           "d0", "made", "1x", "0x1" };
    struct world *w = *state;
    char author[16];
    everybody_reports(w);
    int64_t rows = rows_of(w);
    assert_false(registry_admit(w->registry, "0000000000000000000000000000000000000099", author,
                                sizeof author));
    for (size_t i = 0; i < sizeof authors / sizeof authors[0]; i++)
        say_everything(w, authors[i], rows);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_foreign_stream_is_refused), TEST(a_foreign_area_is_rejected),
        TEST(what_is_said_again_is_known), TEST(a_revoked_key_says_nothing),
        TEST(nobody_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
