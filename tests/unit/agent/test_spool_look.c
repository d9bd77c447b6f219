/* SPDX-License-Identifier: GPL-3.0-or-later
 * A close look at a spool: it names what is damaged, and changes nothing. */
#include "tests/unit/agent/spooling.h"

#include "agent/spool_format.h"
#include "agent/spool_look.h"
#include "tests/fakes/seldom.h"

/* What the look told, a line each. */
struct told {
    struct spool_look look;
    char text[2048];
};

static void tell(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
tell(struct told *told, const char *format, ...)
{
    size_t used = strlen(told->text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(told->text + used, sizeof told->text - used, format, args);
    va_end(args);
}

static int
on_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    tell(context, "%s %" PRIu64 "-%" PRIu64 "\n", begin->name, first, last);
    return 0;
}

static int
on_gap(void *context, uint64_t first, uint64_t last)
{
    tell(context, "gap %" PRIu64 "-%" PRIu64 "\n", first, last);
    return 0;
}

static int
on_lost(void *context, const struct record_begin *begin)
{
    tell(context, "lost %s\n", begin->name);
    return 0;
}

static int
on_aside(void *context, const char *path)
{
    tell(context, "aside %s\n", strrchr(path, '/') + 1);
    return 0;
}

static void
look(const struct bench *bench, struct told *told)
{
    struct err_note note = { { 0 } };
    *told = (struct told){ .look = { .context = told,
                                     .file = on_file,
                                     .gap = on_gap,
                                     .lost = on_lost,
                                     .aside = on_aside } };
    int code = spool_look(bench->folder, &told->look, &note);
    if (code)
        fail_msg("spool_look: %d %s", code, note.text);
}

/* Flips a bit of record `seq`'s payload; the spool must hold it in its first segment. */
static void
damage(const struct bench *bench, uint64_t seq)
{
    struct segment_record record;
    char path[256];
    size_t size = 0, at = SEGMENT_HEAD;
    segment_path(bench, 1, path);
    uint8_t *bytes = slurp(path, &size);
    while (segment_record_unpack(bytes + at, size - at, spool_stream_id(bench->spool), at,
                                 &record) == 0 &&
           record.seq < seq)
        at += RECORD_FRAME + record.size;
    bytes[at + RECORD_HEAD] ^= 1;
    spew(path, bytes, size);
    free(bytes);
}

static void
test_a_whole_spool(void **state)
{
    struct bench *bench = *state;
    struct told told;
    look(bench, &told);
    assert_string_equal("", told.text);
    assert_int_equal(0, told.look.first);
    for (unsigned i = 1; i <= 6; i++)
        put_file(bench->spool, i, 10);
    assert_int_equal(0, spool_set_cursor(bench->spool, 60, NULL));
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 36, NULL));
    look(bench, &told);
    assert_string_equal("file1.csv 1-12\nfile2.csv 13-24\nfile3.csv 25-36\nfile4.csv 37-48\n"
                        "file5.csv 49-60\nfile6.csv 61-72\n",
                        told.text);
    assert_null(told.look.fault_en);
    assert_false(told.look.is_torn);
    assert_int_equal(72, told.look.standing.last);
    assert_int_equal(60, told.look.standing.cursor);
    assert_int_equal(36, told.look.safe_upto);
    assert_int_equal(1, told.look.streams);
    assert_true(told.look.segments > 1);
    assert_int_equal(spool_bytes(bench->spool), told.look.bytes);
}

/* What was removed by age is no gap, and without its cursor file the stream stands behind it. */
static void
test_a_pruned_spool(void **state)
{
    struct bench *bench = *state;
    struct told told;
    char path[256];
    for (unsigned i = 1; i <= 6; i++)
        put_file(bench->spool, i, 10);
    assert_int_equal(0, spool_set_cursor(bench->spool, 60, NULL));
    use_for(bench->spool, 100);
    stream_path(bench, path);
    assert_int_equal(0, unlink(folder_path(path, "cursor")));
    look(bench, &told);
    assert_null(strstr(told.text, "gap"));
    assert_int_equal(spool_first(bench->spool), told.look.first);
    assert_int_equal(spool_first(bench->spool) - 1, told.look.standing.cursor);
}

static void
test_damage_is_named_and_left(void **state)
{
    struct bench *bench = *state;
    struct told told;
    char path[256];
    size_t size = 0, again = 0;
    for (unsigned i = 1; i <= 3; i++)
        put_file(bench->spool, i, 2);
    damage(bench, 6);
    segment_path(bench, 1, path);
    uint8_t *before = slurp(path, &size);
    look(bench, &told);
    assert_string_equal("file1.csv 1-4\nlost file2.csv\ngap 5-8\nfile3.csv 9-12\n", told.text);
    assert_string_equal("0000000000000001.seg", told.look.fault_segment);
    assert_string_equal("a bad record with good ones behind it", told.look.fault_en);
    uint8_t *after = slurp(path, &again);
    assert_int_equal(size, again);
    assert_memory_equal(before, after, size);
    bench_reopen(bench); /* which saves what is legible */
    look(bench, &told);
    assert_null(told.look.fault_en);
    assert_string_equal("file1.csv 1-4\nfile3.csv 5-8\naside 0000000000000001.seg.damaged\n",
                        told.text);
    assert_int_equal(2, told.look.streams);
    free(before);
    free(after);
}

