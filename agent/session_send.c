/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "agent/session_private.h"

void
session_await(struct session *session, int64_t now)
{
    /* xorshift64: jitter needs no more */
    session->random ^= session->random << 13;
    session->random ^= session->random >> 7;
    session->random ^= session->random << 17;
    uint64_t spread = (uint64_t)session->patience_ms / 4;
    session->answer_by = now + session->patience_ms + (int64_t)(session->random % (spread + 1));
}

int
session_send(struct session *session, int64_t now)
{
    struct err_note note = { { 0 } };
    int size = wire_pack(session->out, session->packed, WIRE_MESSAGE_MAX, &note);
    if (size < 0) {
        session_report(session, "cannot pack a message: %s", note.text);
        session->hold_until = now + RECEIPT_RETRY_MS;
        return size;
    }
    int code = session->port.send(session->port.context, session->packed, (size_t)size);
    if (code < 0)
        session->hold_until = now + SEND_RETRY_MS;
    return code < 0 ? code : 0;
}

/* ---- Data ---- */

/* Fills session->out with records first.. up to `last` at most, as many as fit. Returns the last
 * one, or 0. */
static uint64_t
data_fill(struct session *session, uint64_t first, uint64_t last)
{
    struct wire_data *data = &session->out->as.data;
    struct err_note note = { { 0 } };
    session->out->kind = WIRE_DATA;
    memcpy(data->stream, spool_stream_id(session->spool), WIRE_STREAM_ID);
    data->first = first;
    data->record_count = 0;
    size_t used = 0;
    for (uint64_t seq = first; seq <= last && data->record_count < session->records_max; seq++) {
        size_t size = spool_size(session->spool, seq);
        if (wire_data_size(data->record_count + 1, used + size) > session->bytes_max)
            break;
        if (spool_read(session->spool, seq, session->records + used, &size, &note)) {
            session_report(session, "%s", note.text);
            break;
        }
        struct wire_slice *slice = &data->records[data->record_count++];
        slice->bytes = session->records + used;
        slice->size = size;
        used += size;
    }
    return data->record_count ? first + data->record_count - 1 : 0;
}

static uint32_t
session_window(const struct session *session)
{
    return session->credit < FLIGHT_MAX ? session->credit : FLIGHT_MAX;
}

void
session_pump(struct session *session, int64_t now)
{
    if (session->state != SESSION_SENDING && session->state != SESSION_IDLE)
        return;
    uint64_t end = spool_last(session->spool);
    while (now >= session->hold_until && session->next <= end &&
           session->flight_count < session_window(session)) {
        uint64_t last = data_fill(session, session->next, end);
        if (last == 0) {
            session->hold_until = now + RECEIPT_RETRY_MS; /* a record that cannot be read */
            break;
        }
        if (session_send(session, now))
            break;
        session->flight[session->flight_count++] = (struct flight){ session->next, last, false };
        session->next = last + 1;
        if (session->answer_by == NEVER)
            session_await(session, now);
    }
    bool is_idle = session->next > end && session->flight_count == 0;
    session->state = is_idle ? SESSION_IDLE : SESSION_SENDING;
    /* Nothing under way, yet something is missing: a window of 0, or fates that did not come. */
    bool is_held = now < session->hold_until || session->receipt_at != NEVER;
    bool is_owed = !is_idle || spool_cursor(session->spool) < end;
    if (is_owed && !is_held && session->answer_by == NEVER)
        session_await(session, now);
}

void
session_rewind(struct session *session)
{
    if (session->flight_count && session->flight[0].first < session->next)
        session->next = session->flight[0].first;
    session->flight_count = 0;
}

/* ---- Ack ---- */

static bool
ack_is_ours(const struct session *session, const struct wire_ack *ack)
{
    uint8_t chain[HASH_SIZE];
    if (memcmp(ack->stream, spool_stream_id(session->spool), WIRE_STREAM_ID) != 0 ||
        ack->hwm > spool_last(session->spool))
        return false;
    if (ack->hwm == 0)
        return true;
    return spool_chain(session->spool, ack->hwm, chain) == 0 &&
           memcmp(chain, ack->chain, HASH_SIZE) == 0;
}

/* Takes the fates in; true if one was new. Fates beyond the high-water mark are none. */
static bool
ack_gather(struct session *session, const struct wire_ack *ack)
{
    bool is_progress = false;
    for (size_t i = 0; i < ack->fate_count; i++) {
        uint64_t seq = ack->fates_first + i;
        if (seq > ack->hwm)
            break;
        int code = fates_set(&session->fates, seq, (enum wire_fate)ack->fates[i]);
        if (code < 0)
            session_report(session, "no memory for fates"); /* asked again after the time-out */
        is_progress = is_progress || code > 0;
    }
    for (size_t i = 0; i < ack->note_count; i++)
        if (ack->notes[i].seq <= ack->hwm && fates_note(&session->fates, &ack->notes[i]) < 0)
            session_report(session, "no memory for the words of a fate");
    return is_progress;
}

