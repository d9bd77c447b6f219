/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/registry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger_write.h"

struct entry {
    int64_t id;
    char public_key[41];
    const struct cat_publisher *publisher;
    bool is_new, came_over;
};

struct registry {
    const struct catalogue *catalogue;
    struct entry *entries;
    size_t count, capacity;
};

static int
add_key(void *context, const struct ledger_key *key)
{
    struct registry *registry = context;
    const struct cat_publisher *publisher =
        catalogue_publisher(registry->catalogue, key->publisher);
    if (key->is_revoked || !publisher)
        return 0;
    if (registry->count == registry->capacity) {
        size_t capacity = registry->capacity ? registry->capacity * 2 : 16;
        struct entry *grown = realloc(registry->entries, capacity * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        registry->entries = grown;
        registry->capacity = capacity;
    }
    struct entry *entry = &registry->entries[registry->count++];
    entry->id = key->id;
    entry->publisher = publisher;
    entry->is_new = key->introduced_by != 0 && key->last_seen.seconds == 0;
    entry->came_over = key->came_over.seconds != 0;
    memcpy(entry->public_key, key->public_key, sizeof entry->public_key);
    return 0;
}

int
registry_read(struct ledger *ledger, const struct catalogue *catalogue,
              struct registry **ret_registry, struct err_note *note)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (!registry)
        return err_set(note, -ENOMEM, "out of memory");
    registry->catalogue = catalogue;
    int code = ledger_each_key(ledger, add_key, registry, note);
    if (code != 0) {
        registry_free(registry);
        return code == -ENOMEM ? err_set(note, code, "out of memory") : code;
    }
    *ret_registry = registry;
    return 0;
}

void
registry_free(struct registry *registry)
{
    if (!registry)
        return;
    free(registry->entries);
    free(registry);
}

static const struct entry *
find(const struct registry *registry, int64_t key)
{
    for (size_t i = 0; i < registry->count; i++)
        if (registry->entries[i].id == key)
            return &registry->entries[i];
    return NULL;
}

const struct cat_publisher *
registry_author(const struct registry *registry, const char *author, int64_t *ret_key)
{
    int64_t id = 0;
    if (num_int_parse(author, strlen(author), 1, INT64_MAX, &id, NULL) != 0)
        return NULL;
    const struct entry *entry = find(registry, id);
    if (!entry)
        return NULL;
    *ret_key = id;
    return entry->publisher;
}

bool
registry_is_new(const struct registry *registry, int64_t key)
{
    const struct entry *entry = find(registry, key);
    return entry && entry->is_new;
}

bool
registry_came_over(const struct registry *registry, int64_t key)
{
    const struct entry *entry = find(registry, key);
    return entry && entry->came_over;
}

bool
registry_admit(const struct registry *registry, const char *public_key, char *author, size_t size)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->entries[i].public_key, public_key) == 0) {
            int n = snprintf(author, size, "%" PRId64, registry->entries[i].id);
            return n > 0 && (size_t)n < size;
        }
    }
    return false;
}

/* Ends the transaction: commits it unless `code` says that something went wrong. */
static int
end(struct ledger *ledger, int code, struct err_note *note)
{
    if (code == 0)
        code = ledger_commit(ledger, note);
    if (code != 0)
        ledger_rollback(ledger);
    return code;
}

int
registry_retire(struct ledger *ledger, struct wall_time now, size_t *ret_count,
                struct err_note *note)
{
    int code = ledger_begin(ledger, note);
    return code == 0 ? end(ledger, ledger_keys_retire(ledger, now, ret_count, note), note) : code;
}

int
registry_note_came_over(struct ledger *ledger, int64_t key, struct wall_time now,
                        struct err_note *note)
{
    int code = ledger_begin(ledger, note);
    return code == 0 ? end(ledger, ledger_key_came_over(ledger, key, now, note), note) : code;
}
