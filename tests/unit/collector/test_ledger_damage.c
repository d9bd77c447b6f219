/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of the ledger that somebody damaged, calls of SQLite that fail one by one, and no memory:
 * each is said, and nothing is made up in the place of what cannot be read. */
#include "tests/unit/collector/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger_backup.h"
#include "tests/fakes/no_memory.h"
#include "tests/fakes/no_sqlite.h"

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";

/* A ledger with one file under way, of whose three records two came in one batch and one in the
 * next; and a row in quarantine. */
static struct ledger_stream
begin_stream(struct fixture *f)
{
    static const uint8_t fates[3] = { FATE_CONTROL, FATE_STORED, FATE_REJECTED };
    static const uint8_t checks[3 * LEDGER_CHECK] = { 1, 2, 3 };
    const struct record_begin begin = { .rows = 2, .name = "a.csv" };
    const struct wall_time now = noon(2023, 8, 1);
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
    stream.submission = file.submission;
    stream.hwm = 2;
    expect_ok(ledger_stream_advance(f->ledger, &stream, 1, 2, fates, checks, now, &note), &note);
    stream.hwm = 3;
    expect_ok(ledger_stream_advance(f->ledger, &stream, 3, 1, fates + 2,
                                    checks + (size_t)2 * LEDGER_CHECK, now, &note),
              &note);
    expect_ok(
        ledger_quarantine(f->ledger, &stream, 3, 2, REJECT_VALUE, "why", stream_id, 16, now, &note),
        &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    return stream;
}

/* ---- damaged rows ---- */

/* By another connection, past all checks. */
static void
damage(const struct fixture *f, const char *sql)
{
    char path[FILE_PATH_MAX];
    sqlite3 *db = NULL;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &db));
    assert_int_equal(SQLITE_OK,
                     sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_exec(db, sql, NULL, NULL, NULL));
    assert_int_equal(1, sqlite3_changes(db));
    assert_int_equal(SQLITE_OK, sqlite3_close(db));
}

static int
count_stream(void *context, const struct ledger_stream_counts *stream)
{
    size_t *count = context;
    (void)stream;
    ++*count;
    return 0;
}

static int
read_stream(struct fixture *f, int64_t stream, struct err_note *note)
{
    struct ledger_stream found = { .id = 77 };
    (void)stream;
    int code = ledger_stream_find(f->ledger, stream_id, &found, note);
    assert_true(code == 0 || found.id == 77);
    return code;
}

static int
read_streams(struct fixture *f, int64_t stream, struct err_note *note)
{
    size_t count = 0;
    (void)stream;
    int code = ledger_each_stream(f->ledger, count_stream, &count, note);
    assert_int_equal(code == 0, count == 1);
    return code;
}

static int
read_fates(struct fixture *f, int64_t stream, struct err_note *note)
{
    uint8_t fates[3], checks[3 * LEDGER_CHECK];
    return ledger_stream_fates(f->ledger, stream, 1, 3, fates, checks, note);
}

static int
read_file(struct fixture *f, int64_t stream, struct err_note *note)
{
    struct ledger_file file = { .submission = 77 };
    (void)stream;
    int code = ledger_file_resume(f->ledger, 1, &file, note);
    assert_true(code == 0 || file.submission == 77);
    return code;
}

static int
read_quarantine(struct fixture *f, int64_t stream, struct err_note *note)
{
    uint32_t why = 77;
    char text[8] = "";
    int code = ledger_quarantined(f->ledger, stream, 3, &why, text, sizeof text, note);
    assert_true(code == 0 ? why == REJECT_VALUE && strcmp(text, "why") == 0 : why == 77);
    return code;
}

/* What a copy holds is marked safe stream by stream, by their ids. */
static int
read_copy(struct fixture *f, int64_t stream, struct err_note *note)
{
    struct nth_call armed = no_sqlite;
    (void)stream;
    no_sqlite.at = 0;
    struct ledger *copy = fixture_reader(f);
    no_sqlite = armed;
    int code = ledger_begin(f->ledger, note);
    if (code == 0)
        code = ledger_backed_up(f->ledger, copy, "/elsewhere", noon(2023, 8, 2), note);
    ledger_rollback(f->ledger);
    ledger_close(copy);
    return code;
}

