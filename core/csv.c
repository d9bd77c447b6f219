/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv.h"

#include <string.h>

#include "core/num.h"
#include "core/text.h"

#include "core/pure.h"

void
csv_open(struct csv_reader *reader, const char *bytes, size_t size)
{
    bool has_mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    reader->bytes = bytes;
    reader->size = size;
    reader->at = has_mark ? 3 : 0;
    reader->line = 0;
    reader->next_line = 1;
    reader->record_start = reader->record_end = reader->at;
    reader->field_count = 0;
}

/* A record being read: where, what was written to the buffer, and what went wrong. */
struct cursor {
    struct csv_reader *reader;
    size_t at;
    size_t used;        /* of the buffer */
    unsigned line_ends; /* inside quotes so far */
    int code;
    const char *fault;
};

static bool
is_at_end(const struct cursor *cursor)
{
    return cursor->at >= cursor->reader->size;
}

static char
look(const struct cursor *cursor, size_t ahead)
{
    const struct csv_reader *reader = cursor->reader;
    return cursor->at + ahead < reader->size ? reader->bytes[cursor->at + ahead] : '\0';
}

static void
fail(struct cursor *cursor, int code, const char *fault)
{
    if (cursor->code == 0) {
        cursor->code = code;
        cursor->fault = fault;
    }
}

/* Takes one byte into the buffer, of which the last place is kept for a NUL. */
static void
take(struct cursor *cursor)
{
    if (cursor->at - cursor->reader->record_start >= CSV_RECORD_MAX) {
        fail(cursor, ERR_RANGE, "the record is too long");
        return;
    }
    char c = cursor->reader->bytes[cursor->at];
    if (c == '\0')
        fail(cursor, ERR_SYNTAX, "a NUL byte");
    if (c == '\r' && look(cursor, 1) != '\n')
        fail(cursor, ERR_SYNTAX, "a carriage return without line feed");
    cursor->line_ends += c == '\n' ? 1 : 0;
    cursor->reader->buffer[cursor->used++] = c;
    cursor->at++;
}

static void
read_quoted(struct cursor *cursor)
{
    cursor->at++;
    while (!is_at_end(cursor) && cursor->code == 0) {
        bool is_quote = look(cursor, 0) == '"';
        if (is_quote && look(cursor, 1) != '"') {
            cursor->at++;
            char next = look(cursor, 0);
            bool ends = is_at_end(cursor) || next == ',' || next == '\n' || next == '\r';
            if (!ends)
                fail(cursor, ERR_SYNTAX, "text after a closing quote");
            return;
        }
        cursor->at += is_quote ? 1 : 0;
        take(cursor);
    }
    fail(cursor, ERR_SYNTAX, "a quote is not closed");
}

static void
read_plain(struct cursor *cursor)
{
    while (!is_at_end(cursor) && cursor->code == 0) {
        char c = look(cursor, 0);
        bool is_line_end = c == '\n' || (c == '\r' && look(cursor, 1) == '\n');
        if (c == ',' || is_line_end)
            return;
        if (c == '"')
            fail(cursor, ERR_SYNTAX, "a quote inside an unquoted cell");
        take(cursor);
    }
}

static void
read_field(struct cursor *cursor)
{
    struct csv_reader *reader = cursor->reader;
    if (reader->field_count == CSV_FIELDS_MAX) {
        fail(cursor, ERR_RANGE, "too many cells");
        return;
    }
    size_t start = cursor->used;
    reader->field_count++;
    if (look(cursor, 0) == '"')
        read_quoted(cursor);
    else
        read_plain(cursor);
    size_t length = cursor->used - start;
    if (cursor->code == 0 && !text_is_utf8(reader->buffer + start, length))
        fail(cursor, ERR_SYNTAX, "not UTF-8; save it as CSV UTF-8");
    if (cursor->code == 0 && look(cursor, 0) == '\r' && look(cursor, 1) != '\n')
        fail(cursor, ERR_SYNTAX, "a carriage return without line feed");
    if (cursor->at - reader->record_start > CSV_RECORD_MAX)
        fail(cursor, ERR_RANGE, "the record is too long");
    if (cursor->code == 0) { /* cells and NULs so far take no more room than cells and commas did */
        reader->buffer[cursor->used++] = '\0';
        reader->fields[reader->field_count - 1] =
            (struct csv_field){ reader->buffer + start, length };
    }
}

