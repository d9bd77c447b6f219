/* SPDX-License-Identifier: GPL-3.0-or-later
 * The checks of the ledger, each one statement that answers a row a finding: which object, and the
 * words in Chinese and in English. */
#include "collector/ledger_fsck.h"

#include <string.h>

#include "collector/ledger/chain.h"
#include "core/text.h"

/* How often a fate stands in `text`, fates written in hexadecimal: they are 01 to 06, so that two
 * digits never match across two fates. */
#define COUNT_OF(digits) "(length(text) - length(replace(text, '" digits "', ''))) / 2"
#define CONTROL          COUNT_OF("01")
#define STORED           COUNT_OF("02")
#define REVISED          COUNT_OF("03")
#define UNCHANGED        COUNT_OF("04")
#define DUPLICATE        COUNT_OF("05")
#define REJECTED         COUNT_OF("06")
#define ALL_ROWS         "(SELECT position FROM observation UNION ALL SELECT position FROM confirmation)"
#define STREAM_NAME      "lower(hex(stream.stream))"

struct check {
    enum finding_weight weight;
    const char *name;
    const char *sql; /* object, zh, en; ?1 is now */
    const char *mend_zh, *mend_en;
};

static const struct check checks[] = {
    { FINDING_WRONG, "pages",
      "SELECT 'ledger.db', integrity_check, integrity_check FROM pragma_integrity_check(20) "
      "WHERE integrity_check <> 'ok'",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "references",
      "SELECT \"table\", "
      "printf('%d 行引用了表 %s 中不存在的行', count(*), parent), "
      "printf('%d rows refer to rows of table %s that are not there', count(*), parent) "
      "FROM pragma_foreign_key_check GROUP BY \"table\", parent",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "batches",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：第 %d 条之后的批次从第 %d 条开始', publisher, before, first), "
      "printf('stream of %s: after record %d the next batch begins with %d', "
      "publisher, before, first) "
      "FROM (SELECT stream AS id, first, lag(last, 1, 0) OVER (PARTITION BY stream ORDER BY last) "
      "AS before FROM batch) JOIN stream USING (id) WHERE first <> before + 1",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "batches",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：第 %d 至 %d 条的批次，处理结果或校验与范围不符', "
      "publisher, first, last), "
      "printf('stream of %s: the fates or checks of batch %d to %d do not fit its range', "
      "publisher, first, last) "
      "FROM batch JOIN stream ON stream.id = batch.stream "
      "WHERE last < first OR length(fates) <> last - first + 1 "
      "OR length(checks) <> 8 * (last - first + 1) "
      "OR replace(replace(replace(replace(replace(replace(hex(fates), '01', ''), '02', ''), "
      "'03', ''), '04', ''), '05', ''), '06', '') <> ''",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "batches",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：登记收到第 %d 条，批次只到第 %d 条', publisher, hwm, last), "
      "printf('stream of %s: %d records on record, its batches end at %d', publisher, hwm, last) "
      "FROM (SELECT *, coalesce((SELECT max(last) FROM batch WHERE batch.stream = stream.id), 0) "
      "AS last FROM stream) AS stream WHERE hwm <> last",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "counts",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：%d 条记录的处理结果计为 %d+%d+%d+%d+%d+%d，批次中实为 "
      "%d+%d+%d+%d+%d+%d', publisher, hwm, control, stored, revised, unchanged, duplicate, "
      "rejected, f1, f2, f3, f4, f5, f6), "
      "printf('stream of %s: the fates of %d records are counted as %d+%d+%d+%d+%d+%d, its batches "
      "hold %d+%d+%d+%d+%d+%d', publisher, hwm, control, stored, revised, unchanged, duplicate, "
      "rejected, f1, f2, f3, f4, f5, f6) "
      "FROM stream JOIN (SELECT stream AS id, "
      "sum(" CONTROL ") AS f1, sum(" STORED ") AS f2, sum(" REVISED ") AS f3, "
      "sum(" UNCHANGED ") AS f4, sum(" DUPLICATE ") AS f5, sum(" REJECTED ") AS f6 "
      "FROM (SELECT stream, hex(fates) AS text FROM batch) GROUP BY stream) USING (id) "
      "WHERE hwm <> control + stored + revised + unchanged + duplicate + rejected OR control <> f1 "
      "OR stored <> f2 OR revised <> f3 OR unchanged <> f4 OR duplicate <> f5 OR rejected <> f6",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "quarantine",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：退回 %d 条，留存 %d 条', publisher, rejected, kept), "
      "printf('stream of %s: %d records rejected, %d kept aside', publisher, rejected, kept) "
      "FROM (SELECT *, (SELECT count(*) FROM quarantine WHERE quarantine.stream = stream.id) "
      "AS kept FROM stream) AS stream WHERE rejected <> kept",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "quarantine",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：留存的退回记录中有 %d 条（第 %d 条起）的处理结果不是退回', "
      "publisher, count(*), min(seq)), "
      "printf('stream of %s: %d records kept aside, from %d on, have another fate than rejected', "
      "publisher, count(*), min(seq)) "
      "FROM quarantine JOIN stream ON stream.id = quarantine.stream "
      "WHERE coalesce((SELECT hex(substr(fates, seq - first + 1, 1)) FROM batch "
      "WHERE batch.stream = quarantine.stream AND last >= seq ORDER BY last LIMIT 1), '') <> '06' "
      "GROUP BY stream.id",
      finding_restore_zh, finding_restore_en },
    /* A file's records run from its beginning to that of the stream's next; no batch has more than
     * WIRE_RECORDS_MAX of them. */
    { FINDING_WRONG, "submissions",
      "WITH file AS (SELECT *, coalesce(lead(first_seq) OVER (PARTITION BY stream ORDER BY "
      "first_seq), (SELECT hwm + 1 FROM stream WHERE stream.id = submission.stream)) AS after "
      "FROM submission), "
      "found AS (SELECT file.id, group_concat(hex(substr(fates, max(first, first_seq) - first + 1, "
      "min(last, after - 1) - max(first, first_seq) + 1)), '') AS text "
      "FROM file JOIN batch ON batch.stream = file.stream AND last >= first_seq "
      "AND last < after + 1000 AND first < after GROUP BY file.id), "
      "kept AS (SELECT submission AS id, count(*) AS kept FROM quarantine GROUP BY submission) "
      "SELECT printf('%d %s', id, name), "
      "printf('该文件计为 接受%d 修订%d 未变%d 重复%d 退回%d，记录中实为 %d %d %d %d，留存 %d', "
      "stored, revised, unchanged, duplicate, rejected, f2, f3, f4, f5, kept), "
      "printf('the file is counted as stored %d, revised %d, unchanged %d, duplicate %d, rejected "
      "%d; its records say %d, %d, %d, %d, and %d are kept aside', "
      "stored, revised, unchanged, duplicate, rejected, f2, f3, f4, f5, kept) "
      "FROM (SELECT file.*, coalesce(kept, 0) AS kept, " STORED " AS f2, " REVISED
      " AS f3, " UNCHANGED " AS f4, " DUPLICATE " AS f5 "
      "FROM file LEFT JOIN found USING (id) LEFT JOIN kept USING (id)) "
      "WHERE stored <> f2 OR revised <> f3 OR unchanged <> f4 OR duplicate <> f5 "
      "OR rejected <> kept OR f2 IS NULL",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "submissions",
      "SELECT printf('%d %s', id, name), "
      "printf('该文件接受 %d 行，台账中有 %d 行', stored + revised, coalesce(found, 0)), "
      "printf('%d rows of the file were stored, the ledger has %d', stored + revised, "
      "coalesce(found, 0)) "
      "FROM submission LEFT JOIN (SELECT submission AS id, count(*) AS found FROM observation "
      "WHERE restates = 0 GROUP BY submission) USING (id) WHERE stored + revised <> "
      "coalesce(found, 0)",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "submissions",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：登记为正在接收的文件 %d 已经完成，或属于别的记录流', "
      "stream.publisher, stream.submission), "
      "printf('stream of %s: its file under way, %d, is complete or of another stream', "
      "stream.publisher, stream.submission) "
      "FROM stream JOIN submission ON submission.id = stream.submission "
      "WHERE completed IS NOT NULL OR submission.stream <> stream.id",
      finding_restore_zh, finding_restore_en },
    { FINDING_NOTE, "submissions",
      "SELECT printf('%d %s', id, name), "
      "printf('%s 的文件自 %s 起未收完', publisher, datetime(received, 'unixepoch')), "
      "printf('a file of %s has been incomplete since %s UTC', publisher, "
      "datetime(received, 'unixepoch')) "
      "FROM submission WHERE completed IS NULL AND received < ?1 - 86400",
      "请在该地查看代理程序（pacewatch-agent HOME status）；已收到的行有效，其余会补发",
      "look at the agent there (pacewatch-agent HOME status); the rows that came count, the rest "
      "will come" },
    { FINDING_WRONG, "positions",
      "SELECT 'ledger.db', "
      "printf('有 %d 个台账位置（从 %d 起）不止一行', count(*), min(position)), "
      "printf('%d positions, from %d on, have more than one row', count(*), min(position)) "
      "FROM (SELECT position FROM " ALL_ROWS " GROUP BY position HAVING count(*) > 1) "
      "HAVING count(*) > 0",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "positions",
      "SELECT 'ledger.db', "
      "printf('台账记到位置 %d，共有 %d 行，最后一行位置为 %d', said, found, newest), "
      "printf('the ledger stands at position %d, has %d rows, and the last has position %d', "
      "said, found, newest) "
      "FROM (SELECT (SELECT value FROM meta WHERE key = 'position') AS said, count(*) AS found, "
      "coalesce(max(position), 0) AS newest FROM " ALL_ROWS ") "
      "WHERE said <> found OR said <> newest",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "series",
      "SELECT printf('%s/%s', area, indicator), "
      "printf('该序列登记的最后位置为 %d，实为 %d', last_position, found), "
      "printf('the last position on record is %d, the rows say %d', last_position, found) "
      "FROM (SELECT series.*, coalesce(last, 0) AS found FROM series LEFT JOIN "
      "(SELECT series AS id, max(position) AS last FROM observation GROUP BY series) USING (id)) "
      "WHERE last_position <> found",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "series",
      "SELECT printf('%s/%s', area, indicator), '该序列登记的最近期别与各行不符', "
      "'the latest period on record is not that of its rows' "
      "FROM series LEFT JOIN (SELECT series AS id, max(period) AS latest FROM observation "
      "GROUP BY series) USING (id) WHERE newest <> coalesce(latest, 0)",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "series",
      "SELECT printf('%s/%s', area, indicator), "
      "printf('该序列判断到位置 %d，超过最后位置 %d', judged_position, last_position), "
      "printf('judged up to position %d, which is beyond its last, %d', judged_position, "
      "last_position) FROM series WHERE judged_position > last_position",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "streams",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流：备份标记到第 %d 条，超过收到的 %d 条', publisher, safe_upto, hwm), "
      "printf('stream of %s: backups are said to hold %d records, %d came', "
      "publisher, safe_upto, hwm) FROM stream WHERE safe_upto > hwm",
      finding_restore_zh, finding_restore_en },
    { FINDING_NOTE, "streams",
      "SELECT " STREAM_NAME ", "
      "printf('%s 的记录流止于第 %d 条，最后所知至第 %d 条：其后 %d 条未在此流中到达', "
      "publisher, hwm, held, held - hwm), "
      "printf('stream of %s ended at %d, last seen seq %d: %d records did not arrive in it', "
      "publisher, hwm, held, held - hwm) "
      "FROM stream WHERE held > hwm AND EXISTS (SELECT 1 FROM stream AS newer "
      "WHERE newer.publisher = stream.publisher AND newer.id > stream.id "
      "AND newer.made >= stream.heard)",
      "代理程序若是转入新流，已在新流中补发；若是重装或换盘，请把该时期的文件重新放入收件夹（重复不"
      "计）",
      "if the agent went over into a new stream, they came in that one; if it was installed anew, "
      "put the files of that time into its inbox again (what came before is not counted twice)" },
    { FINDING_WRONG, "alerts",
      "SELECT target, "
      "printf('预警 %d 登记为%s，最后一次事件却是 %s', id, iif(is_open, '未解除', '已解除'), "
      "coalesce(event, '（没有）')), "
      "printf('alert %d is on record as %s, but its last event is %s', id, "
      "iif(is_open, 'open', 'closed'), coalesce(event, '(none)')) "
      "FROM (SELECT alert.*, (SELECT event FROM alert_event WHERE alert = alert.id "
      "ORDER BY id DESC LIMIT 1) AS event FROM alert) "
      "WHERE event IS NULL OR is_open <> (event NOT IN ('resolved', 'withdrawn'))",
      finding_restore_zh, finding_restore_en },
    { FINDING_WRONG, "alerts",
      "SELECT target, "
      "printf('预警事件 %d 由位置 %d 的行引起，台账没有这一行', alert_event.id, position), "
      "printf('event %d was caused by the row at position %d, which the ledger does not have', "
      "alert_event.id, position) "
      "FROM alert_event JOIN alert ON alert.id = alert_event.alert "
      "WHERE position > (SELECT value FROM meta WHERE key = 'position')",
      finding_restore_zh, finding_restore_en },
};

