/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file, exactly once, wherever a crash comes between. A crash is simulated by putting things
 * back as a step found them and going through all steps again. */
#include "tests/fakes/no_memory.h"
#include "tests/unit/agent/spooling.h"
#include "tests/unit/agent/tables.h"

#include "agent/import.h"
#include "agent/receipt.h"
#include "agent/receipt_spooled.h"

#define GOOD                                 \
    "area,indicator,period,value\n"          \
    "deqing,land-freed,2023-05,1500\n"       \
    "deqing,land-freed,2023-06,\"1,23,0\"\n" \
    "deqing,land-freed,2023-07,1900\n"

struct home {
    struct bench bench; /* its folder is HOME/spool */
    char path[64];
    struct import_place place;
};

static int
setup(void **state)
{
    static const char *const folders[] = { "inbox", "spool", "done", "rejected", "receipts" };
    struct home *home = calloc(1, sizeof *home);
    assert_non_null(home);
    folder_make(home->path);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(0, mkdir(folder_path(home->path, folders[i]), 0700));
    (void)snprintf(home->bench.folder, sizeof home->bench.folder, "%.50s/spool", home->path);
    home->bench.settings =
        (struct spool_settings){ .folder = home->bench.folder,
                                 .events = { &home->bench, bench_note, bench_lost } };
    bench_open(&home->bench);
    home->place = (struct import_place){ .home = home->path,
                                         .spool = home->bench.spool,
                                         .tidy = tables_context("deqing", LANG_ZH),
                                         .now = T0 };
    *state = home;
    return 0;
}

static int
teardown(void **state)
{
    struct home *home = *state;
    spool_close(home->bench.spool);
    folder_remove(home->path);
    free(home);
    return 0;
}

static void
drop(const struct home *home, const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/inbox", home->path);
    folder_put(path, name, text);
}

static enum import_result
import(const struct home *home, const char *name)
{
    struct err_note note = { { 0 } };
    enum import_result result = IMPORT_GONE;
    int code = import_file(&home->place, name, &result, &note);
    if (code)
        fail_msg("import %s: %d %s", name, code, note.text);
    return result;
}

static size_t
files_in(const struct home *home, const char *folder)
{
    return count_names(folder_path(home->path, folder), "");
}

static bool
has(const struct home *home, const char *path)
{
    return access(folder_path(home->path, path), F_OK) == 0;
}

