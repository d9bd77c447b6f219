/* SPDX-License-Identifier: GPL-3.0-or-later
 * One call of the program: a verb, its words, the language it answers in. A verb returns an exit
 * code. */
#ifndef PACEWATCH_CLI_CALL_H
#define PACEWATCH_CLI_CALL_H

#include <stdio.h>

#include "cli/options.h"

enum { CALL_DONE = 0, CALL_FAILED = 1, CALL_USAGE = 2 };

struct call {
    const struct options_usage *usage;
    struct options options;
    enum lang
        lang; /* --lang; else, once a site is open, the site's; before that the environment's */
    bool is_lang_given;
    FILE *out;
};

/* "pacewatch VERB: words" on stderr. Return CALL_FAILED, CALL_USAGE. */
int call_fail(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int call_misuse(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fails with a note and the code it came with; the code's own words where the note is empty. */
int call_fail_note(const struct call *call, int code, const struct err_note *note);

/* The verbs. */
int verb_init(struct call *call);
int verb_enrol(struct call *call);
int verb_revoke(struct call *call);
int verb_rotate(struct call *call);
int verb_publishers(struct call *call);
int verb_targets(struct call *call);
int verb_history(struct call *call);
int verb_revisions(struct call *call);
int verb_verdicts(struct call *call);
int verb_alerts(struct call *call);
int verb_replay(struct call *call);
int verb_explain(struct call *call);
int verb_status(struct call *call);
int verb_doctor(struct call *call);
int verb_fsck(struct call *call);
int verb_rebuild(struct call *call);
int verb_backup(struct call *call);
int verb_restore(struct call *call);
int verb_export(struct call *call);
int verb_import(struct call *call);
int verb_catalogue_load(struct call *call);
int verb_catalogue_check(struct call *call);
int verb_catalogue_diff(struct call *call);
int verb_catalogue_consistency(struct call *call);
int verb_demo(struct call *call);

#endif
