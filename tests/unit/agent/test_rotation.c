/* SPDX-License-Identifier: GPL-3.0-or-later
 * The key that was taken comes in the place of ours on a disk of which any call fails: the running
 * agent ends what it began, without a new start and without the collector. */
#include "tests/scenario/each_fault.h"

#include <stdlib.h>
#include <string.h>

#include "agent/agent_private.h"
#include "platform/log.h"
#include "tests/unit/agent/stage.h"

#define FOLDER DISK_MOUNT "/keys"

static struct key_pair ours, next;
static struct agent *agent;
static void *stage; /* of the agent's session */

static bool
is_saved(const char *name, const struct key_pair *want)
{
    struct key_pair got = { "", "" };
    return keys_load(FOLDER, name, &got, NULL) == 0 && memcmp(want, &got, sizeof got) == 0;
}

static void
say_taken(struct stage *to, const char *key)
{
    memset(to->message, 0, sizeof *to->message);
    to->message->kind = WIRE_KEY_ANSWER;
    memcpy(to->message->as.key_answer.public_key, key, WIRE_KEY);
    say(to);
}

static void
agent_end(void)
{
    if (!agent)
        return;
    bus_client_close(agent->bus);
    free(agent);
    agent = NULL;
    assert_int_equal(0, teardown(&stage));
}

static void
agent_begin(void)
{
    agent_end();
    assert_int_equal(0, setup(&stage));
    agent = calloc(1, sizeof *agent);
    assert_non_null(agent);
    agent->session = ((struct stage *)stage)->session;
    agent->config.lang = LANG_EN;
    agent->keys = ours;
    agent->link = BUS_READY;
    (void)snprintf(agent->home, sizeof agent->home, "%s", DISK_MOUNT);
    (void)snprintf(agent->config.collector, sizeof agent->config.collector, "tcp://127.0.0.1:1");
    (void)snprintf(agent->config.server_key, sizeof agent->config.server_key, "%s",
                   ours.public_key);
    assert_int_equal(0, agent_open_bus(&agent->config, false, &ours, &agent->bus, NULL));
}

static void
turn(int64_t later_ms)
{
    struct stage *its = stage;
    its->now += later_ms;
    rotation_turn(agent, (struct mono_time){ its->now });
}

/* A running agent whose next key was offered; the answer has just come. */
static void
prepare_taken(struct disk *disk)
{
    (void)disk;
    agent_begin();
    assert_int_equal(0, file_make_folder(FOLDER, NULL));
    assert_int_equal(0, keys_save(FOLDER, AGENT_KEY, &ours, NULL));
    assert_int_equal(0, keys_save(FOLDER, AGENT_NEXT_KEY, &next, NULL));
    turn(0);
    begin(stage, 0);
    tick(stage);
    (void)expect(stage, WIRE_KEY_OFFER);
    say_taken(stage, next.public_key);
    assert_int_equal(SESSION_OFFER_TAKEN, session_offer(agent->session, NULL));
}

/* The next try comes within a minute. */
static int
come_over_act(struct err_note *note)
{
    turn(60000);
    return session_offer(agent->session, NULL) == SESSION_OFFER_NONE
               ? 0
               : err_set(note, -EIO, "%s", agent->next_words);
}

static void
come_over_check(bool is_done)
{
    assert_non_null(agent->bus);
    assert_string_equal(is_done ? next.public_key : ours.public_key, agent->keys.public_key);
    if (!is_done)
        return;
    assert_true(is_saved(AGENT_KEY, &next) && is_saved(AGENT_OLD_KEY, &ours));
    assert_false(keys_exist(FOLDER, AGENT_NEXT_KEY));
    assert_string_equal("", agent->next_words);
}

static void
the_running_agent_ends_what_it_began(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_taken, come_over_act, come_over_check });
    agent_end();
}

/* Between the two renames the connection is refused, and the one before ours tried: what was taken
 * is not forgotten. */
static void
what_was_taken_outlives_its_connection(void **state)
{
    (void)state; /* nothing is shared */
    struct disk *disk = disk_new(DISK_MOUNT, 1);
    prepare_taken(disk);
    assert_int_equal(0, keys_copy(FOLDER, AGENT_KEY, AGENT_OLD_KEY, NULL));
    assert_int_equal(
        0, file_rename(FOLDER "/" AGENT_NEXT_KEY ".public", FOLDER "/" AGENT_KEY ".public", NULL));
    agent->link = BUS_REFUSED;
    assert_true(rotation_reopen(agent));
    assert_true(agent->is_old);
    turn(0);
    come_over_check(true);
    assert_false(agent->is_old);
    agent_end();
    disk_free(disk);
}

/* Whoever takes the next key away ends it: nothing is tried for ever. */
static void
a_next_key_that_is_gone_is_given_up(void **state)
{
    (void)state; /* nothing is shared */
    struct disk *disk = disk_new(DISK_MOUNT, 1);
    prepare_taken(disk);
    assert_int_equal(0, file_remove(FOLDER "/" AGENT_NEXT_KEY ".secret", NULL));
    assert_int_equal(0, file_remove(FOLDER "/" AGENT_NEXT_KEY ".public", NULL));
    turn(0);
    assert_int_equal(SESSION_OFFER_NONE, session_offer(agent->session, NULL));
    assert_memory_equal(&ours, &agent->keys, sizeof ours);
    assert_true(is_saved(AGENT_KEY, &ours));
    agent_end();
    disk_free(disk);
}

static void
be_quiet(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line; /* what fails on purpose is told hundreds of times */
}

static int
make_pairs(void **state)
{
    (void)state; /* nothing is shared */
    log_set_sink(be_quiet, NULL);
    return keys_generate(&ours, NULL) || keys_generate(&next, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_outlives_its_connection),
        cmocka_unit_test(a_next_key_that_is_gone_is_given_up),
        cmocka_unit_test(the_running_agent_ends_what_it_began),
    };
    return cmocka_run_group_tests(tests, make_pairs, NULL);
}
