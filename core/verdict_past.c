/* SPDX-License-Identifier: GPL-3.0-or-later
 * The values of a case by year and month, as the methods ask for them. */
#include "core/verdict_private.h"

#include <limits.h>
#include <string.h>

#include "core/pure.h"

int
verdict_first_due(const struct cat_calendar *calendar)
{
    int month = 1;
    while (month <= 12 && !(calendar->months >> month & 1))
        month++;
    return month;
}

static struct marks
marks_of(const struct obs_point *point)
{
    return (struct marks){ obs_status_is_provisional(point->status), point->is_simulated,
                           point->is_derived };
}

/* The latest value of each month; none of before the first due month of the year judged. */
static void
gather_latest(struct trial *trial)
{
    const struct series_view *view = trial->evidence->series;
    int first = verdict_first_due(trial->target->indicator->calendar);
    for (size_t i = view->count; i > 0; i--) {
        const struct obs_point *point = &view->points[i - 1];
        int k = trial->asked.year - point->period.year;
        if (k > PAST_YEARS)
            break;
        if (k < 0 || !point->has_value)
            continue;
        int month = cal_period_end_month(point->period);
        bool is_out = k == 0 && (month > trial->asked.index || month < first);
        if (is_out || !isnan(trial->past[k][month]))
            continue;
        trial->past[k][month] = point->value;
        trial->marks[k][month] = marks_of(point);
        trial->now[month] = k == 0 ? point : trial->now[month];
        if (k == 0 && month > trial->last_month)
            trial->last_month = month;
    }
}

/* The period due after `period`, or itself if `period` may count; freq CAL_NONE when none is. */
static struct cal_period
due_from(const struct cat_calendar *calendar, struct cal_period period)
{
    enum { MOST = 400 }; /* a calendar that knows no month */
    for (int i = 0; i < MOST; i++) {
        if (calendar_is_due(calendar, period))
            return period;
        period = cal_period_add(period, 1);
    }
    return (struct cal_period){ .freq = CAL_NONE };
}

/* What was reported period by period, summed since the year began; NaN from the first due period on
 * that has no value. */
static void
sum_up(struct trial *trial)
{
    const struct series_view *view = trial->evidence->series;
    const struct cat_calendar *calendar = trial->target->indicator->calendar;
    struct cal_period due = { .freq = CAL_NONE };
    struct marks marks = { false, false, false };
    double sum = 0;
    int year = INT_MIN;
    for (size_t i = 0; i < view->count; i++) {
        const struct obs_point *point = &view->points[i];
        int k = trial->asked.year - point->period.year;
        if (k < 0 || k > PAST_YEARS || !point->has_value ||
            !calendar_is_due(calendar, point->period))
            continue;
        if (point->period.year != year)
            due = due_from(calendar, cal_period_of(calendar->freq, point->period.year, 1));
        sum = point->period.year != year ? 0 : sum;
        sum += cal_period_equal(point->period, due) ? point->value : UNKNOWN;
        if (point->period.year != year)
            marks = (struct marks){ false, false, false };
        struct marks own = marks_of(point);
        marks.is_provisional |= own.is_provisional;
        marks.is_simulated |= own.is_simulated;
        marks.is_derived |= own.is_derived;
        year = point->period.year;
        due = due_from(calendar, cal_period_add(point->period, 1));
        int month = cal_period_end_month(point->period);
        if (k == 0 && !trial->now[month])
            continue;
        trial->past[k][month] = sum;
        trial->marks[k][month] = marks;
    }
}

/* Is it a flow reported period by period, judged by how much there is since January? */
static bool
is_summed(const struct cat_target *target)
{
    static const bool counts_up[] = {
        [METHOD_LIN] = true,  [METHOD_MIL] = true, [METHOD_SEA] = true,  [METHOD_SML] = true,
        [METHOD_STEP] = true, [METHOD_BIN] = true, [METHOD_CAGR] = true, [METHOD_NA] = false
    };
    return counts_up[verdict_method_of(target)] && strchr("FVNB", target->indicator->kind) &&
           target->indicator->cumulation == CUMULATION_MONTH;
}

void
verdict_gather(struct trial *trial)
{
    for (int k = 0; k <= PAST_YEARS; k++)
        for (int month = 0; month <= 12; month++)
            trial->past[k][month] = UNKNOWN;
    gather_latest(trial);
    trial->is_summed = is_summed(trial->target);
    if (trial->is_summed)
        sum_up(trial);
}

/* B: as the catalogue tells, else the last value of the year before the path begins. */
double
verdict_base(const struct trial *trial)
{
    const struct cat_target *target = trial->target;
    bool is_by_year = target->period == TARGET_BY_YEAR;
    int begin = is_by_year ? target->from : trial->asked.year;
    int k = trial->asked.year - begin + 1;
    bool is_told = is_by_year || target->period == TARGET_IN_YEAR || begin == target->from;
    if (is_told && !isnan(target->base))
        return target->base;
    for (int month = 12; k <= PAST_YEARS && month >= 1; month--)
        if (!isnan(trial->past[k][month]))
            return trial->past[k][month];
    return UNKNOWN;
}
