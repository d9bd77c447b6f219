/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures kept on disk, in SITE/cache/, by entity tag: shared by all page threads, there again
 * after a restart, and free to be removed at any time.
 *
 * There are PICTURE_SLOTS files; a tag's hash says which is its. A new picture takes the place of
 * whatever was there, so the folder is bounded without anybody counting. A file is
 *
 *     "PWP1" | u32 size of the tag | u32 size of the picture | BLAKE2b-256 | tag | picture
 *
 * with numbers little-endian and the hash over tag and picture: what a crash, a full disk or
 * another thread left half done is not found. */
#ifndef PACEWATCH_PAGES_PICTURE_STORE_H
#define PACEWATCH_PAGES_PICTURE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/site.h"

enum { PICTURE_SLOTS = 4096, PICTURE_STORED_MAX = 64 * 1024 };

/* The picture of that tag; the caller frees *ret_bytes. False: none is kept. */
bool picture_store_get(const struct site *site, const char *tag, char **ret_bytes,
                       size_t *ret_size);

/* Keeps a picture of at most PICTURE_STORED_MAX bytes. Not synced; where it cannot be written
 * nothing is kept. */
void picture_store_put(const struct site *site, const char *tag, const char *bytes, size_t size);

#endif
