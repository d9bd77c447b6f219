/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/spool_world.h"

#include <inttypes.h>
#include <string.h>

#include "platform/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ram.h"
#include "tests/unit/platform/folder.h"

static const struct wall_time now = { 1700000000 };

/* ---- bytes ---- */

static void
make_records(int number, struct record records[WORLD_GROUP_RECORDS])
{
    memset(records, 0, WORLD_GROUP_RECORDS * sizeof *records);
    records[0].type = RECORD_FILE_BEGIN;
    memset(records[0].as.begin.sha256, 'a' + number, RECORD_SHA256);
    (void)snprintf(records[0].as.begin.name, RECORD_NAME_MAX, "%d.csv", number);
    records[0].as.begin.rows = 2;
    records[1].type = RECORD_SAMPLE;
    struct sample *sample = &records[1].as.sample;
    (void)snprintf(sample->area, sizeof sample->area, "anji");
    (void)snprintf(sample->indicator, sizeof sample->indicator, "land-freed");
    (void)snprintf(sample->value, sizeof sample->value, "%d", 100 + number);
    sample->period = cal_month(2023, 1 + number);
    sample->status = 'A';
    sample->row = 2;
    records[2].type = RECORD_REJECTED;
    records[2].as.rejected.row = 3;
    records[2].as.rejected.code = REJECT_VALUE;
    (void)snprintf(records[2].as.rejected.original, RECORD_ORIGINAL_MAX, "anji,x,2023,?");
    records[3].type = RECORD_FILE_END;
    memset(records[3].as.end.sha256, 'a' + number, RECORD_SHA256);
    records[3].as.end.rows = 2;
}

static void
pack_group(struct world *world, int number, uint8_t chain[HASH_SIZE], size_t *at)
{
    struct world_group *group = &world->groups[number];
    struct world_segment *segment = &world->segments[group->segment];
    struct record records[WORLD_GROUP_RECORDS];
    make_records(number, records);
    memcpy(group->sha256, records[0].as.begin.sha256, RECORD_SHA256);
    group->from = *at;
    for (int i = 0; i < WORLD_GROUP_RECORDS; i++) {
        uint8_t payload[WIRE_RECORD_MAX];
        int size = record_pack(&records[i], payload, sizeof payload, NULL);
        FUZZ_CHECK(size > 0 && *at + RECORD_FRAME + (size_t)size < WORLD_SEGMENT);
        struct segment_record record = {
            .type = (uint8_t)records[i].type,
            .flags = (uint8_t)((i == 0 ? RECORD_FLAG_FIRST : 0) |
                               (i + 1 == WORLD_GROUP_RECORDS ? RECORD_FLAG_LAST : 0)),
            .seq = group->first + (uint64_t)i,
            .payload = payload,
            .size = (size_t)size,
        };
        hash_chain(chain, record.seq, payload, record.size, chain);
        memcpy(record.chain, chain, sizeof record.chain);
        segment_record_pack(&record, world->stream, *at, segment->bytes + *at);
        *at += RECORD_FRAME + record.size;
        group->begin_to = i == 0 ? *at : group->begin_to;
    }
    group->to = *at;
}

void
world_make(struct world *world)
{
    const int each = WORLD_GROUPS / WORLD_SEGMENTS;
    uint8_t chain[HASH_SIZE];
    memset(world, 0, sizeof *world);
    for (size_t i = 0; i < WIRE_STREAM_ID; i++)
        world->stream[i] = (uint8_t)i;
    hash_chain_start(world->stream, chain);
    for (int s = 0; s < WORLD_SEGMENTS; s++) {
        struct world_segment *segment = &world->segments[s];
        segment->first = 1 + (uint64_t)(s * each * WORLD_GROUP_RECORDS);
        segment->size = WORLD_SEGMENT;
        struct segment_head head = { .first = segment->first, .created = now.seconds };
        memcpy(head.stream, world->stream, sizeof head.stream);
        memcpy(head.before, chain, sizeof head.before);
        segment_head_pack(&head, segment->bytes);
        size_t at = SEGMENT_HEAD;
        for (int g = s * each; g < (s + 1) * each; g++) {
            world->groups[g].segment = s;
            world->groups[g].first = 1 + (uint64_t)g * WORLD_GROUP_RECORDS;
            pack_group(world, g, chain, &at);
        }
    }
}

