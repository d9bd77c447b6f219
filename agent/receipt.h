/* SPDX-License-Identifier: GPL-3.0-or-later
 * Receipts: what became of each row of a file, for programs (CSV) and for people (text in the
 * agent's language). They lie side by side in receipts/ as NAME.HHHHHHHH.csv and NAME.HHHHHHHH.txt,
 * where H are the first 8 hexadecimal digits of the file's SHA-256. The .txt is written first:
 * where the .csv is, both are.
 *
 * The CSV has one line per row of the file: row,area,indicator,period,value,fate,reason. `row` is
 * the line in the file (0: the file as a whole); `fate` is one of the words of FATE_TABLE in the
 * agent's language; a taken row with a reason leaves a question. */
#ifndef PACEWATCH_AGENT_RECEIPT_H
#define PACEWATCH_AGENT_RECEIPT_H

#include "core/catalogue.h"
#include "proto/wire.h"

enum receipt_kind {
    RECEIPT_CHECK,   /* a dry run: nothing was written */
    RECEIPT_DONE,    /* every row has its fate from the collector */
    RECEIPT_REFUSED, /* the file as a whole was not taken: `fault` */
    RECEIPT_KNOWN    /* the same content was imported before, as `fault` (a file name) */
};

struct receipt_row {
    const struct record *record; /* RECORD_SAMPLE or RECORD_REJECTED; valid until the next call */
    enum wire_fate fate;
    uint32_t code; /* enum reject_code of a rejected row */
    /* What is wrong with it, in words; never NULL. A collector's words are English; the receipt
     * puts the code's short words in front. */
    const char *text;
};

struct receipt {
    enum receipt_kind kind;
    bool is_dry; /* RECEIPT_REFUSED by a dry run: the file was not moved */
    enum lang lang;
    const char *name; /* of the file */
    uint8_t sha256[RECORD_SHA256];
    const struct cat_publisher *publisher;
    const char *fault;
    struct wall_time when;
    size_t row_count;
    /* Gives row 0..row_count-1 of the file; a negative code ends the writing. */
    int (*row)(void *context, size_t index, struct receipt_row *ret_row);
    void *context;
};

struct receipt_counts {
    size_t accepted; /* stored, revisions included */
    size_t revisions, unchanged, duplicates, rejected, questions;
    size_t unexplained; /* revisions that say no reason; not known of a receipt that is read */
};

int receipt_count(const struct receipt *receipt, struct receipt_counts *ret_counts);

/* The texts, on the heap. */
int receipt_csv(const struct receipt *receipt, char **ret_text, size_t *ret_size);
int receipt_text(const struct receipt *receipt, char **ret_text, size_t *ret_size);

/* The same rows as a JSON array of objects with the columns of the CSV. */
int receipt_json(const struct receipt *receipt, char **ret_text, size_t *ret_size);

/* Writes both files into `folder`, each whole or not at all. */
int receipt_write(const char *folder, const struct receipt *receipt, struct err_note *note);

/* FOLDER/NAME.HHHHHHHH.EXTENSION */
int receipt_path(const char *folder, const char *name, const uint8_t sha256[RECORD_SHA256],
                 const char *extension, char *path);

/* Reads a receipt's CSV back (in either language). `ret_is_file_fault`: the file as a whole was not
 * taken. */
int receipt_read(const char *path, struct receipt_counts *ret_counts, bool *ret_is_file_fault,
                 struct err_note *note);

/* The exit code of check and send: 0 all accepted, 1 with questions, 2 something rejected, 3
 * nothing written. */
int receipt_exit(const struct receipt_counts *counts, bool is_file_fault);

/* Rows out of what tidy_read gave, for RECEIPT_CHECK and RECEIPT_KNOWN: `context` is a struct
 * receipt_tidy. */
struct receipt_tidy {
    const struct record *rows;
    enum wire_fate fate; /* of the rows that are not rejected */
};
int receipt_tidy_row(void *context, size_t index, struct receipt_row *ret_row);

#endif
