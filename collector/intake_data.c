/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a Data message does to the ledger. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/intake_private.h"
#include "platform/hash.h"

/* Words of one refused row in an acknowledgement: a thousand of them must fit into one message. */
enum { NOTE_TEXT_MAX = 160 };

/* One Data message being taken. */
struct batch {
    const struct cat_publisher *sender;
    struct wall_time now;
    struct ledger_stream stream;
    struct ledger_file file; /* while stream.submission is not 0 */
    bool completed;
};

static void
add_note(struct wire_ack *ack, uint64_t seq, uint32_t code, const char *text)
{
    struct wire_fate_note *n = &ack->notes[ack->note_count++];
    n->seq = seq;
    n->code = code;
    size_t size = text_cut(text, strlen(text), NOTE_TEXT_MAX);
    memcpy(n->text, text, size);
    n->text[size] = '\0';
}

static int
reject(struct intake *intake, struct batch *batch, uint64_t seq, uint32_t row, uint32_t code,
       const char *text, const struct wire_slice *record, struct wire_ack *ack,
       struct err_note *note)
{
    add_note(ack, seq, code, text);
    if (batch->stream.submission)
        batch->file.fates[FATE_REJECTED]++;
    return ledger_quarantine(intake->ledger, &batch->stream, seq, row, code, text, record->bytes,
                             record->size, batch->now, note);
}

static int
take_sample(struct intake *intake, struct batch *batch, uint64_t seq, const struct sample *sample,
            const struct wire_slice *slice, struct wire_ack *ack, enum wire_fate *ret_fate,
            struct err_note *note)
{
    struct sample_place place;
    struct err_note words = { "" };
    enum reject_code code = batch->stream.submission == 0
                                ? REJECT_SYNTAX
                                : sample_check(intake->catalogue, batch->sender, sample,
                                               cal_date_at(batch->now), &place, &words);
    if (code == REJECT_NONE) {
        bool is_known = false;
        int failed = ledger_record_is_known(intake->ledger, &batch->file, seq, slice->bytes,
                                            slice->size, &is_known, note);
        if (failed == 0 && is_known)
            *ret_fate = FATE_DUPLICATE;
        else if (failed == 0)
            failed = ledger_apply(intake->ledger, &batch->file, sample, &place, batch->now,
                                  ret_fate, note);
        if (failed == 0)
            batch->file.fates[*ret_fate]++;
        return failed;
    }
    *ret_fate = FATE_REJECTED;
    return reject(intake, batch, seq, sample->row, (uint32_t)code,
                  words.text[0] ? words.text : "a row outside a file", slice, ack, note);
}

/* A new file closes one that was left open: its agent gave it up. */
static int
take_begin(struct intake *intake, struct batch *batch, uint64_t seq,
           const struct record_begin *begin, struct err_note *note)
{
    int code = batch->stream.submission ? ledger_file_count(intake->ledger, &batch->file, note) : 0;
    if (code == 0)
        code = ledger_file_begin(intake->ledger, &batch->stream, seq, begin, batch->now,
                                 &batch->file, note);
    if (code == 0)
        batch->stream.submission = batch->file.submission;
    return code;
}

static int
take_end(struct intake *intake, struct batch *batch, struct err_note *note)
{
    if (batch->stream.submission == 0)
        return 0;
    int code = ledger_file_count(intake->ledger, &batch->file, note);
    if (code == 0)
        code = ledger_file_end(intake->ledger, &batch->file, batch->now, note);
    batch->stream.submission = 0;
    batch->completed = true;
    return code;
}

static int
take_record(struct intake *intake, struct batch *batch, uint64_t seq,
            const struct wire_slice *slice, struct wire_ack *ack, enum wire_fate *ret_fate,
            struct err_note *note)
{
    struct record record;
    struct err_note words = { "" };
    *ret_fate = FATE_CONTROL;
    int code = record_unpack(slice->bytes, slice->size, &record, &words);
    if (code == -ENOMEM)
        return err_set(note, code, "%s", words.text);
    if (code != 0) {
        *ret_fate = FATE_REJECTED;
        return reject(intake, batch, seq, 0, REJECT_SYNTAX, words.text, slice, ack, note);
    }
    switch (record.type) {
    case RECORD_FILE_BEGIN:
        return take_begin(intake, batch, seq, &record.as.begin, note);
    case RECORD_SAMPLE:
        return take_sample(intake, batch, seq, &record.as.sample, slice, ack, ret_fate, note);
    case RECORD_REJECTED:
        *ret_fate = FATE_REJECTED;
        return reject(intake, batch, seq, record.as.rejected.row, record.as.rejected.code,
                      record.as.rejected.text, slice, ack, note);
    case RECORD_FILE_END:
        return take_end(intake, batch, note);
    }
    return ERR_SYNTAX;
}

/* Records at or below hwm: the same content gets the stored fates again; another content is a fork.
 */
