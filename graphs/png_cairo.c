/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only code that calls cairo and pango. */
#include "graphs/png.h"

#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "graphs/png_file.h"

static const double PIXELS_MAX = 40e6;

/* cairo's and pango's objects of one picture. */
struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout;
    PangoFontDescription *font;
};

static void
colour_set(cairo_t *cairo, uint32_t colour)
{
    cairo_set_source_rgba(cairo, (colour >> 24) / 255.0, (colour >> 16 & 0xFFU) / 255.0,
                          (colour >> 8 & 0xFFU) / 255.0, (colour & 0xFFU) / 255.0);
}

/* ---- paths ---- */

static void
step_draw(cairo_t *cairo, char step, const double *at)
{
    switch (step) {
    case 'M':
        cairo_move_to(cairo, at[0], at[1]);
        break;
    case 'L':
        cairo_line_to(cairo, at[0], at[1]);
        break;
    case 'C':
        cairo_curve_to(cairo, at[0], at[1], at[2], at[3], at[4], at[5]);
        break;
    case 'B':
        cairo_rectangle(cairo, at[0], at[1], at[2], at[3]);
        break;
    case 'D': /* a line of no length is dropped with butt caps only */
        cairo_move_to(cairo, at[0], at[1]);
        cairo_line_to(cairo, at[0], at[1]);
        break;
    default:
        cairo_close_path(cairo);
    }
}

