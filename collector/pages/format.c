/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BEIJING_SECONDS = 8 * 3600, DECIMALS_MAX = 9 };

static const char minus[] = "−";

char *
format_sent(const char *sent, char *text)
{
    bool is_negative = sent[0] == '-';
    (void)snprintf(text, FORMAT_MAX, "%s%s", is_negative ? minus : "",
                   sent + is_negative); /* a number is shorter than the room */
    return text;
}

char *
format_number(double value, int decimals, char *text)
{
    char number[NUM_TEXT_MAX];
    return format_sent(num_print_short(value, decimals, number), text);
}

char *
format_value(double value, int decimals, char *text)
{
    char number[NUM_TEXT_MAX];
    num_print_short(value, DECIMALS_MAX, number);
    const char *point = strchr(number, '.');
    int have = point ? (int)strlen(point + 1) : 0;
    if (have < decimals && !isnan(value))
        num_print(value, decimals, number);
    return format_sent(number, text);
}

char *
format_share(double share, char *text)
{
    format_number(share * 100.0, 1, text);
    size_t length = strlen(text);
    if (length)
        (void)snprintf(text + length, FORMAT_MAX - length,
                       "%%"); /* a number is shorter than the room */
    return text;
}

const char *
format_month(int month, enum lang lang)
{
    static const char *const zh[12] = { "1月", "2月", "3月", "4月",  "5月",  "6月",
                                        "7月", "8月", "9月", "10月", "11月", "12月" };
    static const char *const en[12] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    return month < 1 || month > 12 ? "" : lang == LANG_ZH ? zh[month - 1] : en[month - 1];
}

/* Months first..last of a year; one month when they are the same. */
static void
print_months(int year, int first, int last, enum lang lang, char *text)
{
    const char *to = format_month(last, lang);
    if (lang == LANG_ZH && first == last)
        (void)snprintf(text, FORMAT_MAX, "%d年%s", year, to);
    else if (lang == LANG_ZH)
        (void)snprintf(text, FORMAT_MAX, "%d年%d—%s", year, first, to);
    else if (first == last)
        (void)snprintf(text, FORMAT_MAX, "%s %d", to, year);
    else
        (void)snprintf(text, FORMAT_MAX, "%s–%s %d", format_month(first, lang), to, year);
}

char *
format_period(struct cal_period period, enum cumulation cumulation, enum lang lang, char *text)
{
    text[0] = '\0';
    if (period.freq == CAL_NONE)
        return text;
    if (period.freq == CAL_DAY || period.freq == CAL_WEEK) {
        char exact[CAL_TEXT_MAX];
        (void)snprintf(text, FORMAT_MAX, "%s", cal_period_print(period, exact));
        return text;
    }
    int first = 1;
    int last = cal_period_end_month(period);
    if (cumulation == CUMULATION_STOCK)
        first = last;
    else if (cumulation == CUMULATION_MONTH)
        cal_civil(cal_period_first(period), NULL, &first, NULL);
    print_months(period.year, first, last, lang, text);
    return text;
}

char *
format_moment(struct wall_time when, char *text)
{
    char instant[CAL_TEXT_MAX];
    when.seconds += BEIJING_SECONDS;
    cal_instant_print(when, instant);
    (void)snprintf(text, FORMAT_MAX, "%.10s %.5s", instant,
                   strlen(instant) > 11 ? instant + 11 : "");
    return text;
}

struct cal_date
format_today(struct wall_time now)
{
    now.seconds += BEIJING_SECONDS;
    return cal_date_at(now);
}

const char *
format_level_sign(enum level level)
{
    static const char *const signs[LEVEL_COUNT] = {
        [LEVEL_NORMAL] = "●",  [LEVEL_REMIND] = "◆",  [LEVEL_WARN] = "▲",
        [LEVEL_SEVERE] = "■",  [LEVEL_REACHED] = "✓", [LEVEL_UNKNOWN] = "?",
        [LEVEL_NOT_DUE] = "○", [LEVEL_PENDING] = "…", [LEVEL_NOT_APPLICABLE] = "–",
    };
    return level < LEVEL_COUNT ? signs[level] : "";
}

bool
format_unit_is_plain(const char *name)
{
    return name[0] < '0' || name[0] > '9';
}
