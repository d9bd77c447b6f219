/* SPDX-License-Identifier: GPL-3.0-or-later
 * Can the collector's wall clock be believed? A row is refused for its time (a month that has not
 * ended, a release to come) by this clock alone, and a row without a release day gets its day. So a
 * clock that stands wrong must stop the taking for a while, not spoil it (PROTOCOL 3.8). Asked:
 *
 * - this program, which was not made in the future;
 * - the ledger: whoever wrote it last did so not long ago, and not in the future;
 * - where the ledger disagrees, the agents, which told their clocks when they greeted. Their clocks
 *   are compared by monotonic time, so that it does not matter which clock jumped since.
 *
 * Pure: it reads no clock. */
#ifndef PACEWATCH_COLLECTOR_CLOCK_TRUST_H
#define PACEWATCH_COLLECTOR_CLOCK_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"

enum { CLOCK_VOTES_MAX = 64, CLOCK_QUIET_DAYS = 45 };

struct clock_trust {
    struct wall_time made;   /* when this program was made; 0: not known */
    struct wall_time newest; /* when the ledger was written last; 0: never */
    struct clock_vote {
        int64_t voter;
        struct mono_time heard;
        struct wall_time said;
    } votes[CLOCK_VOTES_MAX]; /* one of a voter; beyond that many the oldest makes room */
    size_t vote_count;
};

/* `voter` (the number of its key) says what time it is. */
void clock_trust_hear(struct clock_trust *trust, int64_t voter, struct wall_time said,
                      struct mono_time now);

/* 0, or ERR_RANGE with words: nothing may be decided by `wall` before it is set right. */
int clock_trust_judge(const struct clock_trust *trust, struct wall_time wall, struct mono_time now,
                      struct err_note *note);

#endif
