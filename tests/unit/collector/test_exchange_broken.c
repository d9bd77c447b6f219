/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file that is not our export, or no longer: it is refused in words that name the place, and the
 * ledger stays empty. */
#include "tests/unit/collector/exchange_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
send_value(struct office *office, const char *value, const char *released, uint32_t row)
{
    struct sample s = sample_of("wuxing", "land", "2023-01", value, released, row);
    (void)office_send(office, &s, noon(2023, 5, 1));
}

/* A record with a row of each kind, in two files of one sender. */
static int
setup(void **state)
{
    int code = fixture_setup(state);
    struct fixture *f = *state;
    struct office office;
    bench_begin(f);
    office_open(&office, f, "broken", "wuxing");
    office_begin(&office, "a.csv", noon(2023, 5, 1));
    send_value(&office, "5", "2023-02-01", 2); /* 1 */
    send_value(&office, "5", "2023-02-09", 3); /* 2, a confirmation */
    office_end(&office, noon(2023, 5, 1));
    office_begin(&office, "b.csv", noon(2023, 5, 1));
    send_value(&office, "7", "2023-02-05", 2); /* 3, and 4 restates */
    send_value(&office, "6", "2023-02-09", 3); /* 5 */
    office_end(&office, noon(2023, 5, 1));
    bench_commit(f);
    return code;
}

/* The text with the n-th `find` of it (from 1) replaced; owned by the caller. */
static char *
replaced(const char *text, const char *find, int nth, const char *by)
{
    const char *at = text - 1;
    for (int i = 0; i < nth; i++) {
        at = strstr(at + 1, find);
        if (!at)
            fail_msg("'%s' is not there %d times", find, nth);
    }
    size_t size = strlen(text) + strlen(by) + 1;
    char *copy = malloc(size);
    assert_non_null(copy);
    (void)snprintf(copy, size, "%.*s%s%s", (int)(at - text), text, by, at + strlen(find));
    return copy;
}

static void
write_text(const char *path, const char *text)
{
    struct err_note note = { "" };
    expect_ok(file_write(path, text, strlen(text), 0644, &note), &note);
}

/* The import fails, says `words`, and the ledger is as it was. */
static void
expect_refused(struct fixture *f, struct ledger *ledger, enum exchange_format format,
               const char *path, const char *words)
{
    struct complaints complaints;
    struct err_note note = { "" };
    int code = bench_import(f, ledger, format, path, &complaints, &note);
    if (code >= 0)
        fail_msg("taken, though: %s", words);
    if (!strstr(complaints.text, words) && !strstr(note.text, words))
        fail_msg("'%s' is not in: %s\n%s", words, note.text, complaints.text);
    assert_true(complaints.count <= EXCHANGE_COMPLAINTS_MAX);
    bench_expect_empty(ledger);
}

struct edit {
    const char *find;
    int nth;
    const char *by, *words;
};

