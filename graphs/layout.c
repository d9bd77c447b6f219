/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

enum { LINES_MAX = 4, SUBTITLE_LINES = 2, FACT_LINES = 3 };

/* Blanks in pixels. */
enum {
    GAP_MARK = 6,
    GAP_ITEM = 20,
    GAP_FACT = 28,
    GAP_WORD = 6,
    GAP_SCALE = 8,
    GAP_PILL = 12,
    PILL_PAD = 9
};

/* Line height of a text, as a multiple of its font size. */
static const double LEADING = 1.4;

/* Blank share of a period between two bars. */
static const double BAR_BLANK = 0.16;

/* Narrower bars, in pixels, stand without blanks. */
static const double BAR_MIN = 4;

/* Width the canvas has at least, so that lines keep their look when it is scaled down. */
static const int CANVAS_MIN = 960;

double
layout_x(const struct layout *layout, double day)
{
    return layout->plot.x + layout->plot.width * day / layout->axis.days;
}

double
layout_y(const struct layout *layout, double value)
{
    return layout->plot.y + layout->plot.height * (1 - scale_share(&layout->scale, value));
}

struct layout_gap
layout_gap_of(const struct layout *layout, const struct picture_point *point)
{
    const int days = point->to.days - point->from.days;
    const double day_width = layout->plot.width / layout->axis.days;
    if (days * day_width < BAR_MIN)
        return (struct layout_gap){ 0, 0 };
    int blank = (int)(days * BAR_BLANK + 0.5);
    return (struct layout_gap){ blank / 2, blank - blank / 2 };
}

static struct scale
layout_scale(const struct picture *picture, const struct content *content,
             const struct theme_size *size)
{
    double low = (double)NAN, high = (double)NAN;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!content_shows(picture, point))
            continue;
        low = fmin(low, point->number);
        high = fmax(high, point->number);
    }
    int first, last;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    for (size_t i = 0; content->has_target && i < picture->target_count; i++) {
        const struct picture_target *target = &picture->targets[i];
        if (target->year < first || target->year > last)
            continue;
        low = fmin(low, target->value);
        high = fmax(high, target->value);
        if (target->has_plan && content->has_plan) {
            low = fmin(low, target->plan);
            high = fmax(high, target->plan);
        }
    }
    return scale_of(low, high, content->style == CONTENT_BARS, picture->decimals, size->y_ticks);
}

static double
scale_width(const struct layout *layout)
{
    double widest = 0;
    for (int i = 0; i < layout->scale.count && !layout->scale.is_empty; i++) {
        char label[NUM_TEXT_MAX];
        (void)num_print(scale_tick(&layout->scale, i), layout->scale.decimals, label);
        widest = fmax(widest, measure_text(label, strlen(label), layout->size->small));
    }
    return widest;
}

static struct layout_run *
run_add(struct layout *layout, enum layout_role role, double x, double y, const char *text,
        size_t length)
{
    if (layout->run_count == LAYOUT_RUNS_MAX) /* more than a picture can have: the last gives way */
        layout->run_count--;
    struct layout_run *run = &layout->runs[layout->run_count++];
    *run = (struct layout_run){
        .role = role, .x = x, .y = y, .text = text, .length = length, .grade = GRADE_NONE
    };
    return run;
}

/* Sets a text in lines of `width`; returns the y below them. */
static double
lines_add(struct layout *layout, enum layout_role role, const char *text, double px, double y,
          double width, size_t max)
{
    struct measure_line lines[LINES_MAX];
    size_t count = measure_wrap(text, px, width, max, lines);
    for (size_t i = 0; i < count; i++) {
        struct layout_run *run =
            run_add(layout, role, layout->size->pad, y + px, lines[i].text, lines[i].length);
        run->is_cut = lines[i].is_cut;
        y += px * LEADING;
    }
    return y;
}

static double
pill_width(const char *text, double px)
{
    return measure_text(text, strlen(text), px) + 2 * PILL_PAD;
}

/* The level of the latest value and the stamp, in the top right corner. Returns the width they
 * take. */
static double
layout_pills(const struct picture *picture, const struct content *content, struct layout *layout)
{
    const double px = layout->size->text;
    const double height = px * LEADING + 5;
    double right = layout->width - layout->size->pad;
    const double begin = right;
    if (content->is_simulated) {
        double width = pill_width(content_word(WORD_STAMP, picture->lang), px);
        layout->stamp = (struct layout_box){ right - width, layout->size->pad, width, height };
        right -= width + GAP_WORD;
    }
    if (content->latest) {
        double width = pill_width(level_word(content->latest->level, picture->lang), px) + px;
        layout->grade = (struct layout_box){ right - width, layout->size->pad, width, height };
        right -= width + GAP_WORD;
    }
    return begin > right ? begin - right + GAP_PILL : 0;
}

/* Title and subtitle; returns the y below them. */
static double
layout_head(const struct picture *picture, const struct content *content, struct layout *layout)
{
    const struct theme_size *size = layout->size;
    const double whole = layout->width - 2 * size->pad;
    double taken = layout_pills(picture, content, layout);
    double y = size->pad;
    if (picture->size == PICTURE_PHONE && taken > 0) {
        y += size->text * LEADING + 5 + GAP_WORD;
        taken = 0;
    }
    y = lines_add(layout, ROLE_TITLE, picture->title, size->title, y, whole - taken,
                  size->title_lines);
    y += 3;
    return lines_add(layout, ROLE_SUBTITLE, content->subtitle, size->text, y, whole,
                     SUBTITLE_LINES);
}

