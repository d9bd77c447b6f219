/* SPDX-License-Identifier: GPL-3.0-or-later
 * One engine for everything that is listed: a table for people (columns aligned, wide characters
 * counted as two), CSV for scripts (RFC 4180, LF, a header row), JSON (an array of objects whose
 * values are strings or null).
 *
 *     listing_open(&listing, stdout, LISTING_CSV, lang, columns, COUNT);
 *     code = listing_add(&listing, cells);            one text per column; NULL: no value
 *     code = listing_close(&listing);                 writes what is left, and says whether all of
 * it could be written */
#ifndef PACEWATCH_CLI_LISTING_H
#define PACEWATCH_CLI_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/text.h"

enum listing_format { LISTING_TABLE, LISTING_CSV, LISTING_JSON };

struct listing_column {
    const char *id;      /* in CSV and JSON: stable */
    const char *zh, *en; /* head of the table's column */
    bool is_number;      /* aligned to the right in the table */
};

struct listing {
    FILE *out;
    enum listing_format format;
    enum lang lang;
    const struct listing_column *columns;
    size_t column_count;
    size_t row_count;
    char *text; /* table: the cells one after the other, each with its NUL, until the widths are
                   known */
    size_t text_length, text_room;
};

/* "table", "csv" or "json"; anything else: NULL gives table on a terminal and csv elsewhere. */
enum listing_format listing_format_of(const char *name, bool is_terminal);

/* `columns` must outlive the listing. */
void listing_open(struct listing *listing, FILE *out, enum listing_format format, enum lang lang,
                  const struct listing_column *columns, size_t column_count);

/* Adds a row; the texts are copied or written at once. -ENOMEM. */
int listing_add(struct listing *listing, const char *const *cells);

/* Ends the listing and frees it, also after a failed listing_add. -EIO when the output could not be
 * written. */
int listing_close(struct listing *listing);

#endif
