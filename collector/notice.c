/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/hash.h"

static const char *
contact_of(const struct site *site, const struct cat_owner *owner)
{
    const struct config_pairs *contacts = &site->settings.mail_contacts;
    for (size_t i = 0; owner && i < contacts->count; i++)
        if (strcmp(contacts->pair[i].name, owner->id) == 0)
            return contacts->pair[i].text;
    return "";
}

/* The stable id of a firing: the same event of the same target by the same row is the same firing,
 * also after a restore. */
static void
firing_of(const struct verdict *verdict, const struct ledger_alert_event *event, char *text,
          size_t size)
{
    char key[256], period[CAL_TEXT_MAX], day[CAL_TEXT_MAX], hex[HASH_HEX];
    uint8_t hash[HASH_SIZE];
    int n = snprintf(key, sizeof key, "%s|%s|%s|%s|%s", verdict->target->id,
                     alert_event_name(event->event), level_name(event->level),
                     cal_period_print(event->period, period), cal_date_print(event->at, day));
    hash_sha256(key, n > 0 && (size_t)n < sizeof key ? (size_t)n : 0, hash);
    (void)snprintf(text, size, "%.40s", hash_hex(hash, sizeof hash, hex)); /* 160 bits */
}

static void
link_of(const struct site *site, const struct verdict *verdict, char *text, size_t size)
{
    const struct site_settings *s = &site->settings;
    char base[CONFIG_TEXT_MAX * 2];
    if (s->public_url[0])
        (void)snprintf(base, sizeof base, "%s", s->public_url);
    else
        (void)snprintf(base, sizeof base, "http://%s:%" PRId64, s->http_address, s->http_port);
    (void)snprintf(text, size, "%s/area/%s/%s", base, verdict->target->area->id,
                   verdict->target->indicator->id);
}

static void
word_zh(const struct verdict *verdict, const struct ledger_alert_event *event, const char *link,
        struct ledger_mail *mail)
{
    const struct cat_target *t = verdict->target;
    (void)snprintf(mail->subject, sizeof mail->subject, "【%s·%s】%s %s",
                   level_word(event->level, LANG_ZH), alert_event_word(event->event, LANG_ZH),
                   t->area->name.zh, t->indicator->name.zh);
    (void)snprintf(mail->body, sizeof mail->body,
                   "%s：%s\n\n%s。\n\n目标：%s（%s）\n责任单位：%s    牵头单位：%s\n详情：%s\n",
                   t->area->name.zh, t->indicator->name.zh, event->reason_zh,
                   t->text[0] ? t->text : "—", t->source, t->owner ? t->owner->name.zh : "—",
                   t->lead ? t->lead->name.zh : "—", link);
}

static void
word_en(const struct verdict *verdict, const struct ledger_alert_event *event, const char *link,
        struct ledger_mail *mail)
{
    const struct cat_target *t = verdict->target;
    (void)snprintf(mail->subject, sizeof mail->subject, "[%s, %s] %s: %s",
                   level_word(event->level, LANG_EN), alert_event_word(event->event, LANG_EN),
                   t->area->name.en, t->indicator->name.en);
    (void)snprintf(mail->body, sizeof mail->body,
                   "%s: %s\n\n%s.\n\nTarget: %s (%s)\nOwner: %s    Lead: %s\nDetails: %s\n",
                   t->area->name.en, t->indicator->name.en, event->reason_en,
                   t->text[0] ? t->text : "-", t->source, t->owner ? t->owner->name.en : "-",
                   t->lead ? t->lead->name.en : "-", link);
}

static int
post_to(struct ledger *ledger, struct ledger_mail *mail, const char *address, int64_t event_id,
        struct err_note *note)
{
    if (!address[0])
        return 0;
    (void)snprintf(mail->recipient, sizeof mail->recipient, "%s",
                   address);                                /* both CONFIG_TEXT_MAX */
    return ledger_outbox_add(ledger, event_id, mail, note); /* the same address twice is one mail */
}

int
notice_post(struct ledger *ledger, const struct site *site, const struct verdict *verdict,
            const struct ledger_alert_event *event, int64_t event_id, struct err_note *note)
{
    const struct site_settings *s = &site->settings;
    struct cal_date today = cal_date_at(event->recorded);
    if (!s->mail_server[0] || today.days - event->at.days > s->mail_window_days)
        return 0;
    struct ledger_mail *mail = calloc(1, sizeof *mail);
    if (!mail)
        return err_set(note, ERR_LIBRARY, "out of memory");
    char link[1024];
    link_of(site, verdict, link, sizeof link);
    firing_of(verdict, event, mail->firing, sizeof mail->firing);
    if (site->lang == LANG_EN)
        word_en(verdict, event, link, mail);
    else
        word_zh(verdict, event, link, mail);
    int code = post_to(ledger, mail, contact_of(site, verdict->target->owner), event_id, note);
    if (code == 0)
        code = post_to(ledger, mail, contact_of(site, verdict->target->lead), event_id, note);
    if (code == 0)
        code = post_to(ledger, mail, s->mail_copy, event_id, note);
    free(mail);
    return code;
}
