/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows mean that say what is due and how it is graded: calendars, holidays, profiles,
 * bands; and remarks. Columns are told in data/README.md. */
#include <math.h>
#include <string.h>

#include "core/bands.h"
#include "core/catalogue_private.h"

#include "core/pure.h"

/* Months in which a period of a frequency can end. */
static unsigned
end_months(enum cal_freq freq)
{
    unsigned months = 0;
    for (int month = 1; month <= 12; month++) {
        bool ends = freq == CAL_QUARTER ? month % 3 == 0
                    : freq == CAL_HALF  ? month % 6 == 0
                    : freq == CAL_YEAR  ? month == 12
                                        : true;
        months |= ends ? 1u << month : 0;
    }
    return months;
}

static unsigned
cell_months(struct parse *parse)
{
    struct csv_field rest = cell_text(parse, COL_MONTHS);
    struct csv_field item;
    unsigned months = 0;
    while (list_next(&rest, &item)) {
        int64_t month = 1;
        struct err_note why = { { 0 } };
        int code = num_int_parse(item.text, item.length, 1, 12, &month, &why);
        if (code < 0)
            parse_fault(parse, code, COL_MONTHS, "%s", why.text);
        months |= 1u << month;
    }
    return months;
}

void
catalogue_calendar_row(struct parse *parse, void *object)
{
    static const enum cal_freq freqs[] = { CAL_DAY,     CAL_WEEK, CAL_MONTH,
                                           CAL_QUARTER, CAL_HALF, CAL_YEAR };
    struct cat_calendar *calendar = object;
    calendar->id = cell_id(parse);
    calendar->name = cell_names(parse);
    calendar->freq = freqs[cell_word(parse, COL_FREQUENCY, "D|W|M|Q|S|A")];
    calendar->months = (uint16_t)cell_months(parse);
    calendar->due_day = (int)cell_int(parse, COL_DUE_DAY, 1, 31);
    if (calendar->months & ~end_months(calendar->freq))
        parse_fault(parse, ERR_CONFLICT, COL_MONTHS,
                    "no period of frequency %c ends in such months", (char)calendar->freq);
    parse_index_id(parse, calendar->id, calendar);
}

void
catalogue_holiday_row(struct parse *parse, void *object)
{
    struct cat_holiday *holiday = object;
    struct csv_field cell = cell_text(parse, COL_ID);
    struct err_note why = { { 0 } };
    holiday->id = cell_id(parse);
    holiday->name = cell_names(parse);
    holiday->is_work = cell_word(parse, COL_KIND, "off|work") == 1;
    if (!parse->error && cal_date_parse(cell.text, cell.length, &holiday->day, &why) != 0)
        parse_fault(parse, ERR_SYNTAX, COL_ID, "%s", why.text);
    parse_index_id(parse, holiday->id, holiday);
}

/* "month:percent": the next point of a profile. */
static void
profile_point(struct parse *parse, struct cat_profile *profile, struct csv_field item)
{
    const char *colon = item.length ? memchr(item.text, ':', item.length) : NULL;
    size_t before = colon ? (size_t)(colon - item.text) : 0;
    int64_t month = 0;
    struct num_decimal percent = { .value = 0 };
    if (!colon || num_int_parse(item.text, before, 1, 12, &month, NULL) != 0 ||
        num_decimal_parse(colon + 1, item.length - before - 1, &percent, NULL) != 0) {
        parse_fault(parse, ERR_SYNTAX, COL_POINTS, "'%.*s' is no month:percent, such as 3:30",
                    (int)item.length, item.text);
        return;
    }
    size_t last = profile->count;
    if (last > 0 &&
        (month <= profile->month[last - 1] || percent.value / 100 < profile->share[last - 1])) {
        parse_fault(parse, ERR_CONFLICT, COL_POINTS, "months and shares must rise");
        return;
    }
    profile->month[last] = (uint8_t)month;
    profile->share[last] = percent.value / 100;
    profile->count++;
}

void
catalogue_profile_row(struct parse *parse, void *object)
{
    struct cat_profile *profile = object;
    struct csv_field rest, item;
    profile->id = cell_id(parse);
    profile->name = cell_names(parse);
    profile->form = (enum profile_form)cell_word(parse, COL_FORM, "milestones|steps|date");
    profile->source = cell_copy(parse, COL_SOURCE);
    rest = cell_text(parse, COL_POINTS);
    while (!parse->error && list_next(&rest, &item))
        profile_point(parse, profile, item);
    bool ends = profile->count > 0 && profile->share[profile->count - 1] > 1 - 1e-9 &&
                profile->share[profile->count - 1] < 1 + 1e-9;
    if (!parse->error && !ends)
        parse_fault(parse, ERR_CONFLICT, COL_POINTS,
                    "the profile does not end at the target (100)");
    if (!parse->error && profile->form == PROFILE_DATE && profile->count != 1)
        parse_fault(parse, ERR_CONFLICT, COL_POINTS, "a date has one point");
    parse_index_id(parse, profile->id, profile);
}

