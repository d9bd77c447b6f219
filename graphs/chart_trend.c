/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values along the years against plan and target: bars or steps by librrd, with what is ours over
 * them: zones of levels, hatching on paper, values that may still change, numbers, milestones, and
 * the way to the year's end as expected. A period's marks (revised, missing, not due) stand at its
 * foot, its level in the lane below. */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

/* Every value gets its number up to this many; hints up to that many. */
enum { NUMBERED_MAX = 15, HINTS_MAX = 40 };

/* Periods narrower than this, in pixels, get no dots; than that, no marks. */
static const double LANE_MIN = 4, MARK_MIN = 7;

/* ---- scale ---- */

static struct scale
trend_scale(const struct sheet *sheet)
{
    const struct picture *picture = sheet->picture;
    double low = (double)NAN, high = (double)NAN;
    int first, last;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    for (size_t i = 0; i < picture->point_count; i++)
        if (content_shows(picture, &picture->points[i]))
            chart_widen(&low, &high, picture->points[i].number);
    for (size_t i = 0; sheet->content->has_target && i < picture->target_count; i++) {
        const struct picture_target *target = &picture->targets[i];
        if (target->year < first || target->year > last)
            continue;
        chart_widen(&low, &high, target->value);
        if (sheet->content->has_plan)
            chart_widen(&low, &high, target->plan);
    }
    for (size_t i = 0; sheet->content->has_plan && i < picture->milestone_count; i++)
        chart_widen(&low, &high, picture->milestones[i].value);
    if (picture->has_projection && picture->size != PICTURE_SPARK) {
        chart_widen(&low, &high, picture->projection.value);
        chart_widen(&low, &high, picture->projection.low);
        chart_widen(&low, &high, picture->projection.high);
    }
    return scale_of(low, high, sheet->content->style == CONTENT_BARS, picture->decimals,
                    sheet->theme.size->y_ticks);
}

static void
trend_plot(const struct sheet *sheet, double left, struct plot *ret_plot)
{
    const struct picture *picture = sheet->picture;
    ret_plot->from = picture->from;
    ret_plot->box = sheet_plot_box(sheet, left);
    axis_make(picture->from, picture->to, picture->lang, ret_plot->box.width,
              sheet->theme.size->small, &ret_plot->axis);
    plot_canvas(ret_plot);
}

/* ---- below the data ---- */

/* A zone in the last year that has a target, inside the plot; false: nothing of it is. */
static bool
zone_box(const struct sheet *sheet, const struct plot *plot, const struct picture_zone *zone,
         struct scene_box *ret_box)
{
    const struct picture *picture = sheet->picture;
    const struct scale *scale = &plot->scale;
    double left, right;
    if (picture->target_count == 0)
        return false;
    const int year = picture->targets[picture->target_count - 1].year;
    plot_span(plot, cal_date_of(year, 1, 1), cal_date_of(year + 1, 1, 1), false, &left, &right);
    const double low = fmax(isnan(zone->low) ? scale->low : zone->low, scale->low);
    const double high = fmin(isnan(zone->high) ? scale->high : zone->high, scale->high);
    if (!(high > low) || !(right > left))
        return false;
    const double top = plot_y(plot, high);
    *ret_box = (struct scene_box){ left, top, right - left, plot_y(plot, low) - top };
    return true;
}

static void
zones_draw(const struct sheet *sheet, const struct plot *plot)
{
    for (size_t i = 0; i < sheet->picture->zone_count; i++) {
        const struct picture_zone *zone = &sheet->picture->zones[i];
        struct scene_box box;
        if (!zone_box(sheet, plot, zone, &box))
            continue;
        scene_path(sheet->scene,
                   &(struct scene_style){ .fill = sheet_grade(sheet, zone->level)->wash });
        scene_box(sheet->scene, box.x, box.y, box.width, box.height);
    }
}

/* The level's word at the right of each zone, over the data. */
static void
zone_words_draw(const struct sheet *sheet, const struct plot *plot)
{
    const double px = sheet->theme.size->small;
    for (size_t i = 0; i < sheet->picture->zone_count; i++) {
        const struct picture_zone *zone = &sheet->picture->zones[i];
        const struct theme_colours *grade = sheet_grade(sheet, zone->level);
        struct scene_font font = sheet_font_at(px, grade->ink, false, ANCHOR_END);
        struct scene_box box;
        font.halo = grade->wash;
        if (zone_box(sheet, plot, zone, &box) && box.height > px * 1.3)
            scene_text(sheet->scene, &font, box.x + box.width - 4 * sheet->unit, box.y + px * 1.15,
                       level_word(zone->level, sheet->picture->lang));
    }
}

