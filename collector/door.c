/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/door.h"

#include "platform/log.h"

enum { TEST_MS = 3600 * 1000, AGAIN_MS = 60 * 1000, FAILURES_MAX = 3 };

void
door_init(struct door *door, struct mono_time now)
{
    *door = (struct door){ .test_at = { now.ms + TEST_MS } };
}

int
door_turn(struct door *door, struct bus_server *bus, struct mono_time now, struct err_note *note)
{
    int code = 0;
    struct err_note why = { "" };
    if (!door->is_testing && now.ms < door->test_at.ms)
        return 0;
    if (!door->is_testing)
        code = bus_server_test(bus, &why);
    door->is_testing = code == 0;
    if (code == 0)
        code = bus_server_test_result(bus, &why);
    if (code == 0)
        return 0; /* under way */
    door->is_testing = false;
    door->failures = code < 0 ? door->failures + 1 : 0;
    door->test_at.ms = now.ms + (code < 0 ? AGAIN_MS : TEST_MS);
    if (code == ERR_REFUSED || door->failures >= FAILURES_MAX)
        return err_set(note, code, "%s", why.text);
    if (code < 0)
        log_warning("bus", "%s; tried again", why.text);
    return 0;
}

int64_t
door_wake(const struct door *door)
{
    return door->is_testing ? INT64_MAX : door->test_at.ms;
}
