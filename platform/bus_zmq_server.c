/* SPDX-License-Identifier: GPL-3.0-or-later
 * The collector's ROUTER (docs/libraries.md, ZeroMQ). */
#include "platform/bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/bus_zmq.h"
#include "platform/bus_zmq_zap.h"
#include "platform/clock.h"

enum {
    BACKLOG = 4096,
    SEND_MARK = 64, /* answers waiting for one peer; what is beyond is lost and asked for again */
    RECEIVE_MARK = 16, /* messages of one peer; the rest stays in its agent */
    ENTRANCES_MAX = 2,
    SELF_TEST_MS = 10000,
    DROPS_AT_ONCE = 64
};

/* A socket with an endpoint and a key of its own. Behind them all are alike. */
struct entrance {
    void *router;
    char endpoint[BUS_ENDPOINT_MAX + 1];
    char public_key[KEY_TEXT]; /* for the self-test */
};

struct bus_server {
    void *context;
    void *zap;
    struct entrance entrances[ENTRANCES_MAX];
    size_t entrance_count;
    size_t turn; /* the entrance to take the next message from */
    bus_admit_fn *admit;
    void *admit_context;
    size_t message_max;
    zmq_msg_t body; /* of the last message received */
    bool has_body;
    struct bus_server_counts counts;
    void *stranger, *monitor; /* of the self-test under way, else NULL */
    unsigned tests;
    int64_t test_by; /* monotonic ms */
    int test_result;
    struct err_note test_note;
};

static int
router_configure(void *router, const char *endpoint, const struct key_pair *keys,
                 size_t message_max, struct err_note *note)
{
    int rc = bus_set_common(router, endpoint, message_max, note);
    if (rc == 0)
        rc = bus_set_int(router, ZMQ_BACKLOG, BACKLOG, "ZMQ_BACKLOG", note);
    if (rc == 0)
        rc = bus_set_int(router, ZMQ_SNDHWM, SEND_MARK, "ZMQ_SNDHWM", note);
    if (rc == 0)
        rc = bus_set_int(router, ZMQ_RCVHWM, RECEIVE_MARK, "ZMQ_RCVHWM", note);
    if (rc == 0)
        rc = bus_set_int(router, ZMQ_ROUTER_MANDATORY, 1, "ZMQ_ROUTER_MANDATORY", note);
    if (rc == 0)
        rc = bus_set_int(router, ZMQ_CURVE_SERVER, 1, "ZMQ_CURVE_SERVER", note);
    if (rc == 0)
        rc = bus_set_text(router, ZMQ_CURVE_SECRETKEY, keys->secret_key,
                          "the collector's secret key", note);
    return rc == 0 ? bus_zap_guard(router, note) : rc;
}

/* ---- self-test ---- */

/* Z-ZAP: an open door looks like any other from inside, so try it from outside with a key nobody
 * knows. */
static int
stranger_connect(struct bus_server *server, const struct key_pair *keys, struct err_note *note)
{
    server->stranger = zmq_socket(server->context, ZMQ_DEALER);
    if (!server->stranger)
        return bus_fail(note, "open a socket");
    const struct entrance *entrance = &server->entrances[server->tests % server->entrance_count];
    int rc = bus_set_common(server->stranger, entrance->endpoint, server->message_max, note);
    if (rc == 0)
        rc = bus_set_curve_client(server->stranger, entrance->public_key, keys->public_key,
                                  keys->secret_key, note);
    if (rc == 0)
        rc = bus_monitor_open(server->context, server->stranger, server->tests++, &server->monitor,
                              note);
    if (rc == 0 && zmq_connect(server->stranger, entrance->endpoint) != 0)
        rc = bus_fail(note, "connect");
    return rc;
}

static void
test_end(struct bus_server *server, int result)
{
    bus_socket_close(server->stranger, server->monitor);
    server->stranger = server->monitor = NULL;
    server->test_result = result;
}

int
bus_server_test(struct bus_server *server, struct err_note *note)
{
    struct key_pair keys;
    if (server->stranger)
        return err_set(note, ERR_BUSY, "self-test: one is under way");
    int rc = keys_generate(&keys, note);
    if (rc == 0)
        rc = stranger_connect(server, &keys, note);
    keys_wipe(&keys);
    if (rc < 0) {
        test_end(server, rc);
        return err_prefix(note, rc, "self-test");
    }
    server->test_by = clock_mono().ms + SELF_TEST_MS;
    server->test_result = 0;
    return 0;
}

int
bus_server_test_result(const struct bus_server *server, struct err_note *note)
{
    if (server->test_result < 0)
        return err_set(note, server->test_result, "%s", server->test_note.text);
    return server->test_result;
}

/* Looks at what the stranger was told. */
static void
test_follow(struct bus_server *server)
{
    uint16_t event;
    uint32_t value;
    int result = 0;
    while (result == 0 && bus_monitor_next(server->monitor, &event, &value)) {
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == 400)
            result = 1;
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            result = err_set(&server->test_note, ERR_REFUSED,
                             "self-test: an unregistered key was let in");
    }
    if (result == 0 && clock_mono().ms >= server->test_by)
        result = err_set(&server->test_note, ERR_TIMEOUT,
                         "self-test: an unregistered key was not refused within %d s",
                         SELF_TEST_MS / 1000);
    if (result == 0)
        return;
    if (result == 1)
        server->counts.refused--; /* it was ours */
    test_end(server, result);
}

