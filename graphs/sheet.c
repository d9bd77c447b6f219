/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/sheet.h"

#include <math.h>
#include <string.h>

#include "graphs/measure.h"

enum { LINES_MAX = 4, SUBTITLE_LINES = 2, FACT_LINES = 3 };

/* Blanks in pixels of a page. */
enum {
    GAP_MARK = 6,
    GAP_ITEM = 20,
    GAP_FACT = 28,
    GAP_WORD = 6,
    GAP_SCALE = 8,
    GAP_PILL = 12,
    PILL_PAD = 9,
    DOT = 4
};

/* Line height of a text, as a multiple of its font size. */
static const double LEADING = 1.4;

/* Bold letters are wider by this than measured. */
static const double BOLD = 1.06;

/* Font size of a page's text: the unit of all other lengths. */
static const double PAGE_TEXT = 13;

/* ---- small things ---- */

struct scene_font
sheet_font(double px, uint32_t colour, bool is_bold)
{
    return (struct scene_font){ .px = px, .colour = colour, .is_bold = is_bold };
}

struct scene_font
sheet_font_at(double px, uint32_t colour, bool is_bold, enum scene_anchor anchor)
{
    return (struct scene_font){ .px = px, .colour = colour, .is_bold = is_bold, .anchor = anchor };
}

const struct theme_colours *
sheet_grade(const struct sheet *sheet, enum level level)
{
    return &sheet->theme.colours->grades[theme_grade_of(level)];
}

static void
line_draw(const struct sheet *sheet, uint32_t colour, double width, double x0, double y0, double x1,
          double y1)
{
    scene_path(sheet->scene, &(struct scene_style){ .stroke = colour, .width = width });
    scene_move(sheet->scene, x0, y0);
    scene_line(sheet->scene, x1, y1);
}

static bool
grade_has_dots(enum theme_grade grade)
{
    return grade != GRADE_NORMAL && grade != GRADE_NONE;
}

void
sheet_dots(const struct sheet *sheet, double x, double y, enum theme_grade grade)
{
    const double dot = DOT * sheet->unit;
    if (!grade_has_dots(grade))
        return;
    scene_path(sheet->scene, &(struct scene_style){
                                 .stroke = sheet->theme.colours->grades[grade].ink, .width = dot });
    for (int i = 0; i < (int)grade; i++)
        scene_dot(sheet->scene, x, y + i * dot * 1.25);
}

double
sheet_lane_height(const struct sheet *sheet)
{
    return 3 * DOT * 1.25 * sheet->unit + 1;
}

void
sheet_mark(const struct sheet *sheet, enum content_mark mark, double x, double y)
{
    const struct theme_palette *colours = sheet->theme.colours;
    const double half = 3.6 * sheet->unit;
    struct scene_style style = { .stroke = colours->faint, .width = 1.3 * sheet->unit };
    if (mark == MARK_MISSING) {
        style.stroke = colours->stamp;
        style.width *= 1.3;
        scene_path(sheet->scene, &style);
        scene_move(sheet->scene, x - half, y - half);
        scene_line(sheet->scene, x + half, y + half);
        scene_move(sheet->scene, x - half, y + half);
        scene_line(sheet->scene, x + half, y - half);
    } else if (mark == MARK_REVISED) {
        style.stroke = colours->title;
        style.fill = colours->paper;
        scene_path(sheet->scene, &style);
        scene_move(sheet->scene, x, y - half);
        scene_line(sheet->scene, x + half, y);
        scene_line(sheet->scene, x, y + half);
        scene_line(sheet->scene, x - half, y);
        scene_close(sheet->scene);
    } else {
        style.width = 5.2 * sheet->unit;
        scene_path(sheet->scene, &style);
        scene_dot(sheet->scene, x, y);
        style = (struct scene_style){ .stroke = colours->paper, .width = 2.8 * sheet->unit };
        scene_path(sheet->scene, &style);
        scene_dot(sheet->scene, x, y);
    }
}

