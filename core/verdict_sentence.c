/* SPDX-License-Identifier: GPL-3.0-or-later
 * A verdict in words: every number a reader needs to redo it with a calculator, in Chinese and in
 * English. */
#include "core/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

enum { PHRASE_MAX = 160 };

/* The sentence as it grows. */
struct line {
    char *text;
    size_t used;
};

static void add(struct line *line, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Phrases are bounded so that every sentence fits; one that did not would be left out whole. */
static void
add(struct line *line, const char *format, ...)
{
    size_t room = VERDICT_SENTENCE_MAX - line->used;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line->text + line->used, room, format, args);
    va_end(args);
    bool fits = n >= 0 && (size_t)n < room;
    line->used += fits ? (size_t)n : 0;
    line->text[line->used] = '\0';
}

static const char *const month_names[] = {
    "",     "January", "February",  "March",   "April",    "May",      "June",
    "July", "August",  "September", "October", "November", "December",
};

/* The words of periods named after their place in the year, by how their value counts. */
struct period_words {
    enum cal_freq freq;
    int index;
    const char *zh[3]; /* CUMULATION_MONTH, _YTD, _STOCK */
    const char *en[3];
};

static const struct period_words named_periods[] = {
    { CAL_QUARTER,
      1,
      { "一季度", "一季度", "3月末" },
      { "in the first quarter", "in the first quarter", "at the end of March" } },
    { CAL_QUARTER,
      2,
      { "二季度", "上半年累计", "6月末" },
      { "in the second quarter", "in the first half-year", "at the end of June" } },
    { CAL_QUARTER,
      3,
      { "三季度", "前三季度累计", "9月末" },
      { "in the third quarter", "in the first three quarters", "at the end of September" } },
    { CAL_QUARTER,
      4,
      { "四季度", "全年累计", "年末" },
      { "in the fourth quarter", "in the whole year", "at the end of the year" } },
    { CAL_HALF,
      1,
      { "上半年", "上半年累计", "6月末" },
      { "in the first half-year", "in the first half-year", "at the end of June" } },
    { CAL_HALF,
      2,
      { "下半年", "全年累计", "年末" },
      { "in the second half-year", "in the whole year", "at the end of the year" } },
    { CAL_YEAR,
      1,
      { "全年", "全年累计", "年末" },
      { "in the whole year", "in the whole year", "at the end of the year" } },
};

static const struct period_words *
find_named(struct cal_period period)
{
    for (size_t i = 0; i < sizeof named_periods / sizeof named_periods[0]; i++)
        if (named_periods[i].freq == period.freq && named_periods[i].index == period.index)
            return &named_periods[i];
    return NULL;
}

static void
period_zh(struct cal_period period, enum cumulation cumulation, char *text)
{
    static const char *const ends[] = { "", "累计", "末" };
    const struct period_words *named = find_named(period);
    char plain[CAL_TEXT_MAX];
    if (named)
        (void)snprintf(text, PHRASE_MAX, "%s", named->zh[cumulation]);
    else if (period.freq != CAL_MONTH)
        (void)snprintf(text, PHRASE_MAX, "%s%s", cal_period_print(period, plain), ends[cumulation]);
    else if (cumulation == CUMULATION_YTD && period.index > 1)
        (void)snprintf(text, PHRASE_MAX, "1—%d月累计", period.index);
    else
        (void)snprintf(text, PHRASE_MAX, "%d月%s", period.index,
                       cumulation == CUMULATION_STOCK ? "末" : "");
}

static void
period_en(struct cal_period period, enum cumulation cumulation, char *text)
{
    static const char *const starts[] = { "in", "up to", "at the end of" };
    const struct period_words *named = find_named(period);
    char plain[CAL_TEXT_MAX];
    if (named)
        (void)snprintf(text, PHRASE_MAX, "%s", named->en[cumulation]);
    else if (period.freq != CAL_MONTH)
        (void)snprintf(text, PHRASE_MAX, "%s %s", starts[cumulation],
                       cal_period_print(period, plain));
    else if (cumulation == CUMULATION_YTD && period.index > 1)
        (void)snprintf(text, PHRASE_MAX, "in January–%s", month_names[period.index]);
    else
        (void)snprintf(text, PHRASE_MAX, "%s %s",
                       cumulation == CUMULATION_STOCK ? "at the end of" : "in",
                       month_names[period.index]);
}