/* The last group: torn as long as nobody has its receipt, damage from then on. */
static void
test_a_torn_end(void **state)
{
    struct bench *bench = *state;
    struct told told;
    put_file(bench->spool, 1, 2);
    put_file(bench->spool, 2, 2);
    damage(bench, 7);
    look(bench, &told);
    assert_true(told.look.is_torn);
    assert_null(told.look.fault_en);
    assert_string_equal("file1.csv 1-4\nlost file2.csv\n", told.text);
    assert_int_equal(4, told.look.standing.last);
    assert_int_equal(0, spool_set_cursor(bench->spool, 8, NULL));
    look(bench, &told);
    assert_string_equal("records that had their receipt cannot be read", told.look.fault_en);
    assert_string_equal("file1.csv 1-4\nlost file2.csv\ngap 5-8\n", told.text);
}

/* ---- reading a record ---- */

/* A signal is nothing; a file that ends too early, or cannot be read, is said and read again. */
static void
test_a_record_that_is_read_with_pains(void **state)
{
    static const struct {
        long result;
        int error, want;
    } rows[] = { { -1, EINTR, 0 }, { 0, 0, ERR_DAMAGED }, { -1, EIO, -EIO } };
    struct bench *bench = *state;
    for (uint8_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[WIRE_RECORD_MAX];
        size_t size = 77;
        struct err_note note = { "" };
        uint64_t seq = 4 * (uint64_t)i + 2;
        put_file(bench->spool, (uint8_t)(i + 1), 2); /* new: none of it was read ahead */
        seldom_at(SELDOM_PREAD, 1, rows[i].result, rows[i].error);
        assert_int_equal(rows[i].want, spool_read(bench->spool, seq, bytes, &size, &note));
        assert_true(seldom_happened());
        assert_true(rows[i].want == 0 || (size == 77 && note.text[0] != '\0'));
        assert_int_equal(RECORD_SAMPLE, get_record(bench->spool, seq).type);
    }
}

/* Another record in the place of one, whole and of the same stream, is not taken for it. */
static void
test_a_record_in_the_place_of_another(void **state)
{
    struct bench *bench = *state;
    struct segment_record record;
    uint8_t got[WIRE_RECORD_MAX];
    size_t size = 0, got_size = 0;
    char path[256];
    put_file(bench->spool, 1, 2);
    const uint8_t *id = spool_stream_id(bench->spool);
    uint8_t *bytes = slurp(segment_path(bench, 1, path), &size);
    assert_int_equal(0, segment_record_unpack(bytes + SEGMENT_HEAD, size - SEGMENT_HEAD, id,
                                              SEGMENT_HEAD, &record));
    uint8_t *payload = malloc(record.size);
    assert_non_null(payload);
    memcpy(payload, record.payload, record.size);
    record.payload = payload;
    record.seq = 3;
    segment_record_pack(&record, id, SEGMENT_HEAD, bytes + SEGMENT_HEAD);
    spew(path, bytes, size);
    assert_int_equal(ERR_DAMAGED, spool_read(bench->spool, 1, got, &got_size, NULL));
    free(payload);
    free(bytes);
}

/* Names that look like streams and segments, and are none. */
static void
test_names_that_are_none(void **state)
{
    static const char *const folders[] = { "0123456789abcdef0123456789abcdeX",
                                           "0123456789abcdef0123456789abcdef.old" };
    static const char *const files[] = { "0000000000000001.txt", "0000000000000001.seg.old",
                                         "00000000000000ff.seg.damage", "x.damaged" };
    struct bench *bench = *state;
    struct told told;
    char path[256];
    put_file(bench->spool, 1, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(0, mkdir(folder_path(bench->folder, folders[i]), 0700));
    stream_path(bench, path);
    for (size_t i = 0; i < 4; i++)
        folder_put(path, files[i], "nothing of ours");
    look(bench, &told);
    assert_string_equal("file1.csv 1-4\naside x.damaged\n", told.text);
    assert_int_equal(1, told.look.streams);
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    assert_int_equal(4, spool_last(bench->spool));
    assert_int_equal(0, spool_size(bench->spool, 5)); /* not here */
    assert_int_equal(0, spool_filled(bench->spool));  /* without a limit */
    spool_limit(bench->spool, 1, 90);
    assert_int_equal(100, spool_filled(bench->spool));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_a_whole_spool),
        CASE(test_a_pruned_spool),
        CASE(test_damage_is_named_and_left),
        CASE(test_a_torn_end),
        CASE(test_a_record_that_is_read_with_pains),
        CASE(test_a_record_in_the_place_of_another),
        CASE(test_names_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
