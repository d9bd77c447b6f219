/* SPDX-License-Identifier: GPL-3.0-or-later
 * A catalogue from tables written down in a test. */
#ifndef PACEWATCH_TESTS_UNIT_CORE_CATALOGUE_TEXT_H
#define PACEWATCH_TESTS_UNIT_CORE_CATALOGUE_TEXT_H

#include "core/catalogue.h"

#include "check.h"

/* Parses tables that are right. The caller frees `*ret_memory`. */
static inline const struct catalogue *
catalogue_from_text(const char *const tables[CAT_TABLE_COUNT], void **ret_memory)
{
    struct cat_source sources[CAT_TABLE_COUNT] = { { 0 } };
    struct err_note note = { { 0 } };
    const struct catalogue *catalogue = NULL;
    size_t size = 1 << 18;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        if (tables[i])
            sources[i] = (struct cat_source){ tables[i], strlen(tables[i]) };
    *ret_memory = malloc(size);
    CHECK("memory", *ret_memory != NULL);
    int code = catalogue_parse(sources, *ret_memory, size, &catalogue, &note);
    if (code < 0)
        print_error("%s\n", note.text);
    CHECK_INT("parsed", 0, code);
    return catalogue;
}

/* `text` with the first `from` replaced by `to`. The caller frees it. */
static inline char *
text_replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    CHECK(from, at != NULL);
    size_t size = strlen(text) + strlen(to) + 1;
    char *result = malloc(size);
    CHECK("memory", result != NULL);
    (void)snprintf(result, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return result;
}

#endif
