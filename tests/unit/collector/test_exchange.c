/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is exported and imported and exported again is the same, byte by byte, in every format. */
#include "tests/unit/collector/exchange_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    enum exchange_format format;
    bool for_excel;
    const char *first, *second;
} forms[] = {
    { "csv", EXCHANGE_CSV, false, "first.csv", "second.csv" },
    { "csv for Excel", EXCHANGE_CSV, true, "first.csv", "second.csv" },
    { "SDMX-CSV", EXCHANGE_SDMX_CSV, false, "first.csv", "second.csv" },
    { "JSON", EXCHANGE_JSON, false, "first.json", "second.json" },
    { "workbook", EXCHANGE_XLSX, false, "first.xlsx", "second.xlsx" },
};

enum { FORMS = sizeof forms / sizeof forms[0] };

/* Behind the line that names the ledger, in JSON. */
static const char *
rows_of(const char *bytes, size_t *size, enum exchange_format format)
{
    const char *end = format == EXCHANGE_JSON ? memchr(bytes, '\n', *size) : NULL;
    if (!end)
        return bytes;
    *size -= (size_t)(end - bytes);
    return end;
}

static void
expect_same_rows(const char *a_path, const char *b_path, size_t form)
{
    size_t a_size = 0, b_size = 0;
    char *a_bytes = bench_bytes(a_path, &a_size), *b_bytes = bench_bytes(b_path, &b_size);
    const char *a = rows_of(a_bytes, &a_size, forms[form].format);
    const char *b = rows_of(b_bytes, &b_size, forms[form].format);
    if (a_size != b_size || memcmp(a, b, a_size) != 0)
        fail_msg("%s: the second export differs from the first", forms[form].name);
    free(a_bytes);
    free(b_bytes);
}

/* Out in one form, in, out again in the same: the same bytes, and a ledger in order. */
static void
expect_round_trip(struct fixture *f, size_t form)
{
    char first[FILE_PATH_MAX], second[FILE_PATH_MAX];
    struct complaints complaints;
    struct err_note note = { "" };
    (void)bench_path(f, forms[form].first, first);
    (void)bench_path(f, forms[form].second, second);
    struct ledger *ledger = bench_ledger(f, "imported.db");
    bench_export(f, f->ledger, forms[form].format, forms[form].for_excel, first);
    if (bench_import(f, ledger, forms[form].format, first, &complaints, &note) != 0)
        fail_msg("%s: %s\n%s", forms[form].name, note.text, complaints.text);
    bench_export(f, ledger, forms[form].format, forms[form].for_excel, second);
    expect_same_rows(first, second, form);
    assert_int_equal(ledger_position(f->ledger), ledger_position(ledger));
    bench_fsck(ledger);
    ledger_close(ledger);
}

/* ---- texts ---- */

static struct sample
said(const char *value, char status, enum obs_stage stage, const char *reason, uint32_t row)
{
    struct sample s = sample_of("wuxing", "land", "2023-01", value, "2023-03-01", row);
    s.period = cal_month(2010 + (int)(row / 12), (int)(row % 12) + 1);
    s.status = status;
    s.stage = stage;
    (void)snprintf(s.note, sizeof s.note, "%s", reason);
    return s;
}

static void
every_text_comes_back(void **state)
{
    static const char *const reasons[] = {
        "",
        "=1+1",
        "=cmd|'/c calc'!A0",
        "+86 572",
        "-5",
        "-5 more",
        "@sum",
        "'quoted'",
        "''=1",
        "a,b;c\td",
        "she said \"no\"",
        "\"",
        "中文说明：口径调整",
        "_x0041_ and _x005F_",
        "  blanks  ",
        "NaN",
        "#N/A",
        "null",
        "<t>&amp;</t>",
        "\\u0041 \\ / \\n",
        "1e5",
        "2023-05",
    };
    static const char *const values[] = {
        "0",
        "0.0",
        "-0.10",
        "66",
        "66.000",
        "123456789012345678901234567890",
        "-0.00000000000000000000000000001",
        "-12345678901234567890.1234567890",
    };
    struct fixture *f = *state;
    struct office office;
    uint32_t row = 0;
    bench_begin(f);
    office_open(&office, f, "texts", "wuxing");
    office_begin(&office, "=5月 \"指标\", '终'.csv", noon(2023, 5, 1));
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (!text_is_clean(reasons[i], strlen(reasons[i]), SAMPLE_NOTE_MAX))
            continue; /* a tab is refused where it comes in */
        struct sample s = said("5", 'A', OBS_STAGE_NONE, reasons[i], row++);
        assert_int_equal(FATE_STORED, office_send(&office, &s, noon(2023, 5, 1)));
    }
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct num_decimal number;
        assert_int_equal(0, num_decimal_parse(values[i], strlen(values[i]), &number, NULL));
        struct sample s = said(values[i], 'A', OBS_STAGE_NONE, "", row++);
        assert_int_equal(FATE_STORED, office_send(&office, &s, noon(2023, 5, 1)));
    }
    office_end(&office, noon(2023, 5, 1));
    bench_commit(f);
    for (size_t form = 0; form < FORMS; form++)
        expect_round_trip(f, form);
}

