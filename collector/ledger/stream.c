/* SPDX-License-Identifier: GPL-3.0-or-later
 * Streams, the batches they brought, and the files in them. */
#include "collector/ledger/chain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform/hash.h"

int
ledger_stream_find(struct ledger *ledger, const uint8_t stream_id[WIRE_STREAM_ID],
                   struct ledger_stream *ret_stream, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_STREAM_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_blob(s, 1, stream_id, WIRE_STREAM_ID);
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : err_set(note, ERR_ABSENT, "unknown stream");
    struct ledger_stream stream = { .id = sqlite3_column_int64(s, 0),
                                    .hwm = (uint64_t)sqlite3_column_int64(s, 2),
                                    .submission = sqlite3_column_int64(s, 4),
                                    .safe_upto = (uint64_t)sqlite3_column_int64(s, 5),
                                    .held = (uint64_t)sqlite3_column_int64(s, 6),
                                    .heard = { sqlite3_column_int64(s, 7) } };
    db_column_text(s, 1, stream.publisher, sizeof stream.publisher);
    code = db_column_blob(s, 3, stream.chain, sizeof stream.chain, note);
    db_reset(s);
    if (code == 0)
        *ret_stream = stream;
    return code;
}

int
ledger_stream_make(struct ledger *ledger, const uint8_t stream_id[WIRE_STREAM_ID],
                   const char *publisher, struct wall_time now, struct ledger_stream *ret_stream,
                   struct err_note *note)
{
    uint8_t chain[WIRE_HASH];
    hash_chain_start(stream_id, chain);
    sqlite3_stmt *s = db_statement(ledger, SQL_STREAM_MAKE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_blob(s, 1, stream_id, WIRE_STREAM_ID);
    db_bind_text(s, 2, publisher);
    db_bind_blob(s, 3, chain, sizeof chain);
    db_bind_int(s, 4, now.seconds);
    int code = db_run(ledger, s, note);
    return code == 0 ? ledger_stream_find(ledger, stream_id, ret_stream, note) : code;
}

int
ledger_stream_advance(struct ledger *ledger, const struct ledger_stream *stream, uint64_t first,
                      size_t count, const uint8_t *fates, const uint8_t *checks,
                      struct wall_time now, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_BATCH_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream->id);
    db_bind_int(s, 2, (int64_t)(first + count - 1));
    db_bind_int(s, 3, (int64_t)first);
    db_bind_blob(s, 4, fates, count);
    db_bind_blob(s, 5, checks, count * LEDGER_CHECK);
    db_bind_int(s, 6, now.seconds);
    int code = db_run(ledger, s, note);
    if (code != 0)
        return code;
    s = db_statement(ledger, SQL_STREAM_ADVANCE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream->id);
    db_bind_int(s, 2, (int64_t)stream->hwm);
    db_bind_blob(s, 3, stream->chain, sizeof stream->chain);
    if (stream->submission)
        db_bind_int(s, 4, stream->submission);
    else
        (void)sqlite3_bind_null(s, 4);
    db_bind_int(s, 5, now.seconds);
    int64_t counts[FATE_COUNT] = { 0 };
    for (size_t i = 0; i < count; i++)
        if (fates[i] < FATE_COUNT)
            counts[fates[i]]++;
    for (int fate = FATE_CONTROL; fate < FATE_COUNT; fate++)
        db_bind_int(s, 5 + fate, counts[fate]);
    return db_run(ledger, s, note);
}

int
ledger_stream_held(struct ledger *ledger, int64_t stream, uint64_t held, struct wall_time now,
                   struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_STREAM_HELD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream);
    db_bind_int(s, 2, (int64_t)held);
    db_bind_int(s, 3, now.seconds);
    return db_run(ledger, s, note);
}

int
ledger_each_stream(struct ledger *ledger,
                   int (*visit)(void *context, const struct ledger_stream_counts *stream),
                   void *context, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_STREAM_COUNTS, note);
    if (!s)
        return ERR_LIBRARY;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_stream_counts stream = { .hwm = (uint64_t)sqlite3_column_int64(s, 2),
                                               .held = (uint64_t)sqlite3_column_int64(s, 3),
                                               .heard = { sqlite3_column_int64(s, 4) },
                                               .has_ended = sqlite3_column_int(s, 11) != 0 };
        for (int fate = FATE_CONTROL; fate < FATE_COUNT; fate++)
            stream.fates[fate] = sqlite3_column_int64(s, 4 + fate);
        db_column_text(s, 1, stream.publisher, sizeof stream.publisher);
        code = db_column_blob(s, 0, stream.id, sizeof stream.id, note);
        if (code == 0)
            code = visit(context, &stream);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}

