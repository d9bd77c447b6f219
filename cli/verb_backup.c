/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch backup`, `pacewatch restore`. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/reading.h"
#include "collector/backup.h"
#include "collector/change.h"
#include "platform/clock.h"

/* Lets the ledger know, so that the agents learn what is safe. */
static int
tell_ledger(const struct site *site, const char *folder, struct err_note *note)
{
    char whole[PATH_MAX], request[CHANGE_TEXT_MAX], answer[CHANGE_TEXT_MAX];
    int n = realpath(folder, whole) ? snprintf(request, sizeof request, "backup\n%s", whole) : -1;
    if (n < 0 || (size_t)n >= sizeof request)
        return err_set(note, ERR_RANGE, "path too long");
    return change_ask(site, request, answer, note);
}

int
verb_backup(struct call *call)
{
    struct reading reading;
    struct err_note note = { { 0 } };
    const char *folder = call->options.operand[1];
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    int code = backup_make(&reading.site, folder, &note);
    bool is_made = code == 0;
    if (code == 0)
        code = tell_ledger(&reading.site, folder, &note);
    if (code == 0)
        (void)fprintf(
            call->out,
            SAY(call->lang, "已备份到 %s，并已读回核对\n", "backed up to %s, and read back\n"),
            folder);
    reading_close(&reading);
    if (code < 0 && is_made)
        (void)fprintf(call->out,
                      SAY(call->lang, "备份 %s 完整，但未能记入台账，各地将继续保留其中的数据\n",
                          "the backup %s is whole, but the ledger could not be told: agents keep "
                          "what is in it\n"),
                      folder);
    return code == 0 ? CALL_DONE : call_fail_note(call, code, &note);
}

int
verb_restore(struct call *call)
{
    struct backup_restored restored;
    struct err_note note = { { 0 } };
    const char *site = call->options.operand[0], *folder = call->options.operand[1];
    int code = backup_restore(site, folder, clock_wall(), &restored, &note);
    if (code == ERR_BUSY)
        return call_fail(call,
                         SAY(call->lang, "接收程序正在使用 %s：先停止它，再恢复",
                             "%s is in use by a running collector: stop it, then restore"),
                         site);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(
        call->out,
        SAY(call->lang, "已恢复：台账至第 %lld 行，第 %llu 代；原有台账和目录在 %s\n",
            "restored: the ledger up to row %lld, generation %llu; what stood there is in "
            "%s\n"),
        (long long)restored.position, (unsigned long long)restored.generation, restored.replaced);
    if (restored.is_new_site)
        (void)fprintf(call->out, "%s\n",
                      SAY(call->lang,
                          "新站点的密钥在 keys/：若不是原来的密钥，请把 keys/collector.public "
                          "发给各地代理程序",
                          "the site is new: unless its keys/ are those of before, agents need "
                          "keys/collector.public"));
    return CALL_DONE;
}
