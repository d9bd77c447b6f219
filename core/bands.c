/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/bands.h"

#include <math.h>
#include <stdio.h>

#include "core/pure.h"

#define NONE ((double)NAN)

struct measure_words {
    const char *id;
    struct cat_name name;
};

static const struct measure_words measures[] = {
#define X(name, id, zh, en) [name] = { (id), { (zh), (en) } },
    MEASURE_TABLE(X)
#undef X
};

const char *
measure_name(enum measure measure)
{
    return measures[measure].id;
}

const char *
measure_word(enum measure measure, enum lang lang)
{
    return cat_name(&measures[measure].name, lang);
}

bool
method_uses(enum method method, enum measure measure)
{
    static const unsigned uses[] = {
        [METHOD_LIN] = 1 << MEASURE_PACE,
        [METHOD_MIL] = 1 << MEASURE_PACE,
        [METHOD_SEA] = 1 << MEASURE_PACE,
        [METHOD_LVL] = 1 << MEASURE_LEVEL | 1 << MEASURE_PACE,
        [METHOD_GAP] = 1 << MEASURE_POINTS,
        [METHOD_REL] = 1 << MEASURE_POINTS | 1 << MEASURE_LEVEL,
        [METHOD_ACC] = 1 << MEASURE_PACE,
        [METHOD_COH] = 1 << MEASURE_RATE,
        [METHOD_HOLD] = 1 << MEASURE_HOLD,
        [METHOD_SML] = 1 << MEASURE_CHANCE | 1 << MEASURE_PACE,
        [METHOD_STEP] = 1 << MEASURE_PACE,
        [METHOD_BIN] = 0,
        [METHOD_CAGR] = 1 << MEASURE_PACE | 1 << MEASURE_LEVEL,
        [METHOD_MAN] = 0,
        [METHOD_PEND] = 0,
        [METHOD_NA] = 0,
    };
    return (uses[method] >> measure & 1) != 0;
}

#define BUILT_IN(MEASURE, ID, ZH, EN) \
    .id = (ID), .name = { (ZH), (EN) }, .measure = (MEASURE), .is_default = true, .source = ""

static const struct cat_bands built_in[MEASURE_COUNT] = {
    [MEASURE_PACE] = { BUILT_IN(MEASURE_PACE, "pace", "进度比", "pace ratio"),
                       .least = { 0.95, 0.85, 0.60 }, .leave = { 0.97, 0.88, 0.65 }, .doubt = 0.40,
                       .needed_pace = 2 },
    [MEASURE_POINTS] = { BUILT_IN(MEASURE_POINTS, "points", "增速差", "distance in points"),
                         .least = { -0.5, -2, -4 }, .leave = { -0.2, -1.7, -3.7 }, .doubt = -8,
                         .needed_pace = NONE },
    [MEASURE_LEVEL] = { BUILT_IN(MEASURE_LEVEL, "level", "水平差", "distance of a level"),
                        .least = { 0, -2, -5 }, .leave = { 0, -2, -5 }, .doubt = -10,
                        .needed_pace = NONE },
    [MEASURE_RATE] = { BUILT_IN(MEASURE_RATE, "rate", "比率差", "distance of a rate"),
                       .least = { 0, -5, -15 }, .leave = { 0, -5, -15 }, .doubt = -30,
                       .needed_pace = NONE },
    [MEASURE_HOLD] = { BUILT_IN(MEASURE_HOLD, "hold", "保有差", "distance of what is held"),
                       .least = { 0, NONE, -5 }, .leave = { 0, NONE, -5 }, .doubt = -10,
                       .needed_pace = NONE },
    [MEASURE_CHANCE] = { BUILT_IN(MEASURE_CHANCE, "chance", "小数概率", "chance of a small count"),
                         .least = { 0.15, NONE, 0.05 }, .leave = { 0.15, NONE, 0.05 },
                         .doubt = NONE, .needed_pace = NONE },
};

const struct cat_bands *
bands_built_in(enum measure measure)
{
    return &built_in[measure];
}

const struct cat_bands *
bands_version(const struct cat_bands *newest, struct cal_date day)
{
    while (newest && day.days < newest->valid_from.days)
        newest = newest->older;
    return newest;
}

const struct cat_bands *
bands_for(const struct cat_target *target, enum measure measure, struct cal_date day)
{
    const struct cat_bands *own = target->bands && target->bands->measure == measure
                                      ? bands_version(target->bands, day)
                                      : NULL;
    const struct cat_bands *shared =
        target->default_bands ? bands_version(target->default_bands[measure], day) : NULL;
    return own ? own : shared ? shared : &built_in[measure];
}

char *
bands_words(const struct cat_bands *bands, enum lang lang, char text[BANDS_WORDS_MAX])
{
    static const char *const levels[BAND_COUNT][2] = { { "正常", "on pace" },
                                                       { "提醒", "remind" },
                                                       { "预警", "warning" } };
    bool is_en = lang == LANG_EN;
    char least[NUM_TEXT_MAX], leave[NUM_TEXT_MAX];
    int used = snprintf(text, BANDS_WORDS_MAX, is_en ? "%s: " : "%s：",
                        measure_word(bands->measure, lang));
    for (int i = 0; i < BAND_COUNT; i++) {
        if (isnan(bands->least[i]))
            continue;
        num_print_short(bands->least[i], 4, least);
        num_print_short(bands->leave[i], 4, leave);
        used += snprintf(text + used, BANDS_WORDS_MAX - (size_t)used, "%s ≥ %s", levels[i][lang],
                         least);
        if (bands->leave[i] > bands->least[i])
            used += snprintf(text + used, BANDS_WORDS_MAX - (size_t)used,
                             is_en ? " (back from %s)" : "（恢复须 ≥ %s）", leave);
        used += snprintf(text + used, BANDS_WORDS_MAX - (size_t)used, is_en ? ", " : "，");
    }
    (void)snprintf(text + used, BANDS_WORDS_MAX - (size_t)used, "%s",
                   is_en ? "else severe" : "否则严重");
    return text;
}
