/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "collector/judge.h"

static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";

/* Rows of one series, in file order. The plan of t-land-wuxing is 125 mu a month. */
static const struct {
    const char *period, *value, *released;
} story[] = {
    { "2023-01", "120", "2023-02-12" }, /* r 0.96 normal */
    { "2023-02", "180", "2023-03-12" }, /* 0.72, first quarter: warn */
    { "2023-03", "190", "2023-04-12" }, /* 0.51, first quarter still: warn */
    { "2023-04", "200", "2023-05-12" }, /* 0.40 severe */
    { "2023-05", "610", "2023-06-12" }, /* 0.976 normal */
    { "2023-06", "600", "2023-07-12" }, /* 0.80 warn */
    { "2023-06", "760", "2023-07-20" }, /* revised: 1.01 normal */
};
enum { STORY = sizeof story / sizeof story[0] };

static const struct {
    enum alert_event event;
    enum level level;
    const char *at;
} want[] = {
    { ALERT_OPENED, LEVEL_WARN, "2023-03-12" },
    { ALERT_ESCALATED, LEVEL_SEVERE, "2023-05-12" },
    { ALERT_RESOLVED, LEVEL_NORMAL, "2023-06-12" },
    { ALERT_OPENED, LEVEL_WARN, "2023-07-12" },
    { ALERT_WITHDRAWN, LEVEL_NORMAL, "2023-07-20" },
};
enum { WANT = sizeof want / sizeof want[0] };

/* Every story is told twice: judged in one go, and with a stop after each piece. */
static struct budget budget;

static bool
after_each_piece(void *context)
{
    (void)context;
    return true;
}

static int
setup_at_once(void **state)
{
    budget.is_spent = NULL;
    return fixture_setup(state);
}

static int
setup_piecewise(void **state)
{
    budget.is_spent = after_each_piece;
    return fixture_setup(state);
}

static void
judge_all(struct fixture *f)
{
    struct judge_queue queue = { 0 };
    struct judge_round round;
    struct err_note note = { "" };
    int turn = 0;
    judge_wake(&queue);
    for (; queue.waits; turn++) {
        assert_true(turn < 1000);
        expect_ok(judge_run(f->ledger, &f->site, noon(2023, 8, 1), &budget, &queue, &round, &note),
                  &note);
    }
    assert_true(budget.is_spent || turn == 1);
}

/* Feeds the story as one file whose rows come in commits of `group` rows; the judge runs after each
 * commit. */
