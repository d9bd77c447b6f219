/* SPDX-License-Identifier: GPL-3.0-or-later
 * libfaulty.so, for LD_PRELOAD: lets the N-th call of a kind fail, for files below one folder. It
 * stands before libc's functions, so libraries of the program (SQLite, librrd) are caught too.
 *
 *   FAULTY_PROGRAM  the program meant, as its file is called; others are left alone
 *   FAULTY_BELOW    the folder; paths as the kernel names them, without links
 *   FAULTY_CLASS    write: write pwrite; sync: fsync fdatasync; open: open;
 *                   meta: rename unlink rmdir mkdir fallocate ftruncate; any: all of them
 *   FAULTY_KIND     EIO ENOSPC EMFILE: the call fails, nothing is done
 *                   short: half is written and told; torn: half is written, then the end
 *                   before: the end (SIGKILL) before the call; after: once it is done
 *   FAULTY_AT       which call, from 1; 0: none, calls are only counted
 *   FAULTY_STICKY   if 1, every call from there on
 *   FAULTY_COUNT    file that always holds "<calls so far> <last call that was hit>"
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum call_class { CLASS_WRITE = 1, CLASS_SYNC = 2, CLASS_OPEN = 4, CLASS_META = 8, CLASS_ANY = 15 };
enum kind { KIND_ERROR, KIND_SHORT, KIND_TORN, KIND_BEFORE, KIND_AFTER };

/* Written by the constructor only. */
static struct {
    char below[PATH_MAX];
    size_t below_length; /* 0: not for this program */
    unsigned classes;
    enum kind kind;
    int error;
    long at;
    bool is_sticky;
    int count_fd;
} plan;
static atomic_long calls;

static const char *
setting(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static void __attribute__((constructor)) read_plan(void)
{
    static const struct {
        const char *name;
        unsigned classes;
    } classes[] = { { "write", CLASS_WRITE },
                    { "sync", CLASS_SYNC },
                    { "open", CLASS_OPEN },
                    { "meta", CLASS_META },
                    { "any", CLASS_ANY } };
    static const struct {
        const char *name;
        enum kind kind;
        int error;
    } kinds[] = { { "EIO", KIND_ERROR, EIO },       { "ENOSPC", KIND_ERROR, ENOSPC },
                  { "EMFILE", KIND_ERROR, EMFILE }, { "short", KIND_SHORT, 0 },
                  { "torn", KIND_TORN, 0 },         { "before", KIND_BEFORE, 0 },
                  { "after", KIND_AFTER, 0 } };
    if (strcmp(setting("FAULTY_PROGRAM"), program_invocation_short_name) != 0)
        return;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (strcmp(setting("FAULTY_CLASS"), classes[i].name) == 0)
            plan.classes = classes[i].classes;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(setting("FAULTY_KIND"), kinds[i].name) == 0) {
            plan.kind = kinds[i].kind;
            plan.error = kinds[i].error;
        }
    }
    plan.at = strtol(setting("FAULTY_AT"), NULL, 10);
    plan.is_sticky = strcmp(setting("FAULTY_STICKY"), "1") == 0;
    plan.count_fd = (int)syscall(SYS_openat, AT_FDCWD, setting("FAULTY_COUNT"),
                                 O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    (void)snprintf(plan.below, sizeof plan.below, "%s/", setting("FAULTY_BELOW"));
    plan.below_length = strlen(plan.below);
}

/* Raw, so that it is never caught itself. Blanks at the end cover what a longer line left. */
static void
tell(long count, const char *call, const char *path)
{
    char line[PATH_MAX + 64];
    int n = snprintf(line, sizeof line, "%-10ld %s %-80s\n", count, call, path);
    if (n > 0)
        (void)syscall(SYS_pwrite64, plan.count_fd, line, (size_t)n, 0L);
}

static void
end(void)
{
    (void)syscall(SYS_kill, getpid(), SIGKILL);
}

