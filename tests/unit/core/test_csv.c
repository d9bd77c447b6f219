/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv.h"

#include "check.h"

static struct csv_reader reader; /* too large for the stack */

/* Everything a text says, one line per record: "1[a|b]", or the note of a fault. */
static void
read_all(const char *bytes, size_t size, char *said, size_t room)
{
    size_t used = 0;
    said[0] = '\0';
    csv_open(&reader, bytes, size);
    for (;;) {
        struct err_note note = { { 0 } };
        int got = csv_next(&reader, &note);
        if (got == 0)
            return;
        int n = 0;
        if (got < 0) {
            n = snprintf(said + used, room - used, "%s;", note.text);
        } else {
            n = snprintf(said + used, room - used, "%u[", reader.line);
            for (unsigned i = 0; i < reader.field_count; i++) {
                CHECK_INT("length", (long long)strlen(reader.fields[i].text),
                          (long long)reader.fields[i].length);
                n += snprintf(said + used + n, room - used - (size_t)n, "%s%s", i ? "|" : "",
                              reader.fields[i].text);
            }
            n += snprintf(said + used + n, room - used - (size_t)n, "]");
        }
        used += (size_t)n;
        CHECK("room", used < room);
    }
}

static void
test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *bytes;
        const char *want;
    } rows[] = {
        { "empty", "", "" },
        { "one cell", "a", "1[a]" },
        { "line feed", "a,b\nc,d\n", "1[a|b]2[c|d]" },
        { "carriage return and line feed", "a,b\r\nc,d\r\n", "1[a|b]2[c|d]" },
        { "no last line end", "a,b\nc,d", "1[a|b]2[c|d]" },
        { "byte order mark",
          "\xef\xbb\xbf"
          "a,b\n",
          "1[a|b]" },
        { "byte order mark alone", "\xef\xbb\xbf", "" },
        { "empty cells", ",\n,,\n", "1[|]2[||]" },
        { "empty last cell", "a,", "1[a|]" },
        { "blank lines", "\n\na\n\r\n\nb\n\n", "3[a]6[b]" },
        { "quoted", "\"a\",\"b\"\n", "1[a|b]" },
        { "quoted comma", "\"a,b\",c\n", "1[a,b|c]" },
        { "doubled quote", "\"a\"\"b\"\"\"\n", "1[a\"b\"]" },
        { "quoted empty", "\"\"\n", "1[]" },
        { "line end inside quotes", "\"a\nb\",c\nd\n", "1[a\nb|c]3[d]" },
        { "CRLF inside quotes", "\"a\r\nb\"\r\nd\r\n", "1[a\r\nb]3[d]" },
        { "blanks stay", " a , b \n", "1[ a | b ]" },
        { "chinese", "吴兴,1万\n", "1[吴兴|1万]" },
        { "quoted at the very end", "\"a\"", "1[a]" },

        { "quote inside", "a\"b,c\nd\n", "line 1, column 1: a quote inside an unquoted cell;2[d]" },
        { "blank before a quote", "a, \"b\"\nd\n",
          "line 1, column 2: a quote inside an unquoted cell;2[d]" },
        { "text after a quote", "a,\"b\"c\nd\n",
          "line 1, column 2: text after a closing quote;2[d]" },
        { "unclosed", "\"a\nb\nc\n", "line 1, column 1: a quote is not closed;2[b]3[c]" },
        { "unclosed in the third cell", "x\na,b,\"c\nd\n",
          "1[x]line 2, column 3: a quote is not closed;3[d]" },
        { "quote alone at the end", "a\n\"", "1[a]line 2, column 1: a quote is not closed;" },
        { "lone carriage return", "a\rb\nc\n",
          "line 1, column 1: a carriage return without line feed;2[c]" },
        { "carriage return at the end", "a\r",
          "line 1, column 1: a carriage return without line feed;" },
        { "carriage return after quotes", "\"a\"\rb\nc\n",
          "line 1, column 1: a carriage return without line feed;2[c]" },
        { "carriage return inside quotes", "\"a\rb\"\nc\n",
          "line 1, column 1: a carriage return without line feed;2[c]" },
        { "a line that is a carriage return", "\r",
          "line 1, column 1: a carriage return without line feed;" },
        { "not UTF-8", "ok\n\xba\xfe,b\nc\n",
          "1[ok]line 2, column 1: not UTF-8; save it as CSV UTF-8;3[c]" },
        { "not UTF-8 inside quotes", "a,\"\xff\"\nc\n",
          "line 1, column 2: not UTF-8; save it as CSV UTF-8;2[c]" },
        { "a character cut by a comma", "\xe6,b\n",
          "line 1, column 1: not UTF-8; save it as CSV UTF-8;" },
        { "mark in the middle is text",
          "a\n\xef\xbb\xbf"
          "b\n",
          "1[a]2[\xef\xbb\xbf"
          "b]" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char said[512];
        read_all(rows[i].bytes, strlen(rows[i].bytes), said, sizeof said);
        CHECK_TEXT(rows[i].name, rows[i].want, said);
    }
    char said[512];
    read_all("a\0b,c\nd", 7, said, sizeof said);
    CHECK_TEXT("NUL", "line 1, column 1: a NUL byte;2[d]", said);
    read_all("\"a\"\0,c\nd", 8, said, sizeof said);
    CHECK_TEXT("NUL after quotes", "line 1, column 1: text after a closing quote;2[d]", said);
    read_all("\"\0\"\nd", 5, said, sizeof said);
    CHECK_TEXT("NUL inside quotes", "line 1, column 1: a NUL byte;2[d]", said);
}

