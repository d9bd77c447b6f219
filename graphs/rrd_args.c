/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/rrd_args.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graphs/measure.h"
#include "graphs/sink.h"

enum {
    DAY = 86400,
    GAPS_MAX = 400,
    ARGUMENT_MAX = 64 << 10,
    TITLE_LINES = 3,
    FACT_LINES = 6,
    FACT_LABEL_MAX = 80
};

/* Font sizes of librrd are points of 100 dots an inch. */
static const double POINTS = 0.72;

/* Share of the width a line of the title may take by our estimate: what is too long librrd cuts at
 * both ends. */
static const double TITLE_FILL = 0.95;

/* Pieces of a fact in librrd's legend are at most so wide, in font sizes: 108 bytes of Chinese. */
static const double FACT_WIDTH = 36;

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

/* How one byte-sized character is written; NULL: as it is. */
static const char *
text_escape(char c, enum rrd_text_place place)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\\':
        return "＼";
    case ':':
        return place == RRD_TEXT_LEGEND ? "\\:" : NULL;
    default:
        return (unsigned char)c < 0x20 || c == 0x7F ? "" : NULL;
    }
}

size_t
rrd_text(const char *text, size_t length, enum rrd_text_place place, size_t max, char *into)
{
    if (!text_is_utf8(text, length)) {
        text = "?";
        length = 1;
    }
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        size_t size = 1;
        while (i + size < length && ((unsigned char)text[i + size] & 0xC0U) == 0x80)
            size++;
        const char *escaped = size == 1 ? text_escape(text[i], place) : NULL;
        const char *piece = escaped ? escaped : text + i;
        size_t piece_size = escaped ? strlen(escaped) : size;
        if (written + piece_size > max)
            break;
        memcpy(into + written, piece, piece_size);
        written += piece_size;
        i += size;
    }
    into[written] = '\0';
    return written;
}

/* Canvas pixels of a picture's pixel. */
static double
canvas_scale(const struct layout *layout)
{
    return layout->canvas_width / layout->plot.width;
}

static double
line_width(const struct layout *layout, double px)
{
    return px * layout->size->line * canvas_scale(layout);
}

static int64_t
stamp_of(struct cal_date date)
{
    return cal_midnight(date).seconds;
}

/* What both formats share: time, canvas, limits. The end lies one second before the boundary, or
 * librrd shows a day more. */
static void
args_frame(struct rrd_args *args, const struct picture *picture, const struct layout *layout)
{
    const struct cal_date after = { picture->to.days + 1 };
    args_pair(args, "graph", "-");
    args_add(args, "--start");
    args_add(args, "%lld", (long long)stamp_of(picture->from));
    args_add(args, "--end");
    args_add(args, "%lld", (long long)stamp_of(after) - 1);
    args_add(args, "--width");
    args_add(args, "%d", layout->canvas_width);
    args_add(args, "--height");
    args_add(args, "%d", layout->canvas_height);
    args_pair(args, "--step", "86400");
    args_pair(args, "--border", "0");
    args_add(args, "--lower-limit");
    args_add(args, "%.12g", layout->scale.low);
    args_add(args, "--upper-limit");
    args_add(args, "%.12g", layout->scale.high);
    args_add(args, "--rigid");
}

/* CDEF gap: unknown but in the days around a period's ends, which bars leave blank. False when bars
 * stand without gaps. */
static bool
args_gap(struct rrd_args *args, const struct picture *picture, const struct layout *layout)
{
    struct sink sink = { .limit = ARGUMENT_MAX };
    sink_put(&sink, "CDEF:gap=value,POP,UNKN");
    size_t gaps = 0;
    for (size_t i = 0; i < picture->point_count; i++) {
        const struct picture_point *point = &picture->points[i];
        struct layout_gap gap = layout_gap_of(layout, point);
        if (!content_shows(picture, point) || gap.before + gap.after == 0)
            continue;
        long long from = stamp_of(point->from), to = stamp_of(point->to);
        if (gap.before > 0)
            sink_format(&sink, ",TIME,%lld,%lld,LIMIT,ADDNAN", from + DAY,
                        from + (long long)gap.before * DAY);
        if (gap.after > 0)
            sink_format(&sink, ",TIME,%lld,%lld,LIMIT,ADDNAN", to - (gap.after - 1LL) * DAY, to);
        gaps++;
    }
    if (gaps == 0 || gaps > GAPS_MAX) {
        sink_done(&sink);
        return false;
    }
    if (sink.has_failed) {
        sink_done(&sink);
        args->has_failed = true;
        return false;
    }
    args_take(args, sink.bytes);
    return true;
}

