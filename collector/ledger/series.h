/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/ledger/: what the writer remembers of each series it has met, so that a row
 * costs no look-up of its series, and a message no more than one change of it. */
#ifndef PACEWATCH_COLLECTOR_LEDGER_SERIES_H
#define PACEWATCH_COLLECTOR_LEDGER_SERIES_H

#include "collector/ledger/db.h"

struct series_known {
    char *names; /* area, NUL, indicator, NUL; owned */
    size_t names_size;
    int64_t id;
    int64_t newest;        /* the latest period that has a row, as its key; 0: none */
    int64_t last_position; /* of its newest row since the last flush */
    struct series_known *next_changed;
    bool is_changed;
};

/* The series of a place, made if it is new. It stays where it is until the next call. */
int series_know(struct ledger *ledger, const struct sample_place *place,
                struct series_known **ret_series, struct err_note *note);

/* A row was added. */
void series_changed(struct ledger *ledger, struct series_known *series, int64_t period,
                    int64_t position);

/* Writes what has changed. */
int series_flush(struct ledger *ledger, struct err_note *note);

/* After a transaction, or a part of one, was undone; and at the end. */
void series_forget(struct ledger *ledger);

#endif
