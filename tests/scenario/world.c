/* SPDX-License-Identifier: GPL-3.0-or-later
 * Time, bus and chance. */
#include "tests/scenario/world_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEN_DAYS_MS = 10 * 24 * 3600 * 1000,
    HEALED_MS = 10 * 60 * 1000,
    FULL_MS = 3600 * 1000,
    CALLS_AHEAD = 60 /* a planned fault strikes within so many calls */
};

static const char *const mounts[WORLD_MACHINES] = { "/wuxing", "/anji", "/clone", "/collector" };

uint64_t
world_random(struct world *w, uint64_t below)
{
    uint64_t z = (w->random += 0x9e3779b97f4a7c15ULL); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (z ^ (z >> 31)) % below;
}

bool
world_chance(struct world *w, unsigned in_a_thousand)
{
    return in_a_thousand > 0 && world_random(w, 1000) < in_a_thousand;
}

struct wall_time
world_wall(const struct world *w, const struct machine *machine)
{
    struct wall_time start = noon(2024, 2, 1);
    start.seconds += w->now_ms / 1000 + machine->clock_s;
    return start;
}

void
world_trace(const struct world *w, const char *format, ...)
{
    if (!getenv("PACEWATCH_TRACE"))
        return;
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "%10.3f s  ", (double)w->now_ms / 1000);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
}

/* ---- the bus ---- */

void
world_send(struct world *w, int from, int to, uint32_t link, const uint8_t *bytes, size_t size)
{
    w->result.messages++;
    if (world_chance(w, w->faults.lose)) {
        w->result.lost++;
        return;
    }
    int copies = world_chance(w, w->faults.repeat) ? 2 : 1;
    for (int i = 0; i < copies && w->queued < QUEUE_MAX; i++) {
        int64_t wait = world_chance(w, w->faults.delay) ? (int64_t)world_random(w, 60000) : 1;
        struct packet *p = &w->queue[w->queued++];
        *p = (struct packet){ w->now_ms + 1 + wait, to, from, link, malloc(size), size };
        assert_non_null(p->bytes);
        memcpy(p->bytes, bytes, size);
    }
}

void
world_cut_link(struct office *o)
{
    struct world *w = o->world;
    if (o->session)
        session_on_link_lost(o->session, (struct mono_time){ w->now_ms });
    o->link++;
    o->link_told = false;
    o->link_up_at = w->now_ms + (int64_t)world_random(w, LINK_DOWN_MS);
}

/* All that has arrived by now; what reaches the collector together is one transaction. */
static void
deliver_due(struct world *w)
{
    for (size_t i = 0; i < w->queued;) {
        if (w->queue[i].at > w->now_ms) {
            i++;
            continue;
        }
        struct packet p = w->queue[i];
        w->queue[i] = w->queue[--w->queued];
        struct office *end = &w->offices[p.to == WORLD_COLLECTOR ? p.from : p.to];
        bool link_stands = p.link == end->link && w->now_ms >= end->link_up_at;
        if (link_stands && p.to == WORLD_COLLECTOR)
            city_take(w, &p);
        else if (link_stands)
            office_receive(end, p.bytes, p.size);
        free(p.bytes);
    }
    city_commit(w);
}

/* ---- chance ---- */

bool
world_may_start(const struct world *w, const struct machine *machine)
{
    return w->now_ms >= machine->up_at;
}

void
world_wait_for_start(struct world *w, struct machine *machine)
{
    machine->up_at = w->now_ms + 1 + (int64_t)world_random(w, 2 * RESTART_MS);
}

static void
jump_clock(struct world *w, struct machine *machine)
{
    static const int64_t day = 86400;
    const int64_t jumps[] = { -54 * 365 * day, 14 * 365 * day, -365 * day, 365 * day, -day, day,
                              -3600,           61 * day,       0,          0 };
    machine->clock_s = jumps[world_random(w, sizeof jumps / sizeof *jumps)];
}

