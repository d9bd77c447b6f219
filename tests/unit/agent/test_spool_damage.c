/* SPDX-License-Identifier: GPL-3.0-or-later
 * What crashes and bad disks leave of a spool. */
#include "tests/unit/agent/spooling.h"

#include "agent/spool_format.h"

/* Where the data of the (only) segment ends: behind its last record, whose own last byte may be
 * zero. */
static size_t
data_end(const struct bench *bench, const uint8_t *bytes, size_t size)
{
    struct segment_record record;
    size_t at = SEGMENT_HEAD;
    while (segment_record_unpack(bytes + at, size - at, spool_stream_id(bench->spool), at,
                                 &record) == 0)
        at += RECORD_FRAME + record.size;
    return at;
}

/* The last group is cut at every byte: with zeros behind, as a preallocated file has them. */
static void
test_torn_tail(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    put_file(bench->spool, 1, 2);
    segment_path(bench, 1, path);
    uint8_t *before = slurp(path, &size);
    size_t from = data_end(bench, before, size);
    put_file(bench->spool, 2, 2);
    uint8_t *whole = slurp(path, &size);
    size_t to = data_end(bench, whole, size);
    uint8_t *torn = malloc(size);
    assert_non_null(torn);
    for (size_t cut = from; cut < to; cut++) {
        memset(torn, 0, size);
        memcpy(torn, whole, cut);
        if (memcmp(torn, whole, size) == 0)
            continue; /* what is cut off was zero anyway */
        spew(path, torn, size);
        bench_reopen(bench);
        assert_int_equal(4, spool_last(bench->spool));
        assert_true(knows(bench->spool, 1));
        assert_false(knows(bench->spool, 2));
        if (cut > from)
            assert_non_null(strstr(bench->said, "unfinished group"));
        /* Enough of the beginning is left to say which file it was. */
        size_t begin_end = from + spool_size(bench->spool, 1) + RECORD_FRAME;
        bool has_begin = memcmp(torn, whole, begin_end) == 0;
        assert_string_equal(has_begin ? "file2.csv\n" : "", bench->lost);
        if (cut % 16 == 0) {
            assert_int_equal(5, put_file(bench->spool, 3, 1));
            bench_reopen(bench);
            assert_int_equal(7, spool_last(bench->spool));
            assert_string_equal("", bench->said);
        }
    }
    free(before);
    free(whole);
    free(torn);
}

/* A look at a spool changes nothing, not even where opening it would mend something. */
static void
test_survey_touches_nothing(void **state)
{
    struct bench *bench = *state;
    struct spool_standing standing;
    char path[256], none[64];
    size_t size = 0, again = 0;
    folder_make(none);
    assert_int_equal(ERR_ABSENT, spool_survey(none, &standing, NULL));
    assert_int_equal(ERR_ABSENT, spool_survey(folder_path(none, "spool"), &standing, NULL));
    folder_remove(none);
    assert_int_equal(0, spool_survey(bench->folder, &standing, NULL));
    assert_int_equal(0, standing.last);
    put_file(bench->spool, 1, 2);
    put_file(bench->spool, 2, 2);
    assert_int_equal(0, spool_set_cursor(bench->spool, 4, NULL));
    assert_int_equal(0, spool_survey(bench->folder, &standing, NULL));
    assert_memory_equal(spool_stream_id(bench->spool), standing.stream, WIRE_STREAM_ID);
    assert_int_equal(8, standing.last);
    assert_int_equal(4, standing.cursor);
    segment_path(bench, 1, path);
    uint8_t *torn = slurp(path, &size);
    torn[data_end(bench, torn, size) - 1] ^= 1;
    spew(path, torn, size);
    assert_int_equal(0, spool_survey(bench->folder, &standing, NULL));
    assert_int_equal(4, standing.last);
    uint8_t *after = slurp(path, &again);
    assert_int_equal(size, again);
    assert_memory_equal(torn, after, size);
    bench_reopen(bench);
    assert_string_equal("file2.csv\n", bench->lost); /* told to the one who can bring it back */
    free(torn);
    free(after);
}

