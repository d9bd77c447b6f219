/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/scenario/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/session.h"
#include "agent/spool.h"
#include "collector/intake.h"
#include "collector/ledger_backup.h"
#include "collector/registry.h"
#include "tests/unit/collector/fixture.h"

enum { QUEUE_MAX = 4096, PEER_COLLECTOR = WORLD_AGENTS, FILES_MAX = 64, LINK_DOWN_MS = 30000 };

static const char *const publishers[WORLD_AGENTS] = { "wuxing", "anji" };
static const char *const keys[WORLD_AGENTS] = { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                                                "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID" };

struct packet {
    int64_t at;
    int to; /* agent, or PEER_COLLECTOR */
    int from;
    uint32_t link; /* the connection it travels on; a reopened one does not get it */
    uint8_t *bytes;
    size_t size;
};

struct world;

struct agent {
    struct world *world;
    int index;
    char folder[FILE_PATH_MAX];
    struct spool *spool;
    struct session *session;
    uint32_t link;      /* number of the present connection */
    int64_t link_up_at; /* it is down until then */
    bool link_told;
    size_t spooled; /* files */
    bool has_image; /* of its spool, with so many files */
    size_t image_files;
    bool has_receipt[FILES_MAX];
};

struct world {
    struct fixture *f;
    struct intake *intake;
    struct registry *registry;
    struct agent agents[WORLD_AGENTS];
    struct packet queue[QUEUE_MAX];
    size_t queued;
    struct world_faults faults;
    uint64_t random;
    int64_t now_ms;
    size_t files, rows;
    bool has_backup;
    uint64_t generation;
    struct world_result result;
};

