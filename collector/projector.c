/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* gettid */
#include "collector/projector.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/channel.h"
#include "collector/projector_work.h"
#include "platform/clock.h"

enum {
    REST_MIN_MS = 100,
    REST_MAX_MS = 500,
    SWEEP_EVERY_MS = 10000, /* 5 ms of 10 s: a twentieth of a percent of a core */
    SWEEP_MS = 5,
    SWEEPS_FIRST = 40, /* without a rest, after a start: all of a small site */
    NICE = 10,
    WAKE = 0, /* a packet is the number of a series to heal, or this */
};

/* `fds` belongs to both; `stopping` is written by the loop and read by the thread; the rest belongs
 * to the thread once it runs. */
struct projector {
    int fds[2];
    pthread_t thread;
    _Atomic bool stopping;
    struct projector_work work;
    struct projector_report report;
    int64_t round_at; /* monotonic ms before which no round begins */
    int64_t sweep_at; /* of the next sweep */
    int first_sweeps; /* still to come */
    bool is_woken;
};

/* ---- the thread ---- */

static void
tell(struct projector *p, int code, const struct err_note *note)
{
    p->report.position = p->work.position;
    p->report.archives = p->work.archives;
    p->report.healed = p->work.healed;
    p->report.code = code;
    (void)snprintf(p->report.words, sizeof p->report.words, "%.250s", code ? note->text : "");
    (void)channel_send(p->fds[CHANNEL_WORKER], &p->report,
                       sizeof p->report); /* the next says it again */
}

static void
do_round(struct projector *p)
{
    struct err_note note = { "" };
    int64_t began = clock_mono().ms;
    p->is_woken = false;
    int code = projector_work_round(&p->work, &note);
    int64_t now = clock_mono().ms, rest = now - began;
    rest = rest < REST_MIN_MS ? REST_MIN_MS : rest > REST_MAX_MS ? REST_MAX_MS : rest;
    p->round_at = now + rest;
    tell(p, code, &note);
}

/* A failure is told only where something was healed: the next sweep tries again. */
static void
do_sweep(struct projector *p)
{
    struct err_note note = { "" };
    int64_t healed = p->work.healed;
    int code = projector_work_sweep(&p->work, SWEEP_MS, &note);
    bool goes_on = p->first_sweeps > 0 && code == 0 && p->work.swept != 0;
    p->first_sweeps = goes_on ? p->first_sweeps - 1 : 0;
    p->sweep_at = clock_mono().ms + (goes_on ? 0 : SWEEP_EVERY_MS);
    if (p->work.healed != healed)
        tell(p, code, &note);
}

static void
take_packet(struct projector *p, int64_t series)
{
    struct err_note note = { "" };
    int64_t healed = p->work.healed;
    if (series == WAKE)
        p->is_woken = true;
    else if (projector_work_heal(&p->work, series, &note) == 0 && p->work.healed != healed)
        tell(p, 0, &note);
}

/* Waits until something is due, or came. */
static bool
wait(const struct projector *p)
{
    int64_t due = p->is_woken && p->round_at < p->sweep_at ? p->round_at : p->sweep_at;
    int64_t left = due - clock_mono().ms;
    struct pollfd fd = { .fd = p->fds[CHANNEL_WORKER], .events = POLLIN };
    return left > 0 ? poll(&fd, 1, (int)left) > 0 : poll(&fd, 1, 0) > 0;
}

static void *
run(void *context)
{
    struct projector *p = context;
    int64_t series;
    /* Linux has it per thread. Where a processor is wanted by both, the loop goes first. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    tell(p, 0, NULL);
    do_round(p);
    p->first_sweeps = SWEEPS_FIRST;
    while (!p->stopping) {
        if (wait(p)) {
            if (channel_receive(p->fds[CHANNEL_WORKER], &series, sizeof series) !=
                (ssize_t)sizeof series)
                break; /* the loop has closed its end */
            take_packet(p, series);
            continue; /* one round serves all wakes that wait */
        }
        if (p->is_woken && clock_mono().ms >= p->round_at)
            do_round(p);
        else if (clock_mono().ms >= p->sweep_at)
            do_sweep(p);
    }
    if (p->report.code == 0)
        (void)projector_work_mark_clean(&p->work, NULL); /* without it the next start rebuilds */
    return NULL;
}

/* ---- the loop's side ---- */

int
projector_start(const struct site *site, struct projector **ret_projector, struct err_note *note)
{
    struct projector *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(note, -ENOMEM, "out of memory");
    p->fds[0] = p->fds[1] = -1;
    int code = projector_work_open(site, &p->stopping, &p->work, note);
    if (code == 0)
        code = channel_open(p->fds);
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
        projector_work_close(&p->work);
        free(p);
        return err_prefix(note, code, "projector");
    }
    *ret_projector = p;
    return 0;
}

void
projector_wake(struct projector *projector)
{
    const int64_t wake = WAKE;
    (void)channel_send(projector->fds[CHANNEL_LOOP], &wake,
                       sizeof wake); /* full: wakes wait already */
}

void
projector_heal(struct projector *projector, int64_t series)
{
    (void)channel_send(projector->fds[CHANNEL_LOOP], &series,
                       sizeof series); /* full: whoever looks next says it again */
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
    projector_work_close(&projector->work);
    free(projector);
}
