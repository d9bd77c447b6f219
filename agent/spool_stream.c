/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/spool_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
stream_init(struct stream *stream)
{
    memset(stream, 0, sizeof *stream);
    stream->write_fd = -1;
    stream->read_fd = -1;
}

static void
stream_close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd); /* everything that matters was synced before */
    *fd = -1;
}

void
stream_done(struct stream *stream)
{
    stream_close_fd(&stream->write_fd);
    stream_close_fd(&stream->read_fd);
    free(stream->segments);
    free(stream->entries);
    free(stream->block);
    stream_init(stream);
}

void
stream_segment_name(uint64_t first, char name[SEGMENT_NAME])
{
    (void)snprintf(name, SEGMENT_NAME, "%016" PRIx64 ".seg", first); /* 21 bytes always fit */
}

void
stream_join(char path[FILE_PATH_MAX], const char *folder, const char *name)
{
    if (file_join(path, folder, name) != 0)
        path[0] = '\0'; /* never; and no file has this name */
}

static void
segment_path(const struct stream *stream, uint64_t first, char path[FILE_PATH_MAX])
{
    char name[SEGMENT_NAME];
    stream_segment_name(first, name);
    stream_join(path, stream->folder, name);
}

/* Doubles a growing array so that one more element fits. */
static int
stream_grow(void **array, size_t *room, size_t count, size_t element)
{
    if (count < *room)
        return 0;
    size_t wanted = *room ? *room * 2 : 64;
    void *grown = realloc(*array, wanted * element);
    if (!grown)
        return -ENOMEM;
    *array = grown;
    *room = wanted;
    return 0;
}

int
stream_index_segment(struct stream *stream, const struct stream_segment *segment)
{
    void *array = stream->segments;
    int code = stream_grow(&array, &stream->segment_room, stream->segment_count, sizeof *segment);
    stream->segments = array;
    if (code)
        return code;
    stream->segments[stream->segment_count++] = *segment;
    return 0;
}

int
stream_index_record(struct stream *stream, const struct segment_record *record, uint64_t offset,
                    const uint8_t chain[HASH_SIZE])
{
    void *array = stream->entries;
    int code =
        stream_grow(&array, &stream->entry_room, stream->entry_count, sizeof *stream->entries);
    stream->entries = array;
    if (code)
        return code;
    struct stream_entry *entry = &stream->entries[stream->entry_count++];
    entry->offset = offset;
    entry->segment = stream->segment_base + (uint32_t)stream->segment_count - 1;
    entry->size = (uint16_t)record->size;
    entry->type = record->type;
    entry->flags = record->flags;
    memcpy(entry->chain, chain, HASH_SIZE);
    return 0;
}

const struct stream_entry *
stream_entry_at(const struct stream *stream, uint64_t seq)
{
    if (seq < stream->first || seq - stream->first >= stream->entry_count)
        return NULL;
    return &stream->entries[seq - stream->first];
}

uint64_t
stream_last(const struct stream *stream)
{
    return stream->first + stream->entry_count - 1;
}

void
stream_last_chain(const struct stream *stream, uint8_t ret_hash[HASH_SIZE])
{
    memcpy(ret_hash,
           stream->entry_count ? stream->entries[stream->entry_count - 1].chain : stream->before,
           HASH_SIZE);
}

/* Makes the next segment: in place, header, fdatasync, then the folder. On failure the file is
 * taken away again. */
