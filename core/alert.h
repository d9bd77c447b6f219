/* SPDX-License-Identifier: GPL-3.0-or-later
 * The life of an alert: one target, one state machine, driven by verdicts in order of release. It
 * sends nothing: it returns what happened, and the shell records and delivers it.
 *
 *            worse than normal                      worse
 *   (none) ───────────────────> open(level) ───────────────────> open(level')    ESCALATED
 *              OPENED             │  │  ^ better, still not normal     LOWERED
 *                                 │  └──┘
 *                                 │ normal or reached, by a new period             RESOLVED
 *                                 └ normal or reached, by a revision of the period RESOLVED as
 * withdrawn that raised it                                 WITHDRAWN
 *
 * unknown, not_due, pending and not_applicable change nothing: grey is not green and not red. */
#ifndef PACEWATCH_CORE_ALERT_H
#define PACEWATCH_CORE_ALERT_H

#include "core/verdict.h"

/* X(enum, id, zh, en) */
#define ALERT_EVENT_TABLE(X)                             \
    X(ALERT_NOTHING, "nothing", "无变化", "no change")   \
    X(ALERT_OPENED, "opened", "发出", "opened")          \
    X(ALERT_ESCALATED, "escalated", "升级", "escalated") \
    X(ALERT_LOWERED, "lowered", "降级", "lowered")       \
    X(ALERT_RESOLVED, "resolved", "解除", "resolved")    \
    X(ALERT_WITHDRAWN, "withdrawn", "因修订撤销", "withdrawn by revision")

enum alert_event {
#define X(name, id, zh, en) name,
    ALERT_EVENT_TABLE(X)
#undef X
};

const char *alert_event_name(enum alert_event event);
const char *alert_event_word(enum alert_event event, enum lang lang);
int alert_event_parse(const char *text, enum alert_event *ret_event);

/* Zero-initialised: no alert. */
struct alert_state {
    bool is_open;
    enum level level;         /* while open */
    struct cal_period period; /* whose value last changed the level */
};

/* Advances the machine by one verdict and says what happened. */
enum alert_event alert_step(struct alert_state *state, const struct verdict *verdict);

#endif
