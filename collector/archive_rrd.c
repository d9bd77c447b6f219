/* SPDX-License-Identifier: GPL-3.0-or-later
 * librrd's writing half. The design, and why each detail is so, stands in docs/libraries.md:
 * step 86400, one update a period at its end, explicit U, heartbeat = longest period, min/max U:U,
 * temp file + rename, deterministic bytes. */
#define _DEFAULT_SOURCE /* srandom */
#include "collector/archive.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/file.h"

/* librrd starts a file's ring at a random row, drawn from the process's one generator: the same
 * seed each time makes equal bytes, if nobody else draws in between. */
static pthread_mutex_t seeding = PTHREAD_MUTEX_INITIALIZER;

enum { DAY = 86400, UPDATE_TEXT = 160 };

static const char *const source_names[] = { "value", "pace", "target", "level" };
enum { SOURCES = sizeof source_names / sizeof source_names[0] };

void
archive_prepare(void)
{
    (void)unsetenv("RRDCACHED_ADDRESS"); /* a daemon would write behind our back */
    (void)rrd_random();                  /* seeds once, so that srandom below decides */
}

/* What librrd last said; some failures (a full disk) have no words. */
static int
rrd_failed(const char *what, struct err_note *note)
{
    const char *words = rrd_test_error() ? rrd_get_error() : "";
    return err_set(note, ERR_LIBRARY, "%s: %s", what,
                   words[0] ? words : "librrd failed without words (disk full?)");
}

static void
print_number(char *text, size_t size, double value)
{
    if (isnan(value))
        (void)snprintf(text, size, "U");
    else
        (void)snprintf(text, size, "%.15g", value);
}

/* "<00:00 UTC after the period>:value:pace:target:level" */
static void
print_update(char *text, struct cal_date after, const struct archive_period *period)
{
    char number[SOURCES][32];
    const double unknown = (double)NAN;
    print_number(number[0], sizeof number[0], period ? period->value : unknown);
    print_number(number[1], sizeof number[1], period ? period->pace : unknown);
    print_number(number[2], sizeof number[2], period ? period->target : unknown);
    print_number(number[3], sizeof number[3], period ? period->level : unknown);
    (void)snprintf(text, UPDATE_TEXT, "%lld:%s:%s:%s:%s", (long long)cal_midnight(after).seconds,
                   number[0], number[1], number[2], number[3]);
}

/* The updates' texts: a period each, and one more before every gap. */
struct updates {
    char (*texts)[UPDATE_TEXT];
    const char **args;
    size_t count;
    int32_t longest; /* days */
};

static int
make_updates(const struct archive_period *periods, size_t count, struct updates *ret_updates)
{
    struct updates u = { .texts = calloc(count * 2, sizeof *u.texts),
                         .args = calloc(count * 2, sizeof *u.args),
                         .longest = 1 };
    *ret_updates = u;
    if (!u.texts || !u.args)
        return -ENOMEM;
    struct cal_date reached = periods[0].first;
    for (size_t i = 0; i < count; i++) {
        const struct archive_period *p = &periods[i];
        if (p->first.days < reached.days || p->after.days <= p->first.days)
            return ERR_CONFLICT;
        if (p->first.days > reached.days) {
            print_update(u.texts[u.count++], p->first, NULL);
            if (p->first.days - reached.days > u.longest)
                u.longest = p->first.days - reached.days;
        }
        if (p->after.days - p->first.days > u.longest)
            u.longest = p->after.days - p->first.days;
        print_update(u.texts[u.count++], p->after, p);
        reached = p->after;
    }
    for (size_t i = 0; i < u.count; i++)
        u.args[i] = u.texts[i];
    *ret_updates = u;
    return 0;
}