static void
test_spooled(void **state)
{
    struct home *home = *state;
    drop(home, "7月.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "7月.csv"));
    assert_int_equal(5, spool_last(home->bench.spool));
    assert_string_equal("7月.csv", get_record(home->bench.spool, 1).as.begin.name);
    assert_int_equal(3, get_record(home->bench.spool, 1).as.begin.rows);
    assert_string_equal("1500", get_record(home->bench.spool, 2).as.sample.value);
    struct record rejected = get_record(home->bench.spool, 3);
    assert_int_equal(RECORD_REJECTED, rejected.type);
    assert_int_equal(REJECT_VALUE, rejected.as.rejected.code);
    assert_string_equal("deqing,land-freed,2023-06,\"1,23,0\"", rejected.as.rejected.original);
    assert_int_equal(4, get_record(home->bench.spool, 4).as.sample.row);
    assert_int_equal(3, get_record(home->bench.spool, 5).as.end.rows);
    assert_true(has(home, "done/7月.csv"));
    assert_int_equal(0, files_in(home, "inbox"));
    assert_int_equal(0, files_in(home, "receipts")); /* comes with the fates */
    assert_int_equal(IMPORT_GONE, import(home, "7月.csv"));
}

/* The crash came after the spool had the file and before it was moved. */
static void
test_crash_before_move(void **state)
{
    struct home *home = *state;
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    drop(home, "a.csv", GOOD);
    assert_int_equal(0, unlink(folder_path(home->path, "done/a.csv")));
    bench_reopen(&home->bench);
    home->place.spool = home->bench.spool;
    assert_int_equal(IMPORT_KNOWN, import(home, "a.csv"));
    assert_int_equal(5, spool_last(home->bench.spool));
    assert_true(has(home, "done/a.csv"));
    assert_int_equal(0, files_in(home, "receipts")); /* its own receipt is still to come */
}

/* The same content under another name: not imported, and told so. */
static void
test_known_content(void **state)
{
    struct home *home = *state;
    char *text = NULL;
    size_t size = 0;
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    drop(home, "b.csv", GOOD);
    assert_int_equal(IMPORT_KNOWN, import(home, "b.csv"));
    assert_int_equal(5, spool_last(home->bench.spool));
    assert_true(has(home, "done/b.csv"));
    assert_int_equal(2, files_in(home, "receipts"));
    assert_int_equal(1, count_names(folder_path(home->path, "receipts"), ".txt"));
    char path[FILE_PATH_MAX];
    struct record begin = get_record(home->bench.spool, 1);
    assert_int_equal(0, receipt_path(folder_path(home->path, "receipts"), "b.csv",
                                     begin.as.begin.sha256, "txt", path));
    assert_int_equal(0, file_read(path, 65536, &text, &size, NULL));
    assert_non_null(strstr(text, "重复 2  退回 1"));
    assert_non_null(strstr(text, "a.csv 完全相同"));
    free(text);
}

static void
test_faulty_file(void **state)
{
    struct home *home = *state;
    for (int i = 0; i < 2; i++) { /* the second time as after a crash, or as a stubborn clerk */
        drop(home, "a.csv", "<html>login</html>");
        assert_int_equal(IMPORT_REFUSED, import(home, "a.csv"));
        assert_int_equal(0, files_in(home, "inbox"));
        assert_int_equal(1 + i, files_in(home, "rejected"));
        assert_int_equal(2, files_in(home, "receipts"));
        assert_int_equal(0, spool_last(home->bench.spool));
    }
    assert_true(has(home, "rejected/a.csv"));
}

static void
test_name_is_taken(void **state)
{
    struct home *home = *state;
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    drop(home, "a.csv", "area,indicator,period,value\ndeqing,land-freed,2023-05,1\n");
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    assert_int_equal(2, files_in(home, "done"));
    char hex[HASH_HEX], name[128];
    hash_hex(get_record(home->bench.spool, 6).as.begin.sha256, 4, hex);
    (void)snprintf(name, sizeof name, "done/a.%s.csv", hex);
    assert_true(has(home, name));
    assert_int_equal(8, spool_last(home->bench.spool));
}

static void
test_bad_names(void **state)
{
    struct home *home = *state;
    char longest[256];
    memset(longest, 'x', 240);
    memcpy(longest + 240, ".csv", 5);
    static const char *const names[] = { "a\nb.csv", "\xb5\xc2.csv" };
    for (size_t i = 0; i < 3; i++) {
        const char *name = i < 2 ? names[i] : longest;
        drop(home, name, GOOD);
        assert_int_equal(IMPORT_REFUSED, import(home, name));
        assert_int_equal(i + 1, files_in(home, "rejected"));
    }
    assert_int_equal(0, files_in(home, "inbox"));
    assert_true(has(home, "rejected/a b.csv"));
    assert_true(has(home, "rejected/??.csv"));
    assert_int_equal(0, spool_last(home->bench.spool));
}

static void
test_not_a_file(void **state)
{
    struct home *home = *state;
    drop(home, "secret", GOOD);
    assert_int_equal(0, symlink("secret", folder_path(home->path, "inbox/link.csv")));
    assert_int_equal(0, mkdir(folder_path(home->path, "inbox/folder.csv"), 0700));
    assert_int_equal(0, mkfifo(folder_path(home->path, "inbox/pipe.csv"), 0600));
    assert_int_equal(IMPORT_GONE, import(home, "link.csv"));
    assert_int_equal(IMPORT_GONE, import(home, "folder.csv"));
    assert_int_equal(IMPORT_GONE, import(home, "pipe.csv"));
    assert_int_equal(IMPORT_GONE, import(home, "never.csv"));
    assert_int_equal(4, files_in(home, "inbox"));
}

static void
test_too_large(void **state)
{
    struct home *home = *state;
    drop(home, "big.csv", GOOD);
    assert_int_equal(0, truncate(folder_path(home->path, "inbox/big.csv"), TIDY_BYTES_MAX + 1));
    assert_int_equal(IMPORT_REFUSED, import(home, "big.csv"));
    assert_true(has(home, "rejected/big.csv"));
    assert_true(has(home, "receipts/big.csv.00000000.txt"));
}

/* A full spool leaves the file where it is. */
static void
test_spool_full(void **state)
{
    struct home *home = *state;
    struct err_note note = { { 0 } };
    enum import_result result = IMPORT_GONE;
    const size_t room = (size_t)8 << 20;
    char *text = malloc(room);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, room, "area,indicator,period,value\n");
    for (int i = 0; i < 60000; i++)
        used += (size_t)snprintf(text + used, room - used, "deqing,land-freed,2023-05,%d\n", i);
    spool_limit(home->bench.spool, (uint64_t)5 << 20, 90);
    drop(home, "a.csv", text);
    free(text);
    assert_int_equal(ERR_FULL, import_file(&home->place, "a.csv", &result, &note));
    assert_non_null(strstr(note.text, "limit"));
    assert_true(has(home, "inbox/a.csv"));
    assert_int_equal(0, spool_last(home->bench.spool));
    spool_limit(home->bench.spool, (uint64_t)100 << 20, 90);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    assert_int_equal(60002, spool_last(home->bench.spool));
}

