/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/wire.h"

#include <string.h>

#include "core/text.h"
#include "pacewatch.pb-c.h"
#include "proto/scan.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define TYPE(name, fields)                    \
    {                                         \
        name, fields, COUNT_OF(fields), false \
    }

enum { RECORD_UNPACK_EXTRA = 4096 };

enum {
    SAMPLE_ROW = 1,
    SAMPLE_AREA,
    SAMPLE_INDICATOR,
    SAMPLE_PUBLISHER,
    SAMPLE_PERIOD,
    SAMPLE_VALUE,
    SAMPLE_STATUS,
    SAMPLE_RELEASED,
    SAMPLE_NOTE,
    SAMPLE_STAGE = 100
};

static const struct scan_field begin_fields[] = {
    { 1, SCAN_BYTES, "sha256", RECORD_SHA256, RECORD_SHA256, 0, NULL },
    { 2, SCAN_TEXT, "name", 0, RECORD_NAME_MAX, 0, NULL },
    { 3, SCAN_NUMBER, "rows", 0, UINT32_MAX, 0, NULL },
    { 4, SCAN_SIGNED, "wall_time", 0, UINT64_MAX, 0, NULL },
};
static const struct scan_type begin_type = TYPE("begin", begin_fields);

static const struct scan_field sample_fields[] = {
    { SAMPLE_ROW, SCAN_NUMBER, "row", 0, UINT32_MAX, 0, NULL },
    { SAMPLE_AREA, SCAN_TEXT, "area", 1, SAMPLE_ID_MAX, 0, NULL },
    { SAMPLE_INDICATOR, SCAN_TEXT, "indicator", 1, SAMPLE_ID_MAX, 0, NULL },
    { SAMPLE_PUBLISHER, SCAN_TEXT, "publisher", 0, SAMPLE_ID_MAX, 0, NULL },
    { SAMPLE_PERIOD, SCAN_TEXT, "period", 1, CAL_TEXT_MAX - 1, 0, NULL },
    { SAMPLE_VALUE, SCAN_TEXT, "value", 0, NUM_TEXT_MAX - 1, 0, NULL },
    { SAMPLE_STATUS, SCAN_TEXT, "status", 1, 1, 0, NULL },
    { SAMPLE_RELEASED, SCAN_SIGNED, "released", 0, UINT32_MAX, 0, NULL },
    { SAMPLE_NOTE, SCAN_TEXT, "note", 0, SAMPLE_NOTE_MAX, 0, NULL },
    { SAMPLE_STAGE, SCAN_NUMBER, "stage", 0, OBS_STAGE_COUNT - 1, 0, NULL },
};
static const struct scan_type sample_type = TYPE("sample", sample_fields);

static const struct scan_field end_fields[] = {
    { 1, SCAN_BYTES, "sha256", RECORD_SHA256, RECORD_SHA256, 0, NULL },
    { 2, SCAN_NUMBER, "rows", 0, UINT32_MAX, 0, NULL },
};
static const struct scan_type end_type = TYPE("end", end_fields);

static const struct scan_field rejected_fields[] = {
    { 1, SCAN_NUMBER, "row", 0, UINT32_MAX, 0, NULL },
    { 2, SCAN_NUMBER, "code", 0, UINT32_MAX, 0, NULL },
    { 3, SCAN_TEXT, "original", 0, RECORD_ORIGINAL_MAX, 0, NULL },
    { 4, SCAN_TEXT, "text", 0, WIRE_TEXT_MAX, 0, NULL },
};
static const struct scan_type rejected_type = TYPE("rejected", rejected_fields);

static const struct scan_field record_fields[] = {
    { RECORD_FILE_BEGIN, SCAN_PART, "begin", 0, 0, 0, &begin_type },
    { RECORD_SAMPLE, SCAN_PART, "sample", 0, 0, 0, &sample_type },
    { RECORD_FILE_END, SCAN_PART, "end", 0, 0, 0, &end_type },
    { RECORD_REJECTED, SCAN_PART, "rejected", 0, 0, 0, &rejected_type },
};
static const struct scan_type record_type = { "record", record_fields, COUNT_OF(record_fields),
                                              true };

static bool
date_is_held(int32_t days)
{
    return days >= cal_date_of(1900, 1, 1).days && days <= cal_date_of(2199, 12, 31).days;
}

/* ---- packing ---- */

static int
pack_record(const Pacewatch__Record *record, uint8_t *bytes, size_t size, struct err_note *note)
{
    size_t needed = pacewatch__record__get_packed_size(record);
    if (needed > size)
        return err_set(note, ERR_RANGE, "record: takes %zu bytes, there is room for %zu", needed,
                       size);
    int length = (int)pacewatch__record__pack(record, bytes);
    int rc = scan_check(&record_type, bytes, (size_t)length, note);
    return rc < 0 ? rc : length;
}

static int
check_ended(const char *name, const char *text, size_t size, struct err_note *note)
{
    return memchr(text, '\0', size) ? 0 : err_set(note, ERR_RANGE, "%s: does not end", name);
}

/* The pack functions take their record by value, because protobuf-c's structs point to texts and
 * bytes without const. */
