/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a site stands: what came in, what was made of it, what is still to do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/reading.h"
#include "collector/ledger_backup.h"
#include "collector/change.h"
#include "collector/rrd_state.h"
#include "collector/view.h"
#include "platform/clock.h"
#include "platform/hash.h"

enum { POLL_MS = 50, WAIT_MAX_SECONDS = 86400 };

/* How far the work on what is in the ledger has come. */
struct progress {
    int64_t position;
    int64_t projected;
    int64_t unjudged;
    int64_t outbox;
    bool is_running;
};

static int
read_progress(const struct reading *reading, struct progress *progress, struct err_note *note)
{
    char answer[CHANGE_TEXT_MAX] = "";
    int code = change_ask(&reading->site, "progress", answer, note);
    if (code < 0)
        return code;
    progress->position = change_value(answer, "position", 0);
    progress->unjudged = change_value(answer, "unjudged", 0);
    progress->outbox = change_value(answer, "outbox", 0);
    progress->is_running = change_value(answer, "running", 0) == 1;
    progress->projected = progress->is_running
                              ? change_value(answer, "projected", 0)
                              : rrd_state_read(&reading->site, reading->ledger).position;
    return 0;
}

/* ---- --wait ---- */

static int
wait_until_done(const struct call *call, const struct reading *reading, int64_t seconds)
{
    struct mono_time deadline = { clock_mono().ms + seconds * 1000 };
    const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
    struct progress progress = { 0 };
    struct err_note note = { { 0 } };
    for (;;) {
        int code = read_progress(reading, &progress, &note);
        if (code == 0 && progress.projected == progress.position && progress.unjudged == 0)
            return CALL_DONE;
        bool is_late = clock_mono().ms >= deadline.ms;
        if (is_late && code < 0)
            return call_fail_note(call, code, &note);
        if (is_late)
            return call_fail(
                call,
                SAY(call->lang,
                    "等了 %lld 秒仍未完成：台账 %lld，归档到 %lld，未判断 %lld 个序列，接收程序%s",
                    "not done after %lld s: ledger at %lld, archives at %lld, %lld series "
                    "unjudged, "
                    "the collector is %s"),
                (long long)seconds, (long long)progress.position, (long long)progress.projected,
                (long long)progress.unjudged,
                progress.is_running ? SAY(call->lang, "在运行", "running")
                                    : SAY(call->lang, "未运行", "not running"));
        (void)nanosleep(&pause, NULL); /* waking early only polls early */
    }
}

/* ---- the summary ---- */

static const struct listing_column status_columns[] = {
    { "item", "项目", "item", false },
    { "value", "数值", "value", true },
    { "meaning", "含义", "meaning", false },
};

struct summary {
    struct listing listing;
    enum lang lang;
    int code;
    int64_t levels[LEVEL_COUNT];
};

static void
add_text(struct summary *summary, const char *item, const char *value, const char *meaning)
{
    const char *const cells[] = { item, value, meaning };
    if (summary->code == 0)
        summary->code = listing_add(&summary->listing, cells);
}

static void
add_number(struct summary *summary, const char *item, int64_t value, const char *meaning)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    add_text(summary, item, text, meaning);
}

/* Files rrd/NN/NNNNNNNN.rrd (archive.h). What lies in rrd/scratch is made for one picture only. */
static int64_t
count_archives(const struct site *site)
{
    char root[FILE_PATH_MAX];
    struct file_list folders = { 0 };
    int64_t count = 0;
    if (site_path(site, "rrd", root) < 0 || file_list(root, &folders, NULL) < 0)
        return 0;
    for (size_t i = 0; i < folders.count; i++) {
        char folder[FILE_PATH_MAX];
        struct file_list files = { 0 };
        if (strlen(folders.names[i]) != 2 || file_join(folder, root, folders.names[i]) < 0 ||
            file_list(folder, &files, NULL) < 0)
            continue;
        for (size_t k = 0; k < files.count; k++) {
            size_t length = strlen(files.names[k]);
            count += length > 4 && strcmp(files.names[k] + length - 4, ".rrd") == 0 ? 1 : 0;
        }
        file_list_free(&files);
    }
    file_list_free(&folders);
    return count;
}

static int
count_level(void *context, const struct verdict *verdict, const struct verdict_evidence *evidence)
{
    (void)evidence;
    struct summary *summary = context;
    summary->levels[verdict->level]++;
    return 0;
}

