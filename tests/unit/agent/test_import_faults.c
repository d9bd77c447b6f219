/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way of a file through the agent on a disk that fails or crashes at any call: it is in the
 * spool once, the clerk's own file is never lost, and the next try ends what the first began. */
#include "tests/scenario/each_fault.h"

#include <stdlib.h>
#include <string.h>

#include "agent/import.h"
#include "agent/orphans.h"
#include "agent/receipt_spooled.h"
#include "agent/spool_look.h"
#include "platform/file.h"
#include "tests/unit/agent/spooling.h"
#include "tests/unit/agent/tables.h"

#define GOOD                        \
    "area,indicator,period,value\n" \
    "deqing,land-freed,2023-05,1500\n"
#define REVISED                     \
    "area,indicator,period,value\n" \
    "deqing,land-freed,2023-05,1600\n"
#define FAULTY "<html>login</html>"

static struct disk *disk;
static const char *dropped;       /* what lies in the inbox */
static uint8_t sha256[HASH_SIZE]; /* of that */
static const struct wall_time now = { 1692057600 };

static struct spool_settings
settings(void)
{
    return (struct spool_settings){ .folder = DISK_MOUNT "/spool",
                                    .segment_bytes = 4096,
                                    .retain_days = 90 };
}

/* ---- the home ---- */

static void
drop(const char *name, const char *text)
{
    char path[FILE_PATH_MAX];
    assert_int_equal(0, file_join(path, DISK_MOUNT "/inbox", name));
    disk_put(disk, path, text, strlen(text));
    hash_sha256(text, strlen(text), sha256);
    dropped = text;
}

/* How many files of a folder have this text. */
static int
count_of(const char *folder, const char *text)
{
    struct file_list list = { 0 };
    int count = 0;
    assert_int_equal(0, file_list(folder, &list, NULL));
    for (size_t i = 0; i < list.count; i++) {
        char path[FILE_PATH_MAX], *bytes = NULL;
        size_t size = 0;
        assert_int_equal(0, file_join(path, folder, list.names[i]));
        assert_int_equal(0, file_read(path, 65536, &bytes, &size, NULL));
        count += strcmp(bytes, text) == 0;
        free(bytes);
    }
    file_list_free(&list);
    return count;
}

static size_t
files_in(const char *folder)
{
    struct file_list list = { 0 };
    assert_int_equal(0, file_list(folder, &list, NULL));
    size_t count = list.count;
    file_list_free(&list);
    return count;
}

static void
prepare_home(struct disk *its)
{
    static const char *const folders[] = { "/inbox", "/spool", "/done", "/rejected", "/receipts" };
    disk = its;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[FILE_PATH_MAX];
        assert_int_equal(0, file_join(path, DISK_MOUNT, folders[i] + 1));
        assert_int_equal(0, file_make_folder(path, NULL));
    }
}

/* Starts, takes a file of the inbox, and ends. */
static int
import_once(const char *name, struct err_note *note)
{
    struct spool_settings spool_settings = settings();
    struct import_place place = { .home = DISK_MOUNT,
                                  .tidy = tables_context("deqing", LANG_ZH),
                                  .now = now };
    enum import_result result = IMPORT_GONE;
    int code = spool_open(&spool_settings, now, &place.spool, note);
    if (!code)
        code = import_file(&place, name, &result, note);
    spool_close(place.spool);
    return code;
}

static int
import_act(struct err_note *note)
{
    return import_once("a.csv", note);
}

/* ---- what must hold ---- */

/* The first and last record of the dropped file in the spool, which is opened for that. */
static bool
is_spooled(uint64_t *ret_last)
{
    struct spool_settings spool_settings = settings();
    struct spool *spool = NULL;
    uint64_t first = 0, last = 0;
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, NULL));
    bool is_known = spool_knows_file(spool, sha256, &first, &last);
    *ret_last = spool_last(spool);
    assert_true(!is_known || (last == first + 2 && last == *ret_last));
    spool_close(spool);
    return is_known;
}

static void
import_check(bool is_done)
{
    uint64_t last = 0;
    bool is_known = is_spooled(&last);
    assert_int_equal(is_known ? 3 : 0, last); /* once, or not at all */
    int waiting = count_of(DISK_MOUNT "/inbox", dropped);
    int put_aside = count_of(DISK_MOUNT "/done", dropped);
    assert_true(is_known ? waiting + put_aside >= 1 : waiting == 1);
    assert_true(is_known || !is_done); /* a power cut may bring it into the inbox again: known */
}

static void
prepare_good(struct disk *its)
{
    prepare_home(its);
    drop("a.csv", GOOD);
}

