/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text.h"

#include <string.h>

#include "core/pure.h"

struct code_range {
    uint32_t first;
    uint32_t last;
};

/* Controls that must not reach a page, a log line or a terminal, and marks that reorder what is
 * read. */
static const struct code_range forbidden[] = {
    { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x202a, 0x202e }, { 0x2066, 0x2069 }
};

/* East Asian Width W and F (Unicode 15, UAX 11), joined where only unassigned points lie between.
 */
static const struct code_range wide[] = {
    { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x4dbf },   { 0x4e00, 0xa4cf },
    { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },
    { 0xff01, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
    { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

/* Marks that take no column of their own. */
static const struct code_range narrowless[] = {
    { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x0300, 0x036f }, { 0x200b, 0x200f },
    { 0x202a, 0x202e }, { 0x2066, 0x2069 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
};

#define IS_IN(code, ranges) is_in((code), (ranges), sizeof(ranges) / sizeof(ranges)[0])

static bool
is_in(uint32_t code, const struct code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* Bytes of the character that starts with `first`, 0 where none starts so. */
static size_t
lead_length(unsigned char first)
{
    return first < 0x80                     ? 1
           : first >= 0xc2 && first <= 0xdf ? 2
           : first >= 0xe0 && first <= 0xef ? 3
           : first >= 0xf0 && first <= 0xf4 ? 4
                                            : 0;
}

/* Reads one character. Returns its bytes, or 0 when the text is no UTF-8 here. */
static size_t
decode(const char *text, size_t length, uint32_t *ret_code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    static const uint32_t lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };

    unsigned char first = (unsigned char)text[0];
    size_t bytes = lead_length(first);
    if (bytes == 0 || bytes > length)
        return 0;
    uint32_t code = first & lead_bits[bytes];
    for (size_t i = 1; i < bytes; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (next & 0x3f);
    }
    bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < least[bytes] || code > 0x10ffff || is_surrogate)
        return 0;
    *ret_code = code;
    return bytes;
}

/* Most of what is read, and never in question: ASCII that prints. */
static bool
is_plain(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

bool
text_is_utf8(const char *text, size_t length)
{
    uint32_t code = 0;
    for (size_t at = 0, bytes = 0; at < length; at += bytes) {
        bytes = is_plain(text[at]) ? 1 : decode(text + at, length - at, &code);
        if (bytes == 0)
            return false;
    }
    return true;
}

bool
text_is_clean(const char *text, size_t length, size_t max)
{
    if (length > max)
        return false;
    uint32_t code = 0;
    for (size_t at = 0, bytes = 0; at < length; at += bytes) {
        bytes = 1;
        if (is_plain(text[at]))
            continue;
        bytes = decode(text + at, length - at, &code);
        if (bytes == 0 || IS_IN(code, forbidden))
            return false;
    }
    return true;
}

size_t
text_cut(const char *text, size_t length, size_t max)
{
    if (length <= max)
        return length;
    size_t cut = max;
    while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}

/* The next code point of a name as text_same_name sees it, 0 at the end. Bytes that are no UTF-8
 * stand for themselves, above all code points. */
static uint32_t
name_next(const char **at)
{
    for (;;) {
        if (**at == '\0')
            return 0;
        if (**at > ' ' && **at <= 0x7e)
            return (uint32_t) * (*at)++;
        uint32_t code = 0;
        size_t bytes = decode(*at, strnlen(*at, 4), &code);
        if (bytes == 0) {
            code = 0x110000 + (unsigned char)**at;
            bytes = 1;
        }
        *at += bytes;
        bool is_blank = code == ' ' || code == '\t' || code == 0xa0 || code == 0x3000;
        if (is_blank)
            continue;
        bool is_full_width = code >= 0xff01 && code <= 0xff5e;
        return is_full_width ? code - 0xfee0 : code;
    }
}

bool
text_same_name(const char *a, const char *b)
{
    for (;;) {
        uint32_t code = name_next(&a);
        if (code != name_next(&b))
            return false;
        if (code == 0)
            return true;
    }
}

uint64_t
text_name_hash(const char *name)
{
    uint64_t hash =
        0xcbf29ce484222325u; /* FNV-1a, a code point at a time, then mixed so that low bits serve */
    for (uint32_t code = name_next(&name); code != 0; code = name_next(&name))
        hash = (hash ^ code) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

char *
text_quote(const char *text, size_t length, char *quoted)
{
    enum { ROOM = TEXT_QUOTE_MAX - 4 }; /* "..." and NUL */
    size_t size = text_cut(text, length, ROOM);
    size_t out = 0;
    uint32_t code = 0;
    for (size_t at = 0, bytes = 0; at < size; at += bytes) {
        bytes = decode(text + at, size - at, &code);
        bool is_fit = bytes > 0 && !IS_IN(code, forbidden);
        if (is_fit)
            memcpy(quoted + out, text + at, bytes);
        else
            quoted[out] = '?';
        out += is_fit ? bytes : 1;
        bytes = bytes ? bytes : 1;
    }
    memcpy(quoted + out, "...", 4);
    if (size == length)
        quoted[out] = '\0';
    return quoted;
}

bool
text_is_id(const char *text, size_t length)
{
    enum { ID_MAX = 48 };
    if (length < 1 || length > ID_MAX)
        return false;
    bool after_sign = true; /* '+' stands between members: not first, not last, not doubled */
    for (size_t i = 0; i < length; i++) {
        bool is_plus = text[i] == '+';
        bool is_letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
                         text[i] == '-';
        if (!is_letter && (!is_plus || after_sign))
            return false;
        after_sign = is_plus;
    }
    return !after_sign;
}

size_t
text_columns(const char *text)
{
    size_t columns = 0;
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t code = 0xfffd; /* what a terminal shows for a byte that is no UTF-8: one column */
        size_t bytes = decode(text, left, &code);
        bytes = bytes ? bytes : 1;
        columns += IS_IN(code, narrowless) ? 0 : IS_IN(code, wide) ? 2 : 1;
        text += bytes;
        left -= bytes;
    }
    return columns;
}

/* Bytes of the clean character at `text`, 0 if there is none. */
static size_t
clean_character(const char *text, size_t length)
{
    for (size_t n = 1; n <= 4 && n <= length; n++)
        if (text_is_clean(text, n, n))
            return n;
    return 0;
}

char *
text_clean(const char *text, size_t length, char *copy, size_t size)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        size_t n = clean_character(text + at, length - at);
        if (used + (n ? n : 1) >= size)
            break;
        if (n)
            memcpy(copy + used, text + at, n);
        else
            copy[used] = strchr("\t\r\n", text[at]) && text[at] ? ' ' : '?';
        used += n ? n : 1;
        at += n ? n : 1;
    }
    copy[used] = '\0';
    return copy;
}
