/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch explain`: which target, of which period. */
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

/* The target of an area that stands in that place of the document, or of that indicator: the
 * primary one first, of the year asked for. */
static const struct cat_target *
target_in_area(const struct call *call, const struct catalogue *catalogue, const char *name,
               const struct cat_area *area, int year)
{
    const struct cat_indicator *indicator = catalogue_find_indicator(catalogue, name);
    const struct cat_target *found = NULL;
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        bool is_it = strcmp(target->source, name) == 0 || target->indicator == indicator;
        if (target->area != area || target->newer || !is_it || !target_covers(target, year))
            continue;
        if (!found || (target->is_primary && !found->is_primary))
            found = target;
    }
    char quoted[TEXT_QUOTE_MAX];
    if (!found)
        (void)call_misuse(
            call,
            SAY(call->lang, "%s 在 %d 年没有目标 %s（可用的见 pacewatch targets %s）",
                "%s has no target in %d called %s (for those known: pacewatch targets %s)"),
            area->id, year, text_quote(name, strlen(name), quoted), call->options.operand[0]);
    return found;
}

/* TARGET, and AREA if it is given, which then must be the target's. */
static const struct cat_target *
asked_target(const struct call *call, const struct reading *reading, int year)
{
    const char *name = call->options.operand[1];
    const char *place = call->options.operand[2];
    const struct catalogue *catalogue = reading->site.catalogue;
    if (!place)
        return reading_target(call, reading, name);
    const struct cat_area *area = reading_area(call, reading, place);
    const struct cat_target *target = catalogue_target(catalogue, name);
    if (area && target && target->area != area)
        (void)call_misuse(
            call, SAY(call->lang, "目标 %s 属于 %s，不属于 %s", "target %s is of %s, not %s"),
            target->id, target->area->id, area->id);
    if (!area || (target && target->area != area))
        return NULL;
    return target ? target : target_in_area(call, catalogue, name, area, year);
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
        target = asked_target(call, &reading, month.year);
        exit_code = target ? CALL_DONE : CALL_USAGE;
    }
    if (exit_code == CALL_DONE && !target_covers(target, month.year))
        exit_code = call_misuse(call,
                                SAY(call->lang, "目标 %s 管 %d 至 %d 年，期别须在其间",
                                    "target %s is of %d to %d; the period must lie between"),
                                target->id, target->from, target->year);
    if (exit_code == CALL_DONE)
        exit_code = explain(call, &reading,
                            target_version(target, view_rules_day(month, &reading.as_of)), month);
    reading_close(&reading);
    return exit_code;
}
