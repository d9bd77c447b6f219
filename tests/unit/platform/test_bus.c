/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus_pump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/clock.h"

static const uint8_t *
bytes_of(const char *text)
{
    return (const uint8_t *)text;
}

static void
test_known_key_is_served(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    assert_int_equal(BUS_CONNECTING, bus_client_link(pump->clients[0]));
    assert_int_equal(-EAGAIN, bus_client_send(pump->clients[0], bytes_of("early"), 5));
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("question"), 8));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_string_equal("district-0", message.author);
    assert_int_equal(8, message.size);
    assert_memory_equal("question", message.bytes, 8);
    assert_int_equal(17, message.peer_size); /* and the entrance */
    assert_int_not_equal(0, message.peer[0]);

    assert_int_equal(
        0, bus_server_send(pump->server, message.peer, message.peer_size, bytes_of("answer"), 6));
    const uint8_t *bytes;
    size_t size;
    pump_until_answer(pump, 0, &bytes, &size);
    assert_int_equal(6, size);
    assert_memory_equal("answer", bytes, 6);
    assert_int_equal(0, bus_client_receive(pump->clients[0], &bytes, &size));

    struct bus_server_counts counts = bus_server_count(pump->server);
    assert_int_equal(1, counts.admitted);
    assert_int_equal(0, counts.refused);
    assert_int_equal(1, counts.received);
    assert_int_equal(1, counts.sent);
    assert_int_equal(0, counts.dropped_parts + counts.dropped_author + counts.unreachable);
}

static void
test_a_fresh_server(void **state)
{
    struct pump *pump = *state;
    struct bus_server_counts zero = { 0 }, counts = bus_server_count(pump->server);
    assert_memory_equal(&zero, &counts, sizeof zero);
    assert_non_null(strstr(pump->endpoint, "tcp://127.0.0.1:"));
    assert_null(strstr(pump->endpoint, "*"));
    bus_server_close(pump->server);
    pump->server = NULL;
    pump_open_server(pump, "tcp://127.0.0.1:0");
    assert_null(strstr(pump->endpoint, ":0"));
}

static void
test_unknown_key_is_refused_until_registered(void **state)
{
    struct pump *pump = *state;
    pump->is_registered[1] = false;
    pump_open_client(pump, 1);
    pump_until_link(pump, 1, BUS_REFUSED);
    assert_int_equal(-EAGAIN, bus_client_send(pump->clients[1], bytes_of("x"), 1));
    assert_int_equal(1, bus_server_count(pump->server).refused);

    pump->is_registered[1] = true;
    int64_t end = clock_mono().ms + 1200; /* more than two times the reconnect interval */
    while (clock_mono().ms < end)
        pump_turn(pump);
    assert_int_equal(BUS_REFUSED, bus_client_link(pump->clients[1])); /* no retry by itself */
    assert_int_equal(0, bus_server_count(pump->server).admitted);

    assert_int_equal(0, bus_client_reopen(pump->clients[1], NULL));
    assert_int_equal(BUS_CONNECTING, bus_client_link(pump->clients[1]));
    pump_until_link(pump, 1, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[1], bytes_of("in"), 2));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_string_equal("district-1", message.author);
}

static void
test_reopen_takes_a_new_routing_id(void **state)
{
    struct pump *pump = *state;
    struct bus_message first, second;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("1"), 1));
    pump_until_message(pump, &first);
    assert_int_equal(0, bus_client_reopen(pump->clients[0], NULL));
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("2"), 1));
    pump_until_message(pump, &second);
    assert_memory_not_equal(first.peer, second.peer, 16);
}

static void
test_wrong_server_key(void **state)
{
    struct pump *pump = *state;
    struct bus_client_settings settings = { pump->endpoint, pump->keys[2].public_key,
                                            &pump->keys[0], PUMP_MESSAGE_MAX };
    assert_int_equal(0, bus_client_open(&settings, &pump->clients[0], NULL));
    pump_until_link(pump, 0, BUS_WRONG_SERVER);
    assert_int_equal(-EAGAIN, bus_client_send(pump->clients[0], bytes_of("x"), 1));
    assert_int_equal(0, bus_server_count(pump->server).admitted);
}