static const struct edit csv_edits[] = {
    { "wuxing,land", 1, "wuxin,land", "line 2, area 'wuxin': area 'wuxin' is unknown" },
    { "wuxing,land", 3, "wuxing,lamd", "line 4, indicator 'lamd': indicator 'lamd' is unknown" },
    { ",2023-01,5", 1, ",2023-13,5", "line 2, period '2023-13'" },
    { ",2023-01,5", 1, ",2023-06,5", "line 2, period '2023-06': period 2023-06 has not ended" },
    { ",2023-01,5", 1, ",2023-01,5e0", "line 2, value '5e0'" },
    { ",2023-01,5", 1, ",2023-01,05", "write 5" },
    { ",2023-01,5", 1, ",2023-01,", "line 2, value '': the value is empty, and status A needs" },
    { ",5,A,", 1, ",5,Z,", "line 2, status 'Z'" },
    { ",5,A,", 1, ",5,O,", "line 2, status 'O': status O says there is no value" },
    { ",5,A,", 1, ",5,AA,", "line 2, status 'AA': must be one letter" },
    { ",5,A,,", 1, ",5,A,maybe,", "line 2, stage 'maybe': must be flash" },
    { "2023-02-01", 1, "2022-02-01", "line 2, released '2022-02-01'" },
    { "2023-02-01", 1, "2023-07-01", "line 2, released '2023-07-01'" },
    { "2023-02-01", 1, "yesterday", "line 2, released 'yesterday'" },
    { "2023-02-01,,", 1, "2023-02-01,a\x01z,", "line 2, reason 'a?z': note" },
    { ",,wuxing,2023", 1, ",,nobody,2023", "line 2, publisher 'nobody'" },
    { "2023-05-01T12:00:00Z", 1, "2023-05-01", "line 2, received_at '2023-05-01': must be" },
    { "2023-05-01T12:00:00Z", 1, "2023-05-01T25:00:00Z", "line 2, received_at" },
    { ",observation,1", 1, ",observed,1", "line 2, record 'observed': must be" },
    { ",observation,1,", 1, ",observation,2,", "line 2, position '2': position 1 is missing" },
    { ",confirmation,2,", 1, ",confirmation,1,", "line 3, position '1': position 2 was expected" },
    { ",confirmation,2,", 1, ",confirmation,3,", "line 3, position '3': position 2 is missing" },
    { ",observation,1,", 1, ",observation,x,", "line 2, position 'x'" },
    { ",observation,1,0,1,", 1, ",observation,1,0,0,", "line 2, submission '0'" },
    { ",observation,1,0,1,", 1, ",observation,1,0,-1,", "line 2, submission '-1'" },
    { ",wuxing,a.csv", 1, ",nobody,a.csv", "line 2, sender 'nobody'" },
    { ",wuxing,a.csv", 2, ",anji,a.csv", "line 3, sender 'anji': rows before say another" },
    { ",wuxing,a.csv", 2, ",wuxing,c.csv", "line 3, file 'c.csv': rows before say another" },
    { ",a.csv,", 1, ",a.csv,A", "line 2, file_sha256" },
    { ",2,吴兴", 1, ",2x,吴兴", "line 2, row '2x'" },
    { ",mu,YTD", 1, ",pct,YTD", "line 2, unit 'pct': the catalogue of this site has 'land'" },
    { ",mu,YTD", 2, ",mu,MONTH", "line 3, cumulation 'MONTH': the catalogue" },
    { "area,indicator", 1, "aera,indicator", "it has no column 'area'" },
    { "file_sha256", 1, "sha", "it has no column 'file_sha256'" },
    { ",mu,YTD\n", 1, ",mu,YTD,\n", "line 2: 24 cells, the header has 23" },
    { "wuxing,land", 2, "\"wuxing,land", "line 3, column 1" },
    { "wuxing,land", 2, "wux\xff,land", "not UTF-8" },
    { ",confirmation,2", 1, ",observation,2", "position 2: the file has it as observation" },
    { ",observation,1", 1, ",confirmation,1", "position 1: the file has it as confirmation" },
    { ",restated,4", 1, ",observation,4", "position 3: the file has it as observation" },
    { ",observation,5", 1, ",restated,5", "position 5: by the rules nothing is restated here" },
    { ",2023-01,5", 3, ",2023-01,4", "position 4: by the rules its value would be another" },
    { "2023-02-09", 2, "2023-02-10", "position 4: by the rules its released" },
    { "2023-02-05", 1, "2023-02-09", "position 3: the file has it" },
};

static void
a_row_that_is_wrong_is_named(void **state)
{
    struct fixture *f = *state;
    struct ledger *ledger = bench_ledger(f, "broken.db");
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.csv", path); /* returns it */
    size_t size = 0;
    bench_export(f, f->ledger, EXCHANGE_CSV, false, path);
    char *text = bench_bytes(path, &size);
    for (size_t i = 0; i < sizeof csv_edits / sizeof csv_edits[0]; i++) {
        const struct edit *edit = &csv_edits[i];
        char *broken = replaced(text, edit->find, edit->nth, edit->by);
        write_text(path, broken);
        expect_refused(f, ledger, EXCHANGE_CSV, path, edit->words);
        free(broken);
    }
    free(text);
    ledger_close(ledger);
}

