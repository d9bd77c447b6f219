/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/findings.h"

#include <unistd.h>

static const struct listing_column columns[] = {
    { "weight", "结果", "result", false },   { "check", "检查", "check", false },
    { "object", "对象", "object", false },   { "finding", "情况", "finding", false },
    { "mend", "处理", "what to do", false },
};

/* In a table in the reader's words. */
static const char *
weight_text(const struct listing *listing, enum finding_weight weight)
{
    static const char *const ids[] = {
#define X(name, id, zh, en) [name] = (id),
        FINDING_TABLE(X)
#undef X
    };
    static const char *const chinese[] = {
#define X(name, id, zh, en) [name] = (zh),
        FINDING_TABLE(X)
#undef X
    };
    bool is_chinese = listing->format == LISTING_TABLE && listing->lang == LANG_ZH;
    return is_chinese ? chinese[weight] : ids[weight];
}

static int
add(void *context, const struct finding *finding)
{
    struct findings *findings = context;
    enum lang lang = findings->listing.lang;
    const char *const cells[] = { weight_text(&findings->listing, finding->weight), finding->check,
                                  finding->object, SAY(lang, finding->zh, finding->en),
                                  SAY(lang, finding->mend_zh, finding->mend_en) };
    findings->notes += finding->weight == FINDING_NOTE;
    findings->wrong += finding->weight == FINDING_WRONG;
    return listing_add(&findings->listing, cells);
}

void
findings_open(struct findings *findings, const struct call *call)
{
    *findings = (struct findings){ .sink = { add, findings } };
    listing_open(&findings->listing, call->out,
                 listing_format_of(call->options.value[OPTION_FORMAT], isatty(STDOUT_FILENO) == 1),
                 call->lang, columns, sizeof columns / sizeof columns[0]);
}

int
findings_close(struct findings *findings, const struct call *call, int code,
               const struct err_note *note)
{
    int closed = listing_close(&findings->listing);
    if (code == 0)
        code = closed;
    if (code == 0 && findings->listing.format == LISTING_TABLE)
        (void)fprintf(
            call->out,
            SAY(call->lang, "\n有误 %zu 项，注意 %zu 项\n", "\n%zu wrong, %zu worth attention\n"),
            findings->wrong, findings->notes);
    if (code < 0)
        return call_fail_note(call, code, note);
    return findings->wrong > 0 ? CALL_FAILED : CALL_DONE;
}
