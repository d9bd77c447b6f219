/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch catalogue load`: a new edition of the catalogue into a site. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/reading.h"
#include "collector/change.h"

/* "EDITION\nkept=N\nchanged=N\nadded=N\nleft=N\nbands=N" in words. */
static void
print_answer(const struct call *call, const char *answer)
{
    int64_t number[6] = { 0 };
    const char *at = answer;
    for (size_t i = 0; i < 6 && at; i++) {
        const char *end = strchr(at, '\n');
        const char *digits = i == 0 ? at : strchr(at, '=');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (i > 0 && digits)
            length -= (size_t)(++digits - at);
        if (digits)
            (void)num_int_parse(digits, length, 0, INT64_MAX, &number[i], NULL); /* stays 0 */
        at = end ? end + 1 : NULL;
    }
    (void)fprintf(
        call->out,
        SAY(call->lang,
            "目录第 %lld 版已生效：目标不变 %lld，更改 %lld，新增 %lld，新版未列（照旧）%lld；"
            "等级线更改 %lld\n",
            "edition %lld of the catalogue is in force: %lld targets the same, %lld changed, %lld "
            "added, %lld not in it (they stay); %lld bands changed\n"),
        (long long)number[0], (long long)number[1], (long long)number[2], (long long)number[3],
        (long long)number[4], (long long)number[5]);
}

int
verb_catalogue_load(struct call *call)
{
    struct reading reading;
    struct err_note note = { "" };
    char folder[PATH_MAX], request[CHANGE_TEXT_MAX], answer[CHANGE_TEXT_MAX];
    const char *effective = call->options.value[OPTION_EFFECTIVE];
    struct cal_date day;
    if (!effective)
        return call_misuse(call, "%s",
                           SAY(call->lang, "请用 --effective 写明生效日期",
                               "say from which day it counts: --effective YYYY-MM-DD"));
    if (cal_date_parse(effective, strlen(effective), &day, &note) != 0)
        return call_misuse(call, "%s", note.text);
    if (!realpath(call->options.operand[1], folder))
        return call_fail(call, "%s: %s", call->options.operand[1],
                         SAY(call->lang, "没有这个文件夹", "no such folder"));
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    int n = snprintf(request, sizeof request, "load\n%s\n%s", folder, effective);
    int code = n > 0 && (size_t)n < sizeof request
                   ? change_ask(&reading.site, request, answer, &note)
                   : err_set(&note, ERR_RANGE, "path too long");
    if (code == 0)
        print_answer(call, answer);
    reading_close(&reading);
    return code == 0 ? CALL_DONE : call_fail_note(call, code, &note);
}