/* ":legend=  text", when there is a legend and the item is in it. */
static void
legend_part(const struct content *content, enum content_mark mark, enum theme_grade grade,
            bool with_legend, char *into, size_t room)
{
    into[0] = '\0';
    for (size_t i = 0; with_legend && i < content->legend_count; i++) {
        const struct content_item *item = &content->legend[i];
        if (item->mark != mark || (mark == MARK_GRADE && item->grade != grade))
            continue;
        char text[RRD_TEXT_MAX + 1];
        (void)rrd_text(item->text, strlen(item->text), RRD_TEXT_LEGEND, RRD_TEXT_MAX, text);
        (void)snprintf(into, room, ":legend=  %s", text); /* room is enough for RRD_TEXT_MAX */
    }
}

static void
args_values(struct rrd_args *args, const struct picture *picture, const struct content *content,
            const struct layout *layout, bool with_legend)
{
    static const char *const tests[GRADE_COUNT] = {
        [GRADE_NORMAL] = "level,0.5,LT",
        [GRADE_REMIND] = "level,0.5,GT,level,1.5,LT,*",
        [GRADE_WARN] = "level,1.5,GT,level,2.5,LT,*",
        [GRADE_SEVERE] = "level,2.5,GT",
        [GRADE_NONE] = "level,UN",
    };
    const bool is_bars = content->style == CONTENT_BARS;
    const char *source = "value";
    if (is_bars && args_gap(args, picture, layout)) {
        args_add(args, "CDEF:bar=gap,UN,value,UNKN,IF");
        source = "bar";
    }
    if (!is_bars)
        args_add(args, "LINE%.2f:value" THEME_AXIS, line_width(layout, 1.2));
    for (int grade = 0; grade < GRADE_COUNT; grade++) {
        char legend[RRD_TEXT_MAX + 16];
        legend_part(content, MARK_GRADE, (enum theme_grade)grade, with_legend, legend,
                    sizeof legend);
        args_add(args, "CDEF:g%d=%s,%s,UNKN,IF", grade, tests[grade], source);
        if (is_bars)
            args_add(args, "AREA:g%d%s%s", grade, THEME_GRADES[grade].fill, legend);
        else
            args_add(args, "LINE%.2f:g%d%s%s", line_width(layout, 3.6), grade,
                     THEME_GRADES[grade].line, legend);
    }
}

/* Values, plan and target. The plan's stairs break at New Year, where it begins again. */
static void
args_data(struct rrd_args *args, const struct picture *picture, const struct content *content,
          const struct layout *layout, const char *archive, bool with_legend)
{
    static const char *const lines[] = { "value", "pace", "target", "level" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct sink sink = { .limit = ARGUMENT_MAX };
        sink_format(&sink, "DEF:%s=", lines[i]);
        for (const char *c = archive; *c; c++)
            sink_format(&sink, *c == ':' ? "\\%c" : "%c", *c);
        sink_format(&sink, ":%s:AVERAGE", lines[i]);
        args_take(args, sink.bytes);
        args->has_failed |= sink.has_failed;
    }
    const double scale = canvas_scale(layout);
    char legend[RRD_TEXT_MAX + 16];
    args_values(args, picture, content, layout, with_legend);
    if (content->has_plan) {
        legend_part(content, MARK_PLAN, GRADE_NONE, with_legend, legend, sizeof legend);
        args_add(args, "CDEF:plan=NEWYEAR,UNKN,pace,IF");
        args_add(args, "LINE%.2f:plan" THEME_PLAN "%s:dashes=%.1f,%.1f", line_width(layout, 1.6),
                 legend, 4 * scale, 3 * scale);
    }
    if (content->has_target) {
        legend_part(content, MARK_TARGET, GRADE_NONE, with_legend, legend, sizeof legend);
        args_add(args, "LINE%.2f:target" THEME_TARGET "%s", line_width(layout, 1.5), legend);
    }
}

void
rrd_args_canvas(const struct picture *picture, const struct content *content,
                const struct layout *layout, const char *archive, struct rrd_args *args)
{
    static const char *const clear[] = { "BACK",  "CANVAS", "SHADEA", "SHADEB",
                                         "FRAME", "ARROW",  "AXIS",   "GRID" };
    args_frame(args, picture, layout);
    args_pair(args, "--imgformat", "SVG");
    args_add(args, "--only-graph");
    args_pair(args, "--x-grid", "none");
    args_pair(args, "--y-grid", "none");
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
        args_add(args, "--color");
        args_add(args, "%s#FFFFFF00", clear[i]);
    }
    args_data(args, picture, content, layout, archive, false);
}

