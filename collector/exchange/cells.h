/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/exchange/: a row of the record as texts, one a column. Writers get them and
 * readers give them; what they mean is told here alone. */
#ifndef PACEWATCH_COLLECTOR_EXCHANGE_CELLS_H
#define PACEWATCH_COLLECTOR_EXCHANGE_CELLS_H

#include "collector/exchange/exchange.h"

enum cell_kind { CELL_TEXT, CELL_COUNT };

/* Is the cell needed by an import, checked if it is there, or for people? */
enum cell_need { CELL_MUST, CELL_CHECKED, CELL_PEOPLE };

/* X(enum, name, SDMX concept or NULL, kind, need), in the order of the columns. */
#define COLUMN_TABLE(X)                                                       \
    X(COLUMN_AREA, "area", "REF_AREA", CELL_TEXT, CELL_MUST)                  \
    X(COLUMN_INDICATOR, "indicator", "INDICATOR", CELL_TEXT, CELL_MUST)       \
    X(COLUMN_PERIOD, "period", "TIME_PERIOD", CELL_TEXT, CELL_MUST)           \
    X(COLUMN_VALUE, "value", "OBS_VALUE", CELL_TEXT, CELL_MUST)               \
    X(COLUMN_STATUS, "status", "OBS_STATUS", CELL_TEXT, CELL_MUST)            \
    X(COLUMN_STAGE, "stage", "OBS_STAGE", CELL_TEXT, CELL_MUST)               \
    X(COLUMN_RELEASED, "released", "VINTAGE", CELL_TEXT, CELL_MUST)           \
    X(COLUMN_REASON, "reason", "COMMENT_OBS", CELL_TEXT, CELL_MUST)           \
    X(COLUMN_PUBLISHER, "publisher", "DATA_PROVIDER", CELL_TEXT, CELL_MUST)   \
    X(COLUMN_RECEIVED_AT, "received_at", "RECEIVED_AT", CELL_TEXT, CELL_MUST) \
    X(COLUMN_RECORD, "record", "RECORD", CELL_TEXT, CELL_MUST)                \
    X(COLUMN_POSITION, "position", "POSITION", CELL_COUNT, CELL_MUST)         \
    X(COLUMN_REVISION, "revision", "REVISION", CELL_COUNT, CELL_PEOPLE)       \
    X(COLUMN_SUBMISSION, "submission", "SUBMISSION", CELL_COUNT, CELL_MUST)   \
    X(COLUMN_SENDER, "sender", "SENDER", CELL_TEXT, CELL_MUST)                \
    X(COLUMN_FILE, "file", "FILE_NAME", CELL_TEXT, CELL_MUST)                 \
    X(COLUMN_FILE_SHA256, "file_sha256", "FILE_SHA256", CELL_TEXT, CELL_MUST) \
    X(COLUMN_ROW, "row", "FILE_ROW", CELL_COUNT, CELL_MUST)                   \
    X(COLUMN_AREA_NAME, "area_name", NULL, CELL_TEXT, CELL_PEOPLE)            \
    X(COLUMN_INDICATOR_NAME, "indicator_name", NULL, CELL_TEXT, CELL_PEOPLE)  \
    X(COLUMN_UNIT_NAME, "unit_name", NULL, CELL_TEXT, CELL_PEOPLE)            \
    X(COLUMN_UNIT, "unit", "UNIT_MEASURE", CELL_TEXT, CELL_CHECKED)           \
    X(COLUMN_CUMULATION, "cumulation", "CUMULATION", CELL_TEXT, CELL_CHECKED)

enum exchange_column {
#define X(id, name, sdmx, kind, need) id,
    COLUMN_TABLE(X)
#undef X
        COLUMN_COUNT
};

struct column_says {
    const char *name, *sdmx;
    enum cell_kind kind;
    enum cell_need need;
};
extern const struct column_says column_says[COLUMN_COUNT];

/* A row as texts; "" for none. They point into a buffer of the writer or the reader. */
struct cells {
    const char *text[COLUMN_COUNT];
};

/* What an export prints its cells into. */
struct cells_buffer {
    char period[CAL_TEXT_MAX], released[CAL_TEXT_MAX], received_at[CAL_TEXT_MAX];
    char status[2], position[24], revision[24], submission[24], row[24];
    char sha256[2 * RECORD_SHA256 + 1];
};

/* The cells point into `record`, `catalogue` and `buffer`. A confirmation has no revision. */
void cells_of_record(const struct ledger_record *record, const struct catalogue *catalogue,
                     enum lang lang, struct cells_buffer *buffer, struct cells *ret_cells);

/* A row as an import understands it. */
struct imported_row {
    struct sample sample; /* its publisher is named */
    struct sample_place place;
    enum ledger_record_kind kind;
    int64_t position, submission;
    struct wall_time received;
    const struct cat_publisher *sender;
    const char *file; /* into the cells */
    uint8_t file_sha256[RECORD_SHA256];
};

/* Reads and checks a row by itself. On failure *ret_column is the cell that is wrong, and the note
 * says what is and what to do. */
int cells_read(const struct cells *cells, const struct catalogue *catalogue,
               struct imported_row *ret_row, enum exchange_column *ret_column,
               struct err_note *note);

#endif
