/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include "platform/hash.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";

/* A file under way: what ledger_apply needs. */
static struct ledger_file
begin_file(struct fixture *f, const char *bytes, struct wall_time now, struct ledger_stream *stream)
{
    struct err_note note = { "" };
    struct ledger_file file;
    struct record_begin begin = { .rows = 10, .name = "a.csv" };
    memset(begin.sha256, bytes[0], sizeof begin.sha256);
    if (ledger_stream_find(f->ledger, stream_id, stream, &note) != 0)
        expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, stream, stream->hwm + 1, &begin, now, &file, &note),
              &note);
    stream->hwm++; /* so that the next file begins at another record */
    uint8_t fate = FATE_CONTROL, check[LEDGER_CHECK] = { 0 };
    expect_ok(ledger_stream_advance(f->ledger, stream, stream->hwm, 1, &fate, check, now, &note),
              &note);
    return file;
}

static enum wire_fate
apply(struct fixture *f, struct ledger_file *file, struct sample sample, struct wall_time now)
{
    struct err_note note = { "" };
    enum wire_fate fate = FATE_NONE;
    struct sample_place place = { .area = catalogue_area(f->catalogue, sample.area),
                                  .indicator = catalogue_indicator(f->catalogue, sample.indicator),
                                  .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    expect_ok(ledger_apply(f->ledger, file, &sample, &place, now, &fate, &note), &note);
    return fate;
}

static void
fates_follow_the_rules(void **state)
{
    static const struct {
        const char *name, *period, *value, *released;
        enum wire_fate fate;
    } rows[] = {
        { "first value", "2023-01", "100", "2023-02-12", FATE_STORED },
        { "equal again", "2023-01", "100", "2023-02-12", FATE_UNCHANGED },
        { "equal later", "2023-01", "100", "2023-03-12", FATE_UNCHANGED },
        { "new value", "2023-01", "110", "2023-04-12", FATE_REVISION },
        { "same number, other digits", "2023-01", "110.0", "2023-04-12", FATE_REVISION },
        { "history loaded later, new then", "2023-01", "90", "2023-02-01", FATE_REVISION },
        { "history equal to what was in force", "2023-01", "100", "2023-03-01", FATE_UNCHANGED },
        { "another period", "2023-02", "100", "2023-03-12", FATE_STORED },
        { "zero is data", "2023-03", "0", "2023-04-12", FATE_STORED },
    };
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct ledger_file file = begin_file(f, "a", noon(2023, 5, 1), &stream);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum wire_fate fate = apply(f, &file,
                                    sample_of("wuxing", "land", rows[i].period, rows[i].value,
                                              rows[i].released, (uint32_t)i + 2),
                                    noon(2023, 5, 1));
        if (fate != rows[i].fate)
            fail_msg("%s: fate %d, want %d", rows[i].name, fate, rows[i].fate);
    }
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_int_equal(8, ledger_position(f->ledger)); /* two of them confirmations */
}

static void
as_of_shows_what_was_known(void **state)
{
    static const struct {
        const char *as_of, *value;
        size_t rows;
    } views[] = { { "2023-02-11", NULL, 0 },
                  { "2023-02-12", "100", 1 },
                  { "2023-04-11", "100", 1 },
                  { "2023-04-12", "110", 2 },
                  { "2030-01-01", "120", 3 } };
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct ledger_file file = begin_file(f, "a", noon(2023, 5, 1), &stream);
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-01", "110", "2023-04-12", 2),
                noon(2023, 5, 1));
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-01", "100", "2023-02-12", 3),
                noon(2023, 5, 2)); /* released earlier, arrives later */
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-01", "120", "", 4), noon(2023, 5, 3));
    expect_ok(ledger_commit(f->ledger, &note), &note);
    struct ledger *reader = fixture_reader(f);
    int64_t series = 0;
    expect_ok(ledger_series_find(reader, "wuxing", "land", &series, &note), &note);
    assert_true(series > 0);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct ledger_as_of as_of = { .has_released = true };
        struct ledger_rows rows;
        assert_int_equal(0, cal_date_parse(views[i].as_of, 10, &as_of.released, NULL));
        expect_ok(ledger_read_series(reader, series, &as_of, &rows, &note), &note);
        assert_int_equal(views[i].rows, rows.count);
        for (size_t k = 0; k < rows.count; k++) {
            assert_int_equal(k, rows.rows[k].revision);
            assert_int_equal(k + 1 == rows.count, rows.rows[k].is_latest);
        }
        if (views[i].value)
            assert_string_equal(views[i].value, rows.rows[rows.count - 1].value);
        ledger_rows_done(&rows);
    }
    struct ledger_as_of received = { .has_received = true, .received = noon(2023, 5, 1) };
    struct ledger_rows rows;
    expect_ok(ledger_read_series(reader, series, &received, &rows, &note), &note);
    assert_int_equal(1, rows.count);
    assert_string_equal("110", rows.rows[0].value);
    ledger_rows_done(&rows);
    ledger_close(reader);
}

