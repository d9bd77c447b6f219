/* SPDX-License-Identifier: GPL-3.0-or-later
 * The key that shall follow ours: keys/agent.next.* is there when `rotate` made it. It is offered
 * over the connection of the old one, and only when the collector has taken it does it come in its
 * place. A crash at any step is mended by looking again. */
#include <stdio.h>
#include <string.h>

#include "agent/agent_private.h"
#include "agent/words.h"
#include "platform/log.h"

enum { LOOK_MS = 2000, REFUSED_MS = 3600 * 1000, FAILED_MS = 60 * 1000 };

static const char module[] = "keys";

/* Offers the next key if there is one. */
static void
look(struct agent *agent, struct mono_time now)
{
    char folder[FILE_PATH_MAX], fingerprint[KEY_FINGERPRINT];
    struct key_pair next;
    struct err_note note = { { 0 } };
    if (file_join(folder, agent->home, "keys") != 0 || !keys_exist(folder, AGENT_NEXT_KEY))
        return;
    if (keys_load(folder, AGENT_NEXT_KEY, &next, &note)) {
        log_error(module, "%s", note.text);
        agent->rotation_at = now.ms + REFUSED_MS;
        return;
    }
    keys_fingerprint(next.public_key, fingerprint);
    log_info(module, "offering the key that shall follow ours: fingerprint=%s", fingerprint);
    session_offer_key(agent->session, next.public_key, now);
    words_say(agent->next_words, sizeof agent->next_words, agent->config.lang, "%s，等待市级确认",
              "%s, waiting for the collector to take it", fingerprint);
    keys_wipe(&next);
}

/* The collector has taken it: from now on it is ours. */
static int
come_over(struct agent *agent, struct mono_time now, struct err_note *note)
{
    char folder[FILE_PATH_MAX], fingerprint[KEY_FINGERPRINT];
    struct bus_client *bus = NULL;
    struct err_note why = { { 0 } };
    int code = file_join(folder, agent->home, "keys");
    if (!code)
        code = keys_promote(folder, AGENT_NEXT_KEY, AGENT_KEY, &why);
    if (code) {
        log_error(module, "the old key stays for now: %s", why.text);
        agent->rotation_at = now.ms + FAILED_MS;
        return 0;
    }
    code = keys_load(folder, AGENT_KEY, &agent->keys, note);
    if (!code)
        code = agent_open_bus(agent, &agent->config, &bus, note);
    if (code)
        return code;
    agent_use_bus(agent, bus, now);
    keys_fingerprint(agent->keys.public_key, fingerprint);
    log_info(module, "our new key is in use: fingerprint=%s", fingerprint);
    agent->next_words[0] = '\0';
    return 0;
}

int
rotation_turn(struct agent *agent, struct mono_time now, struct err_note *note)
{
    const char *words = "";
    switch (session_offer(agent->session, &words)) {
    case SESSION_OFFER_TAKEN:
        session_offer_end(agent->session);
        return come_over(agent, now, note);
    case SESSION_OFFER_REFUSED:
        log_warning(module, "the collector does not take the key that shall follow ours: %s",
                    words);
        words_say(agent->next_words, sizeof agent->next_words, agent->config.lang, "市级不接受：%s",
                  "the collector does not take it: %s", words);
        session_offer_end(agent->session);
        agent->rotation_at = now.ms + REFUSED_MS;
        return 0;
    case SESSION_OFFER_WAITS:
        return 0;
    case SESSION_OFFER_NONE:
        break;
    }
    if (now.ms >= agent->rotation_at) {
        agent->rotation_at = now.ms + LOOK_MS;
        look(agent, now);
    }
    return 0;
}
