/* SPDX-License-Identifier: GPL-3.0-or-later
 * Receipts. The first byte of the input is a mode: 0, the rest is a receipt's CSV; else, the rest
 * says what the rows of a file are, and what is written about them must read back as the same
 * counts. 1 English, 2 Chinese; 3 a file refused as a whole. */
#include "fuzz.h"

#include <string.h>

#include "agent/receipt.h"
#include "agent/words.h"
#include "tests/fuzz/ram.h"
#include "tests/unit/platform/folder.h"

enum { ROWS_MAX = 64 };

struct rows {
    struct record record[ROWS_MAX];
    enum wire_fate fate[ROWS_MAX];
    uint32_t code[ROWS_MAX];
    char text[ROWS_MAX][WIRE_TEXT_MAX + 1];
    size_t count;
};

static int
give_row(void *context, size_t index, struct receipt_row *ret_row)
{
    const struct rows *rows = context;
    *ret_row = (struct receipt_row){ &rows->record[index], rows->fate[index], rows->code[index],
                                     rows->text[index] };
    return 0;
}

/* ---- any bytes as a file ---- */

static int
read_back(const uint8_t *bytes, size_t size, struct receipt_counts *ret_counts, bool *ret_is_fault)
{
    struct err_note note = { { 0 } };
    ram_put(ram_folder(), "receipt.csv", bytes, size);
    int code =
        receipt_read(folder_path(ram_folder(), "receipt.csv"), ret_counts, ret_is_fault, &note);
    FUZZ_CHECK(code == 0 || note.text[0] != '\0');
    return code;
}

static void
try_file(const uint8_t *bytes, size_t size)
{
    struct receipt_counts counts = { 0 };
    bool is_fault = false;
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    if (read_back(bytes, size, &counts, &is_fault))
        return;
    FUZZ_CHECK(counts.accepted + counts.unchanged + counts.duplicates + counts.rejected < lines);
    FUZZ_CHECK(counts.revisions <= counts.accepted);
    FUZZ_CHECK(counts.questions + counts.rejected < lines);
    int code = receipt_exit(&counts, is_fault);
    FUZZ_CHECK(code >= 0 && code <= 3);
}

/* ---- rows made of the input ---- */

struct input {
    const uint8_t *bytes;
    size_t size;
};

static uint8_t
next_byte(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->bytes++;
}

/* A text as records may hold it. */
static void
next_text(struct input *input, char *text, size_t size)
{
    size_t length = next_byte(input) % size;
    length = length < input->size ? length : input->size;
    (void)text_clean((const char *)input->bytes, length, text, size);
    input->bytes += length;
    input->size -= length;
}

static void
next_row(struct input *input, struct rows *rows)
{
    struct record *record = &rows->record[rows->count];
    uint8_t kind = next_byte(input);
    if (kind & 1) {
        record->type = RECORD_REJECTED;
        record->as.rejected.row = 1 + (uint32_t)next_byte(input);
    } else {
        struct sample *sample = &record->as.sample;
        record->type = RECORD_SAMPLE;
        next_text(input, sample->area, sizeof sample->area);
        next_text(input, sample->indicator, sizeof sample->indicator);
        next_text(input, sample->value, sizeof sample->value);
        sample->period = cal_month(2023, 1 + next_byte(input) % 12);
        sample->status = kind & 2 ? 'A' : 'O';
        sample->row = 1 + (uint32_t)next_byte(input);
    }
    rows->fate[rows->count] = kind & 1 ? FATE_REJECTED : (enum wire_fate)(kind / 4 % FATE_COUNT);
    rows->code[rows->count] = next_byte(input);
    next_text(input, rows->text[rows->count], sizeof rows->text[0]);
    rows->count++;
}

static void
check_counts(const struct receipt_counts *want, const struct receipt_counts *got)
{
    FUZZ_CHECK(got->accepted == want->accepted && got->revisions == want->revisions);
    FUZZ_CHECK(got->unchanged == want->unchanged && got->duplicates == want->duplicates);
    FUZZ_CHECK(got->rejected == want->rejected && got->questions == want->questions);
}

static void
check_text(const struct receipt *receipt, int (*make)(const struct receipt *, char **, size_t *))
{
    char *text = NULL;
    size_t size = 0;
    FUZZ_CHECK(make(receipt, &text, &size) == 0);
    FUZZ_CHECK(strlen(text) == size && text_is_utf8(text, size));
    free(text);
}

static void
try_rows(uint8_t mode, const uint8_t *bytes, size_t size)
{
    static struct rows rows;
    struct input input = { bytes, size };
    char name[RECORD_NAME_MAX + 1], fault[WIRE_TEXT_MAX + 1];
    memset(&rows, 0, sizeof rows);
    next_text(&input, name, sizeof name);
    next_text(&input, fault, sizeof fault);
    while (input.size > 0 && rows.count < ROWS_MAX)
        next_row(&input, &rows);
    bool is_refused = mode % 4 == 3;
    struct receipt receipt = {
        .kind = is_refused ? RECEIPT_REFUSED : RECEIPT_DONE,
        .lang = mode % 4 == 2 ? LANG_ZH : LANG_EN,
        .name = name,
        .fault = fault,
        .row_count = rows.count,
        .row = give_row,
        .context = &rows,
    };
    struct receipt_counts want = { .rejected = 1 }, got = { 0 };
    bool is_fault = false;
    char *text = NULL;
    size_t length = 0;
    FUZZ_CHECK(is_refused || receipt_count(&receipt, &want) == 0);
    FUZZ_CHECK(receipt_csv(&receipt, &text, &length) == 0);
    FUZZ_CHECK(read_back((const uint8_t *)text, length, &got, &is_fault) == 0);
    free(text);
    FUZZ_CHECK(is_fault == is_refused);
    check_counts(&want, &got);
    check_text(&receipt, receipt_text);
    check_text(&receipt, receipt_json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    int before = ram_next_descriptor();
    if (bytes[0] % 4 == 0)
        try_file(bytes + 1, size - 1);
    else
        try_rows(bytes[0], bytes + 1, size - 1);
    FUZZ_CHECK(ram_next_descriptor() == before);
    return 0;
}
