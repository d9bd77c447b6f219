/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sample.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

const char *
reject_text(int code, enum lang lang)
{
    switch (code) {
#define X(name, number, zh, en) \
    case number:                \
        return lang == LANG_EN ? (en) : (zh);
        REJECT_TABLE(X)
#undef X
    default:
        return "?";
    }
}

/* What every rule sees: it fills its part of `place` and says what is wrong. */
struct check {
    const struct catalogue *catalogue;
    const struct cat_publisher *sender;
    const struct sample *sample;
    struct cal_date today;
    struct sample_place place;
    struct err_note *note;
};

static enum reject_code reject(struct check *check, enum reject_code code, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

static enum reject_code
reject(struct check *check, enum reject_code code, const char *format, ...)
{
    if (check->note) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(check->note->text, sizeof check->note->text, format, args);
        va_end(args);
    }
    return code;
}

/* A text of the sample, safe to print; `quoted` has TEXT_QUOTE_MAX bytes. */
static const char *
shown(const char *text, char *quoted)
{
    return text_quote(text, strlen(text), quoted);
}

/* "a, b, c" from ids, cut with "..." where it would not fit: what would be right. */
struct id_list {
    char text[200];
    size_t length;
};

static void
id_list_add(struct id_list *list, const char *id)
{
    size_t room = sizeof list->text - list->length;
    const char *comma = list->length > 0 ? ", " : "";
    int n = snprintf(list->text + list->length, room, "%s%s", comma, id);
    if (n >= 0 && (size_t)n + 6 < room) {
        list->length += (size_t)n;
        return;
    }
    (void)snprintf(list->text + list->length, room, ", ...");
    list->length = sizeof list->text; /* full: what follows is not added */
}

static bool
id_list_is_full(const struct id_list *list)
{
    return list->length >= sizeof list->text;
}

static enum reject_code
check_area(struct check *check)
{
    const struct catalogue *catalogue = check->catalogue;
    check->place.area = catalogue_area(catalogue, check->sample->area);
    if (check->place.area)
        return REJECT_NONE;
    struct id_list known = { .length = 0 };
    for (size_t i = 0; i < catalogue->area_count && !id_list_is_full(&known); i++)
        id_list_add(&known, catalogue->areas[i].id);
    char quoted[TEXT_QUOTE_MAX];
    return reject(check, REJECT_AREA, "area '%s' is unknown; areas are %s",
                  shown(check->sample->area, quoted), known.text);
}

static enum reject_code
check_indicator(struct check *check)
{
    check->place.indicator = catalogue_indicator(check->catalogue, check->sample->indicator);
    if (check->place.indicator)
        return REJECT_NONE;
    char quoted[TEXT_QUOTE_MAX];
    return reject(check, REJECT_INDICATOR,
                  "indicator '%s' is unknown; it must be an id of indicators.csv",
                  shown(check->sample->indicator, quoted));
}

static enum reject_code
check_publisher(struct check *check)
{
    const char *id = check->sample->publisher;
    check->place.publisher = check->sender;
    if (id[0] == '\0')
        return REJECT_NONE;
    check->place.publisher = catalogue_publisher(check->catalogue, id);
    if (check->place.publisher)
        return REJECT_NONE;
    char quoted[TEXT_QUOTE_MAX];
    return reject(
        check, REJECT_PUBLISHER,
        "publisher '%s' is unknown; leave it empty for '%s', or name one of publishers.csv",
        shown(id, quoted), check->sender->id);
}

static enum reject_code
reject_area(struct check *check, const char *role, const struct cat_publisher *publisher)
{
    struct id_list allowed = { .text = "no area", .length = 0 };
    for (size_t i = 0; i < publisher->area_count && !id_list_is_full(&allowed); i++)
        id_list_add(&allowed, publisher->areas[i]->id);
    return reject(check, REJECT_RIGHT, "%s '%s' must not write area '%s'; it may write %s", role,
                  publisher->id, check->place.area->id, allowed.text);
}

