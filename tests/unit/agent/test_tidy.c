/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/agent/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/tidy_row.h"

#define HEADER "area,indicator,period,value,status,cumulation,unit,released,note,publisher\n"

/* One row under the full header, by a clerk of deqing. */
struct row_case {
    const char *row;
    enum reject_code code;
    const char *expected; /* value and status of a sample, or a part of the words (Chinese) */
    const char *english;  /* a part of the words, NULL: not looked at */
};

static const struct row_case cases[] = {
    /* taken */
    { "deqing,land-freed,2023-06,1800,,,,,,", REJECT_NONE, "1800 A", NULL },
    { "德清,腾出用地面积,2023-06,1800,,,,,,", REJECT_NONE, "1800 A", NULL },
    { "德 清 ,land-freed,2023-06,\"1,800.50\",P,YTD,亩,2023-07-12,初步,", REJECT_NONE, "1800.50 P",
      NULL },
    { "deqing,land-freed,2023-06, 1800 ,A,,mu,,,deqing", REJECT_NONE, "1800 A", NULL },
    { "deqing,land-freed,2023-M06,0,,,,,,", REJECT_NONE, "0 A", NULL },
    { "deqing,hv-patents-per-10k,2023-Q2,12.5,,STOCK,件,,,", REJECT_NONE, "12.5 A", NULL },
    /* units: the point moves, the text stays exact */
    { "deqing,腾出用地面积（万亩）,2023-06,0.18,,,,,,", REJECT_NONE, "1800 A", NULL },
    { "deqing,腾出用地面积(万亩),2023-06,0.180,,,,,,", REJECT_NONE, "1800 A", NULL },
    { "deqing,land-freed,2023-06,0.12345,,,万亩,,,", REJECT_NONE, "1234.5 A", NULL },
    { "deqing,tax-per-mu,2023-06,186000,,,元/亩,,,", REJECT_NONE, "18.6000 A", NULL },
    { "deqing,规上工业亩均税收（万元/亩）,2023-06,18.6,,,,,,", REJECT_NONE, "18.6 A", NULL },
    { "deqing,规上工业亩均税收（元/亩）,2023-06,-5,,,,,,", REJECT_NONE, "-0.0005 A", NULL },
    { "deqing,腾出用地面积（万亩）,2023-06,0.18,,,wan-mu,,,", REJECT_NONE, "1800 A", NULL },
    { "deqing,iva-growth,2023-06,7.2,,,％,,,", REJECT_NONE, "7.2 A", NULL },
    /* an alias whose brackets hold another count word is still a name */
    { "deqing,培育融合发展企业（平台）家（个）,2023-06,3,,,,,,", REJECT_NONE, "3 A", NULL },
    /* markers */
    { "deqing,land-freed,2023-06,,,,,,,", REJECT_NONE, " O", NULL },
    { "deqing,land-freed,2023-06,—,,,,,,", REJECT_NONE, " O", NULL },
    { "deqing,land-freed,2023-06,--,,,,,,", REJECT_NONE, " O", NULL },
    { "deqing,land-freed,2023-06,-,,,,,,", REJECT_NONE, " O", NULL },
    { "deqing,land-freed,2023-06,/,,,,,,", REJECT_NONE, " M", NULL },
    { "deqing,land-freed,2023-06,不适用,,,,,,", REJECT_NONE, " M", NULL },
    { "deqing,land-freed,2023-06,待下达,,,,,,", REJECT_NONE, " L", NULL },
    { "deqing,land-freed,2023-06,*,,,,,,", REJECT_NONE, " Q", NULL },
    { "deqing,land-freed,2023-06,,L,,,,,", REJECT_NONE, " L", NULL },
    { "deqing,land-freed,2023-06,…,,,,,,", REJECT_NOT_DUE, "未公布", "not published" },
    { "deqing,land-freed,2023-06,……,,,,,,", REJECT_NOT_DUE, "未公布", NULL },
    /* rejected */
    { "deqing,land-freed,2023-06,1800", REJECT_SYNTAX, "有 4 格，表头有 10 格", "4 cells" },
    { "deqing,land-freed,2023-06,18\"00,,,,,,", REJECT_SYNTAX, "不是合法的 CSV", "well-formed" },
    { "deqin,land-freed,2023-06,1800,,,,,,", REJECT_AREA, "没有地区“deqin”；本单位可填 deqing",
      "no area 'deqin'" },
    { ",land-freed,2023-06,1800,,,,,,", REJECT_AREA, "没有地区“”", NULL },
    { "deqing,腾出用地,2023-06,1800,,,,,,", REJECT_INDICATOR, "没有指标“腾出用地”",
      "no indicator" },
    { "deqing,land-freed,2023-6,1800,,,,,,", REJECT_PERIOD, "期别“2023-6”读不懂", "period" },
    { "deqing,land-freed,2023-13,1800,,,,,,", REJECT_PERIOD, "2023-13", NULL },
    { "deqing,land-freed,2023-Q2,1800,,,,,,", REJECT_NOT_DUE, "没有 2023-Q2 这一期（月报）",
      "2023-Q2" },
    { "deqing,iva-growth,2023-01,7,,,,,,", REJECT_NOT_DUE, "没有 2023-01 这一期（月报（免报1月））",
      NULL },
    { "deqing,land-freed,2023-06,\"1,23,0\",,,,,,", REJECT_VALUE, "数值“1,23,0”读不懂", "1,23,0" },
    { "deqing,land-freed,2023-06,1800亩,,,,,,", REJECT_VALUE, "“1800亩”", NULL },
    { "deqing,land-freed,2023-06,1e3,,,,,,", REJECT_VALUE, "“1e3”", NULL },
    { "deqing,land-freed,2023-06,,A,,,,,", REJECT_VALUE, "状态是 A", "status A" },
    { "deqing,land-freed,2023-06,1800,正常,,,,,", REJECT_STATUS, "状态“正常”", "one letter" },
    { "deqing,land-freed,2023-06,1800,Z,,,,,", REJECT_STATUS, "没有状态代码“Z”", "status" },
    { "deqing,land-freed,2023-06,1800,M,,,,,", REJECT_STATUS, "状态 M 表示没有数值，但填了 1800",
      NULL },
    { "deqing,land-freed,2023-06,1800,,,万里,,,", REJECT_UNIT, "没有计量单位“万里”", "no unit" },
    { "deqing,land-freed,2023-06,1800,,,家,,,", REJECT_UNIT, "单位 家 与指标", "does not fit" },
    { "deqing,land-freed,2023-06,120,,,公顷,,,", REJECT_UNIT, "1 公顷 = 15 亩", "convert to" },
    { "deqing,腾出用地面积（家）,2023-06,120,,,,,,", REJECT_UNIT, "单位 家 与指标", NULL },
    { "deqing,腾出用地面积（万亩）,2023-06,0.18,,,亩,,,", REJECT_UNIT, "不一致", "contradicts" },
    { "deqing,iva-growth,2023-06,7,,,个百分点,,,", REJECT_UNIT, "应为 %", NULL },
    { "deqing,land-freed,2023-06,0.1234567890123456789012345678901,,,,,,", REJECT_VALUE, "位数太多",
      NULL },
    { "deqing,land-freed,2023-06,123456789012345678901234567890,,,万亩,,,", REJECT_VALUE,
      "位数太多", "too many digits" },
    { "deqing,land-freed,2023-06,1800,,MONTH,,,,", REJECT_CUMULATION, "累计方式“MONTH”不符",
      "is YTD" },
    { "deqing,land-freed,2023-06,1800,,累计,,,,", REJECT_CUMULATION, "“累计”不符", NULL },
    { "deqing,land-freed,2023-06,1800,,,,7月12日,,", REJECT_RELEASED, "发布日期“7月12日”",
      "release day" },
    { "deqing,land-freed,2023-06,1800,,,,2023-08-16,,", REJECT_RELEASED,
      "应在 2023-06-01 与今天 2023-08-15 之间", NULL },
    { "deqing,land-freed,2023-06,1800,,,,2023-05-31,,", REJECT_RELEASED, "应在", NULL },
    { "deqing,land-freed,2023-06,1800,,,,,,anxi", REJECT_PUBLISHER, "没有发布者“anxi”",
      "publisher" },
    { "deqing,land-freed,2023-06,1800,,,,,,德清县", REJECT_PUBLISHER, "没有发布者“德清县”", NULL },
    { "anji,land-freed,2023-06,1800,,,,,,", REJECT_RIGHT, "德清县 无权填报地区 anji；可填 deqing",
      "must not write" },
    { "deqing,land-freed,2023-06,1800,,,,,,anji", REJECT_RIGHT, "不能代报 安吉县", NULL },
    { "deqing,land-freed,2023-08,1800,,,,,,", REJECT_FUTURE, "2023-08 要到 2023-08-31 才结束",
      "not ended" },
    { "deqing,land-freed,2023-06,1800,,,,,\"两\n行\",", REJECT_TEXT, "备注", "note" },
};

