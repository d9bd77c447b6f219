/* SPDX-License-Identifier: GPL-3.0-or-later
 * The machine a site runs on: ports, disk, clock, limits, the drawing worker and its fonts. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/doctor_private.h"
#include "collector/ledger.h"
#include "platform/clock.h"
#include "platform/file.h"

extern char **environ;

enum {
    DAY = 86400,
    MIB = 1 << 20,
    DISK_LOW_MIB = 1024,
    DISK_EMPTY_MIB = 100,
    DESCRIPTORS = 65536, /* what the systemd unit sets */
    PORT_TEXT = 8,
};

/* ---- ports ---- */

/* What this machine reaches a listening address by, or binds to see whether it is free. */
static int
resolve(const char *host, const char *port, struct addrinfo **ret_list)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICSERV };
    bool is_any = strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0;
    return getaddrinfo(is_any ? "127.0.0.1" : host, port, &hints, ret_list);
}

/* 0, or errno. */
static int
try_address(const struct addrinfo *address, bool is_connect)
{
    const int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* as the servers do */
    int rc = is_connect ? connect(fd, address->ai_addr, address->ai_addrlen)
                        : bind(fd, address->ai_addr, address->ai_addrlen);
    int error = rc == 0 ? 0 : errno;
    (void)close(fd); /* nothing was sent */
    return error;
}

static int
check_port(struct doctor *d, const char *host, const char *port)
{
    char object[CONFIG_TEXT_MAX + PORT_TEXT + 2];
    struct addrinfo *list = NULL;
    (void)snprintf(object, sizeof object, "%.240s:%.16s", host, port); /* cut is enough */
    struct finding ok = doctor_finding(d, FINDING_OK, object, NULL, NULL);
    struct finding wrong = doctor_finding(
        d, FINDING_WRONG, object,
        "改正 pacewatch.yaml 中的地址或端口，或停止占用它的程序（ss -ltnp）",
        "put address or port right in pacewatch.yaml, or stop the program that has it (ss -ltnp)");
    int rc = resolve(host, port, &list);
    if (rc != 0)
        return finding_say(d->sink, &wrong, "地址无法解析：%s", "the address is not known: %s",
                           gai_strerror(rc));
    int error = try_address(list, d->is_running);
    freeaddrinfo(list);
    if (error == 0)
        return d->is_running ? finding_say(d->sink, &ok, "有应答", "it answers")
                             : finding_say(d->sink, &ok, "端口空闲", "the port is free");
    return d->is_running
               ? finding_say(d->sink, &wrong, "接收程序在运行，这里却没有应答：%s",
                             "the collector runs, but nothing answers here: %s", err_text(-error))
               : finding_say(d->sink, &wrong, "不能在此监听：%s", "it cannot listen here: %s",
                             err_text(-error));
}

static int
check_endpoint(struct doctor *d, const char *listen)
{
    static const char scheme[] = "tcp://";
    char host[CONFIG_TEXT_MAX];
    struct finding other = doctor_finding(d, FINDING_NOTE, listen, NULL, NULL);
    (void)snprintf(host, sizeof host, "%s", listen); /* equal sizes */
    char *colon = strrchr(host, ':');
    if (strncmp(host, scheme, sizeof scheme - 1) != 0 || colon < host + sizeof scheme)
        return finding_say(d->sink, &other, "不是 tcp 地址，未检查", "no tcp address: not checked");
    *colon = '\0';
    char *name = host + sizeof scheme - 1;
    size_t length = strlen(name);
    if (length > 2 && name[0] == '[' && name[length - 1] == ']') { /* IPv6 */
        name[length - 1] = '\0';
        name++;
    }
    return check_port(d, name, colon + 1);
}

int
doctor_agents_port(struct doctor *d)
{
    const struct site_settings *settings = &d->site->settings;
    int code = check_endpoint(d, settings->listen);
    return code == 0 && settings->listen_next[0] ? check_endpoint(d, settings->listen_next) : code;
}

