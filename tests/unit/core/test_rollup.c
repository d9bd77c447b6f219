/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/rollup.h"

enum { DISTRICTS = 3, ALL = DISTRICTS + 2 };

/* Three districts, the city, and a joint area that must not count. */
struct world {
    struct cat_area areas[ALL];
    struct cat_indicator indicator;
    struct cat_target targets[ALL];
    struct verdict verdicts[ALL];
};

static void
make_world(struct world *w, const char *decomposition, const double actual[ALL])
{
    static const enum area_kind kinds[ALL] = { AREA_DISTRICT, AREA_DISTRICT, AREA_ZONE, AREA_CITY,
                                               AREA_JOINT };
    *w = (struct world){ .indicator = { .decomposition = decomposition } };
    for (int i = 0; i < ALL; i++) {
        w->areas[i].kind = kinds[i];
        w->targets[i] = (struct cat_target){ .area = &w->areas[i], .indicator = &w->indicator };
        w->verdicts[i] = (struct verdict){ .target = &w->targets[i],
                                           .period = cal_month(2023, 6),
                                           .actual = actual[i] };
    }
}

static void
test_sum_beside_the_city(void **state)
{
    (void)state; /* nothing is shared */
    struct world w;
    struct rollup r;
    make_world(&w, "SUM", (const double[ALL]){ 4, 3.5, 7.6, 15, 99 });
    assert_true(rollup_sum(w.verdicts, ALL, &w.indicator, &r));
    assert_true(fabs(r.districts - 15.1) < 1e-9);
    assert_true(fabs(r.gap - 0.1) < 1e-9);
    assert_int_equal(3, r.expected);
    assert_int_equal(3, r.reported);
}

static void
test_a_missing_or_late_district_leaves_the_gap_open(void **state)
{
    (void)state; /* nothing is shared */
    struct world w;
    struct rollup r;
    make_world(&w, "SUM", (const double[ALL]){ 4, (double)NAN, 7.6, 15, 99 });
    assert_true(rollup_sum(w.verdicts, ALL, &w.indicator, &r));
    assert_true(isnan(r.gap));
    assert_int_equal(2, r.reported);
    w.verdicts[1].actual = 3.5;
    w.verdicts[1].period = cal_month(2023, 5); /* May is not June */
    assert_true(rollup_sum(w.verdicts, ALL, &w.indicator, &r));
    assert_true(isnan(r.gap));
    assert_int_equal(2, r.reported);
}

static void
test_only_sums_are_summed(void **state)
{
    (void)state; /* nothing is shared */
    struct world w;
    struct rollup r;
    make_world(&w, "UNIFORM", (const double[ALL]){ 12, 12, 12, 12, 12 });
    assert_false(rollup_sum(w.verdicts, ALL, &w.indicator, &r));
    make_world(&w, "SUM", (const double[ALL]){ 4, 3.5, 7.6, (double)NAN, 99 });
    assert_false(
        rollup_sum(w.verdicts, ALL, &w.indicator, &r)); /* no city value: nothing beside it */
}

static void
test_a_district_counts_once(void **state)
{
    (void)state; /* nothing is shared */
    struct world w;
    struct rollup r;
    make_world(&w, "SUM", (const double[ALL]){ 4, 4, 7, 15, 99 });
    w.targets[1].area = &w.areas[0]; /* a second target of the first district */
    assert_true(rollup_sum(w.verdicts, ALL, &w.indicator, &r));
    assert_int_equal(2, r.expected);
    assert_true(fabs(r.districts - 11) < 1e-9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_beside_the_city),
        cmocka_unit_test(test_a_missing_or_late_district_leaves_the_gap_open),
        cmocka_unit_test(test_only_sums_are_summed),
        cmocka_unit_test(test_a_district_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
