/* SPDX-License-Identifier: GPL-3.0-or-later
 * Published figures: figures.csv of a catalogue. */
#include "cli/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"

/* X(enum, column) */
#define FIGURE_TABLE(X)                \
    X(FIGURE_AREA, "area")             \
    X(FIGURE_INDICATOR, "indicator")   \
    X(FIGURE_PERIOD, "period")         \
    X(FIGURE_VALUE, "value")           \
    X(FIGURE_CUMULATION, "cumulation") \
    X(FIGURE_UNIT, "unit")             \
    X(FIGURE_RELEASED, "released")     \
    X(FIGURE_NOTE, "note")             \
    X(FIGURE_SOURCE, "source")

enum figure_column {
#define X(name, text) name,
    FIGURE_TABLE(X)
#undef X
        FIGURE_COLUMNS
};

static const char *const column_names[FIGURE_COLUMNS] = {
#define X(name, text) [name] = (text),
    FIGURE_TABLE(X)
#undef X
};

struct figure_reader {
    const struct catalogue *catalogue;
    struct csv_reader csv;
    int columns[FIGURE_COLUMNS];
};

static const struct csv_field *
cell(const struct figure_reader *reader, enum figure_column column)
{
    static const struct csv_field none = { "", 0 };
    size_t at = (size_t)reader->columns[column];
    return at < reader->csv.field_count ? &reader->csv.fields[at] : &none;
}

static int
read_head(struct figure_reader *reader, struct err_note *note)
{
    int code = csv_next(&reader->csv, note);
    if (code <= 0)
        return code < 0 ? code : err_set(note, ERR_SYNTAX, "the table is empty");
    for (int i = 0; i < FIGURE_COLUMNS; i++) {
        reader->columns[i] = csv_column(&reader->csv, column_names[i]);
        if (reader->columns[i] < 0)
            return err_set(note, ERR_SYNTAX, "column '%s' is missing", column_names[i]);
    }
    return 0;
}

/* "note; source", as much of it as fits. */
static void
join_note(const struct figure_reader *reader, char note[SAMPLE_NOTE_MAX + 1])
{
    const struct csv_field *words = cell(reader, FIGURE_NOTE);
    const struct csv_field *source = cell(reader, FIGURE_SOURCE);
    char joined[1024];
    const char *between = words->length > 0 && source->length > 0 ? "; " : "";
    (void)snprintf(joined, sizeof joined, "%s%s%s", words->text, between, source->text);
    size_t length = text_cut(joined, strlen(joined), SAMPLE_NOTE_MAX);
    memcpy(note, joined, length);
    note[length] = '\0';
}

static int
read_names(const struct figure_reader *reader, struct demo_row *row, struct err_note *note)
{
    const struct catalogue *catalogue = reader->catalogue;
    char quoted[TEXT_QUOTE_MAX];
    const struct csv_field *area = cell(reader, FIGURE_AREA);
    const struct csv_field *indicator = cell(reader, FIGURE_INDICATOR);
    const struct csv_field *unit = cell(reader, FIGURE_UNIT);
    row->area = catalogue_find_area(catalogue, area->text);
    row->indicator = catalogue_find_indicator(catalogue, indicator->text);
    row->unit = catalogue_find_unit(catalogue, unit->text);
    if (!row->area)
        return err_set(note, ERR_UNKNOWN, "unknown area '%s'",
                       text_quote(area->text, area->length, quoted));
    if (!row->indicator)
        return err_set(note, ERR_UNKNOWN, "unknown indicator '%s'",
                       text_quote(indicator->text, indicator->length, quoted));
    if (!row->unit)
        return err_set(note, ERR_UNKNOWN, "unknown unit '%s'",
                       text_quote(unit->text, unit->length, quoted));
    row->sender = demo_sender(catalogue, row->area);
    if (!row->sender)
        return err_set(note, ERR_UNKNOWN, "no publisher may report area '%s'", row->area->id);
    return 0;
}

static int
read_figure(const struct figure_reader *reader, struct demo_row *row, struct err_note *note)
{
    *row = (struct demo_row){ .status = 'A' };
    int code = read_names(reader, row, note);
    const struct csv_field *period = cell(reader, FIGURE_PERIOD);
    if (code == 0)
        code = cal_period_parse(period->text, period->length, &row->period, note);
    const struct csv_field *value = cell(reader, FIGURE_VALUE);
    struct num_decimal number;
    if (code == 0)
        code = num_decimal_parse(value->text, value->length, &number, note);
    const struct csv_field *released = cell(reader, FIGURE_RELEASED);
    if (code == 0)
        code = cal_date_parse(released->text, released->length, &row->released, note);
    const struct csv_field *cumulation = cell(reader, FIGURE_CUMULATION);
    if (code == 0 && cumulation_parse(cumulation->text, cumulation->length, &row->cumulation) < 0)
        code = err_set(note, ERR_SYNTAX, "cumulation must be MONTH, YTD or STOCK");
    if (code != 0)
        return code;
    memcpy(row->value, number.text, sizeof row->value);
    join_note(reader, row->note);
    return 0;
}

int
demo_read_figures(const struct catalogue *catalogue, const char *name, const char *bytes,
                  size_t size, struct demo_rows *ret_figures, struct err_note *note)
{
    struct figure_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return err_set(note, -ENOMEM, "out of memory");
    reader->catalogue = catalogue;
    csv_open(&reader->csv, bytes, size);
    struct demo_rows rows = { 0 };
    int code = read_head(reader, note);
    if (code < 0)
        code = err_prefix(note, code, "%s", name);
    int more = code == 0;
    while (code == 0 && (more = csv_next(&reader->csv, note)) == 1) {
        struct demo_row row;
        code = read_figure(reader, &row, note);
        if (code < 0)
            code = err_prefix(note, code, "%s line %u", name, reader->csv.line);
        else
            code = demo_rows_add(&rows, &row, note);
    }
    if (code == 0 && more < 0)
        code = err_prefix(note, more, "%s", name);
    free(reader);
    if (code < 0) {
        demo_rows_done(&rows);
        return code;
    }
    *ret_figures = rows;
    return 0;
}