static void
every_status_and_stage_comes_back(void **state)
{
    struct fixture *f = *state;
    struct office office;
    uint32_t row = 0;
    bench_begin(f);
    office_open(&office, f, "statuses", "wuxing");
    office_begin(&office, "statuses.csv", noon(2023, 5, 1));
    for (int letter = 'A'; letter <= 'Z'; letter++) {
        char status = (char)letter;
        if (!obs_status_is_known(status))
            continue;
        bool is_empty = obs_status_allows_empty(status);
        struct sample s =
            said(is_empty ? "" : "5", status, (enum obs_stage)(row % OBS_STAGE_COUNT), "", row);
        row++;
        assert_int_equal(FATE_STORED, office_send(&office, &s, noon(2023, 5, 1)));
    }
    office_end(&office, noon(2023, 5, 1));
    bench_commit(f);
    assert_true(row > 15);
    for (size_t form = 0; form < FORMS; form++)
        expect_round_trip(f, form);
}

/* ---- what the files look like ---- */

static void
expect_words(const char *path, const char *words)
{
    size_t size = 0;
    char *bytes = bench_bytes(path, &size);
    if (!strstr(bytes, words))
        fail_msg("'%s' is not in:\n%.2000s", words, bytes);
    free(bytes);
}

static void
formulas_are_guarded_and_missing_values_named(void **state)
{
    struct fixture *f = *state;
    struct office office;
    struct sample formula = said("5", 'A', OBS_STAGE_FLASH, "=1+1", 1);
    struct sample none = said("", 'O', OBS_STAGE_NONE, "-5", 2);
    bench_begin(f);
    office_open(&office, f, "guards", "wuxing");
    office_begin(&office, "a.csv", noon(2023, 5, 1));
    (void)office_send(&office, &formula, noon(2023, 5, 1));
    (void)office_send(&office, &none, noon(2023, 5, 1));
    office_end(&office, noon(2023, 5, 1));
    bench_commit(f);
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.csv", path); /* returns it */
    bench_export(f, f->ledger, EXCHANGE_CSV, false, path);
    expect_words(path, "area,indicator,period,value,status,stage,released,reason,publisher,"
                       "received_at,record,position,revision,submission,sender,file,file_sha256,"
                       "row,area_name,indicator_name,unit_name,unit,cumulation\n");
    expect_words(path, "wuxing,land,2010-02,5,A,flash,2023-03-01,'=1+1,wuxing,"
                       "2023-05-01T12:00:00Z,observation,1,0,1,wuxing,a.csv,");
    expect_words(path, ",1,吴兴,腾出用地面积,亩,mu,YTD\n");
    expect_words(path, "wuxing,land,2010-03,,O,,2023-03-01,-5,wuxing,");
    bench_export(f, f->ledger, EXCHANGE_CSV, true, path);
    expect_words(path, "\xef\xbb\xbf"
                       "area,indicator");
    expect_words(path, ",cumulation\r\n");
    bench_export(f, f->ledger, EXCHANGE_SDMX_CSV, false, path);
    expect_words(path, "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,CUMULATION,"
                       "UNIT_MEASURE,POSITION,TIME_PERIOD,OBS_VALUE,OBS_STATUS,OBS_STAGE,VINTAGE,");
    expect_words(path, "datastructure,PACEWATCH:LEDGER(1.0),I,M,wuxing,land,YTD,mu,1,2010-02,5,A,"
                       "flash,2023-03-01,=1+1,wuxing,0,");
    expect_words(path, ",2,2010-03,NaN,O,,2023-03-01,-5,wuxing,");
    (void)bench_path(f, "out.json", path);
    bench_export(f, f->ledger, EXCHANGE_JSON, false, path);
    expect_words(path, "{\"format\": \"pacewatch-export\", \"version\": 1, \"ledger\": \"");
    expect_words(path, "\"value\": null, \"status\": \"O\"");
}

