/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shared by receipt.c and receipt_text.c. */
#ifndef PACEWATCH_AGENT_RECEIPT_PRIVATE_H
#define PACEWATCH_AGENT_RECEIPT_PRIVATE_H

#include <stdio.h>

#include "agent/receipt.h"

enum { REASON_MAX = 512 };

/* Cells of a row; NULL or "" where the row could not be understood. */
struct receipt_cells {
    uint32_t row;
    const char *area, *indicator, *value;
    char period[CAL_TEXT_MAX];
};

void receipt_cells(const struct receipt_row *row, struct receipt_cells *cells);
bool receipt_is_question(const struct receipt_row *row);

/* Why a row was rejected (short words in the agent's language, then the details), or what it leaves
 * open; "" else. `text` has REASON_MAX bytes. */
char *receipt_reason(const struct receipt *receipt, const struct receipt_row *row, char *text);

/* The text for people, made while the rows go by once: those that need a hand are told aside. */
struct receipt_told {
    FILE *out;
    char *text;
    size_t size, shown, left;
};
struct receipt_teller {
    const struct receipt *receipt;
    struct receipt_counts counts;
    struct receipt_told rejected, questions;
};

int receipt_teller_open(struct receipt_teller *teller, const struct receipt *receipt);
void receipt_teller_row(struct receipt_teller *teller, const struct receipt_row *row);

/* Ends it in any case; with a code there is no text. */
int receipt_teller_close(struct receipt_teller *teller, int code, char **ret_text,
                         size_t *ret_size);

void receipt_count_row(struct receipt_counts *counts, const struct receipt_row *row);

/* Closes a memory stream; a text that did not come about is freed. */
int receipt_finish(FILE *out, char **text, int code);

#endif