/* A file of the same name is in done/ already, with other content. */
static void
prepare_revised(struct disk *its)
{
    struct err_note note = { "" };
    prepare_good(its);
    assert_int_equal(0, import_once("a.csv", &note));
    drop("a.csv", REVISED);
}

static void
revised_check(bool is_done)
{
    uint64_t last = 0;
    bool is_known = is_spooled(&last);
    assert_int_equal(is_known ? 6 : 3, last);
    assert_int_equal(1, count_of(DISK_MOUNT "/done", GOOD)); /* never overwritten */
    assert_true(count_of(DISK_MOUNT "/inbox", REVISED) + count_of(DISK_MOUNT "/done", REVISED) >=
                1);
    assert_true(is_known || !is_done);
}

/* The same content under another name. */
static void
prepare_known(struct disk *its)
{
    struct err_note note = { "" };
    prepare_good(its);
    assert_int_equal(0, import_once("a.csv", &note));
    drop("b.csv", GOOD);
}

static int
known_act(struct err_note *note)
{
    return import_once("b.csv", note);
}

static void
known_check(bool is_done)
{
    uint64_t last = 0;
    assert_true(is_spooled(&last) && last == 3);
    assert_true(count_of(DISK_MOUNT "/inbox", GOOD) + count_of(DISK_MOUNT "/done", GOOD) >= 2);
    assert_true(!is_done || files_in(DISK_MOUNT "/receipts") == 2); /* .csv and .txt */
}

static void
prepare_faulty(struct disk *its)
{
    prepare_home(its);
    drop("a.csv", FAULTY);
}

static void
faulty_check(bool is_done)
{
    uint64_t last = 0;
    assert_false(is_spooled(&last) || last > 0);
    int refused = count_of(DISK_MOUNT "/rejected", FAULTY);
    assert_true(refused + count_of(DISK_MOUNT "/inbox", FAULTY) >= 1);
    assert_true(refused == 0 || files_in(DISK_MOUNT "/receipts") == 2); /* never without a word */
    assert_true(!is_done || files_in(DISK_MOUNT "/receipts") == 2);
}

/* The same content once more, when only an old stream has it: the backup holds it, and the agent
 * went on in a new stream. */
static void
prepare_in_old_stream(struct disk *its)
{
    struct err_note note = { "" };
    struct spool_settings spool_settings = settings();
    struct spool *spool = NULL;
    prepare_known(its);
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, &note));
    assert_int_equal(0, spool_set_cursor(spool, 3, &note));
    assert_int_equal(0, spool_fork(spool, 3, now, &note));
    assert_int_equal(0, spool_last(spool));
    spool_close(spool);
}

static void
old_stream_check(bool is_done)
{
    struct spool_settings spool_settings = settings();
    struct spool *spool = NULL;
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, NULL));
    assert_true(spool_knows_file(spool, sha256, NULL, NULL));
    assert_int_equal(0, spool_last(spool)); /* nothing is sent twice */
    spool_close(spool);
    assert_true(count_of(DISK_MOUNT "/inbox", GOOD) + count_of(DISK_MOUNT "/done", GOOD) >= 2);
    assert_true(!is_done || files_in(DISK_MOUNT "/receipts") == 2);
}

/* A disk that does not read the old stream for a while: the file waits, and words say why. */
static void
a_file_waits_for_an_old_stream(void **state)
{
    (void)state; /* nothing is shared */
    struct spool_settings spool_settings = settings();
    struct disk *its = disk_new(DISK_MOUNT, 1);
    unsigned waited = 0;
    prepare_in_old_stream(its);
    for (uint64_t call = 1;; call++) { /* of the start: that one and all after it */
        struct import_place place = { .home = DISK_MOUNT,
                                      .tidy = tables_context("deqing", LANG_ZH),
                                      .now = now };
        enum import_result result = IMPORT_GONE;
        struct err_note note = { "" };
        disk_plan(its, DISK_EIO, call, true);
        int code = spool_open(&spool_settings, now, &place.spool, &note);
        bool struck = disk_plan_struck(its);
        disk_plan(its, DISK_SOUND, 0, false);
        if (code) /* told, too */
            continue;
        if (!struck) {
            spool_close(place.spool);
            break;
        }
        bool is_known = spool_knows_file(place.spool, sha256, NULL, NULL);
        disk_plan(its, DISK_EIO, 7, true); /* behind the file itself and the list of streams */
        code = import_file(&place, "b.csv", &result, &note);
        disk_plan(its, DISK_SOUND, 0, false);
        assert_true(code < 0 && note.text[0] != '\0');
        waited += strstr(note.text, "old stream") != NULL;
        assert_true(is_known || spool_last(place.spool) == 0);
        spool_close(place.spool);
    }
    assert_true(waited > 0);
    old_stream_check(false);
    struct err_note note = { "" };
    assert_int_equal(0, import_once("b.csv", &note));
    old_stream_check(true);
    disk_free(its);
}

