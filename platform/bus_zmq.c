/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/bus_zmq.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/clock.h"

enum {
    HANDSHAKE_MS = 5000,
    HEARTBEAT_MS = 10000,
    HEARTBEAT_TIMEOUT_MS = 30000,
    MONITOR_EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                     ZMQ_EVENT_DISCONNECTED
};

int
bus_fail(struct err_note *note, const char *what)
{
    int number = zmq_errno();
    return err_set(note, number > 0 && number < 1000 ? -number : ERR_LIBRARY, "%s: %s", what,
                   zmq_strerror(number));
}

int
bus_context_new(void **ret_context, struct err_note *note)
{
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    if (major * 10000 + minor * 100 + patch < 40304)
        return err_set(note, ERR_VERSION,
                       "libzmq %d.%d.%d is too old: 4.3.4 closed holes that strangers can use",
                       major, minor, patch);
    if (!zmq_has("curve"))
        return err_set(note, ERR_LIBRARY, "libzmq was built without CURVE");
    unsigned seed;
    clock_random(&seed, sizeof seed);
    srand(seed);
    void *context = zmq_ctx_new();
    if (!context)
        return bus_fail(note, "make a libzmq context");
    *ret_context = context;
    return 0;
}

int
bus_set_int(void *socket, int option, int value, const char *name, struct err_note *note)
{
    if (zmq_setsockopt(socket, option, &value, sizeof value) != 0)
        return bus_fail(note, name);
    int kept = value;
    size_t size = sizeof kept;
    if (zmq_getsockopt(socket, option, &kept, &size) != 0 && zmq_errno() != EINVAL)
        return bus_fail(note, name); /* EINVAL: this one can only be set */
    return kept == value ? 0 : err_set(note, ERR_LIBRARY, "libzmq did not keep %s", name);
}

int
bus_set_text(void *socket, int option, const char *value, const char *name, struct err_note *note)
{
    return zmq_setsockopt(socket, option, value, strlen(value)) == 0 ? 0 : bus_fail(note, name);
}

int
bus_set_common(void *socket, const char *endpoint, size_t message_max, struct err_note *note)
{
    int64_t frame_max = (int64_t)message_max + BUS_CURVE_OVERHEAD;
    int rc = 0;
    if (zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) != 0)
        rc = bus_fail(note, "ZMQ_MAXMSGSIZE");
    if (rc == 0)
        rc = bus_set_int(socket, ZMQ_LINGER, 0, "ZMQ_LINGER", note);
    if (rc == 0)
        rc = bus_set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS, "ZMQ_HANDSHAKE_IVL", note);
    if (rc == 0)
        rc = bus_set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS, "ZMQ_HEARTBEAT_IVL", note);
    if (rc == 0)
        rc = bus_set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS,
                         "ZMQ_HEARTBEAT_TIMEOUT", note);
    if (rc == 0 && strchr(endpoint, '['))
        rc = bus_set_int(socket, ZMQ_IPV6, 1, "ZMQ_IPV6", note);
    return rc;
}

int
bus_check_curve(void *socket, struct err_note *note)
{
    int mechanism = -1;
    size_t size = sizeof mechanism;
    if (zmq_getsockopt(socket, ZMQ_MECHANISM, &mechanism, &size) != 0)
        return bus_fail(note, "ZMQ_MECHANISM");
    if (mechanism != ZMQ_CURVE)
        return err_set(note, ERR_LIBRARY,
                       "libzmq does not speak CURVE on this socket (mechanism %d)", mechanism);
    return 0;
}

int
bus_set_curve_client(void *socket, const char *server_key, const char *public_key,
                     const char *secret_key, struct err_note *note)
{
    uint8_t routing_id[16];
    do
        clock_random(routing_id, sizeof routing_id);
    while (routing_id[0] == 0);
    int rc = 0;
    if (zmq_setsockopt(socket, ZMQ_ROUTING_ID, routing_id, sizeof routing_id) != 0)
        rc = bus_fail(note, "ZMQ_ROUTING_ID");
    if (rc == 0)
        rc = bus_set_text(socket, ZMQ_CURVE_SERVERKEY, server_key, "the collector's key", note);
    if (rc == 0)
        rc = bus_set_text(socket, ZMQ_CURVE_PUBLICKEY, public_key, "our public key", note);
    if (rc == 0)
        rc = bus_set_text(socket, ZMQ_CURVE_SECRETKEY, secret_key, "our secret key", note);
    return rc == 0 ? bus_check_curve(socket, note) : rc;
}

