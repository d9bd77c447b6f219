/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a request: the tables of its objects' fields (graphs/fields.h). */
#include "graphs/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graphs/fields.h"

enum { YEARS_MAX = 21, PERIOD_DAYS_MAX = 366, DECIMALS_MAX = 9 };

/* librrd draws nothing before 1980; the last leaves the calendar room for the axis. */
enum { FIRST_YEAR = 1980, LAST_YEAR = 2180, ANY_FIRST = 1900, ANY_LAST = 2199 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A field of that type, kept in a member of the struct. */
#define FIELD(name, kind, holder, member) \
    .key = (name), .type = FIELD_##kind, .offset = offsetof(holder, member)
#define TEXT(name, holder, member) \
    FIELD(name, TEXT, holder, member), .size = sizeof(((holder *)0)->member)
#define WORD(name, holder, member, table) \
    FIELD(name, WORD, holder, member), .size = COUNT(table), .words = (table)
#define LETTER(name, holder, member, table) FIELD(name, LETTER, holder, member), .words = (table)
#define BOOL(name, holder, member)          FIELD(name, BOOL, holder, member)
#define LEVEL(name, holder, member)         FIELD(name, LEVEL, holder, member)
#define INT(name, holder, member, least, most) \
    FIELD(name, INT, holder, member), .low = (least), .high = (most)
#define DATE(name, holder, member, first, last) \
    FIELD(name, DATE, holder, member), .low = (first), .high = (last)
#define NUMBER(name, holder, member) FIELD(name, NUMBER, holder, member)
/* A number whose text is kept too. */
#define WRITTEN(name, holder, member, written) \
    NUMBER(name, holder, member), .text = offsetof(holder, written)
#define OTHER(name, reader) .key = (name), .type = FIELD_OTHER, .read = (reader)
#define OPTIONAL            .is_optional = true

static const double UNKNOWN = (double)NAN;

static const char *const STATUS_LETTERS[] = { "ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
static const char *const KIND_LETTERS[] = { "FVNSHGRADCBK" };

/* ---- the lists ---- */

static const struct field FACT_FIELDS[] = {
    { TEXT("label", struct picture_fact, label) },
    { TEXT("text", struct picture_fact, text) },
    { LEVEL("level", struct picture_fact, level), OPTIONAL },
};

static void
fact_begin(void *item)
{
    ((struct picture_fact *)item)->level = LEVEL_COUNT;
}

static int
picture_facts(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = {
        FACT_FIELDS,       COUNT(FACT_FIELDS), sizeof(struct picture_fact),
        PICTURE_FACTS_MAX, fact_begin,         NULL
    };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->fact_count, note);
    picture->facts = items;
    return rc;
}

static const struct field POINT_FIELDS[] = {
    { DATE("from", struct picture_point, from, ANY_FIRST, ANY_LAST) },
    { DATE("to", struct picture_point, to, ANY_FIRST, ANY_LAST) },
    { TEXT("label", struct picture_point, label) },
    { WRITTEN("value", struct picture_point, number, value) },
    { LEVEL("level", struct picture_point, level) },
    { LETTER("status", struct picture_point, status, STATUS_LETTERS) },
    { BOOL("simulated", struct picture_point, is_simulated) },
    { BOOL("revised", struct picture_point, is_revised), OPTIONAL },
};

static int
span_check(struct cal_date from, struct cal_date to, const struct cal_date *before,
           struct err_note *note)
{
    if (to.days <= from.days)
        return err_set(note, ERR_RANGE, "to: must come after from");
    if (to.days - from.days > PERIOD_DAYS_MAX)
        return err_set(note, ERR_RANGE, "to: more than a year after from");
    if (before && to.days <= before->days)
        return err_set(note, ERR_RANGE, "to: not in order");
    return 0;
}

static int
point_check(const void *item, const void *before, struct err_note *note)
{
    const struct picture_point *point = item, *last = before;
    return span_check(point->from, point->to, last ? &last->to : NULL, note);
}

static const struct field_list POINT_LIST = {
    POINT_FIELDS, COUNT(POINT_FIELDS), sizeof(struct picture_point), PICTURE_POINTS_MAX,
    NULL,         point_check
};

static int
picture_points(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &POINT_LIST, &items, &picture->point_count, note);
    picture->points = items;
    return rc;
}

