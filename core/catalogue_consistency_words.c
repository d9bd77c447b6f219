/* SPDX-License-Identifier: GPL-3.0-or-later
 * Findings in words: which numbers, where, and what they would have to be. */
#include "core/catalogue_consistency.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

enum { PIECE_MAX = 320 };

/* Cuts what snprintf had no room for, at a character. */
static void
trim(char *text, size_t size, int printed)
{
    if (printed < 0)
        text[0] = '\0';
    else if ((size_t)printed >= size)
        text[text_cut(text, size - 1, size - 2)] = '\0';
}

/* "15.1万吨标煤", "15.1 × 10,000 tonnes of standard coal", in the indicator's unit. */
static const char *
amount(const struct cat_indicator *indicator, double value, enum lang lang, char *text)
{
    char number[NUM_TEXT_MAX];
    const char *unit = cat_name(&indicator->unit->name, lang);
    const char *between = lang == LANG_ZH ? "" : unit[0] >= '0' && unit[0] <= '9' ? " × " : " ";
    int n = snprintf(text, PIECE_MAX, "%s%s%s", num_print_short(value, 4, number), between, unit);
    trim(text, PIECE_MAX, n);
    return text;
}

/* "≥7%", "≥地区生产总值增长+1", "待下达（“待省下达…”）" */
static const char *
target_says(const struct cat_target *target, enum lang lang, char *text)
{
    char piece[PIECE_MAX];
    int n = 0;
    bool is_en = lang == LANG_EN;
    const char *state = target->comparator == CMP_NA ? (is_en ? "not applicable" : "不适用")
                                                     : (is_en ? "pending" : "待下达");
    if (target->comparator == CMP_RELATIVE)
        n = snprintf(text, PIECE_MAX, is_en ? "≥ %s%s%s" : "≥%s%s%s",
                     cat_name(&target->reference->name, lang),
                     target->offset > 0 ? (is_en ? " + " : "+") : "",
                     fabs(target->offset) > 0 ? num_print_short(target->offset, 4, piece) : "");
    else if (!isnan(target_value(target)))
        n = snprintf(text, PIECE_MAX, "%s%s%s", comparator_name(target->comparator),
                     is_en ? " " : "",
                     amount(target->indicator, target_value(target), lang, piece));
    else if (target->text[0])
        n = snprintf(text, PIECE_MAX, is_en ? "%s (\"%s\")" : "%s（“%s”）", state, target->text);
    else
        n = snprintf(text, PIECE_MAX, "%s", state);
    trim(text, PIECE_MAX, n);
    return text;
}

/* "2023年", "2023—2027年每年", "2027年底" */
static const char *
when(const struct cat_target *target, enum lang lang, char *text)
{
    bool is_en = lang == LANG_EN;
    if (target->period == TARGET_EVERY_YEAR)
        (void)snprintf(text, PIECE_MAX, is_en ? "every year %d-%d" : "%d—%d年每年", target->from,
                       target->year);
    else if (target->period == TARGET_BY_YEAR)
        (void)snprintf(text, PIECE_MAX, is_en ? "by the end of %d" : "%d年底", target->year);
    else
        (void)snprintf(text, PIECE_MAX, is_en ? "in %d" : "%d年", target->year);
    return text;
}

static int
say_sum(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char sum[PIECE_MAX];
    char whole[PIECE_MAX];
    char difference[NUM_TEXT_MAX];
    char tolerance[NUM_TEXT_MAX];
    double over = f->left - f->right;
    bool is_en = lang == LANG_EN;
    bool is_rounding = fabs(over) <= f->tolerance * (1 + 1e-9);
    (void)num_print_short(over, 4, difference);
    (void)num_print_short(f->tolerance, 4, tolerance);
    return snprintf(
        text, size,
        is_en ? "the %zu parts add up to %s, the whole is %s: %s%s (rounding explains %s at "
                "most%s)"
              : "%zu个分项合计%s，全部为%s，差%s%s（舍入最多可差%s%s）",
        f->of, amount(f->indicator, f->left, lang, sum),
        amount(f->indicator, f->right, lang, whole), over > 0 ? "+" : "", difference, tolerance,
        is_rounding ? ""
        : is_en     ? ", so it is no rounding"
                    : "，不是舍入所致");
}

/* "2023年≥7%（附1-2）", "≥ 7 percent in 2023 (附1-2)" */
static const char *
dated(const struct cat_target *target, enum lang lang, char *text)
{
    char says[PIECE_MAX];
    char years[PIECE_MAX];
    (void)target_says(target, lang, says);
    (void)when(target, lang, years);
    int n = lang == LANG_EN ? snprintf(text, PIECE_MAX, "%s %s (%s)", says, years, target->source)
                            : snprintf(text, PIECE_MAX, "%s%s（%s）", years, says, target->source);
    trim(text, PIECE_MAX, n);
    return text;
}

static int
say_two_targets(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char left[PIECE_MAX];
    char right[PIECE_MAX];
    return snprintf(text, size, lang == LANG_EN ? "%s, but %s" : "%s，与%s不一致",
                    dated(f->target, lang, left), dated(f->other, lang, right));
}

