/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"
#include "collector/pages/terms.h"

/* ---- values ---- */

static void
put_publisher(struct page *page, const struct ledger_row *row)
{
    const struct cat_publisher *publisher = catalogue_publisher(page->catalogue, row->publisher);
    html_put(page->out, "<td>%s", publisher ? name_of(page, &publisher->name) : row->publisher);
    if (publisher && publisher->is_simulated)
        html_put(page->out, " <span class=\"sim\" title=\"%s\">%s</span>",
                 say(page, W_SIMULATED_LONG), say(page, W_SIMULATED));
    html_put(page->out, "</td>");
}

static void
put_revision(struct page *page, uint16_t revision)
{
    if (revision == 0)
        html_put(page->out, "<td>%s</td>", say(page, W_FIRST_VALUE));
    else
        html_put(page->out, "<td>%u</td>", (unsigned)revision);
}

static void
put_submission(struct page *page, const struct ledger_row *row)
{
    struct ledger_submission submission;
    bool has_name = ledger_submission(page->pages->ledger, row->submission, &submission, NULL) == 0;
    html_put(page->out, "<td class=\"file\">%s <span class=\"unit\">#%lld · %s %u</span></td>",
             has_name ? submission.name : "", (long long)row->submission, say(page, W_ROW),
             (unsigned)row->row);
}

/* All cells of a row but the first. */
static void
put_row_cells(struct page *page, const struct ledger_row *row)
{
    struct html *out = page->out;
    char released[CAL_TEXT_MAX];
    const char status[2] = { row->status, '\0' };
    html_put(out, "<td class=\"number\">%s</td><td>%s %s%s%s</td>",
             row->value[0] ? row->value : "—", status, term_status(row->status, page->lang),
             row->stage ? " · " : "", term_stage(row->stage, page->lang));
    put_revision(page, row->revision);
    html_put(out, "<td>%s</td>", cal_date_print(row->released, released));
    put_publisher(page, row);
    html_put(out, "<td>%s</td><td>", row->note);
    piece_moment(page, row->received);
    html_put(out, "</td>");
    put_submission(page, row);
}

/* One period: rows[from..to), the one in force shown, the others folded. */
static void
put_period(struct page *page, const struct view_series *view, size_t from, size_t to)
{
    struct html *out = page->out;
    const struct ledger_row *rows = view->rows.rows;
    char words[FORMAT_MAX];
    char exact[CAL_TEXT_MAX];
    size_t latest = to - 1;
    for (size_t i = from; i < to; i++) {
        if (rows[i].is_latest)
            latest = i;
    }
    html_put(out, "<tr><th scope=\"row\"><span title=\"%s\">%s</span>",
             cal_period_print(rows[from].period, exact),
             format_period(rows[from].period, view->indicator->cumulation, page->lang, words));
    html_put(out, "</th>");
    put_row_cells(page, &rows[latest]);
    html_put(out, "</tr>\n");
    if (to - from < 2)
        return;
    html_put(out,
             "<tr class=\"earlier\"><td colspan=\"9\"><details><summary>%s%s%zu "
             "%s</summary>\n<table><tbody>\n",
             words, say(page, W_COLON), to - from - 1, say(page, W_EARLIER));
    for (size_t i = from; i < to; i++) {
        if (i == latest)
            continue;
        html_put(out, "<tr>");
        put_row_cells(page, &rows[i]);
        html_put(out, "</tr>\n");
    }
    html_put(out, "</tbody></table>\n</details></td></tr>\n");
}

static void
put_values_head(struct page *page)
{
    static const enum word heads[] = { W_PERIOD,    W_VALUE, W_STATUS,   W_REVISION,  W_RELEASED,
                                       W_PUBLISHER, W_NOTE,  W_RECEIVED, W_SUBMISSION };
    struct html *out = page->out;
    html_put(out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table "
             "class=\"values\">\n"
             "<caption class=\"unseen\">%s</caption>\n<thead><tr>",
             say(page, W_VALUES), say(page, W_VALUES));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        piece_head(page, heads[i], heads[i] == W_VALUE);
    html_put(out, "</tr></thead>\n<tbody>\n");
}

