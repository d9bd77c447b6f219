/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/exchange/cells.h"

#include <inttypes.h>
#include <string.h>

#include "core/num.h"
#include "platform/hash.h"

const struct column_says column_says[COLUMN_COUNT] = {
#define X(id, name, sdmx, kind, need) [id] = { name, sdmx, kind, need },
    COLUMN_TABLE(X)
#undef X
};

/* ---- printing ---- */

static const char *
print_count(int64_t count, char text[24])
{
    (void)snprintf(text, 24, "%" PRId64, count); /* fits */
    return text;
}

static void
name_cells(const struct ledger_record *record, const struct catalogue *catalogue, enum lang lang,
           struct cells *cells)
{
    const struct cat_area *area = catalogue_area(catalogue, record->area);
    const struct cat_indicator *indicator = catalogue_indicator(catalogue, record->indicator);
    cells->text[COLUMN_AREA_NAME] = area ? cat_name(&area->name, lang) : "";
    cells->text[COLUMN_INDICATOR_NAME] = indicator ? cat_name(&indicator->name, lang) : "";
    cells->text[COLUMN_UNIT_NAME] = indicator ? cat_name(&indicator->unit->name, lang) : "";
    cells->text[COLUMN_UNIT] = indicator ? indicator->unit->id : "";
    cells->text[COLUMN_CUMULATION] = indicator ? cumulation_name(indicator->cumulation) : "";
}

void
cells_of_record(const struct ledger_record *record, const struct catalogue *catalogue,
                enum lang lang, struct cells_buffer *buffer, struct cells *ret_cells)
{
    const struct ledger_row *row = &record->row;
    const char **text = ret_cells->text;
    buffer->status[0] = row->status;
    buffer->status[1] = '\0';
    text[COLUMN_AREA] = record->area;
    text[COLUMN_INDICATOR] = record->indicator;
    text[COLUMN_PERIOD] = cal_period_print(row->period, buffer->period);
    text[COLUMN_VALUE] = row->value;
    text[COLUMN_STATUS] = buffer->status;
    text[COLUMN_STAGE] = obs_stage_name(row->stage);
    text[COLUMN_RELEASED] = cal_date_print(row->released, buffer->released);
    text[COLUMN_REASON] = row->note;
    text[COLUMN_PUBLISHER] = row->publisher;
    text[COLUMN_RECEIVED_AT] = cal_instant_print(row->received, buffer->received_at);
    text[COLUMN_RECORD] = ledger_record_name(record->kind);
    text[COLUMN_POSITION] = print_count(row->position, buffer->position);
    text[COLUMN_REVISION] =
        record->kind == LEDGER_CONFIRMATION ? "" : print_count(row->revision, buffer->revision);
    text[COLUMN_SUBMISSION] = print_count(row->submission, buffer->submission);
    text[COLUMN_SENDER] = record->sender;
    text[COLUMN_FILE] = record->file;
    text[COLUMN_FILE_SHA256] =
        hash_hex(record->file_sha256, sizeof record->file_sha256, buffer->sha256);
    text[COLUMN_ROW] = print_count(row->row, buffer->row);
    name_cells(record, catalogue, lang, ret_cells);
}

/* ---- reading ---- */

/* A row being read: which cell, and what is wrong with it. */
struct reading {
    const struct cells *cells;
    const struct catalogue *catalogue;
    struct imported_row *row;
    enum exchange_column column;
    struct err_note *note;
};

static const char *
take(struct reading *reading, enum exchange_column column)
{
    reading->column = column;
    return reading->cells->text[column];
}

static int
copy_text(struct reading *reading, enum exchange_column column, char *text, size_t size)
{
    const char *cell = take(reading, column);
    size_t length = strlen(cell);
    if (length >= size)
        return err_set(reading->note, ERR_RANGE, "longer than %zu bytes", size - 1);
    memcpy(text, cell, length + 1);
    return 0;
}

