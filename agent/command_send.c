/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sends one file: it goes into the inbox by rename, and its receipt is awaited with inotify and a
 * deadline. If a daemon has the folder it does the work, else this process runs the loop itself. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/commands.h"
#include "agent/receipt.h"
#include "agent/status.h"
#include "agent/tidy.h"
#include "agent/words.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "platform/hash.h"

struct sending {
    const char *home, *name;
    enum lang lang;
    char inbox[FILE_PATH_MAX];   /* where the file goes */
    char receipt[FILE_PATH_MAX]; /* .csv */
    char text[FILE_PATH_MAX];    /* .txt */
    int watch;                   /* inotify over inbox and receipts */
    int64_t deadline;
    char *bytes;
    size_t size;
    struct err_note note;
};

static bool
file_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* The receipt is there, and it is not one of an earlier time: the file has left the inbox. */
static bool
is_answered(const struct sending *sending)
{
    return !file_exists(sending->inbox) && file_exists(sending->receipt);
}

static int
prepare(struct sending *sending, const char *file)
{
    char folder[FILE_PATH_MAX];
    uint8_t sha256[RECORD_SHA256];
    size_t length = strlen(sending->name);
    if (length < 5 || strcasecmp(sending->name + length - 4, ".csv") != 0 ||
        sending->name[0] == '.' || !text_is_clean(sending->name, length, RECORD_NAME_MAX))
        return err_set(&sending->note, ERR_SYNTAX, "%s",
                       words_pick(sending->lang, "文件名须以 .csv 结尾，不以点开头，最多 200 字节",
                                  "the file's name must end in .csv, not begin with a dot, and "
                                  "have at most 200 bytes"));
    int code = file_read(file, TIDY_BYTES_MAX, &sending->bytes, &sending->size, &sending->note);
    if (code)
        return code;
    hash_sha256(sending->bytes, sending->size, sha256);
    code = agent_make_home(sending->home, &sending->note);
    if (!code)
        code = file_join(folder, sending->home, "receipts");
    if (!code)
        code = receipt_path(folder, sending->name, sha256, "csv", sending->receipt);
    if (!code)
        code = receipt_path(folder, sending->name, sha256, "txt", sending->text);
    sending->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (sending->watch < 0 || inotify_add_watch(sending->watch, folder, IN_MOVED_TO) < 0)
        return err_set(&sending->note, -errno, "watch %s: %s", folder, err_text(-errno));
    if (!code)
        code = file_join(folder, sending->home, "inbox");
    if (!code)
        code = file_join(sending->inbox, folder, sending->name);
    if (code)
        return err_set(&sending->note, code, "the path of the home is too long");
    if (inotify_add_watch(sending->watch, folder, IN_MOVED_FROM | IN_DELETE) < 0)
        return err_set(&sending->note, -errno, "watch %s: %s", folder, err_text(-errno));
    if (file_exists(sending->inbox))
        return err_set(&sending->note, ERR_BUSY, "%s",
                       words_pick(sending->lang, "收件夹里已有同名文件等待导入",
                                  "a file of this name is waiting in the inbox"));
    return 0;
}

static void
take_events(int fd)
{
    char buffer[4096];
    while (read(fd, buffer, sizeof buffer) > 0)
        continue; /* what matters is asked from the folders */
}

static int
time_left(const struct sending *sending)
{
    int64_t left = sending->deadline - clock_mono().ms;
    return left > 0 ? (int)left : 0;
}

/* Another process does the work. */
static int
wait_for_daemon(struct sending *sending)
{
    while (!is_answered(sending)) {
        struct pollfd fd = { .fd = sending->watch, .events = POLLIN };
        int left = time_left(sending);
        if (left == 0)
            return ERR_TIMEOUT;
        if (poll(&fd, 1, left) < 0 && errno != EINTR)
            return err_set(&sending->note, -errno, "wait: %s", err_text(-errno));
        take_events(sending->watch);
    }
    return 0;
}

/* This process does it. */
static int
work_alone(struct sending *sending, struct agent *agent)
{
    int code = 0;
    while (!code && !is_answered(sending)) {
        struct pollfd extra = { .fd = sending->watch, .events = POLLIN };
        int left = time_left(sending);
        if (left == 0)
            return ERR_TIMEOUT;
        code = agent_turn(agent, &extra, 1, left, &sending->note);
        take_events(sending->watch);
    }
    return code;
}

static int
deliver(struct sending *sending)
{
    struct agent *agent = NULL;
    int code = agent_open(sending->home, &agent, &sending->note);
    if (code && code != ERR_BUSY)
        return code;
    bool is_daemon = code == ERR_BUSY;
    log_set_level(LOG_LEVEL_WARNING); /* the receipt says the rest */
    code = file_write(sending->inbox, sending->bytes, sending->size, 0600, &sending->note);
    if (!code)
        code = is_daemon ? wait_for_daemon(sending) : work_alone(sending, agent);
    agent_close(agent);
    return code;
}

static int
print_answer(struct sending *sending)
{
    char *text = NULL;
    size_t size = 0;
    struct receipt_counts counts;
    bool is_file_fault = false;
    int code = receipt_read(sending->receipt, &counts, &is_file_fault, &sending->note);
    if (!code)
        code = file_read(sending->text, (size_t)16 << 20, &text, &size, &sending->note);
    if (!code)
        (void)fwrite(text, 1, size, stdout); /* the exit code tells as well */
    free(text);
    return code ? code : receipt_exit(&counts, is_file_fault);
}

/* With what the one who does the work says of the connection. */
static void
say_no_receipt(struct sending *sending, int timeout_s)
{
    struct status status;
    const char *link = status_read(sending->home, &status, NULL) == 0 ? status.link : "?";
    words_say(sending->note.text, sizeof sending->note.text, sending->lang,
              "%d 秒内没有回执（%s）；文件已收下，连通后会自动发出",
              "no receipt within %d s (%s); the file is kept and goes out when the collector can "
              "be reached",
              timeout_s, link);
}

int
command_send(const char *home, const char *file, int timeout_s)
{
    const char *slash = strrchr(file, '/');
    struct sending sending = { .home = home, .name = slash ? slash + 1 : file, .watch = -1 };
    struct agent_config config;
    int code = agent_config_read(home, true, &config, &sending.note);
    sending.deadline = clock_mono().ms + (int64_t)timeout_s * 1000;
    if (!code) {
        sending.lang = config.lang;
        code = prepare(&sending, file);
    }
    if (!code)
        code = deliver(&sending);
    if (!code)
        code = print_answer(&sending);
    if (code == ERR_TIMEOUT)
        say_no_receipt(&sending, timeout_s);
    if (code < 0)
        fprintf(stderr, "pacewatch-agent: %s\n", sending.note.text);
    if (sending.watch >= 0)
        (void)close(sending.watch); /* only watched */
    free(sending.bytes);
    return code < 0 ? EXIT_NOTHING : code;
}
