/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the catalogue's tables, one after the other, into the caller's memory: that memory, its
 * indexes, and the order of things. Cells are read in catalogue_cells.c; what each table's rows
 * mean is told in catalogue_rows.c and catalogue_rows_rules.c. */
#include "core/catalogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalogue_private.h"

#include "core/pure.h"

enum { ALIGNMENT = _Alignof(max_align_t) };

const char *
column_name(enum column column)
{
    static const char *const names[] = {
#define X(name, text) [name] = (text),
        COLUMN_TABLE(X)
#undef X
    };
    return names[column];
}

const char *
cat_table_file(enum cat_table table)
{
    return table_readers[table].file;
}

bool
cat_table_is_optional(enum cat_table table)
{
    return table_readers[table].is_optional;
}

static void
memory_fault(struct parse *parse)
{
    if (parse->error == 0)
        parse->error = err_set(parse->note, ERR_FULL, "the catalogue needs more memory");
}

/* Bytes of `count` objects, rounded up, or 0 when they cannot fit. */
static size_t
space_for(struct parse *parse, size_t count, size_t size, size_t alignment)
{
    size_t bytes = 0;
    size_t left = (size_t)(parse->high - parse->low);
    bool is_over = __builtin_mul_overflow(count ? count : 1, size, &bytes) ||
                   __builtin_add_overflow(bytes, alignment - 1, &bytes);
    bytes -= bytes % alignment;
    if (!is_over && bytes <= left)
        return bytes;
    memory_fault(parse);
    return 0;
}

void *
parse_keep(struct parse *parse, size_t count, size_t size)
{
    size_t bytes = parse->error ? 0 : space_for(parse, count, size, ALIGNMENT);
    if (bytes == 0)
        return NULL;
    void *memory = parse->low;
    parse->low += bytes;
    return memset(memory, 0, bytes);
}

void *
parse_scratch(struct parse *parse, size_t count, size_t size)
{
    size_t bytes = parse->error ? 0 : space_for(parse, count, size, ALIGNMENT);
    if (bytes == 0)
        return NULL;
    parse->high -= bytes;
    return memset(parse->high, 0, bytes);
}

const char *
parse_keep_text(struct parse *parse, const char *text, size_t length)
{
    size_t bytes = parse->error ? 0 : space_for(parse, length + 1, 1, 1);
    if (bytes == 0)
        return parse->empty;
    char *copy = parse->low;
    parse->low += bytes;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void
parse_align(struct parse *parse)
{
    size_t gap = (ALIGNMENT - (uintptr_t)parse->low % ALIGNMENT) % ALIGNMENT;
    if (gap > (size_t)(parse->high - parse->low))
        memory_fault(parse);
    else
        parse->low += gap;
}

void
parse_fault(struct parse *parse, int code, enum column column, const char *format, ...)
{
    if (parse->error)
        return;
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* a cut text is still a text */
    va_end(args);
    parse->error =
        err_set(parse->note, code, "%s line %u, column %s: %s", cat_table_file(parse->table),
                parse->reader->line, column_name(column), text);
}

/* Room for `names` names, at most half full. */
static void
name_index_init(struct parse *parse, struct name_index *index, size_t names, bool is_loose)
{
    size_t size = 8;
    while (size / 2 <= names)
        size *= 2;
    index->slots = parse_keep(parse, size, sizeof *index->slots);
    index->mask = size - 1;
    index->is_loose = is_loose;
}

static size_t
count_byte(struct cat_source source, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < source.size; i++)
        count += source.bytes[i] == byte ? 1 : 0;
    return count;
}

/* A fault of the CSV itself: "units.csv line 3, column 2: a quote is not closed". */
static void
next_fault(struct parse *parse, int code, const struct err_note *why)
{
    parse->error = err_set(parse->note, code, "%s %s", cat_table_file(parse->table), why->text);
}

/* The next record, which has as many cells as the header; false at the end and after a fault. */
static bool
next_record(struct parse *parse, unsigned cells)
{
    struct err_note why = { { 0 } };
    int got = parse->error ? 0 : csv_next(parse->reader, &why);
    if (got < 0)
        next_fault(parse, got, &why);
    if (got > 0 && parse->reader->field_count != cells)
        parse->error = err_set(parse->note, ERR_SYNTAX, "%s line %u: %u cells, the header has %u",
                               cat_table_file(parse->table), parse->reader->line,
                               parse->reader->field_count, cells);
    return got > 0 && !parse->error;
}

static bool
table_knows(const struct table_reader *table, const char *name)
{
    for (unsigned i = 0; i < table->column_count; i++)
        if (strcmp(column_name(table->columns[i]), name) == 0)
            return true;
    for (unsigned i = 0; table->optional[i] != COL_ID; i++)
        if (strcmp(column_name(table->optional[i]), name) == 0)
            return true;
    return strncmp(name, "x_", 2) == 0; /* of whoever wrote it, not read */
}

