/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch replay`: the past run through the rules as it would have been known day by day, and
 * the alerts that would have been raised, changed and withdrawn. The way to try another catalogue
 * before using it: nothing is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/reading.h"
#include "collector/timeline.h"
#include "core/alert.h"
#include "platform/catalogue_load.h"

/* One thing that would have happened. */
struct happening {
    struct cal_date day;
    size_t target; /* its place in the catalogue */
    size_t order;  /* of happening, for one target and day */
    enum alert_event event;
    enum level level;
    struct cal_period period;
    char *reason;
};

struct replay {
    const struct reading *reading;
    const struct catalogue *catalogue; /* the rules: the site's own, or those to be tried */
    enum lang lang;
    struct cal_date from, to;
    struct alert_state *states; /* one a target */
    struct ledger_series *series;
    size_t series_count, series_room;
    struct happening *happenings;
    size_t count, room;
};

static const struct listing_column columns[] = {
    { "at", "日期", "at", false },         { "target", "目标", "target", false },
    { "area", "地区", "area", false },     { "indicator", "指标代码", "indicator", false },
    { "event", "事件", "event", false },   { "level", "等级", "level", false },
    { "period", "期别", "period", false }, { "reason", "理由", "reason", false },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Room for one more of `size` bytes in an array; NULL without memory. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t more = *room ? *room * 2 : 256;
    void *grown = realloc(array, more * size);
    if (grown)
        *room = more;
    return grown;
}

static int
list_series(void *context, const struct ledger_series *series)
{
    struct replay *r = context;
    void *grown = grow(r->series, r->series_count, &r->series_room, sizeof *r->series);
    if (!grown)
        return -ENOMEM;
    r->series = grown;
    r->series[r->series_count++] = *series;
    return 0;
}

/* An alert is about a target whatever its version: that of the first stands for all. */
static size_t
place_of(const struct catalogue *catalogue, const struct cat_target *target)
{
    while (target->older)
        target = target->older;
    return (size_t)(target - catalogue->targets);
}

static int
hear(void *context, const struct verdict *verdict, struct cal_date day)
{
    struct replay *r = context;
    size_t target = place_of(r->catalogue, verdict->target);
    char reason[VERDICT_SENTENCE_MAX];
    if (!r->states[target].is_open &&
        !catalogue_target_alerts(r->catalogue, verdict->target, verdict->asked.year))
        return 0; /* an alert that is open is seen to its end */
    enum alert_event event = alert_step(&r->states[target], verdict);
    if (event == ALERT_NOTHING)
        return 0;
    void *grown = grow(r->happenings, r->count, &r->room, sizeof *r->happenings);
    if (!grown)
        return -ENOMEM;
    r->happenings = grown;
    char *kept = strdup(verdict_sentence(verdict, r->lang, reason));
    if (!kept)
        return -ENOMEM;
    r->happenings[r->count] = (struct happening){ .day = day,
                                                  .target = target,
                                                  .order = r->count,
                                                  .event = event,
                                                  .level = verdict->level,
                                                  .period = verdict->period,
                                                  .reason = kept };
    r->count++;
    return 0;
}

static int
walk(struct replay *r, const struct ledger_series *series, struct err_note *note)
{
    struct timeline timeline = { .ledger = r->reading->ledger,
                                 .catalogue = r->catalogue,
                                 .area = catalogue_area(r->catalogue, series->area),
                                 .indicator = catalogue_indicator(r->catalogue, series->indicator),
                                 .as_of = &r->reading->as_of,
                                 .from = r->from,
                                 .to = r->to,
                                 .visit = hear,
                                 .context = r };
    if (!timeline.area || !timeline.indicator)
        return 0; /* the catalogue to be tried does not know it */
    return timeline_walk(&timeline, note);
}

/* By day, then target, then as it happened. */
static int
compare(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;
    if (x->day.days != y->day.days)
        return x->day.days < y->day.days ? -1 : 1;
    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int
print(const struct replay *r, FILE *out)
{
    struct listing listing;
    int code = 0;
    listing_open(&listing, out, r->reading->format, r->lang, columns, COLUMNS);
    for (size_t i = 0; code == 0 && i < r->count; i++) {
        const struct happening *h = &r->happenings[i];
        const struct cat_target *target = &r->catalogue->targets[h->target];
        char day[CAL_TEXT_MAX], period[CAL_TEXT_MAX];
        const char *const cells[COLUMNS] = { cal_date_print(h->day, day),
                                             target->id,
                                             target->area->id,
                                             target->indicator->id,
                                             alert_event_name(h->event),
                                             level_name(h->level),
                                             cal_period_print(h->period, period),
                                             h->reason };
        code = listing_add(&listing, cells);
    }
    int closed = listing_close(&listing);
    return code ? code : closed;
}

static int
run(struct replay *r, FILE *out, struct err_note *note)
{
    r->states = calloc(r->catalogue->target_count + 1, sizeof *r->states);
    if (!r->states)
        return err_set(note, -ENOMEM, "out of memory");
    int code = ledger_each_series(r->reading->ledger, 0, list_series, r, note);
    for (size_t i = 0; code == 0 && i < r->series_count; i++)
        code = walk(r, &r->series[i], note);
    if (code == 0 && r->count > 0)
        qsort(r->happenings, r->count, sizeof *r->happenings, compare);
    return code == 0 ? print(r, out) : code;
}

static void
replay_done(struct replay *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->happenings[i].reason);
    free(r->happenings);
    free(r->states);
    free(r->series);
}

/* A month given by an option: its first day, or the last with `is_end`. */
static int
month_of(struct call *call, enum option_id option, bool is_end, struct cal_date *ret_date)
{
    struct cal_period month;
    struct err_note note = { "" };
    if (!call->options.value[option])
        return CALL_DONE;
    if (options_month(&call->options, option, call->lang, &month, &note) < 0)
        return call_misuse(call, "%s", note.text);
    *ret_date = cal_period_first(month);
    if (is_end)
        ret_date->days = cal_period_after(month).days - 1;
    return CALL_DONE;
}

int
verb_replay(struct call *call)
{
    struct reading reading;
    struct catalogue_store *tried = NULL;
    struct err_note note = { "" };
    struct replay r = { .from = { INT32_MIN + 1 }, .to = { INT32_MAX } };
    int exit_code = month_of(call, OPTION_FROM, false, &r.from);
    if (exit_code == CALL_DONE)
        exit_code = month_of(call, OPTION_TO, true, &r.to);
    if (exit_code == CALL_DONE && r.to.days < r.from.days)
        exit_code = call_misuse(
            call, SAY(call->lang, "--to %s 早于 --from %s", "--to %s lies before --from %s"),
            call->options.value[OPTION_TO], call->options.value[OPTION_FROM]);
    if (exit_code == CALL_DONE)
        exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    const char *folder = call->options.value[OPTION_CATALOGUE];
    int code = folder ? catalogue_load(folder, &tried, &note) : 0;
    if (code == 0) {
        r.reading = &reading;
        r.catalogue = tried ? catalogue_of(tried) : reading.site.catalogue;
        r.lang = call->lang;
        code = run(&r, call->out, &note);
    }
    replay_done(&r);
    catalogue_free(tried);
    reading_close(&reading);
    return code == 0 ? CALL_DONE : call_fail_note(call, code, &note);
}
