/* SPDX-License-Identifier: GPL-3.0-or-later
 * One target with everything it hangs on, made by hand: the tests of verdicts change what they are
 * about. */
#ifndef PACEWATCH_TESTS_UNIT_CORE_VERDICT_WORLD_H
#define PACEWATCH_TESTS_UNIT_CORE_VERDICT_WORLD_H

#include "core/verdict.h"

#include "check.h"

enum {
    ALL_MONTHS = 0x1ffe,
    NO_JANUARY = 0x1ffc,
    QUARTER_ENDS = 1 << 3 | 1 << 6 | 1 << 9 | 1 << 12
};

struct world {
    struct cat_unit unit;
    struct cat_unit target_unit;
    struct cat_calendar calendar;
    struct cat_indicator indicator;
    struct cat_target target;
    struct obs_point point;
};

/* 10000 mu over 2023, linear, every month. Stays where it is: it points into itself. */
static inline void
world_init(struct world *world)
{
    *world = (struct world){
        .unit = { .id = "mu", .name = { "亩", "mu" }, .family = "land", .factor = 1 },
        .target_unit = { .id = "mu", .name = { "亩", "mu" }, .family = "land", .factor = 1 },
        .calendar = { .id = "monthly", .freq = CAL_MONTH, .months = ALL_MONTHS, .due_day = 12 },
        .indicator = { .id = "land",
                       .kind = 'V',
                       .cumulation = CUMULATION_YTD,
                       .direction = DIRECTION_UP },
        .target = { .id = "t",
                    .year = 2023,
                    .from = 2023,
                    .base = (double)NAN,
                    .text = "10000",
                    .comparator = CMP_GE,
                    .method = METHOD_LIN,
                    .status = TARGET_ISSUED },
    };
    world->indicator.unit = &world->unit;
    world->indicator.calendar = &world->calendar;
    world->target.indicator = &world->indicator;
    world->target.unit = &world->target_unit;
    CHECK_INT("10000", 0, num_decimal_parse("10000", 5, &world->target.value, NULL));
}

static inline void
world_target(struct world *world, enum method method, enum comparator comparator, const char *value)
{
    world->target.method = method;
    world->target.comparator = comparator;
    CHECK_INT(value, 0, num_decimal_parse(value, strlen(value), &world->target.value, NULL));
}

/* Growth, or a share: percent with one decimal. */
static inline void
world_percent(struct world *world, char kind, enum method method, const char *value)
{
    world->unit = world->target_unit = (struct cat_unit){
        .id = "pct", .name = { "%", "percent" }, .family = "percent", .factor = 1, .decimals = 1
    };
    world->indicator.kind = kind;
    world->indicator.decimals = 1;
    world_target(world, method, CMP_GE, value);
}

/* Milestones: 30, 65, 85 and 100 % at the ends of the quarters. */
static inline void
world_quarters(struct world *world)
{
    static const struct cat_profile quarters = { .form = PROFILE_MILESTONES,
                                                 .count = 4,
                                                 .month = { 3, 6, 9, 12 },
                                                 .share = { 0.3, 0.65, 0.85, 1 } };
    world->target.profile = &quarters;
}

/* A later version of the target with another value, in force from `day` on. */
static inline void
world_newer(struct world *world, struct cat_target *newer, const char *value, struct cal_date day)
{
    *newer = world->target;
    CHECK_INT(value, 0, num_decimal_parse(value, strlen(value), &newer->value, NULL));
    newer->valid_from = day;
    newer->older = &world->target;
    world->target.newer = newer;
    world->target.valid_from.days = INT32_MIN;
}

/* The verdict for `asked` when `period` alone was reported. */
static inline struct verdict
world_judge_period(struct world *world, struct cal_period period, double actual,
                   struct cal_period asked)
{
    world->point = (struct obs_point){
        .period = period, .value = actual, .has_value = true, .status = 'A', .position = 77
    };
    const struct series_view view = { &world->point, 1 };
    const struct verdict_evidence evidence = { .series = &view };
    return verdict_judge(&world->target, &evidence, asked);
}

static inline struct verdict
world_judge(struct world *world, int month, double actual)
{
    return world_judge_period(world, cal_month(2023, month), actual, cal_month(2023, month));
}

/* One month's value and what it must be judged. */
struct world_row {
    const char *name;
    int month;
    double actual;
    enum level level;
    enum rule rule;
};

static inline void
world_check_rows(struct world *world, const struct world_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct verdict verdict = world_judge(world, rows[i].month, rows[i].actual);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.own_level));
        CHECK_TEXT(rows[i].name, rule_name(rows[i].rule), rule_name(verdict.own_rule));
    }
}

/* How good a level is; 0 for those that are not graded. */
static inline int
grade(enum level level)
{
    return level == LEVEL_SEVERE    ? 1
           : level == LEVEL_WARN    ? 2
           : level == LEVEL_REMIND  ? 3
           : level == LEVEL_NORMAL  ? 4
           : level == LEVEL_REACHED ? 5
                                    : 0;
}

/* Checks a verdict's sentence in both languages. */
static inline void
check_said(const struct verdict *verdict, const char *zh, const char *en)
{
    char text[VERDICT_SENTENCE_MAX];
    CHECK("returns its text", verdict_sentence(verdict, LANG_ZH, text) == text);
    CHECK_TEXT(zh, zh, text);
    CHECK_TEXT(en, en, verdict_sentence(verdict, LANG_EN, text));
}

/* A story: one value a month from January 2023 on, NaN for a month without; `statuses` NULL: all
 * normal. */
static inline struct verdict
world_judge_story(struct world *world, const double *values, const char *statuses, int count,
                  int month)
{
    struct obs_point points[12];
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        points[used++] = (struct obs_point){ .period = cal_month(2023, i + 1),
                                             .value = values[i],
                                             .has_value = true,
                                             .status = statuses ? statuses[i] : 'A',
                                             .position = i + 1 };
    }
    const struct series_view view = { points, used };
    const struct verdict_evidence evidence = { .series = &view };
    return verdict_judge(&world->target, &evidence, cal_month(2023, month));
}

/* A series by hand: whole years of months, the last of them 2023. */
struct history {
    struct obs_point points[13 * 12];
    struct series_view view;
};

static inline void
history_add(struct history *history, struct cal_period period, double value)
{
    history->points[history->view.count++] = (struct obs_point){
        .period = period, .value = value, .has_value = true, .status = 'A', .position = 1
    };
    history->view.points = history->points;
}

#endif
