/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector/ledger/: the connection, its statements, and short words for SQLite's calls.
 */
#ifndef PACEWATCH_COLLECTOR_LEDGER_DB_H
#define PACEWATCH_COLLECTOR_LEDGER_DB_H

#include <sqlite3.h>

#include "collector/ledger_write.h"

/* What the chain covers of a submission (chain.h). */
#define SUBMISSION_SAYS                                                                         \
    "sealed, chain, id, publisher, sha256, name, rows, stored, revised, unchanged, duplicate, " \
    "rejected, received, completed, digest"

/* What the record says of a row besides its place and its value; r is the row. */
#define RECORD_SAYS                                                                        \
    "series.area, series.indicator, r.received, r.submission, r.row, provider.publisher, " \
    "r.note, submission.publisher, submission.name, submission.sha256"
#define RECORD_OF                                                                                \
    "CROSS JOIN series ON series.id = r.series CROSS JOIN provider ON provider.id = r.provider " \
    "CROSS JOIN submission ON submission.id = r.submission "

/* X(name, sql): every statement of the ledger, prepared once a connection on first use. */
#define LEDGER_SQL(X)                                                                              \
    X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                                \
    X(SQL_COMMIT, "COMMIT")                                                                        \
    X(SQL_ROLLBACK, "ROLLBACK")                                                                    \
    X(SQL_MARK, "SAVEPOINT message")                                                               \
    X(SQL_RELEASE, "RELEASE message")                                                              \
    X(SQL_UNDO, "ROLLBACK TO message")                                                             \
    X(SQL_META_GET, "SELECT value FROM meta WHERE key = ?1")                                       \
    X(SQL_META_SET, "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2") \
    X(SQL_STREAM_FIND,                                                                             \
      "SELECT id, publisher, hwm, chain, submission, safe_upto, held, heard FROM stream "          \
      "WHERE stream = ?1")                                                                         \
    X(SQL_STREAM_MAKE, "INSERT INTO stream (stream, publisher, hwm, chain, made, heard) "          \
                       "VALUES (?1, ?2, 0, ?3, ?4, ?4)")                                           \
    X(SQL_STREAM_ADVANCE,                                                                          \
      "UPDATE stream SET hwm = ?2, chain = ?3, submission = ?4, heard = ?5, "                      \
      "control = control + ?6, stored = stored + ?7, revised = revised + ?8, "                     \
      "unchanged = unchanged + ?9, duplicate = duplicate + ?10, rejected = rejected + ?11 "        \
      "WHERE id = ?1")                                                                             \
    X(SQL_STREAM_HELD, "UPDATE stream SET held = ?2, heard = ?3 WHERE id = ?1")                    \
    X(SQL_STREAM_COUNTS,                                                                           \
      "SELECT stream, publisher, hwm, held, heard, control, stored, revised, unchanged, "          \
      "duplicate, rejected, EXISTS (SELECT 1 FROM stream AS newer "                                \
      "WHERE newer.publisher = stream.publisher AND newer.id > stream.id AND "                     \
      "newer.made >= stream.heard) FROM stream ORDER BY publisher, id")                            \
    X(SQL_STREAM_EACH, "SELECT stream, hwm FROM stream ORDER BY id")                               \
    X(SQL_WRITTEN_AT, "SELECT max(received) FROM stream JOIN batch ON batch.stream = stream.id "   \
                      "AND batch.last = stream.hwm")                                               \
    X(SQL_STREAM_SAFE, "UPDATE stream SET safe_upto = max(safe_upto, min(hwm, ?2)) "               \
                       "WHERE stream = ?1")                                                        \
    X(SQL_BACKUP_ADD, "INSERT INTO backup (folder, position, made) VALUES (?1, ?2, ?3)")           \
    X(SQL_BACKUP_NEWEST, "SELECT folder, position, made FROM backup ORDER BY id DESC LIMIT 1")     \
    X(SQL_BATCH_ADD, "INSERT INTO batch (stream, last, first, fates, checks, received) "           \
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                            \
    X(SQL_BATCH_FIND, "SELECT first, last, fates, checks FROM batch "                              \
                      "WHERE stream = ?1 AND last >= ?2 AND first <= ?3 ORDER BY last")            \
    X(SQL_QUARANTINE_ADD, "INSERT INTO quarantine VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")        \
    X(SQL_QUARANTINE_FIND, "SELECT code, text FROM quarantine WHERE stream = ?1 AND seq = ?2")     \
    X(SQL_FILE_ELSEWHERE, "SELECT 1 FROM submission WHERE sha256 = ?1 AND publisher = ?2 AND "     \
                          "id <> ?3 LIMIT 1")                                                      \
    X(SQL_RECORD_ELSEWHERE,                                                                        \
      "SELECT batch.first, batch.last, fates, checks, other.first_seq + ?4 "                       \
      "FROM submission AS other JOIN batch ON batch.stream = other.stream AND batch.last = "       \
      "(SELECT min(last) FROM batch WHERE stream = other.stream AND "                              \
      "last >= other.first_seq + ?4) "                                                             \
      "WHERE sha256 = ?1 AND publisher = ?2 AND other.id <> ?3")                                   \
    X(SQL_FILE_BEGIN, "INSERT INTO submission (stream, first_seq, publisher, sha256, name, rows, " \
                      "received, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                     \
    X(SQL_FILE_RESUME, "SELECT sha256, publisher, first_seq, digest FROM submission "              \
                       "WHERE id = ?1")                                                            \
    X(SQL_FILE_END, "UPDATE submission SET completed = ?2 WHERE id = ?1")                          \
    X(SQL_FILE_SEAL, "UPDATE submission SET sealed = ?2, chain = ?3 WHERE id = ?1")                \
    X(SQL_SEALED_LAST, "SELECT sealed, chain FROM submission WHERE sealed IS NOT NULL "            \
                       "ORDER BY sealed DESC LIMIT 1")                                             \
    X(SQL_SEALED_EACH, "SELECT " SUBMISSION_SAYS " FROM submission WHERE sealed IS NOT NULL "      \
                       "ORDER BY sealed")                                                          \
    X(SQL_SEALED_THIS, "SELECT " SUBMISSION_SAYS " FROM submission WHERE id = ?1")                 \
    X(SQL_FILE_COUNT, "UPDATE submission SET stored = stored + ?2, revised = revised + ?3, "       \
                      "unchanged = unchanged + ?4, duplicate = duplicate + ?5, "                   \
                      "rejected = rejected + ?6, digest = ?7 WHERE id = ?1")                       \
    X(SQL_SERIES_FIND, "SELECT id FROM series WHERE area = ?1 AND indicator = ?2")                 \
    X(SQL_SERIES_MAKE, "INSERT INTO series (area, indicator) VALUES (?1, ?2)")                     \
    X(SQL_SERIES_LOAD, "SELECT id, newest FROM series WHERE area = ?1 AND indicator = ?2")         \
    X(SQL_SERIES_TOUCH, "UPDATE series SET last_position = ?2, newest = ?3 WHERE id = ?1")         \
    X(SQL_SERIES_JUDGED, "UPDATE series SET judged_position = ?2 WHERE id = ?1")                   \
    X(SQL_SERIES_UNJUDGED,                                                                         \
      "SELECT id, area, indicator, last_position, judged_position FROM series "                    \
      "WHERE last_position > judged_position AND id > ?1 ORDER BY id LIMIT 1")                     \
    X(SQL_SERIES_EACH, "SELECT id, area, indicator, last_position FROM series "                    \
                       "WHERE last_position > ?1 ORDER BY last_position, id")                      \
    X(SQL_SERIES_AFTER, "SELECT id, area, indicator, last_position FROM series "                   \
                        "WHERE id > ?1 ORDER BY id LIMIT 1")                                       \
    X(SQL_OBS_RANGE, "SELECT series, value, released, position FROM observation "                  \
                     "WHERE period = ?1 AND series BETWEEN ?2 AND ?3 ORDER BY series")             \
    X(SQL_PROVIDER_FIND, "SELECT id FROM provider WHERE publisher = ?1")                           \
    X(SQL_PROVIDER_MAKE, "INSERT INTO provider (publisher) VALUES (?1)")                           \
    X(SQL_OBS_IN_FORCE, "SELECT value, status, stage, released FROM observation "                  \
                        "WHERE period = ?1 AND series = ?2 AND released <= ?3 "                    \
                        "ORDER BY released DESC, position DESC LIMIT 1")                           \
    X(SQL_OBS_ANY, "SELECT 1 FROM observation WHERE period = ?1 AND series = ?2 LIMIT 1")          \
    X(SQL_OBS_ADD, "INSERT INTO observation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "     \
                   "?11, ?12, ?13)")                                                               \
    X(SQL_CONFIRM, "INSERT INTO confirmation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "         \
                   "ON CONFLICT DO NOTHING")                                                       \
    X(SQL_CONFIRMED_AFTER,                                                                         \
      "SELECT position, released, received, submission, row, provider, note FROM confirmation "    \
      "WHERE period = ?1 AND series = ?2 AND released > ?3 AND released < coalesce("               \
      "(SELECT min(released) FROM observation WHERE period = ?1 AND series = ?2 AND "              \
      "released > ?3), 9223372036854775807) ORDER BY released LIMIT 1")                            \
    X(SQL_OBS_SERIES,                                                                              \
      "WITH RECURSIVE p(k) AS (SELECT min(period) FROM observation UNION ALL "                     \
      "SELECT (SELECT min(period) FROM observation WHERE period > p.k) FROM p "                    \
      "WHERE p.k IS NOT NULL) "                                                                    \
      "SELECT o.period, o.value, o.status, o.stage, o.released, o.received, o.position, "          \
      "o.submission, o.row, provider.publisher, o.note FROM p CROSS JOIN observation AS o "        \
      "ON o.period = p.k AND o.series = ?1 JOIN provider ON provider.id = o.provider "             \
      "WHERE o.released <= ?2 AND o.received <= ?3 ORDER BY o.period, o.released, o.position")     \
    X(SQL_OBS_PIECE,                                                                               \
      "SELECT o.period, o.value, o.status, o.stage, o.released, o.received, o.position, "          \
      "o.submission, o.row, provider.publisher, o.note, submission.completed IS NOT NULL, "        \
      "o.position <= series.judged_position FROM observation AS o "                                \
      "CROSS JOIN provider ON provider.id = o.provider "                                           \
      "CROSS JOIN submission ON submission.id = o.submission "                                     \
      "CROSS JOIN series ON series.id = o.series "                                                 \
      "WHERE o.period = ?1 AND o.series = ?2 AND (o.released, o.position) > (?3, ?4) "             \
      "AND o.released <= ?5 AND o.received <= ?6 ORDER BY o.released, o.position LIMIT ?7")        \
    X(SQL_PERIOD_NEXT, "SELECT min(period) FROM observation WHERE period > ?1")                    \
    X(SQL_RECORD_ROWS,                                                                             \
      "SELECT period, series, released, position, value, status, stage, restates "                 \
      "FROM observation AS o CROSS JOIN series ON series.id = o.series "                           \
      "WHERE released <= ?1 AND received <= ?2 AND (?3 IS NULL OR area = ?3) AND "                 \
      "(?4 IS NULL OR indicator = ?4) ORDER BY period, series, released, position")                \
    X(SQL_RECORD_CONFIRMATIONS,                                                                    \
      "SELECT period, series, released, position FROM confirmation AS c "                          \
      "CROSS JOIN series ON series.id = c.series "                                                 \
      "WHERE released <= ?1 AND received <= ?2 AND (?3 IS NULL OR area = ?3) AND "                 \
      "(?4 IS NULL OR indicator = ?4) ORDER BY period, series, released")                          \
    X(SQL_RECORD_ROW,                                                                              \
      "SELECT " RECORD_SAYS ", value, status, stage FROM observation AS r " RECORD_OF              \
      "WHERE r.period = ?1 AND r.series = ?2 AND r.released = ?3 "                                 \
      "AND r.position = ?4")                                                                       \
    X(SQL_RECORD_CONFIRMATION, "SELECT " RECORD_SAYS " FROM confirmation AS r " RECORD_OF          \
                               "WHERE r.period = ?1 AND r.series = ?2 AND r.released = ?3")        \
    X(SQL_RECORD_CONFIRMED, "SELECT value, status, stage FROM observation "                        \
                            "WHERE period = ?1 AND series = ?2 AND released <= ?3 AND "            \
                            "position < ?4 ORDER BY released DESC, position DESC LIMIT 1")         \
    X(SQL_FILES_UNDER_WAY,                                                                         \
      "SELECT submission.id FROM stream JOIN submission ON submission.id = stream.submission "     \
      "WHERE completed IS NULL ORDER BY submission.id")                                            \
    X(SQL_SUBMISSION_EACH,                                                                         \
      "SELECT id, publisher, name, sha256, rows, stored, revised, unchanged, duplicate, "          \
      "rejected, received, completed IS NOT NULL FROM submission "                                 \
      "WHERE (?1 IS NULL OR publisher = ?1) AND (?3 = 0 OR id = ?3) ORDER BY id DESC LIMIT ?2")    \
    X(SQL_KEY_EACH, "SELECT id, publisher, public_key, enrolled, revoked, last_seen, "             \
                    "introduced_by, retires, came_over FROM publisher_key ORDER BY id")            \
    X(SQL_KEY_FIND, "SELECT coalesce(introduced_by, 0), revoked IS NOT NULL FROM publisher_key "   \
                    "WHERE public_key = ?1")                                                       \
    X(SQL_KEY_IN_FORCE, "SELECT count(*) FROM publisher_key WHERE revoked IS NULL AND "            \
                        "publisher = (SELECT publisher FROM publisher_key WHERE id = ?1)")         \
    X(SQL_KEY_REPLACE, "UPDATE publisher_key SET public_key = ?2, enrolled = ?3 "                  \
                       "WHERE introduced_by = ?1 AND last_seen IS NULL AND revoked IS NULL "       \
                       "AND enrolled NOT BETWEEN ?3 - ?4 + 1 AND ?3")                              \
    X(SQL_KEY_FOLLOW, "INSERT INTO publisher_key (publisher, public_key, enrolled, "               \
                      "introduced_by) SELECT publisher, ?2, ?3, id FROM publisher_key "            \
                      "WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM publisher_key AS f "            \
                      "WHERE f.introduced_by = ?1 AND f.last_seen IS NULL "                        \
                      "AND f.revoked IS NULL AND f.enrolled BETWEEN ?3 - ?4 + 1 AND ?3)")          \
    X(SQL_KEY_FOLLOWED, "UPDATE publisher_key SET retires = ?2 WHERE retires IS NULL AND id = "    \
                        "(SELECT introduced_by FROM publisher_key WHERE id = ?1)")                 \
    X(SQL_KEY_CAME_OVER, "UPDATE publisher_key SET came_over = ?2 WHERE id = ?1")                  \
    X(SQL_KEYS_STAY, "UPDATE publisher_key SET came_over = NULL")                                  \
    X(SQL_KEYS_RETIRE, "UPDATE publisher_key SET revoked = retires "                               \
                       "WHERE revoked IS NULL AND retires <= ?1")                                  \
    X(SQL_KEY_ADD,                                                                                 \
      "INSERT INTO publisher_key (publisher, public_key, enrolled) VALUES (?1, ?2, ?3)")           \
    X(SQL_KEY_REVOKE, "UPDATE publisher_key SET revoked = ?2 WHERE revoked IS NULL AND "           \
                      "(id = ?1 OR (introduced_by = ?1 AND last_seen IS NULL))")                   \
    X(SQL_KEY_SEEN, "UPDATE publisher_key SET last_seen = ?2 WHERE id = ?1")                       \
    X(SQL_ALERT_STATE,                                                                             \
      "SELECT alert.id, alert_event.level, alert_event.period FROM alert JOIN alert_event "        \
      "ON alert_event.alert = alert.id WHERE target = ?1 AND is_open = 1 "                         \
      "ORDER BY alert_event.id DESC LIMIT 1")                                                      \
    X(SQL_ALERT_OPEN,                                                                              \
      "INSERT INTO alert (target, area, indicator, is_open) VALUES (?1, ?2, ?3, 1)")               \
    X(SQL_ALERT_CLOSE, "UPDATE alert SET is_open = 0 WHERE id = ?1")                               \
    X(SQL_EVENT_ADD, "INSERT INTO alert_event (alert, event, level, period, at, recorded, "        \
                     "position, reason_zh, reason_en) "                                            \
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                                \
    X(SQL_ALERT_EACH,                                                                              \
      "SELECT alert.id, target, area, indicator, e.event, e.level, e.period, "                     \
      "(SELECT at FROM alert_event WHERE alert = alert.id ORDER BY id LIMIT 1), e.at, "            \
      "e.reason_zh, e.reason_en FROM alert JOIN alert_event AS e ON e.alert = alert.id AND "       \
      "e.id = (SELECT max(id) FROM alert_event WHERE alert = alert.id AND at <= ?1 AND "           \
      "recorded <= ?2) ORDER BY e.at DESC, e.id DESC")                                             \
    X(SQL_EVENT_EACH, "SELECT id, event, level, period, at, recorded, position, reason_zh, "       \
                      "reason_en, alert FROM alert_event WHERE alert = ?1 ORDER BY id")            \
    X(SQL_EVENT_OF_TARGET,                                                                         \
      "SELECT e.id, event, level, period, at, recorded, position, reason_zh, reason_en, e.alert "  \
      "FROM alert_event e JOIN alert ON alert.id = e.alert WHERE target = ?1 ORDER BY e.id")       \
    X(SQL_OUTBOX_ADD, "INSERT INTO outbox (event, firing, recipient, subject, body) "              \
                      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")                        \
    X(SQL_OUTBOX_NEXT, "SELECT id, firing, recipient, subject, body, attempts FROM outbox "        \
                       "WHERE sent IS NULL AND (next_attempt <= ?1 OR next_attempt > ?2) "         \
                       "ORDER BY next_attempt, id LIMIT 1")                                        \
    X(SQL_OUTBOX_SENT, "UPDATE outbox SET sent = ?2, attempts = attempts + 1 WHERE id = ?1")       \
    X(SQL_OUTBOX_FAILED,                                                                           \
      "UPDATE outbox SET next_attempt = ?2, attempts = attempts + 1 WHERE id = ?1")                \
    X(SQL_CATALOGUE_ADD, "INSERT INTO catalogue (effective, loaded, version) VALUES (?1, ?2, ?3)") \
    X(SQL_CATALOGUE_TABLE, "INSERT INTO catalogue_table VALUES (?1, ?2, ?3)")                      \
    X(SQL_CATALOGUE_NEWEST, "SELECT id, version FROM catalogue ORDER BY id DESC LIMIT 1")          \
    X(SQL_COUNT,                                                                                   \
      "SELECT (SELECT value FROM meta WHERE key = 'position'), (SELECT count(*) FROM series), "    \
      "(SELECT count(*) FROM submission), (SELECT count(*) FROM alert WHERE is_open = 1), "        \
      "(SELECT count(*) FROM alert_event), (SELECT count(*) FROM outbox WHERE sent IS NULL), "     \
      "(SELECT count(*) FROM series WHERE last_position > judged_position), "                      \
      "(SELECT value FROM meta WHERE key = 'confirmed'), "                                         \
      "(SELECT value FROM meta WHERE key = 'restated'), "                                          \
      "count(*), coalesce(sum(hwm), 0), coalesce(sum(control), 0), coalesce(sum(stored), 0), "     \
      "coalesce(sum(revised), 0), coalesce(sum(unchanged), 0), coalesce(sum(duplicate), 0), "      \
      "coalesce(sum(rejected), 0), "                                                               \
      "coalesce(sum(abs(hwm - control - stored - revised - unchanged - duplicate - rejected) + "   \
      "abs(hwm - (SELECT coalesce(max(last), 0) FROM batch WHERE batch.stream = stream.id))), 0) " \
      "FROM stream")