static void
test_answers_reach_who_asked(void **state)
{
    struct pump *pump = *state;
    for (size_t i = 0; i < PUMP_CLIENTS; i++) {
        pump_open_client(pump, i);
        pump_until_link(pump, i, BUS_READY);
    }
    for (size_t i = 0; i < PUMP_CLIENTS; i++)
        assert_int_equal(0, bus_client_send(pump->clients[i], bytes_of("who am I"), 8));
    for (size_t i = 0; i < PUMP_CLIENTS; i++) {
        struct bus_message message;
        pump_until_message(pump, &message);
        assert_int_equal(0, bus_server_send(pump->server, message.peer, message.peer_size,
                                            bytes_of(message.author), strlen(message.author)));
    }
    for (size_t i = 0; i < PUMP_CLIENTS; i++) {
        const uint8_t *bytes;
        size_t size;
        char want[32];
        int n = snprintf(want, sizeof want, "district-%zu", i);
        pump_until_answer(pump, i, &bytes, &size);
        assert_int_equal(n, size);
        assert_memory_equal(want, bytes, size);
    }
    for (int turn = 0; turn < 10; turn++)
        pump_turn(pump);
    const uint8_t *bytes;
    size_t size;
    for (size_t i = 0; i < PUMP_CLIENTS; i++)
        assert_int_equal(0, bus_client_receive(pump->clients[i], &bytes, &size));
}

static void
test_server_comes_back(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    char endpoint[256];
    memcpy(endpoint, pump->endpoint, sizeof endpoint);
    bus_server_close(pump->server);
    pump->server = NULL;
    pump_until_link(pump, 0, BUS_LOST);
    assert_int_equal(-EAGAIN, bus_client_send(pump->clients[0], bytes_of("x"), 1));
    pump_open_server(pump, endpoint);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("again"), 5));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_memory_equal("again", message.bytes, 5);
}

static void
test_sending_has_limits(void **state)
{
    struct pump *pump = *state;
    static uint8_t large[PUMP_MESSAGE_MAX + 1];
    uint8_t peer[16] = { 1, 2, 3 };
    assert_int_equal(-EHOSTUNREACH, bus_server_send(pump->server, peer, sizeof peer, large, 1));
    assert_int_equal(1, bus_server_count(pump->server).unreachable);
    assert_int_equal(ERR_RANGE, bus_server_send(pump->server, peer, 0, large, 1));
    assert_int_equal(ERR_RANGE, bus_server_send(pump->server, peer, 16, large, sizeof large));
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(ERR_RANGE, bus_client_send(pump->clients[0], large, sizeof large));
    assert_int_equal(0, bus_client_send(pump->clients[0], large, PUMP_MESSAGE_MAX));
    struct bus_message message;
    pump_until_message(pump, &message);
    assert_int_equal(PUMP_MESSAGE_MAX, message.size);
    assert_int_equal(
        0, bus_server_send(pump->server, message.peer, message.peer_size, large, PUMP_MESSAGE_MAX));
    const uint8_t *bytes;
    size_t size;
    pump_until_answer(pump, 0, &bytes, &size);
    assert_int_equal(PUMP_MESSAGE_MAX, size);
}

static void
test_a_full_connection_says_so(void **state)
{
    struct pump *pump = *state;
    static uint8_t message[PUMP_MESSAGE_MAX];
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    int rc = 0;
    for (int i = 0; i < 1000000 && rc == 0; i++)
        rc = bus_client_send(pump->clients[0], message, sizeof message);
    assert_int_equal(-EAGAIN, rc); /* nobody reads: the marks are reached, nothing grows */
}

