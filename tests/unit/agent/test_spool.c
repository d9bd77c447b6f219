/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/agent/spooling.h"

#include "agent/spool_format.h"

static void
test_new_spool_is_empty(void **state)
{
    struct bench *bench = *state;
    uint8_t hash[HASH_SIZE], start[HASH_SIZE];
    assert_int_equal(1, spool_first(bench->spool));
    assert_int_equal(0, spool_last(bench->spool));
    assert_int_equal(0, spool_cursor(bench->spool));
    hash_chain_start(spool_stream_id(bench->spool), start);
    assert_int_equal(0, spool_chain(bench->spool, 0, hash));
    assert_memory_equal(start, hash, HASH_SIZE);
    assert_int_equal(ERR_ABSENT, spool_chain(bench->spool, 1, hash));
    assert_int_equal(0, spool_group_last(bench->spool, 1));
}

static void
test_append_read_reopen(void **state)
{
    struct bench *bench = *state;
    uint8_t id[WIRE_STREAM_ID], chain[HASH_SIZE], again[HASH_SIZE];
    memcpy(id, spool_stream_id(bench->spool), sizeof id);
    assert_int_equal(1, put_file(bench->spool, 1, 3));
    assert_int_equal(6, put_file(bench->spool, 2, 1));
    assert_int_equal(0, spool_chain(bench->spool, 8, chain));
    for (int pass = 0; pass < 2; pass++) {
        assert_memory_equal(id, spool_stream_id(bench->spool), sizeof id);
        assert_int_equal(8, spool_last(bench->spool));
        assert_int_equal(5, spool_group_last(bench->spool, 1));
        assert_int_equal(5, spool_group_last(bench->spool, 5));
        assert_int_equal(8, spool_group_last(bench->spool, 6));
        assert_string_equal("file1.csv", get_record(bench->spool, 1).as.begin.name);
        assert_string_equal("1003", get_record(bench->spool, 4).as.sample.value);
        assert_int_equal(RECORD_FILE_END, get_record(bench->spool, 8).type);
        assert_int_equal(0, spool_chain(bench->spool, 8, again));
        assert_memory_equal(chain, again, HASH_SIZE);
        assert_true(knows(bench->spool, 1));
        assert_true(knows(bench->spool, 2));
        assert_false(knows(bench->spool, 3));
        bench_reopen(bench);
        assert_string_equal("", bench->said);
    }
}

static void
test_chain_is_the_protocols(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 2);
    uint8_t hash[HASH_SIZE], own[HASH_SIZE], bytes[WIRE_RECORD_MAX];
    hash_chain_start(spool_stream_id(bench->spool), hash);
    for (uint64_t seq = 1; seq <= 4; seq++) {
        size_t size = 0;
        assert_int_equal(0, spool_read(bench->spool, seq, bytes, &size, NULL));
        assert_int_equal(size, spool_size(bench->spool, seq));
        hash_chain(hash, seq, bytes, size, hash);
        assert_int_equal(0, spool_chain(bench->spool, seq, own));
        assert_memory_equal(hash, own, HASH_SIZE);
    }
}

/* The worked example of spool.h. */
static void
test_format_example(void **state)
{
    (void)state;
    static const uint8_t expected[] = {
        0x03, 0x00, 0x00, 0x00, 0x01, 0x03, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x47, 0x09, 0x96, 0xa3, 0xef, 0xa2, 0x2d, 0x63, 0xd0, 0xf5,
        0xc3, 0xee, 0xdc, 0xae, 0xad, 0x4d, 'a',  'b',  'c',  0xaa, 0x9e, 0x5e, 0x50,
    };
    uint8_t id[WIRE_STREAM_ID], chain[HASH_SIZE], bytes[64];
    for (uint8_t i = 0; i < sizeof id; i++)
        id[i] = i;
    hash_chain_start(id, chain);
    hash_chain(chain, 1, "abc", 3, chain);
    struct segment_record record = { .type = 1, .flags = 3, .seq = 1, .size = 3 };
    record.payload = (const uint8_t *)"abc";
    memcpy(record.chain, chain, sizeof record.chain);
    segment_record_pack(&record, id, 96, bytes);
    assert_memory_equal(expected, bytes, sizeof expected);
    assert_int_equal(0, segment_record_unpack(bytes, sizeof expected, id, 96, &record));
    assert_int_equal(ERR_DAMAGED, segment_record_unpack(bytes, sizeof expected, id, 97, &record));
    assert_int_equal(ERR_DAMAGED,
                     segment_record_unpack(bytes, sizeof expected - 1, id, 96, &record));
}

