/* SPDX-License-Identifier: GPL-3.0-or-later
 * The round's transaction, message by message, and the answers that say no. */
#include <stdio.h>
#include <string.h>

#include "collector/intake_private.h"

void
intake_say_refuse(struct intake *intake, enum wire_refusal code, const uint8_t *stream,
                  const char *text)
{
    intake->round.refused++;
    intake->out->kind = WIRE_REFUSE;
    struct wire_refuse *refuse = &intake->out->as.refuse;
    *refuse = (struct wire_refuse){ .code = (uint32_t)code, .has_stream = stream != NULL };
    if (stream)
        memcpy(refuse->stream, stream, sizeof refuse->stream);
    (void)snprintf(refuse->text, sizeof refuse->text, "%s", text); /* cut is enough */
}

void
intake_say_later(struct intake *intake, const char *reason)
{
    intake->round.refused++;
    intake->out->kind = WIRE_LATER;
    struct wire_later *later = &intake->out->as.later;
    later->retry_after_ms = INTAKE_LATER_MS;
    (void)snprintf(later->reason, sizeof later->reason, "%.200s", reason); /* cut is enough */
}

void
intake_fail_round(struct intake *intake, int code, const struct err_note *note)
{
    intake->fault_code = code;
    intake->fault = *note;
}

int
intake_mark(struct intake *intake, struct err_note *note)
{
    int code = intake->in_transaction ? 0 : ledger_begin(intake->ledger, note);
    intake->in_transaction |= code == 0;
    return code == 0 ? ledger_mark(intake->ledger, note) : code;
}

void
intake_break_round(struct intake *intake, int code, const struct err_note *note)
{
    intake_fail_round(intake, code, note);
    intake_say_later(intake, note->text);
}

void
intake_end_message(struct intake *intake, int code)
{
    struct err_note note = { "" };
    int ended =
        code == 0 ? ledger_release(intake->ledger, &note) : ledger_undo(intake->ledger, &note);
    if (ended != 0)
        intake_break_round(intake, ended, &note);
}
