/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters: each is read here and nowhere else; a bad one is refused with its name, its text and
 * what would be right. */
#include <stdio.h>
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/page.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };

int
param_refuse(const struct page *page, const char *key, const char *text, const char *right_zh,
             const char *right_en)
{
    char quoted[TEXT_QUOTE_MAX];
    text_quote(text, strlen(text), quoted);
    if (page->lang == LANG_ZH)
        return err_set(page->note, 400, "参数 %s 的值“%s”有误：应为%s", key, quoted, right_zh);
    return err_set(page->note, 400, "parameter '%s': '%s' is wrong; it should be %s", key, quoted,
                   right_en);
}

static int
read_lang_name(struct page *page, const char *text)
{
    if (strcmp(text, "zh-CN") == 0 || strcmp(text, "zh") == 0)
        page->lang = LANG_ZH;
    else if (strcmp(text, "en") == 0)
        page->lang = LANG_EN;
    else
        return param_refuse(page, "lang", text, " zh-CN 或 en", "zh-CN or en");
    return 0;
}

/* The address decides, then the browser, then the site. */
int
page_read_lang(struct page *page)
{
    page->lang = request_language(page->request->accept_language, page->site->lang);
    const char *text = request_param(page->request, "lang");
    return text ? read_lang_name(page, text) : 0;
}

int
page_read_as_of(struct page *page)
{
    page->as_of.today = format_today(page->now);
    const char *text = request_param(page->request, "as_of");
    struct wall_time when;
    if (text) {
        if (cal_instant_parse(text, strlen(text), &when, NULL))
            return param_refuse(page, "as_of", text, "日期，例如 2023-07-20",
                                "a day such as 2023-07-20");
        page->as_of.has_released = true;
        page->as_of.released = cal_date_at(when);
    }
    text = request_param(page->request, "received_as_of");
    if (text) {
        if (cal_instant_parse(text, strlen(text), &when, NULL))
            return param_refuse(page, "received_as_of", text,
                                "日期或世界时时刻，例如 2023-07-20T08:00:00Z",
                                "a day or an instant in UTC such as 2023-07-20T08:00:00Z");
        page->as_of.has_received = true;
        page->as_of.received = when;
    }
    return 0;
}

int
page_read_month(struct page *page, const char *key)
{
    const char *text = request_param(page->request, key);
    if (text) {
        struct cal_period period;
        if (cal_period_parse(text, strlen(text), &period, NULL) || period.freq != CAL_MONTH)
            return param_refuse(page, key, text, "月份，例如 2023-06", "a month such as 2023-06");
        page->month = period;
        return 0;
    }
    page->month = view_latest_month(page->pages->ledger, page->catalogue,
                                    catalogue_target_year(page->catalogue), &page->as_of);
    return 0;
}

int
param_day(const struct page *page, const char *key, bool is_end, struct cal_date *ret_date)
{
    const char *text = request_param(page->request, key);
    struct cal_period period;
    if (!text)
        return 0;
    if (cal_period_parse(text, strlen(text), &period, NULL))
        return param_refuse(page, key, text, "日期或期别，例如 2023-01-31、2023-01、2023",
                            "a day or period such as 2023-01-31, 2023-01, 2023");
    *ret_date = cal_period_first(period);
    if (is_end)
        ret_date->days = cal_period_after(period).days - 1;
    return 0;
}

int
param_year(const struct page *page, const char *key, int *ret_year)
{
    const char *text = request_param(page->request, key);
    int64_t year;
    if (!text)
        return 0;
    if (num_int_parse(text, strlen(text), YEAR_MIN, YEAR_MAX, &year, NULL))
        return param_refuse(page, key, text, "年份，例如 2023", "a year such as 2023");
    *ret_year = (int)year;
    return 0;
}

int
param_bool(const struct page *page, const char *key, bool *ret_value)
{
    const char *text = request_param(page->request, key);
    if (!text)
        return 0;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return param_refuse(page, key, text, " true 或 false", "true or false");
    *ret_value = text[0] == 't';
    return 0;
}

/* "huzhou, wuxing, ..." into `text`. */
static const char *
list_areas(const struct page *page, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < page->catalogue->area_count && used < size; i++) {
        int n =
            snprintf(text + used, size - used, "%s%s", i ? ", " : "", page->catalogue->areas[i].id);
        used += n > 0 ? (size_t)n : 0;
    }
    return text;
}

int
param_area(const struct page *page, const char *key, const struct cat_area **ret_area)
{
    const char *text = request_param(page->request, key);
    *ret_area = text ? catalogue_area(page->catalogue, text) : NULL;
    if (!text || *ret_area)
        return 0;
    char known[200];
    char right_zh[256];
    char right_en[256];
    list_areas(page, known, sizeof known);
    (void)snprintf(right_zh, sizeof right_zh, "地区代码：%s", known);
    (void)snprintf(right_en, sizeof right_en, "an area's id: %s", known);
    return param_refuse(page, key, text, right_zh, right_en);
}

int
param_indicator(const struct page *page, const char *key,
                const struct cat_indicator **ret_indicator)
{
    const char *text = request_param(page->request, key);
    *ret_indicator = text ? catalogue_indicator(page->catalogue, text) : NULL;
    if (!text || *ret_indicator)
        return 0;
    return param_refuse(page, key, text, "指标代码，例如 land-freed（见 /api/v1/targets）",
                        "an indicator's id such as land-freed (see /api/v1/targets)");
}

static int
refuse_segment(const struct page *page, const char *id, const char *zh, const char *en)
{
    char quoted[TEXT_QUOTE_MAX];
    text_quote(id, strlen(id), quoted);
    return page->lang == LANG_ZH ? err_set(page->note, 404, "没有这个%s：“%s”", zh, quoted)
                                 : err_set(page->note, 404, "no such %s: '%s'", en, quoted);
}

int
segment_area(const struct page *page, const char *id, const struct cat_area **ret_area)
{
    *ret_area = catalogue_area(page->catalogue, id);
    return *ret_area ? 0 : refuse_segment(page, id, "地区", "area");
}

int
segment_indicator(const struct page *page, const char *id,
                  const struct cat_indicator **ret_indicator)
{
    *ret_indicator = catalogue_indicator(page->catalogue, id);
    return *ret_indicator ? 0 : refuse_segment(page, id, "指标", "indicator");
}
