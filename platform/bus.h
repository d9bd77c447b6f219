/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bus: ZeroMQ DEALER (agent) and ROUTER (collector) over CURVE, with ZAP. It moves bytes and
 * promises nothing: delivery is the protocol's business (docs/protocol.md). What docs/libraries.md
 * says of ZeroMQ is done in bus_zmq.c and nowhere else. A bus
 * object belongs to the thread that opened it. Messages are one body part, at most WIRE_MESSAGE_MAX
 * bytes. */
#ifndef PACEWATCH_PLATFORM_BUS_H
#define PACEWATCH_PLATFORM_BUS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "platform/keys.h"

enum { BUS_PEER_MAX = 255, BUS_AUTHOR_MAX = 63 };

/* ---- collector's side ---- */

/* Asked at each handshake: may this public key (Z85) come in? Returns true and writes the author
 * (the key's id in the registry,
 * <= BUS_AUTHOR_MAX bytes) that every message of the connection will carry. Runs on the bus's own
 * thread. */
typedef bool bus_admit_fn(void *context, const char *public_key,
                          char ret_author[BUS_AUTHOR_MAX + 1]);

struct bus_server;

struct bus_server_settings {
    const char *endpoint; /* tcp://127.0.0.1:5670; port 0 or '*' picks one */
    const struct key_pair *keys;
    size_t message_max; /* bytes of a message part; larger ones end the connection */
    bus_admit_fn *admit;
    void *context;
    const char
        *next_endpoint; /* NULL: none; else a second entrance, with the key that comes next */
    const struct key_pair *next_keys;
};

/* The ZAP handler has no thread of its own that could die unseen: bus_server_wait answers it, on
 * the thread that takes the messages. While nobody waits, nobody comes in.
 *
 * Opens: the ZAP handler is bound first, enforcement and the domain are read back, then the socket
 * is bound, then a connection with a fresh unregistered key must be refused (self-test). Any doubt
 * is an error. */
int bus_server_open(const struct bus_server_settings *settings, struct bus_server **ret_server,
                    struct err_note *note);
void bus_server_close(struct bus_server *server);

/* The endpoint really bound, and that of the second entrance, or "". */
const char *bus_server_endpoint(const struct bus_server *server);
const char *bus_server_next_endpoint(const struct bus_server *server);

/* Waits until a message can be received, one of `extra` descriptors is ready (poll(2) semantics,
 * revents filled), or the time is over. Answers ZAP requests meanwhile. Returns 1 if messages may
 * be there, 0 if not, or a negative code. timeout_ms -1: no limit. */
int bus_server_wait(struct bus_server *server, struct pollfd *extra, size_t extra_count,
                    int timeout_ms);

/* Starts the self-test of the opening anew, against the running server: bus_server_wait carries it
 * on and returns when it is over. Nothing else waits for it. Not while one is under way. */
int bus_server_test(struct bus_server *server, struct err_note *note);

/* What came of the last self-test: 1 the stranger was refused, 0 it is still under way, or a
 * negative code: ERR_REFUSED when an unregistered key was let in, ERR_TIMEOUT when nobody said
 * anything to it. */
int bus_server_test_result(const struct bus_server *server, struct err_note *note);

struct bus_message {
    uint8_t peer[BUS_PEER_MAX]; /* where an answer goes; says nothing about who it is */
    size_t peer_size;
    char author[BUS_AUTHOR_MAX +
                1];       /* from the body frame's User-Id: the key's id in the registry */
    bool is_next;         /* it came in by the second entrance */
    const uint8_t *bytes; /* valid until the next call on this server */
    size_t size;
};

/* Takes the next message if there is one: 1, 0, or a negative code. Messages with more than one
 * body part, or without an author, are dropped and counted. */
int bus_server_receive(struct bus_server *server, struct bus_message *ret_message);

/* Sends without waiting; an unreachable or slow peer loses it (it will ask again). Returns 0 or a
 * negative code for the counters. */
int bus_server_send(struct bus_server *server, const uint8_t *peer, size_t peer_size,
                    const uint8_t *bytes, size_t size);

struct bus_server_counts {
    uint64_t admitted, refused, received, sent, dropped_parts, dropped_author, unreachable;
};
struct bus_server_counts bus_server_count(const struct bus_server *server);

/* ---- agent's side ---- */

struct bus_client;

struct bus_client_settings {
    const char *endpoint;
    const char *server_key; /* Z85 public key of the collector */
    const struct key_pair *keys;
    size_t message_max;
};

enum bus_link {
    BUS_CONNECTING,   /* no connection yet */
    BUS_READY,        /* handshake done */
    BUS_REFUSED,      /* the collector does not know our key (ZAP 400): open again later */
    BUS_WRONG_SERVER, /* handshake failed without words: most often the collector's key is not the
                         one we were given */
    BUS_LOST          /* was ready, connection gone; the library reconnects */
};

const char *bus_link_text(enum bus_link link); /* English words for status and log */

int bus_client_open(const struct bus_client_settings *settings, struct bus_client **ret_client,
                    struct err_note *note);
void bus_client_close(struct bus_client *client);

/* Replaces the connection by a new one with a new routing id (after refusal or silence). */
int bus_client_reopen(struct bus_client *client, struct err_note *note);

/* As bus_server_wait; the link's state is brought up to date meanwhile. Returns 1 if something may
 * be received or the link's state changed. */
int bus_client_wait(struct bus_client *client, struct pollfd *extra, size_t extra_count,
                    int timeout_ms);

enum bus_link bus_client_link(const struct bus_client *client);

/* Takes the next message: 1, 0 or a negative code. The bytes are valid until the next call on this
 * client. */
int bus_client_receive(struct bus_client *client, const uint8_t **ret_bytes, size_t *ret_size);

/* Sends without waiting: 0, -EAGAIN when there is no connection or it is full, or another negative
 * code. */
int bus_client_send(struct bus_client *client, const uint8_t *bytes, size_t size);

#endif
