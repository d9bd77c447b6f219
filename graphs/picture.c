/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a request. Each object of the request is a table of fields; a field is a key, a reader
 * and whether it must be there. */
#include "graphs/picture.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { YEARS_MAX = 21, PERIOD_DAYS_MAX = 366, FIELDS_MAX = 32, LANGS = 2, DECIMALS_MAX = 9 };

/* Bound of every number drawn: beyond it doubles do not hold whole numbers any more. */
static const double NUMBER_MAX = 1e15;

/* librrd draws nothing before 1980; the last leaves the calendar room for the axis. */
enum { FIRST_YEAR = 1980, LAST_YEAR = 2180 };

typedef int (*field_reader)(json_t *value, void *into, struct err_note *note);

struct field {
    const char *key;
    field_reader read;
    bool is_optional;
};

/* Reads every field of `object` into `into`; the first fault is prefixed with its key. */
static int
object_read(json_t *object, const struct field *fields, size_t count, void *into,
            struct err_note *note)
{
    if (!json_is_object(object))
        return err_set(note, ERR_SYNTAX, "must be an object");
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(object, fields[i].key);
        if (!value && fields[i].is_optional)
            continue;
        if (!value)
            return err_set(note, ERR_SYNTAX, "%s: missing", fields[i].key);
        known++;
        int rc = fields[i].read(value, into, note);
        if (rc < 0)
            return err_prefix(note, rc, "%s", fields[i].key);
    }
    if (known == json_object_size(object))
        return 0;
    const char *key;
    json_t *value;
    int rc = 0;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (i < count && strcmp(fields[i].key, key) != 0)
            i++;
        if (i == count && rc == 0)
            rc = err_set(note, ERR_SYNTAX, "%.60s: unknown key", key);
    }
    return rc;
}

/* A clean text, cut to `room - 1` bytes between two characters. */
static int
text_read(json_t *value, char *into, size_t room, struct err_note *note)
{
    if (!json_is_string(value))
        return err_set(note, ERR_SYNTAX, "must be a text");
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (!text_is_clean(text, length, length))
        return err_set(note, ERR_SYNTAX, "has control characters or is not UTF-8");
    size_t kept = text_cut(text, length, room - 1);
    memcpy(into, text, kept);
    into[kept] = '\0';
    return 0;
}

/* A text that is one of `words`; its place in the table. */
static int
word_read(json_t *value, const char *const *words, size_t count, size_t *ret_place,
          struct err_note *note)
{
    if (!json_is_string(value))
        return err_set(note, ERR_SYNTAX, "must be a text");
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], json_string_value(value)) == 0) {
            *ret_place = i;
            return 0;
        }
    }
    return err_set(note, ERR_SYNTAX, "must be one of \"%s\", \"%s\"...", words[0], words[1]);
}

/* One ASCII letter out of `letters`. */
static int
letter_read(json_t *value, const char *letters, char *ret_letter, struct err_note *note)
{
    if (!json_is_string(value) || json_string_length(value) != 1 ||
        !strchr(letters, json_string_value(value)[0]))
        return err_set(note, ERR_SYNTAX, "must be one letter of %s", letters);
    *ret_letter = json_string_value(value)[0];
    return 0;
}

static int
bool_read(json_t *value, bool *ret_bool, struct err_note *note)
{
    if (!json_is_boolean(value))
        return err_set(note, ERR_SYNTAX, "must be true or false");
    *ret_bool = json_is_true(value);
    return 0;
}

static int
int_read(json_t *value, int low, int high, int *ret_value, struct err_note *note)
{
    if (!json_is_integer(value))
        return err_set(note, ERR_SYNTAX, "must be a whole number");
    json_int_t number = json_integer_value(value);
    if (number < low || number > high)
        return err_set(note, ERR_RANGE, "must lie between %d and %d", low, high);
    *ret_value = (int)number;
    return 0;
}

static int
date_read(json_t *value, struct cal_date *ret_date, struct err_note *note)
{
    if (!json_is_string(value))
        return err_set(note, ERR_SYNTAX, "must be a date, YYYY-MM-DD");
    return cal_date_parse(json_string_value(value), json_string_length(value), ret_date, note);
}

static int
level_read(json_t *value, enum level *ret_level, struct err_note *note)
{
    if (!json_is_string(value) || level_parse(json_string_value(value), ret_level) < 0)
        return err_set(note, ERR_SYNTAX, "must be a level (normal, remind, warn, severe...)");
    return 0;
}

static int
number_read(json_t *value, struct num_decimal *ret_number, struct err_note *note)
{
    if (!json_is_string(value))
        return err_set(note, ERR_SYNTAX, "must be a number written as a text");
    struct num_decimal number;
    int rc = num_decimal_parse(json_string_value(value), json_string_length(value), &number, note);
    if (rc < 0)
        return rc;
    if (!(fabs(number.value) <= NUMBER_MAX))
        return err_set(note, ERR_RANGE, "beyond 10^15");
    *ret_number = number;
    return 0;
}

/* Facts. */

static int
fact_label(json_t *value, void *into, struct err_note *note)
{
    struct picture_fact *fact = into;
    return text_read(value, fact->label, sizeof fact->label, note);
}

