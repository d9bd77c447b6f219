/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sentences of the methods that are no pace: milestones, references, rates, small counts,
 * steps, dates, paths over years. */
#include "core/verdict_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

void
say_milestone(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    bool is_hard = verdict->planned_month == cal_period_end_month(verdict->period);
    double ahead = verdict->actual - verdict->expected;
    char text[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    words_quantity(writer, verdict->expected, text);
    if (is_hard && is_zh)
        line_add(line, "，%d月节点应达%s", verdict->planned_month, text);
    else if (is_hard)
        line_add(line, ", %s by the milestone of %s", text, words_month[verdict->planned_month]);
    else
        line_add(line, is_zh ? "，节点间直线应达%s" : ", %s on the line between milestones", text);
    if (fabs(ahead) > 1e-9 * fabs(verdict->target_value))
        line_add(line,
                 ahead < 0 ? (is_zh ? "，低%s" : ", %s below") : (is_zh ? "，高%s" : ", %s above"),
                 words_difference(writer, ahead, text));
    if (verdict->own_rule == RULE_MILESTONE_MISSED && is_zh)
        line_add(line, "，%d月节点未完成", verdict->missed_month);
    else if (verdict->own_rule == RULE_MILESTONE_MISSED)
        line_add(line, "; the milestone of %s was missed", words_month[verdict->missed_month]);
    else if (verdict->missed_month > 0 && is_zh)
        line_add(line, "，%d月节点未完成，已补齐", verdict->missed_month);
    else if (verdict->missed_month > 0)
        line_add(line, "; the milestone of %s was missed and is made up for",
                 words_month[verdict->missed_month]);
    else if (is_hard)
        line_say(line, writer, "，节点完成", "; the milestone is met");
}

/* "，参照值为一季度5.7%，加1个百分点为6.7%" */
static void
words_reference(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    double offset = verdict->target->offset;
    bool is_zh = writer->lang == LANG_ZH;
    char period[PHRASE_MAX], value[PHRASE_MAX], more[PHRASE_MAX], sum[PHRASE_MAX];
    words_quantity(writer, verdict->reference, value);
    words_difference(writer, offset, more);
    words_quantity(writer, verdict->target_value, sum);
    if (is_zh) {
        words_period_zh(verdict->carried, CUMULATION_YTD, period);
        line_add(line, "，参照值为%s%s", period, value);
    } else {
        words_period_en(verdict->carried, CUMULATION_YTD, period);
        line_add(line, ", reference %s %s", value, period);
    }
    if (fabs(offset) > 0 && is_zh)
        line_add(line, "，%s%s为%s", offset < 0 ? "减" : "加", more, sum);
    else if (fabs(offset) > 0)
        line_add(line, " %s %s is %s", offset < 0 ? "less" : "and", more, sum);
}

void
say_relative(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    if (isnan(verdict->reference)) {
        words_actual_and_goal(line, writer);
    } else {
        words_actual(line, writer);
        words_reference(line, writer);
    }
    words_distance(line, writer);
    if (verdict->own_rule == RULE_SPRING_FESTIVAL)
        line_say(line, writer, "，春节前后仅有1—2月数据，不作判断",
                 "; January and February alone, around the Spring Festival, are not judged");
    else
        words_gap_band(line, writer);
    words_rest_growth(line, writer);
}

void
say_no_reference(struct line *line, const struct writer *writer)
{
    const struct cat_indicator *reference = writer->verdict->target->reference;
    const char *name = reference ? cat_name(&reference->name, writer->lang) : "";
    int length = (int)text_cut(name, strlen(name), PHRASE_MAX);
    words_actual(line, writer);
    if (writer->lang == LANG_ZH)
        line_add(line, "，参照缺失：参照指标%.*s本年尚无数据，无法判断", length, name);
    else
        line_add(line, "; the reference %.*s has no value of this year, so nothing is judged",
                 length, name);
}

void
say_rate(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char low[PHRASE_MAX], high[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    words_distance(line, writer);
    if (verdict->own_rule == RULE_COH_BAND)
        words_gap_band(line, writer);
    if (verdict->is_rate_only) {
        line_say(line, writer, "，未报项目数，仅按比率判断", "; judged by the rate alone");
        return;
    }
    words_number(verdict->interval_low, 1, true, low);
    words_number(verdict->interval_high, 1, true, high);
    line_add(line,
             is_zh ? "，项目%.0f个，Wilson 95%%区间%s%%至%s%%"
                   : "; %.0f cases, Wilson's 95 %% interval %s to %s %%",
             verdict->cases, low, high);
    if (verdict->own_rule == RULE_COH_WILSON)
        line_say(line, writer, "含目标，最重为预警",
                 " holds the target: never worse than a warning");
}

void
say_no_rate(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    words_actual_and_goal(line, writer);
    if (verdict->own_rule == RULE_ZERO_CASES)
        line_say(line, writer, "，项目数为0，不适用", "; there are no cases, so it does not apply");
    else if (verdict->own_rule == RULE_NO_CASES)
        line_say(line, writer, "，未报项目数，无法判断",
                 "; the number of cases was not reported, so nothing is judged");
    else
        line_add(line,
                 writer->lang == LANG_ZH ? "，项目仅%.0f个，少于5个，项目少不作判断"
                                         : "; %.0f cases are too few to judge (5 at least)",
                 verdict->cases);
}

void
say_hold(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    words_actual_and_goal(line, writer);
    words_distance(line, writer);
    if (verdict->own_rule == RULE_HOLD_BELOW) {
        line_say(line, writer, "，未保住目标（差距", "; not held (short by ");
        words_share_band(line, writer);
        line_say(line, writer, "）", ")");
    } else if (verdict->own_rule == RULE_HOLD_WAS_BELOW)
        line_add(line,
                 is_zh ? "，现已达到，但本年有%d期未达到"
                       : "; held now, but not in %d of this year's periods",
                 verdict->periods_below);
    else
        line_say(line, writer, "，本年各期均保持", "; held in every period of this year");
}

void
say_count(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char text[PHRASE_MAX], chance[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    if (verdict->own_rule == RULE_SML_MISSED) {
        line_add(line, is_zh ? "，年终未完成，还差%s" : "; the year ended %s short",
                 words_difference(writer, verdict->target_value - verdict->actual, text));
        return;
    }
    words_number(verdict->expected, 2, true, text);
    words_number(verdict->likelihood, 3, false, chance);
    line_add(line,
             is_zh ? "，按序时应有%s，泊松概率q=%s（"
                   : "; %s expected by now, Poisson chance q = %s (",
             text, chance);
    words_chance_band(line, writer);
    line_say(line, writer, "）", ")");
}

void
say_step(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    bool has_actual = verdict->period.freq != CAL_NONE;
    bool is_past = verdict->own_rule == RULE_NO_DATA_SINCE_STEP;
    if (has_actual) {
        words_actual_and_goal(line, writer);
        line_say(line, writer, "，", "; ");
    }
    if (is_zh)
        line_add(line,
                 is_past ? "%d月认定期已过，尚无其后的数据，无法判断" : "未到%d月认定期，暂不判断",
                 verdict->planned_month);
    else
        line_add(line,
                 is_past ? "no value since the certification of %s, so nothing is judged"
                         : "the first certification is that of %s, so nothing is due",
                 words_month[verdict->planned_month]);
}

void
say_done(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_by_year = verdict->target->period == TARGET_BY_YEAR;
    bool is_begun = verdict->actual > 0;
    int year = is_by_year ? verdict->target->year : verdict->asked.year;
    words_actual_and_goal(line, writer);
    if (writer->lang == LANG_ZH)
        line_add(line, "，%s，计划%d年%d月完成", is_begun ? "推进中" : "未启动", year,
                 verdict->planned_month);
    else
        line_add(line, ", %s, planned by the end of %s %d", is_begun ? "under way" : "not begun",
                 words_month[verdict->planned_month], year);
    if (verdict->own_rule == RULE_BIN_DUE_SOON)
        line_say(line, writer, "，下月到期", "; due next month");
    else if (verdict->own_rule == RULE_BIN_OVERDUE)
        line_say(line, writer, "，到期未完成", "; it is due and not done");
}

void
say_manual(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    if (verdict->period.freq == CAL_NONE) {
        line_say(line, writer, "该目标须人工佐证，尚无佐证，系统不作计算",
                 "the target is attested by hand; there is no attestation yet, and nothing is "
                 "computed");
        return;
    }
    bool is_older = verdict->period.year != verdict->asked.year;
    if (is_older && is_zh)
        line_add(line, "%d年", verdict->period.year);
    if (verdict->own_rule == RULE_ATTESTED)
        words_actual(line, writer);
    else
        words_actual_and_goal(line, writer);
    if (is_older && !is_zh)
        line_add(line, " (%d)", verdict->period.year);
    if (verdict->own_rule == RULE_ATTESTED)
        line_say(line, writer, "，已由责任单位填报佐证（见说明），视为达成",
                 ", attested by the responsible unit (see its note): reached");
    else
        line_say(line, writer, "，佐证未达到目标，系统不作计算",
                 "; that is less than the target asks for, and nothing is computed");
}

void
say_cagr(struct line *line, const struct writer *writer)
{
    const struct verdict *verdict = writer->verdict;
    bool is_zh = writer->lang == LANG_ZH;
    char text[PHRASE_MAX], done[PHRASE_MAX], due[PHRASE_MAX];
    words_actual_and_goal(line, writer);
    if (isnan(verdict->year_share)) { /* nothing to gain, only to keep */
        words_distance(line, writer);
    } else {
        words_percent(verdict->completion, done);
        words_percent(verdict->year_share, due);
        words_quantity(writer, verdict->base, text);
        line_add(line, is_zh ? "（%d年末），起点%s" : " by the end of %d, from %s",
                 verdict->target->year, text);
        words_quantity(writer, verdict->expected, text);
        line_add(line,
                 is_zh ? "，路径应达%s，已走完%s%%，应走完%s%%"
                       : "; on its path %s by now: %s %% of the way done, %s %% due",
                 text, done, due);
    }
    if (!isnan(verdict->cagr_ratio))
        line_add(line, is_zh ? "，复合增速为所需的%s倍" : ", growth is %s times what is needed",
                 words_number(verdict->cagr_ratio, 2, true, text));
}

void
say_no_path(struct line *line, const struct writer *writer)
{
    bool is_zh = writer->lang == LANG_ZH;
    int from = writer->verdict->target->from;
    if (writer->verdict->own_rule == RULE_NO_PAST_YEARS) {
        char text[PHRASE_MAX];
        line_add(line,
                 is_zh ? "目标%s自%d年起累计，以往年份全年数不全，无法判断"
                       : "target %s counts from %d on; a past year's total is missing, so nothing "
                         "is judged",
                 words_goal(writer, text), from);
        return;
    }
    words_actual_and_goal(line, writer);
    line_say(line, writer, "，没有起点值，无法计算路径",
             "; without a starting value there is no path");
}
