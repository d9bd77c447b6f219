/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a picture says, before anybody thinks of pixels: its style, its words, its legend. Both
 * formats are made from it. Pure.
 *
 * Style. Bars from zero for what is counted or summed (annual counts and quantities, net changes,
 * accumulating ratios, one-offs) and for growth and changes of a share, whose sign matters; steps
 * for what stands at a level (stocks, shares, rates, ranks). Plan. The plan to date is drawn where
 * it differs from the target: cumulative bars, milestones, paths from a base. A value of one month
 * is not compared with a yearly plan or target at all. */
#ifndef PACEWATCH_GRAPHS_CONTENT_H
#define PACEWATCH_GRAPHS_CONTENT_H

#include "graphs/picture.h"
#include "graphs/theme.h"

enum content_style { CONTENT_BARS, CONTENT_STEPS };

enum content_mark {
    MARK_GRADE,
    MARK_PLAN,
    MARK_TARGET,
    MARK_PROJECTION,
    MARK_MILESTONE,
    MARK_OPEN,
    MARK_REVISED,
    MARK_MISSING,
    MARK_NOT_DUE,
    MARK_THIS, /* lines of an overlay */
    MARK_LAST,
    MARK_BAND
};

enum { CONTENT_ITEMS_MAX = GRADE_COUNT + 8, CONTENT_ITEM_MAX = 64, CONTENT_SUBTITLE_MAX = 448 };

struct content_item {
    enum content_mark mark;
    enum theme_grade grade; /* of MARK_GRADE */
    bool is_line;           /* the grade colours a line, not bars */
    char text[CONTENT_ITEM_MAX];
};

struct content {
    enum content_style style;
    bool has_plan;
    bool has_target;
    bool is_simulated;
    const struct picture_point *latest; /* the last point inside the picture; NULL: none */
    char subtitle[CONTENT_SUBTITLE_MAX];
    struct content_item legend[CONTENT_ITEMS_MAX];
    size_t legend_count;
};

/* `ret_content` points into `picture`. */
void content_make(const struct picture *picture, struct content *ret_content);

/* Does the point's period overlap what the picture shows? */
bool content_shows(const struct picture *picture, const struct picture_point *point);

/* A number that may still change: provisional, estimated or forecast (SDMX P, E, F). */
bool content_is_open(const struct picture_point *point);

/* Values by year. `year` is that of the last point inside the picture, 0 without one. */
int content_year(const struct picture *picture);

/* X(enum, zh, en) */
#define WORD_TABLE(X)                                                                   \
    X(WORD_STAMP, "演示数据", "SIMULATED")                                              \
    X(WORD_NO_DATA, "暂无数据", "No data yet")                                          \
    X(WORD_PLAN, "计划进度", "Plan to date")                                            \
    X(WORD_YEAR_TARGET, "年度目标", "Annual target")                                    \
    X(WORD_TARGET, "目标", "Target")                                                    \
    X(WORD_OPEN, "初步或估计数", "Provisional or estimated")                            \
    X(WORD_NO_LEVEL, "未评级", "Not graded")                                            \
    X(WORD_PROJECTION, "年末预计（内部研判）", "Outlook for the year's end (internal)") \
    X(WORD_PROJECTED, "年末预计", "Outlook")                                            \
    X(WORD_MILESTONE, "节点目标", "Milestone")                                          \
    X(WORD_REVISED, "有修订", "Revised")                                                \
    X(WORD_MISSING, "应报未报", "Missing")                                              \
    X(WORD_NOT_DUE, "未到报送期", "Not due yet")                                        \
    X(WORD_OVERLAY, "今年与往年同期", "This year and those before")                     \
    X(WORD_MULTIPLES, "各地区，同一刻度", "All areas on one scale")                     \
    X(WORD_RANKING, "各地区排名", "Areas by rank")                                      \
    X(WORD_REVISIONS, "历次数值", "Versions of one value")

enum word {
#define X(name, zh, en) name,
    WORD_TABLE(X)
#undef X
};

const char *content_word(enum word word, enum lang lang);

/* What a point's value covers, as people write it: 2023-06 is 2023年1—6月 (Jan–Jun 2023) where
 * values are cumulative, else 2023年6月 (Jun 2023); periods other than months, quarters and ranges
 * stay as they are labelled. `text` has CAL_TEXT_MAX bytes. */
const char *content_period(const struct picture *picture, const struct picture_point *point,
                           char *text);

#endif
