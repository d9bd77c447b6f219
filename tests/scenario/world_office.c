/* SPDX-License-Identifier: GPL-3.0-or-later
 * A district office: its inbox, the agent's import, spool, session and receipts, and their crashes.
 */
#include "tests/scenario/world_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/import.h"
#include "agent/orphans.h"
#include "agent/receipt_spooled.h"
#include "platform/file.h"

enum { GIVE_EVERY_MS = 2000, SEGMENT_BYTES = 8192 };

const char *const office_homes[WORLD_OFFICES] = { "/wuxing", "/anji", "/clone" };

static const char *
home_of(const struct office *o)
{
    return office_homes[o->index];
}

static bool
is_down(const struct office *o)
{
    return disk_is_down(o->machine->disk);
}

/* ---- ports of the session ---- */

static int
on_send(void *context, const uint8_t *bytes, size_t size)
{
    struct office *o = context;
    if (is_down(o) || o->world->now_ms < o->link_up_at)
        return -1;
    world_send(o->world, o->index, WORLD_COLLECTOR, o->link, bytes, size);
    return 0;
}

static void
on_reopen(void *context)
{
    struct office *o = context;
    o->link++;
    o->link_told = false;
    o->link_up_at = o->world->now_ms + 50;
}

static const struct cat_publisher *
sender_of(const struct office *o)
{
    return catalogue_publisher(o->world->catalogue, world_publishers[o->publisher]);
}

static int
on_file_done(void *context, uint64_t first, uint64_t last, const struct wire_fate_note *notes,
             size_t note_count, const uint8_t *fates)
{
    struct office *o = context;
    struct spooled_file file = { o->spool, first, last, fates, notes, note_count };
    struct receipt_office desk = { home_of(o), LANG_EN, sender_of(o) };
    char name[64] = "?";
    int code =
        receipt_spooled(&desk, &file, world_wall(o->world, o->machine), name, sizeof name, NULL);
    world_trace(o->world, "%s: receipt of %s: %d", home_of(o), name, code);
    return code;
}

/* Words for people. */
static void
on_report(void *context, const char *text)
{
    const struct office *o = context;
    world_trace(o->world, "%s: %s", home_of(o), text);
}

/* ---- start and end ---- */

static void
on_lost(void *context, const char *name, const uint8_t sha256[RECORD_SHA256])
{
    const struct office *o = context;
    int code = import_bring_back(home_of(o), name, sha256, NULL); /* what fails shows in the end */
    world_trace(o->world, "%s: %s brought back: %d", home_of(o), name, code);
}

static int
make_home(const struct office *o)
{
    static const char *const folders[] = { "inbox", "spool", "done", "rejected", "receipts" };
    int code = 0;
    for (size_t i = 0; !code && i < sizeof folders / sizeof *folders; i++) {
        char path[FILE_PATH_MAX];
        code = file_join(path, home_of(o), folders[i]);
        if (!code)
            code = file_make_folder(path, NULL);
    }
    return code;
}

static void
start(struct office *o)
{
    struct world *w = o->world;
    char path[FILE_PATH_MAX];
    disk_start(o->machine->disk);
    assert_int_equal(0, file_join(path, home_of(o), "spool"));
    struct spool_settings settings = { .folder = path,
                                       .segment_bytes = SEGMENT_BYTES,
                                       .max_bytes = w->plan.spool_max,
                                       .retain_days = 90,
                                       .events = { o, on_report, on_lost } };
    struct session_port port = { o, on_send, on_reopen, on_file_done, on_report };
    struct err_note note = { "" };
    int code = make_home(o);
    if (!code)
        code = spool_open(&settings, world_wall(w, o->machine), &o->spool, &note);
    if (!code)
        code = orphans_find(home_of(o), o->spool, &settings.events, &note);
    world_trace(w, "%s: start: %d %s", home_of(o), code, note.text);
    if (code) {
        office_take_down(o);
        return;
    }
    o->session = session_new(o->spool, &port, world_random(w, UINT64_MAX));
    assert_non_null(o->session);
    on_reopen(o);
}

void
office_take_down(struct office *o)
{
    if (!is_down(o))
        disk_crash(o->machine->disk, DISK_KILL);
    session_free(o->session);
    spool_close(o->spool);
    o->session = NULL;
    o->spool = NULL;
    world_wait_for_start(o->world, o->machine);
}

/* A crash in the last call: nothing of the process is left. */
static bool
has_crashed(struct office *o)
{
    if (!o->session || !is_down(o))
        return !o->session;
    o->world->result.crashes++;
    world_trace(o->world, "%s: crash", home_of(o));
    office_take_down(o);
    return true;
}

