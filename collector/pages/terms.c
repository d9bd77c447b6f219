/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/terms.h"

struct term {
    const char *zh;
    const char *en;
};

static const char *
in(const struct term *term, enum lang lang)
{
    const char *text = lang == LANG_ZH ? term->zh : term->en;
    return text ? text : "";
}

const char *
term_rule(enum rule rule, enum lang lang)
{
    static const struct term terms[] = {
        [RULE_NOT_APPLICABLE] = { "表中为“/”，不单独考核", "'/' in the table: not judged here" },
        [RULE_PENDING] = { "目标值尚未下达", "the number is still to be assigned" },
        [RULE_OUTSIDE_YEARS] = { "不属于目标所指的年份", "not a year the target speaks of" },
        [RULE_LATER_YEAR] = { "目标年份未到", "due by the end of a later year" },
        [RULE_NOT_DUE] = { "到这个月为止没有应报期", "no period is due up to this month" },
        [RULE_DUE_SOON] = { "五个工作日内到期，尚未完成",
                            "due within five working days and not there yet" },
        [RULE_MONTHS_MISSING] = { "逐期报送，本年有缺期，不能累加",
                                  "reported period by period, and one is missing" },
        [RULE_NO_DATA] = { "本年到这个月为止没有数据",
                           "nothing was reported this year up to this month" },
        [RULE_REACHED] = { "实际值已满足目标", "the actual value meets the target" },
        [RULE_LIN_BAND] = { "完成率与序时之比 r，按等级线",
                            "completion by the share due, r, against the bands" },
        [RULE_LIN_FIRST_QUARTER] = { "第一季度最多判为预警",
                                     "in the first quarter never worse than warning" },
        [RULE_LIN_MISSED] = { "年终未达目标，至少提醒",
                              "short of the target after December: at least remind" },
        [RULE_GAP_BAND] = { "与目标之差，按等级线", "distance to the target against the bands" },
        [RULE_LVL_BAND] = { "低于目标线：末位一半或常见变动以内正常，更多按等级线",
                            "below its line: within half the last digit or its usual change on "
                            "pace, more against the bands" },
        [RULE_NO_PACE] = { "目标不是正数，没有进度可言", "the target is not above zero: no pace" },
        [RULE_LIMIT_PASSED] = { "已突破控制数", "the limit is passed" },
        [RULE_SEA_BAND] = { "应完成按往年同期占比，按等级线",
                            "due by the shares of past years, against the bands" },
        [RULE_ACC_BAND] = { "应达到按去年同期占比，按等级线",
                            "due by last year's share, against the bands" },
        [RULE_SEASON_NOT_BEGUN] = { "往年同期占比为零，尚未到期",
                                    "in past years nothing had come by this month" },
        [RULE_MILESTONE_MET] = { "本月节点已完成", "the milestone of the month is met" },
        [RULE_MILESTONE_MISSED] = { "节点未完成，当即严重",
                                    "a milestone was missed: severe at once" },
        [RULE_CAUGHT_UP] = { "节点未完成，其后已补齐：预警",
                             "a milestone was missed and made up for: warning" },
        [RULE_WATCH_LINE] = { "两节点之间按直线，低于直线提醒",
                              "between milestones a straight line; below it remind" },
        [RULE_SPRING_FESTIVAL] = { "仅有1—2月数据，受春节影响，不判断",
                                   "January and February alone are not judged" },
        [RULE_REL_BAND] = { "与参照值之差，按等级线",
                            "distance to the reference against the bands" },
        [RULE_NO_REFERENCE] = { "参照缺失", "the reference has no value" },
        [RULE_REACHED_LOST] = { "曾达到又回落，至少提醒", "reached, then lost: at least remind" },
        [RULE_COH_BAND] = { "与目标之差，按等级线", "distance to the target against the bands" },
        [RULE_COH_WILSON] = { "目标在 Wilson 95% 区间内，最重为预警",
                              "the target lies in Wilson's 95 % interval: at most a warning" },
        [RULE_ZERO_CASES] = { "项目数为零，不适用", "no cases: not applicable" },
        [RULE_FEW_CASES] = { "项目少于5个，不判断", "fewer than 5 cases: not judged" },
        [RULE_NO_CASES] = { "未报项目数", "the number of cases was not reported" },
        [RULE_HOLD_KEPT] = { "本年各期均保持", "held in every period" },
        [RULE_HOLD_BELOW] = { "未保住，按等级线", "not held, against the bands" },
        [RULE_HOLD_WAS_BELOW] = { "本年曾低于目标，提醒",
                                  "below the target earlier this year: remind" },
        [RULE_SML_POISSON] = { "泊松概率 q，按等级线", "Poisson chance q against the bands" },
        [RULE_SML_MISSED] = { "年终未达目标，严重", "short of the target after December: severe" },
        [RULE_STEP_BAND] = { "按已到的认定期应完成数，按等级线",
                             "due by the steps so far, against the bands" },
        [RULE_BEFORE_FIRST_STEP] = { "未到认定期", "before the first certification" },
        [RULE_NO_DATA_SINCE_STEP] = { "认定期后尚无数据", "no value since the certification" },
        [RULE_BIN_PLANNED] = { "未到计划时间", "before its planned date" },
        [RULE_BIN_DUE_SOON] = { "下月到期，提醒", "due next month: remind" },
        [RULE_BIN_OVERDUE] = { "到期未完成，严重", "due and not done: severe" },
        [RULE_ATTESTED] = { "已有人工佐证", "attested by hand" },
        [RULE_MANUAL] = { "须人工佐证", "to be attested by hand" },
        [RULE_CAGR_BAND] = { "从起点到目标的多年路径，按等级线",
                             "the path over the years against the bands" },
        [RULE_NO_BASE] = { "没有起点值", "no starting value" },
        [RULE_NO_PAST_YEARS] = { "以往年份数据不全", "a past year's total is missing" },
        [RULE_UNCONFIRMED] = { "首次判为严重，待下期确认",
                               "severe for the first time: to be confirmed" },
        [RULE_FALLING] = { "连续两期预警且继续下降，严重",
                           "a warning for two periods and still falling: severe" },
        [RULE_NEEDED_PACE] = { "剩余月份所需速度过高，严重",
                               "the speed needed for the rest is too high: severe" },
        [RULE_NOT_LEFT_YET] = { "好转但未过退出线",
                                "better, but not beyond the leaving threshold" },
        [RULE_PROVISIONAL_HOLD] = { "初步数好转，待核实恢复",
                                    "better by a provisional value: to be verified" },
    };
    return rule < sizeof terms / sizeof *terms ? in(&terms[rule], lang) : "";
}

