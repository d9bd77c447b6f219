/* SPDX-License-Identifier: GPL-3.0-or-later
 * A disk in memory that keeps only what was synced. The real code runs on it unchanged: the linker
 * leads the calls of libc here (disk_calls.c, `--wrap` in CMakeLists.txt), SQLite comes by its VFS
 * (disk_sqlite.c). Paths below a disk's mount are on it, all others on the real disks.
 *
 * What it keeps through a power cut, harsher than ext4 promises:
 * - of a file, what was written before its last sync; of what was written since, any sectors of 512
 *   bytes, or none, and the old size or the new one;
 * - of a folder, the names it had at its last sync; of the changes since, in each folder any first
 *   part. A name moved to another folder is never lost from both. Syncing a file does not keep its
 *   name.
 * - A sync that fails throws away some of what it should have kept, and the next one does not bring
 *   it back (docs/libraries.md, F-SYNC).
 * A killed process loses nothing of this.
 *
 * A disk is down from the crash to disk_start: every call fails, so that a program that was
 * "killed" can be taken down in order without any effect. One thread; each disk draws from its own
 * seed. */
#ifndef PACEWATCH_TESTS_SCENARIO_DISK_H
#define PACEWATCH_TESTS_SCENARIO_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct disk;

/* `mount` is a path without a trailing '/', and stays valid. Aborts without memory, as all here. */
struct disk *disk_new(const char *mount, uint64_t seed);
void disk_free(struct disk *disk);

enum disk_fault {
    DISK_SOUND,
    DISK_EIO,
    DISK_FULL,      /* whatever needs room fails with ENOSPC */
    DISK_SHORT,     /* a write writes less than it should and says so */
    DISK_KILL,      /* the process ends in the midst of the call, before it or behind it */
    DISK_POWER_CUT, /* the machine does */
};

/* Plans a fault for the `calls`-th call from now (1: the next one): that one, or with `is_sticky`
 * it and all after it. Replaces an earlier plan. */
void disk_plan(struct disk *disk, enum disk_fault fault, uint64_t calls, bool is_sticky);

/* Did the planned fault strike? */
bool disk_plan_struck(const struct disk *disk);

/* Crashes now. */
void disk_crash(struct disk *disk, enum disk_fault kill_or_power_cut);
bool disk_is_down(const struct disk *disk);

/* Up again; a fault that was planned and has not struck stays planned. */
void disk_start(struct disk *disk);

/* No room for anything new until told otherwise. */
void disk_fill(struct disk *disk, bool is_full);

uint64_t disk_calls(const struct disk *disk);

/* Lays a file into a folder, durably and beside all faults, as a clerk would who waits for it. */
void disk_put(struct disk *disk, const char *path, const void *bytes, size_t size);

/* An image of what is on the disk now, and its return, after which the disk holds nothing else. The
 * disk must be down for that. */
struct disk_image;
struct disk_image *disk_save(struct disk *disk);
void disk_put_back(struct disk *disk, const struct disk_image *image);
void disk_image_free(struct disk_image *image);

/* ---- negative controls: a disk that lies ---- */

enum disk_lie {
    DISK_HONEST,
    DISK_NO_FOLDER_SYNC, /* syncs of folders do nothing but say that they did */
    DISK_NO_FILE_SYNC,   /* those of files */
    DISK_NO_SYNC_ERROR   /* syncs that failed say that they did not */
};
void disk_lie(struct disk *disk, enum disk_lie lie);

/* ---- the calls, for disk_calls.c and disk_sqlite.c: results as the kernel's, -errno for errors
 * ----
 */

/* The disk a path is on; NULL: a real one. */
struct disk *disk_of(const char *path);

int disk_open(struct disk *disk, const char *path, int flags, mode_t mode); /* a handle >= 0 */
void disk_close(int handle);
int64_t disk_read(int handle, void *bytes, size_t size, uint64_t at);
int64_t disk_read_next(int handle, void *bytes, size_t size); /* from where the last one ended */
int64_t disk_write(int handle, const void *bytes, size_t size, uint64_t at);
int disk_resize(int handle, uint64_t size, bool only_grow);
int disk_sync(int handle);
int disk_stat_handle(int handle, struct stat *ret_stat);
int disk_set_mode(int handle, mode_t mode);

int disk_stat(struct disk *disk, const char *path, struct stat *ret_stat);
int disk_make_folder(struct disk *disk, const char *path, mode_t mode);
int disk_remove(struct disk *disk, const char *path, bool is_folder);
int disk_rename(struct disk *disk, const char *from, const char *to);

/* The names in a folder, in the order they were made: calls `each` until it returns non-zero. */
int disk_list(struct disk *disk, const char *path, int (*each)(void *context, const char *name),
              void *context);

/* What SQLite shares between its connections to one file: lives with the file, forgotten by a
 * crash.
 */
struct disk_shared {
    int readers, writer; /* locks of the database file */
    int slot_shared[8], slot_exclusive[8];
    uint8_t **regions; /* of the wal-index */
    int region_count, users;
};
struct disk_shared *disk_shared(int handle);

/* Registers the VFS and makes it SQLite's default. */
void disk_sqlite_register(void);

#endif
