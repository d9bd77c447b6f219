/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is what a home holds whole, and has every file its receipt? Only looks; a daemon may be at work.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/commands.h"
#include "agent/config.h"
#include "agent/output.h"
#include "agent/receipt.h"
#include "agent/spool_look.h"
#include "agent/words.h"
#include "core/csv.h"
#include "platform/file.h"

enum weight { IS_OK, IS_NOTE, IS_WRONG };

/* A file of the stream in use. */
struct spooled_file {
    uint8_t sha256[RECORD_SHA256];
};

struct check {
    const char *home;
    enum lang lang;
    enum format format;
    bool is_running; /* a daemon has the home */
    struct spool_look look;
    struct spooled_file *files;
    size_t file_count, file_room;
    struct file_list receipts;
    size_t lines, wrong;
};

/* ---- saying it ---- */

/* Text in both languages. */
struct pair {
    const char *zh, *en;
};

static const struct pair no_mend = { "", "" };
static const struct pair restart = {
    "重新启动代理程序：读得出的转入新流，不完整的文件从 done/ 取回重报；之后看日志",
    "restart the agent: what can be read goes over into a new stream, files that are not whole are "
    "taken from done/ again; then look at its log"
};
static const struct pair put_again = {
    "把该文件重新放入收件夹：会得到回执，已收到的行不会重复计数",
    "put the file into the inbox again: it gets a receipt, and rows that came are not counted twice"
};

static void
print_cells(const struct check *check, const char *const *cells)
{
    static const char *const keys[] = { "weight", "check", "object", "finding", "mend" };
    char cell[2048];
    if (check->format == FORMAT_CSV && check->lines == 0)
        printf("weight,check,object,finding,mend\n");
    if (check->format == FORMAT_JSON)
        printf("%s  {", check->lines == 0 ? "[\n" : ",\n");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (check->format == FORMAT_CSV) {
            (void)csv_quote(cells[i], cell, sizeof cell);
            printf("%s%s", i > 0 ? "," : "", cell);
        } else {
            printf("%s", i > 0 ? ", " : "");
            output_json_text(keys[i]);
            printf(": ");
            output_json_text(cells[i]);
        }
    }
    printf(check->format == FORMAT_JSON ? "}" : "\n");
}

static void say(struct check *check, enum weight weight, const char *what, const char *object,
                const struct pair *mend, const char *zh, const char *en, ...)
    __attribute__((format(printf, 6, 8), format(printf, 7, 8)));

static void
say(struct check *check, enum weight weight, const char *what, const char *object,
    const struct pair *mend, const char *zh, const char *en, ...)
{
    static const char *const ids[] = { "ok", "attention", "wrong" };
    static const char *const chinese[] = { "正常", "注意", "有误" };
    char whole[1024], text[1024], shown[RECORD_NAME_MAX + 64];
    va_list args;
    va_start(args, en);
    if (check->lang == LANG_EN)
        (void)vsnprintf(whole, sizeof whole, en, args); /* cut is enough */
    else
        (void)vsnprintf(whole, sizeof whole, zh, args);
    va_end(args);
    text_clean(whole, strlen(whole), text, sizeof text);
    text_clean(object, strlen(object), shown, sizeof shown);
    const char *mend_text = words_pick(check->lang, mend->zh, mend->en);
    const char *const cells[] = { ids[weight], what, shown, text, mend_text };
    if (check->format == FORMAT_TABLE)
        printf("[%s] %s: %s%s%s\n", words_pick(check->lang, chinese[weight], ids[weight]), shown,
               text, mend_text[0] ? words_pick(check->lang, " → ", " -> ") : "", mend_text);
    else
        print_cells(check, cells);
    check->lines++;
    check->wrong += weight == IS_WRONG;
}

/* ---- the spool ---- */