static void
feed(struct fixture *f, size_t group)
{
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .rows = STORY, .name = "a.csv" };
    struct wall_time now = noon(2023, 8, 1);
    struct sample_place place = { .area = catalogue_area(f->catalogue, "wuxing"),
                                  .indicator = catalogue_indicator(f->catalogue, "land"),
                                  .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
    for (size_t i = 0; i < STORY; i++) {
        enum wire_fate fate;
        struct sample sample = sample_of("wuxing", "land", story[i].period, story[i].value,
                                         story[i].released, (uint32_t)i + 2);
        expect_ok(ledger_apply(f->ledger, &file, &sample, &place, now, &fate, &note), &note);
        if ((i + 1) % group == 0) {
            expect_ok(ledger_commit(f->ledger, &note), &note);
            judge_all(f);
            expect_ok(ledger_begin(f->ledger, &note), &note);
        }
    }
    expect_ok(ledger_file_end(f->ledger, &file, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_all(f);
}

struct seen {
    struct ledger_alert_event events[16];
    size_t count;
    int64_t alerts[8];
    size_t alert_count;
};

static int
see_event(void *context, const struct ledger_alert_event *event)
{
    struct seen *seen = context;
    assert_true(seen->count < 16);
    seen->events[seen->count++] = *event;
    return 0;
}

static int
see_alert(void *context, const struct ledger_alert *alert)
{
    struct seen *seen = context;
    assert_true(seen->alert_count < 8);
    seen->alerts[seen->alert_count++] = alert->id;
    return 0;
}

static void
expect_story(struct fixture *f)
{
    struct seen seen = { .count = 0 };
    struct err_note note = { "" };
    expect_ok(ledger_each_alert(f->ledger, NULL, false, see_alert, &seen, &note), &note);
    assert_int_equal(2, seen.alert_count);
    for (size_t i = seen.alert_count; i-- > 0;) /* oldest first */
        expect_ok(ledger_each_alert_event(f->ledger, seen.alerts[i], see_event, &seen, &note),
                  &note);
    assert_int_equal(WANT, seen.count);
    for (size_t i = 0; i < WANT; i++) {
        char day[CAL_TEXT_MAX];
        assert_string_equal(want[i].at, cal_date_print(seen.events[i].at, day));
        assert_string_equal(alert_event_name(want[i].event),
                            alert_event_name(seen.events[i].event));
        assert_string_equal(level_name(want[i].level), level_name(seen.events[i].level));
        assert_non_null(strstr(seen.events[i].reason_zh, "1500"));
        assert_non_null(strstr(seen.events[i].reason_en, "1500"));
    }
}

static void
alerts_unfold_as_values_were_released(void **state)
{
    feed(*state, STORY + 1);
    expect_story(*state);
}

static void
grouping_into_commits_changes_nothing(void **state)
{
    feed(*state, 1);
    expect_story(*state);
}

static void
grouping_by_three_changes_nothing(void **state)
{
    feed(*state, 3);
    expect_story(*state);
}

/* One row of a file, then the end of it, the judge behind both: the series waits for the end. */
static void
half_a_file(struct fixture *f, const char *area, const char *indicator, int alerts)
{
    static const uint8_t fates[] = { FATE_CONTROL, FATE_STORED };
    static const uint8_t checks[sizeof fates * LEDGER_CHECK];
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .rows = 2, .name = "a.csv" };
    struct wall_time now = noon(2023, 8, 1);
    struct sample_place place = { .area = catalogue_area(f->catalogue, area),
                                  .indicator = catalogue_indicator(f->catalogue, indicator),
                                  .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    struct sample sample = sample_of(area, indicator, "2023-06", "10", "2023-07-12", 2);
    enum wire_fate fate;
    struct ledger_counts counts;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, &stream, 1, &begin, now, &file, &note), &note);
    expect_ok(ledger_apply(f->ledger, &file, &sample, &place, now, &fate, &note), &note);
    stream.hwm = 2;
    stream.submission = file.submission;
    expect_ok(ledger_stream_advance(f->ledger, &stream, 1, 2, fates, checks, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_all(f);
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(0, counts.alert_events);
    assert_int_equal(1, counts.unjudged_series);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_file_end(f->ledger, &file, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_all(f);
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(alerts, counts.open_alerts);
    assert_int_equal(0, counts.unjudged_series);
}

static void
half_a_file_raises_nothing(void **state)
{
    half_a_file(*state, "wuxing", "land", 1);
}

static void
half_a_file_waits_without_a_target_too(void **state)
{
    half_a_file(*state, "wuxing", "tax", 0);
}

/* Two files of another series each; the second ends while the judge is past its series. */
static void
a_file_that_ends_behind_the_cursor_is_judged_too(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file files[2];
    struct record_begin begin = { .rows = 1, .name = "a.csv" };
    struct wall_time now = noon(2023, 8, 1);
    struct judge_queue queue = { 0 };
    struct judge_round round;
    struct ledger_counts counts;
    enum wire_fate fate;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    for (uint64_t i = 0; i < 2; i++) {
        const char *area = i == 0 ? "wuxing" : "anji";
        struct sample_place place = { .area = catalogue_area(f->catalogue, area),
                                      .indicator = catalogue_indicator(f->catalogue, "land"),
                                      .publisher = catalogue_publisher(f->catalogue, area) };
        struct sample sample = sample_of(area, "land", "2023-06", "10", "2023-07-12", 2);
        expect_ok(ledger_file_begin(f->ledger, &stream, i + 1, &begin, now, &files[i], &note),
                  &note);
        expect_ok(ledger_apply(f->ledger, &files[i], &sample, &place, now, &fate, &note), &note);
    }
    expect_ok(ledger_file_end(f->ledger, &files[1], now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_wake(&queue);
    queue.cursor = 1; /* the pass is past the first series */
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_file_end(f->ledger, &files[0], now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_wake(&queue);
    for (int turn = 0; queue.waits; turn++) {
        assert_true(turn < 100);
        expect_ok(judge_run(f->ledger, &f->site, now, &budget, &queue, &round, &note), &note);
    }
    expect_ok(ledger_count(f->ledger, &counts, &note), &note);
    assert_int_equal(0, counts.unjudged_series);
    assert_int_equal(2, counts.open_alerts);
}

static void
alerts_as_of_a_day(void **state)
{
    static const struct {
        const char *as_of;
        size_t open;
    } days[] = { { "2023-03-11", 0 }, { "2023-03-12", 1 }, { "2023-05-20", 1 },
                 { "2023-06-12", 0 }, { "2023-07-12", 1 }, { "2023-07-20", 0 } };
    struct fixture *f = *state;
    feed(f, STORY + 1);
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct ledger_as_of as_of = { .has_released = true };
        struct seen seen = { .count = 0 };
        struct err_note note = { "" };
        assert_int_equal(0, cal_date_parse(days[i].as_of, 10, &as_of.released, NULL));
        expect_ok(ledger_each_alert(f->ledger, &as_of, true, see_alert, &seen, &note), &note);
        if (seen.alert_count != days[i].open)
            fail_msg("%s: %zu open alerts, want %zu", days[i].as_of, seen.alert_count,
                     days[i].open);
    }
}

/* One value as a file of its own. */
static void
put(struct fixture *f, uint64_t file_number, const char *area, const char *indicator,
    const char *period, const char *value, const char *released)
{
    const struct sample sample = sample_of(area, indicator, period, value, released, 2);
    fixture_apply(f, file_number, &sample);
}

/* And then the judge. */
static void
say(struct fixture *f, uint64_t file_number, const char *area, const char *indicator,
    const char *period, const char *value, const char *released)
{
    put(f, file_number, area, indicator, period, value, released);
    judge_all(f);
}

/* "opened warn 2023-07-18; ..." of all alerts, oldest first. */
static void
tell_events(struct fixture *f, char *text, size_t size)
{
    struct seen seen = { .count = 0 };
    struct err_note note = { "" };
    size_t used = 0;
    text[0] = '\0';
    expect_ok(ledger_each_alert(f->ledger, NULL, false, see_alert, &seen, &note), &note);
    for (size_t i = seen.alert_count; i-- > 0;)
        expect_ok(ledger_each_alert_event(f->ledger, seen.alerts[i], see_event, &seen, &note),
                  &note);
    for (size_t i = 0; i < seen.count; i++) {
        char day[CAL_TEXT_MAX];
        int n = snprintf(text + used, size - used, "%s%s %s %s", used > 0 ? "; " : "",
                         alert_event_name(seen.events[i].event), level_name(seen.events[i].level),
                         cal_date_print(seen.events[i].at, day));
        assert_true(n > 0 && (size_t)n < size - used);
        used += (size_t)n;
    }
}

static void
expect_events(struct fixture *f, const char *events)
{
    char text[512];
    tell_events(f, text, sizeof text);
    assert_string_equal(events, text);
}

/* A relative target is judged again on the day its reference is released, and on the day that is
 * revised. */
static void
a_reference_that_is_released_judges_again(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "wuxing", "tech", "2023-06", "6.1", "2023-07-12");
    expect_events(f, ""); /* no reference yet */
    say(f, 2, "huzhou", "gdp", "2023-Q2", "5.7", "2023-07-18");
    expect_events(f, "opened remind 2023-07-18"); /* 5.7 + 1 is half a point and more above */
    say(f, 3, "huzhou", "gdp", "2023-Q2", "7.9", "2023-07-25");
    expect_events(f, "opened remind 2023-07-18; escalated warn 2023-07-25");
    say(f, 4, "wuxing", "gdp", "2023-Q2", "5.0", "2023-07-28"); /* his own comes first */
    expect_events(f, "opened remind 2023-07-18; escalated warn 2023-07-25; withdrawn normal "
                     "2023-07-28");
}

/* Whichever file comes first, the days tell the same story. */
static void
order_of_a_reference_and_its_target_does_not_matter(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "huzhou", "gdp", "2023-Q2", "5.7", "2023-07-18");
    say(f, 2, "huzhou", "gdp", "2023-Q2", "7.9", "2023-07-25");
    say(f, 3, "wuxing", "tech", "2023-06", "6.1", "2023-07-12");
    expect_events(f, "opened remind 2023-07-18; escalated warn 2023-07-25");
}

/* Nor which series the judge comes to first when both are new. */
static void
what_is_new_together_is_heard_together(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "huzhou", "gdp", "2023-Q1", "5.0", "2023-04-18");
    put(f, 2, "wuxing", "tech", "2023-03", "3.0", "2023-05-12");
    put(f, 3, "huzhou", "gdp", "2023-Q2", "5.1", "2023-07-18");
    judge_all(f);
    expect_events(f, "opened warn 2023-05-12");
}

static void
what_is_new_together_the_other_way_round(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "wuxing", "tech", "2023-06", "6.1", "2023-07-12");
    put(f, 2, "huzhou", "gdp", "2023-Q2", "5.7", "2023-07-18");
    put(f, 3, "wuxing", "tech", "2023-06", "6.0", "2023-07-28");
    judge_all(f);
    expect_events(f, "opened remind 2023-07-18");
}

static void
the_number_of_cases_judges_again(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "wuxing", "started", "2023-06", "50", "2023-07-12");
    expect_events(f, ""); /* of how many? */
    say(f, 2, "wuxing", "projects", "2023-06", "200", "2023-07-20");
    expect_events(f, "opened warn 2023-07-20"); /* to be confirmed */
}

