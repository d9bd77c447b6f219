/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/svg_marks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

/* Every value gets its number up to this many. */
enum { NUMBERED_MAX = 15 };

/* Periods narrower than this, in pixels, get no dots. */
static const double LANE_MIN = 4;

#define HALO " stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""

static void
put_attribute(struct sink *sink, const char *name, double value)
{
    sink_format(sink, " %s=\"", name);
    sink_number(sink, value);
    sink_put(sink, "\"");
}

/* One command of a path and its numbers. */
static void
put_path(struct sink *sink, char command, double x, double y)
{
    sink_format(sink, "%c", command);
    sink_number(sink, x);
    sink_put(sink, " ");
    sink_number(sink, y);
}

void
svg_text_open(struct sink *sink, double x, double y, const struct svg_font *font)
{
    sink_put(sink, "<text");
    put_attribute(sink, "x", x);
    put_attribute(sink, "y", y);
    put_attribute(sink, "font-size", font->px);
    sink_format(sink, " fill=\"%s\"%s", font->colour, font->is_bold ? " font-weight=\"700\"" : "");
    if (font->anchor)
        sink_format(sink, " text-anchor=\"%s\"", font->anchor);
    sink_put(sink, ">");
}

void
svg_rect(struct sink *sink, double x, double y, double width, double height, const char *rest)
{
    sink_put(sink, "<rect");
    put_attribute(sink, "x", x);
    put_attribute(sink, "y", y);
    put_attribute(sink, "width", width);
    put_attribute(sink, "height", height);
    sink_put(sink, rest);
}

/* A number or a word, with a minus sign for a hyphen in front. */
static void
put_minus(struct sink *sink, const char *text)
{
    const bool is_negative = text[0] == '-';
    sink_put(sink, is_negative ? "−" : "");
    sink_xml(sink, text + is_negative, strlen(text) - is_negative);
}

/* A number with a white edge, so that it can stand on lines. */
static void
put_number(struct sink *sink, double x, double y, const struct svg_font *font, const char *text)
{
    sink_put(sink, "<text" HALO);
    put_attribute(sink, "x", x);
    put_attribute(sink, "y", y);
    put_attribute(sink, "font-size", font->px);
    sink_format(sink, " fill=\"%s\"%s text-anchor=\"%s\">", font->colour,
                font->is_bold ? " font-weight=\"700\"" : "", font->anchor ? font->anchor : "start");
    put_minus(sink, text);
    sink_put(sink, "</text>\n");
}

/* As many dots as the grade is bad, one below the other. */
static void
put_dots(struct sink *sink, double x, double y, enum theme_grade grade)
{
    for (int i = 0; i < (int)grade; i++) {
        put_path(sink, 'M', x, y + i * (LAYOUT_DOT + 1.0));
        sink_put(sink, "h0");
    }
}

static bool
grade_has_dots(enum theme_grade grade)
{
    return grade != GRADE_NORMAL && grade != GRADE_NONE;
}

void
svg_legend_mark(struct sink *sink, const struct layout_run *run)
{
    const double left = run->mark_x, middle = run->y - 4.5;
    switch (run->item->mark) {
    case MARK_GRADE: {
        const struct theme_colours *colours = &THEME_GRADES[run->item->grade];
        const double half = run->item->is_line ? 2.5 : 6;
        svg_rect(sink, left, middle - half, 12, 2 * half, "");
        sink_format(sink, " rx=\"2\" fill=\"%s\"/>",
                    run->item->is_line ? colours->line : colours->fill);
        if (grade_has_dots(run->item->grade)) {
            sink_put(sink, "<path d=\"");
            put_dots(sink, left + 18, middle - ((int)run->item->grade - 1) * (LAYOUT_DOT + 1) / 2.0,
                     run->item->grade);
            sink_format(sink, "\" stroke=\"%s\" stroke-width=\"%d\" stroke-linecap=\"round\"/>",
                        colours->ink, LAYOUT_DOT);
        }
        break;
    }
    case MARK_PLAN:
    case MARK_TARGET:
        sink_put(sink, "<path d=\"");
        put_path(sink, 'M', left, middle);
        sink_format(sink, "h20\" stroke=\"%s\" stroke-width=\"2\"%s/>",
                    run->item->mark == MARK_PLAN ? THEME_PLAN : THEME_TARGET,
                    run->item->mark == MARK_PLAN ? " stroke-dasharray=\"4 3\"" : "");
        break;
    case MARK_OPEN:
        svg_rect(sink, left, middle - 6, 12, 12, "");
        sink_put(sink,
                 " rx=\"2\" fill=\"none\" stroke=\"" THEME_TEXT "\" stroke-dasharray=\"3 2\"/>");
        break;
    }
    sink_put(sink, "\n");
}

