/* SPDX-License-Identifier: GPL-3.0-or-later
 * No file is opened through a symbolic link; folders may be links (systemd's StateDirectory= is one
 * under DynamicUser=). */
#define _GNU_SOURCE /* renameat2 */
#include "platform/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "platform/clock.h"

enum { LOCK_TRIES = 1000 }; /* a millisecond apart */

/* Notes "verb path: why" for errno and returns -errno. */
static int
fail(struct err_note *note, const char *verb, const char *path)
{
    int code = -errno;
    return err_set(note, code, "%s %s: %s", verb, path, err_text(code));
}

int
file_join(char *path, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *slash = length == 0 || folder[length - 1] == '/' ? "" : "/";
    if (name[0] == '/' || name[0] == '\0')
        return ERR_RANGE;
    char joined[FILE_PATH_MAX];
    int n = snprintf(joined, sizeof joined, "%s%s%s", folder, slash, name);
    if (n < 0 || (size_t)n >= sizeof joined)
        return ERR_RANGE;
    memcpy(path, joined, (size_t)n + 1);
    return 0;
}

/* Writes the folder in which `path` lies to folder[FILE_PATH_MAX]: "." for a bare name. */
static int
folder_of(const char *path, char *folder, struct err_note *note)
{
    size_t length = strlen(path);
    if (length >= FILE_PATH_MAX)
        return err_set(note, ERR_RANGE, "path longer than %d bytes: %.40s...", FILE_PATH_MAX - 1,
                       path);
    const char *slash = strrchr(path, '/');
    if (!slash) {
        memcpy(folder, ".", 2);
        return 0;
    }
    size_t n = slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, n);
    folder[n] = '\0';
    return 0;
}

int
file_sync_all(const char *folder, struct err_note *note)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(note, "open", folder);
    int rc = syncfs(fd) == 0 ? 0 : fail(note, "sync", folder);
    (void)close(fd); /* only synced */
    return rc;
}

int
file_sync_name(const char *path, struct err_note *note)
{
    char folder[FILE_PATH_MAX];
    int rc = folder_of(path, folder, note);
    return rc < 0 ? rc : file_sync_folder(folder, note);
}

static int
make_one_folder(const char *path, struct err_note *note)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return file_sync_name(path, note);
    if (errno != EEXIST)
        return fail(note, "make folder", path);
    if (stat(path, &st) != 0)
        return fail(note, "make folder", path);
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return fail(note, "make folder", path);
    }
    return 0;
}

int
file_make_folder(const char *path, struct err_note *note)
{
    char part[FILE_PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return err_set(note, ERR_RANGE, "make folder: path of %zu bytes", length);
    while (length > 1 && path[length - 1] == '/')
        length--;
    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        int rc = make_one_folder(part, note);
        if (rc < 0)
            return rc;
    }
    /* It may be there from an earlier try that ended before the sync. Whoever may not read the
     * folder above, or cannot sync it, did not make this one. */
    int rc = file_sync_name(part, note);
    return rc == -EACCES || rc == -EROFS || rc == -EINVAL ? 0 : rc;
}

/* Opens a regular file, never a link, a device or a FIFO (O_NONBLOCK: opening one must not wait).
 */
static int
open_regular(const char *path, int flags, mode_t mode, struct err_note *note)
{
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
    if (fd < 0 && errno == ELOOP)
        return err_set(note, ERR_REFUSED, "open %s: is a symbolic link", path);
    if (fd < 0)
        return fail(note, "open", path);
    struct stat st;
    int rc = 0;
    if (fstat(fd, &st) != 0)
        rc = fail(note, "open", path);
    else if (!S_ISREG(st.st_mode))
        rc = err_set(note, ERR_REFUSED, "open %s: not a regular file", path);
    if (rc < 0) {
        (void)close(fd); /* nothing was written */
        return rc;
    }
    return fd;
}

