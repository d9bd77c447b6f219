/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cal.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"

#include "core/pure.h"

enum {
    YEAR_MIN = 1900,
    YEAR_MAX = 2199,
    DAY_SECONDS = 86400,
    KEY_BASE = -25568, /* 1899-12-31, so that every first day counts from 1 */
    KEY_SHIFT = 20,    /* 300 years are 109 573 days: 17 bits */
};

static const struct cal_period no_period = { .freq = CAL_NONE };

static int64_t
floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0 ? 1 : 0);
}

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
cal_days_in_month(int year, int month)
{
    static const int days[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && is_leap(year) ? 29 : days[month];
}

bool
cal_is_date(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           day <= cal_days_in_month(year, month);
}

/* Years run from March, so that the leap day comes last; 400 years are 146097 days
 * (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
struct cal_date
cal_date_of(int year, int month, int day)
{
    int64_t march_year = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = floor_divide(march_year, 400);
    int64_t year_of_era = march_year - era * 400;
    int64_t march_month = (month + 9) % 12;
    int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (struct cal_date){ (int32_t)(era * 146097 + day_of_era - 719468) };
}

struct cal_date
cal_date_last(void)
{
    return cal_date_of(YEAR_MAX, 12, 31);
}

void
cal_civil(struct cal_date date, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t days = (int64_t)date.days + 719468;
    int64_t era = floor_divide(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    if (ret_year)
        *ret_year = (int)(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
    if (ret_month)
        *ret_month = month;
    if (ret_day)
        *ret_day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
}

struct cal_date
cal_date_at(struct wall_time now)
{
    int64_t days = floor_divide(now.seconds, DAY_SECONDS);
    days = days > INT32_MAX ? INT32_MAX : days < INT32_MIN ? INT32_MIN : days;
    return (struct cal_date){ (int32_t)days };
}

struct wall_time
cal_midnight(struct cal_date date)
{
    return (struct wall_time){ (int64_t)date.days * DAY_SECONDS };
}

static int
year_of(struct cal_date date)
{
    int year = 0;
    cal_civil(date, &year, NULL, NULL);
    return year;
}

static int
days_in_year(int year)
{
    return is_leap(year) ? 366 : 365;
}

/* Monday of ISO week 1: the week that holds 4 January. 1970-01-01 was a Thursday. */
static int32_t
first_monday(int year)
{
    int32_t fourth = cal_date_of(year, 1, 4).days;
    return fourth - (int32_t)(fourth + 3 - 7 * floor_divide(fourth + 3, 7));
}

static int
weeks_in_year(int year)
{
    return (first_monday(year + 1) - first_monday(year)) / 7;
}

/* The ISO week that starts on `monday`: its year is that of its Thursday. */
static struct cal_period
week_from(int32_t monday)
{
    int year = year_of((struct cal_date){ monday + 3 });
    return cal_period_of(CAL_WEEK, year, (monday - first_monday(year)) / 7 + 1);
}

static struct cal_period
day_from(int32_t day)
{
    int year = year_of((struct cal_date){ day });
    return cal_period_of(CAL_DAY, year, day - cal_date_of(year, 1, 1).days + 1);
}

/* Months of one period of a frequency made of months, else 0. */
static int
months_of(enum cal_freq freq)
{
    switch (freq) {
    case CAL_MONTH:
        return 1;
    case CAL_QUARTER:
        return 3;
    case CAL_HALF:
        return 6;
    case CAL_YEAR:
        return 12;
    case CAL_NONE:
    case CAL_DAY:
    case CAL_WEEK:
    case CAL_RANGE:
        break;
    }
    return 0;
}

/* First month and number of months of a period made of months. */
static void
month_span(struct cal_period period, int *ret_first, int *ret_count)
{
    int count = period.freq == CAL_RANGE ? period.length : months_of(period.freq);
    *ret_count = count;
    *ret_first = period.freq == CAL_RANGE ? period.index : (period.index - 1) * count + 1;
}

/* `count` months from `month` on as the frequency they are, or as a range; they stay within one
 * year. */
static struct cal_period
period_of_months(int year, int month, int count)
{
    static const enum cal_freq freqs[] = { CAL_MONTH, CAL_QUARTER, CAL_HALF, CAL_YEAR };
    for (size_t i = 0; i < sizeof freqs / sizeof freqs[0]; i++)
        if (count == months_of(freqs[i]) && (month - 1) % count == 0)
            return cal_period_of(freqs[i], year, (month - 1) / count + 1);
    struct cal_period range = { CAL_RANGE, (int16_t)year, (int16_t)month, (int16_t)count };
    return cal_period_is_valid(range) ? range : no_period;
}

struct cal_period
cal_period_of(enum cal_freq freq, int year, int index)
{
    if (year < YEAR_MIN || year > YEAR_MAX || index < 1 || index > 366)
        return no_period;
    struct cal_period period = { freq, (int16_t)year, (int16_t)index, 0 };
    return cal_period_is_valid(period) ? period : no_period;
}

struct cal_period
cal_month(int year, int month)
{
    return cal_period_of(CAL_MONTH, year, month);
}

static bool
range_is_valid(struct cal_period period)
{
    bool is_inside = period.index >= 1 && period.length >= 2 && period.index + period.length <= 13;
    bool has_name = period.length == 3 || period.length == 6 || period.length == 12;
    return is_inside && !(has_name && (period.index - 1) % period.length == 0);
}

bool
cal_period_is_valid(struct cal_period period)
{
    if (period.year < YEAR_MIN || period.year > YEAR_MAX || period.index < 1)
        return false;
    if (period.freq != CAL_RANGE && period.length != 0)
        return false;
    switch (period.freq) {
    case CAL_DAY:
        return period.index <= days_in_year(period.year);
    case CAL_WEEK:
        return period.index <= weeks_in_year(period.year);
    case CAL_MONTH:
    case CAL_QUARTER:
    case CAL_HALF:
    case CAL_YEAR:
        return period.index <= 12 / months_of(period.freq);
    case CAL_RANGE:
        return range_is_valid(period);
    case CAL_NONE:
        break;
    }
    return false;
}

struct cal_date
cal_period_first(struct cal_period period)
{
    int first = 0;
    int count = 0;
    switch (period.freq) {
    case CAL_DAY:
        return (struct cal_date){ cal_date_of(period.year, 1, 1).days + period.index - 1 };
    case CAL_WEEK:
        return (struct cal_date){ first_monday(period.year) + 7 * (period.index - 1) };
    case CAL_MONTH:
    case CAL_QUARTER:
    case CAL_HALF:
    case CAL_YEAR:
    case CAL_RANGE:
        month_span(period, &first, &count);
        return cal_date_of(period.year, first, 1);
    case CAL_NONE:
        break;
    }
    return (struct cal_date){ 0 };
}

struct cal_date
cal_period_after(struct cal_period period)
{
    int first = 0;
    int count = 0;
    switch (period.freq) {
    case CAL_DAY:
        return (struct cal_date){ cal_period_first(period).days + 1 };
    case CAL_WEEK:
        return (struct cal_date){ cal_period_first(period).days + 7 };
    case CAL_MONTH:
    case CAL_QUARTER:
    case CAL_HALF:
    case CAL_YEAR:
    case CAL_RANGE:
        month_span(period, &first, &count);
        return first + count > 12 ? cal_date_of(period.year + 1, 1, 1)
                                  : cal_date_of(period.year, first + count, 1);
    case CAL_NONE:
        break;
    }
    return (struct cal_date){ 0 };
}

int
cal_period_end_month(struct cal_period period)
{
    int year = 0;
    int month = 0;
    cal_civil((struct cal_date){ cal_period_after(period).days - 1 }, &year, &month, NULL);
    return year > period.year ? 12 : month; /* an ISO week that ends after New Year */
}

double
cal_period_year_share(struct cal_period period)
{
    return cal_period_end_month(period) / 12.0;
}

struct cal_period
cal_period_add(struct cal_period period, int steps)
{
    int months = months_of(period.freq);
    if (period.freq == CAL_RANGE)
        return cal_period_add_years(period, steps);
    if (months == 0 && period.freq != CAL_DAY && period.freq != CAL_WEEK)
        return no_period;
    if (steps > 366 * (YEAR_MAX - YEAR_MIN + 1) || steps < -366 * (YEAR_MAX - YEAR_MIN + 1))
        return no_period;
    if (period.freq == CAL_DAY)
        return day_from(cal_period_first(period).days + steps);
    if (period.freq == CAL_WEEK)
        return week_from(cal_period_first(period).days + 7 * steps);
    int per_year = 12 / months;
    int64_t index = (int64_t)period.year * per_year + period.index - 1 + steps;
    int year = (int)floor_divide(index, per_year);
    return cal_period_of(period.freq, year, (int)(index - (int64_t)year * per_year) + 1);
}

struct cal_period
cal_period_add_years(struct cal_period period, int years)
{
    int64_t year = (int64_t)period.year + years;
    if (year < YEAR_MIN || year > YEAR_MAX)
        return no_period;
    period.year = (int16_t)year;
    int last = period.freq == CAL_DAY    ? days_in_year(period.year)
               : period.freq == CAL_WEEK ? weeks_in_year(period.year)
                                         : period.index;
    period.index = (int16_t)(period.index > last ? last : period.index);
    return period;
}

int64_t
cal_period_key(struct cal_period period)
{
    int64_t after = (int64_t)cal_period_after(period).days - KEY_BASE;
    int64_t first = (int64_t)cal_period_first(period).days - KEY_BASE;
    return after * (1 << KEY_SHIFT) + first;
}

/* First day and the day after the end say which period it is: a day has 1, a week 7, all others are
 * whole months. */
struct cal_period
cal_period_from_key(int64_t key)
{
    int64_t after = key >> KEY_SHIFT;
    int64_t first = key & ((1 << KEY_SHIFT) - 1);
    bool is_possible = key > 0 && first >= 1 && first < after && after < (1 << KEY_SHIFT);
    if (!is_possible)
        return no_period;
    struct cal_date from = { (int32_t)(first + KEY_BASE) };
    struct cal_date to = { (int32_t)(after + KEY_BASE) };
    int year = 0, month = 0, day = 0;
    int to_year = 0, to_month = 0, to_day = 0;
    cal_civil(from, &year, &month, &day);
    cal_civil(to, &to_year, &to_month, &to_day);

    struct cal_period period = no_period;
    if (to.days - from.days == 1)
        period = day_from(from.days);
    else if (to.days - from.days == 7)
        period = week_from(from.days);
    else if (day == 1 && to_day == 1)
        period = period_of_months(year, month, (to_year - year) * 12 + to_month - month);
    bool is_it = period.freq != CAL_NONE && cal_period_key(period) == key;
    return is_it ? period : no_period;
}

int
cal_period_compare(struct cal_period a, struct cal_period b)
{
    int64_t x = cal_period_key(a);
    int64_t y = cal_period_key(b);
    return x < y ? -1 : x > y ? 1 : 0;
}

bool
cal_period_equal(struct cal_period a, struct cal_period b)
{
    return a.freq == b.freq && a.year == b.year && a.index == b.index && a.length == b.length;
}

/* Matches `text` against a pattern in which every '0' stands for a digit; runs of digits become
 * numbers. */
static bool
match(const char *text, size_t length, const char *pattern, int numbers[8])
{
    if (strlen(pattern) != length)
        return false;
    int count = 0;
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] != '0') {
            if (text[i] != pattern[i])
                return false;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return false;
        bool goes_on = i > 0 && pattern[i - 1] == '0';
        numbers[goes_on ? count - 1 : count] =
            (goes_on ? 10 * numbers[count - 1] : 0) + text[i] - '0';
        count += goes_on ? 0 : 1;
    }
    return true;
}

