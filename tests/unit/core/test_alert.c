/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alert.h"

#include "check.h"

/* Every arrow: from no alert or an open one of each level (raised by May), by a verdict of each
 * level on a new period (June) or on May itself. */
static void
test_every_arrow(void **state)
{
    (void)state;
    enum { NONE = -1 };
    static const struct {
        int from; /* level of the open alert, or NONE */
        enum level level;
        enum alert_event by_june;
        enum alert_event by_may;
        int to;
    } rows[] = {
        { NONE, LEVEL_NORMAL, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { NONE, LEVEL_REACHED, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { NONE, LEVEL_REMIND, ALERT_OPENED, ALERT_OPENED, LEVEL_REMIND },
        { NONE, LEVEL_WARN, ALERT_OPENED, ALERT_OPENED, LEVEL_WARN },
        { NONE, LEVEL_SEVERE, ALERT_OPENED, ALERT_OPENED, LEVEL_SEVERE },
        { NONE, LEVEL_UNKNOWN, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { NONE, LEVEL_NOT_DUE, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { NONE, LEVEL_PENDING, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { NONE, LEVEL_NOT_APPLICABLE, ALERT_NOTHING, ALERT_NOTHING, NONE },
        { LEVEL_REMIND, LEVEL_NORMAL, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_REMIND, LEVEL_REACHED, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_REMIND, LEVEL_REMIND, ALERT_NOTHING, ALERT_NOTHING, LEVEL_REMIND },
        { LEVEL_REMIND, LEVEL_WARN, ALERT_ESCALATED, ALERT_ESCALATED, LEVEL_WARN },
        { LEVEL_REMIND, LEVEL_SEVERE, ALERT_ESCALATED, ALERT_ESCALATED, LEVEL_SEVERE },
        { LEVEL_WARN, LEVEL_NORMAL, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_WARN, LEVEL_REACHED, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_WARN, LEVEL_REMIND, ALERT_LOWERED, ALERT_LOWERED, LEVEL_REMIND },
        { LEVEL_WARN, LEVEL_WARN, ALERT_NOTHING, ALERT_NOTHING, LEVEL_WARN },
        { LEVEL_WARN, LEVEL_SEVERE, ALERT_ESCALATED, ALERT_ESCALATED, LEVEL_SEVERE },
        { LEVEL_SEVERE, LEVEL_NORMAL, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_SEVERE, LEVEL_REACHED, ALERT_RESOLVED, ALERT_WITHDRAWN, NONE },
        { LEVEL_SEVERE, LEVEL_REMIND, ALERT_LOWERED, ALERT_LOWERED, LEVEL_REMIND },
        { LEVEL_SEVERE, LEVEL_WARN, ALERT_LOWERED, ALERT_LOWERED, LEVEL_WARN },
        { LEVEL_SEVERE, LEVEL_SEVERE, ALERT_NOTHING, ALERT_NOTHING, LEVEL_SEVERE },
        { LEVEL_SEVERE, LEVEL_UNKNOWN, ALERT_NOTHING, ALERT_NOTHING, LEVEL_SEVERE },
        { LEVEL_SEVERE, LEVEL_NOT_DUE, ALERT_NOTHING, ALERT_NOTHING, LEVEL_SEVERE },
        { LEVEL_SEVERE, LEVEL_PENDING, ALERT_NOTHING, ALERT_NOTHING, LEVEL_SEVERE },
        { LEVEL_SEVERE, LEVEL_NOT_APPLICABLE, ALERT_NOTHING, ALERT_NOTHING, LEVEL_SEVERE },
    };
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        size_t r = i / 2;
        int month = i % 2 ? 6 : 5;
        char row[80];
        bool was_open = rows[r].from != NONE;
        bool is_open = rows[r].to != NONE;
        enum alert_event want = month == 6 ? rows[r].by_june : rows[r].by_may;
        (void)snprintf(row, sizeof row, "%s -> %s by month %d",
                       was_open ? level_name((enum level)rows[r].from) : "(none)",
                       level_name(rows[r].level), month);
        struct alert_state alert = { .is_open = false };
        if (was_open)
            alert = (struct alert_state){ true, (enum level)rows[r].from, cal_month(2023, 5) };
        const struct verdict verdict = { .level = rows[r].level, .period = cal_month(2023, month) };
        CHECK_INT(row, want, alert_step(&alert, &verdict));
        CHECK_INT(row, is_open, alert.is_open);
        if (!is_open) {
            CHECK_INT(row, CAL_NONE, alert.period.freq);
            continue;
        }
        CHECK_INT(row, rows[r].to, alert.level);
        CHECK_INT(row, want == ALERT_NOTHING ? 5 : month, alert.period.index);
    }
}

static void
test_a_life(void **state)
{
    (void)state;
    static const struct {
        int month;
        enum level level;
        enum alert_event want;
    } rows[] = {
        { 2, LEVEL_NORMAL, ALERT_NOTHING },   { 3, LEVEL_WARN, ALERT_OPENED },
        { 4, LEVEL_WARN, ALERT_NOTHING },     { 5, LEVEL_SEVERE, ALERT_ESCALATED },
        { 5, LEVEL_WARN, ALERT_LOWERED },     { 6, LEVEL_UNKNOWN, ALERT_NOTHING },
        { 6, LEVEL_NORMAL, ALERT_RESOLVED },  { 7, LEVEL_REMIND, ALERT_OPENED },
        { 7, LEVEL_NORMAL, ALERT_WITHDRAWN }, { 8, LEVEL_NORMAL, ALERT_NOTHING },
    };
    struct alert_state alert = { .is_open = false };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct verdict verdict = { .level = rows[i].level,
                                         .period = cal_month(2023, rows[i].month) };
        CHECK_INT(alert_event_name(rows[i].want), rows[i].want, alert_step(&alert, &verdict));
    }
}

static void
test_words(void **state)
{
    (void)state;
    enum alert_event event = ALERT_NOTHING;
#define X(name, id, zh, en)                              \
    CHECK_TEXT(id, id, alert_event_name(name));          \
    CHECK_TEXT(id, zh, alert_event_word(name, LANG_ZH)); \
    CHECK_TEXT(id, en, alert_event_word(name, LANG_EN)); \
    CHECK_INT(id, 0, alert_event_parse(id, &event));     \
    CHECK_INT(id, name, event);
    ALERT_EVENT_TABLE(X)
#undef X
    CHECK_INT("unknown", ERR_UNKNOWN, alert_event_parse("opend", &event));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_arrow),
        cmocka_unit_test(test_a_life),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