/* The self-test of the opening: no message is taken before it is passed. */
static int
test_at_once(struct bus_server *server, struct err_note *note)
{
    int rc = bus_server_test(server, note);
    if (rc < 0)
        return rc;
    while (server->stranger) {
        zmq_pollitem_t items[] = { { server->zap, 0, ZMQ_POLLIN, 0 },
                                   { server->monitor, 0, ZMQ_POLLIN, 0 } };
        rc = bus_poll(items, 2, NULL, 0, SELF_TEST_MS);
        if (rc < 0)
            return err_set(note, rc, "poll: %s", err_text(rc));
        bus_zap_answer(server->zap, server->admit, server->admit_context, &server->counts);
        test_follow(server);
    }
    server->counts = (struct bus_server_counts){ 0 };
    rc = bus_server_test_result(server, note);
    return rc < 0 ? rc : 0;
}

/* ---- opening and closing ---- */

static int
entrance_bind(struct entrance *entrance, const char *endpoint, struct err_note *note)
{
    if (zmq_bind(entrance->router, endpoint) != 0)
        return zmq_errno() == EADDRINUSE
                   ? err_set(
                         note, -EADDRINUSE,
                         "another program listens there already (perhaps a collector of another "
                         "site): stop it, or give this site another address in pacewatch.yaml")
                   : bus_fail(note, "bind");
    size_t size = sizeof entrance->endpoint;
    if (zmq_getsockopt(entrance->router, ZMQ_LAST_ENDPOINT, entrance->endpoint, &size) != 0)
        return bus_fail(note, "read back the endpoint");
    return bus_check_curve(entrance->router, note);
}

static int
entrance_open(struct bus_server *server, const char *endpoint, const struct key_pair *keys,
              struct err_note *note)
{
    struct entrance *entrance = &server->entrances[server->entrance_count];
    entrance->router = zmq_socket(server->context, ZMQ_ROUTER);
    if (!entrance->router)
        return err_prefix(note, bus_fail(note, "open a socket"), "bus %s", endpoint);
    server->entrance_count++;
    memcpy(entrance->public_key, keys->public_key, KEY_TEXT);
    int rc = router_configure(entrance->router, endpoint, keys, server->message_max, note);
    if (rc == 0)
        rc = entrance_bind(entrance, endpoint, note);
    return rc < 0 ? err_prefix(note, rc, "bus %s", endpoint) : 0;
}

static int
server_open(struct bus_server *server, const struct bus_server_settings *settings,
            struct err_note *note)
{
    int rc = bus_context_new(&server->context, note);
    if (rc == 0)
        rc = bus_zap_open(server->context, &server->zap, note); /* before the routers exist */
    if (rc < 0)
        return err_prefix(note, rc, "bus %s", settings->endpoint);
    rc = entrance_open(server, settings->endpoint, settings->keys, note);
    if (rc == 0 && settings->next_endpoint)
        rc = entrance_open(server, settings->next_endpoint, settings->next_keys, note);
    for (size_t i = 0; rc == 0 && i < server->entrance_count; i++) {
        rc = test_at_once(server, note);
        if (rc < 0)
            (void)err_prefix(note, rc, "bus %s", server->entrances[i].endpoint);
    }
    return rc;
}

int
bus_server_open(const struct bus_server_settings *settings, struct bus_server **ret_server,
                struct err_note *note)
{
    struct bus_server *server = calloc(1, sizeof *server);
    if (!server)
        return err_set(note, -ENOMEM, "bus %s: no memory", settings->endpoint);
    server->admit = settings->admit;
    server->admit_context = settings->context;
    server->message_max = settings->message_max;
    int rc = server_open(server, settings, note);
    if (rc < 0) {
        bus_server_close(server);
        return rc;
    }
    *ret_server = server;
    return 0;
}

static void
body_release(struct bus_server *server)
{
    if (server->has_body)
        (void)zmq_msg_close(&server->body);
    server->has_body = false;
}

void
bus_server_close(struct bus_server *server)
{
    if (!server)
        return;
    body_release(server);
    test_end(server, 0);
    for (size_t i = 0; i < server->entrance_count; i++)
        bus_socket_close(server->entrances[i].router, NULL);
    bus_socket_close(server->zap, NULL);
    while (server->context && zmq_ctx_term(server->context) != 0 && zmq_errno() == EINTR)
        ; /* a signal came in between */
    free(server);
}

const char *
bus_server_endpoint(const struct bus_server *server)
{
    return server->entrances[0].endpoint;
}

const char *
bus_server_next_endpoint(const struct bus_server *server)
{
    return server->entrance_count > 1 ? server->entrances[1].endpoint : "";
}

