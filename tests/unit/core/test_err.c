/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/err.h"

#include <errno.h>

#include "check.h"

static void
test_every_code_has_its_text(void **state)
{
    (void)state;
#define X(name, value, text) CHECK_TEXT(#name, text, err_text(name));
    ERR_TABLE(X)
#undef X
    CHECK_TEXT("errno", strerror(ENOENT), err_text(-ENOENT));
    CHECK_TEXT("zero", "no error", err_text(0));
    CHECK_TEXT("nobody's", "no error", err_text(-2999));
}

static void
test_notes_are_set_and_prefixed(void **state)
{
    (void)state;
    struct err_note note = { { 0 } };
    CHECK_INT("set", ERR_RANGE, err_set(&note, ERR_RANGE, "month %d", 13));
    CHECK_TEXT("set", "month 13", note.text);
    CHECK_INT("prefix", ERR_RANGE, err_prefix(&note, ERR_RANGE, "line %d", 7));
    CHECK_TEXT("prefix", "line 7: month 13", note.text);
    CHECK_INT("no note", ERR_FULL, err_set(NULL, ERR_FULL, "x"));
    CHECK_INT("no note", ERR_FULL, err_prefix(NULL, ERR_FULL, "x"));

    struct err_note empty = { { 0 } };
    (void)err_prefix(&empty, ERR_FULL, "open");
    CHECK_TEXT("text of the code", "open: no room left in a bounded place", empty.text);
}

static void
test_long_notes_are_cut(void **state)
{
    (void)state;
    struct err_note note = { { 0 } };
    char text[1000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)err_set(&note, ERR_FULL, "%s", text);
    CHECK_INT("set", (long long)sizeof note.text - 1, (long long)strlen(note.text));
    (void)err_prefix(&note, ERR_FULL, "in front");
    CHECK_INT("prefix", (long long)sizeof note.text - 1, (long long)strlen(note.text));
    CHECK("prefix", strncmp(note.text, "in front: xxx", 13) == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_has_its_text),
        cmocka_unit_test(test_notes_are_set_and_prefixed),
        cmocka_unit_test(test_long_notes_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
