/* SPDX-License-Identifier: GPL-3.0-or-later
 * What pages, API and command line show, computed from the ledger and the catalogue: series as of a
 * moment, verdicts of targets, and the request of a picture. Nothing here writes. */
#ifndef PACEWATCH_COLLECTOR_VIEW_H
#define PACEWATCH_COLLECTOR_VIEW_H

#include "collector/ledger.h"
#include "core/verdict.h"

/* A row as the core sees it. */
struct obs_point view_point(const struct catalogue *catalogue, const struct ledger_row *row);

/* Series a verdict may need beside the target's own. The reference of a relative target is that of
 * its own area, or that of the area above where its own has none. */
enum view_companion {
    COMPANION_REFERENCE,
    COMPANION_REFERENCE_ABOVE,
    COMPANION_CASES,  /* how many cases a cohort rate is about */
    COMPANION_VOLUME, /* what a growth rate is the growth of */
    COMPANION_COUNT
};

/* Which series that is for the targets of (area, indicator); false: they have none. */
bool view_companion_of(const struct catalogue *catalogue, const struct cat_area *area,
                       const struct cat_indicator *indicator, enum view_companion which,
                       const struct cat_area **ret_area,
                       const struct cat_indicator **ret_indicator);

/* All that the verdicts of one series rest on, out of its own points and those of its companions,
 * as reported; `day`: whose rules count. */
struct verdict_evidence view_evidence_of(const struct series_view *own,
                                         const struct series_view companions[COMPANION_COUNT],
                                         struct cal_date day);

/* Points that somebody owns. */
struct view_points {
    struct obs_point *points;
};

/* One series as of a moment: all its rows, and the points in force. */
struct view_series {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    int64_t id;               /* 0: nothing was ever reported */
    struct ledger_rows rows;  /* every vintage known */
    struct obs_point *points; /* in force, for `series` */
    struct series_view series;
    bool has_simulated;
    struct obs_point *companion_points[COMPANION_COUNT]; /* NULL: nothing was reported */
    struct series_view companions[COMPANION_COUNT];
    struct obs_point *made;     /* points with those nobody reported (core/rollup.h); NULL: none */
    struct verdict_part *parts; /* what those were made of */
    struct view_points *part_points; /* for `parts` */
    size_t part_count;
};

/* What the verdicts of this series' targets rest on, with values nobody reported where the
 * catalogue says how to make them; `day`: whose rules count. */
struct verdict_evidence view_evidence(const struct view_series *view, struct cal_date day);

int view_series_read(struct ledger *ledger, const struct catalogue *catalogue,
                     const struct cat_area *area, const struct cat_indicator *indicator,
                     const struct ledger_as_of *as_of, struct view_series *ret_view,
                     struct err_note *note);
void view_series_done(struct view_series *view);

/* The value in force at a period as it was sent; as computed when nobody reported it and it was
 * made of others; "" when there is none. Returns `text`. */
char *view_value_text(const struct view_series *view, struct cal_period period,
                      char text[NUM_TEXT_MAX]);

/* The month a page speaks of when none is asked for: the last month of `year` for which any
 * target's series has data as of `as_of`; January if none. */
struct cal_period view_latest_month(struct ledger *ledger, const struct catalogue *catalogue,
                                    int year, const struct ledger_as_of *as_of);

/* Tells the evidence what is due soon: within five working days of the day it is. */
void view_due_soon(const struct catalogue *catalogue, const struct ledger_as_of *as_of,
                   struct verdict_evidence *evidence);

/* The day whose versions of the targets count for a verdict: the month's last, or that of the
 * knowledge if earlier. */
struct cal_date view_rules_day(struct cal_period month, const struct ledger_as_of *as_of);

typedef int view_verdict_visitor(void *context, const struct verdict *verdict,
                                 const struct verdict_evidence *evidence);

/* Judges every target of `month`'s year as of `as_of`, in catalogue order. A non-zero answer of
 * `visit` stops and is returned. */
int view_each_verdict(struct ledger *ledger, const struct catalogue *catalogue,
                      struct cal_period month, const struct ledger_as_of *as_of,
                      view_verdict_visitor *visit, void *context, struct err_note *note);

/* The JSON request of a picture (graphs/picture.h); the caller frees *ret_json. `format`, `chart`,
 * `size` and `theme` are its words; from/to: civil days, both included. */
struct view_picture {
    const char *format;
    const char *chart;
    const char *size;
    const char *theme;
    enum lang lang;
    struct cal_date from;
    struct cal_date to;
    struct cal_period month; /* the verdict shown is for this month, */
    bool until_month;        /* and nothing after it is shown of any area; */
    bool is_cut;             /* of this one there was something after it */
    struct ledger_as_of as_of;
    const char *archive; /* below the archive folder; NULL: the series' own */
};

/* Is it drawn from the series' archive? The others show numbers of the request only. */
bool view_picture_needs_archive(const struct view_picture *what);

/* Leaves out what comes after the month, so that picture and verdict speak of the same. Was there
 * anything? */
bool view_cut_after(struct view_series *view, struct cal_period month);

/* Multiples and ranking read the series of other areas too. */
int view_picture_request(struct ledger *ledger, const struct catalogue *catalogue,
                         const struct view_series *view, const struct view_picture *what,
                         char **ret_json, size_t *ret_size, struct err_note *note);

#endif
