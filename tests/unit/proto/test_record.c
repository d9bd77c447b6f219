/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "pacewatch.pb-c.h"
#include "samples.h"

static uint8_t bytes[WIRE_RECORD_MAX], again[WIRE_RECORD_MAX];

static size_t
pack(const struct record *record)
{
    struct err_note note = { 0 };
    int length = record_pack(record, bytes, sizeof bytes, &note);
    if (length < 0)
        fail_msg("%s", note.text);
    return (size_t)length;
}

static void
test_round_trips(void **state)
{
    (void)state;
    for (int type = RECORD_FILE_BEGIN; type <= RECORD_REJECTED; type++) {
        for (int is_large = 0; is_large < 2; is_large++) {
            struct record record, got;
            sample_record((enum record_type)type, is_large, &record);
            memset(&got, 0, sizeof got);
            size_t size = pack(&record);
            uint8_t *copy = exact_copy(bytes, size);
            struct err_note note = { 0 };
            if (record_unpack(copy, size, &got, &note) != 0)
                fail_msg("%s", note.text);
            if (type == RECORD_SAMPLE) { /* a period has padding, which says nothing */
                assert_true(cal_period_equal(record.as.sample.period, got.as.sample.period));
                memcpy(&got.as.sample.period, &record.as.sample.period,
                       sizeof record.as.sample.period);
            }
            assert_memory_equal(&record, &got, sizeof record);
            assert_int_equal(size, record_pack(&got, again, sizeof again, NULL));
            assert_memory_equal(bytes, again, size);
            assert_int_equal(size, record_pack(&got, copy, size, NULL));
            assert_int_equal(ERR_RANGE, record_pack(&got, copy, size - 1, &note));
            assert_non_null(strstr(note.text, "there is room for"));
            free(copy);
        }
    }
}

static void
test_truncations(void **state)
{
    (void)state;
    struct record record, got, untouched;
    memset(&got, 'u', sizeof got);
    untouched = got;
    for (int type = RECORD_FILE_BEGIN; type <= RECORD_REJECTED; type++) {
        sample_record((enum record_type)type, true, &record);
        size_t size = pack(&record);
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t *copy = exact_copy(bytes, cut);
            struct err_note note = { 0 };
            assert_true(record_unpack(copy, cut, &got, &note) < 0);
            assert_string_not_equal("", note.text);
            free(copy);
        }
    }
    assert_memory_equal(&untouched, &got, sizeof got);
}

/* "No day" and "1970-01-01" are two things. */
static void
test_release_days(void **state)
{
    (void)state;
    struct record record, got;
    sample_record(RECORD_SAMPLE, false, &record);
    size_t without = pack(&record);
    static const int years[] = { 1900, 1970, 2023, 2199 };
    for (size_t i = 0; i < 4; i++) {
        record.as.sample.has_released = true;
        record.as.sample.released = cal_date_of(years[i], 1, 1);
        size_t size = pack(&record);
        assert_true(size > without);
        assert_int_equal(0, record_unpack(bytes, size, &got, NULL));
        assert_true(got.as.sample.has_released);
        assert_int_equal(record.as.sample.released.days, got.as.sample.released.days);
    }
}

static void
test_period_forms(void **state)
{
    (void)state;
    static const char *const periods[] = { "2023",     "2023-S1",    "2023-Q4",       "2023-04",
                                           "2023-W05", "2023-04-05", "2023-01-01/P2M" };
    for (size_t i = 0; i < 7; i++) {
        struct record record, got;
        sample_record(RECORD_SAMPLE, false, &record);
        assert_int_equal(
            0, cal_period_parse(periods[i], strlen(periods[i]), &record.as.sample.period, NULL));
        size_t size = pack(&record);
        assert_int_equal(0, record_unpack(bytes, size, &got, NULL));
        assert_true(cal_period_equal(record.as.sample.period, got.as.sample.period));
    }
}

static void
check_pack_refuses(const struct record *record, int code, const char *words)
{
    struct err_note note = { 0 };
    int rc = record_pack(record, bytes, sizeof bytes, &note);
    if (rc != code || !strstr(note.text, words))
        fail_msg("%d '%s', wanted %d '%s'", rc, note.text, code, words);
}

static void
test_pack_checks(void **state)
{
    (void)state;
    struct record record;
    struct sample *sample = &record.as.sample;
#define REFUSED(type, code, change, words)        \
    do {                                          \
        sample_record(type, false, &record);      \
        change;                                   \
        check_pack_refuses(&record, code, words); \
    } while (0)
    REFUSED(RECORD_SAMPLE, ERR_SYNTAX, sample->area[0] = '\0', "sample: area: missing");
    REFUSED(RECORD_SAMPLE, ERR_SYNTAX, sample->indicator[0] = '\0', "sample: indicator: missing");
    REFUSED(RECORD_SAMPLE, ERR_SYNTAX, sample->status = '\0', "sample: status: missing");
    REFUSED(RECORD_SAMPLE, ERR_SYNTAX, sample->status = '\n', "sample: status: not UTF-8, or");
    REFUSED(RECORD_SAMPLE, ERR_SYNTAX, sample->note[0] = '\x1b', "sample: note: not UTF-8, or");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, sample->period.index = 13, "sample: period: does not exist");
    REFUSED(RECORD_SAMPLE, ERR_RANGE,
            (sample->has_released = true, sample->released.days = INT32_MAX),
            "sample: released: not in the years 1900..2199");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, memset(sample->value, '9', sizeof sample->value),
            "sample: value: does not end");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, memset(sample->area, 'x', sizeof sample->area),
            "sample: area: does not end");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, memset(sample->indicator, 'x', sizeof sample->indicator),
            "sample: indicator: does not end");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, memset(sample->publisher, 'x', sizeof sample->publisher),
            "sample: publisher: does not end");
    REFUSED(RECORD_SAMPLE, ERR_RANGE, memset(sample->note, 'x', sizeof sample->note),
            "sample: note: does not end");
    struct record_begin *begin = &record.as.begin;
    REFUSED(RECORD_FILE_BEGIN, ERR_RANGE, memset(begin->name, 'x', sizeof begin->name),
            "begin: name: does not end");
    struct record_rejected *rejected = &record.as.rejected;
    REFUSED(RECORD_REJECTED, ERR_RANGE, memset(rejected->text, 'x', sizeof rejected->text),
            "rejected: text: does not end");
    REFUSED(RECORD_REJECTED, ERR_RANGE, memset(rejected->original, 'x', sizeof rejected->original),
            "rejected: original: does not end");
    REFUSED(RECORD_FILE_BEGIN, ERR_SYNTAX, record.as.begin.name[0] = '\t', "begin: name: ");
    REFUSED(RECORD_REJECTED, ERR_SYNTAX, record.as.rejected.original[0] = '\t',
            "rejected: original: ");
    REFUSED(RECORD_REJECTED, ERR_RANGE, record.type = (enum record_type)9, "no such type");
