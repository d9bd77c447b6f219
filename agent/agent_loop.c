/* SPDX-License-Identifier: GPL-3.0-or-later
 * The agent's loop: one turn waits, then lets bus, inbox, session and status have their part. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent_private.h"
#include "agent/import.h"
#include "agent/receipt_spooled.h"
#include "agent/words.h"
#include "platform/clock.h"
#include "platform/log.h"

enum {
    STATUS_MS = 1000,
    PRUNE_MS = 60 * 60 * 1000,
    EXTRA_MAX = 8,
    ROOM_AGAIN = 70,
    TURN_MESSAGES_MAX = 64
};

static const char module[] = "agent";

/* ---- ports of the session ---- */

int
agent_send(void *context, const uint8_t *bytes, size_t size)
{
    struct agent *agent = context;
    return bus_client_send(agent->bus, bytes, size);
}

void
agent_reopen(void *context)
{
    struct agent *agent = context;
    struct err_note note = { { 0 } };
    if (rotation_reopen(agent))
        return;
    if (bus_client_reopen(agent->bus, &note))
        log_error(module, "cannot open the connection anew: %s", note.text);
    agent->link = BUS_CONNECTING;
}

void
agent_report(void *context, const char *text)
{
    (void)context;
    log_info("session", "%s", text);
}

int
agent_file_done(void *context, uint64_t first, uint64_t last, const struct wire_fate_note *notes,
                size_t note_count, const uint8_t *fates)
{
    struct agent *agent = context;
    struct spooled_file file = { agent->spool, first, last, fates, notes, note_count };
    struct receipt_office office = { agent->home, agent->config.lang, agent->sender };
    struct err_note note = { { 0 } };
    int code = receipt_spooled(&office, &file, clock_wall(), agent->last_receipt,
                               sizeof agent->last_receipt, &note);
    if (code)
        log_error(module, "receipt: %s", note.text);
    else
        log_info(module, "receipt written: file=%s rows=%" PRIu64, agent->last_receipt,
                 last - first - 1);
    return code;
}

/* ---- the parts of a turn ---- */

static void
turn_link(struct agent *agent, struct mono_time now, struct wall_time wall)
{
    enum bus_link link = bus_client_link(agent->bus);
    if (link == agent->link)
        return;
    log_info(module, "link: %s", bus_link_text(link));
    enum bus_link before = agent->link;
    agent->link = link;
    if (link == BUS_READY)
        session_on_link_ready(agent->session, now, wall);
    else if (before == BUS_READY)
        session_on_link_lost(agent->session, now);
    if (link == BUS_LOST)
        rotation_lost(agent);
}

static int
turn_messages(struct agent *agent, struct mono_time now, struct err_note *note)
{
    for (int i = 0; i < TURN_MESSAGES_MAX; i++) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        int code = bus_client_receive(agent->bus, &bytes, &size);
        if (code < 0)
            return err_set(note, code, "receive: %s", err_text(code));
        if (code == 0)
            return 0;
        session_on_message(agent->session, bytes, size, now);
    }
    return 0;
}

static void
turn_import(struct agent *agent, const char *name, struct mono_time now, struct wall_time wall)
{
    struct import_place place = {
        .home = agent->home,
        .spool = agent->spool,
        .tidy = { catalogue_of(agent->store), agent->sender, cal_date_last(), agent->config.lang },
        .now = wall,
    };
    char shown[RECORD_NAME_MAX + 1];
    text_clean(name, strlen(name), shown, sizeof shown);
    struct err_note note = { { 0 } };
    enum import_result result = IMPORT_GONE;
    int code = import_file(&place, name, &result, &note);
    if (code) {
        text_clean(note.text, strlen(note.text), agent->import_words, sizeof agent->import_words);
        log_warning(module, "file stays in the inbox: file=%s: %s", shown, note.text);
        return;
    }
    if (result == IMPORT_SPOOLED) {
        log_info(module, "spooled: file=%s", shown);
        session_on_spooled(agent->session, now);
    } else if (result == IMPORT_REFUSED) {
        log_warning(module, "refused, see its receipt: file=%s", shown);
    } else if (result == IMPORT_KNOWN) {
        log_info(module, "imported before: file=%s", shown);
    }
}

