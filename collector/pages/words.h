/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every word the pages say, in both languages, in one table. Words of levels, statuses and events
 * live in core, beside what they name. */
#ifndef PACEWATCH_PAGES_WORDS_H
#define PACEWATCH_PAGES_WORDS_H

#include "core/text.h"

/* X(enum, zh, en) */
#define WORD_TABLE(X)                                                                              \
    X(W_COLON, "：", ": ")                                                                         \
    X(W_SKIP, "跳到正文", "Skip to content")                                                       \
    X(W_NAV, "主导航", "Main navigation")                                                          \
    X(W_MATRIX, "目标矩阵", "Targets")                                                             \
    X(W_ALERTS, "预警", "Alerts")                                                                  \
    X(W_FEEDS, "报送", "Feeds")                                                                    \
    X(W_LANGUAGE, "语言", "Language")                                                              \
    X(W_OTHER_LANGUAGE, "English", "中文")                                                         \
    X(W_FOOT_POSITION, "台账位置", "Ledger position")                                              \
    X(W_FOOT_TIME, "页面生成于", "Page made")                                                      \
    X(W_BEIJING, "北京时间", "Beijing time")                                                       \
    X(W_AS_OF, "按此日已发布的数据", "Values released by")                                         \
    X(W_MONTH, "月份", "Month")                                                                    \
    X(W_SHOW, "查看", "Show")                                                                      \
    X(W_SELECT, "选择月份与截止日", "Choose month and day")                                        \
    X(W_COUNTS, "各等级目标数", "Targets by level")                                                \
    X(W_TARGETS_IN_ALL, "项目标", "targets")                                                       \
    X(W_NO_TARGETS, "目录中没有这一年的目标。", "The catalogue has no targets for this year.")     \
    X(W_SIMULATED, "演示", "demo")                                                                 \
    X(W_SIMULATED_NOTICE,                                                                          \
      "演示数据：标有“演示”的数值由演示数据生成器编造，不是统计数据，不得引用。",                  \
      "Demonstration data: values marked 'demo' are made up, they are no statistics and must not " \
      "be quoted.")                                                                                \
    X(W_SIMULATED_LONG, "演示数据，非统计数据", "Demonstration data, no statistics")               \
    X(W_SPLIT_TITLE, "分解到区县的目标", "Targets split among the districts")                      \
    X(W_CITY_TITLE, "全市目标", "Targets of the city alone")                                       \
    X(W_LATER_TITLE, "今后年度的目标（2025、2027、2035年）",                                       \
      "Targets of later years (2025, 2027, 2035)")                                                 \
    X(W_ANNEX, "湖政办发〔2023〕22号", "Document 湖政办发〔2023〕22号")                            \
    X(W_INDICATOR, "指标", "Indicator")                                                            \
    X(W_AREA, "地区", "Area")                                                                      \
    X(W_SOURCE, "出处", "Source")                                                                  \
    X(W_TARGET, "目标", "Target")                                                                  \
    X(W_LATEST, "最新值", "Latest value")                                                          \
    X(W_VERDICT, "进度判断", "Verdict")                                                            \
    X(W_SENTENCE, "依据", "Grounds")                                                               \
    X(W_OWNER, "责任单位", "Owner")                                                                \
    X(W_LEAD, "牵头单位", "Lead unit")                                                             \
    X(W_ACCOUNTABLE, "责任主体", "Accountable")                                                    \
    X(W_TREND, "走势", "Trend")                                                                    \
    X(W_OVERLAY, "今年与往年", "This year and those before")                                       \
    X(W_REVISIONS, "历次数值", "Versions of one value")                                            \
    X(W_MULTIPLES, "各地区走势", "Trends of all areas")                                            \
    X(W_RANKING, "各地区排名", "Areas by rank")                                                    \
    X(W_PICTURE_AS, "另存", "Also as")                                                             \
    X(W_PICTURE_SCREEN, "大屏", "meeting screen")                                                  \
    X(W_PICTURE_PRINT, "打印（SVG）", "print (SVG)")                                               \
    X(W_PICTURE_PRINT_PNG, "打印（PNG，300 点/英寸）", "print (PNG, 300 dpi)")                     \
    X(W_PICTURE_PNG, "邮件（PNG）", "mail (PNG)")                                                  \
    X(W_NO_NUMBER, "未下达指标", "no number assigned")                                             \
    X(W_NO_NUMBER_LONG, "文件未对本区下达分解指标；本区与各区县一起对全市目标负责。",              \
      "The document assigns this area no numbers of its own; with the districts it answers for "   \
      "the city's targets.")                                                                       \
    X(W_ROLLUP, "区县合计 − 全市", "Districts − city")                                             \
    X(W_ROLLUP_OPEN, "区县未报齐", "districts incomplete")                                         \
    X(W_BLANK_CELL, "表中空白", "blank in the table")                                              \
    X(W_NO_VALUE, "无数据", "no data")                                                             \
    X(W_DATA_BY, "截至", "by")                                                                     \
    X(W_LEGEND, "图例", "Legend")                                                                  \
    X(W_LEGEND_NORMAL, "不低于序时进度（或目标水平）", "at or above the plan for the date")        \
    X(W_LEGEND_REMIND, "略低于序时进度", "slightly below the plan")                                \
    X(W_LEGEND_WARN, "明显低于序时进度", "clearly below the plan")                                 \
    X(W_LEGEND_SEVERE, "严重低于序时进度", "far below the plan")                                   \
    X(W_LEGEND_REACHED, "全年目标已达成", "the year's target is reached")                          \
    X(W_LEGEND_UNKNOWN, "数据不足或方法未定，不作判断", "too little data, or no method yet")       \
    X(W_LEGEND_NOT_DUE, "本年尚无应报期", "nothing is due yet this year")                          \
    X(W_LEGEND_PENDING, "目标值待上级下达", "the number is still to be assigned")                  \
    X(W_LEGEND_NOT_APPLICABLE, "表中为“/”，不单独考核", "'/' in the table: not judged here")       \
    X(W_LAST_RECEIVED, "最近收到", "Last received")                                                \
    X(W_NEVER, "从未", "never")                                                                    \
    X(W_PRINTED, "文件原文", "As printed")                                                         \
    X(W_COMPARATOR, "判断关系", "Comparison")                                                      \
    X(W_METHOD, "判断方法", "Method")                                                              \
    X(W_WORDING, "措辞", "Wording")                                                                \
    X(W_NOTE, "备注", "Note")                                                                      \
    X(W_UNIT, "计量单位", "Unit")                                                                  \
    X(W_CUMULATION, "口径", "Coverage")                                                            \
    X(W_CALENDAR, "报送周期", "Calendar")                                                          \
    X(W_CATEGORY, "类别", "Category")                                                              \
    X(W_YTD, "自1月起累计", "cumulative since January")                                            \
    X(W_SINGLE, "当期", "of the period alone")                                                     \
    X(W_STOCK, "期末时点", "at the end of the period")                                             \
    X(W_PRIMARY, "以此行判断并预警", "this one is judged and raises alerts")                       \
    X(W_NOT_PRIMARY, "并列目标，不预警", "kept beside it, raises no alerts")                       \
    X(W_ARITHMETIC, "算式", "Arithmetic")                                                          \
    X(W_QUANTITY, "项目", "Quantity")                                                              \
    X(W_HOW, "怎么算", "How")                                                                      \
    X(W_NUMBER, "数值", "Number")                                                                  \
    X(W_A, "实际值 A", "Actual A")                                                                 \
    X(W_T, "目标值 T", "Target T")                                                                 \
    X(W_C, "完成率 c", "Completion c")                                                             \
    X(W_S, "序时进度 s", "Share of the year s")                                                    \
    X(W_R, "进度比 r", "Pace ratio r")                                                             \
    X(W_EXPECTED, "本期计划值", "Plan value now")                                                  \
    X(W_GAP_POINTS, "差距 c − s", "Gap c − s")                                                     \
    X(W_GAP_VALUE, "差距 A − T", "Gap A − T")                                                      \
    X(W_NEEDED, "其余月份所需速度", "Speed needed for the rest")                                   \
    X(W_BANDS, "等级线", "Bands")                                                                  \
    X(W_YEAR_ON_YEAR, "同比", "Year on year")                                                      \
    X(W_REST_GROWTH, "其余月份需增长", "Growth needed for the rest")                               \
    X(W_PROJECTION, "按现速度年末预计", "Year end at this pace")                                   \
    X(W_POINTS, "个百分点", "points")                                                              \
    X(W_TIMES, "倍", "times")                                                                      \
    X(W_SINCE_LAST, "较上期", "since the period before")                                           \
    X(W_SINCE_YEAR, "较上年同期", "since a year ago")                                              \
    X(W_DECIDED_BY, "判断规则", "Decided by rule")                                                 \
    X(W_VALUES, "数据", "Values")                                                                  \
    X(W_PERIOD, "期别", "Period")                                                                  \
    X(W_VALUE, "数值（如报）", "Value as sent")                                                    \
    X(W_STATUS, "状态", "Status")                                                                  \
    X(W_REVISION, "修订", "Revision")                                                              \
    X(W_RELEASED, "发布日期", "Released")                                                          \
    X(W_RECEIVED, "收到时间", "Received")                                                          \
    X(W_PUBLISHER, "发布者", "Publisher")                                                          \
    X(W_SUBMISSION, "来自文件", "From file")                                                       \
    X(W_ROW, "行", "row")                                                                          \
    X(W_FIRST_VALUE, "首次", "first")                                                              \
    X(W_EARLIER, "个先前的值", "earlier values")                                                   \
    X(W_NO_ROWS, "还没有收到数据。", "Nothing has been received yet.")                             \
    X(W_ALERT_HISTORY, "预警记录", "Alert history")                                                \
    X(W_NO_ALERTS, "没有预警记录。", "No alerts.")                                                 \
    X(W_OPEN_ALERTS, "未解除", "Open")                                                             \
    X(W_CLOSED_ALERTS, "已结束", "Closed")                                                         \
    X(W_LEVEL, "等级", "Level")                                                                    \
    X(W_OPENED, "发出", "Opened")                                                                  \
    X(W_LAST_CHANGE, "最近变化", "Last change")                                                    \
    X(W_REASON, "原因", "Reason")                                                                  \
    X(W_ID, "编号", "No.")                                                                         \
    X(W_STATE, "状态", "State")                                                                    \
    X(W_EVENT, "事件", "Event")                                                                    \
    X(W_STATE_OPEN, "未解除", "open")                                                              \
    X(W_STATE_RESOLVED, "已解除", "resolved")                                                      \
    X(W_STATE_WITHDRAWN, "因修订撤销", "withdrawn")                                                \
    X(W_DUE, "应报", "Due")                                                                        \
    X(W_REPORTED, "已报", "Reported")                                                              \
    X(W_MISSING, "缺报", "Missing")                                                                \
    X(W_LATE, "逾期", "late")                                                                      \
    X(W_DUE_BY, "应于此日前", "due by")                                                            \
    X(W_LAST_FILE, "最近一份文件", "Last file")                                                    \
    X(W_ROWS, "行数", "Rows")                                                                      \
    X(W_STORED, "接受", "Accepted")                                                                \
    X(W_REVISED, "修订", "Revised")                                                                \
    X(W_UNCHANGED, "未变化", "Unchanged")                                                          \
    X(W_REJECTED, "退回", "Rejected")                                                              \
    X(W_INCOMPLETE, "尚未收完", "still arriving")                                                  \
    X(W_LAST_SEEN, "最近联络", "Last seen")                                                        \
    X(W_NO_KEY, "未登记密钥", "no key enrolled")                                                   \
    X(W_OFFICIAL, "正式", "official")                                                              \
    X(W_SUBMISSIONS, "最近收到的文件", "Files received lately")                                    \
    X(W_STREAMS, "各代理程序的记录流", "The agents' streams")                                      \
    X(W_STREAM, "记录流", "Stream")                                                                \
    X(W_STREAM_HWM, "已收至第几条", "Received up to")                                              \
    X(W_STREAM_HELD, "最后所知至第几条", "Last seen seq")                                          \
    X(W_STREAM_BEYOND, "未到条数", "Not arrived")                                                  \
    X(W_STREAM_IN_USE, "在用", "in use")                                                           \
    X(W_STREAM_ENDED, "已结束", "ended")                                                           \
    X(W_FEED_RULE, "“应报”按报送周期计算，只数已下达目标的指标；应报日为本系统设定，文件未规定。", \
      "'Due' follows the reporting calendars and counts indicators with an issued target; the "    \
      "days are a setting of this system, the document names none.")                               \
    X(W_ALL_AREAS, "各地区", "All areas")                                                          \
    X(W_TARGETS_OF, "的目标", "targets")                                                           \
    X(W_ERROR, "出错", "Error")                                                                    \
    X(W_NOT_FOUND, "没有这个页面", "No such page")                                                 \
    X(W_BAD_REQUEST, "请求有误", "Bad request")                                                    \
    X(W_UNAVAILABLE, "暂时无法提供", "Not available now")                                          \
    X(W_INTERNAL, "内部错误，已记入日志。", "Internal error; it has been logged.")                 \
    X(W_TRY_LATER, "服务繁忙或查询超时，请稍后再试。",                                             \
      "Busy, or the query took too long; please try again.")                                       \
    X(W_BACK, "回到目标矩阵", "Back to the targets")

enum word {
#define X(name, zh, en) name,
    WORD_TABLE(X)
#undef X
        WORD_COUNT
};

const char *word_text(enum word word, enum lang lang);

#endif
