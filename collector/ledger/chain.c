/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ledger/chain.h"

#include <errno.h>
#include <string.h>

#include "core/text.h"

/* Texts are cut by nobody: the longest row and the longest submission fit. */
enum { CONTENT_MAX = 2048 };

/* Numbers and texts one after the other. */
struct content {
    uint8_t bytes[CONTENT_MAX];
    size_t size;
};

static void
put_bytes(struct content *content, const void *bytes, size_t size)
{
    size_t room = sizeof content->bytes - content->size;
    size = size < room ? size : room;
    memcpy(content->bytes + content->size, bytes, size);
    content->size += size;
}

static void
put_number(struct content *content, int64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
    put_bytes(content, bytes, sizeof bytes);
}

static void
put_text(struct content *content, const char *text)
{
    put_bytes(content, text, strlen(text) + 1);
}

void
chain_add_row(uint8_t digest[HASH_SIZE], const struct chain_row *row)
{
    struct content content = { .size = 0 };
    put_text(&content, row->area);
    put_text(&content, row->indicator);
    put_number(&content, row->period);
    put_number(&content, row->released);
    put_number(&content, row->received);
    put_number(&content, row->row);
    put_text(&content, row->publisher);
    put_text(&content, row->note);
    if (row->value) {
        put_text(&content, row->value);
        put_text(&content, row->status);
        put_number(&content, row->stage);
    }
    hash_chain(digest, (uint64_t)row->position, content.bytes, content.size, digest);
}

/* ---- sealing ---- */

/* The submission under `s` (SQL_SEALED_EACH's columns) as the next link after `chain`. */
static int
add_submission(sqlite3_stmt *s, int64_t sealed, uint8_t chain[HASH_SIZE], struct err_note *note)
{
    enum { ID = 2, PUBLISHER, SHA256, NAME, ROWS, COMPLETED = ROWS + 7, DIGEST };
    struct content content = { .size = 0 };
    char publisher[SAMPLE_ID_MAX + 1], name[RECORD_NAME_MAX + 1];
    uint8_t hash[HASH_SIZE] = { 0 };
    put_number(&content, sqlite3_column_int64(s, ID));
    db_column_text(s, PUBLISHER, publisher, sizeof publisher);
    put_text(&content, publisher);
    int code = db_column_blob(s, SHA256, hash, sizeof hash, note);
    put_bytes(&content, hash, sizeof hash);
    db_column_text(s, NAME, name, sizeof name);
    put_text(&content, name);
    for (int column = ROWS; column <= COMPLETED; column++)
        put_number(&content, sqlite3_column_int64(s, column));
    memset(hash, 0, sizeof hash);
    if (code == 0 && sqlite3_column_type(s, DIGEST) != SQLITE_NULL)
        code = db_column_blob(s, DIGEST, hash, sizeof hash, note);
    put_bytes(&content, hash, sizeof hash);
    hash_chain(chain, (uint64_t)sealed, content.bytes, content.size, chain);
    return code;
}

/* The last link: its number, 0 for none, and its hash. */
static int
last_link(struct ledger *ledger, int64_t *ret_sealed, uint8_t chain[HASH_SIZE],
          struct err_note *note)
{
    *ret_sealed = 0;
    memset(chain, 0, HASH_SIZE);
    sqlite3_stmt *s = db_statement(ledger, SQL_SEALED_LAST, note);
    if (!s)
        return ERR_LIBRARY;
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code;
    *ret_sealed = sqlite3_column_int64(s, 0);
    code = db_column_blob(s, 1, chain, HASH_SIZE, note);
    db_reset(s);
    return code;
}

int
chain_seal(struct ledger *ledger, int64_t submission, struct err_note *note)
{
    int64_t sealed = 0;
    uint8_t chain[HASH_SIZE];
    int code = last_link(ledger, &sealed, chain, note);
    sqlite3_stmt *s = code == 0 ? db_statement(ledger, SQL_SEALED_THIS, note) : NULL;
    if (!s)
        return code ? code : ERR_LIBRARY;
    db_bind_int(s, 1, submission);
    code = db_step(ledger, s, note);
    if (code != 1)
        return code < 0 ? code
                        : err_set(note, ERR_DAMAGED, "ledger: a file under way is not there");
    code = add_submission(s, sealed + 1, chain, note);
    db_reset(s);
    if (code == 0 && !(s = db_statement(ledger, SQL_FILE_SEAL, note)))
        code = ERR_LIBRARY;
    if (code != 0)
        return code;
    db_bind_int(s, 1, submission);
    db_bind_int(s, 2, sealed + 1);
    db_bind_blob(s, 3, chain, sizeof chain);
    return db_run(ledger, s, note);
}

int
ledger_chain(struct ledger *ledger, int64_t *ret_sealed, uint8_t ret_chain[RECORD_SHA256],
             struct err_note *note)
{
    return last_link(ledger, ret_sealed, ret_chain, note);
}

/* ---- checking ---- */

static const struct finding chain_frame = { .weight = FINDING_WRONG,
                                            .check = "chain",
                                            .mend_zh = finding_restore_zh,
                                            .mend_en = finding_restore_en };