/* What a number of the indicator's looks like in a sentence. */
struct writer {
    const struct verdict *verdict;
    const struct cat_indicator *indicator;
    enum lang lang;
    int decimals;
};

/* The indicator's decimals, and up to three more where the value or the target would not be told
 * exactly: a gap of 0.04 must not read as 66.0 against 66.0. */
static int
decimals_for(const struct verdict *verdict)
{
    enum { MORE = 3, MOST = 9 };
    int decimals = verdict->target->indicator->decimals;
    for (int i = 0; i < MORE && decimals < MOST; i++, decimals++) {
        double unit = pow(10, decimals);
        double actual = isnan(verdict->actual) ? 0 : verdict->actual * unit;
        double target = isnan(verdict->target_value) ? 0 : verdict->target_value * unit;
        double rest = fabs(actual - round(actual)) + fabs(target - round(target));
        if (rest <=
            1e-9 * (1 + fabs(actual) + fabs(target))) /* what conversion of units may lose */
            break;
    }
    return decimals;
}

/* A number with a real minus sign in front of negative ones. */
static char *
number(double value, int decimals, bool is_short, char *text)
{
    char plain[NUM_TEXT_MAX];
    if (is_short)
        num_print_short(value, decimals, plain);
    else
        num_print(value, decimals, plain);
    bool is_negative = plain[0] == '-';
    (void)snprintf(text, PHRASE_MAX, "%s%s", is_negative ? "−" : "", plain + (is_negative ? 1 : 0));
    return text;
}

/* A share in percent, with as many decimals as keep 99.99 % from reading as 100 %. */
static char *
percent(double share, char *text)
{
    enum { MOST = 6 };
    for (int decimals = 1; decimals <= MOST; decimals++) {
        number(share * 100, decimals, true, text);
        if (share >= 1 || strcmp(text, "100") != 0)
            break;
    }
    return text;
}

static bool
is_in_percent(const struct cat_unit *unit)
{
    return strcmp(unit->name.zh, "%") == 0;
}

static bool
is_in_points(const struct cat_unit *unit)
{
    return is_in_percent(unit) || strcmp(unit->name.zh, "个百分点") == 0;
}

/* "3600亩", "3600 mu", "0.7 %", "37 × 10,000 yuan per mu". */
static char *
quantity(const struct writer *writer, double value, char *text)
{
    const struct cat_unit *unit = writer->indicator->unit;
    const char *name = is_in_percent(unit) ? "%" : cat_name(&unit->name, writer->lang);
    char digits[PHRASE_MAX];
    bool is_multiple = name[0] >= '0' && name[0] <= '9';
    const char *space = writer->lang == LANG_ZH ? "" : is_multiple ? " × " : " ";
    number(value, writer->decimals, false, digits);
    /* a name longer than any table's is cut, at a character */
    int length = (int)text_cut(name, strlen(name), PHRASE_MAX - 60);
    (void)snprintf(text, PHRASE_MAX, "%.20s%s%.*s", digits, space, length, name);
    return text;
}

/* A difference of two values: percentages differ by points. */
static char *
difference(const struct writer *writer, double value, char *text)
{
    char digits[PHRASE_MAX];
    if (!is_in_points(writer->indicator->unit))
        return quantity(writer, fabs(value), text);
    number(fabs(value), writer->decimals, true, digits);
    (void)snprintf(text, PHRASE_MAX, "%.20s%s", digits,
                   writer->lang == LANG_ZH ? "个百分点" : " points");
    return text;
}

