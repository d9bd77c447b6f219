/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long one sample takes, beside what it cannot do without: a round trip of the bus, a commit of
 * SQLite, the drawing of a picture. Prints medians in milliseconds, "name value".
 *
 *     bench_single SERVER-KEY ENDPOINT HTTP-PORT KEYS AREA HOME AREA
 *
 * KEYS is the folder of an enrolled agent that does not run, HOME that of one that does; AREA is
 * one each may write, of the catalogue of bench_files. Samples go into months from `FIRST_YEAR` on.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform/bus.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "platform/hash.h"
#include "proto/wire.h"
#include "tests/bench/workload.h"

enum {
    ROUND_TRIPS = 150,
    SAMPLES = 190,
    PICTURES = 25,
    FILES = 15,
    FIRST_YEAR = 2024,
    DEADLINE_S = 10
};

static int
compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void
say(const char *name, double *seconds, size_t count)
{
    qsort(seconds, count, sizeof *seconds, compare);
    (void)printf("%s %.3f\n", name, 1000 * seconds[count / 2]);
}

static void
give_up(const char *what)
{
    (void)fprintf(stderr, "bench_single: %s\n", what);
    exit(1);
}

/* Each is measured alone: what the one before gave to do is done by now, and the cores sleep. */
static void
quiet(void)
{
    const struct timespec moment = { 0, 10000000 };
    (void)nanosleep(&moment, NULL);
}

/* ---- the bus ---- */

struct line {
    struct bus_client *client;
    struct key_pair keys;
    uint8_t bytes[WIRE_MESSAGE_MAX];
};

static void
line_open(struct line *line, const char *endpoint, const char *server_key)
{
    struct bus_client_settings settings = { endpoint, server_key, &line->keys, WIRE_MESSAGE_MAX };
    struct err_note note = { "" };
    double end = workload_clock() + DEADLINE_S;
    workload_must(bus_client_open(&settings, &line->client, &note), &note);
    while (bus_client_link(line->client) != BUS_READY) {
        if (workload_clock() > end)
            give_up(bus_link_text(bus_client_link(line->client)));
        (void)bus_client_wait(line->client, NULL, 0, 100); /* the link is looked at */
    }
}

/* Sends and waits for one answer. */
static size_t
exchange(struct line *line, size_t size, const uint8_t **ret_bytes)
{
    size_t answer = 0;
    double end = workload_clock() + DEADLINE_S;
    if (bus_client_send(line->client, line->bytes, size) != 0)
        give_up("cannot send");
    while (bus_client_receive(line->client, ret_bytes, &answer) != 1) {
        if (workload_clock() > end)
            give_up("no answer");
        (void)bus_client_wait(line->client, NULL, 0, 1000); /* then it is looked for */
    }
    return answer;
}

static bool
admit_all(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    (void)context;
    (void)public_key;
    memcpy(ret_author, "echo", sizeof "echo");
    return true;
}

/* Nobody's key may come in at the server's self-test: so the first handshake is refused. */
static bool
admit_one(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    return strcmp(public_key, context) == 0 && admit_all(NULL, public_key, ret_author);
}

static void
echo(const struct key_pair *keys, char *client_key, int said)
{
    struct bus_server_settings settings = {
        "tcp://127.0.0.1:*", keys, WIRE_MESSAGE_MAX, admit_one, client_key, NULL, NULL
    };
    struct err_note note = { "" };
    struct bus_server *server = NULL;
    struct bus_message message;
    workload_must(bus_server_open(&settings, &server, &note), &note);
    const char *endpoint = bus_server_endpoint(server);
    if (write(said, endpoint, strlen(endpoint) + 1) < 0)
        exit(1);
    for (;;) {
        (void)bus_server_wait(server, NULL, 0, -1);
        while (bus_server_receive(server, &message) == 1)
            (void)bus_server_send(server, message.peer, message.peer_size, message.bytes,
                                  message.size);
    }
}

static void
measure_round_trip(void)
{
    static struct line line;
    struct key_pair server;
    struct err_note note = { "" };
    double taken[ROUND_TRIPS];
    char endpoint[128];
    int pipes[2];
    workload_must(keys_generate(&server, &note), &note);
    workload_must(keys_generate(&line.keys, &note), &note);
    if (pipe(pipes) != 0)
        give_up("pipe");
    pid_t child = fork();
    if (child == 0)
        echo(&server, line.keys.public_key, pipes[1]);
    if (read(pipes[0], endpoint, sizeof endpoint) <= 0)
        give_up("no echo");
    line_open(&line, endpoint, server.public_key);
    for (int i = 0; i < ROUND_TRIPS; i++) {
        const uint8_t *answer = NULL;
        quiet();
        double begun = workload_clock();
        (void)exchange(&line, 150, &answer);
        taken[i] = workload_clock() - begun;
    }
    bus_client_close(line.client);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    say("round_trip", taken, ROUND_TRIPS);
}

