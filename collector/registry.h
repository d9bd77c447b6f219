/* SPDX-License-Identifier: GPL-3.0-or-later
 * The registry of keys in memory: whose key is this, and may it still? The author of a message
 * (ZAP's User-Id) is the key's number in the ledger. Owned by the loop thread; read again from the
 * ledger after every change, so a revocation holds for the next message. */
#ifndef PACEWATCH_COLLECTOR_REGISTRY_H
#define PACEWATCH_COLLECTOR_REGISTRY_H

#include "collector/ledger.h"
#include "core/catalogue.h"

struct registry;

int registry_read(struct ledger *ledger, const struct catalogue *catalogue,
                  struct registry **ret_registry, struct err_note *note);
void registry_free(struct registry *registry);

/* The publisher a key number belongs to; NULL when unknown, revoked, or no longer in the catalogue.
 * *ret_key is the number. */
const struct cat_publisher *registry_author(const struct registry *registry, const char *author,
                                            int64_t *ret_key);

/* A key that follows another and was not used yet, as far as is known here. */
bool registry_is_new(const struct registry *registry, int64_t key);

/* Was the key heard at the entrance of the collector's next key, as far as is known here? */
bool registry_came_over(const struct registry *registry, int64_t key);

/* The author text of a public key that may come in; false when unknown or revoked. */
bool registry_admit(const struct registry *registry, const char *public_key, char *author,
                    size_t size);

/* Changes made by the loop, each in a transaction of its own; the registry is to be read again
 * afterwards. Keys whose time has come are revoked, *ret_count of them; a key was heard at the
 * entrance of the collector's next key. */
int registry_retire(struct ledger *ledger, struct wall_time now, size_t *ret_count,
                    struct err_note *note);
int registry_note_came_over(struct ledger *ledger, int64_t key, struct wall_time now,
                            struct err_note *note);

#endif
