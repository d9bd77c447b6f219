/* SPDX-License-Identifier: GPL-3.0-or-later
 * One server and some clients in one thread, turned until something is so. Every wait has a
 * deadline, nothing sleeps. */
#ifndef PACEWATCH_TESTS_UNIT_PLATFORM_BUS_PUMP_H
#define PACEWATCH_TESTS_UNIT_PLATFORM_BUS_PUMP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/bus.h"

enum { PUMP_CLIENTS = 3, PUMP_MESSAGE_MAX = 4096, PUMP_DEADLINE_MS = 20000 };

struct pump {
    struct key_pair server_keys;
    struct key_pair keys[PUMP_CLIENTS];
    bool is_registered[PUMP_CLIENTS]; /* the author of client i is "district-i" */
    bool is_open;                     /* for tests that let everybody in */
    struct bus_server *server;
    struct bus_client *clients[PUMP_CLIENTS];
    char endpoint[256];
};

/* cmocka fixture: *state is a pump with a server on a free port of loopback and no client; all keys
 * registered. */
int pump_setup(void **state);
int pump_teardown(void **state);

bool pump_admit(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1]);

/* Opens the server on an endpoint; fails the test when that fails. */
void pump_open_server(struct pump *pump, const char *endpoint);

/* Opens client i with the server's true key. */
void pump_open_client(struct pump *pump, size_t i);

/* One turn of everybody, a few milliseconds. */
void pump_turn(struct pump *pump);

/* Turns until the link of client i is `link`. */
void pump_until_link(struct pump *pump, size_t i, enum bus_link link);

/* Turns until a message arrives at the server. */
void pump_until_message(struct pump *pump, struct bus_message *ret_message);

/* Turns until a message arrives at client i. */
void pump_until_answer(struct pump *pump, size_t i, const uint8_t **ret_bytes, size_t *ret_size);

#endif
