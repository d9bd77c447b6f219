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
                                           .actual = actual[i],
                                           .value = actual[i] };
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

/* ---- values nobody reported ---- */

enum { MONTHS = 4 };

/* Values of January to April; NaN: none. */
struct reported {
    struct obs_point points[MONTHS];
    struct series_view view;
};

static const struct series_view *
report(struct reported *r, const double values[MONTHS])
{
    *r = (struct reported){ .view = { r->points, 0 } };
    for (int i = 0; i < MONTHS; i++)
        if (!isnan(values[i]))
            r->points[r->view.count++] = (struct obs_point){ .period = cal_month(2023, i + 1),
                                                             .value = values[i],
                                                             .has_value = true,
                                                             .status = 'A',
                                                             .released = { 100 + i },
                                                             .position = i + 1 };
    return &r->view;
}

#define NONE ((double)NAN)

static void
test_reported_first_then_the_sum_of_all(void **state)
{
    (void)state; /* nothing is shared */
    struct reported own, a, b;
    report(&own, (const double[]){ 100, NONE, NONE, NONE });
    report(&a, (const double[]){ 1, 2, 3, 4 });
    report(&b, (const double[]){ 10, 20, NONE, 40 });
    a.points[3].status = 'P';
    b.points[1].is_simulated = true;
    b.points[1].released = cal_date_of(2023, 4, 1);
    const struct series_view parts[] = { a.view, b.view };
    const struct rollup_source source = { .values = parts, .count = 2, .scale = 1 };
    struct obs_point made[2 * MONTHS];
    assert_int_equal(3, rollup_merge(&own.view, &source, made));
    assert_true(fabs(made[0].value - 100) < 1e-9); /* as reported, whatever the parts say */
    assert_false(made[0].is_derived);
    assert_int_equal(2, made[1].period.index); /* February */
    assert_true(fabs(made[1].value - 22) < 1e-9);
    assert_true(made[1].is_derived && made[1].is_simulated);
    assert_int_equal(cal_date_of(2023, 4, 1).days, made[1].released.days);
    assert_int_equal(0, made[1].position);
    assert_int_equal(4, made[2].period.index); /* no sum for March: b lacks it */
    assert_int_equal('P', made[2].status);
}

static void
test_a_ratio_of_sums_is_no_mean(void **state)
{
    (void)state; /* nothing is shared */
    struct reported own, tax_a, tax_b, land_a, land_b;
    report(&own, (const double[]){ NONE, NONE, NONE, NONE });
    own.points[0] = (struct obs_point){ .period = cal_month(2023, 4), .status = 'O' };
    own.view.count = 1; /* said to be missing */
    report(&tax_a, (const double[]){ 300, 0, 1, NONE });
    report(&tax_b, (const double[]){ 100, 0, 1, NONE });
    report(&land_a, (const double[]){ 10, 0, 10, 10 });
    report(&land_b, (const double[]){ 30, 0, NONE, 30 });
    const struct series_view above[] = { tax_a.view, tax_b.view };
    const struct series_view below[] = { land_a.view, land_b.view };
    const struct rollup_source source = {
        .values = above, .denominators = below, .count = 2, .scale = 0.5
    };
    struct obs_point made[2 * MONTHS];
    assert_int_equal(2, rollup_merge(&own.view, &source, made));
    assert_true(fabs(made[0].value - 5) < 1e-9); /* 400/40 times 0.5; the mean would be 8.3 */
    assert_int_equal(4, made[1].period.index);   /* nothing by zero land, none without b's */
    assert_false(made[1].has_value);
}

static void
test_no_parts_change_nothing(void **state)
{
    (void)state; /* nothing is shared */
    struct reported own;
    report(&own, (const double[]){ 1, NONE, 3, NONE });
    const struct rollup_source source = { .scale = 1 };
    struct obs_point made[MONTHS];
    assert_int_equal(2, rollup_merge(&own.view, &source, made));
    assert_int_equal(3, made[1].period.index);
}

static void
test_the_factor_of_a_ratio(void **state)
{
    (void)state; /* nothing is shared */
    static const struct cat_unit yi = { .family = "yuan", .factor = 1e8 };
    static const struct cat_unit mu = { .family = "land", .factor = 1 };
    static const struct cat_unit per_mu = { .family = "yuan-per-mu", .factor = 1e4 };
    static const struct cat_unit pct = { .family = "percent", .factor = 1 };
    const struct cat_indicator value = { .unit = &yi }, land = { .unit = &mu };
    struct cat_indicator ratio = { .unit = &per_mu, .numerator = &value, .denominator = &land };
    assert_true(fabs(rollup_scale(&ratio) - 1e4) < 1e-6); /* 亿元 by 亩 in 万元/亩 */
    ratio.unit = &pct;
    ratio.denominator = &value;
    assert_true(fabs(rollup_scale(&ratio) - 100) < 1e-9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reported_first_then_the_sum_of_all),
        cmocka_unit_test(test_a_ratio_of_sums_is_no_mean),
        cmocka_unit_test(test_no_parts_change_nothing),
        cmocka_unit_test(test_the_factor_of_a_ratio),
        cmocka_unit_test(test_sum_beside_the_city),
        cmocka_unit_test(test_a_missing_or_late_district_leaves_the_gap_open),
        cmocka_unit_test(test_only_sums_are_summed),
        cmocka_unit_test(test_a_district_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
