/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* timegm */
#endif
#include "core/cal.h"

#include "check.h"

enum { DAY = 86400, FIRST_YEAR = 1900, LAST_YEAR = 2199 };

/* ISO year, week and weekday as libc has them. */
static void
iso_of(const struct tm *tm, int *ret_year, int *ret_week, int *ret_weekday)
{
    char text[32];
    char *end = text;
    CHECK("strftime", strftime(text, sizeof text, "%G %V %u", tm) > 0);
    *ret_year = (int)strtol(end, &end, 10);
    *ret_week = (int)strtol(end, &end, 10);
    *ret_weekday = (int)strtol(end, &end, 10);
}

/* Every day of three centuries, against libc: civil date, day of the year, ISO week, and back. */
static void
test_every_day_agrees_with_libc(void **state)
{
    (void)state;
    struct tm first = { .tm_year = FIRST_YEAR - 1900, .tm_mday = 1 };
    struct tm end = { .tm_year = LAST_YEAR + 1 - 1900, .tm_mday = 1 };
    int64_t days = 0;
    for (time_t at = timegm(&first); at < timegm(&end); at += DAY, days++) {
        struct tm tm;
        char row[CAL_TEXT_MAX];
        CHECK("gmtime_r", gmtime_r(&at, &tm) != NULL);
        struct cal_date date = { (int32_t)(at / DAY) };
        cal_date_print(date, row);
        int year = 0, month = 0, day = 0;
        cal_civil(date, &year, &month, &day);
        CHECK_INT(row, tm.tm_year + 1900, year);
        CHECK_INT(row, tm.tm_mon + 1, month);
        CHECK_INT(row, tm.tm_mday, day);
        CHECK(row, cal_is_date(year, month, day));
        CHECK_INT(row, date.days, cal_date_of(year, month, day).days);
        CHECK_INT(row, at, cal_midnight(date).seconds);
        CHECK_INT(row, date.days, cal_date_at((struct wall_time){ at }).days);
        CHECK_INT(row, date.days, cal_date_at((struct wall_time){ at + DAY - 1 }).days);

        struct cal_period as_day = cal_period_of(CAL_DAY, year, tm.tm_yday + 1);
        CHECK_INT(row, date.days, cal_period_first(as_day).days);
        int iso_year = 0, iso_week = 0, weekday = 0;
        iso_of(&tm, &iso_year, &iso_week, &weekday);
        if (iso_year > LAST_YEAR)
            continue;
        struct cal_period week = cal_period_of(CAL_WEEK, iso_year, iso_week);
        CHECK_INT(row, CAL_WEEK, week.freq);
        CHECK_INT(row, date.days - (weekday - 1), cal_period_first(week).days);
        CHECK_INT(row, cal_period_first(week).days + 7, cal_period_after(week).days);
    }
    CHECK_INT("days of 300 years", 109573, days);
}

/* Calls `visit` on every period that exists. */
static int64_t
each_period(void (*visit)(struct cal_period period))
{
    static const enum cal_freq freqs[] = { CAL_DAY,     CAL_WEEK, CAL_MONTH,
                                           CAL_QUARTER, CAL_HALF, CAL_YEAR };
    int64_t count = 0;
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        for (size_t i = 0; i < COUNT(freqs); i++) {
            for (int index = 1; index <= 366; index++) {
                struct cal_period period = cal_period_of(freqs[i], year, index);
                if (period.freq == CAL_NONE)
                    break;
                visit(period);
                count++;
            }
        }
        for (int first = 1; first <= 12; first++) {
            for (int length = 2; length <= 12; length++) {
                struct cal_period range = { CAL_RANGE, (int16_t)year, (int16_t)first,
                                            (int16_t)length };
                if (!cal_period_is_valid(range))
                    continue;
                visit(range);
                count++;
            }
        }
    }
    return count;
}

