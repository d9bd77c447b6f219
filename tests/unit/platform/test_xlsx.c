/* SPDX-License-Identifier: GPL-3.0-or-later
 * Workbooks as spreadsheet programs save them, and as nobody should. */
#include "platform/xlsx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "tests/unit/platform/folder.h"

#define WORKBOOK                                                                                \
    "<?xml version=\"1.0\"?><workbook xmlns:r=\"x\"><sheets><sheet name=\"record\" "            \
    "sheetId=\"1\" r:id=\"rId3\"/><sheet name=\"notes\" sheetId=\"2\" r:id=\"rId4\"/></sheets>" \
    "</workbook>"
#define RELATIONS                                                     \
    "<Relationships><Relationship Id=\"rId4\" Target=\"notes.xml\"/>" \
    "<Relationship Id=\"rId3\" Target=\"worksheets/sheet1.xml\"/>"    \
    "</Relationships>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

struct book {
    const char *strings; /* sharedStrings.xml; NULL: none */
    const char *sheet;
    const char *workbook, *relations; /* NULL: the usual ones */
};

static void
add(zip_t *zip, const char *name, const char *text, size_t size)
{
    zip_source_t *source = zip_source_buffer(zip, text, size, 0);
    assert_non_null(source);
    assert_true(zip_file_add(zip, name, source, 0) >= 0);
}

static void
add_text(zip_t *zip, const char *name, const char *text)
{
    add(zip, name, text, strlen(text));
}

static void
write_book(const char *path, const struct book *book)
{
    int error = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    add_text(zip, "xl/workbook.xml", book->workbook ? book->workbook : WORKBOOK);
    add_text(zip, "xl/_rels/workbook.xml.rels", book->relations ? book->relations : RELATIONS);
    if (book->strings)
        add_text(zip, "xl/sharedStrings.xml", book->strings);
    add_text(zip, "xl/worksheets/sheet1.xml", book->sheet);
    assert_int_equal(0, zip_close(zip));
}

/* All rows as "1:a|b|#2 3:c": number, texts, # before a number. The code of the last call. */
static int
read_book(const char *path, char *text, size_t size, struct err_note *note)
{
    struct xlsx *book = NULL;
    const struct xlsx_cell *cells = NULL;
    size_t count = 0, length = 0;
    unsigned row = 0;
    text[0] = '\0';
    int code = xlsx_open(path, &book, note);
    while (code >= 0 && (code = xlsx_next(book, &cells, &count, &row, note)) == 1) {
        length += (size_t)snprintf(text + length, size - length, "%s%u:", length ? " " : "", row);
        for (size_t i = 0; i < count; i++)
            length += (size_t)snprintf(text + length, size - length, "%s%s%s", i ? "|" : "",
                                       cells[i].is_number ? "#" : "", cells[i].text);
    }
    xlsx_close(book);
    return code;
}

static void
expect_rows(const char *folder, const struct book *book, const char *rows)
{
    char path[128], text[1024];
    struct err_note note = { "" };
    (void)snprintf(path, sizeof path, "%.64s/a.xlsx", folder);
    write_book(path, book);
    if (read_book(path, text, sizeof text, &note) != 0)
        fail_msg("%s", note.text);
    assert_string_equal(rows, text);
}