/* ---- a commit ---- */

static void
measure_commit(void)
{
    sqlite3 *db = NULL;
    double taken[ROUND_TRIPS];
    char folder[] = "commit.XXXXXX", path[64];
    if (!mkdtemp(folder))
        give_up("mkdtemp");
    (void)snprintf(path, sizeof path, "%s/db", folder);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                     "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
                     NULL, NULL, NULL) != SQLITE_OK)
        give_up("sqlite");
    for (int i = 0; i < ROUND_TRIPS; i++) {
        quiet();
        double begun = workload_clock();
        (void)sqlite3_exec(db, "INSERT INTO t (b) VALUES ('1234.56')", NULL, NULL, NULL);
        taken[i] = workload_clock() - begun;
    }
    (void)sqlite3_close(db);
    (void)unlink(path);
    (void)rmdir(folder);
    say("commit", taken, ROUND_TRIPS);
}

/* ---- samples ---- */

struct sender {
    struct line line;
    const char *area;
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t next;
};

static struct wire_message message;

static void
greet(struct sender *sender)
{
    struct err_note note = { "" };
    const uint8_t *answer = NULL;
    clock_random(sender->stream, sizeof sender->stream);
    message = (struct wire_message){ .kind = WIRE_HELLO };
    message.as.hello.version_min = WIRE_VERSION_MIN;
    message.as.hello.version_max = WIRE_VERSION_MAX;
    message.as.hello.wall_time = clock_wall().seconds;
    message.as.hello.stream_count = 1;
    memcpy(message.as.hello.streams[0].id, sender->stream, WIRE_STREAM_ID);
    hash_chain_start(sender->stream, message.as.hello.streams[0].chain);
    int size = wire_pack(&message, sender->line.bytes, WIRE_MESSAGE_MAX, &note);
    workload_must(size < 0 ? size : 0, &note);
    size_t got = exchange(&sender->line, (size_t)size, &answer);
    workload_must(wire_unpack(answer, got, &message, &note), &note);
    if (message.kind != WIRE_WELCOME)
        give_up("not welcome");
    sender->next = 1;
}

static struct sample
sample_of(const char *area, unsigned indicator, int month, int value)
{
    struct sample sample = { .period = cal_month(FIRST_YEAR, month), .status = 'A', .row = 2 };
    (void)snprintf(sample.area, sizeof sample.area, "%s", area);
    (void)snprintf(sample.indicator, sizeof sample.indicator, "ind%u", indicator);
    (void)snprintf(sample.value, sizeof sample.value, "%d", value);
    sample.has_released = true;
    sample.released.days = cal_period_after(sample.period).days + 14;
    return sample;
}

/* A file of one sample, sent and acknowledged; seconds. */
static double
deliver(struct sender *sender, const struct sample *sample)
{
    static uint8_t records[3][WIRE_RECORD_MAX];
    struct err_note note = { "" };
    const uint8_t *answer = NULL;
    struct record parts[3] = { { .type = RECORD_FILE_BEGIN },
                               { .type = RECORD_SAMPLE, .as.sample = *sample },
                               { .type = RECORD_FILE_END } };
    clock_random(parts[0].as.begin.sha256, RECORD_SHA256);
    memcpy(parts[2].as.end.sha256, parts[0].as.begin.sha256, RECORD_SHA256);
    (void)snprintf(parts[0].as.begin.name, sizeof parts[0].as.begin.name, "one.csv");
    parts[0].as.begin.rows = parts[2].as.end.rows = 1;
    message.kind = WIRE_DATA;
    memcpy(message.as.data.stream, sender->stream, WIRE_STREAM_ID);
    message.as.data.first = sender->next;
    message.as.data.record_count = 3;
    for (size_t i = 0; i < 3; i++) {
        int size = record_pack(&parts[i], records[i], WIRE_RECORD_MAX, &note);
        workload_must(size < 0 ? size : 0, &note);
        message.as.data.records[i] = (struct wire_slice){ records[i], (size_t)size };
    }
    int size = wire_pack(&message, sender->line.bytes, WIRE_MESSAGE_MAX, &note);
    workload_must(size < 0 ? size : 0, &note);
    quiet();
    double begun = workload_clock();
    size_t got = exchange(&sender->line, (size_t)size, &answer);
    double taken = workload_clock() - begun;
    workload_must(wire_unpack(answer, got, &message, &note), &note);
    if (message.kind != WIRE_ACK || message.as.ack.hwm != sender->next + 2 ||
        message.as.ack.fates[1] != FATE_STORED)
        give_up("the sample was not stored");
    sender->next += 3;
    return taken;
}

