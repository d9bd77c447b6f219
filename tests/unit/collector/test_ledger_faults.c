/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies of a ledger while SQLite fails, call by call: half a copy is none, and nothing is called
 * safe that is not. */
#include "tests/unit/collector/fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger_backup.h"
#include "tests/fakes/no_sqlite.h"

int __real_sqlite3_open_v2(const char *path, sqlite3 **ret_db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **ret_db, int flags, const char *vfs);
sqlite3_backup *__real_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
int __real_sqlite3_backup_finish(sqlite3_backup *backup);
int __wrap_sqlite3_backup_finish(sqlite3_backup *backup);

int
__wrap_sqlite3_open_v2(const char *path, sqlite3 **ret_db, int flags, const char *vfs)
{
    if (!nth_call_fails(&no_sqlite))
        return __real_sqlite3_open_v2(path, ret_db, flags, vfs);
    *ret_db = NULL;
    return SQLITE_NOMEM;
}

sqlite3_backup *
__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name)
{
    return nth_call_fails(&no_sqlite) ? NULL
                                      : __real_sqlite3_backup_init(to, to_name, from, from_name);
}

int
__wrap_sqlite3_backup_finish(sqlite3_backup *backup)
{
    int code = __real_sqlite3_backup_finish(backup);
    return nth_call_fails(&no_sqlite) ? SQLITE_FULL : code;
}

/* Runs `work` with each call failing in turn, on a ledger of its own with one file in it. */
static void
with_each_fault(int (*work)(struct fixture *f, struct err_note *note))
{
    long at = 0;
    do {
        void *state = NULL;
        struct err_note note = { "" };
        assert_int_equal(0, fixture_setup(&state));
        struct sample sample = sample_of("wuxing", "land", "2023-06", "10", "2023-07-12", 2);
        fixture_apply(state, 1, &sample);
        at++;
        no_sqlite = (struct nth_call){ .at = at };
        int code = work(state, &note);
        no_sqlite.at = 0;
        assert_int_equal(no_sqlite.has_failed, code < 0);
        assert_int_equal(no_sqlite.has_failed, note.text[0] != '\0');
        assert_int_equal(0, fixture_teardown(&state));
    } while (no_sqlite.has_failed);
    assert_true(at > 1); /* there were some to fail */
}

static int
work_copy(struct fixture *f, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    assert_int_equal(0, file_join(path, f->folder, "copy.db"));
    int code = ledger_copy(f->ledger, path, note);
    assert_int_equal(code == 0, access(path, F_OK) == 0);
    return code;
}

static void
half_a_copy_is_none(void **state)
{
    (void)state;
    with_each_fault(work_copy);
}

static int
work_check(struct fixture *f, struct err_note *note)
{
    return ledger_check(f->ledger, note);
}

static void
a_check_that_cannot_be_made_has_not_passed(void **state)
{
    (void)state;
    with_each_fault(work_check);
}

static struct ledger_stream
standing(struct ledger *ledger)
{
    static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_stream_find(ledger, stream_id, &stream, &note), &note);
    return stream;
}

/* In a file of its own, with records that the stream has reached. */
static struct ledger *
copy_of(struct fixture *f)
{
    struct err_note note = { "" };
    struct ledger *copy = NULL;
    char path[FILE_PATH_MAX];
    struct ledger_stream stream = standing(f->ledger);
    const uint8_t fates[3] = { FATE_CONTROL, FATE_STORED, FATE_CONTROL };
    const uint8_t checks[3 * LEDGER_CHECK] = { 0 };
    stream.hwm = 3;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(
        ledger_stream_advance(f->ledger, &stream, 1, 3, fates, checks, noon(2023, 8, 1), &note),
        &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_int_equal(0, file_join(path, f->folder, "copy.db"));
    expect_ok(ledger_copy(f->ledger, path, &note), &note);
    expect_ok(ledger_open(path, LEDGER_READ, &copy, &note), &note);
    return copy;
}

static int
work_backed_up(struct fixture *f, struct err_note *note)
{
    struct ledger_backup backup;
    struct nth_call armed = no_sqlite;
    no_sqlite.at = 0;
    struct ledger *copy = copy_of(f);
    no_sqlite = armed;
    int code = ledger_begin(f->ledger, note);
    if (code == 0)
        code = ledger_backed_up(f->ledger, copy, "/elsewhere", noon(2023, 8, 2), note);
    if (code == 0)
        code = ledger_commit(f->ledger, note);
    else
        ledger_rollback(f->ledger);
    no_sqlite.at = 0;
    ledger_close(copy);
    assert_int_equal(code == 0 ? 3 : 0, standing(f->ledger).safe_upto);
    assert_int_equal(code == 0 ? 0 : ERR_ABSENT, ledger_backup_newest(f->ledger, &backup, NULL));
    return code;
}

static void
what_could_not_be_noted_is_not_safe(void **state)
{
    (void)state;
    with_each_fault(work_backed_up);
}

static int
work_newest(struct fixture *f, struct err_note *note)
{
    struct ledger_backup backup = { .position = 77 };
    int code = ledger_backup_newest(f->ledger, &backup, note);
    assert_int_equal(77, backup.position);
    if (code == ERR_ABSENT) {
        note->text[0] = '\0';
        return 0; /* none was made */
    }
    return code;
}

static void
not_knowing_is_not_none(void **state)
{
    (void)state;
    with_each_fault(work_newest);
}

static int
work_complete(struct fixture *f, struct err_note *note)
{
    struct ledger_place place = { 0 };
    struct ledger_row rows[8];
    size_t count = 0;
    bool has_ended = false;
    int code = ledger_read_piece(f->ledger, 1, NULL, &place, rows, 8, &count, &has_ended, note);
    assert_int_equal(code == 0, has_ended && count > 0 && rows[0].is_complete);
    return code;
}

static void
a_file_that_cannot_be_looked_up_is_not_complete(void **state)
{
    (void)state;
    with_each_fault(work_complete);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_copy_is_none),
        cmocka_unit_test(a_check_that_cannot_be_made_has_not_passed),
        cmocka_unit_test(what_could_not_be_noted_is_not_safe),
        cmocka_unit_test(not_knowing_is_not_none),
        cmocka_unit_test(a_file_that_cannot_be_looked_up_is_not_complete),
    };
    if (access("/dev/shm", W_OK) == 0) /* many ledgers, and no power is cut here */
        (void)setenv("TMPDIR", "/dev/shm", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