static uint64_t
next_random(struct world *w)
{
    uint64_t z = (w->random += 0x9e3779b97f4a7c15ULL); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static bool
chance(struct world *w, unsigned in_a_thousand)
{
    return next_random(w) % 1000 < in_a_thousand;
}

static struct wall_time
wall_of(const struct world *w)
{
    struct wall_time start = noon(2024, 2, 1);
    start.seconds += w->now_ms / 1000;
    return start;
}

/* ---- the bus ---- */

static void
enqueue(struct world *w, int from, int to, uint32_t link, const uint8_t *bytes, size_t size)
{
    w->result.messages++;
    if (chance(w, w->faults.lose)) {
        w->result.lost++;
        return;
    }
    int copies = chance(w, w->faults.repeat) ? 2 : 1;
    for (int i = 0; i < copies && w->queued < QUEUE_MAX; i++) {
        struct packet *p = &w->queue[w->queued++];
        int64_t wait = chance(w, w->faults.delay) ? (int64_t)(next_random(w) % 60000) : 1;
        *p = (struct packet){
            .at = w->now_ms + 1 + wait, .from = from, .to = to, .link = link, .size = size
        };
        p->bytes = malloc(size);
        assert_non_null(p->bytes);
        memcpy(p->bytes, bytes, size);
    }
}

static void
send_to_agent(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes,
              size_t size)
{
    struct world *w = context;
    struct {
        int agent;
        uint32_t link;
    } to;
    assert_int_equal(sizeof to, peer_size);
    memcpy(&to, peer, sizeof to);
    enqueue(w, PEER_COLLECTOR, to.agent, to.link, bytes, size);
}

/* ---- the agents ---- */

static int
on_send(void *context, const uint8_t *bytes, size_t size)
{
    struct agent *a = context;
    if (a->world->now_ms < a->link_up_at)
        return -1;
    enqueue(a->world, a->index, PEER_COLLECTOR, a->link, bytes, size);
    return 0;
}

static void
on_reopen(void *context)
{
    struct agent *a = context;
    a->link++;
    a->link_told = false;
    a->link_up_at = a->world->now_ms + 50;
}

/* The fates a file's receipt shows must be those its rows deserve: row 1 is refused, the others are
 * taken, however often they were sent. */
static int
on_file_done(void *context, uint64_t first, uint64_t last, const struct wire_fate_note *notes,
             size_t note_count, const uint8_t *fates)
{
    struct agent *a = context;
    struct world *w = a->world;
    size_t count = (size_t)(last - first + 1);
    uint8_t bytes[WIRE_RECORD_MAX];
    size_t size = 0;
    struct record record;
    bool right = count == w->rows + 2 && note_count == 1 && notes[0].seq == first + 1 &&
                 fates[0] == FATE_CONTROL && fates[1] == FATE_REJECTED &&
                 fates[count - 1] == FATE_CONTROL;
    for (size_t i = 2; right && i + 1 < count; i++)
        right = fates[i] == FATE_STORED || fates[i] == FATE_UNCHANGED || fates[i] == FATE_DUPLICATE;
    w->result.wrong_fates += !right;
    assert_int_equal(0, spool_read(a->spool, first, bytes, &size, NULL));
    assert_int_equal(0, record_unpack(bytes, size, &record, NULL));
    assert_int_equal(RECORD_FILE_BEGIN, record.type);
    size_t file = record.as.begin.sha256[1];
    assert_true(file < FILES_MAX);
    w->result.receipts += !a->has_receipt[file];
    a->has_receipt[file] = true;
    return 0;
}

static void
on_report(void *context, const char *text)
{
    (void)context, (void)text; /* words for people */
}

static void
start_agent(struct agent *a)
{
    struct world *w = a->world;
    struct err_note note = { "" };
    struct spool_settings settings = { .folder = a->folder, .retain_days = 90 };
    struct session_port port = { a, on_send, on_reopen, on_file_done, on_report };
    expect_ok(spool_open(&settings, wall_of(w), &a->spool, &note), &note);
    a->session = session_new(a->spool, &port, next_random(w));
    assert_non_null(a->session);
    on_reopen(a);
}

static void
stop_agent(struct agent *a)
{
    session_free(a->session);
    spool_close(a->spool);
    a->session = NULL;
    a->spool = NULL;
}

static void
cut_link(struct agent *a)
{
    struct world *w = a->world;
    session_on_link_lost(a->session, (struct mono_time){ w->now_ms });
    a->link++;
    a->link_told = false;
    a->link_up_at = w->now_ms + (int64_t)(next_random(w) % LINK_DOWN_MS);
}

/* One file: row 1 belongs to another district, the others are months of the agent's own. */
static void
spool_file(struct agent *a, size_t file)
{
    struct world *w = a->world;
    struct err_note note = { "" };
    size_t count = w->rows + 2;
    uint8_t(*bytes)[WIRE_RECORD_MAX] = calloc(count, sizeof *bytes);
    struct spool_payload *payloads = calloc(count, sizeof *payloads);
    uint64_t first = 0;
    assert_non_null(bytes);
    assert_non_null(payloads);
    for (size_t i = 0; i < count; i++) {
        struct record record = { .type = RECORD_SAMPLE };
        char value[16], period[16];
        if (i == 0) {
            record = (struct record){ .type = RECORD_FILE_BEGIN,
                                      .as.begin = { .name = "f.csv", .rows = (uint32_t)w->rows } };
            record.as.begin.sha256[0] = (uint8_t)a->index;
            record.as.begin.sha256[1] = (uint8_t)file;
        } else if (i + 1 == count) {
            record =
                (struct record){ .type = RECORD_FILE_END, .as.end = { .rows = (uint32_t)w->rows } };
        } else {
            size_t month = (file * w->rows + i - 1) % 240;
            (void)snprintf(value, sizeof value, "%zu", 1000 * (size_t)a->index + 10 * file + i);
            (void)snprintf(period, sizeof period, "%zu-%02zu", 2004 + month / 12, 1 + month % 12);
            record.as.sample = sample_of(publishers[i == 1 ? 1 - a->index : a->index], "land",
                                         period, value, "2024-01-12", (uint32_t)i + 1);
        }
        int size = record_pack(&record, bytes[i], sizeof bytes[i], &note);
        assert_true(size > 0);
        payloads[i] = (struct spool_payload){ record.type, bytes[i], (size_t)size };
    }
    expect_ok(spool_append(a->spool, payloads, count, wall_of(w), &first, &note), &note);
    a->spooled++;
    session_on_spooled(a->session, (struct mono_time){ w->now_ms });
    free(bytes);
    free(payloads);
}

/* ---- the collector ---- */

static void
start_collector(struct world *w)
{
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&w->f->site, "ledger.db", path));
    if (!w->f->ledger)
        expect_ok(ledger_open(path, LEDGER_WRITE, &w->f->ledger, &note), &note);
    expect_ok(registry_read(w->f->ledger, w->f->catalogue, &w->registry, &note), &note);
    w->intake = intake_new(w->f->ledger, w->f->catalogue);
    assert_non_null(w->intake);
    intake_set_registry(w->intake, w->registry);
}

/* kill -9: the open transaction and the answers are gone. */
static void
crash_collector(struct world *w)
{
    w->result.crashes++;
    intake_free(w->intake);
    registry_free(w->registry);
    ledger_close(w->f->ledger);
    w->f->ledger = NULL;
    start_collector(w);
}

static void
collector_takes(struct world *w, const struct packet *p)
{
    struct {
        int agent;
        uint32_t link;
    } from = { p->from, p->link };
    char author[16];
    (void)snprintf(author, sizeof author, "%d", p->from + 1);
    intake_take(w->intake, author, (const uint8_t *)&from, sizeof from, p->bytes, p->size,
                wall_of(w));
    if (chance(w, w->faults.crash_collector))
        crash_collector(w);
    else
        (void)intake_commit(w->intake, send_to_agent, w);
}

