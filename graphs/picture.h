/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a picture shows: the request of one picture, as the collector words it (JSON) and the worker
 * reads it. docs/pictures.md shows each chart with its request.
 *
 * The data lines of a trend come from the archive (an RRD); every number and word that is printed
 * comes from this request, that is from the ledger, never from RRD's arithmetic.
 *
 * Worked example (all fields every chart has; those marked * may be missing):
 *
 *   { "format": "svg",                    "svg" | "png"
 *     "lang": "zh-CN",                    "zh-CN" | "en"
 *     "chart": "trend",                   * "trend" (default) | "overlay" | "multiples" | "ranking"
 *                                           | "revisions" | "spark"
 *     "size": "page",                     * "page" (default) | "phone" | "print" | "screen" |
 *                                           "spark", which the chart "spark" is always
 *     "theme": "light",                   * "light" (default) | "dark"; print is black on white
 *     "archive": "00/00000012.rrd",       relative to the archive folder: hexadecimal; * but for
 *                                           trend and spark
 *     "from": "2021-01-01", "to": "2023-12-31",      civil days, both included; at most 21 years
 *     "title": "高耗低效整治腾出用地面积", "area": "安吉", "unit": "亩", "decimals": 0,
 *     "cumulation": "YTD",                "MONTH" | "YTD" | "STOCK"
 *     "kind": "V",                        the indicator's kind, a letter of data/README.md
 *     "simulated": true,                  stamp 演示数据 / simulated on the picture
 *     "as_of": "2023-07-20",              * shown when given
 *     "facts": [                          * the line of figures under the plot, in this order
 *       { "label": "最新值", "text": "980亩（2023年1—6月）" },
 *       { "label": "差距", "text": "−20亩", "level": "warn" } ],
 *     "points": [                         in order; one a period that has a value
 *       { "from": "2023-01-01", "to": "2023-07-01",    the day after the period; for YTD "from" is
 *                                                      the month's first day
 *         "label": "2023-06", "value": "980", "level": "warn", "status": "A", "simulated": true,
 *         "revised": true } ],            * it was another value once
 *     "gaps": [                           * in order; periods without a value
 *       { "from": "2023-07-01", "to": "2023-08-01", "label": "2023-07", "state": "missing" } ],
 *                                         "missing": it was due | "not-due": it is not yet
 *     "targets": [ { "year": 2023, "value": "2000", "plan": "30" } ],    "plan" *: where its plan
 *                                         begins when it is a line of its own (milestones, a path)
 *     "projection": { "at": "2024-01-01", "value": "1851", "low": "1790", "high": "1905" },
 *                                         * the year's end as expected; low and high * together
 *     "zones": [ { "low": "80", "high": "87", "level": "remind" } ],     * of a level against its
 *                                         target; low or high may be missing: without end
 *     "milestones": [ { "at": "2023-07-01", "value": "65", "text": "65%" } ] }       * of the plan
 *
 * An overlay takes the points of several years; the last is "this year". Multiples and ranking show
 * "areas", in this order; points and targets of the request stay empty:
 *
 *     "areas": [ { "name": "安吉", "self": true, "level": "warn",      self *: stands out
 *                  "value": "980", "target": "2000",                   * each
 *                  "points": [ ... ] } ]                               * for multiples
 *
 * Revisions show one period's versions, oldest first:
 *
 *     "versions": [ { "label": "2023-07-12", "value": "960", "status": "P" },
 *                   { "label": "2023-08-20", "value": "980", "status": "A", "change": "+20" } ]
 */
#ifndef PACEWATCH_GRAPHS_PICTURE_H
#define PACEWATCH_GRAPHS_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"
#include "core/num.h"
#include "core/text.h"
#include "core/verdict.h"

