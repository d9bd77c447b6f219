/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts of a workbook that hold cells:
 *
 *     xl/workbook.xml             <sheet name="record" r:id="rId1"/>
 *     xl/_rels/workbook.xml.rels  <Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
 *     xl/sharedStrings.xml        <si><t>wuxing</t></si> ...
 *     xl/worksheets/sheet1.xml    <row r="2"><c r="A2" t="s"><v>0</v></c>
 *                                 <c r="B2" t="inlineStr"><is><t>land</t></is></c></row> */
#include "platform/xlsx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/num.h"
#include "platform/xlsx_private.h"

enum { NAME_MAX_BYTES = 256 };

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_OTHER };

struct xlsx {
    struct xlsx_pack pack;
    struct xlsx_xml sheet;
    char id[NAME_MAX_BYTES], member[NAME_MAX_BYTES]; /* of the first sheet */
    struct xlsx_strings strings;
    bool is_in_text, is_phonetic;
    /* the row under way */
    unsigned row;
    size_t columns; /* so far */
    enum cell_type type;
    bool has_value; /* of the cell under way */
    size_t cell_start, used;
    struct xlsx_cell cells[XLSX_COLUMNS_MAX];
    char texts[XLSX_ROW_BYTES_MAX];
};

/* ---- workbook.xml and its relations ---- */

static void
nothing_ends(struct xlsx_xml *xml, const char *name)
{
    (void)xml;
    (void)name;
}

static void
find_sheet(struct xlsx_xml *xml, const char *name, const char **attributes)
{
    struct xlsx *book = xml->context;
    const char *id = NULL;
    for (size_t i = 0; attributes[i]; i += 2) { /* r:id; an id without prefix is another */
        const char *colon = strchr(attributes[i], ':');
        if (colon && strcmp(colon, ":id") == 0)
            id = attributes[i + 1];
    }
    if (strcmp(name, "sheet") != 0 || book->id[0] || !id)
        return;
    if (strlen(id) >= sizeof book->id)
        xlsx_xml_refuse(xml, ERR_RANGE, "a name is too long");
    else
        memcpy(book->id, id, strlen(id) + 1);
}

static void
find_target(struct xlsx_xml *xml, const char *name, const char **attributes)
{
    struct xlsx *book = xml->context;
    const char *id = xlsx_xml_attribute(attributes, "Id");
    const char *target = xlsx_xml_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !target || strcmp(id, book->id) != 0)
        return;
    bool is_whole = target[0] == '/'; /* from the root; else from xl/ */
    if (strlen(target) + 4 > sizeof book->member)
        xlsx_xml_refuse(xml, ERR_RANGE, "a name is too long");
    else
        (void)snprintf(book->member, sizeof book->member, "%s%s", is_whole ? "" : "xl/",
                       is_whole ? target + 1 : target); /* fits */
}

static int
parse_whole(struct xlsx *book, const char *name,
            void (*start)(struct xlsx_xml *, const char *, const char **),
            void (*end)(struct xlsx_xml *, const char *),
            void (*text)(struct xlsx_xml *, const char *, size_t), struct err_note *note)
{
    struct xlsx_xml xml = { .context = book, .start = start, .end = end, .text = text };
    int code = xlsx_xml_open(&xml, &book->pack, name, note);
    if (code == 0)
        code = xlsx_xml_run(&xml, note);
    xlsx_xml_close(&xml);
    return code;
}

static int
find_first_sheet(struct xlsx *book, struct err_note *note)
{
    int code = parse_whole(book, "xl/workbook.xml", find_sheet, nothing_ends, NULL, note);
    if (code == ERR_ABSENT)
        return err_prefix(note, ERR_SYNTAX, "no workbook");
    if (code == 0)
        code =
            parse_whole(book, "xl/_rels/workbook.xml.rels", find_target, nothing_ends, NULL, note);
    if (code == 0 && !book->member[0])
        code = err_set(note, ERR_SYNTAX, "the workbook has no sheet");
    return code;
}

/* ---- shared strings ---- */

static void
string_starts(struct xlsx_xml *xml, const char *name, const char **attributes)
{
    struct xlsx *book = xml->context;
    (void)attributes;
    book->is_in_text = strcmp(name, "t") == 0 && !book->is_phonetic;
    if (strcmp(name, "rPh") == 0)
        book->is_phonetic = true;
    if (strcmp(name, "si") == 0 && !xlsx_strings_begin(&book->strings))
        xlsx_xml_refuse(xml, -ENOMEM, "out of memory");
}