static void
png_style(struct rrd_args *args, const struct layout *layout)
{
    static const char *const colours[] = {
        "BACK" THEME_PAPER, "CANVAS" THEME_PAPER, "SHADEA#FFFFFF00", "SHADEB#FFFFFF00",
        "FRAME#FFFFFF00",   "ARROW#FFFFFF00",     "AXIS" THEME_AXIS, "GRID#64748B12",
        "MGRID#64748B38",   "FONT" THEME_TEXT,
    };
    static const char *const options[] = { "--disable-rrdtool-tag", "--pango-markup",
                                           "--dynamic-labels" };
    const struct theme_size *size = layout->size;
    const double points = POINTS * canvas_scale(layout);
    const struct {
        const char *name;
        double px;
        const char *weight;
    } fonts[] = {
        { "DEFAULT", size->text, "" },         { "TITLE", size->title, " Bold" },
        { "AXIS", size->small, "" },           { "LEGEND", size->text, "" },
        { "WATERMARK", size->title, " Bold" },
    };
    args_pair(args, "--imgformat", "PNG");
    args_add(args, "--zoom");
    args_add(args, "%.6f", size->png_zoom / canvas_scale(layout));
    args_pair(args, "--font-render-mode", "light");
    args_pair(args, "--grid-dash", "1:0");
    args_pair(args, "--units-exponent", "0");
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        args_add(args, "%s", options[i]);
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        args_pair(args, "--color", colours[i]);
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++) {
        args_add(args, "--font");
        args_add(args, "%s:%.2f:%s%s", fonts[i].name, fmax(fonts[i].px * points, 1), THEME_FONT_RRD,
                 fonts[i].weight);
    }
}

/* librrd has one row of labels only: where ours has quarters above years, its labels name the month
 * and the year. */
static void
png_x_grid(struct rrd_args *args, const struct picture *picture, const struct layout *layout)
{
    const bool is_zh = picture->lang == LANG_ZH;
    const double width = layout->plot.width;
    const int days = layout->axis.days;
    args_add(args, "--x-grid");
    switch (layout->axis.unit) {
    case AXIS_DAYS:
        args_add(args, "DAY:1:MONTH:1:DAY:%d:0:%%-m-%%-d", layout->axis.step);
        break;
    case AXIS_MONTHS:
        args_add(args, "MONTH:1:YEAR:1:MONTH:1:2678400:%s", is_zh ? "%-m月" : "%b");
        break;
    case AXIS_QUARTERS: {
        int months = 3;
        const double needed = 5.6 * layout->size->small; /* 2023年12月 */
        while (months < 12 && months * 30.4 * width / days < needed)
            months *= 2;
        args_add(args, "MONTH:1:YEAR:1:MONTH:%d:0:%s", months, is_zh ? "%Y年%-m月" : "%b %Y");
        break;
    }
    case AXIS_YEARS:
        args_add(args, "YEAR:1:YEAR:1:YEAR:%d:%d:%%Y", layout->axis.step,
                 layout->axis.step == 1 ? 31536000 : 0);
        break;
    }
}

static void
png_y_grid(struct rrd_args *args, const struct layout *layout)
{
    char label[NUM_TEXT_MAX];
    args_add(args, "--y-grid");
    if (layout->scale.is_empty) {
        args_add(args, "none");
        return;
    }
    args_add(args, "%.12g:1", layout->scale.step);
    args_add(args, "--left-axis-format");
    args_add(args, "%%.%dlf", layout->scale.decimals);
    size_t longest = 0;
    for (int i = 0; i < layout->scale.count; i++) {
        size_t length =
            strlen(num_print(scale_tick(&layout->scale, i), layout->scale.decimals, label));
        longest = length > longest ? length : longest;
    }
    args_add(args, "--units-length");
    args_add(args, "%zu", longest + 1);
}

/* Title and subtitle share librrd's title, three lines at most. */
static void
png_title(struct rrd_args *args, const struct picture *picture, const struct content *content,
          const struct layout *layout)
{
    const struct theme_size *size = layout->size;
    const double width = (layout->width - 2 * size->pad) * TITLE_FILL;
    const char *stamp = content->is_simulated ? content_word(WORD_STAMP, picture->lang) : "";
    struct measure_line lines[TITLE_LINES];
    struct sink title = { .limit = ARGUMENT_MAX };
    size_t count = measure_wrap(picture->title, size->title, width, TITLE_LINES - 1, lines);
    size_t more = measure_wrap(content->subtitle, size->text,
                               width - measure_text(stamp, strlen(stamp), size->text),
                               TITLE_LINES - count, lines + count);
    for (size_t i = 0; i < count + more; i++) {
        char text[RRD_TEXT_MAX + 1];
        (void)rrd_text(lines[i].text, lines[i].length, RRD_TEXT_TITLE, RRD_TEXT_MAX, text);
        sink_put(&title, i > 0 ? "\n" : "");
        if (i == count && stamp[0])
            sink_format(&title, "<span size='65%%' foreground='%s'>%s</span>  ", THEME_STAMP,
                        stamp);
        if (i >= count)
            sink_put(&title, " <span size='65%' weight='normal' foreground='" THEME_FAINT "'>");
        sink_put(&title, text);
        sink_put(&title, lines[i].is_cut ? "…" : "");
        sink_put(&title, i >= count ? "</span>" : "");
    }
    args_add(args, "--title");
    args->has_failed |= title.has_failed;
    args_take(args, title.bytes);
    if (content->is_simulated) {
        args_add(args, "--watermark");
        args_add(args, "%s", content_word(WORD_STAMP, picture->lang));
    }
}

