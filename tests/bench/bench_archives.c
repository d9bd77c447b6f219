/* SPDX-License-Identifier: GPL-3.0-or-later
 * What archives cost: N series x 60 months from the ledger into RRDs, one month more of all of
 * them, an old month corrected, a start; beside it librrd alone, writing the same content.
 *
 *   bench_archives [SERIES [PERCENT-WITH-TARGETS]]     default 20000 0
 *   bench_archives SERIES PERCENT commits              do commits wait for a thread, or a process?
 *
 * Works in a folder of its own below the current one, removed at the end. ext4 makes new files
 * dearer for minutes after many were deleted: wait between two runs. */
#define _GNU_SOURCE /* gettid */
#include <errno.h>
#include <ftw.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/ledger_write.h"
#include "collector/projector.h"
#include "collector/projector_work.h"
#include "tests/unit/collector/archive_librrd.h"

enum { MONTHS = 60, INDICATORS = 200, ROWS_A_COMMIT = 1000, YEAR_FIRST = 2018, CORRECTIONS = 20 };

struct bench {
    char folder[FILE_PATH_MAX];
    struct site site;
    struct ledger *ledger;
    struct ledger_stream stream;
    int series, with_targets;
    uint64_t files;
    _Atomic bool stopping;
    bool is_nice;
};

static void
need(int code, const struct err_note *note)
{
    if (code == 0)
        return;
    (void)fprintf(stderr, "bench_archives: %d: %s\n", code, note->text);
    exit(1);
}

static double
seconds(clockid_t clock)
{
    struct timespec at;
    (void)clock_gettime(clock, &at); /* these two always can */
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* Processor time in seconds, our own and the kernel's for us. */
struct spent {
    double wall, user, system;
};

static struct spent
spent(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail for oneself */
    return (struct spent){
        .wall = seconds(CLOCK_MONOTONIC),
        .user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
        .system = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6
    };
}

/* ---- a made-up site ---- */

static int
area_count(const struct bench *b)
{
    return (b->series + INDICATORS - 1) / INDICATORS;
}

static void
print_targets(const struct bench *b, FILE *out)
{
    (void)fputs("id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,"
                "status,primary,owner,lead,accountable,wording,note\n",
                out);
    for (int i = 0; i < b->with_targets; i++)
        (void)fprintf(out, "t%d,x,a%d,i%d,%d,900,900,mu,≥,,,LIN,issued,yes,o,o,a%d,,\n", i,
                      i / INDICATORS, i % INDICATORS, YEAR_FIRST + MONTHS / 12, i / INDICATORS);
}

static void
print_table(const struct bench *b, enum cat_table table, FILE *out)
{
    switch (table) {
    case CAT_AREAS:
        (void)fputs("id,name,name_en,kind,parent,members,numbers\n", out);
        for (int i = 0; i < area_count(b); i++)
            (void)fprintf(out, "a%d,a%d,a%d,city,,,yes\n", i, i, i);
        break;
    case CAT_UNITS:
        (void)fputs("id,name,name_en,family,factor,decimals\nmu,亩,mu,land,1,0\n", out);
        break;
    case CAT_OWNERS:
        (void)fputs("id,name,name_en,aliases\no,o,o,\n", out);
        break;
    case CAT_CALENDARS:
        (void)fputs("id,name,name_en,frequency,months,due_day\n"
                    "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n",
                    out);
        break;
    case CAT_INDICATORS:
        (void)fputs("id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,"
                    "decomposition,category,sort,aliases,cases,numerator,denominator\n",
                    out);
        for (int i = 0; i < INDICATORS; i++)
            (void)fprintf(out, "i%d,i%d,i%d,mu,V,YTD,monthly,up,1,NONE,x,%d,,,,\n", i, i, i, i);
        break;
    case CAT_TARGETS:
        print_targets(b, out);
        break;
    case CAT_PUBLISHERS:
        (void)fputs("id,name,name_en,kind,areas,via\np,p,p,official,", out);
        for (int i = 0; i < area_count(b); i++)
            (void)fprintf(out, "%sa%d", i ? ";" : "", i);
        (void)fputs(",\n", out);
        break;
    case CAT_PROFILES:
        (void)fputs("id,name,name_en,form,points,source\n", out);
        break;
    case CAT_HOLIDAYS:
    case CAT_BANDS:
    case CAT_REMARKS:
    case CAT_TABLE_COUNT:
        break; /* not made */
    }
}

static void
make_site(struct bench *b)
{
    static const enum cat_table tables[] = { CAT_AREAS,      CAT_UNITS,      CAT_OWNERS,
                                             CAT_CALENDARS,  CAT_INDICATORS, CAT_TARGETS,
                                             CAT_PUBLISHERS, CAT_PROFILES };
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    struct err_note note = { "" };
    (void)snprintf(b->folder, sizeof b->folder, "bench-archives.XXXXXX");
    if (!mkdtemp(b->folder))
        need(-errno, &note);
    need(file_join(folder, b->folder, "tables"), &note);
    need(file_make_folder(folder, &note), &note);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        need(file_join(path, folder, cat_table_file(tables[i])), &note);
        FILE *out = fopen(path, "w");
        need(out ? 0 : -errno, &note);
        if (!out)
            return;
        print_table(b, tables[i], out);
        (void)fclose(out);
    }
    need(file_join(path, b->folder, "site"), &note);
    need(site_create(path, folder, &note), &note);
    need(site_open(path, &b->site, &note), &note);
    need(site_path(&b->site, "ledger.db", path), &note);
    need(ledger_open(path, LEDGER_WRITE, &b->ledger, &note), &note);
}

