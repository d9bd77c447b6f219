/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sentences in the agent's language. */
#ifndef PACEWATCH_AGENT_WORDS_H
#define PACEWATCH_AGENT_WORDS_H

#include <stddef.h>

#include "core/text.h"

/* Formats `zh` or `en` (they take the same arguments in the same order) into text[size], cut at a
 * character. Returns `text`. */
char *words_say(char *text, size_t size, enum lang lang, const char *zh, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* The fit of two languages. */
static inline const char *
words_pick(enum lang lang, const char *zh, const char *en)
{
    return lang == LANG_EN ? en : zh;
}

#endif