/* ---- selections ---- */

static int
count_record(void *context, const struct ledger_record *record)
{
    int *counts = context;
    counts[record->kind]++;
    return 0;
}

/* Rows by kind of a selection. */
static void
expect_counts(struct ledger *ledger, const struct ledger_selection *selection, int observations,
              int confirmations, int restated)
{
    struct err_note note = { "" };
    int counts[LEDGER_RECORD_COUNT] = { 0 };
    expect_ok(ledger_each_record(ledger, selection, count_record, counts, &note), &note);
    assert_int_equal(observations, counts[LEDGER_OBSERVATION]);
    assert_int_equal(confirmations, counts[LEDGER_CONFIRMATION]);
    assert_int_equal(restated, counts[LEDGER_RESTATED]);
}

static int
keep_record(void *context, const struct ledger_record *record)
{
    *(struct ledger_record *)context = *record;
    return 0;
}

static void
send_value(struct office *office, const char *value, const char *released, int received_day)
{
    struct sample s = sample_of("wuxing", "land", "2023-01", value, released, 2);
    (void)office_send(office, &s, noon(2023, 5, received_day));
}

static void
a_selection_has_what_was_asked_for(void **state)
{
    struct fixture *f = *state;
    struct office office;
    struct err_note note = { "" };
    struct ledger_record latest = { .area = "" };
    bench_begin(f);
    office_open(&office, f, "selections", "wuxing");
    office_begin(&office, "a.csv", noon(2023, 5, 1));
    send_value(&office, "5", "2023-02-01", 1); /* 1 */
    send_value(&office, "5", "2023-02-09", 2); /* 2, a confirmation */
    send_value(&office, "7", "2023-02-05", 3); /* 3, and 4 restates */
    send_value(&office, "6", "2023-02-09", 4); /* 5 */
    bench_commit(f);
    struct ledger_selection all = { .area = NULL }, some = { .area = "wuxing" };
    expect_counts(f->ledger, &all, 3, 1, 1);
    expect_counts(f->ledger, &some, 3, 1, 1);
    some.indicator = "tax";
    expect_counts(f->ledger, &some, 0, 0, 0);
    struct ledger_selection early = { .as_of = { .has_released = true,
                                                 .released = cal_date_of(2023, 2, 5) } };
    expect_counts(f->ledger, &early, 2, 0, 0);
    struct ledger_selection heard = { .as_of = { .has_received = true,
                                                 .received = noon(2023, 5, 3) } };
    expect_counts(f->ledger, &heard, 2, 1, 1);
    struct ledger_selection last = { .only_latest = true };
    expect_counts(f->ledger, &last, 1, 0, 0);
    expect_ok(ledger_each_record(f->ledger, &last, keep_record, &latest, &note), &note);
    assert_string_equal("6", latest.row.value);
    assert_int_equal(5, latest.row.position);
    assert_int_equal(3, latest.row.revision);
    last.as_of = heard.as_of; /* the confirmed one, which is in force again */
    expect_ok(ledger_each_record(f->ledger, &last, keep_record, &latest, &note), &note);
    assert_string_equal("5", latest.row.value);
    assert_int_equal(LEDGER_RESTATED, latest.kind);
    for (size_t form = 0; form < FORMS; form++)
        expect_round_trip(f, form);
}

/* The confirmed value is what was in force when it came, not what is in force on its day now. */
static void
a_confirmation_says_what_it_confirmed(void **state)
{
    struct fixture *f = *state;
    struct office office;
    bench_begin(f);
    office_open(&office, f, "confirmed", "wuxing");
    office_begin(&office, "a.csv", noon(2023, 5, 1));
    send_value(&office, "5", "2023-02-01", 1); /* 1 */
    send_value(&office, "5", "2023-02-09", 2); /* 2, a confirmation */
    send_value(&office, "6", "2023-02-09", 3); /* 3, of the same day */
    send_value(&office, "7", "2023-02-05", 4); /* 4: nothing is restated */
    bench_commit(f);
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.csv", path); /* returns it */
    bench_export(f, f->ledger, EXCHANGE_CSV, false, path);
    expect_words(path, "wuxing,land,2023-01,5,A,,2023-02-09,,wuxing,2023-05-02T12:00:00Z,"
                       "confirmation,2,,1,");
    for (size_t form = 0; form < FORMS; form++)
        expect_round_trip(f, form);
}

