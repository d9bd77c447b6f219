/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch export`, `pacewatch import`. */
#include <stdio.h>
#include <unistd.h>

#include "cli/reading.h"
#include "collector/exchange/exchange.h"
#include "platform/clock.h"

/* ---- export ---- */

static int
read_selection(const struct call *call, const struct reading *reading,
               struct ledger_selection *selection)
{
    const char *area = call->options.value[OPTION_AREA];
    const char *indicator = call->options.value[OPTION_INDICATOR];
    *selection =
        (struct ledger_selection){ .as_of = reading->as_of,
                                   .only_latest = call->options.value[OPTION_LATEST] != NULL };
    if (area) {
        const struct cat_area *found = reading_area(call, reading, area);
        if (!found)
            return CALL_USAGE;
        selection->area = found->id;
    }
    if (indicator) {
        const struct cat_indicator *found = reading_indicator(call, reading, indicator);
        if (!found)
            return CALL_USAGE;
        selection->indicator = found->id;
    }
    return CALL_DONE;
}

/* --format, else what the file's name says, else CSV. */
static enum exchange_format
format_of(const struct call *call, const char *path)
{
    enum exchange_format format = EXCHANGE_CSV;
    const char *name = call->options.value[OPTION_FORMAT];
    if (name)
        (void)exchange_format_of(name, &format); /* options_parse knows only these */
    else if (path)
        (void)exchange_format_of_file(path, &format); /* CSV for a name that says nothing */
    return format;
}

static int
read_order(const struct call *call, const struct reading *reading, struct exchange_export *order)
{
    const char *path = call->options.value[OPTION_OUTPUT];
    *order = (struct exchange_export){ .format = format_of(call, path),
                                       .for_excel = call->options.value[OPTION_FOR_EXCEL] != NULL,
                                       .path = path,
                                       .out = call->out,
                                       .lang = call->lang };
    if (order->format == EXCHANGE_XLSX && !path)
        return call_misuse(
            call, "%s",
            SAY(call->lang, "xlsx 需用 --output 指定文件", "xlsx needs a file: --output FILE"));
    if (order->for_excel && order->format != EXCHANGE_CSV)
        return call_misuse(
            call, "%s", SAY(call->lang, "--for-excel 只用于 csv", "--for-excel is for csv only"));
    return read_selection(call, reading, &order->selection);
}

int
verb_export(struct call *call)
{
    struct reading reading;
    struct exchange_export order;
    struct err_note note = { { 0 } };
    int64_t rows = 0;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    exit_code = read_order(call, &reading, &order);
    int code = 0;
    if (exit_code == CALL_DONE)
        code = exchange_export(reading.ledger, reading.site.catalogue, &order, &rows, &note);
    reading_close(&reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    if (code < 0)
        return call_fail_note(call, code, &note);
    if (order.path)
        (void)fprintf(call->out,
                      SAY(call->lang, "已导出 %lld 行到 %s\n", "exported %lld rows to %s\n"),
                      (long long)rows, order.path);
    return CALL_DONE;
}

/* ---- import ---- */

static void
print_fault(void *context, const char *words)
{
    const struct call *call = context;
    (void)fprintf(stderr, "pacewatch %s: %s\n", call->usage->words, words);
}

static int
open_ledger(const struct site *site, struct ledger **ret_ledger, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = site_path(site, "ledger.db", path);
    return code == 0 ? ledger_open(path, LEDGER_WRITE, ret_ledger, note)
                     : err_set(note, code, "%s: the path is too long", site->folder);
}

/* Under the site's lock. */
static int
import_locked(struct call *call, const struct site *site, struct exchange_imported *imported,
              struct err_note *note)
{
    struct exchange_import order = { .path = call->options.operand[1],
                                     .now = clock_wall(),
                                     .complain = print_fault,
                                     .context = call };
    struct ledger *ledger = NULL;
    order.format = format_of(call, order.path);
    int code = open_ledger(site, &ledger, note);
    if (code == 0)
        code = exchange_import(ledger, site->catalogue, &order, imported, note);
    ledger_close(ledger);
    return code;
}

int
verb_import(struct call *call)
{
    struct reading reading;
    struct exchange_imported imported = { 0 };
    struct err_note note = { { 0 } };
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    int lock = file_lock_folder(reading.site.folder, &note);
    int code = lock < 0 ? lock : import_locked(call, &reading.site, &imported, &note);
    if (lock >= 0)
        (void)close(lock); /* gives the lock back */
    reading_close(&reading);
    if (code == ERR_BUSY)
        return call_fail(call,
                         SAY(call->lang, "接收程序正在使用 %s：先停止它，再导入",
                             "%s is in use by a running collector: stop it, then import"),
                         call->options.operand[0]);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(call->out,
                  SAY(call->lang, "已导入 %lld 行（%lld 个文件）；预警在接收程序下次启动时得出\n",
                      "imported %lld rows of %lld files; alerts are worked out when the collector "
                      "starts next\n"),
                  (long long)imported.rows, (long long)imported.files);
    return CALL_DONE;
}