/* Copies what one batch knows of [first, first+count). */
static int
copy_batch(sqlite3_stmt *s, uint64_t first, size_t count, uint8_t *fates, uint8_t *checks,
           struct err_note *note)
{
    uint64_t batch_first = (uint64_t)sqlite3_column_int64(s, 0);
    uint64_t batch_last = (uint64_t)sqlite3_column_int64(s, 1);
    const uint8_t *batch_fates = sqlite3_column_blob(s, 2);
    const uint8_t *batch_checks = sqlite3_column_blob(s, 3);
    size_t batch_count = (size_t)(batch_last - batch_first + 1);
    if (!batch_fates || !batch_checks || (size_t)sqlite3_column_bytes(s, 2) != batch_count ||
        (size_t)sqlite3_column_bytes(s, 3) != batch_count * LEDGER_CHECK)
        return err_set(note, ERR_DAMAGED, "ledger: a batch's fates do not match its range");
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = first + i;
        if (seq < batch_first || seq > batch_last)
            continue;
        fates[i] = batch_fates[seq - batch_first];
        memcpy(checks + i * LEDGER_CHECK, batch_checks + (seq - batch_first) * LEDGER_CHECK,
               LEDGER_CHECK);
    }
    return 0;
}

int
ledger_stream_fates(struct ledger *ledger, int64_t stream, uint64_t first, size_t count,
                    uint8_t *fates, uint8_t *checks, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_BATCH_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    memset(fates, FATE_NONE, count);
    db_bind_int(s, 1, stream);
    db_bind_int(s, 2, (int64_t)first);
    db_bind_int(s, 3, (int64_t)(first + count - 1));
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        code = copy_batch(s, first, count, fates, checks, note);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    if (code == 0 && memchr(fates, FATE_NONE, count))
        return err_set(note, ERR_DAMAGED, "ledger: a stream has a hole in its batches");
    return code;
}

int
ledger_quarantine(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                  uint32_t row, uint32_t code, const char *text, const uint8_t *payload,
                  size_t size, struct wall_time now, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_QUARANTINE_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream->id);
    db_bind_int(s, 2, (int64_t)seq);
    if (stream->submission)
        db_bind_int(s, 3, stream->submission);
    else
        (void)sqlite3_bind_null(s, 3);
    db_bind_int(s, 4, row);
    db_bind_int(s, 5, code);
    db_bind_text(s, 6, text);
    db_bind_blob(s, 7, payload, size);
    db_bind_int(s, 8, now.seconds);
    return db_run(ledger, s, note);
}

int
ledger_quarantined(struct ledger *ledger, int64_t stream, uint64_t seq, uint32_t *ret_code,
                   char *text, size_t size, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_QUARANTINE_FIND, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream);
    db_bind_int(s, 2, (int64_t)seq);
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code : err_set(note, ERR_ABSENT, "no such row in quarantine");
    *ret_code = (uint32_t)sqlite3_column_int64(s, 0);
    db_column_text(s, 1, text, size);
    db_reset(s);
    return 0;
}

static int
find_elsewhere(struct ledger *ledger, struct ledger_file *file, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_FILE_ELSEWHERE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_blob(s, 1, file->sha256, sizeof file->sha256);
    db_bind_text(s, 2, file->publisher);
    db_bind_int(s, 3, file->submission);
    int code = db_step(ledger, s, note);
    db_reset(s);
    file->is_repeat = code == 1;
    return code < 0 ? code : 0;
}

void
ledger_check_of(uint64_t seq, const uint8_t *record, size_t size, uint8_t ret_check[LEDGER_CHECK])
{
    static const uint8_t nothing[HASH_SIZE] = { 0 };
    uint8_t hash[HASH_SIZE];
    hash_chain(nothing, seq, record, size, hash);
    memcpy(ret_check, hash, LEDGER_CHECK);
}

