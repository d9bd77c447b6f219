/* SPDX-License-Identifier: GPL-3.0-or-later
 * Export of the record in forms that others read, and import of our own export into a site that is
 * empty: digits, vintages and reasons come out as they went in. docs/exchange.md tells the columns.
 *
 * What is imported goes through the same rules as what agents send (ledger_apply), in the order of
 * positions, with each row's own time of receipt; before it is committed the ledger is read back
 * and compared with the file, row by row. */
#ifndef PACEWATCH_COLLECTOR_EXCHANGE_EXCHANGE_H
#define PACEWATCH_COLLECTOR_EXCHANGE_EXCHANGE_H

#include <stdio.h>

#include "collector/ledger_write.h"

/* X(enum, name) */
#define EXCHANGE_FORMAT_TABLE(X)     \
    X(EXCHANGE_CSV, "csv")           \
    X(EXCHANGE_SDMX_CSV, "sdmx-csv") \
    X(EXCHANGE_JSON, "json")         \
    X(EXCHANGE_XLSX, "xlsx")

enum exchange_format {
#define X(id, name) id,
    EXCHANGE_FORMAT_TABLE(X)
#undef X
        EXCHANGE_FORMAT_COUNT
};

/* Of a name of the table, ERR_UNKNOWN; of a file's name (.csv, .json, .xlsx), ERR_UNKNOWN. */
int exchange_format_of(const char *name, enum exchange_format *ret_format);
int exchange_format_of_file(const char *path, enum exchange_format *ret_format);

struct exchange_export {
    enum exchange_format format;
    bool for_excel;   /* of CSV: a byte order mark and CRLF, as Excel wants it */
    const char *path; /* written beside and renamed: whole or not at all; NULL: to `out` */
    FILE *out;        /* not for XLSX */
    enum lang lang;   /* of the names */
    struct ledger_selection selection;
};

/* Writes the rows chosen; *ret_rows of them. ERR_FULL: more rows than a workbook holds. */
int exchange_export(struct ledger *ledger, const struct catalogue *catalogue,
                    const struct exchange_export *order, int64_t *ret_rows, struct err_note *note);

enum { EXCHANGE_COMPLAINTS_MAX = 20 };

struct exchange_import {
    const char *path;
    enum exchange_format format; /* of the two CSV the header tells which */
    struct wall_time now;
    /* Told of what is wrong, EXCHANGE_COMPLAINTS_MAX times at most: where, which text, what to do.
     */
    void (*complain)(void *context, const char *words);
    void *context;
};

struct exchange_imported {
    int64_t rows, files;
};

/* Takes the file into the ledger, in one transaction, or leaves the ledger as it is. The caller has
 * the site's lock. ERR_CONFLICT: the ledger has records; ERR_SYNTAX: what is wrong was told to
 * `complain`; the note sums up. */
int exchange_import(struct ledger *ledger, const struct catalogue *catalogue,
                    const struct exchange_import *order, struct exchange_imported *ret_imported,
                    struct err_note *note);

#endif
