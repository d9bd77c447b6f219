/* SPDX-License-Identifier: GPL-3.0-or-later
 * Our workbook, also after a spreadsheet program has saved it again. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/exchange/reader.h"
#include "platform/xlsx.h"

struct workbook_rows {
    struct reader reader; /* first */
    struct xlsx *book;
    unsigned row; /* the sheet's number of the last one read */
};

static void
workbook_close_reader(struct reader *reader)
{
    struct workbook_rows *rows = (struct workbook_rows *)reader;
    if (rows)
        xlsx_close(rows->book);
    free(rows);
}

static void
workbook_place(const struct reader *reader, enum exchange_column column, char *text, size_t size)
{
    const struct workbook_rows *rows = (const struct workbook_rows *)reader;
    int where = reader->where[column];
    if (where < 0)
        (void)snprintf(text, size, "row %u", rows->row);
    else if (where < 26)
        (void)snprintf(text, size, "cell %c%u", 'A' + where, rows->row);
    else
        (void)snprintf(text, size, "cell %c%c%u", 'A' + where / 26 - 1, 'A' + where % 26,
                       rows->row);
}

/* A text of ours that has become a number has lost what it was: zeros, digits, the period. */
static int
cell_of(const struct workbook_rows *rows, const struct xlsx_cell *cells, size_t count, int column,
        const char **ret_text, struct err_note *note)
{
    int where = rows->reader.where[column];
    *ret_text = "";
    if (where < 0 || (size_t)where >= count)
        return 0;
    *ret_text = cells[where].text;
    if (!cells[where].is_number || column_says[column].kind == CELL_COUNT)
        return 0;
    char place[32];
    workbook_place(&rows->reader, (enum exchange_column)column, place, sizeof place);
    return err_set(note, ERR_SYNTAX,
                   "%s, %s: '%.40s' is a number here, and no longer the text that was exported; "
                   "export again and leave the cells as they are",
                   place, column_says[column].name, *ret_text);
}

static int
workbook_next(struct reader *reader, struct cells *ret_cells, struct err_note *note)
{
    struct workbook_rows *rows = (struct workbook_rows *)reader;
    const struct xlsx_cell *cells = NULL;
    size_t count = 0;
    int code;
    do
        code = xlsx_next(rows->book, &cells, &count, &rows->row, note);
    while (code == 1 && count == 0);
    if (code != 1)
        return code;
    code = 0;
    for (int column = 0; code == 0 && column < COLUMN_COUNT; column++)
        code = cell_of(rows, cells, count, column, &ret_cells->text[column], note);
    return code == 0 ? 1 : code;
}

static int
read_header(struct workbook_rows *rows, struct err_note *note)
{
    const struct xlsx_cell *cells = NULL;
    size_t count = 0;
    int code = xlsx_next(rows->book, &cells, &count, &rows->row, note);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 1 && i < count; i++)
        reader_note_column(&rows->reader, false, cells[i].text, (int)i);
    return reader_check_columns(&rows->reader, false, note);
}

int
workbook_reader_open(const char *path, struct reader **ret_reader, struct err_note *note)
{
    static const struct reader_does does = { workbook_next, workbook_place, workbook_close_reader };
    struct workbook_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return err_set(note, -ENOMEM, "out of memory");
    rows->reader.does = &does;
    memset(rows->reader.where, -1, sizeof rows->reader.where);
    int code = xlsx_open(path, &rows->book, note);
    if (code == 0)
        code = read_header(rows, note);
    if (code != 0) {
        workbook_close_reader(&rows->reader);
        return code;
    }
    *ret_reader = &rows->reader;
    return 0;
}