static int
segment_create(struct stream *stream, uint64_t size, struct wall_time now, struct err_note *note)
{
    struct segment_head head = { .first = stream_last(stream) + 1,
                                 .created = now.seconds,
                                 .uptime = stream->uptime };
    memcpy(head.stream, stream->id, sizeof head.stream);
    stream_last_chain(stream, head.before);
    uint8_t bytes[SEGMENT_HEAD];
    segment_head_pack(&head, bytes);
    char path[FILE_PATH_MAX];
    segment_path(stream, head.first, path);
    stream_close_fd(&stream->write_fd);
    int fd = file_open_write(path, 0600, note);
    if (fd < 0)
        return fd;
    int code = -posix_fallocate(fd, 0, (off_t)size);
    if (code)
        (void)err_set(note, code, "no room for a spool segment: %s", err_text(code));
    if (!code)
        code = file_write_at(fd, bytes, sizeof bytes, 0, note);
    if (!code)
        code = file_sync(fd, note);
    if (!code)
        code = file_sync_folder(stream->folder, note);
    struct stream_segment segment = { head.first, size, SEGMENT_HEAD, head.uptime };
    if (!code)
        code = stream_index_segment(stream, &segment);
    if (code) {
        (void)close(fd);
        (void)file_remove(path, NULL); /* an empty segment is harmless: opening removes it */
        return code;
    }
    stream->write_fd = fd;
    return 0;
}

int
stream_create(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
              uint64_t segment_bytes, uint64_t uptime, struct wall_time now, struct err_note *note)
{
    stream_init(stream);
    stream->uptime = uptime;
    (void)snprintf(stream->folder, sizeof stream->folder, "%s", folder); /* from stream_join */
    memcpy(stream->id, id, WIRE_STREAM_ID);
    stream->segment_bytes = segment_bytes;
    stream->first = 1;
    hash_chain_start(id, stream->before);
    int code = file_make_folder(folder, note);
    if (!code)
        code = segment_create(stream, stream->segment_bytes, now, note);
    if (code)
        stream_done(stream);
    return code;
}

uint64_t
stream_growth(const struct stream *stream, size_t count, uint64_t bytes)
{
    uint64_t needed = bytes + (uint64_t)count * RECORD_FRAME;
    if (stream->write_fd >= 0) {
        const struct stream_segment *last = &stream->segments[stream->segment_count - 1];
        if (last->size - last->end >= needed)
            return 0;
    }
    uint64_t whole = needed + SEGMENT_HEAD;
    return whole > stream->segment_bytes ? whole : stream->segment_bytes;
}

/* Lays a group out as it will stand at `offset`, and indexes it. */
static int
group_pack(struct stream *stream, const struct spool_payload *payloads, size_t count,
           uint64_t offset, uint8_t *bytes)
{
    uint64_t at = offset;
    for (size_t i = 0; i < count; i++) {
        struct segment_record record = {
            .type = (uint8_t)payloads[i].type,
            .flags = (uint8_t)((i == 0 ? RECORD_FLAG_FIRST : 0) |
                               (i + 1 == count ? RECORD_FLAG_LAST : 0)),
            .seq = stream_last(stream) + 1,
            .payload = payloads[i].bytes,
            .size = payloads[i].size,
        };
        uint8_t before[HASH_SIZE], chain[HASH_SIZE];
        stream_last_chain(stream, before);
        hash_chain(before, record.seq, record.payload, record.size, chain);
        memcpy(record.chain, chain, sizeof record.chain);
        segment_record_pack(&record, stream->id, at, bytes + (at - offset));
        int code = stream_index_record(stream, &record, at, chain);
        if (code)
            return code;
        at += RECORD_FRAME + record.size;
    }
    return 0;
}

/* After an error the last segment is not to be trusted any more (docs/libraries.md, F-SYNC): what
 * it holds beyond `end` is ignored, since the next segment begins with the same number. One without
 * records gives its name to that next segment and goes. */
static void
segment_give_up(struct stream *stream)
{
    stream_close_fd(&stream->write_fd);
    const struct stream_segment *last = &stream->segments[stream->segment_count - 1];
    if (last->first != stream_last(stream) + 1)
        return;
    char path[FILE_PATH_MAX];
    segment_path(stream, last->first, path);
    (void)file_remove(path, NULL); /* the disk is failing: the next append will tell */
    stream->segment_count--;
}

