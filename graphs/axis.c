/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/axis.h"

#include <stdio.h>
#include <string.h>

#include "graphs/measure.h"

enum { MONTHS_LABELLED_MAX = 14, QUARTERS_LABELLED_MAX = 20, DAYS_LABELLED_MAX = 62 };

/* A label takes at most this share of its cell. */
static const double FILL = 0.92;

static const char *const MONTHS_EN[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const QUARTERS_ZH[] = { "一季度", "二季度", "三季度", "四季度" };

/* Months of the calendar since year 0. */
static int
month_number(struct cal_date date)
{
    int year, month;
    cal_civil(date, &year, &month, NULL);
    return year * 12 + month - 1;
}

static struct cal_date
month_first(int number)
{
    return cal_date_of(number / 12, number % 12 + 1, 1);
}

static void
label_print(enum axis_unit unit, struct cal_date first, enum lang lang, char *label)
{
    int year, month, day;
    cal_civil(first, &year, &month, &day);
    switch (unit) {
    case AXIS_DAYS:
        (void)snprintf(label, AXIS_LABEL_MAX, "%d-%d", month, day); /* fits */
        break;
    case AXIS_MONTHS:
        if (lang == LANG_ZH)
            (void)snprintf(label, AXIS_LABEL_MAX, "%d月", month);
        else
            (void)snprintf(label, AXIS_LABEL_MAX, "%s", MONTHS_EN[month - 1]);
        break;
    case AXIS_QUARTERS:
        if (lang == LANG_ZH)
            (void)snprintf(label, AXIS_LABEL_MAX, "%s", QUARTERS_ZH[(month - 1) / 3]);
        else
            (void)snprintf(label, AXIS_LABEL_MAX, "Q%d", (month - 1) / 3 + 1);
        break;
    case AXIS_YEARS:
        (void)snprintf(label, AXIS_LABEL_MAX, "%d", year);
        break;
    }
}

/* Adds the stretch from `first` up to `after`, clipped to the axis. */
static void
cell_add(struct axis_cell *cells, size_t *count, size_t max, struct cal_date axis_from, int days,
         struct cal_date first, struct cal_date after)
{
    int from = first.days - axis_from.days;
    int to = after.days - axis_from.days;
    if (*count == max || to <= 0 || from >= days)
        return;
    struct axis_cell *cell = &cells[(*count)++];
    cell->from = from < 0 ? 0 : from;
    cell->to = to > days ? days : to;
    cell->label[0] = '\0';
}

static void
cells_of_months(struct axis *axis, struct cal_date from, int months)
{
    int first = month_number(from);
    int last = month_number((struct cal_date){ from.days + axis->days - 1 });
    for (int m = first - first % months; m <= last; m += months)
        cell_add(axis->cells, &axis->cell_count, AXIS_CELLS_MAX, from, axis->days, month_first(m),
                 month_first(m + months));
}

static void
cells_of_days(struct axis *axis, struct cal_date from)
{
    for (int d = 0; d < axis->days; d += axis->step)
        cell_add(axis->cells, &axis->cell_count, AXIS_CELLS_MAX, from, axis->days,
                 (struct cal_date){ from.days + d },
                 (struct cal_date){ from.days + d + axis->step });
}

/* Writes the labels; false when a whole cell cannot hold its own. Cells cut by an end of the axis
 * may stay blank. */
static bool
labels_fit(struct axis *axis, struct axis_cell *cells, size_t count, enum axis_unit unit,
           struct cal_date from, enum lang lang, double day_width, double px)
{
    for (size_t i = 0; i < count; i++) {
        struct axis_cell *cell = &cells[i];
        label_print(unit, (struct cal_date){ from.days + cell->from }, lang, cell->label);
        double needed = measure_text(cell->label, strlen(cell->label), px);
        if (needed <= (cell->to - cell->from) * day_width * FILL)
            continue;
        bool is_cut = cell->from == 0 || cell->to == axis->days;
        if (!is_cut || count == 1)
            return false;
        cell->label[0] = '\0';
    }
    return true;
}

static bool
axis_try(struct axis *axis, enum axis_unit unit, int step, struct cal_date from, enum lang lang,
         double day_width, double px)
{
    static const int months[] = { [AXIS_MONTHS] = 1, [AXIS_QUARTERS] = 3, [AXIS_YEARS] = 12 };
    axis->unit = unit;
    axis->step = step;
    axis->cell_count = 0;
    if (unit == AXIS_DAYS)
        cells_of_days(axis, from);
    else
        cells_of_months(axis, from, months[unit] * step);
    return labels_fit(axis, axis->cells, axis->cell_count, unit, from, lang, day_width, px);
}

static void
axis_years(struct axis *axis, struct cal_date from, enum lang lang, double day_width, double px)
{
    int first, last;
    cal_civil(from, &first, NULL, NULL);
    cal_civil((struct cal_date){ from.days + axis->days - 1 }, &last, NULL, NULL);
    for (int year = first; year <= last; year++)
        cell_add(axis->years, &axis->year_count, AXIS_YEARS_MAX, from, axis->days,
                 month_first(year * 12), month_first(year * 12 + 12));
    for (size_t i = 0; i < axis->year_count; i++) {
        struct axis_cell *cell = &axis->years[i];
        (void)snprintf(cell->label, sizeof cell->label, lang == LANG_ZH ? "%d年" : "%d",
                       first + (int)i); /* fits */
        if (measure_text(cell->label, strlen(cell->label), px) >
            (cell->to - cell->from) * day_width)
            cell->label[0] = '\0';
    }
}

void
axis_make(struct cal_date from, struct cal_date to, enum lang lang, double width, double px,
          struct axis *ret_axis)
{
    static const int day_steps[] = { 1, 2, 5, 7, 10, 14, 31 };
    static const int year_steps[] = { 1, 2, 5, 10 };
    struct axis *axis = ret_axis;
    *axis = (struct axis){ .days = to.days - from.days + 1 };
    const double day_width = width / axis->days;
    const int months = month_number(to) - month_number(from) + 1;
    bool is_done = false;
    if (axis->days <= DAYS_LABELLED_MAX)
        for (size_t i = 0; i < sizeof day_steps / sizeof *day_steps && !is_done; i++)
            is_done = axis_try(axis, AXIS_DAYS, day_steps[i], from, lang, day_width, px);
    if (!is_done && months <= MONTHS_LABELLED_MAX)
        is_done = axis_try(axis, AXIS_MONTHS, 1, from, lang, day_width, px);
    if (!is_done && (months + 2) / 3 <= QUARTERS_LABELLED_MAX)
        is_done = axis_try(axis, AXIS_QUARTERS, 1, from, lang, day_width, px);
    for (size_t i = 0; i < sizeof year_steps / sizeof *year_steps && !is_done; i++)
        is_done = axis_try(axis, AXIS_YEARS, year_steps[i], from, lang, day_width, px);
    if (axis->unit != AXIS_YEARS)
        axis_years(axis, from, lang, day_width, px);
}
