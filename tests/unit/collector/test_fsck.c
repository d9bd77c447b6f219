/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small site in order, damaged in one place at a time: fsck names exactly that. */
#include "tests/unit/collector/fixture.h"

#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/fsck.h"
#include "collector/projector.h"

enum { SAID_MAX = 512 };

/* ---- the site ---- */

static struct ledger_stream
make_stream(struct fixture *f)
{
    static const uint8_t id[WIRE_STREAM_ID] = "stream A";
    struct err_note note = { "" };
    struct ledger_stream stream;
    expect_ok(ledger_stream_make(f->ledger, id, "wuxing", noon(2023, 3, 1), &stream, &note), &note);
    return stream;
}

static void
advance(struct fixture *f, struct ledger_stream *stream, size_t count, const uint8_t *fates)
{
    struct err_note note = { "" };
    const uint8_t checks[8 * LEDGER_CHECK] = { 0 };
    uint64_t first = stream->hwm + 1;
    stream->hwm += count;
    expect_ok(ledger_stream_advance(f->ledger, stream, first, count, fates, checks,
                                    noon(2023, 3, 1), &note),
              &note);
}

static void
store(struct fixture *f, struct ledger_file *file, const char *period, const char *value,
      uint32_t row)
{
    struct err_note note = { "" };
    struct sample sample = sample_of("wuxing", "land", period, value, "2023-03-01", row);
    struct sample_place place = { .area = catalogue_area(f->catalogue, "wuxing"),
                                  .indicator = catalogue_indicator(f->catalogue, "land"),
                                  .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    enum wire_fate fate = FATE_NONE;
    expect_ok(ledger_apply(f->ledger, file, &sample, &place, noon(2023, 3, 1), &fate, &note),
              &note);
    assert_int_equal(FATE_STORED, fate);
    file->fates[fate]++;
}

/* Two rows and a refused one, in two batches. */
static void
receive_file(struct fixture *f)
{
    static const uint8_t first[] = { FATE_CONTROL, FATE_STORED, FATE_REJECTED };
    static const uint8_t second[] = { FATE_STORED, FATE_CONTROL };
    struct err_note note = { "" };
    struct ledger_stream stream = make_stream(f);
    struct record_begin begin = { .rows = 3, .name = "a.csv" };
    struct ledger_file file;
    struct wall_time now = noon(2023, 3, 1);
    expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
    stream.submission = file.submission;
    store(f, &file, "2023-01", "100", 2);
    expect_ok(
        ledger_quarantine(f->ledger, &stream, 3, 3, 1, "why", (const uint8_t *)"x", 1, now, &note),
        &note);
    file.fates[FATE_REJECTED]++;
    advance(f, &stream, sizeof first, first);
    store(f, &file, "2023-02", "200", 4);
    expect_ok(ledger_file_count(f->ledger, &file, &note), &note);
    expect_ok(ledger_file_end(f->ledger, &file, now, &note), &note);
    stream.submission = 0;
    advance(f, &stream, sizeof second, second);
}

static void
raise_alert(struct fixture *f)
{
    struct err_note note = { "" };
    struct ledger_alert_event event = { .event = ALERT_OPENED,
                                        .level = LEVEL_WARN,
                                        .period = cal_month(2023, 2),
                                        .at = cal_date_of(2023, 3, 1),
                                        .position = 2 };
    struct ledger_mail mail = { .firing = "1", .recipient = "a@b", .subject = "s", .body = "b" };
    int64_t id = 0;
    const struct cat_target *target = catalogue_target(f->catalogue, "t-land-wuxing");
    expect_ok(ledger_alert_record(f->ledger, target, 0, &event, &id, &note), &note);
    expect_ok(ledger_outbox_add(f->ledger, id, &mail, &note), &note);
}

/* Lets a projector draw, and heal so many archives. */
static void
draw(const struct site *site, int64_t healed)
{
    struct err_note note = { "" };
    struct projector *projector = NULL;
    struct projector_report report = { .code = -1 };
    expect_ok(projector_start(site, &projector, &note), &note);
    struct pollfd fd = { .fd = projector_fd(projector), .events = POLLIN };
    while (report.code != 0 || report.position == 0 || report.healed < healed) {
        assert_int_equal(1, poll(&fd, 1, 10000));
        assert_true(projector_take(projector, &report));
        assert_int_equal(0, report.code);
    }
    projector_stop(projector);
}

static int
site_setup(void **state)
{
    struct err_note note = { "" };
    int64_t id = 0;
    int code = fixture_setup(state);
    struct fixture *f = *state;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_key_add(f->ledger, "wuxing", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                             noon(2023, 1, 1), &id, &note),
              &note);
    receive_file(f);
    raise_alert(f);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    ledger_close(f->ledger);
    f->ledger = NULL;
    draw(&f->site, 0);
    return code;
}

