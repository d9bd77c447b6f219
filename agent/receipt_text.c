/* SPDX-License-Identifier: GPL-3.0-or-later
 * The receipt for people: counts first, then each row that needs a hand, then where it all stands
 * (docs/feed.md). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receipt_private.h"
#include "agent/words.h"
#include "platform/file.h"
#include "platform/hash.h"

/* Rows told in full; more are only counted, the CSV has them all. */
static const size_t ROWS_TOLD_MAX = 200;

/* X(code, zh, en): what to do about it. */
#define REMEDY_TABLE(X)                                                                         \
    X(REJECT_SYNTAX, "检查这一行的引号和逗号，使格数与表头相同",                                \
      "check quotes and commas: as many cells as the header")                                   \
    X(REJECT_AREA, "改用地区编号或名称", "use the id or the name of an area")                   \
    X(REJECT_INDICATOR, "对照指标目录改正名称，或改用编号",                                     \
      "use an id or a printed name of the catalogue")                                           \
    X(REJECT_PERIOD, "改正期别", "correct the period")                                          \
    X(REJECT_NOT_DUE, "删去这一行，或改为应报的期别",                                           \
      "leave the row out, or use a period that is due")                                         \
    X(REJECT_VALUE, "改正数值", "correct the value")                                            \
    X(REJECT_STATUS, "改正状态代码，正常数值可不填",                                            \
      "correct the status; leave it empty for a normal value")                                  \
    X(REJECT_UNIT, "按应报的单位填报", "report in the unit of the indicator")                   \
    X(REJECT_CUMULATION, "按应报的累计方式填报", "report with the cumulation of the indicator") \
    X(REJECT_RELEASED, "改正发布日期，或留空", "correct the release day, or leave it empty")    \
    X(REJECT_PUBLISHER, "改正发布者，或留空", "correct the publisher, or leave it empty")       \
    X(REJECT_RIGHT, "请由该地区的填报单位报送", "let the office of that area send it")          \
    X(REJECT_FUTURE, "期末以后再报", "send it after the period has ended")                      \
    X(REJECT_TEXT, "缩短或改正文字", "shorten or correct the text")                             \
    X(REJECT_TWICE, "只留一行；更正须另写发布日期或另发文件",                                   \
      "keep one of them; a correction goes into a file of its own")                             \
    X(REJECT_EVIDENCE, "在备注里写明佐证（文件、文号、日期）",                                  \
      "name the evidence in the note (document, number, date)")

static const char *
remedy(uint32_t code, enum lang lang)
{
    switch (code) {
#define X(name, zh, en) \
    case name:          \
        return words_pick(lang, zh, en);
        REMEDY_TABLE(X)
#undef X
    default:
        return words_pick(lang, "按原因改正", "correct what is told above");
    }
}

/* fprintf in one of two languages. */
#define TELL(out, lang, zh, en, ...)                                                 \
    do {                                                                             \
        char told[1024];                                                             \
        fputs(words_say(told, sizeof told, (lang), (zh), (en), __VA_ARGS__), (out)); \
    } while (0)

static void
tell_head(FILE *out, const struct receipt *receipt)
{
    char hex[HASH_HEX];
    hash_hex(receipt->sha256, RECORD_SHA256, hex);
    fputs(receipt->kind == RECEIPT_CHECK || receipt->is_dry
              ? words_pick(receipt->lang, "预演报告\n", "Dry run\n")
              : words_pick(receipt->lang, "回执\n", "Receipt\n"),
          out);
    TELL(out, receipt->lang, "文件  %s\n", "file       %s\n", receipt->name);
    TELL(out, receipt->lang, "校验  SHA-256 %s\n", "checksum   SHA-256 %s\n", hex);
    if (receipt->publisher)
        TELL(out, receipt->lang, "单位  %s（%s）\n", "publisher  %s (%s)\n",
             cat_name(&receipt->publisher->name, receipt->lang), receipt->publisher->id);
    fputc('\n', out);
}

