/* SPDX-License-Identifier: GPL-3.0-or-later
 * What comes over the bus, and who may send it. */
#include <errno.h>
#include <inttypes.h>

#include "collector/collector_private.h"
#include "platform/clock.h"
#include "platform/log.h"

enum {
    MESSAGE_MS = 50,     /* a message may take so long; the rest of it comes again */
    RECEIVE_MAX = 256,   /* messages taken from the bus in one turn of the loop */
    ROUND_MS = 50,       /* a transaction is open so long at most, or for one message */
    RETIRE_MS = 3600000, /* between two looks for keys whose time has come */
};

bool
collector_is_past(void *end)
{
    return clock_mono().ms >= *(const int64_t *)end;
}

static void
send_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct collector *c = context;
    (void)bus_server_send(c->bus, peer, peer_size, bytes,
                          size); /* counted there; the agent asks again */
}

static bool
may_stay(void *context, const char *author)
{
    const struct collector *c = context;
    int64_t key;
    return registry_author(c->registry, author, &key) != NULL;
}

/* A key that is out hears it at once, and what waits of it is not taken any more. */
static void
dismiss(void *context, const char *author, const uint8_t *peer, size_t peer_size)
{
    struct collector *c = context;
    turns_forget(c->turns, author);
    intake_refuse(c->intake, peer, peer_size, send_answer, c);
    log_info("keys", "out, and told so: key=%s", author);
}

int
collector_read_registry(struct collector *c, struct err_note *note)
{
    struct registry *registry = NULL;
    int code = registry_read(c->ledger, c->site.catalogue, &registry, note);
    if (code != 0)
        return code;
    registry_free(c->registry);
    c->registry = registry;
    intake_set_registry(c->intake, registry);
    links_sift(c->links, may_stay, dismiss, c);
    return 0;
}

void
collector_retire_keys(struct collector *c, int64_t now)
{
    struct err_note note = { "" };
    size_t count = 0;
    if (now < c->retire_at)
        return;
    c->retire_at = now + RETIRE_MS;
    int code = registry_retire(c->ledger, clock_wall(), &count, &note);
    if (code == 0 && count > 0)
        code = collector_read_registry(c, &note);
    if (code != 0)
        log_error("keys", "those whose time has come stay in force: %s", note.text);
    else if (count > 0)
        log_info("keys", "retired, their followers are in use: count=%zu", count);
}

/* An agent has come in with our next key. */
static void
note_next(struct collector *c, const struct cat_publisher *publisher, int64_t key)
{
    struct err_note note = { "" };
    int code = registry_note_came_over(c->ledger, key, clock_wall(), &note);
    if (code == 0)
        code = collector_read_registry(c, &note);
    if (code != 0)
        log_error("keys", "%s", note.text);
    else
        log_info("keys", "came over to the collector's next key: publisher=%s key=%" PRId64,
                 publisher->id, key);
}

static void
note_link(struct collector *c, const struct bus_message *message, struct mono_time now)
{
    int64_t key = 0;
    const struct cat_publisher *publisher = registry_author(c->registry, message->author, &key);
    if (publisher && message->is_next && !registry_came_over(c->registry, key))
        note_next(c, publisher, key);
    if (publisher && links_heard(c->links, message->author, message->peer, message->peer_size, now))
        log_warning("keys",
                    "two agents use the same key at once, was a home copied? publisher=%s key=%s",
                    publisher->id, message->author);
}

/* Lets what has arrived wait for its turn. */
static void
receive_messages(struct collector *c)
{
    struct bus_message message;
    struct mono_time now = clock_mono();
    for (int i = 0; i < RECEIVE_MAX && bus_server_receive(c->bus, &message) == 1; i++) {
        note_link(c, &message, now);
        (void)turns_add(c->turns, message.author, message.peer, message.peer_size, message.bytes,
                        message.size); /* dropped: counted there, the agent sends it again */
    }
    c->gauges.messages_dropped = (int64_t)turns_dropped(c->turns);
    c->gauges.keys_twice = (int64_t)links_twice(c->links, now);
    intake_set_credit(c->intake, turns_credit(c->turns, WIRE_MESSAGE_MAX, INTAKE_CREDIT));
}

/* What an error of the disk left in the connection's memory is not believed (PROTOCOL Q4). A full
 * disk is no such error. */
static void
renew_ledger(struct collector *c, int code)
{
    char path[FILE_PATH_MAX];
    struct err_note note = { "" };
    if (code == 0 || code == -ENOSPC)
        return;
    int failed = site_path(&c->site, "ledger.db", path);
    judge_drop(&c->judge); /* it reads through the old one */
    judge_wake(&c->judge);
    if (failed == 0)
        failed = ledger_renew(&c->ledger, path, &note);
    if (failed != 0) {
        log_error("ledger", "cannot be opened anew: %s", note.text);
        return;
    }
    intake_set_ledger(c->intake, c->ledger);
    log_warning("ledger", "opened anew after an error");
}

bool
collector_take_messages(struct collector *c)
{
    struct turns_message message;
    struct wall_time now = clock_wall();
    struct mono_time mono = clock_mono();
    bool took = false;
    receive_messages(c);
    while (!intake_is_full(c->intake) && (!took || clock_mono().ms < mono.ms + ROUND_MS) &&
           turns_next(c->turns, &message)) {
        c->message_end = clock_mono().ms + MESSAGE_MS;
        intake_take(c->intake, message.author, message.peer, message.peer_size, message.bytes,
                    message.size, now, mono);
        took = true;
    }
    if (!took)
        return false;
    struct intake_round round = intake_commit(c->intake, send_answer, c);
    c->gauges.data_messages += (int64_t)round.data;
    c->gauges.data_refused += (int64_t)round.refused;
    if (round.file_completed)
        judge_wake(&c->judge);
    if (round.committed) {
        c->gauges.commits++;
        projector_wake(c->projector);
    }
    if (round.clock[0])
        log_error("intake", "%s; agents are asked to wait", round.clock);
    struct err_note note = { "" };
    if (round.code == 0 && round.keys[0]) {
        log_info("keys", "%s", round.keys);
        if (collector_read_registry(c, &note) != 0)
            log_error("keys", "the old registry stays: %s", note.text);
    }
    if (round.code != 0)
        log_error("intake", "nothing was stored, agents were asked to wait: %s", round.words);
    renew_ledger(c, round.code);
    return true;
}