static int
group_write(struct stream *stream, const struct spool_payload *payloads, size_t count,
            uint64_t needed, struct err_note *note)
{
    struct stream_segment *last = &stream->segments[stream->segment_count - 1];
    uint8_t *bytes = malloc(needed);
    if (!bytes)
        return err_set(note, -ENOMEM, "no memory for %zu records", count);
    size_t entries_before = stream->entry_count;
    int code = group_pack(stream, payloads, count, last->end, bytes);
    if (!code)
        code = file_write_at(stream->write_fd, bytes, needed, (off_t)last->end, note);
    if (!code)
        code = file_sync(stream->write_fd, note);
    free(bytes);
    if (code) {
        stream->entry_count = entries_before;
        segment_give_up(stream);
        return code;
    }
    last->end += needed;
    return 0;
}

int
stream_append(struct stream *stream, const struct spool_payload *payloads, size_t count,
              struct wall_time now, struct err_note *note)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (payloads[i].size == 0 || payloads[i].size > WIRE_RECORD_MAX)
            return err_set(note, ERR_RANGE, "a record of %zu bytes", payloads[i].size);
        bytes += payloads[i].size;
    }
    if (count == 0)
        return err_set(note, ERR_RANGE, "a group without records");
    uint64_t growth = stream_growth(stream, count, bytes);
    if (growth) {
        int code = segment_create(stream, growth, now, note);
        if (code)
            return code;
    }
    return group_write(stream, payloads, count, bytes + (uint64_t)count * RECORD_FRAME, note);
}

