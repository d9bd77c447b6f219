/* SPDX-License-Identifier: GPL-3.0-or-later
 * The two ways of hash_crc32c (hash.h): which one it takes is not for callers to know. */
#ifndef PACEWATCH_PLATFORM_CRC32C_H
#define PACEWATCH_PLATFORM_CRC32C_H

#include "platform/hash.h"

/* The same on every processor; for the tests. */
uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t size);

#endif