void
sheet_bead(const struct sheet *sheet, double x, double y, double radius, uint32_t colour,
           bool is_hollow)
{
    const uint32_t paper = sheet->theme.colours->paper;
    const double edge = radius / 4;
    const struct {
        uint32_t colour;
        double width;
    } rings[] = { { paper, 2 * (radius + edge) },
                  { colour, 2 * radius },
                  { is_hollow ? paper : colour, radius } };
    for (size_t i = 0; i < (is_hollow ? 3 : 2); i++) {
        scene_path(sheet->scene,
                   &(struct scene_style){ .stroke = rings[i].colour, .width = rings[i].width });
        scene_dot(sheet->scene, x, y);
    }
}

/* ---- head ---- */

struct sheet
sheet_begin(const struct picture *picture, const struct content *content, struct scene *scene)
{
    struct sheet sheet = {
        .picture = picture, .content = content, .theme = theme_of(picture), .scene = scene
    };
    const bool is_spark = picture->size == PICTURE_SPARK;
    scene->width = sheet.theme.size->width;
    /* a spark stands in tables of any colour */
    scene->paper = is_spark ? 0 : sheet.theme.colours->paper;
    sheet.unit = is_spark ? 1 : sheet.theme.size->text / PAGE_TEXT;
    sheet.y = sheet.theme.size->pad;
    return sheet;
}

/* Sets a text in lines of `width` and moves below them. */
static void
lines_add(struct sheet *sheet, const struct scene_font *font, const char *text, double width,
          size_t max)
{
    struct measure_line lines[LINES_MAX];
    const double letters = font->is_bold ? font->px * BOLD : font->px;
    size_t count = measure_wrap(text, letters, width, max, lines);
    for (size_t i = 0; i < count; i++) {
        scene_piece(sheet->scene, font, sheet->theme.size->pad, sheet->y + font->px, lines[i].text,
                    lines[i].length, lines[i].is_cut);
        sheet->y += font->px * LEADING;
    }
}

static double
pill_height(const struct sheet *sheet)
{
    return sheet->theme.size->text * LEADING + 5 * sheet->unit;
}

/* A word in a box whose right edge is `right`; returns the left. With a square of `square` in front
 * of it unless that is 0. */
static double
pill_draw(const struct sheet *sheet, double right, const char *word, uint32_t ink, uint32_t edge,
          uint32_t fill, uint32_t square)
{
    const double px = sheet->theme.size->text, unit = sheet->unit;
    const double before = square ? px : 0;
    const double width = measure_text(word, strlen(word), px) + 2 * PILL_PAD * unit + before;
    const double left = right - width, top = sheet->y, height = pill_height(sheet);
    const double middle = top + height / 2;
    struct scene_font font = sheet_font_at(px, ink, true, ANCHOR_START);
    scene_path(sheet->scene,
               &(struct scene_style){ .fill = fill, .stroke = edge, .width = 1.5 * unit });
    scene_box(sheet->scene, left + 1, top + 1, width - 2, height - 2);
    if (square) {
        scene_path(sheet->scene, &(struct scene_style){ .fill = square });
        scene_box(sheet->scene, left + 7 * unit, middle - 5 * unit, 10 * unit, 10 * unit);
    }
    scene_text(sheet->scene, &font, left + PILL_PAD * unit + before, middle + px * 0.36, word);
    return left - GAP_WORD * unit;
}

/* The level of the latest value and the stamp, in the top right corner. Returns the width they
 * take. */
