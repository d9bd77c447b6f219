/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is the door still shut? Every hour a stranger tries the bus (bus_server_test). One who is let in
 * ends the collector: whoever watches it starts it again, and the opening makes the test anew.
 * Where a stranger hears nothing (a flood, no descriptors left) the test is made again before that.
 */
#ifndef PACEWATCH_COLLECTOR_DOOR_H
#define PACEWATCH_COLLECTOR_DOOR_H

#include "core/cal.h"
#include "platform/bus.h"

struct door {
    struct mono_time test_at; /* the next test, unless one is under way */
    bool is_testing;
    int failures; /* tests in a row to which nobody answered */
};

/* The bus was opened now, and tested. */
void door_init(struct door *door, struct mono_time now);

/* Begins a test when it is due, and looks at the one under way. A negative code: the collector must
 * end. */
int door_turn(struct door *door, struct bus_server *bus, struct mono_time now,
              struct err_note *note);

/* Monotonic ms at which door_turn wants to be called; INT64_MAX while the bus will wake us. */
int64_t door_wake(const struct door *door);

#endif