static int
read_count(struct reading *reading, enum exchange_column column, int64_t low, int64_t high,
           int64_t *ret_count)
{
    const char *cell = take(reading, column);
    return num_int_parse(cell, strlen(cell), low, high, ret_count, reading->note);
}

static int
read_texts(struct reading *reading)
{
    struct sample *sample = &reading->row->sample;
    int code = copy_text(reading, COLUMN_AREA, sample->area, sizeof sample->area);
    if (code == 0)
        code = copy_text(reading, COLUMN_INDICATOR, sample->indicator, sizeof sample->indicator);
    if (code == 0)
        code = copy_text(reading, COLUMN_VALUE, sample->value, sizeof sample->value);
    if (code == 0)
        code = copy_text(reading, COLUMN_REASON, sample->note, sizeof sample->note);
    if (code == 0)
        code = copy_text(reading, COLUMN_PUBLISHER, sample->publisher, sizeof sample->publisher);
    return code;
}

static int
read_days(struct reading *reading)
{
    struct sample *sample = &reading->row->sample;
    const char *cell = take(reading, COLUMN_PERIOD);
    int code = cal_period_parse(cell, strlen(cell), &sample->period, reading->note);
    if (code != 0)
        return code;
    cell = take(reading, COLUMN_RELEASED);
    code = cal_date_parse(cell, strlen(cell), &sample->released, reading->note);
    sample->has_released = true;
    if (code != 0)
        return code;
    cell = take(reading, COLUMN_RECEIVED_AT);
    if (!strchr(cell, 'T'))
        return err_set(reading->note, ERR_SYNTAX, "must be a moment, like 2023-06-12T08:30:00Z");
    return cal_instant_parse(cell, strlen(cell), &reading->row->received, reading->note);
}

static int
read_record_kind(struct reading *reading)
{
    const char *cell = take(reading, COLUMN_RECORD);
    for (int kind = 0; kind < LEDGER_RECORD_COUNT; kind++) {
        if (strcmp(cell, ledger_record_name((enum ledger_record_kind)kind)) == 0) {
            reading->row->kind = (enum ledger_record_kind)kind;
            return 0;
        }
    }
    return err_set(reading->note, ERR_UNKNOWN, "must be observation, confirmation or restated");
}

static int
read_status(struct reading *reading)
{
    struct sample *sample = &reading->row->sample;
    const char *cell = take(reading, COLUMN_STATUS);
    if (strlen(cell) != 1)
        return err_set(reading->note, ERR_SYNTAX, "must be one letter of SDMX CL_OBS_STATUS");
    sample->status = cell[0];
    cell = take(reading, COLUMN_STAGE);
    if (obs_stage_parse(cell, strlen(cell), &sample->stage) != 0 ||
        strcmp(cell, obs_stage_name(sample->stage)) != 0)
        return err_set(reading->note, ERR_UNKNOWN,
                       "must be flash, preliminary, verified, final, or empty");
    return 0;
}

/* 64 lower-case digits. */
static int
read_sha256(struct reading *reading)
{
    static const char digits[] = "0123456789abcdef";
    const char *cell = take(reading, COLUMN_FILE_SHA256);
    uint8_t *hash = reading->row->file_sha256;
    bool is_right = strlen(cell) == 2 * sizeof reading->row->file_sha256;
    for (size_t i = 0; is_right && i < sizeof reading->row->file_sha256; i++) {
        const char *high = strchr(digits, cell[2 * i]), *low = strchr(digits, cell[2 * i + 1]);
        is_right = high && low;
        if (is_right)
            hash[i] = (uint8_t)((high - digits) * 16 + (low - digits));
    }
    return is_right ? 0
                    : err_set(reading->note, ERR_SYNTAX, "must be 64 hexadecimal digits, 0-9 a-f");
}

