/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a level is entered and left over the periods of a year, and where the year will end. */
#include "core/verdict.h"

#include "verdict_world.h"

#define NONE ((double)NAN)

/* Stories told in r: 10000 mu in even steps, so that A = r * 10000 * month / 12. */
struct story {
    const char *name;
    double ratio[12]; /* 0: the story has ended */
    const char *statuses;
    int month;
    enum level level;
    enum rule rule;
};

static struct verdict
judge_story(struct world *world, const struct story *story)
{
    double values[12];
    int count = 0;
    for (; count < 12 && fabs(story->ratio[count]) > 0; count++)
        values[count] = story->ratio[count] * 10000 * (count + 1) / 12;
    return world_judge_story(world, values, story->statuses, count, story->month);
}

static void
check_stories(const struct story *stories, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct world world;
        world_init(&world);
        struct verdict verdict = judge_story(&world, &stories[i]);
        CHECK_TEXT(stories[i].name, level_name(stories[i].level), level_name(verdict.level));
        CHECK_TEXT(stories[i].name, rule_name(stories[i].rule), rule_name(verdict.rule));
        CHECK_INT(stories[i].name, stories[i].rule == RULE_UNCONFIRMED, verdict.is_unconfirmed);
        CHECK_INT(stories[i].name, stories[i].rule == RULE_PROVISIONAL_HOLD,
                  verdict.is_provisional_hold);
    }
}

#define FINE 1.0, 1.0, 1.0, 1.0

static void
test_leaving(void **state)
{
    (void)state;
    static const struct story stories[] = {
        { "remind is left at 0.97", { FINE, 0.9, 0.97 }, NULL, 6, LEVEL_NORMAL, RULE_LIN_BAND },
        { "not before", { FINE, 0.9, 0.969 }, NULL, 6, LEVEL_REMIND, RULE_NOT_LEFT_YET },
        { "warn is left at 0.88", { FINE, 0.8, 0.88 }, NULL, 6, LEVEL_REMIND, RULE_LIN_BAND },
        { "not before", { FINE, 0.8, 0.879 }, NULL, 6, LEVEL_WARN, RULE_NOT_LEFT_YET },
        { "warn to normal at once", { FINE, 0.8, 0.97 }, NULL, 6, LEVEL_NORMAL, RULE_LIN_BAND },
        { "warn to normal, not quite",
          { FINE, 0.8, 0.96 },
          NULL,
          6,
          LEVEL_REMIND,
          RULE_NOT_LEFT_YET },
        { "red is left at 0.65", { FINE, 0.3, 0.65 }, NULL, 6, LEVEL_WARN, RULE_LIN_BAND },
        { "not before", { FINE, 0.3, 0.649 }, NULL, 6, LEVEL_SEVERE, RULE_NOT_LEFT_YET },
        { "a small relapse is none",
          { FINE, 0.8, 0.88, 0.86 },
          NULL,
          7,
          LEVEL_REMIND,
          RULE_LIN_BAND },
        { "nor this", { FINE, 0.9, 0.97, 0.955 }, NULL, 7, LEVEL_NORMAL, RULE_LIN_BAND },
        { "a real one is", { FINE, 0.9, 0.97, 0.949 }, NULL, 7, LEVEL_REMIND, RULE_LIN_BAND },
        { "December is the last word",
          { FINE, 1, 1, 1, 1, 1, 1, 0.8, 0.86 },
          NULL,
          12,
          LEVEL_REMIND,
          RULE_LIN_MISSED },
    };
    check_stories(stories, COUNT(stories));
}

