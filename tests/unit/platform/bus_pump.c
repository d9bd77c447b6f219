/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus_pump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/clock.h"

bool
pump_admit(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    const struct pump *pump = context;
    for (size_t i = 0; i < PUMP_CLIENTS; i++) {
        if (!pump->is_registered[i] || strcmp(public_key, pump->keys[i].public_key) != 0)
            continue;
        (void)snprintf(ret_author, BUS_AUTHOR_MAX + 1, "district-%zu", i);
        return true;
    }
    return false;
}

void
pump_open_server(struct pump *pump, const char *endpoint)
{
    struct bus_server_settings settings = {
        endpoint, &pump->server_keys, PUMP_MESSAGE_MAX, pump_admit, pump, NULL, NULL
    };
    struct err_note note = { 0 };
    if (bus_server_open(&settings, &pump->server, &note) != 0)
        fail_msg("%s", note.text);
    (void)snprintf(pump->endpoint, sizeof pump->endpoint, "%s", bus_server_endpoint(pump->server));
}

int
pump_setup(void **state)
{
    struct pump *pump = calloc(1, sizeof *pump);
    assert_non_null(pump);
    assert_int_equal(0, keys_generate(&pump->server_keys, NULL));
    for (size_t i = 0; i < PUMP_CLIENTS; i++) {
        assert_int_equal(0, keys_generate(&pump->keys[i], NULL));
        pump->is_registered[i] = true;
    }
    pump_open_server(pump, "tcp://127.0.0.1:*");
    *state = pump;
    return 0;
}

int
pump_teardown(void **state)
{
    struct pump *pump = *state;
    for (size_t i = 0; i < PUMP_CLIENTS; i++)
        bus_client_close(pump->clients[i]);
    bus_server_close(pump->server);
    free(pump);
    return 0;
}

void
pump_open_client(struct pump *pump, size_t i)
{
    struct bus_client_settings settings = { pump->endpoint, pump->server_keys.public_key,
                                            &pump->keys[i], PUMP_MESSAGE_MAX };
    struct err_note note = { 0 };
    if (bus_client_open(&settings, &pump->clients[i], &note) != 0)
        fail_msg("%s", note.text);
}

void
pump_turn(struct pump *pump)
{
    if (pump->server)
        assert_true(bus_server_wait(pump->server, NULL, 0, 2) >= 0);
    for (size_t i = 0; i < PUMP_CLIENTS; i++)
        if (pump->clients[i])
            assert_true(bus_client_wait(pump->clients[i], NULL, 0, 2) >= 0);
}

void
pump_until_link(struct pump *pump, size_t i, enum bus_link link)
{
    int64_t end = clock_mono().ms + PUMP_DEADLINE_MS;
    while (bus_client_link(pump->clients[i]) != link) {
        if (clock_mono().ms > end)
            fail_msg("client %zu: link is '%s', wanted '%s'", i,
                     bus_link_text(bus_client_link(pump->clients[i])), bus_link_text(link));
        pump_turn(pump);
    }
}

void
pump_until_message(struct pump *pump, struct bus_message *ret_message)
{
    int64_t end = clock_mono().ms + PUMP_DEADLINE_MS;
    int rc;
    while ((rc = bus_server_receive(pump->server, ret_message)) == 0) {
        if (clock_mono().ms > end)
            fail_msg("no message came");
        pump_turn(pump);
    }
    assert_int_equal(1, rc);
}

void
pump_until_answer(struct pump *pump, size_t i, const uint8_t **ret_bytes, size_t *ret_size)
{
    int64_t end = clock_mono().ms + PUMP_DEADLINE_MS;
    int rc;
    while ((rc = bus_client_receive(pump->clients[i], ret_bytes, ret_size)) == 0) {
        if (clock_mono().ms > end)
            fail_msg("no answer came to client %zu", i);
        pump_turn(pump);
    }
    assert_int_equal(1, rc);
}