static void
test_group_never_spans_segments(void **state)
{
    struct bench *bench = *state;
    char path[256];
    for (unsigned i = 1; i <= 20; i++)
        put_file(bench->spool, i, 4);
    put_file(bench->spool, 21, 100); /* larger than a segment */
    put_file(bench->spool, 22, 1);
    size_t segments = count_names(stream_path(bench, path), ".seg");
    assert_in_range(segments, 5, 22);
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    assert_int_equal(20 * 6 + 102 + 3, spool_last(bench->spool));
    assert_string_equal("file21.csv", get_record(bench->spool, 121).as.begin.name);
    assert_string_equal("21100", get_record(bench->spool, 221).as.sample.value);
    assert_string_equal("20004", get_record(bench->spool, 119).as.sample.value);
    assert_int_equal(226, put_file(bench->spool, 23, 1));
}

static void
test_refuses_bad_groups(void **state)
{
    struct bench *bench = *state;
    uint64_t first = 0;
    struct spool_payload payload = { RECORD_SAMPLE, (const uint8_t *)"x", 0 };
    assert_int_equal(ERR_RANGE, spool_append(bench->spool, &payload, 1, T0, &first, NULL));
    payload.size = WIRE_RECORD_MAX + 1;
    assert_int_equal(ERR_RANGE, spool_append(bench->spool, &payload, 1, T0, &first, NULL));
    assert_int_equal(ERR_RANGE, spool_append(bench->spool, &payload, 0, T0, &first, NULL));
    uint8_t bytes[WIRE_RECORD_MAX];
    size_t size = 0;
    assert_int_equal(ERR_ABSENT, spool_read(bench->spool, 1, bytes, &size, NULL));
    assert_int_equal(0, spool_last(bench->spool));
}

/* ---- cursor ---- */

static void
test_cursor(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 1);
    put_file(bench->spool, 2, 1);
    assert_int_equal(ERR_RANGE, spool_set_cursor(bench->spool, 7, NULL));
    assert_int_equal(0, spool_set_cursor(bench->spool, 3, NULL));
    bench_reopen(bench);
    assert_int_equal(3, spool_cursor(bench->spool));
    assert_int_equal(0, spool_set_cursor(bench->spool, 6, NULL));
    assert_int_equal(0, spool_set_cursor(bench->spool, 3, NULL)); /* never back */
    bench_reopen(bench);
    assert_int_equal(6, spool_cursor(bench->spool));
}

/* Any one byte of the slot written last may be wrong: the other slot counts. */
static void
test_cursor_slots(void **state)
{
    struct bench *bench = *state;
    char path[300];
    put_file(bench->spool, 1, 1);
    put_file(bench->spool, 2, 1);
    assert_int_equal(0, spool_set_cursor(bench->spool, 3, NULL));
    assert_int_equal(0, spool_set_cursor(bench->spool, 6, NULL));
    char stream[256];
    (void)snprintf(path, sizeof path, "%s/cursor", stream_path(bench, stream));
    size_t size = 0;
    uint8_t *bytes = slurp(path, &size);
    assert_in_range(size, CURSOR_SLOT, CURSOR_SLOT_STEP + CURSOR_SLOT);
    struct cursor_slot slot;
    assert_int_equal(0, cursor_slot_unpack(bytes, &slot)); /* generation 2 lies at 0 */
    assert_int_equal(2, slot.generation);
    for (size_t i = 0; i < CURSOR_SLOT; i++) {
        bytes[i] ^= 0x40;
        spew(path, bytes, size);
        bytes[i] ^= 0x40;
        bench_reopen(bench);
        assert_int_equal(3, spool_cursor(bench->spool));
    }
    assert_int_equal(0, unlink(path));
    bench_reopen(bench);
    assert_int_equal(0, spool_cursor(bench->spool)); /* lost: everything is sent again */
    assert_string_equal("", bench->said);
    free(bytes);
}

