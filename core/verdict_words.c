/* SPDX-License-Identifier: GPL-3.0-or-later
 * Periods, quantities, distances and paces as a sentence says them, in Chinese and in English. */
#include "core/verdict_words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

/* Phrases are bounded so that every sentence fits; one that did not would be left out whole. */
void
line_add(struct line *line, const char *format, ...)
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

void
line_say(struct line *line, const struct writer *writer, const char *zh, const char *en)
{
    line_add(line, "%s", writer->lang == LANG_ZH ? zh : en);
}

const char *const words_month[13] = {
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

void
words_period_zh(struct cal_period period, enum cumulation cumulation, char *text)
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

void
words_period_en(struct cal_period period, enum cumulation cumulation, char *text)
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
        (void)snprintf(text, PHRASE_MAX, "in January–%s", words_month[period.index]);
    else
        (void)snprintf(text, PHRASE_MAX, "%s %s",
                       cumulation == CUMULATION_STOCK ? "at the end of" : "in",
                       words_month[period.index]);
}

/* The indicator's decimals, and up to three more where the value or the target would not be told
 * exactly: a gap of 0.04 must not read as 66.0 against 66.0. */
int
words_decimals(const struct verdict *verdict)
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
char *
words_number(double value, int decimals, bool is_short, char *text)
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
char *
words_percent(double share, char *text)
{
    enum { MOST = 6 };
    for (int decimals = 1; decimals <= MOST; decimals++) {
        words_number(share * 100, decimals, true, text);
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
char *
words_quantity(const struct writer *writer, double value, char *text)
{
    const struct cat_unit *unit = writer->indicator->unit;
    const char *name = is_in_percent(unit) ? "%" : cat_name(&unit->name, writer->lang);
    char digits[PHRASE_MAX];
    bool is_multiple = name[0] >= '0' && name[0] <= '9';
    const char *space = writer->lang == LANG_ZH ? "" : is_multiple ? " × " : " ";
    words_number(value, writer->decimals, false, digits);
    /* a name longer than any table's is cut, at a character */
    int length = (int)text_cut(name, strlen(name), PHRASE_MAX - 60);
    (void)snprintf(text, PHRASE_MAX, "%.20s%s%.*s", digits, space, length, name);
    return text;
}

/* A difference of two values: percentages differ by points. */
char *
words_difference(const struct writer *writer, double value, char *text)
{
    char digits[PHRASE_MAX];
    if (!is_in_points(writer->indicator->unit))
        return words_quantity(writer, fabs(value), text);
    words_number(fabs(value), writer->decimals, true, digits);
    (void)snprintf(text, PHRASE_MAX, "%.20s%s", digits,
                   writer->lang == LANG_ZH ? "个百分点" : " points");
    return text;
}

/* "超过66%", "about 25": the target with its comparator, ≥ being what nobody needs to be told. */
char *
words_goal(const struct writer *writer, char *text)
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
    words_quantity(writer, writer->verdict->target_value, value);
    (void)snprintf(text, PHRASE_MAX, "%s%.130s%s", before[comparator][writer->lang], value,
                   is_about_zh ? "左右" : "");
    return text;
}

/* How the value judged counts; what is reported month by month is summed. */
static enum cumulation
cumulation_of(const struct writer *writer)
{
    return writer->verdict->is_summed ? CUMULATION_YTD : writer->indicator->cumulation;
}

/* "1—6月累计3600亩" / "3600 mu in January–June". */
void
words_actual(struct line *line, const struct writer *writer)
{
    char period[PHRASE_MAX];
    char value[PHRASE_MAX];
    words_quantity(writer, writer->verdict->actual, value);
    if (writer->lang == LANG_ZH) {
        words_period_zh(writer->verdict->period, cumulation_of(writer), period);
        line_add(line, "%s%s", period, value);
    } else {
        words_period_en(writer->verdict->period, cumulation_of(writer), period);
        line_add(line, "%s %s", value, period);
    }
}

/* "1—6月累计0.7%，目标7.0%" */
void
words_actual_and_goal(struct line *line, const struct writer *writer)
{
    char text[PHRASE_MAX];
    words_actual(line, writer);
    line_add(line, writer->lang == LANG_ZH ? "，目标%s" : ", target %s", words_goal(writer, text));
}

/* The LIN sentence up to its rule: "…，目标10000亩，完成36%，序时50%，差14个百分点". */
/* What the share of the path is called. */
static const char *
due_word(const struct verdict *verdict)
{
    bool is_step = verdict->own_rule == RULE_STEP_BAND;
    return verdict->share_years > 0 ? "同期占比" : is_step ? "认定应完成" : "序时";
}

/* Ahead or behind by `gap` points. */
static void
words_lead(struct line *line, const struct writer *writer, const char *gap)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    if (verdict->is_limit && verdict->gap < 0)
        line_add(line, is_zh ? "，低于控制进度%s个百分点" : ", %s points below the limit's pace",
                 gap);
    else if (verdict->is_limit)
        line_add(line, is_zh ? "，高于控制进度%s个百分点" : ", %s points above the limit's pace",
                 gap);
    else if (verdict->gap < 0)
        line_add(line, is_zh ? "，差%s个百分点" : ", %s points behind", gap);
    else
        line_add(line, is_zh ? "，超前%s个百分点" : ", %s points ahead", gap);
}

