/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ZAP handler (RFC 27): answers libzmq's question, at each handshake, whether a public key may
 * come in. It runs on the bus's own thread, inside bus_server_wait. Private to bus_zmq*.c. */
#ifndef PACEWATCH_PLATFORM_BUS_ZMQ_ZAP_H
#define PACEWATCH_PLATFORM_BUS_ZMQ_ZAP_H

#include "platform/bus.h"
#include "platform/bus_zmq.h"

#define BUS_ZAP_DOMAIN "pacewatch"

/* Binds the handler; before the socket it guards. */
int bus_zap_open(void *context, void **ret_zap, struct err_note *note);

/* Answers what is waiting, a bounded number at once. */
void bus_zap_answer(void *zap, bus_admit_fn *admit, void *context,
                    struct bus_server_counts *counts);

/* Sets domain and enforcement on the guarded socket and reads both back (docs/libraries.md, Z-ZAP).
 */
int bus_zap_guard(void *socket, struct err_note *note);

#endif
