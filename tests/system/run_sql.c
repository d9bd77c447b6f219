/* SPDX-License-Identifier: GPL-3.0-or-later
 * Does to a ledger what no program of ours would: runs SQL on it.
 *
 *   run_sql DATABASE SQL */
#include <sqlite3.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    char *words = NULL;
    if (argc != 3)
        return 2;
    int rc = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, argv[2], NULL, NULL, &words);
    if (rc != SQLITE_OK)
        (void)fprintf(stderr, "%s\n", words ? words : sqlite3_errstr(rc));
    sqlite3_free(words);
    return sqlite3_close(db) == SQLITE_OK && rc == SQLITE_OK ? 0 : 1;
}
