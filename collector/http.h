/* SPDX-License-Identifier: GPL-3.0-or-later
 * The web server (libmicrohttpd behind http_mhd.c): pages, API, pictures. Runs on threads of its
 * own; each has its own read-only ledger connection and its own painter, so a reader never delays
 * intake and nothing is locked. GET and HEAD only. */
#ifndef PACEWATCH_COLLECTOR_HTTP_H
#define PACEWATCH_COLLECTOR_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "collector/painter.h"
#include "collector/site.h"

/* Numbers the loop thread counts and /metrics shows. Written by the loop only, read by any thread.
 */
struct http_gauges {
    _Atomic bool is_ready;            /* /-/ready */
    _Atomic int64_t projected;        /* ledger position the archives have reached */
    _Atomic int64_t judged;           /* ledger position the judge has reached */
    _Atomic int64_t data_messages;    /* Data messages taken */
    _Atomic int64_t data_refused;     /* messages refused, dropped or answered `later` */
    _Atomic int64_t messages_dropped; /* beyond what may wait of a key, or in all */
    _Atomic int64_t keys_twice;       /* used by two agents at once, within the last hour */
    _Atomic int64_t commits;
    _Atomic int64_t mails_sent;
    _Atomic int64_t mails_failed;
    _Atomic int64_t archives; /* RRD files written since start */
};

/* Counted by all page threads, shown by /metrics. */
struct http_pictures {
    _Atomic int64_t drawn;
    _Atomic int64_t failed;   /* the worker said why */
    _Atomic int64_t crashed;  /* the worker died, hung or answered nonsense: one picture each */
    _Atomic int64_t recycled; /* workers replaced after so many pictures */
};

struct http_settings {
    const struct site *site;   /* outlives the server, immutable */
    const char *graph_program; /* path of pacewatch-graph */
    const struct http_gauges *gauges;
    struct http_pictures *pictures; /* or NULL */
    /* Told by a page's thread of a series whose archive is missing or damaged; or NULL. */
    void (*heal)(void *healer, int64_t series);
    void *healer;
};

struct http_server;

/* Starts listening on site->settings.http_address:http_port (0 picks a port). */
int http_start(const struct http_settings *settings, struct http_server **ret_server,
               struct err_note *note);

/* The port really bound. */
int http_port(const struct http_server *server);

/* Stops and joins all its threads. NULL is fine. */
void http_stop(struct http_server *server);

#endif