static void
test_red(void **state)
{
    (void)state;
    static const struct story stories[] = {
        { "a first red waits", { FINE, 0.5 }, NULL, 5, LEVEL_WARN, RULE_UNCONFIRMED },
        { "a second confirms", { FINE, 0.5, 0.5 }, NULL, 6, LEVEL_SEVERE, RULE_LIN_BAND },
        { "better again", { FINE, 0.5, 0.7 }, NULL, 6, LEVEL_WARN, RULE_LIN_BAND },
        { "0.40 waits", { FINE, 0.40 }, NULL, 5, LEVEL_WARN, RULE_UNCONFIRMED },
        { "below it does not", { FINE, 0.399 }, NULL, 5, LEVEL_SEVERE, RULE_LIN_BAND },
        { "two warnings, falling", { FINE, 0.8, 0.79 }, NULL, 6, LEVEL_SEVERE, RULE_FALLING },
        { "two warnings, not", { FINE, 0.8, 0.8 }, NULL, 6, LEVEL_WARN, RULE_LIN_BAND },
        { "then it stays", { FINE, 0.8, 0.7, 0.64 }, NULL, 7, LEVEL_SEVERE, RULE_FALLING },
        { "and is left", { FINE, 0.8, 0.7, 0.71 }, NULL, 7, LEVEL_WARN, RULE_LIN_BAND },
        { "more than twice the pace",
          { FINE, 1, 1, 1, 1, 1, 1, 0.905 },
          NULL,
          11,
          LEVEL_WARN,
          RULE_UNCONFIRMED },
        { "twice is not more",
          { FINE, 1, 1, 1, 1, 1, 1, 10.0 / 11 },
          NULL,
          11,
          LEVEL_REMIND,
          RULE_LIN_BAND },
        { "twice over the months",
          { FINE, 1, 1, 1, 1, 1, 0.79, 0.85 },
          NULL,
          11,
          LEVEL_SEVERE,
          RULE_NEEDED_PACE },
        { "the first quarter is capped",
          { 0.1, 0.1, 0.1 },
          NULL,
          3,
          LEVEL_WARN,
          RULE_LIN_FIRST_QUARTER },
        { "but counts as the first red", { 1, 1, 0.5, 0.5 }, NULL, 4, LEVEL_SEVERE, RULE_LIN_BAND },
        { "no falling in it", { 0.8, 0.75, 0.7 }, NULL, 3, LEVEL_WARN, RULE_LIN_BAND },
        { "December needs no confirmation",
          { FINE, 1, 1, 1, 1, 1, 1, 1, 0.5 },
          NULL,
          12,
          LEVEL_SEVERE,
          RULE_LIN_MISSED },
    };
    check_stories(stories, COUNT(stories));
}

static void
test_provisional(void **state)
{
    (void)state;
    static const struct story stories[] = {
        { "raises", { FINE, 0.8 }, "AAAAP", 5, LEVEL_WARN, RULE_LIN_BAND },
        { "does not end a warning",
          { FINE, 0.8, 1 },
          "AAAAAP",
          6,
          LEVEL_WARN,
          RULE_PROVISIONAL_HOLD },
        { "an estimate neither", { FINE, 0.8, 1 }, "AAAAAE", 6, LEVEL_WARN, RULE_PROVISIONAL_HOLD },
        { "a final one does", { FINE, 0.8, 1 }, "AAAAPA", 6, LEVEL_NORMAL, RULE_LIN_BAND },
        { "nor a red one", { FINE, 0.3, 0.7 }, "AAAAAP", 6, LEVEL_SEVERE, RULE_PROVISIONAL_HOLD },
        { "held on", { FINE, 0.8, 1, 1 }, "AAAAAPP", 7, LEVEL_WARN, RULE_PROVISIONAL_HOLD },
        { "a reminder may go", { FINE, 0.9, 1 }, "AAAAAP", 6, LEVEL_NORMAL, RULE_LIN_BAND },
        { "not even by reaching T",
          { FINE, 0.8, 2 },
          "AAAAAP",
          6,
          LEVEL_WARN,
          RULE_PROVISIONAL_HOLD },
        { "nor in December",
          { FINE, 1, 1, 1, 1, 1, 1, 0.8, 1 },
          "AAAAAAAAAAAP",
          12,
          LEVEL_WARN,
          RULE_PROVISIONAL_HOLD },
    };
    check_stories(stories, COUNT(stories));
}

static void
test_growth(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double values[8];
        enum level level;
        enum rule rule;
    } rows[] = {
        { "exit with 0.3 points more", { 7, 7, 7, 5, 6.8 }, LEVEL_NORMAL, RULE_GAP_BAND },
        { "not before", { 7, 7, 7, 5, 6.79 }, LEVEL_REMIND, RULE_NOT_LEFT_YET },
        { "warn", { 7, 7, 7, 4, 5.3 }, LEVEL_REMIND, RULE_GAP_BAND },
        { "warn, not before", { 7, 7, 7, 4, 5.29 }, LEVEL_WARN, RULE_NOT_LEFT_YET },
        { "a first red", { 7, 7, 7, 7, 2 }, LEVEL_WARN, RULE_UNCONFIRMED },
        { "twice over", { 7, 7, 7, 7, -2 }, LEVEL_SEVERE, RULE_GAP_BAND },
        { "red is left", { 7, 7, 7, -2, 3.3 }, LEVEL_WARN, RULE_GAP_BAND },
        { "not before", { 7, 7, 7, -2, 3.29 }, LEVEL_SEVERE, RULE_NOT_LEFT_YET },
        { "falling growth is judged by its distance",
          { 7, 7, 7, 4, 3.5 },
          LEVEL_WARN,
          RULE_GAP_BAND },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        world_init(&world);
        world_percent(&world, 'G', METHOD_GAP, "7");
        struct verdict verdict = world_judge_story(&world, rows[i].values, NULL, 5, 5);
        CHECK_TEXT(rows[i].name, level_name(rows[i].level), level_name(verdict.level));
        CHECK_TEXT(rows[i].name, rule_name(rows[i].rule), rule_name(verdict.rule));
    }
}

