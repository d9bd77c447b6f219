/* SPDX-License-Identifier: GPL-3.0-or-later
 * The registry of keys: enrolled, followed, retired, revoked. */
#include "collector/ledger/db.h"

int
ledger_key_add(struct ledger *ledger, const char *publisher, const char *public_key,
               struct wall_time now, int64_t *ret_id, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEY_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, publisher);
    db_bind_text(s, 2, public_key);
    db_bind_int(s, 3, now.seconds);
    int code = db_run(ledger, s, note);
    if (code == ERR_CONFLICT)
        return err_set(note, ERR_CONFLICT, "this key is enrolled already");
    if (code == 0)
        *ret_id = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

int
ledger_key_revoke(struct ledger *ledger, int64_t id, struct wall_time now, struct err_note *note)
{
    int code = db_stamp(ledger, SQL_KEY_REVOKE, id, now, note);
    if (code == 0 && sqlite3_changes(ledger->db) == 0)
        code = err_set(note, ERR_ABSENT, "there is no such key in force");
    return code;
}

int
ledger_key_seen(struct ledger *ledger, int64_t id, struct wall_time now, struct err_note *note)
{
    struct wall_time retires = { now.seconds + LEDGER_RETIRE_SECONDS };
    int code = db_stamp(ledger, SQL_KEY_SEEN, id, now, note);
    return code == 0 ? db_stamp(ledger, SQL_KEY_FOLLOWED, id, retires, note) : code;
}

/* Is the key known, and as what? 1: as the follower of `id` and in force, 0: not at all, or a
 * negative code. */
static int
find_follower(struct ledger *ledger, int64_t id, const char *public_key, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEY_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, public_key);
    int found = db_step(ledger, s, note);
    if (found != 1)
        return found;
    bool is_ours = sqlite3_column_int64(s, 0) == id && sqlite3_column_int(s, 1) == 0;
    db_reset(s);
    return is_ours ? 1 : err_set(note, ERR_CONFLICT, "this key is known already");
}

static int
check_in_force(struct ledger *ledger, int64_t id, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEY_IN_FORCE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, id);
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code;
    int64_t count = sqlite3_column_int64(s, 0);
    db_reset(s);
    if (count >= LEDGER_KEYS_MAX)
        return err_set(note, ERR_CONFLICT,
                       "%lld keys of this publisher are in force: have one revoked first",
                       (long long)count);
    return 0;
}

static int
run_follow(struct ledger *ledger, enum ledger_sql which, int64_t id, const char *public_key,
           struct wall_time now, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, which, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, id);
    db_bind_text(s, 2, public_key);
    db_bind_int(s, 3, now.seconds);
    db_bind_int(s, 4, LEDGER_FOLLOW_SECONDS);
    return db_run(ledger, s, note);
}

int
ledger_key_follow(struct ledger *ledger, int64_t id, const char *public_key, struct wall_time now,
                  bool *ret_is_new, struct err_note *note)
{
    int code = find_follower(ledger, id, public_key, note);
    if (code == 1)
        *ret_is_new = false;
    if (code != 0)
        return code == 1 ? 0 : code;
    code = run_follow(ledger, SQL_KEY_REPLACE, id, public_key, now, note);
    bool is_placed = code == 0 && sqlite3_changes(ledger->db) > 0;
    if (code == 0 && !is_placed)
        code = check_in_force(ledger, id, note);
    if (code == 0 && !is_placed) {
        code = run_follow(ledger, SQL_KEY_FOLLOW, id, public_key, now, note);
        if (code == 0 && sqlite3_changes(ledger->db) == 0)
            code = err_set(note, ERR_CONFLICT, "another key was offered a moment ago");
    }
    if (code == 0)
        *ret_is_new = true;
    return code;
}

int
ledger_keys_retire(struct ledger *ledger, struct wall_time now, size_t *ret_count,
                   struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEYS_RETIRE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, now.seconds);
    int code = db_run(ledger, s, note);
    if (code == 0)
        *ret_count = (size_t)sqlite3_changes(ledger->db);
    return code;
}

int
ledger_key_came_over(struct ledger *ledger, int64_t id, struct wall_time now, struct err_note *note)
{
    return db_stamp(ledger, SQL_KEY_CAME_OVER, id, now, note);
}

int
ledger_keys_stay(struct ledger *ledger, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEYS_STAY, note);
    return s ? db_run(ledger, s, note) : ERR_LIBRARY;
}

int
ledger_each_key(struct ledger *ledger, int (*visit)(void *context, const struct ledger_key *key),
                void *context, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_KEY_EACH, note);
    if (!s)
        return ERR_LIBRARY;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_key key = { .id = sqlite3_column_int64(s, 0),
                                  .enrolled = { sqlite3_column_int64(s, 3) },
                                  .is_revoked = sqlite3_column_type(s, 4) != SQLITE_NULL,
                                  .revoked = { sqlite3_column_int64(s, 4) },
                                  .last_seen = { sqlite3_column_int64(s, 5) },
                                  .introduced_by = sqlite3_column_int64(s, 6),
                                  .retires = { sqlite3_column_int64(s, 7) },
                                  .came_over = { sqlite3_column_int64(s, 8) } };
        db_column_text(s, 1, key.publisher, sizeof key.publisher);
        db_column_text(s, 2, key.public_key, sizeof key.public_key);
        code = visit(context, &key);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}
