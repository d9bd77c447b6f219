/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the doctor says as time passes; what else it says is in tests/system/doctor.sh. */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "collector/doctor.h"

struct said {
    const char *check; /* wanted */
    enum finding_weight weight;
    char en[256];
    size_t count;
};

static int
remember(void *context, const struct finding *finding)
{
    struct said *said = context;
    if (strcmp(finding->check, said->check) != 0)
        return 0;
    said->count++;
    said->weight = finding->weight;
    (void)snprintf(said->en, sizeof said->en, "%s", finding->en);
    return 0;
}

static struct said
examine(struct fixture *f, struct wall_time now, const char *check)
{
    struct said said = { .check = check };
    const struct finding_sink sink = { remember, &said };
    const struct doctor_case patient = {
        .folder = f->site.folder, .site = &f->site, .why = "", .graph_program = "true", .now = now
    };
    assert_int_equal(0, doctor_examine(&patient, &sink));
    assert_int_equal(1, said.count);
    return said;
}

static void
a_clock_before_the_program_is_wrong(void **state)
{
    assert_int_equal(FINDING_WRONG, examine(*state, noon(1970, 1, 2), "clock").weight);
    assert_int_equal(FINDING_OK, examine(*state, noon(2100, 1, 1), "clock").weight);
}

/* A clock a day before what the ledger received is wrong, less than that is not. */
static void
a_clock_before_the_ledger_is_wrong(void **state)
{
    static const uint8_t id[WIRE_STREAM_ID] = "stream A";
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .rows = 0, .name = "a.csv" };
    struct wall_time now = noon(2100, 1, 5);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, id, "wuxing", now, &stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_int_equal(FINDING_OK, examine(f, noon(2100, 1, 5), "clock").weight);
    assert_int_equal(FINDING_OK, examine(f, noon(2100, 1, 4), "clock").weight);
    struct said said = examine(f, noon(2100, 1, 3), "clock");
    assert_int_equal(FINDING_WRONG, said.weight);
    assert_non_null(strstr(said.en, "2100-01-05"));
}

static void
a_silent_agent_is_named(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    int64_t id = 0;
    const char *key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    assert_string_equal("no agent is enrolled", examine(f, noon(2023, 1, 1), "agents").en);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_key_add(f->ledger, "wuxing", key, noon(2023, 1, 1), &id, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_string_equal("key 1 has never brought anything",
                        examine(f, noon(2023, 1, 1), "agents").en);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_key_seen(f->ledger, id, noon(2023, 1, 1), &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    assert_int_equal(FINDING_OK, examine(f, noon(2023, 2, 15), "agents").weight);
    assert_string_equal("key 1 has brought nothing for 46 days",
                        examine(f, noon(2023, 2, 16), "agents").en);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_clock_before_the_program_is_wrong),
        TEST(a_clock_before_the_ledger_is_wrong),
        TEST(a_silent_agent_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
