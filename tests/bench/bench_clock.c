/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a command and appends to FILE what it cost:
 *
 *     bench_clock FILE COMMAND...      ->  begun ended (seconds since 1970), CPU seconds, KiB at
 * most */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at); /* always there; the shell reads the same clock */
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static double
seconds(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

int
main(int argc, char **argv)
{
    struct rusage used;
    int status = 0;
    if (argc < 3)
        return 64;
    double begun = now();
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &used) != 0) {
        perror("bench_clock");
        return 1;
    }
    double ended = now();
    FILE *out = fopen(argv[1], "a");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    (void)fprintf(out, "%.6f %.6f %.3f %ld\n", begun, ended,
                  seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
    (void)fclose(out); /* one short line */
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
