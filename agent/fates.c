/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/fates.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
fates_done(struct fates *fates)
{
    free(fates->fate);
    free(fates->notes);
    memset(fates, 0, sizeof *fates);
}

void
fates_reset(struct fates *fates, uint64_t base)
{
    if (fates->fate)
        memset(fates->fate, FATE_NONE, fates->room);
    fates->note_count = 0;
    fates->base = base;
    fates->known_upto = base - 1;
}

size_t
notes_place(const struct wire_fate_note *notes, size_t count, uint64_t seq)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (notes[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t
note_place(const struct fates *fates, uint64_t seq)
{
    return notes_place(fates->notes, fates->note_count, seq);
}

void
fates_advance(struct fates *fates, uint64_t base)
{
    uint64_t step = base - fates->base;
    if (step >= fates->room || base > fates->known_upto + 1) {
        fates_reset(fates, base);
        return;
    }
    size_t kept = fates->room - (size_t)step;
    memmove(fates->fate, fates->fate + step, kept);
    memset(fates->fate + kept, FATE_NONE, (size_t)step);
    size_t gone = note_place(fates, base);
    fates->note_count -= gone;
    if (gone)
        memmove(fates->notes, fates->notes + gone, fates->note_count * sizeof *fates->notes);
    fates->base = base;
}

static int
fates_reserve(struct fates *fates, uint64_t index)
{
    if (index < fates->room)
        return 0;
    size_t room = fates->room ? fates->room : 1024;
    while (room <= index)
        room *= 2;
    uint8_t *grown = realloc(fates->fate, room);
    if (!grown)
        return -ENOMEM;
    memset(grown + fates->room, FATE_NONE, room - fates->room);
    fates->fate = grown;
    fates->room = room;
    return 0;
}

int
fates_set(struct fates *fates, uint64_t seq, enum wire_fate fate)
{
    if (seq < fates->base || fate == FATE_NONE)
        return 0;
    uint64_t index = seq - fates->base;
    int code = fates_reserve(fates, index);
    if (code)
        return code;
    bool is_new = fates->fate[index] == FATE_NONE;
    fates->fate[index] = (uint8_t)fate;
    while (fates->known_upto + 1 - fates->base < fates->room &&
           fates->fate[fates->known_upto + 1 - fates->base] != FATE_NONE)
        fates->known_upto++;
    return is_new;
}

int
fates_note(struct fates *fates, const struct wire_fate_note *note)
{
    if (note->seq < fates->base)
        return 0;
    size_t place = note_place(fates, note->seq);
    if (place < fates->note_count && fates->notes[place].seq == note->seq) {
        fates->notes[place] = *note;
        return 0;
    }
    if (fates->note_count == fates->note_room) {
        size_t room = fates->note_room ? fates->note_room * 2 : 64;
        struct wire_fate_note *grown = realloc(fates->notes, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        fates->notes = grown;
        fates->note_room = room;
    }
    memmove(fates->notes + place + 1, fates->notes + place,
            (fates->note_count - place) * sizeof *fates->notes);
    fates->notes[place] = *note;
    fates->note_count++;
    return 0;
}

bool
fates_has(const struct fates *fates, uint64_t seq)
{
    return seq < fates->base ||
           (seq - fates->base < fates->room && fates->fate[seq - fates->base] != FATE_NONE);
}

const uint8_t *
fates_at(const struct fates *fates, uint64_t seq)
{
    return fates->fate + (seq - fates->base);
}

const struct wire_fate_note *
fates_notes(const struct fates *fates, uint64_t first, uint64_t last, size_t *ret_count)
{
    size_t from = note_place(fates, first);
    *ret_count = note_place(fates, last + 1) - from;
    return fates->notes ? fates->notes + from : NULL;
}
