/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/catalogue_merge.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/text.h"
#include "platform/file.h"

/* A table in memory: cells row by row; a missing cell reads as "". */
struct table {
    char *columns[CSV_FIELDS_MAX];
    size_t column_count;
    char **cells;
    size_t rows, room;
};

static void
table_done(struct table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        free(table->columns[i]);
    for (size_t i = 0; i < table->rows * table->column_count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){ 0 };
}

static int
add_row(struct table *table, const struct csv_reader *reader)
{
    size_t width = table->column_count;
    if (table->rows == table->room) {
        size_t room = table->room ? table->room * 2 : 256;
        char **grown = realloc(table->cells, room * width * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        table->cells = grown;
        table->room = room;
    }
    char **row = table->cells + table->rows * width;
    for (size_t i = 0; i < width; i++)
        row[i] = NULL;
    table->rows++;
    for (size_t i = 0; i < width; i++) {
        char *text = strdup(reader->fields[i].text);
        if (!text)
            return -ENOMEM;
        row[i] = text;
    }
    return 0;
}

static int
read_rows(struct table *table, struct csv_reader *reader, struct err_note *note)
{
    int got;
    while ((got = csv_next(reader, note)) > 0) {
        if (table->column_count == 0) {
            for (unsigned i = 0; i < reader->field_count; i++) {
                table->columns[i] = strdup(reader->fields[i].text);
                if (!table->columns[i])
                    return -ENOMEM;
                table->column_count++;
            }
            continue;
        }
        if (reader->field_count != table->column_count)
            return err_set(note, ERR_SYNTAX, "line %u: %u cells, the header has %zu", reader->line,
                           reader->field_count, table->column_count);
        int code = add_row(table, reader);
        if (code != 0)
            return err_set(note, code, "out of memory");
    }
    return got;
}

static int
table_read(const char *bytes, size_t size, struct table *ret_table, struct err_note *note)
{
    struct csv_reader *reader = malloc(sizeof *reader);
    struct table table = { 0 };
    if (!reader)
        return err_set(note, -ENOMEM, "out of memory");
    csv_open(reader, bytes, size);
    int code = read_rows(&table, reader, note);
    free(reader);
    if (code != 0) {
        table_done(&table);
        return code;
    }
    *ret_table = table;
    return 0;
}

/* Place of a column, or -1. */
static int
column_of(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i], name) == 0)
            return (int)i;
    return -1;
}

static const char *
cell(const struct table *table, size_t row, int column)
{
    return column < 0 ? "" : table->cells[row * table->column_count + (size_t)column];
}

/* Last row of each id: a table of places by hash, twice as large as the rows. */
struct ids {
    size_t *slots; /* row + 1; 0 free */
    size_t mask;
};

static size_t *
id_slot(const struct ids *ids, const struct table *table, const char *id)
{
    int column = column_of(table, "id");
    size_t at = text_name_hash(id) & ids->mask;
    while (ids->slots[at] && strcmp(cell(table, ids->slots[at] - 1, column), id) != 0)
        at = (at + 1) & ids->mask;
    return &ids->slots[at];
}

static int
index_ids(const struct table *table, struct ids *ret_ids)
{
    size_t size = 16;
    while (size < table->rows * 2 + 2)
        size *= 2;
    *ret_ids = (struct ids){ calloc(size, sizeof(size_t)), size - 1 };
    if (!ret_ids->slots)
        return -ENOMEM;
    int column = column_of(table, "id");
    for (size_t row = 0; row < table->rows; row++)
        *id_slot(ret_ids, table, cell(table, row, column)) = row + 1;
    return 0;
}

/* Do two rows say the same in every column of either table, but for when they take effect? */
static bool
same_row(const struct table *a, size_t row_a, const struct table *b, size_t row_b)
{
    for (int side = 0; side < 2; side++) {
        const struct table *table = side == 0 ? a : b;
        for (size_t i = 0; i < table->column_count; i++) {
            const char *name = table->columns[i];
            if (strcmp(name, "valid_from") != 0 &&
                strcmp(cell(a, row_a, column_of(a, name)), cell(b, row_b, column_of(b, name))) != 0)
                return false;
        }
    }
    return true;
}

/* ---- writing ---- */

/* The columns of the result: the site's, then what the edition has besides, then valid_from. */
struct writer {
    FILE *out;
    const char *columns[2 * CSV_FIELDS_MAX + 1];
    size_t column_count;
};

static void
want_column(struct writer *w, const char *name)
{
    for (size_t i = 0; i < w->column_count; i++)
        if (strcmp(w->columns[i], name) == 0)
            return;
    w->columns[w->column_count++] = name;
}