static void
many_faults_are_told_up_to_a_limit(void **state)
{
    struct fixture *f = *state;
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.csv", path); /* returns it */
    struct complaints complaints;
    struct err_note note = { "" };
    size_t size = 0;
    bench_export(f, f->ledger, EXCHANGE_CSV, false, path);
    char *text = bench_bytes(path, &size), line[512];
    char *header_end = strchr(text, '\n');
    const char *row_end = strchr(header_end + 1, '\n');
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    (void)snprintf(line, sizeof line, "%.*s", (int)(row_end - header_end), header_end + 1);
    *header_end = '\0';
    (void)fprintf(out, "%s\n", text);
    for (int i = 0; i < 100; i++) /* the second has position 1 again, and so on */
        (void)fputs(line, out);
    assert_int_equal(0, fclose(out));
    free(text);
    struct ledger *ledger = bench_ledger(f, "broken.db");
    assert_int_equal(ERR_SYNTAX, bench_import(f, ledger, EXCHANGE_CSV, path, &complaints, &note));
    assert_int_equal(EXCHANGE_COMPLAINTS_MAX, complaints.count);
    assert_non_null(strstr(note.text, "nothing was written: at least 20 faults"));
    bench_expect_empty(ledger);
    ledger_close(ledger);
}

static void
json_that_is_not_ours_is_refused(void **state)
{
    static const struct edit edits[] = {
        { "pacewatch-export", 1, "something", "it must be an export of pacewatch" },
        { "\"version\": 1", 1, "\"version\": 2", "version 2 of the export, this release reads 1" },
        { "\"value\": \"5\"", 1, "\"value\": 5", "row 1: 'value' must be a text, in quotes" },
        { "\"position\": 1,", 1, "\"position\": \"1\",", "row 1: 'position' must be a whole" },
        { "\"area\": \"wuxing\", ", 1, "", "row 1: it has no 'area'" },
        { "\"area\": \"wuxing\"", 2, "\"area\": \"x\"", "row 2, area 'x': area 'x' is unknown" },
        { "\"area\": \"wuxing\"", 2, "\"area\": \"a\\u0000\"", "after row 1, at byte" },
        { "},\n", 1, "}\n", "',' is missing" },
        { "\n]}", 1, "\n]", "'}' is missing" },
        { "\n]}", 1, "\n]}{", "more than one export" },
        { "\n]}", 1, ",", "after row 5" },
        { "\n{", 1, "\n17,{", "row 1: no object" },
        { "\"rows\": [", 1, "\"rows\": {", "'[' is missing" },
    };
    struct fixture *f = *state;
    struct ledger *ledger = bench_ledger(f, "broken.db");
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.json", path); /* returns it */
    size_t size = 0;
    bench_export(f, f->ledger, EXCHANGE_JSON, false, path);
    char *text = bench_bytes(path, &size);
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        char *broken = replaced(text, edits[i].find, edits[i].nth, edits[i].by);
        write_text(path, broken);
        expect_refused(f, ledger, EXCHANGE_JSON, path, edits[i].words);
        free(broken);
    }
    free(text);
    write_text(path, "");
    expect_refused(f, ledger, EXCHANGE_JSON, path, "'{' is missing");
    write_text(path, "{}");
    expect_refused(f, ledger, EXCHANGE_JSON, path, "at byte 1");
    ledger_close(ledger);
}

