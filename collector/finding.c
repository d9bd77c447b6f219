/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

enum { WORDS_MAX = 1024 };

const char finding_restore_zh[] =
    "停止接收程序，用 pacewatch restore 恢复最近的完好备份；备份之后的数据由各地代理程序自动补发";
const char finding_restore_en[] =
    "stop the collector and restore the newest whole backup (pacewatch restore); agents send again "
    "what came after it";

int
finding_tell(const struct finding_sink *sink, const struct finding *frame, const char *zh,
             const char *en)
{
    char words_zh[WORDS_MAX], words_en[WORDS_MAX];
    struct finding finding = *frame;
    finding.zh = text_clean(zh, strlen(zh), words_zh, sizeof words_zh);
    finding.en = text_clean(en, strlen(en), words_en, sizeof words_en);
    return sink->visit(sink->context, &finding);
}

int
finding_say(const struct finding_sink *sink, const struct finding *frame, const char *zh,
            const char *en, ...)
{
    char words_zh[WORDS_MAX], words_en[WORDS_MAX];
    va_list args;
    va_start(args, en);
    (void)vsnprintf(words_zh, sizeof words_zh, zh, args); /* what does not fit is cut */
    va_end(args);
    va_start(args, en);
    (void)vsnprintf(words_en, sizeof words_en, en, args); /* likewise */
    va_end(args);
    return finding_tell(sink, frame, words_zh, words_en);
}