/* "（近3年38%至45%，去年同期41%）": what the share of SEA and ACC rests on. */
static void
words_seasons(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char low[PHRASE_MAX], high[PHRASE_MAX];
    if (verdict->share_years == 0)
        return;
    words_percent(verdict->share_low, low);
    words_percent(verdict->share_high, high);
    if (verdict->share_years == 1)
        line_say(line, writer, "（按最近一年）", " (as in the latest year)");
    else
        line_add(line, is_zh ? "（近%d年%s%%至%s%%）" : " (in %d years %s to %s %%)",
                 verdict->share_years, low, high);
}

void
words_pace(struct line *line, const struct writer *writer, bool with_plan)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    bool is_year_to_date = cumulation_of(writer) == CUMULATION_YTD;
    char target[PHRASE_MAX], value[PHRASE_MAX], done[PHRASE_MAX], due[PHRASE_MAX], gap[PHRASE_MAX];
    words_goal(writer, target);
    words_percent(verdict->completion, done);
    words_percent(verdict->year_share, due);
    words_number(fabs(verdict->gap), 1, true, gap);
    if (is_zh || !is_year_to_date)
        words_actual(line, writer);
    else
        line_add(line, "%s by %s", words_quantity(writer, verdict->actual, value),
                 words_month[cal_period_end_month(verdict->period)]);
    line_add(line, is_zh ? "，目标%s，完成%s%%" : " of %s: %s %% done", target, done);
    if (!with_plan)
        return;
    if (is_zh)
        line_add(line, "，%s%s%%", due_word(verdict), due);
    else
        line_add(line, ", %s %% due", due);
    words_seasons(line, writer);
    if (strcmp(gap, "0") == 0 && is_zh)
        line_add(line, "，与%s持平", due_word(verdict));
    else if (strcmp(gap, "0") == 0)
        line_add(line, ", exactly as planned");
    else
        words_lead(line, writer, gap);
}

void
words_needed_pace(struct line *line, const struct writer *writer)
{
    double pace = writer->verdict->needed_pace;
    char text[PHRASE_MAX];
    if (isnan(pace) || pace <= 0)
        return;
    words_number(pace, 2, true, text);
    if (writer->verdict->is_limit) {
        line_add(line,
                 writer->lang == LANG_ZH ? "，剩余月份须控制在计划速度%s倍以内"
                                         : "; the rest may use %s times the planned speed",
                 text);
        return;
    }
    if (strcmp(text, "1") == 0)
        line_add(line, "%s",
                 writer->lang == LANG_ZH ? "，剩余月份按计划速度推进即可"
                                         : "; the rest needs the planned speed");
    else if (writer->lang == LANG_EN)
        line_add(line, "; the rest needs %s times the planned speed", text);
    else if (pace > 1)
        line_add(line, "，剩余月份需达到计划速度%s倍", text);
    else
        line_add(line, "，剩余月份达到计划速度%s倍即可", text);
}

bool
words_is_even(const struct verdict *verdict)
{
    return fabs(verdict->gap) <= 1e-9 * fabs(verdict->target_value);
}

/* "，低6.3个百分点" / ", 6.3 points below" */
void
words_distance(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    double gap = writer->verdict->gap;
    char text[PHRASE_MAX];
    bool is_path = writer->verdict->own_rule == RULE_LVL_BAND &&
                   fabs(writer->verdict->expected - writer->verdict->target_value) > 0;
    if (words_is_even(writer->verdict) && is_path)
        line_say(line, writer, "，与路径持平", ", just as the path");
    else if (words_is_even(writer->verdict))
        line_say(line, writer, "，与目标持平", ", just the target");
    else if (gap < 0)
        line_add(line, is_zh ? "，低%s" : ", %s below", words_difference(writer, gap, text));
    else
        line_add(line, is_zh ? "，高%s" : ", %s above", words_difference(writer, gap, text));
}

