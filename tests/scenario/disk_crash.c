/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a disk keeps, what a crash makes of it, and images of it. */
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/disk_private.h"

/* ---- bytes ---- */

void
disk_bytes_resize(struct disk_bytes *bytes, size_t size)
{
    if (size > bytes->room) {
        size_t room = bytes->room ? bytes->room : 4096;
        while (room < size)
            room *= 2;
        bytes->at = disk_grown(bytes->at, room);
        memset(bytes->at + bytes->room, 0, room - bytes->room);
        bytes->room = room;
    }
    if (size < bytes->size)
        memset(bytes->at + size, 0, bytes->size - size);
    bytes->size = size;
}

void
disk_mark_dirty(struct disk_node *node, size_t at, size_t size)
{
    if (size == 0)
        return;
    size_t first = at / DISK_SECTOR, last = (at + size - 1) / DISK_SECTOR;
    if (last >= node->dirty_room) {
        size_t room = node->dirty_room ? node->dirty_room : 64;
        while (room <= last)
            room *= 2;
        node->is_dirty = disk_grown(node->is_dirty, room);
        memset(node->is_dirty + node->dirty_room, 0, room - node->dirty_room);
        node->dirty_room = room;
    }
    memset(node->is_dirty + first, 1, last - first + 1);
}

/* A sector as it is now goes to the platter, as far as the file there reaches. */
static void
keep_sector(struct disk_node *node, size_t sector)
{
    size_t at = sector * DISK_SECTOR;
    if (at >= node->kept.size)
        return;
    size_t size = node->kept.size - at < DISK_SECTOR ? node->kept.size - at : DISK_SECTOR;
    size_t there = at < node->now.size ? node->now.size - at : 0;
    size_t n = size < there ? size : there;
    if (n)
        memcpy(node->kept.at + at, node->now.at + at, n);
    memset(node->kept.at + at + n, 0, size - n);
}

static void
clean(struct disk_node *node)
{
    if (node->is_dirty)
        memset(node->is_dirty, 0, node->dirty_room);
    node->size_is_dirty = false;
}

void
disk_keep_file(struct disk_node *node)
{
    disk_bytes_resize(&node->kept, node->now.size);
    for (size_t i = 0; i < node->dirty_room; i++)
        if (node->is_dirty[i])
            keep_sector(node, i);
    clean(node);
}

void
disk_spoil_file(struct disk *disk, struct disk_node *node)
{
    if (node->size_is_dirty && node->now.size > node->kept.size)
        disk_bytes_resize(&node->kept, node->now.size); /* the inode went, its blocks did not */
    for (size_t i = 0; i < node->dirty_room; i++) {
        if (!node->is_dirty[i] || disk_random(disk, 4) == 0)
            continue;
        if (disk_random(disk, 2) == 0)
            keep_sector(node, i);
        node->is_dirty[i] = 0; /* kept or not, it will not be written again */
    }
}

/* ---- names ---- */

static size_t
names_place(const struct disk_names *names, const char *text)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->at[i].text, text) != 0)
        i++;
    return i;
}

struct disk_node *
disk_names_find(const struct disk_names *names, const char *text)
{
    size_t i = names_place(names, text);
    return i < names->count ? names->at[i].node : NULL;
}

void
disk_names_set(struct disk_names *names, const char *text, struct disk_node *node)
{
    size_t i = names_place(names, text);
    if (!node) {
        if (i == names->count)
            return;
        free(names->at[i].text);
        names->count--;
        memmove(names->at + i, names->at + i + 1, (names->count - i) * sizeof *names->at);
        return;
    }
    if (i == names->count) {
        if (names->count == names->room) {
            names->room = names->room ? names->room * 2 : 16;
            names->at = disk_grown(names->at, names->room * sizeof *names->at);
        }
        names->at[names->count++].text = disk_text(text, strlen(text));
    }
    names->at[i].node = node;
}

void
disk_names_done(struct disk_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->at[i].text);
    free(names->at);
    memset(names, 0, sizeof *names);
}

static void
names_copy(struct disk_names *to, const struct disk_names *from)
{
    disk_names_done(to);
    for (size_t i = 0; i < from->count; i++)
        disk_names_set(to, from->at[i].text, from->at[i].node);
}

/* ---- changes of names ---- */

static void
keep_change(struct disk *disk, struct disk_change *change)
{
    if (change->is_kept)
        return;
    if (change->partner) /* a name is never lost from both folders */
        keep_change(disk, &disk->changes[change->partner - 1]);
    change->is_kept = true;
    disk_names_set(&change->folder->kept_names, change->text, change->node);
}

