/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows of each catalogue table mean, and what they must not say. Columns are told in
 * data/README.md. */
#include "core/catalogue.h"

#include <math.h>
#include <string.h>

#include "core/bands.h"
#include "core/catalogue_private.h"

#include "core/pure.h"

static void
index_names(struct parse *parse, struct name_index *index, const char *id,
            const struct cat_name *name, const void *object)
{
    parse_index_name(parse, index, COL_ID, id, object);
    parse_index_name(parse, index, COL_NAME, name->zh, object);
    parse_index_name(parse, index, COL_NAME_EN, name->en, object);
}

/* Column aliases: further names a clerk writes. */
static void
index_aliases(struct parse *parse, struct name_index *index, const void *object)
{
    struct csv_field rest = cell_text(parse, COL_ALIASES);
    struct csv_field item;
    while (list_next(&rest, &item)) {
        const char *alias = cell_keep(parse, COL_ALIASES, item);
        if (item.length > 0)
            parse_index_name(parse, index, COL_ALIASES, alias, object);
    }
}

static void
area_row(struct parse *parse, void *object)
{
    struct cat_area *area = object;
    area->id = cell_id(parse);
    area->name = cell_names(parse);
    area->kind = (enum area_kind)cell_word(parse, COL_KIND, "city|district|zone|joint");
    area->has_numbers = cell_yes(parse, COL_NUMBERS);
    parse_index_id(parse, area->id, area);
    index_names(parse, &parse->index->area_names, area->id, &area->name, area);
    index_aliases(parse, &parse->index->area_names, area);
}

/* A parent is a city, so that no chain of parents runs in a circle; likewise no joint area holds
 * another. */
static void
area_link(struct parse *parse, void *object)
{
    struct cat_area *area = object;
    bool is_city = area->kind == AREA_CITY;
    bool is_joint = area->kind == AREA_JOINT;
    area->parent = cell_reference(parse, COL_PARENT, CAT_AREAS);
    if (is_city && area->parent)
        parse_fault(parse, ERR_CONFLICT, COL_PARENT, "a city has no parent");
    if (!is_city && (!area->parent || area->parent->kind != AREA_CITY))
        parse_fault(parse, ERR_CONFLICT, COL_PARENT, "the parent must be a city");

    const void *const *members =
        cell_references(parse, COL_MEMBERS, CAT_AREAS, &area->member_count);
    area->members = (const struct cat_area *const *)members;
    if (is_joint && area->member_count < 2)
        parse_fault(parse, ERR_CONFLICT, COL_MEMBERS, "a joint area has two members or more");
    if (!is_joint && area->member_count > 0)
        parse_fault(parse, ERR_CONFLICT, COL_MEMBERS, "only a joint area has members");
    for (size_t i = 0; i < area->member_count && !parse->error; i++)
        if (area->members[i]->kind == AREA_JOINT)
            parse_fault(parse, ERR_CONFLICT, COL_MEMBERS, "'%s' is a joint area itself",
                        area->members[i]->id);
}

static void
unit_row(struct parse *parse, void *object)
{
    struct cat_unit *unit = object;
    unit->id = cell_id(parse);
    unit->name = cell_names(parse);
    unit->family = cell_needed(parse, COL_FAMILY);
    unit->factor = cell_decimal(parse, COL_FACTOR).value;
    unit->decimals = (int)cell_int(parse, COL_DECIMALS, 0, 9);
    if (unit->factor <= 0)
        parse_fault(parse, ERR_RANGE, COL_FACTOR, "a factor is above zero");
    parse_index_id(parse, unit->id, unit);
    index_names(parse, &parse->index->unit_names, unit->id, &unit->name, unit);
}

static void
owner_row(struct parse *parse, void *object)
{
    struct cat_owner *owner = object;
    owner->id = cell_id(parse);
    owner->name = cell_names(parse);
    parse_index_id(parse, owner->id, owner);
    index_names(parse, &parse->index->owner_names, owner->id, &owner->name, owner);
    index_aliases(parse, &parse->index->owner_names, owner);
}

