/* SPDX-License-Identifier: GPL-3.0-or-later
 * Streams come about here: the first one, the one after damage, the one after a fork. Each is built
 * beside the one in use and takes its place by a rename and by writing `current`. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/spool_private.h"
#include "platform/clock.h"

/* ---- the folder of streams ---- */

bool
spool_name_is_stream(const char *name, uint8_t ret_id[WIRE_STREAM_ID])
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(name) != STREAM_HEX - 1 || strspn(name, digits) != STREAM_HEX - 1)
        return false;
    for (size_t i = 0; i < WIRE_STREAM_ID; i++) {
        ptrdiff_t high = strchr(digits, name[2 * i]) - digits;
        ptrdiff_t low = strchr(digits, name[2 * i + 1]) - digits;
        ret_id[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

int
spool_set_folder(struct spool *spool, const char *folder, struct err_note *note)
{
    if (strlen(folder) > SPOOL_FOLDER_MAX)
        return err_set(note, ERR_RANGE, "the path of the spool is longer than %d bytes",
                       SPOOL_FOLDER_MAX);
    memcpy(spool->folder, folder, strlen(folder) + 1);
    return 0;
}

void
spool_stream_folder(const struct spool *spool, const uint8_t id[WIRE_STREAM_ID], bool is_new,
                    char path[FILE_PATH_MAX])
{
    char name[STREAM_HEX + 8];
    hash_hex(id, WIRE_STREAM_ID, name);
    if (is_new)
        memcpy(name + STREAM_HEX - 1, ".new", sizeof ".new");
    stream_join(path, spool->folder, name);
}

int
spool_remove_folder(const char *folder, struct err_note *note)
{
    struct file_list files;
    int code = file_list(folder, &files, note);
    if (code)
        return code;
    for (size_t i = 0; !code && i < files.count; i++) {
        char path[FILE_PATH_MAX];
        stream_join(path, folder, files.names[i]);
        code = file_remove(path, note);
    }
    file_list_free(&files);
    if (!code && rmdir(folder) != 0)
        code = err_set(note, -errno, "remove %s: %s", folder, err_text(-errno));
    return code;
}

/* What a crash in a fork left. */
static void
remove_unfinished(const struct spool *spool)
{
    struct file_list names;
    if (file_list(spool->folder, &names, NULL))
        return;
    for (size_t i = 0; i < names.count; i++) {
        size_t length = strlen(names.names[i]);
        char path[FILE_PATH_MAX];
        if (length != STREAM_HEX + 3 || strcmp(names.names[i] + length - 4, ".new") != 0)
            continue;
        stream_join(path, spool->folder, names.names[i]);
        (void)spool_remove_folder(path, NULL); /* it is tried again at the next start */
    }
    file_list_free(&names);
}

static int
current_write(const struct spool *spool, const uint8_t id[WIRE_STREAM_ID], struct err_note *note)
{
    char path[FILE_PATH_MAX], line[STREAM_HEX + 1];
    stream_join(path, spool->folder, "current");
    hash_hex(id, WIRE_STREAM_ID, line);
    line[STREAM_HEX - 1] = '\n';
    return file_write(path, line, STREAM_HEX, 0600, note);
}

int
spool_current(const struct spool *spool, uint8_t ret_id[WIRE_STREAM_ID], struct err_note *note)
{
    char path[FILE_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    stream_join(path, spool->folder, "current");
    int code = file_read(path, 4096, &text, &size, NULL);
    if (code == -ENOMEM || code == -EIO) /* it may be legible at the next try */
        return err_set(note, code, "read %s: %s", path, err_text(code));
    if (!code) {
        text[strcspn(text, "\n")] = '\0';
        bool is_good = spool_name_is_stream(text, ret_id);
        free(text);
        if (is_good)
            return 0;
    }
    struct file_list names;
    code = file_list(spool->folder, &names, note);
    if (code)
        return code;
    int64_t newest = -1;
    uint64_t latest = 0; /* by time in use first: the wall clock may have jumped between them */
    code = ERR_ABSENT;
    for (size_t i = 0; i < names.count; i++) {
        uint8_t id[WIRE_STREAM_ID];
        int64_t created = 0;
        uint64_t uptime = 0;
        if (!spool_name_is_stream(names.names[i], id))
            continue;
        spool_stream_folder(spool, id, false, path);
        int failed = known_survey(path, id, NULL, &created, &uptime);
        if (known_may_pass(failed)) { /* it may be the one */
            code = err_set(note, failed, "read the stream %s: %s", path, err_text(failed));
            break;
        }
        if (failed || uptime < latest || (uptime == latest && created <= newest))
            continue;
        latest = uptime;
        newest = created;
        memcpy(ret_id, id, WIRE_STREAM_ID);
        code = 0;
    }
    file_list_free(&names);
    return code;
}

/* ---- making a new stream ---- */

/* A stream built beside the one in use, which takes its place at `maker_commit`. */
struct maker {
    struct spool *spool;
    struct stream fresh;
    struct wall_time now;
    const struct stream_walker *walker; /* of a salvage */
    uint64_t previous, groups;          /* for the report */
    uint64_t safe;                      /* a backup holds the groups up to here */
    uint64_t done;                      /* those up to here have their receipts: */
    uint64_t cursor;                    /* in the new stream they end here */
    int lost_code;                      /* -ENOMEM: what is lost could not be told */
    struct err_note *note;
};

static int
maker_begin(struct maker *maker)
{
    uint8_t id[WIRE_STREAM_ID];
    char path[FILE_PATH_MAX];
    clock_random(id, sizeof id);
    spool_stream_folder(maker->spool, id, true, path);
    return stream_create(&maker->fresh, path, id, maker->spool->segment_bytes, maker->spool->uptime,
                         maker->now, maker->note);
}

/* Nothing is left to do for the group that ended at `last`. */
static bool
stays_behind(const struct maker *maker, uint64_t last)
{
    return last <= maker->safe && last <= maker->done;
}

/* Takes over the group that ended at `last`. */
static int
maker_take(struct maker *maker, const struct spool_payload *payloads, size_t count, uint64_t last)
{
    int code = stream_append(&maker->fresh, payloads, count, maker->now, maker->note);
    if (code == 0 && last <= maker->done)
        maker->cursor = stream_last(&maker->fresh);
    maker->groups++;
    return code;
}

static void
maker_drop(struct maker *maker)
{
    char path[FILE_PATH_MAX];
    memcpy(path, maker->fresh.folder, sizeof path);
    stream_done(&maker->fresh);
    (void)spool_remove_folder(path, NULL); /* else at the next start */
}

static int
maker_commit(struct maker *maker)
{
    struct spool *spool = maker->spool;
    char path[FILE_PATH_MAX];
    int code = 0;
    spool_stream_folder(spool, maker->fresh.id, false, path);
    if (maker->cursor > 0)
        code = stream_cursor_store(&maker->fresh, maker->cursor, 0, maker->note);
    if (!code)
        code = file_rename(maker->fresh.folder, path, maker->note);
    if (code) {
        maker_drop(maker);
        return code;
    }
    memcpy(maker->fresh.folder, path, sizeof path);
    code = current_write(spool, maker->fresh.id, maker->note);
    if (code) { /* a complete stream that is not in use: harmless, goes with age */
        stream_done(&maker->fresh);
        return code;
    }
    stream_done(&spool->stream);
    spool->stream = maker->fresh;
    return 0;
}

/* ---- opening ---- */

static int
salvage_group(void *context, const struct spool_payload *payloads, size_t count, uint64_t first)
{
    struct maker *maker = context;
    uint64_t last = first + count - 1;
    if (maker->previous == 0)
        maker->previous = maker->walker->begin - 1; /* what lies before was removed with age */
    if (first != maker->previous + 1)
        spool_say(maker->spool, "records %" PRIu64 " to %" PRIu64 " cannot be read",
                  maker->previous + 1, first - 1);
    maker->previous = last;
    return stays_behind(maker, last) ? 0 : maker_take(maker, payloads, count, last);
}

static void
salvage_lost(void *context, const uint8_t *payload, size_t size)
{
    struct maker *maker = context;
    const struct spool_events *events = &maker->spool->events;
    struct record begin;
    int code = record_unpack(payload, size, &begin, NULL);
    if (code == -ENOMEM)
        maker->lost_code = code;
    if (code || begin.type != RECORD_FILE_BEGIN)
        return;
    spool_say(maker->spool, "the file '%s' is not whole; it has to be imported again",
              begin.as.begin.name);
    if (events->lost)
        events->lost(events->context, begin.as.begin.name, begin.as.begin.sha256);
}

static void
set_aside(const struct spool *spool, const char *folder, const char *name)
{
    char from[FILE_PATH_MAX], aside[SEGMENT_NAME + 8], to[FILE_PATH_MAX];
    if (!name[0])
        return;
    (void)snprintf(aside, sizeof aside, "%.*s.damaged", SEGMENT_NAME - 1, name);
    stream_join(from, folder, name);
    stream_join(to, folder, aside);
    struct err_note note = { 0 };
    if (file_rename(from, to, &note) == 0)
        spool_say(spool, "the damaged segment is kept as %s", to);
    else
        spool_say(spool, "the damaged segment stays in its place: %s", note.text);
}

/* The stream `id` is damaged: what is legible and in no backup goes on in a new one. */
static int
spool_salvage(struct spool *spool, const char *folder, const uint8_t id[WIRE_STREAM_ID],
              const char *bad, struct wall_time now, struct err_note *note)
{
    struct stream old;
    stream_init(&old);
    (void)snprintf(old.folder, sizeof old.folder, "%s", folder); /* from stream_join */
    memcpy(old.id, id, WIRE_STREAM_ID);
    old.first = 1;
    int code = stream_cursor_load(&old, note);
    if (code)
        return code;
    struct maker maker = {
        .spool = spool, .now = now, .safe = old.safe_upto, .done = old.cursor, .note = note
    };
    stream_init(&maker.fresh);
    code = maker_begin(&maker);
    if (code)
        return code;
    struct stream_walker walker = { .context = &maker,
                                    .group = salvage_group,
                                    .lost = salvage_lost };
    maker.walker = &walker;
    code = stream_walk(folder, id, &walker, note);
    if (!code && maker.lost_code)
        code = err_set(note, maker.lost_code, "no memory to read what is damaged");
    if (code) {
        maker_drop(&maker);
        return code;
    }
    code = maker_commit(&maker);
    if (code)
        return code;
    spool_say(spool, "%" PRIu64 " files went over into a new stream", maker.groups);
    set_aside(spool, folder, bad);
    return 0;
}

static int
spool_begin(struct spool *spool, struct wall_time now, struct err_note *note)
{
    struct maker maker = { .spool = spool, .now = now, .note = note };
    stream_init(&maker.fresh);
    int code = maker_begin(&maker);
    return code ? code : maker_commit(&maker);
}

int
spool_load(struct spool *spool, struct wall_time now, struct err_note *note)
{
    uint8_t id[WIRE_STREAM_ID];
    char folder[FILE_PATH_MAX], bad[SEGMENT_NAME];
    remove_unfinished(spool);
    int code = spool_current(spool, id, note);
    if (code == ERR_ABSENT)
        return spool_begin(spool, now, note);
    if (code)
        return code;
    spool_stream_folder(spool, id, false, folder);
    struct err_note why = { 0 };
    code = stream_load(&spool->stream, folder, id, spool->segment_bytes, &spool->events, bad, &why);
    if (code == -ENOENT || code == ERR_ABSENT) {
        spool_say(spool, "the stream in use is gone; a new one begins");
        return spool_begin(spool, now, note);
    }
    if (code == ERR_DAMAGED) {
        spool_say(spool, "the spool is damaged: %s", why.text);
        return spool_salvage(spool, folder, id, bad, now, note);
    }
    if (code)
        return err_set(note, code, "%s", why.text);
    return file_sync_folder(spool->folder, note); /* `current` may be new */
}

/* ---- fork ---- */

/* Copies the group first..last of the stream in use into the new one, by way of payloads[] and
 * bytes[]. */
static int
fork_copy(struct maker *maker, uint64_t first, uint64_t last, struct spool_payload *payloads,
          uint8_t *bytes)
{
    struct stream *old = &maker->spool->stream;
    size_t count = 0;
    for (uint64_t seq = first; seq <= last; seq++) {
        struct spool_payload *payload = &payloads[count++];
        int code = stream_read(old, seq, bytes, &payload->size, maker->note);
        if (code)
            return code;
        payload->bytes = bytes;
        payload->type = (enum record_type)stream_entry_at(old, seq)->type;
        bytes += payload->size;
    }
    return maker_take(maker, payloads, count, last);
}

static int
fork_group(struct maker *maker, uint64_t first, uint64_t last)
{
    size_t size = 0;
    for (uint64_t seq = first; seq <= last; seq++)
        size += stream_entry_at(&maker->spool->stream, seq)->size;
    struct spool_payload *payloads = calloc((size_t)(last - first + 1), sizeof *payloads);
    uint8_t *bytes = malloc(size + 1);
    int code = payloads && bytes ? fork_copy(maker, first, last, payloads, bytes)
                                 : err_set(maker->note, -ENOMEM, "no memory for the fork");
    free(payloads);
    free(bytes);
    return code;
}

int
spool_fork(struct spool *spool, uint64_t safe, struct wall_time now, struct err_note *note)
{
    struct maker maker = {
        .spool = spool, .now = now, .safe = safe, .done = spool_cursor(spool), .note = note
    };
    stream_init(&maker.fresh);
    int code = maker_begin(&maker);
    if (code)
        return err_prefix(note, code, "fork the stream");
    uint64_t end = spool_last(spool);
    for (uint64_t seq = spool_first(spool), last; !code && seq <= end; seq = last + 1) {
        last = spool_group_last(spool, seq); /* segments hold whole groups */
        if (last == 0)
            code = err_set(note, ERR_DAMAGED, "the group of record %" PRIu64 " is not whole", seq);
        else if (!stays_behind(&maker, last))
            code = fork_group(&maker, seq, last);
    }
    if (code)
        maker_drop(&maker);
    else
        code = maker_commit(&maker);
    if (code)
        return err_prefix(note, code, "fork the stream");
    known_forget_places(&spool->known);
    return spool_learn(spool, note);
}