/* Names of a damaged ledger may be any bytes. */
static void
read_clean(sqlite3_stmt *s, int column, char *text, size_t size)
{
    char raw[256];
    db_column_text(s, column, raw, sizeof raw);
    (void)text_clean(raw, strlen(raw), text, size); /* returns it */
}

static int
tell_rows(struct ledger *ledger, const struct check *check, sqlite3_stmt *s,
          const struct finding_sink *sink, struct err_note *note)
{
    char object[256], zh[512], en[512];
    const struct finding frame = { .weight = check->weight,
                                   .check = check->name,
                                   .object = object,
                                   .mend_zh = check->mend_zh,
                                   .mend_en = check->mend_en };
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        read_clean(s, 0, object, sizeof object);
        db_column_text(s, 1, zh, sizeof zh);
        db_column_text(s, 2, en, sizeof en);
        code = finding_tell(sink, &frame, zh, en);
        if (code != 0)
            return code;
    }
    return code;
}

static int
run_check(struct ledger *ledger, const struct check *check, struct wall_time now,
          const struct finding_sink *sink)
{
    sqlite3_stmt *s = NULL;
    struct err_note note = { "" };
    ledger->deadline_ms = 0; /* as long as it takes */
    int code = sqlite3_prepare_v2(ledger->db, check->sql, -1, &s, NULL) == SQLITE_OK
                   ? 0
                   : db_error(ledger, &note);
    if (code == 0) {
        if (sqlite3_bind_parameter_count(s) > 0)
            db_bind_int(s, 1, now.seconds);
        code = tell_rows(ledger, check, s, sink, &note);
    }
    (void)sqlite3_finalize(s); /* its steps were checked */
    if (code == 0 || !note.text[0])
        return code; /* done, or the visitor's answer */
    const struct finding frame = { .weight = FINDING_WRONG,
                                   .check = check->name,
                                   .object = "ledger.db",
                                   .mend_zh = finding_restore_zh,
                                   .mend_en = finding_restore_en };
    return finding_say(sink, &frame, "无法检查：%s", "cannot be checked: %s", note.text);
}