static void
check_round_trip(struct cal_period period)
{
    char row[CAL_TEXT_MAX];
    cal_period_print(period, row);
    int64_t key = cal_period_key(period);
    CHECK(row, key > 0);
    CHECK(row, cal_period_is_valid(period));
    CHECK(row, cal_period_equal(period, cal_period_from_key(key)));
    struct cal_period parsed = { .freq = CAL_NONE };
    struct err_note note = { { 0 } };
    CHECK_INT(row, 0, cal_period_parse(row, strlen(row), &parsed, &note));
    CHECK(row, cal_period_equal(period, parsed));
    CHECK(row, cal_period_first(period).days < cal_period_after(period).days);
    double share = cal_period_year_share(period);
    CHECK(row, share > 0 && share <= 1);
    CHECK_NEAR(row, cal_period_end_month(period) / 12.0, share);
}

static void
test_every_period_round_trips(void **state)
{
    (void)state;
    int64_t count = each_period(check_round_trip);
    /* days, weeks (1900-W01 to 2199-W52), 12 + 4 + 2 + 1 a year, and 66 runs of 2..12 months less
     * the 7 that have a name */
    int64_t weeks = (cal_date_of(2199, 12, 30).days - cal_date_of(1900, 1, 1).days) / 7;
    CHECK_INT("periods", 109573 + weeks + 300 * (19 + 66 - 7), count);
}

static void
check_next_is_adjacent(struct cal_period period)
{
    char row[CAL_TEXT_MAX];
    cal_period_print(period, row);
    struct cal_period next = cal_period_add(period, 1);
    if (next.freq == CAL_NONE) {
        CHECK(row, period.year == LAST_YEAR);
        return;
    }
    CHECK(row, cal_period_is_valid(next));
    CHECK_INT(row, -1, cal_period_compare(period, next));
    CHECK_INT(row, 1, cal_period_compare(next, period));
    CHECK(row, cal_period_equal(period, cal_period_add(next, -1)));
    if (period.freq == CAL_RANGE)
        CHECK_INT(row, period.year + 1, next.year);
    else
        CHECK_INT(row, cal_period_after(period).days, cal_period_first(next).days);
}

static void
test_every_period_has_its_next(void **state)
{
    (void)state;
    (void)each_period(check_next_is_adjacent);
}

static void
test_days_in_month(void **state)
{
    (void)state;
    CHECK_INT("common", 28, cal_days_in_month(2023, 2));
    CHECK_INT("leap", 29, cal_days_in_month(2024, 2));
    CHECK_INT("1900", 28, cal_days_in_month(1900, 2));
    CHECK_INT("2000", 29, cal_days_in_month(2000, 2));
    CHECK_INT("2100", 28, cal_days_in_month(2100, 2));
    CHECK_INT("April", 30, cal_days_in_month(2023, 4));
    CHECK_INT("December", 31, cal_days_in_month(2023, 12));
}

static void
test_dates_that_are_none(void **state)
{
    (void)state;
    static const int rows[][3] = {
        { 2023, 2, 29 }, { 2023, 4, 31 },  { 2023, 0, 1 }, { 2023, 13, 1 }, { 2023, 1, 0 },
        { 2023, 1, 32 }, { 1899, 12, 31 }, { 2200, 1, 1 }, { 2100, 2, 29 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT("no date", false, cal_is_date(rows[i][0], rows[i][1], rows[i][2]));
}

static void
test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct cal_period want;
    } rows[] = {
        { "2023", { CAL_YEAR, 2023, 1, 0 } },
        { "2023-A1", { CAL_YEAR, 2023, 1, 0 } },
        { "2023-S2", { CAL_HALF, 2023, 2, 0 } },
        { "2023-Q4", { CAL_QUARTER, 2023, 4, 0 } },
        { "2023-04", { CAL_MONTH, 2023, 4, 0 } },
        { "2023-M04", { CAL_MONTH, 2023, 4, 0 } },
        { "2023-W05", { CAL_WEEK, 2023, 5, 0 } },
        { "2020-W53", { CAL_WEEK, 2020, 53, 0 } },
        { "2023-04-05", { CAL_DAY, 2023, 95, 0 } },
        { "2023-D095", { CAL_DAY, 2023, 95, 0 } },
        { "2024-D366", { CAL_DAY, 2024, 366, 0 } },
        { "2023-01-01/P2M", { CAL_RANGE, 2023, 1, 2 } },
        { "2023-02-01/P3M", { CAL_RANGE, 2023, 2, 3 } },
        { "2023-01-01/P9M", { CAL_RANGE, 2023, 1, 9 } },
        { "2023-02-01/P11M", { CAL_RANGE, 2023, 2, 11 } },
        { "2023-01-01/P1M", { CAL_MONTH, 2023, 1, 0 } },
        { "2023-04-01/P3M", { CAL_QUARTER, 2023, 2, 0 } },
        { "2023-07-01/P6M", { CAL_HALF, 2023, 2, 0 } },
        { "2023-01-01/P12M", { CAL_YEAR, 2023, 1, 0 } },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period = { .freq = CAL_NONE };
        CHECK_INT(rows[i].text, 0,
                  cal_period_parse(rows[i].text, strlen(rows[i].text), &period, NULL));
        CHECK(rows[i].text, cal_period_equal(rows[i].want, period));
    }
}

