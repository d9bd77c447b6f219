/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/finding.h"

#include <stdarg.h>
#include <stdio.h>

enum { WORDS_MAX = 1024 };

/* One finding is one line; SQLite's words may have several. */
static void
flatten(char *words)
{
    for (char *c = words; *c; c++)
        if (*c == '\n')
            *c = ' ';
}

int
finding_say(const struct finding_sink *sink, const struct finding *frame, const char *zh,
            const char *en, ...)
{
    char words_zh[WORDS_MAX], words_en[WORDS_MAX];
    struct finding finding = *frame;
    va_list args;
    va_start(args, en);
    (void)vsnprintf(words_zh, sizeof words_zh, zh, args); /* what does not fit is cut */
    va_end(args);
    va_start(args, en);
    (void)vsnprintf(words_en, sizeof words_en, en, args); /* likewise */
    va_end(args);
    flatten(words_zh);
    flatten(words_en);
    finding.zh = words_zh;
    finding.en = words_en;
    return sink->visit(sink->context, &finding);
}
