/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a fuzz target defines. */
#ifndef PACEWATCH_TESTS_FUZZ_FUZZ_H
#define PACEWATCH_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Our own bug: stops where libFuzzer, or ctest, sees it. */
#define FUZZ_CHECK(claim)                                                             \
    do {                                                                              \
        if (!(claim)) {                                                               \
            (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim); \
            abort();                                                                  \
        }                                                                             \
    } while (0)

/* Takes one input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