/* Imports one file at most, so that the session is never kept waiting for long. */
static void
turn_inbox(struct agent *agent, struct mono_time now, struct wall_time wall)
{
    struct err_note note = { { 0 } };
    inbox_take_events(agent->inbox);
    const char *name = inbox_next(agent->inbox);
    if (!name && now.ms >= inbox_next_look(agent->inbox).ms) {
        if (inbox_look(agent->inbox, now, wall, &note))
            log_error(module, "inbox: %s", note.text);
        agent->has_looked = true;
        agent->import_words[0] = '\0';
        name = inbox_next(agent->inbox);
    }
    if (name)
        turn_import(agent, name, now, wall);
}

static const char *
link_words(enum bus_link link, enum lang lang)
{
    if (lang == LANG_EN)
        return bus_link_text(link);
    switch (link) {
    case BUS_CONNECTING:
        return "正在连接";
    case BUS_READY:
        return "已连接，握手完成";
    case BUS_REFUSED:
        return "市级不认识本机密钥：请把 keys/agent.public 交市级登记";
    case BUS_WRONG_SERVER:
        return "握手失败：多半是 agent.yaml 中的 collector_key 不是市级的公钥";
    case BUS_LOST:
        return "连接中断，正在重连";
    default:
        return "?";
    }
}

static const char *
link_state(enum bus_link link, enum session_state session)
{
    if (session == SESSION_REFUSED)
        return STATUS_REFUSED;
    switch (link) {
    case BUS_READY:
        return "connected";
    case BUS_REFUSED:
        return STATUS_REFUSED;
    case BUS_WRONG_SERVER:
        return STATUS_WRONG_SERVER;
    case BUS_CONNECTING:
    case BUS_LOST:
    default:
        return "connecting";
    }
}

static void
describe_room(const struct agent *agent, struct status *status)
{
    int filled = spool_filled(agent->spool);
    bool is_alarm = agent->filled_told > 0;
    words_say(status->room, sizeof status->room, agent->config.lang,
              "已用 %d %%（上限 %" PRId64 " MiB）%s", "%d %% of %" PRId64 " MiB%s", filled,
              agent->config.spool_max_mib,
              !is_alarm ? ""
              : agent->config.lang == LANG_EN
                  ? "; when it is full, files stay in the inbox: see to the connection, or raise "
                    "spool_max_mib"
                  : "；满后文件将留在收件夹：请检查与市级的连接，或调高 spool_max_mib");
}

static void
describe(const struct agent *agent, struct status *status)
{
    enum lang lang = agent->config.lang;
    const char *other = "";
    char shown[RECORD_NAME_MAX + 1];
    uint64_t last = spool_last(agent->spool), cursor = spool_cursor(agent->spool);
    memset(status, 0, sizeof *status);
    (void)snprintf(status->daemon, sizeof status->daemon, "pid %ld", (long)getpid());
    words_say(status->publisher, sizeof status->publisher, lang, "%s", "%s",
              agent->config.publisher);
    words_say(status->collector, sizeof status->collector, lang, "%s", "%s",
              agent->at_next ? agent->config.next_collector : agent->config.collector);
    keys_fingerprint(agent->keys.public_key, status->fingerprint);
    words_say(status->next_key, sizeof status->next_key, lang, "%s", "%s", agent->next_words);
    (void)snprintf(status->state, sizeof status->state, "%s",
                   link_state(agent->link, session_state(agent->session)));
    words_say(status->link, sizeof status->link, lang, "%s", "%s", link_words(agent->link, lang));
    words_say(status->session, sizeof status->session, lang, "%s", "%s",
              session_state_text(session_state(agent->session), lang));
    words_say(status->words, sizeof status->words, lang, "%s", "%s", session_words(agent->session));
    hash_hex(spool_stream_id(agent->spool), WIRE_STREAM_ID, status->stream);
    (void)snprintf(status->spooled, sizeof status->spooled, "%" PRIu64, last);
    (void)snprintf(status->cursor, sizeof status->cursor, "%" PRIu64, cursor);
    (void)snprintf(status->waiting, sizeof status->waiting, "%" PRIu64, last - cursor);
    describe_room(agent, status);
    (void)snprintf(status->inbox, sizeof status->inbox, "%zu", inbox_waiting(agent->inbox));
    if (agent->import_words[0])
        words_say(status->inbox_words, sizeof status->inbox_words, lang, "%s", "%s",
                  agent->import_words);
    else if (inbox_others(agent->inbox, &other))
        words_say(status->inbox_words, sizeof status->inbox_words, lang,
                  "只读取 .csv 文件，其余未动：%s 等 %zu 个",
                  "only .csv files are read; left alone: %s (%zu in all)",
                  text_clean(other, strlen(other), shown, sizeof shown),
                  inbox_others(agent->inbox, &other));
    words_say(status->receipt, sizeof status->receipt, lang, "%s", "%s", agent->last_receipt);
}

