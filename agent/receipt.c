/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/receipt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receipt_private.h"
#include "agent/words.h"
#include "core/csv.h"
#include "platform/file.h"
#include "platform/hash.h"

static const size_t RECEIPT_READ_MAX = (size_t)128 << 20;

void
receipt_count_row(struct receipt_counts *counts, const struct receipt_row *row)
{
    counts->accepted += row->fate == FATE_STORED || row->fate == FATE_REVISION;
    counts->revisions += row->fate == FATE_REVISION;
    counts->unexplained += row->fate == FATE_REVISION && row->record->type == RECORD_SAMPLE &&
                           row->record->as.sample.note[0] == '\0';
    counts->unchanged += row->fate == FATE_UNCHANGED;
    counts->duplicates += row->fate == FATE_DUPLICATE;
    counts->rejected += row->fate == FATE_REJECTED;
    counts->questions += receipt_is_question(row);
}

int
receipt_count(const struct receipt *receipt, struct receipt_counts *ret_counts)
{
    struct receipt_counts counts = { 0 };
    for (size_t i = 0; i < receipt->row_count; i++) {
        struct receipt_row row;
        int code = receipt->row(receipt->context, i, &row);
        if (code)
            return code;
        receipt_count_row(&counts, &row);
    }
    *ret_counts = counts;
    return 0;
}

bool
receipt_is_question(const struct receipt_row *row)
{
    return row->fate != FATE_REJECTED && row->fate != FATE_NONE &&
           row->record->type == RECORD_SAMPLE && row->record->as.sample.value[0] == '\0' &&
           row->record->as.sample.status == 'O';
}

/* The short words of a rejection in the agent's language. A collector may reject without a code, or
 * with one of a later release. */
static const char *
rejection(uint32_t code, enum lang lang)
{
    const char *words = code <= INT32_MAX ? reject_text((int)code, lang) : "?";
    return code == REJECT_NONE || strcmp(words, "?") == 0
               ? words_pick(lang, "市级未予接受", "not taken by the collector")
               : words;
}

char *
receipt_reason(const struct receipt *receipt, const struct receipt_row *row, char *text)
{
    text[0] = '\0';
    if (row->fate == FATE_REJECTED && row->text[0])
        words_say(text, REASON_MAX, receipt->lang, "%s：%s", "%s: %s",
                  rejection(row->code, receipt->lang), row->text);
    else if (row->fate == FATE_REJECTED)
        words_say(text, REASON_MAX, receipt->lang, "%s", "%s", rejection(row->code, receipt->lang));
    else if (receipt_is_question(row))
        words_say(text, REASON_MAX, receipt->lang, "没有数值，记为缺报（O）；得到数值后请补报",
                  "no number: kept as missing (O); report it when it is known");
    return text;
}

void
receipt_cells(const struct receipt_row *row, struct receipt_cells *cells)
{
    memset(cells, 0, sizeof *cells);
    if (row->record->type == RECORD_REJECTED) {
        cells->row = row->record->as.rejected.row;
        return;
    }
    const struct sample *sample = &row->record->as.sample;
    cells->row = sample->row;
    cells->area = sample->area;
    cells->indicator = sample->indicator;
    cal_period_print(sample->period, cells->period);
    cells->value = sample->value;
}

/* ---- CSV and JSON ---- */

typedef void put_cell_fn(FILE *out, const char *name, const char *text, bool is_first);

static void
put_csv(FILE *out, const char *name, const char *text, bool is_first)
{
    char cell[2 * REASON_MAX + 4]; /* every byte could be a quote */
    (void)name;
    (void)csv_quote(text, cell, sizeof cell);
    if (!is_first)
        fputc(',', out);
    fputs(cell, out);
}

