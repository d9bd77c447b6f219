/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sample.h"

#include "check.h"

static const char *const tables[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers\n"
                  "huzhou,全市,Huzhou,city,,,yes\n"
                  "wuxing,吴兴,Wuxing,district,huzhou,,yes\n"
                  "deqing,德清,Deqing,district,huzhou,,yes\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\npct,%,percent,percent,1,1\n",
    [CAT_OWNERS] = "id,name,name_en,aliases\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "no-january,免报1月,,M,2;3;4;5;6;7;8;9;10;11;12,12\n"
                      "quarterly,季报,quarterly,Q,3;6;9;12,20\n",
    [CAT_INDICATORS] = "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,"
                       "decomposition,category,sort,aliases\n"
                       "iva-growth,增加值增长,IVA,pct,G,YTD,no-january,up,1,,,1,\n"
                       "gdp-growth,GDP增速,GDP,pct,G,YTD,quarterly,up,1,,,2,\n"
                       "first-place,全省第一,First,pct,K,STOCK,no-january,down,0,,,3,\n",
    [CAT_PROFILES] = "id,name,name_en,form,points,source\n"
                     "quarters,按季,by quarters,milestones,3:30;6:65;9:85;12:100,x\n",
    [CAT_TARGETS] = "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,"
                    "method,status,primary,owner,lead,accountable,wording,note\n",
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\n"
                       "wuxing,吴兴区,Wuxing,official,wuxing,\n"
                       "deqing,德清县,Deqing,official,deqing,\n"
                       "demo,演示,Demo,simulated,wuxing;deqing,wuxing\n"
                       "idle,无,Idle,official,,\n",
};

enum { MEMORY_SIZE = 1 << 18 };
static void *memory;
static const struct catalogue *catalogue;

static int
setup(void **state)
{
    (void)state;
    struct cat_source sources[CAT_TABLE_COUNT] = { { 0 } };
    struct err_note note = { { 0 } };
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        if (tables[i])
            sources[i] = (struct cat_source){ tables[i], strlen(tables[i]) };
    memory = malloc(MEMORY_SIZE);
    int result = memory ? catalogue_parse(sources, memory, MEMORY_SIZE, &catalogue, &note) : -1;
    if (result < 0)
        print_error("%s\n", note.text);
    return result;
}

static int
teardown(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

/* A row as a clerk's file has it; NULL: as in the good sample. */
struct row {
    const char *name;
    const char *sender;
    const char *area;
    const char *indicator;
    const char *publisher;
    const char *period;
    const char *value;
    const char *status;
    const char *released; /* "" none */
    const char *note;
    enum reject_code code;
    const char *words;
};

static void
put(char *field, size_t size, const char *text, const char *otherwise)
{
    (void)snprintf(field, size, "%s", text ? text : otherwise);
}

static struct sample
sample_of(const struct row *row)
{
    struct sample sample = { .status = row->status ? row->status[0] : 'A', .row = 1 };
    const char *period = row->period ? row->period : "2023-06";
    const char *released = row->released ? row->released : "2023-07-10";
    put(sample.area, sizeof sample.area, row->area, "wuxing");
    put(sample.indicator, sizeof sample.indicator, row->indicator, "iva-growth");
    put(sample.publisher, sizeof sample.publisher, row->publisher, "");
    put(sample.value, sizeof sample.value, row->value, "0.7");
    put(sample.note, sizeof sample.note, row->note, "快报");
    if (period[0])
        CHECK_INT(row->name, 0, cal_period_parse(period, strlen(period), &sample.period, NULL));
    sample.has_released = released[0] != '\0';
    if (sample.has_released)
        CHECK_INT(row->name, 0, cal_date_parse(released, strlen(released), &sample.released, NULL));
    return sample;
}

/* Today is 2023-07-15. */
static void
check_row(const struct row *row)
{
    struct sample sample = sample_of(row);
    const struct cat_publisher *sender =
        catalogue_publisher(catalogue, row->sender ? row->sender : "wuxing");
    struct sample_place place = { NULL, NULL, NULL };
    struct err_note note = { { 0 } };
    enum reject_code code =
        sample_check(catalogue, sender, &sample, cal_date_of(2023, 7, 15), &place, &note);
    CHECK_TEXT(row->name, row->words ? row->words : "", note.text);
    CHECK_INT(row->name, row->code, code);
    CHECK(row->name, (place.area != NULL) == (code == REJECT_NONE));
    if (code != REJECT_NONE)
        return;
    CHECK_TEXT(row->name, sample.area, place.area->id);
    CHECK_TEXT(row->name, sample.indicator, place.indicator->id);
    CHECK_TEXT(row->name, sample.publisher[0] ? sample.publisher : sender->id, place.publisher->id);
    CHECK_INT(row->name, code,
              sample_check(catalogue, sender, &sample, cal_date_of(2023, 7, 15), &place, NULL));
}

static void
check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
}

