/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/links.h"
#include "tests/fakes/no_memory.h"

/* Whole multiples of the time after which two connections are two agents. */
static int64_t
spans(int64_t count)
{
    return count * LINKS_TWICE_MS;
}

static bool
heard(struct links *links, const char *author, uint8_t peer, int64_t ms)
{
    return links_heard(links, author, &peer, 1, (struct mono_time){ ms });
}

static void
one_after_the_other_is_once(void **state)
{
    (void)state;
    struct links *links = links_new();
    for (int64_t ms = 0; ms < spans(10); ms += LINKS_TWICE_MS)
        assert_false(heard(links, "1", (uint8_t)(ms / spans(3)), ms));
    /* What was still under way on the old connection. */
    assert_false(heard(links, "2", 1, 0));
    assert_false(heard(links, "2", 2, 100000));
    assert_false(heard(links, "2", 1, 100000 + LINKS_TWICE_MS - 1));
    /* Two keys over two connections. */
    assert_false(heard(links, "3", 1, 0));
    assert_false(heard(links, "4", 2, 0));
    assert_false(heard(links, "3", 1, spans(10)));
    assert_int_equal(0, links_twice(links, (struct mono_time){ spans(10) }));
    links_free(links);
}

static void
an_older_connection_that_goes_on_is_twice(void **state)
{
    (void)state;
    struct links *links = links_new();
    assert_false(heard(links, "1", 1, 0));
    assert_false(heard(links, "1", 2, 1000));
    assert_true(heard(links, "1", 1, 1000 + LINKS_TWICE_MS));
    assert_false(heard(links, "1", 1, 2000 + LINKS_TWICE_MS)); /* it was told */
    assert_int_equal(1, links_twice(links, (struct mono_time){ 2000 + LINKS_TWICE_MS }));
    int64_t later = 1000 + LINKS_TWICE_MS + LINKS_TOLD_MS;
    assert_int_equal(0, links_twice(links, (struct mono_time){ later }));
    assert_true(heard(links, "1", 1, later));
    links_free(links);
}

struct seen {
    const char *out;
    char left[128];
};

static bool
stays(void *context, const char *author)
{
    const struct seen *seen = context;
    return strcmp(author, seen->out) != 0;
}

static void
leaves(void *context, const char *author, const uint8_t *peer, size_t peer_size)
{
    struct seen *seen = context;
    size_t used = strlen(seen->left);
    assert_int_equal(1, peer_size);
    (void)snprintf(seen->left + used, sizeof seen->left - used, " %s:%d", author, peer[0]);
}

static void
who_is_out_is_told_on_every_connection(void **state)
{
    (void)state;
    struct links *links = links_new();
    struct seen seen = { .out = "2" };
    (void)heard(links, "1", 1, 0);
    (void)heard(links, "2", 2, 0);
    (void)heard(links, "2", 3, 0);
    (void)heard(links, "3", 4, 0);
    links_sift(links, stays, leaves, &seen);
    assert_string_equal(" 2:2 2:3", seen.left);
    seen = (struct seen){ .out = "2" };
    links_sift(links, stays, leaves, &seen); /* once */
    assert_string_equal("", seen.left);
    seen.out = "3";
    links_sift(links, stays, leaves, &seen); /* the others are still known */
    assert_string_equal(" 3:4", seen.left);
    links_free(links);
}

static void
the_connection_silent_for_longest_is_forgotten(void **state)
{
    (void)state;
    struct links *links = links_new();
    struct seen seen = { .out = "1" };
    for (int peer = 1; peer <= LINKS_PER_KEY; peer++)
        (void)heard(links, "1", (uint8_t)peer, peer);
    (void)heard(links, "1", 1, 100);
    (void)heard(links, "1", 50, 101); /* in the place of 2 */
    links_sift(links, stays, leaves, &seen);
    assert_string_equal(" 1:1 1:50 1:3 1:4 1:5 1:6 1:7 1:8", seen.left);
    links_free(links);
}

/* Whoever finds no place is not counted, and comes to nobody's harm: more keys than there is memory
 * for, a name or an address that is too long, two addresses of which one begins like the other. */
static void
what_finds_no_place_is_not_counted(void **state)
{
    (void)state;
    char author[LINKS_AUTHOR_MAX + 2] = "";
    uint8_t peer[LINKS_PEER_MAX + 1] = { 1, 2 };
    struct links *links = links_new();
    struct seen seen = { .out = "16" };
    for (int i = 0; i < 16; i++) {
        (void)snprintf(author, sizeof author, "%d", i);
        assert_false(heard(links, author, 1, 0));
    }
    no_memory = (struct nth_call){ .at = 1 };
    assert_false(heard(links, "16", 1, 0));
    no_memory.at = 0;
    assert_true(no_memory.has_failed);
    links_sift(links, stays, leaves, &seen);
    assert_string_equal("", seen.left);
    assert_false(heard(links, "16", 9, 0));
    links_sift(links, stays, leaves, &seen);
    assert_string_equal(" 16:9", seen.left);
    memset(author, 'x', sizeof author - 1);
    assert_false(heard(links, author, 1, 0));
    assert_false(links_heard(links, "0", peer, sizeof peer, (struct mono_time){ 0 }));
    assert_false(links_heard(links, "0", peer, 2, (struct mono_time){ 1000 }));
    assert_true(heard(links, "0", 1, 1000 + LINKS_TWICE_MS)); /* {1} and {1,2} are two */
    links_free(links);
    links_free(NULL);
    no_memory = (struct nth_call){ .at = 1 };
    assert_null(links_new());
    no_memory.at = 0;
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_after_the_other_is_once),
        cmocka_unit_test(an_older_connection_that_goes_on_is_twice),
        cmocka_unit_test(who_is_out_is_told_on_every_connection),
        cmocka_unit_test(the_connection_silent_for_longest_is_forgotten),
        cmocka_unit_test(what_finds_no_place_is_not_counted),
    };
    return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
