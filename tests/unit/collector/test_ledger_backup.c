/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies of the ledger, what it then calls safe, and ledgers of an earlier release. */
#include "tests/unit/collector/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger_backup.h"

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";

/* Moves the stream on by `count` records. */
static void
advance(struct fixture *f, size_t count)
{
    struct err_note note = { "" };
    struct ledger_stream stream;
    uint8_t fates[8], checks[8 * LEDGER_CHECK] = { 0 };
    assert_true(count <= sizeof fates);
    memset(fates, FATE_CONTROL, sizeof fates);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    if (ledger_stream_find(f->ledger, stream_id, &stream, &note) != 0)
        expect_ok(
            ledger_stream_make(f->ledger, stream_id, "wuxing", noon(2023, 1, 1), &stream, &note),
            &note);
    uint64_t first = stream.hwm + 1;
    stream.hwm += count;
    expect_ok(ledger_stream_advance(f->ledger, &stream, first, count, fates, checks,
                                    noon(2023, 1, 1), &note),
              &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
}

static struct ledger_stream
standing(struct ledger *ledger)
{
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_stream_find(ledger, stream_id, &stream, &note), &note);
    return stream;
}

static void
copy_to(struct fixture *f, const char *name, char path[FILE_PATH_MAX])
{
    struct err_note note = { "" };
    struct ledger *reader = fixture_reader(f);
    assert_int_equal(0, file_join(path, f->folder, name));
    expect_ok(ledger_copy(reader, path, &note), &note);
    ledger_close(reader);
}

static int
tell_backed_up(struct fixture *f, const char *path, struct err_note *note)
{
    struct ledger *copy = NULL;
    expect_ok(ledger_open(path, LEDGER_READ, &copy, note), note);
    expect_ok(ledger_begin(f->ledger, note), note);
    int code = ledger_backed_up(f->ledger, copy, path, noon(2023, 6, 1), note);
    if (code == 0)
        expect_ok(ledger_commit(f->ledger, note), note);
    else
        ledger_rollback(f->ledger);
    ledger_close(copy);
    return code;
}

static void
what_a_copy_holds_is_safe_and_no_more(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_backup backup;
    char path[FILE_PATH_MAX], wal[FILE_PATH_MAX + 8];
    assert_int_equal(ERR_ABSENT, ledger_backup_newest(f->ledger, &backup, &note));
    advance(f, 3);
    copy_to(f, "copy.db", path);
    (void)snprintf(wal, sizeof wal, "%s-wal", path);
    assert_int_not_equal(0, access(wal, F_OK)); /* one file that stands alone */
    advance(f, 2);                              /* after the copy */
    assert_int_equal(0, standing(f->ledger).safe_upto);
    expect_ok(tell_backed_up(f, path, &note), &note);
    assert_int_equal(5, standing(f->ledger).hwm);
    assert_int_equal(3, standing(f->ledger).safe_upto);
    expect_ok(ledger_backup_newest(f->ledger, &backup, &note), &note);
    assert_string_equal(path, backup.folder);
    assert_int_equal(noon(2023, 6, 1).seconds, backup.made.seconds);
    /* an older copy told later takes nothing back */
    char newer[FILE_PATH_MAX];
    copy_to(f, "newer.db", newer);
    expect_ok(tell_backed_up(f, newer, &note), &note);
    expect_ok(tell_backed_up(f, path, &note), &note);
    assert_int_equal(5, standing(f->ledger).safe_upto);
}

static void
a_copy_of_another_ledger_says_nothing(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], other[FILE_PATH_MAX];
    advance(f, 3);
    copy_to(f, "copy.db", path);
    assert_int_equal(0, file_join(other, f->folder, "other.db"));
    expect_ok(ledger_create(other, &note), &note);
    assert_int_equal(ERR_CONFLICT, tell_backed_up(f, other, &note));
    assert_non_null(strstr(note.text, "no backup of this ledger"));
    /* and after a restore the copies of before do not count */
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_set_generation(f->ledger, 2, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_int_equal(ERR_CONFLICT, tell_backed_up(f, path, &note));
    assert_int_equal(0, standing(f->ledger).safe_upto);
}

