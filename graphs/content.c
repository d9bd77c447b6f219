/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/content.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
content_word(enum word word, enum lang lang)
{
    static const char *const words[][2] = {
#define X(name, zh, en) [name] = { zh, en },
        WORD_TABLE(X)
#undef X
    };
    return words[word][lang == LANG_ZH ? 0 : 1];
}

const char *
content_period(const struct picture *picture, const struct picture_point *point, char *text)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct cal_period period;
    if (cal_period_parse(point->label, strlen(point->label), &period, NULL) < 0 ||
        (period.freq != CAL_MONTH && period.freq != CAL_QUARTER && period.freq != CAL_RANGE))
        return point->label;
    const int last = cal_period_end_month(period);
    int first = period.freq == CAL_QUARTER ? last - 2 : period.index;
    if (picture->cumulation == CUMULATION_YTD)
        first = 1;
    const bool is_zh = picture->lang == LANG_ZH;
    if (last <= first && is_zh)
        (void)snprintf(text, CAL_TEXT_MAX, "%d年%d月", period.year, last); /* all fit */
    else if (is_zh)
        (void)snprintf(text, CAL_TEXT_MAX, "%d年%d—%d月", period.year, first, last);
    else if (last <= first)
        (void)snprintf(text, CAL_TEXT_MAX, "%s %d", months[last - 1], period.year);
    else
        (void)snprintf(text, CAL_TEXT_MAX, "%s–%s %d", months[first - 1], months[last - 1],
                       period.year);
    return text;
}

bool
content_shows(const struct picture *picture, const struct picture_point *point)
{
    return point->to.days > picture->from.days && point->from.days <= picture->to.days;
}

bool
content_is_open(const struct picture_point *point)
{
    return point->status == 'P' || point->status == 'E' || point->status == 'F';
}

static enum content_style
content_style_of(const struct picture *picture)
{
    if (strchr("GD", picture->kind))
        return CONTENT_BARS;
    if (picture->cumulation == CUMULATION_STOCK || strchr("SHRCK", picture->kind))
        return CONTENT_STEPS;
    return CONTENT_BARS;
}

/* Is the picture's value one of the period alone that has a yearly total for its target? */
static bool
content_is_part(const struct picture *picture)
{
    return picture->cumulation == CUMULATION_MONTH && strchr("FVNAB", picture->kind);
}

static bool
content_has_target(const struct picture *picture)
{
    int first, last;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    bool has_target = false;
    for (size_t i = 0; i < picture->target_count; i++)
        has_target |= picture->targets[i].year >= first && picture->targets[i].year <= last;
    for (size_t i = 0; i < picture->area_count; i++)
        has_target |= !isnan(picture->areas[i].target);
    return has_target && picture->chart != CHART_REVISIONS && !content_is_part(picture);
}

/* Appends to the subtitle, behind a separator. */
static void __attribute__((format(printf, 2, 3)))
subtitle_add(struct content *content, const char *format, ...)
{
    size_t used = strlen(content->subtitle);
    int n = snprintf(content->subtitle + used, sizeof content->subtitle - used, "%s",
                     used ? "  ·  " : "");
    used += n > 0 ? (size_t)n : 0;
    if (used >= sizeof content->subtitle)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(content->subtitle + used, sizeof content->subtitle - used, format,
                    args); /* fits: area, unit and two dates are shorter */
    va_end(args);
}

static void
content_subtitle(const struct picture *picture, struct content *content)
{
    char period[CAL_TEXT_MAX];
    bool is_zh = picture->lang == LANG_ZH;
    static const enum word words[CHART_COUNT] = { [CHART_OVERLAY] = WORD_OVERLAY,
                                                  [CHART_MULTIPLES] = WORD_MULTIPLES,
                                                  [CHART_RANKING] = WORD_RANKING,
                                                  [CHART_REVISIONS] = WORD_REVISIONS };
    const bool is_all = picture->chart == CHART_MULTIPLES || picture->chart == CHART_RANKING;
    if (picture->area[0] && !is_all)
        subtitle_add(content, "%s", picture->area);
    if (words[picture->chart] != WORD_STAMP)
        subtitle_add(content, "%s", content_word(words[picture->chart], picture->lang));
    if (picture->unit[0])
        subtitle_add(content, is_zh ? "单位：%s" : "Unit: %s", picture->unit);
    if (content->latest)
        subtitle_add(content, is_zh ? "数据期：%s" : "Data: %s",
                     content_period(picture, content->latest, period));
    if (picture->as_of[0])
        subtitle_add(content, is_zh ? "按 %s 所知" : "As known on %s", picture->as_of);
}

