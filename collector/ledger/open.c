/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making and opening the ledger, and its transactions. */
#include "collector/ledger/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger/schema_1.h"
#include "collector/ledger/schema_2.h"
#include "collector/ledger/schema_3.h"
#include "collector/ledger/schema_4.h"
#include "collector/ledger/schema_5.h"
#include "platform/clock.h"
#include "platform/file.h"

enum { SCHEMA_VERSION = 5, PROGRESS_STEPS = 20000 };

static int
exec(sqlite3 *db, const char *sql, struct err_note *note)
{
    char *words = NULL;
    int rc = sqlite3_exec(db, sql, NULL, NULL, &words);
    int code = 0;
    if (rc != SQLITE_OK)
        code = err_set(note, rc == SQLITE_FULL ? -ENOSPC : ERR_LIBRARY, "ledger: %s",
                       words ? words : sqlite3_errstr(rc));
    sqlite3_free(words);
    return code;
}

/* One pragma's value as text must be what we asked for: SQLite ignores what it cannot do. */
static int
expect_pragma(sqlite3 *db, const char *sql, const char *want, struct err_note *note)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return err_set(note, ERR_LIBRARY, "ledger: %s", sqlite3_errmsg(db));
    int code = 0;
    const char *got =
        sqlite3_step(s) == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    if (!got || strcmp(got, want) != 0)
        code = err_set(note, ERR_LIBRARY, "ledger: %s answers '%s', must be '%s'", sql,
                       got ? got : "", want);
    (void)sqlite3_finalize(s); /* reports again what its last step reported */
    return code;
}

static int
set_guards(sqlite3 *db)
{
    int set = 0;
    int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, &set);
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &set);
    return rc;
}

/* What the versions after `version` added to the schema, one after the other. */
static int
add_schemas(sqlite3 *db, int64_t version, struct err_note *note)
{
    static const char *const steps[SCHEMA_VERSION + 1] = {
        [2] = schema_2, [3] = schema_3, [4] = schema_4, [5] = schema_5
    };
    int code = 0;
    while (code == 0 && version < SCHEMA_VERSION)
        code = exec(db, steps[++version], note);
    return code;
}

void
ledger_prepare(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);       /* refused: slower, no more */
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1); /* likewise */
}

int
ledger_create(const char *path, struct err_note *note)
{
    if (access(path, F_OK) == 0)
        return err_set(note, ERR_CONFLICT, "%s exists already", path);
    sqlite3 *db = NULL;
    int code = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        code = err_set(note, ERR_LIBRARY, "%s: %s", path, db ? sqlite3_errmsg(db) : "no memory");
        goto out;
    }
    code = exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE", note);
    if (code == 0)
        code = exec(db, schema_1, note);
    sqlite3_stmt *s = NULL;
    if (code == 0 && sqlite3_prepare_v2(db,
                                        "INSERT INTO meta VALUES ('schema', 1), ('ledger_id', ?1), "
                                        "('generation', 1), ('position', 0)",
                                        -1, &s, NULL) == SQLITE_OK) {
        uint8_t id[WIRE_STREAM_ID];
        clock_random(id, sizeof id);
        db_bind_blob(s, 1, id, sizeof id);
        if (sqlite3_step(s) != SQLITE_DONE)
            code = err_set(note, ERR_LIBRARY, "ledger: %s", sqlite3_errmsg(db));
        (void)sqlite3_finalize(s); /* its step was checked */
    }
    if (code == 0)
        code = add_schemas(db, 1, note);
    if (code == 0)
        code = exec(db, "COMMIT", note);
out:
    (void)sqlite3_close_v2(db); /* nothing is left to write */
    if (code != 0)
        (void)unlink(path); /* half a ledger is none */
    return code;
}

/* Stops a reader's query that runs longer than its bound. */
static int
on_progress(void *context)
{
    const struct ledger *ledger = context;
    return ledger->deadline_ms != 0 && clock_mono().ms > ledger->deadline_ms;
}

/* References are looked at by copies and by fsck (pragma_foreign_key_check), not at each row: three
 * look-ups a row were a sixth of what a row costs (tests/bench/bench_ledger.c). */
