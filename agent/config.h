/* SPDX-License-Identifier: GPL-3.0-or-later
 * agent.yaml. */
#ifndef PACEWATCH_AGENT_CONFIG_H
#define PACEWATCH_AGENT_CONFIG_H

#include <stdio.h>

#include "core/text.h"
#include "platform/config.h"
#include "platform/keys.h"
#include "platform/log.h"

struct agent_config {
    char publisher[CONFIG_TEXT_MAX];
    char collector[CONFIG_TEXT_MAX];
    char collector_key[CONFIG_TEXT_MAX];
    char next_collector[CONFIG_TEXT_MAX]; /* or empty */
    char next_collector_key[CONFIG_TEXT_MAX];
    char language[CONFIG_TEXT_MAX];
    char log_level[CONFIG_TEXT_MAX];
    int64_t spool_max_mib;
    int64_t retain_days;
    /* out of the texts above */
    enum lang lang;
    enum log_level level;
    char server_key[KEY_TEXT];
    char next_server_key[KEY_TEXT]; /* "" without next_collector */
};

/* Reads HOME/agent.yaml and checks it. `want_key` false: the collector's key is not looked at
 * (check, status). */
int agent_config_read(const char *home, bool want_key, struct agent_config *ret_config,
                      struct err_note *note);

/* The commented sample. */
void agent_config_sample(FILE *out);

/* The normal form. */
void agent_config_print(FILE *out, const struct agent_config *config);

#endif