static void
test_bring_back(void **state)
{
    struct home *home = *state;
    uint8_t sha256[RECORD_SHA256], other[RECORD_SHA256] = { 1 };
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    memcpy(sha256, get_record(home->bench.spool, 1).as.begin.sha256, sizeof sha256);
    assert_int_equal(0, import_bring_back(home->path, "a.csv", other, NULL));
    assert_int_equal(1, import_bring_back(home->path, "a.csv", sha256, NULL));
    assert_true(has(home, "inbox/a.csv"));
    assert_int_equal(0, import_bring_back(home->path, "a.csv", sha256, NULL));
}

/* What happens to a file while each allocation fails in turn, and when it is looked at again. */
static void
import_with_each_fault(const char *text, bool is_known, enum import_result want, uint64_t last,
                       const char *folder)
{
    long at = 0;
    do {
        void *state = NULL;
        assert_int_equal(0, setup(&state));
        struct home *home = state;
        struct err_note note = { { 0 } };
        enum import_result result = IMPORT_GONE;
        if (is_known) {
            drop(home, "first.csv", text);
            assert_int_equal(IMPORT_SPOOLED, import(home, "first.csv"));
        }
        drop(home, "a.csv", text);
        at++;
        no_memory = (struct nth_call){ .at = at };
        int code = import_file(&home->place, "a.csv", &result, &note);
        no_memory.at = 0;
        if (code) {
            assert_true(no_memory.has_failed && note.text[0] != '\0');
            assert_int_equal(-ENOMEM, code);
            assert_int_equal(1, files_in(home, "inbox"));
            result = import(home, "a.csv");
        }
        assert_true(result == want || (no_memory.has_failed && result == IMPORT_KNOWN));
        assert_int_equal(last, spool_last(home->bench.spool));
        assert_int_equal(0, files_in(home, "inbox"));
        assert_true(has(home, folder));
        assert_int_equal(0, teardown(&state));
    } while (no_memory.has_failed);
    assert_true(at > 1); /* there were some to fail */
}

