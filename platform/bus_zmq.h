/* SPDX-License-Identifier: GPL-3.0-or-later
 * What both ends of the bus do alike with libzmq. Private to bus_zmq*.c.
 *
 * Each bus object has a context of its own: the ZAP handler's address belongs to a context, so two
 * servers in one process (tests) need two. A program has one bus object, thus one context, made at
 * the start and ended at the end. */
#ifndef PACEWATCH_PLATFORM_BUS_ZMQ_H
#define PACEWATCH_PLATFORM_BUS_ZMQ_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zmq.h>

#include "core/err.h"

enum {
    BUS_EXTRA_MAX = 12, /* descriptors beside our sockets; zmq_poll is known to be sound up to 16 */
    BUS_CURVE_OVERHEAD =
        33, /* what CURVE adds to a message: ZMQ_MAXMSGSIZE counts the encrypted frame */
    BUS_ENDPOINT_MAX = 255
};

/* Notes "what: why" for zmq_errno and returns -errno, or ERR_LIBRARY for libzmq's own numbers. */
int bus_fail(struct err_note *note, const char *what);

/* Checks the library's version and abilities, seeds rand() (docs/libraries.md, Z-RAND), makes a
 * context. */
int bus_context_new(void **ret_context, struct err_note *note);

/* Sets an option, and reads it back where it can be read. */
int bus_set_int(void *socket, int option, int value, const char *name, struct err_note *note);
int bus_set_text(void *socket, int option, const char *value, const char *name,
                 struct err_note *note);

/* Options of every socket that speaks to the network: linger, sizes, marks, deadlines, heartbeats.
 */
int bus_set_common(void *socket, const char *endpoint, size_t message_max, struct err_note *note);

/* Is CURVE what the socket will speak? Read back, not believed. */
int bus_check_curve(void *socket, struct err_note *note);

/* The client's half of CURVE, and its routing id: 16 random bytes that do not start with 0
 * (libzmq's own ids do). */
int bus_set_curve_client(void *socket, const char *server_key, const char *public_key,
                         const char *secret_key, struct err_note *note);

/* A monitor's reading end for `socket`; it has no mark, so that libzmq never waits for us. */
int bus_monitor_open(void *context, void *socket, unsigned serial, void **ret_monitor,
                     struct err_note *note);

/* Takes the next event: true, or false when there is none. */
bool bus_monitor_next(void *monitor, uint16_t *ret_event, uint32_t *ret_value);

/* Closes monitor and socket; NULLs are accepted. */
void bus_socket_close(void *socket, void *monitor);

/* Waits for `sockets` (revents filled) and `extra` (poll(2) semantics). Returns 0, with revents
 * empty after a signal, or a negative code. */
int bus_poll(zmq_pollitem_t *sockets, size_t count, struct pollfd *extra, size_t extra_count,
             int timeout_ms);

/* Is one of them ready? */
bool bus_extra_is_ready(const struct pollfd *extra, size_t extra_count);

/* Milliseconds left of a wait that began at `start`; -1 without a limit. */
int bus_time_left(int64_t start_ms, int timeout_ms);

/* Reads away the rest of a message with too many parts. */
void bus_drain(void *socket);

#endif