static bool
file_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static int
keep_file(struct check *check, const uint8_t sha256[RECORD_SHA256])
{
    if (check->file_count == check->file_room) {
        size_t room = check->file_room ? check->file_room * 2 : 32;
        struct spooled_file *grown = realloc(check->files, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        check->files = grown;
        check->file_room = room;
    }
    memcpy(check->files[check->file_count++].sha256, sha256, RECORD_SHA256);
    return 0;
}

/* Every file at or below the cursor has its receipt. */
static int
on_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    struct check *check = context;
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    int code = keep_file(check, begin->sha256);
    if (code || last > check->look.standing.cursor)
        return code;
    code = file_join(folder, check->home, "receipts");
    if (!code)
        code = receipt_path(folder, begin->name, begin->sha256, "csv", path);
    if (!code && !file_exists(path))
        say(check, IS_WRONG, "receipts", begin->name, &put_again,
            "记录 %" PRIu64 " 至 %" PRIu64 " 已送达，回执却不在",
            "records %" PRIu64 " to %" PRIu64 " were delivered, but the receipt is not there",
            first, last);
    return code;
}

static int
on_gap(void *context, uint64_t first, uint64_t last)
{
    struct check *check = context;
    char stream[2 * WIRE_STREAM_ID + 1];
    say(check, IS_WRONG, "spool", hash_hex(check->look.standing.stream, WIRE_STREAM_ID, stream),
        &restart, "记录 %" PRIu64 " 至 %" PRIu64 " 读不出",
        "records %" PRIu64 " to %" PRIu64 " cannot be read", first, last);
    return 0;
}

static int
on_lost(void *context, const struct record_begin *begin)
{
    struct check *check = context;
    if (!check->is_running || check->look.fault_en)
        say(check, IS_WRONG, "spool", begin->name, &restart, "该文件在发送队列中不完整",
            "the file is not whole in the spool");
    return 0;
}

static int
on_aside(void *context, const char *path)
{
    static const struct pair mend = {
        "读得出的已转入新流；确认日志所列文件已重报后可以删除",
        "what could be read went over into a new stream; once the files its log names have been "
        "taken again it may be deleted"
    };
    say(context, IS_NOTE, "spool", path, &mend, "损坏的数据段，已移开保存",
        "a damaged segment that was set aside");
    return 0;
}

static void
say_spool(struct check *check)
{
    const struct spool_look *look = &check->look;
    char stream[2 * WIRE_STREAM_ID + 1];
    hash_hex(look->standing.stream, WIRE_STREAM_ID, stream);
    if (look->fault_en)
        say(check, IS_WRONG, "spool", look->fault_segment[0] ? look->fault_segment : stream,
            &restart, "发送队列已损坏：%s", "the spool is damaged: %s",
            words_pick(check->lang, look->fault_zh, look->fault_en));
    if (look->is_torn && !check->is_running)
        say(check, IS_NOTE, "spool", stream, &no_mend,
            "末尾有一组没有写完（崩溃所致）：下次启动时去掉，其文件仍在收件夹",
            "an unfinished group at its end, as a crash leaves it: the next start cuts it, its "
            "file "
            "is still in the inbox");
    say(check, IS_OK, "spool", stream, &no_mend,
        "%zu 段，%" PRIu64 " 字节，记录 %" PRIu64 " 至 %" PRIu64 "，%zu 个文件；已有回执至 "
        "%" PRIu64 "，待发 %" PRIu64 "，市级备份至 %" PRIu64 "；记录流共 %zu 个",
        "%zu segments, %" PRIu64 " bytes, records %" PRIu64 " to %" PRIu64 ", %zu files; receipts "
        "up to %" PRIu64 ", %" PRIu64 " waiting, backups of the collector hold %" PRIu64
        "; %zu streams in all",
        look->segments, look->bytes, look->first, look->standing.last, check->file_count,
        look->standing.cursor, look->standing.last - look->standing.cursor, look->safe_upto,
        look->streams);
}