static void
test_parse_refuses(void **state)
{
    (void)state;
#define EXPECTED                                                                       \
    "is no period: expected 2023, 2023-S1, 2023-Q1, 2023-04, 2023-W05, 2023-04-05 or " \
    "2023-01-01/P2M"
    static const struct {
        const char *text;
        int code;
        const char *note;
    } rows[] = {
        { "", ERR_SYNTAX, "'' " EXPECTED },
        { "23", ERR_SYNTAX, "'23' " EXPECTED },
        { "2023-4", ERR_SYNTAX, "'2023-4' " EXPECTED },
        { "2023/04", ERR_SYNTAX, "'2023/04' " EXPECTED },
        { "2023-04 ", ERR_SYNTAX, "'2023-04 ' " EXPECTED },
        { " 2023-04", ERR_SYNTAX, "' 2023-04' " EXPECTED },
        { "2023-q1", ERR_SYNTAX, "'2023-q1' " EXPECTED },
        { "2023年1—3月", ERR_SYNTAX, "'2023年1—3月' " EXPECTED },
        { "2023-13", ERR_RANGE, "'2023-13' is no period: months are 01 to 12" },
        { "2023-00", ERR_RANGE, "'2023-00' is no period: months are 01 to 12" },
        { "2023-M13", ERR_RANGE, "'2023-M13' is no period: months are M01 to M12" },
        { "2023-Q5", ERR_RANGE, "'2023-Q5' is no period: quarters are Q1 to Q4" },
        { "2023-Q0", ERR_RANGE, "'2023-Q0' is no period: quarters are Q1 to Q4" },
        { "2023-S3", ERR_RANGE, "'2023-S3' is no period: half-years are S1 and S2" },
        { "2023-A2", ERR_RANGE,
          "'2023-A2' is no period: years are 1900 to 2199, and a year has only A1" },
        { "2023-W53", ERR_RANGE,
          "'2023-W53' is no period: weeks are W01 to W52, in long years W53" },
        { "2023-W00", ERR_RANGE,
          "'2023-W00' is no period: weeks are W01 to W52, in long years W53" },
        { "2023-D366", ERR_RANGE,
          "'2023-D366' is no period: days are D001 to D365, in leap years D366" },
        { "2023-02-29", ERR_RANGE, "'2023-02-29' is no period: there is no such day" },
        { "1899", ERR_RANGE, "'1899' is no period: years are 1900 to 2199" },
        { "2200-01", ERR_RANGE, "'2200-01' is no period: months are 01 to 12" },
        { "2023-01-02/P2M", ERR_RANGE,
          "'2023-01-02/P2M' is no period: a range starts on the first of a month and ends within "
          "the year" },
        { "2023-12-01/P2M", ERR_RANGE,
          "'2023-12-01/P2M' is no period: a range starts on the first of a month and ends within "
          "the year" },
        { "2023-01-01/P0M", ERR_RANGE,
          "'2023-01-01/P0M' is no period: a range starts on the first of a month and ends within "
          "the year" },
        { "2023-01-01/P13M", ERR_RANGE,
          "'2023-01-01/P13M' is no period: a range starts on the first of a month and ends within "
          "the year" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period = { .freq = CAL_NONE };
        struct err_note note = { { 0 } };
        CHECK_INT(rows[i].text, rows[i].code,
                  cal_period_parse(rows[i].text, strlen(rows[i].text), &period, &note));
        CHECK_TEXT(rows[i].text, rows[i].note, note.text);
        CHECK_INT(rows[i].text, CAL_NONE, period.freq);
    }
#undef EXPECTED
}

static void
test_periods_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct cal_period period;
    } rows[] = {
        { "none", { CAL_NONE, 2023, 1, 0 } },
        { "month 13", { CAL_MONTH, 2023, 13, 0 } },
        { "month 0", { CAL_MONTH, 2023, 0, 0 } },
        { "negative", { CAL_MONTH, 2023, -1, 0 } },
        { "before 1900", { CAL_MONTH, 1899, 1, 0 } },
        { "after 2199", { CAL_MONTH, 2200, 1, 0 } },
        { "month with a length", { CAL_MONTH, 2023, 1, 1 } },
        { "range of one", { CAL_RANGE, 2023, 1, 1 } },
        { "range that is a quarter", { CAL_RANGE, 2023, 4, 3 } },
        { "range that is a half", { CAL_RANGE, 2023, 7, 6 } },
        { "range that is a year", { CAL_RANGE, 2023, 1, 12 } },
        { "range over New Year", { CAL_RANGE, 2023, 12, 2 } },
        { "range of none", { CAL_RANGE, 2023, 1, 0 } },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].name, false, cal_period_is_valid(rows[i].period));
    static const int64_t keys[] = {
        0, -1, 1, INT64_MAX, INT64_MIN, (int64_t)5 << 20 | 5, (int64_t)9 << 20 | 5
    };
    for (size_t i = 0; i < COUNT(keys); i++)
        CHECK_INT("no key", CAL_NONE, cal_period_from_key(keys[i]).freq);
}