static double
value_of(int series, int month)
{
    return (double)(series % 97) * 10 + month % 12 * 75 + 0.5;
}

/* Rows of one month, of the series from `first` on, in one commit. */
static void
apply(struct bench *b, int month, int first, int count, double more)
{
    struct err_note note = { "" };
    struct ledger_file file;
    const struct record_begin begin = { .rows = (uint32_t)count, .name = "bench.csv" };
    struct cal_period period = cal_period_add(cal_month(YEAR_FIRST, 1), month);
    const struct wall_time now = { cal_midnight(cal_period_after(period)).seconds + 86400 };
    enum wire_fate fate;
    need(ledger_begin(b->ledger, &note), &note);
    if (b->files++ == 0)
        need(ledger_stream_make(b->ledger, (const uint8_t *)"bench of archive", "p", now,
                                &b->stream, &note),
             &note);
    need(ledger_file_begin(b->ledger, &b->stream, b->files, &begin, now, &file, &note), &note);
    for (int i = 0; i < count; i++) {
        struct sample sample = { .status = 'A', .row = (uint32_t)i + 2, .period = period };
        const struct sample_place place = {
            .area = &b->site.catalogue->areas[(first + i) / INDICATORS],
            .indicator = &b->site.catalogue->indicators[(first + i) % INDICATORS],
            .publisher = &b->site.catalogue->publishers[0]
        };
        (void)snprintf(sample.area, sizeof sample.area, "%s", place.area->id);
        (void)snprintf(sample.indicator, sizeof sample.indicator, "%s", place.indicator->id);
        (void)snprintf(sample.value, sizeof sample.value, "%.1f",
                       value_of(first + i, month) + more);
        need(ledger_apply(b->ledger, &file, &sample, &place, now, &fate, &note), &note);
    }
    need(ledger_file_end(b->ledger, &file, now, &note), &note);
    need(ledger_commit(b->ledger, &note), &note);
}

/* One month of all series; wakes the projector after each commit. */
static void
apply_month(struct bench *b, int month, struct projector *projector)
{
    for (int i = 0; i < b->series; i += ROWS_A_COMMIT) {
        apply(b, month, i, b->series - i < ROWS_A_COMMIT ? b->series - i : ROWS_A_COMMIT, 0);
        if (projector)
            projector_wake(projector);
    }
}

/* ---- what is measured ---- */

/* One line: what was spent since `since`. Returns the seconds. */
static double
say(const char *what, struct spent since, double samples, int64_t files)
{
    struct spent now = spent();
    double wall = now.wall - since.wall;
    (void)printf("%-46s %8.3f s (user %6.3f, system %6.3f)", what, wall, now.user - since.user,
                 now.system - since.system);
    if (samples > 0)
        (void)printf(" %9.0f samples/s", samples / wall);
    if (files > 0)
        (void)printf(" %7lld files, %6.1f us each", (long long)files, wall * 1e6 / (double)files);
    (void)printf("\n");
    (void)fflush(stdout);
    return wall;
}

