/* SPDX-License-Identifier: GPL-3.0-or-later
 * One fault at one call to a disk, for every call of a small world's three machines: once, and from
 * then on until it is mended ten minutes later. The world must recover by itself and lose nothing.
 *
 *     tests/test_every_call                 every call (with sanitizers every fifth)
 *     PACEWATCH_STRIDE=7 tests/...          every seventh */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

static const char *const machine_names[WORLD_MACHINES] = { "agent", "other agent", "clone",
                                                           "collector" };

static const struct {
    enum disk_fault fault;
    const char *name;
} faults[] = { { DISK_EIO, "EIO" },
               { DISK_FULL, "ENOSPC" },
               { DISK_SHORT, "a short write" },
               { DISK_KILL, "a kill" },
               { DISK_POWER_CUT, "a power cut" } };

static uint64_t
stride(void)
{
    const char *text = getenv("PACEWATCH_STRIDE");
    uint64_t n = text ? strtoull(text, NULL, 10) : WORLD_IS_SLOW ? 5 : 1;
    return n > 0 ? n : 1;
}

/* Fails the N-th call, for every N up to the last call there is. */
static void
sweep(int machine, size_t which, bool is_sticky)
{
    uint64_t step = stride(), call = 1, runs = 0;
    for (bool struck = true; struck; call += step, runs++) {
        struct world_plan plan = { .seed = call,
                                   .files = 2,
                                   .rows = 6,
                                   .faults = { .backup = 50 },
                                   .machine = machine,
                                   .fault = faults[which].fault,
                                   .call = call,
                                   .is_sticky = is_sticky };
        struct world_result r = world_run(&plan);
        struck = r.struck;
        if (!world_is_right(&r))
            fail_msg("%s at call %llu of the %s%s: %s", faults[which].name,
                     (unsigned long long)call, machine_names[machine],
                     is_sticky ? " and from then on" : "", world_text(&r));
    }
    assert_true(runs > 3); /* there were calls to fail */
    (void)printf("%s, %s%s: %llu worlds\n", machine_names[machine], faults[which].name,
                 is_sticky ? " from then on" : "", (unsigned long long)runs);
}

static void
every_call_of(int machine)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        sweep(machine, i, false);
        if (faults[i].fault == DISK_EIO || faults[i].fault == DISK_FULL)
            sweep(machine, i, true);
    }
}

static void
every_call_of_an_agent(void **state)
{
    (void)state; /* nothing is shared */
    every_call_of(0);
}

static void
every_call_of_the_collector(void **state)
{
    (void)state; /* nothing is shared */
    every_call_of(WORLD_COLLECTOR);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_of_an_agent),
        cmocka_unit_test(every_call_of_the_collector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
