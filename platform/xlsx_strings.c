/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "platform/xlsx_private.h"

void
xlsx_unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        unsigned code = 0;
        bool is_escape = from[0] == '_' && from[1] == 'x';
        for (int i = 2; is_escape && i < 6; i++) {
            const char *digit = from[i] ? strchr("0123456789abcdefABCDEF", from[i]) : NULL;
            is_escape = digit != NULL;
            if (digit) {
                unsigned value = (unsigned)(digit - strchr("0123456789abcdefABCDEF", '0'));
                code = code * 16 + (value > 15 ? value - 6 : value);
            }
        }
        if (is_escape && from[6] == '_' && code > 0 && code < 0x80) {
            *to++ = (char)code;
            from += 7;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* A size of at least `wanted`, twice the one before. */
static size_t
next_room(size_t room, size_t wanted)
{
    room = room ? room * 2 : 1024;
    return room < wanted ? wanted : room;
}

bool
xlsx_strings_add(struct xlsx_strings *strings, const char *text, size_t length)
{
    if (length > XLSX_STRINGS_MAX - strings->size)
        return false;
    if (strings->size + length > strings->room) {
        size_t room = next_room(strings->room, strings->size + length);
        char *grown = realloc(strings->bytes, room);
        if (!grown)
            return false;
        strings->bytes = grown;
        strings->room = room;
    }
    memcpy(strings->bytes + strings->size, text, length);
    strings->size += length;
    return true;
}

bool
xlsx_strings_begin(struct xlsx_strings *strings)
{
    if (strings->count == strings->places) {
        size_t places = next_room(strings->places, 0);
        size_t *grown = realloc(strings->starts, places * sizeof *grown);
        if (!grown)
            return false;
        strings->starts = grown;
        strings->places = places;
    }
    strings->starts[strings->count++] = strings->size;
    return true;
}

bool
xlsx_strings_end(struct xlsx_strings *strings)
{
    if (!xlsx_strings_add(strings, "", 1))
        return false;
    xlsx_unescape(strings->bytes + strings->starts[strings->count - 1]);
    return true;
}

void
xlsx_strings_done(struct xlsx_strings *strings)
{
    free(strings->bytes);
    free(strings->starts);
    *strings = (struct xlsx_strings){ .bytes = NULL };
}
