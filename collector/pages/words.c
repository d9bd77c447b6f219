/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/words.h"

const char *
word_text(enum word word, enum lang lang)
{
    static const struct {
        const char *zh;
        const char *en;
    } words[WORD_COUNT] = {
#define X(name, zh, en) [name] = { zh, en },
        WORD_TABLE(X)
#undef X
    };
    return lang == LANG_ZH ? words[word].zh : words[word].en;
}