static int
check_chain(struct ledger *ledger, const struct finding_sink *sink)
{
    struct err_note note = { "" };
    int code = chain_fsck(ledger, sink, &note);
    if (code == 0 || !note.text[0])
        return code; /* done, or the visitor's answer */
    const struct finding frame = { .weight = FINDING_WRONG,
                                   .check = "chain",
                                   .object = "ledger.db",
                                   .mend_zh = finding_restore_zh,
                                   .mend_en = finding_restore_en };
    return finding_say(sink, &frame, "无法检查：%s", "cannot be checked: %s", note.text);
}

int
ledger_fsck(struct ledger *ledger, struct wall_time now, const struct finding_sink *sink)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof checks / sizeof checks[0]; i++)
        code = run_check(ledger, &checks[i], now, sink);
    return code == 0 ? check_chain(ledger, sink) : code;
}

/* ---- names of the catalogue ---- */

/* A table of an edition begins each row with the id. */
static const char reference_sql[] =
    "SELECT name, id, group_concat(place, ', '), EXISTS (SELECT 1 FROM catalogue_table "
    "WHERE catalogue_table.name = named.name "
    "AND instr(CAST(content AS TEXT), char(10) || id || ',') > 0) FROM ("
    "SELECT 'publishers.csv' AS name, publisher AS id, 'stream' AS place FROM stream UNION "
    "SELECT 'publishers.csv', publisher, 'submission' FROM submission UNION "
    "SELECT 'publishers.csv', publisher, 'provider' FROM provider UNION "
    "SELECT 'publishers.csv', publisher, 'publisher_key' FROM publisher_key "
    "WHERE revoked IS NULL UNION "
    "SELECT 'areas.csv', area, 'series' FROM series UNION "
    "SELECT 'areas.csv', area, 'alert' FROM alert UNION "
    "SELECT 'indicators.csv', indicator, 'series' FROM series UNION "
    "SELECT 'indicators.csv', indicator, 'alert' FROM alert UNION "
    "SELECT 'targets.csv', target, 'alert' FROM alert) AS named GROUP BY name, id";

