/* SPDX-License-Identifier: GPL-3.0-or-later
 * One stream of a spool: its segments on disk and their index in memory. Private to agent/spool*.c.
 */
#ifndef PACEWATCH_AGENT_SPOOL_STREAM_H
#define PACEWATCH_AGENT_SPOOL_STREAM_H

#include "agent/spool.h"
#include "agent/spool_format.h"
#include "platform/file.h"

enum {
    STREAM_HEX = 2 * WIRE_STREAM_ID + 1,
    SEGMENT_NAME = 32,
    STREAM_BLOCK = 64 * 1024 /* read at once; longer than any record */
};

struct stream_segment {
    uint64_t first;
    uint64_t size;   /* bytes of the file */
    uint64_t end;    /* where the next record would go */
    uint64_t uptime; /* when it was begun */
};

struct stream_entry {
    uint64_t offset;
    uint32_t segment; /* counted from the stream's first segment ever loaded, see segment_base */
    uint16_t size;
    uint8_t type;
    uint8_t flags;
    uint8_t chain[HASH_SIZE];
};

struct stream {
    char folder[FILE_PATH_MAX];
    uint8_t id[WIRE_STREAM_ID];
    uint64_t segment_bytes;

    struct stream_segment *segments;
    size_t segment_count, segment_room;
    uint32_t segment_base; /* number of segments removed since loading */

    uint64_t first;            /* seq of entries[0] */
    uint8_t before[HASH_SIZE]; /* h(first - 1) */
    struct stream_entry *entries;
    size_t entry_count, entry_room;

    uint64_t cursor, safe_upto, cursor_generation;
    uint64_t uptime;  /* of the spool, for the next segment */
    int write_fd;     /* of the last segment, -1: begin a new one */
    int read_fd;      /* of the segment read last */
    uint32_t read_at; /* which one */
    uint8_t *block;   /* of it, read ahead: records are read one after the other; NULL: none yet */
    uint64_t block_at;
    size_t block_size;
    bool is_torn; /* behind the last whole group lay an unfinished one */
};

/* X(enum, zh, en): why a segment is damaged. */
#define STREAM_FAULT_TABLE(X)                                                                  \
    X(FAULT_NONE, "", "")                                                                      \
    X(FAULT_HEAD, "文件头读不出", "the header cannot be read")                                 \
    X(FAULT_ORDER, "与前一段不衔接", "does not follow the segment before it")                  \
    X(FAULT_END, "末尾缺少记录", "records are missing at its end")                             \
    X(FAULT_MIDDLE, "有读不出的记录，其后还有完好的", "a bad record with good ones behind it") \
    X(FAULT_RECEIPT, "已有回执的记录读不出", "records that had their receipt cannot be read")

enum stream_fault {
#define X(name, zh, en) name,
    STREAM_FAULT_TABLE(X)
#undef X
};

/* Zeroed and closed. */
void stream_init(struct stream *stream);
void stream_done(struct stream *stream);

/* Makes a folder with an empty stream. The folder must not be there. */
int stream_create(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
                  uint64_t segment_bytes, uint64_t uptime, struct wall_time now,
                  struct err_note *note);

/* Loads and repairs what a crash leaves. ERR_DAMAGED: the note says what is wrong, `ret_bad`
 * (SEGMENT_NAME + 8 bytes) names the segment; use stream_walk. Torn tails are reported through
 * `events`. */
int stream_load(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
                uint64_t segment_bytes, const struct spool_events *events, char *ret_bad,
                struct err_note *note);

/* The same for those who must not touch it: what a crash left stays, and nothing can be written.
 * With ERR_DAMAGED, *ret_fault says what is wrong with that segment; FAULT_NONE: the stream has no
 * segment. */
int stream_look(struct stream *stream, const char *folder, const uint8_t id[WIRE_STREAM_ID],
                enum stream_fault *ret_fault, char *ret_bad, struct err_note *note);

int stream_append(struct stream *stream, const struct spool_payload *payloads, size_t count,
                  struct wall_time now, struct err_note *note);

/* Bytes of a new segment that a group of `count` records with `bytes` of payload would need; 0: it
 * fits into the last one. */
uint64_t stream_growth(const struct stream *stream, size_t count, uint64_t bytes);

/* The entry of a record, or NULL. */
const struct stream_entry *stream_entry_at(const struct stream *stream, uint64_t seq);
uint64_t stream_last(const struct stream *stream);
void stream_last_chain(const struct stream *stream, uint8_t ret_hash[HASH_SIZE]);
int stream_read(struct stream *stream, uint64_t seq, uint8_t *bytes, size_t *ret_size,
                struct err_note *note);

/* Removes the first segment; it must not be the only one. */
int stream_drop_first(struct stream *stream, struct err_note *note);

/* Appends to the index in memory; ENOMEM. Used by append and load. */
int stream_index_record(struct stream *stream, const struct segment_record *record, uint64_t offset,
                        const uint8_t chain[HASH_SIZE]);
int stream_index_segment(struct stream *stream, const struct stream_segment *segment);

void stream_segment_name(uint64_t first, char name[SEGMENT_NAME]);

/* The path of a name in a folder of the spool; it fits, see SPOOL_FOLDER_MAX. */
void stream_join(char path[FILE_PATH_MAX], const char *folder, const char *name);

/* The cursor file. Without a valid slot the cursor is 0. A disk that does not answer is an error:
 * an older slot would win over what is written next, and bring an older safe_upto back. */
int stream_cursor_load(struct stream *stream, struct err_note *note);
int stream_cursor_store(struct stream *stream, uint64_t cursor, uint64_t safe_upto,
                        struct err_note *note);

/* Walks over everything legible in a stream's folder, damaged or not, and hands over each whole
 * group whose numbers are higher than those of the groups before. `lost` gets the beginning of
 * groups that are not whole. A negative result of `group` ends the walk. */
struct stream_walker {
    void *context;
    int (*group)(void *context, const struct spool_payload *payloads, size_t count, uint64_t first);
    void (*lost)(void *context, const uint8_t *payload, size_t size);
    /* Results; `begin` is there before the first group is handed over. */
    uint64_t begin;  /* number of the first segment */
    int64_t newest;  /* when the newest segment was made, */
    uint64_t uptime; /* and how long the spool had been in use then */
    size_t segments;
    uint64_t bytes; /* of all of them */
};
int stream_walk(const char *folder, const uint8_t id[WIRE_STREAM_ID], struct stream_walker *walker,
                struct err_note *note);

#endif
