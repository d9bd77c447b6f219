/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files when the kernel answers what it seldom does: a signal in between, a file that grows, a lock
 * that cannot be taken; and paths of every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <time.h>

#include "folder.h"
#include "platform/file.h"
#include "platform/hash.h"
#include "platform/keys.h"
#include "tests/fakes/seldom.h"

static int
read_f(const char *folder, struct err_note *note)
{
    char *bytes = NULL;
    size_t size = 0;
    int code = file_read(folder_path(folder, "f"), 1000, &bytes, &size, note);
    assert_true(code == 0 ? size == 5 && strcmp(bytes, "12345") == 0 : !bytes);
    free(bytes);
    return code;
}

static int
hash_f(const char *folder, struct err_note *note)
{
    uint8_t want[HASH_SIZE], got[HASH_SIZE] = { 0 };
    hash_sha256("12345", 5, want);
    int code = hash_sha256_file(folder_path(folder, "f"), got, note);
    assert_int_equal(code == 0, memcmp(want, got, HASH_SIZE) == 0);
    return code;
}

static int
write_g(const char *folder, struct err_note *note)
{
    int code = file_write(folder_path(folder, "g"), "new", 3, 0600, note);
    assert_int_equal(code == 0 ? 0 : -1, access(folder_path(folder, "g"), F_OK));
    assert_int_equal(-1, access(folder_path(folder, ".g.tmp"), F_OK));
    return code;
}

/* Is the code, or 0 for a descriptor, which is closed again. */
static int
lock_it(const char *folder, struct err_note *note)
{
    int fd = file_lock_folder(folder, note);
    if (fd >= 0)
        (void)close(fd);
    return fd < 0 ? fd : 0;
}

static int
ask_lock(const char *folder, struct err_note *note)
{
    assert_int_equal(0, lock_it(folder, NULL)); /* there is a file to ask about */
    return file_folder_is_locked(folder, note);
}

static void
test_seldom_answers(void **state)
{
    static const struct {
        const char *name;
        int (*act)(const char *folder, struct err_note *note);
        enum seldom_call call;
        long nth, result;
        int error, want;
    } rows[] = {
        { "a signal while reading", read_f, SELDOM_READ, 1, -1, EINTR, 0 },
        { "a signal while hashing", hash_f, SELDOM_READ, 1, -1, EINTR, 0 },
        { "a signal while writing", write_g, SELDOM_PWRITE, 1, -1, EINTR, 0 },
        { "a write of nothing", write_g, SELDOM_PWRITE, 1, 0, 0, -EIO },
        { "a file that grows", read_f, SELDOM_FSTAT, 2, 4, 0, -EAGAIN },
        { "a file that shrinks", read_f, SELDOM_FSTAT, 2, 9, 0, 0 },
        { "a size below nothing", read_f, SELDOM_FSTAT, 2, LONG_MAX, 0, ERR_RANGE },
        { "no size", read_f, SELDOM_FSTAT, 2, -1, EIO, -EIO },
        { "an error when closing", write_g, SELDOM_CLOSE, 1, -1, EDQUOT, -EDQUOT },
        { "no locks here", lock_it, SELDOM_FLOCK, 1, -1, ENOLCK, -ENOLCK },
        { "nor to ask for", ask_lock, SELDOM_FLOCK, 2, -1, ENOLCK, -ENOLCK },
    };
    const char *folder = *state;
    folder_put(folder, "f", "12345");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err_note note = { "" };
        seldom_at(rows[i].call, rows[i].nth, rows[i].result, rows[i].error);
        int code = rows[i].act(folder, &note);
        if (!seldom_happened() || code != rows[i].want || (code < 0) != (note.text[0] != '\0'))
            fail_msg("%s: code %d '%s'", rows[i].name, code, note.text);
        (void)unlink(folder_path(folder, "g"));
    }
}

static void
test_network_file_systems(void **state)
{
    static const struct {
        long type;
        const char *name;
    } rows[] = { { 0x6969, "NFS" }, { 0xff534d42, "CIFS" }, { 0x73757245, "Coda" } };
    const char *folder = *state;
    assert_null(file_network_system(folder_path(folder, "none")));
    assert_null(file_network_system(folder));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        seldom_at(SELDOM_STATFS, 1, rows[i].type, 0);
        assert_string_equal(rows[i].name, file_network_system(folder));
        assert_true(seldom_happened());
    }
}

/* Whoever holds the lock only for a moment is waited for, but not for ever: each time he has it
 * again. */
static int asking = -1;
int __wrap_nanosleep(const struct timespec *pause, struct timespec *ret_rest);

int
__wrap_nanosleep(const struct timespec *pause, struct timespec *ret_rest)
{
    (void)pause, (void)ret_rest; /* nobody waits */
    return 0;
}

