/* SPDX-License-Identifier: GPL-3.0-or-later
 * Included last by every core .c: what would make the core impure does not compile. Time, chance,
 * files and the environment arrive as parameters. */
#ifndef PACEWATCH_CORE_PURE_H
#define PACEWATCH_CORE_PURE_H

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC poison time gmtime gmtime_r localtime localtime_r clock_gettime gettimeofday
#pragma GCC poison getenv rand srand random fopen open printf fprintf puts malloc calloc realloc \
    free
#pragma GCC poison setlocale atoi atol atof strtok sprintf strcpy strcat
#endif

#endif