static void
indicator_row(struct parse *parse, void *object)
{
    static const char kinds[] = "FVNSHGRADCBK";
    struct cat_indicator *indicator = object;
    indicator->id = cell_id(parse);
    indicator->name = cell_names(parse);
    indicator->unit = cell_reference_needed(parse, COL_UNIT, CAT_UNITS);
    indicator->kind = kinds[cell_word(parse, COL_KIND, "F|V|N|S|H|G|R|A|D|C|B|K")];
    indicator->cumulation = (enum cumulation)cell_word(parse, COL_CUMULATION, "MONTH|YTD|STOCK");
    indicator->calendar = cell_reference_needed(parse, COL_CALENDAR, CAT_CALENDARS);
    indicator->direction = (enum direction)cell_word(parse, COL_DIRECTION, "up|down");
    indicator->decimals = (int)cell_int(parse, COL_DECIMALS, 0, 9);
    indicator->decomposition = cell_copy(parse, COL_DECOMPOSITION);
    indicator->category = cell_copy(parse, COL_CATEGORY);
    indicator->sort = (int)cell_int(parse, COL_SORT, 0, 1000000000);
    parse_index_id(parse, indicator->id, indicator);
    index_names(parse, &parse->index->indicator_names, indicator->id, &indicator->name, indicator);
    index_aliases(parse, &parse->index->indicator_names, indicator);
}

static void
indicator_link(struct parse *parse, void *object)
{
    struct cat_indicator *indicator = object;
    indicator->volume = cell_reference(parse, COL_VOLUME, CAT_INDICATORS);
    if (indicator->volume && indicator->volume->cumulation != CUMULATION_YTD)
        parse_fault(parse, ERR_CONFLICT, COL_VOLUME, "'%s' is not YTD", indicator->volume->id);
    if (indicator->volume && indicator->kind != 'G')
        parse_fault(parse, ERR_CONFLICT, COL_VOLUME, "only a growth (kind G) has a volume");
    indicator->numerator = cell_reference(parse, COL_NUMERATOR, CAT_INDICATORS);
    indicator->denominator = cell_reference(parse, COL_DENOMINATOR, CAT_INDICATORS);
    if (!indicator->numerator != !indicator->denominator)
        parse_fault(parse, ERR_SYNTAX, indicator->numerator ? COL_DENOMINATOR : COL_NUMERATOR,
                    "is empty; a ratio has both");
    if (indicator->numerator && !strchr("RAC", indicator->kind))
        parse_fault(parse, ERR_CONFLICT, COL_NUMERATOR, "only a ratio (kind R, A or C) has one");
    indicator->cases = cell_reference(parse, COL_CASES, CAT_INDICATORS);
    if (indicator->cases && indicator->kind != 'C')
        parse_fault(parse, ERR_CONFLICT, COL_CASES, "only a cohort rate (kind C) has cases");
}

static enum comparator
cell_comparator(struct parse *parse)
{
    static const enum comparator comparators[] = {
        CMP_GE,      CMP_GT, CMP_EQ, CMP_APPROX, CMP_LE, CMP_RELATIVE,
        CMP_PENDING, CMP_NA, CMP_GE, CMP_APPROX, CMP_LE,
    };
    return comparators[cell_word(parse, COL_COMPARATOR, "≥|>|=|≈|≤|rel|pending|na|>=|~|<=")];
}

static enum method
cell_method(struct parse *parse)
{
#define X(name, text) "|" text
    static const char words[] = METHOD_TABLE(X);
#undef X
    return (enum method)cell_word(parse, COL_METHOD, words + 1);
}

