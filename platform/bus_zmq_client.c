/* SPDX-License-Identifier: GPL-3.0-or-later
 * The agent's DEALER, and what the monitor tells of its connection:
 *
 *                     handshake done                  connection gone
 *   CONNECTING ─────────────────────────> READY ─────────────────────────> LOST ──> READY ...
 *       │  key refused (ZAP): REFUSED; libzmq would be dead or storm, so we disconnect until
 * bus_client_reopen └─ WRONG_AFTER handshakes without words: WRONG_SERVER; libzmq goes on trying,
 * and READY may still follow */
#include "platform/bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/bus_zmq.h"
#include "platform/clock.h"

enum {
    MARK = 64, /* the spool is the queue: a window of messages, no more */
    RECONNECT_MS = 500,
    RECONNECT_MAX_MS = 30000,
    CONNECT_TIMEOUT_MS = 10000,
    WRONG_AFTER = 3
};

struct bus_client {
    void *context;
    void *dealer; /* NULL after a reopening that failed */
    void *monitor;
    struct key_pair keys;
    char server_key[KEY_TEXT];
    char endpoint[BUS_ENDPOINT_MAX + 1];
    size_t message_max;
    unsigned serial; /* of the monitor's address */
    enum bus_link link;
    enum bus_link told; /* what bus_client_wait last reported */
    unsigned failures;  /* handshakes that failed in a row */
    zmq_msg_t body;
    bool has_body;
};

const char *
bus_link_text(enum bus_link link)
{
    switch (link) {
    case BUS_CONNECTING:
        return "connecting: no answer from the collector's address yet";
    case BUS_READY:
        return "connected";
    case BUS_REFUSED:
        return "refused: the collector does not know this agent's key";
    case BUS_WRONG_SERVER:
        return "handshake failed: most often the collector's key is not the one this agent was "
               "given";
    case BUS_LOST:
        return "connection lost, trying again";
    }
    return "?";
}

static int
dealer_configure(const struct bus_client *client, void *dealer, struct err_note *note)
{
    int rc = bus_set_common(dealer, client->endpoint, client->message_max, note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_IMMEDIATE, 1, "ZMQ_IMMEDIATE", note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_SNDHWM, MARK, "ZMQ_SNDHWM", note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_RCVHWM, MARK, "ZMQ_RCVHWM", note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_RECONNECT_IVL, RECONNECT_MS, "ZMQ_RECONNECT_IVL", note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS, "ZMQ_RECONNECT_IVL_MAX",
                         note);
    if (rc == 0)
        rc = bus_set_int(dealer, ZMQ_CONNECT_TIMEOUT, CONNECT_TIMEOUT_MS, "ZMQ_CONNECT_TIMEOUT",
                         note);
    if (rc == 0)
        rc = bus_set_curve_client(dealer, client->server_key, client->keys.public_key,
                                  client->keys.secret_key, note);
    return rc;
}

static int
connection_open(struct bus_client *client, struct err_note *note)
{
    void *monitor = NULL, *dealer = zmq_socket(client->context, ZMQ_DEALER);
    int rc = dealer ? dealer_configure(client, dealer, note) : bus_fail(note, "open a socket");
    if (rc == 0)
        rc = bus_monitor_open(client->context, dealer, ++client->serial, &monitor, note);
    if (rc == 0 && zmq_connect(dealer, client->endpoint) != 0)
        rc = bus_fail(note, "connect");
    if (rc < 0) {
        bus_socket_close(dealer, monitor);
        return err_prefix(note, rc, "bus %s", client->endpoint);
    }
    client->dealer = dealer;
    client->monitor = monitor;
    client->link = client->told = BUS_CONNECTING;
    client->failures = 0;
    return 0;
}

static void
body_release(struct bus_client *client)
{
    if (client->has_body)
        (void)zmq_msg_close(&client->body);
    client->has_body = false;
}

static void
connection_close(struct bus_client *client)
{
    body_release(client);
    bus_socket_close(client->dealer, client->monitor);
    client->dealer = client->monitor = NULL;
    client->link = client->told = BUS_CONNECTING;
}

