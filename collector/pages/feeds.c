/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/feeds`: who reports. For each publisher what was due for the month and what of it is there, its
 * last file and its last call; below, its agent's streams and the files that came lately. */
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/layout.h"
#include "collector/pages/pieces.h"
#include "platform/hash.h"

enum { FILES_SHOWN = 30, MISSING_MAX = 128 };

/* What one publisher owes for the month. */
struct duty {
    size_t due;
    size_t reported;
    struct {
        const struct cat_target *target;
        struct cal_date due_date;
    } missing[MISSING_MAX];
    size_t missing_count;
};

/* The period of the calendar's frequency that ends with the month. */
static struct cal_period
period_of_month(const struct cat_calendar *calendar, struct cal_period month)
{
    switch (calendar->freq) {
    case CAL_QUARTER:
        return cal_period_of(CAL_QUARTER, month.year, (month.index + 2) / 3);
    case CAL_HALF:
        return cal_period_of(CAL_HALF, month.year, (month.index + 5) / 6);
    case CAL_YEAR:
        return cal_period_of(CAL_YEAR, month.year, 1);
    case CAL_NONE:
    case CAL_DAY:
    case CAL_WEEK:
    case CAL_MONTH:
    case CAL_RANGE:
        break;
    }
    return month;
}

static bool
is_of_publisher(const struct cat_publisher *publisher, const struct cat_target *target, int year)
{
    return target->year == year && target->is_primary && target->method != METHOD_MAN &&
           target->status == TARGET_ISSUED && publisher_may_write(publisher, target->area);
}

static int
count_target(struct page *page, const struct cat_target *target, struct duty *duty)
{
    const struct cat_calendar *calendar = target->indicator->calendar;
    struct cal_period period = period_of_month(calendar, page->month);
    struct view_series view;
    if (cal_period_end_month(period) != page->month.index || !calendar_is_due(calendar, period))
        return 200;
    int rc = view_series_read(page->pages->ledger, page->catalogue, target->area, target->indicator,
                              &page->as_of, &view, page->note);
    if (rc)
        return page_failed(page, "series", rc);
    duty->due++;
    if (series_at(&view.series, period)) {
        duty->reported++;
    } else if (duty->missing_count < MISSING_MAX) {
        duty->missing[duty->missing_count].target = target;
        duty->missing[duty->missing_count++].due_date = calendar_due_date(calendar, period);
    }
    view_series_done(&view);
    return 200;
}

static int
count_duty(struct page *page, const struct cat_publisher *publisher, struct duty *ret_duty)
{
    const struct catalogue *catalogue = page->catalogue;
    *ret_duty = (struct duty){ 0 };
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        if (!is_of_publisher(publisher, target, page->month.year) ||
            !target_in_force(target, view_rules_day(page->month, &page->as_of)))
            continue;
        int status = count_target(page, target, ret_duty);
        if (status != 200)
            return status;
    }
    return 200;
}

/* ---- one publisher ---- */

struct last {
    bool has_submission;
    struct ledger_submission submission;
    const char *publisher;
    bool has_key;
    struct wall_time seen;
};

static int
take_last(void *context, const struct ledger_submission *submission)
{
    struct last *last = context;
    last->has_submission = true;
    last->submission = *submission;
    return 1;
}

static int
take_key(void *context, const struct ledger_key *key)
{
    struct last *last = context;
    if (key->is_revoked || strcmp(key->publisher, last->publisher) != 0)
        return 0;
    last->has_key = true;
    if (key->last_seen.seconds > last->seen.seconds)
        last->seen = key->last_seen;
    return 0;
}

static int
read_last(struct page *page, const struct cat_publisher *publisher, struct last *ret_last)
{
    *ret_last = (struct last){ .publisher = publisher->id };
    int rc = ledger_each_submission(page->pages->ledger, publisher->id, 1, take_last, ret_last,
                                    page->note);
    if (rc < 0)
        return page_failed(page, "submissions", rc);
    rc = ledger_each_key(page->pages->ledger, take_key, ret_last, page->note);
    return rc < 0 ? page_failed(page, "keys", rc) : 200;
}

static void
put_missing(struct page *page, const struct duty *duty)
{
    struct html *out = page->out;
    struct cal_date today =
        page->as_of.has_released ? page->as_of.released : format_today(page->now);
    size_t late = 0;
    for (size_t i = 0; i < duty->missing_count; i++)
        late += today.days > duty->missing[i].due_date.days;
    if (duty->missing_count == 0) {
        html_put(out, "<td>0</td>");
        return;
    }
    html_put(out, "<td><details><summary>%zu", duty->due - duty->reported);
    if (late > 0)
        html_put(out, " <span class=\"late\">%s %zu</span>", say(page, W_LATE), late);
    html_put(out, "</summary><ul>\n");
    for (size_t i = 0; i < duty->missing_count; i++) {
        const struct cat_target *target = duty->missing[i].target;
        char day[CAL_TEXT_MAX];
        html_put(out, "<li>");
        layout_target_link(page, target);
        html_put(out, "%s · %s</a> <span class=\"unit\">%s %s</span></li>\n",
                 name_of(page, &target->area->name), name_of(page, &target->indicator->name),
                 say(page, W_DUE_BY), cal_date_print(duty->missing[i].due_date, day));
    }
    html_put(out, "</ul></details></td>");
}

static void
put_submission_cells(struct page *page, const struct ledger_submission *s)
{
    struct html *out = page->out;
    html_put(out, "<td class=\"file\">%s", s->name);
    if (!s->is_complete)
        html_put(out, " <span class=\"late\">%s</span>", say(page, W_INCOMPLETE));
    html_put(out, "</td><td>");
    piece_moment(page, s->received);
    html_put(
        out,
        "</td><td class=\"number\">%u</td><td class=\"number\">%u</td><td class=\"number\">%u</td>"
        "<td class=\"number\">%u</td><td class=\"number\">",
        (unsigned)s->rows, (unsigned)s->stored, (unsigned)s->revised,
        (unsigned)(s->unchanged + s->duplicate));
    if (s->rejected > 0)
        html_put(out, "<span class=\"late\">%u</span></td>", (unsigned)s->rejected);
    else
        html_put(out, "0</td>");
}

static int
put_publisher(struct page *page, const struct cat_publisher *publisher)
{
    struct html *out = page->out;
    struct duty duty;
    struct last last;
    int status = count_duty(page, publisher, &duty);
    status = status == 200 ? read_last(page, publisher, &last) : status;
    if (status != 200)
        return status;
    html_put(
        out,
        "<tr><th scope=\"row\">%s</th><td class=\"number\">%zu</td><td class=\"number\">%zu</td>",
        name_of(page, &publisher->name), duty.due, duty.reported);
    put_missing(page, &duty);
    if (last.has_submission)
        put_submission_cells(page, &last.submission);
    else
        html_put(out, "<td colspan=\"7\" class=\"none\">%s</td>", say(page, W_NEVER));
    html_put(out, "<td>");
    if (last.has_key)
        piece_moment(page, last.seen);
    else
        html_put(out, "<span class=\"none\">%s</span>", say(page, W_NO_KEY));
    html_put(out, "</td></tr>\n");
    return 200;
}

/* ---- the page ---- */

/* Its cells hold numbers and nothing else. */
static bool
is_number(enum word head)
{
    return head == W_DUE || head == W_REPORTED || head == W_ROWS || head == W_STORED ||
           head == W_REVISED || head == W_UNCHANGED || head == W_REJECTED || head == W_STREAM_HWM ||
           head == W_STREAM_HELD || head == W_STREAM_BEYOND;
}

static void
put_heads(struct page *page, const enum word *heads, size_t count, enum word caption)
{
    html_put(page->out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table "
             "class=\"feeds\">\n<caption>%s</caption>\n<thead><tr>",
             say(page, caption), say(page, caption));
    for (size_t i = 0; i < count; i++)
        piece_head(page, heads[i], is_number(heads[i]));
    html_put(page->out, "</tr></thead>\n<tbody>\n");
}

static int
put_publishers(struct page *page)
{
    static const enum word heads[] = { W_PUBLISHER, W_DUE,       W_REPORTED, W_MISSING,
                                       W_LAST_FILE, W_RECEIVED,  W_ROWS,     W_STORED,
                                       W_REVISED,   W_UNCHANGED, W_REJECTED, W_LAST_SEEN };
    int status = 200;
    put_heads(page, heads, sizeof heads / sizeof *heads, W_FEEDS);
    for (size_t i = 0; i < page->catalogue->publisher_count && status == 200; i++) {
        if (!page->catalogue->publishers[i].is_simulated)
            status = put_publisher(page, &page->catalogue->publishers[i]);
    }
    html_put(page->out, "</tbody>\n</table>\n</div>\n<p class=\"rule\">%s</p>\n",
             say(page, W_FEED_RULE));
    return status;
}

static const char *
publisher_name(const struct page *page, const char *id)
{
    const struct cat_publisher *publisher = catalogue_publisher(page->catalogue, id);
    return publisher ? name_of(page, &publisher->name) : id;
}

/* Those in use, and those that ended before all of it had come. */
static int
put_stream(void *context, const struct ledger_stream_counts *stream)
{
    struct page *page = context;
    struct html *out = page->out;
    char hex[2 * WIRE_STREAM_ID + 1];
    uint64_t held = stream->held > stream->hwm ? stream->held : stream->hwm;
    long long beyond = (long long)(held - stream->hwm);
    if (stream->has_ended && beyond == 0)
        return 0;
    hash_hex(stream->id, WIRE_STREAM_ID, hex);
    hex[8] = '\0'; /* enough to tell it from others; fsck prints all of it */
    html_put(out,
             "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%lld</td>"
             "<td class=\"number\">%lld</td><td class=\"number\">%lld</td><td>",
             publisher_name(page, stream->publisher), hex, (long long)stream->hwm, (long long)held,
             beyond);
    html_put(out, stream->has_ended ? "<span class=\"late\">%s</span></td><td>" : "%s</td><td>",
             say(page, stream->has_ended ? W_STREAM_ENDED : W_STREAM_IN_USE));
    piece_moment(page, stream->heard);
    html_put(out, "</td></tr>\n");
    return 0;
}

static int
put_streams(struct page *page)
{
    static const enum word heads[] = { W_PUBLISHER,     W_STREAM, W_STREAM_HWM, W_STREAM_HELD,
                                       W_STREAM_BEYOND, W_STATE,  W_LAST_SEEN };
    put_heads(page, heads, sizeof heads / sizeof *heads, W_STREAMS);
    int rc = ledger_each_stream(page->pages->ledger, put_stream, page, page->note);
    html_put(page->out, "</tbody>\n</table>\n</div>\n");
    return rc ? page_failed(page, "streams", rc) : 200;
}

static int
put_file(void *context, const struct ledger_submission *submission)
{
    struct page *page = context;
    html_put(page->out, "<tr><th scope=\"row\">#%lld</th><td>%s</td>", (long long)submission->id,
             publisher_name(page, submission->publisher));
    put_submission_cells(page, submission);
    html_put(page->out, "</tr>\n");
    return 0;
}

static int
put_files(struct page *page)
{
    static const enum word heads[] = { W_ID,     W_PUBLISHER, W_SUBMISSION, W_RECEIVED, W_ROWS,
                                       W_STORED, W_REVISED,   W_UNCHANGED,  W_REJECTED };
    put_heads(page, heads, sizeof heads / sizeof *heads, W_SUBMISSIONS);
    int rc =
        ledger_each_submission(page->pages->ledger, NULL, FILES_SHOWN, put_file, page, page->note);
    html_put(page->out, "</tbody>\n</table>\n</div>\n");
    return rc ? page_failed(page, "submissions", rc) : 200;
}

int
page_feeds(struct page *page)
{
    char month[FORMAT_MAX];
    int status = page_read_month(page, "month");
    if (status)
        return status;
    layout_begin(page, W_FEEDS, say(page, W_FEEDS));
    html_put(page->out, "<div class=\"title\"><h1>%s <span class=\"month\">%s</span></h1>\n",
             say(page, W_FEEDS), format_period(page->month, CUMULATION_MONTH, page->lang, month));
    layout_selector(page, true);
    html_put(page->out, "</div>\n");
    status = put_publishers(page);
    status = status == 200 ? put_streams(page) : status;
    status = status == 200 ? put_files(page) : status;
    layout_end(page);
    return status;
}
