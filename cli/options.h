/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words after a verb: operands and options. One table names every option of the program; a verb
 * says which of them it takes. Options may stand anywhere after the verb, as `--at 2023-06` or
 * `--at=2023-06`; `--` ends them. What does not fit is an error that names the word, what is known,
 * and what is missing. */
#ifndef PACEWATCH_CLI_OPTIONS_H
#define PACEWATCH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/cal.h"
#include "core/err.h"
#include "core/text.h"

/* The text of `lang`, of two that stand side by side in the source. Both are literals, so that
 * formats are checked. */
#define SAY(lang, zh, en) ((lang) == LANG_EN ? (en) : (zh))

/* X(enum, name, argument or NULL for a flag, zh, en) */
#define OPTION_TABLE(X)                                                                            \
    X(OPTION_CATALOGUE, "catalogue", "DIR", "目录表所在文件夹",                                    \
      "folder of the catalogue's tables")                                                          \
    X(OPTION_LISTEN, "listen", "ENDPOINT", "代理程序接入地址，如 tcp://127.0.0.1:5670",            \
      "where agents connect, e.g. tcp://127.0.0.1:5670")                                           \
    X(OPTION_HTTP_PORT, "http-port", "N", "网页端口，0 表示任选",                                  \
      "port of the pages; 0 picks one")                                                            \
    X(OPTION_KEY, "key", "KEY|FILE", "公钥（40 个字符）或其文件",                                  \
      "the public key (40 characters) or its file")                                                \
    X(OPTION_OUT, "out", "DIR", "在此建立代理程序的文件夹", "make the agent's home here")          \
    X(OPTION_YEAR, "year", "Y", "目标年度（默认最新）", "year of the targets (default: newest)")   \
    X(OPTION_AT, "at", "YYYY-MM", "判断到哪个月（默认最新有数的月份）",                            \
      "the month judged (default: the latest with data)")                                          \
    X(OPTION_FROM, "from", "YYYY-MM", "从这个月发布的开始",                                        \
      "begin with what was released in this month")                                                \
    X(OPTION_TO, "to", "YYYY-MM", "到这个月发布的为止",                                            \
      "end with what was released in this month")                                                  \
    X(OPTION_EFFECTIVE, "effective", "YYYY-MM-DD", "从这一天起生效", "counts from this day on")    \
    X(OPTION_AREA, "area", "AREA", "只看这个地区", "only this area")                               \
    X(OPTION_INDICATOR, "indicator", "INDICATOR", "只看这个指标", "only this indicator")           \
    X(OPTION_OWNER, "owner", "UNIT", "只看这个单位负责或牵头的",                                   \
      "only what this unit owns or leads")                                                         \
    X(OPTION_TARGET, "target", "TARGET", "只看这个目标", "only this target")                       \
    X(OPTION_VINTAGES, "vintages", NULL, "列出每次修订", "list every revision")                    \
    X(OPTION_LATEST, "latest", NULL, "只要各期现行的数值", "only what is in force of each period") \
    X(OPTION_OUTPUT, "output", "FILE", "写入此文件（默认标准输出）",                               \
      "write to this file (default: standard output)")                                             \
    X(OPTION_FOR_EXCEL, "for-excel", NULL, "供 Excel 打开的 csv（带字节顺序标记，CRLF 换行）",     \
      "csv as Excel opens it: with byte order mark and CRLF")                                      \
    X(OPTION_OPEN, "open", NULL, "只列未解除的", "only the open ones")                             \
    X(OPTION_WAIT, "wait", "SECONDS", "等待归档与判断完成，最多这么多秒",                          \
      "wait until everything is drawn and judged, at most so long")                                \
    X(OPTION_FIGURES, "figures", "FILE", "公布数据表（默认 CATALOGUE/figures.csv，如有）",         \
      "table of published figures (default: CATALOGUE/figures.csv if there is one)")               \
    X(OPTION_AS_OF, "as-of", "YYYY-MM-DD[THH:MM:SSZ]", "只看此时已发布的",                         \
      "only what was released by then")                                                            \
    X(OPTION_RECEIVED_AS_OF, "received-as-of", "YYYY-MM-DD[THH:MM:SSZ]", "只看此时已收到的",       \
      "only what was received by then")                                                            \
    X(OPTION_FORMAT, "format", "table|csv|json", "输出格式（终端默认 table，否则 csv）",           \
      "form of the answer (default: table on a terminal, else csv)")                               \
    X(OPTION_LANG, "lang", "zh-CN|en", "语言（默认按站点设置）", "language (default: the site's)") \
    X(OPTION_HELP, "help", NULL, "显示用法", "show this help")

enum option_id {
#define X(id, name, argument, zh, en) id,
    OPTION_TABLE(X)
#undef X
        OPTION_COUNT
};

#define OPTION_BIT(id) (UINT32_C(1) << (id))

/* The options every listing of the ledger takes. */
#define OPTIONS_READING \
    (OPTION_BIT(OPTION_AS_OF) | OPTION_BIT(OPTION_RECEIVED_AS_OF) | OPTION_BIT(OPTION_FORMAT))

enum { OPTIONS_OPERANDS_MAX = 4 };

/* What a verb takes. --lang and --help go with every verb and need not be named. */
struct options_usage {
    const char *words; /* "history", "catalogue check" */
    const char
        *operands[OPTIONS_OPERANDS_MAX]; /* NULL ends; "[X]" may be left out, and those after it */
    uint32_t options;                    /* OPTION_BIT ... */
    uint32_t required;                   /* those that must be there */
    const char *formats;                 /* of --format, "csv|json"; NULL: those of a listing */
    const char *zh, *en;                 /* one line of help */
};

struct options {
    const char *operand[OPTIONS_OPERANDS_MAX];
    const char *value[OPTION_COUNT]; /* NULL: not given; "" for a flag that is */
};

/* Reads the `count` words after the verb. ERR_SYNTAX with a note in `lang`. With --help among them
 * nothing else is asked for. */
int options_parse(const struct options_usage *usage, size_t count, const char *const *words,
                  enum lang lang, struct options *ret_options, struct err_note *note);

/* The language of --lang among the words, whether the rest is right or not; else `fallback`. */
enum lang options_lang(size_t count, const char *const *words, enum lang fallback);

/* Prints usage, help and the options. */
void options_help(FILE *out, const struct options_usage *usage, enum lang lang);

/* The values of options, read. Not given: untouched, 0. A note in `lang` names the option, its text
 * and what would be right. */
int options_number(const struct options *options, enum option_id id, int64_t low, int64_t high,
                   enum lang lang, int64_t *ret_value, struct err_note *note);
int options_month(const struct options *options, enum option_id id, enum lang lang,
                  struct cal_period *ret_month, struct err_note *note);
int options_instant(const struct options *options, enum option_id id, enum lang lang,
                    struct wall_time *ret_time, struct err_note *note);

#endif
