/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bus whose library fails, or does not do what it was told: it stays shut and says why. And what
 * the ZAP handler answers to requests of any shape. */
#include "bus_pump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "platform/bus_zmq_zap.h"
#include "platform/clock.h"
#include "tests/fakes/no_memory.h"

/* ---- libzmq, failing at the nth call, or lying about one option ---- */

static struct nth_call fault, receiving;
static struct {
    int option;
    const void *value;
    size_t size;
} lie;

/* Is this call to fail? Then as without descriptors. */
static bool
fails(struct nth_call *nth)
{
    if (!nth_call_fails(nth))
        return false;
    errno = EMFILE;
    return true;
}

static bool
is_failing(void)
{
    return fails(&fault);
}

void *__real_zmq_ctx_new(void);
void *__wrap_zmq_ctx_new(void);
void *__real_zmq_socket(void *context, int type);
void *__wrap_zmq_socket(void *context, int type);
int __real_zmq_setsockopt(void *socket, int option, const void *value, size_t size);
int __wrap_zmq_setsockopt(void *socket, int option, const void *value, size_t size);
int __real_zmq_getsockopt(void *socket, int option, void *value, size_t *size);
int __wrap_zmq_getsockopt(void *socket, int option, void *value, size_t *size);
int __real_zmq_bind(void *socket, const char *endpoint);
int __wrap_zmq_bind(void *socket, const char *endpoint);
int __real_zmq_connect(void *socket, const char *endpoint);
int __wrap_zmq_connect(void *socket, const char *endpoint);
int __real_zmq_socket_monitor(void *socket, const char *address, int events);
int __wrap_zmq_socket_monitor(void *socket, const char *address, int events);
int __real_zmq_recv(void *socket, void *bytes, size_t size, int flags);
int __wrap_zmq_recv(void *socket, void *bytes, size_t size, int flags);
int __real_zmq_msg_recv(zmq_msg_t *message, void *socket, int flags);
int __wrap_zmq_msg_recv(zmq_msg_t *message, void *socket, int flags);
int __real_zmq_poll(zmq_pollitem_t *items, int count, long timeout);
int __wrap_zmq_poll(zmq_pollitem_t *items, int count, long timeout);

void *
__wrap_zmq_ctx_new(void)
{
    return is_failing() ? NULL : __real_zmq_ctx_new();
}

void *
__wrap_zmq_socket(void *context, int type)
{
    return is_failing() ? NULL : __real_zmq_socket(context, type);
}

int
__wrap_zmq_setsockopt(void *socket, int option, const void *value, size_t size)
{
    return is_failing() ? -1 : __real_zmq_setsockopt(socket, option, value, size);
}

int
__wrap_zmq_getsockopt(void *socket, int option, void *value, size_t *size)
{
    int rc = is_failing() ? -1 : __real_zmq_getsockopt(socket, option, value, size);
    if (rc == 0 && lie.value && option == lie.option) {
        memcpy(value, lie.value, lie.size);
        *size = lie.size;
    }
    return rc;
}

int
__wrap_zmq_bind(void *socket, const char *endpoint)
{
    return is_failing() ? -1 : __real_zmq_bind(socket, endpoint);
}

int
__wrap_zmq_connect(void *socket, const char *endpoint)
{
    return is_failing() ? -1 : __real_zmq_connect(socket, endpoint);
}

int
__wrap_zmq_socket_monitor(void *socket, const char *address, int events)
{
    bool is_end = !address; /* closing: there is nothing to be done about a failure */
    return !is_end && is_failing() ? -1 : __real_zmq_socket_monitor(socket, address, events);
}

int
__wrap_zmq_poll(zmq_pollitem_t *items, int count, long timeout)
{
    return is_failing() ? -1 : __real_zmq_poll(items, count, timeout);
}

int
__wrap_zmq_recv(void *socket, void *bytes, size_t size, int flags)
{
    return fails(&receiving) ? -1 : __real_zmq_recv(socket, bytes, size, flags);
}