static void
cells_of_every_kind_are_read(void **state)
{
    static const struct {
        struct book book;
        const char *rows;
    } rows[] = {
        { { .sheet = SHEET("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>地区</t></is></c>"
                           "<c r=\"B1\"><v>2</v></c></row>") },
          "1:地区|#2" },
        { { .strings = "<sst><si><t>one</t></si><si><t xml:space=\"preserve\"> two </t></si></sst>",
            .sheet = SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\">"
                           "<v>0</v></c></row>") },
          "1: two |one" },
        { { .strings = "<sst><si><r><rPr/><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si>"
                       "</sst>",
            .sheet = SHEET("<row><c t=\"s\"><v>0</v></c><c t=\"n\"><v>1.50</v></c></row>") },
          "1:rich|#1.50" },
        { { .sheet = SHEET("<row r=\"2\"><c r=\"C2\" t=\"str\"><v>x</v></c></row>"
                           "<row r=\"5\"/><row r=\"7\"><c r=\"A7\" s=\"3\"/></row>"
                           "<row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is><t>a&amp;b</t></is></c>"
                           "</row>") },
          "2:||x 9:a&b" },
        { { .sheet = SHEET("<row><c t=\"inlineStr\"><is><t>_x0041__x005F_x0041_ _x00</t></is></c>"
                           "</row>") },
          "1:A_x0041_ _x00" },
        { { .relations = "<p:Relationships xmlns:p=\"y\"><p:Relationship Id=\"rId3\" "
                         "Target=\"/xl/worksheets/sheet1.xml\"/></p:Relationships>",
            .sheet = "<x:worksheet xmlns:x=\"z\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is>"
                     "<x:t>p</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>" },
          "1:p" },
        { { .sheet = SHEET("") }, "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_rows(*state, &rows[i].book, rows[i].rows);
}

static void
expect_refused(const char *folder, const struct book *book, const char *words)
{
    char path[128], text[1024];
    struct err_note note = { "" };
    (void)snprintf(path, sizeof path, "%.64s/a.xlsx", folder);
    write_book(path, book);
    if (read_book(path, text, sizeof text, &note) >= 0)
        fail_msg("taken, though: %s", words);
    if (!strstr(note.text, words))
        fail_msg("'%s' is not in: %s", words, note.text);
}

static void
what_is_no_plain_sheet_is_refused(void **state)
{
    static const struct {
        struct book book;
        const char *words;
    } rows[] = {
        { { .sheet = "<!DOCTYPE x [<!ENTITY a \"b\">]>" SHEET("") }, "document type declaration" },
        { { .sheet = "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x\"><x/>" },
          "document type declaration" },
        { { .sheet = SHEET("<row><c><f>1+1</f><v>2</v></c></row>") },
          "row 1: xl/worksheets/sheet1"
          ".xml: a formula" },
        { { .sheet = SHEET("<row><c t=\"e\"><v>#REF!</v></c></row>") }, "neither text nor number" },
        { { .sheet = SHEET("<row><c t=\"b\"><v>1</v></c></row>") }, "neither text nor number" },
        { { .sheet = SHEET("<row><c t=\"s\"><v>0</v></c></row>") }, "a text that is not there" },
        { { .strings = "<sst><si><t>a</t></si></sst>",
            .sheet = SHEET("<row><c t=\"s\"><v>1</v></c></row>") },
          "a text that is not there" },
        { { .strings = "<sst><si><t>a</t></si></sst>",
            .sheet = SHEET("<row><c t=\"s\"><v>-1</v></c></row>") },
          "a text that is not there" },
        { { .sheet = SHEET("<row><c r=\"B1\"/><c r=\"A1\"/></row>") }, "order of their columns" },
        { { .sheet = SHEET("<row><c r=\"ZZ1\"/></row>") }, "more columns" },
        { { .sheet = SHEET("<row><c r=\"11\"/></row>") }, "more columns" },
        { { .sheet = SHEET("<row r=\"2\"/><row r=\"2\"/>") }, "rows are not in order" },
        { { .sheet = SHEET("<row r=\"2000000\"/>") }, "rows are not in order" },
        { { .sheet = "<worksheet><row><c>" }, "no element found" },
        { { .sheet = "<worksheet><row></c></row>" }, "mismatched tag" },
        { { .workbook = "<workbook/>", .sheet = SHEET("") }, "the workbook has no sheet" },
        { { .relations = "<Relationships/>", .sheet = SHEET("") }, "the workbook has no sheet" },
        { { .relations = "<Relationships><Relationship Id=\"rId3\" Target=\"../../etc/passwd\"/>"
                         "</Relationships>",
            .sheet = SHEET("") },
          "xl/../../etc/passwd is not there" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(*state, &rows[i].book, rows[i].words);
}

/* `before`, `fill` so many times, `after`; owned by the caller. */
static char *
filled(const char *before, const char *fill, size_t times, const char *after)
{
    size_t unit = strlen(fill), at = strlen(before);
    char *text = malloc(at + unit * times + strlen(after) + 1);
    assert_non_null(text);
    memcpy(text, before, at);
    for (size_t i = 0; i < times; i++, at += unit)
        memcpy(text + at, fill, unit);
    memcpy(text + at, after, strlen(after) + 1);
    return text;
}

static void
what_grows_too_much_is_refused(void **state)
{
    char *deep = filled("<worksheet>", "<a>", 40, "");
    char *bomb = filled("<worksheet><sheetData>", "                ", 1 << 21, "</sheetData>");
    char *wide = filled("<worksheet><row><c t=\"inlineStr\"><is><t>", "0123456789abcdef", 5000,
                        "</t></is></c></row></worksheet>");
    struct book book = { .sheet = deep };
    expect_refused(*state, &book, "too deep");
    book.sheet = bomb;
    expect_refused(*state, &book, "unpacks to more than a workbook of its size would");
    book.sheet = wide;
    expect_refused(*state, &book, "more text than we take");
    free(deep);
    free(bomb);
    free(wide);
}

/* Whatever a character of the parts becomes: rows, or a refusal. */
static void
damaged_parts_break_nothing(void **state)
{
    static const char strings[] = "<sst><si><t>one</t></si><si><r><t>tw</t></r><r><t>o</t></r>"
                                  "<rPh><t>x</t></rPh></si><si><t>_x0041_</t></si></sst>";
    static const char sheet[] = SHEET(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>a&amp;_x0041_</t></is></c><c><v>2</v>"
        "</c></row>");
    static const char letters[] = "<>/\"=&; _xstcvAZ09\x01\xff";
    uint64_t seed = 11;
    for (int round = 0; round < 1500; round++) {
        char text[1024], path[128], parts[4][1024];
        const char *const whole[4] = { strings, sheet, WORKBOOK, RELATIONS };
        struct err_note note = { "" };
        for (int i = 0; i < 4; i++)
            (void)snprintf(parts[i], sizeof parts[i], "%s", whole[i]);
        for (int i = 0; i < 3; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            char *part = parts[(seed >> 20) % 8 < 6 ? (seed >> 20) % 2 : (seed >> 20) % 4];
            part[(seed >> 33) % strlen(part)] = letters[(seed >> 25) % (sizeof letters - 1)];
        }
        const struct book book = { parts[0], parts[1], parts[2], parts[3] };
        (void)snprintf(path, sizeof path, "%.64s/a.xlsx", (const char *)*state);
        write_book(path, &book);
        int code = read_book(path, text, sizeof text, &note);
        assert_true(code == 0 || note.text[0] != '\0');
    }
}

static void
what_is_no_workbook_is_refused(void **state)
{
    const char *path = folder_path(*state, "a.xlsx");
    char text[64];
    struct err_note note = { "" };
    int error = 0;
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    (void)fputs("PK\x03\x04 and no more", out);
    assert_int_equal(0, fclose(out));
    assert_int_equal(ERR_SYNTAX, read_book(path, text, sizeof text, &note));
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (int i = 0; i <= XLSX_MEMBERS_MAX; i++) {
        (void)snprintf(text, sizeof text, "%d", i);
        add_text(zip, text, "");
    }
    assert_int_equal(0, zip_close(zip));
    assert_int_equal(ERR_RANGE, read_book(path, text, sizeof text, &note));
    assert_non_null(strstr(note.text, "more than 1000 members"));
    assert_true(read_book(folder_path(*state, "none"), text, sizeof text, &note) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_of_every_kind_are_read, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_plain_sheet_is_refused, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(what_grows_too_much_is_refused, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(damaged_parts_break_nothing, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_workbook_is_refused, folder_setup,
                                        folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