static void
trouble(struct world *w, struct machine *machine)
{
    struct disk *disk = machine->disk;
    static const enum disk_fault errors[] = { DISK_EIO, DISK_FULL, DISK_SHORT };
    enum disk_fault fault = world_chance(w, w->faults.kill)         ? DISK_KILL
                            : world_chance(w, w->faults.power_cut)  ? DISK_POWER_CUT
                            : world_chance(w, w->faults.disk_error) ? errors[world_random(w, 3)]
                                                                    : DISK_SOUND;
    if (fault != DISK_SOUND && !disk_is_down(disk)) {
        disk_plan(disk, fault, 1 + world_random(w, CALLS_AHEAD), false);
        world_trace(w, "%s: fault %d is planned", mounts[machine - w->machines], (int)fault);
        w->result.errors += fault != DISK_KILL && fault != DISK_POWER_CUT;
    }
    if (world_chance(w, w->faults.full_disk)) {
        disk_fill(disk, true);
        machine->empty_at = w->now_ms + (int64_t)world_random(w, FULL_MS);
    } else if (w->now_ms >= machine->empty_at) {
        disk_fill(disk, false);
    }
    if (world_chance(w, w->faults.clock))
        jump_clock(w, machine);
}

static void
disasters(struct world *w)
{
    for (int i = 0; i < WORLD_MACHINES; i++)
        trouble(w, &w->machines[i]);
    if (world_chance(w, w->faults.backup))
        city_backup(w);
    if (w->has_backup && world_chance(w, w->faults.restore_ledger))
        city_restore(w);
    if (w->offices[WORLD_AGENTS].end == 0 && world_chance(w, w->faults.clone))
        office_clone(w);
    for (int i = 0; i < WORLD_OFFICES; i++) {
        struct office *o = &w->offices[i];
        if (world_chance(w, w->faults.cut_link))
            world_cut_link(o);
        if (world_chance(w, w->faults.save_agent) && !disk_is_down(o->machine->disk)) {
            disk_image_free(o->image);
            o->image = disk_save(o->machine->disk);
            o->given_at_image = o->given;
        }
        if (o->image && world_chance(w, w->faults.restore_agent))
            office_set_back(o);
    }
    struct disk *planned = w->machines[w->plan.machine].disk;
    if (w->plan.call)
        w->result.struck |= disk_plan_struck(planned);
    if (w->plan.call && w->now_ms >= HEALED_MS)
        disk_plan(planned, DISK_SOUND, 0, false);
}

/* ---- time ---- */

static void
earlier(int64_t *next, int64_t at)
{
    *next = at < *next ? at : *next;
}

/* The next moment at which anything can happen. */
static int64_t
next_moment(const struct world *w)
{
    int64_t next = w->now_ms + 3600 * 1000;
    for (size_t i = 0; i < w->queued; i++)
        earlier(&next, w->queue[i].at);
    for (size_t i = 0; i < WORLD_OFFICES; i++) {
        const struct office *o = &w->offices[i];
        if (o->end == 0)
            continue;
        if (!o->session) {
            earlier(&next, o->machine->up_at);
            continue;
        }
        earlier(&next, session_next_wake(o->session).ms);
        if (!o->link_told)
            earlier(&next, o->link_up_at);
        if (o->given < o->end)
            earlier(&next, o->give_at);
    }
    if (!w->ledger)
        earlier(&next, w->machines[WORLD_COLLECTOR].up_at);
    return next > w->now_ms ? next : w->now_ms + 1;
}

/* Does everything rest that was given? */
static bool
is_drained(struct world *w)
{
    for (int i = 0; i < WORLD_OFFICES; i++) {
        const struct office *o = &w->offices[i];
        struct ledger_stream stream = { .hwm = 0 };
        if (o->end == 0)
            continue;
        if (!w->ledger || !office_is_drained(o))
            return false;
        (void)ledger_stream_find(w->ledger, spool_stream_id(o->spool), &stream, NULL);
        if (stream.hwm < spool_last(o->spool)) /* a ledger that was restored lacks something */
            return false;
    }
    return true;
}

