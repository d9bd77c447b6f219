/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"

#include <math.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const EXAMPLE_NAMES[EXAMPLE_COUNT] = {
#define X(name) #name,
    EXAMPLE_TABLE(X)
#undef X
};

enum { REQUEST_MAX = 128 << 10 };

static void
must(int is_fine, const char *what, const char *words)
{
    if (is_fine)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, words);
    abort();
}

void
example_read(const char *examples, const char *name, struct picture *ret_picture)
{
    static char text[REQUEST_MAX];
    char path[512];
    struct err_note note = { "" };
    (void)snprintf(path, sizeof path, "%s/%s.json", examples, name);
    FILE *file = fopen(path, "rb");
    must(file != NULL, path, "cannot be opened");
    const size_t length = fread(text, 1, sizeof text, file);
    must(fclose(file) == 0, path, "cannot be closed");
    must(picture_parse(text, length, ret_picture, &note) == 0, path, note.text);
}

/* What an archive knows of the period that ends with a month. */
struct month {
    double value, pace, target, level;
};

static double
level_number(enum level level)
{
    const int severity = level_severity(level);
    return severity < 0 ? (double)NAN : severity;
}

/* The plan at the end of a month: straight between milestones, straight from zero for what counts
 * up, else the target. */
static double
pace_at(const struct picture *picture, double target, int month, struct cal_date after)
{
    double share = 0, at = 0;
    for (size_t i = 0; i < picture->milestone_count; i++) {
        const struct picture_milestone *milestone = &picture->milestones[i];
        int year, next;
        cal_civil((struct cal_date){ milestone->at.days - 1 }, &year, &next, NULL);
        if (after.days <= milestone->at.days)
            return share + (milestone->value - share) * (month - at) / (next - at);
        share = milestone->value;
        at = next;
    }
    return picture->cumulation == CUMULATION_YTD && picture->kind != 'G' ? target * month / 12
                                                                         : target;
}

static struct month
month_of(const struct picture *picture, int year, int month)
{
    const double unknown = (double)NAN;
    const struct cal_date after = cal_date_of(year + month / 12, month % 12 + 1, 1);
    struct month known = { unknown, unknown, unknown, unknown };
    for (size_t i = 0; i < picture->point_count; i++) {
        if (picture->points[i].to.days != after.days)
            continue;
        known.value = picture->points[i].number;
        known.level = level_number(picture->points[i].level);
    }
    for (size_t i = 0; i < picture->target_count; i++)
        if (picture->targets[i].year == year)
            known.target = picture->targets[i].value;
    if (!isnan(known.target))
        known.pace = pace_at(picture, known.target, month, after);
    return known;
}

static char *
number(double value, char *text, size_t size)
{
    (void)snprintf(text, size, isnan(value) ? "U" : "%.4f", value);
    return text;
}

void
example_archive(const struct picture *picture, const char *folder)
{
    static const char *definition[] = { "DS:value:GAUGE:31622400:U:U", "DS:pace:GAUGE:31622400:U:U",
                                        "DS:target:GAUGE:31622400:U:U",
                                        "DS:level:GAUGE:31622400:U:U", "RRA:AVERAGE:0.5:1:7686" };
    char path[512], update[256], a[32], b[32], c[32], d[32];
    int first, last;
    if (!picture_needs_archive(picture))
        return;
    cal_civil(picture->from, &first, NULL, NULL);
    cal_civil(picture->to, &last, NULL, NULL);
    (void)snprintf(path, sizeof path, "%s/%s", folder, picture->archive);
    *strrchr(path, '/') = '\0';
    (void)mkdir(path, 0700); /* it may be there */
    (void)snprintf(path, sizeof path, "%s/%s", folder, picture->archive);
    rrd_clear_error();
    must(rrd_create_r2(path, 86400, (time_t)cal_midnight(cal_date_of(first, 1, 1)).seconds, 0, NULL,
                       NULL, 5, definition) == 0,
         path, rrd_get_error());
    for (int i = 0; i < (last - first + 1) * 12; i++) {
        const struct month known = month_of(picture, first + i / 12, i % 12 + 1);
        const struct cal_date after = cal_date_of(first + (i + 1) / 12, (i + 1) % 12 + 1, 1);
        (void)snprintf(update, sizeof update, "%lld:%s:%s:%s:%s",
                       (long long)cal_midnight(after).seconds, number(known.value, a, sizeof a),
                       number(known.pace, b, sizeof b), number(known.target, c, sizeof c),
                       number(known.level, d, sizeof d));
        const char *updates[] = { update };
        must(rrd_updatex_r(path, NULL, 0, 1, updates) == 0, path, rrd_get_error());
    }
}
