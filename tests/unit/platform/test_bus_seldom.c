/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bus when libzmq answers what it seldom does: signals in between, events cut short or never
 * seen, authors that are none, a library that is too old. */
#include "bus_pump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "platform/bus_zmq_zap.h"
#include "platform/clock.h"
#include "tests/fakes/seldom.h"

/* ---- libzmq, as the test wants it ---- */

static struct {
    struct nth_call context, poll, end, keys, encode, more;
    int error;          /* what the first three and `keys` fail with */
    int patch;          /* of version 4.3.x; 0: the true one */
    bool has_no_curve;  /* so it says */
    const char *author; /* of each message instead of the true one; NULL: the true one */
    bool has_no_author; /* nor any other property */
    bool is_silent;     /* no event is seen */
    uint16_t event;     /* the next one to be seen, with `value`; 0: the true one */
    uint32_t value;
    int64_t clock_offset; /* ms */
} fake;

static bool
fails(struct nth_call *nth)
{
    if (!nth_call_fails(nth))
        return false;
    errno = fake.error;
    return true;
}

/* REAL(type, name, parameters): declares the real call, and begins the one that takes its place. */
#define REAL(type, name, ...)        \
    type __real_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

REAL(void *, zmq_ctx_new, void)
{
    return fails(&fake.context) ? NULL : __real_zmq_ctx_new();
}

REAL(int, zmq_poll, zmq_pollitem_t *items, int count, long timeout)
{
    return fails(&fake.poll) ? -1 : __real_zmq_poll(items, count, timeout);
}

/* A signal leaves the context as it is; whatever else is told, it has ended. */
REAL(int, zmq_ctx_term, void *context)
{
    if (!nth_call_fails(&fake.end))
        return __real_zmq_ctx_term(context);
    if (fake.error != EINTR)
        (void)__real_zmq_ctx_term(context);
    errno = fake.error;
    return -1;
}

REAL(int, zmq_curve_keypair, char *public_key, char *secret_key)
{
    return fails(&fake.keys) ? -1 : __real_zmq_curve_keypair(public_key, secret_key);
}

REAL(char *, zmq_z85_encode, char *text, const uint8_t *bytes, size_t size)
{
    return nth_call_fails(&fake.encode) ? NULL : __real_zmq_z85_encode(text, bytes, size);
}

REAL(int, zmq_getsockopt, void *socket, int option, void *value, size_t *size)
{
    if (option == ZMQ_RCVMORE && nth_call_fails(&fake.more))
        return -1;
    return __real_zmq_getsockopt(socket, option, value, size);
}

REAL(void, zmq_version, int *major, int *minor, int *patch)
{
    __real_zmq_version(major, minor, patch);
    if (fake.patch)
        *patch = fake.patch;
}

REAL(int, zmq_has, const char *ability)
{
    return fake.has_no_curve ? 0 : __real_zmq_has(ability);
}

REAL(const char *, zmq_msg_gets, const zmq_msg_t *message, const char *property)
{
    return fake.has_no_author ? NULL
           : fake.author      ? fake.author
                              : __real_zmq_msg_gets(message, property);
}

REAL(bool, bus_monitor_next, void *monitor, uint16_t *ret_event, uint32_t *ret_value)
{
    if (fake.event) {
        *ret_event = fake.event;
        *ret_value = fake.value;
        fake.event = 0;
        return true;
    }
    return !fake.is_silent && __real_bus_monitor_next(monitor, ret_event, ret_value);
}

REAL(struct mono_time, clock_mono, void)
{
    struct mono_time now = __real_clock_mono();
    now.ms += fake.clock_offset;
    return now;
}

static int
setup(void **state)
{
    memset(&fake, 0, sizeof fake);
    return pump_setup(state);
}

static const struct nth_call once = { .at = 1 };

/* ---- the library ---- */

static int
open_client(struct pump *pump, const char *endpoint, struct err_note *note)
{
    struct bus_client_settings settings = { endpoint, pump->server_keys.public_key, &pump->keys[0],
                                            PUMP_MESSAGE_MAX };
    struct bus_client *client = NULL;
    int code = bus_client_open(&settings, &client, note);
    assert_true((code == 0) == (client != NULL));
    bus_client_close(client);
    return code;
}

static void
test_a_library_that_will_not_do(void **state)
{
    struct pump *pump = *state;
    struct err_note note = { "" };
    fake.patch = 3;
    assert_int_equal(ERR_VERSION, open_client(pump, pump->endpoint, &note));
    assert_non_null(strstr(note.text, "libzmq 4.3.3 is too old"));
    fake.patch = 0;
    fake.has_no_curve = true;
    assert_int_equal(ERR_LIBRARY, open_client(pump, pump->endpoint, &note));
    assert_non_null(strstr(note.text, "without CURVE"));
    fake.has_no_curve = false;
    static const struct {
        int error, want;
    } errors[] = { { EMFILE, -EMFILE }, { ETERM, ERR_LIBRARY }, { 0, ERR_LIBRARY } };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        fake.context = once;
        fake.error = errors[i].error;
        assert_int_equal(errors[i].want, open_client(pump, pump->endpoint, &note));
    }
    fake.keys = once;
    fake.error = EMFILE;
    assert_int_equal(ERR_LIBRARY, bus_server_test(pump->server, &note));
    assert_non_null(strstr(note.text, "self-test: make a key pair"));
    char longer[512] = "tcp://";
    memset(longer + 6, 'x', sizeof longer - 7);
    assert_int_equal(ERR_RANGE, open_client(pump, longer, &note));
    assert_int_equal(0, open_client(pump, "tcp://[::1]:9", &note)); /* nobody is there yet */
    assert_int_equal(0, open_client(pump, pump->endpoint, &note));
}

