/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_make_seeds SEEDS: writes good inputs of the targets spool, cursor and receipts below the
 * folder SEEDS, always the same. */
#include <string.h>

#include "agent/receipt.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ram.h"
#include "tests/fuzz/spool_world.h"

static const char *seeds;

/* Writes SEEDS/TARGET/NAME: the mode byte, then `bytes`. */
static void
put_seed(const char *target, const char *name, uint8_t mode, const void *bytes, size_t size)
{
    static uint8_t input[2 * WORLD_FILE_MAX + 1];
    char folder[512];
    int n = snprintf(folder, sizeof folder, "%s/%s", seeds, target);
    FUZZ_CHECK(n > 0 && (size_t)n < sizeof folder && size < sizeof input);
    input[0] = mode;
    memcpy(input + 1, bytes, size);
    ram_put(folder, name, input, size + 1);
}

static void
make_spool(const struct world *world)
{
    static uint8_t both[2 * WORLD_FILE_MAX];
    static const uint8_t damages[] = { 0, 160, 0, 1, 1, 0, 2, 8, 6, 0, 2, 0, 3, 100, 1, 50 };
    size_t size = 0;
    for (int i = 0; i < WORLD_SEGMENTS; i++) {
        const struct world_segment *segment = &world->segments[i];
        memcpy(both + size, segment->bytes, segment->size);
        size += segment->size;
    }
    put_seed("spool", "good", 0, both, size);
    put_seed("spool", "good-repaired", 2, both, size);
    put_seed("spool", "good-cursor", 2 + 4, both, size);
    put_seed("spool", "good-backup", 2 + 4 + 8, both, size);
    put_seed("spool", "good-no-damage", 1, both, 0);
    for (size_t i = 0; i + 4 <= sizeof damages; i += 4) {
        char name[32];
        (void)snprintf(name, sizeof name, "good-damage-%zu", i / 4);
        put_seed("spool", name, i % 8 ? 5 : 1, damages + i, 4);
    }
}

static void
make_cursors(const struct world *world)
{
    static const struct {
        const char *name;
        uint64_t generation[2], cursor[2], safe[2];
    } rows[] = {
        { "good-first", { 2, 0 }, { 8, 0 }, { 0, 0 } },
        { "good-second", { 2, 3 }, { 8, 24 }, { 4, 8 } },
        { "good-end", { 4, 3 }, { 24, 8 }, { 24, 0 } },
        { "good-beyond", { 4, 3 }, { 25, 8 }, { 12, 0 } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t file[WORLD_CURSOR_FILE] = { 0 };
        for (int s = 0; s < 2; s++) {
            struct cursor_slot slot = { .generation = rows[i].generation[s],
                                        .cursor = rows[i].cursor[s],
                                        .safe_upto = rows[i].safe[s] };
            memcpy(slot.stream, world->stream, WIRE_STREAM_ID);
            cursor_slot_pack(&slot, file + (size_t)s * CURSOR_SLOT_STEP);
        }
        put_seed("cursor", rows[i].name, i == 0 ? 1 : 3, file, sizeof file);
    }
}

static int
give_row(void *context, size_t index, struct receipt_row *ret_row)
{
    struct record *record = context;
    memset(record, 0, sizeof *record);
    record->type = RECORD_SAMPLE;
    struct sample *sample = &record->as.sample;
    (void)snprintf(sample->area, sizeof sample->area, "anji");
    (void)snprintf(sample->indicator, sizeof sample->indicator, "腾出,\"用地\"");
    (void)snprintf(sample->value, sizeof sample->value, "%s", index % 2 ? "-1.5" : "");
    sample->period = cal_month(2023, 6);
    sample->status = index % 2 ? 'A' : 'O';
    sample->row = 2 + (uint32_t)index;
    *ret_row =
        (struct receipt_row){ record, (enum wire_fate)(index % FATE_COUNT),
                              index % FATE_COUNT == FATE_REJECTED ? REJECT_VALUE : 0, "words" };
    return 0;
}

static void
make_receipts(void)
{
    static const uint8_t rows[] = "\5a.csv\4why?\0\4anji\4land\3100\5\2\0\0\1\7\0\3bad\10\4anji\4"
                                  "land\0\1\3\0\0\14\4=1+1\4land\0\2\4\0\0";
    for (int lang = 0; lang < 2; lang++) {
        struct record record;
        struct receipt receipt = { .kind = RECEIPT_DONE,
                                   .lang = lang ? LANG_EN : LANG_ZH,
                                   .name = "a.csv",
                                   .row_count = 14,
                                   .row = give_row,
                                   .context = &record };
        char *text = NULL;
        size_t size = 0;
        FUZZ_CHECK(receipt_csv(&receipt, &text, &size) == 0);
        put_seed("receipts", lang ? "good-en" : "good-zh", 0, text, size);
        free(text);
    }
    put_seed("receipts", "good-rows-en", 1, rows, sizeof rows - 1);
    put_seed("receipts", "good-rows-zh", 2, rows, sizeof rows - 1);
    put_seed("receipts", "good-refused", 3, rows, sizeof rows - 1);
}

int
main(int argc, char **argv)
{
    static struct world world;
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s SEEDS\n", argv[0]);
        return 2;
    }
    seeds = argv[1];
    world_make(&world);
    make_spool(&world);
    make_cursors(&world);
    make_receipts();
    return 0;
}
