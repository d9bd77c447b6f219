/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/agent/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/receipt.h"
#include "platform/file.h"
#include "tests/unit/platform/folder.h"

/* A file of five rows with fates of every kind. */
struct rows {
    struct record record[5];
    enum wire_fate fate[5];
    uint32_t code[5];
    const char *text[5];
};

static int
give_row(void *context, size_t index, struct receipt_row *ret_row)
{
    const struct rows *rows = context;
    *ret_row = (struct receipt_row){ &rows->record[index], rows->fate[index], rows->code[index],
                                     rows->text[index] };
    return 0;
}

static void
set_sample(struct record *record, uint32_t row, int month, const char *value, char status)
{
    struct sample *sample = &record->as.sample;
    memset(record, 0, sizeof *record);
    record->type = RECORD_SAMPLE;
    (void)snprintf(sample->area, sizeof sample->area, "deqing");
    (void)snprintf(sample->indicator, sizeof sample->indicator, "land-freed");
    (void)snprintf(sample->value, sizeof sample->value, "%s", value);
    sample->period = cal_month(2023, month);
    sample->status = status;
    sample->row = row;
}

static struct receipt
make_receipt(enum lang lang, struct rows *rows)
{
    memset(rows, 0, sizeof *rows);
    for (size_t i = 0; i < 5; i++)
        rows->text[i] = "";
    set_sample(&rows->record[0], 2, 2, "1800", 'A');
    rows->fate[0] = FATE_STORED;
    set_sample(&rows->record[1], 3, 3, "2400.5", 'A');
    rows->fate[1] = FATE_REVISION;
    set_sample(&rows->record[2], 4, 4, "", 'O');
    rows->fate[2] = FATE_STORED;
    set_sample(&rows->record[3], 5, 5, "3000", 'A');
    rows->fate[3] = FATE_REJECTED;
    rows->code[3] = REJECT_RIGHT;
    rows->text[3] = "publisher 'deqing' must not write area 'anji'";
    rows->record[4].type = RECORD_REJECTED;
    rows->record[4].as.rejected.row = 6;
    (void)snprintf(rows->record[4].as.rejected.original, 64,
                   "deqing,land-freed,2023-06,\"1,23,0\"");
    rows->fate[4] = FATE_REJECTED;
    rows->code[4] = REJECT_VALUE;
    rows->text[4] = lang == LANG_EN ? "value: '1,23,0' is no decimal" : "数值“1,23,0”读不懂";
    struct receipt receipt = {
        .kind = RECEIPT_DONE,
        .lang = lang,
        .name = "6月.csv",
        .sha256 = { 0x3f, 0x2a, 0x91, 0xbc },
        .publisher = catalogue_publisher(catalogue_of(tables), "deqing"),
        .when = cal_midnight(cal_date_of(2023, 7, 3)),
        .row_count = 5,
        .row = give_row,
        .context = rows,
    };
    return receipt;
}

static void
check_text(int (*make)(const struct receipt *, char **, size_t *), const struct receipt *receipt,
           const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(0, make(receipt, &text, &size));
    assert_string_equal(expected, text);
    assert_int_equal(strlen(expected), size);
    free(text);
}

#define SHA "3f2a91bc00000000000000000000000000000000000000000000000000000000"

static const char text_zh[] =
    "回执\n"
    "文件  6月.csv\n"
    "校验  SHA-256 " SHA "\n"
    "单位  德清县（deqing）\n"
    "\n"
    "接受 3  未变化 0  重复 0  退回 2\n"
    "其中修订 1\n"
    "修订未说明原因 1：请在备注（note）列写明，如 笔误、口径调整、上级核定、漏报补报、单位错误\n"
    "待核实 1\n"
    "\n"
    "退回  第 5 行\n"
    "  原文  deqing,land-freed,2023-05,3000\n"
    "  原因  无权填报该地区：publisher 'deqing' must not write area 'anji'\n"
    "  处理  请由该地区的填报单位报送\n"
    "\n"
    "退回  第 6 行\n"
    "  原文  deqing,land-freed,2023-06,\"1,23,0\"\n"
    "  原因  数值有误：数值“1,23,0”读不懂\n"
    "  处理  改正数值\n"
    "\n"
    "待核实  第 4 行\n"
    "  原文  deqing,land-freed,2023-04,\n"
    "  原因  没有数值，记为缺报（O）；得到数值后请补报\n"
    "\n"
    "退回的行改正后，连同表头另存一个文件报送即可，其余各行不必重报\n"
    "去向  排队 → 已达  2023-07-03T00:00:00Z\n";

