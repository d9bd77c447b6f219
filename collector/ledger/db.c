/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ledger/db.h"

#include <errno.h>
#include <string.h>

#include "core/text.h"
#include "platform/clock.h"

enum { READ_LIMIT_MS = 2000 }; /* a reader's query may run this long */

static const char *const sql_text[SQL_COUNT_OF] = {
#define X(name, sql) [name] = (sql),
    LEDGER_SQL(X)
#undef X
};

int
db_error(struct ledger *ledger, struct err_note *note)
{
    int extended = sqlite3_extended_errcode(ledger->db);
    int code = ERR_LIBRARY;
    switch (extended & 0xff) {
    case SQLITE_FULL:
        code = -ENOSPC;
        break;
    case SQLITE_IOERR:
        code = -EIO;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        code = ERR_DAMAGED;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        code = ERR_BUSY;
        break;
    case SQLITE_CONSTRAINT:
        code = ERR_CONFLICT;
        break;
    case SQLITE_INTERRUPT:
        code = ERR_TIMEOUT;
        break;
    case SQLITE_NOMEM:
        code = -ENOMEM;
        break;
    default:
        break;
    }
    return err_set(note, code, "ledger: %s (SQLite %d)", sqlite3_errmsg(ledger->db), extended);
}

sqlite3_stmt *
db_statement(struct ledger *ledger, enum ledger_sql which, struct err_note *note)
{
    sqlite3_stmt **slot = &ledger->statements[which];
    if (ledger->in_transaction && sqlite3_get_autocommit(ledger->db)) {
        (void)err_set(note, -EIO, "ledger: an error before has ended the transaction");
        return NULL;
    }
    if (!*slot && sqlite3_prepare_v3(ledger->db, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                     slot, NULL) != SQLITE_OK) {
        (void)db_error(ledger, note);
        return NULL;
    }
    (void)sqlite3_reset(*slot); /* reports again what its last step reported */
    if (ledger->mode == LEDGER_READ)
        ledger->deadline_ms = clock_mono().ms + READ_LIMIT_MS;
    return *slot;
}

int
db_step(struct ledger *ledger, sqlite3_stmt *statement, struct err_note *note)
{
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        return 1;
    int code = rc == SQLITE_DONE ? 0 : db_error(ledger, note);
    db_reset(statement);
    return code;
}

int
db_run(struct ledger *ledger, sqlite3_stmt *statement, struct err_note *note)
{
    int code = db_step(ledger, statement, note);
    if (code > 0) {
        db_reset(statement);
        return 0;
    }
    return code;
}

void
db_reset(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement); /* reports again what its last step reported */
}

/* Binding fails only for a wrong index or without memory; the step that follows then reports the
 * missing value (NOT NULL). */

void
db_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    (void)sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

void
db_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t size)
{
    (void)sqlite3_bind_blob64(statement, index, bytes, size, SQLITE_STATIC);
}

void
db_bind_int(sqlite3_stmt *statement, int index, int64_t value)
{
    (void)sqlite3_bind_int64(statement, index, value);
}

void
db_column_text(sqlite3_stmt *statement, int column, char *text, size_t size)
{
    const unsigned char *from = sqlite3_column_text(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    size_t keep = 0;
    if (from && length > 0) {
        keep = text_cut((const char *)from, (size_t)length, size - 1);
        memcpy(text, from, keep);
    }
    text[keep] = '\0';
}

int
db_column_blob(sqlite3_stmt *statement, int column, void *bytes, size_t size, struct err_note *note)
{
    const void *from = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    if (!from || length < 0 || (size_t)length != size)
        return err_set(note, ERR_DAMAGED, "ledger: a stored value has %d bytes, not %zu", length,
                       size);
    memcpy(bytes, from, size);
    return 0;
}

int
db_meta_get_int(struct ledger *ledger, const char *key, int64_t *ret_value, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_META_GET, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, key);
    int code = db_step(ledger, s, note);
    if (code == 1) {
        *ret_value = sqlite3_column_int64(s, 0);
        db_reset(s);
        return 0;
    }
    return code < 0 ? code : err_set(note, ERR_ABSENT, "ledger: no '%s'", key);
}

int
db_meta_set_int(struct ledger *ledger, const char *key, int64_t value, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_META_SET, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, key);
    db_bind_int(s, 2, value);
    return db_run(ledger, s, note);
}

int
db_stamp(struct ledger *ledger, enum ledger_sql which, int64_t id, struct wall_time when,
         struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, which, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, id);
    db_bind_int(s, 2, when.seconds);
    return db_run(ledger, s, note);
}
