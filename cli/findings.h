/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prints what a check of a site found, a line each, and decides the exit code. */
#ifndef PACEWATCH_CLI_FINDINGS_H
#define PACEWATCH_CLI_FINDINGS_H

#include "cli/call.h"
#include "cli/listing.h"
#include "collector/finding.h"

struct findings {
    struct listing listing;
    struct finding_sink sink; /* give this to the check */
    size_t notes, wrong;
};

/* With --format as given. `findings` stays where it is until the end. */
void findings_open(struct findings *findings, const struct call *call);

/* Ends the list; below a table stands the sum. `code` and `note` are the check's own: CALL_DONE
 * when it came to its end and found nothing wrong, else CALL_FAILED. */
int findings_close(struct findings *findings, const struct call *call, int code,
                   const struct err_note *note);

#endif
