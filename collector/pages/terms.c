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
        [RULE_METHOD_NOT_BUILT] = { "本版尚未实现这种判断方法",
                                    "this release has no such method yet" },
        [RULE_NOT_DUE] = { "到这个月为止没有应报期", "no period is due up to this month" },
        [RULE_NO_DATA] = { "本年到这个月为止没有数据",
                           "nothing was reported this year up to this month" },
        [RULE_REACHED] = { "实际值已满足目标", "the actual value meets the target" },
        [RULE_LIN_BAND] = { "r ≥ 0.95 正常；≥ 0.85 提醒；≥ 0.60 预警；更低 严重",
                            "r ≥ 0.95 on pace; ≥ 0.85 remind; ≥ 0.60 warning; below that severe" },
        [RULE_LIN_FIRST_QUARTER] = { "第一季度最多判为预警",
                                     "in the first quarter never worse than warning" },
        [RULE_LIN_MISSED] = { "年终未达目标，至少提醒",
                              "short of the target after December: at least remind" },
        [RULE_GAP_BAND] = { "A − T ≥ −0.5 正常；≥ −2 提醒；≥ −4 预警；更低 严重",
                            "A − T ≥ −0.5 on pace; ≥ −2 remind; ≥ −4 warning; below that severe" },
        [RULE_LVL_BAND] = { "低于目标：末位一半以内正常，2% 以内提醒，5% 以内预警，更多 严重",
                            "below the target: within half its last digit on pace, by 2 % remind, "
                            "by 5 % warning, by more severe" },
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
