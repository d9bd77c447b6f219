/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small multiples: every area in a panel of its own, all on one scale, so that heights can be
 * compared across them. The panels are drawn from the request's points: one archive a panel would
 * be one run of librrd each, for a few strokes. */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

/* Height of a panel's data as a share of its width. */
static const double SHAPE = 0.46;

static struct scale
multiples_scale(const struct sheet *sheet)
{
    const struct picture *picture = sheet->picture;
    double low = (double)NAN, high = (double)NAN;
    for (size_t i = 0; i < picture->area_count; i++) {
        const struct picture_area *area = &picture->areas[i];
        if (sheet->content->has_target)
            chart_widen(&low, &high, area->target);
        for (size_t k = 0; k < area->point_count; k++)
            if (content_shows(picture, &area->points[k]))
                chart_widen(&low, &high, area->points[k].number);
    }
    return scale_of(low, high, sheet->content->style == CONTENT_BARS, picture->decimals, 4);
}

/* Name at the left, latest value with its dots at the right; returns nothing: both fit or the name
 * is cut. */
static void
panel_head(const struct sheet *sheet, const struct picture_area *area, const struct scene_box *box,
           double base)
{
    const double px = sheet->theme.size->text, unit = sheet->unit;
    const struct theme_colours *grade = sheet_grade(sheet, area->level);
    const struct picture_point *last =
        area->point_count > 0 ? &area->points[area->point_count - 1] : NULL;
    const char *value = last ? last->value : content_word(WORD_NO_DATA, sheet->picture->lang);
    const double value_width = measure_text(value, strlen(value), px) + 2;
    const bool has_dots = last && theme_grade_of(area->level) != GRADE_NONE &&
                          theme_grade_of(area->level) != GRADE_NORMAL;
    const double right = box->x + box->width - (has_dots ? 8 * unit : 0);
    const struct scene_font name_font = sheet_font(px, sheet->theme.colours->title, area->is_self);
    const struct scene_font value_font = sheet_font_at(
        px, last ? grade->ink : sheet->theme.colours->faint, last != NULL, ANCHOR_END);
    struct measure_line line = { area->name, 0, false };
    (void)measure_wrap(area->name, px, right - box->x - value_width - 6 * unit, 1, &line);
    scene_piece(sheet->scene, &name_font, box->x, base, line.text, line.length, line.is_cut);
    scene_number(sheet->scene, &value_font, right, base, value);
    if (has_dots)
        sheet_dots(sheet, box->x + box->width - 2 * unit, base - px * 0.75,
                   theme_grade_of(area->level));
}

/* Bars coloured by level. */
static void
bars_draw(const struct sheet *sheet, const struct plot *plot, const struct picture_area *area)
{
    const double floor_y = plot_floor(plot);
    const bool is_print = sheet->picture->size == PICTURE_PRINT;
    for (int grade = 0; grade < GRADE_COUNT; grade++) {
        const struct theme_colours *colours = &sheet->theme.colours->grades[grade];
        const struct scene_style style = { .fill = colours->fill,
                                           .stroke = is_print ? colours->ink : 0,
                                           .width = 0.5,
                                           .hatch = colours->hatch,
                                           .ink = colours->ink };
        for (size_t i = 0; i < area->point_count; i++) {
            const struct picture_point *point = &area->points[i];
            double left, right;
            if ((int)theme_grade_of(point->level) != grade || !content_shows(sheet->picture, point))
                continue;
            plot_span(plot, point->from, point->to, true, &left, &right);
            const double y = plot_y(plot, point->number);
            scene_path(sheet->scene, &style);
            scene_box(sheet->scene, left, fmin(y, floor_y), right - left, fabs(y - floor_y));
        }
    }
}

/* Steps: a thin line through all, a thick piece coloured by level at each. */
static void
steps_draw(const struct sheet *sheet, const struct plot *plot, const struct picture_area *area)
{
    const double line = sheet->theme.size->line;
    bool is_down = false;
    double left, right, end = 0;
    scene_path(sheet->scene,
               &(struct scene_style){ .stroke = sheet->theme.colours->axis, .width = 1.2 * line });
    for (size_t i = 0; i < area->point_count; i++) {
        const struct picture_point *point = &area->points[i];
        if (!content_shows(sheet->picture, point))
            continue;
        plot_span(plot, point->from, point->to, false, &left, &right);
        const double y = plot_y(plot, point->number);
        if (is_down && left - end < 1)
            scene_line(sheet->scene, left, y);
        else
            scene_move(sheet->scene, left, y);
        scene_line(sheet->scene, right, y);
        is_down = true;
        end = right;
    }
    for (int grade = 0; grade < GRADE_COUNT; grade++) {
        for (size_t i = 0; i < area->point_count; i++) {
            const struct picture_point *point = &area->points[i];
            if ((int)theme_grade_of(point->level) != grade || !content_shows(sheet->picture, point))
                continue;
            plot_span(plot, point->from, point->to, false, &left, &right);
            scene_path(sheet->scene,
                       &(struct scene_style){ .stroke = sheet->theme.colours->grades[grade].line,
                                              .width = 3 * line });
            scene_move(sheet->scene, left, plot_y(plot, point->number));
            scene_line(sheet->scene, right, plot_y(plot, point->number));
        }
    }
}

