/* SPDX-License-Identifier: GPL-3.0-or-later
 * libnomemory.so, for LD_PRELOAD: lets the N-th allocation since main() fail. It stands before
 * libc's functions, so all libraries of the program are caught too, and what libc itself allocates
 * for them (strdup, opendir). The settings are those of libfaulty.so:
 *
 *   FAULTY_PROGRAM  the program meant, as its file is called; others are left alone
 *   FAULTY_AT       which allocation, from 1; 0: none, they are only counted
 *   FAULTY_STICKY   if 1, every one from there on
 *   FAULTY_COUNT    file that always holds "<allocations so far> <who asked for the last that
 *                   failed, or called abort()>": the first program or library on the way that is
 * not libc's, the loader's or C++'s
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WAY_MAX = 48 };

/* libc's own, under the names it gives to those who stand before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Written before main() only. */
static struct {
    bool is_meant;
    bool is_sticky;
    long at;
    int count_fd;
    int (*main)(int argc, char **argv, char **environment);
} plan;
static atomic_long calls;
static atomic_bool is_ending;
static _Thread_local bool is_inside; /* what we call allocates as well */

/* Who asked? Others' helpers are passed over. */
static const char *
who_asked(void)
{
    void *way[WAY_MAX];
    int count = backtrace(way, WAY_MAX);
    for (int i = 0; i < count; i++) {
        Dl_info info;
        if (dladdr(way[i], &info) == 0 || !info.dli_fname)
            continue;
        const char *name = strrchr(info.dli_fname, '/');
        name = name ? name + 1 : info.dli_fname;
        if (!strstr(name, "libnomemory") && !strstr(name, "libc.so") && !strstr(name, "ld-linux") &&
            !strstr(name, "libstdc++"))
            return name;
    }
    return "libc";
}

static void
tell(long count, const char *who)
{
    char line[128];
    int n = who ? snprintf(line, sizeof line, "%-10ld %-60s\n", count, who)
                : snprintf(line, sizeof line, "%-10ld", count);
    if (n > 0)
        (void)syscall(SYS_pwrite64, plan.count_fd, line, (size_t)n, 0L);
}

static bool
fails(void)
{
    if (!plan.is_meant || is_inside)
        return false;
    is_inside = true;
    long count = atomic_fetch_add(&calls, 1) + 1;
    bool hit = plan.at > 0 && (count == plan.at || (plan.is_sticky && count > plan.at));
    if (!atomic_load(&is_ending))
        tell(count, hit ? who_asked() : NULL);
    is_inside = false;
    if (hit)
        errno = ENOMEM;
    return hit;
}

/* Of several threads without memory, the one that ends the program is told of. */
_Noreturn void
abort(void)
{
    is_inside = true;
    if (plan.is_meant && plan.at > 0 && atomic_load(&calls) >= plan.at) {
        atomic_store(&is_ending, true);
        tell(atomic_load(&calls), who_asked());
    }
    void *next = dlsym(RTLD_NEXT, "abort");
    void (*end)(void);
    memcpy(&end, &next, sizeof end);
    end();
    _exit(1); /* never reached */
}

static int
begin_main(int argc, char **argv, char **environment)
{
    const char *at = getenv("FAULTY_AT"), *sticky = getenv("FAULTY_STICKY");
    const char *program = getenv("FAULTY_PROGRAM"), *count = getenv("FAULTY_COUNT");
    if (program && count && strcmp(program, program_invocation_short_name) == 0) {
        void *way[1];
        (void)backtrace(way, 1); /* its first call loads a library */
        plan.at = at ? strtol(at, NULL, 10) : 0;
        plan.is_sticky = sticky && strcmp(sticky, "1") == 0;
        plan.count_fd = open(count, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        plan.is_meant = true;
    }
    return plan.main(argc, argv, environment);
}

typedef int start_fn(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                     void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
start_fn __libc_start_main;

int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                  void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    void *next = dlsym(RTLD_NEXT, "__libc_start_main");
    start_fn *start;
    memcpy(&start, &next, sizeof start);
    plan.main = main;
    return start(begin_main, argc, argv, init, fini, rtld_fini, stack_end);
}

void *
malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

/* This one returns its error. */
int
posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = fails() ? NULL : __libc_memalign(alignment, size);
    if (memory)
        *ret_memory = memory;
    return memory ? 0 : ENOMEM;
}