static int
prepare_connection(struct ledger *ledger, struct err_note *note)
{
    sqlite3 *db = ledger->db;
    if (set_guards(db) != SQLITE_OK)
        return db_error(ledger, note);
    int code =
        exec(db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA foreign_keys=OFF", note);
    if (code != 0)
        return code;
    if (ledger->mode == LEDGER_READ) {
        (void)sqlite3_busy_timeout(db, 1000);
        sqlite3_progress_handler(db, PROGRESS_STEPS, on_progress, ledger);
        return exec(db, "PRAGMA query_only=ON", note);
    }
    code = exec(db,
                "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=16000; "
                "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536",
                note);
    if (code == 0)
        code = expect_pragma(db, "PRAGMA journal_mode=WAL", "wal", note);
    if (code == 0)
        code = expect_pragma(db, "PRAGMA synchronous", "2", note);
    if (code == 0)
        code = expect_pragma(db, "PRAGMA quick_check(1)", "ok", note);
    return code;
}

/* Brings a ledger of an earlier release up to this one's schema: whole, or not at all. */
static int
upgrade(struct ledger *ledger, int64_t version, struct err_note *note)
{
    int code = exec(ledger->db, "BEGIN IMMEDIATE", note);
    if (code == 0)
        code = add_schemas(ledger->db, version, note);
    if (code == 0)
        code = exec(ledger->db, "COMMIT", note);
    if (code != 0 && !sqlite3_get_autocommit(ledger->db))
        (void)exec(ledger->db, "ROLLBACK", NULL); /* closing would do it too */
    return code;
}

/* What a killed collector committed can be read again before it is on the disk: SQLite does not
 * sync a log that it finds. Nothing of it may be told to an agent before that, so the log goes over
 * into the database, a commit of our own syncs what a reader holds back, and so do the names of
 * both. */
static int
make_durable(struct ledger *ledger, const char *path, struct err_note *note)
{
    int code = exec(ledger->db,
                    "PRAGMA wal_checkpoint(PASSIVE); "
                    "UPDATE meta SET value = value WHERE key = 'position'",
                    note);
    return code == 0 ? file_sync_name(path, note) : code;
}

static int
check_version(struct ledger *ledger, const char *path, struct err_note *note)
{
    int64_t version = 0;
    int code = db_meta_get_int(ledger, "schema", &version, note);
    if (code == 0 && version > 0 && version < SCHEMA_VERSION && ledger->mode == LEDGER_WRITE) {
        code = upgrade(ledger, version, note);
        version = SCHEMA_VERSION;
    }
    if (code == 0 && version < SCHEMA_VERSION)
        return err_set(note, ERR_VERSION,
                       "%s was made by an earlier release: start the collector once, it brings the "
                       "ledger up to date",
                       path);
    if (code == 0 && version > SCHEMA_VERSION)
        return err_set(note, ERR_VERSION,
                       "%s has schema version %lld, this release knows %d: use the release that "
                       "made it, or a newer one",
                       path, (long long)version, SCHEMA_VERSION);
    return code;
}

static int
read_tally(struct ledger *ledger, struct err_note *note)
{
    struct tally *tally = &ledger->now;
    int code = db_meta_get_int(ledger, "position", &tally->position, note);
    if (code == 0)
        code = db_meta_get_int(ledger, "confirmed", &tally->confirmed, note);
    if (code == 0)
        code = db_meta_get_int(ledger, "restated", &tally->restated, note);
    ledger->committed = ledger->now;
    return code;
}

/* What of it has changed since the last commit. */
static int
write_tally(struct ledger *ledger, struct err_note *note)
{
    const struct tally *now = &ledger->now;
    const struct tally *before = &ledger->committed;
    int code = 0;
    if (now->position != before->position)
        code = db_meta_set_int(ledger, "position", now->position, note);
    if (code == 0 && now->confirmed != before->confirmed)
        code = db_meta_set_int(ledger, "confirmed", now->confirmed, note);
    if (code == 0 && now->restated != before->restated)
        code = db_meta_set_int(ledger, "restated", now->restated, note);
    return code;
}

int
ledger_open(const char *path, enum ledger_mode mode, struct ledger **ret_ledger,
            struct err_note *note)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        return err_set(note, -ENOMEM, "out of memory");
    ledger->mode = mode;
    int flags = mode == LEDGER_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int code = 0;
    if (sqlite3_open_v2(path, &ledger->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        code = err_set(note, access(path, F_OK) == 0 ? ERR_LIBRARY : ERR_ABSENT, "%s: %s", path,
                       ledger->db ? sqlite3_errmsg(ledger->db) : "no memory");
    if (code == 0)
        code = prepare_connection(ledger, note);
    if (code == 0)
        code = check_version(ledger, path, note);
    if (code == 0 && mode == LEDGER_WRITE)
        code = make_durable(ledger, path, note);
    if (code == 0)
        code = read_tally(ledger, note);
    if (code != 0) {
        ledger_close(ledger);
        return code;
    }
    *ret_ledger = ledger;
    return 0;
}

int
ledger_renew(struct ledger **ledger, const char *path, struct err_note *note)
{
    struct ledger *fresh = NULL;
    int code = ledger_open(path, LEDGER_WRITE, &fresh, note);
    if (code != 0)
        return code;
    ledger_close(*ledger);
    *ledger = fresh;
    return 0;
}

void
ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (size_t i = 0; i < SQL_COUNT_OF; i++)
        (void)sqlite3_finalize(
            ledger->statements[i]); /* reports again what its last step reported */
    series_forget(ledger);
    (void)sqlite3_close_v2(ledger->db); /* all statements are finalized */
    free(ledger);
}

void
ledger_identity(struct ledger *ledger, uint8_t ret_id[WIRE_STREAM_ID], uint64_t *ret_generation)
{
    memset(ret_id, 0, WIRE_STREAM_ID);
    *ret_generation = 0;
    int64_t generation = 0;
    if (db_meta_get_int(ledger, "generation", &generation, NULL) == 0)
        *ret_generation = (uint64_t)generation;
    sqlite3_stmt *s = db_statement(ledger, SQL_META_GET, NULL);
    if (!s)
        return;
    db_bind_text(s, 1, "ledger_id");
    if (db_step(ledger, s, NULL) == 1)
        (void)db_column_blob(s, 0, ret_id, WIRE_STREAM_ID, NULL); /* zeros say it is not known */
    db_reset(s);
}

int64_t
ledger_position(struct ledger *ledger)
{
    if (ledger->mode == LEDGER_WRITE)
        return ledger->committed.position;
    int64_t position = 0;
    return db_meta_get_int(ledger, "position", &position, NULL) == 0 ? position : 0;
}

static int
run(struct ledger *ledger, enum ledger_sql which, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, which, note);
    return s ? db_run(ledger, s, note) : ERR_LIBRARY;
}

