/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whichever allocation fails: the call says so, and what was durable before is there afterwards. */
#include "tests/fakes/no_memory.h"
#include "tests/unit/agent/spooling.h"

#include "agent/spool_look.h"

enum { FILES = 5, ROWS = 8, EACH = ROWS + 2 };

static void
put_files(struct bench *bench)
{
    for (unsigned i = 1; i <= FILES; i++)
        put_file(bench->spool, i, ROWS);
}

/* All files are there, and a new one can be added. */
static void
check_whole(struct bench *bench, uint64_t last)
{
    no_memory.at = 0;
    for (unsigned i = 1; i <= FILES; i++)
        assert_true(knows(bench->spool, i));
    assert_int_equal(last, spool_last(bench->spool));
    for (uint64_t seq = 1; seq <= (uint64_t)FILES * EACH; seq += EACH)
        assert_int_equal(RECORD_FILE_BEGIN, get_record(bench->spool, seq).type);
    assert_int_equal(last + 1, put_file(bench->spool, FILES + 1, 1));
}

/* Does `work` with each allocation failing in turn, in a folder of its own each time. */
static void
with_each_fault(void (*work)(struct bench *bench))
{
    long at = 0;
    do {
        void *state = NULL;
        assert_int_equal(0, bench_setup(&state));
        put_files(state);
        at++;
        no_memory = (struct nth_call){ .at = at };
        work(state);
        no_memory.at = 0;
        assert_int_equal(0, bench_teardown(&state));
    } while (no_memory.has_failed);
    assert_true(at > 1); /* there were some to fail */
}

static void
open_again(struct bench *bench)
{
    struct err_note note = { { 0 } };
    spool_close(bench->spool);
    bench->spool = NULL;
    int code = spool_open(&bench->settings, T0, &bench->spool, &note);
    no_memory.at = 0;
    if (code) {
        assert_int_equal(-ENOMEM, code);
        assert_true(no_memory.has_failed && note.text[0] != '\0');
        assert_null(bench->spool);
        bench_open(bench);
    }
}

static void
work_open(struct bench *bench)
{
    open_again(bench);
    check_whole(bench, FILES * EACH);
}

static void
test_open(void **state)
{
    (void)state;
    with_each_fault(work_open);
}

/* The second file cannot be read: the others go over into a new stream, now or at the next opening.
 */
static void
work_open_damaged(struct bench *bench)
{
    char path[256];
    size_t size = 0;
    struct nth_call fault = no_memory;
    no_memory.at = 0;
    uint8_t *bytes = slurp(segment_path(bench, 1, path), &size);
    bytes[size / 2] ^= 1;
    spew(path, bytes, size);
    free(bytes);
    no_memory = fault;
    open_again(bench);
    assert_int_equal((FILES - 1) * EACH, spool_last(bench->spool));
    for (unsigned i = 1; i <= FILES; i++)
        assert_int_equal(i != 2, knows(bench->spool, i));
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    assert_int_equal((FILES - 1) * EACH, spool_last(bench->spool));
}

static void
test_open_damaged(void **state)
{
    (void)state;
    with_each_fault(work_open_damaged);
}

/* Nothing was added, or all of it; what was forgotten for want of memory is known after the next
 * opening. */
static void
work_append(struct bench *bench)
{
    uint8_t payload[WIRE_RECORD_MAX] = { 'x' };
    const struct spool_payload group[] = { { RECORD_FILE_BEGIN, payload, sizeof payload },
                                           { RECORD_FILE_END, payload, sizeof payload } };
    uint64_t first = 0;
    int code = spool_append(bench->spool, group, 2, T0, &first, NULL);
    no_memory.at = 0;
    if (code) {
        assert_int_equal(-ENOMEM, code);
        assert_true(no_memory.has_failed);
        assert_int_equal(FILES * EACH, spool_last(bench->spool));
        assert_int_equal(0, spool_append(bench->spool, group, 2, T0, &first, NULL));
    }
    assert_int_equal(FILES * EACH + 1, first);
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    check_whole(bench, FILES * EACH + 2);
}

static void
test_append(void **state)
{
    (void)state;
    with_each_fault(work_append);
}

/* Before or after, never between. */
static void
work_fork(struct bench *bench)
{
    uint8_t before[WIRE_STREAM_ID];
    memcpy(before, spool_stream_id(bench->spool), sizeof before);
    int code = spool_fork(bench->spool, 0, T0, NULL);
    no_memory.at = 0;
    if (code) {
        assert_int_equal(-ENOMEM, code);
        assert_true(no_memory.has_failed);
    } else {
        assert_memory_not_equal(before, spool_stream_id(bench->spool), sizeof before);
    }
    bench_reopen(bench);
    assert_string_equal("", bench->said);
    assert_int_equal(0, spool_fork(bench->spool, 0, T0, NULL));
    check_whole(bench, FILES * EACH);
    assert_int_equal(0, count_names(bench->folder, ".new"));
}

static void
test_fork(void **state)
{
    (void)state;
    with_each_fault(work_fork);
}

static void
work_survey(struct bench *bench)
{
    struct spool_standing standing = { .last = 77 };
    int code = spool_survey(bench->folder, &standing, NULL);
    no_memory.at = 0;
    assert_true(code == 0 || (code == -ENOMEM && no_memory.has_failed));
    assert_int_equal(code ? 77 : FILES * EACH, standing.last);
    check_whole(bench, FILES * EACH);
}

static void
test_survey(void **state)
{
    (void)state;
    with_each_fault(work_survey);
}

/* ---- a close look ---- */

static int
count_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    unsigned *files = context;
    (void)begin, (void)first, (void)last;
    ++*files;
    return 0;
}

static int
count_gap(void *context, uint64_t first, uint64_t last)
{
    (void)context, (void)first, (void)last;
    return 0;
}

static int
count_lost(void *context, const struct record_begin *begin)
{
    return count_file(context, begin, 0, 0);
}

static int
count_aside(void *context, const char *path)
{
    (void)context, (void)path;
    return 0;
}

/* All is seen, whole or lost, or the look says that it was not. */
static void
work_look(struct bench *bench)
{
    unsigned files = 0;
    struct err_note note = { "" };
    struct spool_look look = { .context = &files,
                               .file = count_file,
                               .gap = count_gap,
                               .lost = count_lost,
                               .aside = count_aside };
    int code = spool_look(bench->folder, &look, &note);
    no_memory.at = 0;
    if (code)
        assert_true(code == -ENOMEM && no_memory.has_failed && note.text[0] != '\0');
    else
        assert_int_equal(FILES, files);
}

static void
work_look_whole(struct bench *bench)
{
    work_look(bench);
    check_whole(bench, FILES * EACH);
}

static void
work_look_damaged(struct bench *bench)
{
    char path[256];
    size_t size = 0;
    struct nth_call fault = no_memory;
    no_memory.at = 0;
    uint8_t *bytes = slurp(segment_path(bench, 1, path), &size);
    for (size_t at = size - 4; at > 0; at--) {
        if (memcmp(bytes + at, "2003", 4) != 0)
            continue;
        bytes[at] ^= 1; /* of a row of the second file */
        break;
    }
    spew(path, bytes, size);
    free(bytes);
    no_memory = fault;
    work_look(bench);
}

static void
test_look(void **state)
{
    (void)state;
    with_each_fault(work_look_whole);
    with_each_fault(work_look_damaged);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),   cmocka_unit_test(test_open_damaged),
        cmocka_unit_test(test_append), cmocka_unit_test(test_fork),
        cmocka_unit_test(test_survey), cmocka_unit_test(test_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
