/* SPDX-License-Identifier: GPL-3.0-or-later
 * The listings of the contract: targets, history, verdicts, alerts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/reading.h"
#include "collector/view.h"

/* ---- targets ---- */

static const struct listing_column target_columns[] = {
    { "target", "目标", "target", false },
    { "source", "出处", "source", false },
    { "area", "地区", "area", false },
    { "indicator", "指标代码", "indicator", false },
    { "name", "指标", "name", false },
    { "unit", "单位", "unit", false },
    { "text", "原文", "text", false },
    { "value", "目标值", "value", true },
    { "comparator", "比较", "cmp", false },
    { "status", "状态", "status", false },
    { "method", "方法", "method", false },
    { "owner", "责任单位", "owner", false },
    { "lead", "牵头单位", "lead", false },
    { "accountable", "责任主体", "accountable", false },
    { "year", "年度", "year", true },
    { "primary", "主", "primary", false },
    { "reference", "参照", "reference", false },
    { "offset", "加点", "offset", true },
    { "wording", "措辞", "wording", false },
    { "area_name", "地区名称", "area name", false },
    { "unit_id", "单位代码", "unit id", false },
    { "owner_id", "责任单位代码", "owner id", false },
    { "lead_id", "牵头单位代码", "lead id", false },
    { "note", "备注", "note", false },
    { "period", "期限", "period", false },
    { "from", "起始年", "from", true },
    { "profile", "进度安排", "profile", false },
    { "base", "基数", "base", true },
    { "helpers", "配合单位", "helpers", false },
    { "valid_from", "生效日期", "valid from", false },
};

enum { TARGET_COLUMNS = sizeof target_columns / sizeof target_columns[0] };

/* The helpers' printed names, separated by ';'. */
static void
list_helpers(const struct cat_target *target, enum lang lang, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < target->helper_count && length < size; i++) {
        int n = snprintf(text + length, size - length, "%s%s", i > 0 ? ";" : "",
                         cat_name(&target->helpers[i]->name, lang));
        length += n > 0 ? (size_t)n : 0;
    }
}

static int
add_target(struct listing *listing, const struct cat_target *target, enum lang lang)
{
    char year[16];
    char offset[NUM_TEXT_MAX] = "", base[NUM_TEXT_MAX] = "";
    char from[16], helpers[512], valid_from[CAL_TEXT_MAX] = "";
    (void)snprintf(from, sizeof from, "%d", target->from);
    list_helpers(target, lang, helpers, sizeof helpers);
    if (!isnan(target->base))
        num_print_short(target->base, 9, base);
    if (target->valid_from.days != INT32_MIN)
        (void)cal_date_print(target->valid_from, valid_from);
    (void)snprintf(year, sizeof year, "%d", target->year);
    if (target->reference)
        num_print_short(target->offset, 4, offset);
    const struct cat_owner *owner = target->owner;
    const struct cat_owner *lead = target->lead;
    const struct cat_unit *unit = target->unit ? target->unit : target->indicator->unit;
    const char *const cells[TARGET_COLUMNS] = {
        target->id,
        target->source,
        target->area->id,
        target->indicator->id,
        cat_name(&target->indicator->name, lang),
        cat_name(&unit->name, lang),
        reading_cell(target->text),
        reading_cell(target->value.text),
        comparator_name(target->comparator),
        target_status_name(target->status),
        method_name(target->method),
        owner ? cat_name(&owner->name, lang) : NULL,
        lead ? cat_name(&lead->name, lang) : NULL,
        reading_cell(target->accountable),
        year,
        target->is_primary ? "yes" : "no",
        target->reference ? target->reference->id : NULL,
        reading_cell(offset),
        reading_cell(target->wording),
        cat_name(&target->area->name, lang),
        unit->id,
        owner ? owner->id : NULL,
        lead ? lead->id : NULL,
        reading_cell(target->note),
        target_period_name(target->period),
        from,
        target->profile ? target->profile->id : NULL,
        reading_cell(base),
        reading_cell(helpers),
        reading_cell(valid_from),
    };
    return listing_add(listing, cells);
}

/* NULL asks for every one. */
static bool
is_owned(const struct cat_target *target, const struct cat_owner *owner)
{
    return !owner || target->owner == owner || target->lead == owner;
}