/* A late file that changes the past: what was told stays, and the alert is where it should be. */
static void
a_late_file_does_not_rewrite_what_was_told(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "wuxing", "land", "2023-06", "600", "2023-07-12");
    expect_events(f, "opened warn 2023-07-12");
    say(f, 2, "wuxing", "land", "2023-05", "610", "2023-06-12"); /* normal then: changes nothing */
    expect_events(f, "opened warn 2023-07-12");
    say(f, 3, "wuxing", "land", "2023-04", "100", "2023-05-12"); /* severe then: nobody was told */
    expect_events(f, "opened warn 2023-07-12");
    say(f, 4, "wuxing", "land", "2023-06", "250", "2023-07-14"); /* and on it goes */
    expect_events(f, "opened warn 2023-07-12; escalated severe 2023-07-14");
}

/* A late file under whose light June is falling for the second time. */
static void
a_late_file_can_make_the_present_worse(void **state)
{
    struct fixture *f = *state;
    say(f, 1, "wuxing", "land", "2023-06", "600", "2023-07-12");
    expect_events(f, "opened warn 2023-07-12");
    say(f, 2, "wuxing", "land", "2023-05", "515", "2023-06-12"); /* 0.824, and 0.80 now */
    expect_events(f, "opened warn 2023-07-12; escalated severe 2023-07-12");
}