/* A line over the latest period, with its number in the legend. */
static void
png_latest(struct rrd_args *args, const struct picture *picture, const struct content *content,
           const struct layout *layout)
{
    const struct picture_point *point = content->latest;
    char period[CAL_TEXT_MAX], label[RRD_TEXT_MAX + 1];
    const char *words = content_period(picture, point, period);
    const bool is_zh = picture->lang == LANG_ZH;
    (void)rrd_text(words, strlen(words), RRD_TEXT_LEGEND, RRD_TEXT_MAX, label);
    args_add(args, "CDEF:last=TIME,%lld,GT,TIME,%lld,LE,*,value,UNKN,IF",
             (long long)stamp_of(point->from), (long long)stamp_of(point->to));
    args_add(
        args, "LINE%.2f:last%s:legend=  %s %s%s%s%s%s%s%s%s", line_width(layout, 2.5), THEME_TITLE,
        content_word(WORD_LATEST, picture->lang), point->value, is_zh ? "（" : " (", label,
        is_zh ? "，" : ", ", level_word(point->level, picture->lang),
        !content_is_open(point) ? ""
        : is_zh                 ? "，"
                                : ", ",
        content_is_open(point) ? content_word(WORD_OPEN, picture->lang) : "", is_zh ? "）" : ")");
}

/* One fact; a long one takes lines of its own, because librrd cuts texts at 200 bytes. */
static void
png_fact(struct rrd_args *args, const struct picture_fact *fact, bool is_last)
{
    static const char markup[] = " <span foreground='#000000'><b></b></span>\\l";
    const char *ink =
        fact->level == LEVEL_COUNT ? THEME_TITLE : THEME_GRADES[theme_grade_of(fact->level)].ink;
    char label[FACT_LABEL_MAX + 1], text[RRD_TEXT_MAX + 1];
    size_t used =
        rrd_text(fact->label, strlen(fact->label), RRD_TEXT_LEGEND, FACT_LABEL_MAX, label);
    struct measure_line lines[FACT_LINES];
    size_t count = measure_wrap(fact->text, 1, FACT_WIDTH, FACT_LINES, lines);
    for (size_t i = 0; i < count; i++) {
        (void)rrd_text(lines[i].text, lines[i].length, RRD_TEXT_LEGEND,
                       RRD_TEXT_MAX - sizeof markup - used, text);
        args_add(args, "COMMENT:legend=%s%s<span foreground='%s'><b>%s</b></span>%s", label,
                 i == 0 ? " " : "", ink, text, is_last || count > 1 ? "\\l" : "");
        label[0] = '\0';
        used = 0;
    }
}

static void
png_facts(struct rrd_args *args, const struct picture *picture)
{
    args_add(args, "COMMENT:\\l");
    args_add(args, "COMMENT:\\s");
    args_add(args, "TEXTALIGN:left");
    for (size_t i = 0; i < picture->fact_count; i++)
        png_fact(args, &picture->facts[i], i + 1 == picture->fact_count);
}

void
rrd_args_png(const struct picture *picture, const struct content *content,
             const struct layout *layout, const char *archive, struct rrd_args *args)
{
    const bool is_spark = picture->size == PICTURE_SPARK;
    args_frame(args, picture, layout);
    png_style(args, layout);
    if (is_spark) {
        if (content->is_simulated)
            args_pair(args, "--title", content_word(WORD_STAMP, picture->lang));
        args_add(args, content->is_simulated ? "--no-legend" : "--only-graph");
        args_pair(args, "--x-grid", "none");
        args_pair(args, "--y-grid", "none");
    } else {
        png_title(args, picture, content, layout);
        png_x_grid(args, picture, layout);
        png_y_grid(args, layout);
    }
    if (!is_spark)
        args_add(args, "COMMENT:\\s"); /* air below the labels */
    if (archive) {
        args_data(args, picture, content, layout, archive, !is_spark);
        if (content->latest && !is_spark)
            png_latest(args, picture, content, layout);
    } else if (!is_spark) {
        args_add(args, "COMMENT:legend=%s", content_word(WORD_NO_DATA, picture->lang));
    }
    args_add(args, "HRULE:0" THEME_AXIS);
    if (!is_spark)
        png_facts(args, picture);
}
