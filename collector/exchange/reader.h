/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/exchange/: rows of an export, read one by one from any of the formats. */
#ifndef PACEWATCH_COLLECTOR_EXCHANGE_READER_H
#define PACEWATCH_COLLECTOR_EXCHANGE_READER_H

#include "collector/exchange/cells.h"

struct reader;

/* What a format does. `next` answers 1 and the cells, valid until it is called again; 0 at the end;
 * ERR_SYNTAX, ERR_RANGE with a note that says where. `place` says where a cell of the last row
 * stands: "line 12", "cell D12". */
struct reader_does {
    int (*next)(struct reader *reader, struct cells *ret_cells, struct err_note *note);
    void (*place)(const struct reader *reader, enum exchange_column column, char *text,
                  size_t size);
    void (*close)(struct reader *reader);
};

/* The beginning of every format's own struct. */
struct reader {
    const struct reader_does *does;
    int where[COLUMN_COUNT]; /* the file's column of each of ours; -1: it has none */
};

/* Opens a file and reads what stands before its rows. The caller closes with reader->does->close.
 */
int reader_open(const char *path, enum exchange_format format, struct reader **ret_reader,
                struct err_note *note);

int csv_reader_open(const char *path, struct reader **ret_reader, struct err_note *note);
int json_reader_open(const char *path, struct reader **ret_reader, struct err_note *note);
int workbook_reader_open(const char *path, struct reader **ret_reader, struct err_note *note);

/* For the formats with a header: notes where the column called `name` lies. */
void reader_note_column(struct reader *reader, bool is_sdmx, const char *name, int where);

/* ERR_SYNTAX naming the first column an import needs that the header has not. */
int reader_check_columns(const struct reader *reader, bool is_sdmx, struct err_note *note);

/* A file of up to 2 GiB, whole. */
int reader_bytes(const char *path, char **ret_bytes, size_t *ret_size, struct err_note *note);

#endif
