/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/scale.h"

#include "tests/unit/core/check.h"

static void
test_scales(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double low, high;
        bool with_zero;
        int decimals, wanted;
        double first, last, step;
        int tick_decimals;
    } rows[] = {
        { "count against 2000", 187, 2000, true, 0, 6, 0, 2000, 500, 0 },
        { "count against 1200", 30, 1200, true, 0, 6, 0, 1250, 250, 0 },
        { "growth with negatives", -3.9, 7, true, 1, 6, -5, 7.5, 2.5, 1 },
        { "all negative", -5.2, -1.1, true, 1, 6, -6, 0, 1, 0 },
        { "narrow share", 65.7, 66, false, 1, 6, 65.6, 66, 0.1, 1 },
        { "share over years", 64.7, 66, false, 1, 6, 64.5, 66, 0.5, 1 },
        { "small counts", 0, 1, true, 0, 6, 0, 1, 1, 0 },
        { "counts up to 8", 0, 8, true, 0, 6, 0, 8, 2, 0 },
        { "one value, bars", 980, 980, true, 0, 6, 0, 1000, 200, 0 },
        { "one value, steps", 980, 980, false, 0, 6, 920, 1020, 20, 0 },
        { "only zero, bars", 0, 0, true, 0, 6, 0, 4, 1, 0 },
        { "only zero, steps", 0, 0, false, 1, 6, 0, 0.2, 0.1, 1 },
        { "near zero, steps", 0.1, 3, false, 1, 6, 0, 3, 1, 0 },
        { "two decimals", 11.32, 22.03, false, 2, 6, 10, 22.5, 2.5, 1 },
        { "large", 0, 123456789, true, 0, 6, 0, 125000000, 25000000, 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scale s = scale_of(rows[i].low, rows[i].high, rows[i].with_zero, rows[i].decimals,
                                  rows[i].wanted);
        CHECK(rows[i].name, !s.is_empty);
        CHECK_NEAR(rows[i].name, rows[i].step, s.step);
        CHECK_NEAR(rows[i].name, rows[i].first, scale_tick(&s, 0));
        CHECK_NEAR(rows[i].name, rows[i].last, scale_tick(&s, s.count - 1));
        CHECK_INT(rows[i].name, rows[i].tick_decimals, s.decimals);
        CHECK(rows[i].name, s.low <= rows[i].low && s.high >= rows[i].high);
        CHECK(rows[i].name, s.low <= scale_tick(&s, 0) + 1e-9);
        CHECK(rows[i].name, s.high >= scale_tick(&s, s.count - 1) - 1e-9);
    }
}

static void
test_no_data(void **state)
{
    (void)state;
    struct scale s = scale_of((double)NAN, (double)NAN, true, 0, 6);
    CHECK("empty", s.is_empty && s.high > s.low && s.count == 2);
}

static void
test_any_values_get_a_sane_scale(void **state)
{
    (void)state;
    uint64_t chance = chance_seed("scale");
    for (int i = 0; i < 200000; i++) {
        double magnitude = pow(10, (double)chance_between(&chance, -9, 15));
        double a = (double)chance_between(&chance, -1000000, 1000000) / 1e6 * magnitude;
        double b = chance_between(&chance, 0, 9) == 0
                       ? a
                       : a + (double)chance_between(&chance, 0, 1000000) / 1e6 * magnitude;
        b = fmin(b, 1e15);
        int decimals = (int)chance_between(&chance, 0, 9);
        bool with_zero = chance_between(&chance, 0, 1) == 1;
        struct scale s = scale_of(a, b, with_zero, decimals, (int)chance_between(&chance, 2, 6));
        char row[128];
        (void)snprintf(row, sizeof row, "%.17g %.17g zero %d decimals %d", a, b, with_zero,
                       decimals);
        CHECK(row, s.high > s.low && s.count >= 2 && s.count <= 14);
        double slack = 1e-6 * (s.high - s.low) + 1e-9;
        CHECK(row, s.low <= a + slack && s.high >= b - slack);
        CHECK(row, !with_zero || (s.low <= slack && s.high >= -slack));
        CHECK(row, a < 0 || s.low >= -slack);
        CHECK(row, s.decimals >= 0 && s.decimals <= 9);
    }
}

static void
test_shares(void **state)
{
    (void)state;
    struct scale s = scale_of(-3.9, 7, true, 1, 6);
    CHECK_NEAR("bottom", 0, scale_share(&s, s.low));
    CHECK_NEAR("top", 1, scale_share(&s, s.high));
    CHECK_NEAR("middle", 0.5, scale_share(&s, (s.low + s.high) / 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scales),
        cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_any_values_get_a_sane_scale),
        cmocka_unit_test(test_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
