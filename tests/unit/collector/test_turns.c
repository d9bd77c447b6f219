/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/turns.h"
#include "tests/fakes/no_memory.h"

static const uint8_t peer[] = { 1, 2, 3 };

/* A message of one byte that says which it is. */
static bool
add(struct turns *turns, const char *author, uint8_t mark)
{
    return turns_add(turns, author, peer, sizeof peer, &mark, 1);
}

static bool
add_sized(struct turns *turns, const char *author, size_t size)
{
    static const uint8_t bytes[64];
    return turns_add(turns, author, peer, sizeof peer, bytes, size);
}

/* "author:mark" of the next, "" when nothing waits. */
static const char *
next(struct turns *turns)
{
    static char text[96];
    struct turns_message message;
    if (!turns_next(turns, &message))
        return "";
    assert_int_equal(sizeof peer, message.peer_size);
    assert_memory_equal(peer, message.peer, sizeof peer);
    (void)snprintf(text, sizeof text, "%s:%d", message.author,
                   message.size ? message.bytes[0] : -1);
    return text;
}

static void
keys_take_turns(void **state)
{
    (void)state;
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    for (uint8_t i = 0; i < 5; i++)
        assert_true(add(turns, "1", (uint8_t)i));
    assert_string_equal("1:0", next(turns));
    assert_true(add(turns, "2", 20));
    assert_true(add(turns, "3", 30));
    assert_true(add(turns, "3", 31));
    assert_int_equal(7, turns_waiting(turns));
    static const char *const order[] = { "1:1", "2:20", "3:30", "1:2", "3:31", "1:3", "1:4", "" };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_string_equal(order[i], next(turns));
    assert_int_equal(0, turns_waiting(turns));
    turns_free(turns);
}

/* However long the backlogs of the others, and however they are fed: one message of each. */
static void
a_backlog_delays_by_one_message_of_each_key(void **state)
{
    (void)state;
    enum { OTHERS = 9 };
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    char author[16];
    for (size_t round = 0; round < 50; round++) {
        for (int key = 1; key <= OTHERS; key++) {
            (void)snprintf(author, sizeof author, "%d", key);
            while (add(turns, author, 0))
                continue; /* as much as it may */
        }
        if (round % 7 == 3)
            (void)next(turns); /* another's turn is begun */
        assert_true(add(turns, "me", 1));
        size_t before = 0;
        while (strcmp("me:1", next(turns)) != 0)
            before++;
        assert_true(before <= OTHERS);
    }
    turns_free(turns);
}

static void
what_a_key_has_beyond_its_room_is_dropped(void **state)
{
    (void)state;
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    for (int i = 0; i < TURNS_PER_KEY; i++)
        assert_true(add(turns, "1", (uint8_t)i));
    assert_false(add(turns, "1", 99));
    assert_int_equal(1, turns_dropped(turns));
    assert_true(add(turns, "2", 7));
    assert_string_equal("1:0", next(turns));
    assert_true(add(turns, "1", 100)); /* there is room again, at the end */
    assert_string_equal("2:7", next(turns));
    for (int i = 1; i < TURNS_PER_KEY; i++)
        (void)next(turns);
    assert_string_equal("1:100", next(turns));
    assert_string_equal("", next(turns));
    turns_free(turns);
}

static void
the_longest_queue_makes_room(void **state)
{
    (void)state;
    struct turns *turns = turns_new(100);
    assert_true(add_sized(turns, "greedy", 30));
    assert_true(add_sized(turns, "greedy", 30));
    assert_true(add_sized(turns, "greedy", 30));
    assert_false(add_sized(turns, "greedy", 30)); /* it is the longest itself */
    assert_int_equal(1, turns_dropped(turns));
    assert_true(add_sized(turns, "modest", 20)); /* one of greedy's goes */
    assert_int_equal(2, turns_dropped(turns));
    assert_int_equal(3, turns_waiting(turns));
    assert_true(add_sized(turns, "modest", 20));
    assert_true(add_sized(turns, "other", 30)); /* greedy's second */
    assert_int_equal(3, turns_dropped(turns));
    assert_false(add_sized(turns, "whole", 64)); /* would be the longest */
    turns_free(turns);
}

static void
keys_beyond_the_table_are_dropped(void **state)
{
    (void)state;
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    char author[16], long_author[80];
    for (int i = 0; i < TURNS_KEYS_MAX; i++) {
        (void)snprintf(author, sizeof author, "%d", i);
        assert_true(add(turns, author, 0));
    }
    assert_false(add(turns, "one more", 0));
    assert_string_equal("0:0", next(turns)); /* its place is free */
    assert_true(add(turns, "one more", 0));
    memset(long_author, 'x', sizeof long_author - 1);
    long_author[sizeof long_author - 1] = '\0';
    assert_false(add(turns, long_author, 0));
    turns_free(turns);
}

static void
a_key_can_be_forgotten(void **state)
{
    (void)state;
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    (void)add(turns, "1", 1);
    (void)add(turns, "2", 2);
    (void)add(turns, "1", 3);
    turns_forget(turns, "1");
    turns_forget(turns, "never seen");
    assert_int_equal(1, turns_waiting(turns));
    assert_string_equal("2:2", next(turns));
    assert_string_equal("", next(turns));
    assert_true(add(turns, "1", 4));
    assert_string_equal("1:4", next(turns));
    assert_int_equal(0, turns_dropped(turns));
    turns_free(turns);
}

static void
credit_is_a_share(void **state)
{
    (void)state;
    struct turns *turns = turns_new(1000);
    char author[16];
    assert_int_equal(16, turns_credit(turns, 10, 16));
    for (int i = 0; i < 20; i++) {
        (void)snprintf(author, sizeof author, "%d", i);
        (void)add(turns, author, 0);
    }
    assert_int_equal(5, turns_credit(turns, 10, 16));
    assert_int_equal(1, turns_credit(turns, 1000, 16));
    turns_free(turns);
}

/* What cannot be kept is dropped and counted, and those that wait are served all the same. */
static void
what_cannot_be_kept_is_dropped(void **state)
{
    (void)state;
    static const uint8_t long_peer[TURNS_PEER_MAX + 1];
    struct turns *turns = turns_new(TURNS_BYTES_MAX);
    assert_true(add(turns, "1", 1));
    no_memory = (struct nth_call){ .at = 1 };
    assert_false(add(turns, "1", 2));
    no_memory.at = 0;
    assert_false(turns_add(turns, "1", long_peer, sizeof long_peer, NULL, 0));
    assert_int_equal(2, turns_dropped(turns));
    assert_true(turns_add(turns, "1", peer, sizeof peer, NULL, 0)); /* of no bytes */
    assert_string_equal("1:1", next(turns));
    assert_string_equal("1:-1", next(turns));
    assert_string_equal("", next(turns));
    assert_false(add_sized(turns, "1", TURNS_BYTES_MAX + (size_t)1)); /* nobody could make room */
    turns_free(turns);
    turns_free(NULL);
    no_memory = (struct nth_call){ .at = 1 };
    assert_null(turns_new(TURNS_BYTES_MAX));
    no_memory.at = 0;
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_take_turns),
        cmocka_unit_test(a_backlog_delays_by_one_message_of_each_key),
        cmocka_unit_test(what_a_key_has_beyond_its_room_is_dropped),
        cmocka_unit_test(the_longest_queue_makes_room),
        cmocka_unit_test(keys_beyond_the_table_are_dropped),
        cmocka_unit_test(a_key_can_be_forgotten),
        cmocka_unit_test(credit_is_a_share),
        cmocka_unit_test(what_cannot_be_kept_is_dropped),
    };
    return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
