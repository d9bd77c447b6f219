/* SPDX-License-Identifier: GPL-3.0-or-later
 * The collector's half of the protocol (docs/protocol.md): messages in, one transaction for all
 * that waits, answers out after the commit. It knows no socket and no clock; the scenario tests run
 * it in virtual time.
 *
 *     intake_take (message) ... intake_take (message) ── intake_commit ──> answers handed to `send`
 *
 * Answers to Data leave only after COMMIT returned OK. If the commit fails, every Data of the round
 * is answered with Later. */
#ifndef PACEWATCH_COLLECTOR_INTAKE_H
#define PACEWATCH_COLLECTOR_INTAKE_H

#include "collector/budget.h"
#include "collector/ledger_write.h"
#include "collector/registry.h"

enum {
    INTAKE_CREDIT = 16,        /* Data messages an agent may have under way */
    INTAKE_ROUND_MAX = 64,     /* messages of one transaction */
    INTAKE_RECORDS_MAX = 4000, /* a transaction takes no further message from so many records on */
    INTAKE_LATER_MS = 5000,    /* what Later asks for */
    INTAKE_SEEN_SECONDS = 60   /* a key's last_seen is noted at most this often */
};

struct intake;

/* Both outlive it. NULL: out of memory. */
struct intake *intake_new(struct ledger *ledger, const struct catalogue *catalogue);
void intake_free(struct intake *intake);

/* The registry in force; asked at every message. It must outlive its use here. */
void intake_set_registry(struct intake *intake, const struct registry *registry);
void intake_set_catalogue(struct intake *intake, const struct catalogue *catalogue);

/* The ledger was opened anew; between two rounds. */
void intake_set_ledger(struct intake *intake, struct ledger *ledger);

/* How far to believe the wall clock (collector/clock_trust.h): when this program was made, 0 if
 * that does not matter. */
void intake_set_made(struct intake *intake, struct wall_time made);

/* How long one message may take: of one that costs more the first records are taken (one at least),
 * and its agent sends the rest again. */
void intake_set_budget(struct intake *intake, const struct budget *budget);

/* How many Data messages an agent may have under way, told in the answers from now on: at first
 * INTAKE_CREDIT. */
void intake_set_credit(struct intake *intake, uint32_t credit);

/* Takes one message of `author` that came over connection `peer` (opaque, at most 255 bytes).
 * Nothing is answered yet. Data is put off while the wall clock cannot be believed. After
 * INTAKE_ROUND_MAX messages intake_commit must be called. */
void intake_take(struct intake *intake, const char *author, const uint8_t *peer, size_t peer_size,
                 const uint8_t *bytes, size_t size, struct wall_time now, struct mono_time mono);

/* The round should be committed now: it holds INTAKE_ROUND_MAX messages or INTAKE_RECORDS_MAX
 * records. */
bool intake_is_full(const struct intake *intake);

typedef void intake_send_fn(void *context, const uint8_t *peer, size_t peer_size,
                            const uint8_t *bytes, size_t size);

struct intake_round {
    size_t messages;     /* taken in this round */
    size_t data;         /* of them Data */
    size_t records;      /* in them */
    size_t refused;      /* refused, dropped, or answered Later */
    bool file_completed; /* a FileEnd was committed: the judge has work */
    bool committed;      /* something new is in the ledger */
    int code;            /* 0, or why the commit failed */
    char words[256];
    char clock[256]; /* why the wall clock was not believed, "" if it was */
    char
        keys[192]; /* what happened to keys, for the log: the registry is to be read again; or "" */
};

/* Commits the round and sends its answers. */
struct intake_round intake_commit(struct intake *intake, intake_send_fn *send, void *context);

/* Tells a peer that its key may not, or no longer, come in. */
void intake_refuse(struct intake *intake, const uint8_t *peer, size_t peer_size,
                   intake_send_fn *send, void *context);

#endif