static const char text_en[] =
    "Receipt\n"
    "file       6月.csv\n"
    "checksum   SHA-256 " SHA "\n"
    "publisher  Deqing County (deqing)\n"
    "\n"
    "accepted 3  unchanged 0  duplicate 0  rejected 2\n"
    "revisions among them 1\n"
    "revisions without a reason 1: say it in the note column, such as slip of the pen, definition "
    "changed, set by the authority above, reported late, wrong unit\n"
    "to be looked at 1\n"
    "\n"
    "rejected  line 5\n"
    "  text    deqing,land-freed,2023-05,3000\n"
    "  reason  no right to write this area: publisher 'deqing' must not write area 'anji'\n"
    "  to do   let the office of that area send it\n"
    "\n"
    "rejected  line 6\n"
    "  text    deqing,land-freed,2023-06,\"1,23,0\"\n"
    "  reason  bad value: value: '1,23,0' is no decimal\n"
    "  to do   correct the value\n"
    "\n"
    "to be looked at  line 4\n"
    "  text    deqing,land-freed,2023-04,\n"
    "  reason  no number: kept as missing (O); report it when it is known\n"
    "\n"
    "put the corrected rows with the header into a new file and send that; the other rows need "
    "not be sent again\n"
    "standing  queued → delivered  2023-07-03T00:00:00Z\n";

static const char csv_zh[] =
    "row,area,indicator,period,value,fate,reason\n"
    "2,deqing,land-freed,2023-02,1800,接受,\n"
    "3,deqing,land-freed,2023-03,2400.5,接受（修订）,\n"
    "4,deqing,land-freed,2023-04,,接受,没有数值，记为缺报（O）；得到数值后请补报\n"
    "5,deqing,land-freed,2023-05,3000,退回,无权填报该地区：publisher 'deqing' must not write area "
    "'anji'\n"
    "6,,,,,退回,\"数值有误：数值“1,23,0”读不懂\"\n";

static void
test_golden_zh(void **state)
{
    (void)state;
    struct rows rows;
    struct receipt receipt = make_receipt(LANG_ZH, &rows);
    check_text(receipt_text, &receipt, text_zh);
    check_text(receipt_csv, &receipt, csv_zh);
}

static void
test_golden_en(void **state)
{
    (void)state;
    struct rows rows;
    struct receipt receipt = make_receipt(LANG_EN, &rows);
    check_text(receipt_text, &receipt, text_en);
}

/* What a collector says of a rejected row stands behind short words in the agent's language,
 * whatever its code. */
static void
test_collectors_words_come_second(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        const char *text;
        const char *zh, *en;
    } cases[] = {
        { REJECT_FUTURE, "period 2023-12 has not ended",
          ",退回,期别尚未结束：period 2023-12 has not ended\n",
          ",rejected,the period has not ended: period 2023-12 has not ended\n" },
        { REJECT_FUTURE, "", ",退回,期别尚未结束\n", ",rejected,the period has not ended\n" },
        { REJECT_NONE, "", ",退回,市级未予接受\n", ",rejected,not taken by the collector\n" },
        { 99, "of a later release", ",退回,市级未予接受：of a later release\n",
          ",rejected,not taken by the collector: of a later release\n" },
        { UINT32_MAX, "", ",退回,市级未予接受\n", ",rejected,not taken by the collector\n" },
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        enum lang lang = i % 2 ? LANG_EN : LANG_ZH;
        struct rows rows;
        struct receipt receipt = make_receipt(lang, &rows);
        char *text = NULL;
        size_t size = 0;
        rows.code[3] = cases[i / 2].code;
        rows.text[3] = cases[i / 2].text;
        assert_int_equal(0, receipt_csv(&receipt, &text, &size));
        const char *wanted = lang == LANG_EN ? cases[i / 2].en : cases[i / 2].zh;
        if (!strstr(text, wanted))
            fail_msg("'%s' is not in: %s", wanted, text);
        free(text);
    }
}

static void
test_json(void **state)
{
    (void)state;
    struct rows rows;
    struct receipt receipt = make_receipt(LANG_EN, &rows);
    receipt.row_count = 1;
    check_text(receipt_json, &receipt,
               "[\n  {\"row\": \"2\", \"area\": \"deqing\", \"indicator\": \"land-freed\", "
               "\"period\": \"2023-02\", \"value\": \"1800\", \"fate\": \"accepted\", "
               "\"reason\": \"\"}\n]\n");
    receipt.kind = RECEIPT_REFUSED;
    receipt.row_count = 0;
    receipt.fault = "a \"quoted\" \\ fault";
    check_text(receipt_json, &receipt,
               "[\n  {\"row\": \"0\", \"area\": \"\", \"indicator\": \"\", \"period\": \"\", "
               "\"value\": \"\", \"fate\": \"rejected\", \"reason\": \"a \\\"quoted\\\" \\\\ "
               "fault\"}\n]\n");
}