/* ---- the way to the year's end ---- */

static void
projection_line(const struct sheet *sheet, const struct plot *plot, double x, double y)
{
    const struct picture_projection *projection = &sheet->picture->projection;
    const struct theme_palette *colours = sheet->theme.colours;
    const double end = plot_x(plot, projection->at.days - plot->from.days);
    if (!isnan(projection->low)) {
        scene_path(sheet->scene, &(struct scene_style){ .fill = colours->band });
        scene_move(sheet->scene, x, y);
        scene_line(sheet->scene, end, plot_y(plot, projection->high));
        scene_line(sheet->scene, end, plot_y(plot, projection->low));
        scene_close(sheet->scene);
    }
    scene_path(sheet->scene, &(struct scene_style){ .stroke = colours->text,
                                                    .width = 2 * sheet->theme.size->line,
                                                    .dash = 0.1,
                                                    .blank = 4.5 * sheet->theme.size->line });
    scene_move(sheet->scene, x, y);
    scene_line(sheet->scene, end, plot_y(plot, projection->value));
}

/* Where the projection begins: the end of the latest period, at its value. False: nothing to
 * project from, or nowhere to go. */
static bool
projection_begin(const struct sheet *sheet, const struct plot *plot, double *ret_x, double *ret_y)
{
    const struct picture *picture = sheet->picture;
    const struct picture_point *latest = sheet->content->latest;
    if (!picture->has_projection || !latest || latest->to.days >= picture->projection.at.days ||
        picture->projection.at.days > picture->to.days + 1)
        return false;
    *ret_x = plot_x(plot, latest->to.days - plot->from.days);
    *ret_y = plot_y(plot, latest->number);
    return true;
}

/* The longest of "年末预计 1851（1790—1905）", "年末预计 1851" and "1851" that is no wider than
 * `room`; "" when none is. */
static const char *
projection_text(const struct sheet *sheet, double room, char *text, size_t size)
{
    const struct picture_projection *projection = &sheet->picture->projection;
    const bool is_zh = sheet->picture->lang == LANG_ZH;
    const char *word = content_word(WORD_PROJECTED, sheet->picture->lang);
    const double px = sheet->theme.size->small * 1.04;
    if (!isnan(projection->low)) {
        (void)snprintf(text, size, is_zh ? "%s %s（%s—%s）" : "%s %s (%s–%s)", word,
                       projection->value_text, projection->low_text,
                       projection->high_text); /* fits */
        if (measure_text(text, strlen(text), px) <= room)
            return text;
    }
    (void)snprintf(text, size, "%s %s", word, projection->value_text); /* fits */
    if (measure_text(text, strlen(text), px) <= room)
        return text;
    const char *number = projection->value_text;
    return measure_text(number, strlen(number), px) <= room ? number : "";
}

/* The number at the end of the line that begins at x0, y0, clear of it: below, or above where there
 * is no room. */
static void
projection_words(const struct sheet *sheet, const struct plot *plot, double x0, double y0)
{
    const struct picture_projection *projection = &sheet->picture->projection;
    const double px = sheet->theme.size->small;
    const double end = plot_x(plot, projection->at.days - plot->from.days);
    const double x = end - 3 * sheet->unit;
    char room[4 * NUM_TEXT_MAX];
    const char *text = projection_text(sheet, x - x0 - 3 * sheet->unit, room, sizeof room);
    const double left = x - measure_text(text, strlen(text), px);
    const double share = (left - x0) / (end - x0);
    const double low = plot_y(plot, isnan(projection->low) ? projection->value : projection->low);
    const double high =
        plot_y(plot, isnan(projection->high) ? projection->value : projection->high);
    struct scene_font font = sheet_font_at(px, sheet->theme.colours->text, true, ANCHOR_END);
    font.halo = sheet->theme.colours->paper;
    double y = fmax(low, y0 + (low - y0) * share) + px * 1.5;
    if (y > plot->box.y + plot->box.height - px)
        y = fmin(high, y0 + (high - y0) * share) - px * 0.8;
    if (text[0])
        scene_number(sheet->scene, &font, x, y, text);
}

