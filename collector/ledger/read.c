/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading series, submissions, keys and counts. */
#include "collector/ledger/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
ledger_rows_done(struct ledger_rows *rows)
{
    free(rows->rows);
    *rows = (struct ledger_rows){ 0 };
}

int
ledger_series_find(struct ledger *ledger, const char *area, const char *indicator, int64_t *ret_id,
                   struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, area);
    db_bind_text(s, 2, indicator);
    int code = db_step(ledger, s, note);
    if (code < 0)
        return code;
    *ret_id = code == 1 ? sqlite3_column_int64(s, 0) : 0;
    db_reset(s);
    return 0;
}

static void
fill_row(sqlite3_stmt *s, struct ledger_row *row)
{
    *row = (struct ledger_row){ .period = cal_period_from_key(sqlite3_column_int64(s, 0)),
                                .stage = (enum obs_stage)sqlite3_column_int(s, 3),
                                .released = { (int32_t)sqlite3_column_int64(s, 4) },
                                .received = { sqlite3_column_int64(s, 5) },
                                .position = sqlite3_column_int64(s, 6),
                                .submission = sqlite3_column_int64(s, 7),
                                .row = (uint32_t)sqlite3_column_int64(s, 8),
                                .is_latest = true };
    char status[2];
    db_column_text(s, 1, row->value, sizeof row->value);
    db_column_text(s, 2, status, sizeof status);
    row->status = status[0];
    db_column_text(s, 9, row->publisher, sizeof row->publisher);
    db_column_text(s, 10, row->note, sizeof row->note);
}

/* Room for one more row; rows arrive by period, so the one before tells the revision. */
static struct ledger_row *
next_row(struct ledger_rows *rows, size_t *capacity)
{
    if (rows->count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : 64;
        struct ledger_row *grown = realloc(rows->rows, wanted * sizeof *grown);
        if (!grown)
            return NULL;
        rows->rows = grown;
        *capacity = wanted;
    }
    return &rows->rows[rows->count++];
}

static bool
says_the_same(const struct ledger_row *a, const struct ledger_row *b)
{
    return a->status == b->status && a->stage == b->stage && strcmp(a->value, b->value) == 0;
}

int
ledger_read_series(struct ledger *ledger, int64_t series, const struct ledger_as_of *as_of,
                   struct ledger_rows *ret_rows, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_SERIES, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, series);
    db_bind_int(s, 2, as_of && as_of->has_released ? as_of->released.days : INT64_MAX);
    db_bind_int(s, 3, as_of && as_of->has_received ? as_of->received.seconds : INT64_MAX);
    struct ledger_rows rows = { 0 };
    size_t capacity = 0;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_row *row = next_row(&rows, &capacity);
        if (!row) {
            db_reset(s);
            ledger_rows_done(&rows);
            return err_set(note, -ENOMEM, "out of memory");
        }
        fill_row(s, row);
        if (row == rows.rows || !cal_period_equal(row[-1].period, row->period))
            continue;
        if (says_the_same(&row[-1], row)) {
            rows.count--;
            continue;
        }
        row->revision = (uint16_t)(row[-1].revision + 1);
        row[-1].is_latest = false;
    }
    if (code < 0) {
        ledger_rows_done(&rows);
        return code;
    }
    *ret_rows = rows;
    return 0;
}

/* Moves to the first row of the period after. 0: there is none; 1: there is. */
static int
next_period(struct ledger *ledger, struct ledger_place *place, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_PERIOD_NEXT, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, place->period);
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code;
    place->period = sqlite3_column_int64(s, 0); /* 0 for NULL */
    place->released = INT64_MIN;
    place->position = 0;
    db_reset(s);
    return place->period != 0;
}

/* At most `room` rows of the place's period; *ret_looked: so many were looked at, those of earlier
 * positions too. 0: that was all of the period. */