static int
read_reference(sqlite3_stmt *s, struct ledger_reference *reference, char *places, size_t size)
{
    char file[32];
    db_column_text(s, 0, file, sizeof file);
    read_clean(s, 1, reference->id, sizeof reference->id);
    db_column_text(s, 2, places, size);
    reference->places = places;
    reference->is_in_edition = sqlite3_column_int(s, 3) != 0;
    for (int table = 0; table < CAT_TABLE_COUNT; table++) {
        if (strcmp(file, cat_table_file((enum cat_table)table)) == 0) {
            reference->table = (enum cat_table)table;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

int
ledger_each_reference(struct ledger *ledger,
                      int (*visit)(void *context, const struct ledger_reference *reference),
                      void *context, struct err_note *note)
{
    sqlite3_stmt *s = NULL;
    ledger->deadline_ms = 0; /* as above */
    if (sqlite3_prepare_v2(ledger->db, reference_sql, -1, &s, NULL) != SQLITE_OK)
        return db_error(ledger, note);
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_reference reference;
        char places[128];
        code = read_reference(s, &reference, places, sizeof places);
        if (code == 0)
            code = visit(context, &reference);
        if (code != 0)
            break;
    }
    (void)sqlite3_finalize(s); /* its steps were checked */
    return code;
}
