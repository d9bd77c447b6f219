/* SPDX-License-Identifier: GPL-3.0-or-later
 * libc's file calls, led here by the linker (`--wrap`): those on a disk of ours go there, the
 * others on to libc. Only what the product uses. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/scenario/disk.h"

enum { FIRST_FD = 1 << 20 }; /* far above the kernel's */

/* CALL(type, name, parameters): declares the real call, and begins the one that takes its place. */
#define CALL(type, name, ...)        \
    type __real_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

/* As libc reports it. */
static int64_t
told(int64_t result)
{
    if (result >= 0)
        return result;
    errno = (int)-result;
    return -1;
}

static bool
is_ours(int fd)
{
    return fd >= FIRST_FD;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int
__wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    struct disk *disk = disk_of(path);
    if (!disk)
        return __real_open(path, flags, mode);
    int handle = disk_open(disk, path, flags, mode);
    return (int)told(handle < 0 ? handle : handle + FIRST_FD);
}

CALL(int, close, int fd)
{
    if (!is_ours(fd))
        return __real_close(fd);
    disk_close(fd - FIRST_FD);
    return 0;
}

CALL(ssize_t, pread, int fd, void *bytes, size_t size, off_t at)
{
    return is_ours(fd) ? told(disk_read(fd - FIRST_FD, bytes, size, (uint64_t)at))
                       : __real_pread(fd, bytes, size, at);
}

CALL(ssize_t, pwrite, int fd, const void *bytes, size_t size, off_t at)
{
    return is_ours(fd) ? told(disk_write(fd - FIRST_FD, bytes, size, (uint64_t)at))
                       : __real_pwrite(fd, bytes, size, at);
}

CALL(int, fsync, int fd)
{
    return is_ours(fd) ? (int)told(disk_sync(fd - FIRST_FD)) : __real_fsync(fd);
}

CALL(int, fdatasync, int fd)
{
    return is_ours(fd) ? (int)told(disk_sync(fd - FIRST_FD)) : __real_fdatasync(fd);
}

CALL(int, posix_fallocate, int fd, off_t at, off_t size)
{
    if (!is_ours(fd))
        return __real_posix_fallocate(fd, at, size);
    return -disk_resize(fd - FIRST_FD, (uint64_t)(at + size), true); /* returns its error */
}

CALL(int, fstat, int fd, struct stat *info)
{
    return is_ours(fd) ? (int)told(disk_stat_handle(fd - FIRST_FD, info)) : __real_fstat(fd, info);
}

CALL(int, fchmod, int fd, mode_t mode)
{
    return is_ours(fd) ? (int)told(disk_set_mode(fd - FIRST_FD, mode)) : __real_fchmod(fd, mode);
}

CALL(int, stat, const char *path, struct stat *info)
{
    struct disk *disk = disk_of(path);
    return disk ? (int)told(disk_stat(disk, path, info)) : __real_stat(path, info);
}

CALL(int, lstat, const char *path, struct stat *info)
{
    struct disk *disk = disk_of(path);
    return disk ? (int)told(disk_stat(disk, path, info)) : __real_lstat(path, info);
}

CALL(int, access, const char *path, int mode)
{
    struct disk *disk = disk_of(path);
    struct stat info;
    return disk ? (int)told(disk_stat(disk, path, &info)) : __real_access(path, mode);
}

CALL(int, mkdir, const char *path, mode_t mode)
{
    struct disk *disk = disk_of(path);
    return disk ? (int)told(disk_make_folder(disk, path, mode)) : __real_mkdir(path, mode);
}

CALL(int, rmdir, const char *path)
{
    struct disk *disk = disk_of(path);
    return disk ? (int)told(disk_remove(disk, path, true)) : __real_rmdir(path);
}

CALL(int, unlink, const char *path)
{
    struct disk *disk = disk_of(path);
    return disk ? (int)told(disk_remove(disk, path, false)) : __real_unlink(path);
}

CALL(int, rename, const char *from, const char *to)
{
    struct disk *disk = disk_of(from);
    return disk ? (int)told(disk_rename(disk, from, to)) : __real_rename(from, to);
}

CALL(ssize_t, read, int fd, void *bytes, size_t size)
{
    return is_ours(fd) ? told(disk_read_next(fd - FIRST_FD, bytes, size))
                       : __real_read(fd, bytes, size);
}

struct listing {
    struct dirent **entries;
    size_t count, room;
    int (*filter)(const struct dirent *entry);
};

static int
list_name(void *context, const char *name)
{
    struct listing *listing = context;
    struct dirent *entry = calloc(1, sizeof *entry);
    if (!entry)
        abort();
    memcpy(entry->d_name, name, strlen(name) + 1); /* names are shorter */
    if (listing->filter && !listing->filter(entry)) {
        free(entry);
        return 0;
    }
    if (listing->count == listing->room) {
        listing->room = listing->room ? listing->room * 2 : 16;
        listing->entries = realloc(listing->entries, listing->room * sizeof *listing->entries);
        if (!listing->entries)
            abort();
    }
    listing->entries[listing->count++] = entry;
    return 0;
}

typedef int compare_fn(const struct dirent **a, const struct dirent **b);

static void
listing_sort(struct listing *listing, compare_fn *compare)
{
    for (size_t i = 1; i < listing->count; i++) {
        struct dirent *entry = listing->entries[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct dirent *before = listing->entries[at - 1], *here = entry;
            if (compare(&before, &here) <= 0)
                break;
            listing->entries[at] = listing->entries[at - 1];
        }
        listing->entries[at] = entry;
    }
}

CALL(int, scandir, const char *path, struct dirent ***ret_entries,
     int (*filter)(const struct dirent *entry), compare_fn *compare)
{
    struct disk *disk = disk_of(path);
    if (!disk)
        return __real_scandir(path, ret_entries, filter, compare);
    struct listing listing = { .filter = filter };
    int code = disk_list(disk, path, list_name, &listing);
    if (code) {
        for (size_t i = 0; i < listing.count; i++)
            free(listing.entries[i]);
        free(listing.entries);
        return (int)told(code);
    }
    listing_sort(&listing, compare);
    *ret_entries = listing.entries;
    return (int)listing.count;
}
