/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "platform/clock.h"

static void
test_wall(void **state)
{
    (void)state;
    int64_t before = time(NULL);
    struct wall_time now = clock_wall();
    int64_t ms = clock_wall_ms();
    assert_in_range(now.seconds, before - 1, before + 60);
    assert_in_range(ms, now.seconds * 1000, (now.seconds + 60) * 1000);
}

static void
test_mono_never_goes_back(void **state)
{
    (void)state;
    int64_t last = clock_mono().ms;
    for (int i = 0; i < 100000; i++) {
        int64_t now = clock_mono().ms;
        assert_true(now >= last);
        last = now;
    }
}

static void
test_random(void **state)
{
    (void)state;
    uint8_t a[1000] = { 0 }, b[1000] = { 0 };
    clock_random(a, sizeof a);
    clock_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    int zeros = 0;
    for (size_t i = 0; i < sizeof a; i++)
        zeros += a[i] == 0;
    assert_in_range(zeros, 0, 50); /* filled to the end: 4 expected */
    clock_random(a, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wall),
        cmocka_unit_test(test_mono_never_goes_back),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