/* ---- what fsck says ---- */

/* The checks that found something, in order, each once; "~" before what only deserves attention. */
static int
remember(void *context, const struct finding *finding)
{
    char *said = context;
    char word[64];
    (void)snprintf(word, sizeof word, "%s%s", finding->weight == FINDING_NOTE ? "~" : "",
                   finding->check);
    size_t used = strlen(said), length = strlen(word);
    assert_true(finding->zh[0] && finding->en[0] && finding->object[0]);
    assert_non_null(finding->mend_zh);
    assert_non_null(finding->mend_en);
    if (used >= length && strcmp(said + used - length, word) == 0)
        return 0;
    (void)snprintf(said + used, SAID_MAX - used, "%s%s", used > 0 ? " " : "", word);
    return 0;
}

static void
expect_said(struct fixture *f, const char *what, const char *want)
{
    struct err_note note = { "" };
    char said[SAID_MAX] = "";
    const struct finding_sink sink = { remember, said };
    expect_ok(fsck_site(&f->site, noon(2023, 3, 4), &sink, &note), &note);
    if (strcmp(want, said) != 0)
        fail_msg("%s: expected '%s', got '%s'", what, want, said);
}

static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *words = NULL;
    assert_int_equal(SQLITE_OK, sqlite3_open(path, &db));
    if (sqlite3_exec(db, sql, NULL, NULL, &words) != SQLITE_OK)
        fail_msg("%s: %s", sql, words);
    assert_int_equal(SQLITE_OK, sqlite3_close(db));
}

#define NEWER_STREAM                                                                 \
    "INSERT INTO stream (stream, publisher, hwm, chain, made) SELECT zeroblob(16), " \
    "publisher, 0, chain, heard + 1 FROM stream WHERE id = 1;"