void
office_begin(struct world *w, int index)
{
    struct office *o = &w->offices[index];
    o->world = w;
    o->index = index;
    o->publisher = index % WORLD_AGENTS;
    o->end = index < WORLD_AGENTS ? w->plan.files : 0;
    o->machine = &w->machines[index];
    assert_int_equal(0, make_home(o));
    disk_crash(o->machine->disk, DISK_KILL);
}

/* ---- the inbox ---- */

static void
lay_in(struct office *o, size_t file, const char *stem)
{
    char path[FILE_PATH_MAX];
    size_t size = 0;
    char *text = oracle_file(o->world, o->publisher, file, &size);
    (void)snprintf(path, sizeof path, "%s/inbox/%s%zu.csv", home_of(o), stem, file);
    disk_put(o->machine->disk, path, text, size);
    free(text);
}

static void
give(struct office *o)
{
    struct world *w = o->world;
    if (o->given == o->end || w->now_ms < o->give_at)
        return;
    lay_in(o, o->given++, "");
    o->give_at = w->now_ms + (int64_t)world_random(w, 2 * GIVE_EVERY_MS);
    if (world_chance(w, w->faults.again))
        lay_in(o, o->first + world_random(w, o->given - o->first), "again");
}

/* The names in the inbox, first of all by the agent's own look. */
static int
list_inbox(const struct office *o, struct file_list *ret_names)
{
    char path[FILE_PATH_MAX];
    assert_int_equal(0, file_join(path, home_of(o), "inbox"));
    return file_list(path, ret_names, NULL);
}

static void
import_one(struct office *o)
{
    struct world *w = o->world;
    struct file_list names;
    if (list_inbox(o, &names))
        return;
    if (names.count > 0) {
        struct wall_time now = world_wall(w, o->machine);
        struct import_place place = {
            .home = home_of(o),
            .spool = o->spool,
            .tidy = { w->catalogue, sender_of(o), cal_date_last(), LANG_EN },
            .now = now,
        };
        enum import_result result = IMPORT_GONE;
        struct err_note note = { "" };
        const char *name = names.names[world_random(w, names.count)];
        int code = import_file(&place, name, &result, &note);
        world_trace(w, "%s: import of %s: result %d, code %d %s", home_of(o), name, (int)result,
                    code, note.text);
        if (!code && result == IMPORT_SPOOLED)
            session_on_spooled(o->session, (struct mono_time){ w->now_ms });
    }
    file_list_free(&names);
}

/* ---- life ---- */

void
office_live(struct office *o)
{
    struct world *w = o->world;
    if (o->end == 0)
        return;
    if (!o->session) {
        if (world_may_start(w, o->machine))
            start(o);
        if (!o->session)
            return;
    }
    give(o);
    if (!o->link_told && w->now_ms >= o->link_up_at) {
        o->link_told = true;
        session_on_link_ready(o->session, (struct mono_time){ w->now_ms },
                              world_wall(w, o->machine));
    }
    if (has_crashed(o))
        return;
    import_one(o);
    if (has_crashed(o))
        return;
    session_tick(o->session, (struct mono_time){ w->now_ms }, world_wall(w, o->machine));
    if (!has_crashed(o) && world_random(w, 20) == 0)
        spool_prune(o->spool, (struct mono_time){ w->now_ms });
    (void)has_crashed(o);
}

void
office_receive(struct office *o, const uint8_t *bytes, size_t size)
{
    if (!o->session)
        return;
    session_on_message(o->session, bytes, size, (struct mono_time){ o->world->now_ms });
    (void)has_crashed(o);
}

void
office_set_back(struct office *o)
{
    o->world->result.restores++;
    world_trace(o->world, "%s: set back to %zu files", home_of(o), o->given_at_image);
    office_take_down(o);
    disk_put_back(o->machine->disk, o->image);
    for (size_t file = o->given_at_image; file < o->given; file++)
        lay_in(o, file, "");
}

void
office_clone(struct world *w)
{
    struct office *from = &w->offices[0], *to = &w->offices[WORLD_AGENTS];
    if (disk_is_down(from->machine->disk) || w->plan.clone_files == 0)
        return;
    struct disk_image *image = disk_save(from->machine->disk);
    disk_put_back(to->machine->disk, image);
    disk_image_free(image);
    to->first = to->given = w->plan.files;
    to->end = to->first + w->plan.clone_files;
    w->result.clones++;
    world_trace(w, "%s: a clone of %s wakes", home_of(to), home_of(from));
}

bool
office_is_drained(const struct office *o)
{
    struct file_list names;
    if (!o->session || o->given < o->end || !session_is_drained(o->session) ||
        list_inbox(o, &names))
        return false;
    size_t left = names.count;
    file_list_free(&names);
    return left == 0;
}
