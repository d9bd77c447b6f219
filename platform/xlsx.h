/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the first sheet of an .xlsx workbook, row by row: texts (shared, inline) and numbers, as
 * spreadsheet programs save them. A workbook is a zip file of XML: what it unpacks to is counted as
 * it is unpacked, whatever it says of itself; document type declarations, formulas and error cells
 * are refused; nothing is fetched or written anywhere. */
#ifndef PACEWATCH_PLATFORM_XLSX_H
#define PACEWATCH_PLATFORM_XLSX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

enum {
    XLSX_FILE_MAX = 1 << 30,    /* bytes of the file */
    XLSX_MEMBERS_MAX = 1000,    /* of the zip file */
    XLSX_RATIO_MAX = 200,       /* unpacked to packed, beyond the first MiB */
    XLSX_STRINGS_MAX = 1 << 28, /* bytes of shared strings */
    XLSX_COLUMNS_MAX = 64,
    XLSX_ROWS_MAX = 1048576,
    XLSX_ROW_BYTES_MAX = 64 * 1024, /* of the texts of a row */
    XLSX_DEPTH_MAX = 32             /* elements within each other */
};

/* What all members together may unpack to. */
#define XLSX_UNPACKED_MAX ((size_t)4 << 30)

struct xlsx;

/* Valid until the next call. UTF-8, NUL-terminated; "" for none. */
struct xlsx_cell {
    const char *text; /* of a number: as the file has it */
    bool is_number;
};

/* ERR_SYNTAX: no workbook, or one with what is refused; ERR_RANGE: over a limit. The note says
 * what. */
int xlsx_open(const char *path, struct xlsx **ret_book, struct err_note *note);
void xlsx_close(struct xlsx *book);

/* The next row with a text or number in it: 1, its cells from column A on and its number from 1;
 * 0 at the end; or a negative code as above. */
int xlsx_next(struct xlsx *book, const struct xlsx_cell **ret_cells, size_t *ret_count,
              unsigned *ret_row, struct err_note *note);

#endif