static int
fact_text(json_t *value, void *into, struct err_note *note)
{
    struct picture_fact *fact = into;
    return text_read(value, fact->text, sizeof fact->text, note);
}

static int
fact_level(json_t *value, void *into, struct err_note *note)
{
    struct picture_fact *fact = into;
    return level_read(value, &fact->level, note);
}

static const struct field FACT_FIELDS[] = {
    { "label", fact_label, false },
    { "text", fact_text, false },
    { "level", fact_level, true },
};

static int
picture_facts(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    if (!json_is_array(value))
        return err_set(note, ERR_SYNTAX, "must be a list");
    if (json_array_size(value) > PICTURE_FACTS_MAX)
        return err_set(note, ERR_RANGE, "more than %d", PICTURE_FACTS_MAX);
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct picture_fact *fact = &picture->facts[i];
        fact->level = LEVEL_COUNT;
        int rc = object_read(json_array_get(value, i), FACT_FIELDS,
                             sizeof FACT_FIELDS / sizeof *FACT_FIELDS, fact, note);
        if (rc < 0)
            return err_prefix(note, rc, "[%zu]", i);
    }
    picture->fact_count = json_array_size(value);
    return 0;
}

/* Points. */

static int
point_from(json_t *value, void *into, struct err_note *note)
{
    return date_read(value, &((struct picture_point *)into)->from, note);
}

static int
point_to(json_t *value, void *into, struct err_note *note)
{
    return date_read(value, &((struct picture_point *)into)->to, note);
}

static int
point_label(json_t *value, void *into, struct err_note *note)
{
    struct picture_point *point = into;
    return text_read(value, point->label, sizeof point->label, note);
}

static int
point_value(json_t *value, void *into, struct err_note *note)
{
    struct picture_point *point = into;
    struct num_decimal number = { .value = 0 };
    int rc = number_read(value, &number, note);
    if (rc < 0)
        return rc;
    memcpy(point->value, number.text, sizeof point->value);
    point->number = number.value;
    return 0;
}

static int
point_level(json_t *value, void *into, struct err_note *note)
{
    return level_read(value, &((struct picture_point *)into)->level, note);
}

static int
point_status(json_t *value, void *into, struct err_note *note)
{
    return letter_read(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", &((struct picture_point *)into)->status,
                       note);
}

static int
point_simulated(json_t *value, void *into, struct err_note *note)
{
    return bool_read(value, &((struct picture_point *)into)->is_simulated, note);
}

static const struct field POINT_FIELDS[] = {
    { "from", point_from, false },           { "to", point_to, false },
    { "label", point_label, false },         { "value", point_value, false },
    { "level", point_level, false },         { "status", point_status, false },
    { "simulated", point_simulated, false },
};

static int
point_check(const struct picture_point *point, const struct picture_point *before,
            struct err_note *note)
{
    if (point->to.days <= point->from.days)
        return err_set(note, ERR_RANGE, "to: must come after from");
    if (point->to.days - point->from.days > PERIOD_DAYS_MAX)
        return err_set(note, ERR_RANGE, "to: more than a year after from");
    if (before && point->to.days <= before->to.days)
        return err_set(note, ERR_RANGE, "to: the points are not in order");
    return 0;
}

static int
picture_points(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    if (!json_is_array(value))
        return err_set(note, ERR_SYNTAX, "must be a list");
    size_t count = json_array_size(value);
    if (count > PICTURE_POINTS_MAX)
        return err_set(note, ERR_RANGE, "more than %d", PICTURE_POINTS_MAX);
    if (count == 0)
        return 0;
    picture->points = calloc(count, sizeof *picture->points);
    if (!picture->points)
        return err_set(note, -ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        struct picture_point *point = &picture->points[i];
        int rc = object_read(json_array_get(value, i), POINT_FIELDS,
                             sizeof POINT_FIELDS / sizeof *POINT_FIELDS, point, note);
        if (rc == 0)
            rc = point_check(point, i > 0 ? point - 1 : NULL, note);
        if (rc < 0)
            return err_prefix(note, rc, "[%zu]", i);
    }
    picture->point_count = count;
    return 0;
}

/* Targets. */

static int
target_year(json_t *value, void *into, struct err_note *note)
{
    return int_read(value, 1900, 2199, &((struct picture_target *)into)->year, note);
}

static int
target_number(json_t *value, void *into, struct err_note *note)
{
    struct num_decimal number = { .value = 0 };
    int rc = number_read(value, &number, note);
    if (rc == 0)
        ((struct picture_target *)into)->value = number.value;
    return rc;
}

static int
target_plan(json_t *value, void *into, struct err_note *note)
{
    struct num_decimal number = { .value = 0 };
    struct picture_target *target = into;
    int rc = number_read(value, &number, note);
    target->plan = number.value;
    target->has_plan = rc == 0;
    return rc;
}

static const struct field TARGET_FIELDS[] = {
    { "year", target_year, false },
    { "value", target_number, false },
    { "plan", target_plan, true },
};

