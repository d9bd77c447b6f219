/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/agent/spooling.h"

#include <poll.h>
#include <time.h>

#include "agent/inbox.h"

struct box {
    char folder[64];
    struct inbox *inbox;
    struct mono_time now;
};

static int
setup(void **state)
{
    struct box *box = calloc(1, sizeof *box);
    assert_non_null(box);
    folder_make(box->folder);
    *state = box;
    return inbox_open(box->folder, &box->inbox, NULL);
}

static int
teardown(void **state)
{
    struct box *box = *state;
    inbox_close(box->inbox);
    folder_remove(box->folder);
    free(box);
    return 0;
}

#define NAMES_MAX 256

/* Looks as if the wall clock stood `age` seconds after now; the names that may be taken, each with
 * ' '. */
static const char *
look(struct box *box, int age, char *names)
{
    struct wall_time wall = { (int64_t)time(NULL) + age };
    const char *name;
    size_t used = 0;
    names[0] = '\0';
    assert_int_equal(0, inbox_look(box->inbox, box->now, wall, NULL));
    while ((name = inbox_next(box->inbox))) {
        assert_true(used + strlen(name) + 1 < NAMES_MAX);
        used += (size_t)snprintf(names + used, NAMES_MAX - used, "%s ", name);
    }
    return names;
}

/* Waits for the event that must come. */
static void
take_events(struct box *box)
{
    struct pollfd fd = { .fd = inbox_fd(box->inbox), .events = POLLIN };
    assert_int_equal(1, poll(&fd, 1, 10000));
    inbox_take_events(box->inbox);
}

static void
test_order_and_kinds(void **state)
{
    struct box *box = *state;
    char names[NAMES_MAX];
    const char *other = NULL;
    folder_put(box->folder, "b.csv", "x");
    folder_put(box->folder, "a.CSV", "x");
    folder_put(box->folder, "湖.csv", "x");
    folder_put(box->folder, ".hidden.csv", "x");
    folder_put(box->folder, "notes.txt", "x");
    folder_put(box->folder, ".csv", "x");
    assert_int_equal(0, mkdir(folder_path(box->folder, "folder.csv"), 0700));
    assert_int_equal(0, symlink("b.csv", folder_path(box->folder, "link.csv")));
    assert_string_equal("a.CSV b.csv 湖.csv ", look(box, 10, names));
    assert_int_equal(3, inbox_others(box->inbox, &other));
    assert_string_equal("folder.csv", other);
    assert_int_equal(0, inbox_waiting(box->inbox));
}

static void
test_settles_by_itself(void **state)
{
    struct box *box = *state;
    char names[NAMES_MAX];
    folder_put(box->folder, "a.csv", "x");
    assert_string_equal("", look(box, -5, names)); /* written in the future: not old enough */
    assert_int_equal(1, inbox_waiting(box->inbox));
    assert_int_equal(1000, inbox_next_look(box->inbox).ms);
    box->now.ms = 999;
    folder_put(box->folder, "a.csv", "longer");
    assert_string_equal("", look(box, -5, names));
    box->now.ms = 1500;
    assert_string_equal("", look(box, -5, names)); /* another size half a second ago */
    box->now.ms = 2000;
    assert_string_equal("a.csv ", look(box, -5, names));
    assert_int_equal(12000, inbox_next_look(box->inbox).ms);
}

static void
test_rename_settles(void **state)
{
    struct box *box = *state;
    char names[NAMES_MAX];
    look(box, -5, names);
    folder_put(box->folder, ".temp", "x");
    take_events(box);
    assert_string_equal("", look(box, -5, names));
    assert_int_equal(0,
                     rename(folder_path(box->folder, ".temp"), folder_path(box->folder, "a.csv")));
    take_events(box);
    assert_int_equal(INT64_MIN, inbox_next_look(box->inbox).ms);
    assert_string_equal("a.csv ", look(box, -5, names));
}

static void
test_close_settles(void **state)
{
    struct box *box = *state;
    char names[NAMES_MAX];
    FILE *out = fopen(folder_path(box->folder, "a.csv"), "w");
    assert_non_null(out);
    assert_string_equal("", look(box, -5, names));
    assert_int_equal(0, fclose(out));
    take_events(box);
    assert_string_equal("a.csv ", look(box, -5, names));
}

static void
test_no_folder(void **state)
{
    (void)state;
    struct inbox *inbox = NULL;
    struct err_note note = { { 0 } };
    assert_int_equal(-ENOENT, inbox_open("/nowhere/inbox", &inbox, &note));
    assert_non_null(strstr(note.text, "/nowhere/inbox"));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_order_and_kinds), CASE(test_settles_by_itself), CASE(test_rename_settles),
        CASE(test_close_settles),   CASE(test_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
