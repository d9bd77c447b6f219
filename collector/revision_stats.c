/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/revision_stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The walk over the series; they are listed first, for reading one takes the same connection. */
struct walk {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    const struct revision_filter *filter;
    const struct ledger_as_of *as_of;
    struct cal_date until;
    struct revision_table table;
    struct ledger_series *series;
    size_t count, room;
    struct revision_vintage *vintages; /* of one period */
    size_t vintage_room;
};

static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t more = *room ? *room * 2 : 64;
    void *grown = realloc(array, more * size);
    if (grown)
        *room = more;
    return grown;
}

static int
list_series(void *context, const struct ledger_series *series)
{
    struct walk *w = context;
    const struct revision_filter *filter = w->filter;
    if ((filter->area && strcmp(filter->area->id, series->area) != 0) ||
        (filter->indicator && strcmp(filter->indicator->id, series->indicator) != 0))
        return 0;
    void *grown = grow(w->series, w->count, &w->room, sizeof *w->series);
    if (!grown)
        return -ENOMEM;
    w->series = grown;
    w->series[w->count++] = *series;
    return 0;
}

static struct revision_row *
row_of(struct revision_table *table, const char *publisher, const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].indicator == indicator &&
            strcmp(table->rows[i].publisher, publisher) == 0)
            return &table->rows[i];
    void *grown = grow(table->rows, table->count, &table->room, sizeof *table->rows);
    if (!grown)
        return NULL;
    table->rows = grown;
    struct revision_row *row = &table->rows[table->count++];
    *row = (struct revision_row){ .indicator = indicator };
    (void)snprintf(row->publisher, sizeof row->publisher, "%s", publisher);
    return row;
}

static double
number_of(const struct ledger_row *row)
{
    struct num_decimal number;
    bool has_value =
        row->value[0] && num_decimal_parse(row->value, strlen(row->value), &number, NULL) == 0;
    return has_value ? number.value : (double)NAN;
}

/* The vintages of one period, rows[0..count). */
static int
add_period(struct walk *w, const struct cat_indicator *indicator, const struct ledger_row *rows,
           size_t count)
{
    struct revision_row *row = row_of(&w->table, rows[0].publisher, indicator);
    if (!row)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        void *grown = grow(w->vintages, i, &w->vintage_room, sizeof *w->vintages);
        if (!grown)
            return -ENOMEM;
        w->vintages = grown;
        w->vintages[i] = (struct revision_vintage){ rows[i].released, number_of(&rows[i]) };
    }
    revisions_add(row->sums, w->vintages, count, w->until);
    return 0;
}

static int
add_series(struct walk *w, const struct ledger_series *series, struct err_note *note)
{
    const struct cat_indicator *indicator = catalogue_indicator(w->catalogue, series->indicator);
    if (!indicator)
        return 0;
    struct ledger_rows rows = { 0 };
    int code = ledger_read_series(w->ledger, series->id, w->as_of, &rows, note);
    for (size_t i = 0, next; code == 0 && i < rows.count; i = next) {
        for (next = i + 1; next < rows.count; next++)
            if (!cal_period_equal(rows.rows[next].period, rows.rows[i].period))
                break;
        code = add_period(w, indicator, &rows.rows[i], next - i);
    }
    ledger_rows_done(&rows);
    return code;
}

static int
compare(const void *a, const void *b)
{
    const struct revision_row *x = a, *y = b;
    int order = strcmp(x->publisher, y->publisher);
    return order != 0 ? order : (x->indicator > y->indicator) - (x->indicator < y->indicator);
}

int
revision_stats(struct ledger *ledger, const struct catalogue *catalogue,
               const struct revision_filter *filter, const struct ledger_as_of *as_of,
               struct cal_date until, struct revision_table *ret_table, struct err_note *note)
{
    struct walk w = { .ledger = ledger,
                      .catalogue = catalogue,
                      .filter = filter,
                      .as_of = as_of,
                      .until = as_of && as_of->has_released ? as_of->released : until };
    int code = ledger_each_series(ledger, 0, list_series, &w, note);
    for (size_t i = 0; code == 0 && i < w.count; i++)
        code = add_series(&w, &w.series[i], note);
    free(w.series);
    free(w.vintages);
    if (code != 0) {
        revision_stats_done(&w.table);
        return code == -ENOMEM ? err_set(note, code, "out of memory") : code;
    }
    if (w.table.count > 1)
        qsort(w.table.rows, w.table.count, sizeof *w.table.rows, compare);
    *ret_table = w.table;
    return 0;
}

void
revision_stats_done(struct revision_table *table)
{
    free(table->rows);
    *table = (struct revision_table){ 0 };
}
