/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a disk is made of; shared by disk.c (calls) and disk_crash.c (what a crash keeps). */
#ifndef PACEWATCH_TESTS_SCENARIO_DISK_PRIVATE_H
#define PACEWATCH_TESTS_SCENARIO_DISK_PRIVATE_H

#include "tests/scenario/disk.h"

enum { DISK_SECTOR = 512, DISK_NAME_MAX = 255 };

struct disk_bytes {
    uint8_t *at;
    size_t size, room; /* behind `size` come zeros up to `room` */
};

struct disk_name {
    char *text;
    struct disk_node *node;
};

struct disk_names {
    struct disk_name *at;
    size_t count, room;
};

/* A file or folder, as programs see it and as the platter has it. Nodes live as long as their disk.
 */
struct disk_node {
    bool is_folder;
    mode_t mode;
    struct disk_bytes now, kept; /* of a file */
    uint8_t *is_dirty;           /* for each sector: written since the last sync */
    size_t dirty_room;
    bool size_is_dirty;
    struct disk_names names, kept_names; /* of a folder */
    bool is_cut;                         /* while a crash decides */
    struct disk_shared shared;
    struct disk_node *next; /* of the disk's nodes */
};

/* A name given or taken in a folder, not yet synced. */
struct disk_change {
    struct disk_node *folder;
    char *text;
    struct disk_node *node; /* NULL: the name goes */
    size_t partner;         /* a removal that is half of a move: 1 + the number of the other half */
    bool is_kept;
};

struct disk {
    const char *mount;
    size_t mount_length;
    uint64_t random;
    struct disk_node *root, *nodes;
    struct disk_change *changes;
    size_t change_count, change_room;
    enum disk_fault plan;
    uint64_t plan_at, calls;
    bool plan_is_sticky, plan_struck;
    bool is_full, is_down, is_dying; /* dying: goes down at the end of this call */
    bool lost_power;                 /* at that crash */
    enum disk_lie lie;
};

uint64_t disk_random(struct disk *disk, uint64_t below);

void *disk_grown(void *at, size_t size); /* realloc that aborts */
char *disk_text(const char *text, size_t length);

struct disk_node *disk_node_new(struct disk *disk, bool is_folder, mode_t mode);
void disk_bytes_resize(struct disk_bytes *bytes, size_t size);
void disk_mark_dirty(struct disk_node *node, size_t at, size_t size);

struct disk_node *disk_names_find(const struct disk_names *names, const char *text);
void disk_names_set(struct disk_names *names, const char *text, struct disk_node *node);
void disk_names_done(struct disk_names *names);

/* Everything dirty of a file, or every change of a folder, is kept from now on. */
void disk_keep_file(struct disk_node *node);
void disk_keep_folder(struct disk *disk, struct disk_node *node);

/* A sync failed: some of what it should have kept is neither kept nor dirty any more. */
void disk_spoil_file(struct disk *disk, struct disk_node *node);

/* The power is back: what was not kept is gone. */
void disk_lose(struct disk *disk);

#endif
