/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explanation.h"

#include <math.h>
#include <stdio.h>

#include "core/bands.h"

static void
section(const struct explanation *e, const char *zh, const char *en)
{
    (void)fprintf(e->out, "\n%s\n", SAY(e->lang, zh, en));
}

static void
line(const struct explanation *e, const char *zh, const char *en, const char *value)
{
    if (value && value[0])
        (void)fprintf(e->out, SAY(e->lang, "  %s：%s\n", "  %s: %s\n"), SAY(e->lang, zh, en),
                      value);
}

static void
print_target(const struct explanation *e)
{
    const struct cat_target *t = e->target;
    const struct cat_unit *unit = t->unit ? t->unit : t->indicator->unit;
    (void)fprintf(e->out, "%s  %s  %s  %s\n", t->id, t->source, cat_name(&t->area->name, e->lang),
                  cat_name(&t->indicator->name, e->lang));
    section(e, "目标", "target");
    line(e, "原文", "as printed", t->text);
    line(e, "比较", "comparator", comparator_name(t->comparator));
    line(e, "目标值", "value", t->value.text);
    line(e, "单位", "unit", cat_name(&unit->name, e->lang));
    line(e, "参照", "relative to", t->reference ? cat_name(&t->reference->name, e->lang) : NULL);
    line(e, "状态", "status", target_status_name(t->status));
    line(e, "方法", "method", method_name(t->method));
    line(e, "责任单位", "owner", t->owner ? cat_name(&t->owner->name, e->lang) : NULL);
    line(e, "牵头单位", "lead", t->lead ? cat_name(&t->lead->name, e->lang) : NULL);
    line(e, "责任主体", "accountable", t->accountable);
    char day[CAL_TEXT_MAX];
    line(e, "此版自", "this version from",
         t->valid_from.days > INT32_MIN ? cal_date_print(t->valid_from, day) : NULL);
    line(e, "措辞", "wording", t->wording);
    line(e, "备注", "note", t->note);
}

static void
print_inputs(const struct explanation *e)
{
    const struct ledger_as_of *as_of = e->as_of;
    char text[CAL_TEXT_MAX];
    section(e, "依据", "inputs");
    line(e, "判断到", "judged for", cal_period_print(e->verdict.asked, text));
    line(e, "已发布截至", "released by",
         as_of->has_released ? cal_date_print(as_of->released, text) : NULL);
    line(e, "已收到截至", "received by",
         as_of->has_received ? cal_instant_print(as_of->received, text) : NULL);
    if (!e->row) {
        line(e, "数据", "data", SAY(e->lang, "无", "none"));
        return;
    }
    const struct ledger_row *row = e->row;
    char status[2] = { row->status, '\0' };
    char place[160];
    (void)snprintf(place, sizeof place,
                   SAY(e->lang, "台账 %lld，报送 %lld，第 %u 行，第 %u 次修订",
                       "ledger %lld, submission %lld, row %u, revision %u"),
                   (long long)row->position, (long long)row->submission, (unsigned)row->row,
                   (unsigned)row->revision);
    line(e, "期别", "period", cal_period_print(row->period, text));
    line(e, "数值", "value", row->value);
    line(e, "单位", "unit", cat_name(&e->target->indicator->unit->name, e->lang));
    line(e, "状态", "status", status);
    line(e, "发布", "released", cal_date_print(row->released, text));
    line(e, "收到", "received", cal_instant_print(row->received, text));
    line(e, "发布者", "publisher", row->publisher);
    line(e, "位置", "place", place);
    line(e, "说明", "note", row->note);
    line(e, "模拟", "simulated", e->verdict.is_simulated ? SAY(e->lang, "是", "yes") : NULL);
}

/* "  本年前期  2023-05  3000  第 0 次修订  台账 17  发布 2023-06-12" */
static int
print_input(void *context, enum input_role role, const struct cat_area *area,
            const struct cat_indicator *indicator, const struct obs_point *point)
{
    const struct explanation *e = context;
    bool is_own = area == e->target->area && indicator == e->target->indicator;
    char period[CAL_TEXT_MAX], released[CAL_TEXT_MAX], value[NUM_TEXT_MAX], series[192] = "";
    if (!is_own)
        (void)snprintf(series, sizeof series, " %s %s", cat_name(&area->name, e->lang),
                       cat_name(&indicator->name, e->lang)); /* cut is enough */
    (void)fprintf(e->out, SAY(e->lang, "  %s%s：%s  %s", "  %s%s: %s  %s"),
                  input_word(role, e->lang), series, cal_period_print(point->period, period),
                  num_print_short(point->value, 9, value));
    if (point->is_derived)
        (void)fprintf(e->out, "  %s\n",
                      SAY(e->lang, "未报，由所属地区数据合成", "not reported, made of its areas'"));
    else
        (void)fprintf(e->out,
                      SAY(e->lang, "  第 %u 次修订，台账 %lld，%s 发布\n",
                          "  revision %u, ledger %lld, released %s\n"),
                      (unsigned)point->revision, (long long)point->position,
                      cal_date_print(point->released, released));
    return 0;
}

