/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/area/AREA/INDICATOR`: one series and what is asked of it. The target as printed, the verdict
 * with its arithmetic, the trend, every value as it was sent with its earlier versions, and the
 * alerts it raised. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/history.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"
#include "collector/pages/terms.h"
#include "core/bands.h"

/* ---- the target as printed ---- */

static void
put_fact(struct page *page, enum word label, const char *text)
{
    if (text && text[0])
        html_put(page->out, "<div><dt>%s</dt><dd>%s</dd></div>\n", say(page, label), text);
}

/* "wuxing;nanxun" as names. */
static void
put_accountable(struct page *page, const char *ids)
{
    struct html *out = page->out;
    html_put(out, "<div><dt>%s</dt><dd>", say(page, W_ACCOUNTABLE));
    for (const char *at = ids; *at;) {
        char id[SAMPLE_ID_MAX + 1];
        size_t length = strcspn(at, ";");
        (void)snprintf(id, sizeof id, "%.*s", (int)(length < sizeof id ? length : sizeof id - 1),
                       at);
        const struct cat_area *area = catalogue_area(page->catalogue, id);
        html_put(out, "%s%s",
                 at == ids               ? ""
                 : page->lang == LANG_ZH ? "、"
                                         : ", ",
                 area ? name_of(page, &area->name) : id);
        at += length + (at[length] == ';');
    }
    html_put(out, "</dd></div>\n");
}

static void
put_comparison(struct page *page, const struct cat_target *target)
{
    char text[NUM_TEXT_MAX + 64];
    char number[FORMAT_MAX];
    double value = target_value(target);
    if (isnan(value)) {
        put_fact(page, W_COMPARATOR, comparator_name(target->comparator));
        return;
    }
    (void)snprintf(text, sizeof text, "%s %s %s", comparator_name(target->comparator),
                   format_value(value, 0, number), name_of(page, &target->indicator->unit->name));
    put_fact(page, W_COMPARATOR, text);
}

static void
put_target(struct page *page, const struct cat_target *target)
{
    struct html *out = page->out;
    html_put(out, "<dl class=\"facts\">\n<div class=\"printed\"><dt>%s</dt><dd>",
             say(page, W_PRINTED));
    piece_printed(page, target);
    html_put(out, " <span class=\"source\" lang=\"zh-CN\">%s %s</span></dd></div>\n",
             word_text(W_ANNEX, LANG_ZH), target->source);
    put_comparison(page, target);
    char method[FORMAT_MAX * 2];
    (void)snprintf(method, sizeof method, "%s (%s)", term_method(target->method, page->lang),
                   method_name(target->method));
    put_fact(page, W_METHOD, method);
    put_fact(page, W_WORDING, target->wording);
    put_fact(page, W_OWNER, target->owner ? name_of(page, &target->owner->name) : NULL);
    put_fact(page, W_LEAD, target->lead ? name_of(page, &target->lead->name) : NULL);
    put_accountable(page, target->accountable);
    put_fact(page, W_NOTE, target->note);
    html_put(out, "</dl>\n");
}

/* ---- the arithmetic ---- */

/* A row of the table of arithmetic; nothing for an empty number. */
static void
put_step(struct page *page, enum word name, const char *how, const char *number, const char *unit)
{
    if (number[0])
        html_put(page->out,
                 "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%s <span "
                 "class=\"unit\">%s</span></td></tr>\n",
                 say(page, name), how, number, unit);
}

/* The numbers of a verdict as text; "" where they have no meaning. */
struct figures {
    char a[FORMAT_MAX], t[FORMAT_MAX], c[FORMAT_MAX], s[FORMAT_MAX], r[FORMAT_MAX];
    char expected[FORMAT_MAX], gap[FORMAT_MAX], needed[FORMAT_MAX], projection[FORMAT_MAX];
};

static struct figures
figures_of(const struct verdict *verdict)
{
    struct figures f = { 0 };
    bool is_path = !isnan(verdict->year_share);
    int decimals = verdict->target->indicator->decimals;
    format_value(verdict->actual, decimals, f.a);
    format_value(verdict->target_value, 0, f.t);
    format_share(verdict->completion, f.c);
    format_share(verdict->year_share, f.s);
    format_number(verdict->ratio, 3, f.r);
    format_number(verdict->expected, decimals + 2, f.expected);
    format_number(verdict->gap, is_path ? 1 : decimals + 2, f.gap);
    format_number(verdict->needed_pace, 2, f.needed);
    format_number(verdict->projection_pace, decimals + 1, f.projection);
    return f;
}

static const char *
two(char *text, size_t size, const char *a, const char *sign, const char *b)
{
    (void)snprintf(text, size, "%s %s %s", a, sign, b);
    return text;
}

/* The difference of two percentages is in points. */
static const char *
difference_unit(const struct page *page, const struct cat_indicator *indicator)
{
    return strcmp(indicator->unit->family, "percent") == 0 ? say(page, W_POINTS)
                                                           : name_of(page, &indicator->unit->name);
}

/* What is told beside the level. */
static void
put_beside(struct page *page, const struct verdict *verdict, const char *actual)
{
    char number[FORMAT_MAX], other[FORMAT_MAX], how[FORMAT_MAX * 4];
    format_value(verdict->last_year, verdict->target->indicator->decimals, other);
    format_number(verdict->year_on_year, 1, number);
    (void)snprintf(how, sizeof how, "%s ÷ %s − 1", actual, other);
    put_step(page, W_YEAR_ON_YEAR, how, number, "%");
    format_number(verdict->rest_growth, 1, number);
    format_share(verdict->rest_share, other);
    (void)snprintf(how, sizeof how, "(T − w·A) ÷ (1 − w), w = %s", other);
    put_step(page, W_REST_GROWTH, how, number, "%");
}

static void
put_steps(struct page *page, const struct verdict *verdict)
{
    struct figures f = figures_of(verdict);
    const char *unit = name_of(page, &verdict->target->indicator->unit->name);
    bool is_path = !isnan(verdict->year_share); /* the plan grows with the year */
    char how[FORMAT_MAX * 3];
    char period[FORMAT_MAX];
    format_period(verdict->period, verdict->target->indicator->cumulation, page->lang, period);
    put_step(page, W_A, period, f.a, unit);
    put_step(page, W_T, verdict->target->source, f.t, unit);
    const char *formula = verdict_completion_formula(verdict);
    put_step(page, W_C, strcmp(formula, "A/T") == 0 ? two(how, sizeof how, f.a, "÷", f.t) : formula,
             f.c, "");
    bool is_even = fabs(verdict->year_share - cal_period_year_share(verdict->period)) < 1e-9;
    (void)snprintf(how, sizeof how, "%d ÷ 12", cal_period_end_month(verdict->period));
    put_step(page, W_S, is_even ? how : method_name(verdict->target->method), f.s, "");
    formula = verdict_ratio_formula(verdict);
    put_step(page, W_R, strcmp(formula, "c/s") == 0 ? two(how, sizeof how, f.c, "÷", f.s) : formula,
             f.r, "");
    bool has_base = fabs(verdict->base) > 0; /* a path that does not begin at zero */
    bool is_moved = fabs(verdict->expected - verdict->target_value) > 0;
    if (is_path || is_moved)
        put_step(page, W_EXPECTED,
                 has_base || !is_path ? verdict_expected_formula(verdict)
                                      : two(how, sizeof how, f.t, "×", f.s),
                 f.expected, unit);
    if (is_path)
        put_step(page, W_GAP_POINTS, two(how, sizeof how, f.c, "−", f.s), f.gap,
                 say(page, W_POINTS));
    else
        put_step(page, W_GAP_VALUE,
                 two(how, sizeof how, f.a, "−",
                     strcmp(verdict_gap_formula(verdict), "A - P") == 0 ? f.expected : f.t),
                 f.gap, difference_unit(page, verdict->target->indicator));
    (void)snprintf(how, sizeof how, "(100%% − %s) ÷ (100%% − %s)", f.c, f.s);
    put_step(page, W_NEEDED, how, f.needed, say(page, W_TIMES));
    put_beside(page, verdict, f.a);
    put_step(page, W_PROJECTION, two(how, sizeof how, f.a, "÷", f.s), f.projection, unit);
}

static void
put_verdict(struct page *page, const struct verdict *verdict)
{
    struct html *out = page->out;
    char sentence[VERDICT_SENTENCE_MAX];
    html_put(out, "<p class=\"verdict verdict-%s\">", level_name(verdict->level));
    piece_level(page, verdict->level);
    html_put(out, " %s</p>\n", verdict_sentence(verdict, page->lang, sentence));
    html_put(out, "<div class=\"sides\">\n<div>\n");
    if (!isnan(verdict->actual) && verdict->period.freq != CAL_NONE) {
        html_put(out,
                 "<table class=\"steps\">\n<caption>%s</caption>\n<thead><tr><th "
                 "scope=\"col\">%s</th><th "
                 "scope=\"col\">%s</th><th scope=\"col\" "
                 "class=\"number\">%s</th></tr></thead>\n<tbody>\n",
                 say(page, W_ARITHMETIC), say(page, W_QUANTITY), say(page, W_HOW),
                 say(page, W_NUMBER));
        put_steps(page, verdict);
        html_put(out, "</tbody>\n</table>\n");
    }
    html_put(out, "<p class=\"rule\">%s%s%s <code>%s</code></p>\n", say(page, W_DECIDED_BY),
             say(page, W_COLON), term_rule(verdict->rule, page->lang), rule_name(verdict->rule));
    char words[BANDS_WORDS_MAX];
    if (verdict->bands)
        html_put(out, "<p class=\"rule\">%s%s%s <code>%s</code></p>\n", say(page, W_BANDS),
                 say(page, W_COLON), bands_words(verdict->bands, page->lang, words),
                 verdict->bands->id);
    html_put(out, "</div>\n");
}

/* ---- the headline: one large number, and how it moved ---- */

static void
put_change(struct page *page, const struct view_series *view, const struct obs_point *latest,
           struct cal_period before, enum word words)
{
    const struct obs_point *point = series_at(&view->series, before);
    char number[FORMAT_MAX];
    if (!point || !point->has_value)
        return;
    double change = latest->value - point->value;
    format_number(fabs(change), view->indicator->decimals + 2, number);
    const char *sign = strcmp(number, "0") == 0 ? "±" : change < 0 ? "−" : "+";
    html_put(page->out, "<span class=\"change\">%s <b>%s%s</b></span> ", say(page, words), sign,
             number);
}

static void
put_headline(struct page *page, const struct view_series *view)
{
    const struct obs_point *latest = series_latest_in_year(&view->series, page->month);
    char words[FORMAT_MAX];
    char number[FORMAT_MAX], sent[NUM_TEXT_MAX];
    if (!latest)
        return;
    struct cal_period before = cal_period_add(latest->period, -1);
    bool starts_anew =
        view->indicator->cumulation == CUMULATION_YTD && before.year != latest->period.year;
    html_put(page->out, "<p class=\"headline\">");
    piece_with_unit(page, format_sent(view_value_text(view, latest->period, sent), number),
                    view->indicator->unit);
    html_put(page->out, " <span class=\"when\">%s</span> ",
             format_period(latest->period, view->indicator->cumulation, page->lang, words));
    if (!starts_anew)
        put_change(page, view, latest, before, W_SINCE_LAST);
    put_change(page, view, latest, cal_period_add_years(latest->period, -1), W_SINCE_YEAR);
    html_put(page->out, "</p>\n");
}

/* ---- the page ---- */

/* The trend; this year over those before, where there are any; the versions of a value that had
 * several. */
static void
put_pictures(struct page *page, const struct view_series *view, const char *alt)
{
    const struct obs_point *first = &view->series.points[0];
    const struct obs_point *last = &view->series.points[view->series.count - 1];
    bool is_revised = false;
    for (size_t i = 0; i < view->series.count; i++)
        is_revised = is_revised || view->series.points[i].revision > 0;
    piece_picture(page, W_TREND, view->area, view->indicator, NULL, alt);
    if (first->period.year < last->period.year)
        piece_picture(page, W_OVERLAY, view->area, view->indicator, "overlay",
                      say(page, W_OVERLAY));
    if (is_revised)
        piece_picture(page, W_REVISIONS, view->area, view->indicator, "revisions",
                      say(page, W_REVISIONS));
}

static void
put_title(struct page *page, const struct view_series *view)
{
    struct html *out = page->out;
    char month[FORMAT_MAX];
    html_put(out, "<div class=\"title\"><h1><a");
    layout_href(page, "area", view->area->id, NULL);
    html_put(out, ">%s</a> · <a", name_of(page, &view->area->name));
    layout_href(page, "indicator", view->indicator->id, NULL);
    html_put(out, ">%s</a> <span class=\"month\">%s</span></h1>\n",
             name_of(page, &view->indicator->name),
             format_period(page->month, CUMULATION_MONTH, page->lang, month));
    layout_selector(page, true);
    html_put(out, "</div>\n");
}

/* Every target of the series in the year, the primary one first. The sentence of the first is the
 * picture's text. */
static void
put_targets(struct page *page, const struct view_series *view, char *ret_sentence)
{
    const struct catalogue *catalogue = page->catalogue;
    struct cal_date day = view_rules_day(page->month, &page->as_of);
    struct verdict_evidence evidence = view_evidence(view, day);
    view_due_soon(catalogue, &page->as_of, &evidence);
    size_t shown = 0;
    for (int primary = 1; primary >= 0; primary--) {
        for (const struct cat_target *target =
                 catalogue_targets_of(catalogue, view->area, view->indicator);
             target; target = target->next) {
            if (!target_covers(target, page->month.year) || !target_in_force(target, day) ||
                target->is_primary != (primary == 1))
                continue;
            struct verdict verdict = verdict_judge(target, &evidence, page->month);
            html_put(page->out,
                     "<section class=\"target\"><h2>%s <span class=\"aside\">%s</span></h2>\n",
                     say(page, W_TARGET), say(page, primary ? W_PRIMARY : W_NOT_PRIMARY));
            put_verdict(page, &verdict);
            put_target(page, target);
            html_put(page->out, "</div>\n</section>\n");
            if (shown++ == 0)
                verdict_sentence(&verdict, page->lang, ret_sentence);
        }
    }
    if (shown == 0)
        html_put(page->out, "<p>%s</p>\n", say(page, W_NO_TARGETS));
}

static int
put_page(struct page *page, const struct view_series *view)
{
    char title[256];
    char sentence[VERDICT_SENTENCE_MAX] = "";
    (void)snprintf(title, sizeof title, "%s · %s", name_of(page, &view->area->name),
                   name_of(page, &view->indicator->name));
    layout_begin(page, W_MATRIX, title);
    put_title(page, view);
    piece_simulated_notice(page, view->has_simulated);
    put_headline(page, view);
    html_put(page->out, "<div class=\"columns\">\n");
    put_targets(page, view, sentence);
    html_put(page->out, "</div>\n");
    if (view->series.count > 0)
        put_pictures(page, view, sentence[0] ? sentence : title);
    history_values(page, view);
    int status = history_alerts(page, view);
    layout_end(page);
    return status;
}

int
page_target(struct page *page)
{
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct view_series view;
    int status = segment_area(page, page->request->segments[1], &area);
    status = status ? status : segment_indicator(page, page->request->segments[2], &indicator);
    status = status ? status : page_read_month(page, "month");
    if (status)
        return status;
    int rc = view_series_read(page->pages->ledger, page->catalogue, area, indicator, &page->as_of,
                              &view, page->note);
    if (rc)
        return page_failed(page, "series", rc);
    status = put_page(page, &view);
    view_series_done(&view);
    return status;
}
