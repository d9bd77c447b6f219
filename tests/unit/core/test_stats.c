/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include <math.h>

#include "check.h"

/* To the three decimals in which the vectors are printed. */
static void
check_printed(const char *name, double want, double got)
{
    CHECK(name, fabs(want - got) <= 0.0005 + 1e-12);
}

static void
test_poisson_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double target;
        int month;
        double actual, chance;
    } rows[] = {
        { "T=6 p=9 A=1", 6, 9, 1, 0.061 },   { "T=6 p=9 A=2", 6, 9, 2, 0.174 },
        { "T=10 p=6 A=1", 10, 6, 1, 0.040 }, { "T=10 p=6 A=2", 10, 6, 2, 0.125 },
        { "T=5 p=9 A=0", 5, 9, 0, 0.024 },   { "T=5 p=9 A=1", 5, 9, 1, 0.112 },
        { "T=3 p=9 A=0", 3, 9, 0, 0.105 },   { "T=2 p=9 A=0", 2, 9, 0, 0.223 },
        { "T=1 p=11 A=0", 1, 11, 0, 0.400 }, { "T=20 p=6 A=4", 20, 6, 4, 0.029 },
        { "T=20 p=6 A=5", 20, 6, 5, 0.067 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_printed(rows[i].name, rows[i].chance,
                      stats_poisson_cdf(rows[i].actual, rows[i].target * rows[i].month / 12));
}

static void
test_poisson(void **state)
{
    (void)state;
    CHECK_NEAR("nothing below nothing", 0, stats_poisson_cdf(-1, 3));
    CHECK_NEAR("no mean, nothing comes", 1, stats_poisson_cdf(0, 0));
    CHECK_NEAR("a part is no whole", stats_poisson_cdf(2, 5), stats_poisson_cdf(2.9, 5));
    CHECK_NEAR("all", 1, stats_poisson_cdf(1000, 5));
    for (int lambda = 1; lambda <= 40; lambda++) { /* against the sum as written in the book */
        double term = exp(-lambda), sum = 0;
        for (int k = 0; k <= 60; k++) {
            sum += term;
            CHECK("sum", fabs(sum - stats_poisson_cdf(k, lambda)) <= 1e-12);
            term *= (double)lambda / (k + 1);
        }
    }
}

static void
test_negative_binomial_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double target, share, actual, chance;
    } rows[] = {
        { "T=110 A=40", 110, 0.5, 40, 0.002 }, { "T=110 A=50", 110, 0.5, 50, 0.182 },
        { "T=110 A=55", 110, 0.5, 55, 0.519 }, { "T=6 A=2", 6, 0.75, 2, 0.025 },
        { "T=6 A=4", 6, 0.75, 4, 0.418 },      { "T=200 A=150", 200, 0.75, 150, 0.519 },
        { "T=10 A=3", 10, 0.5, 3, 0.128 },     { "T=22 A=9", 22, 0.5, 9, 0.226 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_printed(rows[i].name, rows[i].chance,
                      stats_negative_binomial_tail(rows[i].target - rows[i].actual,
                                                   rows[i].actual + 0.5, rows[i].share));
}

static void
test_negative_binomial(void **state)
{
    (void)state;
    CHECK_NEAR("nothing is needed", 1, stats_negative_binomial_tail(0, 3.5, 0.5));
    CHECK_NEAR("no time is left", 0, stats_negative_binomial_tail(1, 3.5, 1));
    for (double size = 0.5; size < 100; size += 7) { /* against the sum of its terms */
        for (int tenth = 1; tenth < 10; tenth++) {
            double share = tenth / 10.0;
            double term = pow(share, size), below = 0;
            for (int n = 0; n < 200; n++) {
                double got = stats_negative_binomial_tail(n, size, share);
                CHECK("sum", fabs(1 - below - got) <= 1e-9);
                below += term;
                term *= (size + n) / (n + 1) * (1 - share);
            }
        }
    }
    double far = stats_negative_binomial_tail(50000, 50000.5, 0.5);
    CHECK("large counts", far > 0.5 && far < 0.51);
}

static void
test_wilson(void **state)
{
    (void)state;
    struct stats_interval half = stats_wilson(0.5, 10);
    CHECK("published: 5 of 10", fabs(half.low - 0.236593) < 1e-6);
    CHECK("published: 5 of 10", fabs(half.high - 0.763407) < 1e-6);
    struct stats_interval none = stats_wilson(0, 10);
    CHECK_NEAR("0 of 10", 0, none.low);
    CHECK("published: 0 of 10", fabs(none.high - 0.277533) < 1e-6);
    CHECK_NEAR("10 of 10", 1, stats_wilson(1, 10).high);
    CHECK("beyond all is still a number", isfinite(stats_wilson(1.2, 3).low));
}

static void
test_median(void **state)
{
    (void)state;
    double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 3, 2 }, one[] = { 7 };
    CHECK_NEAR("odd", 2, stats_median(odd, 3));
    CHECK_NEAR("even", 2.5, stats_median(even, 4));
    CHECK_NEAR("one", 7, stats_median(one, 1));
    CHECK("none", isnan(stats_median(one, 0)));
    CHECK_NEAR("a tenth", 1.3, stats_quantile(even, 4, 0.1));
    CHECK_NEAR("the largest", 4, stats_quantile(even, 4, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poisson_vectors),
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_negative_binomial_vectors),
        cmocka_unit_test(test_negative_binomial),
        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