const char *
term_method(enum method method, enum lang lang)
{
    static const struct term terms[] = {
        [METHOD_LIN] = { "按月均匀序时", "even pace through the year" },
        [METHOD_MIL] = { "按时间节点", "by milestones" },
        [METHOD_SEA] = { "按历年季节分布", "by the season of past years" },
        [METHOD_LVL] = { "与目标水平比较", "level against the target" },
        [METHOD_GAP] = { "增幅与目标之差", "growth against the target" },
        [METHOD_REL] = { "与参照指标比较", "against another indicator" },
        [METHOD_ACC] = { "累计比率", "ratio that accumulates" },
        [METHOD_COH] = { "同批项目比率", "rate of a cohort" },
        [METHOD_HOLD] = { "全年保有量", "a stock held all year" },
        [METHOD_SML] = { "小数目", "small counts" },
        [METHOD_STEP] = { "分批认定", "granted in batches" },
        [METHOD_BIN] = { "做成即达", "done or not done" },
        [METHOD_CAGR] = { "五年路径", "path over several years" },
        [METHOD_MAN] = { "人工佐证", "attested by hand" },
        [METHOD_PEND] = { "待下达", "pending" },
        [METHOD_NA] = { "不适用", "not applicable" },
    };
    return method < sizeof terms / sizeof *terms ? in(&terms[method], lang) : "";
}

const char *
term_stage(enum obs_stage stage, enum lang lang)
{
    static const struct term terms[OBS_STAGE_COUNT] = {
        [OBS_STAGE_NONE] = { "", "" },
        [OBS_STAGE_FLASH] = { "快报", "flash" },
        [OBS_STAGE_PRELIMINARY] = { "初步核算", "preliminary" },
        [OBS_STAGE_VERIFIED] = { "核实", "verified" },
        [OBS_STAGE_FINAL] = { "最终核实", "final" },
    };
    return in(&terms[stage], lang);
}

const char *
term_status(char status, enum lang lang)
{
    static const struct {
        char letter;
        struct term term;
    } terms[] = {
        { 'A', { "正常", "normal" } },
        { 'B', { "口径断点", "break in the series" } },
        { 'D', { "定义不同", "definition differs" } },
        { 'E', { "估计", "estimated" } },
        { 'F', { "预测", "forecast" } },
        { 'G', { "试算", "experimental" } },
        { 'H', { "节假日缺报", "missing, holiday" } },
        { 'I', { "推算", "imputed" } },
        { 'K', { "并入他项", "included elsewhere" } },
        { 'L', { "未统计", "not collected" } },
        { 'M', { "不存在", "cannot exist" } },
        { 'N', { "不显著", "not significant" } },
        { 'O', { "缺报", "missing" } },
        { 'P', { "初步数", "provisional" } },
        { 'Q', { "不公开", "suppressed" } },
        { 'S', { "停报", "strike" } },
        { 'U', { "可靠性低", "low reliability" } },
        { 'V', { "未核实", "not validated" } },
        { 'W', { "含他项", "includes others" } },
    };
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        if (terms[i].letter == status)
            return in(&terms[i].term, lang);
    }
    return "";
}