static const struct period_form {
    const char *pattern;
    enum cal_freq freq;
    const char *limits;
} period_forms[] = {
    { "0000", CAL_YEAR, "years are 1900 to 2199" },
    { "0000-A0", CAL_YEAR, "years are 1900 to 2199, and a year has only A1" },
    { "0000-S0", CAL_HALF, "half-years are S1 and S2" },
    { "0000-Q0", CAL_QUARTER, "quarters are Q1 to Q4" },
    { "0000-00", CAL_MONTH, "months are 01 to 12" },
    { "0000-M00", CAL_MONTH, "months are M01 to M12" },
    { "0000-W00", CAL_WEEK, "weeks are W01 to W52, in long years W53" },
    { "0000-D000", CAL_DAY, "days are D001 to D365, in leap years D366" },
    { "0000-00-00", CAL_DAY, "there is no such day" },
    { "0000-00-00/P0M", CAL_RANGE,
      "a range starts on the first of a month and ends within the year" },
    { "0000-00-00/P00M", CAL_RANGE,
      "a range starts on the first of a month and ends within the year" },
};

static struct cal_period
period_build(const struct period_form *form, const int numbers[8])
{
    bool has_date = strncmp(form->pattern, "0000-00-00", 10) == 0;
    if (has_date && !cal_is_date(numbers[0], numbers[1], numbers[2]))
        return no_period;
    if (form->freq == CAL_RANGE)
        return numbers[2] == 1 ? period_of_months(numbers[0], numbers[1], numbers[3]) : no_period;
    if (has_date)
        return day_from(cal_date_of(numbers[0], numbers[1], numbers[2]).days);
    return cal_period_of(form->freq, numbers[0], numbers[1]);
}

