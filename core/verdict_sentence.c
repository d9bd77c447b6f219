/* SPDX-License-Identifier: GPL-3.0-or-later
 * A verdict in words: every number a reader needs to redo it with a calculator, in Chinese and in
 * English. */
#include "core/verdict_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

static void
say_lin(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char text[PHRASE_MAX];
    if (isnan(verdict->completion) || isnan(verdict->year_share)) {
        words_actual_and_goal(line, writer);
        if (verdict->own_rule == RULE_LIN_MISSED)
            line_say(line, writer, "，年终未超过目标", "; the year ended without exceeding it");
        else
            line_say(line, writer, "，至今未超过", ", which was not exceeded");
        return;
    }
    words_pace(line, writer, verdict->own_rule != RULE_LIN_MISSED);
    double missing = verdict->target_value - verdict->actual;
    bool is_missing = missing > 1e-9 * fabs(verdict->target_value);
    if (verdict->own_rule == RULE_LIN_MISSED && is_missing)
        line_add(line, is_zh ? "，年终未完成，还差%s" : "; the year ended %s short",
                 words_difference(writer, missing, text));
    else if (verdict->own_rule == RULE_LIN_MISSED)
        line_add(line, "%s", is_zh ? "，年终未超过目标" : "; the year ended without exceeding it");
    else
        words_needed_pace(line, writer);
    if (verdict->own_rule == RULE_LIN_FIRST_QUARTER)
        line_add(line, "%s",
                 is_zh ? "，一季度最高为预警"
                       : "; in the first quarter nothing is graded worse than a warning");
}

static void
say_no_pace(struct line *line, const struct writer *writer)
{
    words_actual_and_goal(line, writer);
    line_say(line, writer, "，目标不是正数，无法计算进度",
             "; the target is not above zero, so there is no pace");
}