static double
pills_draw(const struct sheet *sheet)
{
    const struct picture *picture = sheet->picture;
    const struct theme_palette *colours = sheet->theme.colours;
    const double begin = sheet->theme.size->width - sheet->theme.size->pad;
    double right = begin;
    if (sheet->content->is_simulated)
        right = pill_draw(sheet, right, content_word(WORD_STAMP, picture->lang), colours->stamp,
                          colours->stamp, colours->paper, 0);
    if (sheet->content->latest && picture->chart != CHART_REVISIONS) {
        const enum level level = sheet->content->latest->level;
        const struct theme_colours *grade = sheet_grade(sheet, level);
        right = pill_draw(sheet, right, level_word(level, picture->lang), grade->ink, grade->wash,
                          grade->wash, grade->line);
    }
    return begin > right ? begin - right + GAP_PILL * sheet->unit : 0;
}

void
sheet_head(struct sheet *sheet)
{
    const struct theme_size *size = sheet->theme.size;
    const double whole = size->width - 2 * size->pad;
    const struct scene_font title = sheet_font(size->title, sheet->theme.colours->title, true);
    const struct scene_font subtitle = sheet_font(size->text, sheet->theme.colours->faint, false);
    double taken = pills_draw(sheet);
    if (sheet->picture->size == PICTURE_PHONE && taken > 0) {
        sheet->y += pill_height(sheet) + GAP_WORD;
        taken = 0;
    }
    lines_add(sheet, &title, sheet->picture->title, whole - taken, size->title_lines);
    sheet->y += 3 * sheet->unit;
    lines_add(sheet, &subtitle, sheet->content->subtitle, whole, SUBTITLE_LINES);
    sheet->y += 12 * sheet->unit;
}

/* ---- plot ---- */

double
sheet_scale_width(const struct sheet *sheet, const struct scale *scale)
{
    double widest = 0;
    for (int i = 0; i < scale->count && !scale->is_empty; i++) {
        char label[NUM_TEXT_MAX];
        (void)num_print(scale_tick(scale, i), scale->decimals, label);
        widest = fmax(widest, measure_text(label, strlen(label), sheet->theme.size->small));
    }
    return widest + GAP_SCALE * sheet->unit;
}

struct scene_box
sheet_plot_box(const struct sheet *sheet, double left)
{
    const struct theme_size *size = sheet->theme.size;
    return (struct scene_box){ size->pad + left, sheet->y, size->width - 2 * size->pad - left,
                               size->plot_height };
}

void
sheet_ghost(const struct sheet *sheet, const struct scene_box *box)
{
    const char *word = content_word(WORD_STAMP, sheet->picture->lang);
    if (!sheet->content->is_simulated)
        return;
    const double px = fmin(box->height / 3, box->width * 0.5 / measure_text(word, strlen(word), 1));
    struct scene_font font = sheet_font_at(px, sheet->theme.colours->ghost, true, ANCHOR_MIDDLE);
    font.turn = -14;
    scene_text(sheet->scene, &font, box->x + box->width / 2 + px * 0.09,
               box->y + box->height / 2 + px * 0.35, word);
}

void
sheet_ground(const struct sheet *sheet, const struct plot *plot)
{
    const struct scene_box *box = &plot->box;
    const double bottom = box->y + box->height;
    for (int i = 0; i < plot->scale.count; i++) {
        const double y = plot_y(plot, scale_tick(&plot->scale, i));
        line_draw(sheet, sheet->theme.colours->grid, sheet->unit, box->x, y, box->x + box->width,
                  y);
    }
    const size_t years = plot->axis.year_count ? plot->axis.year_count : plot->axis.cell_count;
    const struct axis_cell *cells = plot->axis.year_count ? plot->axis.years : plot->axis.cells;
    const double below = plot->axis.year_count ? 58 * sheet->unit : 0;
    for (size_t i = 1; i < years; i++)
        line_draw(sheet, sheet->theme.colours->year, sheet->unit, plot_x(plot, cells[i].from),
                  box->y, plot_x(plot, cells[i].from), bottom + below);
    sheet_ghost(sheet, box);
}

