/* SPDX-License-Identifier: GPL-3.0-or-later
 * Peers nobody enrolled, at the collector's door on this host:
 *
 *   stranger KIND PORT COUNT SECONDS SEED [SERVER_KEY]
 *
 * COUNT connections at a time; one that the collector ends is made anew. The kinds are those of the
 * tables below; `key` (a key nobody enrolled) and `server` (a wrong server key) are real CURVE
 * clients. In the end it prints
 *
 *   connections  made
 *   ended        by the collector
 *   admitted     that were told they are in
 *
 * and ends with 1 if any was admitted. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

enum { STRANGERS_MAX = 2000, SCRIPT_MAX = 512, NOISE_SIZE = 1024, AGAIN_MS = 20, DRIP_MS = 50 };

enum manner {
    SAYS_IT,   /* the script, then nothing more */
    DRIPS_IT,  /* a byte now and then */
    POURS_ON,  /* the script, then noise without end */
    GOES_AWAY, /* as soon as it is there */
};

struct stranger {
    int fd; /* -1: none */
    size_t sent;
    size_t heard;
    int64_t next_ms;
    uint8_t tail[8]; /* of what was heard */
};

static struct {
    enum manner manner;
    uint8_t script[SCRIPT_MAX];
    size_t script_size;
    uint16_t port;
    size_t count;
    uint64_t chance;
    unsigned long made, ended, admitted;
    struct stranger all[STRANGERS_MAX];
} it;

static void
fail(const char *what)
{
    perror(what);
    exit(2);
}

static int64_t
now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* splitmix64 */
static uint64_t
draw(void)
{
    uint64_t x = it.chance += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* ---- what they say ---- */

static void
add(const void *bytes, size_t size)
{
    memcpy(it.script + it.script_size, bytes, size);
    it.script_size += size;
}

/* ZMTP 3.0: signature, version, mechanism, not a server, filler. */
static void
add_greeting(const char *mechanism)
{
    uint8_t greeting[64] = { 0xff, [9] = 0x7f, [10] = 3 };
    for (size_t i = 0; mechanism[i]; i++)
        greeting[12 + i] = (uint8_t)mechanism[i];
    add(greeting, sizeof greeting);
}

static void
write_script(const char *kind)
{
    static const uint8_t half[] = { 0xff, 0, 0, 0, 0 };
    static const uint8_t hello[] = "\x04\xc8\x05HELLO\x01";
    static const uint8_t ready[] = "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
                                   "DEALER";
    static const uint8_t plain[] = "\x04\x12\x05HELLO\x05"
                                   "admin\x05"
                                   "admin";
    static const uint8_t version_1[] = "\x01\0\x06\0hello";
    static const uint8_t version_2[] = "\xff\0\0\0\0\0\0\0\x01\x7f\x01\x05\0\0\0\x05hello";
    static const uint8_t long_command[] = { 6, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const uint8_t longest[] = { 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    const struct {
        const char *kind;
        enum manner manner;
        const char *mechanism; /* NULL: no greeting of ours */
        const void *bytes;
        size_t size;
    } kinds[] = {
        { "silent", SAYS_IT, NULL, "", 0 },
        { "half", SAYS_IT, NULL, half, sizeof half },
        { "greeting", SAYS_IT, "CURVE", "", 0 },
        { "drip", DRIPS_IT, "CURVE", hello, sizeof hello - 1 },
        { "noise", POURS_ON, NULL, "", 0 },
        { "null", SAYS_IT, "NULL", ready, sizeof ready - 1 },
        { "plain", SAYS_IT, "PLAIN", plain, sizeof plain - 1 },
        { "unknown", SAYS_IT, "XYZZY", ready, sizeof ready - 1 },
        { "no_hello", POURS_ON, "CURVE", hello, sizeof hello - 1 },
        { "version_1", SAYS_IT, NULL, version_1, sizeof version_1 - 1 },
        { "version_2", SAYS_IT, NULL, version_2, sizeof version_2 - 1 },
        { "long", POURS_ON, "CURVE", long_command, sizeof long_command },
        { "longest", POURS_ON, "CURVE", longest, sizeof longest },
        { "flood", GOES_AWAY, NULL, "", 0 },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i].kind) != 0)
            continue;
        it.manner = kinds[i].manner;
        if (kinds[i].mechanism)
            add_greeting(kinds[i].mechanism);
        add(kinds[i].bytes, kinds[i].size);
        return;
    }
    (void)fprintf(stderr, "no kind %s\n", kind);
    exit(2);
}

