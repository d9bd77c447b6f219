/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far the archives have come: SITE/rrd/state, written by the projector beside what it
 * describes, read by those who look.
 *
 * Five lines:   position 1234
 *               archives 2       (how they are drawn; another number, and all are drawn anew)
 *               ledger 0f3a...(id) 1(generation)
 *               catalogue 9bc1...(SHA-256)
 *               clean            (or "running" while the projector runs) */
#ifndef PACEWATCH_COLLECTOR_RRD_STATE_H
#define PACEWATCH_COLLECTOR_RRD_STATE_H

#include "collector/ledger.h"
#include "collector/site.h"

struct rrd_state {
    int64_t position; /* archives hold everything up to here */
    bool is_ours;     /* drawn from this ledger and this catalogue; else all are drawn anew */
    bool is_clean;    /* left by a projector that ended; else it runs, or was killed */
};

/* Zeros when there is none, or it cannot be read. */
struct rrd_state rrd_state_read(const struct site *site, struct ledger *ledger);

enum rrd_mark {
    RRD_RUNNING,         /* archives are being written: durable when this returns */
    RRD_RUNNING_FURTHER, /* the same with another position, behind RRD_RUNNING: not synced */
    RRD_CLEAN,           /* nobody is at work, and every file is synced */
};
int rrd_state_write(const struct site *site, struct ledger *ledger, int64_t position,
                    enum rrd_mark mark, struct err_note *note);

#endif
