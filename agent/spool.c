/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/spool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/spool_private.h"

void
spool_say(const struct spool *spool, const char *format, ...)
{
    if (!spool->events.note)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* a cut text is still a text */
    va_end(args);
    spool->events.note(spool->events.context, text);
}

int
spool_learn(struct spool *spool, struct err_note *note)
{
    struct stream *stream = &spool->stream;
    uint64_t first = 0;
    for (uint64_t seq = stream->first; seq <= stream_last(stream); seq++) {
        const struct stream_entry *entry = stream_entry_at(stream, seq);
        if (entry->flags & RECORD_FLAG_FIRST)
            first = seq;
        if (!(entry->flags & RECORD_FLAG_LAST) || entry->type != RECORD_FILE_END)
            continue;
        uint8_t bytes[WIRE_RECORD_MAX];
        size_t size = 0;
        int code = stream_read(stream, seq, bytes, &size, note);
        if (!code && known_add(&spool->known, bytes, size, first, seq))
            code = err_set(note, -ENOMEM, "no memory for the files of the spool");
        if (code)
            return code;
    }
    return 0;
}

/* Was what began at `uptime` kept for as long as is asked? By time in use, for clocks jump. */
static bool
is_old(const struct spool *spool, uint64_t uptime)
{
    return spool->uptime > uptime + (uint64_t)spool->retain_days * 86400;
}

/* Is this the folder of a stream that is not in use? Then its path. */
static bool
is_old_stream(const struct spool *spool, const char *name, uint8_t ret_id[WIRE_STREAM_ID],
              char ret_path[FILE_PATH_MAX])
{
    if (!spool_name_is_stream(name, ret_id) ||
        memcmp(ret_id, spool->stream.id, WIRE_STREAM_ID) == 0)
        return false;
    spool_stream_folder(spool, ret_id, false, ret_path);
    return true;
}

/* Remembers the files of the old streams, from the one on that could not be read the last time. */
static int
learn_old_streams(struct spool *spool, struct err_note *note)
{
    struct file_list names;
    int code = file_list(spool->folder, &names, note);
    if (code)
        return code;
    for (size_t i = 0; !code && i < names.count; i++) {
        const char *name = names.names[i];
        uint8_t id[WIRE_STREAM_ID];
        char path[FILE_PATH_MAX];
        int64_t newest = 0;
        uint64_t uptime = 0;
        size_t known = spool->known.count;
        if (strcmp(name, spool->unread) < 0 || !is_old_stream(spool, name, id, path))
            continue;
        int failed = known_survey(path, id, &spool->known, &newest, &uptime);
        if (!known_may_pass(failed))
            continue; /* what is damaged or gone has nothing more to tell */
        spool->known.count = known;
        (void)snprintf(spool->unread, sizeof spool->unread, "%s", name);
        code =
            err_set(note, failed,
                    "the old stream %s cannot be read: %s; no new files are taken meanwhile, for "
                    "it may hold them already: see to the disk, or move that folder away",
                    path, err_text(failed));
    }
    file_list_free(&names);
    if (!code)
        spool->unread[0] = '\0';
    return code;
}

int
spool_know_all(struct spool *spool, struct err_note *note)
{
    return spool->unread[0] ? learn_old_streams(spool, note) : 0;
}

/* At the start: streams that cannot be read now keep nobody from sending what the spool holds. */
static int
learn_at_start(struct spool *spool, struct err_note *note)
{
    struct err_note why = { { 0 } };
    int code = learn_old_streams(spool, &why);
    if (code && (code == -ENOMEM || !spool->unread[0]))
        return err_set(note, code, "%s", why.text);
    if (code)
        spool_say(spool, "%s", why.text);
    return 0;
}

/* Removes the old streams that were kept for long enough. */
static void
remove_old_streams(const struct spool *spool)
{
    struct file_list names;
    if (file_list(spool->folder, &names, NULL))
        return; /* housekeeping: tried again later */
    for (size_t i = 0; i < names.count; i++) {
        uint8_t id[WIRE_STREAM_ID];
        char path[FILE_PATH_MAX];
        int64_t newest = 0;
        uint64_t uptime = 0;
        if (is_old_stream(spool, names.names[i], id, path) &&
            !known_may_pass(known_survey(path, id, NULL, &newest, &uptime)) && newest > 0 &&
            is_old(spool, uptime) && spool_remove_folder(path, NULL) == 0)
            spool_say(spool, "the old stream %s was removed", names.names[i]);
    }
    file_list_free(&names);
}

