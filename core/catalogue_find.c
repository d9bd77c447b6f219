/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue once read: who is called so, who may what, what is due when. */
#include "core/catalogue.h"

#include <math.h>
#include <string.h>

#include "core/catalogue_private.h"

#include "core/pure.h"

const char *
cat_name(const struct cat_name *name, enum lang lang)
{
    return lang == LANG_EN ? name->en : name->zh;
}

static const char *const method_names[] = {
#define X(name, text) [name] = (text),
    METHOD_TABLE(X)
#undef X
};

const char *
method_name(enum method method)
{
    return method_names[method];
}

const char *
comparator_name(enum comparator comparator)
{
    static const char *const names[] = {
        [CMP_GE] = "≥",
        [CMP_GT] = ">",
        [CMP_EQ] = "=",
        [CMP_APPROX] = "≈",
        [CMP_LE] = "≤",
        [CMP_RELATIVE] = "rel",
        [CMP_PENDING] = "pending",
        [CMP_NA] = "na",
    };
    return names[comparator];
}

const char *
target_status_name(enum target_status status)
{
    static const char *const names[] = {
        [TARGET_ISSUED] = "issued",
        [TARGET_PENDING] = "pending",
        [TARGET_NOT_APPLICABLE] = "not_applicable",
    };
    return names[status];
}

int
catalogue_target_year(const struct catalogue *catalogue)
{
    int year = 0;
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (target->period == TARGET_IN_YEAR && target->method != METHOD_MAN && target->year > year)
            year = target->year;
    }
    return year;
}

const char *
target_period_name(enum target_period period)
{
    return period == TARGET_BY_YEAR ? "by" : period == TARGET_EVERY_YEAR ? "every-year" : "year";
}

bool
target_is_of_year(const struct cat_target *target, int year)
{
    return target->period == TARGET_BY_YEAR ? target->year == year : target_covers(target, year);
}

bool
target_covers(const struct cat_target *target, int year)
{
    return year >= target->from && year <= target->year;
}

struct name_slot *
name_index_slot(const struct name_index *index, const char *name)
{
    size_t at = text_name_hash(name) & index->mask;
    for (;;) {
        struct name_slot *slot = &index->slots[at];
        if (!slot->name)
            return slot;
        if (index->is_loose ? text_same_name(slot->name, name) : strcmp(slot->name, name) == 0)
            return slot;
        at = (at + 1) & index->mask;
    }
}

const void *
name_index_find(const struct name_index *index, const char *name)
{
    return name_index_slot(index, name)->object;
}

static size_t
series_hash(const struct catalogue *catalogue, const struct cat_area *area,
            const struct cat_indicator *indicator, int year)
{
    uint64_t hash = (uint64_t)(area - catalogue->areas);
    hash = hash * 0x9e3779b97f4a7c15u + (uint64_t)(indicator - catalogue->indicators);
    hash = hash * 0x9e3779b97f4a7c15u + (uint64_t)year;
    hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

const struct cat_target **
series_index_slot(const struct catalogue *catalogue, const struct target_index *index,
                  const struct cat_area *area, const struct cat_indicator *indicator)
{
    size_t at = series_hash(catalogue, area, indicator, 0) & index->mask;
    for (;;) {
        const struct cat_target **slot = &index->slots[at];
        if (!*slot || ((*slot)->area == area && (*slot)->indicator == indicator))
            return slot;
        at = (at + 1) & index->mask;
    }
}

const struct cat_target **
target_index_slot(const struct catalogue *catalogue, const struct target_index *index,
                  const struct cat_area *area, const struct cat_indicator *indicator, int year)
{
    size_t at = series_hash(catalogue, area, indicator, year) & index->mask;
    for (;;) {
        const struct cat_target **slot = &index->slots[at];
        const struct cat_target *target = *slot;
        if (!target ||
            (target->area == area && target->indicator == indicator && target->year == year))
            return slot;
        at = (at + 1) & index->mask;
    }
}

const struct cat_area *
catalogue_area(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_AREAS], id);
}

const struct cat_unit *
catalogue_unit(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_UNITS], id);
}

const struct cat_owner *
catalogue_owner(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_OWNERS], id);
}

const struct cat_indicator *
catalogue_indicator(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_INDICATORS], id);
}

const struct cat_target *
catalogue_target(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_TARGETS], id);
}

const struct cat_publisher *
catalogue_publisher(const struct catalogue *catalogue, const char *id)
{
    return name_index_find(&catalogue->index->ids[CAT_PUBLISHERS], id);
}

const struct cat_area *
catalogue_find_area(const struct catalogue *catalogue, const char *name)
{
    return name_index_find(&catalogue->index->area_names, name);
}

