/* SPDX-License-Identifier: GPL-3.0-or-later
 * The projector's work, without its thread: drawing what changed, looking after what is there. */
#ifndef PACEWATCH_COLLECTOR_PROJECTOR_WORK_H
#define PACEWATCH_COLLECTOR_PROJECTOR_WORK_H

#include <stdatomic.h>

#include "collector/ledger.h"
#include "collector/projection_deps.h"
#include "collector/site.h"

struct projector_work {
    const struct site *site;
    struct ledger *ledger;
    struct projection_deps *deps;
    char folder[FILE_PATH_MAX];   /* SITE/rrd */
    const _Atomic bool *stopping; /* ends a round early */
    int64_t position;             /* archives hold everything up to here */
    int64_t archives;             /* files written */
    int64_t healed;               /* of them: missing or damaged ones */
    int64_t swept;                /* the last series the sweep looked at */
    int64_t indexed;              /* the last series in series.csv */
    bool is_marked;               /* rrd/state says that somebody is at work */
    bool is_whole;                /* the next round draws all archives and removes strays */
};

/* Opens the ledger and reads how far the archives have come: nothing that takes longer where there
 * are more of them. After an unclean stop, with another catalogue or another ledger, position is 0
 * and everything is drawn anew. */
int projector_work_open(const struct site *site, const _Atomic bool *stopping,
                        struct projector_work *work, struct err_note *note);
void projector_work_close(struct projector_work *work);

/* Draws the series that have rows after `position`, and those that rest on them, each once. */
int projector_work_round(struct projector_work *work, struct err_note *note);

/* Draws one archive again if it is not what it should be. */
int projector_work_heal(struct projector_work *work, int64_t series, struct err_note *note);

/* Heals the next archives in turn, for `ms` milliseconds; from the first again after the last. */
int projector_work_sweep(struct projector_work *work, int64_t ms, struct err_note *note);

/* Says in rrd/state that the archives are as they should be and nobody is at work. */
int projector_work_mark_clean(struct projector_work *work, struct err_note *note);

#endif
