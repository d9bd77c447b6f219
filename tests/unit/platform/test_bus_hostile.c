/* SPDX-License-Identifier: GPL-3.0-or-later
 * Peers that do not use bus_client, but libzmq as they please. */
#include "bus_pump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zmq.h>

#include "platform/clock.h"

static const uint8_t *
bytes_of(const char *text)
{
    return (const uint8_t *)text;
}

/* A DEALER of its own context with keys and without manners. */
struct raw {
    void *context;
    void *dealer;
    void *monitor;
};

/* `keys` NULL: no CURVE at all. `routing_id` NULL: libzmq chooses. */
static void
raw_open(struct raw *raw, const struct pump *pump, const struct key_pair *keys,
         const struct bus_message *routing_id)
{
    raw->context = zmq_ctx_new();
    raw->dealer = zmq_socket(raw->context, ZMQ_DEALER);
    int zero = 0;
    assert_int_equal(0, zmq_setsockopt(raw->dealer, ZMQ_LINGER, &zero, sizeof zero));
    if (routing_id)
        assert_int_equal(0, zmq_setsockopt(raw->dealer, ZMQ_ROUTING_ID, routing_id->peer,
                                           routing_id->peer_size));
    if (keys) {
        assert_int_equal(0, zmq_setsockopt(raw->dealer, ZMQ_CURVE_SERVERKEY,
                                           pump->server_keys.public_key, KEY_TEXT - 1));
        assert_int_equal(
            0, zmq_setsockopt(raw->dealer, ZMQ_CURVE_PUBLICKEY, keys->public_key, KEY_TEXT - 1));
        assert_int_equal(
            0, zmq_setsockopt(raw->dealer, ZMQ_CURVE_SECRETKEY, keys->secret_key, KEY_TEXT - 1));
    }
    assert_int_equal(0, zmq_socket_monitor(raw->dealer, "inproc://raw", ZMQ_EVENT_ALL));
    raw->monitor = zmq_socket(raw->context, ZMQ_PAIR);
    assert_int_equal(0, zmq_connect(raw->monitor, "inproc://raw"));
    assert_int_equal(0, zmq_connect(raw->dealer, pump->endpoint));
}

static void
raw_close(struct raw *raw)
{
    (void)zmq_socket_monitor(raw->dealer, NULL, 0);
    (void)zmq_close(raw->monitor);
    (void)zmq_close(raw->dealer);
    (void)zmq_ctx_term(raw->context);
}

/* Turns the pump until the monitor tells one of `events`. */
static uint16_t
raw_until_event(struct raw *raw, struct pump *pump, unsigned events)
{
    int64_t end = clock_mono().ms + PUMP_DEADLINE_MS;
    while (clock_mono().ms < end) {
        uint8_t frame[6];
        char address[256];
        pump_turn(pump);
        while (zmq_recv(raw->monitor, frame, sizeof frame, ZMQ_DONTWAIT) == 6) {
            uint16_t event;
            memcpy(&event, frame, sizeof event);
            (void)zmq_recv(raw->monitor, address, sizeof address, 0);
            if (event & events)
                return event;
        }
    }
    fail_msg("no event came");
    return 0;
}

static void
test_parts_are_dropped(void **state)
{
    struct pump *pump = *state;
    struct raw raw;
    raw_open(&raw, pump, &pump->keys[0], NULL);
    (void)raw_until_event(&raw, pump, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(3, zmq_send(raw.dealer, "one", 3, ZMQ_SNDMORE));
    assert_int_equal(3, zmq_send(raw.dealer, "two", 3, 0));
    assert_int_equal(0, zmq_send(raw.dealer, "", 0, ZMQ_SNDMORE)); /* what a REQ sends */
    assert_int_equal(3, zmq_send(raw.dealer, "req", 3, 0));
    for (int i = 0; i < 500; i++)
        assert_int_equal(1, zmq_send(raw.dealer, "x", 1, i < 499 ? ZMQ_SNDMORE : 0));
    assert_int_equal(4, zmq_send(raw.dealer, "good", 4, 0));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_int_equal(4, message.size);
    assert_memory_equal("good", message.bytes, 4);
    assert_string_equal("district-0", message.author);
    assert_int_equal(3, bus_server_count(pump->server).dropped_parts);
    assert_int_equal(1, bus_server_count(pump->server).received);
    raw_close(&raw);
}

/* A collector that sends parts is not ours, but its key may have been stolen. */
static void
test_the_agent_drops_parts_too(void **state)
{
    struct pump *pump = *state;
    void *context = zmq_ctx_new(), *router = zmq_socket(context, ZMQ_ROUTER);
    int one = 1, zero = 0;
    assert_int_equal(0, zmq_setsockopt(router, ZMQ_LINGER, &zero, sizeof zero));
    assert_int_equal(0, zmq_setsockopt(router, ZMQ_CURVE_SERVER, &one, sizeof one));
    assert_int_equal(
        0, zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, pump->server_keys.secret_key, KEY_TEXT - 1));
    assert_int_equal(0, zmq_bind(router, "tcp://127.0.0.1:*"));
    size_t size = sizeof pump->endpoint;
    assert_int_equal(0, zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, pump->endpoint, &size));
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("hello"), 5));
    char peer[16], body[16];
    assert_int_equal(16, zmq_recv(router, peer, sizeof peer, 0));
    assert_int_equal(5, zmq_recv(router, body, sizeof body, 0));
    assert_int_equal(16, zmq_send(router, peer, sizeof peer, ZMQ_SNDMORE));
    assert_int_equal(1, zmq_send(router, "a", 1, ZMQ_SNDMORE));
    assert_int_equal(1, zmq_send(router, "b", 1, 0));
    assert_int_equal(16, zmq_send(router, peer, sizeof peer, ZMQ_SNDMORE));
    assert_int_equal(4, zmq_send(router, "good", 4, 0));
    const uint8_t *bytes;
    pump_until_answer(pump, 0, &bytes, &size);
    assert_int_equal(4, size);
    assert_memory_equal("good", bytes, 4);
    (void)zmq_close(router);
    (void)zmq_ctx_term(context);
}

