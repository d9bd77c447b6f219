/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a verdict costs: N made-up targets of all methods in turn, each judged in 12 months by what
 * was known then. The cost of one must not grow with N. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/verdict.h"

enum { YEAR = 2023, PAST_YEARS = 3, POINTS = (PAST_YEARS + 1) * 12, SERIES = 1024, ROUNDS = 3 };

static const char *const methods[] = {
#define X(name, text) [name] = (text),
    METHOD_TABLE(X)
#undef X
};

enum { METHODS = sizeof methods / sizeof methods[0] };

/* What a method is used for: kind and cumulation of the series, value and unit of the target. */
struct use {
    char kind;
    enum cumulation cumulation;
    enum comparator comparator;
    enum target_status status;
    double value;
    bool is_growth; /* the series wavers around the value; else it runs up to it */
};

static struct use
use_of(enum method method)
{
    struct use use = { 'V', CUMULATION_YTD, CMP_GE, TARGET_ISSUED, 10000, false };
    switch (method) {
    case METHOD_GAP:
    case METHOD_REL:
        return (struct use){
            'G', CUMULATION_YTD, method == METHOD_REL ? CMP_RELATIVE : CMP_GE, TARGET_ISSUED, 7,
            true
        };
    case METHOD_LVL:
    case METHOD_HOLD:
    case METHOD_CAGR:
        return (struct use){ 'S', CUMULATION_STOCK, CMP_GE, TARGET_ISSUED, 60, true };
    case METHOD_MIL:
    case METHOD_COH:
        return (struct use){ 'C', CUMULATION_YTD, CMP_GE, TARGET_ISSUED, 100, false };
    case METHOD_SML:
    case METHOD_STEP:
        return (struct use){ 'F', CUMULATION_YTD, CMP_GE, TARGET_ISSUED, 12, false };
    case METHOD_BIN:
        return (struct use){ 'B', CUMULATION_YTD, CMP_GE, TARGET_ISSUED, 1, false };
    case METHOD_ACC:
        use.kind = 'A';
        return use;
    case METHOD_PEND:
        use.status = TARGET_PENDING;
        use.comparator = CMP_PENDING;
        return use;
    case METHOD_NA:
        use.status = TARGET_NOT_APPLICABLE;
        use.comparator = CMP_NA;
        return use;
    case METHOD_LIN:
    case METHOD_SEA:
    case METHOD_MAN:
        break;
    }
    return use;
}

/* Everything that is judged, and by what. */
struct world {
    struct cat_unit unit;
    struct cat_calendar calendar;
    struct cat_profile profile;
    struct cat_area area;
    struct cat_indicator indicators[METHODS];
    struct obs_point (*points)[POINTS]; /* SERIES of them; the i-th is of method i % METHODS */
    struct cat_target *targets;
    size_t target_count;
};