static void
target_draw(const struct sheet *sheet, const struct plot *plot, double target)
{
    if (!sheet->content->has_target || isnan(target))
        return;
    scene_path(sheet->scene, &(struct scene_style){ .stroke = sheet->theme.colours->target,
                                                    .width = 1.5 * sheet->theme.size->line });
    scene_move(sheet->scene, plot->box.x, plot_y(plot, target));
    scene_line(sheet->scene, plot->box.x + plot->box.width, plot_y(plot, target));
}

/* The labels of the scale at the first panel of a row, of the years below each. */
static void
panel_axis(const struct sheet *sheet, const struct plot *plot, bool is_first)
{
    const double px = sheet->theme.size->small, unit = sheet->unit;
    const struct scene_font end = sheet_font_at(px, sheet->theme.colours->faint, false, ANCHOR_END);
    const struct scene_font middle =
        sheet_font_at(px, sheet->theme.colours->faint, false, ANCHOR_MIDDLE);
    scene_path(sheet->scene,
               &(struct scene_style){ .stroke = sheet->theme.colours->axis, .width = unit });
    scene_move(sheet->scene, plot->box.x,
               plot->scale.low < 0 ? plot_floor(plot) : plot->box.y + plot->box.height);
    scene_line(sheet->scene, plot->box.x + plot->box.width,
               plot->scale.low < 0 ? plot_floor(plot) : plot->box.y + plot->box.height);
    for (int i = 0; is_first && i < plot->scale.count && !plot->scale.is_empty; i++) {
        char label[NUM_TEXT_MAX];
        const double value = scale_tick(&plot->scale, i);
        scene_number(sheet->scene, &end, plot->box.x - 5 * unit, plot_y(plot, value) + px * 0.36,
                     num_print(value, plot->scale.decimals, label));
    }
    for (size_t i = 0; i < plot->axis.cell_count; i++)
        scene_text(sheet->scene, &middle,
                   plot_x(plot, (plot->axis.cells[i].from + plot->axis.cells[i].to) / 2.0),
                   plot->box.y + plot->box.height + px + 3 * unit, plot->axis.cells[i].label);
}

static void
panel_draw(const struct sheet *sheet, struct plot *plot, const struct picture_area *area,
           bool is_first)
{
    char text[CHART_SPEECH_MAX];
    sheet_ground(sheet, plot);
    if (sheet->content->style == CONTENT_BARS)
        bars_draw(sheet, plot, area);
    else
        steps_draw(sheet, plot, area);
    target_draw(sheet, plot, area->target);
    panel_axis(sheet, plot, is_first);
    if (area->point_count == 0)
        return;
    (void)chart_speech(sheet->picture, &area->points[area->point_count - 1], text);
    scene_hint(sheet->scene, plot->box, text);
}

/* The x axis of a panel: years only, unless there is but one. */
static void
panel_years(const struct sheet *sheet, struct plot *plot)
{
    struct axis *axis = &plot->axis;
    axis_make(sheet->picture->from, sheet->picture->to, sheet->picture->lang, plot->box.width,
              sheet->theme.size->small, axis);
    if (axis->year_count < 2)
        return;
    memcpy(axis->cells, axis->years, axis->year_count * sizeof *axis->years);
    axis->cell_count = axis->year_count;
    axis->year_count = 0;
}

int
chart_multiples(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    (void)source; /* draws the request's own numbers: nothing can go wrong */
    (void)note;
    const struct picture *picture = sheet->picture;
    const struct theme_size *size = sheet->theme.size;
    const double unit = sheet->unit, gap = 22 * unit, head = size->text * 1.6;
    struct plot plot = { .from = picture->from, .scale = multiples_scale(sheet) };
    sheet_head(sheet);
    const double left = size->pad + sheet_scale_width(sheet, &plot.scale);
    const double room = size->width - size->pad - left;
    const double width = (room - gap * (size->columns - 1)) / size->columns;
    const double height = width * SHAPE, foot = size->small * 1.4 + 16 * unit;
    for (size_t i = 0; i < picture->area_count; i++) {
        const size_t column = i % (size_t)size->columns;
        plot.box = (struct scene_box){ left + (double)column * (width + gap), sheet->y + head,
                                       width, height };
        panel_years(sheet, &plot);
        panel_head(sheet, &picture->areas[i], &plot.box, sheet->y + size->text);
        panel_draw(sheet, &plot, &picture->areas[i], column == 0);
        if (column + 1 == (size_t)size->columns || i + 1 == picture->area_count)
            sheet->y += head + height + foot;
    }
    if (picture->area_count == 0) {
        const struct scene_box box = sheet_plot_box(sheet, 0);
        sheet_no_data(sheet, &box);
        sheet->y += box.height;
    }
    sheet_legend(sheet);
    sheet_facts(sheet);
    return 0;
}
