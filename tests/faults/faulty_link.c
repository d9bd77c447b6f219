/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bad network between an agent and a collector: a TCP proxy on the loopback that is told while it
 * runs how to treat what it carries.
 *
 *   faulty_link PORT TARGET-PORT CONTROL [SEED]
 *
 * CONTROL is a FIFO it makes and reads, one command a line; each takes back the one before:
 *
 *   pass             carries everything
 *   refuse           takes no connection and ends those there are
 *   cut MS           ends all connections every MS milliseconds (half to once and a half, by
 * chance) cut-bytes N      ends a connection once it has carried N bytes (likewise) hold carries
 * nothing, but keeps connections, and takes new ones (half-open) hold-answers     carries towards
 * the target only slow N           N bytes a second in each direction of each connection delay MS
 * what it carries arrives MS later duplicate N      about every N bytes the last piece is carried
 * twice corrupt N        about every N bytes one bit is turned over
 *
 * On TERM it prints one line of totals: connections, bytes up (to the target) and down, and how
 * often it cut, duplicated and corrupted. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, PIECE = 16 * 1024, IDLE_MS = 1000, LINE_SIZE = 128 };

enum mode {
    MODE_PASS,
    MODE_REFUSE,
    MODE_CUT,
    MODE_CUT_BYTES,
    MODE_HOLD,
    MODE_HOLD_ANSWERS,
    MODE_SLOW,
    MODE_DELAY,
    MODE_DUPLICATE,
    MODE_CORRUPT,
    MODE_COUNT
};
static const char *const mode_names[MODE_COUNT] = { "pass",      "refuse", "cut",
                                                    "cut-bytes", "hold",   "hold-answers",
                                                    "slow",      "delay",  "duplicate",
                                                    "corrupt" };

/* One direction of a connection: a piece is read, waits until it is due, and is written. */
struct lane {
    int from, to;
    bool is_up;
    uint8_t bytes[2 * PIECE]; /* room for a piece twice */
    size_t held, written;
    int64_t due_ms;
    int64_t carried;  /* bytes */
    int64_t fault_at; /* when `carried` comes there, the mode's fault happens */
};

struct connection {
    bool is_open;
    struct lane up, down;
};

static struct {
    enum mode mode;
    int64_t argument;
    int64_t cut_at_ms;
    uint64_t chance;
    struct connection connections[CONNECTIONS_MAX];
    int64_t opened, bytes_up, bytes_down, cuts, duplicated, corrupted;
} link_;
static volatile sig_atomic_t is_stopping;

static void
fail(const char *what)
{
    perror(what);
    exit(1);
}

static void
on_term(int signal_number)
{
    (void)signal_number;
    is_stopping = 1;
}

static int64_t
now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* exists everywhere */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* xorshift64 */
static uint64_t
draw(void)
{
    link_.chance ^= link_.chance << 13;
    link_.chance ^= link_.chance >> 7;
    link_.chance ^= link_.chance << 17;
    return link_.chance;
}

/* Half to once and a half of the mode's argument, at least 1. */
static int64_t
about(void)
{
    int64_t n = link_.argument < 1 ? 1 : link_.argument;
    return n / 2 + (int64_t)(draw() % (uint64_t)n) + 1;
}

/* ---- connections ---- */

static void
connection_end(struct connection *connection)
{
    if (!connection->is_open)
        return;
    (void)close(connection->up.from); /* what is in them is lost: that is the fault */
    (void)close(connection->up.to);
    connection->is_open = false;
}

static void
cut_all(void)
{
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        link_.cuts += link_.connections[i].is_open;
        connection_end(&link_.connections[i]);
    }
}

static void
lane_begin(struct lane *lane, int from, int to, bool is_up)
{
    lane->from = from;
    lane->to = to;
    lane->is_up = is_up;
    lane->held = lane->written = 0;
    lane->due_ms = lane->carried = 0;
    lane->fault_at = about();
}

