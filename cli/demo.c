/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/demo_model.h"

enum {
    DEMO_YEARS = 3,
    REVISED_OF_1000 = 40,
    REVISED_DAY = 18, /* of a later month */
    YEAR_INDEX_MAX = 12
};

static const char revised_note[] = "核实修订";

void
demo_rows_done(struct demo_rows *rows)
{
    free(rows->rows);
    *rows = (struct demo_rows){ 0 };
}

int
demo_rows_add(struct demo_rows *rows, const struct demo_row *row, struct err_note *note)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 256;
        struct demo_row *grown = realloc(rows->rows, room * sizeof *grown);
        if (!grown)
            return err_set(note, -ENOMEM, "out of memory");
        rows->rows = grown;
        rows->room = room;
    }
    rows->rows[rows->count++] = *row;
    return 0;
}

const struct cat_publisher *
demo_sender(const struct catalogue *catalogue, const struct cat_area *area)
{
    for (size_t i = 0; i < catalogue->publisher_count; i++) {
        const struct cat_publisher *publisher = &catalogue->publishers[i];
        if (!publisher->is_simulated && publisher_may_write(publisher, area))
            return publisher;
    }
    return NULL;
}

/* What is being made. */
struct making {
    const struct catalogue *catalogue;
    const struct demo_rows *figures;
    const struct cat_publisher *simulated;
    int year;
    struct demo_rows rows;
    struct err_note *note;
};

static const struct demo_row *
figure_at(const struct making *making, const struct demo_model *model, struct cal_period period)
{
    for (size_t i = 0; making->figures && i < making->figures->count; i++) {
        const struct demo_row *figure = &making->figures->rows[i];
        if (figure->area == model->area && figure->indicator == model->indicator &&
            cal_period_equal(figure->period, period))
            return figure;
    }
    return NULL;
}

/* A decimal text as a whole number of the model's last decimal. */
static int64_t
figure_value(const struct demo_model *model, const struct demo_row *figure)
{
    struct num_decimal number = { .value = 0 };
    (void)num_decimal_parse(figure->value, strlen(figure->value), &number, NULL); /* read before */
    return llround(number.value * (double)model->one);
}

/* A published figure pulls its year's made-up neighbours along, so that a level does not jump there
 * and back: the difference at the figures, straight between them, the same before the first and
 * after the last. */
static int64_t
pull(const struct making *making, const struct demo_model *model, int year, int month)
{
    int before = 0;
    int after = 0;
    int64_t at_before = 0;
    int64_t at_after = 0;
    enum cal_freq freq = model->indicator->calendar->freq;
    for (int index = 1; index <= YEAR_INDEX_MAX; index++) {
        struct cal_period period = cal_period_of(freq, year, index);
        const struct demo_row *figure =
            cal_period_is_valid(period) ? figure_at(making, model, period) : NULL;
        if (!figure || (after > 0 && after >= month))
            continue;
        int end = cal_period_end_month(period);
        int64_t difference = figure_value(model, figure) - demo_model_value(model, year, end);
        int *which = end <= month ? &before : &after;
        *which = end;
        *(end <= month ? &at_before : &at_after) = difference;
    }
    if (before == 0 || after == 0)
        return before > 0 ? at_before : at_after;
    return at_before + demo_scale(at_after - at_before, month - before, after - before);
}

/* The sum of what the city's parts report, in the city's last decimal. */
static bool
sum_of_parts(const struct making *making, const struct demo_model *city, int year, int month,
             int64_t *ret_value)
{
    static const int64_t fine = 1000000;
    const struct catalogue *catalogue = making->catalogue;
    bool has_parts = false;
    int64_t sum = 0;
    for (size_t i = 0; i < catalogue->area_count; i++) {
        const struct cat_area *area = &catalogue->areas[i];
        const struct cat_target *target =
            area->parent == city->area && area->kind != AREA_JOINT
                ? catalogue_target_for(catalogue, area, city->indicator, making->year,
                                       cal_date_of(making->year, 12, 31))
                : NULL;
        if (!target || isnan(target_value(target)))
            continue;
        struct demo_model part;
        demo_model_init(&part, area, city->indicator, target, making->year);
        sum += demo_model_value(&part, year, month) * (fine / part.one);
        has_parts = true;
    }
    *ret_value = demo_scale(sum, city->one, fine);
    return has_parts;
}

