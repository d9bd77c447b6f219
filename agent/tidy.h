/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a tidy feed file: CSV in UTF-8 with a header row naming the columns
 *
 *     area,indicator,period,value                                    required
 *     status,stage,cumulation,unit,released,note,publisher           if wanted
 *
 * in any order. Areas, indicators and units by id or printed name; an indicator may carry its unit
 * in brackets: 腾出用地面积（万亩） is in 万亩. A value in another unit of the family is converted
 * if only the decimal point moves: its text stays exact. Cells that say why there is no number:
 * empty, — - -- ——  -> O; / 不适用 无此项 -> M; 待下达 待核定 -> L; 保密 * -> Q; … is a reject.
 *
 * What is wrong with a row costs that row; what is wrong with the file costs the file. */
#ifndef PACEWATCH_AGENT_TIDY_H
#define PACEWATCH_AGENT_TIDY_H

#include "core/catalogue.h"
#include "proto/wire.h"

enum { TIDY_BYTES_MAX = 16 * 1024 * 1024, TIDY_ROWS_MAX = 100000 };

struct tidy_context {
    const struct catalogue *catalogue;
    const struct cat_publisher *sender;
    /* What is later than that is rejected. An import leaves that to the collector (cal_date_last):
     * the wall clock of one office must not decide what is lost. */
    struct cal_date today;
    enum lang lang;
};

/* One row of the file is one record: RECORD_SAMPLE, checked and canonical, or RECORD_REJECTED with
 * code and words. In file order. */
struct tidy {
    struct record *rows;
    size_t count, room;
    size_t rejected;
};

/* Reads the whole file. A negative code is a fault of the file as a whole, and the note says it in
 * context->lang. */
int tidy_read(const char *bytes, size_t size, const struct tidy_context *context,
              struct tidy *ret_tidy, struct err_note *note);
void tidy_done(struct tidy *tidy);

/* Does the row leave a question: it has no number, and does not say why? */
bool tidy_is_question(const struct record *row);

#endif
