/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/content.h"

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
    for (size_t i = 0; i < picture->target_count; i++)
        if (picture->targets[i].year >= first && picture->targets[i].year <= last)
            return !content_is_part(picture);
    return false;
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
    if (picture->area[0])
        subtitle_add(content, "%s", picture->area);
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
legend_grades(const struct picture *picture, struct content *content)
{
    bool levels[LEVEL_COUNT] = { false };
    for (size_t i = 0; i < picture->point_count; i++)
        if (content_shows(picture, &picture->points[i]))
            levels[picture->points[i].level] = true;
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

static void
content_legend(const struct picture *picture, struct content *content)
{
    legend_grades(picture, content);
    if (content->has_plan)
        legend_add(content, MARK_PLAN, GRADE_NONE, content_word(WORD_PLAN, picture->lang));
    if (content->has_target)
        legend_add(content, MARK_TARGET, GRADE_NONE,
                   content_word(content->has_plan ? WORD_YEAR_TARGET : WORD_TARGET, picture->lang));
    for (size_t i = 0; i < picture->point_count; i++) {
        if (content_shows(picture, &picture->points[i]) && content_is_open(&picture->points[i])) {
            legend_add(content, MARK_OPEN, GRADE_NONE, content_word(WORD_OPEN, picture->lang));
            break;
        }
    }
}

/* Is there a plan that is not the target all the time? */
static bool
plan_differs(const struct picture *picture, enum content_style style)
{
    int first, last;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    for (size_t i = 0; i < picture->target_count; i++)
        if (picture->targets[i].has_plan && picture->targets[i].year >= first &&
            picture->targets[i].year <= last)
            return true;
    return style == CONTENT_BARS && picture->cumulation == CUMULATION_YTD &&
           !strchr("GD", picture->kind);
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
