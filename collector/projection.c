/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/projection.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double unknown = (double)NAN;

static double
level_number(enum level level)
{
    int severity = level_severity(level);
    return severity < 0 ? unknown : severity;
}

/* First and last year to draw; false when there is neither value nor target. */
static bool
years_of(const struct catalogue *catalogue, const struct view_series *view, int *ret_first,
         int *ret_last)
{
    int first = 0, last = 0;
    for (size_t i = 0; i < view->series.count; i++) {
        int year = view->series.points[i].period.year;
        first = first == 0 || year < first ? year : first;
        last = year > last ? year : last;
    }
    for (const struct cat_target *target =
             catalogue_targets_of(catalogue, view->area, view->indicator);
         target; target = target->next) {
        first = first == 0 || target->year < first ? target->year : first;
        last = target->year > last ? target->year : last;
    }
    *ret_first = first;
    *ret_last = last;
    return first != 0;
}

static struct archive_period
period_of(const struct catalogue *catalogue, const struct view_series *view,
          struct cal_period period)
{
    struct cal_date day = { cal_period_after(period).days - 1 };
    struct verdict_evidence evidence = view_evidence(view, day);
    struct archive_period out = { .first = cal_period_first(period),
                                  .after = cal_period_after(period),
                                  .value = unknown,
                                  .pace = unknown,
                                  .target = unknown,
                                  .level = unknown };
    const struct obs_point *point = series_at(&view->series, period);
    const struct cat_target *target =
        catalogue_target_for(catalogue, view->area, view->indicator, period.year, day);
    if (point && point->is_derived)
        point = NULL; /* an archive shows what was reported */
    if (point && point->has_value)
        out.value = point->value;
    if (target) {
        out.pace = verdict_plan_value(target, &evidence, period);
        out.target = target_value(target);
    }
    if (target && point && point->has_value) {
        struct cal_period month = cal_month(period.year, cal_period_end_month(period));
        out.level = level_number(verdict_judge(target, &evidence, month).level);
    }
    return out;
}

int
projection_make(const struct catalogue *catalogue, const struct view_series *view,
                struct archive_period **ret_periods, size_t *ret_count, struct err_note *note)
{
    int first = 0, last = 0;
    *ret_periods = NULL;
    *ret_count = 0;
    if (!years_of(catalogue, view, &first, &last))
        return 0;
    size_t capacity = (size_t)(last - first + 1) * 366;
    struct archive_period *periods = calloc(capacity, sizeof *periods);
    if (!periods)
        return err_set(note, -ENOMEM, "out of memory");
    size_t count = 0;
    struct cal_period period = cal_period_of(view->indicator->calendar->freq, first, 1);
    for (; period.year <= last && count < capacity; period = cal_period_add(period, 1))
        periods[count++] = period_of(catalogue, view, period);
    *ret_periods = periods;
    *ret_count = count;
    return 0;
}

int
projection_draw(struct ledger *ledger, const struct catalogue *catalogue,
                const struct ledger_series *series, char **ret_bytes, size_t *ret_size,
                struct err_note *note)
{
    const struct cat_area *area = catalogue_area(catalogue, series->area);
    const struct cat_indicator *indicator = catalogue_indicator(catalogue, series->indicator);
    struct view_series view;
    struct archive_period *periods = NULL;
    size_t count = 0;
    if (!area || !indicator)
        return 0; /* the ledger keeps it */
    int code = view_series_read(ledger, catalogue, area, indicator, NULL, &view, note);
    if (code != 0)
        return code;
    code = projection_make(catalogue, &view, &periods, &count, note);
    if (code == 0 && count > 0)
        code = archive_image(periods, count, false, ret_bytes, ret_size, note);
    free(periods);
    view_series_done(&view);
    return code;
}