/* "超过66%", "about 25": the target with its comparator, ≥ being what nobody needs to be told. */
static char *
goal(const struct writer *writer, char *text)
{
    static const char *const before[][2] = {
        [CMP_GE] = { "", "" },
        [CMP_GT] = { "超过", "more than " },
        [CMP_EQ] = { "", "" },
        [CMP_APPROX] = { "", "about " },
        [CMP_LE] = { "不超过", "at most " },
        [CMP_RELATIVE] = { "", "" },
        [CMP_PENDING] = { "", "" },
        [CMP_NA] = { "", "" },
    };
    enum comparator comparator = writer->verdict->target->comparator;
    bool is_about_zh = comparator == CMP_APPROX && writer->lang == LANG_ZH;
    char value[PHRASE_MAX];
    quantity(writer, writer->verdict->target_value, value);
    (void)snprintf(text, PHRASE_MAX, "%s%.130s%s", before[comparator][writer->lang], value,
                   is_about_zh ? "左右" : "");
    return text;
}

/* "1—6月累计3600亩" / "3600 mu in January–June". */
static void
add_actual(struct line *line, const struct writer *writer)
{
    char period[PHRASE_MAX];
    char value[PHRASE_MAX];
    quantity(writer, writer->verdict->actual, value);
    if (writer->lang == LANG_ZH) {
        period_zh(writer->verdict->period, writer->indicator->cumulation, period);
        add(line, "%s%s", period, value);
    } else {
        period_en(writer->verdict->period, writer->indicator->cumulation, period);
        add(line, "%s %s", value, period);
    }
}

/* "1—6月累计0.7%，目标7.0%" */
static void
add_actual_and_goal(struct line *line, const struct writer *writer)
{
    char text[PHRASE_MAX];
    add_actual(line, writer);
    add(line, writer->lang == LANG_ZH ? "，目标%s" : ", target %s", goal(writer, text));
}

/* The LIN sentence up to its rule: "…，目标10000亩，完成36%，序时50%，差14个百分点". */
static void
add_pace(struct line *line, const struct writer *writer, bool with_plan)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    bool is_year_to_date = writer->indicator->cumulation == CUMULATION_YTD;
    char target[PHRASE_MAX], value[PHRASE_MAX], done[PHRASE_MAX], due[PHRASE_MAX], gap[PHRASE_MAX];
    goal(writer, target);
    percent(verdict->completion, done);
    percent(verdict->year_share, due);
    number(fabs(verdict->gap), 1, true, gap);
    if (is_zh || !is_year_to_date)
        add_actual(line, writer);
    else
        add(line, "%s by %s", quantity(writer, verdict->actual, value),
            month_names[cal_period_end_month(verdict->period)]);
    add(line, is_zh ? "，目标%s，完成%s%%" : " of %s: %s %% done", target, done);
    if (!with_plan)
        return;
    add(line, is_zh ? "，序时%s%%" : ", %s %% due", due);
    if (strcmp(gap, "0") == 0)
        add(line, "%s", is_zh ? "，与序时持平" : ", exactly as planned");
    else if (verdict->gap < 0)
        add(line, is_zh ? "，差%s个百分点" : ", %s points behind", gap);
    else
        add(line, is_zh ? "，超前%s个百分点" : ", %s points ahead", gap);
}

static void
add_needed_pace(struct line *line, const struct writer *writer)
{
    double pace = writer->verdict->needed_pace;
    char text[PHRASE_MAX];
    if (isnan(pace) || pace <= 0)
        return;
    number(pace, 2, true, text);
    if (strcmp(text, "1") == 0)
        add(line, "%s",
            writer->lang == LANG_ZH ? "，剩余月份按计划速度推进即可"
                                    : "; the rest needs the planned speed");
    else if (writer->lang == LANG_EN)
        add(line, "; the rest needs %s times the planned speed", text);
    else if (pace > 1)
        add(line, "，剩余月份需达到计划速度%s倍", text);
    else
        add(line, "，剩余月份达到计划速度%s倍即可", text);
}

static void
say_lin(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char text[PHRASE_MAX];
    if (verdict->level == LEVEL_UNKNOWN) {
        add_actual_and_goal(line, writer);
        add(line, "%s",
            is_zh ? "，目标不是正数，无法计算进度"
                  : "; the target is not above zero, so there is no pace");
        return;
    }
    add_pace(line, writer, verdict->rule != RULE_LIN_MISSED);
    double missing = verdict->target_value - verdict->actual;
    bool is_missing = missing > 1e-9 * fabs(verdict->target_value);
    if (verdict->rule == RULE_LIN_MISSED && is_missing)
        add(line, is_zh ? "，年终未完成，还差%s" : "; the year ended %s short",
            difference(writer, missing, text));
    else if (verdict->rule == RULE_LIN_MISSED)
        add(line, "%s", is_zh ? "，年终未超过目标" : "; the year ended without exceeding it");
    else
        add_needed_pace(line, writer);
    if (verdict->rule == RULE_LIN_FIRST_QUARTER)
        add(line, "%s",
            is_zh ? "，一季度最高为预警"
                  : "; in the first quarter nothing is graded worse than a warning");
}

