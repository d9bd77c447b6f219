/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shared by agent.c (opening, reload) and agent_loop.c (the loop). */
#ifndef PACEWATCH_AGENT_AGENT_PRIVATE_H
#define PACEWATCH_AGENT_AGENT_PRIVATE_H

#include "agent/agent.h"
#include "agent/inbox.h"
#include "agent/session.h"
#include "agent/status.h"
#include "platform/bus.h"
#include "platform/catalogue_load.h"
#include "platform/file.h"

struct agent {
    char home[FILE_PATH_MAX];
    int lock_fd;
    struct agent_config config;
    struct catalogue_store *store;
    const struct cat_publisher *sender;
    struct key_pair keys;
    struct spool *spool;
    struct bus_client *bus;
    enum bus_link link; /* as the session knows it */
    struct session *session;
    struct inbox *inbox;
    char last_receipt[RECORD_NAME_MAX + 32];
    bool has_looked;        /* into the inbox */
    char import_words[256]; /* why a file had to stay in the inbox since the last look, or "" */
    struct status status;   /* as written last */
    int64_t status_at;      /* monotonic ms before which it is not written again */
    int64_t prune_at;
    int filled_told; /* percent of the spool's limit at which it was told last that it fills up */
    int64_t rotation_at;  /* when to look for a key that shall follow ours, or to use it */
    char next_words[160]; /* about it, or "" */
    bool is_old;          /* the connection is made with the key before ours */
    bool at_next;         /* at the entrance of the collector's next key */
};

/* Writes status.txt if something has changed. */
void agent_write_status(struct agent *agent, struct mono_time now);

/* Opens a connection; takes one with the agent's own keys into use and ends the one before. */
int agent_open_bus(const struct agent_config *config, bool at_next, const struct key_pair *keys,
                   struct bus_client **ret_bus, struct err_note *note);
void agent_use_bus(struct agent *agent, struct bus_client *bus, struct mono_time now);

/* rotation.c: what the change of keys has to do in this turn. */
void rotation_turn(struct agent *agent, struct mono_time now);

/* The connection changes: what was offered over it and is not taken yet is forgotten. */
void rotation_take_back(struct agent *agent);

/* Makes the new connection that follows one without success in another way, if there is one: after
 * a refusal with the key before ours, or with ours again; else at the other entrance. False: there
 * is none, or the connection had succeeded. */
bool rotation_reopen(struct agent *agent);

/* The connection was lost: if there is a next entrance, it may be open by now. */
void rotation_lost(struct agent *agent);

/* Ports of the session. */
int agent_send(void *context, const uint8_t *bytes, size_t size);
void agent_reopen(void *context);
int agent_file_done(void *context, uint64_t first, uint64_t last,
                    const struct wire_fate_note *notes, size_t note_count, const uint8_t *fates);
void agent_report(void *context, const char *text);

#endif
