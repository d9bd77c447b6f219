/* SPDX-License-Identifier: GPL-3.0-or-later
 * The demonstration feed: a file a month for every publisher, made up from the catalogue alone, and
 * the few figures that were really published in their place. The same bytes on every run and
 * machine. Rows that are made up say publisher `demo` (the catalogue's simulated one); rows that
 * are published say nothing, so that the sender itself stands for them.
 *
 *     area,indicator,period,value,status,cumulation,unit,released,note,publisher
 *     wuxing,land-freed,2023-05,655,A,YTD,mu,2023-06-12,,demo
 *     wuxing,land-freed,2023-03,371,A,YTD,mu,2023-06-18,核实修订,demo
 *     huzhou,iva-growth,2023-06,0.7,A,YTD,pct,2023-07-23,累计; press ...,
 *
 * A file is called by the month in which its rows were released. */
#ifndef PACEWATCH_CLI_DEMO_H
#define PACEWATCH_CLI_DEMO_H

#include "core/catalogue.h"
#include "core/sample.h"

struct demo_row {
    const struct cat_publisher *sender;    /* whose file it is in */
    const struct cat_publisher *publisher; /* the simulated one; NULL: the sender says so itself */
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    const struct cat_unit *unit;
    enum cumulation cumulation;
    struct cal_period period;
    char value[NUM_TEXT_MAX];
    char status;
    struct cal_date released;
    char note[SAMPLE_NOTE_MAX + 1];
};

/* Rows owned by whoever made them. Zero-initialise. */
struct demo_rows {
    struct demo_row *rows;
    size_t count, room;
};

void demo_rows_done(struct demo_rows *rows);
int demo_rows_add(struct demo_rows *rows, const struct demo_row *row, struct err_note *note);

/* Reads a table of published figures (data/README.md, figures.csv). `name` is for messages. */
int demo_read_figures(const struct catalogue *catalogue, const char *name, const char *bytes,
                      size_t size, struct demo_rows *ret_figures, struct err_note *note);

/* Makes every row, in the order of the files: by sender, month of release, area, indicator, period.
 * `figures` may be NULL. */
int demo_generate(const struct catalogue *catalogue, const struct demo_rows *figures,
                  struct demo_rows *ret_rows, struct err_note *note);

/* Who reports an area in its own name, or NULL. */
const struct cat_publisher *demo_sender(const struct catalogue *catalogue,
                                        const struct cat_area *area);

/* What one publisher got. */
struct demo_count {
    const struct cat_publisher *sender;
    size_t files, rows, published, revised;
};

/* Writes FOLDER/<publisher>/YYYY-MM.csv; `counts` has one entry per publisher of the catalogue
 * (zeros for those without files). */
int demo_write(const struct catalogue *catalogue, const char *folder, const struct demo_rows *rows,
               struct demo_count *counts, struct err_note *note);

#endif