static void
say_limit_passed(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    char text[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    line_add(line, writer->lang == LANG_ZH ? "，已突破控制数%s" : "; the limit is passed by %s",
             words_difference(writer, verdict->actual - verdict->target_value, text));
}

static void
say_season_not_begun(struct line *line, const struct writer *writer)
{
    words_actual_and_goal(line, writer);
    line_say(line, writer, "，往年同期占比为0，尚未到期",
             "; in past years nothing had come by this month, so nothing is due");
}

static void
say_gap(struct line *line, const struct writer *writer)
{
    words_actual_and_goal(line, writer);
    words_distance(line, writer);
    words_gap_band(line, writer);
    words_rest_growth(line, writer);
}

static void
say_lvl(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    bool has_path = fabs(verdict->expected - verdict->target_value) > 0;
    bool is_usual = verdict->tolerance > verdict_rounding(verdict->target);
    double share = fabs(verdict->gap / verdict->target_value) * 100;
    char text[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    if (has_path)
        line_add(line, is_zh ? "，本期路径%s" : ", on its path %s by now",
                 words_quantity(writer, verdict->expected, text));
    words_distance(line, writer);
    if (words_is_even(verdict))
        line_say(line, writer, has_path ? "" : "，尚未超过",
                 has_path ? "" : ", which is not yet exceeded");
    else if (words_is_short(writer) && !verdict->bands && verdict->own_level == LEVEL_NORMAL &&
             is_usual)
        line_add(line,
                 is_zh ? "（差距在该指标常见变动%s以内，视为正常）"
                       : " (within its usual change of %s: on pace)",
                 words_difference(writer, verdict->tolerance, text));
    else if (words_is_short(writer) && !verdict->bands && verdict->own_level == LEVEL_NORMAL)
        line_say(line, writer, "（差距在目标末位的一半以内，视为正常）",
                 " (within half of the target's last digit: on pace)");
    else if (words_is_short(writer) && isfinite(share) && verdict->bands) { /* T = 0 has no share */
        line_add(line, is_zh ? "（差距为目标的%s%%，" : " (%s %% of the target; ",
                 words_number(share, 2, true, text));
        words_share_band(line, writer);
        line_say(line, writer, "）", ")");
    }
    if (verdict->own_rule == RULE_REACHED_LOST)
        line_say(line, writer, "，本年曾达到目标，现已回落，至少提醒",
                 "; it was reached this year and lost again: at least remind");
}

static void
say_reached(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_year_end = cal_period_end_month(verdict->period) == 12;
    bool is_count = !isnan(verdict->year_share) && !isnan(verdict->completion);
    bool is_by_year = verdict->target->period == TARGET_BY_YEAR;
    bool is_once = !is_count && verdict->planned_month > 0; /* BIN */
    if (is_by_year && is_count) {
        say_cagr(line, writer);
    } else if (is_count) {
        words_pace(line, writer, false);
    } else if (!isnan(verdict->reference)) {
        say_relative(line, writer);
    } else {
        words_actual_and_goal(line, writer);
        words_distance(line, writer);
    }
    if (is_once)
        line_say(line, writer, "，已完成", "; done");
    else if (is_by_year)
        line_say(line, writer, "，目标已达到", "; the target is reached");
    else if (verdict->is_limit)
        line_say(line, writer, "，全年未超过控制数", "; the limit was kept");
    else if (is_year_end && is_count)
        line_say(line, writer, "，全年目标已完成", "; the year's target is reached");
    else if (is_year_end)
        line_say(line, writer, "，全年目标已达到", "; the year's target is reached");
    else if (is_count)
        line_say(line, writer, "，已提前完成全年目标", "; the year's target is reached early");
    else
        line_say(line, writer, "，已达到目标，年末仍须保持",
                 "; the target is reached and must be held to the year's end");
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
        words_period_zh(first, CUMULATION_MONTH, text);
        line_add(line, "截至%d月尚无应报数据，首个数据期为%s", verdict->asked.index, text);
    } else {
        words_period_en(first, CUMULATION_MONTH, text);
        line_add(line, "no value is due by %s; the first is that of %s",
                 words_month[verdict->asked.index], text + strlen("in "));
    }
}

static void
say_no_data(struct line *line, const struct writer *writer)
{
    int month = writer->verdict->asked.index;
    if (writer->lang == LANG_ZH)
        line_add(line, "截至%d月尚未收到本年数据，无法判断", month);
    else
        line_add(line, "no value of this year up to %s has been reported", words_month[month]);
}

static void
say_months_missing(struct line *line, const struct writer *writer)
{
    int month = cal_period_end_month(writer->verdict->period);
    if (writer->lang == LANG_ZH)
        line_add(line, "按期报送、逐期累加，但本年%d月以前缺期，无法判断", month);
    else
        line_add(line, "reported period by period, and one before %s is missing: no sum to judge",
                 words_month[month]);
}

static void
say_pending(struct line *line, const struct writer *writer)
{
    const char *printed = writer->verdict->target->text;
    int length = (int)text_cut(printed, strlen(printed), PHRASE_MAX);
    bool is_zh = writer->lang == LANG_ZH;
    line_add(line, "%s", is_zh ? "目标待下达" : "the target has not been issued yet");
    if (length > 0)
        line_add(line, is_zh ? "（%.*s）" : " (%.*s)", length, printed);
    line_add(line, "%s", is_zh ? "，暂不判断" : ", so nothing is judged");
}

static void
say_not_applicable(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    line_add(line, "%s",
             is_zh ? "该目标在此不适用，不作判断"
                   : "the target does not apply here, so nothing is judged");
}

static void
say_other_years(struct line *line, const struct writer *writer)
{
    const struct cat_target *target = writer->verdict->target;
    bool is_zh = writer->lang == LANG_ZH;
    int from = target->period == TARGET_IN_YEAR ? target->year : target->from;
    if (writer->verdict->rule == RULE_LATER_YEAR)
        line_add(line,
                 is_zh ? "目标到%d年末实现，此前不判断" : "the target is due by the end of %d",
                 target->year);
    else if (from == target->year)
        line_add(line, is_zh ? "目标属于%d年，其他年份不判断" : "the target is of %d",
                 target->year);
    else
        line_add(line,
                 is_zh ? "目标属于%d至%d年，其他年份不判断" : "the target is of the years %d to %d",
                 from, target->year);
}

/* What the periods before made of it. */
static void
say_life(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    const char *word = level_word(verdict->level, writer->lang);
    bool is_zh = writer->lang == LANG_ZH;
    char text[PHRASE_MAX];
    if (verdict->rule == RULE_UNCONFIRMED)
        line_say(line, writer, "；首次判为严重，待下期确认，暂列预警",
                 "; severe for the first time: a warning until the next period confirms it");
    else if (verdict->rule == RULE_FALLING)
        line_say(line, writer, "；连续两期预警且完成进度继续下降，升为严重",
                 "; a warning for two periods and still falling: severe");
    else if (verdict->rule == RULE_NEEDED_PACE)
        line_add(line,
                 is_zh ? "；所需速度超过计划的%s倍，判为严重"
                       : "; more than %s times the planned speed is needed: severe",
                 words_number(verdict->bands->needed_pace, 2, true, text));
    else if (verdict->rule == RULE_DUE_SOON && is_zh)
        line_add(line, "；%d月底到期，距今不超过5个工作日，提醒", verdict->planned_month);
    else if (verdict->rule == RULE_DUE_SOON)
        line_add(line, "; due at the end of %s, in five working days or less: remind",
                 words_month[verdict->planned_month]);
    else if (verdict->rule == RULE_NOT_LEFT_YET)
        line_add(line,
                 is_zh ? "；已有好转但未过退出线，仍为%s"
                       : "; better, but not beyond the leaving threshold: still %s",
                 word);
    else if (verdict->rule == RULE_PROVISIONAL_HOLD)
        line_add(line,
                 is_zh ? "；初步数显示好转，待核实恢复，仍为%s"
                       : "; better by a provisional value only, to be verified: still %s",
                 word);
}

/* What the judgement had to do without. */
static void
say_lacks(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    char text[PHRASE_MAX];
    if (verdict->is_fallback && verdict->target->method == METHOD_MIL)
        line_say(line, writer, "（未设节点，按序时判断）", " (no milestones: judged by even pace)");
    else if (verdict->is_fallback)
        line_say(line, writer, "（往年数据不足，按序时判断）",
                 " (too few past years: judged by even pace)");
    if (fabs(verdict->actual - verdict->volume_growth) > 0.5 + 1e-9)
        line_add(line,
                 writer->lang == LANG_ZH ? "（按总量推算为%s%%，与可比口径不一致）"
                                         : " (%s %% by the volumes: not on the comparable basis)",
                 words_number(verdict->volume_growth, 1, true, text));
    if (verdict->is_derived)
        line_say(line, writer, "（本级未报，由所属地区数据合成）",
                 " (not reported itself: made of its areas' values)");
    if (verdict->is_simulated)
        line_say(line, writer, "（演示数据）", " (simulated data)");
}

static say_method *const say[RULE_COUNT] = {
    [RULE_NOT_APPLICABLE] = say_not_applicable,
    [RULE_PENDING] = say_pending,
    [RULE_OUTSIDE_YEARS] = say_other_years,
    [RULE_LATER_YEAR] = say_other_years,
    [RULE_NOT_DUE] = say_not_due,
    [RULE_NO_DATA] = say_no_data,
    [RULE_MONTHS_MISSING] = say_months_missing,
    [RULE_REACHED] = say_reached,
    [RULE_NO_PACE] = say_no_pace,
    [RULE_LIN_BAND] = say_lin,
    [RULE_LIN_FIRST_QUARTER] = say_lin,
    [RULE_LIN_MISSED] = say_lin,
    [RULE_LIMIT_PASSED] = say_limit_passed,
    [RULE_SEA_BAND] = say_lin,
    [RULE_ACC_BAND] = say_lin,
    [RULE_SEASON_NOT_BEGUN] = say_season_not_begun,
    [RULE_MILESTONE_MET] = say_milestone,
    [RULE_MILESTONE_MISSED] = say_milestone,
    [RULE_CAUGHT_UP] = say_milestone,
    [RULE_WATCH_LINE] = say_milestone,
    [RULE_GAP_BAND] = say_gap,
    [RULE_SPRING_FESTIVAL] = say_relative,
    [RULE_REL_BAND] = say_relative,
    [RULE_NO_REFERENCE] = say_no_reference,
    [RULE_LVL_BAND] = say_lvl,
    [RULE_REACHED_LOST] = say_lvl,
    [RULE_COH_BAND] = say_rate,
    [RULE_COH_WILSON] = say_rate,
    [RULE_ZERO_CASES] = say_no_rate,
    [RULE_FEW_CASES] = say_no_rate,
    [RULE_NO_CASES] = say_no_rate,
    [RULE_HOLD_KEPT] = say_hold,
    [RULE_HOLD_BELOW] = say_hold,
    [RULE_HOLD_WAS_BELOW] = say_hold,
    [RULE_SML_POISSON] = say_count,
    [RULE_SML_MISSED] = say_count,
    [RULE_STEP_BAND] = say_lin,
    [RULE_BEFORE_FIRST_STEP] = say_step,
    [RULE_NO_DATA_SINCE_STEP] = say_step,
    [RULE_BIN_PLANNED] = say_done,
    [RULE_BIN_DUE_SOON] = say_done,
    [RULE_BIN_OVERDUE] = say_done,
    [RULE_ATTESTED] = say_manual,
    [RULE_MANUAL] = say_manual,
    [RULE_CAGR_BAND] = say_cagr,
    [RULE_NO_BASE] = say_no_path,
    [RULE_NO_PAST_YEARS] = say_no_path,
};

char *
verdict_sentence(const struct verdict *verdict, enum lang lang, char *text)
{
    struct line line = { .text = text };
    struct writer writer = { verdict, verdict->target->indicator, lang, words_decimals(verdict) };
    text[0] = '\0';
    if (say[verdict->own_rule])
        say[verdict->own_rule](&line, &writer);
    say_life(&line, &writer);
    say_lacks(&line, &writer);
    return text;
}
