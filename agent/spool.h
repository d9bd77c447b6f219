/* SPDX-License-Identifier: GPL-3.0-or-later
 * The spool: records on disk until the collector's ledger has them. What spool_append returned is
 * durable (fdatasync), a group of records is there whole or not at all, and nothing without a fate
 * is ever deleted. All calls from one thread.
 *
 * In the folder:
 *
 *     current                          the stream in use: 32 hexadecimal digits and a newline
 *     <32 hex>/                        a stream, named after its id
 *         0000000000000001.seg         a segment, named after its first record (16 hex)
 *         0000000000000001.seg.damaged a segment set aside
 *         cursor                       the highest record whose file has its receipt
 *     <32 hex>.new/                    a stream that a fork is making; removed at open
 *     uptime                           seconds for which the spool has been in use, and a newline
 *
 * A segment is preallocated (4 MiB, or as large as one group needs) and holds whole groups only.
 * Numbers are little-endian, sizes in bytes:
 *
 *     header   "PWSPOOL\n" 8, version 4 (= 1), header size 4 (= 96), stream id 16, first seq 8,
 *              h(first-1) 32, created 8 (UTC seconds), uptime 8 (seconds the spool had been in use
 *              by then), zeros 4, crc32c 4 of the 92 bytes before
 *     record   len 4, type 1, flags 1, reserved 2 (= 0), seq 8, first half of h(seq) 16,
 *              payload len, crc32c 4
 *
 * The first 96 bytes and their checksum stay so in every version: a number there that was damaged
 * is not taken for a newer one.
 *
 * type is enum record_type; flags: 1 first of its group, 2 last. A record's checksum runs over
 * everything before it, then the stream id and the record's offset in the file (8 bytes), so that
 * a stale or moved block never looks valid. Behind the last record come zeros.
 *
 * Example: stream 000102...0f, first record, a group of its own with payload "abc", offset 96:
 *
 *     60  03 00 00 00 01 03 00 00 01 00 00 00 00 00 00 00   len 3, type 1, flags 1|2, seq 1
 *     70  47 09 96 a3 ef a2 2d 63 d0 f5 c3 ee dc ae ad 4d   h(1), first half
 *     80  61 62 63 aa 9e 5e 50                              payload, crc32c
 *
 * The cursor file has two slots at offsets 0 and 512, written in turn; of the valid ones the
 * higher generation counts. Advisory: losing it means sending again, never loss.
 *
 *     slot     "PWCURSOR" 8, generation 8, stream id 16, cursor 8, safe_upto 8, zeros 12,
 *              crc32c 4 of the 60 bytes before
 *
 * Opening reads every segment, every checksum and the whole chain, up to the last whole group:
 *
 * - An unfinished group at the end of the last segment (a torn write) is overwritten with zeros:
 *   its file still lies in the inbox.
 * - The same at the end of an earlier segment is what a failed write leaves; it is ignored if the
 *   next segment goes on exactly there.
 * - Anything else is damage. Every whole group that can still be read and is in no backup goes
 *   over into a new stream; the damaged segment is renamed to *.seg.damaged, and its stream stays
 *   for inspection. events.note and events.lost say what could not be read.
 * - A last group that was damaged after it was durable looks like a torn one, unless the cursor
 *   had passed it: it is cut, and events.lost names its file.
 *
 * After a failed write or sync a segment is never written again: the next group begins a new one.
 */
#ifndef PACEWATCH_AGENT_SPOOL_H
#define PACEWATCH_AGENT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"
#include "platform/hash.h"
#include "proto/wire.h"

struct spool;

enum {
    SPOOL_SEGMENT_BYTES = 4 * 1024 * 1024,
    SPOOL_FOLDER_MAX = 700 /* bytes of its path: so that every name below fits into FILE_PATH_MAX */
};

/* What opening, pruning and forking have to say. Either may be NULL. */
struct spool_events {
    void *context;
    void (*note)(void *context, const char *text);
    /* A file of which only its beginning is left: it has to be imported again. */
    void (*lost)(void *context, const char *name, const uint8_t sha256[RECORD_SHA256]);
};

struct spool_settings {
    const char *folder;
    uint64_t segment_bytes; /* 0: 4 MiB */
    uint64_t max_bytes;     /* of all segments; 0: no limit */
    int retain_days;        /* how long segments at or below the cursor are kept, in days of use */
    struct spool_events events;
};