bool
words_is_short(const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    return verdict_is_down(verdict->target) ? verdict->gap > 0 : verdict->gap < 0;
}

/* How far short of the line this level begins, and where the next better one ended; NaN: nowhere.
 */
static double
shortfall_from(const struct cat_bands *bands, enum level level)
{
    double from = UNKNOWN;
    for (int i = BAND_NORMAL; i < BAND_COUNT && i < (int)level; i++)
        if (!isnan(bands->least[i]))
            from = -bands->least[i];
    return from;
}

static double
shortfall_to(const struct cat_bands *bands, enum level level)
{
    return level < LEVEL_SEVERE ? -bands->least[level] : UNKNOWN;
}

/* "差距2至4个百分点为预警": which shortfalls make the level of the verdict. `unit` follows the
 * numbers. */
static void
shortfall_band(struct line *line, const struct writer *writer, const char *unit)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    double from = shortfall_from(verdict->bands, verdict->own_level);
    double to = shortfall_to(verdict->bands, verdict->own_level);
    const char *word = level_word(verdict->own_level, writer->lang);
    char low[PHRASE_MAX], high[PHRASE_MAX];
    words_number(from, 2, true, low);
    words_number(to, 2, true, high);
    if (isnan(to))
        line_add(line, is_zh ? "超过%s%s为%s" : "more than %s%s: %s", low, unit, word);
    else if (!(from > 0))
        line_add(line, is_zh ? "%s%s以内为%s" : "up to %s%s: %s", high, unit, word);
    else if (strcmp(unit, "%") == 0)
        line_add(line, "%s%%至%s%%为%s", low, high, word);
    else
        line_add(line, is_zh ? "%s至%s%s为%s" : "%s to %s%s: %s", low, high, unit, word);
}

void
words_share_band(struct line *line, const struct writer *writer)
{
    shortfall_band(line, writer, writer->lang == LANG_ZH ? "%" : " %");
}

void
words_gap_band(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    if (!words_is_short(writer) || !verdict->bands || verdict->own_level > LEVEL_SEVERE)
        return;
    bool is_share = verdict->bands->measure == MEASURE_LEVEL;
    char text[PHRASE_MAX];
    double share = fabs(verdict->gap / verdict->target_value) * 100;
    if (is_share)
        line_add(line, is_zh ? "（差距为目标的%s%%，" : " (%s %% of the target; ",
                 words_number(share, 2, true, text));
    else
        line_say(line, writer, "（差距", " (");
    shortfall_band(line, writer,
                   is_share ? (is_zh ? "%" : " %") : (is_zh ? "个百分点" : " points short"));
    line_say(line, writer, "）", ")");
}

void
words_chance_band(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    const char *word = level_word(verdict->own_level, writer->lang);
    double to = -shortfall_from(verdict->bands, verdict->own_level);
    double from = -shortfall_to(verdict->bands, verdict->own_level);
    char low[PHRASE_MAX], high[PHRASE_MAX];
    words_number(from, 3, true, low);
    words_number(to, 3, true, high);
    if (isnan(to))
        line_add(line, is_zh ? "不低于%s为%s" : "%s and more: %s", low, word);
    else if (isnan(from))
        line_add(line, is_zh ? "低于%s为%s" : "below %s: %s", high, word);
    else
        line_add(line, is_zh ? "%s至%s为%s" : "%s to %s: %s", low, high, word);
}

void
words_rest_growth(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char growth[PHRASE_MAX], share[PHRASE_MAX];
    bool is_graded = verdict->own_level <= LEVEL_SEVERE;
    if (isnan(verdict->rest_growth) || !is_graded || !words_is_short(writer))
        return;
    words_number(verdict->rest_growth, 1, true, growth);
    words_percent(verdict->rest_share, share);
    bool is_down = verdict_is_down(verdict->target);
    if (is_zh)
        line_add(line, "，其余月份%s增长%s%%（%s占去年全年%s%%）", is_down ? "最多" : "需", growth,
                 verdict->is_rest_even ? "按各月均摊" : "去年同期", share);
    else
        line_add(line, "; the rest of the year %s grow by %s %% (%s %s %% of last year's total)",
                 is_down ? "may" : "has to", growth,
                 verdict->is_rest_even ? "evenly spread, by now" : "by then", share);
}