static void
a_file_is_imported_once(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_good, import_act, import_check });
    each_fault(&(struct trial){ prepare_revised, import_act, revised_check });
    each_fault(&(struct trial){ prepare_known, known_act, known_check });
    each_fault(&(struct trial){ prepare_faulty, import_act, faulty_check });
    each_fault(&(struct trial){ prepare_in_old_stream, known_act, old_stream_check });
}

/* ---- a file whose records the spool lost ---- */

static void
prepare_lost(struct disk *its)
{
    prepare_home(its);
    assert_int_equal(0, file_write(DISK_MOUNT "/done/a.csv", GOOD, strlen(GOOD), 0600, NULL));
    hash_sha256(GOOD, strlen(GOOD), sha256);
}

static int
bring_back_act(struct err_note *note)
{
    return import_bring_back(DISK_MOUNT, "a.csv", sha256, note);
}

static void
lost_check(bool is_done)
{
    int back = count_of(DISK_MOUNT "/inbox", GOOD);
    assert_true(back + count_of(DISK_MOUNT "/done", GOOD) >= 1);
    assert_true(!is_done || back == 1);
}

static void
on_lost(void *context, const char *name, const uint8_t hash[RECORD_SHA256])
{
    (void)context;
    assert_string_equal("a.csv", name);
    assert_memory_equal(sha256, hash, RECORD_SHA256);
    (void)import_bring_back(DISK_MOUNT, name, hash, NULL); /* looked for again at the next start */
}

/* As a start does it; what could not be done now is found again by the next one. */
static int
orphans_act(struct err_note *note)
{
    struct spool_settings spool_settings = settings();
    struct spool_events events = { .lost = on_lost };
    struct spool *spool = NULL;
    int code = spool_open(&spool_settings, now, &spool, note);
    if (!code)
        code = orphans_find(DISK_MOUNT, spool, &events, note);
    spool_close(spool);
    return code;
}

static void
orphans_check(bool is_done)
{
    (void)is_done; /* a file that cannot be read now waits in done/ for the next start */
    lost_check(false);
}

static void
a_lost_file_comes_back(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_lost, bring_back_act, lost_check });
    each_fault(&(struct trial){ prepare_lost, orphans_act, orphans_check });
}

/* ---- the receipt of a file that was sent ---- */

static void
prepare_sent(struct disk *its)
{
    struct err_note note = { "" };
    prepare_good(its);
    assert_int_equal(0, import_once("a.csv", &note));
}

static int
receipt_act(struct err_note *note)
{
    static const uint8_t fates[] = { FATE_CONTROL, FATE_STORED, FATE_CONTROL };
    struct spool_settings spool_settings = settings();
    struct tidy_context clerk = tables_context("deqing", LANG_ZH);
    struct receipt_office office = { DISK_MOUNT, LANG_ZH, clerk.sender };
    struct spooled_file file = { .first = 1, .last = 3, .fates = fates };
    char name[64] = "";
    int code = spool_open(&spool_settings, now, &file.spool, note);
    if (!code)
        code = receipt_spooled(&office, &file, now, name, sizeof name, note);
    if (!code) {
        assert_string_equal("a.csv", name);
        code = spool_set_cursor(file.spool, 3, note);
    }
    spool_close(file.spool);
    return code;
}

static void
receipt_check(bool is_done)
{
    struct spool_settings spool_settings = settings();
    struct spool *spool = NULL;
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, NULL));
    bool has_moved = spool_cursor(spool) == 3;
    spool_close(spool);
    (void)is_done; /* a lost cursor means sending again */
    assert_true(!has_moved || files_in(DISK_MOUNT "/receipts") == 2);
}

static void
the_cursor_never_passes_a_file_without_receipt(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_sent, receipt_act, receipt_check });
}

static void
first_cursor_and_power_cut(uint64_t seed)
{
    struct disk *its = disk_new(DISK_MOUNT "s", seed);
    struct spool_settings spool_settings = { .folder = DISK_MOUNT "s/spool",
                                             .segment_bytes = 4096 };
    struct spool *spool = NULL;
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, NULL));
    (void)put_file(spool, 1, 1);
    assert_int_equal(0, spool_set_cursor(spool, 3, NULL));
    disk_crash(its, DISK_POWER_CUT);
    spool_close(spool);
    disk_start(its);
    assert_int_equal(0, spool_open(&spool_settings, now, &spool, NULL));
    assert_int_equal(3, spool_cursor(spool));
    spool_close(spool);
    disk_free(its);
}