static uint64_t
uptime_load(const struct spool *spool)
{
    char path[FILE_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    int64_t seconds = 0;
    stream_join(path, spool->folder, "uptime");
    if (file_read(path, 64, &text, &size, NULL) == 0)
        (void)num_int_parse(text, strcspn(text, "\n"), 0, INT64_MAX, &seconds, NULL);
    free(text);
    return (uint64_t)seconds;
}

/* Where the count was lost it goes on from when the newest segment was begun: what is kept, is kept
 * longer. */
static void
uptime_adjust(struct spool *spool)
{
    struct stream *stream = &spool->stream;
    uint64_t newest = stream->segments[stream->segment_count - 1].uptime; /* there is always one */
    spool->uptime = newest > spool->uptime ? newest : spool->uptime;
    stream->uptime = spool->uptime;
}

/* Counts the time since the last call. */
static void
uptime_count(struct spool *spool, struct mono_time now)
{
    char path[FILE_PATH_MAX], text[32];
    if (!spool->is_counting) {
        spool->is_counting = true;
        spool->counted_upto = now;
        return;
    }
    int64_t seconds = (now.ms - spool->counted_upto.ms) / 1000;
    if (seconds <= 0)
        return;
    spool->counted_upto.ms += seconds * 1000;
    spool->uptime += (uint64_t)seconds;
    spool->stream.uptime = spool->uptime;
    int n = snprintf(text, sizeof text, "%" PRIu64 "\n", spool->uptime);
    stream_join(path, spool->folder, "uptime");
    (void)file_write(path, text, (size_t)n, 0600, NULL); /* the next count stores it too */
}

static int
spool_bring_up(struct spool *spool, struct wall_time now, struct err_note *note)
{
    int code = file_make_folder(spool->folder, note);
    spool->uptime = uptime_load(spool);
    if (!code)
        code = spool_load(spool, now, note);
    if (code)
        return code;
    uptime_adjust(spool);
    code = spool_learn(spool, note);
    return code ? code : learn_at_start(spool, note);
}

int
spool_open(const struct spool_settings *settings, struct wall_time now, struct spool **ret_spool,
           struct err_note *note)
{
    struct spool *spool = calloc(1, sizeof *spool);
    if (!spool)
        return err_set(note, -ENOMEM, "no memory for the spool");
    stream_init(&spool->stream);
    spool->segment_bytes = settings->segment_bytes ? settings->segment_bytes : SPOOL_SEGMENT_BYTES;
    spool->events = settings->events;
    spool_limit(spool, settings->max_bytes, settings->retain_days);
    int code = spool_set_folder(spool, settings->folder, note);
    if (!code)
        code = spool_bring_up(spool, now, note);
    if (code) {
        spool_close(spool);
        return err_prefix(note, code, "open the spool");
    }
    *ret_spool = spool;
    return 0;
}

void
spool_close(struct spool *spool)
{
    if (!spool)
        return;
    stream_done(&spool->stream);
    known_done(&spool->known);
    free(spool);
}

void
spool_limit(struct spool *spool, uint64_t max_bytes, int retain_days)
{
    spool->max_bytes = max_bytes;
    spool->retain_days = retain_days;
}

/* ---- use ---- */

uint64_t
spool_bytes(const struct spool *spool)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < spool->stream.segment_count; i++)
        bytes += spool->stream.segments[i].size;
    return bytes;
}

int
spool_filled(const struct spool *spool)
{
    const struct stream *stream = &spool->stream;
    uint64_t bytes = 0;
    for (size_t i = 0; i < stream->segment_count; i++) {
        bool is_last = i + 1 == stream->segment_count;
        uint64_t next = is_last ? stream_last(stream) + 1 : stream->segments[i + 1].first;
        if (next - 1 > stream->cursor)
            bytes += is_last ? stream->segments[i].end : stream->segments[i].size;
    }
    if (spool->max_bytes == 0)
        return 0;
    return bytes >= spool->max_bytes ? 100 : (int)(bytes * 100 / spool->max_bytes);
}

/* May the first segment go, for its records all have their receipt? */
static bool
first_is_done(const struct spool *spool)
{
    const struct stream *stream = &spool->stream;
    return stream->segment_count > 1 && stream->segments[1].first - 1 <= stream->cursor;
}

/* Makes room for `growth` more bytes by removing what has its receipt, oldest first. */
static int
spool_make_room(struct spool *spool, uint64_t growth, struct err_note *note)
{
    while (spool->max_bytes && growth && spool_bytes(spool) + growth > spool->max_bytes) {
        if (!first_is_done(spool))
            return err_set(note, ERR_FULL,
                           "the spool has reached its limit of %" PRIu64
                           " MiB; what waits there must be sent first",
                           spool->max_bytes >> 20);
        uint64_t first = spool->stream.first;
        int code = stream_drop_first(&spool->stream, note);
        if (code)
            return code;
        spool_say(spool,
                  "records %" PRIu64 " to %" PRIu64 " were removed to stay within the limit%s",
                  first, spool->stream.first - 1,
                  spool->stream.first - 1 > spool->stream.safe_upto
                      ? "; no backup of the collector's ledger is known to hold them"
                      : "");
    }
    return 0;
}