static const char *const GAP_STATES[] = { "missing", "not-due" };

static const struct field GAP_FIELDS[] = {
    { DATE("from", struct picture_gap, from, ANY_FIRST, ANY_LAST) },
    { DATE("to", struct picture_gap, to, ANY_FIRST, ANY_LAST) },
    { TEXT("label", struct picture_gap, label) },
    { WORD("state", struct picture_gap, state, GAP_STATES) },
};

static int
gap_check(const void *item, const void *before, struct err_note *note)
{
    const struct picture_gap *gap = item, *last = before;
    return span_check(gap->from, gap->to, last ? &last->to : NULL, note);
}

static int
picture_gaps(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = {
        GAP_FIELDS, COUNT(GAP_FIELDS), sizeof(struct picture_gap), PICTURE_POINTS_MAX,
        NULL,       gap_check
    };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->gap_count, note);
    picture->gaps = items;
    return rc;
}

static const struct field TARGET_FIELDS[] = {
    { INT("year", struct picture_target, year, ANY_FIRST, ANY_LAST) },
    { NUMBER("value", struct picture_target, value) },
    { NUMBER("plan", struct picture_target, plan), OPTIONAL },
};

static void
target_begin(void *item)
{
    ((struct picture_target *)item)->plan = UNKNOWN;
}

static int
target_check(const void *item, const void *before, struct err_note *note)
{
    const struct picture_target *target = item, *last = before;
    return last && target->year <= last->year
               ? err_set(note, ERR_RANGE, "year: must rise from one target to the next")
               : 0;
}

static int
picture_targets(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = {
        TARGET_FIELDS,       COUNT(TARGET_FIELDS), sizeof(struct picture_target),
        PICTURE_TARGETS_MAX, target_begin,         target_check
    };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->target_count, note);
    picture->targets = items;
    return rc;
}

static const struct field ZONE_FIELDS[] = {
    { NUMBER("low", struct picture_zone, low), OPTIONAL },
    { NUMBER("high", struct picture_zone, high), OPTIONAL },
    { LEVEL("level", struct picture_zone, level) },
};

static void
zone_begin(void *item)
{
    *(struct picture_zone *)item = (struct picture_zone){ .low = UNKNOWN, .high = UNKNOWN };
}

static int
zone_check(const void *item, const void *before, struct err_note *note)
{
    const struct picture_zone *zone = item;
    (void)before; /* zones need no order */
    return zone->low >= zone->high ? err_set(note, ERR_RANGE, "high: must lie above low") : 0;
}

static int
picture_zones(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = {
        ZONE_FIELDS,       COUNT(ZONE_FIELDS), sizeof(struct picture_zone),
        PICTURE_ZONES_MAX, zone_begin,         zone_check
    };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->zone_count, note);
    picture->zones = items;
    return rc;
}

static const struct field MILESTONE_FIELDS[] = {
    { DATE("at", struct picture_milestone, at, ANY_FIRST, ANY_LAST) },
    { NUMBER("value", struct picture_milestone, value) },
    { TEXT("text", struct picture_milestone, text) },
};

static int
picture_milestones(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = { MILESTONE_FIELDS,
                                            COUNT(MILESTONE_FIELDS),
                                            sizeof(struct picture_milestone),
                                            PICTURE_MILESTONES_MAX,
                                            NULL,
                                            NULL };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->milestone_count, note);
    picture->milestones = items;
    return rc;
}

static int
area_points(json_t *value, void *into, struct err_note *note)
{
    struct picture_area *area = into;
    void *items = NULL;
    int rc = field_list_read(value, &POINT_LIST, &items, &area->point_count, note);
    area->points = items;
    return rc;
}

static const struct field AREA_FIELDS[] = {
    { TEXT("name", struct picture_area, name) },
    { BOOL("self", struct picture_area, is_self), OPTIONAL },
    { LEVEL("level", struct picture_area, level) },
    { WRITTEN("value", struct picture_area, number, value), OPTIONAL },
    { WRITTEN("target", struct picture_area, target, target_text), OPTIONAL },
    { OTHER("points", area_points), OPTIONAL },
};

