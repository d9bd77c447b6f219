/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/pages_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/pages/reaper.h"
#include "platform/clock.h"

enum { DEADLINE_MS = 10000, TURN_MS = 2, ROUNDS = 3000 };

static struct mono_time
in_ms(int64_t ms)
{
    return (struct mono_time){ clock_mono().ms + ms };
}

/* Waits for the end of the stream. */
static void
expect_ended(int fd)
{
    struct pollfd end = { .fd = fd, .events = POLLIN };
    char byte;
    assert_int_equal(1, poll(&end, 1, DEADLINE_MS));
    assert_int_equal(0, read(fd, &byte, 1));
}

static void
test_overdue_connections_end_and_others_stay(void **state)
{
    struct reaper *reaper;
    int late[2];
    int early[2];
    char byte;
    (void)state;
    assert_int_equal(0, reaper_start(TURN_MS, &reaper, NULL));
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, late));
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, early));
    struct reaper_slot *slot = reaper_watch(reaper, early[0], in_ms(-1));
    struct reaper_slot *other = reaper_watch(reaper, late[0], in_ms(3600 * 1000));
    assert_non_null(slot);
    assert_non_null(other);
    expect_ended(early[1]);
    assert_int_equal(1, reaper_count(reaper));
    assert_int_equal(-1, recv(late[1], &byte, 1, MSG_DONTWAIT));
    reaper_extend(other, in_ms(-1));
    expect_ended(late[1]);
    reaper_forget(slot);
    reaper_forget(other);
    reaper_forget(NULL);
    reaper_stop(reaper);
    for (int i = 0; i < 2; i++) {
        (void)close(late[i]);
        (void)close(early[i]);
    }
}

static void
test_table_is_bounded(void **state)
{
    static struct reaper_slot *slots[REAPER_SLOTS];
    struct reaper *reaper;
    (void)state;
    assert_int_equal(0, reaper_start(TURN_MS, &reaper, NULL));
    for (size_t i = 0; i < REAPER_SLOTS; i++) {
        slots[i] = reaper_watch(reaper, 0, in_ms(3600 * 1000));
        assert_non_null(slots[i]);
    }
    assert_null(reaper_watch(reaper, 0, in_ms(3600 * 1000)));
    reaper_forget(slots[7]);
    assert_non_null(reaper_watch(reaper, 0, in_ms(3600 * 1000)));
    reaper_stop(reaper);
    reaper_stop(NULL);
}

/* A connection's thread: opens, is overdue at once, closes. The descriptor may be shut down, never
 * touched after close. */
static void *
open_and_close(void *context)
{
    struct reaper *reaper = context;
    for (int i = 0; i < ROUNDS; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
            return context;
        struct reaper_slot *slot = reaper_watch(reaper, pair[0], in_ms(i % 2 ? -1 : 1000));
        if (slot)
            reaper_extend(slot, in_ms(-1));
        reaper_forget(slot);
        (void)close(pair[0]);
        (void)close(pair[1]);
    }
    return NULL;
}

static void
test_threads_share_the_table(void **state)
{
    struct reaper *reaper;
    pthread_t threads[3];
    (void)state;
    assert_int_equal(0, reaper_start(0, &reaper, NULL)); /* looks all the time */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, open_and_close, reaper));
    for (size_t i = 0; i < 3; i++) {
        void *failed;
        assert_int_equal(0, pthread_join(threads[i], &failed));
        assert_null(failed);
    }
    reaper_stop(reaper);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overdue_connections_end_and_others_stay),
        cmocka_unit_test(test_table_is_bounded),
        cmocka_unit_test(test_threads_share_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
