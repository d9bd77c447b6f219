/* SPDX-License-Identifier: GPL-3.0-or-later
 * pacewatch-graph: draws pictures, one request by hand or as the collector's worker
 * (collector/painter.h tells the protocol). The worker ends when its standard input does, that is
 * when its collector goes. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <fcntl.h>

#include "graphs/draw.h"

enum { EXIT_USAGE = 2, HEADER_SIZE = 4, ANSWER_PICTURE = 0, ANSWER_WORDS = 1 };

/* What a worker may take. Fonts and their caches are mapped: a fresh one has 0.3 GiB of address
 * space, 25 MiB of it in memory. The CPU seconds are those of a whole life, some 5,000 pictures of
 * at most 50 ms. */
static const rlim_t MEMORY_MAX = (rlim_t)2 << 30;
static const rlim_t CPU_SECONDS_MAX = 900;
static const rlim_t FILES_MAX = 64;

/* Sanitizers map terabytes. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
static const bool IS_SANITIZED = true;
#else
static const bool IS_SANITIZED = false;
#endif

struct options {
    const char *archives;
    const char *request;
    bool is_worker;
};

static void
print_help(FILE *file)
{
    (void)fputs(
        "usage: pacewatch-graph --archives DIR --request FILE > PICTURE\n"
        "       pacewatch-graph --archives DIR --worker\n"
        "\n"
        "Draws one picture of an indicator as SVG or PNG.\n"
        "\n"
        "  --archives DIR  the folder of the archives (SITE/rrd)\n"
        "  --request FILE  what to draw, as JSON (docs/pictures.md); - reads standard input\n"
        "  --worker        serve requests on standard input until it ends (for the collector)\n"
        "  --help          this text\n"
        "  --version       the version\n",
        file); /* nothing to do about a closed terminal */
}

/* Reads `size` bytes; 1 done, 0 the input ended before the first, negative: error or an end in the
 * middle. */