static struct tidy
read_ok(const char *text, const struct tidy_context *context)
{
    struct tidy tidy = { 0 };
    struct err_note note = { { 0 } };
    int code = tidy_read(text, strlen(text), context, &tidy, &note);
    if (code)
        fail_msg("%d %s\n%s", code, note.text, text);
    return tidy;
}

static void
check_row(const struct row_case *row, const struct record *record, const char *words)
{
    char got[128] = "";
    enum reject_code code = REJECT_NONE;
    if (record->type == RECORD_REJECTED) {
        code = (enum reject_code)record->as.rejected.code;
        (void)snprintf(got, sizeof got, "%.100s", record->as.rejected.text);
    } else {
        (void)snprintf(got, sizeof got, "%s %c", record->as.sample.value, record->as.sample.status);
    }
    if (code != row->code)
        fail_msg("%s: %d instead of %d (%s)", row->row, (int)code, (int)row->code, got);
    if (!words)
        return;
    bool is_right = code == REJECT_NONE ? strcmp(got, words) == 0
                                        : strstr(record->as.rejected.text, words) != NULL;
    if (!is_right)
        fail_msg("%s: '%s', not '%s'", row->row,
                 code == REJECT_NONE ? got : record->as.rejected.text, words);
}

static void
test_rows(void **state)
{
    (void)state;
    struct tidy_context zh = tables_context("deqing", LANG_ZH);
    struct tidy_context en = tables_context("deqing", LANG_EN);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, HEADER "%s\n", cases[i].row);
        struct tidy tidy = read_ok(text, &zh);
        check_row(&cases[i], &tidy.rows[0], cases[i].expected);
        assert_int_equal(cases[i].code != REJECT_NONE, tidy.rejected != 0);
        tidy_done(&tidy);
        tidy = read_ok(text, &en);
        check_row(&cases[i], &tidy.rows[0],
                  cases[i].code == REJECT_NONE ? cases[i].expected : cases[i].english);
        tidy_done(&tidy);
    }
}