/* A square with its dots, or a piece of line. */
static double
mark_width(const struct content_item *item)
{
    if (item->mark == MARK_PLAN || item->mark == MARK_TARGET)
        return 20;
    return item->mark == MARK_GRADE && item->grade > GRADE_NORMAL && item->grade < GRADE_NONE ? 21
                                                                                              : 13;
}

static double
layout_legend(const struct content *content, struct layout *layout, double y)
{
    const struct theme_size *size = layout->size;
    const double right = layout->width - size->pad;
    double x = size->pad;
    for (size_t i = 0; i < content->legend_count; i++) {
        const struct content_item *item = &content->legend[i];
        const size_t length = strlen(item->text);
        const double before = mark_width(item) + GAP_MARK;
        double width = before + measure_text(item->text, length, size->text);
        if (x > size->pad && x + width > right) {
            x = size->pad;
            y += size->text * LEADING + 2;
        }
        struct layout_run *run =
            run_add(layout, ROLE_LEGEND, x + before, y + size->text, item->text, length);
        run->mark_x = x;
        run->item = item;
        x += width + GAP_ITEM;
    }
    return content->legend_count ? y + size->text * LEADING : y;
}

/* One fact at `*x`; moves both past it. */
static void
fact_add(struct layout *layout, const struct picture_fact *fact, double *x, double *y)
{
    const struct theme_size *size = layout->size;
    const double left = size->pad, right = layout->width - size->pad;
    const double label = measure_text(fact->label, strlen(fact->label), size->text) + GAP_WORD;
    const double text = measure_text(fact->text, strlen(fact->text), size->text * 1.04);
    const enum theme_grade grade =
        fact->level == LEVEL_COUNT ? GRADE_NONE : theme_grade_of(fact->level);
    if (*x > left && *x + label + text > right) {
        *x = left;
        *y += size->text * LEADING + 3;
    }
    run_add(layout, ROLE_FACT_LABEL, *x, *y + size->text, fact->label, strlen(fact->label));
    if (left + label + text <= right) {
        run_add(layout, ROLE_FACT_TEXT, *x + label, *y + size->text, fact->text, strlen(fact->text))
            ->grade = grade;
        *x += label + text + GAP_FACT;
        return;
    }
    struct measure_line lines[FACT_LINES];
    size_t count = measure_wrap(fact->text, size->text * 1.04, right - left, FACT_LINES, lines);
    for (size_t i = 0; i < count; i++) {
        *y += size->text * LEADING;
        struct layout_run *run =
            run_add(layout, ROLE_FACT_TEXT, left, *y + size->text, lines[i].text, lines[i].length);
        run->grade = grade;
        run->is_cut = lines[i].is_cut;
    }
    *x = right; /* the next begins a row */
}

static double
layout_facts(const struct picture *picture, struct layout *layout, double y)
{
    if (picture->fact_count == 0)
        return y;
    layout->rule_y = y + 9;
    y += 18;
    double x = layout->size->pad;
    for (size_t i = 0; i < picture->fact_count; i++)
        fact_add(layout, &picture->facts[i], &x, &y);
    return y + layout->size->text * LEADING;
}

static bool
layout_needs_lane(const struct picture *picture)
{
    for (size_t i = 0; i < picture->point_count; i++) {
        enum theme_grade grade = theme_grade_of(picture->points[i].level);
        if (content_shows(picture, &picture->points[i]) && grade != GRADE_NORMAL &&
            grade != GRADE_NONE)
            return true;
    }
    return false;
}

/* What stands below the plot's left and right ends; returns the y below. */
static double
layout_below(const struct picture *picture, struct layout *layout)
{
    const double small = layout->size->small;
    double y = layout->plot.y + layout->plot.height + 3;
    layout->has_lane = layout_needs_lane(picture);
    layout->lane_y = y + LAYOUT_DOT;
    if (layout->has_lane)
        y += 3 * (LAYOUT_DOT + 1) + 1;
    layout->cells_y = y + small + 3;
    y = layout->cells_y + 5;
    if (layout->axis.year_count > 0) {
        layout->years_y = y + small + 4;
        y = layout->years_y + 5;
    }
    return y + 12;
}

static void
layout_canvas(struct layout *layout)
{
    const int days = layout->axis.days;
    const int a_day = days >= CANVAS_MIN ? 1 : (CANVAS_MIN + days - 1) / days;
    layout->canvas_width = days * a_day;
    double height = layout->plot.height * layout->canvas_width / layout->plot.width;
    layout->canvas_height = (int)lround(fmax(height, 10)); /* librrd's least */
}

void
layout_make(const struct picture *picture, const struct content *content, struct layout *ret_layout)
{
    struct layout *layout = ret_layout;
    const struct theme_size *size = theme_size_of(picture->size);
    *layout = (struct layout){ .size = size, .width = size->width };
    layout->scale = layout_scale(picture, content, size);
    const bool is_spark = picture->size == PICTURE_SPARK;
    double left = size->pad;
    double top = left;
    if (is_spark && content->is_simulated) {
        top += size->small * LEADING; /* a row for the stamp */
    } else if (!is_spark) {
        top = layout_head(picture, content, layout) + 12;
        left += scale_width(layout) + GAP_SCALE;
    }
    layout->plot =
        (struct layout_box){ left, top, size->width - size->pad - left, size->plot_height };
    axis_make(picture->from, picture->to, picture->lang, layout->plot.width, size->small,
              &layout->axis);
    layout_canvas(layout);
    double y = top + size->plot_height;
    if (!is_spark) {
        y = layout_below(picture, layout);
        y = layout_legend(content, layout, y);
        y = layout_facts(picture, layout, y);
    }
    layout->height = ceil(y + size->pad);
}
