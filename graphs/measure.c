/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/measure.h"

#include <stdint.h>
#include <string.h>

/* Reads the character at `text`; `*ret_size` is its number of bytes. */
static uint32_t
char_at(const char *text, size_t length, size_t *ret_size)
{
    unsigned char first = (unsigned char)text[0];
    size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (size > length)
        size = length;
    uint32_t code = size == 1 ? first : (uint32_t)(first & (0xFFU >> (size + 1)));
    for (size_t i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3FU);
    *ret_size = size;
    return code;
}

static bool
char_is_wide(uint32_t code)
{
    return code >= 0x2E80 || code == 0x2014 || code == 0x2026 || code == 0x2018 || code == 0x2019 ||
           code == 0x201C || code == 0x201D;
}

/* Width in thousandths of the font size, after Noto Sans CJK's Latin. */
static int
char_width(uint32_t code)
{
    if (char_is_wide(code))
        return 1000;
    if (code >= 0x80)
        return 600;
    if (code >= '0' && code <= '9')
        return 556;
    if (strchr(" .,:;'|!ijl", (int)code))
        return 280;
    if (strchr("()[]-/frt\"", (int)code))
        return 370;
    if (strchr("mwMW@%", (int)code))
        return 880;
    return code >= 'A' && code <= 'Z' ? 640 : 555;
}

double
measure_text(const char *text, size_t length, double px)
{
    double sum = 0;
    for (size_t i = 0, size; i < length; i += size)
        sum += char_width(char_at(text + i, length - i, &size));
    return sum * px / 1000;
}

/* No line begins with these. */
static bool
char_closes(uint32_t code)
{
    static const uint32_t closing[] = { 0x3001, 0x3002, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF09,
                                        0x300B, 0x300D, 0x3011, 0x201D, 0x2019, 0xFF05,
                                        ')',    ',',    '.',    ';',    ':',    '%' };
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (code == closing[i])
            return true;
    return false;
}

/* How many bytes of `text` go on a line of `width`; all of them when they fit. */
static size_t
line_fit(const char *text, size_t length, double px, double width)
{
    double used = 0;
    size_t last_break = 0;
    uint32_t before = 0;
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t code = char_at(text + i, length - i, &size);
        bool may_break =
            before == ' ' || ((char_is_wide(code) || char_is_wide(before)) && !char_closes(code));
        if (i > 0 && may_break)
            last_break = i;
        used += char_width(code) * px / 1000;
        if (used > width && code != ' ')
            return last_break > 0 ? last_break : i > 0 ? i : size;
        before = code;
    }
    return length;
}

size_t
measure_wrap(const char *text, double px, double width, size_t max, struct measure_line *lines)
{
    size_t count = 0;
    size_t left = strlen(text);
    while (left > 0 && count < max) {
        size_t taken = line_fit(text, left, px, width);
        bool is_cut = count + 1 == max && taken < left;
        if (is_cut)
            taken = line_fit(text, left, px, width - px); /* room for the ellipsis */
        size_t shown = taken;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        lines[count++] = (struct measure_line){ text, shown, is_cut };
        text += taken;
        left -= taken;
    }
    return count;
}
