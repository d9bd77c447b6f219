/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/projector.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/channel.h"
#include "collector/projection.h"
#include "collector/rrd_state.h"
#include "platform/file.h"

/* `fds` belongs to both; `stopping` is written by the loop and read by the thread; the rest belongs
 * to the thread once it runs. */
struct projector {
    int fds[2];
    pthread_t thread;
    _Atomic bool stopping;
    const struct site *site;
    struct ledger *ledger;
    char folder[FILE_PATH_MAX];
    bool has_looked; /* whether every archive is there: once a start */
    struct projector_report report;
};

static int
project_one(void *context, const struct ledger_series *series)
{
    struct projector *p = context;
    const struct cat_area *area = catalogue_area(p->site->catalogue, series->area);
    const struct cat_indicator *indicator =
        catalogue_indicator(p->site->catalogue, series->indicator);
    if (!area || !indicator)
        return 0; /* the catalogue no longer knows it: nothing to draw, the ledger keeps it */
    struct view_series view;
    struct err_note note = { "" };
    struct archive_period *periods = NULL;
    char name[ARCHIVE_NAME_MAX];
    size_t count = 0;
    int code = view_series_read(p->ledger, p->site->catalogue, area, indicator, NULL, &view, &note);
    if (code != 0)
        goto out;
    code = projection_make(p->site->catalogue, &view, &periods, &count, &note);
    if (code == 0)
        code = archive_write(p->folder, archive_name(series->id, name), periods, count, &note);
    view_series_done(&view);
    free(periods);
    p->report.archives += code == 0;
out:
    if (code != 0)
        (void)snprintf(p->report.words, sizeof p->report.words, "%s/%s: %.150s", series->area,
                       series->indicator, note.text);
    return code;
}

/* The series to draw are listed first: drawing reads the ledger with the same connection. */
struct series_list {
    struct ledger_series *series;
    size_t count, capacity;
};

static int
list_one(void *context, const struct ledger_series *series)
{
    struct series_list *list = context;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 256;
        struct ledger_series *grown = realloc(list->series, capacity * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        list->series = grown;
        list->capacity = capacity;
    }
    list->series[list->count++] = *series;
    return 0;
}

/* series.csv tells people which file is which series. */
static int
write_index(struct projector *p, struct err_note *note)
{
    struct series_list all = { 0 };
    char *text = NULL, path[FILE_PATH_MAX], name[ARCHIVE_NAME_MAX];
    size_t size = 0;
    int code = ledger_each_series(p->ledger, 0, list_one, &all, note);
    FILE *out = code == 0 ? open_memstream(&text, &size) : NULL;
    if (code == 0 && !out)
        code = err_set(note, -ENOMEM, "out of memory");
    if (out) {
        (void)fputs("archive,area,indicator\n", out); /* its close tells */
        for (size_t i = 0; i < all.count; i++)
            (void)fprintf(out, "%s,%s,%s\n", archive_name(all.series[i].id, name),
                          all.series[i].area, all.series[i].indicator);
        code = file_close_text(out, &text) == 0 ? 0 : err_set(note, -ENOMEM, "out of memory");
    }
    if (code == 0)
        code = file_join(path, p->folder, "series.csv");
    if (code == 0)
        code = file_write(path, text, size, 0644, note);
    free(text);
    free(all.series);
    return code;
}

/* The series of targets that rest on this one: their levels may have changed with it. */
static int
project_dependents(struct projector *p, const struct ledger_series *series)
{
    const struct catalogue *catalogue = p->site->catalogue;
    const struct cat_area *area = catalogue_area(catalogue, series->area);
    const struct cat_indicator *indicator = catalogue_indicator(catalogue, series->indicator);
    struct err_note note = { "" };
    int code = 0;
    for (const struct cat_target *target = catalogue_dependents(catalogue);
         code == 0 && area && indicator && target; target = target->next_dependent) {
        struct ledger_series dependent = { .id = 0 };
        if (target_rests_on(target, area, indicator))
            code = ledger_series_find(p->ledger, target->area->id, target->indicator->id,
                                      &dependent.id, &note);
        if (code != 0)
            (void)snprintf(p->report.words, sizeof p->report.words, "%.250s", note.text);
        (void)snprintf(dependent.area, sizeof dependent.area, "%s", target->area->id);
        (void)snprintf(dependent.indicator, sizeof dependent.indicator, "%s",
                       target->indicator->id);
        if (code == 0 && dependent.id != 0)
            code = project_one(p, &dependent);
    }
    return code;
}