static const struct damage {
    const char *sql, *said;
} damages[] = {
    { "SELECT 1", "~backup" },
    { "DELETE FROM batch WHERE first = 1", "batches counts quarantine submissions ~backup" },
    { "DELETE FROM batch WHERE first = 4", "batches counts submissions ~backup" },
    { "UPDATE batch SET checks = x'00' WHERE first = 1", "batches ~backup" },
    { "UPDATE batch SET fates = x'010706' WHERE first = 1", "batches counts submissions ~backup" },
    { "UPDATE stream SET hwm = hwm + 1", "batches counts ~backup" },
    { "UPDATE stream SET stored = stored - 1, revised = revised + 1", "counts ~backup" },
    { "DELETE FROM quarantine", "quarantine submissions ~backup" },
    { "UPDATE quarantine SET seq = 4", "quarantine ~backup" },
    { "UPDATE submission SET stored = 3", "submissions chain ~backup" },
    { "UPDATE submission SET completed = NULL", "~submissions chain ~backup" },
    { "UPDATE stream SET submission = 1", "submissions ~backup" },
    { "DELETE FROM observation WHERE position = 1",
      "submissions positions chain archives ~backup" },
    { "UPDATE observation SET position = 1", "positions series chain ~backup" },
    { "UPDATE series SET judged_position = 9", "series ~backup" },
    { "UPDATE series SET newest = 9", "series ~backup" },
    { "UPDATE stream SET safe_upto = 6", "streams ~backup" },
    { "UPDATE stream SET held = 9", "~backup" }, /* still spooled */
    { "UPDATE stream SET held = 9;" NEWER_STREAM, "~streams ~backup" },
    { NEWER_STREAM, "~backup" }, /* all of it had come */
    { "UPDATE alert SET is_open = 0", "alerts ~backup" },
    { "UPDATE alert_event SET position = 3", "alerts ~backup" },
    { "DELETE FROM alert_event", "references alerts ~backup" },
    { "UPDATE publisher_key SET publisher = 'nobody'", "catalogue ~backup" },
    { "UPDATE publisher_key SET publisher = 'nobody', revoked = 1", "~backup" },
    { "UPDATE alert SET target = 'no-such-target'", "catalogue ~backup" },
    { "UPDATE series SET area = 'atlantis'", "chain catalogue ~archives ~backup" },
    { "UPDATE series SET area = 'atlantis'; INSERT INTO catalogue VALUES (1, 0, 0, 'x'); INSERT "
      "INTO catalogue_table VALUES (1, 'areas.csv', CAST('id' || char(10) || 'atlantis,x' AS "
      "BLOB))",
      "chain ~archives ~backup" },
    { "UPDATE observation SET value = '150' WHERE position = 1", "chain archives ~backup" },
    { "UPDATE submission SET name = 'b.csv'", "chain ~backup" },
    { "UPDATE submission SET digest = zeroblob(32)", "chain ~backup" },
    { "UPDATE observation SET note = 'x' WHERE position = 2", "chain ~backup" },
    { "UPDATE meta SET value = 99 WHERE key = 'schema'", "ledger" },
    { "DROP TABLE batch", "batches counts quarantine submissions ~backup" },
};

static void
each_damage_is_named_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX], *whole = NULL;
    size_t size = 0;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    expect_ok(file_read(path, (size_t)1 << 24, &whole, &size, &note), &note);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        run_sql(path, damages[i].sql);
        expect_said(f, damages[i].sql, damages[i].said);
        expect_ok(file_write(path, whole, size, 0600, &note), &note);
    }
    expect_said(f, "all put right again", "~backup");
    free(whole);
}

/* ---- archives ---- */

static void
damage_archive(const char *path)
{
    struct err_note note = { "" };
    char *bytes = NULL;
    size_t size = 0;
    expect_ok(file_read(path, (size_t)1 << 24, &bytes, &size, &note), &note);
    bytes[size / 2] ^= 1;
    expect_ok(file_write(path, bytes, size, 0644, &note), &note);
    free(bytes);
}

static void
archives_are_compared_and_drawn_anew(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    char archive[FILE_PATH_MAX], stray[FILE_PATH_MAX], status[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&f->site, "rrd/01/00000001.rrd", archive));
    assert_int_equal(0, site_path(&f->site, "rrd/01/00000101.rrd", stray));
    assert_int_equal(0, site_path(&f->site, "rrd/state", status));
    damage_archive(archive);
    expect_said(f, "a flipped bit", "archives ~backup");
    assert_int_equal(0, unlink(archive));
    expect_said(f, "a missing file", "archives ~backup");
    draw(&f->site, 1);
    expect_said(f, "drawn by the next start", "~backup");
    expect_ok(file_write(stray, "x", 1, 0644, &note), &note);
    expect_said(f, "a stray file", "~archives ~backup");
    assert_int_equal(0, unlink(stray));
    damage_archive(archive);
    assert_int_equal(0, unlink(status)); /* what `rebuild` does */
    expect_said(f, "a rebuild is pending", "~archives ~backup");
    draw(&f->site, 0);
    expect_said(f, "rebuilt", "~backup");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, site_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_damage_is_named_and_no_other),
        TEST(archives_are_compared_and_drawn_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
