/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static struct timespec
clock_read(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0)
        abort(); /* only a wrong clock id can fail */
    return now;
}

struct wall_time
clock_wall(void)
{
    return (struct wall_time){ clock_read(CLOCK_REALTIME).tv_sec };
}

struct wall_time
clock_made(void)
{
    struct cal_date day;
    int code = cal_date_parse(PACEWATCH_MADE, strlen(PACEWATCH_MADE), &day, NULL);
    return code == 0 ? cal_midnight(day) : (struct wall_time){ 0 };
}

int64_t
clock_wall_ms(void)
{
    struct timespec now = clock_read(CLOCK_REALTIME);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct mono_time
clock_mono(void)
{
    struct timespec now = clock_read(CLOCK_BOOTTIME);
    return (struct mono_time){ (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 };
}

void
clock_random(void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size > 0) {
        ssize_t n = getrandom(at, size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            abort();
        at += n;
        size -= (size_t)n;
    }
}