static int
read_whole(int fd, void *into, size_t size)
{
    char *at = into;
    size_t left = size;
    while (left > 0) {
        ssize_t n = read(fd, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return left == size ? 0 : -EPIPE;
        at += n;
        left -= (size_t)n;
    }
    return 1;
}

static int
write_whole(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static uint32_t
u32_read(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void
u32_write(unsigned char *bytes, uint32_t value)
{
    for (int i = 0; i < HEADER_SIZE; i++)
        bytes[i] = (unsigned char)(value >> (8 * i) & 0xFF);
}

static int
draw_request(const char *archives, const char *json, size_t length, char **ret_bytes,
             size_t *ret_size, struct err_note *note)
{
    struct picture picture;
    int rc = picture_parse(json, length, &picture, note);
    if (rc < 0)
        return rc;
    rc = draw_picture(&picture, archives, ret_bytes, ret_size, note);
    picture_done(&picture);
    return rc;
}

static int
answer(int fd, unsigned char kind, const void *bytes, size_t size)
{
    unsigned char header[HEADER_SIZE + 1];
    u32_write(header, (uint32_t)size + 1);
    header[HEADER_SIZE] = kind;
    int rc = write_whole(fd, header, sizeof header);
    return rc < 0 ? rc : write_whole(fd, bytes, size);
}

/* Serves one request; 1 to go on, 0 at the end of input, negative when the other side is gone or
 * talks nonsense. */
static int
serve_one(const char *archives, int in, int out, char *request)
{
    unsigned char header[HEADER_SIZE];
    int rc = read_whole(in, header, sizeof header);
    if (rc <= 0)
        return rc;
    struct err_note note = { "" };
    const uint32_t length = u32_read(header);
    if (length > PICTURE_REQUEST_MAX) {
        (void)err_set(&note, ERR_RANGE, "request: %u bytes, at most %d", length,
                      PICTURE_REQUEST_MAX);
        (void)answer(out, ANSWER_WORDS, note.text, strlen(note.text)); /* ending either way */
        return -EPROTO;
    }
    rc = length > 0 ? read_whole(in, request, length) : 1;
    if (rc <= 0)
        return -EPIPE;
    char *bytes = NULL;
    size_t size = 0;
    rc = draw_request(archives, request, length, &bytes, &size, &note);
    if (rc < 0) {
        const char *words = note.text[0] ? note.text : err_text(rc);
        rc = answer(out, ANSWER_WORDS, words, strlen(words));
    } else {
        rc = answer(out, ANSWER_PICTURE, bytes, size);
    }
    free(bytes);
    return rc < 0 ? rc : 1;
}

static void
limit(int resource, rlim_t value)
{
    struct rlimit rlimit;
    if (getrlimit(resource, &rlimit) < 0)
        return;
    if (rlimit.rlim_max != RLIM_INFINITY && rlimit.rlim_max < value)
        return; /* stricter already */
    rlimit = (struct rlimit){ value, value };
    (void)setrlimit(resource, &rlimit); /* a guard; without it the painter's deadline remains */
}

static void
limit_worker(void)
{
    if (!IS_SANITIZED)
        limit(RLIMIT_AS, MEMORY_MAX);
    limit(RLIMIT_CPU, CPU_SECONDS_MAX);
    limit(RLIMIT_NOFILE, FILES_MAX);
    limit(RLIMIT_CORE, 0);
}

static int
run_worker(const char *archives)
{
    limit_worker();
    /* Answers leave through a descriptor of our own: whatever a library prints goes to the log. */
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    char *request = malloc(PICTURE_REQUEST_MAX);
    int rc = out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ? -errno : request ? 1 : -ENOMEM;
    while (rc > 0)
        rc = serve_one(archives, STDIN_FILENO, out, request);
    if (rc < 0 && rc != -EPIPE && rc != -ECONNRESET)
        (void)fprintf(stderr, "pacewatch-graph: %s\n", err_text(rc)); /* the last words */
    free(request);
    if (out >= 0)
        (void)close(out); /* nothing is buffered in it */
    return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int
read_file(const char *path, char *into, size_t room, size_t *ret_size, struct err_note *note)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(note, -errno, "%s: %s", path, strerror(errno));
    size_t size = 0;
    int rc = 0;
    while (rc == 0 && size < room) {
        ssize_t n = read(fd, into + size, room - size);
        if (n < 0 && errno != EINTR)
            rc = err_set(note, -errno, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        size += n > 0 ? (size_t)n : 0;
    }
    if (!is_stdin)
        (void)close(fd); /* only read */
    *ret_size = size;
    return rc;
}

static int
run_once(const struct options *options)
{
    struct err_note note = { "" };
    char *bytes = NULL;
    size_t size = 0;
    char *request = malloc(PICTURE_REQUEST_MAX + 1); /* one more, so that too long is seen */
    int rc = request ? read_file(options->request, request, PICTURE_REQUEST_MAX + 1, &size, &note)
                     : -ENOMEM;
    if (rc == 0)
        rc = draw_request(options->archives, request, size, &bytes, &size, &note);
    if (rc == 0)
        rc = write_whole(STDOUT_FILENO, bytes, size);
    if (rc < 0)
        (void)fprintf(stderr, "pacewatch-graph: %s\n",
                      note.text[0] ? note.text : err_text(rc)); /* the last words */
    free(request);
    free(bytes);
    return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    static const struct option known[] = {
        { "archives", required_argument, NULL, 'a' }, { "request", required_argument, NULL, 'r' },
        { "worker", no_argument, NULL, 'w' },         { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },        { NULL, 0, NULL, 0 },
    };
    struct options options = { 0 };
    draw_prepare();
    (void)signal(SIGPIPE, SIG_IGN); /* cannot fail for SIGPIPE */
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'a':
            options.archives = optarg;
            break;
        case 'r':
            options.request = optarg;
            break;
        case 'w':
            options.is_worker = true;
            break;
        case 'h':
            print_help(stdout);
            return EXIT_SUCCESS;
        case 'v':
            (void)puts("pacewatch-graph " PACEWATCH_VERSION);
            return EXIT_SUCCESS;
        default:
            print_help(stderr);
            return EXIT_USAGE;
        }
    }
    if (!options.archives || optind != argc || options.is_worker == (options.request != NULL)) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    return options.is_worker ? run_worker(options.archives) : run_once(&options);
}
