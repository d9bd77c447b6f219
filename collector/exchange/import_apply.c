/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of an import into the ledger, as if their senders had sent them: each sender has a
 * stream, in which a file begins, has its rows, and ends; two files of one sender that overlap (it
 * had two spools) need two. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/exchange/kept.h"
#include "platform/clock.h"
#include "platform/hash.h"

/* One stream, and the file under way in it. */
struct lane {
    struct lane *next;
    struct ledger_stream stream;
    struct ledger_file file;
    const struct cat_publisher *sender;
    size_t file_index;
    size_t count; /* records not told the ledger yet */
    uint8_t fates[WIRE_RECORDS_MAX];
    uint8_t checks[WIRE_RECORDS_MAX * LEDGER_CHECK];
};

struct applying {
    const struct kept *kept;
    struct ledger *ledger;
    struct wall_time now;
    struct lane *lanes; /* owned */
    struct err_note *note;
};

/* ---- records ---- */

static int
tell_ledger(struct applying *applying, struct lane *lane)
{
    size_t count = lane->count;
    lane->count = 0;
    return count == 0 ? 0
                      : ledger_stream_advance(applying->ledger, &lane->stream,
                                              lane->stream.hwm - count + 1, count, lane->fates,
                                              lane->checks, applying->now, applying->note);
}

/* The next record of the stream and its fate. */
static int
add_record(struct applying *applying, struct lane *lane, const struct record *record,
           enum wire_fate fate)
{
    uint8_t bytes[WIRE_RECORD_MAX];
    int size = record_pack(record, bytes, sizeof bytes, applying->note);
    if (size < 0)
        return size;
    struct ledger_stream *stream = &lane->stream;
    stream->hwm++;
    ledger_check_of(stream->hwm, bytes, (size_t)size, lane->checks + lane->count * LEDGER_CHECK);
    hash_chain(stream->chain, stream->hwm, bytes, (size_t)size, stream->chain);
    lane->fates[lane->count++] = (uint8_t)fate;
    return lane->count == WIRE_RECORDS_MAX ? tell_ledger(applying, lane) : 0;
}

/* ---- lanes ---- */

static struct lane *
make_lane(struct applying *applying, const struct cat_publisher *sender)
{
    struct lane *lane = calloc(1, sizeof *lane);
    if (!lane) {
        (void)err_set(applying->note, -ENOMEM, "out of memory");
        return NULL;
    }
    uint8_t id[WIRE_STREAM_ID];
    clock_random(id, sizeof id);
    lane->sender = sender;
    lane->next = applying->lanes;
    applying->lanes = lane;
    return ledger_stream_make(applying->ledger, id, sender->id, applying->now, &lane->stream,
                              applying->note) == 0
               ? lane
               : NULL;
}

/* The lane in which the file is under way; else a free one of its sender, in which it begins. */
static struct lane *
lane_of(struct applying *applying, size_t file_index, bool *ret_is_new)
{
    const struct cat_publisher *sender = applying->kept->files[file_index].sender;
    struct lane *free_lane = NULL;
    *ret_is_new = false;
    for (struct lane *lane = applying->lanes; lane; lane = lane->next) {
        if (lane->stream.submission != 0 && lane->file_index == file_index)
            return lane;
        if (lane->stream.submission == 0 && lane->sender == sender)
            free_lane = lane;
    }
    *ret_is_new = true;
    return free_lane ? free_lane : make_lane(applying, sender);
}

static int
begin_file(struct applying *applying, struct lane *lane, size_t file_index,
           struct wall_time received)
{
    const struct kept_file *file = &applying->kept->files[file_index];
    struct record record = { .type = RECORD_FILE_BEGIN };
    struct record_begin *begin = &record.as.begin;
    begin->rows = file->rows;
    memcpy(begin->sha256, file->sha256, sizeof begin->sha256);
    (void)snprintf(begin->name, sizeof begin->name, "%s",
                   applying->kept->texts + file->name); /* was checked to fit */
    int code = ledger_file_begin_as(applying->ledger, &lane->stream, lane->stream.hwm + 1, begin,
                                    file->submission, received, &lane->file, applying->note);
    if (code != 0)
        return code;
    lane->file_index = file_index;
    lane->stream.submission = lane->file.submission;
    return add_record(applying, lane, &record, FATE_CONTROL);
}

