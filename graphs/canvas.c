/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/canvas.h"

#include <math.h>
#include <string.h>

#include "core/num.h"

/* A piece of the document: it need not end. */
struct piece {
    const char *text;
    size_t length;
};

struct window {
    struct scene_box box;
    double scale_x, scale_y;
};

static bool
char_is_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Takes the next number out of the front of `piece`; false when there is none. */
static bool
number_take(struct piece *piece, double *ret_number)
{
    size_t skip = 0, size = 0;
    while (skip < piece->length && !char_is_number(piece->text[skip]))
        skip++;
    while (skip + size < piece->length && char_is_number(piece->text[skip + size]))
        size++;
    struct num_decimal decimal;
    if (size == 0 || num_decimal_parse(piece->text + skip, size, &decimal, NULL) < 0 ||
        fabs(decimal.value) > 1e6)
        return false;
    *ret_number = decimal.value;
    *piece = (struct piece){ piece->text + skip + size, piece->length - skip - size };
    return true;
}

/* What a style says of `name` ("fill:"); nothing when it does not. */
static struct piece
property_of(struct piece style, const char *name)
{
    const size_t length = strlen(name);
    const char *end = style.text + style.length;
    for (const char *at = style.text; at && at < end;) {
        while (at < end && *at == ' ')
            at++;
        const char *stop = memchr(at, ';', (size_t)(end - at));
        const size_t size = (size_t)((stop ? stop : end) - at);
        if (size > length && memcmp(at, name, length) == 0)
            return (struct piece){ at + length, size - length };
        at = stop ? stop + 1 : NULL;
    }
    return (struct piece){ "", 0 };
}

/* "rgb(16.470588%,61.568627%,56.078431%)"; 0 for "none" and what is not understood. */
static uint32_t
colour_of(struct piece style, const char *name)
{
    static const char start[] = "rgb(";
    struct piece value = property_of(style, name);
    uint32_t colour = 0;
    if (value.length < sizeof start || memcmp(value.text, start, sizeof start - 1) != 0)
        return 0;
    for (int i = 0; i < 3; i++) {
        double percent;
        if (!number_take(&value, &percent) || percent < 0 || percent > 100)
            return 0;
        colour = colour << 8 | (uint32_t)lround(percent * 2.55);
    }
    return colour << 8 | 0xFFU;
}

static double
number_of(struct piece style, const char *name, double otherwise)
{
    struct piece value = property_of(style, name);
    double number;
    return number_take(&value, &number) ? number : otherwise;
}

static struct scene_style
style_read(struct piece text, const struct window *window)
{
    struct scene_style style = { .fill = colour_of(text, "fill:"),
                                 .stroke = colour_of(text, "stroke:") };
    if (!style.stroke)
        return style;
    style.width = number_of(text, "stroke-width:", 1) * window->scale_x;
    struct piece dashes = property_of(text, "stroke-dasharray:");
    if (number_take(&dashes, &style.dash) && number_take(&dashes, &style.blank)) {
        style.dash *= window->scale_x;
        style.blank *= window->scale_x;
    } else {
        style.dash = 0;
    }
    return style;
}

/* Cairo ends a closed path by moving to its start: nothing follows, nothing is drawn. */
static bool
is_last_move(struct piece rest)
{
    return !memchr(rest.text, 'L', rest.length) && !memchr(rest.text, 'C', rest.length);
}

/* "M 31 261.550781 L 58 300 Z". */
static void
path_add(struct scene *scene, struct piece data, const struct window *window)
{
    while (data.length > 0) {
        const char step = data.text[0];
        const size_t count = step == 'M' || step == 'L' ? 2 : step == 'C' ? 6 : 0;
        data = (struct piece){ data.text + 1, data.length - 1 };
        double at[6] = { 0 };
        for (size_t i = 0; i < count; i++) {
            if (!number_take(&data, &at[i]))
                return;
            at[i] = i % 2 == 0 ? window->box.x + at[i] * window->scale_x
                               : window->box.y + at[i] * window->scale_y;
        }
        if (step == 'M' && is_last_move(data))
            return;
        if (step == 'M')
            scene_move(scene, at[0], at[1]);
        else if (step == 'L')
            scene_line(scene, at[0], at[1]);
        else if (step == 'C')
            scene_curve(scene, at);
        else if (step == 'Z')
            scene_close(scene);
    }
}

/* The value of an attribute of a tag. */
static struct piece
attribute_of(struct piece tag, const char *start)
{
    const size_t length = strlen(start);
    for (size_t i = 0; i + length < tag.length; i++) {
        if (memcmp(tag.text + i, start, length) != 0)
            continue;
        const char *value = tag.text + i + length;
        const char *quote = memchr(value, '"', tag.length - i - length);
        return quote ? (struct piece){ value, (size_t)(quote - value) } : (struct piece){ "", 0 };
    }
    return (struct piece){ "", 0 };
}

void
canvas_draw(struct scene *scene, const char *svg, int width, int height, struct scene_box box)
{
    static const char start[] = "<path ";
    const struct window window = { box, box.width / width, box.height / height };
    const char *at = strstr(svg, start);
    if (!at)
        return;
    scene_clip(scene, box);
    for (; at; at = strstr(at + 1, start)) {
        const char *end = strchr(at, '>');
        if (!end)
            break;
        const struct piece tag = { at, (size_t)(end - at) };
        const struct scene_style style = style_read(attribute_of(tag, " style=\""), &window);
        if (!style.fill && !style.stroke)
            continue;
        scene_path(scene, &style);
        path_add(scene, attribute_of(tag, " d=\""), &window);
    }
    scene_unclip(scene);
}
