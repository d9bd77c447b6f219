/* SPDX-License-Identifier: GPL-3.0-or-later
 * Late and out-of-order arrival give the same state as order: the revision triangle of a period
 * depends on what was released when, not on when it arrived. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "collector/ledger_fsck.h"

enum { RELEASES_MAX = 5, FIRST_DAY = 10 };

/* What was published: one value a day, on so many days; a digit each. */
struct story {
    int count;
    char values[RELEASES_MAX + 1];
};

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";

static struct ledger_file
begin_file(struct fixture *f, uint8_t name, struct ledger_stream *stream)
{
    struct err_note note = { "" };
    struct ledger_file file;
    struct record_begin begin = { .rows = 10, .name = "a.csv" };
    memset(begin.sha256, name, sizeof begin.sha256);
    if (ledger_stream_find(f->ledger, stream_id, stream, &note) != 0)
        expect_ok(
            ledger_stream_make(f->ledger, stream_id, "wuxing", noon(2023, 5, 1), stream, &note),
            &note);
    expect_ok(ledger_file_begin(f->ledger, stream, stream->hwm + 1, &begin, noon(2023, 5, 1), &file,
                                &note),
              &note);
    return file;
}

/* Ends the file and accounts for its records, so that fsck finds nothing. */
static void
end_file(struct fixture *f, struct ledger_stream *stream, struct ledger_file *file,
         const uint8_t *fates, size_t rows)
{
    struct err_note note = { "" };
    uint8_t all[RELEASES_MAX * 8 + 2] = { FATE_CONTROL };
    uint8_t checks[sizeof all * LEDGER_CHECK] = { 0 };
    assert_true(rows + 2 <= sizeof all);
    memcpy(all + 1, fates, rows);
    all[rows + 1] = FATE_CONTROL;
    for (size_t i = 0; i < rows; i++)
        file->fates[fates[i]]++;
    expect_ok(ledger_file_count(f->ledger, file, &note), &note);
    expect_ok(ledger_file_end(f->ledger, file, noon(2023, 5, 2), &note), &note);
    uint64_t first = stream->hwm + 1;
    stream->hwm += rows + 2;
    expect_ok(ledger_stream_advance(f->ledger, stream, first, rows + 2, all, checks,
                                    noon(2023, 5, 2), &note),
              &note);
}

static enum wire_fate
apply(struct fixture *f, struct ledger_file *file, const char *period, char value, int day,
      uint32_t row)
{
    struct err_note note = { "" };
    enum wire_fate fate = FATE_NONE;
    char released[CAL_TEXT_MAX], text[2] = { value, '\0' };
    (void)cal_date_print(cal_date_of(2023, 4, FIRST_DAY + day), released); /* returns it */
    struct sample sample = sample_of("wuxing", "land", period, text, released, row);
    struct sample_place place = { .area = catalogue_area(f->catalogue, sample.area),
                                  .indicator = catalogue_indicator(f->catalogue, sample.indicator),
                                  .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    expect_ok(ledger_apply(f->ledger, file, &sample, &place, noon(2023, 5, 1), &fate, &note),
              &note);
    return fate;
}

/* The triangle as text, "1@0 2@3": what each day's release changed. */
static void
triangle_of(const struct story *story, char *text, size_t size)
{
    size_t length = 0;
    for (int i = 0; i < story->count; i++)
        if (i == 0 || story->values[i] != story->values[i - 1])
            length += (size_t)snprintf(text + length, size - length, "%c@%d ", story->values[i], i);
}

static void
triangle_read(struct fixture *f, const char *period, char *text, size_t size)
{
    struct err_note note = { "" };
    struct ledger_rows rows;
    int64_t series = 0;
    size_t length = 0;
    struct cal_period wanted;
    assert_int_equal(0, cal_period_parse(period, strlen(period), &wanted, NULL));
    expect_ok(ledger_series_find(f->ledger, "wuxing", "land", &series, &note), &note);
    expect_ok(ledger_read_series(f->ledger, series, NULL, &rows, &note), &note);
    struct cal_date first = cal_date_of(2023, 4, FIRST_DAY);
    uint16_t revision = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (!cal_period_equal(rows.rows[i].period, wanted))
            continue;
        assert_int_equal(revision++, rows.rows[i].revision);
        length += (size_t)snprintf(text + length, size - length, "%s@%d ", rows.rows[i].value,
                                   rows.rows[i].released.days - first.days);
    }
    ledger_rows_done(&rows);
}

