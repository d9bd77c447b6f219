/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>

#include "folder.h"
#include "platform/file.h"

static void
check_content(const char *path, const char *want)
{
    char *bytes;
    size_t size;
    assert_int_equal(0, file_read(path, 1000, &bytes, &size, NULL));
    assert_int_equal(strlen(want), size);
    assert_string_equal(want, bytes);
    free(bytes);
}

static void
test_join(void **state)
{
    (void)state;
    char path[FILE_PATH_MAX];
    assert_int_equal(0, file_join(path, "/a", "b"));
    assert_string_equal("/a/b", path);
    assert_int_equal(0, file_join(path, "/a/", "b/c"));
    assert_string_equal("/a/b/c", path);
    assert_int_equal(0, file_join(path, "", "b"));
    assert_string_equal("b", path);
    assert_int_equal(ERR_RANGE, file_join(path, "/a", "/etc/passwd"));
    assert_int_equal(ERR_RANGE, file_join(path, "/a", ""));
    assert_string_equal("b", path); /* untouched */
    char name[FILE_PATH_MAX];
    memset(name, 'x', sizeof name);
    name[FILE_PATH_MAX - 3] = '\0';
    assert_int_equal(0, file_join(path, "a", name)); /* 1 + 1 + 1021 and NUL: just fits */
    assert_int_equal(FILE_PATH_MAX - 1, strlen(path));
    assert_int_equal(ERR_RANGE, file_join(path, "ab", name));
}

static void
test_make_folder(void **state)
{
    const char *path = folder_path(*state, "a/b/c/");
    struct err_note note = { 0 };
    struct stat st;
    assert_int_equal(0, file_make_folder(path, &note));
    assert_int_equal(0, file_make_folder(path, &note));
    assert_int_equal(0, stat(folder_path(*state, "a/b"), &st));
    assert_int_equal(0700, st.st_mode & 0777);
    folder_put(*state, "file", "");
    assert_int_equal(-ENOTDIR, file_make_folder(folder_path(*state, "file"), &note));
    assert_non_null(strstr(note.text, "/file: Not a directory"));
    assert_true(file_make_folder(folder_path(*state, "file/below"), &note) < 0);
    assert_int_equal(ERR_RANGE, file_make_folder("", &note));
}

static void
test_read(void **state)
{
    struct err_note note = { 0 };
    char *bytes = NULL;
    size_t size = 99;
    folder_put(*state, "f", "12345");
    check_content(folder_path(*state, "f"), "12345");
    assert_int_equal(0, file_read(folder_path(*state, "f"), 5, &bytes, &size, &note));
    free(bytes);
    bytes = NULL;
    size = 99;
    assert_int_equal(ERR_RANGE, file_read(folder_path(*state, "f"), 4, &bytes, &size, &note));
    assert_non_null(strstr(note.text, "/f: larger than 4 bytes"));
    assert_int_equal(-ENOENT, file_read(folder_path(*state, "none"), 4, &bytes, &size, &note));
    assert_non_null(strstr(note.text, "/none: No such file"));
    assert_int_equal(ERR_REFUSED, file_read(*state, 4, &bytes, &size, &note));
    assert_non_null(strstr(note.text, "not a regular file"));
    assert_int_equal(0, symlink("f", folder_path(*state, "link")));
    assert_int_equal(ERR_REFUSED, file_read(folder_path(*state, "link"), 9, &bytes, &size, &note));
    assert_non_null(strstr(note.text, "/link: is a symbolic link"));
    assert_int_equal(0, mkfifo(folder_path(*state, "fifo"), 0600));
    assert_int_equal(ERR_REFUSED, file_read(folder_path(*state, "fifo"), 9, &bytes, &size, &note));
    assert_null(bytes);
    assert_int_equal(99, size);
    folder_put(*state, "empty", "");
    check_content(folder_path(*state, "empty"), "");
}

static void
test_write(void **state)
{
    const char *path = folder_path(*state, "f");
    struct err_note note = { 0 };
    struct stat st;
    mode_t mask = umask(077);
    assert_int_equal(0, file_write(path, "one", 3, 0644, &note));
    (void)umask(mask);
    check_content(path, "one");
    assert_int_equal(0, stat(path, &st));
    assert_int_equal(0644, st.st_mode & 0777);
    assert_int_equal(0, file_write(path, "second", 6, 0600, &note));
    check_content(path, "second");
    assert_int_equal(0, file_write(path, NULL, 0, 0600, &note));
    check_content(path, "");
    struct file_list list;
    assert_int_equal(0, file_list(*state, &list, NULL));
    assert_int_equal(1, list.count);
    file_list_free(&list);
    assert_int_equal(-ENOENT, file_write(folder_path(*state, "none/f"), "x", 1, 0600, &note));
    assert_non_null(strstr(note.text, "write "));
    assert_non_null(strstr(note.text, "No such file"));
}

