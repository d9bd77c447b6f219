/* SPDX-License-Identifier: GPL-3.0-or-later
 * SQLite on a disk of ours: a VFS that does what os_unix.c does, in the same order of calls. Locks
 * and the wal-index live with the file (struct disk_shared). */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/disk.h"

struct file {
    sqlite3_file base;
    int handle;
    int lock;                               /* SQLITE_LOCK_... this connection holds */
    uint16_t slots_shared, slots_exclusive; /* of the wal-index, as bits */
    bool has_region;
    bool syncs_folder; /* at the first sync: its name is new */
    char *path;
    struct disk *disk;
};

static struct file *
file_of(sqlite3_file *base)
{
    return (struct file *)base; /* base is its first member */
}

static int
sync_folder(struct disk *disk, const char *path)
{
    char folder[1024];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    int handle = disk_open(disk, folder, O_RDONLY | O_DIRECTORY, 0);
    if (handle < 0)
        return handle;
    int code = disk_sync(handle);
    disk_close(handle);
    return code;
}

/* ---- a file ---- */

static int
file_unlock(sqlite3_file *base, int lock)
{
    struct file *file = file_of(base);
    struct disk_shared *shared = disk_shared(file->handle);
    if (file->lock > SQLITE_LOCK_SHARED)
        shared->writer = 0;
    if (file->lock >= SQLITE_LOCK_SHARED && lock < SQLITE_LOCK_SHARED)
        shared->readers--;
    file->lock = lock;
    return SQLITE_OK;
}

static int
file_close(sqlite3_file *base)
{
    struct file *file = file_of(base);
    if (file->handle >= 0) {
        if (file->lock > SQLITE_LOCK_NONE)
            (void)file_unlock(base, SQLITE_LOCK_NONE);
        disk_close(file->handle);
    }
    free(file->path);
    return SQLITE_OK;
}

static int
file_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 at)
{
    int64_t n = disk_read(file_of(base)->handle, bytes, (size_t)size, (uint64_t)at);
    if (n < 0)
        return SQLITE_IOERR_READ;
    if (n == size)
        return SQLITE_OK;
    memset((uint8_t *)bytes + n, 0, (size_t)(size - n));
    return SQLITE_IOERR_SHORT_READ;
}

static int
file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        int64_t n = disk_write(file_of(base)->handle, from, (size_t)size, (uint64_t)at);
        if (n < 0)
            return n == -ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
        from += n;
        at += n;
        size -= (int)n;
    }
    return SQLITE_OK;
}

static int
file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    return disk_resize(file_of(base)->handle, (uint64_t)size, false) ? SQLITE_IOERR_TRUNCATE
                                                                     : SQLITE_OK;
}

static int
file_sync(sqlite3_file *base, int flags)
{
    struct file *file = file_of(base);
    (void)flags; /* data and size are one here */
    if (disk_sync(file->handle))
        return SQLITE_IOERR_FSYNC;
    if (file->syncs_folder) {
        if (sync_folder(file->disk, file->path))
            return SQLITE_IOERR_DIR_FSYNC;
        file->syncs_folder = false;
    }
    return SQLITE_OK;
}

static int
file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
    struct stat info;
    if (disk_stat_handle(file_of(base)->handle, &info))
        return SQLITE_IOERR_FSTAT;
    *ret_size = info.st_size;
    return SQLITE_OK;
}

static int
file_lock(sqlite3_file *base, int lock)
{
    struct file *file = file_of(base);
    struct disk_shared *shared = disk_shared(file->handle);
    if (lock <= file->lock)
        return SQLITE_OK;
    if (lock == SQLITE_LOCK_SHARED) {
        if (shared->writer > SQLITE_LOCK_RESERVED)
            return SQLITE_BUSY;
        shared->readers++;
    } else {
        bool is_other = shared->writer && file->lock <= SQLITE_LOCK_SHARED;
        if (is_other || (lock == SQLITE_LOCK_EXCLUSIVE && shared->readers > 1))
            return SQLITE_BUSY;
        shared->writer = lock;
    }
    file->lock = lock;
    return SQLITE_OK;
}

static int
file_is_reserved(sqlite3_file *base, int *ret_is)
{
    *ret_is = disk_shared(file_of(base)->handle)->writer != 0;
    return SQLITE_OK;
}

static int
file_control(sqlite3_file *base, int op, void *argument)
{
    (void)base, (void)op, (void)argument;
    return SQLITE_NOTFOUND;
}

static int
file_sector_size(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

static int
file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* a torn write spoils no bytes beside it */
}

/* ---- the wal-index ---- */

