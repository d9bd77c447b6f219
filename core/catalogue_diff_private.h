/* SPDX-License-Identifier: GPL-3.0-or-later
 * An object of the catalogue as texts, one a column. Shared by the files of catalogue_diff; nobody
 * else includes this. */
#ifndef PACEWATCH_CORE_CATALOGUE_DIFF_PRIVATE_H
#define PACEWATCH_CORE_CATALOGUE_DIFF_PRIVATE_H

#include "core/catalogue_diff.h"
#include "core/catalogue_private.h"

/* X(enum, column, zh, en): in the order in which differences of one object are told. */
#define FIELD_TABLE(X)                                                     \
    X(FIELD_NAME, COL_NAME, "名称", "name")                                \
    X(FIELD_NAME_EN, COL_NAME_EN, "英文名称", "English name")              \
    X(FIELD_SOURCE, COL_SOURCE, "出处", "source")                          \
    X(FIELD_OTHER_SOURCE, COL_OTHER_SOURCE, "对照出处", "other source")    \
    X(FIELD_VALID_FROM, COL_VALID_FROM, "生效日", "in force from")         \
    X(FIELD_AREA, COL_AREA, "地区", "area")                                \
    X(FIELD_INDICATOR, COL_INDICATOR, "指标", "indicator")                 \
    X(FIELD_YEAR, COL_YEAR, "年度", "year")                                \
    X(FIELD_PERIOD, COL_PERIOD, "期限", "period")                          \
    X(FIELD_FROM, COL_FROM, "起始年度", "first year")                      \
    X(FIELD_VALUE, COL_VALUE, "目标值", "value")                           \
    X(FIELD_UNIT, COL_UNIT, "计量单位", "unit")                            \
    X(FIELD_COMPARATOR, COL_COMPARATOR, "比较", "comparator")              \
    X(FIELD_REFERENCE, COL_REFERENCE, "参照指标", "reference")             \
    X(FIELD_OFFSET, COL_OFFSET, "加点", "offset")                          \
    X(FIELD_TEXT, COL_TEXT, "原文", "text")                                \
    X(FIELD_METHOD, COL_METHOD, "方法", "method")                          \
    X(FIELD_PROFILE, COL_PROFILE, "进度曲线", "profile")                   \
    X(FIELD_BANDS, COL_BANDS, "等级线", "bands")                           \
    X(FIELD_BASE, COL_BASE, "基数", "base")                                \
    X(FIELD_MEASURE, COL_MEASURE, "衡量", "measure")                       \
    X(FIELD_DEFAULT, COL_DEFAULT, "默认", "default")                       \
    X(FIELD_NORMAL, COL_NORMAL, "正常线", "normal from")                   \
    X(FIELD_REMIND, COL_REMIND, "提醒线", "remind from")                   \
    X(FIELD_WARN, COL_WARN, "预警线", "warn from")                         \
    X(FIELD_NORMAL_EXIT, COL_NORMAL_EXIT, "正常退出线", "exit to normal")  \
    X(FIELD_REMIND_EXIT, COL_REMIND_EXIT, "提醒退出线", "exit to remind")  \
    X(FIELD_WARN_EXIT, COL_WARN_EXIT, "预警退出线", "exit to warn")        \
    X(FIELD_DOUBT, COL_DOUBT, "无须确认线", "beyond doubt below")          \
    X(FIELD_NEEDED_PACE, COL_NEEDED_PACE, "所需速度上限", "needed pace")   \
    X(FIELD_STATUS, COL_STATUS, "状态", "status")                          \
    X(FIELD_PRIMARY, COL_PRIMARY, "主目标", "primary")                     \
    X(FIELD_OWNER, COL_OWNER, "责任单位", "owner")                         \
    X(FIELD_LEAD, COL_LEAD, "牵头单位", "lead")                            \
    X(FIELD_HELPERS, COL_HELPERS, "配合单位", "helpers")                   \
    X(FIELD_ACCOUNTABLE, COL_ACCOUNTABLE, "责任主体", "accountable areas") \
    X(FIELD_WORDING, COL_WORDING, "措辞", "wording")                       \
    X(FIELD_NOTE, COL_NOTE, "备注", "note")                                \
    X(FIELD_KIND, COL_KIND, "类型", "kind")                                \
    X(FIELD_PARENT, COL_PARENT, "上级地区", "area above")                  \
    X(FIELD_MEMBERS, COL_MEMBERS, "组成地区", "members")                   \
    X(FIELD_NUMBERS, COL_NUMBERS, "有无数值", "has numbers")               \
    X(FIELD_FAMILY, COL_FAMILY, "单位族", "family")                        \
    X(FIELD_FACTOR, COL_FACTOR, "换算系数", "factor")                      \
    X(FIELD_FREQUENCY, COL_FREQUENCY, "频率", "frequency")                 \
    X(FIELD_MONTHS, COL_MONTHS, "应报月份", "months due")                  \
    X(FIELD_DUE_DAY, COL_DUE_DAY, "截止日", "due day")                     \
    X(FIELD_CUMULATION, COL_CUMULATION, "累计方式", "cumulation")          \
    X(FIELD_CALENDAR, COL_CALENDAR, "报送日历", "calendar")                \
    X(FIELD_DIRECTION, COL_DIRECTION, "方向", "direction")                 \
    X(FIELD_DECIMALS, COL_DECIMALS, "小数位数", "decimals")                \
    X(FIELD_CASES, COL_CASES, "个案数指标", "cases")                       \
    X(FIELD_VOLUME, COL_VOLUME, "总量指标", "volume")                      \
    X(FIELD_NUMERATOR, COL_NUMERATOR, "分子指标", "numerator")             \
    X(FIELD_DENOMINATOR, COL_DENOMINATOR, "分母指标", "denominator")       \
    X(FIELD_DECOMPOSITION, COL_DECOMPOSITION, "分解规则", "decomposition") \
    X(FIELD_CATEGORY, COL_CATEGORY, "类别", "category")                    \
    X(FIELD_SORT, COL_SORT, "次序", "sort")                                \
    X(FIELD_FORM, COL_FORM, "形式", "form")                                \
    X(FIELD_POINTS, COL_POINTS, "时点", "points")                          \
    X(FIELD_AREAS, COL_AREAS, "可填报地区", "areas")                       \
    X(FIELD_VIA, COL_VIA, "可代报单位", "via")                             \
    X(FIELD_ALIASES, COL_ALIASES, "别名", "alias")

enum field {
#define X(name, column, zh, en) name,
    FIELD_TABLE(X)
#undef X
        FIELD_COUNT
};

struct field_words {
    enum column column;
    struct cat_name name;
};

extern const struct field_words diff_fields[FIELD_COUNT];

enum { POOL_SIZE = 2 * CAT_DIFF_LIST_MAX + 1024 };

struct texts {
    const char *text[FIELD_COUNT]; /* NULL: the table has no such column */
    const struct cat_name *name[FIELD_COUNT];
    char pool[POOL_SIZE]; /* of texts that are made here */
    size_t used;
};

/* Every object begins with its id. */
static inline const char *
id_of(const void *object)
{
    return *(const char *const *)object;
}

/* What the object says in each of its table's columns. The texts lie in the catalogue and in
 * `texts` itself. */
void object_texts(enum cat_table table, const void *object, struct texts *texts);

#endif
