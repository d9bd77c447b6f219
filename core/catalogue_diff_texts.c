/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every object spread into texts, as its row would read. */
#include "core/bands.h"
#include "core/catalogue_diff_private.h"

#include <stdio.h>
#include <string.h>

#include "core/pure.h"

const struct field_words diff_fields[FIELD_COUNT] = {
#define X(name, column, zh, en) [name] = { column, { (zh), (en) } },
    FIELD_TABLE(X)
#undef X
};

static void
put_int(struct texts *texts, enum field field, int value)
{
    char *text = texts->pool + texts->used;
    texts->used += (size_t)snprintf(text, POOL_SIZE - texts->used, "%d", value) + 1;
    texts->text[field] = text;
}

static void
put_number(struct texts *texts, enum field field, double value)
{
    texts->text[field] = num_print_short(value, 9, texts->pool + texts->used);
    texts->used += strlen(texts->text[field]) + 1;
}

static void
put_letter(struct texts *texts, enum field field, char letter)
{
    char *text = texts->pool + texts->used;
    text[0] = letter;
    text[1] = '\0';
    texts->used += 2;
    texts->text[field] = text;
}

/* A version without a day counts from ever. */
static void
put_day(struct texts *texts, enum field field, struct cal_date day)
{
    texts->text[field] =
        day.days == INT32_MIN ? "" : cal_date_print(day, texts->pool + texts->used);
    texts->used += day.days == INT32_MIN ? 0 : strlen(texts->text[field]) + 1;
}

static void
put_names(struct texts *texts, const struct cat_name *name)
{
    texts->text[FIELD_NAME] = name->zh;
    texts->text[FIELD_NAME_EN] = name->en;
}

static void
put_reference(struct texts *texts, enum field field, const void *object,
              const struct cat_name *name)
{
    texts->text[field] = object ? id_of(object) : "";
    texts->name[field] = object ? name : NULL;
}

/* A list as it grows in the pool; what has no room is only counted into `rest`. */
struct list {
    struct texts *texts;
    char *text;
    size_t length;
    uint64_t rest;
};

static struct list
list_begin(struct texts *texts)
{
    return (struct list){ .texts = texts, .text = texts->pool + texts->used };
}

static void
list_add(struct list *list, const char *item)
{
    size_t size = strlen(item);
    if (list->rest == 0 && list->length + size + 32 < CAT_DIFF_LIST_MAX) {
        list->length += (size_t)snprintf(list->text + list->length, size + 2, "%s%s",
                                         list->length > 0 ? ";" : "", item);
        return;
    }
    list->rest = list->rest * 0x9e3779b97f4a7c15u + text_name_hash(item) + 1;
}

static void
list_end(struct list *list, enum field field)
{
    list->text[list->length] = '\0';
    if (list->rest != 0)
        list->length += (size_t)snprintf(list->text + list->length, 32, ";…#%016llx",
                                         (unsigned long long)list->rest);
    list->texts->used += list->length + 1;
    list->texts->text[field] = list->text;
}

static void
put_list(struct texts *texts, enum field field, const void *const *items, size_t count)
{
    struct list list = list_begin(texts);
    for (size_t i = 0; i < count; i++)
        list_add(&list, id_of(items[i]));
    list_end(&list, field);
}

static void
area_texts(const struct cat_area *area, struct texts *texts)
{
    static const char *const kinds[] = { "city", "district", "zone", "joint" };
    put_names(texts, &area->name);
    texts->text[FIELD_KIND] = kinds[area->kind];
    put_reference(texts, FIELD_PARENT, area->parent, area->parent ? &area->parent->name : NULL);
    put_list(texts, FIELD_MEMBERS, (const void *const *)area->members, area->member_count);
    texts->text[FIELD_NUMBERS] = area->has_numbers ? "yes" : "no";
}

static void
unit_texts(const struct cat_unit *unit, struct texts *texts)
{
    put_names(texts, &unit->name);
    texts->text[FIELD_FAMILY] = unit->family;
    put_number(texts, FIELD_FACTOR, unit->factor);
    put_int(texts, FIELD_DECIMALS, unit->decimals);
}