/* Lines at 45 degrees across the path that is set, which is taken away. */
static void
hatch_draw(cairo_t *cairo, enum scene_hatch hatch, uint32_t ink)
{
    static const double distances[HATCH_COUNT] = { 0, 8, 4, 4 };
    double left, top, right, bottom;
    const double distance = distances[hatch];
    cairo_save(cairo);
    cairo_path_extents(cairo, &left, &top, &right, &bottom);
    cairo_clip(cairo);
    const long first = lround((left + top) / distance) - 1;
    const long last = lround((right + bottom) / distance) + 1;
    for (long i = first; i <= last; i++) {
        const double sum = (double)i * distance;
        cairo_move_to(cairo, sum - top, top);
        cairo_line_to(cairo, sum - bottom, bottom);
    }
    const long lowest = lround((left - bottom) / distance) - 1;
    const long highest = lround((right - top) / distance) + 1;
    for (long i = lowest; hatch == HATCH_CROSS && i <= highest; i++) {
        const double difference = (double)i * distance;
        cairo_move_to(cairo, difference + top, top);
        cairo_line_to(cairo, difference + bottom, bottom);
    }
    cairo_set_line_width(cairo, 0.8);
    colour_set(cairo, ink);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static void
path_draw(cairo_t *cairo, const struct scene *scene, const struct scene_mark *mark)
{
    const struct scene_style *style = &mark->style;
    const double *numbers = scene->numbers + mark->numbers;
    const double dashes[] = { style->dash, style->blank };
    cairo_new_path(cairo);
    for (size_t i = 0; i < mark->step_count; i++) {
        char step = scene->steps[mark->steps + i];
        step_draw(cairo, step, numbers);
        numbers += scene_step_numbers(step);
    }
    if (style->fill & 0xFFU) {
        colour_set(cairo, style->fill);
        cairo_fill_preserve(cairo);
    }
    if (style->stroke & 0xFFU) {
        colour_set(cairo, style->stroke);
        cairo_set_line_width(cairo, style->width);
        cairo_set_dash(cairo, dashes, style->dash > 0 ? 2 : 0, 0);
        cairo_stroke_preserve(cairo);
    }
    if (style->hatch != HATCH_NONE)
        hatch_draw(cairo, style->hatch, style->ink);
    cairo_new_path(cairo);
}

/* ---- texts ---- */

static void
text_draw(struct canvas *canvas, const struct scene *scene, const struct scene_mark *mark)
{
    static const double shares[] = { 0, 0.5, 1 };
    cairo_t *cairo = canvas->cairo;
    const struct scene_font *font = &mark->font;
    PangoRectangle logical;
    pango_font_description_set_absolute_size(canvas->font, font->px * PANGO_SCALE);
    pango_font_description_set_weight(canvas->font,
                                      font->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(canvas->layout, canvas->font);
    pango_layout_set_text(canvas->layout, scene->texts + mark->text, -1);
    PangoLayoutLine *line = pango_layout_get_line_readonly(canvas->layout, 0);
    pango_layout_line_get_extents(line, NULL, &logical);
    cairo_save(cairo);
    cairo_translate(cairo, mark->box.x, mark->box.y);
    cairo_rotate(cairo, font->turn * 3.14159265358979323846 / 180);
    cairo_move_to(cairo, -shares[font->anchor] * logical.width / PANGO_SCALE, 0);
    if (font->halo) {
        pango_cairo_layout_line_path(cairo, line);
        colour_set(cairo, font->halo);
        cairo_set_line_width(cairo, 3);
        cairo_set_dash(cairo, NULL, 0, 0);
        cairo_stroke(cairo);
        cairo_move_to(cairo, -shares[font->anchor] * logical.width / PANGO_SCALE, 0);
    }
    colour_set(cairo, font->colour);
    pango_cairo_show_layout_line(cairo, line);
    cairo_restore(cairo);
}

/* ---- the picture ---- */

static void
marks_draw(struct canvas *canvas, const struct scene *scene)
{
    for (size_t i = 0; i < scene->mark_count; i++) {
        const struct scene_mark *mark = &scene->marks[i];
        switch (mark->kind) {
        case SCENE_PATH:
            path_draw(canvas->cairo, scene, mark);
            break;
        case SCENE_TEXT:
            text_draw(canvas, scene, mark);
            break;
        case SCENE_CLIP:
            cairo_save(canvas->cairo);
            cairo_rectangle(canvas->cairo, mark->box.x, mark->box.y, mark->box.width,
                            mark->box.height);
            cairo_clip(canvas->cairo);
            break;
        case SCENE_UNCLIP:
            cairo_restore(canvas->cairo);
            break;
        case SCENE_HINT:
            break; /* a PNG knows no pointer */
        }
    }
}

static void
canvas_done(struct canvas *canvas)
{
    if (canvas->font)
        pango_font_description_free(canvas->font);
    if (canvas->layout)
        g_object_unref(canvas->layout);
    if (canvas->cairo)
        cairo_destroy(canvas->cairo);
    if (canvas->surface)
        cairo_surface_destroy(canvas->surface);
}

static int
canvas_make(int width, int height, double zoom, uint32_t paper, struct canvas *canvas,
            struct err_note *note)
{
    cairo_font_options_t *options = cairo_font_options_create();
    canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    canvas->cairo = cairo_create(canvas->surface);
    cairo_scale(canvas->cairo, zoom, zoom);
    cairo_set_line_cap(canvas->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    colour_set(canvas->cairo, paper);
    cairo_paint(canvas->cairo);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    canvas->layout = pango_cairo_create_layout(canvas->cairo);
    pango_cairo_context_set_font_options(pango_layout_get_context(canvas->layout), options);
    cairo_font_options_destroy(options);
    pango_layout_set_single_paragraph_mode(canvas->layout, TRUE);
    canvas->font = pango_font_description_from_string(THEME_FONT_PNG);
    const cairo_status_t status = cairo_status(canvas->cairo);
    return status == CAIRO_STATUS_SUCCESS
               ? 0
               : err_set(note, ERR_LIBRARY, "cairo: %s", cairo_status_to_string(status));
}

int
png_write(const struct scene *scene, const struct theme *theme, const char *title,
          const char *description, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    const struct theme_size *size = theme->size;
    const double width = ceil(scene->width * size->png_zoom);
    const double height = ceil(scene->height * size->png_zoom);
    if (scene->has_failed || !(width >= 1 && height >= 1 && width * height <= PIXELS_MAX))
        return err_set(note, ERR_RANGE, "png: out of memory or beyond %.0f pixels", PIXELS_MAX);
    struct canvas canvas = { 0 };
    int rc =
        canvas_make((int)width, (int)height, size->png_zoom, theme->colours->paper, &canvas, note);
    if (rc == 0) {
        marks_draw(&canvas, scene);
        cairo_surface_flush(canvas.surface);
        /* rows of RGB24 are whole 32-bit words */
        const void *pixels = cairo_image_surface_get_data(canvas.surface);
        const struct png_image image = {
            .pixels = pixels,
            .width = (size_t)width,
            .height = (size_t)height,
            .stride = (size_t)cairo_image_surface_get_stride(canvas.surface) / sizeof(uint32_t),
            .dpi = size->png_dpi,
            .title = title,
            .description = description
        };
        rc = pixels ? png_file_write(&image, ret_bytes, ret_size, note)
                    : err_set(note, ERR_LIBRARY, "cairo: no pixels");
    }
    canvas_done(&canvas);
    return rc;
}