static void
test_rows_that_are_taken(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "good" },
        { .name = "released today", .released = "2023-07-15" },
        { .name = "released on the first day", .released = "2023-06-01" },
        { .name = "no release day", .released = "" },
        { .name = "negative", .value = "-3.20" },
        { .name = "missing", .value = "", .status = "O" },
        { .name = "cannot exist", .value = "", .status = "M" },
        { .name = "not collected", .value = "", .status = "L" },
        { .name = "suppressed", .value = "", .status = "Q" },
        { .name = "holiday", .value = "", .status = "H" },
        { .name = "not significant, empty", .value = "", .status = "N" },
        { .name = "not significant, with a number", .status = "N" },
        { .name = "provisional", .status = "P" },
        { .name = "a claim with its evidence",
          .indicator = "first-place",
          .note = "浙统〔2023〕7号" },
        { .name = "a claim taken back", .indicator = "first-place", .value = "", .status = "O" },
        { .name = "no note", .note = "" },
        { .name = "itself by name", .publisher = "wuxing" },
        { .name = "brought along", .publisher = "demo" },
        { .name = "quarter", .indicator = "gdp-growth", .period = "2023-Q2" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_names_that_nothing_has(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "area",
          .area = "wuxin",
          .code = REJECT_AREA,
          .words = "area 'wuxin' is unknown; areas are huzhou, wuxing, deqing" },
        { .name = "no area",
          .area = "",
          .code = REJECT_AREA,
          .words = "area '' is unknown; areas are huzhou, wuxing, deqing" },
        { .name = "indicator",
          .indicator = "iva",
          .code = REJECT_INDICATOR,
          .words = "indicator 'iva' is unknown; it must be an id of indicators.csv" },
        { .name = "publisher",
          .publisher = "nobody",
          .code = REJECT_PUBLISHER,
          .words = "publisher 'nobody' is unknown; leave it empty for 'wuxing', or name one of "
                   "publishers.csv" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_rights(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "somebody else's",
          .publisher = "deqing",
          .area = "deqing",
          .code = REJECT_RIGHT,
          .words = "sender 'wuxing' must not bring rows of publisher 'deqing'; leave the publisher "
                   "empty, or let 'deqing' send them" },
        { .name = "area of another",
          .area = "deqing",
          .code = REJECT_RIGHT,
          .words = "publisher 'wuxing' must not write area 'deqing'; it may write wuxing" },
        { .name = "publisher of nothing",
          .sender = "idle",
          .code = REJECT_RIGHT,
          .words = "publisher 'idle' must not write area 'wuxing'; it may write no area" },
        { .name = "two areas",
          .publisher = "demo",
          .area = "huzhou",
          .code = REJECT_RIGHT,
          .words = "publisher 'demo' must not write area 'huzhou'; it may write wuxing, deqing" },
        { .name = "made up for another",
          .publisher = "demo",
          .area = "deqing",
          .code = REJECT_RIGHT,
          .words = "sender 'wuxing' must not write area 'deqing'; it may write wuxing" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_periods_that_are_not_due(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "no period",
          .period = "",
          .code = REJECT_PERIOD,
          .words = "the period does not exist; 'iva-growth' is reported by months, like 2023-04" },
        { .name = "quarter for months",
          .period = "2023-Q2",
          .code = REJECT_NOT_DUE,
          .words = "period 2023-Q2: 'iva-growth' is reported by months, like 2023-04" },
        { .name = "month for quarters",
          .indicator = "gdp-growth",
          .code = REJECT_NOT_DUE,
          .words = "period 2023-06: 'gdp-growth' is reported by quarters, like 2023-Q1" },
        { .name = "pair of months",
          .period = "2023-01-01/P2M",
          .code = REJECT_NOT_DUE,
          .words = "period 2023-01-01/P2M: 'iva-growth' is reported by months, like 2023-04" },
        { .name = "January",
          .period = "2023-01",
          .code = REJECT_NOT_DUE,
          .words = "period 2023-01: 'iva-growth' has values only for periods that end in month "
                   "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12" },
        { .name = "this month",
          .period = "2023-07",
          .released = "",
          .code = REJECT_FUTURE,
          .words = "period 2023-07 has not ended; its value is taken from 2023-08-01 on" },
        { .name = "far future",
          .period = "2199-12",
          .released = "",
          .code = REJECT_FUTURE,
          .words = "period 2199-12 has not ended; its value is taken from 2200-01-01 on" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_values_that_are_none(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "words",
          .value = "很多",
          .code = REJECT_VALUE,
          .words = "value: '很多' is no number: expected digits, like 1234.5 or 1,234.5" },
        { .name = "not canonical",
          .value = "1,000",
          .code = REJECT_VALUE,
          .words = "value '1,000' is not in its plain form; write 1000" },
        { .name = "minus nothing",
          .value = "-0.0",
          .code = REJECT_VALUE,
          .words = "value '-0.0' is not in its plain form; write 0.0" },
        { .name = "empty and normal",
          .value = "",
          .code = REJECT_VALUE,
          .words = "the value is empty, and status A needs one; without a value the status says "
                   "why: O missing, M cannot exist, L not collected, Q suppressed, H holiday" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_statuses_that_do_not_fit(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "unknown status",
          .status = "Z",
          .code = REJECT_STATUS,
          .words = "status 'Z' is no letter of SDMX CL_OBS_STATUS; a normal value has A, a "
                   "provisional one P, an estimate E" },
        { .name = "unknown status, empty",
          .value = "",
          .status = "a",
          .code = REJECT_STATUS,
          .words = "status 'a' is no letter of SDMX CL_OBS_STATUS; a normal value has A, a "
                   "provisional one P, an estimate E" },
        { .name = "control as status",
          .status = "\x1b",
          .code = REJECT_STATUS,
          .words = "status '?' is no letter of SDMX CL_OBS_STATUS; a normal value has A, a "
                   "provisional one P, an estimate E" },
        { .name = "missing and there",
          .status = "O",
          .code = REJECT_STATUS,
          .words = "status O says there is no value, yet the value is 0.7; a normal value has A" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_release_days_that_cannot_be(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "released tomorrow",
          .released = "2023-07-16",
          .code = REJECT_RELEASED,
          .words = "released 2023-07-16: it must lie between the period's first day, 2023-06-01, "
                   "and today, 2023-07-15" },
        { .name = "released before",
          .released = "2023-05-31",
          .code = REJECT_RELEASED,
          .words = "released 2023-05-31: it must lie between the period's first day, 2023-06-01, "
                   "and today, 2023-07-15" },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_notes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { .name = "note with an escape",
          .note = "a\x1b[31mb",
          .code = REJECT_TEXT,
          .words = "note 'a?[31mb': only one line of UTF-8 text of at most 200 bytes, without "
                   "control characters" },
        { .name = "note of two lines",
          .note = "a\nb",
          .code = REJECT_TEXT,
          .words = "note 'a?b': only one line of UTF-8 text of at most 200 bytes, without control "
                   "characters" },
        { .name = "a claim without evidence",
          .note = "",
          .indicator = "first-place",
          .code = REJECT_EVIDENCE,
          .words = "'first-place' is a claim that people attest: the note must name the evidence "
                   "(document, number, date)" },
        { .name = "note in GB18030",
          .note = "\xba\xfe",
          .code = REJECT_TEXT,
          .words = "note '?"
                   "?': only one line of UTF-8 text of at most 200 bytes, without control "
                   "characters" },
    };
    check_rows(rows, COUNT(rows));
}

/* The first rule that is broken speaks: a row with every fault is led through them one by one. */
static void
test_the_order_of_rules(void **state)
{
    (void)state;
    struct row row = { .name = "order",
                       .area = "x",
                       .indicator = "x",
                       .publisher = "x",
                       .period = "2023-01",
                       .value = "x",
                       .status = "Z",
                       .released = "2023-12-31",
                       .note = "\n" };
    struct {
        const char **field;
        const char *good;
        enum reject_code code;
    } steps[] = {
        { &row.area, "deqing", REJECT_AREA },       { &row.indicator, NULL, REJECT_INDICATOR },
        { &row.publisher, NULL, REJECT_PUBLISHER }, { &row.area, NULL, REJECT_RIGHT },
        { &row.period, "2023-07", REJECT_NOT_DUE }, { &row.period, NULL, REJECT_FUTURE },
        { &row.value, NULL, REJECT_VALUE },         { &row.status, NULL, REJECT_STATUS },
        { &row.released, NULL, REJECT_RELEASED },   { &row.note, NULL, REJECT_TEXT },
    };
    const struct cat_publisher *sender = catalogue_publisher(catalogue, "wuxing");
    struct sample_place place;
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct sample sample = sample_of(&row);
        CHECK_INT("step", steps[i].code,
                  sample_check(catalogue, sender, &sample, cal_date_of(2023, 7, 15), &place, NULL));
        *steps[i].field = steps[i].good;
    }
    struct sample sample = sample_of(&row);
    CHECK_INT("all mended", REJECT_NONE,
              sample_check(catalogue, sender, &sample, cal_date_of(2023, 7, 15), &place, NULL));
}

/* The day on which a period ends is too early, the day after is not. */
static void
test_the_day_after_the_period(void **state)
{
    (void)state;
    const struct cat_publisher *sender = catalogue_publisher(catalogue, "wuxing");
    const struct row row = { .name = "day after", .released = "" };
    struct sample sample = sample_of(&row);
    struct sample_place place;
    CHECK_INT("30 June", REJECT_FUTURE,
              sample_check(catalogue, sender, &sample, cal_date_of(2023, 6, 30), &place, NULL));
    CHECK_INT("1 July", REJECT_NONE,
              sample_check(catalogue, sender, &sample, cal_date_of(2023, 7, 1), &place, NULL));
}

/* What came before keeps its place under another catalogue; what it says must still be sound. */
static void
test_what_was_taken_before(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct row row;
        enum reject_code code;
    } rows[] = {
        { "as it is", { .publisher = "wuxing" }, REJECT_NONE },
        { "a right it has no more", { .publisher = "idle" }, REJECT_NONE },
        { "a month without values", { .publisher = "wuxing", .period = "2023-01" }, REJECT_NONE },
        { "another frequency", { .publisher = "wuxing", .period = "2023-Q1" }, REJECT_NONE },
        { "no evidence", { .publisher = "wuxing", .indicator = "first-place" }, REJECT_NONE },
        { "no publisher", { .publisher = "" }, REJECT_PUBLISHER },
        { "no area", { .publisher = "wuxing", .area = "x" }, REJECT_AREA },
        { "no indicator", { .publisher = "wuxing", .indicator = "x" }, REJECT_INDICATOR },
        { "before its end", { .publisher = "wuxing", .period = "2023-07" }, REJECT_FUTURE },
        { "no number", { .publisher = "wuxing", .value = "x" }, REJECT_VALUE },
        { "no status", { .publisher = "wuxing", .status = "Z" }, REJECT_STATUS },
        { "released later", { .publisher = "wuxing", .released = "2023-12-31" }, REJECT_RELEASED },
        { "two lines", { .publisher = "wuxing", .note = "a\nb" }, REJECT_TEXT },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample sample = sample_of(&rows[i].row);
        struct sample_place place;
        CHECK_INT(rows[i].name, rows[i].code,
                  sample_check_kept(catalogue, &sample, cal_date_of(2023, 7, 15), &place, NULL));
        if (rows[i].code == REJECT_NONE)
            CHECK_TEXT(rows[i].name, rows[i].row.publisher, place.publisher->id);
    }
}

static void
test_words_of_codes(void **state)
{
    (void)state;
#define X(name, number, zh, en)                       \
    CHECK_INT(en, number, name);                      \
    CHECK_TEXT(en, zh, reject_text(number, LANG_ZH)); \
    CHECK_TEXT(en, en, reject_text(number, LANG_EN));
    REJECT_TABLE(X)
#undef X
    CHECK_TEXT("of a later release", "?", reject_text(99, LANG_ZH));
    CHECK_TEXT("negative", "?", reject_text(-1, LANG_EN));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_that_are_taken),
        cmocka_unit_test(test_names_that_nothing_has),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_periods_that_are_not_due),
        cmocka_unit_test(test_values_that_are_none),
        cmocka_unit_test(test_statuses_that_do_not_fit),
        cmocka_unit_test(test_release_days_that_cannot_be),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_the_order_of_rules),
        cmocka_unit_test(test_the_day_after_the_period),
        cmocka_unit_test(test_what_was_taken_before),
        cmocka_unit_test(test_words_of_codes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
