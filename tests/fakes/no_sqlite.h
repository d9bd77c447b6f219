/* SPDX-License-Identifier: GPL-3.0-or-later
 * SQLite that fails at the nth call of prepare or step. The test's program is linked with
 * pacewatch_no_sqlite; one file of it includes this. */
#ifndef PACEWATCH_TESTS_FAKES_NO_SQLITE_H
#define PACEWATCH_TESTS_FAKES_NO_SQLITE_H

#include <sqlite3.h>

#include "tests/fakes/nth_call.h"

static struct nth_call no_sqlite;

int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __real_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int size, sqlite3_stmt **ret_statement,
                              const char **ret_tail);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int size, sqlite3_stmt **ret_statement,
                              const char **ret_tail);
int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int size, unsigned flags,
                              sqlite3_stmt **ret_statement, const char **ret_tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int size, unsigned flags,
                              sqlite3_stmt **ret_statement, const char **ret_tail);

int
__wrap_sqlite3_step(sqlite3_stmt *statement)
{
    return nth_call_fails(&no_sqlite) ? SQLITE_IOERR : __real_sqlite3_step(statement);
}

int
__wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int size, sqlite3_stmt **ret_statement,
                          const char **ret_tail)
{
    return nth_call_fails(&no_sqlite)
               ? SQLITE_NOMEM
               : __real_sqlite3_prepare_v2(db, sql, size, ret_statement, ret_tail);
}

int
__wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int size, unsigned flags,
                          sqlite3_stmt **ret_statement, const char **ret_tail)
{
    return nth_call_fails(&no_sqlite)
               ? SQLITE_NOMEM
               : __real_sqlite3_prepare_v3(db, sql, size, flags, ret_statement, ret_tail);
}

#endif
