/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/projector_work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/projection.h"
#include "collector/rrd_state.h"
#include "platform/clock.h"

enum { STOPPED = 1 };

/* ---- what is to be drawn ---- */

struct list {
    struct projector_work *work;
    struct projection_item *items;
    size_t count, room;
    struct err_note *note;
};

static int
list_add(struct list *list, int64_t series, const struct cat_area *area,
         const struct cat_indicator *indicator)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 256;
        struct projection_item *grown = realloc(list->items, room * sizeof *grown);
        if (!grown)
            return err_set(list->note, -ENOMEM, "out of memory");
        list->items = grown;
        list->room = room;
    }
    list->items[list->count++] = (struct projection_item){ series, area, indicator };
    return 0;
}

/* A series the catalogue no longer knows is not drawn; the ledger keeps it. */
static int
list_changed(void *context, const struct ledger_series *series)
{
    struct list *list = context;
    const struct catalogue *catalogue = list->work->site->catalogue;
    const struct cat_area *area = catalogue_area(catalogue, series->area);
    const struct cat_indicator *indicator = catalogue_indicator(catalogue, series->indicator);
    return area && indicator ? list_add(list, series->id, area, indicator) : 0;
}

static int
list_dependent(void *context, const struct cat_area *area, const struct cat_indicator *indicator)
{
    struct list *list = context;
    int64_t id = 0;
    int code = ledger_series_find(list->work->ledger, area->id, indicator->id, &id, list->note);
    return code == 0 && id != 0 ? list_add(list, id, area, indicator) : code;
}

static int
compare_items(const void *left, const void *right)
{
    int64_t l = ((const struct projection_item *)left)->series;
    int64_t r = ((const struct projection_item *)right)->series;
    return (l > r) - (l < r);
}

/* Sorts, and leaves each series once. */
static void
list_settle(struct list *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, compare_items);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->items[kept - 1].series != list->items[i].series)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static int
list_make(struct list *list)
{
    const struct projector_work *work = list->work;
    int code = ledger_each_series(work->ledger, work->is_whole ? 0 : work->position, list_changed,
                                  list, list->note);
    size_t changed = list->count;
    for (size_t i = 0; code == 0 && !work->is_whole && i < changed; i++)
        code = projection_deps_each(work->deps, list->items[i].area, list->items[i].indicator,
                                    list_dependent, list);
    list_settle(list);
    return code;
}

/* ---- files ---- */

/* Before the first file changes the state says so, durably: after a kill or a power cut nothing
 * that was not synced is believed. */
static int
mark_running(struct projector_work *work, struct err_note *note)
{
    if (work->is_marked)
        return 0;
    int code = rrd_state_write(work->site, work->ledger, work->position, RRD_RUNNING, note);
    work->is_marked = code == 0;
    return code;
}

static int
put(struct projector_work *work, int64_t series, const char *bytes, size_t size,
    struct err_note *note)
{
    char name[ARCHIVE_NAME_MAX];
    int code = mark_running(work, note);
    if (code == 0)
        code = archive_put(work->folder, archive_name(series, name), bytes, size, note);
    work->archives += code == 0;
    return code;
}

static int
put_one(void *context, const struct projection_item *item, const char *bytes, size_t size)
{
    struct list *list = context;
    if (*list->work->stopping)
        return STOPPED;
    int code = put(list->work, item->series, bytes, size, list->note);
    return code == 0 ? 0
                     : err_prefix(list->note, code, "%s/%s", item->area->id, item->indicator->id);
}

struct index {
    FILE *out;
    int64_t last; /* the highest number in it */
};

static int
print_series(void *context, const struct ledger_series *series)
{
    struct index *index = context;
    char name[ARCHIVE_NAME_MAX];
    index->last = series->id > index->last ? series->id : index->last;
    (void)fprintf(index->out, "%s,%s,%s\n", archive_name(series->id, name), series->area,
                  series->indicator); /* its close tells */
    return 0;
}

/* series.csv tells people which file is which series. */
static int
write_index(struct projector_work *work, struct err_note *note)
{
    char *text = NULL, path[FILE_PATH_MAX];
    size_t size = 0;
    struct index index = { .out = open_memstream(&text, &size) };
    if (!index.out)
        return err_set(note, -ENOMEM, "out of memory");
    (void)fputs("archive,area,indicator\n", index.out); /* its close tells */
    int code = ledger_each_series(work->ledger, 0, print_series, &index, note);
    if (file_close_text(index.out, &text) != 0)
        return err_set(note, -ENOMEM, "out of memory");
    if (code == 0)
        code = file_join(path, work->folder, "series.csv");
    if (code == 0)
        code = file_write(path, text, size, 0644, note);
    if (code == 0)
        work->indexed = index.last;
    free(text);
    return code;
}

/* Removes archives and spares of `bucket` that none of the series drawn has. */
static void
remove_strays(const struct list *list, const char *bucket)
{
    struct file_list files;
    char path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX + 256], known[ARCHIVE_NAME_MAX];
    if (file_join(path, list->work->folder, bucket) != 0 || file_list(path, &files, NULL) != 0)
        return;
    for (size_t i = 0; i < files.count; i++) {
        struct projection_item wanted = { .series = (int64_t)strtoull(files.names[i], NULL, 16) };
        (void)snprintf(name, sizeof name, "%s/%s", bucket, files.names[i]); /* names have 255 */
        size_t length = strlen(archive_name(wanted.series, known));
        bool is_one = strncmp(known, name, length) == 0 &&
                      (!name[length] || strcmp(name + length, ".spare") == 0);
        bool is_known = is_one && list->count > 0 &&
                        bsearch(&wanted, list->items, list->count, sizeof wanted, compare_items);
        if (!is_known && file_join(path, list->work->folder, name) == 0)
            (void)unlink(path); /* what stays, fsck names */
    }
    file_list_free(&files);
}

