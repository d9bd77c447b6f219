/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside the pages: one request under work, what every handler may use, and the handlers. */
#ifndef PACEWATCH_PAGES_PAGE_H
#define PACEWATCH_PAGES_PAGE_H

#include "collector/ledger.h"
#include "collector/pages/pages.h"
#include "collector/pages/words.h"
#include "collector/view.h"

struct picture_cache;

struct pages {
    const struct http_settings *settings;
    unsigned number;                /* among the server's */
    struct ledger *ledger;          /* NULL until it could be opened */
    struct painter *painter;        /* made by the first picture */
    struct picture_cache *pictures; /* likewise */
};

/* One request under work. */
struct page {
    struct pages *pages;
    const struct request *request;
    const struct site *site;
    const struct catalogue *catalogue;
    struct wall_time now;
    enum lang lang;
    bool is_error; /* the page tells of an error: what the request asked for is not carried on */
    struct ledger_as_of as_of;
    struct cal_period month; /* what the page speaks of; set by page_read_month */
    struct answer *answer;
    struct html *out;      /* answer->body */
    struct err_note *note; /* why, for an answer other than 200 */
};

/* Handlers return the HTTP status. 200: the answer is written. 4xx: the note says why, in
 * page->lang. 5xx: already logged. */
typedef int page_handler(struct page *page);

page_handler page_matrix, page_area, page_target, page_indicator, page_alerts, page_feeds;
page_handler page_graph, page_picture; /* drawn; the same again, if nothing has changed */
page_handler api_revisions, api_observations, api_targets, api_verdicts, api_alerts;
page_handler page_metrics, page_healthy, page_ready, page_static;

/* A word in the page's language; a name likewise. */
const char *say(const struct page *page, enum word word);
const char *name_of(const struct page *page, const struct cat_name *name);

/* Turns a failure of ledger or view into a status: logs it, 503 for a time-out, else 500. */
int page_failed(const struct page *page, const char *what, int code);

/* ---- parameters (params.c): 0, or 400 with a note that names the parameter, its text and what
 * would be right ---- */

int param_refuse(const struct page *page, const char *key, const char *text, const char *right_zh,
                 const char *right_en);

/* lang, as_of and received_as_of, into the page. */
int page_read_lang(struct page *page);
int page_read_as_of(struct page *page);

/* month (or `key`), else the latest month of the newest target year that has data. */
int page_read_month(struct page *page, const char *key);

/* A day: YYYY-MM-DD, or the first or last day of a period (2023, 2023-Q1, 2023-06). Absent:
 * *ret_date stays. */
int param_day(const struct page *page, const char *key, bool is_end, struct cal_date *ret_date);
int param_year(const struct page *page, const char *key, int *ret_year);
int param_bool(const struct page *page, const char *key, bool *ret_value);

/* By id; NULL when not given. */
int param_area(const struct page *page, const char *key, const struct cat_area **ret_area);
int param_indicator(const struct page *page, const char *key,
                    const struct cat_indicator **ret_indicator);

/* The area or indicator a path segment names: 0, or 404 with a note. */
int segment_area(const struct page *page, const char *id, const struct cat_area **ret_area);
int segment_indicator(const struct page *page, const char *id,
                      const struct cat_indicator **ret_indicator);

#endif
