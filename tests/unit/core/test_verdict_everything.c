/* SPDX-License-Identifier: GPL-3.0-or-later
 * Nothing is left without a verdict and a reason: every target of the catalogue in every month of
 * every year it speaks of, and random targets on random evidence. */
#include "core/verdict.h"
#include "platform/catalogue_load.h"

#include "verdict_world.h"

/* Levels that a rule may go with only. */
static void
check_sound(const char *row, const struct verdict *verdict)
{
    char text[VERDICT_SENTENCE_MAX];
    CHECK(row, verdict->level < LEVEL_COUNT && verdict->own_level < LEVEL_COUNT);
    CHECK(row, verdict->rule < RULE_COUNT && verdict->own_rule < RULE_COUNT);
    CHECK(row, !isinf(verdict->ratio) && !isinf(verdict->gap) && !isinf(verdict->expected));
    CHECK(row, !isinf(verdict->projection) && !isinf(verdict->completion));
    if (verdict->period.freq == CAL_NONE) /* nothing known: nothing graded */
        CHECK(row, verdict->level == LEVEL_UNKNOWN || verdict->level == LEVEL_NOT_DUE ||
                       verdict->level == LEVEL_PENDING || verdict->level == LEVEL_NOT_APPLICABLE);
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
        verdict_sentence(verdict, (enum lang)lang, text);
        CHECK(row, text[0] != '\0' && strlen(text) < sizeof text - 1);
        CHECK(row, text_is_utf8(text, strlen(text)));
        CHECK(text, !strstr(text, "nan") && !strstr(text, "inf"));
    }
}

static void
fill(struct history *history, int first, int last, uint64_t *chance)
{
    static const char statuses[] = "AAAAPEV";
    for (int year = first; year <= last; year++) {
        double value = 0;
        for (int month = 1; month <= 12; month++) {
            value += (double)chance_between(chance, -20, 100) / 8;
            if (chance_between(chance, 0, 5) == 0 && month < 12)
                continue;
            history_add(history, cal_month(year, month), value);
            struct obs_point *point = &history->points[history->view.count - 1];
            point->status = statuses[chance_between(chance, 0, 6)];
            point->has_value = chance_between(chance, 0, 9) > 0;
            point->value = point->has_value ? point->value : (double)NAN;
        }
    }
}

static void
test_every_target_of_the_catalogue(void **state)
{
    (void)state;
    uint64_t chance = chance_seed(__func__);
    struct catalogue_store *store = NULL;
    struct err_note note = { { 0 } };
    CHECK_INT("load", 0, catalogue_load(PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &store, &note));
    const struct catalogue *catalogue = catalogue_of(store);
    CHECK("the two tables at least", catalogue->target_count >= 195);
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        struct history own = { .view = { NULL, 0 } };
        struct history other = own;
        int first = target->from;
        fill(&own, first - 3, first + 1, &chance);
        fill(&other, first - 3, first + 1, &chance);
        for (int month = 1; month <= 24; month++) {
            struct cal_period asked = cal_month(first + (month - 1) / 12, (month - 1) % 12 + 1);
            bool has_other = chance_between(&chance, 0, 1) == 1;
            const struct series_view nothing = { NULL, 0 };
            const struct series_view *companion = has_other ? &other.view : NULL;
            const struct verdict_evidence full = {
                .series = &own.view,
                .reference = companion,
                .cases = companion,
                .volume = companion,
                .day = cal_date_of(asked.year, asked.index, 28),
            };
            const struct verdict_evidence empty = { .series = &nothing };
            struct verdict verdict = verdict_judge(target, &full, asked);
            check_sound(target->id, &verdict);
            verdict = verdict_judge(target, &empty, asked);
            check_sound(target->id, &verdict);
        }
    }
    catalogue_free(store);
}

static void
random_target(struct world *world, struct cat_profile *profile, uint64_t *chance)
{
    static const char kinds[] = "FVNSHGRADCBK";
    static const char *const values[] = { "0", "1", "-3", "20", "21", "100", "120", "66.0" };
    world_init(world);
    world_target(world, (enum method)chance_between(chance, 0, METHOD_NA),
                 (enum comparator)chance_between(chance, 0, CMP_NA),
                 values[chance_between(chance, 0, 7)]);
    world->indicator.kind = kinds[chance_between(chance, 0, 11)];
    world->indicator.cumulation = (enum cumulation)chance_between(chance, 0, 2);
    world->indicator.direction = (enum direction)chance_between(chance, 0, 1);
    world->calendar.months = chance_between(chance, 0, 1) ? NO_JANUARY : ALL_MONTHS;
    world->target.status = (enum target_status)(chance_between(chance, 0, 19) == 0);
    world->target.period = (enum target_period)chance_between(chance, 0, 2);
    world->target.from = (int)chance_between(chance, 2021, 2023);
    world->target.year = (int)chance_between(chance, 2023, 2027);
    world->target.offset = (double)chance_between(chance, -1, 1);
    if (chance_between(chance, 0, 1))
        world->target.base = (double)chance_between(chance, -2, 3) * 10;
    if (chance_between(chance, 0, 7) == 0)
        world->target.unit = NULL;
    *profile = (struct cat_profile){ .form = (enum profile_form)chance_between(chance, 0, 2) };
    int month = 0;
    for (size_t i = 0; i < 4 && month < 12; i++) {
        month += (int)chance_between(chance, 1, 5);
        profile->month[i] = (uint8_t)(month < 12 ? month : 12);
        profile->share[i] = (double)(i + 1) / 4;
        profile->count = i + 1;
    }
    profile->share[profile->count - 1] = 1;
    world->target.profile = chance_between(chance, 0, 1) ? profile : NULL;
}

