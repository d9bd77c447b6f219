/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages and records for the tests of proto/: small ones, and the largest that the limits allow.
 */
#ifndef PACEWATCH_TESTS_UNIT_PROTO_SAMPLES_H
#define PACEWATCH_TESTS_UNIT_PROTO_SAMPLES_H

#include "proto/wire.h"

/* A zeroed message from the heap. */
struct wire_message *sample_message(void);

/* Fills a message of the kind: with what the kind must have and little more, or at its limits. A
 * Data's records are bytes that live as long as the program. */
void sample_small(enum wire_kind kind, struct wire_message *ret_message);
void sample_large(enum wire_kind kind, struct wire_message *ret_message);

void sample_record(enum record_type type, bool is_large, struct record *ret_record);

/* Fails the test unless both say the same; Data by its records' bytes. Both must have been zeroed
 * before they were filled. */
void check_same(const struct wire_message *want, const struct wire_message *got);

/* Packs into `bytes` (WIRE_MESSAGE_MAX); fails the test when that fails. */
size_t pack_or_fail(const struct wire_message *message, uint8_t *bytes);

/* A copy on the heap of exactly this size, so that AddressSanitizer sees the end. Never NULL. */
uint8_t *exact_copy(const uint8_t *bytes, size_t size);

/* A small random generator: the same numbers for the same seed. */
uint32_t next_random(uint64_t *seed);

#endif