/* Reads to the end of the file into bytes[capacity]; returns the length, or -errno. */
static ssize_t
read_up_to(int fd, char *bytes, size_t capacity)
{
    size_t at = 0;
    while (at < capacity) {
        ssize_t n = read(fd, bytes + at, capacity - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        at += (size_t)n;
    }
    return (ssize_t)at;
}

int
file_read(const char *path, size_t max, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    int fd = open_regular(path, O_RDONLY, 0, note);
    if (fd < 0)
        return fd;
    struct stat st;
    char *bytes = NULL;
    int rc = 0;
    if (fstat(fd, &st) != 0) {
        rc = fail(note, "read", path);
        goto out;
    }
    if (st.st_size < 0 || (uint64_t)st.st_size > max) {
        rc = err_set(note, ERR_RANGE, "read %s: larger than %zu bytes", path, max);
        goto out;
    }
    size_t capacity = (size_t)st.st_size + 1; /* one more, to see a file that grows */
    bytes = malloc(capacity);
    if (!bytes) {
        rc = err_set(note, -ENOMEM, "read %s: no memory for %zu bytes", path, capacity);
        goto out;
    }
    ssize_t n = read_up_to(fd, bytes, capacity);
    if (n < 0) {
        rc = err_set(note, (int)n, "read %s: %s", path, err_text((int)n));
        goto out;
    }
    if ((size_t)n == capacity) {
        rc = err_set(note, -EAGAIN, "read %s: grew while being read", path);
        goto out;
    }
    bytes[n] = '\0';
    *ret_size = (size_t)n;
    *ret_bytes = bytes;
    bytes = NULL;
out:
    free(bytes);
    (void)close(fd); /* only read */
    return rc;
}

/* Writes the temporary file whole and durably. */
static int
write_new(const char *path, const void *bytes, size_t size, mode_t mode, struct err_note *note)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return fail(note, "remove leftover", path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(note, "create", path);
    int rc = file_write_at(fd, bytes, size, 0, note);
    if (rc == 0 && fchmod(fd, mode) != 0)
        rc = fail(note, "set the mode of", path);
    if (rc == 0 && fsync(fd) != 0)
        rc = fail(note, "sync", path);
    if (close(fd) != 0 && rc == 0)
        rc = fail(note, "close", path);
    return rc;
}

int
file_write(const char *path, const void *bytes, size_t size, mode_t mode, struct err_note *note)
{
    char folder[FILE_PATH_MAX], name[FILE_PATH_MAX + 8], temp[FILE_PATH_MAX];
    int rc = folder_of(path, folder, note);
    if (rc < 0)
        return rc;
    const char *slash = strrchr(path, '/');
    /* A fixed name: what a crash leaves behind is overwritten by the next write. */
    (void)snprintf(name, sizeof name, ".%s.tmp", slash ? slash + 1 : path);
    if (file_join(temp, folder, name) < 0)
        return err_set(note, ERR_RANGE, "write %s: path too long", path);
    rc = write_new(temp, bytes, size, mode, note);
    if (rc == 0 && rename(temp, path) != 0)
        rc = fail(note, "replace", path);
    if (rc < 0) {
        (void)unlink(temp); /* a leftover does no harm */
        return err_prefix(note, rc, "write %s", path);
    }
    return file_sync_folder(folder, note);
}

/* Opens the spare file for writing; one that somebody may still read is left to its readers and
 * made anew. */
static int
open_spare(const char *spare, mode_t mode, int read_s, bool *ret_is_new)
{
    const int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
    struct stat status;
    int fd = open(spare, flags);
    *ret_is_new = fd < 0;
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
                    status.st_ctime > (time_t)clock_wall().seconds - read_s)) {
        (void)close(fd); /* nothing was written */
        *ret_is_new = true;
        if (unlink(spare) != 0)
            return -1;
    }
    return *ret_is_new ? open(spare, flags | O_CREAT | O_EXCL, mode) : fd;
}

/* Writes over an old file as whole blocks, and cuts it then: the rest of its last block need not be
 * read first. */
