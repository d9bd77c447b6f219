/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the web server answers: a request in, an answer out. Knows nothing of sockets or of the HTTP
 * library. One `struct pages` belongs to one thread and owns that thread's ledger connection,
 * painter and picture cache. */
#ifndef PACEWATCH_PAGES_PAGES_H
#define PACEWATCH_PAGES_PAGES_H

#include "collector/http.h"
#include "collector/pages/html.h"
#include "collector/pages/request.h"
#include "core/cal.h"

enum answer_kind {
    ANSWER_PAGE,   /* HTML: the strict content policy */
    ANSWER_PLAIN,  /* JSON, text, assets: the same */
    ANSWER_PICTURE /* SVG and PNG: its own policy, for an SVG carries its style inside */
};

enum answer_cache {
    CACHE_NOTHING,    /* never the same twice */
    CACHE_REVALIDATE, /* keep, but ask with the tag */
    CACHE_FOREVER     /* the address changes with the content */
};

enum { ANSWER_TAG_MAX = 120 };

/* Zero-initialise; answer_done frees. */
struct answer {
    int status;
    const char *type; /* media type */
    enum answer_kind kind;
    enum answer_cache cache;
    char tag[ANSWER_TAG_MAX]; /* entity tag without quotes, "" for none */
    const char *language;     /* Content-Language, or NULL */
    struct html body;
};

void answer_done(struct answer *answer);

struct pages;

/* Opens nothing yet; the ledger is opened by the first request that needs it. `number` tells it
 * from the server's other ones: the name of its scratch archive. NULL: out of memory. */
struct pages *pages_new(const struct http_settings *settings, unsigned number);
void pages_free(struct pages *pages);

/* Answers. `now` is the wall clock. Never fails: what goes wrong becomes an answer of status 4xx or
 * 5xx. */
void pages_answer(struct pages *pages, const struct request *request, struct wall_time now,
                  struct answer *ret_answer);

/* The answer for a request that could not be read whole, or is refused before it is looked at: JSON
 * below /api/, else plain text. */
void pages_refuse(const struct request *request, int status, const char *words,
                  struct answer *ret_answer);

#endif