static void
tell_counts(FILE *out, const struct receipt *receipt, const struct receipt_counts *counts)
{
    enum lang lang = receipt->lang;
    TELL(out, lang, "接受 %zu  未变化 %zu  重复 %zu  退回 %zu\n",
         "accepted %zu  unchanged %zu  duplicate %zu  rejected %zu\n", counts->accepted,
         counts->unchanged, counts->duplicates, counts->rejected);
    if (counts->revisions)
        TELL(out, lang, "其中修订 %zu\n", "revisions among them %zu\n", counts->revisions);
    if (counts->unexplained)
        TELL(out, lang,
             "修订未说明原因 %zu：请在备注（note）列写明，如 "
             "笔误、口径调整、上级核定、漏报补报、单位错误\n",
             "revisions without a reason %zu: say it in the note column, such as slip of the pen, "
             "definition changed, set by the authority above, reported late, wrong unit\n",
             counts->unexplained);
    if (counts->questions)
        TELL(out, lang, "待核实 %zu\n", "to be looked at %zu\n", counts->questions);
}

/* The row as it stood in the file, or as much of it as is known. */
static void
tell_original(FILE *out, const struct receipt *receipt, const struct receipt_row *row)
{
    char line[RECORD_ORIGINAL_MAX + 1];
    const struct record *record = row->record;
    if (record->type == RECORD_SAMPLE) {
        struct receipt_cells cells;
        receipt_cells(row, &cells);
        (void)snprintf(line, sizeof line, "%s,%s,%s,%s", cells.area, cells.indicator, cells.period,
                       cells.value);
    } else {
        memcpy(line, record->as.rejected.original, sizeof line);
    }
    TELL(out, receipt->lang, "  原文  %s\n", "  text    %s\n", line);
}

static void
tell_row(FILE *out, const struct receipt *receipt, const struct receipt_row *row)
{
    enum lang lang = receipt->lang;
    char reason[REASON_MAX];
    struct receipt_cells cells;
    receipt_cells(row, &cells);
    bool is_rejected = row->fate == FATE_REJECTED;
    fputs(is_rejected ? words_pick(lang, "\n退回  ", "\nrejected  ")
                      : words_pick(lang, "\n待核实  ", "\nto be looked at  "),
          out);
    TELL(out, lang, "第 %u 行\n", "line %u\n", (unsigned)cells.row);
    tell_original(out, receipt, row);
    TELL(out, lang, "  原因  %s\n", "  reason  %s\n", receipt_reason(receipt, row, reason));
    if (is_rejected)
        TELL(out, lang, "  处理  %s\n", "  to do   %s\n", remedy(row->code, lang));
}

static void
tell_aside(struct receipt_told *aside, const struct receipt *receipt, const struct receipt_row *row)
{
    if (aside->shown == ROWS_TOLD_MAX) {
        aside->left++;
        return;
    }
    aside->shown++;
    tell_row(aside->out, receipt, row);
}

/* Takes over what was told aside. */
static void
tell_those(FILE *out, const struct receipt *receipt, const struct receipt_told *aside)
{
    (void)fwrite(aside->text, 1, aside->size, out); /* closing tells whether there was memory */
    if (aside->left)
        TELL(out, receipt->lang, "\n另有 %zu 行，见同名 .csv\n", "\n%zu more rows: see the .csv\n",
             aside->left);
}

static void
tell_refused(FILE *out, const struct receipt *receipt)
{
    TELL(out, receipt->lang, "退回  整份文件\n  原因  %s\n",
         "rejected  the whole file\n  reason  %s\n", receipt->fault);
    if (receipt->is_dry)
        fputs(words_pick(receipt->lang, "\n去向  预演：未写入，未联网\n",
                         "\nstanding  dry run: nothing was written or sent\n"),
              out);
    else
        fputs(words_pick(receipt->lang,
                         "  处理  改正后重新放入 inbox\n\n"
                         "去向  没有写入任何一行，文件已移入 rejected\n",
                         "  to do   correct it and put it into inbox again\n\n"
                         "standing  nothing was written; the file was moved to rejected\n"),
              out);
}

