/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose message is next: what the bus has delivered waits here, a queue for each key, and the keys
 * are served one message each in turn. So a backlog of one district delays another's message by at
 * most one message of each key that waits. What may wait is bounded, for a key and in all; what is
 * beyond is dropped and counted, and comes again from its agent. Knows no socket and no clock. */
#ifndef PACEWATCH_COLLECTOR_TURNS_H
#define PACEWATCH_COLLECTOR_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TURNS_KEYS_MAX = 1024,      /* keys that wait at once */
    TURNS_PER_KEY = 32,         /* messages of a key: twice what its credit allows */
    TURNS_BYTES_MAX = 64 << 20, /* of all messages that wait */
    TURNS_AUTHOR_MAX = 63,
    TURNS_PEER_MAX = 255
};

struct turns;

/* `bytes_max` is TURNS_BYTES_MAX but in tests. NULL: out of memory. */
struct turns *turns_new(size_t bytes_max);
void turns_free(struct turns *turns);

/* Puts a copy of the message at the end of its author's queue. Where all that waits would be more
 * than the bound, the longest queue (in bytes) gives up its newest. False: this one was dropped. */
bool turns_add(struct turns *turns, const char *author, const uint8_t *peer, size_t peer_size,
               const uint8_t *bytes, size_t size);

struct turns_message {
    const char *author;
    const uint8_t *peer;
    size_t peer_size;
    const uint8_t *bytes;
    size_t size;
};

/* Takes the next one, of the key whose turn it is; what it points to is valid until the next call
 * on `turns`. False: nothing waits. */
bool turns_next(struct turns *turns, struct turns_message *ret_message);

/* Drops what waits of an author, uncounted. */
void turns_forget(struct turns *turns, const char *author);

size_t turns_waiting(const struct turns *turns); /* messages */
uint64_t turns_dropped(const struct turns *turns);

/* How many messages a key may have under way now: an equal share of the bound for each key that
 * waits, between 1 and `most`, where a message has at most `message_max` bytes. */
uint32_t turns_credit(const struct turns *turns, size_t message_max, uint32_t most);

#endif