static struct sockaddr_in
loopback(unsigned port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                 .sin_port = htons((in_port_t)port) };
}

static void
take_connection(int listener, unsigned target_port)
{
    int from = accept(listener, NULL, NULL);
    if (from < 0)
        return;
    struct connection *free_one = NULL;
    for (int i = 0; i < CONNECTIONS_MAX && !free_one; i++)
        if (!link_.connections[i].is_open)
            free_one = &link_.connections[i];
    struct sockaddr_in address = loopback(target_port);
    int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!free_one || link_.mode == MODE_REFUSE || to < 0 ||
        connect(to, (struct sockaddr *)&address, sizeof address) != 0 ||
        fcntl(from, F_SETFL, O_NONBLOCK) != 0 || fcntl(to, F_SETFL, O_NONBLOCK) != 0) {
        (void)close(from); /* as a closed port would look */
        if (to >= 0)
            (void)close(to);
        return;
    }
    lane_begin(&free_one->up, from, to, true);
    lane_begin(&free_one->down, to, from, false);
    free_one->is_open = true;
    link_.opened++;
}

/* ---- what is carried ---- */

static bool
lane_is_held(const struct lane *lane)
{
    return link_.mode == MODE_HOLD || (link_.mode == MODE_HOLD_ANSWERS && !lane->is_up);
}

/* When a piece just read may go on. */
static int64_t
due(size_t size, int64_t now)
{
    if (link_.mode == MODE_DELAY)
        return now + link_.argument;
    if (link_.mode == MODE_SLOW)
        return now + (int64_t)size * 1000 / (link_.argument < 1 ? 1 : link_.argument);
    return now;
}

/* The mode's fault, when it is time for it; false if the connection must end. */
static bool
spoil(struct lane *lane)
{
    bool is_time = lane->carried >= lane->fault_at;
    if (!is_time || link_.mode < MODE_CUT_BYTES)
        return true;
    lane->fault_at = lane->carried + about();
    if (link_.mode == MODE_CUT_BYTES) {
        link_.cuts++;
        return false;
    }
    if (link_.mode == MODE_DUPLICATE) {
        memcpy(lane->bytes + lane->held, lane->bytes, lane->held);
        lane->held *= 2;
        link_.duplicated++;
    } else if (link_.mode == MODE_CORRUPT) {
        lane->bytes[draw() % lane->held] ^= (uint8_t)(1U << draw() % 8);
        link_.corrupted++;
    }
    return true;
}

/* Reads the next piece; false when the connection ends. */
static bool
lane_fill(struct lane *lane, int64_t now)
{
    size_t want = link_.mode == MODE_SLOW && link_.argument < PIECE ? 512 : PIECE;
    ssize_t n = read(lane->from, lane->bytes, want);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    lane->held = (size_t)n;
    lane->written = 0;
    lane->carried += n;
    lane->due_ms = due(lane->held, now);
    *(lane->is_up ? &link_.bytes_up : &link_.bytes_down) += n;
    return spoil(lane);
}

static bool
lane_drain(struct lane *lane)
{
    ssize_t n = write(lane->to, lane->bytes + lane->written, lane->held - lane->written);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    lane->written += (size_t)n;
    if (lane->written == lane->held)
        lane->held = lane->written = 0;
    return true;
}

/* What to wait for; nothing while it is held or the piece is not due. */
static struct pollfd
lane_poll(const struct lane *lane, int64_t now, int64_t *wake)
{
    if (lane_is_held(lane))
        return (struct pollfd){ .fd = -1 };
    if (lane->held == 0)
        return (struct pollfd){ .fd = lane->from, .events = POLLIN };
    if (lane->due_ms > now) {
        *wake = lane->due_ms < *wake ? lane->due_ms : *wake;
        return (struct pollfd){ .fd = -1 };
    }
    return (struct pollfd){ .fd = lane->to, .events = POLLOUT };
}