static struct content_item *
legend_add(struct content *content, enum content_mark mark, enum theme_grade grade,
           const char *text)
{
    struct content_item *item = &content->legend[content->legend_count++];
    *item = (struct content_item){ .mark = mark,
                                   .grade = grade,
                                   .is_line = content->style == CONTENT_STEPS };
    (void)snprintf(item->text, sizeof item->text, "%s", text); /* our own short words */
    return item;
}

static void
legend_word(const struct picture *picture, struct content *content, enum content_mark mark,
            enum word word)
{
    (void)legend_add(content, mark, GRADE_NONE, content_word(word, picture->lang));
}

static void
levels_of_points(const struct picture *picture, const struct picture_point *points, size_t count,
                 bool levels[LEVEL_COUNT])
{
    for (size_t i = 0; i < count; i++)
        if (content_shows(picture, &points[i]))
            levels[points[i].level] = true;
}

static void
legend_grades(const struct picture *picture, struct content *content)
{
    bool levels[LEVEL_COUNT] = { false };
    const int begin = picture->chart == CHART_OVERLAY
                          ? cal_date_of(content_year(picture), 1, 1).days
                          : picture->from.days;
    for (size_t i = 0; i < picture->point_count; i++) /* an overlay grades this year only */
        if (picture->points[i].to.days > begin)
            levels_of_points(picture, &picture->points[i], 1, levels);
    for (size_t i = 0; i < picture->area_count; i++) {
        const struct picture_area *area = &picture->areas[i];
        if (picture->chart == CHART_RANKING && !isnan(area->number))
            levels[area->level] = true;
        else if (picture->chart == CHART_MULTIPLES)
            levels_of_points(picture, area->points, area->point_count, levels);
    }
    if (levels[LEVEL_NORMAL] || levels[LEVEL_REACHED]) {
        struct content_item *item = legend_add(
            content, MARK_GRADE, GRADE_NORMAL,
            level_word(levels[LEVEL_NORMAL] ? LEVEL_NORMAL : LEVEL_REACHED, picture->lang));
        if (levels[LEVEL_NORMAL] && levels[LEVEL_REACHED])
            (void)snprintf(item->text, sizeof item->text, "%s / %s",
                           level_word(LEVEL_NORMAL, picture->lang),
                           level_word(LEVEL_REACHED, picture->lang));
    }
    for (enum level level = LEVEL_REMIND; level <= LEVEL_SEVERE; level++)
        if (levels[level])
            legend_add(content, MARK_GRADE, theme_grade_of(level),
                       level_word(level, picture->lang));
    if (levels[LEVEL_UNKNOWN] || levels[LEVEL_NOT_DUE] || levels[LEVEL_PENDING] ||
        levels[LEVEL_NOT_APPLICABLE])
        legend_add(content, MARK_GRADE, GRADE_NONE, content_word(WORD_NO_LEVEL, picture->lang));
}

/* Values and periods that are not like the others. */
static void
legend_states(const struct picture *picture, struct content *content)
{
    bool is_open = false, is_revised = false, states[2] = { false };
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        is_open |= content_shows(picture, point) && content_is_open(point);
        is_revised |= content_shows(picture, point) && point->is_revised;
    }
    for (size_t i = 0; i < picture->version_count; i++)
        is_open |= strchr("PEF", picture->versions[i].status) != NULL;
    for (size_t i = 0; i < picture->gap_count; i++)
        states[picture->gaps[i].state] = true;
    if (is_open)
        legend_word(picture, content, MARK_OPEN, WORD_OPEN);
    if (is_revised && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_REVISED, WORD_REVISED);
    if (states[GAP_MISSING] && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_MISSING, WORD_MISSING);
    if (states[GAP_NOT_DUE] && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_NOT_DUE, WORD_NOT_DUE);
}

