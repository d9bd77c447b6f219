/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/agent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent_private.h"
#include "agent/import.h"
#include "agent/orphans.h"
#include "agent/words.h"
#include "platform/clock.h"
#include "platform/log.h"

static const char module[] = "agent";

int
agent_make_home(const char *home, struct err_note *note)
{
    static const char *const folders[] = {
        "inbox", "spool", "done", "rejected", "receipts", "keys"
    };
    int code = 0;
    for (size_t i = 0; !code && i < sizeof folders / sizeof folders[0]; i++) {
        char path[FILE_PATH_MAX];
        code = file_join(path, home, folders[i]);
        if (code)
            return err_set(note, code, "the path of the home is too long");
        code = file_make_folder(path, note);
    }
    return code;
}

static int
load_catalogue(const char *home, const struct agent_config *config,
               struct catalogue_store **ret_store, const struct cat_publisher **ret_sender,
               struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct catalogue_store *store = NULL;
    int code = file_join(path, home, "catalogue");
    if (!code)
        code = catalogue_load(path, &store, note);
    if (code)
        return code;
    const struct cat_publisher *sender =
        catalogue_publisher(catalogue_of(store), config->publisher);
    if (!sender) {
        catalogue_free(store);
        return err_set(note, ERR_UNKNOWN,
                       "agent.yaml: publisher '%s' is not in catalogue/publishers.csv",
                       config->publisher);
    }
    *ret_store = store;
    *ret_sender = sender;
    return 0;
}

/* Loads the key pair; the first start makes one. */
static int
load_keys(struct agent *agent, struct err_note *note)
{
    char folder[FILE_PATH_MAX], fingerprint[KEY_FINGERPRINT];
    int code = file_join(folder, agent->home, "keys");
    if (code)
        return err_set(note, code, "the path of the home is too long");
    code = keys_settle(folder, AGENT_NEXT_KEY, AGENT_KEY, note);
    if (!code && keys_exist(folder, AGENT_KEY))
        return keys_load(folder, AGENT_KEY, &agent->keys, note);
    if (!code)
        code = keys_generate(&agent->keys, note);
    if (!code)
        code = keys_save(folder, AGENT_KEY, &agent->keys, note);
    if (code)
        return code;
    keys_fingerprint(agent->keys.public_key, fingerprint);
    log_warning(module,
                "made a key pair: have keys/agent.public enrolled at the collector; fingerprint=%s",
                fingerprint);
    return 0;
}

static void
on_spool_note(void *context, const char *text)
{
    (void)context;
    log_warning("spool", "%s", text);
}

static void
on_spool_lost(void *context, const char *name, const uint8_t sha256[RECORD_SHA256])
{
    const struct agent *agent = context;
    struct err_note note = { { 0 } };
    int code = import_bring_back(agent->home, name, sha256, &note);
    if (code > 0)
        log_warning(module, "brought back from done/ into the inbox: %s", name);
    else if (code < 0)
        log_error(module, "%s must be put into the inbox again: %s", name, note.text);
}

static int
open_spool(struct agent *agent, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = file_join(path, agent->home, "spool");
    if (code)
        return err_set(note, code, "the path of the home is too long");
    struct spool_settings settings = {
        .folder = path,
        .max_bytes = (uint64_t)agent->config.spool_max_mib << 20,
        .retain_days = (int)agent->config.retain_days,
        .events = { agent, on_spool_note, on_spool_lost },
    };
    code = spool_open(&settings, clock_wall(), &agent->spool, note);
    return code ? code : orphans_find(agent->home, agent->spool, &settings.events, note);
}

int
agent_open_bus(const struct agent_config *config, bool at_next, const struct key_pair *keys,
               struct bus_client **ret_bus, struct err_note *note)
{
    struct bus_client_settings settings = {
        .endpoint = at_next ? config->next_collector : config->collector,
        .server_key = at_next ? config->next_server_key : config->server_key,
        .keys = keys,
        .message_max = WIRE_MESSAGE_MAX,
    };
    return bus_client_open(&settings, ret_bus, note);
}

void
agent_use_bus(struct agent *agent, struct bus_client *bus, struct mono_time now)
{
    bus_client_close(agent->bus);
    agent->bus = bus;
    agent->link = BUS_CONNECTING;
    agent->is_old = false;
    rotation_take_back(agent);
    session_on_link_lost(agent->session, now);
}