/* The next permutation of `order` in the order of the dictionary; false after the last. */
static bool
permute(int *order, int count)
{
    int i = count - 2;
    while (i >= 0 && order[i] > order[i + 1])
        i--;
    if (i < 0)
        return false;
    int k = count - 1;
    while (order[k] < order[i])
        k--;
    int kept = order[i];
    order[i] = order[k];
    order[k] = kept;
    for (int a = i + 1, b = count - 1; a < b; a++, b--) {
        kept = order[a];
        order[a] = order[b];
        order[b] = kept;
    }
    return true;
}

/* Every story of two values on five days, told in every order: one period each, so that all of them
 * fit into one ledger. */
static void
any_order_gives_the_same_triangle(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    size_t cases = 0;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    for (unsigned bits = 0; bits < 1U << RELEASES_MAX; bits++) {
        struct story story = { .count = RELEASES_MAX };
        for (int i = 0; i < RELEASES_MAX; i++)
            story.values[i] = bits >> i & 1 ? '2' : '1';
        int order[RELEASES_MAX] = { 0, 1, 2, 3, 4 };
        do {
            char want[64] = "", got[64] = "", period[16];
            uint8_t fates[RELEASES_MAX];
            (void)snprintf(period, sizeof period, "%04zu-%02zu", 1900 + cases / 12 % 20,
                           cases % 12 + 1);
            struct ledger_file file = begin_file(f, (uint8_t)(cases % 251), &stream);
            for (int i = 0; i < RELEASES_MAX; i++)
                fates[i] = (uint8_t)apply(f, &file, period, story.values[order[i]], order[i],
                                          (uint32_t)i + 2);
            end_file(f, &stream, &file, fates, RELEASES_MAX);
            triangle_of(&story, want, sizeof want);
            triangle_read(f, period, got, sizeof got);
            if (strcmp(want, got) != 0)
                fail_msg("%s told as %d%d%d%d%d: %s, want %s", story.values, order[0], order[1],
                         order[2], order[3], order[4], got, want);
            if (++cases % 240 == 0) { /* reading them takes longer and longer */
                ledger_rollback(f->ledger);
                expect_ok(ledger_begin(f->ledger, &note), &note);
            }
        } while (permute(order, RELEASES_MAX));
    }
    assert_int_equal(32 * 120, cases);
    expect_ok(ledger_commit(f->ledger, &note), &note);
}

static int
tell_finding(void *context, const struct finding *finding)
{
    (void)context;
    fail_msg("%s %s: %s", finding->check, finding->object, finding->en);
    return 0;
}

/* One late value brings back what was confirmed; counts, digests and the chain hold. */
static void
a_restated_value_is_accounted_for(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_counts counts;
    static const struct {
        char value;
        int day;
        enum wire_fate fate;
    } rows[] = {
        { '1', 0, FATE_STORED },    { '1', 4, FATE_UNCHANGED }, { '1', 4, FATE_UNCHANGED },
        { '1', 8, FATE_UNCHANGED }, { '2', 2, FATE_REVISION },  { '1', 9, FATE_UNCHANGED }
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    uint8_t fates[ROWS];
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct ledger_file file = begin_file(f, 7, &stream);
    for (uint32_t i = 0; i < ROWS; i++) {
        fates[i] = (uint8_t)apply(f, &file, "2023-01", rows[i].value, rows[i].day, i + 2);
        assert_int_equal(rows[i].fate, fates[i]);
    }
    end_file(f, &stream, &file, fates, ROWS);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    char got[64];
    triangle_read(f, "2023-01", got, sizeof got);
    assert_string_equal("1@0 2@2 1@4 ", got);
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(3, counts.observations);
    assert_int_equal(3, counts.confirmations);
    assert_int_equal(1, counts.restated);
    assert_int_equal(0, counts.difference);
    assert_int_equal(6, ledger_position(f->ledger));
    const struct finding_sink sink = { tell_finding, NULL };
    assert_int_equal(0, ledger_fsck(f->ledger, noon(2023, 5, 3), &sink));
    int64_t sealed = 0;
    uint8_t chain[RECORD_SHA256];
    expect_ok(ledger_chain(f->ledger, &sealed, chain, &note), &note);
    assert_int_equal(1, sealed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_order_gives_the_same_triangle),
        TEST(a_restated_value_is_accounted_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
