/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spool whose segments are not as they were written. The first byte of the input is a mode:
 *
 *     1   the rest are damages, four bytes each, to a good spool: what was whole must still be
 * there, what was not must be named 0   the rest are the segments' bytes; each begins with the
 * format's magic word 2   ... with checksums and chain put right, so that what lies behind them is
 * reached 4   there is a cursor file: two files have their receipt 8   ... and a backup holds them
 * (mode 0 only) 16   a segment is named after its place, not after its header (mode 0 only) */
#include "fuzz.h"

#include <string.h>

#include "tests/fuzz/ram.h"
#include "tests/fuzz/spool_world.h"

enum { MODE_DAMAGE = 1, MODE_REPAIR = 2, MODE_CURSOR = 4, MODE_SAFE = 8, MODE_NAMED = 16 };

enum { WITH_RECEIPT = 2 * WORLD_GROUP_RECORDS };

static size_t
make_cursor(const struct world *world, uint8_t mode, uint8_t bytes[WORLD_CURSOR_FILE])
{
    if (!(mode & MODE_CURSOR))
        return 0;
    struct cursor_slot slot = { .generation = 1, .cursor = WITH_RECEIPT };
    slot.safe_upto = mode & MODE_SAFE && !(mode & MODE_DAMAGE) ? WITH_RECEIPT : 0;
    memcpy(slot.stream, world->stream, WIRE_STREAM_ID);
    memset(bytes, 0, WORLD_CURSOR_FILE);
    cursor_slot_pack(&slot, bytes + CURSOR_SLOT_STEP);
    return WORLD_CURSOR_FILE;
}

/* ---- damages ---- */

/* One damage: operation and segment, offset (two bytes), argument. */
static void
damage(struct world *world, const uint8_t edit[4])
{
    struct world_segment *segment = &world->segments[edit[0] % WORLD_SEGMENTS];
    size_t at = (size_t)(edit[1] | edit[2] << 8) % WORLD_SEGMENT;
    size_t length = edit[3] * (size_t)4;
    if (at >= segment->size)
        return;
    length = length < segment->size - at ? length : segment->size - at;
    switch (edit[0] / WORLD_SEGMENTS % 5) {
    case 0:
        segment->bytes[at] ^= edit[3];
        break;
    case 1:
        memset(segment->bytes + at, 0, length);
        break;
    case 2:
        memmove(segment->bytes + at, segment->bytes + SEGMENT_HEAD, length);
        break;
    case 3:
        segment->size = at;
        break;
    default:
        segment->first = edit[3] == 0 ? 0 : segment->first;
        break;
    }
}

static bool
is_same(const struct world *world, const struct world *good, int number, size_t to)
{
    const struct world_group *group = &good->groups[number];
    const struct world_segment *segment = &world->segments[group->segment];
    return segment->first && segment->size >= to &&
           memcmp(segment->bytes + group->from, good->segments[group->segment].bytes + group->from,
                  to - group->from) == 0;
}

/* Is anything left of a group? */
static bool
is_traced(const struct world *world, const struct world_group *group)
{
    const struct world_segment *segment = &world->segments[group->segment];
    for (size_t at = group->from; segment->first && at < group->to && at < segment->size; at++)
        if (segment->bytes[at])
            return true;
    return false;
}

static void
check_group(const struct world *world, const struct world *good, int number,
            const struct world_place *place, struct spool *spool)
{
    const struct world_group *group = &good->groups[number];
    uint64_t first = 0, last = 0;
    bool is_known = spool_knows_file(spool, group->sha256, &first, &last);
    bool is_whole = is_same(world, good, number, group->to);
    FUZZ_CHECK(is_known == is_whole);
    if (!is_whole) {
        FUZZ_CHECK(place->notes > 0 || !is_traced(world, group));
        FUZZ_CHECK(place->lost[number] || !is_same(world, good, number, group->begin_to));
        return;
    }
    FUZZ_CHECK(first > 0 && last == first + WORLD_GROUP_RECORDS - 1);
    const uint8_t *written = good->segments[group->segment].bytes + group->from;
    for (uint64_t seq = first; seq <= last; seq++) {
        uint8_t bytes[WIRE_RECORD_MAX];
        size_t size = 0;
        FUZZ_CHECK(spool_read(spool, seq, bytes, &size, NULL) == 0);
        FUZZ_CHECK(memcmp(bytes, written + RECORD_HEAD, size) == 0);
        written += RECORD_FRAME + size;
    }
}