int
__wrap_zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    return fails(&receiving) ? -1 : __real_zmq_msg_recv(message, socket, flags);
}

/* ---- opening ---- */

static int
open_server(struct pump *pump, struct err_note *note)
{
    struct bus_server_settings settings = { .endpoint = "tcp://127.0.0.1:*",
                                            .keys = &pump->server_keys,
                                            .message_max = PUMP_MESSAGE_MAX,
                                            .admit = pump_admit,
                                            .context = pump };
    struct bus_server *server = NULL;
    int code = bus_server_open(&settings, &server, note);
    assert_true((code == 0) == (server != NULL));
    bus_server_close(server);
    return code;
}

static int
open_client(struct pump *pump, struct err_note *note)
{
    struct bus_client_settings settings = { pump->endpoint, pump->server_keys.public_key,
                                            &pump->keys[0], PUMP_MESSAGE_MAX };
    struct bus_client *client = NULL;
    int code = bus_client_open(&settings, &client, note);
    assert_true((code == 0) == (client != NULL));
    bus_client_close(client);
    return code;
}

/* No failure is passed over: what opened is as it was told to be. */
static void
check_each_fault(struct pump *pump, int (*opening)(struct pump *pump, struct err_note *note),
                 struct nth_call *which)
{
    long at = 0;
    do {
        struct err_note note = { "" };
        at++;
        *which = (struct nth_call){ .at = at };
        int code = opening(pump, &note);
        which->at = 0;
        assert_int_equal(which->has_failed, code < 0);
        if (code < 0 && !strstr(note.text, "bus tcp://127.0.0.1:"))
            fail_msg("call %ld: %s", at, note.text);
    } while (which->has_failed);
    assert_true(at > 1); /* there were calls to fail */
}

static void
test_a_server_that_cannot_be_made(void **state)
{
    check_each_fault(*state, open_server, &fault);
    check_each_fault(*state, open_server, &no_memory);
}

static int
open_client_named(struct pump *pump, struct err_note *note)
{
    int code = open_client(pump, note);
    return code < 0 ? err_prefix(note, code, "bus tcp://127.0.0.1:") : 0;
}

static void
test_a_client_that_cannot_be_made(void **state)
{
    check_each_fault(*state, open_client_named, &fault);
    check_each_fault(*state, open_client_named, &no_memory);
}

/* A reopening that fails leaves a client that can wait, says that it has no link, and can be
 * reopened. */
static void
test_a_reopening_that_fails(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    long at = 0;
    do {
        struct err_note note = { "" };
        at++;
        fault = (struct nth_call){ .at = at };
        int code = bus_client_reopen(pump->clients[0], &note);
        fault.at = 0;
        assert_int_equal(fault.has_failed, code < 0);
        assert_int_equal(BUS_CONNECTING, bus_client_link(pump->clients[0]));
        assert_int_equal(-EAGAIN, bus_client_send(pump->clients[0], (const uint8_t *)"x", 1));
        const uint8_t *bytes;
        size_t size;
        assert_int_equal(0, bus_client_receive(pump->clients[0], &bytes, &size));
        assert_true(bus_client_wait(pump->clients[0], NULL, 0, 0) >= 0);
    } while (fault.has_failed);
    pump_until_link(pump, 0, BUS_READY);
}

