/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hashes and checksums (libsodium; CRC-32C our own, crc32c.c). */
#ifndef PACEWATCH_PLATFORM_HASH_H
#define PACEWATCH_PLATFORM_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

enum { HASH_SIZE = 32, HASH_HEX = 65 };

void hash_sha256(const void *bytes, size_t size, uint8_t ret_hash[HASH_SIZE]);

/* Of a regular file of any size, read piece by piece. */
int hash_sha256_file(const char *path, uint8_t ret_hash[HASH_SIZE], struct err_note *note);

/* One link of a stream's chain: h(n) = BLAKE2b-256(h(n-1) || seq as 8 bytes little-endian ||
 * payload). h(0) is the stream id followed by 16 zero bytes. */
void hash_chain(const uint8_t previous[HASH_SIZE], uint64_t seq, const void *payload, size_t size,
                uint8_t ret_hash[HASH_SIZE]);
void hash_chain_start(const uint8_t stream_id[16], uint8_t ret_hash[HASH_SIZE]);

/* CRC-32C (Castagnoli); start with 0 and pass the result on to continue. */
uint32_t hash_crc32c(uint32_t crc, const void *bytes, size_t size);

/* Lower-case hexadecimal with NUL; `text` has 2*size+1 bytes. Returns `text`. */
char *hash_hex(const uint8_t *bytes, size_t size, char *text);

#endif
