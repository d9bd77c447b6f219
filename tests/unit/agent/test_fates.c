/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "agent/fates.h"

static void
note_of(struct fates *fates, uint64_t seq, const char *text)
{
    struct wire_fate_note note = { .seq = seq, .code = 1 };
    (void)snprintf(note.text, sizeof note.text, "%s", text);
    assert_int_equal(0, fates_note(fates, &note));
}

/* Known is what has no gap before it, in whatever order it came. */
static void
test_any_order(void **state)
{
    enum { BASE = 5, COUNT = 3000 }; /* more than are made room for at first */
    struct fates fates = { .base = 0 };
    (void)state;
    fates_reset(&fates, BASE);
    assert_int_equal(BASE - 1, fates.known_upto);
    assert_true(fates_has(&fates, BASE - 1)); /* below the base all have their receipt */
    assert_false(fates_has(&fates, BASE));
    for (uint64_t seq = BASE + COUNT; seq > BASE; seq--) {
        assert_int_equal(1, fates_set(&fates, seq, FATE_STORED));
        assert_int_equal(BASE - 1, fates.known_upto);
    }
    assert_int_equal(1, fates_set(&fates, BASE, FATE_CONTROL));
    assert_int_equal(BASE + COUNT, fates.known_upto);
    assert_int_equal(FATE_CONTROL, fates_at(&fates, BASE)[0]);
    assert_int_equal(FATE_STORED, fates_at(&fates, BASE)[COUNT]);
    assert_int_equal(0, fates_set(&fates, BASE, FATE_CONTROL)); /* is not new */
    assert_int_equal(0, fates_set(&fates, BASE - 1, FATE_STORED));
    assert_int_equal(0, fates_set(&fates, BASE + COUNT + 1, FATE_NONE)); /* is no fate */
    assert_false(fates_has(&fates, BASE + COUNT + 1));
    assert_false(fates_has(&fates, UINT64_MAX));
    fates_done(&fates);
}

/* In order, over the room there is at first: known is always all. */
static void
test_in_order(void **state)
{
    struct fates fates = { .base = 0 };
    (void)state;
    fates_reset(&fates, 1);
    for (uint64_t seq = 1; seq <= 5000; seq++) {
        assert_int_equal(1, fates_set(&fates, seq, FATE_STORED));
        assert_int_equal(seq, fates.known_upto);
    }
    fates_done(&fates);
}

/* Moving on forgets what is behind, and only that. */
static void
test_advance(void **state)
{
    struct fates fates = { .base = 0 };
    size_t count = 0;
    (void)state;
    fates_advance(&fates, 1); /* nothing is kept yet */
    for (uint64_t seq = 1; seq <= 10; seq++)
        assert_int_equal(seq != 7, fates_set(&fates, seq, seq == 7 ? FATE_NONE : FATE_STORED));
    note_of(&fates, 2, "two");
    note_of(&fates, 9, "nine");
    fates_advance(&fates, 4);
    assert_int_equal(6, fates.known_upto);
    assert_true(fates_has(&fates, 10));
    assert_int_equal(0, fates_set(&fates, 3, FATE_REJECTED));
    (void)fates_notes(&fates, 1, 8, &count);
    assert_int_equal(0, count);
    assert_string_equal("nine", fates_notes(&fates, 4, 9, &count)->text);
    assert_int_equal(1, count);
    fates_advance(&fates, 9); /* over a gap: all is asked for again */
    assert_int_equal(8, fates.known_upto);
    assert_false(fates_has(&fates, 10));
    (void)fates_notes(&fates, 9, 9, &count);
    assert_int_equal(0, count);
    assert_int_equal(1, fates_set(&fates, 9, FATE_STORED));
    fates_advance(&fates, 1000000); /* beyond all there is room for */
    assert_int_equal(999999, fates.known_upto);
    fates_done(&fates);
}

/* Words stand in the order of their records; the last ones count. */
static void
test_notes(void **state)
{
    enum { COUNT = 200 }; /* more than are made room for at first */
    struct fates fates = { .base = 0 };
    size_t count = 0;
    (void)state;
    fates_reset(&fates, 10);
    (void)fates_notes(&fates, 10, 20, &count);
    assert_int_equal(0, count);
    note_of(&fates, 9, "behind");
    for (uint64_t i = 0; i < COUNT; i++)
        note_of(&fates, 10 + i * 7 % COUNT, "old");
    for (uint64_t i = 0; i < COUNT; i += 2)
        note_of(&fates, 10 + i, "new");
    const struct wire_fate_note *notes = fates_notes(&fates, 0, 10 + COUNT, &count);
    assert_int_equal(COUNT, count);
    for (uint64_t i = 0; i < COUNT; i++) {
        assert_int_equal(10 + i, notes[i].seq);
        assert_string_equal(i % 2 ? "old" : "new", notes[i].text);
    }
    notes = fates_notes(&fates, 15, 17, &count);
    assert_int_equal(3, count);
    assert_int_equal(15, notes->seq);
    fates_done(&fates);
    fates_done(&fates);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_advance),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