static int
end_file(struct applying *applying, struct lane *lane, struct wall_time received)
{
    const struct kept_file *file = &applying->kept->files[lane->file_index];
    struct record record = { .type = RECORD_FILE_END, .as.end.rows = file->rows };
    memcpy(record.as.end.sha256, file->sha256, sizeof file->sha256);
    int code = ledger_file_count(applying->ledger, &lane->file, applying->note);
    if (code == 0)
        code = ledger_file_end(applying->ledger, &lane->file, received, applying->note);
    lane->stream.submission = 0;
    return code == 0 ? add_record(applying, lane, &record, FATE_CONTROL) : code;
}

/* ---- rows ---- */

static struct sample
sample_of(const struct kept *kept, const struct kept_row *row)
{
    struct sample sample = { .period = cal_period_from_key(row->period),
                             .status = row->status,
                             .stage = (enum obs_stage)row->stage,
                             .has_released = true,
                             .released = { row->released },
                             .row = row->row };
    bool is_sender = row->publisher == kept->files[row->file].sender;
    /* What was read out of fields of these sizes fits into them. */
    (void)snprintf(sample.area, sizeof sample.area, "%s", row->area->id);
    (void)snprintf(sample.indicator, sizeof sample.indicator, "%s", row->indicator->id);
    (void)snprintf(sample.publisher, sizeof sample.publisher, "%s",
                   is_sender ? "" : row->publisher->id);
    (void)snprintf(sample.value, sizeof sample.value, "%s", kept_value(kept, row));
    (void)snprintf(sample.note, sizeof sample.note, "%s", kept_note(kept, row));
    return sample;
}

/* Did the rules make of the row what the file says it is? */
static int
check_fate(const struct applying *applying, size_t index, enum wire_fate fate)
{
    const struct kept *kept = applying->kept;
    int64_t position = (int64_t)index + 1;
    bool is_confirmation = kept->rows[index].kind == LEDGER_CONFIRMATION;
    bool restates = index + 1 < kept->count && kept->rows[index + 1].kind == LEDGER_RESTATED;
    int64_t after = ledger_position_so_far(applying->ledger);
    if ((fate == FATE_UNCHANGED) == is_confirmation && after == position + restates)
        return 0;
    return err_set(applying->note, ERR_CONFLICT,
                   "position %" PRId64
                   ": the file has it as %s, and by the rules it would be %s%s; "
                   "the export was altered, or made of a ledger that began under older rules (a "
                   "backup moves that)",
                   position, ledger_record_name((enum ledger_record_kind)kept->rows[index].kind),
                   fate_text(fate, LANG_EN), after > position ? " and restate a later day" : "");
}

static int
apply_row(struct applying *applying, size_t index)
{
    const struct kept *kept = applying->kept;
    const struct kept_row *row = &kept->rows[index];
    struct wall_time received = { row->received };
    bool is_new = false;
    struct lane *lane = lane_of(applying, row->file, &is_new);
    if (!lane)
        return ERR_LIBRARY;
    int code = is_new ? begin_file(applying, lane, row->file, received) : 0;
    if (code != 0)
        return code;
    struct record record = { .type = RECORD_SAMPLE, .as.sample = sample_of(kept, row) };
    const struct sample_place place = { row->area, row->indicator, row->publisher };
    enum wire_fate fate = FATE_NONE;
    code = ledger_apply(applying->ledger, &lane->file, &record.as.sample, &place, received, &fate,
                        applying->note);
    if (code == 0)
        code = check_fate(applying, index, fate);
    if (code != 0)
        return code;
    lane->file.fates[fate]++;
    code = add_record(applying, lane, &record, fate);
    return code == 0 && kept->files[row->file].last == index ? end_file(applying, lane, received)
                                                             : code;
}

