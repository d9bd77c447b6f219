/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/layout.h"

#include <string.h>

#include "collector/pages/format.h"
#include "web/static_files.h"

static const char *
lang_tag(enum lang lang)
{
    return lang == LANG_ZH ? "zh-CN" : "en";
}

/* ---- links ---- */

static void
put_carried(struct html *out, const struct page *page, const char *lang)
{
    static const char *const carried[] = { "month", "as_of" };
    const char *mark = "?";
    for (size_t i = 0; i < sizeof carried / sizeof *carried && !page->is_error; i++) {
        const char *value = request_param(page->request, carried[i]);
        if (!value)
            continue;
        html_put(out, "%s%s=", mark, carried[i]);
        html_url(out, value);
        mark = "&";
    }
    if (lang)
        html_put(out, "%slang=%s", mark, lang);
}

static void
put_path(struct html *out, const char *const *segments, size_t count)
{
    if (count == 0 || !segments[0])
        html_put(out, "/");
    for (size_t i = 0; i < count && segments[i]; i++) {
        html_put(out, "/");
        html_url(out, segments[i]);
    }
}

void
layout_href(const struct page *page, const char *a, const char *b, const char *c)
{
    const char *const segments[] = { a, b, c };
    html_put(page->out, " href=\"");
    put_path(page->out, segments, 3);
    put_carried(page->out, page,
                request_param(page->request, "lang") ? lang_tag(page->lang) : NULL);
    html_put(page->out, "\"");
}

void
layout_target_link(const struct page *page, const struct cat_target *target)
{
    html_put(page->out, "<a");
    layout_href(page, "area", target->area->id, target->indicator->id);
    html_put(page->out, ">");
}

void
layout_picture(const struct page *page, const struct layout_picture *picture)
{
    struct html *out = page->out;
    const char *as_of = request_param(page->request, "as_of");
    const char *const choices[][2] = { { "chart", picture->chart },
                                       { "size", picture->size },
                                       { "theme", picture->theme } };
    char month[CAL_TEXT_MAX];
    html_put(out, "/graph/");
    html_url(out, picture->area);
    html_put(out, "/");
    html_url(out, picture->indicator);
    html_put(out, ".%s?month=%s", picture->format ? picture->format : "svg",
             cal_period_print(page->month, month));
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i][1])
            html_put(out, "&amp;%s=%s", choices[i][0], choices[i][1]);
    html_put(out, "&amp;lang=%s", lang_tag(page->lang));
    if (as_of) {
        html_put(out, "&amp;as_of=");
        html_url(out, as_of);
    }
}

/* ---- frame ---- */

static void
put_asset(struct html *out, const char *name)
{
    const struct static_file *file = static_file_find(name);
    html_put(out, "/static/%s?v=%s", name, file ? file->etag : "0");
}

static void
put_head(const struct page *page, const char *title)
{
    struct html *out = page->out;
    html_put(
        out,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<title>%s · %s</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta name=\"color-scheme\" content=\"light dark\"/>\n<link rel=\"stylesheet\" href=\"",
        lang_tag(page->lang), title, page->site->settings.name);
    put_asset(out, "pacewatch.css");
    html_put(out, "\"/>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
    put_asset(out, "icon.svg");
    html_put(out, "\"/>\n<script defer=\"defer\" src=\"");
    put_asset(out, "pacewatch.js");
    html_put(out, "\"></script>\n</head>\n");
}

static void
put_entry(const struct page *page, enum word entry, enum word here, const char *path)
{
    html_put(page->out, "<a");
    layout_href(page, path, NULL, NULL);
    if (entry == here && page->request->segment_count < 2)
        html_put(page->out, " aria-current=\"page\"");
    else if (entry == here)
        html_put(page->out, " aria-current=\"true\"");
    html_put(page->out, ">%s</a>\n", say(page, entry));
}

/* The same page in the other language. */
static void
put_language_switch(const struct page *page)
{
    enum lang other = page->lang == LANG_ZH ? LANG_EN : LANG_ZH;
    struct html *out = page->out;
    html_put(out, "<a class=\"language\" lang=\"%s\" hreflang=\"%s\" href=\"", lang_tag(other),
             lang_tag(other));
    put_path(out, page->request->segments, page->request->segment_count);
    put_carried(out, page, lang_tag(other));
    html_put(out, "\">%s</a>\n", say(page, W_OTHER_LANGUAGE));
}

void
layout_begin(struct page *page, enum word here, const char *title)
{
    struct html *out = page->out;
    put_head(page, title);
    html_put(out,
             "<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n<header class=\"top\">\n<a "
             "class=\"site\"",
             say(page, W_SKIP));
    layout_href(page, NULL, NULL, NULL);
    html_put(out, ">%s</a>\n<nav aria-label=\"%s\">\n", page->site->settings.name,
             say(page, W_NAV));
    put_entry(page, W_MATRIX, here, NULL);
    put_entry(page, W_ALERTS, here, "alerts");
    put_entry(page, W_FEEDS, here, "feeds");
    put_language_switch(page);
    html_put(out, "</nav>\n</header>\n<main id=\"main\">\n");
}

void
layout_end(struct page *page)
{
    struct html *out = page->out;
    char moment[FORMAT_MAX];
    html_put(out, "</main>\n<footer>pacewatch %s", PACEWATCH_VERSION);
    if (page->pages->ledger)
        html_put(out, " · %s %lld", say(page, W_FOOT_POSITION),
                 (long long)ledger_position(page->pages->ledger));
    html_put(out, " · %s %s %s</footer>\n</body>\n</html>\n", say(page, W_FOOT_TIME),
             format_moment(page->now, moment), say(page, W_BEIJING));
}

/* ---- month, day and button ---- */

static void
put_months(const struct page *page)
{
    struct html *out = page->out;
    html_put(out, "<label>%s <select name=\"month\">\n", say(page, W_MONTH));
    for (int month = 1; month <= 12; month++) {
        char value[CAL_TEXT_MAX];
        char words[FORMAT_MAX];
        struct cal_period period = cal_month(page->month.year, month);
        html_put(out, "<option value=\"%s\"", cal_period_print(period, value));
        if (month == page->month.index)
            html_put(out, " selected=\"selected\"");
        html_put(out, ">%s</option>\n", format_period(period, CUMULATION_MONTH, page->lang, words));
    }
    html_put(out, "</select></label>\n");
}

void
layout_selector(struct page *page, bool has_month)
{
    struct html *out = page->out;
    char as_of[CAL_TEXT_MAX] = "";
    if (page->as_of.has_released)
        cal_date_print(page->as_of.released, as_of);
    html_put(out, "<form class=\"selector\" method=\"get\" action=\"");
    put_path(out, page->request->segments, page->request->segment_count);
    html_put(out, "\" aria-label=\"%s\">\n", say(page, W_SELECT));
    if (has_month)
        put_months(page);
    html_put(out, "<label>%s <input type=\"date\" name=\"as_of\" value=\"%s\"/></label>\n",
             say(page, W_AS_OF), as_of);
    if (request_param(page->request, "lang"))
        html_put(out, "<input type=\"hidden\" name=\"lang\" value=\"%s\"/>\n",
                 lang_tag(page->lang));
    html_put(out, "<button type=\"submit\">%s</button>\n</form>\n", say(page, W_SHOW));
}
