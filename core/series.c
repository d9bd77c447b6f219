/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/series.h"

#include <string.h>

#include "core/err.h"

#include "core/pure.h"

static const char *const cumulation_names[] = {
    [CUMULATION_MONTH] = "MONTH",
    [CUMULATION_YTD] = "YTD",
    [CUMULATION_STOCK] = "STOCK",
};

const char *
cumulation_name(enum cumulation cumulation)
{
    return cumulation_names[cumulation];
}

int
cumulation_parse(const char *text, size_t length, enum cumulation *ret_cumulation)
{
    for (int i = CUMULATION_MONTH; i <= CUMULATION_STOCK; i++) {
        if (strlen(cumulation_names[i]) == length &&
            memcmp(cumulation_names[i], text, length) == 0) {
            *ret_cumulation = (enum cumulation)i;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

bool
obs_status_is_known(char status)
{
    return status != '\0' && strchr("ABDEFGHIJKLMNOPQSUVW", status) != NULL;
}

bool
obs_status_is_provisional(char status)
{
    return status != '\0' && strchr("EFGIPUV", status) != NULL;
}

bool
obs_status_allows_empty(char status)
{
    return status != '\0' && strchr("OMLQHN", status) != NULL;
}

static const char *const stage_names[OBS_STAGE_COUNT] = {
    [OBS_STAGE_NONE] = "",
    [OBS_STAGE_FLASH] = "flash",
    [OBS_STAGE_PRELIMINARY] = "preliminary",
    [OBS_STAGE_VERIFIED] = "verified",
    [OBS_STAGE_FINAL] = "final",
};

const char *
obs_stage_name(enum obs_stage stage)
{
    return stage_names[stage];
}

int
obs_stage_parse(const char *text, size_t length, enum obs_stage *ret_stage)
{
    static const struct {
        const char *word;
        enum obs_stage stage;
    } words[] = {
        { "快报", OBS_STAGE_FLASH },         { "初步", OBS_STAGE_PRELIMINARY },
        { "初步数", OBS_STAGE_PRELIMINARY }, { "初步核算", OBS_STAGE_PRELIMINARY },
        { "核实", OBS_STAGE_VERIFIED },      { "初步核实", OBS_STAGE_VERIFIED },
        { "最终", OBS_STAGE_FINAL },         { "最终核实", OBS_STAGE_FINAL },
        { "最终数", OBS_STAGE_FINAL },
    };
    for (int i = 0; i < OBS_STAGE_COUNT; i++) {
        if (strlen(stage_names[i]) == length && memcmp(stage_names[i], text, length) == 0) {
            *ret_stage = (enum obs_stage)i;
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i].word) == length && memcmp(words[i].word, text, length) == 0) {
            *ret_stage = words[i].stage;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

char
obs_stage_status(enum obs_stage stage)
{
    return stage == OBS_STAGE_FLASH || stage == OBS_STAGE_PRELIMINARY ? 'P' : 'A';
}

/* How many points come no later than those that end with `after`. */
static size_t
count_ended(const struct series_view *view, struct cal_date after)
{
    size_t low = 0;
    size_t high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool has_ended = cal_period_after(view->points[middle].period).days <= after.days;
        low = has_ended ? middle + 1 : low;
        high = has_ended ? high : middle;
    }
    return low;
}

const struct obs_point *
series_latest_in_year(const struct series_view *view, struct cal_period period)
{
    struct cal_date new_year = cal_date_of(period.year, 1, 1);
    size_t count = count_ended(view, cal_period_after(period));
    for (size_t i = count; i > 0; i--) {
        const struct obs_point *point = &view->points[i - 1];
        if (cal_period_after(point->period).days <= new_year.days)
            return NULL;
        if (point->has_value)
            return point;
    }
    return NULL;
}

const struct obs_point *
series_at(const struct series_view *view, struct cal_period period)
{
    size_t low = 0;
    size_t high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = cal_period_compare(view->points[middle].period, period);
        if (order == 0)
            return &view->points[middle];
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
