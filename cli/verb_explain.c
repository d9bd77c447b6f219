/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch explain`: which target, of which period. */
#include <stdio.h>
#include <string.h>

#include "cli/explanation.h"
#include "cli/reading.h"

static const struct ledger_row *
judged_row(const struct view_series *view, const struct verdict *verdict)
{
    for (size_t i = 0; verdict->position > 0 && i < view->rows.count; i++)
        if (view->rows.rows[i].position == verdict->position)
            return &view->rows.rows[i];
    return NULL;
}

static int
explain(struct call *call, const struct reading *reading, const struct cat_target *target,
        struct cal_period month)
{
    struct view_series view;
    struct err_note note = { { 0 } };
    int code = view_series_read(reading->ledger, reading->site.catalogue, target->area,
                                target->indicator, &reading->as_of, &view, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    struct explanation e = {
        .out = call->out, .lang = call->lang, .target = target, .as_of = &reading->as_of
    };
    e.evidence = view_evidence(&view, view_rules_day(month, &reading->as_of));
    view_due_soon(reading->site.catalogue, &reading->as_of, &e.evidence);
    e.verdict = verdict_judge(target, &e.evidence, month);
    e.target = e.verdict.target; /* the version that counted */
    e.row = judged_row(&view, &e.verdict);
    explanation_print(&e);
    view_series_done(&view);
    return CALL_DONE;
}

/* What is asked for: a place of the document or an indicator, in an area, as the rules of a day
 * have it. */
struct question {
    const char *name;
    const struct cat_area *area;
    const struct cat_indicator *indicator; /* of that name; NULL: none */
    struct cal_period month;
    struct cal_date day;
};

static bool
answers(const struct cat_target *target, const struct question *q)
{
    return target->area == q->area && target_in_force(target, q->day) &&
           target_covers(target, q->month.year) &&
           (strcmp(target->source, q->name) == 0 || target->indicator == q->indicator);
}

/* Several targets of one place: says which they are. */
static void
list_answers(const struct call *call, const struct catalogue *catalogue, const struct question *q)
{
    char ids[512] = "";
    size_t length = 0;
    for (size_t i = 0; i < catalogue->target_count && length + 1 < sizeof ids; i++) {
        if (!answers(&catalogue->targets[i], q))
            continue;
        int n = snprintf(ids + length, sizeof ids - length, "%s%s", length > 0 ? ", " : "",
                         catalogue->targets[i].id);
        length += n > 0 ? (size_t)n : 0;
    }
    (void)call_misuse(call,
                      SAY(call->lang, "%s 在 %s 有多个目标，请用其中一个：%s",
                          "%s has several targets in %s; name one of %s"),
                      q->name, q->area->id, ids);
}

/* The one target there is; of one indicator's the primary one, of the year itself first. */
static const struct cat_target *
target_in_area(const struct call *call, const struct catalogue *catalogue, const struct question *q)
{
    const struct cat_target *found = NULL;
    bool is_one = true;
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (!answers(target, q))
            continue;
        is_one = is_one && (!found || found->indicator == target->indicator);
        bool is_nearer = found && target->period == TARGET_IN_YEAR && !found->is_primary;
        if (!found || (target->is_primary && (!found->is_primary || is_nearer)))
            found = target;
    }
    char quoted[TEXT_QUOTE_MAX];
    if (found && !is_one)
        list_answers(call, catalogue, q);
    else if (!found)
        (void)call_misuse(
            call,
            SAY(call->lang, "%s 在 %d 年没有目标 %s（可用的见 pacewatch targets %s）",
                "%s has no target in %d called %s (for those known: pacewatch targets "
                "%s)"),
            q->area->id, q->month.year, text_quote(q->name, strlen(q->name), quoted),
            call->options.operand[0]);
    return is_one ? found : NULL;
}

/* TARGET in the version of the rules' day, and AREA if it is given, which then must be the
 * target's. */
static const struct cat_target *
asked_target(const struct call *call, const struct reading *reading, struct cal_period month)
{
    const char *name = call->options.operand[1];
    const char *place = call->options.operand[2];
    const struct catalogue *catalogue = reading->site.catalogue;
    struct cal_date day = view_rules_day(month, &reading->as_of);
    const struct cat_target *target =
        place ? catalogue_target(catalogue, name) : reading_target(call, reading, name);
    const struct cat_area *area = place ? reading_area(call, reading, place) : NULL;
    if (place && !area)
        return NULL;
    if (target && area && target->area != area) {
        (void)call_misuse(
            call, SAY(call->lang, "目标 %s 属于 %s，不属于 %s", "target %s is of %s, not %s"),
            target->id, target->area->id, area->id);
        return NULL;
    }
    const struct question question = { .name = name,
                                       .area = area,
                                       .indicator = catalogue_find_indicator(catalogue, name),
                                       .month = month,
                                       .day = day };
    if (!target && area)
        return target_in_area(call, catalogue, &question);
    return target ? target_version(target, day) : NULL;
}

/* PERIOD, or --at: the month it ends with. */
static int
asked_month(const struct call *call, const struct reading *reading, struct cal_period *ret_month)
{
    const char *text = call->options.operand[3];
    struct cal_period period;
    struct err_note note = { { 0 } };
    if (!text)
        return reading_month(call, reading, ret_month);
    if (call->options.value[OPTION_AT])
        return call_misuse(call, "%s",
                           SAY(call->lang, "期别和 --at 只能给一个", "PERIOD or --at, not both"));
    if (cal_period_parse(text, strlen(text), &period, &note) < 0)
        return call_misuse(call, "%s", note.text);
    *ret_month = cal_month(period.year, cal_period_end_month(period));
    return CALL_DONE;
}

int
verb_explain(struct call *call)
{
    struct reading reading;
    const struct cat_target *target = NULL;
    struct cal_period month = { .freq = CAL_NONE };
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    exit_code = asked_month(call, &reading, &month);
    if (exit_code == CALL_DONE) {
        target = asked_target(call, &reading, month);
        exit_code = target ? CALL_DONE : CALL_USAGE;
    }
    if (exit_code == CALL_DONE && !target_covers(target, month.year))
        exit_code = call_misuse(call,
                                SAY(call->lang, "目标 %s 管 %d 至 %d 年，期别须在其间",
                                    "target %s is of %d to %d; the period must lie between"),
                                target->id, target->from, target->year);
    if (exit_code == CALL_DONE)
        exit_code = explain(call, &reading, target, month);
    reading_close(&reading);
    return exit_code;
}
