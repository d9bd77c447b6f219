/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/fields.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cal.h"
#include "core/num.h"
#include "core/text.h"
#include "core/verdict.h"

/* Bound of every number drawn: beyond it doubles do not hold whole numbers any more. */
static const double NUMBER_MAX = 1e15;

static int
text_read(json_t *value, const struct field *field, char *into, struct err_note *note)
{
    const char *text = json_string_value(value);
    const size_t length = json_string_length(value);
    if (!text_is_clean(text, length, length))
        return err_set(note, ERR_SYNTAX, "has control characters or is not UTF-8");
    const size_t kept = text_cut(text, length, field->size - 1);
    memcpy(into, text, kept);
    into[kept] = '\0';
    return 0;
}

/* Enums of ours are as large as an int and nowhere negative. */
static int
word_read(json_t *value, const struct field *field, void *into, struct err_note *note)
{
    char known[256] = "";
    for (unsigned i = 0; i < field->size; i++) {
        if (strcmp(field->words[i], json_string_value(value)) == 0) {
            memcpy(into, &i, sizeof i);
            return 0;
        }
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s\"%s\"", i > 0 ? ", " : "",
                       field->words[i]); /* our own short words */
    }
    return err_set(note, ERR_SYNTAX, "must be one of %s", known);
}

static int
letter_read(json_t *value, const struct field *field, char *ret_letter, struct err_note *note)
{
    if (json_string_length(value) != 1 || !strchr(field->words[0], json_string_value(value)[0]))
        return err_set(note, ERR_SYNTAX, "must be one letter of %s", field->words[0]);
    *ret_letter = json_string_value(value)[0];
    return 0;
}

static int
int_read(json_t *value, const struct field *field, int *ret_value, struct err_note *note)
{
    if (!json_is_integer(value))
        return err_set(note, ERR_SYNTAX, "must be a whole number");
    json_int_t number = json_integer_value(value);
    if (number < field->low || number > field->high)
        return err_set(note, ERR_RANGE, "must lie between %d and %d", field->low, field->high);
    *ret_value = (int)number;
    return 0;
}

static int
date_read(json_t *value, const struct field *field, struct cal_date *ret_date,
          struct err_note *note)
{
    struct cal_date date = { 0 };
    int rc = cal_date_parse(json_string_value(value), json_string_length(value), &date, note);
    if (rc < 0)
        return rc;
    if (date.days < cal_date_of(field->low, 1, 1).days)
        return err_set(note, ERR_RANGE, "before %d", field->low);
    if (date.days > cal_date_of(field->high, 12, 31).days)
        return err_set(note, ERR_RANGE, "after %d", field->high);
    *ret_date = date;
    return 0;
}

static int
number_read(json_t *value, double *ret_number, char *ret_text, struct err_note *note)
{
    struct num_decimal number;
    int rc = num_decimal_parse(json_string_value(value), json_string_length(value), &number, note);
    if (rc < 0)
        return rc;
    if (!(fabs(number.value) <= NUMBER_MAX))
        return err_set(note, ERR_RANGE, "beyond 10^15");
    *ret_number = number.value;
    if (ret_text)
        memcpy(ret_text, number.text, sizeof number.text);
    return 0;
}

/* What must be a text before anything else is asked; NULL for the rest. */
static const char *
text_expected(enum field_type type)
{
    switch (type) {
    case FIELD_TEXT:
    case FIELD_WORD:
        return "must be a text";
    case FIELD_LETTER:
        return "must be one letter";
    case FIELD_DATE:
        return "must be a date, YYYY-MM-DD";
    case FIELD_LEVEL:
        return "must be a level (normal, remind, warn, severe...)";
    case FIELD_NUMBER:
        return "must be a number written as a text";
    case FIELD_BOOL:
    case FIELD_INT:
    case FIELD_OTHER:
        break;
    }
    return NULL;
}

static int
field_read(json_t *value, const struct field *field, void *into, struct err_note *note)
{
    void *at = (char *)into + field->offset;
    const char *expected = text_expected(field->type);
    if (expected && !json_is_string(value))
        return err_set(note, ERR_SYNTAX, "%s", expected);
    switch (field->type) {
    case FIELD_TEXT:
        return text_read(value, field, at, note);
    case FIELD_WORD:
        return word_read(value, field, at, note);
    case FIELD_LETTER:
        return letter_read(value, field, at, note);
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            return err_set(note, ERR_SYNTAX, "must be true or false");
        *(bool *)at = json_is_true(value);
        return 0;
    case FIELD_INT:
        return int_read(value, field, at, note);
    case FIELD_DATE:
        return date_read(value, field, at, note);
    case FIELD_LEVEL:
        return level_parse(json_string_value(value), at) < 0
                   ? err_set(note, ERR_SYNTAX, "%s", expected)
                   : 0;
    case FIELD_NUMBER:
        return number_read(value, at, field->text ? (char *)into + field->text : NULL, note);
    case FIELD_OTHER:
        break;
    }
    return field->read(value, into, note);
}

int
fields_read(json_t *object, const struct field *fields, size_t count, void *into,
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
        int rc = field_read(value, &fields[i], into, note);
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

int
field_list_read(json_t *value, const struct field_list *list, void **ret_items, size_t *ret_count,
                struct err_note *note)
{
    if (!json_is_array(value))
        return err_set(note, ERR_SYNTAX, "must be a list");
    const size_t count = json_array_size(value);
    if (count > list->max)
        return err_set(note, ERR_RANGE, "more than %zu", list->max);
    if (count == 0)
        return 0;
    char *items = calloc(count, list->size);
    if (!items)
        return err_set(note, -ENOMEM, "out of memory");
    *ret_items = items;
    *ret_count = count;
    for (size_t i = 0; i < count; i++) {
        char *item = items + i * list->size;
        if (list->begin)
            list->begin(item);
        int rc = fields_read(json_array_get(value, i), list->fields, list->count, item, note);
        if (rc == 0 && list->check)
            rc = list->check(item, i > 0 ? item - list->size : NULL, note);
        if (rc < 0)
            return err_prefix(note, rc, "[%zu]", i);
    }
    return 0;
}
