/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/exchange/: what writes rows in one format. */
#ifndef PACEWATCH_COLLECTOR_EXCHANGE_WRITER_H
#define PACEWATCH_COLLECTOR_EXCHANGE_WRITER_H

#include "collector/exchange/cells.h"

struct writer {
    enum exchange_format format;
    bool for_excel;
    FILE *out;             /* not of XLSX; failures show in ferror at the end */
    int64_t count;         /* rows so far */
    struct workbook *book; /* of XLSX */
};

/* Of all, header and end included; `record` is what the cells were made of. */
void csv_write_header(struct writer *writer);
void csv_write_row(struct writer *writer, const struct ledger_record *record,
                   const struct cells *cells);

int json_write_header(struct writer *writer, struct ledger *ledger,
                      const struct ledger_selection *selection, struct err_note *note);
void json_write_row(struct writer *writer, const struct cells *cells);
void json_write_end(struct writer *writer);

enum { WORKBOOK_ROWS_MAX = 1048575 }; /* what Excel holds below a header */

/* Of a file that is not there yet. workbook_end frees the book, whatever it returns. */
int workbook_begin(struct writer *writer, const char *path, struct err_note *note);
int workbook_row(struct writer *writer, const struct cells *cells, struct err_note *note);
int workbook_end(struct writer *writer, struct wall_time made, struct err_note *note);

#endif
