/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PACEWATCH_TESTS_PAINTER_FAKE_H
#define PACEWATCH_TESTS_PAINTER_FAKE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/painter.h"

extern _Atomic uint64_t painter_fake_drawn; /* pictures drawn so far, by all painters */
extern const char *painter_fake_fail; /* a request that holds this text times out; NULL: none */

#endif