static void
area_begin(void *item)
{
    *(struct picture_area *)item = (struct picture_area){ .number = UNKNOWN, .target = UNKNOWN };
}

static int
picture_areas(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = {
        AREA_FIELDS,       COUNT(AREA_FIELDS), sizeof(struct picture_area),
        PICTURE_AREAS_MAX, area_begin,         NULL
    };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->area_count, note);
    picture->areas = items;
    return rc;
}

static const struct field VERSION_FIELDS[] = {
    { TEXT("label", struct picture_version, label) },
    { WRITTEN("value", struct picture_version, number, value) },
    { TEXT("change", struct picture_version, change), OPTIONAL },
    { LETTER("status", struct picture_version, status, STATUS_LETTERS) },
};

static int
picture_versions(json_t *value, void *into, struct err_note *note)
{
    static const struct field_list list = { VERSION_FIELDS,
                                            COUNT(VERSION_FIELDS),
                                            sizeof(struct picture_version),
                                            PICTURE_VERSIONS_MAX,
                                            NULL,
                                            NULL };
    struct picture *picture = into;
    void *items = NULL;
    int rc = field_list_read(value, &list, &items, &picture->version_count, note);
    picture->versions = items;
    return rc;
}

/* ---- the picture itself ---- */

static const struct field PROJECTION_FIELDS[] = {
    { DATE("at", struct picture_projection, at, ANY_FIRST, ANY_LAST) },
    { WRITTEN("value", struct picture_projection, value, value_text) },
    { WRITTEN("low", struct picture_projection, low, low_text), OPTIONAL },
    { WRITTEN("high", struct picture_projection, high, high_text), OPTIONAL },
};

static int
picture_projection(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    struct picture_projection *projection = &picture->projection;
    projection->low = projection->high = UNKNOWN;
    int rc = fields_read(value, PROJECTION_FIELDS, COUNT(PROJECTION_FIELDS), projection, note);
    if (rc < 0)
        return rc;
    if (isnan(projection->low) != isnan(projection->high) || projection->low > projection->high)
        return err_set(note, ERR_RANGE, "low and high: both or none, in this order");
    picture->has_projection = true;
    return 0;
}

/* Folders and file of hexadecimal digits only, or such a file in "scratch/", as collector/archive.h
 * names them: it becomes part of a librrd argument, where other characters have meanings. */
static bool
archive_is_plain(const char *path, size_t length)
{
    static const char suffix[] = ".rrd", scratch[] = "scratch/";
    if (strncmp(path, scratch, sizeof scratch - 1) == 0) {
        path += sizeof scratch - 1;
        length -= sizeof scratch - 1;
    }
    const size_t suffix_length = sizeof suffix - 1;
    if (length <= suffix_length || strcmp(path + length - suffix_length, suffix) != 0)
        return false;
    bool after_slash = true;
    for (size_t i = 0; i < length - suffix_length; i++) {
        const bool is_slash = path[i] == '/';
        if ((!is_slash && !strchr("0123456789abcdef", path[i])) || (is_slash && after_slash))
            return false;
        after_slash = is_slash;
    }
    return !after_slash;
}

static int
picture_archive(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    if (!json_is_string(value))
        return err_set(note, ERR_SYNTAX, "must be a text");
    size_t length = json_string_length(value);
    if (length >= sizeof picture->archive)
        return err_set(note, ERR_RANGE, "longer than %zu bytes", sizeof picture->archive - 1);
    if (!archive_is_plain(json_string_value(value), length))
        return err_set(
            note, ERR_SYNTAX,
            "must be of 0-9, a-f and single slashes, perhaps after scratch/, and end in .rrd");
    memcpy(picture->archive, json_string_value(value), length + 1);
    return 0;
}

static const char *const FORMATS[] = { "svg", "png" };
static const char *const CHARTS[] = { "trend",   "overlay",   "multiples",
                                      "ranking", "revisions", "spark" };
