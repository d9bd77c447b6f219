/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a durable row costs in the collector: a bare loop over SQLite (FULL, the same table and
 * rows, prepared), the ledger's rules (ledger_apply), and the whole intake (messages unpacked,
 * checked, hashed, taken, acknowledged). A backfill series by series, then one month over all.
 *
 *     bench_ledger [SERIES [MONTHS [bare]]]     20000 and 60 unless told; bare: that loop alone,
 *                                               once, as "name value" for run.sh */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/intake.h"
#include "proto/wire.h"
#include "tests/bench/workload.h"

enum { COMMIT_ROWS = 1000, MESSAGE_ROWS = 1000, ROUNDS = 3 };

static const uint8_t stream_id[WIRE_STREAM_ID] = "benchmark";
static const char key[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const struct wall_time now = { 1790000000 };

struct bench {
    struct workload workload;
    unsigned months;
    char folder[64];
    char path[128];
};

/* Rows of one phase: all series, months [from, to), series by series. */
struct phase {
    unsigned from, to;
    unsigned series, month; /* the next */
};

struct result {
    double seconds, cpu;
    size_t rows;
    double bytes;
};

static bool
next_sample(const struct bench *bench, struct phase *phase, struct sample *ret_sample,
            struct sample_place *ret_place)
{
    if (phase->series == bench->workload.series)
        return false;
    workload_sample(&bench->workload, phase->series, phase->month, ret_sample, ret_place);
    if (++phase->month == phase->to) {
        phase->month = phase->from;
        phase->series++;
    }
    return true;
}

static void
remove_ledger(const struct bench *bench)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[160];
        (void)snprintf(path, sizeof path, "%s%s", bench->path, ends[i]);
        (void)unlink(path); /* may not be there */
    }
}

static double
file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* ---- a bare loop ---- */

static void
sql(sqlite3 *db, const char *text)
{
    char *words = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &words) == SQLITE_OK)
        return;
    (void)fprintf(stderr, "bench: %s\n", words);
    exit(1);
}

static sqlite3 *
bare_open(const struct bench *bench, const char *key_order)
{
    sqlite3 *db = NULL;
    char create[512];
    remove_ledger(bench);
    if (sqlite3_open(bench->path, &db) != SQLITE_OK)
        exit(1);
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=16000; "
            "PRAGMA cache_size=-65536");
    (void)snprintf(create, sizeof create,
                   "CREATE TABLE observation (period INTEGER, series INTEGER, released INTEGER, "
                   "position INTEGER, value TEXT, status TEXT, stage INTEGER, received INTEGER, "
                   "submission INTEGER, row INTEGER, provider INTEGER, restates INTEGER, "
                   "note TEXT, PRIMARY KEY (%s, released, position)) WITHOUT ROWID",
                   key_order);
    sql(db, create);
    return db;
}