static void
test_every_link_has_its_words(void **state)
{
    (void)state; /* nothing is shared */
    for (int link = BUS_CONNECTING; link <= BUS_LOST; link++)
        assert_true(strlen(bus_link_text((enum bus_link)link)) > 1);
    assert_string_equal("?", bus_link_text((enum bus_link)99));
}

/* ---- signals ---- */

static void
test_a_signal_ends_a_wait_and_no_closing(void **state)
{
    struct pump *pump = *state;
    struct err_note note = { "" };
    int ends[2];
    pump_open_client(pump, 0);
    fake.error = EINTR;
    fake.poll = once;
    assert_int_equal(0, bus_server_wait(pump->server, NULL, 0, PUMP_DEADLINE_MS));
    fake.poll = once;
    assert_int_equal(0, bus_client_wait(pump->clients[0], NULL, 0, PUMP_DEADLINE_MS));
    assert_int_equal(0, pipe(ends));
    assert_int_equal(1, write(ends[1], "x", 1));
    struct pollfd extra[1] = { { ends[0], POLLIN, 0 } };
    seldom_fail(SELDOM_POLL, 1, EINTR); /* once zmq_poll has returned */
    assert_int_equal(0, bus_server_wait(pump->server, extra, 1, 0));
    assert_true(seldom_happened());
    seldom_fail(SELDOM_POLL, 1, ENOMEM);
    assert_int_equal(-ENOMEM, bus_server_wait(pump->server, extra, 1, 0));
    assert_true(seldom_happened());
    assert_int_equal(0, bus_client_wait(pump->clients[0], extra, 1, PUMP_DEADLINE_MS));
    assert_int_equal(POLLIN, extra[0].revents);
    (void)close(ends[0]);
    (void)close(ends[1]);
    static const int errors[] = { EINTR, EFAULT }; /* tried again; given up */
    for (size_t i = 0; i < 2; i++) {
        fake.error = errors[i];
        fake.end = once;
        assert_int_equal(0, open_client(pump, pump->endpoint, &note));
        assert_int_equal(i == 0 ? 2 : 1, fake.end.calls);
    }
}

static void
test_a_signal_while_the_server_closes(void **state)
{
    struct pump *pump = *state;
    fake.error = EINTR;
    fake.end = once;
    bus_server_close(pump->server);
    pump->server = NULL;
    assert_int_equal(2, fake.end.calls);
}

/* ---- events ---- */

/* An event of which not all frames come is none; and a message of no part is drained. */
static void
test_events_of_any_shape(void **state)
{
    void *context = NULL, *teller, *monitor;
    uint16_t event = 77;
    uint32_t value = 77;
    (void)state; /* nothing is shared */
    assert_int_equal(0, bus_context_new(&context, NULL));
    teller = zmq_socket(context, ZMQ_PAIR);
    monitor = zmq_socket(context, ZMQ_PAIR);
    assert_int_equal(0, zmq_bind(teller, "inproc://events"));
    assert_int_equal(0, zmq_connect(monitor, "inproc://events"));
    assert_false(bus_monitor_next(monitor, &event, &value));
    bus_drain(monitor);
    assert_int_equal(3, zmq_send(teller, "cut", 3, ZMQ_SNDMORE));
    assert_int_equal(1, zmq_send(teller, "a", 1, 0));
    assert_true(bus_monitor_next(monitor, &event, &value));
    assert_int_equal(0, event);
    assert_int_equal(0, value);
    assert_false(bus_monitor_next(monitor, &event, &value));
    bus_socket_close(monitor, NULL);
    bus_socket_close(teller, NULL);
    assert_int_equal(0, zmq_ctx_term(context));
}

/* Events that say nothing to the client leave its link as it was. */
static void
test_events_that_change_nothing(void **state)
{
    static const uint16_t events[] = { ZMQ_EVENT_LISTENING, ZMQ_EVENT_DISCONNECTED };
    struct pump *pump = *state;
    pump_open_client(pump, 0);
    fake.is_silent = true;
    for (size_t i = 0; i < 2; i++) {
        fake.event = events[i];
        assert_int_equal(0, bus_client_wait(pump->clients[0], NULL, 0, 0));
        assert_int_equal(0, fake.event);
        assert_int_equal(BUS_CONNECTING, bus_client_link(pump->clients[0]));
    }
    fake.is_silent = false;
    pump_until_link(pump, 0, BUS_READY);
}