enum ledger_sql {
#define X(name, sql) name,
    LEDGER_SQL(X)
#undef X
        SQL_COUNT_OF
};

/* How many rows there are: kept in `meta`, so that nobody has to count them. */
struct tally {
    int64_t position;  /* of the last row: observations and confirmations together */
    int64_t confirmed; /* confirmations */
    int64_t restated;  /* observations that put a confirmed value in force again */
};

/* Numbers of publishers the writer has met last. */
enum { PROVIDERS_KNOWN = 16 };
struct providers {
    struct {
        char publisher[SAMPLE_ID_MAX + 1];
        int64_t id;
    } known[PROVIDERS_KNOWN];
    size_t next; /* place of the next one */
};

struct ledger {
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT_OF];
    enum ledger_mode mode;
    bool in_transaction;         /* writer: begun, and neither committed nor rolled back */
    struct series_table *series; /* writer: series.h; NULL until it meets one */
    struct providers providers;  /* writer: apply.c */
    struct tally now;            /* writer: with what is not committed yet */
    struct tally committed;      /* writer: as of the last commit */
    struct tally marked;         /* writer: at the last ledger_mark */
    int64_t deadline_ms;         /* reader: when the query under way is stopped */
};

/* The statement, ready to be bound; NULL with a note when it cannot be prepared, or when its
 * transaction is no more: SQLite gives one up by itself after some errors, and what came after it
 * would be committed alone. */