/* Lines at the ticks, and where years begin. */
void
svg_grid(struct sink *sink, const struct layout *layout)
{
    const struct layout_box *plot = &layout->plot;
    sink_put(sink, "<path d=\"");
    for (int i = 0; i < layout->scale.count; i++) {
        put_path(sink, 'M', plot->x, layout_y(layout, scale_tick(&layout->scale, i)));
        sink_put(sink, "h");
        sink_number(sink, plot->width);
    }
    sink_put(sink, "\" stroke=\"" THEME_GRID "\"/>\n");
    const struct axis *axis = &layout->axis;
    const struct axis_cell *years = axis->year_count ? axis->years : axis->cells;
    const size_t count = axis->year_count ? axis->year_count : axis->cell_count;
    if (count < 2)
        return;
    sink_put(sink, "<path d=\"");
    for (size_t i = 1; i < count; i++) {
        put_path(sink, 'M', layout_x(layout, years[i].from), plot->y);
        sink_put(sink, "V");
        sink_number(sink, (axis->year_count ? layout->years_y : layout->cells_y) + 3);
    }
    sink_put(sink, "\" stroke=\"" THEME_YEAR "\"/>\n");
}

static void
put_cells(struct sink *sink, const struct layout *layout, const struct axis_cell *cells,
          size_t count, double y, bool is_bold)
{
    sink_format(sink, "<g text-anchor=\"middle\" fill=\"%s\"%s>",
                is_bold ? THEME_TEXT : THEME_FAINT, is_bold ? " font-weight=\"700\"" : "");
    for (size_t i = 0; i < count; i++) {
        if (!cells[i].label[0])
            continue;
        sink_put(sink, "<text");
        put_attribute(sink, "x", layout_x(layout, (cells[i].from + cells[i].to) / 2.0));
        put_attribute(sink, "y", y);
        sink_put(sink, ">");
        sink_put(sink, cells[i].label);
        sink_put(sink, "</text>");
    }
    sink_put(sink, "</g>\n");
}