static void
bare_insert(sqlite3_stmt *s, const struct sample *sample, unsigned series, size_t position)
{
    const char status[2] = { sample->status, '\0' };
    (void)sqlite3_bind_int64(s, 1, cal_period_key(sample->period));
    (void)sqlite3_bind_int64(s, 2, series + 1);
    (void)sqlite3_bind_int64(s, 3, sample->released.days);
    (void)sqlite3_bind_int64(s, 4, (int64_t)position);
    (void)sqlite3_bind_text(s, 5, sample->value, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(s, 6, status, 1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 7, 0);
    (void)sqlite3_bind_int64(s, 8, now.seconds);
    (void)sqlite3_bind_int64(s, 9, 1);
    (void)sqlite3_bind_int64(s, 10, sample->row);
    (void)sqlite3_bind_int64(s, 11, 1);
    (void)sqlite3_bind_int64(s, 12, 0);
    (void)sqlite3_bind_text(s, 13, sample->note, -1, SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_DONE)
        exit(1);
    (void)sqlite3_reset(s);
}

static size_t
bare_phase(struct bench *bench, sqlite3 *db, struct phase phase, size_t position)
{
    struct sample sample;
    struct sample_place place;
    sqlite3_stmt *s = NULL;
    size_t rows = 0;
    (void)sqlite3_prepare_v2(
        db, "INSERT INTO observation VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)", -1, &s,
        NULL);
    sql(db, "BEGIN");
    for (unsigned series = 0; next_sample(bench, &phase, &sample, &place); series = phase.series) {
        bare_insert(s, &sample, series, position + ++rows);
        if (rows % COMMIT_ROWS == 0)
            sql(db, "COMMIT; BEGIN");
    }
    sql(db, "COMMIT");
    (void)sqlite3_finalize(s);
    return rows;
}

/* ---- the ledger's rules ---- */

static struct ledger *
ledger_fresh(const struct bench *bench)
{
    struct err_note note = { "" };
    struct ledger *ledger = NULL;
    remove_ledger(bench);
    workload_must(ledger_create(bench->path, &note), &note);
    workload_must(ledger_open(bench->path, LEDGER_WRITE, &ledger, &note), &note);
    return ledger;
}

static size_t
apply_phase(struct bench *bench, struct ledger *ledger, struct phase phase)
{
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .name = "bench", .rows = 1 };
    struct sample sample;
    struct sample_place place;
    size_t rows = 0;
    begin.sha256[0] = (uint8_t)phase.from;
    workload_must(ledger_begin(ledger, &note), &note);
    if (ledger_stream_find(ledger, stream_id, &stream, &note) != 0)
        workload_must(ledger_stream_make(ledger, stream_id, "office0", now, &stream, &note), &note);
    workload_must(ledger_file_begin(ledger, &stream, phase.from + 1, &begin, now, &file, &note),
                  &note);
    while (next_sample(bench, &phase, &sample, &place)) {
        enum wire_fate fate;
        workload_must(ledger_apply(ledger, &file, &sample, &place, now, &fate, &note), &note);
        if (++rows % COMMIT_ROWS == 0) {
            workload_must(ledger_file_count(ledger, &file, &note), &note);
            workload_must(ledger_commit(ledger, &note), &note);
            workload_must(ledger_begin(ledger, &note), &note);
        }
    }
    workload_must(ledger_commit(ledger, &note), &note);
    return rows;
}

/* ---- the intake ---- */

/* Messages packed before the clock runs: what an agent would send. */
struct mail {
    uint8_t *bytes;
    size_t *sizes;
    size_t count, rows;
};

static void
mail_add(struct mail *mail, uint64_t first, uint8_t (*records)[WIRE_RECORD_MAX],
         const size_t *sizes, size_t count)
{
    static struct wire_message message;
    struct err_note note = { "" };
    message.kind = WIRE_DATA;
    memcpy(message.as.data.stream, stream_id, sizeof stream_id);
    message.as.data.first = first;
    message.as.data.record_count = count;
    for (size_t i = 0; i < count; i++)
        message.as.data.records[i] = (struct wire_slice){ records[i], sizes[i] };
    mail->bytes = realloc(mail->bytes, (mail->count + 1) * WIRE_MESSAGE_MAX / 2);
    mail->sizes = realloc(mail->sizes, (mail->count + 1) * sizeof *mail->sizes);
    if (!mail->bytes || !mail->sizes)
        abort();
    int size = wire_pack(&message, mail->bytes + mail->count * WIRE_MESSAGE_MAX / 2,
                         WIRE_MESSAGE_MAX / 2, &note);
    workload_must(size < 0 ? size : 0, &note);
    mail->sizes[mail->count++] = (size_t)size;
}

static struct mail
mail_write(struct bench *bench, struct phase phase, uint64_t first)
{
    static uint8_t records[MESSAGE_ROWS][WIRE_RECORD_MAX];
    size_t sizes[MESSAGE_ROWS], count = 0;
    struct mail mail = { NULL, NULL, 0, 0 };
    struct err_note note = { "" };
    struct record record = { .type = RECORD_FILE_BEGIN, .as.begin = { .name = "bench" } };
    struct sample_place place;
    record.as.begin.sha256[0] = (uint8_t)(phase.from + 1);
    do {
        int size = record_pack(&record, records[count], WIRE_RECORD_MAX, &note);
        workload_must(size < 0 ? size : 0, &note);
        sizes[count++] = (size_t)size;
        mail.rows += record.type == RECORD_SAMPLE;
        record.type = RECORD_SAMPLE;
        if (count == MESSAGE_ROWS) {
            mail_add(&mail, first, records, sizes, count);
            first += count;
            count = 0;
        }
    } while (next_sample(bench, &phase, &record.as.sample, &place));
    if (count > 0)
        mail_add(&mail, first, records, sizes, count);
    return mail;
}

