/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch fsck`. */
#include "cli/findings.h"
#include "cli/reading.h"
#include "collector/fsck.h"
#include "platform/clock.h"

int
verb_fsck(struct call *call)
{
    struct reading reading;
    struct findings findings;
    struct err_note note = { { 0 } };
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    findings_open(&findings, call);
    int code = fsck_site(&reading.site, clock_wall(), &findings.sink, &note);
    exit_code = findings_close(&findings, call, code, &note);
    reading_close(&reading);
    return exit_code;
}
