/* SPDX-License-Identifier: GPL-3.0-or-later
 * A site's backup and its restore on a disk that fails or crashes at any call: a backup is whole or
 * not there, nothing of the site is thrown away, and the next try ends what the first began. */
#include "tests/scenario/each_fault.h"

#include "tests/unit/collector/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "collector/backup.h"

#define SITE   DISK_MOUNT "/site"
#define BACKUP DISK_MOUNT "/backup"

/* One try takes a thousand calls and more, most of them SQLite's for its pages. With 1, which takes
 * a minute, each call fails. */
enum { STEP = 31 };

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";
static void *fixture; /* for its tables, on a real disk */
static struct disk_image *before;

/* Locks are of the kernel's; nobody else is on a disk in memory. */
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int
__wrap_flock(int fd, int operation)
{
    int code = __real_flock(fd, operation);
    return code != 0 && errno == EBADF ? 0 : code;
}

/* ---- the site: its ledger has come to record `hwm` ---- */

static struct ledger *
open_ledger(const char *path, enum ledger_mode mode)
{
    struct ledger *ledger = NULL;
    struct err_note note = { "" };
    expect_ok(ledger_open(path, mode, &ledger, &note), &note);
    return ledger;
}

static void
go_on(uint64_t hwm)
{
    struct err_note note = { "" };
    struct ledger_stream stream;
    const uint8_t fate = FATE_CONTROL, check[LEDGER_CHECK] = { 0 };
    struct ledger *ledger = open_ledger(SITE "/ledger.db", LEDGER_WRITE);
    expect_ok(ledger_begin(ledger, &note), &note);
    if (hwm == 1)
        expect_ok(ledger_stream_make(ledger, stream_id, "wuxing", noon(2023, 1, 1), &stream, &note),
                  &note);
    else
        expect_ok(ledger_stream_find(ledger, stream_id, &stream, &note), &note);
    stream.hwm = hwm;
    expect_ok(ledger_stream_advance(ledger, &stream, hwm, 1, &fate, check, noon(2023, 1, 1), &note),
              &note);
    expect_ok(ledger_commit(ledger, &note), &note);
    ledger_close(ledger);
}

static uint64_t
hwm_of(const char *path)
{
    struct err_note note = { "" };
    struct ledger_stream stream = { .hwm = 0 };
    struct ledger *ledger = open_ledger(path, LEDGER_READ);
    expect_ok(ledger_stream_find(ledger, stream_id, &stream, &note), &note);
    ledger_close(ledger);
    return stream.hwm;
}

static void
make_site(void)
{
    const struct fixture *f = fixture;
    struct err_note note = { "" };
    char tables[FILE_PATH_MAX];
    assert_int_equal(0, file_join(tables, f->folder, "tables"));
    expect_ok(site_create(SITE, tables, &note), &note);
    go_on(1);
}

static int
make_backup(struct err_note *note)
{
    struct site site;
    int code = site_open(SITE, &site, note);
    if (code != 0)
        return code;
    code = backup_make(&site, BACKUP, note);
    site_close(&site);
    return code;
}

/* The first time it is made; later put back as it was. */
static void
prepare(struct disk *disk, void (*make)(void))
{
    if (!before) {
        make();
        before = disk_save(disk);
        return;
    }
    disk_crash(disk, DISK_KILL);
    disk_put_back(disk, before);
    disk_start(disk);
}

static void
forget_before(void)
{
    disk_image_free(before);
    before = NULL;
}

/* ---- backup ---- */

static void
prepare_site(struct disk *disk)
{
    prepare(disk, make_site);
}

/* A backup that is there was made by an earlier try. */
static int
backup_act(struct err_note *note)
{
    int code = make_backup(note);
    return code == ERR_CONFLICT ? file_sync_folder(DISK_MOUNT, note) : code;
}

static void
backup_check_whole(bool is_done)
{
    struct err_note note = { "" };
    bool is_there = access(BACKUP, F_OK) == 0;
    assert_true(is_there || !is_done);
    if (is_there) {
        expect_ok(backup_check(BACKUP, &note), &note);
        assert_int_equal(1, hwm_of(BACKUP "/ledger.db"));
    }
    assert_int_equal(1, hwm_of(SITE "/ledger.db"));
}

static void
a_backup_is_whole_or_not_there(void **state)
{
    (void)state; /* nothing is shared */
    some_faults(&(struct trial){ prepare_site, backup_act, backup_check_whole }, STEP);
    forget_before();
}

/* ---- restore ---- */

static void
make_site_and_backup(void)
{
    struct err_note note = { "" };
    make_site();
    expect_ok(make_backup(&note), &note);
    go_on(2);
}

static void
prepare_backup(struct disk *disk)
{
    prepare(disk, make_site_and_backup);
}

static int
restore_act(struct err_note *note)
{
    struct backup_restored restored;
    return backup_restore(SITE, BACKUP, noon(2023, 8, 1), &restored, note);
}

/* Is the ledger of before the restore, which had come to record 2, in a folder where it was set
 * aside? */
static bool
is_set_aside(void)
{
    struct file_list list = { 0 };
    bool is_found = false;
    assert_int_equal(0, file_list(SITE, &list, NULL));
    for (size_t i = 0; i < list.count; i++) {
        char path[FILE_PATH_MAX], ledger[FILE_PATH_MAX];
        if (strncmp(list.names[i], "replaced-", 9) != 0)
            continue;
        assert_int_equal(0, file_join(path, SITE, list.names[i]));
        assert_int_equal(0, file_join(ledger, path, "ledger.db"));
        is_found |= access(ledger, F_OK) == 0 && hwm_of(ledger) == 2;
    }
    file_list_free(&list);
    return is_found;
}

static void
restore_check(bool is_done)
{
    struct err_note note = { "" };
    struct site site;
    expect_ok(backup_check(BACKUP, &note), &note);
    bool is_there = access(SITE "/ledger.db", F_OK) == 0;
    uint64_t hwm = is_there ? hwm_of(SITE "/ledger.db") : 0;
    if (hwm != 2)
        assert_true(is_set_aside());
    if (!is_done)
        return;
    assert_int_equal(1, hwm);
    expect_ok(site_open(SITE, &site, &note), &note);
    site_close(&site);
}

static void
a_restore_throws_nothing_away(void **state)
{
    (void)state; /* nothing is shared */
    some_faults(&(struct trial){ prepare_backup, restore_act, restore_check }, STEP);
    forget_before();
}

static int
group_setup(void **state)
{
    (void)state;
    int code = fixture_setup(&fixture);
    disk_sqlite_register();
    return code;
}

static int
group_teardown(void **state)
{
    (void)state;
    return fixture_teardown(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_is_whole_or_not_there),
        cmocka_unit_test(a_restore_throws_nothing_away),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
