/* SPDX-License-Identifier: GPL-3.0-or-later
 * Our JSON, read value by value: never more than one row is in memory as a tree. Blanks and the
 * order of members do not matter, but `format` and `version` stand before `rows`, and `rows` is
 * last. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/exchange/reader.h"

enum { VALUE_MAX = 64 * 1024, VERSION = 1 };

struct json_rows {
    struct reader reader; /* first */
    char *bytes;
    size_t size, at;
    unsigned row; /* of the last one read, from 1 */
    json_t *value;
    char count[COLUMN_COUNT][24]; /* numbers of the row as text */
};

static void
json_close(struct reader *reader)
{
    struct json_rows *rows = (struct json_rows *)reader;
    if (rows) {
        json_decref(rows->value);
        free(rows->bytes);
    }
    free(rows);
}

static void
json_place(const struct reader *reader, enum exchange_column column, char *text, size_t size)
{
    (void)column; /* its name is added */
    (void)snprintf(text, size, "row %u", ((const struct json_rows *)reader)->row);
}

/* The next character that is no blank, '\0' at the end. */
static char
look(struct json_rows *rows)
{
    while (rows->at < rows->size && strchr(" \t\r\n", rows->bytes[rows->at]) &&
           rows->bytes[rows->at])
        rows->at++;
    return rows->at < rows->size ? rows->bytes[rows->at] : '\0';
}

static int
expect(struct json_rows *rows, char wanted, struct err_note *note)
{
    if (look(rows) != wanted)
        return err_set(note, ERR_SYNTAX, "after row %u, at byte %zu: '%c' is missing", rows->row,
                       rows->at, wanted);
    rows->at++;
    return 0;
}

/* The next value whole, owned by the caller. */
static int
read_value(struct json_rows *rows, json_t **ret_value, struct err_note *note)
{
    json_error_t error;
    (void)look(rows); /* to its beginning */
    size_t room = rows->size - rows->at;
    json_t *value =
        json_loadb(rows->bytes + rows->at, room < VALUE_MAX ? room : VALUE_MAX,
                   JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
    if (!value)
        return err_set(note, ERR_SYNTAX, "after row %u, at byte %zu: %s", rows->row, rows->at,
                       error.text);
    rows->at += (size_t)error.position;
    *ret_value = value;
    return 0;
}

static int
cell_of(struct json_rows *rows, int column, const char **ret_text, struct err_note *note)
{
    const struct column_says *says = &column_says[column];
    const json_t *value = json_object_get(rows->value, says->name);
    *ret_text = "";
    if (!value && says->need == CELL_MUST)
        return err_set(note, ERR_SYNTAX, "row %u: it has no '%s'", rows->row, says->name);
    if (!value || json_is_null(value))
        return 0;
    if (says->kind == CELL_COUNT && json_is_integer(value)) {
        (void)snprintf(rows->count[column], sizeof rows->count[column], "%" PRId64,
                       (int64_t)json_integer_value(value)); /* fits */
        *ret_text = rows->count[column];
        return 0;
    }
    if (says->kind != CELL_TEXT || !json_is_string(value))
        return err_set(note, ERR_SYNTAX, "row %u: '%s' must be %s", rows->row, says->name,
                       says->kind == CELL_COUNT ? "a whole number" : "a text, in quotes");
    *ret_text = json_string_value(value);
    return 0;
}

static int
json_next_row(struct reader *reader, struct cells *ret_cells, struct err_note *note)
{
    struct json_rows *rows = (struct json_rows *)reader;
    json_decref(rows->value);
    rows->value = NULL;
    if (look(rows) == ']') {
        rows->at++;
        int code = expect(rows, '}', note);
        if (code == 0 && look(rows) != '\0')
            code = err_set(note, ERR_SYNTAX, "at byte %zu: more than one export", rows->at);
        return code;
    }
    int code = rows->row > 0 ? expect(rows, ',', note) : 0;
    if (code == 0)
        code = read_value(rows, &rows->value, note);
    if (code != 0)
        return code;
    rows->row++;
    if (!json_is_object(rows->value))
        return err_set(note, ERR_SYNTAX, "row %u: no object", rows->row);
    for (int column = 0; code == 0 && column < COLUMN_COUNT; column++)
        code = cell_of(rows, column, &ret_cells->text[column], note);
    return code == 0 ? 1 : code;
}

/* Reads a member's name and ':'. */
static int
read_name(struct json_rows *rows, char name[32], struct err_note *note)
{
    json_t *value = NULL;
    int code = read_value(rows, &value, note);
    if (code == 0 && !json_is_string(value))
        code = err_set(note, ERR_SYNTAX, "at byte %zu: a name is missing", rows->at);
    if (code == 0)
        (void)snprintf(name, 32, "%s", json_string_value(value)); /* none of ours is cut */
    json_decref(value);
    return code == 0 ? expect(rows, ':', note) : code;
}

static int
read_head_member(struct json_rows *rows, const char *name, bool *is_ours, struct err_note *note)
{
    json_t *value = NULL;
    int code = read_value(rows, &value, note);
    if (code == 0 && strcmp(name, "format") == 0)
        *is_ours =
            json_is_string(value) && strcmp(json_string_value(value), "pacewatch-export") == 0;
    if (code == 0 && strcmp(name, "version") == 0 && json_integer_value(value) != VERSION)
        code = err_set(note, ERR_VERSION, "version %lld of the export, this release reads %d",
                       (long long)json_integer_value(value), VERSION);
    json_decref(value);
    return code == 0 ? expect(rows, ',', note) : code;
}

/* Up to the first row. */
static int
read_head(struct json_rows *rows, struct err_note *note)
{
    bool is_ours = false;
    char name[32] = "";
    int code = expect(rows, '{', note);
    while (code == 0) {
        code = read_name(rows, name, note);
        if (code == 0 && strcmp(name, "rows") == 0)
            break;
        if (code == 0)
            code = read_head_member(rows, name, &is_ours, note);
    }
    if (code == 0 && !is_ours)
        code = err_set(note, ERR_SYNTAX, "it must be an export of pacewatch, as it was written");
    return code == 0 ? expect(rows, '[', note) : code;
}

int
json_reader_open(const char *path, struct reader **ret_reader, struct err_note *note)
{
    static const struct reader_does does = { json_next_row, json_place, json_close };
    struct json_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return err_set(note, -ENOMEM, "out of memory");
    rows->reader.does = &does;
    int code = reader_bytes(path, &rows->bytes, &rows->size, note);
    if (code == 0)
        code = read_head(rows, note);
    if (code != 0) {
        json_close(&rows->reader);
        return code;
    }
    *ret_reader = &rows->reader;
    return 0;
}