/* ---- over the data ---- */

/* On paper every bar has an edge, and the hatching of its level. */
static void
hatches_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double floor_y = plot_floor(plot);
    if (picture->size != PICTURE_PRINT || sheet->content->style != CONTENT_BARS)
        return;
    for (int grade = 0; grade < GRADE_COUNT; grade++) {
        const struct theme_colours *colours = &sheet->theme.colours->grades[grade];
        const struct scene_style style = {
            .stroke = colours->ink, .width = 0.7, .hatch = colours->hatch, .ink = colours->ink
        };
        for (size_t i = 0; i < picture->point_count; i++) {
            const struct picture_point *point = &picture->points[i];
            double left, right;
            if ((int)theme_grade_of(point->level) != grade || !content_shows(picture, point))
                continue;
            plot_span(plot, point->from, point->to, true, &left, &right);
            const double y = plot_y(plot, point->number);
            scene_path(sheet->scene, &style);
            scene_box(sheet->scene, left, fmin(y, floor_y), right - left, fabs(y - floor_y));
        }
    }
}

/* Lightens values that may still change and gives them a dashed edge. */
static void
open_values_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const bool is_bar = sheet->content->style == CONTENT_BARS;
    const double floor_y = plot_floor(plot), unit = sheet->unit;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        double left, right, y = plot_y(plot, point->number);
        if (!content_is_open(point) || !content_shows(picture, point))
            continue;
        plot_span(plot, point->from, point->to, is_bar, &left, &right);
        scene_path(sheet->scene,
                   &(struct scene_style){ .fill = (sheet->theme.colours->paper & ~0xFFU) | 0xA0U,
                                          .stroke = sheet_grade(sheet, point->level)->ink,
                                          .width = unit,
                                          .dash = 3 * unit,
                                          .blank = 2 * unit });
        if (is_bar)
            scene_box(sheet->scene, left, fmin(y, floor_y), right - left, fabs(y - floor_y));
        else
            scene_box(sheet->scene, left, y - 2.5 * unit, right - left, 5 * unit);
    }
}

static void
foot_marks_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double y = plot->box.y + plot->box.height - 7 * sheet->unit;
    double left, right;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!point->is_revised || !content_shows(picture, point))
            continue;
        plot_span(plot, point->from, point->to, false, &left, &right);
        if (right - left >= MARK_MIN * sheet->unit)
            sheet_mark(sheet, MARK_REVISED, (left + right) / 2, y);
    }
    for (size_t i = 0; i < picture->gap_count; i++) {
        const struct picture_gap *gap = &picture->gaps[i];
        if (gap->to.days <= picture->from.days || gap->from.days > picture->to.days)
            continue;
        plot_span(plot, gap->from, gap->to, false, &left, &right);
        if (right - left >= MARK_MIN * sheet->unit)
            sheet_mark(sheet, gap->state == GAP_MISSING ? MARK_MISSING : MARK_NOT_DUE,
                       (left + right) / 2, y);
    }
}

/* A ring at each, its text to the right below, where neither the plan nor a number above a value
 * is; at the right edge to the left above. */
static void
milestones_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double px = sheet->theme.size->small, unit = sheet->unit;
    const double edge = plot->box.x + plot->box.width;
    struct scene_font font = sheet_font(px, sheet->theme.colours->plan, true);
    font.halo = sheet->theme.colours->paper;
    double taken = plot->box.x;
    for (size_t i = 0; sheet->content->has_plan && i < picture->milestone_count; i++) {
        const struct picture_milestone *milestone = &picture->milestones[i];
        const int day = milestone->at.days - plot->from.days;
        const double width = measure_text(milestone->text, strlen(milestone->text), px) + 8 * unit;
        if (day <= 0 || day > plot->axis.days)
            continue;
        const double x = plot_x(plot, day), y = plot_y(plot, milestone->value);
        const bool is_left = x + width > edge;
        sheet_bead(sheet, x, y, 4 * unit, sheet->theme.colours->plan, true);
        if (x < taken || (is_left && x - width < taken))
            continue;
        font.anchor = is_left ? ANCHOR_END : ANCHOR_START;
        scene_text(sheet->scene, &font, is_left ? x - 7 * unit : x + 5 * unit,
                   is_left ? y - 5 * unit : y + 4 * unit + px, milestone->text);
        taken = is_left ? x : x + width;
    }
}