static void
test_words_of_the_life(void **state)
{
    (void)state;
    static const struct {
        struct story story;
        const char *zh, *en;
    } rows[] = {
        { { "", { FINE, 0.5 }, NULL, 5, LEVEL_WARN, RULE_UNCONFIRMED }, "待下期确认", "confirms" },
        { { "", { FINE, 0.8, 0.7 }, NULL, 6, LEVEL_SEVERE, RULE_FALLING },
          "继续下降",
          "still falling" },
        { { "", { FINE, 0.8, 0.87 }, NULL, 6, LEVEL_WARN, RULE_NOT_LEFT_YET },
          "仍为预警",
          "still warning" },
        { { "", { FINE, 0.8, 1 }, "AAAAAP", 6, LEVEL_WARN, RULE_PROVISIONAL_HOLD },
          "待核实恢复",
          "to be verified" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world;
        char text[VERDICT_SENTENCE_MAX];
        world_init(&world);
        struct verdict verdict = judge_story(&world, &rows[i].story);
        CHECK(rows[i].zh, strstr(verdict_sentence(&verdict, LANG_ZH, text), rows[i].zh));
        CHECK(rows[i].en, strstr(verdict_sentence(&verdict, LANG_EN, text), rows[i].en));
    }
}

/* Months of even years that end at `whole`; 2023 up to `month` at `pace` times even. */
static void
add_year(struct history *history, int year, double whole, int months, double pace)
{
    for (int month = 1; month <= months; month++)
        history_add(history, cal_month(year, month), whole * month / 12 * (month < 12 ? pace : 1));
}

static void
test_projections(void **state)
{
    (void)state;
    struct world world;
    struct history history = { .view = { NULL, 0 } };
    const struct verdict_evidence evidence = { .series = &history.view };
    world_init(&world);
    add_year(&history, 2020, 8000, 12, 1.0);
    add_year(&history, 2021, 8000, 12, 0.8);
    add_year(&history, 2022, 8000, 12, 0.5); /* it came late */
    add_year(&history, 2023, 10000, 6, 0.6);
    struct verdict verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 6));
    CHECK_NEAR("pace", 6000, verdict.projection_pace);
    CHECK_NEAR("the last three months", 6000, verdict.projection_last);
    CHECK_NEAR("as last year", 12000, verdict.projection_same);
    CHECK_NEAR("their median", 6000, verdict.projection);
    CHECK_INT("back-test", 3, verdict.projection_years);
    CHECK("an interval around", verdict.projection_low <= verdict.projection &&
                                    verdict.projection <= verdict.projection_high);
    CHECK_NEAR("2020 ended as projected", 6000, verdict.projection_low);
    CHECK_NEAR("2022 twice as high", 12000, verdict.projection_high);
    verdict = verdict_judge(&world.target, &evidence, cal_month(2023, 2));
    CHECK_NEAR("none before March", NONE, verdict.projection);

    /* counts without history */
    world_init(&world);
    world_target(&world, METHOD_LIN, CMP_GE, "110");
    world.indicator.kind = 'F';
    verdict = world_judge(&world, 6, 50);
    CHECK("the chance of T=110 A=50", fabs(verdict.projected_chance - 0.182) < 0.0005);
    CHECK_NEAR("no interval", NONE, verdict.projection_low);
    world.indicator.kind = 'V';
    CHECK_NEAR("money is no count", NONE, world_judge(&world, 6, 50).projected_chance);
    world.target.method = METHOD_STEP;
    CHECK_NEAR("a staircase leads nowhere", NONE, world_judge(&world, 6, 50).projection);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaving),           cmocka_unit_test(test_red),
        cmocka_unit_test(test_provisional),       cmocka_unit_test(test_growth),
        cmocka_unit_test(test_words_of_the_life), cmocka_unit_test(test_projections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
