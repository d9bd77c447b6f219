/* SPDX-License-Identifier: GPL-3.0-or-later
 * Editions of the catalogue. */
#include "collector/ledger/db.h"

#include <errno.h>

enum { VERSION_SIZE = 65 };

int
ledger_catalogue_add(struct ledger *ledger, struct cal_date effective, struct wall_time now,
                     const char *version, int64_t *ret_id, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_CATALOGUE_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, effective.days);
    db_bind_int(s, 2, now.seconds);
    db_bind_text(s, 3, version);
    int code = db_run(ledger, s, note);
    if (code == 0)
        *ret_id = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

int
ledger_catalogue_table(struct ledger *ledger, int64_t id, const char *name, const char *bytes,
                       size_t size, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_CATALOGUE_TABLE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, id);
    db_bind_text(s, 2, name);
    db_bind_blob(s, 3, bytes, size);
    return db_run(ledger, s, note);
}

int
ledger_catalogue_newest(struct ledger *ledger, int64_t *ret_id, char *version,
                        struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_CATALOGUE_NEWEST, note);
    if (!s)
        return ERR_LIBRARY;
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : err_set(note, ERR_ABSENT, "no catalogue was loaded yet");
    *ret_id = sqlite3_column_int64(s, 0);
    db_column_text(s, 1, version, VERSION_SIZE);
    db_reset(s);
    return 0;
}
