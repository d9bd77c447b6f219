/* SPDX-License-Identifier: GPL-3.0-or-later
 * This year over last year and the band of the years before: one axis from January to December, on
 * which periods stand that have the same place in their year. No archive has such an axis. */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

enum { SLOTS_MAX = 366, PLAIN_YEAR = 2023 /* of 365 days */ };

/* A place in the year, and what the years have there. */
struct slot {
    double day; /* its middle, days since 1 January of a plain year */
    double width;
    double low, high; /* of the years before last; NaN: none */
    const struct picture_point *last, *now;
};

struct slots {
    struct slot items[SLOTS_MAX];
    size_t count;
};

static int
year_of(struct cal_date date)
{
    int year;
    cal_civil(date, &year, NULL, NULL);
    return year;
}

/* The place of a point: that of the first slot within half its width, or a new one. Slots stay in
 * order. NULL: there are too many. */
static struct slot *
slot_of(struct slots *slots, const struct picture_point *point)
{
    const struct cal_date begin = cal_date_of(year_of(point->from), 1, 1);
    const double days = cal_date_of(year_of(point->from) + 1, 1, 1).days - begin.days;
    const double width = (point->to.days - point->from.days) * 365.0 / days;
    const double day = ((point->from.days + point->to.days) / 2.0 - begin.days) * 365.0 / days;
    size_t place = 0;
    while (place < slots->count && slots->items[place].day < day - width / 2)
        place++;
    if (place < slots->count && slots->items[place].day < day + width / 2)
        return &slots->items[place];
    if (slots->count == SLOTS_MAX)
        return NULL;
    memmove(&slots->items[place + 1], &slots->items[place],
            (slots->count - place) * sizeof *slots->items);
    slots->count++;
    slots->items[place] =
        (struct slot){ .day = day, .width = width, .low = (double)NAN, .high = (double)NAN };
    return &slots->items[place];
}

static void
slots_make(const struct picture *picture, int year, struct slots *slots)
{
    slots->count = 0;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        struct slot *slot = content_shows(picture, point) ? slot_of(slots, point) : NULL;
        const int of = year_of(point->from);
        if (!slot)
            continue;
        if (of == year)
            slot->now = point;
        else if (of == year - 1)
            slot->last = point;
        else
            chart_widen(&slot->low, &slot->high, point->number);
    }
}

static const struct picture_target *
target_of(const struct sheet *sheet, int year)
{
    for (size_t i = 0; sheet->content->has_target && i < sheet->picture->target_count; i++)
        if (sheet->picture->targets[i].year == year)
            return &sheet->picture->targets[i];
    return NULL;
}

static struct scale
overlay_scale(const struct sheet *sheet, const struct slots *slots,
              const struct picture_target *target)
{
    double low = target ? target->value : (double)NAN, high = low;
    for (size_t i = 0; i < slots->count; i++) {
        const struct slot *slot = &slots->items[i];
        chart_widen(&low, &high, slot->low);
        chart_widen(&low, &high, slot->high);
        chart_widen(&low, &high, slot->last ? slot->last->number : (double)NAN);
        chart_widen(&low, &high, slot->now ? slot->now->number : (double)NAN);
    }
    return scale_of(low, high, sheet->content->style == CONTENT_BARS, sheet->picture->decimals,
                    sheet->theme.size->y_ticks);
}

/* ---- lines ---- */

/* The band between lowest and highest, with an edge that shows on every paper; where it has one
 * value only, it is that line. */
static void
band_draw(const struct sheet *sheet, const struct plot *plot, const struct slots *slots)
{
    const struct theme_palette *colours = sheet->theme.colours;
    const struct scene_style style = { .fill = colours->band, .stroke = colours->axis, .width = 1 };
    size_t first = 0;
    while (first < slots->count) {
        size_t end = first;
        while (end < slots->count && !isnan(slots->items[end].low))
            end++;
        for (size_t i = first; i < end; i++) {
            const double x = plot_x(plot, slots->items[i].day);
            const double y = plot_y(plot, slots->items[i].high);
            if (i == first)
                scene_path(sheet->scene, &style);
            if (i == first)
                scene_move(sheet->scene, x, y);
            else
                scene_line(sheet->scene, x, y);
        }
        for (size_t i = end; i > first; i--)
            scene_line(sheet->scene, plot_x(plot, slots->items[i - 1].day),
                       plot_y(plot, slots->items[i - 1].low));
        if (end > first)
            scene_close(sheet->scene);
        first = end > first ? end : first + 1;
    }
}

static const struct picture_point *
slot_point(const struct slot *slot, bool is_now)
{
    return is_now ? slot->now : slot->last;
}

/* A line through the values of neighbouring places. One across a gap would tell of values nobody
 * has seen. */
static void
line_draw(const struct sheet *sheet, const struct plot *plot, const struct slots *slots,
          bool is_now, const struct scene_style *style)
{
    bool is_down = false;
    scene_path(sheet->scene, style);
    for (size_t i = 0; i < slots->count; i++) {
        const struct slot *slot = &slots->items[i];
        const struct picture_point *point = slot_point(slot, is_now);
        const double x = plot_x(plot, slot->day);
        if (!point) {
            is_down = false;
            continue;
        }
        const double y = plot_y(plot, point->number);
        if (is_down)
            scene_line(sheet->scene, x, y);
        else
            scene_move(sheet->scene, x, y);
        is_down = true;
    }
}

