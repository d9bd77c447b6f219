/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/config.h"

#include <stddef.h>
#include <string.h>

#include "platform/file.h"

#define TEXT(key, initial, help)                                                   \
    {                                                                              \
#key, CONFIG_TEXT, offsetof(struct agent_config, key), initial, 0, 0, help \
    }
#define WHOLE(key, initial, low, high, help)                                           \
    {                                                                                  \
#key, CONFIG_INT, offsetof(struct agent_config, key), initial, low, high, help \
    }

static const struct config_option options[] = {
    TEXT(publisher, NULL, "who reports: an id of catalogue/publishers.csv, e.g. deqing"),
    TEXT(collector, NULL, "the collector's endpoint, e.g. tcp://192.0.2.7:5670"),
    TEXT(collector_key, NULL,
         "the collector's public key: 40 characters of Z85 in quotes, or a file below HOME"),
    TEXT(next_collector, "",
         "while the collector's key is changed: its second endpoint, tried first; else empty"),
    TEXT(next_collector_key, "", "the key there"),
    TEXT(language, "zh-CN", "language of receipts and messages: zh-CN or en"),
    WHOLE(spool_max_mib, "1024", 16, 1048576,
          "limit of the spool in MiB; beyond it nothing is imported"),
    WHOLE(retain_days, "90", 1, 36500, "days for which acknowledged records are kept"),
    TEXT(log_level, "info", "error, warning, info or debug"),
};

enum { OPTION_COUNT = sizeof options / sizeof options[0] };

static int
read_level(const char *text, enum log_level *ret_level)
{
    static const char *const names[] = { "error", "warning", "info", "debug" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *ret_level = (enum log_level)i;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

/* The public key that the option `name` gives: itself, or in a file. */
static int
read_server_key(const char *home, const char *name, const char *text, char ret_key[KEY_TEXT],
                struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct err_note why = { { 0 } };
    if (keys_is_public(text)) {
        int code = keys_load_public(text, ret_key, note);
        return code ? err_prefix(note, code, "agent.yaml: %s", name) : 0;
    }
    if (file_join(path, home, text) == 0 && keys_load_public(path, ret_key, &why) == 0)
        return 0;
    return err_set(note, ERR_SYNTAX,
                   "agent.yaml: %s is neither a public key (40 characters of Z85) nor a file with "
                   "one%s%s",
                   name, why.text[0] ? ": " : "", why.text);
}

static int
read_server_keys(const char *home, struct agent_config *config, struct err_note *note)
{
    int code =
        read_server_key(home, "collector_key", config->collector_key, config->server_key, note);
    if (!code && config->next_collector[0])
        code = read_server_key(home, "next_collector_key", config->next_collector_key,
                               config->next_server_key, note);
    return code;
}

int
agent_config_read(const char *home, bool want_key, struct agent_config *ret_config,
                  struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct agent_config config;
    memset(&config, 0, sizeof config);
    int code = file_join(path, home, "agent.yaml");
    if (code)
        return err_set(note, code, "the path of the home is too long");
    code = config_read(path, options, OPTION_COUNT, &config, sizeof config, note);
    if (code)
        return code;
    if (strcmp(config.language, "zh-CN") != 0 && strcmp(config.language, "en") != 0)
        return err_set(note, ERR_UNKNOWN, "agent.yaml: language '%s' is neither zh-CN nor en",
                       config.language);
    config.lang = strcmp(config.language, "en") == 0 ? LANG_EN : LANG_ZH;
    if (read_level(config.log_level, &config.level))
        return err_set(note, ERR_UNKNOWN,
                       "agent.yaml: log_level '%s' is none of error, warning, info, debug",
                       config.log_level);
    if (want_key)
        code = read_server_keys(home, &config, note);
    if (!code)
        *ret_config = config;
    return code;
}

void
agent_config_sample(FILE *out)
{
    config_print_sample(out, options, OPTION_COUNT);
}

void
agent_config_print(FILE *out, const struct agent_config *config)
{
    config_print(out, options, OPTION_COUNT, config);
}
