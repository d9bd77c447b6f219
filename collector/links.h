/* SPDX-License-Identifier: GPL-3.0-or-later
 * Over which connections each key was heard lately: to tell a revoked key at once that it is out,
 * and the operator that a key is alive twice (a copied home, docs/protocol.md). A connection says
 * nothing about who it is; the key does. Knows no socket and no clock. */
#ifndef PACEWATCH_COLLECTOR_LINKS_H
#define PACEWATCH_COLLECTOR_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"

enum {
    LINKS_PER_KEY = 8,      /* connections remembered, those heard last */
    LINKS_TWICE_MS = 30000, /* what is still under way when a connection ends arrives sooner */
    LINKS_TOLD_MS =
        3600 * 1000, /* a key alive twice is told at most so often, and counts so long */
    LINKS_AUTHOR_MAX = 63,
    LINKS_PEER_MAX = 255
};

struct links;

struct links *links_new(void); /* NULL: out of memory */
void links_free(struct links *links);

/* Notes a message. True when it shows that the author is alive twice, and that was not told within
 * LINKS_TOLD_MS: it came over a connection although a newer one began LINKS_TWICE_MS ago. Without
 * memory nothing is noted. */
bool links_heard(struct links *links, const char *author, const uint8_t *peer, size_t peer_size,
                 struct mono_time now);

/* Forgets every author that `stays` says no to; `leave` is called with each of its connections
 * before. */
typedef bool links_stays_fn(void *context, const char *author);
typedef void links_leave_fn(void *context, const char *author, const uint8_t *peer,
                            size_t peer_size);
void links_sift(struct links *links, links_stays_fn *stays, links_leave_fn *leave, void *context);

/* How many keys were alive twice within the last LINKS_TOLD_MS. */
size_t links_twice(const struct links *links, struct mono_time now);

#endif
