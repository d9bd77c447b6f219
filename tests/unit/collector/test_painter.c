/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/painter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/core/check.h"
#include "tests/unit/graphs/demo.h"
#include "tests/unit/platform/folder.h"

static char folder[64];
static struct demo demo;
static char request[DEMO_REQUEST_MAX];
static size_t request_size;

static void
draw_well(struct painter *painter, const char *row)
{
    char *bytes = NULL;
    size_t size = 0;
    struct err_note note = { "" };
    int rc = painter_draw(painter, request, request_size, &bytes, &size, &note);
    CHECK_TEXT(row, "", note.text);
    CHECK_INT(row, 0, rc);
    CHECK(row, size > 1000 && strncmp(bytes, "<svg ", 5) == 0 && strlen(bytes) == size);
    free(bytes);
}

static struct err_note
draw_badly(struct painter *painter, int want, const char *text, size_t length)
{
    char *bytes = NULL;
    size_t size = 0;
    struct err_note note = { "" };
    CHECK_INT(text, want, painter_draw(painter, text, length, &bytes, &size, &note));
    CHECK(text, bytes == NULL && note.text[0]);
    return note;
}

static void
check_counts(const struct painter *painter, uint64_t drawn, uint64_t failed, uint64_t crashed)
{
    struct painter_counts counts = painter_count(painter);
    CHECK_INT("drawn", (long long)drawn, (long long)counts.drawn);
    CHECK_INT("failed", (long long)failed, (long long)counts.failed);
    CHECK_INT("crashed", (long long)crashed, (long long)counts.crashed);
    CHECK_INT("recycled", 0, (long long)counts.recycled);
}

/* The pid of our only child: the worker. */
static pid_t
worker_pid(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int pid = 0;
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    (void)fclose(file);
    return pid;
}

static void
test_draws_and_says_what_is_wrong(void **state)
{
    (void)state;
    struct painter *painter = painter_new(PACEWATCH_GRAPH, folder);
    assert_non_null(painter);
    draw_well(painter, "first");
    draw_well(painter, "second");
    struct err_note note = draw_badly(painter, ERR_LIBRARY, "{\"colour\":1}", 12);
    CHECK_TEXT("words", "request: format: missing", note.text);
    (void)draw_badly(painter, ERR_LIBRARY, "", 0);
    draw_well(painter, "after an error");
    check_counts(painter, 3, 2, 0);
    char *large = calloc(1, (1 << 20) + 1);
    assert_non_null(large);
    (void)draw_badly(painter, ERR_RANGE, large, (1 << 20) + 1);
    note = draw_badly(painter, ERR_LIBRARY, large, 1 << 20); /* the longest goes through whole */
    CHECK("a megabyte of zeros", strncmp(note.text, "request: line 1", 15) == 0);
    free(large);
    check_counts(painter, 3, 3, 0);
    painter_free(painter);
    painter_free(NULL);
}

static void
test_survives_a_killed_worker(void **state)
{
    (void)state;
    struct painter *painter = painter_new(PACEWATCH_GRAPH, folder);
    draw_well(painter, "before");
    pid_t first = worker_pid();
    assert_int_equal(kill(first, SIGKILL), 0);
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT), 0); /* it is dead now */
    draw_well(painter, "after");
    CHECK("another one", worker_pid() != first);
    check_counts(painter, 2, 0, 1);
    painter_free(painter);
}

static void
test_the_worker_goes_with_the_painter(void **state)
{
    (void)state;
    struct painter *painter = painter_new(PACEWATCH_GRAPH, folder);
    draw_well(painter, "one");
    pid_t worker = worker_pid();
    painter_free(painter);
    assert_int_equal(kill(worker, 0), -1);
    assert_int_equal(errno, ESRCH);
}

/* The worker has 0, 1, 2 and nothing of ours. */
static void
test_no_descriptor_is_inherited(void **state)
{
    (void)state;
    int leaked = open("/dev/null", O_RDONLY); /* without O_CLOEXEC, as librrd opens its files */
    assert_true(leaked >= 3);
    struct painter *painter = painter_new(PACEWATCH_GRAPH, folder);
    draw_well(painter, "one");
    char path[64];
    char target[64] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)worker_pid(), leaked);
    ssize_t n = readlink(path, target, sizeof target - 1);
    CHECK("not /dev/null", n < 0 || strcmp(target, "/dev/null") != 0);
    (void)close(leaked);
    painter_free(painter);
}

