/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"

enum listing_format
listing_format_of(const char *name, bool is_terminal)
{
    if (!name)
        return is_terminal ? LISTING_TABLE : LISTING_CSV;
    return strcmp(name, "json") == 0    ? LISTING_JSON
           : strcmp(name, "table") == 0 ? LISTING_TABLE
                                        : LISTING_CSV;
}

/* ---- CSV ---- */

static int
csv_cell(FILE *out, const char *cell)
{
    char small[1024];
    if (cell[0] && !cell[1] && strchr("=+-@", cell[0])) { /* a comparator, no formula */
        (void)fputc(cell[0], out);
        return 0;
    }
    size_t length = csv_quote(cell, small, sizeof small);
    if (length < sizeof small) {
        (void)fwrite(small, 1, length, out); /* a failure shows in ferror at the end */
        return 0;
    }
    char *large = malloc(length + 1);
    if (!large)
        return -ENOMEM;
    (void)csv_quote(cell, large, length + 1);
    (void)fwrite(large, 1, length, out);
    free(large);
    return 0;
}

static int
csv_row(FILE *out, const char *const *cells, size_t count)
{
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++) {
        if (i > 0)
            (void)fputc(',', out);
        code = csv_cell(out, cells[i] ? cells[i] : "");
    }
    (void)fputc('\n', out);
    return code;
}

static void
csv_head(const struct listing *listing)
{
    for (size_t i = 0; i < listing->column_count; i++)
        (void)fprintf(listing->out, "%s%s", i > 0 ? "," : "", listing->columns[i].id);
    (void)fputc('\n', listing->out);
}

/* ---- JSON ---- */

static void
json_text(FILE *out, const char *text)
{
    if (!text) {
        (void)fputs("null", out);
        return;
    }
    (void)fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            (void)fprintf(out, "\\%c", *c);
        else if (*c < ' ' || *c == 0x7f)
            (void)fprintf(out, "\\u%04x", (unsigned)*c);
        else
            (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

static void
json_row(const struct listing *listing, const char *const *cells)
{
    (void)fputs(listing->row_count > 0 ? ",\n  {" : "\n  {", listing->out);
    for (size_t i = 0; i < listing->column_count; i++) {
        (void)fprintf(listing->out, "%s\"%s\": ", i > 0 ? ", " : "", listing->columns[i].id);
        json_text(listing->out, cells[i]);
    }
    (void)fputc('}', listing->out);
}

/* ---- table ---- */

/* Keeps a cell, in which nothing moves the cursor. */
static int
table_keep(struct listing *listing, const char *cell)
{
    size_t size = strlen(cell) + 1;
    if (listing->text_room - listing->text_length < size) {
        size_t room = listing->text_room * 2 + size + 4096;
        char *grown = realloc(listing->text, room);
        if (!grown)
            return -ENOMEM;
        listing->text = grown;
        listing->text_room = room;
    }
    char *kept = listing->text + listing->text_length;
    memcpy(kept, cell, size);
    for (size_t i = 0; i + 1 < size; i++)
        if ((unsigned char)kept[i] < ' ' || kept[i] == 0x7f)
            kept[i] = ' ';
    listing->text_length += size;
    return 0;
}

static int
table_row(struct listing *listing, const char *const *cells)
{
    int code = 0;
    for (size_t i = 0; i < listing->column_count && code == 0; i++)
        code = table_keep(listing, cells[i] ? cells[i] : "");
    return code;
}

static void
fill(FILE *out, char with, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fputc(with, out);
}

/* One cell of a line: padded to `width`, but for a last one that starts at the left. */
static void
table_cell(const struct listing *listing, size_t column, const char *text, size_t width)
{
    size_t columns = text_columns(text);
    size_t padding = columns < width ? width - columns : 0;
    bool is_last = column + 1 == listing->column_count;
    if (listing->columns[column].is_number)
        fill(listing->out, ' ', padding);
    (void)fputs(text, listing->out);
    if (!listing->columns[column].is_number && !is_last)
        fill(listing->out, ' ', padding);
    (void)fputs(is_last ? "\n" : "  ", listing->out);
}

static const char *
table_head(const struct listing *listing, size_t column)
{
    const struct listing_column *c = &listing->columns[column];
    return listing->lang == LANG_EN ? c->en : c->zh;
}

static int
table_write(const struct listing *listing)
{
    size_t count = listing->column_count;
    size_t *widths = calloc(count, sizeof *widths);
    if (!widths)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        widths[i] = text_columns(table_head(listing, i));
    const char *end = listing->text ? listing->text + listing->text_length : NULL;
    size_t at = 0;
    for (const char *cell = listing->text; cell < end; cell += strlen(cell) + 1, at++) {
        size_t columns = text_columns(cell);
        if (columns > widths[at % count])
            widths[at % count] = columns;
    }
    for (size_t i = 0; i < count; i++)
        table_cell(listing, i, table_head(listing, i), widths[i]);
    for (size_t i = 0; i < count; i++) {
        fill(listing->out, '-', widths[i]);
        (void)fputs(i + 1 == count ? "\n" : "  ", listing->out);
    }
    at = 0;
    for (const char *cell = listing->text; cell < end; cell += strlen(cell) + 1, at++)
        table_cell(listing, at % count, cell, widths[at % count]);
    free(widths);
    return 0;
}

/* ---- all three ---- */

void
listing_open(struct listing *listing, FILE *out, enum listing_format format, enum lang lang,
             const struct listing_column *columns, size_t column_count)
{
    *listing = (struct listing){
        .out = out, .format = format, .lang = lang, .columns = columns, .column_count = column_count
    };
    if (format == LISTING_CSV)
        csv_head(listing);
    else if (format == LISTING_JSON)
        (void)fputc('[', out);
}

int
listing_add(struct listing *listing, const char *const *cells)
{
    int code = 0;
    if (listing->format == LISTING_CSV)
        code = csv_row(listing->out, cells, listing->column_count);
    else if (listing->format == LISTING_JSON)
        json_row(listing, cells);
    else
        code = table_row(listing, cells);
    listing->row_count++;
    return code;
}

int
listing_close(struct listing *listing)
{
    int code = 0;
    if (listing->format == LISTING_TABLE)
        code = table_write(listing);
    else if (listing->format == LISTING_JSON)
        (void)fputs(listing->row_count > 0 ? "\n]\n" : "]\n", listing->out);
    free(listing->text);
    listing->text = NULL;
    listing->text_length = listing->text_room = 0;
    bool is_written = fflush(listing->out) == 0 && !ferror(listing->out);
    return code < 0 ? code : is_written ? 0 : -EIO;
}