/* What is made up has many areas and comes through many senders: through each only for its own. */
static enum reject_code
check_right(struct check *check)
{
    const struct cat_publisher *publisher = check->place.publisher;
    if (!publisher_may_come_via(publisher, check->sender))
        return reject(check, REJECT_RIGHT,
                      "sender '%s' must not bring rows of publisher '%s'; leave the publisher "
                      "empty, or let '%s' send them",
                      check->sender->id, publisher->id, publisher->id);
    if (!publisher_may_write(publisher, check->place.area))
        return reject_area(check, "publisher", publisher);
    if (publisher->is_simulated && !publisher_may_write(check->sender, check->place.area))
        return reject_area(check, "sender", check->sender);
    return REJECT_NONE;
}

/* "months 2, 3, 4 ..." as the calendar says. */
static void
list_months(const struct cat_calendar *calendar, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int month = 1; month <= 12; month++) {
        if (!(calendar->months >> month & 1))
            continue;
        int n = snprintf(text + length, size - length, "%s%d", length > 0 ? ", " : "", month);
        length += n > 0 ? (size_t)n : 0;
    }
}

static const char *
freq_word(enum cal_freq freq)
{
    return freq == CAL_DAY       ? "days, like 2023-04-05"
           : freq == CAL_WEEK    ? "weeks, like 2023-W05"
           : freq == CAL_QUARTER ? "quarters, like 2023-Q1"
           : freq == CAL_HALF    ? "half-years, like 2023-S1"
           : freq == CAL_YEAR    ? "years, like 2023"
                                 : "months, like 2023-04";
}

static enum reject_code
check_period(struct check *check)
{
    const struct cat_indicator *indicator = check->place.indicator;
    const struct cat_calendar *calendar = indicator->calendar;
    struct cal_period period = check->sample->period;
    char text[CAL_TEXT_MAX];
    if (!cal_period_is_valid(period))
        return reject(check, REJECT_PERIOD, "the period does not exist; '%s' is reported by %s",
                      indicator->id, freq_word(calendar->freq));
    cal_period_print(period, text);
    if (period.freq != calendar->freq)
        return reject(check, REJECT_NOT_DUE, "period %s: '%s' is reported by %s", text,
                      indicator->id, freq_word(calendar->freq));
    if (calendar_is_due(calendar, period))
        return REJECT_NONE;
    char months[64];
    list_months(calendar, months, sizeof months);
    return reject(check, REJECT_NOT_DUE,
                  "period %s: '%s' has values only for periods that end in month %s", text,
                  indicator->id, months);
}

static enum reject_code
check_ended(struct check *check)
{
    struct cal_date after = cal_period_after(check->sample->period);
    if (after.days <= check->today.days)
        return REJECT_NONE;
    char period[CAL_TEXT_MAX];
    char day[CAL_TEXT_MAX];
    return reject(check, REJECT_FUTURE, "period %s has not ended; its value is taken from %s on",
                  cal_period_print(check->sample->period, period), cal_date_print(after, day));
}

static enum reject_code
check_value(struct check *check)
{
    const struct sample *sample = check->sample;
    char quoted[TEXT_QUOTE_MAX];
    bool is_empty = sample->value[0] == '\0';
    if (is_empty && obs_status_is_known(sample->status) && !obs_status_allows_empty(sample->status))
        return reject(
            check, REJECT_VALUE,
            "the value is empty, and status %c needs one; without a value the status says "
            "why: O missing, M cannot exist, L not collected, Q suppressed, H holiday",
            sample->status);
    if (is_empty)
        return REJECT_NONE;
    struct num_decimal number;
    struct err_note why = { { 0 } };
    if (num_decimal_parse(sample->value, strlen(sample->value), &number, &why) < 0)
        return reject(check, REJECT_VALUE, "value: %s", why.text);
    if (strcmp(number.text, sample->value) != 0)
        return reject(check, REJECT_VALUE, "value '%s' is not in its plain form; write %s",
                      shown(sample->value, quoted), number.text);
    return REJECT_NONE;
}

static enum reject_code
check_status(struct check *check)
{
    const struct sample *sample = check->sample;
    char quoted[TEXT_QUOTE_MAX];
    if (!obs_status_is_known(sample->status)) {
        const char text[2] = { sample->status, '\0' };
        return reject(check, REJECT_STATUS,
                      "status '%s' is no letter of SDMX CL_OBS_STATUS; a normal value has A, a "
                      "provisional one P, an estimate E",
                      shown(text, quoted));
    }
    if (sample->stage >= OBS_STAGE_COUNT)
        return reject(check, REJECT_STATUS, "stage %u is unknown", (unsigned)sample->stage);
    /* N, not significant, stands with or without a number; the other empty ones say that there is
     * none. */
    bool says_none = obs_status_allows_empty(sample->status) && sample->status != 'N';
    if (says_none && sample->value[0] != '\0')
        return reject(check, REJECT_STATUS,
                      "status %c says there is no value, yet the value is %s; a normal value has A",
                      sample->status, shown(sample->value, quoted));
    return REJECT_NONE;
}