/* Bytes of the line end at `at`: 0 (the end of all), 1 or 2. */
static size_t
line_end_length(const struct csv_reader *reader, size_t at)
{
    bool is_crlf =
        at + 1 < reader->size && reader->bytes[at] == '\r' && reader->bytes[at + 1] == '\n';
    return at >= reader->size ? 0 : is_crlf ? 2 : 1;
}

static void
skip_blank_lines(struct csv_reader *reader)
{
    while (reader->at < reader->size) {
        size_t bytes = line_end_length(reader, reader->at);
        if (reader->bytes[reader->at + bytes - 1] != '\n')
            return;
        reader->at += bytes;
        reader->next_line++;
    }
}

/* Goes on behind the line on which a bad record began: where quotes are wrong, that line is all
 * that is sure to be bad. */
static int
leave_line(struct csv_reader *reader, const struct cursor *cursor, struct err_note *note)
{
    unsigned column = reader->field_count;
    const char *start = reader->bytes + reader->record_start;
    const char *feed = memchr(start, '\n', reader->size - reader->record_start);
    reader->record_end = feed ? (size_t)(feed - reader->bytes) : reader->size;
    reader->at = feed ? reader->record_end + 1 : reader->size;
    if (feed && reader->record_end > reader->record_start && feed[-1] == '\r')
        reader->record_end--;
    reader->next_line = reader->line + 1;
    reader->field_count = 0;
    return err_set(note, cursor->code, "line %u, column %u: %s", reader->line, column,
                   cursor->fault);
}

int
csv_next(struct csv_reader *reader, struct err_note *note)
{
    skip_blank_lines(reader);
    reader->field_count = 0;
    reader->line = reader->next_line;
    reader->record_start = reader->record_end = reader->at;
    if (reader->at >= reader->size)
        return 0;

    struct cursor cursor = { .reader = reader, .at = reader->at };
    for (;;) {
        read_field(&cursor);
        if (cursor.code < 0)
            return leave_line(reader, &cursor, note);
        if (is_at_end(&cursor) || look(&cursor, 0) != ',')
            break;
        cursor.at++;
    }
    size_t line_end = line_end_length(reader, cursor.at);
    reader->record_end = cursor.at;
    reader->at = cursor.at + line_end;
    reader->next_line = reader->line + cursor.line_ends + (line_end > 0 ? 1 : 0);
    return 1;
}

int
csv_column(const struct csv_reader *reader, const char *name)
{
    for (unsigned i = 0; i < reader->field_count; i++)
        if (strcmp(reader->fields[i].text, name) == 0)
            return (int)i;
    return -1;
}

static bool
is_formula(const char *cell)
{
    bool is_suspect = cell[0] != '\0' &&
                      (strchr("=+-@", cell[0]) || (unsigned char)cell[0] < ' ' || cell[0] == 0x7f);
    struct num_decimal number;
    return is_suspect && num_decimal_parse(cell, strlen(cell), &number, NULL) < 0;
}

static void
put(char c, char *text, size_t size, size_t *length)
{
    if (*length + 1 < size)
        text[*length] = c;
    (*length)++;
}

size_t
csv_quote(const char *cell, char *text, size_t size)
{
    size_t length = 0;
    bool is_quoted = strpbrk(cell, ",\"\r\n") != NULL;
    if (is_quoted)
        put('"', text, size, &length);
    if (is_formula(cell))
        put('\'', text, size, &length);
    for (const char *c = cell; *c; c++) {
        if (*c == '"')
            put('"', text, size, &length);
        put(*c, text, size, &length);
    }
    if (is_quoted)
        put('"', text, size, &length);
    if (size > 0)
        text[length < size ? length : size - 1] = '\0';
    return length;
}
