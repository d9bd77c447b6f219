/* SPDX-License-Identifier: GPL-3.0-or-later
 * The writing half of the ledger, for the process that holds the site's lock, on its loop thread.
 * Everything happens inside ledger_begin .. ledger_commit; what ledger_commit returned 0 for
 * survives any crash and power cut. */
#ifndef PACEWATCH_COLLECTOR_LEDGER_WRITE_H
#define PACEWATCH_COLLECTOR_LEDGER_WRITE_H

#include "collector/ledger.h"

int ledger_begin(struct ledger *ledger, struct err_note *note);
int ledger_commit(struct ledger *ledger, struct err_note *note);
void ledger_rollback(struct ledger *ledger);

/* A mark inside a transaction, to undo one message and keep its neighbours. */
int ledger_mark(struct ledger *ledger, struct err_note *note);
int ledger_release(struct ledger *ledger, struct err_note *note);
int ledger_undo(struct ledger *ledger, struct err_note *note);

/* ---- streams ---- */

struct ledger_stream {
    int64_t id;
    char publisher[SAMPLE_ID_MAX + 1];
    uint64_t hwm;
    uint8_t chain[WIRE_HASH];
    int64_t submission; /* file under way, 0 for none */
    uint64_t safe_upto; /* highest record in a verified backup */
    uint64_t held;      /* last record its agent said it holds */
    struct wall_time heard;
};

/* ERR_ABSENT when the ledger does not know the stream. */
int ledger_stream_find(struct ledger *ledger, const uint8_t stream_id[WIRE_STREAM_ID],
                       struct ledger_stream *ret_stream, struct err_note *note);
int ledger_stream_make(struct ledger *ledger, const uint8_t stream_id[WIRE_STREAM_ID],
                       const char *publisher, struct wall_time now,
                       struct ledger_stream *ret_stream, struct err_note *note);

enum { LEDGER_CHECK = 8 }; /* bytes of content check kept for a record */

void ledger_check_of(uint64_t seq, const uint8_t *record, size_t size,
                     uint8_t ret_check[LEDGER_CHECK]);

/* Keeps what its agent said: the last record it holds. */
int ledger_stream_held(struct ledger *ledger, int64_t stream, uint64_t held, struct wall_time now,
                       struct err_note *note);

/* Records what became of `count` records that follow the stream's hwm, counts them by fate, and
 * moves hwm, chain and submission to what `stream` says. */
int ledger_stream_advance(struct ledger *ledger, const struct ledger_stream *stream, uint64_t first,
                          size_t count, const uint8_t *fates, const uint8_t *checks,
                          struct wall_time now, struct err_note *note);

/* The stored fates and checks of records first .. first+count-1, all at or below hwm. `fates` has
 * count bytes, `checks` count*LEDGER_CHECK. */
int ledger_stream_fates(struct ledger *ledger, int64_t stream, uint64_t first, size_t count,
                        uint8_t *fates, uint8_t *checks, struct err_note *note);

/* Code and words of a rejected record. */
int ledger_quarantined(struct ledger *ledger, int64_t stream, uint64_t seq, uint32_t *ret_code,
                       char *text, size_t size, struct err_note *note);

/* ---- files and rows ---- */

/* What the rows of one file need, while it is under way. */
struct ledger_file {
    int64_t submission;
    uint8_t sha256[RECORD_SHA256];
    char publisher[SAMPLE_ID_MAX + 1];
    uint64_t first_seq; /* its FileBegin in its stream */
    bool is_repeat;     /* a file of the same bytes from this publisher is, or was, elsewhere */
    bool has_digest;    /* begun by this release (schema 5) */
    uint8_t digest[RECORD_SHA256]; /* of its rows so far (collector/ledger/chain.h) */
    uint32_t fates[FATE_COUNT];    /* of its rows since the last ledger_file_count */
};

/* After an error of the disk: opens the ledger at `path` anew in the place of `*ledger`, so that
 * nothing the old connection believes lives on. The transaction must have ended. On failure the old
 * one stays, to be tried again. */
int ledger_renew(struct ledger **ledger, const char *path, struct err_note *note);

/* When the newest batch of any stream was received; 0: none was, or it cannot be read. */
struct wall_time ledger_written_at(struct ledger *ledger);

int ledger_file_begin(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                      const struct record_begin *begin, struct wall_time now,
                      struct ledger_file *ret_file, struct err_note *note);
/* The same under a number of its own, which no submission has: for a record that moves here. */
int ledger_file_begin_as(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                         const struct record_begin *begin, int64_t submission, struct wall_time now,
                         struct ledger_file *ret_file, struct err_note *note);
int ledger_file_resume(struct ledger *ledger, int64_t submission, struct ledger_file *ret_file,
                       struct err_note *note);
int ledger_file_end(struct ledger *ledger, const struct ledger_file *file, struct wall_time now,
                    struct err_note *note);

/* Adds file->fates to the submission's counts and clears them: once a message, not once a row. */
int ledger_file_count(struct ledger *ledger, struct ledger_file *file, struct err_note *note);

/* For a file that repeats another: is the record `seq` of the file here already, taken as another
 * copy of it was sent? The same bytes at the same place of a file of the same bytes. */
int ledger_record_is_known(struct ledger *ledger, const struct ledger_file *file, uint64_t seq,
                           const uint8_t *record, size_t size, bool *ret_is, struct err_note *note);