static void
json_of_another_layout_is_taken(void **state)
{
    struct fixture *f = *state;
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.json", path); /* returns it */
    struct complaints complaints;
    struct err_note note = { "" };
    size_t size = 0;
    bench_export(f, f->ledger, EXCHANGE_JSON, false, path);
    char *text = bench_bytes(path, &size);
    for (char *c = text; *c; c++)
        if (*c == '\n')
            *c = ' ';
    write_text(path, text);
    free(text);
    struct ledger *ledger = bench_ledger(f, "broken.db");
    expect_ok(bench_import(f, ledger, EXCHANGE_JSON, path, &complaints, &note), &note);
    assert_int_equal(5, ledger_position(ledger));
    ledger_close(ledger);
}

static void
a_ledger_that_has_records_takes_none(void **state)
{
    struct fixture *f = *state;
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "out.csv", path); /* returns it */
    struct complaints complaints;
    struct err_note note = { "" };
    bench_export(f, f->ledger, EXCHANGE_CSV, false, path);
    assert_int_equal(ERR_CONFLICT,
                     bench_import(f, f->ledger, EXCHANGE_CSV, path, &complaints, &note));
    assert_non_null(strstr(note.text, "`pacewatch backup` and `restore`"));
    assert_int_equal(5, ledger_position(f->ledger));
}

/* Whatever a byte becomes: it is refused, or taken as what it says, and nothing breaks. */
static void
damaged_files_break_nothing(void **state)
{
    static const struct {
        enum exchange_format format;
        const char *name;
        int rounds;
    } files[] = { { EXCHANGE_CSV, "out.csv", 60 },
                  { EXCHANGE_SDMX_CSV, "out.sdmx.csv", 60 },
                  { EXCHANGE_JSON, "out.json", 60 },
                  { EXCHANGE_XLSX, "out.xlsx", 300 } };
    struct fixture *f = *state;
    uint64_t seed = 7;
    struct ledger *ledger = bench_ledger(f, "damaged.db");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[FILE_PATH_MAX];
        (void)bench_path(f, files[i].name, path); /* returns it */
        size_t size = 0;
        bench_export(f, f->ledger, files[i].format, false, path);
        char *bytes = bench_bytes(path, &size);
        for (int round = 0; round < files[i].rounds; round++) {
            struct complaints complaints;
            struct err_note note = { "" };
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t at = (size_t)(seed >> 33) % size;
            char kept = bytes[at];
            bytes[at] = (char)(seed >> 25);
            size_t length = round % 10 == 0 ? at : size; /* or cut off there */
            expect_ok(file_write(path, bytes, length, 0644, &note), &note);
            if (bench_import(f, ledger, files[i].format, path, &complaints, &note) == 0) {
                bench_fsck(ledger);
                ledger_close(ledger);
                ledger = bench_ledger(f, "damaged.db");
            } else {
                bench_expect_empty(ledger);
            }
            bytes[at] = kept;
        }
        free(bytes);
    }
    ledger_close(ledger);
}

static void
files_that_are_none_are_refused(void **state)
{
    struct fixture *f = *state;
    struct ledger *ledger = bench_ledger(f, "broken.db");
    char path[FILE_PATH_MAX];
    (void)bench_path(f, "none", path); /* returns it */
    expect_refused(f, ledger, EXCHANGE_CSV, path, "No such file");
    write_text(path, "");
    expect_refused(f, ledger, EXCHANGE_CSV, path, "it has no column 'area'");
    expect_refused(f, ledger, EXCHANGE_XLSX, path, "no workbook");
    write_text(path, "area,indicator,period,value\nwuxing,land,2023-01,5\n"); /* a feed file */
    expect_refused(f, ledger, EXCHANGE_CSV, path, "it has no column 'status'");
    expect_refused(f, ledger, EXCHANGE_XLSX, path, "no workbook");
    expect_refused(f, ledger, EXCHANGE_CSV, f->folder, "not a regular file");
    ledger_close(ledger);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_that_is_wrong_is_named, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(many_faults_are_told_up_to_a_limit, setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(json_that_is_not_ours_is_refused, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(json_of_another_layout_is_taken, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_ledger_that_has_records_takes_none, setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(damaged_files_break_nothing, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(files_that_are_none_are_refused, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
