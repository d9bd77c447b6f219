/* SPDX-License-Identifier: GPL-3.0-or-later
 * A painter owns one `pacewatch-graph` worker process and asks it for pictures, one at a time. Each
 * thread that serves pages owns a painter of its own, so there is nothing to lock. A worker that
 * crashes, hangs or answers nonsense costs one picture: it is killed and a new one is started for
 * the next.
 *
 * Between the two runs a socketpair on the worker's standard input and output. Request: u32
 * little-endian length, then that many bytes of JSON (graphs/picture.h). Answer: u32 little-endian
 * length of what follows, one byte 0 (picture) or 1 (words of an error), the bytes. */
#ifndef PACEWATCH_COLLECTOR_PAINTER_H
#define PACEWATCH_COLLECTOR_PAINTER_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct painter;

/* Counts since the painter was made. */
struct painter_counts {
    uint64_t drawn;
    uint64_t failed;   /* the worker answered with an error */
    uint64_t crashed;  /* the worker died or was killed for taking too long */
    uint64_t recycled; /* replaced after PAINTER_PICTURES_MAX pictures */
};

enum { PAINTER_PICTURES_MAX = 5000, PAINTER_TIMEOUT_MS = 10000 };

/* The path of pacewatch-graph beside this program. `path` has FILE_PATH_MAX bytes. */
int painter_program(char *path);

/* `program` is the path of pacewatch-graph, `archive_dir` the folder of the RRDs. Starts nothing
 * yet. NULL: out of memory. */
struct painter *painter_new(const char *program, const char *archive_dir);
void painter_free(struct painter *painter);

/* Draws. On success *ret_bytes (the caller frees it) is the picture. ERR_TIMEOUT, ERR_LIBRARY (with
 * the worker's words), -errno. */
int painter_draw(struct painter *painter, const char *request, size_t request_size,
                 char **ret_bytes, size_t *ret_size, struct err_note *note);

struct painter_counts painter_count(const struct painter *painter);

#endif