static void
test_wait_watches_other_descriptors(void **state)
{
    struct pump *pump = *state;
    int pipes[2];
    assert_int_equal(0, pipe(pipes));
    struct pollfd extra[] = { { pipes[0], POLLIN, 0 }, { -1, POLLIN, 0 } };
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(1, write(pipes[1], "x", 1));
    assert_int_equal(0, bus_server_wait(pump->server, extra, 2, PUMP_DEADLINE_MS));
    assert_int_equal(POLLIN, extra[0].revents);
    assert_int_equal(0, extra[1].revents);
    extra[0].revents = 0;
    assert_int_equal(0, bus_client_wait(pump->clients[0], extra, 2, PUMP_DEADLINE_MS));
    assert_int_equal(POLLIN, extra[0].revents);
    char byte;
    assert_int_equal(1, read(pipes[0], &byte, 1));
    (void)close(pipes[1]);
    assert_int_equal(0, bus_server_wait(pump->server, extra, 2, PUMP_DEADLINE_MS));
    assert_int_equal(POLLHUP, extra[0].revents);
    (void)close(pipes[0]);

    struct pollfd many[13];
    memset(many, 0xFF, sizeof many);
    assert_int_equal(ERR_RANGE, bus_server_wait(pump->server, many, 13, 0));
    assert_int_equal(ERR_RANGE, bus_client_wait(pump->clients[0], many, 13, 0));
}

static void
test_wait_ends_in_time(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    int64_t start = clock_mono().ms;
    assert_int_equal(0, bus_server_wait(pump->server, NULL, 0, 50));
    assert_in_range(clock_mono().ms - start, 49, 5000);
    start = clock_mono().ms;
    assert_int_equal(0, bus_client_wait(pump->clients[0], NULL, 0, 50));
    assert_in_range(clock_mono().ms - start, 49, 5000);
    assert_int_equal(0, bus_server_wait(pump->server, NULL, 0, 0));
}

static void
test_wait_reports_messages(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    assert_int_equal(0, bus_client_send(pump->clients[0], bytes_of("x"), 1));
    assert_int_equal(1, bus_server_wait(pump->server, NULL, 0, PUMP_DEADLINE_MS));
    struct bus_message message;
    assert_int_equal(1, bus_server_receive(pump->server, &message));
    assert_int_equal(0, bus_server_receive(pump->server, &message));
    assert_int_equal(
        0, bus_server_send(pump->server, message.peer, message.peer_size, bytes_of("y"), 1));
    assert_int_equal(1, bus_client_wait(pump->clients[0], NULL, 0, PUMP_DEADLINE_MS));
}

/* The collector's key is being changed: agents of both keys, each by its entrance. */
static void
test_two_entrances(void **state)
{
    struct pump *pump = *state;
    struct err_note note = { 0 };
    struct key_pair next;
    assert_int_equal(0, keys_generate(&next, NULL));
    struct bus_server_settings settings = {
        .endpoint = "tcp://127.0.0.1:*",
        .keys = &pump->server_keys,
        .message_max = PUMP_MESSAGE_MAX,
        .admit = pump_admit,
        .context = pump,
        .next_endpoint = "tcp://127.0.0.1:*",
        .next_keys = &next,
    };
    assert_string_equal("", bus_server_next_endpoint(pump->server));
    bus_server_close(pump->server);
    if (bus_server_open(&settings, &pump->server, &note) != 0)
        fail_msg("%s", note.text);
    (void)snprintf(pump->endpoint, sizeof pump->endpoint, "%s", bus_server_endpoint(pump->server));
    assert_string_not_equal(pump->endpoint, bus_server_next_endpoint(pump->server));
    pump_open_client(pump, 0);
    struct bus_client_settings by_next = { bus_server_next_endpoint(pump->server), next.public_key,
                                           &pump->keys[1], PUMP_MESSAGE_MAX };
    assert_int_equal(0, bus_client_open(&by_next, &pump->clients[1], &note));
    by_next.server_key = pump->server_keys.public_key; /* not the key of this entrance */
    by_next.keys = &pump->keys[2];
    assert_int_equal(0, bus_client_open(&by_next, &pump->clients[2], &note));
    pump_until_link(pump, 2, BUS_WRONG_SERVER);
    for (size_t i = 0; i < 2; i++) {
        struct bus_message message;
        const uint8_t *bytes;
        size_t size;
        pump_until_link(pump, i, BUS_READY);
        assert_int_equal(0, bus_client_send(pump->clients[i], bytes_of("question"), 8));
        pump_until_message(pump, &message);
        assert_string_equal(i == 0 ? "district-0" : "district-1", message.author);
        assert_int_equal(i == 1, message.is_next);
        assert_int_equal(0, bus_server_send(pump->server, message.peer, message.peer_size,
                                            bytes_of("answer"), 6));
        pump_until_answer(pump, i, &bytes, &size);
        message.peer[message.peer_size - 1] = 2; /* there is no such entrance */
        assert_int_equal(ERR_RANGE, bus_server_send(pump->server, message.peer, message.peer_size,
                                                    bytes_of("answer"), 6));
    }
    for (int i = 0; i < 4; i++) { /* the stranger tries both in turn */
        int result;
        assert_int_equal(0, bus_server_test(pump->server, &note));
        while ((result = bus_server_test_result(pump->server, &note)) == 0)
            pump_turn(pump);
        assert_int_equal(1, result);
    }
}