int
verb_targets(struct call *call)
{
    struct reading reading;
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    const struct catalogue *catalogue = reading.site.catalogue;
    int64_t year = catalogue_target_year(catalogue);
    struct err_note note = { { 0 } };
    int code = options_number(&call->options, OPTION_YEAR, 1900, 2199, call->lang, &year, &note);
    if (code < 0) {
        reading_close(&reading);
        return call_misuse(call, "%s", note.text);
    }
    const char *unit = call->options.value[OPTION_OWNER];
    const struct cat_owner *owner = unit ? reading_owner(call, &reading, unit) : NULL;
    if (unit && !owner) {
        reading_close(&reading);
        return CALL_USAGE;
    }
    struct cal_date day = {
        INT32_MAX
    }; /* the newest versions, unless an earlier day is asked for */
    if (reading.as_of.has_released)
        day = reading.as_of.released;
    struct listing listing;
    listing_open(&listing, call->out, reading.format, call->lang, target_columns, TARGET_COLUMNS);
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++)
        if (target_is_of_year(&catalogue->targets[i], (int)year) &&
            target_in_force(&catalogue->targets[i], day) && is_owned(&catalogue->targets[i], owner))
            code = add_target(&listing, &catalogue->targets[i], call->lang);
    int closed = listing_close(&listing);
    code = code < 0 ? code : closed;
    reading_close(&reading);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

/* ---- history ---- */

static const struct listing_column history_columns[] = {
    { "period", "期别", "period", false },
    { "value", "数值", "value", true },
    { "status", "状态", "status", false },
    { "revision", "修订", "revision", true },
    { "submission", "报送", "submission", true },
    { "publisher", "发布者", "publisher", false },
    { "received_at", "收到", "received at", false },
    { "reason", "说明", "reason", false },
    { "released", "发布", "released", false },
    { "position", "序号", "position", true },
    { "row", "行", "row", true },
    { "latest", "现行", "latest", false },
    { "simulated", "模拟", "simulated", false },
    { "stage", "阶段", "stage", false },
};

enum { HISTORY_COLUMNS = sizeof history_columns / sizeof history_columns[0] };

static int
add_row(struct listing *listing, const struct catalogue *catalogue, const struct ledger_row *row)
{
    char period[CAL_TEXT_MAX];
    char received[CAL_TEXT_MAX];
    char released[CAL_TEXT_MAX];
    char revision[16];
    char submission[24];
    char position[24];
    char line[16];
    const char status[2] = { row->status, '\0' };
    (void)snprintf(revision, sizeof revision, "%u", (unsigned)row->revision);
    (void)snprintf(submission, sizeof submission, "%lld", (long long)row->submission);
    (void)snprintf(position, sizeof position, "%lld", (long long)row->position);
    (void)snprintf(line, sizeof line, "%u", (unsigned)row->row);
    const struct cat_publisher *publisher = catalogue_publisher(catalogue, row->publisher);
    const char *const cells[HISTORY_COLUMNS] = {
        cal_period_print(row->period, period),
        reading_cell(row->value),
        status,
        revision,
        submission,
        row->publisher,
        cal_instant_print(row->received, received),
        reading_cell(row->note),
        cal_date_print(row->released, released),
        position,
        line,
        row->is_latest ? "yes" : "no",
        publisher && publisher->is_simulated ? "yes" : "no",
        obs_stage_name(row->stage),
    };
    return listing_add(listing, cells);
}