static const char *const SIZES[] = { "page", "phone", "print", "screen", "spark" };
static const char *const THEMES[] = { "light", "dark" };
static const char *const LANGS[] = { [LANG_ZH] = "zh-CN", [LANG_EN] = "en" };
static const char *const CUMULATIONS[] = {
    [CUMULATION_MONTH] = "MONTH", [CUMULATION_YTD] = "YTD", [CUMULATION_STOCK] = "STOCK"
};

static const struct field PICTURE_FIELDS[] = {
    { WORD("format", struct picture, format, FORMATS) },
    { WORD("lang", struct picture, lang, LANGS) },
    { WORD("chart", struct picture, chart, CHARTS), OPTIONAL },
    { WORD("size", struct picture, size, SIZES), OPTIONAL },
    { WORD("theme", struct picture, theme, THEMES), OPTIONAL },
    { OTHER("archive", picture_archive), OPTIONAL },
    { DATE("from", struct picture, from, FIRST_YEAR, ANY_LAST) },
    { DATE("to", struct picture, to, ANY_FIRST, LAST_YEAR) },
    { TEXT("title", struct picture, title) },
    { TEXT("area", struct picture, area) },
    { TEXT("unit", struct picture, unit) },
    { INT("decimals", struct picture, decimals, 0, DECIMALS_MAX) },
    { WORD("cumulation", struct picture, cumulation, CUMULATIONS) },
    { LETTER("kind", struct picture, kind, KIND_LETTERS) },
    { BOOL("simulated", struct picture, is_simulated) },
    { TEXT("as_of", struct picture, as_of), OPTIONAL },
    { OTHER("facts", picture_facts), OPTIONAL },
    { OTHER("points", picture_points) },
    { OTHER("gaps", picture_gaps), OPTIONAL },
    { OTHER("targets", picture_targets) },
    { OTHER("zones", picture_zones), OPTIONAL },
    { OTHER("milestones", picture_milestones), OPTIONAL },
    { OTHER("projection", picture_projection), OPTIONAL },
    { OTHER("areas", picture_areas), OPTIONAL },
    { OTHER("versions", picture_versions), OPTIONAL },
};

bool
picture_needs_archive(const struct picture *picture)
{
    return picture->chart == CHART_TREND || picture->chart == CHART_SPARK;
}

static int
picture_check(struct picture *picture, struct err_note *note)
{
    if (picture->chart == CHART_SPARK || picture->size == PICTURE_SPARK) {
        picture->chart = CHART_SPARK;
        picture->size = PICTURE_SPARK;
    }
    if (picture->to.days < picture->from.days)
        return err_set(note, ERR_RANGE, "to: lies before from");
    if (picture->to.days - picture->from.days >= YEARS_MAX * PERIOD_DAYS_MAX)
        return err_set(note, ERR_RANGE, "to: more than %d years after from", YEARS_MAX);
    if (picture_needs_archive(picture) && !picture->archive[0])
        return err_set(note, ERR_SYNTAX, "archive: missing");
    return 0;
}

int
picture_parse(const char *json, size_t length, struct picture *ret_picture, struct err_note *note)
{
    if (length > PICTURE_REQUEST_MAX)
        return err_set(note, ERR_RANGE, "request: longer than %d bytes", PICTURE_REQUEST_MAX);
    json_error_t fault;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return err_set(note, ERR_SYNTAX, "request: line %d, column %d: %s", fault.line,
                       fault.column, fault.text);
    struct picture picture = { 0 };
    int rc = fields_read(root, PICTURE_FIELDS, COUNT(PICTURE_FIELDS), &picture, note);
    if (rc == 0)
        rc = picture_check(&picture, note);
    json_decref(root);
    if (rc < 0) {
        picture_done(&picture);
        return err_prefix(note, rc, "request");
    }
    *ret_picture = picture;
    return 0;
}

void
picture_done(struct picture *picture)
{
    if (!picture)
        return;
    for (size_t i = 0; i < picture->area_count; i++)
        free(picture->areas[i].points);
    free(picture->facts);
    free(picture->points);
    free(picture->gaps);
    free(picture->targets);
    free(picture->zones);
    free(picture->milestones);
    free(picture->areas);
    free(picture->versions);
    *picture = (struct picture){ 0 };
}