static void
test_many_dropped_messages_do_not_hold_the_loop(void **state)
{
    struct pump *pump = *state;
    struct raw raw;
    raw_open(&raw, pump, &pump->keys[0], NULL);
    (void)raw_until_event(&raw, pump, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(1, zmq_send(raw.dealer, "a", 1, ZMQ_SNDMORE));
        assert_int_equal(1, zmq_send(raw.dealer, "b", 1, 0));
    }
    assert_int_equal(4, zmq_send(raw.dealer, "good", 4, 0));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_memory_equal("good", message.bytes, 4);
    assert_int_equal(200, bus_server_count(pump->server).dropped_parts);
    raw_close(&raw);
}

static void
test_oversize_ends_only_its_connection(void **state)
{
    struct pump *pump = *state;
    static uint8_t large[PUMP_MESSAGE_MAX + 1];
    struct raw raw;
    pump_open_client(pump, 1);
    pump_until_link(pump, 1, BUS_READY);
    raw_open(&raw, pump, &pump->keys[0], NULL);
    (void)raw_until_event(&raw, pump, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(sizeof large, zmq_send(raw.dealer, large, sizeof large, 0));
    (void)raw_until_event(&raw, pump, ZMQ_EVENT_DISCONNECTED);
    assert_int_equal(0, bus_server_count(pump->server).received);
    assert_int_equal(BUS_READY, bus_client_link(pump->clients[1]));
    assert_int_equal(0, bus_client_send(pump->clients[1], bytes_of("still here"), 10));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_string_equal("district-1", message.author);
    raw_close(&raw);
}

static void
test_plain_peers_do_not_get_in(void **state)
{
    struct pump *pump = *state;
    struct raw raw;
    raw_open(&raw, pump, NULL, NULL);
    assert_int_equal(1, zmq_send(raw.dealer, "x", 1, 0));
    (void)raw_until_event(&raw, pump,
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                              ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED);
    struct bus_message message;
    assert_int_equal(0, bus_server_receive(pump->server, &message));
    assert_int_equal(0, bus_server_count(pump->server).admitted);
    raw_close(&raw);
}

static void
test_nobody_gets_in_while_zap_is_silent(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    int64_t end = clock_mono().ms + 600;
    while (clock_mono().ms <
           end) /* the server's loop stands still: its ZAP handler does not answer */
        assert_true(bus_client_wait(pump->clients[0], NULL, 0, 20) >= 0);
    assert_int_equal(BUS_CONNECTING, bus_client_link(pump->clients[0]));
    pump_until_link(pump, 0, BUS_READY); /* and it goes on when the loop does */
}

static bool
admit_all(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    (void)context;
    (void)public_key;
    memcpy(ret_author, "anybody", 8);
    return true;
}

static bool
admit_nameless(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    (void)context;
    (void)public_key;
    ret_author[0] = '\0';
    return true;
}

static void
test_the_self_test_finds_an_open_door(void **state)
{
    struct pump *pump = *state;
    struct bus_server_settings settings = {
        "tcp://127.0.0.1:*", &pump->server_keys, PUMP_MESSAGE_MAX, admit_all, NULL, NULL, NULL
    };
    struct bus_server *server = NULL;
    struct err_note note = { 0 };
    assert_int_equal(ERR_REFUSED, bus_server_open(&settings, &server, &note));
    assert_non_null(strstr(note.text, ": self-test: an unregistered key was let in"));
    assert_null(server);
    settings.admit = admit_nameless; /* an author without a name is nobody, thus refused */
    assert_int_equal(0, bus_server_open(&settings, &server, &note));
    bus_server_close(server);
}

/* Turns until the self-test is over, with a client that goes on talking. */
static int
test_while_running(struct pump *pump, struct err_note *note)
{
    int result;
    struct bus_message message;
    assert_int_equal(0, bus_server_test(pump->server, note));
    assert_int_equal(ERR_BUSY, bus_server_test(pump->server, NULL));
    assert_int_equal(0, bus_server_test_result(pump->server, note));
    (void)bus_client_send(pump->clients[0], (const uint8_t *)"meanwhile", 9);
    pump_until_message(pump, &message);
    assert_string_equal("district-0", message.author);
    while ((result = bus_server_test_result(pump->server, note)) == 0)
        pump_turn(pump); /* the test itself has a deadline */
    return result;
}

static bool
admit_while_open(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    const struct pump *pump = context;
    return pump_admit(context, public_key, ret_author) ||
           (pump->is_open && admit_all(NULL, public_key, ret_author));
}

static void
test_the_self_test_of_a_running_server(void **state)
{
    struct pump *pump = *state;
    struct err_note note = { 0 };
    struct bus_server_settings settings = { "tcp://127.0.0.1:*",
                                            &pump->server_keys,
                                            PUMP_MESSAGE_MAX,
                                            admit_while_open,
                                            pump,
                                            NULL,
                                            NULL };
    bus_server_close(pump->server);
    assert_int_equal(0, bus_server_open(&settings, &pump->server, &note));
    (void)snprintf(pump->endpoint, sizeof pump->endpoint, "%s", bus_server_endpoint(pump->server));
    assert_int_equal(1, bus_server_test_result(pump->server, &note)); /* of the opening */
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    for (int i = 0; i < 3; i++)
        assert_int_equal(1, test_while_running(pump, &note));
    assert_int_equal(0, bus_server_count(pump->server).refused);
    pump->is_open = true;
    assert_int_equal(ERR_REFUSED, test_while_running(pump, &note));
    assert_string_equal("self-test: an unregistered key was let in", note.text);
    pump->is_open = false;
    assert_int_equal(1, test_while_running(pump, &note));
}

/* Z-ID: a second peer with the routing id of the first must not get its answers. */
static void
test_a_stolen_routing_id_gets_nothing(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 1);
    pump_until_link(pump, 1, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[1], bytes_of("mine"), 4));
    struct bus_message message;
    pump_until_message(pump, &message);

    struct raw thief;
    raw_open(&thief, pump, &pump->keys[0], &message);
    (void)raw_until_event(&thief, pump, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_int_equal(
        0, bus_server_send(pump->server, message.peer, message.peer_size, bytes_of("secret"), 6));
    const uint8_t *bytes;
    size_t size;
    pump_until_answer(pump, 1, &bytes, &size);
    assert_memory_equal("secret", bytes, 6);
    char stolen[16];
    assert_int_equal(-1, zmq_recv(thief.dealer, stolen, sizeof stolen, ZMQ_DONTWAIT));
    raw_close(&thief);
}

