/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies of the ledger, and what it knows of them: the agents keep a record until a backup that was
 * read back whole holds it (`safe_upto`, docs/protocol.md). */
#ifndef PACEWATCH_COLLECTOR_LEDGER_BACKUP_H
#define PACEWATCH_COLLECTOR_LEDGER_BACKUP_H

#include "collector/ledger_write.h"

/* Copies everything committed into a new file, reads it back (integrity, references) and makes it
 * durable. The source may be written meanwhile. ERR_CONFLICT: the file exists; ERR_DAMAGED: the
 * copy, and so the ledger, is not whole. Nothing is left of a copy that failed. */
int ledger_copy(struct ledger *ledger, const char *path, struct err_note *note);

/* Reads the whole ledger: pages, indexes, references. ERR_DAMAGED names the first fault. */
int ledger_check(struct ledger *ledger, struct err_note *note);

/* Pages alone, without indexes and references: what a start checks too. */
int ledger_check_quickly(struct ledger *ledger, struct err_note *note);

/* Inside a transaction: what `copy` holds is safe from now on; `folder` goes on record.
 * ERR_CONFLICT: the copy is of another ledger, or of before a restore. */
int ledger_backed_up(struct ledger *ledger, struct ledger *copy, const char *folder,
                     struct wall_time now, struct err_note *note);

struct ledger_backup {
    char folder[1024];
    int64_t position;
    struct wall_time made;
};

/* The newest one on record; ERR_ABSENT: none. */
int ledger_backup_newest(struct ledger *ledger, struct ledger_backup *ret_backup,
                         struct err_note *note);

/* Inside a transaction: how often the ledger was restored, plus one. */
int ledger_set_generation(struct ledger *ledger, uint64_t generation, struct err_note *note);

#endif