/* Of two good slots the one written last counts, whatever the other one says. */
static void
test_cursor_generations(void **state)
{
    struct bench *bench = *state;
    char path[300], stream[256];
    uint8_t bytes[CURSOR_SLOT_STEP + CURSOR_SLOT] = { 0 };
    put_file(bench->spool, 1, 1);
    put_file(bench->spool, 2, 1);
    (void)snprintf(path, sizeof path, "%s/cursor", stream_path(bench, stream));
    for (uint64_t newer = 0; newer < 2; newer++) {
        struct cursor_slot slots[2] = { { .generation = 7 - newer, .cursor = newer ? 6 : 3 },
                                        { .generation = 6 + newer, .cursor = newer ? 3 : 6 } };
        for (size_t i = 0; i < 2; i++) {
            memcpy(slots[i].stream, spool_stream_id(bench->spool), WIRE_STREAM_ID);
            cursor_slot_pack(&slots[i], bytes + i * CURSOR_SLOT_STEP);
        }
        spew(path, bytes, sizeof bytes);
        bench_reopen(bench);
        assert_int_equal(3, spool_cursor(bench->spool));
    }
    struct cursor_slot last = { .generation = INT64_MAX };
    cursor_slot_pack(&last, bytes);
    assert_int_equal(0, cursor_slot_unpack(bytes, &last));
    last.generation++; /* from here on it could not go up for ever */
    cursor_slot_pack(&last, bytes);
    assert_int_equal(ERR_DAMAGED, cursor_slot_unpack(bytes, &last));
}

/* ---- fork ---- */

static void
test_fork(void **state)
{
    struct bench *bench = *state;
    uint8_t id[WIRE_STREAM_ID];
    memcpy(id, spool_stream_id(bench->spool), sizeof id);
    put_file(bench->spool, 1, 2);
    put_file(bench->spool, 2, 3);
    put_file(bench->spool, 3, 1);
    assert_int_equal(0, spool_set_cursor(bench->spool, 4, NULL));
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 4, NULL));
    assert_int_equal(0, spool_fork(bench->spool, spool_safe_upto(bench->spool), T0, NULL));
    for (int pass = 0; pass < 2; pass++) {
        assert_memory_not_equal(id, spool_stream_id(bench->spool), sizeof id);
        assert_int_equal(1, spool_first(bench->spool));
        assert_int_equal(8, spool_last(bench->spool));
        assert_int_equal(0, spool_cursor(bench->spool));
        assert_string_equal("file2.csv", get_record(bench->spool, 1).as.begin.name);
        assert_string_equal("3001", get_record(bench->spool, 7).as.sample.value);
        assert_int_equal(5, spool_group_last(bench->spool, 1));
        for (unsigned i = 1; i <= 3; i++)
            assert_true(knows(bench->spool, i)); /* also what stayed in the old stream */
        bench_reopen(bench);
        assert_string_equal("", bench->said);
    }
    assert_int_equal(9, put_file(bench->spool, 4, 1));
}

/* What no backup holds goes along, with or without a receipt: a ledger that is restored asks for
 * it.
 */
static void
test_fork_takes_what_is_not_safe(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 2); /* 1-4 in a backup, */
    put_file(bench->spool, 2, 3); /* 5-9 in part, */
    put_file(bench->spool, 3, 1); /* 10-12 not; these have their receipts, */
    put_file(bench->spool, 4, 1); /* 13-15 not even that */
    assert_int_equal(0, spool_set_cursor(bench->spool, 12, NULL));
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 6, NULL));
    bench_reopen(bench);
    assert_int_equal(6, spool_safe_upto(bench->spool));
    assert_int_equal(0, spool_fork(bench->spool, spool_safe_upto(bench->spool), T0, NULL));
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(11, spool_last(bench->spool));
        assert_int_equal(8, spool_cursor(bench->spool));
        assert_int_equal(0, spool_safe_upto(bench->spool)); /* these numbers are in no backup */
        assert_string_equal("file2.csv", get_record(bench->spool, 1).as.begin.name);
        assert_string_equal("file4.csv", get_record(bench->spool, 9).as.begin.name);
        bench_reopen(bench);
        assert_string_equal("", bench->said);
    }
}

