/* SPDX-License-Identifier: GPL-3.0-or-later
 * Areas by rank: one bar an area in the order of the request, a tick where its own target is. Bars
 * begin at zero: their lengths are compared. */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

/* The names take at most this share of the width; the bars at least that. */
static const double NAMES_MAX = 0.34, BARS_MIN = 0.25;

/* Where the bars stand: zero, and pixels a unit of the value. */
struct ruler {
    double left, right;
    bool is_tight; /* no room beside the bars: the numbers stand over them, at the right edge */
    double zero;
    double pixels;
};

static double
ruler_x(const struct ruler *ruler, double value)
{
    return ruler->zero + value * ruler->pixels;
}

static double
names_width(const struct sheet *sheet)
{
    const double px = sheet->theme.size->text;
    double widest = 0;
    for (size_t i = 0; i < sheet->picture->area_count; i++)
        widest = fmax(widest, measure_text(sheet->picture->areas[i].name,
                                           strlen(sheet->picture->areas[i].name), px * 1.04));
    return fmin(widest, NAMES_MAX * sheet->theme.size->width);
}

/* Leaves room for the numbers at both ends of the bars. */
static struct ruler
ruler_make(const struct sheet *sheet, double left)
{
    const struct theme_size *size = sheet->theme.size;
    double low = 0, high = 0, before = 0, after = 0;
    for (size_t i = 0; i < sheet->picture->area_count; i++) {
        const struct picture_area *area = &sheet->picture->areas[i];
        const double room =
            measure_text(area->value, strlen(area->value), size->text * 1.04) + 26 * sheet->unit;
        chart_widen(&low, &high, area->number);
        if (sheet->content->has_target)
            chart_widen(&low, &high, area->target);
        if (area->number < 0)
            before = fmax(before, room);
        else if (!isnan(area->number))
            after = fmax(after, room);
    }
    struct ruler ruler = { .left = left + before, .right = size->width - size->pad - after };
    ruler.is_tight = ruler.right - ruler.left < BARS_MIN * size->width;
    if (ruler.is_tight)
        ruler = (struct ruler){ left, size->width - size->pad, true, 0, 0 };
    const double span = high - low;
    ruler.pixels = span > 0 ? (ruler.right - ruler.left) / span : 0;
    ruler.zero = ruler.left - low * ruler.pixels;
    return ruler;
}

static void
bar_draw(const struct sheet *sheet, const struct picture_area *area, const struct ruler *ruler,
         double top, double height)
{
    const struct theme_colours *grade = sheet_grade(sheet, area->level);
    const double x = ruler_x(ruler, area->number);
    const bool is_print = sheet->picture->size == PICTURE_PRINT;
    scene_path(sheet->scene, &(struct scene_style){ .fill = grade->fill,
                                                    .stroke = is_print ? grade->ink : 0,
                                                    .width = 0.7,
                                                    .hatch = grade->hatch,
                                                    .ink = grade->ink });
    scene_box(sheet->scene, fmin(x, ruler->zero), top, fmax(fabs(x - ruler->zero), 1), height);
}

static void
target_tick(const struct sheet *sheet, double x, double top, double height)
{
    const struct theme_palette *colours = sheet->theme.colours;
    const uint32_t rings[] = { colours->paper, colours->target };
    for (int i = 0; i < 2; i++) {
        scene_path(
            sheet->scene,
            &(struct scene_style){ .stroke = rings[i], .width = (i == 0 ? 5 : 2.4) * sheet->unit });
        scene_move(sheet->scene, x, top - 3 * sheet->unit);
        scene_line(sheet->scene, x, top + height + 3 * sheet->unit);
    }
}