static int
pack_begin(struct record_begin begin, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_ended("begin: name", begin.name, sizeof begin.name, note);
    if (rc < 0)
        return rc;
    Pacewatch__FileBegin body;
    pacewatch__file_begin__init(&body);
    body.sha256 = (ProtobufCBinaryData){ sizeof begin.sha256, begin.sha256 };
    body.name = begin.name;
    body.rows = begin.rows;
    body.wall_time = begin.wall_time;
    Pacewatch__Record record;
    pacewatch__record__init(&record);
    record.body_case = PACEWATCH__RECORD__BODY_BEGIN;
    record.begin = &body;
    return pack_record(&record, bytes, size, note);
}

static int
check_sample(const struct sample *sample, struct err_note *note)
{
    int rc = check_ended("sample: area", sample->area, sizeof sample->area, note);
    if (rc == 0)
        rc = check_ended("sample: indicator", sample->indicator, sizeof sample->indicator, note);
    if (rc == 0)
        rc = check_ended("sample: publisher", sample->publisher, sizeof sample->publisher, note);
    if (rc == 0)
        rc = check_ended("sample: value", sample->value, sizeof sample->value, note);
    if (rc == 0)
        rc = check_ended("sample: note", sample->note, sizeof sample->note, note);
    if (rc == 0 && !cal_period_is_valid(sample->period))
        rc = err_set(note, ERR_RANGE, "sample: period: does not exist");
    if (rc == 0 && sample->has_released && !date_is_held(sample->released.days))
        rc = err_set(note, ERR_RANGE, "sample: released: not in the years 1900..2199");
    return rc;
}

static int
pack_sample(struct sample sample, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_sample(&sample, note);
    if (rc < 0)
        return rc;
    char period[CAL_TEXT_MAX], status[2] = { sample.status, '\0' };
    Pacewatch__Sample body;
    pacewatch__sample__init(&body);
    body.row = sample.row;
    body.area = sample.area;
    body.indicator = sample.indicator;
    body.publisher = sample.publisher;
    body.period = cal_period_print(sample.period, period);
    body.value = sample.value;
    body.status = status;
    if (sample.has_released) {
        body.release_case = PACEWATCH__SAMPLE__RELEASE_RELEASED;
        body.released = sample.released.days;
    }
    body.note = sample.note;
    body.stage = (uint32_t)sample.stage;
    Pacewatch__Record record;
    pacewatch__record__init(&record);
    record.body_case = PACEWATCH__RECORD__BODY_SAMPLE;
    record.sample = &body;
    return pack_record(&record, bytes, size, note);
}

static int
pack_end(struct record_end end, uint8_t *bytes, size_t size, struct err_note *note)
{
    Pacewatch__FileEnd body;
    pacewatch__file_end__init(&body);
    body.sha256 = (ProtobufCBinaryData){ sizeof end.sha256, end.sha256 };
    body.rows = end.rows;
    Pacewatch__Record record;
    pacewatch__record__init(&record);
    record.body_case = PACEWATCH__RECORD__BODY_END;
    record.end = &body;
    return pack_record(&record, bytes, size, note);
}

static int
pack_rejected(struct record_rejected rejected, uint8_t *bytes, size_t size, struct err_note *note)
{
    int rc = check_ended("rejected: original", rejected.original, sizeof rejected.original, note);
    if (rc == 0)
        rc = check_ended("rejected: text", rejected.text, sizeof rejected.text, note);
    if (rc < 0)
        return rc;
    Pacewatch__Rejected body;
    pacewatch__rejected__init(&body);
    body.row = rejected.row;
    body.code = rejected.code;
    body.original = rejected.original;
    body.text = rejected.text;
    Pacewatch__Record record;
    pacewatch__record__init(&record);
    record.body_case = PACEWATCH__RECORD__BODY_REJECTED;
    record.rejected = &body;
    return pack_record(&record, bytes, size, note);
}

int
record_pack(const struct record *record, uint8_t *bytes, size_t size, struct err_note *note)
{
    switch (record->type) {
    case RECORD_FILE_BEGIN:
        return pack_begin(record->as.begin, bytes, size, note);
    case RECORD_SAMPLE:
        return pack_sample(record->as.sample, bytes, size, note);
    case RECORD_FILE_END:
        return pack_end(record->as.end, bytes, size, note);
    case RECORD_REJECTED:
        return pack_rejected(record->as.rejected, bytes, size, note);
    }
    return err_set(note, ERR_RANGE, "no such type of record: %d", (int)record->type);
}

/* ---- unpacking; the scan has passed, so sizes are right ---- */

static void
copy_text(char *to, const char *from)
{
    memcpy(to, from, strlen(from) + 1);
}

static void
unpack_begin(const Pacewatch__FileBegin *body, struct record_begin *ret_begin)
{
    memcpy(ret_begin->sha256, body->sha256.data, sizeof ret_begin->sha256);
    copy_text(ret_begin->name, body->name);
    ret_begin->rows = body->rows;
    ret_begin->wall_time = body->wall_time;
}

