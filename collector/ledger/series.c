/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ledger/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 2 * (SAMPLE_ID_MAX + 1), SLOTS_MIN = 256 };

/* Open addressing over entries of their own, at most half full. */
struct series_table {
    struct series_known **slots;
    size_t mask; /* slots - 1 */
    size_t count;
    struct series_known *changed;
};

static size_t
names_of(const struct sample_place *place, char names[NAMES_MAX])
{
    size_t area = strlen(place->area->id) + 1, indicator = strlen(place->indicator->id) + 1;
    memcpy(names, place->area->id, area);
    memcpy(names + area, place->indicator->id, indicator);
    return area + indicator;
}

static struct series_known **
slot_of(const struct series_table *table, const char *names, size_t size)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)names[i]) * 1099511628211U;
    size_t at = (size_t)(hash ^ hash >> 32) & table->mask;
    while (table->slots[at] && (table->slots[at]->names_size != size ||
                                memcmp(table->slots[at]->names, names, size) != 0))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static int
make_room(struct series_table *table)
{
    size_t slots = table->slots ? table->mask + 1 : 0;
    if (2 * (table->count + 1) <= slots)
        return 0;
    struct series_table grown = *table;
    grown.mask = (slots ? 2 * slots : SLOTS_MIN) - 1;
    grown.slots = calloc(grown.mask + 1, sizeof(struct series_known *));
    if (!grown.slots)
        return -ENOMEM;
    for (size_t i = 0; i < slots; i++)
        if (table->slots[i])
            *slot_of(&grown, table->slots[i]->names, table->slots[i]->names_size) = table->slots[i];
    free(table->slots);
    *table = grown;
    return 0;
}

static int
find_or_make(struct ledger *ledger, const struct sample_place *place, struct series_known *series,
             struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_LOAD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, place->area->id);
    db_bind_text(s, 2, place->indicator->id);
    int code = db_step(ledger, s, note);
    if (code == 1) {
        series->id = sqlite3_column_int64(s, 0);
        series->newest = sqlite3_column_int64(s, 1);
        db_reset(s);
        return 0;
    }
    if (code == 0 && !(s = db_statement(ledger, SQL_SERIES_MAKE, note)))
        code = ERR_LIBRARY;
    if (code != 0)
        return code;
    db_bind_text(s, 1, place->area->id);
    db_bind_text(s, 2, place->indicator->id);
    code = db_run(ledger, s, note);
    series->id = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

static int
meet(struct ledger *ledger, const struct sample_place *place, const char *names, size_t size,
     struct series_known **ret_series, struct err_note *note)
{
    struct series_known *series = calloc(1, sizeof *series);
    char *copy = malloc(size);
    int code = -ENOMEM;
    if (!series || !copy || make_room(ledger->series) != 0)
        (void)err_set(note, code, "out of memory");
    else
        code = find_or_make(ledger, place, series, note);
    if (code != 0 || !series || !copy) {
        free(series);
        free(copy);
        return code;
    }
    memcpy(copy, names, size);
    series->names = copy;
    series->names_size = size;
    *slot_of(ledger->series, names, size) = series;
    ledger->series->count++;
    *ret_series = series;
    return 0;
}

int
series_know(struct ledger *ledger, const struct sample_place *place,
            struct series_known **ret_series, struct err_note *note)
{
    char names[NAMES_MAX];
    size_t size = names_of(place, names);
    if (!ledger->series && !(ledger->series = calloc(1, sizeof *ledger->series)))
        return err_set(note, -ENOMEM, "out of memory");
    struct series_known *known =
        ledger->series->slots ? *slot_of(ledger->series, names, size) : NULL;
    if (!known)
        return meet(ledger, place, names, size, ret_series, note);
    *ret_series = known;
    return 0;
}

void
series_changed(struct ledger *ledger, struct series_known *series, int64_t period, int64_t position)
{
    series->last_position = position;
    if (period > series->newest)
        series->newest = period;
    if (series->is_changed)
        return;
    series->is_changed = true;
    series->next_changed = ledger->series->changed;
    ledger->series->changed = series;
}

int
series_flush(struct ledger *ledger, struct err_note *note)
{
    while (ledger->series && ledger->series->changed) {
        struct series_known *series = ledger->series->changed;
        sqlite3_stmt *s = db_statement(ledger, SQL_SERIES_TOUCH, note);
        if (!s)
            return ERR_LIBRARY;
        db_bind_int(s, 1, series->id);
        db_bind_int(s, 2, series->last_position);
        db_bind_int(s, 3, series->newest);
        int code = db_run(ledger, s, note);
        if (code != 0)
            return code;
        series->is_changed = false;
        ledger->series->changed = series->next_changed;
    }
    return 0;
}

void
series_forget(struct ledger *ledger)
{
    struct series_table *table = ledger->series;
    if (!table)
        return;
    for (size_t i = 0; table->slots && i <= table->mask; i++) {
        if (table->slots[i])
            free(table->slots[i]->names);
        free(table->slots[i]);
    }
    free(table->slots);
    free(table);
    ledger->series = NULL;
}
