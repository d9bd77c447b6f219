/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a trend picture shows: the request of one picture, as the collector words it (JSON) and the
 * worker reads it.
 *
 * The data lines (value, plan, target) come from the archive (an RRD); every number and word that
 * is printed comes from this request, that is from the ledger, never from RRD's arithmetic.
 *
 * Worked example (all fields; those marked * may be missing):
 *
 *   { "format": "svg",                    "svg" | "png"
 *     "lang": "zh-CN",                    "zh-CN" | "en"
 *     "size": "page",                     * "page" (default) | "phone" | "spark"
 *     "archive": "00/00000012.rrd",       relative to the archive folder: hexadecimal
 *     "from": "2021-01-01", "to": "2023-12-31",      civil days, both included; at most 21 years
 *     "title": "高耗低效整治腾出用地面积", "area": "安吉", "unit": "亩", "decimals": 0,
 *     "cumulation": "YTD",                "MONTH" | "YTD" | "STOCK"
 *     "kind": "V",                        the indicator's kind, a letter of data/README.md
 *     "simulated": true,                  stamp 演示数据 / simulated on the picture
 *     "as_of": "2023-07-20",              * shown when given
 *     "facts": [                          * the line of figures under the plot, in this order
 *       { "label": "最新值", "text": "980亩（2023年1—6月）" },
 *       { "label": "差距", "text": "−20亩", "level": "warn" } ],
 *                                         a target's "plan" * is where its plan begins the year
 * when it is a line of its own (milestones, a path) "points": [                         in order;
 * one a period that has a value { "from": "2023-01-01", "to": "2023-07-01",  the day after the
 * period; for YTD "from" is the month's first day "label": "2023-06", "value": "980", "level":
 * "warn", "status": "A", "simulated": true } ], "targets": [ { "year": 2023, "value": "2000",
 * "plan": "30" } ] }
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
enum picture_size { PICTURE_PAGE, PICTURE_PHONE, PICTURE_SPARK };

enum {
    PICTURE_FACTS_MAX = 8,
    PICTURE_POINTS_MAX = 8000,
    PICTURE_TARGETS_MAX = 32,
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
};

struct picture_target {
    int year;
    double value;
    bool has_plan; /* the plan is a line of its own, */
    double plan;   /* which begins the year here */
};

struct picture {
    enum picture_format format;
    enum picture_size size;
    enum lang lang;
    char archive[64];
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
    struct picture_fact facts[PICTURE_FACTS_MAX];
    size_t fact_count;
    struct picture_point *points; /* owned */
    size_t point_count;
    struct picture_target targets[PICTURE_TARGETS_MAX];
    size_t target_count;
};

/* Reads a request. Every text is checked (UTF-8, no control characters, cut to size), every number
 * bounded; an unknown key is an error. Returns 0, or ERR_SYNTAX / ERR_RANGE / -ENOMEM with a note
 * naming the field. */
int picture_parse(const char *json, size_t length, struct picture *ret_picture,
                  struct err_note *note);

void picture_done(struct picture *picture);

#endif