/* Every observation the level rests on. */
static void
print_observations(struct explanation *e)
{
    if (e->verdict.period.freq == CAL_NONE)
        return;
    section(e, "所用数据", "observations used");
    (void)verdict_each_input(&e->verdict, &e->evidence, print_input, e); /* printing never stops */
}

/* "  s = 6/12 = 0.5" where there is such a number. */
static void
number(const struct explanation *e, const char *formula, double value)
{
    char text[NUM_TEXT_MAX];
    if (!isnan(value))
        (void)fprintf(e->out, "  %s = %s\n", formula, num_print_short(value, 6, text));
}

/* How the method grades, beside its bands. */
static const char *
rule_of(const struct explanation *e)
{
    switch (e->verdict.target->method) {
    case METHOD_LIN:
        return SAY(e->lang, "A 对 T 成立即已达成；一季度最重为预警；12 月未达至少提醒",
                   "reached when A meets T; never worse than warn in the first quarter; short of T "
                   "in December at least remind");
    case METHOD_GAP:
        return SAY(e->lang, "年末 A 对 T 成立即已达成；仅有 1—2 月数据不判断",
                   "reached when A meets T at the year's end; January and February alone are not "
                   "judged");
    case METHOD_LVL:
        return SAY(e->lang, "A 对 T 成立即已达成；差在 τ 以内正常",
                   "reached when A meets T; normal within tau");
    case METHOD_SEA:
    case METHOD_ACC:
        return SAY(e->lang, "s 为往年同期占比的中位数", "s is the median share of past years");
    case METHOD_MIL:
        return SAY(e->lang, "节点当月未达即严重，其后补齐为预警；节点之间低于直线为提醒",
                   "a milestone missed in its month is severe at once, made up for later warn; "
                   "between milestones below the line remind");
    case METHOD_REL:
        return SAY(e->lang, "T 为参照值加差数", "T is the reference and its offset");
    case METHOD_COH:
        return SAY(e->lang, "T 在 Wilson 区间内最重为预警；少于 5 个不判断",
                   "at most warn when T lies in Wilson's interval; fewer than 5 are not judged");
    case METHOD_HOLD:
        return SAY(e->lang, "始终不低于 T 为正常；曾低于 T 提醒",
                   "normal when never below T; below earlier remind");
    case METHOD_SML:
        return SAY(e->lang, "q = P(X ≤ A)；年末未达即严重",
                   "q = P(X <= A); short at the year's end severe");
    case METHOD_STEP:
        return SAY(e->lang, "s 为已到认定期的应完成数", "s by the certifications so far");
    case METHOD_BIN:
        return SAY(e->lang, "计划月份前一月提醒，到期未完成严重",
                   "remind in the month before the planned one, severe when due and not done");
    case METHOD_CAGR:
        return SAY(e->lang, "路径 B+(T-B)·s；c 与 s 按路径", "path B+(T-B)*s; c and s along it");
    case METHOD_MAN:
        return SAY(e->lang, "人工佐证，不作计算", "attested by hand, nothing is computed");
    case METHOD_PEND:
    case METHOD_NA:
        break;
    }
    return SAY(e->lang, "此方法不作判断", "this method is not judged");
}

static void
print_bands(const struct explanation *e)
{
    const struct cat_bands *bands = e->verdict.bands;
    char words[BANDS_WORDS_MAX];
    if (!bands)
        return;
    (void)fprintf(e->out, SAY(e->lang, "  等级线（%s）：%s\n", "  bands (%s): %s\n"), bands->id,
                  bands_words(bands, e->lang, words));
    number(e, SAY(e->lang, "低于此值的严重无须确认", "severe needs no confirmation below"),
           bands->doubt);
    number(e, SAY(e->lang, "κ 超过此值判为严重", "severe when kappa is above"), bands->needed_pace);
}