static int64_t
value_at(const struct making *making, const struct demo_model *model, int year, int month)
{
    int64_t value;
    if (model->area->kind == AREA_CITY && strcmp(model->indicator->decomposition, "SUM") == 0 &&
        sum_of_parts(making, model, year, month, &value))
        return value;
    value = demo_model_value(model, year, month);
    if (demo_model_is_level(model))
        value = demo_model_clamp(model, value + pull(making, model, year, month));
    return value;
}

/* -1234 with one decimal is -123.4. */
static void
print_value(const struct demo_model *model, int64_t value, char text[NUM_TEXT_MAX])
{
    int64_t size = value < 0 ? -value : value;
    const char *sign = value < 0 ? "-" : "";
    if (model->decimals == 0)
        (void)snprintf(text, NUM_TEXT_MAX, "%s%lld", sign, (long long)size); /* 20 bytes at most */
    else
        (void)snprintf(text, NUM_TEXT_MAX, "%s%lld.%0*lld", sign, (long long)(size / model->one),
                       model->decimals, (long long)(size % model->one));
}

/* Day REVISED_DAY of one of the three months after a release. */
static struct cal_date
revision_day(const struct demo_model *model, struct cal_date released, int year, int month)
{
    int at_year = 0;
    int at_month = 0;
    cal_civil(released, &at_year, &at_month, NULL);
    struct cal_period later = cal_period_add(cal_month(at_year, at_month),
                                             (int)demo_roll(model, "later", year, month, 1, 3));
    return cal_date_of(later.year, later.index, REVISED_DAY);
}

/* A revision of what accumulates stays between the months around it. */
static int64_t
revised_value(const struct making *making, const struct demo_model *model, int64_t value, int year,
              int month)
{
    int64_t revised = demo_model_revised(model, value, year, month);
    if (demo_model_is_level(model) || model->indicator->kind == 'N')
        return revised;
    int64_t least = month > 1 ? value_at(making, model, year, month - 1) : 0;
    int64_t most = month < 12 ? value_at(making, model, year, month + 1) : revised;
    return revised < least ? least : revised > most ? most : revised;
}

static int
make_period(struct making *making, const struct demo_model *model, struct cal_period period)
{
    int month = cal_period_end_month(period);
    int64_t value = value_at(making, model, period.year, month);
    const struct cat_indicator *indicator = model->indicator;
    struct demo_row row = { .sender = demo_sender(making->catalogue, model->area),
                            .publisher = making->simulated,
                            .area = model->area,
                            .indicator = indicator,
                            .unit = indicator->unit,
                            .cumulation = indicator->cumulation,
                            .period = period,
                            .status = 'A',
                            .released = calendar_due_date(indicator->calendar, period) };
    print_value(model, value, row.value);
    int code = demo_rows_add(&making->rows, &row, making->note);
    int64_t revised = revised_value(making, model, value, period.year, month);
    bool is_revised = revised != value &&
                      demo_roll(model, "revised", period.year, month, 0, 999) < REVISED_OF_1000;
    if (code < 0 || !is_revised)
        return code;
    row.released = revision_day(model, row.released, period.year, month);
    print_value(model, revised, row.value);
    memcpy(row.note, revised_note, sizeof revised_note);
    return demo_rows_add(&making->rows, &row, making->note);
}