/* The line values stand on, the small marks between its cells, and all labels. */
void
svg_axis(struct sink *sink, const struct picture *picture, const struct layout *layout)
{
    const struct layout_box *plot = &layout->plot;
    const struct scale *scale = &layout->scale;
    const double bottom = plot->y + plot->height;
    sink_put(sink, "<path d=\"");
    put_path(sink, 'M', plot->x, scale->low < 0 ? layout_y(layout, fmin(scale->high, 0)) : bottom);
    sink_put(sink, "h");
    sink_number(sink, plot->width);
    sink_put(sink, "\" stroke=\"" THEME_AXIS "\" stroke-width=\"1.2\"/>\n<path d=\"");
    for (size_t i = 1; i < layout->axis.cell_count; i++) {
        put_path(sink, 'M', layout_x(layout, layout->axis.cells[i].from), bottom);
        sink_put(sink, "v4");
    }
    sink_put(sink, "\" stroke=\"" THEME_AXIS "\"/>\n");
    if (!scale->is_empty) {
        sink_put(sink, "<g text-anchor=\"end\" fill=\"" THEME_FAINT "\">");
        for (int i = 0; i < scale->count; i++) {
            char label[NUM_TEXT_MAX];
            sink_put(sink, "<text");
            put_attribute(sink, "x", plot->x - 8);
            put_attribute(sink, "y",
                          layout_y(layout, scale_tick(scale, i)) + layout->size->small * 0.36);
            sink_put(sink, ">");
            put_minus(sink, num_print(scale_tick(scale, i), scale->decimals, label));
            sink_put(sink, "</text>");
        }
        sink_put(sink, "</g>\n");
    }
    put_cells(sink, layout, layout->axis.cells, layout->axis.cell_count, layout->cells_y, false);
    if (layout->axis.year_count)
        put_cells(sink, layout, layout->axis.years, layout->axis.year_count, layout->years_y, true);
    if (!picture->point_count) {
        struct svg_font font = { layout->size->title, THEME_FAINT, false, "middle" };
        put_number(sink, plot->x + plot->width / 2, plot->y + plot->height / 2, &font,
                   content_word(WORD_NO_DATA, picture->lang));
    }
}

/* The period's stretch of the axis in pixels, without the gaps of a bar. */
static void
point_span(const struct picture *picture, const struct layout *layout,
           const struct picture_point *point, bool is_bar, double *ret_left, double *ret_right)
{
    struct layout_gap gap = { 0, 0 };
    if (is_bar)
        gap = layout_gap_of(layout, point);
    int from = point->from.days + gap.before - picture->from.days;
    int to = point->to.days - gap.after - picture->from.days;
    *ret_left = layout_x(layout, from < 0 ? 0 : from);
    *ret_right = layout_x(layout, to > layout->axis.days ? layout->axis.days : to);
}

void
svg_open_values(struct sink *sink, const struct picture *picture, const struct content *content,
                const struct layout *layout)
{
    const bool is_bar = content->style == CONTENT_BARS;
    const double floor_y = layout_y(layout, fmin(fmax(0, layout->scale.low), layout->scale.high));
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!content_is_open(point) || !content_shows(picture, point))
            continue;
        double left, right, y = layout_y(layout, point->number);
        point_span(picture, layout, point, is_bar, &left, &right);
        if (is_bar)
            svg_rect(sink, left, fmin(y, floor_y), right - left, fabs(y - floor_y), "");
        else
            svg_rect(sink, left, y - 2.5, right - left, 5, "");
        sink_format(sink,
                    " fill=\"#fff\" fill-opacity=\".6\" stroke=\"%s\" stroke-dasharray=\"3 2\"/>\n",
                    THEME_GRADES[theme_grade_of(point->level)].ink);
    }
}

/* Large and faint across the plot, so that no part of the picture can be taken for real figures. */
void
svg_stamp(struct sink *sink, const struct picture *picture, const struct content *content,
          const struct layout *layout)
{
    if (!content->is_simulated)
        return;
    const double x = layout->plot.x + layout->plot.width / 2;
    const double y = layout->plot.y + layout->plot.height / 2;
    const char *word = content_word(WORD_STAMP, picture->lang);
    double px = fmin(layout->plot.height / 3,
                     layout->plot.width * 0.5 / measure_text(word, strlen(word), 1));
    struct svg_font font = { px, THEME_STAMP, true, "middle" };
    sink_put(sink, "<g opacity=\".13\" transform=\"rotate(-14 ");
    sink_number(sink, x);
    sink_put(sink, " ");
    sink_number(sink, y);
    sink_put(sink, ")\">");
    svg_text_open(sink, x, y + px * 0.36, &font);
    sink_format(sink, "%s</text></g>\n", word);
}