static void
cells_draw(const struct sheet *sheet, const struct plot *plot, const struct axis_cell *cells,
           size_t count, double y, bool is_bold)
{
    const struct scene_font font = sheet_font_at(
        sheet->theme.size->small,
        is_bold ? sheet->theme.colours->text : sheet->theme.colours->faint, is_bold, ANCHOR_MIDDLE);
    for (size_t i = 0; i < count; i++) {
        const char *label = cells[i].label;
        const double x = plot_x(plot, (cells[i].from + cells[i].to) / 2.0);
        const double right = sheet->theme.size->width - sheet->theme.size->pad;
        const double half = measure_text(label, strlen(label), font.px) / 2;
        if (label[0])
            scene_text(sheet->scene, &font, fmin(x, right - half), y, label);
    }
}

static void
scale_draw(const struct sheet *sheet, const struct plot *plot)
{
    const double px = sheet->theme.size->small;
    const struct scene_font font =
        sheet_font_at(px, sheet->theme.colours->faint, false, ANCHOR_END);
    for (int i = 0; i < plot->scale.count && !plot->scale.is_empty; i++) {
        char label[NUM_TEXT_MAX];
        const double value = scale_tick(&plot->scale, i);
        scene_number(sheet->scene, &font, plot->box.x - GAP_SCALE * sheet->unit,
                     plot_y(plot, value) + px * 0.36,
                     num_print(value, plot->scale.decimals, label));
    }
}

void
sheet_axis(struct sheet *sheet, const struct plot *plot, bool has_lane)
{
    const struct scene_box *box = &plot->box;
    const struct axis *axis = &plot->axis;
    const double bottom = box->y + box->height, small = sheet->theme.size->small;
    const double unit = sheet->unit;
    const double floor_y = plot->scale.low < 0 ? plot_floor(plot) : bottom;
    line_draw(sheet, sheet->theme.colours->axis, 1.2 * unit, box->x, floor_y, box->x + box->width,
              floor_y);
    for (size_t i = 1; i < axis->cell_count; i++)
        line_draw(sheet, sheet->theme.colours->axis, unit, plot_x(plot, axis->cells[i].from),
                  bottom, plot_x(plot, axis->cells[i].from), bottom + 4 * unit);
    scale_draw(sheet, plot);
    double y = bottom + 3 * unit;
    if (has_lane)
        y += sheet_lane_height(sheet);
    y += small + 3 * unit;
    cells_draw(sheet, plot, axis->cells, axis->cell_count, y, false);
    y += 5 * unit;
    if (axis->year_count) {
        y += small + 4 * unit;
        cells_draw(sheet, plot, axis->years, axis->year_count, y, true);
        y += 5 * unit;
    }
    sheet->y = y + 12 * unit;
}

void
sheet_no_data(const struct sheet *sheet, const struct scene_box *box)
{
    struct scene_font font =
        sheet_font_at(sheet->theme.size->title, sheet->theme.colours->faint, false, ANCHOR_MIDDLE);
    font.halo = sheet->theme.colours->paper;
    scene_text(sheet->scene, &font, box->x + box->width / 2, box->y + box->height / 2,
               content_word(WORD_NO_DATA, sheet->picture->lang));
}

/* ---- legend and facts ---- */

/* A square with its dots, or a piece of line. */
static double
item_width(const struct sheet *sheet, const struct content_item *item)
{
    switch (item->mark) {
    case MARK_PLAN:
    case MARK_TARGET:
    case MARK_PROJECTION:
    case MARK_THIS:
    case MARK_LAST:
        return 20 * sheet->unit;
    case MARK_GRADE:
        return (grade_has_dots(item->grade) ? 21 : 13) * sheet->unit;
    case MARK_MILESTONE:
    case MARK_OPEN:
    case MARK_REVISED:
    case MARK_MISSING:
    case MARK_NOT_DUE:
    case MARK_BAND:
        break;
    }
    return 13 * sheet->unit;
}

