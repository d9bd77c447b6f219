/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file of the inbox into the spool, exactly once:
 *
 *     read whole -> hash -> rows -> one spool group (durable) -> the file goes to done/
 *     a fault of the whole file: receipt -> the file goes to rejected/
 *     a content that the spool knows: the file goes to done/ and is not imported
 *
 * A crash between two steps repeats the step when the file is looked at again, not its effect. */
#ifndef PACEWATCH_AGENT_IMPORT_H
#define PACEWATCH_AGENT_IMPORT_H

#include "agent/spool.h"
#include "agent/tidy.h"

enum import_result {
    IMPORT_SPOOLED,
    IMPORT_REFUSED, /* faulty as a whole: receipt written */
    IMPORT_KNOWN,   /* imported before */
    IMPORT_GONE     /* no file (any more), or nothing we take */
};

struct import_place {
    const char *home; /* with inbox/ done/ rejected/ receipts/ */
    struct spool *spool;
    struct tidy_context tidy;
    struct wall_time now;
};

/* Imports inbox/NAME. After a negative code (disk full, spool full, ...) what was not done is done
 * when the file is looked at again; one that has left the inbox by then is in the spool. */
int import_file(const struct import_place *place, const char *name, enum import_result *ret_result,
                struct err_note *note);

/* A file whose records the spool lost: if done/ still has it, it goes back to the inbox. 1 when it
 * did, 0 when it is not there, a negative code when that cannot be said now. */
int import_bring_back(const char *home, const char *name, const uint8_t sha256[RECORD_SHA256],
                      struct err_note *note);

#endif
