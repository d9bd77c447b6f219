/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/ledger/: the hash chain that makes a change of the record show.
 *
 * A file's digest runs over its rows in the order of their positions, beginning with 32 zero bytes:
 *     digest = BLAKE2b-256(digest || position || what the row says)
 * and the chain over the files in the order in which they were complete, beginning likewise:
 *     chain = BLAKE2b-256(chain || sealed || what the submission says, its digest last)
 * numbers 8 bytes little-endian, texts with their NUL. Whoever keeps one `chain` value (a printed
 * edition, a backup) can tell later that nothing before it was altered. A row that restates a
 * confirmation follows from the others and is in no digest. */
#ifndef PACEWATCH_COLLECTOR_LEDGER_CHAIN_H
#define PACEWATCH_COLLECTOR_LEDGER_CHAIN_H

#include "collector/finding.h"
#include "collector/ledger/db.h"
#include "platform/hash.h"

/* What of a row is hashed. A confirmation says nothing but that it confirms: value NULL. */
struct chain_row {
    int64_t position, period, released, received;
    int64_t row;
    int stage;
    const char *area, *indicator, *publisher, *value, *status, *note;
};

void chain_add_row(uint8_t digest[HASH_SIZE], const struct chain_row *row);

/* For ledger_fsck: are links and rows as they were? */
int chain_fsck(struct ledger *ledger, const struct finding_sink *sink, struct err_note *note);

/* Puts a complete file into the chain. Inside its transaction. */
int chain_seal(struct ledger *ledger, int64_t submission, struct err_note *note);

#endif
