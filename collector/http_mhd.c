/* SPDX-License-Identifier: GPL-3.0-or-later
 * libmicrohttpd behind http.h. This file decides who may speak and how (methods, sizes, bodies,
 * hosts, ages of connections); what is said is decided in pages/. Threats and measured behaviour of
 * the library: docs/libraries.md, H-SLOW and H-LENGTH. */
#include "collector/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/pages/pages.h"
#include "collector/pages/reaper.h"
#include "platform/clock.h"
#include "platform/log.h"

enum {
    CONNECTIONS_MAX = 512,
    CONNECTIONS_PER_IP = 32,
    CONNECTION_MEMORY = 32 * 1024,
    IDLE_SECONDS = 60,
    AGE_HEADERS_MS = 15 * 1000, /* until a request's headers are complete */
    AGE_ANSWER_MS = 120 * 1000, /* until its answer has been fetched */
    HEADERS_MAX = 64
};

struct http_server {
    struct http_settings settings;
    struct MHD_Daemon *daemon;
    struct reaper *reaper;
    pthread_key_t pages_key; /* each thread's struct pages */
    bool has_key;
    _Atomic unsigned pages_made;
};

/* One request, from its first line to the end of its answer. */
struct exchange {
    struct request request;
    struct err_note note;
    int status; /* not 0: the request line was refused */
    bool has_begun;
    bool must_close; /* after the answer */
};

static struct mono_time
in_ms(int64_t ms)
{
    return (struct mono_time){ clock_mono().ms + ms };
}

/* ---- connections and their ages ---- */

static struct reaper_slot *
slot_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
              enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        reaper_forget(*socket_context);
        *socket_context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *socket_context =
        info ? reaper_watch(server->reaper, info->connect_fd, in_ms(AGE_HEADERS_MS)) : NULL;
    if (!*socket_context && info)
        (void)shutdown(info->connect_fd, SHUT_RDWR); /* nobody could end it later */
}

/* The request line is there: the raw target, before the library takes it apart. */
static void *
on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    struct reaper_slot *slot = slot_of(connection);
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (slot)
        reaper_extend(slot, in_ms(AGE_HEADERS_MS));
    if (exchange)
        exchange->status = request_parse(target, &exchange->request, &exchange->note);
    return exchange;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **exchange,
             enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)code;
    struct reaper_slot *slot = slot_of(connection);
    if (slot)
        reaper_extend(slot, in_ms(IDLE_SECONDS * 1000 + AGE_HEADERS_MS));
    free(*exchange);
    *exchange = NULL;
}

/* ---- header fields ---- */

struct fields {
    unsigned count;
    unsigned lengths, encodings, hosts;
    bool has_body;   /* Content-Length above 0 */
    bool is_garbled; /* Content-Length that is no number */
    const char *host;
    struct request *request;
};

static void
take_length(struct fields *fields, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    fields->lengths++;
    fields->is_garbled = fields->is_garbled || digits == 0 || value[digits];
    fields->has_body = fields->has_body || strspn(value, "0") != strlen(value);
}

static void
keep(char *to, const char *value)
{
    size_t length = strlen(value);
    if (length < REQUEST_HEADER_MAX)
        memcpy(to, value, length + 1); /* a longer one is as good as none */
}

static enum MHD_Result
take_field(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
           const char *value, size_t value_size)
{
    struct fields *fields = context;
    (void)kind;
    (void)key_size;
    (void)value_size; /* the library's own strlen: a NUL inside cannot be seen */
    value = value ? value : "";
    fields->count++;
    if (strcasecmp(key, "Content-Length") == 0)
        take_length(fields, value);
    else if (strcasecmp(key, "Transfer-Encoding") == 0)
        fields->encodings++;
    else if (strcasecmp(key, "Host") == 0) {
        fields->hosts++;
        fields->host = value;
    } else if (strcasecmp(key, "Accept-Language") == 0)
        keep(fields->request->accept_language, value);
    else if (strcasecmp(key, "If-None-Match") == 0)
        keep(fields->request->if_none_match, value);
    return MHD_YES;
}

/* ---- the host the client thinks it speaks to ---- */

/* Does `host` (with or without port) name `name`? */
static bool
host_is(const char *host, const char *name, size_t length)
{
    return length > 0 && strncasecmp(host, name, length) == 0 &&
           (host[length] == '\0' || host[length] == ':');
}

static bool
host_is_address(const char *host)
{
    char text[64];
    struct in6_addr address;
    bool is_bracketed = host[0] == '[';
    size_t length = strcspn(host + is_bracketed, is_bracketed ? "]" : ":");
    if (length >= sizeof text)
        return false;
    memcpy(text, host + is_bracketed, length);
    text[length] = '\0';
    return inet_pton(is_bracketed ? AF_INET6 : AF_INET, text, &address) == 1;
}