static int
say_owner_lead(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    bool is_en = lang == LANG_EN;
    const char *outsider = !f->is_outsider ? ""
                           : is_en         ? ", which does not name the owner at all"
                                           : "，该名单中没有责任单位";
    return snprintf(text, size,
                    is_en ? "the owner is the %s, but first in the list of units is the %s%s"
                          : "责任单位为%s，单位名单中列第一位的为%s%s",
                    cat_name(&f->target->owner->name, lang), cat_name(&f->target->lead->name, lang),
                    outsider);
}

static int
say_uniform(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char part[PIECE_MAX];
    char whole[PIECE_MAX];
    const char *area = cat_name(&f->target->area->name, lang);
    (void)amount(f->indicator, f->left, lang, part);
    (void)amount(f->indicator, f->right, lang, whole);
    if (lang == LANG_EN)
        return snprintf(text, size,
                        "one number for all is the rule, but %zu of %zu parts differ from the "
                        "whole's %s: %s has %s",
                        f->count, f->of, whole, area, part);
    return snprintf(text, size, "应各地一致，但%zu地中%zu地不是%s：%s为%s", f->of, f->count, whole,
                    area, part);
}

static int
say_above(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char whole[PIECE_MAX];
    (void)amount(f->indicator, f->right, lang, whole);
    if (lang == LANG_EN)
        return snprintf(text, size,
                        "%zu of %zu parts are set at or above the whole's %s; a weighted mean of "
                        "the parts would hardly be so low",
                        f->count, f->of, whole);
    return snprintf(text, size, "%zu地中%zu地不低于全部的%s，按权重平均难以这样低", f->of, f->count,
                    whole);
}

static int
say_no_number(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    return snprintf(text, size,
                    lang == LANG_EN ? "accountable for %zu targets, but without a number of its own"
                                    : "是%zu个目标的责任主体，自身没有一个数值",
                    f->count);
}

static int
say_beyond(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char left[PIECE_MAX];
    char right[PIECE_MAX];
    bool is_en = lang == LANG_EN;
    bool is_same = fabs(f->left - f->right) <= 1e-9 * (fabs(f->left) + fabs(f->right));
    const char *how = is_same ? (is_en ? "is already all of" : "，已等于")
                              : (is_en ? "is already beyond" : "，已超过");
    return snprintf(text, size, is_en ? "%s %s %s" : "%s%s%s", dated(f->target, lang, left), how,
                    dated(f->other, lang, right));
}

static int
say_pace(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    char left[PIECE_MAX];
    char right[PIECE_MAX];
    char left_when[PIECE_MAX];
    char needed[PIECE_MAX];
    char times[NUM_TEXT_MAX];
    (void)amount(f->indicator, f->left, lang, left);
    (void)amount(f->indicator, f->right, lang, right);
    (void)amount(f->indicator, f->needed, lang, needed);
    (void)when(f->target, lang, left_when);
    (void)num_print_short(f->needed / f->left, 2, times);
    bool is_every = f->target->period == TARGET_EVERY_YEAR;
    bool is_guess = f->is_total && isnan(f->base);
    if (lang == LANG_EN)
        return snprintf(text, size,
                        "%s %s (%s), but %s in all by the end of %d (%s): %s%s %s a year, %s times "
                        "as much",
                        left, left_when, f->target->source, right, f->other->year, f->other->source,
                        is_guess ? "from nothing (no base is told) " : "",
                        is_every ? "it takes" : "the other years need", needed, times);
    return snprintf(text, size, "%s%s（%s），到%d年底共%s（%s）：%s%s需%s，为其%s倍", left_when,
                    left, f->target->source, f->other->year, right, f->other->source,
                    is_guess ? "起点未列，如自零起，" : "", is_every ? "每年" : "其余各年每年",
                    needed, times);
}

static int
say_remark(const struct cat_finding *f, enum lang lang, char *text, size_t size)
{
    return snprintf(text, size, "%s", cat_name(&f->remark->name, lang));
}

/* "全市 规上工业增加值增长：" */
static int
print_subject(const struct cat_finding *f, enum lang lang, char *text)
{
    const char *area = cat_name(&f->area->name, lang);
    bool is_en = lang == LANG_EN;
    int n = f->indicator ? snprintf(text, FINDING_WORDS_MAX / 2, is_en ? "%s, %s: " : "%s %s：",
                                    area, cat_name(&f->indicator->name, lang))
                         : snprintf(text, FINDING_WORDS_MAX / 2, is_en ? "%s: " : "%s：", area);
    trim(text, FINDING_WORDS_MAX / 2, n);
    return (int)strlen(text);
}

char *
finding_words(const struct cat_finding *finding, enum lang lang, char *text)
{
    static int (*const say[])(const struct cat_finding *, enum lang, char *, size_t) = {
        [FINDING_SUM] = say_sum,
        [FINDING_TWO_TARGETS] = say_two_targets,
        [FINDING_OWNER_LEAD] = say_owner_lead,
        [FINDING_UNIFORM] = say_uniform,
        [FINDING_ABOVE_WHOLE] = say_above,
        [FINDING_NO_NUMBER] = say_no_number,
        [FINDING_BEYOND_LATER] = say_beyond,
        [FINDING_LATER_PACE] = say_pace,
        [FINDING_REMARK] = say_remark,
    };
    size_t used = (size_t)print_subject(finding, lang, text);
    size_t room = FINDING_WORDS_MAX - used;
    trim(text + used, room, say[finding->kind](finding, lang, text + used, room));
    return text;
}
