/* SPDX-License-Identifier: GPL-3.0-or-later
 * The city: the collector's intake and ledger, their crashes, backups and restores. */
#include "tests/scenario/world_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger_backup.h"

enum { RECORDS_MAX = 4 }; /* of one message, so that a file needs several */

static const char ledger_path[] = "/collector/ledger.db", backup_path[] = "/collector/backup.db";

/* A routing id: which office, and over which of its connections. */
struct peer {
    int office;
    uint32_t link;
};

static struct machine *
machine_of(struct world *w)
{
    return &w->machines[WORLD_COLLECTOR];
}

static bool
is_down(struct world *w)
{
    return disk_is_down(machine_of(w)->disk);
}

static bool
has_crashed(struct world *w)
{
    if (!w->ledger || !is_down(w))
        return !w->ledger;
    w->result.crashes++;
    world_trace(w, "collector: crash");
    city_take_down(w);
    return true;
}

/* Now and then a message is taken in part. */
static bool
is_enough(void *context)
{
    return world_random(context, 16) == 0;
}

/* ---- start and end ---- */

void
city_begin(struct world *w)
{
    struct err_note note = { "" };
    expect_ok(ledger_create(ledger_path, &note), &note);
    expect_ok(ledger_open(ledger_path, LEDGER_WRITE, &w->ledger, &note), &note);
    expect_ok(ledger_begin(w->ledger, &note), &note);
    for (int i = 0; i < WORLD_AGENTS; i++) {
        int64_t id = 0;
        expect_ok(ledger_key_add(w->ledger, world_publishers[i], world_keys[i], noon(2024, 1, 1),
                                 &id, &note),
                  &note);
        assert_int_equal(i + 1, id);
    }
    expect_ok(ledger_commit(w->ledger, &note), &note);
    ledger_close(w->ledger);
    w->ledger = NULL;
    disk_crash(machine_of(w)->disk, DISK_KILL);
}

void
city_start(struct world *w)
{
    struct err_note note = { "" };
    disk_start(machine_of(w)->disk);
    int code = ledger_open(ledger_path, LEDGER_WRITE, &w->ledger, &note);
    if (code == 0)
        code = registry_read(w->ledger, w->catalogue, &w->registry, &note);
    world_trace(w, "collector: start: %d %s", code, note.text);
    if (code != 0) {
        w->failed_starts++;
        city_take_down(w);
        return;
    }
    w->failed_starts = 0;
    w->intake = intake_new(w->ledger, w->catalogue);
    assert_non_null(w->intake);
    intake_set_registry(w->intake, w->registry);
    intake_set_made(w->intake, noon(2024, 1, 31));
    intake_set_budget(w->intake, &(struct budget){ is_enough, w });
    oracle_compare_promises(w);
}

void
city_take_down(struct world *w)
{
    if (!is_down(w))
        disk_crash(machine_of(w)->disk, DISK_KILL);
    intake_free(w->intake);
    registry_free(w->registry);
    ledger_close(w->ledger);
    w->intake = NULL;
    w->registry = NULL;
    w->ledger = NULL;
    world_wait_for_start(w, machine_of(w));
}

/* ---- messages ---- */

static void
send_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct world *w = context;
    struct peer to;
    uint8_t packed[WIRE_MESSAGE_MAX];
    if (is_down(w))
        return; /* it was killed before this */
    assert_int_equal(sizeof to, peer_size);
    memcpy(&to, peer, sizeof to);
    assert_int_equal(0, wire_unpack(bytes, size, w->message, NULL));
    oracle_note(w, w->message);
    if (w->message->kind == WIRE_WELCOME) {
        w->message->as.welcome.records_max = RECORDS_MAX;
        int n = wire_pack(w->message, packed, sizeof packed, NULL);
        assert_true(n > 0);
        bytes = packed;
        size = (size_t)n;
    }
    world_send(w, WORLD_COLLECTOR, to.office, to.link, bytes, size);
}

void
city_take(struct world *w, const struct packet *packet)
{
    struct peer from = { packet->from, packet->link };
    char author[16];
    if (!w->ledger)
        return; /* nobody listens: the connection will break */
    (void)snprintf(author, sizeof author, "%d", w->offices[packet->from].publisher + 1);
    intake_take(w->intake, author, (const uint8_t *)&from, sizeof from, packet->bytes, packet->size,
                world_wall(w, machine_of(w)), (struct mono_time){ w->now_ms });
    if (!has_crashed(w) && world_random(w, 4) == 0)
        city_commit(w); /* rounds of one message, and of more */
}

void
city_commit(struct world *w)
{
    if (!w->ledger)
        return;
    struct intake_round round = intake_commit(w->intake, send_answer, w);
    if (round.code != 0)
        world_trace(w, "collector: commit: %s", round.words);
    controls_settle(w);
    if (!has_crashed(w) && round.code != 0 && round.code != -ENOSPC &&
        ledger_renew(&w->ledger, ledger_path, NULL) == 0)
        intake_set_ledger(w->intake, w->ledger);
    if (!has_crashed(w))
        oracle_count(w);
    (void)has_crashed(w);
}

/* ---- backups ---- */

static int
make_backup(struct world *w)
{
    struct ledger *reader = NULL, *copy = NULL;
    (void)unlink(backup_path); /* the one before */
    w->has_backup = false;
    int code = ledger_open(ledger_path, LEDGER_READ, &reader, NULL);
    if (code == 0)
        code = ledger_copy(reader, backup_path, NULL);
    ledger_close(reader);
    if (code == 0)
        code = file_sync_folder("/collector", NULL);
    w->has_backup = code == 0;
    if (code == 0)
        code = ledger_open(backup_path, LEDGER_READ, &copy, NULL);
    if (code == 0)
        code = ledger_begin(w->ledger, NULL);
    if (code == 0) {
        code = ledger_backed_up(w->ledger, copy, "backup", world_wall(w, machine_of(w)), NULL);
        if (code == 0)
            code = ledger_commit(w->ledger, NULL);
        else
            ledger_rollback(w->ledger);
    }
    ledger_close(copy);
    return code;
}

void
city_backup(struct world *w)
{
    if (!w->ledger)
        return;
    (void)make_backup(w); /* one that failed is none */
    (void)has_crashed(w);
}

/* The ledger and its disk are gone; the newest backup takes their place. Every connection breaks.
 */
void
city_restore(struct world *w)
{
    struct ledger *copy = NULL;
    struct err_note note = { "" };
    w->result.restores++;
    world_trace(w, "collector: the ledger is restored");
    city_take_down(w);
    struct disk *disk = machine_of(w)->disk;
    disk_start(disk);
    disk_fill(disk, false);
    disk_plan(disk, DISK_SOUND, 0, false);
    (void)unlink(ledger_path); /* a restore that was killed left none */
    (void)unlink("/collector/ledger.db-wal");
    expect_ok(ledger_open(backup_path, LEDGER_READ, &copy, &note), &note);
    expect_ok(ledger_copy(copy, ledger_path, &note), &note);
    ledger_close(copy);
    expect_ok(file_sync_folder("/collector", &note), &note);
    expect_ok(ledger_open(ledger_path, LEDGER_WRITE, &w->ledger, &note), &note);
    expect_ok(ledger_begin(w->ledger, &note), &note);
    expect_ok(ledger_set_generation(w->ledger, ++w->generation, &note), &note);
    expect_ok(ledger_commit(w->ledger, &note), &note);
    w->has_backup = false; /* of another generation */
    oracle_forget_promises(w);
    city_take_down(w);
    for (size_t i = 0; i < WORLD_OFFICES; i++)
        world_cut_link(&w->offices[i]);
}