/* librrd alone: create, one update, rename, of as many months. Returns the seconds. */
static double
librrd_alone(const struct bench *b, const char *folder, int months, const char *what)
{
    struct archive_period periods[MONTHS + 12];
    struct err_note note = { "" };
    struct spent began = spent();
    int count = (months + 11) / 12 * 12;
    for (int series = 0; series < b->series; series++) {
        char path[FILE_PATH_MAX], temp[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
        const double unknown = (double)NAN;
        for (int i = 0; i < count; i++) {
            struct cal_period month = cal_period_add(cal_month(YEAR_FIRST, 1), i);
            periods[i] = (struct archive_period){ cal_period_first(month),
                                                  cal_period_after(month),
                                                  i < months ? value_of(series, i) : unknown,
                                                  unknown,
                                                  unknown,
                                                  unknown };
        }
        need(file_join(path, folder, archive_name(series, name)), &note);
        need(file_join(temp, folder, "temp"), &note);
        need(archive_librrd_write(temp, periods, (size_t)count, &note), &note);
        if (rename(temp, path) != 0)
            need(-errno, &note);
    }
    return say(what, began, (double)b->series * months, b->series);
}

static double
measure_round(struct bench *b, struct projector_work *work, const char *what, double samples)
{
    struct err_note note = { "" };
    struct spent began = spent();
    int64_t archives = work->archives;
    need(projector_work_round(work, &note), &note);
    double took = say(what, began, samples, work->archives - archives);
    if (work->position != ledger_position(b->ledger))
        need(ERR_CONFLICT, &note);
    return took;
}

/* With the thread: from the first commit of a month until its last row is in the archives, which
 * were written once before. */
static void
measure_thread(struct bench *b)
{
    struct err_note note = { "" };
    struct projector *projector = NULL;
    struct projector_report report = { .position = 0 };
    struct spent began = spent();
    need(projector_start(&b->site, &projector, &note), &note);
    (void)say("a start behind a clean stop", began, 0, 0);
    began = spent();
    apply_month(b, MONTHS, projector);
    struct spent committed = spent();
    struct pollfd fd = { .fd = projector_fd(projector), .events = POLLIN };
    while (report.position < ledger_position(b->ledger) && poll(&fd, 1, 60000) == 1)
        if (projector_take(projector, &report) && report.code != 0) {
            (void)snprintf(note.text, sizeof note.text, "%s", report.words);
            need(report.code, &note);
        }
    (void)say("one month more, ledger and thread together", began, b->series, report.archives);
    (void)say("  of that behind the last commit", committed, 0, 0);
    projector_stop(projector);
}

/* ---- does projection delay a commit? ---- */

/* Draws all archives again and again. */
static void *
draw_on(void *context)
{
    struct bench *b = context;
    struct projector_work work;
    struct err_note note = { "" };
    if (b->is_nice)
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 10); /* shows in the figures, or not */
    need(projector_work_open(&b->site, &b->stopping, &work, &note), &note);
    while (!b->stopping) {
        work.is_whole = true;
        need(projector_work_round(&work, &note), &note);
    }
    projector_work_close(&work);
    return NULL;
}

static int
compare_doubles(const void *left, const void *right)
{
    double l = *(const double *)left, r = *(const double *)right;
    return (l > r) - (l < r);
}

/* Commits of one row each while somebody draws, or nobody: what an acknowledgement waits for. */
static void
commit_on(struct bench *b, const char *beside)
{
    enum { COMMITS = 4000, SECONDS_MAX = 8 };
    static double took[COMMITS];
    double end = seconds(CLOCK_MONOTONIC) + SECONDS_MAX;
    size_t count = 0;
    while (count < COMMITS && seconds(CLOCK_MONOTONIC) < end) {
        double began = seconds(CLOCK_MONOTONIC);
        apply(b, MONTHS - 1, (int)(count % (size_t)b->series), 1, 100 + (double)b->files);
        took[count++] = seconds(CLOCK_MONOTONIC) - began;
    }
    qsort(took, count, sizeof *took, compare_doubles);
    (void)printf("commits of one row, %-22s %6zu, ms: p50 %.3f p95 %.3f p99 %.3f worst %.3f\n",
                 beside, count, took[count / 2] * 1e3, took[count * 95 / 100] * 1e3,
                 took[count * 99 / 100] * 1e3, took[count - 1] * 1e3);
}

