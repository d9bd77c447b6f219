/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sample: one row a district reports, before it is an observation. The same check runs at the
 * agent (so that the clerk learns at once) and at the collector (which trusts nobody). */
#ifndef PACEWATCH_CORE_SAMPLE_H
#define PACEWATCH_CORE_SAMPLE_H

#include "core/catalogue.h"
#include "core/err.h"

enum {
    SAMPLE_ID_MAX = 48,
    SAMPLE_NOTE_MAX = 200, /* bytes of UTF-8 */
};

/* Canonical texts, all NUL-terminated. Empty `publisher`: the sender itself. Empty `value`: none,
 * and the status says why. */
struct sample {
    char area[SAMPLE_ID_MAX + 1];
    char indicator[SAMPLE_ID_MAX + 1];
    char publisher[SAMPLE_ID_MAX + 1];
    struct cal_period period;
    char value[NUM_TEXT_MAX];
    char status; /* SDMX CL_OBS_STATUS */
    enum obs_stage stage;
    bool has_released;
    struct cal_date released; /* the day the publisher published it; without: the day of receipt */
    char note[SAMPLE_NOTE_MAX + 1];
    uint32_t row; /* line in the sender's file, from 1 */
};

/* X(enum, wire number, zh, en): why a row is not taken. Wire numbers never change. */
#define REJECT_TABLE(X)                                                          \
    X(REJECT_NONE, 0, "接受", "accepted")                                        \
    X(REJECT_SYNTAX, 1, "这一行读不懂", "the row cannot be read")                \
    X(REJECT_AREA, 2, "没有这个地区", "unknown area")                            \
    X(REJECT_INDICATOR, 3, "没有这个指标", "unknown indicator")                  \
    X(REJECT_PERIOD, 4, "期别有误", "bad period")                                \
    X(REJECT_NOT_DUE, 5, "该指标没有这一期", "the indicator has no such period") \
    X(REJECT_VALUE, 6, "数值有误", "bad value")                                  \
    X(REJECT_STATUS, 7, "状态代码有误", "bad status")                            \
    X(REJECT_UNIT, 8, "计量单位不符", "wrong unit")                              \
    X(REJECT_CUMULATION, 9, "累计方式不符", "wrong cumulation")                  \
    X(REJECT_RELEASED, 10, "发布日期有误", "bad release day")                    \
    X(REJECT_PUBLISHER, 11, "没有这个发布者", "unknown publisher")               \
    X(REJECT_RIGHT, 12, "无权填报该地区", "no right to write this area")         \
    X(REJECT_FUTURE, 13, "期别尚未结束", "the period has not ended")             \
    X(REJECT_TEXT, 14, "含有不允许的字符", "forbidden characters")               \
    X(REJECT_TWICE, 15, "同一文件内重复", "twice in one file")                   \
    X(REJECT_EVIDENCE, 16, "缺少佐证", "evidence is missing")

enum reject_code {
#define X(name, number, zh, en) name = (number),
    REJECT_TABLE(X)
#undef X
};

/* Short words for a code; for a number no release of ours knows: "?". */
const char *reject_text(int code, enum lang lang);

/* Where a sample is bound for, once checked. */
struct sample_place {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    const struct cat_publisher
        *publisher; /* who says it: the sender, or one the sender may bring */
};

/* Checks a sample against the catalogue for a sender. `today` bounds the period: its last day must
 * lie before `today` (an annual or monthly value cannot be known before its period has ended) and
 * its release must not lie after `today` nor before the period's first day. A simulated publisher's
 * row must be of an area that the sender itself may write. Rules in order: area,
 * indicator, publisher, right, period fits the indicator's calendar, period ended, value (a
 * decimal; or empty with a status that allows it), status, release, note (with the evidence where
 * the indicator is a claim, kind K, that a value attests). Returns REJECT_NONE and
 * the place, or the code with a note that names the field, its text and what would be right. */
enum reject_code sample_check(const struct catalogue *catalogue, const struct cat_publisher *sender,
                              const struct sample *sample, struct cal_date today,
                              struct sample_place *ret_place, struct err_note *note);

/* Checks a sample that was taken before, perhaps under another catalogue: as above, but for what
 * the catalogue says of rights, of the periods of an indicator, and of evidence. It names its
 * publisher. `received`: the day it came, which bounds its release. */
enum reject_code sample_check_kept(const struct catalogue *catalogue, const struct sample *sample,
                                   struct cal_date received, struct sample_place *ret_place,
                                   struct err_note *note);

#endif