/* Z-ID: whose routing id is longer than we keep has no first part read as another's id, and so no
 * answer of ours led there. */
static void
test_a_routing_id_too_long_names_nobody_else(void **state)
{
    struct pump *pump = *state;
    struct bus_message message, longest = { .peer_size = BUS_PEER_MAX };
    memset(longest.peer, 'x', sizeof longest.peer);
    pump_open_client(pump, 1);
    pump_until_link(pump, 1, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[1], bytes_of("mine"), 4));
    pump_until_message(pump, &message);

    struct raw raw;
    raw_open(&raw, pump, &pump->keys[0], &longest);
    (void)raw_until_event(&raw, pump, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    assert_true(zmq_send(raw.dealer, message.peer, message.peer_size - 1, ZMQ_SNDMORE) > 0);
    assert_int_equal(6, zmq_send(raw.dealer, "forged", 6, 0));
    assert_int_equal(5, zmq_send(raw.dealer, "alone", 5, 0));
    while (bus_server_count(pump->server).dropped_parts < 2) {
        if (bus_server_receive(pump->server, &message) != 0)
            fail_msg("taken as from %s: %.6s", message.author, (const char *)message.bytes);
        pump_turn(pump);
    }
    assert_int_equal(0, bus_client_send(pump->clients[1], bytes_of("good"), 4));
    pump_until_message(pump, &message);
    assert_string_equal("district-1", message.author);
    assert_memory_equal("good", message.bytes, 4);
    assert_int_equal(2, bus_server_count(pump->server).dropped_parts);
    raw_close(&raw);
}

#define PUMP_TEST(test) cmocka_unit_test_setup_teardown(test, pump_setup, pump_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PUMP_TEST(test_parts_are_dropped),
        PUMP_TEST(test_the_agent_drops_parts_too),
        PUMP_TEST(test_many_dropped_messages_do_not_hold_the_loop),
        PUMP_TEST(test_oversize_ends_only_its_connection),
        PUMP_TEST(test_plain_peers_do_not_get_in),
        PUMP_TEST(test_nobody_gets_in_while_zap_is_silent),
        PUMP_TEST(test_the_self_test_finds_an_open_door),
        PUMP_TEST(test_the_self_test_of_a_running_server),
        PUMP_TEST(test_a_stolen_routing_id_gets_nothing),
        PUMP_TEST(test_a_routing_id_too_long_names_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