/* An address, localhost, or the name the site is published under. Any other name is a foreign
 * page's that was pointed at us (DNS rebinding), and would let that page read what we say. */
static bool
host_is_ours(const struct site_settings *settings, const char *host)
{
    const char *name = strstr(settings->public_url, "://");
    name = name ? name + 3 : settings->public_url;
    return host_is_address(host) || host_is(host, "localhost", 9) ||
           host_is(host, settings->http_address, strlen(settings->http_address)) ||
           host_is(host, name, strcspn(name, ":/"));
}

/* ---- may it be answered at all ---- */

/* 0, or the status and words of the refusal; such a connection is closed, because where the next
 * request would begin is in doubt. */
static int
check_fields(const struct http_server *server, const struct fields *fields, const char **ret_words)
{
    static const struct {
        int status;
        const char *words;
    } refusals[] = {
        { 400, "Content-Length is given twice, or together with Transfer-Encoding" },
        { 400, "Content-Length is no number" },
        { 413, "requests with a body are not taken here" },
        { 431, "too many header fields" },
        { 400, "Host is given twice" },
        { 421, "this name is not ours (set http.public_url to the name the pages are reached by)" },
    };
    const bool applies[] = {
        fields->lengths > 1 || (fields->lengths > 0 && fields->encodings > 0),
        fields->is_garbled,
        fields->has_body || fields->encodings > 0,
        fields->count > HEADERS_MAX,
        fields->hosts > 1,
        fields->host && !host_is_ours(&server->settings.site->settings, fields->host),
    };
    for (size_t i = 0; i < sizeof applies / sizeof *applies; i++) {
        if (applies[i]) {
            *ret_words = refusals[i].words;
            return refusals[i].status;
        }
    }
    return 0;
}

/* ---- answers ---- */

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) == MHD_NO)
        log_error("http", "cannot add header %s", name);
}

static void
add_security(struct MHD_Response *response, enum answer_kind kind)
{
    static const char strict[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                 "'self'; connect-src 'self'; "
                                 "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    static const char picture[] =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox";
    add_header(response, "Content-Security-Policy", kind == ANSWER_PICTURE ? picture : strict);
    add_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, "X-Frame-Options", "DENY");
    add_header(response, "Referrer-Policy", "same-origin");
    add_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    add_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    add_header(response, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

static void
add_caching(struct MHD_Response *response, const struct answer *answer)
{
    static const char *const words[] = {
        [CACHE_NOTHING] = "no-store",
        [CACHE_REVALIDATE] = "no-cache",
        [CACHE_FOREVER] = "public, max-age=31536000, immutable",
    };
    char tag[ANSWER_TAG_MAX + 2];
    add_header(response, "Cache-Control", words[answer->cache]);
    if (!answer->tag[0])
        return;
    (void)snprintf(tag, sizeof tag, "\"%s\"", answer->tag); /* fits by its size */
    add_header(response, "ETag", tag);
}

static enum MHD_Result
send_answer(struct MHD_Connection *connection, struct answer *answer, bool must_close)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.size, answer->body.bytes, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    answer->body = (struct html){ 0 }; /* the response has taken it */
    add_security(response, answer->kind);
    add_caching(response, answer);
    if (answer->type)
        add_header(response, "Content-Type", answer->type);
    if (answer->language) {
        add_header(response, "Content-Language", answer->language);
        add_header(response, "Vary", "Accept-Language");
    }
    if (answer->status == 405)
        add_header(response, "Allow", "GET, HEAD");
    if (answer->status == 503)
        add_header(response, "Retry-After", "5");
    if (must_close)
        add_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
refuse(struct MHD_Connection *connection, const struct exchange *exchange, int status,
       const char *words, bool must_close)
{
    struct answer answer;
    pages_refuse(&exchange->request, status, words, &answer);
    enum MHD_Result result = send_answer(connection, &answer, must_close);
    answer_done(&answer);
    return result;
}

/* ---- one request ---- */

static struct pages *
pages_of_thread(struct http_server *server)
{
    struct pages *pages = pthread_getspecific(server->pages_key);
    if (pages)
        return pages;
    pages = pages_new(&server->settings, atomic_fetch_add(&server->pages_made, 1));
    if (pages && pthread_setspecific(server->pages_key, pages) != 0) {
        pages_free(pages);
        pages = NULL;
    }
    return pages;
}

static void
free_pages(void *pages)
{
    pages_free(pages);
}

static enum MHD_Result
answer_request(struct http_server *server, struct MHD_Connection *connection,
               struct exchange *exchange)
{
    struct answer answer;
    struct pages *pages = pages_of_thread(server);
    if (!pages)
        return refuse(connection, exchange, 503, "out of memory", true);
    pages_answer(pages, &exchange->request, clock_wall(), &answer);
    enum MHD_Result result = send_answer(connection, &answer, exchange->must_close);
    answer_done(&answer);
    return result;
}

/* The headers are there. What is refused here is refused before the library reads any further, and
 * it then closes the connection. */
static enum MHD_Result
begin_request(struct http_server *server, struct MHD_Connection *connection,
              struct exchange *exchange, const char *method)
{
    struct fields fields = { .request = &exchange->request };
    const char *words;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_field,
                                      &fields); /* a count */
    int status = check_fields(server, &fields, &words);
    if (status)
        return refuse(connection, exchange, status, words, true);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, exchange, 405, "only GET and HEAD are answered here", true);
    if (exchange->status)
        return refuse(connection, exchange, exchange->status, exchange->note.text, true);
    /* "Content-Length: 0<NUL>43" reads as 0 here and, who knows, as 43 at a proxy (H-LENGTH):
     * whatever follows it is not served. */
    exchange->must_close = fields.lengths > 0;
    return MHD_YES;
}

