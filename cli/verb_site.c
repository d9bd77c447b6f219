/* SPDX-License-Identifier: GPL-3.0-or-later
 * The site as a folder: made, its archives given up to be drawn anew. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "collector/site.h"

/* ---- init ---- */

static int
write_settings(const struct site *site, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = site_path(site, "pacewatch.yaml", path);
    if (code < 0)
        return err_set(note, code, "the site's path is too long");
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out)
        return err_set(note, -ENOMEM, "out of memory");
    site_print_settings(out, &site->settings);
    code = file_close_text(out, &bytes) == 0 ? file_write(path, bytes, size, 0644, note)
                                             : err_set(note, -ENOMEM, "out of memory");
    free(bytes);
    return code;
}

static int
adjust_settings(const char *folder, const char *listen, const char *language, int64_t http_port,
                struct err_note *note)
{
    struct site site;
    int code = site_open(folder, &site, note);
    if (code < 0)
        return code;
    if (listen)
        (void)snprintf(site.settings.listen, sizeof site.settings.listen, "%s", listen);
    if (language)
        (void)snprintf(site.settings.language, sizeof site.settings.language, "%s", language);
    if (http_port >= 0)
        site.settings.http_port = http_port;
    code = write_settings(&site, note);
    site_close(&site);
    return code;
}

int
verb_init(struct call *call)
{
    const char *const *value = call->options.value;
    const char *folder = call->options.operand[0];
    const char *listen = value[OPTION_LISTEN];
    int64_t http_port = -1;
    struct err_note note = { { 0 } };
    int code =
        options_number(&call->options, OPTION_HTTP_PORT, 0, 65535, call->lang, &http_port, &note);
    if (code < 0)
        return call_misuse(call, "%s", note.text);
    if (listen && (!strstr(listen, "://") || strlen(listen) >= CONFIG_TEXT_MAX))
        return call_misuse(call, SAY(call->lang, "选项 --listen：应形如 tcp://127.0.0.1:5670",
                                     "option --listen: must look like tcp://127.0.0.1:5670"));
    code = site_create(folder, value[OPTION_CATALOGUE], &note);
    if (code == 0 && (listen || http_port >= 0 || call->is_lang_given))
        code = adjust_settings(folder, listen, value[OPTION_LANG], http_port, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(call->out, SAY(call->lang, "站点已建好：%s\n", "made the site %s\n"), folder);
    return CALL_DONE;
}

/* ---- rebuild ---- */

static int
forget_archives(const struct site *site, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int lock = file_lock_folder(site->folder, note);
    if (lock < 0)
        return lock;
    int code = site_path(site, "rrd/state", path);
    if (code == 0)
        code = file_remove(path, note);
    (void)close(lock); /* gives the lock back */
    return code;
}

int
verb_rebuild(struct call *call)
{
    struct site site;
    struct err_note note = { { 0 } };
    int code = site_open(call->options.operand[0], &site, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    if (!call->is_lang_given)
        call->lang = site.lang;
    code = forget_archives(&site, &note);
    site_close(&site);
    if (code == ERR_BUSY)
        return call_fail(
            call,
            SAY(call->lang, "接收程序正在使用 %s：先停止它，再执行 rebuild，然后重新启动",
                "%s is in use by a running collector: stop it, run rebuild, start it again"),
            call->options.operand[0]);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(call->out, "%s\n",
                  SAY(call->lang, "下次启动时将由台账重建全部归档",
                      "the next start draws every archive anew from the ledger"));
    return CALL_DONE;
}
