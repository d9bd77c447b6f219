/* SPDX-License-Identifier: GPL-3.0-or-later
 * Waits until all these files are there and says when that was; after ten minutes or so it gives
 * up.
 *
 *     bench_wait FILE...      ->  seconds since 1970 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_NS = 1000000, LOOKS_MAX = 600000 };

int
main(int argc, char **argv)
{
    const struct timespec moment = { 0, WAIT_NS };
    struct timespec now;
    int there = 1;
    for (int look = 0; there < argc && look < LOOKS_MAX; look++) {
        while (there < argc && access(argv[there], F_OK) == 0)
            there++;
        if (there < argc)
            (void)nanosleep(&moment, NULL);
    }
    (void)clock_gettime(CLOCK_REALTIME, &now); /* always there */
    (void)printf("%lld.%06ld\n", (long long)now.tv_sec, now.tv_nsec / 1000);
    return there == argc ? 0 : 1;
}