static void
an_empty_record_is_exported_and_not_imported(void **state)
{
    struct fixture *f = *state;
    struct complaints complaints;
    for (size_t form = 0; form < FORMS; form++) {
        struct err_note note = { "" };
        char path[FILE_PATH_MAX];
        (void)bench_path(f, "empty", path); /* returns it */
        bench_export(f, f->ledger, forms[form].format, forms[form].for_excel, path);
        assert_int_equal(ERR_SYNTAX,
                         bench_import(f, f->ledger, forms[form].format, path, &complaints, &note));
        assert_non_null(strstr(note.text, "has no rows"));
    }
}

static void
a_failed_export_leaves_what_was_there(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t rows = 0;
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "none/out.csv", path);
    const struct exchange_export order = { .path = path };
    assert_true(exchange_export(f->ledger, f->catalogue, &order, &rows, &note) < 0);
    assert_true(access(path, F_OK) != 0);
}

/* ---- stories ---- */

static uint64_t
chance(uint64_t *seed, uint64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % below;
}

static struct sample
any_sample(uint64_t *seed, uint32_t row)
{
    static const char *const areas[] = { "wuxing", "anji" }, *const values[] = { "1", "1.0", "2" };
    static const char *const indicators[] = { "land", "tax" };
    static const char *const periods[] = { "2023-01", "2023-02", "2023-03" };
    static const char *const reasons[] = { "", "late", "=口径调整, \"revised\"" };
    char released[CAL_TEXT_MAX];
    struct cal_date day = { cal_date_of(2023, 5, 1).days + (int32_t)chance(seed, 10) };
    struct sample s =
        sample_of(areas[chance(seed, 2)], indicators[chance(seed, 2)], periods[chance(seed, 3)],
                  values[chance(seed, 3)], cal_date_print(day, released), row);
    if (chance(seed, 8) == 0) {
        s.value[0] = '\0';
        s.status = 'O';
    }
    if (chance(seed, 8) == 0)
        s.stage = (enum obs_stage)chance(seed, OBS_STAGE_COUNT);
    if (chance(seed, 3) == 0)
        (void)snprintf(s.publisher, sizeof s.publisher, "demo");
    (void)snprintf(s.note, sizeof s.note, "%s", reasons[chance(seed, 3)]);
    return s;
}

/* Three streams, two of them one sender's, whose files and rows mix; days and clocks in any order.
 */
static void
tell_story(struct fixture *f, uint64_t *seed, int events)
{
    static const char *const streams[] = { "first", "second", "third" };
    static const char *const senders[] = { "wuxing", "wuxing", "anji" };
    struct office offices[3];
    for (int i = 0; i < 3; i++)
        office_open(&offices[i], f, streams[i], senders[i]);
    for (int i = 0; i < events; i++) {
        struct office *office = &offices[chance(seed, 3)];
        struct wall_time now = noon(2023, 8, 1 + (int)chance(seed, 28));
        char name[32];
        (void)snprintf(name, sizeof name, "%d月.csv", i);
        if (!office->is_sending) {
            office_begin(office, name, now);
        } else if (chance(seed, 12) == 0) {
            office_end(office, now);
        } else {
            struct sample s = any_sample(seed, (uint32_t)i);
            (void)office_send(office, &s, now);
        }
    }
}

static void
any_ledger_comes_back(void **state)
{
    const char *given = getenv("PACEWATCH_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1, last = given ? first : 5;
    int counts[LEDGER_RECORD_COUNT] = { 0 };
    (void)state;
    for (uint64_t number = first; number <= last; number++) {
        void *own = NULL;
        uint64_t seed = number;
        struct err_note note = { "" };
        struct ledger_selection all = { .area = NULL };
        print_message("seed %llu\n", (unsigned long long)number);
        assert_int_equal(0, fixture_setup(&own));
        struct fixture *f = own;
        bench_begin(f);
        tell_story(f, &seed, 250);
        bench_commit(f);
        bench_fsck(f->ledger);
        expect_ok(ledger_each_record(f->ledger, &all, count_record, counts, &note), &note);
        for (size_t form = 0; form < FORMS; form++)
            expect_round_trip(f, form);
        (void)fixture_teardown(&own);
    }
    assert_true(counts[LEDGER_CONFIRMATION] > 0 || given); /* the stories are not too simple */
    assert_true(counts[LEDGER_RESTATED] > 0 || given);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_text_comes_back, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(every_status_and_stage_comes_back, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(formulas_are_guarded_and_missing_values_named,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_selection_has_what_was_asked_for, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_confirmation_says_what_it_confirmed, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(an_empty_record_is_exported_and_not_imported, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_failed_export_leaves_what_was_there, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test(any_ledger_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