static bool
is_even(const struct verdict *verdict)
{
    return fabs(verdict->gap) <= 1e-9 * fabs(verdict->target_value);
}

/* "，低6.3个百分点" / ", 6.3 points below" */
static void
add_distance(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    double gap = writer->verdict->gap;
    char text[PHRASE_MAX];
    if (is_even(writer->verdict))
        add(line, "%s", is_zh ? "，与目标持平" : ", just the target");
    else if (gap < 0)
        add(line, is_zh ? "，低%s" : ", %s below", difference(writer, gap, text));
    else
        add(line, is_zh ? "，高%s" : ", %s above", difference(writer, gap, text));
}

/* The numbers are those of verdict.c, gap_bands. */
static void
say_gap(struct line *line, const struct writer *writer)
{
    static const char *const words[][2] = {
        [LEVEL_NORMAL] = { "（差距0.5个百分点以内为正常）", " (up to 0.5 points short: on pace)" },
        [LEVEL_REMIND] = { "（差距0.5至2个百分点为提醒）", " (0.5 to 2 points short: remind)" },
        [LEVEL_WARN] = { "（差距2至4个百分点为预警）", " (2 to 4 points short: warning)" },
        [LEVEL_SEVERE] = { "（差距超过4个百分点为严重）", " (more than 4 points short: severe)" },
    };
    const struct verdict *verdict = writer->verdict;
    bool is_down = writer->indicator->direction == DIRECTION_DOWN;
    bool is_short = is_down ? verdict->gap > 0 : verdict->gap < 0;
    add_actual_and_goal(line, writer);
    add_distance(line, writer);
    if (is_short)
        add(line, "%s", words[verdict->level][writer->lang]);
}

/* The numbers are those of verdict.c, lvl_bands. */
static void
say_lvl(struct line *line, const struct writer *writer)
{
    static const char *const words[][2] = {
        [LEVEL_REMIND] = { "2%以内为提醒", "up to 2 %: remind" },
        [LEVEL_WARN] = { "2%至5%为预警", "2 to 5 %: warning" },
        [LEVEL_SEVERE] = { "超过5%为严重", "more than 5 %: severe" },
    };
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    double share = fabs(verdict->gap / verdict->target_value) * 100;
    char text[PHRASE_MAX];
    add_actual_and_goal(line, writer);
    add_distance(line, writer);
    if (is_even(verdict))
        add(line, "%s", is_zh ? "，尚未超过" : ", which is not yet exceeded");
    else if (verdict->level == LEVEL_NORMAL)
        add(line, "%s",
            is_zh ? "（差距在目标末位的一半以内，视为正常）"
                  : " (within half of the target's last digit: on pace)");
    else if (isfinite(share)) /* a target of zero has no share */
        add(line, is_zh ? "（差距为目标的%s%%，%s）" : " (%s %% of the target; %s)",
            number(share, 2, true, text), words[verdict->level][writer->lang]);
}

static void
say_reached(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    bool is_year_end = cal_period_end_month(writer->verdict->period) == 12;
    bool is_count = writer->verdict->target->method == METHOD_LIN;
    const char *early_zh = is_count ? "，已提前完成全年目标" : "，已达到目标，年末仍须保持";
    const char *early_en = is_count ? "; the year's target is reached early"
                                    : "; the target is reached and must be held to the year's end";
    const char *late_zh = is_count ? "，全年目标已完成" : "，全年目标已达到";
    if (is_count) {
        add_pace(line, writer, false);
    } else {
        add_actual_and_goal(line, writer);
        add_distance(line, writer);
    }
    if (is_year_end)
        add(line, "%s", is_zh ? late_zh : "; the year's target is reached");
    else
        add(line, "%s", is_zh ? early_zh : early_en);
}