/* The number and its unit: both or no number. */
static void
target_number(struct parse *parse, struct cat_target *target)
{
    const struct cat_unit *unit = cell_reference(parse, COL_UNIT, CAT_UNITS);
    const struct cat_indicator *indicator = target->indicator;
    bool has_value = !cell_is_empty(parse, COL_VALUE);
    target->value = (struct num_decimal){ .value = (double)NAN };
    if (has_value)
        target->value = cell_decimal(parse, COL_VALUE);
    if (has_value && !unit)
        parse_fault(parse, ERR_SYNTAX, COL_UNIT, "a number needs its unit");
    if (unit && indicator && strcmp(unit->family, indicator->unit->family) != 0)
        parse_fault(parse, ERR_CONFLICT, COL_UNIT,
                    "'%s' is of family %s, the indicator's unit '%s' of family %s", unit->id,
                    unit->family, indicator->unit->id, indicator->unit->family);
    target->unit = has_value ? unit : NULL;
}

/* The years it speaks of. */
static void
target_years(struct parse *parse, struct cat_target *target)
{
    target->year = (int)cell_int(parse, COL_YEAR, 1900, 2199);
    target->period = cell_is_empty(parse, COL_PERIOD)
                         ? TARGET_IN_YEAR
                         : (enum target_period)cell_word(parse, COL_PERIOD, "year|every-year|by");
    target->from =
        cell_is_empty(parse, COL_FROM) ? target->year : (int)cell_int(parse, COL_FROM, 1900, 2199);
    if (target->from > target->year)
        parse_fault(parse, ERR_RANGE, COL_FROM, "begins after its year %d", target->year);
    if (target->period == TARGET_IN_YEAR && target->from != target->year)
        parse_fault(parse, ERR_CONFLICT, COL_FROM, "a target of one year begins with that year");
}

/* What must go together, or the target could never be judged as it is meant. */
static void
target_check(struct parse *parse, const struct cat_target *target)
{
    bool has_value = target->unit != NULL;
    bool is_issued = target->status == TARGET_ISSUED;
    bool is_relative = target->comparator == CMP_RELATIVE;
    bool is_wordless = target->comparator == CMP_PENDING || target->comparator == CMP_NA;
    bool is_linear = target->method == METHOD_LIN;

    if (is_issued && !has_value && !is_relative && !is_wordless)
        parse_fault(parse, ERR_SYNTAX, COL_VALUE, "an issued target '%s' needs a number",
                    comparator_name(target->comparator));
    if (has_value && is_wordless)
        parse_fault(parse, ERR_CONFLICT, COL_VALUE, "a target '%s' has no number",
                    comparator_name(target->comparator));
    if (is_relative && !target->reference)
        parse_fault(parse, ERR_SYNTAX, COL_REFERENCE, "a target 'rel' needs its reference");
    if (is_relative != (target->method == METHOD_REL))
        parse_fault(parse, ERR_CONFLICT, COL_METHOD, "comparator 'rel' and method REL go together");
    if (is_linear && has_value && target->value.value <= 0)
        parse_fault(parse, ERR_RANGE, COL_VALUE, "method LIN needs a number above zero");
    if (is_linear && target->comparator == CMP_LE)
        parse_fault(parse, ERR_CONFLICT, COL_METHOD, "method LIN cannot judge '≤'");
    if (target->bands && !method_uses(target->method, target->bands->measure))
        parse_fault(parse, ERR_CONFLICT, COL_BANDS, "'%s' is of measure %s, which method %s lacks",
                    target->bands->id, measure_name(target->bands->measure),
                    method_name(target->method));
}

/* A row whose id was met before is a newer version of that target. */
static void
link_version(struct parse *parse, struct cat_target *target)
{
    target->valid_from = cell_valid_from(parse);
    if (parse->error)
        return;
    struct name_slot *slot = name_index_slot(&parse->index->ids[CAT_TARGETS], target->id);
    target->older = slot->object;
    if (target->older)
        parse_check_version(parse, target->id, target->valid_from, target->older->valid_from);
    if (target->older &&
        (target->older->area != target->area || target->older->indicator != target->indicator))
        parse_fault(parse, ERR_CONFLICT, COL_ID, "another version of '%s' is about something else",
                    target->id);
    slot->name = target->id;
    slot->object = target;
}