static void
put_json(FILE *out, const char *name, const char *text, bool is_first)
{
    fprintf(out, "%s\"%s\": \"", is_first ? "" : ", ", name);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            fprintf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void
put_row(FILE *out, put_cell_fn *put, const struct receipt_cells *cells, const char *fate,
        const char *reason)
{
    char row[16];
    (void)snprintf(row, sizeof row, "%u", (unsigned)cells->row);
    put(out, "row", row, true);
    put(out, "area", cells->area ? cells->area : "", false);
    put(out, "indicator", cells->indicator ? cells->indicator : "", false);
    put(out, "period", cells->period, false);
    put(out, "value", cells->value ? cells->value : "", false);
    put(out, "fate", fate, false);
    put(out, "reason", reason, false);
}

/* A teller, if there is one, hears each row as well. */
static int
put_rows(FILE *out, const struct receipt *receipt, put_cell_fn *put, const char *before,
         const char *after, struct receipt_teller *teller)
{
    struct receipt_cells cells = { 0 };
    if (receipt->kind == RECEIPT_REFUSED) {
        fputs(before, out);
        put_row(out, put, &cells, fate_text(FATE_REJECTED, receipt->lang), receipt->fault);
        fputs(after, out);
        return 0;
    }
    for (size_t i = 0; i < receipt->row_count; i++) {
        struct receipt_row row;
        char reason[REASON_MAX];
        int code = receipt->row(receipt->context, i, &row);
        if (code)
            return code;
        if (teller)
            receipt_teller_row(teller, &row);
        receipt_cells(&row, &cells);
        fputs(before, out);
        put_row(out, put, &cells, fate_text(row.fate, receipt->lang),
                receipt_reason(receipt, &row, reason));
        bool is_last = i + 1 == receipt->row_count;
        fputs(is_last && after[0] == '}' ? "}\n" : after, out);
    }
    return 0;
}

/* Closes a memory stream; a text that did not come about is freed. */
int
receipt_finish(FILE *out, char **text, int code)
{
    int closed = file_close_text(out, text);
    if (code) {
        free(*text);
        *text = NULL;
    }
    return code ? code : closed;
}

static int
make_csv(const struct receipt *receipt, struct receipt_teller *teller, char **ret_text,
         size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    if (!out)
        return -ENOMEM;
    fputs("row,area,indicator,period,value,fate,reason\n", out);
    int code = put_rows(out, receipt, put_csv, "", "\n", teller);
    code = receipt_finish(out, &text, code);
    *ret_text = text;
    return code;
}

int
receipt_csv(const struct receipt *receipt, char **ret_text, size_t *ret_size)
{
    return make_csv(receipt, NULL, ret_text, ret_size);
}

int
receipt_json(const struct receipt *receipt, char **ret_text, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    if (!out)
        return -ENOMEM;
    fputs("[\n", out);
    bool is_one = receipt->kind == RECEIPT_REFUSED;
    int code = put_rows(out, receipt, put_json, "  {", is_one ? "}\n" : "},\n", NULL);
    fputs("]\n", out);
    code = receipt_finish(out, &text, code);
    *ret_text = text;
    return code;
}

/* ---- files ---- */

int
receipt_path(const char *folder, const char *name, const uint8_t sha256[RECORD_SHA256],
             const char *extension, char *path)
{
    char hex[HASH_HEX], file[RECORD_NAME_MAX + 32];
    hash_hex(sha256, 4, hex);
    int n = snprintf(file, sizeof file, "%s.%s.%s", name, hex, extension);
    if (n < 0 || (size_t)n >= sizeof file)
        return ERR_RANGE;
    return file_join(path, folder, file);
}

static int
write_one(const char *folder, const struct receipt *receipt, const char *extension,
          const char *text, size_t size, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = receipt_path(folder, receipt->name, receipt->sha256, extension, path);
    if (code)
        return err_set(note, code, "receipt of %s: %s", receipt->name, err_text(code));
    return file_write(path, text, size, 0644, note);
}

/* Both texts; the rows, which may have to be read from the spool, go by once. */
static int
make_both(const struct receipt *receipt, char **ret_text, size_t *ret_text_size, char **ret_csv,
          size_t *ret_csv_size)
{
    struct receipt_teller teller;
    int code = receipt_teller_open(&teller, receipt);
    if (!code)
        code = make_csv(receipt, &teller, ret_csv, ret_csv_size);
    return receipt_teller_close(&teller, code, ret_text, ret_text_size);
}

int
receipt_write(const char *folder, const struct receipt *receipt, struct err_note *note)
{
    char *text = NULL, *csv = NULL;
    size_t text_size = 0, csv_size = 0;
    int code = make_both(receipt, &text, &text_size, &csv, &csv_size);
    if (code)
        (void)err_set(note, code, "receipt of %s: %s", receipt->name, err_text(code)); /* kept */
    if (!code)
        code = write_one(folder, receipt, "txt", text, text_size, note);
    if (!code)
        code = write_one(folder, receipt, "csv", csv, csv_size, note);
    free(text);
    free(csv);
    return code;
}

static bool
is_fate(const char *text, enum wire_fate fate)
{
    return strcmp(text, fate_text(fate, LANG_ZH)) == 0 ||
           strcmp(text, fate_text(fate, LANG_EN)) == 0;
}

static void
count_line(const struct csv_reader *csv, struct receipt_counts *counts, bool *is_file_fault)
{
    const char *fate = csv->fields[5].text;
    bool is_rejected = is_fate(fate, FATE_REJECTED);
    counts->accepted += is_fate(fate, FATE_STORED) || is_fate(fate, FATE_REVISION);
    counts->revisions += is_fate(fate, FATE_REVISION);
    counts->unchanged += is_fate(fate, FATE_UNCHANGED);
    counts->duplicates += is_fate(fate, FATE_DUPLICATE);
    counts->rejected += is_rejected;
    counts->questions += !is_rejected && csv->fields[6].text[0];
    if (strcmp(csv->fields[0].text, "0") == 0)
        *is_file_fault = true;
}

int
receipt_read(const char *path, struct receipt_counts *ret_counts, bool *ret_is_file_fault,
             struct err_note *note)
{
    char *bytes = NULL;
    size_t size = 0;
    int code = file_read(path, RECEIPT_READ_MAX, &bytes, &size, note);
    if (code)
        return code;
    struct csv_reader *csv = malloc(sizeof *csv);
    struct receipt_counts counts = { 0 };
    bool is_file_fault = false;
    code = csv ? 1 : -ENOMEM;
    if (csv) {
        csv_open(csv, bytes, size);
        code = csv_next(csv, note); /* the header */
    }
    while (code > 0 && (code = csv_next(csv, note)) > 0) {
        if (csv->field_count == 7)
            count_line(csv, &counts, &is_file_fault);
        else
            code =
                err_set(note, ERR_SYNTAX, "%s: line %u is no line of a receipt", path, csv->line);
    }
    free(csv);
    free(bytes);
    if (code < 0)
        return code;
    *ret_counts = counts;
    *ret_is_file_fault = is_file_fault;
    return 0;
}

int
receipt_exit(const struct receipt_counts *counts, bool is_file_fault)
{
    if (is_file_fault)
        return 3;
    if (counts->rejected)
        return 2;
    return counts->questions ? 1 : 0;
}

int
receipt_tidy_row(void *context, size_t index, struct receipt_row *ret_row)
{
    const struct receipt_tidy *tidy = context;
    const struct record *record = &tidy->rows[index];
    bool is_rejected = record->type == RECORD_REJECTED;
    *ret_row = (struct receipt_row){ record, is_rejected ? FATE_REJECTED : tidy->fate,
                                     is_rejected ? record->as.rejected.code : 0,
                                     is_rejected ? record->as.rejected.text : "" };
    return 0;
}