static void
the_first_cursor_outlives_a_power_cut(void **state)
{
    (void)state; /* nothing is shared */
    for (uint64_t seed = 1; seed <= 20; seed++)
        first_cursor_and_power_cut(seed);
}

/* ---- looking without touching ---- */

static int
look_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    int *files = context;
    (*files)++;
    assert_string_equal("a.csv", begin->name);
    assert_int_equal(1, first);
    assert_int_equal(3, last);
    return 0;
}

static int
look_act(struct err_note *note)
{
    struct spool_standing standing = { .last = 0 };
    int files = 0;
    struct spool_look look = { .context = &files, .file = look_file };
    int code = spool_survey(DISK_MOUNT "/spool", &standing, note);
    assert_int_equal(code ? 0 : 3, standing.last);
    if (!code)
        code = spool_look(DISK_MOUNT "/spool", &look, note);
    assert_true(code || (files == 1 && look.standing.last == 3 && !look.fault_en));
    return code;
}

static void
look_check(bool is_done)
{
    uint64_t last = 0;
    (void)is_done; /* either way it stands as it stood */
    assert_true(is_spooled(&last) && last == 3);
}

static void
a_look_sees_all_or_says_that_it_failed(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_sent, look_act, look_check });
}

/* ---- a home so deep that some paths in it are too long; the spool lies elsewhere ---- */

static size_t done_count, said_count;

/* Says so, in words, or does it. */
static bool
is_done_or_said(int code, const struct err_note *note)
{
    done_count += code >= 0;
    said_count += code < 0;
    assert_true(code >= 0 || (code == ERR_RANGE && note->text[0] != '\0'));
    return code >= 0;
}

static void
take_in(const char *home, const char *name, const char *text)
{
    struct spool_settings elsewhere = settings();
    struct import_place place = { .home = home,
                                  .tidy = tables_context("deqing", LANG_ZH),
                                  .now = now };
    struct err_note note = { "" };
    enum import_result result = IMPORT_GONE;
    char path[2 * FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/inbox/%s", home, name);
    disk_put(disk, path, text, strlen(text));
    elsewhere.folder = DISK_MOUNT "s/spool";
    assert_int_equal(0, spool_open(&elsewhere, now, &place.spool, &note));
    struct stat st;
    if (is_done_or_said(import_file(&place, name, &result, &note), &note))
        assert_true(result != IMPORT_GONE && stat(path, &st) != 0);
    else
        assert_int_equal(0, stat(path, &st)); /* it lies where it lay */
    spool_close(place.spool);
}

static void
a_path_too_long_is_said_and_nothing_is_lost(void **state)
{
    (void)state; /* nothing is shared */
    for (size_t length = 920; length < FILE_PATH_MAX - 10; length++) {
        char home[FILE_PATH_MAX] = DISK_MOUNT "l", path[2 * FILE_PATH_MAX];
        static const char *const folders[] = { "inbox", "done", "rejected", "receipts" };
        bool is_made = true;
        for (size_t used = strlen(home); used < length; used++)
            home[used] = used % 200 == 0 && used + 1 < length ? '/' : 'x';
        disk = disk_new(home, length);
        struct disk *beside = disk_new(DISK_MOUNT "s", length);
        for (size_t i = 0; is_made && i < 4; i++) {
            (void)snprintf(path, sizeof path, "%s/%s", home, folders[i]);
            is_made = mkdir(path, 0700) == 0;
        }
        assert_true(is_made);
        take_in(home, "a.csv", GOOD);
        take_in(home, "a.csv", REVISED);
        take_in(home, "b.csv", GOOD);
        take_in(home, "c.csv", FAULTY);
        disk_free(disk);
        disk_free(beside);
    }
    assert_true(done_count > 0 && said_count > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_waits_for_an_old_stream),
        cmocka_unit_test(a_file_is_imported_once),
        cmocka_unit_test(a_lost_file_comes_back),
        cmocka_unit_test(the_cursor_never_passes_a_file_without_receipt),
        cmocka_unit_test(the_first_cursor_outlives_a_power_cut),
        cmocka_unit_test(a_path_too_long_is_said_and_nothing_is_lost),
        cmocka_unit_test(a_look_sees_all_or_says_that_it_failed),
    };
    return cmocka_run_group_tests(tests, tables_load, tables_free);
}
