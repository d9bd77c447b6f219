/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/clock_trust.h"

#include "tests/unit/core/check.h"

static struct wall_time
day(int year, int month, int date)
{
    return cal_midnight(cal_date_of(year, month, date));
}

/* Made in 2023, written last on 10 June 2024. */
static struct clock_trust
written(void)
{
    return (struct clock_trust){ .made = day(2023, 1, 1), .newest = day(2024, 6, 10) };
}

static const struct mono_time hour = { 3600 * 1000 };

static void
expect(const char *what, const struct clock_trust *trust, struct wall_time wall, const char *words)
{
    struct err_note note = { "" };
    int code = clock_trust_judge(trust, wall, hour, &note);
    CHECK_INT(what, words ? ERR_RANGE : 0, code);
    CHECK(what, words ? strstr(note.text, words) != NULL : note.text[0] == '\0');
}

static void
test_alone(void **state)
{
    (void)state; /* nothing is shared */
    struct clock_trust trust = written(), fresh = { .made = day(2023, 1, 1) };
    expect("the same day", &trust, day(2024, 6, 10), NULL);
    expect("a month later", &trust, day(2024, 7, 11), NULL);
    expect("the day before, for clocks are set", &trust, day(2024, 6, 9), NULL);
    expect("two days before", &trust, day(2024, 6, 8), "stands at 2024-06-08");
    expect("1970", &trust, day(1970, 1, 1), "before this program was made");
    expect("after a long silence nobody denies it", &trust, day(2025, 6, 10), NULL);
    expect("a ledger that was never written", &fresh, day(2038, 1, 20), NULL);
}

static void
test_votes(void **state)
{
    (void)state; /* nothing is shared */
    struct clock_trust trust = written();
    clock_trust_hear(&trust, 1, day(2024, 7, 1), (struct mono_time){ 0 });
    expect("one agent denies the year", &trust, day(2038, 1, 20), "most agents deny");
    expect("and the ledger does", &trust, day(2023, 7, 1), "was written on 2024-06-10");
    expect("within the silence nobody is asked", &trust, day(2024, 7, 15), NULL);
    clock_trust_hear(&trust, 2, day(2038, 1, 20), (struct mono_time){ 0 });
    expect("one against one", &trust, day(2038, 1, 20), NULL);
    clock_trust_hear(&trust, 2, day(1970, 1, 1), (struct mono_time){ 0 });
    expect("who lives before the program has no vote", &trust, day(2038, 1, 20), "most agents");
}

/* The ledger was written by a clock that stood wrong; the agents say so. */
static void
test_a_ledger_of_the_future(void **state)
{
    (void)state; /* nothing is shared */
    struct clock_trust trust = written();
    trust.newest = day(2038, 1, 19);
    expect("nobody has told", &trust, day(2024, 7, 1), "was written on 2038-01-19");
    clock_trust_hear(&trust, 1, day(2024, 7, 1), (struct mono_time){ 0 });
    expect("an agent agrees with the clock", &trust, day(2024, 7, 1), NULL);
    clock_trust_hear(&trust, 2, day(2024, 9, 1), (struct mono_time){ 0 });
    expect("another does not", &trust, day(2024, 7, 1), "was written on");
}

/* An agent's clock goes on by monotonic time, whatever ours did since. */
static void
test_time_goes_on(void **state)
{
    (void)state; /* nothing is shared */
    struct clock_trust trust = written();
    struct mono_time year = { 366LL * 86400 * 1000 };
    clock_trust_hear(&trust, 1, day(2024, 7, 1), (struct mono_time){ 0 });
    CHECK_INT("a year after", 0, clock_trust_judge(&trust, day(2025, 7, 2), year, NULL));
    CHECK_INT("as if no time had passed", 0,
              clock_trust_judge(&trust, day(2024, 7, 1), year, NULL));
    CHECK_INT("three months it did not live", ERR_RANGE,
              clock_trust_judge(&trust, day(2024, 9, 30), year, NULL));
}

static void
test_many_voters(void **state)
{
    (void)state; /* nothing is shared */
    struct clock_trust trust = written();
    for (int i = 0; i <= CLOCK_VOTES_MAX; i++)
        clock_trust_hear(&trust, 100 + i, day(2024, 7, 1), (struct mono_time){ i });
    CHECK("full", trust.vote_count == CLOCK_VOTES_MAX);
    CHECK_INT("the oldest made room", 100 + CLOCK_VOTES_MAX, trust.votes[0].voter);
    clock_trust_hear(&trust, 101, day(2038, 7, 1), (struct mono_time){ 999 });
    CHECK("one vote each", trust.vote_count == CLOCK_VOTES_MAX);
    CHECK_INT("the newest", 999, trust.votes[1].heard.ms);
    clock_trust_hear(&trust, 100 + CLOCK_VOTES_MAX, day(2024, 7, 1), (struct mono_time){ 1000 });
    clock_trust_hear(&trust, 7, day(2024, 7, 1), (struct mono_time){ 1001 });
    CHECK_INT("the oldest, wherever it stands", 7, trust.votes[2].voter);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_votes),
        cmocka_unit_test(test_a_ledger_of_the_future),
        cmocka_unit_test(test_time_goes_on),
        cmocka_unit_test(test_many_voters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
