/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/catalogue_merge.h"

static const struct {
    const char *name, *site, *edition, *want;
    struct merge_counts counts;
} rows[] = {
    { "nothing new",
      "id,value\na,1\nb,2\n",
      "id,value\na,1\nb,2\n",
      "id,value,valid_from\na,1,\nb,2,\n",
      { .kept = 2 } },
    { "one changes",
      "id,value\na,1\nb,2\n",
      "id,value\na,1\nb,3\n",
      "id,value,valid_from\na,1,\nb,2,\nb,3,2023-07-01\n",
      { .kept = 1, .changed = 1 } },
    { "it changes again",
      "id,value,valid_from\nb,2,\nb,3,2023-05-01\n",
      "id,value\nb,2\n",
      "id,value,valid_from\nb,2,\nb,3,2023-05-01\nb,2,2023-07-01\n",
      { .changed = 1 } },
    { "one is new, one is gone",
      "id,value\na,1\n",
      "id,value\nc,5\n",
      "id,value,valid_from\na,1,\nc,5,2023-07-01\n",
      { .added = 1, .left = 1 } },
    { "a new column that says nothing",
      "id,value\na,1\n",
      "id,value,base\na,1,\n",
      "id,value,base,valid_from\na,1,,\n",
      { .kept = 1 } },
    { "a new column that says something",
      "id,value\na,1\n",
      "id,value,base\na,1,7\n",
      "id,value,base,valid_from\na,1,,\na,1,7,2023-07-01\n",
      { .changed = 1 } },
    { "columns in another order",
      "id,value,note\na,1,x\n",
      "note,id,value\nx,a,1\n",
      "id,value,note,valid_from\na,1,x,\n",
      { .kept = 1 } },
    { "a table the site has not",
      "",
      "id,value\na,1\n",
      "id,value,valid_from\na,1,2023-07-01\n",
      { .added = 1 } },
    { "a table the edition has not",
      "id,value\na,1\n",
      "",
      "id,value,valid_from\na,1,\n",
      { .left = 1 } },
    { "quotes, commas and a bare comparator",
      "id,cmp,note\na,=,\"x, \"\"y\"\"\"\n",
      "id,cmp,note\na,=,\"x, \"\"z\"\"\"\n",
      "id,cmp,note,valid_from\na,=,\"x, \"\"y\"\"\",\na,=,\"x, \"\"z\"\"\",2023-07-01\n",
      { .changed = 1 } },
};

static void
test_rows(void **state)
{
    (void)state; /* nothing is shared */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = NULL;
        size_t size = 0;
        struct merge_counts counts;
        struct err_note note = { "" };
        int code = catalogue_merge_table(rows[i].site, strlen(rows[i].site), rows[i].edition,
                                         strlen(rows[i].edition), cal_date_of(2023, 7, 1), &text,
                                         &size, &counts, &note);
        if (code != 0)
            fail_msg("%s: %s", rows[i].name, note.text);
        assert_memory_equal("\xef\xbb\xbf", text, 3); /* Excel reads it as UTF-8 */
        if (strcmp(text + 3, rows[i].want) != 0)
            fail_msg("%s:\n%s", rows[i].name, text);
        assert_int_equal(strlen(text), size);
        assert_memory_equal(&rows[i].counts, &counts, sizeof counts);
        free(text);
    }
}

static void
test_faults(void **state)
{
    (void)state; /* nothing is shared */
    static const char *const bad[] = { "id,value\na\n", "id,value\na,\"1\n" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *text = NULL;
        size_t size = 0;
        struct merge_counts counts;
        struct err_note note = { "" };
        assert_int_equal(ERR_SYNTAX, catalogue_merge_table("id\n", 3, bad[i], strlen(bad[i]),
                                                           cal_date_of(2023, 7, 1), &text, &size,
                                                           &counts, &note));
        assert_non_null(strstr(note.text, "line 2"));
        assert_null(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
                                        cmocka_unit_test(test_faults) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
