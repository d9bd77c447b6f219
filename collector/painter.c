/* SPDX-License-Identifier: GPL-3.0-or-later
 * Several threads of the collector have a painter each, so nothing here may touch what they share:
 * the child is spawned, never forked bare, every descriptor is close-on-exec, and a write to a dead
 * worker raises no signal. */
#define _GNU_SOURCE /* posix_spawn_file_actions_addclosefrom_np */

#include "collector/painter.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"
#include "platform/clock.h"
#include "platform/file.h"

extern char **environ;

enum {
    HEADER_SIZE = 4,
    REQUEST_MAX = 1 << 20,      /* the worker takes no longer one (graphs/picture.h) */
    ANSWER_MAX = (8 << 20) + 1, /* a picture and the byte before it */
    ANSWER_PICTURE = 0,
    ANSWER_WORDS = 1,
    WORDS_MAX = 400
};

struct painter {
    char *program;
    char *archive_dir;
    pid_t worker; /* 0: none */
    int socket;   /* -1: none */
    unsigned drawn_by_worker;
    struct painter_counts counts;
};

int
painter_program(char *path)
{
    char self[FILE_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        return n < 0 ? -errno : ERR_ABSENT;
    self[n] = '\0';
    return file_join(path, dirname(self), "pacewatch-graph");
}

struct painter *
painter_new(const char *program, const char *archive_dir)
{
    struct painter *painter = calloc(1, sizeof *painter);
    if (!painter)
        return NULL;
    painter->socket = -1;
    painter->program = strdup(program);
    painter->archive_dir = strdup(archive_dir);
    if (!painter->program || !painter->archive_dir) {
        painter_free(painter);
        return NULL;
    }
    return painter;
}

/* Ends the worker, whatever it is doing. It keeps nothing that could be lost. */
static void
worker_end(struct painter *painter)
{
    if (painter->socket >= 0)
        (void)close(painter->socket); /* nothing of ours is buffered in it */
    painter->socket = -1;
    if (painter->worker > 0) {
        (void)kill(painter->worker, SIGKILL); /* gone already: as well */
        while (waitpid(painter->worker, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    painter->worker = 0;
    painter->drawn_by_worker = 0;
}

void
painter_free(struct painter *painter)
{
    if (!painter)
        return;
    worker_end(painter);
    free(painter->program);
    free(painter->archive_dir);
    free(painter);
}

/* The child gets `fd` as standard input and output, our standard error, no other descriptor, and
 * the signals as at login. */
static int
worker_spawn(struct painter *painter, int fd)
{
    static char archives[] = "--archives", worker[] = "--worker";
    char *const argv[] = { painter->program, archives, painter->archive_dir, worker, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, ordinary;
    (void)sigemptyset(&none);
    (void)sigemptyset(&ordinary);
    (void)sigaddset(&ordinary, SIGPIPE);
    (void)sigaddset(&ordinary, SIGTERM);
    (void)sigaddset(&ordinary, SIGINT);
    (void)sigaddset(&ordinary, SIGHUP);
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc != 0)
        return -rc;
    rc = posix_spawnattr_init(&attributes);
    if (rc != 0) {
        (void)posix_spawn_file_actions_destroy(&actions); /* never fails */
        return -rc;
    }
    rc = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(&attributes, &none);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(&attributes, &ordinary);
    if (rc == 0)
        rc = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    if (rc == 0)
        rc = posix_spawn(&pid, painter->program, &actions, &attributes, argv, environ);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (rc == 0)
        painter->worker = pid;
    return -rc;
}

static int
worker_start(struct painter *painter, struct err_note *note)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return err_set(note, -errno, "painter: socketpair: %s", strerror(errno));
    /* dup2 onto itself would keep close-on-exec: move the child's end out of the way of 0 and 1 */
    int rc = 0;
    if (pair[1] <= STDERR_FILENO) {
        int moved = fcntl(pair[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        rc = moved < 0 ? -errno : 0;
        (void)close(pair[1]); /* unused yet */
        pair[1] = moved;
    }
    if (rc == 0)
        rc = worker_spawn(painter, pair[1]);
    if (pair[1] >= 0)
        (void)close(pair[1]); /* the child has its own */
    if (rc < 0) {
        (void)close(pair[0]); /* unused */
        return err_set(note, rc, "painter: start %s: %s", painter->program, strerror(-rc));
    }
    painter->socket = pair[0];
    return 0;
}

/* An idle worker says nothing: bytes, or the end of them, mean that it is not to be used. */
static bool
worker_is_idle(const struct painter *painter)
{
    struct pollfd poller = { .fd = painter->socket, .events = POLLIN };
    return poll(&poller, 1, 0) == 0;
}

/* Waits for `events` until `deadline`; 0 ready. */
static int
socket_wait(int fd, short events, struct mono_time deadline)
{
    for (;;) {
        int64_t left = deadline.ms - clock_mono().ms;
        if (left <= 0)
            return ERR_TIMEOUT;
        struct pollfd poller = { .fd = fd, .events = events };
        int n = poll(&poller, 1, (int)left);
        if (n > 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return -errno;
    }
}

static int
socket_send(int fd, const void *bytes, size_t size, struct mono_time deadline)
{
    const char *at = bytes;
    while (size > 0) {
        int rc = socket_wait(fd, POLLOUT, deadline);
        if (rc < 0)
            return rc;
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int
socket_receive(int fd, void *bytes, size_t size, struct mono_time deadline)
{
    char *at = bytes;
    while (size > 0) {
        int rc = socket_wait(fd, POLLIN, deadline);
        if (rc < 0)
            return rc;
        ssize_t n = recv(fd, at, size, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return -EPIPE;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static void
u32_write(unsigned char *bytes, uint32_t value)
{
    for (int i = 0; i < HEADER_SIZE; i++)
        bytes[i] = (unsigned char)(value >> (8 * i) & 0xFF);
}

static uint32_t
u32_read(const unsigned char *bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < HEADER_SIZE; i++)
        value |= (uint32_t)bytes[i] << (8 * i);
    return value;
}

/* One request, one answer: its kind and bytes. Any error leaves the worker in an unknown state. */
static int
worker_ask(struct painter *painter, const char *request, size_t request_size,
           unsigned char *ret_kind, char **ret_bytes, size_t *ret_size)
{
    const struct mono_time deadline = { clock_mono().ms + PAINTER_TIMEOUT_MS };
    unsigned char header[HEADER_SIZE + 1];
    u32_write(header, (uint32_t)request_size);
    int rc = socket_send(painter->socket, header, HEADER_SIZE, deadline);
    if (rc == 0)
        rc = socket_send(painter->socket, request, request_size, deadline);
    if (rc == 0)
        rc = socket_receive(painter->socket, header, sizeof header, deadline);
    if (rc < 0)
        return rc;
    const uint32_t length = u32_read(header);
    const unsigned char kind = header[HEADER_SIZE];
    if (length < 1 || length > ANSWER_MAX || (kind != ANSWER_PICTURE && kind != ANSWER_WORDS))
        return -EPROTO;
    size_t size = length - 1;
    char *bytes = malloc(size + 1);
    if (!bytes)
        return -ENOMEM;
    rc = socket_receive(painter->socket, bytes, size, deadline);
    if (rc < 0) {
        free(bytes);
        return rc;
    }
    bytes[size] = '\0';
    *ret_kind = kind;
    *ret_bytes = bytes;
    *ret_size = size;
    return 0;
}

/* Makes sure there is a worker that waits for a request. */
static int
worker_ready(struct painter *painter, struct err_note *note)
{
    if (painter->worker > 0 && painter->drawn_by_worker >= PAINTER_PICTURES_MAX) {
        worker_end(painter);
        painter->counts.recycled++;
    } else if (painter->worker > 0 && !worker_is_idle(painter)) {
        worker_end(painter);
        painter->counts.crashed++;
    }
    return painter->worker > 0 ? 0 : worker_start(painter, note);
}

int
painter_draw(struct painter *painter, const char *request, size_t request_size, char **ret_bytes,
             size_t *ret_size, struct err_note *note)
{
    if (request_size > REQUEST_MAX)
        return err_set(note, ERR_RANGE, "painter: request of %zu bytes, at most %d", request_size,
                       REQUEST_MAX);
    int rc = worker_ready(painter, note);
    if (rc < 0)
        return rc;
    unsigned char kind;
    char *bytes;
    size_t size;
    rc = worker_ask(painter, request, request_size, &kind, &bytes, &size);
    if (rc < 0) {
        worker_end(painter);
        painter->counts.crashed++;
        return err_set(note, rc, "painter: the worker %s",
                       rc == ERR_TIMEOUT                   ? "took too long and was stopped"
                       : rc == -EPROTO                     ? "answered nonsense and was stopped"
                       : rc == -EPIPE || rc == -ECONNRESET ? "died"
                                                           : strerror(-rc));
    }
    if (kind == ANSWER_WORDS) {
        painter->counts.failed++;
        rc = err_set(note, ERR_LIBRARY, "%.*s", (int)text_cut(bytes, size, WORDS_MAX), bytes);
        free(bytes);
        return rc;
    }
    painter->drawn_by_worker++;
    painter->counts.drawn++;
    *ret_bytes = bytes;
    *ret_size = size;
    return 0;
}

struct painter_counts
painter_count(const struct painter *painter)
{
    return painter->counts;
}