int
cal_period_parse(const char *text, size_t length, struct cal_period *ret_period,
                 struct err_note *note)
{
    char quoted[TEXT_QUOTE_MAX];
    for (size_t i = 0; i < sizeof period_forms / sizeof period_forms[0]; i++) {
        const struct period_form *form = &period_forms[i];
        int numbers[8] = { 0, 1 }; /* a bare year is its first */
        if (!match(text, length, form->pattern, numbers))
            continue;
        struct cal_period period = period_build(form, numbers);
        if (period.freq == CAL_NONE)
            return err_set(note, ERR_RANGE, "'%s' is no period: %s",
                           text_quote(text, length, quoted), form->limits);
        *ret_period = period;
        return 0;
    }
    return err_set(note, ERR_SYNTAX,
                   "'%s' is no period: expected 2023, 2023-S1, 2023-Q1, 2023-04, 2023-W05, "
                   "2023-04-05 or 2023-01-01/P2M",
                   text_quote(text, length, quoted));
}

int
cal_date_parse(const char *text, size_t length, struct cal_date *ret_date, struct err_note *note)
{
    char quoted[TEXT_QUOTE_MAX];
    int numbers[8] = { 0 };
    if (!match(text, length, "0000-00-00", numbers))
        return err_set(note, ERR_SYNTAX, "'%s' is no day: expected YYYY-MM-DD, like 2023-07-10",
                       text_quote(text, length, quoted));
    if (!cal_is_date(numbers[0], numbers[1], numbers[2]))
        return err_set(note, ERR_RANGE, "'%s' is no day of the years 1900 to 2199",
                       text_quote(text, length, quoted));
    *ret_date = cal_date_of(numbers[0], numbers[1], numbers[2]);
    return 0;
}

