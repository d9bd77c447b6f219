/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/pages_fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/platform/folder.h"

/* ---- the site ---- */

struct row {
    const char *publisher; /* whose key brings it */
    const char *says;      /* who says it, "" for the same */
    const char *area;
    const char *indicator;
    const char *period;
    const char *value;
    const char *released;
    const char *note;
};

static const struct row rows[] = {
    { "anji", "", "anji", "land-freed", "2022-06", "600", "2022-07-12", "" },
    { "anji", "", "anji", "land-freed", "2023-01", "150", "2023-02-12", "" },
    { "anji", "", "anji", "land-freed", "2023-05", "690", "2023-06-12", "" },
    { "anji", "", "anji", "land-freed", "2023-05", "700", "2023-06-20", "核实后更正<script>&\"'" },
    { "anji", "", "anji", "land-freed", "2023-06", "980", "2023-07-12", "" },
    { "wuxing", "demo", "wuxing", "land-freed", "2023-06", "1500", "2023-07-12", "" },
    { "nanxun", "", "nanxun", "iva-growth", "2023-05", "-7.2", "2023-06-12", "" },
    { "wuxing", "", "wuxing+nantaihu", "energy-intensity-fall", "2023-Q2", "4.4", "2023-07-20",
      "" },
};

static void
add_publisher(struct ledger *ledger, const struct catalogue *catalogue, const char *id,
              uint8_t number)
{
    struct err_note note = { "" };
    struct wall_time now = noon(2023, 7, 12 + number);
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .rows = 5, .sha256 = { number } };
    char key[41];
    int64_t key_id;
    const uint8_t stream_id[WIRE_STREAM_ID] = { number };
    memset(key, 'a' + number, 40);
    key[40] = '\0';
    (void)snprintf(begin.name, sizeof begin.name, "%s<2023>6月.csv", id);
    expect_ok(ledger_key_add(ledger, id, key, now, &key_id, &note), &note);
    expect_ok(ledger_stream_make(ledger, stream_id, id, now, &stream, &note), &note);
    expect_ok(ledger_file_begin(ledger, &stream, 1, &begin, now, &file, &note), &note);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample sample = sample_of(rows[i].area, rows[i].indicator, rows[i].period,
                                         rows[i].value, rows[i].released, (uint32_t)i + 2);
        struct sample_place place;
        enum wire_fate fate;
        if (strcmp(rows[i].publisher, id) != 0)
            continue;
        (void)snprintf(sample.publisher, sizeof sample.publisher, "%s", rows[i].says);
        (void)snprintf(sample.note, sizeof sample.note, "%s", rows[i].note);
        assert_int_equal(REJECT_NONE,
                         sample_check(catalogue, catalogue_publisher(catalogue, id), &sample,
                                      cal_date_of(2023, 8, 1), &place, &note));
        expect_ok(ledger_apply(ledger, &file, &sample, &place, now, &fate, &note), &note);
        file.fates[fate]++;
    }
    expect_ok(ledger_file_count(ledger, &file, &note), &note);
    expect_ok(ledger_file_end(ledger, &file, now, &note), &note);
}

static void
add_alert(struct ledger *ledger, const struct catalogue *catalogue, const char *target,
          bool is_resolved)
{
    struct err_note note = { "" };
    struct alert_state state;
    int64_t alert = 0;
    int64_t id;
    struct ledger_alert_event event = { .event = ALERT_OPENED,
                                        .level = LEVEL_WARN,
                                        .period = cal_month(2023, 5),
                                        .at = cal_date_of(2023, 6, 12),
                                        .recorded = noon(2023, 6, 12),
                                        .position = 1,
                                        .reason_zh = "截至5月落后<b>",
                                        .reason_en = "behind by May <b>" };
    expect_ok(
        ledger_alert_record(ledger, catalogue_target(catalogue, target), 0, &event, &id, &note),
        &note);
    if (!is_resolved)
        return;
    expect_ok(ledger_alert_state(ledger, target, &state, &alert, &note), &note);
    event.event = ALERT_RESOLVED;
    event.level = LEVEL_NORMAL;
    event.at = cal_date_of(2023, 7, 12);
    expect_ok(
        ledger_alert_record(ledger, catalogue_target(catalogue, target), alert, &event, &id, &note),
        &note);
}