/* A piece of the line an item stands for. */
static struct scene_style
item_line(const struct sheet *sheet, enum content_mark mark)
{
    const struct theme_palette *colours = sheet->theme.colours;
    const double unit = sheet->unit;
    switch (mark) {
    case MARK_TARGET:
        return (struct scene_style){ .stroke = colours->target, .width = 2 * unit };
    case MARK_THIS:
        return (struct scene_style){ .stroke = colours->title, .width = 3 * unit };
    case MARK_LAST:
        return (struct scene_style){
            .stroke = colours->last, .width = 2 * unit, .dash = 6 * unit, .blank = 4 * unit
        };
    case MARK_PROJECTION:
        return (struct scene_style){
            .stroke = colours->text, .width = 2 * unit, .dash = 0.1, .blank = 4.5 * unit
        };
    case MARK_GRADE:
    case MARK_PLAN:
    case MARK_MILESTONE:
    case MARK_OPEN:
    case MARK_REVISED:
    case MARK_MISSING:
    case MARK_NOT_DUE:
    case MARK_BAND:
        break;
    }
    return (struct scene_style){
        .stroke = colours->plan, .width = 2 * unit, .dash = 4 * unit, .blank = 3 * unit
    };
}

static void
grade_item_draw(const struct sheet *sheet, const struct content_item *item, double left,
                double middle)
{
    const struct theme_colours *grade = &sheet->theme.colours->grades[item->grade];
    const double unit = sheet->unit, half = (item->is_line ? 2.5 : 6) * unit;
    struct scene_style style = { .fill = item->is_line ? grade->line : grade->fill };
    if (!item->is_line && sheet->picture->size == PICTURE_PRINT)
        style = (struct scene_style){ .fill = grade->fill,
                                      .stroke = grade->ink,
                                      .width = 0.7,
                                      .hatch = grade->hatch,
                                      .ink = grade->ink };
    scene_path(sheet->scene, &style);
    scene_box(sheet->scene, left, middle - half, 12 * unit, 2 * half);
    const double rise = ((int)item->grade - 1) * DOT * 1.25 * unit / 2;
    sheet_dots(sheet, left + 18 * unit, middle - rise, item->grade);
}

static void
item_draw(const struct sheet *sheet, const struct content_item *item, double left, double base)
{
    const struct theme_palette *colours = sheet->theme.colours;
    const double unit = sheet->unit, middle = base - 4.5 * unit;
    switch (item->mark) {
    case MARK_GRADE:
        grade_item_draw(sheet, item, left, middle);
        return;
    case MARK_OPEN:
        if (sheet->picture->chart != CHART_TREND) {
            sheet_bead(sheet, left + 6 * unit, middle, 4.2 * unit, colours->title, true);
            return;
        }
        scene_path(sheet->scene, &(struct scene_style){ .stroke = colours->text,
                                                        .width = unit,
                                                        .dash = 3 * unit,
                                                        .blank = 2 * unit });
        scene_box(sheet->scene, left, middle - 6 * unit, 12 * unit, 12 * unit);
        return;
    case MARK_BAND:
        scene_path(sheet->scene, &(struct scene_style){
                                     .fill = colours->band, .stroke = colours->axis, .width = 1 });
        scene_box(sheet->scene, left, middle - 6 * unit, 12 * unit, 12 * unit);
        return;
    case MARK_MILESTONE:
        sheet_bead(sheet, left + 6 * unit, middle, 4 * unit, colours->plan, true);
        return;
    case MARK_REVISED:
    case MARK_MISSING:
    case MARK_NOT_DUE:
        sheet_mark(sheet, item->mark, left + 6 * unit, middle);
        return;
    case MARK_PLAN:
    case MARK_TARGET:
    case MARK_PROJECTION:
    case MARK_THIS:
    case MARK_LAST:
        break;
    }
    const struct scene_style style = item_line(sheet, item->mark);
    scene_path(sheet->scene, &style);
    if (sheet->picture->chart == CHART_RANKING) { /* a tick at a bar */
        scene_move(sheet->scene, left + 10 * unit, middle - 7 * unit);
        scene_line(sheet->scene, left + 10 * unit, middle + 7 * unit);
        return;
    }
    scene_move(sheet->scene, left, middle);
    scene_line(sheet->scene, left + 20 * unit, middle);
}