static void
target_draw(const struct sheet *sheet, const struct plot *plot, const struct picture_target *target)
{
    const double y = plot_y(plot, target->value), small = sheet->theme.size->small;
    char value[NUM_TEXT_MAX];
    struct scene_font font = sheet_font(small, sheet->theme.colours->target, true);
    font.halo = sheet->theme.colours->paper;
    scene_path(sheet->scene, &(struct scene_style){ .stroke = sheet->theme.colours->target,
                                                    .width = 1.5 * sheet->theme.size->line });
    scene_move(sheet->scene, plot->box.x, y);
    scene_line(sheet->scene, plot->box.x + plot->box.width, y);
    const bool is_below = y - 5 * sheet->unit - small < plot->box.y;
    scene_number(sheet->scene, &font, plot->box.x + 5 * sheet->unit,
                 is_below ? y + small + 3 * sheet->unit : y - 5 * sheet->unit,
                 num_print_short(target->value, 9, value));
}

/* This year's beads, coloured by level, with their dots and numbers. */
static void
beads_draw(const struct sheet *sheet, const struct plot *plot, const struct slots *slots)
{
    const double px = sheet->theme.size->small, unit = sheet->unit;
    struct scene_font font = sheet_font_at(px, sheet->theme.colours->title, true, ANCHOR_MIDDLE);
    font.halo = sheet->theme.colours->paper;
    bool has_room = true;
    for (size_t i = 0; i < slots->count; i++) {
        const struct picture_point *point = slots->items[i].now;
        const double width = slots->items[i].width * plot->box.width / plot->axis.days;
        has_room &= !point || measure_text(point->value, strlen(point->value), px) + 2 < width;
    }
    for (size_t i = 0; i < slots->count; i++) {
        const struct picture_point *point = slots->items[i].now;
        if (!point)
            continue;
        const double x = plot_x(plot, slots->items[i].day), y = plot_y(plot, point->number);
        const bool is_low = point->number < 0 || y - 9 * unit - px < plot->box.y;
        const bool fits_below = y + 9 * unit + px < plot->box.y + plot->box.height;
        sheet_bead(sheet, x, y, 4.2 * unit, sheet_grade(sheet, point->level)->ink,
                   content_is_open(point));
        if (has_room || point == sheet->content->latest)
            scene_number(sheet->scene, &font,
                         fmin(x, plot->box.x + plot->box.width -
                                     measure_text(point->value, strlen(point->value), px) / 2),
                         is_low && fits_below ? y + 9 * unit + px * 0.8 : y - 9 * unit,
                         point->value);
    }
    for (size_t i = 0; i < slots->count; i++)
        if (slots->items[i].now)
            sheet_dots(sheet, plot_x(plot, slots->items[i].day),
                       plot->box.y + plot->box.height + 7 * unit,
                       theme_grade_of(slots->items[i].now->level));
}

static void
hints_draw(const struct sheet *sheet, const struct plot *plot, const struct slots *slots)
{
    char now[CHART_SPEECH_MAX], last[CHART_SPEECH_MAX], text[2 * CHART_SPEECH_MAX + 4];
    for (size_t i = 0; i < slots->count; i++) {
        const struct slot *slot = &slots->items[i];
        if (!slot->now && !slot->last)
            continue;
        (void)snprintf(text, sizeof text, "%s%s%s",
                       slot->now ? chart_speech(sheet->picture, slot->now, now) : "",
                       slot->now && slot->last ? " / " : "",
                       slot->last ? chart_speech(sheet->picture, slot->last, last) : "");
        const double width = slot->width * plot->box.width / plot->axis.days;
        const struct scene_box box = { plot_x(plot, slot->day) - width / 2, plot->box.y, width,
                                       plot->box.height };
        scene_hint(sheet->scene, box, text);
    }
}

int
chart_overlay(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    (void)source; /* draws the request's own numbers: nothing can go wrong */
    (void)note;
    const struct picture *picture = sheet->picture;
    const int year = content_year(picture);
    const struct picture_target *target = target_of(sheet, year);
    struct slots slots;
    slots_make(picture, year, &slots);
    struct plot plot = { .from = cal_date_of(PLAIN_YEAR, 1, 1),
                         .scale = overlay_scale(sheet, &slots, target) };
    sheet_head(sheet);
    plot.box = sheet_plot_box(sheet, sheet_scale_width(sheet, &plot.scale));
    axis_make(plot.from, cal_date_of(PLAIN_YEAR, 12, 31), picture->lang, plot.box.width,
              sheet->theme.size->small, &plot.axis);
    plot.axis.year_count = 0; /* it is no year's axis */
    if (plot.axis.unit == AXIS_YEARS)
        plot.axis.cell_count = 0;
    struct plot ground = plot;
    ground.axis.cell_count = 0; /* no lines between months */
    band_draw(sheet, &plot, &slots);
    sheet_ground(sheet, &ground);
    sheet_axis(sheet, &plot, slots.count > 0);
    if (target)
        target_draw(sheet, &plot, target);
    const double line = sheet->theme.size->line;
    line_draw(sheet, &plot, &slots, false,
              &(struct scene_style){ .stroke = sheet->theme.colours->last,
                                     .width = 2 * line,
                                     .dash = 6 * line,
                                     .blank = 4 * line });
    line_draw(sheet, &plot, &slots, true,
              &(struct scene_style){ .stroke = sheet->theme.colours->title, .width = 3 * line });
    beads_draw(sheet, &plot, &slots);
    if (slots.count == 0)
        sheet_no_data(sheet, &plot.box);
    sheet_legend(sheet);
    sheet_facts(sheet);
    hints_draw(sheet, &plot, &slots);
    return 0;
}
