/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/alerts`: what is open first, then what is over, newest change first. */
#include <string.h>

#include "collector/pages/history.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"

static void
put_alert(struct page *page, const struct ledger_alert *alert)
{
    struct html *out = page->out;
    const struct cat_area *area = catalogue_area(page->catalogue, alert->area);
    const struct cat_indicator *indicator = catalogue_indicator(page->catalogue, alert->indicator);
    const struct cat_target *target = alert_target(page, alert);
    char opened[CAL_TEXT_MAX];
    char changed[CAL_TEXT_MAX];
    html_put(out, "<tr data-level=\"%s\"><td class=\"level\">", level_name(alert->level));
    piece_level(page, alert->level);
    html_put(out, "</td><th scope=\"row\"><a");
    layout_href(page, "area", alert->area, alert->indicator);
    html_put(out,
             ">%s · %s</a></th><td class=\"sentence\">%s</td><td>%s</td><td>%s</td><td>%s</td>",
             area ? name_of(page, &area->name) : alert->area,
             indicator ? name_of(page, &indicator->name) : alert->indicator,
             page->lang == LANG_ZH ? alert->reason_zh : alert->reason_en,
             cal_date_print(alert->opened, opened), cal_date_print(alert->last_change, changed),
             target && target->lead ? name_of(page, &target->lead->name) : "");
    html_put(out, "<td>%s</td><td class=\"source\">#%lld</td></tr>\n",
             alert_state_words(page, alert), (long long)alert->id);
}

static void
put_alerts(struct page *page, const struct alert_list *list, bool is_open, enum word title)
{
    static const enum word heads[] = { W_LEVEL,       W_TARGET, W_REASON, W_OPENED,
                                       W_LAST_CHANGE, W_LEAD,   W_STATE,  W_ID };
    struct html *out = page->out;
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += (strcmp(list->alerts[i].state, "open") == 0) == is_open;
    html_put(out, "<section><h2>%s <span class=\"aside\">%zu</span></h2>\n", say(page, title),
             count);
    if (count == 0) {
        html_put(out, "<p>%s</p>\n</section>\n", say(page, W_NO_ALERTS));
        return;
    }
    html_put(out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table "
             "class=\"alerts\">\n<caption class=\"unseen\">%s</caption>\n<thead><tr>",
             say(page, title), say(page, title));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        html_put(out, "<th scope=\"col\">%s</th>", say(page, heads[i]));
    html_put(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < list->count; i++) {
        if ((strcmp(list->alerts[i].state, "open") == 0) == is_open)
            put_alert(page, &list->alerts[i]);
    }
    html_put(out, "</tbody>\n</table>\n</div>\n</section>\n");
}

int
page_alerts(struct page *page)
{
    struct alert_list list = { 0 };
    int status = request_param(page->request, "month") ? page_read_month(page, "month") : 0;
    status = status ? status : alert_list_read(page, NULL, NULL, &list);
    if (status != 200)
        return status;
    layout_begin(page, W_ALERTS, say(page, W_ALERTS));
    html_put(page->out, "<div class=\"title\"><h1>%s</h1>\n", say(page, W_ALERTS));
    layout_selector(page, false);
    html_put(page->out, "</div>\n");
    put_alerts(page, &list, true, W_OPEN_ALERTS);
    put_alerts(page, &list, false, W_CLOSED_ALERTS);
    layout_end(page);
    alert_list_done(&list);
    return 200;
}