/* A crash leaves the temporary file; a link put in its place must not be followed. */
static void
test_write_over_leftovers(void **state)
{
    folder_put(*state, ".f.tmp", "left from a crash, and longer than the new one");
    assert_int_equal(0, file_write(folder_path(*state, "f"), "new", 3, 0600, NULL));
    check_content(folder_path(*state, "f"), "new");
    folder_put(*state, "victim", "untouched");
    assert_int_equal(0, symlink("victim", folder_path(*state, ".f.tmp")));
    assert_int_equal(0, file_write(folder_path(*state, "f"), "newer", 5, 0600, NULL));
    check_content(folder_path(*state, "f"), "newer");
    check_content(folder_path(*state, "victim"), "untouched");
}

/* A write that fails half-way leaves the old file as it was. */
static void
test_failed_write_keeps_the_old(void **state)
{
    const char *path = folder_path(*state, "f");
    static char large[65536];
    struct err_note note = { 0 };
    assert_int_equal(0, file_write(path, "old", 3, 0600, NULL));
    struct rlimit old, small = { 1000, 1000 };
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &old));
    small.rlim_max = old.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
    int rc = file_write(path, large, sizeof large, 0600, &note);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &old));
    assert_int_equal(-EFBIG, rc);
    assert_non_null(strstr(note.text, "File too large"));
    check_content(path, "old");
    assert_int_equal(-1, access(folder_path(*state, ".f.tmp"), F_OK));
}

static void
test_rename_and_remove(void **state)
{
    struct err_note note = { 0 };
    assert_int_equal(0, mkdir(folder_path(*state, "to"), 0700));
    folder_put(*state, "a", "1");
    assert_int_equal(0, file_rename(folder_path(*state, "a"), folder_path(*state, "to/b"), &note));
    check_content(folder_path(*state, "to/b"), "1");
    assert_int_equal(-ENOENT,
                     file_rename(folder_path(*state, "a"), folder_path(*state, "b"), &note));
    assert_non_null(strstr(note.text, "rename "));
    assert_int_equal(0, file_remove(folder_path(*state, "to/b"), &note));
    assert_int_equal(0, file_remove(folder_path(*state, "to/b"), &note)); /* absent is success */
    assert_int_equal(0, file_remove(folder_path(*state, "no/b"), &note));
    assert_true(file_remove(folder_path(*state, "to"), &note) < 0);
}

static void
test_positional_writing(void **state)
{
    struct err_note note = { 0 };
    int fd = file_open_write(folder_path(*state, "f"), 0600, &note);
    assert_true(fd >= 0);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(0, file_write_at(fd, "world", 5, 6, &note));
    assert_int_equal(0, file_write_at(fd, "hello ", 6, 0, &note));
    assert_int_equal(0, file_sync(fd, &note));
    assert_int_equal(0, file_sync_folder(*state, &note));
    check_content(folder_path(*state, "f"), "hello world");
    (void)close(fd);
    fd = file_open_write(folder_path(*state, "f"), 0600, &note); /* is not cut */
    assert_true(fd >= 0);
    check_content(folder_path(*state, "f"), "hello world");
    (void)close(fd);
    assert_int_equal(-EBADF, file_write_at(-1, "x", 1, 0, &note));
    assert_non_null(strstr(note.text, "write at 0: "));
    assert_int_equal(-EBADF, file_sync(-1, &note));
    assert_int_equal(0, symlink("f", folder_path(*state, "link")));
    assert_int_equal(ERR_REFUSED, file_open_write(folder_path(*state, "link"), 0600, &note));
    assert_int_equal(-ENOENT, file_sync_folder(folder_path(*state, "none"), &note));
}

static void
test_lock(void **state)
{
    struct err_note note = { 0 };
    int fd = file_lock_folder(*state, &note);
    assert_true(fd >= 0);
    assert_int_equal(ERR_BUSY, file_lock_folder(*state, &note));
    assert_non_null(strstr(note.text, *state));
    assert_non_null(strstr(note.text, "in use by another process"));
    (void)close(fd);
    fd = file_lock_folder(*state, &note);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(-ENOENT, file_lock_folder(folder_path(*state, "none"), &note));
}

/* What whoever waits for a lock does between two tries: here the one who only asks lets go
 * meanwhile. The linker puts it in the place of nanosleep. */
static int asking = -1, pauses;
int __wrap_nanosleep(const struct timespec *pause, struct timespec *ret_rest);

int
__wrap_nanosleep(const struct timespec *pause, struct timespec *ret_rest)
{
    (void)pause, (void)ret_rest; /* nobody waits */
    pauses++;
    return flock(asking, LOCK_UN);
}

