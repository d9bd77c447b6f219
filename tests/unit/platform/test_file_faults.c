/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on a disk that fails or crashes at any call: the old or the new, never between. */
#include "tests/scenario/each_fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/file.h"
#include "platform/hash.h"

#define FOLDER DISK_MOUNT "/a"
#define OTHER  DISK_MOUNT "/b"

static bool
is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static bool
holds(const char *path, const char *text)
{
    char *bytes = NULL;
    size_t size = 0;
    bool is_same = file_read(path, 1000, &bytes, &size, NULL) == 0 && size == strlen(text) &&
                   memcmp(bytes, text, size) == 0;
    free(bytes);
    return is_same;
}

static void
prepare(struct disk *disk)
{
    (void)disk;
    assert_int_equal(0, file_make_folder(FOLDER, NULL));
    assert_int_equal(0, file_make_folder(OTHER, NULL));
    assert_int_equal(0, file_write(FOLDER "/f", "old", 3, 0600, NULL));
}

/* ---- one change each ---- */

static int
write_act(struct err_note *note)
{
    return file_write(FOLDER "/f", "the new one", 11, 0600, note);
}

static void
write_check(bool is_done)
{
    assert_true(holds(FOLDER "/f", "the new one") || (!is_done && holds(FOLDER "/f", "old")));
}

static int
rename_act(struct err_note *note)
{
    int code = file_rename(FOLDER "/f", OTHER "/f", note);
    if (code != -ENOENT)
        return code;
    code = file_sync_folder(OTHER, note); /* an earlier try went that far */
    return code ? code : file_sync_folder(FOLDER, note);
}

static void
rename_check(bool is_done)
{
    assert_true(holds(OTHER "/f", "old") || (!is_done && holds(FOLDER "/f", "old")));
    assert_false(is_done && is_there(FOLDER "/f"));
}

static int
remove_act(struct err_note *note)
{
    return file_remove(FOLDER "/f", note);
}

static void
remove_check(bool is_done)
{
    assert_true(is_done ? !is_there(FOLDER "/f")
                        : !is_there(FOLDER "/f") || holds(FOLDER "/f", "old"));
}

static int
folder_act(struct err_note *note)
{
    return file_make_folder(FOLDER "/c", note);
}

static void
folder_check(bool is_done)
{
    assert_true(!is_done || is_there(FOLDER "/c"));
}

static int
overwrite_act(struct err_note *note)
{
    int fd = file_open_write(OTHER "/g", 0600, note);
    if (fd < 0)
        return fd;
    int code = file_write_at(fd, "0123456789", 10, 0, note);
    if (!code)
        code = file_sync(fd, note);
    (void)close(fd); /* synced */
    return code ? code : file_sync_name(OTHER "/g", note);
}

static void
overwrite_check(bool is_done)
{
    assert_true(!is_done || holds(OTHER "/g", "0123456789"));
}

static void
a_change_is_whole_or_not_there(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare, write_act, write_check });
    each_fault(&(struct trial){ prepare, rename_act, rename_check });
    each_fault(&(struct trial){ prepare, remove_act, remove_check });
    each_fault(&(struct trial){ prepare, folder_act, folder_check });
    each_fault(&(struct trial){ prepare, overwrite_act, overwrite_check });
}

/* ---- reading ---- */

static int
read_act(struct err_note *note)
{
    char *bytes = NULL;
    size_t size = 99;
    int code = file_read(FOLDER "/f", 1000, &bytes, &size, note);
    assert_true(code ? !bytes && size == 99 : size == 3 && memcmp(bytes, "old", 4) == 0);
    free(bytes);
    return code;
}

static int
list_act(struct err_note *note)
{
    struct file_list list = { 0 };
    int code = file_list(FOLDER, &list, note);
    assert_int_equal(code ? 0 : 1, list.count);
    file_list_free(&list);
    return code;
}

static int
hash_act(struct err_note *note)
{
    uint8_t want[HASH_SIZE], got[HASH_SIZE] = { 0 };
    hash_sha256("old", 3, want);
    int code = hash_sha256_file(FOLDER "/f", got, note);
    assert_int_equal(code == 0, memcmp(want, got, HASH_SIZE) == 0);
    return code;
}

static void
nothing_changed(bool is_done)
{
    (void)is_done;
    assert_true(holds(FOLDER "/f", "old"));
}

static void
what_cannot_be_read_is_said(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare, read_act, nothing_changed });
    each_fault(&(struct trial){ prepare, list_act, nothing_changed });
    each_fault(&(struct trial){ prepare, hash_act, nothing_changed });
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_whole_or_not_there),
        cmocka_unit_test(what_cannot_be_read_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