/* As RFC 4180 has it; fclose tells whether all of it was written. */
static void
put_cell(FILE *out, const char *text, bool is_last)
{
    bool quote = text[strcspn(text, ",\"\r\n")] != '\0';
    if (quote)
        (void)fputc('"', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            (void)fputc('"', out);
        (void)fputc(*p, out);
    }
    if (quote)
        (void)fputc('"', out);
    (void)fputc(is_last ? '\n' : ',', out);
}

/* A row of a table; `valid_from` instead of its own where not NULL. */
static void
put_row(struct writer *w, const struct table *table, size_t row, const char *valid_from)
{
    for (size_t i = 0; i < w->column_count; i++) {
        bool is_day = valid_from && strcmp(w->columns[i], "valid_from") == 0;
        put_cell(w->out, is_day ? valid_from : cell(table, row, column_of(table, w->columns[i])),
                 i + 1 == w->column_count);
    }
}

static void
put_header(struct writer *w, const struct table *site, const struct table *edition)
{
    for (size_t i = 0; i < site->column_count; i++)
        want_column(w, site->columns[i]);
    for (size_t i = 0; i < edition->column_count; i++)
        want_column(w, edition->columns[i]);
    want_column(w, "valid_from");
    (void)fputs("\xef\xbb\xbf", w->out); /* without this mark Excel takes it for GBK */
    for (size_t i = 0; i < w->column_count; i++)
        put_cell(w->out, w->columns[i], i + 1 == w->column_count);
}

/* A new version begins after the one before it. */
static int
check_later(const struct table *site, size_t row, struct cal_date effective, struct err_note *note)
{
    const char *text = cell(site, row, column_of(site, "valid_from"));
    struct cal_date since;
    if (!text[0] || cal_date_parse(text, strlen(text), &since, NULL) != 0 ||
        since.days < effective.days)
        return 0;
    return err_set(note, ERR_CONFLICT,
                   "'%s' changes, and the site has a version of it from %s on: the new one must "
                   "take effect later (--effective)",
                   cell(site, row, column_of(site, "id")), text);
}

static int
merge(struct writer *w, const struct table *site, const struct table *edition,
      struct cal_date effective, struct merge_counts *counts, struct err_note *note)
{
    struct ids known, given;
    char day[CAL_TEXT_MAX];
    int id = column_of(edition, "id");
    if (index_ids(site, &known) != 0)
        return -ENOMEM;
    if (index_ids(edition, &given) != 0) {
        free(known.slots);
        return -ENOMEM;
    }
    (void)cal_date_print(effective, day);
    put_header(w, site, edition);
    for (size_t row = 0; row < site->rows; row++) {
        const char *name = cell(site, row, column_of(site, "id"));
        put_row(w, site, row, NULL);
        counts->left += *id_slot(&known, site, name) == row + 1 && !*id_slot(&given, edition, name);
    }
    int code = 0;
    for (size_t row = 0; code == 0 && row < edition->rows; row++) {
        size_t last = *id_slot(&known, site, cell(edition, row, id));
        if (*id_slot(&given, edition, cell(edition, row, id)) != row + 1)
            continue; /* an older version: what the edition says is its newest */
        if (last && same_row(site, last - 1, edition, row)) {
            counts->kept++;
            continue;
        }
        code = last ? check_later(site, last - 1, effective, note) : 0;
        put_row(w, edition, row, day);
        counts->changed += last != 0;
        counts->added += last == 0;
    }
    free(known.slots);
    free(given.slots);
    return code;
}

int
catalogue_merge_table(const char *site, size_t site_size, const char *edition, size_t edition_size,
                      struct cal_date effective, char **ret_text, size_t *ret_size,
                      struct merge_counts *ret_counts, struct err_note *note)
{
    struct table old = { 0 }, new = { 0 };
    struct merge_counts counts = { 0 };
    char *text = NULL;
    size_t size = 0;
    int code = table_read(site, site_size, &old, note);
    if (code == 0)
        code = table_read(edition, edition_size, &new, note);
    struct writer w = { .out = code == 0 ? open_memstream(&text, &size) : NULL };
    if (code == 0 && !w.out)
        code = err_set(note, -ENOMEM, "out of memory");
    if (code == 0)
        code = merge(&w, &old, &new, effective, &counts, note);
    if (w.out && file_close_text(w.out, &text) != 0 && code == 0)
        code = err_set(note, -ENOMEM, "out of memory");
    table_done(&old);
    table_done(&new);
    if (code != 0) {
        free(text);
        return code;
    }
    *ret_text = text;
    *ret_size = size;
    *ret_counts = counts;
    return 0;
}
