/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/sink.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
sink_has_room(struct sink *sink, size_t more)
{
    if (sink->has_failed || more >= sink->limit || sink->size >= sink->limit - more) {
        sink->has_failed = true;
        return false;
    }
    size_t needed = sink->size + more + 1;
    if (needed <= sink->room)
        return true;
    size_t room = sink->room ? sink->room : 4096;
    while (room < needed)
        room *= 2;
    char *bytes = realloc(sink->bytes, room);
    if (!bytes) {
        sink->has_failed = true;
        return false;
    }
    sink->bytes = bytes;
    sink->room = room;
    return true;
}

void
sink_bytes(struct sink *sink, const char *bytes, size_t size)
{
    if (!sink_has_room(sink, size))
        return;
    memcpy(sink->bytes + sink->size, bytes, size);
    sink->size += size;
    sink->bytes[sink->size] = '\0';
}

void
sink_put(struct sink *sink, const char *text)
{
    sink_bytes(sink, text, strlen(text));
}

void
sink_format(struct sink *sink, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        sink->has_failed = true;
    else
        sink_bytes(sink, text, (size_t)n);
}

/* What stands for a character of people's text in a document; NULL: itself. */
static const char *
xml_entity(char c)
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
    default:
        return NULL;
    }
}

void
sink_xml(struct sink *sink, const char *text, size_t length)
{
    size_t plain = 0; /* since here nothing needed an entity */
    for (size_t i = 0; i < length; i++) {
        const char *entity = xml_entity(text[i]);
        if (!entity)
            continue;
        sink_bytes(sink, text + plain, i - plain);
        sink_put(sink, entity);
        plain = i + 1;
    }
    sink_bytes(sink, text + plain, length - plain);
}

/* By hand: a picture has hundreds, and printf takes its time. */
void
sink_number(struct sink *sink, double value)
{
    char digits[24];
    size_t at = sizeof digits;
    long long tenths = llround(value * 10);
    const bool is_negative = tenths < 0;
    unsigned long long left = (unsigned long long)(is_negative ? -tenths : tenths);
    const unsigned tenth = (unsigned)(left % 10);
    left /= 10;
    if (tenth > 0) {
        digits[--at] = (char)('0' + tenth);
        digits[--at] = '.';
    }
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (is_negative)
        digits[--at] = '-';
    sink_bytes(sink, digits + at, sizeof digits - at);
}

void
sink_done(struct sink *sink)
{
    free(sink->bytes);
    *sink = (struct sink){ 0 };
}
