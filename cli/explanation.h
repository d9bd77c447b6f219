/* SPDX-License-Identifier: GPL-3.0-or-later
 * One verdict with everything it rests on, so that anyone can redo it with a calculator. */
#ifndef PACEWATCH_CLI_EXPLANATION_H
#define PACEWATCH_CLI_EXPLANATION_H

#include <stdio.h>

#include "cli/call.h"
#include "collector/view.h"

/* What is explained, to whom. */
struct explanation {
    FILE *out;
    enum lang lang;
    const struct cat_target *target;
    const struct ledger_as_of *as_of;
    const struct ledger_row *row; /* judged; NULL: nothing was */
    struct verdict_evidence evidence;
    struct verdict verdict;
};

/* Target, inputs, every observation used, arithmetic, bands, level, rule, and the sentence in both
 * languages. */
void explanation_print(struct explanation *explanation);

#endif
