/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder in memory for targets that read files: below $TMPDIR if that is set (tests/fuzz/run sets
 * it), else below /dev/shm. */
#ifndef PACEWATCH_TESTS_FUZZ_RAM_H
#define PACEWATCH_TESTS_FUZZ_RAM_H

#include <stddef.h>
#include <stdint.h>

/* The program's folder: made by the first call, removed when the program ends. */
const char *ram_folder(void);

/* Writes FOLDER/NAME. */
void ram_put(const char *folder, const char *name, const void *bytes, size_t size);

/* The descriptor that would be opened next: the same before and after an input that leaves none
 * open. */
int ram_next_descriptor(void);

#endif