/* The stage says the status of a row that does not. */
static void
test_stages(void **state)
{
    static const struct {
        const char *stage, *status;
        enum obs_stage want;
        char letter; /* 0: refused */
    } rows[] = {
        { "", "", OBS_STAGE_NONE, 'A' },
        { "快报", "", OBS_STAGE_FLASH, 'P' },
        { "flash", "E", OBS_STAGE_FLASH, 'E' },
        { "初步核算", "", OBS_STAGE_PRELIMINARY, 'P' },
        { "初步核实", "", OBS_STAGE_VERIFIED, 'A' },
        { "verified", "", OBS_STAGE_VERIFIED, 'A' },
        { "最终核实", "", OBS_STAGE_FINAL, 'A' },
        { "终", "", OBS_STAGE_NONE, 0 },
        { "FINAL", "", OBS_STAGE_NONE, 0 },
    };
    (void)state;
    struct tidy_context context = tables_context("deqing", LANG_ZH);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "area,indicator,period,value,status,stage\n"
                       "deqing,land-freed,2023-06,1,%s,%s\n",
                       rows[i].status, rows[i].stage);
        struct tidy tidy = read_ok(text, &context);
        assert_int_equal(rows[i].letter == 0, tidy.rejected);
        if (rows[i].letter) {
            assert_int_equal(rows[i].want, tidy.rows[0].as.sample.stage);
            assert_int_equal(rows[i].letter, tidy.rows[0].as.sample.status);
        } else {
            assert_int_equal(REJECT_STATUS, tidy.rows[0].as.rejected.code);
            assert_non_null(strstr(tidy.rows[0].as.rejected.text, rows[i].stage));
        }
        tidy_done(&tidy);
    }
}