static void
add_counts(struct summary *summary, const struct ledger_counts *counts)
{
    static const char *const items[FATE_COUNT] = {
        [FATE_STORED] = "rows_stored",       [FATE_REVISION] = "rows_revised",
        [FATE_UNCHANGED] = "rows_unchanged", [FATE_DUPLICATE] = "rows_duplicate",
        [FATE_REJECTED] = "rows_rejected",
    };
    enum lang lang = summary->lang;
    add_number(summary, "submissions", counts->submissions,
               SAY(lang, "收到的文件", "files received"));
    add_number(summary, "streams", counts->streams, SAY(lang, "数据流", "streams"));
    add_number(summary, "records", counts->records, SAY(lang, "收到的记录", "records received"));
    for (int fate = FATE_STORED; fate < FATE_COUNT; fate++)
        add_number(summary, items[fate], counts->fates[fate],
                   fate_text((enum wire_fate)fate, lang));
    add_number(summary, "observations", counts->observations,
               SAY(lang, "台账中的数值", "values in the ledger"));
    add_number(summary, "confirmations", counts->confirmations,
               SAY(lang, "再次报送而未变的数值", "values sent again as they stood"));
    add_number(summary, "series", counts->series, SAY(lang, "序列", "series"));
    add_number(summary, "alerts_open", counts->open_alerts,
               SAY(lang, "未解除的预警", "open alerts"));
}

static void
add_progress(struct summary *summary, const struct progress *progress)
{
    enum lang lang = summary->lang;
    add_number(summary, "position", progress->position, SAY(lang, "台账位置", "ledger position"));
    add_number(summary, "projected", progress->projected,
               SAY(lang, "归档到的位置", "archives have reached"));
    add_number(summary, "unjudged", progress->unjudged,
               SAY(lang, "未判断的序列", "series not judged yet"));
    add_number(summary, "outbox", progress->outbox, SAY(lang, "待发邮件", "mail waiting"));
    add_text(summary, "running", progress->is_running ? "yes" : "no",
             SAY(lang, "接收程序在运行", "the collector runs"));
}

static void
add_verdicts(struct summary *summary, const struct reading *reading, struct err_note *note)
{
    const struct catalogue *catalogue = reading->site.catalogue;
    struct cal_period month = view_latest_month(reading->ledger, catalogue,
                                                catalogue_target_year(catalogue), &reading->as_of);
    if (summary->code == 0)
        summary->code = view_each_verdict(reading->ledger, catalogue, month, &reading->as_of,
                                          count_level, summary, note);
    char text[CAL_TEXT_MAX];
    add_text(summary, "month", cal_period_print(month, text),
             SAY(summary->lang, "判断到的月份", "the month judged"));
    for (int level = 0; level < LEVEL_COUNT; level++) {
        char item[48];
        (void)snprintf(item, sizeof item, "verdicts_%s", level_name((enum level)level));
        add_number(summary, item, summary->levels[level],
                   level_word((enum level)level, summary->lang));
    }
}

/* What whoever keeps it can compare later: nothing before it was altered. */
static void
add_chain(struct summary *summary, const struct reading *reading)
{
    int64_t sealed = 0;
    uint8_t chain[RECORD_SHA256];
    char hex[HASH_HEX];
    bool is_read = ledger_chain(reading->ledger, &sealed, chain, NULL) == 0;
    add_number(summary, "sealed", sealed, SAY(summary->lang, "报送链的环数", "links of the chain"));
    add_text(summary, "chain", is_read ? hash_hex(chain, sizeof chain, hex) : NULL,
             SAY(summary->lang, "报送链的末环（可印存备查）",
                 "the chain's last link (to be kept, and compared later)"));
}

/* When the newest backup was made, if one is on record. */
static void
add_backup(struct summary *summary, const struct reading *reading)
{
    struct ledger_backup backup;
    char text[CAL_TEXT_MAX];
    bool is_made = ledger_backup_newest(reading->ledger, &backup, NULL) == 0;
    add_text(summary, "backup", is_made ? cal_instant_print(backup.made, text) : NULL,
             SAY(summary->lang, "最近一次备份", "the newest backup"));
}

static int
print_summary(const struct call *call, const struct reading *reading)
{
    struct err_note note = { { 0 } };
    struct ledger_counts counts;
    struct progress progress = { 0 };
    int code = ledger_count(reading->ledger, &counts, &note);
    if (code == 0)
        code = read_progress(reading, &progress, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    struct summary summary = { .lang = call->lang };
    listing_open(&summary.listing, call->out, reading->format, call->lang, status_columns,
                 sizeof status_columns / sizeof status_columns[0]);
    add_counts(&summary, &counts);
    add_number(&summary, "archives", count_archives(&reading->site),
               SAY(call->lang, "归档文件", "archive files"));
    add_chain(&summary, reading);
    add_backup(&summary, reading);
    add_progress(&summary, &progress);
    add_verdicts(&summary, reading, &note);
    int closed = listing_close(&summary.listing);
    code = summary.code < 0 ? summary.code : closed;
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

int
verb_status(struct call *call)
{
    int64_t seconds = 0;
    struct err_note note = { { 0 } };
    int code = options_number(&call->options, OPTION_WAIT, 0, WAIT_MAX_SECONDS, call->lang,
                              &seconds, &note);
    if (code < 0)
        return call_misuse(call, "%s", note.text);
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    if (call->options.value[OPTION_WAIT])
        exit_code = wait_until_done(call, &reading, seconds);
    int printed = print_summary(call, &reading);
    reading_close(&reading);
    return exit_code != CALL_DONE ? exit_code : printed;
}