static void
test_open_errors(void **state)
{
    struct pump *pump = *state;
    struct bus_server *server = NULL;
    struct err_note note = { 0 };
    struct bus_server_settings settings = {
        pump->endpoint, &pump->server_keys, PUMP_MESSAGE_MAX, pump_admit, pump, NULL, NULL
    };
    assert_int_equal(-EADDRINUSE, bus_server_open(&settings, &server, &note));
    assert_non_null(strstr(note.text, pump->endpoint));
    assert_non_null(strstr(note.text, "another program listens there already"));
    settings.endpoint = "nonsense";
    assert_true(bus_server_open(&settings, &server, &note) < 0);
    assert_non_null(strstr(note.text, "bus nonsense: bind"));
    struct key_pair bad = { "short", "short" };
    settings.endpoint = "tcp://127.0.0.1:*";
    settings.keys = &bad;
    assert_true(bus_server_open(&settings, &server, &note) < 0);
    assert_non_null(strstr(note.text, "secret key"));
    assert_null(server);

    struct bus_client *client = NULL;
    struct bus_client_settings mine = { pump->endpoint, "short", &pump->keys[0], 100 };
    assert_int_equal(ERR_SYNTAX, bus_client_open(&mine, &client, &note));
    assert_non_null(strstr(note.text, "the collector's key is not 40 characters of Z85"));
    mine.server_key = pump->server_keys.public_key;
    mine.endpoint = "nonsense";
    assert_true(bus_client_open(&mine, &client, &note) < 0);
    assert_non_null(strstr(note.text, "bus nonsense: connect"));
    assert_null(client);
    bus_client_close(NULL);
    bus_server_close(NULL);
}

static void
test_link_texts(void **state)
{
    (void)state;
    for (int i = BUS_CONNECTING; i <= BUS_LOST; i++)
        for (int j = BUS_CONNECTING; j < i; j++)
            assert_string_not_equal(bus_link_text((enum bus_link)i),
                                    bus_link_text((enum bus_link)j));
    assert_non_null(strstr(bus_link_text(BUS_REFUSED), "does not know this agent's key"));
}

#define PUMP_TEST(test) cmocka_unit_test_setup_teardown(test, pump_setup, pump_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PUMP_TEST(test_known_key_is_served),
        PUMP_TEST(test_a_fresh_server),
        PUMP_TEST(test_unknown_key_is_refused_until_registered),
        PUMP_TEST(test_reopen_takes_a_new_routing_id),
        PUMP_TEST(test_wrong_server_key),
        PUMP_TEST(test_answers_reach_who_asked),
        PUMP_TEST(test_server_comes_back),
        PUMP_TEST(test_sending_has_limits),
        PUMP_TEST(test_a_full_connection_says_so),
        PUMP_TEST(test_wait_watches_other_descriptors),
        PUMP_TEST(test_wait_ends_in_time),
        PUMP_TEST(test_wait_reports_messages),
        PUMP_TEST(test_two_entrances),
        PUMP_TEST(test_open_errors),
        cmocka_unit_test(test_link_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
