/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row of a tidy feed file: cells in, sample or reject out. Private to agent/tidy*.c. */
#ifndef PACEWATCH_AGENT_TIDY_ROW_H
#define PACEWATCH_AGENT_TIDY_ROW_H

#include "agent/tidy.h"

/* X(enum, header name, required) */
#define TIDY_COLUMN_TABLE(X)                  \
    X(COLUMN_AREA, "area", true)              \
    X(COLUMN_INDICATOR, "indicator", true)    \
    X(COLUMN_PERIOD, "period", true)          \
    X(COLUMN_VALUE, "value", true)            \
    X(COLUMN_STATUS, "status", false)         \
    X(COLUMN_STAGE, "stage", false)           \
    X(COLUMN_CUMULATION, "cumulation", false) \
    X(COLUMN_UNIT, "unit", false)             \
    X(COLUMN_RELEASED, "released", false)     \
    X(COLUMN_NOTE, "note", false)             \
    X(COLUMN_PUBLISHER, "publisher", false)

enum tidy_column {
#define X(name, text, is_required) name,
    TIDY_COLUMN_TABLE(X)
#undef X
        COLUMN_COUNT
};

/* A row at work. `cell` holds trimmed texts, "" where the file has no such column. */
struct tidy_row {
    const struct tidy_context *context;
    const char *cell[COLUMN_COUNT];
    struct sample sample;
    const struct cat_indicator *indicator;
    const struct cat_unit *unit;  /* of the value; NULL: the indicator's */
    char text[WIRE_TEXT_MAX + 1]; /* why not, in the context's language */
};

/* Understands and checks the row; sample.row is set by the caller. */
enum reject_code tidy_row_read(struct tidy_row *row);

/* Moves the decimal point of a plain decimal by `shift` places to the right, exactly. ERR_RANGE
 * when the result has too many digits. */
int tidy_shift(const char *decimal, int shift, char text[NUM_TEXT_MAX]);

/* k with from = 10^k * to, or ERR_RANGE: units of one family whose ratio is no power of ten. */
int tidy_unit_shift(const struct cat_unit *from, const struct cat_unit *to, int *ret_shift);

/* Says in the context's language what sample_check found; `note` are its words. */
void tidy_explain(struct tidy_row *row, enum reject_code code, const struct err_note *note);

#endif