/* Reads the header record and finds the columns. Returns its number of cells. */
static unsigned
read_header(struct parse *parse)
{
    const struct table_reader *table = &table_readers[parse->table];
    const struct csv_reader *reader = parse->reader;
    struct err_note why = { { 0 } };
    csv_open(parse->reader, parse->sources[parse->table].bytes, parse->sources[parse->table].size);
    int got = csv_next(parse->reader, &why);
    if (got < 0)
        next_fault(parse, got, &why);
    if (got == 0)
        parse->error =
            err_set(parse->note, ERR_SYNTAX, "%s: is empty, not even a header", table->file);
    for (int i = 0; i < COLUMN_COUNT && got > 0; i++)
        parse->columns[i] = csv_column(reader, column_name((enum column)i));
    for (unsigned i = 0; i < table->column_count && !parse->error; i++)
        if (parse->columns[table->columns[i]] < 0)
            parse->error = err_set(parse->note, ERR_SYNTAX, "%s: column '%s' is missing",
                                   table->file, column_name(table->columns[i]));
    for (unsigned i = 0; i < reader->field_count && !parse->error; i++)
        if (csv_column(reader, reader->fields[i].text) != (int)i)
            parse->error = err_set(parse->note, ERR_CONFLICT, "%s: column '%s' is there twice",
                                   table->file, reader->fields[i].text);
    for (unsigned i = 0; i < reader->field_count && !parse->error; i++) {
        char quoted[TEXT_QUOTE_MAX];
        if (!table_knows(table, reader->fields[i].text))
            parse->error = err_set(
                parse->note, ERR_UNKNOWN,
                "%s: there is no column '%s' (data/README.md tells them; one of your own begins "
                "with x_)",
                table->file, text_quote(reader->fields[i].text, reader->fields[i].length, quoted));
    }
    return reader->field_count;
}

/* Reads one table, its rows into `objects`. Returns how many. */
static size_t
read_table(struct parse *parse, enum cat_table table, void *objects)
{
    const struct table_reader *reader = &table_readers[table];
    char *rows = objects;
    parse->table = table;
    unsigned cells = read_header(parse);
    for (parse->rows = 0; next_record(parse, cells); parse->rows++)
        reader->row(parse, rows + parse->rows * reader->row_size);
    size_t count = parse->rows;
    if (reader->link && !parse->error &&
        table != CAT_INDICATORS) { /* those are linked once sorted */
        cells = read_header(parse);
        for (parse->rows = 0; next_record(parse, cells); parse->rows++)
            reader->link(parse, rows + parse->rows * reader->row_size);
    }
    parse_align(parse);
    return count;
}

/* Rows the table can have: its lines. */
static size_t
count_rows(const struct parse *parse, enum cat_table table)
{
    return count_byte(parse->sources[table], '\n') + 1;
}

static void
init_indexes(struct parse *parse)
{
    struct cat_index *index = parse->index;
    for (int i = 0; i < CAT_TABLE_COUNT; i++)
        name_index_init(parse, &index->ids[i], count_rows(parse, (enum cat_table)i), false);
    size_t indicators = count_rows(parse, CAT_INDICATORS);
    size_t aliases = count_byte(parse->sources[CAT_INDICATORS], ';') + indicators;
    size_t areas = count_rows(parse, CAT_AREAS);
    size_t area_names = 4 * areas + count_byte(parse->sources[CAT_AREAS], ';');
    name_index_init(parse, &index->area_names, area_names, true);
    size_t owners = count_rows(parse, CAT_OWNERS);
    size_t owner_names = 4 * owners + count_byte(parse->sources[CAT_OWNERS], ';');
    name_index_init(parse, &index->owner_names, owner_names, true);
    name_index_init(parse, &index->unit_names, 3 * count_rows(parse, CAT_UNITS), true);
    name_index_init(parse, &index->indicator_names, 3 * indicators + aliases, true);

    size_t size = 8;
    while (size / 2 <= count_rows(parse, CAT_TARGETS))
        size *= 2;
    index->targets.slots = parse_keep(parse, size, sizeof(struct cat_target *));
    index->series.slots = parse_keep(parse, size, sizeof(struct cat_target *));
    index->targets.mask = index->series.mask = size - 1;
}

/* Where an indicator stands in the printed order. */
struct place {
    int sort;
    size_t row;
};

static int
place_compare(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->sort != y->sort)
        return x->sort < y->sort ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

/* Follows the indicators of `index` from the order of the table to the printed one. */
static void
move_references(struct name_index *index, const struct cat_indicator *from, const size_t *rank,
                const struct cat_indicator *to)
{
    for (size_t i = 0; i <= index->mask; i++) {
        const struct cat_indicator *old = index->slots[i].object;
        if (old)
            index->slots[i].object = &to[rank[old - from]];
    }
}

/* Indicators are read in the order of the table and kept in that of `sort`. Nobody refers to them
 * yet but the indexes. */
