/* SPDX-License-Identifier: GPL-3.0-or-later
 * pacewatch VERB SITE ...: the command line of a site. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/call.h"

struct verb {
    struct options_usage usage;
    int (*run)(struct call *call);
};

#define B(name)        OPTION_BIT(OPTION_##name)
#define EXPORT_FORMATS "csv|sdmx-csv|json|xlsx"

static const struct verb verbs[] = {
    { { .words = "init",
        .operands = { "SITE" },
        .options = B(LISTEN) | B(HTTP_PORT),
        .required = B(CATALOGUE),
        .zh = "新建站点（--lang 同时设为站点语言）",
        .en = "make a new site (--lang also becomes the site's language)" },
      verb_init },
    { { .words = "enrol",
        .operands = { "SITE", "PUBLISHER" },
        .options = B(KEY) | B(OUT),
        .zh = "登记填报单位的公钥（--key），或为其建立代理程序文件夹并登记（--out）",
        .en = "enrol a publisher's key (--key), or make an agent's home for it and enrol that "
              "(--out)" },
      verb_enrol },
    { { .words = "revoke",
        .operands = { "SITE", "KEY-ID" },
        .zh = "吊销一把公钥",
        .en = "revoke a key" },
      verb_revoke },
    { { .words = "rotate",
        .operands = { "SITE", "[finish]" },
        .zh = "更换市级自己的密钥：生成下一对并说明步骤；各地都换过之后用 finish 启用",
        .en = "change the collector's own key: make the next pair and say what to do; with finish, "
              "once all agents have come over, put it in place" },
      verb_rotate },
    { { .words = "publishers",
        .operands = { "SITE" },
        .options = B(FORMAT),
        .zh = "填报单位及其公钥",
        .en = "publishers and their keys" },
      verb_publishers },
    { { .words = "targets",
        .operands = { "SITE" },
        .options = B(YEAR) | B(OWNER) | OPTIONS_READING,
        .zh = "目标",
        .en = "targets" },
      verb_targets },
    { { .words = "history",
        .operands = { "SITE", "AREA", "INDICATOR" },
        .options = B(VINTAGES) | OPTIONS_READING,
        .zh = "一个指标在一个地区的历次数值",
        .en = "the values of an indicator of an area" },
      verb_history },
    { { .words = "revisions",
        .operands = { "SITE" },
        .options = B(AREA) | B(INDICATOR) | OPTIONS_READING,
        .zh = "各发布者各指标的首发数后来修订了多少：1、3、12 个月后的平均修订与平均绝对修订",
        .en = "how much first values were revised, by publisher and indicator: mean and mean "
              "absolute revision after 1, 3 and 12 months" },
      verb_revisions },
    { { .words = "verdicts",
        .operands = { "SITE" },
        .options = B(AT) | B(AREA) | B(INDICATOR) | B(OWNER) | B(TARGET) | OPTIONS_READING,
        .zh = "各目标的进度判断",
        .en = "is each target on pace?" },
      verb_verdicts },
    { { .words = "alerts",
        .operands = { "SITE" },
        .options = B(OPEN) | OPTIONS_READING,
        .zh = "预警",
        .en = "alerts" },
      verb_alerts },
    { { .words = "explain",
        .operands = { "SITE", "TARGET", "[AREA]", "[PERIOD]" },
        .options = B(AT) | B(AS_OF) | B(RECEIVED_AS_OF),
        .zh = "说明一个目标的判断：依据、公式、数字、规则、出处（TARGET 为目标代码；给出 AREA "
              "时也可为附表"
              "行号如 附1-14，或指标）",
        .en =
            "a target's verdict with its inputs, formula, numbers, rule and sources (TARGET is an "
            "id; with AREA also a place like 附1-14, or an indicator)" },
      verb_explain },
    { { .words = "replay",
        .operands = { "SITE" },
        .options = B(FROM) | B(TO) | B(CATALOGUE) | OPTIONS_READING,
        .zh = "按当时已发布的数据重演：会发出、变化、撤销哪些预警（不写入）",
        .en = "the alerts the past would have raised, as it was known then; writes nothing" },
      verb_replay },
    { { .words = "status",
        .operands = { "SITE" },
        .options = B(WAIT) | B(FORMAT),
        .zh = "站点概况",
        .en = "a summary of the site" },
      verb_status },
    { { .words = "doctor",
        .operands = { "SITE" },
        .options = B(FORMAT),
        .zh = "系统不正常时：逐项检查站点和本机，说明怎么办",
        .en = "for a system that does not work: looks at site and machine, says what to do" },
      verb_doctor },
    { { .words = "fsck",
        .operands = { "SITE" },
        .options = B(FORMAT),
        .zh = "核对台账、目录、归档、备份；只读，接收程序可照常运行",
        .en = "check ledger, catalogue, archives and backup; reads only, the collector may run" },
      verb_fsck },
    { { .words = "rebuild",
        .operands = { "SITE" },
        .zh = "令下次启动时重建全部归档",
        .en = "let the next start draw every archive anew" },
      verb_rebuild },
    { { .words = "backup",
        .operands = { "SITE", "DIR" },
        .zh = "备份台账、目录和设置（接收程序可照常运行）；已备份的数据各地不必再保留",
        .en =
            "back up ledger, catalogue and settings while the collector runs; agents need not keep "
            "what is in it" },
      verb_backup },
    { { .words = "restore",
        .operands = { "SITE", "DIR" },
        .zh = "用备份恢复站点（须先停止接收程序）；备份之后的数据由各地代理程序自动补发",
        .en = "put a backup in a site's place (stop the collector first); agents send again what "
              "came after it" },
      verb_restore },
    { { .words = "export",
        .operands = { "SITE" },
        .options = B(OUTPUT) | B(FOR_EXCEL) | B(AREA) | B(INDICATOR) | B(LATEST) | OPTIONS_READING,
        .formats = EXPORT_FORMATS,
        .zh = "导出全部数值及其历次修订（或所选部分）；整体导出可用 import 原样导入",
        .en = "write out the record, every revision of it, or what is chosen; whole, `import` "
              "reads it back exactly" },
      verb_export },
    { { .words = "import",
        .operands = { "SITE", "FILE" },
        .options = B(FORMAT),
        .formats = EXPORT_FORMATS,
        .zh = "将一次整体导出导入空白站点（须先停止接收程序）",
        .en = "take a whole export into a site that is empty (stop the collector first)" },
      verb_import },
    { { .words = "catalogue check",
        .operands = { "DIR" },
        .zh = "检查目录表",
        .en = "check a catalogue's tables" },
      verb_catalogue_check },
    { { .words = "catalogue load",
        .operands = { "SITE", "DIR" },
        .options = B(EFFECTIVE),
        .zh = "装入新版目录；更改的目标保留旧版，旧判断不变",
        .en = "load a new edition; changed targets keep their old versions, past verdicts stand" },
      verb_catalogue_load },
    { { .words = "catalogue diff",
        .operands = { "OLD-DIR", "NEW-DIR" },
        .options = B(FORMAT),
        .zh = "新目录表改了什么",
        .en = "what a new version of a catalogue changes" },
      verb_catalogue_diff },
    { { .words = "catalogue consistency",
        .operands = { "DIR" },
        .options = B(FORMAT),
        .zh = "文件自身前后不一致之处",
        .en = "where the document contradicts itself" },
      verb_catalogue_consistency },
    { { .words = "demo",
        .operands = { "DIR" },
        .options = B(FIGURES),
        .required = B(CATALOGUE),
        .zh = "生成演示填报文件",
        .en = "make the demonstration feed" },
      verb_demo },
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static void
print_help(FILE *out, enum lang lang)
{
    (void)fputs(SAY(lang, "用法：pacewatch 命令 站点 ... [选项]\n\n命令：\n",
                    "usage: pacewatch VERB SITE ... [OPTION ...]\n\nverbs:\n"),
                out);
    for (size_t i = 0; i < VERB_COUNT; i++)
        (void)fprintf(out, "  %-22s %s\n", verbs[i].usage.words,
                      SAY(lang, verbs[i].usage.zh, verbs[i].usage.en));
    (void)fputs(SAY(lang,
                    "\n各命令的用法：pacewatch 命令 --help；版本：pacewatch --version\n"
                    "返回码：0 完成，1 失败，2 用法有误\n",
                    "\nusage of a verb: pacewatch VERB --help; version: pacewatch --version\n"
                    "exit codes: 0 done, 1 failed, 2 wrong usage\n"),
                out);
}

/* How many of the words name the verb: "catalogue check" is two. 0: they do not. */
static size_t
match_verb(const struct verb *verb, size_t count, const char *const *words)
{
    const char *rest = verb->usage.words;
    size_t at = 0;
    while (*rest) {
        size_t length = strcspn(rest, " ");
        if (at == count || strlen(words[at]) != length || strncmp(words[at], rest, length) != 0)
            return 0;
        at++;
        rest += length + (rest[length] == ' ' ? 1 : 0);
    }
    return at;
}

