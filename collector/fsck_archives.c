/* SPDX-License-Identifier: GPL-3.0-or-later
 * The archives, compared byte by byte with what the projector would write now. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/fsck.h"
#include "collector/projection.h"
#include "collector/rrd_state.h"

static const char mend_zh[] =
    "运行中的接收程序会轮流核对归档，由台账重画这一个；立即重画全部：pacewatch rebuild";
static const char mend_en[] =
    "a running collector looks at its archives in turn and draws this one again from the ledger; "
    "all of them, at once: pacewatch rebuild";

struct archives {
    const struct site *site;
    struct ledger *ledger;
    const struct finding_sink *sink;
    struct err_note *note;
    char folder[FILE_PATH_MAX]; /* SITE/rrd */
    struct ledger_series *series;
    size_t count, room;
    size_t behind; /* archives that do not show everything yet */
};

/* ---- one archive ---- */

enum standing { STANDS_TRUE, STANDS_MISSING, STANDS_DIFFERENT, STANDS_ALONE };

static int
look(struct archives *a, const struct ledger_series *series, enum standing *ret_standing)
{
    char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX], *want = NULL, *got = NULL;
    size_t want_size = 0, got_size = 0;
    const struct cat_area *area = catalogue_area(a->site->catalogue, series->area);
    const struct cat_indicator *indicator =
        catalogue_indicator(a->site->catalogue, series->indicator);
    int code = file_join(path, a->folder, archive_name(series->id, name));
    if (code == 0 && area && indicator)
        code = projection_draw(a->ledger, a->site->catalogue, area, indicator, &want, &want_size,
                               a->note);
    if (code != 0)
        return code;
    bool is_there = file_read(path, ARCHIVE_BYTES_MAX, &got, &got_size, NULL) == 0;
    if (!is_there && access(path, F_OK) == 0) {
        *ret_standing = STANDS_DIFFERENT; /* no file of ours */
    } else if (!want || !is_there) {
        *ret_standing = is_there ? STANDS_ALONE : want ? STANDS_MISSING : STANDS_TRUE;
    } else {
        bool is_equal = got_size == want_size && memcmp(got, want, want_size) == 0;
        *ret_standing = is_equal ? STANDS_TRUE : STANDS_DIFFERENT;
    }
    free(want);
    free(got);
    return 0;
}

static bool
is_up_to_date(const struct archives *a)
{
    int64_t position = ledger_position(a->ledger);
    struct rrd_state state = rrd_state_read(a->site, a->ledger);
    return state.is_ours && state.position >= position;
}

static int
tell(const struct archives *a, const struct ledger_series *series, enum standing standing)
{
    char name[ARCHIVE_NAME_MAX];
    struct finding frame = { .weight = FINDING_WRONG,
                             .check = "archives",
                             .object = archive_name(series->id, name),
                             .mend_zh = mend_zh,
                             .mend_en = mend_en };
    switch (standing) {
    case STANDS_MISSING:
        return finding_say(a->sink, &frame, "%s/%s 的归档文件不在",
                           "the archive of %s/%s is missing", series->area, series->indicator);
    case STANDS_DIFFERENT:
        return finding_say(a->sink, &frame, "%s/%s 的归档文件与台账不符",
                           "the archive of %s/%s is not what the ledger says", series->area,
                           series->indicator);
    case STANDS_ALONE:
        frame.weight = FINDING_NOTE;
        frame.mend_zh = "可以删除";
        frame.mend_en = "it may be deleted";
        return finding_say(a->sink, &frame, "目录表已没有 %s/%s，其归档文件仍在",
                           "the catalogue no longer has %s/%s, but its archive is still there",
                           series->area, series->indicator);
    case STANDS_TRUE:
        break;
    }
    return 0;
}

/* What the ledger holds of the series cannot be read, or not be drawn. */
static int
unreadable(const struct archives *a, const char *area, const char *indicator)
{
    char object[2 * SAMPLE_ID_MAX + 2];
    (void)snprintf(object, sizeof object, "%s/%s", area, indicator); /* fits */
    const struct finding frame = { .weight = FINDING_WRONG,
                                   .check = "archives",
                                   .object = object,
                                   .mend_zh = finding_restore_zh,
                                   .mend_en = finding_restore_en };
    return finding_say(a->sink, &frame, "无法核对归档：%s", "its archive cannot be checked: %s",
                       a->note->text);
}

/* A file may be looked at while the projector is about to replace it: what differs is looked at
 * again once the archives have reached the ledger's end. */
