/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as one table of a small catalogue; the first byte of the input says which, as a letter
 * from 'a' on in the order of enum cat_table. */
#include "fuzz.h"

#include <string.h>

#include "tests/unit/core/catalogue_world.h"

/* What was taken hangs together. */
static void
check_catalogue(const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->area_count; i++) {
        const struct cat_area *area = &catalogue->areas[i];
        FUZZ_CHECK(catalogue_area(catalogue, area->id) == area);
        FUZZ_CHECK(catalogue_find_area(catalogue, area->id) == area);
    }
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        const struct cat_indicator *indicator = &catalogue->indicators[i];
        FUZZ_CHECK(catalogue_indicator(catalogue, indicator->id) == indicator);
        FUZZ_CHECK(indicator->unit && indicator->calendar);
    }
    for (size_t i = 0; i < catalogue->target_count; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        FUZZ_CHECK(target->area && target->indicator && catalogue_target(catalogue, target->id));
        FUZZ_CHECK(!target->newer || target->newer->older == target);
        FUZZ_CHECK(catalogue_targets_of(catalogue, target->area, target->indicator));
    }
    for (size_t i = 0; i < catalogue->publisher_count; i++)
        FUZZ_CHECK(catalogue_publisher(catalogue, catalogue->publishers[i].id) ==
                   &catalogue->publishers[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct cat_source sources[CAT_TABLE_COUNT];
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    void *memory = NULL;
    if (size == 0)
        return 0;
    fill_sources(base, sources);
    sources[(size_t)(bytes[0] + CAT_TABLE_COUNT * 26 - 'a') % CAT_TABLE_COUNT] =
        (struct cat_source){ (const char *)bytes + 1, size - 1 };
    int code = parse_sources(sources, &memory, &catalogue, &note);
    FUZZ_CHECK((code == 0) == (catalogue != NULL));
    FUZZ_CHECK(code == 0 || (note.text[0] != '\0' && text_is_utf8(note.text, strlen(note.text))));
    if (code == 0)
        check_catalogue(catalogue);
    free(memory);
    return 0;
}