static void
test_record_offsets(void **state)
{
    (void)state;
    const char *bytes = "\xef\xbb\xbf"
                        "a,b\r\n\r\n\"c\nd\",e\nf\"\r\nlast";
    static const struct {
        int got;
        const char *text;
    } want[] = { { 1, "a,b" }, { 1, "\"c\nd\",e" }, { ERR_SYNTAX, "f\"" }, { 1, "last" } };
    csv_open(&reader, bytes, strlen(bytes));
    for (size_t i = 0; i < COUNT(want); i++) {
        CHECK_INT(want[i].text, want[i].got, csv_next(&reader, NULL));
        char text[32] = "";
        memcpy(text, bytes + reader.record_start, reader.record_end - reader.record_start);
        CHECK_TEXT(want[i].text, want[i].text, text);
    }
    CHECK_INT("end", 0, csv_next(&reader, NULL));
    CHECK_INT("end again", 0, csv_next(&reader, NULL));
}

/* A record of `size` bytes: a cell of x, `commas` commas, then the next line. Exactly
 * CSV_RECORD_MAX pass. */
static void
check_size(const char *name, size_t size, size_t commas, bool is_quoted, int want)
{
    static char bytes[2 * CSV_RECORD_MAX];
    CHECK(name, size + 3 <= sizeof bytes);
    memset(bytes, 'x', size - commas);
    memset(bytes + size - commas, ',', commas);
    if (is_quoted)
        bytes[0] = bytes[size - commas - 1] = '"';
    memcpy(bytes + size, "\nz\n", 3);
    csv_open(&reader, bytes, size + 3);
    CHECK_INT(name, want, csv_next(&reader, NULL));
    if (want > 0)
        CHECK_INT(name, (long long)commas + 1, reader.field_count);
    CHECK_INT(name, 1, csv_next(&reader, NULL));
    CHECK_TEXT(name, "z", reader.fields[0].text);
}

static void
test_limits(void **state)
{
    (void)state;
    check_size("largest", CSV_RECORD_MAX, 0, false, 1);
    check_size("one too large", CSV_RECORD_MAX + 1, 0, false, ERR_RANGE);
    check_size("largest with commas", CSV_RECORD_MAX, 63, false, 1);
    check_size("one comma too large", CSV_RECORD_MAX + 1, 63, false, ERR_RANGE);
    check_size("full cell and all commas", CSV_RECORD_MAX + 63, 63, false, ERR_RANGE);
    check_size("largest in quotes", CSV_RECORD_MAX, 0, true, 1);
    check_size("one too large in quotes", CSV_RECORD_MAX + 1, 0, true, ERR_RANGE);
    check_size("most cells", 64 + 63, 63, false, 1);
    check_size("one cell too many", 64 + 64, 64, false, ERR_RANGE);

    char said[256];
    char commas[CSV_FIELDS_MAX + 2];
    memset(commas, ',', CSV_FIELDS_MAX);
    memcpy(commas + CSV_FIELDS_MAX, "\n", 2);
    read_all(commas, strlen(commas), said, sizeof said);
    CHECK_TEXT("too many cells", "line 1, column 64: too many cells;", said);
}