static int
check_one(struct archives *a, const struct ledger_series *series)
{
    enum standing standing = STANDS_TRUE;
    int code = look(a, series, &standing);
    if (code != 0)
        return unreadable(a, series->area, series->indicator);
    if (standing == STANDS_TRUE)
        return 0;
    if (standing != STANDS_ALONE && !is_up_to_date(a)) {
        a->behind++;
        return 0;
    }
    code = look(a, series, &standing);
    return code == 0 ? tell(a, series, standing) : unreadable(a, series->area, series->indicator);
}

/* ---- all of them ---- */

static int
list_one(void *context, const struct ledger_series *series)
{
    struct archives *a = context;
    if (a->count == a->room) {
        size_t room = a->room ? a->room * 2 : 256;
        struct ledger_series *grown = realloc(a->series, room * sizeof *grown);
        if (!grown)
            return err_set(a->note, -ENOMEM, "out of memory");
        a->series = grown;
        a->room = room;
    }
    a->series[a->count++] = *series;
    return 0;
}

static int
compare_ids(const void *left, const void *right)
{
    int64_t l = ((const struct ledger_series *)left)->id;
    int64_t r = ((const struct ledger_series *)right)->id;
    return (l > r) - (l < r);
}

/* Is "0c/0000000c.rrd" the archive of a series? They are sorted by id. */
static bool
is_of_series(const struct archives *a, const char *name)
{
    char known[ARCHIVE_NAME_MAX];
    const struct ledger_series wanted = { .id = (int64_t)strtoull(name + 3, NULL, 16) };
    return strcmp(archive_name(wanted.id, known), name) == 0 && a->count > 0 &&
           bsearch(&wanted, a->series, a->count, sizeof wanted, compare_ids);
}

/* All series there are now, by id. */
static int
list_all(struct archives *a)
{
    a->count = 0;
    int code = ledger_each_series(a->ledger, 0, list_one, a, a->note);
    if (a->count > 0)
        qsort(a->series, a->count, sizeof *a->series, compare_ids);
    return code;
}

/* A file whose series came after they were listed is no stray. */
static bool
is_stray(struct archives *a, const char *name)
{
    size_t length = strlen(name);
    if (length < 4 || strcmp(name + length - 4, ".rrd") != 0 || is_of_series(a, name))
        return false;
    return list_all(a) == 0 && !is_of_series(a, name);
}

/* Files of one bucket that are nobody's. */
static int
check_bucket(struct archives *a, const char *bucket)
{
    char path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX + 512];
    struct file_list files;
    if (file_join(path, a->folder, bucket) != 0 || file_list(path, &files, NULL) != 0)
        return 0; /* no folder: nothing of ours */
    int code = 0;
    for (size_t i = 0; code == 0 && i < files.count; i++) {
        (void)snprintf(name, sizeof name, "%s/%s", bucket, files.names[i]); /* names have 255 */
        if (!is_stray(a, name))
            continue;
        const struct finding frame = { .weight = FINDING_NOTE,
                                       .check = "archives",
                                       .object = name,
                                       .mend_zh = "可以删除",
                                       .mend_en = "it may be deleted" };
        code = finding_say(a->sink, &frame, "台账中没有这个归档文件的序列",
                           "the ledger has no series of this archive");
    }
    file_list_free(&files);
    return code;
}

static int
check_strays(struct archives *a)
{
    struct file_list buckets;
    int code = 0;
    if (file_list(a->folder, &buckets, NULL) != 0)
        return 0; /* nothing was drawn yet */
    for (size_t i = 0; code == 0 && i < buckets.count; i++)
        if (strlen(buckets.names[i]) == 2)
            code = check_bucket(a, buckets.names[i]);
    file_list_free(&buckets);
    return code;
}

static int
check_all(struct archives *a)
{
    int code = list_all(a);
    if (code != 0)
        return unreadable(a, "*", "*");
    for (size_t i = 0; code == 0 && i < a->count; i++)
        code = check_one(a, &a->series[i]);
    if (code == 0)
        code = check_strays(a);
    if (code != 0 || a->behind == 0)
        return code;
    const struct finding frame = {
        .weight = FINDING_NOTE,
        .check = "archives",
        .object = "rrd/state",
        .mend_zh = "等待接收程序画完（pacewatch status），未运行时请启动它，然后再检查",
        .mend_en = "let the collector draw them (pacewatch status shows it), start it if it does "
                   "not run, then look again",
    };
    return finding_say(a->sink, &frame, "归档尚未跟上台账：%zu 个文件待画",
                       "the archives are behind the ledger: %zu files are still to be drawn",
                       a->behind);
}

int
fsck_archives(const struct site *site, struct ledger *ledger, const struct finding_sink *sink,
              struct err_note *note)
{
    struct archives a = { .site = site, .ledger = ledger, .sink = sink, .note = note };
    int code = site_path(site, "rrd", a.folder);
    if (code != 0)
        return err_set(note, code, "path too long");
    code = check_all(&a);
    free(a.series);
    return code;
}