void
sheet_legend(struct sheet *sheet)
{
    const struct theme_size *size = sheet->theme.size;
    const double right = size->width - size->pad, unit = sheet->unit;
    const struct scene_font font = sheet_font(size->text, sheet->theme.colours->text, false);
    double x = size->pad;
    for (size_t i = 0; i < sheet->content->legend_count; i++) {
        const struct content_item *item = &sheet->content->legend[i];
        const double before = item_width(sheet, item) + GAP_MARK * unit;
        const double width = before + measure_text(item->text, strlen(item->text), size->text);
        if (x > size->pad && x + width > right) {
            x = size->pad;
            sheet->y += size->text * LEADING + 2 * unit;
        }
        item_draw(sheet, item, x, sheet->y + size->text);
        scene_text(sheet->scene, &font, x + before, sheet->y + size->text, item->text);
        x += width + GAP_ITEM * unit;
    }
    if (sheet->content->legend_count)
        sheet->y += size->text * LEADING;
}

/* A fact too wide for a row: its label, and its text in lines below. */
static void
fact_wrap(struct sheet *sheet, const struct picture_fact *fact, const struct scene_font *font)
{
    const struct theme_size *size = sheet->theme.size;
    struct measure_line lines[FACT_LINES];
    size_t count =
        measure_wrap(fact->text, size->text * BOLD, size->width - 2 * size->pad, FACT_LINES, lines);
    for (size_t i = 0; i < count; i++) {
        sheet->y += size->text * LEADING;
        scene_piece(sheet->scene, font, size->pad, sheet->y + size->text, lines[i].text,
                    lines[i].length, lines[i].is_cut);
    }
}

/* One fact at `*x`; moves past it. */
static void
fact_add(struct sheet *sheet, const struct picture_fact *fact, double *x)
{
    const struct theme_size *size = sheet->theme.size;
    const double left = size->pad, right = size->width - size->pad, unit = sheet->unit;
    const double label =
        measure_text(fact->label, strlen(fact->label), size->text) + GAP_WORD * unit;
    const double text = measure_text(fact->text, strlen(fact->text), size->text * BOLD);
    const struct scene_font label_font = sheet_font(size->text, sheet->theme.colours->faint, false);
    const struct scene_font font =
        sheet_font(size->text,
                   fact->level == LEVEL_COUNT ? sheet->theme.colours->title
                                              : sheet_grade(sheet, fact->level)->ink,
                   true);
    if (*x > left && *x + label + text > right) {
        *x = left;
        sheet->y += size->text * LEADING + 3 * unit;
    }
    scene_text(sheet->scene, &label_font, *x, sheet->y + size->text, fact->label);
    if (left + label + text <= right) {
        scene_text(sheet->scene, &font, *x + label, sheet->y + size->text, fact->text);
        *x += label + text + GAP_FACT * unit;
        return;
    }
    fact_wrap(sheet, fact, &font);
    *x = right; /* the next begins a row */
}

void
sheet_facts(struct sheet *sheet)
{
    const struct theme_size *size = sheet->theme.size;
    if (sheet->picture->fact_count == 0)
        return;
    const double rule = sheet->y + 9 * sheet->unit;
    line_draw(sheet, sheet->theme.colours->grid, sheet->unit, size->pad, rule,
              size->width - size->pad, rule);
    sheet->y += 18 * sheet->unit;
    double x = size->pad;
    for (size_t i = 0; i < sheet->picture->fact_count; i++)
        fact_add(sheet, &sheet->picture->facts[i], &x);
    sheet->y += size->text * LEADING;
}

void
sheet_end(struct sheet *sheet)
{
    sheet->scene->height = ceil(sheet->y + sheet->theme.size->pad);
}