int
doctor_pages_port(struct doctor *d)
{
    const struct site_settings *settings = &d->site->settings;
    char port[PORT_TEXT];
    struct finding any = doctor_finding(d, FINDING_OK, settings->http_address, NULL, NULL);
    if (settings->http_port == 0)
        return finding_say(d->sink, &any, "端口任选，见日志", "any free port; the log says which");
    (void)snprintf(port, sizeof port, "%d", (int)settings->http_port); /* at most 65535 */
    return check_port(d, settings->http_address, port);
}

/* ---- disk ---- */

int
doctor_disk(struct doctor *d)
{
    struct statvfs disk;
    struct finding ok = doctor_finding(d, FINDING_OK, d->site->folder, NULL, NULL);
    struct finding low =
        doctor_finding(d, FINDING_NOTE, d->site->folder,
                       "腾出空间；写不下时各地数据留在代理程序，"
                       "不会丢失",
                       "make room; when nothing can be written, agents keep their data, nothing is "
                       "lost");
    if (statvfs(d->site->folder, &disk) != 0) {
        low.weight = FINDING_WRONG;
        return finding_say(d->sink, &low, "看不到磁盘：%s", "the disk cannot be looked at: %s",
                           err_text(-errno));
    }
    unsigned long long mib = (unsigned long long)disk.f_bavail * disk.f_frsize / MIB;
    bool has_no_files = disk.f_files > 0 && disk.f_favail < 1000;
    if (mib < DISK_EMPTY_MIB || has_no_files || (disk.f_flag & ST_RDONLY))
        low.weight = FINDING_WRONG;
    if (disk.f_flag & ST_RDONLY)
        return finding_say(d->sink, &low, "磁盘只读", "the disk is read-only");
    if (has_no_files)
        return finding_say(d->sink, &low, "磁盘只能再建 %llu 个文件",
                           "the disk has room for %llu more files",
                           (unsigned long long)disk.f_favail);
    return finding_say(d->sink, mib < DISK_LOW_MIB ? &low : &ok, "磁盘剩余 %llu MiB",
                       "%llu MiB are free", mib);
}

/* SQLite's locks and its shared memory do not hold across a network. */
int
doctor_file_system(struct doctor *d)
{
    const char *network = file_network_system(d->site->folder);
    struct finding ok = doctor_finding(d, FINDING_OK, d->site->folder, NULL, NULL);
    struct finding wrong =
        doctor_finding(d, FINDING_WRONG, d->site->folder, "把站点移到本机磁盘（ext4、xfs 等）",
                       "move the site to a disk of this machine (ext4, xfs, ...)");
    if (network)
        return finding_say(d->sink, &wrong, "台账在网络文件系统 %s 上：锁和同步不可靠",
                           "the ledger lies on a network file system, %s: locks and syncs "
                           "cannot be relied upon",
                           network);
    return finding_say(d->sink, &ok, "台账在本机文件系统上",
                       "the ledger lies on a local file system");
}

/* ---- clock and limits ---- */

static int
take_received(void *context, const struct ledger_submission *submission)
{
    *(struct wall_time *)context = submission->received;
    return 1; /* the newest comes first */
}

/* A clock before this program was made, or before what the ledger has received, is wrong. */
int
doctor_clock(struct doctor *d)
{
    char text[CAL_TEXT_MAX], other[CAL_TEXT_MAX];
    struct wall_time now = d->patient->now, made = clock_made(), received = { 0 };
    if (d->ledger)
        (void)ledger_each_submission(d->ledger, NULL, 1, take_received, &received,
                                     NULL); /* said by the check of the ledger */
    cal_instant_print(now, text);
    struct finding ok = doctor_finding(d, FINDING_OK, text, NULL, NULL);
    struct finding wrong = doctor_finding(d, FINDING_WRONG, text, "校准时钟（timedatectl）",
                                          "set the clock (timedatectl)");
    if (now.seconds < made.seconds)
        return finding_say(d->sink, &wrong, "时钟早于本程序的发布时间 %s",
                           "the clock is before this program was made, %s",
                           cal_instant_print(made, other));
    if (now.seconds < received.seconds - DAY)
        return finding_say(d->sink, &wrong, "时钟早于台账最近收到数据的时间 %s",
                           "the clock is before the ledger last received something, %s",
                           cal_instant_print(received, other));
    return finding_say(d->sink, &ok, "时钟可信", "the clock is plausible");
}