/* Called twice a request: with its headers, and when it is complete. */
static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *upload, size_t *upload_size, void **exchange_place)
{
    struct exchange *exchange = *exchange_place;
    struct reaper_slot *slot = slot_of(connection);
    (void)url;
    (void)version;
    (void)upload;
    if (!exchange || *upload_size > 0)
        return MHD_NO; /* out of memory; a body where none was announced */
    if (!exchange->has_begun) {
        exchange->has_begun = true;
        return begin_request(context, connection, exchange, method);
    }
    if (slot)
        reaper_extend(slot, in_ms(AGE_ANSWER_MS));
    return answer_request(context, connection, exchange);
}

/* ---- start and stop ---- */

static void on_log(void *context, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
on_log(void *context, const char *format, va_list args)
{
    char line[256];
    (void)context;
    (void)vsnprintf(line, sizeof line, format, args); /* a cut line is still a line */
    line[strcspn(line, "\n")] = '\0';
    log_debug("http", "libmicrohttpd: %s", line);
}

union address {
    struct sockaddr_in6 v6; /* the largest, so that {0} clears all */
    struct sockaddr_in v4;
    struct sockaddr any;
};

static int
read_address(const struct site_settings *settings, union address *ret_address,
             struct err_note *note)
{
    const char *text =
        strcmp(settings->http_address, "localhost") == 0 ? "127.0.0.1" : settings->http_address;
    union address address = { 0 };
    if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons((uint16_t)settings->http_port);
    } else if (inet_pton(AF_INET6, text, &address.v6.sin6_addr) == 1) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons((uint16_t)settings->http_port);
    } else {
        return err_set(note, ERR_SYNTAX,
                       "http address '%s': give a numeric address such as 127.0.0.1", text);
    }
    *ret_address = address;
    return 0;
}

static struct MHD_Daemon *
start_daemon(struct http_server *server, const union address *address)
{
    const struct site_settings *settings = &server->settings.site->settings;
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
    if (address->any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, (uint16_t)settings->http_port, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, &address->any,
        MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)(settings->http_threads > 0 ? settings->http_threads : 2),
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_PER_IP, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
}

int
http_start(const struct http_settings *settings, struct http_server **ret_server,
           struct err_note *note)
{
    const struct site_settings *site = &settings->site->settings;
    union address address = { 0 };
    int code = read_address(site, &address, note);
    if (code)
        return code;
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return err_set(note, -ENOMEM, "out of memory");
    server->settings = *settings;
    code = -pthread_key_create(&server->pages_key, free_pages);
    server->has_key = code == 0;
    if (code == 0)
        code = reaper_start(REAPER_TURN_MS, &server->reaper, note);
    if (code == 0) {
        errno = 0;
        server->daemon = start_daemon(server, &address);
        if (!server->daemon)
            code = err_set(note, errno ? -errno : ERR_LIBRARY, "cannot listen on %s port %lld: %s",
                           site->http_address, (long long)site->http_port,
                           errno ? strerror(errno) : "libmicrohttpd refused");
    }
    if (code) {
        http_stop(server);
        return code;
    }
    *ret_server = server;
    return 0;
}

int
http_port(const struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

/* The threads end inside MHD_stop_daemon, and each frees its pages on the way. */
void
http_stop(struct http_server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    reaper_stop(server->reaper);
    if (server->has_key)
        (void)pthread_key_delete(server->pages_key);
    free(server);
}
