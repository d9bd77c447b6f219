/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reading.h"

#include <string.h>
#include <unistd.h>

#include "collector/view.h"
#include "platform/clock.h"

const char *
reading_cell(const char *text)
{
    return text && text[0] ? text : NULL;
}

/* --as-of and --received-as-of. Releases are known by the day. */
static int
read_as_of(const struct call *call, struct ledger_as_of *as_of)
{
    struct err_note note = { { 0 } };
    struct wall_time released = { 0 };
    int code = options_instant(&call->options, OPTION_AS_OF, call->lang, &released, &note);
    if (code == 0)
        code = options_instant(&call->options, OPTION_RECEIVED_AS_OF, call->lang, &as_of->received,
                               &note);
    if (code < 0)
        return call_misuse(call, "%s", note.text);
    as_of->today = cal_date_at(clock_wall());
    as_of->has_released = call->options.value[OPTION_AS_OF] != NULL;
    as_of->has_received = call->options.value[OPTION_RECEIVED_AS_OF] != NULL;
    if (as_of->has_released)
        as_of->released = cal_date_at(released);
    return CALL_DONE;
}

int
reading_open_site(struct call *call, struct reading *reading)
{
    *reading = (struct reading){ .ledger = NULL };
    reading->format =
        listing_format_of(call->options.value[OPTION_FORMAT], isatty(STDOUT_FILENO) == 1);
    struct err_note note = { { 0 } };
    int code = site_open(call->options.operand[0], &reading->site, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    if (!call->is_lang_given)
        call->lang = reading->site.lang;
    int exit_code = read_as_of(call, &reading->as_of);
    if (exit_code != CALL_DONE)
        site_close(&reading->site);
    return exit_code;
}

int
reading_open(struct call *call, struct reading *reading)
{
    int exit_code = reading_open_site(call, reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    char path[FILE_PATH_MAX];
    struct err_note note = { { 0 } };
    int code = site_path(&reading->site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, LEDGER_READ, &reading->ledger, &note);
    if (code == 0)
        return CALL_DONE;
    exit_code = call_fail_note(call, code, &note);
    site_close(&reading->site);
    return exit_code;
}

void
reading_close(struct reading *reading)
{
    if (reading->ledger)
        ledger_close(reading->ledger);
    site_close(&reading->site);
}

const struct cat_area *
reading_area(const struct call *call, const struct reading *reading, const char *name)
{
    const struct catalogue *catalogue = reading->site.catalogue;
    const struct cat_area *area = catalogue_find_area(catalogue, name);
    if (area)
        return area;
    char quoted[TEXT_QUOTE_MAX];
    char known[512] = "";
    size_t length = 0;
    for (size_t i = 0; i < catalogue->area_count && length < sizeof known; i++) {
        int n = snprintf(known + length, sizeof known - length, "%s%s", i > 0 ? ", " : "",
                         catalogue->areas[i].id);
        length += n > 0 ? (size_t)n : 0;
    }
    (void)call_misuse(call,
                      SAY(call->lang, "没有地区 %s（可用：%s）", "unknown area %s (known: %s)"),
                      text_quote(name, strlen(name), quoted), known);
    return NULL;
}

const struct cat_indicator *
reading_indicator(const struct call *call, const struct reading *reading, const char *name)
{
    const struct cat_indicator *indicator = catalogue_find_indicator(reading->site.catalogue, name);
    char quoted[TEXT_QUOTE_MAX];
    if (!indicator)
        (void)call_misuse(call,
                          SAY(call->lang, "没有指标 %s（可用的见 pacewatch targets %s）",
                              "unknown indicator %s (for those known: pacewatch targets %s)"),
                          text_quote(name, strlen(name), quoted), call->options.operand[0]);
    return indicator;
}

const struct cat_owner *
reading_owner(const struct call *call, const struct reading *reading, const char *name)
{
    const struct cat_owner *owner = catalogue_find_owner(reading->site.catalogue, name);
    char quoted[TEXT_QUOTE_MAX];
    if (!owner)
        (void)call_misuse(call,
                          SAY(call->lang, "没有责任单位 %s（可用的见 pacewatch targets %s）",
                              "unknown unit %s (for those known: pacewatch targets %s)"),
                          text_quote(name, strlen(name), quoted), call->options.operand[0]);
    return owner;
}

const struct cat_target *
reading_target(const struct call *call, const struct reading *reading, const char *id)
{
    const struct cat_target *target = catalogue_target(reading->site.catalogue, id);
    char quoted[TEXT_QUOTE_MAX];
    if (!target)
        (void)call_misuse(call,
                          SAY(call->lang, "没有目标 %s（可用的见 pacewatch targets %s）",
                              "unknown target %s (for those known: pacewatch targets %s)"),
                          text_quote(id, strlen(id), quoted), call->options.operand[0]);
    return target;
}

int
reading_month(const struct call *call, const struct reading *reading, struct cal_period *ret_month)
{
    const struct catalogue *catalogue = reading->site.catalogue;
    struct err_note note = { { 0 } };
    int code = options_month(&call->options, OPTION_AT, call->lang, ret_month, &note);
    if (code < 0)
        return call_misuse(call, "%s", note.text);
    if (!call->options.value[OPTION_AT])
        *ret_month = view_latest_month(reading->ledger, catalogue, catalogue_target_year(catalogue),
                                       &reading->as_of);
    return CALL_DONE;
}