static int
check_spool(struct check *check, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    check->look = (struct spool_look){
        .context = check, .file = on_file, .gap = on_gap, .lost = on_lost, .aside = on_aside
    };
    int code = file_join(path, check->home, "spool");
    if (code)
        return err_set(note, code, "the path of the home is too long");
    code = spool_look(path, &check->look, note);
    if (code == ERR_ABSENT) {
        say(check, IS_NOTE, "spool", "spool", &no_mend, "还没有发送队列：尚未收过文件",
            "there is no spool yet: nothing has come in");
        return 0;
    }
    if (!code)
        say_spool(check);
    return code;
}

/* ---- done/ and rejected/ ---- */

/* Some receipt is of this content: NAME.HHHHHHHH.csv. */
static bool
has_receipt(const struct check *check, const uint8_t sha256[RECORD_SHA256])
{
    char hex[HASH_HEX], ending[16];
    (void)snprintf(ending, sizeof ending, ".%.8s.csv", hash_hex(sha256, 4, hex)); /* 13 bytes */
    for (size_t i = 0; i < check->receipts.count; i++) {
        size_t length = strlen(check->receipts.names[i]);
        if (length > strlen(ending) &&
            strcmp(check->receipts.names[i] + length - strlen(ending), ending) == 0)
            return true;
    }
    return false;
}

static bool
is_spooled(const struct check *check, const uint8_t sha256[RECORD_SHA256])
{
    for (size_t i = 0; i < check->file_count; i++)
        if (memcmp(check->files[i].sha256, sha256, RECORD_SHA256) == 0)
            return true;
    return false;
}

/* What left the inbox is in the spool, or has its receipt. */
static void
check_left(struct check *check, const char *name, const struct file_list *files)
{
    for (size_t i = 0; i < files->count; i++) {
        char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
        uint8_t sha256[RECORD_SHA256];
        struct err_note why = { { 0 } };
        if (file_join(folder, check->home, name) || file_join(path, folder, files->names[i]) ||
            hash_sha256_file(path, sha256, &why)) {
            say(check, IS_NOTE, name, files->names[i], &no_mend, "读不出：%s", "cannot be read: %s",
                why.text);
        } else if (!has_receipt(check, sha256) && !is_spooled(check, sha256)) {
            say(check, IS_WRONG, name, files->names[i], &put_again,
                "该文件已离开收件夹，却既不在发送队列，也没有回执",
                "the file left the inbox, but neither is in the spool nor has a receipt");
        }
    }
}

/* The names in a folder of the home; none where it is not there yet. */
static struct file_list
list_folder(const struct check *check, const char *name)
{
    char path[FILE_PATH_MAX];
    struct file_list files = { 0 };
    if (file_join(path, check->home, name) || file_list(path, &files, NULL))
        files = (struct file_list){ 0 };
    return files;
}

/* A daemon writes a file's records before it moves the file, and a receipt before it moves the
 * cursor: looked at the other way round, nothing under way looks wrong. */
static int
check_home(struct check *check, struct err_note *note)
{
    int runs = file_folder_is_locked(check->home, note);
    if (runs < 0)
        return runs;
    check->is_running = runs > 0;
    struct file_list done = list_folder(check, "done"), rejected = list_folder(check, "rejected");
    int code = check_spool(check, note);
    if (!code) {
        check->receipts = list_folder(check, "receipts");
        check_left(check, "done", &done);
        check_left(check, "rejected", &rejected);
    }
    file_list_free(&done);
    file_list_free(&rejected);
    return code;
}

int
command_fsck(const char *home, enum format format)
{
    struct err_note note = { { 0 } };
    struct agent_config config;
    struct check check = { .home = home, .format = format };
    int code = agent_config_read(home, false, &config, &note);
    if (!code) {
        check.lang = config.lang;
        code = check_home(&check, &note);
    }
    if (format == FORMAT_JSON && check.lines > 0)
        printf("\n]\n");
    free(check.files);
    file_list_free(&check.receipts);
    if (code) {
        fprintf(stderr, "pacewatch-agent: %s\n", note.text[0] ? note.text : err_text(code));
        return 1;
    }
    return fflush(stdout) == 0 && check.wrong == 0 ? 0 : 1;
}
