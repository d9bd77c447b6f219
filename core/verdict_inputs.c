/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which observations a verdict's level rests on. */
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

struct role_words {
    const char *id;
    const char *word[2];
};

static const struct role_words roles[] = {
#define X(name, id, zh, en) [name] = { (id), { (zh), (en) } },
    INPUT_TABLE(X)
#undef X
};

const char *
input_name(enum input_role role)
{
    return roles[role].id;
}

const char *
input_word(enum input_role role, enum lang lang)
{
    return roles[role].word[lang];
}

/* One enumeration under way. */
struct telling {
    const struct verdict *verdict;
    struct trial trial;
    verdict_input_visitor *visit;
    void *context;
};

static int
tell(const struct telling *t, enum input_role role, const struct cat_indicator *indicator,
     const struct obs_point *point)
{
    return point ? t->visit(t->context, role, t->verdict->target->area, indicator, point) : 0;
}

/* What a value was made of. */
static int
tell_parts(const struct telling *t, struct cal_period period)
{
    const struct verdict_evidence *evidence = t->trial.evidence;
    int code = 0;
    for (size_t i = 0; code == 0 && i < evidence->part_count; i++) {
        const struct verdict_part *part = &evidence->parts[i];
        const struct obs_point *point = series_at(&part->series, period);
        if (point && point->has_value)
            code = t->visit(t->context, INPUT_PART, part->area, part->indicator, point);
    }
    return code;
}

/* The last value of a year's month. */
static const struct obs_point *
point_of(const struct series_view *view, int year, int month)
{
    for (size_t i = view ? view->count : 0; i > 0; i--) {
        const struct obs_point *point = &view->points[i - 1];
        if (point->has_value && point->period.year == year &&
            cal_period_end_month(point->period) == month)
            return point;
    }
    return NULL;
}

/* Did that year have a share at this month? */
static bool
has_share(const struct telling *t, int k, int month)
{
    return t->trial.past[k][12] > 0 && t->trial.past[k][month] >= 0;
}

/* The seasons: the latest years that have shares, at this month and at their end. */
static int
tell_seasons(const struct telling *t)
{
    const struct cat_indicator *indicator = t->verdict->target->indicator;
    const struct series_view *own = t->trial.evidence->series;
    int month = verdict_month(t->verdict);
    int left = t->verdict->share_years;
    int code = 0;
    for (int k = 1; code == 0 && k <= PAST_YEARS && left > 0; k++) {
        int year = t->trial.asked.year - k;
        if (!has_share(t, k, month))
            continue;
        left--;
        code = tell(t, INPUT_PAST, indicator, point_of(own, year, month));
        if (code == 0 && month < 12)
            code = tell(t, INPUT_PAST, indicator, point_of(own, year, 12));
    }
    return code;
}

/* What growth on last year, and the projection as last year went on, rest on; seasons tell it
 * themselves. */
static int
tell_last_year(const struct telling *t)
{
    const struct series_view *own = t->trial.evidence->series;
    const struct cat_indicator *indicator = t->verdict->target->indicator;
    int month = verdict_month(t->verdict), year = t->trial.asked.year - 1, code = 0;
    if (isnan(t->verdict->last_year) || t->verdict->share_years > 0)
        return 0;
    code = tell(t, INPUT_LAST_YEAR, indicator, point_of(own, year, month));
    if (code == 0 && month < 12 && !isnan(t->verdict->projection_same))
        code = tell(t, INPUT_LAST_YEAR, indicator, point_of(own, year, 12));
    return code;
}

/* What the path begins with, or has gathered in the years before. */
static int
tell_beginning(const struct telling *t)
{
    const struct cat_target *target = t->verdict->target;
    const struct series_view *own = t->trial.evidence->series;
    bool is_by_year = target->period == TARGET_BY_YEAR;
    int year = t->trial.asked.year;
    int code = 0;
    if (verdict_is_sum_of_years(target)) {
        for (int past = target->from; code == 0 && past < year; past++)
            code = tell(t, INPUT_PAST, target->indicator, point_of(own, past, 12));
        return code;
    }
    if (isnan(t->verdict->base) || fpclassify(t->verdict->base) == FP_ZERO ||
        (!isnan(target->base) && t->verdict->base <= target->base &&
         t->verdict->base >= target->base))
        return 0; /* none, or as the catalogue tells */
    int before = (is_by_year ? target->from : year) - 1;
    const struct obs_point *last = NULL;
    for (int month = 12; !last && month >= 1; month--)
        last = point_of(own, before, month);
    return tell(t, INPUT_BASE, target->indicator, last);
}