/* ---- backups ---- */

static void
take_backup(struct world *w)
{
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    struct ledger *reader = fixture_reader(w->f), *copy = NULL;
    assert_int_equal(0, file_join(path, w->f->folder, "backup.db"));
    (void)unlink(path); /* the one before */
    expect_ok(ledger_copy(reader, path, &note), &note);
    ledger_close(reader);
    expect_ok(ledger_open(path, LEDGER_READ, &copy, &note), &note);
    expect_ok(ledger_begin(w->f->ledger, &note), &note);
    expect_ok(ledger_backed_up(w->f->ledger, copy, "backup", wall_of(w), &note), &note);
    expect_ok(ledger_commit(w->f->ledger, &note), &note);
    ledger_close(copy);
    w->has_backup = true;
}

/* The ledger and its disk are gone; the newest backup takes their place. Every connection breaks.
 */
static void
restore_ledger(struct world *w)
{
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], backup[FILE_PATH_MAX];
    struct ledger *copy = NULL;
    w->result.restores++;
    intake_free(w->intake);
    registry_free(w->registry);
    ledger_close(w->f->ledger);
    assert_int_equal(0, site_path(&w->f->site, "ledger.db", path));
    assert_int_equal(0, file_join(backup, w->f->folder, "backup.db"));
    assert_int_equal(0, unlink(path));
    expect_ok(ledger_open(backup, LEDGER_READ, &copy, &note), &note);
    expect_ok(ledger_copy(copy, path, &note), &note);
    ledger_close(copy);
    expect_ok(ledger_open(path, LEDGER_WRITE, &w->f->ledger, &note), &note);
    expect_ok(ledger_begin(w->f->ledger, &note), &note);
    expect_ok(ledger_set_generation(w->f->ledger, ++w->generation, &note), &note);
    expect_ok(ledger_commit(w->f->ledger, &note), &note);
    w->has_backup = false; /* of another generation */
    start_collector(w);
    for (size_t i = 0; i < WORLD_AGENTS; i++)
        cut_link(&w->agents[i]);
}

/* Copies a folder over another. */
static void
copy_folder(const char *from, const char *to)
{
    char command[2 * FILE_PATH_MAX + 64];
    (void)snprintf(command, sizeof command, "rm -rf '%s' && cp -r '%s' '%s'", to, from, to);
    assert_int_equal(0, system(command));
}

static void
save_agent(struct agent *a)
{
    char image[FILE_PATH_MAX];
    (void)snprintf(image, sizeof image, "%.900s.image", a->folder);
    copy_folder(a->folder, image);
    a->has_image = true;
    a->image_files = a->spooled;
}

/* Its disk was restored, and the files imported since then are given to it again. */
static void
restore_agent(struct agent *a)
{
    char image[FILE_PATH_MAX];
    (void)snprintf(image, sizeof image, "%.900s.image", a->folder);
    a->world->result.restores++;
    stop_agent(a);
    copy_folder(image, a->folder);
    a->spooled = a->image_files;
    start_agent(a);
}

static void
disks_turn(struct world *w)
{
    if (chance(w, w->faults.backup))
        take_backup(w);
    if (w->has_backup && chance(w, w->faults.restore_ledger))
        restore_ledger(w);
    for (size_t i = 0; i < WORLD_AGENTS; i++) {
        struct agent *a = &w->agents[i];
        if (chance(w, w->faults.save_agent))
            save_agent(a);
        if (a->has_image && chance(w, w->faults.restore_agent))
            restore_agent(a);
    }
}

/* ---- time ---- */

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
        struct agent *end = &w->agents[p.to == PEER_COLLECTOR ? p.from : p.to];
        bool link_stands = p.link == end->link && w->now_ms >= end->link_up_at;
        if (link_stands && p.to == PEER_COLLECTOR)
            collector_takes(w, &p);
        else if (link_stands)
            session_on_message(end->session, p.bytes, p.size, (struct mono_time){ w->now_ms });
        free(p.bytes);
    }
}

static void
agent_turn(struct agent *a)
{
    struct world *w = a->world;
    struct mono_time now = { w->now_ms };
    if (chance(w, w->faults.crash_agent)) {
        w->result.crashes++;
        stop_agent(a);
        start_agent(a);
    }
    if (chance(w, w->faults.cut_link))
        cut_link(a);
    if (!a->link_told && w->now_ms >= a->link_up_at) {
        a->link_told = true;
        session_on_link_ready(a->session, now, wall_of(w));
    }
    if (a->spooled < w->files && next_random(w) % 4 == 0)
        spool_file(a, a->spooled);
    session_tick(a->session, now, wall_of(w));
}

