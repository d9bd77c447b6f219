/* SPDX-License-Identifier: GPL-3.0-or-later
 * Series and their observations as the pure core sees them. A series is one indicator of one area;
 * its frequency, unit and cumulation come from the indicator. */
#ifndef PACEWATCH_CORE_SERIES_H
#define PACEWATCH_CORE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"

/* What a reported number covers (stored as reported, never converted). */
enum cumulation {
    CUMULATION_MONTH, /* the period alone */
    CUMULATION_YTD,   /* since 1 January of the period's year */
    CUMULATION_STOCK  /* at the end of the period */
};

const char *cumulation_name(enum cumulation cumulation); /* "MONTH", "YTD", "STOCK" */
int cumulation_parse(const char *text, size_t length, enum cumulation *ret_cumulation);

/* Observation status: one letter of SDMX CL_OBS_STATUS. */
bool obs_status_is_known(char status);

/* Is it provisional: estimated, forecast, imputed, provisional, of low reliability, not validated?
 */
bool obs_status_is_provisional(char status);

/* May an observation of this status come without a number (O missing, M cannot exist, L not
 * collected, Q suppressed, H missing for holiday, and our use of N not significant)? */
bool obs_status_allows_empty(char status);

/* How far the office that publishes a value has checked it (快报, 初步核算, 初步核实, 最终核实):
 * the steps of national accounts. Told beside the status, which says what the value is. */
enum obs_stage {
    OBS_STAGE_NONE, /* not said */
    OBS_STAGE_FLASH,
    OBS_STAGE_PRELIMINARY,
    OBS_STAGE_VERIFIED,
    OBS_STAGE_FINAL,
    OBS_STAGE_COUNT
};

/* "", "flash", "preliminary", "verified", "final": what listings and exports write. */
const char *obs_stage_name(enum obs_stage stage);

/* A name, or the words that statistics offices print (快报, 初步, 初步核算, 核实, 初步核实, 最终,
 * 最终核实); empty is OBS_STAGE_NONE. ERR_UNKNOWN. */
int obs_stage_parse(const char *text, size_t length, enum obs_stage *ret_stage);

/* The status of a value whose row names its stage and no status: 'P' until it is verified, then
 * 'A'. */
char obs_stage_status(enum obs_stage stage);

/* One observation in a view: the value of a period as known at some moment. */
struct obs_point {
    struct cal_period period;
    double value; /* NaN where has_value is false */
    bool has_value;
    char status;       /* CL_OBS_STATUS letter, 'A' normal */
    bool is_simulated; /* its publisher is marked `simulated` in the catalogue */
    bool is_derived;   /* nobody reported it: it was made of other series (core/rollup.h) */
    uint16_t revision; /* 0 the first known value, 1 the first revision, ... */
    struct cal_date released;
    int64_t position; /* place in the ledger: which row this is */
};

/* A series as of some moment: at most one point a period, in order of cal_period_compare. */
struct series_view {
    const struct obs_point *points;
    size_t count;
};

/* The last point that has a value and ends no later than `period` and no earlier than `period`'s
 * year begins, or NULL. */
const struct obs_point *series_latest_in_year(const struct series_view *view,
                                              struct cal_period period);

/* The point of exactly this period, or NULL. */
const struct obs_point *series_at(const struct series_view *view, struct cal_period period);

#endif