void
history_values(struct page *page, const struct view_series *view)
{
    const struct ledger_rows *rows = &view->rows;
    size_t shown = 0;
    html_put(page->out, "<section><h2>%s <span class=\"aside\">%s</span></h2>\n",
             say(page, W_VALUES), name_of(page, &view->indicator->unit->name));
    if (rows->count == 0) {
        html_put(page->out, "<p>%s</p>\n</section>\n", say(page, W_NO_ROWS));
        return;
    }
    put_values_head(page);
    for (size_t to = rows->count; to > 0 && shown < HISTORY_PERIODS_MAX; shown++) {
        size_t from = to - 1;
        while (from > 0 && cal_period_equal(rows->rows[from - 1].period, rows->rows[to - 1].period))
            from--;
        put_period(page, view, from, to);
        to = from;
    }
    html_put(page->out, "</tbody>\n</table>\n</div>\n</section>\n");
}

/* ---- alerts ---- */

struct reading {
    struct alert_list *list;
    const char *area;
    const char *indicator;
};

static int
take_alert(void *context, const struct ledger_alert *alert)
{
    struct reading *reading = context;
    struct alert_list *list = reading->list;
    if ((reading->area && strcmp(reading->area, alert->area) != 0) ||
        (reading->indicator && strcmp(reading->indicator, alert->indicator) != 0))
        return 0;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct ledger_alert *alerts = realloc(list->alerts, room * sizeof *alerts);
        if (!alerts)
            return -ENOMEM;
        list->alerts = alerts;
        list->room = room;
    }
    list->alerts[list->count++] = *alert;
    return 0;
}

int
alert_list_read(struct page *page, const char *area, const char *indicator,
                struct alert_list *ret_list)
{
    struct alert_list list = { 0 };
    struct reading reading = { .list = &list, .area = area, .indicator = indicator };
    int rc = ledger_each_alert(page->pages->ledger, &page->as_of, false, take_alert, &reading,
                               page->note);
    if (rc) {
        alert_list_done(&list);
        return page_failed(page, "alerts", rc);
    }
    *ret_list = list;
    return 200;
}

void
alert_list_done(struct alert_list *list)
{
    free(list->alerts);
    *list = (struct alert_list){ 0 };
}

const struct cat_target *
alert_target(const struct page *page, const struct ledger_alert *alert)
{
    return catalogue_target(page->catalogue, alert->target);
}

const char *
alert_state_words(const struct page *page, const struct ledger_alert *alert)
{
    if (strcmp(alert->state, "open") == 0)
        return say(page, W_STATE_OPEN);
    return say(page, strcmp(alert->state, "withdrawn") == 0 ? W_STATE_WITHDRAWN : W_STATE_RESOLVED);
}

static int
put_event(void *context, const struct ledger_alert_event *event)
{
    struct page *page = context;
    char at[CAL_TEXT_MAX];
    char period[CAL_TEXT_MAX];
    html_put(page->out, "<tr><td>%s</td><td>%s</td><td>%s</td><td>", cal_date_print(event->at, at),
             event->period.freq == CAL_NONE ? "" : cal_period_print(event->period, period),
             alert_event_word(event->event, page->lang));
    piece_level(page, event->level);
    html_put(page->out, "</td><td class=\"sentence\">%s</td></tr>\n",
             page->lang == LANG_ZH ? event->reason_zh : event->reason_en);
    return 0;
}

static int
put_events(struct page *page, const struct ledger_alert *alert)
{
    struct html *out = page->out;
    html_put(out,
             "<table class=\"events\">\n<caption>#%lld · %s</caption>\n<thead><tr><th "
             "scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
             (long long)alert->id, alert_state_words(page, alert), say(page, W_RELEASED),
             say(page, W_PERIOD), say(page, W_EVENT), say(page, W_LEVEL), say(page, W_REASON));
    int rc = ledger_each_alert_event(page->pages->ledger, alert->id, put_event, page, page->note);
    html_put(out, "</tbody>\n</table>\n");
    return rc ? page_failed(page, "alert events", rc) : 200;
}

int
history_alerts(struct page *page, const struct view_series *view)
{
    struct alert_list list = { 0 };
    int status = alert_list_read(page, view->area->id, view->indicator->id, &list);
    if (status != 200)
        return status;
    html_put(page->out, "<section><h2>%s</h2>\n", say(page, W_ALERT_HISTORY));
    if (list.count == 0)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_ALERTS));
    for (size_t i = 0; i < list.count && status == 200; i++)
        status = put_events(page, &list.alerts[i]);
    html_put(page->out, "</section>\n");
    alert_list_done(&list);
    return status;
}
