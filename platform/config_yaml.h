/* SPDX-License-Identifier: GPL-3.0-or-later
 * How config.c (values) and config_yaml.c (the file's structure, libyaml) meet. Private to them. */
#ifndef PACEWATCH_PLATFORM_CONFIG_YAML_H
#define PACEWATCH_PLATFORM_CONFIG_YAML_H

#include "platform/config.h"

enum { CONFIG_FILE_MAX = 256 * 1024, CONFIG_OPTIONS_MAX = 128 };

/* "text", "a whole number", ... */
const char *config_type_word(const struct config_option *option);

/* Reads `text` (with a NUL behind its `length` bytes) into the option's place in `settings`. */
int config_set(const struct config_option *option, const char *text, size_t length, void *settings,
               struct err_note *note);

/* Adds one entry of a CONFIG_PAIRS. */
int config_add_pair(struct config_pairs *pairs, const char *name, size_t name_length,
                    const char *text, size_t length, struct err_note *note);

/* Reads the file into `settings`, which have their defaults and may be left half filled. */
int config_yaml_read(const char *path, const struct config_option *options, size_t count,
                     void *settings, struct err_note *note);

#endif
