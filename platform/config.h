/* SPDX-License-Identifier: GPL-3.0-or-later
 * Configuration in YAML, described by one table: name, type, default, range, help. The table reads
 * the file, prints the normal form (-n), and makes the commented sample. An unknown key, a wrong
 * type or a value out of range is an error with file and line. */
#ifndef PACEWATCH_PLATFORM_CONFIG_H
#define PACEWATCH_PLATFORM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/err.h"

enum { CONFIG_TEXT_MAX = 256, CONFIG_PAIRS_MAX = 64 };

enum config_type {
    CONFIG_TEXT, /* char[CONFIG_TEXT_MAX] */
    CONFIG_INT,  /* int64_t, low..high */
    CONFIG_BOOL, /* bool */
    CONFIG_PAIRS /* struct config_pairs: a mapping of free names to texts, e.g. owner: address */
};

struct config_pairs {
    struct {
        char name[64];
        char text[CONFIG_TEXT_MAX];
    } pair[CONFIG_PAIRS_MAX];
    size_t count;
};

struct config_option {
    const char *key; /* "listen", or "mail.server" for the key `server` inside the mapping `mail` */
    enum config_type type;
    size_t offset;       /* offsetof in the caller's struct */
    const char *initial; /* default as text; NULL: the key is required (not for CONFIG_PAIRS) */
    long long low, high; /* CONFIG_INT */
    const char *help;    /* one line */
};

/* Reads `path` into `ret_settings`, which is untouched on failure (`size` is the struct's). A
 * missing key takes its default. The note reads "agent.yaml line 3: unknown key 'colector' (known:
 * ...)". */
int config_read(const char *path, const struct config_option *options, size_t count,
                void *ret_settings, size_t size, struct err_note *note);

/* Prints the normal form: every key with its value, in table order. Reading it again gives the same
 * settings. */
void config_print(FILE *out, const struct config_option *options, size_t count,
                  const void *settings);

/* Prints the sample: every key with its help as a comment and its default. */
void config_print_sample(FILE *out, const struct config_option *options, size_t count);

#endif
