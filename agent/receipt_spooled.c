/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/receipt_spooled.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/fates.h"
#include "platform/file.h"

/* Where receipt_write reads its rows. */
struct row_source {
    const struct spooled_file *file;
    struct record record; /* the present row */
};

static const struct wire_fate_note *
note_of(const struct spooled_file *file, uint64_t seq)
{
    size_t place = notes_place(file->notes, file->note_count, seq);
    bool is_there = place < file->note_count && file->notes[place].seq == seq;
    return is_there ? &file->notes[place] : NULL;
}

static int
read_record(const struct spooled_file *file, uint64_t seq, struct record *ret_record,
            struct err_note *note)
{
    uint8_t bytes[WIRE_RECORD_MAX];
    size_t size = 0;
    int code = spool_read(file->spool, seq, bytes, &size, note);
    return code ? code : record_unpack(bytes, size, ret_record, note);
}

static int
row_at(void *context, size_t index, struct receipt_row *ret_row)
{
    struct row_source *source = context;
    const struct spooled_file *file = source->file;
    uint64_t seq = file->first + 1 + index;
    int code = read_record(file, seq, &source->record, NULL);
    if (code)
        return code;
    const struct wire_fate_note *note = note_of(file, seq);
    bool is_own = source->record.type == RECORD_REJECTED; /* by our own check */
    *ret_row = (struct receipt_row){
        .record = &source->record,
        .fate = is_own ? FATE_REJECTED : (enum wire_fate)file->fates[1 + index],
        .code = is_own ? source->record.as.rejected.code
                : note ? note->code
                       : 0,
        .text = is_own ? source->record.as.rejected.text
                : note ? note->text
                       : "",
    };
    return 0;
}

int
receipt_spooled(const struct receipt_office *office, const struct spooled_file *file,
                struct wall_time now, char *ret_name, size_t size, struct err_note *note)
{
    struct record begin;
    char folder[FILE_PATH_MAX];
    int code = read_record(file, file->first, &begin, note);
    if (!code && begin.type != RECORD_FILE_BEGIN)
        code = err_set(note, ERR_DAMAGED, "record %" PRIu64 " begins no file", file->first);
    if (!code && file_join(folder, office->home, "receipts"))
        code = err_set(note, ERR_RANGE, "the path of the home is too long");
    if (code)
        return code;
    struct row_source source = { .file = file };
    struct receipt receipt = {
        .kind = RECEIPT_DONE,
        .lang = office->lang,
        .name = begin.as.begin.name,
        .publisher = office->sender,
        .when = now,
        .row_count = (size_t)(file->last - file->first - 1),
        .row = row_at,
        .context = &source,
    };
    memcpy(receipt.sha256, begin.as.begin.sha256, sizeof receipt.sha256);
    code = receipt_write(folder, &receipt, note);
    if (!code)
        (void)snprintf(ret_name, size, "%s", receipt.name); /* for people: a cut name will do */
    return code;
}
