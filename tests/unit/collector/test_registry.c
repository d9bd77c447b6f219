/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may come in, and who a message is from. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "collector/registry.h"

/* The key of number `i`: 40 characters, as many as the ledger keeps. */
static const char *
key_text(unsigned i, char key[41])
{
    (void)snprintf(key, 41, "%040u", i);
    return key;
}

static int64_t
add_key(struct fixture *f, const char *publisher, unsigned i)
{
    struct err_note note = { "" };
    char key[41];
    int64_t id = 0;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_key_add(f->ledger, publisher, key_text(i, key), noon(2023, 1, 1), &id, &note),
              &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    return id;
}

static struct registry *
read_registry(struct fixture *f)
{
    struct registry *registry = NULL;
    struct err_note note = { "" };
    expect_ok(registry_read(f->ledger, f->catalogue, &registry, &note), &note);
    return registry;
}

/* Publisher of whoever comes in with key `i`, by way of what is written on the message; NULL: the
 * key does not get in. */
static const char *
comes_in_as(const struct registry *registry, unsigned i)
{
    char key[41], author[16] = "untouched";
    int64_t id = 0;
    if (!registry_admit(registry, key_text(i, key), author, sizeof author)) {
        assert_string_equal("untouched", author);
        return NULL;
    }
    const struct cat_publisher *publisher = registry_author(registry, author, &id);
    assert_true(publisher && id > 0);
    return publisher->id;
}

static void
every_key_is_its_publisher(void **state)
{
    enum { KEYS = 40 };
    struct fixture *f = *state;
    for (unsigned i = 0; i < KEYS; i++)
        (void)add_key(f, i % 2 ? "anji" : "wuxing", i);
    struct registry *registry = read_registry(f);
    assert_false(registry_is_new(registry, 999)); /* there is no such key */
    assert_false(registry_came_over(registry, 999));
    for (unsigned i = 0; i < KEYS; i++)
        assert_string_equal(i % 2 ? "anji" : "wuxing", comes_in_as(registry, i));
    assert_null(comes_in_as(registry, KEYS));
    registry_free(registry);
}

static void
a_revoked_key_is_nobodys(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char author[16];
    int64_t first = add_key(f, "wuxing", 1), id = 0;
    (void)add_key(f, "wuxing", 2);
    struct registry *before = read_registry(f);
    expect_ok(ledger_key_revoke(f->ledger, first, noon(2023, 6, 1), &note), &note);
    struct registry *after = read_registry(f);
    (void)snprintf(author, sizeof author, "%lld", (long long)first);
    assert_string_equal("wuxing", comes_in_as(before, 1));
    assert_null(comes_in_as(after, 1));
    assert_null(registry_author(after, author, &id)); /* whoever is in already, too */
    assert_string_equal("wuxing", comes_in_as(after, 2));
    registry_free(before);
    registry_free(after);
}

static void
a_key_of_no_publisher_is_nobodys(void **state)
{
    struct fixture *f = *state;
    (void)add_key(f, "deqing", 1); /* not in this catalogue, any more */
    (void)add_key(f, "anji", 2);
    struct registry *registry = read_registry(f);
    assert_null(comes_in_as(registry, 1));
    assert_string_equal("anji", comes_in_as(registry, 2));
    registry_free(registry);
}

static void
only_a_number_is_an_author(void **state)
{
    static const char *const authors[] = {
        "", "0", "-1", "01x", " 1", "1 ", "1.", "0x1", "anji", "2", "18446744073709551617"
    };
    struct fixture *f = *state;
    char key[41], author[2], none[1];
    assert_int_equal(1, add_key(f, "anji", 1));
    struct registry *registry = read_registry(f);
    for (size_t i = 0; i < sizeof authors / sizeof *authors; i++) {
        int64_t id = 77;
        if (registry_author(registry, authors[i], &id))
            fail_msg("'%s' is an author", authors[i]);
        assert_int_equal(77, id);
    }
    assert_true(registry_admit(registry, key_text(1, key), author, sizeof author));
    assert_string_equal("1", author);
    assert_false(registry_admit(registry, key_text(1, key), none, sizeof none)); /* cut is wrong */
    registry_free(registry);
    registry_free(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_key_is_its_publisher),
        TEST(a_revoked_key_is_nobodys),
        TEST(a_key_of_no_publisher_is_nobodys),
        TEST(only_a_number_is_an_author),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
