/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys on a disk that fails or crashes at any call: no key is lost, no pair is torn for good. */
#include "tests/scenario/each_fault.h"

#include <string.h>

#include "platform/file.h"
#include "platform/keys.h"

#define FOLDER DISK_MOUNT "/keys"

static struct key_pair ours, next;

static int
make_pairs(void **state)
{
    (void)state;
    return keys_generate(&ours, NULL) || keys_generate(&next, NULL);
}

static bool
is_saved(const char *name, const struct key_pair *want)
{
    struct key_pair got = { "", "" };
    return keys_load(FOLDER, name, &got, NULL) == 0 && memcmp(want, &got, sizeof got) == 0;
}

static void
prepare_none(struct disk *disk)
{
    (void)disk;
    assert_int_equal(0, file_make_folder(FOLDER, NULL));
}

static void
prepare_both(struct disk *disk)
{
    prepare_none(disk);
    assert_int_equal(0, keys_save(FOLDER, "agent", &ours, NULL));
    assert_int_equal(0, keys_save(FOLDER, "agent.next", &next, NULL));
}

/* ---- the first start makes a pair ---- */

static int
save_act(struct err_note *note)
{
    int code = keys_save(FOLDER, "agent", &ours, note);
    return code == ERR_CONFLICT ? file_sync_folder(FOLDER, note) : code;
}

static void
save_check(bool is_done)
{
    assert_true(is_saved("agent", &ours) || (!is_done && !keys_exist(FOLDER, "agent")));
}

/* ---- the next pair comes in the place of ours ---- */

static int
rotate_act(struct err_note *note)
{
    int code = keys_settle(FOLDER, "agent.next", "agent", note);
    if (!code && !keys_exist(FOLDER, "agent.next") && is_saved("agent", &next))
        return file_sync_folder(FOLDER, note); /* an earlier try went that far */
    if (!code)
        code = keys_copy(FOLDER, "agent", "agent.old", note);
    return code ? code : keys_promote(FOLDER, "agent.next", "agent", note);
}

static void
rotate_check(bool is_done)
{
    assert_int_equal(0, keys_settle(FOLDER, "agent.next", "agent", NULL));
    bool is_rotated = is_saved("agent", &next) && is_saved("agent.old", &ours);
    assert_true(is_rotated ||
                (!is_done && is_saved("agent", &ours) && is_saved("agent.next", &next)));
}

/* ---- a start while a next pair is there: it is none of its business ---- */

static int
settle_act(struct err_note *note)
{
    return keys_settle(FOLDER, "agent.next", "agent", note);
}

static void
settle_check(bool is_done)
{
    (void)is_done;
    assert_true(is_saved("agent", &ours) && is_saved("agent.next", &next));
}

/* ---- reading ---- */

static int
load_act(struct err_note *note)
{
    struct key_pair got = { "", "" };
    char public_key[KEY_TEXT] = "";
    int code = keys_load(FOLDER, "agent", &got, note);
    assert_int_equal(code == 0, memcmp(&ours, &got, sizeof got) == 0);
    if (!code)
        code = keys_load_public(FOLDER "/agent.next.public", public_key, note);
    assert_int_equal(code == 0, strcmp(public_key, next.public_key) == 0);
    return code;
}

static void
no_key_is_lost(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_none, save_act, save_check });
    each_fault(&(struct trial){ prepare_both, rotate_act, rotate_check });
    each_fault(&(struct trial){ prepare_both, settle_act, settle_check });
    each_fault(&(struct trial){ prepare_both, load_act, settle_check });
}

/* Whatever the length of the path: a pair is where it was or where it was to go. */
static void
a_path_too_long_is_said(void **state)
{
    size_t done = 0, said = 0;
    (void)state; /* nothing is shared */
    for (size_t length = 980; length < FILE_PATH_MAX; length++) {
        char folder[FILE_PATH_MAX] = DISK_MOUNT "l";
        struct err_note note = { "" };
        struct key_pair got = { "", "" };
        for (size_t used = strlen(folder); used < length; used++)
            folder[used] = 'x';
        struct disk *disk = disk_new(folder, length); /* the folder is the disk */
        int code = keys_save(folder, "a", &ours, &note);
        if (code == 0)
            code = keys_save(folder, "a.next", &next, &note);
        if (code == 0)
            code = keys_copy(folder, "a", "a.old", &note);
        if (code == 0)
            code = keys_promote(folder, "a.next", "a", &note);
        assert_true(code == 0 || (code == ERR_RANGE && note.text[0] != '\0'));
        if (keys_exist(folder, "a")) {
            assert_int_equal(0, keys_load(folder, "a", &got, &note));
            assert_memory_equal(code == 0 ? &next : &ours, &got, sizeof got);
        }
        done += code == 0;
        said += code != 0;
        disk_free(disk);
    }
    assert_true(done > 0 && said > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_is_lost),
        cmocka_unit_test(a_path_too_long_is_said),
    };
    return cmocka_run_group_tests(tests, make_pairs, NULL);
}