/* "2023年", "2019—2021年". */
static void
legend_years(const struct picture *picture, struct content *content, enum content_mark mark,
             int first, int last)
{
    char text[CONTENT_ITEM_MAX];
    const bool is_zh = picture->lang == LANG_ZH;
    if (first == last)
        (void)snprintf(text, sizeof text, is_zh ? "%d年" : "%d", last); /* fits */
    else
        (void)snprintf(text, sizeof text,
                       is_zh ? "%d—%d年（最低—最高）" : "%d–%d (lowest to highest)", first,
                       last); /* fits */
    (void)legend_add(content, mark, GRADE_NONE, text);
}

static void
legend_overlay(const struct picture *picture, struct content *content)
{
    const int year = content_year(picture);
    int first = year, before = year;
    for (size_t i = picture->point_count; i > 0; i--) {
        const struct picture_point *point = &picture->points[i - 1];
        if (!content_shows(picture, point))
            continue;
        cal_civil(point->from, &first, NULL, NULL);
        if (before == year && first == year - 1)
            before = first;
    }
    if (year > 0)
        legend_years(picture, content, MARK_THIS, year, year);
    if (before < year)
        legend_years(picture, content, MARK_LAST, year - 1, year - 1);
    if (first < year - 1)
        legend_years(picture, content, MARK_BAND, first, year - 2);
}

static void
content_legend(const struct picture *picture, struct content *content)
{
    if (picture->chart == CHART_OVERLAY)
        legend_overlay(picture, content);
    if (picture->chart != CHART_REVISIONS)
        legend_grades(picture, content);
    for (size_t i = 0; i < content->legend_count; i++) /* beads and bars are no lines */
        content->legend[i].is_line &=
            picture->chart != CHART_OVERLAY && picture->chart != CHART_RANKING;
    if (content->has_plan && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_PLAN, WORD_PLAN);
    if (content->has_target)
        legend_word(picture, content, MARK_TARGET,
                    content->has_plan ? WORD_YEAR_TARGET : WORD_TARGET);
    if (picture->has_projection && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_PROJECTION, WORD_PROJECTION);
    if (picture->milestone_count > 0 && picture->chart == CHART_TREND)
        legend_word(picture, content, MARK_MILESTONE, WORD_MILESTONE);
    legend_states(picture, content);
}

/* Is there a plan that is not the target all the time? */
static bool
plan_differs(const struct picture *picture, enum content_style style)
{
    int first, last;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    for (size_t i = 0; i < picture->target_count; i++)
        if (!isnan(picture->targets[i].plan) && picture->targets[i].year >= first &&
            picture->targets[i].year <= last)
            return true;
    return style == CONTENT_BARS && picture->cumulation == CUMULATION_YTD &&
           !strchr("GD", picture->kind);
}

int
content_year(const struct picture *picture)
{
    int year = 0;
    for (size_t i = 0; i < picture->point_count; i++)
        if (content_shows(picture, &picture->points[i]))
            cal_civil(picture->points[i].from, &year, NULL, NULL);
    return year;
}

void
content_make(const struct picture *picture, struct content *ret_content)
{
    struct content *content = ret_content;
    *content = (struct content){ .style = content_style_of(picture),
                                 .is_simulated = picture->is_simulated };
    content->has_target = content_has_target(picture);
    content->has_plan = content->has_target && picture->size != PICTURE_SPARK &&
                        plan_differs(picture, content->style);
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!content_shows(picture, point))
            continue;
        content->latest = point;
        content->is_simulated |= point->is_simulated;
    }
    content_subtitle(picture, content);
    content_legend(picture, content);
}
