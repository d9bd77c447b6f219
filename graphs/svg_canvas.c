/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/svg_canvas.h"

#include <math.h>
#include <string.h>

/* A piece of the canvas: it need not end. */
struct piece {
    const char *text;
    size_t length;
};

static bool
piece_begins(struct piece piece, const char *start)
{
    size_t length = strlen(start);
    return piece.length >= length && memcmp(piece.text, start, length) == 0;
}

static bool
piece_equal(struct piece a, struct piece b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool
piece_is_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* A number, rounded; what cannot be read is kept. */
static void
put_coordinate(struct sink *sink, struct piece number)
{
    struct num_decimal decimal;
    if (num_decimal_parse(number.text, number.length, &decimal, NULL) == 0 &&
        fabs(decimal.value) < 1e8)
        sink_number(sink, decimal.value);
    else
        sink_bytes(sink, number.text, number.length);
}

/* Path data: "M 31 261.550781 L ... Z M 31 261.550781 " becomes "M31 261.6L...Z". */
static void
put_data(struct sink *sink, struct piece data)
{
    bool after_number = false;
    for (size_t i = 0; i < data.length;) {
        const char c = data.text[i];
        if (c == ' ') {
            i++;
            continue;
        }
        size_t size = 1;
        if (!piece_is_number(c)) {
            /* cairo ends a closed path by moving to its start: nothing follows, nothing is drawn */
            if (c == 'M' && !memchr(data.text + i, 'L', data.length - i) &&
                !memchr(data.text + i, 'C', data.length - i))
                return;
            sink_bytes(sink, &c, 1);
        } else {
            while (i + size < data.length && piece_is_number(data.text[i + size]))
                size++;
            if (after_number)
                sink_put(sink, " ");
            put_coordinate(sink, (struct piece){ data.text + i, size });
        }
        after_number = piece_is_number(c);
        i += size;
    }
}

/* "rgb(16.470588%,61.568627%,56.078431%)" as "#2A9D8F"; false when it is something else. */
static bool
put_colour(struct sink *sink, struct piece value)
{
    static const char start[] = "rgb(";
    if (!piece_begins(value, start))
        return false;
    int parts[3];
    const char *at = value.text + sizeof start - 1;
    const char *end = value.text + value.length;
    for (int i = 0; i < 3; i++) {
        size_t size = 0;
        while (at + size < end && piece_is_number(at[size]))
            size++;
        struct num_decimal percent;
        if (at + size >= end || at[size] != '%' ||
            num_decimal_parse(at, size, &percent, NULL) < 0 ||
            !(percent.value >= 0 && percent.value <= 100))
            return false;
        parts[i] = (int)lround(percent.value * 2.55);
        at += size + 2;
    }
    sink_format(sink, "#%02X%02X%02X", (unsigned)parts[0], (unsigned)parts[1], (unsigned)parts[2]);
    return true;
}

/* The style of a path as attributes, without what the surrounding element says. */
static void
put_style(struct sink *sink, struct piece style)
{
    static const char *const defaults[] = {
        "stroke:none",           "fill:none",      "fill-rule:nonzero", "stroke-linecap:round",
        "stroke-linejoin:round", "fill-opacity:1", "stroke-opacity:1",  "stroke-miterlimit:10",
    };
    const char *at = style.text;
    const char *end = style.text + style.length;
    while (at < end) {
        const char *semicolon = memchr(at, ';', (size_t)(end - at));
        struct piece property = { at, (size_t)((semicolon ? semicolon : end) - at) };
        at = semicolon ? semicolon + 1 : end;
        while (property.length > 0 && property.text[0] == ' ')
            property = (struct piece){ property.text + 1, property.length - 1 };
        bool is_default = property.length == 0;
        for (size_t i = 0; i < sizeof defaults / sizeof *defaults && !is_default; i++)
            is_default = piece_equal(property, (struct piece){ defaults[i], strlen(defaults[i]) });
        const char *colon = memchr(property.text, ':', property.length);
        if (is_default || !colon)
            continue;
        size_t name = (size_t)(colon - property.text);
        struct piece value = { colon + 1, property.length - name - 1 };
        sink_put(sink, " ");
        sink_bytes(sink, property.text, name);
        sink_put(sink, "=\"");
        if (!put_colour(sink, value))
            sink_bytes(sink, value.text, value.length);
        sink_put(sink, "\"");
    }
}

/* What makes an id this picture's own: "c0c0000000c-". */
static void
put_prefix(struct sink *sink, const struct picture *picture)
{
    sink_put(sink, "c");
    for (const char *c = picture->archive; *c && *c != '.'; c++)
        if (*c != '/')
            sink_bytes(sink, c, 1);
    sink_put(sink, "-");
}

/* Any other tag: ids that are running numbers are dropped, the rest carry the archive's name. */
static void
put_tag(struct sink *sink, const struct picture *picture, struct piece tag)
{
    static const char *const ids[] = { " id=\"", "url(#", "href=\"#" };
    static const char surface[] = " id=\"surface";
    for (size_t i = 0; i < tag.length;) {
        struct piece rest = { tag.text + i, tag.length - i };
        if (piece_begins(rest, surface)) {
            const char *quote =
                memchr(rest.text + sizeof surface, '"', rest.length - sizeof surface);
            i += quote ? (size_t)(quote + 1 - rest.text) : rest.length;
            continue;
        }
        size_t size = 1;
        bool is_id = false;
        for (size_t k = 0; k < sizeof ids / sizeof *ids && !is_id; k++) {
            is_id = piece_begins(rest, ids[k]);
            size = is_id ? strlen(ids[k]) : 1;
        }
        sink_bytes(sink, rest.text, size);
        if (is_id)
            put_prefix(sink, picture);
        i += size;
    }
}

/* Takes `<path style="..." d="..."/>` apart. */
static bool
path_read(struct piece tag, struct piece *ret_style, struct piece *ret_data)
{
    static const char start[] = "<path style=\"", middle[] = "\" d=\"", end[] = "\"/>";
    if (!piece_begins(tag, start))
        return false;
    const char *style = tag.text + sizeof start - 1;
    const char *quote = memchr(style, '"', tag.length - (sizeof start - 1));
    struct piece rest = { quote, quote ? tag.length - (size_t)(quote - tag.text) : 0 };
    if (!quote || !piece_begins(rest, middle) || rest.length < sizeof middle + sizeof end)
        return false;
    *ret_style = (struct piece){ style, (size_t)(quote - style) };
    *ret_data = (struct piece){ quote + sizeof middle - 1,
                                rest.length - (sizeof middle - 1) - (sizeof end - 1) };
    return memchr(ret_data->text, '"', ret_data->length) == NULL &&
           memcmp(tag.text + tag.length - (sizeof end - 1), end, sizeof end - 1) == 0;
}

static void
put_body(struct sink *sink, const struct picture *picture, const char *begin, const char *end)
{
    struct piece open = { "", 0 }; /* style of the path that is still open */
    bool is_open = false;
    for (const char *at = begin; at < end;) {
        const char *close = *at == '<' ? memchr(at, '>', (size_t)(end - at)) : NULL;
        if (!close) {
            at++; /* blanks between tags */
            continue;
        }
        struct piece tag = { at, (size_t)(close + 1 - at) }, style, data;
        bool is_path = path_read(tag, &style, &data);
        if (is_open && !(is_path && piece_equal(style, open))) {
            sink_put(sink, "\"/>\n");
            is_open = false;
        }
        if (is_path && !is_open) {
            sink_put(sink, "<path");
            put_style(sink, style);
            sink_put(sink, " d=\"");
            open = style;
            is_open = true;
        }
        if (is_path)
            put_data(sink, data);
        else
            put_tag(sink, picture, tag);
        at = close + 1;
    }
    sink_put(sink, is_open ? "\"/>\n" : "");
}

void
svg_canvas(struct sink *sink, const struct picture *picture, const struct layout *layout,
           const char *canvas)
{
    const char *begin = strstr(canvas, "<svg");
    begin = begin ? strchr(begin, '>') : NULL;
    const char *end = begin ? strstr(begin, "</svg>") : NULL;
    if (!end)
        return;
    const struct layout_box *plot = &layout->plot;
    sink_put(sink, "<svg x=\"");
    sink_number(sink, plot->x);
    sink_put(sink, "\" y=\"");
    sink_number(sink, plot->y);
    sink_put(sink, "\" width=\"");
    sink_number(sink, plot->width);
    sink_put(sink, "\" height=\"");
    sink_number(sink, plot->height);
    sink_format(sink,
                "\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" fill=\"none\" "
                "stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke-miterlimit=\"10\">\n",
                layout->canvas_width, layout->canvas_height);
    put_body(sink, picture, begin + 1, end);
    sink_put(sink, "</svg>\n");
}
