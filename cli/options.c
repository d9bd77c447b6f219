/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <string.h>

#include "core/num.h"

struct option_text {
    const char *name;
    const char *argument;
    const char *zh;
    const char *en;
};

static const struct option_text option_texts[OPTION_COUNT] = {
#define X(id, name, argument, zh, en) [id] = { name, argument, zh, en },
    OPTION_TABLE(X)
#undef X
};

static uint32_t
usage_options(const struct options_usage *usage)
{
    return usage->options | usage->required | OPTION_BIT(OPTION_LANG) | OPTION_BIT(OPTION_HELP);
}

static size_t
usage_operands(const struct options_usage *usage)
{
    size_t count = 0;
    while (count < OPTIONS_OPERANDS_MAX && usage->operands[count])
        count++;
    return count;
}

/* Those that must be there. */
static size_t
needed_operands(const struct options_usage *usage)
{
    size_t count = 0;
    while (count < usage_operands(usage) && usage->operands[count][0] != '[')
        count++;
    return count;
}

/* "--at, --area, ...": what the verb takes. `text` has `size` bytes. */
static const char *
list_options(const struct options_usage *usage, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!(usage_options(usage) & OPTION_BIT(id)))
            continue;
        int n = snprintf(text + length, size - length, "%s--%s", length > 0 ? ", " : "",
                         option_texts[id].name);
        if (n < 0 || (size_t)n >= size - length)
            break;
        length += (size_t)n;
    }
    return text;
}

/* The option a word names, up to its '=' if it has one; OPTION_COUNT when the verb takes none of
 * that name. */
static enum option_id
find_option(const struct options_usage *usage, const char *word, const char **ret_value)
{
    size_t length = strcspn(word, "=");
    *ret_value = word[length] == '=' ? word + length + 1 : NULL;
    if (strcmp(word, "-h") == 0)
        return OPTION_HELP;
    for (int id = 0; id < OPTION_COUNT; id++) {
        const char *name = option_texts[id].name;
        bool is_it = strlen(name) + 2 == length && strncmp(word + 2, name, length - 2) == 0;
        if (is_it && word[1] == '-' && (usage_options(usage) & OPTION_BIT(id)))
            return (enum option_id)id;
    }
    return OPTION_COUNT;
}

/* Where reading the words has come to. */
struct parse {
    const struct options_usage *usage;
    const char *const *words;
    size_t count;
    size_t at;
    size_t operands;
    enum lang lang;
    struct options *options;
    struct err_note *note;
};

static int
unknown_option(struct parse *parse, const char *word)
{
    char quoted[TEXT_QUOTE_MAX];
    char known[320];
    return err_set(parse->note, ERR_SYNTAX,
                   SAY(parse->lang, "没有选项 %s（可用：%s）", "unknown option %s (known: %s)"),
                   text_quote(word, strlen(word), quoted),
                   list_options(parse->usage, known, sizeof known));
}

static int
take_option(struct parse *parse, const char *word)
{
    const char *value;
    enum option_id id = find_option(parse->usage, word, &value);
    if (id == OPTION_COUNT)
        return unknown_option(parse, word);
    const struct option_text *text = &option_texts[id];
    if (!text->argument && value)
        return err_set(parse->note, ERR_SYNTAX,
                       SAY(parse->lang, "选项 --%s 不带参数", "option --%s takes no argument"),
                       text->name);
    if (text->argument && !value && parse->at < parse->count)
        value = parse->words[parse->at++];
    if (text->argument && (!value || value[0] == '\0'))
        return err_set(
            parse->note, ERR_SYNTAX,
            SAY(parse->lang, "选项 --%s 缺少参数 %s", "option --%s needs an argument: %s"),
            text->name, text->argument);
    if (parse->options->value[id])
        return err_set(parse->note, ERR_SYNTAX,
                       SAY(parse->lang, "选项 --%s 给了两次", "option --%s is given twice"),
                       text->name);
    parse->options->value[id] = text->argument ? value : "";
    return 0;
}

static int
take_operand(struct parse *parse, const char *word)
{
    if (parse->operands == usage_operands(parse->usage)) {
        char quoted[TEXT_QUOTE_MAX];
        return err_set(parse->note, ERR_SYNTAX,
                       SAY(parse->lang, "多余的参数 %s", "superfluous argument %s"),
                       text_quote(word, strlen(word), quoted));
    }
    parse->options->operand[parse->operands++] = word;
    return 0;
}

/* What an option's argument is, as the verb has it. */
static const char *
argument_of(const struct options_usage *usage, enum option_id id)
{
    return id == OPTION_FORMAT && usage->formats ? usage->formats : option_texts[id].argument;
}

/* Is `value` one of the words of "a|b|c"? */
static bool
is_word_of(const char *words, const char *value)
{
    size_t length = strlen(value);
    for (const char *word = words;; word++) {
        size_t n = strcspn(word, "|");
        if (n == length && strncmp(word, value, n) == 0)
            return true;
        word += n;
        if (!*word)
            return false;
    }
}

/* For an option that takes one of a few words. */
static int
check_value(const struct parse *parse, enum option_id id)
{
    const char *value = parse->options->value[id];
    const char *known = argument_of(parse->usage, id);
    if (!value || is_word_of(known, value))
        return 0;
    char quoted[TEXT_QUOTE_MAX];
    return err_set(
        parse->note, ERR_SYNTAX,
        SAY(parse->lang, "选项 --%s 不能是 %s（可用：%s）", "option --%s cannot be %s (known: %s)"),
        option_texts[id].name, text_quote(value, strlen(value), quoted), known);
}