/* One target counts for (area, indicator, year): the primary, else the first. */
static void
target_index(struct parse *parse, const struct cat_target *target)
{
    if (parse->error)
        return;
    const struct cat_target **slot = target_index_slot(
        parse->catalogue, &parse->index->targets, target->area, target->indicator, target->year);
    bool is_version = *slot && *slot == target->older;
    if (*slot && (*slot)->is_primary && target->is_primary && !is_version)
        parse_fault(parse, ERR_CONFLICT, COL_PRIMARY,
                    "'%s' is already the primary target of this area, indicator and year",
                    (*slot)->id);
    if (!*slot || target->is_primary || is_version)
        *slot = target;
}

/* The list as it stands, its ids checked. */
static const char *
cell_area_ids(struct parse *parse, enum column column)
{
    size_t count = 0;
    char *low = parse->low;
    (void)cell_references(parse, column, CAT_AREAS, &count); /* only for the check */
    parse->low = low;
    return cell_copy(parse, column);
}

static void
target_row(struct parse *parse, void *object)
{
    struct cat_target *target = object;
    target->id = cell_id(parse);
    target->source = cell_copy(parse, COL_SOURCE);
    target->area = cell_reference_needed(parse, COL_AREA, CAT_AREAS);
    target->indicator = cell_reference_needed(parse, COL_INDICATOR, CAT_INDICATORS);
    target_years(parse, target);
    target->text = cell_copy(parse, COL_TEXT);
    target_number(parse, target);
    target->comparator = cell_comparator(parse);
    target->reference = cell_reference(parse, COL_REFERENCE, CAT_INDICATORS);
    target->offset = cell_is_empty(parse, COL_OFFSET) ? 0 : cell_decimal(parse, COL_OFFSET).value;
    target->method = cell_method(parse);
    target->profile = cell_reference(parse, COL_PROFILE, CAT_PROFILES);
    target->bands = cell_reference(parse, COL_BANDS, CAT_BANDS);
    target->default_bands = parse->index->default_bands;
    target->base = cell_number_or_none(parse, COL_BASE);
    target->status =
        (enum target_status)cell_word(parse, COL_STATUS, "issued|pending|not_applicable");
    target->is_primary = cell_yes(parse, COL_PRIMARY);
    target->owner = cell_reference(parse, COL_OWNER, CAT_OWNERS);
    target->lead = cell_reference(parse, COL_LEAD, CAT_OWNERS);
    const void *const *helpers =
        cell_references(parse, COL_HELPERS, CAT_OWNERS, &target->helper_count);
    target->helpers = (const struct cat_owner *const *)helpers;
    target->accountable = cell_area_ids(parse, COL_ACCOUNTABLE);
    target->wording = cell_copy(parse, COL_WORDING);
    target->note = cell_copy(parse, COL_NOTE);
    target_check(parse, target);
    link_version(parse, target);
    target_index(parse, target);
}

static void
publisher_row(struct parse *parse, void *object)
{
    struct cat_publisher *publisher = object;
    publisher->id = cell_id(parse);
    publisher->name = cell_names(parse);
    publisher->is_simulated = cell_word(parse, COL_KIND, "official|simulated") == 1;
    parse_index_id(parse, publisher->id, publisher);
}

static void
publisher_link(struct parse *parse, void *object)
{
    struct cat_publisher *publisher = object;
    const void *const *areas = cell_references(parse, COL_AREAS, CAT_AREAS, &publisher->area_count);
    const void *const *via = cell_references(parse, COL_VIA, CAT_PUBLISHERS, &publisher->via_count);
    publisher->areas = (const struct cat_area *const *)areas;
    publisher->via = (const struct cat_publisher *const *)via;
}

#define COLUMNS(...)            \
    .columns = { __VA_ARGS__ }, \
    .column_count = sizeof((enum column[]){ __VA_ARGS__ }) / sizeof(enum column)