static void
test_random_targets(void **state)
{
    (void)state;
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 10000; i++) {
        struct world world;
        struct cat_profile profile;
        struct history own = { .view = { NULL, 0 } };
        struct history other = own;
        struct cat_indicator cases = { .id = "n" };
        random_target(&world, &profile, &chance);
        world.indicator.cases = chance_between(&chance, 0, 1) ? &cases : NULL;
        fill(&own, (int)chance_between(&chance, 2013, 2023), 2023, &chance);
        fill(&other, 2023, 2023, &chance);
        const struct verdict_evidence evidence = { .series = &own.view,
                                                   .reference = &other.view,
                                                   .cases = &other.view,
                                                   .volume = &other.view };
        for (int month = 1; month <= 12; month++) {
            char row[80];
            (void)snprintf(row, sizeof row, "%d: %s %c %s", i, method_name(world.target.method),
                           world.indicator.kind, world.target.value.text);
            struct verdict verdict =
                verdict_judge(&world.target, &evidence, cal_month(2023, month));
            struct verdict again = verdict_judge(&world.target, &evidence, cal_month(2023, month));
            check_sound(row, &verdict);
            CHECK_INT(row, verdict.level, again.level);
            CHECK_INT(row, verdict.rule, again.rule);
        }
    }
}

/* A better value of the only period never makes a worse verdict, by any method. */
static void
test_better_is_never_worse(void **state)
{
    (void)state;
    static const enum method methods[] = { METHOD_LIN, METHOD_MIL,  METHOD_SEA, METHOD_LVL,
                                           METHOD_GAP, METHOD_ACC,  METHOD_COH, METHOD_HOLD,
                                           METHOD_SML, METHOD_STEP, METHOD_BIN, METHOD_CAGR };
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 50000; i++) {
        struct world world;
        struct cat_profile profile;
        random_target(&world, &profile, &chance);
        world.target.method = methods[chance_between(&chance, 0, COUNT(methods) - 1)];
        world.target.comparator = world.indicator.direction == DIRECTION_DOWN ? CMP_LE : CMP_GE;
        world.target.period = TARGET_IN_YEAR;
        world.target.year = 2023;
        int month = (int)chance_between(&chance, 1, 12);
        double value = (double)chance_between(&chance, -400, 1500) / 10;
        double step = (double)chance_between(&chance, 1, 100) / 10;
        double better = value + (world.indicator.direction == DIRECTION_DOWN ? -step : step);
        int low = grade(world_judge(&world, month, value).level);
        int high = grade(world_judge(&world, month, better).level);
        char row[120];
        (void)snprintf(row, sizeof row, "%s %c T %s base %g, month %d: %g and %g",
                       method_name(world.target.method), world.indicator.kind,
                       world.target.value.text, world.target.base, month, value, better);
        if (low > 0 && high > 0)
            CHECK(row, high >= low);
    }
}

/* Whatever unit the series is in: the same verdict, by every method whose bands are shares. */
static void
test_units_do_not_matter(void **state)
{
    (void)state;
    static const enum method methods[] = { METHOD_LIN, METHOD_MIL,  METHOD_SEA,  METHOD_LVL,
                                           METHOD_ACC, METHOD_HOLD, METHOD_STEP, METHOD_CAGR };
    static const double factors[] = { 10000, 15, 0.001 };
    uint64_t chance = chance_seed(__func__);
    for (int i = 0; i < 20000; i++) {
        struct world world;
        struct cat_profile profile;
        struct history own = { .view = { NULL, 0 } };
        random_target(&world, &profile, &chance);
        world.target.method = methods[chance_between(&chance, 0, COUNT(methods) - 1)];
        if (world.target.comparator == CMP_RELATIVE)
            world.target.comparator = CMP_GE;
        if (world.indicator.kind == 'K')
            continue; /* a claim is attested by 1, in no unit */
        fill(&own, 2020, 2023, &chance);
        const struct verdict_evidence evidence = { .series = &own.view };
        struct cal_period asked = cal_month(2023, (int)chance_between(&chance, 1, 12));
        struct verdict plain = verdict_judge(&world.target, &evidence, asked);
        double factor = factors[chance_between(&chance, 0, 2)];
        world.unit.factor = factor;
        world.target.base /= factor;
        for (size_t k = 0; k < own.view.count; k++)
            own.points[k].value /= factor;
        struct verdict other = verdict_judge(&world.target, &evidence, asked);
        char row[80];
        (void)snprintf(row, sizeof row, "%d: %s %s", i, method_name(world.target.method),
                       world.target.value.text);
        CHECK_TEXT(row, level_name(plain.level), level_name(other.level));
        CHECK_TEXT(row, rule_name(plain.rule), rule_name(other.rule));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_target_of_the_catalogue),
        cmocka_unit_test(test_random_targets),
        cmocka_unit_test(test_better_is_never_worse),
        cmocka_unit_test(test_units_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