static int
picture_targets(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    if (!json_is_array(value))
        return err_set(note, ERR_SYNTAX, "must be a list");
    if (json_array_size(value) > PICTURE_TARGETS_MAX)
        return err_set(note, ERR_RANGE, "more than %d", PICTURE_TARGETS_MAX);
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct picture_target *target = &picture->targets[i];
        int rc = object_read(json_array_get(value, i), TARGET_FIELDS,
                             sizeof TARGET_FIELDS / sizeof *TARGET_FIELDS, target, note);
        if (rc == 0 && i > 0 && target->year <= target[-1].year)
            rc = err_set(note, ERR_RANGE, "year: must rise from one target to the next");
        if (rc < 0)
            return err_prefix(note, rc, "[%zu]", i);
    }
    picture->target_count = json_array_size(value);
    return 0;
}

/* The picture itself. */

static int
picture_format(json_t *value, void *into, struct err_note *note)
{
    static const char *const words[] = { "svg", "png" };
    size_t place = 0;
    int rc = word_read(value, words, 2, &place, note);
    if (rc == 0)
        ((struct picture *)into)->format = place == 0 ? PICTURE_SVG : PICTURE_PNG;
    return rc;
}

static int
picture_lang(json_t *value, void *into, struct err_note *note)
{
    static const char *const words[] = { "zh-CN", "en" };
    size_t place = 0;
    int rc = word_read(value, words, LANGS, &place, note);
    if (rc == 0)
        ((struct picture *)into)->lang = place == 0 ? LANG_ZH : LANG_EN;
    return rc;
}

static int
picture_size(json_t *value, void *into, struct err_note *note)
{
    static const char *const words[] = { "page", "phone", "spark" };
    static const enum picture_size sizes[] = { PICTURE_PAGE, PICTURE_PHONE, PICTURE_SPARK };
    size_t place = 0;
    int rc = word_read(value, words, 3, &place, note);
    if (rc == 0)
        ((struct picture *)into)->size = sizes[place];
    return rc;
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

static int
picture_from(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    int rc = date_read(value, &picture->from, note);
    if (rc == 0 && picture->from.days < cal_date_of(FIRST_YEAR, 1, 1).days)
        rc = err_set(note, ERR_RANGE, "before %d", FIRST_YEAR);
    return rc;
}

static int
picture_to(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    int rc = date_read(value, &picture->to, note);
    if (rc == 0 && picture->to.days > cal_date_of(LAST_YEAR, 12, 31).days)
        rc = err_set(note, ERR_RANGE, "after %d", LAST_YEAR);
    return rc;
}

static int
picture_title(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    return text_read(value, picture->title, sizeof picture->title, note);
}

static int
picture_area(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    return text_read(value, picture->area, sizeof picture->area, note);
}

static int
picture_unit(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    return text_read(value, picture->unit, sizeof picture->unit, note);
}

static int
picture_decimals(json_t *value, void *into, struct err_note *note)
{
    return int_read(value, 0, DECIMALS_MAX, &((struct picture *)into)->decimals, note);
}

static int
picture_cumulation(json_t *value, void *into, struct err_note *note)
{
    if (!json_is_string(value) ||
        cumulation_parse(json_string_value(value), json_string_length(value),
                         &((struct picture *)into)->cumulation) < 0)
        return err_set(note, ERR_SYNTAX, "must be MONTH, YTD or STOCK");
    return 0;
}

static int
picture_kind(json_t *value, void *into, struct err_note *note)
{
    return letter_read(value, "FVNSHGRADCBK", &((struct picture *)into)->kind, note);
}

static int
picture_simulated(json_t *value, void *into, struct err_note *note)
{
    return bool_read(value, &((struct picture *)into)->is_simulated, note);
}

static int
picture_as_of(json_t *value, void *into, struct err_note *note)
{
    struct picture *picture = into;
    return text_read(value, picture->as_of, sizeof picture->as_of, note);
}

static const struct field PICTURE_FIELDS[] = {
    { "format", picture_format, false },
    { "lang", picture_lang, false },
    { "size", picture_size, true },
    { "archive", picture_archive, false },
    { "from", picture_from, false },
    { "to", picture_to, false },
    { "title", picture_title, false },
    { "area", picture_area, false },
    { "unit", picture_unit, false },
    { "decimals", picture_decimals, false },
    { "cumulation", picture_cumulation, false },
    { "kind", picture_kind, false },
    { "simulated", picture_simulated, false },
    { "as_of", picture_as_of, true },
    { "facts", picture_facts, true },
    { "points", picture_points, false },
    { "targets", picture_targets, false },
};

static int
picture_check(const struct picture *picture, struct err_note *note)
{
    if (picture->to.days < picture->from.days)
        return err_set(note, ERR_RANGE, "to: lies before from");
    if (picture->to.days - picture->from.days >= YEARS_MAX * PERIOD_DAYS_MAX)
        return err_set(note, ERR_RANGE, "to: more than %d years after from", YEARS_MAX);
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
    int rc = object_read(root, PICTURE_FIELDS, sizeof PICTURE_FIELDS / sizeof *PICTURE_FIELDS,
                         &picture, note);
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
    free(picture->points);
    *picture = (struct picture){ 0 };
}