static void
fates_are_kept_for_resends(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct wall_time now = noon(2023, 5, 1);
    uint8_t fates[10], checks[10 * LEDGER_CHECK], got[10], got_checks[10 * LEDGER_CHECK];
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    for (size_t i = 0; i < 10; i++) {
        fates[i] = (uint8_t)(1 + i % 6);
        memset(checks + i * LEDGER_CHECK, (int)i, LEDGER_CHECK);
    }
    for (uint64_t from = 0; from < 10; from += 5) { /* two batches */
        stream.hwm = from + 5;
        expect_ok(ledger_stream_advance(f->ledger, &stream, from + 1, 5, fates + from,
                                        checks + from * LEDGER_CHECK, now, &note),
                  &note);
    }
    expect_ok(ledger_commit(f->ledger, &note), &note);
    for (size_t first = 1; first <= 10; first++) {
        size_t count = 11 - first;
        expect_ok(ledger_stream_fates(f->ledger, stream.id, first, count, got, got_checks, &note),
                  &note);
        assert_memory_equal(fates + first - 1, got, count);
        assert_memory_equal(checks + (first - 1) * LEDGER_CHECK, got_checks, count * LEDGER_CHECK);
    }
    assert_int_equal(ERR_DAMAGED,
                     ledger_stream_fates(f->ledger, stream.id, 8, 4, got, got_checks, &note));
}

static void
rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct ledger_file file = begin_file(f, "a", noon(2023, 5, 1), &stream);
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-01", "110", "", 2), noon(2023, 5, 1));
    ledger_rollback(f->ledger);
    struct ledger_counts counts;
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(0, counts.observations + counts.series + counts.streams + counts.submissions);
    assert_int_equal(0, ledger_position(f->ledger));
}

static void
undo_drops_one_message_and_keeps_its_neighbours(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct ledger_file file = begin_file(f, "a", noon(2023, 5, 1), &stream);
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-01", "1", "", 2), noon(2023, 5, 1));
    expect_ok(ledger_mark(f->ledger, &note), &note);
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-02", "2", "", 3), noon(2023, 5, 1));
    expect_ok(ledger_undo(f->ledger, &note), &note);
    (void)apply(f, &file, sample_of("wuxing", "land", "2023-03", "3", "", 4), noon(2023, 5, 1));
    expect_ok(ledger_commit(f->ledger, &note), &note);
    struct ledger_counts counts;
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(2, counts.observations);
}

static void
readers_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger *reader = fixture_reader(f);
    int64_t id = 0;
    assert_true(ledger_key_add(reader, "wuxing", "x", noon(2023, 1, 1), &id, &note) < 0);
    ledger_close(reader);
}

static void
a_newer_schema_is_refused(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    sqlite3 *db = NULL;
    struct ledger *ledger = NULL;
    ledger_close(f->ledger);
    f->ledger = NULL;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &db));
    assert_int_equal(SQLITE_OK, sqlite3_exec(db, "UPDATE meta SET value = 99 WHERE key = 'schema'",
                                             NULL, NULL, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_close(db));
    uint8_t before[HASH_SIZE], after[HASH_SIZE];
    expect_ok(hash_sha256_file(path, before, &note), &note);
    for (int mode = 0; mode < 2; mode++) {
        assert_int_equal(ERR_VERSION,
                         ledger_open(path, mode ? LEDGER_WRITE : LEDGER_READ, &ledger, &note));
        assert_non_null(strstr(note.text, "schema version 99"));
    }
    expect_ok(hash_sha256_file(path, after, &note), &note);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(ERR_ABSENT,
                     ledger_open("/nonexistent/ledger.db", LEDGER_READ, &ledger, &note));
    assert_int_equal(ERR_CONFLICT, ledger_create(path, &note));
}

static void
keys_are_enrolled_once_and_revoked(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t id = 0;
    const char *key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    expect_ok(ledger_key_add(f->ledger, "wuxing", key, noon(2023, 1, 1), &id, &note), &note);
    assert_int_equal(ERR_CONFLICT,
                     ledger_key_add(f->ledger, "anji", key, noon(2023, 1, 1), &id, &note));
    expect_ok(ledger_key_revoke(f->ledger, id, noon(2023, 2, 1), &note), &note);
    assert_int_equal(ERR_ABSENT, ledger_key_revoke(f->ledger, id, noon(2023, 3, 1), &note));
}

/* The keys of the ledger, in order. */
struct keys {
    struct ledger_key keys[16];
    size_t count;
};

static int
keep_key(void *context, const struct ledger_key *key)
{
    struct keys *keys = context;
    keys->keys[keys->count++] = *key;
    return 0;
}

static struct keys
keys_of(struct fixture *f)
{
    struct keys keys = { .count = 0 };
    struct err_note note = { "" };
    expect_ok(ledger_each_key(f->ledger, keep_key, &keys, &note), &note);
    return keys;
}