sqlite3_stmt *db_statement(struct ledger *ledger, enum ledger_sql which, struct err_note *note);

/* Steps: 1 a row, 0 done, or a negative code with SQLite's words. Done and errors reset the
 * statement. */
int db_step(struct ledger *ledger, sqlite3_stmt *statement, struct err_note *note);

/* Runs a statement that gives no row. */
int db_run(struct ledger *ledger, sqlite3_stmt *statement, struct err_note *note);

/* Runs a statement that takes an id (?1) and a moment (?2). */
int db_stamp(struct ledger *ledger, enum ledger_sql which, int64_t id, struct wall_time when,
             struct err_note *note);

/* Ends a statement that was not stepped to its end. */
void db_reset(sqlite3_stmt *statement);

/* Our code for what SQLite last said, with its words. */
int db_error(struct ledger *ledger, struct err_note *note);

void db_bind_text(sqlite3_stmt *statement, int index, const char *text);
void db_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t size);
void db_bind_int(sqlite3_stmt *statement, int index, int64_t value);

/* Copies a text column, cut to size on a character's edge. */
void db_column_text(sqlite3_stmt *statement, int column, char *text, size_t size);

/* Copies a blob column of exactly `size` bytes, or ERR_DAMAGED. */
int db_column_blob(sqlite3_stmt *statement, int column, void *bytes, size_t size,
                   struct err_note *note);

int db_meta_get_int(struct ledger *ledger, const char *key, int64_t *ret_value,
                    struct err_note *note);
int db_meta_set_int(struct ledger *ledger, const char *key, int64_t value, struct err_note *note);

#endif
