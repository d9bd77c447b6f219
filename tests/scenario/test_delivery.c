/* SPDX-License-Identifier: GPL-3.0-or-later
 * Delivery through a bad world: every fact arrives once, whatever is lost, cut, full, or crashes.
 *
 *     tests/test_delivery                       the usual seeds
 *     PACEWATCH_SEED=7 tests/test_delivery      one of them again, exactly
 *     PACEWATCH_EVENTS=1000000 tests/test_delivery   until so many messages and calls to disks */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

/* Worlds of each of five kinds: three thousand in all. */
enum { SEEDS = WORLD_IS_SLOW ? 60 : 600 };

enum { FILES = 4, FILES_MANY = 12, CLONE_FILES = 4, ROWS = 8 };

/* A whole number from the environment, else `otherwise`. */
static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void
run_seeds(const struct world_faults *faults, uint64_t seeds, size_t files)
{
    uint64_t only = number_of("PACEWATCH_SEED", 0), events = number_of("PACEWATCH_EVENTS", 0);
    uint64_t last = only ? only : events ? UINT64_MAX : number_of("PACEWATCH_SEEDS", seeds);
    struct world_result sum = { 0 };
    uint64_t seed = only ? only : 1;
    for (; seed <= last; seed++) {
        struct world_plan plan = { .seed = seed,
                                   .faults = *faults,
                                   .files = files,
                                   .rows = ROWS,
                                   .clone_files = CLONE_FILES };
        struct world_result r = world_run(&plan);
        if (!world_is_right(&r))
            fail_msg("%s", world_text(&r));
        sum.messages += r.messages;
        sum.disk_calls += r.disk_calls;
        sum.lost += r.lost;
        sum.crashes += r.crashes;
        sum.errors += r.errors;
        sum.restores += r.restores;
        sum.clones += r.clones;
        if (events && sum.messages + sum.disk_calls >= events)
            break;
    }
    (void)printf("up to seed %llu: %zu messages, %llu calls to disks, %zu messages lost, %zu "
                 "crashes, %zu disk errors, %zu restores, %zu clones\n",
                 (unsigned long long)seed, sum.messages, (unsigned long long)sum.disk_calls,
                 sum.lost, sum.crashes, sum.errors, sum.restores, sum.clones);
}

static void
a_quiet_world_delivers_at_once(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = { .seed = 1, .files = FILES, .rows = ROWS };
    struct world_result r = world_run(&plan);
    if (!world_is_right(&r))
        fail_msg("%s", world_text(&r));
    assert_int_equal(0, r.lost + r.crashes);
    assert_true(r.took.ms < 120 * 1000);
}

static void
one_seed_is_one_world(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = { .seed = 5,
                               .files = FILES_MANY,
                               .rows = ROWS,
                               .faults = { .lose = 50,
                                           .cut_link = 50,
                                           .kill = 50,
                                           .power_cut = 50,
                                           .disk_error = 50,
                                           .backup = 50,
                                           .restore_ledger = 50 } };
    struct world_result once = world_run(&plan), again = world_run(&plan);
    assert_memory_equal(&once, &again, sizeof once);
}

static void
lost_late_and_repeated_messages(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 150, .repeat = 150, .delay = 100, .again = 200 },
              SEEDS, FILES);
}

static void
cut_links_and_crashes(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(
        &(struct world_faults){
            .lose = 30, .repeat = 30, .delay = 50, .cut_link = 40, .kill = 30, .power_cut = 60 },
        SEEDS, FILES);
}

static void
failing_and_full_disks(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 20,
                                      .repeat = 20,
                                      .delay = 20,
                                      .kill = 20,
                                      .power_cut = 20,
                                      .disk_error = 80,
                                      .full_disk = 5,
                                      .again = 200 },
              SEEDS, FILES);
}

/* Backups of the ledger, a ledger restored from the newest one, agents whose disk is set back, or
 * cloned while it goes on. */
static void
restored_ledgers_set_back_and_cloned_agents(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 20,
                                      .repeat = 20,
                                      .delay = 20,
                                      .cut_link = 20,
                                      .kill = 10,
                                      .power_cut = 10,
                                      .again = 100,
                                      .backup = 30,
                                      .restore_ledger = 30,
                                      .save_agent = 80,
                                      .restore_agent = 40,
                                      .clone = 20 },
              SEEDS, FILES_MANY);
}

/* Wall clocks jump on every machine; the bus and the disks have their troubles too. */
static void
clocks_that_jump(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 30,
                                      .repeat = 30,
                                      .delay = 30,
                                      .cut_link = 20,
                                      .kill = 20,
                                      .power_cut = 20,
                                      .clock = 60,
                                      .again = 100 },
              SEEDS, FILES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_world_delivers_at_once),
        cmocka_unit_test(one_seed_is_one_world),
        cmocka_unit_test(lost_late_and_repeated_messages),
        cmocka_unit_test(cut_links_and_crashes),
        cmocka_unit_test(failing_and_full_disks),
        cmocka_unit_test(restored_ledgers_set_back_and_cloned_agents),
        cmocka_unit_test(clocks_that_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
