/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "platform/log.h"

static char last_line[2048];
static enum log_level last_level;
static int line_count;

static void
keep(void *context, enum log_level level, const char *line)
{
    (void)snprintf(last_line, sizeof last_line, "%s", line);
    last_level = level;
    line_count++;
    *(int *)context += 1;
}

static int calls;

static int
setup(void **state)
{
    (void)state;
    line_count = calls = 0;
    log_set_level(LOG_LEVEL_INFO);
    log_set_sink(keep, &calls);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    log_set_sink(NULL, NULL);
    log_set_level(LOG_LEVEL_INFO);
    return 0;
}

/* "2023-04-05T06:07:08.123Z " */
static void
check_stamp(const char *line)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
    for (size_t i = 0; shape[i]; i++) {
        if (shape[i] == 'd')
            assert_in_range(line[i], '0', '9');
        else
            assert_int_equal(shape[i], line[i]);
    }
}

static void
test_a_line(void **state)
{
    (void)state;
    errno = ENOSPC;
    log_warning("bus", "went on key=%d", 7);
    assert_int_equal(ENOSPC, errno);
    check_stamp(last_line);
    assert_string_equal("warning bus went on key=7", last_line + 25);
    assert_int_equal(LOG_LEVEL_WARNING, last_level);
    log_error("m", "x");
    assert_string_equal("error m x", last_line + 25);
    log_info("m", "x");
    assert_string_equal("info m x", last_line + 25);
    assert_int_equal(3, line_count);
    assert_int_equal(3, calls);
}

static void
test_levels(void **state)
{
    (void)state;
    log_debug("m", "not by default");
    assert_int_equal(0, line_count);
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("m", "now");
    assert_int_equal(1, line_count);
    log_set_level(LOG_LEVEL_ERROR);
    log_warning("m", "no");
    log_error("m", "yes");
    assert_int_equal(2, line_count);
}

static void
test_escaping(void **state)
{
    (void)state;
    static const char right_to_left[] = { (char)0xe2, (char)0x80, (char)0xae, '\0' };
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "a\nb", "a\\x0ab" },
        { "\x1b[31m", "\\x1b[31m" },
        { "\x7f", "\\x7f" },
        { "湖州 ok", "湖州 ok" },
        { "\xc2\x85", "\\xc2\\x85" },          /* C1 */
        { right_to_left, "\\xe2\\x80\\xae" },  /* right-to-left override */
        { "\xff\xc0\x80", "\\xff\\xc0\\x80" }, /* no UTF-8 */
        { "\xe6\xb9", "\\xe6\\xb9" },          /* cut */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        log_info("m", "%s", rows[i].text);
        assert_string_equal(rows[i].want, last_line + 25 + strlen("info m "));
    }
    log_info("m\n", "x");
    assert_string_equal("info m\\x0a x", last_line + 25);
}

static void
test_a_long_line_is_cut(void **state)
{
    (void)state;
    char text[5000] = "";
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "湖", 4);
    for (int shift = 0; shift < 4; shift++) {
        log_info("m", "%.*s%s", shift, "xxx", text);
        size_t length = strlen(last_line);
        assert_in_range(length, 1010, 1023);
        size_t readable = text_cut(last_line, length, length);
        assert_true(text_is_clean(last_line, readable, readable));
    }
    memset(text, '\n', sizeof text - 1);
    log_info("m", "%s", text);
    assert_in_range(strlen(last_line), 1000, 1023);
}

static void *
write_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 500; i++)
        log_info("thread", "the quick brown fox %d", i);
    return NULL;
}

/* Lines on the real stderr come whole, from any thread. */
static void
test_threads_do_not_mix_lines(void **state)
{
    (void)state;
    log_set_sink(NULL, NULL);
    FILE *file = tmpfile();
    assert_non_null(file);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, write_many, NULL));
    for (int i = 0; i < 4; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    (void)close(saved);
    rewind(file);
    char line[256];
    int count = 0;
    while (fgets(line, sizeof line, file)) {
        check_stamp(line);
        static const char words[] = "info thread the quick brown fox ";
        assert_memory_equal(words, line + 25, sizeof words - 1);
        char *end;
        assert_in_range(strtol(line + 25 + sizeof words - 1, &end, 10), 0, 499);
        assert_string_equal("\n", end);
        count++;
    }
    assert_int_equal(2000, count);
    (void)fclose(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_escaping, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_long_line_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threads_do_not_mix_lines, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
