/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* srandom */
#include "tests/unit/collector/archive_librrd.h"

#include <errno.h>
#include <math.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, UPDATE_TEXT = 160, SOURCES_MAX = 4 };

static const char *const source_names[SOURCES_MAX] = { "value", "pace", "target", "level" };

void
archive_librrd_prepare(void)
{
    (void)unsetenv("RRDCACHED_ADDRESS");
    (void)rrd_random(); /* seeds once, so that srandom below decides */
}

static int
failed(const char *what, struct err_note *note)
{
    return err_set(note, ERR_LIBRARY, "%s: %s", what, rrd_test_error() ? rrd_get_error() : "?");
}

static int
sources_of(const struct archive_period *periods, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(periods[i].pace) || !isnan(periods[i].target) || !isnan(periods[i].level))
            return SOURCES_MAX;
    return 1;
}

/* "<00:00 UTC after the period>:value[:pace:target:level]" */
static void
print_update(char *text, struct cal_date after, const struct archive_period *period, int sources)
{
    double values[SOURCES_MAX] = { (double)NAN, (double)NAN, (double)NAN, (double)NAN };
    if (period) {
        values[0] = period->value;
        values[1] = period->pace;
        values[2] = period->target;
        values[3] = period->level;
    }
    int n = snprintf(text, UPDATE_TEXT, "%lld", (long long)cal_midnight(after).seconds);
    for (int i = 0; i < sources; i++)
        n += isnan(values[i]) ? snprintf(text + n, (size_t)(UPDATE_TEXT - n), ":U")
                              : snprintf(text + n, (size_t)(UPDATE_TEXT - n), ":%.15g", values[i]);
}

static int
create(const char *path, const struct archive_period *periods, size_t count, int sources,
       int32_t longest, struct err_note *note)
{
    char definitions[SOURCES_MAX + 1][64];
    const char *args[SOURCES_MAX + 1];
    for (int i = 0; i < sources; i++)
        (void)snprintf(definitions[i], sizeof definitions[i], "DS:%s:GAUGE:%lld:U:U",
                       source_names[i], (long long)longest * DAY);
    (void)snprintf(definitions[sources], sizeof definitions[sources], "RRA:AVERAGE:0.5:1:%d",
                   periods[count - 1].after.days - periods[0].first.days);
    for (int i = 0; i <= sources; i++)
        args[i] = definitions[i];
    rrd_clear_error();
    srandom(1);
    if (rrd_create_r2(path, DAY, (time_t)cal_midnight(periods[0].first).seconds, 0, NULL, NULL,
                      sources + 1, args) != 0 ||
        rrd_test_error())
        return failed("create", note);
    return 0;
}

int
archive_librrd_write(const char *path, const struct archive_period *periods, size_t count,
                     struct err_note *note)
{
    char(*texts)[UPDATE_TEXT] = calloc(count * 2, sizeof *texts);
    const char **args = calloc(count * 2, sizeof *args);
    struct cal_date reached = periods[0].first;
    int sources = sources_of(periods, count), updates = 0;
    int32_t longest = 1;
    if (!texts || !args)
        abort();
    for (size_t i = 0; i < count; i++) {
        int32_t gap = periods[i].first.days - reached.days;
        int32_t days = periods[i].after.days - periods[i].first.days;
        longest = gap > longest ? gap : longest;
        longest = days > longest ? days : longest;
        if (gap > 0)
            print_update(texts[updates++], periods[i].first, NULL, sources);
        print_update(texts[updates++], periods[i].after, &periods[i], sources);
        reached = periods[i].after;
    }
    for (int i = 0; i < updates; i++)
        args[i] = texts[i];
    int code = create(path, periods, count, sources, longest, note);
    rrd_clear_error();
    if (code == 0 && (rrd_updatex_r(path, NULL, 0, updates, args) != 0 || rrd_test_error()))
        code = failed("update", note);
    free(texts);
    free(args);
    return code;
}
