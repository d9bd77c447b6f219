/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a district's file. The first byte of the input is a mode, two bits: 1, English
 * words; 2, of the demo's publisher, who may write more areas. */
#include "fuzz.h"

#include <string.h>

#include "agent/tidy.h"
#include "platform/catalogue_load.h"

enum { MODE_ENGLISH = 1, MODE_DEMO = 2 };

/* What was taken, the collector takes as well; what was not, can be said. */
static void
check_row(const struct record *row, const struct tidy_context *context)
{
    uint8_t bytes[WIRE_RECORD_MAX];
    struct record again;
    struct err_note note = { { 0 } };
    int size = record_pack(row, bytes, sizeof bytes, &note);
    FUZZ_CHECK(size > 0 && record_unpack(bytes, (size_t)size, &again, &note) == 0);
    FUZZ_CHECK(again.type == row->type);
    if (row->type == RECORD_REJECTED) {
        FUZZ_CHECK(row->as.rejected.code != REJECT_NONE && row->as.rejected.text[0] != '\0');
        return;
    }
    struct sample_place place;
    FUZZ_CHECK(row->type == RECORD_SAMPLE);
    FUZZ_CHECK(sample_check(context->catalogue, context->sender, &again.as.sample, context->today,
                            &place, &note) == REJECT_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct catalogue_store *store;
    struct err_note note = { { 0 } };
    struct tidy tidy = { 0 };
    if (!store)
        FUZZ_CHECK(catalogue_load(PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &store, &note) == 0);
    if (size == 0)
        return 0;
    const struct catalogue *catalogue = catalogue_of(store);
    const struct tidy_context context = {
        .catalogue = catalogue,
        .sender = catalogue_publisher(catalogue, bytes[0] & MODE_DEMO ? "demo" : "anji"),
        .today = cal_date_of(2023, 8, 15),
        .lang = bytes[0] & MODE_ENGLISH ? LANG_EN : LANG_ZH,
    };
    int code = tidy_read((const char *)bytes + 1, size - 1, &context, &tidy, &note);
    FUZZ_CHECK(code <= 0 && (code == 0 || note.text[0] != '\0'));
    FUZZ_CHECK(code == 0 || tidy.rows == NULL);
    FUZZ_CHECK(text_is_utf8(note.text, strlen(note.text)));
    size_t rejected = 0;
    for (size_t i = 0; i < tidy.count; i++) {
        check_row(&tidy.rows[i], &context);
        rejected += tidy.rows[i].type == RECORD_REJECTED;
    }
    FUZZ_CHECK(rejected == tidy.rejected);
    tidy_done(&tidy);
    return 0;
}
