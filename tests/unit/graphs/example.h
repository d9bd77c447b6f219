/* SPDX-License-Identifier: GPL-3.0-or-later
 * The requests shown in docs/pictures.md, and archives for them. */
#ifndef PACEWATCH_TESTS_UNIT_GRAPHS_EXAMPLE_H
#define PACEWATCH_TESTS_UNIT_GRAPHS_EXAMPLE_H

#include "graphs/picture.h"

/* X(name): every docs/pictures/NAME.json. */
#define EXAMPLE_TABLE(X) \
    X(trend)             \
    X(level)             \
    X(growth)            \
    X(milestones)        \
    X(overlay)           \
    X(multiples)         \
    X(ranking)           \
    X(revisions)         \
    X(spark)

enum {
#define X(name) EXAMPLE_##name,
    EXAMPLE_TABLE(X)
#undef X
        EXAMPLE_COUNT
};

extern const char *const EXAMPLE_NAMES[EXAMPLE_COUNT];

/* Reads a request from the folder `examples`; stops the test when it is not right. The caller ends
 * it with picture_done(). */
void example_read(const char *examples, const char *name, struct picture *ret_picture);

/* Writes the archive the picture names below `folder`, from its own points, targets and milestones;
 * nothing for a chart without. */
void example_archive(const struct picture *picture, const char *folder);

#endif
