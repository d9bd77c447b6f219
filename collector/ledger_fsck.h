/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows of a ledger say against each other: for collector/fsck.h. Reads only; each check is
 * one statement, so that a writer at work does not disturb it. */
#ifndef PACEWATCH_COLLECTOR_LEDGER_FSCK_H
#define PACEWATCH_COLLECTOR_LEDGER_FSCK_H

#include "collector/finding.h"
#include "collector/ledger.h"

/* Pages, references, batches without holes, every record counted, positions, alerts. A check that
 * cannot be made is a finding itself. */
int ledger_fsck(struct ledger *ledger, struct wall_time now, const struct finding_sink *sink);

/* A name in the ledger's rows that the catalogue should know. */
struct ledger_reference {
    enum cat_table table; /* where it should stand */
    char id[SAMPLE_ID_MAX * 2 + 1];
    const char *places; /* the ledger's tables that name it */
    bool is_in_edition; /* some edition of the catalogue that the ledger keeps has it */
};

/* Each name once. */
int ledger_each_reference(struct ledger *ledger,
                          int (*visit)(void *context, const struct ledger_reference *reference),
                          void *context, struct err_note *note);

#endif