static void
read_indicators(struct parse *parse)
{
    size_t most = count_rows(parse, CAT_INDICATORS);
    struct cat_indicator *sorted = parse_keep(parse, most, sizeof *sorted);
    char *high = parse->high;
    struct cat_indicator *rows = parse_scratch(parse, most, sizeof *rows);
    struct place *places = parse_scratch(parse, most, sizeof *places);
    size_t *rank = parse_scratch(parse, most, sizeof *rank);
    size_t count = parse->error ? 0 : read_table(parse, CAT_INDICATORS, rows);
    if (parse->error)
        return;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){ rows[i].sort, i };
    qsort(places, count, sizeof *places, place_compare);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = rows[places[i].row];
        rank[places[i].row] = i;
    }
    move_references(&parse->index->ids[CAT_INDICATORS], rows, rank, sorted);
    move_references(&parse->index->indicator_names, rows, rank, sorted);
    unsigned cells = read_header(parse);
    for (size_t i = 0; i < count && next_record(parse, cells); i++)
        table_readers[CAT_INDICATORS].link(parse, &sorted[rank[i]]);
    parse->catalogue->indicators = sorted;
    parse->catalogue->indicator_count = count;
    parse->high = high;
}

/* Every other table is read where it stays. */
static void *
read_rows(struct parse *parse, enum cat_table table, size_t *ret_count)
{
    *ret_count = 0;
    parse->index->is_given[table] = parse->sources[table].bytes != NULL;
    if (!parse->sources[table].bytes && cat_table_is_optional(table))
        return NULL;
    void *rows = parse_keep(parse, count_rows(parse, table), table_readers[table].row_size);
    *ret_count = parse->error ? 0 : read_table(parse, table, rows);
    return rows;
}

/* The targets of one series are relative to one thing, so that one reference serves all. */
static void
check_reference(struct parse *parse, const struct cat_target *target, const struct cat_target *next)
{
    while (next && !next->reference)
        next = next->next;
    if (!parse->error && target->reference && next && next->reference != target->reference)
        parse->error = err_set(parse->note, ERR_CONFLICT,
                               "targets.csv: '%s' refers to '%s' and '%s' to '%s'; targets of one "
                               "area and indicator have one reference",
                               target->id, target->reference->id, next->id, next->reference->id);
}

/* The chains that run through the targets. */
static void
link_targets(struct parse *parse, struct cat_target *targets)
{
    struct cat_index *index = parse->index;
    for (size_t i = parse->catalogue->target_count; i > 0; i--) {
        struct cat_target *target = &targets[i - 1];
        const struct cat_target **first =
            series_index_slot(parse->catalogue, &index->series, target->area, target->indicator);
        if (target->older)
            targets[target->older - targets].newer = target;
        check_reference(parse, target, *first);
        target->next = *first;
        *first = target;
        if (!target->reference && !target->indicator->cases)
            continue;
        target->next_dependent = index->dependents;
        index->dependents = target;
    }
}

static void
read_all(struct parse *parse)
{
    struct catalogue *catalogue = parse->catalogue;
    init_indexes(parse);
    catalogue->areas = read_rows(parse, CAT_AREAS, &catalogue->area_count);
    catalogue->units = read_rows(parse, CAT_UNITS, &catalogue->unit_count);
    catalogue->owners = read_rows(parse, CAT_OWNERS, &catalogue->owner_count);
    catalogue->calendars = read_rows(parse, CAT_CALENDARS, &catalogue->calendar_count);
    catalogue->holidays = read_rows(parse, CAT_HOLIDAYS, &catalogue->holiday_count);
    read_indicators(parse);
    catalogue->profiles = read_rows(parse, CAT_PROFILES, &catalogue->profile_count);
    struct cat_bands *bands = read_rows(parse, CAT_BANDS, &catalogue->bands_count);
    for (size_t i = 0; i < catalogue->bands_count; i++)
        if (bands[i].older)
            bands[bands[i].older - bands].newer = &bands[i];
    catalogue->bands = bands;
    struct cat_target *targets = read_rows(parse, CAT_TARGETS, &catalogue->target_count);
    if (!parse->error)
        link_targets(parse, targets);
    catalogue->targets = targets;
    catalogue->remarks = read_rows(parse, CAT_REMARKS, &catalogue->remark_count);
    catalogue->publishers = read_rows(parse, CAT_PUBLISHERS, &catalogue->publisher_count);
}

int
catalogue_parse(const struct cat_source sources[CAT_TABLE_COUNT], void *memory, size_t size,
                const struct catalogue **ret_catalogue, struct err_note *note)
{
    size_t usable = size - size % ALIGNMENT;
    struct parse parse = {
        .sources = sources,
        .low = memory,
        .high = (char *)memory + usable,
        .note = note,
        .empty = "",
    };
    parse.catalogue = parse_keep(&parse, 1, sizeof *parse.catalogue);
    parse.index = parse_keep(&parse, 1, sizeof *parse.index);
    parse.empty = parse_keep(&parse, 1, 1);
    parse.reader = parse_scratch(&parse, 1, sizeof *parse.reader);
    if (!parse.error) {
        parse.catalogue->index = parse.index;
        read_all(&parse);
    }
    if (parse.error)
        return parse.error;
    *ret_catalogue = parse.catalogue;
    return 0;
}
