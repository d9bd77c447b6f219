/* SPDX-License-Identifier: GPL-3.0-or-later
 * CSV as RFC 4180 has it, read from memory, strictly: quotes doubled inside quotes, records end in
 * LF or CRLF, a UTF-8 byte order mark is skipped. Whatever is not so is an error with line and
 * column; nothing is guessed. */
#ifndef PACEWATCH_CORE_CSV_H
#define PACEWATCH_CORE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

enum { CSV_FIELDS_MAX = 64, CSV_RECORD_MAX = 65536 };

/* A cell: bytes in the reader's own record buffer, NUL-terminated, valid until the next csv_next.
 */
struct csv_field {
    const char *text;
    size_t length;
};

/* A reader over `bytes`, which must outlive it. Zero-initialise with csv_open. */
struct csv_reader {
    const char *bytes;
    size_t size;
    size_t at;
    unsigned line;       /* line on which the current record starts, from 1 */
    unsigned next_line;  /* line on which the next record starts */
    size_t record_start; /* byte offsets of the current record, without its line end */
    size_t record_end;
    unsigned field_count; /* fields of the current record */
    struct csv_field fields[CSV_FIELDS_MAX];
    char buffer[CSV_RECORD_MAX + 1];
};

void csv_open(struct csv_reader *reader, const char *bytes, size_t size);

/* Reads the next record. Returns 1, or 0 at the end, or ERR_SYNTAX / ERR_RANGE with a note ("line
 * 12, column 3: ..."); after an error the next call goes on with the next line, so that one bad
 * record takes no neighbour down. Blank lines are skipped. Refuses: a quote in an unquoted cell,
 * text after a closing quote, an unclosed quote, a lone CR, NUL bytes, invalid UTF-8, more than
 * CSV_FIELDS_MAX cells or CSV_RECORD_MAX bytes. */
int csv_next(struct csv_reader *reader, struct err_note *note);

/* The index of the header cell called `name`, or -1. Ask after reading the header record, before
 * the next. */
int csv_column(const struct csv_reader *reader, const char *name);

/* Writes one cell, quoted where needed, into text[size]; returns the length it needs without NUL,
 * as snprintf does. A cell that a spreadsheet would run as a formula (it starts with = + - @ or a
 * control character and is no plain number) gets a leading apostrophe. */
size_t csv_quote(const char *cell, char *text, size_t size);

#endif
