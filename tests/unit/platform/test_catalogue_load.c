/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "folder.h"
#include "platform/catalogue_load.h"
#include "platform/file.h"
#include "platform/hash.h"

static const char huzhou[] = PACEWATCH_SOURCE_DIR "/data/huzhou-2023";

static int
setup(void **state)
{
    static char path[64];
    folder_make(path);
    for (int i = 0; i < CAT_TABLE_COUNT; i++) {
        const char *name = cat_table_file((enum cat_table)i);
        char *bytes;
        size_t size;
        if (file_read(folder_path(huzhou, name), 1 << 20, &bytes, &size, NULL) != 0)
            return -1;
        folder_put(path, name, bytes);
        free(bytes);
    }
    *state = path;
    return 0;
}

static void
test_the_shipped_catalogue(void **state)
{
    struct catalogue_store *store = NULL, *copy = NULL;
    struct err_note note = { 0 };
    if (catalogue_load(huzhou, &store, &note) != 0)
        fail_msg("%s", note.text);
    assert_int_equal(9, catalogue_of(store)->area_count);
    assert_int_equal(348, catalogue_of(store)->target_count);
    assert_string_equal("huzhou", catalogue_area(catalogue_of(store), "huzhou")->id);
    assert_int_equal(64, strlen(catalogue_version(store)));
    assert_int_equal(0, catalogue_load(*state, &copy, &note));
    assert_string_equal(catalogue_version(store), catalogue_version(copy));
    catalogue_free(copy);

    /* Any change of any byte is another version. */
    FILE *out = fopen(folder_path(*state, "areas.csv"), "a");
    assert_non_null(out);
    assert_true(fputs("\n", out) >= 0);
    assert_int_equal(0, fclose(out));
    assert_int_equal(0, catalogue_load(*state, &copy, &note));
    assert_string_not_equal(catalogue_version(store), catalogue_version(copy));
    catalogue_free(copy);
    catalogue_free(store);
    catalogue_free(NULL);
}

/* The version is what `cat areas.csv units.csv ... | sha256sum` says. */
static void
test_version(void **state)
{
    struct catalogue_store *store;
    static char all[1 << 20];
    size_t at = 0;
    for (int i = 0; i < CAT_TABLE_COUNT; i++) {
        char *bytes;
        size_t size;
        const char *path = folder_path(*state, cat_table_file((enum cat_table)i));
        assert_int_equal(0, file_read(path, sizeof all - at, &bytes, &size, NULL));
        memcpy(all + at, bytes, size);
        at += size;
        free(bytes);
    }
    uint8_t hash[HASH_SIZE];
    char text[HASH_HEX];
    hash_sha256(all, at, hash);
    assert_int_equal(0, catalogue_load(*state, &store, NULL));
    assert_string_equal(hash_hex(hash, sizeof hash, text), catalogue_version(store));
    catalogue_free(store);
}

static void
test_errors_name_the_place(void **state)
{
    struct catalogue_store *store = NULL;
    struct err_note note = { 0 };
    folder_put(*state, "units.csv",
               "id,name,name_en,family,factor,decimals\nmu,亩,mu,area,not-a-number,0\n");
    assert_true(catalogue_load(*state, &store, &note) < 0);
    assert_non_null(strstr(note.text, *state));
    assert_non_null(strstr(note.text, "units.csv"));
    assert_non_null(strstr(note.text, "line 2"));
    assert_int_equal(0, unlink(folder_path(*state, "units.csv")));
    assert_int_equal(-ENOENT, catalogue_load(*state, &store, &note));
    assert_non_null(strstr(note.text, "units.csv: No such file"));
    assert_int_equal(-ENOENT, catalogue_load("/none", &store, &note));
    assert_non_null(strstr(note.text, "catalogue /none: "));
    assert_null(store);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_the_shipped_catalogue),
        IN_FOLDER(test_version),
        IN_FOLDER(test_errors_name_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