static void
a_damaged_row_is_not_believed(void **state)
{
    static const struct {
        const char *sql;
        int (*read)(struct fixture *f, int64_t stream, struct err_note *note);
        int want;
    } rows[] = {
        { "UPDATE batch SET fates = x'01' WHERE last = 2", read_fates, ERR_DAMAGED },
        { "UPDATE batch SET fates = x'' WHERE last = 2", read_fates, ERR_DAMAGED },
        { "UPDATE batch SET checks = x'01' WHERE last = 3", read_fates, ERR_DAMAGED },
        { "UPDATE batch SET checks = x'' WHERE last = 3", read_fates, ERR_DAMAGED },
        { "UPDATE batch SET first = 3 WHERE last = 2", read_fates, ERR_DAMAGED },
        { "DELETE FROM batch WHERE last = 2", read_fates, ERR_DAMAGED },
        { "UPDATE stream SET chain = x'01'", read_stream, ERR_DAMAGED },
        { "UPDATE stream SET chain = x''", read_stream, ERR_DAMAGED },
        { "UPDATE stream SET stream = x'01'", read_stream, ERR_ABSENT },
        { "UPDATE stream SET stream = x'01'", read_streams, ERR_DAMAGED },
        { "UPDATE stream SET stream = x'01'", read_copy, ERR_DAMAGED },
        { "UPDATE submission SET sha256 = x'01'", read_file, ERR_DAMAGED },
        { "DELETE FROM submission", read_file, ERR_DAMAGED },
        { "DELETE FROM quarantine", read_quarantine, ERR_ABSENT },
    };
    (void)state; /* each row has a ledger of its own */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *inner = NULL;
        struct err_note note = { "" };
        assert_int_equal(0, fixture_setup(&inner));
        struct ledger_stream stream = begin_stream(inner);
        expect_ok(rows[i].read(inner, stream.id, &note), &note);
        damage(inner, rows[i].sql);
        int code = rows[i].read(inner, stream.id, &note);
        if (code != rows[i].want || note.text[0] == '\0')
            fail_msg("%s: code %d '%s'", rows[i].sql, code, note.text);
        assert_int_equal(0, fixture_teardown(&inner));
    }
}

/* ---- whoever visits may end it ---- */

static int
end_at_stream(void *context, const struct ledger_stream_counts *stream)
{
    (void)context, (void)stream;
    return ERR_FULL;
}

static int
end_at_key(void *context, const struct ledger_key *key)
{
    (void)context, (void)key;
    return ERR_FULL;
}

static void
a_visit_can_be_ended(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t id = 0;
    size_t count = 0;
    (void)begin_stream(f);
    expect_ok(ledger_key_add(f->ledger, "wuxing", "key", noon(2023, 1, 1), &id, &note), &note);
    assert_int_equal(ERR_FULL, ledger_each_stream(f->ledger, end_at_stream, NULL, &note));
    assert_int_equal(ERR_FULL, ledger_each_key(f->ledger, end_at_key, NULL, &note));
    expect_ok(ledger_each_stream(f->ledger, count_stream, &count, &note), &note);
    assert_int_equal(1, count);
}

/* ---- SQLite ---- */

static int
stay_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    (void)stream;
    return ledger_keys_stay(f->ledger, note);
}

static int
add_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    int64_t id = 77;
    (void)stream;
    int code = ledger_key_add(f->ledger, "wuxing", "key", noon(2023, 1, 1), &id, note);
    assert_true(code == 0 || id == 77);
    return code;
}

static int
keep_nothing(void *context, const struct ledger_key *key)
{
    (void)context, (void)key;
    return 0;
}

static int
keys_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    (void)stream;
    return ledger_each_key(f->ledger, keep_nothing, NULL, note);
}

static int
under_way_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    struct ledger_files files = { NULL, 77 };
    (void)stream;
    int code = ledger_files_under_way(f->ledger, &files, note);
    assert_int_equal(code == 0 ? 1 : 77, files.count);
    free(files.submissions);
    return code;
}

static int
count_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    struct ledger_file file = { .submission = 1, .fates = { [FATE_STORED] = 1 } };
    (void)stream;
    int code = ledger_file_count(f->ledger, &file, note);
    assert_int_equal(code == 0 ? 0 : 1, file.fates[FATE_STORED]);
    return code;
}

/* Nothing else tells that it failed: the ledger is as if it was never written. */
static int
written_act(struct fixture *f, int64_t stream, struct err_note *note)
{
    (void)stream;
    if (ledger_written_at(f->ledger).seconds == noon(2023, 8, 1).seconds)
        return 0;
    return err_set(note, ERR_LIBRARY, "not written");
}