static void
tell_standing(FILE *out, const struct receipt *receipt, const struct receipt_counts *counts)
{
    enum lang lang = receipt->lang;
    char when[CAL_TEXT_MAX];
    cal_instant_print(receipt->when, when);
    fputc('\n', out);
    if (counts->rejected && receipt->kind != RECEIPT_CHECK)
        fputs(words_pick(lang, "退回的行改正后，连同表头另存一个文件报送即可，其余各行不必重报\n",
                         "put the corrected rows with the header into a new file and send that; "
                         "the other rows need not be sent again\n"),
              out);
    if (receipt->kind == RECEIPT_CHECK)
        fputs(words_pick(lang, "去向  预演：未写入，未联网\n",
                         "standing  dry run: nothing was written or sent\n"),
              out);
    else if (receipt->kind == RECEIPT_KNOWN)
        TELL(out, lang, "去向  内容与此前报送的文件 %s 完全相同，没有再次导入  %s\n",
             "standing  the content equals %s, which was imported before; not imported again  %s\n",
             receipt->fault, when);
    else
        TELL(out, lang, "去向  排队 → 已达  %s\n", "standing  queued → delivered  %s\n", when);
}

/* ---- the rows go by ---- */

static int
told_close(struct receipt_told *told)
{
    int code = told->out ? file_close_text(told->out, &told->text) : -ENOMEM;
    told->out = NULL;
    return code;
}

int
receipt_teller_open(struct receipt_teller *teller, const struct receipt *receipt)
{
    *teller = (struct receipt_teller){ .receipt = receipt };
    teller->rejected.out = open_memstream(&teller->rejected.text, &teller->rejected.size);
    teller->questions.out = open_memstream(&teller->questions.text, &teller->questions.size);
    return teller->rejected.out && teller->questions.out ? 0 : -ENOMEM;
}

void
receipt_teller_row(struct receipt_teller *teller, const struct receipt_row *row)
{
    receipt_count_row(&teller->counts, row);
    if (row->fate == FATE_REJECTED)
        tell_aside(&teller->rejected, teller->receipt, row);
    else if (receipt_is_question(row))
        tell_aside(&teller->questions, teller->receipt, row);
}

static int
tell_all(const struct receipt_teller *teller, char **ret_text, size_t *ret_size)
{
    const struct receipt *receipt = teller->receipt;
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    if (!out)
        return -ENOMEM;
    tell_head(out, receipt);
    if (receipt->kind == RECEIPT_REFUSED) {
        tell_refused(out, receipt);
    } else {
        tell_counts(out, receipt, &teller->counts);
        tell_those(out, receipt, &teller->rejected);
        tell_those(out, receipt, &teller->questions);
        tell_standing(out, receipt, &teller->counts);
    }
    int code = receipt_finish(out, &text, 0);
    *ret_text = text;
    return code;
}

int
receipt_teller_close(struct receipt_teller *teller, int code, char **ret_text, size_t *ret_size)
{
    int failed = told_close(&teller->rejected);
    code = code ? code : failed;
    failed = told_close(&teller->questions);
    code = code ? code : failed;
    if (!code)
        code = tell_all(teller, ret_text, ret_size);
    free(teller->rejected.text);
    free(teller->questions.text);
    return code;
}

int
receipt_text(const struct receipt *receipt, char **ret_text, size_t *ret_size)
{
    struct receipt_teller teller;
    int code = receipt_teller_open(&teller, receipt);
    size_t count = receipt->kind == RECEIPT_REFUSED ? 0 : receipt->row_count;
    for (size_t i = 0; !code && i < count; i++) {
        struct receipt_row row;
        code = receipt->row(receipt->context, i, &row);
        if (!code)
            receipt_teller_row(&teller, &row);
    }
    return receipt_teller_close(&teller, code, ret_text, ret_size);
}