static void
test_order(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "2022-12-31", "2023-01-01",     "2023-W01", "2023-01-31",
        "2023-01",    "2023-01-01/P2M", "2023-02",  "2023",
    };
    /* By the end, then by the start: the longer of two that end together comes first. */
    static const char *const want[] = {
        "2022-12-31", "2023-01-01",     "2023-W01", "2023-01",
        "2023-01-31", "2023-01-01/P2M", "2023-02",  "2023",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(rows); j++) {
            struct cal_period a, b;
            CHECK_INT(want[i], 0, cal_period_parse(want[i], strlen(want[i]), &a, NULL));
            CHECK_INT(want[j], 0, cal_period_parse(want[j], strlen(want[j]), &b, NULL));
            CHECK_INT(want[i], i < j ? -1 : i > j ? 1 : 0, cal_period_compare(a, b));
            CHECK_INT(want[i], i < j, cal_period_key(a) < cal_period_key(b));
        }
    }
}

static void
test_add(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int steps;
        const char *want; /* "" out of our years */
    } rows[] = {
        { "2023-11", 2, "2024-01" },
        { "2023-01", -1, "2022-12" },
        { "2023-01", -13, "2021-12" },
        { "2023-Q4", 1, "2024-Q1" },
        { "2023-S1", -1, "2022-S2" },
        { "2023", 10, "2033" },
        { "2024-02-28", 2, "2024-03-01" },
        { "2020-W53", 1, "2021-W01" },
        { "2021-W01", -1, "2020-W53" },
        { "2023-01-01/P2M", 1, "2024-01-01/P2M" },
        { "2199-12", 1, "" },
        { "1900-01", -1, "" },
        { "2199-12-31", 1, "" },
        { "2023", 2000000000, "" },
        { "2023-05-05", -2000000000, "" },
        { "2023-01-01/P2M", 2000000000, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period;
        char text[CAL_TEXT_MAX];
        CHECK_INT(rows[i].from, 0,
                  cal_period_parse(rows[i].from, strlen(rows[i].from), &period, NULL));
        CHECK_TEXT(rows[i].from, rows[i].want,
                   cal_period_print(cal_period_add(period, rows[i].steps), text));
    }
}