/* The self-test believes only the refusal: no other answer, and no silence. */
static void
test_a_self_test_without_a_refusal(void **state)
{
    struct pump *pump = *state;
    struct err_note note = { "" };
    fake.is_silent = true;
    assert_int_equal(0, bus_server_test(pump->server, &note));
    fake.event = ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    fake.value = 500; /* the handler did not answer */
    assert_int_equal(0, bus_server_wait(pump->server, NULL, 0, 0));
    assert_int_equal(0, bus_server_test_result(pump->server, &note));
    fake.clock_offset = 60000;
    assert_int_equal(0, bus_server_wait(pump->server, NULL, 0, 0));
    assert_int_equal(ERR_TIMEOUT, bus_server_test_result(pump->server, &note));
    assert_non_null(strstr(note.text, "was not refused within"));
}

/* ---- messages ---- */

/* Whose author is not known is nobody: nothing of it is taken. */
static void
test_authors_that_are_none(void **state)
{
    struct pump *pump = *state;
    struct bus_message message;
    static char longer[BUS_AUTHOR_MAX + 2];
    memset(longer, 'x', sizeof longer - 1);
    const char *const authors[] = { "", longer, NULL };
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    for (size_t i = 0; i < 3; i++) {
        fake.author = authors[i];
        fake.has_no_author = !authors[i];
        assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"x", 1));
        while (bus_server_count(pump->server).dropped_author <= i) {
            assert_int_equal(0, bus_server_receive(pump->server, &message));
            pump_turn(pump);
        }
    }
    fake.has_no_author = false;
    assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"good", 4));
    pump_until_message(pump, &message);
    assert_memory_equal("good", message.bytes, 4);
    assert_string_equal("district-0", message.author);
}

/* A peer's frame of which libzmq cannot say whether more follows, and what does: both are dropped.
 */
static void
test_a_message_of_unknown_length(void **state)
{
    struct pump *pump = *state;
    struct bus_message message;
    pump_open_client(pump, 0);
    pump_until_link(pump, 0, BUS_READY);
    fake.more = once;
    assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"lost", 4));
    while (bus_server_count(pump->server).dropped_parts < 2) {
        assert_int_equal(0, bus_server_receive(pump->server, &message));
        pump_turn(pump);
    }
    assert_int_equal(0, bus_client_send(pump->clients[0], (const uint8_t *)"good", 4));
    pump_until_message(pump, &message);
    assert_memory_equal("good", message.bytes, 4);
}

/* ---- the ZAP handler ---- */

static bool
admit_anybody(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    (void)context, (void)public_key;
    memcpy(ret_author, "anybody", sizeof "anybody");
    return true;
}

/* However many ask at once, a bounded number is answered; whose key cannot be written down is
 * refused. */
static void
test_zap_answers_a_bounded_number(void **state)
{
    static const char *const frames[] = {
        "", "1.0", "1", BUS_ZAP_DOMAIN, "::1", "id", "CURVE", "key of thirty-two bytes in a row"
    };
    enum { ASKED = 1000 };
    struct bus_server_counts counts = { 0 };
    void *context = NULL, *zap = NULL;
    (void)state; /* nothing is shared */
    assert_int_equal(0, bus_context_new(&context, NULL));
    assert_int_equal(0, bus_zap_open(context, &zap, NULL));
    void *asker = zmq_socket(context, ZMQ_DEALER);
    assert_int_equal(0, zmq_connect(asker, "inproc://zeromq.zap.01"));
    for (int i = 0; i < ASKED; i++)
        for (size_t k = 0; k < sizeof frames / sizeof *frames; k++)
            assert_true(zmq_send(asker, frames[k], strlen(frames[k]),
                                 k + 1 < sizeof frames / sizeof *frames ? ZMQ_SNDMORE : 0) >= 0);
    fake.encode = once;
    bus_zap_answer(zap, admit_anybody, NULL, &counts);
    assert_int_equal(1, counts.refused);
    assert_in_range(counts.admitted, 1, ASKED - 2);
    for (int i = 0; i < ASKED && counts.admitted < ASKED - 1; i++)
        bus_zap_answer(zap, admit_anybody, NULL, &counts);
    assert_int_equal(ASKED - 1, counts.admitted);
    bus_socket_close(asker, NULL);
    bus_socket_close(zap, NULL);
    assert_int_equal(0, zmq_ctx_term(context));
}

int
main(void)
{
#define WITH_PUMP(test) cmocka_unit_test_setup_teardown(test, setup, pump_teardown)
    const struct CMUnitTest tests[] = {
        WITH_PUMP(test_a_library_that_will_not_do),
        cmocka_unit_test(test_every_link_has_its_words),
        WITH_PUMP(test_a_signal_ends_a_wait_and_no_closing),
        WITH_PUMP(test_a_signal_while_the_server_closes),
        cmocka_unit_test(test_events_of_any_shape),
        WITH_PUMP(test_events_that_change_nothing),
        WITH_PUMP(test_a_self_test_without_a_refusal),
        WITH_PUMP(test_authors_that_are_none),
        WITH_PUMP(test_a_message_of_unknown_length),
        cmocka_unit_test(test_zap_answers_a_bounded_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