/* Z-ZAP: what is told is read back, and a door that would stand open is not opened. */
static void
test_a_library_that_does_not_do_as_told(void **state)
{
    static const int null_mechanism = ZMQ_NULL, not_enforced = 0;
    enum { ENFORCE_DOMAIN = 93 };
    struct pump *pump = *state;
    const struct {
        int option;
        const void *value;
        size_t size;
        const char *words;
        bool is_for_clients;
    } rows[] = {
        { ZMQ_MECHANISM, &null_mechanism, sizeof null_mechanism, "does not speak CURVE", true },
        { ZMQ_ZAP_DOMAIN, "other", sizeof "other", "did not keep the ZAP domain", false },
        { ENFORCE_DOMAIN, &not_enforced, sizeof not_enforced, "did not keep ZMQ_ZAP_ENFORCE_DOMAIN",
          false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err_note note = { "" };
        lie.option = rows[i].option;
        lie.value = rows[i].value;
        lie.size = rows[i].size;
        assert_int_equal(ERR_LIBRARY, open_server(pump, &note));
        assert_non_null(strstr(note.text, rows[i].words));
        if (rows[i].is_for_clients)
            assert_int_equal(ERR_LIBRARY, open_client(pump, &note));
        lie.value = NULL;
        assert_int_equal(0, open_server(pump, &note));
    }
}

/* A failing poll is an error, but for a signal. */
static void
test_a_wait_that_fails(void **state)
{
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    fault = (struct nth_call){ .at = 1, .is_for_ever = true };
    assert_int_equal(-EMFILE, bus_server_wait(pump->server, NULL, 0, 0));
    assert_int_equal(-EMFILE, bus_client_wait(pump->clients[0], NULL, 0, 0));
    fault.at = 0;
    struct pollfd many[32] = { { 0 } };
    assert_int_equal(ERR_RANGE, bus_server_wait(pump->server, many, 32, 0));
}

/* A message that cannot be taken is lost at most alone: the next one comes, from its author. */
static void
test_a_message_that_cannot_be_taken(void **state)
{
    struct pump *pump = *state;
    struct bus_message message;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    for (long at = 1; at <= 2; at++) { /* the peer's frame, the body */
        assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"one", 3));
        while (bus_server_wait(pump->server, NULL, 0, PUMP_DEADLINE_MS) != 1)
            assert_true(bus_client_wait(pump->clients[0], NULL, 0, 0) >= 0);
        receiving = (struct nth_call){ .at = at };
        assert_int_equal(-EMFILE, bus_server_receive(pump->server, &message));
        receiving.at = 0;
        assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"two", 3));
        do
            pump_until_message(pump, &message);
        while (memcmp(message.bytes, "one", 3) == 0);
        assert_memory_equal("two", message.bytes, 3);
        assert_string_equal("district-0", message.author);
    }
}