static int
read_period(struct ledger *ledger, int64_t series, const struct ledger_as_of *as_of,
            struct ledger_place *place, struct ledger_row *rows, size_t room, size_t *ret_count,
            size_t *ret_looked, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_PIECE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, place->period);
    db_bind_int(s, 2, series);
    db_bind_int(s, 3, place->released);
    db_bind_int(s, 4, place->position);
    db_bind_int(s, 5, as_of && as_of->has_released ? as_of->released.days : INT64_MAX);
    db_bind_int(s, 6, as_of && as_of->has_received ? as_of->received.seconds : INT64_MAX);
    db_bind_int(s, 7, (int64_t)room);
    size_t count = 0, looked = 0;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        looked++;
        place->released = sqlite3_column_int64(s, 4);
        place->position = sqlite3_column_int64(s, 6);
        if (place->position <= place->after)
            continue;
        struct ledger_row *row = &rows[count++];
        fill_row(s, row);
        row->is_complete = sqlite3_column_int(s, 11) != 0;
        row->is_heard = sqlite3_column_int(s, 12) != 0;
    }
    *ret_count = count;
    *ret_looked = looked;
    return code < 0 ? code : looked == room;
}

int
ledger_read_piece(struct ledger *ledger, int64_t series, const struct ledger_as_of *as_of,
                  struct ledger_place *place, struct ledger_row *ret_rows, size_t room,
                  size_t *ret_count, bool *ret_ended, struct err_note *note)
{
    size_t count = 0, work = 0; /* a period costs as much as a row */
    int code = place->period ? 1 : next_period(ledger, place, note);
    while (code == 1 && work < room) {
        size_t more = 0, looked = 0;
        code = read_period(ledger, series, as_of, place, ret_rows + count, room - work, &more,
                           &looked, note);
        count += more;
        work += looked + 1;
        if (code == 0)
            code = next_period(ledger, place, note);
    }
    if (code < 0)
        return code;
    *ret_count = count;
    *ret_ended = code == 0;
    return 0;
}

static void
fill_series(sqlite3_stmt *s, struct ledger_series *series)
{
    series->id = sqlite3_column_int64(s, 0);
    db_column_text(s, 1, series->area, sizeof series->area);
    db_column_text(s, 2, series->indicator, sizeof series->indicator);
    series->last_position = sqlite3_column_int64(s, 3);
}

int
ledger_each_series(struct ledger *ledger, int64_t position,
                   int (*visit)(void *context, const struct ledger_series *series), void *context,
                   struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_EACH, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, position);
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_series series;
        fill_series(s, &series);
        code = visit(context, &series);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}

int
ledger_series_after(struct ledger *ledger, int64_t after, struct ledger_series *ret_series,
                    struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_AFTER, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, after);
    int code = db_step(ledger, s, note);
    ret_series->id = 0;
    if (code != 1)
        return code;
    fill_series(s, ret_series);
    db_reset(s);
    return 0;
}

/* What is in force of the place's period, of the series first..last. */
static int
each_of_period(struct ledger *ledger, const struct ledger_place *place, int64_t first, int64_t last,
               int (*visit)(void *context, const struct ledger_value *value), void *context,
               struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_OBS_RANGE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, place->period);
    db_bind_int(s, 2, first);
    db_bind_int(s, 3, last);
    struct ledger_value value = { .period = cal_period_from_key(place->period) };
    int64_t released = 0;
    int code, stop = 0;
    while (stop == 0 && (code = db_step(ledger, s, note)) == 1) {
        int64_t series = sqlite3_column_int64(s, 0);
        if (series != value.series && value.series != 0)
            stop = visit(context, &value);
        int64_t day = sqlite3_column_int64(s, 2), position = sqlite3_column_int64(s, 3);
        if (series == value.series &&
            (day < released || (day == released && position < value.position)))
            continue; /* not the last by release, then arrival */
        value.series = series;
        value.position = position;
        released = day;
        db_column_text(s, 1, value.value, sizeof value.value);
    }
    if (stop != 0)
        db_reset(s);
    else if (code == 0 && value.series != 0)
        stop = visit(context, &value);
    return stop != 0 ? stop : code;
}

int
ledger_each_value(struct ledger *ledger, int64_t first, int64_t last,
                  int (*visit)(void *context, const struct ledger_value *value), void *context,
                  struct err_note *note)
{
    struct ledger_place place = { .after = 0 };
    int code = 0;
    while (code == 0 && (code = next_period(ledger, &place, note)) == 1)
        code = each_of_period(ledger, &place, first, last, visit, context, note);
    return code;
}

