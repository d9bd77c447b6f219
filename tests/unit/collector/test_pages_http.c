/* SPDX-License-Identifier: GPL-3.0-or-later
 * The real server on a free port, and a client that speaks raw bytes: methods, bodies, smuggling,
 * hosts, headers. */
#include "tests/unit/collector/pages_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/clock.h"

enum { DEADLINE_MS = 20000, REPLY_MAX = 1 << 20 };

struct web {
    struct pages_fixture *fixture;
    struct http_server *server;
    char *reply; /* REPLY_MAX bytes */
};

static int
setup(void **state)
{
    struct web *web = calloc(1, sizeof *web);
    struct err_note note = { "" };
    void *fixture;
    assert_non_null(web);
    assert_int_equal(0, pages_fixture_setup(&fixture));
    web->fixture = fixture;
    web->fixture->site.settings.http_port = 0;
    (void)snprintf(web->fixture->site.settings.http_address, CONFIG_TEXT_MAX, "127.0.0.1");
    (void)snprintf(web->fixture->site.settings.public_url, CONFIG_TEXT_MAX,
                   "https://pace.huzhou.example/");
    web->reply = malloc(REPLY_MAX);
    assert_non_null(web->reply);
    expect_ok(http_start(&web->fixture->settings, &web->server, &note), &note);
    *state = web;
    return 0;
}

static int
teardown(void **state)
{
    struct web *web = *state;
    void *fixture = web->fixture;
    http_stop(web->server);
    free(web->reply);
    free(web);
    return pages_fixture_teardown(&fixture);
}

static int
dial(const struct web *web)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)http_port(web->server)) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, connect(fd, (const struct sockaddr *)&address, sizeof address));
    return fd;
}

/* Reads until the server closes, or fails at the deadline. A reset counts as an end. */
static void
read_all(struct web *web, int fd)
{
    int64_t deadline = clock_mono().ms + DEADLINE_MS;
    size_t used = 0;
    for (;;) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        int64_t left = deadline - clock_mono().ms;
        assert_true(left > 0);
        if (poll(&ready, 1, (int)left) <= 0)
            fail_msg("no end within the deadline; so far: %.*s", (int)used, web->reply);
        ssize_t n = recv(fd, web->reply + used, REPLY_MAX - 1 - used, 0);
        if (n <= 0)
            break;
        used += (size_t)n;
        assert_true(used < REPLY_MAX - 1);
    }
    web->reply[used] = '\0';
}

/* Sends `size` bytes and reads to the end of the connection. */
static const char *
talk_bytes(struct web *web, const char *bytes, size_t size)
{
    int fd = dial(web);
    assert_int_equal(size, send(fd, bytes, size, MSG_NOSIGNAL));
    read_all(web, fd);
    (void)close(fd);
    return web->reply;
}

static const char *
talk(struct web *web, const char *text)
{
    return talk_bytes(web, text, strlen(text));
}

static size_t
count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

static void
expect_status(const char *reply, const char *status)
{
    if (strncmp(reply, "HTTP/1.1 ", 9) != 0 || strncmp(reply + 9, status, 3) != 0)
        fail_msg("wanted %s, got: %.300s", status, reply);
}

static void
expect_has(const char *reply, const char *part)
{
    if (!strstr(reply, part))
        fail_msg("'%s' is not in: %.2000s", part, reply);
}

/* ---- the plain case ---- */