static int
write_over(int fd, const void *bytes, size_t size)
{
    enum { BLOCK = 4096 };
    static const char zeros[BLOCK];
    union {
        const void *bytes;
        void *base; /* writev only reads */
    } what = { .bytes = bytes }, rest = { .bytes = zeros };
    size_t padding = (BLOCK - size % BLOCK) % BLOCK;
    const struct iovec parts[] = { { what.base, size }, { rest.base, padding } };
    ssize_t n;
    do
        n = writev(fd, parts, 2);
    while (n < 0 && errno == EINTR);
    if (n < 0 || ftruncate(fd, (off_t)size) != 0)
        return -errno;
    return (size_t)n == size + padding ? 0 : -ENOSPC;
}

/* Where there is a file already the two are exchanged: a rename over it would make ext4 write the
 * new one out at once, which takes several times as long. */
static int
swap_in(const char *spare, const char *path)
{
    if (renameat2(AT_FDCWD, spare, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return 0;
    return rename(spare, path); /* there is none, or the file system cannot do it */
}

int
file_write_again(const char *path, const void *bytes, size_t size, mode_t mode, int read_s,
                 struct err_note *note)
{
    char spare[FILE_PATH_MAX];
    bool is_new;
    if (snprintf(spare, sizeof spare, "%s.spare", path) >= (int)sizeof spare)
        return err_set(note, ERR_RANGE, "write %s: path too long", path);
    int fd = open_spare(spare, mode, read_s, &is_new);
    if (fd < 0)
        return fail(note, "open", spare);
    int rc = is_new ? file_write_at(fd, bytes, size, 0, note) : write_over(fd, bytes, size);
    if (rc < 0 && !is_new)
        (void)err_set(note, rc, "write %s: %s", spare, err_text(rc)); /* the code is kept */
    if (close(fd) != 0 && rc == 0)
        rc = fail(note, "close", spare);
    if (rc == 0 && swap_in(spare, path) != 0)
        rc = fail(note, "replace", path);
    return rc;
}

int
file_rename(const char *from, const char *to, struct err_note *note)
{
    char from_folder[FILE_PATH_MAX], to_folder[FILE_PATH_MAX];
    int rc = folder_of(from, from_folder, note);
    if (rc == 0)
        rc = folder_of(to, to_folder, note);
    if (rc < 0)
        return rc;
    if (rename(from, to) != 0) {
        int code = -errno;
        return err_set(note, code, "rename %s to %s: %s", from, to, err_text(code));
    }
    rc = file_sync_folder(to_folder,
                          note); /* first, so that a power cut never leaves neither name */
    if (rc == 0 && strcmp(from_folder, to_folder) != 0)
        rc = file_sync_folder(from_folder, note);
    return rc;
}

int
file_remove(const char *path, struct err_note *note)
{
    if (unlink(path) == 0)
        return file_sync_name(path, note);
    if (errno != ENOENT)
        return fail(note, "remove", path);
    int rc = file_sync_name(path, note); /* an earlier unlink may not be durable yet */
    return rc == -ENOENT ? 0 : rc;
}

int
file_open_write(const char *path, mode_t mode, struct err_note *note)
{
    return open_regular(path, O_RDWR | O_CREAT, mode, note);
}

int
file_write_at(int fd, const void *bytes, size_t size, off_t offset, struct err_note *note)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t n = pwrite(fd, at, size, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            int code = n < 0 ? -errno : -EIO;
            return err_set(note, code, "write at %lld: %s", (long long)offset, err_text(code));
        }
        at += n;
        offset += n;
        size -= (size_t)n;
    }
    return 0;
}

int
file_sync(int fd, struct err_note *note)
{
    if (fdatasync(fd) == 0)
        return 0;
    int code = -errno;
    return err_set(note, code, "sync: %s", err_text(code));
}

int
file_sync_folder(const char *path, struct err_note *note)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(note, "open folder", path);
    int rc = fsync(fd) == 0 ? 0 : fail(note, "sync folder", path);
    (void)close(fd); /* only read */
    return rc;
}

