/* SPDX-License-Identifier: GPL-3.0-or-later
 * Memory that runs out at the nth allocation. The test's program is linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc (pacewatch_no_memory); one file of it includes
 * this. */
#ifndef PACEWATCH_TESTS_FAKES_NO_MEMORY_H
#define PACEWATCH_TESTS_FAKES_NO_MEMORY_H

#include <stddef.h>

#include "tests/fakes/nth_call.h"

static struct nth_call no_memory;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *
__wrap_malloc(size_t size)
{
    return nth_call_fails(&no_memory) ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return nth_call_fails(&no_memory) ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
    return nth_call_fails(&no_memory) ? NULL : __real_realloc(old, size);
}

#endif