static void
calendar_texts(const struct cat_calendar *calendar, struct texts *texts)
{
    char month[16];
    put_names(texts, &calendar->name);
    put_letter(texts, FIELD_FREQUENCY, (char)calendar->freq);
    struct list list = list_begin(texts);
    for (int i = 1; i <= 12; i++) {
        (void)snprintf(month, sizeof month, "%d", i);
        if (calendar->months >> i & 1)
            list_add(&list, month);
    }
    list_end(&list, FIELD_MONTHS);
    put_int(texts, FIELD_DUE_DAY, calendar->due_day);
}

static void
holiday_texts(const struct cat_holiday *holiday, struct texts *texts)
{
    put_names(texts, &holiday->name);
    texts->text[FIELD_KIND] = holiday->is_work ? "work" : "off";
}

static void
indicator_texts(const struct cat_indicator *indicator, struct texts *texts)
{
    put_names(texts, &indicator->name);
    put_reference(texts, FIELD_UNIT, indicator->unit, &indicator->unit->name);
    put_letter(texts, FIELD_KIND, indicator->kind);
    texts->text[FIELD_CUMULATION] = cumulation_name(indicator->cumulation);
    put_reference(texts, FIELD_CALENDAR, indicator->calendar, &indicator->calendar->name);
    texts->text[FIELD_DIRECTION] = indicator->direction == DIRECTION_UP ? "up" : "down";
    put_int(texts, FIELD_DECIMALS, indicator->decimals);
    put_reference(texts, FIELD_CASES, indicator->cases,
                  indicator->cases ? &indicator->cases->name : NULL);
    put_reference(texts, FIELD_VOLUME, indicator->volume,
                  indicator->volume ? &indicator->volume->name : NULL);
    put_reference(texts, FIELD_NUMERATOR, indicator->numerator,
                  indicator->numerator ? &indicator->numerator->name : NULL);
    put_reference(texts, FIELD_DENOMINATOR, indicator->denominator,
                  indicator->denominator ? &indicator->denominator->name : NULL);
    texts->text[FIELD_DECOMPOSITION] = indicator->decomposition;
    texts->text[FIELD_CATEGORY] = indicator->category;
    put_int(texts, FIELD_SORT, indicator->sort);
}

static void
profile_texts(const struct cat_profile *profile, struct texts *texts)
{
    static const char *const forms[] = { "milestones", "steps", "date" };
    char point[NUM_TEXT_MAX + 8];
    char share[NUM_TEXT_MAX];
    put_names(texts, &profile->name);
    texts->text[FIELD_FORM] = forms[profile->form];
    struct list list = list_begin(texts);
    for (size_t i = 0; i < profile->count; i++) {
        (void)snprintf(point, sizeof point, "%d:%s", profile->month[i],
                       num_print_short(profile->share[i] * 100, 9, share));
        list_add(&list, point);
    }
    list_end(&list, FIELD_POINTS);
    texts->text[FIELD_SOURCE] = profile->source;
}

static void
bands_texts(const struct cat_bands *bands, struct texts *texts)
{
    static const enum field entry[] = { FIELD_NORMAL, FIELD_REMIND, FIELD_WARN };
    static const enum field leave[] = { FIELD_NORMAL_EXIT, FIELD_REMIND_EXIT, FIELD_WARN_EXIT };
    put_names(texts, &bands->name);
    texts->text[FIELD_MEASURE] = measure_name(bands->measure);
    texts->text[FIELD_DEFAULT] = bands->is_default ? "yes" : "no";
    for (int i = 0; i < BAND_COUNT; i++) {
        put_number(texts, entry[i], bands->least[i]);
        put_number(texts, leave[i], bands->leave[i]);
    }
    put_number(texts, FIELD_DOUBT, bands->doubt);
    put_number(texts, FIELD_NEEDED_PACE, bands->needed_pace);
    texts->text[FIELD_SOURCE] = bands->source;
    put_day(texts, FIELD_VALID_FROM, bands->valid_from);
}