int
bus_server_wait(struct bus_server *server, struct pollfd *extra, size_t extra_count, int timeout_ms)
{
    int64_t start = clock_mono().ms;
    for (;;) {
        int left = bus_time_left(start, timeout_ms);
        zmq_pollitem_t items[2 + ENTRANCES_MAX] = { { server->zap, 0, ZMQ_POLLIN, 0 } };
        size_t count = 1;
        for (size_t i = 0; i < server->entrance_count; i++)
            items[count++] = (zmq_pollitem_t){ server->entrances[i].router, 0, ZMQ_POLLIN, 0 };
        if (server->stranger)
            items[count++] = (zmq_pollitem_t){ server->monitor, 0, ZMQ_POLLIN, 0 };
        if (server->stranger && (left < 0 || left > SELF_TEST_MS))
            left = SELF_TEST_MS; /* it has to end even if nothing happens any more */
        int rc = bus_poll(items, count, extra, extra_count, left);
        if (rc < 0)
            return rc;
        if (items[0].revents != 0)
            bus_zap_answer(server->zap, server->admit, server->admit_context, &server->counts);
        bool is_tested = server->stranger != NULL;
        if (is_tested)
            test_follow(server);
        is_tested &= server->stranger == NULL;
        for (size_t i = 0; i < server->entrance_count; i++)
            if (items[1 + i].revents != 0)
                return 1;
        if (left == 0 || items[0].revents == 0 || is_tested ||
            bus_extra_is_ready(extra, extra_count))
            return 0; /* time over, a test, a descriptor, or a signal */
    }
}

/* Z-AUTHOR: the author stands in the body frame; the routing id's frame may carry none. */
static bool
read_author(zmq_msg_t *body, char *ret_author)
{
    const char *author = zmq_msg_gets(body, "User-Id");
    size_t length = author ? strlen(author) : 0;
    if (length == 0 || length > BUS_AUTHOR_MAX)
        return false;
    memcpy(ret_author, author, length + 1);
    return true;
}

/* Takes one message: 1 taken, 0 none there, -EBADMSG dropped and counted, or another negative code.
 * The peer is the routing id, and behind it the number of the entrance. */
static int
receive_one(struct bus_server *server, size_t entrance, struct bus_message *ret_message)
{
    void *router = server->entrances[entrance].router;
    uint8_t peer[BUS_PEER_MAX - 1];
    int peer_size = zmq_recv(router, peer, sizeof peer, ZMQ_DONTWAIT);
    if (peer_size < 0)
        return zmq_errno() == EAGAIN ? 0 : -zmq_errno();
    int more = 0;
    size_t size = sizeof more;
    bool has_body = zmq_getsockopt(router, ZMQ_RCVMORE, &more, &size) == 0 && more;
    if (peer_size > (int)sizeof peer || !has_body) {
        server->counts.dropped_parts++;
        if (has_body) /* else its first part would be taken for the next one's routing id */
            bus_drain(router);
        return -EBADMSG;
    }
    (void)zmq_msg_init(&server->body);
    server->has_body = true;
    if (zmq_msg_recv(&server->body, router, ZMQ_DONTWAIT) < 0)
        return -zmq_errno();
    if (zmq_msg_more(&server->body)) { /* Z-PARTS */
        server->counts.dropped_parts++;
        bus_drain(router);
        return -EBADMSG;
    }
    char author[BUS_AUTHOR_MAX + 1];
    if (!read_author(&server->body, author)) {
        server->counts.dropped_author++;
        return -EBADMSG;
    }
    server->counts.received++;
    memcpy(ret_message->peer, peer, (size_t)peer_size);
    ret_message->peer[peer_size] = (uint8_t)entrance;
    ret_message->peer_size = (size_t)peer_size + 1;
    ret_message->is_next = entrance > 0;
    memcpy(ret_message->author, author, sizeof author);
    ret_message->bytes = zmq_msg_data(&server->body);
    ret_message->size = zmq_msg_size(&server->body);
    return 1;
}

int
bus_server_receive(struct bus_server *server, struct bus_message *ret_message)
{
    size_t empty = 0; /* entrances in a row with nothing */
    for (int i = 0; i < DROPS_AT_ONCE && empty < server->entrance_count; i++) {
        body_release(server);
        int rc = receive_one(server, server->turn, ret_message);
        server->turn = (server->turn + 1) % server->entrance_count;
        if (rc != 0 && rc != -EBADMSG)
            return rc;
        empty = rc == 0 ? empty + 1 : 0;
    }
    return 0; /* what is left makes the next wait return at once */
}

int
bus_server_send(struct bus_server *server, const uint8_t *peer, size_t peer_size,
                const uint8_t *bytes, size_t size)
{
    if (peer_size < 2 || peer_size > BUS_PEER_MAX || size > server->message_max ||
        peer[peer_size - 1] >= server->entrance_count)
        return ERR_RANGE;
    void *router = server->entrances[peer[peer_size - 1]].router;
    if (zmq_send(router, peer, peer_size - 1, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(router, bytes, size, ZMQ_DONTWAIT) < 0) {
        server->counts.unreachable++; /* Z11: gone, or too slow */
        return -zmq_errno();
    }
    server->counts.sent++;
    return 0;
}

struct bus_server_counts
bus_server_count(const struct bus_server *server)
{
    return server->counts;
}
