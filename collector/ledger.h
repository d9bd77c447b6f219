/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger: the record of everything accepted, append-only, in one SQLite file (WAL,
 * synchronous=FULL read back at start). Archives, verdicts, alerts and pages are computed from it
 * and can be computed again.
 *
 * Exactly one connection in the whole system writes (ledger_open with LEDGER_WRITE, by the process
 * that holds the site's lock, on its loop thread); every other is read-only. Schema:
 * collector/ledger/schema_1.sql and what later versions change.
 *
 * Two times: `released` is the day the publisher published a value, `received` the moment it was
 * committed. Of one period's rows the one in force is the last by (released, position); `position`
 * counts rows over the whole ledger in order of arrival. Knowing "as of" a moment means ignoring
 * rows released (or received) after it. */
#ifndef PACEWATCH_COLLECTOR_LEDGER_H
#define PACEWATCH_COLLECTOR_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/alert.h"
#include "core/catalogue.h"
#include "core/sample.h"
#include "proto/wire.h"

struct ledger;

enum ledger_mode { LEDGER_READ, LEDGER_WRITE };

/* Call once at the start of a program that writes much, before any other call and any thread:
 * SQLite counts no memory then, and keeps what undoes a message in memory instead of in a file. */
void ledger_prepare(void);

/* Makes a new, empty ledger; ERR_CONFLICT if the file exists. */
int ledger_create(const char *path, struct err_note *note);

/* Opens. LEDGER_READ never writes and bounds each query to two seconds. ERR_VERSION: made by a
 * newer release; ERR_DAMAGED. */
int ledger_open(const char *path, enum ledger_mode mode, struct ledger **ret_ledger,
                struct err_note *note);
void ledger_close(struct ledger *ledger);

/* The ledger's own id (16 random bytes, made with it) and how often it was restored from a backup.
 */
void ledger_identity(struct ledger *ledger, uint8_t ret_id[WIRE_STREAM_ID],
                     uint64_t *ret_generation);

/* The last row's position; changes with every accepted value. 0: empty. */
int64_t ledger_position(struct ledger *ledger);

/* ---- knowing as of ---- */

/* What is known. Zero-initialised: everything. */
struct ledger_as_of {
    bool has_released;
    struct cal_date released; /* rows released on this day or before */
    bool has_received;
    struct wall_time received; /* rows received at this second or before */
    struct cal_date today; /* the day it is for who asks; 0: none. Chooses no rows: it tells what
                              is due soon, unless `released` says it is another day */
};

/* ---- reading observations ---- */

struct ledger_row {
    struct cal_period period;
    char value[NUM_TEXT_MAX]; /* decimal text as sent; "" for none */
    char status;
    enum obs_stage stage;
    uint16_t revision; /* 0 for the first known value of the period, by (released, position) */
    struct cal_date released;
    struct wall_time received;
    int64_t position;
    int64_t submission;
    uint32_t row;                      /* line in the submission's file */
    char publisher[SAMPLE_ID_MAX + 1]; /* who says it */
    char note[SAMPLE_NOTE_MAX + 1];
    bool is_latest;             /* the one in force as of what was asked */
    bool is_complete, is_heard; /* of ledger_read_piece: its file is complete; the judge heard it */
};

struct ledger_rows {
    struct ledger_row *rows; /* owned: ledger_rows_done */
    size_t count;
};

void ledger_rows_done(struct ledger_rows *rows);

/* The ledger's number of a series; 0 when nothing was ever reported. */
int ledger_series_find(struct ledger *ledger, const char *area, const char *indicator,
                       int64_t *ret_id, struct err_note *note);

/* All rows of a series known as of `as_of`, by period, then (released, position): the revision
 * triangle. A row that says the same as the one before it is left out: it revises nothing, and so
 * the triangle does not depend on the order in which rows arrived. */
int ledger_read_series(struct ledger *ledger, int64_t series, const struct ledger_as_of *as_of,
                       struct ledger_rows *ret_rows, struct err_note *note);

/* Where a series that is read in pieces stands. Zero-initialise, but for `after`. */
struct ledger_place {
    int64_t after; /* only rows of later positions */
    int64_t period, released, position;
};

/* At most `room` further rows, by period, then (released, position), every row there is (revision
 * and is_latest say nothing), in a time that depends on `room` only: what the loop reads of a
 * series that may be long. It may find none and yet not have ended. */
int ledger_read_piece(struct ledger *ledger, int64_t series, const struct ledger_as_of *as_of,
                      struct ledger_place *place, struct ledger_row *ret_rows, size_t room,
                      size_t *ret_count, bool *ret_ended, struct err_note *note);

struct ledger_series {
    int64_t id;
    char area[SAMPLE_ID_MAX + 1];
    char indicator[SAMPLE_ID_MAX + 1];
    int64_t last_position;
};

/* Calls `visit` for each series that has rows after `position` (0: every series), in order of
 * last_position; a non-zero answer stops and is returned. */
int ledger_each_series(struct ledger *ledger, int64_t position,
                       int (*visit)(void *context, const struct ledger_series *series),
                       void *context, struct err_note *note);

/* The series that comes next after number `after`; 0 in `id` when there is none. */
int ledger_series_after(struct ledger *ledger, int64_t after, struct ledger_series *ret_series,
                        struct err_note *note);

/* What is in force of one period of one series. */
struct ledger_value {
    int64_t series;
    struct cal_period period;
    char value[NUM_TEXT_MAX]; /* "" for none */
    int64_t position;
};

/* Calls `visit` for everything in force of the series numbered first..last, by period, then series:
 * the cheapest way to read many of them. A non-zero answer stops and is returned. */
int ledger_each_value(struct ledger *ledger, int64_t first, int64_t last,
                      int (*visit)(void *context, const struct ledger_value *value), void *context,
                      struct err_note *note);

/* ---- the whole record, as it is exported ---- */

/* X(enum, name): what a row of the record is. */
#define LEDGER_RECORD_TABLE(X)                                                                 \
    X(LEDGER_OBSERVATION, "observation")   /* it said something new */                         \
    X(LEDGER_CONFIRMATION, "confirmation") /* a value sent again, later, as it stood */        \
    X(LEDGER_RESTATED, "restated")         /* follows from the others: a confirmation in force \
                                              again, after an earlier day's value came late */

enum ledger_record_kind {
#define X(id, name) id,
    LEDGER_RECORD_TABLE(X)
#undef X
        LEDGER_RECORD_COUNT
};

const char *ledger_record_name(enum ledger_record_kind kind);

struct ledger_record {
    enum ledger_record_kind kind;
    char area[SAMPLE_ID_MAX + 1];
    char indicator[SAMPLE_ID_MAX + 1];
    struct ledger_row row;          /* of a confirmation: what it confirmed; its revision is 0 */
    char sender[SAMPLE_ID_MAX + 1]; /* whose key brought the file */
    char file[RECORD_NAME_MAX + 1];
    uint8_t file_sha256[RECORD_SHA256];
};

struct ledger_selection {
    struct ledger_as_of as_of;
    const char *area, *indicator; /* ids; NULL: all */
    bool only_latest;             /* of each period the row in force, and no confirmations */
};

/* Calls `visit` for each row of the record, by position; a non-zero answer stops and is returned.
 * One state of the ledger, however long it takes; 40 bytes of memory a row. Not within
 * another walk. */
int ledger_each_record(struct ledger *ledger, const struct ledger_selection *selection,
                       int (*visit)(void *context, const struct ledger_record *record),
                       void *context, struct err_note *note);

/* ---- submissions: one file of one publisher ---- */

struct ledger_submission {
    int64_t id;
    char publisher[SAMPLE_ID_MAX + 1]; /* whose key brought it */
    char name[RECORD_NAME_MAX + 1];
    uint8_t sha256[RECORD_SHA256];
    uint32_t rows, stored, revised, unchanged, duplicate, rejected;
    struct wall_time received; /* its first record */
    bool is_complete;
};

/* Newest first, at most `limit`; of one publisher, or of all (NULL). */
int ledger_each_submission(struct ledger *ledger, const char *publisher, size_t limit,
                           int (*visit)(void *context, const struct ledger_submission *submission),
                           void *context, struct err_note *note);
int ledger_submission(struct ledger *ledger, int64_t id, struct ledger_submission *ret_submission,
                      struct err_note *note);

/* The last link of the hash chain over complete submissions: its number (0: none yet) and its hash.
 * Whoever keeps it can tell later whether anything before it was altered (`fsck`). */
int ledger_chain(struct ledger *ledger, int64_t *ret_sealed, uint8_t ret_chain[RECORD_SHA256],
                 struct err_note *note);

/* ---- editions of the catalogue ---- */

/* The newest edition loaded: its number and catalogue_version; ERR_ABSENT when none was. `version`
 * has 65 bytes. */
int ledger_catalogue_newest(struct ledger *ledger, int64_t *ret_id, char *version,
                            struct err_note *note);

/* ---- keys and publishers ---- */

struct ledger_key {
    int64_t id;
    char publisher[SAMPLE_ID_MAX + 1];
    char public_key[41]; /* Z85 */
    struct wall_time enrolled;
    bool is_revoked;
    struct wall_time revoked;
    struct wall_time last_seen; /* 0 seconds: never */
    int64_t introduced_by;      /* the key it follows; 0: enrolled by hand */
    struct wall_time retires;   /* 0 seconds: its follower was not used yet, or there is none */
    struct wall_time came_over; /* first heard with the collector's next key; 0 seconds: not yet */
};

int ledger_each_key(struct ledger *ledger,
                    int (*visit)(void *context, const struct ledger_key *key), void *context,
                    struct err_note *note);

/* ---- alerts ---- */

struct ledger_alert {
    int64_t id;
    char target[SAMPLE_ID_MAX * 2 + 1];
    char area[SAMPLE_ID_MAX + 1];
    char indicator[SAMPLE_ID_MAX + 1];
    enum level level;
    char state[16]; /* "open", "resolved", "withdrawn" */
    struct cal_period period;
    struct cal_date opened;      /* release day of the value that opened it */
    struct cal_date last_change; /* release day of the value that last changed it */
    char reason_zh[VERDICT_SENTENCE_MAX];
    char reason_en[VERDICT_SENTENCE_MAX];
};

struct ledger_alert_event {
    int64_t id;
    int64_t alert;
    enum alert_event event;
    enum level level;
    struct cal_period period;
    struct cal_date at; /* release day */
    struct wall_time recorded;
    int64_t position; /* the row that caused it */
    char reason_zh[VERDICT_SENTENCE_MAX];
    char reason_en[VERDICT_SENTENCE_MAX];
};

/* Alerts as they stood as of `as_of`, by last change, newest first. `open_only` leaves out the
 * closed ones. */
int ledger_each_alert(struct ledger *ledger, const struct ledger_as_of *as_of, bool open_only,
                      int (*visit)(void *context, const struct ledger_alert *alert), void *context,
                      struct err_note *note);
int ledger_each_alert_event(struct ledger *ledger, int64_t alert,
                            int (*visit)(void *context, const struct ledger_alert_event *event),
                            void *context, struct err_note *note);
/* Of all alerts a target ever had, in the order in which they were recorded. */
int ledger_each_target_event(struct ledger *ledger, const char *target,
                             int (*visit)(void *context, const struct ledger_alert_event *event),
                             void *context, struct err_note *note);

/* ---- streams ---- */

struct ledger_stream_counts {
    uint8_t id[WIRE_STREAM_ID];
    char publisher[SAMPLE_ID_MAX + 1];
    uint64_t hwm;              /* records committed: their fates add up to it */
    uint64_t held;             /* last record its agent said it holds; what is beyond hwm is spooled
                                  there and has not arrived */
    int64_t fates[FATE_COUNT]; /* records by enum wire_fate */
    struct wall_time heard;    /* when anything of it last came */
    bool has_ended;            /* its publisher began a newer one after that */
};

/* By publisher, then in the order in which they appeared. */
int ledger_each_stream(struct ledger *ledger,
                       int (*visit)(void *context, const struct ledger_stream_counts *stream),
                       void *context, struct err_note *note);

/* ---- counts for summaries and metrics ---- */

struct ledger_counts {
    int64_t observations, series, submissions, streams, open_alerts, alert_events;
    int64_t confirmations; /* values sent again as they stood, once for each release day */
    int64_t restated;      /* observations among them that put a confirmed value in force again */
    int64_t records;       /* stream records committed: the sum of all high-water marks */
    int64_t outbox_waiting;
    int64_t fates[FATE_COUNT]; /* records by enum wire_fate */
    int64_t unjudged_series;   /* have rows the judge has not seen */
    /* How far the counting identity is from holding, in records: the fates of each stream add up to
     * its hwm, its last batch ends there, and every accepted one is a row. 0 unless something is
     * wrong; `pacewatch fsck` says what. */
    int64_t difference;
};
/* Costs no more for a ledger of many rows. */
int ledger_count(struct ledger *ledger, struct ledger_counts *ret_counts, struct err_note *note);

#endif
