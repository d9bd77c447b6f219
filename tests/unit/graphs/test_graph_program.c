/* SPDX-License-Identifier: GPL-3.0-or-later
 * pacewatch-graph as a program: by hand, and as a worker on a pipe. */
#include <stdbool.h>
#include <sys/wait.h>

#include "demo.h"
#include "tests/unit/core/check.h"
#include "tests/unit/platform/folder.h"

enum { OUTPUT_MAX = 1 << 20 };

static char folder[64];
static char request[DEMO_REQUEST_MAX];
static char output[OUTPUT_MAX];
static size_t output_size;

/* Runs a shell command in the folder ($G is the program), keeps its standard output; returns its
 * exit code. */
static int
run(const char *command)
{
    char line[2048];
    (void)snprintf(line, sizeof line, "cd '%s' && G='%s' && %s", folder, PACEWATCH_GRAPH, command);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    output_size = fread(output, 1, sizeof output - 1, pipe);
    output[output_size] = '\0';
    int status = pclose(pipe);
    CHECK(command, WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
test_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        int code;
        const char *begins;
    } rows[] = {
        { "$G --help", 0, "usage: pacewatch-graph" },
        { "$G --version", 0, "pacewatch-graph " },
        { "$G 2>&1", 2, "usage: " },
        { "$G --bogus 2>/dev/null", 2, "" },
        { "$G --archives . 2>&1", 2, "usage: " },
        { "$G --archives . --worker --request a 2>&1", 2, "usage: " },
        { "$G --archives . --worker extra 2>&1", 2, "usage: " },
        { "$G --archives . --request request.json", 0, "<svg " },
        { "$G --archives . --request - < request.json", 0, "<svg " },
        { "$G --archives nowhere --request request.json 2>&1", 1,
          "pacewatch-graph: archive 0c/0000000c.rrd: " },
        { "$G --archives . --request nothing.json 2>&1", 1, "pacewatch-graph: nothing.json: " },
        { "echo '{\"colour\":1}' | $G --archives . --request - 2>&1", 1,
          "pacewatch-graph: request: format: missing" },
        { "head -c 2000000 /dev/zero | $G --archives . --request - 2>&1", 1,
          "pacewatch-graph: request: longer than" },
        { "$G --archives . --worker </dev/null", 0, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(rows[i].command, rows[i].code, run(rows[i].command));
        output[strlen(rows[i].begins) < output_size ? strlen(rows[i].begins) : output_size] = '\0';
        CHECK_TEXT(rows[i].command, rows[i].begins, output);
    }
}

/* Appends one request to the file in.bin. */
static void
ask(const char *text, size_t length)
{
    FILE *file = fopen(folder_path(folder, "in.bin"), "ab");
    assert_non_null(file);
    for (int i = 0; i < 4; i++)
        (void)fputc((int)(length >> (8 * i) & 0xFF), file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* The answer at `at`; returns where the next begins. */
static size_t
answer(size_t at, int kind, const char *begins)
{
    CHECK(begins, at + 5 <= output_size);
    size_t length = 0;
    for (int i = 3; i >= 0; i--)
        length = length << 8 | (unsigned char)output[at + (size_t)i];
    CHECK(begins, length >= 1 && at + 4 + length <= output_size);
    CHECK_INT(begins, kind, output[at + 4]);
    CHECK(begins, strncmp(output + at + 5, begins, strlen(begins)) == 0);
    return at + 4 + length;
}

static void
test_worker_goes_on_after_errors(void **state)
{
    (void)state;
    (void)unlink(folder_path(folder, "in.bin"));
    ask(request, strlen(request));
    ask("nonsense", 8);
    ask("", 0);
    ask("{\"colour\":1}", 12);
    ask(request, strlen(request));
    CHECK_INT("exit", 0, run("$G --archives . --worker < in.bin"));
    size_t at = answer(0, 0, "<svg ");
    at = answer(at, 1, "request: line 1");
    at = answer(at, 1, "request: line 1");
    at = answer(at, 1, "request: format: missing");
    at = answer(at, 0, "<svg ");
    CHECK_INT("nothing more", (long long)at, (long long)output_size);
}

static void
test_worker_ends_on_what_it_cannot_follow(void **state)
{
    (void)state;
    (void)unlink(folder_path(folder, "in.bin"));
    ask("", (1 << 20) + 1);
    CHECK_INT("too long", 1, run("$G --archives . --worker < in.bin 2>/dev/null"));
    CHECK_INT("words", (long long)output_size, (long long)answer(0, 1, "request: 1048577 bytes"));
    (void)unlink(folder_path(folder, "in.bin"));
    ask("half", 8);
    CHECK_INT("cut", 1, run("$G --archives . --worker < in.bin"));
    CHECK_INT("nothing", 0, (long long)output_size);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_worker_goes_on_after_errors),
        cmocka_unit_test(test_worker_ends_on_what_it_cannot_follow),
    };
    static struct demo demo;
    demo_three_years(&demo);
    folder_make(folder);
    demo_archive(&demo, folder);
    (void)demo_request(&demo, request);
    folder_put(folder, "request.json", request);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    folder_remove(folder);
    return failed;
}