/* ---- raw connections ---- */

static void
leave(struct stranger *one, int64_t now)
{
    (void)close(one->fd); /* nothing to lose */
    *one = (struct stranger){ .fd = -1, .next_ms = now + (it.manner == GOES_AWAY ? 0 : AGAIN_MS) };
}

static void
come(struct stranger *one)
{
    struct sockaddr_in door = { .sin_family = AF_INET,
                                .sin_port = htons(it.port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    *one = (struct stranger){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) };
    if (one->fd < 0)
        fail("socket");
    if (connect(one->fd, (struct sockaddr *)&door, sizeof door) < 0 && errno != EINPROGRESS)
        fail("connect");
    it.made++;
}

/* "READY" is what a peer hears that is in; it may come in two pieces. */
static void
listen_for_ready(struct stranger *one, const uint8_t *bytes, size_t size)
{
    uint8_t heard[sizeof one->tail + NOISE_SIZE];
    memcpy(heard, one->tail, sizeof one->tail);
    memcpy(heard + sizeof one->tail, bytes, size);
    it.admitted += memmem(heard, sizeof one->tail + size, "READY", 5) != NULL;
    memcpy(one->tail, heard + size, sizeof one->tail);
    one->heard += size;
}

static void
speak(struct stranger *one, int64_t now)
{
    uint8_t noise[NOISE_SIZE];
    const uint8_t *bytes = it.script + one->sent;
    size_t size = it.script_size - one->sent;
    if (it.manner == DRIPS_IT && size > 1)
        size = 1;
    if (size == 0 && it.manner == POURS_ON) {
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)draw();
        bytes = noise;
        size = sizeof noise;
    }
    ssize_t n = size == 0 ? 0 : send(one->fd, bytes, size, MSG_NOSIGNAL);
    if (n > 0 && bytes != noise)
        one->sent += (size_t)n;
    one->next_ms = now + (it.manner == DRIPS_IT ? DRIP_MS : 1);
}

static bool
wants_to_speak(const struct stranger *one)
{
    return one->sent < it.script_size || it.manner == POURS_ON;
}

static void
turn(struct stranger *one, short events, int64_t now)
{
    uint8_t bytes[NOISE_SIZE];
    if (it.manner == GOES_AWAY && events) {
        leave(one, now);
        return;
    }
    if (events & (POLLIN | POLLHUP | POLLERR)) {
        ssize_t n = recv(one->fd, bytes, sizeof bytes, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN)) {
            it.ended++;
            leave(one, now);
            return;
        }
        if (n > 0)
            listen_for_ready(one, bytes, (size_t)n);
    }
    if ((events & POLLOUT) && now >= one->next_ms)
        speak(one, now);
}

static void
be_there(int64_t end)
{
    static struct pollfd fds[STRANGERS_MAX];
    for (size_t i = 0; i < it.count; i++)
        it.all[i].fd = -1;
    for (int64_t now = now_ms(); now < end; now = now_ms()) {
        for (size_t i = 0; i < it.count; i++) {
            struct stranger *one = &it.all[i];
            if (one->fd < 0 && now >= one->next_ms)
                come(one);
            bool speaks = wants_to_speak(one) && now >= one->next_ms;
            speaks |= it.manner == GOES_AWAY;
            fds[i] = (struct pollfd){ one->fd, (short)(POLLIN | (speaks ? POLLOUT : 0)), 0 };
        }
        if (poll(fds, it.count, 10) < 0)
            fail("poll");
        now = now_ms();
        for (size_t i = 0; i < it.count; i++)
            if (it.all[i].fd >= 0)
                turn(&it.all[i], fds[i].revents, now);
    }
}

/* ---- CURVE clients ---- */

struct client {
    void *socket, *monitor;
};

