/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
reserve(struct html *html, size_t more)
{
    if (html->is_broken || more > HTML_MAX || html->size + more > HTML_MAX) {
        html->is_broken = true;
        return false;
    }
    size_t need = html->size + more + 1;
    if (need <= html->capacity)
        return true;
    size_t capacity = html->capacity ? html->capacity : 4096;
    while (capacity < need)
        capacity *= 2;
    char *bytes = realloc(html->bytes, capacity);
    if (!bytes) {
        html->is_broken = true;
        return false;
    }
    html->bytes = bytes;
    html->capacity = capacity;
    return true;
}

void
html_bytes(struct html *html, const char *bytes, size_t size)
{
    if (!reserve(html, size))
        return;
    memcpy(html->bytes + html->size, bytes, size);
    html->size += size;
    html->bytes[html->size] = '\0';
}

static const char *
escape_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

void
html_text(struct html *html, const char *text)
{
    const char *from = text;
    for (; *text; text++) {
        const char *escape = escape_of((unsigned char)*text);
        if (!escape)
            continue;
        html_bytes(html, from, (size_t)(text - from));
        html_bytes(html, escape, strlen(escape));
        from = text + 1;
    }
    html_bytes(html, from, (size_t)(text - from));
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void
html_url(struct html *html, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        char code[3] = { '%', digits[c >> 4], digits[c & 15] };
        if (is_unreserved(*text))
            html_bytes(html, text, 1);
        else
            html_bytes(html, code, sizeof code);
    }
}

enum conversion { TEXT, PERCENT, INT, UNSIGNED, LONG, LONG_LONG, SIZE, CONVERSION_COUNT };

/* Which conversion stands at `format` (behind its %), and how long it is. */
static enum conversion
conversion_at(const char *format, size_t *ret_length)
{
    static const char *const names[CONVERSION_COUNT] = {
        [TEXT] = "s",  [PERCENT] = "%",     [INT] = "d",   [UNSIGNED] = "u",
        [LONG] = "ld", [LONG_LONG] = "lld", [SIZE] = "zu",
    };
    for (int i = 0; i < CONVERSION_COUNT; i++) {
        *ret_length = strlen(names[i]);
        if (strncmp(format, names[i], *ret_length) == 0)
            return (enum conversion)i;
    }
    *ret_length = 0;
    return CONVERSION_COUNT;
}

static void
put_signed(struct html *html, long long value)
{
    char number[24];
    int length = snprintf(number, sizeof number, "%lld", value);
    html_bytes(html, number, length > 0 ? (size_t)length : 0);
}

static void
put_unsigned(struct html *html, size_t value)
{
    char number[24];
    int length = snprintf(number, sizeof number, "%zu", value);
    html_bytes(html, number, length > 0 ? (size_t)length : 0);
}

static void
put_text(struct html *html, const char *text)
{
    html_text(html, text ? text : "");
}

void
html_put(struct html *html, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (size_t length; *format && !html->is_broken; format += length) {
        length = strcspn(format, "%");
        html_bytes(html, format, length);
        format += length;
        length = 0;
        if (!*format)
            break;
        switch (conversion_at(++format, &length)) {
        case TEXT:
            put_text(html, va_arg(args, const char *));
            break;
        case PERCENT:
            html_bytes(html, "%", 1);
            break;
        case INT:
            put_signed(html, va_arg(args, int));
            break;
        case UNSIGNED:
            put_unsigned(html, va_arg(args, unsigned));
            break;
        case LONG:
            put_signed(html, va_arg(args, long));
            break;
        case LONG_LONG:
            put_signed(html, va_arg(args, long long));
            break;
        case SIZE:
            put_unsigned(html, va_arg(args, size_t));
            break;
        case CONVERSION_COUNT:
            html->is_broken = true;
            break;
        }
    }
    va_end(args);
}

void
html_done(struct html *html)
{
    free(html->bytes);
    *html = (struct html){ 0 };
}