static void
target_references(const struct cat_target *target, struct texts *texts)
{
    put_reference(texts, FIELD_AREA, target->area, &target->area->name);
    put_reference(texts, FIELD_INDICATOR, target->indicator, &target->indicator->name);
    put_reference(texts, FIELD_UNIT, target->unit, target->unit ? &target->unit->name : NULL);
    put_reference(texts, FIELD_REFERENCE, target->reference,
                  target->reference ? &target->reference->name : NULL);
    put_reference(texts, FIELD_PROFILE, target->profile,
                  target->profile ? &target->profile->name : NULL);
    put_reference(texts, FIELD_BANDS, target->bands, target->bands ? &target->bands->name : NULL);
    put_reference(texts, FIELD_OWNER, target->owner, target->owner ? &target->owner->name : NULL);
    put_reference(texts, FIELD_LEAD, target->lead, target->lead ? &target->lead->name : NULL);
    put_list(texts, FIELD_HELPERS, (const void *const *)target->helpers, target->helper_count);
}

static void
target_texts(const struct cat_target *target, struct texts *texts)
{
    target_references(target, texts);
    texts->text[FIELD_SOURCE] = target->source;
    put_int(texts, FIELD_YEAR, target->year);
    texts->text[FIELD_PERIOD] = target_period_name(target->period);
    put_int(texts, FIELD_FROM, target->from);
    put_day(texts, FIELD_VALID_FROM, target->valid_from);
    texts->text[FIELD_TEXT] = target->text;
    texts->text[FIELD_VALUE] = target->value.text;
    texts->text[FIELD_COMPARATOR] = comparator_name(target->comparator);
    put_number(texts, FIELD_OFFSET, target->offset);
    texts->text[FIELD_METHOD] = method_name(target->method);
    put_number(texts, FIELD_BASE, target->base); /* "" for none */
    texts->text[FIELD_STATUS] = target_status_name(target->status);
    texts->text[FIELD_PRIMARY] = target->is_primary ? "yes" : "no";
    texts->text[FIELD_ACCOUNTABLE] = target->accountable;
    texts->text[FIELD_WORDING] = target->wording;
    texts->text[FIELD_NOTE] = target->note;
}

static void
remark_texts(const struct cat_remark *remark, struct texts *texts)
{
    put_names(texts, &remark->name);
    texts->text[FIELD_SOURCE] = remark->source;
    texts->text[FIELD_OTHER_SOURCE] = remark->other_source;
    put_reference(texts, FIELD_AREA, remark->area, &remark->area->name);
    put_reference(texts, FIELD_INDICATOR, remark->indicator,
                  remark->indicator ? &remark->indicator->name : NULL);
}

static void
publisher_texts(const struct cat_publisher *publisher, struct texts *texts)
{
    put_names(texts, &publisher->name);
    texts->text[FIELD_KIND] = publisher->is_simulated ? "simulated" : "official";
    put_list(texts, FIELD_AREAS, (const void *const *)publisher->areas, publisher->area_count);
    put_list(texts, FIELD_VIA, (const void *const *)publisher->via, publisher->via_count);
}

void
object_texts(enum cat_table table, const void *object, struct texts *texts)
{
    memset(texts->text, 0, sizeof texts->text);
    memset(texts->name, 0, sizeof texts->name);
    texts->used = 0;
    switch (table) {
    case CAT_AREAS:
        area_texts(object, texts);
        break;
    case CAT_UNITS:
        unit_texts(object, texts);
        break;
    case CAT_OWNERS:
        put_names(texts, &((const struct cat_owner *)object)->name);
        break;
    case CAT_CALENDARS:
        calendar_texts(object, texts);
        break;
    case CAT_HOLIDAYS:
        holiday_texts(object, texts);
        break;
    case CAT_INDICATORS:
        indicator_texts(object, texts);
        break;
    case CAT_PROFILES:
        profile_texts(object, texts);
        break;
    case CAT_BANDS:
        bands_texts(object, texts);
        break;
    case CAT_TARGETS:
        target_texts(object, texts);
        break;
    case CAT_REMARKS:
        remark_texts(object, texts);
        break;
    case CAT_PUBLISHERS:
        publisher_texts(object, texts);
        break;
    case CAT_TABLE_COUNT:
        break;
    }
}
