/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/svg.h"

#include <math.h>
#include <string.h>

#include "graphs/picture.h"
#include "graphs/sink.h"
#include "graphs/theme.h"

static void
put_attribute(struct sink *sink, const char *name, double value)
{
    sink_put(sink, " ");
    sink_put(sink, name);
    sink_put(sink, "=\"");
    sink_number(sink, value);
    sink_put(sink, "\"");
}

/* ` fill="#RRGGBB" fill-opacity=".5"`; "none" for what paints nothing. */
static void
put_colour(struct sink *sink, const char *name, uint32_t colour)
{
    const unsigned alpha = colour & 0xFFU, rgb = colour >> 8;
    if (alpha == 0)
        sink_format(sink, " %s=\"none\"", name);
    else
        sink_format(sink, " %s=\"#%06X\"", name, rgb);
    if (alpha > 0 && alpha < 0xFF)
        sink_format(sink, " %s-opacity=\".%02u\"", name, (alpha * 100 + 127) / 255);
}

/* ---- paths ---- */

/* Where the pen is, in tenths of a pixel as written: what does not move is not written. */
struct pen {
    bool is_down;
    long long x, y;
};

static long long
tenths(double value)
{
    return llround(value * 10);
}

static void
put_point(struct sink *sink, char step, double x, double y)
{
    sink_bytes(sink, &step, 1);
    sink_number(sink, x);
    sink_put(sink, y < 0 ? "" : " ");
    sink_number(sink, y);
}

static void
put_line(struct sink *sink, struct pen *pen, double x, double y)
{
    if (pen->is_down && tenths(y) == pen->y) {
        sink_put(sink, "H");
        sink_number(sink, x);
    } else if (pen->is_down && tenths(x) == pen->x) {
        sink_put(sink, "V");
        sink_number(sink, y);
    } else {
        put_point(sink, 'L', x, y);
    }
}

static void
put_step(struct sink *sink, struct pen *pen, char step, const double *at)
{
    switch (step) {
    case 'M':
        put_point(sink, 'M', at[0], at[1]);
        break;
    case 'L':
        put_line(sink, pen, at[0], at[1]);
        break;
    case 'C':
        for (size_t i = 0; i < 6; i += 2)
            put_point(sink, i == 0 ? 'C' : ' ', at[i], at[i + 1]);
        at += 4;
        break;
    case 'B':
        put_point(sink, 'M', at[0], at[1]);
        sink_put(sink, "h");
        sink_number(sink, at[2]);
        sink_put(sink, "v");
        sink_number(sink, at[3]);
        sink_put(sink, "h");
        sink_number(sink, -at[2]);
        sink_put(sink, "z");
        break;
    case 'D':
        put_point(sink, 'M', at[0], at[1]);
        sink_put(sink, "h0");
        break;
    default:
        sink_put(sink, "Z");
    }
    *pen = (struct pen){ .is_down = false };
    if (step != 'Z' && step != 'B') /* the others end where they say */
        *pen = (struct pen){ true, tenths(at[0]), tenths(at[1]) };
}

static void
put_steps(struct sink *sink, const struct scene *scene, const struct scene_mark *mark)
{
    const double *numbers = scene->numbers + mark->numbers;
    struct pen pen = { .is_down = false };
    sink_put(sink, " d=\"");
    for (size_t i = 0; i < mark->step_count; i++) {
        char step = scene->steps[mark->steps + i];
        put_step(sink, &pen, step, numbers);
        numbers += scene_step_numbers(step);
    }
    sink_put(sink, "\"/>\n");
}

/* "h2-000000": its hatching in its colour. */
static void
put_hatch_id(struct sink *sink, const struct scene_style *style)
{
    sink_format(sink, "h%d-%06X", (int)style->hatch, style->ink >> 8);
}

