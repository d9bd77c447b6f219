/* SPDX-License-Identifier: GPL-3.0-or-later
 * The record in the order of its positions. The tables lie by period, and nothing is indexed by
 * position: a first walk in the tables' own order notes the keys and counts the revisions, the keys
 * are sorted, and each row is looked up. */
#include "collector/ledger/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *
ledger_record_name(enum ledger_record_kind kind)
{
    static const char *const names[LEDGER_RECORD_COUNT] = {
#define X(id, name) [id] = (name),
        LEDGER_RECORD_TABLE(X)
#undef X
    };
    return names[kind];
}

int64_t
ledger_position_so_far(const struct ledger *ledger)
{
    return ledger->now.position;
}

struct key {
    int64_t position, period, series;
    int32_t released;
    uint16_t revision;
    uint8_t kind; /* enum ledger_record_kind */
};

struct keys {
    struct key *keys; /* owned */
    size_t count, room;
};

static int
add_key(struct keys *keys, const struct key *key, struct err_note *note)
{
    if (keys->count == keys->room) {
        size_t room = keys->room ? keys->room * 2 : 1024;
        struct key *grown = realloc(keys->keys, room * sizeof *grown);
        if (!grown)
            return err_set(note, -ENOMEM, "out of memory");
        keys->keys = grown;
        keys->room = room;
    }
    keys->keys[keys->count++] = *key;
    return 0;
}

static void
bind_id(sqlite3_stmt *s, int index, const char *id)
{
    if (id)
        db_bind_text(s, index, id);
    else
        (void)sqlite3_bind_null(s, index);
}

static sqlite3_stmt *
select_rows(struct ledger *ledger, enum ledger_sql which, const struct ledger_selection *selection,
            struct err_note *note)
{
    const struct ledger_as_of *as_of = &selection->as_of;
    sqlite3_stmt *s = db_statement(ledger, which, note);
    if (!s)
        return NULL;
    db_bind_int(s, 1, as_of->has_released ? as_of->released.days : INT64_MAX);
    db_bind_int(s, 2, as_of->has_received ? as_of->received.seconds : INT64_MAX);
    bind_id(s, 3, selection->area);
    bind_id(s, 4, selection->indicator);
    ledger->deadline_ms = 0; /* as long as it takes */
    return s;
}

static struct key
key_of(sqlite3_stmt *s, enum ledger_record_kind kind)
{
    return (struct key){ .period = sqlite3_column_int64(s, 0),
                         .series = sqlite3_column_int64(s, 1),
                         .released = (int32_t)sqlite3_column_int64(s, 2),
                         .position = sqlite3_column_int64(s, 3),
                         .kind = (uint8_t)kind };
}

/* What the row before said, in the order of revisions. */
struct before {
    struct key key;
    char value[NUM_TEXT_MAX];
    char status[2];
    int stage;
};

/* The row as a key; *ret_is_new: it says something else than the one before it. */
static struct key
compare_row(sqlite3_stmt *s, struct before *before, bool *ret_is_new)
{
    bool is_restated = sqlite3_column_int64(s, 7) != 0;
    struct before now = { .key = key_of(s, is_restated ? LEDGER_RESTATED : LEDGER_OBSERVATION),
                          .stage = sqlite3_column_int(s, 6) };
    db_column_text(s, 4, now.value, sizeof now.value);
    db_column_text(s, 5, now.status, sizeof now.status);
    bool is_other = now.key.period != before->key.period || now.key.series != before->key.series;
    *ret_is_new = is_other || now.stage != before->stage || strcmp(now.value, before->value) != 0 ||
                  strcmp(now.status, before->status) != 0;
    if (!is_other)
        now.key.revision = (uint16_t)(before->key.revision + *ret_is_new);
    *before = now;
    return now.key;
}

static int
collect_rows(struct ledger *ledger, const struct ledger_selection *selection, struct keys *keys,
             struct err_note *note)
{
    sqlite3_stmt *s = select_rows(ledger, SQL_RECORD_ROWS, selection, note);
    if (!s)
        return ERR_LIBRARY;
    struct before before = { .stage = -1 };
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        bool is_new = false, is_next = false;
        struct key key = compare_row(s, &before, &is_new);
        if (selection->only_latest) {
            const struct key *last = keys->count > 0 ? &keys->keys[keys->count - 1] : NULL;
            is_next = last && last->period == key.period && last->series == key.series;
            if (is_next && !is_new)
                continue;
            keys->count -= is_next;
        }
        code = add_key(keys, &key, note);
        if (code != 0)
            break;
    }
    db_reset(s);
    return code;
}

static int
collect_confirmations(struct ledger *ledger, const struct ledger_selection *selection,
                      struct keys *keys, struct err_note *note)
{
    sqlite3_stmt *s = select_rows(ledger, SQL_RECORD_CONFIRMATIONS, selection, note);
    if (!s)
        return ERR_LIBRARY;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct key key = key_of(s, LEDGER_CONFIRMATION);
        code = add_key(keys, &key, note);
        if (code != 0)
            break;
    }
    db_reset(s);
    return code;
}