/* Forgets the changes when all of them are kept: they count from the front. */
static void
forget_changes(struct disk *disk, bool even_if_not_kept)
{
    for (size_t i = 0; i < disk->change_count && !even_if_not_kept; i++)
        if (!disk->changes[i].is_kept)
            return;
    for (size_t i = 0; i < disk->change_count; i++)
        free(disk->changes[i].text);
    disk->change_count = 0;
}

void
disk_keep_folder(struct disk *disk, struct disk_node *node)
{
    for (size_t i = 0; i < disk->change_count; i++)
        if (disk->changes[i].folder == node)
            keep_change(disk, &disk->changes[i]);
    forget_changes(disk, false);
}

/* ---- a power cut ---- */

enum tale { ALL_LOST, ALL_KEPT, SOME_KEPT };

static void
lose_file(struct disk *disk, struct disk_node *node, enum tale tale)
{
    if (node->size_is_dirty &&
        (tale == ALL_KEPT || (tale == SOME_KEPT && disk_random(disk, 2) == 0)))
        disk_bytes_resize(&node->kept, node->now.size);
    for (size_t i = 0; i < node->dirty_room; i++)
        if (node->is_dirty[i] &&
            (tale == ALL_KEPT || (tale == SOME_KEPT && disk_random(disk, 2) == 0)))
            keep_sector(node, i);
    clean(node);
    disk_bytes_resize(&node->now, node->kept.size);
    if (node->kept.size)
        memcpy(node->now.at, node->kept.at, node->kept.size);
}

/* In each folder the changes are kept up to one that is not. Within a folder a move is one change.
 */
static void
lose_changes(struct disk *disk, enum tale tale)
{
    for (size_t i = 0; i < disk->change_count; i++) {
        struct disk_change *change = &disk->changes[i];
        const struct disk_change *half =
            change->partner ? &disk->changes[change->partner - 1] : NULL;
        bool is_lost = tale == ALL_LOST || (tale == SOME_KEPT && disk_random(disk, 4) == 0);
        if (half && (half->folder == change->folder || !half->is_kept))
            is_lost = !half->is_kept;
        if (!change->is_kept && is_lost)
            change->folder->is_cut = true;
        if (!change->folder->is_cut)
            keep_change(disk, change);
    }
    forget_changes(disk, true);
}

void
disk_lose(struct disk *disk)
{
    enum tale tale = (enum tale)disk_random(disk, 3);
    lose_changes(disk, tale);
    for (struct disk_node *node = disk->nodes; node; node = node->next) {
        node->is_cut = false;
        if (node->is_folder)
            names_copy(&node->names, &node->kept_names);
        else
            lose_file(disk, node, tale);
    }
}

/* ---- images ---- */

struct disk_image {
    struct disk_image *next; /* in the folder */
    char *name;
    bool is_folder;
    mode_t mode;
    struct disk_bytes bytes;
    struct disk_image *inside;
};

static struct disk_image *
image_of(const struct disk_node *node, const char *name)
{
    struct disk_image *image = disk_grown(NULL, sizeof *image);
    memset(image, 0, sizeof *image);
    image->name = disk_text(name, strlen(name));
    image->is_folder = node->is_folder;
    image->mode = node->mode;
    disk_bytes_resize(&image->bytes, node->now.size);
    if (node->now.size)
        memcpy(image->bytes.at, node->now.at, node->now.size);
    struct disk_image **end = &image->inside;
    for (size_t i = 0; i < node->names.count; i++) {
        *end = image_of(node->names.at[i].node, node->names.at[i].text);
        end = &(*end)->next;
    }
    return image;
}

struct disk_image *
disk_save(struct disk *disk)
{
    return image_of(disk->root, "");
}

static void
put_inside(struct disk *disk, struct disk_node *folder, const struct disk_image *inside)
{
    for (const struct disk_image *image = inside; image; image = image->next) {
        struct disk_node *node = disk_node_new(disk, image->is_folder, image->mode);
        disk_bytes_resize(&node->now, image->bytes.size);
        disk_bytes_resize(&node->kept, image->bytes.size);
        if (image->bytes.size) {
            memcpy(node->now.at, image->bytes.at, image->bytes.size);
            memcpy(node->kept.at, image->bytes.at, image->bytes.size);
        }
        put_inside(disk, node, image->inside);
        disk_names_set(&folder->names, image->name, node);
        disk_names_set(&folder->kept_names, image->name, node);
    }
}

void
disk_put_back(struct disk *disk, const struct disk_image *image)
{
    forget_changes(disk, true);
    disk_names_done(&disk->root->names);
    disk_names_done(&disk->root->kept_names);
    put_inside(disk, disk->root, image->inside);
    disk->lost_power = false;
}

void
disk_image_free(struct disk_image *image)
{
    for (struct disk_image *next; image; image = next) {
        next = image->next;
        disk_image_free(image->inside);
        free(image->bytes.at);
        free(image->name);
        free(image);
    }
}
