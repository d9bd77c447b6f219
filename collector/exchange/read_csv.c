/* SPDX-License-Identifier: GPL-3.0-or-later
 * CSV, plain or SDMX: the first column's name tells. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/exchange/reader.h"
#include "core/csv.h"

struct csv_rows {
    struct reader reader; /* first */
    bool is_sdmx;
    unsigned columns; /* of the header */
    char *bytes;
    struct csv_reader csv;
};

static void
csv_close(struct reader *reader)
{
    struct csv_rows *rows = (struct csv_rows *)reader;
    if (rows)
        free(rows->bytes);
    free(rows);
}

static void
csv_place(const struct reader *reader, enum exchange_column column, char *text, size_t size)
{
    const struct csv_rows *rows = (const struct csv_rows *)reader;
    (void)column; /* the line says enough, with the column's name that is added */
    (void)snprintf(text, size, "line %u", rows->csv.line);
}

/* Undoes what the export does to a cell. */
static const char *
cell_text(const struct csv_rows *rows, int column)
{
    int where = rows->reader.where[column];
    const char *text = where < 0 ? "" : rows->csv.fields[where].text;
    if (rows->is_sdmx)
        return column == COLUMN_VALUE && strcmp(text, "NaN") == 0 ? "" : text;
    return text[0] == '\'' ? text + 1 : text;
}

static int
csv_next_row(struct reader *reader, struct cells *ret_cells, struct err_note *note)
{
    struct csv_rows *rows = (struct csv_rows *)reader;
    int code = csv_next(&rows->csv, note);
    if (code != 1)
        return code;
    if (rows->csv.field_count != rows->columns)
        return err_set(note, ERR_SYNTAX, "line %u: %u cells, the header has %u", rows->csv.line,
                       rows->csv.field_count, rows->columns);
    for (int column = 0; column < COLUMN_COUNT; column++)
        ret_cells->text[column] = cell_text(rows, column);
    return 1;
}

static int
read_header(struct csv_rows *rows, struct err_note *note)
{
    int code = csv_next(&rows->csv, note);
    if (code < 0)
        return code;
    rows->columns = rows->csv.field_count;
    rows->is_sdmx = code == 1 && strcmp(rows->csv.fields[0].text, "STRUCTURE") == 0;
    for (unsigned i = 0; code == 1 && i < rows->columns; i++)
        reader_note_column(&rows->reader, rows->is_sdmx, rows->csv.fields[i].text, (int)i);
    return reader_check_columns(&rows->reader, rows->is_sdmx, note);
}

int
csv_reader_open(const char *path, struct reader **ret_reader, struct err_note *note)
{
    static const struct reader_does does = { csv_next_row, csv_place, csv_close };
    struct csv_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return err_set(note, -ENOMEM, "out of memory");
    size_t size = 0;
    rows->reader.does = &does;
    memset(rows->reader.where, -1, sizeof rows->reader.where);
    int code = reader_bytes(path, &rows->bytes, &size, note);
    if (code == 0) {
        csv_open(&rows->csv, rows->bytes, size);
        code = read_header(rows, note);
    }
    if (code != 0) {
        csv_close(&rows->reader);
        return code;
    }
    *ret_reader = &rows->reader;
    return 0;
}