/* The next moment at which anything can happen. */
static int64_t
next_moment(const struct world *w)
{
    int64_t next = w->now_ms + 3600 * 1000;
    for (size_t i = 0; i < w->queued; i++)
        next = w->queue[i].at < next ? w->queue[i].at : next;
    for (size_t i = 0; i < WORLD_AGENTS; i++) {
        const struct agent *a = &w->agents[i];
        int64_t wake = session_next_wake(a->session).ms;
        next = wake < next ? wake : next;
        if (!a->link_told && a->link_up_at < next)
            next = a->link_up_at;
        if (a->spooled < w->files && w->now_ms + 1000 < next)
            next = w->now_ms + 1000;
    }
    return next > w->now_ms ? next : w->now_ms + 1;
}

static bool
is_drained(const struct world *w)
{
    for (size_t i = 0; i < WORLD_AGENTS; i++) {
        const struct agent *a = &w->agents[i];
        struct ledger_stream stream = { .hwm = 0 };
        if (a->spooled < w->files || !session_is_drained(a->session))
            return false;
        (void)ledger_stream_find(w->f->ledger, spool_stream_id(a->spool), &stream, NULL);
        if (stream.hwm < spool_last(a->spool)) /* a ledger that was restored lacks something */
            return false;
    }
    return true;
}

/* ---- the oracle: content, not numbers ---- */

static void
compare_agent(struct world *w, int index)
{
    struct err_note note = { "" };
    struct ledger_rows rows;
    bool seen[FILES_MAX * 64] = { false };
    int64_t series = ledger_series_id(w->f->ledger, publishers[index], "land");
    w->result.expected += w->files * (w->rows - 1);
    if (series == 0)
        return;
    expect_ok(ledger_read_series(w->f->ledger, series, NULL, &rows, &note), &note);
    for (size_t i = 0; i < rows.count; i++) {
        int64_t value = -1;
        const struct ledger_row *row = &rows.rows[i];
        (void)num_int_parse(row->value, strlen(row->value), 0, 1000000, &value, NULL);
        int64_t rest = value - 1000 * (int64_t)index;
        size_t file = (size_t)(rest / 10), line = (size_t)(rest % 10);
        size_t month = file * w->rows + line - 1;
        bool known =
            rest >= 0 && file < w->files && line >= 2 && line <= w->rows &&
            cal_period_equal(row->period, cal_month(2004 + (int)month / 12, 1 + (int)month % 12));
        if (!known)
            w->result.alien++;
        else if (seen[file * 64 + line])
            w->result.doubled++;
        else
            seen[file * 64 + line] = true;
        w->result.stored += known;
    }
    ledger_rows_done(&rows);
}

static void
world_start(struct world *w, struct fixture *f)
{
    struct err_note note = { "" };
    w->f = f;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    for (int i = 0; i < WORLD_AGENTS; i++) {
        int64_t id = 0;
        expect_ok(ledger_key_add(f->ledger, publishers[i], keys[i], noon(2024, 1, 1), &id, &note),
                  &note);
        assert_int_equal(i + 1, id);
    }
    expect_ok(ledger_commit(f->ledger, &note), &note);
    start_collector(w);
    for (int i = 0; i < WORLD_AGENTS; i++) {
        struct agent *a = &w->agents[i];
        a->world = w;
        a->index = i;
        (void)snprintf(a->folder, sizeof a->folder, "%.900s/spool%d", f->folder, i);
        expect_ok(file_make_folder(a->folder, &note), &note);
        start_agent(a);
    }
}

static void
world_stop(struct world *w)
{
    for (int i = 0; i < WORLD_AGENTS; i++)
        stop_agent(&w->agents[i]);
    for (size_t i = 0; i < w->queued; i++)
        free(w->queue[i].bytes);
    intake_free(w->intake);
    registry_free(w->registry);
}

struct world_result
world_run(uint64_t seed, const struct world_faults *faults, size_t files, size_t rows,
          struct mono_time limit)
{
    void *state = NULL;
    assert_true(files <= FILES_MAX && rows < 10 && files * rows <= 240);
    (void)fixture_setup(&state); /* it asserts */
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->random = seed;
    w->faults = *faults;
    w->files = files;
    w->rows = rows;
    w->generation = 1;
    w->result.seed = seed;
    world_start(w, state);
    while (w->now_ms < limit.ms && !is_drained(w)) {
        w->now_ms = next_moment(w);
        deliver_due(w);
        for (int i = 0; i < WORLD_AGENTS; i++)
            agent_turn(&w->agents[i]);
        disks_turn(w);
    }
    w->result.drained = is_drained(w);
    w->result.took.ms = w->now_ms;
    w->result.receipts_expected = files * WORLD_AGENTS;
    for (int i = 0; i < WORLD_AGENTS; i++)
        compare_agent(w, i);
    w->result.missing = w->result.expected - w->result.stored;
    struct world_result result = w->result;
    world_stop(w);
    free(w);
    assert_int_equal(0, fixture_teardown(&state));
    return result;
}