static void
test_add_years(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int years;
        const char *want;
    } rows[] = {
        { "2023-06", -1, "2022-06" },
        { "2024-D366", 1, "2025-12-31" },
        { "2020-W53", 1, "2021-W52" },
        { "2020-W53", 6, "2026-W53" },
        { "2023-01-01/P2M", -1, "2022-01-01/P2M" },
        { "2023", 177, "" },
        { "2023", -124, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period;
        char text[CAL_TEXT_MAX];
        CHECK_INT(rows[i].from, 0,
                  cal_period_parse(rows[i].from, strlen(rows[i].from), &period, NULL));
        CHECK_TEXT(rows[i].from, rows[i].want,
                   cal_period_print(cal_period_add_years(period, rows[i].years), text));
    }
}

static void
test_end_month(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int want;
    } rows[] = {
        { "2023-01", 1 },  { "2023-Q2", 6 },        { "2023-S2", 12 },
        { "2023", 12 },    { "2023-01-01/P2M", 2 }, { "2023-01-01/P9M", 9 },
        { "2023-W05", 2 }, { "2023-02-28", 2 },     { "2020-W53", 12 }, /* ends on 3 January 2021 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period;
        CHECK_INT(rows[i].text, 0,
                  cal_period_parse(rows[i].text, strlen(rows[i].text), &period, NULL));
        CHECK_INT(rows[i].text, rows[i].want, cal_period_end_month(period));
    }
}

static void
test_dates_and_instants(void **state)
{
    (void)state;
    struct cal_date date = { 0 };
    struct wall_time when = { 0 };
    char text[CAL_TEXT_MAX];
    CHECK_INT("date", 0, cal_date_parse("2023-07-10", 10, &date, NULL));
    CHECK_TEXT("date", "2023-07-10", cal_date_print(date, text));
    CHECK_INT("day", ERR_RANGE, cal_date_parse("2023-02-30", 10, &date, NULL));
    CHECK_INT("form", ERR_SYNTAX, cal_date_parse("2023-2-3", 8, &date, NULL));
    CHECK_INT("rest", ERR_SYNTAX, cal_date_parse("2023-07-10 ", 11, &date, NULL));
    CHECK_TEXT("untouched", "2023-07-10", cal_date_print(date, text));

    CHECK_INT("instant", 0, cal_instant_parse("2023-07-10T06:07:08Z", 20, &when, NULL));
    CHECK_INT("instant", 1688969228, when.seconds);
    CHECK_TEXT("instant", "2023-07-10T06:07:08Z", cal_instant_print(when, text));
    CHECK_INT("bare date", 0, cal_instant_parse("2023-07-10", 10, &when, NULL));
    CHECK_TEXT("bare date", "2023-07-10T23:59:59Z", cal_instant_print(when, text));
    CHECK_INT("before 1970", 0, cal_instant_parse("1969-12-31T23:59:59Z", 20, &when, NULL));
    CHECK_INT("before 1970", -1, when.seconds);
    CHECK_TEXT("before 1970", "1969-12-31T23:59:59Z", cal_instant_print(when, text));
    CHECK_INT("before 1970", -1, cal_date_at(when).days);
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        { "2023-07-10T24:00:00Z", ERR_RANGE },  { "2023-07-10T23:60:00Z", ERR_RANGE },
        { "2023-07-10T23:59:60Z", ERR_RANGE },  { "2023-07-32", ERR_RANGE },
        { "2023-07-10T06:07:08", ERR_SYNTAX },  { "2023-07-10T06:07Z", ERR_SYNTAX },
        { "2023-07-10 06:07:08Z", ERR_SYNTAX }, { "", ERR_SYNTAX },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_INT(rows[i].text, rows[i].code,
                  cal_instant_parse(rows[i].text, strlen(rows[i].text), &when, NULL));
    CHECK_INT("far future", INT32_MAX, cal_date_at((struct wall_time){ INT64_MAX }).days);
    CHECK_INT("far past", INT32_MIN, cal_date_at((struct wall_time){ INT64_MIN }).days);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_agrees_with_libc),
        cmocka_unit_test(test_every_period_round_trips),
        cmocka_unit_test(test_every_period_has_its_next),
        cmocka_unit_test(test_days_in_month),
        cmocka_unit_test(test_dates_that_are_none),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_refuses),
        cmocka_unit_test(test_periods_that_are_none),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_add_years),
        cmocka_unit_test(test_end_month),
        cmocka_unit_test(test_dates_and_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
