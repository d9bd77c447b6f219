/* SPDX-License-Identifier: GPL-3.0-or-later
 * A text that grows while a picture is written. Faults are remembered, not returned: write
 * everything, ask once at the end. */
#ifndef PACEWATCH_GRAPHS_SINK_H
#define PACEWATCH_GRAPHS_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise and set `limit`. `bytes` always ends with a NUL that `size` does not count. */
struct sink {
    char *bytes;
    size_t size;
    size_t room;
    size_t limit;    /* never grows beyond */
    bool has_failed; /* out of memory or beyond the limit: what follows is dropped */
};

void sink_bytes(struct sink *sink, const char *bytes, size_t size);
void sink_put(struct sink *sink, const char *text);
void sink_format(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text of people between tags or in an attribute: & < > " are escaped. */
void sink_xml(struct sink *sink, const char *text, size_t length);

/* A coordinate: one digit after the point, none when it is 0, never "-0". |value| < 10^9. */
void sink_number(struct sink *sink, double value);

void sink_done(struct sink *sink);

#endif
