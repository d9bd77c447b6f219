/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alert.h"

#include <string.h>

#include "core/pure.h"

struct event_words {
    const char *id;
    const char *word[2];
};

static const struct event_words events[] = {
#define X(name, text, zh, en) [name] = { (text), { (zh), (en) } },
    ALERT_EVENT_TABLE(X)
#undef X
};

const char *
alert_event_name(enum alert_event event)
{
    return events[event].id;
}

const char *
alert_event_word(enum alert_event event, enum lang lang)
{
    return events[event].word[lang];
}

int
alert_event_parse(const char *text, enum alert_event *ret_event)
{
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (strcmp(events[i].id, text) == 0) {
            *ret_event = (enum alert_event)i;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

static bool
is_bad(enum level level)
{
    return level == LEVEL_REMIND || level == LEVEL_WARN || level == LEVEL_SEVERE;
}

static bool
is_good(enum level level)
{
    return level == LEVEL_NORMAL || level == LEVEL_REACHED;
}

enum alert_event
alert_step(struct alert_state *state, const struct verdict *verdict)
{
    struct alert_state before = *state;
    if (is_good(verdict->level) && before.is_open) {
        *state = (struct alert_state){ .is_open = false };
        bool is_revision = cal_period_equal(before.period, verdict->period);
        return is_revision ? ALERT_WITHDRAWN : ALERT_RESOLVED;
    }
    if (!is_bad(verdict->level) || (before.is_open && before.level == verdict->level))
        return ALERT_NOTHING;
    *state = (struct alert_state){ true, verdict->level, verdict->period };
    if (!before.is_open)
        return ALERT_OPENED;
    return verdict->level > before.level ? ALERT_ESCALATED : ALERT_LOWERED; /* levels grow worse */
}
