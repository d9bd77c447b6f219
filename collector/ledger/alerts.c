/* SPDX-License-Identifier: GPL-3.0-or-later
 * Alerts and their events, and the outbox. */
#include "collector/ledger/db.h"

#include <string.h>

static enum level
column_level(sqlite3_stmt *s, int column)
{
    enum level level = LEVEL_UNKNOWN;
    const char *text = (const char *)sqlite3_column_text(s, column);
    if (text)
        (void)level_parse(text, &level); /* a word of a newer release stays unknown */
    return level;
}

int
ledger_alert_state(struct ledger *ledger, const char *target, struct alert_state *ret_state,
                   int64_t *ret_alert, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_ALERT_STATE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, target);
    int code = db_step(ledger, s, note);
    if (code < 0)
        return code;
    *ret_state = (struct alert_state){ 0 };
    *ret_alert = 0;
    if (code == 1) {
        *ret_alert = sqlite3_column_int64(s, 0);
        ret_state->is_open = true;
        ret_state->level = column_level(s, 1);
        ret_state->period = cal_period_from_key(sqlite3_column_int64(s, 2));
        db_reset(s);
    }
    return 0;
}

static int
open_alert(struct ledger *ledger, const struct cat_target *target, int64_t *ret_alert,
           struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_ALERT_OPEN, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, target->id);
    db_bind_text(s, 2, target->area->id);
    db_bind_text(s, 3, target->indicator->id);
    int code = db_run(ledger, s, note);
    if (code == 0)
        *ret_alert = sqlite3_last_insert_rowid(ledger->db);
    return code;
}

int
ledger_alert_record(struct ledger *ledger, const struct cat_target *target, int64_t alert,
                    const struct ledger_alert_event *event, int64_t *ret_event,
                    struct err_note *note)
{
    int code = alert == 0 ? open_alert(ledger, target, &alert, note) : 0;
    if (code != 0)
        return code;
    sqlite3_stmt *s = db_statement(ledger, SQL_EVENT_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, alert);
    db_bind_text(s, 2, alert_event_name(event->event));
    db_bind_text(s, 3, level_name(event->level));
    db_bind_int(s, 4, cal_period_key(event->period));
    db_bind_int(s, 5, event->at.days);
    db_bind_int(s, 6, event->recorded.seconds);
    db_bind_int(s, 7, event->position);
    db_bind_text(s, 8, event->reason_zh);
    db_bind_text(s, 9, event->reason_en);
    code = db_run(ledger, s, note);
    if (code != 0)
        return code;
    *ret_event = sqlite3_last_insert_rowid(ledger->db);
    if (event->event != ALERT_RESOLVED && event->event != ALERT_WITHDRAWN)
        return 0;
    s = db_statement(ledger, SQL_ALERT_CLOSE, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, alert);
    return db_run(ledger, s, note);
}

static void
fill_alert(sqlite3_stmt *s, struct ledger_alert *alert)
{
    *alert = (struct ledger_alert){ .id = sqlite3_column_int64(s, 0),
                                    .level = column_level(s, 5),
                                    .period = cal_period_from_key(sqlite3_column_int64(s, 6)),
                                    .opened = { (int32_t)sqlite3_column_int64(s, 7) },
                                    .last_change = { (int32_t)sqlite3_column_int64(s, 8) } };
    db_column_text(s, 1, alert->target, sizeof alert->target);
    db_column_text(s, 2, alert->area, sizeof alert->area);
    db_column_text(s, 3, alert->indicator, sizeof alert->indicator);
    db_column_text(s, 4, alert->state, sizeof alert->state);
    if (strcmp(alert->state, alert_event_name(ALERT_RESOLVED)) != 0 &&
        strcmp(alert->state, alert_event_name(ALERT_WITHDRAWN)) != 0)
        memcpy(alert->state, "open", sizeof "open");
    db_column_text(s, 9, alert->reason_zh, sizeof alert->reason_zh);
    db_column_text(s, 10, alert->reason_en, sizeof alert->reason_en);
}

