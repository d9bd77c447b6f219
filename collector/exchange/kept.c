/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/exchange/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *
kept_value(const struct kept *kept, const struct kept_row *row)
{
    return kept->texts + row->text;
}

const char *
kept_note(const struct kept *kept, const struct kept_row *row)
{
    const char *value = kept_value(kept, row);
    return value + strlen(value) + 1;
}

void
kept_done(struct kept *kept)
{
    free(kept->rows);
    free(kept->files);
    free(kept->places);
    free(kept->texts);
    *kept = (struct kept){ .count = 0 };
}

/* Room for `wanted` things of `unit` bytes; NULL without memory, and then `things` stays. */
static void *
make_room(void *things, size_t *room, size_t wanted, size_t unit)
{
    if (wanted <= *room)
        return things;
    size_t more = *room ? *room * 2 : 1024;
    while (more < wanted)
        more *= 2;
    void *grown = realloc(things, more * unit);
    if (grown)
        *room = more;
    return grown;
}

static int
add_text(struct kept *kept, const char *text, size_t *ret_at, struct err_note *note)
{
    size_t length = strlen(text) + 1;
    char *grown = make_room(kept->texts, &kept->text_room, kept->text_size + length, 1);
    if (!grown)
        return err_set(note, -ENOMEM, "out of memory");
    kept->texts = grown;
    memcpy(grown + kept->text_size, text, length);
    *ret_at = kept->text_size;
    kept->text_size += length;
    return 0;
}

/* ---- files ---- */

/* Where a submission's index is kept, or would be. */
static uint32_t *
place_of(const struct kept *kept, int64_t submission)
{
    size_t at = (size_t)((uint64_t)submission * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    for (;; at++) {
        uint32_t *place = &kept->places[at & (kept->place_count - 1)];
        if (*place == 0 || kept->files[*place - 1].submission == submission)
            return place;
    }
}

/* At most half of the table is used. */
static int
grow_places(struct kept *kept, struct err_note *note)
{
    if (kept->file_count * 2 < kept->place_count)
        return 0;
    size_t count = kept->place_count ? kept->place_count * 2 : 1024;
    uint32_t *places = calloc(count, sizeof *places);
    if (!places)
        return err_set(note, -ENOMEM, "out of memory");
    free(kept->places);
    kept->places = places;
    kept->place_count = count;
    for (size_t i = 0; i < kept->file_count; i++)
        *place_of(kept, kept->files[i].submission) = (uint32_t)i + 1;
    return 0;
}

static int
add_file(struct kept *kept, const struct imported_row *row, struct err_note *note)
{
    struct kept_file file = { .submission = row->submission, .sender = row->sender };
    memcpy(file.sha256, row->file_sha256, sizeof file.sha256);
    int code = add_text(kept, row->file, &file.name, note);
    struct kept_file *grown =
        code == 0 ? make_room(kept->files, &kept->file_room, kept->file_count + 1, sizeof *grown)
                  : NULL;
    if (!grown)
        return err_set(note, -ENOMEM, "out of memory");
    kept->files = grown;
    kept->files[kept->file_count++] = file;
    return 0;
}

/* Does the row say of its file what the rows before said? */
static int
check_file(const struct kept *kept, const struct kept_file *file, const struct imported_row *row,
           enum exchange_column *ret_column, struct err_note *note)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a place that is not 0 has a file */
    bool is_same_hash = memcmp(file->sha256, row->file_sha256, sizeof file->sha256) == 0;
    *ret_column = file->sender != row->sender ? COLUMN_SENDER
                  : !is_same_hash             ? COLUMN_FILE_SHA256
                                              : COLUMN_FILE;
    if (file->sender == row->sender && is_same_hash &&
        strcmp(kept->texts + file->name, row->file) == 0)
        return 0;
    return err_set(note, ERR_CONFLICT,
                   "rows before say another of submission %lld; it is one file of one sender",
                   (long long)row->submission);
}

static int
file_of(struct kept *kept, const struct imported_row *row, uint32_t *ret_file,
        enum exchange_column *ret_column, struct err_note *note)
{
    *ret_column = COLUMN_SUBMISSION;
    int code = grow_places(kept, note);
    if (code != 0)
        return code;
    uint32_t *place = place_of(kept, row->submission);
    if (*place == 0) {
        if (row->kind == LEDGER_RESTATED)
            return err_set(note, ERR_SYNTAX,
                           "a restated row belongs to the file of a confirmation before it");
        code = add_file(kept, row, note);
        if (code != 0)
            return code;
        *place = (uint32_t)kept->file_count;
    }
    *ret_file = *place - 1;
    return check_file(kept, &kept->files[*ret_file], row, ret_column, note);
}

/* ---- rows ---- */

int
kept_add(struct kept *kept, const struct imported_row *row, enum exchange_column *ret_column,
         struct err_note *note)
{
    struct kept_row new = {
        .area = row->place.area,
        .indicator = row->place.indicator,
        .publisher = row->place.publisher,
        .received = row->received.seconds,
        .period = cal_period_key(row->sample.period),
        .released = row->sample.released.days,
        .row = row->sample.row,
        .kind = (uint8_t)row->kind,
        .stage = (uint8_t)row->sample.stage,
        .status = row->sample.status,
    };
    size_t at_note = 0;
    int code = file_of(kept, row, &new.file, ret_column, note);
    if (code == 0)
        code = add_text(kept, row->sample.value, &new.text, note);
    if (code == 0)
        code = add_text(kept, row->sample.note, &at_note, note);
    if (code != 0)
        return code;
    struct kept_row *grown =
        make_room(kept->rows, &kept->room, kept->count + 1, sizeof *kept->rows);
    if (!grown)
        return err_set(note, -ENOMEM, "out of memory");
    kept->rows = grown;
    if (row->kind != LEDGER_RESTATED) {
        kept->files[new.file].rows++;
        kept->files[new.file].last = kept->count;
    }
    kept->rows[kept->count++] = new;
    return 0;
}