static void
test_two_requests_on_one_connection(void **state)
{
    const char *reply =
        talk(*state, "GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                     "GET /-/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_int_equal(2, count_of(reply, "HTTP/1.1 200 OK"));
    expect_has(reply, "\r\n\r\nhealthy\n");
    expect_has(reply, "\r\n\r\nready\n");
}

static void
test_head_has_no_body(void **state)
{
    const char *reply =
        talk(*state, "HEAD /?lang=en HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    expect_status(reply, "200");
    expect_has(reply, "Content-Length: ");
    assert_null(strstr(reply, "<html"));
}

static void
test_security_headers_everywhere(void **state)
{
    static const char *const targets[] = { "/", "/nowhere", "/api/v1/targets", "/metrics",
                                           "/static/pacewatch.css" };
    static const char *const headers[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src "
        "'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n",
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: same-origin\r\n",
        "X-Frame-Options: DENY\r\n",
        "Cache-Control: ",
        "Content-Type: ",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        char request[160];
        (void)snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                       targets[i]);
        const char *reply = talk(*state, request);
        for (size_t k = 0; k < sizeof headers / sizeof *headers; k++)
            expect_has(reply, headers[k]);
        assert_null(strstr(reply, "Set-Cookie"));
    }
    const char *reply = talk(
        *state,
        "GET /graph/anji/land-freed.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    expect_status(reply, "200");
    expect_has(
        reply,
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
    expect_has(reply, "Content-Type: image/svg+xml\r\n");
    expect_has(reply, "X-Content-Type-Options: nosniff\r\n");
}

static void
test_not_modified(void **state)
{
    struct web *web = *state;
    char tag[ANSWER_TAG_MAX];
    char request[400];
    const char *reply = talk(
        web,
        "GET /graph/anji/land-freed.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    const char *at = strstr(reply, "ETag: ");
    assert_non_null(at);
    (void)snprintf(tag, sizeof tag, "%.*s", (int)strcspn(at + 6, "\r"), at + 6);
    (void)snprintf(request, sizeof request,
                   "GET /graph/anji/land-freed.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: "
                   "%s\r\nConnection: close\r\n\r\n",
                   tag);
    reply = talk(web, request);
    expect_status(reply, "304");
    expect_has(reply, tag);
    assert_null(strstr(reply, "<svg"));
}

static void
test_language_by_header(void **state)
{
    const char *reply = talk(
        *state,
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\nConnection: close\r\n\r\n");
    expect_has(reply, "Content-Language: en\r\n");
    expect_has(reply, "Vary: Accept-Language\r\n");
    expect_has(reply, "<html lang=\"en\">");
}

/* ---- what is refused ---- */

static void
test_other_methods(void **state)
{
    static const char *const methods[] = { "POST",  "PUT",   "DELETE",  "OPTIONS",
                                           "TRACE", "PATCH", "CONNECT", "get" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char request[120];
        (void)snprintf(request, sizeof request,
                       "%s / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", methods[i]);
        const char *reply = talk(*state, request);
        expect_status(reply, "405");
        expect_has(reply, "Allow: GET, HEAD\r\n");
    }
}

/* Behind each head stands a second request, which must never be answered. */
static void
test_no_body_and_no_smuggling(void **state)
{
    static const struct {
        const char *fields;
        const char *status;
    } cases[] = {
        { "Content-Length: 5\r\n\r\nhello", "413" },
        { "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400" },
        { "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", "400" },
        { "Content-Length: 0\r\nContent-Length: 43\r\n\r\n", "400" },
        { "Content-Length: 43\r\nContent-Length: 0\r\n\r\n", "400" },
        { "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", "400" },
        { "Content-Length: 0, 0\r\n\r\n", "400" },
        { "Content-Length: +0\r\n\r\n", "400" },
        { "Content-Length: -1\r\n\r\n", "400" },
        { "Content-Length: 0x0\r\n\r\n", "400" },
        { "Content-Length: 99999999999999999999999\r\n\r\n", "4" },
        { "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "413" },
        { "Transfer-Encoding: identity\r\n\r\n", "413" },
        { "transfer-encoding:\tCHUNKED\r\n\r\n0\r\n\r\n", "413" },
        { "Host: 127.0.0.1\r\n\r\n", "400" }, /* a second one */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[400];
        (void)snprintf(request, sizeof request,
                       "GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\n%sGET /-/ready "
                       "HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                       cases[i].fields);
        const char *reply = talk(*state, request);
        /* The library sends the head of its own refusals twice; what counts is that nothing is
         * served. */
        if (count_of(reply, "HTTP/1.1 2") != 0 ||
            strncmp(reply + 9, cases[i].status, strlen(cases[i].status)) != 0)
            fail_msg("%s: %.600s", cases[i].fields, reply);
        assert_null(strstr(reply, "\r\n\r\nready"));
        assert_null(strstr(reply, "\r\n\r\nhealthy"));
    }
}

/* The library sees no NUL and reads 0. The request is answered, what follows it is not. */
static void
test_nul_in_a_length(void **state)
{
    static const char bytes[] =
        "GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\0 5\r\n\r\n"
        "GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const char *reply = talk_bytes(*state, bytes, sizeof bytes - 1);
    assert_int_equal(1, count_of(reply, "HTTP/1.1 "));
    assert_null(strstr(reply, "\r\n\r\nready"));
}

static void
test_an_empty_body_is_answered_and_closed(void **state)
{
    const char *reply =
        talk(*state, "GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
    expect_status(reply, "200");
    expect_has(reply, "Connection: close\r\n");
}

static void
test_odd_targets(void **state)
{
    static const struct {
        const char *target;
        const char *status;
    } cases[] = {
        { "/?month=2023-06&month=2023-05", "400" },
        { "/%zz", "400" },
        { "http://127.0.0.1/", "400" },
        { "/a%00", "400" },
        { "/nowhere", "404" },
        { "/alerts/", "404" },
        { "/?a=%0d%0aX-Evil:1", "400" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[160];
        (void)snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                       cases[i].target);
        const char *reply = talk(*state, request);
        expect_status(reply, cases[i].status);
        assert_null(strstr(reply, "\r\nX-Evil"));
    }
}

/* What a program asked, a program reads, also where its request could not be read. */
static void
test_refusals_below_api_are_json(void **state)
{
    static char long_one[3000];
    static const struct {
        const char *request;
        const char *status;
        const char *words;
    } cases[] = {
        { "GET /api/v1/observations?area=anji&area=deqing", "400", "parameter 'area' is given" },
        { "GET /api/v1/targets?year=%zz", "400", "percent-code" },
        { "GET /api/v1/%zz", "400", "percent-code" },
        { "GET /api/v1/targets/", "404", "no such page" },
        { "POST /api/v1/targets", "405", "only GET and HEAD" },
        { long_one, "414", "too long" },
    };
    (void)snprintf(long_one, sizeof long_one, "GET /api/v1/targets?area=%02500d", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[3200];
        (void)snprintf(request, sizeof request,
                       "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                       cases[i].request);
        const char *reply = talk(*state, request);
        expect_status(reply, cases[i].status);
        expect_has(reply, "Content-Type: application/json\r\n");
        expect_has(reply, strcmp(cases[i].status, "404") == 0
                              ? "{\"status\":\"error\",\"errorType\":\"not_found\",\"error\":\""
                              : "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"");
        expect_has(reply, cases[i].words);
    }
    const char *reply =
        talk(*state, "GET /apis?a=1&a=2 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    expect_status(reply, "400");
    expect_has(reply, "Content-Type: text/plain");
}

static void
test_sizes_are_bounded(void **state)
{
    enum { SMALL = 2200, LARGE = 60000 };
    static char request[LARGE + 200];
    (void)snprintf(request, sizeof request,
                   "GET /%0*d HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", SMALL, 1);
    expect_status(talk(*state, request), "414");
    (void)snprintf(request, sizeof request,
                   "GET /%0*d HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", LARGE, 1);
    const char *reply = talk(*state, request);
    assert_true(reply[0] == '\0' || strncmp(reply, "HTTP/1.1 414", 12) == 0);
    (void)snprintf(request, sizeof request,
                   "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: %0*d\r\nConnection: close\r\n\r\n",
                   LARGE, 1);
    reply = talk(*state, request);
    assert_true(reply[0] == '\0' || strncmp(reply, "HTTP/1.1 431", 12) == 0 ||
                strncmp(reply, "HTTP/1.1 413", 12) == 0);
}

/* A foreign name that resolves to us must not read our pages. */
static void
test_foreign_hosts(void **state)
{
    static const struct {
        const char *host;
        const char *status;
    } cases[] = {
        { "127.0.0.1:8080", "200" },
        { "localhost", "200" },
        { "LOCALHOST:1", "200" },
        { "[::1]:80", "200" },
        { "10.1.2.3", "200" },
        { "pace.huzhou.example", "200" },
        { "pace.huzhou.example:443", "200" },
        { "evil.example", "421" },
        { "localhost.evil.example", "421" },
        { "pace.huzhou.example.evil", "421" },
        { "127.0.0.1.evil.example", "421" },
        { "", "421" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[160];
        (void)snprintf(request, sizeof request,
                       "GET /-/healthy HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                       cases[i].host);
        const char *reply = talk(*state, request);
        if (strncmp(reply + 9, cases[i].status, 3) != 0)
            fail_msg("host '%s': %.200s", cases[i].host, reply);
    }
    expect_status(talk(*state, "GET /-/healthy HTTP/1.1\r\nConnection: close\r\n\r\n"),
                  "400"); /* HTTP/1.1 without Host */
}

/* ---- many at once, and the end ---- */

static void
test_a_stalled_client_hinders_nobody(void **state)
{
    struct web *web = *state;
    int stalled[8];
    for (size_t i = 0; i < 8; i++) {
        stalled[i] = dial(web);
        assert_int_equal(10, send(stalled[i], "GET / HTTP", 10, MSG_NOSIGNAL));
    }
    expect_status(talk(web, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
                  "200");
    for (size_t i = 0; i < 8; i++)
        (void)close(stalled[i]);
}

static void
test_connections_per_address_are_bounded(void **state)
{
    enum { MANY = 40 };
    static const char request[] = "GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    struct web *web = *state;
    int fds[MANY];
    size_t refused = 0;
    for (size_t i = 0; i < MANY; i++) {
        fds[i] = dial(web);
        (void)send(fds[i], request, sizeof request - 1, MSG_NOSIGNAL);
    }
    for (size_t i = 0; i < MANY; i++) {
        struct pollfd ready = { .fd = fds[i], .events = POLLIN };
        char byte;
        assert_int_equal(1, poll(&ready, 1, DEADLINE_MS));
        refused += recv(fds[i], &byte, 1, 0) <= 0;
    }
    assert_in_range(refused, 1, MANY - 1);
    for (size_t i = 0; i < MANY; i++)
        (void)close(fds[i]);
}

static void
test_bad_settings(void **state)
{
    struct web *web = *state;
    struct site site = web->fixture->site;
    struct http_settings settings = web->fixture->settings;
    struct http_server *server = NULL;
    struct err_note note = { "" };
    settings.site = &site;
    site.settings.http_port = http_port(web->server);
    assert_true(http_start(&settings, &server, &note) < 0);
    assert_non_null(strstr(note.text, "cannot listen on 127.0.0.1 port"));
    (void)snprintf(site.settings.http_address, CONFIG_TEXT_MAX, "example.org");
    assert_int_equal(ERR_SYNTAX, http_start(&settings, &server, &note));
    assert_non_null(strstr(note.text, "numeric address"));
    assert_null(server);
    http_stop(NULL);
}

#define WEB_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WEB_TEST(test_two_requests_on_one_connection),
        WEB_TEST(test_head_has_no_body),
        WEB_TEST(test_security_headers_everywhere),
        WEB_TEST(test_not_modified),
        WEB_TEST(test_language_by_header),
        WEB_TEST(test_other_methods),
        WEB_TEST(test_no_body_and_no_smuggling),
        WEB_TEST(test_nul_in_a_length),
        WEB_TEST(test_an_empty_body_is_answered_and_closed),
        WEB_TEST(test_odd_targets),
        WEB_TEST(test_refusals_below_api_are_json),
        WEB_TEST(test_sizes_are_bounded),
        WEB_TEST(test_foreign_hosts),
        WEB_TEST(test_a_stalled_client_hinders_nobody),
        WEB_TEST(test_connections_per_address_are_bounded),
        WEB_TEST(test_bad_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