/* A backup may hold what has no receipt yet: the answers to it were lost. */
static void
test_fork_takes_what_has_no_receipt(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 2);
    put_file(bench->spool, 2, 3);
    assert_int_equal(0, spool_set_cursor(bench->spool, 4, NULL));
    assert_int_equal(0, spool_fork(bench->spool, 9, T0, NULL));
    assert_int_equal(5, spool_last(bench->spool));
    assert_int_equal(0, spool_cursor(bench->spool));
    assert_string_equal("file2.csv", get_record(bench->spool, 1).as.begin.name);
}

static void
test_fork_of_nothing(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 2);
    assert_int_equal(0, spool_set_cursor(bench->spool, 4, NULL));
    assert_int_equal(0, spool_fork(bench->spool, 4, T0, NULL));
    assert_int_equal(0, spool_last(bench->spool));
    assert_int_equal(0, count_names(bench->folder, ".new"));
    bench_reopen(bench);
    assert_true(knows(bench->spool, 1));
}

/* A crash before `current` is written leaves the old stream in use, whatever lies beside it. */
static void
test_fork_cut_off(void **state)
{
    struct bench *bench = *state;
    char path[256], beside[256];
    uint8_t id[WIRE_STREAM_ID];
    size_t size = 0;
    memcpy(id, spool_stream_id(bench->spool), sizeof id);
    put_file(bench->spool, 1, 2);
    (void)snprintf(path, sizeof path, "%s/current", bench->folder);
    uint8_t *current = slurp(path, &size);
    assert_int_equal(0, spool_fork(bench->spool, 0, T0, NULL));
    spew(path, current, size); /* as if the last step had not come */
    free(current);
    (void)snprintf(beside, sizeof beside, "%s/0123456789abcdef0123456789abcdef.new", bench->folder);
    assert_int_equal(0, mkdir(beside, 0700));
    folder_put(beside, "0000000000000001.seg", "half");
    bench_reopen(bench);
    assert_memory_equal(id, spool_stream_id(bench->spool), sizeof id);
    assert_int_equal(4, spool_last(bench->spool));
    assert_int_equal(0, count_names(bench->folder, ".new"));
    assert_true(knows(bench->spool, 1));
}

/* ---- limits ---- */

static void
test_retention(void **state)
{
    struct bench *bench = *state;
    uint8_t hash[HASH_SIZE], before[HASH_SIZE];
    for (unsigned i = 1; i <= 30; i++)
        put_file(bench->spool, i, 4);
    assert_int_equal(0, spool_set_cursor(bench->spool, 90, NULL));
    use_for(bench->spool, 90);
    assert_int_equal(1, spool_first(bench->spool)); /* too young */
    assert_int_equal(0, spool_chain(bench->spool, 60, before));
    bench_reopen(bench); /* days before a restart count as well */
    use_for(bench->spool, 1);
    uint64_t first = spool_first(bench->spool);
    assert_in_range(first, 2, 91); /* what has no receipt stays, whatever its age */
    assert_string_equal("", bench->said);
    bench_reopen(bench);
    assert_int_equal(first, spool_first(bench->spool));
    assert_int_equal(180, spool_last(bench->spool));
    assert_int_equal(90, spool_cursor(bench->spool));
    assert_int_equal(0, spool_chain(bench->spool, first - 1, hash));
    assert_int_equal(ERR_ABSENT, spool_chain(bench->spool, first - 2, hash));
    assert_string_equal("30004", get_record(bench->spool, 179).as.sample.value);
    if (first <= 60) {
        assert_int_equal(0, spool_chain(bench->spool, 60, hash));
        assert_memory_equal(before, hash, HASH_SIZE);
    }
}