/* The target's number where its line begins or changes. */
static void
targets_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double small = sheet->theme.size->small, unit = sheet->unit;
    struct scene_font font = sheet_font(small, sheet->theme.colours->target, true);
    font.halo = sheet->theme.colours->paper;
    double before = (double)NAN;
    for (size_t i = 0; sheet->content->has_target && i < picture->target_count; i++) {
        const struct picture_target *target = &picture->targets[i];
        const struct cal_date from = cal_date_of(target->year, 1, 1);
        const struct cal_date after = { cal_date_of(target->year, 12, 31).days + 1 };
        if (after.days <= picture->from.days || from.days > picture->to.days)
            continue;
        bool is_same = fabs(target->value - before) < 1e-12 * fabs(before);
        before = target->value;
        if (is_same && !sheet->content->has_plan)
            continue;
        char value[NUM_TEXT_MAX];
        double left, right;
        (void)num_print_short(target->value, 9, value);
        plot_span(plot, from, after, false, &left, &right);
        if (measure_text(value, strlen(value), small) > right - left - 4)
            continue;
        const double y = plot_y(plot, target->value);
        const bool is_below = y - 5 * unit - small < plot->box.y;
        scene_number(sheet->scene, &font, left + 5 * unit,
                     is_below ? y + small + 3 * unit : y - 5 * unit, value);
    }
}

/* ---- numbers at values ---- */

static void
value_draw(const struct sheet *sheet, const struct plot *plot, const struct picture_point *point)
{
    const bool is_latest = point == sheet->content->latest;
    const bool is_bar = sheet->content->style == CONTENT_BARS;
    const struct scene_box *box = &plot->box;
    const struct theme_colours *colours = sheet_grade(sheet, point->level);
    const double unit = sheet->unit;
    double left, right, y = plot_y(plot, point->number);
    plot_span(plot, point->from, point->to, is_bar, &left, &right);
    double x = (left + right) / 2;
    struct scene_font font = sheet_font_at(
        is_latest ? sheet->theme.size->text + unit : sheet->theme.size->small,
        is_latest ? colours->ink : sheet->theme.colours->text, is_latest, ANCHOR_MIDDLE);
    font.halo = sheet->theme.colours->paper;
    if (is_latest)
        sheet_bead(sheet, x, y, 4 * unit, colours->ink, content_is_open(point));
    const double half = measure_text(point->value, strlen(point->value), font.px) / 2;
    x = fmin(fmax(x, box->x + half + 2), box->x + box->width - half - 2);
    const double away = (is_latest ? 9 : 5) * unit;
    bool is_below = is_bar && point->number < 0;
    if (is_below && y + away + font.px > box->y + box->height)
        is_below = false;
    else if (!is_below && y - away - font.px * 0.75 < box->y - 6 * unit)
        is_below = true;
    scene_number(sheet->scene, &font, x, is_below ? y + away + font.px * 0.8 : y - away,
                 point->value);
}

/* The number at the latest value, and at all when they have room. */
static void
values_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double small = sheet->theme.size->small;
    size_t count = 0;
    bool has_room = true;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        double left, right;
        if (!content_shows(picture, point))
            continue;
        count++;
        plot_span(plot, point->from, point->to, false, &left, &right);
        has_room &= measure_text(point->value, strlen(point->value), small) + 2 < right - left;
    }
    for (size_t i = 0; i < picture->point_count && has_room && count <= NUMBERED_MAX; i++)
        if (content_shows(picture, &picture->points[i]) &&
            &picture->points[i] != sheet->content->latest)
            value_draw(sheet, plot, &picture->points[i]);
    if (sheet->content->latest)
        value_draw(sheet, plot, sheet->content->latest);
}

/* ---- below the plot ---- */

static bool
trend_has_lane(const struct sheet *sheet)
{
    const struct picture *picture = sheet->picture;
    for (size_t i = 0; i < picture->point_count; i++) {
        enum theme_grade grade = theme_grade_of(picture->points[i].level);
        if (content_shows(picture, &picture->points[i]) && grade != GRADE_NORMAL &&
            grade != GRADE_NONE)
            return true;
    }
    return false;
}