static void
count_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes,
             size_t size)
{
    (void)peer;
    (void)peer_size;
    (void)bytes;
    (void)size;
    ++*(size_t *)context;
}

static void
deliver(struct intake *intake, const char *author, const struct mail *mail)
{
    size_t answers = 0;
    for (size_t i = 0; i < mail->count; i++) {
        intake_take(intake, author, (const uint8_t *)"peer", 4,
                    mail->bytes + i * WIRE_MESSAGE_MAX / 2, mail->sizes[i], now,
                    (struct mono_time){ 0 });
        if (intake_is_full(intake) || i + 1 == mail->count)
            (void)intake_commit(intake, count_answer, &answers);
    }
    if (answers != mail->count)
        (void)fprintf(stderr, "bench: %zu answers to %zu messages\n", answers, mail->count);
}

/* ---- what is measured ---- */

static void
begin_clock(struct result *result)
{
    result->seconds = -workload_clock();
    result->cpu = -workload_cpu();
}

static void
end_clock(struct result *result, size_t rows)
{
    result->seconds += workload_clock();
    result->cpu += workload_cpu();
    result->rows = rows;
}

static void
measure_key(struct bench *bench, const char *key_order, struct result results[2])
{
    sqlite3 *db = bare_open(bench, key_order);
    begin_clock(&results[0]);
    size_t rows = bare_phase(bench, db, (struct phase){ .to = bench->months }, 0);
    end_clock(&results[0], rows);
    struct phase month = { bench->months, bench->months + 1, 0, bench->months };
    begin_clock(&results[1]);
    end_clock(&results[1], bare_phase(bench, db, month, rows));
    (void)sqlite3_close(db);
    results[0].bytes = file_bytes(bench->path);
}

static void
measure_bare(struct bench *bench, struct result results[2])
{
    measure_key(bench, "period, series", results);
}

/* The other order of the key: a month touches a page of each series. */
static void
measure_series_first(struct bench *bench, struct result results[2])
{
    measure_key(bench, "series, period", results);
}

static void
measure_apply(struct bench *bench, struct result results[2])
{
    struct ledger *ledger = ledger_fresh(bench);
    begin_clock(&results[0]);
    end_clock(&results[0], apply_phase(bench, ledger, (struct phase){ .to = bench->months }));
    struct phase month = { bench->months, bench->months + 1, 0, bench->months };
    begin_clock(&results[1]);
    end_clock(&results[1], apply_phase(bench, ledger, month));
    ledger_close(ledger);
    results[0].bytes = file_bytes(bench->path);
}

static void
measure_intake(struct bench *bench, struct result results[2])
{
    struct err_note note = { "" };
    struct ledger *ledger = ledger_fresh(bench);
    struct registry *registry = NULL;
    int64_t id = 0;
    char author[24];
    workload_must(ledger_begin(ledger, &note), &note);
    workload_must(ledger_key_add(ledger, "office0", key, now, &id, &note), &note);
    workload_must(ledger_commit(ledger, &note), &note);
    workload_must(registry_read(ledger, bench->workload.catalogue, &registry, &note), &note);
    (void)snprintf(author, sizeof author, "%" PRId64, id);
    struct intake *intake = intake_new(ledger, bench->workload.catalogue);
    if (!intake)
        abort();
    intake_set_registry(intake, registry);
    struct mail backfill = mail_write(bench, (struct phase){ .to = bench->months }, 1);
    struct phase phase = { bench->months, bench->months + 1, 0, bench->months };
    struct mail month = mail_write(bench, phase, backfill.rows + 2);
    begin_clock(&results[0]);
    deliver(intake, author, &backfill);
    end_clock(&results[0], backfill.rows);
    begin_clock(&results[1]);
    deliver(intake, author, &month);
    end_clock(&results[1], month.rows);
    intake_free(intake);
    registry_free(registry);
    int64_t position = ledger_position(ledger);
    if (position != (int64_t)(backfill.rows + month.rows))
        (void)fprintf(stderr, "bench: %" PRId64 " rows stored\n", position);
    ledger_close(ledger);
    results[0].bytes = file_bytes(bench->path);
    free(backfill.bytes);
    free(backfill.sizes);
    free(month.bytes);
    free(month.sizes);
}

