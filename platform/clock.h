/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only place that reads clocks and chance. Read once per turn of a loop; hand `now` down. */
#ifndef PACEWATCH_PLATFORM_CLOCK_H
#define PACEWATCH_PLATFORM_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"

struct wall_time clock_wall(void);

/* In milliseconds: for the log's lines only. */
int64_t clock_wall_ms(void);

/* The day this version was made (CMakeLists.txt): a wall clock that stands before it is wrong. */
struct wall_time clock_made(void);

/* CLOCK_BOOTTIME, in milliseconds. */
struct mono_time clock_mono(void);

/* Random bytes from the kernel; never fails (aborts if the kernel has none). */
void clock_random(void *bytes, size_t size);

#endif