/* Series and publishers that may be no more. */
static void
forget(struct ledger *ledger)
{
    series_forget(ledger);
    ledger->providers = (struct providers){ .next = 0 };
}

int
ledger_begin(struct ledger *ledger, struct err_note *note)
{
    ledger_rollback(ledger); /* what an earlier rollback did not manage to */
    int code = run(ledger, SQL_BEGIN, note);
    ledger->in_transaction = code == 0;
    return code;
}

int
ledger_commit(struct ledger *ledger, struct err_note *note)
{
    int code = series_flush(ledger, note);
    if (code == 0)
        code = write_tally(ledger, note);
    if (code == 0)
        code = run(ledger, SQL_COMMIT, note);
    if (code == 0)
        ledger->committed = ledger->now;
    else
        ledger_rollback(ledger);
    ledger->in_transaction = false;
    return code;
}

void
ledger_rollback(struct ledger *ledger)
{
    bool is_open = !sqlite3_get_autocommit(ledger->db);
    if (ledger->in_transaction || is_open)
        forget(ledger);
    ledger->in_transaction = false;
    if (is_open)
        (void)run(ledger, SQL_ROLLBACK, NULL); /* SQLite may have rolled back itself */
    ledger->now = ledger->committed;
}

int
ledger_mark(struct ledger *ledger, struct err_note *note)
{
    int code = run(ledger, SQL_MARK, note);
    if (code == 0)
        ledger->marked = ledger->now;
    return code;
}

int
ledger_release(struct ledger *ledger, struct err_note *note)
{
    int code = series_flush(ledger, note);
    return code == 0 ? run(ledger, SQL_RELEASE, note) : code;
}

int
ledger_undo(struct ledger *ledger, struct err_note *note)
{
    int code = run(ledger, SQL_UNDO, note);
    forget(ledger);
    if (code == 0)
        ledger->now = ledger->marked;
    return code == 0 ? run(ledger, SQL_RELEASE, note) : code;
}