int
ledger_each_alert(struct ledger *ledger, const struct ledger_as_of *as_of, bool open_only,
                  int (*visit)(void *context, const struct ledger_alert *alert), void *context,
                  struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_ALERT_EACH, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, as_of && as_of->has_released ? as_of->released.days : INT64_MAX);
    db_bind_int(s, 2, as_of && as_of->has_received ? as_of->received.seconds : INT64_MAX);
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_alert alert;
        fill_alert(s, &alert);
        if (open_only && strcmp(alert.state, "open") != 0)
            continue;
        code = visit(context, &alert);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}

typedef int visit_event(void *context, const struct ledger_alert_event *event);

/* Runs a bound statement that selects events; their alert is its last column. */
static int
each_event(struct ledger *ledger, sqlite3_stmt *s, visit_event *visit, void *context,
           struct err_note *note)
{
    int code;
    while ((code = db_step(ledger, s, note)) == 1) {
        struct ledger_alert_event event = { .id = sqlite3_column_int64(s, 0),
                                            .alert = sqlite3_column_int64(s, 9),
                                            .level = column_level(s, 2),
                                            .period =
                                                cal_period_from_key(sqlite3_column_int64(s, 3)),
                                            .at = { (int32_t)sqlite3_column_int64(s, 4) },
                                            .recorded = { sqlite3_column_int64(s, 5) },
                                            .position = sqlite3_column_int64(s, 6) };
        const char *name = (const char *)sqlite3_column_text(s, 1);
        if (name)
            (void)alert_event_parse(name, &event.event); /* a newer release's word: "nothing" */
        db_column_text(s, 7, event.reason_zh, sizeof event.reason_zh);
        db_column_text(s, 8, event.reason_en, sizeof event.reason_en);
        code = visit(context, &event);
        if (code != 0) {
            db_reset(s);
            return code;
        }
    }
    return code;
}

int
ledger_each_alert_event(struct ledger *ledger, int64_t alert, visit_event *visit, void *context,
                        struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_EVENT_EACH, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, alert);
    return each_event(ledger, s, visit, context, note);
}

int
ledger_each_target_event(struct ledger *ledger, const char *target, visit_event *visit,
                         void *context, struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_EVENT_OF_TARGET, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_text(s, 1, target);
    return each_event(ledger, s, visit, context, note);
}

int
ledger_outbox_add(struct ledger *ledger, int64_t event, const struct ledger_mail *mail,
                  struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_OUTBOX_ADD, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, event);
    db_bind_text(s, 2, mail->firing);
    db_bind_text(s, 3, mail->recipient);
    db_bind_text(s, 4, mail->subject);
    db_bind_text(s, 5, mail->body);
    return db_run(ledger, s, note);
}

int
ledger_outbox_next(struct ledger *ledger, struct wall_time now, struct ledger_mail *ret_mail,
                   struct err_note *note)
{
    sqlite3_stmt *s = db_statement(ledger, SQL_OUTBOX_NEXT, note);
    if (!s)
        return ERR_LIBRARY;
    db_bind_int(s, 1, now.seconds);
    db_bind_int(s, 2, now.seconds + LEDGER_MAIL_WAIT_MAX);
    int code = db_step(ledger, s, note);
    if (code != 1)
        return code;
    *ret_mail = (struct ledger_mail){ .id = sqlite3_column_int64(s, 0),
                                      .attempts = sqlite3_column_int64(s, 5) };
    db_column_text(s, 1, ret_mail->firing, sizeof ret_mail->firing);
    db_column_text(s, 2, ret_mail->recipient, sizeof ret_mail->recipient);
    db_column_text(s, 3, ret_mail->subject, sizeof ret_mail->subject);
    db_column_text(s, 4, ret_mail->body, sizeof ret_mail->body);
    db_reset(s);
    return 1;
}

/* Runs a statement of (id, seconds). */
int
ledger_outbox_sent(struct ledger *ledger, int64_t id, struct wall_time now, struct err_note *note)
{
    return db_stamp(ledger, SQL_OUTBOX_SENT, id, now, note);
}

int
ledger_outbox_failed(struct ledger *ledger, int64_t id, struct wall_time next,
                     struct err_note *note)
{
    return db_stamp(ledger, SQL_OUTBOX_FAILED, id, next, note);
}