/* Has every record of it a fate? Those at or below the cursor need none: being committed is enough.
 */
static bool
flight_is_answered(const struct session *session, const struct flight *flight, uint64_t hwm)
{
    if (flight->last > hwm)
        return false;
    if (flight->last <= session->fates.known_upto)
        return true;
    for (uint64_t seq = flight->first; seq <= flight->last; seq++)
        if (!fates_has(&session->fates, seq))
            return false;
    return true;
}

/* Sends again what the ledger has but whose Ack got lost: a later one has been answered. */
static void
flight_repeat(struct session *session, struct flight *flight, int64_t now)
{
    if (flight->is_repeated || now < session->hold_until ||
        data_fill(session, flight->first, flight->last) != flight->last)
        return;
    flight->is_repeated = session_send(session, now) == 0;
}

/* Takes answered Data out of the air. */
static void
ack_land(struct session *session, const struct wire_ack *ack, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->flight_count; i++) {
        struct flight *flight = &session->flight[i];
        if (flight_is_answered(session, flight, ack->hwm)) {
            for (size_t k = 0; k < kept; k++)
                if (session->flight[k].last <= ack->hwm)
                    flight_repeat(session, &session->flight[k], now);
            continue;
        }
        if (ack->fate_count && flight->first == ack->fates_first) {
            /* Answered in part: go on behind what was answered. */
            uint64_t at = flight->first;
            while (at <= flight->last && fates_has(&session->fates, at))
                at++;
            session->next = at;
            session->flight_count = i;
            break;
        }
        session->flight[kept++] = *flight;
    }
    session->flight_count = kept;
}

void
session_note_safe(struct session *session, uint64_t safe_upto)
{
    struct err_note note = { { 0 } };
    if (spool_set_safe_upto(session->spool, safe_upto, &note))
        session_report(session, "%s", note.text); /* the next answer tells it again */
}

void
session_take_ack(struct session *session, const struct wire_ack *ack, int64_t now)
{
    if (!ack_is_ours(session, ack)) {
        session_report(session, "ignored an acknowledgement of other records");
        return;
    }
    session->credit = ack->credit;
    session_note_safe(session, ack->safe_upto);
    bool is_progress = ack_gather(session, ack);
    size_t under_way = session->flight_count;
    bool is_hole = ack->fate_count == 0 && under_way && ack->hwm + 1 < session->flight[0].first;
    if (is_hole) {
        session_report(session, "the collector has records only up to %" PRIu64 ": from there",
                       ack->hwm);
        session->next = ack->hwm + 1;
        session->flight_count = 0;
    } else {
        ack_land(session, ack, now);
    }
    is_progress = is_progress || session->flight_count < under_way;
    if (is_progress) {
        session->patience_ms = PATIENCE_MIN_MS;
        session->has_forked = false;
        session->words[0] = '\0';
        session->answer_by = NEVER;
        if (session->flight_count)
            session_await(session, now);
    }
    session_settle(session, now);
    session_pump(session, now);
}

/* ---- receipts and cursor ---- */

/* One file that is complete: 1 when its receipt is written, 0 when there is none, or a negative
 * code. */
static int
settle_file(struct session *session, struct err_note *note)
{
    uint64_t first = spool_cursor(session->spool) + 1;
    if (session->group_first != first) {
        session->group_last = spool_group_last(session->spool, first);
        session->group_first = session->group_last ? first : 0; /* 0: it is not spooled yet */
    }
    uint64_t last = session->group_last;
    if (last == 0 || last > session->fates.known_upto)
        return 0;
    size_t note_count = 0;
    const struct wire_fate_note *notes = fates_notes(&session->fates, first, last, &note_count);
    int code = session->port.file_done(session->port.context, first, last, notes, note_count,
                                       fates_at(&session->fates, first));
    if (code < 0)
        return err_set(note, code, "a receipt could not be written: %s", err_text(code));
    code = spool_set_cursor(session->spool, last, note);
    if (code)
        return err_prefix(note, code, "move the cursor");
    fates_advance(&session->fates, last + 1);
    return 1;
}

void
session_settle(struct session *session, int64_t now)
{
    struct err_note note = { { 0 } };
    int code;
    session->receipt_at = NEVER;
    while ((code = settle_file(session, &note)) > 0)
        continue;
    if (code < 0) {
        session->receipt_at = now + RECEIPT_RETRY_MS;
        session_report(session, "%s; tried again in %d s", note.text, RECEIPT_RETRY_MS / 1000);
    }
}