/* ---- a life ---- */

static enum disk_lie
lie_of(enum world_control control)
{
    return control == CONTROL_NO_FOLDER_SYNC  ? DISK_NO_FOLDER_SYNC
           : control == CONTROL_NO_FILE_SYNC  ? DISK_NO_FILE_SYNC
           : control == CONTROL_NO_SYNC_ERROR ? DISK_NO_SYNC_ERROR
                                              : DISK_HONEST;
}

static void
world_begin(struct world *w, const struct world_plan *plan)
{
    w->plan = *plan;
    w->faults = plan->faults;
    w->random = plan->seed;
    w->generation = 1;
    w->catalogue = world_catalogue();
    w->result.seed = plan->seed;
    w->message = malloc(sizeof *w->message);
    assert_non_null(w->message);
    disk_sqlite_register();
    for (int i = 0; i < WORLD_MACHINES; i++) {
        struct machine *machine = &w->machines[i];
        machine->disk = disk_new(mounts[i], plan->seed * WORLD_MACHINES + (uint64_t)i);
        disk_lie(machine->disk, lie_of(plan->control));
    }
    controls_begin(w);
    city_begin(w);
    w->machines[WORLD_COLLECTOR].up_at = plan->collector_from;
    for (int i = 0; i < WORLD_OFFICES; i++)
        office_begin(w, i);
    if (plan->call)
        disk_plan(w->machines[plan->machine].disk, plan->fault, plan->call, plan->is_sticky);
}

static void
world_end(struct world *w)
{
    city_take_down(w);
    for (int i = 0; i < WORLD_OFFICES; i++) {
        office_take_down(&w->offices[i]);
        disk_image_free(w->offices[i].image);
    }
    for (size_t i = 0; i < w->queued; i++)
        free(w->queue[i].bytes);
    for (int i = 0; i < WORLD_MACHINES; i++) {
        w->result.disk_calls += disk_calls(w->machines[i].disk);
        disk_free(w->machines[i].disk);
    }
    controls_end();
    free(w->message);
}

struct world_result
world_run(const struct world_plan *plan)
{
    assert_true(plan->files + plan->clone_files <= FILES_MAX &&
                (plan->files + plan->clone_files) * plan->rows <= MONTHS_MAX);
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    world_begin(w, plan);
    while (w->now_ms < TEN_DAYS_MS && w->failed_starts < FAILED_STARTS_MAX &&
           !(w->result.drained = is_drained(w))) {
        w->now_ms = next_moment(w);
        deliver_due(w);
        for (int i = 0; i < WORLD_OFFICES; i++)
            office_live(&w->offices[i]);
        if (!w->ledger && world_may_start(w, &w->machines[WORLD_COLLECTOR]))
            city_start(w);
        disasters(w);
    }
    w->result.took.ms = w->now_ms;
    oracle_judge(w);
    world_end(w);
    struct world_result result = w->result;
    free(w);
    return result;
}

bool
world_is_right(const struct world_result *r)
{
    return r->drained && r->missing + r->doubled + r->alien + r->wrong_receipts == 0 &&
           r->broken_words + r->miscounted == 0 && r->receipts == r->receipts_expected;
}

const char *
world_text(const struct world_result *r)
{
    static char text[400];
    (void)snprintf(text, sizeof text,
                   "seed %llu: %s after %lld s, stored %zu of %zu, missing %zu, doubled %zu, alien "
                   "%zu, receipts %zu of %zu, wrong ones %zu, acknowledged but not there %zu, "
                   "miscounted %zu",
                   (unsigned long long)r->seed, r->drained ? "drained" : "NOT drained",
                   (long long)r->took.ms / 1000, r->stored, r->expected, r->missing, r->doubled,
                   r->alien, r->receipts, r->receipts_expected, r->wrong_receipts, r->broken_words,
                   r->miscounted);
    return text;
}
