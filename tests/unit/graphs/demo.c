/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo.h"

#include <math.h>
#include <rrd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/cal.h"

static void
demo_empty(struct demo *demo)
{
    *demo = (struct demo){ .format = "svg",
                           .lang = "zh-CN",
                           .size = "page",
                           .title = "高耗低效整治腾出用地面积",
                           .unit = "亩",
                           .cumulation = "YTD",
                           .kind = "V",
                           .archive = "0c/0000000c.rrd",
                           .facts = "[{\"label\":\"最新值\",\"text\":\"980亩\"},"
                                    "{\"label\":\"差距\",\"text\":\"−20亩\",\"level\":\"warn\"}]",
                           .year = 2021,
                           .months = 36,
                           .is_simulated = true,
                           .status = 'A',
                           .target = 2000 };
    for (int i = 0; i < DEMO_MONTHS_MAX; i++)
        demo->values[i] = (double)NAN;
}

void
demo_three_years(struct demo *demo)
{
    demo_empty(demo);
    for (int i = 0; i < 30; i++) {
        const int month = i % 12 + 1;
        if (month == 1)
            continue;
        demo->levels[i] = month < 4 ? 5 - month : month % 4 == 0;
        demo->values[i] = round(2000 * month / 12.0 * (1.02 - 0.15 * demo->levels[i]));
    }
    demo->values[29] = 980;
}

void
demo_growth(struct demo *demo)
{
    demo_empty(demo);
    demo->title = "规模以上工业增加值增速";
    demo->unit = "%";
    demo->kind = "G";
    demo->decimals = 1;
    demo->year = 2023;
    demo->months = 12;
    demo->target = 7;
    demo->values[2] = -3.9;
    demo->values[5] = 0.7;
    demo->levels[2] = demo->levels[5] = 3;
}

static void
must(int is_fine, const char *what)
{
    if (is_fine)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, rrd_test_error() ? rrd_get_error() : "");
    abort();
}

static struct cal_date
month_first(const struct demo *demo, int i)
{
    return cal_date_of(demo->year + i / 12, i % 12 + 1, 1);
}

static char *
number(double value, char *text)
{
    if (isnan(value))
        (void)snprintf(text, 32, "U");
    else
        (void)snprintf(text, 32, "%.3f", value);
    return text;
}

void
demo_archive(const struct demo *demo, const char *folder)
{
    const char *definition[] = { "DS:value:GAUGE:31622400:U:U", "DS:pace:GAUGE:31622400:U:U",
                                 "DS:target:GAUGE:31622400:U:U", "DS:level:GAUGE:31622400:U:U",
                                 "RRA:AVERAGE:0.5:1:7686" };
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, demo->archive);
    *strrchr(path, '/') = '\0';
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/%s", folder, demo->archive);
    rrd_clear_error();
    must(rrd_create_r2(path, 86400, (time_t)cal_midnight(month_first(demo, 0)).seconds, 0, NULL,
                       NULL, 5, definition) == 0,
         "create");
    for (int i = 0; i < demo->months; i++) {
        char update[192], value[32], pace[32], target[32], level[32];
        const bool is_known = !isnan(demo->values[i]);
        const double due = strcmp(demo->cumulation, "YTD") == 0 && demo->kind[0] != 'G'
                               ? demo->target * (i % 12 + 1) / 12
                               : demo->target;
        (void)snprintf(update, sizeof update, "%lld:%s:%s:%s:%s",
                       (long long)cal_midnight(month_first(demo, i + 1)).seconds,
                       number(demo->values[i], value), number(due, pace),
                       number(demo->target, target),
                       number(is_known ? (double)demo->levels[i] : (double)NAN, level));
        const char *updates[] = { update };
        must(rrd_updatex_r(path, NULL, 0, 1, updates) == 0, "update");
    }
}

/* Appends to `text`, which has DEMO_REQUEST_MAX bytes. */
static void __attribute__((format(printf, 2, 3))) append(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text + used, DEMO_REQUEST_MAX - used, format, args);
    va_end(args);
    must(n >= 0 && used + (size_t)n < DEMO_REQUEST_MAX, "request too long");
}

size_t
demo_request(const struct demo *demo, char *text)
{
    static const char *const levels[] = { "normal", "remind", "warn", "severe" };
    char from[CAL_TEXT_MAX], to[CAL_TEXT_MAX];
    int last = -1;
    for (int i = 0; i < demo->months; i++)
        last = isnan(demo->values[i]) ? last : i;
    text[0] = '\0';
    append(text,
           "{\"format\":\"%s\",\"lang\":\"%s\",\"size\":\"%s\",\"archive\":\"%s\","
           "\"from\":\"%d-01-01\",\"to\":\"%d-12-31\",\"title\":\"%s\",\"area\":\"安吉\","
           "\"unit\":\"%s\",\"decimals\":%d,\"cumulation\":\"%s\",\"kind\":\"%s\","
           "\"simulated\":%s,\"as_of\":\"2023-07-20\",\"facts\":%s,\"points\":[",
           demo->format, demo->lang, demo->size, demo->archive, demo->year,
           demo->year + demo->months / 12 - 1, demo->title, demo->unit, demo->decimals,
           demo->cumulation, demo->kind, demo->is_simulated ? "true" : "false", demo->facts);
    for (int i = 0; i <= last; i++) {
        if (isnan(demo->values[i]))
            continue;
        append(text,
               "%s{\"from\":\"%s\",\"to\":\"%s\",\"label\":\"%.7s\",\"value\":\"%.*f\","
               "\"level\":\"%s\",\"status\":\"%c\",\"simulated\":%s}",
               text[strlen(text) - 1] == '[' ? "" : ",", cal_date_print(month_first(demo, i), from),
               cal_date_print(month_first(demo, i + 1), to), from, demo->decimals, demo->values[i],
               levels[demo->levels[i]], i == last ? demo->status : 'A',
               demo->is_simulated ? "true" : "false");
    }
    append(text, "],\"targets\":[");
    for (int i = 0; i < demo->months / 12 && !isnan(demo->target); i++)
        append(text, "%s{\"year\":%d,\"value\":\"%g\"}", i ? "," : "", demo->year + i,
               demo->target);
    append(text, "]}");
    return strlen(text);
}
