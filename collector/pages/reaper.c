/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/reaper.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/clock.h"

/* FREE -> (taken) BUSY -> LIVE <-> BUSY while one of the two looks at it -> FREE */
enum slot_state { SLOT_FREE, SLOT_LIVE, SLOT_BUSY };

struct reaper_slot {
    _Atomic int state;
    _Atomic int64_t deadline_ms;
    int fd; /* of who holds the slot busy */
};

struct reaper {
    struct reaper_slot slots[REAPER_SLOTS];
    _Atomic uint64_t ended;
    int turn_ms;
    int wake[2]; /* closing the write end stops the thread */
    pthread_t thread;
};

static bool
slot_take(struct reaper_slot *slot, int from)
{
    return atomic_compare_exchange_strong(&slot->state, &from, SLOT_BUSY);
}

static void
reap(struct reaper *reaper, int64_t now_ms)
{
    for (size_t i = 0; i < REAPER_SLOTS; i++) {
        struct reaper_slot *slot = &reaper->slots[i];
        if (atomic_load(&slot->state) != SLOT_LIVE || atomic_load(&slot->deadline_ms) > now_ms)
            continue;
        if (!slot_take(slot, SLOT_LIVE))
            continue;
        if (atomic_load(&slot->deadline_ms) <= now_ms) {
            /* counted before the peer can notice */
            atomic_store(&slot->deadline_ms, INT64_MAX);
            atomic_fetch_add(&reaper->ended, 1);
            (void)shutdown(slot->fd, SHUT_RDWR); /* already gone is as good */
        }
        atomic_store(&slot->state, SLOT_LIVE);
    }
}

static void *
run(void *context)
{
    struct reaper *reaper = context;
    struct pollfd stop = { .fd = reaper->wake[0], .events = POLLIN };
    while (poll(&stop, 1, reaper->turn_ms) <= 0 || stop.revents == 0)
        reap(reaper, clock_mono().ms);
    return NULL;
}

int
reaper_start(int turn_ms, struct reaper **ret_reaper, struct err_note *note)
{
    struct reaper *reaper = calloc(1, sizeof *reaper);
    if (!reaper)
        return err_set(note, -ENOMEM, "out of memory");
    reaper->turn_ms = turn_ms;
    if (pipe(reaper->wake) != 0) {
        int code = -errno;
        free(reaper);
        return err_set(note, code, "pipe: %s", err_text(code));
    }
    int code = -pthread_create(&reaper->thread, NULL, run, reaper);
    if (code) {
        (void)close(reaper->wake[0]); /* nothing was written */
        (void)close(reaper->wake[1]);
        free(reaper);
        return err_set(note, code, "thread: %s", err_text(code));
    }
    *ret_reaper = reaper;
    return 0;
}

void
reaper_stop(struct reaper *reaper)
{
    if (!reaper)
        return;
    (void)close(reaper->wake[1]); /* wakes the thread */
    (void)pthread_join(reaper->thread, NULL);
    (void)close(reaper->wake[0]);
    free(reaper);
}

struct reaper_slot *
reaper_watch(struct reaper *reaper, int fd, struct mono_time deadline)
{
    for (size_t i = 0; i < REAPER_SLOTS; i++) {
        struct reaper_slot *slot = &reaper->slots[i];
        if (atomic_load(&slot->state) != SLOT_FREE || !slot_take(slot, SLOT_FREE))
            continue;
        slot->fd = fd;
        atomic_store(&slot->deadline_ms, deadline.ms);
        atomic_store(&slot->state, SLOT_LIVE);
        return slot;
    }
    return NULL;
}

void
reaper_extend(struct reaper_slot *slot, struct mono_time deadline)
{
    atomic_store(&slot->deadline_ms, deadline.ms);
}

void
reaper_forget(struct reaper_slot *slot)
{
    if (!slot)
        return;
    while (!slot_take(slot, SLOT_LIVE))
        (void)sched_yield(); /* the reaper is at its one system call */
    atomic_store(&slot->state, SLOT_FREE);
}

uint64_t
reaper_count(const struct reaper *reaper)
{
    return atomic_load(&reaper->ended);
}