static int
by_position(const void *a, const void *b)
{
    int64_t left = ((const struct key *)a)->position, right = ((const struct key *)b)->position;
    return (left > right) - (left < right);
}

/* ---- looking up ---- */

static sqlite3_stmt *
look_up(struct ledger *ledger, enum ledger_sql which, const struct key *key, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, which, note);
    if (!s)
        return NULL;
    db_bind_int(s, 1, key->period);
    db_bind_int(s, 2, key->series);
    db_bind_int(s, 3, key->released);
    if (which != SQL_RECORD_CONFIRMATION)
        db_bind_int(s, 4, key->position);
    return s;
}

static void
fill_value(sqlite3_stmt *s, int column, struct ledger_row *row)
{
    char status[2];
    db_column_text(s, column, row->value, sizeof row->value);
    db_column_text(s, column + 1, status, sizeof status);
    row->status = status[0];
    row->stage = (enum obs_stage)sqlite3_column_int(s, column + 2);
}

/* What RECORD_SAYS. */
static int
fill_record(sqlite3_stmt *s, struct ledger_record *record, struct err_note *note)
{
    struct ledger_row *row = &record->row;
    db_column_text(s, 0, record->area, sizeof record->area);
    db_column_text(s, 1, record->indicator, sizeof record->indicator);
    row->received.seconds = sqlite3_column_int64(s, 2);
    row->submission = sqlite3_column_int64(s, 3);
    row->row = (uint32_t)sqlite3_column_int64(s, 4);
    db_column_text(s, 5, row->publisher, sizeof row->publisher);
    db_column_text(s, 6, row->note, sizeof row->note);
    db_column_text(s, 7, record->sender, sizeof record->sender);
    db_column_text(s, 8, record->file, sizeof record->file);
    return db_column_blob(s, 9, record->file_sha256, sizeof record->file_sha256, note);
}

/* A confirmation keeps no value: it was the one in force on its day when it came, by the rows that
 * were there by then. */
static int
read_confirmed(struct ledger *ledger, const struct key *key, struct ledger_row *row,
               struct err_note *note)
{
    sqlite3_stmt *s = look_up(ledger, SQL_RECORD_CONFIRMED, key, note);
    int code = s ? db_step(ledger, s, note) : ERR_LIBRARY;
    if (code == 0)
        return err_set(note, ERR_DAMAGED, "ledger: the confirmation at position %lld confirms none",
                       (long long)key->position);
    if (code < 0)
        return code;
    fill_value(s, 0, row);
    db_reset(s);
    return 0;
}

static int
read_record(struct ledger *ledger, const struct key *key, struct ledger_record *record,
            struct err_note *note)
{
    enum { VALUE = 10 };
    bool is_row = key->kind != LEDGER_CONFIRMATION;
    sqlite3_stmt *s = look_up(ledger, is_row ? SQL_RECORD_ROW : SQL_RECORD_CONFIRMATION, key, note);
    int code = s ? db_step(ledger, s, note) : ERR_LIBRARY;
    if (code == 0)
        return err_set(note, ERR_DAMAGED,
                       "ledger: the row at position %lld refers to what is not there",
                       (long long)key->position);
    if (code < 0)
        return code;
    *record = (struct ledger_record){ .kind = (enum ledger_record_kind)key->kind,
                                      .row = { .period = cal_period_from_key(key->period),
                                               .released = { key->released },
                                               .revision = key->revision,
                                               .position = key->position } };
    code = fill_record(s, record, note);
    if (is_row)
        fill_value(s, VALUE, &record->row);
    db_reset(s);
    return code == 0 && !is_row ? read_confirmed(ledger, key, &record->row, note) : code;
}

static int
visit_all(struct ledger *ledger, const struct ledger_selection *selection,
          int (*visit)(void *context, const struct ledger_record *record), void *context,
          struct err_note *note)
{
    struct keys keys = { NULL, 0, 0 };
    int code = collect_rows(ledger, selection, &keys, note);
    if (code == 0 && !selection->only_latest)
        code = collect_confirmations(ledger, selection, &keys, note);
    if (keys.count > 0)
        qsort(keys.keys, keys.count, sizeof *keys.keys, by_position);
    for (size_t i = 0; code == 0 && i < keys.count; i++) {
        struct ledger_record record;
        code = read_record(ledger, &keys.keys[i], &record, note);
        if (code == 0)
            code = visit(context, &record);
    }
    free(keys.keys);
    return code;
}

int
ledger_each_record(struct ledger *ledger, const struct ledger_selection *selection,
                   int (*visit)(void *context, const struct ledger_record *record), void *context,
                   struct err_note *note)
{
    bool is_reader =
        ledger->mode == LEDGER_READ; /* a writer is the only one who changes anything */
    if (is_reader && sqlite3_exec(ledger->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return db_error(ledger, note);
    int code = visit_all(ledger, selection, visit, context, note);
    if (is_reader)
        (void)sqlite3_exec(ledger->db, "COMMIT", NULL, NULL, NULL); /* nothing was written */
    return code;
}