static void
lane_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    const double y = plot->box.y + plot->box.height + 7 * sheet->unit;
    for (int grade = GRADE_REMIND; grade <= GRADE_SEVERE; grade++) {
        for (size_t i = 0; i < picture->point_count; i++) {
            const struct picture_point *point = &picture->points[i];
            double left, right;
            plot_span(plot, point->from, point->to, false, &left, &right);
            if ((int)theme_grade_of(point->level) == grade && content_shows(picture, point) &&
                right - left >= LANE_MIN)
                sheet_dots(sheet, (left + right) / 2, y, (enum theme_grade)grade);
        }
    }
}

/* What is shown under a pointer: the last values. */
static void
hints_draw(const struct sheet *sheet, const struct plot *plot)
{
    const struct picture *picture = sheet->picture;
    char text[CHART_SPEECH_MAX];
    size_t first;
    (void)chart_last_points(picture, HINTS_MAX, &first);
    for (size_t i = first; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        double left, right;
        if (!content_shows(picture, point))
            continue;
        plot_span(plot, point->from, point->to, false, &left, &right);
        const struct scene_box box = { left, plot->box.y, right - left, plot->box.height };
        scene_hint(sheet->scene, box, chart_speech(picture, point, text));
    }
}

int
chart_trend(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    struct plot plot = { .scale = trend_scale(sheet) };
    double x = 0, y = 0;
    sheet_head(sheet);
    trend_plot(sheet, sheet_scale_width(sheet, &plot.scale), &plot);
    zones_draw(sheet, &plot);
    sheet_ground(sheet, &plot);
    const bool has_projection = projection_begin(sheet, &plot, &x, &y);
    if (has_projection)
        projection_line(sheet, &plot, x, y);
    int rc = chart_data(sheet, &plot, source, note);
    if (rc < 0)
        return rc;
    hatches_draw(sheet, &plot);
    open_values_draw(sheet, &plot);
    const bool has_lane = trend_has_lane(sheet);
    sheet_axis(sheet, &plot, has_lane);
    foot_marks_draw(sheet, &plot);
    zone_words_draw(sheet, &plot);
    milestones_draw(sheet, &plot);
    targets_draw(sheet, &plot);
    if (has_projection)
        projection_words(sheet, &plot, x, y);
    values_draw(sheet, &plot);
    if (sheet->picture->point_count == 0)
        sheet_no_data(sheet, &plot.box);
    if (has_lane)
        lane_draw(sheet, &plot);
    sheet_legend(sheet);
    sheet_facts(sheet);
    hints_draw(sheet, &plot);
    return 0;
}

/* The small one in a table: the data, a bead at the latest value, and the stamp. */
int
chart_spark(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    const struct theme_size *size = sheet->theme.size;
    struct plot plot = { .scale = trend_scale(sheet) };
    const bool is_simulated = sheet->content->is_simulated;
    const struct scene_font stamp = sheet_font(size->small, sheet->theme.colours->stamp, true);
    if (is_simulated) {
        scene_text(sheet->scene, &stamp, size->pad, sheet->y + size->small,
                   content_word(WORD_STAMP, sheet->picture->lang));
        sheet->y += size->small * 1.4;
    }
    trend_plot(sheet, 0, &plot);
    int rc = chart_data(sheet, &plot, source, note);
    if (rc < 0)
        return rc;
    if (plot.scale.low < 0 && plot.scale.high > 0) {
        scene_path(sheet->scene,
                   &(struct scene_style){ .stroke = sheet->theme.colours->axis, .width = 1 });
        scene_move(sheet->scene, plot.box.x, plot_floor(&plot));
        scene_line(sheet->scene, plot.box.x + plot.box.width, plot_floor(&plot));
    }
    const struct picture_point *latest = sheet->content->latest;
    if (latest) {
        double left, right;
        plot_span(&plot, latest->from, latest->to, false, &left, &right);
        sheet_bead(sheet, (left + right) / 2, plot_y(&plot, latest->number), 2.5,
                   sheet_grade(sheet, latest->level)->ink, content_is_open(latest));
    }
    sheet->y += size->plot_height;
    return 0;
}
