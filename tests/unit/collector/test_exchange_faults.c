/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each call of SQLite and each allocation of an export and an import fails once: words, and then a
 * ledger, or a file, that is whole or not there. */
#include "tests/unit/collector/exchange_bench.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/fakes/no_memory.h"
#include "tests/fakes/no_sqlite.h"

static const struct {
    const char *name;
    enum exchange_format format;
} forms[] = { { "out.csv", EXCHANGE_CSV },
              { "out.json", EXCHANGE_JSON },
              { "out.xlsx", EXCHANGE_XLSX } };

enum { FORMS = sizeof forms / sizeof forms[0] };

/* A row of each kind, of two senders whose files mix. */
static int
setup(void **state)
{
    static const char *const days[] = { "2023-02-01", "2023-02-09", "2023-02-05", "2023-02-10" };
    static const char *const values[] = { "5", "5", "7", "6" };
    int code = fixture_setup(state);
    struct fixture *f = *state;
    struct office offices[2];
    bench_begin(f);
    office_open(&offices[0], f, "first", "wuxing");
    office_open(&offices[1], f, "second", "anji");
    for (int i = 0; i < 2; i++)
        office_begin(&offices[i], i == 0 ? "a.csv" : "b.csv", noon(2023, 5, 1));
    for (int i = 0; i < 8; i++) {
        struct sample s = sample_of(i % 2 ? "anji" : "wuxing", "land", "2023-01", values[i / 2],
                                    days[i / 2], (uint32_t)i);
        (void)office_send(&offices[i % 2], &s, noon(2023, 5, 1));
    }
    bench_commit(f);
    return code;
}

/* Calls `deed` with the first, second, third ... call of `calls` failing, until none does. */
static void
fail_each(struct nth_call *calls, int (*deed)(void *context, struct err_note *note), void *context,
          void (*expect_undone)(void *context))
{
    int at = 0;
    do {
        struct err_note note = { "" };
        at++;
        *calls = (struct nth_call){ .at = at };
        int code = deed(context, &note);
        calls->at = 0;
        if ((code < 0 && (!calls->has_failed || !note.text[0])) || code > 0)
            fail_msg("call %d: code %d, '%s'", at, code, note.text);
        if (code <
            0) /* one that failed may not have mattered: which time the ledger was restored */
            expect_undone(context);
    } while (calls->has_failed);
    assert_true(at > 1); /* something could fail */
}

struct deed {
    struct fixture *f;
    struct ledger *ledger;
    char path[FILE_PATH_MAX];
    size_t form;
};

/* ---- import ---- */

static int
import_it(void *context, struct err_note *note)
{
    const struct deed *deed = context;
    struct complaints complaints;
    int code = bench_import(deed->f, deed->ledger, forms[deed->form].format, deed->path,
                            &complaints, note);
    if (complaints.count > 0) /* words for the operator are words */
        (void)err_set(note, code, "%s", complaints.text);
    return code;
}

static void
expect_no_record(void *context)
{
    bench_expect_empty(((const struct deed *)context)->ledger);
}

static void
an_import_is_whole_or_nothing(struct fixture *f, struct nth_call *calls)
{
    for (size_t form = 0; form < FORMS; form++) {
        struct deed deed = { .f = f, .form = form };
        (void)bench_path(f, forms[form].name, deed.path); /* returns it */
        bench_export(f, f->ledger, forms[form].format, false, deed.path);
        deed.ledger = bench_ledger(f, "imported.db");
        fail_each(calls, import_it, &deed, expect_no_record);
        assert_int_equal(ledger_position(f->ledger), ledger_position(deed.ledger));
        bench_fsck(deed.ledger);
        ledger_close(deed.ledger);
    }
}

static void
an_import_survives_each_call_of_sqlite(void **state)
{
    an_import_is_whole_or_nothing(*state, &no_sqlite);
}

static void
an_import_survives_want_of_memory(void **state)
{
    an_import_is_whole_or_nothing(*state, &no_memory);
}

/* ---- export ---- */

static int
export_it(void *context, struct err_note *note)
{
    const struct deed *deed = context;
    const struct exchange_export order = { .format = forms[deed->form].format, .path = deed->path };
    int64_t rows = 0;
    (void)unlink(deed->path); /* of the call before */
    return exchange_export(deed->ledger, deed->f->catalogue, &order, &rows, note);
}

static void
expect_no_file(void *context)
{
    const struct deed *deed = context;
    char part[FILE_PATH_MAX], name[64];
    (void)snprintf(name, sizeof name, ".%s.part", forms[deed->form].name);
    assert_true(access(deed->path, F_OK) != 0);
    assert_true(access(bench_path(deed->f, name, part), F_OK) != 0);
}

static void
an_export_is_whole_or_nothing(struct fixture *f, struct nth_call *calls)
{
    for (size_t form = 0; form < FORMS; form++) {
        struct deed deed = { .f = f, .form = form, .ledger = fixture_reader(f) };
        (void)bench_path(f, forms[form].name, deed.path); /* returns it */
        fail_each(calls, export_it, &deed, expect_no_file);
        assert_int_equal(0, unlink(deed.path)); /* it is there now */
        ledger_close(deed.ledger);
    }
}

static void
an_export_survives_each_call_of_sqlite(void **state)
{
    an_export_is_whole_or_nothing(*state, &no_sqlite);
}

static void
an_export_survives_want_of_memory(void **state)
{
    an_export_is_whole_or_nothing(*state, &no_memory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_import_survives_each_call_of_sqlite, setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(an_import_survives_want_of_memory, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_export_survives_each_call_of_sqlite, setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(an_export_survives_want_of_memory, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