static void
test_column(void **state)
{
    (void)state;
    const char *bytes = "id,name,name_en\n";
    csv_open(&reader, bytes, strlen(bytes));
    CHECK_INT("header", 1, csv_next(&reader, NULL));
    CHECK_INT("id", 0, csv_column(&reader, "id"));
    CHECK_INT("name_en", 2, csv_column(&reader, "name_en"));
    CHECK_INT("none", -1, csv_column(&reader, "nam"));
}

static void
test_quote(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        const char *want;
    } rows[] = {
        { "", "" },
        { "abc", "abc" },
        { "a,b", "\"a,b\"" },
        { "a\"b", "\"a\"\"b\"" },
        { "a\nb", "\"a\nb\"" },
        { "a\rb", "\"a\rb\"" },
        { "-3.5", "-3.5" },
        { "+7", "+7" },
        { "-1,000", "\"-1,000\"" },
        { "=1+1", "'=1+1" },
        { "=a,b", "\"'=a,b\"" },
        { "+cmd", "'+cmd" },
        { "-cmd", "'-cmd" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\tx", "'\tx" },
        { "−3", "−3" },
        { "a=b", "a=b" },
        { "'x", "'x" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        CHECK_INT(rows[i].cell, (long long)strlen(rows[i].want),
                  (long long)csv_quote(rows[i].cell, text, sizeof text));
        CHECK_TEXT(rows[i].cell, rows[i].want, text);
    }
    char small[4] = "zzz";
    CHECK_INT("needs more", 5, (long long)csv_quote("a,b", small, sizeof small));
    CHECK_TEXT("cut", "\"a,", small);
    CHECK_INT("no room at all", 5, (long long)csv_quote("a,b", NULL, 0));
}

/* What is quoted is read back, whatever the cells hold. */
static void
test_quoted_cells_read_back(void **state)
{
    (void)state;
    static const char letters[] = "ab,\"\n 7'";
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        char cells[5][12];
        char record[256] = "x";
        size_t used = 1;
        size_t count = (size_t)chance_between(&chance, 1, 5);
        for (size_t c = 0; c < count; c++) {
            size_t length = (size_t)chance_between(&chance, 0, 10);
            for (size_t k = 0; k < length; k++)
                cells[c][k] = letters[chance_between(&chance, 0, (int64_t)sizeof letters - 2)];
            cells[c][length] = '\0';
            record[used++] = ',';
            used += csv_quote(cells[c], record + used, sizeof record - used);
        }
        csv_open(&reader, record, used);
        CHECK_INT(record, 1, csv_next(&reader, NULL));
        CHECK_INT(record, (long long)count + 1, reader.field_count);
        for (size_t c = 0; c < count; c++) {
            bool is_escaped =
                cells[c][0] == '\n'; /* a control character first: an apostrophe before it */
            CHECK_TEXT(record, cells[c], reader.fields[c + 1].text + (is_escaped ? 1 : 0));
        }
        CHECK_INT(record, 0, csv_next(&reader, NULL));
    }
}

/* Any bytes: no crash, every line is heard of once, and good neighbours of bad records survive. */
static void
test_any_bytes(void **state)
{
    (void)state;
    static const char letters[] = "a,\"\n\r\0\xe6\xb9\x96";
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        char bytes[40];
        size_t size = (size_t)chance_between(&chance, 0, sizeof bytes);
        for (size_t k = 0; k < size; k++)
            bytes[k] = letters[chance_between(&chance, 0, (int64_t)sizeof letters - 2)];
        csv_open(&reader, bytes, size);
        unsigned last = 0;
        int got = 0;
        while ((got = csv_next(&reader, NULL)) != 0) {
            CHECK("lines go up", reader.line > last);
            CHECK("inside", reader.record_start <= reader.record_end && reader.record_end <= size);
            CHECK("cells", got < 0 ? reader.field_count == 0 : reader.field_count > 0);
            last = reader.line;
        }
        CHECK("all read", reader.at == size);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),      cmocka_unit_test(test_record_offsets),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_column),
        cmocka_unit_test(test_quote),     cmocka_unit_test(test_quoted_cells_read_back),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