const struct cat_indicator *
catalogue_find_indicator(const struct catalogue *catalogue, const char *name)
{
    return name_index_find(&catalogue->index->indicator_names, name);
}

const struct cat_unit *
catalogue_find_unit(const struct catalogue *catalogue, const char *name)
{
    return name_index_find(&catalogue->index->unit_names, name);
}

const struct cat_owner *
catalogue_find_owner(const struct catalogue *catalogue, const char *name)
{
    return name_index_find(&catalogue->index->owner_names, name);
}

const struct cat_target *
catalogue_target_for(const struct catalogue *catalogue, const struct cat_area *area,
                     const struct cat_indicator *indicator, int year, struct cal_date day)
{
    const struct cat_target *target =
        *target_index_slot(catalogue, &catalogue->index->targets, area, indicator, year);
    return target ? target_version(target, day) : NULL;
}

const struct cat_target *
catalogue_targets_of(const struct catalogue *catalogue, const struct cat_area *area,
                     const struct cat_indicator *indicator)
{
    return *series_index_slot(catalogue, &catalogue->index->series, area, indicator);
}

const struct cat_target *
catalogue_dependents(const struct catalogue *catalogue)
{
    return catalogue->index->dependents;
}

bool
target_rests_on(const struct cat_target *target, const struct cat_area *area,
                const struct cat_indicator *indicator)
{
    bool is_own = target->area == area;
    return (target->reference == indicator && (is_own || target->area->parent == area)) ||
           (target->indicator->cases == indicator && is_own);
}

bool
catalogue_target_alerts(const struct catalogue *catalogue, const struct cat_target *target,
                        int year)
{
    const struct cat_target *of_year = *target_index_slot(catalogue, &catalogue->index->targets,
                                                          target->area, target->indicator, year);
    bool gives_way =
        target->period != TARGET_IN_YEAR && of_year && of_year->period == TARGET_IN_YEAR;
    return target->is_primary && !gives_way;
}

const struct cat_target *
target_version(const struct cat_target *newest, struct cal_date day)
{
    while (newest->older && day.days < newest->valid_from.days)
        newest = newest->older;
    return newest;
}

bool
target_in_force(const struct cat_target *target, struct cal_date day)
{
    return (!target->older || day.days >= target->valid_from.days) &&
           (!target->newer || day.days < target->newer->valid_from.days);
}

bool
publisher_may_write(const struct cat_publisher *publisher, const struct cat_area *area)
{
    for (size_t i = 0; i < publisher->area_count; i++)
        if (publisher->areas[i] == area)
            return true;
    return false;
}

bool
publisher_may_come_via(const struct cat_publisher *publisher, const struct cat_publisher *sender)
{
    if (publisher == sender)
        return true;
    for (size_t i = 0; i < publisher->via_count; i++)
        if (publisher->via[i] == sender)
            return true;
    return false;
}

bool
calendar_is_due(const struct cat_calendar *calendar, struct cal_period period)
{
    return period.freq == calendar->freq && cal_period_is_valid(period) &&
           (calendar->months >> cal_period_end_month(period) & 1) != 0;
}

bool
catalogue_is_working_day(const struct catalogue *catalogue, struct cal_date day)
{
    for (size_t i = 0; i < catalogue->holiday_count; i++)
        if (catalogue->holidays[i].day.days == day.days)
            return catalogue->holidays[i].is_work;
    int weekday = (int)(((int64_t)day.days + 3) % 7); /* 0 is Monday; 1970-01-01 was a Thursday */
    return (weekday + 7) % 7 < 5;
}

struct cal_date
catalogue_within(const struct catalogue *catalogue, struct cal_date day, int count)
{
    struct cal_date next = { day.days + 1 };
    for (int seen = 0; seen <= count; next.days++)
        seen += catalogue_is_working_day(catalogue, next);
    return (struct cal_date){ next.days - 2 };
}

struct cal_date
calendar_due_date(const struct cat_calendar *calendar, struct cal_period period)
{
    int year = 0;
    int month = 0;
    cal_civil((struct cal_date){ cal_period_after(period).days - 1 }, &year, &month, NULL);
    year += month == 12 ? 1 : 0;
    month = month % 12 + 1;
    int last = cal_days_in_month(year, month);
    return cal_date_of(year, month, calendar->due_day < last ? calendar->due_day : last);
}

double
target_value(const struct cat_target *target)
{
    if (isnan(target->value.value) || !target->unit)
        return (double)NAN;
    return target->value.value * target->unit->factor / target->indicator->unit->factor;
}