/* Out of descriptors, libzmq's thread spins (docs/libraries.md); each connection takes one. */
int
doctor_descriptors(struct doctor *d)
{
    struct rlimit own = { 0, 0 };
    (void)getrlimit(RLIMIT_NOFILE, &own); /* cannot fail for a known resource */
    int64_t here = own.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)own.rlim_cur;
    int64_t limit = change_value(d->is_running ? d->progress : "", "descriptors", here);
    const char *object = d->is_running ? "RLIMIT_NOFILE" : "RLIMIT_NOFILE (shell)";
    struct finding ok = doctor_finding(d, FINDING_OK, object, NULL, NULL);
    struct finding low = doctor_finding(
        d, FINDING_NOTE, object,
        "用 packaging/systemd 的服务启动（LimitNOFILE=65536），或先执行 ulimit -n 65536",
        "start it by the unit in packaging/systemd (LimitNOFILE=65536), or after ulimit -n 65536");
    return finding_say(
        d->sink, limit >= DESCRIPTORS ? &ok : &low, "文件描述符上限 %lld，应为 %d 或以上",
        "%lld file descriptors at most; should be %d or more", (long long)limit, (int)DESCRIPTORS);
}

/* ---- the drawing worker and its fonts ---- */

/* Runs a program without input and output; its exit code, or -errno. */
static int
run_silently(const char *program, char *const *arguments)
{
    posix_spawn_file_actions_t files;
    pid_t child = 0;
    int status = 0;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return -rc;
    for (int fd = 0; rc == 0 && fd <= STDERR_FILENO; fd++)
        rc = posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
                                              fd == 0 ? O_RDONLY : O_WRONLY, 0);
    if (rc == 0)
        rc = posix_spawnp(&child, program, &files, NULL, arguments, environ);
    (void)posix_spawn_file_actions_destroy(&files); /* frees memory */
    if (rc != 0)
        return -rc;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : ERR_LIBRARY;
}

int
doctor_worker(struct doctor *d)
{
    char name[] = "pacewatch-graph", version[] = "--version";
    char *const arguments[] = { name, version, NULL };
    const char *program = d->patient->graph_program;
    struct finding ok = doctor_finding(d, FINDING_OK, program, NULL, NULL);
    struct finding wrong =
        doctor_finding(d, FINDING_WRONG, program, "重新安装 pacewatch，使三个程序在同一文件夹",
                       "install pacewatch again, so that its programs lie in one folder");
    int code = run_silently(program, arguments);
    return code == 0 ? finding_say(d->sink, &ok, "绘图程序可运行", "the drawing worker runs")
           : code < 0 ? finding_say(d->sink, &wrong, "绘图程序不能运行：%s",
                                    "the drawing worker cannot be run: %s", err_text(code))
                      : finding_say(d->sink, &wrong, "绘图程序以返回码 %d 结束",
                                    "the drawing worker ended with %d", code);
}

int
doctor_fonts(struct doctor *d)
{
    char name[] = "fc-list", quiet[] = "-q", pattern[] = ":lang=zh-cn";
    char *const arguments[] = { name, quiet, pattern, NULL };
    struct finding ok = doctor_finding(d, FINDING_OK, pattern, NULL, NULL);
    struct finding none = doctor_finding(d, FINDING_WRONG, pattern, "apt install fonts-noto-cjk",
                                         "apt install fonts-noto-cjk");
    struct finding unknown =
        doctor_finding(d, FINDING_NOTE, name, "apt install fontconfig", "apt install fontconfig");
    int code = run_silently(name, arguments);
    if (code < 0)
        return finding_say(d->sink, &unknown, "没有 fc-list，无法检查字体",
                           "without fc-list fonts cannot be checked");
    return code == 0
               ? finding_say(d->sink, &ok, "有中文字体", "there is a font with Chinese glyphs")
               : finding_say(d->sink, &none, "没有中文字体：PNG 图片中的汉字会成方块",
                             "no font has Chinese glyphs: they become boxes in PNG pictures");
}
