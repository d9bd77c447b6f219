/* SPDX-License-Identifier: GPL-3.0-or-later
 * Data, the message that carries the records, is packed and unpacked by hand: its records stay
 * where they are, in the caller's buffers, instead of being copied one by one. Private to proto/.
 */
#ifndef PACEWATCH_PROTO_WIRE_DATA_H
#define PACEWATCH_PROTO_WIRE_DATA_H

#include "proto/scan.h"
#include "proto/wire.h"

extern const struct scan_type wire_data_type;

/* Packs an Envelope with this Data. Returns its length or ERR_RANGE. Deterministic, and what
 * protobuf-c would write. */
int wire_data_pack(const struct wire_data *data, uint8_t *bytes, size_t size,
                   struct err_note *note);

/* Fills the message from an Envelope that scan_check has passed and whose body is a Data. */
void wire_data_unpack(const uint8_t *bytes, size_t size, struct wire_data *ret_data);

/* Number of the body's field in an Envelope that scan_check has passed. */
uint32_t wire_body_number(const uint8_t *bytes, size_t size);

#endif