static int
stream_read_fd(struct stream *stream, uint32_t segment, struct err_note *note)
{
    if (stream->read_fd >= 0 && stream->read_at == segment)
        return stream->read_fd;
    stream_close_fd(&stream->read_fd);
    char path[FILE_PATH_MAX];
    segment_path(stream, stream->segments[segment - stream->segment_base].first, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return err_set(note, -errno, "open %s: %s", path, err_text(-errno));
    stream->read_fd = fd;
    stream->read_at = segment;
    stream->block_size = 0;
    return fd;
}

/* Reads `size` bytes at `offset` into the block, and what follows as far as there is room for it
 * and was written. */
static int
block_fill(struct stream *stream, int fd, uint64_t offset, size_t size, uint64_t end)
{
    size_t done = 0;
    size_t wanted = end - offset < STREAM_BLOCK ? (size_t)(end - offset) : STREAM_BLOCK;
    if (!stream->block)
        stream->block = malloc(STREAM_BLOCK);
    if (!stream->block)
        return -ENOMEM;
    stream->block_size = 0;
    while (done < size) {
        ssize_t n = pread(fd, stream->block + done, wanted - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return ERR_DAMAGED;
        done += (size_t)n;
    }
    stream->block_at = offset;
    stream->block_size = done;
    return 0;
}

/* The bytes of a record as they stand in its segment. */
static int
stream_bytes(struct stream *stream, const struct stream_entry *entry, const uint8_t **ret_bytes,
             struct err_note *note)
{
    size_t size = (size_t)entry->size + RECORD_FRAME;
    int fd = stream_read_fd(stream, entry->segment, note);
    if (fd < 0)
        return fd;
    uint64_t skipped = entry->offset - stream->block_at;
    if (entry->offset < stream->block_at || skipped + size > stream->block_size) {
        uint64_t end = stream->segments[entry->segment - stream->segment_base].end;
        int code = block_fill(stream, fd, entry->offset, size, end);
        if (code)
            return err_set(note, code, "%s", err_text(code));
        skipped = 0;
    }
    *ret_bytes = stream->block + skipped;
    return 0;
}

int
stream_read(struct stream *stream, uint64_t seq, uint8_t *bytes, size_t *ret_size,
            struct err_note *note)
{
    const struct stream_entry *entry = stream_entry_at(stream, seq);
    if (!entry)
        return err_set(note, ERR_ABSENT, "record %" PRIu64 " is not in the spool", seq);
    const uint8_t *raw = NULL;
    struct segment_record record;
    int code = stream_bytes(stream, entry, &raw, note);
    if (code)
        return err_prefix(note, code, "record %" PRIu64 " of the spool", seq);
    code = segment_record_unpack(raw, (size_t)entry->size + RECORD_FRAME, stream->id, entry->offset,
                                 &record);
    if (!code && (record.seq != seq || record.size != entry->size))
        code = ERR_DAMAGED;
    if (code) {
        stream->block_size = 0; /* it may be legible at the next try */
        return err_set(note, code, "record %" PRIu64 " of the spool: %s", seq, err_text(code));
    }
    memcpy(bytes, record.payload, record.size);
    *ret_size = record.size;
    return 0;
}

int
stream_drop_first(struct stream *stream, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    segment_path(stream, stream->segments[0].first, path);
    int code = file_remove(path, note);
    if (code)
        return code;
    if (stream->read_at == stream->segment_base)
        stream_close_fd(&stream->read_fd);
    size_t gone = (size_t)(stream->segments[1].first - stream->first);
    if (gone)
        memcpy(stream->before, stream->entries[gone - 1].chain, HASH_SIZE);
    stream->entry_count -= gone;
    memmove(stream->entries, stream->entries + gone, stream->entry_count * sizeof *stream->entries);
    stream->first += gone;
    stream->segment_count--;
    stream->segment_base++;
    memmove(stream->segments, stream->segments + 1,
            stream->segment_count * sizeof *stream->segments);
    return 0;
}

int
stream_cursor_load(struct stream *stream, struct err_note *note)
{
    stream->cursor = stream->first - 1;
    stream->safe_upto = 0;
    stream->cursor_generation = 0;
    char path[FILE_PATH_MAX];
    char *bytes = NULL;
    size_t size = 0;
    stream_join(path, stream->folder, "cursor");
    int code = file_read(path, 4096, &bytes, &size, note);
    if (code == -ENOENT || code == ERR_RANGE || code == ERR_REFUSED)
        return 0; /* there is none, or nothing that we wrote */
    if (code)
        return code;
    for (size_t at = 0; at + CURSOR_SLOT <= size; at += CURSOR_SLOT_STEP) {
        struct cursor_slot slot;
        uint8_t raw[CURSOR_SLOT];
        memcpy(raw, bytes + at, sizeof raw);
        if (cursor_slot_unpack(raw, &slot) ||
            memcmp(slot.stream, stream->id, WIRE_STREAM_ID) != 0 ||
            slot.generation <= stream->cursor_generation)
            continue;
        stream->cursor_generation = slot.generation;
        stream->safe_upto = slot.safe_upto;
        stream->cursor = slot.cursor < stream->first ? stream->first - 1 : slot.cursor;
    }
    free(bytes);
    return 0;
}

int
stream_cursor_store(struct stream *stream, uint64_t cursor, uint64_t safe_upto,
                    struct err_note *note)
{
    char path[FILE_PATH_MAX];
    stream_join(path, stream->folder, "cursor");
    int fd = file_open_write(path, 0600, note);
    if (fd < 0)
        return fd;
    struct cursor_slot slot = { .generation = stream->cursor_generation + 1,
                                .cursor = cursor,
                                .safe_upto = safe_upto };
    memcpy(slot.stream, stream->id, sizeof slot.stream);
    uint8_t bytes[CURSOR_SLOT];
    cursor_slot_pack(&slot, bytes);
    off_t at = (off_t)(slot.generation % 2) * CURSOR_SLOT_STEP;
    int code = file_write_at(fd, bytes, sizeof bytes, at, note);
    if (!code)
        code = file_sync(fd, note);
    (void)close(fd);
    if (!code && stream->cursor_generation == 0)
        code = file_sync_name(path, note); /* the file may be new */
    if (!code) {
        stream->cursor = cursor;
        stream->safe_upto = safe_upto;
        stream->cursor_generation = slot.generation;
    }
    return code;
}