/* Without its cursor file and its first segments a stream stands where it was opened to stand. */
static void
test_survey_of_a_pruned_stream(void **state)
{
    struct bench *bench = *state;
    struct spool_standing standing;
    char path[256];
    for (unsigned i = 1; i <= 6; i++)
        put_file(bench->spool, i, 10);
    assert_int_equal(0, spool_set_cursor(bench->spool, 60, NULL));
    use_for(bench->spool, 100);
    assert_true(spool_first(bench->spool) > 1);
    assert_int_equal(0, spool_survey(bench->folder, &standing, NULL));
    assert_int_equal(72, standing.last);
    assert_int_equal(60, standing.cursor);
    stream_path(bench, path);
    assert_int_equal(0, unlink(folder_path(path, "cursor")));
    assert_int_equal(0, spool_survey(bench->folder, &standing, NULL));
    bench_reopen(bench);
    assert_int_equal(spool_last(bench->spool), standing.last);
    assert_int_equal(spool_cursor(bench->spool), standing.cursor);
}

/* Pages reach the disk in any order: the end of the unfinished group may be there, its middle not.
 */
static void
test_torn_in_the_middle(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    put_file(bench->spool, 1, 2);
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    size_t from = data_end(bench, bytes, size);
    free(bytes);
    put_file(bench->spool, 2, 8);
    bytes = slurp(path, &size);
    memset(bytes + from + 200, 0, 100);
    spew(path, bytes, size);
    bench_reopen(bench);
    assert_int_equal(4, spool_last(bench->spool));
    assert_string_equal("file2.csv\n", bench->lost);
    assert_int_equal(5, put_file(bench->spool, 2, 8));
    bench_reopen(bench);
    assert_int_equal(14, spool_last(bench->spool));
    free(bytes);
}

/* Any one flipped byte in a group that is not the last: that group is lost and named, if its
 * beginning is left; the others go over. */
static void
test_flipped_byte(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    put_file(bench->spool, 1, 1);
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    size_t from = data_end(bench, bytes, size);
    free(bytes);
    put_file(bench->spool, 2, 1);
    bytes = slurp(path, &size);
    size_t to = data_end(bench, bytes, size);
    free(bytes);
    put_file(bench->spool, 3, 1);
    put_file(bench->spool, 4, 1);
    assert_int_equal(0, spool_set_cursor(bench->spool, 3, NULL));
    bytes = slurp(path, &size);
    char name[2 * WIRE_STREAM_ID + 1];
    hash_hex(spool_stream_id(bench->spool), WIRE_STREAM_ID, name);
    for (size_t at = from; at < to; at += 3) {
        struct bench other = *bench;
        folder_make(other.folder);
        folder_copy(bench->folder, other.folder);
        (void)snprintf(path, sizeof path, "%s/%s/0000000000000001.seg", other.folder, name);
        bytes[at] ^= 0x10;
        spew(path, bytes, size);
        bytes[at] ^= 0x10;
        other.settings.folder = other.folder;
        other.settings.events.context = &other;
        other.spool = NULL;
        bench_open(&other);
        assert_memory_not_equal(spool_stream_id(bench->spool), spool_stream_id(other.spool), 16);
        assert_int_equal(9, spool_last(other.spool));   /* files 1, 3 and 4 */
        assert_int_equal(3, spool_cursor(other.spool)); /* file 1 has its receipt */
        assert_string_equal("file3.csv", get_record(other.spool, 4).as.begin.name);
        assert_true(knows(other.spool, 1));
        assert_false(knows(other.spool, 2));
        assert_true(knows(other.spool, 4));
        assert_non_null(strstr(other.said, "damaged"));
        (void)snprintf(path, sizeof path, "%s/%s/0000000000000001.seg.damaged", other.folder, name);
        assert_int_equal(0, access(path, R_OK));
        bench_reopen(&other); /* once is enough */
        assert_string_equal("", other.said);
        assert_int_equal(9, spool_last(other.spool));
        assert_true(knows(other.spool, 1));
        spool_close(other.spool);
        folder_remove(other.folder);
    }
    free(bytes);
}

