/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/area/ID`: every target of one area with its verdict in a sentence. `/indicator/ID`: one
 * indicator in every area that has a target for it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"
#include "core/rollup.h"

/* Keeps only what belongs to one area or one indicator, and counts anew. Whichever is NULL does not
 * matter. */
static void
narrow(struct model *model, const struct cat_area *area, const struct cat_indicator *indicator)
{
    struct model narrowed = { .catalogue = model->catalogue, .verdicts = model->verdicts };
    for (size_t i = 0; i < model->count; i++) {
        const struct verdict *verdict = &model->verdicts[i];
        const struct cat_target *target = verdict->target;
        bool is_of_area = !area || target->area == area || area_has_member(target->area, area);
        if (!is_of_area || (indicator && target->indicator != indicator))
            continue;
        narrowed.has_simulated = narrowed.has_simulated || verdict->is_simulated;
        narrowed.levels[verdict->level] += model_counts(model, verdict);
        narrowed.primaries += model_counts(model, verdict);
        narrowed.verdicts[narrowed.count++] = *verdict;
    }
    *model = narrowed;
}

static void
put_title(struct page *page, const char *title)
{
    char month[FORMAT_MAX];
    html_put(page->out, "<div class=\"title\"><h1>%s <span class=\"month\">%s</span></h1>\n", title,
             format_period(page->month, CUMULATION_MONTH, page->lang, month));
    layout_selector(page, true);
    html_put(page->out, "</div>\n");
}

/* ---- an area ---- */

static void
put_area_targets(struct page *page, const struct model *model, const char *caption)
{
    const char *category = "";
    piece_targets_begin(page, PIECE_BY_INDICATOR, caption);
    for (size_t k = 0; k < page->catalogue->indicator_count; k++) {
        const struct cat_indicator *indicator = &page->catalogue->indicators[k];
        for (size_t i = 0; i < model->count; i++) {
            if (model->verdicts[i].target->indicator != indicator)
                continue;
            if (strcmp(category, indicator->category) != 0)
                piece_targets_group(page, indicator->category);
            category = indicator->category;
            piece_targets_row(page, PIECE_BY_INDICATOR, &model->verdicts[i]);
        }
    }
    piece_targets_end(page);
}

static void
put_area(struct page *page, const struct model *model, const struct cat_area *area)
{
    const char *name = name_of(page, &area->name);
    char title[FORMAT_MAX * 2];
    (void)snprintf(title, sizeof title, page->lang == LANG_ZH ? "%s的目标" : "%s: targets", name);
    layout_begin(page, W_MATRIX, title);
    put_title(page, title);
    piece_simulated_notice(page, model->has_simulated);
    if (!area->has_numbers)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_NUMBER_LONG));
    else if (model->count == 0)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_TARGETS));
    if (model->count > 0) {
        piece_counts(page, model);
        put_area_targets(page, model, title);
    }
    layout_end(page);
}

int
page_area(struct page *page)
{
    const struct cat_area *area;
    struct model model = { 0 };
    int status = segment_area(page, page->request->segments[1], &area);
    status = status ? status : page_read_month(page, "month");
    status = status ? status : model_read(page, &model);
    if (status != 200)
        return status;
    narrow(&model, area, NULL);
    put_area(page, &model, area);
    model_done(&model);
    return 200;
}

/* ---- an indicator ---- */

static const char *
cumulation_words(const struct page *page, enum cumulation cumulation)
{
    return say(page, cumulation == CUMULATION_YTD     ? W_YTD
                     : cumulation == CUMULATION_STOCK ? W_STOCK
                                                      : W_SINGLE);
}

static void
put_facts(struct page *page, const struct cat_indicator *indicator)
{
    html_put(
        page->out,
        "<dl "
        "class=\"facts\">\n<div><dt>%s</dt><dd>%s</dd></div>\n<div><dt>%s</dt><dd>%s</dd></div>\n"
        "<div><dt>%s</dt><dd>%s</dd></div>\n<div><dt>%s</dt><dd "
        "lang=\"zh-CN\">%s</dd></div>\n</dl>\n",
        say(page, W_UNIT), name_of(page, &indicator->unit->name), say(page, W_CUMULATION),
        cumulation_words(page, indicator->cumulation), say(page, W_CALENDAR),
        name_of(page, &indicator->calendar->name), say(page, W_CATEGORY), indicator->category);
}

/* What the districts' values come to beside the city's own: never instead of it. */
static void
put_rollup(struct page *page, const struct model *model, const struct cat_indicator *indicator)
{
    struct rollup r;
    char period[FORMAT_MAX], districts[FORMAT_MAX], city[FORMAT_MAX], gap[FORMAT_MAX];
    if (!rollup_sum(model->verdicts, model->count, indicator, &r))
        return;
    format_value(r.districts, indicator->decimals, districts);
    format_value(r.city, indicator->decimals, city);
    html_put(page->out, "<p class=\"rollup\">%s <b>", say(page, W_ROLLUP));
    if (isnan(r.gap))
        html_put(page->out, "%s (%zu/%zu)", say(page, W_ROLLUP_OPEN), r.reported, r.expected);
    else
        html_put(page->out, "%s − %s = %s%s %s", districts, city, r.gap < 0 ? "−" : "+",
                 format_value(fabs(r.gap), indicator->decimals, gap),
                 name_of(page, &indicator->unit->name));
    html_put(page->out, "</b> <span class=\"aside\">%s</span></p>\n",
             format_period(r.period, indicator->cumulation, page->lang, period));
}

/* All areas by rank and side by side; the whole city's address, so that no district stands out. */
static void
put_pictures(struct page *page, const struct model *model, const struct cat_indicator *indicator)
{
    const struct cat_area *whole = &page->catalogue->areas[0];
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++)
        count += model->verdicts[i].position != 0 && model->verdicts[i].target->is_primary;
    for (size_t i = 0; i < page->catalogue->area_count && whole->parent; i++)
        whole = &page->catalogue->areas[i];
    if (count < 2)
        return; /* nothing to compare */
    piece_picture(page, W_RANKING, whole, indicator, "ranking", say(page, W_RANKING));
    piece_picture(page, W_MULTIPLES, whole, indicator, "multiples", say(page, W_MULTIPLES));
}

static void
put_indicator(struct page *page, const struct model *model, const struct cat_indicator *indicator)
{
    const char *name = name_of(page, &indicator->name);
    layout_begin(page, W_MATRIX, name);
    put_title(page, name);
    piece_simulated_notice(page, model->has_simulated);
    put_facts(page, indicator);
    if (model->count == 0)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_TARGETS));
    if (model->count > 0) {
        piece_counts(page, model);
        put_rollup(page, model, indicator);
        piece_targets_begin(page, PIECE_BY_AREA, say(page, W_ALL_AREAS));
        for (size_t i = 0; i < model->count; i++)
            piece_targets_row(page, PIECE_BY_AREA, &model->verdicts[i]);
        piece_targets_end(page);
        put_pictures(page, model, indicator);
    }
    layout_end(page);
}

int
page_indicator(struct page *page)
{
    const struct cat_indicator *indicator;
    struct model model = { 0 };
    int status = segment_indicator(page, page->request->segments[1], &indicator);
    status = status ? status : page_read_month(page, "month");
    status = status ? status : model_read(page, &model);
    if (status != 200)
        return status;
    narrow(&model, NULL, indicator);
    put_indicator(page, &model, indicator);
    model_done(&model);
    return 200;
}