static void
test_neighbours_stand(void **state)
{
    (void)state;
    struct tidy_context context = tables_context("deqing", LANG_ZH);
    struct tidy tidy = read_ok("\xef\xbb\xbfvalue,period,indicator,area\r\n"
                               "1,2023-05,land-freed,deqing\r\n"
                               ",,,\r\n"
                               "\r\n"
                               "x,2023-06,land-freed,deqing\r\n"
                               "\"3,2023-06,land-freed,deqing\r\n"
                               "4,2023-07,land-freed,deqing\r\n",
                               &context);
    assert_int_equal(4, tidy.count);
    assert_int_equal(2, tidy.rejected);
    assert_int_equal(2, tidy.rows[0].as.sample.row);
    assert_int_equal(5, tidy.rows[1].as.rejected.row);
    assert_string_equal("x,2023-06,land-freed,deqing", tidy.rows[1].as.rejected.original);
    assert_int_equal(REJECT_SYNTAX, tidy.rows[2].as.rejected.code);
    assert_int_equal(6, tidy.rows[2].as.rejected.row);
    assert_string_equal("4", tidy.rows[3].as.sample.value);
    assert_int_equal(7, tidy.rows[3].as.sample.row);
    tidy_done(&tidy);
}

static void
test_twice(void **state)
{
    (void)state;
    struct tidy_context context = tables_context("deqing", LANG_ZH);
    struct tidy tidy = read_ok("area,indicator,period,value,released\n"
                               "deqing,land-freed,2023-06,x,\n" /* a reject is no first one */
                               "deqing,land-freed,2023-06,1,\n"
                               "德清,腾出用地面积,2023-M06,2,\n"
                               "deqing,land-freed,2023-06,3,2023-07-12\n"
                               "deqing,land-freed,2023-06,3,2023-07-12\n",
                               &context);
    assert_int_equal(RECORD_SAMPLE, tidy.rows[1].type);
    assert_int_equal(REJECT_TWICE, tidy.rows[2].as.rejected.code);
    assert_non_null(strstr(tidy.rows[2].as.rejected.text, "第 3 行"));
    assert_int_equal(RECORD_SAMPLE, tidy.rows[3].type);
    assert_int_equal(REJECT_TWICE, tidy.rows[4].as.rejected.code);
    assert_non_null(strstr(tidy.rows[4].as.rejected.text, "第 5 行"));
    tidy_done(&tidy);
}

/* Adds a text at `used`, which moves on. */
static void
add_text(char *text, size_t size, size_t *used, const char *more)
{
    size_t length = strlen(more);
    assert_true(length < size - *used);
    memcpy(text + *used, more, length + 1);
    *used += length;
}

