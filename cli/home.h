/* SPDX-License-Identifier: GPL-3.0-or-later
 * An agent's home, made ready on the collector's side: keys, catalogue, settings, folders. Made
 * again over a half-made one it only adds what is missing, so that a start that was cut off can
 * simply be repeated.
 *
 *     DIR/agent.yaml      publisher: wuxing
 *                         collector: "tcp://127.0.0.1:5670"
 *                         collector_key: "..."
 *                         language: zh-CN
 *     DIR/keys/agent.secret, agent.public      DIR/catalogue/...csv
 *     DIR/inbox  spool  done  rejected  receipts */
#ifndef PACEWATCH_CLI_HOME_H
#define PACEWATCH_CLI_HOME_H

#include "collector/site.h"
#include "platform/keys.h"

/* Is there an agent.yaml? It is written last, so the home is complete. */
bool home_is_complete(const char *folder);

/* Makes folders, keys and catalogue, as far as they are missing; the home's public key. */
int home_prepare(const struct site *site, const char *folder, char ret_key[KEY_TEXT],
                 struct err_note *note);

/* The public key of a home that is there. */
int home_key(const char *folder, char ret_key[KEY_TEXT], struct err_note *note);

/* Writes agent.yaml: once the key is enrolled, not before. */
int home_finish(const struct site *site, const char *publisher, const char *folder,
                struct err_note *note);

/* Where an agent on this machine reaches what the site listens on: "tcp://(star or 0.0.0.0):5670"
 * becomes 127.0.0.1. `text` has CONFIG_TEXT_MAX bytes. */
void home_endpoint(const char *listen, char *text);

#endif
