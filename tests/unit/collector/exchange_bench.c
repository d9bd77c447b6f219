/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/exchange_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger_fsck.h"
#include "platform/hash.h"

/* ---- offices ---- */

void
bench_begin(struct fixture *f)
{
    struct err_note note = { "" };
    expect_ok(ledger_begin(f->ledger, &note), &note);
}

void
bench_commit(struct fixture *f)
{
    struct err_note note = { "" };
    expect_ok(ledger_commit(f->ledger, &note), &note);
}

void
office_open(struct office *office, struct fixture *f, const char *stream, const char *sender)
{
    uint8_t id[WIRE_STREAM_ID] = { 0 };
    struct err_note note = { "" };
    memcpy(id, stream, strlen(stream));
    *office = (struct office){ .f = f };
    expect_ok(ledger_stream_make(f->ledger, id, sender, noon(2023, 3, 1), &office->stream, &note),
              &note);
}

static void
account(struct office *office, enum wire_fate fate, struct wall_time now)
{
    struct err_note note = { "" };
    const uint8_t check[LEDGER_CHECK] = { 0 }, fates[] = { (uint8_t)fate };
    office->stream.hwm++;
    expect_ok(ledger_stream_advance(office->f->ledger, &office->stream, office->stream.hwm, 1,
                                    fates, check, now, &note),
              &note);
}

void
office_begin(struct office *office, const char *file_name, struct wall_time now)
{
    struct err_note note = { "" };
    struct record_begin begin = { .rows = 1 };
    struct ledger *ledger = office->f->ledger;
    (void)snprintf(begin.name, sizeof begin.name, "%s", file_name);
    hash_sha256(file_name, strlen(file_name), begin.sha256);
    expect_ok(ledger_file_begin(ledger, &office->stream, office->stream.hwm + 1, &begin, now,
                                &office->file, &note),
              &note);
    office->stream.submission = office->file.submission;
    office->is_sending = true;
    account(office, FATE_CONTROL, now);
}

enum wire_fate
office_send(struct office *office, const struct sample *sample, struct wall_time now)
{
    struct err_note note = { "" };
    const struct catalogue *catalogue = office->f->catalogue;
    const char *publisher = sample->publisher[0] ? sample->publisher : office->stream.publisher;
    const struct sample_place place = { catalogue_area(catalogue, sample->area),
                                        catalogue_indicator(catalogue, sample->indicator),
                                        catalogue_publisher(catalogue, publisher) };
    enum wire_fate fate = FATE_NONE;
    struct ledger *ledger = office->f->ledger;
    expect_ok(ledger_apply(ledger, &office->file, sample, &place, now, &fate, &note), &note);
    office->file.fates[fate]++;
    expect_ok(ledger_file_count(ledger, &office->file, &note), &note);
    account(office, fate, now);
    return fate;
}

void
office_end(struct office *office, struct wall_time now)
{
    struct err_note note = { "" };
    expect_ok(ledger_file_end(office->f->ledger, &office->file, now, &note), &note);
    office->stream.submission = 0;
    office->is_sending = false;
    account(office, FATE_CONTROL, now);
}

/* ---- files ---- */

char *
bench_path(const struct fixture *f, const char *name, char *path)
{
    assert_int_equal(0, file_join(path, f->folder, name));
    return path;
}

void
bench_export(const struct fixture *f, struct ledger *ledger, enum exchange_format format,
             bool for_excel, const char *path)
{
    const struct exchange_export order = {
        .format = format, .for_excel = for_excel, .path = path, .lang = LANG_ZH
    };
    struct err_note note = { "" };
    int64_t rows = 0;
    expect_ok(exchange_export(ledger, f->catalogue, &order, &rows, &note), &note);
}

struct ledger *
bench_ledger(const struct fixture *f, const char *name)
{
    struct err_note note = { "" };
    struct ledger *ledger = NULL;
    char path[FILE_PATH_MAX];
    (void)unlink(bench_path(f, name, path)); /* of the round before */
    expect_ok(ledger_create(path, &note), &note);
    expect_ok(ledger_open(path, LEDGER_WRITE, &ledger, &note), &note);
    return ledger;
}

static void
keep_words(void *context, const char *words)
{
    struct complaints *complaints = context;
    size_t length = strlen(complaints->text);
    (void)snprintf(complaints->text + length, sizeof complaints->text - length, "%s\n", words);
    complaints->count++;
}

int
bench_import(const struct fixture *f, struct ledger *ledger, enum exchange_format format,
             const char *path, struct complaints *complaints, struct err_note *note)
{
    const struct exchange_import order = { .path = path,
                                           .format = format,
                                           .now = noon(2023, 12, 1),
                                           .complain = keep_words,
                                           .context = complaints };
    struct exchange_imported imported;
    *complaints = (struct complaints){ .count = 0 };
    return exchange_import(ledger, f->catalogue, &order, &imported, note);
}

char *
bench_bytes(const char *path, size_t *ret_size)
{
    struct err_note note = { "" };
    char *bytes = NULL;
    expect_ok(file_read(path, 1 << 26, &bytes, ret_size, &note), &note);
    return bytes;
}

/* ---- what a ledger must be ---- */

static int
fail_for(void *context, const struct finding *finding)
{
    (void)context;
    if (finding->weight == FINDING_WRONG)
        fail_msg("fsck: %s %s: %s", finding->check, finding->object, finding->en);
    return 0;
}

void
bench_fsck(struct ledger *ledger)
{
    const struct finding_sink sink = { fail_for, NULL };
    struct err_note note = { "" };
    struct ledger_counts counts;
    assert_int_equal(0, ledger_fsck(ledger, noon(2023, 12, 1), &sink));
    expect_ok(ledger_count(ledger, &counts, &note), &note);
    assert_int_equal(0, counts.difference);
}

void
bench_expect_empty(struct ledger *ledger)
{
    struct err_note note = { "" };
    struct ledger_counts counts;
    expect_ok(ledger_count(ledger, &counts, &note), &note);
    assert_int_equal(0, ledger_position(ledger));
    assert_int_equal(0, counts.observations + counts.confirmations + counts.series +
                            counts.submissions + counts.streams);
}
