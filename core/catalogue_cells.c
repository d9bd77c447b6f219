/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cells of the record under way: as text, number, word, name of another object, version. The
 * first fault sticks, and is told with file, line and column. */
#include "core/catalogue_private.h"

#include <math.h>
#include <string.h>

#include "core/pure.h"

enum { CELL_MAX = 4096 };

struct csv_field
cell_text(const struct parse *parse, enum column column)
{
    int at = parse->columns[column];
    return at < 0 || parse->error ? (struct csv_field){ "", 0 } : parse->reader->fields[at];
}

bool
cell_is_empty(const struct parse *parse, enum column column)
{
    return cell_text(parse, column).length == 0;
}

const char *
cell_keep(struct parse *parse, enum column column, struct csv_field part)
{
    if (part.length == 0 || parse->error)
        return parse->empty;
    if (!text_is_clean(part.text, part.length, CELL_MAX)) {
        parse_fault(parse, ERR_SYNTAX, column,
                    "line breaks, control characters or more than %d bytes", CELL_MAX);
        return parse->empty;
    }
    return parse_keep_text(parse, part.text, part.length);
}

const char *
cell_copy(struct parse *parse, enum column column)
{
    return cell_keep(parse, column, cell_text(parse, column));
}

const char *
cell_needed(struct parse *parse, enum column column)
{
    if (cell_is_empty(parse, column))
        parse_fault(parse, ERR_SYNTAX, column, "is empty");
    return cell_copy(parse, column);
}

const char *
cell_id(struct parse *parse)
{
    struct csv_field cell = cell_text(parse, COL_ID);
    char quoted[TEXT_QUOTE_MAX];
    if (!text_is_id(cell.text, cell.length))
        parse_fault(parse, ERR_SYNTAX, COL_ID,
                    "'%s' is no id: 1 to 48 of a-z, 0-9 and '-', '+' between members",
                    text_quote(cell.text, cell.length, quoted));
    return cell_copy(parse, COL_ID);
}

struct cat_name
cell_names(struct parse *parse)
{
    struct cat_name name = { .zh = cell_needed(parse, COL_NAME) };
    name.en = cell_is_empty(parse, COL_NAME_EN) ? name.zh : cell_copy(parse, COL_NAME_EN);
    return name;
}

int64_t
cell_int(struct parse *parse, enum column column, int64_t low, int64_t high)
{
    struct csv_field cell = cell_text(parse, column);
    struct err_note why = { { 0 } };
    int64_t value = low;
    int code = num_int_parse(cell.text, cell.length, low, high, &value, &why);
    if (code < 0)
        parse_fault(parse, code, column, "%s", why.text);
    return value;
}

struct num_decimal
cell_decimal(struct parse *parse, enum column column)
{
    struct csv_field cell = cell_text(parse, column);
    struct err_note why = { { 0 } };
    struct num_decimal number = { .text = "0" };
    int code = num_decimal_parse(cell.text, cell.length, &number, &why);
    if (code < 0)
        parse_fault(parse, code, column, "%s", why.text);
    return number;
}

int
cell_word(struct parse *parse, enum column column, const char *words)
{
    struct csv_field cell = cell_text(parse, column);
    const char *at = words;
    for (int place = 0; at; place++) {
        const char *end = strchr(at, '|');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (length == cell.length && memcmp(at, cell.text, length) == 0)
            return place;
        at = end ? end + 1 : NULL;
    }
    char quoted[TEXT_QUOTE_MAX];
    parse_fault(parse, ERR_UNKNOWN, column, "'%s' is none of %s",
                text_quote(cell.text, cell.length, quoted), words);
    return 0;
}

bool
cell_yes(struct parse *parse, enum column column)
{
    return cell_word(parse, column, "yes|no") == 0;
}