/* It has rows that its archive does not show, or no archive: somebody removed it. */
static bool
wants_drawing(const struct projector *p, const struct ledger_series *series)
{
    char name[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX];
    return series->last_position > p->report.position ||
           file_join(path, p->folder, archive_name(series->id, name)) != 0 ||
           access(path, F_OK) != 0;
}

static void
project_round(struct projector *p)
{
    struct err_note note = { "" };
    struct series_list list = { 0 };
    int64_t reached = ledger_position(p->ledger);
    p->report.words[0] = '\0';
    int code = 0;
    if (reached != p->report.position || !p->has_looked) {
        int64_t from = p->has_looked ? p->report.position : 0;
        code = ledger_each_series(p->ledger, from, list_one, &list, &note);
        for (size_t i = 0; code == 0 && i < list.count && !p->stopping; i++)
            if (wants_drawing(p, &list.series[i]) && (code = project_one(p, &list.series[i])) == 0)
                code = project_dependents(p, &list.series[i]);
        if (code == 0 && !p->stopping)
            code = write_index(p, &note);
    }
    if (code == 0 && !p->stopping) {
        p->report.position = reached;
        p->has_looked = true;
        code = rrd_state_write(p->site, p->ledger, reached, false, &note);
    }
    if (code != 0 && !p->report.words[0])
        (void)snprintf(p->report.words, sizeof p->report.words, "%.250s", note.text);
    p->report.code = code;
    free(list.series);
    (void)channel_send(p->fds[CHANNEL_WORKER], &p->report,
                       sizeof p->report); /* the next says it again */
}

static void *
run(void *context)
{
    struct projector *p = context;
    char wakes[64];
    project_round(p);
    while (!p->stopping) {
        if (channel_receive(p->fds[CHANNEL_WORKER], wakes, sizeof wakes) <= 0)
            break;
        struct pollfd more = { .fd = p->fds[CHANNEL_WORKER], .events = POLLIN };
        while (poll(&more, 1, 0) == 1 && (more.revents & POLLIN) &&
               channel_receive(p->fds[CHANNEL_WORKER], wakes, sizeof wakes) > 0)
            ; /* one round serves all wakes that wait */
        if (!p->stopping)
            project_round(p);
    }
    if (p->report.code == 0)
        (void)rrd_state_write(p->site, p->ledger, p->report.position, true,
                              NULL); /* without it the next start rebuilds */
    return NULL;
}

static int
open_parts(struct projector *p, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = site_path(p->site, "rrd", p->folder);
    if (code == 0)
        code = file_make_folder(p->folder, note);
    if (code == 0)
        code = archive_sweep(p->folder, note);
    if (code == 0)
        code = site_path(p->site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, LEDGER_READ, &p->ledger, note);
    if (code == 0) {
        struct rrd_state state = rrd_state_read(p->site, p->ledger);
        p->report.position = state.is_clean ? state.position : 0;
        code = channel_open(p->fds);
    }
    return code;
}

int
projector_start(const struct site *site, struct projector **ret_projector, struct err_note *note)
{
    struct projector *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(note, -ENOMEM, "out of memory");
    p->site = site;
    p->fds[0] = p->fds[1] = -1;
    int code = open_parts(p, note);
    if (code == 0) {
        int rc = pthread_create(&p->thread, NULL, run, p);
        if (rc != 0)
            code = err_set(note, -rc, "projector: no thread: %s", strerror(rc));
    }
    if (code != 0) {
        if (p->fds[0] >= 0) {
            (void)close(p->fds[0]); /* nothing was sent */
            (void)close(p->fds[1]);
        }
        ledger_close(p->ledger);
        free(p);
        return err_prefix(note, code, "projector");
    }
    *ret_projector = p;
    return 0;
}

void
projector_wake(struct projector *projector)
{
    (void)channel_send(projector->fds[CHANNEL_LOOP], "w", 1); /* full: wakes wait already */
}

int
projector_fd(const struct projector *projector)
{
    return projector->fds[CHANNEL_LOOP];
}

bool
projector_take(struct projector *projector, struct projector_report *ret_report)
{
    return channel_receive(projector->fds[CHANNEL_LOOP], ret_report, sizeof *ret_report) ==
           (ssize_t)sizeof *ret_report;
}

void
projector_stop(struct projector *projector)
{
    if (!projector)
        return;
    projector->stopping = true;
    (void)close(projector->fds[CHANNEL_LOOP]); /* ends the thread's wait */
    (void)pthread_join(projector->thread, NULL);
    (void)close(projector->fds[CHANNEL_WORKER]);
    ledger_close(projector->ledger);
    free(projector);
}
