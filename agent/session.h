/* SPDX-License-Identifier: GPL-3.0-or-later
 * The agent's half of the protocol as a state machine: events in, actions out through `struct
 * session_port`. It knows no socket, no clock and no file but its spool; docs/protocol.md draws it.
 * The scenario tests run it in virtual time.
 */
#ifndef PACEWATCH_AGENT_SESSION_H
#define PACEWATCH_AGENT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/spool.h"
#include "core/cal.h"
#include "proto/wire.h"

enum session_state {
    SESSION_CLOSED,
    SESSION_GREETING,
    SESSION_SENDING,
    SESSION_IDLE,
    SESSION_REFUSED
};

const char *session_state_text(enum session_state state, enum lang lang);

/* What the machine asks of its surroundings. */
struct session_port {
    void *context;
    /* Hands a packed message to the bus; 0, or a negative code when it did not go (it will be sent
     * again). */
    int (*send)(void *context, const uint8_t *bytes, size_t size);
    /* Asks for a new connection. */
    void (*reopen)(void *context);
    /* The fates of a file's records are complete: `fates` for seq first..last (FileBegin and
     * FileEnd included). Write the receipt durably; return 0 and the cursor moves, or a negative
     * code and the session asks again later. */
    int (*file_done)(void *context, uint64_t first, uint64_t last,
                     const struct wire_fate_note *notes, size_t note_count, const uint8_t *fates);
    /* Words for the log and `status`. */
    void (*report)(void *context, const char *text);
};

struct session;

/* `spool` and `port` must outlive it. `seed` drives the jitter. NULL: out of memory. */
struct session *session_new(struct spool *spool, const struct session_port *port, uint64_t seed);
void session_free(struct session *session);

void session_on_link_ready(struct session *session, struct mono_time now, struct wall_time wall);
void session_on_link_lost(struct session *session, struct mono_time now);
void session_on_message(struct session *session, const uint8_t *bytes, size_t size,
                        struct mono_time now);

/* Records were added to the spool. */
void session_on_spooled(struct session *session, struct mono_time now);

/* Offers a key that shall follow ours (docs/protocol.md, Keys) whenever a session stands, until it
 * is answered. An offer takes the place of the one before. */
void session_offer_key(struct session *session, const char *public_key, struct mono_time now);

enum session_offer {
    SESSION_OFFER_NONE,
    SESSION_OFFER_WAITS,
    SESSION_OFFER_TAKEN, /* the key may come in: connect with it */
    SESSION_OFFER_REFUSED
};

/* The key of the offer, or of the last one. */
const char *session_offered_key(const struct session *session);

/* Forgets the offer. */
void session_offer_end(struct session *session);

/* What came of the offer; *ret_words, if not NULL, says why it was refused, else "". */
enum session_offer session_offer(const struct session *session, const char **ret_words);

/* Lets time pass: sends, resends, reopens. Call whenever session_next_wake is reached, harmless at
 * any time. */
void session_tick(struct session *session, struct mono_time now, struct wall_time wall);

/* When session_tick wants to be called next. */
struct mono_time session_next_wake(const struct session *session);

enum session_state session_state(const struct session *session);

/* Everything spooled has its fate and receipt. */
bool session_is_drained(const struct session *session);

/* The last refusal or reason to wait, "" if none. */
const char *session_words(const struct session *session);

#endif