static void
follow(struct fixture *f, int64_t id, const char *key, struct wall_time now, bool is_new)
{
    struct err_note note = { "" };
    bool got = !is_new;
    expect_ok(ledger_key_follow(f->ledger, id, key, now, &got, &note), &note);
    assert_int_equal(is_new, got);
}

static void
expect_conflict(struct fixture *f, int64_t id, const char *key, struct wall_time now,
                struct err_note *note)
{
    bool untouched = true;
    assert_int_equal(ERR_CONFLICT, ledger_key_follow(f->ledger, id, key, now, &untouched, note));
    assert_true(untouched);
}

static void
a_key_is_followed_and_retires(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t old = 0;
    size_t count = 9;
    expect_ok(ledger_key_add(f->ledger, "wuxing", "old", noon(2023, 1, 1), &old, &note), &note);
    follow(f, old, "lost", noon(2023, 2, 1), true);
    follow(f, old, "next", noon(2023, 2, 2), true);
    follow(f, old, "next", noon(2023, 2, 3), false);
    struct keys keys = keys_of(f);
    assert_int_equal(2, keys.count); /* the one that was never used gave its place */
    const struct ledger_key *next = &keys.keys[1];
    assert_string_equal("next", next->public_key);
    assert_string_equal("wuxing", next->publisher);
    assert_int_equal(old, next->introduced_by);
    assert_int_equal(0, keys.keys[0].introduced_by);
    assert_int_equal(noon(2023, 2, 2).seconds, next->enrolled.seconds);

    expect_ok(ledger_key_seen(f->ledger, old, noon(2023, 2, 4), &note), &note);
    assert_int_equal(0, keys_of(f).keys[0].retires.seconds); /* the next was not used yet */
    expect_ok(ledger_key_seen(f->ledger, next->id, noon(2023, 2, 5), &note), &note);
    expect_ok(ledger_key_seen(f->ledger, next->id, noon(2023, 2, 9), &note), &note);
    assert_int_equal(noon(2023, 2, 6).seconds, keys_of(f).keys[0].retires.seconds);
    struct wall_time before = { noon(2023, 2, 6).seconds - 1 };
    expect_ok(ledger_keys_retire(f->ledger, before, &count, &note), &note);
    assert_int_equal(0, count);
    assert_false(keys_of(f).keys[0].is_revoked);
    expect_ok(ledger_keys_retire(f->ledger, noon(2023, 2, 6), &count, &note), &note);
    assert_int_equal(1, count);
    keys = keys_of(f);
    assert_true(keys.keys[0].is_revoked);
    assert_false(keys.keys[1].is_revoked);
    assert_int_equal(noon(2023, 2, 6).seconds, keys.keys[0].revoked.seconds);
}

static void
what_cannot_follow(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t wuxing = 0, anji = 0, id = 0;
    struct wall_time now = noon(2023, 1, 1);
    expect_ok(ledger_key_add(f->ledger, "wuxing", "w", now, &wuxing, &note), &note);
    expect_ok(ledger_key_add(f->ledger, "anji", "a", now, &anji, &note), &note);
    expect_conflict(f, wuxing, "a", now, &note);
    expect_conflict(f, wuxing, "w", now, &note);
    assert_non_null(strstr(note.text, "known already"));
    follow(f, wuxing, "gone", now, true);
    id = keys_of(f).keys[2].id;
    expect_ok(ledger_key_revoke(f->ledger, id, now, &note), &note);
    expect_conflict(f, wuxing, "gone", now, &note);
    follow(f, wuxing, "first", now, true);
    struct wall_time soon = { now.seconds + LEDGER_FOLLOW_SECONDS - 1 };
    expect_conflict(f, wuxing, "second", soon, &note);
    assert_non_null(strstr(note.text, "a moment ago"));
    soon.seconds++;
    follow(f, wuxing, "second", soon, true);
    /* Revoked with the key that introduced it, for it was never used. */
    expect_ok(ledger_key_revoke(f->ledger, wuxing, soon, &note), &note);
    assert_true(keys_of(f).keys[3].is_revoked);
    expect_ok(ledger_key_add(f->ledger, "wuxing", "w0", now, &wuxing, &note), &note);
    for (int i = 1; i < LEDGER_KEYS_MAX; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "w%d", i);
        expect_ok(ledger_key_add(f->ledger, "wuxing", key, now, &id, &note), &note);
    }
    expect_conflict(f, wuxing, "more", now, &note);
    assert_non_null(strstr(note.text, "8 keys of this publisher are in force"));
    follow(f, anji, "more", now, true);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(fates_follow_the_rules),
        TEST(as_of_shows_what_was_known),
        TEST(fates_are_kept_for_resends),
        TEST(rollback_leaves_nothing),
        TEST(undo_drops_one_message_and_keeps_its_neighbours),
        TEST(readers_cannot_write),
        TEST(a_newer_schema_is_refused),
        TEST(keys_are_enrolled_once_and_revoked),
        TEST(a_key_is_followed_and_retires),
        TEST(what_cannot_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
