/* SPDX-License-Identifier: GPL-3.0-or-later
 * One thing done on a disk of which one call fails: every call in turn, with every fault, and with
 * and without a power cut behind it. What was there before stands, or what was to come; what was
 * said to be done outlives a power cut; a second try succeeds. For pacewatch_on_disk. */
#ifndef PACEWATCH_TESTS_SCENARIO_EACH_FAULT_H
#define PACEWATCH_TESTS_SCENARIO_EACH_FAULT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/err.h"
#include "tests/scenario/disk.h"

#define DISK_MOUNT "/disk"

struct trial {
    void (*prepare)(struct disk *disk); /* makes what is there before; nothing fails yet */
    int (*act)(struct err_note *note);  /* a negative code: something is still to be done */
    void (*check)(bool is_done);        /* else it is as before or as after */
};

/* Returns whether there was a call to fail. */
static inline bool
trial_run(const struct trial *trial, enum disk_fault fault, uint64_t call, bool with_power_cut)
{
    static struct disk *disk;
    disk_free(disk); /* of the trial before */
    disk = disk_new(DISK_MOUNT, call);
    struct err_note note = { "" };
    trial->prepare(disk);
    disk_plan(disk, fault, call, false);
    int code = trial->act(&note);
    bool struck = disk_plan_struck(disk);
    disk_plan(disk, DISK_SOUND, 0, false);
    if (code < 0 && (!struck || note.text[0] == '\0'))
        fail_msg("fault %d at call %d: code %d '%s'", (int)fault, (int)call, code, note.text);
    if (with_power_cut)
        disk_crash(disk, DISK_POWER_CUT);
    disk_start(disk);
    trial->check(code >= 0);
    code = trial->act(&note);
    if (code < 0)
        fail_msg("again after fault %d at call %d: code %d %s", (int)fault, (int)call, code,
                 note.text);
    disk_crash(disk, DISK_POWER_CUT);
    disk_start(disk);
    trial->check(true);
    return struck;
}

/* For what takes many calls: each fault at every `step`-th call only, and each at others. */
static inline void
some_faults(const struct trial *trial, uint64_t step)
{
    uint64_t first = 1;
    for (int fault = DISK_EIO; fault <= DISK_POWER_CUT; fault++) {
        for (int with_power_cut = 0; with_power_cut < 2; with_power_cut++) {
            uint64_t call = first;
            while (trial_run(trial, (enum disk_fault)fault, call, with_power_cut))
                call += step;
            assert_true(call > first || fault == DISK_FULL || fault == DISK_SHORT);
            first = first % step + 1;
        }
    }
}

static inline void
each_fault(const struct trial *trial)
{
    some_faults(trial, 1);
}

#endif