/* The number beyond the bar's end, with the dots of its level behind it. */
static void
number_draw(const struct sheet *sheet, const struct picture_area *area, const struct ruler *ruler,
            double middle)
{
    const double px = sheet->theme.size->text, unit = sheet->unit;
    const bool is_negative = area->number < 0 || ruler->is_tight;
    double x = ruler->is_tight ? ruler->right : ruler_x(ruler, area->number);
    if (sheet->content->has_target && !isnan(area->target) && !is_negative) {
        const double tick = ruler_x(ruler, area->target);
        const double width = measure_text(area->value, strlen(area->value), px * 1.04);
        if (tick > x - 4 * unit && tick < x + width + 14 * unit)
            x = tick; /* the number stands behind the tick */
    }
    struct scene_font font = sheet_font_at(px, sheet_grade(sheet, area->level)->ink, true,
                                           is_negative ? ANCHOR_END : ANCHOR_START);
    font.halo = sheet->theme.colours->paper;
    const double gap = (is_negative ? -7 : 7) * unit;
    scene_number(sheet->scene, &font, x + gap, middle + px * 0.36, area->value);
    const double width = measure_text(area->value, strlen(area->value), px * 1.04);
    const double away = gap + (is_negative ? -width - 10 * unit : width + 8 * unit);
    const enum theme_grade grade = theme_grade_of(area->level);
    sheet_dots(sheet, x + away, middle - ((int)grade - 1) * 2.5 * unit, grade);
}

static void
row_draw(const struct sheet *sheet, const struct picture_area *area, const struct ruler *ruler,
         double names, double top, double height)
{
    const double px = sheet->theme.size->text, middle = top + height / 2;
    const struct scene_font name =
        sheet_font(px, area->is_self ? sheet->theme.colours->title : sheet->theme.colours->text,
                   area->is_self);
    const struct scene_font none = sheet_font(px, sheet->theme.colours->faint, false);
    struct measure_line line = { area->name, 0, false };
    (void)measure_wrap(area->name, px * 1.04, names, 1, &line);
    scene_piece(sheet->scene, &name, sheet->theme.size->pad, middle + px * 0.36, line.text,
                line.length, line.is_cut);
    if (!isnan(area->number))
        bar_draw(sheet, area, ruler, top, height);
    if (sheet->content->has_target && !isnan(area->target))
        target_tick(sheet, ruler_x(ruler, area->target), top, height);
    if (!isnan(area->number))
        number_draw(sheet, area, ruler, middle);
    else
        scene_text(sheet->scene, &none, ruler->zero + 7 * sheet->unit, middle + px * 0.36,
                   content_word(WORD_NO_DATA, sheet->picture->lang));
}

static void
hint_add(const struct sheet *sheet, const struct picture_area *area, double top, double height)
{
    char text[CHART_SPEECH_MAX];
    const bool is_zh = sheet->picture->lang == LANG_ZH;
    if (isnan(area->number))
        return;
    (void)snprintf(text, sizeof text, is_zh ? "%s %s（%s）" : "%s %s (%s)", area->name, area->value,
                   level_word(area->level, sheet->picture->lang)); /* fits */
    const double width = sheet->theme.size->width - 2 * sheet->theme.size->pad;
    scene_hint(sheet->scene, (struct scene_box){ sheet->theme.size->pad, top, width, height },
               text);
}

int
chart_ranking(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    (void)source; /* draws the request's own numbers: nothing can go wrong */
    (void)note;
    const struct picture *picture = sheet->picture;
    const struct theme_size *size = sheet->theme.size;
    const double names = names_width(sheet), row = size->text * 2.1, height = size->text * 1.35;
    sheet_head(sheet);
    const struct ruler ruler = ruler_make(sheet, size->pad + names + 12 * sheet->unit);
    const double top = sheet->y, bottom = top + row * (double)picture->area_count;
    if (picture->area_count > 0) {
        const struct scene_box box = { ruler.left, top, ruler.right - ruler.left, bottom - top };
        sheet_ghost(sheet, &box);
    }
    for (size_t i = 0; i < picture->area_count; i++)
        row_draw(sheet, &picture->areas[i], &ruler, names,
                 top + row * (double)i + (row - height) / 2, height);
    sheet->y = bottom;
    if (picture->area_count > 0) {
        scene_path(sheet->scene, &(struct scene_style){ .stroke = sheet->theme.colours->axis,
                                                        .width = 1.2 * sheet->unit });
        scene_move(sheet->scene, ruler.zero, top);
        scene_line(sheet->scene, ruler.zero, bottom);
    } else {
        const struct scene_box box = sheet_plot_box(sheet, 0);
        sheet_no_data(sheet, &box);
        sheet->y += box.height;
    }
    sheet->y += 12 * sheet->unit;
    sheet_legend(sheet);
    sheet_facts(sheet);
    for (size_t i = 0; i < picture->area_count; i++)
        hint_add(sheet, &picture->areas[i], top + row * (double)i, row);
    return 0;
}
