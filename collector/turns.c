/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/turns.h"

#include <stdlib.h>
#include <string.h>

struct waiting {
    size_t peer_size;
    size_t size;
    uint8_t peer[TURNS_PEER_MAX];
    uint8_t bytes[];
};

/* The messages of one key, a ring; free for another key while it is empty. */
struct queue {
    char author[TURNS_AUTHOR_MAX + 1];
    struct waiting *ring[TURNS_PER_KEY];
    size_t first, count;
    size_t bytes;
};

struct turns {
    struct queue queues[TURNS_KEYS_MAX];
    size_t used; /* queues that were ever used */
    size_t turn; /* the queue to be asked first */
    size_t bytes, bytes_max;
    size_t waiting, keys; /* messages, and queues that are not empty */
    uint64_t dropped;
    struct waiting *taken; /* what turns_next gave last */
    char taken_author[TURNS_AUTHOR_MAX + 1];
};

struct turns *
turns_new(size_t bytes_max)
{
    struct turns *turns = calloc(1, sizeof *turns);
    if (turns)
        turns->bytes_max = bytes_max;
    return turns;
}

static void
count_out(struct turns *turns, struct queue *queue, const struct waiting *message)
{
    queue->count--;
    queue->bytes -= message->size;
    turns->bytes -= message->size;
    turns->waiting--;
    turns->keys -= queue->count == 0;
}

static struct waiting *
take_oldest(struct turns *turns, struct queue *queue)
{
    struct waiting *message = queue->ring[queue->first];
    queue->first = (queue->first + 1) % TURNS_PER_KEY;
    count_out(turns, queue, message);
    return message;
}

static void
drop_newest(struct turns *turns, struct queue *queue)
{
    struct waiting *message = queue->ring[(queue->first + queue->count - 1) % TURNS_PER_KEY];
    count_out(turns, queue, message);
    turns->dropped++;
    free(message);
}

static void
empty(struct turns *turns, struct queue *queue)
{
    while (queue->count > 0)
        free(take_oldest(turns, queue));
}

void
turns_free(struct turns *turns)
{
    if (!turns)
        return;
    for (size_t i = 0; i < turns->used; i++)
        empty(turns, &turns->queues[i]);
    free(turns->taken);
    free(turns);
}

/* The author's queue if something waits in it, else an empty one for it; NULL when there is none.
 */
static struct queue *
queue_of(struct turns *turns, const char *author)
{
    struct queue *free_one = NULL;
    for (size_t i = 0; i < turns->used; i++) {
        struct queue *queue = &turns->queues[i];
        if (queue->count > 0 && strcmp(queue->author, author) == 0)
            return queue;
        if (queue->count == 0 && !free_one)
            free_one = queue;
    }
    if (!free_one && turns->used < TURNS_KEYS_MAX)
        free_one = &turns->queues[turns->used++];
    if (free_one)
        memcpy(free_one->author, author, strlen(author) + 1);
    return free_one;
}

/* Makes room for `size` bytes of `queue`: false when that queue itself is the longest. */
static bool
make_room(struct turns *turns, const struct queue *queue, size_t size)
{
    while (turns->bytes + size > turns->bytes_max) {
        struct queue *longest = NULL;
        for (size_t i = 0; i < turns->used; i++)
            if (turns->queues[i].count > 0 && (!longest || turns->queues[i].bytes > longest->bytes))
                longest = &turns->queues[i];
        if (!longest || longest->bytes <= queue->bytes + size)
            return false;
        drop_newest(turns, longest);
    }
    return true;
}

bool
turns_add(struct turns *turns, const char *author, const uint8_t *peer, size_t peer_size,
          const uint8_t *bytes, size_t size)
{
    struct queue *queue = strlen(author) <= TURNS_AUTHOR_MAX ? queue_of(turns, author) : NULL;
    struct waiting *message = NULL;
    if (queue && queue->count < TURNS_PER_KEY && peer_size <= TURNS_PEER_MAX &&
        make_room(turns, queue, size))
        message = malloc(sizeof *message + size);
    if (!message) {
        turns->dropped++;
        return false;
    }
    message->peer_size = peer_size;
    message->size = size;
    memcpy(message->peer, peer, peer_size);
    if (size > 0)
        memcpy(message->bytes, bytes, size);
    queue->ring[(queue->first + queue->count) % TURNS_PER_KEY] = message;
    turns->keys += queue->count == 0;
    queue->count++;
    queue->bytes += size;
    turns->bytes += size;
    turns->waiting++;
    return true;
}

bool
turns_next(struct turns *turns, struct turns_message *ret_message)
{
    free(turns->taken);
    turns->taken = NULL;
    for (size_t i = 0; i < turns->used && !turns->taken; i++) {
        struct queue *queue = &turns->queues[turns->turn];
        turns->turn = (turns->turn + 1) % turns->used;
        if (queue->count == 0)
            continue;
        memcpy(turns->taken_author, queue->author, sizeof turns->taken_author);
        turns->taken = take_oldest(turns, queue);
    }
    if (!turns->taken)
        return false;
    *ret_message =
        (struct turns_message){ turns->taken_author, turns->taken->peer, turns->taken->peer_size,
                                turns->taken->bytes, turns->taken->size };
    return true;
}

void
turns_forget(struct turns *turns, const char *author)
{
    for (size_t i = 0; i < turns->used; i++)
        if (strcmp(turns->queues[i].author, author) == 0)
            empty(turns, &turns->queues[i]);
}

size_t
turns_waiting(const struct turns *turns)
{
    return turns->waiting;
}

uint64_t
turns_dropped(const struct turns *turns)
{
    return turns->dropped;
}

uint32_t
turns_credit(const struct turns *turns, size_t message_max, uint32_t most)
{
    size_t share = turns->bytes_max / message_max / (turns->keys > 0 ? turns->keys : 1);
    return share < 1 ? 1 : share < most ? (uint32_t)share : most;
}