static int
take_known(struct intake *intake, const struct batch *batch, const struct wire_data *data,
           size_t count, struct wire_ack *ack, struct err_note *note)
{
    int code = ledger_stream_fates(intake->ledger, batch->stream.id, data->first, count, ack->fates,
                                   intake->known_checks, note);
    for (size_t i = 0; code == 0 && i < count; i++) {
        uint64_t seq = data->first + i;
        uint8_t check[LEDGER_CHECK];
        ledger_check_of(seq, data->records[i].bytes, data->records[i].size, check);
        if (memcmp(check, intake->known_checks + i * LEDGER_CHECK, sizeof check) != 0)
            return err_set(note, ERR_REFUSED,
                           "record %llu differs from the one stored under this number",
                           (unsigned long long)seq);
        if (ack->fates[i] == FATE_REJECTED) {
            uint32_t reason = 0;
            char text[WIRE_TEXT_MAX + 1];
            code = ledger_quarantined(intake->ledger, batch->stream.id, seq, &reason, text,
                                      sizeof text, note);
            if (code == 0)
                add_note(ack, seq, reason, text);
        }
    }
    return code;
}

static int
take_new(struct intake *intake, struct batch *batch, const struct wire_data *data, size_t skip,
         struct wire_ack *ack, struct err_note *note)
{
    struct ledger_stream *stream = &batch->stream;
    int code = 0;
    if (stream->submission)
        code = ledger_file_resume(intake->ledger, stream->submission, &batch->file, note);
    uint64_t first = stream->hwm + 1;
    size_t i = skip;
    for (; code == 0 && i < data->record_count; i++) {
        if (i > skip && budget_is_spent(&intake->budget))
            break;
        const struct wire_slice *slice = &data->records[i];
        uint64_t seq = data->first + i;
        enum wire_fate fate = FATE_NONE;
        code = take_record(intake, batch, seq, slice, ack, &fate, note);
        ack->fates[i] = (uint8_t)fate;
        ledger_check_of(seq, slice->bytes, slice->size, intake->checks + i * LEDGER_CHECK);
        hash_chain(stream->chain, seq, slice->bytes, slice->size, stream->chain);
        stream->hwm = seq;
    }
    if (code == 0 && stream->submission)
        code = ledger_file_count(intake->ledger, &batch->file, note);
    if (code == 0)
        code = ledger_stream_advance(intake->ledger, stream, first, i - skip, ack->fates + skip,
                                     intake->checks + skip * LEDGER_CHECK, batch->now, note);
    return code;
}

/* Fills the acknowledgement; ERR_REFUSED: a fork. */
static int
take_batch(struct intake *intake, struct batch *batch, const struct wire_data *data,
           struct wire_ack *ack, struct err_note *note)
{
    int code = ledger_stream_find(intake->ledger, data->stream, &batch->stream, note);
    if (code == ERR_ABSENT)
        code = ledger_stream_make(intake->ledger, data->stream, batch->sender->id, batch->now,
                                  &batch->stream, note);
    if (code == 0 && strcmp(batch->stream.publisher, batch->sender->id) != 0)
        code = err_set(note, ERR_REFUSED, "the stream belongs to another publisher");
    if (code != 0)
        return code;
    uint64_t hwm = batch->stream.hwm;
    if (data->first <= hwm + 1 && data->first > 0) {
        size_t known = (size_t)(hwm + 1 - data->first);
        if (known > data->record_count)
            known = data->record_count;
        if (known > 0)
            code = take_known(intake, batch, data, known, ack, note);
        if (code == 0 && known < data->record_count)
            code = take_new(intake, batch, data, known, ack, note);
        ack->fates_first = data->first;
        ack->fate_count = (size_t)(batch->stream.hwm + 1 - data->first);
        if (ack->fate_count > data->record_count)
            ack->fate_count = data->record_count; /* all of it was known, and more */
    }
    ack->hwm = batch->stream.hwm;
    ack->safe_upto = batch->stream.safe_upto;
    memcpy(ack->chain, batch->stream.chain, sizeof ack->chain);
    return code;
}

void
intake_take_data(struct intake *intake, const struct cat_publisher *sender,
                 const struct wire_data *data, struct wall_time now, struct mono_time mono)
{
    struct err_note note = { "" };
    struct batch batch = { .sender = sender, .now = now };
    struct wire_ack *ack = &intake->out->as.ack;
    intake->round.data++;
    intake->round.records += data->record_count;
    if (clock_trust_judge(&intake->clock, now, mono, &note) != 0) {
        intake_say_later(intake, note.text);
        (void)snprintf(intake->round.clock, sizeof intake->round.clock, "%.250s", note.text);
        return;
    }
    intake->dated = now;
    if (intake->fault_code != 0) {
        intake_say_later(intake, intake->fault.text);
        return;
    }
    int code = intake_mark(intake, &note);
    if (code != 0) {
        intake_break_round(intake, code, &note);
        return;
    }
    intake->out->kind = WIRE_ACK;
    memset(ack, 0, offsetof(struct wire_ack, notes));
    ack->note_count = 0;
    memcpy(ack->stream, data->stream, sizeof ack->stream);
    ack->credit = intake->credit;
    code = take_batch(intake, &batch, data, ack, &note);
    if (code == ERR_REFUSED)
        intake_say_refuse(intake, REFUSAL_FORK, data->stream, note.text);
    else if (code != 0)
        intake_break_round(intake, code, &note);
    else
        intake->round.file_completed |= batch.completed;
    intake_end_message(intake, code);
}