enum picture_format { PICTURE_SVG, PICTURE_PNG };
enum picture_chart {
    CHART_TREND,
    CHART_OVERLAY,
    CHART_MULTIPLES,
    CHART_RANKING,
    CHART_REVISIONS,
    CHART_SPARK,
    CHART_COUNT
};
enum picture_size {
    PICTURE_PAGE,
    PICTURE_PHONE,
    PICTURE_PRINT,
    PICTURE_SCREEN,
    PICTURE_SPARK,
    PICTURE_SIZE_COUNT
};
enum picture_theme { PICTURE_LIGHT, PICTURE_DARK };

enum {
    PICTURE_FACTS_MAX = 8,
    PICTURE_POINTS_MAX = 8000,
    PICTURE_TARGETS_MAX = 32,
    PICTURE_ZONES_MAX = 8,
    PICTURE_MILESTONES_MAX = 300,
    PICTURE_AREAS_MAX = 48,
    PICTURE_VERSIONS_MAX = 60,
    PICTURE_REQUEST_MAX = 1 << 20, /* bytes of JSON */
    PICTURE_BYTES_MAX = 8 << 20    /* bytes of a finished picture */
};

struct picture_fact {
    char label[64];
    char text[192];
    enum level level; /* LEVEL_COUNT: no colour */
};

struct picture_point {
    struct cal_date from;
    struct cal_date to;
    char label[CAL_TEXT_MAX];
    char value[NUM_TEXT_MAX];
    double number;
    enum level level;
    char status;
    bool is_simulated;
    bool is_revised;
};

enum picture_gap_state { GAP_MISSING, GAP_NOT_DUE };

struct picture_gap {
    struct cal_date from;
    struct cal_date to;
    char label[CAL_TEXT_MAX];
    enum picture_gap_state state;
};

struct picture_target {
    int year;
    double value;
    double plan; /* where the plan, a line of its own, begins the year; NaN: there is none */
};

struct picture_zone {
    double low, high; /* NaN: without end */
    enum level level;
};

struct picture_projection {
    struct cal_date at;
    double value, low, high; /* NaN: there is none */
    char value_text[NUM_TEXT_MAX], low_text[NUM_TEXT_MAX], high_text[NUM_TEXT_MAX];
};

struct picture_milestone {
    struct cal_date at;
    double value;
    char text[48];
};

struct picture_area {
    char name[96];
    bool is_self;
    enum level level;
    double number, target; /* NaN: none */
    char value[NUM_TEXT_MAX], target_text[NUM_TEXT_MAX];
    struct picture_point *points; /* owned */
    size_t point_count;
};

struct picture_version {
    char label[48];
    char value[NUM_TEXT_MAX];
    double number;
    char change[48]; /* against the version before */
    char status;
};

struct picture {
    enum picture_format format;
    enum picture_chart chart;
    enum picture_size size;
    enum picture_theme theme;
    enum lang lang;
    char archive[64]; /* "": none */
    struct cal_date from;
    struct cal_date to;
    char title[256];
    char area[96];
    char unit[48];
    int decimals;
    enum cumulation cumulation;
    char kind;
    bool is_simulated;
    char as_of[CAL_TEXT_MAX]; /* "" when not given */
    /* lists, owned */
    struct picture_fact *facts;
    size_t fact_count;
    struct picture_point *points;
    size_t point_count;
    struct picture_gap *gaps;
    size_t gap_count;
    struct picture_target *targets;
    size_t target_count;
    struct picture_zone *zones;
    size_t zone_count;
    struct picture_milestone *milestones;
    size_t milestone_count;
    struct picture_area *areas;
    size_t area_count;
    struct picture_version *versions;
    size_t version_count;
    struct picture_projection projection;
    bool has_projection;
};

/* Does the chart draw from the archive? */
bool picture_needs_archive(const struct picture *picture);

/* Reads a request. Every text is checked (UTF-8, no control characters, cut to size), every number
 * bounded; an unknown key is an error. Returns 0, or ERR_SYNTAX / ERR_RANGE / -ENOMEM with a note
 * naming the field. */
int picture_parse(const char *json, size_t length, struct picture *ret_picture,
                  struct err_note *note);

void picture_done(struct picture *picture);

#endif
