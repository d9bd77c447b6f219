/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to intake*.c. From above: messages and their answers (intake.c); what Data does to the
 * ledger (intake_data.c), what is noted of keys (intake_keys.c); the round's transaction
 * (intake_round.c). */
#ifndef PACEWATCH_COLLECTOR_INTAKE_PRIVATE_H
#define PACEWATCH_COLLECTOR_INTAKE_PRIVATE_H

#include "collector/clock_trust.h"
#include "collector/intake.h"

/* An answer that waits for the commit. */
struct answer {
    uint8_t peer[255];
    size_t peer_size;
    bool is_data; /* becomes Later when the commit fails */
    uint8_t *bytes;
    size_t size;
};

struct intake {
    struct ledger *ledger;
    const struct catalogue *catalogue;
    const struct registry *registry;
    uint32_t credit;
    struct budget budget;          /* of one message */
    struct wire_message *in, *out; /* large: made once */
    struct answer answers[INTAKE_ROUND_MAX];
    size_t answer_count;
    struct intake_round round;
    bool in_transaction;
    struct err_note fault; /* what broke the round's transaction */
    int fault_code;
    struct clock_trust clock;
    struct wall_time dated; /* what this round's Data was dated by; 0: none came */
    int64_t seen_key;       /* whose last_seen was noted last, and when */
    struct wall_time seen_at;
    uint8_t buffer[WIRE_MESSAGE_MAX];
    uint8_t checks[WIRE_RECORDS_MAX * LEDGER_CHECK];
    uint8_t known_checks[WIRE_RECORDS_MAX * LEDGER_CHECK];
};

/* The answer to the message being taken. */
void intake_say_refuse(struct intake *intake, enum wire_refusal code, const uint8_t *stream,
                       const char *text);
void intake_say_later(struct intake *intake, const char *reason);

/* A mark in the round's transaction, which begins with the first. */
int intake_mark(struct intake *intake, struct err_note *note);

/* Keeps what came since the mark, or with a `code` undoes it alone. */
void intake_end_message(struct intake *intake, int code);

/* What was done in this round's transaction is given up: its Data will be answered Later. */
void intake_fail_round(struct intake *intake, int code, const struct err_note *note);

/* The same, and this message too. */
void intake_break_round(struct intake *intake, int code, const struct err_note *note);

void intake_take_data(struct intake *intake, const struct cat_publisher *sender,
                      const struct wire_data *data, struct wall_time now, struct mono_time mono);

/* The holder of a key gives the one that shall follow it. */
void intake_take_key_offer(struct intake *intake, const struct cat_publisher *sender, int64_t key,
                           const struct wire_key_offer *offer, struct wall_time now);

/* The first use of a key that follows another. */
void intake_note_first(struct intake *intake, const struct cat_publisher *sender, int64_t key,
                       struct wall_time now);

/* Notes that a key is in use, now and then. */
void intake_note_seen(struct intake *intake, int64_t key, struct wall_time now);

#endif
