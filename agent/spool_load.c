/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading segments back: strictly, to go on with a stream, and over every obstacle, to save what is
 * legible. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/spool_stream.h"

/* A segment is as large as one group of TIDY_ROWS_MAX records at most. */
static const size_t SEGMENT_READ_MAX = (size_t)1 << 30;

static const char damaged_suffix[] = ".damaged";

/* A segment file in memory. */
struct segment_image {
    struct segment_head head;
    bool has_head;
    uint8_t *bytes;
    size_t size;
};

static bool
name_is_segment(const char *name, bool with_damaged, uint64_t *ret_first)
{
    char *end = NULL;
    if (strspn(name, "0123456789abcdef") != 16)
        return false;
    *ret_first = strtoull(name, &end, 16);
    if (strncmp(end, ".seg", 4) != 0)
        return false;
    return end[4] == '\0' || (with_damaged && strcmp(end + 4, damaged_suffix) == 0);
}

static void note_say(const struct spool_events *events, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
note_say(const struct spool_events *events, const char *format, ...)
{
    if (!events->note)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* a cut text is still a text */
    va_end(args);
    events->note(events->context, text);
}

/* Reads a segment file. The caller frees image->bytes. ERR_VERSION when it is newer than we are. */
static int
image_read(const char *folder, const char *name, struct segment_image *image, struct err_note *note)
{
    memset(image, 0, sizeof *image);
    char path[FILE_PATH_MAX];
    stream_join(path, folder, name);
    char *bytes = NULL;
    size_t size = 0;
    int code = file_read(path, SEGMENT_READ_MAX, &bytes, &size, note);
    if (code || !bytes)
        return code;
    image->bytes = (uint8_t *)bytes;
    image->size = size;
    if (image->size < SEGMENT_HEAD)
        return 0;
    code = segment_head_unpack(image->bytes, &image->head);
    if (code == ERR_VERSION) {
        free(bytes);
        image->bytes = NULL;
        (void)err_set(note, code, "%s was written by a newer release", name);
        return ERR_VERSION;
    }
    image->has_head = code == 0;
    return 0;
}

/* The first place at or behind `at` where a valid record numbered above `seq` stands; its flags
 * must contain `flags`. 0: none. */
static size_t
image_seek(const struct segment_image *image, const uint8_t *id, size_t at, uint64_t seq,
           uint8_t flags, struct segment_record *ret_record)
{
    for (; at + RECORD_FRAME < image->size; at++) {
        const uint8_t *bytes = image->bytes + at;
        if ((bytes[5] & flags) != flags)
            continue;
        struct segment_record record;
        if (segment_record_unpack(bytes, image->size - at, id, at, &record) == 0 &&
            record.seq > seq) {
            *ret_record = record;
            return at;
        }
    }
    return 0;
}

/* ---- strict ---- */

struct loader {
    struct stream *stream;
    const struct spool_events *events;
    const struct file_list *files;
    struct err_note *note;
    bool is_looking; /* nothing on disk is changed */
    enum stream_fault fault;
};

static int
loader_damage(struct loader *loader, const char *name, enum stream_fault fault)
{
    static const char *const words[] = {
#define X(fault_name, zh, en) [fault_name] = (en),
        STREAM_FAULT_TABLE(X)
#undef X
    };
    loader->fault = fault;
    return err_set(loader->note, ERR_DAMAGED, "%s: %s", name, words[fault]);
}

static bool
image_follows(const struct stream *stream, const struct segment_image *image, bool is_first)
{
    uint8_t chain[HASH_SIZE];
    stream_last_chain(stream, chain);
    return memcmp(image->head.stream, stream->id, WIRE_STREAM_ID) == 0 &&
           (is_first || (image->head.first == stream_last(stream) + 1 &&
                         memcmp(image->head.before, chain, HASH_SIZE) == 0));
}

/* Indexes whole groups up to the first bad record or number `limit`; returns where they end. */
static int
image_index(struct stream *stream, const struct segment_image *image, uint64_t limit,
            size_t *ret_end)
{
    size_t at = SEGMENT_HEAD, end = at, whole = stream->entry_count;
    struct segment_record record;
    while (at < image->size && stream_last(stream) + 1 < limit &&
           segment_record_unpack(image->bytes + at, image->size - at, stream->id, at, &record) ==
               0) {
        uint8_t before[HASH_SIZE], chain[HASH_SIZE];
        stream_last_chain(stream, before);
        hash_chain(before, record.seq, record.payload, record.size, chain);
        bool is_start = stream->entry_count == whole;
        if (record.seq != stream_last(stream) + 1 ||
            memcmp(chain, record.chain, sizeof record.chain) != 0 ||
            is_start != ((record.flags & RECORD_FLAG_FIRST) != 0))
            break;
        int code = stream_index_record(stream, &record, at, chain);
        if (code)
            return code;
        at += RECORD_FRAME + record.size;
        if (record.flags & RECORD_FLAG_LAST) {
            end = at;
            whole = stream->entry_count;
        }
    }
    stream->entry_count = whole;
    *ret_end = end;
    return 0;
}

/* Tells of the file whose group is cut at `end`, if its beginning can be read. -ENOMEM: it may be.
 */
static int
report_cut(const struct spool_events *events, const struct segment_image *image, const uint8_t *id,
           size_t end, const char *name)
{
    struct segment_record raw;
    struct record begin;
    note_say(events, "%s: an unfinished group at offset %zu was cut (a write did not end)", name,
             end);
    if (segment_record_unpack(image->bytes + end, image->size - end, id, end, &raw))
        return 0;
    int code = record_unpack(raw.payload, raw.size, &begin, NULL);
    if (code || begin.type != RECORD_FILE_BEGIN)
        return code == -ENOMEM ? code : 0;
    note_say(events, "%s: the group was of the file '%s'; it has to be imported again", name,
             begin.as.begin.name);
    if (events->lost)
        events->lost(events->context, begin.as.begin.name, begin.as.begin.sha256);
    return 0;
}

/* Overwrites the torn tail of the last segment and opens it for writing. What can be read need not
 * be on the disk: a process that was killed before its sync leaves it in memory, and so does a sync
 * that failed (docs/libraries.md, F-SYNC). So all of it is written once more, and synced, as is its
 * name.
 */
static int
tail_mend(struct loader *loader, const char *name, struct segment_image *image, size_t end)
{
    struct stream *stream = loader->stream;
    size_t dirty = image->size;
    while (dirty > end && image->bytes[dirty - 1] == 0)
        dirty--;
    struct segment_record later;
    if (dirty > end &&
        image_seek(image, stream->id, end + 1, stream_last(stream) + 1, RECORD_FLAG_FIRST, &later))
        return loader_damage(loader, name, FAULT_MIDDLE);
    if (stream->cursor > stream_last(stream))
        return loader_damage(loader, name, FAULT_RECEIPT);
    stream->is_torn |= dirty > end;
    if (loader->is_looking)
        return 0;
    char path[FILE_PATH_MAX];
    stream_join(path, stream->folder, name);
    int fd = file_open_write(path, 0600, loader->note), code = 0;
    if (fd < 0)
        return fd;
    if (dirty > end) {
        code = report_cut(loader->events, image, stream->id, end, name);
        memset(image->bytes + end, 0, dirty - end);
    }
    if (!code)
        code = file_write_at(fd, image->bytes, dirty, 0, loader->note);
    if (!code)
        code = file_sync(fd, loader->note);
    if (!code)
        code = file_sync_folder(stream->folder, loader->note);
    if (code) {
        (void)close(fd);
        return code;
    }
    stream->write_fd = fd;
    return 0;
}

/* The last segment without a legible header: what a crash leaves while one is made, unless records
 * are in it. It goes, and -EAGAIN says that the one before is the last now. */
static int
headless_last(struct loader *loader, char *name, const struct segment_image *image)
{
    struct segment_record record;
    if (image->size > SEGMENT_HEAD &&
        image_seek(image, loader->stream->id, SEGMENT_HEAD, 0, 0, &record))
        return loader_damage(loader, name, FAULT_HEAD);
    loader->stream->is_torn = true;
    if (!loader->is_looking) {
        char path[FILE_PATH_MAX];
        stream_join(path, loader->stream->folder, name);
        int code = file_remove(path, loader->note);
        if (code)
            return code;
        note_say(loader->events, "%s: a segment without records or header was removed", name);
    }
    name[0] = '\0';
    return -EAGAIN;
}

static int
segment_load(struct loader *loader, size_t index, struct segment_image *image, uint64_t limit,
             bool is_last)
{
    struct stream *stream = loader->stream;
    char *name = loader->files->names[index];
    uint64_t first = 0;
    (void)name_is_segment(name, false, &first);
    bool is_first = stream->segment_count == 0;
    if (!image->has_head && is_last && !is_first)
        return headless_last(loader, name, image);
    if (!image->has_head || image->head.first != first)
        return loader_damage(loader, name, FAULT_HEAD);
    if (!image_follows(stream, image, is_first))
        return loader_damage(loader, name, FAULT_ORDER);
    int code = 0;
    if (is_first) {
        stream->first = first;
        memcpy(stream->before, image->head.before, HASH_SIZE);
        code = stream_cursor_load(stream, loader->note);
    }
    if (code)
        return code;
    struct stream_segment segment = { first, image->size, SEGMENT_HEAD, image->head.uptime };
    size_t end = SEGMENT_HEAD;
    code = stream_index_segment(stream, &segment);
    if (!code)
        code = image_index(stream, image, limit, &end);
    if (code)
        return err_set(loader->note, code, "no memory for the index of the spool");
    stream->segments[stream->segment_count - 1].end = end;
    if (!is_last)
        return stream_last(stream) + 1 == limit ? 0 : loader_damage(loader, name, FAULT_END);
    return tail_mend(loader, name, image, end);
}

/* The number of the next segment's first record, or UINT64_MAX. */
static uint64_t
next_first(const struct file_list *files, size_t index, bool with_damaged)
{
    uint64_t first = 0;
    for (size_t i = index + 1; i < files->count; i++)
        if (name_is_segment(files->names[i], with_damaged, &first))
            return first;
    return UINT64_MAX;
}

static int
loader_run(struct loader *loader, char *ret_bad)
{
    for (size_t i = 0; i < loader->files->count; i++) {
        const char *name = loader->files->names[i];
        uint64_t first = 0;
        if (!name_is_segment(name, false, &first))
            continue;
        struct segment_image image;
        int code = image_read(loader->stream->folder, name, &image, loader->note);
        if (code)
            return code;
        uint64_t limit = next_first(loader->files, i, false);
        code = segment_load(loader, i, &image, limit, limit == UINT64_MAX);
        free(image.bytes);
        if (code == ERR_DAMAGED)
            (void)snprintf(ret_bad, SEGMENT_NAME, "%s", name);
        if (code)
            return code;
    }
    return 0;
}

static int
load(struct loader *loader, const char *folder, const uint8_t id[WIRE_STREAM_ID], char *ret_bad)
{
    struct stream *stream = loader->stream;
    stream_init(stream);
    ret_bad[0] = '\0';
    (void)snprintf(stream->folder, sizeof stream->folder, "%s", folder); /* from stream_join */
    memcpy(stream->id, id, WIRE_STREAM_ID);
    stream->first = 1;
    struct file_list files;
    int code = file_list(folder, &files, loader->note);
    if (code)
        return code;
    loader->files = &files;
    while ((code = loader_run(loader, ret_bad)) == -EAGAIN)
        stream->segment_count = stream->entry_count = 0;
    loader->files = NULL;
    file_list_free(&files);
    if (!code && stream->segment_count == 0)
        code = err_set(loader->note, ERR_DAMAGED, "the stream has no segment");
    if (code)
        stream_done(stream);
    return code;
}

int
stream_load(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
            uint64_t segment_bytes, const struct spool_events *events, char *ret_bad,
            struct err_note *note)
{
    struct loader loader = { .stream = stream, .events = events, .note = note };
    int code = load(&loader, folder, id, ret_bad);
    if (!code)
        stream->segment_bytes = segment_bytes;
    return code;
}

int
stream_look(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
            enum stream_fault *ret_fault, char *ret_bad, struct err_note *note)
{
    static const struct spool_events nobody = { 0 };
    struct loader loader = {
        .stream = stream, .events = &nobody, .note = note, .is_looking = true
    };
    int code = load(&loader, folder, id, ret_bad);
    *ret_fault = loader.fault;
    return code;
}

/* ---- over every obstacle ---- */

/* The records of the group being read: payloads point into the image. */
struct group_reader {
    struct spool_payload *payloads;
    size_t count, room;
    uint64_t first; /* 0: no group is open */
    uint64_t done;  /* last record of the group handed over last */
};

static void
group_abandon(struct group_reader *reader, const struct stream_walker *walker)
{
    if (reader->first && reader->count && walker->lost)
        walker->lost(walker->context, reader->payloads[0].bytes, reader->payloads[0].size);
    reader->first = 0;
    reader->count = 0;
}

static int
group_take(struct group_reader *reader, const struct stream_walker *walker,
           const struct segment_record *record)
{
    if (record->flags & RECORD_FLAG_FIRST) {
        group_abandon(reader, walker);
        reader->first = record->seq;
    }
    if (!reader->first || record->seq != reader->first + reader->count) {
        group_abandon(reader, walker);
        return 0;
    }
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 256;
        struct spool_payload *grown = realloc(reader->payloads, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        reader->payloads = grown;
        reader->room = room;
    }
    reader->payloads[reader->count++] =
        (struct spool_payload){ (enum record_type)record->type, record->payload, record->size };
    if (!(record->flags & RECORD_FLAG_LAST))
        return 0;
    int code = 0;
    if (reader->first > reader->done) {
        reader->done = record->seq;
        code = walker->group(walker->context, reader->payloads, reader->count, reader->first);
    }
    reader->first = 0;
    reader->count = 0;
    return code;
}

static int
image_walk(const struct segment_image *image, const uint8_t *id, uint64_t limit,
           struct group_reader *reader, const struct stream_walker *walker)
{
    size_t at = SEGMENT_HEAD;
    while (at < image->size) {
        struct segment_record record;
        int code = segment_record_unpack(image->bytes + at, image->size - at, id, at, &record);
        if (code)
            at = image_seek(image, id, at, 0, 0, &record);
        if (at == 0 || record.seq >= limit)
            break;
        code = group_take(reader, walker, &record);
        if (code)
            return code;
        at += RECORD_FRAME + record.size;
    }
    group_abandon(reader, walker);
    return 0;
}

static int
walk_files(const char *folder, const struct file_list *files, const uint8_t *id,
           struct group_reader *reader, struct stream_walker *walker, struct err_note *note)
{
    for (size_t i = 0; i < files->count; i++) {
        uint64_t first = 0;
        if (!name_is_segment(files->names[i], true, &first))
            continue;
        struct segment_image image;
        int code = image_read(folder, files->names[i], &image, note);
        if (code)
            return code;
        if (walker->segments++ == 0)
            walker->begin = first;
        walker->bytes += image.size;
        if (image.has_head && image.head.created > walker->newest)
            walker->newest = image.head.created;
        if (image.has_head && image.head.uptime > walker->uptime)
            walker->uptime = image.head.uptime;
        code = image_walk(&image, id, next_first(files, i, true), reader, walker);
        free(image.bytes);
        if (code)
            return code;
    }
    return 0;
}

int
stream_walk(const char *folder, const uint8_t id[WIRE_STREAM_ID], struct stream_walker *walker,
            struct err_note *note)
{
    struct file_list files;
    int code = file_list(folder, &files, note);
    if (code)
        return code;
    struct group_reader reader = { 0 };
    walker->begin = walker->uptime = walker->bytes = 0;
    walker->newest = 0;
    walker->segments = 0;
    code = walk_files(folder, &files, id, &reader, walker, note);
    free(reader.payloads);
    file_list_free(&files);
    return code;
}
