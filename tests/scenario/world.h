/* SPDX-License-Identifier: GPL-3.0-or-later
 * A world in virtual time: real sessions over real spools, the real intake over a real ledger, and
 * between them a bus that loses, delays, repeats and reorders messages and cuts links, all from one
 * seed. Agents and collector crash: what was not durable is gone. Time leaps to the next event;
 * nothing sleeps. */
#ifndef PACEWATCH_TESTS_SCENARIO_WORLD_H
#define PACEWATCH_TESTS_SCENARIO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"

enum { WORLD_AGENTS = 2 };

/* What goes wrong, each as a chance in a thousand of every message or turn. */
struct world_faults {
    unsigned lose;
    unsigned repeat;
    unsigned delay; /* by up to a minute, which also reorders */
    unsigned cut_link;
    unsigned crash_agent;
    unsigned crash_collector; /* with the transaction open: before the commit */
    unsigned backup;          /* a verified copy of the ledger, told to it */
    unsigned restore_ledger;  /* the newest copy takes its place */
    unsigned save_agent;      /* an image of an agent's disk is kept */
    unsigned restore_agent;   /* and put back; files imported since then come again */
};

struct world_result {
    uint64_t seed;
    bool drained;            /* every agent has every receipt */
    size_t expected, stored; /* distinct facts sent, rows in the ledger */
    size_t missing, doubled, alien;
    size_t receipts, receipts_expected;
    size_t wrong_fates; /* receipts whose fates do not fit the rows */
    size_t messages, lost, crashes, restores;
    struct mono_time took;
};

/* Runs one world: `files` files of `rows` rows for each agent, until all is drained or `limit` of
 * virtual time is over. */
struct world_result world_run(uint64_t seed, const struct world_faults *faults, size_t files,
                              size_t rows, struct mono_time limit);

#endif