static void
test_original_is_clean(void **state)
{
    (void)state;
    struct tidy_context context = tables_context("deqing", LANG_ZH);
    char text[2048] = "area,indicator,period,value\n\x01,\x7f,\xe2\x80\xae,";
    size_t used = strlen(text);
    for (int i = 0; i < 200; i++)
        add_text(text, sizeof text, &used, "湖");
    struct tidy tidy = read_ok(text, &context);
    const struct record_rejected *rejected = &tidy.rows[0].as.rejected;
    assert_true(text_is_clean(rejected->original, strlen(rejected->original), RECORD_ORIGINAL_MAX));
    assert_true(text_is_clean(rejected->text, strlen(rejected->text), WIRE_TEXT_MAX));
    uint8_t bytes[WIRE_RECORD_MAX];
    assert_true(record_pack(&tidy.rows[0], bytes, sizeof bytes, NULL) > 0);
    tidy_done(&tidy);
}

/* ---- faults of the whole file ---- */

static const struct {
    const char *bytes;
    size_t size; /* 0: its length */
    int code;
    const char *zh, *en;
} faults[] = {
    { "", 0, ERR_ABSENT, "空的", "empty" },
    { "\xef\xbb\xbf", 0, ERR_ABSENT, "空的", "empty" },
    { "area,indicator,period,value\n", 0, ERR_ABSENT, "没有数据行", "no row" },
    { "area,indicator,value\nx\n", 0, ERR_ABSENT, "缺少列：period", "lacks: period" },
    { "area\nx\n", 0, ERR_ABSENT, "缺少列：indicator, period, value", NULL },
    { "area;indicator;period;value\n", 0, ERR_ABSENT, "英文逗号", "commas" },
    { "area\tindicator\tperiod\tvalue\n", 0, ERR_ABSENT, "英文逗号", "commas" },
    { "area,indicator,period,value,colour\nx\n", 0, ERR_UNKNOWN, "第 5 列“colour”", "'colour'" },
    { "地区,指标,期别,数值\nx\n", 0, ERR_UNKNOWN, "“地区”不认识", NULL },
    { "area,area,period,value\nx\n", 0, ERR_CONFLICT, "area 出现两次", "twice" },
    { "\"area,indicator\n", 0, ERR_SYNTAX, "表头读不懂", "cannot be read" },
    { "\n\n <!DOCTYPE html><html><body>login", 0, ERR_SYNTAX, "网页", "web page" },
    { "<HTML>\n", 0, ERR_SYNTAX, "登录", "log in" },
    { "PK\x03\x04rest", 0, ERR_SYNTAX, "Excel 工作簿", "workbook" },
    { "\xd0\xcf\x11\xe0rest", 0, ERR_SYNTAX, "CSV UTF-8", "workbook" },
    { "\xff\xfe"
      "a\0r\0",
      6, ERR_SYNTAX, "UTF-8", "UTF-16" },
    { "area,indicator,period,value\n\xb5\xc2\xc7\xe5,", 0, ERR_SYNTAX, "GBK", "UTF-8" },
};

static void
test_faults(void **state)
{
    (void)state;
    struct tidy_context zh = tables_context("deqing", LANG_ZH);
    struct tidy_context en = tables_context("deqing", LANG_EN);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct tidy tidy = { 0 };
        struct err_note note = { { 0 } };
        size_t size = faults[i].size ? faults[i].size : strlen(faults[i].bytes);
        int code = tidy_read(faults[i].bytes, size, &zh, &tidy, &note);
        if (code != faults[i].code || !strstr(note.text, faults[i].zh))
            fail_msg("case %zu: %d %s", i, code, note.text);
        assert_null(tidy.rows);
        assert_int_equal(faults[i].code, tidy_read(faults[i].bytes, size, &en, &tidy, &note));
        if (faults[i].en && !strstr(note.text, faults[i].en))
            fail_msg("case %zu: %s", i, note.text);
    }
}