/* A shell script in place of the worker. */
static struct painter *
painter_of(const char *name, const char *body)
{
    char text[512];
    (void)snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    folder_put(folder, name, text);
    assert_int_equal(chmod(folder_path(folder, name), 0700), 0);
    struct painter *painter = painter_new(folder_path(folder, name), folder);
    assert_non_null(painter);
    return painter;
}

static void
test_programs_that_misbehave(void **state)
{
    (void)state;
    static const struct {
        const char *name, *body;
        int code;
        const char *words;
    } rows[] = {
        { "ends", "exit 0", 0, "painter: the worker died" },
        { "cut", "printf '\\144\\000\\000\\000\\000abc'", 0, "painter: the worker died" },
        { "huge", "printf '\\377\\377\\377\\377\\000'; exec sleep 100", -EPROTO,
          "painter: the worker answered nonsense and was stopped" },
        { "empty", "printf '\\000\\000\\000\\000\\000'; exec sleep 100", -EPROTO,
          "painter: the worker answered nonsense and was stopped" },
        { "kind", "printf '\\004\\000\\000\\000\\007abc'; exec sleep 100", -EPROTO,
          "painter: the worker answered nonsense and was stopped" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct painter *painter = painter_of(rows[i].name, rows[i].body);
        for (int k = 0; k < 2; k++) {
            char *bytes = NULL;
            size_t size;
            struct err_note note = { "" };
            int rc = painter_draw(painter, "{}", 2, &bytes, &size, &note);
            CHECK(rows[i].name,
                  rows[i].code ? rc == rows[i].code : rc == -EPIPE || rc == -ECONNRESET);
            CHECK_TEXT(rows[i].name, rows[i].words, note.text);
        }
        check_counts(painter, 0, 0, 2);
        painter_free(painter);
    }
    struct painter *painter = painter_new("/nowhere/pacewatch-graph", folder);
    struct err_note note = draw_badly(painter, -ENOENT, "{}", 2);
    CHECK_TEXT("names it", "painter: start /nowhere/pacewatch-graph: No such file or directory",
               note.text);
    painter_free(painter);
}

static void
test_a_worker_that_hangs_is_stopped(void **state)
{
    (void)state;
    struct painter *painter = painter_of("hangs", "exec sleep 1000");
    struct timespec before, after;
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    struct err_note note = draw_badly(painter, ERR_TIMEOUT, "{}", 2);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK_TEXT("words", "painter: the worker took too long and was stopped", note.text);
    long seconds = (long)(after.tv_sec - before.tv_sec);
    CHECK("in time",
          seconds >= PAINTER_TIMEOUT_MS / 1000 - 1 && seconds <= PAINTER_TIMEOUT_MS / 1000 + 5);
    check_counts(painter, 0, 0, 1);
    painter_free(painter);
}

/* A picture that costs nothing: no value, no archive. */
static void
test_workers_are_recycled(void **state)
{
    (void)state;
    static struct demo empty;
    static char cheap[DEMO_REQUEST_MAX];
    demo_three_years(&empty);
    empty.archive = "ff/000000ff.rrd";
    empty.size = "spark";
    for (int i = 0; i < DEMO_MONTHS_MAX; i++)
        empty.values[i] = (double)NAN;
    size_t size = demo_request(&empty, cheap);
    struct painter *painter = painter_new(PACEWATCH_GRAPH, folder);
    pid_t first = 0;
    for (int i = 0; i <= PAINTER_PICTURES_MAX; i++) {
        char *bytes = NULL;
        size_t bytes_size;
        struct err_note note = { "" };
        int rc = painter_draw(painter, cheap, size, &bytes, &bytes_size, &note);
        CHECK_TEXT("draw", "", note.text);
        CHECK_INT("draw", 0, rc);
        free(bytes);
        if (i == 0)
            first = worker_pid();
        CHECK_INT("recycled", i == PAINTER_PICTURES_MAX,
                  (long long)painter_count(painter).recycled);
    }
    CHECK("another one", worker_pid() != first);
    painter_free(painter);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_and_says_what_is_wrong),
        cmocka_unit_test(test_survives_a_killed_worker),
        cmocka_unit_test(test_the_worker_goes_with_the_painter),
        cmocka_unit_test(test_no_descriptor_is_inherited),
        cmocka_unit_test(test_programs_that_misbehave),
        cmocka_unit_test(test_workers_are_recycled),
        cmocka_unit_test(test_a_worker_that_hangs_is_stopped),
    };
    folder_make(folder);
    demo_three_years(&demo);
    demo_archive(&demo, folder);
    request_size = demo_request(&demo, request);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    folder_remove(folder);
    return failed;
}
