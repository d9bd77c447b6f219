/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_ROOM = 2048 };

char *
words_say(char *text, size_t size, enum lang lang, const char *zh, const char *en, ...)
{
    char whole[WORDS_ROOM];
    va_list args;
    va_start(args, en);
    if (lang == LANG_EN)
        (void)vsnprintf(whole, sizeof whole, en, args); /* cut below, at a character */
    else
        (void)vsnprintf(whole, sizeof whole, zh, args);
    va_end(args);
    size_t length = text_cut(whole, strlen(whole), size - 1);
    memcpy(text, whole, length);
    text[length] = '\0';
    return text;
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
words_clean(const char *text, size_t length, char *copy, size_t size)
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
