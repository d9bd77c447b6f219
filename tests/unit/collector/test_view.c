/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is shown of the ledger: values that nobody reported are made of their parts' where the
 * catalogue says how, and marked; a reference that is missing is looked for above. */
#include "tests/unit/collector/fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/view.h"

/* One sample as a file of its own. */
static void
send(struct fixture *f, uint64_t file_number, struct sample sample)
{
    sample.status = sample.value[0] ? 'A' : 'O';
    fixture_apply(f, file_number, &sample);
}

/* A value of June, or of the second quarter. */
static void
say(struct fixture *f, uint64_t file_number, const char *area, const char *indicator,
    const char *value, const char *released)
{
    const struct cat_indicator *of = catalogue_indicator(f->catalogue, indicator);
    bool is_quarterly = of->calendar->freq == CAL_QUARTER;
    send(f, file_number,
         sample_of(area, indicator, is_quarterly ? "2023-Q2" : "2023-06", value, released, 2));
}

/* The verdict of a target in June, as known on a day, and its value as text. */
static struct verdict
judge(struct fixture *f, const char *id, struct cal_date day, char text[NUM_TEXT_MAX])
{
    const struct cat_target *target = catalogue_target(f->catalogue, id);
    struct ledger_as_of as_of = { .has_released = true, .released = day };
    struct err_note note = { "" };
    struct view_series view;
    expect_ok(view_series_read(f->ledger, f->catalogue, target->area, target->indicator, &as_of,
                               &view, &note),
              &note);
    struct verdict_evidence evidence = view_evidence(&view, day);
    struct verdict verdict = verdict_judge(target, &evidence, cal_month(2023, 6));
    view_value_text(&view, cal_month(2023, 6), text);
    view_series_done(&view);
    return verdict;
}

static void
a_city_that_did_not_report_has_the_sum_of_all_its_districts(void **state)
{
    struct fixture *f = *state;
    char text[NUM_TEXT_MAX];
    say(f, 1, "wuxing", "land", "700.5", "2023-07-10");
    struct verdict verdict = judge(f, "t-land-huzhou", cal_date_of(2023, 7, 31), text);
    assert_string_equal("no-data", rule_name(verdict.rule)); /* Anji is missing */
    assert_string_equal("", text);
    say(f, 2, "anji", "land", "1000", "2023-07-12");
    verdict = judge(f, "t-land-huzhou", cal_date_of(2023, 7, 31), text);
    assert_string_equal("lin-band", rule_name(verdict.rule));
    assert_string_equal("1700.5", text);
    assert_true(verdict.is_derived);
    assert_true(fabs(verdict.actual - 1700.5) < 1e-9);
    char sentence[VERDICT_SENTENCE_MAX];
    assert_non_null(strstr(verdict_sentence(&verdict, LANG_ZH, sentence), "由所属地区数据合成"));
    verdict = judge(f, "t-land-huzhou", cal_date_of(2023, 7, 11), text);
    assert_string_equal("no-data", rule_name(verdict.rule)); /* as known the day before */
    say(f, 3, "huzhou", "land", "1750", "2023-07-20");
    verdict = judge(f, "t-land-huzhou", cal_date_of(2023, 7, 31), text);
    assert_false(verdict.is_derived); /* what is reported comes first */
    assert_string_equal("1750", text);
}

static void
a_ratio_is_made_of_its_own_parts_then_of_the_districts(void **state)
{
    struct fixture *f = *state;
    char text[NUM_TEXT_MAX];
    struct cal_date day = cal_date_of(2023, 7, 31);
    say(f, 1, "wuxing", "tax", "300", "2023-07-10");
    say(f, 2, "wuxing", "site", "10", "2023-07-10");
    struct verdict verdict = judge(f, "t-per-wuxing", day, text);
    assert_true(verdict.is_derived);
    assert_string_equal("30", text);
    verdict = judge(f, "t-per-huzhou", day, text);
    assert_string_equal("", text); /* Anji is missing */
    say(f, 3, "anji", "tax", "100", "2023-07-10");
    say(f, 4, "anji", "site", "30", "2023-07-10");
    verdict = judge(f, "t-per-huzhou", day, text);
    assert_string_equal("10", text); /* 400 by 40; the mean of 30 and 3.3 would be 16.7 */
    say(f, 5, "wuxing", "per", "29", "2023-07-11");
    (void)judge(f, "t-per-wuxing", day, text);
    assert_string_equal("29", text);
}