/* A version number above ours means that a newer release wrote it, whatever else is wrong. */
static bool
is_newer(const struct world *world)
{
    bool is = false;
    for (int i = 0; i < WORLD_SEGMENTS; i++) {
        const struct world_segment *segment = &world->segments[i];
        struct segment_head head;
        is = is || (segment->first && segment->size >= SEGMENT_HEAD &&
                    segment_head_unpack(segment->bytes, &head) == ERR_VERSION);
    }
    return is;
}

static void
try_damages(uint8_t mode, const uint8_t *bytes, size_t size)
{
    static struct world good, world;
    struct world_place place;
    struct spool *spool = NULL;
    uint8_t cursor[WORLD_CURSOR_FILE];
    if (good.segments[0].size == 0)
        world_make(&good);
    world = good;
    for (size_t at = 0; at + 4 <= size && at < 64; at += 4)
        damage(&world, bytes + at);
    size_t cursor_size = make_cursor(&world, mode, cursor);
    world_put(&world, &place, cursor_size ? cursor : NULL, cursor_size);
    int code = world_open(&place, &spool);
    FUZZ_CHECK(code == 0 || (code == ERR_VERSION && is_newer(&world)));
    if (code == 0) {
        for (int i = 0; i < WORLD_GROUPS; i++)
            check_group(&world, &good, i, &place, spool);
        world_check(&place, spool);
    }
    world_remove(&place);
}

/* ---- any bytes ---- */

static void
try_segments(uint8_t mode, const uint8_t *bytes, size_t size)
{
    static struct world world;
    static const char magic[] = "PWSPOOL\n";
    struct world_place place;
    struct spool *spool = NULL;
    uint8_t cursor[WORLD_CURSOR_FILE];
    memset(&world, 0, sizeof world);
    for (int i = 0; i < WORLD_SEGMENTS && size > 0; i++) {
        struct world_segment *segment = &world.segments[i];
        struct segment_head head = { .first = 0 };
        segment->size = size < WORLD_FILE_MAX ? size : WORLD_FILE_MAX;
        for (size_t at = 1; at + sizeof magic - 1 < segment->size; at++)
            if (i + 1 < WORLD_SEGMENTS && memcmp(bytes + at, magic, sizeof magic - 1) == 0)
                segment->size = at;
        memcpy(segment->bytes, bytes, segment->size);
        bytes += segment->size;
        size -= segment->size;
        if (mode & MODE_REPAIR)
            world_repair(segment);
        bool has_head =
            segment->size >= SEGMENT_HEAD && segment_head_unpack(segment->bytes, &head) == 0;
        if (has_head && i == 0)
            memcpy(world.stream, head.stream, WIRE_STREAM_ID);
        segment->first = has_head && !(mode & MODE_NAMED) ? head.first : 1 + (uint64_t)i * 12;
    }
    size_t cursor_size = make_cursor(&world, mode, cursor);
    world_put(&world, &place, cursor_size ? cursor : NULL, cursor_size);
    int code = world_open(&place, &spool);
    FUZZ_CHECK(code == 0 || (code == ERR_VERSION && is_newer(&world)));
    if (code == 0)
        world_check(&place, spool);
    world_remove(&place);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    int before = ram_next_descriptor();
    if (bytes[0] & MODE_DAMAGE)
        try_damages(bytes[0], bytes + 1, size - 1);
    else
        try_segments(bytes[0], bytes + 1, size - 1);
    FUZZ_CHECK(ram_next_descriptor() == before);
    return 0;
}
