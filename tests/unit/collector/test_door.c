/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/door.h"

enum { HOUR_MS = 3600 * 1000, MINUTE_MS = 60 * 1000 };

struct house {
    struct bus_server *bus;
    struct door door;
    bool is_open;
};

static bool
admit(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    const struct house *house = context;
    (void)public_key;
    memcpy(ret_author, "1", 2);
    return house->is_open;
}

static void
open_house(struct house *house)
{
    struct key_pair keys;
    struct err_note note = { "" };
    struct bus_server_settings settings = {
        "tcp://127.0.0.1:*", &keys, 4096, admit, house, NULL, NULL
    };
    assert_int_equal(0, keys_generate(&keys, &note));
    if (bus_server_open(&settings, &house->bus, &note) != 0)
        fail_msg("%s", note.text);
    door_init(&house->door, (struct mono_time){ 0 });
}

/* Turns at the moment `now` until the test under way is over; bus_server_wait gives it its time. */
static int
turn_until_over(struct house *house, int64_t now, struct err_note *note)
{
    int code = door_turn(&house->door, house->bus, (struct mono_time){ now }, note);
    while (code == 0 && house->door.is_testing) {
        assert_int_equal(INT64_MAX, door_wake(&house->door));
        assert_true(bus_server_wait(house->bus, NULL, 0, -1) >= 0);
        code = door_turn(&house->door, house->bus, (struct mono_time){ now }, note);
    }
    return code;
}

static void
every_hour_a_stranger_tries(void **state)
{
    (void)state;
    struct house house = { .is_open = false };
    struct err_note note = { "" };
    open_house(&house);
    assert_int_equal(HOUR_MS, door_wake(&house.door));
    assert_int_equal(0,
                     door_turn(&house.door, house.bus, (struct mono_time){ HOUR_MS - 1 }, &note));
    assert_false(house.door.is_testing);
    int64_t now = HOUR_MS;
    assert_int_equal(0, door_turn(&house.door, house.bus, (struct mono_time){ now }, &note));
    assert_true(house.door.is_testing);
    assert_int_equal(0, turn_until_over(&house, now, &note));
    assert_int_equal(now + HOUR_MS, door_wake(&house.door));
    house.is_open = true;
    now += HOUR_MS;
    assert_int_equal(ERR_REFUSED, turn_until_over(&house, now, &note));
    assert_string_equal("self-test: an unregistered key was let in", note.text);
    bus_server_close(house.bus);
}

static void
a_test_without_an_answer_is_made_again(void **state)
{
    (void)state;
    struct house house = { .is_open = false };
    struct err_note note = { "" };
    open_house(&house);
    /* Another test is in the way, so that none can begin: as when no descriptor is left. */
    assert_int_equal(0, bus_server_test(house.bus, &note));
    int64_t now = HOUR_MS;
    assert_int_equal(0, turn_until_over(&house, now, &note));
    assert_int_equal(now + MINUTE_MS, door_wake(&house.door));
    now += MINUTE_MS;
    assert_int_equal(0, turn_until_over(&house, now, &note));
    now += MINUTE_MS;
    assert_int_equal(ERR_BUSY, turn_until_over(&house, now, &note));
    assert_string_equal("self-test: one is under way", note.text);
    while (bus_server_test_result(house.bus, &note) == 0)
        assert_true(bus_server_wait(house.bus, NULL, 0, -1) >= 0);
    assert_int_equal(0, turn_until_over(&house, now + MINUTE_MS, &note));
    assert_int_equal(0, house.door.failures);
    bus_server_close(house.bus);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hour_a_stranger_tries),
        cmocka_unit_test(a_test_without_an_answer_is_made_again),
    };
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
