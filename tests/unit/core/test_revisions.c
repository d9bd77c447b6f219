/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/revisions.h"

static bool
is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* First 100 on 31 January; 98 on 28 February, 103 on 30 April, withdrawn in June, 104 the next
 * January. */
static const struct {
    int year, month, day;
    double value;
} story[] = { { 2023, 1, 31, 100 },
              { 2023, 2, 28, 98 },
              { 2023, 4, 30, 103 },
              { 2023, 6, 1, (double)NAN },
              { 2024, 1, 31, 104 } };

enum { STORY = sizeof story / sizeof story[0] };

static void
tell(struct revision_vintage vintages[STORY])
{
    for (size_t i = 0; i < STORY; i++)
        vintages[i] =
            (struct revision_vintage){ cal_date_of(story[i].year, story[i].month, story[i].day),
                                       story[i].value };
}

static void
each_horizon_compares_first_and_then(void **state)
{
    (void)state;
    struct revision_vintage vintages[STORY];
    struct revision_sum sums[REVISION_HORIZONS] = { { 0 } };
    tell(vintages);
    revisions_add(sums, vintages, STORY, cal_date_of(2024, 1, 31));
    assert_int_equal(1, sums[0].count); /* 28 February: the last of the month counts */
    assert_true(is_near(-2, revision_mean(&sums[0])));
    assert_true(is_near(3, revision_mean(&sums[1])));
    assert_true(is_near(4, revision_mean(&sums[2])));
    assert_true(is_near(2, revision_mean_absolute(&sums[0])));
    assert_true(is_near(0.02, revision_relative(&sums[0])));
    const struct revision_vintage other = { cal_date_of(2023, 1, 1), -50 };
    revisions_add(sums, &other, 1, cal_date_of(2024, 1, 31));
    assert_int_equal(2, sums[0].count);
    assert_int_equal(1, sums[0].revised);
    assert_true(is_near(-1, revision_mean(&sums[0])));
    assert_true(is_near(2.0 / 150, revision_relative(&sums[0])));
}

static void
what_is_not_old_enough_or_has_no_value_does_not_count(void **state)
{
    (void)state;
    struct revision_vintage vintages[STORY];
    struct revision_sum sums[REVISION_HORIZONS] = { { 0 } };
    tell(vintages);
    revisions_add(sums, vintages, STORY, cal_date_of(2023, 4, 29));
    assert_int_equal(1, sums[0].count);
    assert_int_equal(0, sums[1].count); /* a day too early */
    assert_int_equal(0, sums[2].count);
    assert_true(isnan(revision_mean(&sums[2])));
    revisions_add(sums, vintages + 3, STORY - 3, cal_date_of(2030, 1, 1)); /* no first value */
    assert_int_equal(1, sums[0].count);
    revisions_add(sums, vintages, 4, cal_date_of(2030, 1, 1)); /* withdrawn at twelve months */
    assert_int_equal(0, sums[2].count);
    revisions_add(sums, vintages, 0, cal_date_of(2030, 1, 1));
    assert_int_equal(2, sums[0].count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_horizon_compares_first_and_then),
        cmocka_unit_test(what_is_not_old_enough_or_has_no_value_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
