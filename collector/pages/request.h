/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request as the pages see it: the target split into path segments and parameters, decoded and
 * checked, plus the few header fields that matter. Parsed by ourselves from the raw request target,
 * so that nothing depends on what a library makes of odd ones.
 *
 * Worked example: "/graph/wuxing%2Bnantaihu/land-freed.svg?size=spark" has the segments "graph",
 * "wuxing+nantaihu", "land-freed.svg" and the parameter size=spark. A '+' stands for itself, also
 * behind the '?': no parameter of ours has blanks, and joint areas have a '+'. */
#ifndef PACEWATCH_PAGES_REQUEST_H
#define PACEWATCH_PAGES_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/text.h"

enum {
    REQUEST_TARGET_MAX = 2048, /* bytes of the raw target */
    REQUEST_SEGMENTS_MAX = 6,
    REQUEST_PARAMS_MAX = 16,
    REQUEST_HEADER_MAX = 256
};

struct request_param {
    const char *key;
    const char *value;
};

struct request {
    char text[REQUEST_TARGET_MAX + 1]; /* segments and parameters point in here */
    const char *segments[REQUEST_SEGMENTS_MAX];
    size_t segment_count; /* 0: "/" */
    struct request_param params[REQUEST_PARAMS_MAX];
    size_t param_count;
    char accept_language[REQUEST_HEADER_MAX]; /* "" without */
    char if_none_match[REQUEST_HEADER_MAX];
};

/* Reads a raw request target. Returns 0; or the HTTP status that fits (400, 404, 414) with a note:
 * an absolute target, a broken percent-code, bytes that are no clean UTF-8, a parameter given twice
 * or without name, too many of them. Then the request holds the segments before the fault, so that
 * the refusal can speak the way the address wants. */
int request_parse(const char *target, struct request *ret_request, struct err_note *note);

/* The value of a parameter, or NULL. An empty value counts as not given: that is what a form sends
 * for an empty field. */
const char *request_param(const struct request *request, const char *key);

/* The language a browser asks for (RFC 9110, 12.5.4), or `initial` when it names neither of ours.
 */
enum lang request_language(const char *accept_language, enum lang initial);

/* Does an If-None-Match field name this entity tag (given without quotes)? */
bool request_has_tag(const char *if_none_match, const char *tag);

#endif
