/* SPDX-License-Identifier: GPL-3.0-or-later
 * Delivery through a bad world: every fact arrives once, whatever is lost, cut or crashes. A
 * failing seed is repeated with PACEWATCH_SEED=n tests/test_delivery */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

enum { SEEDS = 60, FILES = 6, ROWS = 9 };
enum { SEEDS_MANY = 15, FILES_MANY = 20 }; /* long worlds, in which disks are set back */

static const struct mono_time two_days = { 2LL * 24 * 3600 * 1000 };

static void
expect_exactly_once(const struct world_result *r)
{
    if (!r->drained || r->missing || r->doubled || r->alien || r->wrong_fates ||
        r->receipts != r->receipts_expected)
        fail_msg("seed %llu: drained %d, stored %zu of %zu, missing %zu, doubled %zu, alien %zu, "
                 "receipts %zu of %zu, wrong fates %zu after %lld ms",
                 (unsigned long long)r->seed, r->drained, r->stored, r->expected, r->missing,
                 r->doubled, r->alien, r->receipts, r->receipts_expected, r->wrong_fates,
                 (long long)r->took.ms);
}

static void
a_quiet_world_delivers_at_once(void **state)
{
    (void)state; /* nothing is shared */
    struct world_faults none = { 0 };
    struct world_result r = world_run(1, &none, FILES, ROWS, two_days);
    expect_exactly_once(&r);
    assert_int_equal(0, r.lost + r.crashes);
    assert_true(r.took.ms < 120 * 1000);
}

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
    uint64_t only = number_of("PACEWATCH_SEED", 0);
    uint64_t last = only ? only : number_of("PACEWATCH_SEEDS", seeds);
    size_t lost = 0, crashes = 0, restores = 0, messages = 0;
    for (uint64_t seed = only ? only : 1; seed <= last; seed++) {
        struct world_result r = world_run(seed, faults, files, ROWS, two_days);
        expect_exactly_once(&r);
        lost += r.lost;
        crashes += r.crashes;
        restores += r.restores;
        messages += r.messages;
    }
    (void)printf("seeds up to %llu: %zu messages, %zu lost, %zu crashes, %zu restores\n",
                 (unsigned long long)last, messages, lost, crashes, restores);
    if (!only)
        assert_true(lost + crashes > 0); /* the world really was bad */
}

static void
lost_late_and_repeated_messages(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 150, .repeat = 150, .delay = 100 }, SEEDS, FILES);
}

static void
cut_links_and_crashes(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 30,
                                      .repeat = 30,
                                      .delay = 50,
                                      .cut_link = 40,
                                      .crash_agent = 30,
                                      .crash_collector = 60 },
              SEEDS, FILES);
}

/* Backups of the ledger, a ledger restored from the newest one, agents whose disk is set back. */
static void
restored_ledgers_and_agents(void **state)
{
    (void)state; /* nothing is shared */
    run_seeds(&(struct world_faults){ .lose = 30,
                                      .repeat = 30,
                                      .delay = 50,
                                      .cut_link = 20,
                                      .crash_agent = 10,
                                      .crash_collector = 20,
                                      .backup = 15,
                                      .restore_ledger = 30,
                                      .save_agent = 80,
                                      .restore_agent = 80 },
              SEEDS_MANY, FILES_MANY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_world_delivers_at_once),
        cmocka_unit_test(lost_late_and_repeated_messages),
        cmocka_unit_test(cut_links_and_crashes),
        cmocka_unit_test(restored_ledgers_and_agents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
