/* SPDX-License-Identifier: GPL-3.0-or-later
 * The session's inside, shared by session.c (events and states) and session_send.c (what goes out,
 * what comes back).
 */
#ifndef PACEWATCH_AGENT_SESSION_PRIVATE_H
#define PACEWATCH_AGENT_SESSION_PRIVATE_H

#include "agent/fates.h"
#include "agent/session.h"

enum {
    FLIGHT_MAX = 64,
    PATIENCE_MIN_MS = 10 * 1000,
    PATIENCE_MAX_MS = 5 * 60 * 1000,
    REFUSED_WAIT_MS = 60 * 60 * 1000,
    UNKNOWN_WAIT_MS = PATIENCE_MAX_MS, /* refused for its key, which may be enrolled any time */
    SEND_RETRY_MS = 1000,              /* a send that did not go */
    OFFER_RETRY_MS = 30000,            /* a key offered without an answer */
    RECEIPT_RETRY_MS = 10000,          /* a receipt that could not be written */
    LATER_MIN_MS = 100,
    LATER_MAX_MS = 60 * 60 * 1000
};

static const int64_t NEVER = INT64_MAX;

/* A Data under way. */
struct flight {
    uint64_t first, last;
    bool is_repeated;
};

struct session {
    struct spool *spool;
    struct session_port port;
    uint64_t random;
    enum session_state state;
    struct wall_time wall;
    bool must_greet; /* GREETING, and the Hello has not gone yet */
    bool has_forked; /* since the last progress */

    uint32_t records_max, bytes_max, credit; /* of the Welcome; credit of the last Ack */
    uint32_t version;                        /* of the Welcome */
    uint64_t next;                           /* record to be sent next */
    struct flight flight[FLIGHT_MAX];        /* in order */
    size_t flight_count;
    struct fates fates;
    uint64_t group_first, group_last; /* the file whose receipt comes next; 0: not looked up */

    int64_t patience_ms;
    int64_t answer_by;  /* monotonic ms; NEVER: nothing is awaited */
    int64_t hold_until; /* nothing is sent before */
    int64_t receipt_at; /* when to try a receipt again; NEVER: none is due */

    enum session_offer offer;
    char offer_key[WIRE_KEY + 1];
    char offer_words[WIRE_TEXT_MAX + 1];
    int64_t offer_at; /* when to send the offer, while it waits */

    char words[WIRE_TEXT_MAX + 1];
    struct wire_message *in, *out;
    uint8_t *packed;  /* WIRE_MESSAGE_MAX */
    uint8_t *records; /* payloads of the Data being made */
};

void session_report(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Packs session->out and sends it; holds the session back when it does not go. */
int session_send(struct session *session, int64_t now);

/* From now on an answer is awaited. */
void session_await(struct session *session, int64_t now);

/* Sends what the window allows. */
void session_pump(struct session *session, int64_t now);

/* Forgets what is under way; sending goes on at its first record. */
void session_rewind(struct session *session);

void session_take_ack(struct session *session, const struct wire_ack *ack, int64_t now);

/* What backups hold, as a collector says that agrees with us about our records. */
void session_note_safe(struct session *session, uint64_t safe_upto);

/* Writes the receipts of files that are complete and moves the cursor. */
void session_settle(struct session *session, int64_t now);

#endif