/* Opens, or makes a new spool with a new stream. ERR_VERSION: a newer format, nothing was touched;
 * ERR_RANGE: a path longer than SPOOL_FOLDER_MAX. */
int spool_open(const struct spool_settings *settings, struct wall_time now,
               struct spool **ret_spool, struct err_note *note);
void spool_close(struct spool *spool);

/* Where a spool stands, for those who must not touch it: whoever holds the folder may be at work in
 * it. ERR_ABSENT: there is none yet. */
struct spool_standing {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t last, cursor;
};
int spool_survey(const char *folder, struct spool_standing *ret_standing, struct err_note *note);

/* Changes limits while open (reload of the configuration). */
void spool_limit(struct spool *spool, uint64_t max_bytes, int retain_days);

struct spool_payload {
    enum record_type type;
    const uint8_t *bytes; /* 1..WIRE_RECORD_MAX */
    size_t size;
};

/* Appends a group durably. ERR_FULL: the limit is reached and nothing may be removed; -ENOSPC and
 * other codes of the system: nothing was added. After any failure the spool is as before. */
int spool_append(struct spool *spool, const struct spool_payload *payloads, size_t count,
                 struct wall_time now, uint64_t *ret_first, struct err_note *note);

/* Copies a record's payload into bytes[WIRE_RECORD_MAX]; checks it again. ERR_ABSENT, or
 * ERR_DAMAGED. */
int spool_read(struct spool *spool, uint64_t seq, uint8_t *bytes, size_t *ret_size,
               struct err_note *note);

/* Bytes of a record's payload, 0 if it is not here. */
size_t spool_size(const struct spool *spool, uint64_t seq);

/* h(seq) for first-1 <= seq <= last, else ERR_ABSENT. */
int spool_chain(const struct spool *spool, uint64_t seq, uint8_t ret_hash[HASH_SIZE]);

const uint8_t *spool_stream_id(const struct spool *spool);
uint64_t
spool_first(const struct spool *spool);         /* first record held; last + 1 when there is none */
uint64_t spool_last(const struct spool *spool); /* 0: none yet */

/* The last record of the group that `seq` belongs to; 0 if it is not here. */
uint64_t spool_group_last(const struct spool *spool, uint64_t seq);

uint64_t spool_cursor(const struct spool *spool);

/* Moves the cursor, durably. It never goes back nor beyond the last record. */
int spool_set_cursor(struct spool *spool, uint64_t seq, struct err_note *note);

/* The highest record that a backup of the collector's ledger holds, as it last said; 0: none is
 * known. */
uint64_t spool_safe_upto(const struct spool *spool);
int spool_set_safe_upto(struct spool *spool, uint64_t seq, struct err_note *note);

/* Goes on in a new stream with every group held that reaches beyond record `safe` (0: all of them)
 * or has no receipt yet. Those at or below the cursor lie below the new stream's too: they are sent
 * again, but have their receipts. The old stream stays on disk until it is older than retain_days.
 * Crash-safe: before or after, never between. */
int spool_fork(struct spool *spool, uint64_t safe, struct wall_time now, struct err_note *note);

/* Was a file of this content imported (and is it still remembered)? If it is in the present stream,
 * ret_first and ret_last (may be NULL) say where, else both are 0. */
bool spool_knows_file(const struct spool *spool, const uint8_t sha256[RECORD_SHA256],
                      uint64_t *ret_first, uint64_t *ret_last);

/* Reads the old streams that could not be read so far (a disk that does not answer; what is damaged
 * has nothing to tell). 0: spool_knows_file speaks for all of them. A negative code: one still
 * cannot be read, and what is not known may have been imported all the same. */
int spool_know_all(struct spool *spool, struct err_note *note);

/* Removes what may go: segments wholly at or below the cursor, held by a backup where backups are
 * made, and older than retain_days of use. Call now and then: it counts the time in use, so that a
 * clock that jumps removes nothing. */
void spool_prune(struct spool *spool, struct mono_time now);

/* Bytes that all segments of the present stream take. */
uint64_t spool_bytes(const struct spool *spool);

/* How much of the limit is taken by what may not be removed, for it has no receipt yet: percent; 0
 * without a limit. At 100 files stay in the inbox. */
int spool_filled(const struct spool *spool);

#endif