static void
write_path(struct sink *sink, const struct scene *scene, const struct scene_mark *mark)
{
    const struct scene_style *style = &mark->style;
    if (mark->step_count == 0)
        return;
    sink_put(sink, "<path");
    put_colour(sink, "fill", style->fill);
    if (style->stroke & 0xFFU) {
        put_colour(sink, "stroke", style->stroke);
        if (fabs(style->width - 1) > 0.01)
            sink_format(sink, " stroke-width=\"%.3g\"", style->width);
        if (style->dash > 0)
            sink_format(sink, " stroke-dasharray=\"%.3g %.3g\"", style->dash, style->blank);
    }
    put_steps(sink, scene, mark);
    if (style->hatch == HATCH_NONE)
        return;
    sink_put(sink, "<path fill=\"url(#");
    put_hatch_id(sink, style);
    sink_put(sink, ")\"");
    put_steps(sink, scene, mark);
}

/* One pattern for each hatching there is. */
static void
write_hatches(struct sink *sink, const struct scene *scene)
{
    static const char *const lines[HATCH_COUNT] = { "", "M-1 9L9-1M-1 1L1-1M7 9L9 7",
                                                    "M-1 5L5-1M-1 1L1-1M3 5L5 3",
                                                    "M-1 5L5-1M-1-1L5 5" };
    static const int widths[HATCH_COUNT] = { 0, 8, 4, 4 };
    bool is_written[HATCH_COUNT] = { true };
    for (size_t i = 0; i < scene->mark_count; i++) {
        const struct scene_style *style = &scene->marks[i].style;
        if (is_written[style->hatch])
            continue;
        is_written[style->hatch] = true;
        sink_put(sink, "<pattern id=\"");
        put_hatch_id(sink, style);
        sink_format(sink,
                    "\" width=\"%d\" height=\"%d\" patternUnits=\"userSpaceOnUse\"><path "
                    "d=\"%s\" stroke-width=\".8\"",
                    widths[style->hatch], widths[style->hatch], lines[style->hatch]);
        put_colour(sink, "stroke", style->ink);
        sink_put(sink, "/></pattern>\n");
    }
}

/* ---- texts ---- */

static bool
same_font(const struct scene_font *a, const struct scene_font *b)
{
    return fabs(a->px - b->px) < 0.01 && a->colour == b->colour && a->is_bold == b->is_bold &&
           a->anchor == b->anchor && a->halo == b->halo && fabs(a->turn - b->turn) < 0.01;
}

static void
put_font(struct sink *sink, const struct scene_font *font)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    put_attribute(sink, "font-size", font->px);
    put_colour(sink, "fill", font->colour);
    sink_put(sink, font->is_bold ? " font-weight=\"700\"" : "");
    sink_put(sink, anchors[font->anchor]);
    if (font->halo) {
        put_colour(sink, "stroke", font->halo);
        sink_put(sink, " stroke-width=\"3\" paint-order=\"stroke\"");
    }
}

static void
write_text(struct sink *sink, const struct scene *scene, const struct scene_mark *mark,
           bool with_font)
{
    const char *text = scene->texts + mark->text;
    sink_put(sink, "<text");
    put_attribute(sink, "x", mark->box.x);
    put_attribute(sink, "y", mark->box.y);
    if (with_font)
        put_font(sink, &mark->font);
    if (fabs(mark->font.turn) > 0) {
        sink_put(sink, " transform=\"rotate(");
        sink_number(sink, mark->font.turn);
        put_point(sink, ' ', mark->box.x, mark->box.y);
        sink_put(sink, ")\"");
    }
    sink_put(sink, ">");
    sink_xml(sink, text, strlen(text));
    sink_put(sink, "</text>");
}

/* The texts from mark `i` on that have one font, in a group when they are more than one. Returns
 * the first mark after them. */
static size_t
write_texts(struct sink *sink, const struct scene *scene, size_t i)
{
    const struct scene_font *font = &scene->marks[i].font;
    size_t end = i + 1;
    while (end < scene->mark_count && scene->marks[end].kind == SCENE_TEXT &&
           same_font(font, &scene->marks[end].font))
        end++;
    const bool is_group = end - i > 1;
    if (is_group) {
        sink_put(sink, "<g");
        put_font(sink, font);
        sink_put(sink, ">");
    }
    for (size_t k = i; k < end; k++)
        write_text(sink, scene, &scene->marks[k], !is_group);
    sink_put(sink, is_group ? "</g>\n" : "\n");
    return end;
}

