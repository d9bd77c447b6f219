/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/api/v1/...`: {"status":"success","data":[...]}, one object a row, its fields the columns of the
 * command line's listings. Measured and computed values are decimal strings, so that nothing is
 * lost in a reader's floating point; what is not there is null. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/api_fields.h"
#include "collector/pages/format.h"
#include "collector/pages/history.h"
#include "collector/pages/model.h"
#include "collector/revision_stats.h"

/* ---- observations ---- */

static json_t *
observation(const struct page *page, const struct view_series *view, const struct ledger_row *row)
{
    const struct cat_publisher *publisher = catalogue_publisher(page->catalogue, row->publisher);
    const char status[2] = { row->status, '\0' };
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:i, s:I, s:i, s:s, s:b, s:o, s:o, s:o, s:b, s:I, "
                     "s:s}",
                     "area", view->area->id, "indicator", view->indicator->id, "period",
                     api_period(row->period), "value", api_text(row->value), "status", status,
                     "revision", (int)row->revision, "submission", (json_int_t)row->submission,
                     "row", (int)row->row, "publisher", row->publisher, "simulated",
                     publisher && publisher->is_simulated, "released", api_day(row->released),
                     "received_at", api_instant(row->received), "reason", api_text(row->note),
                     "latest", row->is_latest, "position", (json_int_t)row->position, "stage",
                     obs_stage_name(row->stage));
}

static int
answer_observations(struct page *page, const struct view_series *view, struct cal_date from,
                    struct cal_date to, bool all)
{
    json_t *data = json_array();
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct ledger_row *row = &view->rows.rows[i];
        bool is_inside = cal_period_first(row->period).days >= from.days &&
                         cal_period_after(row->period).days <= to.days + 1;
        if (is_inside && (all || row->is_latest) &&
            json_array_append_new(data, observation(page, view, row)) != 0) {
            json_decref(data);
            data = NULL;
            break;
        }
    }
    return api_answer(page, data);
}

static int
missing(const struct page *page, const char *key)
{
    return err_set(page->note, 400,
                   page->lang == LANG_ZH ? "缺少参数 %s" : "parameter '%s' is missing", key);
}

int
api_observations(struct page *page)
{
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct cal_date from = cal_date_of(1900, 1, 1);
    struct cal_date to = cal_date_of(2199, 12, 31);
    bool all = false;
    struct view_series view;
    int status = param_area(page, "area", &area);
    status = status ? status : param_indicator(page, "indicator", &indicator);
    status = status ? status : param_day(page, "from", false, &from);
    status = status ? status : param_day(page, "to", true, &to);
    status = status ? status : param_bool(page, "vintages", &all);
    if (status)
        return status;
    if (!area || !indicator)
        return missing(page, area ? "indicator" : "area");
    int rc = view_series_read(page->pages->ledger, page->catalogue, area, indicator, &page->as_of,
                              &view, page->note);
    if (rc)
        return page_failed(page, "series", rc);
    status = answer_observations(page, &view, from, to, all);
    view_series_done(&view);
    return status;
}

/* ---- revisions ---- */

static json_t *
revision_object(const struct revision_row *row, int horizon)
{
    const struct revision_sum *sum = &row->sums[horizon];
    int decimals = row->indicator->decimals + MORE_DECIMALS;
    return json_pack("{s:s, s:s, s:i, s:I, s:I, s:o, s:o, s:o}", "publisher", row->publisher,
                     "indicator", row->indicator->id, "months", REVISION_MONTHS[horizon], "periods",
                     (json_int_t)sum->count, "revised", (json_int_t)sum->revised, "mean",
                     api_number(revision_mean(sum), decimals), "mean_absolute",
                     api_number(revision_mean_absolute(sum), decimals), "relative",
                     api_number(revision_relative(sum), RATIO_DECIMALS));
}

int
api_revisions(struct page *page)
{
    struct revision_filter filter = { NULL, NULL };
    struct revision_table table;
    int status = param_area(page, "area", &filter.area);
    status = status ? status : param_indicator(page, "indicator", &filter.indicator);
    if (status)
        return status;
    int rc = revision_stats(page->pages->ledger, page->catalogue, &filter, &page->as_of,
                            page->as_of.today, &table, page->note);
    if (rc)
        return page_failed(page, "revisions", rc);
    json_t *data = json_array();
    for (size_t i = 0; data && i < table.count * REVISION_HORIZONS; i++) {
        const struct revision_row *row = &table.rows[i / REVISION_HORIZONS];
        if (json_array_append_new(data, revision_object(row, (int)(i % REVISION_HORIZONS))) != 0) {
            json_decref(data);
            data = NULL;
        }
    }
    revision_stats_done(&table);
    return api_answer(page, data);
}

/* ---- targets ---- */

/* Adds what names alone do not tell; false when out of memory. */
static bool
add_target_ids(json_t *object, const struct cat_target *target)
{
    const struct cat_unit *unit = target->unit ? target->unit : target->indicator->unit;
    return json_object_set_new(object, "unit_id", json_string(unit->id)) == 0 &&
           json_object_set_new(object, "owner_id",
                               api_text(target->owner ? target->owner->id : NULL)) == 0 &&
           json_object_set_new(object, "lead_id",
                               api_text(target->lead ? target->lead->id : NULL)) == 0 &&
           json_object_set_new(object, "reference",
                               api_text(target->reference ? target->reference->id : NULL)) == 0 &&
           json_object_set_new(object, "wording", api_text(target->wording)) == 0 &&
           json_object_set_new(object, "note", api_text(target->note)) == 0 &&
           json_object_set_new(object, "period", json_string(target_period_name(target->period))) ==
               0 &&
           json_object_set_new(object, "from", json_integer(target->from)) == 0 &&
           json_object_set_new(object, "valid_from", api_day_or_null(target->valid_from)) == 0;
}

static json_t *
target_object(const struct page *page, const struct cat_target *target)
{
    const struct cat_unit *unit = target->unit ? target->unit : target->indicator->unit;
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:b, s:o, s:o, s:o}",
        "target", target->id, "source", target->source, "area", target->area->id, "indicator",
        target->indicator->id, "year", target->year, "name",
        api_name(page, &target->indicator->name), "unit", api_name(page, &unit->name), "text",
        api_text(target->text), "value", api_text(target->value.text), "comparator",
        comparator_name(target->comparator), "status", target_status_name(target->status), "method",
        method_name(target->method), "primary", target->is_primary, "owner",
        api_name(page, target->owner ? &target->owner->name : NULL), "lead",
        api_name(page, target->lead ? &target->lead->name : NULL), "accountable",
        api_text(target->accountable));
    if (object && add_target_ids(object, target))
        return object;
    json_decref(object);
    return NULL;
}

int
api_targets(struct page *page)
{
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    int year = catalogue_target_year(page->catalogue);
    int status = param_year(page, "year", &year);
    status = status ? status : param_area(page, "area", &area);
    status = status ? status : param_indicator(page, "indicator", &indicator);
    if (status)
        return status;
    json_t *data = json_array();
    struct cal_date day = view_rules_day(cal_month(year, 12), &page->as_of);
    for (size_t i = 0; data && i < page->catalogue->target_count; i++) {
        const struct cat_target *target = &page->catalogue->targets[i];
        if (!target_is_of_year(target, year) || !target_in_force(target, day) ||
            (area && target->area != area) || (indicator && target->indicator != indicator))
            continue;
        if (json_array_append_new(data, target_object(page, target)) != 0) {
            json_decref(data);
            data = NULL;
        }
    }
    return api_answer(page, data);
}

/* ---- alerts ---- */

static json_t *
alert_object(const struct page *page, const struct ledger_alert *alert)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "id",
                     (json_int_t)alert->id, "target", alert->target, "area", alert->area,
                     "indicator", alert->indicator, "level", level_name(alert->level), "state",
                     alert->state, "period", api_period(alert->period), "opened_at",
                     api_day(alert->opened), "last_change", api_day(alert->last_change), "reason",
                     page->lang == LANG_ZH ? alert->reason_zh : alert->reason_en);
}

int
api_alerts(struct page *page)
{
    static const char *const states[] = { "open", "resolved", "withdrawn" };
    const char *state = request_param(page->request, "state");
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct alert_list list = { 0 };
    bool is_known = !state;
    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
        is_known = is_known || strcmp(state, states[i]) == 0;
    int status = is_known ? 0
                          : param_refuse(page, "state", state, " open、resolved 或 withdrawn",
                                         "open, resolved or withdrawn");
    status = status ? status : param_area(page, "area", &area);
    status = status ? status : param_indicator(page, "indicator", &indicator);
    status = status ? status
                    : alert_list_read(page, area ? area->id : NULL,
                                      indicator ? indicator->id : NULL, &list);
    if (status != 200)
        return status;
    json_t *data = json_array();
    for (size_t i = 0; data && i < list.count; i++) {
        if (state && strcmp(list.alerts[i].state, state) != 0)
            continue;
        if (json_array_append_new(data, alert_object(page, &list.alerts[i])) != 0) {
            json_decref(data);
            data = NULL;
        }
    }
    alert_list_done(&list);
    return api_answer(page, data);
}