void
agent_write_status(struct agent *agent, struct mono_time now)
{
    struct status status;
    struct err_note note = { { 0 } };
    describe(agent, &status);
    if (memcmp(&status, &agent->status, sizeof status) == 0)
        return;
    agent->status_at = now.ms + STATUS_MS;
    if (status_write(agent->home, &status, &note))
        log_warning(module, "status.txt: %s", note.text);
    else
        agent->status = status;
}

/* Says early, and again as it gets worse, that the spool fills up with what has no receipt. */
static void
watch_room(struct agent *agent)
{
    static const int steps[] = { 98, 95, 90, 80, 0 };
    int filled = spool_filled(agent->spool), step = 0;
    for (size_t i = sizeof steps / sizeof steps[0]; i-- > 0 && steps[i] <= filled;)
        step = steps[i];
    if (step > agent->filled_told) {
        log_error(module,
                  "the spool is %d %% full of what has no receipt yet; when it is full, files stay "
                  "in the inbox: see to the connection, or raise spool_max_mib",
                  filled);
        agent->filled_told = step;
    } else if (filled < ROOM_AGAIN && agent->filled_told > 0) {
        log_info(module, "the spool has room again: %d %% full", filled);
        agent->filled_told = 0;
    }
}

/* Milliseconds until something falls due. */
static int
turn_timeout(const struct agent *agent, struct mono_time now, int timeout_ms)
{
    int64_t wake = session_next_wake(agent->session).ms;
    int64_t look = inbox_next_look(agent->inbox).ms;
    wake = look < wake ? look : wake;
    wake = agent->status_at > now.ms && agent->status_at < wake ? agent->status_at : wake;
    wake = agent->prune_at < wake ? agent->prune_at : wake;
    if (session_offer(agent->session, NULL) != SESSION_OFFER_WAITS && agent->rotation_at < wake)
        wake = agent->rotation_at;
    int64_t wait = wake <= now.ms ? 0 : wake - now.ms;
    if (timeout_ms >= 0 && timeout_ms < wait)
        wait = timeout_ms;
    return wait > PRUNE_MS ? PRUNE_MS : (int)wait;
}

int
agent_turn(struct agent *agent, struct pollfd *extra, size_t extra_count, int timeout_ms,
           struct err_note *note)
{
    struct pollfd fds[EXTRA_MAX];
    if (extra_count + 1 > EXTRA_MAX)
        return err_set(note, ERR_RANGE, "too many descriptors for one turn");
    fds[0] = (struct pollfd){ .fd = inbox_fd(agent->inbox), .events = POLLIN };
    if (extra_count)
        memcpy(fds + 1, extra, extra_count * sizeof *extra);
    int wait = turn_timeout(agent, clock_mono(), timeout_ms);
    int code = bus_client_wait(agent->bus, fds, extra_count + 1, wait);
    if (code < 0)
        return err_set(note, code, "wait: %s", err_text(code));
    for (size_t i = 0; i < extra_count; i++)
        extra[i].revents = fds[i + 1].revents;
    struct mono_time now = clock_mono();
    struct wall_time wall = clock_wall();
    turn_link(agent, now, wall);
    code = turn_messages(agent, now, note);
    if (code)
        return code;
    rotation_turn(agent, now);
    turn_inbox(agent, now, wall);
    session_tick(agent->session, now, wall);
    watch_room(agent);
    if (now.ms >= agent->prune_at) {
        agent->prune_at = now.ms + PRUNE_MS;
        spool_prune(agent->spool, now);
    }
    if (now.ms >= agent->status_at)
        agent_write_status(agent, now);
    return 0;
}

bool
agent_is_drained(const struct agent *agent)
{
    return agent->has_looked && inbox_waiting(agent->inbox) == 0 &&
           agent->import_words[0] == '\0' && session_is_drained(agent->session);
}