static void
remove_all_strays(const struct list *list)
{
    struct file_list buckets;
    if (file_list(list->work->folder, &buckets, NULL) != 0)
        return;
    for (size_t i = 0; i < buckets.count; i++)
        if (strlen(buckets.names[i]) == 2)
            remove_strays(list, buckets.names[i]);
    file_list_free(&buckets);
}

/* ---- the work ---- */

int
projector_work_open(const struct site *site, const _Atomic bool *stopping,
                    struct projector_work *work, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    *work = (struct projector_work){ .site = site, .stopping = stopping };
    int code = site_path(site, "rrd", work->folder);
    if (code == 0)
        code = file_make_folder(work->folder, note);
    if (code == 0)
        code = site_path(site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, LEDGER_READ, &work->ledger, note);
    if (code != 0)
        return code;
    struct rrd_state state = rrd_state_read(site, work->ledger);
    work->is_whole = !state.is_clean;
    work->position = state.is_clean ? state.position : 0;
    return 0;
}

void
projector_work_close(struct projector_work *work)
{
    projection_deps_free(work->deps);
    ledger_close(work->ledger);
    *work = (struct projector_work){ 0 };
}

static int
draw_list(struct projector_work *work, struct list *list)
{
    int code = list_make(list);
    if (code == 0)
        code = projection_draw_many(work->ledger, work->site->catalogue, list->items, list->count,
                                    put_one, list, list->note);
    if (code == 0 && work->is_whole)
        remove_all_strays(list);
    if (code == 0 && list->count > 0 && list->items[list->count - 1].series > work->indexed)
        code = write_index(work, list->note);
    return code;
}

int
projector_work_round(struct projector_work *work, struct err_note *note)
{
    struct list list = { .work = work, .note = note };
    int64_t reached = ledger_position(work->ledger);
    int code = 0;
    if (!work->deps)
        work->deps = projection_deps_new(work->site->catalogue);
    if (!work->deps)
        return err_set(note, -ENOMEM, "out of memory");
    if (work->is_whole)
        code = mark_running(work, note);
    if (code == 0 && work->is_whole)
        code = archive_sweep(work->folder, note);
    if (code == 0 && (reached != work->position || work->is_whole))
        code = draw_list(work, &list);
    free(list.items);
    if (code == STOPPED)
        return 0;
    if (code == 0 && work->is_marked)
        code = rrd_state_write(work->site, work->ledger, reached, RRD_RUNNING_FURTHER, note);
    if (code != 0)
        return code;
    work->position = reached;
    work->is_whole = false;
    return 0;
}

/* Whether the file holds these bytes. */
static bool
holds(const char *path, const char *bytes, size_t size)
{
    char *got = NULL;
    size_t got_size = 0;
    bool is_equal = file_read(path, ARCHIVE_BYTES_MAX, &got, &got_size, NULL) == 0 &&
                    got_size == size && memcmp(got, bytes, size) == 0;
    free(got);
    return is_equal;
}

/* A series with rows that are not drawn yet is left to the next round. */
static int
heal(struct projector_work *work, const struct ledger_series *series, struct err_note *note)
{
    const struct cat_area *area = catalogue_area(work->site->catalogue, series->area);
    const struct cat_indicator *indicator =
        catalogue_indicator(work->site->catalogue, series->indicator);
    char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX], *bytes = NULL;
    size_t size = 0;
    if (!area || !indicator || series->last_position > work->position)
        return 0;
    int code =
        projection_draw(work->ledger, work->site->catalogue, area, indicator, &bytes, &size, note);
    if (code == 0)
        code = file_join(path, work->folder, archive_name(series->id, name));
    if (code == 0 && bytes && !holds(path, bytes, size)) {
        code = put(work, series->id, bytes, size, note);
        work->healed += code == 0;
    }
    free(bytes);
    return code;
}

int
projector_work_heal(struct projector_work *work, int64_t series, struct err_note *note)
{
    struct ledger_series found;
    int code = ledger_series_after(work->ledger, series - 1, &found, note);
    return code == 0 && found.id == series ? heal(work, &found, note) : code;
}

/* series.csv is looked at before the first archive. */
static int
heal_index(struct projector_work *work, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = file_join(path, work->folder, "series.csv");
    return code == 0 && access(path, F_OK) != 0 ? write_index(work, note) : code;
}

int
projector_work_sweep(struct projector_work *work, int64_t ms, struct err_note *note)
{
    const int64_t end = clock_mono().ms + ms;
    struct ledger_series series;
    int code = work->swept == 0 ? heal_index(work, note) : 0;
    while (code == 0) {
        code = ledger_series_after(work->ledger, work->swept, &series, note);
        if (code == 0 && series.id != 0)
            code = heal(work, &series, note);
        if (code == 0)
            work->swept = series.id; /* 0: the last was looked at */
        if (work->swept == 0 || *work->stopping || clock_mono().ms >= end)
            break;
    }
    return code;
}

int
projector_work_mark_clean(struct projector_work *work, struct err_note *note)
{
    if (work->is_whole || !work->is_marked)
        return 0; /* the next start draws all; or nothing was written */
    int code = file_sync_all(work->folder, note);
    return code == 0 ? rrd_state_write(work->site, work->ledger, work->position, RRD_CLEAN, note)
                     : code;
}
