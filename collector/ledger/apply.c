/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking one sample: what is it to what the ledger knows? The rules are docs/protocol.md's, in this
 * order:
 *   1. the same line of the same file (by its bytes) is here already with the same content ->
 * FATE_DUPLICATE
 *   2. the row in force on its release day says the same                                   ->
 * FATE_UNCHANGED
 *   3. the period has no row yet                                                           ->
 * FATE_STORED
 *   4. otherwise                                                                           ->
 * FATE_REVISION */
#include "collector/ledger/db.h"

#include <errno.h>
#include <string.h>

static int
find_or_make(struct ledger *ledger, sqlite3_stmt *find, sqlite3_stmt *make, int64_t *ret_id,
             struct err_note *note)
{
    if (!find || !make)
        return ERR_LIBRARY;
    int code = db_step(ledger, find, note);
    if (code == 1) {
        *ret_id = sqlite3_column_int64(find, 0);
        db_reset(find);
        return 0;
    }
    if (code == 0)
        code = db_run(ledger, make, note);
    if (code == 0)
        *ret_id = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

static int
series_of(struct ledger *ledger, const struct sample_place *place, int64_t *ret_id,
          struct err_note *note)
{
    sqlite3_stmt *find = db_statement(ledger, SQL_SERIES_FIND, note);
    sqlite3_stmt *make = db_statement(ledger, SQL_SERIES_MAKE, note);
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *s = i == 0 ? find : make;
        if (s) {
            db_bind_text(s, 1, place->area->id);
            db_bind_text(s, 2, place->indicator->id);
        }
    }
    return find_or_make(ledger, find, make, ret_id, note);
}

static int
provider_of(struct ledger *ledger, const char *publisher, int64_t *ret_id, struct err_note *note)
{
    sqlite3_stmt *find = db_statement(ledger, SQL_PROVIDER_FIND, note);
    sqlite3_stmt *make = db_statement(ledger, SQL_PROVIDER_MAKE, note);
    if (find)
        db_bind_text(find, 1, publisher);
    if (make)
        db_bind_text(make, 1, publisher);
    return find_or_make(ledger, find, make, ret_id, note);
}

/* Is the same line of the same file here, with the same content? */
static int
is_duplicate(struct ledger *ledger, const struct ledger_file *file, const struct sample *sample,
             int64_t series, int64_t period, struct err_note *note)
{
    const char status[2] = { sample->status, '\0' };
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_REPEATED, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, period);
    db_bind_int(s, 2, series);
    db_bind_int(s, 3, sample->row);
    db_bind_text(s, 4, sample->value);
    db_bind_text(s, 5, status);
    db_bind_blob(s, 6, file->sha256, sizeof file->sha256);
    int code = db_step(ledger, s, note);
    db_reset(s);
    return code;
}

static int
decide(struct ledger *ledger, const struct ledger_file *file, const struct sample *sample,
       int64_t series, int64_t period, int64_t released, enum wire_fate *ret_fate,
       struct err_note *note)
{
    int code = file->is_repeat ? is_duplicate(ledger, file, sample, series, period, note) : 0;
    if (code != 0) {
        *ret_fate = FATE_DUPLICATE;
        return code < 0 ? code : 0;
    }
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_IN_FORCE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, period);
    db_bind_int(s, 2, series);
    db_bind_int(s, 3, released);
    code = db_step(ledger, s, note);
    if (code < 0)
        return code;
    *ret_fate = FATE_STORED;
    if (code == 1) { /* the row in force on that day, or if there is none, any */
        const char *value = (const char *)sqlite3_column_text(s, 0);
        const char *status = (const char *)sqlite3_column_text(s, 1);
        bool is_equal = value && status && sqlite3_column_int(s, 2) &&
                        strcmp(value, sample->value) == 0 && status[0] == sample->status;
        *ret_fate = is_equal ? FATE_UNCHANGED : FATE_REVISION;
        if (!value || !status) /* they are never NULL in the table */
            code = err_set(note, -ENOMEM, "no memory to read the value in force");
    }
    db_reset(s);
    return code < 0 ? code : 0;
}

static int
add_row(struct ledger *ledger, const struct ledger_file *file, const struct sample *sample,
        const char *publisher, int64_t series, int64_t period, int64_t released,
        struct wall_time now, struct err_note *note)
{
    int64_t provider = 0;
    int code = provider_of(ledger, publisher, &provider, note);
    if (code != 0)
        return code;
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    const char status[2] = { sample->status, '\0' };
    int64_t position = ledger->position + 1;
    db_bind_int(s, 1, period);
    db_bind_int(s, 2, series);
    db_bind_int(s, 3, position);
    db_bind_text(s, 4, sample->value);
    db_bind_text(s, 5, status);
    db_bind_int(s, 6, released);
    db_bind_int(s, 7, now.seconds);
    db_bind_int(s, 8, file->submission);
    db_bind_int(s, 9, sample->row);
    db_bind_int(s, 10, provider);
    db_bind_text(s, 11, sample->note);
    code = db_run(ledger, s, note);
    if (code != 0)
        return code;
    s = db_statement(ledger, SQL_SERIES_TOUCH, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, series);
    db_bind_int(s, 2, position);
    code = db_run(ledger, s, note);
    if (code == 0)
        ledger->position = position;
    return code;
}

int
ledger_apply(struct ledger *ledger, const struct ledger_file *file, const struct sample *sample,
             const struct sample_place *place, struct wall_time now, enum wire_fate *ret_fate,
             struct err_note *note)
{
    int64_t series = 0;
    int code = series_of(ledger, place, &series, note);
    if (code != 0)
        return code;
    int64_t period = cal_period_key(sample->period);
    int64_t released = sample->has_released ? sample->released.days : cal_date_at(now).days;
    enum wire_fate fate = FATE_NONE;
    code = decide(ledger, file, sample, series, period, released, &fate, note);
    if (code == 0 && (fate == FATE_STORED || fate == FATE_REVISION))
        code = add_row(ledger, file, sample, place->publisher->id, series, period, released, now,
                       note);
    if (code == 0)
        *ret_fate = fate;
    return code;
}