static int
make_series(struct making *making, const struct cat_area *area,
            const struct cat_indicator *indicator, const struct cat_target *target)
{
    struct demo_model model;
    demo_model_init(&model, area, indicator, target, making->year);
    int code = 0;
    for (int year = making->year - DEMO_YEARS + 1; year <= making->year; year++) {
        for (int index = 1; code == 0 && index <= YEAR_INDEX_MAX; index++) {
            struct cal_period period = cal_period_of(indicator->calendar->freq, year, index);
            if (calendar_is_due(indicator->calendar, period) && !figure_at(making, &model, period))
                code = make_period(making, &model, period);
        }
    }
    return code;
}

/* Does a target of the area need this indicator beside its own: as what it is measured against, or
 * as the cases of its rate? */
static bool
is_companion(const struct making *making, const struct cat_area *area,
             const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < making->catalogue->target_count; i++) {
        const struct cat_target *target = &making->catalogue->targets[i];
        if (target->area == area && target->year == making->year &&
            (target->reference == indicator || target->indicator->cases == indicator))
            return true;
    }
    return false;
}

static int
make_area(struct making *making, const struct cat_area *area)
{
    const struct catalogue *catalogue = making->catalogue;
    const struct cat_publisher *sender = demo_sender(catalogue, area);
    if (!sender || !publisher_may_write(making->simulated, area) ||
        !publisher_may_come_via(making->simulated, sender))
        return 0;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->indicator_count; i++) {
        const struct cat_indicator *indicator = &catalogue->indicators[i];
        const struct cat_target *target = catalogue_target_for(
            catalogue, area, indicator, making->year, cal_date_of(making->year, 12, 31));
        bool is_shown =
            target ? target->status != TARGET_NOT_APPLICABLE && target->method != METHOD_MAN
                   : is_companion(making, area, indicator);
        if (is_shown)
            code = make_series(making, area, indicator, target);
    }
    return code;
}

/* ---- order ---- */

static int64_t
month_of(struct cal_date date)
{
    int year = 0;
    int month = 0;
    cal_civil(date, &year, &month, NULL);
    return year * 12 + month;
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* Addresses inside one array of the catalogue stand for its order. */
static int
compare_rows(const void *one, const void *other)
{
    const struct demo_row *a = one;
    const struct demo_row *b = other;
    int order = compare_numbers(a->sender - b->sender, 0);
    order = order ? order : compare_numbers(month_of(a->released), month_of(b->released));
    order = order ? order : compare_numbers(a->area - b->area, 0);
    order = order ? order : compare_numbers(a->indicator - b->indicator, 0);
    order = order ? order : cal_period_compare(a->period, b->period);
    order = order ? order : compare_numbers(a->released.days, b->released.days);
    return order ? order : strcmp(a->value, b->value);
}

int
demo_generate(const struct catalogue *catalogue, const struct demo_rows *figures,
              struct demo_rows *ret_rows, struct err_note *note)
{
    struct making making = { .catalogue = catalogue, .figures = figures, .note = note };
    for (size_t i = 0; i < catalogue->publisher_count; i++)
        if (catalogue->publishers[i].is_simulated)
            making.simulated = &catalogue->publishers[i];
    making.year = catalogue_target_year(catalogue);
    if (!making.simulated)
        return err_set(note, ERR_ABSENT, "publishers.csv has no publisher of kind 'simulated'");
    if (making.year == 0)
        return err_set(note, ERR_ABSENT, "targets.csv has no target");
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->area_count; i++)
        code = make_area(&making, &catalogue->areas[i]);
    for (size_t i = 0; code == 0 && figures && i < figures->count; i++)
        code = demo_rows_add(&making.rows, &figures->rows[i], note);
    if (code < 0) {
        demo_rows_done(&making.rows);
        return code;
    }
    if (making.rows.count > 0)
        qsort(making.rows.rows, making.rows.count, sizeof making.rows.rows[0], compare_rows);
    *ret_rows = making.rows;
    return 0;
}
