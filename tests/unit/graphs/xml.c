/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 32, NAME_MAX_BYTES = 32, ATTRIBUTES_MAX = 24 };

static const char *const NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_";

static const char *
fault(const char *what, const char *at)
{
    static char words[128];
    (void)snprintf(words, sizeof words, "%s at \"%.60s\"", what, at);
    return words;
}

static bool
is_entity(const char *at)
{
    static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strncmp(at, entities[i], strlen(entities[i])) == 0)
            return true;
    return false;
}

/* Reads attributes up to "/>" or ">"; *ret_at is behind them. */
static const char *
attributes_check(const char *at, const char **ret_at, bool *ret_is_empty)
{
    char names[ATTRIBUTES_MAX][NAME_MAX_BYTES];
    int count = 0;
    for (;;) {
        bool has_blank = *at == ' ' || *at == '\n';
        at += strspn(at, " \n");
        if (*at == '>' || strncmp(at, "/>", 2) == 0)
            break;
        size_t length = strspn(at, NAME);
        if (!has_blank || length == 0 || length >= NAME_MAX_BYTES || at[length] != '=' ||
            at[length + 1] != '"' || count == ATTRIBUTES_MAX)
            return fault("bad attribute", at);
        memcpy(names[count], at, length);
        names[count][length] = '\0';
        for (int i = 0; i < count; i++)
            if (strcmp(names[i], names[count]) == 0)
                return fault("attribute twice", at);
        count++;
        for (at += length + 2; *at != '"'; at++)
            if (*at == '\0' || *at == '<' || (*at == '&' && !is_entity(at)))
                return fault("bad attribute value", at);
        at++;
    }
    *ret_is_empty = *at == '/';
    *ret_at = at + (*at == '/' ? 2 : 1);
    return NULL;
}

const char *
xml_fault(const char *text)
{
    char open[DEPTH_MAX][NAME_MAX_BYTES];
    int depth = 0;
    bool has_root = false;
    for (const char *at = text; *at;) {
        if (*at != '<') {
            if ((*at == '&' && !is_entity(at)) || *at == '>' ||
                ((unsigned char)*at < 0x20 && *at != '\n'))
                return fault("bad character", at);
            if (depth == 0 && *at != '\n')
                return fault("text outside", at);
            at++;
            continue;
        }
        const bool is_end = at[1] == '/';
        const char *name = at + 1 + is_end;
        size_t length = strspn(name, NAME);
        if (length == 0 || length >= NAME_MAX_BYTES)
            return fault("bad tag", at);
        if (is_end) {
            if (depth == 0 || strlen(open[depth - 1]) != length ||
                memcmp(open[depth - 1], name, length) != 0 || name[length] != '>')
                return fault("wrong end", at);
            depth--;
            at = name + length + 1;
            continue;
        }
        if ((depth == 0 && has_root) || depth == DEPTH_MAX)
            return fault("second root, or too deep", at);
        has_root = true;
        bool is_empty;
        const char *words = attributes_check(name + length, &at, &is_empty);
        if (words)
            return words;
        if (!is_empty) {
            memcpy(open[depth], name, length);
            open[depth++][length] = '\0';
        }
    }
    return depth > 0 ? "not closed" : has_root ? NULL : "nothing";
}