int
ledger_record_is_known(struct ledger *ledger, const struct ledger_file *file, uint64_t seq,
                       const uint8_t *record, size_t size, bool *ret_is, struct err_note *note)
{
    *ret_is = false;
    if (!file->is_repeat)
        return 0;
    sqlite3_stmt *s = db_statement(ledger, SQL_RECORD_ELSEWHERE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_blob(s, 1, file->sha256, sizeof file->sha256);
    db_bind_text(s, 2, file->publisher);
    db_bind_int(s, 3, file->submission);
    db_bind_int(s, 4, (int64_t)(seq - file->first_seq));
    int code = 0;
    while (!*ret_is && (code = db_step(ledger, s, note)) == 1) {
        uint64_t there = (uint64_t)sqlite3_column_int64(s, 4);
        uint8_t fate = FATE_NONE, found[LEDGER_CHECK] = { 0 }, check[LEDGER_CHECK];
        code = copy_batch(s, there, 1, &fate, found, note);
        if (code != 0)
            break;
        ledger_check_of(there, record, size, check);
        *ret_is = fate >= FATE_STORED && fate <= FATE_DUPLICATE &&
                  memcmp(check, found, sizeof check) == 0;
    }
    db_reset(s);
    return code < 0 ? code : 0;
}

struct wall_time
ledger_written_at(struct ledger *ledger)
{
    struct wall_time at = { 0 };
    sqlite3_stmt *s = db_statement(ledger, SQL_WRITTEN_AT, NULL);
    if (s && db_step(ledger, s, NULL) == 1) {
        at.seconds = sqlite3_column_int64(s, 0); /* 0 for none */
        db_reset(s);
    }
    return at;
}

int
ledger_file_begin(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                  const struct record_begin *begin, struct wall_time now,
                  struct ledger_file *ret_file, struct err_note *note)
{
    return ledger_file_begin_as(ledger, stream, seq, begin, 0, now, ret_file, note);
}

int
ledger_file_begin_as(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                     const struct record_begin *begin, int64_t submission, struct wall_time now,
                     struct ledger_file *ret_file, struct err_note *note)
{
    struct ledger_file file = { .first_seq = seq, .has_digest = true };
    memcpy(file.sha256, begin->sha256, sizeof file.sha256);
    memcpy(file.publisher, stream->publisher, sizeof file.publisher);
    sqlite3_stmt *s = db_statement(ledger, SQL_FILE_BEGIN, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, stream->id);
    db_bind_int(s, 2, (int64_t)seq);
    db_bind_text(s, 3, stream->publisher);
    db_bind_blob(s, 4, begin->sha256, sizeof begin->sha256);
    db_bind_text(s, 5, begin->name);
    db_bind_int(s, 6, begin->rows);
    db_bind_int(s, 7, now.seconds);
    if (submission != 0)
        db_bind_int(s, 8, submission);
    else
        (void)sqlite3_bind_null(s, 8); /* the next number */
    int code = db_run(ledger, s, note);
    if (code != 0)
        return code;
    file.submission = sqlite3_last_insert_rowid(ledger->db);
    code = find_elsewhere(ledger, &file, note);
    if (code == 0)
        *ret_file = file;
    return code;
}

/* Steps to the row of a submission, which is there. 0: read *ret_row and reset it. */
static int
submission_row(struct ledger *ledger, enum ledger_sql which, int64_t submission,
               sqlite3_stmt **ret_row, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, which, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, submission);
    int code = db_step(ledger, s, note);
    if (code == 0)
        code = err_set(note, ERR_DAMAGED, "ledger: no submission %lld", (long long)submission);
    if (code < 0)
        return code;
    *ret_row = s;
    return 0;
}

int
ledger_file_resume(struct ledger *ledger, int64_t submission, struct ledger_file *ret_file,
                   struct err_note *note)
{
    sqlite3_stmt *s = NULL;
    int code = submission_row(ledger, SQL_FILE_RESUME, submission, &s, note);
    if (code != 0)
        return code;
    struct ledger_file file = { .submission = submission };
    code = db_column_blob(s, 0, file.sha256, sizeof file.sha256, note);
    db_column_text(s, 1, file.publisher, sizeof file.publisher);
    file.first_seq = (uint64_t)sqlite3_column_int64(s, 2);
    file.has_digest = sqlite3_column_type(s, 3) != SQLITE_NULL;
    if (code == 0 && file.has_digest)
        code = db_column_blob(s, 3, file.digest, sizeof file.digest, note);
    db_reset(s);
    if (code == 0)
        code = find_elsewhere(ledger, &file, note);
    if (code == 0)
        *ret_file = file;
    return code;
}

int
ledger_file_count(struct ledger *ledger, struct ledger_file *file, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_FILE_COUNT, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, file->submission);
    for (int fate = FATE_STORED; fate <= FATE_REJECTED; fate++)
        db_bind_int(s, fate, file->fates[fate]);
    if (file->has_digest)
        db_bind_blob(s, 7, file->digest, sizeof file->digest);
    else
        (void)sqlite3_bind_null(s, 7);
    int code = db_run(ledger, s, note);
    if (code == 0)
        memset(file->fates, 0, sizeof file->fates);
    return code;
}

int
ledger_file_end(struct ledger *ledger, const struct ledger_file *file, struct wall_time now,
                struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_FILE_END, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, file->submission);
    db_bind_int(s, 2, now.seconds);
    int code = db_run(ledger, s, note);
    return code == 0 ? chain_seal(ledger, file->submission, note) : code;
}

int
ledger_files_under_way(struct ledger *ledger, struct ledger_files *ret_files, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_FILES_UNDER_WAY, note);
    if (!s)
        return ERR_LIBRARY;
    struct ledger_files files = { NULL, 0 };
    size_t room = 0;
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        if (files.count == room) {
            room = room ? room * 2 : 16;
            int64_t *grown = realloc(files.submissions, room * sizeof *grown);
            if (!grown) {
                db_reset(s);
                free(files.submissions);
                return err_set(note, -ENOMEM, "out of memory");
            }
            files.submissions = grown;
        }
        files.submissions[files.count++] = sqlite3_column_int64(s, 0);
    }
    if (code < 0) {
        free(files.submissions);
        return code;
    }
    *ret_files = files;
    return 0;
}