/* The usual change of a level is that of three years. */
static int
tell_usual(const struct telling *t)
{
    const struct cat_target *target = t->verdict->target;
    const struct series_view *own = t->trial.evidence->series;
    int code = 0;
    if (isnan(t->verdict->tolerance) || t->verdict->tolerance <= verdict_rounding(target))
        return 0;
    for (size_t i = 0; code == 0 && i < own->count; i++) {
        int ago = t->trial.asked.year - own->points[i].period.year;
        if (ago >= 1 && ago <= 3 && own->points[i].has_value)
            code = tell(t, INPUT_PAST, target->indicator, &own->points[i]);
    }
    return code;
}

/* The year so far, the value judged last. */
static int
tell_year(const struct telling *t)
{
    const struct series_view *own = t->trial.evidence->series;
    int code = 0;
    for (size_t i = 0; code == 0 && i < own->count; i++) {
        const struct obs_point *point = &own->points[i];
        int month = cal_period_end_month(point->period);
        bool is_of_year = point->has_value && point->period.year == t->trial.asked.year;
        bool is_asked = month <= t->trial.last_month;
        if (is_of_year && is_asked && (t->trial.is_summed || t->trial.now[month] == point))
            code = tell(t,
                        cal_period_equal(point->period, t->verdict->period) ? INPUT_JUDGED
                                                                            : INPUT_EARLIER,
                        t->verdict->target->indicator, point);
        if (code == 0 && is_of_year && is_asked && point->is_derived)
            code = tell_parts(t, point->period);
    }
    return code;
}

static int
tell_others(const struct telling *t)
{
    const struct cat_target *target = t->verdict->target;
    const struct verdict_evidence *evidence = t->trial.evidence;
    const struct cat_indicator *volume = target->indicator->volume;
    struct cal_period month = cal_month(t->trial.asked.year, verdict_month(t->verdict));
    int code = 0;
    if (!isnan(t->verdict->reference) && evidence->reference)
        code = tell(t, INPUT_REFERENCE, target->reference,
                    series_at(evidence->reference, t->verdict->carried));
    if (code == 0 && !isnan(t->verdict->cases) && evidence->cases)
        code = tell(t, INPUT_CASES, target->indicator->cases,
                    series_latest_in_year(evidence->cases, month));
    bool has_growth = !isnan(t->verdict->volume_growth);
    bool has_rest = !isnan(t->verdict->rest_share) && !t->verdict->is_rest_even;
    if (code == 0 && has_growth)
        code = tell(t, INPUT_VOLUME, volume, point_of(evidence->volume, month.year, month.index));
    if (code == 0 && (has_growth || has_rest))
        code =
            tell(t, INPUT_VOLUME, volume, point_of(evidence->volume, month.year - 1, month.index));
    if (code == 0 && has_rest)
        code = tell(t, INPUT_VOLUME, volume, point_of(evidence->volume, month.year - 1, 12));
    return code;
}

int
verdict_each_input(const struct verdict *verdict, const struct verdict_evidence *evidence,
                   verdict_input_visitor *visit, void *context)
{
    struct telling t = { .verdict = verdict, .visit = visit, .context = context };
    t.trial =
        (struct trial){ .target = verdict->target, .evidence = evidence, .asked = verdict->asked };
    if (verdict->period.freq == CAL_NONE)
        return 0;
    if (verdict_method_of(verdict->target) == METHOD_MAN)
        return tell(&t, INPUT_JUDGED, verdict->target->indicator,
                    series_at(evidence->series, verdict->period));
    verdict_gather(&t.trial);
    int code = tell_year(&t);
    if (code == 0)
        code = tell_last_year(&t);
    if (code == 0)
        code = tell_seasons(&t);
    if (code == 0)
        code = tell_beginning(&t);
    if (code == 0)
        code = tell_usual(&t);
    return code == 0 ? tell_others(&t) : code;
}