int
cal_instant_parse(const char *text, size_t length, struct wall_time *ret_time,
                  struct err_note *note)
{
    char quoted[TEXT_QUOTE_MAX];
    int n[8] = { 0, 0, 0, 23, 59, 59 };
    if (!match(text, length, "0000-00-00", n) && !match(text, length, "0000-00-00T00:00:00Z", n))
        return err_set(note, ERR_SYNTAX,
                       "'%s' is no moment: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ",
                       text_quote(text, length, quoted));
    if (!cal_is_date(n[0], n[1], n[2]) || n[3] > 23 || n[4] > 59 || n[5] > 59)
        return err_set(note, ERR_RANGE, "'%s' is no moment of the years 1900 to 2199",
                       text_quote(text, length, quoted));
    int64_t midnight = cal_midnight(cal_date_of(n[0], n[1], n[2])).seconds;
    *ret_time = (struct wall_time){ midnight + (int64_t)n[3] * 3600 + (int64_t)n[4] * 60 + n[5] };
    return 0;
}

/* snprintf into a text of CAL_TEXT_MAX bytes: only dates far outside our years would be cut. */
#define PRINT(text, ...) (void)snprintf((text), CAL_TEXT_MAX, __VA_ARGS__)

/* Most of what is printed, by hand: "2023-04". False: numbers that it does not hold. */
static bool
print_month(struct cal_period period, char *text)
{
    if (period.year < 0 || period.year > 9999 || period.index < 0 || period.index > 99)
        return false;
    int left = period.year;
    for (int i = 3; i >= 0; i--, left /= 10)
        text[i] = (char)('0' + left % 10);
    text[4] = '-';
    text[5] = (char)('0' + period.index / 10);
    text[6] = (char)('0' + period.index % 10);
    text[7] = '\0';
    return true;
}

char *
cal_period_print(struct cal_period period, char *text)
{
    switch (period.freq) {
    case CAL_DAY:
        return cal_date_print(cal_period_first(period), text);
    case CAL_WEEK:
        PRINT(text, "%04d-W%02d", period.year, period.index);
        return text;
    case CAL_MONTH:
        if (!print_month(period, text))
            PRINT(text, "%04d-%02d", period.year, period.index);
        return text;
    case CAL_QUARTER:
        PRINT(text, "%04d-Q%d", period.year, period.index);
        return text;
    case CAL_HALF:
        PRINT(text, "%04d-S%d", period.year, period.index);
        return text;
    case CAL_YEAR:
        PRINT(text, "%04d", period.year);
        return text;
    case CAL_RANGE:
        PRINT(text, "%04d-%02d-01/P%dM", period.year, period.index, period.length);
        return text;
    case CAL_NONE:
        break;
    }
    text[0] = '\0';
    return text;
}

char *
cal_date_print(struct cal_date date, char *text)
{
    int year = 0, month = 0, day = 0;
    cal_civil(date, &year, &month, &day);
    PRINT(text, "%04d-%02d-%02d", year, month, day);
    return text;
}

char *
cal_instant_print(struct wall_time when, char *text)
{
    struct cal_date date = cal_date_at(when);
    int64_t second = when.seconds - floor_divide(when.seconds, DAY_SECONDS) * DAY_SECONDS;
    int year = 0, month = 0, day = 0;
    cal_civil(date, &year, &month, &day);
    PRINT(text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(second / 3600),
          (int)(second / 60 % 60), (int)(second % 60));
    return text;
}