static int
check_links(struct ledger *ledger, const struct finding_sink *sink, struct err_note *note)
{
    uint8_t chain[HASH_SIZE] = { 0 }, found[HASH_SIZE];
    int64_t expected = 1;
    sqlite3_stmt *s = db_statement(ledger, SQL_SEALED_EACH, note);
    if (!s)
        return ERR_LIBRARY;
    ledger->deadline_ms = 0; /* as long as it takes */
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        int64_t sealed = sqlite3_column_int64(s, 0);
        code = db_column_blob(s, 1, found, sizeof found, note);
        if (code == 0)
            code = add_submission(s, sealed, chain, note);
        if (code == 0 && sealed == expected && memcmp(chain, found, sizeof chain) == 0) {
            expected++;
            continue;
        }
        struct finding frame = chain_frame;
        frame.object = "ledger.db";
        int64_t id = sqlite3_column_int64(s, 2);
        db_reset(s);
        return finding_say(sink, &frame,
                           "报送链在第 %lld 环（报送 %lld）断开：该报送的记录被改动过",
                           "the chain of submissions breaks at link %lld (submission %lld): what "
                           "it says was altered",
                           (long long)sealed, (long long)id);
    }
    return code;
}

static const char row_sql[] =
    "SELECT submission, position, area, indicator, period, released, received, row, publisher, "
    "value, status, stage, note FROM ("
    "SELECT submission, position, series, period, released, received, row, provider, value, "
    "status, stage, note FROM observation WHERE restates = 0 UNION ALL "
    "SELECT submission, position, series, period, released, received, row, provider, NULL, NULL, "
    "0, note FROM confirmation) AS r JOIN series ON series.id = r.series "
    "JOIN provider ON provider.id = r.provider ORDER BY submission, position";

static const char digest_sql[] =
    "SELECT id, publisher, name, digest FROM submission WHERE digest IS NOT NULL ORDER BY id";

static struct chain_row
row_of(sqlite3_stmt *s)
{
    return (struct chain_row){
        .position = sqlite3_column_int64(s, 1),
        .area = (const char *)sqlite3_column_text(s, 2),
        .indicator = (const char *)sqlite3_column_text(s, 3),
        .period = sqlite3_column_int64(s, 4),
        .released = sqlite3_column_int64(s, 5),
        .received = sqlite3_column_int64(s, 6),
        .row = sqlite3_column_int64(s, 7),
        .publisher = (const char *)sqlite3_column_text(s, 8),
        .value = (const char *)sqlite3_column_text(s, 9),
        .status = (const char *)sqlite3_column_text(s, 10),
        .stage = sqlite3_column_int(s, 11),
        .note = (const char *)sqlite3_column_text(s, 12),
    };
}

/* Adds up the rows of `submission`; the ones of files without a digest are passed over. *has_row:
 * `rows` stands on a row that was not looked at. */
static int
add_up(struct ledger *ledger, sqlite3_stmt *rows, int64_t submission, bool *has_row,
       uint8_t digest[HASH_SIZE], struct err_note *note)
{
    int code = *has_row ? 1 : 0;
    memset(digest, 0, HASH_SIZE);
    while (code == 1 && sqlite3_column_int64(rows, 0) <= submission) {
        if (sqlite3_column_int64(rows, 0) == submission) {
            struct chain_row row = row_of(rows);
            if (!row.area || !row.indicator || !row.publisher || !row.note ||
                (row.value && !row.status))
                return err_set(note, -ENOMEM, "out of memory");
            chain_add_row(digest, &row);
        }
        code = db_step(ledger, rows, note);
    }
    *has_row = code == 1;
    return code < 0 ? code : 0;
}

static int
check_rows(struct ledger *ledger, sqlite3_stmt *files, sqlite3_stmt *rows,
           const struct finding_sink *sink, struct err_note *note)
{
    int code = db_step(ledger, rows, note);
    bool has_row = code == 1;
    while (code >= 0 && (code = db_step(ledger, files, note)) == 1) {
        uint8_t digest[HASH_SIZE], found[HASH_SIZE];
        int64_t id = sqlite3_column_int64(files, 0);
        code = db_column_blob(files, 3, found, sizeof found, note);
        if (code == 0)
            code = add_up(ledger, rows, id, &has_row, digest, note);
        if (code != 0 || memcmp(digest, found, sizeof digest) == 0)
            continue;
        char name[256], clean[256];
        struct finding frame = chain_frame;
        db_column_text(files, 2, name, sizeof name);
        frame.object = text_clean(name, strlen(name), clean, sizeof clean);
        code = finding_say(sink, &frame, "报送 %lld 的行与收到时的摘要不符：有行被改动、删去或添加",
                           "the rows of submission %lld are not those that were received: one was "
                           "altered, removed or added",
                           (long long)id);
    }
    return code;
}

int
chain_fsck(struct ledger *ledger, const struct finding_sink *sink, struct err_note *note)
{
    sqlite3_stmt *files = NULL, *rows = NULL;
    int code = sqlite3_exec(ledger->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
                   ? check_links(ledger, sink, note)
                   : db_error(ledger, note); /* one state for all statements */
    if (code == 0 && (sqlite3_prepare_v2(ledger->db, digest_sql, -1, &files, NULL) != SQLITE_OK ||
                      sqlite3_prepare_v2(ledger->db, row_sql, -1, &rows, NULL) != SQLITE_OK))
        code = db_error(ledger, note);
    ledger->deadline_ms = 0; /* as long as it takes */
    if (code == 0)
        code = check_rows(ledger, files, rows, sink, note);
    (void)sqlite3_finalize(files); /* their steps were checked */
    (void)sqlite3_finalize(rows);
    (void)sqlite3_exec(ledger->db, "COMMIT", NULL, NULL, NULL); /* nothing was written */
    return code;
}