/* Takes one checked sample. The fate is FATE_STORED, FATE_REVISION or FATE_UNCHANGED by the rules
 * of docs/protocol.md. A sample without release day is released on the day of `now`. */
int ledger_apply(struct ledger *ledger, struct ledger_file *file, const struct sample *sample,
                 const struct sample_place *place, struct wall_time now, enum wire_fate *ret_fate,
                 struct err_note *note);

/* The last row's position within the transaction under way. */
int64_t ledger_position_so_far(const struct ledger *ledger);

/* Keeps a refused row. */
int ledger_quarantine(struct ledger *ledger, const struct ledger_stream *stream, uint64_t seq,
                      uint32_t row, uint32_t code, const char *text, const uint8_t *payload,
                      size_t size, struct wall_time now, struct err_note *note);

/* ---- keys ---- */

enum {
    LEDGER_RETIRE_SECONDS = 24 * 3600, /* a key is valid so long after its follower's first use */
    LEDGER_FOLLOW_SECONDS = 60,        /* between two followers that a key gives itself */
    LEDGER_KEYS_MAX = 8                /* keys of a publisher in force, beyond which none follows */
};

/* ERR_CONFLICT when the key is enrolled already. */
int ledger_key_add(struct ledger *ledger, const char *publisher, const char *public_key,
                   struct wall_time now, int64_t *ret_id, struct err_note *note);

/* ERR_ABSENT when there is no such key in force. Its follower goes with it if that was never used:
 * whoever had the key may have made it. */
int ledger_key_revoke(struct ledger *ledger, int64_t id, struct wall_time now,
                      struct err_note *note);

/* Notes that a key is in use. The first use of one that follows another sets the time at which that
 * one retires. */
int ledger_key_seen(struct ledger *ledger, int64_t id, struct wall_time now, struct err_note *note);

/* Takes a key made by the holder of key `id`, for the same publisher; both are in force. A follower
 * that was never used gives its place, after LEDGER_FOLLOW_SECONDS; the same one again changes
 * nothing (*ret_is_new false). ERR_CONFLICT: the key is known otherwise, comes too soon, or the
 * publisher has LEDGER_KEYS_MAX keys in force; the note says which. */
int ledger_key_follow(struct ledger *ledger, int64_t id, const char *public_key,
                      struct wall_time now, bool *ret_is_new, struct err_note *note);

/* Notes that a key was heard at the entrance of the collector's next key; that none was, for a new
 * one was made. */
int ledger_key_came_over(struct ledger *ledger, int64_t id, struct wall_time now,
                         struct err_note *note);
int ledger_keys_stay(struct ledger *ledger, struct err_note *note);

/* Revokes the keys whose time has come; *ret_count of them. */
int ledger_keys_retire(struct ledger *ledger, struct wall_time now, size_t *ret_count,
                       struct err_note *note);

/* ---- judging ---- */

/* The next series (after `after`) with rows the judge has not seen; 0 in `id` when there is none.
 */
int ledger_next_unjudged(struct ledger *ledger, int64_t after, struct ledger_series *ret_series,
                         int64_t *ret_judged, struct err_note *note);
int ledger_set_judged(struct ledger *ledger, int64_t series, int64_t position,
                      struct err_note *note);

/* The files whose rows are under way, ascending: no others can become complete. The caller frees
 * the array. */
struct ledger_files {
    int64_t *submissions;
    size_t count;
};
int ledger_files_under_way(struct ledger *ledger, struct ledger_files *ret_files,
                           struct err_note *note);

/* The machine of a target as it stands, and its open alert's id (0: none). */
int ledger_alert_state(struct ledger *ledger, const char *target, struct alert_state *ret_state,
                       int64_t *ret_alert, struct err_note *note);

/* Records one event; opens or closes the alert as the event says. *alert is the open alert's id, or
 * 0 to open a new one; *ret_event the event's. */
int ledger_alert_record(struct ledger *ledger, const struct cat_target *target, int64_t alert,
                        const struct ledger_alert_event *event, int64_t *ret_event,
                        struct err_note *note);

/* ---- editions of the catalogue ---- */

/* Records a new edition; its tables follow one by one. */
int ledger_catalogue_add(struct ledger *ledger, struct cal_date effective, struct wall_time now,
                         const char *version, int64_t *ret_id, struct err_note *note);
int ledger_catalogue_table(struct ledger *ledger, int64_t id, const char *name, const char *bytes,
                           size_t size, struct err_note *note);

/* ---- outbox ---- */

struct ledger_mail {
    int64_t id;
    char firing[80];
    char recipient[256];
    char subject[512];
    char body[4096];
    int64_t attempts;
};

int ledger_outbox_add(struct ledger *ledger, int64_t event, const struct ledger_mail *mail,
                      struct err_note *note);

/* A mail that was not sent waits so many seconds at most. */
enum { LEDGER_MAIL_WAIT_MAX = 6 * 3600 };

/* The mail whose turn it is at `now`: 1, or 0 if none waits. One that seems to wait longer than
 * that was put off by a wall clock that stood wrong, and is due. */
int ledger_outbox_next(struct ledger *ledger, struct wall_time now, struct ledger_mail *ret_mail,
                       struct err_note *note);
int ledger_outbox_sent(struct ledger *ledger, int64_t id, struct wall_time now,
                       struct err_note *note);
int ledger_outbox_failed(struct ledger *ledger, int64_t id, struct wall_time next,
                         struct err_note *note);

#endif
