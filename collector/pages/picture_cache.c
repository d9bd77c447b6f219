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

/* A request that was answered. A key's hash says which place is its. */
struct request_entry {
    char key[PICTURE_KEY_MAX];
    char tag[ANSWER_TAG_MAX];
    const char *type;
    struct picture_stamp stamp;
};

struct picture_cache {
    struct entry entries[PICTURE_CACHE_COUNT];
    struct request_entry requests[PICTURE_CACHE_COUNT];
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

/* FNV-1a: spreads the keys, no more. */
static size_t
place_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return hash % PICTURE_CACHE_COUNT;
}

void
picture_cache_remember(struct picture_cache *cache, const char *key,
                       const struct picture_stamp *stamp, const char *tag, const char *type)
{
    struct request_entry *entry = &cache->requests[place_of(key)];
    if (strlen(key) >= PICTURE_KEY_MAX || strlen(tag) >= ANSWER_TAG_MAX)
        return;
    memcpy(entry->key, key, strlen(key) + 1);
    memcpy(entry->tag, tag, strlen(tag) + 1);
    entry->type = type;
    entry->stamp = *stamp;
}

bool
picture_cache_recall(const struct picture_cache *cache, const char *key,
                     const struct picture_stamp *stamp, char *ret_tag, const char **ret_type)
{
    const struct request_entry *entry = &cache->requests[place_of(key)];
    if (!entry->type || strcmp(entry->key, key) != 0 || entry->stamp.position != stamp->position ||
        entry->stamp.projected != stamp->projected || entry->stamp.today != stamp->today)
        return false;
    memcpy(ret_tag, entry->tag, strlen(entry->tag) + 1);
    *ret_type = entry->type;
    return true;
}
