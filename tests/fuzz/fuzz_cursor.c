/* SPDX-License-Identifier: GPL-3.0-or-later
 * A good spool with any bytes as its cursor file. The first byte of the input is a mode: 1, its
 * first slot, and 2, its second slot, get magic word, stream and checksum put right. */
#include "fuzz.h"

#include <string.h>

#include "tests/fuzz/ram.h"
#include "tests/fuzz/spool_world.h"

enum { MODE_FIRST = 1, MODE_SECOND = 2, CURSOR_FILE_MAX = 4096 };

/* What the file says: of the valid slots the higher generation counts. */
static struct cursor_slot
slot_of(const struct world *world, const uint8_t *bytes, size_t size)
{
    struct cursor_slot found = { .generation = 0 };
    for (size_t at = 0; at + CURSOR_SLOT <= size; at += CURSOR_SLOT_STEP) {
        struct cursor_slot slot;
        uint8_t raw[CURSOR_SLOT];
        memcpy(raw, bytes + at, sizeof raw);
        if (cursor_slot_unpack(raw, &slot) == 0 && slot.generation > found.generation &&
            memcmp(slot.stream, world->stream, WIRE_STREAM_ID) == 0)
            found = slot;
    }
    return found;
}

/* Goes over into a new stream: the files that no backup is said to hold, all with their receipt. */
static void
check_salvage(const struct world *world, const struct world_place *place, const struct spool *spool,
              const struct cursor_slot *slot)
{
    uint64_t kept = 0;
    for (int i = 0; i < WORLD_GROUPS; i++) {
        uint64_t first = 0, last = 0;
        bool is_safe = world->groups[i].first + WORLD_GROUP_RECORDS - 1 <= slot->safe_upto;
        FUZZ_CHECK(spool_knows_file(spool, world->groups[i].sha256, &first, &last));
        FUZZ_CHECK((first > 0) == !is_safe);
        kept += is_safe ? 0 : WORLD_GROUP_RECORDS;
    }
    FUZZ_CHECK(place->notes > 0);
    FUZZ_CHECK(spool_last(spool) == kept && spool_cursor(spool) == kept);
}

static void
check_opened(const struct world *world, const struct world_place *place, const struct spool *spool,
             const struct cursor_slot *slot)
{
    if (slot->cursor > WORLD_LAST) {
        check_salvage(world, place, spool, slot);
        return;
    }
    FUZZ_CHECK(memcmp(spool_stream_id(spool), world->stream, WIRE_STREAM_ID) == 0);
    FUZZ_CHECK(place->notes == 0);
    FUZZ_CHECK(spool_first(spool) == 1 && spool_last(spool) == WORLD_LAST);
    FUZZ_CHECK(spool_cursor(spool) == slot->cursor);
    FUZZ_CHECK(spool_safe_upto(spool) == slot->safe_upto);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct world world;
    static uint8_t file[CURSOR_FILE_MAX];
    struct world_place place;
    struct spool *spool = NULL;
    if (world.segments[0].size == 0)
        world_make(&world);
    if (size == 0 || size - 1 > sizeof file)
        return 0;
    uint8_t mode = bytes[0];
    size--;
    memcpy(file, bytes + 1, size);
    if (mode & MODE_FIRST && size >= CURSOR_SLOT)
        world_repair_slot(&world, file);
    if (mode & MODE_SECOND && size >= CURSOR_SLOT_STEP + CURSOR_SLOT)
        world_repair_slot(&world, file + CURSOR_SLOT_STEP);
    struct cursor_slot slot = slot_of(&world, file, size);
    int before = ram_next_descriptor();
    world_put(&world, &place, file, size);
    FUZZ_CHECK(world_open(&place, &spool) == 0);
    check_opened(&world, &place, spool, &slot);
    world_check(&place, spool);
    world_remove(&place);
    FUZZ_CHECK(ram_next_descriptor() == before);
    return 0;
}