static void
take_text(const struct scan_item *item, char *to)
{
    memcpy(to, item->bytes, item->size);
    to[item->size] = '\0';
}

/* sint32, as protobuf folds it. */
static int32_t
unfold(uint64_t value)
{
    return (int32_t)((uint32_t)value >> 1 ^ (0 - ((uint32_t)value & 1)));
}

static void
take_sample_field(const struct scan_item *item, struct sample *sample, struct scan_item *ret_period)
{
    switch (item->number) {
    case SAMPLE_ROW:
        sample->row = (uint32_t)item->value;
        break;
    case SAMPLE_AREA:
        take_text(item, sample->area);
        break;
    case SAMPLE_INDICATOR:
        take_text(item, sample->indicator);
        break;
    case SAMPLE_PUBLISHER:
        take_text(item, sample->publisher);
        break;
    case SAMPLE_PERIOD:
        *ret_period = *item;
        break;
    case SAMPLE_VALUE:
        take_text(item, sample->value);
        break;
    case SAMPLE_STATUS:
        sample->status = (char)item->bytes[0];
        break;
    case SAMPLE_RELEASED:
        sample->has_released = true;
        sample->released.days = unfold(item->value);
        break;
    case SAMPLE_NOTE:
        take_text(item, sample->note);
        break;
    case SAMPLE_STAGE:
        sample->stage = (enum obs_stage)item->value;
        break;
    default: /* a field of a later release */
        break;
    }
}

/* Nearly all records are samples: they are read as they stand, without protobuf-c's copies. */
static int
unpack_sample(const struct scan_item *body, struct sample *ret_sample, struct err_note *note)
{
    struct scan_cursor cursor = { body->bytes, body->bytes + body->size };
    struct scan_item item = { 0 }, period = { 0 };
    struct sample sample;
    memset(&sample, 0, sizeof sample);
    while (scan_next(&cursor, &item, NULL) == 1)
        take_sample_field(&item, &sample, &period);
    int rc = cal_period_parse((const char *)period.bytes, period.size, &sample.period, note);
    if (rc < 0)
        return err_prefix(note, rc, "sample: period");
    if (sample.has_released && !date_is_held(sample.released.days))
        return err_set(note, ERR_RANGE, "sample: released: not in the years 1900..2199");
    *ret_sample = sample;
    return 0;
}

/* The sample in a record, if that is what it holds. */
static bool
find_sample(const uint8_t *bytes, size_t size, struct scan_item *ret_body)
{
    struct scan_cursor cursor = { bytes, bytes + size };
    while (scan_next(&cursor, ret_body, NULL) == 1)
        if (ret_body->number == RECORD_SAMPLE)
            return true;
    return false;
}

static void
unpack_rejected(const Pacewatch__Rejected *body, struct record_rejected *ret_rejected)
{
    ret_rejected->row = body->row;
    ret_rejected->code = body->code;
    copy_text(ret_rejected->original, body->original);
    copy_text(ret_rejected->text, body->text);
}

static int
unpack_body(const Pacewatch__Record *record, struct record *ret_record, struct err_note *note)
{
    switch (record->body_case) {
    case PACEWATCH__RECORD__BODY_BEGIN:
        unpack_begin(record->begin, &ret_record->as.begin);
        ret_record->type = RECORD_FILE_BEGIN;
        return 0;
    case PACEWATCH__RECORD__BODY_END:
        memcpy(ret_record->as.end.sha256, record->end->sha256.data, RECORD_SHA256);
        ret_record->as.end.rows = record->end->rows;
        ret_record->type = RECORD_FILE_END;
        return 0;
    case PACEWATCH__RECORD__BODY_REJECTED:
        unpack_rejected(record->rejected, &ret_record->as.rejected);
        ret_record->type = RECORD_REJECTED;
        return 0;
    case PACEWATCH__RECORD__BODY_SAMPLE: /* never gets here */
    case PACEWATCH__RECORD__BODY__NOT_SET:
    case _PACEWATCH__RECORD__BODY__CASE_IS_INT_SIZE:
    default:
        return err_set(note, ERR_SYNTAX, "record: no body");
    }
}

int
record_unpack(const uint8_t *bytes, size_t size, struct record *ret_record, struct err_note *note)
{
    if (size > WIRE_RECORD_MAX)
        return err_set(note, ERR_RANGE, "record of %zu bytes, at most %d", size, WIRE_RECORD_MAX);
    int rc = scan_check(&record_type, bytes, size, note);
    if (rc < 0)
        return rc;
    struct scan_item sample;
    if (find_sample(bytes, size, &sample)) {
        rc = unpack_sample(&sample, &ret_record->as.sample, note);
        if (rc == 0)
            ret_record->type = RECORD_SAMPLE;
        return rc;
    }
    struct scan_budget budget;
    scan_budget_init(&budget, 4 * size + RECORD_UNPACK_EXTRA);
    Pacewatch__Record *record = pacewatch__record__unpack(&budget.allocator, size, bytes);
    if (!record)
        return scan_budget_fault(&budget, "record", note);
    rc = unpack_body(record, ret_record, note);
    pacewatch__record__free_unpacked(record, &budget.allocator);
    return rc;
}