static void
a_copy_never_overwrites(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    copy_to(f, "copy.db", path);
    struct ledger *reader = fixture_reader(f);
    assert_int_equal(ERR_CONFLICT, ledger_copy(reader, path, &note));
    assert_true(ledger_copy(reader, "/nonexistent/copy.db", &note) < 0);
    ledger_close(reader);
    expect_ok(ledger_check(f->ledger, &note), &note);
}

/* A row of a series that is not there: the copy is refused and nothing is left of it. */
static void
a_damaged_ledger_is_not_copied(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char ledger[FILE_PATH_MAX], path[FILE_PATH_MAX];
    sqlite3 *db = NULL;
    advance(f, 8);
    ledger_close(f->ledger);
    f->ledger = NULL;
    assert_int_equal(0, site_path(&f->site, "ledger.db", ledger));
    assert_int_equal(SQLITE_OK, sqlite3_open(ledger, &db));
    assert_int_equal(SQLITE_OK,
                     sqlite3_exec(db,
                                  "PRAGMA foreign_keys=OFF; "
                                  "INSERT INTO observation VALUES (1, 99, 0, 1, '1', 'A', 0, 0, "
                                  "99, 1, 99, 0, '')",
                                  NULL, NULL, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_close(db));
    struct ledger *reader = fixture_reader(f);
    assert_int_equal(0, file_join(path, f->folder, "copy.db"));
    assert_int_equal(ERR_DAMAGED, ledger_copy(reader, path, &note));
    assert_non_null(strstr(note.text, "foreign_key_check"));
    assert_int_not_equal(0, access(path, F_OK));
    assert_int_equal(ERR_DAMAGED, ledger_check(reader, &note));
    ledger_close(reader);
}

/* What version 4 added to version 3, 3 to 2, and 2 to 1. */
static const char to_3[] = "ALTER TABLE publisher_key DROP COLUMN came_over; "
                           "ALTER TABLE publisher_key DROP COLUMN retires; "
                           "ALTER TABLE publisher_key DROP COLUMN introduced_by; "
                           "UPDATE meta SET value = 3 WHERE key = 'schema'";
static const char to_4[] =
    "CREATE TABLE older (period INTEGER NOT NULL, series INTEGER NOT NULL REFERENCES series (id), "
    "position INTEGER NOT NULL, value TEXT NOT NULL, status TEXT NOT NULL, "
    "released INTEGER NOT NULL, received INTEGER NOT NULL, "
    "submission INTEGER NOT NULL REFERENCES submission (id), row INTEGER NOT NULL, "
    "provider INTEGER NOT NULL REFERENCES provider (id), note TEXT NOT NULL, "
    "PRIMARY KEY (period, series, position)) STRICT, WITHOUT ROWID; "
    "INSERT INTO older SELECT period, series, position, value, status, released, received, "
    "submission, row, provider, note FROM observation; "
    "DROP TABLE observation; ALTER TABLE older RENAME TO observation; "
    "DROP TABLE confirmation; DROP INDEX submission_sealed; "
    "ALTER TABLE submission DROP COLUMN digest; ALTER TABLE submission DROP COLUMN sealed; "
    "ALTER TABLE submission DROP COLUMN chain; "
    "ALTER TABLE series DROP COLUMN newest; "
    "DELETE FROM meta WHERE key IN ('confirmed', 'restated'); "
    "UPDATE meta SET value = 4 WHERE key = 'schema'";
static const char to_2[] =
    "ALTER TABLE stream DROP COLUMN control; ALTER TABLE stream DROP COLUMN stored; "
    "ALTER TABLE stream DROP COLUMN revised; ALTER TABLE stream DROP COLUMN unchanged; "
    "ALTER TABLE stream DROP COLUMN duplicate; ALTER TABLE stream DROP COLUMN rejected; "
    "ALTER TABLE stream DROP COLUMN held; ALTER TABLE stream DROP COLUMN heard; "
    "UPDATE meta SET value = 2 WHERE key = 'schema'";
static const char to_1[] = "DROP TABLE backup; ALTER TABLE stream DROP COLUMN safe_upto; "
                           "UPDATE meta SET value = 1 WHERE key = 'schema'";
static const char *const downgrades[] = { to_4, to_3, to_2, to_1 };

/* The ledger as the release `steps` versions ago left it. */
static void
downgrade(struct fixture *f, size_t steps, char path[FILE_PATH_MAX])
{
    sqlite3 *db = NULL;
    ledger_close(f->ledger);
    f->ledger = NULL;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &db));
    for (size_t i = 0; i < steps; i++)
        assert_int_equal(SQLITE_OK, sqlite3_exec(db, downgrades[i], NULL, NULL, NULL));
    assert_int_equal(SQLITE_OK, sqlite3_close(db));
}