/* ---- the rest ---- */

static void
put_box(struct sink *sink, const struct scene_box *box)
{
    put_attribute(sink, "x", box->x);
    put_attribute(sink, "y", box->y);
    put_attribute(sink, "width", box->width);
    put_attribute(sink, "height", box->height);
}

static size_t
write_hints(struct sink *sink, const struct scene *scene, size_t i)
{
    sink_put(sink, "<g fill=\"none\" pointer-events=\"all\">");
    for (; i < scene->mark_count && scene->marks[i].kind == SCENE_HINT; i++) {
        const char *text = scene->texts + scene->marks[i].text;
        sink_put(sink, "<rect");
        put_box(sink, &scene->marks[i].box);
        sink_put(sink, "><title>");
        sink_xml(sink, text, strlen(text));
        sink_put(sink, "</title></rect>");
    }
    sink_put(sink, "</g>\n");
    return i;
}

static void
write_head(struct sink *sink, const struct scene *scene, enum lang lang, const char *title,
           const char *description)
{
    sink_put(sink, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    put_attribute(sink, "width", scene->width);
    put_attribute(sink, "height", scene->height);
    sink_put(sink, " viewBox=\"0 0 ");
    sink_number(sink, scene->width);
    sink_put(sink, " ");
    sink_number(sink, scene->height);
    sink_format(sink,
                "\" role=\"img\" lang=\"%s\" font-family=\"%s\" stroke-linecap=\"round\" "
                "stroke-linejoin=\"round\">\n<title>",
                lang == LANG_ZH ? "zh-CN" : "en", THEME_FONT_SVG);
    sink_xml(sink, title, strlen(title));
    sink_put(sink, "</title>\n<desc>");
    sink_xml(sink, description, strlen(description));
    sink_put(sink, "</desc>\n");
    write_hatches(sink, scene);
    if (scene->paper) {
        sink_put(sink, "<rect width=\"100%\" height=\"100%\"");
        put_colour(sink, "fill", scene->paper);
        sink_put(sink, "/>\n");
    }
}

/* A clip is a window of the same coordinates. */
static void
write_clip(struct sink *sink, const struct scene_box *box)
{
    sink_put(sink, "<svg");
    put_box(sink, box);
    sink_put(sink, " viewBox=\"");
    const double numbers[] = { box->x, box->y, box->width, box->height };
    for (int i = 0; i < 4; i++) {
        sink_put(sink, i > 0 ? " " : "");
        sink_number(sink, numbers[i]);
    }
    sink_put(sink, "\">\n");
}

static void
write_marks(struct sink *sink, const struct scene *scene)
{
    for (size_t i = 0; i < scene->mark_count;) {
        const struct scene_mark *mark = &scene->marks[i];
        switch (mark->kind) {
        case SCENE_PATH:
            write_path(sink, scene, mark);
            i++;
            break;
        case SCENE_TEXT:
            i = write_texts(sink, scene, i);
            break;
        case SCENE_HINT:
            i = write_hints(sink, scene, i);
            break;
        case SCENE_CLIP:
            write_clip(sink, &mark->box);
            i++;
            break;
        case SCENE_UNCLIP:
            sink_put(sink, "</svg>\n");
            i++;
            break;
        }
    }
}

int
svg_write(const struct scene *scene, enum lang lang, const char *title, const char *description,
          char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    struct sink sink = { .limit = PICTURE_BYTES_MAX };
    write_head(&sink, scene, lang, title, description);
    write_marks(&sink, scene);
    sink_put(&sink, "</svg>\n");
    if (sink.has_failed || scene->has_failed) {
        sink_done(&sink);
        return err_set(note, ERR_FULL, "svg: out of memory or beyond %d bytes", PICTURE_BYTES_MAX);
    }
    *ret_bytes = sink.bytes;
    *ret_size = sink.size;
    return 0;
}