static void
measure_samples(struct sender *sender)
{
    double taken[SAMPLES];
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct sample sample = sample_of(sender->area, i, 1, 100);
        taken[i] = deliver(sender, &sample);
    }
    say("acknowledged", taken, SAMPLES);
    (void)printf("acknowledged_p99 %.3f\n", 1000 * taken[SAMPLES * 99 / 100]);
}

/* ---- pictures ---- */

/* The whole picture, and its entity tag; seconds. */
static double
draw(int port, const char *area, unsigned indicator, char tag[128])
{
    static char text[1 << 20];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    double begun = workload_clock();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        give_up("cannot connect to the pages");
    int n = snprintf(text, sizeof text,
                     "GET /graph/%s/ind%u.svg?to=%d-12-31 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                     "Connection: close\r\n\r\n",
                     area, indicator, FIRST_YEAR, port);
    if (send(fd, text, (size_t)n, 0) != n)
        give_up("cannot ask for a picture");
    size_t size = 0;
    ssize_t got;
    while ((got = recv(fd, text + size, sizeof text - 1 - size, 0)) > 0)
        size += (size_t)got;
    double taken = workload_clock() - begun;
    (void)close(fd);
    text[size] = '\0';
    const char *at = strstr(text, "ETag: ");
    if (strncmp(text, "HTTP/1.1 200", 12) != 0 || !strstr(text, "</svg>") || !at)
        give_up("no picture");
    (void)snprintf(tag, 128, "%.*s", (int)strcspn(at, "\r"), at);
    return taken;
}

static void
measure_pictures(struct sender *sender, int port)
{
    double alone[PICTURES], both[PICTURES];
    char tag[128], before[128];
    (void)draw(port, sender->area, SAMPLES - 1, tag); /* the worker starts */
    for (unsigned i = 0; i < PICTURES; i++) {
        alone[i] = draw(port, sender->area, 100 + i, tag);
        (void)draw(port, sender->area, i, before);
        struct sample sample = sample_of(sender->area, i, 2, 200);
        both[i] = deliver(sender, &sample);
        both[i] += draw(port, sender->area, i, tag);
        if (strcmp(tag, before) == 0)
            give_up("the picture is the one before");
    }
    say("drawing", alone, PICTURES);
    say("in_picture", both, PICTURES);
}

/* ---- a file through a running agent ---- */

static void
measure_files(const char *home, const char *area)
{
    double taken[FILES];
    char path[FILE_PATH_MAX], aside[FILE_PATH_MAX], csv[128], day[CAL_TEXT_MAX];
    for (unsigned i = 0; i < FILES; i++) {
        char receipt[FILE_PATH_MAX], sum[HASH_HEX];
        uint8_t hash[HASH_SIZE];
        struct sample sample = sample_of(area, i, 3, 300);
        int n = snprintf(csv, sizeof csv,
                         "area,indicator,period,value,released\n%s,ind%u,%d-03,300,%s\n", area, i,
                         FIRST_YEAR, cal_date_print(sample.released, day));
        hash_sha256(csv, (size_t)n, hash);
        (void)snprintf(path, sizeof path, "%s/inbox/one%u.csv", home, i);
        (void)snprintf(aside, sizeof aside, "%s/.one", home);
        (void)snprintf(receipt, sizeof receipt, "%s/receipts/one%u.csv.%.8s.csv", home, i,
                       hash_hex(hash, HASH_SIZE, sum));
        FILE *out = fopen(aside, "w");
        if (!out || fputs(csv, out) < 0 || fclose(out) != 0)
            give_up("cannot write a file");
        quiet();
        double begun = workload_clock();
        if (rename(aside, path) != 0)
            give_up("cannot put a file into the inbox");
        while (access(receipt, F_OK) != 0) {
            const struct timespec moment = { 0, 50000 };
            if (workload_clock() > begun + DEADLINE_S)
                give_up("no receipt");
            (void)nanosleep(&moment, NULL);
        }
        taken[i] = workload_clock() - begun;
    }
    say("file_to_receipt", taken, FILES);
}

int
main(int argc, char **argv)
{
    static struct sender sender;
    struct err_note note = { "" };
    char key[KEY_TEXT];
    if (argc != 8)
        give_up("usage: bench_single SERVER-KEY ENDPOINT HTTP-PORT KEYS AREA HOME AREA");
    measure_round_trip();
    measure_commit();
    workload_must(keys_load_public(argv[1], key, &note), &note);
    workload_must(keys_load(argv[4], "agent", &sender.line.keys, &note), &note);
    sender.area = argv[5];
    line_open(&sender.line, argv[2], key);
    greet(&sender);
    measure_samples(&sender);
    measure_pictures(&sender, (int)workload_number(argv[3]));
    bus_client_close(sender.line.client);
    measure_files(argv[6], argv[7]);
    return 0;
}
