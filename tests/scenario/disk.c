/* SPDX-License-Identifier: GPL-3.0-or-later
 * The disk's calls, as programs see them. */
#include "tests/scenario/disk_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { DISKS_MAX = 8, HANDLES_MAX = 256 };

struct handle {
    struct disk *disk; /* NULL: free */
    struct disk_node *node;
    uint64_t place; /* of disk_read_next */
};

static struct disk *disks[DISKS_MAX];
static struct handle handles[HANDLES_MAX];

/* ---- small things ---- */

uint64_t
disk_random(struct disk *disk, uint64_t below)
{
    uint64_t z = (disk->random += 0x9e3779b97f4a7c15ULL); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (z ^ (z >> 31)) % below;
}

void *
disk_grown(void *at, size_t size)
{
    void *grown = realloc(at, size);
    if (!grown)
        abort();
    return grown;
}

char *
disk_text(const char *text, size_t length)
{
    char *copy = disk_grown(NULL, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

struct disk_node *
disk_node_new(struct disk *disk, bool is_folder, mode_t mode)
{
    struct disk_node *node = disk_grown(NULL, sizeof *node);
    memset(node, 0, sizeof *node);
    node->is_folder = is_folder;
    node->mode = mode;
    node->next = disk->nodes;
    disk->nodes = node;
    return node;
}

/* ---- disks ---- */

struct disk *
disk_new(const char *mount, uint64_t seed)
{
    struct disk *disk = disk_grown(NULL, sizeof *disk);
    memset(disk, 0, sizeof *disk);
    disk->mount = mount;
    disk->mount_length = strlen(mount);
    disk->random = seed;
    disk->root = disk_node_new(disk, true, 0700);
    for (size_t i = 0; i < DISKS_MAX; i++) {
        if (!disks[i]) {
            disks[i] = disk;
            return disk;
        }
    }
    abort();
}

static void
forget_shared(struct disk_node *node)
{
    for (int i = 0; i < node->shared.region_count; i++)
        free(node->shared.regions[i]);
    free(node->shared.regions);
    memset(&node->shared, 0, sizeof node->shared);
}

void
disk_free(struct disk *disk)
{
    if (!disk)
        return;
    for (size_t i = 0; i < DISKS_MAX; i++)
        disks[i] = disks[i] == disk ? NULL : disks[i];
    for (struct disk_node *node = disk->nodes, *next; node; node = next) {
        next = node->next;
        forget_shared(node);
        free(node->now.at);
        free(node->kept.at);
        free(node->is_dirty);
        disk_names_done(&node->names);
        disk_names_done(&node->kept_names);
        free(node);
    }
    for (size_t i = 0; i < disk->change_count; i++)
        free(disk->changes[i].text);
    free(disk->changes);
    free(disk);
}

struct disk *
disk_of(const char *path)
{
    for (size_t i = 0; i < DISKS_MAX; i++) {
        size_t length = disks[i] ? disks[i]->mount_length : 0;
        if (length && strncmp(path, disks[i]->mount, length) == 0 &&
            (path[length] == '/' || path[length] == '\0'))
            return disks[i];
    }
    return NULL;
}

/* ---- faults ---- */

void
disk_plan(struct disk *disk, enum disk_fault fault, uint64_t calls, bool is_sticky)
{
    disk->plan = fault;
    disk->plan_at = disk->calls + calls;
    disk->plan_is_sticky = is_sticky;
    disk->plan_struck = false;
}

bool
disk_plan_struck(const struct disk *disk)
{
    return disk->plan_struck;
}

void
disk_crash(struct disk *disk, enum disk_fault fault)
{
    disk->is_down = true;
    disk->is_dying = false;
    disk->lost_power = fault == DISK_POWER_CUT;
}

bool
disk_is_down(const struct disk *disk)
{
    return disk->is_down;
}

void
disk_start(struct disk *disk)
{
    if (disk->is_down && disk->lost_power)
        disk_lose(disk);
    for (size_t i = 0; i < HANDLES_MAX; i++)
        if (handles[i].disk == disk)
            handles[i] = (struct handle){ 0 };
    for (struct disk_node *node = disk->nodes; node; node = node->next)
        forget_shared(node);
    disk->is_down = disk->is_dying = disk->lost_power = false;
}

void
disk_fill(struct disk *disk, bool is_full)
{
    disk->is_full = is_full;
}

uint64_t
disk_calls(const struct disk *disk)
{
    return disk->calls;
}

void
disk_lie(struct disk *disk, enum disk_lie lie)
{
    disk->lie = lie;
}

/* A call begins: 0, or the error it ends with. A write may be cut to *size bytes. */
static int
call_begin(struct disk *disk, bool needs_room, size_t *size)
{
    if (disk->is_down)
        return -EIO;
    disk->calls++;
    bool is_due = disk->plan_is_sticky ? disk->calls >= disk->plan_at
                                       : disk->calls >= disk->plan_at && !disk->plan_struck;
    bool fits = disk->plan == DISK_FULL    ? needs_room
                : disk->plan == DISK_SHORT ? size && *size > 1
                                           : true;
    if (disk->plan == DISK_SOUND || !is_due || !fits)
        return disk->is_full && needs_room ? -ENOSPC : 0;
    disk->plan_struck = true;
    switch (disk->plan) {
    case DISK_EIO:
        return -EIO;
    case DISK_FULL:
        return -ENOSPC;
    case DISK_SHORT:
        *size = 1 + disk_random(disk, *size - 1);
        return 0;
    case DISK_KILL:
    case DISK_POWER_CUT:
        disk->lost_power = disk->plan == DISK_POWER_CUT;
        disk->is_dying = true;
        if (disk_random(disk, 2) == 0) {
            disk_crash(disk, disk->plan);
            return -EIO;
        }
        if (size && *size > 1)
            *size = 1 + disk_random(disk, *size);
        return 0;
    case DISK_SOUND:
    default:
        return 0;
    }
}

/* A call ends with `result`, unless the machine does. */
static int64_t
call_end(struct disk *disk, int64_t result)
{
    if (!disk->is_dying)
        return disk->is_down ? -EIO : result;
    disk_crash(disk, disk->lost_power ? DISK_POWER_CUT : DISK_KILL);
    return -EIO;
}

/* ---- paths ---- */

/* The folder of a path, and its last part in name[]; for the mount itself the part is empty. */
static int
find_folder(struct disk *disk, const char *path, struct disk_node **ret_folder,
            char name[DISK_NAME_MAX + 1])
{
    struct disk_node *node = disk->root;
    const char *at = path + disk->mount_length;
    name[0] = '\0';
    while (*at == '/')
        at++;
    while (*at) {
        size_t length = strcspn(at, "/");
        if (length > DISK_NAME_MAX)
            return -ENAMETOOLONG;
        memcpy(name, at, length);
        name[length] = '\0';
        at += length;
        while (*at == '/')
            at++;
        if (!*at)
            break;
        node = disk_names_find(&node->names, name);
        if (!node)
            return -ENOENT;
        if (!node->is_folder)
            return -ENOTDIR;
    }
    *ret_folder = node;
    return 0;
}

static int
find_node(struct disk *disk, const char *path, struct disk_node **ret_node)
{
    char name[DISK_NAME_MAX + 1];
    struct disk_node *folder = NULL;
    int code = find_folder(disk, path, &folder, name);
    if (code)
        return code;
    *ret_node = name[0] ? disk_names_find(&folder->names, name) : folder;
    return *ret_node ? 0 : -ENOENT;
}

/* Gives or takes a name, and remembers that until the folder is synced. */
static void
change_name(struct disk *disk, struct disk_node *folder, const char *name, struct disk_node *node,
            size_t partner)
{
    disk_names_set(&folder->names, name, node);
    if (disk->change_count == disk->change_room) {
        disk->change_room = disk->change_room ? disk->change_room * 2 : 32;
        disk->changes = disk_grown(disk->changes, disk->change_room * sizeof *disk->changes);
    }
    disk->changes[disk->change_count++] =
        (struct disk_change){ folder, disk_text(name, strlen(name)), node, partner, false };
}

/* ---- files ---- */

static int
handle_for(struct disk *disk, struct disk_node *node)
{
    for (int i = 0; i < HANDLES_MAX; i++) {
        if (!handles[i].disk) {
            handles[i] = (struct handle){ disk, node, 0 };
            return i;
        }
    }
    abort(); /* somebody forgets to close */
}

static int
open_node(struct disk *disk, const char *path, int flags, mode_t mode)
{
    char name[DISK_NAME_MAX + 1];
    struct disk_node *folder = NULL;
    int code = find_folder(disk, path, &folder, name);
    if (code)
        return code;
    struct disk_node *node = name[0] ? disk_names_find(&folder->names, name) : folder;
    if (node && (flags & O_CREAT) && (flags & O_EXCL))
        return -EEXIST;
    if (node && (flags & O_DIRECTORY) && !node->is_folder)
        return -ENOTDIR;
    if (node && node->is_folder && (flags & O_ACCMODE) != O_RDONLY)
        return -EISDIR;
    if (!node && !(flags & O_CREAT))
        return -ENOENT;
    if (!node) {
        node = disk_node_new(disk, false, S_IFREG | mode);
        change_name(disk, folder, name, node, 0);
    }
    return handle_for(disk, node);
}

int
disk_open(struct disk *disk, const char *path, int flags, mode_t mode)
{
    struct disk_node *node = NULL;
    bool is_new = (flags & O_CREAT) && find_node(disk, path, &node) == -ENOENT;
    int code = call_begin(disk, is_new, NULL);
    int handle = code ? code : open_node(disk, path, flags, mode);
    code = (int)call_end(disk, handle);
    if (code < 0 && handle >= 0)
        disk_close(handle);
    return code;
}

void
disk_close(int handle)
{
    handles[handle] = (struct handle){ 0 };
}

int64_t
disk_read(int handle, void *bytes, size_t size, uint64_t at)
{
    struct handle *h = &handles[handle];
    int code = call_begin(h->disk, false, NULL);
    if (code)
        return code;
    const struct disk_bytes *now = &h->node->now;
    size_t there = at < now->size ? now->size - (size_t)at : 0;
    size_t n = size < there ? size : there;
    if (n)
        memcpy(bytes, now->at + at, n);
    return call_end(h->disk, (int64_t)n);
}

int64_t
disk_read_next(int handle, void *bytes, size_t size)
{
    int64_t n = disk_read(handle, bytes, size, handles[handle].place);
    handles[handle].place += n > 0 ? (uint64_t)n : 0;
    return n;
}

int64_t
disk_write(int handle, const void *bytes, size_t size, uint64_t at)
{
    struct handle *h = &handles[handle];
    size_t end = (size_t)at + size;
    int code = call_begin(h->disk, end > h->node->now.size, &size);
    if (code)
        return code;
    end = (size_t)at + size;
    if (end > h->node->now.size) {
        disk_bytes_resize(&h->node->now, end);
        h->node->size_is_dirty = true;
    }
    memcpy(h->node->now.at + at, bytes, size);
    disk_mark_dirty(h->node, (size_t)at, size);
    return call_end(h->disk, (int64_t)size);
}

int
disk_resize(int handle, uint64_t size, bool only_grow)
{
    struct handle *h = &handles[handle];
    struct disk_node *node = h->node;
    size_t before = node->now.size;
    int code = call_begin(h->disk, size > before, NULL);
    if (!code && size != before && (size > before || !only_grow)) {
        disk_bytes_resize(&node->now, (size_t)size);
        node->size_is_dirty = true;
        if (size < before)
            disk_mark_dirty(node, (size_t)size, before - (size_t)size);
    }
    return (int)call_end(h->disk, code);
}

int
disk_sync(int handle)
{
    struct handle *h = &handles[handle];
    struct disk *disk = h->disk;
    int code = call_begin(disk, false, NULL);
    if (h->node->is_folder) {
        if (!code && disk->lie != DISK_NO_FOLDER_SYNC)
            disk_keep_folder(disk, h->node);
    } else if (!code) {
        if (disk->lie != DISK_NO_FILE_SYNC)
            disk_keep_file(h->node);
    } else if (!disk->is_down) {
        disk_spoil_file(disk, h->node);
    }
    if (disk->lie == DISK_NO_SYNC_ERROR && !disk->is_down)
        code = 0;
    return (int)call_end(disk, code);
}

static void
fill_stat(const struct disk_node *node, struct stat *ret_stat)
{
    memset(ret_stat, 0, sizeof *ret_stat);
    ret_stat->st_mode = node->is_folder ? S_IFDIR | 0700 : node->mode;
    ret_stat->st_size = (off_t)node->now.size;
    ret_stat->st_nlink = 1;
}

int
disk_stat_handle(int handle, struct stat *ret_stat)
{
    struct handle *h = &handles[handle];
    int code = call_begin(h->disk, false, NULL);
    fill_stat(h->node, ret_stat);
    return (int)call_end(h->disk, code);
}

int
disk_set_mode(int handle, mode_t mode)
{
    struct handle *h = &handles[handle];
    int code = call_begin(h->disk, false, NULL);
    if (!code)
        h->node->mode = S_IFREG | mode;
    return (int)call_end(h->disk, code);
}

struct disk_shared *
disk_shared(int handle)
{
    return &handles[handle].node->shared;
}

/* ---- names ---- */

int
disk_stat(struct disk *disk, const char *path, struct stat *ret_stat)
{
    struct disk_node *node = NULL;
    int code = call_begin(disk, false, NULL);
    if (!code)
        code = find_node(disk, path, &node);
    if (!code)
        fill_stat(node, ret_stat);
    return (int)call_end(disk, code);
}

int
disk_make_folder(struct disk *disk, const char *path, mode_t mode)
{
    char name[DISK_NAME_MAX + 1];
    struct disk_node *folder = NULL, *there = NULL;
    int code = call_begin(disk, find_node(disk, path, &there) == -ENOENT, NULL);
    if (!code)
        code = find_folder(disk, path, &folder, name);
    if (!code && there)
        code = -EEXIST;
    if (!code)
        change_name(disk, folder, name, disk_node_new(disk, true, mode), 0);
    return (int)call_end(disk, code);
}

int
disk_remove(struct disk *disk, const char *path, bool is_folder)
{
    char name[DISK_NAME_MAX + 1];
    struct disk_node *folder = NULL, *node = NULL;
    int code = call_begin(disk, false, NULL);
    if (!code)
        code = find_node(disk, path, &node);
    if (!code)
        code = find_folder(disk, path, &folder, name);
    if (!code && node->is_folder != is_folder)
        code = is_folder ? -ENOTDIR : -EISDIR;
    if (!code && is_folder && node->names.count > 0)
        code = -ENOTEMPTY;
    if (!code)
        change_name(disk, folder, name, NULL, 0);
    return (int)call_end(disk, code);
}

static int
rename_node(struct disk *disk, const char *from, const char *to)
{
    char from_name[DISK_NAME_MAX + 1], to_name[DISK_NAME_MAX + 1];
    struct disk_node *from_folder = NULL, *to_folder = NULL, *node = NULL;
    int code = find_node(disk, from, &node);
    if (!code)
        code = find_folder(disk, from, &from_folder, from_name);
    if (!code)
        code = find_folder(disk, to, &to_folder, to_name);
    if (code)
        return code;
    struct disk_node *there = disk_names_find(&to_folder->names, to_name);
    if (there && (there->is_folder || node->is_folder))
        return there->is_folder && there->names.count > 0 ? -ENOTEMPTY : -ENOTDIR;
    change_name(disk, to_folder, to_name, node, 0);
    change_name(disk, from_folder, from_name, NULL, disk->change_count);
    return 0;
}

int
disk_rename(struct disk *disk, const char *from, const char *to)
{
    int code = call_begin(disk, false, NULL);
    if (!code)
        code = rename_node(disk, from, to);
    return (int)call_end(disk, code);
}

void
disk_put(struct disk *disk, const char *path, const void *bytes, size_t size)
{
    char name[DISK_NAME_MAX + 1];
    struct disk_node *folder = NULL;
    if (find_folder(disk, path, &folder, name))
        abort();
    struct disk_node *node = disk_node_new(disk, false, S_IFREG | 0644);
    disk_bytes_resize(&node->now, size);
    memcpy(node->now.at, bytes, size);
    disk_mark_dirty(node, 0, size);
    disk_keep_file(node);
    disk_names_set(&folder->names, name, node);
    disk_names_set(&folder->kept_names, name, node);
}

int
disk_list(struct disk *disk, const char *path, int (*each)(void *context, const char *name),
          void *context)
{
    struct disk_node *node = NULL;
    int code = call_begin(disk, false, NULL);
    if (!code)
        code = find_node(disk, path, &node);
    if (!code && !node->is_folder)
        code = -ENOTDIR;
    for (size_t i = 0; !code && i < node->names.count; i++)
        code = each(context, node->names.at[i].text);
    return (int)call_end(disk, code);
}
