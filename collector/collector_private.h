/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to collector*.c: the loop and its parts (collector.c), what comes over the bus
 * (collector_messages.c), mail (collector_mail.c). */
#ifndef PACEWATCH_COLLECTOR_COLLECTOR_PRIVATE_H
#define PACEWATCH_COLLECTOR_COLLECTOR_PRIVATE_H

#include <poll.h>

#include "collector/collector.h"
#include "collector/door.h"
#include "collector/http.h"
#include "collector/intake.h"
#include "collector/judge.h"
#include "collector/links.h"
#include "collector/mailer.h"
#include "collector/projector.h"
#include "collector/turns.h"
#include "platform/bus.h"

enum { FD_SIGNAL, FD_CONTROL, FD_PROJECTOR, FD_MAILER, FD_COUNT };

/* All of it belongs to the loop thread; the gauges are read by others. */
struct collector {
    struct site site;
    const char *graph_program;
    struct ledger *ledger;
    struct registry *registry;
    struct intake *intake;
    struct bus_server *bus;
    struct turns *turns;
    int64_t message_end; /* monotonic ms at which the message being taken has had its time */
    struct links *links;
    struct projector *projector;
    struct mailer *mailer; /* NULL: no mail server */
    struct http_server *http;
    struct http_gauges gauges;
    struct http_pictures pictures; /* the page threads' */
    struct pollfd fds[FD_COUNT];
    int lock;
    struct judge_queue judge;
    int64_t judge_at;        /* monotonic ms from which it is its turn though messages come */
    int64_t mail_attempts;   /* of the mail under way, before it */
    int64_t archives_healed; /* of those this projector has told of */
    int64_t retry_at;        /* monotonic ms of the projector's next try, after a failure */
    int64_t retire_at;       /* monotonic ms of the next look for keys that retire */
    int64_t watchdog_ms;     /* between two signs of life; 0: systemd wants none */
    int64_t watchdog_at;     /* monotonic ms of the next one */
    struct door door;
    bool mail_waits; /* there may be mail to send */
    bool projector_failed;
    bool wants_reload; /* a new edition of the catalogue lies in the site */
    bool stopping;
};

/* Is it as late as *end says, in monotonic ms? For a struct budget. */
bool collector_is_past(void *end);

/* Takes the registry from the ledger; keys that are out hear it at once. */
int collector_read_registry(struct collector *c, struct err_note *note);

/* Ends keys that were followed by others a while ago. */
void collector_retire_keys(struct collector *c, int64_t now);

/* One transaction with what waits, a message of each key in turn; false: nothing did. */
bool collector_take_messages(struct collector *c);

/* Gives the mailer the next mail, if it is free; and hears what became of those it had. */
void collector_mail_some(struct collector *c);
void collector_mail_answered(struct collector *c);

#endif