int
bus_monitor_open(void *context, void *socket, unsigned serial, void **ret_monitor,
                 struct err_note *note)
{
    char address[64];
    (void)snprintf(address, sizeof address, "inproc://pacewatch-monitor-%u", serial);
    if (zmq_socket_monitor(socket, address, MONITOR_EVENTS) != 0)
        return bus_fail(note, "watch the connection");
    void *monitor = zmq_socket(context, ZMQ_PAIR);
    if (!monitor)
        return bus_fail(note, "watch the connection");
    int rc = bus_set_int(monitor, ZMQ_RCVHWM, 0, "ZMQ_RCVHWM", note);
    if (rc == 0)
        rc = bus_set_int(monitor, ZMQ_LINGER, 0, "ZMQ_LINGER", note);
    if (rc == 0 && zmq_connect(monitor, address) != 0)
        rc = bus_fail(note, "watch the connection");
    if (rc < 0) {
        (void)zmq_close(monitor); /* fails only for what is no socket */
        return rc;
    }
    *ret_monitor = monitor;
    return 0;
}

bool
bus_monitor_next(void *monitor, uint16_t *ret_event, uint32_t *ret_value)
{
    uint8_t frame[6];
    char address[BUS_ENDPOINT_MAX + 1];
    int n = zmq_recv(monitor, frame, sizeof frame, ZMQ_DONTWAIT);
    if (n < 0)
        return false;
    (void)zmq_recv(monitor, address, sizeof address, ZMQ_DONTWAIT); /* which end it was is known */
    if (n != (int)sizeof frame) {
        *ret_event = 0;
        *ret_value = 0;
        return true;
    }
    memcpy(ret_event, frame, sizeof *ret_event);
    memcpy(ret_value, frame + 2, sizeof *ret_value);
    return true;
}

void
bus_socket_close(void *socket, void *monitor)
{
    if (socket && monitor)
        (void)zmq_socket_monitor(socket, NULL, 0);
    if (monitor)
        (void)zmq_close(monitor);
    if (socket)
        (void)zmq_close(socket);
}

int
bus_poll(zmq_pollitem_t *sockets, size_t count, struct pollfd *extra, size_t extra_count,
         int timeout_ms)
{
    zmq_pollitem_t items[16] = { 0 };
    if (extra_count > BUS_EXTRA_MAX || count + extra_count > 16)
        return ERR_RANGE;
    memcpy(items, sockets, count * sizeof *items);
    size_t used = count;
    for (size_t i = 0; i < extra_count; i++) {
        extra[i].revents = 0;
        if (extra[i].fd < 0)
            continue;
        items[used].fd = extra[i].fd;
        items[used].events = (short)(((extra[i].events & POLLIN) ? ZMQ_POLLIN : 0) |
                                     ((extra[i].events & POLLOUT) ? ZMQ_POLLOUT : 0) |
                                     ((extra[i].events & POLLPRI) ? ZMQ_POLLPRI : 0) | ZMQ_POLLERR);
        used++;
    }
    int ready = zmq_poll(items, (int)used, timeout_ms);
    for (size_t i = 0; i < count; i++)
        sockets[i].revents = ready > 0 ? items[i].revents : 0;
    if (ready < 0)
        return zmq_errno() == EINTR ? 0 : -zmq_errno();
    /* libzmq knows fewer conditions than poll(2): ask it for the exact ones. */
    if (extra_count > 0 && poll(extra, (nfds_t)extra_count, 0) < 0 && errno != EINTR)
        return -errno;
    return 0;
}

bool
bus_extra_is_ready(const struct pollfd *extra, size_t extra_count)
{
    for (size_t i = 0; i < extra_count; i++)
        if (extra[i].revents != 0)
            return true;
    return false;
}

int
bus_time_left(int64_t start_ms, int timeout_ms)
{
    if (timeout_ms < 0)
        return -1;
    int64_t gone = clock_mono().ms - start_ms;
    return gone >= timeout_ms ? 0 : (int)(timeout_ms - gone);
}

void
bus_drain(void *socket)
{
    zmq_msg_t part;
    int more = 1;
    while (more) {
        (void)zmq_msg_init(&part);
        more = zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&part);
        (void)zmq_msg_close(&part);
    }
}