/* splitmix64: the same numbers in every run. */
static double
chance(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static void
fill_series(struct obs_point *points, struct use use, uint64_t *state)
{
    double pace = 0.5 + chance(state);
    for (int i = 0; i < POINTS; i++) {
        struct cal_period period = cal_month(YEAR - PAST_YEARS + i / 12, i % 12 + 1);
        double share = use.is_growth ? 1 : (i % 12 + 1) / 12.0;
        double value = use.value * share * (pace + 0.1 * chance(state));
        points[i] = (struct obs_point){ .period = period,
                                        .value = use.value > 20 ? value : floor(value),
                                        .has_value = true,
                                        .status = i + 1 == POINTS ? 'P' : 'A',
                                        .released = { cal_period_after(period).days + 12 },
                                        .position = i + 1 };
    }
}

static struct cat_target
make_target(const struct world *world, size_t i)
{
    enum method method = (enum method)(i % METHODS);
    struct use use = use_of(method);
    bool is_path = method == METHOD_CAGR;
    bool has_number = use.status == TARGET_ISSUED && use.comparator != CMP_RELATIVE;
    struct cat_target target = {
        .id = "t",
        .area = &world->area,
        .indicator = &world->indicators[method],
        .year = is_path ? YEAR + 4 : YEAR,
        .period = is_path ? TARGET_BY_YEAR : TARGET_IN_YEAR,
        .from = YEAR,
        .text = "",
        .value = { .text = "1", .value = has_number ? use.value : (double)NAN },
        .unit = has_number ? &world->unit : NULL,
        .comparator = use.comparator,
        .reference = use.comparator == CMP_RELATIVE ? &world->indicators[METHOD_GAP] : NULL,
        .offset = 1,
        .method = method,
        .profile = method == METHOD_MIL || method == METHOD_STEP ? &world->profile : NULL,
        .base = is_path ? use.value * 0.8 : (double)NAN,
        .status = use.status,
        .is_primary = true,
        .valid_from = { INT32_MIN },
    };
    return target;
}

static int
make_world(struct world *world, size_t target_count)
{
    uint64_t state = 1;
    *world = (struct world){
        .unit = { .id = "u", .name = { "个", "items" }, .family = "count", .factor = 1 },
        .calendar = { .id = "monthly", .freq = CAL_MONTH, .months = 0x1ffe, .due_day = 12 },
        .profile = { .id = "quarters",
                     .form = PROFILE_MILESTONES,
                     .count = 4,
                     .month = { 3, 6, 9, 12 },
                     .share = { 0.30, 0.65, 0.85, 1 } },
        .area = { .id = "a", .name = { "甲", "A" }, .has_numbers = true },
        .points = malloc(SERIES * sizeof *world->points),
        .targets = malloc(target_count * sizeof *world->targets),
        .target_count = target_count,
    };
    if (!world->points || !world->targets)
        return -1;
    for (size_t i = 0; i < METHODS; i++)
        world->indicators[i] =
            (struct cat_indicator){ .id = methods[i],
                                    .name = { methods[i], methods[i] },
                                    .unit = &world->unit,
                                    .kind = use_of((enum method)i).kind,
                                    .cumulation = use_of((enum method)i).cumulation,
                                    .calendar = &world->calendar,
                                    .decomposition = "",
                                    .category = "" };
    world->indicators[METHOD_COH].cases = &world->indicators[METHOD_LIN];
    for (size_t i = 0; i < SERIES; i++)
        fill_series(world->points[i], use_of((enum method)(i % METHODS)), &state);
    for (size_t i = 0; i < target_count; i++)
        world->targets[i] = make_target(world, i);
    return 0;
}

static void
free_world(struct world *world)
{
    free(world->points);
    free(world->targets);
}

/* The series number `i` of a method. */
static const struct obs_point *
series_of(const struct world *world, enum method method, size_t i)
{
    return world->points[(i % (SERIES / METHODS)) * METHODS + method];
}

/* Judges every target in every month; counts the levels, so that nothing is left out. */
static void
judge_all(const struct world *world, size_t levels[LEVEL_COUNT])
{
    for (size_t i = 0; i < world->target_count; i++) {
        const struct cat_target *target = &world->targets[i];
        for (int month = 1; month <= 12; month++) {
            size_t known = (size_t)(PAST_YEARS * 12 + month);
            struct series_view series = { series_of(world, target->method, i / METHODS), known };
            struct series_view reference = { series_of(world, METHOD_GAP, i / METHODS), known };
            struct series_view cases = { series_of(world, METHOD_LIN, i / METHODS), known };
            struct verdict_evidence evidence = { .series = &series,
                                                 .reference = target->reference ? &reference : NULL,
                                                 .cases =
                                                     target->indicator->cases ? &cases : NULL };
            levels[verdict_judge(target, &evidence, cal_month(YEAR, month)).level]++;
        }
    }
}

static double
seconds_now(void)
{
    struct timespec now = { 0, 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* always there */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Best of some rounds; negative: no memory. */
static double
measure(size_t target_count, size_t levels[LEVEL_COUNT])
{
    struct world world;
    double best = HUGE_VAL;
    if (make_world(&world, target_count) < 0) {
        free_world(&world);
        return -1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        double begun = seconds_now();
        judge_all(&world, levels);
        double taken = seconds_now() - begun;
        best = taken < best ? taken : best;
    }
    free_world(&world);
    return best;
}

int
main(void)
{
    static const size_t sizes[] = { 1000, 10000, 100000 };
    size_t levels[LEVEL_COUNT] = { 0 };
    double before = 0;
    (void)printf("%d methods, 12 months, %d years of past, best of %d\n", METHODS, PAST_YEARS,
                 ROUNDS);
    (void)printf("%9s %9s %12s %22s\n", "targets", "seconds", "ns/verdict", "cost to size before");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        double seconds = measure(sizes[i], levels);
        if (seconds < 0) {
            (void)fputs("out of memory\n", stderr);
            return 1;
        }
        double each = seconds / (double)sizes[i] / 12 * 1e9;
        if (before > 0)
            (void)printf("%9zu %9.3f %12.0f %22.2f\n", sizes[i], seconds, each, each / before);
        else
            (void)printf("%9zu %9.3f %12.0f %22s\n", sizes[i], seconds, each, "");
        before = each;
    }
    for (size_t i = 0; i < LEVEL_COUNT; i++)
        (void)printf("%s%s %zu", i > 0 ? ", " : "levels: ", level_name((enum level)i), levels[i]);
    (void)putchar('\n');
    return 0;
}