static const struct verb *
find_verb(size_t count, const char *const *words, size_t *ret_used)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        *ret_used = match_verb(&verbs[i], count, words);
        if (*ret_used > 0)
            return &verbs[i];
    }
    return NULL;
}

static int
unknown_verb(const char *word, enum lang lang)
{
    char quoted[TEXT_QUOTE_MAX];
    (void)fprintf(
        stderr, SAY(lang, "pacewatch：没有命令 %s（可用：", "pacewatch: unknown verb %s (known: "),
        text_quote(word, strlen(word), quoted));
    for (size_t i = 0; i < VERB_COUNT; i++)
        (void)fprintf(stderr, "%s%s", i > 0 ? ", " : "", verbs[i].usage.words);
    (void)fputs(SAY(lang, "）\n", ")\n"), stderr);
    return CALL_USAGE;
}

/* The language of the environment, for what is said before a site is open. */
static enum lang
environment_lang(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return strncmp(value, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

static int
run_verb(const struct verb *verb, size_t count, const char *const *words, enum lang lang)
{
    struct call call = { .usage = &verb->usage, .lang = lang, .out = stdout };
    struct err_note note = { { 0 } };
    int code = options_parse(&verb->usage, count, words, lang, &call.options, &note);
    if (code < 0)
        return call_misuse(&call, "%s", note.text);
    if (call.options.value[OPTION_HELP]) {
        options_help(stdout, &verb->usage, lang);
        return CALL_DONE;
    }
    call.is_lang_given = call.options.value[OPTION_LANG] != NULL;
    int exit_code = verb->run(&call);
    if ((fflush(stdout) != 0 || ferror(stdout)) && exit_code == CALL_DONE)
        return call_fail(&call, SAY(call.lang, "输出写不出去", "the output could not be written"));
    return exit_code;
}

int
main(int argc, char **argv)
{
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    const char *const *words = (const char *const *)argv + (argc > 0 ? 1 : 0);
    enum lang lang = options_lang(count, words, environment_lang());
    if (count == 0) {
        print_help(stderr, lang);
        return CALL_USAGE;
    }
    if (strcmp(words[0], "--version") == 0) {
        (void)puts("pacewatch " PACEWATCH_VERSION);
        return CALL_DONE;
    }
    if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0 ||
        strncmp(words[0], "--lang", 6) == 0) {
        print_help(stdout, lang);
        return CALL_DONE;
    }
    size_t used = 0;
    const struct verb *verb = find_verb(count, words, &used);
    if (!verb)
        return unknown_verb(words[0], lang);
    return run_verb(verb, count - used, words + used, lang);
}