int
bus_client_open(const struct bus_client_settings *settings, struct bus_client **ret_client,
                struct err_note *note)
{
    if (strlen(settings->endpoint) > BUS_ENDPOINT_MAX)
        return err_set(note, ERR_RANGE, "bus: endpoint longer than %d bytes", BUS_ENDPOINT_MAX);
    if (!keys_is_public(settings->server_key))
        return err_set(note, ERR_SYNTAX, "bus %s: the collector's key is not 40 characters of Z85",
                       settings->endpoint);
    struct bus_client *client = calloc(1, sizeof *client);
    if (!client)
        return err_set(note, -ENOMEM, "bus %s: no memory", settings->endpoint);
    client->keys = *settings->keys;
    client->message_max = settings->message_max;
    memcpy(client->server_key, settings->server_key, KEY_TEXT);
    memcpy(client->endpoint, settings->endpoint, strlen(settings->endpoint) + 1);
    int rc = bus_context_new(&client->context, note);
    if (rc == 0)
        rc = connection_open(client, note);
    if (rc < 0) {
        bus_client_close(client);
        return rc;
    }
    *ret_client = client;
    return 0;
}

void
bus_client_close(struct bus_client *client)
{
    if (!client)
        return;
    connection_close(client);
    while (client->context && zmq_ctx_term(client->context) != 0 && zmq_errno() == EINTR)
        ; /* a signal came in between */
    keys_wipe(&client->keys);
    free(client);
}

int
bus_client_reopen(struct bus_client *client, struct err_note *note)
{
    connection_close(client);
    return connection_open(client, note);
}

static void
follow_event(struct bus_client *client, uint16_t event)
{
    if (client->link == BUS_REFUSED)
        return; /* the last words of a connection that is over */
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        client->link = BUS_READY;
        client->failures = 0;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        client->link = BUS_REFUSED;
        (void)zmq_disconnect(client->dealer, client->endpoint); /* may have ended by itself */
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        if (++client->failures >= WRONG_AFTER)
            client->link = BUS_WRONG_SERVER;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        if (client->link == BUS_READY)
            client->link = BUS_LOST;
        break;
    default:
        break;
    }
}

int
bus_client_wait(struct bus_client *client, struct pollfd *extra, size_t extra_count, int timeout_ms)
{
    int64_t start = clock_mono().ms;
    for (;;) {
        int left = bus_time_left(start, timeout_ms);
        zmq_pollitem_t items[] = { { client->monitor, 0, ZMQ_POLLIN, 0 },
                                   { client->dealer, 0, ZMQ_POLLIN, 0 } };
        int rc = bus_poll(items, client->dealer ? 2 : 0, extra, extra_count, left);
        if (rc < 0)
            return rc;
        uint16_t event;
        uint32_t value;
        while (client->monitor && bus_monitor_next(client->monitor, &event, &value))
            follow_event(client, event);
        if (client->link != client->told || items[1].revents != 0) {
            client->told = client->link;
            return 1;
        }
        if (left == 0 || items[0].revents == 0 || bus_extra_is_ready(extra, extra_count))
            return 0; /* time over, a descriptor, or a signal */
    }
}

enum bus_link
bus_client_link(const struct bus_client *client)
{
    return client->link;
}

int
bus_client_receive(struct bus_client *client, const uint8_t **ret_bytes, size_t *ret_size)
{
    if (!client->dealer)
        return 0;
    for (;;) {
        body_release(client);
        (void)zmq_msg_init(&client->body);
        client->has_body = true;
        if (zmq_msg_recv(&client->body, client->dealer, ZMQ_DONTWAIT) < 0)
            return zmq_errno() == EAGAIN ? 0 : -zmq_errno();
        if (!zmq_msg_more(&client->body))
            break;
        bus_drain(client->dealer); /* a collector of ours never sends parts */
    }
    *ret_bytes = zmq_msg_data(&client->body);
    *ret_size = zmq_msg_size(&client->body);
    return 1;
}

int
bus_client_send(struct bus_client *client, const uint8_t *bytes, size_t size)
{
    if (size > client->message_max)
        return ERR_RANGE;
    /* Before the handshake is done libzmq would take a message and say nothing of its fate. */
    if (client->link != BUS_READY)
        return -EAGAIN;
    return zmq_send(client->dealer, bytes, size, ZMQ_DONTWAIT) < 0 ? -zmq_errno() : 0;
}
