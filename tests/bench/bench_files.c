/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes what tests/bench/run.sh feeds to pacewatch and to its peers: the same values for all.
 *
 *     bench_files FOLDER SERIES MONTHS AGENTS
 *
 *     FOLDER/catalogue/                   the catalogue
 *     FOLDER/feeds/N/backfill-M.csv       MONTHS months of the areas of agent N, series by series
 *     FOLDER/feeds/N/month.csv            one month more
 *     FOLDER/json/N.backfill, N.month     the same as JSON lines (VictoriaMetrics)
 *     FOLDER/lines/N.backfill.M, N.month  the same as line protocol (InfluxDB) */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/bench/workload.h"

enum {
    FILE_SERIES = 1250,   /* of one backfill file: 60 months of them are 75,000 rows */
    LINES_A_POST = 10000, /* of line protocol */
    PATH_ROOM = 512,
    DAY = 86400
};

struct files {
    const char *folder;
    struct workload workload;
    unsigned months, agents;
};

static FILE *create(const struct files *files, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void make_folder(const struct files *files, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void join(const struct files *files, char path[PATH_ROOM], const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
join(const struct files *files, char path[PATH_ROOM], const char *format, va_list args)
{
    int n = snprintf(path, PATH_ROOM, "%s/", files->folder);
    if (n < 0 || n > PATH_ROOM - 64) {
        (void)fputs("bench_files: the path is too long\n", stderr);
        exit(1);
    }
    (void)vsnprintf(path + n, PATH_ROOM - (size_t)n, format, args); /* the names below fit */
}

static FILE *
create(const struct files *files, const char *format, ...)
{
    char path[PATH_ROOM];
    va_list args;
    va_start(args, format);
    join(files, path, format, args);
    va_end(args);
    FILE *out = fopen(path, "w");
    if (out)
        return out;
    perror(path);
    exit(1);
}

static void
make_folder(const struct files *files, const char *format, ...)
{
    char path[PATH_ROOM];
    va_list args;
    va_start(args, format);
    join(files, path, format, args);
    va_end(args);
    (void)mkdir(path, 0755); /* may be there; else the first file in it fails */
}

static void
finish(FILE *out)
{
    if (fclose(out) == 0)
        return;
    perror("write");
    exit(1);
}

static void
write_catalogue(const struct files *files)
{
    make_folder(files, "catalogue");
    for (int i = 0; i < CAT_TABLE_COUNT; i++) {
        enum cat_table table = (enum cat_table)i;
        if (cat_table_is_optional(table))
            continue;
        FILE *out = create(files, "catalogue/%s", cat_table_file(table));
        workload_table(out, table, files->workload.series / WORKLOAD_INDICATORS, files->agents);
        finish(out);
    }
}

/* ---- one sample in each form ---- */

static void
put_row(FILE *out, const struct sample *sample)
{
    char period[CAL_TEXT_MAX], day[CAL_TEXT_MAX];
    (void)fprintf(out, "%s,%s,%s,%s,%s\n", sample->area, sample->indicator,
                  cal_period_print(sample->period, period), sample->value,
                  cal_date_print(sample->released, day));
}

static void
put_line(FILE *out, const struct sample *sample)
{
    (void)fprintf(out, "pw,area=%s,indicator=%s v=%s %lld\n", sample->area, sample->indicator,
                  sample->value, (long long)cal_period_first(sample->period).days * DAY);
}

static void
put_json(FILE *out, const struct files *files, unsigned series, unsigned from, unsigned to)
{
    struct sample sample;
    struct sample_place place;
    workload_sample(&files->workload, series, from, &sample, &place);
    (void)fprintf(out, "{\"metric\":{\"__name__\":\"pw\",\"area\":\"%s\",\"indicator\":\"%s\"},",
                  sample.area, sample.indicator);
    for (unsigned month = from; month < to; month++) {
        workload_sample(&files->workload, series, month, &sample, &place);
        (void)fprintf(out, "%s%s", month == from ? "\"values\":[" : ",", sample.value);
    }
    for (unsigned month = from; month < to; month++) {
        workload_sample(&files->workload, series, month, &sample, &place);
        (void)fprintf(out, "%s%lld000", month == from ? "],\"timestamps\":[" : ",",
                      (long long)cal_period_first(sample.period).days * DAY);
    }
    (void)fputs("]}\n", out);
}

/* ---- the files of one agent ---- */

static bool
is_of(const struct files *files, unsigned agent, unsigned series)
{
    return series / WORKLOAD_INDICATORS % files->agents == agent;
}

static void
put_header(FILE *out)
{
    (void)fputs("area,indicator,period,value,released\n", out);
}

static void
write_backfill(const struct files *files, unsigned agent)
{
    struct sample sample;
    struct sample_place place;
    FILE *rows = create(files, "feeds/%u/backfill-%02u.csv", agent, 0U);
    FILE *lines = create(files, "lines/%u.backfill.%04u", agent, 0U);
    FILE *json = create(files, "json/%u.backfill", agent);
    unsigned series_written = 0, lines_written = 0;
    put_header(rows);
    for (unsigned series = 0; series < files->workload.series; series++) {
        if (!is_of(files, agent, series))
            continue;
        if (series_written > 0 && series_written % FILE_SERIES == 0) {
            finish(rows);
            rows = create(files, "feeds/%u/backfill-%02u.csv", agent, series_written / FILE_SERIES);
            put_header(rows);
        }
        series_written++;
        put_json(json, files, series, 0, files->months);
        for (unsigned month = 0; month < files->months; month++) {
            workload_sample(&files->workload, series, month, &sample, &place);
            put_row(rows, &sample);
            if (lines_written > 0 && lines_written % LINES_A_POST == 0) {
                finish(lines);
                lines =
                    create(files, "lines/%u.backfill.%04u", agent, lines_written / LINES_A_POST);
            }
            lines_written++;
            put_line(lines, &sample);
        }
    }
    finish(rows);
    finish(lines);
    finish(json);
}

static void
write_month(const struct files *files, unsigned agent)
{
    struct sample sample;
    struct sample_place place;
    FILE *rows = create(files, "feeds/%u/month.csv", agent);
    FILE *lines = create(files, "lines/%u.month", agent);
    FILE *json = create(files, "json/%u.month", agent);
    put_header(rows);
    for (unsigned series = 0; series < files->workload.series; series++) {
        if (!is_of(files, agent, series))
            continue;
        workload_sample(&files->workload, series, files->months, &sample, &place);
        put_row(rows, &sample);
        put_line(lines, &sample);
        put_json(json, files, series, files->months, files->months + 1);
    }
    finish(rows);
    finish(lines);
    finish(json);
}

int
main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fputs("usage: bench_files FOLDER SERIES MONTHS AGENTS\n", stderr);
        return 64;
    }
    struct files files = { .folder = argv[1],
                           .months = workload_number(argv[3]),
                           .agents = workload_number(argv[4]) };
    workload_make(workload_number(argv[2]), &files.workload);
    write_catalogue(&files);
    make_folder(&files, "feeds");
    make_folder(&files, "lines");
    make_folder(&files, "json");
    for (unsigned agent = 0; agent < files.agents; agent++) {
        make_folder(&files, "feeds/%u", agent);
        write_backfill(&files, agent);
        write_month(&files, agent);
    }
    (void)printf("%u\n", files.workload.series);
    workload_done(&files.workload);
    return 0;
}
