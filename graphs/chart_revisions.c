/* SPDX-License-Identifier: GPL-3.0-or-later
 * One period's versions in the order they became known: the value held until the next one came, its
 * number, and the change against the one before. Beside each other, not along time: revisions come
 * within days or after years. */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

/* Pixels of a page a version takes at least. */
static const double CELL_MIN = 24;

/* The versions shown: the last that have room. */
struct versions {
    const struct picture_version *items;
    size_t count;
};

static struct versions
versions_shown(const struct sheet *sheet)
{
    const struct theme_size *size = sheet->theme.size;
    const double room = (size->width - 2 * size->pad) * 0.88; /* the labels of the scale */
    const size_t fitting = (size_t)(room / (CELL_MIN * sheet->unit));
    const size_t count = sheet->picture->version_count;
    const size_t first = count > fitting ? count - fitting : 0;
    const struct picture_version *all = sheet->picture->versions; /* NULL without any */
    return (struct versions){ first > 0 ? all + first : all, count - first };
}

static struct scale
versions_scale(const struct sheet *sheet, const struct versions *versions)
{
    double low = (double)NAN, high = (double)NAN;
    for (size_t i = 0; i < versions->count; i++)
        chart_widen(&low, &high, versions->items[i].number);
    return scale_of(low, high, false, sheet->picture->decimals, sheet->theme.size->y_ticks - 1);
}

/* One cell a version; the labels of as many as have room, the last always. */
static void
versions_axis(const struct sheet *sheet, const struct versions *versions, struct plot *plot)
{
    const double px = sheet->theme.size->small;
    const size_t count = versions->count;
    struct axis *axis = &plot->axis;
    double widest = 1;
    *axis = (struct axis){ .unit = AXIS_DAYS, .days = count > 0 ? (int)count : 1, .step = 1 };
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest,
                      measure_text(versions->items[i].label, strlen(versions->items[i].label), px));
    const double cell = plot->box.width / axis->days;
    /* the last may have to move to the left */
    const size_t step = (size_t)ceil((widest * 1.25 + 6 * sheet->unit) / cell);
    for (size_t i = 0; i < count; i++) {
        const char *label = versions->items[i].label;
        struct axis_cell *into = &axis->cells[axis->cell_count++];
        *into = (struct axis_cell){ .from = (int)i, .to = (int)i + 1 };
        if ((count - 1 - i) % step == 0)
            (void)snprintf(into->label, sizeof into->label, "%.*s",
                           (int)text_cut(label, strlen(label), sizeof into->label - 1), label);
    }
}

static void
steps_draw(const struct sheet *sheet, const struct plot *plot, const struct versions *versions)
{
    scene_path(sheet->scene, &(struct scene_style){ .stroke = sheet->theme.colours->last,
                                                    .width = 2 * sheet->theme.size->line });
    for (size_t i = 0; i < versions->count; i++) {
        const double y = plot_y(plot, versions->items[i].number);
        const double x = plot_x(plot, (double)i + (i == 0 ? 0.5 : 0));
        if (i == 0)
            scene_move(sheet->scene, x, y);
        else
            scene_line(sheet->scene, x, y);
        scene_line(sheet->scene, plot_x(plot, (double)i + 1), y);
    }
}

static void
version_draw(const struct sheet *sheet, const struct plot *plot, size_t place,
             const struct picture_version *version, bool is_last)
{
    const double px = sheet->theme.size->text, small = sheet->theme.size->small;
    const double unit = sheet->unit, cell = plot->box.width / plot->axis.days;
    const double x = plot_x(plot, (double)place + 0.5), y = plot_y(plot, version->number);
    const double width = measure_text(version->value, strlen(version->value), px * 1.06);
    struct scene_font font = sheet_font_at(px, sheet->theme.colours->title, is_last, ANCHOR_MIDDLE);
    struct scene_font change =
        sheet_font_at(small, sheet->theme.colours->faint, false, ANCHOR_MIDDLE);
    font.halo = change.halo = sheet->theme.colours->paper;
    sheet_bead(sheet, x, y, 4.2 * unit, sheet->theme.colours->title,
               strchr("PEF", version->status) != NULL);
    if (width < cell || is_last)
        scene_number(sheet->scene, &font, fmin(x, plot->box.x + plot->box.width - width / 2),
                     y - 10 * unit, version->value);
    if (version->change[0] && measure_text(version->change, strlen(version->change), small) < cell)
        scene_number(sheet->scene, &change, x, y + 10 * unit + small * 0.8, version->change);
}

int
chart_revisions(struct sheet *sheet, const struct chart_source *source, struct err_note *note)
{
    (void)source; /* draws the request's own numbers: nothing can go wrong */
    (void)note;
    const struct versions versions = versions_shown(sheet);
    struct plot plot = { .scale = versions_scale(sheet, &versions) };
    sheet_head(sheet);
    sheet->y += sheet->theme.size->text; /* the number of a version at the top stands above it */
    plot.box = sheet_plot_box(sheet, sheet_scale_width(sheet, &plot.scale));
    plot.box.height *= 0.8;
    versions_axis(sheet, &versions, &plot);
    struct plot ground = plot;
    ground.axis.cell_count = 0; /* no lines between versions */
    sheet_ground(sheet, &ground);
    steps_draw(sheet, &plot, &versions);
    for (size_t i = 0; i < versions.count; i++)
        version_draw(sheet, &plot, i, &versions.items[i], i + 1 == versions.count);
    sheet_axis(sheet, &plot, false);
    if (versions.count == 0)
        sheet_no_data(sheet, &plot.box);
    sheet_legend(sheet);
    sheet_facts(sheet);
    return 0;
}