const char *
file_network_system(const char *path)
{
    static const struct {
        unsigned type;
        const char *name;
    } systems[] = {
        { 0x6969, "NFS" },      { 0xff534d42, "CIFS" },   { 0xfe534d42, "SMB2" },
        { 0x517b, "SMB" },      { 0x01021997, "9P" },     { 0x5346414f, "AFS" },
        { 0x00c36400, "Ceph" }, { 0x0bd00bd0, "Lustre" }, { 0x7461636f, "OCFS2" },
        { 0x73757245, "Coda" },
    };
    struct statfs found;
    if (statfs(path, &found) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if ((unsigned)found.f_type == systems[i].type)
            return systems[i].name;
    return NULL;
}

/* Whoever only asks (file_folder_is_locked) shares the lock for a moment: that is known by being
 * able to share it too, and is waited for. What cannot be shared has an owner. */
static int
take_lock(int fd)
{
    static const struct timespec pause = { .tv_nsec = 1000000 };
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK)
            return -errno;
        if (flock(fd, LOCK_SH | LOCK_NB) != 0)
            break;
        (void)flock(fd, LOCK_UN);      /* that we had it is all we wanted to know */
        (void)nanosleep(&pause, NULL); /* waking early only tries early */
    }
    return ERR_BUSY;
}

int
file_lock_folder(const char *path, struct err_note *note)
{
    char lock[FILE_PATH_MAX];
    if (file_join(lock, path, "lock") < 0)
        return err_set(note, ERR_RANGE, "lock %.40s...: path too long", path);
    int fd = open_regular(lock, O_RDWR | O_CREAT, 0600, note);
    if (fd < 0)
        return err_prefix(note, fd, "lock %s", path);
    int code = take_lock(fd);
    if (code == 0)
        return fd;
    (void)close(fd); /* only locked */
    return err_set(note, code, "lock %s: %s", path, err_text(code));
}

int
file_folder_is_locked(const char *path, struct err_note *note)
{
    char lock[FILE_PATH_MAX];
    if (file_join(lock, path, "lock") < 0)
        return err_set(note, ERR_RANGE, "lock %.40s...: path too long", path);
    int fd = open_regular(lock, O_RDONLY, 0, note);
    if (fd == -ENOENT)
        return 0; /* nobody has ever locked it */
    if (fd < 0)
        return err_prefix(note, fd, "lock %s", path);
    int code = flock(fd, LOCK_SH | LOCK_NB) == 0 ? 0 : errno == EWOULDBLOCK ? 1 : -errno;
    (void)close(fd); /* gives it back */
    return code < 0 ? err_set(note, code, "lock %s: %s", path, err_text(code)) : code;
}

static int
is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* by bytes, whatever the locale */
}

/* Puts the names into one block: first the pointers, then the texts. NULL: no memory. */
static char **
copy_names(struct dirent *const *entries, size_t count)
{
    size_t size = (count + 1) * sizeof(char *);
    for (size_t i = 0; i < count; i++)
        size += strlen(entries[i]->d_name) + 1;
    char **names = malloc(size);
    if (!names)
        return NULL;
    char *text = (char *)(names + count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name) + 1;
        names[i] = memcpy(text, entries[i]->d_name, length);
        text += length;
    }
    names[count] = NULL;
    return names;
}

int
file_list(const char *path, struct file_list *ret_list, struct err_note *note)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_listed, compare_names);
    if (count < 0)
        return fail(note, "list", path);
    char **names = copy_names(entries, (size_t)count);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (!names)
        return err_set(note, -ENOMEM, "list %s: no memory", path);
    *ret_list = (struct file_list){ names, (size_t)count };
    return 0;
}

void
file_list_free(struct file_list *list)
{
    if (!list)
        return;
    free(list->names); /* and with them their texts */
    *list = (struct file_list){ 0 };
}

int
file_close_text(FILE *out, char **text)
{
    if (fclose(out) == 0 && *text)
        return 0;
    free(*text);
    *text = NULL;
    return -ENOMEM;
}
