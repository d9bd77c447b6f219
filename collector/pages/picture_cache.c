/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/picture_cache.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/pages.h"

struct entry {
    char tag[ANSWER_TAG_MAX];
    char *bytes; /* NULL: free */
    size_t size;
    uint64_t used; /* turn of its last use */
};

struct picture_cache {
    struct entry entries[PICTURE_CACHE_COUNT];
    size_t bytes;
    uint64_t turn;
};

struct picture_cache *
picture_cache_new(void)
{
    return calloc(1, sizeof(struct picture_cache));
}

void
picture_cache_free(struct picture_cache *cache)
{
    for (size_t i = 0; cache && i < PICTURE_CACHE_COUNT; i++)
        free(cache->entries[i].bytes);
    free(cache);
}

const char *
picture_cache_get(struct picture_cache *cache, const char *tag, size_t *ret_size)
{
    for (size_t i = 0; i < PICTURE_CACHE_COUNT; i++) {
        struct entry *entry = &cache->entries[i];
        if (!entry->bytes || strcmp(entry->tag, tag) != 0)
            continue;
        entry->used = ++cache->turn;
        *ret_size = entry->size;
        return entry->bytes;
    }
    return NULL;
}

static void
drop(struct picture_cache *cache, struct entry *entry)
{
    cache->bytes -= entry->size;
    free(entry->bytes);
    *entry = (struct entry){ 0 };
}

/* The free entry, or the one unused longest. */
static struct entry *
oldest(struct picture_cache *cache)
{
    struct entry *found = &cache->entries[0];
    for (size_t i = 1; i < PICTURE_CACHE_COUNT; i++) {
        struct entry *entry = &cache->entries[i];
        if (!entry->bytes || (found->bytes && entry->used < found->used))
            found = entry;
    }
    return found;
}

/* The one unused longest that holds a picture, or NULL. */
static struct entry *
oldest_held(struct picture_cache *cache)
{
    struct entry *found = NULL;
    for (size_t i = 0; i < PICTURE_CACHE_COUNT; i++) {
        struct entry *entry = &cache->entries[i];
        if (entry->bytes && (!found || entry->used < found->used))
            found = entry;
    }
    return found;
}

void
picture_cache_put(struct picture_cache *cache, const char *tag, const char *bytes, size_t size)
{
    char *copy = size > 0 && size <= PICTURE_CACHE_BYTES && strlen(tag) < ANSWER_TAG_MAX
                     ? malloc(size)
                     : NULL;
    if (!copy)
        return;
    memcpy(copy, bytes, size);
    for (struct entry *old;
         cache->bytes + size > PICTURE_CACHE_BYTES && (old = oldest_held(cache)) != NULL;)
        drop(cache, old);
    struct entry *entry = oldest(cache);
    drop(cache, entry);
    memcpy(entry->tag, tag, strlen(tag) + 1);
    entry->bytes = copy;
    entry->size = size;
    entry->used = ++cache->turn;
    cache->bytes += size;
}