static void
test_whole_file(void **state)
{
    (void)state;
    struct rows rows;
    struct receipt receipt = make_receipt(LANG_ZH, &rows);
    receipt.kind = RECEIPT_REFUSED;
    receipt.row_count = 0;
    receipt.fault = "文件不是 UTF-8 编码";
    check_text(receipt_text, &receipt,
               "回执\n文件  6月.csv\n校验  SHA-256 " SHA "\n单位  德清县（deqing）\n\n"
               "退回  整份文件\n  原因  文件不是 UTF-8 编码\n  处理  改正后重新放入 inbox\n\n"
               "去向  没有写入任何一行，文件已移入 rejected\n");
    check_text(receipt_csv, &receipt,
               "row,area,indicator,period,value,fate,reason\n0,,,,,退回,文件不是 UTF-8 编码\n");
}

static void
test_known(void **state)
{
    (void)state;
    struct rows rows;
    struct receipt receipt = make_receipt(LANG_EN, &rows);
    receipt.kind = RECEIPT_KNOWN;
    receipt.row_count = 1;
    rows.fate[0] = FATE_DUPLICATE;
    receipt.fault = "5月.csv";
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(0, receipt_text(&receipt, &text, &size));
    assert_non_null(strstr(text, "duplicate 1"));
    assert_non_null(strstr(text, "the content equals 5月.csv, which was imported before"));
    free(text);
}

static void
test_written_and_read(void **state)
{
    (void)state;
    char folder[64], path[FILE_PATH_MAX];
    struct receipt_counts counts;
    bool is_file_fault = true;
    folder_make(folder);
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
        struct rows rows;
        struct receipt receipt = make_receipt((enum lang)lang, &rows);
        assert_int_equal(0, receipt_write(folder, &receipt, NULL));
        assert_int_equal(0, access(folder_path(folder, "6月.csv.3f2a91bc.txt"), R_OK));
        assert_int_equal(0, receipt_path(folder, "6月.csv", receipt.sha256, "csv", path));
        assert_string_equal(folder_path(folder, "6月.csv.3f2a91bc.csv"), path);
        assert_int_equal(0, receipt_read(path, &counts, &is_file_fault, NULL));
        assert_false(is_file_fault);
        assert_int_equal(3, counts.accepted);
        assert_int_equal(1, counts.revisions);
        assert_int_equal(2, counts.rejected);
        assert_int_equal(1, counts.questions);
        receipt.kind = RECEIPT_REFUSED;
        receipt.fault = "why";
        receipt.row_count = 0;
        assert_int_equal(0, receipt_write(folder, &receipt, NULL));
        assert_int_equal(0, receipt_read(path, &counts, &is_file_fault, NULL));
        assert_true(is_file_fault);
    }
    folder_put(folder, "bad.csv", "row,area\n1,2\n");
    struct err_note note = { { 0 } };
    assert_int_equal(ERR_SYNTAX,
                     receipt_read(folder_path(folder, "bad.csv"), &counts, &is_file_fault, &note));
    folder_remove(folder);
}

static void
test_many_rows_are_told_in_part(void **state)
{
    (void)state;
    struct record *records = calloc(300, sizeof *records);
    assert_non_null(records);
    for (uint32_t i = 0; i < 300; i++) {
        records[i].type = RECORD_REJECTED;
        records[i].as.rejected.row = i + 2;
        records[i].as.rejected.code = REJECT_VALUE;
    }
    struct receipt_tidy tidy = { records, FATE_STORED };
    struct receipt receipt = { .kind = RECEIPT_CHECK, .lang = LANG_ZH, .name = "x.csv" };
    receipt.row_count = 300;
    receipt.row = receipt_tidy_row;
    receipt.context = &tidy;
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(0, receipt_text(&receipt, &text, &size));
    assert_non_null(strstr(text, "预演报告"));
    assert_non_null(strstr(text, "第 201 行"));
    assert_null(strstr(text, "第 202 行"));
    assert_non_null(strstr(text, "另有 100 行，见同名 .csv"));
    assert_non_null(strstr(text, "预演：未写入，未联网"));
    free(text);
    free(records);
}

static void
test_exit_codes(void **state)
{
    (void)state;
    struct receipt_counts counts = { .accepted = 3 };
    assert_int_equal(0, receipt_exit(&counts, false));
    counts.questions = 1;
    assert_int_equal(1, receipt_exit(&counts, false));
    counts.rejected = 1;
    assert_int_equal(2, receipt_exit(&counts, false));
    assert_int_equal(3, receipt_exit(&counts, true));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_zh),
        cmocka_unit_test(test_golden_en),
        cmocka_unit_test(test_collectors_words_come_second),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_whole_file),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_many_rows_are_told_in_part),
    };
    return cmocka_run_group_tests(tests, tables_load, tables_free);
}