/* A file of one row, whose rows are all there and whose end is not. */
static struct ledger_file
put_open(struct fixture *f, struct ledger_stream *stream)
{
    static const uint8_t fates[] = { FATE_CONTROL, FATE_STORED };
    static const uint8_t checks[sizeof fates * LEDGER_CHECK];
    const struct wall_time now = noon(2023, 8, 1);
    const struct record_begin begin = { .rows = 1, .name = "b.csv" };
    const struct sample sample = sample_of("wuxing", "land", "2023-06", "620", "2023-07-12", 2);
    const struct sample_place place = { .area = catalogue_area(f->catalogue, "wuxing"),
                                        .indicator = catalogue_indicator(f->catalogue, "land"),
                                        .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    struct err_note note = { "" };
    struct ledger_file file;
    enum wire_fate fate;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_stream_find(f->ledger, stream_id, stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, stream, 2, &begin, now, &file, &note), &note);
    expect_ok(ledger_apply(f->ledger, &file, &sample, &place, now, &fate, &note), &note);
    stream->hwm = 3;
    stream->submission = file.submission;
    expect_ok(ledger_stream_advance(f->ledger, stream, 2, 2, fates, checks, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    return file;
}

/* The hearing that is under way when a file ends does not hear half of it; the next hears all. */
static void
a_file_that_ends_in_mid_hearing_is_for_the_next(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct judge_queue queue = { 0 };
    struct judge_round round = { 0 };
    const struct wall_time now = noon(2023, 8, 1);
    put(f, 1, "wuxing", "land", "2023-05", "610", "2023-06-12"); /* normal */
    struct ledger_file file = put_open(f, &stream);
    judge_wake(&queue);
    expect_ok(judge_run(f->ledger, &f->site, now, &budget, &queue, &round, &note), &note);
    assert_non_null(queue.hearing);
    expect_ok(ledger_begin(f->ledger, &note), &note);
    expect_ok(ledger_file_end(f->ledger, &file, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
    judge_wake(&queue);
    while (round.series == 0)
        expect_ok(judge_run(f->ledger, &f->site, now, &budget, &queue, &round, &note), &note);
    expect_events(f, "");
    assert_true(queue.waits);
    while (queue.waits)
        expect_ok(judge_run(f->ledger, &f->site, now, &budget, &queue, &round, &note), &note);
    expect_events(f, "opened warn 2023-07-12");
}

/* What a hearing recorded before it was dropped is there; the next goes on from it. */
static void
a_hearing_that_is_dropped_is_held_again(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    const struct wall_time now = noon(2023, 8, 1);
    for (size_t i = 0; i < STORY; i++)
        put(f, i + 1, "wuxing", "land", story[i].period, story[i].value, story[i].released);
    for (int pieces = 1; pieces < 40; pieces++) {
        struct judge_queue queue = { 0 };
        struct judge_round round = { 0 };
        judge_wake(&queue);
        for (int i = 0; i < pieces && queue.waits; i++)
            expect_ok(judge_run(f->ledger, &f->site, now, &budget, &queue, &round, &note), &note);
        judge_drop(&queue);
    }
    expect_story(f);
}

/* Mail for the events of July 20 only, as of noon of 1 August. */
static void
set_mail(struct fixture *f)
{
    struct site_settings *s = &f->site.settings;
    (void)snprintf(s->mail_server, sizeof s->mail_server, "smtp://127.0.0.1:1");
    (void)snprintf(s->mail_copy, sizeof s->mail_copy, "office@example.org");
    s->mail_window_days = 15;
    s->mail_contacts.count = 2;
    (void)snprintf(s->mail_contacts.pair[0].name, 64, "jxj");
    (void)snprintf(s->mail_contacts.pair[0].text, CONFIG_TEXT_MAX, "jxj@example.org");
    (void)snprintf(s->mail_contacts.pair[1].name, 64, "fgw");
    (void)snprintf(s->mail_contacts.pair[1].text, CONFIG_TEXT_MAX, "fgw@example.org");
}

static void
mail_goes_to_owner_lead_and_office(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_mail mail;
    set_mail(f);
    feed(f, STORY + 1);
    static const char *const recipients[] = { "jxj@example.org", "fgw@example.org",
                                              "office@example.org" };
    expect_ok(ledger_begin(f->ledger, &note), &note);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(1, ledger_outbox_next(f->ledger, noon(2023, 8, 1), &mail, &note));
        assert_string_equal(recipients[i], mail.recipient);
        assert_non_null(strstr(mail.subject, "因修订撤销"));
        assert_non_null(strstr(mail.body, "附1-14"));
        expect_ok(ledger_outbox_sent(f->ledger, mail.id, noon(2023, 8, 1), &note), &note);
    }
    assert_int_equal(0, ledger_outbox_next(f->ledger, noon(2023, 8, 1), &mail, &note));
    ledger_rollback(f->ledger);
}

/* A mail that failed waits a minute, not until a wall clock that went back is there again. */
static void
a_clock_that_goes_back_puts_no_mail_off(void **state)
{
    struct fixture *f = *state;
    struct err_note note = { "" };
    struct ledger_mail mail = { .id = 0 }, again = { .id = 0 };
    set_mail(f);
    feed(f, STORY + 1);
    assert_int_equal(1, ledger_outbox_next(f->ledger, noon(2023, 8, 1), &mail, &note));
    expect_ok(ledger_begin(f->ledger, &note), &note);
    struct wall_time soon = { noon(2023, 8, 1).seconds + 60 };
    while (ledger_outbox_next(f->ledger, noon(2023, 8, 1), &mail, &note) == 1)
        expect_ok(ledger_outbox_failed(f->ledger, mail.id, soon, &note), &note);
    assert_int_equal(1, ledger_outbox_next(f->ledger, noon(2022, 8, 1), &again, &note));
    assert_int_equal(1, ledger_outbox_next(f->ledger, soon, &again, &note));
    ledger_rollback(f->ledger);
}

int
main(void)
{
#define TEST(name)                                                          \
    cmocka_unit_test_setup_teardown(name, setup_at_once, fixture_teardown), \
    {                                                                       \
#name ", piecewise", name, setup_piecewise, fixture_teardown, NULL  \
    }
    const struct CMUnitTest tests[] = {
        TEST(alerts_unfold_as_values_were_released),
        TEST(grouping_into_commits_changes_nothing),
        TEST(grouping_by_three_changes_nothing),
        TEST(half_a_file_raises_nothing),
        TEST(half_a_file_waits_without_a_target_too),
        TEST(a_file_that_ends_behind_the_cursor_is_judged_too),
        TEST(alerts_as_of_a_day),
        TEST(a_clock_that_goes_back_puts_no_mail_off),
        TEST(a_reference_that_is_released_judges_again),
        TEST(order_of_a_reference_and_its_target_does_not_matter),
        TEST(what_is_new_together_is_heard_together),
        TEST(what_is_new_together_the_other_way_round),
        TEST(the_number_of_cases_judges_again),
        TEST(a_late_file_does_not_rewrite_what_was_told),
        TEST(a_late_file_can_make_the_present_worse),
        TEST(mail_goes_to_owner_lead_and_office),
        cmocka_unit_test_setup_teardown(a_file_that_ends_in_mid_hearing_is_for_the_next,
                                        setup_piecewise, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_hearing_that_is_dropped_is_held_again, setup_piecewise,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