static int
create(const char *path, struct cal_date first, int32_t longest, struct err_note *note)
{
    char sources[SOURCES][64], rra[32];
    const char *definition[SOURCES + 1];
    for (int i = 0; i < SOURCES; i++) {
        (void)snprintf(sources[i], sizeof sources[i], "DS:%s:GAUGE:%lld:U:U", source_names[i],
                       (long long)longest * DAY);
        definition[i] = sources[i];
    }
    (void)snprintf(rra, sizeof rra, "RRA:AVERAGE:0.5:1:%d", ARCHIVE_ROWS);
    definition[SOURCES] = rra;
    rrd_clear_error();
    (void)pthread_mutex_lock(&seeding); /* a plain mutex, locked once here: cannot fail */
    srandom(1);
    int rc = rrd_create_r2(path, DAY, (time_t)cal_midnight(first).seconds, 0, NULL, NULL,
                           SOURCES + 1, definition);
    (void)pthread_mutex_unlock(&seeding);
    return rc != 0 || rrd_test_error() ? rrd_failed("create archive", note) : 0;
}

/* Leaves out what would have rolled out of the archive anyway. */
static size_t
first_kept(const struct archive_period *periods, size_t count)
{
    int32_t oldest = periods[count - 1].after.days - ARCHIVE_ROWS;
    size_t i = 0;
    while (i < count && periods[i].first.days < oldest)
        i++;
    return i < count ? i : count - 1;
}

static int
write_temp(const char *temp, const struct archive_period *periods, size_t count,
           struct err_note *note)
{
    struct updates updates = { 0 };
    int code = make_updates(periods, count, &updates);
    if (code != 0)
        code = err_set(note, code, "archive: %s", err_text(code));
    if (code == 0)
        code = create(temp, periods[0].first, updates.longest, note);
    if (code == 0) {
        rrd_clear_error();
        if (rrd_updatex_r(temp, NULL, 0, (int)updates.count, updates.args) != 0 || rrd_test_error())
            code = rrd_failed("fill archive", note);
    }
    free(updates.texts);
    free(updates.args);
    return code;
}

/* The folder `name` lies in, made if need be. */
static int
make_bucket(const char *folder, const char *name, struct err_note *note)
{
    char bucket[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX];
    size_t length = strcspn(name, "/");
    if (length >= sizeof bucket)
        return err_set(note, ERR_RANGE, "archive name '%s' too long", name);
    memcpy(bucket, name, length);
    bucket[length] = '\0';
    if (file_join(path, folder, bucket) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    return access(path, F_OK) == 0 ? 0 : file_make_folder(path, note);
}

int
archive_write(const char *folder, const char *name, const struct archive_period *periods,
              size_t count, struct err_note *note)
{
    char path[FILE_PATH_MAX], temp[FILE_PATH_MAX];
    if (count == 0)
        return 0;
    int code = make_bucket(folder, name, note);
    if (code != 0)
        return code;
    if (file_join(path, folder, name) != 0 ||
        snprintf(temp, sizeof temp, "%s.new", path) >= (int)sizeof temp)
        return err_set(note, ERR_RANGE, "path too long");
    size_t from = first_kept(periods, count);
    code = write_temp(temp, periods + from, count - from, note);
    if (code == 0 && rename(temp, path) != 0)
        code = err_set(note, -errno, "rename %s: %s", temp, strerror(errno));
    if (code != 0)
        (void)unlink(temp); /* may not be there */
    return code;
}

static void
sweep_bucket(const char *bucket)
{
    struct file_list list;
    char path[FILE_PATH_MAX];
    if (file_list(bucket, &list, NULL) != 0)
        return;
    for (size_t i = 0; i < list.count; i++)
        if (strstr(list.names[i], ".new") && file_join(path, bucket, list.names[i]) == 0)
            (void)unlink(path); /* what stays is swept next time */
    file_list_free(&list);
}

int
archive_sweep(const char *folder, struct err_note *note)
{
    struct file_list list;
    char path[FILE_PATH_MAX];
    int code = file_list(folder, &list, note);
    if (code != 0)
        return code;
    for (size_t i = 0; i < list.count; i++)
        if ((strlen(list.names[i]) == 2 || strcmp(list.names[i], "scratch") == 0) &&
            file_join(path, folder, list.names[i]) == 0)
            sweep_bucket(path);
    file_list_free(&list);
    return 0;
}
