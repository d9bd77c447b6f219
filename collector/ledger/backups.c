/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies of the ledger, and what the ledger knows of them. */
#include "collector/ledger_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger/db.h"
#include "platform/file.h"

/* ---- copying ---- */

static int
fail(sqlite3 *db, const char *path, struct err_note *note)
{
    int rc = sqlite3_errcode(db) & 0xff;
    int code = rc == SQLITE_FULL ? -ENOSPC : rc == SQLITE_IOERR ? -EIO : ERR_LIBRARY;
    return err_set(note, code, "%s: %s", path, sqlite3_errmsg(db));
}

/* Everything in one read transaction of the source: what is committed meanwhile is not in it. */
static int
copy_pages(sqlite3 *from, sqlite3 *to, const char *path, struct err_note *note)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return fail(to, path, note);
    (void)sqlite3_backup_step(backup, -1); /* finish reports it */
    return sqlite3_backup_finish(backup) == SQLITE_OK ? 0 : fail(to, path, note);
}

/* The one text a check answers must be `want`; without a row, `want` is NULL. */
static int
expect_answer(sqlite3 *db, const char *sql, const char *want, const char *path,
              struct err_note *note)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return fail(db, path, note);
    int rc = sqlite3_step(s);
    const char *got = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    bool is_right = want ? got && strcmp(got, want) == 0 : rc == SQLITE_DONE;
    int code = is_right ? 0
                        : err_set(note, ERR_DAMAGED, "%s: %s: %.300s", path, sql,
                                  got ? got : sqlite3_errmsg(db));
    (void)sqlite3_finalize(s); /* its step was looked at */
    return code;
}

static int
check_pages(sqlite3 *db, const char *path, struct err_note *note)
{
    int code = expect_answer(db, "PRAGMA integrity_check(1)", "ok", path, note);
    return code == 0 ? expect_answer(db, "PRAGMA foreign_key_check", NULL, path, note) : code;
}

static int
sync_copy(const char *path, struct err_note *note)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(note, -errno, "%s: %s", path, err_text(-errno));
    int code = file_sync(fd, note);
    (void)close(fd); /* nothing was written through it */
    return code;
}

int
ledger_copy(struct ledger *ledger, const char *path, struct err_note *note)
{
    sqlite3 *db = NULL;
    if (access(path, F_OK) == 0)
        return err_set(note, ERR_CONFLICT, "%s exists already", path);
    int code = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        code = err_set(note, ERR_LIBRARY, "%s: %s", path, db ? sqlite3_errmsg(db) : "no memory");
    if (code == 0)
        code = copy_pages(ledger->db, db, path, note);
    if (code == 0) /* one file that needs no log beside it */
        code = expect_answer(db, "PRAGMA journal_mode=DELETE", "delete", path, note);
    if (code == 0)
        code = check_pages(db, path, note);
    (void)sqlite3_close_v2(db); /* nothing is left to write */
    if (code == 0)
        code = sync_copy(path, note);
    if (code != 0)
        (void)unlink(path); /* half a copy is none */
    return code;
}

int
ledger_check(struct ledger *ledger, struct err_note *note)
{
    ledger->deadline_ms = 0; /* as long as it takes */
    return check_pages(ledger->db, "ledger", note);
}

int
ledger_check_quickly(struct ledger *ledger, struct err_note *note)
{
    ledger->deadline_ms = 0; /* likewise */
    return expect_answer(ledger->db, "PRAGMA quick_check(1)", "ok", "ledger", note);
}

/* ---- what the ledger knows of its copies ---- */

/* Every record a copy holds is safe. */
static int
mark_streams(struct ledger *ledger, struct ledger *copy, struct err_note *note)
{
    sqlite3_stmt *each = db_statement(copy, SQL_STREAM_EACH, note);
    int code = each ? 1 : ERR_LIBRARY;
    while (code == 1 && (code = db_step(copy, each, note)) == 1) {
        uint8_t id[WIRE_STREAM_ID];
        int64_t hwm = sqlite3_column_int64(each, 1);
        sqlite3_stmt *s = db_statement(ledger, SQL_STREAM_SAFE, note);
        int failed = s ? db_column_blob(each, 0, id, sizeof id, note) : ERR_LIBRARY;
        if (failed == 0) {
            db_bind_blob(s, 1, id, sizeof id);
            db_bind_int(s, 2, hwm);
            failed = db_run(ledger, s, note);
        }
        if (failed != 0) {
            db_reset(each);
            code = failed;
        }
    }
    return code;
}

int
ledger_backed_up(struct ledger *ledger, struct ledger *copy, const char *folder,
                 struct wall_time now, struct err_note *note)
{
    uint8_t ours[WIRE_STREAM_ID], theirs[WIRE_STREAM_ID];
    uint64_t our_generation = 0, their_generation = 0;
    ledger_identity(ledger, ours, &our_generation);
    ledger_identity(copy, theirs, &their_generation);
    if (memcmp(ours, theirs, sizeof ours) != 0 || our_generation != their_generation)
        return err_set(note, ERR_CONFLICT, "%.300s is no backup of this ledger as it stands",
                       folder);
    int64_t position = 0;
    int code = mark_streams(ledger, copy, note);
    if (code == 0)
        code = db_meta_get_int(copy, "position", &position, note);
    sqlite3_stmt *s = code == 0 ? db_statement(ledger, SQL_BACKUP_ADD, note) : NULL;
    if (!s)
        return code == 0 ? ERR_LIBRARY : code;
    db_bind_text(s, 1, folder);
    db_bind_int(s, 2, position);
    db_bind_int(s, 3, now.seconds);
    return db_run(ledger, s, note);
}

int
ledger_backup_newest(struct ledger *ledger, struct ledger_backup *ret_backup, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_BACKUP_NEWEST, note);
    if (!s)
        return ERR_LIBRARY;
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : err_set(note, ERR_ABSENT, "no backup was made yet");
    db_column_text(s, 0, ret_backup->folder, sizeof ret_backup->folder);
    ret_backup->position = sqlite3_column_int64(s, 1);
    ret_backup->made.seconds = sqlite3_column_int64(s, 2);
    db_reset(s);
    return 0;
}

int
ledger_set_generation(struct ledger *ledger, uint64_t generation, struct err_note *note)
{
    return db_meta_set_int(ledger, "generation", (int64_t)generation, note);
}