static void
string_goes_on(struct xlsx_xml *xml, const char *text, size_t length)
{
    struct xlsx *book = xml->context;
    if (book->is_in_text && !xlsx_strings_add(&book->strings, text, length))
        xlsx_xml_refuse(xml, ERR_RANGE, "more text than a workbook of ours has, or no memory");
}

static void
string_ends(struct xlsx_xml *xml, const char *name)
{
    struct xlsx *book = xml->context;
    book->is_in_text = false;
    if (strcmp(name, "rPh") == 0)
        book->is_phonetic = false;
    if (strcmp(name, "si") == 0 && !xlsx_strings_end(&book->strings))
        xlsx_xml_refuse(xml, ERR_RANGE, "more text than a workbook of ours has, or no memory");
}

static int
read_strings(struct xlsx *book, struct err_note *note)
{
    static const char name[] = "xl/sharedStrings.xml";
    return xlsx_pack_has(&book->pack, name)
               ? parse_whole(book, name, string_starts, string_ends, string_goes_on, note)
               : 0; /* it may have inline ones only */
}

/* ---- the sheet ---- */

static enum cell_type
type_of(const char *name)
{
    return !name || strcmp(name, "n") == 0                              ? CELL_NUMBER
           : strcmp(name, "s") == 0                                     ? CELL_SHARED
           : strcmp(name, "inlineStr") == 0 || strcmp(name, "str") == 0 ? CELL_TEXT
                                                                        : CELL_OTHER;
}

/* The column of a reference like "D12", from 0; `otherwise` without one; XLSX_COLUMNS_MAX: none
 * that we take. */
static size_t
column_of(const char *reference, size_t otherwise)
{
    if (!reference)
        return otherwise;
    size_t column = 0;
    const char *c = reference;
    for (; *c >= 'A' && *c <= 'Z' && column <= XLSX_COLUMNS_MAX; c++)
        column = column * 26 + (size_t)(*c - 'A' + 1);
    return c == reference || column > XLSX_COLUMNS_MAX ? XLSX_COLUMNS_MAX : column - 1;
}

static void
cell_starts(struct xlsx_xml *xml, const char **attributes)
{
    struct xlsx *book = xml->context;
    size_t column = column_of(xlsx_xml_attribute(attributes, "r"), book->columns);
    if (column >= XLSX_COLUMNS_MAX) {
        xlsx_xml_refuse(xml, ERR_RANGE, "a row has more columns than we take");
        return;
    }
    if (column < book->columns) {
        xlsx_xml_refuse(xml, ERR_SYNTAX, "cells are not in the order of their columns");
        return;
    }
    while (book->columns <= column)
        book->cells[book->columns++] = (struct xlsx_cell){ .text = "" };
    book->type = type_of(xlsx_xml_attribute(attributes, "t"));
    book->cell_start = book->used;
    book->has_value = false;
}

static void
row_starts(struct xlsx_xml *xml, const char **attributes)
{
    struct xlsx *book = xml->context;
    const char *number = xlsx_xml_attribute(attributes, "r");
    int64_t row = (int64_t)book->row + 1;
    if (number && num_int_parse(number, strlen(number), row, XLSX_ROWS_MAX, &row, NULL) != 0)
        xlsx_xml_refuse(xml, ERR_SYNTAX, "rows are not in order, or there are too many");
    else if (row > XLSX_ROWS_MAX)
        xlsx_xml_refuse(xml, ERR_RANGE, "there are too many rows");
    book->row = (unsigned)row;
    book->columns = 0;
    book->used = 0;
}

static void
sheet_starts(struct xlsx_xml *xml, const char *name, const char **attributes)
{
    struct xlsx *book = xml->context;
    book->is_in_text = false;
    if (strcmp(name, "row") == 0) {
        row_starts(xml, attributes);
    } else if (strcmp(name, "c") == 0) {
        cell_starts(xml, attributes);
    } else if (strcmp(name, "f") == 0) {
        xlsx_xml_refuse(xml, ERR_SYNTAX, "a formula; only texts and numbers are taken");
    } else if (strcmp(name, "rPh") == 0) {
        book->is_phonetic = true;
    } else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !book->is_phonetic)) {
        book->is_in_text = book->columns > 0;
        book->has_value = book->is_in_text;
    }
}

