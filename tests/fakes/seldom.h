/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the kernel and libc seldom answer: one call of one kind gives an answer of the test's at its
 * nth time, all others go on to libc. The test's program is linked with pacewatch_seldom; one file
 * of it includes this. */
#ifndef PACEWATCH_TESTS_FAKES_SELDOM_H
#define PACEWATCH_TESTS_FAKES_SELDOM_H

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include "tests/fakes/nth_call.h"

enum seldom_call {
    SELDOM_READ = 1,
    SELDOM_PREAD,
    SELDOM_PWRITE,
    SELDOM_FSTAT,
    SELDOM_LSTAT,
    SELDOM_CLOSE,
    SELDOM_FCLOSE,
    SELDOM_FLOCK,
    SELDOM_STATFS,
    SELDOM_POLL,
};

static struct {
    enum seldom_call call;
    struct nth_call nth;
    long result; /* what it returns; below 0 with `error` in errno */
    int error;
} seldom;

/* The `nth` call of this kind from now returns `result`, with errno `error`. */
static inline void
seldom_at(enum seldom_call call, long nth, long result, int error)
{
    seldom.call = call;
    seldom.nth = (struct nth_call){ .at = nth };
    seldom.result = result;
    seldom.error = error;
}

static inline void
seldom_fail(enum seldom_call call, long nth, int error)
{
    seldom_at(call, nth, -1, error);
}

/* Did it come to that? Nothing seldom happens any more. */
static inline bool
seldom_happened(void)
{
    seldom.nth.at = 0;
    return seldom.nth.has_failed;
}

static inline bool
seldom_now(enum seldom_call call)
{
    if (seldom.call != call || !nth_call_fails(&seldom.nth))
        return false;
    if (seldom.result < 0)
        errno = seldom.error;
    return true;
}

/* SELDOM(type, name, WHICH, (parameters), (arguments)): the call that takes the place of `name`. */
#define SELDOM(type, name, which, parameters, arguments)                          \
    type __real_##name parameters;                                                \
    type __wrap_##name parameters;                                                \
    type __wrap_##name parameters                                                 \
    {                                                                             \
        return seldom_now(which) ? (type)seldom.result : __real_##name arguments; \
    }

SELDOM(ssize_t, read, SELDOM_READ, (int fd, void *bytes, size_t size), (fd, bytes, size))
SELDOM(ssize_t, pread, SELDOM_PREAD, (int fd, void *bytes, size_t size, off_t at),
       (fd, bytes, size, at))
SELDOM(ssize_t, pwrite, SELDOM_PWRITE, (int fd, const void *bytes, size_t size, off_t at),
       (fd, bytes, size, at))
SELDOM(int, lstat, SELDOM_LSTAT, (const char *path, struct stat *info), (path, info))
SELDOM(int, flock, SELDOM_FLOCK, (int fd, int operation), (fd, operation))
SELDOM(int, poll, SELDOM_POLL, (struct pollfd * fds, nfds_t count, int timeout),
       (fds, count, timeout))

/* Closes all the same, as Linux does. */
int __real_close(int fd);
int __wrap_close(int fd);
int
__wrap_close(int fd)
{
    int code = __real_close(fd);
    return seldom_now(SELDOM_CLOSE) ? (int)seldom.result : code;
}

int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int
__wrap_fclose(FILE *file)
{
    int code = __real_fclose(file);
    return seldom_now(SELDOM_FCLOSE) ? (int)seldom.result : code;
}

/* A positive result is the size the file is said to have. */
int __real_fstat(int fd, struct stat *info);
int __wrap_fstat(int fd, struct stat *info);
int
__wrap_fstat(int fd, struct stat *info)
{
    int code = __real_fstat(fd, info);
    if (!seldom_now(SELDOM_FSTAT))
        return code;
    if (seldom.result < 0)
        return -1;
    info->st_size = seldom.result;
    return 0;
}

/* A positive result is the type the file system is said to have. */
int __real_statfs(const char *path, struct statfs *info);
int __wrap_statfs(const char *path, struct statfs *info);
int
__wrap_statfs(const char *path, struct statfs *info)
{
    int code = __real_statfs(path, info);
    if (!seldom_now(SELDOM_STATFS))
        return code;
    if (seldom.result < 0)
        return -1;
    info->f_type = seldom.result;
    return 0;
}

#endif
