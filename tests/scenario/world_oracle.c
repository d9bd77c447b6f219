/* SPDX-License-Identifier: GPL-3.0-or-later
 * What must be true, by content and not by numbers: every fact given is in the ledger once, no
 * other is, every file has a receipt that fits it, and what was acknowledged is never missing. */
#include "tests/scenario/world_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receipt.h"
#include "collector/ledger_fsck.h"
#include "platform/file.h"
#include "platform/hash.h"

enum { VALUE_OF_OFFICE = 1000000, VALUE_OF_FILE = 1000 };

/* ---- what is given ---- */

static struct cal_period
period_of(const struct world *w, size_t file, size_t row)
{
    int month = (int)(file * w->plan.rows + row);
    return cal_month(2001 + month / 12, 1 + month % 12);
}

static long
value_of(int office, size_t file, size_t row)
{
    return (long)(VALUE_OF_OFFICE * (office + 1)) + (long)(VALUE_OF_FILE * file + row);
}

/* Row 0 is of another district, which the agent refuses; row 1 of a month to come, which only a
 * clock can refuse; the others are facts. */
char *
oracle_file(const struct world *w, int office, size_t file, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    assert_non_null(out);
    (void)fputs("area,indicator,period,value,released\n", out);
    for (size_t row = 0; row < w->plan.rows; row++) {
        char period[CAL_TEXT_MAX];
        cal_period_print(period_of(w, file, row), period);
        (void)fprintf(out, "%s,land,%s,%ld,2024-01-12\n",
                      world_publishers[row == 0 ? 1 - office : office],
                      row == 1 ? "2150-06" : period, value_of(office, file, row));
    }
    assert_int_equal(0, fclose(out));
    return text;
}

/* ---- what was promised ---- */

static void
note_promise(struct world *w, const uint8_t stream[WIRE_STREAM_ID], uint64_t hwm)
{
    size_t i = 0;
    while (i < w->promised && memcmp(w->promises[i].stream, stream, WIRE_STREAM_ID) != 0)
        i++;
    assert_true(i < STREAMS_MAX);
    if (i == w->promised) {
        w->promised++;
        memcpy(w->promises[i].stream, stream, WIRE_STREAM_ID);
        w->promises[i].hwm = 0;
    }
    if (hwm > w->promises[i].hwm)
        w->promises[i].hwm = hwm;
}

void
oracle_note(struct world *w, const struct wire_message *message)
{
    if (message->kind == WIRE_ACK)
        note_promise(w, message->as.ack.stream, message->as.ack.hwm);
    for (size_t i = 0; message->kind == WIRE_WELCOME && i < message->as.welcome.mark_count; i++)
        note_promise(w, message->as.welcome.marks[i].id, message->as.welcome.marks[i].hwm);
}

void
oracle_compare_promises(struct world *w)
{
    for (size_t i = 0; i < w->promised; i++) {
        struct ledger_stream stream = { .hwm = 0 };
        int code = ledger_stream_find(w->ledger, w->promises[i].stream, &stream, NULL);
        if (code == 0 || code == ERR_ABSENT)
            w->result.broken_words +=
                stream.hwm < w->promises[i].hwm ? w->promises[i].hwm - stream.hwm : 0;
    }
}

void
oracle_forget_promises(struct world *w)
{
    w->promised = 0;
}

void
oracle_count(struct world *w)
{
    struct ledger_counts counts;
    if (ledger_count(w->ledger, &counts, NULL) == 0)
        w->result.miscounted += counts.difference != 0;
}

/* ---- the end ---- */

static int
count_wrong(void *context, const struct finding *finding)
{
    struct world *w = context;
    w->result.miscounted += finding->weight == FINDING_WRONG;
    return 0;
}

/* So many files has a publisher, with those of a clone. */
static size_t
files_of(const struct world *w, int publisher)
{
    size_t clone = w->offices[WORLD_AGENTS].end;
    return publisher == 0 && clone > 0 ? clone : w->plan.files;
}

