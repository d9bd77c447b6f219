/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last pictures of one thread, by entity tag, and which requests they answered: what makes a
 * page full of small graphs fast. Bounded in number and bytes; the one unused longest goes first.
 * Behind it lies the store on disk (picture_store.h). */
#ifndef PACEWATCH_PAGES_PICTURE_CACHE_H
#define PACEWATCH_PAGES_PICTURE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PICTURE_CACHE_COUNT = 512,
    PICTURE_CACHE_BYTES = 8 << 20,
    PICTURE_KEY_MAX = 256,
};

struct picture_cache;

struct picture_cache *picture_cache_new(void); /* NULL: out of memory */
void picture_cache_free(struct picture_cache *cache);

/* The picture, which stays the cache's and is valid until the next put, or NULL. */
const char *picture_cache_get(struct picture_cache *cache, const char *tag, size_t *ret_size);

/* Keeps a copy. A picture too large or no memory: nothing is kept. */
void picture_cache_put(struct picture_cache *cache, const char *tag, const char *bytes,
                       size_t size);

/* All that may change the answer to a request. */
struct picture_stamp {
    int64_t position;  /* the ledger's */
    int64_t projected; /* how far the archives have come */
    int32_t today;     /* days */
};

/* Remembers that a request was answered with the picture of that tag; `type` is a constant. */
void picture_cache_remember(struct picture_cache *cache, const char *key,
                            const struct picture_stamp *stamp, const char *tag, const char *type);

/* The tag (ANSWER_TAG_MAX bytes) and type of that answer; false when there was none, or anything in
 * the stamp has changed. */
bool picture_cache_recall(const struct picture_cache *cache, const char *key,
                          const struct picture_stamp *stamp, char *ret_tag, const char **ret_type);

#endif
