/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/metrics` in OpenMetrics 1.0 text, and the two questions a supervisor asks: `/-/healthy`,
 * `/-/ready`. What only ever grows in the ledger is a counter, also across restarts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger_backup.h"
#include "collector/pages/model.h"
#include "platform/catalogue_load.h"

static void
put_family(struct html *out, const char *name, const char *type, const char *help)
{
    html_put(out, "# TYPE pacewatch_%s %s\n# HELP pacewatch_%s %s\n", name, type, name, help);
}

static void
put_gauge(struct html *out, const char *name, const char *help, int64_t value)
{
    put_family(out, name, "gauge", help);
    html_put(out, "pacewatch_%s %lld\n", name, (long long)value);
}

static void
put_counter(struct html *out, const char *name, const char *help, int64_t value)
{
    put_family(out, name, "counter", help);
    html_put(out, "pacewatch_%s_total %lld\n", name, (long long)value);
}

static const char *const fate_names[FATE_COUNT] = {
    [FATE_CONTROL] = "control",     [FATE_STORED] = "stored",       [FATE_REVISION] = "revision",
    [FATE_UNCHANGED] = "unchanged", [FATE_DUPLICATE] = "duplicate", [FATE_REJECTED] = "rejected",
};

/* The streams of one publisher. Labels name publishers, not streams: old streams stay for ever. */
struct senders {
    struct sender {
        char publisher[SAMPLE_ID_MAX + 1];
        int64_t fates[FATE_COUNT];
        int64_t records, spooled, undelivered;
    } * all; /* owned */
    size_t count;
};

/* What the agent says it holds is any number at all. */
static int64_t
add_beyond(int64_t sum, const struct ledger_stream_counts *stream)
{
    uint64_t beyond = stream->held > stream->hwm ? stream->held - stream->hwm : 0;
    return __builtin_add_overflow(sum, beyond, &sum) ? INT64_MAX : sum;
}

/* Streams come by publisher. */
static int
add_stream(void *context, const struct ledger_stream_counts *stream)
{
    struct senders *senders = context;
    struct sender *sender = senders->count > 0 ? &senders->all[senders->count - 1] : NULL;
    if (!sender || strcmp(sender->publisher, stream->publisher) != 0) {
        sender = realloc(senders->all, (senders->count + 1) * sizeof *sender);
        if (!sender)
            return -ENOMEM;
        senders->all = sender;
        sender = &senders->all[senders->count++];
        *sender = (struct sender){ .records = 0 };
        memcpy(sender->publisher, stream->publisher, sizeof sender->publisher);
    }
    sender->records += (int64_t)stream->hwm;
    for (int fate = FATE_CONTROL; fate < FATE_COUNT; fate++)
        sender->fates[fate] += stream->fates[fate];
    if (stream->has_ended)
        sender->undelivered = add_beyond(sender->undelivered, stream);
    else
        sender->spooled = add_beyond(sender->spooled, stream);
    return 0;
}

static void
put_senders(struct html *out, const struct senders *senders)
{
    put_family(out, "records", "counter", "Stream records committed: they end with some fate.");
    for (const struct sender *s = senders->all; s < senders->all + senders->count; s++)
        html_put(out, "pacewatch_records_total{publisher=\"%s\"} %lld\n", s->publisher,
                 (long long)s->records);
    put_family(out, "record_fates", "counter", "Stream records by what became of them.");
    for (const struct sender *s = senders->all; s < senders->all + senders->count; s++)
        for (int fate = FATE_CONTROL; fate < FATE_COUNT; fate++)
            html_put(out, "pacewatch_record_fates_total{publisher=\"%s\",fate=\"%s\"} %lld\n",
                     s->publisher, fate_names[fate], (long long)s->fates[fate]);
    put_family(out, "spooled_records", "gauge",
               "Records the agent last said it holds that are not committed yet.");
    for (const struct sender *s = senders->all; s < senders->all + senders->count; s++)
        html_put(out, "pacewatch_spooled_records{publisher=\"%s\"} %lld\n", s->publisher,
                 (long long)s->spooled);
    put_family(out, "undelivered_records", "gauge",
               "Records of streams that ended before these arrived; see pacewatch fsck.");
    for (const struct sender *s = senders->all; s < senders->all + senders->count; s++)
        html_put(out, "pacewatch_undelivered_records{publisher=\"%s\"} %lld\n", s->publisher,
                 (long long)s->undelivered);
}

static void
put_ledger(struct page *page, const struct ledger_counts *counts)
{
    struct html *out = page->out;
    put_gauge(out, "ledger_position", "Position of the ledger's last row.",
              ledger_position(page->pages->ledger));
    put_counter(out, "observations", "Rows of the ledger.", counts->observations);
    put_gauge(out, "series", "Series that have rows.", counts->series);
    put_counter(out, "submissions", "Files received.", counts->submissions);
    put_gauge(out, "streams", "Streams of agents.", counts->streams);
    put_counter(out, "rejected_rows", "Rows rejected and kept aside.",
                counts->fates[FATE_REJECTED]);
    put_gauge(out, "counting_difference",
              "Records whose fates do not add up; 0 unless something is wrong.",
              counts->difference);
    put_gauge(out, "open_alerts", "Alerts that are open.", counts->open_alerts);
    put_counter(out, "alert_events", "Events of alerts.", counts->alert_events);
    put_gauge(out, "outbox_waiting", "Mails waiting to be sent.", counts->outbox_waiting);
    put_gauge(out, "unjudged_series", "Series with rows the judge has not seen.",
              counts->unjudged_series);
    struct ledger_backup backup;
    bool is_made = ledger_backup_newest(page->pages->ledger, &backup, NULL) == 0;
    put_gauge(out, "backup_timestamp_seconds", "When the newest backup was made; 0: none yet.",
              is_made ? backup.made.seconds : 0);
}

static void
put_pictures(struct html *out, const struct http_pictures *pictures)
{
    put_counter(out, "pictures_drawn", "Pictures drawn since start; kept ones are not drawn.",
                atomic_load(&pictures->drawn));
    put_counter(out, "pictures_failed", "Pictures that could not be drawn since start.",
                atomic_load(&pictures->failed));
    put_counter(out, "picture_workers_crashed",
                "Drawing processes that died or hung since start; each cost one picture.",
                atomic_load(&pictures->crashed));
    put_counter(out, "picture_workers_recycled",
                "Drawing processes replaced since start after so many pictures.",
                atomic_load(&pictures->recycled));
}

static void
put_gauges(struct html *out, const struct http_gauges *gauges)
{
    put_gauge(out, "ready", "1 when the collector takes data and answers.",
              atomic_load(&gauges->is_ready));
    put_gauge(out, "projected_position", "Ledger position the archives have reached.",
              atomic_load(&gauges->projected));
    put_gauge(out, "judged_position", "Ledger position the judge has reached.",
              atomic_load(&gauges->judged));
    put_counter(out, "data_messages", "Data messages taken since start.",
                atomic_load(&gauges->data_messages));
    put_counter(out, "data_refused", "Messages refused, dropped or put off since start.",
                atomic_load(&gauges->data_refused));
    put_counter(out, "messages_dropped",
                "Messages beyond what may wait of a key or in all, since start; they come again.",
                atomic_load(&gauges->messages_dropped));
    put_gauge(out, "keys_twice", "Keys that two agents used at once within the last hour.",
              atomic_load(&gauges->keys_twice));
    put_counter(out, "commits", "Commits since start.", atomic_load(&gauges->commits));
    put_counter(out, "mails_sent", "Mails sent since start.", atomic_load(&gauges->mails_sent));
    put_counter(out, "mails_failed", "Mails that failed since start.",
                atomic_load(&gauges->mails_failed));
    put_counter(out, "archives_written", "Archive files written since start.",
                atomic_load(&gauges->archives));
}

static void
put_levels(struct page *page, const struct model *model)
{
    char month[CAL_TEXT_MAX];
    cal_period_print(page->month, month);
    put_family(page->out, "targets", "gauge",
               "Primary targets by level, for the latest month that has data.");
    for (int level = 0; level < LEVEL_COUNT; level++)
        html_put(page->out, "pacewatch_targets{level=\"%s\",month=\"%s\"} %zu\n",
                 level_name((enum level)level), month, model->levels[level]);
}

int
page_metrics(struct page *page)
{
    struct ledger_counts counts;
    struct model model = { 0 };
    struct senders senders = { 0 };
    struct html *out = page->out;
    int rc = ledger_count(page->pages->ledger, &counts, page->note);
    if (rc == 0)
        rc = ledger_each_stream(page->pages->ledger, add_stream, &senders, page->note);
    int status = rc ? page_failed(page, "counts", rc) : page_read_month(page, "month");
    status = status ? status : model_read(page, &model);
    if (status != 200) {
        free(senders.all);
        return status;
    }
    put_family(out, "build", "info", "Version of the collector and of its catalogue.");
    html_put(out, "pacewatch_build_info{version=\"%s\",catalogue=\"%s\"} 1\n", PACEWATCH_VERSION,
             catalogue_version(page->site->store));
    put_gauges(out, page->pages->settings->gauges);
    if (page->pages->settings->pictures)
        put_pictures(out, page->pages->settings->pictures);
    put_ledger(page, &counts);
    put_senders(out, &senders);
    put_levels(page, &model);
    html_put(out, "# EOF\n");
    model_done(&model);
    free(senders.all);
    page->answer->type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    return 200;
}

static int
answer_text(struct page *page, int status, const char *text)
{
    html_bytes(page->out, text, strlen(text));
    page->answer->type = "text/plain; charset=utf-8";
    return status;
}

int
page_healthy(struct page *page)
{
    return answer_text(page, 200, "healthy\n");
}

int
page_ready(struct page *page)
{
    if (atomic_load(&page->pages->settings->gauges->is_ready))
        return answer_text(page, 200, "ready\n");
    return err_set(page->note, 503, "not ready");
}