static int
shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret_memory)
{
    struct file *file = file_of(base);
    struct disk_shared *shared = disk_shared(file->handle);
    *ret_memory = NULL;
    if (!file->has_region)
        shared->users++;
    file->has_region = true;
    if (region >= shared->region_count && !extend)
        return SQLITE_OK;
    while (region >= shared->region_count) {
        size_t count = (size_t)shared->region_count + 1;
        shared->regions = realloc(shared->regions, count * sizeof *shared->regions);
        uint8_t *memory = calloc(1, (size_t)size);
        if (!shared->regions || !memory)
            abort();
        shared->regions[shared->region_count++] = memory;
    }
    *ret_memory = shared->regions[region];
    return SQLITE_OK;
}

static bool
slot_is_free(const struct file *file, const struct disk_shared *shared, int slot, bool exclusive)
{
    bool own = file->slots_shared & (1U << slot);
    return shared->slot_exclusive[slot] == 0 &&
           (!exclusive || shared->slot_shared[slot] == (own ? 1 : 0));
}

static void
slot_change(struct file *file, struct disk_shared *shared, int slot, int flags)
{
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE, locks = flags & SQLITE_SHM_LOCK;
    uint16_t *own = exclusive ? &file->slots_exclusive : &file->slots_shared;
    int *all = exclusive ? &shared->slot_exclusive[slot] : &shared->slot_shared[slot];
    bool has = *own & (1U << slot);
    if (locks == has)
        return;
    *all += locks ? 1 : -1;
    *own = (uint16_t)(*own ^ (1U << slot));
}

static int
shm_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct file *file = file_of(base);
    struct disk_shared *shared = disk_shared(file->handle);
    for (int i = first; (flags & SQLITE_SHM_LOCK) && i < first + count; i++)
        if (!slot_is_free(file, shared, i, flags & SQLITE_SHM_EXCLUSIVE))
            return SQLITE_BUSY;
    for (int i = first; i < first + count; i++)
        slot_change(file, shared, i, flags);
    return SQLITE_OK;
}

static void
shm_barrier(sqlite3_file *base)
{
    (void)base; /* one thread */
}

static int
shm_unmap(sqlite3_file *base, int remove)
{
    struct file *file = file_of(base);
    struct disk_shared *shared = disk_shared(file->handle);
    (void)remove; /* it goes with its last user anyway */
    if (!file->has_region)
        return SQLITE_OK;
    file->has_region = false;
    if (--shared->users > 0)
        return SQLITE_OK;
    for (int i = 0; i < shared->region_count; i++)
        free(shared->regions[i]);
    free(shared->regions);
    shared->regions = NULL;
    shared->region_count = 0;
    return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the file system ---- */

static struct disk *scratch; /* what SQLite spills */

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *ret_flags)
{
    static unsigned spilled;
    struct file *file = file_of(base);
    char spill[32];
    (void)vfs;
    memset(file, 0, sizeof *file);
    (void)snprintf(spill, sizeof spill, "/scratch/%u", spilled);
    spilled += path ? 0 : 1;
    const char *at = path ? path : spill;
    file->disk = path ? disk_of(path) : scratch;
    if (!file->disk)
        return SQLITE_CANTOPEN;
    int how = flags & SQLITE_OPEN_READWRITE ? O_RDWR : O_RDONLY;
    struct stat info;
    bool is_new = (flags & SQLITE_OPEN_CREATE) && disk_stat(file->disk, at, &info) == -ENOENT;
    file->handle =
        disk_open(file->disk, at, flags & SQLITE_OPEN_CREATE ? how | O_CREAT : how, 0644);
    if (file->handle < 0)
        return file->handle == -ENOSPC ? SQLITE_FULL : SQLITE_CANTOPEN;
    if (!path)
        (void)disk_remove(scratch, at, false); /* it goes with its handle */
    file->path = strdup(at);
    file->syncs_folder = is_new && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL));
    file->base.pMethods = &file_methods;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    struct disk *disk = disk_of(path);
    (void)vfs;
    int code = disk ? disk_remove(disk, path, false) : -EIO;
    if (code)
        return code == -ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    return sync && sync_folder(disk, path) ? SQLITE_IOERR_DIR_FSYNC : SQLITE_OK;
}

static int
vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret_is)
{
    struct disk *disk = disk_of(path);
    struct stat info;
    (void)vfs;
    *ret_is = disk && disk_stat(disk, path, &info) == 0 &&
              (flags != SQLITE_ACCESS_EXISTS || info.st_size > 0);
    return SQLITE_OK;
}

static int
vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *ret_path)
{
    (void)vfs;
    return snprintf(ret_path, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
vfs_random(sqlite3_vfs *vfs, int size, char *bytes)
{
    (void)vfs;
    memset(bytes, 0, (size_t)size); /* every world the same */
    return size;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; /* whoever waits here waits for itself */
}

static int
vfs_time(sqlite3_vfs *vfs, double *ret_days)
{
    (void)vfs;
    *ret_days = 2460000.5;
    return SQLITE_OK;
}

void
disk_sqlite_register(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct file),
        .mxPathname = 1024,
        .zName = "pacewatch-disk",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
    };
    if (!scratch)
        scratch = disk_new("/scratch", 1);
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}