static int
by_seconds(const void *a, const void *b)
{
    const struct result *x = a, *y = b;
    return x->seconds < y->seconds ? -1 : x->seconds > y->seconds;
}

static int
print_bare(struct bench *bench)
{
    struct result results[2];
    memset(results, 0, sizeof results);
    measure_bare(bench, results);
    (void)printf("bare_rate %.0f\nbare_cpu %.3f\nbare_month_rate %.0f\nbare_bytes %.1f\n",
                 (double)results[0].rows / results[0].seconds,
                 1e6 * results[0].cpu / (double)results[0].rows,
                 (double)results[1].rows / results[1].seconds,
                 results[0].bytes / (double)(results[0].rows + results[1].rows));
    remove_ledger(bench);
    return rmdir(bench->folder);
}

typedef void measure_fn(struct bench *bench, struct result results[2]);

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        measure_fn *measure;
    } ways[] = { { "bare SQLite, FULL, 1000 rows a commit", measure_bare },
                 { "the same, key (series, period, ...)", measure_series_first },
                 { "ledger_apply, 1000 rows a commit", measure_apply },
                 { "intake, up to 4000 records a commit", measure_intake } };
    enum { WAYS = sizeof ways / sizeof ways[0] };
    ledger_prepare();
    struct bench bench = { .months = argc > 2 ? workload_number(argv[2]) : 60,
                           .folder = "bench.XXXXXX" };
    struct result all[WAYS][2][ROUNDS];
    workload_make(argc > 1 ? workload_number(argv[1]) : 20000, &bench.workload);
    if (!mkdtemp(bench.folder))
        return 1;
    (void)snprintf(bench.path, sizeof bench.path, "%s/ledger.db", bench.folder);
    if (argc > 3 && strcmp(argv[3], "bare") == 0)
        return print_bare(&bench) == 0 ? 0 : 1;
    for (int round = 0; round < ROUNDS; round++) {
        for (int way = 0; way < WAYS; way++) {
            struct result results[2];
            memset(results, 0, sizeof results);
            ways[way].measure(&bench, results);
            all[way][0][round] = results[0];
            all[way][1][round] = results[1];
        }
    }
    (void)printf("%u series x %u months, then one month; medians of %d rounds\n",
                 bench.workload.series, bench.months, ROUNDS);
    (void)printf("%-40s %12s %8s %8s %12s %8s %8s %8s\n", "", "backfill/s", "cpu us", "ratio",
                 "month/s", "cpu us", "ratio", "bytes");
    for (int way = 0; way < WAYS; way++) {
        const struct result *median[2], *bare[2];
        for (int phase = 0; phase < 2; phase++) {
            qsort(all[way][phase], ROUNDS, sizeof all[way][phase][0], by_seconds);
            median[phase] = &all[way][phase][ROUNDS / 2];
            bare[phase] = &all[0][phase][ROUNDS / 2];
        }
        (void)printf("%-40s", ways[way].name);
        for (int phase = 0; phase < 2; phase++)
            (void)printf(" %12.0f %8.2f %8.2f",
                         (double)median[phase]->rows / median[phase]->seconds,
                         1e6 * median[phase]->cpu / (double)median[phase]->rows,
                         bare[phase]->seconds / median[phase]->seconds);
        (void)printf(" %8.1f\n", median[0]->bytes / (double)(median[0]->rows + median[1]->rows));
    }
    remove_ledger(&bench);
    (void)rmdir(bench.folder);
    workload_done(&bench.workload);
    return 0;
}
