/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a level is entered and left, over the periods of a year. docs/verdicts.md, Entry and exit.
 *
 *   entered  by the period's own numbers at once, but red only with a second red period, unless it
 *            is beyond doubt; a warning that falls once more, or a pace that must more than double,
 *            is red as well
 *   left     only beyond the leaving threshold: between the two thresholds nothing changes, in
 *            either direction
 *   left     towards better, from warn or severe, by final values only
 *
 * December is the last word of the year: no period follows that could confirm or leave. */
#include "core/verdict_private.h"

#include "core/pure.h"

static void
show(struct verdict *verdict, enum level level, enum rule rule)
{
    verdict->level = level;
    verdict->rule = rule;
}

/* Red by other reasons than the period's own band. */
static void
turn_red(const struct life *life, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    int own = level_severity(verdict->own_level);
    if (!a->has_pace || own == 3 || own == 0)
        return;
    if (own == 2 && life->own == LEVEL_WARN && verdict->ratio < life->ratio - CLOSE) {
        show(verdict, LEVEL_SEVERE, RULE_FALLING);
        a->is_plain = true; /* two periods already */
    } else if (verdict->needed_pace > verdict->bands->needed_pace + CLOSE) {
        show(verdict, LEVEL_SEVERE, RULE_NEEDED_PACE);
        a->is_red = true;
    }
}

/* A first red waits for the next period. */
static void
confirm(const struct life *life, struct assessment *a)
{
    bool is_known = a->is_plain || life->was_red || life->level == LEVEL_SEVERE;
    if (a->verdict.level != LEVEL_SEVERE || is_known)
        return;
    show(&a->verdict, LEVEL_WARN, RULE_UNCONFIRMED);
    a->verdict.is_unconfirmed = true;
}

/* Better than before, but not beyond the leaving threshold. */
static void
stay(const struct life *life, struct assessment *a)
{
    int now = level_severity(a->verdict.level);
    int before = level_severity(life->level);
    int leave = level_severity(a->leave);
    enum level kept = before <= leave ? life->level : a->leave;
    if (before > now && leave > now)
        show(&a->verdict, kept, RULE_NOT_LEFT_YET);
}

static void
hold(const struct life *life, struct assessment *a)
{
    int now = level_severity(a->verdict.level);
    int before = level_severity(life->level);
    if (!a->verdict.is_provisional || before < 2 || now >= before)
        return;
    show(&a->verdict, life->level, RULE_PROVISIONAL_HOLD);
    a->verdict.is_provisional_hold = true;
    a->verdict.is_unconfirmed = false;
}

void
verdict_life_step(struct life *life, struct assessment *a)
{
    struct verdict *verdict = &a->verdict;
    bool is_december = verdict_month(verdict) == 12;
    show(verdict, verdict->own_level, verdict->own_rule);
    if (level_severity(verdict->own_level) < 0)
        return; /* not graded: what was before stands */
    if (!is_december) {
        turn_red(life, a);
        confirm(life, a);
        stay(life, a);
    }
    hold(life, a);
    *life = (struct life){ .level = verdict->level,
                           .own = verdict->own_level,
                           .ratio = verdict->ratio,
                           .was_red = a->is_red };
}
