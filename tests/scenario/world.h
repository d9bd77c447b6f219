/* SPDX-License-Identifier: GPL-3.0-or-later
 * A world in virtual time: two agents import files from their inbox, spool and send them, a
 * collector commits them; the real code of both sides on disks that crash (disk.h), and between
 * them a bus that loses, delays, repeats and reorders messages and cuts links. All of it follows
 * from one seed. Time leaps to the next event; nothing sleeps. */
#ifndef PACEWATCH_TESTS_SCENARIO_WORLD_H
#define PACEWATCH_TESTS_SCENARIO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "tests/scenario/disk.h"

/* Sanitizers make worlds slow: fewer of them run with one, all of them without. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { WORLD_IS_SLOW = 1 };
#else
enum { WORLD_IS_SLOW = 0 };
#endif

enum {
    WORLD_AGENTS = 2, /* and a third office, once the first one's disk was cloned */
    WORLD_OFFICES,
    WORLD_COLLECTOR = WORLD_OFFICES,
    WORLD_MACHINES
};

/* What goes wrong, each as a chance in a thousand: of every message, or of every machine at every
 * turn. */
struct world_faults {
    unsigned lose, repeat;
    unsigned delay; /* by up to a minute, which also reorders */
    unsigned cut_link;
    unsigned kill;      /* within the next calls to the disk */
    unsigned power_cut; /* the same, and what was not synced is lost */
    unsigned disk_error;
    unsigned full_disk;      /* for up to an hour */
    unsigned clock;          /* the wall clock jumps, or comes back */
    unsigned again;          /* a file comes a second time under another name */
    unsigned backup;         /* a verified copy of the ledger, told to it */
    unsigned restore_ledger; /* the newest copy takes its place */
    unsigned save_agent;     /* an image of an agent's disk is kept */
    unsigned restore_agent;  /* and put back; files given since then come again */
    unsigned
        clone; /* an image of the first agent's disk wakes on another machine, once, with its key */
};

/* What must not work: each is to be seen failing. */
enum world_control {
    CONTROL_NONE,
    CONTROL_ACK_BEFORE_COMMIT,
    CONTROL_NO_FOLDER_SYNC,
    CONTROL_NO_FILE_SYNC,
    CONTROL_NO_SYNC_ERROR, /* a sync that fails is not heard of */
    CONTROL_NUMBER_ONLY,   /* a record's content has no part in its hash */
    CONTROL_ANY_CLOCK,     /* the collector believes its wall clock, whatever it says */
    CONTROL_DROP_OLDEST,   /* a full spool makes room with what has no receipt */
};

struct world_plan {
    uint64_t seed;
    struct world_faults faults;
    size_t files, rows;     /* of each agent, of each file */
    size_t clone_files;     /* of its own, that a clone gets */
    uint64_t spool_max;     /* bytes; 0: no limit */
    int64_t collector_from; /* ms; before that it is not there */
    enum world_control control;
    /* One fault at one call of one machine, instead of chance. Healed after ten minutes. */
    int machine;
    enum disk_fault fault;
    uint64_t call; /* 0: none */
    bool is_sticky;
};

struct world_result {
    uint64_t seed;
    bool drained;            /* every file has its receipt, the ledger every record */
    size_t expected, stored; /* distinct facts given, rows in the ledger */
    size_t missing, doubled, alien;
    size_t receipts, receipts_expected;
    size_t wrong_receipts; /* whose counts do not fit the file */
    size_t miscounted;   /* commits after which the counts did not add up; faults fsck found at the
                            end */
    size_t broken_words; /* records acknowledged that a restarted collector did not have */
    size_t messages, lost, crashes, errors, restores, clones;
    uint64_t disk_calls;
    bool struck; /* the planned fault */
    struct mono_time took;
};

/* Runs one world until all is drained, or ten days are over. */
struct world_result world_run(const struct world_plan *plan);

/* Zero lost, doubled, alien; everything drained. */
bool world_is_right(const struct world_result *result);

/* "seed 7: stored 12 of 14, ..." */
const char *world_text(const struct world_result *result);

#endif
