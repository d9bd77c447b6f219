/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fates that have come in for the records behind the cursor, until their file is complete. */
#ifndef PACEWATCH_AGENT_FATES_H
#define PACEWATCH_AGENT_FATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/wire.h"

/* Zero-initialise, then fates_reset. */
struct fates {
    uint64_t base;       /* seq of fate[0]: the record behind the cursor */
    uint64_t known_upto; /* all records up to here have their fate; base - 1: none */
    uint8_t *fate;
    size_t room;
    struct wire_fate_note *notes; /* in order of seq, one a record */
    size_t note_count, note_room;
};

void fates_done(struct fates *fates);

/* Forgets everything; the next record without a receipt is `base`. */
void fates_reset(struct fates *fates, uint64_t base);

/* Forgets what is below `base`. */
void fates_advance(struct fates *fates, uint64_t base);

/* Keeps a fate. Records below base and FATE_NONE are ignored. Returns 1 if it is new, 0, or
 * -ENOMEM. */
int fates_set(struct fates *fates, uint64_t seq, enum wire_fate fate);
int fates_note(struct fates *fates, const struct wire_fate_note *note);

bool fates_has(const struct fates *fates, uint64_t seq);

/* Fates from `seq` (>= base) on. */
const uint8_t *fates_at(const struct fates *fates, uint64_t seq);

/* Index of the first of `count` notes, in order of their records, at or above `seq`. */
size_t notes_place(const struct wire_fate_note *notes, size_t count, uint64_t seq);

/* The notes of first..last. */
const struct wire_fate_note *fates_notes(const struct fates *fates, uint64_t first, uint64_t last,
                                         size_t *ret_count);

#endif