#undef REFUSED
}

/* Packs protobuf-c's struct as it is, to write what record_pack would not. */
static void
check_unpack_refuses(Pacewatch__Sample *sample, int code, const char *words)
{
    Pacewatch__Record record;
    pacewatch__record__init(&record);
    record.body_case = PACEWATCH__RECORD__BODY_SAMPLE;
    record.sample = sample;
    size_t size = pacewatch__record__pack(&record, bytes);
    struct record got;
    struct err_note note = { 0 };
    int rc = record_unpack(bytes, size, &got, &note);
    if (rc != code || !strstr(note.text, words))
        fail_msg("%d '%s', wanted %d '%s'", rc, note.text, code, words);
}

static void
test_unpack_checks(void **state)
{
    (void)state;
    char deqing[] = "deqing", gdp[] = "gdp", month[] = "2023-04", bad_month[] = "2023-13";
    char normal[] = "A", two[] = "AA", nothing[] = "", long_id[50], long_note[202], long_value[41];
    memset(long_id, 'x', 49);
    long_id[49] = '\0';
    memset(long_note, 'x', 201);
    long_note[201] = '\0';
    memset(long_value, '1', 40);
    long_value[40] = '\0';
    Pacewatch__Sample sample;
#define REFUSED(code, change, words)                \
    do {                                            \
        pacewatch__sample__init(&sample);           \
        sample.area = deqing;                       \
        sample.indicator = gdp;                     \
        sample.period = month;                      \
        sample.status = normal;                     \
        change;                                     \
        check_unpack_refuses(&sample, code, words); \
    } while (0)
    REFUSED(0, (void)0, "");
    REFUSED(ERR_RANGE, sample.area = long_id, "sample: area: 49 bytes, 1..48 expected");
    REFUSED(ERR_RANGE, sample.indicator = long_id, "sample: indicator: 49 bytes");
    REFUSED(ERR_RANGE, sample.publisher = long_id, "sample: publisher: 49 bytes, 0..48");
    REFUSED(ERR_RANGE, sample.period = long_id, "sample: period: 49 bytes, 1..31");
    REFUSED(ERR_RANGE, sample.value = long_value, "sample: value: 40 bytes, 0..39");
    REFUSED(ERR_RANGE, sample.note = long_note, "sample: note: 201 bytes, 0..200");
    REFUSED(ERR_RANGE, sample.status = two, "sample: status: 2 bytes, 1 expected");
    REFUSED(ERR_SYNTAX, sample.status = nothing, "sample: status: missing");
    REFUSED(ERR_SYNTAX, sample.period = nothing, "sample: period: missing");
    REFUSED(ERR_RANGE, sample.period = bad_month, "sample: period: ");
    REFUSED(ERR_RANGE,
            (sample.release_case = PACEWATCH__SAMPLE__RELEASE_RELEASED, sample.released = 84006),
            "sample: released: not in the years 1900..2199");
    REFUSED(ERR_RANGE,
            (sample.release_case = PACEWATCH__SAMPLE__RELEASE_RELEASED, sample.released = -25568),
            "sample: released: ");
#undef REFUSED
}

static void
test_other_garbage(void **state)
{
    (void)state;
    struct record got;
    struct err_note note = { 0 };
    static uint8_t large[WIRE_RECORD_MAX + 1];
    assert_int_equal(ERR_SYNTAX, record_unpack(NULL, 0, &got, &note));
    assert_string_equal("record: 0 bodies, one expected", note.text);
    assert_int_equal(ERR_RANGE, record_unpack(large, sizeof large, &got, &note));
    assert_string_equal("record of 4097 bytes, at most 4096", note.text);
    static const uint8_t hash31[] = { 0x1a, 33, 0x0a, 31 };
    memcpy(large, hash31, sizeof hash31);
    assert_int_equal(ERR_RANGE, record_unpack(large, 35, &got, &note));
    assert_string_equal("end: sha256: 31 bytes, 32 expected", note.text);
    static const uint8_t wide_row[] = { 0x22, 6, 0x08, 0x80, 0x80, 0x80, 0x80, 0x10 };
    assert_int_equal(ERR_RANGE, record_unpack(wide_row, sizeof wide_row, &got, &note));
    assert_non_null(strstr(note.text, "rejected: row: 4294967296"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),   cmocka_unit_test(test_truncations),
        cmocka_unit_test(test_release_days),  cmocka_unit_test(test_period_forms),
        cmocka_unit_test(test_pack_checks),   cmocka_unit_test(test_unpack_checks),
        cmocka_unit_test(test_other_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