static void
judge_row(struct world *w, int office, const struct ledger_row *row, bool *seen)
{
    int64_t value = -1;
    (void)num_int_parse(row->value, strlen(row->value), 0, INT64_MAX, &value, NULL);
    int64_t rest = value - value_of(office, 0, 0);
    size_t file = rest < 0 ? FILES_MAX : (size_t)rest / VALUE_OF_FILE;
    size_t line = rest < 0 ? 0 : (size_t)rest % VALUE_OF_FILE;
    if (file >= files_of(w, office) || line < FIRST_GOOD_ROW || line >= w->plan.rows ||
        !cal_period_equal(row->period, period_of(w, file, line))) {
        w->result.alien++;
        return;
    }
    bool *is_seen = &seen[file * w->plan.rows + line];
    w->result.doubled += *is_seen;
    w->result.stored += !*is_seen;
    *is_seen = true;
}

static void
judge_publisher(struct world *w, int office)
{
    struct err_note note = { "" };
    struct ledger_rows rows;
    w->result.expected += files_of(w, office) * (w->plan.rows - FIRST_GOOD_ROW);
    int64_t series = 0;
    if (w->ledger)
        expect_ok(ledger_series_find(w->ledger, world_publishers[office], "land", &series, &note),
                  &note);
    if (series == 0)
        return;
    bool *seen = calloc(files_of(w, office) * w->plan.rows, sizeof *seen);
    assert_non_null(seen);
    expect_ok(ledger_read_series(w->ledger, series, NULL, &rows, &note), &note);
    for (size_t i = 0; i < rows.count; i++)
        judge_row(w, office, &rows.rows[i], seen);
    ledger_rows_done(&rows);
    free(seen);
}

static void
judge_receipts(struct world *w, int office)
{
    const struct office *o = &w->offices[office];
    for (size_t file = o->first; file < o->end; file++) {
        char folder[FILE_PATH_MAX], path[FILE_PATH_MAX], name[64];
        uint8_t sha256[HASH_SIZE];
        size_t size = 0;
        struct receipt_counts counts = { 0 };
        bool is_fault = false;
        char *text = oracle_file(w, o->publisher, file, &size);
        hash_sha256(text, size, sha256);
        free(text);
        (void)snprintf(folder, sizeof folder, "%s/receipts", office_homes[office]);
        (void)snprintf(name, sizeof name, "%zu.csv", file);
        assert_int_equal(0, receipt_path(folder, name, sha256, "csv", path));
        w->result.receipts_expected++;
        if (receipt_read(path, &counts, &is_fault, NULL) != 0) {
            world_trace(w, "no receipt: %s", path);
            continue;
        }
        size_t taken = counts.accepted + counts.unchanged + counts.duplicates;
        w->result.receipts++;
        w->result.wrong_receipts +=
            is_fault || counts.rejected != FIRST_GOOD_ROW || taken != w->plan.rows - FIRST_GOOD_ROW;
    }
}

/* What counts is what a power cut would leave. */
void
oracle_judge(struct world *w)
{
    city_take_down(w);
    for (int i = 0; i < WORLD_MACHINES; i++) {
        if (i < WORLD_OFFICES)
            office_take_down(&w->offices[i]);
        disk_crash(w->machines[i].disk, DISK_POWER_CUT);
        disk_start(w->machines[i].disk);
        disk_fill(w->machines[i].disk, false);
        disk_plan(w->machines[i].disk, DISK_SOUND, 0, false);
    }
    city_start(w);
    for (int i = 0; i < WORLD_AGENTS; i++)
        judge_publisher(w, i);
    for (int i = 0; i < WORLD_OFFICES; i++)
        judge_receipts(w, i);
    const struct finding_sink sink = { count_wrong, w };
    if (w->ledger)
        assert_int_equal(
            0, ledger_fsck(w->ledger, world_wall(w, &w->machines[WORLD_COLLECTOR]), &sink));
    w->result.missing = w->result.expected - w->result.stored;
}