/* A damaged last group is cut like a torn one, unless the cursor proves that it was whole. */
static void
test_damaged_last_group(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    put_file(bench->spool, 1, 1);
    put_file(bench->spool, 2, 1);
    assert_int_equal(0, spool_set_cursor(bench->spool, 6, NULL));
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    bytes[data_end(bench, bytes, size) - 6] ^= 1;
    spew(path, bytes, size);
    bench_reopen(bench);
    assert_non_null(strstr(bench->said, "had their receipt"));
    assert_int_equal(3, spool_last(bench->spool));   /* what can be read, for a restored ledger */
    assert_int_equal(3, spool_cursor(bench->spool)); /* all had their receipts */
    assert_true(knows(bench->spool, 1));
    free(bytes);
}

static void
test_damaged_header(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    put_file(bench->spool, 1, 1);
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    bytes[20] ^= 1;
    spew(path, bytes, size);
    bench_reopen(bench);
    assert_non_null(strstr(bench->said, "header"));
    assert_int_equal(3, spool_last(bench->spool));
    assert_true(knows(bench->spool, 1));
    free(bytes);
}

/* What was removed with age is not told as lost when the rest is damaged. */
static void
test_damage_behind_what_was_removed(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0;
    for (unsigned i = 1; i <= 10; i++)
        put_file(bench->spool, i, 8); /* 10 records each, one or two files a segment */
    assert_int_equal(0, unlink(segment_path(bench, 1, path)));
    uint64_t second = 11;
    while (access(segment_path(bench, second, path), F_OK) != 0)
        second += 10;
    uint8_t *bytes = slurp(path, &size);
    bytes[200] ^= 1;
    spew(path, bytes, size);
    free(bytes);
    bench_reopen(bench);
    assert_non_null(strstr(bench->said, "damaged"));
    assert_null(strstr(bench->said, "records 1 to"));
    assert_true(knows(bench->spool, 10));
}

/* A crash while a segment is made: no header yet, or only the name. */
static void
test_headless_segment(void **state)
{
    struct bench *bench = *state;
    char path[256];
    static const uint8_t zeros[2048];
    put_file(bench->spool, 1, 1);
    for (int i = 0; i < 2; i++) {
        segment_path(bench, spool_last(bench->spool) + 1, path);
        spew(path, zeros, i == 0 ? 0 : sizeof zeros);
        bench_reopen(bench);
        assert_non_null(strstr(bench->said, "without records"));
        assert_int_equal(3 + 3 * i, spool_last(bench->spool));
        put_file(bench->spool, 2 + (unsigned)i, 1);
        bench_reopen(bench);
        assert_string_equal("", bench->said);
    }
    assert_int_equal(9, spool_last(bench->spool));
}

/* A crash while a segment is made because a write to the one before had failed: what that write
 * left there counts as it does when no segment follows, at this opening and at the next. */
static void
test_headless_behind_a_failed_write(void **state)
{
    struct bench *bench = *state;
    char path[256];
    put_file(bench->spool, 1, 1);
    put_file(bench->spool, 2, 1); /* written whole, but its sync failed, */
    segment_path(bench, 4, path); /* so that a segment was to begin with its number */
    spew(path, (const uint8_t *)"", 0);
    bench_reopen(bench);
    assert_non_null(strstr(bench->said, "without records"));
    assert_int_equal(6, spool_last(bench->spool));
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    assert_int_equal(6, spool_last(bench->spool));
    assert_int_equal(7, put_file(bench->spool, 3, 1));
}