static void
test_limits(void **state)
{
    (void)state;
    struct tidy_context context = tables_context("deqing", LANG_EN);
    struct tidy tidy = { 0 };
    struct err_note note = { { 0 } };
    size_t size = (size_t)TIDY_BYTES_MAX + 1, used = 0;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    assert_int_equal(ERR_RANGE, tidy_read(text, size, &context, &tidy, &note));
    assert_non_null(strstr(note.text, "16 MiB"));
    add_text(text, size, &used, "area,indicator,period,value\n");
    for (int i = 0; i < TIDY_ROWS_MAX; i++) {
        char row[64];
        (void)snprintf(row, sizeof row, "deqing,land-freed,2023-%02d,%d\n", i % 7 + 1, i);
        add_text(text, size, &used, row);
    }
    assert_int_equal(0, tidy_read(text, used, &context, &tidy, &note));
    assert_int_equal(TIDY_ROWS_MAX, tidy.count);
    assert_int_equal(TIDY_ROWS_MAX - 7, tidy.rejected); /* twice in one file */
    tidy_done(&tidy);
    add_text(text, size, &used, "deqing,land-freed,2023-01,1\n");
    assert_int_equal(ERR_RANGE, tidy_read(text, used, &context, &tidy, &note));
    assert_non_null(strstr(note.text, "100000 rows"));
    free(text);
}

/* ---- moving the point ---- */

static void
test_shift(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int shift;
        const char *to; /* NULL: too many digits */
    } shifts[] = {
        { "1", 4, "10000" },
        { "1.8", 4, "18000" },
        { "1.80", 4, "18000" },
        { "0.18", 4, "1800" },
        { "0", 4, "0" },
        { "0.00", 4, "0" },
        { "18000", -4, "1.8000" },
        { "5", -4, "0.0005" },
        { "-5", -4, "-0.0005" },
        { "-1.25", 1, "-12.5" },
        { "12.5", 0, "12.5" },
        { "100", -2, "1.00" },
        { "0", -4, "0.0000" },
        { "1.23456", 4, "12345.6" },
        { "123456789012345678901234567890", 1, NULL },
    };
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++) {
        char text[NUM_TEXT_MAX] = "";
        int code = tidy_shift(shifts[i].from, shifts[i].shift, text);
        if (!shifts[i].to && code == 0)
            fail_msg("%s by %d gives %s", shifts[i].from, shifts[i].shift, text);
        if (shifts[i].to)
            assert_string_equal(shifts[i].to, text);
    }
}

static void
test_unit_shift(void **state)
{
    (void)state;
    const struct catalogue *catalogue = catalogue_of(tables);
    const struct cat_unit *mu = catalogue_unit(catalogue, "mu");
    int shift = 0;
    assert_int_equal(0, tidy_unit_shift(catalogue_unit(catalogue, "wan-mu"), mu, &shift));
    assert_int_equal(4, shift);
    assert_int_equal(0, tidy_unit_shift(mu, catalogue_unit(catalogue, "wan-mu"), &shift));
    assert_int_equal(-4, shift);
    assert_int_equal(0, tidy_unit_shift(mu, mu, &shift));
    assert_int_equal(0, shift);
    assert_int_equal(ERR_RANGE, tidy_unit_shift(catalogue_unit(catalogue, "hectare"), mu, &shift));
    assert_int_equal(0, tidy_unit_shift(catalogue_unit(catalogue, "yi-yuan"),
                                        catalogue_unit(catalogue, "yuan"), &shift));
    assert_int_equal(8, shift);
}

/* The demonstration generator's rows come through the district's key. */
static void
test_simulated_publisher(void **state)
{
    (void)state;
    struct tidy_context context = tables_context("wuxing", LANG_ZH);
    struct tidy tidy = read_ok(HEADER "wuxing,land-freed,2023-06,1,,,,,,demo\n"
                                      "wuxing+nantaihu,land-freed,2023-06,1,,,,,,\n",
                               &context);
    assert_int_equal(0, tidy.rejected);
    assert_string_equal("demo", tidy.rows[0].as.sample.publisher);
    assert_false(tidy_is_question(&tidy.rows[0]));
    tidy_done(&tidy);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_neighbours_stand),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_original_is_clean),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_unit_shift),
        cmocka_unit_test(test_simulated_publisher),
    };
    return cmocka_run_group_tests(tests, tables_load, tables_free);
}
