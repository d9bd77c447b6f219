/* SPDX-License-Identifier: GPL-3.0-or-later
 * A fault at the nth of certain calls. A test puts functions of its own in the place of a library's
 * with the linker's --wrap and asks here whether a call is to fail. */
#ifndef PACEWATCH_TESTS_FAKES_NTH_CALL_H
#define PACEWATCH_TESTS_FAKES_NTH_CALL_H

#include <stdbool.h>

struct nth_call {
    long at;          /* which one fails, from 1; 0: none */
    bool is_for_ever; /* and all that follow */
    long calls;       /* so far */
    bool has_failed;
};

static inline bool
nth_call_fails(struct nth_call *nth)
{
    if (nth->at == 0)
        return false;
    nth->calls++;
    bool fails = nth->calls == nth->at || (nth->is_for_ever && nth->calls > nth->at);
    nth->has_failed |= fails;
    return fails;
}

#endif