static void
test_no_memory(void **state)
{
    (void)state;
    import_with_each_fault(GOOD, false, IMPORT_SPOOLED, 5, "done/a.csv");
    import_with_each_fault(GOOD, true, IMPORT_KNOWN, 5, "done/a.csv");
    import_with_each_fault("<html>login</html>", false, IMPORT_REFUSED, 0, "rejected/a.csv");
}

/* A name without an ending gets the hash behind it when it is taken. */
static void
test_a_name_without_an_ending(void **state)
{
    struct home *home = *state;
    drop(home, "plain", "<html>one</html>");
    assert_int_equal(IMPORT_REFUSED, import(home, "plain"));
    drop(home, "plain", "<html>two</html>");
    assert_int_equal(IMPORT_REFUSED, import(home, "plain"));
    assert_int_equal(2, files_in(home, "rejected"));
    assert_int_equal(1, count_names(folder_path(home->path, "rejected"), "plain"));
}

/* The records of a known content cannot be read: its receipt does not know the name it had. */
static void
test_known_content_that_cannot_be_read(void **state)
{
    struct home *home = *state;
    char path[256];
    size_t size = 0;
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_SPOOLED, import(home, "a.csv"));
    uint8_t *bytes = slurp(segment_path(&home->bench, 1, path), &size);
    memset(bytes + 96, 0, 200);
    spew(path, bytes, size);
    free(bytes);
    drop(home, "a.csv", GOOD);
    assert_int_equal(IMPORT_KNOWN, import(home, "a.csv"));
    assert_int_equal(2, files_in(home, "receipts"));
    assert_int_equal(0, files_in(home, "inbox"));
}

/* A home in too long a path, or too long a name: said, and nothing is done. */
static void
test_long_paths(void **state)
{
    static const uint8_t hash[RECORD_SHA256] = { 0 }, fates[] = { FATE_CONTROL, FATE_CONTROL };
    struct home *home = *state;
    struct err_note note = { "" };
    enum import_result result = IMPORT_GONE;
    char longer[FILE_PATH_MAX], name[RECORD_NAME_MAX + 32], shown[64] = "";
    memset(longer, 'x', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 4] = '\0';
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    struct import_place place = home->place;
    place.home = longer;
    assert_int_equal(ERR_RANGE, import_file(&place, "a.csv", &result, &note));
    assert_non_null(strstr(note.text, "the path is too long"));
    assert_int_equal(IMPORT_GONE, result);
    assert_int_equal(ERR_RANGE, import_bring_back(longer, "a.csv", hash, &note));
    assert_int_equal(ERR_RANGE, import_bring_back(home->path, name, hash, &note));
    put_file(home->bench.spool, 1, 1);
    struct receipt_office office = { longer, LANG_ZH, home->place.tidy.sender };
    struct spooled_file file = {
        .spool = home->bench.spool, .first = 1, .last = 3, .fates = fates
    };
    assert_int_equal(ERR_RANGE, receipt_spooled(&office, &file, T0, shown, sizeof shown, &note));
    office.home = home->path;
    file.first = 2; /* a row */
    assert_int_equal(ERR_DAMAGED, receipt_spooled(&office, &file, T0, shown, sizeof shown, &note));
    assert_non_null(strstr(note.text, "record 2 begins no file"));
    assert_string_equal("", shown);
    assert_int_equal(0, files_in(home, "receipts"));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_spooled),
        CASE(test_crash_before_move),
        CASE(test_known_content),
        CASE(test_faulty_file),
        CASE(test_name_is_taken),
        CASE(test_bad_names),
        CASE(test_not_a_file),
        CASE(test_too_large),
        CASE(test_spool_full),
        CASE(test_bring_back),
        CASE(test_a_name_without_an_ending),
        CASE(test_known_content_that_cannot_be_read),
        CASE(test_long_paths),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, tables_load, tables_free);
}
