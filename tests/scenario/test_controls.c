/* SPDX-License-Identifier: GPL-3.0-or-later
 * Negative controls: what delivery rests on is taken away, one thing at a time, and the worlds that
 * test_delivery finds sound must break, in the way that thing is there to prevent. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/scenario/world.h"

enum { SEEDS_MAX = 300, ROWS = 8 };

/* The first world that breaks; it is looked for among so many seeds. */
static struct world_result
first_broken(struct world_plan plan)
{
    struct world_result result = { 0 };
    for (plan.seed = 1; plan.seed <= SEEDS_MAX; plan.seed++) {
        result = world_run(&plan);
        if (!world_is_right(&result)) {
            (void)printf("broken, as it must be: %s\n", world_text(&result));
            return result;
        }
    }
    fail_msg("%d worlds were sound without what they rest on", SEEDS_MAX);
    return result;
}

/* The same worlds with everything in its place. */
static void
expect_sound(struct world_plan plan, uint64_t upto)
{
    plan.control = CONTROL_NONE;
    for (plan.seed = 1; plan.seed <= upto; plan.seed++) {
        struct world_result result = world_run(&plan);
        if (!world_is_right(&result))
            fail_msg("%s", world_text(&result));
    }
}

static void
an_answer_before_the_commit_breaks_its_word(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = {
        .control = CONTROL_ACK_BEFORE_COMMIT, .files = 4, .rows = ROWS, .faults = { .kill = 60 }
    };
    struct world_result broken = first_broken(plan);
    assert_true(broken.broken_words > 0);
    expect_sound(plan, broken.seed);
}

static void
names_that_are_not_synced_are_lost(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = {
        .control = CONTROL_NO_FOLDER_SYNC, .files = 8, .rows = ROWS, .faults = { .power_cut = 60 }
    };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing > 0 || broken.receipts < broken.receipts_expected);
    expect_sound(plan, broken.seed);
}

static void
what_is_not_synced_is_lost(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = {
        .control = CONTROL_NO_FILE_SYNC, .files = 8, .rows = ROWS, .faults = { .power_cut = 60 }
    };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing + broken.broken_words > 0);
    expect_sound(plan, broken.seed);
}

static void
a_failed_sync_that_nobody_hears_of_loses(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = { .control = CONTROL_NO_SYNC_ERROR,
                               .files = 8,
                               .rows = ROWS,
                               .faults = { .power_cut = 20, .disk_error = 200 } };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing + broken.broken_words > 0);
    expect_sound(plan, broken.seed);
}

static void
a_number_alone_knows_no_fork(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = { .control = CONTROL_NUMBER_ONLY,
                               .files = 12,
                               .rows = ROWS,
                               .faults = { .save_agent = 80, .restore_agent = 40 } };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing > 0);
    expect_sound(plan, broken.seed);
}

/* Months that have ended are refused as if they had not. */
static void
any_clock_refuses_what_is_good(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = {
        .control = CONTROL_ANY_CLOCK, .files = 8, .rows = ROWS, .faults = { .clock = 60 }
    };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing > 0 && broken.wrong_receipts > 0);
    expect_sound(plan, broken.seed);
}

/* The collector comes an hour late, and the spools are too small for what is given. */
static void
a_full_spool_that_drops_the_oldest_loses_it(void **state)
{
    (void)state; /* nothing is shared */
    struct world_plan plan = { .control = CONTROL_DROP_OLDEST,
                               .files = 24,
                               .rows = 11,
                               .spool_max = 24576,
                               .collector_from = 3600 * 1000 };
    struct world_result broken = first_broken(plan);
    assert_true(broken.missing > 0);
    expect_sound(plan, broken.seed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_before_the_commit_breaks_its_word),
        cmocka_unit_test(names_that_are_not_synced_are_lost),
        cmocka_unit_test(what_is_not_synced_is_lost),
        cmocka_unit_test(a_failed_sync_that_nobody_hears_of_loses),
        cmocka_unit_test(a_number_alone_knows_no_fork),
        cmocka_unit_test(any_clock_refuses_what_is_good),
        cmocka_unit_test(a_full_spool_that_drops_the_oldest_loses_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
