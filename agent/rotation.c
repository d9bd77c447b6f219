/* SPDX-License-Identifier: GPL-3.0-or-later
 * The key that shall follow ours: keys/agent.next.* is there when `rotate` made it. It is offered
 * over the connection of the old one, and only when the collector has taken it does it come in its
 * place. After a crash at any step, or a disk that fails, the next try ends what was begun: that of
 * the next start, or of this run.
 *
 * The one before stays as keys/agent.old.*: a ledger that was restored from before the change knows
 * only that one. So when ours is refused, the next connection is made with the one before, and ours
 * is offered over it.
 *
 * The collector's own key changes by a second entrance (next_collector): it is tried first, and the
 * two in turn while neither answers. */
#include <stdio.h>
#include <string.h>

#include "agent/agent_private.h"
#include "agent/words.h"
#include "platform/log.h"

enum { LOOK_MS = 2000, REFUSED_MS = 3600 * 1000, FAILED_MS = 60 * 1000 };

static const char module[] = "keys";

static int
keys_folder(const struct agent *agent, char folder[FILE_PATH_MAX])
{
    return file_join(folder, agent->home, "keys");
}

/* Offers the next key if there is one. */
static void
look(struct agent *agent, struct mono_time now)
{
    char folder[FILE_PATH_MAX], fingerprint[KEY_FINGERPRINT];
    struct key_pair next;
    struct err_note note = { { 0 } };
    if (keys_folder(agent, folder) != 0 || !keys_exist(folder, AGENT_NEXT_KEY))
        return;
    if (keys_load(folder, AGENT_NEXT_KEY, &next, &note)) {
        log_error(module, "%s", note.text);
        agent->rotation_at = now.ms + REFUSED_MS;
        return;
    }
    keys_fingerprint(next.public_key, fingerprint);
    log_info(module, "offering the key that shall follow ours: fingerprint=%s", fingerprint);
    session_offer_key(agent->session, next.public_key, now);
    agent->rotation_at = now.ms; /* what comes of it is seen to at once */
    words_say(agent->next_words, sizeof agent->next_words, agent->config.lang, "%s，等待市级确认",
              "%s, waiting for the collector to take it", fingerprint);
    keys_wipe(&next);
}

/* The connection is that of the key before ours: ours is offered again. */
static void
offer_ours(struct agent *agent, struct mono_time now)
{
    log_warning(module, "our key is not known, the one before is: offering ours again");
    words_say(agent->next_words, sizeof agent->next_words, agent->config.lang,
              "市级不认识本机密钥，已用前一密钥连接并重新登记",
              "our key is not known, connected with the one before to have it taken again");
    session_offer_key(agent->session, agent->keys.public_key, now);
    agent->rotation_at = now.ms; /* what comes of it is seen to at once */
}

/* The key that was taken becomes that of our files, whatever a try before this one had done. */
static int
put_in_place(const struct agent *agent, struct key_pair *ret_keys, struct err_note *note)
{
    char folder[FILE_PATH_MAX];
    int code = keys_folder(agent, folder);
    if (!code)
        code = keys_settle(folder, AGENT_NEXT_KEY, AGENT_KEY, note);
    if (!code)
        code = keys_load(folder, AGENT_KEY, ret_keys, note);
    if (code)
        return code;
    if (strcmp(ret_keys->public_key, session_offered_key(agent->session)) == 0)
        return file_sync_folder(folder, note);
    code = keys_copy(folder, AGENT_KEY, AGENT_OLD_KEY, note);
    if (!code)
        code = keys_promote(folder, AGENT_NEXT_KEY, AGENT_KEY, note);
    return code ? code : keys_load(folder, AGENT_KEY, ret_keys, note);
}

/* It was taken and is not in use yet: the connection stays until the disk lets us. */
static void
come_over_later(struct agent *agent, struct mono_time now, int code, const char *why)
{
    log_error(module, "the key that was taken cannot be used yet, tried again in %d s: %s",
              FAILED_MS / 1000, why);
    words_say(agent->next_words, sizeof agent->next_words, agent->config.lang,
              "市级已确认，但尚不能启用，将自动重试：%s",
              "taken, but it cannot be used yet and is tried again: %s", why);
    agent->rotation_at = now.ms + FAILED_MS;
    if (code == ERR_ABSENT) /* somebody took its files away */
        session_offer_end(agent->session);
}

