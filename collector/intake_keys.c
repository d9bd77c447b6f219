/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is noted of keys: the ones that follow, the first use, the last. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/intake_private.h"
#include "platform/keys.h"

void
intake_take_key_offer(struct intake *intake, const struct cat_publisher *sender, int64_t key,
                      const struct wire_key_offer *offer, struct wall_time now)
{
    struct err_note note = { "" };
    struct wire_key_answer *said = &intake->out->as.key_answer;
    char fingerprint[KEY_FINGERPRINT];
    intake->out->kind = WIRE_KEY_ANSWER;
    said->text[0] = '\0';
    memcpy(said->public_key, offer->public_key, sizeof said->public_key);
    if (keys_check_public(offer->public_key, &note) != 0) {
        (void)snprintf(said->text, sizeof said->text, "%.200s", note.text); /* cut is enough */
        return;
    }
    if (intake->fault_code != 0) {
        intake_say_later(intake, intake->fault.text);
        return;
    }
    int code = intake_mark(intake, &note);
    if (code != 0) {
        intake_break_round(intake, code, &note);
        return;
    }
    bool is_new = false;
    code = ledger_key_follow(intake->ledger, key, offer->public_key, now, &is_new, &note);
    if (code == ERR_CONFLICT)
        (void)snprintf(said->text, sizeof said->text, "%.200s", note.text); /* cut is enough */
    else if (code != 0)
        intake_break_round(intake, code, &note);
    keys_fingerprint(offer->public_key, fingerprint);
    if (is_new)
        (void)snprintf(intake->round.keys, sizeof intake->round.keys,
                       "a key that follows was taken: publisher=%s key=%" PRId64 " fingerprint=%s",
                       sender->id, key, fingerprint);
    intake_end_message(intake, code);
}

void
intake_note_first(struct intake *intake, const struct cat_publisher *sender, int64_t key,
                  struct wall_time now)
{
    struct err_note note = { "" };
    int code = intake_mark(intake, &note);
    if (code != 0) {
        intake_break_round(intake, code, &note);
        return;
    }
    code = ledger_key_seen(intake->ledger, key, now, &note);
    if (code != 0)
        intake_break_round(intake, code, &note);
    else
        (void)snprintf(intake->round.keys, sizeof intake->round.keys,
                       "used for the first time, the one before retires in %d h: publisher=%s "
                       "key=%" PRId64,
                       LEDGER_RETIRE_SECONDS / 3600, sender->id, key);
    intake_end_message(intake, code);
}

/* A failure breaks the round: it may have ended the transaction. */
void
intake_note_seen(struct intake *intake, int64_t key, struct wall_time now)
{
    if (!intake->in_transaction || intake->fault_code != 0 ||
        (key == intake->seen_key && now.seconds - intake->seen_at.seconds < INTAKE_SEEN_SECONDS))
        return;
    struct err_note note = { "" };
    int code = ledger_key_seen(intake->ledger, key, now, &note);
    if (code != 0) {
        intake_break_round(intake, code, &note);
        return;
    }
    intake->seen_key = key;
    intake->seen_at = now;
}
