/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/graph/...` again: as long as nothing has changed that a picture may show, the same request gets
 * the same answer without a look at the ledger's rows. What may change it is in the stamp: the
 * ledger's position, how far the archives have come, and the day; another catalogue is another
 * server's. */
#include <stdio.h>
#include <string.h>

#include "collector/pages/page.h"
#include "collector/pages/picture_cache.h"

/* Everything the request asks for, each part behind a byte that no part has. False: too long. */
static bool
make_key(const struct page *page, char key[PICTURE_KEY_MAX])
{
    const struct request *request = page->request;
    int used = snprintf(key, PICTURE_KEY_MAX, "%d", (int)page->lang);
    for (size_t i = 1; i < request->segment_count && used < PICTURE_KEY_MAX; i++)
        used +=
            snprintf(key + used, (size_t)(PICTURE_KEY_MAX - used), "\x1e%s", request->segments[i]);
    for (size_t i = 0; i < request->param_count && used < PICTURE_KEY_MAX; i++)
        used += snprintf(key + used, (size_t)(PICTURE_KEY_MAX - used), "\x1f%s\x1f%s",
                         request->params[i].key, request->params[i].value);
    return used < PICTURE_KEY_MAX;
}

static struct picture_stamp
make_stamp(const struct page *page)
{
    return (struct picture_stamp){ .position = ledger_position(page->pages->ledger),
                                   .projected =
                                       atomic_load(&page->pages->settings->gauges->projected),
                                   .today = page->as_of.today.days };
}

/* Answers with what is remembered; 0: nothing is. */
static int
answer_again(struct page *page, const char *key, const struct picture_stamp *stamp)
{
    struct answer *answer = page->answer;
    size_t size = 0;
    const char *type = NULL;
    if (!page->pages->pictures ||
        !picture_cache_recall(page->pages->pictures, key, stamp, answer->tag, &type))
        return 0;
    int status = request_has_tag(page->request->if_none_match, answer->tag) ? 304 : 200;
    const char *bytes =
        status == 200 ? picture_cache_get(page->pages->pictures, answer->tag, &size) : NULL;
    if (status == 200 && !bytes) {
        answer->tag[0] = '\0';
        return 0;
    }
    if (bytes)
        html_bytes(page->out, bytes, size);
    answer->kind = ANSWER_PICTURE;
    answer->cache = CACHE_REVALIDATE;
    answer->type = type;
    return status;
}

int
page_picture(struct page *page)
{
    char key[PICTURE_KEY_MAX];
    bool has_key = make_key(page, key);
    struct picture_stamp stamp = make_stamp(page); /* before anything is read */
    int status = has_key ? answer_again(page, key, &stamp) : 0;
    if (status != 0)
        return status;
    status = page_graph(page);
    if (has_key && page->pages->pictures && (status == 200 || status == 304))
        picture_cache_remember(page->pages->pictures, key, &stamp, page->answer->tag,
                               page->answer->type);
    return status;
}
