/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/spool_look.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/spool_private.h"

/* The stream in use and its cursor, nothing more. */
static int
find_stream(const char *folder, struct spool *spool, struct err_note *note)
{
    uint8_t id[WIRE_STREAM_ID];
    *spool = (struct spool){ .retain_days = 0 };
    int code = spool_set_folder(spool, folder, note);
    if (code)
        return code;
    stream_init(&spool->stream);
    code = spool_current(spool, id, note);
    if (code)
        return code == -ENOENT ? ERR_ABSENT : code;
    spool_stream_folder(spool, id, false, spool->stream.folder);
    memcpy(spool->stream.id, id, WIRE_STREAM_ID);
    spool->stream.first = 1;
    return stream_cursor_load(&spool->stream, note);
}

static int
survey_group(void *context, const struct spool_payload *payloads, size_t count, uint64_t first)
{
    struct spool_standing *standing = context;
    (void)payloads;
    if (standing->last == 0 && standing->cursor < first - 1)
        standing->cursor = first - 1; /* as for a stream without a cursor file */
    standing->last = first + count - 1;
    return 0;
}

int
spool_survey(const char *folder, struct spool_standing *ret_standing, struct err_note *note)
{
    struct spool spool;
    int code = find_stream(folder, &spool, note);
    if (code)
        return code;
    struct spool_standing standing = { .cursor = spool.stream.cursor };
    memcpy(standing.stream, spool.stream.id, WIRE_STREAM_ID);
    struct stream_walker walker = { .context = &standing, .group = survey_group };
    code = stream_walk(spool.stream.folder, standing.stream, &walker, note);
    if (code)
        return code == -ENOENT ? ERR_ABSENT : code;
    if (standing.last < standing.cursor)
        standing.last = standing.cursor; /* all that was sent has been removed */
    *ret_standing = standing;
    return 0;
}

/* ---- a close look ---- */

/* A walk over what is legible; `code` keeps what a callback without an answer of its own got. */
struct looking {
    struct spool_look *look;
    struct stream_walker walker;
    int code;
};

/* Does a file begin here? 1, 0, or -ENOMEM: it cannot be said. */
static int
unpack_begin(const uint8_t *payload, size_t size, struct record *ret_begin)
{
    int code = record_unpack(payload, size, ret_begin, NULL);
    return code == -ENOMEM ? code : code == 0 && ret_begin->type == RECORD_FILE_BEGIN;
}

static int
look_group(void *context, const struct spool_payload *payloads, size_t count, uint64_t first)
{
    struct looking *looking = context;
    struct spool_look *look = looking->look;
    struct record begin;
    uint64_t last = first + count - 1;
    uint64_t expected = look->first ? look->standing.last + 1 : looking->walker.begin;
    int code = looking->code;
    if (!code && first > expected)
        code = look->gap(look->context, expected, first - 1);
    if (!look->first) {
        look->first = first;
        if (look->standing.cursor < looking->walker.begin - 1)
            look->standing.cursor = looking->walker.begin - 1; /* without a cursor file */
    }
    look->standing.last = last;
    if (code)
        return code;
    code = unpack_begin(payloads[0].bytes, payloads[0].size, &begin);
    return code == 1 ? look->file(look->context, &begin.as.begin, first, last) : code;
}

static void
look_lost(void *context, const uint8_t *payload, size_t size)
{
    struct looking *looking = context;
    struct record begin;
    int code = looking->code ? looking->code : unpack_begin(payload, size, &begin);
    if (code == 1)
        code = looking->look->lost(looking->look->context, &begin.as.begin);
    looking->code = code;
}

/* How opening would find the stream. */
static int
look_strictly(const struct stream *found, struct spool_look *look, struct err_note *note)
{
    static const struct {
        const char *zh, *en;
    } words[] = {
#define X(name, zh, en) [name] = { zh, en },
        STREAM_FAULT_TABLE(X)
#undef X
    };
    struct stream stream;
    enum stream_fault fault = FAULT_NONE;
    int code = stream_look(&stream, found->folder, found->id, &fault, look->fault_segment, note);
    if (!code) {
        look->is_torn = stream.is_torn;
        stream_done(&stream);
        return 0;
    }
    if (code == ERR_DAMAGED) {
        look->fault_zh = fault ? words[fault].zh : "没有数据段";
        look->fault_en = fault ? words[fault].en : "it has no segment";
        return 0;
    }
    return code;
}

static int
look_aside(const struct spool *spool, const char *stream, const struct spool_look *look,
           struct err_note *note)
{
    static const char suffix[] = ".damaged";
    char path[FILE_PATH_MAX];
    struct file_list files;
    stream_join(path, spool->folder, stream);
    int code = file_list(path, &files, note);
    if (code)
        return code == -ENOENT ? 0 : code; /* it went away meanwhile */
    for (size_t i = 0; !code && i < files.count; i++) {
        size_t length = strlen(files.names[i]);
        if (length < sizeof suffix ||
            strcmp(files.names[i] + length - (sizeof suffix - 1), suffix) != 0)
            continue;
        stream_join(path, stream, files.names[i]);
        code = look->aside(look->context, path);
    }
    file_list_free(&files);
    return code;
}

static int
look_streams(const struct spool *spool, struct spool_look *look, struct err_note *note)
{
    struct file_list names;
    int code = file_list(spool->folder, &names, note);
    if (code)
        return code;
    for (size_t i = 0; !code && i < names.count; i++) {
        uint8_t id[WIRE_STREAM_ID];
        if (!spool_name_is_stream(names.names[i], id))
            continue;
        look->streams++;
        code = look_aside(spool, names.names[i], look, note);
    }
    file_list_free(&names);
    return code;
}

int
spool_look(const char *folder, struct spool_look *look, struct err_note *note)
{
    struct spool spool;
    int code = find_stream(folder, &spool, note);
    if (code)
        return code;
    const struct stream *stream = &spool.stream;
    look->standing = (struct spool_standing){ .cursor = stream->cursor };
    memcpy(look->standing.stream, stream->id, WIRE_STREAM_ID);
    look->safe_upto = stream->safe_upto;
    code = look_strictly(stream, look, note);
    struct looking looking = { .look = look };
    looking.walker =
        (struct stream_walker){ .context = &looking, .group = look_group, .lost = look_lost };
    if (!code)
        code = stream_walk(stream->folder, stream->id, &looking.walker, note);
    if (!code)
        code = looking.code;
    if (code == -ENOMEM)
        (void)err_set(note, code, "no memory to look at the spool");
    look->segments = looking.walker.segments;
    look->bytes = looking.walker.bytes;
    if (!code && look->fault_en && look->standing.last < stream->cursor)
        code = look->gap(look->context, look->standing.last + 1, stream->cursor);
    if (look->standing.last < stream->cursor)
        look->standing.last = stream->cursor;
    return code ? code : look_streams(&spool, look, note);
}