/* Every band begins below the one before it, and is left for a better one no lower than that one
 * is entered, nor higher than the one before. */
static void
check_bands(struct parse *parse, const struct cat_bands *bands)
{
    static const enum column entry[] = { COL_NORMAL, COL_REMIND, COL_WARN };
    static const enum column leave[] = { COL_NORMAL_EXIT, COL_REMIND_EXIT, COL_WARN_EXIT };
    bool is_distance = bands->measure != MEASURE_PACE && bands->measure != MEASURE_CHANCE;
    double before = (double)INFINITY;
    for (int i = 0; i < BAND_COUNT; i++) {
        if (isnan(bands->least[i]) && !isnan(bands->leave[i]))
            parse_fault(parse, ERR_CONFLICT, leave[i], "this band is left out");
        if (isnan(bands->least[i]))
            continue;
        if (bands->least[i] >= before)
            parse_fault(parse, ERR_CONFLICT, entry[i], "lies not below the better band");
        if (is_distance ? bands->least[i] > 0 : bands->least[i] <= 0)
            parse_fault(parse, ERR_RANGE, entry[i],
                        is_distance ? "is a distance: 0 or below" : "must be above 0");
        if (bands->leave[i] < bands->least[i] || bands->leave[i] > before)
            parse_fault(parse, ERR_CONFLICT, leave[i],
                        "must lie between this band's entry and that of the better one");
        before = bands->least[i];
    }
    if (isnan(bands->least[BAND_NORMAL]) || isnan(bands->least[BAND_WARN]))
        parse_fault(parse, ERR_SYNTAX, isnan(bands->least[BAND_WARN]) ? COL_WARN : COL_NORMAL,
                    "is empty; only remind may be left out");
    if (bands->doubt > before)
        parse_fault(parse, ERR_CONFLICT, COL_DOUBT, "must not lie above where warn begins");
    if (!isnan(bands->needed_pace) && (bands->measure != MEASURE_PACE || bands->needed_pace <= 1))
        parse_fault(parse, ERR_CONFLICT, COL_NEEDED_PACE, "is above 1, and of measure pace only");
}

/* A row whose id was met before is a newer version of those bands. */
static void
link_bands(struct parse *parse, struct cat_bands *bands)
{
    if (parse->error)
        return;
    const struct cat_bands **slot = &parse->index->default_bands[bands->measure];
    struct name_slot *name = name_index_slot(&parse->index->ids[CAT_BANDS], bands->id);
    bands->older = name->object;
    if (bands->older)
        parse_check_version(parse, bands->id, bands->valid_from, bands->older->valid_from);
    if (bands->older &&
        (bands->older->measure != bands->measure || bands->older->is_default != bands->is_default))
        parse_fault(
            parse, ERR_CONFLICT, COL_ID,
            "another version of '%s' has another measure or default; give these an id of their own",
            bands->id);
    if (bands->is_default && *slot && *slot != bands->older)
        parse_fault(parse, ERR_CONFLICT, COL_DEFAULT, "'%s' is already the default of measure %s",
                    (*slot)->id, measure_name(bands->measure));
    if (bands->is_default)
        *slot = bands;
    name->name = bands->id;
    name->object = bands;
}

void
catalogue_bands_row(struct parse *parse, void *object)
{
#define X(name, id, zh, en) "|" id
    static const char measures[] = MEASURE_TABLE(X);
#undef X
    static const enum column entry[] = { COL_NORMAL, COL_REMIND, COL_WARN };
    static const enum column leave[] = { COL_NORMAL_EXIT, COL_REMIND_EXIT, COL_WARN_EXIT };
    struct cat_bands *bands = object;
    bands->id = cell_id(parse);
    bands->name = cell_names(parse);
    bands->measure = (enum measure)cell_word(parse, COL_MEASURE, measures + 1);
    bands->is_default = cell_yes(parse, COL_DEFAULT);
    for (int i = 0; i < BAND_COUNT; i++) {
        bands->least[i] = cell_number_or_none(parse, entry[i]);
        bands->leave[i] =
            cell_is_empty(parse, leave[i]) ? bands->least[i] : cell_decimal(parse, leave[i]).value;
    }
    bands->doubt = cell_number_or_none(parse, COL_DOUBT);
    bands->needed_pace = cell_number_or_none(parse, COL_NEEDED_PACE);
    bands->source = cell_copy(parse, COL_SOURCE);
    bands->valid_from = cell_valid_from(parse);
    check_bands(parse, bands);
    link_bands(parse, bands);
}

void
catalogue_remark_row(struct parse *parse, void *object)
{
    struct cat_remark *remark = object;
    remark->id = cell_id(parse);
    remark->name = cell_names(parse);
    remark->source = cell_needed(parse, COL_SOURCE);
    remark->other_source = cell_copy(parse, COL_OTHER_SOURCE);
    remark->area = cell_reference_needed(parse, COL_AREA, CAT_AREAS);
    remark->indicator = cell_reference(parse, COL_INDICATOR, CAT_INDICATORS);
    parse_index_id(parse, remark->id, remark);
}