/* The target's number where its line begins or changes. */
void
svg_targets(struct sink *sink, const struct picture *picture, const struct content *content,
            const struct layout *layout)
{
    const double small = layout->size->small;
    double before = (double)NAN;
    for (size_t i = 0; content->has_target && i < picture->target_count; i++) {
        const struct picture_target *target = &picture->targets[i];
        int from = cal_date_of(target->year, 1, 1).days - picture->from.days;
        int after = cal_date_of(target->year, 12, 31).days + 1 - picture->from.days;
        if (after <= 0 || from >= layout->axis.days)
            continue;
        bool is_same = fabs(target->value - before) < 1e-12 * fabs(before);
        before = target->value;
        if (is_same && !content->has_plan)
            continue;
        char value[NUM_TEXT_MAX];
        (void)num_print_short(target->value, 9, value);
        double left = layout_x(layout, from < 0 ? 0 : from);
        double right = layout_x(layout, after > layout->axis.days ? layout->axis.days : after);
        if (measure_text(value, strlen(value), small) > right - left - 4)
            continue;
        double y = layout_y(layout, target->value);
        struct svg_font font = { small, THEME_TARGET, true, NULL };
        put_number(sink, left + 5, y - 5 - small < layout->plot.y ? y + small + 3 : y - 5, &font,
                   value);
    }
}

static void
put_value(struct sink *sink, const struct picture *picture, const struct content *content,
          const struct layout *layout, const struct picture_point *point)
{
    const bool is_latest = point == content->latest;
    const struct layout_box *plot = &layout->plot;
    const struct theme_colours *colours = &THEME_GRADES[theme_grade_of(point->level)];
    double left, right, y = layout_y(layout, point->number);
    point_span(picture, layout, point, content->style == CONTENT_BARS, &left, &right);
    double x = (left + right) / 2;
    struct svg_font font = { is_latest ? layout->size->text + 1 : layout->size->small,
                             is_latest ? colours->ink : THEME_TEXT, is_latest, "middle" };
    if (is_latest) {
        sink_put(sink, "<circle");
        put_attribute(sink, "cx", x);
        put_attribute(sink, "cy", y);
        sink_format(sink, " r=\"4\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                    content_is_open(point) ? "#fff" : colours->ink,
                    content_is_open(point) ? colours->ink : "#fff");
    }
    const double half = measure_text(point->value, strlen(point->value), font.px) / 2;
    x = fmin(fmax(x, plot->x + half + 2), plot->x + plot->width - half - 2);
    const double away = is_latest ? 9 : 5;
    bool is_below = content->style == CONTENT_BARS && point->number < 0;
    if (is_below && y + away + font.px > plot->y + plot->height)
        is_below = false;
    else if (!is_below && y - away - font.px < plot->y)
        is_below = true;
    put_number(sink, x, is_below ? y + away + font.px * 0.8 : y - away, &font, point->value);
}

void
svg_values(struct sink *sink, const struct picture *picture, const struct content *content,
           const struct layout *layout)
{
    size_t count = 0;
    bool is_wide = true;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!content_shows(picture, point))
            continue;
        count++;
        double left, right;
        point_span(picture, layout, point, false, &left, &right);
        is_wide &= measure_text(point->value, strlen(point->value), layout->size->small) + 2 <
                   right - left;
    }
    for (size_t i = 0; i < picture->point_count && is_wide && count <= NUMBERED_MAX; i++)
        if (content_shows(picture, &picture->points[i]) && &picture->points[i] != content->latest)
            put_value(sink, picture, content, layout, &picture->points[i]);
    if (content->latest)
        put_value(sink, picture, content, layout, content->latest);
}

