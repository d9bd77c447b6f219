/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tests of the agent share: a folder, a spool in it that writes down what it says, and
 * files of records to put into it. */
#ifndef PACEWATCH_TESTS_UNIT_AGENT_SPOOLING_H
#define PACEWATCH_TESTS_UNIT_AGENT_SPOOLING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/spool.h"
#include "platform/file.h"
#include "tests/unit/platform/folder.h"

static const struct wall_time T0 = { 1700000000 };

struct bench {
    char folder[64];
    struct spool_settings settings;
    struct spool *spool;
    char said[4096]; /* notes, one a line */
    char lost[1024]; /* names of lost files, one a line */
};

static inline void
bench_note(void *context, const char *text)
{
    struct bench *bench = context;
    size_t used = strlen(bench->said);
    (void)snprintf(bench->said + used, sizeof bench->said - used, "%s\n", text);
}

static inline void
bench_lost(void *context, const char *name, const uint8_t sha256[RECORD_SHA256])
{
    struct bench *bench = context;
    size_t used = strlen(bench->lost);
    (void)sha256;
    (void)snprintf(bench->lost + used, sizeof bench->lost - used, "%s\n", name);
}

static inline void
bench_open(struct bench *bench)
{
    struct err_note note = { { 0 } };
    bench->said[0] = bench->lost[0] = '\0';
    int code = spool_open(&bench->settings, T0, &bench->spool, &note);
    if (code)
        fail_msg("spool_open: %d %s", code, note.text);
}

static inline void
bench_reopen(struct bench *bench)
{
    spool_close(bench->spool);
    bench->spool = NULL;
    bench_open(bench);
}

/* Lets the spool be in use for so many days. */
static inline void
use_for(struct spool *spool, int days)
{
    static struct mono_time now;
    spool_prune(spool, now);
    now.ms += (int64_t)days * 86400 * 1000;
    spool_prune(spool, now);
}

static inline int
bench_setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    folder_make(bench->folder);
    bench->settings = (struct spool_settings){
        .folder = bench->folder,
        .segment_bytes = 2048,
        .retain_days = 90,
        .events = { bench, bench_note, bench_lost },
    };
    bench_open(bench);
    *state = bench;
    return 0;
}

static inline int
bench_teardown(void **state)
{
    struct bench *bench = *state;
    spool_close(bench->spool);
    folder_remove(bench->folder);
    free(bench);
    return 0;
}

/* The records of file `number` with `rows` samples; returns how many there are. */
static inline size_t
file_records(unsigned number, unsigned rows, struct record *records)
{
    memset(records, 0, (rows + 2) * sizeof *records);
    records[0].type = RECORD_FILE_BEGIN;
    memset(records[0].as.begin.sha256, (int)number, RECORD_SHA256);
    (void)snprintf(records[0].as.begin.name, RECORD_NAME_MAX, "file%u.csv", number);
    records[0].as.begin.rows = rows;
    for (unsigned i = 1; i <= rows; i++) {
        records[i].type = RECORD_SAMPLE;
        struct sample *sample = &records[i].as.sample;
        (void)snprintf(sample->area, sizeof sample->area, "deqing");
        (void)snprintf(sample->indicator, sizeof sample->indicator, "land-freed");
        sample->period = cal_month(2023, 1 + (int)(i - 1) % 12);
        (void)snprintf(sample->value, sizeof sample->value, "%u", number * 1000 + i);
        sample->status = 'A';
        sample->row = i + 1;
    }
    records[rows + 1].type = RECORD_FILE_END;
    memset(records[rows + 1].as.end.sha256, (int)number, RECORD_SHA256);
    records[rows + 1].as.end.rows = rows;
    return rows + 2;
}

/* Spools file `number`; the code of spool_append. */
static inline int
put_file_code(struct spool *spool, unsigned number, unsigned rows, uint64_t *ret_first)
{
    struct record *records = calloc(rows + 2, sizeof *records);
    struct spool_payload *payloads = calloc(rows + 2, sizeof *payloads);
    uint8_t *bytes = malloc((size_t)(rows + 2) * 256);
    assert_true(records && payloads && bytes);
    size_t count = file_records(number, rows, records);
    for (size_t i = 0; i < count; i++) {
        int size = record_pack(&records[i], bytes + i * 256, 256, NULL);
        assert_true(size > 0);
        payloads[i] = (struct spool_payload){ records[i].type, bytes + i * 256, (size_t)size };
    }
    int code = spool_append(spool, payloads, count, T0, ret_first, NULL);
    free(records);
    free(payloads);
    free(bytes);
    return code;
}

static inline uint64_t
put_file(struct spool *spool, unsigned number, unsigned rows)
{
    uint64_t first = 0;
    assert_int_equal(0, put_file_code(spool, number, rows, &first));
    return first;
}

/* The record `seq`, read back. */
static inline struct record
get_record(struct spool *spool, uint64_t seq)
{
    uint8_t bytes[WIRE_RECORD_MAX];
    size_t size = 0;
    struct record record = { .type = RECORD_FILE_BEGIN };
    struct err_note note = { { 0 } };
    if (spool_read(spool, seq, bytes, &size, &note) || record_unpack(bytes, size, &record, &note))
        fail_msg("record %" PRIu64 ": %s", seq, note.text);
    return record;
}

static inline bool
knows(const struct spool *spool, unsigned number)
{
    uint8_t sha256[RECORD_SHA256];
    memset(sha256, (int)number, sizeof sha256);
    return spool_knows_file(spool, sha256, NULL, NULL);
}

/* The folder of the stream in use, in a buffer of its own. */
static inline const char *
stream_path(const struct bench *bench, char *path)
{
    char hex[2 * WIRE_STREAM_ID + 1];
    hash_hex(spool_stream_id(bench->spool), WIRE_STREAM_ID, hex);
    (void)snprintf(path, 256, "%s/%s", bench->folder, hex);
    return path;
}

/* The path of a segment of the stream in use. */
static inline const char *
segment_path(const struct bench *bench, uint64_t first, char *path)
{
    stream_path(bench, path);
    size_t used = strlen(path);
    (void)snprintf(path + used, 256 - used, "/%016" PRIx64 ".seg", first);
    return path;
}

static inline uint8_t *
slurp(const char *path, size_t *ret_size)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    uint8_t *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *ret_size = fread(bytes, 1, 1 << 20, in);
    assert_int_equal(0, fclose(in));
    return bytes;
}

static inline void
spew(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(size, fwrite(bytes, 1, size, out));
    assert_int_equal(0, fclose(out));
}

/* Number of entries in a folder whose name ends so. */
static inline size_t
count_names(const char *path, const char *end)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        size_t length = strlen(entry->d_name), tail = strlen(end);
        count += length >= tail && entry->d_name[0] != '.' &&
                 strcmp(entry->d_name + length - tail, end) == 0;
    }
    if (folder)
        (void)closedir(folder);
    return count;
}

#endif