static int
list_history(struct call *call, const struct reading *reading, const struct cat_area *area,
             const struct cat_indicator *indicator)
{
    struct view_series view;
    struct err_note note = { { 0 } };
    int code = view_series_read(reading->ledger, reading->site.catalogue, area, indicator,
                                &reading->as_of, &view, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    struct listing listing;
    listing_open(&listing, call->out, reading->format, call->lang, history_columns,
                 HISTORY_COLUMNS);
    bool is_all = call->options.value[OPTION_VINTAGES] != NULL;
    for (size_t i = 0; code == 0 && i < view.rows.count; i++)
        if (is_all || view.rows.rows[i].is_latest)
            code = add_row(&listing, reading->site.catalogue, &view.rows.rows[i]);
    int closed = listing_close(&listing);
    code = code < 0 ? code : closed;
    view_series_done(&view);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

int
verb_history(struct call *call)
{
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    const struct cat_area *area = reading_area(call, &reading, call->options.operand[1]);
    const struct cat_indicator *indicator =
        area ? reading_indicator(call, &reading, call->options.operand[2]) : NULL;
    exit_code = indicator ? list_history(call, &reading, area, indicator) : CALL_USAGE;
    reading_close(&reading);
    return exit_code;
}

/* ---- verdicts ---- */

static const struct listing_column verdict_columns[] = {
    { "target", "目标", "target", false },
    { "area", "地区", "area", false },
    { "indicator", "指标代码", "indicator", false },
    { "period", "期别", "period", false },
    { "level", "等级", "level", false },
    { "actual", "实际", "actual", true },
    { "expected", "应达", "expected", true },
    { "target_value", "目标值", "target value", true },
    { "completion", "完成率", "completion", true },
    { "ratio", "进度比", "ratio", true },
    { "gap", "差距", "gap", true },
    { "needed_pace", "所需速度", "needed pace", true },
    { "projection", "年末预计", "projection", true },
    { "reason", "理由", "reason", false },
    { "asked", "判断月", "asked", false },
    { "rule", "规则", "rule", false },
    { "method", "方法", "method", false },
    { "level_word", "等级名称", "level word", false },
    { "name", "指标", "name", false },
    { "unit", "单位", "unit", false },
    { "primary", "主", "primary", false },
    { "simulated", "模拟", "simulated", false },
    { "derived", "合成", "derived", false },
    { "provisional", "初步", "provisional", false },
    { "own_rule", "本期规则", "own rule", false },
    { "bands", "等级线", "bands", false },
    { "version", "版本自", "version from", false },
    { "year_on_year", "同比%", "year on year %", true },
    { "rest_growth", "其余需增长%", "growth needed %", true },
};

enum { VERDICT_COLUMNS = sizeof verdict_columns / sizeof verdict_columns[0] };

struct verdict_list {
    struct listing listing;
    enum lang lang;
    const struct cat_area *area; /* NULL: every one; so below */
    const struct cat_indicator *indicator;
    const struct cat_owner *owner;
    const struct cat_target *target;
};

/* Digits after the point: two more than the indicator usually has, for what is computed; ratios
 * have four. */
enum { RATIO_DECIMALS = 4, MORE_DECIMALS = 2, VERDICT_NUMBERS = 10 };

static int
add_verdict(void *context, const struct verdict *verdict, const struct verdict_evidence *evidence)
{
    (void)evidence;
    struct verdict_list *list = context;
    const struct cat_target *target = verdict->target;
    if ((list->area && list->area != target->area) ||
        (list->indicator && list->indicator != target->indicator) ||
        !is_owned(target, list->owner) ||
        (list->target && strcmp(list->target->id, target->id) != 0)) /* in whichever version */
        return 0;
    int decimals = target->indicator->decimals + MORE_DECIMALS;
    char period[CAL_TEXT_MAX] = "";
    char asked[CAL_TEXT_MAX];
    char numbers[VERDICT_NUMBERS][NUM_TEXT_MAX];
    char sentence[VERDICT_SENTENCE_MAX];
    char version[CAL_TEXT_MAX] = "";
    if (target->valid_from.days != INT32_MIN)
        cal_date_print(target->valid_from, version);
    if (verdict->period.freq != CAL_NONE)
        cal_period_print(verdict->period, period);
    const char *const cells[VERDICT_COLUMNS] = {
        target->id,
        target->area->id,
        target->indicator->id,
        reading_cell(period),
        level_name(verdict->level),
        reading_cell(num_print_short(verdict->actual, 9, numbers[0])),
        reading_cell(num_print_short(verdict->expected, decimals, numbers[1])),
        reading_cell(num_print_short(verdict->target_value, 9, numbers[2])),
        reading_cell(num_print_short(verdict->completion, RATIO_DECIMALS, numbers[3])),
        reading_cell(num_print_short(verdict->ratio, RATIO_DECIMALS, numbers[4])),
        reading_cell(num_print_short(verdict->gap, RATIO_DECIMALS, numbers[5])),
        reading_cell(num_print_short(verdict->needed_pace, RATIO_DECIMALS, numbers[6])),
        reading_cell(num_print_short(verdict->projection, decimals, numbers[7])),
        reading_cell(verdict_sentence(verdict, list->lang, sentence)),
        cal_period_print(verdict->asked, asked),
        rule_name(verdict->rule),
        method_name(target->method),
        level_word(verdict->level, list->lang),
        cat_name(&target->indicator->name, list->lang),
        cat_name(&target->indicator->unit->name, list->lang),
        target->is_primary ? "yes" : "no",
        verdict->is_simulated ? "yes" : "no",
        verdict->is_derived ? "yes" : "no",
        verdict->is_provisional ? "yes" : "no",
        rule_name(verdict->own_rule),
        verdict->bands ? verdict->bands->id : NULL,
        reading_cell(version),
        reading_cell(num_print_short(verdict->year_on_year, RATIO_DECIMALS, numbers[8])),
        reading_cell(num_print_short(verdict->rest_growth, RATIO_DECIMALS, numbers[9])),
    };
    return listing_add(&list->listing, cells);
}

/* What --area, --indicator and --target leave. CALL_DONE or an exit code. */
static int
read_filters(const struct call *call, const struct reading *reading, struct verdict_list *list)
{
    const char *const *value = call->options.value;
    if (value[OPTION_AREA]) {
        list->area = reading_area(call, reading, value[OPTION_AREA]);
        if (!list->area)
            return CALL_USAGE;
    }
    if (value[OPTION_INDICATOR]) {
        list->indicator = reading_indicator(call, reading, value[OPTION_INDICATOR]);
        if (!list->indicator)
            return CALL_USAGE;
    }
    if (value[OPTION_OWNER]) {
        list->owner = reading_owner(call, reading, value[OPTION_OWNER]);
        if (!list->owner)
            return CALL_USAGE;
    }
    if (value[OPTION_TARGET]) {
        list->target = reading_target(call, reading, value[OPTION_TARGET]);
        if (!list->target)
            return CALL_USAGE;
    }
    return CALL_DONE;
}

int
verb_verdicts(struct call *call)
{
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    struct verdict_list list = { .lang = call->lang };
    struct cal_period month = { .freq = CAL_NONE };
    exit_code = read_filters(call, &reading, &list);
    if (exit_code == CALL_DONE)
        exit_code = reading_month(call, &reading, &month);
    if (exit_code == CALL_DONE) {
        struct err_note note = { { 0 } };
        listing_open(&list.listing, call->out, reading.format, call->lang, verdict_columns,
                     VERDICT_COLUMNS);
        int code = view_each_verdict(reading.ledger, reading.site.catalogue, month, &reading.as_of,
                                     add_verdict, &list, &note);
        int closed = listing_close(&list.listing);
        code = code < 0 ? code : closed;
        exit_code = code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
    }
    reading_close(&reading);
    return exit_code;
}

/* ---- alerts ---- */

static const struct listing_column alert_columns[] = {
    { "id", "编号", "id", true },
    { "target", "目标", "target", false },
    { "area", "地区", "area", false },
    { "indicator", "指标代码", "indicator", false },
    { "level", "等级", "level", false },
    { "state", "状态", "state", false },
    { "opened_at", "发出", "opened at", false },
    { "last_change", "最近变化", "last change", false },
    { "reason", "理由", "reason", false },
    { "period", "期别", "period", false },
    { "level_word", "等级名称", "level word", false },
    { "name", "指标", "name", false },
};

enum { ALERT_COLUMNS = sizeof alert_columns / sizeof alert_columns[0] };

struct alert_list {
    struct listing listing;
    const struct catalogue *catalogue;
    enum lang lang;
};

static int
add_alert(void *context, const struct ledger_alert *alert)
{
    struct alert_list *list = context;
    char id[24];
    char opened[CAL_TEXT_MAX];
    char changed[CAL_TEXT_MAX];
    char period[CAL_TEXT_MAX];
    (void)snprintf(id, sizeof id, "%lld", (long long)alert->id);
    const struct cat_indicator *indicator = catalogue_indicator(list->catalogue, alert->indicator);
    const char *const cells[ALERT_COLUMNS] = {
        id,
        alert->target,
        alert->area,
        alert->indicator,
        level_name(alert->level),
        alert->state,
        cal_date_print(alert->opened, opened),
        cal_date_print(alert->last_change, changed),
        reading_cell(SAY(list->lang, alert->reason_zh, alert->reason_en)),
        cal_period_print(alert->period, period),
        level_word(alert->level, list->lang),
        indicator ? cat_name(&indicator->name, list->lang) : NULL,
    };
    return listing_add(&list->listing, cells);
}

int
verb_alerts(struct call *call)
{
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    struct alert_list list = { .catalogue = reading.site.catalogue, .lang = call->lang };
    struct err_note note = { { 0 } };
    listing_open(&list.listing, call->out, reading.format, call->lang, alert_columns,
                 ALERT_COLUMNS);
    int code = ledger_each_alert(reading.ledger, &reading.as_of,
                                 call->options.value[OPTION_OPEN] != NULL, add_alert, &list, &note);
    int closed = listing_close(&list.listing);
    code = code < 0 ? code : closed;
    reading_close(&reading);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}
