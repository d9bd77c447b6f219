/* SPDX-License-Identifier: GPL-3.0-or-later
 * A workbook: sheet `record` with the rows, sheet `notes` with what the columns are. Whatever must
 * stay as it is is text; the column `number` is for sums and charts, and no import reads it. */
#include "collector/exchange/writer.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "core/num.h"

struct workbook {
    lxw_workbook *book;
    lxw_worksheet *rows;
    char folder[1024]; /* for the library's temporary files */
};

enum { NUMBER_AFTER = COLUMN_VALUE, TEXT_MAX = 1024 };

/* Where a column of ours lies on the sheet: `number` stands behind the value. */
static lxw_col_t
sheet_column(int column)
{
    return (lxw_col_t)(column > NUMBER_AFTER ? column + 1 : column);
}

static int
failed(lxw_error error, struct err_note *note)
{
    return error == LXW_NO_ERROR ? 0
                                 : err_set(note, ERR_LIBRARY, "workbook: %s", lxw_strerror(error));
}

/* A spreadsheet reads _x0041_ as A: such a text gets its first character written so. */
static bool
looks_escaped(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && isxdigit((unsigned char)text[2]) &&
           isxdigit((unsigned char)text[3]) && isxdigit((unsigned char)text[4]) &&
           isxdigit((unsigned char)text[5]) && text[6] == '_';
}

static int
put_text(struct workbook *book, lxw_row_t row, lxw_col_t column, const char *text,
         struct err_note *note)
{
    char escaped[TEXT_MAX * 4];
    size_t length = 0;
    if (!text[0])
        return 0;
    for (const char *c = text; *c && length + 8 < sizeof escaped; c++) {
        if (looks_escaped(c)) {
            memcpy(escaped + length, "_x005F", 6);
            length += 6;
        }
        escaped[length++] = *c;
    }
    escaped[length] = '\0';
    return failed(worksheet_write_string(book->rows, row, column, escaped, NULL), note);
}

static int
put_number(struct workbook *book, lxw_row_t row, lxw_col_t column, const char *text,
           struct err_note *note)
{
    struct num_decimal number;
    if (!text[0] || num_decimal_parse(text, strlen(text), &number, NULL) < 0)
        return 0; /* the text stands beside it */
    return failed(worksheet_write_number(book->rows, row, column, number.value, NULL), note);
}

static int
put_header(struct workbook *book, struct err_note *note)
{
    int code = 0;
    for (int i = 0; code == 0 && i < COLUMN_COUNT; i++) {
        code = put_text(book, 0, sheet_column(i), column_says[i].name, note);
        if (code == 0 && i == NUMBER_AFTER)
            code = put_text(book, 0, NUMBER_AFTER + 1, "number", note);
    }
    return code;
}

int
workbook_begin(struct writer *writer, const char *path, struct err_note *note)
{
    struct workbook *book = calloc(1, sizeof *book);
    if (!book)
        return err_set(note, -ENOMEM, "out of memory");
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) + 1 : 2;
    (void)snprintf(book->folder, sizeof book->folder, "%.*s", length, slash ? path : "./");
    lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = book->folder };
    book->book = workbook_new_opt(path, &options);
    book->rows = book->book ? workbook_add_worksheet(book->book, "record") : NULL;
    writer->book = book;
    if (!book->rows)
        return err_set(note, ERR_LIBRARY, "workbook: cannot be made in %s", book->folder);
    worksheet_freeze_panes(book->rows, 1, 0);
    return failed(worksheet_set_column(book->rows, 0, sheet_column(COLUMN_COUNT - 1), 14, NULL),
                  note) == 0
               ? put_header(book, note)
               : ERR_LIBRARY;
}

int
workbook_row(struct writer *writer, const struct cells *cells, struct err_note *note)
{
    if (writer->count == WORKBOOK_ROWS_MAX)
        return err_set(note, ERR_FULL,
                       "a workbook holds %d rows, and these are more: export as csv, or choose "
                       "fewer (--area, --indicator, --latest)",
                       WORKBOOK_ROWS_MAX);
    lxw_row_t row = (lxw_row_t)++writer->count;
    int code = 0;
    for (int i = 0; code == 0 && i < COLUMN_COUNT; i++) {
        const char *text = cells->text[i];
        code = column_says[i].kind == CELL_COUNT
                   ? put_number(writer->book, row, sheet_column(i), text, note)
                   : put_text(writer->book, row, sheet_column(i), text, note);
        if (code == 0 && i == NUMBER_AFTER)
            code = put_number(writer->book, row, NUMBER_AFTER + 1, text, note);
    }
    return code;
}

static int
add_notes(struct workbook *book, struct err_note *note)
{
    static const char *const lines[] = {
        "pacewatch export: the record, one row for each value received, in order of position.",
        "pacewatch 导出：按收到的先后（position）每行一个数值。",
        "Columns are told in docs/exchange.md. `pacewatch import` reads sheet `record` back into "
        "an empty site; leave its cells as they are.",
        "各列说明见 docs/exchange.md。`pacewatch import` "
        "可将 record 表导入空白站点；请勿改动单元格。",
        "Text cells hold the exact digits. `number` is the value for sums and charts.",
        "文本单元格保存原样数字；number 列供计算和作图。",
    };
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, "notes");
    if (!sheet)
        return err_set(note, ERR_LIBRARY, "workbook: no second sheet");
    int code = failed(worksheet_set_column(sheet, 0, 0, 100, NULL), note);
    for (size_t i = 0; code == 0 && i < sizeof lines / sizeof lines[0]; i++)
        code = failed(worksheet_write_string(sheet, (lxw_row_t)i, 0, lines[i], NULL), note);
    return code;
}

int
workbook_end(struct writer *writer, struct wall_time made, struct err_note *note)
{
    struct workbook *book = writer->book;
    if (!book)
        return 0;
    int code = 0;
    if (book->rows)
        code = add_notes(book, note);
    lxw_doc_properties properties = { .created = (time_t)made.seconds };
    if (code == 0 && book->book)
        code = failed(workbook_set_properties(book->book, &properties), note);
    if (book->book) { /* frees it too, whatever became of it */
        lxw_error error = workbook_close(book->book);
        code = code == 0 ? failed(error, note) : code;
    }
    free(book);
    writer->book = NULL;
    return code;
}
