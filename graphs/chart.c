/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graphs/canvas.h"
#include "graphs/sink.h"

static chart_painter *const PAINTERS[CHART_COUNT] = {
    [CHART_TREND] = chart_trend,         [CHART_OVERLAY] = chart_overlay,
    [CHART_MULTIPLES] = chart_multiples, [CHART_RANKING] = chart_ranking,
    [CHART_REVISIONS] = chart_revisions, [CHART_SPARK] = chart_spark,
};

/* The spoken list names this many of the last values. */
enum { SPOKEN_MAX = 36, DESCRIPTION_MAX = 64 << 10 };

int
chart_draw(const struct picture *picture, const struct content *content,
           const struct chart_source *source, struct scene *scene, struct err_note *note)
{
    struct sheet sheet = sheet_begin(picture, content, scene);
    int rc = PAINTERS[picture->chart](&sheet, source, note);
    if (rc == 0)
        sheet_end(&sheet);
    return rc;
}

int
chart_data(const struct sheet *sheet, const struct plot *plot, const struct chart_source *source,
           struct err_note *note)
{
    struct rrd_args args = { 0 };
    char *svg = NULL;
    if (!source->archive)
        return 0;
    rrd_args_canvas(sheet->picture, sheet->content, plot, &sheet->theme, source->archive, &args);
    int rc = source->draw(source->context, &args, &svg, note);
    rrd_args_done(&args);
    if (rc == 0)
        canvas_draw(sheet->scene, svg, plot->canvas_width, plot->canvas_height, plot->box);
    free(svg);
    return rc;
}

void
chart_widen(double *low, double *high, double value)
{
    *low = fmin(*low, value); /* of a number and NaN: the number */
    *high = fmax(*high, value);
}

/* ---- words ---- */

char *
chart_speech(const struct picture *picture, const struct picture_point *point, char *text)
{
    const bool is_zh = picture->lang == LANG_ZH;
    char period[CAL_TEXT_MAX];
    const char *comma = is_zh ? "，" : ", ";
    (void)snprintf(text, CHART_SPEECH_MAX, "%s %s%s%s%s%s%s%s%s",
                   content_period(picture, point, period), point->value, is_zh ? "（" : " (",
                   level_word(point->level, picture->lang), content_is_open(point) ? comma : "",
                   content_is_open(point) ? content_word(WORD_OPEN, picture->lang) : "",
                   point->is_revised ? comma : "",
                   point->is_revised ? content_word(WORD_REVISED, picture->lang) : "",
                   is_zh ? "）" : ")"); /* our own words and short numbers fit */
    return text;
}

size_t
chart_last_points(const struct picture *picture, size_t max, size_t *ret_first)
{
    size_t first = picture->point_count, count = 0;
    while (first > 0 && count < max) {
        first--;
        count += content_shows(picture, &picture->points[first]);
    }
    *ret_first = first;
    return count;
}

static void
put_points(struct sink *sink, const struct picture *picture)
{
    const bool is_zh = picture->lang == LANG_ZH;
    char text[CHART_SPEECH_MAX];
    size_t first, spoken = 0;
    (void)chart_last_points(picture, SPOKEN_MAX, &first);
    for (size_t i = first; i < picture->point_count; i++) {
        if (!content_shows(picture, &picture->points[i]))
            continue;
        sink_put(sink, spoken++ == 0 ? "" : is_zh ? "；" : "; ");
        sink_put(sink, chart_speech(picture, &picture->points[i], text));
    }
    if (spoken == 0)
        sink_put(sink, content_word(WORD_NO_DATA, picture->lang));
    sink_put(sink, is_zh ? "。" : ".");
}

static void
put_areas(struct sink *sink, const struct picture *picture)
{
    const bool is_zh = picture->lang == LANG_ZH;
    for (size_t i = 0; i < picture->area_count; i++) {
        const struct picture_area *area = &picture->areas[i];
        const struct picture_point *last =
            area->point_count ? &area->points[area->point_count - 1] : NULL;
        const char *value = !isnan(area->number) ? area->value : last ? last->value : NULL;
        sink_put(sink, i == 0 ? "" : is_zh ? "；" : "; ");
        sink_put(sink, area->name);
        sink_put(sink, " ");
        sink_put(sink, value ? value : content_word(WORD_NO_DATA, picture->lang));
        if (value) {
            sink_put(sink, is_zh ? "（" : " (");
            sink_put(sink, level_word(area->level, picture->lang));
            sink_put(sink, is_zh ? "）" : ")");
        }
    }
    sink_put(sink, is_zh ? "。" : ".");
}

static void
put_versions(struct sink *sink, const struct picture *picture)
{
    const bool is_zh = picture->lang == LANG_ZH;
    for (size_t i = 0; i < picture->version_count; i++) {
        const struct picture_version *version = &picture->versions[i];
        sink_put(sink, i == 0 ? "" : is_zh ? "；" : "; ");
        sink_put(sink, version->label);
        sink_put(sink, " ");
        sink_put(sink, version->value);
    }
    sink_put(sink, is_zh ? "。" : ".");
}

char *
chart_description(const struct picture *picture, const struct content *content)
{
    struct sink sink = { .limit = DESCRIPTION_MAX };
    const bool is_zh = picture->lang == LANG_ZH;
    sink_put(&sink, content->subtitle);
    sink_put(&sink, is_zh ? "。" : ". ");
    if (picture->area_count > 0)
        put_areas(&sink, picture);
    else if (picture->version_count > 0)
        put_versions(&sink, picture);
    else
        put_points(&sink, picture);
    for (size_t i = 0; content->has_target && i < picture->target_count; i++) {
        char value[NUM_TEXT_MAX];
        sink_format(&sink, is_zh ? "%d年目标 %s。" : " Target %d: %s.", picture->targets[i].year,
                    num_print_short(picture->targets[i].value, 9, value));
    }
    if (picture->has_projection && picture->chart == CHART_TREND)
        sink_format(&sink, is_zh ? "%s %s。" : " %s: %s.",
                    content_word(WORD_PROJECTION, picture->lang), picture->projection.value_text);
    if (sink.has_failed)
        sink_done(&sink);
    return sink.bytes;
}
