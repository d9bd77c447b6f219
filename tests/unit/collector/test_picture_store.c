/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures on disk: found again, never found damaged, bounded. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/pages/picture_store.h"

static void
expect_stored(const struct site *site, const char *tag, const char *want, size_t want_size)
{
    char *got = NULL;
    size_t size = 0;
    assert_true(picture_store_get(site, tag, &got, &size));
    assert_int_equal(want_size, size);
    assert_memory_equal(want, got, size);
    free(got);
}

static void
expect_none(const struct site *site, const char *tag)
{
    char *got = NULL;
    size_t size = 0;
    assert_false(picture_store_get(site, tag, &got, &size));
    assert_null(got);
}

static void
a_picture_is_found_by_its_tag_alone(void **state)
{
    struct fixture *f = *state;
    static char large[PICTURE_STORED_MAX + 1];
    expect_none(&f->site, "tag-1");
    picture_store_put(&f->site, "tag-1", "<svg>1</svg>", 12);
    picture_store_put(&f->site, "tag-2", "a\0b", 3);
    expect_stored(&f->site, "tag-1", "<svg>1</svg>", 12);
    expect_stored(&f->site, "tag-2", "a\0b", 3);
    expect_none(&f->site, "tag-");
    expect_none(&f->site, "tag-11");
    picture_store_put(&f->site, "tag-1", "other", 5);
    expect_stored(&f->site, "tag-1", "other", 5);
    memset(large, 'x', sizeof large);
    picture_store_put(&f->site, "large", large, PICTURE_STORED_MAX);
    expect_stored(&f->site, "large", large, PICTURE_STORED_MAX);
    picture_store_put(&f->site, "larger", large, PICTURE_STORED_MAX + 1);
    expect_none(&f->site, "larger");
    picture_store_put(&f->site, "empty", "", 0);
    expect_none(&f->site, "empty");
}

/* The one file of the folder that is not a spare. */
static void
only_file(const struct site *site, char *path)
{
    struct file_list list;
    struct err_note note = { "" };
    char folder[FILE_PATH_MAX];
    assert_int_equal(0, site_path(site, "cache", folder));
    expect_ok(file_list(folder, &list, &note), &note);
    assert_true(list.count > 0);
    assert_int_equal(0, file_join(path, folder, list.names[0]));
    file_list_free(&list);
}

static void
damage_is_a_picture_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], *bytes = NULL;
    size_t size = 0;
    picture_store_put(&f->site, "tag-1", "<svg>1</svg>", 12);
    only_file(&f->site, path);
    expect_ok(file_read(path, 4096, &bytes, &size, &note), &note);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 1;
        expect_ok(file_write(path, bytes, size, 0644, &note), &note);
        expect_none(&f->site, "tag-1");
        bytes[i] ^= 1;
    }
    for (size_t cut = 0; cut < size; cut++) {
        expect_ok(file_write(path, bytes, cut, 0644, &note), &note);
        expect_none(&f->site, "tag-1");
    }
    expect_ok(file_write(path, bytes, size, 0644, &note), &note);
    expect_stored(&f->site, "tag-1", "<svg>1</svg>", 12);
    free(bytes);
    assert_int_equal(0, unlink(path));
    assert_int_equal(0, symlink("/etc/passwd", path));
    expect_none(&f->site, "tag-1");
}

/* However many there were, the folder holds its slots and a spare each. */
static void
the_folder_is_bounded(void **state)
{
    enum { PICTURES = 3 * PICTURE_SLOTS };
    struct fixture *f = *state;
    struct file_list list;
    struct err_note note = { "" };
    char tag[32], folder[FILE_PATH_MAX];
    size_t found = 0;
    for (int i = 0; i < PICTURES; i++) {
        (void)snprintf(tag, sizeof tag, "tag-%d", i);
        picture_store_put(&f->site, tag, tag, strlen(tag));
    }
    for (int i = 0; i < PICTURES; i++) {
        char *got = NULL;
        size_t size = 0;
        (void)snprintf(tag, sizeof tag, "tag-%d", i);
        found += picture_store_get(&f->site, tag, &got, &size);
        free(got);
    }
    assert_int_equal(0, site_path(&f->site, "cache", folder));
    expect_ok(file_list(folder, &list, &note), &note);
    if (list.count > (size_t)2 * PICTURE_SLOTS || found > PICTURE_SLOTS ||
        found < (size_t)PICTURE_SLOTS * 9 / 10)
        fail_msg("%zu files, %zu pictures", list.count, found);
    file_list_free(&list);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_picture_is_found_by_its_tag_alone),
        TEST(damage_is_a_picture_that_is_not_there),
        TEST(the_folder_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
