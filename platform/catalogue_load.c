/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/catalogue_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/file.h"
#include "platform/hash.h"

enum { TABLE_SIZE_MAX = 8 * 1024 * 1024, MEMORY_START = 64 * 1024, MEMORY_MAX = 512 * 1024 * 1024 };

struct catalogue_store {
    void *memory; /* all the catalogue lies in it */
    const struct catalogue *catalogue;
    char version[HASH_HEX];
};

static void
free_tables(char *bytes[CAT_TABLE_COUNT])
{
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        free(bytes[i]);
}

/* Reads all tables; bytes[i] are the caller's to free, also after a failure. */
static int
read_tables(const char *folder, char *bytes[CAT_TABLE_COUNT],
            struct cat_source sources[CAT_TABLE_COUNT], size_t *ret_total, struct err_note *note)
{
    size_t total = 0;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++) {
        char path[FILE_PATH_MAX];
        if (file_join(path, folder, cat_table_file((enum cat_table)i)) < 0)
            return err_set(note, ERR_RANGE, "path too long");
        size_t size = 0;
        int rc = file_read(path, TABLE_SIZE_MAX, &bytes[i], &size, note);
        if (rc == -ENOENT && cat_table_is_optional((enum cat_table)i))
            rc = 0;
        if (rc < 0)
            return rc;
        sources[i] = (struct cat_source){ bytes[i], size };
        total += size;
    }
    *ret_total = total;
    return 0;
}

/* What `cat areas.csv units.csv ... | sha256sum` says. */
static int
hash_tables(const struct cat_source sources[CAT_TABLE_COUNT], size_t total, char version[HASH_HEX])
{
    uint8_t hash[HASH_SIZE], *all = malloc(total + 1);
    if (!all)
        return -ENOMEM;
    size_t at = 0;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++) {
        if (sources[i].size > 0)
            memcpy(all + at, sources[i].bytes, sources[i].size);
        at += sources[i].size;
    }
    hash_sha256(all, total, hash);
    (void)hash_hex(hash, sizeof hash, version);
    free(all);
    return 0;
}

/* Parses with twice the memory each time there was not enough. */
static int
parse_tables(const struct cat_source sources[CAT_TABLE_COUNT], size_t total,
             struct catalogue_store *store, struct err_note *note)
{
    for (size_t size = MEMORY_START + 4 * total; size <= MEMORY_MAX; size *= 2) {
        store->memory = malloc(size);
        if (!store->memory)
            return err_set(note, -ENOMEM, "no memory");
        int rc = catalogue_parse(sources, store->memory, size, &store->catalogue, note);
        if (rc != ERR_FULL)
            return rc;
        free(store->memory);
        store->memory = NULL;
    }
    return err_set(note, ERR_FULL, "tables too large");
}

int
catalogue_load(const char *folder, struct catalogue_store **ret_store, struct err_note *note)
{
    char *bytes[CAT_TABLE_COUNT] = { NULL };
    struct cat_source sources[CAT_TABLE_COUNT] = { { 0 } };
    size_t total = 0;
    struct catalogue_store *store = calloc(1, sizeof *store);
    if (!store)
        return err_set(note, -ENOMEM, "catalogue %s: no memory", folder);
    int rc = read_tables(folder, bytes, sources, &total, note);
    if (rc == 0)
        rc = parse_tables(sources, total, store, note);
    if (rc == 0 && hash_tables(sources, total, store->version) < 0)
        rc = err_set(note, -ENOMEM, "no memory");
    free_tables(bytes);
    if (rc < 0) {
        catalogue_free(store);
        return err_prefix(note, rc, "catalogue %s", folder);
    }
    *ret_store = store;
    return 0;
}

int
catalogue_copy(const char *from_folder, const char *to_folder, struct err_note *note)
{
    int rc = 0;
    for (int i = 0; rc == 0 && i < CAT_TABLE_COUNT; i++) {
        const char *name = cat_table_file((enum cat_table)i);
        char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
        char *bytes = NULL;
        size_t size = 0;
        if (file_join(from, from_folder, name) < 0 || file_join(to, to_folder, name) < 0)
            return err_set(note, ERR_RANGE, "path too long");
        rc = file_read(from, TABLE_SIZE_MAX, &bytes, &size, note);
        if (rc == -ENOENT && cat_table_is_optional((enum cat_table)i))
            rc = file_remove(to, note);
        else if (rc == 0)
            rc = file_write(to, bytes, size, 0644, note);
        free(bytes);
    }
    return rc;
}

void
catalogue_free(struct catalogue_store *store)
{
    if (!store)
        return;
    free(store->memory);
    free(store);
}

const struct catalogue *
catalogue_of(const struct catalogue_store *store)
{
    return store->catalogue;
}

const char *
catalogue_version(const struct catalogue_store *store)
{
    return store->version;
}