static void
test_asking_for_a_lock_hinders_nobody(void **state)
{
    struct err_note note = { 0 };
    assert_int_equal(0, file_folder_is_locked(*state, &note)); /* no lock file yet */
    assert_int_equal(-1, access(folder_path(*state, "lock"), F_OK));
    int lock = file_lock_folder(*state, &note);
    assert_true(lock >= 0);
    assert_int_equal(1, file_folder_is_locked(*state, &note));
    (void)close(lock);
    assert_int_equal(0, file_folder_is_locked(*state, &note));
    asking = open(folder_path(*state, "lock"), O_RDONLY | O_CLOEXEC);
    assert_true(asking >= 0);
    assert_int_equal(0, flock(asking, LOCK_SH | LOCK_NB));
    assert_int_equal(0, file_folder_is_locked(*state, &note)); /* two may ask at once */
    pauses = 0;
    lock = file_lock_folder(*state, &note);
    if (lock < 0)
        fail_msg("%d: %s", lock, note.text);
    assert_int_equal(1, pauses); /* it had to wait, and no longer than it had to */
    (void)close(lock);
    (void)close(asking);
}

static void
test_list(void **state)
{
    struct file_list list = { 0 };
    struct err_note note = { 0 };
    assert_int_equal(0, file_list(*state, &list, &note));
    assert_int_equal(0, list.count);
    file_list_free(&list);
    static const char *const names[] = { "b", "a", "B", ".hidden", "湖", "aa" };
    for (size_t i = 0; i < 6; i++)
        folder_put(*state, names[i], "");
    for (int i = 0; i < 40; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%02d", i);
        folder_put(*state, name, "");
    }
    assert_int_equal(0, file_list(*state, &list, &note));
    assert_int_equal(45, list.count);
    assert_string_equal("B", list.names[0]);
    assert_string_equal("a", list.names[1]);
    assert_string_equal("aa", list.names[2]);
    assert_string_equal("b", list.names[3]);
    assert_string_equal("c39", list.names[43]);
    assert_string_equal("湖", list.names[44]);
    file_list_free(&list);
    assert_int_equal(0, list.count);
    file_list_free(NULL);
    assert_int_equal(-ENOENT, file_list(folder_path(*state, "none"), &list, &note));
    assert_non_null(strstr(note.text, "list "));
}

/* A text that found no room when its stream was closed is NULL, and only that tells. */
static void
test_a_text_without_room(void **state)
{
    (void)state;
    char *text = NULL, *none = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(fputs("words", out) >= 0);
    assert_int_equal(0, file_close_text(out, &text));
    assert_string_equal("words", text);
    free(text);
    out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(-ENOMEM, file_close_text(out, &none));
    assert_null(none);
    free(text);
}

/* A file written again and again: whoever has it open reads on what he opened, and the two files
 * change places for good once nobody does. */
static void
test_write_again(void **state)
{
    static const char *const texts[] = { "one", "two, longer", "3" };
    char path[FILE_PATH_MAX], spare[FILE_PATH_MAX + 8], big[10000], read_back[16] = "";
    struct err_note note = { 0 };
    struct stat first, now;
    (void)snprintf(path, sizeof path, "%s", folder_path(*state, "again"));
    (void)snprintf(spare, sizeof spare, "%s.spare", path);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(0, file_write_again(path, texts[i], strlen(texts[i]), 0600, 60, &note));
        check_content(path, texts[i]);
    }
    int fd = open(path, O_RDONLY);
    for (int i = 0; i < 3; i++) /* a reader: the file he has open is not written to */
        assert_int_equal(0, file_write_again(path, "4", 1, 0600, 60, &note));
    assert_int_equal(1, pread(fd, read_back, sizeof read_back, 0));
    assert_string_equal("3", read_back);
    assert_int_equal(0, close(fd));
    assert_int_equal(0, stat(path, &first));
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    for (size_t size = sizeof big - 1; size > 0; size /= 3) { /* over the spare, of any size */
        big[size] = '\0';
        char *bytes;
        size_t got;
        assert_int_equal(0, file_write_again(path, big, size, 0600, 0, &note));
        assert_int_equal(0, file_read(path, sizeof big, &bytes, &got, &note));
        assert_int_equal(size, got);
        assert_memory_equal(big, bytes, size);
        free(bytes);
    }
    assert_int_equal(0, file_write_again(path, "x", 1, 0600, 0, &note)); /* as many as before */
    assert_int_equal(0, stat(path, &now));
    if (now.st_ino != first.st_ino)
        assert_int_equal(0, stat(spare, &now));
    assert_int_equal(first.st_ino, now.st_ino);
    assert_int_equal(0, unlink(spare));
    assert_int_equal(0, symlink("/etc/passwd", spare));
    assert_int_not_equal(0, file_write_again(path, "y", 1, 0600, 0, &note));
    check_content(path, "x");
    assert_int_equal(-ENOENT,
                     file_write_again(folder_path(*state, "no/where"), "x", 1, 0600, 0, &note));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join),
        IN_FOLDER(test_make_folder),
        IN_FOLDER(test_read),
        IN_FOLDER(test_write),
        IN_FOLDER(test_write_over_leftovers),
        IN_FOLDER(test_failed_write_keeps_the_old),
        IN_FOLDER(test_write_again),
        IN_FOLDER(test_rename_and_remove),
        IN_FOLDER(test_positional_writing),
        IN_FOLDER(test_lock),
        IN_FOLDER(test_asking_for_a_lock_hinders_nobody),
        IN_FOLDER(test_list),
        cmocka_unit_test(test_a_text_without_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