static void
measure_contention(struct bench *b)
{
    struct err_note note = { "" };
    pthread_t thread;
    for (int month = 0; month < MONTHS; month++)
        apply_month(b, month, NULL);
    for (int round = 0; round < 2; round++) {
        commit_on(b, "nobody draws");
        for (int nice = 0; nice < 2; nice++) {
            b->stopping = false;
            b->is_nice = nice;
            need(-pthread_create(&thread, NULL, draw_on, b), &note);
            commit_on(b, nice ? "a nice thread draws" : "a thread draws");
            b->stopping = true;
            (void)pthread_join(thread, NULL); /* it was made */
        }
        (void)fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            b->stopping = b->is_nice = false;
            (void)draw_on(b);
            _exit(0);
        }
        commit_on(b, "a process draws");
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0); /* it was made */
    }
}

static void
make_buckets(const char *folder)
{
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], name[8];
    for (unsigned i = 0; i < 256; i++) {
        (void)snprintf(name, sizeof name, "%02x", i);
        need(file_join(path, folder, name), &note);
        need(file_make_folder(path, &note), &note);
    }
}

static void
measure(struct bench *b)
{
    struct err_note note = { "" };
    struct projector_work work;
    struct rusage usage;
    char bare[FILE_PATH_MAX];
    static const _Atomic bool never;
    struct spent began = spent();
    for (int month = 0; month < MONTHS; month++)
        apply_month(b, month, NULL);
    (void)say("ledger: rows applied and committed", began, (double)b->series * MONTHS, 0);
    need(file_join(bare, b->folder, "librrd"), &note);
    make_buckets(bare);
    need(projector_work_open(&b->site, &never, &work, &note), &note);
    double ours = measure_round(b, &work, "ledger to archives, all", (double)b->series * MONTHS);
    double theirs = librrd_alone(b, bare, MONTHS, "librrd alone, the same content");
    (void)printf("  we take %.2f of it\n", ours / theirs);
    need(projector_work_mark_clean(&work, &note), &note);
    projector_work_close(&work);
    measure_thread(b);
    need(projector_work_open(&b->site, &never, &work, &note), &note);
    for (int i = 0; i < CORRECTIONS; i++) {
        apply(b, i, i * 7 % b->series, 1, 3.25);
        if (i == 0 || i == CORRECTIONS - 1)
            (void)measure_round(b, &work, "one old month of one series corrected", 1);
        else
            need(projector_work_round(&work, &note), &note);
    }
    (void)printf("a minute's rest: then nobody reads the files that were replaced, and they are "
                 "written again\n");
    (void)fflush(stdout);
    (void)sleep(61);
    apply_month(b, MONTHS + 1, NULL);
    ours = measure_round(b, &work, "ledger to archives, another month", b->series);
    theirs = librrd_alone(b, bare, MONTHS + 2, "librrd alone, each file made anew");
    (void)printf("  we take %.2f of it\n", ours / theirs);
    began = spent();
    need(projector_work_mark_clean(&work, &note), &note);
    (void)say("a clean stop", began, 0, 0);
    projector_work_close(&work);
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail for oneself */
    (void)printf("peak memory %.1f MiB\n", (double)usage.ru_maxrss / 1024);
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

int
main(int argc, char **argv)
{
    struct bench b = { .series = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20000 };
    long percent = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (b.series < 1 || b.series > 1000000 || percent < 0 || percent > 100)
        return 2;
    b.with_targets = (int)(b.series * percent / 100);
    archive_librrd_prepare();
    (void)printf("%d series x %d months, %d with a target\n", b.series, MONTHS, b.with_targets);
    make_site(&b);
    if (argc > 3)
        measure_contention(&b);
    else
        measure(&b);
    ledger_close(b.ledger);
    site_close(&b.site);
    return nftw(b.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
