/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the unit tests of core share: cmocka with its own includes, checks that name the row they
 * failed on, and chance with a printed seed. */
#ifndef PACEWATCH_TESTS_UNIT_CORE_CHECK_H
#define PACEWATCH_TESTS_UNIT_CORE_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define CHECK(row, condition)                                          \
    do {                                                               \
        if (!(condition)) {                                            \
            print_error("row '%s': %s is false\n", (row), #condition); \
            _fail(__FILE__, __LINE__);                                 \
        }                                                              \
    } while (0)

#define CHECK_INT(row, want, got)  check_int((row), (want), (got), __FILE__, __LINE__)
#define CHECK_TEXT(row, want, got) check_text((row), (want), (got), __FILE__, __LINE__)
#define CHECK_NEAR(row, want, got) check_near((row), (want), (got), __FILE__, __LINE__)

static inline void
check_int(const char *row, long long want, long long got, const char *file, int line)
{
    if (want != got) {
        print_error("row '%s': wanted %lld, got %lld\n", row, want, got);
        _fail(file, line);
    }
}

static inline void
check_text(const char *row, const char *want, const char *got, const char *file, int line)
{
    if (strcmp(want, got) != 0) {
        print_error("row '%s': wanted\n  %s\ngot\n  %s\n", row, want, got);
        _fail(file, line);
    }
}

/* Both NaN, or equal to 12 digits. */
static inline void
check_near(const char *row, double want, double got, const char *file, int line)
{
    int is_near = isnan(want) ? isnan(got) : fabs(want - got) <= 1e-12 * (1 + fabs(want));
    if (!is_near) {
        print_error("row '%s': wanted %.15g, got %.15g\n", row, want, got);
        _fail(file, line);
    }
}

/* splitmix64. PACEWATCH_SEED repeats a run. */
static inline uint64_t
chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number in [low, high]. */
static inline int64_t
chance_between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(chance_next(state) % (uint64_t)(high - low + 1));
}

static inline uint64_t
chance_seed(const char *test)
{
    const char *given = getenv("PACEWATCH_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("%s: PACEWATCH_SEED=%llu\n", test, (unsigned long long)seed);
    return seed;
}

#endif