/* "unknown unit 'mou'". */
static const void *
find_item(struct parse *parse, enum column column, enum cat_table table, struct csv_field item)
{
    static const char *const words[CAT_TABLE_COUNT] = {
        "area",    "unit",  "owner",  "calendar", "holiday",   "indicator",
        "profile", "bands", "target", "remark",   "publisher",
    };
    enum { ID_MAX = 48 };
    char id[ID_MAX + 1] = "";
    const void *object = NULL;
    if (item.length > 0 && item.length <= ID_MAX) {
        memcpy(id, item.text, item.length);
        id[item.length] = '\0';
        object = name_index_find(&parse->index->ids[table], id);
    }
    char quoted[TEXT_QUOTE_MAX];
    if (!object)
        parse_fault(parse, ERR_UNKNOWN, column, "unknown %s '%s'", words[table],
                    text_quote(item.text, item.length, quoted));
    return object;
}

const void *
cell_reference(struct parse *parse, enum column column, enum cat_table table)
{
    struct csv_field cell = cell_text(parse, column);
    return cell.length == 0 ? NULL : find_item(parse, column, table, cell);
}

const void *
cell_reference_needed(struct parse *parse, enum column column, enum cat_table table)
{
    if (cell_is_empty(parse, column))
        parse_fault(parse, ERR_SYNTAX, column, "is empty");
    return cell_reference(parse, column, table);
}

bool
list_next(struct csv_field *rest, struct csv_field *ret_item)
{
    if (!rest->text)
        return false;
    const char *end = rest->length ? memchr(rest->text, ';', rest->length) : NULL;
    size_t length = end ? (size_t)(end - rest->text) : rest->length;
    *ret_item = (struct csv_field){ rest->text, length };
    *rest = end ? (struct csv_field){ end + 1, rest->length - length - 1 }
                : (struct csv_field){ NULL, 0 };
    return true;
}

const void *const *
cell_references(struct parse *parse, enum column column, enum cat_table table, size_t *ret_count)
{
    struct csv_field rest = cell_text(parse, column);
    *ret_count = 0;
    if (rest.length == 0)
        return NULL;
    size_t most = 1;
    for (size_t i = 0; i < rest.length; i++)
        most += rest.text[i] == ';' ? 1 : 0;
    parse_align(parse);
    const void **objects = parse_keep(parse, most, sizeof *objects);
    size_t count = 0;
    struct csv_field item;
    while (objects && list_next(&rest, &item)) {
        const void *object = find_item(parse, column, table, item);
        for (size_t i = 0; i < count; i++)
            if (object && objects[i] == object)
                parse_fault(parse, ERR_CONFLICT, column, "'%.*s' is listed twice", (int)item.length,
                            item.text);
        objects[count++] = object;
    }
    *ret_count = count;
    return objects;
}

void
parse_index_name(struct parse *parse, struct name_index *index, enum column column,
                 const char *name, const void *object)
{
    if (parse->error)
        return;
    struct name_slot *slot = name_index_slot(index, name);
    char quoted[TEXT_QUOTE_MAX];
    if (slot->name && slot->object != object)
        parse_fault(parse, ERR_CONFLICT, column, "'%s' is already the %s of another row",
                    text_quote(name, strlen(name), quoted), index->is_loose ? "name" : "id");
    slot->name = name;
    slot->object = object;
}

void
parse_index_id(struct parse *parse, const char *id, const void *object)
{
    parse_index_name(parse, &parse->index->ids[parse->table], COL_ID, id, object);
}

struct cal_date
cell_valid_from(struct parse *parse)
{
    struct csv_field cell = cell_text(parse, COL_VALID_FROM);
    struct err_note why = { { 0 } };
    struct cal_date day = { INT32_MIN };
    if (cell.length > 0 && cal_date_parse(cell.text, cell.length, &day, &why) != 0)
        parse_fault(parse, ERR_SYNTAX, COL_VALID_FROM, "%s", why.text);
    return day;
}

void
parse_check_version(struct parse *parse, const char *id, struct cal_date day, struct cal_date older)
{
    if (day.days <= older.days)
        parse_fault(parse, ERR_CONFLICT, COL_ID,
                    "'%s' stands above already; a newer version begins on a later day (valid_from)",
                    id);
}

double
cell_number_or_none(struct parse *parse, enum column column)
{
    return cell_is_empty(parse, column) ? (double)NAN : cell_decimal(parse, column).value;
}