/* Fields where spool.h says that they stand. */
static uint64_t
get_le(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

void
world_repair(struct world_segment *segment)
{
    if (segment->size < SEGMENT_HEAD)
        return;
    uint8_t *bytes = segment->bytes;
    struct segment_head head = { .first = get_le(bytes + 32, 8),
                                 .created = (int64_t)get_le(bytes + 72, 8),
                                 .uptime = get_le(bytes + 80, 8) };
    uint8_t chain[HASH_SIZE];
    memcpy(head.stream, bytes + 16, sizeof head.stream);
    memcpy(head.before, bytes + 40, sizeof head.before);
    memcpy(chain, head.before, sizeof chain);
    segment_head_pack(&head, bytes);
    size_t at = SEGMENT_HEAD;
    while (at + RECORD_FRAME < segment->size) {
        struct segment_record record = { .type = bytes[at + 4],
                                         .flags = bytes[at + 5],
                                         .seq = get_le(bytes + at + 8, 8),
                                         .payload = bytes + at + RECORD_HEAD,
                                         .size = (size_t)get_le(bytes + at, 4) };
        uint8_t payload[WIRE_RECORD_MAX];
        if (record.size == 0 || record.size > sizeof payload ||
            record.size > segment->size - at - RECORD_FRAME)
            break;
        memcpy(payload, record.payload, record.size);
        record.payload = payload;
        hash_chain(chain, record.seq, payload, record.size, chain);
        memcpy(record.chain, chain, sizeof record.chain);
        segment_record_pack(&record, head.stream, at, bytes + at);
        at += RECORD_FRAME + record.size;
    }
}

void
world_repair_slot(const struct world *world, uint8_t bytes[CURSOR_SLOT])
{
    struct cursor_slot slot = { .generation = get_le(bytes + 8, 8),
                                .cursor = get_le(bytes + 32, 8),
                                .safe_upto = get_le(bytes + 40, 8) };
    memcpy(slot.stream, world->stream, WIRE_STREAM_ID);
    cursor_slot_pack(&slot, bytes);
}

/* ---- places ---- */

static void
hear_note(void *context, const char *text)
{
    struct world_place *place = context;
    FUZZ_CHECK(text[0] != '\0');
    place->notes++;
}

static void
hear_lost(void *context, const char *name, const uint8_t sha256[RECORD_SHA256])
{
    struct world_place *place = context;
    if (name[0] >= '0' && name[0] < '0' + WORLD_GROUPS && sha256[0] == 'a' + (name[0] - '0'))
        place->lost[name[0] - '0'] = true;
}

void
world_put(const struct world *world, struct world_place *place, const uint8_t *cursor,
          size_t cursor_size)
{
    char name[2 * WIRE_STREAM_ID + 8], folder[FILE_PATH_MAX];
    memset(place, 0, sizeof *place);
    int n = snprintf(place->folder, sizeof place->folder, "%s/spool", ram_folder());
    FUZZ_CHECK(n > 0 && (size_t)n < sizeof place->folder);
    place->settings = (struct spool_settings){ .folder = place->folder,
                                               .segment_bytes = WORLD_SEGMENT,
                                               .retain_days = 30,
                                               .events = { place, hear_note, hear_lost } };
    hash_hex(world->stream, WIRE_STREAM_ID, name);
    FUZZ_CHECK(file_join(folder, place->folder, name) == 0);
    FUZZ_CHECK(mkdir(place->folder, 0700) == 0 && mkdir(folder, 0700) == 0);
    ram_put(place->folder, "current", name, strlen(name));
    for (int i = 0; i < WORLD_SEGMENTS; i++) {
        const struct world_segment *segment = &world->segments[i];
        if (segment->first == 0)
            continue;
        (void)snprintf(name, sizeof name, "%016" PRIx64 ".seg", segment->first);
        ram_put(folder, name, segment->bytes, segment->size);
    }
    if (cursor)
        ram_put(folder, "cursor", cursor, cursor_size);
}

void
world_remove(struct world_place *place)
{
    folder_remove(place->folder);
}

int
world_open(struct world_place *place, struct spool **ret_spool)
{
    struct err_note note = { { 0 } };
    place->notes = 0;
    memset(place->lost, 0, sizeof place->lost);
    int code = spool_open(&place->settings, now, ret_spool, &note);
    FUZZ_CHECK(code == 0 || note.text[0] != '\0');
    return code;
}

struct standing {
    uint8_t stream[WIRE_STREAM_ID], chain[HASH_SIZE];
    uint64_t first, last, cursor;
};

static struct standing
standing_of(const struct spool *spool)
{
    struct standing standing = { .first = spool_first(spool),
                                 .last = spool_last(spool),
                                 .cursor = spool_cursor(spool) };
    memcpy(standing.stream, spool_stream_id(spool), WIRE_STREAM_ID);
    FUZZ_CHECK(spool_chain(spool, standing.last, standing.chain) == 0);
    FUZZ_CHECK(standing.first >= 1 && standing.last + 1 >= standing.first);
    FUZZ_CHECK(standing.cursor <= standing.last && standing.cursor + 1 >= standing.first);
    return standing;
}

static void
check_records(struct spool *spool)
{
    uint64_t end = spool_last(spool);
    for (uint64_t seq = spool_first(spool); seq <= end; seq++) {
        uint8_t bytes[WIRE_RECORD_MAX];
        size_t size = 0;
        uint64_t last = spool_group_last(spool, seq);
        FUZZ_CHECK(last >= seq && last <= end);
        FUZZ_CHECK(spool_read(spool, seq, bytes, &size, NULL) == 0);
        FUZZ_CHECK(size > 0 && size == spool_size(spool, seq));
    }
}

static void
check_again(struct world_place *place, const struct standing *before)
{
    struct spool *spool = NULL;
    struct spool_standing seen;
    FUZZ_CHECK(spool_survey(place->folder, &seen, NULL) == 0);
    if (before->last >= before->first) /* of a stream without records it knows the cursor file */
        FUZZ_CHECK(seen.last == before->last && seen.cursor == before->cursor);
    FUZZ_CHECK(memcmp(seen.stream, before->stream, WIRE_STREAM_ID) == 0);
    FUZZ_CHECK(world_open(place, &spool) == 0);
    struct standing after = standing_of(spool);
    FUZZ_CHECK(memcmp(&after, before, sizeof after) == 0);
    FUZZ_CHECK(place->notes == 0);
    spool_close(spool);
}

void
world_check(struct world_place *place, struct spool *spool)
{
    check_records(spool);
    struct standing before = standing_of(spool);
    spool_close(spool);
    check_again(place, &before);

    uint8_t payload[WIRE_RECORD_MAX] = { 'x' };
    const struct spool_payload group[2] = { { RECORD_FILE_BEGIN, payload, 1 },
                                            { RECORD_FILE_END, payload, sizeof payload } };
    uint64_t first = 0;
    FUZZ_CHECK(world_open(place, &spool) == 0);
    FUZZ_CHECK(spool_append(spool, group, 2, now, &first, NULL) == 0);
    FUZZ_CHECK(first == before.last + 1);
    FUZZ_CHECK(spool_set_cursor(spool, before.last + 2, NULL) == 0);
    before = standing_of(spool);
    spool_close(spool);
    check_again(place, &before);
}
