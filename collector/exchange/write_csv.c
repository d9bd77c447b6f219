/* SPDX-License-Identifier: GPL-3.0-or-later
 * CSV, plain and as SDMX-CSV 2.0 has it. */
#include "collector/exchange/writer.h"

#include <string.h>

#include "core/num.h"

/* Would a spreadsheet take the cell for a formula, or we for one that was guarded? */
static bool
is_guarded(const char *text)
{
    if (text[0] == '\'')
        return true;
    if (text[0] == '\0' || !(strchr("=+-@", text[0]) || (unsigned char)text[0] < ' '))
        return false;
    struct num_decimal number;
    return num_decimal_parse(text, strlen(text), &number, NULL) < 0;
}

static void
put_cell(FILE *out, const char *text, bool can_guard)
{
    const char *guard = can_guard && is_guarded(text) ? "'" : "";
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(guard, out); /* a failure shows in ferror at the end, here and below */
        (void)fputs(text, out);
        return;
    }
    (void)fprintf(out, "\"%s", guard);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            (void)fputc('"', out);
        (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

static void
end_line(const struct writer *writer)
{
    (void)fputs(writer->for_excel ? "\r\n" : "\n", writer->out);
}

/* ---- SDMX-CSV ---- */

/* Dimensions first. POSITION is one of them: it tells the revisions of a period apart. */
static const enum exchange_column sdmx_columns[] = {
    COLUMN_AREA,       COLUMN_INDICATOR, COLUMN_CUMULATION, COLUMN_UNIT,        COLUMN_POSITION,
    COLUMN_PERIOD,     COLUMN_VALUE,     COLUMN_STATUS,     COLUMN_STAGE,       COLUMN_RELEASED,
    COLUMN_REASON,     COLUMN_PUBLISHER, COLUMN_REVISION,   COLUMN_RECEIVED_AT, COLUMN_RECORD,
    COLUMN_SUBMISSION, COLUMN_SENDER,    COLUMN_FILE,       COLUMN_FILE_SHA256, COLUMN_ROW,
};

enum { SDMX_COUNT = sizeof sdmx_columns / sizeof sdmx_columns[0] };

/* CL_FREQ: a run of months that is no other frequency is a multiple of the month, M2. */
static const char *
sdmx_freq(struct cal_period period, char text[8])
{
    if (period.freq == CAL_RANGE)
        (void)snprintf(text, 8, "M%d", period.length); /* fits */
    else
        (void)snprintf(text, 8, "%c", (char)period.freq); /* likewise */
    return text;
}

static void
sdmx_header(const struct writer *writer)
{
    (void)fputs("STRUCTURE,STRUCTURE_ID,ACTION,FREQ", writer->out);
    for (size_t i = 0; i < SDMX_COUNT; i++)
        (void)fprintf(writer->out, ",%s", column_says[sdmx_columns[i]].sdmx);
    end_line(writer);
}

static void
sdmx_row(const struct writer *writer, const struct ledger_record *record, const struct cells *cells)
{
    char freq[8];
    (void)fprintf(writer->out, "datastructure,PACEWATCH:LEDGER(1.0),I,%s",
                  sdmx_freq(record->row.period, freq));
    for (size_t i = 0; i < SDMX_COUNT; i++) {
        const char *text = cells->text[sdmx_columns[i]];
        (void)fputc(',', writer->out);
        put_cell(writer->out, sdmx_columns[i] == COLUMN_VALUE && !text[0] ? "NaN" : text, false);
    }
    end_line(writer);
}

/* ---- both ---- */

void
csv_write_header(struct writer *writer)
{
    if (writer->for_excel)
        (void)fputs("\xef\xbb\xbf", writer->out);
    if (writer->format == EXCHANGE_SDMX_CSV) {
        sdmx_header(writer);
        return;
    }
    for (int i = 0; i < COLUMN_COUNT; i++)
        (void)fprintf(writer->out, "%s%s", i > 0 ? "," : "", column_says[i].name);
    end_line(writer);
}

void
csv_write_row(struct writer *writer, const struct ledger_record *record, const struct cells *cells)
{
    writer->count++;
    if (writer->format == EXCHANGE_SDMX_CSV) {
        sdmx_row(writer, record, cells);
        return;
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (i > 0)
            (void)fputc(',', writer->out);
        put_cell(writer->out, cells->text[i], true);
    }
    end_line(writer);
}
