/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a spool holds and how it would be opened, for those who must not touch it: a daemon may be
 * at work in it. See spool_survey for the numbers alone. */
#ifndef PACEWATCH_AGENT_SPOOL_LOOK_H
#define PACEWATCH_AGENT_SPOOL_LOOK_H

#include "agent/spool.h"

struct spool_look {
    void *context;
    /* A whole file, with the numbers of its first and last record. A negative code ends the look.
     */
    int (*file)(void *context, const struct record_begin *begin, uint64_t first, uint64_t last);
    /* Records that cannot be read. */
    int (*gap)(void *context, uint64_t first, uint64_t last);
    /* A file of which only the beginning can be read. */
    int (*lost)(void *context, const struct record_begin *begin);
    /* A damaged segment that was set aside; the path below the spool's folder. */
    int (*aside)(void *context, const char *path);
    /* Results. */
    struct spool_standing standing;
    uint64_t first;     /* first record that can be read; 0: none can */
    uint64_t safe_upto; /* what a backup of the ledger holds */
    uint64_t bytes;
    size_t segments, streams; /* of the stream in use; streams in all */
    char fault_segment[32];   /* the segment that would make opening start a new stream, and why; */
    const char *fault_zh, *fault_en; /* NULL: none */
    bool is_torn; /* an unfinished group at the end, as a crash (or a write under way) leaves it */
};

/* ERR_ABSENT: there is no spool yet. */
int spool_look(const char *folder, struct spool_look *look, struct err_note *note);

#endif