/* What only some methods rest on. */
static void
print_method_numbers(const struct explanation *e)
{
    const struct verdict *v = &e->verdict;
    number(e, SAY(e->lang, "B（起点）", "B (base)"), v->base);
    number(e, "τ", v->tolerance);
    number(e, SAY(e->lang, "往年占比最小", "smallest past share"), v->share_low);
    number(e, SAY(e->lang, "往年占比最大", "largest past share"), v->share_high);
    number(e, SAY(e->lang, "比去年同期（百分点）", "points ahead of last year"), v->same_period);
    number(e, SAY(e->lang, "上年同期", "same month last year"), v->last_year);
    number(e, SAY(e->lang, "同比（%）", "year on year, %"), v->year_on_year);
    if (v->last_year <= 0)
        line(e, "同比（%）", "year on year, %",
             SAY(e->lang, "上年同期不是正数，不算同比",
                 "last year's value is not above zero: none"));
    number(e, SAY(e->lang, "按总量推算的增速", "growth by the volumes"), v->volume_growth);
    number(e, SAY(e->lang, "R（参照值）", "R (reference)"), v->reference);
    number(e, SAY(e->lang, "N（项目数）", "N (cases)"), v->cases);
    number(e, SAY(e->lang, "Wilson 下限", "Wilson, low"), v->interval_low);
    number(e, SAY(e->lang, "Wilson 上限", "Wilson, high"), v->interval_high);
    number(e, "q = P(X ≤ A)", v->likelihood);
    number(e, SAY(e->lang, "复合增速比", "growth ratio"), v->cagr_ratio);
}

/* "  r（进度比）= c/s = 0.72" */
static void
computed(const struct explanation *e, const char *name, const char *formula, double value)
{
    char left[96];
    (void)snprintf(left, sizeof left, formula[0] ? "%s = %s" : "%s", name, formula);
    number(e, left, value);
}

static void
print_numbers(const struct explanation *e)
{
    const struct verdict *v = &e->verdict;
    section(e, "计算", "arithmetic");
    number(e, "T", v->target_value);
    number(e, "A", v->actual);
    number(e, SAY(e->lang, "s（应完成占比）", "s (share due)"), v->year_share);
    computed(e, SAY(e->lang, "P（本期应达）", "P (expected)"), verdict_expected_formula(v),
             v->expected);
    computed(e, SAY(e->lang, "c（完成率）", "c (completion)"), verdict_completion_formula(v),
             v->completion);
    computed(e, SAY(e->lang, "r（进度比）", "r (pace ratio)"), verdict_ratio_formula(v), v->ratio);
    computed(e, SAY(e->lang, "差距", "gap"), verdict_gap_formula(v), v->gap);
    number(e, "κ = (1 - c)/(1 - s)", v->needed_pace);
    print_method_numbers(e);
    number(e, SAY(e->lang, "年末预计 A/s", "projection A/s"), v->projection_pace);
    number(e, SAY(e->lang, "年末预计（近三月）", "projection, last three months"),
           v->projection_last);
    number(e, SAY(e->lang, "年末预计（同期）", "projection, as last year"), v->projection_same);
    number(e, SAY(e->lang, "年末预计中位数", "projection, median"), v->projection);
    number(e, SAY(e->lang, "区间下限", "interval, low"), v->projection_low);
    number(e, SAY(e->lang, "区间上限", "interval, high"), v->projection_high);
    number(e, SAY(e->lang, "年末预计（负二项均值）", "projection, negative binomial mean"),
           v->projected_mean);
    number(e, SAY(e->lang, "达到 T 的概率", "chance to reach T"), v->projected_chance);
    number(e,
           e->verdict.is_rest_even ? SAY(e->lang, "w（按各月均摊）", "w (evenly spread)")
                                   : SAY(e->lang, "w（去年同期占全年）", "w (share of last year)"),
           v->rest_share);
    number(
        e,
        SAY(e->lang, "其余月份需增长 (T - w·A)/(1 - w)", "growth of the rest, (T - w*A)/(1 - w)"),
        v->rest_growth);
    line(e, "判断方法", "grading", rule_of(e));
    print_bands(e);
}

static void
print_result(const struct explanation *e)
{
    char sentence[VERDICT_SENTENCE_MAX];
    section(e, "结论", "verdict");
    line(e, "等级", "level", level_name(e->verdict.level));
    line(e, "名称", "in words", level_word(e->verdict.level, e->lang));
    line(e, "规则", "rule", rule_name(e->verdict.rule));
    if (e->verdict.own_rule != e->verdict.rule) {
        line(e, "本期数值", "by its own numbers", level_name(e->verdict.own_level));
        line(e, "本期规则", "by the rule", rule_name(e->verdict.own_rule));
    }
    (void)fprintf(e->out, "  zh: %s\n", verdict_sentence(&e->verdict, LANG_ZH, sentence));
    (void)fprintf(e->out, "  en: %s\n", verdict_sentence(&e->verdict, LANG_EN, sentence));
}

void
explanation_print(struct explanation *explanation)
{
    print_target(explanation);
    print_inputs(explanation);
    print_observations(explanation);
    print_numbers(explanation);
    print_result(explanation);
}