/* A segment in the middle is gone: what is left goes over. */
static void
test_missing_segment(void **state)
{
    struct bench *bench = *state;
    char path[256];
    for (unsigned i = 1; i <= 10; i++)
        put_file(bench->spool, i, 8); /* 10 records each, one or two files a segment */
    uint64_t second = 0;
    for (unsigned i = 1; i < 10 && !second; i++)
        if (access(segment_path(bench, i * 10 + 1, path), F_OK) == 0)
            second = i * 10 + 1;
    assert_int_not_equal(0, second);
    assert_int_equal(0, unlink(segment_path(bench, second, path)));
    bench_reopen(bench);
    assert_non_null(strstr(bench->said, "cannot be read"));
    assert_in_range(spool_last(bench->spool), 70, 90);
    assert_true(knows(bench->spool, 1));
    assert_true(knows(bench->spool, 10));
    assert_string_equal("file1.csv", get_record(bench->spool, 1).as.begin.name);
}

static void
test_newer_format_is_left_alone(void **state)
{
    struct bench *bench = *state;
    char path[256];
    size_t size = 0, again = 0;
    put_file(bench->spool, 1, 1);
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    bytes[8] = 2;
    uint32_t crc = hash_crc32c(0, bytes, 92);
    for (int i = 0; i < 4; i++)
        bytes[92 + i] = (uint8_t)(crc >> (8 * i));
    spew(path, bytes, size);
    spool_close(bench->spool);
    bench->spool = NULL;
    struct err_note note = { { 0 } };
    assert_int_equal(ERR_VERSION, spool_open(&bench->settings, T0, &bench->spool, &note));
    assert_non_null(strstr(note.text, "newer release"));
    uint8_t *after = slurp(path, &again);
    assert_int_equal(size, again);
    assert_memory_equal(bytes, after, size);
    free(bytes);
    free(after);
}

/* Without `current` the stream written last is taken. */
static void
test_current_is_lost(void **state)
{
    struct bench *bench = *state;
    char path[256];
    put_file(bench->spool, 1, 1);
    (void)snprintf(path, sizeof path, "%s/current", bench->folder);
    assert_int_equal(0, unlink(path));
    bench_reopen(bench);
    assert_int_equal(3, spool_last(bench->spool));
    folder_put(bench->folder, "current", "not an id\n");
    bench_reopen(bench);
    assert_int_equal(3, spool_last(bench->spool));
}

/* A write that fails (no space): nothing has changed, and the next one goes on. */
static void
test_disk_full(void **state)
{
    struct bench *bench = *state;
    char path[256];
    uint64_t first = 0;
    put_file(bench->spool, 1, 1);
    stream_path(bench, path);
    for (unsigned number = 2; number < 12; number++) { /* fills the segment, then needs a new one */
        char next[256];
        segment_path(bench, spool_last(bench->spool) + 1, next);
        assert_int_equal(0, mkdir(next, 0700)); /* in its way */
        int code = put_file_code(bench->spool, number, 4, &first);
        assert_int_equal(0, rmdir(next));
        if (code == 0)
            continue;
        uint64_t last = spool_last(bench->spool);
        assert_int_equal(3 + 6 * (number - 2), last);
        assert_int_equal(last + 1, put_file(bench->spool, number, 4));
        bench_reopen(bench);
        assert_string_equal("", bench->said);
        assert_int_equal(last + 6, spool_last(bench->spool));
        return;
    }
    fail_msg("no segment was full");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_torn_tail),
        CASE(test_torn_in_the_middle),
        CASE(test_survey_touches_nothing),
        CASE(test_survey_of_a_pruned_stream),
        CASE(test_flipped_byte),
        CASE(test_damaged_last_group),
        CASE(test_damaged_header),
        CASE(test_damage_behind_what_was_removed),
        CASE(test_headless_segment),
        CASE(test_headless_behind_a_failed_write),
        CASE(test_missing_segment),
        CASE(test_newer_format_is_left_alone),
        CASE(test_current_is_lost),
        CASE(test_disk_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
