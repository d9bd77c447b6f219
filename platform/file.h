/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files done safely: whole reads with a limit, writes that are durable or absent, one owner per
 * folder. Every disk write of agent and collector outside SQLite and librrd goes through here, so
 * that tests can put a failing disk in its place. */
#ifndef PACEWATCH_PLATFORM_FILE_H
#define PACEWATCH_PLATFORM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/err.h"

enum { FILE_PATH_MAX = 1024 };

/* Joins into path[FILE_PATH_MAX]; ERR_RANGE when it does not fit. `name` must not be absolute. */
int file_join(char *path, const char *folder, const char *name);

/* Makes a folder (mode 0700) and its parents, and makes its name durable; 0 if it is there already.
 */
int file_make_folder(const char *path, struct err_note *note);

/* Reads a regular file whole (O_NOFOLLOW), at most `max` bytes; a terminating NUL is added that
 * *ret_size does not count. The caller frees *ret_bytes. ERR_RANGE: too large, ERR_REFUSED: not a
 * regular file. */
int file_read(const char *path, size_t max, char **ret_bytes, size_t *ret_size,
              struct err_note *note);

/* Writes a file so that after success it is durable under its name with these bytes, and after
 * failure or a crash the old file (or none) stands: temp file in the same folder, fsync, rename,
 * fsync of the folder. */
int file_write(const char *path, const void *bytes, size_t size, mode_t mode,
               struct err_note *note);

/* Writes a file that can be made again at any time, and often is: whoever opens it finds the old
 * one or the new one whole, but nothing is synced. The file that was replaced stays as
 * "<path>.spare", and a later write goes into it once nobody reads it any more, `read_s` seconds
 * after: nothing is made and nothing removed, which is what costs on a disk. -ENOENT: there is no
 * such folder. */
int file_write_again(const char *path, const void *bytes, size_t size, mode_t mode, int read_s,
                     struct err_note *note);

/* Renames within one file system and fsyncs both folders. */
int file_rename(const char *from, const char *to, struct err_note *note);

/* Removes a file and fsyncs its folder; absent is success. */
int file_remove(const char *path, struct err_note *note);

/* Opens (creating with `mode`) for positional writing; returns a descriptor or a negative code. */
int file_open_write(const char *path, mode_t mode, struct err_note *note);

/* Writes all bytes at `offset`; loops over short writes and EINTR. */
int file_write_at(int fd, const void *bytes, size_t size, off_t offset, struct err_note *note);

/* fdatasync. After an error the file is not to be trusted (docs/libraries.md, F-SYNC). */
int file_sync(int fd, struct err_note *note);
int file_sync_folder(const char *path, struct err_note *note);

/* Makes everything durable that was written to the folder's file system. */
int file_sync_all(const char *folder, struct err_note *note);

/* fsyncs the folder in which `path` lies: its name is durable then. */
int file_sync_name(const char *path, struct err_note *note);

/* The name of the network file system a path lies on; NULL: none that we know. SQLite's locks and
 * shared memory do not hold there. */
const char *file_network_system(const char *path);

/* Takes the folder's lock (file "lock" inside): returns a descriptor to keep open, or ERR_BUSY with
 * a note naming the folder. Those who only ask are waited for, a second at most. */
int file_lock_folder(const char *path, struct err_note *note);

/* Has a process locked the folder? 1, 0, or a negative code. No lock is taken that would keep
 * another process from its own. */
int file_folder_is_locked(const char *path, struct err_note *note);

/* Names in a folder, sorted by bytes, without dot files; the caller frees with file_list_free. */
struct file_list {
    char **names;
    size_t count;
};
int file_list(const char *path, struct file_list *ret_list, struct err_note *note);
void file_list_free(struct file_list *list);

/* Closes a stream of open_memstream. Returns 0, or -ENOMEM with *text freed and NULL: fclose alone
 * says nothing of a text that found no room in the end. */
int file_close_text(FILE *out, char **text);

#endif
