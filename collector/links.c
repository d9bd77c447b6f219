/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/links.h"

#include <stdlib.h>
#include <string.h>

struct link {
    uint8_t peer[LINKS_PEER_MAX];
    size_t peer_size;
    int64_t began, heard; /* monotonic ms */
};

struct holder {
    char author[LINKS_AUTHOR_MAX + 1];
    struct link links[LINKS_PER_KEY];
    size_t count;
    bool was_twice;
    int64_t twice_at; /* when it was told last */
};

struct links {
    struct holder *holders; /* as many as keys were heard: the registry bounds them */
    size_t count, capacity;
};

struct links *
links_new(void)
{
    return calloc(1, sizeof(struct links));
}

void
links_free(struct links *links)
{
    if (!links)
        return;
    free(links->holders);
    free(links);
}

static struct holder *
holder_of(struct links *links, const char *author)
{
    for (size_t i = 0; i < links->count; i++)
        if (strcmp(links->holders[i].author, author) == 0)
            return &links->holders[i];
    if (strlen(author) > LINKS_AUTHOR_MAX)
        return NULL;
    if (links->count == links->capacity) {
        size_t capacity = links->capacity ? links->capacity * 2 : 16;
        struct holder *grown = realloc(links->holders, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        links->holders = grown;
        links->capacity = capacity;
    }
    struct holder *holder = &links->holders[links->count++];
    memset(holder, 0, sizeof *holder);
    memcpy(holder->author, author, strlen(author) + 1);
    return holder;
}

/* The connection's entry; a new one takes the place of the one that was silent for longest. */
static struct link *
link_of(struct holder *holder, const uint8_t *peer, size_t peer_size, int64_t now)
{
    struct link *oldest = &holder->links[0];
    for (size_t i = 0; i < holder->count; i++) {
        struct link *link = &holder->links[i];
        if (link->peer_size == peer_size && memcmp(link->peer, peer, peer_size) == 0)
            return link;
        if (link->heard < oldest->heard)
            oldest = link;
    }
    struct link *link = holder->count < LINKS_PER_KEY ? &holder->links[holder->count++] : oldest;
    memcpy(link->peer, peer, peer_size);
    link->peer_size = peer_size;
    link->began = now;
    return link;
}

bool
links_heard(struct links *links, const char *author, const uint8_t *peer, size_t peer_size,
            struct mono_time now)
{
    struct holder *holder = peer_size <= LINKS_PEER_MAX ? holder_of(links, author) : NULL;
    if (!holder)
        return false;
    struct link *link = link_of(holder, peer, peer_size, now.ms);
    link->heard = now.ms;
    bool is_twice = false;
    for (size_t i = 0; i < holder->count; i++)
        is_twice |= holder->links[i].began > link->began &&
                    now.ms - holder->links[i].began >= LINKS_TWICE_MS;
    if (!is_twice || (holder->was_twice && now.ms - holder->twice_at < LINKS_TOLD_MS))
        return false;
    holder->was_twice = true;
    holder->twice_at = now.ms;
    return true;
}

void
links_sift(struct links *links, links_stays_fn *stays, links_leave_fn *leave, void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < links->count; i++) {
        const struct holder *holder = &links->holders[i];
        if (stays(context, holder->author)) {
            if (kept < i)
                links->holders[kept] = *holder;
            kept++;
            continue;
        }
        for (size_t k = 0; k < holder->count; k++)
            leave(context, holder->author, holder->links[k].peer, holder->links[k].peer_size);
    }
    links->count = kept;
}

size_t
links_twice(const struct links *links, struct mono_time now)
{
    size_t count = 0;
    for (size_t i = 0; i < links->count; i++)
        count += links->holders[i].was_twice && now.ms - links->holders[i].twice_at < LINKS_TOLD_MS;
    return count;
}
