/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world's inside: world.c has time and bus, world_office.c (an agent) and world_city.c (the
 * collector) the machines, world_catalogue.c whom they belong to, world_oracle.c what must be true,
 * world_controls.c what is turned off to see that it is seen. */
#ifndef PACEWATCH_TESTS_SCENARIO_WORLD_PRIVATE_H
#define PACEWATCH_TESTS_SCENARIO_WORLD_PRIVATE_H

#include "tests/unit/collector/fixture.h"

#include "agent/session.h"
#include "agent/spool.h"
#include "collector/intake.h"
#include "collector/registry.h"
#include "tests/scenario/world.h"

enum {
    QUEUE_MAX = 4096,
    FILES_MAX = 32,
    MONTHS_MAX = 270, /* which all have ended */
    LINK_DOWN_MS = 30000,
    RESTART_MS = 5000,
    FAILED_STARTS_MAX = 2000, /* then it is broken for good */
    STREAMS_MAX = 512,
    FIRST_GOOD_ROW = 2 /* of a file; those before are refused, by the agent and by the collector */
};

struct world;

struct packet {
    int64_t at;
    int to, from;
    uint32_t link; /* the connection it travels on; a reopened one does not get it */
    uint8_t *bytes;
    size_t size;
};

/* A computer: its disk, its wall clock. */
struct machine {
    struct disk *disk;
    int64_t up_at;    /* while it is down: when it starts again */
    int64_t empty_at; /* while its disk is full: when it has room again */
    int64_t clock_s;  /* how far its wall clock is off */
};

struct office {
    struct world *world;
    int index;     /* and its machine's */
    int publisher; /* whose key it has */
    struct machine *machine;
    struct spool *spool;     /* NULL: it does not run */
    struct session *session; /* as above */
    uint32_t link;           /* number of the present connection */
    int64_t link_up_at;      /* it is down until then */
    bool link_told;
    size_t first, end; /* the files it gets: first..end-1; none: there is no such office */
    size_t given;      /* those below were laid into its inbox */
    int64_t give_at;   /* the next one */
    size_t given_at_image;
    struct disk_image *image;
};

/* What the collector promised. */
struct promise {
    uint8_t stream[WIRE_STREAM_ID];
    uint64_t hwm;
};

struct world {
    struct world_plan plan;
    struct world_faults faults;
    uint64_t random;
    int64_t now_ms;
    struct machine machines[WORLD_MACHINES];
    struct office offices[WORLD_OFFICES];
    struct packet queue[QUEUE_MAX];
    size_t queued;
    const struct catalogue *catalogue;
    struct ledger *ledger; /* NULL: the collector does not run */
    struct intake *intake;
    struct registry *registry;
    size_t failed_starts; /* of the collector, one after the other */
    struct promise promises[STREAMS_MAX];
    size_t promised;
    bool has_backup;
    uint64_t generation;
    struct wire_message *message; /* scratch */
    struct world_result result;
};

/* The catalogue both sides have; parsed once. */
const struct catalogue *world_catalogue(void);
extern const char *const world_publishers[WORLD_AGENTS];
extern const char *const world_keys[WORLD_AGENTS];

uint64_t world_random(struct world *w, uint64_t below);
bool world_chance(struct world *w, unsigned in_a_thousand);
struct wall_time world_wall(const struct world *w, const struct machine *machine);

/* With PACEWATCH_TRACE in the environment: says what happens, on standard error. */
void world_trace(const struct world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- bus ---- */

void world_send(struct world *w, int from, int to, uint32_t link, const uint8_t *bytes,
                size_t size);
void world_cut_link(struct office *o);

/* ---- machines ---- */

/* Is it time for a machine that is down to start again? */
bool world_may_start(const struct world *w, const struct machine *machine);

/* A machine that could not start, or crashed, tries again later. */
void world_wait_for_start(struct world *w, struct machine *machine);

void office_give_path(const struct office *o, const char *folder, const char *name, char *path,
                      size_t size);
extern const char *const office_homes[WORLD_OFFICES];
void office_begin(struct world *w, int index);
void office_live(struct office *o); /* one turn */
void office_receive(struct office *o, const uint8_t *bytes, size_t size);
void office_take_down(struct office *o);
void office_set_back(struct office *o);
void office_clone(struct world *w);
bool office_is_drained(const struct office *o);

void city_begin(struct world *w);
void city_start(struct world *w);
void city_take_down(struct world *w);
void city_take(struct world *w, const struct packet *packet);
void city_commit(struct world *w);
void city_backup(struct world *w);
void city_restore(struct world *w);

/* ---- oracle ---- */

/* The text of a publisher's file, as a clerk would send it; freed by the caller. */
char *oracle_file(const struct world *w, int publisher, size_t file, size_t *ret_size);

/* Notes what a message to an agent promises; compares after a restart; forgets after a restore. */
void oracle_note(struct world *w, const struct wire_message *message);
void oracle_compare_promises(struct world *w);
void oracle_forget_promises(struct world *w);

/* Every record has one fate, at every moment (the ledger runs). */
void oracle_count(struct world *w);

/* At the end: content of ledger and receipts. */
void oracle_judge(struct world *w);

/* ---- controls ---- */

/* Which of them is at work, and on whose behalf random bytes are drawn. */
void controls_begin(struct world *w);
void controls_end(void);

/* The commit that CONTROL_ACK_BEFORE_COMMIT put off. */
void controls_settle(struct world *w);

#endif