static int
open_session(struct agent *agent, struct err_note *note)
{
    uint64_t seed = 0;
    clock_random(&seed, sizeof seed);
    struct session_port port = { agent, agent_send, agent_reopen, agent_file_done, agent_report };
    agent->session = session_new(agent->spool, &port, seed);
    return agent->session ? 0 : err_set(note, -ENOMEM, "no memory for the session");
}

static int
open_inbox(struct agent *agent, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = file_join(path, agent->home, "inbox");
    return code ? code : inbox_open(path, &agent->inbox, note);
}

static int
open_parts(struct agent *agent, struct err_note *note)
{
    int code = agent_config_read(agent->home, true, &agent->config, note);
    if (code)
        return code;
    agent->at_next = agent->config.next_collector[0] != '\0';
    log_set_level(agent->config.level);
    code = agent_make_home(agent->home, note);
    if (code)
        return code;
    agent->lock_fd = file_lock_folder(agent->home, note);
    if (agent->lock_fd < 0)
        return agent->lock_fd;
    code = load_catalogue(agent->home, &agent->config, &agent->store, &agent->sender, note);
    if (!code)
        code = load_keys(agent, note);
    if (!code)
        code = open_spool(agent, note);
    if (!code)
        code = agent_open_bus(&agent->config, agent->at_next, &agent->keys, &agent->bus, note);
    if (!code)
        code = open_session(agent, note);
    if (!code)
        code = open_inbox(agent, note);
    return code;
}

/* The last receipt of an earlier run, for the status. */
static void
remember(struct agent *agent)
{
    struct status status;
    if (status_read(agent->home, &status, NULL) == 0)
        text_clean(status.receipt, strlen(status.receipt), agent->last_receipt,
                   sizeof agent->last_receipt);
}

int
agent_open(const char *home, struct agent **ret_agent, struct err_note *note)
{
    struct agent *agent = calloc(1, sizeof *agent);
    if (!agent)
        return err_set(note, -ENOMEM, "no memory for the agent");
    agent->lock_fd = -1;
    agent->status_at = agent->prune_at = INT64_MIN;
    int n = snprintf(agent->home, sizeof agent->home, "%s", home);
    int code = n < 0 || (size_t)n >= sizeof agent->home
                   ? err_set(note, ERR_RANGE, "the path of the home is too long")
                   : open_parts(agent, note);
    if (code) {
        agent_close(agent);
        return code;
    }
    remember(agent);
    *ret_agent = agent;
    return 0;
}

void
agent_close(struct agent *agent)
{
    if (!agent)
        return;
    if (agent->inbox) /* else it was never opened whole */
        agent_write_status(agent, clock_mono());
    inbox_close(agent->inbox);
    session_free(agent->session);
    bus_client_close(agent->bus);
    spool_close(agent->spool);
    keys_wipe(&agent->keys);
    catalogue_free(agent->store);
    if (agent->lock_fd >= 0)
        (void)close(agent->lock_fd); /* gives the folder free */
    free(agent);
}

int
agent_reload(struct agent *agent, struct err_note *note)
{
    struct agent_config config;
    struct catalogue_store *store = NULL;
    const struct cat_publisher *sender = NULL;
    struct bus_client *bus = NULL;
    int code = agent_config_read(agent->home, true, &config, note);
    if (!code)
        code = load_catalogue(agent->home, &config, &store, &sender, note);
    if (code)
        return code;
    bool at_next = config.next_collector[0] != '\0';
    bool is_elsewhere = strcmp(config.collector, agent->config.collector) != 0 ||
                        strcmp(config.server_key, agent->config.server_key) != 0 ||
                        strcmp(config.next_collector, agent->config.next_collector) != 0 ||
                        strcmp(config.next_server_key, agent->config.next_server_key) != 0;
    if (is_elsewhere)
        code = agent_open_bus(&config, at_next, &agent->keys, &bus, note);
    if (code) {
        catalogue_free(store);
        return code;
    }
    if (bus) {
        agent_use_bus(agent, bus, clock_mono());
        agent->at_next = at_next;
    }
    catalogue_free(agent->store);
    agent->store = store;
    agent->sender = sender;
    agent->config = config;
    spool_limit(agent->spool, (uint64_t)config.spool_max_mib << 20, (int)config.retain_days);
    log_set_level(config.level);
    log_info(module, "reloaded: publisher=%s collector=%s", config.publisher, config.collector);
    return 0;
}

enum lang
agent_lang(const struct agent *agent)
{
    return agent->config.lang;
}