int
spool_append(struct spool *spool, const struct spool_payload *payloads, size_t count,
             struct wall_time now, uint64_t *ret_first, struct err_note *note)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += payloads[i].size;
    int code = spool_make_room(spool, stream_growth(&spool->stream, count, bytes), note);
    uint64_t first = stream_last(&spool->stream) + 1;
    if (!code)
        code = stream_append(&spool->stream, payloads, count, now, note);
    if (code)
        return err_prefix(note, code, "spool");
    const struct spool_payload *last = &payloads[count - 1];
    if (last->type == RECORD_FILE_END)
        (void)known_add(&spool->known, last->bytes, last->size, first, first + count - 1);
    /* forgetting a file for want of memory means a duplicate that the ledger recognises */
    *ret_first = first;
    return 0;
}

int
spool_read(struct spool *spool, uint64_t seq, uint8_t *bytes, size_t *ret_size,
           struct err_note *note)
{
    return stream_read(&spool->stream, seq, bytes, ret_size, note);
}

size_t
spool_size(const struct spool *spool, uint64_t seq)
{
    const struct stream_entry *entry = stream_entry_at(&spool->stream, seq);
    return entry ? entry->size : 0;
}

int
spool_chain(const struct spool *spool, uint64_t seq, uint8_t ret_hash[HASH_SIZE])
{
    const struct stream *stream = &spool->stream;
    const struct stream_entry *entry = stream_entry_at(stream, seq);
    if (!entry && seq != stream->first - 1)
        return ERR_ABSENT;
    memcpy(ret_hash, entry ? entry->chain : stream->before, HASH_SIZE);
    return 0;
}

const uint8_t *
spool_stream_id(const struct spool *spool)
{
    return spool->stream.id;
}

uint64_t
spool_first(const struct spool *spool)
{
    return spool->stream.first;
}

uint64_t
spool_last(const struct spool *spool)
{
    return stream_last(&spool->stream);
}

uint64_t
spool_group_last(const struct spool *spool, uint64_t seq)
{
    const struct stream_entry *entry = NULL;
    while ((entry = stream_entry_at(&spool->stream, seq)) && !(entry->flags & RECORD_FLAG_LAST))
        seq++;
    return entry ? seq : 0;
}

uint64_t
spool_cursor(const struct spool *spool)
{
    return spool->stream.cursor;
}

int
spool_set_cursor(struct spool *spool, uint64_t seq, struct err_note *note)
{
    if (seq > stream_last(&spool->stream))
        return err_set(note, ERR_RANGE, "the cursor cannot stand beyond the last record");
    return seq <= spool->stream.cursor
               ? 0
               : stream_cursor_store(&spool->stream, seq, spool->stream.safe_upto, note);
}

uint64_t
spool_safe_upto(const struct spool *spool)
{
    return spool->stream.safe_upto;
}

int
spool_set_safe_upto(struct spool *spool, uint64_t seq, struct err_note *note)
{
    struct stream *stream = &spool->stream;
    return seq == stream->safe_upto ? 0 : stream_cursor_store(stream, stream->cursor, seq, note);
}

bool
spool_knows_file(const struct spool *spool, const uint8_t sha256[RECORD_SHA256],
                 uint64_t *ret_first, uint64_t *ret_last)
{
    uint64_t first = 0, last = 0;
    bool is_known = known_find(&spool->known, sha256, &first, &last);
    if (is_known && ret_first)
        *ret_first = first;
    if (is_known && ret_last)
        *ret_last = last;
    return is_known;
}

/* May the first segment go with age? Where backups are made they must hold it; everything in it is
 * older than the next one. */
static bool
first_is_over(const struct spool *spool)
{
    const struct stream *stream = &spool->stream;
    return first_is_done(spool) && is_old(spool, stream->segments[1].uptime) &&
           (stream->safe_upto == 0 || stream->segments[1].first - 1 <= stream->safe_upto);
}

void
spool_prune(struct spool *spool, struct mono_time now)
{
    uptime_count(spool, now);
    while (first_is_over(spool)) {
        struct err_note note = { 0 };
        if (stream_drop_first(&spool->stream, &note)) {
            spool_say(spool, "an old segment could not be removed: %s", note.text);
            break;
        }
    }
    remove_old_streams(spool);
}
