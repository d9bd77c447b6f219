/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking one sample: what is it to what the ledger knows? The rules are docs/protocol.md's:
 *   1. the row in force on its release day says the same -> FATE_UNCHANGED, kept as a confirmation
 *   2. the period has no row yet                         -> FATE_STORED
 *   3. otherwise                                         -> FATE_REVISION
 * Late arrival gives the same state as order: every confirmation says what is in force on its day.
 * A different value of an earlier day breaks that for the confirmations up to the next row; the
 * first of them becomes a row then (it restates), and all the others hold again. */
#include "collector/ledger/chain.h"
#include "collector/ledger/series.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
find_provider(struct ledger *ledger, const char *publisher, int64_t *ret_id, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_PROVIDER_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, publisher);
    int code = db_step(ledger, s, note);
    if (code == 1) {
        *ret_id = sqlite3_column_int64(s, 0);
        db_reset(s);
        return 0;
    }
    if (code == 0 && !(s = db_statement(ledger, SQL_PROVIDER_MAKE, note)))
        code = ERR_LIBRARY;
    if (code != 0)
        return code;
    db_bind_text(s, 1, publisher);
    code = db_run(ledger, s, note);
    *ret_id = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

static int
provider_of(struct ledger *ledger, const char *publisher, int64_t *ret_id, struct err_note *note)
{
    struct providers *providers = &ledger->providers;
    for (size_t i = 0; i < PROVIDERS_KNOWN; i++) {
        if (strcmp(providers->known[i].publisher, publisher) == 0) {
            *ret_id = providers->known[i].id;
            return 0;
        }
    }
    int code = find_provider(ledger, publisher, ret_id, note);
    if (code == 0) {
        size_t at = providers->next++ % PROVIDERS_KNOWN;
        (void)snprintf(providers->known[at].publisher, sizeof providers->known[at].publisher, "%s",
                       publisher);
        providers->known[at].id = *ret_id;
    }
    return code;
}

/* A sample on its way into the ledger. */
struct taking {
    struct ledger *ledger;
    struct ledger_file *file;
    const struct sample *sample;
    const struct sample_place *place;
    struct series_known *series;
    int64_t period, released, received;
    char status[2];
};

/* A row of observation or confirmation, as far as it is not the taking's. */
struct row {
    const char *value, *status; /* NULL: a confirmation */
    enum obs_stage stage;
    int64_t released, received, submission, line, provider, restates;
    const char *note;
};

/* What was in force on the sample's release day. */
struct in_force {
    bool exists;
    char value[NUM_TEXT_MAX];
    char status[2];
    enum obs_stage stage;
    int64_t released;
};

static sqlite3_stmt *
statement(const struct taking *t, enum ledger_sql which, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(t->ledger, which, note);
    if (s) {
        db_bind_int(s, 1, t->period);
        db_bind_int(s, 2, t->series->id);
    }
    return s;
}

static int
find_in_force(const struct taking *t, struct in_force *ret_row, struct err_note *note)
{
    *ret_row = (struct in_force){ .exists = false };
    if (t->period > t->series->newest)
        return 0;
    sqlite3_stmt *s = statement(t, SQL_OBS_IN_FORCE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 3, t->released);
    int code = db_step(t->ledger, s, note);
    if (code != 1)
        return code;
    ret_row->exists = true;
    if (sqlite3_column_text(s, 0) && sqlite3_column_text(s, 1)) {
        db_column_text(s, 0, ret_row->value, sizeof ret_row->value);
        db_column_text(s, 1, ret_row->status, sizeof ret_row->status);
        code = 0;
    } else { /* they are never NULL in the table */
        code = err_set(note, -ENOMEM, "no memory to read the value in force");
    }
    ret_row->stage = (enum obs_stage)sqlite3_column_int(s, 2);
    ret_row->released = sqlite3_column_int64(s, 3);
    db_reset(s);
    return code;
}

static int
decide(const struct taking *t, const struct in_force *before, enum wire_fate *ret_fate,
       struct err_note *note)
{
    *ret_fate = FATE_REVISION;
    if (before->exists) {
        bool is_equal = strcmp(before->value, t->sample->value) == 0 &&
                        strcmp(before->status, t->status) == 0 && before->stage == t->sample->stage;
        *ret_fate = is_equal ? FATE_UNCHANGED : FATE_REVISION;
        return 0;
    }
    int code = 0;
    if (t->period <= t->series->newest) {
        sqlite3_stmt *s = statement(t, SQL_OBS_ANY, note);
        code = s ? db_step(t->ledger, s, note) : ERR_LIBRARY;
        db_reset(s);
    }
    if (code == 0)
        *ret_fate = FATE_STORED;
    return code < 0 ? code : 0;
}

/* The file's digest grows by a row of its own. */
static void
add_to_digest(const struct taking *t, int64_t position, bool is_confirmation)
{
    const struct chain_row row = {
        .position = position,
        .period = t->period,
        .released = t->released,
        .received = t->received,
        .row = t->sample->row,
        .stage = (int)t->sample->stage,
        .area = t->place->area->id,
        .indicator = t->place->indicator->id,
        .publisher = t->place->publisher->id,
        .value = is_confirmation ? NULL : t->sample->value,
        .status = t->status,
        .note = t->sample->note,
    };
    chain_add_row(t->file->digest, &row);
}

