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

void
sink_xml(struct sink *sink, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '&':
            sink_put(sink, "&amp;");
            break;
        case '<':
            sink_put(sink, "&lt;");
            break;
        case '>':
            sink_put(sink, "&gt;");
            break;
        case '"':
            sink_put(sink, "&quot;");
            break;
        default:
            sink_bytes(sink, text + i, 1);
        }
    }
}

void
sink_number(struct sink *sink, double value)
{
    long long tenths = llround(value * 10);
    const char *sign = tenths < 0 ? "-" : "";
    if (tenths < 0)
        tenths = -tenths;
    if (tenths % 10 == 0)
        sink_format(sink, "%s%lld", sign, tenths / 10);
    else
        sink_format(sink, "%s%lld.%lld", sign, tenths / 10, tenths % 10);
}

void
sink_done(struct sink *sink)
{
    free(sink->bytes);
    *sink = (struct sink){ 0 };
}