static void
each_call_of_sqlite_may_fail(void **state)
{
    static int (*const acts[])(struct fixture * f, int64_t stream, struct err_note * note) = {
        read_stream, read_streams,  read_fates, read_file, read_quarantine, read_copy,
        stay_act,    under_way_act, add_act,    keys_act,  count_act,       written_act,
    };
    (void)state; /* each has a ledger of its own */
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        void *inner = NULL;
        assert_int_equal(0, fixture_setup(&inner));
        struct ledger_stream stream = begin_stream(inner);
        long at = 0;
        do {
            struct err_note note = { "" };
            at++;
            no_sqlite = (struct nth_call){ .at = at };
            int code = acts[i](inner, stream.id, &note);
            no_sqlite.at = 0;
            if ((code < 0) != no_sqlite.has_failed || (code < 0) != (note.text[0] != '\0'))
                fail_msg("act %zu, call %ld: code %d '%s'", i, at, code, note.text);
        } while (no_sqlite.has_failed);
        assert_true(at > 1); /* there were some to fail */
        assert_int_equal(0, fixture_teardown(&inner));
    }
}

/* ---- memory ---- */

/* SQLite gives NULL for a text that it finds no memory for. */
static struct nth_call no_text;
const unsigned char *__real_sqlite3_column_text(sqlite3_stmt *statement, int column);
const unsigned char *__wrap_sqlite3_column_text(sqlite3_stmt *statement, int column);

const unsigned char *
__wrap_sqlite3_column_text(sqlite3_stmt *statement, int column)
{
    return nth_call_fails(&no_text) ? NULL : __real_sqlite3_column_text(statement, column);
}

/* An equal value is no revision because the one in force cannot be read. */
static void
a_value_that_cannot_be_read_is_not_another(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct sample sample = sample_of("wuxing", "land", "2023-06", "10", "2023-07-12", 2);
    const struct sample_place place = { catalogue_area(f->catalogue, "wuxing"),
                                        catalogue_indicator(f->catalogue, "land"),
                                        catalogue_publisher(f->catalogue, "wuxing") };
    struct ledger_file file = { .submission = 1, .publisher = "wuxing" };
    enum wire_fate fate = FATE_NONE;
    fixture_apply(f, 1, &sample);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    for (long at = 1; at <= 2; at++) { /* the value, the status */
        no_text = (struct nth_call){ .at = at };
        int code = ledger_apply(f->ledger, &file, &sample, &place, noon(2023, 8, 1), &fate, &note);
        no_text.at = 0;
        assert_int_equal(-ENOMEM, code);
        assert_true(note.text[0] != '\0');
    }
    expect_ok(ledger_apply(f->ledger, &file, &sample, &place, noon(2023, 8, 1), &fate, &note),
              &note);
    assert_int_equal(FATE_UNCHANGED, fate);
    ledger_rollback(f->ledger);
    assert_int_equal(1, ledger_position(f->ledger));
}

/* Files under way, more than are made room for at first. */
static void
a_list_finds_no_memory(void **state)
{
    enum { STREAMS = 20 };
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_files files = { NULL, 77 };
    const struct wall_time now = noon(2023, 8, 1);
    const struct record_begin begin = { .rows = 1, .name = "a.csv" };
    const uint8_t fate = FATE_CONTROL, check[LEDGER_CHECK] = { 0 };
    expect_ok(ledger_begin(f->ledger, &note), &note);
    for (int i = 0; i < STREAMS; i++) {
        const uint8_t id[WIRE_STREAM_ID] = { (uint8_t)i };
        struct ledger_stream stream;
        struct ledger_file file;
        expect_ok(ledger_stream_make(f->ledger, id, "wuxing", now, &stream, &note), &note);
        expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
        stream.submission = file.submission;
        stream.hwm = 1;
        expect_ok(ledger_stream_advance(f->ledger, &stream, 1, 1, &fate, check, now, &note), &note);
    }
    expect_ok(ledger_commit(f->ledger, &note), &note);
    for (long at = 1; at <= 2; at++) { /* at the first, and when it grows */
        no_memory = (struct nth_call){ .at = at };
        assert_int_equal(-ENOMEM, ledger_files_under_way(f->ledger, &files, &note));
        no_memory.at = 0;
        assert_int_equal(77, files.count);
    }
    expect_ok(ledger_files_under_way(f->ledger, &files, &note), &note);
    assert_int_equal(STREAMS, files.count);
    free(files.submissions);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_row_is_not_believed),
        TEST(a_visit_can_be_ended),
        cmocka_unit_test(each_call_of_sqlite_may_fail),
        TEST(a_value_that_cannot_be_read_is_not_another),
        TEST(a_list_finds_no_memory),
    };
    if (access("/dev/shm", W_OK) == 0) /* many ledgers, and no power is cut here */
        (void)setenv("TMPDIR", "/dev/shm", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
