/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
refuse(struct err_note *note, int status, const char *words)
{
    return err_set(note, status, "%s", words);
}

static int
digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes percent-codes in place and checks the result. */
static bool
decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = digit_of(from[1]);
        int low = high < 0 ? -1 : digit_of(from[2]);
        if (low < 0 || high + low == 0)
            return false;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return text_is_clean(text, (size_t)(to - text), REQUEST_TARGET_MAX);
}

/* Cuts `text` at the first `mark` and returns what follows it, or NULL. */
static char *
cut_at(char *text, char mark)
{
    char *found = strchr(text, mark);
    if (!found)
        return NULL;
    *found = '\0';
    return found + 1;
}

static int
read_path(char *path, struct request *request, struct err_note *note)
{
    for (char *next = path; next && *path;) {
        next = cut_at(path, '/');
        if (request->segment_count == REQUEST_SEGMENTS_MAX)
            return refuse(note, 404, "no such page");
        if (!decode(path))
            return refuse(note, 400,
                          "the address holds a broken percent-code or forbidden characters");
        if (next && !*next)
            return refuse(note, 404, "no such page (a '/' at the end)");
        request->segments[request->segment_count++] = path;
        path = next;
    }
    return 0;
}

static int
read_params(char *query, struct request *request, struct err_note *note)
{
    for (char *next; query; query = next) {
        next = cut_at(query, '&');
        if (!*query)
            continue;
        if (request->param_count == REQUEST_PARAMS_MAX)
            return refuse(note, 400, "too many parameters");
        char *value = cut_at(query, '=');
        if (!decode(query) || (value && !decode(value)))
            return refuse(note, 400,
                          "a parameter holds a broken percent-code or forbidden characters");
        if (!*query)
            return refuse(note, 400, "a parameter without a name");
        for (size_t i = 0; i < request->param_count; i++) {
            if (strcmp(request->params[i].key, query) == 0) {
                char quoted[TEXT_QUOTE_MAX];
                return err_set(note, 400, "parameter '%s' is given twice",
                               text_quote(query, strlen(query), quoted));
            }
        }
        request->params[request->param_count++] =
            (struct request_param){ .key = query, .value = value ? value : "" };
    }
    return 0;
}

int
request_parse(const char *target, struct request *ret_request, struct err_note *note)
{
    size_t length = strlen(target);
    bool is_long = length > REQUEST_TARGET_MAX;
    *ret_request = (struct request){ 0 };
    if (target[0] != '/')
        return refuse(note, 400, "the address must begin with '/'");
    memcpy(ret_request->text, target, is_long ? REQUEST_TARGET_MAX : length);
    char *query = cut_at(ret_request->text, '?');
    int status = read_path(ret_request->text + 1, ret_request, note);
    if (is_long)
        return refuse(note, 414, "the address is too long");
    return status ? status : read_params(query, ret_request, note);
}

const char *
request_param(const struct request *request, const char *key)
{
    for (size_t i = 0; i < request->param_count; i++) {
        if (strcmp(request->params[i].key, key) == 0)
            return request->params[i].value[0] ? request->params[i].value : NULL;
    }
    return NULL;
}

/* Weight of a language range in thousandths: "en;q=0.8" 800; 1000 without; 0 for what cannot be
 * read. */
static int
weight_of(const char *range, size_t length)
{
    const char *q = memchr(range, ';', length);
    if (!q)
        return 1000;
    const char *end = range + length;
    for (q++; q < end && *q == ' '; q++)
        ;
    if (end - q < 3 || q[0] != 'q' || q[1] != '=' || (q[2] != '0' && q[2] != '1'))
        return 0;
    int weight = (q[2] - '0') * 1000;
    int unit = 100;
    for (q += 4; q < end && *q >= '0' && *q <= '9' && unit > 0; q++, unit /= 10)
        weight += (*q - '0') * unit;
    return weight > 1000 ? 1000 : weight;
}

static bool
is_range_of(const char *range, size_t length, const char *primary)
{
    return length >= 2 && strncasecmp(range, primary, 2) == 0 &&
           (length == 2 || range[2] == '-' || range[2] == ';' || range[2] == ' ');
}

enum lang
request_language(const char *accept_language, enum lang initial)
{
    int best = 0;
    enum lang lang = initial;
    for (const char *at = accept_language; *at;) {
        at += strspn(at, " ,\t");
        size_t length = strcspn(at, ",");
        int weight = weight_of(at, length);
        bool is_zh = is_range_of(at, length, "zh");
        if (weight > best && (is_zh || is_range_of(at, length, "en"))) {
            best = weight;
            lang = is_zh ? LANG_ZH : LANG_EN;
        }
        at += length;
    }
    return lang;
}

bool
request_has_tag(const char *if_none_match, const char *tag)
{
    size_t length = strlen(tag);
    if (strcmp(if_none_match, "*") == 0)
        return true;
    for (const char *at = if_none_match; (at = strchr(at, '"')) != NULL;) {
        const char *end = strchr(++at, '"');
        if (!end)
            return false;
        if ((size_t)(end - at) == length && memcmp(at, tag, length) == 0)
            return true;
        at = end + 1;
    }
    return false;
}
