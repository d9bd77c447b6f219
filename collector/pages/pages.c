/* SPDX-License-Identifier: GPL-3.0-or-later
 * Routing, and what the handlers share. A request goes: route by path -> known parameters only ->
 * language -> as-of -> ledger -> handler; whatever fails on the way becomes an error in the form
 * its route speaks (page, JSON, plain text). */
#include "collector/pages/page.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/layout.h"
#include "collector/pages/picture_cache.h"
#include "platform/log.h"
#include "web/static_files.h"

/* ---- routes ---- */

enum speech { SPEAKS_HTML, SPEAKS_JSON, SPEAKS_TEXT };

struct route {
    const char *path[4]; /* "*" matches any one segment */
    page_handler *handler;
    enum speech speech;
    bool needs_ledger;
    const char *params[9]; /* those it knows */
};

static const struct route routes[] = {
    { { NULL }, page_matrix, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "area", "*" }, page_area, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "area", "*", "*" }, page_target, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "indicator", "*" }, page_indicator, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "alerts" }, page_alerts, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "feeds" }, page_feeds, SPEAKS_HTML, true, { "month", "as_of", "lang" } },
    { { "graph", "*", "*" },
      page_picture,
      SPEAKS_TEXT,
      true,
      { "chart", "from", "to", "as_of", "size", "theme", "month", "lang" } },
    { { "api", "v1", "observations" },
      api_observations,
      SPEAKS_JSON,
      true,
      { "area", "indicator", "from", "to", "as_of", "received_as_of", "vintages", "lang" } },
    { { "api", "v1", "revisions" },
      api_revisions,
      SPEAKS_JSON,
      true,
      { "area", "indicator", "as_of", "received_as_of", "lang" } },
    { { "api", "v1", "targets" },
      api_targets,
      SPEAKS_JSON,
      false,
      { "year", "area", "indicator", "as_of", "lang" } },
    { { "api", "v1", "verdicts" },
      api_verdicts,
      SPEAKS_JSON,
      true,
      { "at", "as_of", "received_as_of", "area", "indicator", "inputs", "lang" } },
    { { "api", "v1", "alerts" },
      api_alerts,
      SPEAKS_JSON,
      true,
      { "state", "area", "indicator", "as_of", "received_as_of", "lang" } },
    { { "metrics" }, page_metrics, SPEAKS_TEXT, true, { NULL } },
    { { "-", "healthy" }, page_healthy, SPEAKS_TEXT, false, { NULL } },
    { { "-", "ready" }, page_ready, SPEAKS_TEXT, false, { NULL } },
    { { "static", "*" }, page_static, SPEAKS_TEXT, false, { "v" } },
};

static bool
route_matches(const struct route *route, const struct request *request)
{
    size_t i = 0;
    for (; i < 4 && route->path[i]; i++) {
        if (i >= request->segment_count)
            return false;
        if (route->path[i][0] != '*' && strcmp(route->path[i], request->segments[i]) != 0)
            return false;
    }
    return i == request->segment_count;
}

static const struct route *
route_find(const struct request *request)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (route_matches(&routes[i], request))
            return &routes[i];
    }
    return NULL;
}

/* How an address we do not know wants to be answered. */
static enum speech
speech_of(const struct request *request, const struct route *route)
{
    if (route)
        return route->speech;
    return request->segment_count > 0 && strcmp(request->segments[0], "api") == 0 ? SPEAKS_JSON
                                                                                  : SPEAKS_HTML;
}

static bool
route_knows(const struct route *route, const char *key)
{
    for (size_t i = 0; i < sizeof route->params / sizeof *route->params && route->params[i]; i++) {
        if (strcmp(route->params[i], key) == 0)
            return true;
    }
    return false;
}

/* 400 for a parameter the route does not know, naming those it does. */
static int
check_params(const struct page *page, const struct route *route)
{
    for (size_t i = 0; i < page->request->param_count; i++) {
        const char *key = page->request->params[i].key;
        char quoted[TEXT_QUOTE_MAX];
        char known[160] = "";
        size_t used = 0;
        if (route_knows(route, key))
            continue;
        for (size_t k = 0; k < 9 && route->params[k] && used < sizeof known; k++)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "",
                                     route->params[k]);
        text_quote(key, strlen(key), quoted);
        if (page->lang == LANG_ZH)
            return err_set(page->note, 400, "不认识参数“%s”；可用的参数：%s", quoted,
                           used ? known : "无");
        return err_set(page->note, 400, "unknown parameter '%s'; known here: %s", quoted,
                       used ? known : "none");
    }
    return 0;
}

/* ---- shared by the handlers ---- */

const char *
say(const struct page *page, enum word word)
{
    return word_text(word, page->lang);
}

const char *
name_of(const struct page *page, const struct cat_name *name)
{
    return cat_name(name, page->lang);
}

int
page_failed(const struct page *page, const char *what, int code)
{
    log_error("http", "%s: %s", what, page->note->text[0] ? page->note->text : err_text(code));
    return code == ERR_TIMEOUT || code == ERR_BUSY ? 503 : 500;
}

int
page_static(struct page *page)
{
    const struct static_file *file = static_file_find(page->request->segments[1]);
    const char *version = request_param(page->request, "v");
    struct answer *answer = page->answer;
    if (!file)
        return err_set(page->note, 404, "%s", say(page, W_NOT_FOUND));
    answer->type = file->type;
    answer->cache = version && strcmp(version, file->etag) == 0 ? CACHE_FOREVER : CACHE_REVALIDATE;
    (void)snprintf(answer->tag, sizeof answer->tag, "%s", file->etag); /* 32 characters */
    if (request_has_tag(page->request->if_none_match, answer->tag))
        return 304;
    html_bytes(page->out, (const char *)file->bytes, file->size);
    return 200;
}

