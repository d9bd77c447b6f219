/* SPDX-License-Identifier: GPL-3.0-or-later
 * The last pictures drawn on one thread, by entity tag: what makes a page full of small graphs
 * fast. Bounded in number and bytes; the one unused longest goes first. */
#ifndef PACEWATCH_PAGES_PICTURE_CACHE_H
#define PACEWATCH_PAGES_PICTURE_CACHE_H

#include <stddef.h>

enum { PICTURE_CACHE_COUNT = 128, PICTURE_CACHE_BYTES = 8 << 20 };

struct picture_cache;

struct picture_cache *picture_cache_new(void); /* NULL: out of memory */
void picture_cache_free(struct picture_cache *cache);

/* The picture, which stays the cache's and is valid until the next put, or NULL. */
const char *picture_cache_get(struct picture_cache *cache, const char *tag, size_t *ret_size);

/* Keeps a copy. A picture too large or no memory: nothing is kept. */
void picture_cache_put(struct picture_cache *cache, const char *tag, const char *bytes,
                       size_t size);

#endif