static bool
lane_turn(struct lane *lane, const struct pollfd *fd, int64_t now)
{
    if (fd->fd < 0 || fd->revents == 0)
        return true;
    return fd->events == POLLIN ? lane_fill(lane, now) : lane_drain(lane);
}

/* ---- control ---- */

static void
obey(char *line)
{
    char *argument = line + strcspn(line, " ");
    if (*argument)
        *argument++ = '\0';
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        if (strcmp(line, mode_names[mode]) != 0)
            continue;
        link_.mode = (enum mode)mode;
        link_.argument = strtoll(argument, NULL, 10);
        link_.cut_at_ms = now_ms() + about();
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            struct connection *connection = &link_.connections[i];
            connection->up.fault_at = connection->up.carried + about();
            connection->down.fault_at = connection->down.carried + about();
        }
        if (mode == MODE_REFUSE)
            cut_all();
        return;
    }
    (void)fprintf(stderr, "unknown command: %s\n", line);
}

static void
take_commands(int fd)
{
    char text[LINE_SIZE];
    ssize_t n = read(fd, text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        obey(line);
}

static void
turn(int listener, int control, unsigned target_port)
{
    struct pollfd fds[2 + 2 * CONNECTIONS_MAX];
    int64_t now = now_ms(), wake = now + IDLE_MS;
    fds[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
    fds[1] = (struct pollfd){ .fd = control, .events = POLLIN };
    if (link_.mode == MODE_CUT && link_.cut_at_ms < wake)
        wake = link_.cut_at_ms;
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        const struct connection *connection = &link_.connections[i];
        struct pollfd none = { .fd = -1 };
        fds[2 + 2 * i] = connection->is_open ? lane_poll(&connection->up, now, &wake) : none;
        fds[3 + 2 * i] = connection->is_open ? lane_poll(&connection->down, now, &wake) : none;
    }
    if (poll(fds, sizeof fds / sizeof fds[0], wake > now ? (int)(wake - now) : 0) < 0)
        return; /* a signal */
    now = now_ms();
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &link_.connections[i];
        if (connection->is_open && (!lane_turn(&connection->up, &fds[2 + 2 * i], now) ||
                                    !lane_turn(&connection->down, &fds[3 + 2 * i], now)))
            connection_end(connection);
    }
    if (fds[0].revents)
        take_connection(listener, target_port);
    if (fds[1].revents)
        take_commands(control);
    if (link_.mode == MODE_CUT && now >= link_.cut_at_ms) {
        cut_all();
        link_.cut_at_ms = now + about();
    }
}

int
main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fputs("usage: faulty_link PORT TARGET-PORT CONTROL [SEED]\n", stderr);
        return 2;
    }
    unsigned target_port = (unsigned)strtoul(argv[2], NULL, 10);
    link_.chance = (argc > 4 ? strtoull(argv[4], NULL, 10) : 1) * 2 + 1;
    struct sigaction action = { .sa_handler = on_term };
    if (sigaction(SIGTERM, &action, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        fail("signals");
    struct sockaddr_in address = loopback((unsigned)strtoul(argv[1], NULL, 10));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, CONNECTIONS_MAX) != 0)
        fail(argv[1]);
    /* Opened for writing too, so that it never ends. */
    if (mkfifo(argv[3], 0600) != 0 && errno != EEXIST)
        fail(argv[3]);
    int control = open(argv[3], O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (control < 0)
        fail(argv[3]);
    while (!is_stopping)
        turn(listener, control, target_port);
    (void)printf("connections=%lld up=%lld down=%lld cuts=%lld duplicated=%lld corrupted=%lld\n",
                 (long long)link_.opened, (long long)link_.bytes_up, (long long)link_.bytes_down,
                 (long long)link_.cuts, (long long)link_.duplicated, (long long)link_.corrupted);
    return 0;
}
