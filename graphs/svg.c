/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/svg.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graphs/measure.h"
#include "graphs/sink.h"
#include "graphs/svg_canvas.h"
#include "graphs/svg_marks.h"

/* The spoken list and the hints name this many of the last values. */
enum { SPOKEN_MAX = 60 };

static void
put_text(struct sink *sink, const char *text)
{
    sink_xml(sink, text, strlen(text));
}

/* "2023年6月 980（预警）". */
static void
point_speak(struct sink *sink, const struct picture *picture, const struct picture_point *point)
{
    const bool is_zh = picture->lang == LANG_ZH;
    char period[CAL_TEXT_MAX];
    put_text(sink, content_period(picture, point, period));
    sink_put(sink, " ");
    put_text(sink, point->value);
    sink_put(sink, is_zh ? "（" : " (");
    put_text(sink, level_word(point->level, picture->lang));
    if (content_is_open(point)) {
        sink_put(sink, is_zh ? "，" : ", ");
        put_text(sink, content_word(WORD_OPEN, picture->lang));
    }
    sink_put(sink, is_zh ? "）" : ")");
}

/* <title> and <desc>: what the picture shows, in sentences. */
static void
write_words(struct sink *sink, const struct picture *picture, const struct content *content)
{
    const bool is_zh = picture->lang == LANG_ZH;
    sink_put(sink, "<title>");
    put_text(sink, picture->title);
    if (content->is_simulated) {
        sink_put(sink, is_zh ? "（" : " (");
        put_text(sink, content_word(WORD_STAMP, picture->lang));
        sink_put(sink, is_zh ? "）" : ")");
    }
    sink_put(sink, "</title>\n<desc>");
    put_text(sink, content->subtitle);
    sink_put(sink, is_zh ? "。" : ". ");
    size_t first = picture->point_count > SPOKEN_MAX ? picture->point_count - SPOKEN_MAX : 0;
    size_t spoken = 0;
    for (size_t i = first; i < picture->point_count; i++) {
        if (!content_shows(picture, &picture->points[i]))
            continue;
        sink_put(sink, spoken++ == 0 ? "" : is_zh ? "；" : "; ");
        point_speak(sink, picture, &picture->points[i]);
    }
    if (spoken == 0)
        put_text(sink, content_word(WORD_NO_DATA, picture->lang));
    sink_put(sink, is_zh ? "。" : ".");
    for (size_t i = 0; content->has_target && i < picture->target_count; i++) {
        char value[NUM_TEXT_MAX];
        sink_format(sink, is_zh ? "%d年目标 %s。" : " Target %d: %s.", picture->targets[i].year,
                    num_print_short(picture->targets[i].value, 9, value));
    }
    sink_put(sink, "</desc>\n");
}

static void
write_head(struct sink *sink, const struct layout *layout, enum lang lang)
{
    sink_put(sink, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    sink_number(sink, layout->width);
    sink_put(sink, "\" height=\"");
    sink_number(sink, layout->height);
    sink_put(sink, "\" viewBox=\"0 0 ");
    sink_number(sink, layout->width);
    sink_put(sink, " ");
    sink_number(sink, layout->height);
    sink_format(sink, "\" role=\"img\" lang=\"%s\" font-family=\"%s\" font-size=\"",
                lang == LANG_ZH ? "zh-CN" : "en", THEME_FONT_SVG);
    sink_number(sink, layout->size->small);
    sink_put(sink, "\">\n");
}

static void
write_runs(struct sink *sink, const struct layout *layout)
{
    const struct theme_size *size = layout->size;
    for (size_t i = 0; i < layout->run_count; i++) {
        const struct layout_run *run = &layout->runs[i];
        const char *colour = run->grade == GRADE_NONE ? NULL : THEME_GRADES[run->grade].ink;
        struct svg_font font = { size->text, THEME_TEXT, false, NULL };
        if (run->role == ROLE_TITLE)
            font = (struct svg_font){ size->title, THEME_TITLE, true, NULL };
        else if (run->role == ROLE_SUBTITLE || run->role == ROLE_FACT_LABEL)
            font.colour = THEME_FAINT;
        else if (run->role == ROLE_FACT_TEXT)
            font = (struct svg_font){ size->text, colour ? colour : THEME_TITLE, true, NULL };
        svg_text_open(sink, run->x, run->y, &font);
        sink_xml(sink, run->text, run->length);
        sink_put(sink, run->is_cut ? "…</text>\n" : "</text>\n");
        if (run->item)
            svg_legend_mark(sink, run);
    }
}

/* The hints shown under a pointer: one for each of the last values. */
static void
write_hints(struct sink *sink, const struct picture *picture, const struct layout *layout)
{
    if (picture->point_count == 0)
        return;
    sink_put(sink, "<g fill=\"none\" pointer-events=\"all\">");
    size_t first = picture->point_count > SPOKEN_MAX ? picture->point_count - SPOKEN_MAX : 0;
    for (size_t i = first; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        if (!content_shows(picture, point))
            continue;
        double left = layout_x(layout, fmax(point->from.days - picture->from.days, 0));
        double right =
            layout_x(layout, fmin(point->to.days - picture->from.days, layout->axis.days));
        svg_rect(sink, left, layout->plot.y, right - left, layout->plot.height, "><title>");
        point_speak(sink, picture, point);
        sink_put(sink, "</title></rect>");
    }
    sink_put(sink, "</g>\n");
}

static void
write_page(struct sink *sink, const struct picture *picture, const struct content *content,
           const struct layout *layout, const char *canvas)
{
    sink_put(sink, "<rect width=\"100%\" height=\"100%\" fill=\"" THEME_PAPER "\"/>\n");
    svg_grid(sink, layout);
    svg_stamp(sink, picture, content,
              layout); /* below the data, whose colours it must not change */
    svg_canvas(sink, picture, layout, canvas);
    svg_axis(sink, picture, layout);
    svg_open_values(sink, picture, content, layout);
    svg_targets(sink, picture, content, layout);
    svg_values(sink, picture, content, layout);
    svg_lane(sink, picture, layout);
    svg_pills(sink, picture, content, layout);
    write_runs(sink, layout);
    write_hints(sink, picture, layout);
}

int
svg_write(const struct picture *picture, const struct content *content, const struct layout *layout,
          const char *canvas, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    struct sink sink = { .limit = PICTURE_BYTES_MAX };
    write_head(&sink, layout, picture->lang);
    write_words(&sink, picture, content);
    if (picture->size == PICTURE_SPARK) {
        svg_canvas(&sink, picture, layout, canvas);
        svg_spark(&sink, picture, content, layout);
    } else {
        write_page(&sink, picture, content, layout, canvas);
    }
    sink_put(&sink, "</svg>\n");
    if (sink.has_failed) {
        sink_done(&sink);
        return err_set(note, ERR_FULL, "svg: out of memory or beyond %d bytes", PICTURE_BYTES_MAX);
    }
    *ret_bytes = sink.bytes;
    *ret_size = sink.size;
    return 0;
}