/* A descriptor of the caller's is told of, however many peers shake hands meanwhile. */
static void
test_a_descriptor_beside_handshakes(void **state)
{
    struct pump *pump = *state;
    int ends[2];
    assert_int_equal(0, pipe(ends));
    assert_int_equal(1, write(ends[1], "x", 1));
    pump_open_client(pump, 0);
    int64_t end = clock_mono().ms + PUMP_DEADLINE_MS;
    while (bus_client_link(pump->clients[0]) != BUS_READY) {
        struct pollfd extra[2] = { { ends[0], POLLIN, 0 }, { -1, POLLIN, 0 } };
        assert_int_equal(0, bus_server_wait(pump->server, extra, 2, PUMP_DEADLINE_MS));
        assert_int_equal(POLLIN, extra[0].revents);
        assert_int_equal(0, extra[1].revents);
        assert_true(bus_client_wait(pump->clients[0], NULL, 0, 5) >= 0);
        assert_true(clock_mono().ms < end);
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* ---- the ZAP handler ---- */

/* The first byte of a key says what is known of it. */
static bool
admit_by_first_byte(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    uint8_t key[32];
    (void)context;
    (void)zmq_z85_decode(key, public_key);
    if (key[0] == 'e') /* an author that does not end */
        memset(ret_author, 'x', BUS_AUTHOR_MAX + 1);
    else if (key[0] == 'n') /* one without a name */
        ret_author[0] = '\0';
    else
        (void)snprintf(ret_author, BUS_AUTHOR_MAX + 1, "author");
    return key[0] != 'u';
}

#define KEY     "key of thirty-two bytes in a row"
#define LONG(x) x x x x x x x x
#define LONGER  LONG(LONG("12345"))

/* Only a whole question about a key that is known is answered with yes. */
static void
test_zap_requests_of_any_shape(void **state)
{
    static const struct {
        const char *frames[9]; /* version, id, domain, address, routing id, mechanism, key */
        const char *status;
    } rows[] = {
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", KEY }, "200" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", KEY, "more" }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE" }, "400" },
        { { "1.0" }, "400" },
        { { "" }, "400" },
        { { "1.1", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", KEY }, "400" },
        { { "1.0", LONGER, BUS_ZAP_DOMAIN, "::1", "id", "CURVE", KEY }, "400" },
        { { "1.0", "1", "other", "::1", "id", "CURVE", KEY }, "400" },
        { { "1.0", "1", "", "::1", "id", "CURVE", KEY }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, LONGER, LONGER, "CURVE", KEY }, "200" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "NULL", KEY }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "PLAIN", KEY }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", "short" }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", KEY "!" }, "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", "unknown is this key of 32 bytes!" },
          "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", "endless are the names of this 1!" },
          "400" },
        { { "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", "nameless is who has this one key" },
          "400" },
    };
    struct bus_server_counts counts = { 0 };
    uint64_t admitted = 0;
    void *context = NULL, *zap = NULL;
    (void)state;
    assert_int_equal(0, bus_context_new(&context, NULL));
    assert_int_equal(0, bus_zap_open(context, &zap, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *asker = zmq_socket(context, ZMQ_REQ);
        assert_int_equal(0, zmq_connect(asker, "inproc://zeromq.zap.01"));
        for (size_t k = 0; rows[i].frames[k]; k++)
            assert_true(zmq_send(asker, rows[i].frames[k], strlen(rows[i].frames[k]),
                                 rows[i].frames[k + 1] ? ZMQ_SNDMORE : 0) >= 0);
        zmq_pollitem_t question = { zap, 0, ZMQ_POLLIN, 0 }, answer = { asker, 0, ZMQ_POLLIN, 0 };
        assert_int_equal(1, zmq_poll(&question, 1, PUMP_DEADLINE_MS));
        bus_zap_answer(zap, admit_by_first_byte, NULL, &counts);
        assert_int_equal(1, zmq_poll(&answer, 1, PUMP_DEADLINE_MS));
        char frames[6][256] = { "" };
        for (size_t k = 0; k < 6; k++)
            assert_true(zmq_recv(asker, frames[k], sizeof frames[k] - 1, ZMQ_DONTWAIT) >= 0);
        bool is_admitted = strcmp(rows[i].status, "200") == 0;
        admitted += is_admitted;
        assert_string_equal("1.0", frames[0]);
        assert_string_equal(rows[i].status, frames[2]);
        assert_string_equal(is_admitted ? "author" : "", frames[4]);
        (void)zmq_close(asker);
    }
    assert_int_equal(admitted, counts.admitted);
    assert_int_equal(sizeof rows / sizeof *rows - admitted, counts.refused);
    bus_socket_close(zap, NULL);
    assert_int_equal(0, zmq_ctx_term(context));
}

int
main(void)
{
#define WITH_PUMP(test) cmocka_unit_test_setup_teardown(test, pump_setup, pump_teardown)
    const struct CMUnitTest tests[] = {
        WITH_PUMP(test_a_server_that_cannot_be_made),
        WITH_PUMP(test_a_client_that_cannot_be_made),
        WITH_PUMP(test_a_reopening_that_fails),
        WITH_PUMP(test_a_library_that_does_not_do_as_told),
        WITH_PUMP(test_a_wait_that_fails),
        WITH_PUMP(test_a_message_that_cannot_be_taken),
        WITH_PUMP(test_a_descriptor_beside_handshakes),
        cmocka_unit_test(test_zap_requests_of_any_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