static void
sheet_goes_on(struct xlsx_xml *xml, const char *text, size_t length)
{
    struct xlsx *book = xml->context;
    if (!book->is_in_text)
        return;
    if (length >= sizeof book->texts - book->used) {
        xlsx_xml_refuse(xml, ERR_RANGE, "a row has more text than we take");
        return;
    }
    memcpy(book->texts + book->used, text, length);
    book->used += length;
}

static void
shared_cell(struct xlsx_xml *xml, struct xlsx_cell *cell, const char *index)
{
    const struct xlsx *book = xml->context;
    const struct xlsx_strings *strings = &book->strings;
    int64_t number = 0;
    if (strings->count == 0 ||
        num_int_parse(index, strlen(index), 0, (int64_t)strings->count - 1, &number, NULL) != 0)
        xlsx_xml_refuse(xml, ERR_SYNTAX, "a cell names a text that is not there");
    else
        cell->text = strings->bytes + strings->starts[number];
}

static void
cell_ends(struct xlsx_xml *xml)
{
    struct xlsx *book = xml->context;
    if (!book->has_value)
        return;
    if (book->used + 1 >= sizeof book->texts) {
        xlsx_xml_refuse(xml, ERR_RANGE, "a row has more text than we take");
        return;
    }
    struct xlsx_cell *cell = &book->cells[book->columns - 1];
    char *text = book->texts + book->cell_start;
    book->texts[book->used++] = '\0';
    switch (book->type) {
    case CELL_SHARED:
        shared_cell(xml, cell, text);
        break;
    case CELL_TEXT:
        xlsx_unescape(text);
        cell->text = text;
        break;
    case CELL_NUMBER:
        *cell = (struct xlsx_cell){ .text = text, .is_number = text[0] != '\0' };
        break;
    case CELL_OTHER:
        xlsx_xml_refuse(xml, ERR_SYNTAX, "a cell is neither text nor number");
        break;
    }
}

static void
sheet_ends(struct xlsx_xml *xml, const char *name)
{
    struct xlsx *book = xml->context;
    book->is_in_text = false;
    if (strcmp(name, "rPh") == 0)
        book->is_phonetic = false;
    else if (strcmp(name, "c") == 0)
        cell_ends(xml);
    else if (strcmp(name, "row") == 0)
        xlsx_xml_pause(xml);
}

int
xlsx_next(struct xlsx *book, const struct xlsx_cell **ret_cells, size_t *ret_count,
          unsigned *ret_row, struct err_note *note)
{
    for (;;) {
        int code = xlsx_xml_run(&book->sheet, note);
        if (code < 0)
            return err_prefix(note, code, "row %u", book->row);
        if (code == 0)
            return 0;
        bool is_empty = true;
        for (size_t i = 0; i < book->columns; i++)
            is_empty = is_empty && book->cells[i].text[0] == '\0';
        if (is_empty)
            continue; /* styled, but nothing in it */
        *ret_cells = book->cells;
        *ret_count = book->columns;
        *ret_row = book->row;
        return 1;
    }
}

int
xlsx_open(const char *path, struct xlsx **ret_book, struct err_note *note)
{
    struct xlsx *book = calloc(1, sizeof *book);
    if (!book)
        return err_set(note, -ENOMEM, "out of memory");
    int code = xlsx_pack_open(path, &book->pack, note);
    if (code == 0)
        code = find_first_sheet(book, note);
    if (code == 0)
        code = read_strings(book, note);
    if (code == 0) {
        book->is_in_text = book->is_phonetic = false;
        book->sheet = (struct xlsx_xml){
            .context = book, .start = sheet_starts, .end = sheet_ends, .text = sheet_goes_on
        };
        code = xlsx_xml_open(&book->sheet, &book->pack, book->member, note);
    }
    if (code != 0) {
        xlsx_close(book);
        return code;
    }
    *ret_book = book;
    return 0;
}

void
xlsx_close(struct xlsx *book)
{
    if (!book)
        return;
    xlsx_xml_close(&book->sheet);
    xlsx_pack_close(&book->pack);
    xlsx_strings_done(&book->strings);
    free(book);
}
