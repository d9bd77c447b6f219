/* SPDX-License-Identifier: GPL-3.0-or-later
 * The receipt of a file whose records lie in the spool, once the collector has said what became of
 * each. */
#ifndef PACEWATCH_AGENT_RECEIPT_SPOOLED_H
#define PACEWATCH_AGENT_RECEIPT_SPOOLED_H

#include "agent/receipt.h"
#include "agent/spool.h"

/* Records first..last of the spool, FileBegin and FileEnd included, with their fates. */
struct spooled_file {
    struct spool *spool;
    uint64_t first, last;
    const uint8_t *fates;               /* last - first + 1 of them */
    const struct wire_fate_note *notes; /* in order of their records */
    size_t note_count;
};

/* Who writes receipts, and where: home/receipts. */
struct receipt_office {
    const char *home;
    enum lang lang;
    const struct cat_publisher *sender;
};

/* Writes the receipt durably; ret_name[size] gets the file's name (cut if need be). A negative
 * code: nothing, or only its .txt, was written. */
int receipt_spooled(const struct receipt_office *office, const struct spooled_file *file,
                    struct wall_time now, char *ret_name, size_t size, struct err_note *note);

#endif