static int
insert_observation(const struct taking *t, const struct row *row, struct err_note *note)
{
    sqlite3_stmt *s = statement(t, SQL_OBS_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    int64_t position = t->ledger->now.position + 1;
    db_bind_int(s, 3, row->released);
    db_bind_int(s, 4, position);
    db_bind_text(s, 5, row->value);
    db_bind_text(s, 6, row->status);
    db_bind_int(s, 7, (int64_t)row->stage);
    db_bind_int(s, 8, row->received);
    db_bind_int(s, 9, row->submission);
    db_bind_int(s, 10, row->line);
    db_bind_int(s, 11, row->provider);
    db_bind_int(s, 12, row->restates);
    db_bind_text(s, 13, row->note);
    int code = db_run(t->ledger, s, note);
    if (code == 0) {
        series_changed(t->ledger, t->series, t->period, position);
        t->ledger->now.position = position;
    }
    return code;
}

/* The sample as a row of its own. */
static int
own_row(const struct taking *t, struct row *ret_row, struct err_note *note)
{
    *ret_row = (struct row){ .value = t->sample->value,
                             .status = t->status,
                             .stage = t->sample->stage,
                             .released = t->released,
                             .received = t->received,
                             .submission = t->file->submission,
                             .line = t->sample->row,
                             .note = t->sample->note };
    return provider_of(t->ledger, t->place->publisher->id, &ret_row->provider, note);
}

/* The same value on a later day than that of the row in force. The first of a day stands for it. */
static int
confirm(const struct taking *t, struct err_note *note)
{
    struct row row;
    int code = own_row(t, &row, note);
    sqlite3_stmt *s = code == 0 ? statement(t, SQL_CONFIRM, note) : NULL;
    if (!s)
        return code ? code : ERR_LIBRARY;
    int64_t position = t->ledger->now.position + 1;
    db_bind_int(s, 3, row.released);
    db_bind_int(s, 4, position);
    db_bind_int(s, 5, row.received);
    db_bind_int(s, 6, row.submission);
    db_bind_int(s, 7, row.line);
    db_bind_int(s, 8, row.provider);
    db_bind_text(s, 9, row.note);
    code = db_run(t->ledger, s, note);
    if (code == 0 && sqlite3_changes(t->ledger->db) > 0) {
        t->ledger->now.position = position;
        t->ledger->now.confirmed++;
        add_to_digest(t, position, true);
    }
    return code;
}

/* After a row that differs from `before`: what was confirmed between it and the next row is in
 * force again from the first confirmation on. */
static int
restate(const struct taking *t, const struct in_force *before, struct err_note *note)
{
    sqlite3_stmt *s = statement(t, SQL_CONFIRMED_AFTER, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 3, t->released);
    int code = db_step(t->ledger, s, note);
    if (code != 1)
        return code;
    char said[SAMPLE_NOTE_MAX + 1];
    db_column_text(s, 6, said, sizeof said);
    const struct row row = { .value = before->value,
                             .status = before->status,
                             .stage = before->stage,
                             .restates = sqlite3_column_int64(s, 0),
                             .released = sqlite3_column_int64(s, 1),
                             .received = sqlite3_column_int64(s, 2),
                             .submission = sqlite3_column_int64(s, 3),
                             .line = sqlite3_column_int64(s, 4),
                             .provider = sqlite3_column_int64(s, 5),
                             .note = said };
    db_reset(s);
    code = insert_observation(t, &row, note);
    t->ledger->now.restated += code == 0;
    return code;
}

static int
add_own(const struct taking *t, struct err_note *note)
{
    struct row row;
    int code = own_row(t, &row, note);
    if (code == 0)
        code = insert_observation(t, &row, note);
    if (code == 0)
        add_to_digest(t, t->ledger->now.position, false);
    return code;
}

int
ledger_apply(struct ledger *ledger, struct ledger_file *file, const struct sample *sample,
             const struct sample_place *place, struct wall_time now, enum wire_fate *ret_fate,
             struct err_note *note)
{
    struct taking t = {
        .ledger = ledger,
        .file = file,
        .sample = sample,
        .place = place,
        .period = cal_period_key(sample->period),
        .released = sample->has_released ? sample->released.days : cal_date_at(now).days,
        .received = now.seconds,
        .status = { sample->status, '\0' },
    };
    struct in_force before = { .exists = false };
    enum wire_fate fate = FATE_NONE;
    int code = series_know(ledger, place, &t.series, note);
    if (code == 0)
        code = find_in_force(&t, &before, note);
    if (code == 0)
        code = decide(&t, &before, &fate, note);
    if (code == 0 && fate == FATE_UNCHANGED && before.released < t.released)
        code = confirm(&t, note);
    if (code == 0 && fate != FATE_UNCHANGED)
        code = add_own(&t, note);
    if (code == 0 && fate == FATE_REVISION && before.exists)
        code = restate(&t, &before, note);
    if (code == 0)
        *ret_fate = fate;
    return code;
}