/* Is this the call? If so, and it is the end before the call, there is no return. */
static bool
is_hit(enum call_class class, const char *call, const char *path)
{
    if (plan.below_length == 0 || !(plan.classes & class) ||
        strncmp(path, plan.below, plan.below_length) != 0)
        return false;
    long count = atomic_fetch_add(&calls, 1) + 1;
    bool hit = plan.at > 0 && (count == plan.at || (plan.is_sticky && count > plan.at));
    bool cuts = plan.kind == KIND_SHORT || plan.kind == KIND_TORN;
    tell(count, hit ? call : "-", hit ? path : "");
    if (hit && plan.kind == KIND_BEFORE)
        end();
    return hit && (!cuts || class == CLASS_WRITE);
}

static bool
is_hit_fd(enum call_class class, const char *call, int fd)
{
    char link[64], path[PATH_MAX];
    if (plan.below_length == 0 || fd == plan.count_fd)
        return false;
    int error = errno;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    bool hit = is_hit(class, call, path);
    errno = error;
    return hit;
}

/* Must the call fail with nothing done? */
static bool
refuses(bool hit)
{
    if (hit && plan.kind == KIND_ERROR)
        errno = plan.error;
    return hit && plan.kind == KIND_ERROR;
}

/* What the call returns that did its work, whole or in part; or the end. */
static long
finish(bool hit, long done)
{
    if (hit && (plan.kind == KIND_TORN || plan.kind == KIND_AFTER))
        end();
    return done;
}

/* ---- write ---- */

/* How much of `size` bytes goes, with a fault that cuts. */
static size_t
cut(bool hit, size_t size)
{
    return hit && (plan.kind == KIND_SHORT || plan.kind == KIND_TORN) && size > 1 ? size / 2 : size;
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
    bool hit = is_hit_fd(CLASS_WRITE, "write", fd);
    return refuses(hit) ? -1 : finish(hit, syscall(SYS_write, fd, bytes, cut(hit, size)));
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    bool hit = is_hit_fd(CLASS_WRITE, "pwrite", fd);
    return refuses(hit) ? -1
                        : finish(hit, syscall(SYS_pwrite64, fd, bytes, cut(hit, size), offset));
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return pwrite(fd, bytes, size, offset);
}

/* ---- sync ---- */

int
fsync(int fd)
{
    bool hit = is_hit_fd(CLASS_SYNC, "fsync", fd);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_fsync, fd));
}

int
fdatasync(int fd)
{
    bool hit = is_hit_fd(CLASS_SYNC, "fdatasync", fd);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_fdatasync, fd));
}

/* ---- open ---- */

static int
open_at(const char *path, int flags, mode_t mode)
{
    bool hit = is_hit(CLASS_OPEN, "open", path);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

static mode_t
mode_of(int flags, va_list args)
{
    return flags & O_CREAT ? va_arg(args, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_at(path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_at(path, flags, mode);
}

/* ---- meta ---- */

int
rename(const char *from, const char *to)
{
    bool hit = is_hit(CLASS_META, "rename", from);
    return refuses(hit) ? -1
                        : (int)finish(hit, syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    bool hit = is_hit(CLASS_META, "renameat2", from);
    return refuses(hit)
               ? -1
               : (int)finish(hit, syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

int
unlink(const char *path)
{
    bool hit = is_hit(CLASS_META, "unlink", path);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int
rmdir(const char *path)
{
    bool hit = is_hit(CLASS_META, "rmdir", path);
    return refuses(hit) ? -1
                        : (int)finish(hit, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int
mkdir(const char *path, mode_t mode)
{
    bool hit = is_hit(CLASS_META, "mkdir", path);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

int
ftruncate(int fd, off_t length)
{
    bool hit = is_hit_fd(CLASS_META, "ftruncate", fd);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_ftruncate, fd, length));
}

int
ftruncate64(int fd, off64_t length)
{
    return ftruncate(fd, length);
}

static int
allocate(int fd, off_t offset, off_t length)
{
    bool hit = is_hit_fd(CLASS_META, "posix_fallocate", fd);
    return refuses(hit) ? -1 : (int)finish(hit, syscall(SYS_fallocate, fd, 0, offset, length));
}

/* This one returns its error. */
int
posix_fallocate(int fd, off_t offset, off_t length)
{
    return allocate(fd, offset, length) == 0 ? 0 : errno;
}

int
posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    return posix_fallocate(fd, offset, length);
}