static int
apply_all(struct applying *applying)
{
    const struct kept *kept = applying->kept;
    int code = 0;
    for (size_t i = 0; code == 0 && i < kept->count; i++) {
        if (kept->rows[i].kind != LEDGER_RESTATED)
            code = apply_row(applying, i);
        else if (ledger_position_so_far(applying->ledger) != (int64_t)i + 1)
            code = err_set(applying->note, ERR_CONFLICT,
                           "position %zu: by the rules nothing is restated here; the export was "
                           "altered",
                           i + 1);
    }
    for (struct lane *lane = applying->lanes; code == 0 && lane; lane = lane->next) {
        code = tell_ledger(applying, lane);
        if (code == 0)
            code = ledger_stream_held(applying->ledger, lane->stream.id, lane->stream.hwm,
                                      applying->now, applying->note);
    }
    return code;
}

/* ---- comparing ---- */

struct comparing {
    const struct kept *kept;
    size_t next;
    struct err_note *note;
};

static const char *
difference(const struct kept *kept, const struct kept_row *row, const struct ledger_record *record)
{
    const struct ledger_row *there = &record->row;
    const struct kept_file *file = &kept->files[row->file];
    return record->kind != (enum ledger_record_kind)row->kind              ? "record"
           : strcmp(record->area, row->area->id) != 0                      ? "area"
           : strcmp(record->indicator, row->indicator->id) != 0            ? "indicator"
           : cal_period_key(there->period) != row->period                  ? "period"
           : strcmp(there->value, kept_value(kept, row)) != 0              ? "value"
           : there->status != row->status                                  ? "status"
           : there->stage != (enum obs_stage)row->stage                    ? "stage"
           : there->released.days != row->released                         ? "released"
           : strcmp(there->note, kept_note(kept, row)) != 0                ? "reason"
           : strcmp(there->publisher, row->publisher->id) != 0             ? "publisher"
           : there->received.seconds != row->received                      ? "received_at"
           : there->submission != file->submission                         ? "submission"
           : there->row != row->row                                        ? "row"
           : strcmp(record->sender, file->sender->id) != 0                 ? "sender"
           : strcmp(record->file, kept->texts + file->name) != 0           ? "file"
           : memcmp(record->file_sha256, file->sha256, RECORD_SHA256) != 0 ? "file_sha256"
                                                                           : NULL;
}

static int
compare_record(void *context, const struct ledger_record *record)
{
    struct comparing *comparing = context;
    const struct kept *kept = comparing->kept;
    size_t index = comparing->next++;
    if (index >= kept->count || record->row.position != (int64_t)index + 1)
        return err_set(comparing->note, ERR_CONFLICT, "the ledger would hold other positions");
    const char *what = difference(kept, &kept->rows[index], record);
    return !what ? 0
                 : err_set(comparing->note, ERR_CONFLICT,
                           "position %zu: by the rules its %s would be another than the file says; "
                           "the export was altered",
                           index + 1, what);
}

static int
compare_all(const struct applying *applying)
{
    struct ledger_selection all = { .area = NULL };
    struct comparing comparing = { .kept = applying->kept, .note = applying->note };
    int code =
        ledger_each_record(applying->ledger, &all, compare_record, &comparing, applying->note);
    if (code == 0 && comparing.next != applying->kept->count)
        code = err_set(applying->note, ERR_CONFLICT, "the ledger would hold fewer rows");
    return code;
}

int
kept_apply(const struct kept *kept, struct ledger *ledger, struct wall_time now,
           struct err_note *note)
{
    struct applying applying = { .kept = kept, .ledger = ledger, .now = now, .note = note };
    int code = apply_all(&applying);
    if (code == 0)
        code = compare_all(&applying);
    while (applying.lanes) {
        struct lane *next = applying.lanes->next;
        free(applying.lanes);
        applying.lanes = next;
    }
    return code;
}