/* Where backups are made, nothing goes before one holds it. */
static void
test_retention_with_backups(void **state)
{
    struct bench *bench = *state;
    for (unsigned i = 1; i <= 30; i++)
        put_file(bench->spool, i, 4);
    assert_int_equal(0, spool_set_cursor(bench->spool, 180, NULL));
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 60, NULL));
    use_for(bench->spool, 1000);
    uint64_t first = spool_first(bench->spool);
    assert_in_range(first, 2, 61);
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 120, NULL));
    use_for(bench->spool, 1);
    assert_in_range(spool_first(bench->spool), first + 1, 121);
    /* a ledger restored from an earlier backup takes its promise back */
    first = spool_first(bench->spool);
    assert_int_equal(0, spool_set_safe_upto(bench->spool, 60, NULL));
    use_for(bench->spool, 1000);
    assert_int_equal(first, spool_first(bench->spool));
    /* only for lack of room, and then it is told */
    spool_limit(bench->spool, 4 * 2048, 90);
    for (unsigned i = 31; i <= 40; i++) {
        put_file(bench->spool, i, 4);
        assert_int_equal(0, spool_set_cursor(bench->spool, spool_last(bench->spool), NULL));
    }
    assert_non_null(strstr(bench->said, "no backup of the collector's ledger is known to hold"));
}

/* A wall clock that jumps removes nothing: only days in use count, and a lost count keeps more. */
static void
test_retention_without_the_count(void **state)
{
    struct bench *bench = *state;
    char path[256];
    use_for(bench->spool, 400);
    for (unsigned i = 1; i <= 30; i++)
        put_file(bench->spool, i, 4);
    assert_int_equal(0, spool_set_cursor(bench->spool, 180, NULL));
    (void)snprintf(path, sizeof path, "%s/uptime", bench->folder);
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 0)
            assert_int_equal(0, unlink(path));
        else
            folder_put(bench->folder, "uptime", "nonsense");
        bench_reopen(bench);
        use_for(bench->spool, 40);
        assert_int_equal(1, spool_first(bench->spool));
    }
    use_for(bench->spool, 91);
    assert_true(spool_first(bench->spool) > 1);
}

static void
test_old_streams_go_with_age(void **state)
{
    struct bench *bench = *state;
    put_file(bench->spool, 1, 2);
    assert_int_equal(0, spool_set_cursor(bench->spool, 4, NULL));
    assert_int_equal(0, spool_fork(bench->spool, 4, T0, NULL));
    use_for(bench->spool, 89);
    bench_reopen(bench);
    assert_true(knows(bench->spool, 1));
    use_for(bench->spool, 2);
    assert_non_null(strstr(bench->said, "was removed"));
    bench_reopen(bench);
    assert_false(knows(bench->spool, 1));
}

static void
test_limit(void **state)
{
    struct bench *bench = *state;
    uint64_t first = 0;
    unsigned number = 1;
    bench->settings.max_bytes = 5 * 2048;
    bench_reopen(bench);
    int filled = spool_filled(bench->spool);
    assert_int_equal(0, filled);
    while (put_file_code(bench->spool, number, 4, &first) == 0) {
        assert_true(spool_filled(bench->spool) > filled);
        filled = spool_filled(bench->spool);
        number++;
    }
    assert_in_range(filled, 80, 100);
    assert_int_equal(ERR_FULL, put_file_code(bench->spool, number, 4, &first));
    uint64_t last = spool_last(bench->spool);
    assert_true(spool_bytes(bench->spool) <= bench->settings.max_bytes);
    assert_int_equal(1, spool_first(bench->spool)); /* nothing without receipt went */
    assert_int_equal(0, spool_set_cursor(bench->spool, last, NULL));
    assert_int_equal(0, spool_filled(bench->spool)); /* all of it may go */
    assert_int_equal(0, put_file_code(bench->spool, number, 4, &first));
    assert_int_equal(last + 1, first);
    assert_true(spool_first(bench->spool) > 1);
    assert_non_null(strstr(bench->said, "to stay within the limit"));
    bench_reopen(bench);
    assert_int_equal(last + 6, spool_last(bench->spool));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_new_spool_is_empty),
        CASE(test_append_read_reopen),
        CASE(test_chain_is_the_protocols),
        CASE(test_format_example),
        CASE(test_group_never_spans_segments),
        CASE(test_refuses_bad_groups),
        CASE(test_cursor),
        CASE(test_cursor_slots),
        CASE(test_cursor_generations),
        CASE(test_fork),
        CASE(test_fork_takes_what_is_not_safe),
        CASE(test_fork_takes_what_has_no_receipt),
        CASE(test_fork_of_nothing),
        CASE(test_fork_cut_off),
        CASE(test_retention),
        CASE(test_retention_with_backups),
        CASE(test_retention_without_the_count),
        CASE(test_old_streams_go_with_age),
        CASE(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
