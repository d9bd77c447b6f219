/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a picture costs: every example of docs/pictures as SVG and as PNG, on one core and by two
 * processes, and beside them what a trend would cost if librrd drew all of it: rrd_graph_v with its
 * texts as glyph outlines (SVG) or cairo's own PNG, of the same archive, size and lines. */
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "graphs/draw.h"
#include "tests/unit/graphs/example.h"

enum { WARM_UP = 3, ROUNDS = 200, PROCESSES = 2 };

static char folder[] = "/tmp/pacewatch-bench-XXXXXX";

static double
seconds_of(clockid_t clock)
{
    struct timespec time;
    (void)clock_gettime(clock, &time); /* the clock is there */
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Draws one picture; returns its bytes. */
typedef size_t drawer(struct picture *picture);

static size_t
draw_ours(struct picture *picture)
{
    char *bytes = NULL;
    size_t size = 0;
    struct err_note note = { "" };
    if (draw_picture(picture, folder, &bytes, &size, &note) < 0)
        (void)fprintf(stderr, "%s\n", note.text);
    free(bytes);
    return size;
}

/* All by librrd: 36 months, bars of one colour, plan, target, title, labels, legend. */
static size_t
draw_rrd(struct picture *picture)
{
    char start[32], end[32], path[256], value[300], pace[300], target[300];
    const char *format = picture->format == PICTURE_SVG ? "SVG" : "PNG";
    (void)snprintf(path, sizeof path, "%s/%s", folder, picture->archive);
    (void)snprintf(start, sizeof start, "%lld", (long long)cal_midnight(picture->from).seconds);
    (void)snprintf(end, sizeof end, "%lld", (long long)cal_midnight(picture->to).seconds + 86399);
    (void)snprintf(value, sizeof value, "DEF:value=%s:value:AVERAGE", path);
    (void)snprintf(pace, sizeof pace, "DEF:pace=%s:pace:AVERAGE", path);
    (void)snprintf(target, sizeof target, "DEF:target=%s:target:AVERAGE", path);
    const char *const args[] = { "graph",
                                 "-",
                                 "--imgformat",
                                 format,
                                 "--start",
                                 start,
                                 "--end",
                                 end,
                                 "--width",
                                 "1096",
                                 "--height",
                                 "280",
                                 "--font",
                                 "DEFAULT:10:Noto Sans CJK SC",
                                 "--title",
                                 picture->title,
                                 "--x-grid",
                                 "MONTH:1:YEAR:1:MONTH:3:0:%Y年%-m月",
                                 value,
                                 pace,
                                 target,
                                 "AREA:value#3BA394:正常",
                                 "LINE1.6:pace#1E293B:计划进度:dashes=4,3",
                                 "LINE1.5:target#6D28D9:年度目标",
                                 "COMMENT:最新值 980亩（2023年1—6月）",
                                 "COMMENT:年度目标 2000亩",
                                 "COMMENT:与计划差距 −20亩" };
    char *permuted[sizeof args / sizeof *args];
    for (size_t i = 0; i < sizeof args / sizeof *args; i++)
        permuted[i] = strdup(args[i]);
    rrd_clear_error();
    rrd_info_t *infos = rrd_graph_v((int)(sizeof args / sizeof *args), permuted);
    size_t size = 0;
    for (const rrd_info_t *info = infos; info; info = info->next)
        if (strcmp(info->key, "image") == 0)
            size = info->value.u_blo.size;
    if (size == 0)
        (void)fprintf(stderr, "librrd: %s\n", rrd_get_error());
    rrd_info_free(infos);
    for (size_t i = 0; i < sizeof args / sizeof *args; i++)
        free(permuted[i]);
    return size;
}

/* Pictures a second of CPU time: what a core of its own would do. */
static double
rate_of(drawer *draw, struct picture *picture, size_t *ret_size)
{
    for (int i = 0; i < WARM_UP; i++)
        *ret_size = draw(picture);
    const double begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < ROUNDS; i++)
        (void)draw(picture);
    return ROUNDS / (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - begin);
}

/* Pictures a second of two processes at once, by the clock on the wall. */
static double
rate_of_two(drawer *draw, struct picture *picture)
{
    const double begin = seconds_of(CLOCK_MONOTONIC);
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() != 0)
            continue;
        for (int k = 0; k < ROUNDS; k++)
            (void)draw(picture);
        _exit(0);
    }
    while (wait(NULL) > 0)
        ;
    return PROCESSES * ROUNDS / (seconds_of(CLOCK_MONOTONIC) - begin);
}

static double
print_row(const char *name, drawer *draw, struct picture *picture, double *ret_two)
{
    size_t size = 0;
    const double one = rate_of(draw, picture, &size);
    *ret_two = rate_of_two(draw, picture);
    printf("%-24s %s %8.0f/s %8.0f/s %8.2f ms %8.1f KiB\n", name,
           picture->format == PICTURE_SVG ? "SVG" : "PNG", one, *ret_two, 1000 / one,
           (double)size / 1024);
    return one;
}

/* All examples name the same one. */
static void
remove_archive(void)
{
    static const char *const paths[] = { "/0c/0000000c.rrd", "/0c", "" };
    char path[sizeof folder + 32];
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        (void)snprintf(path, sizeof path, "%s%s", folder, paths[i]); /* fits */
        (void)remove(path);                                          /* what stays is small */
    }
}

int
main(int argc, char **argv)
{
    static const char *const formats[] = { "SVG", "PNG" };
    double rrd_one[2], rrd_two[2], ours_one[2], ours_two[2], two;
    if (argc != 2) {
        (void)fputs("usage: bench_graph docs/pictures\n", stderr);
        return 2;
    }
    draw_prepare();
    if (!mkdtemp(folder))
        return 1;
    printf("%-24s %s %10s %10s\n", "", "   ", "one", "two");
    for (int i = 0; i < EXAMPLE_COUNT; i++) {
        struct picture picture;
        example_read(argv[1], EXAMPLE_NAMES[i], &picture);
        example_archive(&picture, folder);
        for (int k = 0; k < 2; k++) {
            picture.format = k == 0 ? PICTURE_SVG : PICTURE_PNG;
            double rate = print_row(EXAMPLE_NAMES[i], draw_ours, &picture, &two);
            if (i != EXAMPLE_trend)
                continue;
            ours_one[k] = rate;
            ours_two[k] = two;
            rrd_one[k] = print_row("  all by rrd_graph_v", draw_rrd, &picture, &rrd_two[k]);
        }
        picture_done(&picture);
    }
    for (int k = 0; k < 2; k++)
        printf("trend %s: %.1f times rrd_graph_v on one core, %.1f times by two processes\n",
               formats[k], ours_one[k] / rrd_one[k], ours_two[k] / rrd_two[k]);
    remove_archive();
    return 0;
}
