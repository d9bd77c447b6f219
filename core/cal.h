/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calendar: civil dates, and periods that are calendar objects (a month is a month), never
 * seconds.
 *
 * Dates are proleptic Gregorian, counted in days from 1970-01-01. A period is a frequency (the SDMX
 * letters), a year and an index in the year; a range is a run of whole months that is no other
 * frequency (January and February reported as one: 2023-01-01/P2M). Whether a value is of the
 * period alone, cumulative since January, or a stock at its end is not the period's matter: it is
 * the series' cumulation (core/series.h). */
#ifndef PACEWATCH_CORE_CAL_H
#define PACEWATCH_CORE_CAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

/* Days since 1970-01-01. */
struct cal_date {
    int32_t days;
};

/* UTC seconds since 1970, from the wall clock. */
struct wall_time {
    int64_t seconds;
};

/* Milliseconds of a clock that never jumps. */
struct mono_time {
    int64_t ms;
};

enum cal_freq {
    CAL_NONE = 0,
    CAL_DAY = 'D',
    CAL_WEEK = 'W', /* ISO 8601 weeks, Monday to Sunday */
    CAL_MONTH = 'M',
    CAL_QUARTER = 'Q',
    CAL_HALF = 'S',
    CAL_YEAR = 'A',
    CAL_RANGE = 'R', /* `length` whole months that are no other frequency, e.g. January-February */
};

/* index: day of the year 1..366, ISO week 1..53, month 1..12, quarter 1..4, half 1..2, year 1; for
 * a range its first month. length: months of a range, else 0. The earliest year is 1900, the last
 * 2199. */
struct cal_period {
    enum cal_freq freq;
    int16_t year;
    int16_t index;
    int16_t length;
};

/* Is the civil date real (2023-02-29 is not)? Years 1900..2199. */
bool cal_is_date(int year, int month, int day);

/* The date; the arguments must satisfy cal_is_date. */
struct cal_date cal_date_of(int year, int month, int day);

/* The last day there is: of the year 2199. */
struct cal_date cal_date_last(void);

/* Splits a date; any of the results may be NULL. */
void cal_civil(struct cal_date date, int *ret_year, int *ret_month, int *ret_day);

/* Days of the month, 28..31. */
int cal_days_in_month(int year, int month);

/* The date on which `now` falls in UTC. */
struct cal_date cal_date_at(struct wall_time now);

/* 00:00 UTC of a date, in seconds since 1970. */
struct wall_time cal_midnight(struct cal_date date);

/* First day of a period, and the first day after it: [first, after). */
struct cal_date cal_period_first(struct cal_period period);
struct cal_date cal_period_after(struct cal_period period);

/* The month in which the period ends, 1..12: the data month of Chinese statistics ("1-6 月" ends in
 * June). */
int cal_period_end_month(struct cal_period period);

/* The share of the calendar year done by the period's end, in months over twelve: s(p) of
 * docs/verdicts.md. 0 < s <= 1. */
double cal_period_year_share(struct cal_period period);

/* Builders for the common ones. */
struct cal_period cal_month(int year, int month);
struct cal_period cal_period_of(enum cal_freq freq, int year, int index);

/* Is it a period that exists (month 1..12, week 53 only in long years, ...)? */
bool cal_period_is_valid(struct cal_period period);

/* The period of the same frequency that comes `steps` later (earlier if negative); ranges move by
 * whole years and `steps` counts years. Outside the years 1900..2199 there is no period: freq
 * CAL_NONE, here and in the builders above. */
struct cal_period cal_period_add(struct cal_period period, int steps);

/* The same period one year earlier or later. Day 366 and week 53 become the last of the other year.
 */
struct cal_period cal_period_add_years(struct cal_period period, int years);

/* Order by the day after the end, then by the first day: negative, 0, positive. */
int cal_period_compare(struct cal_period a, struct cal_period b);
bool cal_period_equal(struct cal_period a, struct cal_period b);

/* A number that orders periods as cal_period_compare does and from which the period can be had
 * back: what the ledger stores. Never 0. */
int64_t cal_period_key(struct cal_period period);
struct cal_period cal_period_from_key(int64_t key);

/* Reads the SDMX forms: 2023, 2023-A1, 2023-S1, 2023-Q1, 2023-04, 2023-M04, 2023-W05, 2023-04-05,
 * 2023-D095, 2023-01-01/P2M (P1M, P3M, P6M and P12M from a fitting start become month, quarter,
 * half, year). ERR_SYNTAX or ERR_RANGE with a note that says what was expected. The text must be
 * the period and nothing else. */
int cal_period_parse(const char *text, size_t length, struct cal_period *ret_period,
                     struct err_note *note);

/* Reads YYYY-MM-DD. */
int cal_date_parse(const char *text, size_t length, struct cal_date *ret_date,
                   struct err_note *note);

/* Reads YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ; the bare date means its last second. */
int cal_instant_parse(const char *text, size_t length, struct wall_time *ret_time,
                      struct err_note *note);

enum { CAL_TEXT_MAX = 32 };

/* Writes the SDMX form ("2023-04", "2023-Q1", "2023-01-01/P2M"), the date, or the instant
 * ("2023-04-05T06:07:08Z"). `text` has CAL_TEXT_MAX bytes. Returns `text`. */
char *cal_period_print(struct cal_period period, char *text);
char *cal_date_print(struct cal_date date, char *text);
char *cal_instant_print(struct wall_time when, char *text);

#endif