static void
test_a_lock_that_is_always_asked_for(void **state)
{
    const char *folder = *state;
    struct err_note note = { "" };
    assert_int_equal(0, lock_it(folder, &note));
    asking = open(folder_path(folder, "lock"), O_RDONLY | O_CLOEXEC);
    assert_true(asking >= 0);
    assert_int_equal(0, flock(asking, LOCK_SH | LOCK_NB));
    assert_int_equal(ERR_BUSY, lock_it(folder, &note));
    assert_non_null(strstr(note.text, "in use by another process"));
    (void)close(asking);
    assert_int_equal(0, lock_it(folder, &note));
}

/* A text whose stream says when it is closed that it did not find room. */
static void
test_a_text_that_was_cut(void **state)
{
    (void)state; /* nothing is shared */
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(fputs("words", out) >= 0);
    seldom_fail(SELDOM_FCLOSE, 1, ENOMEM);
    assert_int_equal(-ENOMEM, file_close_text(out, &text));
    assert_true(seldom_happened());
    assert_null(text);
}

/* ---- paths ---- */

static struct key_pair pair;

static void
expect_range(int code, const struct err_note *note)
{
    assert_int_equal(ERR_RANGE, code);
    assert_true(note->text[0] != '\0');
}

/* Whatever becomes too long says so, and nothing is done. */
static void
test_long_paths(void **state)
{
    char longer[FILE_PATH_MAX + 64], fits[FILE_PATH_MAX], key[FILE_PATH_MAX];
    struct err_note note = { "" };
    struct key_pair loaded;
    (void)state; /* nothing is shared */
    memset(longer, 'x', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    memcpy(fits, longer, sizeof fits);
    fits[sizeof fits - 1] = '\0';
    expect_range(file_write(longer, "x", 1, 0600, &note), &note);
    expect_range(file_write(fits, "x", 1, 0600, &note), &note); /* its temporary file does not */
    expect_range(file_rename(longer, "/a", &note), &note);
    expect_range(file_rename("/a", longer, &note), &note);
    expect_range(file_sync_name(longer, &note), &note);
    expect_range(file_make_folder(longer, &note), &note);
    expect_range(file_lock_folder(fits, &note), &note);
    expect_range(file_folder_is_locked(fits, &note), &note);
    memcpy(key, longer, sizeof key); /* KEY.secret just fits into nothing */
    key[sizeof key - 1] = '\0';
    assert_int_equal(0, keys_generate(&pair, NULL));
    expect_range(keys_save(fits, "agent", &pair, &note), &note);
    expect_range(keys_load(fits, "agent", &loaded, &note), &note);
    expect_range(keys_load("/", key + 1, &loaded, &note), &note);
    expect_range(keys_load("/", "../agent", &loaded, &note), &note);
    expect_range(keys_settle(fits, "agent.next", "agent", &note), &note);
    assert_false(keys_exist(fits, "agent"));
}

/* A key with a zero byte behind it is not the file we wrote. */
static void
test_keys_with_more_behind_them(void **state)
{
    const char *folder = *state;
    char text[KEY_TEXT + 4] = "", key[KEY_TEXT];
    struct err_note note = { "" };
    struct key_pair loaded;
    assert_int_equal(0, keys_generate(&pair, NULL));
    assert_int_equal(0, keys_save(folder, "agent", &pair, NULL));
    assert_int_equal(0, keys_load(folder, "agent", &loaded, &note));
    memcpy(text, pair.public_key, KEY_TEXT);
    text[KEY_TEXT + 1] = 'x';
    assert_int_equal(
        0, file_write(folder_path(folder, "agent.public"), text, sizeof text, 0644, NULL));
    assert_int_equal(ERR_SYNTAX, keys_load(folder, "agent", &loaded, &note));
    assert_int_equal(ERR_SYNTAX, keys_load_public(folder_path(folder, "agent.public"), key, &note));
    assert_int_equal(0, file_write(folder_path(folder, "agent.public"), "short", 5, 0644, NULL));
    assert_int_equal(ERR_SYNTAX, keys_load(folder, "agent", &loaded, &note));
    memset(text, '#', KEY_TEXT - 1); /* Z85, but more than four bytes can say */
    assert_false(keys_is_public(text));
}

/* A file beside the working folder, and one in the root. */
static void
test_bare_names(void **state)
{
    char *before = getcwd(NULL, 0);
    assert_non_null(before);
    assert_int_equal(0, chdir(*state));
    int code = file_write("bare", "x", 1, 0600, NULL);
    int made = file_make_folder("below///", NULL);
    int root = file_remove("/no such file is here", NULL);
    assert_int_equal(0, chdir(before));
    free(before);
    assert_int_equal(0, code);
    assert_int_equal(0, made);
    assert_int_equal(0, root);
    assert_int_equal(0, access(folder_path(*state, "bare"), F_OK));
    assert_int_equal(0, access(folder_path(*state, "below"), F_OK));
    assert_int_equal(0, file_make_folder("//", NULL));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_seldom_answers),
        IN_FOLDER(test_network_file_systems),
        IN_FOLDER(test_a_lock_that_is_always_asked_for),
        cmocka_unit_test(test_a_text_that_was_cut),
        cmocka_unit_test(test_long_paths),
        IN_FOLDER(test_bare_names),
        IN_FOLDER(test_keys_with_more_behind_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