static int
only_stream(void *context, const struct ledger_stream_counts *stream)
{
    *(struct ledger_stream_counts *)context = *stream;
    return 0;
}

/* The fates of what came before they were counted are counted once. */
static void
the_fates_of_an_earlier_ledger_are_counted(void **state)
{
    static const uint8_t fates[] = { FATE_CONTROL,   FATE_STORED,    FATE_STORED,   FATE_REVISION,
                                     FATE_UNCHANGED, FATE_DUPLICATE, FATE_REJECTED, FATE_CONTROL };
    static const int64_t want[FATE_COUNT] = { 0, 4, 2, 1, 1, 1, 1 };
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    struct ledger_stream_counts counts = { .hwm = 0 };
    advance(f, 2); /* control records */
    struct ledger_stream stream = standing(f->ledger);
    const uint8_t checks[sizeof fates * LEDGER_CHECK] = { 0 };
    stream.hwm += sizeof fates;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_advance(f->ledger, &stream, 3, sizeof fates, fates, checks,
                                    noon(2023, 2, 1), &note),
              &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    for (int round = 0; round < 2; round++) { /* as counted on the way, and by the upgrade */
        expect_ok(ledger_each_stream(f->ledger, only_stream, &counts, &note), &note);
        assert_memory_equal(want, counts.fates, sizeof want);
        assert_int_equal(10, counts.hwm);
        assert_int_equal(noon(2023, 2, 1).seconds, counts.heard.seconds);
        assert_false(counts.has_ended);
        if (round == 0) {
            downgrade(f, 3, path);
            expect_ok(ledger_open(path, LEDGER_WRITE, &f->ledger, &note), &note);
        }
    }
}

/* The ledger as release 1 left it: the writer brings it up to date, a reader says who can. */
static void
an_earlier_ledger_is_brought_up_to_date(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    struct ledger *reader = NULL;
    advance(f, 4);
    downgrade(f, 4, path);
    assert_int_equal(ERR_VERSION, ledger_open(path, LEDGER_READ, &reader, &note));
    assert_non_null(strstr(note.text, "start the collector once"));
    expect_ok(ledger_open(path, LEDGER_WRITE, &f->ledger, &note), &note);
    assert_int_equal(4, standing(f->ledger).hwm);
    assert_int_equal(0, standing(f->ledger).safe_upto);
    reader = fixture_reader(f);
    assert_int_equal(4, standing(reader).hwm);
    ledger_close(reader);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_a_copy_holds_is_safe_and_no_more),
        TEST(a_copy_of_another_ledger_says_nothing),
        TEST(a_copy_never_overwrites),
        TEST(a_damaged_ledger_is_not_copied),
        TEST(an_earlier_ledger_is_brought_up_to_date),
        TEST(the_fates_of_an_earlier_ledger_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