static void
fill(struct pages_fixture *f)
{
    static const char *const publishers[] = { "wuxing", "nanxun", "anji" };
    struct err_note note = { "" };
    struct ledger *ledger;
    char path[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    expect_ok(ledger_open(path, LEDGER_WRITE, &ledger, &note), &note);
    expect_ok(ledger_begin(ledger, &note), &note);
    for (size_t i = 0; i < sizeof publishers / sizeof *publishers; i++)
        add_publisher(ledger, f->site.catalogue, publishers[i], (uint8_t)(i + 1));
    add_alert(ledger, f->site.catalogue, "f1-14-anji", false);
    add_alert(ledger, f->site.catalogue, "f1-14-nanxun", true);
    expect_ok(ledger_commit(ledger, &note), &note);
    ledger_close(ledger);
}

int
pages_fixture_setup(void **state)
{
    struct pages_fixture *f = calloc(1, sizeof *f);
    struct err_note note = { "" };
    char site[FILE_PATH_MAX];
    assert_non_null(f);
    folder_make(f->folder);
    assert_int_equal(0, file_join(site, f->folder, "site"));
    expect_ok(site_create(site, PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &note), &note);
    expect_ok(site_open(site, &f->site, &note), &note);
    fill(f);
    f->gauges.is_ready = true;
    f->gauges.projected = 1000;
    f->settings =
        (struct http_settings){ .site = &f->site, .graph_program = "none", .gauges = &f->gauges };
    f->pages = pages_new(&f->settings, 0);
    assert_non_null(f->pages);
    painter_fake_fail = NULL;
    *state = f;
    return 0;
}

int
pages_fixture_teardown(void **state)
{
    struct pages_fixture *f = *state;
    pages_free(f->pages);
    site_close(&f->site);
    folder_remove(f->folder);
    free(f);
    return 0;
}

/* ---- asking ---- */

struct answer
ask_with(struct pages_fixture *f, const char *target, const char *accept, const char *tag)
{
    struct answer answer;
    struct request *request = calloc(1, sizeof *request);
    struct err_note note = { "" };
    assert_non_null(request);
    int status = request_parse(target, request, &note);
    if (status) {
        pages_refuse(request, status, note.text, &answer);
    } else {
        (void)snprintf(request->accept_language, sizeof request->accept_language, "%s",
                       accept ? accept : "");
        (void)snprintf(request->if_none_match, sizeof request->if_none_match, "%s", tag ? tag : "");
        pages_answer(f->pages, request, noon(2023, 7, 25), &answer);
    }
    free(request);
    return answer;
}

struct answer
ask(struct pages_fixture *f, const char *target)
{
    return ask_with(f, target, NULL, NULL);
}

static bool
holds(const struct answer *answer, const char *text)
{
    return answer->body.bytes && strstr(answer->body.bytes, text);
}

void
expect_answer(struct pages_fixture *f, const char *target, int status, const char *text)
{
    struct answer answer = ask(f, target);
    if (answer.status != status || (text && !holds(&answer, text)))
        fail_msg("%s: status %d, wanted %d with '%s'; body:\n%s", target, answer.status, status,
                 text ? text : "", answer.body.bytes ? answer.body.bytes : "");
    answer_done(&answer);
}

void
expect_absent(struct pages_fixture *f, const char *target, const char *text)
{
    struct answer answer = ask(f, target);
    assert_int_equal(200, answer.status);
    if (holds(&answer, text))
        fail_msg("%s: the body must not hold '%s'", target, text);
    answer_done(&answer);
}

/* ---- well-formed? ---- */

enum { DEPTH_MAX = 32, NAME_MAX_BYTES = 16 };

struct tags {
    char open[DEPTH_MAX][NAME_MAX_BYTES];
    size_t depth;
};

static size_t
name_length(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]))
        n++;
    return n;
}

/* Reads the tag at `at` (behind '<') and returns what follows its '>'. */
static const char *
read_tag(struct tags *tags, const char *at)
{
    bool is_end = *at == '/';
    size_t length = name_length(at + is_end);
    const char *name = at + is_end;
    assert_in_range(length, 1, NAME_MAX_BYTES - 1);
    for (at = name + length; *at && *at != '>'; at++) {
        if (*at == '"') {
            at = strpbrk(at + 1, "\"<>");
            assert_true(at && *at == '"');
        }
    }
    assert_int_equal('>', *at);
    if (is_end) {
        assert_true(tags->depth > 0);
        tags->depth--;
        if (strlen(tags->open[tags->depth]) != length ||
            strncmp(tags->open[tags->depth], name, length) != 0)
            fail_msg("<%s> is closed by </%.*s>", tags->open[tags->depth], (int)length, name);
    } else if (at[-1] != '/') {
        assert_true(tags->depth < DEPTH_MAX);
        memcpy(tags->open[tags->depth], name, length);
        tags->open[tags->depth++][length] = '\0';
    }
    return at + 1;
}

void
expect_well_formed(const char *html)
{
    struct tags tags = { .depth = 0 };
    assert_memory_equal(html, "<!DOCTYPE html>\n", 16);
    for (const char *at = html + 16; *at;) {
        size_t plain = strcspn(at, "<&>");
        at += plain;
        if (*at == '<') {
            at = read_tag(&tags, at + 1);
        } else if (*at == '&') {
            size_t length = strcspn(at, ";");
            assert_in_range(length, 2, 6);
            at += length;
        } else if (*at == '>') {
            fail_msg("bare '>' at: %.40s", at);
        }
    }
    assert_int_equal(0, tags.depth);
}