/* The collector has taken it: from now on it is ours. */
static void
come_over(struct agent *agent, struct mono_time now)
{
    char fingerprint[KEY_FINGERPRINT];
    struct key_pair keys = agent->keys;
    struct bus_client *bus = NULL;
    struct err_note note = { { 0 } };
    int code = put_in_place(agent, &keys, &note);
    if (!code)
        code = agent_open_bus(&agent->config, agent->at_next, &keys, &bus, &note);
    if (code) {
        come_over_later(agent, now, code, note.text);
    } else {
        agent->keys = keys;
        session_offer_end(agent->session);
        agent_use_bus(agent, bus, now);
        keys_fingerprint(agent->keys.public_key, fingerprint);
        log_info(module, "our key is taken: fingerprint=%s", fingerprint);
        agent->next_words[0] = '\0';
    }
    keys_wipe(&keys);
}

/* Makes a new connection with this key at this entrance. */
static bool
connect_anew(struct agent *agent, bool is_old, bool at_next)
{
    char folder[FILE_PATH_MAX];
    struct key_pair keys = agent->keys;
    struct bus_client *bus = NULL;
    struct err_note note = { { 0 } };
    int code = keys_folder(agent, folder);
    if (!code && is_old)
        code = keys_load(folder, AGENT_OLD_KEY, &keys, &note);
    if (!code)
        code = agent_open_bus(&agent->config, at_next, &keys, &bus, &note);
    keys_wipe(&keys);
    if (code) {
        log_warning(module, "no other connection can be tried: %s", note.text);
        return false;
    }
    bus_client_close(agent->bus);
    agent->bus = bus;
    agent->link = BUS_CONNECTING;
    if (is_old != agent->is_old)
        rotation_take_back(agent); /* it was meant for the other key's connection */
    agent->is_old = is_old;
    agent->at_next = at_next;
    return true;
}

bool
rotation_reopen(struct agent *agent)
{
    char folder[FILE_PATH_MAX];
    bool has_old = keys_folder(agent, folder) == 0 && keys_exist(folder, AGENT_OLD_KEY);
    if (agent->link == BUS_READY)
        return false;
    if (agent->link == BUS_REFUSED && (agent->is_old || has_old))
        return connect_anew(agent, !agent->is_old, agent->at_next);
    return agent->config.next_collector[0] && connect_anew(agent, agent->is_old, !agent->at_next);
}

void
rotation_lost(struct agent *agent)
{
    if (agent->config.next_collector[0] && !agent->at_next)
        (void)connect_anew(agent, agent->is_old, true); /* else the library goes on trying */
}

void
rotation_take_back(struct agent *agent)
{
    if (session_offer(agent->session, NULL) != SESSION_OFFER_TAKEN)
        session_offer_end(agent->session);
}

void
rotation_turn(struct agent *agent, struct mono_time now)
{
    const char *words = "";
    enum session_offer offer = session_offer(agent->session, &words);
    if (offer == SESSION_OFFER_REFUSED) {
        log_warning(module, "the collector does not take the key that shall follow ours: %s",
                    words);
        words_say(agent->next_words, sizeof agent->next_words, agent->config.lang, "市级不接受：%s",
                  "the collector does not take it: %s", words);
        session_offer_end(agent->session);
        agent->rotation_at = now.ms + REFUSED_MS;
    }
    if (offer == SESSION_OFFER_WAITS || now.ms < agent->rotation_at)
        return;
    if (offer == SESSION_OFFER_TAKEN) {
        come_over(agent, now);
        return;
    }
    agent->rotation_at = now.ms + LOOK_MS;
    if (!agent->is_old)
        look(agent, now);
    else if (agent->link == BUS_READY)
        offer_ours(agent, now);
}