static void
set(void *socket, int option, const void *value, size_t size)
{
    if (zmq_setsockopt(socket, option, value, size) != 0)
        fail("zmq_setsockopt");
}

static void
open_client(void *context, struct client *client, const char *server_key)
{
    static unsigned serial;
    char public_key[41], secret_key[41], endpoint[64];
    int zero = 0, again = AGAIN_MS;
    (void)snprintf(endpoint, sizeof endpoint, "inproc://monitor-%u", ++serial);
    if (zmq_curve_keypair(public_key, secret_key) != 0)
        fail("zmq_curve_keypair");
    client->socket = zmq_socket(context, ZMQ_DEALER);
    client->monitor = zmq_socket(context, ZMQ_PAIR);
    if (!client->socket || !client->monitor)
        fail("zmq_socket");
    set(client->socket, ZMQ_LINGER, &zero, sizeof zero);
    set(client->socket, ZMQ_RECONNECT_IVL, &again, sizeof again);
    set(client->socket, ZMQ_CURVE_SERVERKEY, server_key, 40);
    set(client->socket, ZMQ_CURVE_PUBLICKEY, public_key, 40);
    set(client->socket, ZMQ_CURVE_SECRETKEY, secret_key, 40);
    if (zmq_socket_monitor(client->socket, endpoint, ZMQ_EVENT_ALL) != 0 ||
        zmq_connect(client->monitor, endpoint) != 0)
        fail("zmq_socket_monitor");
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", it.port);
    if (zmq_connect(client->socket, endpoint) != 0)
        fail("zmq_connect");
}

/* libzmq does not come again once a key was refused: we do, with another one. */
static void
hear_events(void *context, struct client *client, const char *server_key)
{
    uint8_t frame[6];
    char address[256];
    bool is_refused = false;
    while (zmq_recv(client->monitor, frame, sizeof frame, ZMQ_DONTWAIT) == sizeof frame) {
        uint16_t event;
        memcpy(&event, frame, sizeof event);
        (void)zmq_recv(client->monitor, address, sizeof address, 0); /* its second part */
        it.made += event == ZMQ_EVENT_CONNECTED;
        it.admitted += event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
        it.ended += event == ZMQ_EVENT_DISCONNECTED;
        is_refused |= event == ZMQ_EVENT_DISCONNECTED;
    }
    if (!is_refused)
        return;
    (void)zmq_socket_monitor(client->socket, NULL, 0);
    (void)zmq_close(client->monitor);
    (void)zmq_close(client->socket);
    open_client(context, client, server_key);
}

static void
be_clients(const char *server_key, int64_t end)
{
    static struct client clients[STRANGERS_MAX];
    void *context = zmq_ctx_new();
    if (!context || zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 4 * STRANGERS_MAX) != 0)
        fail("zmq_ctx_new");
    for (size_t i = 0; i < it.count; i++)
        open_client(context, &clients[i], server_key);
    while (now_ms() < end) {
        for (size_t i = 0; i < it.count; i++)
            hear_events(context, &clients[i], server_key);
        (void)poll(NULL, 0, AGAIN_MS); /* between two looks */
    }
}

int
main(int argc, char **argv)
{
    if (argc < 6) {
        (void)fputs("usage: stranger KIND PORT COUNT SECONDS SEED [SERVER_KEY]\n", stderr);
        return 2;
    }
    const char *kind = argv[1];
    it.port = (uint16_t)strtoul(argv[2], NULL, 10);
    it.count = strtoul(argv[3], NULL, 10);
    int64_t end = now_ms() + 1000 * strtol(argv[4], NULL, 10);
    it.chance = strtoull(argv[5], NULL, 10);
    if (it.count == 0 || it.count > STRANGERS_MAX)
        fail("COUNT");
    bool is_client = strcmp(kind, "key") == 0 || strcmp(kind, "server") == 0;
    if (is_client && argc == 7) {
        be_clients(argv[6], end);
    } else {
        write_script(kind);
        be_there(end);
    }
    (void)printf("connections=%lu ended=%lu admitted=%lu\n", it.made, it.ended, it.admitted);
    (void)fflush(stdout);    /* _exit does not */
    _exit(it.admitted != 0); /* the context has connections under way: nothing waits for them */
}