static int
check_complete(const struct parse *parse)
{
    int code = check_value(parse, OPTION_FORMAT);
    if (code == 0)
        code = check_value(parse, OPTION_LANG);
    if (code < 0)
        return code;
    if (parse->operands < needed_operands(parse->usage))
        return err_set(parse->note, ERR_SYNTAX, SAY(parse->lang, "缺少参数 %s", "missing %s"),
                       parse->usage->operands[parse->operands]);
    for (int id = 0; id < OPTION_COUNT; id++)
        if ((parse->usage->required & OPTION_BIT(id)) && !parse->options->value[id])
            return err_set(parse->note, ERR_SYNTAX,
                           SAY(parse->lang, "缺少选项 --%s %s", "missing option --%s %s"),
                           option_texts[id].name, option_texts[id].argument);
    return 0;
}

int
options_parse(const struct options_usage *usage, size_t count, const char *const *words,
              enum lang lang, struct options *ret_options, struct err_note *note)
{
    struct options options = { .operand = { 0 } };
    struct parse parse = { .usage = usage,
                           .words = words,
                           .count = count,
                           .lang = lang,
                           .options = &options,
                           .note = note };
    bool is_ended = false;
    int code = 0;
    while (code == 0 && parse.at < count && !options.value[OPTION_HELP]) {
        const char *word = words[parse.at++];
        if (!is_ended && strcmp(word, "--") == 0)
            is_ended = true;
        else if (!is_ended && word[0] == '-' && word[1] != '\0')
            code = take_option(&parse, word);
        else
            code = take_operand(&parse, word);
    }
    if (code == 0 && !options.value[OPTION_HELP])
        code = check_complete(&parse);
    if (code < 0)
        return code;
    *ret_options = options;
    return 0;
}

enum lang
options_lang(size_t count, const char *const *words, enum lang fallback)
{
    for (size_t i = 0; i < count; i++) {
        bool is_joined = strncmp(words[i], "--lang=", 7) == 0;
        bool is_apart = strcmp(words[i], "--lang") == 0 && i + 1 < count;
        if (is_joined || is_apart)
            return strncmp(is_joined ? words[i] + 7 : words[i + 1], "zh", 2) == 0 ? LANG_ZH
                                                                                  : LANG_EN;
    }
    return fallback;
}

void
options_help(FILE *out, const struct options_usage *usage, enum lang lang)
{
    (void)fprintf(out, SAY(lang, "用法：pacewatch %s", "usage: pacewatch %s"), usage->words);
    for (size_t i = 0; i < usage_operands(usage); i++)
        (void)fprintf(out, " %s", usage->operands[i]);
    for (int id = 0; id < OPTION_COUNT; id++)
        if (usage->required & OPTION_BIT(id))
            (void)fprintf(out, " --%s %s", option_texts[id].name, option_texts[id].argument);
    (void)fprintf(out, SAY(lang, " [选项]\n%s\n\n选项：\n", " [OPTION ...]\n%s\n\noptions:\n"),
                  SAY(lang, usage->zh, usage->en));
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!(usage_options(usage) & OPTION_BIT(id)))
            continue;
        const struct option_text *text = &option_texts[id];
        char head[64];
        const char *argument = argument_of(usage, (enum option_id)id);
        (void)snprintf(head, sizeof head, "--%s %s", text->name,
                       argument ? argument : "");                /* the longest has 40 bytes */
        bool is_by_name = id == OPTION_FORMAT && usage->formats; /* there is no terminal to suit */
        (void)fprintf(out, "  %-41s %s\n", head,
                      is_by_name ? SAY(lang, "文件格式（默认按文件名，否则 csv）",
                                       "form of the file (default: by its name, else csv)")
                                 : SAY(lang, text->zh, text->en));
    }
}

/* "option --at: why": a value that cannot be read. */
static int
bad_value(enum option_id id, enum lang lang, int code, const struct err_note *why,
          struct err_note *note)
{
    return err_set(note, code, SAY(lang, "选项 --%s：%s", "option --%s: %s"), option_texts[id].name,
                   why->text);
}

int
options_number(const struct options *options, enum option_id id, int64_t low, int64_t high,
               enum lang lang, int64_t *ret_value, struct err_note *note)
{
    const char *text = options->value[id];
    if (!text)
        return 0;
    struct err_note why = { { 0 } };
    int code = num_int_parse(text, strlen(text), low, high, ret_value, &why);
    return code < 0 ? bad_value(id, lang, code, &why, note) : 0;
}

int
options_month(const struct options *options, enum option_id id, enum lang lang,
              struct cal_period *ret_month, struct err_note *note)
{
    const char *text = options->value[id];
    if (!text)
        return 0;
    struct err_note why = { { 0 } };
    struct cal_period month;
    int code = cal_period_parse(text, strlen(text), &month, &why);
    if (code == 0 && month.freq != CAL_MONTH)
        code = err_set(&why, ERR_SYNTAX,
                       SAY(lang, "应为月份，如 2023-06", "must be a month, like 2023-06"));
    if (code < 0)
        return bad_value(id, lang, code, &why, note);
    *ret_month = month;
    return 0;
}

int
options_instant(const struct options *options, enum option_id id, enum lang lang,
                struct wall_time *ret_time, struct err_note *note)
{
    const char *text = options->value[id];
    if (!text)
        return 0;
    struct err_note why = { { 0 } };
    int code = cal_instant_parse(text, strlen(text), ret_time, &why);
    return code < 0 ? bad_value(id, lang, code, &why, note) : 0;
}