int
ledger_next_unjudged(struct ledger *ledger, int64_t after, struct ledger_series *ret_series,
                     int64_t *ret_judged, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_UNJUDGED, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, after);
    int code = db_step(ledger, s, note);
    ret_series->id = 0;
    if (code != 1)
        return code;
    fill_series(s, ret_series);
    *ret_judged = sqlite3_column_int64(s, 4);
    db_reset(s);
    return 0;
}

int
ledger_set_judged(struct ledger *ledger, int64_t series, int64_t position, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_JUDGED, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, series);
    db_bind_int(s, 2, position);
    return db_run(ledger, s, note);
}

static int
fill_submission(sqlite3_stmt *s, struct ledger_submission *submission, struct err_note *note)
{
    *submission = (struct ledger_submission){
        .id = sqlite3_column_int64(s, 0),
        .rows = (uint32_t)sqlite3_column_int64(s, 4),
        .stored = (uint32_t)sqlite3_column_int64(s, 5),
        .revised = (uint32_t)sqlite3_column_int64(s, 6),
        .unchanged = (uint32_t)sqlite3_column_int64(s, 7),
        .duplicate = (uint32_t)sqlite3_column_int64(s, 8),
        .rejected = (uint32_t)sqlite3_column_int64(s, 9),
        .received = { sqlite3_column_int64(s, 10) },
        .is_complete = sqlite3_column_int(s, 11) != 0,
    };
    db_column_text(s, 1, submission->publisher, sizeof submission->publisher);
    db_column_text(s, 2, submission->name, sizeof submission->name);
    return db_column_blob(s, 3, submission->sha256, sizeof submission->sha256, note);
}

static sqlite3_stmt *
submissions(struct ledger *ledger, const char *publisher, size_t limit, int64_t id,
            struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SUBMISSION_EACH, note);
    if (!s)
        return NULL;
    if (publisher)
        db_bind_text(s, 1, publisher);
    else
        (void)sqlite3_bind_null(s, 1);
    db_bind_int(s, 2, (int64_t)limit);
    db_bind_int(s, 3, id);
    return s;
}

int
ledger_each_submission(struct ledger *ledger, const char *publisher, size_t limit,
                       int (*visit)(void *context, const struct ledger_submission *submission),
                       void *context, struct err_note *note)
{
    sqlite3_stmt *s = submissions(ledger, publisher, limit, 0, note);
    if (!s)
        return ERR_LIBRARY;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_submission submission;
        code = fill_submission(s, &submission, note);
        if (code == 0)
            code = visit(context, &submission);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}

int
ledger_submission(struct ledger *ledger, int64_t id, struct ledger_submission *ret_submission,
                  struct err_note *note)
{
    sqlite3_stmt *s = submissions(ledger, NULL, 1, id, note);
    if (!s)
        return ERR_LIBRARY;
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : err_set(note, ERR_ABSENT, "no submission %lld", (long long)id);
    code = fill_submission(s, ret_submission, note);
    db_reset(s);
    return code;
}

int
ledger_count(struct ledger *ledger, struct ledger_counts *ret_counts, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_COUNT, note);
    if (!s)
        return ERR_LIBRARY;
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : ERR_DAMAGED;
    struct ledger_counts counts = {
        .observations = sqlite3_column_int64(s, 0) - sqlite3_column_int64(s, 7),
        .series = sqlite3_column_int64(s, 1),
        .submissions = sqlite3_column_int64(s, 2),
        .open_alerts = sqlite3_column_int64(s, 3),
        .alert_events = sqlite3_column_int64(s, 4),
        .outbox_waiting = sqlite3_column_int64(s, 5),
        .unjudged_series = sqlite3_column_int64(s, 6),
        .confirmations = sqlite3_column_int64(s, 7),
        .restated = sqlite3_column_int64(s, 8),
        .streams = sqlite3_column_int64(s, 9),
        .records = sqlite3_column_int64(s, 10),
        .difference = sqlite3_column_int64(s, 17),
    };
    for (int fate = FATE_CONTROL; fate < FATE_COUNT; fate++)
        counts.fates[fate] = sqlite3_column_int64(s, 10 + fate);
    db_reset(s);
    int64_t rows = counts.fates[FATE_STORED] + counts.fates[FATE_REVISION] + counts.restated;
    counts.difference +=
        rows > counts.observations ? rows - counts.observations : counts.observations - rows;
    *ret_counts = counts;
    return 0;
}
