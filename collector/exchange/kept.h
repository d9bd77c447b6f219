/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/exchange/: the rows of an import, checked, and kept in little memory (about
 * 80 bytes and its note a row) until all of them are known to be right. */
#ifndef PACEWATCH_COLLECTOR_EXCHANGE_KEPT_H
#define PACEWATCH_COLLECTOR_EXCHANGE_KEPT_H

#include "collector/exchange/cells.h"

/* A row; its position is its index + 1. */
struct kept_row {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    const struct cat_publisher *publisher;
    int64_t received, period; /* cal_period_key */
    size_t text;              /* of the value, and behind its NUL the note */
    int32_t released;
    uint32_t row;
    uint32_t file; /* index */
    uint8_t kind, stage;
    char status;
};

/* A submission. What restates is not among its rows: it follows from them. */
struct kept_file {
    int64_t submission;
    const struct cat_publisher *sender;
    size_t name; /* among the texts */
    uint8_t sha256[RECORD_SHA256];
    uint32_t rows;
    size_t last; /* index of its last row */
};

struct kept {
    struct kept_row *rows;
    size_t count, room;
    struct kept_file *files;
    size_t file_count, file_room;
    uint32_t *places; /* of files by submission: a hash table of index + 1 */
    size_t place_count;
    char *texts;
    size_t text_size, text_room;
};

/* Zero-initialised before. Takes the next row; ERR_CONFLICT when its file is another than that of
 * the same number before, ERR_SYNTAX when it restates in a file that did not begin. */
int kept_add(struct kept *kept, const struct imported_row *row, enum exchange_column *ret_column,
             struct err_note *note);
void kept_done(struct kept *kept);

const char *kept_value(const struct kept *kept, const struct kept_row *row);
const char *kept_note(const struct kept *kept, const struct kept_row *row);

/* Puts the rows into a ledger, inside its transaction, and compares what the ledger then holds with
 * them. A note names the position where it fails. */
int kept_apply(const struct kept *kept, struct ledger *ledger, struct wall_time now,
               struct err_note *note);

#endif