const struct table_reader table_readers[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = { .file = "areas.csv",
                    .row_size = sizeof(struct cat_area),
                    COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_KIND, COL_PARENT, COL_MEMBERS,
                            COL_NUMBERS),
                    .optional = { COL_ALIASES },
                    .row = area_row,
                    .link = area_link },
    [CAT_UNITS] = { .file = "units.csv",
                    .row_size = sizeof(struct cat_unit),
                    COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_FAMILY, COL_FACTOR, COL_DECIMALS),
                    .row = unit_row },
    [CAT_OWNERS] = { .file = "owners.csv",
                     .row_size = sizeof(struct cat_owner),
                     COLUMNS(COL_ID, COL_NAME, COL_NAME_EN),
                     .optional = { COL_ALIASES },
                     .row = owner_row },
    [CAT_CALENDARS] = { .file = "calendars.csv",
                        .row_size = sizeof(struct cat_calendar),
                        COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_FREQUENCY, COL_MONTHS,
                                COL_DUE_DAY),
                        .row = catalogue_calendar_row },
    [CAT_HOLIDAYS] = { .file = "holidays.csv",
                       .is_optional = true,
                       .row_size = sizeof(struct cat_holiday),
                       COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_KIND),
                       .row = catalogue_holiday_row },
    [CAT_INDICATORS] = { .file = "indicators.csv",
                         .row_size = sizeof(struct cat_indicator),
                         COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_UNIT, COL_KIND, COL_CUMULATION,
                                 COL_CALENDAR, COL_DIRECTION, COL_DECIMALS, COL_DECOMPOSITION,
                                 COL_CATEGORY, COL_SORT, COL_ALIASES),
                         .optional = { COL_CASES, COL_VOLUME, COL_NUMERATOR, COL_DENOMINATOR },
                         .row = indicator_row,
                         .link = indicator_link },
    [CAT_PROFILES] = { .file = "profiles.csv",
                       .is_optional = true,
                       .row_size = sizeof(struct cat_profile),
                       COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_FORM, COL_POINTS, COL_SOURCE),
                       .row = catalogue_profile_row },
    [CAT_BANDS] = { .file = "bands.csv",
                    .is_optional = true,
                    .row_size = sizeof(struct cat_bands),
                    COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_MEASURE, COL_DEFAULT, COL_NORMAL,
                            COL_REMIND, COL_WARN),
                    .optional = { COL_NORMAL_EXIT, COL_REMIND_EXIT, COL_WARN_EXIT, COL_DOUBT,
                                  COL_NEEDED_PACE, COL_SOURCE, COL_VALID_FROM },
                    .row = catalogue_bands_row },
    [CAT_TARGETS] = { .file = "targets.csv",
                      .row_size = sizeof(struct cat_target),
                      COLUMNS(COL_ID, COL_SOURCE, COL_AREA, COL_INDICATOR, COL_YEAR, COL_TEXT,
                              COL_VALUE, COL_UNIT, COL_COMPARATOR, COL_REFERENCE, COL_OFFSET,
                              COL_METHOD, COL_STATUS, COL_PRIMARY, COL_OWNER, COL_LEAD,
                              COL_ACCOUNTABLE, COL_WORDING, COL_NOTE),
                      .optional = { COL_PERIOD, COL_FROM, COL_PROFILE, COL_BASE, COL_HELPERS,
                                    COL_BANDS, COL_VALID_FROM },
                      .row = target_row },
    [CAT_REMARKS] = { .file = "remarks.csv",
                      .is_optional = true,
                      .row_size = sizeof(struct cat_remark),
                      COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_SOURCE, COL_OTHER_SOURCE, COL_AREA,
                              COL_INDICATOR),
                      .row = catalogue_remark_row },
    [CAT_PUBLISHERS] = { .file = "publishers.csv",
                         .row_size = sizeof(struct cat_publisher),
                         COLUMNS(COL_ID, COL_NAME, COL_NAME_EN, COL_KIND, COL_AREAS, COL_VIA),
                         .optional = { COL_VIA },
                         .row = publisher_row,
                         .link = publisher_link },
};
