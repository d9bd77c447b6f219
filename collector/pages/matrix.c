/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/`: the first screen. 附1 as it is printed, indicators by areas, each cell with its level in
 * colour and word; below it the targets of the city alone (附2), by category. */
#include "collector/pages/format.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"

#include <string.h>

static bool
is_column(const struct cat_area *area)
{
    return area->kind == AREA_DISTRICT || area->kind == AREA_ZONE;
}

static const struct cat_area *
city_of(const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->area_count; i++) {
        if (catalogue->areas[i].kind == AREA_CITY)
            return &catalogue->areas[i];
    }
    return NULL;
}

/* ---- head ---- */

static int
take_first(void *context, const struct ledger_submission *submission)
{
    *(struct wall_time *)context = submission->received;
    return 1;
}

/* Who sent when last: one line. */
static int
put_freshness(struct page *page)
{
    struct html *out = page->out;
    html_put(out, "<p class=\"fresh\">%s%s", say(page, W_LAST_RECEIVED), say(page, W_COLON));
    for (size_t i = 0; i < page->catalogue->publisher_count; i++) {
        const struct cat_publisher *publisher = &page->catalogue->publishers[i];
        struct wall_time received = { 0 };
        if (publisher->is_simulated)
            continue;
        int rc = ledger_each_submission(page->pages->ledger, publisher->id, 1, take_first,
                                        &received, page->note);
        if (rc < 0)
            return page_failed(page, "submissions", rc);
        html_put(out, "<span>%s ", name_of(page, &publisher->name));
        piece_moment(page, received);
        html_put(out, "</span> ");
    }
    html_put(out, "</p>\n");
    return 200;
}

static void
put_legend(struct page *page)
{
    static const enum word words[LEVEL_COUNT] = {
        [LEVEL_NORMAL] = W_LEGEND_NORMAL,
        [LEVEL_REMIND] = W_LEGEND_REMIND,
        [LEVEL_WARN] = W_LEGEND_WARN,
        [LEVEL_SEVERE] = W_LEGEND_SEVERE,
        [LEVEL_REACHED] = W_LEGEND_REACHED,
        [LEVEL_UNKNOWN] = W_LEGEND_UNKNOWN,
        [LEVEL_NOT_DUE] = W_LEGEND_NOT_DUE,
        [LEVEL_PENDING] = W_LEGEND_PENDING,
        [LEVEL_NOT_APPLICABLE] = W_LEGEND_NOT_APPLICABLE,
    };
    struct html *out = page->out;
    html_put(out, "<details class=\"legend\"><summary>%s</summary>\n<dl>\n", say(page, W_LEGEND));
    for (int level = 0; level < LEVEL_COUNT; level++) {
        html_put(out, "<div><dt>");
        piece_level(page, (enum level)level);
        html_put(out, "</dt><dd>%s</dd></div>\n", say(page, words[level]));
    }
    html_put(out, "</dl>\n</details>\n");
}

static int
put_top(struct page *page, const struct model *model)
{
    struct html *out = page->out;
    char month[FORMAT_MAX];
    format_period(page->month, CUMULATION_MONTH, page->lang, month);
    html_put(out, "<div class=\"title\"><h1>%s <span class=\"month\">%s</span></h1>\n",
             say(page, W_MATRIX), month);
    layout_selector(page, true);
    html_put(out, "</div>\n");
    piece_simulated_notice(page, model->has_simulated);
    piece_counts(page, model);
    int status = put_freshness(page);
    put_legend(page);
    return status;
}

/* ---- the matrix ---- */

static void
put_columns(struct page *page, const struct cat_area *city)
{
    struct html *out = page->out;
    html_put(out, "<thead><tr><th scope=\"col\" class=\"corner\">%s</th>", say(page, W_INDICATOR));
    for (size_t i = 0; i < page->catalogue->area_count; i++) {
        const struct cat_area *area = &page->catalogue->areas[i];
        if (!is_column(area))
            continue;
        html_put(out, "<th scope=\"col\"><a");
        layout_href(page, "area", area->id, NULL);
        html_put(out, ">%s</a></th>", name_of(page, &area->name));
    }
    if (city) {
        html_put(out, "<th scope=\"col\" class=\"city\"><a");
        layout_href(page, "area", city->id, NULL);
        html_put(out, ">%s</a></th>", name_of(page, &city->name));
    }
    html_put(out, "</tr></thead>\n<tbody>\n");
}

/* One cell. `joint` names the joint area the cell speaks of, or is NULL. */
static void
put_cell(struct page *page, const struct verdict *verdict, const struct cat_area *joint,
         bool is_city)
{
    struct html *out = page->out;
    const struct cat_target *target = verdict->target;
    char sentence[VERDICT_SENTENCE_MAX];
    html_put(out, "<td class=\"cell %s\" data-level=\"%s\">", is_city ? "city" : "",
             level_name(verdict->level));
    layout_target_link(page, target);
    html_put(out, "<span class=\"box\" title=\"%s\">",
             verdict_sentence(verdict, page->lang, sentence));
    piece_level(page, verdict->level);
    bool has_value = verdict->period.freq != CAL_NONE;
    if (has_value || (verdict->level != LEVEL_NOT_APPLICABLE && verdict->level != LEVEL_PENDING)) {
        html_put(out, "<span class=\"latest\">");
        piece_latest(page, verdict);
        html_put(out, "</span>");
    }
    if (joint)
        html_put(out, "<span class=\"joint\">%s</span>", name_of(page, &joint->name));
    html_put(out, "<span class=\"goal\">%s ", say(page, W_TARGET));
    if (piece_is_phrase(target) && target->value.text[0])
        html_put(out, "<span lang=\"zh-CN\" title=\"%s\">%s %s</span>", target->text,
                 comparator_name(target->comparator), target->value.text);
    else if (target->text[0])
        html_put(out, "<span lang=\"zh-CN\">%s</span>", target->text);
    else
        html_put(out, "%s", say(page, W_BLANK_CELL));
    html_put(out, "</span></span></a></td>");
}

/* The column of an area in the row of an indicator: its own target; a joint one where it is the
 * joint area's first member; else why not. */
static void
put_area_cell(struct page *page, const struct model *model, const struct cat_area *area,
              const struct cat_indicator *indicator)
{
    const struct verdict *own = model_find(model, area, indicator);
    const struct verdict *joint = model_find_joint(model, area, indicator);
    if (joint && joint->target->area->members[0] == area && !own)
        put_cell(page, joint, joint->target->area, false);
    else if (own)
        put_cell(page, own, joint ? joint->target->area : NULL, false);
    else
        html_put(page->out, "<td class=\"cell none\">%s</td>",
                 area->has_numbers ? "—" : say(page, W_NO_NUMBER));
}

static void
put_row(struct page *page, const struct model *model, const struct cat_indicator *indicator,
        const struct cat_area *city)
{
    struct html *out = page->out;
    html_put(out, "<tr><th scope=\"row\"><a");
    layout_href(page, "indicator", indicator->id, NULL);
    html_put(out, ">%s</a> <span class=\"unit\">%s</span></th>", name_of(page, &indicator->name),
             name_of(page, &indicator->unit->name));
    for (size_t i = 0; i < page->catalogue->area_count; i++) {
        if (is_column(&page->catalogue->areas[i]))
            put_area_cell(page, model, &page->catalogue->areas[i], indicator);
    }
    const struct verdict *verdict = city ? model_find(model, city, indicator) : NULL;
    if (verdict)
        put_cell(page, verdict, NULL, true);
    else if (city)
        html_put(out, "<td class=\"cell none city\">—</td>");
    html_put(out, "</tr>\n");
}

static void
put_matrix(struct page *page, const struct model *model, const struct cat_area *city)
{
    struct html *out = page->out;
    html_put(out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table "
             "class=\"matrix\">\n<caption>%s <span class=\"aside\">%s</span></caption>\n",
             say(page, W_SPLIT_TITLE), say(page, W_SPLIT_TITLE), say(page, W_ANNEX));
    put_columns(page, city);
    for (size_t i = 0; i < page->catalogue->indicator_count; i++) {
        if (model_is_split(model, &page->catalogue->indicators[i]))
            put_row(page, model, &page->catalogue->indicators[i], city);
    }
    html_put(out, "</tbody>\n</table>\n</div>\n");
}

/* ---- the city's own targets ---- */

static void
put_city_list(struct page *page, const struct model *model, const struct cat_area *city, bool later)
{
    const char *category = "";
    const char *title = say(page, later ? W_LATER_TITLE : W_CITY_TITLE);
    html_put(page->out, "<h2>%s</h2>\n", title);
    piece_targets_begin(page, PIECE_BY_INDICATOR, title);
    for (size_t i = 0; i < page->catalogue->indicator_count; i++) {
        const struct cat_indicator *indicator = &page->catalogue->indicators[i];
        const struct verdict *verdict =
            later ? model_find_later(model, city, indicator) : model_find(model, city, indicator);
        if (!verdict || (!later && model_is_split(model, indicator)))
            continue;
        if (strcmp(category, indicator->category) != 0)
            piece_targets_group(page, indicator->category);
        category = indicator->category;
        piece_targets_row(page, PIECE_BY_INDICATOR, verdict);
    }
    piece_targets_end(page);
}

static bool
has_later(const struct model *model)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->verdicts[i].target->period == TARGET_BY_YEAR)
            return true;
    return false;
}

int
page_matrix(struct page *page)
{
    struct model model = { 0 };
    const struct cat_area *city = city_of(page->catalogue);
    int status = page_read_month(page, "month");
    status = status ? status : model_read(page, &model);
    if (status != 200)
        return status;
    layout_begin(page, W_MATRIX, say(page, W_MATRIX));
    status = put_top(page, &model);
    if (model.count == 0)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_TARGETS));
    if (model.count > 0)
        put_matrix(page, &model, city);
    if (model.count > 0 && city)
        put_city_list(page, &model, city, false);
    if (has_later(&model))
        put_city_list(page, &model, city, true);
    layout_end(page);
    model_done(&model);
    return status;
}