static void
say_not_built(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    const struct verdict *verdict = writer->verdict;
    bool has_actual = verdict->period.freq != CAL_NONE;
    bool has_target = !isnan(verdict->target_value);
    char text[PHRASE_MAX];
    add(line, is_zh ? "该判断方法（%s）尚未实现" : "method not built (%s)",
        method_name(verdict->target->method));
    if (has_actual || has_target)
        add(line, "%s", is_zh ? "；" : "; ");
    if (has_actual)
        add_actual(line, writer);
    if (has_actual && has_target)
        add(line, "%s", is_zh ? "，" : ", ");
    if (has_target)
        add(line, is_zh ? "目标%s" : "target %s", goal(writer, text));
}

/* The first period of the year the calendar asks for; freq CAL_NONE when it asks for none. */
static struct cal_period
first_due(const struct cat_calendar *calendar, int year)
{
    int month = 1;
    while (month <= 12 && !(calendar->months >> month & 1))
        month++;
    int length = calendar->freq == CAL_QUARTER ? 3
                 : calendar->freq == CAL_HALF  ? 6
                 : calendar->freq == CAL_YEAR  ? 12
                                               : 1;
    enum cal_freq freq = length == 1 ? CAL_MONTH : calendar->freq;
    return cal_period_of(month > 12 ? CAL_NONE : freq, year, month / length);
}

static void
say_not_due(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    struct cal_period first = first_due(writer->indicator->calendar, verdict->asked.year);
    char text[PHRASE_MAX];
    if (writer->lang == LANG_ZH) {
        period_zh(first, CUMULATION_MONTH, text);
        add(line, "截至%d月尚无应报数据，首个数据期为%s", verdict->asked.index, text);
    } else {
        period_en(first, CUMULATION_MONTH, text);
        add(line, "no value is due by %s; the first is that of %s",
            month_names[verdict->asked.index], text + strlen("in "));
    }
}

static void
say_no_data(struct line *line, const struct writer *writer)
{
    int month = writer->verdict->asked.index;
    if (writer->lang == LANG_ZH)
        add(line, "截至%d月尚未收到本年数据，无法判断", month);
    else
        add(line, "no value of this year up to %s has been reported", month_names[month]);
}

static void
say_pending(struct line *line, const struct writer *writer)
{
    const char *printed = writer->verdict->target->text;
    int length = (int)text_cut(printed, strlen(printed), PHRASE_MAX);
    bool is_zh = writer->lang == LANG_ZH;
    add(line, "%s", is_zh ? "目标待下达" : "the target has not been issued yet");
    if (length > 0)
        add(line, is_zh ? "（%.*s）" : " (%.*s)", length, printed);
    add(line, "%s", is_zh ? "，暂不判断" : ", so nothing is judged");
}

static void
say_not_applicable(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    add(line, "%s",
        is_zh ? "该目标在此不适用，不作判断"
              : "the target does not apply here, so nothing is judged");
}

char *
verdict_sentence(const struct verdict *verdict, enum lang lang, char *text)
{
    static void (*const say[])(struct line *, const struct writer *) = {
        [RULE_NOT_APPLICABLE] = say_not_applicable,
        [RULE_PENDING] = say_pending,
        [RULE_METHOD_NOT_BUILT] = say_not_built,
        [RULE_NOT_DUE] = say_not_due,
        [RULE_NO_DATA] = say_no_data,
        [RULE_REACHED] = say_reached,
        [RULE_LIN_BAND] = say_lin,
        [RULE_LIN_FIRST_QUARTER] = say_lin,
        [RULE_LIN_MISSED] = say_lin,
        [RULE_GAP_BAND] = say_gap,
        [RULE_LVL_BAND] = say_lvl,
    };
    struct line line = { .text = text };
    struct writer writer = { verdict, verdict->target->indicator, lang, decimals_for(verdict) };
    text[0] = '\0';
    say[verdict->rule](&line, &writer);
    if (verdict->is_simulated)
        add(&line, "%s", lang == LANG_ZH ? "（演示数据）" : " (simulated data)");
    return text;
}