static int
read_file(struct reading *reading)
{
    struct imported_row *row = reading->row;
    int64_t line = 0;
    int code = read_count(reading, COLUMN_POSITION, 1, INT64_MAX, &row->position);
    if (code == 0)
        code = read_count(reading, COLUMN_SUBMISSION, 1, INT32_MAX, &row->submission);
    if (code == 0)
        code = read_count(reading, COLUMN_ROW, 0, UINT32_MAX, &line);
    if (code != 0)
        return code;
    row->sample.row = (uint32_t)line;
    const char *cell = take(reading, COLUMN_SENDER);
    row->sender = catalogue_publisher(reading->catalogue, cell);
    if (!row->sender)
        return err_set(reading->note, ERR_UNKNOWN,
                       "no such publisher in publishers.csv of this site");
    row->file = take(reading, COLUMN_FILE);
    if (!text_is_clean(row->file, strlen(row->file), RECORD_NAME_MAX))
        return err_set(reading->note, ERR_SYNTAX, "must be one line of at most %d bytes",
                       RECORD_NAME_MAX);
    return read_sha256(reading);
}

static enum exchange_column
column_of(enum reject_code code)
{
    switch (code) {
    case REJECT_AREA:
        return COLUMN_AREA;
    case REJECT_INDICATOR:
        return COLUMN_INDICATOR;
    case REJECT_PUBLISHER:
        return COLUMN_PUBLISHER;
    case REJECT_VALUE:
        return COLUMN_VALUE;
    case REJECT_STATUS:
        return COLUMN_STATUS;
    case REJECT_RELEASED:
        return COLUMN_RELEASED;
    case REJECT_TEXT:
        return COLUMN_REASON;
    case REJECT_NONE:
    case REJECT_SYNTAX:
    case REJECT_PERIOD:
    case REJECT_NOT_DUE:
    case REJECT_UNIT:
    case REJECT_CUMULATION:
    case REJECT_RIGHT:
    case REJECT_FUTURE:
    case REJECT_TWICE:
    case REJECT_EVIDENCE:
        break;
    }
    return COLUMN_PERIOD;
}

static int
check_sample(struct reading *reading)
{
    struct imported_row *row = reading->row;
    enum reject_code code = sample_check_kept(
        reading->catalogue, &row->sample, cal_date_at(row->received), &row->place, reading->note);
    reading->column = column_of(code);
    return code == REJECT_NONE ? 0 : ERR_SYNTAX;
}

/* What the number is of must be what it was: another unit, and it would be another value. */
static int
check_meaning(struct reading *reading)
{
    const struct cat_indicator *indicator = reading->row->place.indicator;
    const char *cell = take(reading, COLUMN_UNIT);
    if (cell[0] && strcmp(cell, indicator->unit->id) != 0)
        return err_set(reading->note, ERR_CONFLICT,
                       "the catalogue of this site has '%s' in the unit '%s'; make the site with "
                       "the catalogue of the site the export came from",
                       indicator->id, indicator->unit->id);
    const char *name = cumulation_name(indicator->cumulation);
    cell = take(reading, COLUMN_CUMULATION);
    if (cell[0] && strcmp(cell, name) != 0)
        return err_set(reading->note, ERR_CONFLICT,
                       "the catalogue of this site has '%s' as %s; make the site with the "
                       "catalogue of the site the export came from",
                       indicator->id, name);
    return 0;
}

int
cells_read(const struct cells *cells, const struct catalogue *catalogue,
           struct imported_row *ret_row, enum exchange_column *ret_column, struct err_note *note)
{
    static int (*const steps[])(struct reading *) = { read_texts,   read_days, read_record_kind,
                                                      read_status,  read_file, check_sample,
                                                      check_meaning };
    *ret_row = (struct imported_row){ .position = 0 };
    struct reading reading = {
        .cells = cells, .catalogue = catalogue, .row = ret_row, .note = note
    };
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = steps[i](&reading);
    *ret_column = reading.column;
    return code;
}