/* ---- errors ---- */

static void
write_error_page(struct page *page, int status, const char *words)
{
    enum word title = status == 404   ? W_NOT_FOUND
                      : status == 400 ? W_BAD_REQUEST
                      : status == 503 ? W_UNAVAILABLE
                                      : W_ERROR;
    page->is_error = true;
    layout_begin(page, WORD_COUNT, say(page, title));
    html_put(page->out, "<h1>%s</h1>\n<p class=\"error\">%s</p>\n<p><a", say(page, title), words);
    layout_href(page, NULL, NULL, NULL);
    html_put(page->out, ">%s</a></p>\n", say(page, W_BACK));
    layout_end(page);
    page->answer->type = "text/html; charset=utf-8";
}

static const char *
error_type(int status)
{
    switch (status) {
    case 404:
        return "not_found";
    case 503:
        return "unavailable";
    default:
        return status < 500 ? "bad_data" : "internal";
    }
}

static void
write_error_json(struct html *out, int status, const char *words)
{
    json_t *root = json_pack("{s:s, s:s, s:s}", "status", "error", "errorType", error_type(status),
                             "error", words);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (text)
        html_bytes(out, text, strlen(text));
    else
        out->is_broken = true;
    html_bytes(out, "\n", 1);
    free(text);
}

static void
write_error_text(struct answer *answer, const char *words)
{
    html_bytes(&answer->body, words, strlen(words));
    html_bytes(&answer->body, "\n", 1);
    answer->type = "text/plain; charset=utf-8";
}

/* Throws away what the handler wrote and tells of the error instead. Of our own failures outsiders
 * learn no more than that. */
static void
write_error(struct page *page, enum speech speech, int status)
{
    const char *words = status == 500 ? say(page, W_INTERNAL)
                        : status == 503 && strcmp(page->note->text, "not ready") != 0
                            ? say(page, W_TRY_LATER)
                            : page->note->text;
    html_done(&page->answer->body);
    page->answer->cache = CACHE_NOTHING;
    page->answer->kind = ANSWER_PLAIN;
    if (speech == SPEAKS_HTML) {
        write_error_page(page, status, words);
        page->answer->kind = ANSWER_PAGE;
    } else if (speech == SPEAKS_JSON) {
        write_error_json(page->out, status, words);
        page->answer->type = "application/json";
    } else {
        write_error_text(page->answer, words);
    }
}

/* ---- answering ---- */

/* The ledger is opened by the first request that needs it, and tried again by the next if that
 * failed. */
static int
need_ledger(struct page *page)
{
    char path[FILE_PATH_MAX];
    if (page->pages->ledger)
        return 0;
    int rc = site_path(page->site, "ledger.db", path);
    if (rc == 0)
        rc = ledger_open(path, LEDGER_READ, &page->pages->ledger, page->note);
    if (rc == 0)
        return 0;
    log_error("http", "open ledger: %s", page->note->text[0] ? page->note->text : err_text(rc));
    return 503;
}

static int
run(struct page *page, const struct route *route)
{
    int status = page_read_lang(page);
    if (!route)
        return status ? status : err_set(page->note, 404, "%s", say(page, W_NOT_FOUND));
    status = status ? status : check_params(page, route);
    status = status ? status : page_read_as_of(page);
    if (status == 0 && route->needs_ledger)
        status = need_ledger(page);
    return status ? status : route->handler(page);
}

void
pages_answer(struct pages *pages, const struct request *request, struct wall_time now,
             struct answer *ret_answer)
{
    struct err_note note = { .text = "" };
    const struct site *site = pages->settings->site;
    struct answer *answer = ret_answer;
    const struct route *route = route_find(request);
    enum speech speech = speech_of(request, route);
    *answer = (struct answer){ .kind = speech == SPEAKS_HTML ? ANSWER_PAGE : ANSWER_PLAIN,
                               .type = "text/html; charset=utf-8" };
    struct page page = { .pages = pages,
                         .request = request,
                         .site = site,
                         .catalogue = site->catalogue,
                         .now = now,
                         .answer = answer,
                         .out = &answer->body,
                         .note = &note };
    int status = run(&page, route);
    if (status == 200 && answer->body.is_broken)
        status = page_failed(&page, "page", -ENOMEM);
    if (status >= 400)
        write_error(&page, speech, status);
    if (speech == SPEAKS_HTML)
        answer->language = page.lang == LANG_ZH ? "zh-CN" : "en";
    answer->status = answer->body.is_broken ? 500 : status;
    if (answer->body.is_broken)
        html_done(&answer->body);
}

void
pages_refuse(const struct request *request, int status, const char *words,
             struct answer *ret_answer)
{
    *ret_answer = (struct answer){ .status = status, .kind = ANSWER_PLAIN };
    if (speech_of(request, NULL) == SPEAKS_JSON) {
        write_error_json(&ret_answer->body, status, words);
        ret_answer->type = "application/json";
    } else {
        write_error_text(ret_answer, words);
    }
}

void
answer_done(struct answer *answer)
{
    html_done(&answer->body);
}

struct pages *
pages_new(const struct http_settings *settings, unsigned number)
{
    struct pages *pages = calloc(1, sizeof *pages);
    if (!pages)
        return NULL;
    pages->settings = settings;
    pages->number = number;
    return pages;
}

void
pages_free(struct pages *pages)
{
    if (!pages)
        return;
    ledger_close(pages->ledger);
    painter_free(pages->painter);
    picture_cache_free(pages->pictures);
    free(pages);
}