static enum reject_code
check_released(struct check *check)
{
    const struct sample *sample = check->sample;
    struct cal_date first = cal_period_first(sample->period);
    if (!sample->has_released)
        return REJECT_NONE;
    if (sample->released.days >= first.days && sample->released.days <= check->today.days)
        return REJECT_NONE;
    char released[CAL_TEXT_MAX];
    char from[CAL_TEXT_MAX];
    char to[CAL_TEXT_MAX];
    return reject(check, REJECT_RELEASED,
                  "released %s: it must lie between the period's first day, %s, and today, %s",
                  cal_date_print(sample->released, released), cal_date_print(first, from),
                  cal_date_print(check->today, to));
}

static enum reject_code
check_note(struct check *check)
{
    const char *text = check->sample->note;
    char quoted[TEXT_QUOTE_MAX];
    if (text_is_clean(text, strlen(text), SAMPLE_NOTE_MAX))
        return REJECT_NONE;
    return reject(check, REJECT_TEXT,
                  "note '%s': only one line of UTF-8 text of at most %d bytes, without control "
                  "characters",
                  shown(text, quoted), SAMPLE_NOTE_MAX);
}

/* Nothing computes a claim: who attests it says by what. */
static enum reject_code
check_evidence(struct check *check)
{
    const struct sample *sample = check->sample;
    if (check->place.indicator->kind != 'K' || sample->value[0] == '\0' || sample->note[0] != '\0')
        return REJECT_NONE;
    return reject(check, REJECT_EVIDENCE,
                  "'%s' is a claim that people attest: the note must name the evidence (document, "
                  "number, date)",
                  check->place.indicator->id);
}

typedef enum reject_code (*rule)(struct check *check);

static enum reject_code
run_rules(struct check *check, const rule *rules, size_t count, struct sample_place *ret_place)
{
    for (size_t i = 0; i < count; i++) {
        enum reject_code code = rules[i](check);
        if (code != REJECT_NONE)
            return code;
    }
    *ret_place = check->place;
    return REJECT_NONE;
}

enum reject_code
sample_check(const struct catalogue *catalogue, const struct cat_publisher *sender,
             const struct sample *sample, struct cal_date today, struct sample_place *ret_place,
             struct err_note *note)
{
    static const rule rules[] = {
        check_area,  check_indicator, check_publisher, check_right, check_period,   check_ended,
        check_value, check_status,    check_released,  check_note,  check_evidence,
    };
    struct check check = {
        .catalogue = catalogue,
        .sender = sender,
        .sample = sample,
        .today = today,
        .note = note,
    };
    return run_rules(&check, rules, sizeof rules / sizeof rules[0], ret_place);
}

static enum reject_code
check_named_publisher(struct check *check)
{
    check->place.publisher = catalogue_publisher(check->catalogue, check->sample->publisher);
    if (check->place.publisher)
        return REJECT_NONE;
    char quoted[TEXT_QUOTE_MAX];
    return reject(check, REJECT_PUBLISHER,
                  "publisher '%s' is unknown; it must be one of publishers.csv",
                  shown(check->sample->publisher, quoted));
}

static enum reject_code
check_period_exists(struct check *check)
{
    return cal_period_is_valid(check->sample->period)
               ? REJECT_NONE
               : reject(check, REJECT_PERIOD, "the period does not exist");
}

enum reject_code
sample_check_kept(const struct catalogue *catalogue, const struct sample *sample,
                  struct cal_date received, struct sample_place *ret_place, struct err_note *note)
{
    static const rule rules[] = {
        check_area,  check_indicator, check_named_publisher, check_period_exists, check_ended,
        check_value, check_status,    check_released,        check_note,
    };
    struct check check = {
        .catalogue = catalogue,
        .sample = sample,
        .today = received,
        .note = note,
    };
    return run_rules(&check, rules, sizeof rules / sizeof rules[0], ret_place);
}
