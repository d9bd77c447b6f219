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