void
svg_lane(struct sink *sink, const struct picture *picture, const struct layout *layout)
{
    for (int grade = GRADE_REMIND; layout->has_lane && grade <= GRADE_SEVERE; grade++) {
        bool is_begun = false;
        for (size_t i = 0; i < picture->point_count; i++) {
            const struct picture_point *point = &picture->points[i];
            double left, right;
            point_span(picture, layout, point, false, &left, &right);
            if ((int)theme_grade_of(point->level) != grade || !content_shows(picture, point) ||
                right - left < LANE_MIN)
                continue;
            if (!is_begun)
                sink_put(sink, "<path d=\"");
            is_begun = true;
            put_dots(sink, (left + right) / 2, layout->lane_y, (enum theme_grade)grade);
        }
        if (is_begun)
            sink_format(sink, "\" stroke=\"%s\" stroke-width=\"%d\" stroke-linecap=\"round\"/>\n",
                        THEME_GRADES[grade].ink, LAYOUT_DOT);
    }
}

void
svg_pills(struct sink *sink, const struct picture *picture, const struct content *content,
          const struct layout *layout)
{
    const double px = layout->size->text;
    if (layout->stamp.width > 0) {
        const struct layout_box *box = &layout->stamp;
        struct svg_font font = { px, THEME_STAMP, true, "middle" };
        svg_rect(sink, box->x + 0.5, box->y + 0.5, box->width - 1, box->height - 1,
                 " rx=\"3\" fill=\"#fff\" stroke=\"" THEME_STAMP "\" stroke-width=\"1.4\"/>");
        svg_text_open(sink, box->x + box->width / 2, box->y + box->height / 2 + px * 0.36, &font);
        sink_format(sink, "%s</text>\n", content_word(WORD_STAMP, picture->lang));
    }
    if (layout->grade.width > 0) {
        const struct layout_box *box = &layout->grade;
        const struct theme_colours *colours = &THEME_GRADES[theme_grade_of(content->latest->level)];
        struct svg_font font = { px, colours->ink, true, NULL };
        svg_rect(sink, box->x, box->y, box->width, box->height, "");
        sink_format(sink, " rx=\"3\" fill=\"%s\" fill-opacity=\".16\"/>", colours->fill);
        svg_rect(sink, box->x + 7, box->y + box->height / 2 - 5, 10, 10, "");
        sink_format(sink, " rx=\"2\" fill=\"%s\"/>", colours->fill);
        svg_text_open(sink, box->x + 9 + px, box->y + box->height / 2 + px * 0.36, &font);
        sink_format(sink, "%s</text>\n", level_word(content->latest->level, picture->lang));
    }
    if (layout->rule_y > 0) {
        sink_put(sink, "<path d=\"");
        put_path(sink, 'M', layout->size->pad, layout->rule_y);
        sink_put(sink, "H");
        sink_number(sink, layout->width - layout->size->pad);
        sink_put(sink, "\" stroke=\"" THEME_GRID "\"/>\n");
    }
}

/* The small one in a table: the data, a dot at the latest value, and the stamp. */
void
svg_spark(struct sink *sink, const struct picture *picture, const struct content *content,
          const struct layout *layout)
{
    if (layout->scale.low < 0 && layout->scale.high > 0) {
        sink_put(sink, "<path d=\"");
        put_path(sink, 'M', layout->plot.x, layout_y(layout, 0));
        sink_put(sink, "h");
        sink_number(sink, layout->plot.width);
        sink_put(sink, "\" stroke=\"" THEME_AXIS "\"/>\n");
    }
    if (content->latest) {
        double left, right;
        point_span(picture, layout, content->latest, content->style == CONTENT_BARS, &left, &right);
        sink_put(sink, "<circle");
        put_attribute(sink, "cx", (left + right) / 2);
        put_attribute(sink, "cy", layout_y(layout, content->latest->number));
        sink_format(sink, " r=\"2.5\" fill=\"%s\" stroke=\"#fff\"/>\n",
                    THEME_GRADES[theme_grade_of(content->latest->level)].ink);
    }
    if (content->is_simulated) {
        struct svg_font font = { layout->size->small, THEME_STAMP, true, NULL };
        put_number(sink, layout->size->pad, layout->size->pad + layout->size->small, &font,
                   content_word(WORD_STAMP, picture->lang));
    }
}
