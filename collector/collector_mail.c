/* SPDX-License-Identifier: GPL-3.0-or-later
 * The outbox: what waits there goes to the mailer, and what failed waits again. */
#include "collector/collector_private.h"
#include "platform/clock.h"
#include "platform/log.h"

enum { MAIL_RETRY_FIRST = 60 /* seconds, doubled at each attempt */ };

void
collector_mail_some(struct collector *c)
{
    struct ledger_mail mail;
    struct err_note note = { "" };
    if (!c->mailer || mailer_is_busy(c->mailer))
        return;
    int found = ledger_outbox_next(c->ledger, clock_wall(), &mail, &note);
    if (found < 0)
        log_error("mail", "%s", note.text);
    c->mail_waits = found == 1 && mailer_give(c->mailer, &mail);
    if (c->mail_waits)
        c->mail_attempts = mail.attempts;
}

static int64_t
retry_seconds(int64_t attempts)
{
    int64_t wait = MAIL_RETRY_FIRST;
    for (int64_t i = 0; i < attempts && wait < LEDGER_MAIL_WAIT_MAX; i++)
        wait *= 2;
    return wait < LEDGER_MAIL_WAIT_MAX ? wait : LEDGER_MAIL_WAIT_MAX;
}

void
collector_mail_answered(struct collector *c)
{
    struct mailer_report report;
    struct err_note note = { "" };
    while (mailer_take(c->mailer, &report)) {
        struct wall_time now = clock_wall();
        int code = ledger_begin(c->ledger, &note);
        if (code == 0 && report.code == 0) {
            code = ledger_outbox_sent(c->ledger, report.id, now, &note);
            c->gauges.mails_sent++;
        } else if (code == 0) {
            struct wall_time next = { now.seconds + retry_seconds(c->mail_attempts) };
            code = ledger_outbox_failed(c->ledger, report.id, next, &note);
            c->gauges.mails_failed++;
            log_warning("mail", "not sent, tried again later: %s", report.words);
        }
        if (code == 0)
            code = ledger_commit(c->ledger, &note);
        if (code != 0) {
            ledger_rollback(c->ledger);
            log_error("mail", "%s", note.text);
        }
        c->mail_waits = true;
    }
}
