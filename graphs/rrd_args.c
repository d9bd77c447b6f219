/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/rrd_args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graphs/sink.h"

enum { DAY = 86400, GAPS_MAX = 400, ARGUMENT_MAX = 64 << 10 };

void
rrd_args_done(struct rrd_args *args)
{
    for (int i = 0; i < args->count; i++)
        free(args->items[i]);
    *args = (struct rrd_args){ 0 };
}

/* Takes over `text`, which must be from malloc. */
static void
args_take(struct rrd_args *args, char *text)
{
    if (!text || args->count == RRD_ARGS_MAX) {
        args->has_failed = true;
        free(text);
        return;
    }
    args->items[args->count++] = text;
}

static void __attribute__((format(printf, 2, 3)))
args_add(struct rrd_args *args, const char *format, ...)
{
    char text[2048];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= sizeof text) {
        args->has_failed = true;
        return;
    }
    args_take(args, strdup(text));
}

static void
args_pair(struct rrd_args *args, const char *option, const char *value)
{
    args_add(args, "%s", option);
    args_add(args, "%s", value);
}

/* Canvas pixels of a picture's pixel. */
static double
canvas_scale(const struct plot *plot)
{
    return plot->canvas_width / plot->box.width;
}

static int64_t
stamp_of(struct cal_date date)
{
    return cal_midnight(date).seconds;
}

/* Time, canvas, limits, and nothing but the data: the rest is ours. The end lies one second before
 * the boundary, or librrd shows a day more. */
static void
args_frame(struct rrd_args *args, const struct picture *picture, const struct plot *plot)
{
    static const char *const clear[] = { "BACK",  "CANVAS", "SHADEA", "SHADEB",
                                         "FRAME", "ARROW",  "AXIS",   "GRID" };
    const struct cal_date after = { picture->to.days + 1 };
    args_pair(args, "graph", "-");
    args_add(args, "--start");
    args_add(args, "%lld", (long long)stamp_of(picture->from));
    args_add(args, "--end");
    args_add(args, "%lld", (long long)stamp_of(after) - 1);
    args_add(args, "--width");
    args_add(args, "%d", plot->canvas_width);
    args_add(args, "--height");
    args_add(args, "%d", plot->canvas_height);
    args_pair(args, "--step", "86400");
    args_pair(args, "--border", "0");
    args_add(args, "--lower-limit");
    args_add(args, "%.12g", plot->scale.low);
    args_add(args, "--upper-limit");
    args_add(args, "%.12g", plot->scale.high);
    args_add(args, "--rigid");
    args_pair(args, "--imgformat", "SVG");
    args_add(args, "--only-graph");
    args_pair(args, "--x-grid", "none");
    args_pair(args, "--y-grid", "none");
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
        args_add(args, "--color");
        args_add(args, "%s#FFFFFF00", clear[i]);
    }
}

/* Days that are blank: from the row of one day to that of another, both included. A row carries the
 * time of its end. */
struct blank {
    int64_t first, last;
};

static void
put_blank(struct sink *sink, struct blank blank)
{
    if (blank.last >= blank.first)
        sink_format(sink, ",TIME,%lld,%lld,LIMIT,ADDNAN", (long long)blank.first,
                    (long long)blank.last);
}

/* CDEF gap: unknown but in the days around a period's ends, which bars leave blank. Every row costs
 * every interval, so the end of one period and the beginning of the next are one. False when bars
 * stand without gaps. */
static bool
args_gap(struct rrd_args *args, const struct picture *picture, const struct plot *plot)
{
    struct sink sink = { .limit = ARGUMENT_MAX };
    struct blank open = { .first = 1, .last = 0 }; /* none */
    size_t gaps = 0;
    sink_put(&sink, "CDEF:gap=value,POP,UNKN");
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        struct plot_gap gap = plot_gap_of(plot, point->from, point->to);
        if (!content_shows(picture, point) || gap.before + gap.after == 0)
            continue;
        const int64_t from = stamp_of(point->from), to = stamp_of(point->to);
        const struct blank before = { from + DAY, from + (int64_t)gap.before * DAY };
        if (open.last + DAY != before.first || before.last < before.first) {
            put_blank(&sink, open);
            put_blank(&sink, before);
        } else {
            put_blank(&sink, (struct blank){ open.first, before.last });
        }
        open = (struct blank){ to - (gap.after - 1LL) * DAY, to };
        gaps++;
    }
    put_blank(&sink, open);
    if (gaps == 0 || gaps > GAPS_MAX || sink.has_failed) {
        args->has_failed |= sink.has_failed;
        sink_done(&sink);
        return false;
    }
    args_take(args, sink.bytes);
    return true;
}

/* librrd's "#RRGGBB". */
static unsigned
rgb(uint32_t colour)
{
    return colour >> 8;
}

static void
args_values(struct rrd_args *args, const struct picture *picture, const struct content *content,
            const struct plot *plot, const struct theme *theme)
{
    static const char *const tests[GRADE_COUNT] = {
        [GRADE_NORMAL] = "level,0.5,LT",
        [GRADE_REMIND] = "level,0.5,GT,level,1.5,LT,*",
        [GRADE_WARN] = "level,1.5,GT,level,2.5,LT,*",
        [GRADE_SEVERE] = "level,2.5,GT",
        [GRADE_NONE] = "level,UN",
    };
    const bool is_bars = content->style == CONTENT_BARS;
    const double pixel = canvas_scale(plot) * theme->size->line;
    const char *source = "value";
    if (is_bars && args_gap(args, picture, plot)) {
        args_add(args, "CDEF:bar=gap,UN,value,UNKN,IF");
        source = "bar";
    }
    if (!is_bars)
        args_add(args, "LINE%.2f:value#%06X", 1.2 * pixel, rgb(theme->colours->axis));
    for (int grade = 0; grade < GRADE_COUNT; grade++) {
        const struct theme_colours *colours = &theme->colours->grades[grade];
        args_add(args, "CDEF:g%d=%s,%s,UNKN,IF", grade, tests[grade], source);
        if (is_bars)
            args_add(args, "AREA:g%d#%06X", grade, rgb(colours->fill));
        else
            args_add(args, "LINE%.2f:g%d#%06X", 3.6 * pixel, grade, rgb(colours->line));
    }
}

/* Values, plan and target. The plan's stairs break at New Year, where it begins again. */
void
rrd_args_canvas(const struct picture *picture, const struct content *content,
                const struct plot *plot, const struct theme *theme, const char *archive,
                struct rrd_args *args)
{
    static const char *const lines[] = { "value", "pace", "target", "level" };
    const double scale = canvas_scale(plot), pixel = scale * theme->size->line;
    args_frame(args, picture, plot);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct sink sink = { .limit = ARGUMENT_MAX };
        sink_format(&sink, "DEF:%s=", lines[i]);
        for (const char *c = archive; *c; c++)
            sink_format(&sink, *c == ':' ? "\\%c" : "%c", *c);
        sink_format(&sink, ":%s:AVERAGE", lines[i]);
        args_take(args, sink.bytes);
        args->has_failed |= sink.has_failed;
    }
    args_values(args, picture, content, plot, theme);
    if (content->has_plan) {
        args_add(args, "CDEF:plan=NEWYEAR,UNKN,pace,IF");
        args_add(args, "LINE%.2f:plan#%06X:dashes=%.1f,%.1f", 1.6 * pixel,
                 rgb(theme->colours->plan), 4 * pixel, 3 * pixel);
    }
    if (content->has_target)
        args_add(args, "LINE%.2f:target#%06X", 1.5 * pixel, rgb(theme->colours->target));
}