static void
a_reference_without_a_number_is_looked_for_above(void **state)
{
    struct fixture *f = *state;
    char text[NUM_TEXT_MAX];
    say(f, 1, "wuxing", "tech", "6.7", "2023-07-12");
    say(f, 2, "huzhou", "gdp", "5.7", "2023-07-18");
    say(f, 3, "wuxing", "gdp", "", "2023-07-19"); /* said to be missing */
    struct verdict verdict = judge(f, "t-tech-wuxing", cal_date_of(2023, 7, 31), text);
    assert_true(fabs(verdict.reference - 5.7) < 1e-9); /* the city's */
    say(f, 4, "wuxing", "gdp", "4.7", "2023-07-20");
    verdict = judge(f, "t-tech-wuxing", cal_date_of(2023, 7, 31), text);
    assert_true(fabs(verdict.reference - 4.7) < 1e-9); /* its own */
}

/* ---- order of arrival ---- */

enum { ARRIVALS = 24, ROUNDS = 10 };

static uint64_t
chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Values of January to June of two areas, some revised, no two the same, each released on a day of
 * its own. */
static void
make_story(uint64_t *chance, struct sample story[ARRIVALS])
{
    for (int i = 0; i < ARRIVALS; i++) {
        char period[24], value[24];
        (void)snprintf(period, sizeof period, "2023-%02d", (int)(chance_next(chance) % 6) + 1);
        (void)snprintf(value, sizeof value, "%d.%02d", (int)(chance_next(chance) % 1200), i);
        story[i] = sample_of(chance_next(chance) % 3 ? "wuxing" : "anji", "land", period, value,
                             "2023-07-01", 2);
        story[i].released.days += i;
    }
}

static void
shuffle(uint64_t *chance, int order[ARRIVALS])
{
    for (int i = 0; i < ARRIVALS; i++)
        order[i] = i;
    for (int i = ARRIVALS - 1; i > 0; i--) {
        int other = (int)(chance_next(chance) % (uint64_t)(i + 1));
        int kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* Whichever file comes first, every verdict as of every day is the same, of districts and of the
 * sum they make. */
static void
check_order(uint64_t *chance)
{
    static const char *const targets[] = { "t-land-wuxing", "t-land-anji", "t-land-huzhou" };
    struct sample story[ARRIVALS];
    int order[ARRIVALS];
    void *first = NULL, *second = NULL;
    assert_int_equal(0, fixture_setup(&first));
    assert_int_equal(0, fixture_setup(&second));
    struct fixture *one = first, *other = second;
    make_story(chance, story);
    shuffle(chance, order);
    for (int i = 0; i < ARRIVALS; i++) {
        send(one, (uint64_t)i + 1, story[i]);
        send(other, (uint64_t)i + 1, story[order[i]]);
    }
    for (int day = 0; day < ARRIVALS; day++) {
        for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
            char texts[2][NUM_TEXT_MAX], sentences[2][VERDICT_SENTENCE_MAX];
            struct cal_date as_of = { story[0].released.days + day };
            struct verdict a = judge(one, targets[i], as_of, texts[0]);
            struct verdict b = judge(other, targets[i], as_of, texts[1]);
            assert_string_equal(texts[0], texts[1]);
            assert_string_equal(level_name(a.level), level_name(b.level));
            assert_string_equal(rule_name(a.rule), rule_name(b.rule));
            assert_string_equal(verdict_sentence(&a, LANG_EN, sentences[0]),
                                verdict_sentence(&b, LANG_EN, sentences[1]));
        }
    }
    assert_int_equal(0, fixture_teardown(&first));
    assert_int_equal(0, fixture_teardown(&second));
}

static void
order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    uint64_t chance = 20231122;
    for (int i = 0; i < ROUNDS; i++)
        check_order(&chance);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_city_that_did_not_report_has_the_sum_of_all_its_districts),
        TEST(a_ratio_is_made_of_its_own_parts_then_of_the_districts),
        TEST(a_reference_without_a_number_is_looked_for_above),
        cmocka_unit_test(order_of_arrival_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
